"""The ground instances of a program that can bear on its goal.

Knows logic and programs.  Must not know scores or diagrams.  Bottom-up and semi-naive
(Ullman 1988, ch. 3) where there is a demand, what is asked to be absent taken for absent;
then only what GOAL depends on is kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from neurosym.confidence.demand import Guarded, guarded
from neurosym.confidence.limits import TooLarge
from neurosym.confidence.reading import GOAL, Program, key, relevant
from neurosym.logic import (
    Atom,
    Formula,
    Literal,
    Naf,
    Not,
    Rule,
    Term,
    Var,
    atom_of,
    computed,
    is_signed_atom,
    match_terms,
    substitute,
    term_vars,
    unbound,
)

INSTANCES = 200_000  # ground rules; past it the program is not treated
STEPS = 5_000_000  # elementary steps of joining
CLOCK = 1024  # steps between two looks at the clock


@dataclass(frozen=True, slots=True)
class GroundRule:
    """head :- present, absent.  Literals are numbers; `label` is that of the claim."""

    label: str
    head: int
    present: tuple[int, ...]
    absent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroundProgram:
    """Rules over the literals 0 .. literals-1, of which `goal` is one.

    `settled`: every comparison that was met is decided by its terms.  `constrained`: as in the program.
    """

    rules: tuple[GroundRule, ...]
    literals: int
    goal: int
    settled: bool
    constrained: bool


def ground(program: Program, seconds: float) -> GroundProgram:
    """Ground the program.  Raises TooLarge past a limit, and where a variable ranges endlessly."""
    g = _Grounder(program, time.monotonic() + seconds)
    try:
        g.run()
    except ValueError as e:
        raise TooLarge(f"unsupported: {e}") from e
    return _kept(g)


class _Index:
    """Ground literals by signed predicate and by each argument; grows."""

    def __init__(self) -> None:
        self.rows: dict[object, list[Atom]] = {}

    def add(self, f: Formula) -> None:
        a, k = atom_of(f), key(f)
        self.rows.setdefault(k, []).append(a)
        for i, t in enumerate(a.args):
            self.rows.setdefault((k, i, t), []).append(a)

    def candidates(self, pattern: Literal) -> list[Atom]:
        """The shortest list that holds every fact of the pattern's form."""
        a, k = atom_of(pattern), key(pattern)
        best = self.rows.get(k, [])
        for i, t in enumerate(a.args):
            if not any(True for _ in term_vars(t)):
                found = self.rows.get((k, i, t), [])
                best = found if len(found) < len(best) else best
        return best


class _Grounder:
    def __init__(self, program: Program, end: float) -> None:
        self.program, self.end, self.steps, self.settled = program, end, 0, True
        self.number: dict[Formula, int] = {}
        self.queue: list[Formula] = []
        self.derived: set[Formula] = set()
        self.instances: dict[GroundRule, None] = {}
        self.index = _Index()
        self.rules = guarded(relevant(program.rules))
        self.calls: dict[tuple[bool, str, int], list[tuple[Guarded, int]]] = {}
        self.bodies = {m: _positive(m) for m in self.rules}
        for m in self.rules:
            for place, b in enumerate(self.bodies[m]):
                self.calls.setdefault(key(b), []).append((m, place))

    def spend(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise TooLarge(f"limit: {STEPS} steps of joining")
        if self.steps % CLOCK == 0 and time.monotonic() > self.end:
            raise TooLarge("limit: time")

    def run(self) -> None:
        for m in self.rules:
            if not self.bodies[m]:
                self.emit(m, {})
        done = 0
        while done < len(self.queue):
            fact = self.queue[done]
            done += 1
            self.index.add(fact)
            for m, place in self.calls.get(key(fact), ()):
                self.spend()
                s: dict[Var, Term] = {}
                if match_terms(atom_of(self.bodies[m][place]).args, atom_of(fact).args, s):
                    rest = self.bodies[m][:place] + self.bodies[m][place + 1 :]
                    for found in self.join(rest, s):
                        self.emit(m, found)

    def join(self, patterns: Sequence[Literal], s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        """Every extension of `s` under which all patterns are known, the rarest pattern first."""
        if not patterns:
            yield s
            return
        wanted = [substitute(p, s) for p in patterns]
        lists = [self.index.candidates(w) for w in wanted if isinstance(w, Atom | Not)]
        n = min(range(len(lists)), key=lambda i: len(lists[i]))
        rest = [p for i, p in enumerate(patterns) if i != n]
        for fact in tuple(lists[n]):
            self.spend()
            t = dict(s)
            if match_terms(atom_of(wanted[n]).args, fact.args, t):
                yield from self.join(rest, t)

    def emit(self, m: Guarded, s: dict[Var, Term]) -> None:
        """The instances of the rule under `s`, its other variables ranging over the domain."""
        free = [v for v in unbound(m.rule) if v not in s]
        for terms in product(self.program.domain, repeat=len(free)) if free else ((),):
            self.spend()
            t = {**s, **dict(zip(free, terms, strict=True))}
            if self.comparisons_hold(m.rule, t):
                head = substitute(m.rule.head, t)
                if not m.asks:
                    self.instance(m, head, t)
                if head not in self.derived:
                    self.derived.add(head)
                    self.queue.append(head)

    def instance(self, m: Guarded, head: Formula, s: dict[Var, Term]) -> None:
        bodies = self.bodies[m] if m.guard is None else self.bodies[m][1:]
        present = tuple(dict.fromkeys(self.literal(substitute(b, s)) for b in bodies))
        absent = tuple(
            dict.fromkeys(self.literal(substitute(b.body, s)) for b in m.rule.body if isinstance(b, Naf))
        )
        self.instances[GroundRule(m.label, self.literal(head), present, absent)] = None
        if len(self.instances) > INSTANCES:
            raise TooLarge(f"limit: {INSTANCES} ground rules")

    def comparisons_hold(self, rule: Rule, s: dict[Var, Term]) -> bool:
        for b in rule.body:
            if isinstance(b, Naf) or is_signed_atom(b):
                continue
            value = computed(substitute(b, s), self.program.unique)
            if value is None:
                self.settled = False
            if value is not True:
                return False
        return True

    def literal(self, f: Formula) -> int:
        return self.number.setdefault(f, len(self.number))


def _positive(m: Guarded) -> tuple[Literal, ...]:
    """What is joined: the guard, and the literals that are not asked to be absent."""
    body = tuple(b for b in m.rule.body if not isinstance(b, Naf) and is_signed_atom(b))
    return body if m.guard is None else (m.guard, *body)


def _kept(g: _Grounder) -> GroundProgram:
    """The ground rules on which GOAL depends, their literals numbered anew, in order."""
    by_head: dict[int, list[GroundRule]] = {}
    for r in g.instances:
        by_head.setdefault(r.head, []).append(r)
    start = g.literal(GOAL)
    todo, seen, kept = [start], {start: 0}, list[GroundRule]()
    while todo:
        for r in by_head.get(todo.pop(), ()):
            kept.append(r)
            for x in (*r.present, *r.absent):
                if x not in seen:
                    seen[x] = len(seen)
                    todo.append(x)
    rules = tuple(
        GroundRule(r.label, seen[r.head], tuple(seen[x] for x in r.present), tuple(seen[x] for x in r.absent))
        for r in kept
    )
    return GroundProgram(rules, len(seen), 0, g.settled, g.program.constrained)

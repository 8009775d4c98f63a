"""Abduction: the smallest changes of a theory under which a goal would follow.

An explanation is a set of ground literals that, added, make the goal follow and leave the
theory consistent, and no part of which does so (Poole 1989, "Explanation and prediction"; Eiter
and Gottlob 1995, "The complexity of logic-based abduction").  Where rules ask for absence, told
facts may also have to go: these are found as minimal hitting sets of the proofs of what has to
be absent (Reiter 1987).  `hypotheses` proposes; a solver decides, and the kernel has checked
every verdict kept here.  Knows the Solver seam; must not know any backend.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, count, islice, product

from neurosym.logic import (
    Atom,
    Const,
    Formula,
    Literal,
    Not,
    Rule,
    Term,
    Var,
    atoms,
    computed,
    free_vars,
    ground_terms,
    is_literal,
    opposite,
    substitute,
    substitute_atom,
)
from neurosym.proof import Certificate
from neurosym.solvers.hypotheses import Moves, Pattern, patterns
from neurosym.solvers.unify import as_literal, key, negated
from neurosym.theory import Semantics, Theory
from neurosym.verdict import Disproved, Limits, Proved, Solver, Unknown, Verdict
from neurosym.whynot import Explanation, supposed_labels, supposing

GROUNDINGS = 40  # instances of one proposal
PROPOSED = 400  # instances in all
ASKED = 240  # questions to the solver
REMOVALS = 30  # sets of told facts tried for one instance
SHARE = 0.25  # of the time that is left, for one question to the solver
LEAST = 0.2  # seconds for it, while there are as many

Facts = tuple[Literal, ...]
Labels = tuple[str, ...]


def explanations(
    solver: Solver,
    theory: Theory,
    goal: Formula,
    limits: Limits,
    most: int = 5,
    size: int = 3,
    abducibles: frozenset[str] | None = None,
) -> tuple[Explanation, ...]:
    """Up to `most` minimal changes of at most `size` facts under which `goal` (closed) is proved.

    abducibles: predicates of which facts may be supposed or taken back; None allows all, those
    that no rule concludes first.  The goal itself is never supposed.  Sorted by size, then by
    facts that a rule would conclude, invented constants, what is no atom, and text.  Empty where the goal
    follows, or the theory contradicts itself or, being monotone, the goal.  `limits.seconds` is
    for the whole of it; where it runs out, what has been found by then is returned.
    """
    judge = _Judge(solver, theory, goal, limits)
    verdict = judge.solve(theory, goal)
    moves = Moves(theory)
    if not isinstance(verdict, Unknown | Disproved) or (moves.classical and isinstance(verdict, Disproved)):
        return ()
    things = ground_terms([*(c.formula for c in theory.claims), goal])

    def allowed(f: Literal) -> bool:
        return f != goal and _may_change(f, abducibles) and not (theory.closed_world and isinstance(f, Not))

    found = patterns(moves, goal, size, allowed, things, limits)
    proposed = sorted(
        islice(_instances(found, things, goal, theory), PROPOSED),
        key=lambda p: (_rank(p.facts, p.invented, moves), _texts(p.facts)),
    )
    if theory.semantics is Semantics.DEFEASIBLE:  # what speaks against the goal may have to go
        proposed.insert(0, _Proposal((), (opposite(goal),), (), -1))
    kept: list[Explanation] = []
    for p in _varied(proposed):
        if len(kept) >= most or judge.asked >= ASKED or judge.left() <= 0:
            break
        if _covers(kept, p.facts, ()):
            continue
        for facts, without in _sufficient(judge, p, size, abducibles):
            e = _minimal(judge, facts, without, p.invented, moves)
            if e is not None and not _covers(kept, e.facts, e.without):
                kept = [*(k for k in kept if not _part(e, k)), e]
    kept.sort(key=lambda e: _order(e, moves))
    return tuple(kept[:most])


@dataclass(frozen=True, slots=True)
class _Proposal:
    facts: Facts
    absent: tuple[Formula, ...]  # what must not be provable
    invented: tuple[Const, ...]
    pattern: int


def _instances(
    found: tuple[Pattern, ...], things: tuple[Term, ...], goal: Formula, theory: Theory
) -> Iterator[_Proposal]:
    """Every proposal with things for its variables: named ones, and once one that nobody has named."""
    seen: set[tuple[frozenset[Literal], frozenset[Atom]]] = set()
    for n, p in enumerate(found):
        vs = tuple(dict.fromkeys(v for f in (*p.supposed, *p.absent) for v in free_vars(f)))
        rows: list[tuple[Term, ...]] = list(islice(product(things, repeat=len(vs)), GROUNDINGS))
        unnamed = tuple(islice(_unnamed(things), len(vs)))
        if vs:
            rows.append(unnamed)
        for row in rows:
            s: dict[Var, Term] = dict(zip(vs, row, strict=True))
            facts = tuple(dict.fromkeys(as_literal(substitute(f, s)) for f in p.supposed))
            absent = tuple(dict.fromkeys(substitute_atom(a, s) for a in p.absent))
            if goal in facts or any(negated(f) in facts for f in facts):
                continue
            if any(computed(f, theory.closed_world) is not None for f in facts):
                continue
            if (mark := (frozenset(facts), frozenset(absent))) not in seen:
                seen.add(mark)
                used = tuple(c for c in unnamed if any(c in ground_terms([f]) for f in facts))
                facts = tuple(sorted(facts, key=_text))
                yield _Proposal(facts, absent, used if row == unnamed else (), n)


def _unnamed(things: tuple[Term, ...]) -> Iterator[Const]:
    """Constants that stand for nothing yet."""
    return (c for n in count(1) if (c := Const(f"thing{n}")) not in things)


def _varied(proposed: list[_Proposal]) -> Iterator[_Proposal]:
    """The best instance of each pattern before the others, within one size: many things, few ideas."""
    for size in sorted({len(p.facts) for p in proposed}):
        seen: set[int] = set()
        later = []
        for p in (p for p in proposed if len(p.facts) == size):
            if p.pattern in seen:
                later.append(p)
            else:
                seen.add(p.pattern)
                yield p
        yield from later


# --- what the solver says ------------------------------------------------------------------


class _Judge:
    """Asks the solver about changed theories, within the limits of one question."""

    def __init__(self, solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> None:
        self.solver, self.theory, self.goal, self.limits = solver, theory, goal, limits
        self.end = time.monotonic() + limits.seconds
        self.asked = 0
        used = {a.pred for c in theory.claims for a in atoms(c.formula)} | {a.pred for a in atoms(goal)}
        self.proposition = Atom(next(n for n in map("consistent{}".format, count()) if n not in used))
        self._goals: dict[tuple[frozenset[Literal], frozenset[str]], Proved | None] = {}
        self._models: dict[tuple[frozenset[Literal], frozenset[str]], Certificate | bool | None] = {}

    def left(self) -> float:
        return self.end - time.monotonic()

    def solve(self, theory: Theory, goal: Formula) -> Verdict:
        self.asked += 1
        left = self.left()
        if left <= 0:
            return Unknown("limit: no time is left")
        seconds = max(SHARE * left, min(left, LEAST))
        return self.solver.solve(theory, goal, replace(self.limits, seconds=seconds))

    def proves(self, facts: Facts, without: Labels) -> Proved | None:
        """The goal's proof where the change suffices and is not known to contradict itself."""
        k = (frozenset(facts), frozenset(without))
        if k not in self._goals:
            changed = supposing(self.theory, facts, without)
            verdict = self.solve(changed, self.goal)
            if not isinstance(verdict, Proved) or self._model(k, changed) is False:
                self._goals[k] = None
            else:
                self._goals[k] = verdict if self._stands(changed, facts) else None
        return self._goals[k]

    def _stands(self, changed: Theory, facts: Facts) -> bool:
        """Where rules chain forwards, contradictions stay where they are: is none about `facts`?"""
        chaining = self.theory.semantics is Semantics.CHAINING
        return not chaining or all(isinstance(self.solve(changed, f), Proved) for f in facts)

    def model(self, facts: Facts, without: Labels) -> Certificate | None:
        """The certificate that the changed theory has a model."""
        k = (frozenset(facts), frozenset(without))
        found = self._model(k, supposing(self.theory, facts, without))
        return found if isinstance(found, Certificate) else None

    def _model(
        self, k: tuple[frozenset[Literal], frozenset[str]], changed: Theory
    ) -> Certificate | bool | None:
        """False where it contradicts itself, None where that is open."""
        if k not in self._models:
            verdict = self.solve(changed, self.proposition)
            match verdict:
                case Unknown(_, _, Certificate() as c) | Disproved(_, c):
                    self._models[k] = c
                case Unknown():
                    self._models[k] = None
                case _:
                    self._models[k] = False
        return self._models[k]


def _sufficient(
    judge: _Judge, p: _Proposal, size: int, abducibles: frozenset[str] | None
) -> Iterator[tuple[Facts, Labels]]:
    """The proposal's facts where they suffice; else with told facts taken back that stand in the way."""
    if p.facts and judge.proves(p.facts, ()):
        yield p.facts, ()
        return
    if not p.absent or len(p.facts) >= size:
        return
    told = {c.label for c in judge.theory.claims if _is_fact(c.formula, abducibles)}
    # breadth first: the smallest sets first, and none that contains one that was enough
    enough: list[frozenset[str]] = []
    level: list[frozenset[str]] = [frozenset()]
    tried = 0
    for _ in range(size - len(p.facts) + 1):
        following: dict[frozenset[str], None] = {}
        for gone in level:
            if any(e <= gone for e in enough):
                continue
            tried += 1
            if tried > REMOVALS or judge.left() <= 0:
                return
            changed = supposing(judge.theory, p.facts, tuple(sorted(gone)))
            proof = next((v for a in p.absent if isinstance(v := judge.solve(changed, a), Proved)), None)
            if proof is None:
                if gone and judge.proves(p.facts, tuple(sorted(gone))):
                    enough.append(gone)
                    yield p.facts, tuple(sorted(gone))
                continue
            for label in sorted(proof.theorem.hypotheses & told):
                following[gone | {label}] = None
        level = list(following)


def _minimal(
    judge: _Judge, facts: Facts, without: Labels, invented: tuple[Const, ...], moves: Moves
) -> Explanation | None:
    """The smallest sufficient part of a sufficient change, with its certificates."""
    verdict = judge.proves(facts, without)
    if verdict is None:
        return None
    if moves.classical:  # what the proof does not use is not needed
        labels = dict(zip(supposed_labels(judge.theory, len(facts)), facts, strict=True))
        facts = tuple(f for label, f in labels.items() if label in verdict.theorem.hypotheses)
    changes: tuple[Literal | str, ...] = (*facts, *without)
    for n in range(1, len(changes)):
        for some in combinations(changes, n):
            part = tuple(f for f in some if not isinstance(f, str))
            gone = tuple(x for x in some if isinstance(x, str))
            if judge.proves(part, gone):
                return _minimal(judge, part, gone, invented, moves)
    verdict = judge.proves(facts, without)
    if verdict is None or not changes:
        return None
    used = tuple(c for c in invented if any(c in ground_terms([f]) for f in facts))
    model = judge.model(facts, without)
    return Explanation(facts, verdict, without, judge.proposition if model else None, model, used)


# --- order and form ------------------------------------------------------------------------


def _rank(facts: Facts, invented: tuple[Const, ...], moves: Moves) -> tuple[int, int, int, int]:
    concluded = sum(key(f) in moves.concluded for f in facts)
    return len(facts), concluded, len(invented), sum(not isinstance(f, Atom) for f in facts)


def _order(e: Explanation, moves: Moves) -> tuple[object, ...]:
    size, *rest = _rank(e.facts, e.invented, moves)
    return (size + len(e.without), *rest, _texts(e.facts), e.without)


def _text(f: Formula) -> str:
    from neurosym.syntax import show

    return show(f)


def _texts(facts: Iterable[Formula]) -> tuple[str, ...]:
    return tuple(_text(f) for f in facts)


def _may_change(f: Literal, abducibles: frozenset[str] | None) -> bool:
    a = f.body if isinstance(f, Not) else f
    return abducibles is None or (isinstance(a, Atom) and a.pred in abducibles)


def _is_fact(f: Formula | Rule, abducibles: frozenset[str] | None) -> bool:
    if isinstance(f, Rule):
        return not f.body and not free_vars(f) and _may_change(f.head, abducibles)
    return is_literal(f) and not free_vars(f) and _may_change(f, abducibles)


def _covers(kept: list[Explanation], facts: Facts, without: Labels) -> bool:
    """Is an explanation already known that this change contains?"""
    return any(set(k.facts) <= set(facts) and set(k.without) <= set(without) for k in kept)


def _part(a: Explanation, b: Explanation) -> bool:
    return set(a.facts) <= set(b.facts) and set(a.without) <= set(b.without)

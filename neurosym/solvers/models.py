"""Grounding and bounded finite model finding, on clauses whose symbols are numbers.

Knows clauses and propositional logic; a satisfiability oracle comes as a parameter.  Must
not know names, theories or Z3.  Two ways to a model:

* `Ground`: clauses without functions, over their constants (the Herbrand universe of the
  Bernays-Schoenfinkel class).  Unit propagation decides Horn sets by itself and says which
  instances it used; what stays open goes to the oracle.
* `find`: any clauses, domains of growing size, functions as relations that are total and
  functional (MACE style: McCune, Argonne TM-264; least-number symmetry breaking).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

from neurosym.solvers.clausal import (
    EQUAL,
    Problem,
    WireClause,
    WireTerm,
    functions,
)  # fmt: skip
from neurosym.solvers.grid_plans import NAMED, Flat, Names, plan

INSTANCES = 60_000  # ground clauses in one propositional problem; past it the grounding is refused


@dataclass(frozen=True, slots=True)
class Structure:
    """A finite interpretation over 0 .. size-1; `rows` holds (predicate, elements) that are true."""

    size: int
    constants: tuple[int, ...]
    functions: tuple[tuple[int, tuple[int, ...], int], ...]
    rows: tuple[tuple[int, tuple[int, ...]], ...]
    numbers: tuple[tuple[Fraction, int], ...]


Instances: TypeAlias = list[tuple[int, tuple[WireTerm, ...]]]  # (clause number, terms of its variables)


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The grounding or the search would exceed its bounds."""

    reason: str


# The oracle: clauses of non-zero integers -> the true variables, or (unsatisfiable) numbers of
# clauses that suffice for it, or TooLarge.
Oracle: TypeAlias = Callable[[Sequence[Sequence[int]], bool], "set[int] | list[int] | TooLarge"]


# --- the Bernays-Schoenfinkel class -----------------------------------------------------


class Ground:
    """All instances of function-free clauses over the constants, closed under unit propagation.

    Constants are taken to denote distinct elements; where that made a difference, `exact` is
    False: a model is still a model, but a conflict proves nothing.  Nothing is compared, so that
    equality is the only predicate with a meaning.  `base` is a grounding to extend.
    """

    def __init__(self, problem: Problem, base: Ground | None = None) -> None:
        self.problem, self.base = problem, base
        self.value = dict(problem.numbers)
        self.conflict: int | None = base.conflict if base else None
        self.occurs: dict[int, list[int]] = {}
        self.exact: bool = base.exact if base else True
        self.atoms: dict[tuple[int, tuple[int, ...]], int] = dict(base.atoms) if base else {}
        self.clauses: list[tuple[int, ...]] = list(base.clauses) if base else []
        self.origin: Instances = list(base.origin) if base else []
        self.open: list[int] = list(base.open) if base else []  # clauses with two or more positive literals
        self.true: set[int] = set(base.true) if base else set()
        self.reason: dict[int, int] = dict(base.reason) if base else {}
        old_clauses = len(base.problem.clauses) if base else 0
        old_constants = base.problem.constants if base else 0
        queue: deque[int] = deque()
        for n, clause in enumerate(problem.clauses):
            for binding in product(range(problem.constants), repeat=clause.variables):
                if n >= old_clauses or any(c >= old_constants for c in binding):
                    self._add(n, clause, binding, queue)
                    if self.conflict is not None:
                        return
        self._propagate(queue)

    @staticmethod
    def cost(problem: Problem) -> int:
        return sum(problem.constants**c.variables for c in problem.clauses)

    def _add(self, n: int, clause: WireClause, binding: tuple[int, ...], queue: deque[int]) -> None:
        ground: list[int] = []
        for sign, pred, terms in clause.literals:
            args = tuple(t if t >= 0 else binding[-1 - t] for t in terms)
            if pred == EQUAL:
                if self._same(*args) is sign:
                    return
                continue
            ident = self.atoms.setdefault((pred, args), len(self.atoms) + 1)
            ground.append(ident if sign else -ident)
        literals = tuple(dict.fromkeys(ground))
        if any(-x in literals for x in literals):
            return
        here = len(self.clauses)
        self.clauses.append(literals)
        self.origin.append((n, binding))
        for x in literals:
            self.occurs.setdefault(x, []).append(here)
        if sum(x > 0 for x in literals) > 1:
            self.open.append(here)
        self._visit(here, queue)

    def _same(self, left: int, right: int) -> bool:
        if left != right and not (left in self.value and right in self.value):
            self.exact = False
        return left == right

    def _visit(self, number: int, queue: deque[int]) -> None:
        """Assign the last open literal of a clause, or note the conflict."""
        unit = 0
        for x in self.clauses[number]:
            if x in self.true:
                return
            if -x not in self.true:
                if unit:
                    return
                unit = x
        if unit:
            self.true.add(unit)
            self.reason[unit] = number
            queue.append(unit)
        elif self.conflict is None:
            self.conflict = number

    def _propagate(self, queue: deque[int]) -> None:
        tables = [g.occurs for g in (self.base, self) if g is not None]
        while queue and self.conflict is None:
            literal = queue.popleft()
            for table in tables:
                for number in table.get(-literal, ()):
                    self._visit(number, queue)

    def _cone(self, numbers: Iterable[int]) -> list[int]:
        """These clauses and those that made their literals false, sorted."""
        todo, seen = list(numbers), set[int]()
        while todo:
            if (number := todo.pop()) not in seen:
                seen.add(number)
                todo += [self.reason[-x] for x in self.clauses[number] if -x in self.true]
        return sorted(seen)

    def solve(self, oracle: Oracle) -> Structure | list[int] | TooLarge:
        """A model, or numbers of clauses that are unsatisfiable together (see `exact`)."""
        if self.conflict is not None:
            return self._cone([self.conflict])
        if (chosen := self._greedy()) is None:
            live = [i for i, c in enumerate(self.clauses) if not any(x in self.true for x in c)]
            rest = [[x for x in self.clauses[i] if -x not in self.true] for i in live]
            found = oracle(rest, True)
            if isinstance(found, TooLarge):
                return found
            if isinstance(found, list):
                return self._cone(live[k] for k in found)
            chosen = self.true | found
        rows = tuple(key for key, ident in self.atoms.items() if ident in chosen)
        elements = tuple(range(self.problem.constants))
        numbers = tuple((value, c) for c, value in self.problem.numbers)
        return Structure(max(1, len(elements)), elements, (), tuple(sorted(rows)), numbers)

    def _greedy(self) -> set[int] | None:
        """A model that makes few atoms true, if one is found without taking a choice back."""
        before, start = self.reason, set(self.true)
        self.reason = dict(before)
        try:
            while pending := [i for i in self.open if self._positive(i)]:
                for number in pending:
                    if self._positive(number) and not self._choose(number):
                        return None
            return self.true
        finally:
            self.true, self.reason = start, before

    def _choose(self, number: int) -> bool:
        """Make the first positive literal true that leads to no conflict."""
        for x in self.clauses[number]:
            if x > 0 and -x not in self.true:
                saved = set(self.true)
                self.true.add(x)
                self._propagate(deque([x]))
                if self.conflict is None:
                    return True
                self.true, self.conflict = saved, None
        return False

    def _positive(self, number: int) -> bool:
        """Neither true nor made true by taking every open atom for false."""
        clause = self.clauses[number]
        return not any(x in self.true or (x < 0 and -x not in self.true) for x in clause)


def conflicting(clauses: Sequence[Sequence[int]]) -> bool:
    """Does unit propagation alone refute the clauses?"""
    true, changed = set[int](), True
    while changed:
        changed = False
        for clause in clauses:
            if not any(x in true for x in clause):
                rest = [x for x in clause if -x not in true]
                if not rest:
                    return True
                if len(rest) == 1:
                    true.add(rest[0])
                    changed = True
    return False


def shrink(groups: Sequence[int], unsat: Callable[[list[int]], bool]) -> list[int]:
    """Numbers of clauses that are unsatisfiable together, and no longer with any one fewer.

    `groups` has the claim of each clause.  First whole claims are dropped, from the last, then
    single clauses.
    """
    kept = list(range(len(groups)))
    for group in sorted(set(groups), reverse=True):
        if unsat(less := [i for i in kept if groups[i] != group]):
            kept = less
    for i in reversed(list(kept)):
        if unsat(less := [k for k in kept if k != i]):
            kept = less
    return kept


# --- any clauses, domains of growing size -------------------------------------------------


class Grid:
    """The propositional problem "there is a model of this size", for one theory, to be extended.

    Elements 0 .. len(numbers)-1 are the numbers, in order.  Where `fixed`, constants denote
    distinct elements in order; else the i-th may denote one of the first i+1 and the numbers.
    """

    def __init__(self, problem: Problem, numbers: tuple[Fraction, ...], size: int, fixed: bool) -> None:
        self.problem, self.numbers, self.size, self.fixed = problem, numbers, size, fixed
        self.idents: dict[object, int] = {}
        self.clauses: list[tuple[int, ...]] = []
        self.functions: set[tuple[int, int]] = set()
        self.place: dict[int, int] = {}
        self.names = Names()
        self._constants(0)
        self._clauses(problem.clauses)

    def extended(self, problem: Problem) -> Grid:
        """A copy with the further clauses and constants of `problem`."""
        new = object.__new__(Grid)
        new.problem, new.numbers, new.size, new.fixed = problem, self.numbers, self.size, self.fixed
        new.idents, new.clauses = dict(self.idents), list(self.clauses)
        new.functions, new.place = set(self.functions), dict(self.place)
        new.names = self.names.copy()
        new._constants(self.problem.constants)
        new._clauses(problem.clauses[len(self.problem.clauses) :])
        return new

    def _ident(self, key: object) -> int:
        return self.idents.setdefault(key, len(self.idents) + 1)

    def _constants(self, start: int) -> None:
        value, first = dict(self.problem.numbers), len(self.numbers)
        for i, c in enumerate(self.problem.plain()):
            if c < start:
                continue
            if self.fixed:
                self.place[c] = first + i
            else:
                self._choice(("c", c), min(self.size, first + i + 1))
        self.place.update((c, self.numbers.index(value[c])) for c in value if c >= start)

    def _choice(self, key: tuple[object, ...], choices: int) -> None:
        """Exactly one of the elements below `choices`."""
        idents = [self._ident((*key, e)) for e in range(choices)]
        self.clauses.append(tuple(idents))
        self.clauses += [(-a, -b) for a, b in combinations(idents, 2)]

    def _clauses(self, clauses: Sequence[WireClause]) -> None:
        for clause in clauses:
            for flat in plan(clause, self.place, self.size, self.names):
                for f in sorted(flat.functions - self.functions):
                    self.functions.add(f)
                    for args in product(range(self.size), repeat=f[1]):
                        self._choice(("f", f[0], args), self.size)
                for env in product(range(self.size), repeat=flat.variables):
                    self._instance(flat, env)

    def _instance(self, flat: Flat, env: tuple[int, ...]) -> None:
        out: list[int] = []

        def at(t: int) -> int:
            return t if t >= 0 else env[-1 - t]

        for t, variable in flat.definitions:
            if isinstance(t, tuple):
                key: tuple[object, ...] = ("f", t[0], tuple(map(at, t[1:])), at(variable))
                ident = self._ident(key)
            else:
                key = ("c", t, at(variable))
                if key not in self.idents:  # excluded by symmetry: the definition is false
                    return
                ident = self.idents[key]
            out.append(-ident)
        for sign, pred, terms in flat.literals:
            args = tuple(map(at, terms))
            if pred != EQUAL:
                ident = self._ident((pred, args))
                out.append(ident if sign else -ident)
            elif (args[0] == args[1]) is sign:
                return
        self.clauses.append(tuple(out))

    def structure(self, true: set[int]) -> Structure:
        constants = [self.place.get(c, 0) for c in range(self.problem.constants)]
        functions, rows = [], []
        for key, ident in self.idents.items():
            if ident not in true:
                continue
            match key:
                case ("c", int(c), int(e)):
                    constants[c] = e
                case ("f", int(f), tuple(args), int(e)):
                    functions.append((f, args, e))
                case (int(pred), tuple(args)) if pred < NAMED:
                    rows.append((pred, args))
        numbers = tuple((n, e) for e, n in enumerate(self.numbers))
        return Structure(self.size, tuple(constants), tuple(sorted(functions)), tuple(sorted(rows)), numbers)


def grid_cost(problem: Problem, size: int) -> int:
    """An upper bound on the ground clauses of a Grid where constants are free."""
    place, names = {c: 0 for c, _ in problem.numbers}, Names()
    total = sum(size ** (arity + 2) for arity in functions(problem.clauses).values())
    for clause in problem.clauses:
        total += sum(size**flat.variables for flat in plan(clause, place, size, names))
    return int(total)


def shapes(problem: Problem, domain: int) -> Iterator[tuple[tuple[Fraction, ...], int, bool]]:
    """(numbers, size, fixed) to try, small first; sizes count up to `domain` besides the numbers."""
    numerals = tuple(sorted(n for _, n in problem.numbers))
    plain = len(problem.plain())
    for others in range(0 if numerals else 1, domain + 1):
        if 0 < plain <= others:
            yield numerals, len(numerals) + others, True
        yield numerals, len(numerals) + others, False


def sizes(problem: Problem, domain: int) -> Iterator[tuple[tuple[Fraction, ...], int, bool]]:
    """The same for problems with arithmetic: the further elements have values that are to be found."""
    numerals = tuple(sorted(n for _, n in problem.numbers))
    for others in (*range(0 if numerals else 1, min(domain, 4) + 1), *range(6, domain + 1, 2)):
        yield numerals, len(numerals) + others, False

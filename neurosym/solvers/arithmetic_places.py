"""Where ground terms stand, and the variables that stand in the same places.

Knows numbered clauses.  Places are arguments of predicates and functions, both sides of comparisons,
and what an equality joins; a variable stands for whatever stands in its places (Ge & de Moura 2009,
section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from neurosym.solvers.clausal import AT_MOST, EQUAL, Problem, WireClause, WireTerm, is_value

AT_ONCE = 100  # instances of one clause that are made before any model has asked for them


class Places:
    """The classes of places of a problem, and the ground terms in each."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._same: dict[object, object] = {}
        self._terms: dict[object, dict[WireTerm, None]] = {}
        for n, clause in enumerate(problem.clauses):
            self._visit(clause, lambda where, t, n=n: self._variable(n, where, t))  # type: ignore[misc]
            for _, pred, terms in clause.literals:
                if pred == EQUAL:
                    self._join(self._own(n, terms[0]), self._own(n, terms[1]))
        for n, clause in enumerate(problem.clauses):
            self._visit(clause, self._ground)
            for _, pred, terms in clause.literals:
                if pred == EQUAL:
                    for t in terms:
                        self._ground(self._own(n, t), t)

    def at(self, where: object) -> list[WireTerm]:
        """The ground terms at a place: ("place", predicate, i) or ("argument", function, i)."""
        return list(self._terms.get(self._find(where), {}))

    def instances(self) -> Iterator[tuple[int, tuple[WireTerm, ...]]]:
        """Clauses under the ground terms of their variables' places, where they are few."""
        for n, clause in enumerate(self.problem.clauses):
            columns = [self.at(("variable", n, -1 - i)) or [0] for i in range(clause.variables)]
            if clause.variables and prod(map(len, columns)) <= AT_ONCE:
                for binding in product(*columns):
                    yield n, binding

    def _find(self, x: object) -> object:
        while x in self._same:
            x = self._same[x]
        return x

    def _join(self, x: object, y: object) -> None:
        if (x := self._find(x)) != (y := self._find(y)):
            self._same[x] = y

    def _own(self, n: int, t: WireTerm) -> object:
        """What a term counts as: a variable of its clause, the values of a function, or a constant."""
        if isinstance(t, tuple):
            return ("value",) if t[0] < 0 else ("of", t[0])
        return ("variable", n, t) if t < 0 else ("constant", t)

    def _visit(self, clause: WireClause, use: Callable[[object, WireTerm], None]) -> None:
        def inside(t: WireTerm) -> None:
            if isinstance(t, tuple):
                for i, a in enumerate(t[1:]):
                    use(("argument", t[0], i) if t[0] >= 0 else ("value",), a)
                    inside(a)

        for _, pred, terms in clause.literals:
            for i, t in enumerate(terms):
                if pred != EQUAL:
                    use(("place", pred, i) if pred > AT_MOST else ("value",), t)
                inside(t)

    def _variable(self, n: int, where: object, t: WireTerm) -> None:
        if not isinstance(t, tuple) and t < 0:
            self._join(("variable", n, t), where)

    def _ground(self, where: object, t: WireTerm) -> None:
        if not is_value(t) and _is_ground(t):
            self._terms.setdefault(self._find(where), {})[t] = None


def _is_ground(t: WireTerm) -> bool:
    return all(map(_is_ground, t[1:])) if isinstance(t, tuple) else bool(t >= 0)

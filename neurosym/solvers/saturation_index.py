"""The clauses that have been worked through, by what inferences look for in them.

Knows packed clauses; must not know inferences.  Everything is kept in the order of insertion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.solvers.saturation_terms import EQUAL, Packed, Signed

Origin: TypeAlias = tuple[int, tuple[Packed, ...]]  # a clause's number, and a term for each of its variables
Place: TypeAlias = tuple[int, tuple[int, ...], Packed]  # a literal, the way to a subterm in it, the subterm
ANY = -1  # in place of a symbol: a variable


@dataclass(slots=True)
class Derived:
    """A clause.  Its variables are 0, 1, ...; in `mirror` they are -1, -2, ..."""

    number: int
    literals: tuple[Signed, ...]
    names: frozenset[int]
    parents: tuple[Origin, ...]
    variables: int
    mirror: tuple[Signed, ...]
    eligible: tuple[int, ...]  # the literals that inferences look at
    weight: int
    goal: bool


class Index:
    """Clauses by their eligible literals, equations and subterms."""

    def __init__(self) -> None:
        self._clauses: dict[int, Derived] = {}
        self._literals: dict[tuple[bool, int], dict[int, list[int]]] = {}
        self._first: dict[tuple[bool, int], dict[int, None]] = {}
        self._units: dict[tuple[bool, int], dict[int, None]] = {}
        self._rules: dict[int, dict[int, None]] = {}
        self._equal: dict[int, dict[int, list[int]]] = {}
        self._places: dict[int, dict[int, list[Place]]] = {}

    def add(self, c: Derived, targets: Iterable[Place]) -> None:
        """Take a clause in.  targets: where others may be put in, in its mirror image."""
        n = c.number
        self._clauses[n] = c
        for i in c.eligible:
            sign, atom = c.literals[i]
            if atom[0] != EQUAL:
                self._literals.setdefault((sign, atom[0]), {}).setdefault(n, []).append(i)
            elif sign:
                for top in dict.fromkeys(map(_top, atom[1:])):
                    self._equal.setdefault(top, {}).setdefault(n, []).append(i)
        for i, path, t in targets:
            self._places.setdefault(t[0], {}).setdefault(n, []).append((i, path, t))
        sign, atom = c.literals[0]
        self._first.setdefault((sign, atom[0]), {})[n] = None
        if len(c.literals) == 1:
            self._units.setdefault((sign, atom[0]), {})[n] = None
            if sign and atom[0] == EQUAL:
                for top in dict.fromkeys(map(_top, atom[1:])):
                    self._rules.setdefault(top, {})[n] = None

    def drop(self, c: Derived) -> None:
        """Forget a clause; what lists it is cleaned when it is next read."""
        self._clauses.pop(c.number, None)

    def clauses(self) -> list[Derived]:
        return list(self._clauses.values())

    def may_subsume(self, literals: Sequence[Signed]) -> Iterator[Derived]:
        """Clauses whose first literal is like one of these."""
        for key in dict.fromkeys((sign, atom[0]) for sign, atom in literals):
            yield from self._live(self._first.get(key))

    def units(self, sign: bool, symbol: int) -> list[Derived]:
        return self._live(self._units.get((sign, symbol)))

    def equations(self, symbol: int) -> list[Derived]:
        """Units that may rewrite a term with this symbol."""
        return self._live(self._rules.get(symbol))

    def literals(self, sign: bool, symbol: int) -> Iterator[tuple[Derived, int]]:
        found = self._literals.get((sign, symbol), {})
        for c in self._live(found):
            for i in found[c.number]:
                yield c, i

    def equal(self, symbol: int) -> Iterator[tuple[Derived, int]]:
        """Equations with a side that may be a term with this symbol."""
        for top in (symbol, ANY):
            found = self._equal.get(top, {})
            for c in self._live(found):
                for i in found[c.number]:
                    yield c, i

    def places(self, left: Packed) -> Iterator[tuple[Derived, int, tuple[int, ...], Packed]]:
        """Subterms that may be `left`."""
        tables = list(self._places.values()) if isinstance(left, int) else [self._places.get(left[0], {})]
        for table in tables:
            for c in self._live(table):
                for i, path, t in table[c.number]:
                    yield c, i, path, t

    def _live(self, table: Iterable[int] | None) -> list[Derived]:
        return [self._clauses[n] for n in table or () if n in self._clauses]


def _top(t: Packed) -> int:
    return ANY if isinstance(t, int) else t[0]

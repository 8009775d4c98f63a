"""How a clause becomes propositional clauses over the elements of a finite model, and how many.

Knows numbered clauses only.  Every term that is no variable and has no place of its own gets a
variable v and the definition t = v, which the clause holds negated (McCune, Argonne TM-264).
Where a clause has many such terms, its instances are as many as the elements to the power of
them all: then literals and terms within terms get names, each with a clause of its own that
says what it implies (as do, for ground terms and for variables that occur apart, Claessen and
Soerensson 2003, New techniques that improve MACE-style finite model finding).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TypeAlias

from neurosym.solvers.clausal import WireClause, WireTerm, substituted

Literal: TypeAlias = tuple[bool, int, tuple[WireTerm, ...]]

NAMED = 1 << 30  # from here on predicates are names that were given here
SMALL = 1_000  # instances of a clause that are made as they are


class Flat:
    """A clause whose terms are elements (n >= 0) and variables (n < 0) only; `definitions` has the rest."""

    def __init__(self, clause: WireClause, place: dict[int, int]) -> None:
        self.variables = clause.variables
        self.place, self.named = place, dict[WireTerm, int]()
        self.definitions: list[tuple[WireTerm, int]] = []
        self.functions: set[tuple[int, int]] = set()
        self.literals = [(sign, pred, tuple(map(self._term, terms))) for sign, pred, terms in clause.literals]

    def _term(self, t: WireTerm) -> int:
        if isinstance(t, tuple):
            t = (t[0], *map(self._term, t[1:]))
            self.functions.add((t[0], len(t) - 1))
        elif t < 0 or t in self.place:
            return int(t) if t < 0 else self.place[t]
        if t not in self.named:
            self.variables += 1
            self.named[t] = -self.variables
            self.definitions.append((t, -self.variables))
        return self.named[t]


class Names:
    """The predicates that stand for literals and for "the value of this term is"."""

    def __init__(self, given: dict[object, int] | None = None) -> None:
        self.given = dict(given or {})

    def copy(self) -> Names:
        return Names(self.given)

    def pieces(self, clause: WireClause, place: Container[int]) -> list[WireClause]:
        """Clauses that have a model of a size exactly where `clause` has; those given before are left out."""
        out: list[WireClause] = []
        whole: list[Literal] = []
        for sign, pred, terms in clause.literals:
            if not any(_defined(t, place) for t in terms):
                whole.append((sign, pred, terms))
                continue
            occurring = variables(terms)
            own = (sign, pred, tuple(substituted(t, _numbered(occurring)) for t in terms))
            name, new = self._name(own)
            whole.append((True, name, tuple(occurring)))
            if new:
                out += self._implied(clause.claim, name, len(occurring), own, place)
        return [*out, WireClause(clause.claim, clause.variables, tuple(whole))]

    def _implied(
        self, claim: int, name: int, count: int, literal: Literal, place: Container[int]
    ) -> list[WireClause]:
        """What the name of a literal implies: the literal, whose nested terms are named in turn."""
        out: list[WireClause] = []
        body: list[Literal] = [(False, name, tuple(-1 - i for i in range(count)))]
        values: dict[WireTerm, WireTerm] = {}
        for t in literal[2]:
            if _nested(t, place) and t not in values:
                values[t] = -1 - count - len(values)
                body.append((False, self._valued(claim, t, place, out), (*variables([t]), values[t])))
        sign, pred, terms = literal
        body.append((sign, pred, tuple(values.get(t, t) for t in terms)))
        return [*out, WireClause(claim, count + len(values), tuple(body))]

    def _valued(self, claim: int, t: WireTerm, place: Container[int], out: list[WireClause]) -> int:
        """The predicate of the variables of `t` and its value; what it takes goes to `out`."""
        occurring = variables([t])
        own = substituted(t, _numbered(occurring))
        name, new = self._name(("value", own))
        if new:
            count = len(occurring)
            body: list[Literal] = []
            values: dict[WireTerm, WireTerm] = {}
            for a in own[1:]:
                if _nested(a, place) and a not in values:
                    values[a] = -1 - count - len(values)
                    body.append((False, self._valued(claim, a, place, out), (*variables([a]), values[a])))
            inner = (own[0], *(values.get(a, a) for a in own[1:]))
            body.append((True, name, (*(-1 - i for i in range(count)), inner)))
            out.append(WireClause(claim, count + len(values), tuple(body)))
        return name

    def _name(self, key: object) -> tuple[int, bool]:
        if (name := self.given.get(key)) is not None:
            return name, False
        name = self.given[key] = NAMED + len(self.given)
        return name, True


def plan(clause: WireClause, place: dict[int, int], size: int, names: Names) -> list[Flat]:
    """What to instantiate for a clause: itself, or pieces where these have far fewer instances.

    Pieces that another clause has in common with this one are not repeated.
    """
    flat = Flat(clause, place)
    if size**flat.variables <= SMALL:
        return [flat]
    tried = names.copy()
    pieces = [Flat(c, place) for c in tried.pieces(clause, place)]
    if 2 * sum(size**p.variables for p in pieces) >= size**flat.variables:
        return [flat]
    names.given = tried.given
    return pieces


def variables(terms: Sequence[WireTerm]) -> list[int]:
    """The variables of the terms in order of occurrence."""
    found: dict[int, None] = {}

    def visit(t: WireTerm) -> None:
        if isinstance(t, tuple):
            for a in t[1:]:
                visit(a)
        elif t < 0:
            found[t] = None

    for t in terms:
        visit(t)
    return list(found)


def _numbered(occurring: Sequence[int]) -> dict[int, WireTerm]:
    return {v: -1 - i for i, v in enumerate(occurring)}


def _defined(t: WireTerm, place: Container[int]) -> bool:
    """Has the term its value by a definition?"""
    return isinstance(t, tuple) or (t >= 0 and t not in place)


def _nested(t: WireTerm, place: Container[int]) -> bool:
    return isinstance(t, tuple) and any(_defined(a, place) for a in t[1:])

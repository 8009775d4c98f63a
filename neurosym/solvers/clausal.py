"""Clauses whose symbols are numbers: what crosses to the Z3 worker.

Knows its own data only.  Terms: n >= 0 is constant n, n < 0 is variable -1-n, a tuple
(f, *terms) is an application: f >= 0 is the user's, the others are sums and products.
Predicates: -1 is `integer`, 0 is `=`, 1 is `<`, 2 is `<=`, from 3 on they are the user's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

INTEGER, EQUAL, LESS, AT_MOST = -1, 0, 1, 2
ADD, SUBTRACT, MINUS, MULTIPLY = -1, -2, -3, -4
WireTerm: TypeAlias = Any  # int | tuple[int, WireTerm, ...]; mypy has no recursive heterogeneous tuples


@dataclass(frozen=True, slots=True)
class WireClause:
    """A clause of claim number `claim` with `variables` variables; literals are (sign, predicate, terms)."""

    claim: int
    variables: int
    literals: tuple[tuple[bool, int, tuple[WireTerm, ...]], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Clauses over the constants 0 .. constants-1, some of which are numerals."""

    clauses: tuple[WireClause, ...]
    constants: int
    numbers: tuple[tuple[int, Fraction], ...]

    def plain(self) -> list[int]:
        """The constants that are no numerals."""
        numerals = {c for c, _ in self.numbers}
        return [c for c in range(self.constants) if c not in numerals]


def has_functions(clauses: Iterable[WireClause]) -> bool:
    return any(isinstance(t, tuple) for c in clauses for _, _, terms in c.literals for t in terms)


def is_value(t: WireTerm) -> bool:
    """Is `t` a sum or a product: a number, and no thing?"""
    return isinstance(t, tuple) and t[0] < 0


def interpreted(clauses: Iterable[WireClause]) -> bool:
    """Does anything depend on numbers: a comparison, a sum, `integer`?"""
    return any(
        p in (INTEGER, LESS, AT_MOST) or (p == EQUAL and any(map(is_value, terms)))
        for c in clauses
        for _, p, terms in c.literals
    )


def ground_terms(clauses: Iterable[WireClause]) -> list[WireTerm]:
    """Applications without variables that are things, in order of first occurrence."""
    found: dict[WireTerm, None] = {}

    def visit(t: WireTerm) -> bool:
        if not isinstance(t, tuple):
            return bool(t >= 0)
        ground = [visit(a) for a in t[1:]]  # all of them are looked at
        if all(ground) and t[0] >= 0:
            found[t] = None
        return all(ground)

    for c in clauses:
        for _, _, terms in c.literals:
            for t in terms:
                visit(t)
    return list(found)


def functions(clauses: Iterable[WireClause]) -> dict[int, int]:
    """The arities of the functions whose values are things."""
    found: dict[int, int] = {}

    def visit(t: WireTerm) -> None:
        if isinstance(t, tuple):
            if t[0] >= 0:
                found[t[0]] = len(t) - 1
            for a in t[1:]:
                visit(a)

    for c in clauses:
        for _, _, terms in c.literals:
            for t in terms:
                visit(t)
    return found


def without_disequations(clause: WireClause) -> tuple[WireClause, tuple[WireTerm, ...]]:
    """`x != t or C` is C with t for x: the clause without such literals, and what its variables became.

    Instances of the result are instances of `clause` under the terms returned.
    """
    literals, s = list(clause.literals), dict[int, WireTerm]()
    while found := next(filter(None, map(_definition, literals)), None):
        x, t = found
        step = {x: t}
        s = {y: substituted(u, step) for y, u in s.items()} | step
        literals = [(sign, p, tuple(substituted(u, step) for u in terms)) for sign, p, terms in literals]
        literals = [x for x in literals if x[0] or x[1] != EQUAL or x[2][0] != x[2][1]]
    rest = [-1 - i for i in range(clause.variables) if -1 - i not in s]
    number: dict[int, WireTerm] = {x: -1 - i for i, x in enumerate(rest)}
    shown = tuple((sign, p, tuple(substituted(u, number) for u in terms)) for sign, p, terms in literals)
    old = tuple(substituted(s.get(-1 - i, -1 - i), number) for i in range(clause.variables))
    return WireClause(clause.claim, len(rest), shown), old


def _definition(literal: tuple[bool, int, tuple[WireTerm, ...]]) -> tuple[int, WireTerm] | None:
    sign, pred, terms = literal
    if not sign and pred == EQUAL:
        for x, t in (terms, terms[::-1]):
            if isinstance(x, int) and x < 0 and not is_value(t) and not _occurs(x, t):
                return x, t
    return None


def _occurs(x: int, t: WireTerm) -> bool:
    return any(_occurs(x, a) for a in t[1:]) if isinstance(t, tuple) else bool(t == x)


def substituted(t: WireTerm, s: dict[int, WireTerm]) -> WireTerm:
    """`t` with terms for its variables; `s` need not name all."""
    if isinstance(t, tuple):
        return (t[0], *(substituted(a, s) for a in t[1:]))
    return s.get(t, t) if t < 0 else t


def read_term(t: Any) -> WireTerm:
    return t if isinstance(t, int) else (t[0], *map(read_term, t[1:]))


def read_problem(wire: dict[str, Any], base: tuple[WireClause, ...] = ()) -> Problem:
    new = (
        WireClause(
            claim,
            variables,
            tuple((bool(sign), pred, tuple(map(read_term, args))) for sign, pred, *args in literals),
        )
        for claim, variables, literals in wire["clauses"]
    )
    return Problem((*base, *new), wire["constants"], tuple((c, Fraction(v)) for c, v in wire["numbers"]))

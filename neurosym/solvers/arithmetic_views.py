"""What an assignment to ground atoms says of clauses with variables: which instances it breaks.

Knows numbered clauses and terms.  Must not know how the assignment was found.  Elements are the
classes of equal ground terms, each by its first term; what no atom speaks of is false, and a value
that nothing settles breaks what depends on it, so that the instance is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from neurosym.solvers.clausal import (
    ADD,
    AT_MOST,
    EQUAL,
    INTEGER,
    LESS,
    MINUS,
    SUBTRACT,
    WireClause,
    WireTerm,
    is_value,
    substituted,
)

WireLiteral: TypeAlias = tuple[bool, int, tuple[WireTerm, ...]]
Env: TypeAlias = list[WireTerm]  # the elements of the variables; None where one is still open


@dataclass(frozen=True, slots=True)
class View:
    """Elements, the one of each ground term, the rows where predicates are true, and numbers."""

    elements: Mapping[WireTerm, int]  # in order, numbered
    at: Mapping[WireTerm, WireTerm]
    rows: Mapping[int, Sequence[tuple[WireTerm, ...]]]
    values: Mapping[WireTerm, Fraction]
    true: frozenset[tuple[int, tuple[WireTerm, ...]]]

    def element(self, t: WireTerm, env: Env) -> WireTerm:
        """The element of a term; None where there is none."""
        if isinstance(t, tuple):
            args = [self.element(a, env) for a in t[1:]]
            return None if None in args else self.at.get((t[0], *args))
        return self.at.get(t) if t >= 0 else env[-1 - t]

    def number(self, t: WireTerm, env: Env) -> Fraction | None:
        if not is_value(t):
            return self.values.get(self.element(t, env))
        args = [self.number(a, env) for a in t[1:]]
        if t[0] == MINUS:
            return None if args[0] is None else -args[0]
        left, right = args
        if left is None or right is None:
            return None
        return left + right if t[0] == ADD else left - right if t[0] == SUBTRACT else left * right

    def truth(self, pred: int, terms: Sequence[WireTerm], env: Env) -> bool | None:
        """Of an atom; None where a value is not settled."""
        if pred > AT_MOST:
            return (pred, tuple([self.element(t, env) for t in terms])) in self.true
        if pred == INTEGER:
            value = self.number(terms[0], env)
            return None if value is None else value.denominator == 1
        a, b = terms
        if pred == EQUAL and not (is_value(a) or is_value(b)):
            left, right = self.element(a, env), self.element(b, env)
            return None if left is None or right is None else bool(left == right)
        x, y = self.number(a, env), self.number(b, env)
        if x is None or y is None:
            return None
        return x < y if pred == LESS else x <= y if pred == AT_MOST else x == y


@dataclass(frozen=True, slots=True)
class _Step:
    """Bind variables by the rows of a literal (a single one to all elements where None), then check."""

    literal: WireLiteral | None
    variable: int
    checks: tuple[WireLiteral, ...]
    rising: tuple[tuple[int, int], ...]  # variables that may change places: elements in order will do


class Plan:
    """An order in which the variables of a clause are bound, false literals first."""

    def __init__(self, clause: WireClause) -> None:
        self.clause = clause
        self.steps: list[_Step] = []
        bound: set[int] = set()
        left = list(clause.literals)
        joins = [x for x in left if not x[0] and x[1] > AT_MOST]
        alike = _alike(clause)
        self.first = tuple(x for x in left if not _open(x, bound))
        left = [x for x in left if _open(x, bound)]
        while len(bound) < clause.variables:
            # the row that leaves fewest variables open, but binds one
            found = sorted((len(_open(x, bound)), n) for n, x in enumerate(joins) if _plain(x) - bound)
            if found:
                literal: WireLiteral | None = joins[found[0][1]]
                variable = -1
                bound |= _plain(joins[found[0][1]])
            else:
                literal, variable = None, min(v for v in range(clause.variables) if v not in bound)
                bound.add(variable)
            checks = tuple(x for x in left if not _open(x, bound))
            left = [x for x in left if _open(x, bound)]
            rising = tuple(p for p in alike if bound.issuperset(p))
            alike = [p for p in alike if p not in rising]
            self.steps.append(_Step(literal, variable, checks, rising))

    def broken(self, view: View, spend: Callable[[], None]) -> Iterator[tuple[WireTerm, ...]]:
        """The elements under which no literal of the clause is true, up to the order of variables."""
        env: Env = [None] * self.clause.variables

        def fails(literals: Sequence[WireLiteral]) -> bool:
            return not any(view.truth(pred, terms, env) is sign for sign, pred, terms in literals)

        def ordered(pairs: Sequence[tuple[int, int]]) -> bool:
            return all(view.elements[env[u]] <= view.elements[env[v]] for u, v in pairs)

        def extend(at: int) -> Iterator[tuple[WireTerm, ...]]:
            if at == len(self.steps):
                yield tuple(env)
                return
            step = self.steps[at]
            if step.literal is None:
                for e in view.elements:
                    spend()
                    env[step.variable] = e
                    if ordered(step.rising) and fails(step.checks):
                        yield from extend(at + 1)
                env[step.variable] = None
                return
            _, pred, terms = step.literal
            new = sorted({-1 - t for t in terms if isinstance(t, int) and t < 0 and env[-1 - t] is None})
            for row in view.rows.get(pred, ()):
                spend()
                if _match(terms, row, env, view) and ordered(step.rising) and fails(step.checks):
                    yield from extend(at + 1)
                for v in new:
                    env[v] = None

        if fails(self.first):
            yield from extend(0)


def _match(terms: Sequence[WireTerm], row: tuple[WireTerm, ...], env: Env, view: View) -> bool:
    """Bind the variables among the terms as in the row."""
    for t, e in zip(terms, row, strict=True):
        if isinstance(t, int) and t < 0:
            v = -1 - t
            if env[v] is None:
                env[v] = e
            elif env[v] != e:
                return False
        elif not _covered(t, env):
            continue  # a variable within it is bound later; the checks look at the literal again
        elif view.element(t, env) != e:
            return False
    return True


def _alike(clause: WireClause) -> list[tuple[int, int]]:
    """Pairs of neighbours among variables of which any two may change places in the clause."""
    as_is = frozenset(_unordered(x, {}) for x in clause.literals)
    classes: list[list[int]] = []
    for v in range(clause.variables):
        for found in classes:
            u = found[-1]
            if as_is == frozenset(_unordered(x, {-1 - u: -1 - v, -1 - v: -1 - u}) for x in clause.literals):
                found.append(v)
                break
        else:
            classes.append([v])
    return [(u, v) for found in classes for u, v in pairwise(found)]


def _unordered(literal: WireLiteral, s: dict[int, WireTerm]) -> tuple[object, ...]:
    sign, pred, terms = literal
    row = tuple(substituted(t, s) for t in terms)
    return sign, pred, frozenset(row) if pred == EQUAL else row


def _covered(t: WireTerm, env: Env) -> bool:
    if isinstance(t, tuple):
        return all(_covered(a, env) for a in t[1:])
    return t >= 0 or env[-1 - t] is not None


def _plain(literal: WireLiteral) -> set[int]:
    """The variables that are arguments themselves."""
    return {-1 - t for t in literal[2] if isinstance(t, int) and t < 0}


def _open(literal: WireLiteral, bound: set[int]) -> set[int]:
    found: set[int] = set()

    def visit(t: WireTerm) -> None:
        if isinstance(t, tuple):
            for a in t[1:]:
                visit(a)
        elif t < 0 and -1 - t not in bound:
            found.add(-1 - t)

    for t in literal[2]:
        visit(t)
    return found

"""Rules of the chase, relations, and the joins that rules are turned into.

Knows numbers only: relations, variables, elements.  Must not know names, formulas or theories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

EQUAL, THING = 0, 1  # relations of their own: merging, and being an element
Row: TypeAlias = tuple[int, ...]
Arg: TypeAlias = int  # n >= 0 is variable n, n < 0 is element -1-n
RawTerm: TypeAlias = Any  # Arg | tuple[function, *RawTerm]; mypy has no recursive heterogeneous tuples
Head: TypeAlias = tuple[int, tuple[RawTerm, ...]]
BodyAtom: TypeAlias = tuple[int, tuple[Arg, ...]]
Filter: TypeAlias = tuple[Arg, Arg, bool, bool]  # left, right, strict, wanted truth
LAYERS = 3  # shared elements of a function that follow one another in a ring


@dataclass(frozen=True, slots=True)
class Rule:
    """body and filters -> one of the heads.  `source` is (label, clause, terms of its variables)."""

    body: tuple[BodyAtom, ...]
    filters: tuple[Filter, ...]
    heads: tuple[Head, ...]
    source: tuple[str, int, tuple[tuple[Any, RawTerm], ...]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it was, for looking whether an element suits a Skolem term `place`."""

    place: tuple[Arg, ...]  # the variables that are the Skolem function's arguments
    body: tuple[tuple[int, tuple[RawTerm, ...]], ...]
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a relation of its arguments and its value."""

    arity: int
    relation: int
    skolem: bool


@dataclass(frozen=True, slots=True)
class Step:
    relation: int
    key: int  # the position looked up; -1: all rows, -2: the row is known
    source: tuple[Arg, ...]  # of the key, or of the whole row
    bound: tuple[tuple[int, Arg], ...]  # positions that must equal something bound
    same: tuple[tuple[int, int], ...]  # positions that must equal an earlier position
    new: tuple[int, ...]  # positions that bind the next variables


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A rule, to be joined from one of its body atoms on; variables are numbered as they are bound."""

    first: Step
    steps: tuple[Step, ...]
    filters: tuple[Filter, ...]
    body: tuple[BodyAtom, ...]
    heads: tuple[Head, ...]
    source: tuple[str, int, tuple[tuple[Any, RawTerm], ...]]
    simple: tuple[int, tuple[Arg, ...]] | None  # the only head, where it has no function
    named: tuple[int, ...]  # elements in body and filters


Fired: TypeAlias = tuple[Plan, Row]
Reason: TypeAlias = "Fired | int | None"  # a rule instance, the number of a choice, or given
ASSUMED = -1  # a reason: laid down for the model's sake, so nothing that rests on it is a proof


class Conflict(Exception):
    """Something is false; `reasons` say why."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__("conflict")


class GaveUp(Exception):
    """A limit was reached."""


class Relation:
    """Rows with their reasons, and an index for each position where it was asked for."""

    __slots__ = ("index", "plans", "rows")

    def __init__(self, arity: int) -> None:
        self.rows: dict[Row, tuple[int, Reason]] = {}
        self.index: list[dict[int, list[Row]] | None] = [None] * arity
        self.plans: list[Plan] = []

    def at(self, position: int, element: int) -> Sequence[Row]:
        index = self.index[position]
        if index is None:
            index = self.index[position] = {}
            for row in self.rows:
                index.setdefault(row[position], []).append(row)
        return index.get(element, ())

    def add(self, row: Row, reason: tuple[int, Reason]) -> None:
        self.rows[row] = reason
        for position, index in enumerate(self.index):
            if index is not None:
                index.setdefault(row[position], []).append(row)

    def remove(self, row: Row) -> None:
        del self.rows[row]
        for position, index in enumerate(self.index):
            if index is not None:
                rows = index[row[position]]
                if rows[-1] == row:
                    rows.pop()
                else:
                    rows.remove(row)


def make_plan(rule: Rule, trigger: int) -> Plan:
    """The joins of a rule from one body atom on, the most bound atom next."""
    place: dict[int, int] = {}

    def arg(s: Arg) -> Arg:
        return place[s] if s >= 0 else s

    def step(atom: BodyAtom) -> Step:
        number, args = atom
        bound, same, new = list[tuple[int, Arg]](), list[tuple[int, int]](), list[int]()
        first: dict[int, int] = {}
        for i, s in enumerate(args):
            if s < 0 or s in place:
                bound.append((i, arg(s)))
            elif s in first:
                same.append((i, first[s]))
            else:
                first[s] = i
                new.append(i)
        if len(bound) == len(args):
            return Step(number, -2, tuple(arg(s) for s in args), (), (), ())
        for s in first:
            place[s] = len(place)
        # a variable is the better key: constants occur in many rows
        at = max(bound, key=lambda x: x[1] >= 0, default=None)
        if at is None:
            return Step(number, -1, (), (), tuple(same), tuple(new))
        return Step(number, at[0], (at[1],), tuple(x for x in bound if x != at), tuple(same), tuple(new))

    rest = list(rule.body)
    first = Step(THING, -1, (), (), (), ())
    if trigger >= 0:
        number, args = rest.pop(trigger)
        seed = step((number, args))
        constants = tuple((i, s) for i, s in enumerate(args) if s < 0)
        first = Step(number, -1, (), constants, seed.same, seed.new)
    steps = []
    while rest:
        best = min(rest, key=lambda a: (sum(s >= 0 and s not in place for s in a[1]), a[0] == THING))
        rest.remove(best)
        steps.append(step(best))

    def raw(t: RawTerm) -> RawTerm:
        return arg(t) if isinstance(t, int) else (t[0], *map(raw, t[1:]))

    heads = tuple((number, tuple(map(raw, terms))) for number, terms in rule.heads)
    label, index, variables = rule.source
    only = heads[0] if len(heads) == 1 else None
    simple = only if only and only[0] != EQUAL and all(isinstance(t, int) for t in only[1]) else None
    return Plan(
        first,
        tuple(steps),
        tuple((arg(a), arg(b), strict, wanted) for a, b, strict, wanted in rule.filters),
        tuple((number, tuple(map(arg, args))) for number, args in rule.body),
        heads,
        (label, index, tuple((v, raw(t)) for v, t in variables)),
        simple,
        named_elements(rule),
    )


def named_elements(rule: Rule) -> tuple[int, ...]:
    args = (*(a for _, args in rule.body for a in args), *(a for f in rule.filters for a in f[:2]))
    return tuple(sorted({~a for a in args if a < 0}))

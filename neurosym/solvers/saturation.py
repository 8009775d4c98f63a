"""Refutations by saturation: what the instances of Z3 do not give, a resolution prover may.

Knows the language, the clausal form and refutations; nothing found here is trusted.  Clauses that
compare or add up are left out: a refutation of the others is one of all.

From the empty clause back to the claims, each clause is instantiated as it was used (Herbrand 1930);
of a clause that was split, the instances are those combinations of instances of its parts that a
model of the ground clauses found so far breaks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from neurosym.logic import (
    SKOLEM,
    Clause,
    Const,
    Exhausted,
    Formula,
    Not,
    Num,
    Statement,
    Term,
    TooManyClauses,
    Var,
    clauses,
    literals,
    substitute,
    term_key,
)
from neurosym.proof import GOAL, Instance, Refutation
from neurosym.solvers.ground_proof import GroundModel, GroundProof, as_literal, is_numeric, minimal, prove
from neurosym.solvers.saturation_index import Derived
from neurosym.solvers.saturation_search import Search
from neurosym.solvers.saturation_terms import Packed, Signed, Symbols, variables
from neurosym.theory import Theory

FEW = 24  # instances that the kernel decides by its own search
AT_ONCE = 200  # combinations of instances of parts that are taken without looking for broken ones
MOST = 4_000  # instances
FIRST = 0.5  # of the time, for the first of two ways to choose literals
STEPS = 400_000  # attempts to unify, in each way


@dataclass(slots=True)
class _Part:
    """A component of input clauses: its name (0 where nothing was split), and its clause."""

    name: int
    clause: Derived | None  # None where it is trivially true
    count: int  # of its variables
    found: dict[tuple[Packed, ...], None] = field(default_factory=dict)  # instances


@dataclass(slots=True)
class _Input:
    """A clause of a claim, its components, and for each of them its variables in the clause."""

    label: str
    index: int
    clause: Clause
    names: tuple[Var, ...]
    parts: list[tuple[_Part, tuple[int, ...]]]


class _Spend:
    """Counts steps and looks at the time now and then."""

    def __init__(self, seconds: float, steps: int) -> None:
        self.end, self.left = time.monotonic() + seconds, steps

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0 or (self.left & 255 == 0 and time.monotonic() > self.end):
            raise Exhausted("saturation takes too long")


def saturate(
    theory: Theory, refuted: Formula | None, seconds: float = 2.0, steps: int = STEPS
) -> Refutation | None:
    """Instances of the claims and of `refuted` (the goal, or its negation) that contradict each other.

    None where none were found in so many seconds, and attempts to unify in each of two ways.
    """
    statements: list[tuple[str, Statement]] = [(c.label, c.formula) for c in theory.claims]
    if refuted is not None:
        statements.append((GOAL, refuted))
    end = time.monotonic() + seconds
    try:
        given = [
            (label, i, c)
            for label, f in statements
            for i, c in enumerate(clauses(f, label))
            if not is_numeric(c)
        ]
        for select in (True, False):
            left = end - time.monotonic()
            found = _attempt(given, select, left * (FIRST if select else 1.0), steps)
            if found is not None:
                return found
    except (TooManyClauses, RecursionError, ValueError):
        pass
    return None


def _attempt(
    given: Sequence[tuple[str, int, Clause]], select: bool, seconds: float, steps: int
) -> Refutation | None:
    spend = _Spend(seconds, steps)
    packed = _Clauses(given, select, spend)
    try:
        return packed.refutation(spend) if packed.search.run() else None
    except Exhausted:
        return None


class _Clauses:
    """The input, packed and split."""

    def __init__(self, given: Sequence[tuple[str, int, Clause]], select: bool, spend: _Spend) -> None:
        self.symbols = Symbols()
        self.inputs: list[_Input] = []
        rows: list[tuple[tuple[Signed, ...], dict[Var, int]]] = []
        for _, _, c in given:
            names: dict[Var, int] = {}
            rows.append((self.symbols.clause(c, names), names))
        self.search = Search(self.symbols, select, spend)
        self.parts: dict[object, _Part] = {}
        self.by_clause: dict[int, list[_Part]] = {}
        self.by_sat: dict[int, _Input] = {}
        for (label, i, c), (packed, names) in zip(given, rows, strict=True):
            made = _Input(label, i, c, tuple(names), [])
            self.inputs.append(made)
            groups = _components(packed)
            if len(groups) < 2:
                made.parts.append(self._part(groups[0] if groups else (), 0, label == GOAL))
                continue
            for group in groups:
                made.parts.append(self._part(group, self._name(group), label == GOAL))
            self.by_sat[self.search.sat.add([p.name for p, _ in made.parts])] = made

    def _name(self, group: tuple[Signed, ...]) -> int:
        """A number that the same component always gets; the negation of a ground literal, its negative."""
        positive = (True, group[0][1])
        ground = len(group) == 1 and not any(True for _ in variables(group[0][1]))
        key = positive if ground else frozenset(_numbered(group)[0])
        number = self._names.setdefault(key, len(self._names) + 1)
        return number if not ground or group[0][0] else -number

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
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import product

from neurosym.logic import (
    Clause,
    Exhausted,
    Formula,
    Literal,
    Not,
    Statement,
    TooManyClauses,
    Var,
    clauses,
    substitute,
)
from neurosym.proof import GOAL, Instance, Refutation
from neurosym.solvers.arithmetic_sat import Sat
from neurosym.solvers.ground_proof import GroundModel, GroundProof, as_literal, is_numeric, minimal, prove
from neurosym.solvers.saturation_index import Derived
from neurosym.solvers.saturation_search import NoTheory, Search
from neurosym.solvers.saturation_terms import EQUAL, Packed, Signed, Symbols, renamed, variables
from neurosym.theory import Theory

FEW = 24  # instances that the kernel decides by its own search
AT_ONCE = 200  # combinations of instances of parts that are taken without looking for broken ones
MOST = 4_000  # instances
FIRST = 0.5  # of the time, for the first of two ways to choose literals
STEPS = 400_000  # attempts to unify, in each way


@dataclass(slots=True)
class _Part:
    """A clause of the input, or a component of several: its name (0 where nothing was split)."""

    number: int
    name: int
    variables: int
    literals: tuple[Signed, ...]
    found: dict[tuple[Packed, ...], None] = field(default_factory=dict)  # its instances in the refutation


@dataclass(frozen=True, slots=True)
class _Input:
    """A clause of a claim: its components, each with its variables as they are numbered in the clause."""

    label: str
    index: int
    clause: Clause
    names: tuple[Var, ...]
    parts: tuple[tuple[_Part, tuple[int, ...]], ...]


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
    except (TooManyClauses, RecursionError):
        pass
    return None


def _attempt(
    given: Sequence[tuple[str, int, Clause]], select: bool, seconds: float, steps: int
) -> Refutation | None:
    spend = _Spend(seconds, steps)
    packed = _Clauses(given, select, spend)
    try:
        return packed.refutation() if packed.search.run() else None
    except Exhausted:
        return None


class _Clauses:
    """The input, packed and split, and the way back."""

    def __init__(self, given: Sequence[tuple[str, int, Clause]], select: bool, spend: _Spend) -> None:
        self.symbols = Symbols()
        self.spend = spend
        rows: list[tuple[tuple[Signed, ...], dict[Var, int]]] = []
        for _, _, c in given:
            names: dict[Var, int] = {}
            rows.append((self.symbols.clause(c, names), names))
        self.filler = self.symbols.constant()
        self.search = Search(self.symbols, select, spend)
        self.parts: list[_Part] = []
        self._named: dict[object, int] = {}
        self._known: dict[int, _Part] = {}
        self.whole: list[_Input] = []
        self.split: dict[int, _Input] = {}  # by the number of the propositional clause
        for (label, i, c), (packed, names) in zip(given, rows, strict=True):
            groups = _components(packed)
            divided = len(groups) > 1
            parts = tuple(self._part(g, divided, label == GOAL) for g in groups or [()])
            made = _Input(label, i, c, tuple(names), parts)
            if divided:
                self.split[self.search.sat.add([p.name for p, _ in parts])] = made
            else:
                self.whole.append(made)

    def _part(self, group: tuple[Signed, ...], divided: bool, goal: bool) -> tuple[_Part, tuple[int, ...]]:
        shown, old = _numbered(group)
        name = self._name(shown, not old) if divided else 0
        if (known := self._known.get(name)) is None:
            known = _Part(len(self.parts), name, len(old), shown)
            self.parts.append(known)
            if name:
                self._known[name] = known
            names = frozenset([name] if name else [])
            self.search.add(shown, names, [(-1 - known.number, tuple(range(len(old))))], goal)
        return known, old

    def _name(self, shown: tuple[Signed, ...], ground: bool) -> int:
        """A number that the same component always gets; the negation of a ground literal, its negative."""
        sign, atom = shown[0]
        key: object = atom if ground and len(shown) == 1 else frozenset(shown)
        number = self._named.setdefault(key, len(self._named) + 1)
        return -number if key == atom and not sign else number

    def refutation(self) -> Refutation | None:
        """What the search has found, in ground instances."""
        core, _ = self.search.sat.cone()
        self._unfold([self.search.empty[n] for n in core if n in self.search.empty])
        ground = _Ground(self.symbols, self.spend)
        for i in self.whole:
            for row in i.parts[0][0].found:
                ground.take(i, [row])
        parted = [self.split[n] for n in core if n in self.split]
        for i in parted:
            for p, _ in i.parts:
                if not p.found:
                    p.found[(self.filler,) * p.variables] = None
            every = product(*(p.found for p, _ in i.parts))
            for rows in every if _count(i) <= AT_ONCE else [next(every)]:
                ground.take(i, rows)
        while True:
            if (true := ground.model()) is not None and self._more(ground, parted, true):
                continue
            match ground.decided():  # equality may know more
                case GroundModel(literals):
                    if not self._more(ground, parted, ground.true(literals)):
                        return None
                case proof:
                    return ground.refutation(proof) if proof is not None else None

    def _more(self, ground: _Ground, parted: Sequence[_Input], true: AbstractSet[Packed]) -> bool:
        """Take instances that are false in a model; is any of them new?"""
        known = len(ground.found)
        for i in parted:
            if (broken := self._broken(i, true)) is not None:
                ground.take(i, broken)
        return len(ground.found) > known

    def _broken(self, i: _Input, true: AbstractSet[Packed]) -> list[tuple[Packed, ...]] | None:
        """For each component an instance that is false in the model, or None."""
        rows = []
        for p, _ in i.parts:
            self.spend()
            false = (row for row in p.found if not any(_holds(x, row, true) for x in p.literals))
            if (row := next(false, None)) is None:
                return None
            rows.append(row)
        return rows

    def _unfold(self, last: Sequence[Derived]) -> None:
        """Give each part the instances in which the refutation uses it."""
        needed: dict[int, dict[tuple[Packed, ...], None]] = {c.number: {(): None} for c in last}
        for n in range(max(needed, default=-1), -1, -1):
            for row in needed.pop(n, {}):
                self.spend()
                for number, terms in self.search.clauses[n].parents:
                    ground = tuple(_ground(t, row, self.filler) for t in terms)
                    if number < 0:
                        self.parts[-1 - number].found[ground] = None
                    else:
                        needed.setdefault(number, {})[ground] = None


class _Ground:
    """Ground instances, and what they say to a propositional solver."""

    def __init__(self, symbols: Symbols, spend: _Spend) -> None:
        self.symbols, self.spend = symbols, spend
        self.found: dict[Instance, Clause] = {}
        self.sat = Sat(spend)
        self.numbers: dict[Packed, int] = {}

    def take(self, i: _Input, rows: Sequence[tuple[Packed, ...]]) -> None:
        """The instance of a clause that has these instances of its parts."""
        at: dict[int, Packed] = {}
        for (_, own), row in zip(i.parts, rows, strict=True):
            at.update(zip(own, row, strict=True))
        s = {v: self.symbols.term_of(at[n]) for n, v in enumerate(i.names)}
        instance = Instance(i.label, i.index, tuple(s.items()))
        if instance in self.found:
            return
        if len(self.found) >= MOST:
            raise Exhausted("the refutation has too many instances")
        clause = self.found[instance] = tuple(as_literal(substitute(x, s)) for x in i.clause)
        coded = []
        for sign, atom in self.symbols.clause(clause, {}):
            number = self.numbers.setdefault(_turned(atom), len(self.numbers) + 1)
            coded.append(number if sign else -number)
        self.sat.add(coded)

    def model(self) -> set[Packed] | None:
        """The true atoms of a propositional model, or None where there is none."""
        if not self.sat.solve(NoTheory()):
            return None
        return {atom for atom, n in self.numbers.items() if n in self.sat.true}

    def decided(self) -> GroundProof | GroundModel | None:
        """With equality: do the instances contradict each other?"""
        return prove(tuple(self.found.values()), self.spend.end - time.monotonic())

    def true(self, literals: Sequence[Literal]) -> set[Packed]:
        """The atoms among the literals of a model."""
        shown = tuple(f for f in literals if not isinstance(f, Not))
        return {_turned(atom) for _, atom in self.symbols.clause(shown, {})}

    def refutation(self, proof: GroundProof) -> Refutation:
        found, ground = tuple(self.found), tuple(self.found.values())
        if len(proof.used) <= FEW:
            proof = minimal(ground, [i.label for i in found], proof)
        chosen = tuple(found[n] for n in proof.used)
        return Refutation(chosen) if len(chosen) <= FEW else Refutation(chosen, proof.lemmas, proof.proof)


def _components(literals: tuple[Signed, ...]) -> list[tuple[Signed, ...]]:
    """The parts of a clause that share no variable, in order."""
    groups: list[tuple[set[int], list[Signed]]] = []
    for x in literals:
        mine, together = set(variables(x[1])), [x]
        apart = []
        for used, members in groups:
            if used & mine:
                mine |= used
                together = members + together
            else:
                apart.append((used, members))
        groups = [*apart, (mine, together)]
    return [tuple(members) for _, members in groups]


def _numbered(group: tuple[Signed, ...]) -> tuple[tuple[Signed, ...], tuple[int, ...]]:
    """The literals with variables 0, 1, ..., and what these were."""
    old = tuple(dict.fromkeys(x for _, atom in group for x in variables(atom)))
    number = {x: n for n, x in enumerate(old)}
    return tuple((sign, renamed(atom, number)) for sign, atom in group), old


def _ground(t: Packed, row: tuple[Packed, ...], filler: Packed) -> Packed:
    if isinstance(t, int):
        return row[t] if t < len(row) else filler
    return (t[0], *(_ground(a, row, filler) for a in t[1:]))


def _holds(literal: Signed, row: tuple[Packed, ...], true: AbstractSet[Packed]) -> bool:
    """What the model does not speak of is false in it."""
    sign, atom = literal
    a = _turned(_ground(atom, row, ()))
    return (a in true or (a[0] == EQUAL and a[1] == a[2])) is sign


def _turned(atom: Packed) -> Packed:
    """An equation in the one of its two forms that stands for both."""
    return (EQUAL, atom[2], atom[1]) if atom[0] == EQUAL and str(atom[2]) < str(atom[1]) else atom


def _count(i: _Input) -> int:
    n = 1
    for p, _ in i.parts:
        n *= len(p.found)
    return n

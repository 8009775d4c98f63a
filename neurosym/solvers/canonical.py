"""Canonical models: small finite models made by derivation, and the contradictions met on the way.

Knows clausal forms, certificates and the chase.  Must not know any process; nothing it finds
is trusted, the kernel checks it.  Every constant gets an element of its own unless equality
merges them, what can be derived is true, and all else false: for Horn clauses without
functions the least Herbrand model, with existentials the restricted chase (Fagin, Kolaitis,
Miller and Popa 2005) whose new elements are shared so that it ends.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.logic import (
    SKOLEM,
    Atom,
    Const,
    Exhausted,
    Formula,
    GroundClauses,
    Not,
    Statement,
    TooManyClauses,
    clauses,
    substitute,
)  # fmt: skip
from neurosym.proof import GOAL, FiniteModel, Instance, Refutation
from neurosym.solvers.chase import Chase
from neurosym.solvers.chase_rules import Conflict, GaveUp
from neurosym.solvers.chase_search import Core, core_of, prepare, search
from neurosym.solvers.chase_symbols import Symbols, as_literal
from neurosym.solvers.worker import ForkLock
from neurosym.theory import Claim, Theory

CACHED = 16  # theories whose base is kept
STEPS = 2_000_000  # rows joined for one theory or one question: some seconds at most
NEAR = 0.25  # of a theory's claims: past it a base is made anew rather than changed
STALE = 64  # claims taken back that a base may go on holding
NEIGHBOURS = 2  # bases that a new theory is compared with
SHRINK, SHRINK_BUDGET = 60, 50_000  # instances, operations, within which a refutation is made minimal
TRIES = 64  # conflicts after which a search among choices is given up

Found: TypeAlias = FiniteModel | Refutation | None


@dataclass(frozen=True, slots=True)
class Sides:
    """What was found of "the goal holds" and of "the goal fails": a model, or why there is none."""

    holds: Found
    fails: Found


class Canonical:
    """Finds models of theories; keeps what follows from a theory without choices for the next goal.

    A theory that differs little from the last ones extends what was derived from these.
    `steps` bound a search as `seconds` do, but by counting rows.
    """

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._bases: OrderedDict[int, tuple[Theory, _Bases]] = OrderedDict()  # it holds the theories

    def alone(self, theory: Theory, seconds: float, steps: int = STEPS) -> Found:
        """A model of the theory, or a refutation of it."""
        return self._each(theory, (None,), seconds, steps)[0]

    def sides(
        self, theory: Theory, goal: Formula, seconds: float, ordered: bool = False, steps: int = STEPS
    ) -> Sides:
        """Models of the theory in which `goal` (a closed formula) holds and fails, or refutations of these.

        A refutation of "holds" uses clauses of the goal, one of "fails" clauses of its negation.
        ordered: every element is a number, so that any two can be compared.
        """
        holds, fails = self._each(theory, (goal, Not(goal)), seconds, steps, ordered)
        return Sides(holds, fails)

    def holds(
        self, theory: Theory, goal: Formula, seconds: float, ordered: bool = False, steps: int = STEPS
    ) -> Found:
        """A model in which the goal holds, or a refutation of that: a proof of its negation."""
        return self._each(theory, (goal,), seconds, steps, ordered)[0]

    def fails(self, theory: Theory, goal: Formula, seconds: float, steps: int = STEPS) -> Found:
        """A model in which the goal fails, or a refutation of that: a proof of the goal."""
        return self._each(theory, (Not(goal),), seconds, steps)[0]

    def clear(self) -> None:
        with self._lock:
            self._bases.clear()

    def _each(
        self,
        theory: Theory,
        goals: tuple[Formula | None, ...],
        seconds: float,
        steps: int,
        ordered: bool = False,
    ) -> list[Found]:
        """The first model or refutation for each goal, or with None for the theory alone."""
        end = time.monotonic() + seconds
        with self._lock:
            if id(theory) not in self._bases:
                recent = dict.fromkeys(bases for _, bases in reversed(self._bases.values()))
                near = next((x for x in list(recent)[:NEIGHBOURS] if x.near(theory)), None)
                self._bases[id(theory)] = theory, near or _Bases()
                while len(self._bases) > CACHED:
                    self._bases.popitem(last=False)
            self._bases.move_to_end(id(theory))
            bases = self._bases[id(theory)][1]
            return [bases.find(theory, g, end, steps, ordered) for g in goals]


class _Bases:
    """The two ways to extend a theory to a model, sparing of elements and generous."""

    def __init__(self) -> None:
        self._made: dict[bool, _Base] = {}
        self._failed: dict[bool, tuple[Theory, float, int]] = {}  # limits within which none could be made

    def near(self, theory: Theory) -> bool:
        return any(base.near(theory) for base in self._made.values())

    def find(self, theory: Theory, goal: Formula | None, end: float, steps: int, ordered: bool) -> Found:
        """The first model or refutation."""
        for fresh in (False, True):
            if (base := self._base(theory, fresh, end, steps)) is None:
                return None  # where the sparing way is too long, so is the other
            found = base.find(goal, end, steps, ordered)
            if base.stale and not isinstance(found, FiniteModel) and not base.broken:
                # what was taken back may be the reason; a model of more claims is one of fewer
                del self._made[fresh]
                if (base := self._base(theory, fresh, end, steps)) is None:
                    return None
                found = base.find(goal, end, steps, ordered)
            if base.broken:
                del self._made[fresh]
            if found is not None or not (base.chase.functions or base.chase.compared):
                return found
        return None

    def _base(self, theory: Theory, fresh: bool, end: float, steps: int) -> _Base | None:
        """The base, brought to hold the claims of the theory."""
        seconds = end - time.monotonic()
        base = self._made.pop(fresh, None)
        failed, within, counted = self._failed.get(fresh, (None, 0.0, 0))
        if failed is theory and seconds <= 2 * within and steps <= counted:
            return None
        try:
            if base is None or not base.turn(theory, end, steps):
                base = _Base(theory, fresh, end, steps)
            self._made[fresh] = base
        except (GaveUp, TooManyClauses, RecursionError):
            self._failed[fresh] = theory, seconds, steps
            return None
        return base


@dataclass(slots=True)
class _Layer:
    """Claims added together, and the state before them."""

    claims: dict[int, Claim]  # by identity; holding them keeps it theirs
    mark: int
    compared: bool
    contradiction: Core | None = None


class _Base:
    """A theory's chase up to the first choice, which questions extend and leave as it was.

    Claims told later are layers on top of the first ones, and taken off again with what was
    derived from them.  A few of the first claims may have been taken back since (`stale`): the
    base is then one of a stronger theory, whose models serve as well.
    """

    def __init__(self, theory: Theory, fresh: bool, end: float, steps: int) -> None:
        self.chase = Chase(fresh)
        prepare(self.chase)
        self.symbols = Symbols(self.chase)
        self.layers: list[_Layer] = []
        self.at, self.compared = 0, False  # the state that questions leave as it was
        self.labels: dict[str, int] = {}  # identities of the claims held
        self.broken = False
        self.model: FiniteModel | None = None
        self.theory, self.stale = theory, 0
        self._lay(theory.claims, end, steps)

    def near(self, theory: Theory) -> bool:
        """Is it less work to turn to that theory than to begin with it?"""
        held = len(self.labels)
        shared = sum(self.labels.get(c.label) == id(c) for c in theory.claims)
        return held + len(theory.claims) - 2 * shared <= NEAR * len(theory.claims)

    def turn(self, theory: Theory, end: float, steps: int) -> bool:
        """Hold the claims of `theory`, and few others; False where a new base is better.

        Raises GaveUp, and then the base is not to be used again.
        """
        if theory is self.theory:
            return True
        if not self.near(theory):
            return False
        wanted = {id(c) for c in theory.claims}
        while len(self.layers) > 1 and any(
            x.contradiction or not wanted.issuperset(x.claims) for x in self.layers[1:]
        ):
            layer = self.layers.pop()
            self.chase.undo(layer.mark)
            self.at, self.compared, self.model = layer.mark, layer.compared, None
            for c in layer.claims.values():
                del self.labels[c.label]
        first = self.layers[0]
        stale = [c for i, c in first.claims.items() if i not in wanted]
        missing = [c for c in theory.claims if self.labels.get(c.label) != id(c)]
        if len(stale) > STALE or (first.contradiction and stale):
            return False
        if any(c.label in self.labels for c in missing):  # its Skolem functions are taken
            return False
        self.theory, self.stale = theory, len(stale)
        if missing:
            self._lay(tuple(missing), end, steps)
        return True

    def _lay(self, claims: tuple[Claim, ...], end: float, steps: int) -> None:
        chase = self.chase
        chase.end, chase.steps = end, steps
        chase.compared = self.compared
        forms = [(c.label, clauses(c.formula, c.label)) for c in claims]
        layer = _Layer({id(c): c for c in claims}, chase.mark(), chase.compared)
        if self.layers:
            layer.contradiction = self.layers[-1].contradiction
        try:
            for c in claims:
                self.symbols.declare(c.formula)
            for label, form in forms:
                self.symbols.add(label, form)
            if not chase.rep:  # a universe is not empty
                chase.element(Const(f"{SKOLEM}:any"))
            if layer.contradiction is None:
                chase.saturate()
        except Conflict as e:
            layer.contradiction = layer.contradiction or core_of(chase, e)
        self.layers.append(layer)
        self.labels |= {c.label: id(c) for c in claims}
        self.model = None
        self.at, self.compared = chase.mark(), chase.compared

    def find(self, goal: Formula | None, end: float, steps: int, ordered: bool) -> Found:
        if (contradiction := self.layers[-1].contradiction) is not None:
            return _refutation(contradiction)
        chase = self.chase
        chase.end, chase.steps, chase.compared = end, steps, self.compared or ordered
        self.broken = True  # until the state is as it was
        try:
            found = self._extended(goal)
        except (GaveUp, TooManyClauses):
            found = None
        except RecursionError:
            return None
        chase.undo(self.at)
        self.broken = False
        return found

    def _extended(self, goal: Formula | None) -> Found:
        try:
            if goal is not None:
                self.symbols.declare(goal)
                self.symbols.add(GOAL, clauses(goal, GOAL))
        except Conflict as e:
            return _refutation(core_of(self.chase, e))
        core = search(self.chase, TRIES)
        return self._model() if core is None else _refutation(core)

    def _model(self) -> FiniteModel:
        if self.chase.changed(self.at) or self.chase.compared is not self.compared:
            return self.symbols.model()
        if self.model is None:
            self.model = self.symbols.model()
        return self.model


def _refutation(core: Core) -> Refutation | None:
    if not core.proof:
        return None
    return Refutation(tuple(Instance(label, index, binding) for label, index, binding in core.instances))


def definite(theory: Theory) -> bool:
    """Has every clause a positive atom?  Then the theory holds where all atoms are true."""
    try:
        return all(
            any(isinstance(x, Atom) for x in clause)
            for c in theory.claims
            for clause in clauses(c.formula, c.label)
        )
    except (TooManyClauses, RecursionError):
        return False


def minimal(theory: Theory, goal: Formula | None, found: Refutation) -> Refutation:
    """`found` without the claims that it can do without, where it is small enough to try.

    `goal` is what GOAL stands for, as in kernel.check: the goal, or its negation.
    """
    statements: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
    if goal is not None:
        statements[GOAL] = goal
    labels = sorted({i.label for i in found.instances} - {GOAL})
    if len(found.instances) > SHRINK:
        return found
    forms = {label: clauses(statements[label], label) for label in [*labels, GOAL] if label in statements}
    ground = [
        tuple(as_literal(substitute(x, dict(i.binding))) for x in forms[i.label][i.index])
        for i in found.instances
    ]
    kept = list(range(len(ground)))
    for label in reversed(labels):
        less = [n for n in kept if found.instances[n].label != label]
        try:
            if not GroundClauses([ground[n] for n in less], SHRINK_BUDGET).satisfiable():
                kept = less
        except Exhausted:
            pass
    return Refutation(tuple(found.instances[n] for n in kept))

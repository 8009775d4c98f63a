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
from neurosym.theory import Theory

CACHED = 16  # theories whose base is kept
STEPS = 2_000_000  # rows joined for one theory or one question: some seconds at most
SHRINK, SHRINK_BUDGET = 60, 50_000  # instances, operations, within which a refutation is made minimal
TRIES = 64  # conflicts after which a search among choices is given up

Found: TypeAlias = FiniteModel | Refutation | None


@dataclass(frozen=True, slots=True)
class Sides:
    """What was found of "the goal holds" and of "the goal fails": a model, or why there is none."""

    holds: Found
    fails: Found


class Canonical:
    """Finds models of theories; keeps what follows from a theory without choices for the next goal."""

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._bases: OrderedDict[int, _Bases] = OrderedDict()

    def alone(self, theory: Theory, seconds: float) -> Found:
        """A model of the theory, or a refutation of it."""
        return self._each(theory, (None,), seconds)[0]

    def sides(self, theory: Theory, goal: Formula, seconds: float, ordered: bool = False) -> Sides:
        """Models of the theory in which `goal` (a closed formula) holds and fails, or refutations of these.

        A refutation of "holds" uses clauses of the goal, one of "fails" clauses of its negation.
        ordered: every element is a number, so that any two can be compared.
        """
        holds, fails = self._each(theory, (goal, Not(goal)), seconds, ordered)
        return Sides(holds, fails)

    def fails(self, theory: Theory, goal: Formula, seconds: float) -> Found:
        """A model in which the goal fails, or a refutation of that: a proof of the goal."""
        return self._each(theory, (Not(goal),), seconds)[0]

    def clear(self) -> None:
        with self._lock:
            self._bases.clear()

    def _each(
        self, theory: Theory, goals: tuple[Formula | None, ...], seconds: float, ordered: bool = False
    ) -> list[Found]:
        end = time.monotonic() + seconds
        with self._lock:
            if (bases := self._bases.get(id(theory))) is None:
                bases = self._bases[id(theory)] = _Bases(theory)
                while len(self._bases) > CACHED:
                    self._bases.popitem(last=False)
            self._bases.move_to_end(id(theory))
            return [bases.find(g, end, ordered) for g in goals]


class _Bases:
    """The two ways to extend a theory to a model, sparing of elements and generous."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory  # held, so that its id stays its own
        self._made: dict[bool, _Base] = {}
        self._failed: dict[bool, float] = {}  # seconds within which a base could not be made

    def find(self, goal: Formula | None, end: float, ordered: bool) -> Found:
        """The first model or refutation."""
        for fresh in (False, True):
            if (base := self._base(fresh, end)) is None:
                return None  # where the sparing way is too long, so is the other
            found = base.find(goal, end, ordered)
            if base.broken:
                del self._made[fresh]
            if found is not None or not (base.chase.functions or base.chase.compared):
                return found
        return None

    def _base(self, fresh: bool, end: float) -> _Base | None:
        seconds = end - time.monotonic()
        if fresh not in self._made and seconds > 2 * self._failed.get(fresh, 0.0):
            try:
                self._made[fresh] = _Base(self.theory, fresh, end)
            except (GaveUp, TooManyClauses, RecursionError):
                self._failed[fresh] = seconds
        return self._made.get(fresh)


class _Base:
    """A theory's chase up to the first choice, which questions extend and leave as it was."""

    def __init__(self, theory: Theory, fresh: bool, end: float) -> None:
        self.chase = Chase(fresh)
        prepare(self.chase)
        self.symbols = Symbols(self.chase)
        self.contradiction: Core | None = None
        self.chase.end, self.chase.steps = end, STEPS
        forms = [(c.label, clauses(c.formula, c.label)) for c in theory.claims]
        try:
            for c in theory.claims:
                self.symbols.declare(c.formula)
            for label, form in forms:
                self.symbols.add(label, form)
            if not self.chase.rep:  # a universe is not empty
                self.chase.element(Const(f"{SKOLEM}:any"))
            self.chase.saturate()
        except Conflict as e:
            self.contradiction = core_of(self.chase, e)
        self.model: FiniteModel | None = None
        self.broken = False
        self.at, self.compared = self.chase.mark(), self.chase.compared

    def find(self, goal: Formula | None, end: float, ordered: bool) -> Found:
        if self.contradiction is not None:
            return _refutation(self.contradiction)
        chase = self.chase
        chase.end, chase.steps, chase.compared = end, STEPS, self.compared or ordered
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

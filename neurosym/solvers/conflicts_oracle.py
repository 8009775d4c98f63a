"""Is a part of a theory consistent?  Each answer with its certificate, each conflict made minimal.

Knows the Solver protocol and the kernel.  Must not know any backend.  The solver is asked about
a proposition that the theory does not speak of: that it is unknown shows two models, hence one;
where absence counts, the model that comes with the answer is shown to meet every integrity
constraint.  Classical parts are tried as canonical models first, which is far cheaper than a
question.  Whatever is found, only what the kernel accepts is a certificate.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias, assert_never

from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import TRUE, And, Atom, Formula, Naf, Not, Rule, atoms, formula_of, rules_of
from neurosym.proof import (
    GOAL,
    Certificate,
    Derivation,
    FiniteModel,
    InModel,
    Model,
    Outcome,
    Refutation,
    Step,
)  # fmt: skip
from neurosym.repairs import Conflict
from neurosym.solvers.canonical import Canonical, minimal
from neurosym.solvers.conflicts_soft import Soft
from neurosym.solvers.finite import consistency
from neurosym.theory import Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

CONSISTENT = "a proposition that the claims do not speak of is true in one model of them and false in another"
FIRST, LATER = 0.4, 0.1  # of all the time, for the whole theory and for each part of it


@dataclass(frozen=True, slots=True)
class Clash:
    """A part of a theory that the kernel has seen refuted; `labels` are those that may go."""

    labels: frozenset[str]
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Sound:
    """No contradiction: `verdict` is the certificate of that; without one, `reason` says why."""

    verdict: Verdict | None = None
    reason: str = ""


State: TypeAlias = Clash | Sound


@dataclass(slots=True)
class Oracle:
    """Asks a solver about parts of one theory, within one budget of time; remembers the answers."""

    solver: Solver
    theory: Theory
    limits: Limits
    claims: Soft
    end: float = field(init=False)
    asked: dict[frozenset[str], State] = field(default_factory=dict)
    canonical: Canonical = field(default_factory=Canonical)

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.limits.seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def part(self, labels: Iterable[str]) -> Theory:
        """The claims with these labels and those that must stay; the theory itself where that is all."""
        out = frozenset(self.claims.soft).difference(labels)
        if not out:
            return self.theory
        return replace(self.theory, claims=tuple(c for c in self.theory.claims if c.label not in out))

    def ask(self, labels: Iterable[str]) -> State:
        """Whether the claims with these labels are consistent, beside those that must stay."""
        wanted = frozenset(labels)
        if (known := self.asked.get(wanted)) is None:
            share = LATER if self.asked else FIRST
            seconds = max(0.0, min(share * self.limits.seconds, self.left()))
            known = self.asked[wanted] = self._find(self.part(wanted), seconds)
        return known

    def _find(self, part: Theory, seconds: float) -> State:
        if seconds <= 0:
            return Sound(reason="limit: no time is left")
        soft = frozenset(self.claims.soft)
        start = time.monotonic()
        if self.claims.classical and (state := _canonical(self.canonical, part, seconds / 2, soft)):
            return state
        left = seconds - (time.monotonic() - start)
        return _solved(self.solver, part, replace(self.limits, seconds=max(0.0, left)), soft)

    def in_order(self, labels: Iterable[str]) -> tuple[str, ...]:
        wanted = frozenset(labels)
        return tuple(c.label for c in self.theory.claims if c.label in wanted)

    # --- conflicts ---

    def shrunk(self, clash: Clash) -> Conflict:
        """A minimal conflict within `clash`; not certified minimal where a part of it is undecided.

        Claims are left out in runs that double while that goes well (progression: Marques-Silva,
        Janota and Belov 2013), since a certificate may cite far more than it needs.
        """
        needed: set[str] = set()
        certified, size = True, 1
        while open_ := [x for x in self.in_order(clash.labels) if x not in needed]:
            run = open_[-size:]
            state = self.ask(clash.labels.difference(run)) if self.left() > 0 else Sound(reason="limit")
            match state:
                case Clash():
                    clash, size = state, 2 * size
                case Sound(verdict):
                    if len(run) == 1:
                        needed.update(run)
                        certified = certified and verdict is not None
                    size = 1 if len(run) == 1 else len(run) // 2
                case _:
                    assert_never(state)
        return self._conflict(clash, certified)

    def _conflict(self, clash: Clash, certified: bool) -> Conflict:
        labels = self.in_order(clash.labels)
        try:
            theorem, whole = kernel.check(self.theory, TRUE, clash.certificate), True
        except CheckError:  # it rests on the absence of something that other claims bring
            theorem, whole = kernel.check(self.part(labels), TRUE, clash.certificate), False
        beside = self.in_order(theorem.hypotheses - clash.labels)
        if not clash.labels.issuperset(theorem.hypotheses & frozenset(self.claims.soft)):
            # absence from the whole theory rests on all of it: the theorem about the part says more
            theorem, whole = kernel.check(self.part(labels), TRUE, clash.certificate), False
            beside = self.in_order(theorem.hypotheses - clash.labels)
        return Conflict(labels, Inconsistent(theorem, clash.certificate), certified, beside, whole)


# --- one question -----------------------------------------------------------------------


def _canonical(canonical: Canonical, theory: Theory, seconds: float, soft: frozenset[str]) -> State | None:
    """What the canonical model or the refutation met on the way says; None where neither is accepted."""
    found = canonical.alone(theory, seconds)
    match found:
        case FiniteModel():
            goal, certificate = consistency(theory, found)
            try:
                return Sound(Unknown(CONSISTENT, kernel.check(theory, goal, certificate), certificate))
            except CheckError:
                return None
        case Refutation():
            return _clash(theory, Certificate(Outcome.INCONSISTENT, minimal(theory, None, found)), soft)
        case None:
            return None
        case _:
            assert_never(found)


def _solved(solver: Solver, theory: Theory, limits: Limits, soft: frozenset[str]) -> State:
    goal = unspoken(theory)
    verdict = solver.solve(theory, goal, limits)
    if isinstance(verdict, Unknown) and verdict.reason.startswith("failure"):
        verdict = solver.solve(theory, goal, limits)  # a child that died is started afresh
    match verdict:
        case Inconsistent(_, certificate):
            return _clash(theory, certificate, soft) or Sound(reason="no certificate of the conflict")
        case Proved(_, certificate) | Disproved(_, certificate):
            match certificate.evidence:
                case Refutation(
                    instances
                ) as evidence:  # of the theory alone: nothing else speaks of the goal
                    less = replace(evidence, instances=tuple(i for i in instances if i.label != GOAL))
                    clash = _clash(theory, Certificate(Outcome.INCONSISTENT, less), soft)
                    return clash or Sound(reason="no certificate of the conflict")
                case Derivation(_, model) if model is not None:
                    return _obeyed(theory, model)
                case _:
                    return Sound(reason="no certificate of consistency")
        case Unknown(reason, _, certificate):
            if certificate is None:
                return Sound(reason=reason)
            try:
                theorem = kernel.check(theory, goal, certificate)
            except CheckError as e:
                return Sound(reason=f"no certificate: {e}")
            return Sound(replace(verdict, theorem=theorem))
        case Both():
            return Sound(reason="a paradox is an answer under these semantics, not a conflict")
        case _:
            assert_never(verdict)


def unspoken(theory: Theory) -> Formula:
    """A proposition that `theory` does not speak of."""
    used = {a.pred for c in theory.claims for a in atoms(c.formula)}
    return Atom(next(n for n in map("consistent{}".format, count()) if n not in used))


def _clash(theory: Theory, certificate: Certificate, soft: frozenset[str]) -> Clash | None:
    try:
        theorem = kernel.check(theory, TRUE, certificate)
    except CheckError:
        return None
    return Clash(theorem.hypotheses & soft, certificate)


def _obeyed(theory: Theory, model: Model) -> Sound:
    """The integrity constraints hold in the model: the closed world is consistent."""
    goal = And(tuple(_constraints(theory)))
    certificate = Certificate(Outcome.PROVED, Derivation((Step(goal, InModel()),), model))
    try:
        return Sound(Proved(kernel.check(theory, goal, certificate), certificate))
    except CheckError as e:
        return Sound(reason=f"no certificate: {e}")


def _constraints(theory: Theory) -> Iterable[Formula]:
    for c in theory.claims:
        for r in rules_of(c.formula, closed=True) or ():
            if isinstance(r.head, Not):
                body = tuple(Not(b.body) if isinstance(b, Naf) else b for b in r.body)
                yield formula_of(Rule(r.head, body))

"""Is a theory consistent?  A model or a conflict set, sought once for each version of a theory.

Knows canonical models, the `Solver` protocol and the kernel, whose word alone counts.  Must not
know what is inside a solver.  Where the whole theory has neither a model nor a refutation within
reach, claims are left out as long as no model of the rest is found: what remains is small, and a
contradiction is much easier to find there (a deletion filter: Chinneck & Dravnieks 1991, with "no
canonical model" in the place of "infeasible").  A goal that is proved and disproved also shows a
contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias, runtime_checkable

from neurosym.errors import CheckError
from neurosym.logic import (
    TRUE,
    Clause,
    Fn,
    Formula,
    Not,
    TooManyClauses,
    clauses,
    literal_terms,
    literals,
    substitute,
    subterms,
)
from neurosym.proof import GOAL, Certificate, FiniteModel, Independence, Instance, Outcome, Refutation
from neurosym.solvers.canonical import Canonical, minimal
from neurosym.solvers.checking import Checkers
from neurosym.solvers.finite import consistency, unspoken
from neurosym.solvers.ground_proof import GroundProof, as_literal, prove
from neurosym.solvers.known import Knowledge, Known
from neurosym.solvers.relevance import groups
from neurosym.solvers.saturation import saturate
from neurosym.theory import Claim, Theory
from neurosym.verdict import Clock, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

FINDING = 0.1  # of the time of a question, for canonical models
CONFLICTS = 0.15  # of it, for contradictions among the premises beyond what canonical models show
WHOLE = 0.4  # of that, for the first question about the whole theory
PARTS = 0.5  # of what is left of it, for conflicts in small parts
OPPOSITE = 0.05  # of the time that is left, for the opposite of what was proved
JOINED = 0.5  # of it, for the conflict when the opposite is proved too

FIRST_RLIMIT = 100_000  # of Z3's units, for the first question about the whole theory
OPPOSITE_RLIMIT, OPPOSITE_STEPS = 20_000, 4_000
FIRST_STEPS, STEPS = 8_000, 100_000  # attempts to unify, before that question and after it
PART_RLIMIT = 1_000_000  # for a small part that seems to be contradictory
PART_STEPS = 200_000  # rows joined in looking for a model of a part
SUSPECTS = 4  # small parts that are looked into

_BOTH = frozenset({Outcome.PROVED, Outcome.DISPROVED})


@runtime_checkable
class Deciding(Protocol):
    """A solver that can be told which outcomes are open, and that the premises are not in question."""

    def decide(
        self, theory: Theory, goal: Formula, limits: Limits, outcomes: frozenset[Outcome]
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Sound:
    """The kernel has accepted a model; it is here where it can be used again."""

    model: FiniteModel | None = None


Finding: TypeAlias = Sound | Certificate | None  # consistent, the certificate of a conflict, or neither


class Consistency:
    """Finds out whether theories contradict themselves, and keeps it in what is known of them."""

    def __init__(
        self, first_order: Solver, canonical: Canonical, checkers: Checkers, knowledge: Knowledge
    ) -> None:
        self.first_order, self.canonical = first_order, canonical
        self.checkers, self.knowledge = checkers, knowledge

    def conflict(self, known: Known, goal: Formula, clock: Clock) -> Inconsistent | None:
        """The conflict set of the premises; sought once, and again under larger limits."""
        spend = (clock.limits.seconds, clock.limits.rlimit)
        if not known.consistent and known.conflict is None and (known.sought or (0.0, 0)) < spend:
            known.sought = spend
            self._seek(known, clock)
        if known.conflict is None:
            return None
        try:  # the certificate is the same for every goal, the theorem names it
            return Inconsistent(self.checkers.check(known.theory, goal, known.conflict), known.conflict)
        except CheckError:
            return None

    def confirmed(self, known: Known, goal: Formula, verdict: Verdict, clock: Clock) -> Verdict:
        """`verdict`, unless the opposite follows as well: then the theory is inconsistent.

        Costs nothing where the theory is known to be consistent.  Where both follow and no conflict
        is found within the limits, the answer is Unknown, and says so.
        """
        if known.consistent or not isinstance(verdict, Proved | Disproved):
            return verdict
        outcome = Outcome.DISPROVED if isinstance(verdict, Proved) else Outcome.PROVED
        if (opposite := self._opposite(known.theory, goal, outcome, clock)) is None:
            return verdict
        if isinstance(opposite, Inconsistent):
            known.conflict = opposite.certificate
        else:
            known.conflict = self._joined(known.theory, (verdict, opposite), clock)
        return self.conflict(known, goal, clock) or Unknown(
            "limit: the goal and its negation both follow, so the claims contradict each other, "
            "but no conflict set was found"
        )

    def _opposite(
        self, theory: Theory, goal: Formula, outcome: Outcome, clock: Clock
    ) -> Proved | Disproved | Inconsistent | None:
        """Does the goal have that outcome, of which the other one is known?"""
        limits = clock.within(OPPOSITE)
        proved = outcome is Outcome.PROVED
        steps = min(limits.steps, OPPOSITE_STEPS)
        if (found := saturate(theory, Not(goal) if proved else goal, limits.seconds, steps)) is not None:
            certificate = Certificate(outcome, found)
            try:
                theorem = self.checkers.check(theory, goal, certificate)
            except CheckError:
                return None
            return (Proved if proved else Disproved)(theorem, certificate)
        if not isinstance(self.first_order, Deciding):
            return None
        # no models: that of one side shows nothing
        limits = replace(clock.within(OPPOSITE), rlimit=min(limits.rlimit, OPPOSITE_RLIMIT), domain=0)
        verdict = self.first_order.decide(theory, goal, limits, frozenset({outcome}))
        return verdict if isinstance(verdict, Proved | Disproved | Inconsistent) else None

    # --- the search ---

    def _seek(self, known: Known, clock: Clock) -> None:
        if self.knowledge.positive(known):
            known.consistent = True
            return
        for found in self._tried(known.theory, clock):
            match found:
                case Sound(model):
                    known.consistent, known.model = True, model or known.model
                    return
                case Certificate():
                    known.conflict = found
                    return
                case None:
                    pass

    def _tried(self, theory: Theory, clock: Clock) -> Iterator[Finding]:
        """One search after the other, the cheap ones first."""
        yield self._canonical(self.canonical, theory, clock.within(FINDING).seconds, clock.limits.steps)
        budget = Clock(clock.within(CONFLICTS))
        if (dubious := self._dubious(theory, budget)) is not theory:
            for found in self._among(dubious, Clock(budget.within(WHOLE))):
                yield _conflict_only(found)
        yield from self._among(theory, budget)

    def _among(self, theory: Theory, budget: Clock) -> Iterator[Finding]:
        yield self._saturated(theory, budget.within(WHOLE), FIRST_STEPS)
        yield self._asked(theory, budget.within(WHOLE), FIRST_RLIMIT)
        yield self._saturated(theory, budget.within(WHOLE), STEPS)
        flat = [c for c in theory.claims if not _has_functions(c)]
        if 0 < len(flat) < len(theory.claims):  # a class that is decided
            yield _conflict_only(self._asked(_part(theory, flat), budget.within(WHOLE), PART_RLIMIT))
        yield self._among_parts(theory, Clock(budget.within(PARTS)))
        if budget.left() > 0:
            yield self._asked(theory, budget.within(1.0), budget.limits.rlimit)

    def _dubious(self, theory: Theory, budget: Clock) -> Theory:
        """The theory without groups of claims that have a model, and no symbol that others have."""
        finder, steps = Canonical(), min(budget.limits.steps, PART_STEPS)
        apart = groups(theory.claims)
        if len(apart) == 1:
            return theory
        rest: set[str] = set()
        for group in apart:
            seconds = FINDING * budget.left()
            if seconds <= 0 or not isinstance(
                finder.alone(_part(theory, group), seconds, steps), FiniteModel
            ):
                rest.update(c.label for c in group)
        return _part(theory, [c for c in theory.claims if c.label in rest]) if rest else theory

    def _canonical(self, finder: Canonical, theory: Theory, seconds: float, steps: int) -> Finding:
        found = finder.alone(theory, seconds, steps)
        if isinstance(found, FiniteModel):
            try:
                self.checkers.check(theory, *consistency(theory, found))
            except CheckError:
                return None
            return Sound(found)
        return None if found is None else self._accepted(theory, minimal(theory, None, found))

    def _saturated(self, theory: Theory, limits: Limits, steps: int) -> Finding:
        found = saturate(theory, None, limits.seconds, min(limits.steps, steps))
        return None if found is None else self._accepted(theory, found)

    def _asked(self, theory: Theory, limits: Limits, rlimit: int) -> Finding:
        """What the first-order solver says of a proposition of which the theory does not speak."""
        goal, limits = unspoken(theory), replace(limits, rlimit=min(limits.rlimit, rlimit))
        if isinstance(self.first_order, Deciding):
            verdict = self.first_order.decide(theory, goal, limits, _BOTH)
        else:
            verdict = self.first_order.solve(theory, goal, limits)
        match verdict:
            case Inconsistent(_, certificate):
                return certificate
            case Proved(_, certificate) | Disproved(_, certificate) if isinstance(
                certificate.evidence, Refutation
            ):  # of the theory alone: it knows nothing of the goal
                return self._accepted(theory, without_goal(certificate.evidence))
            case Unknown(_, _, Certificate(_, Independence())):
                return Sound()
            case _:
                return None

    def _among_parts(self, theory: Theory, budget: Clock) -> Certificate | None:
        """A conflict within a small part of which no model is found."""
        claims = _plain_last(theory.claims)
        seen: set[frozenset[str]] = set()
        for _ in range(SUSPECTS):
            found = self._shrunk(theory, claims, budget)
            if isinstance(found, Certificate):
                return found
            labels = frozenset(c.label for c in found)
            if labels in seen or budget.left() <= 0:
                return None
            part = self._asked(_part(theory, found), budget.within(WHOLE), PART_RLIMIT)
            if isinstance(part, Certificate):
                return part
            seen.add(labels)  # another part may be seen without these
            claims = [c for c in claims if c.label in labels] + [c for c in claims if c.label not in labels]
        return None

    def _shrunk(self, theory: Theory, claims: Sequence[Claim], budget: Clock) -> list[Claim] | Certificate:
        """Few claims that seem to have no model together, or the certificate that they have none."""
        finder, refutations = Canonical(), list[Certificate]()
        steps = min(budget.limits.steps, PART_STEPS)

        def modelled(part: Sequence[Claim]) -> bool:
            if refutations or budget.left() <= 0:
                return True  # come to an end
            found = self._canonical(finder, _part(theory, part), budget.left(), steps)
            if isinstance(found, Certificate):
                refutations.append(found)
            return found is not None

        few = reduced(claims, modelled)
        return refutations[0] if refutations else few

    def _joined(self, theory: Theory, both: Sequence[Proved | Disproved], clock: Clock) -> Certificate | None:
        """A conflict among the claims by which a goal was proved and disproved."""
        found = self._joining(theory, both, Clock(clock.within(JOINED)))
        return next((c for c in found if isinstance(c, Certificate)), None)

    def _joining(
        self, theory: Theory, both: Sequence[Proved | Disproved], budget: Clock
    ) -> Iterator[Finding]:
        proofs = [v.certificate.evidence for v in both]
        instances = [i for e in proofs if isinstance(e, Refutation) for i in without_goal(e).instances]
        less = refuted(theory, list(dict.fromkeys(instances)), budget.within(0.2).seconds)
        yield None if less is None else self._accepted(theory, less)
        labels = frozenset[str]().union(*(v.theorem.hypotheses for v in both))
        part = _part(theory, [c for c in theory.claims if c.label in labels])
        steps = budget.limits.steps
        yield self._saturated(part, budget.within(0.2), steps)
        yield self._canonical(Canonical(), part, budget.within(0.2).seconds, steps)
        yield self._asked(part, budget.within(0.6), budget.limits.rlimit)
        yield self._among_parts(part, budget)

    def _accepted(self, theory: Theory, found: Refutation) -> Certificate | None:
        certificate = Certificate(Outcome.INCONSISTENT, found)
        try:
            self.checkers.check(theory, TRUE, certificate)
        except CheckError:
            return None
        return certificate


def reduced(claims: Sequence[Claim], modelled: Callable[[Sequence[Claim]], bool]) -> list[Claim]:
    """A part of `claims` that is not `modelled`, though every part with one claim fewer is.

    Claims are left out from the first on, in runs that double while that goes well (progression:
    Marques-Silva, Janota & Belov 2013).
    """
    kept, needed, size = list(claims), 0, max(1, len(claims) // 4)
    while needed < len(kept):  # the first `needed` ones cannot be left out
        size = min(size, len(kept) - needed)
        less = kept[:needed] + kept[needed + size :]
        if less and not modelled(less):
            kept, size = less, 2 * size
        elif size == 1:
            needed += 1
        else:
            size //= 2
    return kept


def refuted(theory: Theory, instances: Sequence[Instance], seconds: float) -> Refutation | None:
    """A refutation by some of the instances of the theory's clauses."""
    if not instances:
        return None
    wanted = {i.label for i in instances}
    forms = {c.label: clauses(c.formula, c.label) for c in theory.claims if c.label in wanted}
    ground: list[Clause] = [
        tuple(as_literal(substitute(x, dict(i.binding))) for x in forms[i.label][i.index]) for i in instances
    ]
    proof = prove(ground, seconds)
    if not isinstance(proof, GroundProof):
        return None
    return Refutation(tuple(instances[n] for n in proof.used), proof.lemmas, proof.proof)


def without_goal(found: Refutation) -> Refutation:
    return replace(found, instances=tuple(i for i in found.instances if i.label != GOAL))


def _part(theory: Theory, claims: Iterable[Claim]) -> Theory:
    return replace(theory, claims=tuple(claims))


def _conflict_only(found: Finding) -> Finding:
    """That a part is consistent says nothing of the whole."""
    return None if isinstance(found, Sound) else found


def _has_functions(c: Claim) -> bool:
    """In its clausal form, where functions also stand for what exists."""
    try:
        form = clauses(c.formula, c.label)
    except (TooManyClauses, RecursionError):
        return True
    terms = (t for clause in form for x in clause for a in literals(x) for t in literal_terms(a))
    return any(isinstance(s, Fn) for t in terms for s in subterms(t))


def _plain_last(claims: Sequence[Claim]) -> list[Claim]:
    """Those with functions first, which are left out first; else in order."""
    return sorted(claims, key=lambda c: not _has_functions(c))

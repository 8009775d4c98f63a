"""`Router`: the solver that chooses among solvers, and can say why.

Knows the rule fragment, the finder of canonical models and the `Solver` protocol.  Must not
know what is inside a solver.  In an open world three of them work together, each where it is
best: canonical models show what does not follow; rules go forwards in Prolog, whose
derivations read well; what is left (case splits that did not close, arithmetic, hard
equality) goes to the first-order solver.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product
from typing import Protocol, assert_never, runtime_checkable

from neurosym.errors import CheckError, SolverError
from neurosym.logic import (
    TRUE,
    Exists,
    Formula,
    Not,
    Term,
    Var,
    ground_terms,
    substitute,
    term_key,
)
from neurosym.proof import (
    Certificate,
    Derivation,
    FiniteModel,
    Given,
    Independence,
    Outcome,
    Refutation,
    Step,
)
from neurosym.solvers.arithmetic_grounding import Grounding
from neurosym.solvers.canonical import Canonical, Sides, minimal
from neurosym.solvers.checking import Checkers
from neurosym.solvers.consistency import FINDING, Consistency, Deciding
from neurosym.solvers.finite import candidates
from neurosym.solvers.known import Knowledge, Known
from neurosym.solvers.listing import CANDIDATES, enumerate_answers
from neurosym.solvers.saturation import saturate
from neurosym.solvers.standing import StandingModels
from neurosym.theory import Theory
from neurosym.verdict import (
    Answer,
    Both,
    Clock,
    Disproved,
    Inconsistent,
    Limits,
    Proved,
    Solver,
    Unknown,
    Verdict,
)

LOOKED_AT = 20_000  # bindings whose truth in a model is looked up
MANY = 500  # claims: a derivation from so many is found sooner than a model of them
LISTING = 0.7  # of it, for the answers to an open question that rules find
AT_FIRST, AFTERWARDS = (0.1, 40_000), (0.5, 2_000_000)  # share and steps of saturation, before Z3 and after
BRIEFLY = 0.1  # of the time, for Z3 to look for refutations and models alike
BRIEFLY_RLIMIT = 100_000  # of Z3's units, for the same
BINDINGS = 0.5  # of what is left then, for those that they do not find

INDEPENDENT = "neither the goal nor its negation follows: there is a model of each"


@runtime_checkable
class Answering(Protocol):
    """A solver that lists the bindings of an open question itself."""

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]: ...


class Router:
    """A `Solver` over a solver of rules and a first-order solver.

    An inconsistent theory answers Inconsistent to every question, whatever else follows.
    """

    name = "auto"

    def __init__(self, rules: Solver, first_order: Solver) -> None:
        self.rules, self.first_order = rules, first_order
        self.canonical, self.standing = Canonical(), StandingModels()
        self.checkers = Checkers()
        self.grounding = Grounding(self.checkers)
        self.knowledge = Knowledge(self.checkers)
        self.consistency = Consistency(first_order, self.canonical, self.checkers, self.knowledge)

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        return (self.rules if self._rules_only(theory, goal) else self.first_order).unsupported(theory, goal)

    def explain_choice(self, theory: Theory, goal: Formula) -> str:
        """Which solvers get the question, in which order, and why: one short sentence."""
        rules, first = self.rules.name, self.first_order.name
        if why := self._rules_only(theory, goal):
            return f"{rules} only: {why}"
        begin = "ground instances, then " if self.grounding.suits(theory, goal) else ""
        outside = self._known(theory).outside
        if outside == len(theory.claims) and outside:
            return f"{begin}canonical models, then {first}: no claim is a rule that {rules} could use"
        why = f"{begin}canonical models, then {rules}, then {first}"
        some = f"{outside} claim{'s' * (outside > 1)} outside the rule fragment"
        return f"{why}; {rules} does without {some}" if outside else f"{why}: theory and goal are first order"

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        if self._rules_only(theory, goal):
            return self.rules.solve(theory, goal, limits)
        known, clock = self._known(theory), Clock(limits)
        verdict = self._at_hand(known, goal, clock) or self._sought(known, goal, clock)
        self.knowledge.keep(goal, verdict)
        return verdict

    def _at_hand(self, known: Known, goal: Formula, clock: Clock) -> Verdict | None:
        """What needs no look at the whole theory: an earlier proof that still holds, or a derivation
        from many claims that are consistent by their form."""
        if self.knowledge.proved(goal):
            if conflict := self._conflict(known, goal, clock):
                return conflict
            if known.consistent and (again := self.knowledge.again(known, goal)):
                return again
        if len(known.theory.claims) < MANY:
            return None
        if known.horn.decides(goal) and not self.standing.known(known.theory):
            return self._by_rules(known, goal, clock) or self._standing(known, goal, clock)
        return self._standing(known, goal, clock) or (
            self._by_rules(known, goal, clock) if known.consistent else None
        )

    def _standing(self, known: Known, goal: Formula, clock: Clock) -> Unknown | None:
        """Two models that are kept for all questions about many claims."""
        models = self.standing.of(known.theory, lambda: self._model(known, clock))
        if models is None:
            return None
        found = models.settle(goal, lambda model: self.checkers.holds(known.theory, model, goal))
        if found is None:
            return None
        certificate = Certificate(Outcome.UNKNOWN, found)
        try:
            theorem = self.checkers.check(known.theory, goal, certificate)
        except CheckError:
            return None
        known.consistent = True
        return Unknown(INDEPENDENT, theorem, certificate)

    def _sought(self, known: Known, goal: Formula, clock: Clock) -> Verdict:
        if (verdict := self.grounding.solve(known, goal, clock)) is not None:
            return verdict
        sides = self._independent(known, goal, clock)
        if isinstance(sides, Unknown):
            return sides
        if conflict := self._conflict(known, goal, clock):
            return conflict
        verdict = (
            self._by_rules(known, goal, clock)
            or self._by_refutation(known, goal, sides)
            or self._by_first_order(known, goal, sides, clock)
        )
        return self.consistency.confirmed(known, goal, verdict, clock)

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        """The bindings of `variables` (free in `goal`) under which the goal is proved, in order.

        Where the list is not the whole story, a last answer without binding says so: its verdict
        is Unknown with the limit, or Inconsistent.
        """
        if self._rules_only(theory, Exists(variables, goal) if variables else goal):
            if isinstance(self.rules, Answering):
                return self.rules.answers(theory, goal, variables, limits)
            return enumerate_answers(self.rules, theory, goal, variables, limits)
        known, clock = self._known(theory), Clock(limits)
        decided = known.horn.decides(goal)
        found, limit = self._answers_by_rules(known, goal, variables, clock, 1.0 if decided else LISTING)
        if decided and limit == "":  # consistent by its form, and the rules have found all
            return tuple(found.values())
        if conflict := self._conflict(known, TRUE, clock):
            return (Answer((), conflict),)
        more, why = self._other_answers(known, goal, variables, set(found), clock)
        every = sorted([*found.items(), *more.items()], key=lambda x: [term_key(t) for t in x[0]])
        if not why and not known.horn.builds(goal):
            limit = ""  # every binding to a term that is named is settled, and there is no other
        reasons = "; ".join(dict.fromkeys(r for r in (limit, why) if r))
        return (*(a for _, a in every), *([Answer((), Unknown(reasons))] if reasons else []))

    def close(self) -> None:
        self.rules.close()
        self.first_order.close()
        self.canonical.clear()
        self.grounding.clear()
        self.standing.clear()
        self.knowledge.clear()
        self.checkers.clear()

    # --- what is known of a theory ---

    def _rules_only(self, theory: Theory, goal: Formula) -> str:
        """Why only the solver of rules has the semantics, or the empty text."""
        if theory.closed_world:
            return "in a closed world, absence counts as falsity"
        known = self._known(theory)
        if known.absence:
            return "a rule uses negation as failure"
        if known.route is None or known.route[0] is not goal:  # asked several times for a question
            other = ", ".join(self.first_order.unsupported(theory, goal))
            known.route = goal, f"{self.first_order.name} does not treat {other}" if other else ""
        return known.route[1]

    def _known(self, theory: Theory) -> Known:
        return self.knowledge.of(theory)

    def _conflict(self, known: Known, goal: Formula, clock: Clock) -> Inconsistent | None:
        return self.consistency.conflict(known, goal, clock)

    def _model(self, known: Known, clock: Clock) -> FiniteModel | None:
        if known.model is None:
            found = self.canonical.alone(known.theory, clock.within(FINDING).seconds, clock.limits.steps)
            known.model = found if isinstance(found, FiniteModel) else None
        return known.model

    # --- the ways to a verdict ---

    def _independent(self, known: Known, goal: Formula, clock: Clock) -> Unknown | Sides:
        """Two models, or what else the search for them has found."""
        sides = Sides(None, None)
        for ordered in (False, True):
            seconds = clock.within(FINDING).seconds
            sides = self._sides(known, goal, seconds, ordered, clock)
            if not (isinstance(sides.holds, FiniteModel) and isinstance(sides.fails, FiniteModel)):
                return sides
            certificate = Certificate(Outcome.UNKNOWN, Independence(sides.holds, sides.fails))
            try:
                theorem = self.checkers.check(known.theory, goal, certificate)
            except CheckError:  # maybe for a comparison of something that was given no number
                continue
            known.consistent = True
            return Unknown(INDEPENDENT, theorem, certificate)
        return Sides(None, None)

    def _sides(self, known: Known, goal: Formula, seconds: float, ordered: bool, clock: Clock) -> Sides:
        """The theory's own model is one of the sides, the other has to be found."""
        theory, steps = known.theory, clock.limits.steps
        model = None if ordered else self._model(known, clock)
        match None if model is None else self.checkers.holds(theory, model, goal):
            case True:
                return Sides(model, self.canonical.fails(theory, goal, seconds, steps))
            case False:
                return Sides(self.canonical.holds(theory, goal, seconds, ordered, steps), model)
            case None:
                return self.canonical.sides(theory, goal, seconds, ordered, steps)

    def _by_rules(self, known: Known, goal: Formula, clock: Clock) -> Verdict | None:
        """What the rules derive.  They are a part of the theory, so it follows from the whole."""
        if (given := known.given(goal)) is not None:
            certificate = Certificate(Outcome.PROVED, Derivation((Step(goal, Given(given)),)))
            return Proved(self.checkers.check(known.theory, goal, certificate), certificate)
        if known.rules is None:
            return None
        try:
            verdict = self.rules.solve(known.rules, goal, clock.within(0.5))
        except SolverError:  # not installed: the others do without it
            return None
        return None if isinstance(verdict, Unknown) else self._for_all(known, goal, verdict)

    def _by_refutation(self, known: Known, goal: Formula, sides: Sides) -> Verdict | None:
        """A contradiction that the search for a model has met."""
        for outcome, found in ((Outcome.PROVED, sides.fails), (Outcome.DISPROVED, sides.holds)):
            if isinstance(found, Refutation):
                refuted = Not(goal) if outcome is Outcome.PROVED else goal
                less = found if found.proof else minimal(known.theory, refuted, found)
                certificate = Certificate(outcome, less)
                try:
                    theorem = self.checkers.check(known.theory, goal, certificate)
                except CheckError:
                    continue
                kind = Proved if outcome is Outcome.PROVED else Disproved
                return kind(theorem, certificate)
        return None

    def _by_first_order(self, known: Known, goal: Formula, sides: Sides, clock: Clock) -> Verdict:
        """First all of them in a little time; then refutations in half of what is left; then models too."""
        solver = self.first_order
        if not isinstance(solver, Deciding):
            return solver.solve(known.theory, goal, clock.within(1.0))
        both = frozenset({Outcome.PROVED, Outcome.DISPROVED})
        open_ = {
            outcome
            for outcome, side in ((Outcome.PROVED, sides.fails), (Outcome.DISPROVED, sides.holds))
            if not isinstance(side, FiniteModel)
        }
        if open_:
            if found := self._by_refutation(known, goal, self.grounding.refute(known, goal, clock)):
                return found
            few = len(known.theory.claims) <= MANY
            if few and (found := self._by_saturation(known, goal, open_, clock, *AT_FIRST)):
                return found
            limits = clock.within(BRIEFLY)
            limits = replace(limits, rlimit=min(limits.rlimit, BRIEFLY_RLIMIT))
            verdict = solver.decide(known.theory, goal, limits, both)
            if _settled(verdict):
                return verdict
            limits = replace(clock.within(0.5), domain=0)
            verdict = solver.decide(known.theory, goal, limits, frozenset(open_))
            if _settled(verdict):
                return verdict
            if found := self._by_saturation(known, goal, open_, clock, *AFTERWARDS):
                return found
        return solver.decide(known.theory, goal, clock.within(1.0), both)

    def _by_saturation(
        self, known: Known, goal: Formula, open_: set[Outcome], clock: Clock, share: float, steps: int
    ) -> Verdict | None:
        seconds = share * clock.left() / len(open_)
        against = saturate(known.theory, Not(goal), seconds, steps) if Outcome.PROVED in open_ else None
        for_ = saturate(known.theory, goal, seconds, steps) if Outcome.DISPROVED in open_ else None
        return self._by_refutation(known, goal, Sides(for_, against))

    # --- open questions ---

    def _answers_by_rules(
        self, known: Known, goal: Formula, variables: tuple[Var, ...], clock: Clock, share: float
    ) -> tuple[dict[tuple[Term, ...], Answer], str | None]:
        """The answers that rules derive, sorted, and why some of these may be missing.

        The reason is None where rules cannot be asked.

        A conflict among the rules is not told here: the theory's conflicts are sought for themselves.
        """
        if known.rules is None or not isinstance(self.rules, Answering):
            return {}, None
        try:
            listed = self.rules.answers(known.rules, goal, variables, clock.within(share))
        except SolverError:  # not installed: the others do without it
            return {}, None
        found: dict[tuple[Term, ...], Answer] = {}
        limit: str | None = ""
        for a in listed:
            match a.verdict:
                case Proved():  # by claims of the theory, so it is a theorem of the whole
                    found[tuple(t for _, t in a.binding)] = a
                case Inconsistent():
                    known.conflict = known.conflict or a.verdict.certificate
                case Unknown(reason):
                    limit = None if reason.startswith("unsupported") else reason
                case Disproved() | Both():
                    pass
                case _:
                    assert_never(a.verdict)
        return found, limit

    def _other_answers(
        self,
        known: Known,
        goal: Formula,
        variables: tuple[Var, ...],
        have: set[tuple[Term, ...]],
        clock: Clock,
    ) -> tuple[dict[tuple[Term, ...], Answer], str]:
        """Bindings that only contraposition, case splits or equality prove, and why some may be missing.

        A binding under which the goal is false in a model of the theory need not be tried.
        """
        domain = ground_terms([*(c.formula for c in known.theory.claims), goal])
        end = time.monotonic() + BINDINGS * clock.left()
        total = len(domain) ** len(variables)
        others = (ts for ts in product(domain, repeat=len(variables)) if ts not in have)
        model = self._model(known, clock)
        inside = None if model is None else candidates(model, goal, variables, domain, LOOKED_AT)
        if inside is not None:
            total, others = len(inside), (ts for ts in inside if ts not in have)
        out: dict[tuple[Term, ...], Answer] = {}
        undecided = 0
        names = tuple(v.name for v in variables)
        for n, terms in enumerate(others):
            left = end - time.monotonic()
            if n == CANDIDATES or left <= 0:
                return out, f"limit: {n + len(have)} of {total} bindings tried"
            instance = substitute(goal, dict(zip(variables, terms, strict=True)))
            verdict = self._refuted(known, instance, replace(clock.limits, seconds=left))
            if isinstance(verdict, Proved):
                out[terms] = Answer(tuple(zip(names, terms, strict=True)), verdict)
            elif isinstance(verdict, Unknown):
                undecided += 1
        return out, f"limit: {undecided} bindings could not be decided" if undecided else ""

    def _refuted(self, known: Known, goal: Formula, limits: Limits) -> Verdict | None:
        """Proved by refutation; None where a model says no; Unknown where neither was found."""
        side = self.canonical.fails(known.theory, goal, limits.seconds, limits.steps)
        if isinstance(side, FiniteModel):
            return None
        sides = Sides(None, side)
        if verdict := self._by_refutation(known, goal, sides):
            return verdict
        limits = replace(limits, seconds=limits.seconds / 2)
        if not isinstance(self.first_order, Deciding):
            return self.first_order.solve(known.theory, goal, limits)
        return self.first_order.decide(known.theory, goal, limits, frozenset({Outcome.PROVED}))

    def _for_all(self, known: Known, goal: Formula, verdict: Verdict) -> Verdict:
        """The verdict of a part of the theory, as a theorem about the whole."""
        if known.rules is known.theory or verdict.certificate is None:
            return verdict
        try:
            theorem = self.checkers.check(known.theory, goal, verdict.certificate)
        except CheckError as e:
            return Unknown(f"no certificate: {e}")
        match verdict:
            case Proved() | Disproved() | Inconsistent():
                return replace(verdict, theorem=theorem)
            case Unknown():
                return Unknown(verdict.reason)
            case Both():  # of chaining semantics, which knows no parts
                return Unknown("unsupported: a paradox among the rules")
            case _:
                assert_never(verdict)


def _settled(v: Verdict) -> bool:
    return not isinstance(v, Unknown) or v.certificate is not None

"""`Worlds`: the router, and the semantics that are not plain first-order logic or stratified rules.

Knows the router and the solvers of each semantics: chaining, defeasible rules, well-founded
negation, theories of which some predicates are closed.  Must not know what is inside them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from neurosym.errors import CheckError, TheoryError
from neurosym.kernel import Checker
from neurosym.logic import FALSE, TRUE, Formula, Term, Var, encode, ground_terms, opposite
from neurosym.logic.defeasible import STRICTLY
from neurosym.proof import (
    Certificate,
    Derivation,
    Independence,
    Mixed,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
)
from neurosym.solvers.chaining import Chaining
from neurosym.solvers.listing import enumerate_answers
from neurosym.solvers.literal_model import Stopped
from neurosym.solvers.router import Router
from neurosym.solvers.wellfounded import Program, WellFounded, derived
from neurosym.theory import Semantics, Theory, compiled, definitions, opened
from neurosym.verdict import Answer, Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

CACHED = 8
_Way: TypeAlias = Callable[[Theory, Formula, Limits], Verdict]
_Attempt: TypeAlias = Callable[[], object]
CLASH = "rules for and against apply, and neither side is stronger"
NEITHER = "no rule that applies supports the goal or its negation"


@dataclass(slots=True)
class _Split:
    """A theory of which some predicates are closed.  It holds the theory, so that its id stays its own."""

    theory: Theory
    checker: Checker
    program: Program
    model: Model
    true: frozenset[Formula]
    opened: dict[tuple[Term, ...], Theory] = field(default_factory=dict)


@dataclass(slots=True)
class _Defeasible:
    """A defeasible theory, compiled.  It holds the theory, so that its id stays its own."""

    theory: Theory
    checker: Checker
    program: Program
    strict: Theory
    arguments: Theory  # the same rules, none of which gives way
    consistent: bool | None = None


class Worlds(Router):
    """A `Solver` for every theory: by its semantics, and within classical semantics by the router."""

    def __init__(self, rules: Solver, first_order: Solver) -> None:
        super().__init__(rules, first_order)
        self.chaining, self.well_founded = Chaining(), WellFounded()
        self._split: OrderedDict[int, _Split] = OrderedDict()
        self._weighed: OrderedDict[int, _Defeasible] = OrderedDict()

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        match theory.semantics:
            case Semantics.CHAINING:
                return self.chaining.unsupported(theory, goal)
            case Semantics.DEFEASIBLE:
                return _reasons(lambda: encode(goal) and compiled(theory))
            case Semantics.CLASSICAL:
                if theory.closed:
                    return _reasons(lambda: definitions(theory))
                if self._absent(theory, goal):
                    return self.well_founded.unsupported(theory, goal)
                return super().unsupported(theory, goal)
            case _:
                assert_never(theory.semantics)

    def explain_choice(self, theory: Theory, goal: Formula) -> str:
        match theory.semantics:
            case Semantics.CHAINING:
                return "chaining: rules are used forwards, without contraposition"
            case Semantics.DEFEASIBLE:
                return "well-founded: defeasible rules are compiled to rules with negation as failure"
            case Semantics.CLASSICAL:
                if theory.closed:
                    return "well-founded for the closed predicates, then as for an open world"
                if self._absent(theory, goal):
                    return "well-founded: a predicate depends on its own absence"
                return super().explain_choice(theory, goal)
            case _:
                assert_never(theory.semantics)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        match theory.semantics:
            case Semantics.CHAINING:
                return self.chaining.solve(theory, goal, limits)
            case Semantics.DEFEASIBLE:
                return self._guarded(self._by_weight, theory, goal, limits)
            case Semantics.CLASSICAL:
                if theory.closed:
                    return self._guarded(self._by_parts, theory, goal, limits)
                if self._absent(theory, goal):
                    return self.well_founded.solve(theory, goal, limits)
                verdict = super().solve(theory, goal, limits)
                unsettled = isinstance(verdict, Unknown) and verdict.certificate is None
                if unsettled and self._known(theory).absence:
                    other = self.well_founded.solve(theory, goal, limits)  # it looks into compound goals too
                    return verdict if other.certificate is None else other
                return verdict
            case _:
                assert_never(theory.semantics)

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        if theory.semantics is Semantics.CHAINING:
            return self.chaining.answers(theory, goal, variables, limits)
        plain = theory.semantics is Semantics.CLASSICAL and not theory.closed
        if plain and not self._absent(theory, goal):
            return super().answers(theory, goal, variables, limits)
        return enumerate_answers(self, theory, goal, variables, limits)

    def close(self) -> None:
        super().close()
        self.chaining.close()
        self.well_founded.close()
        self._split.clear()
        self._weighed.clear()

    def _absent(self, theory: Theory, goal: Formula) -> bool:
        """Does a predicate depend on its own absence, so that only the well-founded model settles it?"""
        return self._known(theory).absence and bool(self.well_founded.program(theory).recursive_absence)

    def _guarded(self, way: _Way, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        try:
            return way(theory, goal, limits)
        except Stopped as e:
            return Unknown(str(e))
        except CheckError as e:
            return Unknown(f"no certificate: {e}")
        except (TheoryError, ValueError) as e:
            return Unknown(f"unsupported: {e.message if isinstance(e, TheoryError) else e}")
        except RecursionError:
            return Unknown("limit: the goal is nested too deeply")

    # --- closed predicates ---

    def _by_parts(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        """What follows in an open world once it is settled where the closed predicates hold."""
        split = self._parts(theory, limits)
        key = tuple(t for t in ground_terms((goal,)) if t not in split.checker.domain.named)
        if (inner := split.opened.get(key)) is None:
            if len(split.opened) >= CACHED:
                split.opened.clear()
            inner = split.opened[key] = opened(theory, goal, split.true)
        verdict = super().solve(inner, goal, limits)
        match verdict:
            case Unknown(certificate=None):
                return verdict
            case Proved() | Disproved() | Inconsistent() | Unknown():
                return _again(verdict, split.checker, goal, split.model)
            case Both():
                raise ValueError("an open theory does not have both")
            case _:
                assert_never(verdict)

    def _parts(self, theory: Theory, limits: Limits) -> _Split:
        if (found := self._split.get(id(theory))) is None:
            own, _ = definitions(theory)
            program = Program(Theory(own, closed_world=True))
            model = program.perfect(FALSE, limits)
            if not isinstance(model, PerfectModel) and model.reasons:
                raise ValueError(f"the rules leave {model.reasons[0].literal} undefined")
            true = frozenset(x for x, _ in program.model(FALSE, limits).items())
            found = self._split[id(theory)] = _Split(theory, Checker(theory), program, model, true)
            while len(self._split) > CACHED:
                self._split.popitem(last=False)
        return found

    # --- defeasible rules ---

    def _by_weight(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        """What the rules support when the stronger ones win."""
        known = self._weigh(theory)
        if (conflict := self._strict_conflict(known, limits)) is not None:
            return Inconsistent(known.checker.check(goal, conflict), conflict)
        pro, con = encode(goal), encode(opposite(goal))
        if (found := derived(known.program, (pro,), limits)) is not None:
            certificate = Certificate(Outcome.PROVED, found)
            return Proved(known.checker.check(goal, certificate), certificate)
        if (found := derived(known.program, (con,), limits)) is not None:
            certificate = Certificate(Outcome.DISPROVED, found)
            return Disproved(known.checker.check(goal, certificate), certificate)
        certificate = Certificate(Outcome.UNKNOWN, NotDerivable(known.program.perfect(goal, limits)))
        theorem = known.checker.check(goal, certificate)
        arguments = self.chaining.solve(known.arguments, goal, limits)
        if isinstance(arguments, Both):
            return Unknown(CLASH, theorem, certificate, arguments)
        return Unknown(NEITHER, theorem, certificate)

    def _weigh(self, theory: Theory) -> _Defeasible:
        if (found := self._weighed.get(id(theory))) is None:
            strict = tuple(c for c in theory.claims if not getattr(c.formula, "defeasible", False))
            found = _Defeasible(
                theory,
                Checker(theory),
                Program(compiled(theory)),
                Theory(strict),
                replace(theory, semantics=Semantics.CHAINING, prefer=()),
            )
            self._weighed[id(theory)] = found
            while len(self._weighed) > CACHED:
                self._weighed.popitem(last=False)
        return found

    def _strict_conflict(self, known: _Defeasible, limits: Limits) -> Certificate | None:
        """What holds strictly contradicts itself: then nothing can be weighed."""
        if known.consistent is None:
            model = known.program.model(FALSE, limits)
            known.consistent = not any(
                x.pred.startswith(f"{STRICTLY} +")
                and replace(x, pred=f"{STRICTLY} -{x.pred[len(STRICTLY) + 2 :]}") in model
                for x, _ in model.items()
                if not hasattr(x, "body")
            )
        if known.consistent:
            return None
        verdict = super().solve(known.strict, TRUE, limits)
        return verdict.certificate if isinstance(verdict, Inconsistent) else None


def _reasons(attempt: _Attempt) -> tuple[str, ...]:
    try:
        attempt()
    except TheoryError as e:
        return (e.message,)
    except ValueError as e:
        return (str(e),)
    return ()


def _again(
    verdict: Proved | Disproved | Inconsistent | Unknown, checker: Checker, goal: Formula, model: Model
) -> Verdict:
    """The verdict of the opened theory, as one of the theory that it was made from."""
    if verdict.certificate is None:
        return verdict
    inner = verdict.certificate.evidence
    if not isinstance(inner, Derivation | Refutation | Independence):
        raise ValueError("evidence of a kind that an open theory does not have")
    certificate = Certificate(verdict.certificate.outcome, Mixed(model, inner))
    return replace(verdict, theorem=checker.check(goal, certificate), certificate=certificate)

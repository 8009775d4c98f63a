"""The Prolog backend: derivations by tabled SWI-Prolog, every one checked by the kernel.

Knows the rule fragment, the kernel and the worker.  Must not know pyswip (prolog_worker.py).
Treats theories of rules (`logic.rules_of`): classical negation is a predicate of its own,
negation as failure is stratified.  In an open world what it does not derive is Unknown; with
closed world or negation as failure it fetches the perfect model.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE,
    TRUE,
    Atom,
    Budget,
    Equal,
    Exhausted,
    Formula,
    Less,
    Not,
    Term,
    Var,
    computed,
    free_vars,
    is_literal,
    negate,
    opposite,
    substitute,
    term_key,
    truth,
)
from neurosym.proof import (
    Certificate,
    Contradiction,
    Derivation,
    InModel,
    NotDerivable,
    Outcome,
    PerfectModel,
    Step,
)
from neurosym.solvers.checking import Checkers
from neurosym.solvers.prolog_goal import (
    BrokenAnswer,
    Builder,
    OutsideFragment,
    Question,
    conflict_goal,
    conflict_pair,
    in_fragment,
    instances,
    perfect_model,
)
from neurosym.solvers.prolog_program import change
from neurosym.solvers.prolog_versions import Loads, Version, Versions
from neurosym.solvers.worker import ForkLock, Worker, WorkerFailure, WorkerKilled
from neurosym.theory import Theory, beyond_classical
from neurosym.verdict import Answer, Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

MODULE = "neurosym.solvers.prolog_worker"
CANDIDATES = 10_000  # bindings tried for an open question outside the goal fragment, closed world


class _Stop(Exception):
    """A limit or a failure, as the reason of an Unknown."""


class _Budget:
    """What is left of a question's limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.end = limits, time.monotonic() + limits.seconds

    def left(self) -> float:
        if (left := self.end - time.monotonic()) <= 0:
            raise _Stop(f"limit: no answer within {self.limits.seconds:g} s")
        return left


class PrologSolver:
    """A `verdict.Solver` over a warm SWI-Prolog process; safe to use from several threads."""

    name = "prolog"

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._worker: Worker | None = None
        self._versions = Versions()
        self._checkers = Checkers()
        self.loads = Loads()

    @property
    def pid(self) -> int | None:
        """Process id of the worker, or None."""
        return self._worker.pid if self._worker else None

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        """Names of the features that keep it from treating the question; variables may be free."""
        try:
            return self._unsupported(theory, goal)
        except RecursionError:
            return ("terms or formulas nested this deeply",)

    def _unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        if features := beyond_classical(theory):
            return features
        with self._lock:
            program = self._versions.of(theory, goal).program
        out = [f"claim {label!r} is not a rule" for label in program.outside[:3]]
        if len(program.outside) > 3:
            out.append(f"{len(program.outside) - 3} more claims are not rules")
        if program.recursive:
            out.append(f"negation as failure through recursion: {', '.join(program.recursive)}")
        if not theory.closed_world:
            reasons = [in_fragment(program, f, free_vars(goal)) for f in (goal, negate(goal), opposite(goal))]
            if all(reasons):
                out.append(reasons[0])
        return tuple(out)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        """The verdict with its checked certificate.

        Raises SolverError where SWI-Prolog or pyswip is not installed.
        """
        try:
            if missing := self.unsupported(theory, goal):
                return Unknown(f"unsupported: {'; '.join(missing)}")
            with self._lock:
                found = self._find(self._versions.of(theory, goal), goal, _Budget(limits))
        except (_Stop, WorkerFailure, Exhausted) as e:
            return Unknown(str(e))
        except BrokenAnswer as e:
            return Unknown(self._parted(e))
        except RecursionError:
            return Unknown("limit: terms or formulas nested too deeply")
        return self._checked(theory, goal, found) if isinstance(found, Certificate) else Unknown(found)

    def derive(self, theory: Theory, goal: Formula, limits: Limits) -> Derivation | str | None:
        """A derivation of `goal` from the claims that are rules, whatever the others say.

        None where they do not derive it; a text says which limit stopped the search.  The
        derivation is not checked.
        """
        try:
            with self._lock:
                return self._derivation(self._versions.of(theory, goal), goal, _Budget(limits))
        except OutsideFragment as e:
            return f"unsupported: {e}"
        except (_Stop, WorkerFailure) as e:
            return str(e)
        except BrokenAnswer as e:
            return self._parted(e)
        except RecursionError:
            return "limit: terms or formulas nested too deeply"

    def derivable(self, theory: Theory, goal: Formula, limits: Limits) -> bool | str:
        """Do the claims that are rules derive `goal`?  Neither a proof nor a check: see `derive`, `solve`."""
        try:
            with self._lock:
                it, budget = self._versions.of(theory, goal), _Budget(limits)
                question = Question(it.program, goal)
                return (
                    question.node.code != "fail" and self._ask(it, "yes", question.text, budget) is not None
                )
        except OutsideFragment as e:
            return f"unsupported: {e}"
        except (_Stop, WorkerFailure) as e:
            return str(e)

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        """Every binding of `variables` under which `goal` is proved, sorted, each with its proof.

        Where the list is not the whole story, a last answer without binding has the verdict
        that says so: Unknown with the limit, or Inconsistent.
        """
        try:
            if missing := self.unsupported(theory, goal):
                return (Answer((), Unknown(f"unsupported: {'; '.join(missing)}")),)
            budget = _Budget(limits)
            with self._lock:
                found = list(self._all(self._versions.of(theory, goal), goal, variables, budget))
        except (_Stop, WorkerFailure, Exhausted) as e:
            return (Answer((), Unknown(str(e))),)
        except BrokenAnswer as e:
            return (Answer((), Unknown(self._parted(e))),)
        except OutsideFragment as e:
            return (Answer((), Unknown(f"unsupported: {e}")),)
        except RecursionError:
            return (Answer((), Unknown("limit: terms or formulas nested too deeply")),)
        names = tuple(v.name for v in variables)
        out: list[Answer] = []
        for n, (terms, certificate) in enumerate(found):
            if time.monotonic() > budget.end:  # thousands of answers are thousands of checks
                limit = f"limit: {n} of {len(found)} answers were checked within {limits.seconds:g} s"
                return (*out, Answer((), Unknown(limit)))
            if certificate.outcome is Outcome.INCONSISTENT:  # of no binding, so of no goal
                out.append(Answer((), self._checked(theory, TRUE, certificate)))
                continue
            instance = substitute(goal, dict(zip(variables, terms, strict=True)))
            bound = tuple(zip(names, terms, strict=True))
            out.append(Answer(bound, self._checked(theory, instance, certificate)))
        return tuple(out)

    def forget(self) -> None:
        """Drop what is kept of theories; the next question loads its theory whole."""
        with self._lock:
            self._versions.clear()
            self._checkers.clear()

    def _parted(self, e: BrokenAnswer) -> str:
        """The reason of an Unknown; what is loaded is not what it was taken for, so all of it goes."""
        self.forget()
        return f"failure: {e}; the theory will be loaded afresh: ask again"

    def close(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.close()
            self._worker = None
            self._versions.clear()
            self._checkers.clear()

    # --- finding (all under the lock) ---

    def _find(self, it: Version, goal: Formula, budget: _Budget) -> Certificate | str:
        if conflict := self._conflict(it, budget):
            return Certificate(Outcome.INCONSISTENT, conflict)
        program = it.program
        tried: list[Formula] = []
        for outcome, f in (
            (Outcome.PROVED, goal),
            (Outcome.DISPROVED, negate(goal)),
            (Outcome.DISPROVED, opposite(goal)),
        ):
            if f in tried:
                continue
            tried.append(f)
            try:
                if d := self._derivation(it, f, budget):
                    return Certificate(outcome, d)
            except OutsideFragment:
                continue
        if program.closed:
            model, holds = self._model(it, budget), self._holds(it, goal, budget)
            last = Step(goal if holds else Not(goal), InModel())
            return Certificate(Outcome.PROVED if holds else Outcome.DISPROVED, Derivation((last,), model))
        if program.absence and is_literal(goal):
            return Certificate(Outcome.UNKNOWN, NotDerivable(self._model(it, budget)))
        return "not derivable: the rules derive neither the goal nor its negation"

    def _derivation(self, it: Version, f: Formula, budget: _Budget) -> Derivation | None:
        """A derivation of `f`.  Raises OutsideFragment where `f` cannot be compiled."""
        question = Question(it.program, f)
        if question.node.code == "fail":  # no rule and no fact has this predicate
            return None
        reply = self._ask(it, "one", question.text, budget)
        if reply is None:
            return None
        rows, steps = reply
        builder = Builder(it.program, instances(it.program, steps))
        return self._with_model(it, builder, builder.goal(question, rows[0]), budget)

    def _with_model(self, it: Version, builder: Builder, last: int, budget: _Budget) -> Derivation:
        d = builder.derivation(last, None)
        if any(isinstance(s.by, InModel) for s in d.steps):
            return Derivation(d.steps, self._model(it, budget))
        return d

    def _all(
        self, it: Version, goal: Formula, variables: tuple[Var, ...], budget: _Budget
    ) -> Iterable[tuple[tuple[Term, ...], Certificate]]:
        if conflict := self._conflict(it, budget):
            return [((), Certificate(Outcome.INCONSISTENT, conflict))]
        try:
            question = Question(it.program, goal, variables)
        except OutsideFragment:
            if not it.program.closed:
                raise
            return self._enumerate(it, goal, variables, budget)
        reply = self._ask(it, "all", question.text, budget)
        if reply is None:
            return []
        rows, steps = reply
        builder = Builder(it.program, instances(it.program, steps))
        found: dict[tuple[Term, ...], Certificate] = {}
        for row in rows:
            terms = tuple(question.binding(row).values())
            if terms not in found:
                d = self._with_model(it, builder, builder.goal(question, row), budget)
                found[terms] = Certificate(Outcome.PROVED, d)
        return sorted(found.items(), key=lambda x: [term_key(t) for t in x[0]])

    def _enumerate(
        self, it: Version, goal: Formula, variables: tuple[Var, ...], budget: _Budget
    ) -> Iterable[tuple[tuple[Term, ...], Certificate]]:
        """Closed world: every binding over the domain under which the goal is true in the model."""
        model, domain = self._model(it, budget), it.program.things(goal)
        if len(domain) ** len(variables) > CANDIDATES:
            raise _Stop(f"limit: more than {CANDIDATES} bindings to try")
        out = []
        for terms in product(domain, repeat=len(variables)):
            instance = substitute(goal, dict(zip(variables, terms, strict=True)))
            if self._holds(it, instance, budget):
                d = Derivation((Step(instance, InModel()),), model)
                out.append((terms, Certificate(Outcome.PROVED, d)))
        return out

    def _conflict(self, it: Version, budget: _Budget) -> Derivation | None:
        """A derivation of falsity; sought once, and again under larger limits."""
        limits = budget.limits
        spend = (limits.seconds, limits.inferences)
        if it.conflict is not None or (it.sought is not None and it.sought >= spend):
            return it.conflict
        goal = conflict_goal(it.program)
        try:
            d = self._both(it, goal, budget) if goal is not None else None
        except (_Stop, WorkerFailure):  # the goal itself may be easy
            d = None
        it.conflict, it.sought = d, spend
        return d

    def _both(self, it: Version, goal: Formula, budget: _Budget) -> Derivation | None:
        question = Question(it.program, goal, negation=True)
        half = _Budget(budget.limits)
        half.end = time.monotonic() + budget.left() / 2
        reply = self._ask(it, "one", question.text, half)
        if reply is None:
            return None
        rows, steps = reply
        builder = Builder(it.program, instances(it.program, steps))
        builder.goal(question, rows[0])
        last = builder.add(FALSE, Contradiction(), conflict_pair(builder.steps))
        return self._with_model(it, builder, last, half)

    def _model(self, it: Version, budget: _Budget) -> PerfectModel:
        if it.model is None:
            reply = self._ask(it, "model", "[].\nnone.\n", budget)
            if reply is None:
                raise _Stop("failure: Prolog gave no model")
            it.model = perfect_model(it.program, instances(it.program, reply[1]))
            it.atoms = frozenset(s.literal for s in it.model.supports)
        return it.model

    def _holds(self, it: Version, goal: Formula, budget: _Budget) -> bool:
        """Truth in the perfect model, quantifiers over the active domain."""

        def leaf(g: Atom | Equal | Less, env: dict[Var, Term]) -> bool:
            h = substitute(g, env)
            if isinstance(h, Atom):
                return h in it.atoms
            if (value := computed(h, True)) is None:
                raise _Stop("unsupported: a comparison of something that is not a number")
            return value

        budget.left()
        return truth(goal, {}, it.program.things(goal), leaf, Budget(kernel.BUDGET))

    # --- the worker ---

    def _ask(
        self, it: Version, what: str, text: str, budget: _Budget
    ) -> tuple[list[list[str]], list[str]] | None:
        """Rows and rule instances of an answer; None where there is no solution."""
        try:
            return self._once(it, what, text, budget)
        except WorkerKilled:  # not by us: a fresh child is told the theory and asked
            return self._once(it, what, text, budget)

    def _once(
        self, it: Version, what: str, text: str, budget: _Budget
    ) -> tuple[list[list[str]], list[str]] | None:
        limits = budget.limits
        if self._worker is None or self._worker.memory_mb != limits.memory_mb:
            if self._worker is not None:
                self._worker.close()
            self._worker = Worker(MODULE, limits.memory_mb)
        slot, at = it.slot, it.slot.at
        ask = f"ask(s{slot.number},{it.number},{limits.inferences},{what}).\n{text}"
        if at is not None and at is not it:
            difference = change(at.program, it.program)
            slot.at = None  # until the change is made
            head = f"change(s{slot.number},{at.number},{it.number}).\n"
            if self._send(head + difference.text, budget)[0] == "ok":
                slot.at = it
                n = len(difference.recomputed)
                known = self.loads
                self.loads = Loads(known.whole, known.differences + 1, n, known.recomputed + n)
        lines = self._send(ask, budget)
        if lines[0] == "stale":  # a fresh worker, or another theory was in the slot
            share = limits.memory_mb * 400_000  # bytes; two fifths each for stacks and tables
            self._send(f"limits({share},{share}).\n", budget)
            self._send(f"load(s{slot.number},{it.number}).\n{it.program.text}", budget)
            self.loads = replace(self.loads, whole=self.loads.whole + 1)
            slot.at = it
            lines = self._send(ask, budget)
        match lines[0]:
            case "no":
                return None
            case "ok":
                count = int(lines[1])
                return [r.split(" ") for r in lines[2 : 2 + count]], [x for x in lines[2 + count :] if x]
            case other:
                raise _Stop(f"failure: Prolog answered {other!r}")

    def _send(self, text: str, budget: _Budget) -> list[str]:
        if self._worker is None:
            raise _Stop("failure: the worker is closed")
        lines = str(self._worker.request({"text": text}, budget.left())["text"]).split("\n")
        if lines[0] == "limit":
            what = "terms of more than 1000 cells" if lines[1] == "term_size" else lines[1]
            raise _Stop(f"limit: {what}")
        if lines[0] == "error":
            raise _Stop(f"failure: Prolog: {lines[1]}")
        return lines

    def _checked(self, theory: Theory, goal: Formula, certificate: Certificate) -> Verdict:
        try:
            theorem = self._checkers.check(theory, goal, certificate)
        except CheckError as e:
            return Unknown(f"no certificate: {e}")
        match certificate.outcome:
            case Outcome.PROVED:
                return Proved(theorem, certificate)
            case Outcome.DISPROVED:
                return Disproved(theorem, certificate)
            case Outcome.INCONSISTENT:
                return Inconsistent(theorem, certificate)
            case _:
                return Unknown(
                    "not derivable: the rules derive neither the goal nor its negation", theorem, certificate
                )

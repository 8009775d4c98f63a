"""`Router`: the solver that chooses a solver, and can say why.

Knows the rule fragment and the `Solver` protocol.  Must not know what is inside a solver.
Rules go forwards in Prolog, which is fast and whose derivations read well, but it neither
contraposes nor splits cases; where it finds nothing the first-order solver decides.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from typing import Protocol, assert_never, runtime_checkable

from neurosym import kernel
from neurosym.errors import CheckError, SolverError
from neurosym.logic import TRUE, Atom, Exists, Formula, TooManyClauses, Var, clauses, ground_terms, substitute
from neurosym.theory import Theory, has_naf
from neurosym.verdict import Answer, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

CANDIDATES = 1000  # bindings that are tried for an open question outside the rule fragment
CACHED = 16


@runtime_checkable
class Answering(Protocol):
    """A solver that lists the bindings of an open question itself."""

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]: ...


class Route(Enum):
    RULES = "rules"  # only rules have the semantics
    BOTH = "both"  # rules first, then first order
    FIRST_ORDER = "first order"


@dataclass(slots=True)
class _Known:
    """What is known of a theory.  It holds the theory, so that its id stays its own."""

    theory: Theory
    absence: bool  # closed world or negation as failure
    definite: bool  # the interpretation in which every atom is true is a model
    conflict: Inconsistent | None = None
    sought: tuple[float, int] | None = None  # the limits under which no conflict was found


class Router:
    """A `Solver` over a solver of rules and a first-order solver.

    An inconsistent theory answers Inconsistent to every question, whatever else follows.
    """

    name = "auto"

    def __init__(self, rules: Solver, first_order: Solver) -> None:
        self.rules, self.first_order = rules, first_order
        self._theories: OrderedDict[int, _Known] = OrderedDict()

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        route, _ = self._choose(theory, goal)
        return (self.rules if route is Route.RULES else self.first_order).unsupported(theory, goal)

    def explain_choice(self, theory: Theory, goal: Formula) -> str:
        """Which solvers get the question, in which order, and why: one sentence."""
        return self._choose(theory, goal)[1]

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        route, _ = self._choose(theory, goal)
        match route:
            case Route.RULES:
                return self.rules.solve(theory, goal, limits)
            case Route.FIRST_ORDER:
                return self.first_order.solve(theory, goal, limits)
            case Route.BOTH:
                return self._both(theory, goal, limits)
            case _:
                assert_never(route)

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        """The bindings of `variables` (free in `goal`) under which the goal is proved, in order.

        Where the list is not the whole story, a last answer without binding says so: its verdict
        is Unknown with the limit, or Inconsistent.
        """
        route, _ = self._choose(theory, Exists(variables, goal) if variables else goal)
        if route is not Route.FIRST_ORDER and isinstance(self.rules, Answering):
            if route is Route.BOTH and (conflict := self._conflict(theory, TRUE, limits)):
                return (Answer((), conflict),)
            return self.rules.answers(theory, goal, variables, limits)
        return enumerate_answers(self, theory, goal, variables, limits)

    def close(self) -> None:
        self.rules.close()
        self.first_order.close()
        self._theories.clear()

    # --- choosing ---

    def _choose(self, theory: Theory, goal: Formula) -> tuple[Route, str]:
        rules, first = self.rules.name, self.first_order.name
        if theory.closed_world:
            return Route.RULES, f"{rules} only: in a closed world, absence counts as falsity"
        if self._known(theory).absence:
            return Route.RULES, f"{rules} only: a rule uses negation as failure"
        if missing := self.rules.unsupported(theory, goal):
            return Route.FIRST_ORDER, f"{first}: {rules} does not treat {', '.join(missing)}"
        if other := self.first_order.unsupported(theory, goal):
            return Route.RULES, f"{rules} only: {first} does not treat {', '.join(other)}"
        why = f"{rules} first: theory and goal are rules; where they derive nothing, {first}, which also"
        return Route.BOTH, f"{why} contraposes, splits cases and finds countermodels"

    def _known(self, theory: Theory) -> _Known:
        if (known := self._theories.get(id(theory))) is None:
            absence = theory.closed_world or any(has_naf(c.formula) for c in theory.claims)
            known = _Known(theory, absence, not absence and _definite(theory))
            self._theories[id(theory)] = known
            while len(self._theories) > CACHED:
                self._theories.popitem(last=False)
        self._theories.move_to_end(id(theory))
        return known

    # --- answering ---

    def _both(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        if conflict := self._conflict(theory, goal, limits):
            return conflict
        try:
            verdict = self.rules.solve(theory, goal, limits)
        except SolverError:  # not installed: the first-order solver is complete without it
            return self.first_order.solve(theory, goal, limits)
        match verdict:
            case Proved() | Disproved() | Inconsistent():
                return verdict
            case Unknown():
                return self.first_order.solve(theory, goal, limits)
            case _:
                assert_never(verdict)

    def _conflict(self, theory: Theory, goal: Formula, limits: Limits) -> Inconsistent | None:
        """The conflict set of the premises, sought once."""
        known = self._known(theory)
        if known.definite:
            return None
        spend = (limits.seconds, limits.rlimit)
        if known.conflict is None and (known.sought is None or known.sought < spend):
            found = self.first_order.solve(theory, TRUE, limits)
            known.conflict, known.sought = (found if isinstance(found, Inconsistent) else None), spend
        if known.conflict is None:
            return None
        certificate = known.conflict.certificate
        try:  # the certificate is the same for every goal, the theorem names it
            return Inconsistent(kernel.check(theory, goal, certificate), certificate)
        except CheckError:
            return None


def enumerate_answers(
    solver: Solver, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
) -> tuple[Answer, ...]:
    """Ask for every binding over the active domain."""
    end = time.monotonic() + limits.seconds
    domain = ground_terms([*(c.formula for c in theory.claims), goal])
    out: list[Answer] = []
    undecided = 0
    for n, terms in enumerate(product(domain, repeat=len(variables))):
        left = end - time.monotonic()
        if n == CANDIDATES or left <= 0:
            tried = f"limit: {n} of {len(domain) ** len(variables)} bindings tried"
            return (*out, Answer((), Unknown(tried)))
        instance = substitute(goal, dict(zip(variables, terms, strict=True)))
        verdict = solver.solve(theory, instance, replace(limits, seconds=left))
        match verdict:
            case Proved():
                names = tuple(v.name for v in variables)
                out.append(Answer(tuple(zip(names, terms, strict=True)), verdict))
            case Inconsistent():
                return (Answer((), verdict),)
            case Unknown(_, _, None):
                undecided += 1
            case Unknown() | Disproved():
                pass
            case _:
                assert_never(verdict)
    if undecided:
        out.append(Answer((), Unknown(f"limit: {undecided} bindings could not be decided")))
    return tuple(out)


def _definite(theory: Theory) -> bool:
    """Has every clause a positive atom?  Then all atoms true is a model."""
    try:
        return all(
            any(isinstance(x, Atom) for x in clause)
            for c in theory.claims
            for clause in clauses(c.formula, c.label)
        )
    except (TooManyClauses, RecursionError):
        return False

"""Backends behind one seam, `verdict.Solver`.  Importing this package loads none of them."""

from __future__ import annotations

from neurosym.errors import ConfigError
from neurosym.logic import Formula, Var
from neurosym.theory import Theory
from neurosym.verdict import Answer, Limits, Solver, Unknown

NAMES = ("auto", "prolog", "z3")


def make_solver(name: str = "auto") -> Solver:
    """The solver called `name`: "prolog", "z3", or "auto", which chooses for every question.

    Starts no process yet.  Raises ConfigError for another name.
    """
    if name == "prolog":
        from neurosym.solvers.prolog import PrologSolver

        return PrologSolver()
    if name == "z3":
        from neurosym.solvers.smt import SmtSolver

        return SmtSolver()
    if name == "auto":
        from neurosym.solvers.prolog import PrologSolver
        from neurosym.solvers.smt import SmtSolver
        from neurosym.solvers.worlds import Worlds

        return Worlds(PrologSolver(), SmtSolver())
    raise ConfigError(f"there is no solver {name!r}; choose one of {', '.join(NAMES)}")


def open_answers(
    solver: Solver, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
) -> tuple[tuple[Answer, ...], str]:
    """The bindings under which an open goal is proved, sorted, and why some may be missing (or "").

    Uses the solver's own `answers` where it has one, else asks for each binding over the active domain.
    """
    from neurosym.solvers.listing import enumerate_answers
    from neurosym.solvers.router import Answering

    if isinstance(solver, Answering):
        found = solver.answers(theory, goal, variables, limits)
    else:
        found = enumerate_answers(solver, theory, goal, variables, limits)
    missing = [a.verdict for a in found if not a.binding]
    reasons = [v.reason if isinstance(v, Unknown) else "the claims contradict each other" for v in missing]
    return tuple(a for a in found if a.binding), "; ".join(reasons)


def explain_choice(solver: Solver, theory: Theory, goal: Formula) -> str:
    """Why this solver answers: its own word where it chooses, else that it was asked for by name."""
    explain = getattr(solver, "explain_choice", None)
    return str(explain(theory, goal)) if explain else f"{solver.name}, as asked for"

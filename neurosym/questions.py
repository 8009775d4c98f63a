"""Small decisions about questions and pieces of text.  Used by the engine only."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from neurosym.errors import SyntaxProblem
from neurosym.logic import And, Const, Equal, Fn, Forall, Formula, Implies, Or, Term, atoms, subterms
from neurosym.results import Question, Response, Unread
from neurosym.syntax import read_formula
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading

_LOGIC = re.compile(r"\?[A-Za-z_]|:-|->|<->|[A-Za-z_]\w*\(|[∀∃∧∨¬→↔]|^\s*(?:forall|exists)\b")


def as_logic(text: str) -> Formula | None:
    """The question as a formula, or None where it is English.

    Raises SyntaxProblem for what looks like logic and is not: a slip in a formula is never
    guessed to be English.
    """
    try:
        return read_formula(text, "question", free=True)
    except SyntaxProblem:
        if _LOGIC.search(text):
            raise
        return None


def unread(parsed: Parsed, best: Reading | None, threshold: float) -> Unread:
    """Why a sentence is not believed: it was not read, or its best reading scores too low."""
    if best is None:
        return place(parsed, parsed.reason)
    return place(parsed, f"the best reading scores {best.score:.2f}, below {threshold:.2f}")


def place(parsed: Parsed, reason: str) -> Unread:
    span = parsed.span
    return Unread(f"{span.document}:{span.start}-{span.end}", span.text, reason)


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:97] + "..."


def unknown_symbols(goal: Formula, theory: Theory) -> tuple[str, ...]:
    """A note for each predicate of the goal that nothing told mentions; it may be a slip of the pen."""
    wanted = {(a.pred, len(a.args)) for a in atoms(goal)}
    for c in theory.claims:  # mostly the first ones mention them
        wanted.difference_update([(a.pred, len(a.args)) for a in atoms(c.formula)])
        if not wanted:
            return ()
    known = {(a.pred, len(a.args)) for c in theory.claims for a in atoms(c.formula)}
    out = []
    for pred, arity in sorted(wanted):
        near = get_close_matches(pred.lower(), sorted({p for p, n in known if n == arity}), 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        out.append(f"nothing told mentions {pred}/{arity}{hint}")
    return tuple(out)


def unnamed(t: Term) -> bool:
    """Does a term stand for a thing that nobody named (a reserved symbol of a solver)?"""
    return any(isinstance(x, Const | Fn) and x.name.startswith("$") for x in subterms(t))


def counted(q: Question, solver: Solver, response: Response, cut: bool, limits: Limits) -> Response:
    """`response` with the exact count where it is proved, else with a note on what is known.

    In a closed world names are unique; that nothing else fits is a theorem of its own, which
    the solver must prove and the kernel check.
    """
    if not q.count or isinstance(response.verdict, Inconsistent):
        return response
    found, theory = response.answers, response.theory
    if theory.closed_world and not cut:
        bindings = [dict(a.binding) for a in found]
        rows = [And(tuple(Equal(v, b[v.name]) for v in q.variables)) for b in bindings]
        nothing_else = Forall(q.variables, Implies(q.goal, Or(tuple(rows))))
        verdict = solver.solve(theory, nothing_else, limits) if rows else response.verdict
        if isinstance(verdict, Proved if rows else Disproved):
            return replace(response, count=len(found))
        return _noted(response, f"{len(found)} found; that there are no more is not proved: {verdict}")
    if not found and isinstance(response.verdict, Proved):
        return _noted(response, "at least one, but none that has a name")
    if found:
        why = "there may be more, and two names may be one thing (exact with --closed-world)"
        return _noted(response, f"{len(found)} named; {why}")
    return response


def _noted(response: Response, note: str) -> Response:
    return replace(response, notes=(*response.notes, note))

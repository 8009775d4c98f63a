"""Small decisions about questions and pieces of text.  Used by the engine only."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from neurosym.errors import ConfigError, SyntaxProblem
from neurosym.logic import (
    SKOLEM,
    And,
    Const,
    Equal,
    Fn,
    Forall,
    Formula,
    Implies,
    Less,
    Or,
    Term,
    Var,
    atoms,
    literals,
    subterms,
)
from neurosym.logic.counting import MOST, at_least, at_most
from neurosym.results import Bound, Question, Response, Unread
from neurosym.syntax import read_formula
from neurosym.theory import Semantics, Theory
from neurosym.verdict import Clock, Disproved, Inconsistent, Proved, Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading

ARITY = 1000  # as in theory files
TRYING = 0.25  # of the time that is left, for one bound of a count
SPARE = 8  # how far beyond what is proved to be there an upper bound is looked for

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


def predicate(text: str) -> tuple[str, int]:
    """`p/1` as a name and a number of arguments.  Raises ConfigError for anything else."""
    name, slash, number = text.strip().rpartition("/")
    if not slash or not name or name[0] == SKOLEM[0] or not (number.isascii() and number.isdecimal()):
        raise ConfigError(f"closed predicates are written name/arguments, as in p/1; found {text!r}")
    if len(number) > 4 or int(number) > ARITY:
        raise ConfigError(f"no predicate has {number} arguments (in {text!r})")
    return name, int(number)


def semantics_named(name: str) -> Semantics:
    """Raises ConfigError for a name that is none."""
    known = [s.value for s in Semantics]
    if name not in known:
        raise ConfigError(f"there is no semantics {name!r}; choose one of {', '.join(known)}")
    return Semantics(name)


def unnamed(t: Term) -> bool:
    """Does a term stand for a thing that nobody named (a reserved symbol of a solver)?"""
    return any(isinstance(x, Const | Fn) and x.name.startswith("$") for x in subterms(t))


def counted(q: Question, solver: Solver, response: Response, cut: bool, clock: Clock) -> Response:
    """`response` with the bounds of the count that are proved, and the count itself where they meet.

    In a closed world names are unique; that nothing else fits is a theorem of its own, which
    the solver must prove and the kernel check.  In an open world two names may be one thing and
    a thing may have no name: "at least" and "at most" are then formulas (logic/counting.py).
    `cut`: the answers of `response` may not be all.
    """
    if not q.count or isinstance(response.verdict, Inconsistent):
        return response
    found, theory = response.answers, response.theory
    if isinstance(response.verdict, Disproved):
        return replace(response, count=0, bounds=(Bound("at_most", 0, response.verdict),))
    if theory.closed_world and not cut:
        bindings = [dict(a.binding) for a in found]
        rows = [And(tuple(Equal(v, b[v.name]) for v in q.variables)) for b in bindings]
        if not rows:
            return _noted(response, f"0 found; that there are none is not proved: {response.verdict}")
        nothing_else = Forall(q.variables, Implies(q.goal, Or(tuple(rows))))
        verdict = solver.solve(theory, nothing_else, clock.within(1.0))
        if isinstance(verdict, Proved):
            return replace(response, count=len(found), bounds=(Bound("at_most", len(found), verdict),))
        return _noted(response, f"{len(found)} found; that there are no more is not proved: {verdict}")
    if len(q.variables) == 1:
        response = _bounded(q.variables[0], q.goal, solver, response, clock)
    if response.count is not None:
        return response
    known = [f"{b.kind.replace('_', ' ')} {b.n}" for b in response.bounds]
    proved = f"proved: {' and '.join(known)}; " if known else ""
    if found:
        why = "there may be more, and two names may be one thing (exact with --closed-world)"
        return _noted(response, f"{proved}{len(found)} named; {why}")
    if known:
        return _noted(response, f"{proved}but none that has a name")
    return response


def _bounded(x: Var, body: Formula, solver: Solver, response: Response, clock: Clock) -> Response:
    """`response` with what is proved of the number of things `x` of which `body` holds.

    If at most n is proved, so is at most n + 1, and the other way round with at least: what is
    likeliest is tried first, and then the next one, as long as it is proved.
    """

    def proved(formula: Formula) -> Proved | None:
        verdict = solver.solve(response.theory, formula, clock.within(TRYING))
        return verdict if isinstance(verdict, Proved) else None

    low: Bound | None = None
    if isinstance(response.verdict, Proved):
        low = Bound("at_least", 1, response.verdict)
        named, failed = min(len(response.answers), MOST), 0
        if named > 1:
            if (v := proved(at_least(named, x, body))) is not None:
                low = Bound("at_least", named, v)
            else:
                failed = named
        for n in range(low.n + 1, MOST + 1):
            if n == failed or (v := proved(at_least(n, x, body))) is None:
                break
            low = Bound("at_least", n, v)
    least = low.n if low else 0
    high: Bound | None = None
    if _limits_number(response.theory):
        below, top = least - 1, min(least + SPARE, MOST - 1)  # at most `below` is not proved
        if least and (v := proved(at_most(least, x, body))) is not None:
            high = Bound("at_most", least, v)
        elif (v := proved(at_most(top, x, body))) is not None:
            high, below = Bound("at_most", top, v), least
        while high is not None and high.n - below > 1:
            middle = (high.n + below) // 2
            if (v := proved(at_most(middle, x, body))) is not None:
                high = Bound("at_most", middle, v)
            else:
                below = middle
    bounds = tuple(b for b in (low, high) if b is not None)
    return replace(response, bounds=bounds, count=least if high is not None and high.n == least else None)


def _limits_number(theory: Theory) -> bool:
    """May the theory say that there are no more than so many of something?

    Where no claim has an equality or a comparison, and no predicate is closed, any thing of a
    model may be doubled without making a claim false.
    """
    if theory.closed_world or theory.closed:
        return True
    return any(isinstance(a, Equal | Less) for c in theory.claims for a in literals(c.formula))


def _noted(response: Response, note: str) -> Response:
    return replace(response, notes=(*response.notes, note))

"""One question, one theory, one solver: the answer, what is known of its number, and how sure it is.

Free functions that the engine's verbs are made of.  Knows solvers, the search for conflicts
and confidence; must not know what was told, nor how questions are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from neurosym.errors import InputError, TheoryError
from neurosym.logic import (
    And,
    Atom,
    Exists,
    Forall,
    Formula,
    Implies,
    Or,
    Statement,
    Term,
    Var,
    Xor,
    atoms,
    negate,
    rules_of,
)
from neurosym.questions import Signature, counted, products, quoted, unknown_symbols, unnamed
from neurosym.repairs import Repair, Stance
from neurosym.results import Derived, Question, RelativeResponse, Response
from neurosym.results import confidence as boole
from neurosym.solvers import explain_choice, open_answers
from neurosym.theory import Semantics, Theory
from neurosym.verdict import Answer, Clock, Disproved, Inconsistent, Limits, Proved, Solver, Unknown

if TYPE_CHECKING:
    from neurosym.confidence import Confidence, Ranking
    from neurosym.solvers.optimum import Optimum

EXISTENCE = 0.4  # of the time of an open question, for whether there is an answer at all
LISTING = 0.7  # of what is left then, for the answers, where they are also to be counted
MOST_QUOTED = 3  # claims that are quoted where they cannot be used
MOST_NAMED = 12  # labels of a conflict that a note names
GO_ON = (
    "to go on: Engine.ask(..., repaired=True) or --repair answers from the most probable consistent part, "
    "Engine.ask_relative or --relative from every one; Engine.conflicts or `neurosym conflicts` lists them"
)
STRICT = "to go on: take one of them back, or let it hold `normally`"


def answer(
    q: Question,
    signature: Signature,
    solver: Solver,
    limits: Limits,
    notes: tuple[str, ...] = (),
    exact: bool = False,
) -> Response:
    """The answer to a question that has been read from a theory, within one question's limits.

    exact: the confidence by all proofs, within as much time again; else the bound by the one found.
    """
    theory, clock = signature.theory, Clock(limits)
    closed = _closed(q)
    verdict = solver.solve(theory, closed, clock.within(EXISTENCE if q.variables else 1.0))
    answers: tuple[Answer, ...] = ()
    notes = (*notes, *unknown_symbols(q.goal, signature))
    missing = ""
    if isinstance(verdict, Unknown) and verdict.certificate is None:
        if verdict.reason.startswith("unsupported") and (outside := _no_rules(theory)):
            verdict = replace(verdict, reason=outside)
            notes = (*notes, _without_rules(theory, closed))
        notes = (*notes, *products(theory, closed))
    if isinstance(verdict, Inconsistent):
        notes = (*notes, _contradiction(theory, verdict))
    elif q.variables:
        within = clock.within(LISTING if q.count else 1.0)
        answers, missing = open_answers(solver, theory, q.goal, q.variables, within)
        answers = tuple(a for a in answers if not any(unnamed(t) for _, t in a.binding))
        if missing:
            notes = (*notes, f"answers may be missing: {missing}")
        if not answers and isinstance(verdict, Proved) and not q.count:
            notes = (*notes, "something is such, but nothing that has a name is proved to be")
    response = Response(
        q.text, closed, verdict, theory, tuple(v.name for v in q.variables), answers,
        None, explain_choice(solver, theory, closed), notes, q.score,
    )  # fmt: skip
    response = counted(q, solver, response, bool(missing), clock)
    return replace(response, by_all_proofs=exact_confidence(response, solver, limits)) if exact else response


def one_by_one(
    answering: Callable[[Question, Solver], Response],
    questions: Sequence[Question],
    solver: Solver,
    progress: Callable[[int, int], object] | None,
) -> list[Response]:
    """The answers of one solver, in order."""
    found: list[Response] = []
    for q in questions:
        found.append(answering(q, solver))
        if progress is not None:
            progress(len(found), len(questions))
    return found


def _closed(q: Question) -> Formula:
    return Exists(q.variables, q.goal) if q.variables else q.goal


def _no_rules(theory: Theory) -> str:
    """Which claims keep a theory of rules from being used, quoted, and why; empty where none does."""
    closed = theory.closed_world
    if not closed and theory.semantics is Semantics.CLASSICAL:
        return ""
    outside = [c for c in theory.claims if rules_of(c.formula, closed) is None]
    if not outside:
        return ""
    where = "in a closed world" if closed else f"by {theory.semantics.value} rules"
    said = "; ".join(f"“{quoted(c)}” ({c.label}) {_beyond(c.formula)}" for c in outside[:MOST_QUOTED])
    more = f"; and {len(outside) - MOST_QUOTED} more" if len(outside) > MOST_QUOTED else ""
    return f"unsupported {where}: {said}{more}"


def _beyond(f: Statement) -> str:
    """What a claim says that no rule says."""
    match f:
        case Forall(_, body) | Implies(_, body):
            return _beyond(body)
        case Exists():
            return "says that there is something, and does not name it"
        case Or() | Xor():
            return "leaves open which of several things holds"
        case And(parts):
            return next((_beyond(p) for p in parts if rules_of(p) is None), "is no rule")
        case _:
            return "is no rule: if this holds, then that holds"


def _without_rules(theory: Theory, goal: Formula) -> str:
    if not theory.closed_world:
        return "to go on: classical semantics (no --semantics) takes such claims as they are"
    names = sorted({f"{a.pred}/{len(a.args)}" for a in atoms(goal)})
    return (
        "to go on: leave the world open (no --closed-world) and close single predicates, here "
        f"{' '.join(f'--closed {x}' for x in names)}; such claims then count as they are"
    )


def _contradiction(theory: Theory, verdict: Inconsistent) -> str:
    """The conflict that was found, and how one gets on in spite of it."""
    labels = [c.label for c in theory.claims if c.label in verdict.theorem.hypotheses]
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    way = GO_ON if theory.semantics is Semantics.CLASSICAL else STRICT
    return f"these claims contradict each other: {', '.join(labels[:MOST_NAMED])}{more}; {way}"


# --- contradictions -------------------------------------------------------------------


def must_have_conflicts(theory: Theory, what: str) -> None:
    """Raise TheoryError where a contradiction is no falsity, so that there is nothing to mend."""
    if theory.semantics is not Semantics.CLASSICAL:
        raise TheoryError(
            f"{what} needs classical semantics, and these claims are read by {theory.semantics.value} rules",
            hint="`ask` and `why` show what speaks for a goal and what against it",
        )


def answer_repaired(r: Response, whole: Theory, repair: Repair) -> Response:
    """An answer from the consistent part of a theory, which says what was dropped."""
    claims = {c.label: c for c in whole.claims}
    dropped = tuple(claims[x] for x in repair.dropped)
    notes = list(r.notes)
    if repair.kept is None:
        notes.append(f"no consistent part of the claims was found: {repair.reason}")
    elif dropped:
        notes.append(f"dropped, so that the claims are consistent: {', '.join(repair.dropped)}")
        if not repair.optimal:
            notes.append(f"another choice of what is dropped may be better: {repair.reason}")
        at_fault = {x for c in repair.conflicts for x in c.beside if x in repair.held}
        if at_fault:
            held = ", ".join(x for x in repair.held if x in at_fault)
            notes.append(f"held fixed, since something rests on absence, though they may be at fault: {held}")
    return replace(r, notes=tuple(notes), dropped=dropped, repair=repair)


def answer_relative(
    q: Question,
    theory: Theory,
    solver: Solver,
    limits: Limits,
    optimum: Optimum,
    notes: tuple[str, ...] = (),
    most: int = 16,
) -> RelativeResponse:
    """The answer from each maximal consistent subset, up to `most`; half of the time for a list of bindings.

    Raises TheoryError for a theory whose semantics is not classical.
    """
    from neurosym.solvers.conflicts import relative

    must_have_conflicts(theory, "an answer relative to consistent subsets")
    clock = Clock(limits)
    goal = _closed(q)
    share = clock.within(0.5 if q.variables else 1.0)
    found = relative(solver, theory, goal, share, most, optimum=optimum)
    notes = (*notes, *unknown_symbols(q.goal, Signature(theory)))
    rows: dict[tuple[tuple[str, Term], ...], int] = {}
    for n, (subset, _) in enumerate(found.answers if q.variables else ()):
        within = clock.within(1.0 / (len(found.answers) - n))
        answers, missing = open_answers(solver, subset.kept, q.goal, q.variables, within)
        if missing:
            where = f"without {', '.join(subset.dropped)}" if subset.dropped else "with all claims"
            notes = (*notes, f"answers may be missing {where}: {missing}")
        for a in answers:
            if not any(unnamed(t) for _, t in a.binding):
                rows[a.binding] = rows.get(a.binding, 0) + 1
    every = len(found.answers)
    stances = tuple((b, Stance.CAUTIOUS if n == every else Stance.BRAVE) for b, n in rows.items())
    variables = tuple(v.name for v in q.variables)
    return RelativeResponse(q.text, goal, found, theory, variables, stances, notes, q.score)


# --- confidence -----------------------------------------------------------------------


def exact_confidence(r: Response, solver: Solver, limits: Limits) -> Confidence | None:
    """By all minimal proofs of what the verdict says; of an unknown goal, that it follows.

    The reading of the question counts as one more claim.  None for a question that was not read.
    """
    from neurosym.confidence import Confidence, minimal_supports
    from neurosym.confidence import confidence as of_supports
    from neurosym.confidence import exact_confidence as by_program

    if r.goal is None:
        return None
    clock, goal = Clock(limits), about(r)
    if isinstance(r.verdict, Inconsistent):
        found = of_supports(r.theory, minimal_supports(solver, r.theory, goal, clock.within(1.0)))
        return replace(found, bound=0.0)
    found = of_supports(r.theory, minimal_supports(solver, r.theory, goal, clock.within(0.6)))
    if not found.complete and r.verdict.certificate is not None:
        # the figure alone is within reach of more theories than the list of supports
        alone = by_program(r.theory, goal, clock.within(1.0))
        if alone.complete and alone.exact is not None:
            found = Confidence(min(found.bound, alone.exact), alone.exact, True)
    bound = found.bound
    if isinstance(r.verdict, Proved | Disproved):  # its proof is one of them, listed or not
        bound = max(bound, boole(r.theory, r.verdict))
    exact = None if found.exact is None else found.exact * r.reading_score
    return replace(found, bound=max(0.0, bound + r.reading_score - 1.0), exact=exact)


def ranked(r: Response, k: int, solver: Solver, limits: Limits) -> Ranking:
    """The `k` most probable proofs of what the verdict says; each theorem names its goal."""
    from neurosym.confidence import Ranking, best_proofs

    goal = about(r)
    if isinstance(r.verdict, Inconsistent):
        return Ranking((), False, "inconsistent: from claims that contradict each other all follows")
    return best_proofs(solver, r.theory, goal, k, limits)


def confidence_of(r: Response) -> Confidence:
    """That of the response; of an answer without certificate, nothing is known."""
    from neurosym.confidence import Confidence

    return r.confidence or Confidence(0.0, None, False, "there is no certificate")


def about(r: Response) -> Formula:
    """What the verdict says: the goal, or of a goal that is disproved its negation."""
    goal = goal_of(r)
    return negate(goal) if isinstance(r.verdict, Disproved) else goal


def goal_of(r: Response) -> Formula:
    """Raises InputError where the question was not read."""
    if r.goal is None:
        raise InputError("there is nothing to explain: the question was not read", document="question")
    return r.goal


# --- all that follows -----------------------------------------------------------------


def derived(
    theory: Theory, solver: Solver, limits: Limits, wanted: Iterable[tuple[str, int]] | None
) -> tuple[Derived, ...]:
    """All ground facts that follow, over the predicates `wanted` or all, sorted: see Engine.derive."""
    named = {(a.pred, len(a.args)) for c in theory.claims for a in atoms(c.formula)}
    asserted = {c.formula for c in theory.claims}
    out = []
    for pred, arity in sorted(named if wanted is None else named & set(wanted)):
        variables = tuple(Var(f"x{i}") for i in range(1, arity + 1))
        found, missing = open_answers(solver, theory, Atom(pred, variables), variables, limits)
        if missing:
            raise InputError(f"the facts of {pred!r} cannot all be derived: {missing}")
        for a in found:
            fact = Atom(pred, tuple(t for _, t in a.binding))
            if isinstance(a.verdict, Proved):
                out.append(Derived(fact, a.verdict, fact in asserted))
    return tuple(out)

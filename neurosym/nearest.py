"""Why not: what would make a goal follow, which rules are blocked, which fallacies tempt.

Blocked rules are found here: claims that could conclude the goal, directly or by contraposition,
and which of their conditions nothing meets.  Knows the Solver seam and the rooms that answer
the rest; must not know any backend.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from neurosym.logic import (
    SKOLEM,
    And,
    Atom,
    BodyLiteral,
    Clause,
    Const,
    Exists,
    Fn,
    Forall,
    Formula,
    Implies,
    Literal,
    Naf,
    Not,
    Or,
    Rule,
    Term,
    TooManyClauses,
    Var,
    atom_of,
    clauses,
    free_vars,
    is_literal,
    is_signed_atom,
    literal_terms,
    literals,
    match_terms,
    negate,
    rules_of,
    substitute,
    substitute_body,
    subterms,
)  # fmt: skip
from neurosym.theory import Claim, Semantics, Theory, has_naf
from neurosym.verdict import Disproved, Limits, Proved, Solver, Unknown, Verdict
from neurosym.whynot import BlockedRule, WhyNot

MOST = 20  # rules looked at
SHARE = 0.25  # of the time that is left, for one question to the solver


def why_not(
    solver: Solver, theory: Theory, goal: Formula, limits: Limits, verdict: Verdict | None = None
) -> WhyNot:
    """All that can be said of `goal` (closed) if it does not follow; `verdict` is the one on it, if known.

    Half of `limits.seconds` is for explanations, a quarter each for rules and for fallacies, and as
    much again for the contrary; whatever the time does not allow is left out.
    """
    from neurosym.solvers.abduction import explanations
    from neurosym.solvers.fallacies import fallacies

    found = solver.solve(theory, goal, limits) if verdict is None else verdict
    if not isinstance(found, Unknown | Disproved):
        return WhyNot(goal, found)
    half, quarter = (replace(limits, seconds=limits.seconds * share) for share in (0.5, 0.25))
    return WhyNot(
        goal,
        found,
        explanations(solver, theory, goal, half),
        blocked_rules(solver, theory, goal, quarter),
        fallacies(solver, theory, goal, quarter) if isinstance(found, Unknown) else (),
        _contrary(solver, theory, goal, replace(limits, seconds=limits.seconds * SHARE))
        if isinstance(found, Unknown)
        else None,
    )


def _contrary(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> Proved | None:
    """That what the goal says of everything of a kind holds of none of it."""
    match goal:
        case Forall(vs, Implies(body, head)):
            found = solver.solve(theory, Forall(vs, Implies(body, negate(head))), limits)
            return found if isinstance(found, Proved) else None
        case _:
            return None


def blocked_rules(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> tuple[BlockedRule, ...]:
    """The claims that could conclude a literal of `goal` which does not follow, nearest misses first.

    Conditions are met together: with the same things for the variables they share.  Sorted by
    the number of unmet conditions, then by that of met ones, then as the claims stand.  Of at
    most MOST claims; `limits.seconds` is for all questions together.
    """
    asking = _Asking(solver, theory, limits)
    out: list[BlockedRule] = []
    for literal in _open_literals(asking, goal):
        for label, rule in _concluding(theory, literal):
            if len(out) == MOST or asking.left() <= 0:
                return _nearest(out)
            met, unmet = _conditions(asking, rule.body)
            if unmet:
                out.append(BlockedRule(label, unmet, met))
    return _nearest(out)


def _nearest(found: list[BlockedRule]) -> tuple[BlockedRule, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda b: (len(b.unmet), -len(b.met))))


class _Asking:
    """Questions to the solver, within the time of all of them."""

    def __init__(self, solver: Solver, theory: Theory, limits: Limits) -> None:
        self.solver, self.theory, self.limits = solver, theory, limits
        self.end = time.monotonic() + limits.seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def follows(self, parts: tuple[Formula, ...]) -> bool:
        """Do they follow, for some value of their variables?"""
        seconds = SHARE * self.left()
        if seconds <= 0:
            return False
        together = parts[0] if len(parts) == 1 else And(parts)
        free = free_vars(together)
        goal: Formula = Exists(free, together) if free else together
        verdict = self.solver.solve(self.theory, goal, replace(self.limits, seconds=seconds))
        return isinstance(verdict, Proved)


def _open_literals(asking: _Asking, goal: Formula) -> Iterator[Literal]:
    """Signed atoms that would bring the goal nearer and do not follow; variables ask for anything."""
    match goal:
        case Exists(_, body) | Forall(_, body) | Implies(_, body):
            yield from _open_literals(asking, body)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _open_literals(asking, p)
        case _ if is_literal(goal) and is_signed_atom(goal):
            if free_vars(goal) or not asking.follows((goal,)):
                yield goal
        case _:
            return


# --- claims that could conclude a literal ----------------------------------------------------


def _concluding(theory: Theory, literal: Literal) -> Iterator[tuple[str, Rule]]:
    """Rules whose head matches `literal`, with the match applied to their bodies."""
    wanted = atom_of(literal)
    for c in theory.claims:
        for r in _uses(theory, c):
            head = atom_of(r.head)
            s: dict[Var, Term] = {}
            same = (head.pred, len(head.args), isinstance(r.head, Not)) == (
                wanted.pred, len(wanted.args), isinstance(literal, Not),
            )  # fmt: skip
            # a variable of the goal matches any term of the head: it asks for something
            places = [(h, w) for h, w in zip(head.args, wanted.args, strict=False) if not isinstance(w, Var)]
            if same and r.body and match_terms(tuple(h for h, _ in places), tuple(w for _, w in places), s):
                yield c.label, Rule(r.head, tuple(substitute_body(b, s) for b in r.body))


def _uses(theory: Theory, c: Claim) -> Iterator[Rule]:
    """The rules of a claim; where it is read classically, then what it says by contraposition."""
    rules = rules_of(c.formula, theory.closed_world) or ()
    yield from rules
    if theory.closed_world or theory.semantics is not Semantics.CLASSICAL or has_naf(c.formula):
        return
    try:
        form = clauses(c.formula, c.label)
    except (TooManyClauses, RecursionError):
        return
    known = {_shape(r) for r in rules}
    for clause in form:
        yield from (r for r in _contrapositives(clause) if _shape(r) not in known)


def _contrapositives(clause: Clause) -> Iterator[Rule]:
    if any(_skolem(f) for f in clause):
        return  # it speaks of something that only this claim says there is: no condition to be met
    for i, head in enumerate(clause):
        if isinstance(head, Atom) or (isinstance(head, Not) and isinstance(head.body, Atom)):
            others = (negate(f) for j, f in enumerate(clause) if j != i)
            yield Rule(head, tuple(f for f in others if is_literal(f)))


def _skolem(f: Formula) -> bool:
    terms = (s for a in literals(f) for t in literal_terms(a) for s in subterms(t))
    return any(isinstance(s, Const | Fn) and s.name.startswith(SKOLEM) for s in terms)


def _shape(r: Rule) -> Rule:
    """The rule with its variables named by their order, so that two of one form are equal."""
    vs = dict.fromkeys(v for f in (r.head, *r.body) for v in free_vars(f))
    s = {v: Var(str(i)) for i, v in enumerate(vs)}
    head = substitute(r.head, s)
    body = tuple(substitute_body(b, s) for b in r.body)
    return Rule(head if isinstance(head, Atom | Not) else r.head, body)


# --- their conditions ------------------------------------------------------------------------


def _conditions(
    asking: _Asking, body: tuple[BodyLiteral, ...]
) -> tuple[tuple[Formula | Naf, ...], tuple[Formula | Naf, ...]]:
    """The conditions met together and the others, each in order.

    What has to be absent comes last: by then its variables have as much said of them as there is.
    """
    met: dict[int, Formula] = {}
    absent: set[int] = set()
    for i, b in enumerate(body):
        if not isinstance(b, Naf) and asking.follows((*met.values(), b)):
            met[i] = b
    for i, b in enumerate(body):
        if isinstance(b, Naf):
            if asking.theory.closed_world:
                if asking.follows((*met.values(), Not(b.body))):
                    met[i] = Not(b.body)
            elif not asking.follows((b.body,)):
                absent.add(i)
    kept = {*met, *absent}
    return (
        tuple(b for i, b in enumerate(body) if i in kept),
        tuple(b for i, b in enumerate(body) if i not in kept),
    )

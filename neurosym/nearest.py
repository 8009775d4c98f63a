"""Why not: the rules that could conclude a goal, and which of their conditions nothing meets.

Knows the Solver seam; must not know any backend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from neurosym.logic import (
    And,
    Exists,
    Formula,
    Naf,
    Not,
    Rule,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    match_terms,
    rules_of,
    substitute,
    substitute_body,
)  # fmt: skip
from neurosym.theory import Theory
from neurosym.verdict import Limits, Proved, Solver

if TYPE_CHECKING:
    from neurosym.explain import BlockedRule

MOST = 20  # rules looked at


def blocked_rules(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> tuple[BlockedRule, ...]:
    """For each rule whose head matches a literal of `goal` that does not follow: its unmet conditions."""
    from neurosym.explain import BlockedRule

    out: list[BlockedRule] = []
    for literal in _open_literals(solver, theory, goal, limits):
        for label, rule in _concluding(theory, literal):
            if len(out) == MOST:
                return tuple(out)
            unmet = tuple(b for b in rule.body if not _met(solver, theory, b, limits))
            if unmet:
                out.append(BlockedRule(label, unmet))
    return tuple(dict.fromkeys(out))


def _open_literals(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> Iterator[Formula]:
    match goal:
        case Exists(_, body):
            yield from _open_literals(solver, theory, body, limits)
        case And(parts):
            for p in parts:
                yield from _open_literals(solver, theory, p, limits)
        case _ if is_signed_atom(goal):
            if free_vars(goal) or not isinstance(solver.solve(theory, goal, limits), Proved):
                yield goal
        case _:
            return


def _concluding(theory: Theory, literal: Formula) -> Iterator[tuple[str, Rule]]:
    """Rules whose head matches `literal`, with the match applied to their bodies."""
    wanted = atom_of(literal)
    for c in theory.claims:
        for r in rules_of(c.formula, theory.closed_world) or ():
            head = atom_of(r.head)
            s: dict[Var, Term] = {}
            same = (head.pred, len(head.args), isinstance(r.head, Not)) == (
                wanted.pred, len(wanted.args), isinstance(literal, Not),
            )  # fmt: skip
            # a variable of the goal matches any term of the head: it asks for something
            places = [(h, w) for h, w in zip(head.args, wanted.args, strict=False) if not isinstance(w, Var)]
            if same and r.body and match_terms(tuple(h for h, _ in places), tuple(w for _, w in places), s):
                yield c.label, Rule(r.head, tuple(substitute_body(b, s) for b in r.body))


def _met(solver: Solver, theory: Theory, b: Formula | Naf, limits: Limits) -> bool:
    if isinstance(b, Naf):
        return not _follows(solver, theory, b.body, limits)
    return _follows(solver, theory, b, limits)


def _follows(solver: Solver, theory: Theory, f: Formula, limits: Limits) -> bool:
    free = free_vars(f)
    goal: Formula = Exists(free, substitute(f, {})) if free else f
    return isinstance(solver.solve(theory, goal, limits), Proved)

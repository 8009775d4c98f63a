"""Which bindings answer an open question: where rules find all of them, and asking for each.

Knows the rule fragment and the `Solver` protocol.  Must not know what is inside a solver.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import assert_never

from neurosym.logic import (
    And,
    Atom,
    Exists,
    Fn,
    Formula,
    Num,
    Or,
    Rule,
    Statement,
    Var,
    free_vars,
    ground_terms,
    literal_terms,
    literals,
    rules_of,
    substitute,
    subterms,
    term_vars,
)  # fmt: skip
from neurosym.theory import Theory, has_naf
from neurosym.verdict import Answer, Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown

CANDIDATES = 1000  # bindings that are tried for an open question, beyond those that rules find


@dataclass(frozen=True, slots=True)
class Shape:
    """What the fragments ask about a claim, whatever the others are.

    rule: lies in the rule fragment; definite: only atoms in its rules; restricted: no variable
    of a head is unbound; builds: has a function of a variable; naf: has negation as failure;
    numerals: speaks of numbers; predicates: of which it speaks.
    """

    rule: bool
    definite: bool
    restricted: bool
    builds: bool
    naf: bool
    numerals: bool
    predicates: frozenset[tuple[str, int]]


def shape_of(f: Statement) -> Shape:
    found = rules_of(f)
    rules = found or ()
    predicates, numerals = set[tuple[str, int]](), False
    for a in literals(f):
        if isinstance(a, Atom):
            predicates.add((a.pred, len(a.args)))
        numerals = numerals or any(isinstance(s, Num) for t in literal_terms(a) for s in subterms(t))
    return Shape(
        found is not None and not has_naf(f) and not any(r.defeasible for r in rules),
        found is not None and all(map(_definite, rules)),
        all(map(_restricted, rules)),
        _builds(f),
        has_naf(f),
        numerals,
        frozenset(predicates),
    )


def part(theory: Theory, shapes: Sequence[Shape] | None = None) -> Theory | None:
    """The claims that are rules: the theory itself where all are, None where none is."""
    if shapes is None:
        shapes = [shape_of(c.formula) for c in theory.claims]
    claims = tuple([c for c, s in zip(theory.claims, shapes, strict=True) if s.rule])
    if len(claims) == len(theory.claims):
        return theory
    if not claims:
        return None
    made = copy.copy(theory)  # some of the claims of a theory make a theory: no need to look at each again
    object.__setattr__(made, "claims", claims)
    return made


class Horn:
    """Is a theory one of definite rules, and which questions do they decide by themselves?

    The least Herbrand model of definite rules is a model, and a positive formula follows from
    them exactly where it is true in it (van Emden and Kowalski 1976).  So no answer is missing
    where rules, used forwards, have come to their end.  A comparison in a body is no atom:
    it may hold by cases, which rules do not see.
    """

    def __init__(self, theory: Theory | Sequence[Shape]) -> None:
        shapes = [shape_of(c.formula) for c in theory.claims] if isinstance(theory, Theory) else theory
        self.definite = all(s.definite for s in shapes)
        # A variable that no body atom binds ranges over the terms that are named.  They stand for
        # all terms unless a function of a variable names another.
        self._restricted = all(s.restricted for s in shapes)
        self._builds = any(s.builds for s in shapes)

    def builds(self, goal: Formula) -> bool:
        """May terms be made that neither the theory nor the goal names?"""
        return self._builds or _builds(goal)

    def decides(self, goal: Formula) -> bool:
        """Does every answer to `goal` (whose variables may be free) come from the rules?"""
        return self.definite and _positive(goal) and (self._restricted or not self.builds(goal))


def _definite(rule: Rule) -> bool:
    return isinstance(rule.head, Atom) and all(isinstance(b, Atom) for b in rule.body)


def _restricted(rule: Rule) -> bool:
    bound = {v for b in rule.body for v in free_vars(b)}
    return bound.issuperset(free_vars(rule.head))


def _builds(f: Statement) -> bool:
    """Has `f` a function of a variable?"""
    terms = (s for a in literals(f) for t in literal_terms(a) for s in subterms(t))
    return any(isinstance(s, Fn) and any(True for _ in term_vars(s)) for s in terms)


def _positive(f: Formula) -> bool:
    """Is `f` built from atoms by `and`, `or`, `exists`?"""
    match f:
        case Atom():
            return True
        case And(parts) | Or(parts):
            return all(map(_positive, parts))
        case Exists(_, body):
            return _positive(body)
        case _:
            return False


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
            case Proved() | Both():
                names = tuple(v.name for v in variables)
                proved = verdict.pro if isinstance(verdict, Both) else verdict
                out.append(Answer(tuple(zip(names, terms, strict=True)), proved))
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

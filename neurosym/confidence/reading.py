"""Which theories are programs of rules, each rule marked with the claim that it comes from.

Knows logic and theories.  Must not know diagrams, solvers or scores.  A theory is read so
that its rules, used forwards, derive exactly what the theory entails of the goal: by its own
semantics where absence counts or rules are chained; classically where every claim that can
bear on the goal is made of Horn clauses, for then the least model decides (van Emden &
Kowalski 1976).  What is read so far is refused by name, and treated by asking a solver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.logic import (
    INTEGER,
    Atom,
    Clause,
    Domain,
    Equal,
    Formula,
    Implies,
    Less,
    Naf,
    Not,
    Rule,
    Statement,
    atoms,
    clauses,
    encode,
    is_literal,
    literals,
    opposite,
    rules_of,
)
from neurosym.theory import Claim, Semantics, Theory, compiled, has_naf, original

GOAL, OTHER = Atom("$goal"), Atom("$other")
CERTAIN = ""  # the mark of rules that come from no claim


@dataclass(frozen=True, slots=True)
class Marked:
    """A rule that stands where the claim `label` does (always, where the label is CERTAIN)."""

    label: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Program:
    """Rules over signed literals, read by their well-founded model; GOAL holds where the goal does.

    `unique`: different terms denote different things.  `constrained`: some claim forbids
    something, so that the claims may contradict each other.
    """

    rules: tuple[Marked, ...]
    domain: Domain
    unique: bool
    constrained: bool


def read_program(theory: Theory, goal: Formula) -> Program | str:
    """The theory as a program for the goal, or why it is none."""
    if theory.closed:
        return "closed predicates beside open ones"
    try:
        if theory.semantics is Semantics.DEFEASIBLE:
            whole = compiled(theory)
            marked = [(original(c.label), c.formula) for c in whole.claims]
            return _absence(marked, encode(goal), False)
        by_absence = theory.closed_world or any(has_naf(c.formula) for c in theory.claims)
        if by_absence or theory.semantics is Semantics.CHAINING:
            return _absence([(c.label, c.formula) for c in theory.claims], goal, theory.closed_world)
        return _horn(theory, goal)
    except ValueError as e:
        return str(e)


def _absence(claims: list[tuple[str, Statement]], goal: Formula, closed: bool) -> Program | str:
    out: list[Marked] = []
    constrained = False
    for label, f in claims:
        if (found := rules_of(f, closed)) is None:
            return f"claim {label!r} is no rule"
        for r in found:
            if isinstance(r.head, Not):
                constrained = True
            if not (closed and isinstance(r.head, Not)):  # there it is an integrity constraint
                out.append(Marked(label, r))
    asked = _asked(goal, closed)
    if asked is None:
        return "the goal is not made of literals by and, or, exists"
    return Program((*out, *asked), Domain((f for _, f in claims), goal), closed, constrained)


def _asked(goal: Formula, closed: bool) -> tuple[Marked, ...] | None:
    """Rules that derive GOAL where the goal is true."""
    if (found := rules_of(Implies(goal, GOAL), closed)) is not None:
        return tuple(Marked(CERTAIN, r) for r in found)
    if closed and (found := rules_of(Implies(opposite(goal), OTHER), closed)) is not None:
        back = Marked(CERTAIN, Rule(GOAL, (Naf(OTHER),)))  # Lloyd & Topor 1984
        return (*(Marked(CERTAIN, r) for r in found), back)
    return None


def _horn(theory: Theory, goal: Formula) -> Program | str:
    """Classically: Horn clauses, and those of the negated goal, from which falsity is to follow."""
    near, far = _connected(theory.claims, goal)
    if any(isinstance(a, Equal) for c in far for a in literals(c.formula)):
        near, far = theory.claims, ()  # an equality may bear on the size of every model
    if any(a.pred == INTEGER and len(a.args) == 1 for c in near for a in atoms(c.formula)):
        return "whole numbers"
    denied = [_horn_rule(c) for c in clauses(Not(goal), "$goal")]
    asked = [r for r in denied if r is not None]
    if len(asked) < len(denied):
        return "the negated goal is not made of Horn clauses"
    supposing = any(r.head != GOAL for r in asked)
    out = [Marked(CERTAIN, r) for r in asked]
    constrained = False
    for claim in near:
        for clause in clauses(claim.formula, claim.label):
            if (rule := _horn_rule(clause)) is None:
                return f"claim {claim.label!r} is not made of Horn clauses"
            forbids = rule.head == GOAL
            constrained = constrained or forbids
            if supposing or not forbids:  # the claims alone do not break what they forbid
                out.append(Marked(claim.label, rule))
    return Program(tuple(out), Domain([m.rule for m in out], goal), False, constrained)


def _horn_rule(clause: Clause) -> Rule | None:
    """The clause as a rule, whose head is GOAL where it has no positive atom; None if it has several.

    Comparisons go into the body, where their terms must settle them.
    """
    heads = [x for x in clause if isinstance(x, Atom)]
    body = [x.body if isinstance(x, Not) else Not(x) for x in clause if not isinstance(x, Atom)]
    if len(heads) > 1:
        return None
    return Rule(heads[0] if heads else GOAL, tuple(b for b in body if is_literal(b)))


def _compares(b: Formula | Naf) -> bool:
    return isinstance(b.body if isinstance(b, Not) else b, Equal | Less)


def _connected(claims: tuple[Claim, ...], goal: Formula) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims that share predicates with the goal, by way of others, and those that do not.

    The latter, if they have no equality and no contradiction, have models beside every model
    of the former.
    """
    about: dict[tuple[str, int], list[int]] = {}
    keys = [sorted({(a.pred, len(a.args)) for a in atoms(c.formula)}) for c in claims]
    for i, found in enumerate(keys):
        for key in found:
            about.setdefault(key, []).append(i)
    todo = [(a.pred, len(a.args)) for a in atoms(goal)]
    seen, near = set(todo), set[int]()
    near |= {i for i, found in enumerate(keys) if not found}
    while todo:
        for i in about.pop(todo.pop(), ()):
            near.add(i)
            todo += (k for k in keys[i] if k not in seen)
            seen.update(keys[i])
    return (
        tuple(c for i, c in enumerate(claims) if i in near),
        tuple(c for i, c in enumerate(claims) if i not in near),
    )


def relevant(rules: Iterable[Marked]) -> tuple[Marked, ...]:
    """The rules whose heads GOAL may depend on, by predicate and sign."""
    kept = tuple(rules)
    by_head: dict[tuple[bool, str, int], list[int]] = {}
    for i, m in enumerate(kept):
        by_head.setdefault(key(m.rule.head), []).append(i)
    todo, used = [key(GOAL)], set[int]()
    while todo:
        for i in by_head.pop(todo.pop(), ()):
            used.add(i)
            todo += (key(b) for b in kept[i].rule.body if not _compares(b))
    return tuple(m for i, m in enumerate(kept) if i in used)


def key(f: Formula | Naf) -> tuple[bool, str, int]:
    """Sign, name and arity of a literal; absence is about the atom."""
    body = f.body if isinstance(f, Not | Naf) else f
    if not isinstance(body, Atom):
        raise ValueError("not an atom or its negation")
    return not isinstance(f, Not), body.pred, len(body.args)

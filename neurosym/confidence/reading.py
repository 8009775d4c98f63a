"""Which theories are programs of rules, each rule marked with the claim that it comes from.

Knows logic and theories.  Must not know diagrams, solvers or scores.  A theory is read so
that its rules, used forwards, derive exactly what the theory entails of the goal: by its own
semantics where absence counts or rules are chained; classically where every claim that can
bear on the goal is a Horn clause, for then the least model decides (van Emden & Kowalski
1976).  What is read so far is refused by name, and treated by asking a solver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.logic import (
    INTEGER,
    Atom,
    Const,
    Domain,
    Equal,
    Formula,
    Implies,
    Less,
    Naf,
    Not,
    Rule,
    Statement,
    Term,
    Var,
    atoms,
    encode,
    free_vars,
    literals,
    opposite,
    rules_of,
    substitute,
    substitute_body,
)
from neurosym.theory import Claim, Semantics, Theory, compiled, has_naf, original

GOAL, OTHER, FALSITY = Atom("$goal"), Atom("$other"), Atom("$false")
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
    except ValueError as e:
        return str(e)
    return _horn(theory, goal)


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
    """Classically: the Horn clauses that can bear on the goal."""
    near, far = _connected(theory.claims, goal)
    if any(isinstance(a, Equal) for c in far for a in literals(c.formula)):
        near, far = theory.claims, ()  # an equality may bear on the size of every model
    out: list[Marked] = []
    constrained = False
    for c in near:
        if any(a.pred == INTEGER and len(a.args) == 1 for a in atoms(c.formula)):
            return "whole numbers"
        if (found := rules_of(c.formula)) is None:
            return f"claim {c.label!r} is no rule"
        for r in found:
            if not all(isinstance(b, Atom) or _compares(b) for b in r.body):
                return f"claim {c.label!r} is no Horn clause"
            if isinstance(r.head, Atom):
                out.append(Marked(c.label, r))
                continue
            constrained = True
            if not isinstance(r.head.body, Atom):
                return f"claim {c.label!r} is no Horn clause"
            out.append(Marked(c.label, Rule(FALSITY, (*r.body, r.head.body))))
    asked = _asked_of_horn(goal)
    if asked is None:
        return "the goal is no Horn clause and not made of atoms by and, or, exists"
    rules, about = asked
    domain = Domain([c.formula for c in near], goal)
    if about:
        domain = domain.extended(Atom("$about", about))
    return Program((*out, *rules), domain, False, constrained)


def _compares(b: Formula | Naf) -> bool:
    return isinstance(b.body if isinstance(b, Not) else b, Equal | Less)


def _asked_of_horn(goal: Formula) -> tuple[tuple[Marked, ...], tuple[Term, ...]] | None:
    """Rules that derive GOAL where the goal is entailed, and the new constants in them.

    A goal that is itself a Horn clause follows where its head does, or a contradiction, once
    its body is supposed of new things.
    """
    found = rules_of(Implies(goal, GOAL))
    if found is not None and all(isinstance(b, Atom) or _compares(b) for r in found for b in r.body):
        return tuple(Marked(CERTAIN, r) for r in found), ()
    found = rules_of(goal)
    if found is None or len(found) != 1 or not all(isinstance(b, Atom) for b in found[0].body):
        return None
    vs = free_vars(found[0])
    new: dict[Var, Term] = {v: Const(f"$any {i}") for i, v in enumerate(vs, 1)}
    supposed = [substitute_body(b, new) for b in found[0].body]
    head = substitute(found[0].head, new)
    rules = [Rule(GOAL, (FALSITY,))]
    if isinstance(head, Not):
        supposed.append(Atom(head.body.pred, head.body.args) if isinstance(head.body, Atom) else head)
    elif isinstance(head, Atom):
        rules.append(Rule(GOAL, (head,)))
    rules += (Rule(b) for b in supposed if isinstance(b, Atom))
    return tuple(Marked(CERTAIN, r) for r in rules), tuple(new.values())


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

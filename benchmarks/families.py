"""What the families of CLUTRR take for granted, and which of two relations is the surer one.

Knows kinship and proofs; must not know how stories are written or read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import fsum, log

from neurosym.logic import Exists, Forall, Formula, Not, atoms
from neurosym.results import hypotheses
from neurosym.session import REFERS
from neurosym.syntax import read_theory
from neurosym.theory import Claim, Span, Theory
from neurosym.verdict import Limits, Proved, Solver

WORLD = """
% Sisters and brothers have the same parents: there are no half-siblings, ...
parents_of_siblings [0.994]: parent(?x, ?z) :- parent(?x, ?y), sibling(?y, ?z).
siblings_of_siblings [0.997]: sibling(?x, ?z) :- sibling(?x, ?y), sibling(?y, ?z), not (?x = ?z).
% ... and the same grandparents, though their parents may not be told of.
grandparents_of_siblings [0.963]: grandparent(?x, ?z) :- grandparent(?x, ?y), sibling(?y, ?z).
% People have children, and so grandchildren, with the one whom they are married to, ...
children_of_both [0.948]: parent(?x, ?z) :- spouse(?x, ?y), parent(?y, ?z).
grandchildren_of_both [0.990]: grandparent(?x, ?z) :- spouse(?x, ?y), grandparent(?y, ?z).
% ... whom they married themselves (nobody here is a priest), ...
nobody_a_priest: spouse(?x, ?y) :- marry(?x, ?y).
nobody_a_registrar: spouse(?x, ?y) :- wed(?x, ?y).
% ... a woman's groom is the one she marries (nobody here keeps horses), ...
nobody_a_groom_of_horses: husband(?x, ?y) :- groom(?x, ?y).
% ... a husband has a wife, a wife a husband, ...
husbands_have_wives: female(?y) :- husband(?x, ?y).
wives_have_husbands: male(?y) :- wife(?x, ?y).
% ... and somebody's baby, boy or girl is a child of theirs.
babies_of_theirs: child(?x, ?y) :- baby(?x, ?y).
boys_of_theirs: son(?x, ?y) :- boy(?x, ?y).
girls_of_theirs: daughter(?x, ?y) :- girl(?x, ?y).
% Whose side of the family a child's relatives are of: that of the parent who is told of.
side_of_grandparents [0.932]: parent(?x, ?z) :- grandparent(?x, ?y), child(?y, ?z).
side_of_piblings [0.989]: sibling(?x, ?z) :- pibling(?x, ?y), child(?y, ?z), not (?x = ?z).
% What tells two options apart where both are proved.  (No kinship: Antigone is a sister of Oedipus.)
never_sibling_and_ancestor: forall x y. not (sibling(x, y) and ancestor(x, y)).
never_spouse_and_ancestor: forall x y. not (spouse(x, y) and ancestor(x, y)).
never_spouse_and_sibling: forall x y. not (spouse(x, y) and sibling(x, y)).
"""

IDLE = 0.5


@cache
def granted() -> tuple[Claim, ...]:
    """Without the denials: asked is what a story tells, and not whether it could be true."""
    claims = (*_kinship(), *read_theory(WORLD, "families").claims)
    return tuple(c for c in claims if not c.label.startswith("never"))


@cache
def _kinship() -> tuple[Claim, ...]:
    """What is so in families of any shape, without the denials."""
    return tuple(c for c in _ontology() if not c.label.startswith("never"))


@cache
def _denied() -> tuple[Formula, ...]:
    """What the denials say never happens, each as what there would be."""
    claims = (*_ontology(), *read_theory(WORLD, "families").claims)
    return tuple(
        Exists(c.formula.vars, c.formula.body.body)
        for c in claims
        if c.label.startswith("never") and isinstance(c.formula, Forall) and isinstance(c.formula.body, Not)
    )


@cache
def _ontology() -> tuple[Claim, ...]:
    text = files("neurosym_ontologies").joinpath("kinship.nsl").read_text("utf-8")
    return read_theory(text, "kinship").claims


def surest(theory: Theory, goal: Formula | None, solver: Solver) -> tuple[bool, float]:
    """Of the found proofs of a goal: do they rest on what can be true together, and how sure is the best?"""
    found = _proofs(theory, goal, solver)
    return max((_possible(theory, used, solver), _sureness(theory, used)) for used in found)


def _proofs(theory: Theory, goal: Formula | None, solver: Solver) -> list[frozenset[str]]:
    """What proofs of it rest on: the one found, and those found without one of its sentences."""
    if goal is None:
        return [frozenset()]
    first = frozenset(hypotheses(solver.solve(theory, goal, Limits())))
    out = [first]
    spans = {c.label: c.source for c in theory.claims if isinstance(c.source, Span)}
    for gone in sorted(first & spans.keys()):
        less = tuple(c for c in theory.claims if c.source != spans[gone])
        verdict = solver.solve(replace(theory, claims=less), goal, Limits())
        if isinstance(verdict, Proved):
            out.append(frozenset(hypotheses(verdict)))
    return out


def _possible(theory: Theory, used: frozenset[str], solver: Solver) -> bool:
    """Can all that a proof rests on be true together, as far as the denials of kinship tell?

    What is proved from "Ann is Eve's mother" and "Eve is Ann's mother" is worth nothing.
    """
    sound = {c.label for c in granted()} - {c.label for c in read_theory(WORLD, "families").claims}
    claims = (*(c for c in theory.claims if c.label in used and c.label not in sound), *_kinship())
    whole = replace(theory, claims=claims)
    return not any(isinstance(solver.solve(whole, d, Limits()), Proved) for d in _denied())


def _sureness(theory: Theory, used: frozenset[str]) -> float:
    """The logarithm of the product of the scores of what a proof rests on, and of IDLE for what is told in
    vain.  Each score of a sentence or mention counts once.
    """
    scores = {
        (c.source if isinstance(c.source, Span) else c.label, c.score)
        for c in theory.claims
        if c.label in used
    }
    ours = {c.label for c in granted()}
    idle = {
        a
        for c in theory.claims
        if c.label not in used and c.label not in ours
        for a in atoms(c.formula)
        if len(a.args) == 2 and a.pred != REFERS
    }
    return round(fsum(log(max(s, 1e-12)) for _, s in scores) + len(idle) * log(IDLE), 9)

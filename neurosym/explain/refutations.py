"""A refutation as prose: suppose the opposite; these instances of the premises cannot all hold.

Knows the clausal form by `logic.clauses`, which is a definition, not a search.
"""

from __future__ import annotations

from typing import assert_never

from neurosym.explain.sources import Voice
from neurosym.explain.views import Kind, OutlineNode
from neurosym.logic import (
    SKOLEM,
    And,
    Clause,
    Const,
    Fn,
    Formula,
    Implies,
    Not,
    Or,
    Term,
    clauses,
    literal_terms,
    literals,
    negate,
    substitute,
    subterms,
    term_key,
)  # fmt: skip
from neurosym.proof import (
    GOAL,
    Congruent,
    Farkas,
    Instance,
    Lemma,
    Outcome,
    Refutation,
    Split,
    Trichotomy,
    Whole,
    WholeSum,
)  # fmt: skip


def refutation_lines(r: Refutation, outcome: Outcome, goal: Formula, v: Voice) -> tuple[OutlineNode, ...]:
    """One line for each premise, under it what it says of particular things; the supposition first."""
    supposed = goal if outcome is Outcome.DISPROVED else negate(goal)
    assumed = outcome is not Outcome.INCONSISTENT
    ground = [(i.label, _ground(i, goal, outcome, v)) for i in dict.fromkeys(r.instances)]
    skolem = sorted({t for _, f in ground for t in _skolem_terms(f)}, key=term_key)
    names = _names(skolem, v)
    w = v.naming(names)
    labels = list(dict.fromkeys(label for label, _ in ground))
    order = {label: i for i, label in enumerate(v.claims)}
    labels.sort(key=lambda x: (x != GOAL or not assumed, order.get(x, -1)))
    lines = []
    for number, label in enumerate(labels, 1):
        instances = tuple(
            OutlineNode(Kind.INSTANCE, w.say(f), w.show(f))
            for f in dict.fromkeys(f for x, f in ground if x == label)
        )
        if label == GOAL and assumed:
            line = OutlineNode(
                Kind.SUPPOSITION,
                v.say(supposed),
                v.show(supposed),
                how="supposed, to be refuted",
                number=number,
            )
            lines.append(_under(line, instances))
        else:
            lines.append(_under(v.claim(label, number), instances))
    notes = tuple(OutlineNode(Kind.NOTE, _introduced(t, names[t], v, names)) for t in skolem)
    notes += _lemma_lines(r.lemmas, w)
    title = (
        "suppose the opposite; then these cannot all be true"
        if GOAL in labels and assumed
        else ("these cannot all be true")
    )
    return (OutlineNode(Kind.SECTION, title, children=(*lines, *notes)),)


def _lemma_lines(lemmas: tuple[Lemma, ...], w: Voice) -> tuple[OutlineNode, ...]:
    """What holds of all numbers and equalities, and is used: the first lines, and how many more."""
    told = tuple(dict.fromkeys(text for x in lemmas if (text := _lemma(x, w))))
    more = len(told) - w.limit
    rest = (OutlineNode(Kind.NOTE, f"and {more} more such steps"),) if more > 0 else ()
    return (*(OutlineNode(Kind.COMPUTED, text) for text in told[: w.limit]), *rest)


def _lemma(x: Lemma, w: Voice) -> str:
    match x:
        case Farkas(parts):
            said = "; ".join(w.say(f) for f, _ in parts)
            return f"by arithmetic, these cannot all be true: {said}" if len(parts) > 1 else ""
        case Congruent(clause):
            said = "; ".join(w.say(negate(f)) for f in clause)
            return f"by equality, these cannot all be true: {said}" if len(clause) > 1 else ""
        case Split(term, bound):
            return f"as a whole number, {w.say_term(term)} is at most {bound}, or at least {bound + 1}"
        case Trichotomy(left, right):
            return f"{w.say_term(left)} and {w.say_term(right)} are equal, or one is less than the other"
        case WholeSum(term):
            return f"a sum of whole numbers is one: {w.say_term(term)}"
        case Whole(_):
            return ""
        case _:
            assert_never(x)


def _under(line: OutlineNode, instances: tuple[OutlineNode, ...]) -> OutlineNode:
    """`line` with its instances, unless the only one repeats it."""
    kept = () if [i.text for i in instances] == [line.text] else instances
    return OutlineNode(
        line.kind, line.text, line.logic, line.how, line.rule, line.source, line.number, children=kept
    )


def _ground(i: Instance, goal: Formula, outcome: Outcome, v: Voice) -> Formula:
    if i.label == GOAL and outcome is not Outcome.INCONSISTENT:
        statement: Formula = goal if outcome is Outcome.DISPROVED else Not(goal)
        form = clauses(statement, GOAL)
    else:
        form = clauses(v.get(i.label).formula, i.label)
    binding = dict(i.binding)
    return _conditional(tuple(substitute(x, binding) for x in form[i.index]))  # type: ignore[misc]


def _conditional(clause: Clause) -> Formula:
    """A disjunction as people read it: if the negated literals hold then one of the others does."""
    conditions = tuple(x.body for x in clause if isinstance(x, Not))
    conclusions = tuple(x for x in clause if not isinstance(x, Not))
    if len(clause) == 1:
        return clause[0]
    if conditions and conclusions:
        left = conditions[0] if len(conditions) == 1 else And(conditions)
        return Implies(left, conclusions[0] if len(conclusions) == 1 else Or(conclusions))
    if conclusions:
        return Or(conclusions)
    return Not(And(conditions)) if conditions else Or(())


def _skolem_terms(f: Formula) -> tuple[Term, ...]:
    return tuple(
        s
        for a in literals(f)
        for t in literal_terms(a)
        for s in subterms(t)
        if isinstance(s, Const | Fn) and s.name.startswith(SKOLEM)
    )


def _names(terms: list[Term], v: Voice) -> dict[Term, str]:
    """Short names for Skolem terms that no constant bears."""
    taken = {t.name for c in v.claims.values() for a in literals(c.formula) for t in _consts(a)}
    stem = "thing"
    while any(name.startswith(stem + " ") for name in taken):
        stem = "some " + stem
    return {t: f"{stem} {i}" for i, t in enumerate(terms, 1)}


def _consts(a: Formula) -> tuple[Const, ...]:
    return tuple(
        s for x in literals(a) for t in literal_terms(x) for s in subterms(t) if isinstance(s, Const)
    )


def _introduced(t: Term, name: str, v: Voice, names: dict[Term, str]) -> str:
    """Where a Skolem term comes from: its symbol is `$sk:label:n`."""
    symbol = t.name if isinstance(t, Const | Fn) else ""
    label = symbol.removeprefix(SKOLEM + ":").rpartition(":")[0]
    if not label:  # no claim speaks of it: it stands for any one thing
        return f"{name} is any one thing"
    origin = "the supposition" if label == GOAL else f"claim {label}"
    of = ""
    if isinstance(t, Fn):
        w = v.naming(names)
        of = " for " + " and ".join(w.say_term(a) for a in t.args)
    return f"{name} is what {origin} says there is{of}"

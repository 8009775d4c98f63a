"""Why a goal does not follow, as a tree of lines: what is missing, what is blocked, what only tempts.

Reads a `WhyNot`'s plain data; computes nothing that a solver computes.  Must not know any backend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count, islice, product

from neurosym.explain.outline import LIMIT, outline
from neurosym.explain.sources import Voice, source_view, voice
from neurosym.explain.supposing import supposition
from neurosym.explain.views import Kind, OutlineNode
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Implies,
    Naf,
    Not,
    Num,
    Rule,
    Statement,
    Term,
    Var,
    atoms,
    free_vars,
    ground_terms,
    literals,
    negate,
    substitute,
)
from neurosym.proof import FiniteModel, Independence
from neurosym.theory import CLOSED_WORLD, Theory
from neurosym.verdict import Disproved, Proved, Unknown, Verdict
from neurosym.whynot import BlockedRule, Explanation, Fallacy, WhyNot

RULES_SHOWN = 3  # claims an explanation is said to go by
CONTRASTS = 2  # facts in which two worlds are said to differ
READINGS = 200  # names of the things of one row of a model


def why_not_outline(
    theory: Theory, why: WhyNot, hints: Mapping[str, str] | None = None, limit: int = LIMIT
) -> OutlineNode:
    """`outline` of the verdict, and above it how the two worlds differ, what would make the goal
    follow, which claims are blocked, and which fallacies would settle it.

    `hints` and `limit` as in `outline`.  Raises InputError where `why` cites a label that is not
    in `theory`.
    """
    root = outline(theory, why.verdict, why.goal, hints, limit)
    v = voice(theory, tuple(_statements(why)), _labels(why), hints or {}, limit)
    parts: list[OutlineNode] = []
    if said := _contrast(why, v):
        parts.append(OutlineNode(Kind.NOTE, said))
    if said := _none(why, v):
        parts.append(OutlineNode(Kind.NOTE, said))
    if why.explanations:
        lines = tuple(_explanation(e, v) for e in why.explanations)
        parts.append(OutlineNode(Kind.SECTION, "what would make it follow", children=lines))
    if why.blocked or (isinstance(why.verdict, Unknown | Disproved) and not _weighed(theory, why)):
        parts.append(_blocked(why.blocked, v))
    if why.fallacies:
        lines = tuple(_fallacy(f, why.goal, v) for f in why.fallacies)
        parts.append(OutlineNode(Kind.SECTION, "what tempts, but is a fallacy", children=lines))
    return replace(root, children=(*parts, *root.children))


def why_not(
    theory: Theory,
    verdict: Verdict,
    goal: Formula,
    blocked: Iterable[BlockedRule],
    hints: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> OutlineNode:
    """`outline`, and what came nearest: claims that could conclude `goal`, and what they still need.

    Raises InputError where a BlockedRule cites a label that is not in `theory`.
    """
    root = outline(theory, verdict, goal, hints, limit)
    why = WhyNot(goal, verdict, blocked=tuple(blocked))
    v = voice(theory, tuple(_statements(why)), _labels(why), hints or {}, limit)
    return replace(root, children=(_blocked(why.blocked, v), *root.children))


def _none(why: WhyNot, v: Voice) -> str:
    """no voucher is refundable, that follows; it is open whether there is a voucher"""
    match why:
        case WhyNot(goal=Forall(vs, Implies(body, _)), contrary=Proved() as none):
            there = v.say(Exists(vs, body))
            return f"this follows: {v.say(none.theorem.goal)}; it is open whether {there}"
        case _:
            return ""


def _weighed(theory: Theory, why: WhyNot) -> bool:
    """Do defeasible rules for the goal apply, which others stop?"""
    if isinstance(why.verdict, Unknown) and why.verdict.clash is not None:
        return True
    wanted = {(a.pred, len(a.args)) for a in atoms(why.goal)}
    normal = (c.formula for c in theory.claims if isinstance(c.formula, Rule) and c.formula.defeasible)
    return any((a.pred, len(a.args)) in wanted for r in normal for a in atoms(r.head))


def _statements(why: WhyNot) -> Iterator[Statement | Naf]:
    yield why.goal
    for b in why.blocked:
        yield from (*b.unmet, *b.met)
    for e in why.explanations:
        yield from e.facts
    for f in why.fallacies:
        yield f.wrong
    if why.contrary is not None:
        yield why.contrary.theorem.goal


def _labels(why: WhyNot) -> Iterator[str]:
    yield from (b.label for b in why.blocked)
    for e in why.explanations:
        yield from (*e.without, *e.verdict.theorem.hypotheses)
    for f in why.fallacies:
        yield f.label


def _explanation(e: Explanation, v: Voice) -> OutlineNode:
    """It would follow if Tom were a cat, without the claim that Tom is a dog."""
    text = "it would follow"
    if e.facts:
        text += f" if {supposition(e.facts, e.invented, v.lex)}"
    if e.without:
        gone = " and that ".join(v.say(v.get(x).formula) for x in e.without)
        many = "claims" if len(e.without) > 1 else "claim"
        text += f"{' and' if e.facts else ''} without the {many} that {gone}"
    order = {label: i for i, label in enumerate(v.claims)}
    used = sorted((x for x in e.verdict.theorem.hypotheses if x in order), key=lambda x: order[x])
    given = {*e.facts, *(v.get(x).formula for x in e.without)}
    # what the supposition meets on its way: the claims that are no facts say most
    used = [x for x in used if not _is_fact(v.get(x).formula) and v.get(x).formula not in given]
    said = [v.say(v.get(x).formula) for x in used[:RULES_SHOWN]]
    how = f"by: {'; '.join(said)}" if said and CLOSED_WORLD not in e.verdict.theorem.hypotheses else ""
    if how and len(used) > RULES_SHOWN:
        how += f"; and {len(used) - RULES_SHOWN} more"
    if not e.consistent:
        how += f"{'; ' if how else ''}it is not certain that this agrees with the other claims"
    logic = ", ".join((*(v.show(f) for f in e.facts), *(f"without {x}" for x in e.without)))
    children = tuple(v.claim(x) for x in e.without)
    return OutlineNode(Kind.FACT, text, logic, how=how, children=children)


def _is_fact(f: Statement) -> bool:
    body = f.body if isinstance(f, Not) else f
    return isinstance(body, Atom)


def _blocked(rules: tuple[BlockedRule, ...], v: Voice) -> OutlineNode:
    if not rules:
        return OutlineNode(Kind.NOTE, "no rule or statement given has a conclusion of this form")
    lines = []
    names = _variables(rules)
    for b in rules:
        missing = tuple(_together(b.unmet, b.met, names))
        unmet = tuple(
            OutlineNode(Kind.ABSENT, v.say(u), v.show(u), how=f"not met{_other_number(u, v)}")
            for u in missing
        )
        line = v.claim(b.label, children=unmet)
        met = "; ".join(v.say(m) for m in _together(b.met, (), names))
        lines.append(replace(line, how=f"met: {met}") if met else line)
    return OutlineNode(Kind.SECTION, "could have led there, but something is missing", children=tuple(lines))


def _other_number(unmet: Formula | Naf, v: Voice) -> str:
    """A fact that gives the same thing a number under another word: the two are not compared."""
    if not isinstance(unmet, Atom) or not any(isinstance(t, Num) for t in unmet.args):
        return ""
    things = {t for t in unmet.args if isinstance(t, Const)}
    for f in (c.formula for c in v.claims.values()):
        if not isinstance(f, Atom) or f.pred == unmet.pred or not things & set(f.args):
            continue
        if any(isinstance(t, Num) for t in f.args):
            return f"; numbers under different words are not compared: {v.show(f)} says nothing of this"
    return ""


def _variables(rules: tuple[BlockedRule, ...]) -> tuple[Var, ...]:
    """x, y, z, x1, ...: as many as there are variables, and none that reads like a constant."""
    taken = {t.name for b in rules for f in (*b.met, *b.unmet) for t in _constants(f)}
    most = max((len({v for f in (*b.met, *b.unmet) for v in free_vars(f)}) for b in rules), default=0)
    fresh = (name for n in count() for c in "yzx" if (name := f"{c}{n or ''}") not in taken)
    return tuple(Var(name) for name in islice(fresh, most))


def _constants(f: Formula | Naf) -> Iterator[Const]:
    return (t for a in literals(f) for t in ground_terms([a]) if isinstance(t, Const))


def _together(
    some: tuple[Formula | Naf, ...], others: tuple[Formula | Naf, ...], names: tuple[Var, ...]
) -> Iterator[Formula | Naf]:
    """Conditions that share variables as one: there is something that Tom owns and that is small.

    Each of `some` in turn, with those of `others` that speak of the same unnamed things, which
    get `names`.
    """
    left = list(some)
    while left:
        group: list[Formula | Naf] = [left.pop(0)]
        vs = set(free_vars(group[0]))
        context: list[Formula | Naf] = list(others)
        while near := [f for f in (*context, *left) if vs & set(free_vars(f))]:
            for f in near:
                vs |= set(free_vars(f))
                group.append(f)
            left = [f for f in left if f not in near]
            context = [f for f in context if f not in near]
        inside = tuple(f for f in group if not isinstance(f, Naf))
        if not vs or len(inside) < len(group):
            yield from (f for f in group if f in some)
        else:
            order = [f for f in (*others, *some) if f in inside and not isinstance(f, Naf)]
            body: Formula = order[0] if len(order) == 1 else And(tuple(order))
            own = dict(zip(free_vars(body), names, strict=False))
            yield Exists(tuple(own.values()), substitute(body, own))


def _fallacy(f: Fallacy, goal: Formula, v: Voice) -> OutlineNode:
    """affirming the consequent: that every cat is an animal does not say that every animal is a cat"""
    claims = [v.say(v.get(x).formula) for x in (f.other, f.label) if x]
    says = "do" if f.other else "does"
    text = f"{f.name}: that {' and that '.join(claims)} {says} not say that {v.say(f.wrong)}"
    how = "with that it would follow" if f.conclusion == goal else "with that it would be false"
    return OutlineNode(Kind.NOTE, text, v.show(f.wrong), how=how, source=source_view(v.get(f.label)))


# --- how two worlds differ -------------------------------------------------------------------


def _contrast(why: WhyNot, v: Voice) -> str:
    """in one world Tom is big; in the other Tom is not big but red.  Empty without two models."""
    certificate = why.verdict.certificate
    if certificate is None or not isinstance(certificate.evidence, Independence):
        return ""
    holds, fails = certificate.evidence.holds, certificate.evidence.fails
    differing = sorted(
        _differences(holds, fails),
        key=lambda x: (_distance(x[0], why.goal), v.show(x[0])),
    )[:CONTRASTS]
    if not differing:
        if pair := _values_apart(holds, fails, why.goal):
            return f"it is open: in one world {v.say(pair[0])}; in the other {v.say(pair[1])}"
        return "it is open: the two worlds below differ only in things without a name"
    one = " and ".join(v.say(f if value else negate(f)) for f, value in differing)
    other = " and ".join(v.say(negate(f) if value else f) for f, value in differing)
    return f"it is open: in one world {one}; in the other {other}"


def _values_apart(a: FiniteModel, b: FiniteModel, goal: Formula) -> tuple[Equal, Equal] | None:
    """A name, of the goal first, that denotes another numeral in each model, and the two."""
    numerals = [{e: Num(n) for n, e in m.numbers} for m in (a, b)]
    elements = [dict(m.constants) for m in (a, b)]
    asked = {t.name for t in _constants(goal)}
    for name in sorted(elements[0].keys() & elements[1].keys(), key=lambda x: (x not in asked, x)):
        here, there = (n.get(e[name]) for n, e in zip(numerals, elements, strict=True))
        if here is not None and there is not None and here != there:
            return Equal(Const(name), here), Equal(Const(name), there)
    return None


def _distance(f: Atom, goal: Formula) -> tuple[bool, bool, bool]:
    """The goal's own atoms first, then its predicates, then what it names."""
    inside = tuple(atoms(goal))
    things = set(ground_terms([goal]))
    return (
        f not in inside,
        (f.pred, len(f.args)) not in {(a.pred, len(a.args)) for a in inside},
        not things & set(f.args),
    )


def _differences(a: FiniteModel, b: FiniteModel) -> Iterator[tuple[Atom, bool]]:
    """Atoms about named things that are true in one model only, and whether that is `a`."""
    constants = sorted({name for m in (a, b) for name, _ in m.constants if not name.startswith("$")})
    for here, there, value in ((a, b, True), (b, a, False)):
        names, elsewhere = _denoted(here, constants), _elements(there, constants)
        rows = {(pred, arity): frozenset(found) for pred, arity, found in there.predicates}
        for pred, arity, found in sorted(here.predicates):
            if pred.startswith("$"):
                continue
            for row in sorted(found):
                for terms in islice(product(*(names.get(e, ()) for e in row)), READINGS):
                    if tuple(elsewhere[t] for t in terms) not in rows.get((pred, arity), frozenset()):
                        yield Atom(pred, terms), value


def _elements(m: FiniteModel, constants: list[str]) -> dict[Term, int]:
    """What each name denotes; a constant that a model leaves open is its element 0."""
    named = dict(m.constants)
    return {**{Const(c): named.get(c, 0) for c in constants}, **{Num(n): e for n, e in m.numbers}}


def _denoted(m: FiniteModel, constants: list[str]) -> dict[int, tuple[Term, ...]]:
    out: dict[int, tuple[Term, ...]] = {}
    for t, e in _elements(m, constants).items():
        out[e] = (*out.get(e, ()), t)
    return out

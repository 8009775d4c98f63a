"""Comparatives and superlatives, and the things that they put in order.

Knows how English says degrees (docs/english.md); must not know rows, times or whole sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.parser.generate.context import COMPARATIVES, G
from neurosym.parser.generate.meaning import Tree, V, W, entity, forall, p1, p2
from neurosym.parser.generate.nouns import NP, Body, Words, name, noun_head, object_np, plain, some_entity
from neurosym.parser.generate.predicates import Form
from neurosym.parser.lexicon import Adjective, invent_adjective
from neurosym.parser.morphology import ordinal as ordinal_of
from neurosym.parser.morphology import plural, positive_order

Complement: TypeAlias = tuple[Form, Body]
Degree: TypeAlias = tuple[Words, Tree]  # words, and the predicate that they name


@dataclass(frozen=True, slots=True)
class Against:
    """What a subject is compared with: `apply` takes the subject and what is said of the other."""

    words: Words
    apply: Callable[[Tree, Body], Tree]


_PERIPHRASTIC = str.split(
    "expensive popular common famous valuable careful difficult experienced reliable recent"
)
_IRREGULAR = {"better": "best", "worse": "worst", "farther": "farthest", "further": "furthest"}
_ORDINALS = str.split("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_DIGITS = str.split("1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 15th 20th 21st 22nd")


# --- things in order ------------------------------------------------------------------


def quality(g: G) -> str:
    """An adjective that is no place in an order itself: "the fourth book" is not called "fourth"."""
    while ordinal_of(word := g.adjective().base) is not None or positive_order(word) != word:
        pass
    return word


def member(g: G) -> NP:
    """One of several things that are put in order: Ann, the red book, the kiwis."""
    r = g.rng.random()
    if r < g.named * 0.9:
        return name(g)
    if r > 0.9:
        g.tag("member-many")
        ws = [W(g.noun().many)]
        if g.p(0.2):
            ws.insert(0, W(quality(g)))
        t = entity("D", ws)
        return NP(["the", *ws], True, lambda body: body(t), t)
    if r > 0.6 and not g.bare:
        ws = [W(quality(g)), W(_kind(g))]
        if g.p(0.12):
            ws.insert(0, W(quality(g)))
        g.seen.append(("D", tuple(w.text for w in ws)))
        t = entity("D", ws)
        return NP(["the", *ws], False, lambda body: body(t), t)
    return some_entity(g)


def _kind(g: G) -> str:
    """A noun; often the one that another thing of the sentence has."""
    said = [texts[-1] for kind, texts in g.seen if kind == "D"]
    return g.pick(said) if said and g.p(0.6) else g.noun().one


def kind_of_things(g: G, many: bool) -> tuple[Words, Callable[[Tree], Tree]]:
    """The noun of a superlative: "the tallest student", "the oldest of the students"."""
    if g.p(0.5) and any(kind == "D" for kind, _ in g.seen):
        one = _kind(g)
        w = W(plural(one) if many else one)
        return [w], lambda t: p1(("N", w), t)
    head, sem = noun_head(g)
    return head(many), sem


def against(g: G) -> Against:
    """What something is compared with: mostly one thing, else both of two, each of a kind, all the others."""
    if g.p(0.82 if g.plain else 0.72):
        o = member(g)
        return Against(o.words, lambda t, said: said(o.term))
    r = g.rng.random()
    if r < 0.25:
        g.tag("than-both")
        a, b = member(g), member(g)
        both: Words = ["both"] if g.p(0.6) else []
        return Against(
            [*both, *a.words, "and", *b.words], lambda t, said: ("AND", said(a.term), said(b.term))
        )
    v = V()
    if r < 0.5:
        g.tag("than-others")
        if g.p(0.35):
            words: Words = [g.pick(("everyone", "everybody", "anyone", "everything")), "else"]
            return Against(words, lambda t, said: forall(v, [("NOT", ("EQ", v, t))], said(v)))
        nom = plain(g)
        first = g.pick(("every other", "any other", "all other", "all the other", "each other"))
        if first == "each other":
            first = "every other"
        words = [*first.split(), *nom.words(first.startswith("all"))]
        return Against(words, lambda t, said: forall(v, [*nom.sem(v), ("NOT", ("EQ", v, t))], said(v)))
    if r < 0.7:
        g.tag("than-every")
        nom = plain(g)
        word = g.pick(("every", "every", "each", "all", "any"))
        words = [word, *nom.words(word == "all")]
        return Against(words, lambda t, said: forall(v, nom.sem(v), said(v)))
    np = object_np(g, depth=1)
    return Against(np.words, lambda t, said: np.apply(said))


# --- degrees --------------------------------------------------------------------------


def graded(g: G) -> tuple[str, str, str]:
    """Comparative, superlative, base; the first two empty where "more" and "most" are used."""
    r = g.rng.random()
    adjective = g.adjective()
    if r < 0.42:
        adjective = Adjective("", g.pick(COMPARATIVES))
    elif r < 0.52:
        adjective = Adjective(g.pick(_PERIPHRASTIC), "")
    elif r < 0.58:
        new = invent_adjective(g.rng, g.split).base
        adjective = Adjective(new, new[:-1] + "ier" if new.endswith("y") else "")
    more = adjective.more
    most = _IRREGULAR.get(more, more[:-2] + "est" if more.endswith("er") else "")
    if not most or positive_order(most) != more:
        base = adjective.base or g.pick(_PERIPHRASTIC)
        return "", "", base
    return more, most, adjective.base


def comparative(g: G) -> Degree:
    """Older; more careful; less careful."""
    more, _, base = graded(g)
    if more:
        w = W(more)
        return [w], ("C", w)
    d, w = W(g.choose((0.65, "more"), (0.35, "less"))), W(base)
    return [d, w], ("JOIN", ("P", d), ("A", w))


def superlative(g: G) -> Degree:
    """Oldest; most careful; least careful."""
    _, most, base = graded(g)
    if most:
        w = W(most)
        return [w], ("S", w)
    d, w = W(g.choose((0.7, "most"), (0.3, "least"))), W(base)
    return [d, w], ("JOIN", ("S", d), ("A", w))


def ordinal(g: G, first: bool = True) -> W:
    """Second, 3rd, twelfth."""
    r = g.rng.random()
    if r < 0.12:
        return W(g.pick(_DIGITS if first else _DIGITS[1:]))
    low = 0 if first and r < 0.3 else 1
    return W(_ORDINALS[low + int(g.rng.random() ** 2.2 * (len(_ORDINALS) - low))])


# --- comparing ------------------------------------------------------------------------


def comparing(g: G) -> Complement:
    """Older than Tom; more careful than both; as old as a cat; older than Tom but younger than Ann."""
    if g.p(0.16):
        return _comparing_twice(g)
    words, pred, link = _comparison(g)
    o = against(g)
    return lambda m: [*words, link, *o.words], lambda t: o.apply(t, lambda u: p2(pred, t, u))


def _comparison(g: G) -> tuple[Words, Tree, str]:
    if g.p(0.12):
        g.tag("cmp-as")
        w, d = W(graded(g)[2] or g.adjective().base), W("as")
        return [d, w], ("JOIN", ("P", d), ("A", w)), "as"
    words, pred = comparative(g)
    g.tag("cmp-er" if len(words) == 1 else "cmp-more")
    return words, pred, "than"


def _comparing_twice(g: G) -> Complement:
    a, b = _comparison(g), _comparison(g)
    o = member(g)
    op, link = g.choose((0.45, ("AND", "and")), (0.35, ("AND", "but")), (0.2, ("OR", "or")))
    said = lambda t: (op, p2(a[1], t, o.term), p2(b[1], t, o.term))  # noqa: E731
    if a[2] == b[2] == "than" and g.p(0.35):
        g.tag("cmp-shared")  # older and heavier than Tom
        words: Words = [*a[0], link, *b[0], "than", *o.words]
        return lambda m: words, said
    g.tag("cmp-twice")
    o2 = member(g)
    comma: Words = [","] if link == "but" and g.p(0.3) else []
    out: Words = [*a[0], a[2], *o.words, *comma, link, *b[0], b[2], *o2.words]
    return lambda m: out, lambda t: (op, p2(a[1], t, o.term), p2(b[1], t, o2.term))

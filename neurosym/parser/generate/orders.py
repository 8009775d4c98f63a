"""Sentences about orders: who is older, first, second from the left, before whom; and questions of these.

Knows sentence frames; what orders things stands in `degrees` and `ranks` (docs/english.md).  Must not
know the model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from neurosym.parser.generate import frames, lists, measures
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import comparative, member
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, p2
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.predicates import copula
from neurosym.parser.generate.ranks import nth, ordering, ranked, tense
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.sides import side, when
from neurosym.parser.generate.verbs import gap, predicate, verb
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

Whole: TypeAlias = tuple[Words, Tree, str]


# --- statements -----------------------------------------------------------------------


def order_fact(g: G) -> Said:
    """Tom is older than Ann; the red book is second from the left; Bob and Eve finished before Tom."""
    g.tag("order")
    return frames.about(g, ordering)


def order_more(g: G) -> Said:
    """Tom is older than Ann and likes Bob."""
    return frames.more(g, ordering)


def order_clauses(g: G) -> Said:
    """Tom is older than Ann and Bob finished third."""
    return frames.clauses(g, ordering)


def order_rule(g: G) -> Said:
    """If Tom is older than Ann, Bob finished last; every cat that sits behind Tom is red."""
    g.tag("order-rule")
    return frames.law(g, ordering)


def order_between(g: G) -> Said:
    """Tom arrived before Ann but after Bob; the red book is to the left of A and to the right of B."""
    g.tag("order-two-sides")
    s, a, b = member(g), member(g), member(g)
    w = W()
    link = g.choose((0.6, ["and"]), (0.25, ["but"]), (0.15, [",", "but"]))
    if g.p(0.5):
        (first, p), (second, q) = side(g), side(g)
        if g.p(0.6):
            head: list[Tree] = []
            pred = copula(g, lambda m: [*first, *a.words, *link, *second, *b.words], lambda t: t, 0.0)
        else:
            head = [("V", w)]
            v = g.intransitive() if g.p(0.3) else g.pick(SITTING)
            pred = verb(g, v, w, None, [*first, *a.words, *link, *second, *b.words], lambda t: t, 0.0)
    else:
        tense(g)
        (first, p), (second, q) = when(g), when(g)
        head = [("V", w)]
        v = g.intransitive() if g.p(0.5) else g.pick(COMING)
        pred = verb(g, v, w, None, [*first, *a.words, *link, *second, *b.words], lambda t: t, 0.0)
    t = s.term
    return [*s.words, *pred.fin(s.plural)], (
        "AND",
        p2(_join([*head, *p]), t, a.term),
        p2(_join([*head, *q]), t, b.term),
    )


def _join(pointers: list[Tree]) -> Tree:
    return pointers[0] if len(pointers) == 1 else ("JOIN", pointers[0], _join(pointers[1:]))


SITTING = tuple(Verb(b, *verb_forms(b)) for b in str.split("sit stand hang lie live wait rest"))
COMING = tuple(
    Verb(b, *verb_forms(b)) for b in str.split("arrive leave finish start open come speak perform")
)


def order_chain(g: G) -> Said:
    """Tom is older than Ann, who is older than Bob."""
    g.tag("order-chain")
    s, mid = member(g), member(g)
    words, pred = comparative(g)
    link: Words = ["than"]
    if g.p(0.4):
        words, pointers = side(g) if g.p(0.6) else when(g)
        pred, link = _join(pointers), []
        if words[-1] == "than":
            raise Retry
    first = copula(g, lambda m: [*words, *link, *mid.words], lambda t: p2(pred, t, mid.term), 0.0)
    second = ordering(g, 0.1)
    who = "who" if mid.person else "which"
    return (
        [*s.words, *first.fin(s.plural), ",", who, *second.fin(mid.plural)],
        ("AND", first.sem(s.term), second.sem(mid.term)),
    )


def order_gapping(g: G) -> Said:
    """Tom finished first, Ann second and Bob third; the cup is the oldest, and the bowl the newest."""
    g.tag("order-gapping")
    n = g.choose((0.5, 2), (0.4, 3), (0.1, 4))
    things = [member(g) for _ in range(n)]
    places = g.rng.sample(str.split("first second third fourth fifth sixth"), n)
    if g.p(0.7):
        places.sort(key=str.split("first second third fourth fifth sixth").index)
    os = [W(p) for p in places]
    w = W()
    tense(g)
    v = g.pick(COMING[:2]) if g.p(0.4) else g.pick((COMING[2], COMING[2], COMING[5]))
    pred = verb(g, v, w, None, [os[0]], lambda t: t, 0.0)
    words: Words = [*things[0].words, *pred.fin(things[0].plural)]
    for i in range(1, n):
        last = i == n - 1
        words += [
            *([","] if not last or g.p(0.6) else []),
            *(["and"] if last else []),
            *things[i].words,
            os[i],
        ]
    return words, conj([nth(("V", w), o, x.term) for o, x in zip(os, things, strict=True)])


def order_laws(g: G) -> Said:
    """If X is older than Y, then Y is younger than X; if X is left of Y and Y of Z, X is left of Z."""
    g.tag("order-law")
    x, y, z = V(), V(), V()
    names = g.pick((("X", "Y", "Z"), ("A", "B", "C"), ("x", "y", "z"), ("P", "Q", "R"), ("M", "N", "K")))
    a, b, c = cast("tuple[Words, Words, Words]", tuple([n] for n in names))
    first = _relation(g)
    again = first if g.p(0.6) else None
    then = g.pick((["then"], [",", "then"], [","]))
    if g.p(0.55):
        w1, s1 = first(a, b)
        out, s2 = (again or _relation(g))(b, a)
        body = s2(y, x)
        if again is not None:
            at = next(i for i, w in enumerate(out) if w in ("is", "does"))
            out = [*out[: at + 1], "not", *out[at + 1 :]]
            body = ("NOT", body)
        return ["if", *w1, *then, *out], ("ALL", x, ("ALL", y, ("IMP", s1(x, y), body)))
    (w1, s1), (w2, s2) = first(a, b), (again or _relation(g))(b, c)
    out, s3 = (again or _relation(g))(a, c)
    tree = ("ALL", x, ("ALL", y, ("ALL", z, ("IMP", ("AND", s1(x, y), s2(y, z)), s3(x, z)))))
    return ["if", *w1, "and", *w2, *then, *out], tree


def _relation(g: G) -> Callable[[Words, Words], tuple[Words, Callable[[Tree, Tree], Tree]]]:
    """One relation of order, that each mention says with words of its own."""
    words, pred = comparative(g) if g.p(0.45) else (None, None)
    link: Words = ["than"] if words is not None else []
    if words is None:
        words, pointers = side(g)
        pred = _join(pointers)
    fixed = list(words)

    def say(a: Words, b: Words) -> tuple[Words, Callable[[Tree, Tree], Tree]]:
        fresh = {id(w): W(w.text) for w in fixed if isinstance(w, W)}
        mine: Words = [fresh[id(w)] if isinstance(w, W) else w for w in fixed]
        own = _renew(pred, fresh)
        return [*a, "is", *mine, *link, *b], lambda t, u: p2(own, t, u)

    return say


def _renew(pred: Tree, fresh: dict[int, W]) -> Tree:
    """The same predicate over other occurrences of its words."""
    return tuple(
        fresh.get(id(part), part)
        if isinstance(part, W)
        else _renew(part, fresh)
        if isinstance(part, tuple)
        else part
        for part in pred
    )


def ranked_subject(g: G) -> Said:
    """The tallest student is Tom; the second book from the left is red; the oldest of them is a cat."""
    words, sem, named = ranked(g, 0.8)
    if g.p(0.4):
        g.tag("ranked-is")
        o = member(g)
        be = "was" if g.past else "is"
        neg: Words = ["not"] if not named and g.p(0.08) else []
        t = sem(o.term)
        return [*words, be, *neg, *o.words], ("NOT", t) if neg else t
    g.tag("ranked-subject")
    v, pred = V(), predicate(g, 1)
    return [*words, *pred.fin(False)], exists(v, [sem(v)], [pred.sem(v)])


def ranked_object(g: G) -> Said:
    """Tom likes the tallest student; the cat sits behind the second car from the left."""
    g.tag("ranked-object")
    s, verb_, v = member(g), gap(g, 0.08), V()
    words, sem, _ = ranked(g, 0.85)
    return [*s.words, *verb_.fin(s.plural), *words], exists(v, [sem(v)], [verb_.said(s.term, v)])


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.33, order_fact), (0.05, order_more), (0.04, order_between), (0.07, order_clauses), (0.02, order_chain),
    (0.02, order_gapping), (0.1, order_rule), (0.03, order_laws), (0.07, ranked_subject),
    (0.03, ranked_object),
    *((0.24 * weight, make) for weight, make in measures.STATEMENTS),
)  # fmt: skip


# --- questions ------------------------------------------------------------------------


def ask_order(g: G) -> Whole:
    """Is Tom older than Ann?  Did the cat arrive before Tom?  Is the red book the leftmost?"""
    g.tag("order")
    return frames.ask(g, ordering)


def wh_order(g: G) -> Whole:
    """Who finished third?  Which book is second from the left?  How many guests left before Ann?"""
    g.tag("order")
    return frames.wh(g, ordering)


def wh_ranked(g: G) -> Whole:
    """Who is the tallest student?  What was the second oldest of the cars?"""
    g.tag("wh-ranked")
    v = V()
    words, sem, _ = ranked(g, 0.8)
    who = g.pick(("who", "what", "which", "which"))
    return [who, "was" if g.past else "is", *words], ("WH", v, sem(v)), "?"


def ask_ranked(g: G) -> Whole:
    """Is the oldest student Tom?  Is the second book from the left the red book?"""
    g.tag("ask-ranked")
    words, sem, _ = ranked(g, 0.7)
    o = member(g)
    return ["was" if g.past else "is", *words, *o.words], ("ASK", sem(o.term)), "?"


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.2, ask_order), (0.2, wh_order), (0.05, wh_ranked), (0.03, ask_ranked),
    *((0.38 * weight, make) for weight, make in lists.SENTENCES),
    *((0.14 * weight, make) for weight, make in measures.SENTENCES),
)  # fmt: skip

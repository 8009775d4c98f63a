"""Sides, before and after, faster than: relations of order between two things.

Knows how English says them, and what they mean (docs/english.md); must not know sentences.
"Directly" and "immediately" change the meaning and are left out.
"""

from __future__ import annotations

from neurosym.parser.coverage import CHANGING
from neurosym.parser.generate.context import COMPARATIVES, G
from neurosym.parser.generate.degrees import against, member
from neurosym.parser.generate.meaning import Tree, W, joined, p2
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.predicates import Pred, copula
from neurosym.parser.generate.verbs import verb
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms


def verbs(bases: str) -> tuple[Verb, ...]:
    return tuple(Verb(b, *verb_forms(b)) for b in bases.split())


CONTEST = verbs("finish finish finish come come place rank end")
EVENT = verbs(
    "arrive leave depart start begin open close speak perform appear graduate retire join sleep wake"
)
DONE = verbs(
    "build found publish release paint write invent discover open finish print record restore buy sell"
)
POSTURE = verbs("sit stand hang lie live stay wait sleep work park rest kneel")
PUT = verbs("park place seat plant put stack mount store display hang build")


def side(g: G) -> tuple[Words, list[Tree]]:
    """To the left of; above; in front of; north of: words, and the pointers of the relation."""
    r = g.rng.random()
    if r < 0.45:
        w, of = W(g.pick(("left", "right"))), W("of")
        first = g.choose((0.65, ["to", "the"]), (0.15, ["on", "the"]), (0.2, []))
        return [*first, w, of], [("N", w), ("P", of)]
    if r < 0.52:
        w, of = W(g.pick(("north", "south", "east", "west"))), W("of")
        return [*(["to", "the"] if g.p(0.4) else []), w, of], [("N", w), ("P", of)]
    if r < 0.66:
        i, w, of = W("in"), W("front"), W("of")
        return [i, w, of], [("P", i), ("N", w), ("P", of)]
    if r < 0.74:
        ws = [W(x) for x in g.pick(("ahead of", "next to", "close to", "ahead of")).split()]
        return [*ws], [("P", w) for w in ws]
    w = W(g.pick(str.split("above below behind above below behind beneath underneath after before beside")))
    return [w], [("P", w)]


def beside(g: G, negation: float) -> Pred:
    """Is to the left of Tom; stands behind a cat; is parked in front of Ann's house; is between two."""
    if g.p(0.07):
        g.tag("between")
        w, a, b = W("between"), member(g), member(g)
        return copula(
            g,
            lambda m: [w, *a.words, "and", *b.words],
            lambda t: ("P3", ("P", w), t, a.term, b.term),
            negation,
        )
    words, pointers = side(g)
    o = against(g)
    r = g.rng.random()
    if r < 0.6:
        g.tag("side")
        pred = joined(pointers)
        return copula(
            g, lambda m: [*words, *o.words], lambda t: o.apply(t, lambda u: p2(pred, t, u)), negation
        )
    w = W()
    if r < 0.85:
        g.tag("side-posture")
        v = g.pick(POSTURE) if g.p(0.8) else g.intransitive()
        both = joined([("V", w), *pointers])
        return verb(
            g, v, w, None, [*words, *o.words], lambda t: o.apply(t, lambda u: p2(both, t, u)), negation
        )
    g.tag("side-put")
    w.text = (g.pick(PUT) if g.p(0.8) else g.transitive()).participle
    put = joined([("T", w), *pointers])
    return copula(g, lambda m: [w, *words, *o.words], lambda t: o.apply(t, lambda u: p2(put, t, u)), negation)


def when(g: G) -> tuple[Words, list[Tree]]:
    """Before; after; earlier than; ahead of."""
    r = g.rng.random()
    if r < 0.68:
        w = W(g.pick(("before", "after")))
        return [w], [("P", w)]
    if r < 0.88:
        w = W(g.pick(("earlier", "later", "sooner")))
        return [w, "than"], [("C", w)]
    ws = [W("ahead"), W("of")]
    return [*ws], [("P", w) for w in ws]


def timed(g: G, negation: float) -> Pred:
    """Arrived before Tom; was built after the church; finished above Ann; opened earlier than both."""
    w = W()
    words, pointers = when(g)
    o = against(g)
    r = g.rng.random()
    if r < 0.3:
        g.tag("done-before")
        w.text = (g.pick(DONE) if g.p(0.7) else g.transitive()).participle
        done = joined([("T", w), *pointers])
        comp = lambda m: [w, *words, *o.words]  # noqa: E731
        return copula(g, comp, lambda t: o.apply(t, lambda u: p2(done, t, u)), negation)
    v = g.pick(EVENT) if g.p(0.6) else g.intransitive()
    if r > 0.7:
        g.tag("result-before")
        v = g.pick(CONTEST[:7])
        p = W(g.pick(("above", "below", "behind", "before", "after")))
        if g.p(0.6):
            words, pointers = [p], [("P", p)]
    else:
        g.tag("before")
    both = joined([("V", w), *pointers])
    return verb(g, v, w, None, [*words, *o.words], lambda t: o.apply(t, lambda u: p2(both, t, u)), negation)


def outdone(g: G, negation: float) -> Pred:
    """Runs faster than Tom; drives more carefully than Ann; earns less than a cook."""
    w, o = W(), against(g)
    r = g.rng.random()
    v = g.intransitive()
    if r < 0.4:
        g.tag("verb-er")
        c = W(g.choose((0.7, g.pick(COMPARATIVES)), (0.3, g.pick(("harder", "better", "worse", "sooner")))))
        words: Words = [c]
        pointers: list[Tree] = [("C", c)]
    elif r < 0.7:
        g.tag("verb-more-ly")
        d, a = W(g.pick(("more", "more", "less"))), W(g.adverb())
        while a.text in CHANGING:
            a.text = g.adverb()
        words, pointers = [d, a], [("P", d), ("A", a)]
    else:
        g.tag("verb-more")
        d = W(g.pick(("more", "less")))
        v = g.pick(verbs("cost weigh earn eat sleep pay work know read"))
        words, pointers = [d], [("P", d)]
    both = joined([("V", w), *pointers])
    rest: Words = [*words, "than", *o.words]
    return verb(g, v, w, None, rest, lambda t: o.apply(t, lambda u: p2(both, t, u)), negation)

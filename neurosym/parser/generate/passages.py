"""Facts of written stories: when and how something was done, members and names of things, short facts.

Knows nominals and predicates of every kind; must not know rules.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.chapters import attribute
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.dates import moment
from neurosym.parser.generate.essays import NATIONS, long_verb, manner, noun_leaf
from neurosym.parser.generate.lumps import Leaf
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, joined, p1, p2
from neurosym.parser.generate.mixed import EVERYBODY
from neurosym.parser.generate.nouns import (
    NP,
    Body,
    Words,
    definite,
    indefinite,
    name,
    noun_head,
    place,
    plain,
    some_entity,
    titled,
)
from neurosym.parser.generate.pairs import side, sides
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.verbs import gap, predicate, simple, verb
from neurosym.parser.lexicon import Noun, Verb

# --- times, manners -------------------------------------------------------------------


def adverbial(g: G) -> Said:
    """The fair was originally held in Oslo; in 1988, the fair was held in Oslo; Tom also sings."""
    r = g.rng.random()
    s = titled(g) if g.p(0.3) else some_entity(g)
    w, p = W(), W(g.pick(PREPOSITIONS))
    be = ("were" if s.plural else "was") if g.past or g.p(0.6) else "are" if s.plural else "is"
    o = place(g) if g.p(0.6) else some_entity(g)
    if r < 0.4:
        form, sem = manner(g)
        return [*s.words, be, *form(s.plural)], sem(s.term)
    if r < 0.75:
        g.tag("time-first")
        prep, words, t = moment(g, True)
        comma: Words = [","] if g.p(0.85) else []
        if g.p(0.5):
            w.text = g.transitive().participle
            tree: Tree = ("P3", joined([("T", w), ("P", p), ("P", prep)]), s.term, o.term, t)
            return [prep, *words, *comma, *s.words, be, w, p, *o.words], tree
        g.past = True
        transitive = g.p(0.5)
        v: Verb = g.transitive() if transitive else g.intransitive()
        w.text = v.past
        middle: list[Tree] = [] if transitive else [("P", p)]
        head = joined([("V", w), *middle, ("P", prep)])
        rest: Words = [w, *([] if transitive else [p]), *o.words]
        return [prep, *words, *comma, *s.words, *rest], ("P3", head, s.term, o.term, t)
    g.tag("also")
    pred = side(g)
    words = pred.fin(s.plural)
    also = g.pick((["also"], ["also"], ["in", "fact"], ["also"], ["therefore"]))
    be_first = words[0] in ("is", "are", "was", "were", "can", "will", "has", "have")
    out: Words = [words[0], *also, *words[1:]] if be_first else [*also, *words]
    return [*s.words, *out], pred.sem(s.term)


# --- members and names ----------------------------------------------------------------


def members(g: G) -> Said:
    """The nurses include Mia, Tom and Ann: each is a nurse; animals include cats and dogs."""
    g.tag("include")
    nom = plain(g)
    v = V()
    n = 2 if g.p(0.4) else 3 if g.p(0.7) else 4
    kinds = g.p(0.4)
    head: Words = [*(["the"] if not kinds and g.p(0.4) else []), *nom.words(True)]
    items: list[Words] = []
    parts: list[Tree] = []
    for _ in range(n):
        if kinds:
            w = W(g.noun().many)
            items.append([w])
            parts.append(p1(("N", w), v))
        else:
            e = name(g) if g.p(0.7) else titled(g)
            items.append(e.words)
            parts.append(conj(nom.sem(e.term)))
    comma: Words = [","] if n > 2 and g.p(0.5) else []
    listed: Words = []
    for i, item in enumerate(items):
        listed += [*([*comma, "and"] if i == n - 1 else [","] if i else []), *item]
    tree = forall(v, [conj(parts, "OR")], conj(nom.sem(v))) if kinds else conj(parts)
    return [*head, "include", *listed], tree


def called(g: G) -> Said:
    """Tom owns a dog called Rex; a town named Lund is in Oslo; there is a book titled The Art of Rain."""
    link = g.pick(("called", "named", "called", "named", "known as", "titled"))
    e = titled(g) if g.p(0.5) else place(g) if g.p(0.3) else name(g)
    nom = plain(g)
    np: Words = [*indefinite(nom.words(False)), *link.split(), *e.words]
    parts = nom.sem(e.term)
    r = g.rng.random()
    if r < 0.4:
        g.tag("called-object")
        s, verb_ = some_entity(g), gap(g, 0.0)
        return [*s.words, *verb_.fin(s.plural), *np], conj([*parts, verb_.said(s.term, e.term)])
    if r < 0.75:
        g.tag("called-subject")
        pred = simple(g, 1)
        return [*np, *pred.fin(False)], conj([*parts, pred.sem(e.term)])
    g.tag("called-there")
    after: Words = []
    if g.p(0.5):
        where, p = place(g), W(g.pick(("in", "near", "at")))
        after, parts = [p, *where.words], [*parts, p2(("P", p), e.term, where.term)]
    return ["there", "is", *np, *after], conj(parts)


def only_one(g: G) -> Said:
    """Mia is the only nurse from Oslo who sings; a skiff is a kind of boat built in Oslo or Lund."""
    s: NP = name(g) if g.p(0.7) else titled(g)
    nom = plain(g)
    after, sem = attribute(g)
    extra = side(g, 0.1) if g.p(0.4) else None
    words: Words = [*nom.words(False), *after]
    parts: list[Body] = [lambda t: conj(nom.sem(t)), sem]
    if extra is not None:
        words += [g.pick(("who", "that")), *extra.fin(False)]
        parts.append(extra.sem)
    be = "was" if g.past else "is"

    def all_of(t: Tree) -> Tree:
        return conj([p(t) for p in parts])

    if g.p(0.5):
        g.tag("the-only")
        v = V()
        return [*s.words, be, "the", "only", *words], (
            "AND", all_of(s.term), forall(v, [all_of(v)], ("EQ", v, s.term)),
        )  # fmt: skip
    g.tag("kind-of-rel")
    kind = g.pick(("kind", "type", "sort"))
    if g.p(0.5):
        v, other = V(), plain(g)
        many = g.p(0.4)
        subject: Words = other.words(True) if many else indefinite(other.words(False))
        verb_ = "are" if many else "is"
        return [*subject, verb_, "a", kind, "of", *words], forall(v, other.sem(v), all_of(v))
    return [*s.words, be, "a", kind, "of", *words], all_of(s.term)


def apposed(g: G) -> Said:
    """The book The Art of Rain is red; the painter Mia Berg lives in Oslo; the game "Bright Kite" is old."""
    g.tag("apposed")
    e = titled(g) if g.p(0.55) else name(g) if g.p(0.6) else place(g)
    head, sem = noun_head(g, 0.15)
    quoted = e.term is not None and g.p(0.2)
    own: Words = ['"', *e.words, '"'] if quoted else e.words
    pred = side(g, 0.15) if g.p(0.5) else predicate(g, 1)
    words: Words = ["the", *head(False), *own, *pred.fin(False)]
    return words, ("AND", sem(e.term), pred.sem(e.term))


# --- short conclusions ----------------------------------------------------------------

GENERIC = str.split("thing person being object place human animal man woman company machine name event")


def _rare(g: G) -> Noun:
    """Any noun of a kind, the rarest as often as the commonest."""
    return g.pick(g.lex.nouns[g.pick(("animal", "person", "food", "plant", "artifact", "place", "object"))])


def plain_leaf(kind: str, w: W) -> Leaf:
    """One noun or adjective as a complement."""
    return lambda m: indefinite([w]) if kind == "N" else [w], lambda t: p1((kind, w), t)


def short(g: G) -> Said:
    """Jim is a thing; Lea is a Dutch nurse; all limes are fruit; Nora moved to Lund; no lime is a machine."""
    r = g.rng.random()
    neg: Words = [g.choose((0.7, "not"), (0.3, "n't"))] if g.p(0.25) else []
    w = W()
    if r < 0.55:
        s = titled(g) if g.p(0.12) else name(g) if g.p(0.85) else definite(g)
        be = ("were" if s.plural else "was") if g.past else "are" if s.plural else "is"
        if r < 0.25:
            g.tag("short-generic" if r < 0.12 else "short-noun")
            w.text = g.pick(GENERIC) if r < 0.12 else _rare(g).one
            form, sem = plain_leaf("N", w)
        elif r < 0.38:
            g.tag("short-adj")
            w.text = g.pick(g.lex.adjectives).base if g.p(0.7) else g.pick(NATIONS)
            form, sem = plain_leaf("A", w)
        else:
            g.tag("short-leaf")
            form, sem = noun_leaf(g)
        tree = sem(s.term)
        return [*s.words, be, *neg, *form(False)], ("NOT", tree) if neg else tree
    if r < 0.75:
        g.tag("short-verb")
        s = name(g)
        g.past = g.p(0.5)
        v = g.pick(g.lex.intransitive)
        p, o = W(g.pick(PREPOSITIONS)), place(g) if g.p(0.5) else some_entity(g)
        kind = g.choose((0.35, "vp"), (0.35, "vt"), (0.3, "vi"))
        if kind == "vt":
            v = g.pick(g.lex.transitive)
        rest: Words = [] if kind == "vi" else o.words if kind == "vt" else [p, *o.words]
        head: Tree = ("JOIN", ("V", w), ("P", p)) if kind == "vp" else ("V", w)
        said: Body = (lambda t: p1(head, t)) if kind == "vi" else lambda t: p2(head, t, o.term)
        pred: Pred = verb(g, v, w, None, rest, said, 0.25)
        return [*s.words, *pred.fin(False)], pred.sem(s.term)
    a, b, x = W(), W(), V()
    first, second = _rare(g), _rare(g)
    det = g.choose((0.35, "all"), (0.2, ""), (0.15, "no"), (0.15, "some"), (0.15, "every"))
    g.tag(f"short-{det}")
    many = det != "every"
    a.text = first.many if many else first.one
    b.text = second.many if many else second.one
    if many and g.p(0.3):  # a mass noun has no plural: are fruit
        b.text = g.pick(g.lex.nouns["food"]).one
    comp: Words = [b] if many else indefinite([b])
    words: Words = [*det.split(), a, "are" if many else "is", *comp]
    left, right = p1(("N", a), x), p1(("N", b), x)
    if det == "some":
        return words, exists(x, [left], [right])
    return words, forall(x, [left], ("NOT", right) if det == "no" else right)


def habits(g: G) -> Said:
    """Everyone in this room regularly spends a lot of time on old maps; nurses do research on dogs."""
    v = V()
    g.tag("habits")
    head, many = g.pick(EVERYBODY)
    restriction: list[Tree] = []
    words: Words = list(head.split())
    if g.p(0.5):
        nom = plain(g)
        det, many = g.pick((("all", True), ("every", False), ("", True), ("each", False)))
        words, restriction = [*det.split(), *nom.words(many)], nom.sem(v)
    if g.p(0.5) and words[-1] not in ("everyone", "everybody", "anyone"):
        after, sem = attribute(g)
        words, restriction = [*words, *after], [*restriction, sem(v)]
    pred = long_verb(g, 0.15) if g.p(0.6) else sides(g)
    return [*words, *pred.fin(many)], forall(v, restriction, pred.sem(v))


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.18, adverbial), (0.08, members), (0.1, called), (0.1, only_one), (0.34, short), (0.12, habits),
    (0.08, apposed),
)  # fmt: skip


def asked(g: G) -> tuple[Words, Tree, str]:
    """Does Mia regularly spend a lot of time on old maps?  Is Tom a gold medal winner?"""
    g.tag("ask-story")
    s = titled(g) if g.p(0.15) else name(g) if g.p(0.7) else definite(g)
    pred = side(g, 0.08)
    while pred.inv is None:
        pred = side(g, 0.08)
    return pred.inv(s.plural, s.words), ("ASK", pred.sem(s.term)), "?"


SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = ((1.0, asked),)

"""Plain statements and questions in other orders of words: clefts, fronting, split adverbs, ellipsis.

Knows the makers of phrases; must not know captions.  What each says is what its plain sister says:
"It is Tom who likes Bob" is that Tom likes Bob.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.asides import INDIRECT
from neurosym.parser.generate.companies import company
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.nouns import (
    NP,
    Nominal,
    Words,
    definite,
    indefinite,
    modified,
    name,
    object_np,
    place,
    plain,
    quantified_object,
    some_entity,
)
from neurosym.parser.generate.predicates import DATIVE, Pred, copula, copular
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.verbs import gap, predicate, simple, verb, verbal

HOW_OFTEN = str.split("often sometimes frequently regularly occasionally repeatedly")


def entity(g: G) -> NP:
    """One thing, never a bare noun."""
    g.bare = False
    if g.p(0.1):
        return company(g)
    return name(g) if g.p(g.named) else definite(g)


def be(g: G, many: bool = False) -> str:
    return ("were" if many else "was") if g.past else "are" if many else "is"


def who(g: G, np: NP) -> str:
    return g.pick(("who", "who", "that")) if np.person else g.pick(("that", "that", "which"))


# --- clefts ---------------------------------------------------------------------------


def it_cleft(g: G) -> Said:
    """It is Tom who likes Bob; it was Bob that Tom chased; it is in Paris that Tom works."""
    kind = g.choose((0.5, "subject"), (0.3, "object"), (0.2, "place"))
    g.tag(f"cleft-{kind}")
    neg = g.p(0.12)
    first: Words = ["it", be(g), *([g.pick(("not", "n't"))] if neg else [])]
    out: Callable[[Tree], Tree] = (lambda t: ("NOT", t)) if neg else (lambda t: t)
    e = entity(g)
    if kind == "subject":
        pred = predicate(g, 1, 0.0 if neg else 0.15)
        if not neg and g.p(0.15):
            g.tag("cleft-or")
            other = entity(g)
            return (
                [*first, "either", *e.words, "or", *other.words, who(g, e), *pred.fin(False)],
                ("OR", pred.sem(e.term), pred.sem(other.term)),
            )
        return [*first, *e.words, who(g, e), *pred.fin(e.plural)], out(pred.sem(e.term))
    s = entity(g)
    if kind == "object":
        missing = gap(g, 0.0)
        return (
            [*first, *e.words, "that", *s.words, *missing.fin(s.plural)],
            out(missing.said(s.term, e.term)),
        )
    w, prep = W(), W(g.pick(PREPOSITIONS))
    where = place(g) if g.p(0.6) else e
    pred = verb(g, g.intransitive(), w, None, [], lambda t: _at(w, prep, t, where), 0.0)
    return [*first, prep, *where.words, "that", *s.words, *pred.fin(s.plural)], out(pred.sem(s.term))


def _at(w: W, prep: W, t: Tree, where: NP) -> Tree:
    return p2(("JOIN", ("V", w), ("P", prep)), t, where.term)


def what_cleft(g: G) -> Said:
    """What Tom likes is the dog; the one who likes Bob is Tom; Tom is who Bob likes."""
    g.bare = False
    e, s = entity(g), entity(g)
    kind = g.choose(
        (0.3, "what"), (0.25, "one-who"), (0.15, "one-that"), (0.15, "is-what"), (0.15, "is-the-one")
    )
    g.tag(f"pseudo-{kind}")
    head = ["the", g.pick(("one", "one", "person" if e.person else "thing"))]
    if kind in ("one-who", "is-the-one"):
        pred = predicate(g, 1, 0.1)
        clause: Words = [*head, who(g, e), *pred.fin(False)]
        words: Words = [*clause, be(g), *e.words] if kind == "one-who" else [*e.words, be(g), *clause]
        return words, pred.sem(e.term)
    missing = gap(g, 0.0)
    link: Words = (
        ["who" if e.person else "what"] if kind != "one-that" else [*head, *(["that"] if g.p(0.7) else [])]
    )
    clause = [*link, *s.words, *missing.fin(s.plural)]
    words = [*e.words, be(g), *clause] if kind == "is-what" else [*clause, be(g), *e.words]
    return words, missing.said(s.term, e.term)


# --- fronting -------------------------------------------------------------------------


def fronted_place(g: G) -> Said:
    """In Paris, Tom works; with Bob, the dog chases the cat; from Ann Tom buys a book."""
    g.tag("fronted")
    w, prep = W(), W(g.pick(PREPOSITIONS))
    where = place(g) if g.p(0.55) else some_entity(g)
    s = entity(g) if g.p(0.75) else None
    start: Words = [prep, *where.words, *([","] if g.p(0.75) else [])]
    if g.p(0.6):
        pred = verb(g, g.intransitive(), w, None, [], lambda t: _at(w, prep, t, where), 0.1)
    else:
        g.tag("object")
        o = object_np(g, False, 1)
        sem: Callable[[Tree], Tree] = lambda t: o.apply(  # noqa: E731
            lambda u: ("P3", ("JOIN", ("V", w), ("P", prep)), t, u, where.term)
        )
        pred = verb(g, g.transitive(), w, None, o.words, sem, 0.1)
    if s is not None:
        return [*start, *s.words, *pred.fin(s.plural)], pred.sem(s.term)
    return _quantified(g, start, pred)


def _quantified(g: G, start: Words, pred: Pred) -> Said:
    """All cats, no cat, some cats, a cat: what was fronted stands before them."""
    kind = g.choose((0.3, "all"), (0.25, "every"), (0.2, "no"), (0.25, "some"))
    g.tag(f"then-{kind}")
    v, nom = V(), modified(g, 0.1, 0.1)
    many = kind in ("all", "some")
    words: Words = [*start, kind, *nom.words(many), *pred.fin(many)]
    if kind == "some":
        return words, exists(v, nom.sem(v), [pred.sem(v)])
    body = pred.sem(v)
    return words, forall(v, nom.sem(v), ("NOT", body) if kind == "no" else body)


def with_adverb(g: G) -> Said:
    """Tom quickly eats the apple; quickly, Tom runs; Tom has often visited Bob."""
    g.tag("adverb")
    w, a = W(), W(g.adverb() if g.p(0.6) else g.pick(HOW_OFTEN))
    head: Tree = ("JOIN", ("V", w), ("A", a))
    s = subject(g) if g.p(0.7) else None
    where = g.choose((0.5, "before"), (0.3, "after"), (0.2, "front"))
    g.tag(where)
    rest: Words = []
    sem: Callable[[Tree], Tree]
    r = g.rng.random()
    if r < 0.3:
        v = g.intransitive()
        sem = lambda t: p1(head, t)  # noqa: E731
    elif r < 0.5:
        v, prep = g.intransitive(), W(g.pick(PREPOSITIONS))
        o = object_np(g, False, 1)
        rest = [prep, *o.words]
        if where == "after":
            where = "inside" if g.p(0.5) else "before"
        sem = lambda t: o.apply(lambda u: p2(("JOIN", head, ("P", prep)), t, u))  # noqa: E731
    else:
        v, o = g.transitive(), object_np(g, False, 1)
        rest = list(o.words)
        sem = lambda t: o.apply(lambda u: p2(head, t, u))  # noqa: E731
    rest = [*rest, a] if where == "after" else [a, *rest] if where == "inside" else rest
    pred = verb(g, v, w, None, rest, sem, 0.0)
    placed = _with(pred, w, a) if where == "before" else pred
    front: Words = [a, *([","] if g.p(0.85) else [])] if where == "front" else []
    if s is not None:
        return [*front, *s.words, *placed.fin(s.plural)], s.apply(placed.sem)
    return _quantified(g, front, placed)


def _with(pred: Pred, w: W, a: W) -> Pred:
    """The same predicate with the adverb before its main verb."""

    def fin(many: bool) -> Words:
        words = pred.fin(many)
        i = next(i for i, x in enumerate(words) if x is w)
        return [*words[:i], a, *words[i:]]

    return Pred(fin, None, pred.sem)


def as_for(g: G) -> Said:
    """As for Tom, he is red; Tom, as well as Bob, is red."""
    g.bare = False
    e, pred = entity(g), predicate(g, 1)
    if g.p(0.5):
        g.tag("as-for")
        start = g.pick((["as", "for"], ["as", "for"], ["regarding"], ["concerning"], ["speaking", "of"]))
        again = g.pick(("he", "she")) if e.person else "they" if e.plural else "it"
        return [*start, *e.words, ",", again, *pred.fin(e.plural)], pred.sem(e.term)
    g.tag("as-well-as")
    other = entity(g)
    link = g.pick(
        (["as", "well", "as"], ["as", "well", "as"], ["along", "with"], ["together", "with"], ["and", "also"])
    )
    comma: Words = [","] if g.p(0.5) or link == ["and", "also"] else []
    return (
        [*e.words, *comma, *link, *other.words, *comma, *pred.fin(e.plural)],
        ("AND", pred.sem(e.term), pred.sem(other.term)),
    )


# --- ellipsis and extraposition -------------------------------------------------------


def ellipsis(g: G) -> Said:
    """Tom likes Ann and Bob does too; Tom is red, but Bob is not."""
    g.tag("ellipsis")
    g.bare = False
    pred = simple(g, 1, 0.0)
    a, b = entity(g), entity(g)
    if pred.inv is None:
        return [*a.words, *pred.fin(a.plural)], pred.sem(a.term)
    mark = W()
    asked = pred.inv(b.plural, [mark])
    auxiliary = [
        w.text if isinstance(w, W) else w for w in asked[: next(i for i, w in enumerate(asked) if w is mark)]
    ]
    words = [*a.words, *pred.fin(a.plural)]
    comma: Words = [","] if g.p(0.6) else []
    if g.p(0.5):
        end = g.pick(("too", "as well", "also")).split()
        second: Words = [*b.words, *auxiliary, *end]
        if g.p(0.2):
            second = [*b.words, "also", *auxiliary]
        return [*words, *comma, "and", *second], ("AND", pred.sem(a.term), pred.sem(b.term))
    g.tag("not")
    neg = "not" if not g.contract or auxiliary[-1] in ("may", "might", "can") else "n't"
    if neg == "n't" and auxiliary[-1] == "will":
        auxiliary[-1] = "wo"
    link = g.choose((0.7, "but"), (0.15, "and"), (0.15, "while"))
    return (
        [*words, *comma, link, *b.words, *auxiliary, neg],
        ("AND", pred.sem(a.term), ("NOT", pred.sem(b.term))),
    )


def extraposed(g: G) -> Said:
    """Everyone is red who likes Bob; nobody sleeps who is cold; a man arrived who likes Ann."""
    kind = g.choose((0.35, "everyone"), (0.25, "nobody"), (0.4, "a"))
    g.tag(f"extraposed-{kind}")
    v = V()
    inner = simple(g, 1, 0.15)
    pred = copular(g, 2, 0.0) if g.p(0.5) and kind != "a" else verb_alone(g)
    if kind == "a":
        nom: Nominal = plain(g)
        return (
            [
                *indefinite(nom.words(False)),
                *pred.fin(False),
                g.pick(("who", "that", "that")),
                *inner.fin(False),
            ],
            exists(v, nom.sem(v), [pred.sem(v), inner.sem(v)]),
        )
    head: Words = (
        [g.pick(("everyone", "everybody"))] if kind == "everyone" else g.pick((["nobody"], ["no", "one"]))
    )
    body = pred.sem(v)
    return (
        [*head, *pred.fin(False), "who", *inner.fin(False)],
        forall(v, [inner.sem(v)], ("NOT", body) if kind == "nobody" else body),
    )


def verb_alone(g: G) -> Pred:
    w = W()
    return verb(g, g.intransitive(), w, None, [], lambda t: p1(("V", w), t), 0.0)


def given_passive(g: G) -> Said:
    """The book was given to Bob by Tom; Bob is given a book by Tom; no cup was put on the table by Ann."""
    g.bare = False
    doer, gift, goal = (entity(g) if g.p(0.75) else quantified_object(g, True) for _ in range(3))
    kind = g.choose((0.4, "to"), (0.25, "receiver"), (0.35, "where"))
    g.tag(f"passive-{kind}")
    plain_verb = kind == "where" or (kind == "to" and g.p(0.3))
    v = g.transitive() if plain_verb else g.common(g.lex.ditransitive)
    w, to = W(v.participle), W("to")
    head: Tree = ("T", w) if kind != "to" or v.base in DATIVE else ("JOIN", ("T", w), ("P", to))
    by: Words = ["by", *doer.words]
    if kind == "receiver":
        subject_np, other, rest = goal, gift, [w, *gift.words, *by]
    elif kind == "to":
        subject_np, other = gift, goal
        rest = [w, *by, to, *goal.words] if g.p(0.3) else [w, to, *goal.words, *by]
    else:
        prep = W(g.pick([p for p in PREPOSITIONS if p != "by"]))
        head = ("JOIN", head, ("P", prep))
        subject_np, other, rest = gift, goal, [w, prep, *goal.words, *by]

    def sem(t: Tree) -> Tree:
        def of(u: Tree) -> Callable[[Tree], Tree]:
            thing, receiver = (u, t) if kind == "receiver" else (t, u)
            return lambda agent: ("P3", head, agent, thing, receiver)

        return other.apply(lambda u: doer.apply(of(u)))

    pred = copula(g, lambda m: rest, sem, 0.15)
    if g.p(0.3):
        return _quantified(g, [], pred)
    return [*subject_np.words, *pred.fin(subject_np.plural)], subject_np.apply(pred.sem)


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.2, it_cleft),
    (0.17, what_cleft),
    (0.14, fronted_place),
    (0.17, with_adverb),
    (0.08, as_for),
    (0.1, ellipsis),
    (0.06, extraposed),
    (0.08, given_passive),
)


# --- questions ------------------------------------------------------------------------


def tagged(g: G) -> tuple[Words, Tree, str]:
    """Tom is red, isn't he?  Tom likes Bob, right?"""
    g.bare = False
    e = entity(g)
    pred = copular(g, 1, 0.0) if g.p(0.55) else verbal(g, 1, 0.0)
    kind = g.choose((0.6, "tag"), (0.4, "right"))
    g.tag(f"asked-{kind}")
    end: Words = []
    if kind == "tag" and pred.inv is not None:
        mark = W()
        asked = pred.inv(e.plural, [mark])
        auxiliary = [
            w.text if isinstance(w, W) else w
            for w in asked[: next(i for i, w in enumerate(asked) if w is mark)]
        ]
        if auxiliary[-1] in ("may", "might", "must"):
            return tagged(g)
        auxiliary[-1] = {"can": "ca", "will": "wo"}.get(auxiliary[-1], auxiliary[-1])
        end = [",", *auxiliary, "n't", g.pick(("he", "she")) if e.person else "they" if e.plural else "it"]
    else:
        end = [
            ",",
            *g.pick(
                (["right"], ["correct"], ["yes", "or", "no"], ["is", "n't", "it"], ["true", "or", "false"])
            ),
        ]
    return [*e.words, *pred.fin(e.plural), *end], ("ASK", pred.sem(e.term)), "?"


def indirect(g: G) -> tuple[Words, Tree, str]:
    """Do you know who likes Bob?  Tell me what Tom chases.  I wonder which cats are red."""
    first = g.pick(INDIRECT)
    end = "?" if first[0] in ("do", "can", "could") else "."
    v = V()
    kind = g.choose((0.45, "who"), (0.3, "what"), (0.25, "which"))
    g.tag(f"indirect-{kind}")
    if kind == "who":
        pred = predicate(g, 1, 0.1)
        return [*first, g.pick(("who", "who", "what")), *pred.fin(False)], ("WH", v, pred.sem(v)), end
    if kind == "what":
        s, missing = entity(g), gap(g, 0.0)
        return (
            [*first, g.pick(("what", "who", "whom")), *s.words, *missing.fin(s.plural)],
            ("WH", v, missing.said(s.term, v)),
            end,
        )
    many, nom, pred = g.p(0.5), plain(g), simple(g, 1, 0.1)
    said = nom.words(many)
    return [*first, "which", *said, *pred.fin(many)], ("WH", v, conj([*nom.sem(v), pred.sem(v)])), end


SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = (
    (0.55, tagged),
    (0.45, indirect),
)

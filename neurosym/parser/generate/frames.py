"""Sentences around one predicate that a module makes: facts, rules, coordinations, questions of it.

Knows sentence frames; what is said comes from a maker of predicates (an order, a measure), so that
every one of them occurs in every frame.  Must not know the model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import member
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p2
from neurosym.parser.generate.nouns import Nominal, Words, indefinite, modified, plain
from neurosym.parser.generate.predicates import Gap, Pred
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.verbs import HAVE, predicate, simple, verb

Make: TypeAlias = Callable[[G, float], Pred]  # with the probability of a negation
Whole: TypeAlias = tuple[Words, Tree, str]


def about(g: G, make: Make) -> Said:
    """Tom is older than Ann; Bob and Eve finished before Tom; some cat is older than Ann."""
    if g.p(0.08):
        v, nom = V(), plain(g)
        word, many = g.choose((0.5, ("some", True)), (0.25, ("some", False)), (0.25, ("a", False)))
        words = nom.words(many)
        pred = make(g, 0.0)
        g.tag(f"about-{word}")
        first = indefinite(words) if word == "a" else [word, *words]
        return [*first, *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])
    s = member(g) if g.p(0.85) else subject(g)
    pred = make(g, 0.12 if s.term is not None else 0.0)
    return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)


def more(g: G, make: Make) -> Said:
    """Tom is older than Ann and likes Bob: one subject, and two things that are said of it."""
    g.tag("and-more")
    s = member(g)
    preds = [make(g, 0.1), make(g, 0.1) if g.p(0.5) else simple(g, 2)]
    g.rng.shuffle(preds)
    link = g.choose((0.6, "and"), (0.25, "but"), (0.15, "or"))
    comma: Words = [","] if link == "but" and g.p(0.4) else []
    words: Words = [*s.words, *preds[0].fin(s.plural), *comma, link, *preds[1].fin(s.plural)]
    return words, ("OR" if link == "or" else "AND", preds[0].sem(s.term), preds[1].sem(s.term))


def clause(g: G, make: Make) -> Said:
    s = member(g)
    pred = make(g, 0.12)
    return [*s.words, *pred.fin(s.plural)], pred.sem(s.term)


def clauses(g: G, make: Make) -> Said:
    """Tom is older than Ann and Bob finished third; either Tom came last or Ann did not win."""
    g.tag("clauses")
    (a, s), (b, t) = clause(g, make), clause(g, make)
    link = g.choose(
        (0.35, "and"), (0.14, "but"), (0.14, "while"), (0.05, ";"), (0.12, "or"), (0.12, "either"),
        (0.08, "xor"),
    )  # fmt: skip
    g.tag(link)
    if link in ("either", "xor"):
        end: Words = [*([","] if g.p(0.6) else []), "but", "not", "both"] if link == "xor" else []
        return ["either", *a, "or", *b, *end], ("XOR" if link == "xor" else "OR", s, t)
    comma: Words = [","] if link != ";" and g.p(0.45) else []
    return [*a, *comma, link, *b], ("OR" if link == "or" else "AND", s, t)


def law(g: G, make: Make) -> Said:
    """If Tom is older than Ann, Bob finished last; every cat that sits behind Tom is red."""
    r = g.rng.random()
    if r < 0.36:
        return _if(g, make)
    if r < 0.44:
        return _if_some(g, make)
    if r < 0.76:
        return _restricted(g, make)
    v = V()
    if r < 0.8:
        g.tag("law-nobody")
        head = g.choose((0.4, "nobody"), (0.3, "no one"), (0.3, "nothing"))
        pred = make(g, 0.0)
        return [*head.split(), *pred.fin(False)], forall(v, [], ("NOT", pred.sem(v)))
    g.tag("law-all")
    nom = plain(g) if g.p(0.7) else modified(g, 0.1, 0.5)
    kind = g.choose(
        (0.3, "every"), (0.24, "all"), (0.1, "each"), (0.2, "no"), (0.08, "none of the"), (0.08, "")
    )
    pred = make(g, 0.0)
    if not kind and g.past:
        kind = "all"  # "cats arrived" tells of some
    many = kind in ("all", "none of the", "")
    return [*kind.split(), *nom.words(many), *pred.fin(many)], _universal(v, nom, kind, [], pred)


def _universal(v: V, nom: Nominal, kind: str, more_: list[Tree], pred: Pred) -> Tree:
    body = pred.sem(v)
    return forall(v, [*nom.sem(v), *more_], ("NOT", body) if kind.startswith("no") else body)


def _if(g: G, make: Make) -> Said:
    g.tag("law-if")
    a, s = clause(g, make)
    if g.p(0.15):
        g.tag("law-if-and")
        b, t = clause(g, make)
        a, s = [*a, "and", *b], ("AND", s, t)
    b, t = clause(g, make) if g.p(0.55) else _plain_clause(g)
    if g.p(0.4):
        (a, s), (b, t) = (b, t), (a, s)
    if g.p(0.2):
        return [*b, g.pick(("if", "if", "whenever", "when")), *a], ("IMP", s, t)
    first = g.choose((0.74, "if"), (0.1, "whenever"), (0.08, "when"), (0.08, "provided that"))
    then = g.pick((["then"], [",", "then"], [","]))
    return [*first.split(), *a, *then, *b], ("IMP", s, t)


def _plain_clause(g: G) -> Said:
    s, pred = member(g), simple(g, 1)
    return [*s.words, *pred.fin(s.plural)], pred.sem(s.term)


def _if_some(g: G, make: Make) -> Said:
    """If a cat is older than Tom, it is red; if someone finishes first, they are happy."""
    g.tag("law-if-some")
    v, nom = V(), plain(g)
    inner, pred = make(g, 0.1), make(g, 0.1) if g.p(0.3) else simple(g, 1)
    kind = g.choose((0.5, "a"), (0.25, "someone"), (0.25, "something"))
    restriction: list[Tree] = [inner.sem(v)]
    head: Words = [kind]
    if kind == "a":
        head, restriction = indefinite(nom.words(False)), [*nom.sem(v), *restriction]
    again = {"a": g.pick(("it", "they")), "someone": g.pick(("they", "he", "she")), "something": "it"}[kind]
    then = g.pick((["then"], [",", "then"], [","]))
    return (
        ["if", *head, *inner.fin(False), *then, again, *pred.fin(again == "they")],
        forall(v, restriction, pred.sem(v)),
    )


def _restricted(g: G, make: Make) -> Said:
    """Every cat that is older than Tom is red; no one who finished last likes Bob."""
    g.tag("law-rel")
    v, nom = V(), plain(g)
    person = g.p(0.5)
    kind = g.choose(
        (0.26, "every"), (0.2, "all"), (0.12, "no"), (0.17, "some"), (0.15, "everyone"), (0.1, "the")
    )
    inner = make(g, 0.1)
    pred = make(g, 0.0) if g.p(0.35) else predicate(g, 1, 0.0 if kind == "no" else 0.15)
    who = g.pick(("who", "that")) if person else "that"
    if kind == "everyone":
        head: Words = [g.pick(("everyone", "anybody", "anyone")) if person else "everything"]
        return [*head, who, *inner.fin(False), *pred.fin(False)], forall(v, [inner.sem(v)], pred.sem(v))
    many = kind == "all" or (kind in ("no", "some") and g.p(0.5))
    words: Words = [kind, *nom.words(many), who, *inner.fin(many), *pred.fin(many)]
    if kind in ("some", "the"):  # a definite with more than nouns before it is read as "a"
        return words, exists(v, [*nom.sem(v), inner.sem(v)], [pred.sem(v)])
    return words, _universal(v, nom, kind, [inner.sem(v)], pred)


def having(g: G) -> Gap:
    """Has: what counts of things are mostly said with."""
    w = W()
    pred = verb(g, HAVE, w, None, [], lambda t: ("GAP",), 0.0)
    assert pred.inv is not None
    return Gap(pred.fin, pred.inv, lambda t, u: p2(("V", w), t, u))


# --- questions ------------------------------------------------------------------------


def ask(g: G, make: Make) -> Whole:
    """Is Tom older than Ann?  Did the cat arrive before Tom?  Did any guest leave first?"""
    if g.p(0.86):
        g.tag("ask")
        s = member(g)
        pred = make(g, 0.05)
        assert pred.inv is not None
        return pred.inv(s.plural, s.words), ("ASK", pred.sem(s.term)), "?"
    g.tag("ask-some")
    v, nom, pred = V(), plain(g), make(g, 0.0)
    word, many = g.choose((0.4, ("any", True)), (0.3, ("some", True)), (0.3, ("every", False)))
    assert pred.inv is not None
    words = pred.inv(many, [word, *nom.words(many)])
    body = pred.sem(v)
    tree = forall(v, nom.sem(v), body) if word == "every" else exists(v, nom.sem(v), [body])
    return words, ("ASK", tree), "?"


def wh(g: G, make: Make) -> Whole:
    """Who is the tallest?  Which book is second from the left?  How many cars are older than Tom?"""
    v, pred = V(), make(g, 0.04)
    r = g.rng.random()
    if r < 0.45:
        g.tag("wh-who")
        head: Words = list(g.pick((["who"], ["who"], ["what"], ["which"], ["which", "one"])))
        return [*head, *pred.fin(False)], ("WH", v, pred.sem(v)), "?"
    nom, many = plain(g), g.p(0.3)
    if r < 0.85:
        g.tag("wh-which")
        head = [g.pick(("which", "which", "what")), *nom.words(many)]
        if g.p(0.12):
            many, head = False, ["which", *(["one"] if g.p(0.3) else []), "of", "the", *nom.words(True)]
        return [*head, *pred.fin(many)], ("WH", v, conj([*nom.sem(v), pred.sem(v)])), "?"
    g.tag("wh-many")
    return (
        ["how", "many", *nom.words(True), *pred.fin(True)],
        ("HOWMANY", v, conj([*nom.sem(v), pred.sem(v)])),
        "?",
    )

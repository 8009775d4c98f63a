"""Statements about statements: believes that A, the claim that A is untrue, A because B.

Knows statements of the other modules.  What somebody believes is a thing (THAT) and is not asserted; what is
called false is denied; what is joined by "because" or "although" is asserted both.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate import conditionals, generals, sentences
from neurosym.parser.generate.context import G
from neurosym.parser.generate.lumps import fact as lump_fact
from neurosym.parser.generate.meaning import Tree, V, W, exists, forall, p2
from neurosym.parser.generate.norms import plain_norm
from neurosym.parser.generate.nouns import Words, coordinated, definite, modified, name
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.traits import claims, entity_claim, trait
from neurosym.parser.generate.verbs import simple, verb
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

ATTITUDES = tuple(
    Verb(b, *verb_forms(b))
    for b in str.split(
        "believe say know claim think report announce hope doubt deny state assume suspect argue insist "
        "agree realize notice discover learn hear see feel fear expect predict suggest declare admit "
        "confirm accept understand imagine dream forget remember conclude explain mention guess swear "
        "complain recall "
        "reply write add observe prove show hold"
    )
)
NEED_THAT = frozenset(str.split("deny doubt report announce argue explain mention observe add write complain "
                                "reply hold conclude prove show accept state see insist swear fear "
                                "agree declare"))  # fmt: skip
TELLING = tuple(
    Verb(b, *verb_forms(b)) for b in str.split("tell inform remind assure warn convince persuade notify")
)


def content(g: G) -> Said:
    """What is believed, denied or said to be true: any statement, mostly a short one."""
    if g.p(0.04):  # the one order in which the condition cannot be of the believing itself
        words, tree = conditionals.ground(g)
        while words[0] != "if":
            words, tree = conditionals.ground(g)
        return words, tree
    if g.p(0.03):
        g.tag("deep")
        e, pred = name(g), attitude(g)
        return [*e.words, *pred.fin(False)], pred.sem(e.term)
    make = g.choose(
        (0.4, sentences.clause), (0.13, sentences.universal), (0.07, sentences.existential),
        (0.05, sentences.negative),
        (0.08, sentences.fact), (0.06, lump_fact), (0.08, _claim), (0.04, plain_norm),
        (0.03, generals.whoever),
    )  # fmt: skip
    return make(g)


def _claim(g: G) -> Said:
    c = claims(g, lambda g: trait(g).pred, "content", 1)
    return c.words, c.tree


def attitude(g: G, negation: float = 0.18) -> Pred:
    """Believes that the cow is red; did not say that all cats like Bob; told Ann that it rains."""
    told = g.p(0.12)
    v = g.pick(TELLING if told else ATTITUDES)
    g.tag("tells" if told else "that")
    w = W()
    inner, tree = content(g)
    thing: Tree = ("THAT", tree)
    that: Words = [] if not told and v.base not in NEED_THAT and g.p(0.15) else ["that"]
    modal = W(g.pick(("may", "might", "can", "must", "should"))) if g.p(0.03) else None
    head: Tree = ("V", w) if modal is None else ("JOIN", ("P", modal), ("V", w))
    negation = 0.0 if modal is not None else negation
    if told:
        e = name(g) if g.p(0.6) else definite(g)
        return verb(
            g, v, w, modal, [*e.words, "that", *inner], lambda t: ("P3", head, t, thing, e.term), negation
        )
    return verb(g, v, w, modal, [*that, *inner], lambda t: p2(head, t, thing), negation)


def believes(g: G) -> Said:
    """Tom believes that the cow is red; everyone who is kind knows that Ann is tall."""
    g.tag("believes")
    r = g.rng.random()
    if r < 0.12:
        return _anybody(g)
    if r < 0.2:
        s = coordinated(g)
        pred = attitude(g, 0.0)
        return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)
    s = subject(g)
    pred = attitude(g, 0.0 if s.term is None else 0.18)
    if r < 0.27 and s.term is not None and not s.plural:
        g.tag("and-that")
        other = attitude(g, 0.1)
        return (
            [*s.words, *pred.fin(False), ",", g.pick(("but", "and")), *other.fin(False)],
            ("AND", pred.sem(s.term), other.sem(s.term)),
        )
    return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)


def _anybody(g: G) -> Said:
    v = V()
    kind = g.choose((0.3, "who"), (0.4, "every"), (0.3, "some"))
    g.tag(f"believes-{kind}")
    pred = attitude(g, 0.0)
    if kind == "who":
        first, many = g.pick(generals.WHO)
        body = simple(g, 1)
        if g.p(0.5):
            pred, body = body, pred  # whoever knows that A is kind: the clause would run on
        return [*first.split(), *pred.fin(many), *body.fin(many)], (
            "ALL",
            v,
            ("IMP", pred.sem(v), body.sem(v)),
        )
    nom = modified(g, 0.3, 0.1)
    if kind == "some":
        return ["some", *nom.words(True), *pred.fin(True)], exists(v, nom.sem(v), [pred.sem(v)])
    det = g.pick(("all", "every"))
    return [det, *nom.words(det == "all"), *pred.fin(det == "all")], forall(v, nom.sem(v), pred.sem(v))


# --- the notion that A is untrue ------------------------------------------------------

NOTIONS = str.split(
    "notion idea claim statement assertion belief view proposition theory suggestion hypothesis assumption "
    "allegation rumor story report thought conclusion argument opinion"
)
UNTRUE = (
    "untrue", "false", "wrong", "incorrect", "mistaken", "inaccurate", "not true", "not correct", "not right",
    "a lie", "a myth", "a mistake", "an error", "invalid", "unfounded",
)  # fmt: skip
TRUE = ("true", "correct", "right", "accurate", "a fact", "the truth", "valid")
DENYING = (
    "it is untrue that", "it is incorrect that", "it is wrong that", "it is not correct that",
    "it is a lie that",
    "it is not a fact that", "it is wrong to say that", "it would be wrong to say that", "it is not so that",
    "it is a mistake to think that", "it is a myth that", "it is inaccurate to say that",
    "it is incorrect to claim that",
    "it is not right that", "it is simply false that",
)  # fmt: skip
AFFIRMING = (
    "it is true that", "it is correct that", "it is a fact that", "it is right that", "it is the case that",
    "it is correct to say that", "it is a known fact that", "the fact is that", "the truth is that",
)  # fmt: skip


def notion(g: G) -> Said:
    """The notion that Tom is kind is untrue; it is wrong to say that all cats are red."""
    no = g.p(0.7)
    words, tree = content(g)
    meaning = ("NOT", tree) if no else tree
    if g.p(0.62):
        g.tag("notion-no" if no else "notion-yes")
        be = "was" if g.past else "is"
        start: Words = [g.pick(("the", "the", "the", "this")) if g.p(0.1) else "the", g.pick(NOTIONS), "that"]
        return [*start, *words, be, *g.pick(UNTRUE if no else TRUE).split()], meaning
    g.tag("it-is-no" if no else "it-is-yes")
    return [*g.pick(DENYING if no else AFFIRMING).split(), *words], meaning


# --- both are said --------------------------------------------------------------------

BETWEEN = (
    (0.24, "because"), (0.1, "although"), (0.1, "while"), (0.1, "so"), (0.08, "whereas"),
    (0.06, "even though"),
    (0.06, "though"), (0.05, "but"), (0.03, "; however ,"), (0.04, "and so"), (0.03, "and therefore"),
    (0.03, "; therefore ,"), (0.03, "yet"), (0.03, ", which is why"), (0.02, "and"),
)  # fmt: skip
BEFORE = ("because", "because", "although", "although", "while", "though", "even though", "whereas")


def _half(g: G, closed: bool) -> Said:
    """A statement; where something follows without a comma, one that cannot take it in."""
    make = g.choose(
        (0.38, _ground), (0.2, sentences.fact), (0.1, sentences.universal), (0.06, sentences.negative),
        (0.06, sentences.existential), (0.04, sentences.weather), (0.0 if closed else 0.08, lump_fact),
        (0.0 if closed else 0.05, plain_norm), (0.0 if closed else 0.04, believes),
    )  # fmt: skip
    return make(g)


def _ground(g: G) -> Said:
    c = entity_claim(g, lambda g: trait(g).pred if g.p(0.6) else simple(g, 1))
    return c.words, c.tree


def because(g: G) -> Said:
    """Tom is late because the bus is slow; although Ann is kind, she ... ; the cow is red, so Bob is blue."""
    g.reuse = 0.35
    front = g.p(0.3)
    (a, s), (b, t) = _half(g, not front), _half(g, False)
    if front:
        g.tag("because-first")
        return [*g.pick(BEFORE).split(), *a, ",", *b], ("AND", s, t)
    link = g.choose(*BETWEEN)
    g.tag(link)
    comma: Words = (
        [","] if link[0] not in ";," and (link == "so" or g.p(0.12 if link == "because" else 0.5)) else []
    )
    return [*a, *comma, *link.split(), *b], ("AND", s, t)


# --- questions ------------------------------------------------------------------------


def question(g: G) -> tuple[Words, Tree, str]:
    """Does Tom believe that the cow is red?  Who knows that Ann is kind?"""
    pred = attitude(g, 0.08)
    if g.p(0.35):
        v = V()
        g.tag("who-believes")
        return [g.pick(("who", "who", "what")), *pred.fin(False)], ("WH", v, pred.sem(v)), "?"
    s = subject(g)
    while s.words[0] in ("neither", "both", "either"):
        s = subject(g)
    g.tag("ask-believes")
    inv = pred.inv or (lambda m, words: words)
    return inv(s.plural, s.words), ("ASK", s.apply(pred.sem)), "?"


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = ((0.36, believes), (0.3, notion), (0.34, because))
SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = ((1.0, question),)

"""Verb phrases that the logic has no structure for: one predicate out of all their words.

"Tries to convince her neighbours to plant trees" holds an infinitive, a gerund or a clause, so the whole
stretch is copied (SPAN); subject, negation, quantifier and conditional around it are built as always.
Knows phrases; must not know rules.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, exists, forall, p1, span
from neurosym.parser.generate.nouns import Words, coordinated, indefinite, modified, plain, some_entity
from neurosym.parser.generate.predicates import Pred, copula, negated, negation_word
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.stretches import (
    ADJ_ING,
    ADJ_THAT,
    ADJ_TO,
    NOUN_ING,
    Stretch,
    doing,
    ended,
    inner,
    inner_clause,
)
from neurosym.parser.generate.traits import mixture, quality
from neurosym.parser.generate.verbs import gap, simple


def verbal_lump(g: G, negation: float = 0.2, make: Callable[[G], Stretch] = doing) -> Pred:
    """A stretch after its subject, with the auxiliary of a negation or a question outside."""
    s = make(g)
    neg = negation_word(g) if g.p(negation) else ""
    if neg:
        g.tag("not")
    past, future = g.past, g.future
    mode = "" if g.plain or future else g.choose((0.88, ""), (0.07, "gerund"), (0.05, "participle"))
    if mode:
        g.tag(f"lump-{mode}")

    def auxiliary(m: bool) -> str:
        if future:
            return "wo" if neg == "n't" else "will"
        if mode == "gerund":
            return ("were" if m else "was") if past else "are" if m else "is"
        if mode == "participle":
            return "had" if past else "have" if m else "has"
        return "did" if past else "do" if m else "does"

    def fin(m: bool) -> Words:
        if not mode and not future and neg in ("", "never"):
            return [*([neg] if neg else []), *s.form("past" if past else "base" if m else "s")]
        return [auxiliary(m), *([neg] if neg else []), *s.form(mode or "base")]

    def inv(m: bool, who: Words) -> Words:
        after: Words = [neg] if neg and neg != "n't" else []
        return [auxiliary(m), *(["n't"] if neg == "n't" else []), *who, *after, *s.form(mode or "base")]

    return Pred(fin, inv, negated(neg, lambda t: p1(s.name, t)))


Leaf = tuple[Callable[[bool], Words], Callable[[Tree], Tree]]


def being(g: G) -> Leaf:
    """Aware that growing old is hard; eager to go; a fan of watching films: what follows "be"."""
    kind = g.choose(
        (0.2, "that"),
        (0.25, "to"),
        (0.24, "ing"),
        (0.15, "noun"),
        (0.06, "too"),
        (0.05, "enough"),
        (0.05, "busy"),
    )
    g.tag(f"lump-be-{kind}")
    match kind:
        case "that":
            words: Words = [g.pick(ADJ_THAT), *(["that"] if g.p(0.9) else []), *inner_clause(g)]
        case "to":
            words = [g.pick(ADJ_TO) if g.p(0.8) else g.adjective().base, "to", *inner(g, "base")]
        case "ing":
            a, p = g.pick(ADJ_ING)
            words = [a, p, *inner(g, "gerund")]
        case "noun":
            a, p = g.pick(NOUN_ING)
            return _noun_lump(g, a, [p, *inner(g, "gerund", 1)])
        case "too":
            words = ["too", g.adjective().base, "to", *inner(g, "base", 1)]
        case "enough":
            words = [g.adjective().base, "enough", "to", *inner(g, "base", 1)]
        case _:
            words = ["busy", *inner(g, "gerund", 1)]
    first = W(str(words[0]))
    tail, end = ended(words[1:])
    return lambda m: [first, *tail], lambda t: p1(span([first, end]), t)


def _noun_lump(g: G, noun: str, after: Words) -> Leaf:
    head = W(noun)
    many = {"expert": "experts"}.get(noun, noun + ("es" if noun.endswith("s") else "s"))
    first, before = head, list[W | str]()
    if g.p(0.3):
        first = W(g.adjective().base if g.p(0.6) else g.pick(("big", "great", "lifelong", "passionate")))
        before = [first]
    tail, end = ended(after)

    def form(m: bool) -> Words:
        head.text = many if m else noun
        words: Words = [*before, head, *tail]
        return words if m else indefinite(words)

    return form, lambda t: p1(span([first, end]), t)


def _complement(g: G) -> Leaf:
    return being(g) if g.p(0.6) else quality(g)


def lump(g: G, negation: float = 0.2) -> Pred:
    """One lump as a predicate, or several under and, or, either, neither."""
    r = g.rng.random()
    if r < 0.5:
        return verbal_lump(g, negation)
    if r < 0.72:
        return copula(g, *being(g), negation)
    if r < 0.76:
        return _someone_who(g, negation)
    if r < 0.84:
        comp, sem, simple_one = mixture(g, _complement)
        return copula(g, comp, sem, negation if simple_one else 0.0)
    return _two(g, negation)


def _someone_who(g: G, negation: float) -> Pred:
    """Is someone who enjoys going out."""
    g.tag("is-who")
    s = verbal_lump(g, negation)
    head = g.pick(("someone who", "a person who", "somebody who", "someone that"))
    many = g.pick(("people who", "people who", "those who"))
    form: Callable[[bool], Words] = lambda m: [*(many if m else head).split(), *s.fin(m)]  # noqa: E731
    return copula(g, form, s.sem, 0.0)


def _two(g: G, negation: float) -> Pred:
    """Plans to move and enjoys reading; either jokes about being old or is a cat; neither ... nor ..."""
    kind = g.choose(
        (0.38, "and"), (0.14, "or"), (0.18, "either"), (0.14, "neither"), (0.1, "but"), (0.06, "xor")
    )
    g.tag(f"lumps-{kind}")
    plain = kind in ("either", "neither", "xor")
    negation = 0.0 if plain else negation
    a = verbal_lump(g, 0.0 if kind == "but" else negation)
    q = g.rng.random()
    b = (
        verbal_lump(g, 1.0 if kind == "but" else negation)
        if q < 0.6 or kind in ("neither", "but")
        else copula(g, *being(g), negation)
        if q < 0.75
        else simple(g, 2, negation)
    )
    if kind not in ("neither", "but") and g.p(0.3):
        a, b = b, a
    before: Words = [{"xor": "either"}.get(kind, kind)] if plain else []
    link = {"neither": "nor", "either": "or", "xor": "or"}.get(kind, kind)
    comma: Words = [","] if kind == "but" and g.p(0.4) else []
    after: Words = [",", "but", "not", "both"] if kind == "xor" else []
    if kind == "neither":
        sem: Callable[[Tree], Tree] = lambda t: ("AND", ("NOT", a.sem(t)), ("NOT", b.sem(t)))  # noqa: E731
    else:
        op = {"and": "AND", "but": "AND", "xor": "XOR"}.get(kind, "OR")
        sem = lambda t: (op, a.sem(t), b.sem(t))  # noqa: E731
    tense = g.past or g.future

    def fin(m: bool) -> Words:
        second = b.fin(m)
        # "plan to move and enjoy reading": the second verb could be an infinitive as well
        if m and not tense and not plain and _text(second[0]) not in ("are", "do", "have", "has", "never"):
            raise Retry
        return [*before, *a.fin(m), *comma, link, *second, *after]

    return Pred(fin, None, sem)


def _text(word: W | str) -> str:
    return word.text if isinstance(word, W) else word


# --- sentences ------------------------------------------------------------------------


def fact(g: G) -> Said:
    """Tom regularly tries to wake her neighbours; the man is not aware that it is late."""
    g.tag("lump-fact")
    if g.p(0.1):
        s = coordinated(g)
        pred = verbal_lump(g, 0.0) if g.p(0.6) else copula(g, *being(g), 0.0)
    else:
        s = subject(g)
        pred = lump(g, 0.0 if s.term is None else 0.2)
    return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)


def _either_kind(g: G, share: float) -> Pred:
    return lump(g) if g.p(share) else simple(g, 1)


def general(g: G) -> Said:
    """All people who plan to move are brave; no cat enjoys being washed; whoever is busy reading ..."""
    v = V()
    kind = g.choose((0.25, "noun"), (0.42, "who"), (0.08, "no"), (0.08, "some"), (0.17, "that"))
    g.tag(f"lump-univ-{kind}")
    if kind == "who":
        first, many = g.pick(WHO)
        a, b = _either_kind(g, 0.7), _either_kind(g, 0.5)
        return [*first.split(), *a.fin(many), *b.fin(many)], forall(v, [a.sem(v)], b.sem(v))
    if kind == "noun":
        det = g.choose((0.3, "all"), (0.2, "every"), (0.1, "each"), (0.3, ""), (0.1, "any"))
        many = det in ("all", "")
        nom, pred = modified(g, 0.3, 0.3), lump(g)
        return [*det.split(), *nom.words(many), *pred.fin(many)], forall(v, nom.sem(v), pred.sem(v))
    if kind == "that":
        return _that(g, v)
    many = g.p(0.5)
    nom, pred = modified(g, 0.3, 0.2), lump(g, 0.0 if kind == "no" else 0.2)
    words: Words = [*nom.words(many), *pred.fin(many)]
    if kind == "no":
        return ["no", *words], forall(v, nom.sem(v), ("NOT", pred.sem(v)))
    return ["some", *words], exists(v, nom.sem(v), [pred.sem(v)])


def _that(g: G, v: V) -> Said:
    """Every cat that enjoys being washed is red; a man who plans to move chases Bob; no dog that ..."""
    det = g.choose((0.25, "all"), (0.2, "every"), (0.2, ""), (0.12, "no"), (0.13, "some"), (0.1, "the"))
    many = det in ("all", "") or (det in ("no", "some") and g.p(0.5))
    nom, a = plain(g), lump(g)
    b = simple(g, 1, 0.0) if det == "no" else _either_kind(g, 0.3)
    g.tag(f"lump-rel-{det}")
    words: Words = [*det.split(), *nom.words(many), g.pick(("that", "who", "who", "which")), *a.fin(many)]
    said: Tree = ("NOT", b.sem(v)) if det == "no" else b.sem(v)
    parts = [*nom.sem(v), a.sem(v)]
    tree = exists(v, parts, [said]) if det in ("some", "the") else forall(v, parts, said)
    return [*words, *b.fin(many)], tree


def knows(g: G) -> Said:
    """Tom visits a woman who wants to move to Rome: the clause stays a clause, its verb phrase is one."""
    g.tag("lump-object")
    v, s, verb = V(), some_entity(g), gap(g)
    nom, pred, many = plain(g), lump(g), g.p(0.3)
    body = nom.words(many)
    link = g.pick(("who", "that", "who"))
    first: Words = (["some", *body] if g.p(0.3) else body) if many else indefinite(body)
    denied = verb.said(s.term, v)
    said = exists(v, [*nom.sem(v), pred.sem(v)], [denied[1] if denied[0] == "NOT" else denied])
    words: Words = [*s.words, *verb.fin(s.plural), *first, link, *pred.fin(many)]
    return words, ("NOT", said) if denied[0] == "NOT" else said


WHO = (
    ("all people who", True), ("people who", True), ("those who", True), ("everyone who", False),
    ("anyone who", False), ("whoever", False), ("every person who", False), ("any person that", False),
    ("all people that", True), ("all those who", True), ("everybody who", False), ("people that", True),
    ("someone who", False), ("a person who", False),
)  # fmt: skip


def inverted(g: G) -> tuple[Words, Tree, str]:
    """Does Tom enjoy going out with friends?  Is the man aware that it is late?"""
    g.tag("ask-lump")
    s = subject(g)
    while s.words[0] in ("neither", "both", "either"):
        s = subject(g)
    pred = verbal_lump(g, 0.08) if g.p(0.6) else copula(g, *being(g), 0.08)
    inv = pred.inv or (lambda m, words: words)
    return inv(s.plural, s.words), ("ASK", s.apply(pred.sem)), "?"


def who(g: G) -> tuple[Words, Tree, str]:
    """Who plans on moving?  How many cats are afraid of being washed?"""
    v, pred = V(), lump(g, 0.1)
    if g.p(0.7):
        g.tag("wh-lump")
        return [g.pick(("who", "who", "what", "who")), *pred.fin(False)], ("WH", v, pred.sem(v)), "?"
    nom = modified(g, 0.3, 0.0)
    parts = nom.sem(v)
    meaning: Tree = pred.sem(v)
    for part in reversed(parts):
        meaning = ("AND", part, meaning)
    which = g.p(0.5)
    g.tag("which-lump" if which else "count-lump")
    words: Words = ["which"] if which else ["how", "many"]
    return [*words, *nom.words(True), *pred.fin(True)], ("WH" if which else "HOWMANY", v, meaning), "?"


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = ((0.5, fact), (0.43, general), (0.07, knows))
SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = ((0.65, inverted), (0.35, who))

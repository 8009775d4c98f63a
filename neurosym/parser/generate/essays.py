"""Long phrases of written stories: objects that hold "of", "and" or a number, habits, skills, idioms.

What the logic has no structure for is one stretch (SPAN).  Knows verbs' phrases and complements; must not
know what they are said of, nor what joins them.
"""

from __future__ import annotations

from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.lumps import Leaf, being, verbal_lump
from neurosym.parser.generate.meaning import Tree, V, W, exists, joined, p1, p2, span
from neurosym.parser.generate.nouns import (
    Body,
    Words,
    indefinite,
    noun_head,
    place,
    quantified_object,
    some_entity,
    titled,
)
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.stretches import (
    ADJ_ING,
    OWN,
    REGULARLY,
    Stretch,
    ended,
    inner,
    inner_clause,
    thing,
)
from neurosym.parser.generate.verbs import simple, verb
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms


def _verbs(bases: str) -> tuple[Verb, ...]:
    return tuple(Verb(b, *verb_forms(b)) for b in bases.split())


DO, PREFER = _verbs("do prefer")
GO = _verbs("go go go come")
AMOUNTS = (
    "a lot of", "lots of", "plenty of", "a large amount of", "a number of", "all kinds of", "a wide range of",
    "a great deal of", "various kinds of", "a variety of", "hundreds of", "thousands of", "dozens of",
    "a small amount of", "a whole collection of", "different types of",
)  # fmt: skip
MEASURES = str.split(
    "capacity range speed size length weight population team collection group staff salary width value "
    "height budget minimum maximum total"
)
HABITS = (
    "regularly", "every day", "every week", "once a week", "twice a month", "every weekend", "on weekends",
    "often", "all the time", "very often", "every summer", "each morning", "in the evening", "at night",
    "on a regular basis", "from time to time", "a lot", "frequently", "daily", "weekly", "in their free time",
    "after work", "during the holidays", "every single day",
    "three times a week", "more than twice a week", "for breakfast", "every day for lunch", "all day long",
)  # fmt: skip
# Verbs that make a phrase with a noun which means nothing by itself.
IDIOMS = tuple(
    tuple(row.split("|"))
    for row in (
        "take|care of", "take|part in", "take|advantage of", "take|pride in", "take|charge of",
        "have|fun with",
        "make|use of", "make|fun of", "make|friends with", "make|a living from", "make|sense of",
        "pay|attention to", "keep|track of", "keep|up with", "put|up with", "look|forward to", "get|rid of",
        "get|along with", "lose|track of", "lose|interest in", "play|a role in", "have|an interest in",
        "have|access to", "have|a talent for", "catch|sight of", "fall|in love with", "come|from a family of",
        "give|birth to", "run|out of", "do|research on", "do|harm to", "take|a course in", "have|a degree in",
        "have|a passion for", "make|a mess of", "set|an example for", "take|a break from",
    )
)  # fmt: skip
CHORES = str.split("homework research laundry yoga housework sports paperwork business gardening exercise")
ARRANGED = str.split(
    "scheduled expected trained hired invited chosen paid planned built designed used known said believed "
    "elected born destined reported supposed made meant"
)
MADE = tuple(
    pair.split("+")
    for pair in str.split(
        "fitted+with made+of made+from based+on filled+with equipped+with covered+with composed+of "
        "decorated+with known+for located+between divided+into surrounded+by built+from used+for named+after "
        "connected+with powered+by devoted+to inspired+by associated+with"
    )
)


# --- objects that are not split -------------------------------------------------------


def many_things(g: G) -> Words:
    """Old books; other cheap books."""
    before: Words = ["other"] if g.p(0.1) else []
    if g.p(0.03):  # 3-wheelers: words are split at the hyphen after a digit
        return [str(g.rng.randint(2, 12)), "-", g.noun().many]
    return [*before, *([g.adjective().base] if g.p(0.45) else []), g.noun().many]


def long_object(g: G) -> Words:
    """A lot of old records; a large share of their savings; the history of art and other old things."""
    kind = g.choose(
        (0.2, "amount"), (0.28, "of"), (0.14, "history"), (0.13, "measure"), (0.13, "own"), (0.12, "listed")
    )
    g.tag(f"long-{kind}")
    adj: Words = [g.adjective().base] if g.p(0.5) else []
    match kind:
        case "amount":
            out: Words = [*g.pick(AMOUNTS).split(), *many_things(g)]
        case "of":
            whose: Words = g.choose((0.4, [g.pick(OWN)]), (0.3, ["the"]), (0.3, []))
            out = [*indefinite([*adj, g.noun().one]), "of", *whose, *many_things(g)]
        case "history":
            out = ["the", *adj, g.noun().one, "of"]
            inside: Words = ["the", g.noun().one] if g.p(0.4) else many_things(g)
            out += [*inside, g.pick(("and", "and", "or")), *(["other"] if g.p(0.4) else []), *many_things(g)]
        case "measure":
            count = str(g.pick((2, 3, 5, 12, 20, 30, 50, 100, 250, 400, 1000)))
            more: Words = g.choose((0.7, []), (0.15, ["more", "than"]), (0.15, ["about"]))
            out = [*indefinite([*adj, g.pick(MEASURES)]), "of", *more, count, *many_things(g)]
        case "own":
            n, other = g.noun(), g.noun()
            first, second = (n.one, other.one) if g.p(0.5) else (n.many, other.many)
            out = [g.pick(OWN), first, "and", *([g.pick(OWN)] if g.p(0.2) else []), *adj, second]
        case _:
            out = [g.noun().many, ",", g.noun().many, *([","] if g.p(0.4) else []), "and", *many_things(g)]
    if g.p(0.2):
        out += [g.pick(PREPOSITIONS), *thing(g, 2)]
    return out


# --- verb phrases ---------------------------------------------------------------------


def long_doing(g: G) -> Stretch:
    """Regularly spends a lot of time on old maps; prefers walking to school over taking the bus."""
    kind = g.choose(
        (0.28, "object"), (0.24, "last"), (0.13, "first"), (0.1, "prefer"), (0.08, "go"), (0.12, "idiom"),
        (0.05, "about"),
    )  # fmt: skip
    g.tag(f"doing-{kind}")
    rest: Words
    v = g.transitive()
    match kind:
        case "object" | "first":
            rest = long_object(g) if kind == "object" or g.p(0.6) else [*thing(g, 2), *_where(g)]
        case "last":
            if g.p(0.3):
                v, rest = g.intransitive(), _where(g)
            else:
                rest = long_object(g) if g.p(0.3) else [*thing(g, 2), *(_where(g) if g.p(0.6) else [])]
            often = g.pick(HABITS).split()
            if len(often) == 1 and len(rest) < 4:  # "eats fish often" is a verb, an adverb and an object
                often = ["every", g.pick(("day", "week", "month", "morning", "Sunday", "night"))]
            rest = [*rest, *often]
        case "prefer":
            link = g.pick(("over", "to", "rather than", "instead of"))
            v, rest = PREFER, [*inner(g, "gerund", 1), *link.split(), *inner(g, "gerund", 2)]
            if g.p(0.2):
                rest = [*many_things(g), "to", *many_things(g)]
            if g.p(0.3):
                rest += g.pick(HABITS).split()
        case "go":
            v, rest = g.pick(GO), [g.intransitive().gerund, *_where(g), *_habit(g, 0.4)]
        case "idiom":
            base, after = g.pick(IDIOMS)
            v = _verbs(base)[0]
            rest = [*after.split(), *(long_object(g) if g.p(0.3) else thing(g, 2)), *_habit(g, 0.15)]
        case _:
            v = g.transitive()
            link = g.pick(("that", "what", "how", "why"))
            rest = [link, *inner_clause(g)] if link in ("that", "why") else [*long_object(g), *_where(g)]
            if link == "that":
                v = g.pick(g.lex.clausal)
    head = W(v.base)
    tail, end = ended(rest)
    words: Words = [head, *tail]
    first = head
    if kind == "first" or (kind in ("object", "idiom") and g.p(0.12)):
        first = W(g.pick(REGULARLY) if g.p(0.8) else g.adverb())
        words = [first, *words]
    return Stretch(v, head, words, span([first, end]))


def _where(g: G) -> Words:
    return [g.pick((*PREPOSITIONS, "at", "in", "on")), *thing(g, 2)]


def _habit(g: G, probability: float) -> Words:
    return list(g.pick(HABITS).split()) if g.p(probability) else []


def long_verb(g: G, negation: float = 0.2) -> Pred:
    """A long verb phrase, seldom under "can", or a chore."""
    r = g.rng.random()
    if r < 0.05:
        return chore(g, negation)
    return modal_verb(g, negation) if r < 0.1 else verbal_lump(g, negation, long_doing)


def chore(g: G, negation: float) -> Pred:
    """Does homework, does hard homework: "do" as a full verb with its object."""
    g.tag("chore")
    w, o, v = W(), W(g.pick(CHORES)), V()
    adj = W(g.adjective().base) if g.p(0.25) else None
    parts: list[Tree] = [*([p1(("A", adj), v)] if adj else []), p1(("N", o), v)]
    sem: Body = lambda t: exists(v, parts, [p2(("V", w), t, v)])  # noqa: E731
    rest: Words = [*([adj] if adj else []), o]
    return verb(g, DO, w, None, rest, sem, negation)


def modal_verb(g: G, negation: float = 0.2) -> Pred:
    """Can play a lot of songs; cannot take care of old dogs."""
    g.tag("modal-long")
    modal = W(g.choose((0.6, "can"), (0.2, "could"), (0.2, "will")))
    s = long_doing(g)
    name: Tree = s.name if modal.text == "will" else ("JOIN", ("P", modal), s.name)
    neg = "not" if g.p(negation) else ""
    said: Body = (lambda t: ("NOT", p1(name, t))) if neg else lambda t: p1(name, t)
    return Pred(
        lambda m: [modal, *([neg] if neg else []), *s.form("base")],
        lambda m, who: [modal, *who, *([neg] if neg else []), *s.form("base")],
        said,
    )


# --- complements ----------------------------------------------------------------------


def long_quality(g: G) -> Leaf:
    """Fond of his boat and garden; fitted with a lot of lamps; scheduled to meet Bob; of type X9."""
    kind = g.choose(
        (0.18, "adj"), (0.21, "made"), (0.13, "arranged"), (0.06, "type"), (0.24, "being"), (0.06, "with"),
        (0.12, "manner"),
    )  # fmt: skip
    g.tag(f"quality-{kind}")
    match kind:
        case "being":
            return being(g)
        case "manner":
            return manner(g)
        case "adj":
            a, p = g.pick(ADJ_ING)
            if g.p(0.4):
                a, p = g.adjective().base, g.pick(("about", "for", "with", "in", "of", "to"))
            words: Words = [a, p, *long_object(g)]
        case "made":
            a, p = g.pick(MADE)
            if g.p(0.3):
                a, p = g.transitive().participle, g.pick(("with", "by", "in", "from", "for", "as"))
            words = [a, p, *long_object(g)]
        case "arranged":
            words = [g.pick(ARRANGED), "to", *inner(g, "base", 1)]
        case "with":
            words = ["with", *long_object(g)]
        case _:
            of, w, o = W("of"), W(g.pick(("type", "class", "model", "brand", "size"))), titled(g)
            return (lambda m: [of, w, *o.words]), lambda t: p2(joined([("P", of), ("N", w)]), t, o.term)
    first = W(str(words[0]))
    tail, end = ended(words[1:])
    return lambda m: [first, *tail], lambda t: p1(span([first, end]), t)


MANNERS = str.split(
    "primarily originally mainly widely officially currently commonly publicly recently newly partly first "
    "mostly locally traditionally specially"
)


def manner(g: G) -> Leaf:
    """Originally held in Oslo; widely read by painters: participle, adverb and preposition are one."""
    g.tag("manner")
    a, w = W(g.pick(MANNERS) if g.p(0.7) else g.adverb()), W(g.transitive().participle)
    o = place(g) if g.p(0.45) else some_entity(g) if g.p(0.6) else quantified_object(g, simple=True)
    head: Tree = ("JOIN", ("T", w), ("A", a))
    if g.p(0.4):
        return lambda m: [a, w, "by", *o.words], lambda t: o.apply(lambda u: p2(head, u, t))
    p = W(g.pick(PREPOSITIONS))
    return (
        lambda m: [a, w, p, *o.words],
        lambda t: o.apply(lambda u: p2(("JOIN", head, ("P", p)), t, u)),
    )


def noun_leaf(g: G) -> Leaf:
    """A tall dancer; a gold medal winner; an Oslo dormitory; a Dutch nurse."""
    r = g.rng.random()
    if r < 0.22:
        return nationality(g)
    if r < 0.26:
        return one_of(g)
    if r < 0.36:
        return noun_who(g)
    head, sem = noun_head(g, 0.35)
    if not g.p(0.4):
        return lambda m: head(True) if m else indefinite(head(False)), sem
    w = W(g.adjective().base)
    if g.p(0.12):
        w.text = f"{g.pick(NUMERALS)}-{g.noun().one}"
    return (
        lambda m: [w, *head(True)] if m else indefinite([w, *head(False)]),
        lambda t: ("AND", p1(("A", w), t), sem(t)),
    )


def noun_who(g: G) -> Leaf:
    """A player who regularly makes a lot of mistakes."""
    g.tag("noun-who")
    head, sem = noun_head(g, 0.2)
    pred = long_verb(g, 0.1) if g.p(0.6) else simple(g, 2, 0.1)
    who = g.pick(("who", "that", "who", "which"))
    return (
        lambda m: [*(head(True) if m else indefinite(head(False))), who, *pred.fin(m)],
        lambda t: ("AND", sem(t), pred.sem(t)),
    )


def one_of(g: G) -> Leaf:
    """One of the leading designers."""
    g.tag("one-of")
    head, sem = noun_head(g, 0.2)
    w = W(g.adjective().base)
    return (
        lambda m: ["some" if m else "one", "of", "the", w, *head(True)],
        lambda t: ("AND", p1(("A", w), t), sem(t)),
    )


NUMERALS = str.split("two three four five six two one single double")
NATIONS = str.split(
    "Dutch French German Italian Spanish Polish Swedish Danish Norwegian Finnish Greek Turkish Russian "
    "Chinese Japanese Korean Indian Thai Vietnamese Brazilian Mexican Canadian Australian Egyptian Irish "
    "Scottish Welsh English British American Swiss Austrian Czech Hungarian Ukrainian Kenyan Nigerian "
    "European African Asian Cuban Chilean Belgian Portuguese Iranian Israeli Peruvian"
)


def nationality(g: G) -> Leaf:
    """A Dutch nurse; a rich Greek painter: the adjective keeps its capital and means no name."""
    g.tag("nation")
    w = W(g.pick(NATIONS))
    more = W(g.adjective().base) if g.p(0.25) else None
    head, sem = noun_head(g, 0.2)
    before: Words = [*([more] if more else []), w]
    parts: list[Body] = [*([lambda t: p1(("A", more), t)] if more else []), lambda t: p1(("A", w), t), sem]

    def said(t: Tree) -> Tree:
        out = parts[-1](t)
        for part in reversed(parts[:-1]):
            out = ("AND", part(t), out)
        return out

    return lambda m: [*before, *head(True)] if m else indefinite([*before, *head(False)]), said

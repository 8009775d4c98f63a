"""What a second part leaves out: useful for the cook but not for the sailor.

Knows the words of `compounds` and the deeds of `transfers`; must not know rules.  The part left out
is the first one's, so that its words name two formulas.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.acts import TO_VERBS, modal
from neurosym.parser.generate.compounds import (
    PEOPLE,
    THINGS,
    head,
    known,
    nominal,
    qualities,
    single,
    the,
)
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.norms import ELIGIBLE
from neurosym.parser.generate.nouns import NP, Words, name
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.transfers import (
    after,
    bound_to,
    deed,
    goer,
    passive,
    quality_of,
    tensed,
    whither,
)

COMPATIBLE = (
    *ELIGIBLE, ("compatible", "with"), ("compatible", "with"), ("familiar", "with"), ("open", "to"),
    ("open", "on"), ("popular", "with"), ("safe", "for"), ("useful", "for"), ("visible", "from"),
    ("similar", "to"), ("active", "in"), ("covered", "by"), ("responsible", "to"), ("happy", "with"),
)  # fmt: skip
# What stands between the parts, and whether the first and the second are denied.
_TURNS: tuple[tuple[float, Words, bool, bool], ...] = (
    (0.5, ["but", "not"], False, True), (0.14, [",", "but", "not"], False, True),
    (0.1, ["and", "not"], False, True), (0.16, ["but"], True, False), (0.1, [",", "not"], False, True),
)  # fmt: skip


def subject(g: G) -> NP:
    """The kettle; the farm cook; Tom; I."""
    r = g.rng.random()
    if r < 0.62:
        return the(g, (*THINGS, *PEOPLE, *PEOPLE))
    if r < 0.82:
        return name(g)
    who = W(g.pick(("I", "we", "you", "we")))
    g.tag(f"subj-{who.text}")
    return NP([who], True, lambda said: said(("R", who)), ("R", who))


def turned(g: G) -> Said:
    """The kettle is useful for A but not for B; the boat floats near my farm but not near my shed."""
    s = the(g, (*THINGS, *PEOPLE)) if g.p(0.75) else name(g)
    (a, p), (b, q) = single(g), single(g)
    words, first_no, second_no = g.choose(*((w, (x, y, z)) for w, x, y, z in _TURNS))
    g.tag("turn-not" if first_no else "turn")
    neg: Words = ["not"] if first_no else []
    prep, again = W(), W()
    kind = g.choose((0.4, "be"), (0.3, "verb"), (0.3, "object"))
    g.tag(f"turn-{kind}")
    with_again = kind == "object" or g.p(0.85)

    def deny(no: bool, t: Tree) -> Tree:
        return ("NOT", t) if no else t

    def both(said: Callable[[W, Tree], Tree]) -> Tree:
        other = again if with_again else prep
        one = p(s.term, lambda u: said(prep, u))
        two = q(s.term, lambda u: said(other, u))
        return ("AND", deny(first_no, one), deny(second_no, two))

    second: Words = [*words, *([again] if with_again else []), *b]
    if kind == "be":
        first, prep.text = g.pick(COMPATIBLE)
        if first == "covered":
            first, prep.text = "compatible", "with"
        again.text, w = prep.text, W(first)
        be = g.pick(("is", "is", "was"))
        return (
            [*s.words, be, *neg, w, prep, *a, *second],
            both(lambda x, u: p2(("JOIN", ("A", w), ("P", x)), s.term, u)),
        )
    v = g.intransitive() if kind == "verb" else goer(g)
    w, prep.text = W(), g.pick((*PREPOSITIONS, "with", "on", "to"))
    again.text = prep.text
    said: Callable[[W, Tree], Tree]
    head_: Tree = ("V", w)
    if kind == "verb":
        said = lambda x, u: p2(("JOIN", head_, ("P", x)), s.term, u)  # noqa: E731
        obj: Words = []
    else:
        o = known(g)
        obj = o.words
        said = lambda x, u: ("P3", ("JOIN", head_, ("P", x)), s.term, o.term, u)  # noqa: E731
    if first_no:
        w.text = v.base
        start: Words = [g.pick(("does", "did", "can")), "not", w]
        if start[0] == "can":
            can = W("can")
            start = [can, "not", w]
            head_ = ("JOIN", ("P", can), ("V", w))
    else:
        w.text = g.pick((v.s, v.s, v.past))
        start = [w]
    return [*s.words, *start, *obj, prep, *a, *second], both(said)


def but_object(g: G) -> Said:
    """The cook cleans the pan but not the kettle; Tom painted the boat, but not the shed."""
    g.tag("turn-plain")
    s, v, w = subject(g), g.transitive(), W()
    (a, p), (b, q) = single(g), single(g)
    w.text = v.past if s.plural or g.p(0.5) else v.s
    words, first_no, second_no = g.choose(*((w_, (x, y, z)) for w_, x, y, z in _TURNS))
    start: Words = [w]
    if first_no:
        w.text = v.base
        start = ["did", "not", w]
    said: Callable[[Tree], Tree] = lambda u: p2(("V", w), s.term, u)  # noqa: E731
    one, two = p(s.term, said), q(s.term, said)
    return (
        [*s.words, *start, *a, *words, *b],
        ("AND", ("NOT", one) if first_no else one, ("NOT", two) if second_no else two),
    )


def two_pairs(g: G) -> Said:
    """The cook carried the pan to the shed and the map to the farm."""
    s, w = subject(g), W()
    v = g.pick(TO_VERBS) if g.p(0.3) else goer(g)
    dative = v in TO_VERBS
    g.tag("two-pairs")
    things, places = (known(g, THINGS), known(g, THINGS)), (whither(g), whither(g))
    to, again = W("to"), W("to")
    if not dative and g.p(0.4):
        to.text = again.text = g.pick((*PREPOSITIONS, "with", "into"))
    tense = g.choose((0.5, "past"), (0.2, "perfect"), (0.3, "must"))
    must = W("must")
    w.text = v.past if tense == "past" else v.participle if tense == "perfect" else v.base
    start: Words = [w] if tense == "past" else ["have" if s.plural else "has", w]
    name_: Tree = ("V", w)
    if tense == "must":
        must.text = g.pick(("must", "should", "may", "can"))
        start, name_ = [must, w], ("JOIN", ("P", must), name_)

    def said(i: int) -> Tree:
        x = (to, again)[i]
        return ("P3", name_ if dative and x.text == "to" else ("JOIN", name_, ("P", x)),
                s.term, things[i].term, places[i].term)  # fmt: skip

    return (
        [*s.words, *start, *things[0].words, to, *places[0].words, "and",
         *things[1].words, again, *places[1].words],
        ("AND", said(0), said(1)),
    )  # fmt: skip


# --- several subjects, several clauses --------------------------------------------------


def neither(g: G) -> Said:
    """Neither the cook nor the sailor may paint a boat of the farm; no cook of the boat may."""
    if g.p(0.2):
        g.tag("neither-noun")
        v, h = V(), head(g, (*PEOPLE, *THINGS), 0.15)
        a = deed(g, "", "outside")
        pred = (
            quality_of(g, 0.0)
            if g.p(0.3)
            else bound_to(a, modal(g, 0.0, True))
            if g.p(0.4)
            else tensed(g, a, 0.0)
        )
        words: Words = ["neither", *h.words(False), *pred.fin(False)]
        tree = forall(v, [p1(h.name, v)], ("NOT", pred.sem(v)))
        if g.p(0.35):
            s, other = subject_thing(g), tensed(g, deed(g), 0.0, "present")
            return ["if", *words, ",", *s.words, *other.fin(False)], ("IMP", tree, other.sem(s.term))
        return words, tree
    if g.p(0.5):
        g.tag("no-of")
        v, nom = V(), nominal(g, PEOPLE, 0.6)
        a = deed(g, "", "outside")
        pred = bound_to(a, modal(g, 0.0, True)) if g.p(0.6) else tensed(g, a, 0.0)
        many = g.p(0.4)
        return ["no", *nom.words(many), *pred.fin(many)], (
            "ALL", v, ("IMP", conj(nom.sem(v)), ("NOT", pred.sem(v))),
        )  # fmt: skip
    g.tag("neither")
    s, t = subject_thing(g), subject_thing(g)
    a = deed(g, "", "outside")
    pred = bound_to(a, modal(g, 0.0, True)) if g.p(0.6) else tensed(g, a, 0.0)
    return (
        ["neither", *s.words, "nor", *t.words, *pred.fin(False)],
        ("AND", ("NOT", pred.sem(s.term)), ("NOT", pred.sem(t.term))),
    )


def subject_thing(g: G) -> NP:
    return the(g, PEOPLE) if g.p(0.75) else name(g)


def keeps(g: G) -> Said:
    """The boat is heavy because its deck is wet and its mast is long."""
    s, person = (
        (the(g, THINGS), False) if g.p(0.5) else (name(g), True) if g.p(0.4) else (the(g, PEOPLE), True)
    )
    whose = g.pick(("his", "her")) if person else "its"
    g.tag("own-clauses")
    first = _plain(g, person)
    parts: list[tuple[Words, Tree]] = []
    for _ in range(2 if g.p(0.6) else 1):
        v, h, ws, pred = V(), head(g, THINGS, 0.2), qualities(g, 0.12), _plain(g, False)
        parts.append((
            [whose, *ws, *h.words(False), *pred.fin(False)],
            exists(v, [*(p1(("A", w), v) for w in ws), p2(h.name, v, s.term)], [pred.sem(v)]),
        ))  # fmt: skip
    links: list[Words] = [[g.pick(("because", "because", "although", "since", "and", "but"))]]
    if links[0] in (["and"], ["but"]) or g.p(0.2):
        links[0] = [",", *links[0]]
    if len(parts) == 1:
        words: Words = [*s.words, *first.fin(False), *links[0], *parts[0][0]]
        return words, ("AND", first.sem(s.term), parts[0][1])
    if g.p(0.3):
        # only its parts: the phone's memory is full and its screen is old
        v, h, pred = V(), head(g, THINGS, 0.2), _plain(g, False)
        g.tag("own-parts")
        words = [*s.words, "'s", *h.words(False), *pred.fin(False), "and", *parts[1][0]]
        return words, ("AND", exists(v, [p2(h.name, v, s.term)], [pred.sem(v)]), parts[1][1])
    words = [*s.words, *first.fin(False), *links[0], *parts[0][0], "and", *parts[1][0]]
    return words, ("AND", first.sem(s.term), ("AND", parts[0][1], parts[1][1]))


def _plain(g: G, person: bool) -> Pred:
    r = g.rng.random()
    if r < 0.5 and not person:
        return quality_of(g)
    if r < 0.62:
        return passive(g)
    return tensed(g, deed(g), 0.12)


def because(g: G) -> Said:
    """The farm's cook wept because the crew had burnt her pans."""
    g.tag("because-own")
    v, h = V(), head(g, PEOPLE, 0.15)
    about: Callable[[Callable[[Tree], Tree]], Tree]
    if g.p(0.5):
        o = the(g, ("group", "place", "artifact"))
        subject_words: Words = [*o.words, "'s", *h.words(False)]
        about = lambda said: exists(v, [p2(h.name, v, o.term)], [said(v)])  # noqa: E731
    else:
        s = subject_thing(g)
        subject_words, about = s.words, lambda said: said(s.term)
    v2, h2, ws = V(), head(g, THINGS, 0.15), qualities(g, 0.15)
    whose, one, other = g.pick(("his", "her")), tensed(g, deed(g), 0.1), the(g, ("group",))
    verb, w = g.transitive(), W()
    w.text = g.pick((verb.past, verb.participle))
    had: Words = ["had"] if w.text == verb.participle else []
    link: Words = [g.pick(("because", "because", "although", "after", "so", "and"))]
    link = [",", *link] if link[0] in ("so", "and") else link
    if link == ["after"]:
        link = ["because"]
    many = g.p(0.4)
    words: Words = [
        *subject_words,
        *one.fin(False),
        *link,
        *other.words,
        *had,
        w,
        whose,
        *ws,
        *h2.words(many),
    ]

    def told(t: Tree) -> Tree:
        owned_ = exists(
            v2, [*(p1(("A", a), v2) for a in ws), p2(h2.name, v2, t)], [p2(("V", w), other.term, v2)]
        )
        return ("AND", one.sem(t), owned_)

    return words, about(told)


def and_it(g: G) -> Said:
    """The cook did not clean the pan, and the sailor hid it; the boat is old, so you must not use it."""
    g.tag("and-it")
    s, o, t = subject_thing(g), the(g, THINGS), subject_thing(g)
    no = g.p(0.3)
    verb, w = g.transitive(), W()
    w.text = verb.base if no else verb.past
    first: Words = [*s.words, *(["did", g.pick(("not", "not", "n't"))] if no else []), w, *o.words]
    tree = p2(("V", w), s.term, o.term)
    if g.p(0.35):
        g.tag("thing-first")
        pred = quality_of(g) if g.p(0.5) else passive(g)
        first, tree, no = [*o.words, *pred.fin(False)], pred.sem(o.term), False
    a = deed(g, "", "", (["it"], o.term))
    pred = tensed(g, a, 0.2) if g.p(0.6) else bound_to(a, modal(g, 0.2))
    who = W(g.pick(("I", "you", "we", "you")))
    if g.p(0.3):
        t = NP([who], True, lambda said: said(("R", who)), ("R", who))
    link: Words = g.pick(([",", "and"], [",", "so"], [",", "but"], ["and"], ["because"], [",", "because"]))
    return [*first, *link, *t.words, *after(t, pred)], (
        "AND",
        ("NOT", tree) if no else tree,
        pred.sem(t.term),
    )


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.3, turned), (0.07, but_object), (0.14, two_pairs), (0.14, neither), (0.15, keeps), (0.1, because),
    (0.1, and_it),
)  # fmt: skip

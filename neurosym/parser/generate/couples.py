"""Couples and whole families: who is married, whose children they have, three with one mother.

Knows sentences about several people who belong together; shares the nouns and the care for pronouns of
`households`.  Being married is said of two as the verb says it, and rules about kinship make spouses of
them.  Must not know stories of several sentences.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.family import PAIRS
from neurosym.parser.generate.happenings import FRAMES, TIMES, conjugated, filled, happening
from neurosym.parser.generate.households import (
    CALLED,
    Whole,
    another,
    him,
    more,
    noun,
    owned,
    praise,
    somebody,
    tense_of,
    told,
)
from neurosym.parser.generate.kin import doer, said
from neurosym.parser.generate.meaning import W, joined, p2
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import SUBJECT, Person, Scene, tidy
from neurosym.parser.generate.relatives import Kin, apostrophe, listing, named, relate

KNOWING = (
    "know", "find out", "forget", "be glad", "be happy", "discover", "tell everybody", "not tell anyone",
    "keep it a secret", "be thankful", "realize", "learn", "mention", "be proud to say", "never know",
)  # fmt: skip


def pair_first(g: G) -> Whole:
    """Husband and wife Tom and Ann were waiting for their daughter Eve."""
    sc = Scene(g)
    p = sc.invent()
    first = sc.by_name(p)
    q = sc.invent()
    names: Words = [*first, "and", *sc.by_name(q)]
    a, b = (W(w) for w in g.pick(PAIRS[p.gender + q.gender]).split())
    sc.facts += [p2(("N", a), p.tree, q.tree), p2(("N", b), q.tree, p.tree)]
    p.telling = q.telling = True
    sc.subjects = (p, q)
    g.tag("pair-first")
    tense = tense_of(g)
    kind = g.choose((0.6, "before"), (0.2, "team"), (0.2, "are"))
    words: Words = [a, "and", b, *names]
    if kind == "team":
        words = ["the", a, "and", b, g.pick(("team", "duo", "pair", "couple")), *names]
    if kind == "are":
        words = [*names, "are", a, "and", b]
        link = g.pick(([",", "and"], ["and"], ["who"], [",", "but"]))
        return told(sc, [*words, *link, *said(sc, doer([p, q], True), tense, 0.5)])
    return told(sc, more(sc, [*words, *said(sc, doer([p, q], True), tense, 0.4)], tense, 0.3))


def wedding(g: G) -> Whole:
    """Ann is married to Tom and has a son named Max; Ann and Tom got married, and their son ..."""
    sc = Scene(g)
    first, p = somebody(sc)
    q = sc.invent(another(p.gender) if g.p(0.95) else "")
    tense = "past" if g.p(0.6) else "present"
    w = W("married")
    kind = g.choose((0.35, "to"), (0.3, "married"), (0.35, "both"))
    g.tag(f"wedding-{kind}")
    happily: Words = ["happily"] if g.p(0.2) else []
    years = g.pick(("for ten years", "for a long time", "since 2009", "for nearly 30 years")).split()
    when = g.pick(TIMES).split() if g.p(0.4) else []
    if kind == "to":
        to = W("to")
        be = g.pick(("is", "is", "was", "has been", "got"))
        words: Words = [*first, *be.split(), *([] if be == "got" else happily), w, to, *sc.by_name(q)]
        words = [*words, *(years if be == "has been" else when if be == "got" else [])]
        sc.facts.append(p2(joined([("T", w), ("P", to)]), p.tree, q.tree))
    elif kind == "married":
        words = [*first, w, *sc.by_name(q), *when]
        sc.facts.append(p2(("V", w), p.tree, q.tree))
    else:
        be = g.pick(("are", "were", "have been", "got", "got"))
        words = [*first, "and", *sc.by_name(q), *be.split(), *([] if be == "got" else happily), w]
        words = [*words, *(years if be == "have been" else when)]
        sc.facts += [p2(("T", w), p.tree, q.tree), p2(("T", w), q.tree, p.tree)]
    p.telling = q.telling = True
    sc.subjects = (p, q)
    return told(sc, [*words, *_children(sc, p, q, tense, kind == "both")])


CHILDREN = {"m": "son son boy child kid grandson nephew", "f": "daughter daughter girl child kid niece"}


def _child(g: G) -> Kin:
    gender = g.pick(("f", "m"))
    if g.p(0.2):
        return noun(g, gender)
    w = W(g.pick(CHILDREN[gender].split()))
    return Kin(gender, [w], ("N", w), w.text in ("child", "kid"))


def _children(sc: Scene, p: Person, q: Person, tense: str, both: bool) -> Words:
    """... and they have a daughter named Eve; , and the couple's son Max; and has a son, Max."""
    g = sc.g
    comma: Words = [","] if g.p(0.5) else []
    links = (["and"], ["and"], [",", "and"], ["but"], [",", "so"])
    r = g.rng.random()
    if r < 0.45 or (both and r < 0.6):
        k = _child(g)
        c = named(sc, k.gender)
        verb = g.pick(("have", "have", "had", "raised", "adopted", "are the parents of", "fostered"))
        subject: Words = g.pick((["they"], ["they"], ["the", "couple"], ["both"], ["together", "they"]))
        if both and g.p(0.4):
            subject = []
        if verb.startswith("are"):
            k = Kin("t", [w := W("parents")], ("N", w))
            words: Words = [*subject, "are", "the", "proud", w, "of", *sc.by_name(c)]
            relate(sc, k, [p.tree, q.tree], [c])
        else:
            called = g.pick(CALLED).split() if g.p(0.8) else [","]
            words = [*subject, verb, *indefinite([*praise(g, 0.3), *k.words]), *called, *sc.by_name(c)]
            relate(sc, k, [c.tree], [p, q])
        return [*g.pick(links), *words]
    if r < 0.75:  # their son Max plays the violin
        k = _child(g)
        c = named(sc, k.gender)
        whose: Words = ["their"] if g.p(0.8) else ["the", "couple", "'s"]
        words = [*whose, *praise(g), *k.words, *comma, *sc.by_name(c), *comma]
        relate(sc, k, [c.tree], [p, q])
        return [
            *g.pick(([",", "and"], ["and"], ["but"], [";"])),
            *words,
            *said(sc, doer([c], False), tense, 0.9),
        ]
    if both or p.gender == q.gender:
        raise Retry
    owner = p if r < 0.88 else g.pick((p, q))
    k = _child(g)
    c = named(sc, k.gender)
    who: Words = [] if r < 0.88 else sc.by_pronoun(owner, SUBJECT)
    verb = (
        g.pick(("has", "had", "gave birth to", "raised")) if owner.gender == "f" else g.pick(("has", "had"))
    )
    words = [*who, *verb.split(), *indefinite([*praise(g, 0.3), *k.words]), *g.pick(CALLED).split()]
    words = [*g.pick(links), *words, *sc.by_name(c)]
    relate(sc, k, [c.tree], [owner])
    return words


def known(g: G) -> Whole:
    """Tom does not know that he has a son named Max; Ann forgot it was her brother Tom who called."""
    sc = Scene(g)
    words, p = somebody(sc)
    who = doer([p], False)
    verb, *rest = g.pick(KNOWING).split()
    tense = "past" if g.p(0.5) else "present"
    g.tag("known")
    if verb in ("not", "never"):
        first = "did" if tense == "past" else "does"
        finite: Words = (
            [first, "not", *rest] if verb == "not" else ["never", *conjugated(rest[0], tense, who)]
        )
    elif verb in ("know", "mention", "tell", "realize") and g.p(0.5):
        first = "did" if tense == "past" else "does"
        finite = [first, g.pick(("not", "n't")), verb, *rest]
    else:
        finite = [*conjugated(verb, tense, who), *rest]
    that: Words = ["that"] if g.p(0.75) else []
    he = sc.by_pronoun(p, SUBJECT)
    if g.p(0.7):
        k = noun(g, owner=p.gender)
        c = named(sc, k.gender)
        have = "had" if tense == "past" else "has"
        clause: Words = [*he, have, *indefinite([*praise(g, 0.2), *k.words]), *g.pick(CALLED).split()]
        clause = [*clause, *sc.by_name(c)]
        relate(sc, k, [c.tree], [p])
    else:
        whom, some = owned(sc, p)
        clause = [*whom, *happening(g, doer(some, False), None, tense)]
    return told(sc, more(sc, [*words, *finite, *that, *clause], tense, 0.25))


def three(g: G) -> Whole:
    """Ann, Tom, and Max planned a party for their mother, Eve; her mother Eve and father Tom ..."""
    sc = Scene(g)
    tense = tense_of(g)
    g.tag("three")
    if g.p(0.5):
        group = []
        items: list[Words] = []
        for _ in range(3):
            p = sc.invent()
            items.append(sc.by_name(p))
            group.append(p)
        k = noun(g)
        c = named(sc, k.gender)
        comma: Words = [","] if g.p(0.4) else []
        whom: Words = ["their", *praise(g), *k.words, *comma, *sc.by_name(c), *comma]
        relate(sc, k, [c.tree], group)
        verb = happening(g, doer(group, True), lambda: (whom, him([c])), tense)
        return told(sc, [*listing(g, items), *verb])
    words, p = somebody(sc)
    words = [*words, apostrophe(p)]
    parents: list[Words] = []
    some: list[Person] = []
    for _ in range(2):
        k = noun(g, "" if not some else another(some[0].gender))
        c = named(sc, k.gender)
        parents.append([*k.words, *sc.by_name(c)])
        relate(sc, k, [c.tree], [p])
        some.append(c)
    sc.subjects = tuple(some)
    return told(
        sc,
        more(sc, [*words, *parents[0], "and", *parents[1], *said(sc, doer(some, True), tense, 0.6)], tense),
    )


def run_on(g: G) -> Whole:
    """Tom sat with his dad, Max Bob called his son Ned: two sentences whose full stop is missing."""
    sc = Scene(g)
    words, p = somebody(sc)
    tense = tense_of(g)
    g.tag("run-on")
    whom, some = owned(sc, p)
    if not some or "," not in whom:
        raise Retry  # without the comma the names would read as one
    parts = g.pick(FRAMES).split()
    if parts[-1] != "{o}":
        raise Retry
    who = doer([p], False)
    words = [*words, *conjugated(parts[0], "past", who), *filled(g, who, parts[1:], lambda: (whom, "him"))]
    again, q = somebody(sc)
    object_, _ = owned(sc, q)
    more_: Words = happening(g, doer([q], False), lambda: (object_, "them"), tense)
    return told(sc, [*tidy(words), *again, *more_])


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.22, pair_first), (0.4, wedding), (0.17, known), (0.2, three), (0.04, run_on),
)  # fmt: skip

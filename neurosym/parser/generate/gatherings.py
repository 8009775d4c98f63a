"""Several relatives in one breath, in sentences whose matter may be anything.

Knows coordinated relatives, appositions, clauses about other things before and after, and pronouns whose
owner is, or is not, told; shares the nouns and the care for pronouns of `households`.  A relative whose
owner no reader can tell is left out.  Must not know stories of several sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.happenings import FRAMES, Doer, filled, happening, thing
from neurosym.parser.generate.households import (
    CALLED,
    Whole,
    another,
    him,
    noun,
    owned,
    praise,
    somebody,
    told,
)
from neurosym.parser.generate.kin import doer, said
from neurosym.parser.generate.matters import IT, before_it, end, matter, somewhere_else, tense_of
from neurosym.parser.generate.meaning import W, p2
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, Person, Scene
from neurosym.parser.generate.relatives import apostrophe, listing, named, relate, relation
from neurosym.parser.morphology import plural

FOND = (
    "the merry", "dear old", "little", "poor", "dear", "good old", "clever", "sleepy", "the ever cheerful",
    "the tireless", "grumpy", "sweet little", "brave", "old",
)  # fmt: skip


def fondly(g: G, p: Words) -> Words:
    """Little Tom; the merry Eve: of which the name is the person."""
    if not g.p(0.2):
        return p
    g.tag("fond")
    return [*g.pick(FOND).split(), *p]


# --- coordinated relatives ---------------------------------------------------------------------


def _each(
    sc: Scene, owners: Sequence[Person], whose: Callable[[], Words], n: int
) -> tuple[Words, list[Person]]:
    """Her son Tom, (her) daughter Eve and (her) aunt Ann: each with a noun of its own."""
    g = sc.g
    again = g.p(0.5)
    comma: Words = [","] if g.p(0.15) else []
    items: list[Words] = []
    some: list[Person] = []
    gender = owners[0].gender if len(owners) == 1 else ""
    for i in range(n):
        k = noun(g, owner=gender)
        first = [*praise(g, 0.1), *k.words]
        if i == 0 or again:
            first = [*whose(), *first]
        q = named(sc, k.gender)
        name = sc.by_name(q)
        items.append([*first, *comma, *(fondly(g, name) if comma else name), *comma])
        relate(sc, k, [q.tree], owners)
        some.append(q)
    return listing(g, items), some


def _group(sc: Scene, owners: Sequence[Person], whose: Words, n: int) -> tuple[Words, list[Person]]:
    """Her brothers(,) Tom, Max and Ned: one noun for all."""
    g = sc.g
    k = relation(g, "", many=True, owner=owners[0].gender if len(owners) == 1 else "", family=True)
    group = [named(sc, "" if k.neutral else k.gender) for _ in range(n)]
    if len({p.texts[0] for p in group}) < n:
        raise Retry
    comma: Words = [","] if g.p(0.4) else []
    count: Words = ["two" if n == 2 else "three"]
    words: Words = [*whose, *(count if g.p(0.12) else []), *praise(g, 0.12), *k.words, *comma]
    names = listing(g, [sc.by_name(p) for p in group])
    relate(sc, k, [p.tree for p in group], owners)
    return [*words, *names, *comma], group


def together(g: G) -> Whole:
    """Ann took her son Tom and her daughter Eve to ...; Ann and Max's sons, Tom and Ned, ..."""
    sc = Scene(g)
    tense = tense_of(g)
    kind = g.choose(
        (0.24, "objects"), (0.2, "of-two"), (0.2, "group"), (0.2, "and-group"), (0.16, "and-each")
    )
    g.tag(f"together-{kind}")
    words, p = somebody(sc)
    who = doer([p], False)
    n = 2 if g.p(0.72) else 3

    def hers() -> Words:
        return sc.by_pronoun(p, POSSESSIVE)

    if kind == "objects":
        one = g.p(0.35)
        whom, some = _group(sc, [p], hers(), n) if one else _each(sc, [p], hers, n)
        verb = happening(g, who, lambda: (whom, "them"), tense)
        return end(sc, [*words, *verb], who, tense, 0.35)
    if kind == "of-two":
        q = sc.invent()
        words = [*words, "and", *sc.by_name(q), apostrophe(q)]
        r = g.rng.random()
        if r < 0.35:
            more, some = _group(sc, [p, q], [], n)
        elif r < 0.55:
            more, some = _each(sc, [p, q], list, 2)
        else:
            k = noun(g)
            c = named(sc, k.gender)
            comma: Words = [","] if g.p(0.4) else []
            more = [*praise(g, 0.2), *k.words, *comma, *sc.by_name(c), *comma]
            relate(sc, k, [c.tree], [p, q])
            some = [c]
        sc.subjects = tuple(some)
        who = doer(some, len(some) > 1)
        return end(sc, [*words, *more, *said(sc, who, tense, 0.75)], who, tense, 0.45)
    if kind == "group":
        more, some = _group(sc, [p], [*words, apostrophe(p)], n)
        sc.subjects = tuple(some)
        who = doer(some, True)
        return end(sc, [*more, *said(sc, who, tense, 0.7)], who, tense)
    more, some = _group(sc, [p], hers(), n) if kind == "and-group" else _each(sc, [p], hers, 2)
    sc.subjects = ()
    who = doer([p, *some], True)
    link = g.pick((["and"], ["and"], [",", "along", "with"]))
    if len(link) > 1:
        return end(sc, [*words, *link, *more, ",", *happening(g, doer([p], False), None, tense)], who, tense)
    return end(sc, [*words, *link, *more, *happening(g, who, None, tense)], who, tense)


def all_three(g: G) -> Whole:
    """Ann, Eve and Tom are siblings and share ...; the cousins Tom, Ned and Max ...: each of each other."""
    sc = Scene(g)
    gender = g.pick(("f", "m", ""))
    group = [sc.invent(gender) for _ in range(3)]
    if len({p.texts[0] for p in group}) < 3:
        raise Retry
    tense = tense_of(g)
    w = W(
        plural(
            g.pick(
                {"f": "sister sibling cousin", "m": "brother sibling cousin"}.get(
                    gender, "sibling cousin"
                ).split()
            )
        )
    )
    ahead = g.p(0.3)
    g.tag("three-ahead" if ahead else "three-are")
    names = listing(g, [sc.by_name(p) for p in group])
    sc.facts += [p2(("N", w), a.tree, b.tree) for a in group for b in group if a is not b]
    sc.subjects = tuple(group)
    who = doer(group, True)
    if ahead:
        count: Words = g.pick(([], [], ["three"]))
        words: Words = [*g.pick((["the"], [])), *count, w, *names, *happening(g, who, None, tense)]
        return end(sc, words, who, tense)
    be = "were" if tense == "past" and g.p(0.5) else "are"
    link = g.pick((["and"], ["who"], [",", "and", "they"], [",", "but", "they"], [",", "so", "they"]))
    return end(sc, [*names, be, *praise(g, 0.1), w, *link, *happening(g, who, None, tense)], who, tense, 0.4)


# --- appositions -------------------------------------------------------------------------------


def apposed(g: G) -> Whole:
    """Eve, Ann's aunt, who had just ..., left; Ann saw her older brother, whose name is Tom, at ..."""
    sc = Scene(g)
    tense = tense_of(g)
    words, p = somebody(sc)
    kind = g.choose((0.3, "who"), (0.25, "called"), (0.25, "child"), (0.2, "and"))
    g.tag(f"apposed-{kind}")
    words = fondly(g, words) if g.p(0.5) else words
    who = doer([p], False)
    if kind == "who":  # B, A's aunt, who had just ..., ...
        k = noun(g, p.gender)
        q = sc.invent()
        of: Words = [*sc.by_name(q), apostrophe(q), *praise(g), *k.words]
        if g.p(0.3):
            of = ["the", *praise(g), *k.words, "of", *of[: len(q.texts)]]
        relate(sc, k, [p.tree], [q])
        p.telling = True
        lead = g.pick(("had just", "had never", "usually", "rarely", "")).split()
        verb = happening(g, who, None, "perfect" if lead[:1] == ["had"] else tense)
        if lead[:1] == ["had"]:
            verb = verb[1:]
        inner: Words = [",", "who", *lead, *verb, *matter(g, who, "past", 0.3)] if g.p(0.75) else []
        return end(sc, [*words, ",", *of, *inner, ",", *happening(g, who, None, tense)], who, tense, 0.4)
    if kind == "and":  # A and her (dear) mom, B, had ...
        k = noun(g, owner=p.gender)
        hers = [*sc.by_pronoun(p, POSSESSIVE), *praise(g, 0.35), *k.words]
        q = named(sc, k.gender)
        words = [*words, "and", *hers, ",", *sc.by_name(q), ","]
        relate(sc, k, [q.tree], [p])
        both = doer([p, q], True)
        return end(sc, [*words, *happening(g, both, None, tense)], both, tense)
    k = noun(g, owner=p.gender)
    q = named(sc, k.gender)
    if kind == "called":
        hers = [*sc.by_pronoun(p, POSSESSIVE), *praise(g, 0.4), *k.words]
        comma: Words = [","] if g.p(0.3) else []
        whom: Words = [*hers, *comma, *g.pick((*CALLED, "whose name was", "that is named")).split()]
        whom = [*whom, *sc.by_name(q), *comma]
        relate(sc, k, [q.tree], [p])
        return end(sc, [*words, *happening(g, who, lambda: (whom, him([q])), tense)], who, tense)
    comma = [","] if g.p(0.6) else []  # A's youngest child, B, ...
    name = sc.by_name(q)
    words = [*words, apostrophe(p), *praise(g, 0.7), *k.words, *comma]
    words = [*words, *(fondly(g, name) if comma else name), *comma]
    relate(sc, k, [q.tree], [p])
    sc.subjects = (q,)
    who = doer([q], False)
    return end(sc, [*words, *said(sc, who, tense, 0.75)], who, tense, 0.5)


# --- clauses and their pronouns ----------------------------------------------------------------


def because_of(g: G) -> Whole:
    """Ann was crying, so her husband Tom ...; when Ann visits her aunt Eve, she ...; so he ..."""
    sc = Scene(g)
    tense = "past" if g.p(0.65) else "present"
    words, p = somebody(sc)
    kind = g.choose((0.45, "so"), (0.35, "when"), (0.2, "nobody"))
    g.tag(f"because-{kind}")
    who = doer([p], False)
    if kind == "nobody":  # a pronoun that fits nobody here: whose it is, is left out
        k = noun(g, p.gender)
        q = named(sc, p.gender)
        words = [*words, apostrophe(p), *praise(g, 0.1), *k.words, *sc.by_name(q)]
        relate(sc, k, [q.tree], [p])
        stranger = another(p.gender)
        he = PRONOUNS[stranger][SUBJECT]
        other = Doer(False, False, he, PRONOUNS[stranger][POSSESSIVE])
        link = g.pick((", so", ", and", ", but", "because", "until"))
        verb = happening(g, doer([q], False), None, tense)
        her: Words = [PRONOUNS[p.gender][OBJECT]]
        again = happening(g, other, lambda: (her, PRONOUNS[p.gender][OBJECT]), tense)
        if any(a in PRONOUNS[p.gender] and b == "'s" for a, b in pairwise(again)):
            raise Retry
        return end(sc, [*words, *verb, *link.split(), he, *again], other, tense, 0.3)
    whom, some = owned(sc, p, unnamed=0.12)
    if kind == "so":
        link = g.pick((", so", ", and", ", but", "so", ", which is why", "; that is why", "until", "before"))
        verb = happening(g, who, None, "was" if tense == "past" and g.p(0.3) else tense)
        other = doer(some, False) if some else IT
        again = happening(g, other, None, tense)
        return end(sc, [*words, *verb, *link.split(), *whom, *again], other, tense, 0.35)
    first = g.pick(("when", "whenever", "after", "before", "because", "while", "every time", "as soon as"))
    inner: Words = [*first.split(), *words, *happening(g, who, lambda: (whom, him(some)), tense), ","]
    again_: Words = (
        sc.by_pronoun(p, SUBJECT)
        if all(q.gender != p.gender for q in some)
        else [PRONOUNS[p.gender][SUBJECT]]
    )
    return end(sc, [*inner, *again_, *happening(g, who, None, tense)], who, tense, 0.3)


# --- two families ------------------------------------------------------------------------------


def _clause(sc: Scene, tense: str) -> Words:
    """One clause about one family, with one to three of its members besides."""
    g = sc.g
    words, p = somebody(sc)
    who = doer([p], False)
    kind = g.choose((0.3, "object"), (0.3, "of"), (0.25, "and"), (0.15, "each"))
    g.tag(f"family-{kind}")

    def hers() -> Words:
        # The subject of its own clause is meant, whoever the clause before was about.
        return sc.by_pronoun(p, POSSESSIVE) if g.p(0.93) else [*sc.by_name(p), apostrophe(p)]

    comma: Words = [","] if g.p(0.3) else []
    if kind == "each":
        whom, _ = _each(sc, [p], hers, 2)
        return [*words, *happening(g, who, lambda: (whom, "them"), tense)]
    k = noun(g, owner=p.gender)
    whose = [*words, apostrophe(p)] if kind == "of" else hers()
    head: Words = [*praise(g, 0.15), *k.words, *comma]
    q = named(sc, k.gender)
    head = [*whose, *head, *sc.by_name(q), *comma]
    relate(sc, k, [q.tree], [p])
    if kind == "of":
        sc.subjects = (q,)
        return [*head, *said(sc, doer([q], False), tense, 0.55)]
    if kind == "and":
        sc.subjects = (p, q)
        return [*words, "and", *head, *said(sc, doer([p, q], True), tense, 0.6)]
    return [*words, *happening(g, who, lambda: (head, him([q])), tense)]


def two_families(g: G) -> Whole:
    """Ann took her son Tom to ... while Max's wife Eve and their ...: long, with two to four facts."""
    sc = Scene(g)
    tense = tense_of(g)
    first = _clause(sc, tense)
    g.tag("two-families")
    inner = _purpose(g)
    link = g.pick(
        (", while", ", and", ", but", "while", "because", ", whereas", "; meanwhile ,", ", so", "and")
    )
    second = _clause(sc, tense)
    words: Words = [*before_it(g), *first, *inner, *link.split(), *second]
    if len(words) < 30:
        words += _purpose(g)
    return told(sc, words)


def _purpose(g: G) -> Words:
    if not g.p(0.4):
        return []
    if g.p(0.5):
        return ["to", g.transitive().base, *thing(g), *somewhere_else(g)]
    parts = [f for f in (g.pick(FRAMES).split() for _ in range(6)) if "{o}" not in f and f[0] != "be"]
    return ["to", *filled(g, IT, parts[0], None)] if parts else somewhere_else(g)


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.27, together), (0.05, all_three), (0.22, apposed), (0.2, because_of), (0.26, two_families),
)  # fmt: skip

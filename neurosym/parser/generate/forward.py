"""Kinship before its people are named, and kinship concluded: a pronoun that points forward, a consequence.

Knows sentences such as "While visiting her brother Tom, Ann fell" and "Ann looks after Tom for her sister,
which makes Ann his aunt"; shares the nouns and the care for pronouns of `households`.  Must not know
stories of several sentences.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.happenings import FRAMES, conjugated, filled, happening
from neurosym.parser.generate.households import (
    Whole,
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
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, Scene
from neurosym.parser.generate.relatives import apostrophe, named, relate

AT_ONCE = ("while", "after", "before", "when", "by", "instead of", "without", "since")
BESIDE = (
    "together with", "along with", "with the help of", "like", "unlike", "thanks to", "without", "just like",
    "because of", "for", "next to", "with",
)  # fmt: skip
MAKES = (
    ", which makes", "which makes", ", which makes", "so", ", so", ", and that makes", "because", ", because",
    ", in other words ,", ", since", "; after all ,",
)  # fmt: skip


def cataphora(g: G) -> Whole:
    """While visiting her brother Tom, Ann fell; like his father, Max sings; to cheer up her son, Eve ..."""
    sc = Scene(g)
    late, p = somebody(sc)  # what stands after the pronoun is made before it
    tense = tense_of(g)
    who = doer([p], False)
    kind = g.choose((0.55, "at-once"), (0.25, "beside"), (0.2, "to"))
    g.tag(f"forward-{kind}")
    whom, some = owned(sc, p, unnamed=0.4)
    if kind == "beside":
        front: Words = [*g.pick(BESIDE).split(), *whom]
    else:
        parts = g.pick(FRAMES).split()
        if parts[0] == "be":
            raise Retry
        first: Words = (
            ["to", parts[0]]
            if kind == "to"
            else [*g.pick(AT_ONCE).split(), *conjugated(parts[0], "gerund", who)]
        )
        front = [*first, *filled(g, who, parts[1:], lambda: (whom, him(some)))]
    return told(sc, more(sc, [*front, ",", *late, *said(sc, who, tense, 0.7)], tense, 0.15))


def makes(g: G) -> Whole:
    """Ann minds Tom for her sister, which makes Ann Tom's aunt; Max waved, because he is her nephew."""
    sc = Scene(g)
    words, p = somebody(sc)
    tense = tense_of(g)
    q = sc.invent()
    object_ = sc.by_name(q)
    verb = happening(g, doer([p], False), lambda: (object_, PRONOUNS[q.gender][OBJECT]), tense)
    words = [*words, *verb]
    if g.p(0.3):
        whom, _ = owned(sc, p, unnamed=0.6)
        purpose = g.pick(("for", "with", "without", "to please", "at the wish of"))
        words = [*words, *purpose.split(), *whom]
    link = g.pick(MAKES)
    g.tag("makes" if "makes" in link else "being")
    k = noun(g, p.gender)
    clear = sc.clear(q, (p,))
    if g.p(0.4) and clear:
        whose: Words = sc.by_pronoun(q, POSSESSIVE)
    else:
        whose = [*sc.by_name(q), apostrophe(q)]
    whose = [*whose, *praise(g, 0.1), *k.words]
    if "makes" in link:
        subject = sc.by_pronoun(p, OBJECT) if g.p(0.4) and p.gender != q.gender else sc.by_name(p)
        words = [*words, *link.split(), *subject, *whose]
    else:
        subject = sc.by_pronoun(p, SUBJECT) if p.gender != q.gender else sc.by_name(p)
        words = [*words, *link.split(), *subject, *conjugated("be", "present", doer([p], False)), *whose]
    relate(sc, k, [p.tree], [q])
    return told(sc, words)


def reported(g: G) -> Whole:
    """Ann has a son and his name is Tom; Max was late for his sister, Eve's graduation."""
    sc = Scene(g)
    words, p = somebody(sc)
    tense = "past" if g.p(0.4) else "present"
    who = doer([p], False)
    if g.p(0.5):
        g.tag("name-after")
        k = noun(g, owner=p.gender)
        q = named(sc, k.gender)
        some = [g.pick(("a", "one")), *praise(g, 0.15), *k.words]
        verb = g.choose((0.6, "have"), (0.4, "live with"), (0.2, "adore"), (0.2, "write to")).split()
        if verb != ["have"] or g.p(0.2):
            some = [*sc.by_pronoun(p, POSSESSIVE), *praise(g, 0.15), *k.words]
        his = PRONOUNS[q.gender][POSSESSIVE]
        link: Words = g.pick((["and"], [",", "and"], [";"], ["and"]))
        called: Words = [*sc.by_name(q)]
        words = [*words, *conjugated(verb[0], tense, who), *verb[1:], *some, *link]
        words = [*words, his, "name", g.pick(("is", "is", "was")), *called]
        relate(sc, k, [q.tree], [p])
        return told(sc, more(sc, words, tense, 0.1))
    g.tag("own-thing")
    k = noun(g, owner=p.gender)
    q = named(sc, k.gender)
    comma: Words = [","] if g.p(0.5) else []
    day = [*praise(g, 0.1), g.pick(("birthday", "wedding", "graduation", "concert", "house", "car", "shop"))]
    whom: Words = [*sc.by_pronoun(p, POSSESSIVE), *k.words, *comma, *sc.by_name(q), apostrophe(q), *day]
    relate(sc, k, [q.tree], [p])
    before = g.pick(("for", "at", "before", "after", "about", "because of"))
    lead = happening(g, who, None, tense)
    return told(sc, more(sc, [*words, *lead, *before.split(), *whom], tense, 0.2))


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.5, cataphora), (0.2, makes), (0.3, reported),
)  # fmt: skip

"""Families in the shapes that everyday stories give them: who is whose relative, in crowded sentences.

Knows how kinship is said in one breath with other things: brothers who never agree, a father whose sister
is his and not his daughter's, people married to each other, relatives without a name, praise between the
article and the noun.  The clauses come from `kin`, the noun phrases from `relatives`.  Every sentence says
more than kinship and is marked as read in part.  Must not know stories of several sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.family import PAIRS
from neurosym.parser.generate.happenings import FRAMES, TIMES, conjugated, filled, happening
from neurosym.parser.generate.kin import doer, said, second
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, joined, p2
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, Person, Scene, tidy
from neurosym.parser.generate.relatives import (
    Kin,
    apostrophe,
    named,
    relate,
    relation,
    repeats,
)
from neurosym.parser.morphology import plural

Whole = tuple[Words, Tree, str]
LONGEST = 42  # words
PRAISE = str.split(
    "gentle merry splendid patient modest funny clever stubborn gifted sweet charming kind smart "
    "handsome beautiful pretty little big older younger oldest youngest only favorite grown estranged late "
    "long-lost newborn shy cheerful teenage twin dear new nosy devoted caring annoying"
)
CALLED = ("named", "named", "named", "called", "called", "by the name of", "whose name is", "who is called")
GERUND = (
    "love", "enjoy", "like", "hate", "keep", "miss", "remember", "start", "prefer", "finish", "regret",
    "be tired of", "be good at", "be busy", "be fond of", "be looking forward to", "spend hours", "have fun",
    "be afraid of", "be thinking about", "never get tired of",
)  # fmt: skip
INFINITIVE = (
    "love", "like", "want", "hope", "decide", "plan", "forget", "promise", "try", "be going", "be happy",
    "be ready", "be excited", "manage", "prefer", "need", "use all her free time", "can not wait",
)  # fmt: skip


def tense_of(g: G) -> str:
    return g.choose((0.6, "past"), (0.3, "present"), (0.05, "was"), (0.05, "progressive"))


def told(sc: Scene, words: Words) -> Whole:
    """The sentence, read for its kinship.  Raises Retry where it says none, or says it twice."""
    if not sc.facts or repeats(sc.facts):
        raise Retry
    if sc.g.p(0.015):
        words = _without_apostrophe(words)
    words = tidy(words)
    if len(words) > LONGEST:
        raise Retry
    return words, ("PART", conj(sc.facts)), "."


def _without_apostrophe(words: Words) -> Words:
    """Without one sign of possession, as hasty writers leave it out: "Ann brother Tom"."""
    at = [i for i, w in enumerate(words) if w == "'s"]
    return [w for i, w in enumerate(words) if i != at[0]] if at else words


def more(sc: Scene, words: Words, tense: str, often: float = 0.35) -> Words:
    """At times with one more clause."""
    return [*words, *second(sc, tense, tidy(words))] if sc.g.p(often) else words


# --- nouns and their owners --------------------------------------------------------------------


def noun(g: G, gender: str = "", owner: str = "") -> Kin:
    """A relation noun; at times a grand one in two words, or with a hyphen."""
    k = relation(g, gender, owner=owner, family=True)
    (first, *rest) = k.words
    if rest or not isinstance(first, W) or not first.text.startswith("grand") or not g.p(0.12):
        return k
    tail = first.text.removeprefix("grand")
    if tail not in ("mother", "father", "son", "daughter", "child", "parent"):
        return k
    g.tag("grand-apart")
    if g.p(0.4):
        first.text = f"grand-{tail}"
        return k
    great, small = W("grand"), W(tail)
    return Kin(k.gender, [great, small], joined([("N", great), ("N", small)]), k.neutral)


def praise(g: G, often: float = 0.2) -> Words:
    if not g.p(often):
        return []
    g.tag("praise")
    first = g.pick(PRAISE) if g.p(0.75) else g.adjective().base
    return [first, *praise(g, 0.08)]


def owned(
    sc: Scene, p: Person, gender: str = "", unnamed: float = 0.0, often: float = 0.15
) -> tuple[Words, list[Person]]:
    """Her (lovely) sister (Eve): of somebody mentioned, by the pronoun."""
    g = sc.g
    k = noun(g, gender, owner=p.gender)
    words: Words = [*sc.by_pronoun(p, POSSESSIVE), *praise(g, often), *k.words]
    if g.p(unnamed):
        g.tag("unnamed")
        v = V()
        sc.facts.append(exists(v, [p2(k.pointer, v, p.tree)]))
        return words, []
    q = named(sc, k.gender)
    comma: Words = [","] if g.p(0.3) else []
    words = [*words, *comma, *sc.by_name(q), *comma]
    relate(sc, k, [q.tree], [p])
    return words, [q]


def him(people: Sequence[Person]) -> str:
    return PRONOUNS[people[0].gender][OBJECT] if len(people) == 1 else "them"


def somebody(sc: Scene, gender: str = "") -> tuple[Words, Person]:
    """Somebody by a name that tells the gender, as the subject."""
    p = sc.invent(gender)
    words = sc.by_name(p)
    sc.subjects = (p,)
    return words, p


def another(gender: str) -> str:
    return "m" if gender == "f" else "f"


# --- sentences ---------------------------------------------------------------------------------


def brothers_who(g: G) -> Whole:
    """Ann and Eve are sisters who never agree; Tom and Max are cousins, and they share a flat."""
    sc = Scene(g)
    first, p = somebody(sc)
    q = sc.invent(p.gender)
    pair: Words = [*first, "and", *sc.by_name(q)]
    nouns = "sister sister sibling cousin twin" if p.gender == "f" else "brother brother sibling cousin twin"
    w = W(plural(g.pick(nouns.split())))
    sc.facts += [p2(("N", w), p.tree, q.tree), p2(("N", w), q.tree, p.tree)]
    p.telling = q.telling = True
    sc.subjects = (p, q)
    tense = tense_of(g)
    who = doer([p, q], True)
    be = "were" if tense == "past" and g.p(0.4) else "are"
    before: Words = praise(g, 0.15) or (["two"] if g.p(0.1) else [])
    words: Words = [*pair, be, *before, w]
    kind = g.choose((0.55, "who"), (0.2, "and"), (0.15, "but"), (0.1, "they"))
    g.tag(f"brothers-{kind}")
    if kind == "who":
        return told(sc, [*words, "who", *_alike(sc, tense)])
    if kind == "they":
        return told(sc, [*words, *g.pick(([",", "and"], [",", "so"], [";"])), "they", *_alike(sc, tense)])
    comma: Words = [","] if g.p(0.5) else []
    return told(sc, [*words, *comma, kind, *said(sc, who, tense, 0.6)])


ALIKE = (
    "share a room", "never agree on anything", "live on the same street", "could not be more different",
    "do everything together", "wear the same glasses", "have the same laugh", "hardly ever talk",
    "run a bakery in {p}", "are in the same class", "never quarrel over money", "argue about everything",
    "both like {n}", "are often mistaken for each other", "have little in common", "grew up near {p}",
)  # fmt: skip


def _alike(sc: Scene, tense: str) -> Words:
    g = sc.g
    who = doer(sc.subjects, True)
    if g.p(0.5):
        return filled(g, who, g.pick(ALIKE).split(), None)
    return said(sc, who, tense, 0.6)


def who_is(g: G) -> Whole:
    """Ann who is Tom's mother called him; Tom who works late drove his sister Eve home."""
    sc = Scene(g)
    words, p = somebody(sc)
    tense = tense_of(g)
    who = doer([p], False)
    comma: Words = [","] if g.p(0.25) else []
    r = g.rng.random()
    if r < 0.75:
        g.tag("who-kin")
        k = noun(g, p.gender)
        q = sc.invent()
        if g.p(0.7):
            inner: Words = [*sc.by_name(q), apostrophe(q), *praise(g), *k.words]
        else:
            inner = ["the", *praise(g), *k.words, "of", *sc.by_name(q)]
        relate(sc, k, [p.tree], [q])
        p.telling = True
        words = [*words, *comma, "who", g.choose((0.8, "is"), (0.2, "was")), *inner, *comma]
        if g.p(0.45):  # ... thanked Tom
            object_: Words = sc.again(q, OBJECT) if sc.clear(q, (p,)) else sc.by_name(q)
            verb = happening(g, who, lambda: (object_, PRONOUNS[q.gender][OBJECT]), tense)
            return told(sc, more(sc, [*words, *verb], tense, 0.4))
        return told(sc, more(sc, [*words, *said(sc, who, tense, 0.5)], tense))
    g.tag("who-does")
    words = [*words, *comma, "who", *happening(g, who, None, tense), *comma]
    whom, some = owned(sc, p)
    return told(sc, more(sc, [*words, *happening(g, who, lambda: (whom, him(some)), tense)], tense))


def complement(g: G) -> Whole:
    """Tom enjoys hiking with his niece: an infinitive or a gerund with a relative in it."""
    sc = Scene(g)
    words, p = somebody(sc)
    who = doer([p], False)
    gerund = g.p(0.55)
    g.tag("of-gerund" if gerund else "of-infinitive")
    verb, *rest = g.pick(GERUND if gerund else INFINITIVE).split()
    rest = [PRONOUNS[p.gender][POSSESSIVE] if w == "her" else w for w in rest]
    tense = "present" if g.p(0.65) else "past"
    if verb == "never":
        finite: Words = [verb, *conjugated(rest[0], tense, who), *rest[1:]]
    elif verb == "can":
        finite = [*(["can", "not"] if tense == "present" else ["could", "not"]), "wait"]
    else:
        finite = [*conjugated(verb, tense, who), *rest]
    parts = g.pick(FRAMES).split()
    if parts[0] == "be":
        raise Retry
    whom, some = owned(sc, p, unnamed=0.75)
    inner = filled(g, who, parts[1:], lambda: (whom, him(some)))
    base: Words = conjugated(parts[0], "gerund", who) if gerund else ["to", parts[0]]
    words = [*words, *finite, *base, *inner]
    if g.p(0.2):
        words += g.pick(TIMES).split()
    return told(sc, more(sc, words, tense, 0.15))


def praised(g: G) -> Whole:
    """Ann has a patient son; Tom is the gentle father of a shy girl named Eve; Eve is Tom's only niece."""
    sc = Scene(g)
    words, p = somebody(sc)
    kind = g.choose((0.3, "has"), (0.3, "has-named"), (0.25, "father-of"), (0.15, "favorite"))
    g.tag(f"praised-{kind}")
    tense = "past" if g.p(0.2) else "present"
    who = doer([p], False)
    if kind == "favorite":
        k = noun(g, p.gender)
        q = sc.invent()
        words += conjugated("be", tense, who)
        if g.p(0.6):
            words += [*sc.by_name(q), apostrophe(q), *praise(g, 1.0), *k.words]
        else:
            words += ["the", *praise(g, 1.0), *k.words, "of", *sc.by_name(q)]
        relate(sc, k, [p.tree], [q])
    elif kind == "father-of":
        k = noun(g, p.gender)
        child = g.pick(("f", "m"))
        q = sc.invent(child)
        some: Words = [*praise(g, 0.6), g.pick(("girl", "child") if child == "f" else ("boy", "child"))]
        if g.p(0.35):
            some = [*praise(g, 0.5), g.pick(("woman", "lady") if child == "f" else ("man", "fellow"))]
        inner: Words = [*indefinite(some), *g.pick(CALLED).split(), *sc.by_name(q)]
        if g.p(0.25):
            inner = [*sc.by_name(q)]
        words += [*conjugated("be", tense, who), *g.pick((["the"], ["the"], ["a"])), *praise(g, 0.7)]
        words = [*words, *k.words, "of", *inner]
        relate(sc, k, [p.tree], [q])
        if "praise" not in g.tags and len(inner) == 1:
            raise Retry  # "Tom is the father of Eve" is read in full
    else:
        k = noun(g, owner=p.gender)
        words = [*words, *conjugated("have", tense, who), *indefinite([*praise(g, 1.0), *k.words])]
        if kind == "has":
            v = V()
            sc.facts.append(exists(v, [p2(k.pointer, v, p.tree)]))
        else:
            q = named(sc, k.gender)
            words = [*words, *g.pick(CALLED).split(), *sc.by_name(q)]
            relate(sc, k, [q.tree], [p])
    return told(sc, more(sc, words, tense, 0.25))


def whose_by_gender(g: G) -> Whole:
    """Eve and her cousin Tom phoned his aunt Ann: gender tells whose, where nearness would not."""
    sc = Scene(g)
    first, p = somebody(sc)
    other = another(p.gender)
    tense = tense_of(g)
    kind = g.choose((0.4, "with"), (0.3, "object"), (0.3, "possessor"))
    g.tag(f"gender-{kind}")
    if kind == "possessor":  # Tom's sister Eve called his brother Max
        k = noun(g, other)
        q = named(sc, other)
        comma: Words = [","] if g.p(0.3) else []
        words: Words = [*first, apostrophe(p), *praise(g), *k.words, *comma, *sc.by_name(q), *comma]
        relate(sc, k, [q.tree], [p])
        owner = g.pick((p, p, q))
        whom, some = owned(sc, owner)
        verb = happening(g, doer([q], False), lambda: (whom, him(some)), tense)
        sc.subjects = (q,)
        return told(sc, more(sc, [*words, *verb], tense, 0.2))
    if kind == "with":
        inner, (q,) = owned(sc, p, other)
        owner = g.pick((p, q, q))
        whom, some = owned(sc, owner)
        link = g.pick((["and"], ["and"], ["and"], [",", "along", "with"], [",", "together", "with"]))
        close: Words = [","] if len(link) > 1 else []
        who = doer([p], False) if close else doer([p, q], True)
        verb = happening(g, who, lambda: (whom, him(some)), tense)
        sc.subjects = ()
        return told(sc, [*first, *link, *inner, *close, *verb])
    inner, (q,) = owned(sc, p, other)
    verb = happening(g, doer([p], False), lambda: (inner, him([q])), tense)
    whom, some = owned(sc, g.pick((p, q, q)))
    link = g.pick(
        (["and"], ["but", "not"], [",", "but", "never"], ["and", "also"], ["or"], ["instead", "of"], ["with"])
    )
    if link[-1] in ("not", "never"):
        link = [*link, *g.pick(("with", "for", "to", "from")).split()]
    return told(sc, [*first, *verb, *link, *whom])


def nearest(g: G) -> Whole:
    """Max's cousin Tom wrote to Bob and his aunt Eve: whoever stands beside the pronoun."""
    sc = Scene(g)
    tense = tense_of(g)
    if g.p(0.5):
        words, p = somebody(sc)
        k = noun(g)
        q = named(sc, k.gender)
        words = [*words, apostrophe(p), *k.words, *sc.by_name(q)]
        relate(sc, k, [q.tree], [p])
    else:
        words, q = somebody(sc)
    sc.subjects = (q,)
    r = sc.invent()
    beside = sc.by_name(r)
    whom, _ = owned(sc, r)
    pair: Words = [*beside, "and", *whom]
    g.tag("nearest")
    return told(sc, [*words, *happening(g, doer([q], False), lambda: (pair, "them"), tense)])


EVENTS = str.split("hike tournament picnic lunch evening camp workshop race contest weekend club dinner")


def occasion(g: G) -> Whole:
    """Tom met his cousin Eve after a father and daughter hike: whose nouns of kinship are nobody's."""
    sc = Scene(g)
    words, p = somebody(sc)
    tense = tense_of(g)
    whom, some = owned(sc, p, unnamed=0.1)
    a, b = g.pick(PAIRS[g.pick(tuple(PAIRS))]).split()
    link: Words = ["and"] if g.p(0.5) else ["-"] if g.p(0.2) else []
    where: Words = [g.pick(("to", "for", "before", "at", "after")), g.pick(("the", "a", "an annual"))]
    where = [*where[:1], *str(where[1]).split(), a, *link, b, g.pick(EVENTS)]
    if g.p(0.25):
        where = (
            ["on", a, "'s", "day"] if a in ("mother", "father") else ["for", "a", "family", g.pick(EVENTS)]
        )
    g.tag("occasion")
    verb = happening(g, doer([p], False), lambda: (whom, him(some)), tense)
    return told(sc, more(sc, [*words, *verb, *where], tense, 0.2))


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.11, brothers_who), (0.13, who_is), (0.15, complement), (0.14, praised), (0.15, whose_by_gender),
    (0.06, nearest), (0.05, occasion),
)  # fmt: skip

"""Family in passing: sentences of stories, of which the reading keeps who is whose relative.

Knows clauses about several people; the noun phrases come from `relatives`, what people do from
`happenings`.  A sentence that says more than kinship is marked as read in part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.family import asked, direct, paired
from neurosym.parser.generate.happenings import TENSES, TIMES, Doer, conjugated, happening
from neurosym.parser.generate.meaning import Tree, W, conj
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import MANY, OBJECT, PRONOUNS, SUBJECT, Person, Scene, tidy
from neurosym.parser.generate.relatives import (
    Kin,
    adjective,
    apostrophe,
    relate,
    relation,
    relative,
    repeats,
    whose_kin,
)
from neurosym.parser.generate.sentences import Said
from neurosym.parser.morphology import plural

# --- clauses ---------------------------------------------------------------------------


def doer(people: Sequence[Person], many: bool) -> Doer:
    if many or len(people) != 1:
        return Doer(many)
    he, _, his, _, _ = PRONOUNS[people[0].gender]
    return Doer(people[0].gender in MANY, people[0].gender == "i", he, his)


def opening(sc: Scene) -> tuple[Words, Doer]:
    """The subject of a first clause; sets who the clause is about."""
    g = sc.g
    kind = g.choose(
        (0.36, "name"), (0.17, "with"), (0.24, "kin"), (0.06, "pair"), (0.04, "siblings"),
        (0.3 if sc.known else 0.08, "out"),
        (0.03, "together"), (0.02, "as"),
    )  # fmt: skip
    g.tag(f"subj-{kind}")
    if kind == "kin":
        words, people = relative(sc, fresh=0.6)
        many = len(people) > 1
        sc.subjects = tuple(people)
        return words, doer(people, many) if people else Doer(False, False, "she", "the")
    if kind == "out":
        p = sc.outside()
        words = sc.by_pronoun(p, SUBJECT)
        sc.subjects = (p,)
        return words, doer([p], p.gender in MANY)
    if kind in ("pair", "siblings"):
        p = sc.invent()
        first = sc.by_name(p)
        q = sc.invent(p.gender if kind == "siblings" else "")
        pair = [*first, "and", *sc.by_name(q)]
        sc.subjects = (p, q)
        if kind == "siblings":
            pair = grown_up(sc, p, q, pair)
        elif g.p(0.2):
            g.tag("paired")
            pair = [*pair, ",", *g.choose((0.7, []), (0.3, ["who", "are"])), *paired(sc, p, q), ","]
        return pair, Doer(True)
    p = sc.invent()
    if kind == "as":  # as Tim's father, Bob ...
        q = sc.invent()
        k = relation(g, p.gender)
        whose = sc.by_name(q)
        words = [g.pick(("as", "being")), *whose, apostrophe(q), *k.words, ",", *sc.by_name(p)]
        relate(sc, k, [p.tree], [q])
        sc.subjects = (p,)
        return words, doer([p], False)
    words = sc.by_name(p)
    sc.subjects = (p,)
    if kind == "name":
        return words, doer([p], False)
    start = len(g.tags)
    inner, people = relative(sc, 1, commas=kind == "with", fresh=0.05)
    if kind == "with":
        if {"own-name", "own-again", "own-two"} & set(g.tags[start:]):
            raise Retry  # "Ann and Tom's brother Bob" has two readings
        sc.subjects = (p, *people) if len(people) == 1 else (p,)
        return [*words, "and", *inner], Doer(True)
    link = g.pick(("together with", "along with", "accompanied by", "like", "unlike", "with the help of"))
    return [*words, ",", *link.split(), *inner, ","], doer([p], False)


def grown_up(sc: Scene, p: Person, q: Person, pair: Words) -> Words:
    """The sisters Ann and Eve; Ann and Eve, who are sisters; cousins Ann and Tom."""
    g = sc.g
    symmetric = "sister sibling cousin twin" if p.gender == "f" else "brother sibling cousin twin"
    w = W(plural(g.pick(symmetric.split())))
    k = Kin("t", [w], ("N", w))
    relate(sc, k, [p.tree], [q])
    relate(sc, k, [q.tree], [p])
    r = g.rng.random()
    if r < 0.4:
        return ["the", *g.choose((0.8, []), (0.2, ["two"])), w, *pair]
    if r < 0.55:
        return [w, *pair]
    link: Words = g.pick((["who", "are"], ["who", "were"], ["two"], ["both"]))
    return [*pair, ",", *(link if r < 0.9 else []), w, ","]


def someone_else(sc: Scene) -> tuple[Words, str]:
    """An object: mostly a relative, also somebody mentioned before, or a stranger."""
    g = sc.g
    r = g.rng.random()
    back = [p for p in sc.here() if p not in sc.subjects and p.texts]
    if r < 0.12 and back:
        p = g.pick(back)
        g.tag("obj-again")
        return sc.again(p, OBJECT), PRONOUNS[p.gender][OBJECT]
    if r < 0.24 and sc.facts:
        g.tag("obj-new")
        p = sc.invent()
        return sc.by_name(p), PRONOUNS[p.gender][OBJECT]
    g.tag("obj-kin")
    words, people = relative(sc, fresh=0.1 if sc.here() else 0.8)
    return words, PRONOUNS[people[0].gender][OBJECT] if len(people) == 1 else "them" if people else "him"


def fronted(g: G) -> Words:
    """Last week; one day; in the end."""
    g.tag("fronted")
    first = g.pick(TIMES) if g.p(0.6) else g.pick(FRONT)
    comma: Words = [","] if g.p(0.8) and not first.endswith((" that", " so")) else []
    return [*first.split(), *comma]


FRONT = (
    "one day", "in the end", "after a while", "sadly", "luckily", "of course", "it was raining , so",
    "because of the weather", "it turned out that", "at the party", "everyone knows that", "for once",
)  # fmt: skip


def about_somebody(sc: Scene) -> Words:
    """Ann said that ...; on Ann's birthday, ...: somebody whom the clause may take up."""
    g = sc.g
    g.tag("about")
    p = sc.invent()
    first = sc.by_name(p)
    sc.subjects = (p,)
    r = g.rng.random()
    if r < 0.45:
        verb = g.pick(("said", "says", "thinks", "knew", "heard", "told everybody", "wrote", "remembers"))
        return [*first, *verb.split(), *g.choose((0.8, ["that"]), (0.2, []))]
    if r < 0.7:
        before = g.pick(("it was", "on", "for", "shortly before", "the day after"))
        link: Words = [",", "so"] if before == "it was" else [","]
        return [*before.split(), *first, apostrophe(p), g.pick(("birthday", "wedding", "graduation")), *link]
    before = g.pick(("when", "after", "because", "although", "before"))
    alone = happening(g, doer([p], False), None, "past")
    return [before, *first, *alone, ","]


def outright(sc: Scene, who: Doer, tense: str) -> Words:
    """Is Tim's aunt; has a son named Tim; gave birth to a daughter, Eve: said at the start of a story."""
    g = sc.g
    (p,) = sc.subjects
    r = g.rng.random()
    tense = "past" if tense == "past" and g.p(0.6) else "present"
    if r < 0.45 or not p.texts:
        g.tag("first-is")
        return [*conjugated("be", tense, who), *whose_kin(sc, p)]
    child = r > 0.8
    g.tag("first-child" if child else "first-has")
    k = relation(g, owner=p.gender)
    if child:
        w = W(g.pick(("son", "daughter")))
        k = Kin("m" if w.text == "son" else "f", [w], ("N", w))
    q = sc.invent(k.gender)
    verb = g.pick(("gave birth to", "adopted", "raised", "had")).split() if child else []
    called: Words = [g.pick(("named", "called"))] if g.p(0.6) else [","]
    words = [*(verb or conjugated("have", tense, who)), *indefinite([*adjective(g), *k.words])]
    words = [*words, *called, *sc.by_name(q), *([","] if called == [","] else [])]
    relate(sc, k, [q.tree], [p])
    return words


def said(sc: Scene, who: Doer, tense: str, alone: float) -> Words:
    fill = None if sc.g.p(alone) else lambda: someone_else(sc)
    return happening(sc.g, who, fill, tense)


LINKS = ("and", "and", "but", "because", "while", "so", "when", "after", "before", "although", "since", ";")


def who_clause(sc: Scene, tense: str) -> Words:
    """... her aunt Eve, who sleeps: more about the person whose name stands last."""
    g = sc.g
    g.tag("who")
    p = sc.people[-1]
    sc.subjects = (p,)
    if g.p(0.3):
        return [",", "who", "was" if tense == "past" else "is", *whose_kin(sc, p)]
    if g.p(0.25):  # whose son is Tim; whose son Tim ...
        g.tag("whose")
        k = relation(g, owner=p.gender)
        q = sc.invent(k.gender)
        be: Words = ["is"] if g.p(0.5) else []
        words: Words = [",", "whose", *k.words, *be, *sc.by_name(q)]
        relate(sc, k, [q.tree], [p])
        return words if be else [*words, *said(sc, doer([q], False), tense, 0.6)]
    return [",", "who", *said(sc, doer([p], False), tense, 0.4)]


def second(sc: Scene, tense: str, before: Words) -> Words:
    """A clause after the first: and he ...; because she is his niece; , who is her aunt."""
    g = sc.g
    last = sc.people[-1] if sc.people else None
    if last is not None and last.texts and before[-1] is name_end(last) and g.p(0.3):
        return who_clause(sc, tense)
    if g.p(0.1) and len(sc.subjects) == 1 and sc.subjects[0].texts and sc.subjects[0].tree[0] != "R":
        g.tag("participial")
        verb = happening(g, doer(sc.subjects, False), lambda: someone_else(sc), "gerund")
        return [",", *verb]
    link = g.pick(LINKS)
    comma: Words = [","] if link in ("and", "but", "so", "while", "although") and g.p(0.7) else []
    g.tag(f"link-{link}")
    head: Words = [*comma, link]
    here = [p for p in sc.here() if p.texts and sc.clear(p)]
    r = g.rng.random()
    if r < 0.2 and sc.subjects:
        g.tag("same-subject")
        many = len(sc.subjects) > 1
        if link not in ("and", "but"):
            head = [",", "and"] if g.p(0.3) else ["and"]
        return [*head, *said(sc, doer(sc.subjects, many), tense, 0.4)]
    if r < 0.62 and here:
        p = g.pick(here)
        g.tag("pro-subject")
        subject = sc.by_pronoun(p, SUBJECT)
        sc.subjects = (p,)
        if g.p(0.3) and link in ("and", "but", "because", "since", "although", "so", ";", "while"):
            g.tag("is-kin")
            words = whose_kin(sc, p)
            be = conjugated("be", "past" if tense == "past" and g.p(0.7) else "present", doer([p], False))
            return [*head, *subject, *be, *words]
        return [*head, *subject, *said(sc, doer([p], False), tense, 0.35)]
    if r < 0.8:
        g.tag("kin-subject")
        words, people = relative(sc, fresh=0.1)
        sc.subjects = tuple(people)
        who = doer(people, len(people) > 1) if people else Doer(False, False, "she", "the")
        return [*head, *words, *said(sc, who, tense, 0.5)]
    g.tag("new-subject")
    p = sc.invent()
    words = sc.by_name(p)
    sc.subjects = (p,)
    return [*head, *words, *said(sc, doer([p], False), tense, 0.3)]


def name_end(p: Person) -> W | None:
    """The last word of the latest mention by name."""
    tree = p.tree
    while tree is not None and tree[0] == "NAMES":
        tree = tree[2]
    return tree[1] if tree is not None and tree[0] == "E" else None


def passing(g: G, scene: Scene | None = None) -> tuple[Words, Tree, str]:
    """A sentence of one or two clauses that mentions who is whose relative.  Raises Retry."""
    g.tag("kin")
    tense = g.choose(*zip((0.62, 0.2, 0.04, 0.05, 0.05, 0.04), TENSES, strict=True))
    sc = scene if scene is not None else Scene(g)
    front: Words = []
    if g.p(0.07):
        front = about_somebody(sc)
    words, who = opening(sc)
    g.tag("does")
    if g.p(0.09) and sc.subjects and sc.subjects[0].gender not in "iw":
        words = [*fronted(g), *words] if not front else words
    n = g.choose((0.5, 0), (0.44, 1), (0.06, 2))
    if len(sc.subjects) == 1 and sc.subjects[0].gender not in MANY and g.p(0.14):
        words, n = [*words, *outright(sc, who, tense)], max(n, 1)
    else:
        words = [*words, *said(sc, who, tense, 0.35 if sc.facts else 0.06)]
    for _ in range(n):
        words += second(sc, tense, tidy(words))
    # "Ann likes her mother" is read in full; only longer stories are read in part.
    brief = n == 0 and len(words) < 10 and all(t[0] == "EX" for t in sc.facts)
    if brief or not sc.facts or len(words) > 42 or repeats(sc.facts):
        raise Retry
    return tidy([*front, *words]), ("PART", conj(sc.facts)), "."


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = ((1.0, direct),)
SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = ((0.93, passing), (0.07, asked))

"""Sentences with pronouns that may mean several: whom each means is drawn, by how much they come to mind.

Knows how often readers take a subject, an object, an owner or one of a pair up: subjects two to three times
as often as others (Arnold 2001, "The effect of thematic roles on pronoun use"), the one of whom a reason
speaks about equally (implicit causality; Garvey & Caramazza 1974), and of "Ann and Eve" none before the
other.  Must not know stories.  The tokens take a pronoun of the same sentence for the first that agrees,
as a reading does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, entity, exists, p1, p2
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, REFLEXIVE, SUBJECT
from neurosym.parser.generate.stories import NOT_THINGS
from neurosym.parser.morphology import normalize

NOBODY = 0.02  # of pronouns that mean somebody whom the story does not name
FADES = 0.15  # what is left of a mention one sentence later
_LINKS = ("because", "because", "since", "although", "and", "and", "but", "so", "when", "while", "after")
# How much likelier the clause's subject is meant than others in it; reasons may be anybody's.
_SUBJECT_OVER = {"because": 1.0, "since": 1.0, "although": 1.5, "and": 3.0, "but": 1.5, "so": 1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Who:
    """Somebody or something.  `gender`: m, f or n, whether or not the text tells it."""

    text: str
    gender: str
    named: bool

    @property
    def constant(self) -> str:
        return normalize(self.text, "E" if self.named else "D")


Salience: TypeAlias = dict[Who, float]
Marks: TypeAlias = list[tuple[W, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the antecedents of its pronouns, and how much it brings everybody to mind."""

    words: Words
    tree: Tree
    marks: Marks
    salience: Salience


@dataclass(frozen=True, slots=True)
class Stage:
    """Who there is, and whom the sentences before bring to mind."""

    g: G
    cast: tuple[Who, ...]
    before: Salience

    def two(self) -> tuple[Who, Who]:
        a = self.g.pick(self.cast)
        b = self.g.pick([c for c in self.cast if c is not a])
        return a, b


# --- phrases -------------------------------------------------------------------------------


def _named(who: Who) -> tuple[Words, Tree]:
    w = W(who.text)
    return ([w] if who.named else ["the", w]), entity("E" if who.named else "D", [w])


def _meant(g: G, by: str, salience: Mapping[Who, float]) -> Who:
    """One of those that agree, by how much they come to mind."""
    fits = [(s, w) for w, s in salience.items() if w.gender == by and s > 0]
    if not fits:
        raise Retry
    return g.choose(*fits)


def _pronoun(g: G, who: Who, case: int) -> tuple[W, tuple[W, str]]:
    w = W(PRONOUNS[who.gender][case])
    return w, (w, "" if g.p(NOBODY) else who.constant)


def _does(g: G, subject: Tree, be: str = "was") -> tuple[Words, Tree]:
    """ "slept", "was tall", of somebody."""
    w = W()
    if g.p(0.5):
        w.text = g.intransitive().past
        return [w], p1(("V", w), subject)
    w.text = g.adjective().base
    return [be, w], p1(("A", w), subject)


def _acts(g: G, subject: Tree, object_: Tree) -> tuple[W, Tree]:
    w = W(g.transitive().past)
    return w, p2(("V", w), subject, object_)


def _owned(g: G, owner: Tree, said: Callable[[V], Tree]) -> tuple[W, Tree]:
    w, v = W(g.known_noun().one), V()
    if w.text in NOT_THINGS:
        raise Retry
    return w, exists(v, [p2(("N", w), v, owner)], [said(v)])


def _of(stage: Stage, here: Salience) -> Salience:
    """Those of the sentence before whom one may still think of, and those of this one."""
    return {w: s * FADES for w, s in stage.before.items()} | here


# --- sentences without a pronoun -------------------------------------------------------------


def pair(s: Stage) -> Told:
    """Ann and Eve slept."""
    (a, b), g = s.two(), s.g
    (wa, ta), (wb, tb) = _named(a), _named(b)
    said, of_a = _does(g, ta, "were")
    head = of_a[1]
    return Told([*wa, "and", *wb, *said], conj([of_a, p1(head, tb)]), [], {a: 1.0, b: 1.0})


def deed(s: Stage) -> Told:
    """Ann phoned Eve."""
    (a, b), g = s.two(), s.g
    (wa, ta), (wb, tb) = _named(a), _named(b)
    w, tree = _acts(g, ta, tb)
    return Told([*wa, w, *wb], tree, [], {a: 1.0, b: 0.4})


def state(s: Stage) -> Told:
    """Ann was tall."""
    a = s.g.pick(s.cast)
    words, t = _named(a)
    said, tree = _does(s.g, t)
    return Told([*words, *said], tree, [], {a: 1.0})


# --- pronouns of other sentences -------------------------------------------------------------


def goes_on(s: Stage) -> Told:
    """She slept; she phoned Eve."""
    g = s.g
    who = _meant(g, g.pick("fmn"), s.before)
    w, mark = _pronoun(g, who, SUBJECT)
    if g.p(0.5):
        said, tree = _does(g, ("R", w))
        return Told([w, *said], tree, [mark], {who: 1.0})
    other = g.pick([c for c in s.cast if c is not who])
    wb, tb = _named(other)
    v, tree = _acts(g, ("R", w), tb)
    return Told([w, v, *wb], tree, [mark], {who: 1.0, other: 0.4})


def as_object(s: Stage) -> Told:
    """Tom phoned her."""
    g = s.g
    a = g.pick(s.cast)
    # an object takes up objects as often as subjects (parallelism)
    left = {w: 0.6 if v >= 0.4 else v for w, v in s.before.items() if w is not a}
    who = _meant(g, g.pick("fmn"), left)
    w, mark = _pronoun(g, who, OBJECT)
    wa, ta = _named(a)
    v, tree = _acts(g, ta, ("R", w))
    return Told([*wa, v, w], tree, [mark], {a: 1.0, who: 0.5})


def hers(s: Stage) -> Told:
    """Her boat was red; Tom washed her boat."""
    g = s.g
    a = None if g.p(0.6) else g.pick(s.cast)
    weights = {w: max(v, 0.6) if v >= 0.4 else v for w, v in s.before.items() if w is not a}
    who = _meant(g, g.pick("fmn"), weights)
    w, mark = _pronoun(g, who, POSSESSIVE)
    if a is None:
        said: Words = []

        def own(v: V) -> Tree:
            words, tree = _does(g, v)
            said.extend(words)
            return tree

        n, tree = _owned(g, ("R", w), own)
        return Told([w, n, *said], tree, [mark], {who: 0.8})
    if a.gender == who.gender:
        raise Retry  # the owner would be the subject
    wa, ta = _named(a)
    verb = W(g.transitive().past)
    n, tree = _owned(g, ("R", w), lambda v: p2(("V", verb), ta, v))
    return Told([*wa, verb, w, n], tree, [mark], {a: 1.0, who: 0.5})


# --- pronouns of the same sentence -----------------------------------------------------------


def reason(s: Stage) -> Told:
    """Ann phoned Eve because she was ill; the cat saw the dog, and it ran."""
    (a, b), g = s.two(), s.g
    (wa, ta), (wb, tb) = _named(a), _named(b)
    v, first = _acts(g, ta, tb)
    link = g.pick(_LINKS)
    here = {a: _SUBJECT_OVER.get(link, 1.8), b: 1.0}
    who = _meant(g, g.pick("fmn"), _of(s, here))
    if who not in here:
        raise Retry  # nothing that a reading takes for one of these two
    w, mark = _pronoun(g, who, SUBJECT)
    said, second = _does(g, ta if a.gender == who.gender else tb)
    joint: Words = [",", link] if link in ("but", "so") else [link]
    return Told([*wa, v, *wb, *joint, w, *said], conj([first, second]), [mark], {a: 1.0, b: 0.4} | {who: 1.0})


def alone(s: Stage) -> Told:
    """Ann was tired, so she slept; she may be somebody else of whom the talk was."""
    g = s.g
    a = g.pick(s.cast)
    who = _meant(g, a.gender, _of(s, {a: 1.0}))
    wa, ta = _named(a)
    w, mark = _pronoun(g, who, SUBJECT)
    first_words, first = _does(g, ta)
    second_words, second = _does(g, ta)
    link = g.pick(_LINKS)
    words: Words = [*wa, *first_words, link, w, *second_words]
    if link in ("when", "while", "although", "because", "after") and g.p(0.5):
        words = [link, *wa, *first_words, ",", w, *second_words]
    return Told(words, conj([first, second]), [mark], {a: 1.0, who: 1.0})


def owner(s: Stage) -> Told:
    """Ann lost her key; she may have lost Eve's."""
    g = s.g
    a = g.pick(s.cast)
    who = _meant(g, a.gender, _of(s, {a: 1.5}))
    wa, ta = _named(a)
    w, mark = _pronoun(g, who, POSSESSIVE)
    verb = W(g.transitive().past)
    n, tree = _owned(g, ta, lambda v: p2(("V", verb), ta, v))
    return Told([*wa, verb, w, n], tree, [mark], {a: 1.0, who: 1.0})


def owner_of_two(s: Stage) -> Told:
    """Ann gave Eve her key."""
    (a, b), g = s.two(), s.g
    who = _meant(g, g.pick("fmn"), {a: 1.2, b: 1.0})
    (wa, ta), (wb, tb) = _named(a), _named(b)
    w, mark = _pronoun(g, who, POSSESSIVE)
    if not g.lex.ditransitive:
        raise Retry
    verb = W(g.pick(g.lex.ditransitive).past)
    n, tree = _owned(g, ta if a.gender == who.gender else tb, lambda v: ("P3", ("V", verb), ta, v, tb))
    return Told([*wa, verb, *wb, w, n], tree, [mark], {a: 1.0, b: 0.5})


def where(s: Stage) -> Told:
    """Ann met Eve in her office; Ann took her cup to Eve in her office: the owner of both, mostly."""
    (a, b), g = s.two(), s.g
    (wa, ta), (wb, tb) = _named(a), _named(b)
    prep, verb = W(g.pick(("in", "at", "near", "behind"))), W(g.transitive().past)
    if g.p(0.5):
        who = _meant(g, g.pick("fmn"), _of(s, {a: 2.0, b: 1.0}))
        owner_ = ta if a.gender == who.gender else tb
        w, mark = _pronoun(g, who, POSSESSIVE)
        n, tree = _owned(g, owner_, lambda v: ("P3", ("JOIN", ("V", verb), ("P", prep)), ta, tb, v))
        return Told([*wa, verb, *wb, prep, w, n], tree, [mark], {a: 1.0, b: 0.4} | {who: 1.0})
    first = _meant(g, a.gender, _of(s, {a: 1.5}))
    w, mark = _pronoun(g, first, POSSESSIVE)
    second = first if g.p(0.6) else _meant(g, g.pick("fmn"), {a: 1.0, b: 1.0})
    u, other = _pronoun(g, second, POSSESSIVE)
    noun, with_, v = W(g.known_noun().one), W("with"), V()
    n, tree = _owned(
        g,
        ta if a.gender == second.gender else tb,
        lambda x: exists(
            v,
            [p2(("N", noun), v, ta)],
            [("P4", ("JOIN", ("V", verb), ("JOIN", ("P", with_), ("P", prep))), ta, v, tb, x)],
        ),
    )
    return Told(
        [*wa, verb, w, noun, with_, *wb, prep, u, n], tree, [mark, other], {a: 1.0, b: 0.4} | {second: 1.0}
    )


def meanwhile(s: Stage) -> Told:
    """Ann slept while Eve washed her car; Ann lost her key while Eve washed her car: the subject of the same
    clause, mostly."""
    (a, b), g = s.two(), s.g
    who = _meant(g, g.pick("fmn"), _of(s, {a: 1.0, b: 3.0}))
    (wa, ta), (wb, tb) = _named(a), _named(b)
    words, first = _does(g, ta)
    marks: Marks = []
    if g.p(0.5):
        u, other = _pronoun(g, a, POSSESSIVE)
        lost = W(g.transitive().past)
        thing, first = _owned(g, ta, lambda v: p2(("V", lost), ta, v))
        words, marks = [lost, u, thing], [other]
    w, mark = _pronoun(g, who, POSSESSIVE)
    verb = W(g.transitive().past)
    n, second = _owned(g, tb if b.gender == who.gender else ta, lambda v: p2(("V", verb), tb, v))
    return Told(
        [*wa, *words, g.pick(_LINKS), *wb, verb, w, n],
        conj([first, second]),
        [*marks, mark],
        {a: 0.7, b: 1.0},
    )


def opinion(s: Stage) -> Told:
    """Ann thinks that she is clever: somebody else, seldom."""
    g = s.g
    a = g.pick(s.cast)
    if a.gender == "n" or not g.lex.clausal:
        raise Retry
    who = _meant(g, a.gender, _of(s, {a: 1.5}))
    wa, ta = _named(a)
    w, mark = _pronoun(g, who, SUBJECT)
    said, tree = _does(g, ta)
    verb = W(g.pick(g.lex.clausal).past)
    return Told(
        [*wa, verb, "that", w, *said], p2(("V", verb), ta, ("THAT", tree)), [mark], {a: 1.0, who: 1.0}
    )


def each_other(s: Stage) -> Told:
    """Ann phoned Tom, and he thanked her: each pronoun is another's."""
    (a, b), g = s.two(), s.g
    if a.gender == b.gender:
        raise Retry
    (wa, ta), (wb, tb) = _named(a), _named(b)
    v, first = _acts(g, ta, tb)
    w, mark = _pronoun(g, b, SUBJECT)
    u, other = _pronoun(g, a, OBJECT)
    v2, second = _acts(g, tb, ta)
    return Told([*wa, v, *wb, ",", "and", w, v2, u], conj([first, second]), [mark, other], {a: 0.8, b: 1.0})


def oneself(s: Stage) -> Told:
    """Ann hurt herself."""
    g = s.g
    a = g.pick(s.cast)
    wa, ta = _named(a)
    w = W(PRONOUNS[a.gender][REFLEXIVE])
    v, tree = _acts(g, ta, ta)
    return Told([*wa, v, w], tree, [(w, a.constant)], {a: 1.0})


Maker: TypeAlias = Callable[[Stage], Told]
OPENINGS: tuple[Maker, ...] = (pair, deed, state)
ACROSS: tuple[Maker, ...] = (goes_on, goes_on, as_object, hers)
INSIDE: tuple[Maker, ...] = (
    reason, reason, alone, alone, owner, owner_of_two, where, where, meanwhile, opinion, each_other, oneself
)  # fmt: skip

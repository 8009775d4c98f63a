"""Who and what is in a scene: figures, things and places.  Must not know what they do there.

A noun modified by more than adjectives is existential, "the" or not; a definite of adjectives
and nouns alone names one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, joined, p1, p2
from neurosym.parser.generate.nouns import (
    Body,
    Words,
    adjectives,
    article,
    definite,
    indefinite,
    name,
    place,
)
from neurosym.parser.lexicon import Noun, invent_noun

T = TypeVar("T")

NUMBER_WORDS = (*str.split("two two two two two three three three three four four five six seven 2 2 3 4"),)

# Prepositions, each with the kinds of the pointers to its words ("-": left out).
_STATIC: tuple[tuple[str, str], ...] = (
    *((w, "P") for w in str.split(
        "in in in in on on on on near near with with at under behind beside inside over above below against "
        "outside around among underneath beneath along by")),
    ("next to", "P P"), ("next to", "P P"), ("in front of", "P N P"), ("on top of", "P N P"),
    ("close to", "P P"),
)  # fmt: skip
_MOVING: tuple[tuple[str, str], ...] = (
    *((w, "P") for w in str.split(
        "through through across across into into onto down up off along past toward towards over around from "
        "to for behind")),
    ("out of", "P P"), ("away from", "P P"),
)  # fmt: skip
CONTAINERS = str.split(
    "cup glass bottle bowl plate piece slice bag box basket jar bucket pile can tray bunch row stack spoon"
)
_THINGS = ("artifact",) * 6 + ("food", "food", "object", "object", "plant", "animal", "place")
_PLACES = ("artifact",) * 5 + ("object", "object", "place", "place", "plant")


@dataclass(slots=True)
class Figure:
    """A nominal of a scene.  Its words are realized once, in one number."""

    words: Callable[[bool], Words]
    sem: Callable[[Tree], list[Tree]]
    person: bool


@dataclass(slots=True)
class Thing:
    """What an action is done to or where: its words, and what it makes of what is said of it.

    `apply(owner, said)`: the owner is whoever acts, for "his hat".
    """

    words: Words
    apply: Callable[[Tree, Body], Tree]


def theirs(g: G, many: bool, person: bool) -> str:
    return (
        "their"
        if many
        else g.pick(("his", "her"))
        if person
        else g.choose((0.7, "its"), (0.15, "his"), (0.15, "her"))
    )


def noun_of(g: G, categories: tuple[str, ...]) -> Noun:
    if g.p(g.novel * 0.7):
        return invent_noun(g.rng, g.split)
    return frequent(g, g.lex.nouns[g.pick(categories)])


def frequent(g: G, seq: Sequence[T], bias: float = 2.6) -> T:
    """One of a list sorted by frequency, mostly of its first third: captions are about plain things."""
    return seq[int(g.rng.random() ** bias * len(seq))]


def head_of(g: G, categories: tuple[str, ...]) -> tuple[Callable[[bool], Words], Callable[[Tree], Tree]]:
    """A noun, at times of two nouns: cello player, kitchen table."""
    w, r = W(), g.rng.random()
    first: list[W] = []
    if r < 0.08:
        g.tag("compound")
        first, n = [W(noun_of(g, _THINGS).one)], noun_of(g, categories)
    elif r < 0.13 and categories != ("person",):
        g.tag("compound")
        a, n = g.pick(g.lex.compounds)
        first = [W(a)]
    elif r < 0.145 and categories != ("person",):
        g.tag("long-compound")
        before, n = g.pick(g.lex.long_compounds)
        first = [W(b) for b in before]
    else:
        n = noun_of(g, categories)

    def words(many: bool) -> Words:
        w.text = n.many if many else n.one
        return [*first, w]

    pred = joined([*(("N", f) for f in first), ("N", w)])
    return words, lambda t: p1(pred, t)


def actor(g: G, plain: bool = False, need: bool = False, thing: bool = False, verbal: bool = True) -> Figure:
    """Who acts: a man, an old dog, a man in a hat, a boy who is singing.

    With `need` it is more than a noun where not `plain`; `verbal` allows participles after it.
    """
    person = not thing and g.p(0.62)
    words: Words = []
    ws: list[W] = []
    if person and not need and g.p(0.12):
        g.tag("a-person")
        head: Callable[[bool], Words] = lambda many: ["people" if many else "person"]  # noqa: E731
        sem: Callable[[Tree], list[Tree]] = lambda t: []  # noqa: E731
    else:
        categories = _THINGS if thing else ("person",) if person else ("animal",) * 5 + ("artifact",)
        head, pred = head_of(g, categories)
        sem = lambda t: [pred(t)]  # noqa: E731
    if g.p(0.3):
        g.tag("adjs")
        words, ws = adjectives(g, 2)
    if plain or not (g.p(0.3) or need):
        return Figure(
            lambda m: [*words, *head(m)], lambda t: [*(p1(("A", w), t) for w in ws), *sem(t)], person
        )
    after, meaning = modifier(g, person, verbal)
    return Figure(
        lambda m: [*words, *head(m), *after(m)],
        lambda t: [*(p1(("A", w), t) for w in ws), *sem(t), meaning(t)],
        person,
    )


def modifier(g: G, person: bool, verbal: bool) -> tuple[Callable[[bool], Words], Body]:
    """In a red shirt; wearing a hat; chased by a dog; who is singing."""
    from neurosym.parser.generate.actions import action, said_as
    from neurosym.parser.generate.predicates import participle
    from neurosym.parser.generate.verbs import simple

    kind = "where" if not verbal else g.choose(
        (0.44, "where"), (0.22, "gerund"), (0.08, "participle"), (0.1, "who-is"), (0.06, "who"),
        (0.05, "where-gerund"), (0.05, "gerund-and"),
    )  # fmt: skip
    g.tag(f"mod-{kind}")
    who = g.pick(("who", "that")) if person else g.pick(("that", "which"))
    match kind:
        case "where":
            words, sem = place_phrase(g, "", static=True, plain=True)
            return lambda m: words, sem
        case "participle":
            words, sem = participle(g)
            return lambda m: words, sem
        case "where-gerund" | "gerund-and":
            second = action(g, "", short=True)
            if kind == "where-gerund":
                words, sem = place_phrase(g, "", static=True, plain=True)
                link: Words = []
            else:
                first = action(g, "", short=True)
                words, sem, link = said_as(first, "gerund"), first.sem, ["and"]
            return (
                lambda m: [*words, *link, *said_as(second, "gerund")],
                lambda t: ("AND", sem(t), second.sem(t)),
            )
        case "who":
            pred = simple(g, 1)
            return lambda m: [who, *pred.fin(m)], pred.sem
        case _:
            act = action(g, "", short=True)
            if kind == "gerund":
                return lambda m: said_as(act, "gerund"), act.sem
            past = g.past

            def clause(m: bool) -> Words:
                is_are = ("were" if m else "was") if past else "are" if m else "is"
                return [who, is_are, *said_as(act, "gerund")]

            return clause, act.sem


# --- things and places ----------------------------------------------------------------


def thing(g: G, pronoun: str, negative: bool = False, where: bool = False, plain: bool = False) -> Thing:
    """A cello, the river, his hat, two balls, a cup of tea, some grass, Rome, a dog and a ball."""
    kind = g.choose(
        (0.46, "a"), (0.08, "bare"), (0.2, "the"), (0.07, "his" if pronoun else "a"), (0.05, "number"),
        (0.04, "some"), (0.04, "of"), (0.025, "mass"), (0.02, "pair"), (0.02, "name"), (0.02, "something"),
    )  # fmt: skip
    # "Tiger" without an article names the tiger in telegraphic style, which captions are not.
    g.bare = False
    if negative and kind in ("number", "pair", "some", "something"):
        kind = "any" if kind in ("some", "something") else "a"
    if (plain or where) and kind in ("something", "pair", "of", "mass"):
        kind = "part" if kind == "of" and not plain else "a"
    if kind != "a":
        g.tag(f"thing-{kind}")
    categories = _PLACES if where else _THINGS
    v = V()
    match kind:
        case "the":
            np = definite(g)
            return Thing(np.words, lambda owner, said: said(np.term))
        case "name":
            np = place(g) if where else name(g)
            return Thing(np.words, lambda owner, said: said(np.term))
        case "something":
            word = g.pick(("something", "someone", "somebody"))
            return Thing([word], lambda owner, said: exists(v, [], [said(v)]))
        case "his":
            w = W(noun_of(g, categories).one)
            words, ws = adjectives(g, 1) if g.p(0.2) else ([], [])
            return Thing(
                [pronoun, *words, w],
                lambda owner, said: exists(
                    v, [*(p1(("A", a), v) for a in ws), p2(("N", w), v, owner)], [said(v)]
                ),
            )
        case "of" | "part":
            return _measured(g) if kind == "of" else _part(g)
        case "pair":
            (a, s), (b, t) = _described(g, categories), _described(g, categories)
            u = V()
            return Thing(
                [*indefinite(a(False)), "and", *indefinite(b(False))],
                lambda owner, said: exists(v, s(v), [exists(u, t(u), [("AND", said(v), said(u))])]),
            )
    nominal, sem = _described(g, ("food", "artifact") if kind == "mass" else categories)
    if kind == "number":
        n = W(g.pick(NUMBER_WORDS))
        words = [n, *nominal(True)]
        return Thing(words, lambda owner, said: ("ATLEAST", ("Q", n), v, conj([*sem(v), said(v)])))
    many = kind == "bare" or (kind in ("some", "any") and g.p(0.6))
    words = nominal(many)
    first = [article(_text(words[0]))] if kind == "a" else [kind] if kind in ("some", "any") else []
    return Thing([*first, *words], lambda owner, said: exists(v, sem(v), [said(v)]))


def _text(word: W | str) -> str:
    return word.text if isinstance(word, W) else word


def _described(
    g: G, categories: tuple[str, ...]
) -> tuple[Callable[[bool], Words], Callable[[Tree], list[Tree]]]:
    head, pred = head_of(g, categories)
    if not g.p(0.27):
        return head, lambda t: [pred(t)]
    g.tag("adj-thing")
    words, ws = adjectives(g, 2)
    return lambda m: [*words, *head(m)], lambda t: [*(p1(("A", w), t) for w in ws), pred(t)]


PARTS = str.split("edge side middle top bottom end corner back front center surface roof foot mouth wall rim")


def _measured(g: G) -> Thing:
    """A cup of tea: a thing that is the cup of some tea, as the mother of Tom is of Tom."""
    if g.p(0.4):
        return _part(g)
    w, n, v, u = W(g.pick(CONTAINERS)), noun_of(g, ("food", "food", "artifact", "plant")), V(), V()
    inner = W(n.one if g.p(0.5) else n.many)
    return Thing(
        [article(w.text), w, "of", inner],
        lambda owner, said: exists(v, [exists(u, [p1(("N", inner), u)], [p2(("N", w), v, u)])], [said(v)]),
    )


def _part(g: G) -> Thing:
    """The edge of a lake, the top of the hill."""
    w, v, u = W(g.pick(PARTS)), V(), V()
    if g.p(0.5):
        np = definite(g)
        return Thing(
            ["the", w, "of", *np.words], lambda owner, said: exists(v, [p2(("N", w), v, np.term)], [said(v)])
        )
    nominal, sem = _described(g, _PLACES)
    return Thing(
        ["the", w, "of", *indefinite(nominal(False))],
        lambda owner, said: exists(v, [exists(u, sem(u), [p2(("N", w), v, u)])], [said(v)]),
    )


def preposition(g: G, static: bool) -> tuple[Words, Tree]:
    """Its words, and its name as a part of a predicate's."""
    text, kinds = g.pick(_STATIC if static or g.p(0.55) else _MOVING)
    words = [W(w) for w in text.split()]
    return list(words), joined([(k, w) for k, w in zip(kinds.split(), words, strict=True)])


def place_phrase(g: G, pronoun: str, static: bool = True, plain: bool = False) -> tuple[Words, Body]:
    """On the table: on(subject, table)."""
    words, prep = preposition(g, static)
    where = thing(g, pronoun, where=True, plain=plain)
    return [*words, *where.words], lambda t: where.apply(t, lambda u: p2(prep, t, u))

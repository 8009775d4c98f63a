"""Enumerations: there are three books: a red book, a green book, and a blue book.

Knows how English sets a scene and names all that is in it (docs/english.md: SET); must not know the
model.  The scene stays unsaid; what is listed is all there is of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import quality
from neurosym.parser.generate.meaning import Tree, W, entity, listed
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.lexicon import Noun, Verb
from neurosym.parser.morphology import normalize, plural, verb_forms

Whole: TypeAlias = tuple[Words, Tree, str]

_NUMERALS = str.split("zero one two three four five six seven eight nine ten")


def _verbs(bases: str) -> tuple[Verb, ...]:
    return tuple(Verb(b, *verb_forms(b)) for b in bases.split())


_HOLD = _verbs("sell hold contain have display offer keep store show feature carry own hire train exhibit")
_DO = _verbs("sit stand hang lie perch wait compete race arrive live meet perform stay work travel queue")
_PUT = str.split(
    "placed arranged stacked parked displayed planted stored gathered listed shown lined-up seated"
)
_PLACES = ("on", "on", "in", "in", "at", "at", "inside", "behind", "under", "near", "beside", "around")
_JOIN_IN = (
    "took part",
    "take part",
    "competed",
    "are competing",
    "played",
    "raced",
    "appeared",
    "are taking part",
)


def _setting(g: G) -> Noun:
    """A noun of the scene: a place, a thing that holds others, a group."""
    if g.p(g.novel * 0.5):
        return g.noun()
    return g.common(g.lex.nouns[g.pick(("artifact", "artifact", "place", "object", "group"))])


def _scene(g: G) -> Words:
    """On the old shelf; in a bakery; at the yearly dog show."""
    words: Words = [_setting(g).one]
    if g.p(0.3):
        words.insert(0, g.adjective().base if g.p(0.6) else g.noun().one)
    if g.p(0.12):
        words = [*words, "of", g.place()] if g.p(0.5) else [*words, "in", g.place()]
    return ["the", *words] if g.p(0.5) else indefinite(words)


# --- what is listed -------------------------------------------------------------------


def _members(g: G, n: int) -> tuple[Noun, list[tuple[Words, Tree]]]:
    """The kind, and n things of it that differ: their words and terms."""
    style = g.choose((0.3, "names"), (0.3, "adjectives"), (0.26, "nouns"), (0.06, "full"), (0.08, "places"))
    g.tag(f"list-{style}")
    if style in ("names", "full", "places"):
        person = style != "places"
        kind = g.common(g.lex.nouns["person" if person else "place"]) if not g.p(g.novel) else g.noun()
        if person and g.p(0.15):
            kind = g.noun()
        make: Callable[[], list[str]] = lambda: (  # noqa: E731
            [g.place()] if style == "places" else [g.given(), *([g.surname()] if style == "full" else [])]
        )
        return kind, [([*ws], entity("E", ws)) for ws in _different(g, n, make, "E")]
    kind = g.noun()
    if style == "adjectives":
        base = g.p(0.85)
        make = lambda: [quality(g), kind.one if base else g.noun().one]  # noqa: E731
    else:
        kind = g.known_noun() if g.p(0.5) else kind
        category = g.pick(("animal", "artifact", "food", "plant", "person", "place"))
        known = not g.p(g.novel)

        def make() -> list[str]:
            if g.p(0.12):
                first, second = g.pick(g.lex.compounds)
                return [first, second.one]
            return [(g.common(g.lex.nouns[category]) if known else g.noun()).one]

    found = _different(g, n, make, "D")
    article = g.choose((0.62, "a"), (0.2, "the"), (0.18 if style == "nouns" else 0.0, "many"))
    out: list[tuple[Words, Tree]] = []
    for ws in found:
        words: Words = [*ws]
        if article == "many":
            ws[-1].text = _many(ws[-1].text)
        elif article == "a":
            words = indefinite(words)
        else:
            words = ["the", *words]
        out.append((words, entity("D", ws)))
    return kind, out


def _many(one: str) -> str:
    many = plural(one)
    return many if normalize(many, "D") == one else one


def _different(g: G, n: int, make: Callable[[], list[str]], kind: str) -> list[list[W]]:
    out: list[list[W]] = []
    seen: set[tuple[str, ...]] = set()
    for _ in range(8 * n):
        texts = make()
        key = tuple(normalize(t, kind) for t in texts)
        if key not in seen:
            seen.add(key)
            out.append([W(t) for t in texts])
        if len(out) == n:
            return out
    raise Retry


def _listing(g: G, things: list[Words]) -> Words:
    """A, B and C; A, B, and C; A, B, C."""
    link = g.choose((0.9, "and"), (0.1, "")) if len(things) > 2 else "and"
    oxford = g.p(0.6)
    words: Words = [*things[0]]
    for i, t in enumerate(things[1:], 1):
        last = i == len(things) - 1
        comma = not last or link == "" or (oxford and len(things) > 2)
        words += [*([","] if comma else []), *([link] if last and link else []), *t]
    return words


# --- the sentence around it -----------------------------------------------------------


def enumeration(g: G) -> Whole:
    """Whatever the scene: SET kind members."""
    n = g.choose((0.06, 2), (0.34, 3), (0.16, 4), (0.2, 5), (0.1, 6), (0.14, 7))
    kind, members = _members(g, n)
    w = W(kind.many)
    many: Words = [w]
    word: Tree = ("N", w)
    if g.p(0.08):
        first = W(g.noun().one)
        many, word = [first, w], ("JOIN", ("N", first), word)
    if g.p(0.5):
        g.past = g.past or g.p(0.6)
    things = _listing(g, [words for words, _ in members])
    tree = ("FACT", ("SET", word, listed([t for _, t in members])))
    number: Words = [_NUMERALS[n] if g.p(0.85) else str(n)]
    r = g.rng.random()
    if r < 0.16:
        return _equation(g, many, number, things), tree, "."
    before = _opening(g, many, number)
    colon = g.choose((0.86, [":"]), (0.07, [",", "namely"]), (0.03, ["namely"]), (0.04, ["-"]))
    if colon == ["-"]:
        colon = ["—"]
    return [*before, *colon, *things], tree, "."


def _equation(g: G, many: Words, number: Words, things: Words) -> Words:
    """The three finalists are Ann, Bob and Eve; the only books are A and B."""
    g.tag("set-are")
    be = "were" if g.past else "are"
    first: Words = g.choose(
        (0.45, ["the", *number]), (0.3, ["the"]), (0.15, ["the", "only"]), (0.1, ["our", *number])
    )
    if g.p(0.15) and first[0] == "the":
        g.tag("set-are-the")
        return [*things, be, *first, *many]
    called: Words = [g.pick(("called", "named"))] if g.p(0.08) else []
    return [*first, *many, be, *called, *things]


def _opening(g: G, many: Words, number: Words) -> Words:
    """All before the colon."""
    be = "were" if g.past else "are"
    exactly: Words = g.choose((0.9, []), (0.05, ["exactly"]), (0.05, ["only"]))
    counted: Words = [*exactly, *number, *many]
    if g.p(0.06):
        counted = ["the", "following", *number, *many]
    prep = g.pick(_PLACES)
    comma: Words = [","] if g.p(0.6) else []
    style = g.choose(
        (0.24, "place-there"), (0.14, "there-place"), (0.08, "there"), (0.17, "holds"), (0.1, "do"),
        (0.08, "put"), (0.08, "join"), (0.07, "we"), (0.04, "inverted"),
    )  # fmt: skip
    g.tag(f"set-{style}")
    match style:
        case "place-there":
            return [prep, *_scene(g), *comma, "there", be, *counted]
        case "there-place":
            return ["there", be, *counted, prep, *_scene(g)]
        case "there":
            return ["there", be, *counted]
        case "holds":
            v = g.pick(_HOLD) if g.p(0.75) else g.transitive()
            where: Words = [prep, *_scene(g)] if g.p(0.15) else []
            return [*_scene(g), v.past if g.past else v.s, *counted, *where]
        case "do":
            v = g.pick(_DO) if g.p(0.65) else g.intransitive()
            said: Words = [v.past] if g.past else [v.base] if g.p(0.6) else ["are", v.gerund]
            together: Words = [g.pick(("together", "there", "side by side"))] if g.p(0.12) else []
            together = [p for t in together for p in str(t).split()]
            return [*counted, *said, *together, prep, *_scene(g)]
        case "put":
            put = g.pick(_PUT) if g.p(0.7) else g.transitive().participle
            row: Words = g.choose(
                (0.5, [prep, *_scene(g)]), (0.3, ["in", "a", "row"]), (0.2, ["in", "a", "line"])
            )
            return [*counted, be, *put.split("-"), *row]
        case "join":
            return [*counted, *g.pick(_JOIN_IN).split(), "in", *_scene(g)]
        case "we":
            first = g.pick(
                ("we have", "we see", "you see", "consider", "we consider", "here are", "we found", "I have")
            )
            return [*first.split(), *counted, *([prep, *_scene(g)] if g.p(0.3) else [])]
        case _:
            v = g.pick(_DO)
            return [
                prep,
                *_scene(g),
                *([be, v.gerund] if g.p(0.3) else [v.past if g.past else v.base]),
                *counted,
            ]


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = ((1.0, enumeration),)

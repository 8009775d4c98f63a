"""What people do together: verb phrases with a place for other people in them.

Knows event frames and the lexicon's verbs; must not know kinship.  The words of these phrases
are never copied: stories say them around what is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import RELATIONS, G
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.morphology import verb_forms

Fill = Callable[[], tuple[Words, str]]  # somebody else, as an object, and the pronoun for them ("him")
TENSES = ("past", "present", "progressive", "was", "future", "perfect")

# The verb first, in its base form; {o}: somebody else; {p}: a place; {n}: a thing; {a}: an adjective.
FRAMES = (
    "take {o} to {p}", "drive {o} to {p}", "bake some cookies for {o}", "be proud of {o}",
    "be worried about {o}", "meet {o} at {p} last Saturday", "teach {o} how to swim",
    "help {o} clean {n}", "write a long letter to {o}", "buy {n} for {o}", "give {o} {n} for Christmas",
    "borrow {n} from {o}", "call {o} every Sunday evening", "spend the weekend with {o}",
    "go fishing with {o}", "play cards with {o} until midnight", "wait for {o} outside {p}",
    "ask {o} to stay the whole weekend", "tell {o} that the trip had been cancelled",
    "show {o} how to repair {n}", "pick up {o} from {p}", "invite {o} to a birthday party",
    "introduce {o} to everyone at work", "look after {o} while it rained", "argue with {o} about {n}",
    "want {o} to try {n}", "hear from {o} that the shop was closed", "share {n} with {o}",
    "be happy to see {o} again", "be taller than {o}", "love {o} very much", "promise {o} a trip to {p}",
    "make lunch for {o} because there was nothing left", "surprise {o} with {n}", "visit {o} in {p}",
    "be hoping that {o} would call", "be not able to find {o}", "have breakfast with {o} at {p}",
    "travel to {p} to see {o}", "sit next to {o} on the bus", "send {n} to {o} by mail",
    "be eager to show {o} {n}", "rely on {o} for advice", "paint {n} together with {o}",
    "beat {o} at chess", "forgive {o} for losing {n}", "miss {o} a lot", "cook a {a} soup for {o}",
    "thank {o} for {n}", "lend {o} {n}", "read {o} a story about {n}", "carry {n} for {o}",
)  # fmt: skip
ALONE = (
    "go to {p}", "stay at home", "buy {n}", "work late", "feel {a}", "be {a}", "be in {p}", "have {n}",
    "move to {p} years ago", "like {n}", "sleep until noon", "find {n} in {p}", "be tired after a long day",
    "want to see {p}", "lose {n}", "cook dinner", "be from {p}", "play the piano", "like to travel",
    "live near {p}", "leave early", "go shopping", "cry", "laugh a lot", "have a cold",
)  # fmt: skip
TIMES = (
    "yesterday", "last week", "on Monday", "every summer", "in the morning", "after work", "that day",
    "this afternoon", "on the weekend", "two years ago", "in 2012", "before breakfast", "at Christmas",
    "one evening", "as a child", "during the holidays", "once a month", "the other day", "last night",
)  # fmt: skip
AVOID = frozenset(RELATIONS) | frozenset(
    str.split(
        "mom mum dad grandma grandpa granny granddad daddy mommy mummy kid twin grandchild grandchildren "
        "stepmother stepfather stepson stepdaughter stepsister stepbrother roommate assistant ma pa papa"
    )
)
PLACES = str.split("in at near behind beside from to around inside through towards outside")


@lru_cache(maxsize=4096)
def forms(base: str) -> tuple[str, str, str, str]:
    """Third person, past, participle and gerund."""
    if base == "be":
        return "is", "was", "been", "being"
    return ("has", "had", "had", "having") if base == "have" else verb_forms(base)


def negated(base: str, tense: str, doer: Doer, neg: str) -> Words:
    """Did not go; does n't go; is not: what does not happen, in the past or the present."""
    if base == "be":
        be = conjugated("be", tense, doer)
        return [*be, "not" if be == ["am"] else neg]
    do = "did" if tense == "past" else "do" if doer.many or doer.first else "does"
    return [do, neg, base]


def conjugated(base: str, tense: str, doer: Doer) -> Words:
    """The finite verb, with its auxiliary."""
    many, first = doer.many, doer.first
    s, past, participle, gerund = forms(base)
    be = "are" if many else "am" if first else "is"
    plain = many or first
    match tense:
        case "gerund":
            return [gerund]
        case "past":
            return ["were" if base == "be" and many else past]
        case "present":
            return [be if base == "be" else base if plain else s]
        case "progressive" if base not in ("be", "have"):
            return [be, gerund]
        case "was" if base not in ("be", "have"):
            return ["were" if many else "was", gerund]
        case "future":
            return ["will", base]
        case _:
            return ["have" if plain else "has", participle]


def thing(g: G, owner: str = "") -> Words:
    """The old table; a table; their table.  Never a relative: "their aunt" would say too much."""
    noun = g.noun().one
    while noun in AVOID:
        noun = g.noun().one
    words: Words = [noun]
    if g.p(0.3):
        words.insert(0, g.adjective().base)
    r = g.rng.random()
    if owner and r < 0.2:
        return [owner, *words]
    return ["the", *words] if r < 0.55 else indefinite(words)


def somewhere(g: G) -> Words:
    if g.p(0.4):
        return [g.place()]
    return ["the", *([g.adjective().base] if g.p(0.2) else []), g.known_noun().one]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: how the verb agrees, and the pronouns of the subject."""

    many: bool
    first: bool = False  # "I"
    he: str = "they"
    his: str = "their"


@dataclass(frozen=True, slots=True)
class Frame:
    number: str  # "s", "p" or "b": one person, several, or both
    parts: tuple[str, ...]


_PARTS = re.compile(r"\{\w+\}|\w+(?=n't\b)|n't\b|'s\b|[\w-]+|[^\s\w]")


@lru_cache(maxsize=1)
def _listed() -> dict[str, tuple[Frame, ...]]:
    """The finite phrases of words/frames.txt by tense ("past", "pres"), in the order of the file."""
    text = (files("neurosym.parser") / "words" / "frames.txt").read_text(encoding="utf-8")
    out: dict[str, list[Frame]] = {"past": [], "pres": []}
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            head, _, phrase = line.partition("|")
            number, tense = head.split()
            out[tense].append(Frame(number, tuple(_PARTS.findall(phrase))))
    return {tense: tuple(frames) for tense, frames in out.items()}


def happening(g: G, doer: Doer, fill: Fill | None, tense: str) -> Words:
    """A verb phrase in that tense; `fill` says somebody else where there is one."""
    g.tag(tense)
    r = g.rng.random()
    if tense in ("past", "present") and r < 0.45 and (words := _from_list(g, doer, fill, tense)):
        return words
    if r > 0.7:
        return lexical(g, doer, fill, tense)
    parts = g.pick(FRAMES if fill is not None else ALONE).split()
    g.tag("frame")
    verb = conjugated(parts[0], tense, doer)
    if tense in ("past", "present") and g.p(0.07):
        g.tag("negative")
        verb = negated(parts[0], tense, doer, "n't" if g.contract else "not")
    words = [*verb, *filled(g, doer, parts[1:], fill)]
    return [*words, *_when(g)] if g.p(0.3) else words


def _from_list(g: G, doer: Doer, fill: Fill | None, tense: str) -> Words:
    g.tag("listed")
    fits = [
        f
        for f in _listed()["past" if tense == "past" else "pres"]
        if (f.number == "b" or (f.number == "p") == doer.many) and ("{o}" in f.parts) == (fill is not None)
    ]
    if not fits or doer.first:
        return []
    return filled(g, doer, g.pick(fits).parts, fill)


def filled(g: G, doer: Doer, parts: Sequence[str], fill: Fill | None) -> Words:
    out: Words = []
    him = "them"
    for part, after in zip(parts, [*parts[1:], ""], strict=False):
        match part:
            case "{o}":
                words, him = fill() if fill is not None else (["everyone"], "them")
                if after == "'s" and "," in words:
                    raise Retry  # "Tim, her son's bicycle"
                out += words
            case "{p}":
                out += somewhere(g)
            case "{n}" | "{t}":
                out += thing(g, doer.his)
            case "{a}":
                out.append(g.adjective().base)
            case "{he}":
                out.append(doer.he)
            case "{his}":
                out.append(doer.his)
            case "{him}":
                out.append(him)
            case _:
                out.append(part)
    return out


def _when(g: G) -> Words:
    g.tag("when")
    return [*g.pick(TIMES).split()]


def lexical(g: G, doer: Doer, fill: Fill | None, tense: str) -> Words:
    """Any verb of the lexicon, with objects, places and times around it."""
    kind = g.choose((0.4, "vt"), (0.2, "vp"), (0.15, "to"), (0.1, "be"), (0.15, "give"))
    g.tag(f"act-{kind}")
    after: Words = []
    if g.p(0.45):
        after += [g.pick(PLACES), *somewhere(g)]
    if g.p(0.2):
        after += _when(g)
    if g.p(0.1):
        after.append(g.adverb())
    if kind == "be":
        words = [*conjugated("be", tense, doer), g.adjective().base]
        return [*words, g.pick(("about", "with", "to", "for", "of")), *fill()[0], *after] if fill else words
    verb = g.transitive().base if fill is not None or g.p(0.5) else g.intransitive().base
    if fill is None:
        return [*conjugated(verb, tense, doer), *(thing(g, doer.his) if g.p(0.5) else []), *after]
    if kind == "to":
        outer = g.pick(("want", "try", "plan", "decide", "hope", "need", "love", "agree", "promise"))
        return [*conjugated(outer, tense, doer), "to", verb, *fill()[0], *after]
    words = conjugated(verb, tense, doer)
    if kind == "vp":
        link = g.pick(("for", "with", "from", "to", "without"))
        return [*words, *thing(g, doer.his), link, *fill()[0], *after]
    if kind == "give":
        return [*words, *fill()[0], g.pick(("with", "about", "for")), *thing(g, doer.his), *after]
    return [*words, *fill()[0], *after]

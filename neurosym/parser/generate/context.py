"""What one sentence under construction draws from: a random source, words of a split, a style.

Knows the lexicon; must not know phrases.  Style is drawn once a sentence (tense, contractions,
how many invented words), so that sentences look written by one hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from neurosym.parser.lexicon import (
    Adjective,
    Lexicon,
    Noun,
    Verb,
    invent_adjective,
    invent_name,
    invent_noun,
    invent_verb,
)

T = TypeVar("T")

_CATEGORIES = (
    ("animal",) * 5
    + ("person",) * 5
    + ("artifact",) * 3
    + ("abstract", "food", "plant", "object", "place", "group")
)

# Function words are shared by all splits; relational nouns are function words of a kind.
RELATIONS = str.split(
    "mother father parent child son daughter brother sister sibling grandmother grandfather "
    "grandparent grandson "
    "granddaughter aunt uncle niece nephew cousin husband wife spouse friend neighbor colleague "
    "boss teacher student "
    "owner author capital leader member part president king queen director doctor ancestor "
    "descendant rival enemy "
    "partner creator founder manager supervisor coach captain mayor editor predecessor successor subset"
)  # fmt: skip
PREPOSITIONS = str.split(
    "in on at near with for from to under behind beside over around against about above below inside"
)
COMPARATIVES = str.split(
    "taller older younger bigger smaller larger heavier lighter faster slower stronger weaker "
    "smarter richer poorer "
    "longer shorter higher lower newer cheaper warmer colder louder kinder braver wider deeper"
)

LIKE_PREPOSITIONS = ("include", "except")  # of which a form is read as a word of construction

WEATHER = str.split("sunny windy cold hot late early dark foggy cloudy warm wet humid stormy")


class G:
    """The generator's hand for one sentence.  `tags` collects its skeleton."""

    __slots__ = (
        "bare",
        "contract",
        "future",
        "lex",
        "named",
        "novel",
        "past",
        "plain",
        "reuse",
        "rng",
        "seen",
        "split",
        "tags",
    )

    def __init__(self, rng: Random, lex: Lexicon) -> None:
        self.rng, self.lex, self.split = rng, lex, lex.split
        self.tags: list[str] = []
        r = rng.random()
        self.novel = 1.0 if r < 0.16 else (0.15 if r < 0.85 else 0.0)
        r = rng.random()
        self.past, self.future = r < 0.09, r > 0.98
        self.contract = rng.random() < 0.4
        self.plain = rng.random() < 0.45  # textbook style: present tense, short predicates
        if self.plain:
            self.past = self.future = False
        self.bare = rng.random() < 0.05  # telegraphic: "Bald eagle chases tiger."
        # Texts are about named people or about "the cow" and its kind, seldom about both.
        self.named = 0.06 if rng.random() < 0.4 else 0.94 if rng.random() < 0.6 else 0.5
        self.reuse = 0.0  # how often an entity is mentioned again
        self.seen: list[tuple[str, tuple[str, ...]]] = []  # kind and words of the entities so far

    def tag(self, name: str) -> None:
        """Name a construction that the sentence has."""
        self.tags.append(name)

    def p(self, probability: float) -> bool:
        """True with that probability."""
        return self.rng.random() < probability

    def pick(self, seq: Sequence[T]) -> T:
        """Any of the items."""
        return seq[int(self.rng.random() * len(seq))]

    def choose(self, *options: tuple[float, T]) -> T:
        """One of (weight, value), by weight."""
        r = self.rng.random() * sum(w for w, _ in options)
        for w, value in options:
            r -= w
            if r < 0:
                return value
        return options[-1][1]

    def common(self, seq: Sequence[T]) -> T:
        """One of a list sorted by frequency, the frequent ones more often."""
        r = self.rng.random()
        return seq[int(r * r * len(seq))]

    def noun(self) -> Noun:
        if self.p(self.novel):
            return invent_noun(self.rng, self.split)
        return self.known_noun()

    def known_noun(self) -> Noun:
        return self.common(self.lex.nouns[self.pick(_CATEGORIES)])

    def adjective(self) -> Adjective:
        if self.p(self.novel * 0.6):
            return invent_adjective(self.rng, self.split)
        if self.p(0.12 if self.plain else 0.05):
            # Or "it is cold" would be the weather's in every sentence where "it" is a thing.
            return Adjective(self.pick(WEATHER), "")
        return self.common(self.lex.adjectives)

    def transitive(self) -> Verb:
        if self.p(self.novel * 0.6):
            return invent_verb(self.rng, self.split)
        while (verb := self.common(self.lex.transitive)).base in LIKE_PREPOSITIONS:
            pass
        return verb

    def intransitive(self) -> Verb:
        return (
            invent_verb(self.rng, self.split)
            if self.p(self.novel * 0.6)
            else self.common(self.lex.intransitive)
        )

    def adverb(self) -> str:
        return self.common(self.lex.adverbs)

    def given(self) -> str:
        return invent_name(self.rng, self.split) if self.p(self.novel * 0.5) else self.pick(self.lex.given)

    def surname(self) -> str:
        return invent_name(self.rng, self.split) if self.p(self.novel * 0.5) else self.pick(self.lex.surnames)

    def place(self) -> str:
        return invent_name(self.rng, self.split) if self.p(self.novel * 0.3) else self.pick(self.lex.places)

"""Premise and hypothesis grown from one tree, so that the label is known.

    entailment      the tree weakened: a noun or verb replaced by a hypernym or synonym, a modifier or
                    conjunct dropped; said in another way
    neutral         something added that the premise does not say, a hyponym, a sister kind, another verb or
                    number, an antonym (of two dogs, one may stand and one sit), the roles swapped,
                    another scene; or a denial of what was not said
    contradiction   a weakened tree denied, on either side

Knows trees and words.  Must not know any data set of sentences.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from neurosym.captions.english import GROUP, Caption, Thing, deny, say
from neurosym.captions.words import (
    ADVERBS,
    CLOTHES,
    COLORS,
    LOOKS,
    OPPOSITES,
    PEOPLE,
    PLACES,
    PREPOSITIONS,
    Kin,
    Split,
    Words,
    words_of,
)
from neurosym.knowledge.wordnet import WordNet

LABELS = ("entailment", "contradiction", "neutral")
# How many of a hundred pairs have the label.  Two sentences mostly have little to do with each other.
_ENTAILED, _DENIED = 0.32, 0.22


@dataclass(frozen=True, slots=True)
class Pair:
    premise: str
    hypothesis: str
    label: str


class Maker:
    """Pairs of one split, the same for the same seed."""

    def __init__(self, split: Split, seed: int, net: WordNet, words: Words | None = None) -> None:
        self.rng, self.kin = random.Random(f"{split}/{seed}"), Kin(net)
        self.words = words or words_of(split, net)

    def pairs(self, n: int) -> Iterator[Pair]:
        while n:
            draw = self.rng.random()
            first = self.caption()
            if draw < _ENTAILED:
                pair = self.told(first, self.weaker(first), "entailment")
            else:
                pair = self.denied(first) if draw < _ENTAILED + _DENIED else self.unrelated(first)
            if pair is not None and pair.premise != pair.hypothesis:
                yield pair
                n -= 1

    # --- the three labels -------------------------------------------------------------

    def denied(self, first: Caption) -> Pair | None:
        rng = self.rng
        second = self.weaker(first) if rng.random() < 0.55 else first
        return self.in_some_order(say(first, rng), deny(second, rng), "contradiction")

    def unrelated(self, first: Caption) -> Pair | None:
        """Neutral: first and second share much, something, or nothing."""
        rng = self.rng
        draw = rng.random()
        if draw < 0.3:
            second = self.stronger(first)
        elif draw < 0.65:
            second = self.changed(first)
            if second is not None and (second.who, second.places) == (first.who, first.places):
                less = self.weaker(second, steps=1)
                # the step down must not take away what was changed
                second = less if (less.verb, less.what) == (second.verb, second.what) else second
        elif draw < 0.68:
            antonym = self.kin.antonym(first.verb)
            second = replace(first, verb=antonym) if antonym else self.opposite(first)
        elif draw < 0.71 and first.what is not None:
            second = replace(first, who=first.what, what=first.who)
        else:
            second = self.caption()
            if rng.random() < 0.5:
                second = replace(second, who=first.who)
        if second is None:
            return None
        if rng.random() < 0.35:  # what was never said is denied
            # the denial of the weaker one would contradict the stronger one
            said, none = (second, first) if draw >= 0.3 and rng.random() < 0.5 else (first, second)
            return self.in_some_order(say(said, rng), deny(none, rng), "neutral")
        return self.told(first, second, "neutral")

    def told(self, first: Caption, second: Caption | None, label: str) -> Pair | None:
        return None if second is None else Pair(say(first, self.rng), say(second, self.rng), label)

    def in_some_order(self, a: str, b: str, label: str) -> Pair:
        return Pair(a, b, label) if self.rng.random() < 0.5 else Pair(b, a, label)

    # --- trees --------------------------------------------------------------------------

    def common(self, words: Sequence[str]) -> str:
        """A word, frequent ones more often."""
        return words[int(len(words) * self.rng.random() ** 2)]

    def caption(self) -> Caption:
        rng = self.rng
        who = self.thing(self.actor())
        if rng.random() < 0.08:
            who = replace(who, near=None, count=1, also=Thing(self.actor()))
        act = rng.random() < 0.6
        what = self.thing(self.common(self.words.things), lone=True) if act else None
        places = (self.place(),) if rng.random() < 0.45 else ()
        adverb = rng.choice(ADVERBS) if rng.random() < 0.15 else ""
        also: tuple[str, Thing | None] | None = None
        if rng.random() < 0.12:
            also = self.common(self.words.acts), self.thing(self.common(self.words.things), lone=True)
        elif rng.random() < 0.1:
            also = self.common(self.words.moves), None
        verb = self.common(self.words.acts if act else self.words.moves)
        return Caption(who, verb, what, places, adverb, also)

    def actor(self) -> str:
        draw = self.rng.random()
        if draw < 0.55:
            return self.rng.choice(PEOPLE)
        return self.common(self.words.who if draw < 0.8 else self.words.animals)

    def thing(self, noun: str, lone: bool = False) -> Thing:
        rng = self.rng
        adjectives = tuple(rng.sample([*COLORS, *LOOKS], rng.choice((0, 0, 0, 1, 1, 2))))
        count = rng.choice((1, 1, 1, 1, 1, 1, 1, 0, 2, 3, GROUP))
        near = None
        if not lone and rng.random() < 0.25:
            near = "in", Thing(rng.choice(CLOTHES), tuple(rng.sample(COLORS, rng.choice((0, 1)))))
            if rng.random() < 0.4:
                near = rng.choice(("with", "near")), Thing(self.common(self.words.things))
        return Thing(noun, adjectives, count, rng.choice(("a", "a", "the")), near)

    def place(self) -> tuple[str, Thing]:
        rng = self.rng
        return rng.choice(PREPOSITIONS), Thing(rng.choice(PLACES), article=rng.choice(("a", "the")))

    def weaker(self, c: Caption, steps: int = 0) -> Caption:
        """What follows from `c`: one to three steps down, and the articles as they come."""
        for _ in range(steps or self.rng.choice((1, 1, 2, 2, 3))):
            c = self.step_down(c)
        if self.rng.random() < 0.4:
            c = replace(c, who=replace(c.who, article="the" if c.who.article == "a" else "a"))
        return c

    def step_down(self, c: Caption) -> Caption:
        rng = self.rng
        match rng.randrange(9):
            case 0 | 1 if up := self.kin.of(c.who.noun, "noun", "up"):
                return replace(c, who=replace(c.who, noun=rng.choice(up)))
            case 2 | 3 if c.what is not None and (up := self.kin.of(c.what.noun, "noun", "up")):
                return replace(c, what=replace(c.what, noun=rng.choice(up)))
            case 4 if up := self.kin.of(c.verb, "verb", "up"):
                return replace(c, verb=rng.choice(up))
            case 5 if c.who.adjectives:
                return replace(c, who=replace(c.who, adjectives=c.who.adjectives[1:]))
            case 6 if c.what is not None and c.what.adjectives:
                return replace(c, what=replace(c.what, adjectives=c.what.adjectives[:-1]))
            case 7 if c.who.near is not None:
                return replace(c, who=replace(c.who, near=None))
            case 8 if c.who.also is not None:
                return replace(c, who=rng.choice((c.who.also, replace(c.who, also=None))))
            case _:
                pass
        if c.places and rng.random() < 0.6:
            return replace(c, places=())
        if c.also is not None:
            if rng.random() < 0.5:
                return replace(c, also=None)
            return replace(c, verb=c.also[0], what=c.also[1], also=None, places=(), adverb="")
        if c.adverb:
            return replace(c, adverb="")
        return replace(c, who=replace(c.who, count=0)) if c.who.count not in (0, 1) else c

    def stronger(self, c: Caption) -> Caption | None:
        """What says more than `c`."""
        rng = self.rng
        extra = rng.choice([*COLORS, *LOOKS])
        match rng.randrange(6):
            case 0 if extra not in c.who.adjectives:
                return replace(c, who=replace(c.who, adjectives=(*c.who.adjectives, extra)))
            case 1 if c.what is not None and extra not in c.what.adjectives:
                return replace(c, what=replace(c.what, adjectives=(*c.what.adjectives, extra)))
            case 2 if not c.places:
                return replace(c, places=(self.place(),))
            case 3 if c.also is None:
                return replace(c, also=(self.common(self.words.moves), None))
            case 4 if down := self.kin.of(c.who.noun, "noun", "down"):
                return replace(c, who=replace(c.who, noun=rng.choice(down)))
            case 5 if c.what is not None and (down := self.kin.of(c.what.noun, "noun", "down")):
                return replace(c, what=replace(c.what, noun=rng.choice(down)))
            case _:
                return None

    def changed(self, c: Caption) -> Caption | None:
        """One thing is another, often a sister kind: neither follows from the other."""
        rng = self.rng
        act = c.what is not None
        match rng.randrange(6):
            case 0 | 1:
                pool = self.words.acts if act else self.words.moves
                verb = self.other(c.verb, self.kin.of(c.verb, "verb", "beside"), lambda: self.common(pool))
                return replace(c, verb=verb) if self.kin.apart(c.verb, verb, "verb") else None
            case 2 if c.what is not None:
                sisters = self.kin.of(c.what.noun, "noun", "beside")
                noun = self.other(c.what.noun, sisters, lambda: self.common(self.words.things))
                what = replace(c.what, noun=noun)
                return replace(c, what=what) if self.kin.apart(c.what.noun, noun, "noun") else None
            case 3:
                sisters = self.kin.of(c.who.noun, "noun", "beside")
                who = replace(c.who, noun=self.other(c.who.noun, sisters, self.actor))
                return replace(c, who=who) if self.kin.apart(c.who.noun, who.noun, "noun") else None
            case 4 if c.places:
                place = self.place()
                return replace(c, places=(place,)) if place[1].noun != c.places[0][1].noun else None
            case 5 if c.who.count in (2, 3):
                return replace(c, who=replace(c.who, count=5 - c.who.count))
            case _:
                return None

    def other(self, word: str, sisters: Sequence[str], any_: Callable[[], str]) -> str:
        return self.rng.choice(sisters) if sisters and self.rng.random() < 0.5 else any_()

    def opposite(self, c: Caption) -> Caption | None:
        """The same of something that is the opposite."""
        pairs = dict(OPPOSITES) | {b: a for a, b in OPPOSITES}
        for i, a in enumerate(c.who.adjectives):
            if a in pairs:
                turned = (*c.who.adjectives[:i], pairs[a], *c.who.adjectives[i + 1 :])
                return replace(c, who=replace(c.who, adjectives=turned, article="the"))
        return None

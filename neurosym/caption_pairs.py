"""Pairs of made-up captions with the label that holds by construction, to train the entailment classifier on.

A caption is a small tree (who does what to what, where); premise and hypothesis are grown from one
tree together, so that the label is known:

    entailment      the tree weakened: a noun or verb replaced by a hypernym or synonym (WordNet), a
                    modifier dropped, active for passive, the order of conjuncts, another determiner
    neutral         something added that the premise does not say, a hyponym, a sister, another verb, the
                    roles swapped, another scene; or a denial of something that was not said
    contradiction   a weakened tree denied (not, no, nobody), on either side; a verb's antonym

Words come from WordNet by lexicographer file and by how often its tagged texts have them; a word belongs
to the training or to the test part by its letters, so that the test has other words.

Knows WordNet's reader and English inflection.  Must not know any data set of sentences.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from neurosym.knowledge.wordnet import ANTONYM, Part, Synset, WordNet, wordnet
from neurosym.parser.morphology import plural, verb_forms

Split = Literal["train", "test"]
LABELS = ("entailment", "contradiction", "neutral")
_VERB_FILES = frozenset((29, 30, 32, 33, 34, 35, 36, 38, 39))  # of what can be seen
_PLACES = str.split(
    "park street kitchen garden field beach room yard road forest stage river lake bench table wall lawn "
    "pool "
    "mountain city market stadium gym grass snow house bridge playground sidewalk floor court"
)
_PREPOSITIONS = str.split("in on near at behind beside under")
_COLORS = str.split("red blue green black white brown yellow gray orange purple pink")
_LOOKS = str.split(
    "big large small little old young tall wet dirty happy wooden shiny round empty heavy long"
)
_ADVERBS = str.split("quickly slowly carefully happily outside outdoors quietly together loudly eagerly")
_RUDE = re.compile(r"offensive|obscene|disparag|derogat|vulgar|slur|sexual|\bsex\b|\(slang|genital|prostitut")
_PEOPLE = str.split("man woman boy girl child person lady kid player dog cat horse bird")


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase.  `count`: 1, a number, or 0 for a bare plural."""

    noun: str
    adjectives: tuple[str, ...] = ()
    count: int = 1
    article: str = "a"
    near: tuple[str, Thing] | None = None  # "in a hat": a preposition and what follows it


@dataclass(frozen=True, slots=True)
class Caption:
    who: Thing
    verb: str
    what: Thing | None = None
    places: tuple[tuple[str, Thing], ...] = ()
    adverb: str = ""
    also: tuple[str, Thing | None] | None = None  # "... and is holding a cup"


@dataclass(frozen=True, slots=True)
class Pair:
    premise: str
    hypothesis: str
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one split, frequent ones first."""

    who: tuple[str, ...]
    animals: tuple[str, ...]
    things: tuple[str, ...]
    acts: tuple[str, ...]  # verbs with an object
    moves: tuple[str, ...]  # verbs without


def split_of(word: str) -> Split:
    return "test" if zlib.crc32(word.encode()) % 8 == 0 else "train"


def words_of(split: Split, net: WordNet) -> Words:
    """Common, decent, single words for what can be seen."""

    def pool(part: Part, files: frozenset[int], least: int, frames: frozenset[int]) -> tuple[str, ...]:
        found: list[tuple[int, str]] = []
        for lemma in net.lemmas(part):
            if not (lemma.isalpha() and 2 < len(lemma) < 12) or (split_of(lemma) != split):
                continue
            first = net.senses(lemma, part)[0].synset
            count = net.tagged(lemma, part)
            if count < least or first.file not in files or first.proper or _RUDE.search(first.gloss):
                continue
            if not frames or first.frames & frames:
                found.append((-count, lemma))
        return tuple(w for _, w in sorted(found))

    nothing: frozenset[int] = frozenset()
    return Words(
        pool("noun", frozenset((18,)), 2, nothing),
        pool("noun", frozenset((5,)), 1, nothing),
        pool("noun", frozenset((6, 13)), 3, nothing)[:900],
        pool("verb", _VERB_FILES, 3, frozenset((8, 11))),
        pool("verb", _VERB_FILES, 3, frozenset((1, 2))),
    )


class Maker:
    """Pairs of one split.  Deterministic for a seed."""

    def __init__(self, split: Split, seed: int, net: WordNet, words: Words | None = None) -> None:
        self.rng, self.net = random.Random(f"{split}/{seed}"), net
        self.words = words or words_of(split, net)
        self._kin: dict[tuple[str, str], tuple[str, ...]] = {}

    def pairs(self, n: int) -> Iterator[Pair]:
        while n:
            pair = self.pair()
            if pair is not None and pair.premise != pair.hypothesis:
                yield pair
                n -= 1

    def pair(self) -> Pair | None:
        draw = self.rng.random()
        first = self.caption()
        if draw < 0.34:
            return self.told(first, self.weaker(first), "entailment")
        if draw < 0.60:
            return self.denied(first)
        return self.unrelated(first)

    # --- the three labels -------------------------------------------------------------

    def denied(self, first: Caption) -> Pair | None:
        if self.rng.random() < 0.12 and (other := self.antonym(first.verb)):
            return self.told(first, replace(first, verb=other), "contradiction")
        second = self.weaker(first) if self.rng.random() < 0.55 else first
        texts = self.say(first), self.deny(second)
        a, b = texts if self.rng.random() < 0.5 else texts[::-1]
        return Pair(a, b, "contradiction")

    def unrelated(self, first: Caption) -> Pair | None:
        """Neutral: first and second share much, something, or nothing."""
        draw = self.rng.random()
        if draw < 0.35:
            second = self.stronger(first)
        elif draw < 0.6:
            second = self.changed(first)
        elif draw < 0.66 and first.what is not None:
            second = replace(first, who=first.what, what=first.who)
        else:
            second = self.caption()
            if self.rng.random() < 0.5:
                second = replace(second, who=first.who)
        if second is None:
            return None
        if self.rng.random() < 0.35:  # what was never said is denied
            # the denial of the weaker one would contradict the stronger one
            said, denied = (second, first) if draw >= 0.35 and self.rng.random() < 0.5 else (first, second)
            texts = self.say(said), self.deny(denied)
            a, b = texts if self.rng.random() < 0.5 else texts[::-1]
            return Pair(a, b, "neutral")
        return self.told(first, second, "neutral")

    def told(self, first: Caption, second: Caption | None, label: str) -> Pair | None:
        return None if second is None else Pair(self.say(first), self.say(second), label)

    # --- trees --------------------------------------------------------------------------

    def common(self, words: Sequence[str]) -> str:
        """A word, frequent ones more often."""
        return words[int(len(words) * self.rng.random() ** 2)]

    def caption(self) -> Caption:
        rng = self.rng
        who = self.thing(self.actor())
        act = rng.random() < 0.6
        what = self.thing(self.common(self.words.things), lone=True) if act else None
        places = (self.place(),) if rng.random() < 0.45 else ()
        adverb = rng.choice(_ADVERBS) if rng.random() < 0.15 else ""
        also: tuple[str, Thing | None] | None = None
        if rng.random() < 0.12:
            also = self.common(self.words.acts), self.thing(self.common(self.words.things), lone=True)
        elif rng.random() < 0.1:
            also = self.common(self.words.moves), None
        verb = self.common(self.words.acts if act else self.words.moves)
        return Caption(who, verb, what, places, adverb, also)

    def actor(self) -> str:
        draw = self.rng.random()
        if draw < 0.5:
            return self.rng.choice(_PEOPLE)
        return self.common(self.words.who if draw < 0.8 else self.words.animals)

    def thing(self, noun: str, lone: bool = False) -> Thing:
        rng = self.rng
        pool = [*_COLORS, *_LOOKS]
        adjectives = tuple(rng.sample(pool, rng.choice((0, 0, 0, 1, 1, 2))))
        count = rng.choice((1, 1, 1, 1, 1, 1, 0, 2, 3))
        near = None
        if not lone and rng.random() < 0.2:
            near = rng.choice(("with", "in", "near")), Thing(self.common(self.words.things), adjectives[:0])
        return Thing(noun, adjectives, count, rng.choice(("a", "a", "the")), near)

    def place(self) -> tuple[str, Thing]:
        rng = self.rng
        return rng.choice(_PREPOSITIONS), Thing(rng.choice(_PLACES), article=rng.choice(("a", "the")))

    def weaker(self, c: Caption) -> Caption | None:
        """What follows from `c`: one to three steps down."""
        for _ in range(self.rng.choice((1, 1, 2, 2, 3))):
            c = self.step_down(c)
        if self.rng.random() < 0.4:
            c = replace(c, who=replace(c.who, article="the" if c.who.article == "a" else "a"))
        return c

    def step_down(self, c: Caption) -> Caption:
        rng = self.rng
        match rng.randrange(9):
            case 0 | 1 if up := self.kin(c.who.noun, "noun", "up"):
                return replace(c, who=replace(c.who, noun=rng.choice(up)))
            case 2 | 3 if c.what is not None and (up := self.kin(c.what.noun, "noun", "up")):
                return replace(c, what=replace(c.what, noun=rng.choice(up)))
            case 4 if up := self.kin(c.verb, "verb", "up"):
                return replace(c, verb=rng.choice(up))
            case 5 if c.who.adjectives:
                return replace(c, who=replace(c.who, adjectives=c.who.adjectives[1:]))
            case 6 if c.what is not None and c.what.adjectives:
                return replace(c, what=replace(c.what, adjectives=c.what.adjectives[:-1]))
            case 7 if c.who.near is not None:
                return replace(c, who=replace(c.who, near=None))
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
        return replace(c, who=replace(c.who, count=0)) if c.who.count > 1 else c

    def stronger(self, c: Caption) -> Caption | None:
        """What says more than `c`."""
        rng = self.rng
        extra = rng.choice([*_COLORS, *_LOOKS])
        match rng.randrange(6):
            case 0 if extra not in c.who.adjectives:
                return replace(c, who=replace(c.who, adjectives=(*c.who.adjectives, extra)))
            case 1 if c.what is not None and extra not in c.what.adjectives:
                return replace(c, what=replace(c.what, adjectives=(*c.what.adjectives, extra)))
            case 2 if not c.places:
                return replace(c, places=(self.place(),))
            case 3 if c.also is None:
                return replace(c, also=(self.common(self.words.moves), None))
            case 4 if down := self.kin(c.who.noun, "noun", "down"):
                return replace(c, who=replace(c.who, noun=rng.choice(down)))
            case 5 if c.what is not None and (down := self.kin(c.what.noun, "noun", "down")):
                return replace(c, what=replace(c.what, noun=rng.choice(down)))
            case _:
                return None

    def changed(self, c: Caption) -> Caption | None:
        """One thing is another: neither follows from the other."""
        match self.rng.randrange(4):
            case 0:
                other = self.common(self.words.acts if c.what is not None else self.words.moves)
                return replace(c, verb=other) if self.apart(c.verb, other, "verb") else None
            case 1 if c.what is not None:
                other = self.common(self.words.things)
                what = replace(c.what, noun=other)
                return replace(c, what=what) if self.apart(c.what.noun, other, "noun") else None
            case 2:
                other = self.actor()
                who = replace(c.who, noun=other)
                return replace(c, who=who) if self.apart(c.who.noun, other, "noun") else None
            case 3 if c.places:
                place = self.place()
                return replace(c, places=(place,)) if place[1].noun != c.places[0][1].noun else None
            case _:
                return None

    # --- words ------------------------------------------------------------------------

    def kin(self, word: str, part: Part, way: Literal["up", "down"]) -> tuple[str, ...]:
        """Common words above or below the first sense of a word, or the same as it."""
        key = word, f"{part}/{way}"
        if key not in self._kin:
            senses = self.net.senses(word, part)
            near = self._near(senses[0].synset, way) if senses else []
            words = dict.fromkeys(w for s in near for w in s.words if w != word and self._common(w, part))
            up = way == "up"
            self._kin[key] = tuple(w for w in words if (self.net.subsumed(word, w, part) > 0.5) == up)
        return self._kin[key]

    def _near(self, s: Synset, way: Literal["up", "down"]) -> list[Synset]:
        if way == "down":
            return list(self.net.related(s, "~"))
        above = sorted(self.net.above(s).items(), key=lambda x: (x[1], x[0]))
        return [self.net.synset(*k) for k, depth in above if depth < (5 if s.part == "noun" else 2)]

    def _common(self, word: str, part: Part) -> bool:
        if not (word.isalpha() and 2 < len(word) < 12) or self.net.tagged(word, part) < 4:
            return False
        first = self.net.senses(word, part)[0].synset
        # "entity" and "object" are said by nobody who sees a dog
        return first.file != 3 and not first.proper and _RUDE.search(first.gloss) is None

    def apart(self, a: str, b: str, part: Part) -> bool:
        return a != b and not self.net.subsumed(a, b, part) and not self.net.subsumed(b, a, part)

    def antonym(self, verb: str) -> str:
        for s in self.net.senses(verb, "verb")[:1]:
            for p in s.synset.pointers:
                if p.kind == ANTONYM and p.target:
                    word = self.net.synset(p.part, p.offset).words[p.target - 1]
                    return word if word.isalpha() else ""
        return ""

    # --- English ----------------------------------------------------------------------

    def say(self, c: Caption) -> str:
        draw = self.rng.random()
        if c.what is not None and c.also is None and draw < 0.15:
            by = f"{self.phrase(c.what)} {_be(c.what)} being {_done(c.verb)} by {self.phrase(c.who)}"
            return _sentence([by, *self.where(c)])
        if draw < 0.22:
            who = self.phrase(replace(c.who, article="a"))
            return _sentence([f"there {_be(c.who)} {who} {self.doing(c)}"])
        if draw < 0.3 and c.who.near is None and c.who.adjectives:
            last = c.who.adjectives[-1]
            who = self.phrase(replace(c.who, adjectives=c.who.adjectives[:-1]))
            return _sentence([f"{who} who {_be(c.who)} {last} {_be(c.who)} {self.doing(c)}"])
        return _sentence([f"{self.phrase(c.who)} {_be(c.who)} {self.doing(c)}"])

    def deny(self, c: Caption | None) -> str:
        if c is None:
            c = self.caption()
        draw = self.rng.random()
        if draw < 0.45:
            return _sentence([f"{self.phrase(c.who)} {_be(c.who)} not {self.doing(c)}"])
        if draw < 0.5:
            return _sentence([f"{self.phrase(c.who)} {_be(c.who)}n't {self.doing(c)}"])
        if draw < 0.6 and c.who.noun in ("person", "people", "someone") and not c.who.adjectives:
            return _sentence([f"nobody is {self.doing(c)}"])
        bare = self.phrase(replace(c.who, article="", count=1 if c.who.count == 1 else 0))
        return _sentence([f"there {_be(c.who)} no {bare} {self.doing(c)}"])

    def doing(self, c: Caption) -> str:
        parts = [_gerund(c.verb)]
        if c.what is not None:
            parts.append(self.phrase(c.what))
        if c.adverb:
            parts = [c.adverb, *parts] if self.rng.random() < 0.5 else [*parts, c.adverb]
        parts += self.where(c)
        if c.also is not None:
            verb, what = c.also
            parts += ["and is" if c.who.count == 1 and self.rng.random() < 0.5 else "and", _gerund(verb)]
            parts += [] if what is None else [self.phrase(what)]
        return " ".join(parts)

    def where(self, c: Caption) -> list[str]:
        return [f"{p} {self.phrase(t)}" for p, t in c.places]

    def phrase(self, t: Thing) -> str:
        if t.noun == "person" and t.count == 1 and not t.adjectives and t.near is None and t.article == "a":
            return self.rng.choice(("a person", "someone", "a person"))
        noun = t.noun if t.count == 1 else plural(t.noun)
        body = " ".join([*t.adjectives, noun])
        if t.near is not None:
            body += f" {t.near[0]} {self.phrase(t.near[1])}"
        if t.count > 1:
            return f"{('two', 'three')[t.count - 2]} {body}"
        if t.count == 0:
            return f"the {body}" if t.article == "the" else f"{self.rng.choice(('some ', ''))}{body}"
        article = ("an" if body[0] in "aeiou" else "a") if t.article == "a" else t.article
        return f"{article} {body}".strip()


def _be(t: Thing) -> str:
    return "is" if t.count == 1 else "are"


def _gerund(verb: str) -> str:
    return verb_forms(verb)[3]


def _done(verb: str) -> str:
    return verb_forms(verb)[2]


def _sentence(parts: Sequence[str]) -> str:
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def make_pairs(n: int, seed: int, split: Split, net: WordNet) -> list[Pair]:
    """`n` pairs of one split, the same for the same seed."""
    return list(Maker(split, seed, net).pairs(n))


def main() -> None:
    from argparse import ArgumentParser

    options = ArgumentParser(description="Write train.tsv and test.tsv: label, premise, hypothesis.")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--train", type=int, default=60_000)
    options.add_argument("--test", type=int, default=4_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for split, n in (("train", given.train), ("test", given.test)):
        pairs = make_pairs(n, given.seed, "train" if split == "train" else "test", wordnet())
        text = "".join(f"{p.label}\t{p.premise}\t{p.hypothesis}\n" for p in pairs)
        (given.out / f"{split}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The words of captions: from WordNet by lexicographer file (lexnames(5WN)), frequency and sentence frame.

A word belongs to one split by its letters, so that what is learnt of training's words can be tested on
others.  Knows WordNet's reader; must not know sentences.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from neurosym.knowledge.wordnet import ANTONYM, HYPERNYM, Part, Synset, WordNet

Split = Literal["train", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
Way = Literal["up", "down", "beside"]

PLACES = str.split(
    "park street kitchen garden field beach room yard road forest stage river lake bench table wall lawn "
    "pool mountain city market stadium gym grass snow house bridge playground sidewalk floor court"
)
PREPOSITIONS = str.split("in on near at behind beside under")
COLORS = str.split("red blue green black white brown yellow gray orange purple pink")
LOOKS = str.split(
    "big large small little old young tall wet dry dirty clean happy sad wooden shiny round empty full long"
)
OPPOSITES = (
    ("big", "small"), ("large", "little"), ("old", "young"), ("wet", "dry"), ("dirty", "clean"),
    ("happy", "sad"), ("empty", "full"), ("long", "short"),
)  # fmt: skip
ADVERBS = str.split("quickly slowly carefully happily outside outdoors quietly together loudly eagerly")
CLOTHES = str.split("hat shirt jacket coat dress suit uniform helmet scarf costume sweater cap")
PEOPLE = str.split("man woman boy girl child person lady kid player dog cat horse bird")

_VERB_FILES = frozenset((29, 30, 32, 33, 34, 35, 36, 38, 39))  # of what can be seen
_RUDE = re.compile(r"offensive|obscene|disparag|derogat|vulgar|slur|sexual|\bsex\b|\(slang|genital|prostitut")


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
    """Single words for what can be seen, by how often WordNet's tagged texts have them."""

    def pool(part: Part, files: Sequence[int], least: int, *frames: int) -> tuple[str, ...]:
        found: list[tuple[int, str]] = []
        for lemma in net.lemmas(part):
            if not (lemma.isalpha() and 2 < len(lemma) < 12) or split_of(lemma) != split:
                continue
            first = net.senses(lemma, part)[0].synset
            if first.file not in files or not _decent(first) or (count := net.tagged(lemma, part)) < least:
                continue
            if not frames or first.frames & set(frames):
                found.append((-count, lemma))
        return tuple(w for _, w in sorted(found))

    return Words(
        pool("noun", (18,), 2),
        pool("noun", (5,), 1),
        pool("noun", (6, 13), 3)[:900],
        pool("verb", sorted(_VERB_FILES), 3, 8, 11),
        pool("verb", sorted(_VERB_FILES), 3, 1, 2),
    )


def _decent(s: Synset) -> bool:
    """Nothing that insults, and no names of peoples or faiths."""
    return not s.proper and _RUDE.search(s.gloss) is None


class Kin:
    """Words that are related to a word in its first sense.  Remembers what it was asked."""

    def __init__(self, net: WordNet) -> None:
        self.net = net
        self._found: dict[tuple[str, Part, Way], tuple[str, ...]] = {}

    def of(self, word: str, part: Part, way: Way) -> tuple[str, ...]:
        """Common words for the same or more ("up"), for less ("down"), or for a sister kind ("beside")."""
        key = word, part, way
        if key not in self._found:
            senses = self.net.senses(word, part)
            near = self._near(senses[0].synset, way) if senses else []
            words = dict.fromkeys(w for s in near for w in s.words if w != word and self._common(w, part))
            if way == "beside":
                self._found[key] = tuple(w for w in words if self.apart(word, w, part))
            else:
                up = way == "up"
                self._found[key] = tuple(w for w in words if (self.net.subsumed(word, w, part) > 0.5) == up)
        return self._found[key]

    def apart(self, a: str, b: str, part: Part) -> bool:
        """Does neither say what the other says, in any sense?"""
        return a != b and not self.net.subsumed(a, b, part) and not self.net.subsumed(b, a, part)

    def antonym(self, verb: str) -> str:
        """A verb for the opposite, or the empty text."""
        for s in self.net.senses(verb, "verb")[:1]:
            for p in s.synset.pointers:
                if p.kind == ANTONYM and p.target:
                    word = self.net.synset(p.part, p.offset).words[p.target - 1]
                    return word if word.isalpha() else ""
        return ""

    def _near(self, s: Synset, way: Way) -> list[Synset]:
        if way == "down":
            return list(self.net.related(s, "~"))
        if way == "beside":
            return [t for up in self.net.related(s, HYPERNYM) for t in self.net.related(up, "~") if t != s]
        above = sorted(self.net.above(s).items(), key=lambda x: (x[1], x[0]))
        return [self.net.synset(*k) for k, depth in above if depth < (5 if s.part == "noun" else 2)]

    def _common(self, word: str, part: Part) -> bool:
        if not (word.isalpha() and 2 < len(word) < 12) or self.net.tagged(word, part) < 4:
            return False
        first = self.net.senses(word, part)[0].synset
        return first.file != 3 and _decent(first)  # nobody who sees a dog says "entity" or "object"

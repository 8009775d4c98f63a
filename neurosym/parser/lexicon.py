"""Words for the generator of training sentences: WordNet's, names, and invented ones.

Knows which of WordNet's words are fit for sentences, and the word lists beside it; must not know
sentences.  Only the generator reads it: the parser at run time has no lexicon.  Every word belongs
to exactly one split, by a hash of its lemma, so that development and test words are unseen; a
phrase belongs to the split of its head.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TypeAlias

from neurosym.errors import ParserError
from neurosym.parser.morphology import comparative, normalize, number, ordinal, plural, verb_forms
from neurosym.parser.names import listed, names
from neurosym.parser.wordnet_files import counts as tagged
from neurosym.parser.wordnet_files import first_senses, frames

WORDNET = Path("/usr/share/wordnet")  # where Debian's wordnet-base puts the files
SPLITS = ("train", "dev", "test")

# Lexicographer files of the noun categories in use (lexnames(5WN)), and how often each is drawn.
_NOUN_FILES = {
    "04": "abstract", "05": "animal", "06": "artifact", "09": "abstract", "10": "abstract", "13": "food",
    "14": "group", "15": "place", "17": "object", "18": "person", "20": "plant",
}  # fmt: skip
# Categories whose rare words are names of things too, and not of notions.
_THINGS = frozenset(("animal", "food", "plant", "artifact", "person"))
_COMPOUND = frozenset(("animal", "artifact", "food", "plant", "person"))
# Verbs of the body, competition, consumption, contact, creation, motion and perception: they can be seen.
_SEEN = frozenset(("29", "33", "34", "35", "36", "38", "39"))


@dataclass(frozen=True, slots=True)
class Noun:
    """Singular and plural, in lower case."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Verb:
    """The five forms: ask, asks, asked, asked, asking."""

    base: str
    s: str
    past: str
    participle: str
    gerund: str


@dataclass(frozen=True, slots=True)
class Adjective:
    """The plain form and the comparative."""

    base: str
    more: str  # the -er form, or empty


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one split.  Pools are sorted by frequency, then by letters."""

    split: str
    nouns: dict[str, tuple[Noun, ...]]  # by category
    compounds: tuple[tuple[str, Noun], ...]  # (first word, second word): grey heron
    adjectives: tuple[Adjective, ...]
    adverbs: tuple[str, ...]
    transitive: tuple[Verb, ...]
    intransitive: tuple[Verb, ...]
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    places: tuple[str, ...]
    long_compounds: tuple[tuple[tuple[str, ...], Noun], ...]  # (words before, last word): sliding glass door
    seen_transitive: tuple[Verb, ...]  # what can be seen in a picture
    seen_intransitive: tuple[Verb, ...]
    ditransitive: tuple[Verb, ...]  # gives Bob a book, gives a book to Bob
    clausal: tuple[Verb, ...]  # says that ...
    infinitive: tuple[Verb, ...]  # hopes to ...
    gerundive: tuple[Verb, ...]  # enjoys -ing
    phrasal: tuple[tuple[Verb, tuple[str, ...]], ...]  # with an object: pick up, look after
    phrasal_intransitive: tuple[tuple[Verb, tuple[str, ...]], ...]  # get up
    organizations: tuple[str, ...]  # one word: Nordwind
    products: tuple[str, ...]
    landmarks: tuple[tuple[str, ...], ...]  # names of several words: Lake Geneva, Cornell University


def split_of(word: str) -> str:
    """The split a lemma belongs to: 80 % train, 10 % dev, 10 % test."""
    h = zlib.crc32(word.lower().encode()) % 10
    return "train" if h < 8 else ("dev" if h == 8 else "test")


def lexicon(split: str, wordnet: Path = WORDNET) -> Lexicon:
    """The lexicon of a split.  Raises ParserError where the WordNet files are missing."""
    return _lexicon(split, wordnet)


@lru_cache(maxsize=6)
def _lexicon(split: str, wordnet: Path) -> Lexicon:
    if split not in SPLITS:
        raise ParserError(f"no split {split!r}", hint=f"one of {', '.join(SPLITS)}")
    if not (wordnet / "data.noun").is_file():
        raise ParserError(
            f"no WordNet in {wordnet}", hint="install the package wordnet-base, or give its folder"
        )
    count = tagged(wordnet)
    nouns, compounds, long_compounds = _nouns(split, wordnet, count)
    verbs = _verbs(split, wordnet, count)
    own = names(wordnet, lambda word: split_of(word) == split)
    return Lexicon(
        split=split,
        nouns=nouns,
        compounds=compounds,
        adjectives=_adjectives(split, wordnet, count),
        adverbs=_adverbs(split, wordnet, count),
        given=own.given,
        surnames=own.surnames,
        places=own.places,
        long_compounds=long_compounds,
        transitive=verbs.of("transitive"),
        intransitive=verbs.of("intransitive"),
        seen_transitive=verbs.of("seen transitive"),
        seen_intransitive=verbs.of("seen intransitive"),
        ditransitive=verbs.of("ditransitive"),
        clausal=verbs.of("clausal"),
        infinitive=verbs.of("infinitive"),
        gerundive=verbs.of("gerundive"),
        phrasal=tuple(verbs.phrasal),
        phrasal_intransitive=tuple(verbs.phrasal_intransitive),
        organizations=tuple(w for w in listed("organizations") if split_of(w) == split),
        products=tuple(w for w in listed("products") if split_of(w) == split),
        landmarks=own.landmarks,
    )


Counts: TypeAlias = Mapping[tuple[str, str], int]


def _nouns(
    split: str, wordnet: Path, count: Counts
) -> tuple[
    dict[str, tuple[Noun, ...]], tuple[tuple[str, Noun], ...], tuple[tuple[tuple[str, ...], Noun], ...]
]:
    nouns: dict[str, list[Noun]] = {c: [] for c in sorted(set(_NOUN_FILES.values()))}
    two: list[tuple[str, Noun]] = []
    three: list[tuple[tuple[str, ...], Noun]] = []
    for lemma, line in first_senses(wordnet, "noun"):
        category = _NOUN_FILES.get(line[9:11])
        *before, last = lemma.split("_")
        if category is None or split_of(last) != split or not _plain(last):
            continue
        if not all(map(_part, before)) or not _decent(line):
            continue
        common = count.get((last, "1"), 0) > 0
        if before:
            if common and category in _COMPOUND and len(before) < 3:
                noun = Noun(last, plural(last))
                if len(before) == 1 and _plain(before[0]):
                    two.append((before[0], noun))
                elif len(before) == 2:
                    three.append((tuple(before), noun))
        elif common or (category in _THINGS and len(last) < 7):
            noun = Noun(lemma, plural(lemma))
            if normalize(noun.many, "N") == normalize(lemma, "N") == lemma and noun.many != lemma:
                nouns[category].append(noun)
    return (
        {c: tuple(sorted(ns, key=lambda n: (-count.get((n.one, "1"), 0), n.one))) for c, ns in nouns.items()},
        tuple(two),
        tuple(three),
    )


def _adjectives(split: str, wordnet: Path, count: Counts) -> tuple[Adjective, ...]:
    found: list[tuple[int, Adjective]] = []
    for lemma, line in first_senses(wordnet, "adj"):
        used = count.get((lemma, "3"), 0) + count.get((lemma, "5"), 0)
        # What nobody used in the tagged texts is an odd word, unless it is short.
        if (
            (used or (len(lemma) < 9 and not _ROMAN.fullmatch(lemma)))
            and split_of(lemma) == split
            and _plain(lemma)
            and _decent(line)
        ):
            found.append((-used, Adjective(lemma, comparative(lemma))))
    known = {a.base for _, a in found}
    found = [f for f in found if not _graded(f[1].base, known)]
    return tuple(a for _, a in sorted(found, key=lambda f: (f[0], f[1].base)))


def _adverbs(split: str, wordnet: Path, count: Counts) -> tuple[str, ...]:
    found = [
        lemma
        for lemma, _ in first_senses(wordnet, "adv")
        if count.get((lemma, "4"), 0) and split_of(lemma) == split and lemma.endswith("ly") and _plain(lemma)
    ]
    return tuple(sorted(found, key=lambda w: (-count.get((w, "4"), 0), w)))


class _Verbs:
    """Verbs under collection, by what they take."""

    def __init__(self, count: Counts) -> None:
        self.count = count
        self.pools: dict[str, list[Verb]] = {}
        self.phrasal: list[tuple[Verb, tuple[str, ...]]] = []
        self.phrasal_intransitive: list[tuple[Verb, tuple[str, ...]]] = []

    def add(self, pool: str, verb: Verb) -> None:
        self.pools.setdefault(pool, []).append(verb)

    def of(self, pool: str) -> tuple[Verb, ...]:
        return tuple(
            sorted(self.pools.get(pool, ()), key=lambda v: (-self.count.get((v.base, "2"), 0), v.base))
        )


# Sentence frames (wninput(5WN)): what each says of the verb.
_FRAMES: tuple[tuple[str, frozenset[int]], ...] = (
    ("transitive", frozenset((8, 9, 10, 11))),
    ("intransitive", frozenset((1, 2))),
    ("ditransitive", frozenset((14,))),
    ("clausal", frozenset((26,))),
    ("infinitive", frozenset((28,))),
    ("gerundive", frozenset((33,))),
)
_PARTICLES = frozenset(
    str.split(
        "up down off out on away over back in around apart together along through after at for into to upon"
    )
)


def _verbs(split: str, wordnet: Path, count: Counts) -> _Verbs:
    verbs = _Verbs(count)
    for lemma, line in first_senses(wordnet, "verb"):
        base, *particles = lemma.split("_")
        if split_of(base) != split or base in _AUXILIARY or not _decent(line):
            continue
        if not (base == "go" or _plain(base, frozenset())):
            continue
        if particles and not (len(particles) < 3 and set(particles) <= _PARTICLES):
            continue
        if not count.get((base, "2"), 0):
            continue
        verb = Verb(base, *verb_forms(base))
        forms = (verb.base, verb.s, verb.past, verb.participle, verb.gerund)
        if any(not f.isalpha() or normalize(f, "V") != base for f in forms):
            continue
        takes = frames(line)
        if particles:
            if takes & {8, 9, 11}:
                verbs.phrasal.append((verb, tuple(particles)))
            if takes & {1, 2} and len(particles) == 1:
                verbs.phrasal_intransitive.append((verb, tuple(particles)))
            continue
        for pool, wanted in _FRAMES:
            if takes & wanted:
                verbs.add(pool, verb)
                if line[9:11] in _SEEN and pool.endswith("transitive") and pool != "ditransitive":
                    verbs.add(f"seen {pool}", verb)
    return verbs


_ROMAN = re.compile("[ivxlcdm]+")
_AUXILIARY = frozenset(str.split("have can will must dare let become seem be do"))

# Words that the grammar itself uses, so that they are never drawn as content words.
_TAKEN = frozenset(
    str.split(
        "person people thing things one ones someone something anyone anything everyone "
        "everything nothing nobody "
        "two three four five six seven eight nine ten first second third last next other another "
        "same different "
        "such only own many much more most less least few several some any all every each both "
        "either neither not "
        "none very true false able like former latter half hundred thousand million dozen single various "
        "kind sort type case way use part too quite really extremely "
        "shit shitty shitless piss pissed turd arse arsehole ass bitch bastard whore slut harlot nazi negro "
        # Words that change what they stand with: no predicate of their own says what they mean.
        "fewer fewest numerous unlike like former fake alleged supposed mere utter hardly barely "
        "scarcely rarely seldom nearly almost mostly mainly largely partly merely simply solely "
        "generally typically normally usually probably possibly presumably apparently allegedly "
        "supposedly reportedly conceivably arguably hopefully certainly definitely undoubtedly surely "
        "actually evidently obviously likely unlikely false possible impossible probable formerly "
        "exactly precisely approximately roughly "
    )
)
# Made-up sentences about people should not insult anybody: glosses tell which words do.
_OFFENSIVE = re.compile(
    r"offensive|obscene|disparag|derogat|vulgar|slur|sexual|\bsex\b|\(slang|genital|prostitut"
)


def _plain(w: str, taken: frozenset[str] = _TAKEN) -> bool:
    counts = number(w) is not None or ordinal(w) is not None or w.endswith("ieth")
    return 2 < len(w) < 13 and w not in taken and _lower(w) and not counts


def _lower(w: str) -> bool:
    return w.isascii() and w.isalpha() and w.islower()


def _part(w: str) -> bool:
    """A word before the last one of a phrase."""
    return 2 < len(w) < 13 and _lower(w) and w not in _TAKEN and w not in _BETWEEN


_BETWEEN = frozenset(str.split("the and for with from off out non his her not but per its into over under"))


def _graded(w: str, known: set[str]) -> bool:
    """Is it a comparative or superlative of a known adjective?"""
    for ending in ("er", "est"):
        stem = w.removesuffix(ending)
        if stem != w and {stem, stem + "e", stem[:-1], stem[:-1] + "y"} & known:
            return True
    return False


def _decent(line: str) -> bool:
    return _OFFENSIVE.search(line) is None


# --- invented words -------------------------------------------------------------------

_ONSET = str.split(
    "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sh sk sl sm sn sp st t "
    "th tr tw v w z"
)
_NUCLEUS = str.split("a e i o u a e i o u ee oo ai ou")
_CODA = str.split("b ck d ff g l ll m mp n nd nk p r rb rd rk rn rp st t v x z lm lt")
_NOUN_END = str.split("us us us et le er o um on it ax in a ek")
_ADJECTIVE_END = str.split("y ish ic al ous ful ant id y")
_NAME_END = str.split("a o en is us an ia el on ik ar y")


def _root(rng: Random, split: str, ends: list[str]) -> str:
    """A pronounceable word that no dictionary has, of this split."""
    while True:
        w = rng.choice(_ONSET) + rng.choice(_NUCLEUS[:10]) + rng.choice(_CODA)
        if rng.random() < 0.25:
            w = rng.choice(_ONSET) + rng.choice(_NUCLEUS) + w
        w += rng.choice(ends)
        if split_of(w) == split and len(w) > 3:
            return w


def invent_noun(rng: Random, split: str) -> Noun:
    """An invented noun of a split (see `split_of`) whose plural leads back to it."""
    while True:
        if rng.random() < 0.4:
            w = _root(rng, split, ["us", "pus", "pus", "us"])
        else:
            w = _root(rng, split, ["", "", *_NOUN_END])
        many = plural(w)
        if many != w and normalize(many, "N") == normalize(w, "N") == w:
            return Noun(w, many)


def invent_verb(rng: Random, split: str) -> Verb:
    """An invented verb of a split (see `split_of`) whose forms all lead back to it."""
    while True:
        w = _root(rng, split, ["", "", "", "e", "le", "y", "er"])
        v = Verb(w, *verb_forms(w))
        if all(normalize(f, "V") == w for f in (v.base, v.s, v.past, v.participle, v.gerund)):
            return v


def invent_adjective(rng: Random, split: str) -> Adjective:
    """An invented adjective of a split (see `split_of`), without a comparative."""
    return Adjective(_root(rng, split, _ADJECTIVE_END), "")


def invent_name(rng: Random, split: str) -> str:
    """An invented name of a split (see `split_of`), with a capital."""
    return _root(rng, split, _NAME_END).capitalize()

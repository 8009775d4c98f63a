"""Words for the generator of training sentences: WordNet's, names, and invented ones.

Knows WordNet's file format (wndb(5WN)) and the word lists beside it; must not know sentences.
Only the generator reads it: the parser at run time has no lexicon.  Every word belongs to
exactly one split, by a hash of its lemma, so that development and test words are unseen.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from random import Random

from neurosym.errors import ParserError
from neurosym.parser.morphology import comparative, normalize, number, plural, verb_forms

WORDNET = Path("/usr/share/wordnet")  # where Debian's wordnet-base puts the files
SPLITS = ("train", "dev", "test")

# Lexicographer files of the noun categories in use (lexnames(5WN)), and how often each is drawn.
_NOUN_FILES = {
    "04": "abstract", "05": "animal", "06": "artifact", "09": "abstract", "10": "abstract", "13": "food",
    "14": "group", "15": "place", "17": "object", "18": "person", "20": "plant",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Verb:
    base: str
    s: str
    past: str
    participle: str
    gerund: str


@dataclass(frozen=True, slots=True)
class Adjective:
    base: str
    more: str  # the -er form, or empty


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one split.  Pools are sorted by frequency, then by letters."""

    split: str
    nouns: dict[str, tuple[Noun, ...]]  # by category
    compounds: tuple[tuple[str, Noun], ...]  # (first word, second word): bald eagle
    adjectives: tuple[Adjective, ...]
    adverbs: tuple[str, ...]
    transitive: tuple[Verb, ...]
    intransitive: tuple[Verb, ...]
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    places: tuple[str, ...]


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
    counts = _counts(wordnet)
    nouns: dict[str, list[Noun]] = {c: [] for c in sorted(set(_NOUN_FILES.values()))}
    compounds: list[tuple[str, Noun]] = []
    for lemma, line in _first_senses(wordnet, "noun"):
        category = _NOUN_FILES.get(line[9:11])
        first, _, last = lemma.partition("_")
        if category is None or split_of(last or first) != split:
            continue
        common = counts.get((last or first, "1"), 0) > 0
        if not (common or (category == "animal" and len(last or first) < 8)):
            continue
        if last:
            if category in _COMPOUND and _plain(first) and _plain(last) and _decent(line):
                compounds.append((first, Noun(last, plural(last))))
        elif _plain(lemma) and _decent(line):
            noun = Noun(lemma, plural(lemma))
            if normalize(noun.many, "N") == normalize(lemma, "N") == lemma and noun.many != lemma:
                nouns[category].append(noun)
    adjectives: list[Adjective] = []
    for lemma, line in _first_senses(wordnet, "adj"):
        used = counts.get((lemma, "3"), 0) + counts.get((lemma, "5"), 0)
        if used and split_of(lemma) == split and _plain(lemma) and _decent(line):
            adjectives.append(Adjective(lemma, comparative(lemma)))
    known = {a.base for a in adjectives}
    adjectives = [a for a in adjectives if not _graded(a.base, known)]
    adverbs = [
        lemma
        for lemma, _ in _first_senses(wordnet, "adv")
        if counts.get((lemma, "4"), 0) and split_of(lemma) == split and lemma.endswith("ly") and _plain(lemma)
    ]
    transitive: list[Verb] = []
    intransitive: list[Verb] = []
    for lemma, line in _first_senses(wordnet, "verb"):
        if not counts.get((lemma, "2"), 0) or split_of(lemma) != split or lemma in _AUXILIARY:
            continue
        if not (lemma == "go" or _plain(lemma, frozenset())) or not _decent(line):
            continue
        verb = Verb(lemma, *verb_forms(lemma))
        forms = (verb.base, verb.s, verb.past, verb.participle, verb.gerund)
        if any(not f.isalpha() or normalize(f, "V") != lemma for f in forms):
            continue
        frames = _frames(line)
        if frames & {8, 9, 10, 11}:
            transitive.append(verb)
        if frames & {1, 2}:
            intransitive.append(verb)
    return Lexicon(
        split,
        {
            c: tuple(sorted(ns, key=lambda n: (-counts.get((n.one, "1"), 0), n.one)))
            for c, ns in nouns.items()
        },
        tuple(compounds),
        tuple(
            sorted(
                adjectives,
                key=lambda a: (-counts.get((a.base, "3"), 0) - counts.get((a.base, "5"), 0), a.base),
            )
        ),
        tuple(sorted(adverbs, key=lambda w: (-counts.get((w, "4"), 0), w))),
        tuple(sorted(transitive, key=lambda v: (-counts.get((v.base, "2"), 0), v.base))),
        tuple(sorted(intransitive, key=lambda v: (-counts.get((v.base, "2"), 0), v.base))),
        *(tuple(w for w in _list(name) if split_of(w) == split) for name in ("given", "surnames", "places")),
    )


_COMPOUND = frozenset(("animal", "artifact", "food", "plant", "person"))
_AUXILIARY = frozenset(str.split("have can will must dare let become seem"))

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
        "kind sort type case way use part too quite really extremely"
    )
)
# Made-up sentences about people should not insult anybody: glosses tell which words do.
_OFFENSIVE = re.compile(
    r"offensive|obscene|disparag|derogat|vulgar|slur|sexual|\bsex\b|\(slang|genital|prostitut"
)


def _plain(w: str, taken: frozenset[str] = _TAKEN) -> bool:
    return (
        2 < len(w) < 13
        and w.isascii()
        and w.isalpha()
        and w.islower()
        and w not in taken
        and number(w) is None
    )


def _graded(w: str, known: set[str]) -> bool:
    """Is it a comparative or superlative of a known adjective?"""
    for ending in ("er", "est"):
        stem = w.removesuffix(ending)
        if stem != w and {stem, stem + "e", stem[:-1], stem[:-1] + "y"} & known:
            return True
    return False


def _decent(line: str) -> bool:
    return _OFFENSIVE.search(line) is None


def _list(name: str) -> tuple[str, ...]:
    text = (files("neurosym.parser") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(sorted({line for line in text.split("\n") if line and not line.startswith("#")}))


def _counts(wordnet: Path) -> dict[tuple[str, str], int]:
    """Tagged occurrences by (lemma, part of speech digit), summed over senses (cntlist(5WN))."""
    out: dict[tuple[str, str], int] = {}
    path = wordnet / "cntlist.rev"
    if not path.is_file():
        return out
    for line in path.read_text(encoding="latin-1").split("\n"):
        if line.count(" ") == 2:
            key, _, count = line.split(" ")
            lemma, _, rest = key.partition("%")
            out[lemma, rest[:1]] = out.get((lemma, rest[:1]), 0) + int(count)
    return out


def _first_senses(wordnet: Path, part: str) -> Iterator[tuple[str, str]]:
    """(lemma, line of its most frequent synset), sorted by lemma."""
    data = (wordnet / f"data.{part}").read_text(encoding="latin-1")
    synsets = {line[:8]: line for line in data.split("\n") if line[:8].isdigit()}
    for line in (wordnet / f"index.{part}").read_text(encoding="latin-1").split("\n"):
        if not line or line[0] == " ":
            continue
        fields = line.split()
        # lemma pos synsets pointers [pointer symbols] senses tagged offsets...
        offset = fields[4 + int(fields[3]) + 2]
        # Proper nouns are capitalized only in the data files; (p) and (a) mark odd adjectives.
        if (found := synsets.get(offset)) is not None and f" {fields[0]} " in found.partition(" |")[0]:
            yield fields[0], found


def _frames(line: str) -> set[int]:
    """Sentence frames of a verb synset that hold for all its words."""
    fields = line.partition(" |")[0].split()
    return {
        int(fields[i + 1])
        for i, f in enumerate(fields)
        if f == "+" and fields[i + 1 : i + 2] and fields[i + 2 : i + 3] == ["00"] and len(fields[i + 1]) == 2
    }


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
    while True:
        if rng.random() < 0.4:
            w = _root(rng, split, ["us", "pus", "pus", "us"])
        else:
            w = _root(rng, split, ["", "", *_NOUN_END])
        many = plural(w)
        if many != w and normalize(many, "N") == normalize(w, "N") == w:
            return Noun(w, many)


def invent_verb(rng: Random, split: str) -> Verb:
    while True:
        w = _root(rng, split, ["", "", "", "e", "le", "y", "er"])
        v = Verb(w, *verb_forms(w))
        if all(normalize(f, "V") == w for f in (v.base, v.s, v.past, v.participle, v.gerund)):
            return v


def invent_adjective(rng: Random, split: str) -> Adjective:
    return Adjective(_root(rng, split, _ADJECTIVE_END), "")


def invent_name(rng: Random, split: str) -> str:
    return _root(rng, split, _NAME_END).capitalize()

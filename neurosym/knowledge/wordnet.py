"""WordNet's own files (wndb(5WN), cntlist(5WN)): senses, hypernyms, synonyms, antonyms.

Words are looked up in the sorted index by bisection and synsets by their offset, so opening costs
nothing and only what is asked for is read.  Everything that relates two *words* is weighed by how
often their senses occur in the texts that WordNet's makers tagged, since a relation that holds of a
rare sense only is most likely not meant.

Knows the files only.  Must not know claims, sentences or the parser.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from neurosym.errors import KnowledgeError

FOLDER = Path("/usr/share/wordnet")  # where Debian's wordnet-base puts the files
Part: TypeAlias = Literal["noun", "verb", "adj", "adv"]
PARTS: tuple[Part, ...] = get_args(Part)
_LETTER: dict[str, Part] = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
_DIGIT: dict[str, Part] = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}

_TAXONOMIES = (5, 20)  # the lexicographer files noun.animal and noun.plant
HYPERNYM, INSTANCE, ANTONYM, SIMILAR, ENTAILS, ALSO, GROUP = "@", "@i", "!", "&", "*", "^", "$"
MEANT = 0.1  # share of its occurrences from which on a sense counts as one that is meant
# Sister kinds of these are disjoint as biology has it; "pet" and "puppy" are no such kinds.
TAXA = (("vertebrate", "invertebrate"), ("vascular_plant",))

# Endings that come off a form (morphy(7WN)).
_ENDINGS: dict[Part, tuple[tuple[str, str], ...]] = {
    "noun": (
        ("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
        ("men", "man"), ("ies", "y"),
    ),
    "verb": (
        ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""),
    ),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pointer:
    """`kind` as in wninput(5WN); `source` and `target` count the words of the synsets, 0 for all."""

    kind: str
    part: Part
    offset: int
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Synset:
    """One sense of several words.  `words` are in lower case, with "_" between the parts."""

    part: Part
    offset: int
    file: int  # lexicographer file (lexnames(5WN))
    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    gloss: str
    proper: bool = False  # names, and what is called after one
    frames: frozenset[int] = frozenset()  # sentence frames of a verb that hold for all its words


@dataclass(frozen=True, slots=True)
class Sense:
    """A sense of a word, and the share of the word's occurrences that it has (they add up to 1)."""

    synset: Synset
    weight: float


class WordNet:
    """The files of one folder.  Raises KnowledgeError where they are missing or damaged."""

    def __init__(self, folder: str | Path = FOLDER) -> None:
        self.folder = Path(folder)
        self._maps: dict[str, mmap.mmap] = {}
        self._synsets: dict[tuple[Part, int], Synset] = {}
        self._senses: dict[tuple[str, Part], tuple[Sense, ...]] = {}
        self._above: dict[tuple[Part, int], dict[tuple[Part, int], int]] = {}
        self._map("index.noun")  # missing files are told at once

    # --- words and senses ---------------------------------------------------------------

    def senses(self, word: str, part: Part) -> tuple[Sense, ...]:
        """The senses of a base form, in WordNet's order; none for an unknown word.

        Weights are tagged occurrences, each with one half added for every sense, as there are
        senses that the tagged texts happen not to have.
        """
        key = word.lower().replace(" ", "_"), part
        if key not in self._senses:
            offsets = self._offsets(*key)
            counts = self._counts(*key) if len(offsets) > 1 else {}
            smooth = [counts.get(n, 0) + 0.5 / n for n in range(1, len(offsets) + 1)]
            self._senses[key] = tuple(
                Sense(self.synset(part, o), c / sum(smooth)) for o, c in zip(offsets, smooth, strict=True)
            )
        return self._senses[key]

    def meant(self, word: str, part: Part) -> tuple[Sense, ...]:
        """The senses that a word is likely to be used in: the first, and those that are not rare."""
        every = self.senses(word, part)
        return tuple(s for i, s in enumerate(every) if i == 0 or s.weight >= MEANT)

    def knows(self, word: str, part: Part) -> bool:
        """Is it a base form of this part of speech?"""
        return bool(self._offsets(word.lower().replace(" ", "_"), part))

    def lemmas(self, part: Part) -> Iterator[str]:
        """Every base form there is, sorted."""
        data = self._map(f"index.{part}")
        at = 0
        while at < len(data):
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            if data[at : at + 1] != b" ":
                yield data[at:end].partition(b" ")[0].decode("latin-1")
            at = end + 1

    def tagged(self, word: str, part: Part) -> int:
        """How often the word occurs in the texts that WordNet's makers tagged."""
        return sum(self._counts(word.lower().replace(" ", "_"), part).values())

    def base_forms(self, word: str, part: Part) -> tuple[str, ...]:
        """The known words that `word` may be a form of: exceptions first, then by its ending."""
        form = word.lower().replace(" ", "_")
        found = list(self._exceptions(form, part))
        if self.knows(form, part):
            found.append(form)
        for ending, put in _ENDINGS[part]:
            stem = form[: -len(ending)] + put
            if form.endswith(ending) and len(stem) > 1:
                doubled = stem[:-1] if len(stem) > 3 and stem[-1:] == stem[-2:-1] and put == "" else ""
                found += [s for s in (stem, doubled) if s and self.knows(s, part)]
        return tuple(dict.fromkeys(found))

    def synset(self, part: Part, offset: int) -> Synset:
        """The synset at an offset of data.PART.  Raises KnowledgeError where there is none."""
        if (part, offset) not in self._synsets:
            data = self._map(f"data.{part}")
            end = data.find(b"\n", offset)
            line = data[offset : end if end >= 0 else len(data)].decode("latin-1")
            try:
                self._synsets[part, offset] = _synset(line, part, offset)
            except (ValueError, KeyError, IndexError) as e:
                raise KnowledgeError(
                    "not a line of WordNet's data files",
                    document=str(self.folder / f"data.{part}"),
                    text=line[:120],
                    hint="the files are damaged, or not of WordNet 3.0: install wordnet-base again",
                ) from e
        return self._synsets[part, offset]

    # --- relations of synsets -------------------------------------------------------------

    def related(self, s: Synset, *kinds: str) -> tuple[Synset, ...]:
        """The synsets that the pointers of these kinds lead to, in the order of the file."""
        return tuple(self.synset(p.part, p.offset) for p in s.pointers if p.kind in kinds)

    def above(self, s: Synset) -> dict[tuple[Part, int], int]:
        """Every hypernym of `s`, with the length of the shortest way to it; `s` itself has 0.

        A verb's hypernyms go on with what it entails (snoring is sleeping).  A noun's go on with the
        head of a compound name, where this is of the same lexicographer file: a "male child" is
        a child, a "hot dog" (food) no dog (animal).  Not among animals and plants, whose kinds WordNet
        has whole: a "sea lion" is no lion.
        """
        start = s.part, s.offset
        if start not in self._above:
            found, front = {start: 0}, [s]
            while front:
                step: list[Synset] = []
                for at in front:
                    for up in (*self.related(at, HYPERNYM, INSTANCE, ENTAILS), *self._heads(at)):
                        if (up.part, up.offset) not in found:
                            found[up.part, up.offset] = found[at.part, at.offset] + 1
                            step.append(up)
                front = step
            self._above[start] = found
        return self._above[start]

    def _heads(self, s: Synset) -> tuple[Synset, ...]:
        if s.part != "noun" or s.file in _TAXONOMIES:
            return ()
        if "_" not in s.words[0]:  # other names may be loose: a doctor is a "medical man", and may be a woman
            return ()
        first = self.senses(s.words[0].rpartition("_")[2], "noun")[:1]
        return tuple(t.synset for t in first if t.synset.file == s.file)

    # --- relations of words -----------------------------------------------------------------

    def subsumed(self, word: str, by: str, part: Part) -> float:
        """The probability that `word` means a kind of `by`, or the same: in [0, 1].

        The weight of the senses of `word` that lie below, or in, a sense of `by` that is meant.
        For adjectives: that are the same as one, or similar to it as their cluster's head
        ("huge" is a way to be "large", not the other way round).
        """
        targets = {(s.synset.part, s.synset.offset) for s in self.meant(by, part)}
        if not targets:
            return 0.0
        total = 0.0
        for s in self.senses(word, part):
            if part == "adj":
                heads = self.related(s.synset, SIMILAR) if self._satellite(s.synset) else ()
                up = {(s.synset.part, s.synset.offset), *((h.part, h.offset) for h in heads)}
            else:
                up = set(self.above(s.synset))
            if targets & up:
                total += s.weight
        return min(1.0, total)

    def opposed(self, word: str, other: str, part: Part) -> bool:
        """Are the two antonyms in senses that are meant?  Adjectives also through their clusters' heads."""
        return self._opposed(word, other, part) or self._opposed(other, word, part)

    def _opposed(self, word: str, other: str, part: Part) -> bool:
        goals = {(s.synset.part, s.synset.offset) for s in self.meant(other, part)}
        for s in self.meant(word, part):
            if any(
                (p.part, p.offset) in goals
                and (p.source == 0 or s.synset.words[p.source - 1] == word)
                and (p.target == 0 or self.synset(p.part, p.offset).words[p.target - 1] == other)
                for p in s.synset.pointers
                if p.kind == ANTONYM
            ):
                return True
            if part == "adj" and self._satellite(s.synset):
                heads = self.related(s.synset, SIMILAR)
                if goals & {(t.part, t.offset) for h in heads for t in self.related(h, ANTONYM)}:
                    return True
        return False

    def sister_taxa(self, word: str, other: str) -> bool:
        """Are the two kinds of animals, or of plants, of which biology has neither below the other?"""
        first, second = self.senses(word, "noun"), self.senses(other, "noun")
        if not first or not second:
            return False
        a, b = first[0].synset, second[0].synset
        if self.subsumed(word, other, "noun") or self.subsumed(other, word, "noun"):
            return False
        return any(self._below(a, taxa) and self._below(b, taxa) for taxa in TAXA)

    def _below(self, s: Synset, words: Iterable[str]) -> bool:
        above = self.above(s)
        tops = (t.synset for w in words for t in self.senses(w, "noun")[:1])
        return any((t.part, t.offset) in above for t in tops)

    def _satellite(self, s: Synset) -> bool:
        """Is it a satellite: an adjective whose antonym is that of its cluster's head?"""
        return not any(p.kind == ANTONYM for p in s.pointers)

    # --- files ------------------------------------------------------------------------------

    def _map(self, name: str) -> mmap.mmap:
        if name not in self._maps:
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    self._maps[name] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except (OSError, ValueError) as e:
                raise KnowledgeError(
                    f"cannot be read: {e}",
                    document=str(path),
                    hint="install WordNet's files (Debian: the package wordnet-base), or give their folder",
                ) from e
        return self._maps[name]

    def _offsets(self, word: str, part: Part) -> tuple[int, ...]:
        for line in _lines_from(self._map(f"index.{part}"), f"{word} ".encode("latin-1", "replace")):
            fields = line.split()
            # lemma pos synsets pointers [pointer symbols] senses tagged offsets...
            return tuple(int(o) for o in fields[4 + int(fields[3]) + 2 :])
        return ()

    def _counts(self, word: str, part: Part) -> dict[int, int]:
        """Tagged occurrences by the number of the sense."""
        if not (self.folder / "cntlist.rev").is_file():
            return {}
        out: dict[int, int] = {}
        for line in _lines_from(self._map("cntlist.rev"), f"{word}%".encode("latin-1", "replace")):
            key, number, count = line.split()
            if _DIGIT.get(key.partition("%")[2][:1]) == part:
                out[int(number)] = out.get(int(number), 0) + int(count)
        return out

    def _exceptions(self, form: str, part: Part) -> tuple[str, ...]:
        if not (self.folder / f"{part}.exc").is_file():
            return ()
        for line in _lines_from(self._map(f"{part}.exc"), f"{form} ".encode("latin-1", "replace")):
            return tuple(w for w in line.split()[1:] if self.knows(w, part))
        return ()


@lru_cache(maxsize=4)
def wordnet(folder: Path = FOLDER) -> WordNet:
    """The files of a folder, opened once a process."""
    return WordNet(folder)


def _lines_from(data: mmap.mmap, prefix: bytes) -> Iterator[str]:
    """The lines of a sorted file that begin with `prefix`."""
    low, high = 0, len(data)
    while low < high:  # the first line that is not before the prefix begins at or after `low`
        middle = (low + high) // 2
        start = data.rfind(b"\n", 0, middle) + 1
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if data[start:end] < prefix:
            low = end + 1
        else:
            high = start
    while data[low : low + len(prefix)] == prefix:
        end = data.find(b"\n", low)
        end = len(data) if end < 0 else end
        yield data[low:end].decode("latin-1")
        low = end + 1


def _synset(line: str, part: Part, offset: int) -> Synset:
    data, _, gloss = line.partition(" | ")
    fields = data.split()
    if int(fields[0]) != offset or _LETTER[fields[2]] != part:
        raise ValueError(line)
    count = int(fields[3], 16)
    words = tuple(w.lower().partition("(")[0] for w in fields[4 : 4 + 2 * count : 2])
    at = 4 + 2 * count
    pointers = []
    for i in range(int(fields[at])):
        kind, target, letter, ends = fields[at + 1 + 4 * i : at + 5 + 4 * i]
        pointers.append(Pointer(kind, _LETTER[letter], int(target), int(ends[:2], 16), int(ends[2:], 16)))
    rest = fields[at + 1 + 4 * len(pointers) :]  # of verbs: count, then "+ frame word" each, 00 for all words
    frames = frozenset(int(rest[i + 1]) for i in range(1, len(rest) - 2, 3) if rest[i + 2] == "00")
    return Synset(
        part, offset, int(fields[1]), words, tuple(pointers), gloss.strip(), fields[4][:1].isupper(), frames
    )

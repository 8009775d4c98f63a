"""WordNet's database files as lines: lemmas, tagged counts, verb frames, named things.

Knows the file formats (wndb(5WN), cntlist(5WN), lexnames(5WN)); must not know what they are read for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=2)
def counts(wordnet: Path) -> Mapping[tuple[str, str], int]:
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


@lru_cache(maxsize=4)
def first_senses(wordnet: Path, part: str) -> tuple[tuple[str, str], ...]:
    """(lemma, line of its most frequent synset), sorted by lemma."""
    synsets = {line[:8]: line for line in _data(wordnet, part)}
    out: list[tuple[str, str]] = []
    for line in (wordnet / f"index.{part}").read_text(encoding="latin-1").split("\n"):
        if not line or line[0] == " ":
            continue
        fields = line.split()
        # lemma pos synsets pointers [pointer symbols] senses tagged offsets...
        offset = fields[4 + int(fields[3]) + 2]
        # Proper nouns are capitalized only in the data files; (p) and (a) mark odd adjectives.
        if (found := synsets.get(offset)) is not None and f" {fields[0]} " in found.partition(" |")[0]:
            out.append((fields[0], found))
    return tuple(out)


def frames(line: str) -> set[int]:
    """Sentence frames of a verb synset that hold for all its words."""
    fields = line.partition(" |")[0].split()
    return {
        int(fields[i + 1])
        for i, f in enumerate(fields)
        if f == "+" and fields[i + 1 : i + 2] and fields[i + 2 : i + 3] == ["00"] and len(fields[i + 1]) == 2
    }


def instances(wordnet: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(lexicographer file, words of the name, gloss) of what has a name of its own, in file order."""
    for line in _data(wordnet, "noun"):
        if " @i " not in line:
            continue
        fields, _, gloss = line.partition(" |")
        parts = fields.split()
        for i in range(int(parts[3], 16)):
            yield parts[1], tuple(parts[4 + 2 * i].split("_")), gloss.strip()


@lru_cache(maxsize=4)
def _data(wordnet: Path, part: str) -> tuple[str, ...]:
    text = (wordnet / f"data.{part}").read_text(encoding="latin-1")
    return tuple(line for line in text.split("\n") if line[:8].isdigit())

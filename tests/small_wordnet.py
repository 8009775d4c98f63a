"""A WordNet of a few synsets in the format of wndb(5WN), written by the tests into a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LETTERS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


@dataclass(frozen=True)
class Entry:
    """One synset.  `pointers`: kind, key of the target, and whether it joins the first words only."""

    key: str
    part: str
    words: str
    file: int = 6
    pointers: tuple[tuple[str, str, bool], ...] = ()
    frames: tuple[int, ...] = field(default=())


ENTRIES = (
    Entry("entity", "noun", "entity", 3),
    Entry("animal", "noun", "animal", 5, (("@", "entity", False),)),
    Entry("vertebrate", "noun", "vertebrate", 5, (("@", "animal", False),)),
    Entry("dog", "noun", "dog", 5, (("@", "vertebrate", False),)),
    Entry("frump", "noun", "frump dog", 18, (("@", "person", False),)),
    Entry("cat", "noun", "cat", 5, (("@", "vertebrate", False),)),
    Entry("puppy", "noun", "puppy pup", 5, (("@", "dog", False),)),
    Entry("person", "noun", "person", 18, (("@", "entity", False),)),
    Entry("man", "noun", "man adult_male", 18, (("@", "person", False), ("!", "woman", True))),
    Entry("woman", "noun", "woman", 18, (("@", "person", False), ("!", "man", True))),
    Entry("child", "noun", "child kid", 18, (("@", "person", False),)),
    Entry("boy", "noun", "male_child boy", 18, (("@", "person", False),)),
    Entry("hot_dog", "noun", "hot_dog", 13, (("@", "food", False),)),
    Entry("food", "noun", "food", 13, (("@", "entity", False),)),
    Entry("carrot", "noun", "carrot", 13, (("@", "food", False),)),
    Entry("instrument", "noun", "musical_instrument instrument", 6, (("@", "entity", False),)),
    Entry("guitar", "noun", "guitar", 6, (("@", "instrument", False),)),
    Entry("clothing", "noun", "clothing", 6, (("@", "entity", False),)),
    Entry("hat", "noun", "hat", 6, (("@", "clothing", False),)),
    Entry("ball", "noun", "ball", 6, (("@", "entity", False),)),
    Entry("soccer", "noun", "soccer", 4, (("@", "entity", False),)),
    Entry("park", "noun", "park", 15, (("@", "entity", False),)),
    Entry("cut", "verb", "cut", 35, (), (8,)),
    Entry("slice", "verb", "slice", 35, (("@", "cut", False),), (8, 11)),
    Entry("sleep", "verb", "sleep", 29, (), (2,)),
    Entry("snore", "verb", "snore", 29, (("*", "sleep", False),), (2,)),
    Entry("play", "verb", "play", 33, (), (2, 8)),
    Entry("tune", "verb", "tune", 35, (), (2, 8)),
    Entry("bark", "verb", "bark", 32, (), (2,)),
    Entry("run", "verb", "run", 38, (), (2,)),
    Entry("walk", "verb", "walk", 38, (), (2,)),
    Entry("stand", "verb", "stand", 35, (("!", "sit", True),), (2,)),
    Entry("sit", "verb", "sit", 35, (("!", "stand", True),), (2,)),
    Entry("peel", "verb", "peel", 35, (), (8,)),
    Entry("wear", "verb", "wear", 29, (), (8,)),
    Entry("large", "adj", "large big", 0, (("!", "small", True),)),
    Entry("huge", "adj", "huge", 0, (("&", "large", False),)),
    Entry("small", "adj", "small little", 0, (("!", "large", True),)),
    Entry("young", "adj", "young", 0),
    Entry("quickly", "adv", "quickly", 2),
)

COUNTS = {("dog", "noun", 1): 40, ("dog", "noun", 2): 1, ("child", "noun", 1): 10}


def write(folder: Path) -> Path:
    """Write index.*, data.*, cntlist.rev and verb.exc; returns the folder."""
    head = "  1 a head line, as the files have them  \n"
    at: dict[str, int] = {}
    for _ in range(2):  # offsets have a fixed width, so the second time they are right
        data = dict.fromkeys(LETTERS, head)
        for e in ENTRIES:
            at[e.key] = len(data[e.part])
            data[e.part] += _line(e, at)
    index: dict[str, dict[str, list[int]]] = {part: {} for part in LETTERS}
    for e in ENTRIES:
        for w in e.words.split():
            index[e.part].setdefault(w.lower(), []).append(at[e.key])
    for part, letter in LETTERS.items():
        lines = [
            f"{w} {letter} {len(o)} 1 @ {len(o)} 0 {' '.join(f'{x:08}' for x in o)}  \n"
            for w, o in sorted(index[part].items())
        ]
        (folder / f"index.{part}").write_text(head + "".join(lines), encoding="latin-1")
        (folder / f"data.{part}").write_text(data[part], encoding="latin-1")
    digit = {"noun": 1, "verb": 2, "adj": 3, "adv": 4}
    counts = [f"{w}%{digit[p]}:05:0{n}:: {n} {c}\n" for (w, p, n), c in COUNTS.items()]
    (folder / "cntlist.rev").write_text("".join(sorted(counts)), encoding="latin-1")
    (folder / "verb.exc").write_text("ran run\nslept sleep\n", encoding="latin-1")
    return folder


def _line(e: Entry, at: dict[str, int]) -> str:
    words = e.words.split()
    named = " ".join(f"{w} 0" for w in words)
    part = {x.key: x.part for x in ENTRIES}
    pointers = " ".join(
        f"{kind} {at.get(key, 0):08} {LETTERS[part[key]]} {'0101' if lexical else '0000'}"
        for kind, key, lexical in e.pointers
    )
    frames = f" {len(e.frames):02} " + " ".join(f"+ {f:02} 00" for f in e.frames) if e.frames else ""
    body = f"{e.file:02} {LETTERS[e.part]} {len(words):02x} {named} {len(e.pointers):03}"
    return f"{at.get(e.key, 0):08} {body}{' ' if pointers else ''}{pointers}{frames} | made up  \n"

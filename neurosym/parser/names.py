"""Proper names for the generator: those of our word lists, and WordNet's instances.

Knows WordNet's named things and the lists beside it; must not know sentences or splits: whoever
asks says which words are wanted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from neurosym.parser.wordnet_files import instances

# First words of names of persons that are no given names.
_TITLES = frozenset(
    str.split(
        "Saint Sir Pope King Queen Emperor Empress Prince Princess Lord Lady Duke Baron Count Father Mother "
        "Uncle Aunt Doctor President Captain General Little Jack Holy The First Second Third Mount Great Old "
        "Good Black White Red Blue Big Roman Hell Our God"
    )
)
_KINDS = frozenset(("06", "15", "17"))  # buildings, places, mountains and rivers
_UNWANTED = re.compile(
    "terror|militant|concentration camp|battle|nazi|massacre|offensive|genital|prostitut|sexual",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Names:
    """Each pool sorted by letters; `landmarks` are names of two or three words."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    places: tuple[str, ...]
    landmarks: tuple[tuple[str, ...], ...]


def names(wordnet: Path, wanted: Callable[[str], bool]) -> Names:
    """The names whose (last) word is wanted."""
    own = _all(wordnet)
    return Names(
        given=tuple(filter(wanted, own.given)),
        surnames=tuple(filter(wanted, own.surnames)),
        places=tuple(filter(wanted, own.places)),
        landmarks=tuple(words for words in own.landmarks if wanted(words[-1])),
    )


def listed(name: str) -> tuple[str, ...]:
    """The words of one of our lists, sorted."""
    text = (files("neurosym.parser") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(sorted({line for line in text.split("\n") if line and not line.startswith("#")}))


@lru_cache(maxsize=2)
def _all(wordnet: Path) -> Names:
    given: Counter[str] = Counter()
    surnames, places = set[str](), set[str]()
    landmarks: set[tuple[str, ...]] = set()
    for kind, words, gloss in instances(wordnet):
        if _UNWANTED.search(gloss) or not all(map(_part, words)):
            continue
        if kind == "18" and len(words) > 1 and words[0] not in _TITLES:
            given[words[0]] += 1
        elif kind == "18" and len(words) == 1 and re.search(r"\d{4}", gloss):
            surnames.add(words[0])
        elif kind == "15" and len(words) == 1:
            places.add(words[0])
        elif kind in _KINDS and 1 < len(words) < 4:
            landmarks.add(words)
    # A first name that only one person bears may be a title or a nickname.
    often = {w for w, n in given.items() if n > 1}
    return Names(
        tuple(sorted({*listed("given"), *(often - surnames)})),
        tuple(sorted({*listed("surnames"), *(surnames - often)})),
        tuple(sorted({*listed("places"), *(places - often - surnames)})),
        tuple(sorted(landmarks)),
    )


def _part(w: str) -> bool:
    return 2 < len(w) < 13 and w.isascii() and w.isalpha() and w.istitle()

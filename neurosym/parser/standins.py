"""Names that stand in for other names while a sentence is read, so that no name is read better than another.

A network that has met "Emily" oftener than "Zeynep" reads and scores the two differently.  Given names that
are on a list are shown to it as one of a few names, in the order in which they come; since
a reading points at words by their places, it names the words that were written all the same.  Found
necessary by the bias check (`neurosym audit`), whose lists these are.

Knows lists of names; must not know the network or the scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

# For names of either gender: a reading must not depend on it.
_STANDINS = ("Alice", "Bob", "Carol", "David", "Emma", "Peter", "Laura", "Simon")
_GENDERS = ("f", "m")
# Names on the list of genders that are words, months or places as often as names.
NO_NAMES = frozenset(
    str.split(
        "april art august bill chase chuck crystal daisy dean dawn drew eve faith frank grace grant harry "
        "heath hope ivy jack jean joy june lily mark may miles norm olive pat pearl ray rich rob rose ruby "
        "rusty sue victor violet will"
    )
)


def lines(name: str) -> Iterator[list[str]]:
    """The words of each line of one of our lists; a comment begins with #."""
    path = files("neurosym.parser") / "words" / f"{name}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()


@lru_cache(maxsize=1)
def cultures() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Given names by culture and gender ("f", "m")."""
    return {(culture, gender): tuple(names) for culture, gender, *names in lines("cultures")}


@lru_cache(maxsize=1)
def genders() -> Mapping[str, str]:
    """The gender of every given name on a list, without those that are no names as often."""
    out = {row[0]: row[1] for row in lines("genders") if len(row) == 2 and row[1] in _GENDERS}
    out |= {name: gender for (_, gender), names in cultures().items() for name in names}
    return {name: gender for name, gender in out.items() if name.lower() not in NO_NAMES}


def standing(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a sentence with stand-ins for given names: as many words, at the same places.

    Different names stay different, up to eight.
    """
    known = genders()
    if known.keys().isdisjoint(words):
        return tuple(words)
    given: dict[str, str] = {}
    for w in words:
        if w in known and w not in given:
            given[w] = _STANDINS[len(given) % len(_STANDINS)]
    return tuple(given.get(w, w) for w in words)

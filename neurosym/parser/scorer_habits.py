"""How a reading treats its sentence's words, against all the ways that the training sentences were treated.

A network is as sure of a construction that it has never met as of one that it knows.  A table of what it
has met is not: each word is written as what the reading makes of it ("noun of P1", "verb joined in P2"), or
as itself where the reading leaves it to the construction, and every three neighbours that never stood
together in training are a sign of doubt (unseen n-grams as a sign of ill-formedness: Brill & Moore 2000 and
the language models before it; here over pairs of a sentence and its reading).  Costs microseconds, and
knows nothing of the network, so that it doubts where the network does not.

Knows tokens and words; must not know models or scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.parser.scheme import arguments
from neurosym.parser.settings import Sample
from neurosym.parser.standins import standing

FILE = "scorer_habits.npy"
LENGTH = 3  # words that are looked at together
_CLOSED = "PRO"  # kinds whose words are few: which of them it is counts
_BEGIN, _END, _NUMBER, _STRETCH = "^", "$", "#", "SPAN"


@dataclass(frozen=True, slots=True)
class Habits:
    """Hashes of what stood together in training, uint32, sorted and each once."""

    known: NDArray[np.uint32]

    def unseen(self, tokens: Sequence[str], words: Sequence[str]) -> float:
        """The share of neighbours that training never treated so, in [0, 1].

        `tokens`: a well-formed reading of `words`, whose names stand in for others (`standing`).
        """
        asked = np.fromiter(_hashes(treated(tokens, words)), dtype=np.uint32)
        if not len(self.known):
            return 1.0
        at = np.minimum(np.searchsorted(self.known, asked), len(self.known) - 1)
        return float(np.mean(self.known[at] != asked))


def treated(tokens: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """For each word, where the reading uses it and as what; a word that it leaves out stands for itself."""
    used: list[set[str]] = [set() for _ in words]
    expected = [""]  # where the next expressions stand, the next one last
    at = 0
    while at < len(tokens):
        token, where = tokens[at], expected.pop()
        at += 1
        if ":" in token:
            kind, _, i = token.partition(":")
            if int(i) < len(words):
                word = words[int(i)].lower() if kind in _CLOSED else ""
                used[int(i)].add(f"{kind}{word}@{where}")
        elif token == _STRETCH:
            first, last = (int(t.partition(":")[2]) for t in tokens[at : at + 2])
            for inside in range(first, min(last + 1, len(words))):
                used[inside] = {_STRETCH}
            at += 2
        else:
            expected += reversed(tuple(_places(token, where)))
    return tuple("|".join(sorted(u)) or _plain(w) for u, w in zip(used, words, strict=True))


def _places(token: str, where: str) -> Iterator[str]:
    """Where the arguments of a symbol stand."""
    for i, _ in enumerate(arguments(token)):
        if token in ("JOIN", "NAMES"):
            yield where if where.endswith("+") else f"{where}+"
        elif token[0] == "P" and token[1:].isdigit():
            yield f"{token}.{i}" if i else token
        else:
            yield token


def _plain(word: str) -> str:
    return _NUMBER if word[:1].isdigit() else word.lower()


def _hashes(roles: Sequence[str]) -> Iterator[int]:
    row = (_BEGIN, *roles, _END)
    for i in range(max(1, len(row) - LENGTH + 1)):
        yield crc32("\x1f".join(row[i : i + LENGTH]).encode())


def habits_of(samples: Iterable[Sample]) -> Habits:
    """What training samples show; those without a right reading show nothing."""
    found: set[int] = set()
    for s in samples:
        if s.tokens:
            found.update(_hashes(treated(s.tokens, standing(s.words))))
    return Habits(np.array(sorted(found), dtype=np.uint32))


def write_habits(habits: Habits, folder: Path) -> None:
    np.save(folder / FILE, habits.known, allow_pickle=False)


def read_habits(folder: Path) -> Habits:
    """Raises ParserError for a missing or broken file."""
    path, hint = folder / FILE, "train the scorer again: neurosym train scorer.toml; or delete scorer.json"
    try:
        known = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as e:
        raise ParserError(f"cannot read the scorer's habits: {e}", document=str(path), hint=hint) from e
    if known.dtype != np.uint32 or known.ndim != 1:
        raise ParserError("these are no habits of a scorer", document=str(path), hint=hint)
    return Habits(known)

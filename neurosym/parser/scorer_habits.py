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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.parser.scheme import PLACE, SIGNATURE, arguments
from neurosym.parser.settings import Sample
from neurosym.parser.standins import standing

FILE = "scorer_habits.npy"
LENGTH = 3  # words that are looked at together
_CLOSED = "PRO"  # kinds whose words are few: which of them it is counts
_BEGIN, _END, _NUMBER, _STRETCH = "^", "$", "#", "SPAN"
_WITHIN = frozenset(("JOIN", "NAMES"))  # their arguments stand where they do themselves
# Where the arguments of other symbols stand, the last one first.
_PLACES: dict[str, tuple[str, ...]] = {
    symbol: tuple(
        f"{symbol}.{i}" if i and symbol[0] == "P" and symbol[1:].isdigit() else symbol
        for i in reversed(range(len(arguments(symbol))))
    )
    for symbol in SIGNATURE
}


@dataclass(frozen=True, slots=True)
class Habits:
    """Hashes of what stood together in training, uint32, sorted and each once."""

    known: NDArray[np.uint32]

    def unseen(self, tokens: Sequence[str], words: Sequence[str]) -> float:
        """The share of neighbours that training never treated so, in [0, 1].

        `tokens`: a well-formed reading of `words`, whose names stand in for others (`standing`).
        """
        return self.each_unseen([(tokens, words)])[0]

    def each_unseen(self, readings: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[float]:
        """The same of many readings, each with its words: they are looked up together."""
        asked = [_hashes(treated(tokens, words)) for tokens, words in readings]
        if not len(self.known) or not asked:
            return [1.0] * len(asked)
        flat = np.array([h for some in asked for h in some], dtype=np.uint32)
        new = (self.known.take(self.known.searchsorted(flat), mode="clip") != flat).tolist()
        shares = []
        at = 0
        for some in asked:
            shares.append(sum(new[at : at + len(some)]) / len(some))
            at += len(some)
        return shares


def treated(tokens: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """For each word, where the reading uses it and as what; a word that it leaves out stands for itself."""
    used: dict[int, str] = {}
    again: dict[int, set[str]] = {}  # the uses of words that have more than one
    expected = [""]  # where the next expressions stand, the next one last
    rest = iter(tokens)
    for token in rest:
        where = expected.pop()
        if token[1:2] == ":":
            i, kind = PLACE[token], token[0]
            word = words[i].lower() if kind in _CLOSED and i < len(words) else ""
            use = f"{kind}{word}@{where}"
            if i in used:
                again.setdefault(i, {used[i]}).add(use)
            else:
                used[i] = use
        elif token == _STRETCH:
            first, last = PLACE[next(rest)], PLACE[next(rest)]
            for i in range(first, last + 1):
                used[i] = _STRETCH
                again.pop(i, None)
        elif token in _WITHIN:
            expected += (where if where[-1:] == "+" else f"{where}+",) * 2
        else:
            expected += _PLACES[token]
    used.update((i, "|".join(sorted(uses))) for i, uses in again.items())
    return tuple(
        [
            used[i] if i in used else _NUMBER if word[:1].isdigit() else word.lower()
            for i, word in enumerate(words)
        ]
    )


def _hashes(roles: Sequence[str]) -> list[int]:
    row = [_BEGIN, *roles, _END]
    together = zip(*[row[i:] for i in range(min(LENGTH, len(row)))], strict=False)
    return [crc32("\x1f".join(some).encode()) for some in together]


def habits_of(samples: Iterable[Sample]) -> Habits:
    """What training samples show; those without a right reading show nothing."""
    found: set[int] = set()
    for s in samples:
        if s.tokens:
            found.update(_hashes(treated(s.tokens, standing(s.words))))
    return Habits(np.array(sorted(found), dtype=np.uint32))


def write_habits(habits: Habits, folder: Path) -> None:
    """Write what `read_habits` reads, over what is there, whole or not at all.  Raises OSError."""
    part = folder / f"{FILE}.part"
    with part.open("wb") as f:
        np.save(f, habits.known, allow_pickle=False)
    part.replace(folder / FILE)


def read_habits(folder: Path) -> Habits:
    """Raises ParserError for a missing or broken file."""
    path, hint = folder / FILE, "train the scorer again: neurosym train scorer.toml; or delete scorer.json"
    try:
        known = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as e:
        raise ParserError(f"cannot read the scorer's habits: {e}", document=str(path), hint=hint) from e
    if known.dtype != np.uint32 or known.ndim != 1 or not len(known):
        raise ParserError("these are no habits of a scorer", document=str(path), hint=hint)
    return Habits(known)

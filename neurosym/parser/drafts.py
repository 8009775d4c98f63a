"""Guesses of what the decoder will choose next, so that one call of it can verify several steps.

The drafts of speculative decoding (Leviathan et al. 2023, "Fast Inference from Transformers via
Speculative Decoding", section 2.3: an approximation may be as simple as n-grams).  A context is made of
the last choices, the open slots, and the classes of the words after the place that was pointed at last
and after the farthest one; a table, counted on readings, says what followed it most often, and in how
many cases.  A pointer is said by its distance from places pointed at, so that words need not be known.

A wrong guess costs time and changes nothing.  Knows encoded words and `constrain`; must not know the
network or how guesses are verified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from neurosym.errors import ParserError
from neurosym.parser import constrain
from neurosym.parser.constrain import EOS, MASKS, N_CHOICES, N_SYMBOLS, START, Choice, State
from neurosym.parser.pieces import Encoded

Reading: TypeAlias = tuple[Encoded, tuple[Choice, ...]]  # a sentence and the choices of its reading

DRAFTS = "drafts.npz"
_COMMON = 240  # word pieces that are a class of their own
_SEEN = 3  # times that a context was seen before it is believed
_MOST = 110_000  # contexts that are kept
_FIRST = 16  # the first class of a common piece; below are the cases of the other words
_BITS = 9  # of a word's class
_THREE = (1 << 3 * _BITS) - 1
_END = (1 << _BITS) - 1  # the class of what stands after the last word
_PRIME = 4_294_967_291  # contexts are kept by their remainder
_STEPS = 15  # of the probability that a guess is right, as it is kept
_PREFER, _ENOUGH = 2, 13  # so much surer (of _STEPS) a shorter context has to be; so sure ends the search
_NO_MODE = 63

# How a pointer's place is said: by its distance from the farthest place pointed at, from the last one, or
# by how many pointers ago the same place was pointed at.
_FAR = range(-2, 10)
_LAST = range(-9, 10)
_AGAIN = range(8)


class Line(NamedTuple):
    """What a reading so far says of its next choices.  `advanced` by every choice."""

    state: State = START
    kinds: int = 0  # the last four choices, without their words
    last: int = -1  # the place pointed at last
    far: int = -1  # the farthest place pointed at
    places: tuple[int, ...] = ()  # places pointed at, the latest first

    def advanced(self, choice: Choice) -> Line:
        """After `choice`, which must be allowed and not end the reading."""
        c, word = choice
        kinds = (self.kinds << 6 | c) & 0xFFFFFF
        state = constrain.advance(self.state, c)
        if c < N_SYMBOLS:
            return Line(state, kinds, self.last, self.far, self.places)
        return Line(state, kinds, word, max(self.far, word), (word, *self.places[: len(_AGAIN) - 1]))


Guess: TypeAlias = tuple[Choice, Line]  # a choice, and the line after it


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A sentence as contexts see it: of each place, from -1 on, the classes of the three words after it."""

    after: tuple[int, ...]

    def __len__(self) -> int:
        """Words of the sentence."""
        return len(self.after) - 1


class Drafter:
    """The table of guesses: contexts' remainders -> what follows, and the classes of word pieces."""

    def __init__(self, table: Mapping[int, int], classes: Sequence[int]) -> None:
        self._table, self._classes = table, classes

    @property
    def pieces(self) -> int:
        """How many word pieces it knows the classes of."""
        return len(self._classes)

    def surroundings(self, e: Encoded) -> Surroundings:
        return _surroundings(e, self._classes)

    def ahead(self, near: Surroundings, line: Line, most: int, least: float) -> list[Guess]:
        """Up to `most` choices that are likely to follow, each with the line after it.

        They end before one that would make the whole guess less probable than `least`.
        """
        out: list[Guess] = []
        get = self._table.get
        sure = 1.0
        while len(out) < most and line.state.slots:
            value, level = 0, -1
            for x in _contexts(near, line):
                found = get(x % _PRIME, 0)
                if found & _STEPS > level:
                    value, level = found, (found & _STEPS) + _PREFER
                    if level >= _ENOUGH:
                        break
            if not value:
                break
            level = value & _STEPS
            c, mode = divmod(value >> 4, _NO_MODE + 1)
            sure *= level / _STEPS
            if sure < least or MASKS[constrain.row(line.state), c] != 0.0:
                break
            word = 0 if c < N_SYMBOLS else _place(mode, line)
            if not 0 <= word < len(near):
                break
            line = line.advanced((c, word))
            out.append(((c, word), line))
        return out


def _surroundings(e: Encoded, classes: Sequence[int]) -> Surroundings:
    of = [*e.case, _END, _END, _END]
    for piece, word in zip(e.pieces, e.owner, strict=True):
        if word >= 0:
            of[word] = classes[piece] or e.case[word]  # the last piece counts: "##ed" tells more than a stem
    a, b, c, *rest = of
    after = [a << 2 * _BITS | b << _BITS | c]
    for one in rest:
        after.append((after[-1] << _BITS | one) & _THREE)
    return Surroundings(tuple(after))


def _contexts(near: Surroundings, line: Line) -> Iterator[int]:
    """From the longest to the shortest, each with a number of its kind in front."""
    slots, kinds = line.state.slots, line.kinds
    top = slots[-1]
    last, far = near.after[line.last + 1], near.after[line.far + 1]
    yield ((kinds << 27 | last) << 27 | far) << 20 | (slots[-2] if len(slots) > 1 else _END) << 9 | top
    yield (1 << 77 | (kinds & 0x3FFFF) << 27 | last >> _BITS) << 27 | far >> _BITS << 9 | top
    yield (2 << 77 | (kinds & 0xFFF) << 27 | far) << 9 | top
    yield (3 << 77 | (kinds & 0xFFF) << 27 | last >> _BITS) << 9 | top
    yield (4 << 77 | kinds) << 9 | top
    yield (5 << 77 | kinds & 0x3F) << 9 | top


def _modes(word: int, line: Line) -> Iterable[int]:
    """All that may be said of a pointer to `word`."""
    if word - line.far in _FAR:
        yield word - line.far - _FAR.start
    if word - line.last in _LAST:
        yield len(_FAR) + word - line.last - _LAST.start
    if word in line.places:
        yield len(_FAR) + len(_LAST) + line.places.index(word)


def _place(mode: int, line: Line) -> int:
    """The place that `mode` says; one outside of the sentence where it says none."""
    if mode < len(_FAR):
        return line.far + mode + _FAR.start
    mode -= len(_FAR)
    if mode < len(_LAST):
        return line.last + mode + _LAST.start
    mode -= len(_LAST)
    return line.places[mode] if mode < len(line.places) else -1


# --- the table ---------------------------------------------------------------------------


def count(readings: Sequence[Reading], pieces: int, most: int = _MOST) -> Drafter:
    """The table that readings make: at most `most` contexts.  `pieces`: how many word pieces there are."""
    seen: Counter[int] = Counter()
    for e, _ in readings:
        seen.update({w: p for p, w in zip(e.pieces, e.owner, strict=True) if w >= 0}.values())
    common = sorted(seen, key=lambda p: (-seen[p], p))[:_COMMON]
    classes = [0] * pieces
    for i, piece in enumerate(sorted(common)):
        classes[piece] = _FIRST + i
    followed: dict[int, Counter[int]] = {}
    times: Counter[int] = Counter()
    for e, choices in readings:
        near, line = _surroundings(e, classes), Line()
        for c, word in choices:
            if c == EOS:
                break
            modes = _modes(word, line) if c >= N_SYMBOLS else (_NO_MODE,)
            said = [c * (_NO_MODE + 1) + m for m in modes]
            for x in _contexts(near, line):
                times[x % _PRIME] += 1
                followed.setdefault(x % _PRIME, Counter()).update(said)
            line = line.advanced((c, word))
    kept = sorted((x for x, n in times.items() if n >= _SEEN and followed[x]), key=lambda x: (-times[x], x))
    table = {}
    for x in kept[:most]:
        value, n = min(followed[x].items(), key=lambda one: (-one[1], one[0]))
        # Laplace's rule: a context seen thrice is not sure.
        table[x] = value * (_STEPS + 1) + round(_STEPS * n / (times[x] + 1))
    return Drafter(table, classes)


def write(drafter: Drafter, path: Path) -> None:
    """The same bytes for the same table; the file appears whole or not at all."""
    keys = np.array(sorted(drafter._table), dtype=np.uint32)
    values = np.array([drafter._table[int(k)] for k in keys], dtype=np.uint16)
    classes = np.array(drafter._classes, dtype=np.uint16)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as f:
        np.savez_compressed(f, keys=keys, values=values, classes=classes)
    part.replace(path)


def read(path: Path) -> Drafter:
    """Raises ParserError for a file that `write` has not written."""
    try:
        with np.load(path, allow_pickle=False) as f:
            arrays = [f[name] for name in ("keys", "values", "classes")]
        if not all(a.ndim == 1 and a.dtype.kind == "u" for a in arrays):
            raise ValueError("rows of whole numbers are expected")
        keys, values, classes = (a.tolist() for a in arrays)
        if any(v // (_NO_MODE + 1) >= N_CHOICES for v in {v >> 4 for v in values}):
            raise ValueError("a guess that is no symbol and no kind of pointer")
        return Drafter(dict(zip(keys, values, strict=True)), classes)
    except Exception as error:  # zipfile's, numpy's and ours
        raise ParserError(
            f"not a table of drafts: {error!r}",
            document=str(path),
            hint="remove the file (reading is slower then, and the same), or export the model again",
        ) from error

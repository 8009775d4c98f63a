"""What a search asks the decoder: some steps of each row, under the grammar; and what it remembers of them.

Where the model would rather have left the grammar, the lost probability is kept as a signal of doubt.

Knows what the decoder takes and gives; must not know sentences, formulas, which steps a search takes, or who
runs the decoder.
Shapes: R rows (sentences or beams), W words, L decoder layers, h heads, T steps that are remembered, N
steps of all rows that one call scores, t the most of one row, C = N_SYMBOLS + N_KINDS * W choices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.parser import constrain
from neurosym.parser.constrain import MASKS, N_KINDS, N_SYMBOLS, Choice, State
from neurosym.parser.drafts import Surroundings
from neurosym.parser.pieces import Ints

Floats: TypeAlias = NDArray[np.float32]
Decoder: TypeAlias = Callable[
    [Mapping[str, Any]], list[Any]
]  # inputs -> scores [N, C], then what each layer keeps

# Added to the attention scores of what is hidden: e^-70 vanishes in any sum of 32-bit numbers, and yet is no
# subnormal number, as the exponential of the least one is; these take a softmax six times as long.
HIDDEN = -70.0
_ALLOWED = (MASKS == 0.0).astype(np.float32)
_ROOM = 8  # the memory of steps grows by so many at a time
_FAINT = 1e-20  # a sum of exponentials below this has lost digits


@cache
def parts(layers: int) -> tuple[list[str], list[str], list[str]]:
    """Names of the decoder's inputs and outputs that hold queries, keys and values: keys and values of the
    words, those of the steps before, two a layer, and all three of the new steps, one a layer."""
    twice = range(2 * layers)
    new = [f"new_{i}" for i in range(layers)]
    return [f"words_{i}" for i in twice], [f"past_{i}" for i in twice], new


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One decoded sequence.

    `log_prob` sums the log-probabilities of its choices under the grammar, <eos> included;
    `least` is the smallest of these probabilities; `margin` the smallest lead of a choice
    over the best other one (negative where another was likelier); `lost` the log-probability
    that the model kept inside the grammar (0: all of it).  `turns`, of a greedy search: the choices
    that were least sure, each by its place and the best other one, the least sure first.
    """

    tokens: tuple[str, ...]
    log_prob: float
    least: float
    margin: float
    lost: float
    turns: tuple[tuple[int, Choice], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the encoder has worked out of R sentences; searches look at it and leave it as it is."""

    memory: Floats  # [R, W, d]; a word's vector
    keys: Floats  # [R, W, k] of the pointers
    bias: Floats  # [R, 1, 1, W]: 0, or HIDDEN at padding
    words: tuple[Floats, ...]  # 2L times [R, h, W, d/h]: keys and values of the memory
    near: tuple[Surroundings, ...]  # what a drafter looks at; empty where there is none

    def __len__(self) -> int:
        return len(self.memory)

    def take(self, rows: Ints | Sequence[int]) -> Rows:
        """The rows of these indices, in their order; an index may come several times."""
        at = np.asarray(rows, dtype=np.int64)
        near = tuple(self.near[i] for i in at.tolist()) if self.near else ()
        return Rows(self.memory[at], self.keys[at], self.bias[at], tuple(a[at] for a in self.words), near)


@dataclass(frozen=True, slots=True)
class Steps:
    """The N choices that one call of the decoder is given, row by row; `word` is 0 for a symbol."""

    choice: Ints
    word: Ints
    row: Ints
    column: Ints  # the how-manieth it is of its row in this call


class Held:
    """What a search holds: what its rows look at, and what they remember of their steps."""

    def __init__(self, rows: Rows) -> None:
        n, h, _, dh = rows.words[0].shape
        self.rows = rows
        self.past = np.zeros((len(rows.words), n, h, 0, dh), dtype=np.float32)  # with room to spare
        self.used = np.zeros(n, dtype=np.int64)  # steps that each row remembers

    def keep(self, at: Ints, same: bool = False) -> None:
        """Keep the rows at these places, in their order; a place may come several times.

        same: do these rows look at what those before them looked at, row by row?
        """
        if not same:
            self.rows = self.rows.take(at)
        self.past, self.used = self.past[:, at], self.used[at]

    def scores(self, decoder: Decoder, steps: Steps) -> tuple[Floats, list[Floats]]:
        """Scores [N, C] of what may come after each of the steps, and what each layer has of the steps, their
        queries, keys and values [N, 3d]: see `remember`."""
        rows, room = self.rows, self.past.shape[3]
        row, column = steps.row, steps.column
        n, t = len(rows), int(column.max()) + 1
        spread = np.zeros((n, t), dtype=np.int64)
        spread[row, column] = np.arange(len(row))
        seen = np.empty((n, 1, t, room + t), dtype=np.float32)
        seen[..., :room] = _rooms(room)[self.used][:, None, None, :]
        seen[..., room:] = _causal(t)
        copied = rows.memory[row, steps.word]
        copied[steps.choice < N_SYMBOLS] = 0.0
        feeds = {
            "choice": steps.choice,
            "copied": copied,
            "position": self.used[row] + column,
            "spread": spread,
            "back": row * t + column,
            "seen": seen,
            "bias": rows.bias if t == 1 else np.repeat(rows.bias, t, axis=2),
            "keys": rows.keys,
        }
        from_words, before, _ = parts(len(rows.words) // 2)
        feeds |= zip(from_words, rows.words, strict=True)
        feeds |= zip(before, self.past, strict=True)
        scores, *new = decoder(feeds)
        return scores, new

    def remember(self, new: Sequence[Floats], steps: Steps, taken: Ints) -> None:
        """Of each row's steps in the last call the first so many, `taken` [R]."""
        at = np.flatnonzero(steps.column < taken[steps.row])
        row = steps.row[at]
        place = self.used[row] + steps.column[at]
        self.used = self.used + taken
        layers2, n, h, room, dh = self.past.shape
        most = int(self.used.max())
        if most > room:
            grown = np.zeros((layers2, n, h, -(-most // _ROOM) * _ROOM, dh), dtype=np.float32)
            grown[:, :, :, :room] = self.past
            self.past = grown
        for i, found in enumerate(new):
            made = found.reshape(len(found), 3, h, dh)
            self.past[2 * i, row, :, place] = made[at, 1]
            self.past[2 * i + 1, row, :, place] = made[at, 2]


@lru_cache(maxsize=64)
def _rooms(room: int) -> Floats:
    """[room + 1, room]: what hides all but the first 0, 1, 2, ... places."""
    return np.triu(np.full((room + 1, room), HIDDEN, dtype=np.float32))


@lru_cache(maxsize=64)
def _causal(t: int) -> Floats:
    """[t, t]: no step sees those after it."""
    return np.triu(np.full((t, t), HIDDEN, dtype=np.float32), 1)


def under_grammar(scores: Floats, states: Sequence[State]) -> tuple[Floats, Floats, Floats]:
    """Of scores [N, C]: weights [N, C] in proportion to the probabilities of what the states allow, 0 for the
    rest; their sums [N]; and the log-probability that was left to what is allowed [N]."""
    at = [constrain.row(s) for s in states]
    allowed = _ALLOWED[at]
    top = scores.max(axis=1, keepdims=True)
    weights = np.exp(scores - top)
    every = weights.sum(axis=1)
    _permit(weights, allowed)
    inside = weights.sum(axis=1)
    lost = np.zeros_like(inside)
    if inside.min() < _FAINT:
        # The best legal score, not the best of all, keeps the sum above underflow.
        faint = np.flatnonzero(inside < _FAINT)
        few = scores[faint] - top[faint]
        legal = np.ones_like(few)
        _permit(legal, allowed[faint])
        best = np.where(legal > 0, few, -np.inf).max(axis=1, keepdims=True)
        weights[faint] = np.exp(np.minimum(few - best, 0.0)) * legal
        inside[faint] = weights[faint].sum(axis=1)
        lost[faint] = best[:, 0]
    return weights, inside, lost + np.log(inside / every)


def _permit(weights: Floats, allowed: Floats) -> None:
    """Multiply scores' weights [N, C] with those [N, N_CHOICES] of the kinds of choices."""
    weights[:, :N_SYMBOLS] *= allowed[:, :N_SYMBOLS]
    pointers = weights[:, N_SYMBOLS:].reshape(len(weights), N_KINDS, -1)  # a view
    pointers *= allowed[:, N_SYMBOLS:, None]


def flat_of(choice: Choice, width: int) -> int:
    c, word = choice
    return c if c < N_SYMBOLS else N_SYMBOLS + (c - N_SYMBOLS) * width + word


def choice_of(flat: int, width: int) -> Choice:
    if flat < N_SYMBOLS:
        return flat, 0
    kind, word = divmod(flat - N_SYMBOLS, width)
    return N_SYMBOLS + kind, word

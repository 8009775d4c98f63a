"""Greedy and beam search over the decoder, both only among what `constrain` allows.

Greedy search is speculative (Leviathan et al. 2023; the check of several steps at once: Stern et al. 2018,
"Blockwise Parallel Decoding for Deep Autoregressive Models"): a drafter guesses some choices ahead, one call
of the decoder scores them all, and those that it would have made itself are taken, with its own choice
after them.  What comes out is what one choice a call would give.

Where the model would rather have left the grammar, the lost probability is kept as a signal of doubt.

Knows what the decoder takes and gives; must not know sentences, formulas, or who runs the decoder.
Shapes: R rows (sentences or beams), W words, L decoder layers, h heads, T steps that are remembered, N
steps of all rows that one call scores, t the most of one row, C = N_SYMBOLS + N_KINDS * W choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.parser import constrain
from neurosym.parser.constrain import BOS, EOS, MASKS, N_KINDS, N_SYMBOLS, START, Choice, State
from neurosym.parser.drafts import Drafter, Guess, Line, Surroundings
from neurosym.parser.pieces import Ints
from neurosym.parser.scheme import MAX_TOKENS

Floats: TypeAlias = NDArray[np.float32]
Decoder: TypeAlias = Callable[
    [Mapping[str, Any]], list[Any]
]  # inputs -> scores [N, C], then what each layer keeps

# Added to the attention scores of what is hidden: e^-70 vanishes in any sum of 32-bit numbers, and yet is no
# subnormal number, as the exponential of the least one is; these take a softmax six times as long.
HIDDEN = -70.0
_ALLOWED = (MASKS == 0.0).astype(np.float32)
_ROOM = 8  # the memory of steps grows by so many at a time
_DONE = 0.2  # finished rows are dropped when they are this share
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
    that the model kept inside the grammar (0: all of it).
    """

    tokens: tuple[str, ...]
    log_prob: float
    least: float
    margin: float
    lost: float


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
class _Steps:
    """The N choices that one call of the decoder is given, row by row; `word` is 0 for a symbol."""

    choice: Ints
    word: Ints
    row: Ints
    column: Ints  # the how-manieth it is of its row in this call


class _Held:
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

    def scores(self, decoder: Decoder, steps: _Steps) -> tuple[Floats, list[Floats]]:
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

    def remember(self, new: Sequence[Floats], steps: _Steps, taken: Ints) -> None:
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
            made = found.reshape(len(found), 3, h, dh)[at]
            self.past[2 * i, row, :, place] = made[:, 1]
            self.past[2 * i + 1, row, :, place] = made[:, 2]


@lru_cache(maxsize=64)
def _rooms(room: int) -> Floats:
    """[room + 1, room]: what hides all but the first 0, 1, 2, ... places."""
    return np.triu(np.full((room + 1, room), HIDDEN, dtype=np.float32))


@lru_cache(maxsize=64)
def _causal(t: int) -> Floats:
    """[t, t]: no step sees those after it."""
    return np.triu(np.full((t, t), HIDDEN, dtype=np.float32), 1)


def _under_grammar(scores: Floats, states: Sequence[State]) -> tuple[Floats, Floats, Floats]:
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


def _choice(flat: int, width: int) -> Choice:
    if flat < N_SYMBOLS:
        return flat, 0
    kind, word = divmod(flat - N_SYMBOLS, width)
    return N_SYMBOLS + kind, word


# --- greedy --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Course:
    """A row of a greedy search: what it has chosen, what that tells a drafter, and Hypothesis' numbers."""

    choices: list[Choice] = field(default_factory=list)
    latest: Choice = (BOS, 0)
    line: Line = field(default_factory=Line)
    done: bool = False
    log_prob: float = 0.0
    least: float = 1.0
    margin: float = 1.0
    lost: float = 0.0


def greedy(
    decoder: Decoder, rows: Rows, drafter: Drafter | None = None, most: int = 0, least: float = 0.0
) -> list[Hypothesis]:
    """The step-by-step best sequence of each row.

    The drafter guesses at most `most` choices ahead, and nothing that it thinks less probable than `least`.
    """
    held, width = _Held(rows), rows.memory.shape[1]
    courses = [_Course() for _ in range(len(rows))]
    alive = courses  # the rows of the search
    none: list[Guess] = []
    while True:
        told: list[Guess] = []
        sizes = []
        for i, c in enumerate(alive):
            ahead = none
            if drafter is not None and held.rows.near and not c.done:
                ahead = drafter.ahead(held.rows.near[i], c.line, most, least)
            told.append((c.latest, c.line))
            told += ahead
            sizes.append(len(ahead) + 1)
        row = np.repeat(np.arange(len(alive)), sizes)
        column = np.array([k for n in sizes for k in range(n)])
        both = np.array([choice for choice, _ in told])
        steps = _Steps(both[:, 0], both[:, 1], row, column)
        scores, new = held.scores(decoder, steps)
        weights, inside, lost = _under_grammar(scores, [line.state for _, line in told])
        every = np.arange(len(told))
        chosen = weights.argmax(axis=1)
        p = weights[every, chosen] / inside
        weights[every, chosen] = 0.0
        seen = zip(
            chosen.tolist(), p.tolist(), (weights.max(axis=1) / inside).tolist(), lost.tolist(), strict=True
        )
        made = [(_choice(flat, width), *numbers) for flat, *numbers in seen]
        start = 0
        taken = []
        for c, n in zip(alive, sizes, strict=True):
            end = start
            while not c.done:
                own, one, rival, gone = made[end]
                c.log_prob += math.log(one)
                c.least = min(c.least, one)
                c.margin = min(c.margin, one - rival)
                c.lost += gone
                end += 1
                if own[0] == EOS:
                    c.done = True
                    break
                c.choices.append(own)
                if end == start + n or own != told[end][0]:  # not guessed
                    c.latest, c.line = own, told[end - 1][1].advanced(own)
                    break
            taken.append(end - start)
            start += n
        left = [i for i, c in enumerate(alive) if not c.done]
        if not left:
            break
        held.remember(new, steps, np.array(taken))
        # Copying costs too: compact only when enough rows are done.
        if len(alive) - len(left) >= max(4, _DONE * len(alive)):
            held.keep(np.array(left))
            alive = [alive[i] for i in left]
    return [Hypothesis(constrain.tokens(c.choices), c.log_prob, c.least, c.margin, c.lost) for c in courses]


# --- beam --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Path:
    """A sequence being decoded."""

    state: State = START
    choices: tuple[Choice, ...] = ()
    log_prob: float = 0.0
    least: float = 1.0
    margin: float = 1.0
    lost: float = 0.0

    def extended(self, choice: Choice, log_prob: float, rival: float, lost: float) -> _Path:
        """With one more choice; `rival` is the log-probability of the best other choice."""
        p = math.exp(log_prob)
        done = choice[0] == EOS
        return _Path(
            self.state if done else constrain.advance(self.state, choice[0]),
            self.choices if done else (*self.choices, choice),
            self.log_prob + log_prob,
            min(self.least, p),
            min(self.margin, p - math.exp(rival)),
            self.lost + lost,
        )

    def hypothesis(self) -> Hypothesis:
        return Hypothesis(constrain.tokens(self.choices), self.log_prob, self.least, self.margin, self.lost)


def beam(decoder: Decoder, rows: Rows, width: int = 4) -> list[list[Hypothesis]]:
    """Up to `width` best sequences of each row, best first."""
    n, n_words = len(rows), rows.memory.shape[1]
    held, at = _Held(rows), np.arange(n)  # at: which of `rows` each row of the search belongs to
    paths = [_Path() for _ in range(n)]
    done: list[list[_Path]] = [[] for _ in range(n)]
    choice = np.full(n, BOS, dtype=np.int64)
    word = np.zeros(n, dtype=np.int64)
    for _ in range(MAX_TOKENS + 1):
        every = np.arange(len(paths))
        steps = _Steps(choice, word, every, np.zeros_like(every))
        scores, new = held.scores(decoder, steps)
        held.remember(new, steps, np.ones_like(every))
        weights, inside, lost = _under_grammar(scores, [p.state for p in paths])
        with np.errstate(divide="ignore"):
            logs = np.log(weights / inside[:, None])
        k = min(width + 1, logs.shape[1])
        tops = np.argpartition(logs, -k, axis=1)[:, -k:]
        offers: dict[int, list[tuple[float, int, int, float, float]]] = {}
        values = np.take_along_axis(logs, tops, axis=1).tolist()
        for r, (i, columns) in enumerate(zip(at.tolist(), tops.tolist(), strict=True)):
            ranked = sorted(zip(values[r], columns, strict=True), reverse=True)
            for place, (lp, c) in enumerate(ranked[:width]):
                if lp > -np.inf:
                    rival = ranked[1][0] if place == 0 else ranked[0][0]
                    offers.setdefault(i, []).append((paths[r].log_prob + lp, r, c, lp, rival))
        new_rows: list[int] = []
        new_paths: list[_Path] = []
        for i, found in offers.items():
            found.sort(key=lambda o: (-o[0], o[1], o[2]))
            # A finished sequence that beats every open one for the last place ends the search there.
            bar = sorted((p.log_prob for p in done[i]), reverse=True)[width - 1 : width]
            for total, r, c, lp, rival in found[:width]:
                if bar and total <= bar[0]:
                    break
                path = paths[r].extended(_choice(c, n_words), lp, rival, float(lost[r]))
                if c == EOS:
                    done[i].append(path)
                else:
                    new_rows.append(r)
                    new_paths.append(path)
        if not new_paths:
            break
        taken = np.array(new_rows)
        # The beams of a sentence share what they look at.
        same = np.array_equal(at[taken], at)
        held.keep(taken, same)
        at, paths = at[taken], new_paths
        choice = np.array([p.choices[-1][0] for p in paths], dtype=np.int64)
        word = np.array([p.choices[-1][1] for p in paths], dtype=np.int64)
    return [[p.hypothesis() for p in sorted(found, key=lambda p: -p.log_prob)[:width]] for found in done]

"""Greedy and beam search over the decoder, both only among what `constrain` allows.

Greedy search is speculative (Leviathan et al. 2023; the check of several steps at once: Stern et al. 2018,
"Blockwise Parallel Decoding for Deep Autoregressive Models"): a drafter guesses some choices ahead, one call
of the decoder scores them all, and those that it would have made itself are taken, with its own choice
after them.  What comes out is what one choice a call would give.

Knows `steps` and drafts; must not know sentences, formulas, or who runs the decoder.  Shapes: as in `steps`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from neurosym.parser import constrain
from neurosym.parser.constrain import BOS, EOS, START, Choice, State
from neurosym.parser.drafts import Drafter, Guess, Line
from neurosym.parser.scheme import MAX_TOKENS
from neurosym.parser.steps import Decoder, Held, Hypothesis, Rows, Steps, choice_of, flat_of, under_grammar

_DONE = 0.2  # finished rows are dropped when they are this share
SURE, TURNS = 0.6, 2  # a choice with a smaller lead may be turned from; so many are kept


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
    turns: list[tuple[float, int, int]] = field(default_factory=list)  # lead, place, the other choice

    def hypothesis(self, width: int) -> Hypothesis:
        turns = tuple((at, choice_of(flat, width)) for _, at, flat in sorted(self.turns)[:TURNS])
        said = constrain.tokens(self.choices)
        return Hypothesis(said, self.log_prob, self.least, self.margin, self.lost, turns)


def greedy(
    decoder: Decoder,
    rows: Rows,
    drafter: Drafter | None = None,
    most: int = 0,
    least: float = 0.0,
    begun: Sequence[Sequence[Choice]] = (),
) -> list[Hypothesis]:
    """The step-by-step best sequence of each row, or the best of those that begin as `begun` says.

    The drafter guesses at most `most` choices ahead, and nothing that it thinks less probable than `least`.
    """
    held, width = Held(rows), rows.memory.shape[1]
    courses = [_Course() for _ in range(len(rows))]
    alive = courses  # the rows of the search
    none: list[Guess] = []
    first = [_guessed(b) for b in begun]
    while True:
        told: list[Guess] = []
        sizes = []
        for i, c in enumerate(alive):
            ahead = none
            if first:
                ahead = first[i]
            elif drafter is not None and held.rows.near and not c.done:
                ahead = drafter.ahead(held.rows.near[i], c.line, most, least)
            told.append((c.latest, c.line))
            told += ahead
            sizes.append(len(ahead) + 1)
        row = np.repeat(np.arange(len(alive)), sizes)
        column = np.array([k for n in sizes for k in range(n)])
        both = np.array([choice for choice, _ in told])
        steps = Steps(both[:, 0], both[:, 1], row, column)
        scores, new = held.scores(decoder, steps)
        weights, inside, lost = under_grammar(scores, [line.state for _, line in told])
        every = np.arange(len(told))
        chosen = weights.argmax(axis=1)
        if first:
            given = np.flatnonzero(column[1:])  # of each row all choices but the last one
            chosen[given] = [flat_of(told[i + 1][0], width) for i in given.tolist()]
            first = []
        p = weights[every, chosen] / inside
        weights[every, chosen] = 0.0
        others = weights.argmax(axis=1)
        rivals = weights[every, others] / inside
        seen = zip(chosen.tolist(), p.tolist(), rivals.tolist(), others.tolist(), lost.tolist(), strict=True)
        made = [(choice_of(flat, width), *numbers) for flat, *numbers in seen]
        start = 0
        taken = []
        for c, n in zip(alive, sizes, strict=True):
            end = start
            while not c.done:
                own, one, rival, other, gone = made[end]
                c.log_prob += math.log(one) if one > 0 else -np.inf
                c.least = min(c.least, one)
                c.margin = min(c.margin, one - rival)
                if 0 <= one - rival < SURE:
                    c.turns.append((one - rival, len(c.choices), other))
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
    return [c.hypothesis(width) for c in courses]


def _guessed(choices: Sequence[Choice]) -> list[Guess]:
    line, out = Line(), []
    for c in choices:
        line = line.advanced(c)
        out.append((c, line))
    return out


def turned(
    decoder: Decoder,
    rows: Rows,
    found: Sequence[Hypothesis],
    drafter: Drafter | None = None,
    most: int = 0,
    least: float = 0.0,
) -> list[list[Hypothesis]]:
    """Each row's greedy sequence, and those that turn off where it was least sure and go on greedily: its
    `turns`.  As good as a beam of two at finding what the greedy search missed, for a third of its time.

    Limited discrepancies of a heuristic search (Harvey & Ginsberg 1995, "Limited Discrepancy Search"): one.
    """
    at = [(i, turn) for i, h in enumerate(found) for turn in h.turns]
    out = [[h] for h in found]
    if at:
        begun = [(*constrain.choices(found[i].tokens)[:place], other) for i, (place, other) in at]
        for (i, _), h in zip(
            at, greedy(decoder, rows.take([i for i, _ in at]), drafter, most, least, begun), strict=True
        ):
            out[i].append(h)
    return out


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
    held, at = Held(rows), np.arange(n)  # at: which of `rows` each row of the search belongs to
    paths = [_Path() for _ in range(n)]
    done: list[list[_Path]] = [[] for _ in range(n)]
    choice = np.full(n, BOS, dtype=np.int64)
    word = np.zeros(n, dtype=np.int64)
    for _ in range(MAX_TOKENS + 1):
        every = np.arange(len(paths))
        steps = Steps(choice, word, every, np.zeros_like(every))
        scores, new = held.scores(decoder, steps)
        held.remember(new, steps, np.ones_like(every))
        weights, inside, lost = under_grammar(scores, [p.state for p in paths])
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
                path = paths[r].extended(choice_of(c, n_words), lp, rival, float(lost[r]))
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

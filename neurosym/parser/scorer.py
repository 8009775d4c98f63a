"""The scorer: does this reading say what the sentence says?  A cross-encoder's answer, as a logit.

A sentence and a whole reading of it go through one network (cross-encoders as re-rankers: Nogueira & Cho
2019; re-ranking the n-best of a semantic parser: Yin & Neubig 2019).  The decoder had to choose each token
before it knew the next; the scorer sees all of them, and was taught on wrong readings too.  It does not read
the sentence a second time: it is given the word vectors that the parser's encoder has made.  Nor does it take
a reading token by token: a symbol, the pointer behind it and its variables are one step, with the vector of
the word that is pointed at; half as many steps say the same.  Runs on ONNX Runtime with 8-bit weights.
`scorer_train` makes its files.

Two opinions: a table of what training treated how (`scorer_habits`), which costs next to nothing and is asked
about every reading, and the network, which is asked where that leaves doubt (with the bounds that ship: about
nearly all) and where readings compete.

Knows word vectors, readings in tokens, and a graph.  Must not know torch, nor how a score is used.
Shapes: B sentences, N readings, W words, G steps of a reading, d width of a word's vector.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np

from neurosym.errors import ParserError
from neurosym.parser.calibrate import FEATURES, Calibration, Lexicon, calibration_of, features
from neurosym.parser.constrain import CHOICE_ID, N_CHOICES, N_KINDS, N_SYMBOLS, VARIABLES
from neurosym.parser.pieces import Encoded, Ints, Words
from neurosym.parser.runtime import DECODER, ENCODER, TOKENIZER
from neurosym.parser.scheme import arguments
from neurosym.parser.scorer_habits import FILE as HABITS
from neurosym.parser.scorer_habits import read_habits
from neurosym.parser.sessions import WITHOUT, session
from neurosym.parser.steps import Floats, Hypothesis

GRAPH, CONFIG = "scorer.onnx", "scorer.json"
FORMAT = 4
BATCH = 16  # readings that are asked about at once: of more, a layer does not fit into the cache of a core
PART = "PART"
_PARSER = (ENCODER, DECODER, TOKENIZER)
INPUTS = ("memory", "bias", "row", "doubts", "said", "word", "used")
NO_DOUBTS = (0.0, 0.0, 1.0, 0.0)  # `doubts` of a reading that is sure
N_DOUBTS = len(NO_DOUBTS)

Tokens: TypeAlias = tuple[str, ...]

# --- a reading as the network takes it ---------------------------------------------------------

# The marks of a step: the symbol and the kind of pointer that it has, its variables by their order in it, and
# where it stands: under which symbol, as which of its arguments, how deep.
_IN_STEP, _PLACES, _DEEPEST = 4, 5, 11
_VARIABLE = N_CHOICES
_UNDER = _VARIABLE + _IN_STEP * len(VARIABLES)
_PLACE = _UNDER + N_SYMBOLS
_DEPTH = _PLACE + _PLACES
N_MARKS = _DEPTH + _DEEPEST + 1
# How a word is used: as which kind of pointer, or inside a stretch.
_INSIDE = N_KINDS
N_USES = N_KINDS + 1
NOWHERE, PADDING = -1, -2  # in the place of a step's word: it points at none; there is no step
_BEGIN, _END = (CHOICE_ID[k] - N_SYMBOLS for k in "BF")


@dataclass(frozen=True, slots=True)
class Steps:
    """A reading: the marks of each step, the word that each points at (or NOWHERE), and the uses of words."""

    marks: tuple[tuple[int, ...], ...]
    words: tuple[int, ...]
    uses: tuple[tuple[int, int], ...]  # a word, and how it is used

    def __len__(self) -> int:
        return len(self.words)


def variable_marks() -> list[tuple[int, int]]:
    """The marks of variables, each with the choice that it is of."""
    every = [(i, CHOICE_ID[v]) for i, v in enumerate(VARIABLES * _IN_STEP)]
    return [(_VARIABLE + i, c) for i, c in every]


@cache
def _parsed(token: str) -> tuple[int, int, int]:
    """The choice of a token, its word or NOWHERE, and which variable it is or -1."""
    kind, _, word = token.partition(":")
    variable = VARIABLES.index(kind) if kind in VARIABLES else -1
    return CHOICE_ID[kind], int(word) if word else NOWHERE, variable


@cache
def _below(symbol: str, depth: int) -> tuple[tuple[int, int, int], ...]:
    """Where the arguments of a symbol stand that itself has the mark `depth`, the last one first."""
    under, deeper = _UNDER + CHOICE_ID[symbol], min(depth + 1, N_MARKS - 1)
    places = range(len(arguments(symbol)))
    return tuple((under, _PLACE + min(i, _PLACES - 1), deeper) for i in reversed(places))


def steps(tokens: Sequence[str]) -> Steps:
    """A well-formed reading as steps, in its order."""
    every: list[tuple[int, ...]] = []
    words: list[int] = []
    uses: list[tuple[int, int]] = []
    free, variables = False, _IN_STEP  # may the last step take a pointer?  how many variables has it?
    waiting = [(_UNDER, _PLACE, _DEPTH)]
    for token in tokens:
        c, word, variable = _parsed(token)
        where = waiting.pop()
        if variable >= 0 and variables < _IN_STEP:
            every[-1] += (_VARIABLE + len(VARIABLES) * variables + variable,)
            free, variables = False, variables + 1
            continue
        if word >= 0:
            kind = c - N_SYMBOLS
            if kind == _END:  # its beginning came just before
                uses += ((w, _INSIDE) for w in range(words[-1] + 1, word))
            uses.append((word, kind))
            if free:
                every[-1] += (c,)
                words[-1], free = word, False
                continue
        elif variable < 0:
            waiting += _below(token, where[-1])
        every.append((c, *where))
        words.append(word)
        free, variables = word < 0, 0
    return Steps(tuple(every), tuple(words), tuple(uses))


def pad(
    readings: Sequence[Steps], doubted: Sequence[Sequence[float]], width: int, step: int = 1
) -> tuple[Floats, Floats, Ints, Floats]:
    """The last four of the network's INPUTS, for N readings: `doubts` of each [N, N_DOUBTS], the marks of its
    steps [N, G, N_MARKS], the words that these point at [N, G], and how the `width` words are used
    [N, W, N_USES].  G is a multiple of `step`: kernels that are compiled for each shape anew meet few of
    them."""
    longest = max(map(len, readings))
    longest += -longest % step
    said: list[int] = []
    used: list[int] = []
    word = np.full((len(readings), longest), PADDING, dtype=np.int64)
    for n, reading in enumerate(readings):
        word[n, : len(reading)] = reading.words
        at, first = n * longest * N_MARKS, n * width * N_USES
        for marks in reading.marks:
            said += [at + m for m in marks]
            at += N_MARKS
        used += [first + w * N_USES + use for w, use in reading.uses]
    return (
        np.array(doubted, dtype=np.float32),
        _ones(said, (len(readings), longest, N_MARKS)),
        word,
        _ones(used, (len(readings), width, N_USES)),
    )


def _ones(at: Sequence[int], shape: tuple[int, ...]) -> Floats:
    out = np.zeros(shape, dtype=np.float32)
    out.reshape(-1)[at] = 1.0
    return out


def compared(unseen: Sequence[float], logits: Sequence[float]) -> list[tuple[float, float, float]]:
    """calibrate.ASKED of readings of one sentence: the share of each that training never treated so, its
    logit, and that over the best other one."""
    most = 10.0
    out = []
    for i, (u, x) in enumerate(zip(unseen, logits, strict=True)):
        rivals = [y for j, y in enumerate(logits) if j != i]
        lead = x - max(rivals) if rivals else 0.0
        out.append((u, max(-most, min(most, x)), max(-most, min(most, lead))))
    return out


_NONE = (0.0,) * (len(FEATURES) - N_DOUBTS)


def doubts(h: Hypothesis) -> tuple[float, ...]:
    """The decoder's own: those of calibrate.FEATURES that are the hypothesis's alone."""
    return max(h.log_prob, -8.0), math.log(max(h.least, 1e-3)), h.margin, max(h.lost, -4.0)


def signals(h: Hypothesis, words: Words, e: Encoded | None, c: Calibration) -> tuple[float, ...]:
    """calibrate.FEATURES of a reading as far as `c` gives weight to them: those of words take the longest,
    and without a sentence `e` they are none."""
    if e is not None and any(c.weights[N_DOUBTS : len(FEATURES)]):
        return features(h, words, e, c.lexicon)
    return *doubts(h), *_NONE


@dataclass(frozen=True, slots=True)
class Bounds:
    """Outside (low, high) of the quick score the network is not asked; below a whole score of `beam` rivals
    of a reading are sought, where the decoder was divided."""

    low: float
    high: float
    beam: float


def has_scorer(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file.  Raises OSError."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fingerprints(folder: Path) -> dict[str, str]:
    """Of the files that a scorer is one with: those of the parser whose readings it scores, and its own.
    Raises OSError."""
    return {name: fingerprint(folder / name) for name in (*_PARSER, GRAPH, HABITS)}


class Scorer:
    """A loaded scorer: habits, a network's logits, and the calibrations that make scores of them.

    `quick` is a calibration on the cheap signals and `unseen`, `calibration` one on the logits too.
    """

    def __init__(self, folder: Path, lexicon: Lexicon, threads: int = 1) -> None:
        """Raises ParserError where a file is missing, broken, or was made for another parser."""
        path, hint = folder / CONFIG, "train it for this parser: neurosym train scorer.toml; or delete it"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            version, theirs = raw["format"], dict(raw["sha256"])
            self.bounds = Bounds(*(float(raw["bounds"][k]) for k in ("low", "high", "beam")))
            self.quick = calibration_of(raw["quick"], lexicon)
            self.calibration = calibration_of(raw["calibration"], lexicon)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise ParserError(f"not a scorer's configuration: {e!r}", document=str(path), hint=hint) from e
        try:
            other = [name for name, sha in fingerprints(folder).items() if theirs.get(name) != sha]
        except OSError as e:
            raise ParserError(f"the scorer lacks a file: {e}", document=str(path), hint=hint) from e
        if version != FORMAT or not set(_PARSER).isdisjoint(other):
            raise ParserError("the scorer was trained for another parser", document=str(path), hint=hint)
        if other:
            raise ParserError(
                f"the scorer was trained with other files: {', '.join(other)}", document=str(path), hint=hint
            )
        self._habits = read_habits(folder)
        self._session = session(folder / GRAPH, "the scorer", hint, threads, WITHOUT)

    def unseen(self, tokens: Tokens, words: Sequence[str]) -> float:
        """scorer_habits.Habits.unseen of a reading; `words` as the parser shows them to the network.

        None of a reading that claims to be a part only: what people tell around it is always new, and says
        hardly anything of it.
        """
        return self.each_unseen([(tokens, words)])[0]

    def each_unseen(self, readings: Sequence[tuple[Tokens, Sequence[str]]]) -> list[float]:
        """The same of many readings, each with its words."""
        found = iter(self._habits.each_unseen([r for r in readings if r[0][0] != PART]))
        return [0.0 if tokens[0] == PART else next(found) for tokens, _ in readings]

    def logits(
        self, memory: Floats, bias: Floats, readings: Sequence[Sequence[Hypothesis]]
    ) -> list[tuple[float, ...]]:
        """For each sentence, the logits of "this is what it says" of its readings, of which it may have none.

        `memory` [B, W, d] and `bias` [B, 1, 1, W] as runtime.Rows has them.
        """
        flat = [h for hs in readings for h in hs]
        rows = np.array([i for i, hs in enumerate(readings) for _ in hs], dtype=np.int64)
        made = [steps(h.tokens) for h in flat]
        out = np.zeros(len(flat))
        order = sorted(range(len(flat)), key=lambda i: len(made[i]))  # little is spent on padding
        for start in range(0, len(flat), BATCH):
            some = order[start : start + BATCH]
            there, row = np.unique(rows[some], return_inverse=True)
            inputs = pad([made[i] for i in some], [doubts(flat[i]) for i in some], memory.shape[1])
            feeds = dict(zip(INPUTS, (memory[there], bias[there], row, *inputs), strict=True))
            out[some] = self._session.run(None, feeds)[0]
        every = iter(out.tolist())
        return [tuple(next(every) for _ in hs) for hs in readings]

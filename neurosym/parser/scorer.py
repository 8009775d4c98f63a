"""The scorer: does this reading say what the sentence says?  A cross-encoder's answer, as a logit.

A sentence and a whole reading of it go through one network (cross-encoders as re-rankers: Nogueira & Cho
2019; re-ranking the n-best of a semantic parser: Yin & Neubig 2019).  The decoder had to choose each token
before it knew the next; the scorer sees all of them, and was taught on wrong readings too.  The reading
comes in the scheme's tokens, whose pointers say which word is meant: put into words, it would first have
to be aligned with the sentence again.  Runs on ONNX Runtime with 8-bit weights; its word vectors are those
of the parser's encoder file, which it shares.  `scorer_train` makes its files.

Two opinions: a table of what training treated how (`scorer_habits`), which costs next to nothing and is asked
about every reading, and the network, which is asked where that leaves doubt and where readings compete.

Knows encoded sentences, readings in tokens, and graphs.  Must not know torch, nor how a score is used.
Shapes: B sentences, N readings, S word pieces, W words, T tokens with <bos> and <eos>.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neurosym.errors import ParserError
from neurosym.parser import constrain
from neurosym.parser.calibrate import Lexicon, calibration_of
from neurosym.parser.constrain import BOS, EOS, PAD
from neurosym.parser.runtime import ENCODER, Encoded, Ints
from neurosym.parser.runtime import pad as pad_sentences
from neurosym.parser.scorer_habits import read_habits

GRAPH, CONFIG = "scorer.onnx", "scorer.json"
FORMAT = 2
BATCH = 32  # readings
_WITHOUT = ("SkipLayerNormFusion",)  # a fusion of ONNX Runtime that is slower than its parts
INPUTS = ("pieces", "owner", "case", "row", "choice", "word")

Tokens = tuple[str, ...]


def target(tokens: Sequence[str]) -> tuple[constrain.Choice, ...]:
    """A reading as choices, between <bos> and <eos>."""
    return ((BOS, 0), *constrain.choices(tokens), (EOS, 0))


def pad(
    sentences: Sequence[Encoded], readings: Sequence[Sequence[tuple[constrain.Choice, ...]]], step: int = 1
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """The network's INPUTS: pieces, owner [B, S], case [B, W]; for each of the N readings, sentence by
    sentence, its sentence [N], choice and word [N, T].  Lengths are multiples of `step`: kernels that are
    compiled for each shape anew meet few of them."""
    pieces, owner, case = (
        np.pad(a, ((0, 0), (0, -a.shape[1] % step)), constant_values=fill)
        for a, fill in zip(pad_sentences(sentences), (0, -1, -1), strict=True)
    )
    flat = [t for ts in readings for t in ts]
    longest = max(len(t) for t in flat)
    # the first token is only read and the last only foretold
    out = np.full((len(flat), longest + (1 - longest) % step, 2), (PAD, 0), dtype=np.int64)
    for i, t in enumerate(flat):
        out[i, : len(t)] = t
    row = np.repeat(np.arange(len(sentences)), [len(ts) for ts in readings])
    return pieces, owner, case, row, out[..., 0].copy(), out[..., 1].copy()


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


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the quick score: outside (low, high) the network is not asked; below `beam` rivals are sought."""

    low: float
    high: float
    beam: float


def has_scorer(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def fingerprint(path: Path) -> str:
    """Of the parser's encoder, whose n-best the scorer was trained on and whose word vectors it reads."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Scorer:
    """A loaded scorer: habits, a network's logits, and the calibrations that make scores of them.

    `quick` is a calibration on the cheap signals and `unseen`, `calibration` one on the logits too.
    """

    def __init__(self, folder: Path, lexicon: Lexicon, threads: int = 1) -> None:
        """Raises ParserError where a file is missing, broken, or was made for another parser."""
        import onnxruntime

        path, hint = folder / CONFIG, "train it for this parser: neurosym train scorer.toml; or delete it"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            about = raw["format"], str(raw["encoder_sha256"])
            self.bounds = Bounds(*(float(raw["bounds"][k]) for k in ("low", "high", "beam")))
            self.quick = calibration_of(raw["quick"], lexicon)
            self.calibration = calibration_of(raw["calibration"], lexicon)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise ParserError(f"not a scorer's configuration: {e!r}", document=str(path), hint=hint) from e
        if about != (FORMAT, fingerprint(folder / ENCODER)):
            raise ParserError("the scorer was trained for another parser", document=str(path), hint=hint)
        self._habits = read_habits(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, ["CPUExecutionProvider"], disabled_optimizers=_WITHOUT
            )
        except Exception as e:  # onnxruntime's exceptions share no public root
            raise ParserError(f"cannot load the scorer: {e}", document=str(folder), hint=hint) from e

    def unseen(self, tokens: Tokens, words: Sequence[str]) -> float:
        """scorer_habits.Habits.unseen of a reading; `words` as the parser shows them to the network."""
        return self._habits.unseen(tokens, words)

    def logits(
        self, sentences: Sequence[Encoded], readings: Sequence[Sequence[Tokens]]
    ) -> list[tuple[float, ...]]:
        """For each sentence, the logits of "this is what it says" of its readings."""
        found: list[tuple[float, ...]] = [()] * len(sentences)
        order = sorted(
            (i for i, ts in enumerate(readings) if ts), key=lambda i: (len(sentences[i].pieces), i)
        )
        while order:
            n, chunk = 0, list[int]()
            while order and (not chunk or n + len(readings[order[0]]) <= BATCH):
                n += len(readings[order[0]])
                chunk.append(order.pop(0))
            inputs = pad([sentences[i] for i in chunk], [[target(t) for t in readings[i]] for i in chunk])
            out = self._session.run(None, dict(zip(INPUTS, inputs, strict=True)))[0].tolist()
            at = 0
            for i in chunk:
                found[i] = tuple(out[at : at + len(readings[i])])
                at += len(readings[i])
        return found

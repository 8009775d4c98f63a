"""The three-way classifier of sentence pairs: what answers, uncertified, where nothing is proved.

A cross-encoder: both sentences go through one small encoder as one sequence, and what is read off are
the mean vectors of either sentence, their difference and product (the features of Conneau et al. 2017,
section 3.1).  It runs on ONNX Runtime with 8-bit weights; `nli_train` makes the folder that it loads.
Its probabilities are calibrated by one temperature (Guo et al. 2017) on made-up pairs of other words.

Knows pairs of texts and labels.  Must not know logic, torch, or how a classifier is used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neurosym.errors import ParserError
from neurosym.parser.pieces import load_tokenizer
from neurosym.parser.sessions import session

WEIGHTS = Path(__file__).parent / "nli_weights"
GRAPH, TOKENIZER, CONFIG = "pair.onnx", "tokenizer.json", "config.json"
FORMAT = 1
LABELS = ("entailment", "contradiction", "neutral")
MOST_PIECES = 128  # of a pair; the rest is cut off


def encode(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[int], list[int]]]:
    """Word pieces of each pair, and for each piece 1 where it belongs to the second sentence."""
    texts = [(_clean(a), _clean(b)) for a, b in pairs]
    return [(e.ids[:MOST_PIECES], e.type_ids[:MOST_PIECES]) for e in tokenizer.encode_batch(texts)]


def pad(batch: Sequence[tuple[list[int], list[int]]]) -> tuple[Any, Any]:
    """pieces [B, S] and parts [B, S], padded with 0; S is a multiple of four."""
    longest = max(len(ids) for ids, _ in batch)
    shape = len(batch), longest + -longest % 4
    pieces, parts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for i, (ids, types) in enumerate(batch):
        pieces[i, : len(ids)], parts[i, : len(types)] = ids, types
    return pieces, parts


def _clean(text: str) -> str:
    """One sentence, without the full stop that some have and others lack."""
    return " ".join(text.split()).rstrip(" .")


class NeuralClassifier:
    """Satisfies `entailment.Classifier`.  Raises ParserError where the folder is missing or broken."""

    name = "neural classifier"

    def __init__(self, folder: str | Path | None = None, threads: int = 1) -> None:
        self.folder = Path(folder) if folder is not None else WEIGHTS
        hint = "make it: python -m neurosym.captions, then neurosym train nli.toml"
        for name in (GRAPH, TOKENIZER, CONFIG):
            if not (self.folder / name).is_file():
                raise ParserError(
                    f"the classifier's folder has no file {name}", document=str(self.folder), hint=hint
                )
        try:
            config = json.loads((self.folder / CONFIG).read_text(encoding="utf-8"))
            theirs, self._temperature = (
                (config["format"], tuple(config["labels"])),
                float(config["temperature"]),
            )
        except (ValueError, KeyError, TypeError) as e:
            raise ParserError(
                f"not a classifier's configuration: {e!r}", document=str(self.folder / CONFIG), hint=hint
            ) from e
        if theirs != (FORMAT, LABELS) or self._temperature <= 0:
            raise ParserError(
                "a classifier of another version", document=str(self.folder / CONFIG), hint=hint
            )
        self._tokenizer = load_tokenizer(self.folder / TOKENIZER)
        self._session = session(self.folder / GRAPH, "the classifier", hint, threads)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """For each (premise, hypothesis), the probability of each label; they add up to 1."""
        found: list[dict[str, float]] = []
        for pair in encode(self._tokenizer, pairs):
            # one by one: 8-bit activations are scaled by what else is in the batch
            pieces, parts = pad([pair])
            scores = self._session.run(None, {"pieces": pieces, "parts": parts})[0] / self._temperature
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            found += [dict(zip(LABELS, map(float, row), strict=True)) for row in shares]
        return found

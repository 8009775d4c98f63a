"""A model folder, loaded with ONNX Runtime: words in, readings as tokens with probabilities out.  No torch.

Knows the exported graphs, word pieces and searches; must not know sentences, formulas or scores.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neurosym.errors import ParserError
from neurosym.parser import drafts, search
from neurosym.parser.drafts import DRAFTS, Drafter
from neurosym.parser.pieces import (
    Encoded,
    WordPieces,
    Words,
    by_length,
    encode_words,
    load_tokenizer,
    of_words,
    pad,
)
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS
from neurosym.parser.sessions import session
from neurosym.parser.steps import HIDDEN, Hypothesis, Rows

ENCODER, DECODER, TOKENIZER, CONFIG = "encoder.onnx", "decoder.onnx", "tokenizer.json", "config.json"
FORMAT = 3  # of the exported graphs; a model of another format is refused
# How many choices are guessed ahead at most, and how probable a whole guess has to be.  As measured: of a few
# rows, a call costs much the same however many steps it scores; of many, each step has its price.
_FEW = 4
ALONE, TOGETHER = (6, 0.1), (2, 0.4)


class Runtime:
    """A model folder, loaded.  Not to be shared between threads while decoding."""

    # Sentences that go through the encoder at once: what its layers make of more does not fit into the
    # cache of a core, and then memory sets the pace.
    at_once = 8

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Raises ParserError where a file is missing, broken or of another format."""
        hint = "reinstall neurosym-engine, or give the folder of an exported model (see `neurosym train`)"
        for name in (CONFIG, ENCODER, DECODER, TOKENIZER):
            if not (folder / name).is_file():
                raise ParserError(f"the model folder has no file {name}", document=str(folder), hint=hint)
        try:
            self.config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            theirs = (self.config["format"], self.config["symbols"], self.config["kinds"])
        except (ValueError, KeyError, TypeError) as error:
            raise ParserError(
                f"not a model configuration: {error!r}", document=str(folder / CONFIG), hint=hint
            ) from error
        if theirs != (FORMAT, list(SYMBOLS), list(POINTER_KINDS)):
            raise ParserError(
                "the model was exported for another version of the target language",
                document=str(folder / CONFIG),
                hint="train it again with this version (`neurosym train`), or install the version it names",
            )
        self.tokenizer = load_tokenizer(folder / TOKENIZER)
        self._pieces = WordPieces(self.tokenizer) if of_words(self.tokenizer) else None
        file = folder / DRAFTS
        self.drafter: Drafter | None = drafts.read(file) if file.is_file() else None  # reads the same without
        if self.drafter is not None and self.drafter.pieces < self.tokenizer.get_vocab_size():
            raise ParserError(
                "the drafts are of another tokenizer, or cut off",
                document=str(file),
                hint="remove the file (reading is slower then, and the same), or export the model again",
            )
        without = self.config.get("disabled_optimizers", ())
        self._encoder, self._decoder = (
            session(folder / name, "the model", hint, threads, without) for name in (ENCODER, DECODER)
        )
        for graph, loaded, name in ((ENCODER, self._encoder, "pieces"), (DECODER, self._decoder, "choice")):
            if name not in {i.name for i in loaded.get_inputs()}:
                raise ParserError(
                    f"not that graph: no input {name!r}", document=str(folder / graph), hint=hint
                )

    def watch(self, wrap: Callable[[str, Any], Any]) -> None:
        """Put `wrap(name, session)` in the place of either graph's session."""
        self._encoder, self._decoder = wrap(ENCODER, self._encoder), wrap(DECODER, self._decoder)

    def encode(self, batch: Sequence[Words]) -> list[Encoded]:
        """The word pieces of each sentence."""
        return self._pieces.encode(batch) if self._pieces else encode_words(self.tokenizer, batch)

    def begin(self, batch: Sequence[Encoded]) -> Rows:
        """What searches need of sentences, each of which has a word: see `greedy` and `beam`."""
        width = max(len(e.case) for e in batch)
        order = sorted(range(len(batch)), key=lambda i: len(batch[i].pieces))  # little is spent on padding
        found = []
        cases = []
        for i in range(0, len(batch), self.at_once):
            pieces, owner, case = pad([batch[k] for k in order[i : i + self.at_once]], width)
            found.append(self._encoder.run(None, {"pieces": pieces, "owner": owner, "case": case}))
            cases.append(case)
        back = np.argsort(order)
        memory, keys, words = (
            np.concatenate(parts, axis).take(back, axis)
            for parts, axis in zip(zip(*found, strict=True), (0, 0, 1), strict=True)
        )
        bias = np.where(np.concatenate(cases)[back] < 0, np.float32(HIDDEN), np.float32(0))[:, None, None, :]
        near = tuple(map(self.drafter.surroundings, batch)) if self.drafter is not None else ()
        return Rows(memory, keys, bias, tuple(words), near)

    def _decode(self, feeds: Mapping[str, Any]) -> list[Any]:
        found: list[Any] = self._decoder.run(None, feeds)
        return found

    def greedy(self, rows: Rows) -> list[Hypothesis]:
        """The step-by-step best sequence of each row."""
        most, least = ALONE if len(rows) <= _FEW else TOGETHER
        return search.greedy(self._decode, rows, self.drafter, most, least)

    def turned(self, rows: Rows, found: Sequence[Hypothesis]) -> list[list[Hypothesis]]:
        """What `greedy` found of each row, and a few others: see `search.turned`."""
        most, least = ALONE if len(rows) <= _FEW else TOGETHER
        return search.turned(self._decode, rows, found, self.drafter, most, least)

    def beam(self, rows: Rows, width: int = 4) -> list[list[Hypothesis]]:
        """Up to `width` best sequences of each row, best first."""
        return search.beam(self._decode, rows, width)

    def parse(self, sentences: Sequence[Words], batch: int = 32) -> list[Hypothesis]:
        """Greedy readings of many sentences, in their order; batches hold similar lengths."""
        encoded = self.encode(sentences)
        out: dict[int, Hypothesis] = {}
        for chunk in by_length(encoded, batch):
            out.update(zip(chunk, self.greedy(self.begin([encoded[i] for i in chunk])), strict=True))
        return [out[i] for i in range(len(sentences))]

"""From a trained network to what ships: two ONNX graphs with 8-bit weights, tokenizer, config.

The encoder graph turns word pieces into the memory and its projections; the decoder graph makes
some steps with the keys and values of the steps before, so that a batch may shrink on the way.

Knows the graphs and the folder that runtime reads.  Needs torch and onnx (the `train` extra).
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from neurosym.errors import ConfigError
from neurosym.parser.constrain import N_SYMBOLS, choices
from neurosym.parser.drafts import DRAFTS, Drafter, count, write
from neurosym.parser.graphs import EncoderGraph, Pointers, StepGraph, pointers
from neurosym.parser.model import PointerParser
from neurosym.parser.pieces import Words, by_length, encode_words, load_tokenizer, unfit
from neurosym.parser.quantize import Feeds, quantize, without_gemm
from neurosym.parser.runtime import CONFIG, DECODER, ENCODER, FORMAT, TOKENIZER, Runtime
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS
from neurosym.parser.sessions import WITHOUT
from neurosym.parser.standins import standing
from neurosym.parser.steps import HIDDEN, parts

OPSET = 17
MEASURED = 400  # sentences that ranges of activations are measured on
_EVERY = 3  # of the decoder's steps on them, this is the share that is looked at
_COUNTED = 40_000  # readings that drafts are counted on
_CONTRIB = "com.microsoft"  # operators of ONNX Runtime
# What the exporter's C++ says of each operator of _CONTRIB, whose shapes it need not know.
_KNOWN = re.compile(rb"^\[W[^\]\n]*shape_type_inference[^\n]*\n", re.MULTILINE)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """The exporter warns of its own deprecation and of shapes that the dynamic axes cover.

    The quantizer asks, through the root logger, for a preparation that changes nothing here.  What else is
    said on stderr is said when the block ends.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), _without(_KNOWN):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _without(known: re.Pattern[bytes]) -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and write it in the end but for what is `known`.

    C++ does not write through sys.stderr.
    """
    try:
        terminal = os.dup(2)
    except OSError:  # there is no such descriptor: nobody to spare
        yield
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            held.seek(0)
            if said := known.sub(b"", held.read()):
                with open(2, "wb", closefd=False) as stderr:
                    stderr.write(said)


def _graphs(model: PointerParser, folder: Path, to: Pointers) -> None:
    """Write both graphs with 32-bit weights."""
    pieces = torch.tensor([[1, 2, 3, 4, 5], [1, 6, 7, 5, 0]])
    owner = torch.tensor([[-1, 0, 1, 2, -1], [-1, 0, 0, -1, -1]])
    case = torch.tensor([[1, 0, 0], [0, -1, -1]])
    n, w = {0: "n"}, {0: "rows", 1: "words"}
    # The exporter puts modules back into the mode it found, so the wrappers must not be training.
    encoder, step = EncoderGraph(model, to).eval(), StepGraph(model, to).eval()
    with torch.no_grad(), quietly():
        memory, keys, words = encoder(pieces, owner, case)
        torch.onnx.export(
            encoder,
            (pieces, owner, case),
            str(folder / ENCODER),
            input_names=["pieces", "owner", "case"],
            output_names=["memory", "keys", "words"],
            dynamic_axes={
                "pieces": {0: "rows", 1: "pieces"},
                "owner": {0: "rows", 1: "pieces"},
                "case": w,
                "memory": w,
                "keys": w,
                "words": {1: "rows", 3: "words"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
        layers2, _, h, _, dh = words.shape
        from_words, before, new = parts(layers2 // 2)
        torch.onnx.export(
            step,
            (
                torch.full((3,), N_SYMBOLS),
                memory[0],
                torch.tensor([3, 4, 3]),
                torch.tensor([[0, 1], [2, 0]]),
                torch.tensor([0, 1, 2]),
                torch.zeros(2, 1, 2, 5),
                torch.zeros(2, 1, 2, 3),
                keys,
                *words,
                *torch.zeros(layers2, 2, h, 3, dh),
            ),
            str(folder / DECODER),
            input_names=[
                *("choice", "copied", "position", "spread", "back", "seen", "bias", "keys"),
                *from_words,
                *before,
            ],
            output_names=["scores", *new],
            dynamic_axes={
                **dict.fromkeys(("choice", "copied", "position", "back"), n),
                "spread": {0: "rows", 1: "t"},
                "seen": {0: "rows", 2: "t", 3: "total"},
                "bias": {0: "rows", 2: "t", 3: "words"},
                "keys": w,
                **{name: {0: "rows", 2: "words"} for name in from_words},
                **{name: {0: "rows", 2: "steps"} for name in before},
                "scores": {0: "n", 1: "choices"},
                **dict.fromkeys(new, n),
            },
            opset_version=OPSET,
            dynamo=False,
            custom_opsets={_CONTRIB: 1},
        )
    _soften(folder / ENCODER)
    without_gemm(folder / DECODER)


def export(
    model: PointerParser,
    tokenizer: Path,
    folder: Path,
    about: Mapping[str, Any] | None = None,
    int8: bool = True,
    sentences: Sequence[Words] = (),
    readings: Sequence[tuple[Words, Sequence[str]]] = (),
) -> None:
    """Write the model folder: graphs, tokenizer, config (`about` is added to the config), table of drafts.

    Files appear whole or not at all.  `int8` makes weights and products 8-bit (see `quantize`) and pointers
    narrow (see `pointers`): a quarter of the size, more than twice the speed; ranges are measured on
    `sentences`, of which a few hundred are enough.  `readings` are sentences with the tokens of their
    readings, from which the decoder's next choices are guessed (see `drafts`); the more, the quicker.
    Raises ConfigError where there are no sentences that can be encoded.
    """
    model = model.eval().cpu().float()
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "format": FORMAT,
        "symbols": list(SYMBOLS),
        "kinds": list(POINTER_KINDS),
        "int8": int8,
        "disabled_optimizers": list(WITHOUT),
        **(about or {}),
    }
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        raw = Path(scratch) / "raw"
        raw.mkdir()
        shutil.copyfile(tokenizer, raw / TOKENIZER)
        (raw / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        _graphs(model, raw, pointers(model))
        if int8:
            _graphs(model, raw, pointers(model, *_moments(model, _runs(raw, sentences))))
            for name, runs in _runs(raw, sentences).items():
                with quietly():
                    quantize(raw / name, raw / f"{name}.8", runs)
                (raw / f"{name}.8").replace(raw / name)
        (folder / DRAFTS).unlink(missing_ok=True)  # another model's
        if readings:
            write(_drafter(load_tokenizer(tokenizer), readings), folder / DRAFTS)
        for name in (ENCODER, DECODER, TOKENIZER, CONFIG):
            (raw / name).replace(folder / name)


def _drafter(tokenizer: Any, readings: Sequence[tuple[Words, Sequence[str]]]) -> Drafter:
    """From at most _COUNTED readings, spread over all."""
    some = readings[:: -(-len(readings) // _COUNTED)]
    encoded = encode_words(tokenizer, [standing(words) for words, _ in some])  # as the parser shows them
    known = [(e, choices(tokens)) for e, (_, tokens) in zip(encoded, some, strict=True)]
    return count(known, tokenizer.get_vocab_size())


def _moments(model: PointerParser, runs: Mapping[str, Sequence[Feeds]]) -> tuple[Tensor, Tensor]:
    """Second moments [d, d] of the pointers' queries and of their keys in these runs of both graphs."""
    d = model.shape.width
    sums, counts = torch.zeros(2, d, d, dtype=torch.float64), [0, 0]

    def add(which: int, x: Tensor) -> None:
        flat = x.reshape(-1, d).double()
        sums[which] += flat.T @ flat
        counts[which] += len(flat)

    hook = model.norm.register_forward_hook(lambda m, i, x: add(0, model.pointer_query(x)))
    try:
        with torch.no_grad():
            step = StepGraph(model).eval()
            for feeds in runs[DECODER]:
                step(**{k: torch.from_numpy(v) for k, v in feeds.items()})
            for feeds in runs[ENCODER]:
                pieces, owner, case = (torch.from_numpy(feeds[k]) for k in ("pieces", "owner", "case"))
                add(1, model.pointer_key(model.memory(pieces, owner, case)[0][case >= 0]))
    finally:
        hook.remove()
    return sums[0] / counts[0], sums[1] / counts[1]


class _Recorded:
    """A session that keeps what it is asked."""

    def __init__(self, session: Any, runs: list[Feeds]) -> None:
        self.session, self.runs = session, runs

    def run(self, names: Sequence[str] | None, feeds: Feeds) -> Any:
        self.runs.append({k: np.array(v) for k, v in feeds.items()})
        return self.session.run(names, feeds)


def _runs(folder: Path, sentences: Sequence[Words]) -> dict[str, list[Feeds]]:
    """What both graphs are asked while `sentences` are read."""
    runtime = Runtime(folder)
    encoded = [e for w in sentences[:MEASURED] if not unfit(w, e := runtime.encode([standing(w)])[0])]
    if not encoded:
        raise ConfigError(
            "8-bit weights need sentences to measure the ranges of activations on: none is given"
        )
    runs: dict[str, list[Feeds]] = {ENCODER: [], DECODER: []}
    runtime.watch(lambda name, session: _Recorded(session, runs[name]))
    for chunk in by_length(encoded, 16):
        runtime.greedy(runtime.begin([encoded[i] for i in chunk]))
    return {ENCODER: runs[ENCODER], DECODER: runs[DECODER][::_EVERY]}


def _soften(graph: Path) -> None:
    """Write HIDDEN where the base model's graph adds the least 32-bit number to hide padding."""
    import onnx

    model = onnx.load(str(graph))
    for node in model.graph.node:
        for a in node.attribute if node.op_type == "Constant" else ():
            value = onnx.numpy_helper.to_array(a.t) if a.name == "value" else None
            if value is not None and value.dtype.kind == "f" and value.size and value.max() < -1e30:
                a.t.CopyFrom(onnx.numpy_helper.from_array(0 * value + value.dtype.type(HIDDEN)))
    onnx.save(model, str(graph))

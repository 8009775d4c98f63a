"""From a trained network to what ships: two ONNX graphs with 8-bit weights, tokenizer, config.

The encoder graph turns word pieces into the memory and its projections; the decoder graph makes
one step with the keys and values of the steps before, so that a batch may shrink on the way.

Knows model and the folder that runtime reads.  Needs torch and onnx (the `train` extra).
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from neurosym.errors import ConfigError
from neurosym.parser.constrain import N_KINDS, N_SYMBOLS
from neurosym.parser.model import Attention, PointerParser
from neurosym.parser.quantize import Feeds, quantize
from neurosym.parser.runtime import (
    CONFIG,
    DECODER,
    ENCODER,
    FORMAT,
    TOKENIZER,
    Runtime,
    Words,
    by_length,
    parts,
    unfit,
)
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS
from neurosym.parser.standins import standing

OPSET = 17
MEASURED = 400  # sentences that ranges of activations are measured on
_EVERY = 3  # of the decoder's steps on them, this is the share that is looked at
# Added to the attention scores of padding: e^-70 vanishes in any sum of 32-bit numbers, and yet is no
# subnormal number, as the exponential of the least one is; these take a softmax six times as long.
_PADDING = -70.0
# Fusions of ONNX Runtime that are slower than their parts: this one's kernel adds one number at a time.
_WITHOUT = ("SkipLayerNormFusion",)


class EncoderGraph(nn.Module):  # type: ignore[misc]
    """What the first graph holds: all that is worked out once for a sentence."""

    def __init__(self, model: PointerParser) -> None:
        super().__init__()
        self.model = model

    def forward(self, pieces: Tensor, owner: Tensor, case: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """pieces, owner, case -> memory and keys of the pointers [B, W, d], keys and values of each layer."""
        memory, _ = self.model.memory(pieces, owner, case)
        words = [part for layer in self.model.layers for part in layer.to_words.project(memory)]
        return memory, self.model.pointer_key(memory), torch.stack(words)


class StepGraph(nn.Module):  # type: ignore[misc]
    """One decoder step; the cache of keys and values goes in and comes out one longer.

    Each layer's keys and values are an array of their own: a stack would be cut and joined again at every
    step.  Shapes are spelt out for one position, so that no node computes them.
    """

    def __init__(self, model: PointerParser) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        choice: Tensor,
        copied: Tensor,
        position: Tensor,
        keys: Tensor,
        bias: Tensor,
        *parts: Tensor,
        **named: Tensor,
    ) -> tuple[Tensor, ...]:
        """choice [R, 1]; copied [R, 1, d], the memory of the word that it points at, 0 for a symbol;
        `parts` or, in their order, `named`: keys and values of the memory layer by layer, then those of
        the steps before.
        """
        m = self.model
        x = m.choice(choice) + copied + m.position(position)
        parts = parts or tuple(named.values())
        words, past = parts[: len(parts) // 2], parts[len(parts) // 2 :]
        new: list[Tensor] = []
        for i, layer in enumerate(m.layers):
            n = layer.norm_self(x)
            kv = layer.to_self.keys_values(n).chunk(2, -1)
            k, v = (
                torch.cat([before, _heads(layer.to_self, now)], 2)
                for before, now in zip(past[2 * i : 2 * i + 2], kv, strict=True)
            )
            new += (k, v)
            x = x + _attend(layer.to_self, n, k, v, None)
            x = x + _attend(layer.to_words, layer.norm_words(x), words[2 * i], words[2 * i + 1], bias)
            x = x + layer.down(nn.functional.gelu(layer.up(layer.norm_ff(x))))
        x = m.norm(x)
        width = m.shape.width
        pointers = m.pointer_query(x).view(-1, N_KINDS, width) @ keys.transpose(1, 2) / math.sqrt(width)
        return torch.cat([m.symbols(x).view(-1, N_SYMBOLS), (pointers + bias[:, 0]).flatten(1)], -1), *new


def _heads(attention: Attention, x: Tensor) -> Tensor:
    """[R, 1, d] as [R, h, 1, d/h]."""
    width = attention.query.in_features
    return x.view(-1, attention.heads, 1, width // attention.heads)


def _attend(attention: Attention, x: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
    """`Attention.forward` for one position."""
    width = attention.query.in_features
    scores = _heads(attention, attention.query(x)) @ k.transpose(-1, -2) / math.sqrt(width // attention.heads)
    if bias is not None:
        scores = scores + bias
    return attention.out((scores.softmax(-1) @ v).view(-1, 1, width))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of its own deprecation and of shapes that the dynamic axes cover.

    The quantizer asks, through the root logger, for a preparation that changes nothing here.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _graphs(model: PointerParser, folder: Path) -> None:
    """Write both graphs with 32-bit weights."""
    pieces = torch.tensor([[1, 2, 3, 4, 5], [1, 6, 7, 5, 0]])
    owner = torch.tensor([[-1, 0, 1, 2, -1], [-1, 0, 0, -1, -1]])
    case = torch.tensor([[1, 0, 0], [0, -1, -1]])
    b, w = {0: "rows"}, {0: "rows", 1: "words"}
    # The exporter puts modules back into the mode it found, so the wrappers must not be training.
    encoder, step = EncoderGraph(model).eval(), StepGraph(model).eval()
    with torch.no_grad(), _quiet():
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
        from_words, before, after = parts(layers2)
        torch.onnx.export(
            step,
            (
                torch.full((2, 1), N_SYMBOLS),
                memory[:, :1],
                torch.tensor([3]),
                keys,
                torch.zeros(2, 1, 1, 3),
                *words,
                *torch.zeros(layers2, 2, h, 3, dh),
            ),
            str(folder / DECODER),
            input_names=["choice", "copied", "position", "keys", "bias", *from_words, *before],
            output_names=["scores", *after],
            dynamic_axes={
                "choice": b,
                "copied": b,
                "keys": w,
                "bias": {0: "rows", 3: "words"},
                **{name: {0: "rows", 2: "words"} for name in from_words},
                **{name: {0: "rows", 2: "steps"} for name in before},
                "scores": {0: "rows", 1: "choices"},
                **{name: {0: "rows", 2: "steps1"} for name in after},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def export(
    model: PointerParser,
    tokenizer: Path,
    folder: Path,
    about: Mapping[str, Any] | None = None,
    int8: bool = True,
    sentences: Sequence[Words] = (),
) -> None:
    """Write the model folder: graphs, tokenizer, config (`about` is added to the config).

    Files appear whole or not at all.  `int8` makes weights and products 8-bit (see `quantize`): a
    quarter of the size, more than twice the speed; ranges are measured on `sentences`, of which a few
    hundred are enough.  Raises ConfigError where there are none that can be encoded.
    """
    model = model.eval().cpu().float()
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "format": FORMAT,
        "symbols": list(SYMBOLS),
        "kinds": list(POINTER_KINDS),
        "int8": int8,
        "disabled_optimizers": list(_WITHOUT),
        **(about or {}),
    }
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        raw = Path(scratch) / "raw"
        raw.mkdir()
        _graphs(model, raw)
        _soften(raw / ENCODER)
        shutil.copyfile(tokenizer, raw / TOKENIZER)
        (raw / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        if int8:
            for name, runs in _runs(raw, sentences).items():
                with _quiet():
                    quantize(raw / name, raw / f"{name}.8", runs)
                (raw / f"{name}.8").replace(raw / name)
        for name in (ENCODER, DECODER, TOKENIZER, CONFIG):
            (raw / name).replace(folder / name)


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
        runtime.greedy([encoded[i] for i in chunk])
    return {ENCODER: runs[ENCODER], DECODER: runs[DECODER][::_EVERY]}


def _soften(graph: Path) -> None:
    """Write _PADDING where the base model's graph adds the least 32-bit number to hide padding."""
    import onnx

    model = onnx.load(str(graph))
    for node in model.graph.node:
        for a in node.attribute if node.op_type == "Constant" else ():
            value = onnx.numpy_helper.to_array(a.t) if a.name == "value" else None
            if value is not None and value.dtype.kind == "f" and value.size and value.max() < -1e30:
                a.t.CopyFrom(onnx.numpy_helper.from_array(0 * value + value.dtype.type(_PADDING)))
    onnx.save(model, str(graph))

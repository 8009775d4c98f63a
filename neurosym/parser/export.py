"""From a trained network to what ships: two ONNX graphs with 8-bit weights, tokenizer, config.

The encoder graph turns word pieces into the memory and its projections; the decoder graph makes
one step with the keys and values of the steps before, so that a batch may shrink on the way.

Knows model and the folder that runtime reads.  Needs torch and onnx (the `train` extra).
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from neurosym.parser.constrain import N_SYMBOLS
from neurosym.parser.model import PointerParser
from neurosym.parser.runtime import CONFIG, DECODER, ENCODER, FORMAT, TOKENIZER
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS

OPSET = 17


class EncoderGraph(nn.Module):  # type: ignore[misc]
    def __init__(self, model: PointerParser) -> None:
        super().__init__()
        self.model = model

    def forward(self, pieces: Tensor, owner: Tensor, case: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        memory, _ = self.model.memory(pieces, owner, case)
        words = [part for layer in self.model.layers for part in layer.to_words.project(memory)]
        return memory, self.model.pointer_key(memory), torch.stack(words)


class StepGraph(nn.Module):  # type: ignore[misc]
    """One decoder step; the cache of keys and values goes in and comes out one longer."""

    def __init__(self, model: PointerParser) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        choice: Tensor,
        word: Tensor,
        position: Tensor,
        memory: Tensor,
        keys: Tensor,
        words: Tensor,
        bias: Tensor,
        past: Tensor,
    ) -> tuple[Tensor, Tensor]:
        m = self.model
        x = m.embed(choice, word, memory, position)
        new: list[Tensor] = []
        for i, layer in enumerate(m.layers):
            x, grown = layer(x, (words[2 * i], words[2 * i + 1]), bias, None, (past[2 * i], past[2 * i + 1]))
            new += grown
        return m.score(m.norm(x), keys, bias)[:, 0], torch.stack(new)


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
        torch.onnx.export(
            step,
            (
                torch.full((2, 1), N_SYMBOLS),
                torch.zeros((2, 1), dtype=torch.long),
                torch.tensor([3]),
                memory,
                keys,
                words,
                torch.zeros(2, 1, 1, 3),
                torch.zeros(layers2, 2, h, 3, dh),
            ),
            str(folder / DECODER),
            input_names=["choice", "word", "position", "memory", "keys", "words", "bias", "past"],
            output_names=["scores", "new_past"],
            dynamic_axes={
                "choice": b,
                "word": b,
                "memory": w,
                "keys": w,
                "words": {1: "rows", 3: "words"},
                "bias": {0: "rows", 3: "words"},
                "past": {1: "rows", 3: "steps"},
                "scores": {0: "rows", 1: "choices"},
                "new_past": {1: "rows", 3: "steps1"},
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
) -> None:
    """Write the model folder: graphs, tokenizer, config (`about` is added to the config).

    Files appear whole or not at all.  `int8` quantizes the weights dynamically (Krishnamoorthi
    2018): a quarter of the size, about twice the speed.
    """
    model = model.eval().cpu().float()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        raw = Path(scratch) / "raw"
        raw.mkdir()
        _graphs(model, raw)
        for name in (ENCODER, DECODER):
            if int8:
                _quantize(raw / name, Path(scratch) / name)
                (Path(scratch) / name).replace(folder / name)
            else:
                (raw / name).replace(folder / name)
    if tokenizer.resolve() != (folder / TOKENIZER).resolve():
        shutil.copyfile(tokenizer, folder / TOKENIZER)
    config = {
        "format": FORMAT,
        "symbols": list(SYMBOLS),
        "kinds": list(POINTER_KINDS),
        "int8": int8,
        **(about or {}),
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _quantize(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(
            str(source),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )

"""The scorer's network as an ONNX graph with 8-bit weights, beside the parser's graphs.

Its word vectors are the base's, which stay frozen in both networks, so the bytes are those of the parser's
encoder file: the graph points into that file (external data, ONNX IR specification) instead of having
them a second time.  Knows the network and files; must not know training or calibration.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from neurosym.parser.constrain import BOS, EOS, N_SYMBOLS, PAD
from neurosym.parser.export import OPSET, _quiet
from neurosym.parser.quantize import Feeds, quantize
from neurosym.parser.runtime import ENCODER
from neurosym.parser.scorer import GRAPH, INPUTS

LARGE = 1_000_000  # bytes: smaller tensors are not worth sharing


def export(model: Any, folder: Path, runs: Sequence[Feeds]) -> None:
    """Write the graph into the parser's model folder, whole or not at all.

    `runs`: INPUTS like those that it will see, which the ranges of activations are measured on.
    """
    model = model.eval().cpu().float()
    pieces = torch.tensor([[2, 5, 6, 3, 0], [2, 7, 7, 5, 3]])
    owner = torch.tensor([[-1, 0, 1, -1, -1], [-1, 0, 0, 1, -1]])
    case, row = torch.tensor([[1, 0], [0, 0]]), torch.tensor([0, 0, 1])
    choice = torch.tensor([[BOS, N_SYMBOLS, EOS, PAD]] * 3)
    word = torch.tensor([[0, 1, 0, 0]] * 3)
    axes: dict[str, dict[int, str]] = {n: {0: "rows", 1: "pieces"} for n in ("pieces", "owner")}
    axes |= {"case": {0: "rows", 1: "words"}, "row": {0: "readings"}, "logits": {0: "readings"}}
    axes |= {n: {0: "readings", 1: "tokens"} for n in ("choice", "word")}
    with tempfile.TemporaryDirectory(dir=folder) as scratch, torch.no_grad():
        raw, small = Path(scratch) / "raw.onnx", Path(scratch) / GRAPH
        with _quiet():
            torch.onnx.export(
                model,
                (pieces, owner, case, row, choice, word),
                str(raw),
                input_names=list(INPUTS),
                output_names=["logits"],
                dynamic_axes=axes,
                opset_version=OPSET,
                dynamo=False,
            )
            quantize(raw, small, runs)
        _share(small, folder / ENCODER)
        shutil.move(small, folder / GRAPH)


def _share(graph: Path, other: Path) -> None:
    """Let large tensors of `graph` that `other` has byte by byte be read from there."""
    import onnx

    model, theirs = onnx.load(str(graph)), other.read_bytes()
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) < LARGE or (offset := theirs.find(tensor.raw_data)) < 0:
            continue
        place = {"location": other.name, "offset": offset, "length": len(tensor.raw_data)}
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
    graph.write_bytes(model.SerializeToString())

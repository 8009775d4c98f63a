"""The scorer's network as an ONNX graph with 8-bit weights, beside the parser's graphs.

Knows the network and files; must not know training or calibration.  Needs torch and onnx (the `train` extra).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from neurosym.parser.export import OPSET, quietly
from neurosym.parser.quantize import Feeds, quantize
from neurosym.parser.scorer import GRAPH, INPUTS, N_DOUBTS, N_MARKS, N_USES, NOWHERE, PADDING
from neurosym.parser.scorer_model import ReadingScorer


def export(model: ReadingScorer, folder: Path, runs: Sequence[Feeds]) -> None:
    """Write the graph into the parser's model folder, whole or not at all.

    `runs`: INPUTS like those that it will see, which the ranges of activations are measured on.
    """
    model = model.eval().cpu().float()
    inputs = (
        torch.zeros(2, 3, model.shape.width),
        torch.zeros(2, 1, 1, 3),
        torch.tensor([0, 0, 1]),
        torch.zeros(3, N_DOUBTS),
        torch.zeros(3, 4, N_MARKS),
        torch.tensor([[0, NOWHERE, 2, PADDING]] * 3),
        torch.zeros(3, 3, N_USES),
    )
    axes: dict[str, dict[int, str]] = {
        "memory": {0: "rows", 1: "words"},
        "bias": {0: "rows", 3: "words"},
        "row": {0: "readings"},
        "doubts": {0: "readings"},
        "said": {0: "readings", 1: "steps"},
        "word": {0: "readings", 1: "steps"},
        "used": {0: "readings", 1: "words"},
        "logits": {0: "readings"},
    }
    with tempfile.TemporaryDirectory(dir=folder) as scratch, torch.no_grad():
        raw, small = Path(scratch) / "raw.onnx", Path(scratch) / GRAPH
        with quietly():
            torch.onnx.export(
                model,
                inputs,
                str(raw),
                input_names=list(INPUTS),
                output_names=["logits"],
                dynamic_axes=axes,
                opset_version=OPSET,
                dynamo=False,
            )
            quantize(raw, small, runs)
        shutil.move(small, folder / GRAPH)

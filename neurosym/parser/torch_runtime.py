"""The parser's network run by torch: on a GPU where there is one, with the same decoding.

`neurosym train` leaves `parser.safetensors` beside the exported graphs; this runtime reads it.
The graphs that ship with the package are for the CPU and need no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError, ParserError
from neurosym.parser.runtime import Runtime

WEIGHTS_FILE = "parser.safetensors"


def save_weights(model: Any, folder: Path) -> None:
    """Write the network's weights, shape and encoder configuration; the file appears whole or not at all."""
    from safetensors.torch import save_file

    about = {"shape": json.dumps(asdict(model.shape)), "encoder": json.dumps(model.encoder.config.to_dict())}
    part = folder / (WEIGHTS_FILE + ".part")
    save_file({k: v.detach().cpu().contiguous() for k, v in model.state_dict().items()}, str(part), about)
    part.replace(folder / WEIGHTS_FILE)


def pick_device(device: str) -> str:
    """ "cpu", or a torch device; "auto" is the GPU where torch sees one, else the CPU graphs."""
    if device != "auto":
        return device
    try:
        import torch
    except ImportError:
        return "cpu"
    return "cuda" if torch.cuda.is_available() else "cpu"


class TorchRuntime(Runtime):
    """A `Runtime` whose two graphs are run by torch on `device`.

    Raises ConfigError without torch or for a device that torch does not have, ParserError for
    a folder without `parser.safetensors`.
    """

    at_once = 1024  # a GPU is quicker the more it has to do

    def __init__(self, folder: Path, device: str) -> None:
        super().__init__(folder)  # checks the folder's configuration and loads the tokenizer
        try:
            import torch
            from safetensors import safe_open

            from neurosym.parser.graphs import EncoderGraph, StepGraph
            from neurosym.parser.model import PointerParser, Shape, build_encoder, truncate
        except ImportError as e:
            raise ConfigError(f"parsing on {device!r} needs the extra [train] ({e.name} is missing)") from e
        file = folder / WEIGHTS_FILE
        if not file.is_file():
            hint = "train with `neurosym train`, which writes it, or parse on the CPU"
            raise ParserError(f"the model folder has no file {WEIGHTS_FILE}", document=str(folder), hint=hint)
        try:
            with safe_open(str(file), "pt") as f:
                about, weights = f.metadata(), {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118
            shape = Shape(**json.loads(about["shape"]))
            model = PointerParser(
                truncate(build_encoder(json.loads(about["encoder"])), shape.encoder_layers), shape
            )
            model.load_state_dict(weights)
            graphs = [g.to(device) for g in (EncoderGraph(model), StepGraph(model))]
        except (RuntimeError, AssertionError) as e:
            raise ConfigError(f"the parser cannot run on {device!r}: {e}") from e
        except Exception as e:  # safetensors' errors share no public root
            raise ParserError(f"cannot load the weights: {e}", document=str(file)) from e
        self._encoder = _Session(torch, graphs[0], device)
        self._decoder = _Session(torch, graphs[1], device)


class _Session:
    """Looks like an ONNX Runtime session: numpy in, numpy out."""

    def __init__(self, torch: Any, graph: Any, device: str) -> None:
        self._torch, self._graph, self._device = torch, graph.eval(), device

    def run(self, _: None, feeds: Mapping[str, Any]) -> list[Any]:
        with self._torch.inference_mode():
            found = self._graph(**{k: self._torch.from_numpy(v).to(self._device) for k, v in feeds.items()})
            return [t.float().cpu().numpy() for t in found]

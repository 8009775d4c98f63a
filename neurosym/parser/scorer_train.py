"""Training the scorer for a parser's model folder: `neurosym train scorer.toml`.

A cross-encoder over the parser's word vectors learns from `scorer_data`'s groups which readings are right;
then a logistic regression makes one score of its logit and the cheap signals, on sentences with other words
and constructions.  The scorer belongs to that parser's encoder, which is left as it is and runs once for a
sentence, so that an epoch is cheap.  OUT/model is a copy of the parser with the new scorer; the parser's own
folder is not written to, unless `install` asks for it, and then when all is done.  A run that was cut short
goes on from its checkpoint.  Needs torch (the `train` extra).  Deterministic on one machine for one seed,
unless `max_minutes` cuts the run short.

Knows samples, groups of readings and the parser's folder; must not know how sentences are made or what
reads the score.
"""

from __future__ import annotations

import math
import os
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from neurosym.errors import ConfigError
from neurosym.parser.calibrate import CALIBRATION, read_calibration
from neurosym.parser.card import SCORER_CARD, scorer_card
from neurosym.parser.folders import copied, made, write_figures
from neurosym.parser.loop import Plan, Point, by_length, restore, run, store, whole
from neurosym.parser.loop import fingerprint as run_of
from neurosym.parser.runtime import ENCODER, Runtime
from neurosym.parser.scorer import (
    CONFIG,
    GRAPH,
    INPUTS,
    NO_DOUBTS,
    Bounds,
    Scorer,
    Steps,
    doubts,
    fingerprint,
    pad,
    steps,
)
from neurosym.parser.scorer_data import Group, Memory, few_wrong, groups, stacked, unsayable, with_slips
from neurosym.parser.scorer_fit import fit, measures, provisional, write_scorer
from neurosym.parser.scorer_habits import FILE as HABITS
from neurosym.parser.scorer_habits import habits_of, write_habits
from neurosym.parser.scorer_model import ADOPTED, ReadingScorer, Shape, adopt, loss
from neurosym.parser.settings import Data, Sample, distinct, samples, sources
from neurosym.parser.tables import only, positive, read_toml, required, table

KIND = "scorer"
MEASURED = 400  # sentences that ranges of activations are measured on
LAST, MODEL, METRICS = "last.pt", "model", "metrics.json"  # in the folder of a run
FILES = (GRAPH, HABITS, SCORER_CARD, CONFIG)  # a scorer


@dataclass(frozen=True, slots=True)
class Settings:
    """`parser`: its model folder, empty for the shipped one; `init`: the checkpoint it was exported from
    (best.pt), whose decoder the scorer begins as, or an earlier scorer's (scorer.pt); empty: from nothing.
    `beam`: readings of each sentence; `wrong`: how many wrong ones of these are learnt from; `slips`: gold
    readings with a slip added to each; `unsayable`: sentences without a right reading, as a share of the
    others; `blind`: the share of sentences whose readings are judged without the decoder's doubts, so that
    these do not take the place of reading.  `save_every`: steps between checkpoints; `install`: put the
    scorer's files beside the parser's in the end, over those that are there.  `low`, `high` and `rivals`:
    scorer.Bounds.  `layers` and `dropout`: scorer_model.Shape.
    """

    out: str = "runs/scorer"
    parser: str = ""
    install: bool = False
    init: str = ""
    beam: int = 4
    wrong: int = 2
    slips: int = 0
    unsayable: float = 0.12
    blind: float = 0.0
    seed: int = 0
    epochs: float = 2.0
    max_minutes: float = 20.0
    batch: int = 24
    lr_parser: float = 2.5e-4
    lr_head: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.05
    save_every: int = 200
    threads: int = 1
    bf16: bool = True
    low: float = 0.03
    high: float = 0.97
    rivals: float = 0.5
    layers: int = 2
    dropout: float = 0.05


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
    positive(settings, ("batch", "beam", "threads", "layers", "save_every"), f"{path}: train")
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
    """The vectors of a sentence's words, readings of it, `doubts` of each, and which are right."""

    memory: Memory
    readings: tuple[Steps, ...]
    doubts: tuple[tuple[float, ...], ...]
    right: tuple[bool, ...]


def example(group: Group) -> Example:
    """A reading that the decoder has not made gets its doubts of the best that it made: they are no reason to
    tell the two apart."""
    made = [doubts(c.hypothesis) for c in group.candidates if c.hypothesis is not None]
    best = made[0] if made else NO_DOUBTS
    return Example(
        group.memory,
        tuple(steps(c.tokens) for c in group.candidates),
        tuple(best if c.hypothesis is None else doubts(c.hypothesis) for c in group.candidates),
        tuple(c.right for c in group.candidates),
    )


def blinded(e: Example) -> Example:
    return replace(e, doubts=(NO_DOUBTS,) * len(e.doubts))


def inputs_of(batch: Sequence[Example], step: int = 1) -> tuple[Any, ...]:
    """scorer.INPUTS of some examples; see scorer.pad for `step`."""
    memory, bias = stacked([e.memory for e in batch], step)
    row = np.repeat(np.arange(len(batch)), [len(e.readings) for e in batch])
    readings, doubted = [r for e in batch for r in e.readings], [d for e in batch for d in e.doubts]
    return memory, bias, row, *pad(readings, doubted, memory.shape[1], step)


def gathered(data: Data, folder: Path, share: float) -> list[Sample]:
    """The samples of a source, each sentence once, and sentences that have no reading."""
    plain = distinct((replace(data, repeat=1),), folder)
    return plain + unsayable(plain, int(share * len(plain)), data.seed)


# --- training ----------------------------------------------------------------------------------


def learn(model: ReadingScorer, s: Settings, data: Sequence[Example], last: Path, mark: str) -> float:
    """The minutes that it took.  A run of this `mark` that was cut short goes on from its checkpoint, `last`,
    and ends as it would have ended."""
    named = list(model.named_parameters())
    old, new = ([p for n, p in named if n.startswith(ADOPTED) is known] for known in (True, False))
    optimizer = torch.optim.AdamW(
        [{"params": old, "peak": s.lr_parser}, {"params": new, "peak": s.lr_head}],
        weight_decay=s.weight_decay,
        fused=True,
    )
    start, _ = restore(last, mark, model, optimizer)
    lengths = [len(e.memory) + max(map(len, e.readings)) for e in data]

    def batches(epoch: int) -> list[list[int]]:
        return by_length(lengths, s.batch, random.Random(f"{s.seed}/{epoch}"))

    def one(step: int, places: Sequence[int]) -> tuple[float, int]:
        rng = random.Random(f"{s.seed}/blind/{step}")
        batch = [blinded(data[i]) if rng.random() < s.blind else data[i] for i in places]
        inputs = [torch.from_numpy(a) for a in inputs_of(batch, 4)]
        with torch.autocast("cpu", torch.bfloat16, enabled=s.bf16):
            logits = model(*inputs)
        wrong = loss(logits, torch.tensor([float(r) for e in batch for r in e.right]))
        wrong.backward()
        return wrong.item(), len(batch)

    def remember(now: Point) -> None:
        store(last, mark, model, optimizer, now)

    plan = Plan(
        steps=max(1, math.ceil(len(data) / s.batch * s.epochs)),
        per_epoch=math.ceil(len(data) / s.batch),
        warmup=s.warmup,
        max_minutes=s.max_minutes,
        save_every=s.save_every,
    )
    model.train()
    return run(plan, optimizer, batches, one, start=start, remember=remember).minutes


def mark_of(recipe: Recipe, encoder: str, data: Sequence[Example]) -> str:
    """What a checkpoint is one with: how is learnt (not where the parser lies or what follows after), the
    fingerprint of the parser's encoder, and the readings."""
    how = replace(recipe.settings, parser=encoder, install=False, low=0.0, high=1.0, rivals=0.0)
    return run_of(how, len(data), ((e.readings, e.doubts, e.right) for e in data))


def measured(data: Sequence[Example]) -> list[dict[str, Any]]:
    """Some examples as the network's inputs, from all over `data`."""
    some = sorted(data[:: max(1, len(data) // MEASURED)], key=lambda e: max(map(len, e.readings)))
    return [dict(zip(INPUTS, inputs_of(some[i : i + 8]), strict=True)) for i in range(0, len(some), 8)]


def train(config: str | Path) -> dict[str, Any]:
    """Train, export, calibrate and measure; returns the measures, which OUT/metrics.json has too.

    OUT/model is the parser with its new scorer, and appears whole: until then, and whatever cuts the run
    short, it is as it was before.  Raises ConfigError, and ParserError for a parser that cannot be loaded.
    """
    from neurosym.parser.neural import WEIGHTS

    recipe = read_recipe(Path(config))
    s = recipe.settings
    torch.manual_seed(s.seed)
    torch.set_num_threads(s.threads)
    out, parser = Path(s.out), Path(s.parser) if s.parser else WEIGHTS
    runtime = Runtime(parser, s.threads)
    encoder = fingerprint(parser / ENCODER)
    must_be_apart(out / MODEL, parser, encoder, s.install)
    out.mkdir(parents=True, exist_ok=True)
    with made(out / MODEL, FILES) as folder:
        copied(
            parser, folder, [f.name for f in sorted(parser.iterdir()) if f.is_file() and f.name not in FILES]
        )
        figures = _trained(
            recipe, runtime, folder, (out / "data", encoder), f"neurosym train {Path(config).name}"
        )
    figures = write_figures(out / METRICS, figures)
    print(f"the parser with its scorer is in {out / MODEL}: use it with --parser {out / MODEL}", flush=True)
    if s.install:
        install(out / MODEL, parser)
        print(f"the scorer is installed beside the parser in {parser}", flush=True)
    else:
        print(f"{parser} is as it was: install = true in [train] puts the scorer there, too", flush=True)
    return figures


def _trained(
    recipe: Recipe, runtime: Runtime, folder: Path, kept: tuple[Path, str], command: str
) -> dict[str, Any]:
    """Make the scorer's files in `folder`, a copy of the parser's; returns the measures.

    `kept`: where samples and readings are kept, and the fingerprint of the encoder that reads.
    """
    from neurosym.parser.scorer_export import export

    s, (made_samples, encoder) = recipe.settings, kept
    out = Path(s.out)
    cheap = read_calibration(folder / CALIBRATION)
    model = network(s, runtime.begin(runtime.encode([("a",)])).memory.shape[2])

    def read(told: Sequence[Data]) -> Iterator[Group]:
        """One source after the other: what was read of one is kept whatever the others are."""
        for d in told:
            yield from groups(runtime, gathered(d, made_samples, s.unsayable), s.beam, kept)

    # one source after the other: together they need not fit into memory
    habits = habits_of(sample for d in recipe.habits for sample in samples(d, made_samples))
    print(f"{len(habits.known)} habits of training", flush=True)
    print("the parser's readings of the training sentences", flush=True)
    rng = random.Random(s.seed)
    data: list[Example] = []
    for told in recipe.train:
        few = (few_wrong(g, s.wrong) for g in read((told,)))
        some = [example(with_slips(g, rng, s.slips) if s.slips else g) for g in few if g.candidates]
        data += some * told.repeat
    if not data:
        raise ConfigError("no usable samples: the parser reads none of the sentences of data.train")
    n = sum(len(e.right) for e in data)
    print(f"{n} readings of {len(data)} sentences, {sum(sum(e.right) for e in data)} right", flush=True)
    minutes = learn(model, s, data, out / LAST, mark_of(recipe, encoder, data))
    remember(model, out / "scorer.pt")
    export(model, folder, measured(data))
    del data
    write_habits(habits, folder)
    bounds = Bounds(s.low, s.high, s.rivals)
    figures: dict[str, Any] = {"settings": asdict(s), "readings": n, "minutes": round(minutes, 2)}
    write_scorer(folder, provisional(cheap), bounds, figures)
    held = list(read(recipe.calibrate))
    write_scorer(folder, fit(Scorer(folder, cheap.lexicon, s.threads), cheap, held), bounds, figures)
    tests = {name: measures(folder, list(read(told))) for name, told in recipe.tests.items()}
    for name, found in tests.items():
        print(f"{name}: {found}", flush=True)
    figures |= {"command": command, "tests": tests, "data": told_of(recipe)}
    (folder / SCORER_CARD).write_text(scorer_card(figures), encoding="utf-8")
    return figures


def must_be_apart(model: Path, parser: Path, encoder: str, install: bool) -> None:
    """Raises ConfigError where a run would write over the parser that it reads with or over another model,
    or could not install its scorer."""
    if parser.resolve() in (model.resolve(), *model.resolve().parents):
        raise ConfigError(f"train.out: {model} is in the folder of the parser itself: give another train.out")
    if (model / ENCODER).is_file() and fingerprint(model / ENCODER) != encoder:
        raise ConfigError(f"train.out: {model} holds the model of another parser: give another train.out")
    if install and not os.access(parser, os.W_OK):
        raise ConfigError(f"train.install: {parser} cannot be written: leave install out, copy {model} later")


def install(model: Path, parser: Path) -> None:
    """Put a scorer, which is whole, beside its parser.  Raises ConfigError for another parser by now, or a
    folder that cannot be written."""
    if fingerprint(model / ENCODER) != fingerprint(parser / ENCODER):
        raise ConfigError(f"{parser} has another parser by now: {model} has the one that the scorer is for")
    try:
        with made(parser) as new:
            copied(model, new, FILES)
    except OSError as e:
        raise ConfigError(f"{parser} cannot be written ({e.strerror}); the model is whole in {model}") from e


def told_of(recipe: Recipe) -> dict[str, list[dict[str, Any]]]:
    """The sources by what they were used for."""
    named = {"habits": recipe.habits, "training": recipe.train, "calibration": recipe.calibrate}
    named |= {f"test {name}": told for name, told in sorted(recipe.tests.items())}
    return {name: [asdict(d) for d in told] for name, told in named.items()}


def network(s: Settings, width: int) -> ReadingScorer:
    """The network to begin with, for word vectors of that width.  Raises ConfigError."""
    shape = Shape(width, layers=s.layers, dropout=s.dropout)
    if not s.init:
        return ReadingScorer(shape)
    if not Path(s.init).is_file():
        raise ConfigError(f"train.init: no file {s.init!r}: give the best.pt of the parser's training run")
    try:
        raw = torch.load(s.init, map_location="cpu", weights_only=True)
        theirs = raw["meta"]["shape"]
        heads, feed_forward = int(theirs["heads"]), int(theirs["feed_forward"])
        model = ReadingScorer(replace(shape, heads=heads, feed_forward=feed_forward))
        if raw.get("kind") == KIND:
            model.load_state_dict(raw["model"])
        else:
            adopt(model, raw["model"])
    except (OSError, KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as e:
        raise ConfigError(f"train.init: not a checkpoint for this parser: {s.init}: {e}") from e
    return model


def remember(model: ReadingScorer, path: Path) -> None:
    """A checkpoint that `init` may name."""
    state = {"kind": KIND, "model": model.state_dict(), "meta": {"shape": asdict(model.shape)}}
    whole(path, lambda part: torch.save(state, part))

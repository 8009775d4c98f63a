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
import os
import random
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser import constrain
from neurosym.parser.constrain import BOS, EOS, PAD
from neurosym.parser.runtime import TOKENIZER, Encoded, encode_words, load_tokenizer, pad, unfit
from neurosym.parser.scheme import POINTER_KINDS, SYMBOLS
from neurosym.parser.settings import Base, Config, Sample, Settings, distinct, read_config, samples


@dataclass(frozen=True, slots=True)
class Example:
    encoded: Encoded
    target: tuple[constrain.Choice, ...]


def examples(data: Sequence[Sample], tokenizer: Any) -> list[Example]:
    """What the network trains on; sentences that the runtime would refuse are left out."""
    out = []
    for start in range(0, len(data), 4096):
        part = data[start : start + 4096]
        encoded = encode_words(tokenizer, [s.words for s in part])
        out += [
            Example(e, ((BOS, 0), *constrain.choices(s.tokens), (EOS, 0)))
            for s, e in zip(part, encoded, strict=True)
            if s.tokens and not unfit(s.words, e)
        ]
    return out


# --- the run -----------------------------------------------------------------------------


def sha256(path: Path) -> str:
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


class Reporter:
    """Progress: a bar on a terminal, plain lines elsewhere; scalars to TensorBoard where it is there."""

    def __init__(self, folder: Path, steps: int, start: int) -> None:
        self.steps, self.start, self.begun, self.bar, self.board = steps, start, time.monotonic(), None, None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from torch.utils.tensorboard import SummaryWriter

                self.board = SummaryWriter(str(folder / "tensorboard"))
        except ImportError:
            print("tensorboard is not installed: no scalars are written", flush=True)
        if sys.stderr.isatty():
            from rich.progress import Progress

            self.bar = Progress(transient=True)
            self.bar.start()
            self.task = self.bar.add_task("training", total=steps, completed=start)

    def step(self, step: int, loss: float, lr: float, rate: float) -> None:
        self.scalar("train/loss", loss, step)
        self.scalar("train/lr", lr, step)
        self.scalar("train/examples_per_second", rate, step)
        line = f"step {step}/{self.steps}  loss {loss:.4f}  {rate:.0f} examples/s"
        if self.bar:
            self.bar.update(self.task, completed=step, description=line)
        else:
            print(f"{line}  {time.monotonic() - self.begun:.0f} s", flush=True)

    def scalar(self, name: str, value: float, step: int) -> None:
        if self.board:
            self.board.add_scalar(name, value, step)

    def close(self) -> None:
        if self.bar:
            self.bar.stop()
        if self.board:
            self.board.close()


def save(target: Path, value: Mapping[str, Any]) -> None:
    """torch.save that a kill cannot break: write beside, sync, rename."""
    import torch

    part = target.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(dict(value), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _length(e: Example) -> int:
    return len(e.target) + len(e.encoded.pieces)


def batches(data: Sequence[Example], size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches: shuffled, but of similar lengths inside (less padding)."""
    rng = random.Random(f"{seed}/{epoch}")
    order = list(range(len(data)))
    rng.shuffle(order)
    out = []
    for start in range(0, len(order), size * 50):
        chunk = sorted(order[start : start + size * 50], key=lambda i: _length(data[i]))
        out += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(out)
    return out


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


def _schedule(config: Settings, step: int, steps: int, minutes: float) -> float:
    """Factor on the learning rates: linear warm-up, then linear decay to a fiftieth."""
    done = step / steps
    if config.max_minutes:
        done = max(done, minutes / config.max_minutes)
    return min(1.0, (step + 1) / max(1.0, config.warmup * steps)) * max(0.02, 1.0 - done)


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
    step, best, stale, spent = 0, -1.0, 0, 0.0
    fingerprint = hashlib.sha256(repr((asdict(config), len(train_set))).encode()).hexdigest()
    if (out / "last.pt").is_file():
        last = torch.load(out / "last.pt", map_location=device, weights_only=True)
        if last["fingerprint"] != fingerprint:
            raise ConfigError(
                f"{out / 'last.pt'} is the checkpoint of another configuration: "
                "give another train.out, or delete that file"
            )
        model.load_state_dict(last["model"])
        optimizer.load_state_dict(last["optimizer"])
        step, best, stale, spent = (last[k] for k in ("step", "best", "stale", "spent"))
        torch.set_rng_state(last["rng"].cpu())
        print(f"resumed at step {step}", flush=True)

    report = Reporter(out, steps, step)
    begun, seen, running, mark = time.monotonic(), 0, 0.0, time.monotonic()
    meta = {"encoder": model.encoder.config.to_dict(), "shape": asdict(shape)}
    meta |= {"symbols": list(SYMBOLS), "kinds": list(POINTER_KINDS)}

    def minutes() -> float:
        return spent + (time.monotonic() - begun) / 60

    def evaluate() -> bool:
        """Score the dev set; true where training should stop."""
        nonlocal best, stale
        score = exact_match(model, dev, device)
        report.scalar("dev/exact_match", score, step)
        print(f"step {step}  dev exact match {score:.4f}", flush=True)
        stale = 0 if score > best else stale + 1
        if score > best:
            best = score
            save(out / "best.pt", {"model": model.state_dict(), "meta": meta, "step": step, "dev": score})
        return stale >= s.patience

    def remember() -> None:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "best": best}
        state |= {
            "stale": stale,
            "spent": minutes(),
            "rng": torch.get_rng_state(),
            "fingerprint": fingerprint,
        }
        save(out / "last.pt", state)

    model.train()
    stop = step >= steps or stale >= s.patience
    while not stop:
        epoch, at = divmod(step, per_epoch)
        for ids in batches(train_set, s.batch, s.seed, epoch)[at:]:
            rng = random.Random(f"{s.seed}/case/{step}")
            hide = [rng.random() < s.case_dropout for _ in ids]
            *inputs, choice, word = tensors([train_set[i] for i in ids], device, hide)
            with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=s.bf16):
                scores = model(*inputs, choice[:, :-1], word[:, :-1])
            loss = model.loss(scores, choice[:, 1:], word[:, 1:])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), s.clip)
            factor = _schedule(s, step, steps, minutes())
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step, seen, running = step + 1, seen + len(ids), running + loss.item()
            if step % 50 == 0:
                rate = 50 * s.batch / (time.monotonic() - mark)
                report.step(step, running / 50, factor * s.lr_decoder, rate)
                running, mark = 0.0, time.monotonic()
            late = bool(s.max_minutes) and minutes() >= s.max_minutes
            if step % s.eval_every == 0 or step >= steps or late:
                stop = evaluate() or step >= steps or late
            if step % s.save_every == 0 or stop:
                remember()
            if stop:
                break
    report.close()
    wall = time.monotonic() - begun
    return {
        "steps": step,
        "dev_exact_match": best,
        "minutes": round(minutes(), 2),
        "examples_per_second": round(seen / max(wall, 1e-9), 1),
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

    Raises ConfigError for a configuration, samples or base weights that cannot be used, and
    where the `train` extra is missing.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise ConfigError(f"training needs {error.name}: pip install 'neurosym-engine[train]'") from error
    transformers.utils.logging.disable_progress_bar()

    from neurosym.parser.export import export
    from neurosym.parser.model import base_folder
    from neurosym.parser.torch_runtime import save_weights

    path = Path(config_path)
    config = read_config(path)
    out = Path(config.settings.out)
    out.mkdir(parents=True, exist_ok=True)
    base_hash = check_base(config.base)
    tokenizer_file = Path(base_folder(config.base.model)) / TOKENIZER
    if not tokenizer_file.is_file():
        raise ConfigError(f"the base model {config.base.model!r} has no {TOKENIZER} in its folder")
    tokenizer = load_tokenizer(tokenizer_file)
    print("reading samples", flush=True)
    made = {"train": distinct(config.train, out / "data"), "dev": samples(config.dev, out / "data")}
    data, dev = (examples(made[k], tokenizer) for k in ("train", "dev"))
    if not data or not dev:
        raise ConfigError("no usable samples: the training or the dev set is empty")
    print(f"{len(data)} training and {len(dev)} dev samples", flush=True)
    figures: dict[str, Any] = {
        "command": f"neurosym train {path.name}",
        "config": asdict(config),
        "base_sha256": base_hash,
        "torch": torch.__version__,
        "training_samples": len(data),
        **fit(config, out, data, dev),
    }
    if config.settings.init:
        before = Path(config.settings.init).parent / "metrics.json"
        if before.is_file():
            figures["before"] = json.loads(before.read_text(encoding="utf-8"))
    del data, dev
    from neurosym.parser.calibrate import finish

    folder = Path(config.export.folder) if config.export.folder else out / "model"
    about = {
        "base": {"model": config.base.model, "sha256": base_hash},
        "seed": config.settings.seed,
        "trained_on": [asdict(d) for d in config.train],
        "steps": figures["steps"],
    }
    model = load_model(out / "best.pt")
    export(model, tokenizer_file, folder, about, config.export.int8)
    save_weights(model, folder)  # for parsing with torch on a GPU
    figures |= finish(config, folder, made["train"], out / "data", figures)
    text = json.dumps(figures, indent=1, sort_keys=True) + "\n"
    (out / "metrics.json").write_text(text, encoding="utf-8")
    return figures

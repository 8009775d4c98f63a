"""Training the document tier from a configuration: `train(config_path)`.

One run: make or read stories, teach the model their lines after their text, keep checkpoints that survive
a kill, then write a model folder, calibrate its score and measure it on held-out stories with the reader's
own decoding.  Knows stories and models; must not know how a text is read later.  Needs the `train` extra.
Deterministic on one machine for one seed, unless `max_minutes` cuts the run short.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser.document import lm
from neurosym.parser.document.checkpoint import restore, store
from neurosym.parser.document.decoding import LineDecoder
from neurosym.parser.document.measure import calibrate, measure, outcomes
from neurosym.parser.document.score import as_json
from neurosym.parser.document.settings import Config, distinct, read_config, samples
from neurosym.parser.document.stories import Story
from neurosym.parser.document.target import number, prompt
from neurosym.parser.folders import write_figures
from neurosym.parser.loop import Evaluated, Plan, Point, by_length, fingerprint, run

CHECKPOINT = "last.safetensors"
CHUNK = 30  # see loop.by_length: stories differ more in length than sentences
_IGNORED = -100  # what the loss leaves out


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens of the text; of the logic; and which of the latter are taught (the numbers are given)."""

    text: tuple[int, ...]
    logic: tuple[int, ...]
    taught: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.text) + len(self.logic)


def examples(stories: Sequence[Story], decoder: LineDecoder, tokenizer: Any, longest: int) -> list[Example]:
    """What the model trains on, without stories that are too long or that the grammar cannot say."""
    out = []
    for s in stories:
        logic: list[int] = []
        taught: list[bool] = []
        fine = True
        for i, line in enumerate(s.lines, 1):
            given, said = lm.pieces(tokenizer, number(i)), lm.pieces(tokenizer, line)
            fine = fine and decoder.accepts(said)
            logic += given + said
            taught += [False] * len(given) + [True] * len(said)
        e = Example(tuple(lm.pieces(tokenizer, prompt(s.sentences))), tuple(logic), tuple(taught))
        if fine and len(e) <= longest:
            out.append(e)
    return out


def batches(data: Sequence[Example], size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches, the same for the same seed and epoch."""
    return by_length([len(e) for e in data], size, random.Random(f"{seed}/{epoch}"), CHUNK)


def tensors(batch: Sequence[Example], language: lm.Language) -> tuple[dict[str, Any], Any]:
    """The model's inputs and the labels [rows, tokens] of a batch; both models see the same tokens."""
    import torch

    config = language.model.config
    if language.seq2seq:
        start = (
            config.pad_token_id if config.decoder_start_token_id is None else config.decoder_start_token_id
        )
        texts = _padded([e.text for e in batch], 0)
        before = _padded([(start, *e.logic[:-1]) for e in batch], 0)
        labels = _padded([_labels(e) for e in batch], _IGNORED)
        inputs = {
            "input_ids": texts,
            "attention_mask": _padded([(1,) * len(e.text) for e in batch], 0),
            "decoder_input_ids": before,
        }
    else:
        inputs = {
            "input_ids": _padded([(*e.text, *e.logic[:-1]) for e in batch], 0),
            "attention_mask": _padded([(1,) * (len(e) - 1) for e in batch], 0),
        }
        # each token's label is the one after it
        labels = _padded([((_IGNORED,) * (len(e.text) - 1) + _labels(e)) for e in batch], _IGNORED)
    return (
        {k: torch.tensor(v, device=language.device) for k, v in inputs.items()},
        torch.tensor(labels, device=language.device),
    )


def _labels(e: Example) -> tuple[int, ...]:
    return tuple(t if taught else _IGNORED for t, taught in zip(e.logic, e.taught, strict=True))


def _padded(rows: Sequence[Sequence[int]], fill: int) -> list[list[int]]:
    longest = max(map(len, rows))
    return [[*r, *[fill] * (longest - len(r))] for r in rows]


def loss_of(language: lm.Language, batch: Sequence[Example], bf16: bool) -> tuple[Any, Any, Any]:
    """Mean loss of the taught tokens; [rows, tokens]: which are taught, and which of these are predicted."""
    import torch
    from torch.nn import functional as F

    inputs, labels = tensors(batch, language)
    if not language.seq2seq:
        # the text is not taught, and scores of a whole vocabulary are most of the work
        last = labels.shape[1] - min(len(e.text) for e in batch) + 1
        inputs["logits_to_keep"], labels = last, labels[:, -last:]
    with torch.autocast(language.device.split(":")[0], torch.bfloat16, enabled=bf16):
        scores = language.model(**inputs).logits
    here = labels != _IGNORED
    loss = F.cross_entropy(scores[here].float(), labels[here])
    return loss, here, (scores.detach().argmax(-1) == labels) & here


def fit(
    config: Config, out: Path, language: lm.Language, data: list[Example], dev: list[Example]
) -> dict[str, Any]:
    """Train, or go on where the last checkpoint in `out` stopped.  Returns figures of the run."""
    import torch

    s = config.settings
    model = language.model
    learning = [p for p in model.parameters() if p.requires_grad]
    groups = [{"params": learning, "peak": s.lr}]
    optimizer = torch.optim.AdamW(groups, lr=s.lr, weight_decay=s.weight_decay)
    bf16 = s.bf16 if language.device.startswith("cuda") else s.bf16_cpu
    per_epoch = math.ceil(len(data) / (s.batch * s.accumulate))
    steps = max(1, round(per_epoch * s.epochs))
    mark = fingerprint(config, len(data))
    start, loss_now, lines = Point(), math.inf, 0.0
    if (out / CHECKPOINT).is_file():
        numbers = restore(out / CHECKPOINT, model, optimizer, mark)
        start, loss_now, lines = Point(numbers["step"], numbers["spent"]), numbers["loss"], numbers["lines"]
        print(f"resumed at step {start.step}", flush=True)

    def grouped(epoch: int) -> list[list[list[int]]]:
        todo = batches(data, s.batch, s.seed, epoch)
        return [todo[i : i + s.accumulate] for i in range(0, len(todo), s.accumulate)]

    def learn(_: int, group: list[list[int]]) -> tuple[float, int]:
        total = 0.0
        for ids in group:
            loss, _, _ = loss_of(language, [data[i] for i in ids], bf16)
            (loss / len(group)).backward()
            total += loss.item() / len(group)
        return total, sum(map(len, group))

    def evaluate(_: int) -> Evaluated:
        nonlocal loss_now, lines
        loss_now, lines = dev_figures(language, dev, s.batch, bf16)
        return Evaluated({"loss": loss_now, "lines": lines})

    def remember(now: Point) -> None:
        numbers = {"step": now.step, "spent": now.minutes, "loss": loss_now, "lines": lines}
        store(out / CHECKPOINT, model, optimizer, {**numbers, "fingerprint": mark})

    plan = Plan(steps, per_epoch, s.warmup, s.max_minutes, s.clip, 10, s.eval_every, s.save_every)
    model.train()
    ended = run(
        plan, optimizer, grouped, learn, start=start, evaluate=evaluate, remember=remember, folder=out
    )
    return {
        "steps": ended.step,
        "planned_steps": steps,
        "dev_loss": loss_now,
        "dev_lines": round(lines, 4),
        "minutes": round(ended.minutes, 2),
        "stories_per_second": round(ended.per_second, 2),
        "device": language.device,
        "parameters": sum(p.numel() for p in model.parameters()),
        "trained_parameters": sum(p.numel() for p in learning),
    }


def dev_figures(language: lm.Language, dev: Sequence[Example], size: int, bf16: bool) -> tuple[float, float]:
    """Mean loss of the taught tokens of the dev stories, and the share of lines that are wholly predicted.

    Each token after the right ones before it: what greedy decoding gets right where the lines before are.
    """
    import torch

    language.model.eval()
    total, count, right, lines = 0.0, 0, 0, 0
    with torch.inference_mode():
        for start in range(0, len(dev), size):
            loss, here, hit = loss_of(language, dev[start : start + size], bf16)
            n = int(here.sum())
            total, count = total + loss.item() * n, count + n
            for taught, predicted in zip(here.tolist(), hit.tolist(), strict=True):
                # lines are runs of taught tokens: their numbers stand between them
                for is_line, run in groupby(zip(taught, predicted, strict=True), key=lambda x: x[0]):
                    lines, right = lines + is_line, right + (is_line and all(p for _, p in run))
    language.model.train()
    return total / max(1, count), right / max(1, lines)


def train(config_path: str | Path) -> dict[str, Any]:
    """Run a whole configuration; returns the figures that it also writes to OUT/metrics.json.

    Leaves the folder OUT/model for `reader.DocumentParser`.  Raises ConfigError for a configuration,
    stories or a base model that cannot be used, and where the `train` extra is missing.
    """
    try:
        import torch
    except ImportError as e:
        raise ConfigError(f"training needs {e.name}: pip install 'neurosym-engine[train]'") from e
    path = Path(config_path)
    config = read_config(path)
    s = config.settings
    out = Path(s.out)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(s.seed)
    torch.set_num_threads(s.threads)
    language = lm.load_base(config.base.model, lm.pick_device(s.device))
    if config.lora.rank:
        language = lm.adapted(language, config.lora.rank, config.lora.alpha, config.lora.dropout)
    decoder = LineDecoder(language)
    print("reading stories", flush=True)
    told, held = distinct(config.train, out / "data"), samples(config.dev, out / "data")
    data, dev = (examples(x, decoder, language.tokenizer, s.longest) for x in (told, held))
    if not data or not dev:
        raise ConfigError("no usable stories: the training or the dev set is empty")
    print(f"{len(data)} of {len(told)} training and {len(dev)} of {len(held)} dev stories", flush=True)
    figures: dict[str, Any] = {
        "command": f"neurosym train {path.name}",
        "config": asdict(config),
        "torch": torch.__version__,
        "training_stories": len(data),
        **fit(config, out, language, data, dev),
    }
    folder = out / "model"
    about = {
        "base": config.base.model,
        "lora": asdict(config.lora) if config.lora.rank else {},
        "decoding": asdict(config.decoding),
        "trained_on": [asdict(d) for d in config.train],
        "steps": figures["steps"],
    }
    lm.save(language, folder, about)
    del language, decoder
    figures |= finish(config, out, folder)
    return write_figures(out / "metrics.json", figures)


def finish(config: Config, out: Path, folder: Path) -> dict[str, Any]:
    """Load the folder as a reader does, calibrate its score, and measure it on the tests."""
    language = lm.load(folder, lm.pick_device(config.settings.device))
    language.model.eval()
    decoder, d = LineDecoder(language), config.decoding
    figures: dict[str, Any] = {
        "folder_bytes": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    }
    calibration = None
    held = distinct(config.calibrate, out / "data")
    if held:
        calibration = calibrate(outcomes(decoder, held, d))
        if calibration is not None:
            about = lm.read_about(folder)
            lm.write_about(folder, {**about, "calibration": as_json(calibration)})
    figures["calibrated"] = calibration is not None
    figures["tests"] = {}
    for name, data in config.tests.items():
        begun = time.monotonic()
        stories = samples(data, out / "data")
        found = measure(outcomes(decoder, stories, d), calibration)
        found["seconds_per_story"] = round((time.monotonic() - begun) / max(1, len(stories)), 2)
        figures["tests"][name] = found
        print(f"{name}: {found}", flush=True)
    return figures

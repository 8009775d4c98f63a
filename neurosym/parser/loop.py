"""The training loop: steps through batches, with a schedule, progress, and checkpoints that survive a kill.

Knows an optimizer, when things are due, and how a run is kept and gone on with; must not know what is
trained or on what: callbacks do.  Each group of the optimizer has its highest learning rate as "peak".
"""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from neurosym.errors import ConfigError

Batch = TypeVar("Batch")
NEVER = sys.maxsize
CHUNK = 50  # batches whose examples are sorted by length together


@dataclass(frozen=True, slots=True)
class Plan:
    """When what is due, in steps.  `warmup` is a share of all; `max_minutes` (0: no limit) shortens the
    schedule so that it ends in that time; `clip` is the longest gradient."""

    steps: int
    per_epoch: int
    warmup: float
    max_minutes: float = 0.0
    clip: float = 1.0
    say_every: int = 50
    eval_every: int = NEVER
    save_every: int = NEVER


@dataclass(frozen=True, slots=True)
class Point:
    """How far a run is.  `minutes` are those of all its sessions; `per_second`: examples, of this session."""

    step: int = 0
    minutes: float = 0.0
    per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Figures of the dev set by name, and whether training should stop."""

    figures: Mapping[str, float]
    stop: bool = False


def run(
    plan: Plan,
    optimizer: Any,
    batches: Callable[[int], Sequence[Batch]],
    learn: Callable[[int, Batch], tuple[float, int]],
    *,
    start: Point = Point(),
    evaluate: Callable[[int], Evaluated] | None = None,
    remember: Callable[[Point], None] | None = None,
    folder: Path | None = None,
) -> Point:
    """Go on from `start` to the end of the plan.

    `batches` of an epoch, the same for the same number; `learn` takes the number of the step and its batch,
    leaves the gradients, and returns the loss and how many examples there were.  The last step is always
    evaluated and remembered.  `folder`: where scalars for TensorBoard go.  A KeyboardInterrupt goes through,
    after a line that says from where the run will go on.
    """
    import torch

    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    report = Reporter(folder, plan.steps, start.step)
    step, seen, begun = start.step, 0, time.monotonic()
    running, count, mark, kept = 0.0, 0, begun, start.step

    def minutes() -> float:
        return start.minutes + (time.monotonic() - begun) / 60

    def over() -> bool:
        return step >= plan.steps or bool(plan.max_minutes and minutes() >= plan.max_minutes)

    stop = over()
    try:
        while not stop:
            epoch, at = divmod(step, plan.per_epoch)
            for batch in batches(epoch)[at:]:
                loss, n = learn(step, batch)
                torch.nn.utils.clip_grad_norm_(parameters, plan.clip)
                factor = schedule(plan, step, minutes())
                for group in optimizer.param_groups:
                    group["lr"] = group["peak"] * factor
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                step, seen, running, count = step + 1, seen + n, running + loss, count + n
                if step % plan.say_every == 0:
                    rate = count / max(1e-9, time.monotonic() - mark)
                    report.step(step, running / plan.say_every, optimizer.param_groups[-1]["lr"], rate)
                    running, count, mark = 0.0, 0, time.monotonic()
                stop = over()
                if evaluate is not None and (stop or step % plan.eval_every == 0):
                    found = evaluate(step)
                    report.dev(step, found.figures)
                    stop = stop or found.stop
                if remember is not None and (stop or step % plan.save_every == 0):
                    remember(Point(step, minutes()))
                    kept = step
                if stop:
                    break
    except KeyboardInterrupt:
        if remember is not None:
            print(f"interrupted at step {step}: the same command goes on from step {kept}", flush=True)
        raise
    finally:
        report.close()
    return Point(step, minutes(), seen / max(1e-9, time.monotonic() - begun))


def schedule(plan: Plan, step: int, minutes: float) -> float:
    """Factor on the learning rates: linear warm-up, then linear decay to a fiftieth."""
    done = max(step / plan.steps, minutes / plan.max_minutes if plan.max_minutes else 0.0)
    return min(1.0, (step + 1) / max(1.0, plan.warmup * plan.steps)) * max(0.02, 1.0 - done)


def by_length(lengths: Sequence[int], size: int, rng: random.Random, chunk: int = CHUNK) -> list[list[int]]:
    """One epoch's batches, as places: shuffled, but of similar lengths inside (less padding)."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    out = []
    for start in range(0, len(order), size * chunk):
        part = sorted(order[start : start + size * chunk], key=lambda i: lengths[i])
        out += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(out)
    return out


# --- checkpoints ---------------------------------------------------------------------------


def fingerprint(config: Any, examples: int, content: Iterable[object] = ()) -> str:
    """What a checkpoint belongs to: a configuration (a dataclass), the number of its examples, and, where it
    is told, what these are."""
    found = hashlib.sha256(repr((asdict(config), examples)).encode())
    for one in content:
        found.update(repr(one).encode())
    return found.hexdigest()


def must_be(found: object, expected: str, checkpoint: Path) -> None:
    """Raises ConfigError where the fingerprint of a checkpoint is another one."""
    if found != expected:
        raise ConfigError(
            f"{checkpoint} is the checkpoint of another configuration: "
            "give another train.out, or delete that file"
        )


def whole(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file that a kill cannot break: beside, synced, renamed."""
    part = target.with_suffix(".part")
    write(part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)


def store(target: Path, mark: str, model: Any, optimizer: Any, now: Point, **more: object) -> None:
    """Write a checkpoint: the network, its optimizer, torch's random state, how far the run is, and `more`.

    `mark`: the run's fingerprint, which `restore` asks for.
    """
    import torch

    state = {"fingerprint": mark, "step": now.step, "spent": now.minutes, "rng": torch.get_rng_state()}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict(), **more}
    whole(target, lambda part: torch.save(state, part))


def restore(
    source: Path, mark: str, model: Any, optimizer: Any, device: str = "cpu"
) -> tuple[Point, dict[str, Any]]:
    """Put back what `store` kept, where the file is there: the point to go on from, and all that it holds.

    Raises ConfigError for the checkpoint of another run, and for a broken one.
    """
    import torch

    if not source.is_file():
        return Point(), {}
    try:
        last: dict[str, Any] = torch.load(source, map_location=device, weights_only=True)
        found = last["fingerprint"]
    except (OSError, EOFError, RuntimeError, KeyError, TypeError, pickle.UnpicklingError) as e:
        # torch's own words advise to load it in an unsafe way
        why = f"{source} is a broken checkpoint ({type(e).__name__}): delete it to begin anew"
        raise ConfigError(why) from e
    must_be(found, mark, source)
    model.load_state_dict(last["model"])
    optimizer.load_state_dict(last["optimizer"])
    torch.set_rng_state(last["rng"].cpu())
    start = Point(last["step"], last["spent"])
    print(f"resumed at step {start.step}", flush=True)
    return start, last


# --- progress ------------------------------------------------------------------------------


class Reporter:
    """Progress: a bar on a terminal, plain lines elsewhere; scalars to TensorBoard where it is there."""

    def __init__(self, folder: Path | None, steps: int, start: int) -> None:
        self.steps, self.begun, self.bar = steps, time.monotonic(), None
        self.board = _board(folder) if folder is not None else None
        if sys.stderr.isatty():
            from rich.progress import Progress

            self.bar = Progress(transient=True)
            self.bar.start()
            self.task = self.bar.add_task("training", total=steps, completed=start)

    def step(self, step: int, loss: float, lr: float, rate: float) -> None:
        """Say how far the run is: `rate` in examples a second."""
        for name, value in (("loss", loss), ("lr", lr), ("examples_per_second", rate)):
            self.scalar(f"train/{name}", value, step)
        line = f"step {step}/{self.steps}  loss {loss:.4f}  {rate:.0f} examples/s"
        if self.bar:
            self.bar.update(self.task, completed=step, description=line)
        else:
            print(f"{line}  {time.monotonic() - self.begun:.0f} s", flush=True)

    def dev(self, step: int, figures: Mapping[str, float]) -> None:
        """Say the figures of the dev set."""
        for name, value in figures.items():
            self.scalar(f"dev/{name}", value, step)
        said = "  ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in figures.items())
        print(f"step {step}  dev {said}", flush=True)

    def scalar(self, name: str, value: float, step: int) -> None:
        """A point of a curve, where there is a board."""
        if self.board:
            self.board.add_scalar(name, value, step)

    def close(self) -> None:
        """End the bar and the board."""
        if self.bar:
            self.bar.stop()
        if self.board:
            self.board.close()


def _board(folder: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from torch.utils.tensorboard import SummaryWriter

            return SummaryWriter(str(folder / "tensorboard"))
    except ImportError:
        print("tensorboard is not installed: no scalars are written", flush=True)
        return None

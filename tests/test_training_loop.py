"""The training loop, its checkpoints, and configurations that are wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from neurosym.errors import ConfigError
from neurosym.parser import loop, tables
from neurosym.parser.loop import Evaluated, Plan, Point

torch = pytest.importorskip("torch")

TARGETS = [float(n % 7) for n in range(23)]


@dataclass(frozen=True, slots=True)
class Recipe:
    out: str
    epochs: float = 1.0
    batch: int = 4
    bf16: bool = True


@dataclass
class Run:
    """A number that learns the mean of TARGETS, and what the loop asked for on the way."""

    weight: Any
    optimizer: Any
    steps: list[int]
    kept: list[tuple[Point, float, dict[str, Any]]]

    def learn(self, step: int, ids: list[int]) -> tuple[float, int]:
        self.steps.append(step)
        loss = sum((self.weight - TARGETS[i]) ** 2 for i in ids) / len(ids)
        loss.backward()
        return loss.item(), len(ids)

    def remember(self, now: Point) -> None:
        self.kept.append((now, self.weight.item(), deepcopy(self.optimizer.state_dict())))


def begun(value: float = 0.0) -> Run:
    weight = torch.nn.Parameter(torch.tensor(value))
    return Run(weight, torch.optim.AdamW([{"params": [weight], "peak": 0.5}]), [], [])


def batches(epoch: int) -> list[list[int]]:
    return loop.by_length([n % 5 for n in range(len(TARGETS))], 4, random.Random(f"3/{epoch}"))


def go(r: Run, plan: Plan, **more: Any) -> Point:
    return loop.run(plan, r.optimizer, batches, r.learn, remember=r.remember, **more)


PLAN = Plan(steps=15, per_epoch=6, warmup=0.2, eval_every=4, save_every=5)


def test_a_run_that_goes_on_ends_where_one_that_ran_through_does() -> None:
    whole = begun()
    assert go(whole, PLAN).step == 15
    assert [now.step for now, _, _ in whole.kept] == [5, 10, 15]
    now, value, state = whole.kept[0]
    rest = begun(value)
    rest.optimizer.load_state_dict(state)
    assert go(rest, PLAN, start=now).step == 15
    assert rest.steps == list(range(5, 15))
    assert rest.weight.item() == whole.weight.item() != value


def test_an_evaluation_can_stop_the_run() -> None:
    r = begun()
    assert go(r, PLAN, evaluate=lambda step: Evaluated({}, stop=step >= 8)).step == 8
    assert r.kept[-1][0].step == 8


def test_the_last_step_is_evaluated_and_remembered() -> None:
    r, seen = begun(), list[int]()

    def evaluate(step: int) -> Evaluated:
        seen.append(step)
        return Evaluated({"loss": 1.0})

    go(r, PLAN, evaluate=evaluate)
    assert seen == [4, 8, 12, 15]
    assert r.kept[-1][0].step == 15


def test_time_that_is_up_ends_the_run() -> None:
    late = Plan(steps=15, per_epoch=6, warmup=0.2, max_minutes=1e-9)
    r = begun()
    assert go(r, late, start=Point(3, 1.0)).step == 3
    assert r.steps == []
    assert go(r, late).step <= 1


def test_the_schedule_rises_and_falls() -> None:
    plan = Plan(steps=100, per_epoch=10, warmup=0.1)
    factors = [loop.schedule(plan, step, 0.0) for step in range(100)]
    assert factors[:2] == [pytest.approx(0.1), pytest.approx(0.2 * 0.99)]
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[-1] == 0.02
    timed = Plan(steps=100, per_epoch=10, warmup=0.1, max_minutes=4.0)
    assert loop.schedule(timed, 20, 3.0) == pytest.approx(0.25), "time is further than the steps are"


def test_batches_hold_each_place_once_and_similar_lengths() -> None:
    lengths = [10 + n % 37 for n in range(101)]
    found = loop.by_length(lengths, 8, random.Random(1))
    assert sorted(i for b in found for i in b) == list(range(101))
    assert max(max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in found) <= 4
    assert (
        found == loop.by_length(lengths, 8, random.Random(1)) != loop.by_length(lengths, 8, random.Random(2))
    )


def test_a_kill_leaves_the_file_before(tmp_path: Path) -> None:
    target = tmp_path / "last.pt"
    target.write_bytes(b"old")

    def dies(part: Path) -> None:
        part.write_bytes(b"ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop.whole(target, dies)
    assert target.read_bytes() == b"old"
    loop.whole(target, lambda part: part.write_bytes(b"new"))
    assert target.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["last.pt"]


def test_a_checkpoint_of_another_configuration_is_refused() -> None:
    mine, other = (loop.fingerprint(Recipe("a", epochs), 5) for epochs in (1.0, 2.0))
    loop.must_be(mine, loop.fingerprint(Recipe("a"), 5), Path("last.pt"))
    for found in (other, loop.fingerprint(Recipe("a"), 6), None):
        with pytest.raises(ConfigError, match="another configuration"):
            loop.must_be(found, mine, Path("last.pt"))


# --- configurations ----------------------------------------------------------------------------


def test_a_table_becomes_a_dataclass() -> None:
    found = tables.table(Recipe, {"out": "x", "epochs": 2}, "here")
    assert found == Recipe("x", 2.0)
    assert type(found.epochs) is float


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"out": "x", "epoch": 1}, "here: unknown key 'epoch'; known are batch, bf16, epochs, out"),
        ({"epochs": 1.0}, "here: out is missing"),
        ({"out": 3}, "here.out: a str is expected, not 3"),
        ({"out": "x", "batch": True}, "here.batch: a int is expected, not True"),
        ({"out": "x", "epochs": True}, "here.epochs: a float is expected, not True"),
        ({"out": "x", "bf16": 1}, "here.bf16: a bool is expected, not 1"),
        (["out"], "here: a table is expected, not ['out']"),
    ],
)
def test_a_table_that_is_wrong_names_the_key(raw: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        tables.table(Recipe, raw, "here")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda p: None, "cannot read"),
        (lambda p: p.write_text("[a"), "not TOML"),
        (lambda p: p.write_bytes(b"\xff"), "not TOML"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, write: Callable[[Path], object], message: str) -> None:
    write(tmp_path / "c.toml")
    with pytest.raises(ConfigError, match=message):
        tables.read_toml(tmp_path / "c.toml")


def test_sections_that_are_no_tables_are_named(tmp_path: Path) -> None:
    from neurosym.parser.settings import read_config

    path = tmp_path / "c.toml"
    for text, message in (
        ("data = 3\n", "data: a table is expected"),
        ("[data]\ntrain = 3\n", r"\[data.dev\] is missing"),
        ("[data]\ntrain = { n = 1 }\ndev = { n = 1 }\nfoo = 1\n", "data: unknown key 'foo'"),
        (
            "[data]\ntrain = { n = 1 }\ndev = { n = 1 }\n[train]\nbatch = 0\n",
            "train.batch: must be at least 1",
        ),
    ):
        path.write_text(text)
        with pytest.raises(ConfigError, match=message):
            read_config(path)


def test_the_card_says_what_a_public_file_holds_whichever_run_used_it() -> None:
    from neurosym.parser.card import PUBLIC, _public

    def run(*paths: str, before: object = None) -> dict[str, Any]:
        return {"config": {"train": [{"path": p} for p in paths]}, "before": before}

    assert _public(run("", "x/own.jsonl")) == ""
    assert PUBLIC["rt_train.jsonl"] in _public(run("runs/rt_train.jsonl"))
    later = _public(run("runs/rt_train.jsonl", before=run("runs/rt.jsonl")))
    assert PUBLIC["rt.jsonl"] in later, "what the first run saw, the last one has seen"

"""A scorer's training run: where it writes, what an interrupt leaves, how it goes on, what it installs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_parser_model import base, config
from test_scorer import recipe

from neurosym.errors import ConfigError
from neurosym.parser import training_kinds
from neurosym.parser.card import SCORER_CARD
from neurosym.parser.neural import NeuralParser
from neurosym.parser.runtime import DECODER, ENCODER
from neurosym.parser.scorer import CONFIG, GRAPH, NO_DOUBTS, has_scorer, steps
from neurosym.parser.scorer_habits import FILE as HABITS

__all__ = ["base"]  # a fixture of the tiny parser's tests

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

SCORER = {CONFIG, GRAPH, HABITS, SCORER_CARD}


def held(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Path:
    """A folder with the run of a parser that is hardly trained."""
    folder = tmp_path_factory.mktemp("tiny")
    training_kinds.train(config(folder, base, epochs=8))
    return folder


@pytest.fixture
def parser(tiny: Path, tmp_path: Path) -> Path:
    """A copy of that parser's folder."""
    folder = tmp_path / "parser"
    folder.mkdir()
    for name, data in held(tiny / "run" / "model").items():
        (folder / name).write_bytes(data)
    return folder


def told(tiny: Path, parser: Path, folder: Path, **train: object) -> Path:
    """A short recipe of a scorer for a parser, which writes to `folder`/scorer."""
    folder.mkdir(exist_ok=True)
    for name in ("train", "dev", "test"):
        (folder / f"{name}.jsonl").write_bytes((tiny / f"{name}.jsonl").read_bytes())
    path = recipe(folder, parser, **train)
    text = path.read_text(encoding="utf-8").replace(f"{folder}/run/best.pt", f"{tiny}/run/best.pt")
    path.write_text(text.replace("epochs = 25", "epochs = 2"), encoding="utf-8")
    return path


def dies(*args: object, **more: object) -> None:
    raise KeyboardInterrupt


def half(source: Path, target: Path, names: Sequence[str]) -> None:
    (target / names[0]).write_bytes((source / names[0]).read_bytes())
    raise OSError(28, "No space left")


@pytest.mark.parametrize("at", ["learn", "remember", "write_habits", "fit", "measures", "scorer_card"])
def test_a_run_that_is_cut_short_leaves_no_half_scorer(
    tiny: Path, parser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Neither beside the parser, though it is to be installed, nor where the run writes."""
    from neurosym.parser import scorer_train

    before = held(parser)
    monkeypatch.setattr(scorer_train, at, dies)
    with pytest.raises(KeyboardInterrupt):
        training_kinds.train(told(tiny, parser, tmp_path / "x", install=True))
    assert held(parser) == before
    assert not list((tmp_path / "x" / "scorer").glob("model*"))
    assert not (tmp_path / "x" / "scorer" / "metrics.json").exists()


def test_the_parser_is_written_to_only_where_that_is_asked_for(
    tiny: Path, parser: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(parser)
    path = told(tiny, parser, tmp_path / "x")
    training_kinds.train(path)
    model = tmp_path / "x" / "scorer" / "model"
    assert held(parser) == before
    assert f"--parser {model}" in capsys.readouterr().out
    made = held(model)
    assert set(made) == {*before, *SCORER}
    assert {k: v for k, v in made.items() if k in before} == before
    assert has_scorer(model)
    NeuralParser(model).read("Bob is kind.")
    # the same again, to be installed: nothing is learnt anew
    training_kinds.train(told(tiny, parser, tmp_path / "x", install=True))
    ended = torch.load(model.parent / "last.pt", weights_only=True)["step"]
    assert f"resumed at step {ended}\n" in capsys.readouterr().out
    after = held(parser)
    assert {k: v for k, v in after.items() if k in before} == before
    assert set(after) == {*before, *SCORER}
    assert after[GRAPH] == made[GRAPH]
    assert NeuralParser(parser).read("Bob is kind.") == NeuralParser(model).read("Bob is kind.")


def test_a_scorer_is_installed_whole_or_not_at_all(
    tiny: Path, parser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neurosym.parser import scorer_train

    training_kinds.train(told(tiny, parser, tmp_path / "x"))
    model, before = tmp_path / "x" / "scorer" / "model", held(parser)
    with monkeypatch.context() as patch:
        patch.setattr(scorer_train, "copied", half)
        with pytest.raises(ConfigError, match=r"cannot be written \(No space left\); the model is whole in"):
            scorer_train.install(model, parser)
    assert held(parser) == before
    (parser / ENCODER).write_bytes(b"another one by now")
    with pytest.raises(ConfigError, match="another parser by now"):
        scorer_train.install(model, parser)
    assert not has_scorer(parser)


def test_a_run_writes_over_no_other_model(tiny: Path, parser: Path, tmp_path: Path) -> None:
    model = tmp_path / "x" / "scorer" / "model"
    path = told(tiny, parser, tmp_path / "x")
    model.mkdir(parents=True)
    (model / ENCODER).write_bytes(b"of somebody else")
    with pytest.raises(ConfigError, match=r"another parser: give another train\.out"):
        training_kinds.train(path)
    assert held(model) == {ENCODER: b"of somebody else"}
    inside = told(tiny, parser, tmp_path / "y")
    for out in (parser, parser / "deeper"):
        inside.write_text(inside.read_text().replace(f'out = "{tmp_path}/y/scorer"', f'out = "{out}"'))
        with pytest.raises(ConfigError, match="folder of the parser itself"):
            training_kinds.train(inside)
        inside = told(tiny, parser, tmp_path / "y")


def test_what_was_not_measured_is_null(tiny: Path, parser: Path, tmp_path: Path) -> None:
    """Without wrong readings among the tests there is no rank."""
    path = told(tiny, parser, tmp_path / "x")
    (tmp_path / "x" / "test.jsonl").write_text("")
    figures = training_kinds.train(path)
    text = (tmp_path / "x" / "scorer" / "metrics.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert json.loads(text) == figures
    assert figures["tests"]["test"]["with"]["auroc"] is None
    card = (tmp_path / "x" / "scorer" / "model" / SCORER_CARD).read_text(encoding="utf-8")
    assert "not measured" in card


# --- going on ----------------------------------------------------------------------------------


def examples() -> list[Any]:
    from neurosym.parser.scorer_train import Example

    def one(n: int) -> Example:
        rng = np.random.default_rng(n)
        memory = rng.normal(size=(3 + n % 4, 16)).astype(np.float16)
        readings = tuple(steps(t.split()) for t in ("FACT P1 A:2 E:0", "FACT NOT P1 A:2 E:0"))
        return Example(memory, readings, (NO_DOUBTS, NO_DOUBTS), (n % 2 == 0, n % 2 == 1))

    return [one(n) for n in range(40)]


def network() -> Any:
    from neurosym.parser.scorer_model import ReadingScorer, Shape

    torch.manual_seed(3)
    return ReadingScorer(Shape(16, heads=2, feed_forward=32, layers=1, dropout=0.2))


def batched(monkeypatch: pytest.MonkeyPatch, until: int) -> None:
    """Let learning be interrupted in the step after `until`."""
    from neurosym.parser import scorer_train

    real, calls = scorer_train.inputs_of, iter(range(until))

    def counted(*args: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(scorer_train, "inputs_of", counted)


@pytest.mark.parametrize("until", [0, 3, 7, 14])
def test_learning_goes_on_where_it_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: int
) -> None:
    """However often it was checkpointed before, it ends in the weights of a run that ran through."""
    from neurosym.parser.scorer_train import Recipe, Settings, learn, mark_of

    s, data = Settings(epochs=3.0, max_minutes=0, batch=8, blind=0.5, save_every=3, bf16=False), examples()
    mark = mark_of(Recipe((), (), (), settings=s), "encoder", data)
    through, cut = network(), network()
    torch.manual_seed(5)
    learn(through, s, data, tmp_path / "through.pt", mark)
    torch.manual_seed(5)
    with monkeypatch.context() as patch:
        batched(patch, until)
        with pytest.raises(KeyboardInterrupt):
            learn(cut, s, data, tmp_path / "cut.pt", mark)
    assert (tmp_path / "cut.pt").is_file() is (until >= 3)
    again = network()
    torch.manual_seed(5)
    learn(again, s, data, tmp_path / "cut.pt", mark)
    for a, b in zip(through.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not all(torch.equal(a, b) for a, b in zip(network().parameters(), again.parameters(), strict=True))


def test_a_checkpoint_is_one_with_its_run() -> None:
    from neurosym.parser.scorer_train import Recipe, Settings, mark_of

    s, data = Settings(), examples()
    mark = mark_of(Recipe((), (), (), settings=s), "encoder", data)

    def other(**change: Any) -> str:
        return mark_of(Recipe((), (), (), settings=replace(s, **change)), "encoder", data)

    for same in ({"install": True}, {"parser": "elsewhere"}, {"low": 0.1}, {"high": 0.9}):
        assert other(**same) == mark
    for change in ({"seed": 1}, {"blind": 0.1}, {"epochs": 3.0}):
        assert other(**change) != mark
    assert mark_of(Recipe((), (), (), settings=s), "another encoder", data) != mark
    assert mark_of(Recipe((), (), (), settings=s), "encoder", data[::-1]) != mark


@pytest.mark.parametrize("data", [b"", b"no checkpoint"])
def test_a_broken_checkpoint_is_said(tmp_path: Path, data: bytes) -> None:
    from neurosym.parser.scorer_train import Settings, learn

    (tmp_path / "last.pt").write_bytes(data)
    with pytest.raises(ConfigError, match=r"last\.pt is a broken checkpoint .*delete it"):
        learn(network(), Settings(bf16=False), examples(), tmp_path / "last.pt", "mark")


def test_the_shipped_recipe_writes_to_no_package() -> None:
    from neurosym.parser.neural import WEIGHTS
    from neurosym.parser.tables import read_toml

    configs = sorted((Path(training_kinds.__file__).parent / "configs").glob("*.toml"))
    assert configs
    for path in configs:
        raw = read_toml(path)
        train, where = raw.get("train", {}), [raw.get("out", ""), raw.get("export", {}).get("folder", "")]
        if isinstance(train, dict):
            assert not train.get("install", False), path.name
            where.append(train.get("out", ""))
        assert all(w.startswith("runs/") for w in where if w), path.name
    assert (WEIGHTS / DECODER).is_file()

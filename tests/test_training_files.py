"""What training leaves behind: models that are whole or not there, figures that are JSON, quiet exports."""

from __future__ import annotations

import json
import logging
import math
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_parser_model import ADJECTIVES, NOUNS, base, config

from neurosym.errors import ConfigError
from neurosym.parser import folders

__all__ = ["base"]  # a fixture of the tiny parser's tests

pytest.importorskip("torch")
pytest.importorskip("onnx")


def held(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


# --- folders and figures -----------------------------------------------------------------------


def test_a_model_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "model"
    with folders.made(target) as part:
        (part / "a").write_text("1")
        assert not target.exists()
        (part / "b").write_text("2")
    assert held(target) == {"a": b"1", "b": b"2"}
    (target / "mine").write_text("kept")
    with folders.made(target, ("a", "b")) as part:
        (part / "b").write_text("3")
    assert held(target) == {"b": b"3", "mine": b"kept"}, "what belongs to such a model goes, all else stays"
    assert [p.name for p in target.parent.iterdir()] == ["model"]


@pytest.mark.parametrize("what", [KeyboardInterrupt, ConfigError])
def test_a_model_that_is_cut_short_leaves_the_one_before(tmp_path: Path, what: type[BaseException]) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / "a").write_text("old")
    (tmp_path / "model.part").mkdir()
    (tmp_path / "model.part" / "junk").write_text("of a kill")

    def cut() -> None:
        with folders.made(target, ("a",)) as part:
            assert held(part) == {}
            (part / "a").write_text("new")
            raise what("cut")

    with pytest.raises(what):
        cut()
    assert held(target) == {"a": b"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_figures_are_json_whatever_was_measured(tmp_path: Path) -> None:
    def refuse(name: str) -> float:
        raise AssertionError(name)

    figures = {"a": math.nan, "b": [1.0, -math.inf, (math.inf,)], "c": {"d": 0.5, "e": "NaN", "f": None}}
    found = folders.write_figures(tmp_path / "metrics.json", figures)
    assert found == {"a": None, "b": [1.0, None, [None]], "c": {"d": 0.5, "e": "NaN", "f": None}}
    text = (tmp_path / "metrics.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=refuse) == found


def test_cards_say_what_was_not_measured() -> None:
    from neurosym.parser.card import scorer_card

    one = {"read": 1.0, "right": 1.0, "calibration_error": 0.0, "confident": 1.0, "confident_wrong": 0.0}
    told = {"n": 3, "asked": 0.5, "without": one | {"auroc": math.nan}, "with": one | {"auroc": 0.75}}
    s = {"layers": 1, "unsayable": 0.1, "seed": 0, "max_minutes": 1.0, "low": 0.0, "high": 1.0}
    figures = {"settings": s, "tests": {"t": told}, "data": {}, "command": "c", "readings": 5, "minutes": 1.0}
    card = scorer_card(figures)
    assert "| t, without | 3 | 0.50 | not measured | 0.000 |" in card
    assert "| t, with | 3 | 0.50 | 0.750 | 0.000 |" in card


# --- the exporter's noise ----------------------------------------------------------------------

NOISE = b"[W1122 21:08:15.123 shape_type_inference.cpp:1973] Warning: The shape inference is missing (f)\n"


def test_the_exporters_known_warnings_are_not_shown_and_all_else_is(
    capfd: pytest.CaptureFixture[str],
) -> None:
    from neurosym.parser.export import quietly

    with quietly():
        os.write(2, b"first\n" + NOISE + NOISE + b"second, of shape_type_inference\n" + NOISE)
        warnings.warn("deprecated", stacklevel=1)
        logging.getLogger().warning("prepare")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "first\nsecond, of shape_type_inference\n"
    os.write(2, NOISE)
    assert capfd.readouterr().err == NOISE.decode(), "elsewhere nothing is held back"


def test_what_fails_while_it_is_quiet_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    from neurosym.parser.export import quietly

    def fails() -> None:
        with quietly():
            os.write(2, NOISE + b"[E1122 abc.cpp:3] broken\n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert capfd.readouterr().err == "[E1122 abc.cpp:3] broken\n"
    with quietly():
        pass
    assert capfd.readouterr().err == ""


# --- the pair classifier -----------------------------------------------------------------------


def fails_after(n: int, real: Callable[..., Any]) -> Callable[..., Any]:
    calls = iter(range(n))

    def counted(*args: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return real(*args)

    return counted


def test_the_pair_classifier_goes_on_where_it_was_cut(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A run cut at step 5 and begun again ends as one that ran through, and writes nothing before its end."""
    pytest.importorskip("lemminflect")
    from neurosym.parser import nli_train as module
    from neurosym.parser.nli import CONFIG, GRAPH, TOKENIZER, NeuralClassifier, pad

    monkeypatch.setattr(module, "SAVE_EVERY", 2)
    rows = [f"{label}\tthe {a} is {b}\tthe {a} is {c}" for a in NOUNS for b in ADJECTIVES for c, label in
            ((b, "entailment"), ("not", "contradiction"), ("who", "neutral"))]  # fmt: skip
    (tmp_path / "pairs.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = {}
    for name in ("through", "cut"):
        out = tmp_path / name
        path = tmp_path / f"{name}.toml"
        path.write_text(
            f'kind = "entailment"\nbase = "{base}"\ntrain = "{tmp_path}/pairs.tsv"\n'
            f'test = "{tmp_path}/pairs.tsv"\nout = "{out}"\nlayers = 1\n'
            "hidden = 16\nbatch = 8\nbf16 = false\n"
            "max_minutes = 0\n"
        )
        if name == "cut":
            with monkeypatch.context() as patch:
                patch.setattr(module, "pad", fails_after(4, pad))
                with pytest.raises(KeyboardInterrupt):
                    module.train(path)
            assert [p.name for p in out.iterdir()] == [module.LAST]
            assert "interrupted at step 4: the same command goes on from step 4" in capfd.readouterr().out
        module.train(path)
        said = capfd.readouterr()
        assert ("resumed at step 4" in said.out) is (name == "cut")
        assert "shape_type_inference" not in said.err
        assert {p.name for p in out.iterdir()} == {CONFIG, GRAPH, TOKENIZER, module.LAST}
        found[name] = (out / GRAPH).read_bytes()
        NeuralClassifier(out)
    assert found["through"] == found["cut"]


def test_a_model_that_reads_nothing_says_so(tmp_path: Path, base: Path) -> None:
    """Its checkpoint stays, for a longer run; no half of its folder does."""
    from neurosym.parser.train import train

    path = config(tmp_path, base, epochs=1)
    text = path.read_text().replace("lr_encoder = 2e-3", "lr_encoder = 0").replace("4e-3", "0")
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"reads no sentence of data\.calibrate"):
        train(path)
    assert (tmp_path / "run" / "best.pt").is_file()
    assert not list((tmp_path / "run").glob("model*"))


@pytest.mark.parametrize("at", ["save_weights", "finish"])
def test_an_export_that_is_cut_short_leaves_the_model_before(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], at: str
) -> None:
    from neurosym.parser import calibrate, torch_runtime
    from neurosym.parser.train import train

    model = tmp_path / "run" / "model"
    model.mkdir(parents=True)
    (model / "calibration.json").write_text("of a model before")

    def dies(*args: object) -> None:
        raise KeyboardInterrupt

    path = config(tmp_path, base, epochs=8)
    with monkeypatch.context() as patch:
        patch.setattr(torch_runtime if at == "save_weights" else calibrate, at, dies)
        with pytest.raises(KeyboardInterrupt):
            train(path)
    assert held(model) == {"calibration.json": b"of a model before"}
    capfd.readouterr()
    figures = train(path)
    said = capfd.readouterr()
    assert f"resumed at step {figures['steps']}\n" in said.out
    assert f"--parser {model}" in said.out
    assert "shape_type_inference" not in said.err
    assert b"of a model before" not in held(model)["calibration.json"]

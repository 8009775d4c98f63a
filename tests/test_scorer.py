"""The scorer: what it reads, what it learns from, its files, and what it changes in a parser's answers."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from test_parser_model import base, config, made

from neurosym.errors import ConfigError, ParserError
from neurosym.parser import training_kinds
from neurosym.parser.calibrate import (
    CALIBRATION,
    FEATURES,
    KNOWN,
    Calibration,
    Lexicon,
    calibration_of,
    numbers_of,
)
from neurosym.parser.decode import decode
from neurosym.parser.pieces import Encoded, Words
from neurosym.parser.scorer import (
    CONFIG,
    GRAPH,
    INPUTS,
    N_DOUBTS,
    compared,
    doubts,
    fingerprints,
    signals,
)
from neurosym.parser.scorer_data import groups, memories, stacked
from neurosym.parser.settings import Sample
from neurosym.parser.steps import Hypothesis

__all__ = ["base"]  # a fixture of the tiny parser's tests

pytest.importorskip("torch")
pytest.importorskip("onnx")


# --- the score ---------------------------------------------------------------------------------


def test_a_logit_is_compared_with_the_best_rivals() -> None:
    assert compared([0.5], [3.0]) == [(0.5, 3.0, 0.0)]
    assert [c[1:] for c in compared([0.0] * 3, [3.0, 1.0, -2.0])] == [(3.0, 2.0), (1.0, -2.0), (-2.0, -5.0)]
    assert compared([0.1, 0.2], [99.0, -99.0]) == [(0.1, 10.0, 10.0), (0.2, -10.0, -10.0)]


def calibration(n: int, **weights: float) -> Calibration:
    names = KNOWN[:n]
    return Calibration(
        tuple(weights.get(k, 0.0) for k in names),
        0.0,
        (0.0,) * n,
        (1.0,) * n,
        Lexicon(frozenset(), frozenset()),
    )


def test_a_calibration_knows_which_features_it_was_fitted_on() -> None:
    cheap, full = calibration(len(FEATURES), log_prob=1.0), calibration(len(KNOWN), logit=1.0)
    row = (0.0,) * len(FEATURES)
    assert cheap.of(row) == 0.5
    quick = calibration(len(FEATURES) + 1, unseen=-1.0)
    assert full.of(row, (0.3, 2.0, 0.0)) == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert quick.of(row, (2.0,)) == pytest.approx(1 / (1 + np.exp(2.0)))
    for c, asked in ((cheap, (0.3, 2.0, 0.0)), (full, None), (full, (0.3,)), (quick, None)):
        with pytest.raises(ValueError, match="scorer"):
            c.of(row, asked)
    old = calibration(8, log_prob=1.0)  # of a model that was trained before the last features were known
    assert old.of((1.0, *row[1:])) == pytest.approx(1 / (1 + np.exp(-1.0)))
    for c in (cheap, quick, full, old):
        assert calibration_of(json.loads(json.dumps(numbers_of(c))), c.lexicon) == c
    broken = {**numbers_of(cheap), "features": ["length"]}
    with pytest.raises(ValueError, match="another version"):
        calibration_of(broken, cheap.lexicon)


def test_signals_are_the_features_that_a_calibration_weighs() -> None:
    from neurosym.parser.calibrate import features

    h = Hypothesis(("FACT", "P1", "A:2", "E:0"), -9.5, 0.2, 0.1, -5.0)
    words, e = ("Bob", "is", "red"), Encoded((2, 5, 6, 7, 3), (-1, 0, 1, 2, -1), (0,) * 3)
    every = features(h, words, e, Lexicon(frozenset(), frozenset()))
    own, all_of_them = calibration(len(KNOWN), log_prob=1.0), calibration(len(FEATURES), rare=1.0)
    assert signals(h, words, e, all_of_them) == every
    assert signals(h, words, e, own)[:N_DOUBTS] == every[:N_DOUBTS] == doubts(h)
    assert signals(h, words, None, all_of_them)[:N_DOUBTS] == every[:N_DOUBTS]
    assert own.of(signals(h, words, e, own), (0.0,) * 3) == own.of(every, (0.0,) * 3)


def test_unknown_words_anywhere_in_the_sentence_are_a_signal() -> None:
    from neurosym.parser.calibrate import features

    h = Hypothesis(("FACT", "P1", "A:2", "E:0"), -0.1, 0.9, 0.8, 0.0)
    at = FEATURES.index("strange"), FEATURES.index("rare")

    def signal(sentence: str, pieces: tuple[int, ...]) -> tuple[float, float]:
        words = tuple(sentence.split())
        f = features(
            h, words, Encoded((2, *pieces, 3), (-1, 0, 1, 2, -1), (0,) * 3), Lexicon(frozenset(), frozenset())
        )
        return f[at[0]], f[at[1]]

    plain, odd = signal("Bob is red", (5, 6, 7)), signal("Bob blorfs zurple", (5, 29000, 99999))
    assert plain[0] < odd[0]
    assert plain[1] < odd[1]
    assert all(0 <= v <= 1 for v in (*plain, *odd))


# --- configurations ----------------------------------------------------------------------------


DATA = """kind = "scorer"
[data]
train = {n = 5}
calibrate = {n = 5}
habits = {n = 5}
[train]
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kind = "soup"', "soup"),
        ("kind = [", "not TOML"),
        ('kind = "scorer"', "train is missing"),
        ('kind = "scorer"\n[soup]', "soup"),
        (DATA.replace("habits", "manners"), "manners"),
        (DATA.replace("habits = {n = 5}", ""), "habits is missing"),
        (DATA + "low = 0.9\nhigh = 0.1", "low"),
        (DATA + 'batch = "x"', "batch"),
        (DATA + "beam = 0", "beam"),
        (DATA + 'init = "none.pt"', "init"),
    ],
)
def test_a_broken_recipe_is_refused_with_the_key_at_fault(tmp_path: Path, text: str, says: str) -> None:
    pytest.importorskip("torch")
    path = tmp_path / "scorer.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        training_kinds.train(path)


def test_a_configuration_without_a_kind_is_a_parsers(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("", encoding="utf-8")
    assert training_kinds.kind_of(path) == training_kinds.PARSER
    with pytest.raises(ConfigError, match="cannot read"):
        training_kinds.kind_of(tmp_path / "none.toml")


def test_every_kind_names_a_module_that_trains() -> None:
    for module in training_kinds.KINDS.values():
        spec = importlib.util.find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        tops = ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body
        assert "train" in {n.name for n in tops if isinstance(n, ast.FunctionDef)}


# --- the whole road, on a model small enough to train here -------------------------------------


def recipe(folder: Path, model: Path, **train: object) -> Path:
    extra = "".join(f"{k} = {json.dumps(v)}\n" for k, v in train.items())
    path = folder / "scorer.toml"
    path.write_text(
        f"""
kind = "scorer"
[data]
train = {{ path = "{folder}/train.jsonl" }}
calibrate = {{ path = "{folder}/dev.jsonl" }}
habits = {{ path = "{folder}/train.jsonl" }}
tests = {{ test = {{ path = "{folder}/test.jsonl" }} }}
[train]
out = "{folder}/scorer"
parser = "{model}"
init = "{folder}/run/best.pt"
epochs = 25
batch = 16
lr_parser = 1e-3
lr_head = 4e-3
bf16 = false
low = 0.0
high = 1.0
{extra}""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, base: Path) -> tuple[Path, dict[str, Any]]:
    """A folder with a tiny parser and, in scorer/model, one with its scorer; the figures of its training."""
    folder = tmp_path_factory.mktemp("scored")
    training_kinds.train(config(folder, base, epochs=50))
    return folder, training_kinds.train(recipe(folder, folder / "run" / "model"))


def test_training_makes_a_scorer_that_tells_right_from_wrong(scored: tuple[Path, dict[str, Any]]) -> None:
    from neurosym.parser.calibrate import auroc, read_calibration
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.scorer import Scorer

    folder, figures = scored
    model = folder / "scorer" / "model"
    assert set(figures["tests"]["test"]) >= {"n", "asked", "without", "with"}
    card = (model / "SCORER_CARD.md").read_text(encoding="utf-8")
    assert f"{figures['readings']:,} readings" in card
    assert json.loads((folder / "scorer" / "metrics.json").read_text(encoding="utf-8")) == figures
    runtime, scorer = Runtime(model), Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    logits: list[float] = []
    labels: list[bool] = []
    told = [Sample(tuple(row["words"]), tuple(row["tokens"])) for row in made(60, 9)]  # type: ignore[arg-type]
    for g in groups(runtime, told):
        hypotheses = [c.hypothesis for c in g.candidates if c.hypothesis is not None]
        logits += scorer.logits(*stacked([g.memory]), [hypotheses])[0]
        labels += [c.right for c in g.candidates]
    assert auroc(logits, labels) > 0.8


def test_a_logit_does_not_depend_on_what_else_is_asked(scored: tuple[Path, dict[str, Any]]) -> None:
    from neurosym.parser.calibrate import read_calibration
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.scorer import Scorer

    model = scored[0] / "scorer" / "model"
    runtime, scorer = Runtime(model), Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    words: list[Words] = [tuple(row["words"]) for row in made(12, 4)]  # type: ignore[arg-type]
    encoded = runtime.encode(words)
    read = [runtime.beam(runtime.begin([e]), 3) for e in encoded]
    hypotheses = [hs for found in read for hs in found]
    vectors = memories(runtime, encoded)
    together = scorer.logits(*stacked(vectors), hypotheses)
    for i, hs in enumerate(hypotheses):
        ((alone, *rest),) = scorer.logits(*stacked(vectors[i : i + 1]), [hs])
        assert (alone, *rest) == pytest.approx(together[i], abs=1e-4)
        assert scorer.logits(*stacked(vectors), [hs if j == i else [] for j in range(len(words))])[i] == (
            pytest.approx(together[i], abs=1e-4)
        )


def test_the_networks_own_vectors_are_the_parsers(scored: tuple[Path, dict[str, Any]]) -> None:
    """It takes what the encoder has made, and so has no word vectors: no table is nearly as large."""
    import onnx

    folder = scored[0] / "scorer" / "model"
    graph = onnx.load(str(folder / GRAPH))
    assert {i.name for i in graph.graph.input} == set(INPUTS)
    assert not [t for t in graph.graph.initializer if "word_embeddings" in t.name]


def test_a_parser_with_a_scorer_asks_it(scored: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    model = scored[0] / "scorer" / "model"
    bare = tmp_path / "bare"
    shutil.copytree(model, bare)
    (bare / CONFIG).unlink()
    text = "Bob is kind. Every cat is red. Cat every the is Anne no. Who is young?"
    with_scorer, without = NeuralParser(model), NeuralParser(bare)
    for n in (1, 3):
        a, b = with_scorer.read(text, n_best=n), without.read(text, n_best=n)
        assert [x.span for x in a] == [x.span for x in b]
        scores = [[r.score for r in x.readings] for x in a]
        assert scores != [[r.score for r in x.readings] for x in b]
        assert all(s == sorted(s, reverse=True) and sum(s) <= 1 + 1e-9 for s in scores)
        assert a == NeuralParser(model, cache=0).read(text, n_best=n)
        for x, y in zip(a, b, strict=True):
            if n > 1:  # the same readings, in another order at most
                assert {r.formula for r in x.readings} == {r.formula for r in y.readings}


def test_a_parser_follows_the_scorers_logits(scored: tuple[Path, dict[str, Any]]) -> None:
    """Of two readings the one with the higher logit is the better one, whatever the decoder thought."""
    from neurosym.parser.calibrate import read_calibration
    from neurosym.parser.kept import Kept, chosen
    from neurosym.parser.scorer import Scorer

    model = scored[0] / "scorer" / "model"
    scorer = Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    scorer.calibration = calibration(len(KNOWN), logit=1.0)
    scorer.quick = calibration(len(FEATURES) + 1, log_prob=1.0)
    words = ("Bob", "is", "kind", ".")
    kept = [
        Kept(Hypothesis(t, -0.1, 0.9, 0.8, 0.0), decode(t, words), score)
        for t, score in (
            (("FACT", "P1", "A:2", "E:0"), 0.9),
            (("FACT", "NOT", "P1", "A:2", "E:0"), 0.2),
        )
    ]
    best, other = chosen(kept, scorer, [-1.0, 2.0])
    assert (best.meaning, other.meaning) == (kept[1].meaning, kept[0].meaning)
    assert best.score == pytest.approx(1 / (1 + np.exp(-2.0)))
    halved = chosen([replace(k, left=0.5) for k in kept], scorer, [-1.0, 2.0])
    assert [k.score for k in halved] == pytest.approx([k.score / 2 for k in (best, other)])


def test_an_unseen_treatment_lowers_the_quick_score(scored: tuple[Path, dict[str, Any]]) -> None:
    from neurosym.parser.calibrate import read_calibration
    from neurosym.parser.kept import candidates
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.scorer import Scorer

    model = scored[0] / "scorer" / "model"
    runtime, scorer = Runtime(model), Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    scorer.quick = calibration(len(FEATURES) + 1, unseen=-5.0)
    words = ("Bob", "is", "kind", ".")
    usual, odd = ("FACT", "P1", "A:2", "E:0"), ("FACT", "P1", "A:0", "E:2")
    (encoded,) = runtime.encode([words])
    told = [Hypothesis(t, -0.1, 0.9, 0.8, 0.0) for t in (odd, usual)]
    cheap = read_calibration(model / CALIBRATION)
    (first, second), _ = candidates(told, words, encoded, cheap, scorer)
    assert first.hypothesis.tokens == usual
    assert first.score > second.score
    assert first.unseen < second.unseen


def test_the_fit_gives_weight_to_what_holds_elsewhere_only() -> None:
    from neurosym.parser.scorer_fit import QUICK, fitted_on

    rng, names = Random(4), KNOWN[: len(FEATURES) + 1]
    rows = [tuple(rng.random() for _ in names) for _ in range(200)]
    right = [row[names.index("log_prob")] > 0.5 for row in rows]
    c = fitted_on(QUICK, names, rows, right, Lexicon(frozenset(), frozenset()))
    assert {n for n, w in zip(names, c.weights, strict=True) if w} == set(QUICK)
    assert all(
        (c.of(r[:-1], r[-1:]) > 0.5) == y for r, y in zip(rows, right, strict=True) if abs(r[0] - 0.5) > 0.1
    )


def _with_config(model: Path, folder: Path, **change: object) -> Path:
    shutil.copytree(model, folder)
    raw = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps({**raw, **change}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sha256": {}}, "another parser"),
        ({"sha256": "0"}, "configuration"),
        ({"format": 0}, "another parser"),
        ({"bounds": {}}, "configuration"),
        ({"calibration": {"features": []}}, "configuration"),
        ({"quick": {"features": []}}, "configuration"),
    ],
)
def test_a_scorer_that_does_not_fit_is_refused(
    scored: tuple[Path, dict[str, Any]], tmp_path: Path, change: dict[str, object], says: str
) -> None:
    from neurosym.parser.neural import NeuralParser

    with pytest.raises(ParserError, match=says) as caught:
        NeuralParser(_with_config(scored[0] / "scorer" / "model", tmp_path / "m", **change))
    assert caught.value.hint


def test_a_broken_graph_is_refused(scored: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    folder = _with_config(scored[0] / "scorer" / "model", tmp_path / "m")
    (folder / GRAPH).write_bytes(b"no graph")
    with pytest.raises(ParserError, match=f"other files: {GRAPH}"):  # half of a training that was cut short
        NeuralParser(folder)
    (folder / CONFIG).write_text(
        json.dumps({**json.loads((folder / CONFIG).read_text()), "sha256": fingerprints(folder)})
    )
    with pytest.raises(ParserError, match="cannot load the scorer"):
        NeuralParser(folder)
    (folder / GRAPH).unlink()
    with pytest.raises(ParserError, match="lacks a file"):
        NeuralParser(folder)

"""The scorer: what it reads, what it learns from, its files, and what it changes in a parser's answers."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from test_parser_model import base, config, made

from neurosym.errors import ConfigError, ParserError
from neurosym.logic import And, Atom, Const, Equal, Exists, Forall, Formula, Iff, Implies, Not, Or, Var
from neurosym.parser import constrain, training_kinds
from neurosym.parser.calibrate import (
    CALIBRATION,
    FEATURES,
    KNOWN,
    Calibration,
    Lexicon,
    calibration_of,
    numbers_of,
)
from neurosym.parser.corrupt import corrupted, flat, tree
from neurosym.parser.decode import decode
from neurosym.parser.equivalence import same, same_reading
from neurosym.parser.runtime import ENCODER, Encoded, Hypothesis
from neurosym.parser.scorer import CONFIG, GRAPH, compared, pad, target
from neurosym.parser.scorer_data import Candidate, Group, meaning_of, unsayable, with_slips
from neurosym.parser.settings import Sample

__all__ = ["base"]  # a fixture of the tiny parser's tests

pytest.importorskip("torch")
pytest.importorskip("onnx")

X, Y, A, B = Var("x"), Var("y"), Const("Ann"), Const("Bob")


def p(name: str, *args: Var | Const) -> Atom:
    return Atom(name, args)


# --- equivalence ---------------------------------------------------------------------------

SAME: list[tuple[Formula, Formula]] = [
    (Forall((X,), Implies(p("cat", X), p("red", X))), Forall((Y,), Implies(p("cat", Y), p("red", Y)))),
    (And((p("cat", A), p("red", A))), And((p("red", A), p("cat", A)))),
    (And((p("a", A), And((p("b", A), p("c", A))))), And((p("c", A), p("a", A), p("b", A)))),
    (Exists((X, Y), And((p("a", X), p("b", Y)))), Exists((X, Y), And((p("a", Y), p("b", X))))),
    (Iff(p("a", A), p("b", A)), Iff(p("b", A), p("a", A))),
    (Equal(A, B), Equal(B, A)),
    (p("cat", Const("Bald_eagle")), p("cat", Const("bald_eagle"))),
    (
        And((Exists((X,), p("a", X)), Exists((X,), p("b", X)))),
        And((Exists((Y,), p("b", Y)), Exists((X,), p("a", X)))),
    ),
    (
        Exists((X, Y), And((p("see", X, Y), p("cat", X), p("cat", Y)))),
        Exists((X, Y), And((p("cat", X), p("see", Y, X), p("cat", Y)))),
    ),
]
OTHER: list[tuple[Formula, Formula]] = [
    (p("see", A, B), p("see", B, A)),
    (Implies(p("a", A), p("b", A)), Implies(p("b", A), p("a", A))),
    (And((p("a", A), p("b", A))), Or((p("a", A), p("b", A)))),
    (Exists((X, Y), p("see", X, Y)), Exists((X,), p("see", X, X))),
    (Exists((X, Y), And((p("a", X), p("b", Y)))), Exists((X, Y), And((p("a", X), p("b", X))))),
    (Forall((X,), Exists((Y,), p("see", X, Y))), Forall((X,), Exists((Y,), p("see", Y, X)))),
    (Not(p("a", A)), p("a", A)),
    (p("see", A, X), p("see", A, Y)),
    (
        Exists((X, Y), And((p("see", X, Y), p("cat", X)))),
        Exists((X, Y), And((p("see", X, Y), p("cat", Y)))),
    ),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_names_of_bound_variables_and_order_do_not_matter(a: Formula, b: Formula) -> None:
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_anything_else_does(a: Formula, b: Formula) -> None:
    assert not same(a, b)
    assert not same(b, a)


def test_the_questions_variable_may_have_another_name() -> None:
    words = ["Who", "sees", "a", "cat", "?"]
    one, two, three = (
        decode(t.split(), words)
        for t in (
            "WH x EX y AND P1 N:3 y P2 V:1 x y",
            "WH y EX x AND P1 N:3 x P2 V:1 y x",
            "WH x EX y AND P1 N:3 y P2 V:1 y x",
        )
    )
    assert same_reading(one, two)
    assert not same_reading(one, three)


def test_a_search_that_grows_too_long_says_no() -> None:
    """Sixteen things that all look alike, in a circle and in two circles of eight."""
    vs = tuple(Var(f"v{i}") for i in range(16))
    one = Exists(vs, And(tuple(p("next", vs[i], vs[(i + 1) % 16]) for i in range(16))))
    two = Exists(vs, And(tuple(p("next", vs[i], vs[i // 8 * 8 + (i + 1) % 8]) for i in range(16))))
    assert not same(one, two)


# --- slips and sentences without a reading ---------------------------------------------------

GOLD = [
    ("Every cat that sees Bob is red .", "FACT ALL x IMP AND P1 N:1 x P2 V:3 x E:4 P1 A:6 x"),
    ("If Ann is kind then Bob is not young .", "FACT IMP P1 A:3 E:1 NOT P1 A:8 E:5"),
    ("Does the dog chase a big cow ?", "ASK EX x AND P1 A:5 x AND P1 N:6 x P2 V:3 D:2 x"),
    ("At least two cats live in Rome .", "FACT ATLEAST Q:2 x AND P1 N:3 x P2 JOIN V:4 P:5 x E:6"),
]
SAMPLES = [Sample(tuple(s.split()), tuple(t.split())) for s, t in GOLD]


def test_a_slip_is_a_legal_reading_and_mostly_a_wrong_one() -> None:
    rng, seen, wrong = Random(1), Counter[tuple[str, ...]](), 0
    for s in SAMPLES:
        gold = decode(s.tokens, s.words)
        for _ in range(60):
            slip = corrupted(s.tokens, len(s.words), rng)
            assert slip is not None
            assert slip != s.tokens
            assert constrain.legal(slip)
            seen[slip] += 1
            meaning = meaning_of(slip, s.words)
            wrong += meaning is not None and not same_reading(meaning, gold)
    assert len(seen) > 60
    assert wrong > 150


def test_slips_are_the_same_for_the_same_seed() -> None:
    a, b = ([corrupted(s.tokens, len(s.words), Random(7)) for s in SAMPLES] for _ in range(2))
    assert a == b


@pytest.mark.parametrize("s", SAMPLES)
def test_a_tree_is_its_tokens(s: Sample) -> None:
    assert flat(tree(s.tokens)) == s.tokens


def test_a_group_gets_its_gold_reading_once_and_wrong_ones_are_labelled_wrong() -> None:
    s = SAMPLES[0]
    group = Group(s, Encoded((), (), ()), ())
    with_gold = with_slips(group, Random(3), 4)
    assert [c.right for c in with_gold.candidates].count(True) >= 1
    assert with_gold.candidates[0].tokens == s.tokens
    assert not all(c.right for c in with_gold.candidates)
    again = Group(s, Encoded((), (), ()), (Candidate(s.tokens, decode(s.tokens, s.words), True),))
    assert [c.tokens for c in with_slips(again, Random(3), 0).candidates] == [s.tokens]


def test_sentences_that_cannot_be_said_have_no_gold() -> None:
    made = unsayable(SAMPLES, 40, 5)
    assert made == unsayable(SAMPLES, 40, 5)
    assert len(made) == 40
    texts = {" ".join(s.words) for s in SAMPLES}
    assert all(not s.tokens and " ".join(s.words) not in texts for s in made)
    group = Group(made[0], Encoded((), (), ()), ())
    assert with_slips(group, Random(0), 3) == group


# --- what the network sees ---------------------------------------------------------------------


def test_readings_are_padded_sentence_by_sentence() -> None:
    sentences = [
        Encoded((2, 7, 3), (-1, 0, -1), (1,)),
        Encoded((2, 7, 8, 9, 3), (-1, 0, 1, 2, -1), (0, 1, 2)),
    ]
    readings = [[target(SAMPLES[0].tokens)], [target(s.tokens) for s in SAMPLES[1:3]]]
    pieces, owner, case, row, choice, word = pad(sentences, readings, 4)
    assert pieces.shape == owner.shape == (2, 8)
    assert case.shape == (2, 4)
    assert row.tolist() == [0, 1, 1]
    assert choice.shape == word.shape == (3, choice.shape[1])
    assert choice.shape[1] % 4 == 1
    assert (case[0] < 0).tolist() == [False, True, True, True]
    for i, t in enumerate(t for ts in readings for t in ts):
        assert list(zip(choice[i].tolist(), word[i].tolist(), strict=True))[: len(t)] == list(t)
        assert not choice[i, len(t) :].any()  # <pad>


# --- the score ---------------------------------------------------------------------------------


def test_a_logit_is_compared_with_the_best_rivals() -> None:
    assert compared([3.0]) == [(3.0, 0.0)]
    assert compared([3.0, 1.0, -2.0]) == [(3.0, 2.0), (1.0, -2.0), (-2.0, -5.0)]
    assert compared([99.0, -99.0]) == [(10.0, 10.0), (-10.0, -10.0)]


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
    assert full.of(row, (2.0, 0.0)) == pytest.approx(1 / (1 + np.exp(-2.0)))
    for c, asked in ((cheap, (2.0, 0.0)), (full, None)):
        with pytest.raises(ValueError, match="scorer"):
            c.of(row, asked)
    old = calibration(8, log_prob=1.0)  # of a model that was trained before the last features were known
    assert old.of((1.0, *row[1:])) == pytest.approx(1 / (1 + np.exp(-1.0)))
    for c in (cheap, full, old):
        assert calibration_of(json.loads(json.dumps(numbers_of(c))), c.lexicon) == c
    broken = {**numbers_of(cheap), "features": ["length"]}
    with pytest.raises(ValueError, match="another version"):
        calibration_of(broken, cheap.lexicon)


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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kind = "soup"', "soup"),
        ("kind = [", "not TOML"),
        ('kind = "scorer"', "train is missing"),
        ('kind = "scorer"\n[soup]', "soup"),
        (
            'kind = "scorer"\n[data]\ntrain = {n = 5}\ncalibrate = {n = 5}\n[train]\nlow = 0.9\nhigh = 0.1',
            "low",
        ),
        ('kind = "scorer"\n[data]\ntrain = {n = 5}\ncalibrate = {n = 5}\n[train]\nbatch = "x"', "batch"),
        ('kind = "scorer"\n[data]\ntrain = {n = 5}\ncalibrate = {n = 5}\n[train]\ninit = "none.pt"', "init"),
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
    """A folder with a tiny parser and its scorer, and the figures of the scorer's training."""
    from neurosym.parser import scorer_export

    folder = tmp_path_factory.mktemp("scored")
    training_kinds.train(config(folder, base, epochs=50))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scorer_export, "LARGE", 2000)  # as the tiny model's word vectors are
        return folder, training_kinds.train(recipe(folder, folder / "run" / "model"))


def test_training_makes_a_scorer_that_tells_right_from_wrong(scored: tuple[Path, dict[str, Any]]) -> None:
    from neurosym.parser.calibrate import auroc, read_calibration
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.scorer import Scorer

    folder, figures = scored
    model = folder / "run" / "model"
    assert set(figures["test"]) >= {"n", "asked", "without", "with"}
    assert json.loads((folder / "scorer" / "metrics.json").read_text(encoding="utf-8")) == figures
    runtime, scorer = Runtime(model), Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    logits, labels = [], []
    rng = Random(2)
    for row in made(60, 9):
        s = Sample(tuple(row["words"]), tuple(row["tokens"]))  # type: ignore[arg-type]
        (encoded,) = runtime.encode([s.words])
        group = with_slips(Group(s, encoded, ()), rng, 3)
        logits += scorer.logits([encoded], [[c.tokens for c in group.candidates]])[0]
        labels += [c.right for c in group.candidates]
    assert auroc(logits, labels) > 0.8


def test_the_scorer_reads_its_word_vectors_from_the_parsers_file(scored: tuple[Path, dict[str, Any]]) -> None:
    import onnx

    model = scored[0] / "run" / "model"
    graph = onnx.load(str(model / GRAPH), load_external_data=False)
    shared = [t for t in graph.graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    assert [t.name for t in shared if "word_embeddings" in t.name]
    assert {e.value for t in shared for e in t.external_data if e.key == "location"} == {ENCODER}


def test_a_parser_with_a_scorer_asks_it(scored: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    model = scored[0] / "run" / "model"
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
    from neurosym.parser.neural import Kept, chosen
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.scorer import Scorer

    model = scored[0] / "run" / "model"
    runtime, scorer = Runtime(model), Scorer(model, read_calibration(model / CALIBRATION).lexicon)
    scorer.calibration = calibration(len(KNOWN), logit=1.0)
    words = ("Bob", "is", "kind", ".")
    kept = [
        Kept(Hypothesis(t, -0.1, 0.9, 0.8, 0.0), decode(t, words), score)
        for t, score in (
            (("FACT", "P1", "A:2", "E:0"), 0.9),
            (("FACT", "NOT", "P1", "A:2", "E:0"), 0.2),
        )
    ]
    (encoded,) = runtime.encode([words])
    assert [k.meaning for k in chosen(kept, words, encoded, scorer, [-1.0, 2.0])] == [
        kept[1].meaning,
        kept[0].meaning,
    ]
    assert chosen(kept, words, encoded, scorer, [-1.0, 2.0])[0].score == pytest.approx(1 / (1 + np.exp(-2.0)))


def _with_config(model: Path, folder: Path, **change: object) -> Path:
    shutil.copytree(model, folder)
    raw = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps({**raw, **change}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"encoder_sha256": "0"}, "another parser"),
        ({"format": 0}, "another parser"),
        ({"bounds": {}}, "configuration"),
        ({"calibration": {"features": []}}, "configuration"),
    ],
)
def test_a_scorer_that_does_not_fit_is_refused(
    scored: tuple[Path, dict[str, Any]], tmp_path: Path, change: dict[str, object], says: str
) -> None:
    from neurosym.parser.neural import NeuralParser

    with pytest.raises(ParserError, match=says) as caught:
        NeuralParser(_with_config(scored[0] / "run" / "model", tmp_path / "m", **change))
    assert caught.value.hint


def test_a_broken_graph_is_refused(scored: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    folder = _with_config(scored[0] / "run" / "model", tmp_path / "m")
    (folder / GRAPH).write_bytes(b"no graph")
    with pytest.raises(ParserError, match="scorer"):
        NeuralParser(folder)

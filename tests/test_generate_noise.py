"""Paraphrase, noise, asides, public sets and the data command: gold stays gold."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from neurosym import cli_data
from neurosym.errors import ConfigError, InputError
from neurosym.logic import Formula
from neurosym.parser.asides import CLOSINGS, OPENINGS, asides
from neurosym.parser.constrain import legal
from neurosym.parser.decode import decode
from neurosym.parser.generate import finish, noise, paraphrase, samples, sentences
from neurosym.parser.generate.conditionals import Retry, conditional
from neurosym.parser.generate.context import G
from neurosym.parser.generate.external import Literal, aligned, literals, ruletaker
from neurosym.parser.generate.meaning import TooDeep, Tree, W, emit
from neurosym.parser.generate.nouns import Words
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.spelling import MISSPELLED
from neurosym.syntax import show

needs_wordnet = pytest.mark.skipif(
    not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed"
)


def texts(words: Words) -> list[str]:
    return [w.text if isinstance(w, W) else w for w in words]


def plain(seed: int) -> tuple[G, Words, Tree, Formula] | None:
    """A statement before its capital and stop, with what it means."""
    g = G(Random(seed), lexicon("dev"))
    make = g.choose((0.3, sentences.fact), (0.3, sentences.universal), (0.4, conditional))
    try:
        words, formula = make(g)
        tree = ("FACT", formula)
        return g, words, tree, decode(emit(tree, words), texts(words)).formula
    except (TooDeep, Retry):
        return None


def some(n: int) -> Iterator[tuple[G, Words, Tree, Formula]]:
    return (p for p in map(plain, range(n)) if p is not None)


# --- paraphrase -----------------------------------------------------------------------


@needs_wordnet
def test_a_paraphrase_means_the_same() -> None:
    changed = 0
    for g, words, tree, gold in some(500):
        before = texts(words)
        paraphrase.apply(g, words, ".", tree, rate=1.0)
        tokens = emit(tree, words)
        changed += texts(words) != before
        assert legal(tokens)
        assert decode(tokens, texts(words)).formula == gold, texts(words)
    assert changed > 200


@needs_wordnet
def test_a_paraphrase_without_its_rate_changes_nothing() -> None:
    for g, words, tree, _ in some(50):
        before = texts(words)
        paraphrase.apply(g, words, ".", tree, rate=0.0)
        assert texts(words) == before


def swapped(text: str, tree: Tree = ("FACT", ("IMP",)), n: int = 60, end: str = ".") -> set[str]:
    """Everything that `n` seeds make of a sentence of words of construction."""
    out = set()
    for seed in range(n):
        g = G(Random(seed), lexicon("dev"))
        words: Words = list(text.split())
        paraphrase.apply(g, words, end, tree, rate=1.0)
        out.add(" ".join(texts(words)))
    return out


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("tom is red only if bob is blue", ("only when", "only once", "only provided", "only in case")),
        ("tom is red if and only if bob is blue", ("when and", "provided that and", "in case and")),
        ("not every cat is red", ("not each",)),
        ("they like each other", ("every other",)),
        ("nobody but tom is red", ("no one but", "no person but")),
        ("tom is either red or blue , but not both", (", yet not both", "; but not both")),
        ("do we know if tom is red", ("know when", "know once", "know provided")),
    ],
)
def test_words_that_belong_together_stay_together(text: str, never: tuple[str, ...]) -> None:
    for said in swapped(text):
        assert not any(n in said for n in never), said


@needs_wordnet
def test_when_stays_a_time_where_nothing_follows_from_it() -> None:
    story = ("PART", ("P2",))
    assert not any(" if " in s or "in case" in s for s in swapped("ann left when bob came", story))
    rule = swapped("ann leaves when bob comes", ("FACT", ("IMP",)))
    assert any(" if " in s or "whenever" in s for s in rule)


# --- noise ----------------------------------------------------------------------------


@needs_wordnet
def test_noise_keeps_the_meaning_up_to_the_spelling_of_names() -> None:
    changed = 0
    for g, words, tree, gold in some(600):
        finish(g, words, ".")
        before = texts(words)
        tokens = emit(tree, words)
        noise.apply(g, words, tree, rate=1.0)
        after = emit(tree, words)
        changed += texts(words) != before
        assert legal(after)
        assert [t.split(":")[0] for t in after] == [t.split(":")[0] for t in tokens]
        noisy = decode(after, texts(words)).formula
        copied = [w.text for w in words if isinstance(w, W)]
        if all(w in before for w in copied):  # no copied word was touched
            assert noisy == gold, texts(words)
        else:
            assert type(noisy) is type(gold)
    assert changed > 300


@needs_wordnet
def test_noise_leaves_stretches_and_months_alone() -> None:
    for seed in range(200):
        g = G(Random(seed), lexicon("dev"))
        first, last = W("plans"), W("garden")
        words: Words = ["tom", first, "to", "plant", "the", last, "."]
        noise.apply(g, words, ("FACT", ("P1", ("SPAN", ("B", first), ("F", last)), ("YOU",))), rate=1.0)
        assert texts(words) == ["tom", "plans", "to", "plant", "the", "garden", "."]
        month = W("February")
        words = [month, "."]
        noise.apply(g, words, ("FACT", ("P1", ("A", W("x")), ("E", month))), rate=1.0)
        assert month.text.lower() == "february"


def test_slips_are_no_words_of_construction_themselves() -> None:
    assert not set(MISSPELLED) & set(MISSPELLED.values())
    assert MISSPELLED["teh"] == "the"
    assert MISSPELLED["isnt"] == "n't"
    assert not set(MISSPELLED) & {"iff", "if", "ever", "saw", "dose", "not", "either", "ether", "form"}


# --- asides ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("the truth is that tom is red .", {0, 1, 2, 3}),
        ("tom tells the truth .", set()),
        ("as a matter of fact , it is known that tom is red .", set(range(10))),
        ("tom is red , too .", {3, 4}),
        ("too many cats are red .", set()),
        ("in the event that tom is red , bob is blue", {0, 1, 2, 3}),
        ("the event is red", set()),
        ("a group of dogs runs", {0, 1, 2}),
        ("", set()),
    ],
)
def test_asides(text: str, idle: set[int]) -> None:
    assert asides(text.split()) == idle


def test_every_opening_and_closing_is_an_aside() -> None:
    for o in OPENINGS:
        assert set(range(len(o))) <= asides([*o, "tom", "is", "red", "."])
    for c in CLOSINGS:
        assert set(range(3, 3 + len(c))) <= asides(["tom", "is", "red", *c, "."])


# --- public sets ----------------------------------------------------------------------


def clause(predicate: str, *arguments: str, polarity: str = "+") -> dict[str, object]:
    return {"predicate": predicate, "arguments": list(arguments), "polarity": polarity}


def theory(facts: dict[str, dict[str, object]], rules: dict[str, dict[str, object]]) -> dict[str, object]:
    """A record in the format of the public generator, with our own sentences."""
    return {
        "theory_assertion_instance": {
            "theory": {"facts": list(facts.values()), "rules": list(rules.values())},
            "assertion": clause("calm", "'walrus'"),
        },
        "english": {
            "theory_statements": [*facts, *rules],
            "assertion_statement": "The walrus is calm.",
        },
    }


RECORD = theory(
    {
        "Grey walrus admires otter.": clause("admires", "'grey_walrus'", "'otter'"),
        "The otter is not calm.": clause("calm", "'otter'", polarity="-"),
        "Otter admires walrus.": clause("admires", "'walrus'", "'otter'"),  # the wrong way round
    },
    {
        "If X admires otter and X is calm then X is neat.": {
            "lhs": [clause("admires", "X", "'otter'"), clause("calm", "X")],
            "rhs": clause("neat", "X"),
        },
        "If something is neat then it does not admire the walrus.": {
            "lhs": [clause("neat", "X")],
            "rhs": clause("admires", "X", "'walrus'", polarity="-"),
        },
    },
)


def test_ruletaker_is_aligned_and_verified(tmp_path: Path) -> None:
    path = tmp_path / "theories.jsonl"
    path.write_text(json.dumps(RECORD) + "\n" + json.dumps(RECORD) + '\n{"cut', encoding="utf-8")
    read = {" ".join(s["words"]): show(decode(s["tokens"], s["words"]).formula) for s in ruletaker(path)}
    assert read == {
        "Grey walrus admires otter .": "admire(grey_walrus, otter)",
        "The otter is not calm .": "not calm(otter)",
        "If X admires otter and X is calm then X is neat .": (
            "forall ?x. admire(?x, otter) and calm(?x) -> neat(?x)"
        ),
        "If something is neat then it does not admire the walrus .": (
            "forall ?x. neat(?x) -> not admire(?x, walrus)"
        ),
        "The walrus is calm .": "calm(walrus)",
    }


def test_what_cannot_be_aligned_is_left_out() -> None:
    assert aligned("The otter is quite calm.", (Literal("calm", ("otter",), True),)) is None
    assert aligned("The otter is calm.", (Literal("calm", ("otter",), False),)) is None
    assert aligned("The otter is calm today.", (Literal("calm", ("otter",), True),)) is None
    assert aligned("The otter is calm.", literals(clause("calm", "'otter'"))) is not None


def test_a_file_that_is_no_such_set_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"words": []}\n', encoding="utf-8")
    with pytest.raises(InputError, match="theory_assertion_instance"):
        list(ruletaker(path))
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no theory"):
        list(ruletaker(path))


# --- the data command -----------------------------------------------------------------


def run(*argv: str) -> int:
    p = argparse.ArgumentParser()
    p.add_argument("--json", action="store_true")
    cli_data.arguments(p)
    return cli_data.data(p.parse_args(argv))


@needs_wordnet
def test_data_make_reproduces_by_its_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b, c = (str(tmp_path / f) for f in "abc")
    for path, seed in ((a, "7"), (b, "7"), (c, "8")):
        assert run("make", "--json", "--split", "dev", "--n", "60", "--seed", seed, "-o", path) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0]) == {"output": a, "samples": 60}
    assert Path(a).read_bytes() == Path(b).read_bytes() != Path(c).read_bytes()
    lines = [json.loads(line) for line in Path(a).read_text(encoding="utf-8").splitlines()]
    assert lines == list(samples("dev", 7, 60))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"], "no temporary file is left"


@needs_wordnet
def test_data_make_writes_stories_too(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    assert run("make", "--kind", "stories", "--split", "dev", "--n", "3", "-o", str(path)) == 0
    stories = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(stories) == 3
    assert all(len(s["sentences"]) > 1 for s in stories)


@pytest.mark.parametrize(
    ("argv", "error", "message"),
    [
        (("make", "--n", "0", "-o", "x"), ConfigError, "--n 0"),
        (("make", "--seed", "-1", "-o", "x"), ConfigError, "--seed -1"),
        (("make", "-o", "{}/no/such/x"), InputError, "no folder"),
        (("make", "-o", "{}"), InputError, "is a folder"),
        (("read", "ruletaker", "{}/none.jsonl", "-o", "{}/x"), InputError, "no file"),
    ],
)
def test_bad_arguments_are_said(
    argv: tuple[str, ...], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        run(*(a.replace("{}", str(tmp_path)) for a in argv))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_run_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("old\n", encoding="utf-8")

    def breaking() -> Iterator[dict[str, int]]:
        yield {"n": 1}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cli_data.write(breaking(), path)
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["data.jsonl"]

"""The parser's data: splitting, base forms, decoding, and generated sentences with their meanings."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import ParserError
from neurosym.logic import And, Atom, Const, Forall, Implies, Not, Num, Or, Var
from neurosym.parser.decode import decode
from neurosym.parser.generate import Sample, samples
from neurosym.parser.lexicon import WORDNET, lexicon, split_of
from neurosym.parser.morphology import normalize, number, plural, verb_forms
from neurosym.parser.reading import Act
from neurosym.parser.scheme import KINDS, SIGNATURE, well_formed
from neurosym.parser.tokenize import sentences, words
from neurosym.syntax import read_formula

GOLD = Path(__file__).parent / "corpus" / "parser_gold.jsonl"
needs_wordnet = pytest.mark.skipif(
    not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed"
)
X, Y = Var("x"), Var("y")


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def texts(text: str) -> list[str]:
    return [w.text for w in words(text)]


# --- tokenize -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom is red. Bob is not.", ["Tom is red.", "Bob is not."]),
        ("tom is red. bob is not", ["tom is red.", "bob is not"]),
        ("Dr. Smith saw Mr. Lee. He left.", ["Dr. Smith saw Mr. Lee.", "He left."]),
        ("J. K. Rowling wrote it.", ["J. K. Rowling wrote it."]),
        ("The cat chases X. Tom is red.", ["The cat chases X.", "Tom is red."]),
        ("It costs 3.14 euros. Fine.", ["It costs 3.14 euros.", "Fine."]),
        ("He lives in the U.S. and works.", ["He lives in the U.S. and works."]),
        ('"Is it?" he asked', ['"Is it?"', "he asked"]),
        ("Tom is red\nBob is blue\n\nAnn is wet", ["Tom is red", "Bob is blue", "Ann is wet"]),
        ("If something is\nred then it is blue.", ["If something is\nred then it is blue."]),
        ("1. Tom is red.\n2. Bob is blue.", ["Tom is red.", "Bob is blue."]),
        ("- Tom is red\n- Bob is blue", ["Tom is red", "Bob is blue"]),
        ("Tom is red.Bob is blue.", ["Tom is red.", "Bob is blue."]),
        ("Tom ... is red. Really?! Yes", ["Tom ... is red.", "Really?!", "Yes"]),
        ("cats, dogs, etc. are animals.", ["cats, dogs, etc. are animals."]),
        ("", []),
        (" \n ... \n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom doesn't like Bob's cat.", ["Tom", "does", "n't", "like", "Bob", "'s", "cat", "."]),
        ("It’s the cats’ food", ["It", "'s", "the", "cats", "'", "food"]),
        ("I can't, cannot, won't", ["I", "ca", "n't", ",", "can", "not", ",", "wo", "n't"]),
        ("30.5 or 1,000 (20%)", ["30.5", "or", "1,000", "(", "20%", ")"]),
        ("Jean-Paul O'Neil of the U.S.", ["Jean-Paul", "O'Neil", "of", "the", "U.S."]),
        ("a 4k monitor; two", ["a", "4k", "monitor", ";", "two"]),
        ("Björn é", ["Björn", "é"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aA bX.'’\"!?\n,-1é(n t", max_size=80))
def test_spans_point_into_the_text(text: str) -> None:
    last = 0
    for a, b in sentences(text):
        assert last <= a < b <= len(text)
        assert text[a:b] == text[a:b].strip()
        last = b
    last = 0
    for w in words(text):
        assert last <= w.start < w.end <= len(text)
        assert w.text == text[w.start : w.end].replace("’", "'")
        assert not text[last : w.start].strip()
        last = w.end
    assert not text[last:].strip()


@pytest.mark.parametrize(
    "piece", ["a", "a'", ". ", "\n", "A. ", "1.", "- ", '."', " ", "." + 30 * " ", "(\n", "’s"]
)
def test_tokenizing_is_linear(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begin = time.process_time()
    sentences(text)
    words(text)
    assert time.process_time() - begin < 5


# --- morphology -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("Dravuses", "N", "dravus"), ("olbuses", "N", "olbus"), ("pirgus", "N", "pirgus"),
        ("zorbles", "N", "zorble"),
        ("wolves", "N", "wolf"), ("people", "N", "person"), ("buses", "N", "bus"), ("glasses", "N", "glass"),
        ("physics", "N", "physics"), ("children", "N", "child"), ("cats", "D", "cat"),
        ("flumbies", "N", "flumby"),         ("glaxes", "N", "glax"),
        ("mothers-in-law", "N", "mothers-in-law"),
        ("chases", "V", "chase"), ("chased", "T", "chase"), ("written", "T", "write"), ("has", "V", "have"),
        ("was", "V", "be"), ("saw", "V", "see"), ("found", "V", "find"), ("glimmed", "V", "glim"),
        ("zorbling", "V", "zorble"), ("blickies", "V", "blicky"),
        ("flies", "V", "fly"), ("dying", "V", "die"),
        ("tom", "E", "Tom"), ("McDonald", "E", "McDonald"), ("Dr.", "E", "Dr"),
        ("Taller", "C", "taller"), ("Kind", "A", "kind"), ("ca", "P", "can"), ("In", "P", "in"),
    ],
)  # fmt: skip
def test_normalize(word: str, kind: str, expected: str) -> None:
    assert normalize(word, kind) == expected


def test_inflection_is_undone() -> None:
    for noun in ("fox", "city", "wolf", "bus", "gas", "zorble", "dravus", "gliff", "torm", "blay"):
        assert normalize(plural(noun), "N") == noun
    for verb in ("chase", "see", "stop", "carry", "go", "write", "glim", "blick", "wozzle", "need"):
        assert all(normalize(f, "V") == verb for f in verb_forms(verb))


@pytest.mark.parametrize(
    ("text", "value"),
    [("30", 30), ("1,000", 1000), ("two", 2), ("Twenty-one", 21), ("2/4", "1/2"), ("1.5", "3/2")],
)
def test_number(text: str, value: object) -> None:
    assert str(number(text)) == str(value)


@pytest.mark.parametrize("text", ["", "1/0", "x", "-", "1.2.3", "cat"])
def test_not_a_number(text: str) -> None:
    assert number(text) is None


# --- decode ---------------------------------------------------------------------------


def read(tokens: str, text: str) -> object:
    return decode(tokens.split(), texts(text)).formula


def test_decode_rule() -> None:
    cat, mammal = Atom("cat", (X,)), Atom("mammal", (X,))
    assert read("FACT ALL x IMP P1 N:0 x P1 N:2 x", "Cats are mammals.") == Forall((X,), Implies(cat, mammal))


TWO_NAMES = ("FACT", "P2", "JOIN", "V:3", "P:4", "NAMES", "D:1", "D:2", "NAMES", "E:5", "E:6")


def test_decode_names_and_presuppositions() -> None:
    d = decode(
        TWO_NAMES,
        texts("The grey herons live in ada Lovelace"),
    )
    heron = Const("grey_heron")
    assert d.formula == Atom("live_in", (heron, Const("Ada_Lovelace")))
    assert d.presuppositions == (Atom("grey_heron", (heron,)),)


def test_decode_merges_and_flattens() -> None:
    f = read(
        "FACT ALL x ALL y IMP AND P1 N:0 x AND P1 N:1 y P2 V:2 x y OR P1 A:3 x OR P1 A:4 x P1 A:5 x",
        "a b c d e f",
    )
    assert isinstance(f, Forall)
    assert f.vars == (X, Y)
    assert isinstance(f.body, Implies)
    assert isinstance(f.body.left, And)
    assert len(f.body.left.parts) == 3
    assert isinstance(f.body.right, Or)
    assert len(f.body.right.parts) == 3


def test_decode_questions_and_numbers() -> None:
    d = decode(
        ["HOWMANY", "x", "AND", "P1", "N:2", "x", "P2", "C:4", "x", "Q:6"],
        texts("How many rods are longer than 3?"),
    )
    assert (d.act, d.count, d.variables) == (Act.ASK, True, (X,))
    assert isinstance(d.formula, And)
    assert d.formula.parts[1] == Atom("longer", (X, Num(number("3") or 0)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tokens", "reason"),
    [
        ("FACT P1 N:0 x", "outside its scope"),
        ("FACT AND ALL x P1 N:0 x P1 N:1 x", "outside its scope"),
        ("FACT ALL x EX x P1 N:0 x", "bound twice"),
        ("WH x ALL x P1 N:0 x", "bound twice"),
        ("FACT ALL x P1 N:0 E:1", "never used"),
        ("WH x P1 N:0 E:1", "does not mention"),
        ("FACT P1 N:0 E:7", "outside the sentence"),
        ("FACT P1 N:0 Q:1", "not a number"),
        ("FACT P1 N:2 E:0", "without letters"),
        ("FACT ALL x P1 NAMES x", "well-formed"),
        ("FACT P1 N:0", "well-formed"),
        ("FACT P1 E:0 N:1", "well-formed"),
        ("FACT EQ E:0 E:1 E:1", "well-formed"),
        ("", "well-formed"),
    ],
)
def test_decode_refuses(tokens: str, reason: str) -> None:
    with pytest.raises(ParserError, match=reason):
        decode(tokens.split(), ["cats", "dogs", "."])


TOKENS = [*SIGNATURE, *(f"{k}:{i}" for k in KINDS for i in range(4))]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=12))
def test_decode_never_breaks(tokens: list[str]) -> None:
    with suppress(ParserError):
        decode(["FACT", *tokens], ["Cats", "chase", "12", "."])


# --- generate -------------------------------------------------------------------------


def untokenize(ws: list[str]) -> str:
    out = ""
    for w in ws:
        out += (
            w
            if not out or w.lower() in ("n't", "'s", "'m", "'re", "'ve", "'", ".", ",", "?", "!", ";", ":")
            else " " + w
        )
    return out


@pytest.fixture(scope="module")
def made() -> dict[str, list[Sample]]:
    return {s: list(samples(s, 5, 3000)) for s in ("train", "dev", "test")}


@needs_wordnet
def test_samples_decode_and_match_the_tokenizer(made: dict[str, list[Sample]]) -> None:
    for s in made["train"] + made["dev"]:
        assert well_formed(s["tokens"]), s
        decode(s["tokens"], s["words"])
        assert texts(untokenize(s["words"])) == s["words"]


@needs_wordnet
def test_pointed_words_and_skeletons_are_disjoint(made: dict[str, list[Sample]]) -> None:
    """No dev or test noun, adjective or name is seen in training; nor are the held-out skeletons."""
    found: dict[str, set[str]] = {}
    for split_name, rows in made.items():
        found[split_name] = {
            s["template"] for s in rows if s["split_tags"]["skeleton"] not in ("any", "train")
        }
        own = {n.one for ns in lexicon(split_name).nouns.values() for n in ns}
        assert own
        assert all(split_of(w) == split_name for w in own)
    assert not found["train"]
    assert found["dev"]
    assert found["test"]
    assert not found["dev"] & found["test"]


@needs_wordnet
def test_same_seed_same_samples() -> None:
    assert list(samples("train", 3, 50)) == list(samples("train", 3, 50))
    assert list(samples("train", 3, 5)) != list(samples("train", 4, 5))
    assert list(samples("train", 3, 5)) == list(islice(samples("train", 3, 50), 5))


@needs_wordnet
def test_the_constructions_are_all_made(made: dict[str, list[Sample]]) -> None:
    tags = {t for s in made["train"] for t in s["template"].split()}
    wanted = {
        "passive",
        "relation",
        "not",
        "comp-and",
        "comp-or",
        "subj-neither",
        "univ-all",
        "univ-bare",
        "no",
    }
    assert wanted | {"not-all", "only", "about-someone", "two-letters", "unless", "ground-iff"} <= tags
    symbols = {t.split(":")[0] for s in made["train"] for t in s["tokens"]}
    assert (set(SIGNATURE) | set(KINDS)) - {"w"} <= symbols  # four nested variables are rare


@needs_wordnet
def test_lexicon_errors(tmp_path: Path) -> None:
    with pytest.raises(ParserError, match="no WordNet"):
        lexicon("train", tmp_path)
    with pytest.raises(ParserError, match="no split"):
        lexicon("validation")


# --- gold -----------------------------------------------------------------------------


def test_gold_is_readable() -> None:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 60
    for row in rows:
        bound = "".join(f"exists ?{v}. " for v in row.get("variables", ()))
        read_formula(bound + row["formula"])
        assert len(sentences(row["text"])) == 1, row["text"]


def test_negation_stays() -> None:
    assert read("FACT NOT P1 A:3 E:0", "Tom is not red") == Not(Atom("red", (Const("Tom"),)))

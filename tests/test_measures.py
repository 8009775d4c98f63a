"""Small parts of the measuring programs, and of the generator's orders: each by what it must give."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks import answers_gain, parse_speed
from benchmarks.suite import Item, Outcome, find_suite, lettered
from neurosym.answers import read_problems
from neurosym.errors import ConfigError
from neurosym.logic import Atom, Const, Num, atoms
from neurosym.parser.decode import decode
from neurosym.parser.generate import ranks
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, W, emit
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.neural import WEIGHTS
from neurosym.parser.runtime import Runtime
from neurosym.parser.settings import read_samples
from neurosym.parser.tables import read_toml
from neurosym.training import ANSWERS, Answers

ITEMS = [Item(f"{n}/{q}", f"Story {n}.", f"Question {q}?", "proved") for n in range(12) for q in range(3)]


# --- answers_gain ---------------------------------------------------------------------------------


def test_a_story_is_learnt_from_or_kept_out() -> None:
    parts = answers_gain.split(ITEMS, 9, 12, 1)
    assert (len(parts.learn), len(parts.kept_out)) == (9, 12)
    assert not {i.text for i in parts.learn} & {i.text for i in parts.kept_out}
    assert parts == answers_gain.split(ITEMS, 9, 12, 1)
    assert parts != answers_gain.split(ITEMS, 9, 12, 2)
    choice = [Item("o", "Another.", "Which?", "A", options=lettered(["x", "y"]))]
    with pytest.raises(ConfigError, match="too few"):
        answers_gain.split([*ITEMS, *choice], 18, 19, 1)


def test_its_configuration_is_one_that_train_reads(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    args = argparse.Namespace(
        recipe=recipe, model="", rounds=2, share=0.25, beam=4, combinations=8, seconds=1.0
    )
    closed = Item("closed", "All is told.", "Is it?", "proved", closed_world=True)
    path = answers_gain.configured(tmp_path, [*ITEMS[:3], closed], args)
    raw = read_toml(path)
    assert (raw["kind"], raw["recipe"]) == (ANSWERS, str(recipe))
    known = Answers(**raw[ANSWERS])
    assert (known.rounds, known.share, known.out) == (2, 0.25, str(tmp_path))
    problems = read_problems(Path(known.path))
    assert [p.id for p in problems] == [i.id for i in ITEMS[:3]]  # an answer by absence teaches nothing


def test_right_is_certified_and_wholly_read(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = iter(
        [
            Outcome("proved", True, True, 0.1),
            Outcome("proved", True, True, 0.1, problems=("not read: 'x'",)),
            Outcome("proved", True, False, 0.1),
            Outcome("unknown", False, False, 0.1),
        ]
    )
    monkeypatch.setattr(answers_gain, "answer", lambda *_: next(outcomes))
    suite = find_suite("proofwriter")
    found = answers_gain.measured(ITEMS[:4], suite, "grammar", 0.5)
    assert found == {"n": 4, "accuracy": 0.25, "with_problems": 1, "answered": 3}


def test_no_clock_decides_how_long_is_trained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[data]\ntrain = {n = 1}\ndev = {n = 1}\n[train]\nmax_minutes = 1\n", encoding="utf-8")
    args = ["--data", str(tmp_path / "none"), "--recipe", str(recipe), "--out", str(tmp_path / "out")]
    assert answers_gain.main(args) == 1
    assert "max_minutes must be 0" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# --- parse_speed ----------------------------------------------------------------------------------


def test_words_are_written_as_people_do() -> None:
    assert parse_speed.written(["Bob", "does", "n't", "like", "Ann", "'s", "dog", "."]) == (
        "Bob doesn't like Ann's dog."
    )


def test_every_sentence_is_read_and_timed() -> None:
    sentences = ["Bob is kind.", "Every dog barks.", "Is Ann tall?"] * 2
    wall, cpu, n = parse_speed.read_all((str(WEIGHTS), sentences))
    assert n == len(sentences)
    assert wall > 0
    assert cpu > 0
    alone = parse_speed.single(str(WEIGHTS), sentences)
    assert 0 < alone["single_ms_median"] <= alone["single_ms_p95"]
    found = parse_speed.decoded(Runtime(WEIGHTS), [("Bob", "is", "kind", "."), ("Dogs", "bark", ".")])
    assert set(found) == {"sentences_per_second", "sentences_per_cpu_second", "single_ms_median"}
    assert all(v > 0 for v in found.values())


@pytest.mark.skipif(not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed")
def test_made_sentences_are_samples_of_the_test_split(tmp_path: Path) -> None:
    rows = parse_speed.made(4, 7)
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert [s.words for s in read_samples(path)] == [tuple(r["words"]) for r in rows]
    assert len(rows) == 4


# --- orders ---------------------------------------------------------------------------------------

PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}


def ranked_by(make: Callable[[G], Any], seed: int) -> tuple[list[str], Atom] | None:
    """Words and the atom of rank of "Bob is ...", as the sentence's tokens say it."""
    g, bob = G(Random(seed), lexicon("train")), W("Bob")
    said, body, *_ = make(g)
    words = [bob, W("is"), *said, "."]
    try:
        tokens = emit(("FACT", body(("E", bob))), words)
    except TooDeep:
        return None
    texts = [w.text if isinstance(w, W) else w for w in words]
    found = [a for a in atoms(decode(tokens, texts).formula) if a.pred.startswith("rank_")]
    return (texts, found[0]) if len(found) == 1 else None


@pytest.mark.skipif(not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed")
@pytest.mark.parametrize(
    "make",
    [lambda g: ranks.ranked(g, 0.5), lambda g: ranks.from_an_end(g, 0.5)],
    ids=["ranked", "from_an_end"],
)
def test_a_place_is_that_of_its_ordinal(make: Callable[[G], Any]) -> None:
    seen = set()
    for seed in range(80):
        if (found := ranked_by(make, seed)) is None:
            continue
        words, atom = found
        who, place = atom.args
        assert who == Const("Bob")
        assert isinstance(place, Num)
        told = [PLACES[w] for w in words if w in PLACES]
        assert place.value == (told[0] if told else place.value)
        if not told and not any(w[0].isdigit() or w.endswith("th") for w in words):
            assert place.value == 1, words  # the oldest, the leftmost
        if "from" in words:
            assert atom.pred == f"rank_{words[-2]}"
        seen.add(int(place.value))
    assert {1, 2, 3} <= seen

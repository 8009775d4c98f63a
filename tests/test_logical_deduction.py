"""The suite of ordering puzzles and the maker of its own: forms, uniqueness, gold answers, refusals."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.answering import answer
from benchmarks.deduction_puzzles import SIZES, puzzles
from benchmarks.deduction_topics import TOPICS
from benchmarks.logical_deduction import items, prepare
from benchmarks.suite import Item, find_suite
from neurosym import kernel
from neurosym.errors import ConfigError, InputError
from neurosym.logic import Formula
from neurosym.solvers import make_solver
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Limits, Proved, Solver

PREAMBLE = "The following paragraphs each describe a set of three objects arranged in a fixed order.\n\n"


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    """One puzzle of each size and topic that is due, as the suite reads it."""
    path = tmp_path_factory.mktemp("puzzles") / "made.json"
    path.write_text(json.dumps(puzzles(9, 3)), encoding="utf-8")
    return list(items(path))


def write(tmp_path: Path, **changed: object) -> Path:
    row: dict[str, object] = {
        "id": "one",
        "context": PREAMBLE + "There are three vats: a tin vat, a zinc vat, and a lead vat.",
        "question": "Which of the following is true?",
        "options": ["A) The tin vat is the oldest.", "B) The zinc vat is the oldest."],
        "answer": "B",
    }
    path = tmp_path / "some.json"
    path.write_text(json.dumps([row | changed]), encoding="utf-8")
    return path


# --- the reader ---


def test_the_preamble_is_no_part_of_a_puzzle(tmp_path: Path) -> None:
    (item,) = items(write(tmp_path))
    assert item.text == "There are three vats: a tin vat, a zinc vat, and a lead vat."
    assert [(o.label, o.text) for o in item.options] == [
        ("A", "The tin vat is the oldest."),
        ("B", "The zinc vat is the oldest."),
    ]
    assert (item.expected, item.group, item.gold) == ("B", "2", None)


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "other.json").write_bytes((tmp_path / "some.json").read_bytes())
    assert len(list(items(tmp_path))) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"answer": "C"}, "not one of the options"),
        ({"options": ["The tin vat is the oldest."]}, "expected an option"),
        ({"gold": {"claims": []}}, "options"),
        ({"gold": {"claims": [], "options": ["p(a)"]}}, "1 gold forms of 2"),
    ],
)
def test_other_data_are_refused(tmp_path: Path, changed: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(items(write(tmp_path, **changed)))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="json"):
        list(items(tmp_path))


# --- the puzzles ---


def test_the_same_seed_makes_the_same_puzzles() -> None:
    assert puzzles(6, 1) == puzzles(6, 1)
    assert puzzles(6, 1) != puzzles(6, 2)
    assert puzzles(6, 1) == puzzles(9, 1)[:6]


def test_puzzles_in_another_process_are_the_same(tmp_path: Path) -> None:
    """No order of sets, which differs from process to process, leaks into them."""
    file = tmp_path / "out.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks.deduction_puzzles",
        "--n",
        "6",
        "--seed",
        "1",
        "-o",
        str(file),
    ]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent, timeout=120)
    assert json.loads(file.read_text("utf-8")) == puzzles(6, 1)


def test_sizes_and_numbers_that_cannot_be() -> None:
    for n, sizes in ((0, SIZES), (3, (4,)), (3, ())):
        with pytest.raises(ConfigError):
            puzzles(n, 1, sizes)


def test_every_topic_is_told_in_whole_sentences() -> None:
    rows = puzzles(3 * len(TOPICS), 5)
    assert {r["topic"] for r in rows} == {t.kind for t in TOPICS}
    for row in rows:
        text = row["context"] + " " + " ".join(o[3:] for o in row["options"])
        assert not re.search(r"[{}|+]|  | ,|\.\.", text), text
        for sentence in re.split(r"(?<=\.) ", text):
            assert re.fullmatch(r"[A-Z].*\.", sentence), sentence
        assert len(row["gold"]["claims"]) == len(re.findall(r"\.(?: |$)", row["context"]))
        assert len(set(row["options"])) == len(row["options"]) == len(row["gold"]["options"])


def test_things_of_a_topic_are_enough_and_differ() -> None:
    for t in TOPICS:
        names = [name for _, name, _ in t.things]
        assert len(set(names)) == len(names) >= max(SIZES)


def test_every_option_is_proved_or_disproved_from_gold_forms(made: list[Item], solver: Solver) -> None:
    assert {i.group for i in made} == {"3", "5", "7"}
    for item in made:
        theory, goals = theory_of(item)
        for o, goal in zip(item.options, goals, strict=True):
            verdict = solver.solve(theory, goal, Limits())
            assert isinstance(verdict, Proved if o.label == item.expected else Disproved), (item.id, o.text)
            assert kernel.check(theory, goal, verdict.certificate) == verdict.theorem


def test_no_clue_can_be_spared(made: list[Item], solver: Solver) -> None:
    """Without its last clue a puzzle leaves some option open, unless its options do not need the clue."""
    opened = 0
    for item in made[:6]:
        assert item.gold is not None
        less = replace(item, gold=replace(item.gold, claims=item.gold.claims[:-1]))
        theory, goals = theory_of(less)
        opened += any(not isinstance(solver.solve(theory, g, Limits()), Proved | Disproved) for g in goals)
    assert opened


def test_the_suite_answers_from_gold_forms(made: list[Item], solver: Solver) -> None:
    suite = find_suite("logical_deduction")
    outcomes = [answer(item, suite, None, solver, 0.5) for item in made[:6]]
    assert [(o.said, o.certified, o.problems) for o in outcomes] == [(i.expected, True, ()) for i in made[:6]]


def test_without_the_order_nothing_follows(made: list[Item], solver: Solver) -> None:
    """The background does the work: the answers are open without it, and it only adds claims."""
    for item in made[:6]:
        assert item.gold is not None
        bare = Theory(item.gold.claims)
        assert not isinstance(solver.solve(bare, item.gold.goal, Limits()), Proved)
        assert theory_of(item)[0].claims[: len(bare.claims)] == bare.claims


def theory_of(item: Item) -> tuple[Theory, tuple[Formula, ...]]:
    assert item.gold is not None
    goals = tuple(o.goal for o in item.options if o.goal is not None)
    return prepare(Theory(item.gold.claims), item, goals), goals

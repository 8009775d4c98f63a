"""Learning from answers: the search over readings, what it teaches, and a whole run with a tiny parser."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from test_parser_model import base, config

from neurosym.answers import (
    Explained,
    Pair,
    Problem,
    Search,
    Support,
    combinations,
    explain,
    find,
    pairs_of,
    read_problems,
)
from neurosym.errors import ConfigError, InputError
from neurosym.parser import tokenize
from neurosym.parser.decode import decode
from neurosym.parser.reading import Parsed, Reading
from neurosym.parser.settings import Sample, read_samples
from neurosym.solvers import make_solver
from neurosym.theory import Span
from neurosym.training import MOST_TIMES, mixed, train, write_pairs
from neurosym.verdict import Limits, Solver

__all__ = ["base"]  # a fixture of the tiny parser's tests

LIMITS = Limits(seconds=5.0)
RIGHT, WRONG = "FACT ALL x IMP P1 N:0 x P1 A:2 x", "FACT ALL x IMP P1 A:2 x P1 N:0 x"
READINGS: dict[str, list[tuple[str, float]]] = {
    # the likelier reading is the wrong one
    "Nurses are kind.": [(WRONG, 0.6), (RIGHT, 0.3)],
    "Ngozi is a nurse.": [("FACT P1 N:3 E:0", 0.9)],
    "Sunday is wet.": [("FACT P1 A:2 E:0", 0.5), ("FACT P1 A:2 D:0", 0.4)],
    "Ngozi is kind.": [("FACT P1 A:2 E:0", 0.9)],
    "Ngozi is tall.": [("FACT P1 A:2 E:0", 0.9)],
    "Gibberish here.": [],
}
STORY = "Nurses are kind. Ngozi is a nurse. Sunday is wet."


@dataclass(slots=True)
class Rivals:
    """A parser with the readings of READINGS."""

    name: str = "rivals"
    asked: list[tuple[str, int]] = field(default_factory=list)

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        self.asked.append((document, n_best))
        return tuple(
            Parsed(Span(document, a, b, text[a:b]), self._of(text[a:b])[:n_best])
            for a, b in tokenize.sentences(text)
        )

    def _of(self, sentence: str) -> tuple[Reading, ...]:
        words = [w.text for w in tokenize.words(sentence)]
        return tuple(
            decode(tokens.split(), words).reading(score, tokens.split())
            for tokens, score in READINGS[sentence]
        )


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


def explained(answer: str, question: str = "Ngozi is kind.", story: str = STORY, **how: object) -> Explained:
    problem = Problem("one", story, question, answer)
    solver = make_solver("auto")
    try:
        return explain(problem, Rivals(), solver, LIMITS, replace(Search(), **how))  # type: ignore[arg-type]
    finally:
        solver.close()


# --- combinations -------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 5, 100])
def test_combinations_come_best_first(most: int) -> None:
    options = [[0.5, 0.3, 0.1], [0.9], [0.4, 0.35]]
    every = sorted((-math.prod(row[i] for row, i in zip(options, c, strict=True)), c)
                   for c in itertools.product(*(range(len(row)) for row in options)))  # fmt: skip
    found = list(combinations(options, most))
    assert [c for c, _ in found] == [c for _, c in every[:most]]
    assert [p for _, p in found] == pytest.approx([-p for p, _ in every[:most]])


def test_nothing_to_combine() -> None:
    assert list(combinations([], 3)) == [((), 1.0)]


# --- one problem --------------------------------------------------------------------------------


def test_an_answer_corrects_a_reading() -> None:
    found = explained("proved")
    assert not found.first
    by_words = {" ".join(s.words): s for s in found.supports}
    assert by_words["Nurses are kind ."].tokens == tuple(RIGHT.split())
    assert not by_words["Nurses are kind ."].best
    assert by_words["Nurses are kind ."].share == pytest.approx(1.0)
    assert by_words["Ngozi is a nurse ."].best


def test_sentences_without_a_part_in_the_proof_are_not_learnt() -> None:
    assert "Sunday is wet ." not in {" ".join(s.words) for s in explained("proved").supports}


def test_what_no_combination_gives() -> None:
    found = explained("disproved")
    assert found.supports == ()
    assert found.tried > 1
    assert "no combination" in found.reason


def test_the_search_is_bounded() -> None:
    assert explained("disproved", combinations=2).tried == 2
    assert explained("proved", combinations=1).supports == ()  # the best readings do not give it


def test_unknown_answers_teach_where_they_are_asked_for() -> None:
    assert explained("unknown", "Ngozi is tall.").supports == ()
    found = explained("unknown", "Ngozi is tall.", unknown=True)
    assert found.first
    assert {s.tokens for s in found.supports if s.words[0] == "Nurses"} == {
        tuple(WRONG.split()),
        tuple(RIGHT.split()),
    }
    holed = "Gibberish here. Ngozi is a nurse."
    assert "not read" in explained("unknown", "Ngozi is tall.", holed, unknown=True).reason
    assert explained("proved", "Ngozi is a nurse.", holed).supports  # a proof stands all the same


def test_a_question_that_is_not_read() -> None:
    assert "question" in explained("proved", "Gibberish here.").reason


def test_rivals_that_are_too_unlikely_are_none() -> None:
    assert explained("proved", floor=0.7).supports == ()


# --- many problems ------------------------------------------------------------------------------


def support(words: str, tokens: str, share: float, best: bool = True) -> Support:
    return Support(tuple(words.split()), (tokens,), share, best)


def test_spread_sentences_stay_out() -> None:
    found = [
        support("a .", "right", 1.0),
        support("a .", "wrong", 0.1, False),
        support("b .", "one", 0.5),
        support("b .", "two", 0.5, False),
        support("c .", "old", 0.1),
        support("c .", "new", 0.9, False),
    ]
    pairs, spread = pairs_of(found, 0.8)
    assert [(p.words[0], p.tokens, p.best) for p in pairs] == [
        ("a", ("right",), True),
        ("c", ("new",), False),
    ]
    assert pairs[0].weight == pytest.approx(1 / 1.1)
    assert spread == 1


def test_find_counts(solver: Solver) -> None:
    problems = [Problem(str(n), STORY, "Ngozi is kind.", a) for n, a in enumerate(("proved", "disproved"))]
    found = find(problems, Rivals(), solver, LIMITS)
    figures = found.figures()
    assert (figures["problems"], figures["right_at_first"], figures["right_by_search"]) == (2, 0, 1)
    assert figures["pairs_with_another_reading"] == 1
    assert {p.problems for p in found.pairs} == {1.0}


@pytest.mark.parametrize(
    ("line", "n"),
    [('{"id": "a"}', 2), ("no json", 2), ('{"id":"a","story":"S","question":"Q","answer":"maybe"}', 2)],
)
def test_problems_that_cannot_be_read(tmp_path: Path, line: str, n: int) -> None:
    good = {"id": "x", "story": "S.", "question": "Q?", "answer": "True"}
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(good) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_problems(path)
    assert e.value.line == n
    path.write_text(json.dumps(good) + "\n", encoding="utf-8")
    assert read_problems(path)[0].answer == "proved"


def test_no_search_without_sense() -> None:
    with pytest.raises(ConfigError):
        Search(beam=0)
    with pytest.raises(ConfigError):
        Search(least=0.5)


# --- training -----------------------------------------------------------------------------------


def pair(words: str, weight: float = 1.0) -> Pair:
    return Pair(tuple(words.split()), ("FACT", "P1", "A:2", "E:0"), weight, 1.0, True)


def test_pairs_are_their_share_of_the_samples() -> None:
    generated = [Sample((str(n), "."), ("FACT",)) for n in range(70)]
    pairs = [pair(f"{n} is kind .") for n in range(15)]
    found = mixed(generated, pairs, 0.3, 1)
    assert found[:70] == generated
    assert 25 <= len(found) - 70 <= 35
    assert {s.words for s in found[70:]} == {p.words for p in pairs}
    assert found == mixed(generated, pairs, 0.3, 1)


def test_heavier_pairs_come_oftener_and_none_too_often() -> None:
    generated = [Sample((str(n), "."), ("FACT",)) for n in range(1000)]
    found = mixed(generated, [pair("a is kind .", 1.0), pair("b is kind .", 0.1)], 0.02, 1)
    often = [sum(s.words[0] == x for s in found) for x in "ab"]
    assert often[0] > often[1] >= 1
    assert sum(s.words[0] == "a" for s in mixed(generated, [pair("a is kind .")], 0.5, 1)) == MOST_TIMES


def test_a_generated_sample_of_the_same_sentence_gives_way() -> None:
    own = pair("a is kind .")
    found = mixed([Sample(own.words, ("other",)), Sample(("x",), ("FACT",))], [own], 0.5, 1)
    assert ("other",) not in {s.tokens for s in found}


def test_pairs_are_samples(tmp_path: Path) -> None:
    write_pairs([pair("Bob is kind .")], tmp_path / "p.jsonl")
    (sample,) = read_samples(tmp_path / "p.jsonl")
    assert sample.words == ("Bob", "is", "kind", ".")


def written(folder: Path, table: Mapping[str, object], recipe: str = 'recipe = "tiny.toml"') -> Path:
    lines = "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items())
    path = folder / "answers.toml"
    path.write_text(f'kind = "answers"\n{recipe}\n[answers]\n{lines}', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"beams": 3}, "unknown key 'beams'"),
        ({"beam": "many"}, "a int is expected"),
        ({"share": 1.0}, "share between"),
        ({"rounds": 0}, "rounds"),
    ],
)
def test_configurations_that_cannot_be_used(tmp_path: Path, table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        train(written(tmp_path, table))


def test_a_recipe_and_a_known_kind_are_expected(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="recipe"):
        train(written(tmp_path, {}, ""))
    with pytest.raises(ConfigError, match=r"no file|cannot read"):
        train(tmp_path / "none.toml")
    other = tmp_path / "other.toml"
    other.write_text('kind = "alchemy"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="alchemy"):
        train(other)


def never(*args: object) -> None:
    raise AssertionError("this was done before")


def test_a_whole_run(tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny parser learns its sentences, and goes on with what the answers of others say of them."""
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    first = tmp_path / "first"
    first.mkdir()
    train(config(first, base, 12))
    config(tmp_path, base, 1, init=str(first / "run" / "best.pt"))
    people, traits = ("Bob", "Anne", "Tweety"), ("big", "red", "kind", "young")
    rows = [
        {
            "id": f"{a}{b}{c}",
            "story": f"{a} is {b}. {d} is {c}.",
            "question": f"Is {a} {b}?",
            "answer": "true",
        }
        for a, d in zip(people, people[1:] + people[:1], strict=True)
        for b, c in itertools.permutations(traits, 2)
    ]
    problems = tmp_path / "problems.jsonl"
    problems.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    path = written(
        tmp_path, {"path": str(problems), "model": str(first / "run" / "model"), "combinations": 3}
    )
    figures = train(path)
    with monkeypatch.context() as patch:  # the same again finds all done
        patch.setattr("neurosym.answers.explain", never)
        patch.setattr("neurosym.training.train_round", never)
        assert train(path) == figures
    (only,) = figures["rounds"]
    assert only["found"]["problems"] == len(rows)
    assert only["found"]["right_by_search"] > len(rows) / 2
    here = tmp_path / "run" / "round1"
    learnt = read_samples(here / "pairs.jsonl")
    assert len(learnt) == only["found"]["pairs"] > 5
    assert "Learned from answers" in (here / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "run" / "metrics.json").read_text())["rounds"]

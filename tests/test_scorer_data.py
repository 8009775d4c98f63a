"""What the scorer learns from: readings that say the same, slips, sentences without a reading, and habits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from neurosym.errors import ParserError
from neurosym.logic import And, Atom, Const, Equal, Exists, Forall, Formula, Iff, Implies, Not, Or, Var
from neurosym.parser import constrain, scorer_data
from neurosym.parser.conventions import settled
from neurosym.parser.corrupt import corrupted, flat, tree
from neurosym.parser.decode import decode
from neurosym.parser.equivalence import same, same_reading
from neurosym.parser.pieces import Encoded
from neurosym.parser.runtime import Runtime
from neurosym.parser.scorer_data import (
    Candidate,
    Group,
    few_wrong,
    groups,
    is_right,
    judged,
    meaning_of,
    stacked,
    unsayable,
    with_slips,
)
from neurosym.parser.scorer_habits import FILE, Habits, habits_of, read_habits, treated, write_habits
from neurosym.parser.settings import Sample
from neurosym.parser.steps import Hypothesis

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


# --- parts ---------------------------------------------------------------------------------

SENTENCE = str.split("Old Ann , who paints , waved at her nephew Bob and his dog .")
GOLD_PART = "PART AND P2 N:9 E:10 E:1 EX x AND P1 N:13 x P2 N:13 x E:10"
CLAIMED = [
    (GOLD_PART, True),
    ("PART P2 N:9 E:10 E:1", True),
    ("PART EX y P2 N:13 y E:10", True),
    ("PART EX y AND P2 N:13 y E:10 P1 N:13 y", True),
    ("PART P2 N:9 E:1 E:10", False),  # the other way round
    ("PART NOT P2 N:9 E:10 E:1", False),
    ("PART AND P2 N:9 E:10 E:1 P1 V:4 E:1", False),  # more than is known to be right
    ("PART EX y P2 N:13 y E:1", False),
    ("FACT P2 N:9 E:10 E:1", False),  # claims to be all
    ("ASK P2 N:9 E:10 E:1", False),
]


@pytest.mark.parametrize(("tokens", "right"), CLAIMED)
def test_a_reading_that_claims_a_part_is_right_where_what_it_says_is(tokens: str, right: bool) -> None:
    gold, meaning = decode(GOLD_PART.split(), SENTENCE), decode(tokens.split(), SENTENCE)
    assert is_right(meaning, gold) is right
    assert not is_right(meaning, None)


def test_a_part_of_a_whole_reading_is_right_and_of_a_disjunction_is_none() -> None:
    words = str.split("Ann is a nurse or Bob is a cook and Tim is old .")
    gold = decode(str.split("FACT AND OR P1 N:3 E:0 P1 N:8 E:5 P1 A:12 E:10"), words)
    assert is_right(decode(str.split("PART P1 A:12 E:10"), words), gold)
    assert is_right(decode(str.split("PART OR P1 N:8 E:5 P1 N:3 E:0"), words), gold)
    assert not is_right(decode(str.split("PART P1 N:3 E:0"), words), gold)


def test_readings_are_labelled_by_the_conventions() -> None:
    """What the parser shows is what is judged: "a small thing" has no predicate of its own for things."""
    words = tuple(str.split("Every red thing is small ."))
    gold = Sample(words, tuple(str.split("FACT ALL x IMP AND P1 A:1 x P1 N:2 x P1 A:4 x")))
    (found,) = judged(gold, [Hypothesis(gold.tokens, -0.1, 0.9, 0.8, 0.0)])
    assert found.right
    assert found.tokens == settled(gold.tokens, words) != gold.tokens
    assert found.hypothesis is not None
    assert found.hypothesis.tokens == found.tokens


class _Parser:
    """A runtime that reads anything as the same, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, batch: Sequence[tuple[str, ...]]) -> list[Encoded]:
        return [Encoded((2, *map(len, w), 3), (-1, *range(len(w)), -1), (0,) * len(w)) for w in batch]

    def begin(self, batch: Sequence[Encoded]) -> SimpleNamespace:
        return SimpleNamespace(memory=np.ones((len(batch), max(len(e.case) for e in batch), 4), np.float32))

    def beam(self, rows: SimpleNamespace, width: int) -> list[list[Hypothesis]]:
        self.asked += len(rows.memory)
        return [[Hypothesis(("FACT", "P1", "A:2", "E:0"), -0.1, 0.9, 0.8, 0.0)] for _ in rows.memory]


def test_what_was_read_is_kept_and_a_run_goes_on_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer_data, "CHUNK", 2)
    told = [Sample(("Ann", "is", w, "."), ("FACT", "P1", "A:2", "E:0")) for w in ("red", "young", "quiet")]
    parser = _Parser()
    first = groups(cast(Runtime, parser), told[:2], 4, (tmp_path, "a parser"))
    assert parser.asked == 2
    both = groups(cast(Runtime, parser), told, 4, (tmp_path, "a parser"))
    assert parser.asked == 3  # the third only
    assert both[:2] == first
    assert [g.memory.shape for g in both] == [(4, 4)] * 3
    groups(cast(Runtime, parser), told, 4, (tmp_path, "another parser"))
    assert parser.asked == 6


def test_sentences_are_stacked_to_the_longest() -> None:
    memory, bias = stacked([np.ones((n, 4), np.float16) for n in (2, 5, 3)], 4)
    assert memory.shape == (3, 8, 4)
    assert bias.shape == (3, 1, 1, 8)
    assert (memory[:, :, 0].sum(axis=1) == [2, 5, 3]).all()
    assert ((bias[:, 0, 0] == 0).sum(axis=1) == [2, 5, 3]).all()


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
            slip = corrupted(s.tokens, s.words, rng)
            assert slip is not None
            assert slip != s.tokens
            assert constrain.legal(slip)
            seen[slip] += 1
            meaning = meaning_of(slip, s.words)
            wrong += meaning is not None and not same_reading(meaning, gold)
    assert len(seen) > 60
    assert wrong > 150


def test_slips_are_the_same_for_the_same_seed() -> None:
    a, b = ([corrupted(s.tokens, s.words, Random(7)) for s in SAMPLES] for _ in range(2))
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


def test_only_the_best_of_the_wrong_readings_are_kept() -> None:
    s = SAMPLES[1]
    meaning = decode(s.tokens, s.words)
    labels = (False, True, False, False)
    group = Group(
        s, Encoded((), (), ()), tuple(Candidate((str(i),), meaning, y) for i, y in enumerate(labels))
    )
    assert [c.tokens for c in few_wrong(group, 1).candidates] == [("0",), ("1",)]
    assert [c.tokens for c in few_wrong(group, 2).candidates] == [("0",), ("1",), ("2",)]


SLIPS = [
    # an argument without its preposition, a compound as two properties, two things as one, a pronoun
    # that refers to nothing near, a condition on the wrong side, another order of two quantifiers
    ("Ann lives in Rome .", "FACT P2 JOIN V:1 P:2 E:0 E:3", "FACT P1 V:1 E:0"),
    (
        "Ann owns a key card .",
        "FACT EX x AND P1 JOIN N:3 N:4 x P2 V:1 E:0 x",
        "FACT EX x AND AND P1 N:3 x P1 N:4 x P2 V:1 E:0 x",
    ),
    (
        "Ann owns a cat and a dog .",
        "FACT AND EX x AND P1 N:3 x P2 V:1 E:0 x EX y AND P1 N:6 y P2 V:1 E:0 y",
        "FACT EX x AND AND P1 N:3 x P2 V:1 E:0 x AND P1 N:6 x P2 V:1 E:0 x",
    ),
    (
        "Whoever finds a coin keeps it .",
        "FACT ALL x ALL y IMP AND P1 N:3 y P2 V:1 x y P2 V:4 x y",
        "FACT ALL x IMP EX y AND P1 N:3 y P2 V:1 x y P2 V:4 x R:5",
    ),
    (
        "Every old cat is red .",
        "FACT ALL x IMP AND P1 A:1 x P1 N:2 x P1 A:4 x",
        "FACT ALL x IMP P1 A:1 x AND P1 N:2 x P1 A:4 x",
    ),
    (
        "Every cat sees a dog .",
        "FACT ALL x IMP P1 N:1 x EX y AND P1 N:4 y P2 V:2 x y",
        "FACT EX y AND P1 N:4 y ALL x IMP P1 N:1 x P2 V:2 x y",
    ),
    (
        "Ann knows that Bob is red .",
        "FACT P2 V:1 E:0 THAT P1 A:5 E:3",
        "FACT AND P1 V:1 E:0 P1 A:5 E:3",
    ),
]


@pytest.mark.parametrize(("sentence", "gold", "slip"), SLIPS)
def test_the_slips_of_parsers_are_among_those_that_are_made(sentence: str, gold: str, slip: str) -> None:
    words = sentence.split()
    made_ones = {corrupted(gold.split(), words, Random(i)) for i in range(400)}
    assert tuple(slip.split()) in made_ones


# --- habits --------------------------------------------------------------------------------------


def test_a_word_is_written_as_what_the_reading_makes_of_it() -> None:
    sentence = "Every cat that lives in Rome likes 3 things ."
    reading = "FACT ALL x IMP AND P1 N:1 x P2 JOIN V:3 P:4 x E:5 P1 SPAN B:6 F:8 x"
    roles = treated(reading.split(), sentence.split())
    assert roles == ("every", "N@P1", "that", "V@P2+", "Pin@P2+", "E@P2.2", *["SPAN"] * 3, ".")
    assert treated(["FACT", "P1", "A:2", "E:0"], ["Bob", "is", "red", "7"])[-1] == "#"


def test_what_training_never_did_is_unseen_and_what_it_did_is_not(tmp_path: Path) -> None:
    habits = habits_of([*SAMPLES, Sample(("No", "reading"), ())])
    assert habits.known.tolist() == sorted(set(habits.known.tolist()))
    for s in SAMPLES:
        assert habits.unseen(s.tokens, s.words) == 0.0
    other = ["Every", "dog", "that", "hears", "Tim", "is", "old", "."]  # the same construction of other words
    assert habits.unseen(SAMPLES[0].tokens, other) == 0.0
    wrong = ["FACT", "ALL", "x", "IMP", "P1", "N:1", "x", "P1", "A:6", "x"]
    assert 0.0 < habits.unseen(wrong, other) < 1.0
    assert Habits(np.array([], dtype=np.uint32)).unseen(wrong, other) == 1.0
    asked = [(wrong, other), *((s.tokens, s.words) for s in SAMPLES), (["FACT", "P1", "A:6", "E:4"], other)]
    together = habits.each_unseen(asked)
    assert together == [habits.unseen(t, w) for t, w in asked]
    assert all(type(share) is float for share in together)  # a numpy scalar makes every score slow
    assert habits.each_unseen([]) == []
    write_habits(habits, tmp_path)
    assert read_habits(tmp_path).known.tolist() == habits.known.tolist()
    for broken in (b"", b"no table"):
        (tmp_path / FILE).write_bytes(broken)
        with pytest.raises(ParserError, match="habits"):
            read_habits(tmp_path)
    np.save(tmp_path / FILE, np.array([0.5]))
    with pytest.raises(ParserError, match="no habits"):
        read_habits(tmp_path)

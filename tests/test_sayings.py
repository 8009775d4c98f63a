"""One thing said in two ways, what a text takes for granted, and what becomes of both in a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.background import Background, without_blamed
from neurosym.knowledge.likeness import alike
from neurosym.knowledge.sayings import Wordings
from neurosym.knowledge.supposed import sorts, supposed
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.wordnet import FOLDER, WordNet
from neurosym.logic import Formula
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, show
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Inconsistent, Limits, Proved, Solver, Unknown

pytestmark = pytest.mark.skipif(not (FOLDER / "data.noun").is_file(), reason="WordNet is not installed")


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(WordNet())


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = make_solver()
    yield found
    found.close()


def formulas(*texts: str) -> list[Formula]:
    return [read_formula(t, "test") for t in texts]


def told(*texts: str) -> Theory:
    """Claims as if read from sentences."""
    return Theory(
        tuple(Claim(f"t:{i}", f, Span("t", i, i + 1, "."), 0.9) for i, f in enumerate(formulas(*texts)))
    )


# --- sayings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "link"),
    [
        (("good_at(Ada, Chess)", "good_at_chess(Bo)"), "good_at(?x1, Chess) <-> good_at_chess(?x1)"),
        (
            ("regularly_drink_tea(Ada)", "drink_tea_regularly(Bo)"),
            "drink_tea_regularly(?x1) <-> regularly_drink_tea(?x1)",
        ),
        (("with_red_roof(A)", "have_red_roof(B)"), "have_red_roof(?x1) <-> with_red_roof(?x1)"),
        (("paint_in_2012(A)", "paint_in(C, 2012)"), "paint_in(?x1, 2012) <-> paint_in_2012(?x1)"),
        (
            ("elect_captain_in_2012(Ada)", "elect_captain(Bo)"),
            "elect_captain_in_2012(?x1) -> elect_captain(?x1)",
        ),
        (
            ("exists ?y. pet(?y) and own(Ada, ?y)", "own_pet(Bo)"),
            "own_pet(?x1) <-> (exists ?y1. pet(?y1) and own(?x1, ?y1))",
        ),
        (
            ("exists ?y. nurse(?y) and watch(?y, Ada)", "watch_by_nurse(Bo)"),
            "watch_by_nurse(?x1) <-> (exists ?y1. nurse(?y1) and watch(?y1, ?x1))",
        ),
        (("have_no_garden(A)", "have_garden(B)"), "have_no_garden(?x1) <-> not have_garden(?x1)"),
        (("live_before_1900(A)", "live_after_1900(B)"), "live_after_1900(?x1) <-> not live_before_1900(?x1)"),
        (("high(A)", "low(B)"), "not (high(?x1) and low(?x1))"),
        (("chess_player(Ada)", "play_chess(Bo)"), "chess_player(?x1) <-> play_chess(?x1)"),
        (
            ("wooden(A) and toy_boat(A)", "wooden_toy_boat(B)"),
            "wooden_toy_boat(?x1) <-> wooden(?x1) and toy_boat(?x1)",
        ),
    ],
)  # fmt: skip
def test_the_same_words_are_linked(said: tuple[str, ...], link: str, words: Words) -> None:
    found = {show(w.formula): w for w in Wordings(words).among(formulas(*said))}
    assert f"forall ?x1. {link}" in found
    assert 0.5 < found[f"forall ?x1. {link}"].score < 1.0


@pytest.mark.parametrize(
    "said",
    [
        ("drink_tea(Ada)", "drink_milk(Bo)"),
        ("good_at_chess(Ada) and good_at_chess_problem(Ada)",),  # one sentence tells them apart
        ("travel_to_rome(Ada)", "fond_of_rome(Bo)"),
        ("part_of_old_town(A)", "old_town(B)"),
        ("do_homework(Ada)", "homework(B)"),
        ("own_more_than_2_cat(Ada)", "own_cat(Bo)"),
    ],
)
def test_other_words_are_not(said: tuple[str, ...], words: Words) -> None:
    assert Wordings(words).among(formulas(*said)) == []


def test_links_do_not_depend_on_the_order_of_sentences(words: Words) -> None:
    said = formulas(
        "good_at(Ada, Chess)", "good_at_chess(Bo)", "elect_captain_in_2012(A)", "elect_captain(B)"
    )
    assert Wordings(words).among(said) == Wordings(words).among(said[::-1])


# --- what is taken for granted -----------------------------------------------------------


BARGES = (
    "forall ?x. barge(?x) and in_dock(?x) -> old(?x)",
    "forall ?x. barge(?x) and red(?x) -> in_dock(?x)",
    "red(T7)",
)


def names(told: list[Formula], goals: list[Formula], words: Words) -> list[str]:
    return [name for name, _ in sorts(told, goals, words)]


def test_a_sort_is_what_a_text_is_about(words: Words) -> None:
    assert names(formulas(*BARGES), formulas("old(T7)"), words) == ["barge"]
    assert names(formulas(*BARGES), formulas("barge(T7)"), words) == []  # it is asked
    assert names(formulas(*BARGES, "forall ?x. skiff(?x) -> barge(?x)"), [], words) == []  # it is concluded
    assert names(formulas("forall ?x. cat(?x) -> animal(?x)"), [], words) == []
    assert names(formulas("forall ?x. lamp(?x) -> (new(?x) xor old(?x))"), [], words) == ["lamp"]
    assert names(formulas("forall ?x. person(?x) and sing(?x) -> glad(?x)"), [], words) == ["person"]


def test_sorts_and_kinds_are_taken_for_granted(words: Words) -> None:
    found = supposed(formulas(*BARGES), formulas("forall ?x. cat(?x) -> old(?x)"), words)
    assert [show(f) for f, _, _ in found] == ["forall ?x. barge(?x)", "exists ?x. cat(?x)"]
    assert all(0.5 < score < 1.0 and why for _, score, why in found)


def test_a_text_of_kinds_alone_has_no_sort(words: Words) -> None:
    assert supposed(formulas(*BARGES[:2]), [], words) == []


# --- questions ----------------------------------------------------------------------------


def asked(theory: Theory, goal: str) -> Theory:
    return Background(wording=True, supposed=True).completed(theory, formulas(goal))


def test_guesses_are_off_unless_asked_for() -> None:
    theory = told(*BARGES)
    assert Background().completed(theory, formulas("old(T7)")) is theory


def test_a_proof_that_rests_on_guesses_names_them(solver: Solver) -> None:
    theory = told(*BARGES, "forall ?x. paint_in_wind(?x) -> red(?x)", "paint_in_wind_in_may(Jet)")
    goal = formulas("old(Jet)")[0]
    verdict = solver.solve(asked(theory, "old(Jet)"), goal, Limits())
    assert isinstance(verdict, Proved)
    assert {"supposed", "wording"} <= {label.partition(":")[0] for label in verdict.theorem.hypotheses}
    assert isinstance(solver.solve(theory, goal, Limits()), Unknown)


def test_a_guess_that_contradicts_the_text_is_left_out(solver: Solver) -> None:
    theory = told("high(A)", "low(A)", "forall ?x. high(?x) -> cold(?x)")
    whole = asked(theory, "cold(A)")
    goal = formulas("cold(A)")[0]
    verdict = solver.solve(whole, goal, Limits())
    assert isinstance(verdict, Inconsistent)
    again = without_blamed(whole, verdict)
    assert again is not None
    assert isinstance(solver.solve(again, goal, Limits()), Proved)


def test_a_question_may_be_about_more_than_is_told(solver: Solver) -> None:
    theory = told("make_bread(Ada)")
    goal = formulas("make_bread_in_1931(Ada)")[0]
    assert isinstance(solver.solve(asked(theory, "make_bread_in_1931(Ada)"), goal, Limits()), Unknown)


def test_rules_that_else_were_in_vain_are_joined(solver: Solver) -> None:
    theory = told(
        "forall ?x. sing(?x) -> appear_on_stage(?x)",
        "forall ?x. appear_on_stage_in_costume(?x) -> glad(?x)",
        "sing(Ada)",
    )
    verdict = solver.solve(asked(theory, "glad(Ada)"), formulas("glad(Ada)")[0], Limits())
    assert isinstance(verdict, Proved)


def test_logic_is_not_guessed_about() -> None:
    theory = Theory(tuple(Claim(f"c{i}", f, Axiom("t", i, "")) for i, f in enumerate(formulas(*BARGES))))
    assert asked(theory, "old(T7)") is theory


@pytest.mark.parametrize(
    "adverb",
    ["sometimes", "often", "usually", "seemingly", "conditionally", "initially", "mainly", "temporarily"],
)
def test_what_is_done_now_and_then_is_not_said_to_be_done(adverb: str, words: Words) -> None:
    assert alike(f"late_{adverb}", "late", 1, words) is None
    assert alike(f"pay_{adverb}", "pay", 2, words) is None


@pytest.mark.parametrize("adverb", ["quickly", "carefully", "regularly", "quietly", "manually", "always"])
def test_what_is_done_in_some_manner_is_done(adverb: str, words: Words) -> None:
    found = alike(f"pay_{adverb}", "pay", 2, words)
    assert found is not None
    assert not found.both
    assert alike("pay", f"pay_{adverb}", 2, words) is None


@pytest.mark.parametrize("sham", ["prospective", "previous", "hypothetical", "rejected"])
def test_what_is_no_member_yet_or_any_more_is_not_linked(sham: str, words: Words) -> None:
    assert alike(f"{sham}_member", "member", 1, words) is None

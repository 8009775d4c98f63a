"""Loose ends of a text, names that are nearly one, and how boldly a question's background guesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.background import Background, without_blamed
from neurosym.knowledge.pairing import excluding, namesakes, paired
from neurosym.knowledge.supposed import sorts
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.wordnet import FOLDER, WordNet
from neurosym.logic import Formula
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, show
from neurosym.theory import Claim, Span, Theory
from neurosym.verdict import Inconsistent, Limits, Proved, Solver, Unknown

pytestmark = pytest.mark.skipif(not (FOLDER / "data.noun").is_file(), reason="WordNet is not installed")

LENDING = (
    "happy_to_lend_bicycle(Ada)",
    "forall ?x. lend_bicycle(?x) -> popular(?x)",
)


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


def told(*texts: str, said: str = ".") -> Theory:
    """Claims as if read from sentences."""
    return Theory(
        tuple(Claim(f"t:{i}", f, Span("t", i, i + 1, said), 0.9) for i, f in enumerate(formulas(*texts)))
    )


def ties(claims: tuple[str, ...], goals: tuple[str, ...], words: Words, *linked: str) -> list[str]:
    return [show(w.formula) for w in paired(formulas(*claims), formulas(*goals), formulas(*linked), words)]


def test_what_leads_nowhere_is_tied_to_what_never_applies(words: Words) -> None:
    assert ties(LENDING, ("popular(Ada)",), words) == [
        "forall ?x1. happy_to_lend_bicycle(?x1) -> lend_bicycle(?x1)"
    ]


def test_what_only_the_question_speaks_of_is_tied(words: Words) -> None:
    claims = ("grow_tall_in_garden(Oak)",)
    assert ties(claims, ("grow_in_garden(Oak)",), words) == [
        "forall ?x1. grow_tall_in_garden(?x1) -> grow_in_garden(?x1)"
    ]


@pytest.mark.parametrize(
    ("claims", "goals"),
    [
        ((*LENDING, "forall ?x. ride(?x) -> lend_bicycle(?x)"), ("popular(Ada)",)),  # the rule may apply
        (("paint_barn(Ada)", "forall ?x. sell_boat(?x) -> glad(?x)"), ("glad(Ada)",)),  # no word in common
        (("play_cello_in_hall(Ada)",), ("play_flute_in_hall(Ada)",)),  # each has a word of its own
        (("never_lend_bicycle(Ada)", LENDING[1]), ("popular(Ada)",)),  # a word that turns the meaning
        (("win_race_in_1990(Ada)", "forall ?x. win_race_in_1991(?x) -> glad(?x)"), ("glad(Ada)",)),
        (("lend_bicycle_before_noon(Ada)", "forall ?x. lend_bicycle_after_noon(?x) -> a(?x)"), ("a(Ada)",)),
        (("happy_to_lend_bicycle(Ada) and (lend_bicycle(Ada) -> popular(Ada))",), ("popular(Ada)",)),
    ],
)
def test_other_ends_are_not_tied(claims: tuple[str, ...], goals: tuple[str, ...], words: Words) -> None:
    assert ties(claims, goals, words) == []


def test_ends_that_are_linked_already_are_not_loose(words: Words) -> None:
    known = "forall ?x1. happy_to_lend_bicycle(?x1) -> lend_bicycle(?x1)"
    assert ties(LENDING, ("popular(Ada)",), words, known) == []


def test_ties_do_not_depend_on_the_order_of_sentences(words: Words) -> None:
    more = (*LENDING, "own_old_red_boat(Bo)", "forall ?x. own_red_boat(?x) -> sail(?x)")
    assert len(ties(more, ("popular(Ada)",), words)) == 2
    assert ties(more, ("popular(Ada)",), words) == ties(more[::-1], ("popular(Ada)",), words)


def test_names_that_are_nearly_one() -> None:
    def found(claim: str, goal: str) -> list[str]:
        return [show(w.formula) for w in namesakes(formulas(claim), formulas(goal))]

    assert found("sing(Multi_Valve)", "sing(multi_valve)") == ["multi_valve = Multi_Valve"]
    assert found("sing(Ada)", "sing(Ida)") == []
    assert found("fast(T700)", "fast(T701)") == []
    assert found("forall ?x. cod(?x) -> fish(?x)", "fish(cod)") == ["cod(cod)"]


def test_either_excludes_both() -> None:
    found = [
        show(w.formula) for w in excluding(formulas("forall ?x. lamp(?x) -> new(?x) or old(?x)", "a(B)"))
    ]
    assert found == ["forall ?x. lamp(?x) -> not (new(?x) and old(?x))"]


def test_one_sentence_is_enough_for_a_sort_to_be_guessed(words: Words) -> None:
    barges = formulas("forall ?x. barge(?x) and red(?x) -> old(?x)", "red(T7)")
    assert sorts(barges, formulas("old(T7)"), words) == []
    ((name, score),) = sorts(barges, formulas("old(T7)"), words, bold=True)
    assert name == "barge"
    assert score < 0.85


def test_a_proof_names_the_bold_guess(solver: Solver) -> None:
    theory, goal = told(*LENDING), formulas("popular(Ada)")
    for bold, outcome in ((False, Unknown), (True, Proved)):
        whole = Background(wording=True, supposed=True, bold=bold).completed(theory, goal)
        verdict = solver.solve(whole, goal[0], Limits())
        assert isinstance(verdict, outcome)
    assert isinstance(verdict, Proved)
    assert "pairing:1" in verdict.theorem.hypotheses
    (tie,) = (c for c in whole.claims if c.label == "pairing:1")
    assert tie.score < 0.75


def test_a_bold_guess_that_contradicts_the_text_is_left_out(solver: Solver) -> None:
    theory, goal = told("new(A) or old(A)", "new(A)", "old(A)", said="Either."), formulas("old(A)")
    whole = Background(wording=True, bold=True).completed(theory, goal)
    verdict = solver.solve(whole, goal[0], Limits())
    assert isinstance(verdict, Inconsistent)
    again = without_blamed(whole, verdict)
    assert again is not None
    assert isinstance(solver.solve(again, goal[0], Limits()), Proved)

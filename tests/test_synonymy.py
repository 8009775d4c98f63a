"""Links of predicates: what is one word for another, what must never be, and what a theory makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest
import small_wordnet

from neurosym import kernel
from neurosym.background import Background, without_blamed
from neurosym.knowledge import claims_of, parse_graph
from neurosym.knowledge.likeness import LEAST, SAME, alike, implied_kind
from neurosym.knowledge.synonymy import names_of, synonymy
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.wordnet import FOLDER, WordNet
from neurosym.logic import Formula
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory, show
from neurosym.theory import Axiom, Claim, Semantics, Span, Theory
from neurosym.verdict import Inconsistent, Limits, Proved, Solver, Unknown

installed = pytest.mark.skipif(not (FOLDER / "data.noun").is_file(), reason="WordNet is not installed")


@pytest.fixture(scope="module")
def words() -> Words:
    """The real files."""
    return Words(WordNet())


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """A WordNet of a few synsets, so that these tests do not rest on what is installed."""
    return Words(WordNet(small_wordnet.write(tmp_path_factory.mktemp("wordnet"))))


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = make_solver()
    yield found
    found.close()


def told(text: str) -> Theory:
    """Claims as if read from sentences."""
    claims = read_theory(text, "test").claims
    return Theory(
        tuple(Claim(c.label, c.formula, Span("t", i, i + 1, "."), 0.9) for i, c in enumerate(claims))
    )


def formula(text: str) -> Formula:
    return read_formula(text, "test")


def linked(theory: Theory, words: Words, *goals: str, kinds: bool = True) -> list[str]:
    claims = synonymy(theory, [formula(g) for g in goals], words, with_kinds=kinds)
    return [show(c.formula) for c in claims]


# --- names --------------------------------------------------------------------------------------


@installed
@pytest.mark.parametrize(
    ("a", "b", "arity"),
    [
        ("kid", "child", 1),
        ("car", "automobile", 1),
        ("doctor", "physician", 1),
        ("big", "large", 1),
        ("buy", "purchase", 2),
        ("like", "fond_of", 2),
        ("dependent_on", "depend_on", 2),
        ("dependent_on_sugar", "depend_on_sugar", 1),
        ("regularly_drink_tea", "drink_tea_regularly", 1),
        ("full-time_enroll", "full_time_enroll", 1),
        ("prefer_to_walk_to_school", "prefer_walk_to_school", 1),
        ("located_in", "in", 2),
        ("with_capacity_of_50", "have_capacity_of_50", 1),
        ("own", "owner_of", 2),
        ("must_pay", "have_to_pay", 2),
        ("heavy_thing", "heavy", 1),
        ("it_can_walk", "can_walk", 1),
        ("catch_flu_in_winter", "catch_influenza_in_winter", 1),
        ("conscious_of_danger", "conscious_about_danger", 1),
    ],
)
def test_the_same(words: Words, a: str, b: str, arity: int) -> None:
    for p, q in ((a, b), (b, a)):
        found = alike(p, q, arity, words)
        assert found is not None
        assert found.both
        assert LEAST <= found.score <= SAME
        assert found.why


@installed
@pytest.mark.parametrize(
    ("a", "b", "arity"),
    [
        ("drink_tea_regularly", "drink_tea", 1),
        ("swim", "can_swim", 1),
        ("shy_person", "shy", 1),
        ("briskly_walk_in_park", "walk_in_park", 1),
        ("software_engineer", "engineer", 1),
        ("professional_chess_player", "chess_player", 1),
    ],
)
def test_the_first_implies_the_second_only(words: Words, a: str, b: str, arity: int) -> None:
    found = alike(a, b, arity, words, in_vain=True)
    assert found is not None
    assert not found.both
    assert alike(b, a, arity, words, in_vain=True) is None


@installed
@pytest.mark.parametrize(
    ("a", "b", "arity"),
    [
        ("man", "woman", 1),
        ("teacher", "student", 1),
        ("hot", "cold", 1),
        ("happy", "unhappy", 1),
        ("cat", "dog", 1),
        ("cow", "bull", 1),
        ("kind", "nice", 1),
        ("round", "rough", 1),
        ("bear", "lion", 1),
        ("buy", "sell", 2),
        ("parent", "child", 2),
        ("husband", "wife", 2),
        ("brother", "sister", 2),
        ("employer", "employee", 2),
        ("chase", "see", 2),
        ("visit", "see", 2),
        ("need", "want", 2),
        ("live_in", "live_near", 2),
        ("speak_greek", "speak_latin", 1),
        ("born_in_1990", "born_in_1991", 1),
        ("use_left_hand", "use_right_hand", 1),
        ("prefer_tea_to_milk", "prefer_milk_to_tea", 1),
        ("never_drink_tea", "drink_tea", 1),
        ("rarely_pay_rent", "pay_rent", 1),
        ("not_pay", "pay", 2),
        ("must_pay", "may_pay", 2),
        ("not_drink_tea_regularly", "not_drink_tea", 1),
        ("virtually_finish_school", "finish_school", 1),
        ("good_person", "good_thing", 1),
        ("own", "owner", 1),
        ("older", "old", 1),
        ("taller", "shorter", 2),
        ("drink_coffee", "coffee", 1),
        ("play_chess", "chess", 1),
        ("hot_dog", "dog", 1),
        ("guinea_pig", "pig", 1),
        ("former_teacher", "teacher", 1),
        ("by_train", "from_train", 1),
        ("sea_lion", "lion", 1),
        ("suspected_murderer", "murderer", 1),
        ("candidate_member", "member", 1),
        ("partially_blind", "blind", 1),
        *(
            (f"{modal}_{act}", act, 1)
            for modal in ("must", "may", "might", "shall", "should", "will", "would", "could")
            for act in ("rest", "bark", "smoke", "work")
        ),
    ],
)
def test_must_not_be_linked(words: Words, a: str, b: str, arity: int) -> None:
    """However much one of the two is in want of a partner."""
    for p, q in ((a, b), (b, a)):
        assert alike(p, q, arity, words, in_vain=True) is None
    if arity == 1:
        assert implied_kind(a, b, words) is None


@installed
def test_a_word_in_vain_is_rather_a_synonym(words: Words) -> None:
    plain, vain = alike("ill", "sick", 1, words), alike("ill", "sick", 1, words, in_vain=True)
    assert plain is None
    assert vain is not None
    assert vain.score < SAME


@installed
def test_kinds(words: Words) -> None:
    for a, b in (("dog", "animal"), ("chef", "cook"), ("kitchen", "room")):
        found = implied_kind(a, b, words)
        assert found is not None
        assert not found.both
        assert implied_kind(b, a, words) is None
    assert implied_kind("white", "person", words) is None  # a "white" is one, and rarely meant
    assert implied_kind("cold", "illness", words) is None


# --- theories -------------------------------------------------------------------------------------


def test_a_link_is_a_claim_with_a_source_and_a_score(few: Words) -> None:
    theory = told("forall ?x. kid(?x) -> happy(?x). child(Tom).")
    (claim,) = synonymy(theory, [], few)
    assert show(claim.formula) == "forall ?x1. child(?x1) <-> kid(?x1)"
    assert claim.label == "synonymy:1"
    assert isinstance(claim.source, Axiom)
    assert "by synonymy" in claim.source.text
    assert "WordNet" in claim.source.document
    assert LEAST <= claim.score < 1.0


def test_a_proof_rests_on_the_link(few: Words, solver: Solver) -> None:
    theory = told("forall ?x. kid(?x) -> happy(?x). child(Tom).")
    goal = formula("happy(Tom)")
    more = Theory((*theory.claims, *synonymy(theory, [goal], few)))
    verdict = solver.solve(more, goal, Limits())
    assert isinstance(verdict, Proved)
    assert "synonymy:1" in kernel.check(more, goal, verdict.certificate).hypotheses
    assert isinstance(solver.solve(theory, goal, Limits()), Unknown)


def test_who_writes_symbols_means_those(few: Words) -> None:
    text = "forall ?x. kid(?x) -> happy(?x). child(Tom)."
    assert synonymy(read_theory(text, "logic"), [], few) == ()
    theory = told(text)
    assert synonymy(Theory(theory.claims, closed_world=True), [], few) == ()
    assert synonymy(Theory(theory.claims, semantics=Semantics.CHAINING), [], few) == ()


@pytest.mark.parametrize(
    "apart",
    [
        "forall ?x. kid(?x) -> child(?x).",  # what the text says of both is enough
        "kid(Ann) or child(Ann).",
        "forall ?x. kid(?x) -> not child(?x).",
        "forall ?x. kid(?x) -> a(?x). forall ?x. child(?x) -> b(?x). forall ?x. not (a(?x) and b(?x)).",
        "kid(Ann). not child(Ann).",
        "not kid(Tom).",
    ],
)
def test_what_a_text_tells_apart_is_not_linked(few: Words, apart: str) -> None:
    assert synonymy(told("forall ?x. kid(?x) -> happy(?x). child(Tom). " + apart), [], few) == ()


def test_what_only_a_question_speaks_of(few: Words) -> None:
    theory = told("child(Tom). dog(Rex). man(Bob).")
    assert linked(theory, few, "kid(Tom)") == ["forall ?x1. child(?x1) <-> kid(?x1)"]
    assert linked(theory, few, "animal(Rex)") == ["forall ?x1. dog(?x1) -> animal(?x1)"]
    assert linked(theory, few, "animal(Rex)", kinds=False) == []
    assert linked(theory, few, "woman(Bob)") == []
    assert linked(theory, few, "forall ?x. kid(?x) -> child(?x)") == ["forall ?x1. child(?x1) <-> kid(?x1)"]
    assert linked(theory, few, "kid(Tom) and not child(Tom)") == []


def test_kinds_fill_gaps_only(few: Words) -> None:
    """A text that has its own word on what dogs are is not told what it leaves out."""
    assert linked(told("dog(Rex). forall ?x. animal(?x) -> sleep(?x)."), few) == [
        "forall ?x1. dog(?x1) -> animal(?x1)"
    ]
    own = "dog(Rex). forall ?x. dog(?x) -> robot(?x). forall ?x. animal(?x) -> sleep(?x). animal(Tim)."
    assert linked(told(own), few) == []


def test_what_is_told_anyway_needs_no_link(few: Words) -> None:
    assert linked(told("hot_hat(Hat). hat(Hat)."), few) == []
    assert linked(told("hot_hat(Hat). hat(Bob)."), few) == ["forall ?x1. hot_hat(?x1) -> hat(?x1)"]


@installed
def test_the_better_partner_wins(words: Words) -> None:
    theory = told(
        "doctor(Ann). forall ?x. physician(?x) -> rich(?x). forall ?x. doc(?x) -> busy(?x). drink_tea(Ann)."
    )
    pairs = linked(theory, words)
    assert "forall ?x1. doctor(?x1) <-> physician(?x1)" in pairs
    for a, b in permutations(("doctor", "doc"), 2):
        assert f"forall ?x1. {a}(?x1) <-> {b}(?x1)" not in pairs
    assert pairs == linked(theory, words)


def test_graph_labels_are_names_as_well(few: Words) -> None:
    text = b"""
@prefix : <https://example.invalid/g#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:Minor a owl:Class ; rdfs:label "kid"@en . :Tom a :Minor ."""
    base = claims_of(parse_graph(text, "g.ttl"))
    labels = names_of(base.vocabulary)
    assert labels["minor", 1] == ("kid",)
    theory = Theory((*base.claims, *told("forall ?x. child(?x) -> happy(?x).").claims))
    assert [show(c.formula) for c in synonymy(theory, [], few, labels)] == [
        "forall ?x1. child(?x1) <-> minor(?x1)"
    ]
    assert synonymy(theory, [], few) == ()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "live_in(Ann, Oslo). forall ?x. live_in_oslo(?x) -> happy(?x).",
            "forall ?x1. live_in_oslo(?x1) <-> live_in(?x1, Oslo)",
        ),
        (
            "forall ?x. drink_green_tea(?x) -> calm(?x). exists ?y. green(?y) and tea(?y) and drink(A, ?y).",
            "forall ?x1. drink_green_tea(?x1) <-> (exists ?y. green(?y) and tea(?y) and drink(?x1, ?y))",
        ),
    ],
)
def test_one_name_or_several_words(few: Words, solver: Solver, text: str, link: str) -> None:
    theory = told(text)
    assert linked(theory, few) == [link]
    goal = formula("happy(Ann)" if "Oslo" in text else "calm(A)")
    more = Theory((*theory.claims, *synonymy(theory, [goal], few)))
    assert isinstance(solver.solve(more, goal, Limits()), Proved)


def test_a_name_is_cut_where_both_ways_occur(few: Words) -> None:
    assert linked(told("live_in_oslo(Ann). live_near(Bob, Oslo)."), few) == []
    assert linked(told("live_in_oslo(Ann). live_in(Bob, Bergen)."), few) == []
    assert linked(told("drink_tea(Ann). tea(Rain). forall ?x. drink_tea(?x) -> tea(?x)."), few) == []
    assert linked(told("drink_tea(Ann). tea(T). exists ?y. drink(Bob, ?y) and drink_tea(Bob)."), few) == []


# --- the background of a question -------------------------------------------------------------------


@installed
def test_the_background_of_a_question() -> None:
    theory = told("forall ?x. kid(?x) -> happy(?x). child(Tom).")
    background = Background()
    more = background.completed(theory, [formula("happy(Tom)")])
    assert len(more.claims) == 3
    assert background.completed(theory, [formula("happy(Ann)")]) is more  # the solver need not load it again
    assert Background(synonyms=False).completed(theory, [formula("happy(Tom)")]) is theory
    logic = read_theory("forall ?x. kid(?x) -> happy(?x). child(Tom).", "logic")
    assert background.completed(logic, [formula("happy(Tom)")]) is logic


@installed
def test_a_contradiction_by_synonymy_speaks_against_the_synonymy(solver: Solver) -> None:
    theory = told(
        "kid(Tom). forall ?x. child(?x) -> small(?x). forall ?x. tall(?x) -> not small(?x). tall(Tom)."
    )
    goal = formula("tall(Tom)")
    more = Background().completed(theory, [goal])
    verdict = solver.solve(more, goal, Limits())
    assert isinstance(verdict, Inconsistent)
    less = without_blamed(more, verdict)
    assert less is not None
    assert less.claims == theory.claims
    assert isinstance(again := solver.solve(less, goal, Limits()), Proved)
    assert without_blamed(less, again) is None

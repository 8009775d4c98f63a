"""LogicNLI's readings as rules for chaining: what a parser reads, in other shapes than the gold forms."""

from __future__ import annotations

import pytest

from benchmarks.logicnli import chained, inward, prepare
from benchmarks.suite import Item
from neurosym.kernel import check
from neurosym.logic import Const, Formula, rules_of
from neurosym.results import verdict_name
from neurosym.solvers.chaining import Chaining
from neurosym.syntax import read_formula, show
from neurosym.theory import Axiom, Claim, Semantics, Theory
from neurosym.verdict import Both, Limits

FACTS = ("warm(Ann)", "warm(Ben)", "not loud(Ben)", "tall(Cem)", "not tall(Ann)")


def asked(goal: str, *rules: str) -> str:
    """The verdict's name; its certificates have been checked."""
    told = [read_formula(t) for t in (*FACTS, *rules)]
    claims = tuple(Claim(f"c{i}", f, Axiom("t", i, "")) for i, f in enumerate(told))
    g = read_formula(goal)
    theory = prepare(Theory(claims, semantics=Semantics.CHAINING), Item("i", "", "", ""), (g,))
    verdict = Chaining().solve(theory, g, Limits())
    for side in (verdict.pro, verdict.con) if isinstance(verdict, Both) else (verdict,):
        assert side.certificate is not None
        assert check(theory, g, side.certificate) == side.theorem
    return verdict_name(verdict)


@pytest.mark.parametrize(
    ("rule", "goal", "expected"),
    [
        ("(exists ?x. loud(?x) or not loud(?x)) -> glad(Cem)", "glad(Cem)", "proved"),
        ("(exists ?x. warm(?x) and tall(?x)) -> glad(Cem)", "glad(Cem)", "unknown"),
        ("(exists ?x. person(?x) and warm(?x)) -> glad(Cem)", "glad(Cem)", "proved"),
        ("forall ?x. person(?x) and not (loud(?x) or tall(?x)) -> glad(?x)", "glad(Ben)", "unknown"),
        ("forall ?x. not (not warm(?x) or loud(?x)) -> glad(?x)", "glad(Ben)", "proved"),
        ("forall ?x. warm(?x) -> not (glad(?x) or odd(?x))", "glad(Ann)", "disproved"),
        ("not loud(Ben) <-> not odd(Ann)", "odd(Ann)", "disproved"),
        ("forall ?x. glad(?x) <-> warm(?x) or tall(?x)", "glad(Cem)", "proved"),
        ("warm(Ann) -> (glad(Cem) or odd(Cem))", "glad(Cem)", "unknown"),
        ("warm(Ann) -> (loud(Ben) -> odd(Ben))", "odd(Ben)", "unknown"),
        ("warm(Ann) -> (tall(Cem) -> odd(Ben))", "odd(Ben)", "proved"),
        ("warm(Ann) -> tall(Ann) and not tall(Ann)", "tall(Ann)", "both"),
    ],
)
def test_shapes(rule: str, goal: str, expected: str) -> None:
    assert asked(goal, rule) == expected


@pytest.mark.parametrize(
    "everyone",
    [
        "(forall ?x. warm(?x) or tall(?x)) -> glad(Cem)",
        "(forall ?x. person(?x) -> warm(?x) or tall(?x)) -> glad(Cem)",
        "not (exists ?x. not (warm(?x) or tall(?x))) -> glad(Cem)",
    ],
)
def test_everyone_is_everyone_whom_the_case_names(everyone: str) -> None:
    assert asked("glad(Cem)", everyone) == "proved"
    assert asked("glad(Cem)", everyone, "odd(Dan) -> odd(Cem)") == "unknown"  # Dan is neither
    assert asked("glad(Dan)", everyone) == "unknown"  # of Dan the question alone speaks


def test_what_chaining_takes_stays_as_it_is() -> None:
    f = read_formula("forall ?x. warm(?x) and not loud(?x) -> calm(?x)")
    claims = (Claim("c", f, Axiom("t", 1, "")),)
    theory = Theory(claims, semantics=Semantics.CHAINING)
    assert prepare(theory, Item("i", "", "", ""), ()) == theory


SHAPES = (
    "(forall ?x. p(?x) or not q(?x)) -> r(Ann)",
    "forall ?x. p(?x) <-> (q(?x) or r(?x))",
    "forall ?x. not (p(?x) and q(?x)) -> not (r(?x) or s(?x))",
    "(p(Ann) xor q(Ann)) -> (r(Ann) <-> not s(Ann))",
    "forall ?x. p(?x) -> ((forall ?y. likes(?x, ?y)) -> q(?x))",
)


@pytest.mark.parametrize("text", SHAPES)
def test_every_part_is_a_rule(text: str) -> None:
    made = chained(read_formula(text), "fits", (Const("Ann"), Const("Ben")))
    assert made
    assert not [show(f) for f in made if rules_of(f) is None]


def test_a_condition_about_everyone_keeps_its_own_variables() -> None:
    made = chained(read_formula(SHAPES[4]), "fits", (Const("Ann"), Const("Ben")))
    assert [show(f) for f in made] == [
        "forall ?x. p(?x) and ('fits 1'(?x, Ann) and 'fits 1'(?x, Ben)) -> q(?x)",
        "forall ?x ?y. likes(?x, ?y) -> 'fits 1'(?x, ?y)",
    ]


@pytest.mark.parametrize(
    ("text", "holds", "expected"),
    [
        ("p(A) -> q(A)", True, "not p(A) or q(A)"),
        ("p(A) -> q(A)", False, "p(A) and not q(A)"),
        ("p(A) <-> q(A)", False, "p(A) and not q(A) or not p(A) and q(A)"),
        ("p(A) xor q(A)", False, "p(A) and q(A) or not p(A) and not q(A)"),
        ("forall ?x. p(?x) and q(?x)", False, "exists ?x. not p(?x) or not q(?x)"),
    ],
)
def test_negation_goes_inwards(text: str, holds: bool, expected: str) -> None:
    f: Formula = read_formula(text)
    assert show(inward(f, holds)) == expected

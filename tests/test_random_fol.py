"""Random first-order problems: what we answer is never what Z3 or E rule out, and always certified.

The same problems in every run; benchmarks/random_fol.py asks thousands.  A reference that gives up
just does not count, but enough must remain to compare with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
import tptp
from neurosym_benchmarks.random_fol import Comparison, Row, Z3Reference, answer, right, sides
from neurosym_benchmarks.random_theories import KINDS, Problem, problem

from neurosym.proof import Outcome
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory
from neurosym.verdict import Limits, Solver

PROBLEMS = 187  # the same number of each kind
FOR_E = 55  # a process for each question: fewer
FIRST = 1_000_010  # not those that the benchmark begins with
LIMITS = Limits(seconds=60.0)
EITHER = set(Outcome) - {Outcome.UNKNOWN}

needs_e = pytest.mark.skipif(not tptp.installed(), reason="E is not installed (Debian: eprover)")


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    solver = make_solver("auto")
    try:
        yield [answer(problem(n), solver, LIMITS) for n in range(FIRST, FIRST + PROBLEMS)]
    finally:
        solver.close()


@pytest.fixture(scope="module")
def by_z3(rows: list[Row]) -> Comparison:
    return compared(rows, Z3Reference())


def compared(rows: list[Row], reference: object) -> Comparison:
    found = Comparison([reference])
    found.add(rows)
    return found


def test_never_another_answer_than_z3(by_z3: Comparison) -> None:
    assert not by_z3.disagreements
    assert by_z3.compared["z3"] >= 0.9 * PROBLEMS


@needs_e
def test_never_another_answer_than_e(rows: list[Row]) -> None:
    found = compared(rows[:FOR_E], tptp.EReference())
    assert not found.disagreements
    assert found.compared["e"] >= 0.85 * FOR_E


@needs_e
def test_the_references_agree() -> None:
    problems = [s for n in range(FIRST, FIRST + 22) for s in sides(problem(n))[:2]]
    known = zip(Z3Reference().have_models(problems), tptp.have_models(problems), strict=True)
    assert all(None in pair or pair[0] == pair[1] for pair in known)


def test_every_answer_is_certified(by_z3: Comparison) -> None:
    assert not by_z3.uncertified
    assert sum(r.outcome is not None for r in by_z3.rows) >= 0.97 * PROBLEMS


# the claims contradict each other: once answered as if they did not, for want of looking long enough
CONTRADICTORY = (1536, 20159, 22887, 30598)
LARGE_MODEL = 4539  # no model of two elements, and clauses with many terms


@pytest.fixture(scope="module")
def auto() -> Iterator[Solver]:
    solver = make_solver("auto")
    yield solver
    solver.close()


@pytest.mark.parametrize("seed", CONTRADICTORY)
def test_contradictions_that_are_hard_to_see(auto: Solver, seed: int) -> None:
    row = answer(problem(seed), auto, LIMITS)
    assert (row.outcome, row.rejected) == (Outcome.INCONSISTENT, "")


def test_models_of_clauses_with_many_terms(auto: Solver) -> None:
    row = answer(problem(LARGE_MODEL), auto, LIMITS)
    assert (row.outcome, row.rejected) == (Outcome.UNKNOWN, "")


def test_the_problems_are_of_all_sorts(rows: list[Row]) -> None:
    outcomes = Counter(r.outcome for r in rows)
    assert min(outcomes[o] for o in Outcome) >= 8
    assert {r.problem.kind for r in rows} == set(KINDS)
    assert problem(FIRST) == problem(FIRST)  # made again from its number


# --- the comparison itself must be able to fail ----------------------------------------------


def asked(theory: str, goal: str) -> Problem:
    return Problem(0, "horn", read_theory(theory), read_formula(goal))


SOCRATES = asked("man(socrates). forall ?x. man(?x) -> mortal(?x).", "mortal(socrates)")
DECIDED = [
    (SOCRATES, {Outcome.PROVED}),
    (asked("p or q.", "p"), {Outcome.UNKNOWN}),
    (asked("forall ?x. p(?x) -> not q(?x). p(a).", "q(a)"), {Outcome.DISPROVED}),
    (asked("p. not p.", "q"), {Outcome.INCONSISTENT}),
    (asked("1 = 2.", "q"), {Outcome.INCONSISTENT}),
    (asked("forall ?x ?y. ?x = ?y.", "p(1) and p(2)"), EITHER),  # only the goal has numerals
    (asked("3 < 2.", "p"), {Outcome.INCONSISTENT}),
    (asked("p(f(a)). a = b.", "p(f(b))"), {Outcome.PROVED}),
    (asked("forall ?x. exists ?y. r(?x, ?y).", "exists ?y. forall ?x. r(?x, ?y)"), {Outcome.UNKNOWN}),
    (asked("forall ?x. p(?x) xor q(?x).", "(forall ?x. p(?x)) xor exists ?x. q(?x)"), {Outcome.PROVED}),
    (asked("p(a). forall ?p. 'X'(?p) <-> p(?p).", "exists ?x. p(?x) and 'X'(?x)"), {Outcome.PROVED}),
    (asked("exists ?x. p(?x) and forall ?x. q(?x).", "exists ?x. p(?x) and q(?x)"), {Outcome.PROVED}),
]


@pytest.mark.parametrize("reference", ["z3", pytest.param("e", marks=needs_e)], ids=["z3", "e"])
def test_the_references_are_right(reference: str) -> None:
    prover = Z3Reference() if reference == "z3" else tptp.EReference()
    for p, expected in DECIDED:
        with_goal, with_negation = prover.have_models(sides(p)[:2])
        assert right(p, with_goal, with_negation) == expected, str(p)


def test_a_wrong_answer_is_listed() -> None:
    row = Row(SOCRATES, Outcome.PROVED, "", "", 0.0)
    assert not compared([row], Z3Reference()).disagreements
    for wrong in set(Outcome) - {Outcome.PROVED}:
        assert len(compared([replace(row, outcome=wrong)], Z3Reference()).disagreements) == 1
    assert compared([replace(row, rejected="no")], Z3Reference()).uncertified
    assert compared([replace(row, reason="no certificate")], Z3Reference()).uncertified
    assert compared([replace(row, outcome=None)], Z3Reference()).unanswered


def test_what_is_not_ruled_out() -> None:
    """The less the references know, the more remains; and something always does."""
    values = (True, False, None)
    for holds, fails in product(values, repeat=2):
        left = right(SOCRATES, holds, fails)
        assert left
        for more in (True, False):
            if holds is None:
                assert right(SOCRATES, more, fails) <= left
            if fails is None:
                assert right(SOCRATES, holds, more) <= left
    assert right(SOCRATES, None, False) == {Outcome.PROVED, Outcome.INCONSISTENT}
    assert right(SOCRATES, None, None) == set(Outcome)


# --- TPTP ------------------------------------------------------------------------------------


def test_tptp_text() -> None:
    p = asked(
        "forall ?x. man(?x) -> exists ?x. r(?x, 'It''s'(1)) or ?x != 2/3.".replace("''", "\\'"), "q xor q"
    )
    assert tptp.fof(p.theory, p.goal).splitlines() == [
        "fof(a1, axiom, (! [X1] : (p1_man(X1) => "
        "(? [X2] : (p2_r(X2, f1_It_27_s(n_1)) | ~ ((X2 = n_2_2f_3))))))).",
        "fof(differ, axiom, n_2_2f_3 != n_1).",
        "fof(goal, conjecture, (p0_q <~> p0_q)).",
    ]


@needs_e
def test_e_on_conjectures_and_slips() -> None:
    assert tptp.status(tptp.fof(SOCRATES.theory, SOCRATES.goal)) == "Theorem"
    assert tptp.status(tptp.fof(SOCRATES.theory, read_formula("mortal(plato)"))) == "CounterSatisfiable"
    with pytest.raises(RuntimeError, match="does not understand"):
        tptp.status("fof(a, axiom, p(X).")


def test_symbols_stay_apart() -> None:
    """One name for a constant, functions and predicates of several arities, and names that look alike."""
    fs = [read_formula(f) for f in ("p", "p(p)", "p(p, p(p))", "p(p(p, p)) and 'P'('a b', a_b, 'a_20_b')")]
    text = tptp.axioms(fs)
    found = set(re.findall(r"[pcf]\d*_\w+", text))
    assert found == {
        "p0_p", "p1_p", "p2_p", "c_p", "f1_p", "f2_p", "p3_P", "c_a_20_b", "c_a_5f_b", "c_a_5f_20_5f_b",
    }  # fmt: skip

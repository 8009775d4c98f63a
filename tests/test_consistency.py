"""Contradictions are found, and no answer is given of a theory that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from neurosym import kernel
from neurosym.logic import Formula, Not
from neurosym.proof import Certificate, Outcome
from neurosym.solvers import consistency
from neurosym.solvers.canonical import Canonical
from neurosym.solvers.checking import Checkers
from neurosym.solvers.consistency import Consistency, reduced
from neurosym.solvers.fake import FakeSolver
from neurosym.solvers.known import Knowledge, Known
from neurosym.solvers.relevance import groups
from neurosym.solvers.router import Router
from neurosym.solvers.saturation import saturate
from neurosym.solvers.smt import SmtSolver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Claim
from neurosym.verdict import Clock, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

LIMITS = Limits(seconds=10)
ENDLESS = """
nat(0). forall ?x. nat(?x) -> nat(s(?x)). forall ?x. s(?x) != 0.
forall ?x ?y. s(?x) = s(?y) -> ?x = ?y.
"""  # has no finite model


@pytest.fixture(scope="module")
def smt() -> Iterator[SmtSolver]:
    solver = SmtSolver()
    yield solver
    solver.close()


def rules() -> FakeSolver:
    return FakeSolver(name="rules")


CLASH = """
a: p(f(c)). b: forall ?x. p(?x) -> q(?x). d: not q(f(c)). e: forall ?x. r(?x) -> r(f(?x)). g: r(c).
"""


def clashing(first: Solver, goal: str) -> tuple[Consistency, Known, Formula, Verdict]:
    """A theory whose contradiction the search among the premises has missed, and a goal proved of it."""
    theory, asked, checkers = read_theory(CLASH), read_formula(goal), Checkers()
    knowledge = Knowledge(checkers)
    known = knowledge.of(theory)
    known.sought = (LIMITS.seconds, LIMITS.rlimit)
    part = read_theory(CLASH.replace("d: not q(f(c)).", ""))
    found = saturate(part, Not(asked), LIMITS.seconds)
    assert found is not None
    certificate = Certificate(Outcome.PROVED, found)
    verdict = Proved(kernel.check(theory, asked, certificate), certificate)
    return Consistency(first, Canonical(), checkers, knowledge), known, asked, verdict


GOALS = ["q(f(c))", "exists ?x. q(?x) and p(?x)", "forall ?x. p(?x) -> q(?x) or r(c)", "r(f(c)) and q(f(c))"]


@pytest.mark.parametrize("by", ["saturation", "first order"])
@pytest.mark.parametrize("goal", GOALS)
def test_proved_and_disproved_means_inconsistent(
    goal: str, by: str, smt: SmtSolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "first order":
        monkeypatch.setattr(consistency, "saturate", lambda *args: None)
    finder, known, asked, verdict = clashing(smt, goal)
    v = finder.confirmed(known, asked, verdict, Clock(Limits(seconds=60)))
    assert isinstance(v, Inconsistent)
    assert v.theorem.hypotheses == {"a", "b", "d"}
    assert kernel.check(known.theory, asked, v.certificate) == v.theorem
    assert finder.conflict(known, read_formula("other"), Clock(LIMITS)) is not None


def test_what_contradicts_itself_is_no_answer_even_without_a_conflict_set(
    smt: SmtSolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder, known, asked, verdict = clashing(smt, "q(f(c))")
    monkeypatch.setattr(finder, "_joined", lambda *args: None)
    v = finder.confirmed(known, asked, verdict, Clock(LIMITS))
    assert isinstance(v, Unknown)
    assert "contradict each other" in v.reason


def test_an_answer_is_confirmed_where_only_one_side_follows(smt: SmtSolver) -> None:
    theory, goal = read_theory(ENDLESS), read_formula("nat(s(0))")
    router = Router(rules(), smt)
    v = router.solve(theory, goal, Limits(seconds=20))
    assert isinstance(v, Proved)
    known = router.knowledge.of(theory)
    assert not known.consistent  # there is no finite model to show it
    assert router.consistency.confirmed(known, goal, v, Clock(LIMITS)) is v


def test_claims_are_left_out_until_none_can_be() -> None:
    theory = read_theory(" ".join(f"c{i}: p(a{i})." for i in range(30)))
    for wanted in ({"c0"}, {"c29"}, {"c3", "c17", "c22"}, {c.label for c in theory.claims}):
        tried: list[int] = []

        def modelled(part: Sequence[Claim], wanted: set[str] = wanted, tried: list[int] = tried) -> bool:
            tried.append(len(part))
            return not wanted <= {c.label for c in part}

        assert {c.label for c in reduced(theory.claims, modelled)} == wanted
        assert len(tried) <= 2 * len(theory.claims)


def test_conflicts_among_many_other_claims(smt: SmtSolver) -> None:
    """Three claims contradict each other; the others have no finite model."""
    others = " ".join(f"forall ?x. t{i}(?x) -> t{i}(s(?x)). t{i}(b{i})." for i in range(40))
    theory = read_theory(ENDLESS + others + CLASH)
    v = Router(rules(), smt).solve(theory, read_formula("t3(b3)"), Limits(seconds=60))
    assert isinstance(v, Inconsistent)
    assert v.theorem.hypotheses == {"a", "b", "d"}


def test_groups_share_no_symbols() -> None:
    theory = read_theory(
        "a: p(x1). b: forall ?x. p(?x) -> q(?x). c: r(x1). d: r(y1) and s(y2). e: y2 = z1. f: t(z1). g: u(w)."
    )
    found = [[c.label for c in group] for group in groups(theory.claims)]
    assert found == [["g"], ["a", "b"], ["c", "d", "e", "f"]]  # two facts of one thing are no group

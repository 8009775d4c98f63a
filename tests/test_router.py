"""Choosing between solvers: who is asked, in which order, and that no conflict goes unseen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym import kernel
from neurosym.errors import ConfigError, SolverError
from neurosym.logic import Const, Formula, Var, rules_of
from neurosym.proof import Apply, Certificate, Derivation, Given, Outcome, Step
from neurosym.solvers import NAMES, make_solver
from neurosym.solvers.fake import FakeSolver
from neurosym.solvers.router import CANDIDATES, Router
from neurosym.solvers.smt import SmtSolver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Theory
from neurosym.verdict import Answer, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

LIMITS = Limits(seconds=10)
HORN = "f: cat(tom). r: forall ?x. cat(?x) -> animal(?x)."


@pytest.fixture(scope="module")
def smt() -> Iterator[SmtSolver]:
    made = SmtSolver()
    yield made
    made.close()


def outside_the_fragment(theory: Theory, goal: Formula) -> tuple[str, ...]:
    return ("formulas that are no rules",) if any(rules_of(c.formula) is None for c in theory.claims) else ()


def given_only(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
    """A solver of rules that finds what is given, and no more."""
    for c in theory.claims:
        if c.formula == goal:
            certificate = Certificate(Outcome.PROVED, Derivation((Step(goal, Given(c.label)),)))
            return Proved(kernel.check(theory, goal, certificate), certificate)
    return Unknown("not derivable")


def rules() -> FakeSolver:
    return FakeSolver(given_only, outside_the_fragment, name="rules")


def spy(smt: SmtSolver) -> FakeSolver:
    return FakeSolver(smt.solve, smt.unsupported, name="first")


def test_rules_first_and_they_suffice(smt: SmtSolver) -> None:
    r, f = rules(), spy(smt)
    router = Router(r, f)
    theory, goal = read_theory(HORN), read_formula("cat(tom)")
    v = router.solve(theory, goal, LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Derivation)
    assert (r.asked, f.asked) == ([goal], [])  # all heads positive: consistency needs no question
    assert router.explain_choice(theory, goal).startswith("rules first")


def test_first_order_where_rules_find_nothing(smt: SmtSolver) -> None:
    r, f = rules(), spy(smt)
    theory, goal = read_theory(HORN), read_formula("animal(tom)")
    assert isinstance(Router(r, f).solve(theory, goal, LIMITS), Proved)
    assert (r.asked, f.asked) == ([goal], [goal])
    v = Router(r, f).solve(theory, read_formula("cat(rex)"), LIMITS)
    assert isinstance(v, Unknown)
    assert v.certificate is not None


def test_contraposition_needs_first_order(smt: SmtSolver) -> None:
    theory = read_theory("forall ?x. cat(?x) -> animal(?x). not animal(rock).")
    v = Router(rules(), smt).solve(theory, read_formula("cat(rock)"), LIMITS)
    assert isinstance(v, Disproved)


def test_inconsistent_theories_prove_nothing(smt: SmtSolver) -> None:
    r, f = rules(), spy(smt)
    router = Router(r, f)
    theory = read_theory("cat(tom). not cat(tom). dog(rex).")
    for goal in ("dog(rex)", "cat(tom)", "cow(x)"):
        v = router.solve(theory, read_formula(goal), LIMITS)
        assert isinstance(v, Inconsistent)
        assert v.theorem.goal == read_formula(goal)
        assert v.theorem.hypotheses == {"theory:1", "theory:1.2"}
    assert r.asked == []
    assert len(f.asked) == 1  # sought once


def test_consistency_is_sought_once_and_again_with_more(smt: SmtSolver) -> None:
    f = spy(smt)
    router = Router(rules(), f)
    theory = read_theory("cat(tom). not dog(tom).")
    for _ in range(3):
        assert isinstance(router.solve(theory, read_formula("cat(tom)"), LIMITS), Proved)
    assert len(f.asked) == 1
    router.solve(theory, read_formula("cat(tom)"), Limits(seconds=20))
    assert len(f.asked) == 2


@pytest.mark.parametrize("text", ["closed world. p(a).", "q(?x) :- p(?x), naf r(?x). p(a)."])
def test_absence_is_for_rules_only(text: str, smt: SmtSolver) -> None:
    r, f = rules(), spy(smt)
    router, theory, goal = Router(r, f), read_theory(text), read_formula("q(a)")
    assert "rules only" in router.explain_choice(theory, goal)
    assert isinstance(router.solve(theory, goal, LIMITS), Unknown)
    assert (r.asked, f.asked) == ([goal], [])
    assert router.unsupported(theory, goal) == ()


def test_outside_the_fragment(smt: SmtSolver) -> None:
    r, f = rules(), spy(smt)
    router, theory, goal = Router(r, f), read_theory("p(a) or q(a). not q(a)."), read_formula("p(a)")
    assert router.explain_choice(theory, goal) == "first: rules does not treat formulas that are no rules"
    assert isinstance(router.solve(theory, goal, LIMITS), Proved)
    assert r.asked == []


def test_missing_rules_backend_is_no_obstacle(smt: SmtSolver) -> None:
    def broken(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        raise SolverError("not installed")

    v = Router(FakeSolver(broken), smt).solve(read_theory(HORN), read_formula("animal(tom)"), LIMITS)
    assert isinstance(v, Proved)
    with pytest.raises(SolverError):  # where only rules have the semantics, it is
        Router(FakeSolver(broken), smt).solve(read_theory("closed world. p."), read_formula("p"), LIMITS)


def test_answers_outside_the_fragment(smt: SmtSolver) -> None:
    theory = read_theory(
        "a: bird(tweety) and bird(oscar). b: forall ?x. bird(?x) -> (flies(?x) or swims(?x)). "
        "c: not swims(tweety)."
    )
    goal = read_formula("flies(?x)", free=True)
    found = Router(rules(), smt).answers(theory, goal, (Var("x"),), LIMITS)
    assert [a.binding for a in found] == [(("x", Const("tweety")),)]
    verdict = found[0].verdict
    assert isinstance(verdict, Proved)
    assert verdict.theorem.hypotheses == {"a", "b", "c"}
    assert verdict.theorem.goal == read_formula("flies(tweety)")


def test_answers_say_where_they_stop(smt: SmtSolver) -> None:
    facts = " ".join(f"p(a{i})." for i in range(40)) + " q or r."
    quick = FakeSolver(name="first")  # knows nothing
    router = Router(rules(), quick)
    found = router.answers(
        read_theory(facts), read_formula("s(?x, ?y)", free=True), (Var("x"), Var("y")), LIMITS
    )
    assert len(quick.asked) == CANDIDATES
    assert [a.binding for a in found] == [()]
    verdict = found[0].verdict
    assert isinstance(verdict, Unknown)
    assert verdict.reason == f"limit: {CANDIDATES} of 1600 bindings tried"


def test_answers_of_an_inconsistent_theory(smt: SmtSolver) -> None:
    theory = read_theory("p(a) or p(b). not p(a). not p(b).")
    (only,) = Router(rules(), smt).answers(theory, read_formula("p(?x)", free=True), (Var("x"),), LIMITS)
    assert isinstance(only.verdict, Inconsistent)


def test_answers_by_rules_come_first(smt: SmtSolver) -> None:
    class Listing(FakeSolver):
        def answers(
            self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
        ) -> tuple[Answer, ...]:
            return (Answer((("x", Const("tom")),), Unknown("listed")),)

    f = spy(smt)
    router = Router(Listing(given_only, outside_the_fragment), f)
    goal = read_formula("cat(?x)", free=True)
    (only,) = router.answers(read_theory(HORN), goal, (Var("x"),), LIMITS)
    assert only.verdict == Unknown("listed")
    assert f.asked == []
    (only,) = router.answers(read_theory("cat(tom). not cat(tom)."), goal, (Var("x"),), LIMITS)
    assert isinstance(only.verdict, Inconsistent)


def test_closing_closes_both() -> None:
    r, f = rules(), FakeSolver()
    Router(r, f).close()
    assert (r.closed, f.closed) == (1, 1)


def test_make_solver() -> None:
    with pytest.raises(ConfigError, match="auto, prolog, z3"):
        make_solver("clingo")
    assert make_solver("z3").name == "z3"


@pytest.mark.parametrize("name", NAMES)
def test_the_real_solvers(name: str) -> None:
    pytest.importorskip("neurosym.solvers.prolog")
    solver: Solver = make_solver(name)
    assert solver.name == name
    theory = read_theory(HORN)
    v = solver.solve(theory, read_formula("animal(tom)"), LIMITS)
    solver.close()
    assert isinstance(v, Proved)
    assert v.theorem.hypotheses == {"f", "r"}
    if name != "z3":  # a derivation reads better than a refutation
        assert isinstance(v.certificate.evidence, Derivation)
        assert any(isinstance(s.by, Apply) for s in v.certificate.evidence.steps)

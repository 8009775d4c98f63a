"""Choosing between solvers: who is asked, in which order, and that no conflict goes unseen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym import kernel
from neurosym.errors import ConfigError, SolverError
from neurosym.logic import Const, Formula, Var
from neurosym.proof import Apply, Certificate, Derivation, Given, Outcome, Refutation, Step
from neurosym.solvers import NAMES, make_solver
from neurosym.solvers import router as routing
from neurosym.solvers.arithmetic_grounding import Grounding
from neurosym.solvers.fake import FakeSolver
from neurosym.solvers.finite import unspoken
from neurosym.solvers.listing import CANDIDATES, Horn, enumerate_answers
from neurosym.solvers.prolog import PrologSolver
from neurosym.solvers.router import Router
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


def given_only(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
    """A solver of rules that finds what is given, and no more."""
    for c in theory.claims:
        if c.formula == goal:
            certificate = Certificate(Outcome.PROVED, Derivation((Step(goal, Given(c.label)),)))
            return Proved(kernel.check(theory, goal, certificate), certificate)
    return Unknown("not derivable")


def rules() -> FakeSolver:
    return FakeSolver(given_only, name="rules")


def one_step(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
    """A solver of rules that applies `r` to `f`."""
    given, bound = Step(read_formula("cat(tom)"), Given("f")), ((Var("v1"), Const("tom")),)
    certificate = Certificate(Outcome.PROVED, Derivation((given, Step(goal, Apply("r", 0, bound), (0,)))))
    return Proved(kernel.check(theory, goal, certificate), certificate)


def test_derivations_come_from_rules() -> None:
    r, f = FakeSolver(one_step), FakeSolver(name="first")
    theory, goal = read_theory(HORN), read_formula("animal(tom)")
    v = Router(r, f).solve(theory, goal, LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Derivation)
    assert (r.asked, f.asked) == ([goal], [])


@pytest.mark.parametrize("goal", ["animal(tom)", "forall ?y. cat(?y) -> animal(?y)", "not not cat(tom)"])
def test_what_rules_do_not_derive_is_refuted_at_home(goal: str) -> None:
    f = FakeSolver(name="first")
    v = Router(rules(), f).solve(read_theory(HORN), read_formula(goal), LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Refutation)
    assert v.theorem.hypotheses <= {"f", "r"}
    assert f.asked == []


def test_what_is_given_needs_no_solver() -> None:
    r, f = rules(), FakeSolver()
    theory = read_theory("d: forall ?x. cat(?x) or dog(?x).")
    v = Router(r, f).solve(theory, read_formula("forall ?x. cat(?x) or dog(?x)"), LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Derivation)
    assert (r.asked, f.asked) == ([], [])


def test_countermodels_need_no_solver() -> None:
    r, f = rules(), FakeSolver(name="first")
    v = Router(r, f).solve(read_theory(HORN), read_formula("cat(rex)"), LIMITS)
    assert isinstance(v, Unknown)
    assert v.certificate is not None
    assert v.theorem is not None
    assert v.theorem.hypotheses == {"f", "r"}
    assert (r.asked, f.asked) == ([], [])


def test_first_order_where_nothing_else_decides(smt: SmtSolver, monkeypatch: pytest.MonkeyPatch) -> None:
    theory, goal = read_theory("o: a < b. p: b < c. l: forall ?x ?y. ?x < ?y -> less(?x, ?y)."), "less(a, c)"
    monkeypatch.setattr(routing, "saturate", lambda *args: None)
    monkeypatch.setattr(Grounding, "solve", lambda *args: None)
    silent = FakeSolver(name="first")
    assert isinstance(Router(rules(), silent).solve(theory, read_formula(goal), LIMITS), Unknown)
    assert read_formula(goal) in silent.asked
    v = Router(rules(), smt).solve(theory, read_formula(goal), LIMITS)
    assert isinstance(v, Proved)
    assert v.theorem.hypotheses == {"o", "p", "l"}


def test_things_that_are_compared_get_numbers() -> None:
    theory = read_theory("forall ?x. ?x < 2 -> small(?x). p(a).")
    v = Router(rules(), FakeSolver()).solve(theory, read_formula("q(a)"), LIMITS)
    assert isinstance(v, Unknown)
    assert v.certificate is not None


def test_contraposition() -> None:
    theory = read_theory("forall ?x. cat(?x) -> animal(?x). not animal(rock).")
    v = Router(rules(), FakeSolver()).solve(theory, read_formula("cat(rock)"), LIMITS)
    assert isinstance(v, Disproved)


def test_inconsistent_theories_prove_nothing() -> None:
    r, f = rules(), FakeSolver()
    router = Router(r, f)
    theory = read_theory("cat(tom). not cat(tom). dog(rex).")
    for goal in ("dog(rex)", "cat(tom)", "cow(x)"):
        v = router.solve(theory, read_formula(goal), LIMITS)
        assert isinstance(v, Inconsistent)
        assert v.theorem.goal == read_formula(goal)
        assert v.theorem.hypotheses == {"theory:1", "theory:1.2"}
    assert (r.asked, f.asked) == ([], [])


ENDLESS = """
nat(0). forall ?x. nat(?x) -> nat(s(?x)). forall ?x. s(?x) != 0.
forall ?x ?y. s(?x) = s(?y) -> ?x = ?y.
"""  # has no finite model


def test_consistency_is_sought_once_and_again_with_more() -> None:
    f, nat = FakeSolver(), read_formula("nat(0)")
    router, theory = Router(rules(), f), read_theory(ENDLESS)
    asked = []
    for seconds in (20, 20, 20, 40):
        assert isinstance(router.solve(theory, nat, Limits(seconds=seconds)), Proved)
        asked.append(f.asked.count(unspoken(theory)))
    first, again, once_more, with_more = asked
    assert first == again == once_more > 0
    assert with_more > first


def test_a_part_proves_a_theorem_of_the_whole() -> None:
    r = FakeSolver(one_step)
    theory = read_theory(
        "f: cat(tom). r: forall ?x. cat(?x) -> animal(?x). g: age(tom, 3). d: cat(rex) or dog(rex). "
        "u: forall ?x ?y ?z. age(?x, ?y) and age(?x, ?z) -> ?y = ?z."
    )
    router = Router(r, FakeSolver(name="first"))
    v = router.solve(theory, read_formula("animal(tom)"), LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Derivation)
    assert kernel.check(theory, read_formula("animal(tom)"), v.certificate) == v.theorem
    router = Router(rules(), FakeSolver(name="first"))
    why = router.explain_choice(theory, read_formula("cat(tom)"))
    assert "2 claims outside the rule fragment" in why
    assert len(why) <= 120
    for goal, kind in (
        ("age(tom, 4)", Disproved),
        ("cat(rex) or dog(rex)", Proved),
        ("cat(rex)", Unknown),
        ("forall ?x. age(tom, ?x) -> ?x = 3", Proved),
    ):
        v = router.solve(theory, read_formula(goal), LIMITS)
        assert isinstance(v, kind), goal
        assert v.certificate is not None


@pytest.mark.parametrize("text", ["closed world. p(a).", "q(?x) :- p(?x), naf r(?x). p(a)."])
def test_absence_is_for_rules_only(text: str) -> None:
    r, f = rules(), FakeSolver()
    router, theory, goal = Router(r, f), read_theory(text), read_formula("q(a)")
    assert "rules only" in router.explain_choice(theory, goal)
    assert isinstance(router.solve(theory, goal, LIMITS), Unknown)
    assert (r.asked, f.asked) == ([goal], [])
    assert router.unsupported(theory, goal) == ()


def test_no_rules_at_all() -> None:
    r = rules()
    router, theory = Router(r, FakeSolver(name="first")), read_theory("p(a) or q(a). p(a) -> (q(a) or s(a)).")
    assert "no claim is a rule" in router.explain_choice(theory, read_formula("p(a)"))
    assert isinstance(router.solve(theory, read_formula("q(a) or s(a)"), LIMITS), Proved)
    assert r.asked == []


def test_missing_rules_backend_is_no_obstacle(smt: SmtSolver) -> None:
    def broken(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        raise SolverError("not installed")

    v = Router(FakeSolver(broken), smt).solve(read_theory(HORN), read_formula("animal(tom)"), LIMITS)
    assert isinstance(v, Proved)
    with pytest.raises(SolverError):  # where only rules have the semantics, it is
        Router(FakeSolver(broken), smt).solve(read_theory("closed world. p."), read_formula("p"), LIMITS)


def test_answers_outside_the_fragment() -> None:
    theory = read_theory(
        "a: bird(tweety) and bird(oscar). b: forall ?x. bird(?x) -> (flies(?x) or swims(?x)). "
        "c: not swims(tweety)."
    )
    goal = read_formula("flies(?x)", free=True)
    found = Router(rules(), FakeSolver()).answers(theory, goal, (Var("x"),), LIMITS)
    assert [a.binding for a in found] == [(("x", Const("tweety")),)]
    verdict = found[0].verdict
    assert isinstance(verdict, Proved)
    assert verdict.theorem.hypotheses == {"a", "b", "c"}
    assert verdict.theorem.goal == read_formula("flies(tweety)")


def test_answers_of_negations_and_quantified_goals() -> None:
    theory = read_theory(
        "cat(tom). dog(rex). owns(ann, tom). forall ?x. cat(?x) -> not dog(?x). "
        "forall ?x ?y. owns(?x, ?y) and cat(?y) -> (kind(?x) or rich(?x))."
    )
    router = Router(rules(), FakeSolver())

    def names(goal: str) -> list[str]:
        found = router.answers(theory, read_formula(goal, free=True), (Var("x"),), LIMITS)
        assert all(isinstance(a.verdict, Proved) for a in found)
        return [t.name for a in found for _, t in a.binding if isinstance(t, Const)]

    assert names("not dog(?x)") == ["tom"]
    assert names("not cat(?x)") == ["rex"]
    assert names("exists ?y. owns(?x, ?y)") == ["ann"]
    assert names("kind(?x) or rich(?x)") == ["ann"]
    assert names("kind(?x)") == []


def test_answers_say_where_they_stop() -> None:
    quick = FakeSolver(name="first")  # knows nothing
    theory = read_theory(ENDLESS + " ".join(f"p(a{i})." for i in range(40)))
    goal = read_formula("t(?x, ?y)", free=True)
    found = Router(rules(), quick).answers(theory, goal, (Var("x"), Var("y")), LIMITS)
    assert [a.binding for a in found] == [()]
    verdict = found[0].verdict
    assert isinstance(verdict, Unknown)
    assert verdict.reason == f"limit: {CANDIDATES} of 1681 bindings tried"


def test_enumerated_answers_say_where_they_stop() -> None:
    quick = FakeSolver(name="first")
    theory = read_theory(" ".join(f"p(a{i})." for i in range(40)))
    goal = read_formula("s(?x, ?y)", free=True)
    found = enumerate_answers(quick, theory, goal, (Var("x"), Var("y")), LIMITS)
    assert len(quick.asked) == CANDIDATES
    assert [a.verdict for a in found] == [Unknown(f"limit: {CANDIDATES} of 1600 bindings tried")]


def test_answers_of_an_inconsistent_theory() -> None:
    theory = read_theory("p(a) or p(b). not p(a). not p(b).")
    (only,) = Router(rules(), FakeSolver()).answers(
        theory, read_formula("p(?x)", free=True), (Var("x"),), LIMITS
    )
    assert isinstance(only.verdict, Inconsistent)


class Listing(FakeSolver):
    """A solver of rules that lists one answer, and says that there may be more."""

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        found = self.solve(theory, read_formula("cat(tom)"), limits)
        return (Answer((("x", Const("tom")),), found), Answer((), Unknown("limit: made up")))


def test_answers_by_rules_come_first() -> None:
    f = FakeSolver()
    router = Router(Listing(given_only), f)
    goal = read_formula("cat(?x)", free=True)
    theory = read_theory(HORN + " g: cat(rex). d: p or q.")
    first, second = router.answers(theory, goal, (Var("x"),), LIMITS)  # and no other can be right
    assert [first.binding, second.binding] == [(("x", Const("rex")),), (("x", Const("tom")),)]
    assert isinstance(first.verdict, Proved)
    assert isinstance(second.verdict, Proved)
    assert isinstance(first.verdict.certificate.evidence, Refutation)
    assert isinstance(second.verdict.certificate.evidence, Derivation)
    assert f.asked == []
    theory = read_theory(HORN + " d: p or q. e: forall ?x. kitten(?x) -> cat(child(?x)).")
    found = router.answers(theory, goal, (Var("x"),), LIMITS)  # terms without name might be answers
    assert found[-1] == Answer((), Unknown("limit: made up"))
    (only,) = router.answers(read_theory("cat(tom). not cat(tom)."), goal, (Var("x"),), LIMITS)
    assert isinstance(only.verdict, Inconsistent)


def names_of(found: tuple[Answer, ...]) -> list[tuple[str, ...]]:
    assert all(isinstance(a.verdict, Proved) for a in found)
    return [tuple(t.name for _, t in a.binding if isinstance(t, Const)) for a in found]


def chain(n: int, more: str = "") -> Theory:
    steps = " ".join(f"part_of(n{i:02}, n{i + 1:02})." for i in range(n))
    rule = "forall ?x ?y ?z. part_of(?x, ?y) and part_of(?y, ?z) -> part_of(?x, ?z)."
    return read_theory(f"{steps} {rule} {more}")


# as many answers as rules find, more than the bindings that are tried otherwise
@pytest.mark.parametrize("more", ["", "p or q.", "forall ?x. not part_of(?x, ?x)."])
def test_rules_list_all_answers(more: str) -> None:
    router, theory = Router(PrologSolver(), FakeSolver()), chain(46, more)
    x, y = Var("x"), Var("y")
    found = router.answers(theory, read_formula("part_of(?x, ?y)", free=True), (x, y), LIMITS)
    expected = [(f"n{i:02}", f"n{j:02}") for i in range(47) for j in range(i + 1, 47)]
    assert len(expected) > CANDIDATES
    assert names_of(found) == expected
    for a in found[::100]:
        assert isinstance(a.verdict, Proved)
        assert kernel.check(theory, a.verdict.theorem.goal, a.verdict.certificate) == a.verdict.theorem
    some = read_formula("exists ?z. part_of(?x, ?z) and part_of(?z, n03)", free=True)
    assert names_of(router.answers(theory, some, (x,), LIMITS)) == [("n00",), ("n01",)]
    router.close()


def test_definite_rules_need_no_model_and_no_refutation(monkeypatch: pytest.MonkeyPatch) -> None:
    f = FakeSolver(name="first")
    router = Router(PrologSolver(), f)
    for name in ("alone", "sides", "fails"):
        monkeypatch.setattr(router.canonical, name, None)  # whoever calls it fails
    theory, goal = chain(5), read_formula("part_of(?x, n02)", free=True)
    assert names_of(router.answers(theory, goal, (Var("x"),), LIMITS)) == [("n00",), ("n01",)]
    assert f.asked == []
    router.close()


@pytest.mark.parametrize(
    ("text", "goal", "decided"),
    [
        ("p(a). forall ?x. p(?x) -> q(?x).", "q(?x)", True),
        (
            "p(a). forall ?x ?y. p(?x) and (e(?x, ?y) or q(?y)) -> q(?x).",
            "q(?x) and exists ?y. e(?x, ?y)",
            True,
        ),
        ("p(a). q(?x) :- p(?x).", "p(?x) or q(?x)", True),
        ("forall ?x. p(?x) -> p(f(?x)).", "p(f(?x))", True),
        ("forall ?x. p(?x).", "p(?x)", True),
        ("forall ?x. p(?x).", "p(f(?x))", False),  # true of terms that nothing names
        ("forall ?x. p(f(?x)).", "p(?x)", False),
        ("p(a).", "not q(?x)", False),
        ("p(a).", "forall ?y. p(?y) -> p(?x)", False),
        ("p(a). a = b.", "p(?x)", False),
        ("p(a). not q(b).", "q(?x)", False),
        ("p(a) or p(b).", "p(?x)", False),
        ("exists ?x. p(?x).", "p(?x)", False),
        ("forall ?x. p(?x) and not q(?x) -> r(?x).", "r(?x)", False),
        (
            "forall ?x. p(?x) and ?x < 3 -> r(?x). forall ?x. p(?x) and 3 <= ?x -> r(?x). p(a).",
            "r(?x)",
            False,
        ),
    ],
)
def test_which_questions_rules_decide(text: str, goal: str, decided: bool) -> None:
    assert Horn(read_theory(text)).decides(read_formula(goal, free=True)) is decided


def test_what_rules_miss_is_found_after_them() -> None:
    router = Router(PrologSolver(), FakeSolver())
    theory = read_theory("p(a). a = b. p(c) or q(c). not q(c). forall ?x. p(?x) -> r(?x).")
    found = router.answers(theory, read_formula("r(?x)", free=True), (Var("x"),), LIMITS)
    assert names_of(found) == [("a",), ("b",), ("c",)]
    router.close()


def test_bindings_that_rules_found_are_not_tried_again() -> None:
    """After a question whose two models show the theory consistent, too."""
    facts = " ".join(f"p(a{i:04})." for i in range(CANDIDATES + 50))
    theory = read_theory(facts + " q(b) or r(b). not r(b).")
    router = Router(PrologSolver(), FakeSolver())
    assert isinstance(router.solve(theory, read_formula("p(b)"), LIMITS), Unknown)
    found = router.answers(theory, read_formula("p(?x)", free=True), (Var("x"),), LIMITS)
    assert len(names_of(found)) == CANDIDATES + 50
    router.close()


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

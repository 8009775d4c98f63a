"""Verdicts from ground instances: every random theory is refuted or has a model, and the kernel says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ordering_puzzles import puzzle
from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE,
    INTEGER,
    TRUE,
    Atom,
    Const,
    Equal,
    Exhausted,
    Fn,
    Forall,
    Formula,
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    clauses,
    free_vars,
    whole_sum,
)
from neurosym.proof import Certificate, FiniteModel, Outcome, Refutation, WholeSum
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.solvers.arithmetic_atoms import Unsupported
from neurosym.solvers.arithmetic_grounding import Grounding, model_of
from neurosym.solvers.arithmetic_names import Names
from neurosym.solvers.arithmetic_session import Meter, Session
from neurosym.solvers.checking import Checkers
from neurosym.solvers.finite import consistency
from neurosym.solvers.known import Knowledge
from neurosym.solvers.worlds import Worlds
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Clock, Limits, Solver, Unknown

LIMITS = Limits(seconds=60.0)
A, B, C = Const("a"), Const("b"), Const("c")
X, Y = Var("x"), Var("y")


def theory_of(formulas: list[Formula]) -> Theory:
    return Theory(tuple(Claim(f"c{i}", f, Axiom("text", i + 1, "")) for i, f in enumerate(formulas)))


def session_of(theory: Theory, steps: int = 400_000) -> Session:
    session = Session(Names(), Meter())
    session.meter.set(60.0, steps)
    for c in theory.claims:
        session.tell(c.label, clauses(c.formula, c.label))
    return session


def decided(theory: Theory) -> FiniteModel | Refutation:
    """What a session says of a theory, once the kernel has said the same."""
    session = session_of(theory)
    view = session.solve()
    if view is None:
        refutation = session.refutation()
        kernel.check(theory, FALSE, Certificate(Outcome.INCONSISTENT, refutation))
        return refutation
    model = model_of(session, view)
    assert model is not None
    kernel.check(theory, *consistency(theory, model))
    return model


# --- random theories ----------------------------------------------------------------------

_term: st.SearchStrategy[Term] = st.sampled_from([A, B, C, X, Y])
_plain: st.SearchStrategy[Formula] = st.one_of(
    st.builds(lambda t: Atom("p", (t,)), _term),
    st.builds(lambda t, u: Atom("r", (t, u)), _term, _term),
    st.builds(Equal, _term, _term),
)
_named: st.SearchStrategy[Term] = st.sampled_from(
    [A, B, C, Num(Fraction(0)), Num(Fraction(1)), Num(Fraction(5, 2)), Fn("f", (A,)), Fn("f", (B,))]
)
_sum: st.SearchStrategy[Term] = st.one_of(
    _named,
    st.builds(lambda a, b: Fn("+", (a, b)), _named, _named),
    st.builds(lambda k, a: Fn("*", (Num(Fraction(k)), a)), st.sampled_from([-1, 2, 3]), _named),
)
_numeric: st.SearchStrategy[Formula] = st.one_of(
    st.builds(Less, _sum, _sum, st.booleans()),
    st.builds(Equal, _sum, _sum),
    st.builds(lambda t: Atom(INTEGER, (t,)), _named),
    st.builds(lambda t: Atom("p", (t,)), _named),
)


def _clause(literal: st.SearchStrategy[Formula], most: int) -> st.SearchStrategy[Formula]:
    signed = st.one_of(literal, st.builds(Not, literal))
    return st.lists(signed, min_size=1, max_size=most).map(_closed)


def _closed(parts: list[Formula]) -> Formula:
    f: Formula = parts[0] if len(parts) == 1 else Or(tuple(parts))
    return Forall(free_vars(f), f) if free_vars(f) else f


@settings(max_examples=150, deadline=None)
@given(st.lists(_clause(_plain, 3), min_size=1, max_size=8))
def test_every_theory_without_functions_is_decided(formulas: list[Formula]) -> None:
    decided(theory_of(formulas))


@settings(max_examples=150, deadline=None)
@given(st.lists(_clause(_numeric, 2), min_size=1, max_size=7))
def test_ground_arithmetic_is_decided_or_given_up(formulas: list[Formula]) -> None:
    # whole numbers without bounds, or sums of which no lemma says whether they are whole
    with suppress(Exhausted, Unsupported):
        decided(theory_of(formulas))


@settings(max_examples=60, deadline=None)
@given(st.lists(_clause(_plain, 3), min_size=1, max_size=5), _clause(_plain, 2))
def test_copies_are_apart(formulas: list[Formula], more: Formula) -> None:
    session = session_of(theory_of(formulas))
    before = session.solve() is None
    one = session.copy()
    one.tell("more", clauses(more, "more"))
    after = one.solve() is None
    assert after >= before
    assert (session.copy().solve() is None) is before
    assert isinstance(decided(theory_of([*formulas, more])), Refutation) is after


@settings(max_examples=60, deadline=None)
@given(st.lists(_clause(_plain, 3), min_size=1, max_size=6))
def test_what_is_settled_changes_no_verdict(formulas: list[Formula]) -> None:
    theory = theory_of(formulas)
    session = session_of(theory)
    if session.solve() is None:
        return
    session.settle()
    fixed = [x for x in session.model if session.sat.settled(x)]
    view = session.solve()
    assert view is not None  # it still has a model
    for x in fixed[:4]:
        f = session.atoms.formula(-x)
        if not isinstance(f, Not):
            assert isinstance(decided(theory_of([*formulas, f])), Refutation)


# --- the pigeonhole principle --------------------------------------------------------------


def crowd(things: int, values: int) -> Theory:
    names = [f"s{i}" for i in range(things)]
    lines = [f"{' or '.join(f'{s} = h{k}' for k in range(values))}." for s in names]
    return read_theory("\n".join([*lines, f"all_different({', '.join(names)})."]))


@pytest.mark.parametrize("n", [3, 5, 7])
def test_pigeons(n: int) -> None:
    found = decided(crowd(n + 1, n))
    assert isinstance(found, Refutation)
    assert len(found.proof) <= (n + 3) * 2 ** (n - 1) + 20  # not the thousands that learning alone needs
    assert isinstance(decided(crowd(n, n)), FiniteModel)


def test_pigeons_with_domains_of_their_own() -> None:
    text = "a = x or a = y. b = x or b = y or p. c = x or c = y. d = x or d = z. all_different(a, b, c, d)."
    assert isinstance(decided(read_theory(text)), FiniteModel)  # p holds
    assert isinstance(decided(read_theory(f"{text} not p.")), Refutation)


# --- verdicts ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def auto() -> Iterator[Solver]:
    solver = make_solver("auto")
    yield solver
    solver.close()


@pytest.mark.parametrize(("n", "encoding"), [*product((3, 5), ("positions", "order"))])
def test_every_option_of_a_puzzle(auto: Solver, n: int, encoding: str) -> None:
    made = puzzle(n, 7, encoding)
    grounding = Grounding(Checkers())
    assert grounding.suits(made.theory, TRUE)
    for goal, true in made.options:
        verdict = auto.solve(made.theory, goal, LIMITS)
        assert verdict_name(verdict) == ("proved" if true else "disproved")
        assert verdict.certificate is not None
        assert kernel.check(made.theory, goal, verdict.certificate) == verdict.theorem


def test_answers_do_not_depend_on_earlier_ones() -> None:
    made = puzzle(3, 2, "order")
    goals = [g for g, _ in made.options]

    def asked(order: list[Formula]) -> dict[Formula, object]:
        checkers = Checkers()
        grounding, known = Grounding(checkers), Knowledge(checkers).of(made.theory)
        return {g: grounding.solve(known, g, Clock(LIMITS)) for g in order}

    assert asked(goals) == asked(goals[::-1])


CASES: dict[str, tuple[str, str, str]] = {
    "sum of whole numbers": ("integer(x).", "integer(3 * x - 7)", "proved"),
    "half of one": ("integer(x).", "integer(x * 1/2)", "unknown"),
    "by an equality": ("integer(x). y = x + 1.", "integer(y)", "proved"),
    "the other way": ("integer(y). y = 4 - x.", "integer(x)", "proved"),
    "a chain of them": ("integer(a). b = a + 2. c = b + a.", "integer(c)", "proved"),
    "no whole number": ("integer(y). not integer(x). x = y + z.", "integer(z)", "disproved"),
    "between whole numbers": ("not integer(x). 1 <= x. x <= 2.", "1 < x and x < 2", "proved"),
    "nowhere": ("not integer(x). 1 <= x. x <= 1.", "p", "inconsistent"),
    "every successor": ("p(0).", "forall ?x. integer(?x) -> integer(?x + 1)", "proved"),
    "a rule of sums": (
        "forall ?x ?y. p(?x) and ?y = ?x + 1 -> p(?y). p(0). q(1). q(2). q(3).",
        "p(3)",
        "proved",
    ),
    "one of a few": ("forall ?x. p(?x) -> ?x = a or ?x = b. p(c). c != a.", "c = b", "proved"),
    "open": ("all_different(a, b). forall ?x. p(?x) -> ?x = a or ?x = b. p(c).", "c = b", "unknown"),
    "contradictory": ("forall ?x. ?x = a or ?x = b. p(a). p(b). not p(c).", "p(a)", "inconsistent"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    text, goal, expected = CASES[name]
    theory, f = read_theory(text), read_formula(goal)
    checkers = Checkers()
    known = Knowledge(checkers).of(theory)
    verdict = Grounding(checkers).solve(known, f, Clock(LIMITS))
    assert verdict is not None
    assert verdict_name(verdict) == expected
    assert verdict.certificate is not None
    assert kernel.check(theory, f, verdict.certificate) == verdict.theorem


def test_limits_are_kept() -> None:
    """No verdict rather than a wrong one; more time is a new try."""
    made = puzzle(5, 1, "order")
    checkers = Checkers()
    grounding, known = Grounding(checkers), Knowledge(checkers).of(made.theory)
    goal = made.options[0][0]
    assert grounding.solve(known, goal, Clock(Limits(seconds=1e-6))) is None
    verdict = grounding.solve(known, goal, Clock(LIMITS))
    assert verdict is not None
    assert not isinstance(verdict, Unknown)


def test_what_it_is_not_for() -> None:
    grounding = Grounding(Checkers())
    for text in ("p(a). forall ?x. p(?x) -> q(?x).", "forall ?x. p(?x) -> p(f(?x)). 1 < n.", "p or q."):
        theory = read_theory(text)
        assert not grounding.suits(theory, TRUE)
        known = Knowledge(Checkers()).of(theory)
        assert grounding.solve(known, TRUE, Clock(LIMITS)) is None


CHAIN = "p(0). forall ?x. p(?x) -> exists ?y. ?y = ?x + 1 and p(?y)."
ENDLESS: dict[str, tuple[str, str, str]] = {
    "a chain of values": (CHAIN, "p(4)", "proved"),
    "a denial": (CHAIN, "not p(2)", "disproved"),
    "mothers are older": (
        "forall ?x. age(?x) < age(mother(?x)).", "age(tom) < age(mother(mother(tom)))", "proved",
    ),
    "no gap": (CHAIN, "p(1/2)", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_terms_without_end(name: str) -> None:
    """Refutations are found, and where there is none the search ends."""
    text, goal, expected = ENDLESS[name]
    theory, f = read_theory(text), read_formula(goal)
    checkers = Checkers()
    known = Knowledge(checkers).of(theory)
    sides = Grounding(checkers).refute(known, f, Clock(LIMITS))
    found = {"disproved": sides.holds, "proved": sides.fails}
    for outcome, evidence in found.items():
        assert isinstance(evidence, Refutation) is (outcome == expected)
        if isinstance(evidence, Refutation):
            kernel.check(theory, f, Certificate(Outcome(outcome), evidence))


def test_the_choice_is_explained(auto: Solver) -> None:
    made = puzzle(3, 0, "positions")
    assert isinstance(auto, Worlds)
    assert auto.explain_choice(made.theory, made.options[0][0]).startswith("ground instances, then canonical")


# --- the lemma -----------------------------------------------------------------------------


def test_whole_sums() -> None:
    t = Fn("-", (Fn("*", (Num(Fraction(2)), A)), Fn("+", (B, Num(Fraction(3))))))
    whole = [Atom(INTEGER, (x,)) for x in (A, B, t)]
    assert whole_sum(t) == (Not(whole[0]), Not(whole[1]), whole[2])
    same = Fn("-", (A, A))  # it cancels out, and is nevertheless about a number
    assert whole_sum(same) == (Not(whole[0]), Atom(INTEGER, (same,)))
    for bad in (Fn("*", (Num(Fraction(1, 2)), A)), Fn("+", (A, Num(Fraction(1, 3)))), Fn("*", (A, B))):
        with pytest.raises(ValueError, match=r"whole|linear"):
            whole_sum(bad)


def test_a_whole_sum_needs_whole_parts() -> None:
    theory = read_theory("a: integer(x). b: not integer(x + y).")
    lemma = WholeSum(Fn("+", (Const("x"), Const("y"))))
    session = session_of(theory)
    assert session.solve() is not None
    for proof in (((),), ((Not(Atom(INTEGER, (Const("y"),))),), ())):
        with pytest.raises(CheckError, match="does not follow"):
            kernel.check(theory, FALSE, Certificate(Outcome.INCONSISTENT, Refutation((), (lemma,), proof)))

"""Saturation: what it refutes the kernel accepts, and what has a model it never refutes."""

from __future__ import annotations

import random
from itertools import product

import pytest

from neurosym.kernel import check
from neurosym.logic import Clause, Equal, Fn, Formula, Implies, Not, Var, clauses
from neurosym.proof import GOAL, Certificate, Outcome, Refutation
from neurosym.solvers.saturation import saturate
from neurosym.solvers.saturation_terms import (
    EQUAL,
    Ordering,
    Symbols,
    mirrored,
    resolved,
    subsumes,
    unify,
)
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Theory

LONG = 60.0  # seconds; the bound is the number of steps


def refuted(text: str, goal: str, steps: int = 200_000) -> Refutation | None:
    """A refutation of the negated goal, which the kernel has accepted."""
    theory, f = read_theory(text), read_formula(goal)
    found = saturate(theory, Not(f), LONG, steps)
    if found is not None:
        assert check(theory, f, Certificate(Outcome.PROVED, found)).outcome is Outcome.PROVED
    return found


GROUP = """
assoc: forall x y z. m(m(x, y), z) = m(x, m(y, z)).
left: forall x. m(e, x) = x.
inverse: forall x. m(inv(x), x) = e.
"""
EXTENSION = "forall x. p(x) <-> exists y. q(x, y) and not p(y)."


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("", "(exists x. forall y. p(x) -> p(y))"),
        ("p(a) or p(b).", "exists x. p(x)"),
        ("forall x y. p(x) or p(y).", "p(c)"),  # factoring
        ("forall x. f(x) = x -> p(x). f(f(a)) = a. f(a) = a.", "p(f(a))"),
        ("forall x. x = a or x = b. p(a). p(b).", "forall x. p(x)"),  # from a variable
        ("forall x y. f(x) = f(y) -> x = y. f(a) = f(b). p(a).", "p(b)"),
        ("f(a) = c. f(a) = a. a != c.", "q"),  # what is deleted may be needed again
        ("one = 1. two = 2. one = two or p.", "p"),  # numerals differ
        (GROUP, "forall x. m(x, inv(x)) = e"),
        (GROUP, "forall x. m(x, e) = x"),
        (GROUP + "forall x. m(x, x) = e.", "forall x y. m(x, y) = m(y, x)"),
        ("forall x. p(x) -> p(s(x)). p(z).", "p(s(s(s(s(s(s(z)))))))"),
        ("forall x. big(x) or x < 3. forall x. p(x).", "exists x. p(x)"),
    ],
)
def test_it_refutes(text: str, goal: str) -> None:
    assert refuted(text, goal) is not None


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("p(a) or p(b).", "p(a)"),
        ("a < b. forall x. x < b -> small(x).", "small(a)"),  # claims that compare are left out
        ("forall x. p(x) -> q(x). q(a).", "p(a)"),
        ("forall x y. f(x) = f(y) -> x = y. f(a) = f(b).", "p(c)"),
        (GROUP, "forall x y. m(x, y) = m(y, x)"),
        ("forall x. exists y. r(x, y).", "exists y. forall x. r(x, y)"),
        ("", "p"),
    ],
)
def test_it_does_not_refute_without_need(text: str, goal: str) -> None:
    assert refuted(text, goal, 5_000) is None


def test_nested_equivalences_are_split() -> None:
    """128 clauses of eight literals each; the parts are refuted by themselves, the kernel gets instances."""
    goal = (
        "((exists x. forall y. p(x) <-> p(y)) <-> ((exists x. q(x)) <-> forall y. q(y))) <-> "
        "((exists x. forall y. q(x) <-> q(y)) <-> ((exists x. p(x)) <-> forall y. p(y)))"
    )
    assert len(clauses(Not(read_formula(goal)), GOAL)) == 128
    found = refuted("", goal)
    assert found is not None
    assert found.proof  # so that the kernel need not search


def test_a_conflict_of_the_premises_needs_no_goal() -> None:
    theory = read_theory("forall x. p(x) -> not q(x). forall x. q(x). p(a). r(b).")
    found = saturate(theory, None, LONG)
    assert found is not None
    theorem = check(theory, read_formula("s"), Certificate(Outcome.INCONSISTENT, found))
    assert theorem.hypotheses == {"theory:1", "theory:1.2", "theory:1.3"}


def test_the_same_question_has_the_same_answer() -> None:
    assert refuted(GROUP, "forall x. m(x, inv(x)) = e") == refuted(GROUP, "forall x. m(x, inv(x)) = e")


def test_steps_are_a_limit() -> None:
    assert refuted(GROUP + "forall x. m(x, x) = e.", "forall x y. m(x, y) = m(y, x)", 20) is None


# --- against brute force -------------------------------------------------------------------


def _term(rng: random.Random, depth: int) -> str:
    pick = rng.random()
    if pick < 0.35:
        return rng.choice("xy")
    return rng.choice("ab") if pick < 0.75 or depth == 0 else f"f({_term(rng, depth - 1)})"


def _literal(rng: random.Random) -> str:
    pick = rng.random()
    sign = "not " if rng.random() < 0.5 else ""
    if pick < 0.3:
        return f"{sign}({_term(rng, 1)} = {_term(rng, 1)})"
    return f"{sign}p({_term(rng, 1)})" if pick < 0.7 else f"{sign}r({_term(rng, 1)}, {_term(rng, 0)})"


def _has_small_model(forms: list[Clause]) -> bool:
    """Is there a model of one or two elements?  By trying all."""
    for size in (1, 2):
        elements = range(size)
        pairs = list(product(elements, repeat=2))
        for a, b in product(elements, repeat=2):
            for f in product(elements, repeat=size):
                for p in product((False, True), repeat=size):
                    for r in product((False, True), repeat=len(pairs)):
                        rows = dict(zip(pairs, r, strict=True))
                        if all(_true(c, size, {"a": a, "b": b}, f, p, rows) for c in forms):
                            return True
    return False


def _true(
    c: Clause,
    size: int,
    names: dict[str, int],
    f: tuple[int, ...],
    p: tuple[bool, ...],
    r: dict[tuple[int, int], bool],
) -> bool:
    def value(t: object, env: dict[str, int]) -> int:
        if isinstance(t, Var):
            return env[t.name]
        return f[value(t.args[0], env)] if isinstance(t, Fn) else names[t.name]  # type: ignore[attr-defined]

    def holds(x: Formula, env: dict[str, int]) -> bool:
        if isinstance(x, Not):
            return not holds(x.body, env)
        if isinstance(x, Equal):
            return value(x.left, env) == value(x.right, env)
        args = [value(t, env) for t in x.args]  # type: ignore[union-attr]
        return p[args[0]] if len(args) == 1 else r[args[0], args[1]]

    envs = product(range(size), repeat=2)
    return all(any(holds(x, {"v1": u, "v2": v}) for x in c) for u, v in envs)


def test_random_clauses_against_all_small_structures() -> None:
    """What has a model is never refuted; the kernel accepts the rest of what is found."""
    rng = random.Random(5)
    refutations = models = 0
    for _ in range(100):
        lines = [
            f"forall x y. {' or '.join(_literal(rng) for _ in range(rng.choice((1, 1, 2, 2, 3))))}."
            for _ in range(rng.randint(3, 7))
        ]
        theory = read_theory(" ".join(lines))
        forms = [c for claim in theory.claims for c in clauses(claim.formula, claim.label)]
        found = saturate(theory, None, LONG, 4_000)
        modelled = _has_small_model(forms)
        models += modelled
        if found is not None:
            refutations += 1
            check(theory, read_formula("p(a)"), Certificate(Outcome.INCONSISTENT, found))
            assert not modelled, lines
    assert min(refutations, models) >= 20


# --- terms ---------------------------------------------------------------------------------


def _packed(symbols: Symbols, *texts: str) -> list[object]:
    names: dict[Var, int] = {}
    out = []
    for text in texts:
        f = read_formula(f"forall x y z. q({text})")
        out.append(symbols.clause((f.body,), names)[0][1][1])  # type: ignore[union-attr,arg-type]
    return out


def test_unification() -> None:
    symbols = Symbols()
    left, right = _packed(symbols, "f(x, g(y))", "f(g(z), x)")
    s: dict[int, object] = {}
    assert unify(left, right, s)
    assert resolved(left, s) == resolved(right, s)
    looped, x = _packed(symbols, "g(x)", "x")
    assert not unify(looped, x, {})
    assert unify(looped, mirrored(x), {})


def test_the_ordering_is_stable_and_total_on_ground_terms() -> None:
    symbols = Symbols()
    big, small, other = _packed(symbols, "f(x, g(y))", "g(x)", "f(y, g(x))")
    order = Ordering(symbols)
    assert order.greater(big, small)
    assert not order.greater(small, big)
    assert not order.greater(big, other)
    assert not order.greater(other, big)
    symbols = Symbols()
    terms = _packed(symbols, "a", "b", "g(a)", "f(a, b)", "f(b, a)", "g(g(b))")
    order = Ordering(symbols)
    assert all(order.greater(s, t) != order.greater(t, s) for s in terms for t in terms if s != t)


def test_subsumption_turns_equations() -> None:
    x, a, b = 0, (5,), (6,)
    assert subsumes([(True, (EQUAL, x, a))], [(True, (EQUAL, a, b)), (False, (7, b))])
    assert not subsumes([(False, (EQUAL, x, a))], [(True, (EQUAL, a, b))])
    assert not subsumes([(True, (7, x)), (True, (8, x))], [(True, (7, a)), (True, (8, b))])


def test_claims_that_are_implications_are_taken_as_they_are() -> None:
    p, q = read_formula("p(a)"), read_formula("q(a)")
    theory = Theory((Claim("one", p, Axiom("t", 0, "")), Claim("two", Implies(p, q), Axiom("t", 0, ""))))
    found = saturate(theory, Not(q), LONG)
    assert found is not None
    assert {i.label for i in found.instances} == {"one", "two", GOAL}

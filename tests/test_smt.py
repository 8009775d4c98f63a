"""The first-order solver: every verdict it gives carries a certificate that the kernel accepts."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE,
    SKOLEM,
    TRUE,
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
    free_vars,
    truth,
)  # fmt: skip
from neurosym.proof import Independence, Outcome, Refutation
from neurosym.solvers import models
from neurosym.solvers.clausal import EQUAL, Problem, WireClause, substituted, without_disequations
from neurosym.solvers.models import Grid, Ground, Structure, TooLarge
from neurosym.solvers.smt import SmtSolver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

LIMITS = Limits(seconds=20.0)


@pytest.fixture(scope="module")
def solver() -> Iterator[SmtSolver]:
    made = SmtSolver()
    yield made
    made.close()


def ask(solver: SmtSolver, theory: str, goal: str, limits: Limits = LIMITS) -> Verdict:
    """The verdict, whose certificate is checked once more here."""
    held, question = read_theory(theory, "t"), read_formula(goal)
    return recheck(held, question, solver.solve(held, question, limits))


def recheck(theory: Theory, goal: Formula, v: Verdict) -> Verdict:
    if v.certificate is not None:
        assert kernel.check(theory, goal, v.certificate) == v.theorem
    else:
        assert isinstance(v, Unknown)
        assert v.theorem is None
        assert v.reason
    return v


# --- single questions: (premises, goal, verdict) -------------------------------------------

SOCRATES = "m: man(socrates). r: forall ?x. man(?x) -> mortal(?x)."
CASES = {
    "modus ponens": (SOCRATES, "mortal(socrates)", Proved),
    "denied": (SOCRATES + " n: forall ?x. mortal(?x) -> not god(?x).", "god(socrates)", Disproved),
    "contraposition": ("forall ?x. cat(?x) -> animal(?x). not animal(rock).", "cat(rock)", Disproved),
    "case analysis": ("p or q. p -> r. q -> r.", "r", Proved),
    "cases over individuals": (
        "forall ?x. bird(?x) -> (flies(?x) or swims(?x)). bird(a). forall ?x. flies(?x) -> fed(?x). "
        "forall ?x. swims(?x) -> fed(?x).",
        "fed(a)",
        Proved,
    ),
    "excluded middle": ("", "p or not p", Proved),
    "contradictory goal": ("", "p and not p", Disproved),
    "peirce": ("", "((p -> q) -> p) -> p", Proved),
    "iff is associative": ("", "((p <-> q) <-> r) <-> (p <-> (q <-> r))", Proved),
    "drinker": ("", "exists ?x. (drinks(?x) -> forall ?y. drinks(?y))", Proved),
    "no set of all that are not in themselves": (
        "exists ?y. forall ?x. (in(?x, ?y) <-> not in(?x, ?x)).",
        "p",
        Inconsistent,
    ),
    "quantifiers swap one way": (
        "exists ?x. forall ?y. r(?x, ?y).",
        "forall ?y. exists ?x. r(?x, ?y)",
        Proved,
    ),
    "and not the other": ("forall ?y. exists ?x. r(?x, ?y).", "exists ?x. forall ?y. r(?x, ?y)", Unknown),
    "syllogism": (
        "forall ?x. p(?x) -> q(?x). exists ?x. (p(?x) and r(?x)).",
        "exists ?x. (q(?x) and r(?x))",
        Proved,
    ),
    "barber": ("forall ?x. shaves(b, ?x) <-> not shaves(?x, ?x).", "p", Inconsistent),
    "premises at odds": ("p(a). not p(a).", "q(b)", Inconsistent),
    "witness": (SOCRATES, "exists ?x. mortal(?x)", Proved),
    "no witness": ("forall ?x. not p(?x).", "exists ?x. p(?x)", Disproved),
    "all, of few": ("p(a). p(b).", "forall ?x. p(?x)", Unknown),
    "all, of all": (
        "p(a). p(b). forall ?x. (?x = a or ?x = b).",
        "forall ?x. p(?x)",
        Proved,
    ),
    "nothing known": ("", "p(a)", Unknown),
    "names may coincide": ("p(a).", "a = b", Unknown),
    "congruence": ("a = b.", "f(g(a), a) = f(g(b), b)", Proved),
    "congruence of predicates": ("a = b. p(a).", "p(b)", Proved),
    "unequal arguments": ("f(a) != f(b).", "a = b", Disproved),
    "cycles": ("f(f(f(a))) = a. f(f(a)) = a.", "f(a) = a", Proved),
    "long cycle": ("f(f(f(a))) = a.", "f(a) = a", Unknown),
    "a name for everything": ("", "exists ?x. f(b) = ?x", Proved),
    "nothing is nothing": ("forall ?x. exists ?y. (f(?x) = ?y and ?y != f(?x)).", "p", Inconsistent),
    "group: right inverse": (
        "forall ?x. m(e, ?x) = ?x. forall ?x. m(i(?x), ?x) = e. "
        "forall ?x ?y ?z. m(?x, m(?y, ?z)) = m(m(?x, ?y), ?z).",
        "m(e, e) = e",
        Proved,
    ),
    "grandparents": (
        "forall ?x. exists ?y. parent(?y, ?x). "
        "forall ?x ?y ?z. parent(?x, ?y) and parent(?y, ?z) -> grandparent(?x, ?z).",
        "forall ?x. exists ?y. grandparent(?y, ?x)",
        Proved,
    ),
    "exclusive": ("p xor q. p.", "q", Disproved),
    "numerals differ": ("", "1 = 2", Disproved),
    "numerals have an order": ("", "3 < 5 and not 5 <= 3", Proved),
    "comparison in a rule": (
        "forall ?x ?y. age(?x, ?y) and 18 <= ?y -> adult(?x). age(bob, 20).",
        "adult(bob)",
        Proved,
    ),
    "comparison that fails": (
        "forall ?x ?y. age(?x, ?y) and 18 <= ?y -> adult(?x). age(bob, 10).",
        "adult(bob)",
        Unknown,
    ),
    "comparison by equality": ("forall ?x. 18 < age(?x) -> adult(?x). age(bob) = 20.", "adult(bob)", Proved),
    "a value between": ("3 < n. n < 4.", "p", Unknown),
    "one value cannot be two": ("age(bob) = 20.", "age(bob) = 21", Disproved),
    "strange names": ("'$p'('x)(\\n').", "exists ?x. '$p'(?x)", Proved),
    "empty universe": ("forall ?x. p(?x).", "exists ?x. p(?x)", Proved),
}


@pytest.mark.parametrize("name", CASES)
def test_case(solver: SmtSolver, name: str) -> None:
    theory, goal, expected = CASES[name]
    v = ask(solver, theory, goal)
    assert isinstance(v, expected), v
    assert v.certificate is not None, v


def test_hypotheses_are_minimal(solver: SmtSolver) -> None:
    v = ask(solver, SOCRATES + " x: man(plato). y: forall ?x. god(?x) -> not man(?x).", "mortal(socrates)")
    assert isinstance(v, Proved)
    assert v.theorem.hypotheses == {"m", "r"}
    v = ask(solver, "x: q(a). y: p(a) or p(b). n: not p(a). k: not p(b).", "q(b)")
    assert isinstance(v, Inconsistent)
    assert v.theorem.hypotheses == {"y", "n", "k"}


def test_a_goal_that_follows_from_a_contradiction_is_not_proved(solver: SmtSolver) -> None:
    for goal in ("q", "not q", "p(a)"):
        v = ask(solver, "p(a). not p(a). q.", goal)
        assert isinstance(v, Inconsistent)
        assert v.theorem.outcome is Outcome.INCONSISTENT


def test_unknown_has_a_model_of_each(solver: SmtSolver) -> None:
    v = ask(solver, "forall ?x. exists ?y. r(?x, ?y).", "exists ?x. r(?x, ?x)")
    assert isinstance(v, Unknown)
    assert v.certificate is not None
    evidence = v.certificate.evidence
    assert isinstance(evidence, Independence)
    assert evidence.fails.size == 2  # the least one
    assert not any(name.startswith("$") for name, *_ in evidence.holds.functions)
    swapped = Independence(evidence.fails, evidence.holds)
    with pytest.raises(CheckError):
        kernel.check(
            read_theory("forall ?x. exists ?y. r(?x, ?y)."),
            read_formula("exists ?x. r(?x, ?x)"),
            type(v.certificate)(Outcome.UNKNOWN, swapped),
        )


def test_what_is_compared_is_a_number(solver: SmtSolver) -> None:
    v = ask(solver, "forall ?x. 3 < ?x.", "p")
    assert isinstance(v, Inconsistent)  # 3 < 3 is false
    v = ask(solver, "forall ?x. (p(?x) or ?x < a). q(b).", "forall ?x. ?x < 1")
    assert isinstance(v, Disproved | Unknown)
    v = ask(solver, "a < b. b < a. a != b.", "p")
    assert isinstance(v, Inconsistent)
    v = ask(solver, "a <= b. b <= a.", "f(a) = f(b)")
    assert isinstance(v, Proved)


def test_infinite_models_only(solver: SmtSolver) -> None:
    successor = "forall ?x. s(?x) != zero. forall ?x ?y. s(?x) = s(?y) -> ?x = ?y."
    start = time.monotonic()
    v = ask(solver, successor, "p(a)", Limits(seconds=3, domain=4))
    assert time.monotonic() - start < 30
    assert isinstance(v, Unknown)
    assert v.certificate is None
    assert "no model with at most 4 elements" in v.reason
    # and yet what follows is proved
    assert isinstance(ask(solver, successor, "s(s(zero)) = s(zero)", LIMITS), Disproved)


def test_time_is_kept(solver: SmtSolver) -> None:
    hard = (
        "forall ?x ?y ?z. m(?x, m(?y, ?z)) = m(m(?x, ?y), ?z). forall ?x. exists ?y. m(?x, ?y) = e(?y). "
        "forall ?x. m(?x, ?x) != ?x."
    )
    start = time.monotonic()
    v = ask(solver, hard, "forall ?x ?y. m(?x, ?y) = m(?y, ?x)", Limits(seconds=1.0))
    assert time.monotonic() - start < 30
    assert v.certificate is not None or isinstance(v, Unknown)


def test_killed_child(solver: SmtSolver) -> None:
    theory, goal = read_theory(SOCRATES), read_formula("mortal(socrates)")
    assert isinstance(solver.solve(theory, goal, LIMITS), Proved)
    first = solver.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    v = solver.solve(theory, goal, LIMITS)
    if isinstance(v, Unknown):  # the question met the dying child
        assert "signal 9" in v.reason
        v = solver.solve(theory, goal, LIMITS)
    assert isinstance(v, Proved)  # the theory is sent again
    assert solver.pid != first


def test_child_without_memory_is_unknown() -> None:
    small = SmtSolver()
    theory, goal = read_theory("forall ?x ?y ?z. r(?x, ?y, ?z)."), read_formula("q")
    many = read_theory(
        " ".join(f"p(a{i})." for i in range(3000)) + " forall ?x ?y. (r(?x, ?y) or r(?y, ?x))."
    )
    v = small.solve(many, goal, Limits(seconds=10, memory_mb=160))
    assert isinstance(v, Unknown)
    assert v.certificate is None
    assert v.reason.startswith(("limit: memory", "failure: "))  # Z3 may abort
    assert small.solve(theory, goal, LIMITS).certificate is not None  # with more, in a new child
    small.close()


def test_forgotten_theories_are_sent_again(solver: SmtSolver) -> None:
    theories = [read_theory(f"p(a{i}).") for i in range(40)]
    for _ in range(2):
        for i, t in enumerate(theories):
            assert isinstance(solver.solve(t, read_formula(f"p(a{i})"), LIMITS), Proved)


def test_same_question_same_certificate(solver: SmtSolver) -> None:
    text = "forall ?x. (p(?x) or q(?x)). forall ?x. (q(?x) or r(?x)). not q(a). p(a) xor s(b)."
    questions = [read_formula(g) for g in ("p(b)", "s(b)", "q(b)", "r(a)", "exists ?x. q(?x)")]
    theory = read_theory(text)
    there = [solver.solve(theory, g, LIMITS) for g in questions]
    back = [solver.solve(theory, g, LIMITS) for g in reversed(questions)]
    other = SmtSolver()
    fresh = [other.solve(read_theory(text), g, LIMITS) for g in questions]
    other.close()
    assert there == list(reversed(back)) == fresh


@pytest.mark.parametrize(
    ("theory", "goal", "feature"),
    [
        (read_theory("p :- naf q."), Atom("p"), "negation as failure"),
        (Theory((), closed_world=True), Atom("p"), "closed world"),
        (Theory(()), Atom("p", (Var("x"),)), "free variables"),
        (Theory(()), Atom("p", (Const(f"{SKOLEM}:1"),)), SKOLEM),
    ],
)  # fmt: skip
def test_unsupported(solver: SmtSolver, theory: Theory, goal: Formula, feature: str) -> None:
    assert any(feature in u for u in solver.unsupported(theory, goal))
    v = solver.solve(theory, goal, LIMITS)
    assert isinstance(v, Unknown)
    assert v.reason.startswith("unsupported: ")
    assert feature in v.reason


def test_too_many_clauses(solver: SmtSolver) -> None:
    wide = Or(tuple(And((Atom(f"p{i}"), Atom(f"q{i}"))) for i in range(20)))
    v = solver.solve(Theory((Claim("w", wide, Axiom("t", 1, "")),)), Atom("r"), LIMITS)
    assert isinstance(v, Unknown)
    assert v.reason.startswith("limit: ")


# --- against truth tables -------------------------------------------------------------------

A, B, X, Y = Const("a"), Const("b"), Var("x"), Var("y")


def quantified(parts: tuple[bool, Var, Formula]) -> Formula:
    every, variable, body = parts
    return Forall((variable,), body) if every else Exists((variable,), body)


def formulas(scope: tuple[Var, ...], depth: int) -> st.SearchStrategy[Formula]:
    terms: st.SearchStrategy[Term] = st.sampled_from((A, B, *scope))
    leaves = st.one_of(
        st.builds(lambda p, t: Atom(p, (t,)), st.sampled_from("pq"), terms),
        st.builds(lambda s, t: Atom("r", (s, t)), terms, terms),
        st.builds(Equal, terms, terms),
    )
    if depth == 0:
        return leaves
    less = formulas(scope, depth - 1)
    pair = st.tuples(less, less)
    unused = [v for v in (X, Y) if v not in scope]
    options: list[st.SearchStrategy[Formula]] = [
        leaves,
        less.map(Not),
        pair.map(And),
        pair.map(Or),
        pair.map(lambda p: Implies(*p)),
        pair.map(lambda p: Iff(*p)),
        pair.map(lambda p: Xor(*p)),
    ]
    for v in unused[:1]:
        inner = formulas((*scope, v), depth - 1)
        options.append(st.tuples(st.booleans(), st.just(v), inner).map(quantified))
    return st.one_of(options)


def structures() -> Iterator[tuple[int, dict[str, int], dict[str, frozenset[tuple[int, ...]]]]]:
    for n in (1, 2):
        rows = {k: list(product(range(n), repeat=k)) for k in (1, 2)}
        for a, b in product(range(n), repeat=2):
            for p, q, r in product(*(range(2 ** len(rows[k])) for k in (1, 1, 2))):
                bits = (("p", 1, p), ("q", 1, q), ("r", 2, r))
                tables = {
                    name: frozenset(row for i, row in enumerate(rows[k]) if value >> i & 1)
                    for name, k, value in bits
                }
                yield n, {"a": a, "b": b}, tables


STRUCTURES = list(structures())


def holds(f: Formula, s: tuple[int, dict[str, int], dict[str, frozenset[tuple[int, ...]]]]) -> bool:
    size, constants, tables = s

    def leaf(g: Atom | Equal | Less, env: dict[Var, int]) -> bool:
        def value(t: Term) -> int:
            if isinstance(t, Var):
                return env[t]
            assert isinstance(t, Const)
            return constants[t.name]

        if isinstance(g, Atom):
            return tuple(map(value, g.args)) in tables[g.pred]
        return value(g.left) == value(g.right)

    return truth(f, {}, range(size), leaf, lambda: None)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(formulas((), 3), min_size=0, max_size=3), formulas((), 3))
def test_against_truth_tables(solver: SmtSolver, premises: list[Formula], goal: Formula) -> None:
    theory = Theory(tuple(Claim(f"c{i}", f, Axiom("t", i, "")) for i, f in enumerate(premises)))
    verdict = recheck(theory, goal, solver.solve(theory, goal, LIMITS))
    small = [s for s in STRUCTURES if all(holds(f, s) for f in premises)]
    values = {holds(goal, s) for s in small}
    match verdict:
        case Proved():
            assert False not in values
        case Disproved():
            assert True not in values
        case Inconsistent():
            assert not small
        case Unknown():
            assert verdict.certificate is not None, verdict  # models of so few formulas are small
    if values == {True, False}:
        assert isinstance(verdict, Unknown)
    if not small:
        assert not isinstance(verdict, Unknown) or verdict.certificate is not None


# --- grounding and model finding by themselves -----------------------------------------------


def no_oracle(clauses: object, core: bool) -> TooLarge:
    return TooLarge("no oracle here")


def horn(*clauses: tuple[int, list[tuple[bool, int, tuple[int, ...]]]], constants: int = 2) -> Problem:
    made = tuple(WireClause(i, v, tuple(literals)) for i, (v, literals) in enumerate(clauses))
    return Problem(made, constants, ())


def test_horn_clauses_need_no_oracle() -> None:
    chain = horn((0, [(True, 3, (0,))]), (1, [(False, 3, (-1,)), (True, 4, (-1,))]))
    ground = Ground(chain)
    found = ground.solve(no_oracle)
    assert isinstance(found, Structure)
    assert found.rows == ((3, (0,)), (4, (0,)))
    denied = Problem((*chain.clauses, WireClause(9, 0, ((False, 4, (0,)),))), 2, ())
    further = Ground(denied, ground)
    core = further.solve(no_oracle)
    assert isinstance(core, list)
    assert sorted(further.origin[i] for i in core) == [(0, ()), (1, (0,)), (2, ())]
    assert isinstance(ground.solve(no_oracle), Structure)  # the base is as it was


def test_identity_of_constants_proves_nothing() -> None:
    ground = Ground(horn((0, [(True, EQUAL, (0, 1))])))
    assert isinstance(ground.solve(no_oracle), list)
    assert not ground.exact


def test_shrink_drops_claims_before_clauses() -> None:
    clauses = [(1,), (-1, 2), (-2,), (3,), (-3, 2)]
    kept = models.shrink([0, 1, 2, 3, 3], lambda some: models.conflicting([clauses[i] for i in some]))
    assert kept == [0, 1, 2]
    assert models.conflicting([clauses[i] for i in kept])


def test_disequations_resolve() -> None:
    # v0 != f(v1) or v1 != c0 or p(v0, v2)
    clause = WireClause(0, 3, ((False, EQUAL, (-1, (7, -2))), (False, EQUAL, (0, -2)), (True, 3, (-1, -3))))
    shown, old = without_disequations(clause)
    assert shown == WireClause(0, 1, ((True, 3, ((7, 0), -1)),))
    assert old == ((7, 0), 0, -1)
    assert [substituted(t, {-1: 5}) for t in old] == [(7, 0), 0, 5]
    circular = WireClause(0, 1, ((False, EQUAL, (-1, (7, -1))),))
    assert without_disequations(circular) == (circular, (-1,))


def test_grid_extends_without_touching_its_base() -> None:
    base = Grid(horn((0, [(True, 3, (0,))]), constants=1), (), 2, False)
    before = list(base.clauses)
    larger = base.extended(horn((0, [(True, 3, (0,))]), (0, [(False, 3, (1,))]), constants=2))
    assert base.clauses == before
    assert len(larger.clauses) > len(before)


def test_constants_of_the_language_are_decided(solver: SmtSolver) -> None:
    empty = Theory(())
    assert isinstance(solver.solve(empty, TRUE, LIMITS), Proved)
    assert isinstance(solver.solve(empty, FALSE, LIMITS), Disproved)
    one = Num(Fraction(1, 3))
    v = solver.solve(empty, Equal(one, Num(Fraction(2, 6))), LIMITS)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Refutation)
    assert not free_vars(TRUE)

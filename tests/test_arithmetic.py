"""Arithmetic below the engine: ground proofs against Z3 itself, and verdicts with certificates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ordering_puzzles import puzzle
from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE,
    INTEGER,
    TRUE,
    And,
    Atom,
    Clause,
    Const,
    Equal,
    Exists,
    Fn,
    Formula,
    Less,
    Literal,
    Not,
    Num,
    Or,
    Term,
    Var,
    substitute,
    truth,
)
from neurosym.logic.counting import all_different, at_least, at_most, counted, exactly
from neurosym.proof import Certificate, Farkas, Independence, Instance, Outcome, Refutation
from neurosym.solvers.arithmetic_simplex import Simplex
from neurosym.solvers.ground_proof import GroundModel, GroundProof, prove
from neurosym.solvers.smt import SmtSolver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

LIMITS = Limits(seconds=30.0)
A, B, C = Const("a"), Const("b"), Const("c")


def num(value: int | str | Fraction) -> Num:
    return Num(Fraction(value))


def plus(a: Term, b: Term) -> Term:
    return Fn("+", (a, b))


def times(k: int | Fraction, t: Term) -> Term:
    return Fn("*", (num(k), t))


def f(t: Term) -> Term:
    return Fn("f", (t,))


def integer(t: Term) -> Atom:
    return Atom(INTEGER, (t,))


def checked(ground: list[Clause], found: GroundProof) -> kernel.Theorem:
    """The kernel's word on a ground proof: the clauses contradict each other."""
    told = tuple(
        Claim(f"c{i}", c[0] if len(c) == 1 else Or(c), Axiom("t", i, "")) for i, c in enumerate(ground)
    )
    instances = tuple(Instance(f"c{i}", 0, ()) for i in found.used)
    evidence = Refutation(instances, found.lemmas, found.proof)
    return kernel.check(Theory(told), FALSE, Certificate(Outcome.INCONSISTENT, evidence))


# --- ground clauses ------------------------------------------------------------------------

UNSATISFIABLE: dict[str, list[Clause]] = {
    "a cycle": [(Less(A, B),), (Less(B, C, False),), (Less(C, A, False),)],
    "squeezed things are one": [(Less(A, B, False),), (Less(B, A, False),), (Not(Equal(f(A), f(B))),)],
    "even is not odd": [
        (integer(A),), (integer(B),), (Equal(times(2, A), plus(times(2, B), num(1))),),
    ],
    "parity over two equations": [
        *((integer(Const(x)),) for x in "xzw"),
        (Equal(plus(Const("x"), Const("y")), times(2, Const("z"))),),
        (Equal(Const("x"), plus(plus(Const("y"), times(2, Const("w"))), num(1))),),
    ],
    "no whole number between": [(integer(A),), (Less(num(3), A),), (Less(A, num(4)),)],
    "a whole number that is none": [(Not(integer(A)),), (Less(num(3), A, False),), (Less(A, num(3), False),)],
    "one name, two numbers": [(Equal(A, num(1)), Equal(A, num(2))), (Less(num(2), A),)],
    "functions of one thing": [
        (Equal(f(A), num(1)),), (Equal(f(B), num(2)),), (Less(A, B, False),), (Less(B, A, False),),
    ],
    "what is true of a is true of b": [
        (Atom("p", (A,)),), (Not(Atom("p", (B,))),), (Equal(plus(A, num(1)), plus(num(1), B)),),
    ],
    "thirds": [(Less(times(Fraction(1, 3), A), num(1)),), (Less(num(3), A, False),)],
    "constants settle": [(Less(plus(num(1), num(1)), num(2)), Equal(num(1), num(2)))],
    "equal sums": [(Not(Equal(plus(A, num(1)), plus(num(1), A))),)],
    "equality passes through": [(Equal(A, B),), (Equal(B, C),), (Less(A, num(1)),), (Less(num(1), C),)],
    "whole by another name": [(integer(A),), (Equal(A, B),), (Equal(B, num("1/2")),)],
}  # fmt: skip


@pytest.mark.parametrize("name", UNSATISFIABLE)
def test_ground_refutations(name: str) -> None:
    ground = UNSATISFIABLE[name]
    found = prove(ground)
    assert isinstance(found, GroundProof)
    assert checked(ground, found).outcome is Outcome.INCONSISTENT
    assert prove(ground) == found  # the same again
    for i in range(len(ground)):  # each is needed, and a smaller set is not refuted by the same proof
        assert not isinstance(prove([c for k, c in enumerate(ground) if k != i]), GroundProof)


def test_a_changed_coefficient_is_refused() -> None:
    ground: list[Clause] = [(Less(times(2, A), B),), (Less(B, times(2, A)),)]
    found = prove(ground)
    assert isinstance(found, GroundProof)
    (lemma,) = found.lemmas
    assert isinstance(lemma, Farkas)
    (first, k), *rest = lemma.parts
    forged = GroundProof(found.used, (Farkas(((first, k + 1), *rest)),), found.proof)
    with pytest.raises(CheckError):
        checked(ground, forged)


def test_limits_are_values() -> None:
    pigeons: list[Clause] = [tuple(Atom("in", (num(i), num(k))) for k in range(7)) for i in range(8)]
    pigeons += [
        (Not(Atom("in", (num(i), num(k)))), Not(Atom("in", (num(j), num(k)))))
        for k in range(7)
        for i in range(8)
        for j in range(i)
    ]
    assert prove(pigeons, steps=500) is None
    assert prove([(Equal(Fn("*", (A, B)), num(1)),)]) is None  # not linear
    assert prove([(integer(A),), (integer(B),), (integer(C),), (Less(A, B),), (Less(B, C),)]) is not None


def terms() -> st.SearchStrategy[Term]:
    basic: st.SearchStrategy[Term] = st.sampled_from([A, B, C, num(0), num(1), num("1/2")])
    return st.one_of(basic, basic.map(f))


def sums() -> st.SearchStrategy[Term]:
    scaled = st.builds(times, st.sampled_from([2, -1, Fraction(1, 2), 3]), terms())
    return st.one_of(terms(), scaled, st.builds(plus, terms(), scaled))


ATOMS = st.one_of(
    st.builds(Less, sums(), sums(), st.booleans()),
    st.builds(Equal, sums(), sums()),
    st.builds(Equal, terms(), terms()),
    st.builds(lambda t: Atom("p", (t,)), terms()),
    st.builds(integer, st.sampled_from([A, B, C, f(A)])),
)
LITERALS: st.SearchStrategy[Literal] = st.one_of(ATOMS, ATOMS.map(Not))
CLAUSES: st.SearchStrategy[Clause] = st.lists(LITERALS, min_size=1, max_size=3).map(
    lambda c: tuple(dict.fromkeys(c))
)


class Reference:
    """The same in Z3: every thing is a real number, as different things are different numbers."""

    def __init__(self) -> None:
        self.f = z3.Function("f", z3.RealSort(), z3.RealSort())
        self.p = z3.Function("p", z3.RealSort(), z3.BoolSort())

    def term(self, t: Term) -> z3.ArithRef:
        match t:
            case Num(value):
                return z3.RealVal(str(value))
            case Const(name):
                return z3.Real(name)
            case Fn("+", (a, b)):
                return self.term(a) + self.term(b)
            case Fn("*", (a, b)):
                return self.term(a) * self.term(b)
            case Fn("f", (a,)):
                return self.f(self.term(a))
        raise AssertionError(t)

    def literal(self, g: Formula) -> z3.BoolRef:
        match g:
            case Not(body):
                return z3.Not(self.literal(body))
            case Less(a, b, strict):
                left, right = self.term(a), self.term(b)
                return left < right if strict else left <= right
            case Equal(a, b):
                return self.term(a) == self.term(b)
            case Atom("integer", (a,)):
                return z3.IsInt(self.term(a))
            case Atom(_, (a,)):
                return self.p(self.term(a))
        raise AssertionError(g)

    def satisfiable(self, ground: list[Clause]) -> bool | None:
        solver = z3.Solver()
        solver.set("timeout", 2000)
        solver.add([z3.Or([self.literal(x) for x in c]) for c in ground])
        answer = solver.check()
        return None if answer == z3.unknown else bool(answer == z3.sat)


@settings(max_examples=150)
@given(st.lists(CLAUSES, min_size=2, max_size=9))
def test_ground_clauses_against_z3(ground: list[Clause]) -> None:
    expected = Reference().satisfiable(ground)
    found = prove(ground)
    if isinstance(found, GroundProof):
        assert expected is not True
        assert checked(ground, found).outcome is Outcome.INCONSISTENT
    elif isinstance(found, GroundModel):
        assert expected is not False
        true = set(found.literals)
        assert all(any(x in true for x in c) for c in ground)
    else:
        assert expected is not False, "every refutation is found"


ROWS = st.lists(st.integers(-3, 3), min_size=4, max_size=4)


@settings(max_examples=80)
@given(st.lists(st.tuples(ROWS, st.sampled_from(["<", "<=", "="])), min_size=2, max_size=7), st.booleans())
def test_linear_systems_against_z3(rows: list[tuple[list[int], str]], whole: bool) -> None:
    """Whole coefficients over three unknowns, which may be bounded integers."""
    ground: list[Clause] = []
    for (a, b, c, k), op in rows:
        left = plus(plus(times(a, A), times(b, B)), times(c, C))
        ground.append((Equal(left, num(k)) if op == "=" else Less(left, num(k), op == "<"),))
    if whole:
        for t in (A, B, C):
            ground += [(integer(t),), (Less(num(-5), t, False),), (Less(t, num(5), False),)]
    found = prove(ground)
    assert found is not None
    assert isinstance(found, GroundModel) is Reference().satisfiable(ground)
    if isinstance(found, GroundProof):
        assert checked(ground, found).outcome is Outcome.INCONSISTENT


def test_the_simplex_keeps_bounds_when_they_are_taken_back() -> None:
    s = Simplex(lambda: None)
    x, y = s.variable(), s.variable()
    total = s.form({x: Fraction(1), y: Fraction(1)})
    zero = Fraction(0)
    assert s.bound(total, True, (Fraction(1), zero), 1) is None
    mark = s.mark()
    assert s.bound(x, False, (Fraction(1), zero), 2) is None
    assert s.bound(y, False, (zero, Fraction(1)), 3) is None  # more than zero
    conflict = s.check()
    assert conflict is not None
    assert {v for v, _, _ in conflict} == {x, y, total}
    s.undo(mark)
    assert s.check() is None


# --- verdicts ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def solver() -> Iterator[SmtSolver]:
    made = SmtSolver()
    yield made
    made.close()


def ask(solver: SmtSolver, theory: str, goal: str) -> Verdict:
    """The verdict, which must have a certificate that the kernel accepts."""
    held, question = read_theory(theory, "t"), read_formula(goal)
    v = solver.solve(held, question, LIMITS)
    assert v.certificate is not None, v
    assert kernel.check(held, question, v.certificate) == v.theorem
    return v


OLDER = "forall ?x ?y. older(?x, ?y) <-> age(?x) > age(?y)."
CASES = {
    "thresholds": ("age(tom) = 16.", "age(tom) + 2 >= 18", Proved),
    "missed": ("age(tom) = 15.", "age(tom) + 2 >= 18", Disproved),
    "open": ("age(tom) > 10.", "age(tom) + 2 >= 18", Unknown),
    "older is transitive": (f"{OLDER} older(ann, bob). older(bob, cy).", "older(ann, cy)", Proved),
    "and has a direction": (f"{OLDER} older(ann, bob). older(bob, cy).", "older(cy, ann)", Disproved),
    "and is not total": (f"{OLDER} older(ann, bob). older(ann, cy).", "older(cy, bob)", Unknown),
    "whole numbers": ("forall ?x. integer(n(?x)).", "2 * n(a) = 2 * n(b) + 1", Disproved),
    "the only one between": ("integer(x). 3 < x. x < 5.", "x = 4", Proved),
    "eligible": (
        "forall ?x:person. age(?x) >= 18 -> adult(?x). person(eve). age(eve) = 20.", "adult(eve)", Proved,
    ),
    "prices": ("price(a) = 1.5. price(b) = 9/4. total = price(a) + 2 * price(b).", "total = 6", Proved),
    "rational coefficients": ("2/3 * x + 1/2 * y <= 1. x >= 1. y >= 1.", "p", Inconsistent),
    "functions of squeezed things": ("f(a) = b. a <= c. c <= a.", "f(c) = b", Proved),
    "two equations": ("x + y = 10. x - y = 2.", "x = 6 and y = 4", Proved),
    "one equation": ("x + y = 10.", "x = 6", Unknown),
    "a witness": ("exists ?x. ?x > 5 and p(?x).", "exists ?x. p(?x) and ?x > 3", Proved),
    "a weaker witness": ("exists ?x. ?x > 5 and p(?x).", "exists ?x. p(?x) and ?x > 6", Unknown),
    "values need not be things": ("", "exists ?x. 3 < ?x", Unknown),
    "all three": ("at_least 3 ?x. p(?x). forall ?x. p(?x) -> ?x = a or ?x = b or ?x = c.", "p(a)", Proved),
    "two and no third": ("exactly 2 ?x. p(?x). p(a). p(b). all_different(a, b, c).", "p(c)", Disproved),
    "always": ("x > 0.", "2 * x > x", Proved),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(solver: SmtSolver, name: str) -> None:
    theory, goal, expected = CASES[name]
    v = ask(solver, theory, goal)
    assert isinstance(v, expected), v


def test_models_give_values(solver: SmtSolver) -> None:
    v = ask(solver, "height(a) > 3/2. height(b) < height(a). mark(2).", "height(b) > 2")
    assert isinstance(v, Unknown)
    assert v.certificate is not None
    evidence = v.certificate.evidence
    assert isinstance(evidence, Independence)
    for model in (evidence.holds, evidence.fails):
        values = dict(model.numbers)
        assert Fraction(2) in values
        assert len(values) == model.size  # every element is a number of its own


def test_hypotheses_are_those_that_matter(solver: SmtSolver) -> None:
    v = ask(solver, "x: a < b. y: b < c. z: c < d. n: e > 3. m: p(a).", "a < c")
    assert isinstance(v, Proved)
    assert v.theorem.hypotheses == {"x", "y"}


@pytest.mark.parametrize(("encoding", "seed"), [("positions", 1), ("positions", 2), ("order", 1)])
def test_puzzles_of_three(solver: SmtSolver, encoding: str, seed: int) -> None:
    made = puzzle(3, seed, encoding)
    truths = 0
    for goal, true in made.options:
        v = solver.solve(made.theory, goal, LIMITS)
        assert isinstance(v, Proved if true else Disproved), (goal, v)
        assert kernel.check(made.theory, goal, v.certificate) == v.theorem
        truths += true
    assert truths == 3


# --- counting ------------------------------------------------------------------------------

X = Var("x")
P = Atom("p", (X,))


def holds(g: Formula, size: int, rows: frozenset[int]) -> bool:
    """Truth where `p` holds of `rows`, and the constants a, b, c are 0, 1, 2."""

    def leaf(h: Atom | Equal | Less, env: dict[Var, int]) -> bool:
        def at(t: Term) -> int:
            return env[t] if isinstance(t, Var) else "abc".index(getattr(t, "name", ""))

        return at(h.args[0]) in rows if isinstance(h, Atom) else at(h.left) == at(h.right)

    return truth(g, {}, range(size), leaf, lambda: None)


@pytest.mark.parametrize("n", range(4))
def test_counts_mean_what_they_say(n: int) -> None:
    for size in (1, 2, 3):
        for bits in product((0, 1), repeat=size):
            rows = frozenset(e for e in range(size) if bits[e])
            assert holds(at_least(n, X, P), size, rows) is (len(rows) >= n)
            assert holds(at_most(n, X, P), size, rows) is (len(rows) <= n)
            assert holds(exactly(n, X, P), size, rows) is (len(rows) == n)


def test_counts_are_recognised() -> None:
    body = And((P, Exists((Var("x1"),), Atom("r", (X, Var("x1"))))))
    for n in (2, 3, 5):
        for kind, make in (("at_least", at_least), ("at_most", at_most), ("exactly", exactly)):
            for inner in (P, body):
                found = counted(make(n, X, inner))
                assert found is not None
                assert found[:2] == (kind, n)
                _, _, var, again = found
                assert again == substitute(inner, {X: var})
    one = counted(exactly(1, X, P))
    assert one is not None
    assert one[:2] == ("exactly", 1)
    for other in (P, TRUE, Exists((X,), P), Not(P), exactly(0, X, P), And((P, P))):
        assert counted(other) is None
    with pytest.raises(ValueError, match="more than"):
        at_least(100, X, P)


def test_all_different() -> None:
    assert all_different([A]) == TRUE
    assert all_different([A, B]) == Not(Equal(A, B))
    made = all_different([A, B, C])
    assert holds(made, 3, frozenset())
    for pair in ([A, B, A], [A, C, C], [B, B, C]):
        assert not holds(all_different(pair), 3, frozenset())

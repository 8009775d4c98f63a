"""What makes certificates cheap changes no answer: joins, compiled claims, standing and kept models."""

from __future__ import annotations

import random
from itertools import product

import pytest

from benchmarks.certificate_cost import compare, rows
from neurosym.errors import CheckError
from neurosym.kernel import Checker, check
from neurosym.logic import (
    FALSE,
    And,
    Atom,
    Budget,
    Const,
    Domain,
    Forall,
    Formula,
    Implies,
    Naf,
    Not,
    Or,
    Rule,
    Structure,
    Var,
    free_vars,
    substitute,
    substitute_body,
    truth,
)
from neurosym.logic.closure import closed_under
from neurosym.logic.joins import Relations
from neurosym.logic.memory import Kept
from neurosym.logic.structures import Claims, Guarded, prepared
from neurosym.proof import Certificate, FiniteModel, Independence, Outcome
from neurosym.solvers import make_solver
from neurosym.solvers.prolog import PrologSolver
from neurosym.solvers.standing import Standing
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Disproved, Limits, Proved, Unknown

LIMITS = Limits(seconds=60.0)
X, Y, Z = Var("x"), Var("y"), Var("z")
NAMES = [Const("a"), Const("b"), Const("c")]
PREDICATES = [("p", 1), ("q", 1), ("r", 2), ("s", 0)]


def atom(rng: random.Random, terms: list[Const | Var]) -> Atom:
    name, arity = rng.choice(PREDICATES)
    return Atom(name, tuple(rng.choice(terms) for _ in range(arity)))


def literal(rng: random.Random, terms: list[Const | Var]) -> Atom | Not:
    a = atom(rng, terms)
    return Not(a) if rng.random() < 0.4 else a


# --- joins and compiled claims, against definitions -------------------------------------------


def test_joins_find_what_trying_all_finds() -> None:
    rng = random.Random(5)
    for _ in range(200):
        rows_of = {
            name: {tuple(rng.randrange(3) for _ in range(arity)) for _ in range(rng.randrange(6))}
            for name, arity in PREDICATES
        }
        patterns = []
        for _ in range(rng.randint(1, 3)):
            name, arity = rng.choice(PREDICATES)
            patterns.append((name, tuple(rng.choice((0, 1, 2, ~0, ~2)) for _ in range(arity))))
        used = sorted({a for _, args in patterns for a in args if a >= 0})
        slot = {a: i for i, a in enumerate(used)}
        patterns = [(name, tuple(slot.get(a, a) for a in args)) for name, args in patterns]
        found = sorted(
            map(tuple, map(list, Relations(rows_of).join(patterns, len(used), Budget(10_000))))
        )  # each is copied: the list is changed in place
        wanted = [
            env
            for env in product(range(3), repeat=len(used))
            if all(tuple(env[a] if a >= 0 else ~a for a in args) in rows_of[name] for name, args in patterns)
        ]
        assert found == wanted


def structure(rng: random.Random) -> Structure:
    predicates = tuple(
        (name, arity, tuple({tuple(rng.randrange(3) for _ in range(arity)) for _ in range(rng.randrange(7))}))
        for name, arity in PREDICATES
    )
    constants = tuple((c.name, rng.randrange(3)) for c in NAMES)
    return Structure(3, constants, (), predicates, (), Budget(1_000_000))


def claim(rng: random.Random) -> Formula:
    terms: list[Const | Var] = [X, Y, Z, NAMES[0]]
    body = tuple(literal(rng, terms) for _ in range(rng.randint(1, 3)))
    head: Formula = literal(rng, terms)
    if rng.random() < 0.3:
        head = Or((head, literal(rng, terms)))
    matrix = Implies(body[0] if len(body) == 1 else And(body), head) if rng.random() < 0.9 else head
    vs = free_vars(matrix)
    return Forall(vs, matrix) if vs else matrix


def test_compiled_claims_are_true_where_their_formulas_are() -> None:
    rng = random.Random(6)
    compiled, outcomes = 0, set()
    for _ in range(1500):
        s, f = structure(rng), claim(rng)

        def leaf(a: Formula, env: dict[Var, int], s: Structure = s) -> bool:
            return s.holds(a, env)

        wanted = truth(f, {}, range(3), leaf, Budget(1_000_000))
        assert (Claims({"c": f}).false_in(s) is None) is wanted, f
        compiled += isinstance(prepared(f), Guarded)
        outcomes.add(wanted)
    assert compiled > 300
    assert outcomes == {True, False}


def test_closure_is_what_trying_all_instances_says() -> None:
    rng = random.Random(7)
    outcomes = {True: 0, False: 0}
    everything = [Atom(name, args) for name, arity in PREDICATES for args in product(NAMES, repeat=arity)]
    domain = Domain(everything, FALSE)
    for _ in range(800):
        have = {a if rng.random() < 0.8 else Not(a) for a in everything if rng.random() < 0.6}
        present = {a for a in everything if rng.random() < 0.5}
        body = tuple(
            Naf(atom(rng, [X, Y])) if rng.random() < 0.3 else literal(rng, [X, Y, NAMES[1]])
            for _ in range(rng.randint(1, 3))
        )
        rule = Rule(literal(rng, [X, Y]), body)
        vs = free_vars(rule)
        wanted = True
        for terms in product(NAMES, repeat=len(vs)):
            t = dict(zip(vs, terms, strict=True))
            instance = [substitute_body(b, t) for b in body]
            if all(b.body not in present if isinstance(b, Naf) else b in have for b in instance):
                wanted = wanted and substitute(rule.head, t) in have
        assert closed_under([rule], have, present, domain, True, Budget(100_000)) is wanted, rule
        outcomes[wanted] += 1
    assert min(outcomes.values()) > 100


def test_what_is_kept_belongs_to_its_object() -> None:
    kept = Kept[str](2)
    a, b, c = [1], [2], [3]
    assert kept.of(a, None, lambda: "a") == "a"
    assert kept.of(a, None, lambda: "other") == "a"
    assert kept.of(a, 1, lambda: "a1") == "a1"
    kept.of(b, None, lambda: "b")
    kept.of(c, None, lambda: "c")
    assert kept.of(a, None, lambda: "again") == "again"  # the last two stay
    assert kept.of(c, None, lambda: "other") == "c"


# --- kept structures in the kernel ---------------------------------------------------------------


def test_a_kept_structure_does_not_serve_another_goal_or_theory() -> None:
    theory = read_theory("p(a).\nforall x. p(x) -> q(x).\n")
    model = FiniteModel(2, (("a", 0), ("b", 1)), (), (("p", 1, ((0,),)), ("q", 1, ((0,),))))
    wide = FiniteModel(2, (("a", 0), ("b", 1)), (), (("p", 1, ((0,), (1,))), ("q", 1, ((0,), (1,)))))
    certificate = Certificate(Outcome.UNKNOWN, Independence(wide, model))
    checker = Checker(theory)
    for _ in range(3):
        assert checker.check(read_formula("q(b)"), certificate).outcome is Outcome.UNKNOWN
        with pytest.raises(CheckError):
            checker.check(read_formula("q(a)"), certificate)
        with pytest.raises(CheckError):
            checker.check(read_formula("q(b)"), Certificate(Outcome.UNKNOWN, Independence(model, wide)))
        with pytest.raises(CheckError):  # the numeral is laid down in neither
            checker.check(read_formula("q(7)"), certificate)
    with pytest.raises(CheckError):
        check(read_theory("p(a).\np(b).\n"), read_formula("q(b)"), certificate)


# --- standing models --------------------------------------------------------------------------------


def many(extra: str) -> Theory:
    facts = "".join(f"part(k{i}, k{i // 3}).\n" for i in range(1, 560))
    return read_theory(
        f"{facts}toxic(k400).\n{extra}forall x y. part(x, y) and toxic(x) -> risky(y).\n"
        "forall x. risky(x) -> not approved(x).\n"
    )


def test_questions_about_many_claims_share_their_models() -> None:
    theory = many("")
    solver = make_solver("auto")
    goals = ["toxic(k5)", "risky(k5)", "approved(k9)", "not part(k5, k9)", "part(k5, k9)", "unheard(k5)"]
    try:
        verdicts = [solver.solve(theory, read_formula(g), LIMITS) for g in goals]
        proved = solver.solve(theory, read_formula("risky(k133)"), LIMITS)
        refuted = solver.solve(theory, read_formula("approved(k133)"), LIMITS)
    finally:
        solver.close()
    models = set()
    for g, v in zip(goals, verdicts, strict=True):
        assert isinstance(v, Unknown), g
        assert v.certificate is not None, g
        assert check(theory, read_formula(g), v.certificate).outcome is Outcome.UNKNOWN
        evidence = v.certificate.evidence
        assert isinstance(evidence, Independence)
        models |= {id(evidence.holds), id(evidence.fails)}
    assert len(models) <= 4
    assert isinstance(proved, Proved)
    assert isinstance(refuted, Disproved)


def test_standing_models_do_not_hide_a_conflict() -> None:
    theory = many("approved(k133).\n")
    solver = make_solver("auto")
    try:
        verdict = solver.solve(theory, read_formula("toxic(k5)"), LIMITS)
    finally:
        solver.close()
    assert type(verdict).__name__ == "Inconsistent"


def test_standing_models_depend_on_the_theory_alone() -> None:
    theory = many("")
    least = FiniteModel(1, (), (), (("part", 2, ((0, 0),)), ("toxic", 1, ((0,),)), ("risky", 1, ((0,),))))
    checker = Checker(theory)

    def holds_in(m: FiniteModel, goal: Formula) -> bool | None:
        s = checker.structure(m)
        return s.holds(goal)

    goal, other = read_formula("risky(k5)"), read_formula("unheard(k5)")
    first, second = Standing(theory, least), Standing(theory, least)
    assert second.settle(other, lambda m: holds_in(m, other)) is not None
    assert (
        first.settle(goal, lambda m: holds_in(m, goal)) is None
    )  # true in all that stand: the search goes on
    found = [s.settle(other, lambda m: holds_in(m, other)) for s in (first, second)]
    assert found[0] == found[1]
    assert found[0] is not None


# --- closed worlds -----------------------------------------------------------------------------------


def test_a_goal_about_a_stranger_leaves_no_trace_in_the_domain() -> None:
    theory = read_theory("closed world.\nbird(tweety).\nodd(?x) :- naf bird(?x).\n")
    solver = PrologSolver()
    try:
        for _ in range(2):
            for text in ("odd(stranger)", "forall x. bird(x)", "not odd(tweety)", "exists x. odd(x)"):
                verdict = solver.solve(theory, read_formula(text), LIMITS)
                assert isinstance(verdict, Disproved if text.startswith("exists") else Proved), text
        assert solver.derivable(theory, read_formula("bird(tweety)"), LIMITS) is True
        assert solver.derivable(theory, read_formula("odd(tweety)"), LIMITS) is False
    finally:
        solver.close()


# --- the benchmark ---------------------------------------------------------------------------------------


def test_the_benchmark_compares_the_same_answers() -> None:
    for name, problems in rows(theories=2, facts=700, questions=12, seed=3).items():
        row = compare(problems)
        assert (row["uncertified"], row["differ"]) == (0, 0), (name, row)
        assert row["questions"] in (20, 12)


def test_claims_are_looked_at_in_order() -> None:
    theory = Theory(tuple(Claim(n, Atom(n, ()), Axiom("", 0, "")) for n in "abc"))
    s = Structure(1, (), (), (("a", 0, ((),)),), (), Budget(100))
    assert Claims({c.label: c.formula for c in theory.claims}).false_in(s) == "b"

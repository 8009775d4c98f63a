"""Conflicts, maximal consistent subsets and repairs, against brute force over all subsets."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, product
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from neurosym import kernel
from neurosym.errors import InputError
from neurosym.explain.conflict_text import conflicts_text, relative_text, repair_text
from neurosym.logic import TRUE, And, Atom, Formula, Iff, Implies, Naf, Not, Or, Rule
from neurosym.proof import Certificate, Outcome, Refutation
from neurosym.repairs import Conflicts, Repair, Stance, Subset
from neurosym.solvers import make_solver
from neurosym.solvers.conflicts import consistent_subsets, minimal_conflicts, relative, repair
from neurosym.solvers.conflicts_soft import soft_claims
from neurosym.solvers.fake import FakeSolver
from neurosym.solvers.optimum import Optimum
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Semantics, Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

LIMITS = Limits(seconds=120.0)


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = make_solver()
    yield found
    found.close()


@pytest.fixture(scope="module")
def optimum() -> Iterator[Optimum]:
    found = Optimum()
    yield found
    found.close()


def theory(text: str, scores: dict[str, float] | None = None, closed: bool = False) -> Theory:
    claims = read_theory(text, "test").claims
    return Theory(tuple(replace(c, score=(scores or {}).get(c.label, 1.0)) for c in claims), closed)


def formula(text: str) -> Formula:
    return read_formula(text, "test")


def part(t: Theory, labels: tuple[str, ...] | frozenset[str]) -> Theory:
    return replace(t, claims=tuple(c for c in t.claims if c.label in labels))


def labels_of(found: Conflicts) -> list[tuple[str, ...]]:
    return sorted(c.labels for c in found.conflicts)


TOM = """a: p(tom).
b: forall ?x. p(?x) -> q(?x).
c: not q(tom).
d: q(tom) -> r(tom).
e: not r(tom).
f: s(tom)."""
TOM_SCORES = {"a": 0.9, "b": 0.95, "c": 0.6, "d": 0.8, "e": 0.7, "f": 0.3}


# --- conflicts ---------------------------------------------------------------------------


def test_overlapping_conflicts_are_all_found_and_certified(solver: Solver, optimum: Optimum) -> None:
    t = theory(TOM)
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    assert labels_of(found) == [("a", "b", "c"), ("a", "b", "d", "e")]
    assert found.complete
    assert not found.reason
    for c in found.conflicts:
        assert c.minimal
        assert c.whole
        assert kernel.check(t, TRUE, c.verdict.certificate) == c.verdict.theorem
        assert c.verdict.theorem.hypotheses == frozenset(c.labels)
        assert kernel.check(part(t, c.labels), TRUE, c.verdict.certificate).outcome is Outcome.INCONSISTENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: p or q.\nb: not p.\nc: not q.", [("a", "b", "c")]),
        ("a: false.\nb: p.", [("a",)]),
        (
            "a: c1 = c2.\nb: p(c1).\nc: not p(c2).\nd: c2 = c3.\ne: not p(c3).",
            [("a", "b", "c"), ("a", "b", "d", "e")],
        ),
        (
            "a: forall ?x. (man(?x) -> exists ?y. (parent(?x, ?y) and man(?y))).\nb: man(adam).\n"
            "c: forall ?x, ?y. (parent(?x, ?y) -> not man(?y)).\nd: not man(adam).",
            [("a", "b", "c"), ("b", "d")],
        ),
        ("a: 2 < 1.\nb: p.", [("a",)]),
    ],
)  # fmt: skip
def test_first_order_conflicts(
    solver: Solver, optimum: Optimum, text: str, expected: list[tuple[str, ...]]
) -> None:
    found = minimal_conflicts(solver, theory(text), LIMITS, optimum=optimum)
    assert labels_of(found) == expected
    assert found.complete


def test_a_consistent_theory_has_no_conflict_and_a_model(solver: Solver) -> None:
    t = theory("a: p(tom).\nb: forall ?x. p(?x) -> q(?x).")
    assert minimal_conflicts(solver, t, LIMITS) == Conflicts((), True)
    (only,) = consistent_subsets(solver, t, LIMITS).subsets
    assert (only.dropped, only.kept, only.cost) == ((), t, 0.0)
    assert only.model is not None
    best = repair(solver, t, LIMITS)
    assert (best.dropped, best.kept, best.optimal) == ((), t, True)


def test_limits_are_told(solver: Solver, optimum: Optimum) -> None:
    t = theory("\n".join(f"a{i}: p{i}.\nb{i}: not p{i}." for i in range(4)))
    few = minimal_conflicts(solver, t, LIMITS, most=2, optimum=optimum)
    assert len(few.conflicts) == 2
    assert not few.complete
    assert few.reason == "limit: 2 conflicts"
    some = consistent_subsets(solver, t, LIMITS, most=5, optimum=optimum)
    assert len(some.subsets) == 5
    assert some.reason == "limit: 5 subsets"
    every = consistent_subsets(solver, t, LIMITS, most=16, optimum=optimum)
    assert len(every.subsets) == 16
    assert every.complete
    late = repair(solver, t, Limits(seconds=0.0), optimum=optimum)
    assert late.kept is None
    assert late.reason.startswith("limit")
    assert not late.optimal


def test_many_claims_and_few_conflicts(solver: Solver, optimum: Optimum) -> None:
    lines = ["r0: forall ?x. cat(?x) -> animal(?x).", "r1: forall ?x. animal(?x) -> not plant(?x)."]
    lines += [f"c{i}: cat(n{i})." for i in range(36)] + ["x0: plant(n0).", "x7: plant(n7)."]
    scores = {"c0": 0.7, "x0": 0.6, "c7": 0.8, "x7": 0.9}
    t = theory("\n".join(lines), scores)
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    assert labels_of(found) == [("r0", "r1", "c0", "x0"), ("r0", "r1", "c7", "x7")]
    best = repair(solver, t, LIMITS, optimum=optimum)
    assert best.dropped == ("c7", "x0")
    assert isclose(best.cost, log(0.8 / 0.2) + log(0.6 / 0.4))


# --- repairs -----------------------------------------------------------------------------


def test_low_scores_give_way(solver: Solver, optimum: Optimum) -> None:
    t = theory(TOM, TOM_SCORES)
    best = repair(solver, t, LIMITS, optimum=optimum)
    assert best.dropped == ("c", "e")
    assert best.optimal
    assert not best.certain
    assert isclose(best.cost, log(0.6 / 0.4) + log(0.7 / 0.3))
    assert best.kept == part(t, ("a", "b", "d", "f"))  # f is improbable, but in no conflict
    assert isinstance(best.verdict, Unknown)
    assert best.verdict.theorem is not None
    assert best.verdict.certificate is not None
    goal = best.verdict.theorem.goal
    assert kernel.check(best.kept, goal, best.verdict.certificate) == best.verdict.theorem


def test_certain_claims_give_way_last(solver: Solver, optimum: Optimum) -> None:
    many = "\n".join(["a: p."] + [f"b{i}: q{i}.\nc{i}: q{i} -> not p." for i in range(6)])
    unsure = {f"{x}{i}": 0.99 for x in "bc" for i in range(6)}
    best = repair(solver, theory(many, unsure), LIMITS, optimum=optimum)
    assert len(best.dropped) == 6
    assert "a" not in best.dropped
    assert not best.certain
    forced = repair(solver, theory("a: p.\nb: not p.\nc: p -> q.\nd: not q."), LIMITS, optimum=optimum)
    assert forced.dropped == forced.certain == ("a",)
    assert forced.cost == 1.0


def test_ties_keep_what_stands_first(solver: Solver, optimum: Optimum) -> None:
    for scores in ({}, dict.fromkeys("abcd", 0.7), dict.fromkeys("abcd", 0.4)):
        best = repair(solver, theory("a: p.\nb: not p.\nc: q.\nd: not q.", scores), LIMITS, optimum=optimum)
        assert best.dropped == ("b", "d")
    low = repair(solver, theory("a: p.\nb: not p.", {"a": 0.2, "b": 0.4}), LIMITS, optimum=optimum)
    assert low.dropped == ("a",)  # both cost nothing: the higher score stays
    assert low.cost == 0.0


# --- answers in spite of it --------------------------------------------------------------


def test_relative_answers(solver: Solver, optimum: Optimum) -> None:
    t = theory(TOM, TOM_SCORES)
    everywhere = relative(solver, t, formula("s(tom)"), LIMITS, optimum=optimum)
    assert (everywhere.stance, everywhere.denied, everywhere.complete) == (Stance.CAUTIOUS, Stance.NONE, True)
    some = relative(solver, t, formula("q(tom)"), LIMITS, optimum=optimum)
    assert (some.stance, some.denied) == (Stance.BRAVE, Stance.BRAVE)
    nowhere = relative(solver, t, formula("u(tom)"), LIMITS, optimum=optimum)
    assert (nowhere.stance, nowhere.denied) == (Stance.NONE, Stance.NONE)
    costs = [s.cost for s, _ in some.answers]
    assert costs == sorted(costs)
    for subset, verdict in (*everywhere.answers, *some.answers, *nowhere.answers):
        assert verdict.certificate is not None
        assert verdict.theorem is not None
        assert kernel.check(subset.kept, verdict.theorem.goal, verdict.certificate) == verdict.theorem
    assert [s.dropped for s, v in some.answers if isinstance(v, Proved)] == [("c", "e"), ("c", "d")]
    assert [s.dropped for s, v in some.answers if isinstance(v, Disproved)] == [("a",), ("b",)]


# --- where absence counts ----------------------------------------------------------------


CLOSED = """a: staff(tom).
b: staff(ann).
c: boss(ann, bob).
d: not staff(?x) :- lazy(?x).
e: lazy(tom).
f: led(?x) :- boss(?x, ?y).
g: not staff(?x) :- staff(?x), not led(?x)."""


def test_a_closed_world_is_repaired_by_what_breaks_its_constraints(solver: Solver, optimum: Optimum) -> None:
    t = theory(CLOSED, dict.fromkeys("abce", 0.9), closed=True)
    soft = soft_claims(t)
    assert soft.soft == ("a", "b", "d", "e", "g")  # to drop c or f could only break more
    assert soft.held == ()
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    assert labels_of(found) == [("a", "d", "e"), ("a", "g")]
    assert found.complete
    best = repair(solver, t, LIMITS, optimum=optimum)
    assert best.dropped == ("a",)
    assert isinstance(best.verdict, Proved)  # of the constraints
    assert best.kept is not None
    assert kernel.check(best.kept, best.verdict.theorem.goal, best.verdict.certificate)


def test_rules_by_absence_are_held_and_named(solver: Solver, optimum: Optimum) -> None:
    t = theory("a: bird(tom).\nb: fly(?x) :- bird(?x), naf penguin(?x).\nc: not fly(tom).")
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    (only,) = found.conflicts
    assert (only.labels, only.beside, found.held) == (("a", "c"), ("b",), ("b",))
    assert found.complete
    assert isinstance(only.verdict, Inconsistent)
    checked = part(t, ("a", "b", "c"))
    assert kernel.check(checked, TRUE, only.verdict.certificate) == only.verdict.theorem


def test_what_both_brings_about_and_prevents_a_breach_is_held(solver: Solver) -> None:
    text = "a: p.\nb: not q :- p, r.\nc: q.\nd: r.\ne: not q :- not p.\nf: s."
    t = theory(text, closed=True)
    soft = soft_claims(t)
    assert soft.held == ("a",)
    assert soft.soft == ("b", "c", "d", "e", "f")
    found = minimal_conflicts(solver, t, LIMITS)
    assert labels_of(found) == [("b", "c", "d")]
    assert found.held == ("a",)


def test_the_absence_of_an_absence_counts_as_presence(solver: Solver, optimum: Optimum) -> None:
    t = theory("a: r.\nb: q :- not r.\nc: s.\nd: not s :- not q.", closed=True)
    assert (soft_claims(t).soft, soft_claims(t).held) == (("a", "c", "d"), ())
    assert labels_of(minimal_conflicts(solver, t, LIMITS, optimum=optimum)) == [("a", "c", "d")]


def test_names_count_where_variables_range_over_them() -> None:
    rules = "b: ok(?x) :- not bad(?x).\nc: not lone(?x) :- lone(?x), not seen.\nd: seen :- ok(?x)."
    facts = "a: lone(tom).\ne: bad(tom).\nf: other(ann)."  # without f there is nothing that is ok
    soft = soft_claims(theory(f"{rules}\n{facts}", closed=True))
    assert (soft.soft, soft.held) == (("c",), ("a", "e"))


def test_closed_predicates_are_held_and_the_rest_may_go(solver: Solver, optimum: Optimum) -> None:
    text = "a: student(tom).\nb: happy(bob) or happy(tom).\nc: forall ?x. (student(?x) -> not happy(?x)).\n"
    t = replace(theory(text + "d: not happy(bob)."), closed=(("student", 1),))
    assert (soft_claims(t).soft, soft_claims(t).held) == (("b", "c", "d"), ("a",))
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    assert labels_of(found) == [("b", "c", "d")]
    assert found.complete
    opened = replace(theory("a: p(?x) :- q(?x).\nb: q(tom)."), closed=(("p", 1),))
    assert minimal_conflicts(solver, opened, LIMITS).reason.startswith("unsupported: claim 'a'")


def test_other_semantics_are_refused_by_name(solver: Solver) -> None:
    t = replace(theory("a: p.\nb: not p."), semantics=Semantics.CHAINING)
    found = minimal_conflicts(solver, t, LIMITS)
    assert found.conflicts == ()
    assert not found.complete
    assert found.reason == "unsupported: conflicts under chaining semantics"
    assert repair(solver, t, LIMITS).kept is None


# --- nobody is believed ------------------------------------------------------------------


def _naf() -> Theory:
    """A theory for which only the solver is asked."""
    return theory("a: p.\nb: not p.\nc: q :- p, naf r.\nd: s.")


@pytest.mark.parametrize(
    "lie",
    [
        Inconsistent(
            kernel.Theorem(Outcome.INCONSISTENT, TRUE, frozenset("d")),
            Certificate(Outcome.INCONSISTENT, Refutation(())),
        ),
        Unknown(
            "two models",
            kernel.Theorem(Outcome.UNKNOWN, TRUE, frozenset("abcd")),
            Certificate(Outcome.UNKNOWN, Refutation(())),
        ),
        Proved(
            kernel.Theorem(Outcome.PROVED, TRUE, frozenset("d")),
            Certificate(Outcome.PROVED, Refutation(())),
        ),
        Unknown("too hard"),
    ],
)
def test_a_solver_that_lies_or_is_silent_certifies_nothing(lie: Verdict) -> None:
    fake = FakeSolver(lambda theory, goal, limits: lie)
    found = minimal_conflicts(fake, _naf(), LIMITS)
    assert found.conflicts == ()
    assert not found.complete
    assert "not certified" in found.reason
    best = repair(fake, _naf(), LIMITS)
    assert best.verdict is None
    assert not best.optimal
    assert fake.asked


def test_a_conflict_with_undecided_parts_is_not_called_minimal(solver: Solver) -> None:
    def handler(t: Theory, goal: Formula, limits: Limits) -> Verdict:
        verdict = solver.solve(t, goal, limits)
        return verdict if isinstance(verdict, Inconsistent) else Unknown("too hard")

    found = minimal_conflicts(FakeSolver(handler), _naf(), LIMITS)
    assert labels_of(found) == [("a", "b")]
    assert not found.conflicts[0].minimal
    assert not found.complete
    assert "maybe fewer would do" in conflicts_text(_naf(), found)


def test_a_child_that_died_is_asked_again(solver: Solver) -> None:
    failed = list[bool]()

    def handler(t: Theory, goal: Formula, limits: Limits) -> Verdict:
        failed.append(len(failed) % 2 == 0)
        return Unknown("failure: the worker ended") if failed[-1] else solver.solve(t, goal, limits)

    found = minimal_conflicts(FakeSolver(handler), _naf(), LIMITS)
    assert labels_of(found) == [("a", "b")]
    assert found.complete


def test_what_no_solver_treats_is_said() -> None:
    fake = FakeSolver(missing=lambda theory, goal: ("negation as failure",))
    assert minimal_conflicts(fake, _naf(), LIMITS).reason == "unsupported: negation as failure"


# --- the optimum -------------------------------------------------------------------------


def test_the_optimum_survives_the_death_of_its_child() -> None:
    found = Optimum()
    hit = [frozenset({0, 1}), frozenset({1, 2})]
    first = found.choose([0.9, 0.6, 0.9], hit, [], LIMITS)
    assert first is not None
    assert (first.chosen, first.optimal) == ((1,), True)
    assert found._worker is not None
    assert found._worker.pid is not None
    os.kill(found._worker.pid, signal.SIGKILL)
    second = found.choose([0.9, 0.99, 0.9], hit, [], LIMITS)
    assert second is not None
    assert set(second.chosen) in ({0, 2}, {1})  # the child may have died under this very request
    third = found.choose([0.9, 0.99, 0.9], hit, [], LIMITS)
    assert third is not None
    assert (third.chosen, third.optimal) == ((0, 2), True)
    assert found.choose([0.9], [frozenset({0})], [frozenset({0})], LIMITS) is None
    found.close()


def test_without_an_optimum_a_choice_is_still_minimal(
    monkeypatch: pytest.MonkeyPatch, solver: Solver
) -> None:
    monkeypatch.setattr("neurosym.solvers.optimum.Optimum._ready", _broken)
    best = repair(solver, theory(TOM, TOM_SCORES), LIMITS)
    assert best.kept is not None
    assert not best.optimal
    assert "no child" in best.reason
    every = consistent_subsets(solver, theory(TOM, TOM_SCORES), LIMITS)
    assert {s.dropped for s in every.subsets} <= {("a",), ("b",), ("c", "d"), ("c", "e")}


def _broken(self: Optimum, limits: Limits) -> None:
    from neurosym.solvers.worker import WorkerFailure

    raise WorkerFailure("failure: no child")


_scores = st.sampled_from([0.2, 0.4, 0.5, 0.6, 0.75, 0.9, 0.99, 1.0])
_sets = st.lists(st.frozensets(st.integers(0, 5), min_size=1, max_size=3), min_size=1, max_size=5)


@examples(max_examples=60)
@given(st.lists(_scores, min_size=6, max_size=6), _sets, _sets)
def test_the_optimum_against_brute_force(
    optimum: Optimum, scores: list[float], hit: list[frozenset[int]], miss: list[frozenset[int]]
) -> None:
    def cost(chosen: frozenset[int]) -> tuple[int, float]:
        unsure = sum(max(0.0, log(scores[i] / (1 - scores[i]))) for i in chosen if scores[i] < 1)
        return sum(scores[i] == 1 for i in chosen), round(unsure, 4)

    fits = [
        frozenset(c)
        for n in range(7)
        for c in combinations(range(6), n)
        if all(h & frozenset(c) for h in hit) and all(m - frozenset(c) for m in miss)
    ]
    found = optimum.choose(scores, hit, miss, LIMITS)
    if not fits:
        assert found is None
        return
    best = min(fits, key=lambda c: (cost(c), [i in c for i in range(6)]))
    assert found is not None
    assert (frozenset(found.chosen), found.optimal) == (best, True)


# --- against brute force -----------------------------------------------------------------

_ATOMS = [Atom(x) for x in "pqr"]
_literals = st.one_of(st.sampled_from(_ATOMS), st.sampled_from(_ATOMS).map(Not))
_statements = st.one_of(
    _literals,
    st.tuples(_literals, _literals).map(Or),
    st.tuples(_literals, _literals).map(And),
    st.builds(Implies, _literals, _literals),
    st.builds(Iff, _literals, _literals),
)


def _theory(statements: list[Formula | Rule], scores: list[float], closed: bool = False) -> Theory:
    rows = zip(statements, scores, strict=False)
    return Theory(tuple(Claim(f"c{i}", f, Axiom("d", 0, ""), p) for i, (f, p) in enumerate(rows)), closed)


def _true(f: object, world: dict[Formula, bool]) -> bool:
    match f:
        case Atom():
            return world[f]
        case Not(body):
            return not _true(body, world)
        case And(parts):
            return all(_true(p, world) for p in parts)
        case Or(parts):
            return any(_true(p, world) for p in parts)
        case Implies(a, b):
            return not _true(a, world) or _true(b, world)
        case Iff(a, b):
            return _true(a, world) is _true(b, world)
        case _:
            raise TypeError(f)


def _satisfiable(claims: list[Claim]) -> bool:
    worlds: Iterator[dict[Formula, bool]] = (
        dict(zip(_ATOMS, row, strict=True)) for row in product((False, True), repeat=3)
    )
    return any(all(_true(c.formula, w) for c in claims) for w in worlds)


def _brute(
    t: Theory, soft: list[str], fine: Callable[[list[Claim]], bool]
) -> tuple[set[frozenset[str]], ...]:
    """The minimal conflicts and the sets dropped by the maximal consistent subsets."""
    subsets = [frozenset(c) for n in range(len(soft) + 1) for c in combinations(soft, n)]
    good = {
        s: fine([c for c in t.claims if c.label in s or c.label not in soft]) for s in subsets
    }  # fmt: skip
    bad = {s for s in subsets if not good[s] and all(good[s - {x}] for x in s)}
    kept = {s for s in subsets if good[s] and not any(good[u] for u in subsets if s < u)}
    return bad, {frozenset(soft) - s for s in kept}


@examples(max_examples=40)
@given(st.lists(_statements, min_size=2, max_size=7), st.lists(_scores, min_size=7, max_size=7))
def test_propositional_theories_against_brute_force(
    solver: Solver, optimum: Optimum, statements: list[Formula], scores: list[float]
) -> None:
    t = _theory([*statements], scores)
    conflicts, dropped = _brute(t, [c.label for c in t.claims], _satisfiable)
    found = minimal_conflicts(solver, t, LIMITS, most=1000, optimum=optimum)
    assert {frozenset(c.labels) for c in found.conflicts} == conflicts
    assert found.complete
    every = consistent_subsets(solver, t, LIMITS, most=1000, optimum=optimum)
    assert {frozenset(s.dropped) for s in every.subsets} == dropped
    assert every.complete
    assert all(s.model is not None for s in every.subsets)
    best = repair(solver, t, LIMITS, optimum=optimum)
    assert best.optimal
    assert frozenset(best.dropped) in dropped
    assert _odds(t, best.dropped) == min(_odds(t, x) for x in dropped)


def _odds(t: Theory, dropped: object) -> tuple[int, float]:
    """Certain claims, then log odds: the most probable among claims with p > 0.5, as a sum to compare."""
    scores = [c.score for c in t.claims if c.label in dropped]  # type: ignore[operator]
    return scores.count(1.0), round(sum(max(0.0, log(p / (1 - p))) for p in scores if p < 1), 4)


_BELOW = {"p": (), "q": ("p",), "r": ("p", "q")}  # what a rule may take for absent: stratified
_rules = st.sampled_from("pqr").flatmap(
    lambda head: st.builds(
        lambda wanted, absent: Rule(
            Atom(head), (*map(Atom, sorted(wanted)), *(Naf(Atom(x)) for x in sorted(absent)))
        ),
        st.sets(st.sampled_from([*_BELOW[head], head]), max_size=1),
        st.sets(st.sampled_from(_BELOW[head]), max_size=1) if _BELOW[head] else st.just(set[str]()),
    )
)
_constraints = st.builds(
    lambda head, wanted, absent: Rule(
        Not(Atom(head)), (*map(Atom, sorted(wanted)), *(Naf(Atom(x)) for x in sorted(absent)))
    ),
    st.sampled_from("pqr"),
    st.sets(st.sampled_from("pqr"), max_size=1),
    st.sets(st.sampled_from("pqr"), max_size=1),
)


def _obeyed(claims: list[Claim]) -> bool:
    """Does the perfect model, made level by level, meet the constraints?"""
    rules = [c.formula for c in claims if isinstance(c.formula, Rule)]
    model = set[str]()

    def fires(r: Rule) -> bool:
        return all((b.body.pred not in model) if isinstance(b, Naf) else b.pred in model for b in r.body)  # type: ignore[union-attr]

    for level in "pqr":
        while True:
            new = {level for r in rules if r.head == Atom(level) and fires(r)} - model
            if not new:
                break
            model |= new
    return not any(isinstance(r.head, Not) and r.head.body.pred in model and fires(r) for r in rules)  # type: ignore[union-attr]


@examples(max_examples=25)
@given(st.lists(st.one_of(_rules, _rules, _constraints), min_size=3, max_size=7))
def test_closed_worlds_against_brute_force(solver: Solver, optimum: Optimum, rules: list[Rule]) -> None:
    t = _theory([*rules], [1.0] * len(rules), closed=True)
    soft = [*soft_claims(t).soft]
    conflicts, dropped = _brute(t, soft, _obeyed)
    found = minimal_conflicts(solver, t, LIMITS, most=1000, optimum=optimum)
    assert {frozenset(c.labels) for c in found.conflicts} == conflicts
    every = consistent_subsets(solver, t, LIMITS, most=1000, optimum=optimum)
    if frozenset() in conflicts:  # nothing that may go is at fault
        assert not found.complete
        assert every.subsets == ()
        return
    assert found.complete
    assert {frozenset(s.dropped) for s in every.subsets} == dropped
    # fewer of the claims that may go is never worse, and those that stay only help or are named
    labels = frozenset(c.label for c in t.claims)
    if not soft_claims(t).held:
        _, of_all = _brute(t, sorted(labels), _obeyed)
        assert of_all == dropped


# --- in words ----------------------------------------------------------------------------


def test_the_texts_name_claims_sources_and_doubts(solver: Solver, optimum: Optimum) -> None:
    t = theory(TOM, TOM_SCORES)
    found = minimal_conflicts(solver, t, LIMITS, optimum=optimum)
    text = conflicts_text(t, found)
    assert text.startswith("The claims contradict each other in 2 ways:")
    assert all(f"[{x}, score {TOM_SCORES[x]}, test:" in text for x in "abcde")
    assert "[f" not in text
    best = repair_text(t, repair(solver, t, LIMITS, optimum=optimum))
    assert best.startswith("2 claims give way, the most probable consistent choice:")
    assert "against a and b" in best
    answer = relative(solver, t, formula("s(tom)"), LIMITS, optimum=optimum)
    assert relative_text(t, answer).startswith("Yes, whichever claims give way: ")
    unsure = relative_text(t, replace(answer, complete=False, reason="limit: 4 subsets"))
    assert "limit: 4 subsets" in unsure


def test_the_texts_do_not_call_fine_what_is_not_certified() -> None:
    t = theory("a: p.")
    assert "cut short: limit: 1 s" in conflicts_text(t, Conflicts((), False, "limit: 1 s"))
    assert conflicts_text(t, Conflicts((), True)).startswith("The claims are consistent")
    assert "No contradiction was found (why)" in repair_text(t, Repair((), t, (), False, 0.0, reason="why"))
    assert "No consistent part" in repair_text(t, Repair((), None, (), False, 0.0, reason="why"))
    assert "not certified" in repair_text(t, Repair(("a",), part(t, ()), (), False, 0.0, reason="why"))
    with pytest.raises(InputError):
        repair_text(t, Repair(("z",), t, (), True, 0.0))
    assert Subset((), t, 0.0).model is None

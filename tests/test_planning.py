"""Planning: the PDDL reader, both engines, the validator, certificates and their forgeries."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import CheckError, InputError, PlanningError, SyntaxProblem
from neurosym.kernel import Theorem
from neurosym.logic import TRUE, And, Atom, Const, Equal, Exists, Forall, Formula, Implies, Not, Num, Or, Var
from neurosym.planning import (
    ClosedWorld,
    Declared,
    Domain,
    Effect,
    Exhausted,
    Expectation,
    Fact,
    Failed,
    Found,
    Given,
    Justification,
    Kairos,
    NotFound,
    Plan,
    Planned,
    PlanStep,
    Problem,
    Surprise,
    UniqueNames,
    Unreachable,
    Unsolvable,
    Unsupported,
    assumptions,
    check_plan,
    check_unsolvable,
    execute,
    expectations,
    fact_of,
    hypotheses,
    justify,
    links,
    plan_to_json,
    read_domain,
    read_plan,
    read_problem,
    solve,
    solve_problem,
)
from neurosym.planning.goal import alternatives
from neurosym.planning.kairos import available
from neurosym.planning.pddl_out import write
from neurosym.planning.result import Closure
from neurosym.planning.world import World, build
from neurosym.proof import Outcome
from neurosym.syntax import read_formula
from neurosym.theory import CLOSED_WORLD, Observation
from neurosym.verdict import Limits

ROOT = Path(__file__).parent.parent
QUICK = Limits(seconds=30.0)

BLOCKS = """
(define (domain blocks) (:requirements :strips)
  (:predicates (on ?x ?y) (on-table ?x) (clear ?x) (arm-empty) (holding ?x))
  (:action pick-up :parameters (?x)
    :precondition (and (clear ?x) (on-table ?x) (arm-empty))
    :effect (and (not (on-table ?x)) (not (clear ?x)) (not (arm-empty)) (holding ?x)))
  (:action put-down :parameters (?x) :precondition (holding ?x)
    :effect (and (not (holding ?x)) (clear ?x) (arm-empty) (on-table ?x)))
  (:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
    :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (arm-empty) (on ?x ?y)))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (arm-empty))
    :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (arm-empty)) (not (on ?x ?y)))))
"""
SUSSMAN = """
(define (problem sussman) (:domain blocks) (:objects a b c)
  (:init (on c a) (on-table a) (on-table b) (clear c) (clear b) (arm-empty))
  (:goal (and (on a b) (on b c))))
"""
LOGISTICS = """
(define (domain delivery) (:requirements :strips :typing :negative-preconditions :equality)
  (:types place thing - object  vehicle parcel - thing  truck drone - vehicle)
  (:constants depot - place)
  (:predicates (at ?x - thing ?p - place) (in ?x - parcel ?v - vehicle) (road ?a ?b - place)
               (broken ?v - vehicle) (full ?v - vehicle))
  (:action drive :parameters (?t - truck ?a ?b - place)
    :precondition (and (at ?t ?a) (or-road ?a ?b) (not (= ?a ?b)) (not (broken ?t)))
    :effect (and (not (at ?t ?a)) (at ?t ?b)))
  (:action fly :parameters (?d - drone ?a ?b - place)
    :precondition (and (at ?d ?a) (not (= ?a ?b)))
    :effect (and (not (at ?d ?a)) (at ?d ?b)))
  (:action load :parameters (?x - parcel ?v - (either truck drone) ?p - place)
    :precondition (and (at ?x ?p) (at ?v ?p) (not (full ?v)))
    :effect (and (not (at ?x ?p)) (in ?x ?v) (full ?v)))
  (:action unload :parameters (?x - parcel ?v - vehicle ?p - place)
    :precondition (and (in ?x ?v) (at ?v ?p))
    :effect (and (at ?x ?p) (not (in ?x ?v)) (not (full ?v)))))
""".replace("or-road", "road")


def c(name: str) -> Const:
    return Const(name)


def atom(text: str) -> Atom:
    f = read_formula(text)
    assert isinstance(f, Atom)
    return f


def facts(text: str, start: int = 1) -> tuple[Fact, ...]:
    """`cat(Tom). not warm(Hall).` as facts f1, f2, ..., each resting on a claim c1, c2, ..."""
    out = []
    for i, part in enumerate((p for p in text.split(".") if p.strip()), start):
        f = read_formula(part.strip())
        assert isinstance(f, Atom | Not)
        out.append(Fact(f, f"f{i}", (f"c{i}",)))
    return tuple(out)


def steps(plan: Plan) -> list[str]:
    return [" ".join([s.action, *(t.name for t in s.arguments if isinstance(t, Const))]) for s in plan.steps]


def sussman() -> tuple[Domain, Problem]:
    domain = read_domain(BLOCKS, "blocks.pddl")
    return domain, read_problem(SUSSMAN, domain, "sussman.pddl")


DELIVERY_FACTS = facts(
    "truck(Truck1). drone(D1). parcel(Vase). parcel(Book). place(Depot). place(Home). place(Shop)."
    "at(Truck1, Depot). at(D1, Shop). at(Vase, Depot). at(Book, Shop). road(Depot, Home). road(Home, Depot)"
)
DELIVERED = read_formula("at(Vase, Home) and at(Book, Home) and not at(Truck1, Home)")

ENGINES = [
    pytest.param(False, id="in-tree"),
    pytest.param(
        True, id="kairos", marks=pytest.mark.skipif(not available(), reason="kairos-planner is not here")
    ),
]


@pytest.fixture(scope="module")
def kairos():
    with Kairos() as k:
        yield k


# --- reading ---------------------------------------------------------------------------


def test_reads_types_constants_either_and_equality() -> None:
    d = read_domain(LOGISTICS)
    assert d.name == "delivery"
    assert ("truck", "vehicle") in d.types
    assert d.constants == ((c("depot"), "place"),)
    load = next(a for a in d.actions if a.name == "load")
    assert load.parameters[1].types == ("truck", "drone")
    drive = next(a for a in d.actions if a.name == "drive")
    assert Not(Equal(Var("a"), Var("b"))) in drive.precondition
    assert drive.effects == (Not(Atom("at", (Var("t"), Var("a")))), Atom("at", (Var("t"), Var("b"))))


def test_names_ignore_case_and_dashes() -> None:
    upper = read_domain(BLOCKS.upper())
    assert upper.actions == read_domain(BLOCKS).actions
    assert {a.name for a in upper.actions} == {"pick_up", "put_down", "stack", "unstack"}


def test_nested_and_and_empty_conditions() -> None:
    d = read_domain(
        "(define (domain d) (:predicates (p) (q) (r))"
        "(:action a :parameters () :precondition (and (p) (and (q) (and))) :effect (and (and (r))))"
        "(:action b :effect (p)) (:action e :parameters () :precondition () :effect (q)))"
    )
    assert d.actions[0].precondition == (Atom("p"), Atom("q"))
    assert d.actions[1].precondition == d.actions[2].precondition == ()


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "must_fail").glob("*.pddl")), ids=lambda p: p.stem)
def test_must_fail(path: Path) -> None:
    text = path.read_text()
    expected = text.splitlines()[0].removeprefix("; expect: ")
    with pytest.raises((SyntaxProblem, PlanningError)) as caught:
        read_domain(text, path.name)
    assert expected in str(caught.value)
    assert caught.value.document == path.name
    assert caught.value.line >= 1
    assert caught.value.column >= 1


def test_must_fail_files_exist() -> None:
    assert len(list((ROOT / "tests" / "must_fail").glob("*.pddl"))) >= 20


def test_error_has_line_column_and_caret() -> None:
    with pytest.raises(PlanningError) as caught:
        read_domain(
            "(define (domain d)\n  (:predicates (on ?x ?y))\n  (:action a :effect (onn x)))", "d.pddl"
        )
    e = caught.value
    assert (e.line, e.column) == (3, 23)
    assert "d.pddl:3:23" in str(e)
    assert str(e).splitlines()[2].endswith("^")
    assert "did you mean 'on'" in e.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(define (problem p) (:domain other) (:init) (:goal (on a b)))", "not of the domain"),
        ("(define (problem p) (:domain blocks) (:init))", "no :goal"),
        (
            "(define (problem p) (:domain blocks) (:objects a) (:init (on a b)) (:goal (on a a)))",
            "unknown object 'b'",
        ),
        (
            "(define (problem p) (:domain blocks) (:objects a) (:init (not (clear a))) (:goal (on a a)))",
            "expected an atom",
        ),
        ("(define (problem p) (:domain blocks) (:init (= (cost) 0)) (:goal (and)))", "numeric fluents"),
        (
            "(define (problem p) (:domain blocks) (:init (at 5 (arm-empty))) (:goal (and)))",
            "timed initial literals",
        ),
        ("(define (problem p) (:domain blocks) (:init) (:goal (exists (?x) (clear ?x))))", "existential"),
        ("(define (problem p) (:domain blocks) (:init) (:goal (and)) (:metric minimize (c)))", "metric"),
        ("(define (domain d))", "expected a problem, found a domain"),
    ],
)
def test_bad_problems(text: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected.replace("(", r"\(")):
        read_problem(text, read_domain(BLOCKS))


def test_deep_and_large_files_do_not_crash() -> None:
    deep = "(define (domain d) (:action a :precondition " + "(and " * 200_000 + ")" * 200_000 + "))"
    with pytest.raises(SyntaxProblem, match="nested deeper"):
        read_domain(deep)
    nearly = "(and " * 90 + "(p)" + ")" * 90
    d = read_domain(
        f"(define (domain d) (:predicates (p)) (:action a :precondition {nearly} :effect (not (p))))"
    )
    assert d.actions[0].precondition == (Atom("p"),)
    start = time.perf_counter()
    names = " ".join(f"object-number-{i}" for i in range(60_000))
    big = read_problem(
        f"(define (problem p) (:domain blocks) (:objects {names}) (:init) (:goal (and)))", read_domain(BLOCKS)
    )
    assert len(big.objects) == 60_000
    assert time.perf_counter() - start < 60  # not quadratic: that would take minutes
    chain = " ".join(f"t{i} - t{i + 1}" for i in range(5000))
    assert len(read_domain(f"(define (domain d) (:types {chain}))").types) == 5001


@given(st.text(alphabet="() :?-abdefinoprtz;=\n\"'0", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f"(define (domain d) (:predicates (p ?x)) {text})"):
        refused = None
        try:
            read_domain(whole)
        except (SyntaxProblem, PlanningError) as e:
            refused = e
        assert refused is None or refused.line >= 1


# --- both engines ------------------------------------------------------------------------


@pytest.mark.parametrize("with_kairos", ENGINES)
def test_sussman(with_kairos: bool, kairos: Kairos) -> None:
    domain, problem = sussman()
    r = solve_problem(domain, problem, QUICK, engines=(kairos,) if with_kairos else ())
    assert isinstance(r, Planned)
    assert r.engine == ("kairos" if with_kairos else "in-tree search")
    assert r.justification == justify(domain, problem.init, problem.goal, r.plan, problem.objects)
    assert not r.justification.useless
    assert len(r.plan.steps) >= 6
    first = r.justification.steps[0]
    labels = {x.source.label for x in first.needs if isinstance(x.source, Given)}
    assert labels == {"sussman.pddl:3"}


@pytest.mark.parametrize("with_kairos", ENGINES)
def test_delivery_speaks_the_names_of_the_facts(with_kairos: bool, kairos: Kairos) -> None:
    domain = read_domain(LOGISTICS)
    r = solve(domain, DELIVERY_FACTS, DELIVERED, QUICK, engines=(kairos,) if with_kairos else ())
    assert isinstance(r, Planned)
    used = {t for s in r.plan.steps for t in s.arguments}
    assert c("Vase") in used
    assert c("Truck1") in used
    # the domain's constant is the Depot of the facts, not a second one
    assert c("depot") not in used
    drive = next(s for s in r.justification.steps if s.step.action == "drive")
    kinds = {type(x.source) for x in drive.needs}
    assert {Given, ClosedWorld, UniqueNames} <= kinds
    assert Not(Atom("broken", (c("Truck1"),))) in assumptions(r.justification)
    assert CLOSED_WORLD in hypotheses(r.justification)
    assert "c1" in hypotheses(r.justification)


@pytest.mark.parametrize("with_kairos", ENGINES)
def test_household_ontology(with_kairos: bool, kairos: Kairos) -> None:
    domain = read_domain((ROOT / "ontologies" / "household.pddl").read_text(), "household.pddl")
    known = facts(
        "man(Bob). kitten(Mimi). room(Hall). kitchen(Kitchen1). room(Cellar). food(Fish1). key(Key1)."
        "lamp(Lamp1). located_in(Bob, Hall). located_in(Mimi, Kitchen1). located_in(Fish1, Cellar)."
        "located_in(Key1, Kitchen1)."
        "located_in(Lamp1, Kitchen1). next_to(Hall, Kitchen1). next_to(Kitchen1, Hall)."
        "next_to(Kitchen1, Cellar). next_to(Cellar, Kitchen1). locked(Cellar). opens(Key1, Cellar)."
        "hungry(Mimi). not on(Lamp1)"
    )
    r = solve(
        domain,
        known,
        read_formula("fed(Mimi) and on(Lamp1)"),
        QUICK,
        engines=(kairos,) if with_kairos else (),
    )
    assert isinstance(r, Planned)
    assert {"unlock", "feed", "switch_on"} <= {s.action for s in r.plan.steps}
    switch = next(s for s in r.justification.steps if s.step.action == "switch_on")
    # a proved negation is a fact, not an assumption
    proved = next(x for x in switch.needs if x.literal == Not(atom("on(Lamp1)")))
    assert isinstance(proved.source, Given)
    assert proved.source.label == known[-1].label
    walk = next(s for s in r.justification.steps if s.step.action == "walk")
    person = walk.needs[0]
    assert person.literal == atom("person(Bob)")
    assert isinstance(person.source, Given)
    assert person.source.fact == atom("man(Bob)")


HELPDESK_FACTS = facts(
    "technician(Ann). employee(Mona). router(router_1). printer(printer_7). ticket(ticket_12)."
    "open_ticket(ticket_12). about(ticket_12, printer_7). manages(Mona, Ann)."
    "depends_on(printer_7, router_1). broken(router_1). server(server_1). user(Zoe)"
)


def test_helpdesk_ontology() -> None:
    domain = read_domain((ROOT / "ontologies" / "helpdesk.pddl").read_text(), "helpdesk.pddl")
    goal = read_formula("exists ?t. about(?t, printer_7) and closed_ticket(?t)")
    r = solve(domain, HELPDESK_FACTS, goal, QUICK, engines=())
    assert isinstance(r, Planned)
    assert sorted(steps(r.plan)) == [
        "assign Mona Ann ticket_12",
        "close_with_cause Ann ticket_12 printer_7 router_1",
        "repair Ann router_1",
    ]
    assert assumptions(r.justification) == (
        Not(atom("assigned_to(ticket_12, Ann)")),
        Not(atom("broken(printer_7)")),
    )
    r = solve(domain, HELPDESK_FACTS, atom("working(server_1)"), QUICK, engines=())
    assert isinstance(r, Unsolvable)  # nobody has the permission


@pytest.mark.parametrize("with_kairos", ENGINES)
def test_existential_and_disjunctive_goals(with_kairos: bool, kairos: Kairos) -> None:
    domain = read_domain(LOGISTICS)
    engines = (kairos,) if with_kairos else ()
    x, y = Var("x"), Var("y")
    somewhere = Exists(
        (x, y), And((Atom("parcel", (x,)), Atom("at", (x, c("Home"))), Atom("in", (y, c("D1")))))
    )
    r = solve(domain, DELIVERY_FACTS, somewhere, QUICK, engines=engines)
    assert isinstance(r, Planned)
    assert {x.literal.pred for x in r.justification.goal if isinstance(x.literal, Atom)} == {
        "parcel",
        "at",
        "in",
    }
    either = Or((atom("at(Truck1, Shop)"), atom("at(D1, Home)")))
    r = solve(domain, DELIVERY_FACTS, either, QUICK, engines=engines)
    assert isinstance(r, Planned)
    assert steps(r.plan) == ["fly D1 Shop Home"]
    other = Exists((x,), And((Atom("place", (x,)), Not(Equal(x, c("Depot"))), Atom("at", (c("Truck1"), x)))))
    r = solve(domain, DELIVERY_FACTS, other, QUICK, engines=engines)
    assert isinstance(r, Planned)
    assert steps(r.plan) == ["drive Truck1 Depot Home"]


def test_a_goal_that_holds_needs_no_step() -> None:
    r = solve(read_domain(LOGISTICS), DELIVERY_FACTS, atom("at(D1, Shop)"), QUICK, engines=())
    assert isinstance(r, Planned)
    assert r.plan == Plan()
    assert isinstance(r.justification.goal[0].source, Given)
    r = solve(read_domain(LOGISTICS), DELIVERY_FACTS, TRUE, QUICK, engines=())
    assert isinstance(r, Planned)


def test_numerals_and_odd_names_are_objects(kairos: Kairos) -> None:
    domain = read_domain(BLOCKS)
    odd = [c("and"), c("x y (z)"), c("Tom"), c("tom"), Num(Fraction(3, 2))]
    known = [Fact(Atom("arm_empty"), "e")]
    known += [Fact(Atom(p, (o,)), f"{p}{i}") for i, o in enumerate(odd) for p in ("on_table", "clear")]
    goal = And(tuple(Atom("on", (a, b)) for a, b in pairwise(odd)))
    for engines in ((), (kairos,) if available() else ()):
        r = solve(domain, known, goal, QUICK, engines=engines)
        assert isinstance(r, Planned)
        assert set(odd) == {t for s in r.plan.steps for t in s.arguments}


def read_number(text: str):
    f = read_formula(f"p({text})")
    assert isinstance(f, Atom)
    assert isinstance(f.args[0], Num)
    return f.args[0].value


def test_written_pddl_can_be_read_again() -> None:
    domain, problem = sussman()
    world = build(domain, problem.init, problem.goal, problem.objects)
    assert isinstance(world, World)
    w = write(world, alternatives(problem.goal, world))
    again = read_domain(w.domain)
    r = solve_problem(again, read_problem(w.problem, again), QUICK, engines=())
    assert isinstance(r, Planned)


def test_deterministic(kairos: Kairos) -> None:
    domain = read_domain(LOGISTICS)
    for engines in ((), (kairos,) if available() else ()):
        found = [solve(domain, DELIVERY_FACTS, DELIVERED, QUICK, engines=engines) for _ in range(3)]
        assert found[0] == found[1] == found[2]


# --- what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "feature"),
    [
        (Forall((Var("x"),), Atom("clear", (Var("x"),))), "forall"),
        (Not(Exists((Var("x"),), Atom("clear", (Var("x"),)))), "negated existential"),
        (Implies(Atom("arm_empty"), Atom("arm_empty")), "implies"),
        (Atom("clear", (Var("x"),)), "free variable ?x"),
        (read_formula("clear(f(a))"), "function terms"),
        (read_formula("a < b"), "numeric goals"),
    ],
)
def test_unsupported_goals_are_named_and_no_engine_is_called(goal: Formula, feature: str) -> None:
    domain, problem = sussman()

    class Never:
        name = "never"

        def find(self, *_: object) -> NotFound:
            raise AssertionError("an engine was called")

        def close(self) -> None:
            pass

    r = solve(domain, problem.init, goal, QUICK, problem.objects, engines=(Never(),))
    assert isinstance(r, Unsupported)
    assert feature in r.features[0]
    with pytest.raises(PlanningError, match="unsupported"):
        justify(domain, problem.init, goal, Plan())


def test_deep_goal_is_refused() -> None:
    domain, problem = sussman()
    goal: Formula = Atom("arm_empty")
    for _ in range(50_000):
        goal = Not(goal)
    assert isinstance(solve(domain, problem.init, goal, QUICK), Unsupported)
    while isinstance(goal, Not):  # taken apart by hand: freeing a deep chain at once would recurse
        goal = goal.body


def test_facts_that_do_not_fit_raise() -> None:
    domain = read_domain(LOGISTICS)
    goal = atom("at(Vase, Home)")
    with pytest.raises(PlanningError, match="both given"):
        solve(domain, facts("at(D1, Shop). not at(D1, Shop)"), goal)
    with pytest.raises(PlanningError, match="both given"):
        solve(domain, facts("truck(T). not vehicle(T)"), goal)
    with pytest.raises(PlanningError, match="same name in PDDL"):
        solve(domain, facts("at(D1, Shop). 'At'(D2, Shop)"), goal)
    with pytest.raises(PlanningError, match="matches both"):
        solve(domain, facts("place(Depot). place(DEPOT)"), goal)
    with pytest.raises(PlanningError, match="not ground"):
        solve(domain, [Fact(Atom("at", (Var("x"), c("Shop"))), "f")], goal)
    assert isinstance(solve(domain, facts("at(f(a), Shop)"), goal), Unsupported)


def test_theorems_as_facts() -> None:
    t = Theorem(Outcome.PROVED, atom("cat(Tom)"), frozenset({"c2", "c1"}))
    assert fact_of(t) == Fact(atom("cat(Tom)"), "c1, c2", ("c1", "c2"))
    refuted = Theorem(Outcome.DISPROVED, atom("cat(Tom)"), frozenset({"c1"}))
    assert fact_of(refuted, "t").literal == Not(atom("cat(Tom)"))
    with pytest.raises(PlanningError):
        fact_of(Theorem(Outcome.UNKNOWN, atom("cat(Tom)"), frozenset()))


# --- no plan -------------------------------------------------------------------------------


def test_unreachable_goal_has_a_checked_certificate() -> None:
    domain = read_domain(LOGISTICS)
    goal = read_formula("at(Vase, Shop) and in(Truck1, D1)")
    r = solve(domain, DELIVERY_FACTS, goal, QUICK)
    assert isinstance(r, Unsolvable)
    assert "in(Truck1, D1)" in r.reason
    assert isinstance(r.certificate, Unreachable)
    check_unsolvable(domain, DELIVERY_FACTS, goal, r.certificate)
    # a closure with a hole, and one for another goal
    for k in range(len(r.certificate.closure.reached)):
        some = r.certificate.closure.reached
        forged = Unreachable(Closure(some[:k] + some[k + 1 :], r.certificate.closure.lost))
        with pytest.raises(CheckError, match="not closed"):
            check_unsolvable(domain, DELIVERY_FACTS, goal, forged)
    for k in range(len(r.certificate.closure.lost)):
        gone = r.certificate.closure.lost
        forged = Unreachable(Closure(r.certificate.closure.reached, gone[:k] + gone[k + 1 :]))
        with pytest.raises(CheckError, match="not closed"):
            check_unsolvable(domain, DELIVERY_FACTS, goal, forged)
    with pytest.raises(CheckError, match="may be reachable"):
        check_unsolvable(domain, DELIVERY_FACTS, atom("at(Vase, Shop)"), r.certificate)


def test_unsolvable_by_exhaustion() -> None:
    # One arm: a block cannot be held while the arm is empty, though the relaxation thinks so.
    domain, problem = sussman()
    goal = read_formula("holding(a) and holding(b)")
    r = solve(domain, problem.init, goal, QUICK, problem.objects, engines=())
    assert isinstance(r, Unsolvable)
    assert isinstance(r.certificate, Exhausted)
    check_unsolvable(domain, problem.init, goal, r.certificate, problem.objects)
    with pytest.raises(CheckError, match="reachable state"):
        check_unsolvable(domain, problem.init, atom("holding(a)"), r.certificate, problem.objects)


def test_negative_goals_can_be_unreachable() -> None:
    domain, problem = sussman()
    goal = read_formula("not on_table(a) and not clear(b) and not arm_empty and not clear(d)")
    r = solve(domain, problem.init, goal, QUICK, problem.objects, engines=())
    assert isinstance(r, Planned)
    static = read_formula("not road(Depot, Home)")
    r = solve(read_domain(LOGISTICS), DELIVERY_FACTS, static, QUICK)
    assert isinstance(r, Unsolvable)
    assert "not road(Depot, Home)" in r.reason


class Liar:
    """An engine that says what it is told to."""

    name = "liar"

    def __init__(self, says: Found | NotFound) -> None:
        self.says = says

    def find(self, *_: object) -> Found | NotFound:
        return self.says

    def close(self) -> None:
        pass


def test_a_lying_engine_is_not_believed() -> None:
    domain, problem = sussman()
    for says in (
        Found(Plan()),
        Found(Plan((PlanStep("pick_up", (c("a"),)),))),
        Found(Plan((PlanStep("fly", ()),))),
        NotFound("unsolvable"),
        NotFound("unsolvable", exhausted=7),
    ):
        r = solve_problem(domain, problem, QUICK, engines=(Liar(says),))
        assert isinstance(r, Planned)
        assert r.engine == "in-tree search"


# --- the validator ---------------------------------------------------------------------------


def test_causal_links() -> None:
    domain, problem = sussman()
    names = [("unstack", "c", "a"), ("put_down", "c"), ("pick_up", "b"), ("stack", "b", "c")]
    names += [("pick_up", "a"), ("stack", "a", "b")]
    plan = Plan(tuple(PlanStep(n, tuple(map(c, a))) for n, *a in names))
    j = justify(domain, problem.init, problem.goal, plan, problem.objects)
    produced = {(x.source.step, i, x.literal) for x, i in links(j) if isinstance(x.source, Effect)}
    assert (0, 1, atom("holding(c)")) in produced
    assert (0, 4, atom("clear(a)")) in produced
    assert (3, 6, atom("on(b, c)")) in produced
    assert (3, 4, Atom("arm_empty")) in produced
    assert not j.useless
    longer = Plan((*plan.steps, PlanStep("unstack", (c("a"), c("b"))), PlanStep("stack", (c("a"), c("b")))))
    again = justify(domain, problem.init, problem.goal, longer, problem.objects)
    assert again.useless == ()  # the last two do undo and redo: on(a, b) comes from the last
    detour = Plan((PlanStep("pick_up", (c("b"),)), PlanStep("put_down", (c("b"),)), *plan.steps))
    # they pass arm_empty and clear(c)... on: step 1 makes what step 2 needs
    with_detour = justify(domain, problem.init, problem.goal, detour, problem.objects)
    assert len(with_detour.steps) == 8


def test_useless_steps_are_flagged_and_dropped() -> None:
    domain = read_domain(LOGISTICS)
    goal = atom("at(Truck1, Home)")
    plan = Plan(
        (
            PlanStep("fly", (c("D1"), c("Shop"), c("Home"))),
            PlanStep("drive", (c("Truck1"), c("Depot"), c("Home"))),
            PlanStep("fly", (c("D1"), c("Home"), c("Depot"))),
        )
    )
    assert justify(domain, DELIVERY_FACTS, goal, plan).useless == (0, 2)
    r = solve(domain, DELIVERY_FACTS, goal, QUICK, engines=(Liar(Found(plan)),))
    assert isinstance(r, Planned)
    assert r.engine == "liar"
    assert r.plan.steps == (plan.steps[1],)


@pytest.mark.parametrize(
    ("bad", "step", "message"),
    [
        ((PlanStep("drive", (c("D1"), c("Shop"), c("Home"))),), 0, "nothing shows that D1 is a truck"),
        ((PlanStep("drive", (c("Truck1"), c("Depot"))),), 0, "takes 3 arguments"),
        ((PlanStep("drive", (c("Truck1"), c("Depot"), c("Mars"))),), 0, "not an object"),
        ((PlanStep("teleport", ()),), 0, "no action"),
        ((PlanStep("drive", (c("Truck1"), c("Depot"), c("Depot"))),), 0, "needs road"),
        ((PlanStep("fly", (c("D1"), c("Shop"), c("Shop"))),), 0, "Shop"),
        (
            (
                PlanStep("load", (c("Vase"), c("Truck1"), c("Depot"))),
                PlanStep("load", (c("Vase"), c("Truck1"), c("Depot"))),
            ),
            1,
            r"needs at\(Vase, Depot\), which is false",
        ),
        ((PlanStep("fly", (c("D1"), c("Shop"), c("Home"))),), 1, "the goal does not hold"),
    ],
)
def test_bad_plans_are_rejected_at_their_step(bad: tuple[PlanStep, ...], step: int, message: str) -> None:
    with pytest.raises(CheckError, match=message) as caught:
        justify(read_domain(LOGISTICS), DELIVERY_FACTS, atom("at(Vase, Home)"), Plan(bad))
    assert caught.value.step == step


def brute_force(domain: Domain, problem: Problem, plan: Plan) -> bool:
    """A third reading of STRIPS, over text, to judge the validator by."""
    state = {f.literal for f in problem.init}
    known = {a.name: a for a in domain.actions}
    for s in plan.steps:
        a = known[s.action]
        if len(s.arguments) != len(a.parameters):
            return False
        names = {p.var: t for p, t in zip(a.parameters, s.arguments, strict=True)}

        def ground(x: Atom, names: dict = names) -> Atom:
            return Atom(x.pred, tuple(names.get(t, t) for t in x.args))

        if not all(ground(p) in state for p in a.precondition if isinstance(p, Atom)):
            return False
        state -= {ground(e.body) for e in a.effects if isinstance(e, Not) and isinstance(e.body, Atom)}
        state |= {ground(e) for e in a.effects if isinstance(e, Atom)}
    assert isinstance(problem.goal, And)
    return all(g in state for g in problem.goal.parts)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_plans_are_rejected_unless_they_work(data: st.DataObject) -> None:
    domain, problem = sussman()
    names = [("unstack", "c", "a"), ("put_down", "c"), ("pick_up", "b"), ("stack", "b", "c")]
    names += [("pick_up", "a"), ("stack", "a", "b")]
    rows = [PlanStep(n, tuple(map(c, a))) for n, *a in names]
    i = data.draw(st.integers(0, len(rows) - 1))
    how = data.draw(st.sampled_from(["drop", "swap", "replace", "argument", "double"]))
    blocks = st.sampled_from([c("a"), c("b"), c("c")])
    if how == "drop":
        del rows[i]
    elif how == "swap":
        k = data.draw(st.integers(0, len(rows) - 1))
        rows[i], rows[k] = rows[k], rows[i]
    elif how == "replace":
        rows[i] = PlanStep(data.draw(st.sampled_from(["pick_up", "put_down"])), (data.draw(blocks),))
    elif how == "double":
        rows.insert(i, rows[i])
    else:
        rows[i] = PlanStep(rows[i].action, tuple(data.draw(blocks) for _ in rows[i].arguments))
    plan = Plan(tuple(rows))
    if brute_force(domain, problem, plan):
        j = justify(domain, problem.init, problem.goal, plan, problem.objects)
        kept = Plan(tuple(s for k, s in enumerate(plan.steps) if k not in j.useless))
        assert brute_force(domain, problem, kept)
    else:
        with pytest.raises(CheckError):
            justify(domain, problem.init, problem.goal, plan, problem.objects)


def random_task(data: st.DataObject) -> tuple[Domain, Problem]:
    """A small random domain with negative conditions over p, q (unary) and r (binary)."""
    atoms_of = st.sampled_from(["(p ?x)", "(q ?x)", "(p ?y)", "(q ?y)", "(r ?x ?y)", "(r ?y ?x)"])
    literal = st.tuples(st.booleans(), atoms_of).map(lambda t: t[1] if t[0] else f"(not {t[1]})")
    parts = []
    for i in range(data.draw(st.integers(1, 3))):
        pre = " ".join(data.draw(st.lists(literal, max_size=3)))
        eff = " ".join(data.draw(st.lists(literal, min_size=1, max_size=3)))
        kind = data.draw(st.sampled_from(["object", "thing"]))
        same = data.draw(st.sampled_from(["", "(not (= ?x ?y))"]))
        parts.append(
            f"(:action a{i} :parameters (?x - object ?y - {kind})"
            f":precondition (and {pre} {same}) :effect (and {eff}))"
        )
    domain = read_domain(
        f"(define (domain d) (:types thing) (:predicates (p ?x) (q ?x) (r ?x ?y)) {' '.join(parts)})"
    )
    ground_atoms = ["(p o1)", "(p o2)", "(q o1)", "(q o2)", "(r o1 o2)", "(r o2 o1)", "(r o1 o1)"]
    init = " ".join(data.draw(st.lists(st.sampled_from(ground_atoms), unique=True)))
    goal = data.draw(
        st.lists(st.tuples(st.booleans(), st.sampled_from(ground_atoms)), min_size=1, max_size=3)
    )
    wanted = " ".join(a if b else f"(not {a})" for b, a in goal)
    problem = read_problem(
        f"(define (problem p) (:domain d) (:objects o1 - thing o2) (:init {init}) (:goal (and {wanted})))",
        domain,
    )
    return domain, problem


def reachable_by_brute_force(domain: Domain, problem: Problem) -> bool:
    """Breadth-first over all states with the validator's opposite: sets of text."""
    things = {c("o1"): {"thing", "object"}, c("o2"): {"object"}}
    start = frozenset(f.literal for f in problem.init)
    seen, todo = {start}, [start]
    goal = problem.goal.parts if isinstance(problem.goal, And) else (problem.goal,)

    def true(f: Formula, state: frozenset, names: dict) -> bool:
        match f:
            case Atom(pred, args):
                return Atom(pred, tuple(names.get(t, t) for t in args)) in state
            case Equal(a, b):
                return names.get(a, a) == names.get(b, b)
            case Not(body):
                return not true(body, state, names)
        raise AssertionError(f)

    while todo:
        state = todo.pop()
        if all(true(g, state, {}) for g in goal):
            return True
        for a in domain.actions:
            for x in things:
                for y in things:
                    if a.parameters[1].types[0] not in things[y]:
                        continue
                    names = {Var("x"): x, Var("y"): y}
                    if all(true(p, state, names) for p in a.precondition):
                        put = {
                            Atom(e.pred, tuple(names[t] for t in e.args))
                            for e in a.effects
                            if isinstance(e, Atom)
                        }
                        cut = {
                            Atom(e.body.pred, tuple(names[t] for t in e.body.args))
                            for e in a.effects
                            if isinstance(e, Not) and isinstance(e.body, Atom)
                        }
                        after = frozenset((state - cut) | put)
                        if after not in seen:
                            seen.add(after)
                            todo.append(after)
    return False


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_random_tasks_agree_with_brute_force(data: st.DataObject) -> None:
    domain, problem = random_task(data)
    r = solve_problem(domain, problem, Limits(seconds=20.0), engines=())
    if reachable_by_brute_force(domain, problem):
        assert isinstance(r, Planned)
        assert not r.justification.useless
    else:
        assert isinstance(r, Unsolvable)
        check_unsolvable(domain, problem.init, problem.goal, r.certificate, problem.objects)


@pytest.mark.skipif(not available(), reason="kairos-planner is not here")
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_random_tasks_by_kairos(kairos: Kairos, data: st.DataObject) -> None:
    domain, problem = random_task(data)
    world = build(domain, problem.init, problem.goal, problem.objects)
    assert isinstance(world, World)
    found = kairos.find(world, alternatives(problem.goal, world), 5.0, 1024)
    if isinstance(found, Found):
        justify(domain, problem.init, problem.goal, found.plan, problem.objects)


# --- limits ------------------------------------------------------------------------------------


def hard() -> tuple[Domain, Problem]:
    """Every door asks for another subset of the switches: no plan, and too many states to see."""
    n = 40
    domain = read_domain(
        "(define (domain switches) (:requirements :negative-preconditions)"
        "(:predicates (up ?x) (twin ?x ?y) (odd))"
        "(:action flip :parameters (?x) :precondition (not (up ?x)) :effect (up ?x))"
        "(:action flop :parameters (?x) :precondition (up ?x) :effect (not (up ?x)))"
        "(:action win :parameters (?x ?y)"
        ":precondition (and (twin ?x ?y) (up ?x) (not (up ?y)) (up ?y)) :effect (odd)))"
    )
    objects = " ".join(f"s{i}" for i in range(n))
    pairs = " ".join(f"(twin s{i} s{i + 1})" for i in range(n - 1))
    text = f"(define (problem p) (:domain switches) (:objects {objects}) (:init {pairs}) (:goal (odd)))"
    return domain, read_problem(text, domain)


def test_time_limit_is_a_value() -> None:
    domain, problem = hard()
    start = time.perf_counter()
    r = solve_problem(domain, problem, Limits(seconds=1.0), engines=())
    assert isinstance(r, Failed)
    assert "time limit" in r.reason
    assert time.perf_counter() - start < 30


def test_memory_limit_is_a_value() -> None:
    domain, problem = hard()
    r = solve_problem(domain, problem, Limits(seconds=20.0, memory_mb=1), engines=())
    assert isinstance(r, Failed)
    assert "MB" in r.reason


CHILDREN = {
    "hangs": ("import time\ntime.sleep(60)", "time limit"),
    "crashes": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
    "ends": ("", "crashed"),
    "lies": ("import json\nprint(json.dumps({'plan': [['nosuch', 'x']]}), flush=True)", "names"),
    "babbles": ("print('hello', flush=True)", "no answer"),
}


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_broken_child_leaves_the_caller_alive(name: str) -> None:
    body, reason = CHILDREN[name]
    program = "import sys\nsys.stdin.readline()\n" + body
    domain, problem = sussman()
    world = build(domain, problem.init, problem.goal, problem.objects)
    assert isinstance(world, World)
    seconds = 0.5 if name == "hangs" else 60.0  # the others end by themselves, however busy the machine is
    with Kairos((sys.executable, "-c", program)) as k:
        found = k.find(world, alternatives(problem.goal, world), seconds, 256)
        assert isinstance(found, NotFound)
        assert reason in found.reason
        # the same engine, once more: a fresh child
        assert isinstance(k.find(world, alternatives(problem.goal, world), seconds, 256), NotFound)
        r = solve_problem(domain, problem, Limits(seconds=6.0 if name == "hangs" else 60.0), engines=(k,))
        assert isinstance(r, Planned)
        assert r.engine == "in-tree search"
    with Kairos(("/nonexistent/planner",)) as missing:
        found = missing.find(world, alternatives(problem.goal, world), seconds, 256)
        assert isinstance(found, NotFound)
        assert "could not be started" in found.reason


@pytest.mark.skipif(not available(), reason="kairos-planner is not here")
def test_kairos_stays_warm_and_may_be_used_after_close(kairos: Kairos) -> None:
    domain, problem = sussman()
    assert isinstance(solve_problem(domain, problem, QUICK, engines=(kairos,)), Planned)
    first = kairos.pid
    assert first is not None
    assert isinstance(solve_problem(domain, problem, QUICK, engines=(kairos,)), Planned)
    assert kairos.pid == first
    kairos.close()
    r = solve_problem(domain, problem, QUICK, engines=(kairos,))
    assert isinstance(r, Planned)
    assert r.engine == "kairos"


# --- certificates and execution ------------------------------------------------------------


def delivered() -> tuple[Domain, Justification]:
    domain = read_domain(LOGISTICS)
    r = solve(domain, DELIVERY_FACTS, DELIVERED, QUICK, engines=())
    assert isinstance(r, Planned)
    return domain, r.justification


def test_json_round_trip_and_check() -> None:
    domain, j = delivered()
    text = json.dumps(plan_to_json(DELIVERED, j))
    goal, again = read_plan(text)
    assert (goal, again) == (DELIVERED, j)
    assert check_plan(domain, DELIVERY_FACTS, goal, again) == j


def test_forged_sources_are_rejected() -> None:
    domain, j = delivered()
    for i, s in enumerate(j.steps):
        for k, link in enumerate(s.needs):
            wrong = dataclasses.replace(link, source=Declared(atom("road(Depot, Home)")))
            needs = (*s.needs[:k], wrong, *s.needs[k + 1 :])
            forged = dataclasses.replace(
                j, steps=(*j.steps[:i], dataclasses.replace(s, needs=needs), *j.steps[i + 1 :])
            )
            with pytest.raises(CheckError) as caught:
                check_plan(domain, DELIVERY_FACTS, DELIVERED, forged)
            assert caught.value.step == i
    with pytest.raises(CheckError):
        check_plan(domain, DELIVERY_FACTS, DELIVERED, dataclasses.replace(j, goal=()))
    with pytest.raises(CheckError):
        check_plan(domain, DELIVERY_FACTS[:-2], DELIVERED, j)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": "neurosym-plan", "version": 2}',
        '{"format": "neurosym-plan", "version": true}',
        '{"format": "neurosym-plan", "version": 1, "goal": "p(", "steps": [], "achieved": [], "useless": []}',
        '{"format": "neurosym-plan", "version": 1, "goal": "p", "steps": [1], "achieved": [], "useless": []}',
        '{"format": "neurosym-plan", "version": 1, "goal": "p", "steps": [], "useless": [],'
        ' "achieved": [{"literal": "p", "by": "magic"}]}',
    ],
)
def test_bad_json_is_a_syntax_problem(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        read_plan(text, "x.json")


def test_expected_effects_are_observations() -> None:
    domain, j = delivered()
    rows = list(expectations(j))
    assert [r.step for r in rows] == [s.step for s in j.steps]
    assert all(isinstance(claim.source, Observation) for r in rows for claim in r.effects)
    assert len({claim.label for r in rows for claim in r.effects}) == sum(len(r.effects) for r in rows)
    # replaying the claims gives the goal
    state = {f.literal for f in DELIVERY_FACTS}
    for r in rows:
        for claim in r.effects:
            f = claim.formula
            if isinstance(f, Not):
                state.discard(f.body)
            else:
                state.add(f)
    assert atom("at(Vase, Home)") in state
    assert isinstance(solve(domain, DELIVERY_FACTS, DELIVERED, QUICK, engines=()), Planned)


def test_execution_stops_at_the_first_surprise() -> None:
    _, j = delivered()
    done: list[PlanStep] = []
    seen = list(execute(j, done.append, lambda _: True))
    assert all(isinstance(r, Expectation) for r in seen)
    assert len(done) == len(j.steps)
    done.clear()
    seen = list(execute(j, done.append, lambda _: len(done) < 2))
    assert isinstance(seen[-1], Surprise)
    assert seen[-1].index == 1
    assert len(done) == 2

"""Explanations: English that means what the formula means, and outlines that show everything.

The golden files hold the text of each kind of outline.  To renew them after a wanted change:
`NEUROSYM_GOLDEN=write python -m pytest tests/test_explain.py`, then read the difference.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console

from neurosym.errors import InputError
from neurosym.explain import (
    BlockedRule,
    Kind,
    OutlineNode,
    PlanView,
    PreconditionView,
    StepView,
    english,
    from_json,
    outline,
    plan_outline,
    print_outline,
    to_json,
    to_prose,
    to_text,
    why_not,
)
from neurosym.explain.render import cite, confidence, head, reason
from neurosym.kernel import check
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Statement,
    Term,
    Var,
    Xor,
    truth,
)
from neurosym.logic.counting import at_least, at_most, exactly
from neurosym.proof import (
    GOAL,
    Apply,
    Certificate,
    Contradiction,
    Derivation,
    FiniteModel,
    Given,
    Independence,
    InModel,
    Instance,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
    Step,
    Support,
    Witness,
)
from neurosym.syntax import read_formula, read_statement
from neurosym.theory import CLOSED_WORLD, Analogy, Axiom, Claim, Observation, Span, Theory, Triple
from neurosym.verdict import Disproved, Inconsistent, Proved, Unknown

GOLDEN = Path(__file__).parent / "golden"
X, TOM, ANN = Var("v1"), Const("Tom"), Const("Ann")


def atom(pred: str, *names: str) -> Atom:
    return Atom(pred, tuple(Const(n) for n in names))


# --- English -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cat(Tom)", "Tom is a cat"),
        ("green(Tom)", "Tom is green"),
        ("animal(Tom)", "Tom is an animal"),
        ("living(Tom)", "Tom is living"),
        ("swim(Tom)", "Tom swims"),
        ("dravus(Tom)", "Tom is a dravus"),
        ("blorpous(Tom)", "Tom is blorpous"),
        ("university_student(Tom)", "Tom is a university student"),
        ("honest_man(Tom)", "Tom is an honest man"),
        ("chase(Tom, cow)", "Tom chases the cow"),
        ("not chase(Tom, grey_heron)", "Tom does not chase the grey heron"),
        ("live_in(Tom, New_York)", "Tom lives in New York"),
        ("taller(Tom, Bob)", "Tom is taller than Bob"),
        ("not taller_than(Tom, Bob)", "Tom is not taller than Bob"),
        ("father(Tom, Bob)", "Tom is the father of Bob"),
        ("sibling(Tom, Bob)", "Tom is a sibling of Bob"),
        ("part_of(wheel, car)", "the wheel is a part of the car"),
        ("married_to(Tom, Ann)", "Tom is married to Ann"),
        ("loved_by(Tom, Ann)", "Tom is loved by Ann"),
        ("has_owner(Tom, Ann)", "Tom has Ann as owner"),
        ("not hasOwner(Tom, Ann)", "Tom does not have Ann as owner"),
        ("near(Tom, Ann)", "Tom is near Ann"),
        ("give_to(Tom, book, Ann)", "Tom gives the book to Ann"),
        ("give(Tom, book, Ann)", "Tom stands in the relation “give” to the book and Ann"),
        ("human(socrates)", "socrates is a human"),
        ("forall x. cat(x) -> animal(x)", "every cat is an animal"),
        ("forall x. cat(x) and green(x) -> kind(x)", "every green cat is kind"),
        ("forall x. green(x) -> kind(x)", "if something is green then it is kind"),
        (
            "forall x. rough(x) and not green(x) -> kind(x)",
            "if something is rough and it is not green then it is kind",
        ),
        ("forall x. cat(x) -> not green(x)", "no cat is green"),
        ("not (exists x. cat(x) and green(x))", "no cat is green"),
        ("not (forall x. cat(x) -> green(x))", "not every cat is green"),
        ("exists x. cat(x) and not green(x)", "some cat is not green"),
        ("forall x. cat(x) and chase(x, cow) -> big(x)", "every cat that chases the cow is big"),
        ("exists y. dog(y) and own(Tom, y)", "Tom owns a dog"),
        ("not (exists y. dog(y) and own(Tom, y))", "Tom does not own any dog"),
        ("forall x. person(x) -> exists y. dog(y) and own(x, y)", "every person owns a dog"),
        (
            "exists y. dog(y) and (forall x. person(x) -> own(x, y))",
            "there is a y such that y is a dog and every person owns y",
        ),
        ("forall x. exists y. chase(x, y)", "everything chases something"),
        ("exists y. forall x. chase(x, y)", "there is a y such that everything chases y"),
        ("forall x. chase(x, x)", "everything chases itself"),
        (
            "forall x y. parent(x, y) -> older(x, y)",
            "for every x and y, if x is a parent of y then x is older than y",
        ),
        ("cat(Tom) and (big(Tom) or red(Tom))", "Tom is a cat and (Tom is big or Tom is red)"),
        # not "something chases Tom if and only if ...", which would be an existential
        (
            "forall x. (chase(x, Tom) <-> green(Tom))",
            "for every x, x chases Tom if and only if Tom is green",
        ),
        ("cat(Tom) xor dog(Tom)", "either Tom is a cat or Tom is a dog but not both"),
        ("Tom = Bob", "Tom is the same as Bob"),
        ("age(Tom) = 3", "the age of Tom equals 3"),
        ("age(Tom) < 1.5", "the age of Tom is less than 1.5"),
        ("false", "there is a contradiction"),
        (
            "fly(?x) :- bird(?x), naf penguin(?x).",
            "if something is a bird and it is not known to be a penguin then it flies",
        ),
        ("can_find(Ivo, map)", "Ivo can find the map"),
        ("not can_find(Ivo, map)", "Ivo cannot find the map"),
        ("canFly(Ivo)", "Ivo can fly"),
        ("not can_fly(Ivo)", "Ivo cannot fly"),
        ("must_pay(Ivo, fee)", "Ivo must pay the fee"),
        ("not must_pay(Ivo)", "Ivo does not have to pay"),
        ("not may_enter(Ivo, gate)", "Ivo may not enter the gate"),
        ("not should_go(Ivo)", "Ivo should not go"),
        ("will_win(Ivo, race)", "Ivo will win the race"),
        ("not might_lose(Ivo)", "Ivo might not lose"),
        ("not could_quickly_find(Ivo, map)", "Ivo could not quickly find the map"),
        ("not ought_to_pay(Ivo, fee)", "Ivo ought not to pay the fee"),
        ("not can_give_to(Ivo, book, Ann)", "Ivo cannot give the book to Ann"),
        ("can_be_seen_by(Ivo, Ann)", "Ivo can be seen by Ann"),
        ("not must_be_member_of(Ivo, club)", "Ivo does not have to be a member of the club"),
        ("must_not_be_member_of(Ivo, club)", "Ivo must not be a member of the club"),
        ("must_not_pay(Ivo)", "Ivo must not pay"),
        ("not must_not_pay(Ivo, fee)", "Ivo is not forbidden to pay the fee"),
        ("must_not_lend_to(Ivo, car, Ann)", "Ivo must not lend the car to Ann"),
        # "every guest must not smoke" might deny that every guest must
        ("forall x. guest(x) -> must_not_smoke(x)", "every guest is forbidden to smoke"),
        ("forall x. guest(x) -> not must_not_smoke(x)", "no guest is forbidden to smoke"),
        ("forall x. guest(x) -> not must_smoke(x)", "no guest must smoke"),
        (
            "forall x. rough(x) -> must_not_find(x, map)",
            "if something is rough then it is forbidden to find the map",
        ),
        (
            "forall x. guest(x) -> forall y. door(y) -> must_not_open(x, y)",
            "every guest is forbidden to open any door",
        ),
        ("not (exists y. door(y) and must_not_open(Ivo, y))", "Ivo is not forbidden to open any door"),
        # not "must not open a door", which is about every door
        (
            "exists y. door(y) and must_not_open(Ivo, y)",
            "there is a y such that y is a door and Ivo must not open y",
        ),
        (
            "rest(?x) :- naf must_not_pay(?x).",
            "if something is not known to be forbidden to pay then it rests",
        ),
        (
            "must_not_fly(Ivo) and forbidden_to_fly(Ivo)",
            "Ivo is “must_not_fly” and Ivo is “forbidden_to_fly”",
        ),
        ("must_not_go_out(Ivo)", "Ivo is “must_not_go_out”"),
        ("must_not(Ivo)", "Ivo is “must_not”"),
        ("at_least 2 ?x. cat(?x)", "there are at least two cats"),
        ("exactly 1 ?x. cat(?x) and old(?x)", "there is exactly one old cat"),
        ("at_least 2 ?x. cat(?x) and see(Ivo, ?x)", "Ivo sees at least two cats"),
        ("at_least 2 ?x. own(Ivo, ?x)", "Ivo owns at least two things"),
        ("at_least 14 ?x. cat(?x) and green(?x) and see(?x, Ivo)", "at least 14 green cats see Ivo"),
        ("exactly 1 ?x. cat(?x) and see(?x, Ivo)", "exactly one cat sees Ivo"),
        ("at_most 3 ?x. green(?x)", "at most three things are green"),
        (
            "forall y. person(y) -> (at_most 2 ?x. dog(?x) and own(y, ?x))",
            "every person owns at most two dogs",
        ),
        (
            "forall y. person(y) -> (exactly 2 ?x. dog(?x) and own(y, ?x))",
            "every person owns exactly two dogs",
        ),
        (
            "forall y. person(y) -> not (at_least 2 ?x. dog(?x) and own(y, ?x))",
            "no person owns at least two dogs",
        ),
        ("not (at_least 2 ?x. cat(?x))", "it is not the case that there are at least two cats"),
        ("(at_least 2 ?x. cat(?x)) -> happy(Ivo)", "if there are at least two cats then Ivo is happy"),
        (
            "at_least 2 ?x. cat(?x) or dog(?x)",
            "there are at least two things x1 such that x1 is a cat or x1 is a dog",
        ),
        # "must not open at least two doors" would leave him one
        (
            "at_least 2 ?x. door(?x) and must_not_open(Ivo, ?x)",
            "there are at least two things x1 such that x1 is a door and Ivo must not open x1",
        ),
        # no count: it speaks of the second of the things
        (
            "exists x, y. chase(x, y) and chase(y, y) and x != y",
            "there are x and y such that x chases y and y chases itself and x is not the same as y",
        ),
        ("can_zorp(Ivo, map)", "Ivo can zorp the map"),
        ("forall x. bird(x) -> can_fly(x)", "every bird can fly"),
        ("forall x. bird(x) -> not can_fly(x)", "no bird can fly"),
        ("exists x. bird(x) and not can_fly(x)", "some bird cannot fly"),
        ("forall x. bird(x) and can_fly(x) -> happy(x)", "every bird that can fly is happy"),
        ("forall x. bird(x) and not can_fly(x) -> sad(x)", "every bird that cannot fly is sad"),
        ("forall x. rough(x) -> can_find(x, map)", "if something is rough then it can find the map"),
        ("not (exists y. map(y) and can_find(Ivo, y))", "Ivo cannot find any map"),
        ("forall x. must_be_student(x) -> tired(x)", "if something must be a student then it is tired"),
        (
            "safe(?x) :- naf can_fly(?x), naf must_pay(?x).",
            "if something is not known to be able to fly and it is not known to have to pay then it is safe",
        ),
        # "may" has no infinitive
        ("bird(?x) :- naf may_enter(?x).", "if something is not known to be “may_enter” then it is a bird"),
        # not all that begins like a modal is one, and a modal is never conjugated
        ("can_opener(Ivo)", "Ivo is a can opener"),
        ("can(Ivo, fish)", "Ivo cans the fish"),
        ("may(Ivo, fish)", "Ivo stands in the relation “may” to the fish"),
        ("can_not_fly(Ivo)", "Ivo is “can_not_fly”"),
        ("cannot_pay(Ivo)", "Ivo is “cannot_pay”"),
        ("can_go_out(Ivo)", "Ivo is “can_go_out”"),
        ("can_fly(Ivo) and able_to_fly(Ivo)", "Ivo is “can_fly” and Ivo is “able_to_fly”"),
        ("not have_to_pay(Ivo, fee)", "Ivo does not have to pay the fee"),
        (
            "grandparent(?x, ?z) :- parent(?x, ?y), parent(?y, ?z).",
            "for every x, y and z, if x is a parent of y and y is a parent of z then x is a grandparent of z",
        ),
    ],
)  # fmt: skip
def test_english(text: str, said: str) -> None:
    assert english(read_statement(text)) == said


def test_hints_decide_and_bad_hints_are_refused() -> None:
    assert english(atom("guard", "Tom"), {"guard": "verb"}) == "Tom guards"
    assert english(atom("guard", "Tom"), {"guard": "adjective"}) == "Tom is guard"
    assert english(atom("guard", "Tom", "Ann"), {"guard": "verb"}) == "Tom guards Ann"
    with pytest.raises(InputError, match="expected one of: noun"):
        english(atom("guard", "Tom"), {"guard": "nuon"})


@pytest.mark.parametrize(
    ("value", "said"),
    [("3", "3"), ("-3/2", "-1.5"), ("1/8", "0.125"), ("1/3", "1/3"), ("100", "100"), ("1/20", "0.05")],
)
def test_numbers(value: str, said: str) -> None:
    assert english(Less(Num(Fraction(value)), Num(Fraction(7)))) == f"{said} is less than 7"


def test_different_symbols_never_read_the_same() -> None:
    same = And((atom("likes", "Tom", "Ann"), atom("like", "Tom", "Ann")))
    left, right = english(same).split(" and ")
    assert left != right
    assert english(Equal(Const("the_cow"), Const("cow"))) != english(Equal(Const("cow"), Const("cow")))
    assert (
        english(Equal(Const("http://a#x"), Const("http://b#x"))) == "“http://a#x” is the same as “http://b#x”"
    )
    assert english(atom("cat", "it")) == "“it” is a cat"


# one noun, one property, one relation
PLAIN = ("cat", "green", "chase")
MODAL = ("must_be_student", "can_fly", "can_find")


def _random(rng: random.Random, depth: int, scope: tuple[Var, ...], words: tuple[str, str, str]) -> Formula:
    terms: list[Term] = [TOM, *scope, *scope]
    if depth == 0 or rng.random() < 0.25:
        noun, green, chase = words
        pred = rng.choice((noun, green, chase, chase, "="))
        a, b = rng.choice(terms), rng.choice(terms)
        return Equal(a, b) if pred == "=" else Atom(pred, (a, b) if pred == chase else (a,))
    kind = rng.choice("naoxiiqAAAAEEEE")
    if kind == "n":
        return Not(_random(rng, depth - 1, scope, words))
    if kind in "AE":
        v = rng.choice((Var("x"), Var("y")))
        inner = tuple(dict.fromkeys((*scope, v)))
        body = _random(rng, depth - 1, inner, words)
        if rng.random() < 0.4:
            left = _random(rng, min(depth - 1, 1), inner, words)
            body = Implies(left, body) if kind == "A" else And((left, body))
        return Forall((v,), body) if kind == "A" else Exists((v,), body)
    left, right = _random(rng, depth - 1, scope, words), _random(rng, depth - 1, scope, words)
    match kind:
        case "a":
            return And((left, right))
        case "o":
            return Or((left, right))
        case "x":
            return Xor(left, right)
        case "i":
            return Implies(left, right)
        case _:
            return Iff(left, right)


@pytest.mark.parametrize("words", [PLAIN, MODAL])
def test_statements_that_read_the_same_mean_the_same(words: tuple[str, str, str]) -> None:
    rng = random.Random(20)
    worlds: list[tuple[range, int, Mapping[str, set[tuple[int, ...]]]]] = []
    for size in (1, 2, 2, 2, 2, 3, 3, 3) * 6:
        domain = range(size)
        worlds.append(
            (
                domain,
                rng.randrange(size),
                {
                    words[0]: {(i,) for i in domain if rng.random() < 0.5},
                    words[1]: {(i,) for i in domain if rng.random() < 0.5},
                    words[2]: {(i, j) for i in domain for j in domain if rng.random() < 0.5},
                },
            )
        )

    def holds(f: Formula, world: tuple[range, int, Mapping[str, set[tuple[int, ...]]]]) -> bool:
        domain, tom, predicates = world

        def value(t: Term, env: Mapping[Var, int]) -> int:
            return env[t] if isinstance(t, Var) else tom

        def leaf(a: Atom | Equal | Less, env: Mapping[Var, int]) -> bool:
            if isinstance(a, Atom):
                return tuple(value(t, env) for t in a.args) in predicates[a.pred]
            return value(a.left, env) == value(a.right, env)

        return truth(f, {}, domain, leaf, lambda: None)

    groups: dict[str, set[Formula]] = defaultdict(set)
    for _ in range(8000):
        f = _random(rng, rng.choice((1, 2, 2, 3)), (), words)
        groups[english(f)].add(f)
    several = {text: fs for text, fs in groups.items() if len(fs) > 1}
    assert len(several) > 40
    for text, fs in several.items():
        readings = {tuple(holds(f, w) for w in worlds) for f in fs}
        assert len(readings) == 1, (text, fs)


def test_counts_that_read_the_same_count_the_same() -> None:
    """All shapes of counts of a cat, what is green and who chases whom read differently, or mean the same."""
    v, w = Var("x"), Var("y")
    cat, green = Atom("cat", (v,)), Atom("green", (v,))
    chase = (Atom("chase", (TOM, v)), Atom("chase", (v, TOM)), Atom("chase", (v, v)))
    bodies = [
        cat,
        green,
        *chase,
        *(And((a, b)) for a in (cat, green) for b in (green, cat, *chase) if a != b),
    ]
    bodies += [Or((cat, green)), And((cat, Not(green)))]
    counts = [make(n, v, b) for make in (at_least, at_most, exactly) for n in (1, 2, 3) for b in bodies]
    of_each = [
        Forall((w,), Implies(Atom("cat", (w,)), make(2, v, Atom("chase", (w, v)))))
        for make in (at_least, at_most)
    ]
    formulas = [*counts, *(Not(c) for c in counts), *of_each]
    rng = random.Random(4)
    worlds = [
        (
            {(i,) for i in range(4) if rng.random() < 0.7},
            {(i,) for i in range(4) if rng.random() < 0.7},
            {(i, j) for i in range(4) for j in range(4) if rng.random() < 0.6},
        )
        for _ in range(40)
    ]

    def holds(f: Formula, world: tuple[set[tuple[int, ...]], ...]) -> bool:
        said = dict(zip(("cat", "green", "chase"), world, strict=True))

        def leaf(a: Atom | Equal | Less, env: Mapping[Var, int]) -> bool:
            def value(t: Term) -> int:
                return env[t] if isinstance(t, Var) else 0

            if isinstance(a, Atom):
                return tuple(map(value, a.args)) in said[a.pred]
            return value(a.left) == value(a.right)

        return truth(f, {}, range(4), leaf, lambda: None)

    groups: dict[str, list[Formula]] = defaultdict(list)
    for f in formulas:
        groups[english(f)].append(f)
    for text, same in groups.items():
        assert len({tuple(holds(f, w) for w in worlds) for f in same}) == 1, text
    assert sum("at most two" in text for text in groups) > 8


# --- outlines ------------------------------------------------------------------------------------


def span(label: str, text: str, formula: str, start: int, score: float = 1.0) -> Claim:
    return Claim(label, read_statement(formula), Span("story.txt", start, start + len(text), text), score)


def rule(label: str, formula: str, line: int, score: float = 1.0) -> Claim:
    return Claim(label, read_statement(formula), Axiom("zoo.ns", line, formula), score)


B = ((X, TOM),)
ZOO = Theory(
    (
        span("s1", "Tom is a cat.", "cat(Tom)", 0, 0.97),
        rule("r1", "forall x. cat(x) -> animal(x)", 3),
        rule("r2", "forall x. animal(x) -> living(x)", 4, 0.99),
        Claim(
            "r3",
            read_formula("forall x. animal(x) and living(x) -> mortal(x)"),
            Triple("bio.ttl", "<http://ex.org/bio#Living>", "<http://ex.org/rdfs#subClassOf>", "<http://ex.org/bio#Mortal>"),
        ),
    )
)  # fmt: skip


def derivation() -> OutlineNode:
    d = Derivation(
        (Step(atom("cat", "Tom"), Given("s1")), Step(atom("animal", "Tom"), Apply("r1", 0, B), (0,)))
    )
    return _proved(ZOO, atom("animal", "Tom"), d)


def shared_lemma() -> OutlineNode:
    steps = (
        Step(atom("cat", "Tom"), Given("s1")),
        Step(atom("animal", "Tom"), Apply("r1", 0, B), (0,)),
        Step(atom("living", "Tom"), Apply("r2", 0, B), (1,)),
        Step(atom("mortal", "Tom"), Apply("r3", 0, B), (1, 2)),
    )
    return _proved(ZOO, atom("mortal", "Tom"), Derivation(steps))


def _proved(theory: Theory, goal: Formula, evidence: Derivation | Refutation) -> OutlineNode:
    c = Certificate(Outcome.PROVED, evidence)
    return outline(theory, Proved(check(theory, goal, c), c), goal)


def refutation() -> OutlineNode:
    theory = Theory(
        (
            span(
                "s1",
                "Every person owns a dog.",
                "forall x. person(x) -> exists y. dog(y) and own(x, y)",
                0,
                0.9,
            ),
            span("s2", "Ann is a person.", "person(Ann)", 25, 0.95),
            span("s3", "Dog owners are kind.", "forall x y. dog(y) and own(x, y) -> kind(x)", 42),
        )
    )
    ann = (X, ANN)
    thing = (Var("v2"), Fn("$sk:s1:1", (ANN,)))
    r = Refutation(
        (
            Instance("s1", 0, (ann,)),
            Instance("s1", 1, (ann,)),
            Instance("s2", 0, ()),
            Instance("s3", 0, (ann, thing)),
            Instance(GOAL, 0, ()),
        )
    )
    return _proved(theory, atom("kind", "Ann"), r)


COLOURS = Theory(
    (
        span("s1", "Tom is a cat.", "cat(Tom)", 0),
        span("s2", "Every cat is big or red.", "forall x. cat(x) -> big(x) or red(x)", 14),
    )
)


def unknown_verdict() -> Unknown:
    big = FiniteModel(1, (("Tom", 0),), (), (("big", 1, ((0,),)), ("cat", 1, ((0,),))))
    red = FiniteModel(2, (("Tom", 0),), (), (("cat", 1, ((0,),)), ("red", 1, ((0,), (1,)))))
    c = Certificate(Outcome.UNKNOWN, Independence(big, red))
    return Unknown("two models", check(COLOURS, atom("big", "Tom"), c), c)


def unknown() -> OutlineNode:
    return outline(COLOURS, unknown_verdict(), atom("big", "Tom"))


def near_miss() -> OutlineNode:
    blocked = (BlockedRule("s2", (Not(atom("red", "Tom")),)),)
    return why_not(COLOURS, unknown_verdict(), atom("big", "Tom"), blocked)


KIND = Theory(
    (span("s1", "Tom is a cat.", "cat(Tom)", 0, 0.9), rule("r1", "kind(?x) :- cat(?x), naf angry(?x).", 1)),
    True,
)
MODEL = PerfectModel(
    (Support(atom("cat", "Tom"), "s1", 0, ()), Support(atom("kind", "Tom"), "r1", 0, ((Var("x"), TOM),))),
    (("kind", 1),),
)


def closed_world() -> OutlineNode:
    d = Derivation(
        (
            Step(atom("cat", "Tom"), Given("s1")),
            Step(Naf(atom("angry", "Tom")), InModel()),
            Step(atom("kind", "Tom"), Apply("r1", 0, ((Var("x"), TOM),)), (0, 1)),
        ),
        MODEL,
    )
    return _proved(KIND, atom("kind", "Tom"), d)


def absent() -> OutlineNode:
    c = Certificate(Outcome.DISPROVED, Derivation((Step(Not(atom("angry", "Tom")), InModel()),), MODEL))
    return outline(KIND, Disproved(check(KIND, atom("angry", "Tom"), c), c), atom("angry", "Tom"))


def inconsistent() -> OutlineNode:
    theory = Theory(
        (
            span("s1", "Tom is a cat.", "cat(Tom)", 0, 0.97),
            span("s2", "No cat is green.", "not (exists x. cat(x) and green(x))", 14, 0.99),
            span("s3", "Tom is green.", "green(Tom)", 31, 0.8),
            span("s4", "Ann sings.", "sing(Ann)", 45),
        )
    )
    c = Certificate(
        Outcome.INCONSISTENT, Refutation((Instance("s1", 0, ()), Instance("s2", 0, B), Instance("s3", 0, ())))
    )
    goal = atom("big", "Tom")
    return outline(theory, Inconsistent(check(theory, goal, c), c), goal)


START = Theory(
    (rule("i1", "at(robot, hall)", 1), rule("i2", "connected_to(hall, kitchen)", 2, 0.9)), closed_world=True
)


def plan_view() -> PlanView:
    move = StepView(
        "move",
        ("robot", "hall", "kitchen"),
        (
            PreconditionView(atom("at", "robot", "hall"), ("i1",)),
            PreconditionView(atom("connected_to", "hall", "kitchen"), ("i2",)),
            PreconditionView(Not(atom("locked", "kitchen")), (CLOSED_WORLD,)),
        ),
        (atom("at", "robot", "kitchen"), Not(atom("at", "robot", "hall"))),
    )
    pick = StepView(
        "pick_up",
        ("robot", "cup"),
        (PreconditionView(atom("at", "robot", "kitchen"), step=1),),
        (atom("hold", "robot", "cup"),),
    )
    return PlanView((move, pick), (PreconditionView(atom("hold", "robot", "cup"), step=2),))


def norms_and_counts() -> OutlineNode:
    theory = Theory(
        (
            span("s1", "Ann owns at least two cats.", "at_least 2 ?x. cat(?x) and own(Ann, ?x)", 0, 0.9),
            rule("r1", "forall p. (at_least 2 ?x. cat(?x) and own(p, ?x)) -> must_not_smoke(p)", 1),
        )
    )
    one, two = Const("$sk:s1:1"), Const("$sk:s1:2")
    r = Refutation(
        (
            Instance("r1", 0, ((Var("v2"), two), (X, ANN), (Var("v3"), one))),
            *(Instance("s1", i, ()) for i in range(5)),
            Instance(GOAL, 0, ()),
        )
    )
    return _proved(theory, atom("must_not_smoke", "Ann"), r)


def plan() -> OutlineNode:
    return plan_outline(plan_view(), START)


CASES = {
    f.__name__: f
    for f in (
        derivation,
        shared_lemma,
        refutation,
        unknown,
        near_miss,
        closed_world,
        absent,
        inconsistent,
        norms_and_counts,
        plan,
    )
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_golden_text(name: str) -> None:
    node = CASES[name]()
    got = f"{to_text(node)}\n{to_prose(node)}\n"
    path = GOLDEN / f"explain_{name}.txt"
    if os.environ.get("NEUROSYM_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")
    assert all(len(line) <= 80 for line in to_text(node).splitlines())


def _nodes(n: OutlineNode) -> list[OutlineNode]:
    return [n, *(m for c in n.children for m in _nodes(c))]


@pytest.mark.parametrize("name", sorted(CASES))
def test_json_holds_everything(name: str) -> None:
    node = CASES[name]()
    text = to_json(node)
    assert from_json(text) == node
    assert to_text(from_json(text)) == to_text(node)
    assert to_prose(from_json(text)) == to_prose(node)
    assert all(isinstance(v, str | int | float | list | dict) for v in json.loads(text).values())


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("width", [80, 50])
def test_the_terminal_shows_every_line(name: str, width: int) -> None:
    node = CASES[name]()
    console = Console(width=width, file=io.StringIO(), record=True, color_system=None)
    print_outline(node, console)
    shown = console.export_text()
    assert max(len(line) for line in shown.splitlines()) <= width
    letters = "".join(c for c in shown if c not in "│├└─ \n")
    for n in _nodes(node):
        for part in (head(n), reason(n), cite(n.source, n.text) if n.source else "", confidence(n)):
            assert part.replace(" ", "") in letters


def test_text_is_never_markup() -> None:
    theory = Theory((Claim("s1", atom("cat", "Tom"), Span("[red]x", 0, 13, "[bold]Tom is a cat[/bold]")),))
    c = Certificate(Outcome.PROVED, Derivation((Step(atom("cat", "Tom"), Given("s1")),)))
    node = outline(theory, Proved(check(theory, atom("cat", "Tom"), c), c), atom("cat", "Tom"))
    console = Console(width=80, file=io.StringIO(), record=True)
    print_outline(node, console)
    assert "“[bold]Tom is a cat[/bold]”" in console.export_text()


def test_shared_steps_stand_once() -> None:
    nodes = _nodes(shared_lemma())
    numbered = {n.number: n for n in nodes if n.number}
    steps = [n for n in nodes if n.kind is Kind.STEP]
    assert len({n.text for n in steps}) == len(steps) == 3
    (reference,) = [n for n in nodes if n.kind is Kind.REFERENCE]
    assert numbered[reference.see].text == reference.text == "Tom is an animal"


def test_bound_is_the_union_bound_of_the_hypotheses() -> None:
    assert derivation().bound == pytest.approx(0.97)
    assert shared_lemma().bound == pytest.approx(0.96)
    assert refutation().bound == pytest.approx(0.85)
    assert inconsistent().bound == pytest.approx(0.76)
    weak = Theory(tuple(replace(c, score=0.3) for c in ZOO.claims))
    c = Certificate(
        Outcome.PROVED,
        Derivation(
            (Step(atom("cat", "Tom"), Given("s1")), Step(atom("animal", "Tom"), Apply("r1", 0, B), (0,)))
        ),
    )
    goal = atom("animal", "Tom")
    assert outline(weak, Proved(check(weak, goal, c), c), goal).bound == 0.0


def test_the_conflict_set_is_exactly_what_is_shown() -> None:
    labels = {n.source.label for n in _nodes(inconsistent()) if n.source}
    assert labels == {"s1", "s2", "s3"}


def test_closed_world_is_named_as_an_assumption() -> None:
    for node in (closed_world(), absent(), plan()):
        (assumption,) = [n for n in _nodes(node) if n.kind is Kind.ASSUMPTION]
        assert assumption.text.startswith("closed world")
    assert not [n for n in _nodes(derivation()) if n.kind is Kind.ASSUMPTION]


def _sure(node: OutlineNode) -> str:
    """The confidence line, after checking that every rendering says the same."""
    said = confidence(node)
    console = Console(width=200, file=io.StringIO(), record=True)
    print_outline(node, console)
    for shown in (to_text(node, 200), console.export_text()):
        assert said in [line.strip(" │├└─") for line in shown.splitlines()]
    assert to_prose(node).endswith(f" {said[:1].upper()}{said[1:]}.")
    assert confidence(from_json(to_json(node))) == said
    return said


def test_confidence_names_the_closed_world_where_the_answer_rests_on_it() -> None:
    for node in (closed_world(), absent(), plan()):
        assert _sure(node) == "confidence at least 0.9, if what cannot be derived is false"
    sure = Theory(tuple(replace(c, score=1.0) for c in START.claims), closed_world=True)
    certain = "certain, if the claims hold"
    assert _sure(plan_outline(plan_view(), sure)) == f"{certain} and what cannot be derived is false"
    # a closed theory is no reason by itself: what counts is whether the proof uses it
    (step, _), goals = plan_view().steps, (PreconditionView(atom("at", "robot", "kitchen"), step=1),)
    used = PlanView((replace(step, preconditions=step.preconditions[:2]),), goals)
    assert _sure(plan_outline(used, sure)) == certain
    assert _sure(unknown()) == _sure(near_miss()) == certain
    assert _sure(derivation()) == "confidence at least 0.97"
    # a condition proved from claims and absence together
    both = PreconditionView(Not(atom("locked", "kitchen")), ("i1", CLOSED_WORLD))
    used = PlanView((replace(step, preconditions=(both,)),), goals)
    assert _sure(plan_outline(used, sure)) == f"{certain} and what cannot be derived is false"


def test_a_proof_of_thousands_of_steps_is_cut_into_lemmas() -> None:
    size = 3000
    p = [f"p{i}" for i in range(size)]
    claims = [rule("f", "p0(Tom)", 1)] + [
        rule(f"r{i}", f"forall x. p{i}(x) -> p{i + 1}(x)", i) for i in range(size - 1)
    ]
    steps = [Step(atom("p0", "Tom"), Given("f"))]
    steps += [Step(atom(p[i + 1], "Tom"), Apply(f"r{i}", 0, B), (i,)) for i in range(size - 1)]
    theory, goal = Theory(tuple(claims)), atom(p[-1], "Tom")
    node = _proved(theory, goal, Derivation(tuple(steps)))
    numbers = [n.number for n in _nodes(node) if n.number]
    assert sorted(numbers) == list(range(1, size + 1))
    assert {n.see for n in _nodes(node) if n.see} <= set(numbers)
    assert all(len(line) <= 80 for line in to_text(node).splitlines())
    assert from_json(to_json(node)) == node
    (rests,) = [n for n in node.children if n.text == "rests on"]
    assert len(rests.children) == 13  # twelve claims and how many more there are


def test_every_kind_of_step_and_source_has_words() -> None:
    theory = Theory(
        (
            Claim("s1", atom("cat", "Tom"), Analogy(("e1", "e2"), "Tom is a cat"), 0.5),
            Claim("s2", Not(atom("cat", "Tom")), Observation("no cat was seen")),
        )
    )
    c = Certificate(
        Outcome.INCONSISTENT,
        Derivation(
            (
                Step(atom("cat", "Tom"), Given("s1")),
                Step(Not(atom("cat", "Tom")), Given("s2")),
                Step(Or(()), Contradiction(), (0, 1)),
            )
        ),
    )
    text = to_text(outline(theory, Inconsistent(check(theory, atom("p"), c), c), atom("p")))
    assert "analogy e1 e2" in text
    assert "“no cat was seen”" in text
    assert "these two cannot both be true" in text
    goal = Exists((Var("x"),), Atom("cat", (Var("x"),)))
    w = Derivation((Step(atom("cat", "Tom"), Given("s1")), Step(goal, Witness(((Var("x"), TOM),)), (0,))))
    assert "for instance Tom" in to_text(_proved(Theory(theory.claims[:1]), goal, w))


def test_not_derivable_and_limits() -> None:
    theory, goal = replace(KIND, closed_world=False), atom("angry", "Tom")
    c = Certificate(Outcome.UNKNOWN, NotDerivable(MODEL))
    text = to_text(outline(theory, Unknown("not derivable", check(theory, goal, c), c), goal))
    assert "neither this nor its negation can be derived" in text
    bare = outline(theory, Unknown("time limit of 10 s"), goal)
    assert bare.text == "Unknown: Tom is angry (time limit of 10 s)"
    assert bare.bound is None
    assert bare.children == ()


def test_sentences_teach_parts_of_speech() -> None:
    def said(text: str, formula: Statement) -> str:
        theory = Theory((Claim("s1", formula, Span("d", 0, len(text), text)),))
        c = Certificate(Outcome.PROVED, Derivation((Step(formula, Given("s1")),)))  # type: ignore[arg-type]
        goal = formula
        return outline(theory, Proved(check(theory, goal, c), c), goal).text  # type: ignore[arg-type]

    assert said("Tom is a mortal.", atom("mortal", "Tom")) == "Yes: Tom is a mortal"
    assert said("Tom is mortal.", atom("mortal", "Tom")) == "Yes: Tom is mortal"
    assert said("Tom guards.", atom("guard", "Tom")) == "Yes: Tom guards"
    assert said("Tom is a guard.", atom("guard", "Tom")) == "Yes: Tom is a guard"


def test_views_that_do_not_fit_are_refused() -> None:
    view = plan_view()
    later = replace(view, steps=view.steps[::-1])
    with pytest.raises(InputError, match="step 1 rests on step 1, which does not come earlier"):
        plan_outline(later, START)
    with pytest.raises(InputError, match="without a source"):
        plan_outline(replace(view, goals=(PreconditionView(atom("hold", "robot", "cup")),)), START)
    with pytest.raises(InputError, match="claim 'i1', which the theory does not hold"):
        plan_outline(view, Theory(START.claims[1:], True))
    with pytest.raises(InputError, match="claim 'nine'"):
        why_not(COLOURS, unknown_verdict(), atom("big", "Tom"), (BlockedRule("nine", ()),))
    with pytest.raises(InputError, match="not an outline"):
        from_json('{"kind": "riddle", "text": ""}')

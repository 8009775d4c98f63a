"""Valid certificates of every kind, written by hand, with the questions they answer.

`EXAMPLES` feeds test_kernel, test_certificate_json and test_mutations.  Texts are in the format of
`neurosym.syntax`; nothing here comes from a solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from neurosym.logic import And, Atom, Naf, Not, Var
from neurosym.proof import (
    GOAL,
    Apply,
    Binding,
    By,
    Certificate,
    Compute,
    Conjunction,
    Contradiction,
    Derivation,
    Disjunction,
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
from neurosym.syntax import read_formula, read_term, read_theory
from neurosym.theory import Theory


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    text: str
    goal: str
    certificate: Certificate
    hypotheses: frozenset[str]

    @property
    def theory(self) -> Theory:
        return read_theory(self.text)


def bind(**values: str) -> Binding:
    return tuple((Var(v), read_term(t)) for v, t in values.items())


def step(conclusion: str, by: By, *premises: int) -> Step:
    if conclusion.startswith("naf "):
        atom = read_formula(conclusion[4:])
        assert isinstance(atom, Atom)
        return Step(Naf(atom), by, premises)
    return Step(read_formula(conclusion), by, premises)


def derived(outcome: str, *steps: Step, model: PerfectModel | None = None) -> Certificate:
    return Certificate(Outcome(outcome), Derivation(steps, model))


def refuted(outcome: str, *instances: Instance) -> Certificate:
    return Certificate(Outcome(outcome), Refutation(instances))


def on(literal: str, label: str, index: int = 0, **values: str) -> Support:
    f = read_formula(literal)
    assert isinstance(f, Atom | Not)
    return Support(f, label, index, bind(**values))


def use(label: str, index: int = 0, **values: str) -> Instance:
    return Instance(label, index, bind(**values))


_FAMILY = """
p1: parent(ann, bob).  p2: parent(bob, cid).
base: ancestor(?x, ?y) :- parent(?x, ?y).
more: ancestor(?x, ?z) :- parent(?x, ?y), ancestor(?y, ?z).
"""
_BIRDS = """
b1: bird(tweety).  b2: bird(pingu).  c: penguin(pingu).
odd: abnormal(?x) :- penguin(?x).
fly: flies(?x) :- bird(?x), naf abnormal(?x).
"""
_CLOSED_BIRDS = """closed world.
b1: bird(tweety).  b2: bird(pingu).  c: penguin(pingu).
fly: forall x. bird(x) and not penguin(x) -> flies(x).
"""
BIRD_MODEL = PerfectModel(
    (
        on("bird(tweety)", "b1"),
        on("bird(pingu)", "b2"),
        on("penguin(pingu)", "c"),
        on("abnormal(pingu)", "odd", x="pingu"),
        on("flies(tweety)", "fly", x="tweety"),
    ),
    (("abnormal", 0), ("flies", 1)),
)
CLOSED_MODEL = PerfectModel(
    (
        on("bird(tweety)", "b1"),
        on("bird(pingu)", "b2"),
        on("penguin(pingu)", "c"),
        on("flies(tweety)", "fly", v1="tweety"),
    ),
    (("flies", 1),),
)
_ANCESTOR = (
    step("parent(ann, bob)", Given("p1")),
    step("parent(bob, cid)", Given("p2")),
    step("ancestor(bob, cid)", Apply("base", 0, bind(x="bob", y="cid")), 1),
    step("ancestor(ann, cid)", Apply("more", 0, bind(x="ann", y="bob", z="cid")), 0, 2),
)


def _labels(*labels: str) -> frozenset[str]:
    return frozenset(labels)


EXAMPLES = (
    Example("truth", "a: p.", "true", derived("proved", Step(And(()), Conjunction())), frozenset()),
    Example(
        "rules", _FAMILY, "ancestor(ann, cid)", derived("proved", *_ANCESTOR),
        _labels("p1", "p2", "base", "more"),
    ),
    Example(
        "witness-and-or", _FAMILY, "exists x. parent(x, bob) and (ancestor(x, cid) or lost(x))",
        derived(
            "proved", *_ANCESTOR,
            step("ancestor(ann, cid) or lost(ann)", Disjunction(), 3),
            step("parent(ann, bob) and (ancestor(ann, cid) or lost(ann))", Conjunction(), 0, 4),
            step(
                "exists x. parent(x, bob) and (ancestor(x, cid) or lost(x))", Witness(bind(x="ann")), 5
            ),
        ),
        _labels("p1", "p2", "base", "more"),
    ),
    Example(
        "formula-rules-disproved", "a: forall x. fish(x) or bird(x) -> not mammal(x).  b: bird(tux).",
        "mammal(tux)",
        derived(
            "disproved", step("bird(tux)", Given("b")),
            step("not mammal(tux)", Apply("a", 1, bind(v1="tux")), 0),
        ),
        _labels("a", "b"),
    ),
    Example(
        "compute", "a: age(ann, 12).  m: forall x n. age(x, n) and n < 18 -> minor(x).", "minor(ann)",
        derived(
            "proved", step("age(ann, 12)", Given("a")), step("12 < 18", Compute()),
            step("minor(ann)", Apply("m", 0, bind(v1="ann", v2="12")), 0, 1),
        ),
        _labels("a", "m"),
    ),
    Example(
        "contradiction", "a: forall x. man(x) -> mortal(x).  b: man(z).  c: not mortal(z).", "man(z)",
        derived(
            "inconsistent", step("man(z)", Given("b")),
            step("mortal(z)", Apply("a", 0, bind(v1="z")), 0),
            step("not mortal(z)", Given("c")), step("false", Contradiction(), 1, 2),
        ),
        _labels("a", "b", "c"),
    ),
    Example(
        "negation-as-failure", _BIRDS, "flies(tweety)",
        derived(
            "proved", step("bird(tweety)", Given("b1")), step("naf abnormal(tweety)", InModel()),
            step("flies(tweety)", Apply("fly", 0, bind(x="tweety")), 0, 1), model=BIRD_MODEL,
        ),
        _labels("b1", "b2", "c", "odd", "fly", "closed-world"),
    ),
    Example(
        "not-derivable", _BIRDS, "flies(pingu)", Certificate(Outcome.UNKNOWN, NotDerivable(BIRD_MODEL)),
        _labels("b1", "b2", "c", "odd", "fly", "closed-world"),
    ),
    Example(
        "closed-world-formula", _CLOSED_BIRDS, "forall x. flies(x) <-> bird(x) and not penguin(x)",
        derived(
            "proved", step("forall x. flies(x) <-> bird(x) and not penguin(x)", InModel()), model=CLOSED_MODEL
        ),
        _labels("b1", "b2", "c", "fly", "closed-world"),
    ),
    Example(
        "closed-world-absence", _CLOSED_BIRDS, "flies(pingu)",
        derived("disproved", step("not flies(pingu)", InModel()), model=CLOSED_MODEL),
        _labels("b1", "b2", "c", "fly", "closed-world"),
    ),
    Example(
        "closed-world-rule", _CLOSED_BIRDS, "exists x. flies(x) and x != pingu",
        derived(
            "proved", step("bird(tweety)", Given("b1")), step("naf penguin(tweety)", InModel()),
            step("flies(tweety)", Apply("fly", 0, bind(v1="tweety")), 0, 1),
            step("tweety != pingu", Compute()),
            step("flies(tweety) and tweety != pingu", Conjunction(), 2, 3),
            step("exists x. flies(x) and x != pingu", Witness(bind(x="tweety")), 4), model=CLOSED_MODEL,
        ),
        _labels("b1", "b2", "c", "fly", "closed-world"),
    ),
    Example(
        "closed-world-constraint",
        "closed world.  a: on(valve).  b: forall x. on(x) and not stuck(x) -> not shut(x).  c: shut(valve).",
        "on(valve)",
        derived(
            "inconsistent", step("on(valve)", Given("a")), step("naf stuck(valve)", InModel()),
            step("not shut(valve)", Apply("b", 0, bind(v1="valve")), 0, 1), step("shut(valve)", Given("c")),
            step("false", Contradiction(), 3, 2),
            model=PerfectModel((on("on(valve)", "a"), on("shut(valve)", "c")), ()),
        ),
        _labels("a", "b", "c", "closed-world"),
    ),
    Example(
        "refutation-cases", "a: tea or coffee.  b: tea -> hot.  c: coffee -> hot.", "hot",
        refuted("proved", use("a"), use("b"), use("c"), use(GOAL)), _labels("a", "b", "c"),
    ),
    Example(
        "refutation-skolem", "a: exists y. forall x. loves(x, y).", "forall x. exists y. loves(x, y)",
        refuted(
            "proved", use("a", v2=f"'$sk:{GOAL}:1'"), use(GOAL, v2="'$sk:a:1'")
        ),
        _labels("a"),
    ),
    Example(
        "refutation-equality",
        "a: father(ann) = carl.  b: ann = anna.  c: forall x. x = carl -> tall(x).  d: idle.",
        "tall(father(anna))",
        refuted("proved", use("a"), use("b"), use("c", v1="father(anna)"), use(GOAL)),
        _labels("a", "b", "c"),
    ),
    Example(
        "refutation-congruence", "a: f(f(f(a))) = a.  b: f(f(f(f(f(a))))) = a.", "f(a) != a",
        refuted("disproved", use("a"), use("b"), use(GOAL)), _labels("a", "b"),
    ),
    Example(
        "refutation-numerals", "a: price(milk) = 1.  b: price(milk) = 2.  c: dear(milk).", "dear(milk)",
        refuted("inconsistent", use("a"), use("b")), _labels("a", "b"),
    ),
    Example(
        "refutation-order", "a: price(milk) = 1/2.  b: forall x. price(x) < 2/3 -> cheap(x).", "cheap(milk)",
        refuted("proved", use("a"), use("b", v1="milk"), use(GOAL)),
        _labels("a", "b"),
    ),
    Example(
        "independence", "a: exists x. cat(x).  b: exists x. black(x).", "exists x. cat(x) and black(x)",
        Certificate(
            Outcome.UNKNOWN,
            Independence(
                FiniteModel(1, predicates=(("cat", 1, ((0,),)), ("black", 1, ((0,),)))),
                FiniteModel(2, predicates=(("cat", 1, ((0,),)), ("black", 1, ((1,),)))),
            ),
        ),
        _labels("a", "b"),
    ),
    Example(
        "independence-functions", "a: forall x. score(x) = 1 or score(x) = 2.  b: score(mo) != score(lu).",
        "score(mo) < score(lu)",
        Certificate(
            Outcome.UNKNOWN,
            Independence(
                FiniteModel(
                    2, (("mo", 0), ("lu", 1)), (("score", (0,), 0), ("score", (1,), 1)), (),
                    ((Fraction(1), 0), (Fraction(2), 1)),
                ),
                FiniteModel(
                    2, (("mo", 0), ("lu", 1)), (("score", (0,), 1), ("score", (1,), 0)), (),
                    ((Fraction(1), 0), (Fraction(2), 1)),
                ),
            ),
        ),
        _labels("a", "b"),
    ),
)  # fmt: skip

"""Valid certificates of every kind, written by hand, with the questions they answer.

`EXAMPLES` feeds test_kernel, test_certificate_json and test_mutations.  Texts are in the format of
`neurosym.syntax`, with two spaces between claims and none inside.  Nothing here comes from a solver, but for
the models of defeasible theories: their compiled rules are too many to be written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from neurosym.logic import And, Atom, Clause, Literal, Naf, Not, Var, is_literal
from neurosym.proof import (
    GOAL,
    Apply,
    Binding,
    By,
    Certificate,
    Compute,
    Congruent,
    Conjunction,
    Contradiction,
    Derivation,
    Disjunction,
    Farkas,
    FiniteModel,
    Given,
    Independence,
    InModel,
    Instance,
    Lemma,
    Mixed,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
    Split,
    Stage,
    Step,
    Support,
    Trichotomy,
    WellFoundedModel,
    Whole,
    WholeSum,
    Witness,
)
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_term, read_theory
from neurosym.theory import Theory
from neurosym.verdict import Limits


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


def derived(outcome: str, *steps: Step, model: Model | None = None) -> Certificate:
    return Certificate(Outcome(outcome), Derivation(steps, model))


def refuted(
    outcome: str, *instances: Instance, lemmas: tuple[Lemma, ...] = (), proof: tuple[Clause, ...] = ()
) -> Certificate:
    return Certificate(Outcome(outcome), Refutation(instances, lemmas, proof))


def literal(text: str) -> Literal:
    f = read_formula(text)
    assert is_literal(f)
    return f


def clause(*texts: str) -> Clause:
    return tuple(map(literal, texts))


def adding(*parts: tuple[str, str]) -> Farkas:
    return Farkas(tuple((literal(text), Fraction(k)) for text, k in parts))


def signed(*texts: str) -> tuple[Atom | Not, ...]:
    return tuple(f for f in map(literal, texts) if isinstance(f, Atom | Not))


def solved(text: str, goal: str) -> Certificate:
    """Of a defeasible theory: its compiled rules are beyond writing by hand."""
    solver = make_solver("auto")
    try:
        verdict = solver.solve(read_theory(text), read_formula(goal), Limits(seconds=60))
    finally:
        solver.close()
    assert verdict.certificate is not None, verdict
    return verdict.certificate


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


_GAME = """closed world.
a: move(p, q).  b: move(q, p).  c: move(q, r).  d: move(s, t).  e: move(t, s).
w: forall x y. move(x, y) and not win(y) -> win(x).
"""
_MOVES = signed("move(p, q)", "move(q, p)", "move(q, r)", "move(s, t)", "move(t, s)")
# r cannot move: q wins, so that p loses; s and t wait for each other
GAME_MODEL = WellFoundedModel(
    (
        Stage(
            (*_MOVES, *signed("win(p)", "win(q)", "win(s)", "win(t)")),
            (
                *(Support(f, label, 0, ()) for f, label in zip(_MOVES, "abcde", strict=True)),
                on("win(q)", "w", v1="q", v2="r"),
            ),
        ),
        Stage((*_MOVES, *signed("win(q)", "win(s)", "win(t)"))),
    ),
    (on("win(s)", "w", v1="s", v2="t"), on("win(t)", "w", v1="t", v2="s")),
)
_GAME_LABELS = frozenset({*"abcdew", "closed-world"})
_LOOP = """
q: bird(tweety).  s: stays(?x) :- bird(?x), naf goes(?x).  g: goes(?x) :- bird(?x), naf stays(?x).
u: sings(?x) :- bird(?x), naf ill(?x).
"""
LOOP_MODEL = WellFoundedModel(
    (
        Stage(
            signed("bird(tweety)", "stays(tweety)", "goes(tweety)", "sings(tweety)"),
            (on("bird(tweety)", "q"), on("sings(tweety)", "u", x="tweety")),
        ),
        Stage(signed("bird(tweety)", "stays(tweety)", "goes(tweety)", "sings(tweety)")),
    ),
    (on("stays(tweety)", "s", x="tweety"), on("goes(tweety)", "g", x="tweety")),
)
_SHOP = """closed sold/1.
a: sold(tea).  c: cheap(milk).  r: forall x. not sold(x) -> kept(x).
"""
SHOP_MODEL = PerfectModel((on("sold(tea)", "a"),), ())
_PARADOX = """semantics chaining.
a: good(ann).  b: good(?x) :- kind(?x).  n: not good(?x) :- rude(?x).  c: rude(ann).  d: kind(bob).
"""
PARADOX_MODEL = PerfectModel(
    (
        on("good(ann)", "a"), on("rude(ann)", "c"), on("kind(bob)", "d"),
        on("good(bob)", "b", x="bob"), on("not good(ann)", "n", x="ann"),
    ),
    (),
)  # fmt: skip
_PENGUINS = """semantics defeasible.
a: normally flies(?x) :- bird(?x).  b: normally not flies(?x) :- penguin(?x).
c: bird(?x) :- penguin(?x).  d: penguin(opus).  e: bird(tweety).
"""
_TEAMS = """semantics defeasible.
a: normally pays :- rich.  b: normally not pays :- mean.  c: rich.  d: mean.
e: normally waits :- late.  f: normally not waits :- busy.  g: late.  h: busy.
prefer a over b.
"""
_WEIGHED = frozenset({*"abcdefgh", "closed-world"})


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
    Example(
        "well-founded-true", _GAME, "win(q)",
        derived(
            "proved", step("move(q, r)", Given("c")), step("naf win(r)", InModel()),
            step("win(q)", Apply("w", 0, bind(v1="q", v2="r")), 0, 1), model=GAME_MODEL,
        ),
        _GAME_LABELS,
    ),
    Example(
        "well-founded-false", _GAME, "win(p)",
        derived("disproved", step("not win(p)", InModel()), model=GAME_MODEL), _GAME_LABELS,
    ),
    Example(
        "well-founded-undefined", _GAME, "win(q) and not win(s)",
        Certificate(Outcome.UNKNOWN, NotDerivable(GAME_MODEL)), _GAME_LABELS,
    ),
    Example(
        "well-founded-open", _LOOP, "sings(tweety)",
        derived(
            "proved", step("bird(tweety)", Given("q")), step("naf ill(tweety)", InModel()),
            step("sings(tweety)", Apply("u", 0, bind(x="tweety")), 0, 1), model=LOOP_MODEL,
        ),
        _labels("q", "s", "g", "u", "closed-world"),
    ),
    Example(
        "well-founded-not-derivable", _LOOP, "stays(tweety)",
        Certificate(Outcome.UNKNOWN, NotDerivable(LOOP_MODEL)), _labels("q", "s", "g", "u", "closed-world"),
    ),
    Example(
        "sum-and-product", "a: width(3/2).  r: wide(?n) :- width(?n), ?n * 2 + 1 = 4, 1 - ?n < 0.",
        "wide(3/2)",
        derived(
            "proved", step("width(3/2)", Given("a")), step("3/2 * 2 + 1 = 4", Compute()),
            step("1 - 3/2 < 0", Compute()), step("wide(3/2)", Apply("r", 0, bind(n="3/2")), 0, 1, 2),
        ),
        _labels("a", "r"),
    ),
    Example(
        "farkas", "a: x < y.  b: y <= z.", "x < z",
        refuted(
            "proved", use("a"), use("b"), use(GOAL),
            lemmas=(adding(("x < y", "1"), ("y <= z", "1"), ("not x < z", "1")),),
        ),
        _labels("a", "b"),
    ),
    Example(
        "farkas-proof", "a: 2 * x + y <= 4.  b: 1 <= x.  c: y = 3 or high.  d: high -> 3 <= y.", "high",
        refuted(
            "inconsistent", use("a"), use("b"), use("c"), use("d"),
            lemmas=(
                adding(("2 * x + y <= 4", "1/2"), ("1 <= x", "1"), ("y = 3", "-1/2")),
                adding(("2 * x + y <= 4", "1"), ("1 <= x", "2"), ("3 <= y", "1")),
            ),
            proof=(clause("high"), ()),
        ),
        _labels("a", "b", "c", "d"),
    ),
    Example(
        "split", "a: integer(n).  b: 1 < n * 2.", "1 <= n",
        refuted(
            "proved", use("a"), use("b"), use(GOAL),
            lemmas=(Split(read_term("n"), 0), adding(("n <= 0", "2"), ("1 < n * 2", "1"))), proof=((),),
        ),
        _labels("a", "b"),
    ),
    Example(
        "whole", "a: integer(3/2) or rain.  b: integer(-2) -> wind.", "rain and wind",
        refuted(
            "proved", use("a"), use("b"), use(GOAL),
            lemmas=(Whole(Fraction(3, 2)), Whole(Fraction(-2))), proof=(clause("rain"), clause("wind"), ()),
        ),
        _labels("a", "b"),
    ),
    Example(
        "whole-sum", "a: integer(n).  b: integer(m).", "integer(2 * n - m + 3)",
        refuted(
            "proved", use("a"), use("b"), use(GOAL),
            lemmas=(WholeSum(read_term("2 * n - m + 3")),), proof=((),),
        ),
        _labels("a", "b"),
    ),
    Example(
        "trichotomy-and-congruence", "a: not x < y.  b: not y < x.  c: p(x).", "p(y)",
        refuted(
            "proved", use("a"), use("b"), use("c"), use(GOAL),
            lemmas=(
                Trichotomy(read_term("x"), read_term("y")),
                Congruent(clause("x != y", "not p(x)", "p(y)")),
            ),
            proof=(clause("x = y"), ()),
        ),
        _labels("a", "b", "c"),
    ),
    Example(
        "independence-numbers", "a: x + y = 3.  b: not integer(x).", "x < y",
        Certificate(
            Outcome.UNKNOWN,
            Independence(
                FiniteModel(
                    3, (("x", 0), ("y", 1)), (), (),
                    ((Fraction(1, 2), 0), (Fraction(5, 2), 1), (Fraction(3), 2)),
                ),
                FiniteModel(
                    3, (("x", 1), ("y", 0)), (), (),
                    ((Fraction(1, 2), 0), (Fraction(5, 2), 1), (Fraction(3), 2)),
                ),
            ),
        ),
        _labels("a", "b"),
    ),
    Example(
        "mixed-refutation", _SHOP, "kept(milk)",
        Certificate(
            Outcome.PROVED,
            Mixed(
                SHOP_MODEL,
                Refutation((
                    use("r", v1="milk"), use("closed sold/1", 1, v1="milk"), use("names 1"), use(GOAL)
                )),
            ),
        ),
        _labels("a", "r", "closed-world"),
    ),
    Example(
        "mixed-derivation", _SHOP, "cheap(milk)",
        Certificate(Outcome.PROVED, Mixed(SHOP_MODEL, Derivation((step("cheap(milk)", Given("c")),)))),
        _labels("c"),
    ),
    Example(
        "mixed-independence", _SHOP, "kept(tea)",
        Certificate(
            Outcome.UNKNOWN,
            Mixed(
                SHOP_MODEL,
                Independence(
                    FiniteModel(
                        2, (("tea", 0), ("milk", 1)), (),
                        (("sold", 1, ((0,),)), ("cheap", 1, ((1,),)), ("kept", 1, ((0,), (1,)))),
                    ),
                    FiniteModel(
                        2, (("tea", 0), ("milk", 1)), (),
                        (("sold", 1, ((0,),)), ("cheap", 1, ((1,),)), ("kept", 1, ((1,),))),
                    ),
                ),
            ),
        ),
        _labels("a", "c", "r", "closed-world"),
    ),
    Example(
        "chaining-proved", _PARADOX, "good(bob) and rude(ann)",
        derived(
            "proved", step("kind(bob)", Given("d")), step("good(bob)", Apply("b", 0, bind(x="bob")), 0),
            step("rude(ann)", Given("c")), step("good(bob) and rude(ann)", Conjunction(), 1, 2),
        ),
        _labels("b", "c", "d"),
    ),
    Example(
        "chaining-disproved", _PARADOX, "good(ann)",
        derived(
            "disproved", step("rude(ann)", Given("c")),
            step("not good(ann)", Apply("n", 0, bind(x="ann")), 0),
        ),
        _labels("n", "c"),
    ),
    Example(
        "chaining-unknown", _PARADOX, "rude(bob)",
        Certificate(Outcome.UNKNOWN, NotDerivable(PARADOX_MODEL)),
        _labels("a", "b", "n", "c", "d", "closed-world"),
    ),
    Example(
        "defeasible-disproved", _PENGUINS, "flies(opus)", solved(_PENGUINS, "flies(opus)"),
        _labels("a", "b", "c", "d", "e", "closed-world"),
    ),
    Example("defeasible-proved", _TEAMS, "pays", solved(_TEAMS, "pays"), _WEIGHED),
    Example("defeasible-unknown", _TEAMS, "waits", solved(_TEAMS, "waits"), _WEIGHED),
)  # fmt: skip

"""Forged certificates: for something false, or for something that they do not prove.

`FORGED` feeds test_kernel; each row is a name, a theory, a goal, and the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from certificates import (
    BIRD_MODEL,
    CLOSED_MODEL,
    EXAMPLES,
    GAME_MODEL,
    LOOP_MODEL,
    PARADOX_MODEL,
    SHOP_MODEL,
    adding,
    bind,
    clause,
    derived,
    literal,
    on,
    refuted,
    signed,
    step,
    use,
)

from neurosym.logic import Atom, Const, Equal, Fn, Less, Naf, Not, Num
from neurosym.proof import (
    GOAL,
    Apply,
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
    Mixed,
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
from neurosym.syntax import read_formula, read_term


def _forged() -> Iterator[tuple[str, str, str, Certificate]]:
    # --- derivations
    yield "no-steps", "a: p.", "p", derived("proved")
    yield "not-said", "a: p.", "q", derived("proved", step("q", Given("a")))
    yield "no-such-claim", "a: p.", "q", derived("proved", step("q", Given("b")))
    yield (
        "given-with-premise",
        "a: p.",
        "p",
        derived("proved", step("p", Given("a")), step("p", Given("a"), 0)),
    )
    yield "goal-is-no-claim", "a: p.", "q", derived("proved", step("q", Given(GOAL)))
    yield "its-own-premise", "a: q -> p.", "p", derived("proved", step("p", Apply("a", 0, ()), 0))
    yield (
        "circular", "a: q -> p.  b: p -> q.", "p",
        derived("proved", step("q", Apply("b", 0, ()), 1), step("p", Apply("a", 0, ()), 0)),
    )  # fmt: skip
    yield (
        "negative-premise", "a: q -> p.  b: p -> q.", "p",
        derived("proved", step("q", Apply("b", 0, ()), -1), step("p", Apply("a", 0, ()), 0)),
    )  # fmt: skip
    fact = step("cat(tom)", Given("a"))
    for name, by in {
        "missing-binding": Apply("r", 0, ()),
        "wrong-binding": Apply("r", 0, bind(v1="rex")),
        "open-binding": Apply("r", 0, bind(v1="?y")),
        "wrong-variable": Apply("r", 0, bind(x="tom")),
        "no-rule-1": Apply("r", 1, bind(v1="tom")),
        "no-rule--1": Apply("r", -1, bind(v1="tom")),
        "a-fact-as-rule": Apply("a", 0, ()),
    }.items():
        yield (
            name,
            "a: cat(tom).  r: forall x. cat(x) -> soft(x).",
            "soft(tom)",
            derived("proved", fact, step("soft(tom)", by, 0)),
        )
    yield (
        "premise-left-out",
        "r: forall x. cat(x) -> soft(x).",
        "soft(tom)",
        derived("proved", step("soft(tom)", Apply("r", 0, bind(v1="tom")))),
    )
    yield (
        "affirming-the-consequent",
        "a: soft(tom).  r: forall x. cat(x) -> soft(x).",
        "cat(tom)",
        derived("proved", step("soft(tom)", Given("a")), step("cat(tom)", Apply("r", 0, bind(v1="tom")), 0)),
    )
    yield "no-rule-in-a-disjunction", "a: p or q.", "p", derived("proved", step("p", Apply("a", 0, ())))
    yield (
        "unused-claim-is-not-enough",
        "a: p.",
        "q",
        derived("proved", step("p", Given("a")), step("q or p", Disjunction(), 0)),
    )
    yield (
        "conjunction-of-one",
        "a: p.",
        "p and q",
        derived("proved", step("p", Given("a")), step("p and q", Conjunction(), 0)),
    )
    yield (
        "conjunction-swapped",
        "a: p.  b: q.",
        "p and q",
        derived("proved", step("p", Given("a")), step("q", Given("b")), step("p and q", Conjunction(), 1, 0)),
    )
    yield "empty-disjunction", "a: p.", "false", derived("proved", step("false", Disjunction()))
    yield (
        "disjunction-of-another",
        "a: p.",
        "q or r",
        derived("proved", step("p", Given("a")), step("q or r", Disjunction(), 0)),
    )
    yield (
        "wrong-witness",
        "a: p(b).",
        "exists x. p(x)",
        derived("proved", step("p(b)", Given("a")), step("exists x. p(x)", Witness(bind(x="c")), 0)),
    )
    yield (
        "witness-for-all",
        "a: p(b).",
        "forall x. p(x)",
        derived("proved", step("p(b)", Given("a")), step("forall x. p(x)", Witness(bind(x="b")), 0)),
    )
    yield (
        "two-witnesses-for-one",
        "a: r(b, c).",
        "exists x. r(x, x)",
        derived("proved", step("r(b, c)", Given("a")), step("exists x. r(x, x)", Witness(bind(x="b")), 0)),
    )
    yield (
        "shadowed-witness",
        "a: p(b).",
        "exists x. forall x. p(x)",
        derived(
            "proved", step("p(b)", Given("a")), step("exists x. forall x. p(x)", Witness(bind(x="b")), 0)
        ),
    )
    yield "captured-witness", "a: r(b, b).", "exists x. exists y. r(x, y) and x != y", derived(
        "proved", step("r(b, b)", Given("a")),
        step("exists x. exists y. r(x, y) and x != y", Witness(bind(x="?y")), 0),
    )  # fmt: skip
    yield (
        "no-contradiction",
        "a: p.  b: not q.",
        "r",
        derived(
            "inconsistent",
            step("p", Given("a")),
            step("not q", Given("b")),
            step("false", Contradiction(), 0, 1),
        ),
    )
    yield "absence-is-no-negation", "a: p.  r: q :- naf s.", "r", derived(
        "inconsistent", step("p", Given("a")), step("naf s", InModel()), step("false", Contradiction(), 0, 1),
        model=PerfectModel((on("p", "a"), on("q", "r")), (("q", 1),)),
    )  # fmt: skip
    cat = step("cat(tom)", Given("a"))
    rule = "a: cat(tom).  r: forall x. cat(x) -> soft(x)."
    applied = Apply("r", 0, bind(v1="tom"))
    yield "not-the-head", rule, "sharp(tom)", derived("proved", cat, step("sharp(tom)", applied, 0))
    yield "the-negated-head", rule, "soft(tom)", derived("disproved", cat, step("not soft(tom)", applied, 0))
    yield (
        "open-steps",
        "a: forall x. p(x).  b: forall x. not p(x).",
        "q",
        derived(
            "inconsistent",
            Step(read_formula("p(?v1)", free=True), Apply("a", 0, ())),
            Step(read_formula("not p(?v1)", free=True), Apply("b", 0, ())),
            step("false", Contradiction(), 0, 1),
        ),
    )
    # --- what terms settle
    for name, text in {
        "different-names": "a != b", "equal-names": "a = b", "equal-numerals": "1 = 2", "order": "2 < 1",
        "irreflexive": "1 < 1", "order-of-names": "a < b", "name-and-numeral": "a != 1",
    }.items():  # fmt: skip
        yield f"compute-{name}", "c: p.", text, derived("proved", step(text, Compute()))
    yield (
        "a-numeral-of-its-own",
        "a: p.",
        "exists x. x != 3",
        derived("proved", step("4 != 3", Compute()), step("exists x. x != 3", Witness(bind(x="4")), 0)),
    )
    yield "a-numeral-of-its-own-refuted", "a: p.", "exists x. x != 3", refuted("proved", use(GOAL, v1="4"))
    yield (
        "a-numeral-of-its-own-applied",
        "a: forall x. x != 3 -> p.",
        "p",
        derived("proved", step("4 != 3", Compute()), step("p", Apply("a", 0, bind(v1="4")), 0)),
    )
    yield (
        "the-goal's-numeral-contradicts",
        "a: forall x. x = 3.",
        "p(4)",
        refuted("inconsistent", use("a", v1="4")),
    )
    # --- absence
    birds = next(e for e in EXAMPLES if e.name == "negation-as-failure").text
    evidence = next(e for e in EXAMPLES if e.name == "negation-as-failure").certificate.evidence
    assert isinstance(evidence, Derivation)
    rows, strata = BIRD_MODEL.supports, BIRD_MODEL.strata
    pingu = (
        step("bird(pingu)", Given("b2")), step("naf abnormal(pingu)", InModel()),
        step("flies(pingu)", Apply("fly", 0, bind(x="pingu")), 0, 1),
    )  # fmt: skip
    flies = on("flies(pingu)", "fly", x="pingu")
    for name, model in {
        "absent-but-in-the-model": BIRD_MODEL,
        "model-left-out": None,
        "model-not-closed": PerfectModel(rows[:3], strata),
        "model-without-support": PerfectModel((*rows[:3], flies, rows[4]), strata),
        "support-on-absence-of-present": PerfectModel((*rows, flies), strata),
        "support-too-early": PerfectModel((rows[3], *rows[:3], rows[4]), strata),
        "no-strata": PerfectModel(rows, ()),
        "strata-upside-down": PerfectModel(rows, (("abnormal", 1), ("flies", 0))),
        "strata-not-numbers": PerfectModel(rows, (("abnormal", 0), ("flies", float("nan")))),  # type: ignore[arg-type]
        "support-by-no-rule": PerfectModel(
            (*rows, Support(Not(flies.literal), "fly", 0, flies.binding)), strata
        ),
    }.items():
        yield f"absence-{name}", birds, "flies(pingu)", derived("proved", *pingu, model=model)
    yield (
        "negation-through-itself",
        "r: p :- naf p.",
        "p",
        derived(
            "proved",
            step("naf p", InModel()),
            step("p", Apply("r", 0, ()), 0),
            model=PerfectModel((), (("p", 1),)),
        ),
    )
    yield "even-loop", "r: p :- naf q.  s: q :- naf p.", "p", derived(
        "proved", step("naf q", InModel()), step("p", Apply("r", 0, ()), 0),
        model=PerfectModel((on("p", "r"),), (("p", 1), ("q", 0))),
    )  # fmt: skip
    yield (
        "strata-that-cannot-be-compared",
        "r: p :- naf q.  s: q :- naf p.",
        "p",
        derived(
            "proved",
            step("naf q", InModel()),
            step("p", Apply("r", 0, ()), 0),
            model=PerfectModel((on("p", "r"),), (("p", float("nan")), ("q", float("nan")))),  # type: ignore[arg-type]
        ),
    )
    yield (
        "unfounded-loop",
        "r: p :- q.  s: q :- p.  t: x :- naf p.",
        "p",
        derived(
            "proved", step("p", Given("r")), model=PerfectModel((on("p", "r"), on("q", "s")), (("x", 1),))
        ),
    )
    yield "absence-outside-the-fragment", "a: p or q.  r: s :- naf p.", "s", derived(
        "proved", step("naf p", InModel()), step("s", Apply("r", 0, ()), 0),
        model=PerfectModel((on("s", "r"),), (("s", 1),)),
    )  # fmt: skip
    yield (
        "absence-as-falsity-in-an-open-world",
        "a: p.",
        "not q",
        derived("proved", step("not q", InModel()), model=PerfectModel((on("p", "a"),), ())),
    )
    yield "unsafe-variable-outside-the-domain", "a: p(b).  r: q(?x) :- naf p(?x).", "exists x. q(x)", derived(
        "proved", step("naf p(c)", InModel()), step("q(c)", Apply("r", 0, bind(x="c")), 0),
        step("exists x. q(x)", Witness(bind(x="c")), 1),
        model=PerfectModel((on("p(b)", "a"), on("q(c)", "r", x="c")), (("q", 1),)),
    )  # fmt: skip
    closed = next(e for e in EXAMPLES if e.name == "closed-world-absence").text
    for name, extra in {
        "present-by-a-present-absence": on("flies(pingu)", "fly", v1="pingu"),
        "present-by-another-head": Support(flies.literal, "b1", 0, ()),
        "present-by-nothing": on("flies(rex)", "fly", v1="rex"),
    }.items():
        text = "flies(rex)" if "nothing" in name else "flies(pingu)"
        model = PerfectModel((*CLOSED_MODEL.supports, extra), CLOSED_MODEL.strata)
        yield f"absence-{name}", closed, text, derived("proved", step(text, InModel()), model=model)
    # --- closed worlds
    a = PerfectModel((on("p(a)", "a"),), ())
    yield (
        "closed-false",
        "closed world. a: p(a).",
        "not p(a)",
        derived("proved", step("not p(a)", InModel()), model=a),
    )
    yield (
        "empty-domain",
        "closed world.",
        "exists x. x = x",
        derived("disproved", step("not exists x. x = x", InModel()), model=PerfectModel((), ())),
    )
    yield (
        "witness-outside-the-domain",
        "closed world. a: p(a).",
        "exists x. x != a",
        derived(
            "proved", step("b != a", Compute()), step("exists x. x != a", Witness(bind(x="b")), 0), model=a
        ),
    )
    yield (
        "value-outside-the-domain",
        "closed world. a: p(a).",
        "exists x. f(x) != a",
        derived(
            "proved",
            step("f(a) != a", Compute()),
            step("exists x. f(x) != a", Witness(bind(x="a")), 0),
            model=a,
        ),
    )
    yield (
        "function-outside-the-domain",
        "closed world. a: p(a).",
        "forall y. exists x. x = f(y)",
        derived("disproved", step("not forall y. exists x. x = f(y)", InModel()), model=a),
    )
    yield "endless-domain", "closed world. a: p(a). b: q(f(?x)) :- p(?x).", "exists x. q(x)", derived(
        "disproved", step("not exists x. q(x)", InModel()),
        model=PerfectModel((on("p(a)", "a"), on("q(f(a))", "b", x="a")), ()),
    )  # fmt: skip
    yield (
        "endless-unbound",
        "a: p(f(?x)) :- q(?x). b: q(a). c: r(?x) :- naf s(?x).",
        "r(b)",
        Certificate(
            Outcome.UNKNOWN,
            NotDerivable(PerfectModel((on("q(a)", "b"), on("p(f(a))", "a", x="a")), (("r", 1),))),
        ),
    )
    yield (
        "constraint-as-rule",
        "closed world. a: p(a). b: forall x. q(x) -> not p(x).",
        "q(a)",
        derived(
            "proved",
            step("q(a)", InModel()),
            model=PerfectModel((on("p(a)", "a"), on("not p(a)", "b", v1="a")), ()),
        ),
    )
    yield (
        "not-derivable-in-a-closed-world",
        "closed world. a: p.",
        "q",
        Certificate(Outcome.UNKNOWN, NotDerivable(PerfectModel((on("p", "a"),), ()))),
    )
    yield (
        "not-derivable-without-absence",
        "a: not p -> q.  b: not q.",
        "p",
        Certificate(Outcome.UNKNOWN, NotDerivable(PerfectModel((on("not q", "b"),), ()))),
    )
    yield (
        "not-derivable-of-a-contradiction",
        "a: p.  b: not p.  c: r :- naf s.",
        "q",
        Certificate(
            Outcome.UNKNOWN,
            NotDerivable(PerfectModel((on("p", "a"), on("not p", "b"), on("r", "c")), (("r", 1),))),
        ),
    )
    yield "derivable", birds, "flies(tweety)", Certificate(Outcome.UNKNOWN, NotDerivable(BIRD_MODEL))
    yield (
        "its-negation-derivable",
        "a: not p.  c: r :- naf s.",
        "p",
        Certificate(
            Outcome.UNKNOWN, NotDerivable(PerfectModel((on("not p", "a"), on("r", "c")), (("r", 1),)))
        ),
    )
    # --- refutations
    yield "nothing", "a: p.", "q", refuted("proved")
    yield "satisfiable", "a: p or q.", "p", refuted("proved", use("a"), use(GOAL))
    yield "no-clause", "a: p.", "q", refuted("proved", use("a", 1), use(GOAL))
    yield "no-claim", "a: p.", "q", refuted("proved", use("b"), use(GOAL))
    yield "not-ground", "a: forall x. p(x).  b: not p(c).", "q", refuted("inconsistent", use("a"), use("b"))
    yield (
        "neither-ground",
        "a: forall x. p(x).  b: forall x. not p(x).",
        "q",
        refuted("inconsistent", use("a"), use("b")),
    )
    yield "goal-in-a-conflict", "a: not p.", "p", refuted("inconsistent", use("a"), use(GOAL))
    yield (
        "absence-in-a-refutation",
        "r: p :- naf q.  b: not p.",
        "q",
        refuted("inconsistent", use("r"), use("b")),
    )
    yield "skolem-as-a-name", "a: exists x. p(x).", "p(c)", refuted("proved", use("a"), use(GOAL))
    yield (
        "skolem-of-another",
        "a: exists x. p(x).  b: exists x. not p(x).",
        "q",
        refuted("inconsistent", use("a"), use("b")),
    )
    yield (
        "skolem-names-with-colons",
        "a: exists x y. p(y).  'a:1': exists x. not p(x).",
        "q",
        refuted("inconsistent", use("a"), use("a:1")),
    )
    yield (
        "quantifiers-swapped",
        "a: forall x. exists y. r(x, y).",
        "exists y. forall x. r(x, y)",
        refuted("proved", use("a", v1=f"'$sk:{GOAL}:1'('$sk:a:1'(c))"), use(GOAL, v1="'$sk:a:1'(c)")),
    )
    yield (
        "variable-of-two-quantifiers",
        "a: (forall x. p(x)) or forall x. q(x).  b: not p(c) and not q(d).",
        "s",
        (refuted("inconsistent", use("a", v1="c", v2="c"), use("b", 0), use("b", 1))),
    )
    yield "no-unique-names", "a: p(b).", "p(c)", refuted("disproved", use("a"), use(GOAL))
    yield "names-may-be-equal", "a: b = c.", "q", refuted("inconsistent", use("a"))
    yield "converse-congruence", "a: f(b) = f(c).", "b = c", refuted("proved", use("a"), use(GOAL))
    yield "arity", "a: p(b).", "p(b, b)", refuted("proved", use("a"), use(GOAL))
    yield "constant-and-predicate", "a: p.", "q(p)", refuted("proved", use("a"), use(GOAL))
    # --- two models
    yes, no = FiniteModel(1, predicates=(("p", 0, ((),)),)), FiniteModel(1)
    both = lambda h, f: Certificate(Outcome.UNKNOWN, Independence(h, f))  # noqa: E731
    yield "models-swapped", "a: r or not r.", "p", both(no, yes)
    yield "models-the-same", "a: r or not r.", "p", both(yes, yes)
    yield "claim-false", "a: not p.", "p", both(yes, no)
    yield "models-in-a-closed-world", "closed world.", "p", both(yes, no)
    yield "models-and-absence", "a: r :- naf p.", "p", both(yes, no)
    yield "empty-model", "a: r or not r.", "exists x. x = x", both(no, FiniteModel(0))
    yield (
        "function-not-laid-down",
        "a: r or not r.",
        "p(f(b))",
        both(FiniteModel(1, predicates=(("p", 1, ((0,),)),)), no),
    )
    yield (
        "value-outside-the-model",
        "a: r or not r.",
        "p(b)",
        both(FiniteModel(1, (("b", 1),), predicates=(("p", 1, ((1,),)),)), no),
    )
    for name, numbers in {
        "equal-numerals": ((Fraction(1), 0), (Fraction(2), 0)),
        "a-numeral-twice": ((Fraction(1), 0), (Fraction(1), 1)),
        "a-float": ((1.0, 0), (Fraction(2), 1)),
        "numeral-not-laid-down": ((Fraction(1), 0),),
    }.items():
        bad = FiniteModel(2, numbers=numbers)  # type: ignore[arg-type]
        fine = FiniteModel(2, numbers=((Fraction(1), 0), (Fraction(2), 1)), predicates=(("p", 0, ((),)),))
        yield f"model-{name}", "a: r(1) -> r(1) or r(2).", "p", both(fine, bad)
    yield (
        "unused-numeral-not-laid-down",
        "a: true or p(4).",
        "exists x. x != 3",
        both(FiniteModel(2, numbers=((Fraction(3), 0),)), FiniteModel(1, numbers=((Fraction(3), 0),))),
    )
    yield (
        "order-of-what-is-no-number",
        "a: r or not r.",
        "b < c",
        both(FiniteModel(2, (("c", 1),)), FiniteModel(2)),
    )
    yield "an-endless-model", "a: r or not r.", "forall x. p(x)", both(FiniteModel(10**15), no)


def _arithmetic() -> Iterator[tuple[str, str, str, Certificate]]:
    chain = "a: x < y.  b: y <= z."
    for name, parts in {
        "negative-coefficient": (("x < y", "-1"), ("y <= z", "1"), ("not x < z", "1")),
        "unknowns-left": (("x < y", "1"), ("y <= z", "2"), ("not x < z", "1")),
        "not-strict": (("x <= y", "1"), ("y <= z", "1"), ("not z < x", "1")),
        "nothing": (),
        "no-comparison": (("p", "1"),),
        "unequal": (("x != y", "1"), ("x = y", "1")),
        "zero-of-an-equation": (("x = y", "0"), ("1 < 0", "1")),
        "a-product": (("x * y < y * x", "1"),),
    }.items():
        yield (
            f"farkas-{name}", chain, "x < z",
            refuted("proved", use("a"), use("b"), use(GOAL), lemmas=(adding(*parts),), proof=((),)),
        )  # fmt: skip
    # floats are rounded: 1e16 + 1 - 1e16 is nothing, so that one unknown is lost
    parts = [(literal("x <= z"), 1e16), (literal("5 <= x"), 1.0), (literal("z <= x"), 1e16)]
    yield (
        "farkas-float-coefficients", "a: x <= z.  b: z <= x.  c: 5 <= x.", "false",
        refuted("inconsistent", use("a"), use("b"), use("c"), lemmas=(Farkas(tuple(parts)),)),  # type: ignore[arg-type]
    )  # fmt: skip
    nan = Num(float("nan"))  # type: ignore[arg-type]
    x, y, one = read_term("x"), read_term("y"), Num(Fraction(1))
    yield (
        "farkas-nan", "a: x <= y.  b: y <= x.", "false",
        refuted(
            "inconsistent", use("a"), use("b"),
            lemmas=(
                Farkas(tuple((Less(s, t, False), Fraction(1)) for s, t in ((x, y), (y, x), (nan, one)))),
                Farkas(((Not(Less(nan, one, False)), Fraction(1)),)),
            ),
        ),
    )  # fmt: skip
    for name, lemma in {
        "congruent": Congruent((*clause("p"), Equal(x, nan))),
        "trichotomy": Trichotomy(nan, nan),
        "inside": Congruent((Equal(Fn("f", (nan,)), Fn("f", (nan,))),)),
    }.items():
        yield f"nan-{name}", "a: q.", "p", refuted("proved", use(GOAL), lemmas=(lemma,))
    big = Num(1e16)  # type: ignore[arg-type]
    yield (
        "compute-rounded", "a: q(10000000000000000).", "10000000000000000 + 1 = 10000000000000000",
        Certificate(Outcome.PROVED, Derivation((Step(Equal(Fn("+", (big, one)), big), Compute()),))),
    )  # fmt: skip
    yield (
        "compute-too-large-for-a-float", "a: q.", "p",
        refuted("proved", lemmas=(Farkas(((Less(Num(Fraction(10**400)), one), 1e5),)),)),  # type: ignore[arg-type]
    )  # fmt: skip
    for name, split in {
        "half": Split(read_term("n * 1/2"), 0),
        "constant": Split(read_term("n + 1/2"), 0),
        "true-for-one": Split(read_term("n"), True),
    }.items():
        yield (
            f"split-{name}", "a: integer(n).  b: 0 < n * 1/2.", "2 <= n",
            refuted(
                "proved", use("a"), use("b"), use(GOAL),
                lemmas=(split, adding(("n * 1/2 <= 0", "1"), ("0 < n * 1/2", "1"))), proof=((),),
            ),
        )  # fmt: skip
    yield (
        "split-without-integer", "a: 0 < n.  b: n < 1.", "false",
        refuted("inconsistent", use("a"), use("b"), lemmas=(Split(read_term("n"), 0),), proof=((),)),
    )  # fmt: skip
    for name, t in {"half": "n * 1/2", "constant": "n + 1/2", "product": "n * n"}.items():
        yield f"whole-sum-{name}", "a: integer(n).", f"integer({t})", refuted(
            "proved", use("a"), use(GOAL), lemmas=(WholeSum(read_term(t)),), proof=((),)
        )  # fmt: skip
    yield "whole-sum-of-no-integer", "a: integer(m).  b: n = n.", "integer(n + m)", refuted(
        "proved", use("a"), use(GOAL), lemmas=(WholeSum(read_term("n + m")),), proof=((),)
    )  # fmt: skip
    yield "whole-wrong", "a: integer(3/2) -> p.", "p", refuted(
        "proved", use("a"), use(GOAL), lemmas=(Whole(Fraction(3)),), proof=((),)
    )  # fmt: skip
    for name, c in {
        "converse": clause("not p(x)", "p(y)"),
        "empty": (),
        "open": clause("x != y", "p(x)"),
        "injective": clause("f(x) != f(y)", "x = y"),
    }.items():
        yield (
            f"congruent-{name}", "a: p(x).  b: f(x) = f(y).", "p(y)",
            refuted("proved", use("a"), use("b"), use(GOAL), lemmas=(Congruent(c),), proof=((),)),
        )  # fmt: skip
    cases = "a: p or q.  b: p -> r.  c: q -> r."
    for name, proof in {
        "no-empty-clause": (clause("r"),),
        "empty-first": ((), clause("r")),
        "does-not-follow": (clause("p"), clause("not p"), ()),
        "tautology-last": (clause("r", "not r"),),
        "too-strong": ((),),
    }.items():
        without = "s" if name != "no-empty-clause" else "r"
        yield (
            f"proof-{name}", cases, without,
            refuted("proved", use("a"), use("b"), use("c"), use(GOAL), proof=proof),
        )  # fmt: skip
    yield (
        "proof-by-equality-without-a-lemma", "a: x = y.  b: p(x).", "p(y)",
        refuted("proved", use("a"), use("b"), use(GOAL), proof=((),)),
    )  # fmt: skip
    yield (
        "the-order-of-names", "a: x < y.  b: y < x -> p.", "p",
        refuted("proved", use("a"), use("b"), use(GOAL), proof=((),)),
    )  # fmt: skip
    h = FiniteModel(2, (("x", 0), ("y", 1)), (), (), ((Fraction(1), 0), (Fraction(2), 1)))
    f = FiniteModel(2, (("x", 1), ("y", 0)), (), (), ((Fraction(1), 0), (Fraction(2), 1)))
    both = lambda h, f: Certificate(Outcome.UNKNOWN, Independence(h, f))  # noqa: E731
    yield "numbers-wrong-sum", "a: x + y = 4.", "x < y", both(h, f)
    yield "numbers-not-whole", "a: not integer(x).", "x < y", both(h, f)
    # a function `+` of the model's own changes nothing
    own = FiniteModel(2, h.constants, (("+", (0, 1), 1),), (("integer", 1, ()),), h.numbers)
    yield "numbers-their-own-sum", "a: x + y = 2.", "x < y", both(own, f)
    yield "numbers-their-own-integers", "a: not integer(x) and not integer(y).", "x < y", both(own, f)


def _rules() -> Iterator[tuple[str, str, str, Certificate]]:
    text = {e.name: e.text for e in EXAMPLES}
    unknown = lambda m: Certificate(Outcome.UNKNOWN, NotDerivable(m))  # noqa: E731
    three = (on("q(3)", "a"),)  # 3 is an integer, though no rule says so
    yield "whole-by-absence", "closed world. a: q(3).", "integer(3)", derived(
        "disproved", step("not integer(3)", InModel()), model=PerfectModel(three, ())
    )  # fmt: skip
    yield "whole-not-derived", "semantics chaining. a: q(3).", "integer(3)", unknown(PerfectModel(three, ()))
    more = PerfectModel((*three, on("r", "b")), (("r", 1),))
    yield "whole-not-derived-by-naf", "a: q(3). b: r :- naf s.", "not integer(3)", unknown(more)
    game, (first, second), reasons = text["well-founded-true"], GAME_MODEL.stages, GAME_MODEL.reasons
    yield "undefined-is-not-true", game, "win(s)", derived(
        "proved", step("naf win(t)", InModel()), step("move(s, t)", Given("d")),
        step("win(s)", Apply("w", 0, bind(v1="s", v2="t")), 1, 0), model=GAME_MODEL,
    )  # fmt: skip
    yield "undefined-is-not-false", game, "win(s)", derived(
        "disproved", step("not win(s)", InModel()), model=GAME_MODEL
    )  # fmt: skip
    yield "undefined-by-cases", game, "win(s) or not win(s)", derived(
        "proved", step("win(s) or not win(s)", InModel()), model=GAME_MODEL
    )  # fmt: skip
    yield "decided-is-not-unknown", game, "win(q)", unknown(GAME_MODEL)
    smaller = Stage(tuple(x for x in second.possible if x not in signed("win(s)")))
    more = Stage(second.possible, (on("win(s)", "w", v1="s", v2="t"),))
    for name, model in {
        "no-stages": WellFoundedModel(()),
        "a-stage-skipped": WellFoundedModel((second,), reasons),
        "possible-too-small": WellFoundedModel((first, smaller), reasons),
        "support-on-the-possible": WellFoundedModel((first, more), reasons),
        "first-stage-only": WellFoundedModel((first,), reasons),
        "no-reasons": WellFoundedModel((first, second)),
        "a-reason-left-out": WellFoundedModel((first, second), reasons[:1]),
        "circular-reasons": WellFoundedModel((first, second), (reasons[0], reasons[0])),
        "more-possible-than-reasons": WellFoundedModel(
            (first, Stage((*second.possible, *signed("win(r)")))), reasons
        ),
    }.items():
        yield f"well-founded-{name}", game, "win(s)", unknown(model)
    loop = text["well-founded-open"]
    yield "loop-true", loop, "stays(tweety)", derived(
        "proved", step("bird(tweety)", Given("q")), step("naf goes(tweety)", InModel()),
        step("stays(tweety)", Apply("s", 0, bind(x="tweety")), 0, 1), model=LOOP_MODEL,
    )  # fmt: skip
    yield "loop-derivable", loop, "sings(tweety)", unknown(LOOP_MODEL)
    positive = WellFoundedModel((Stage(signed("p", "q")),), (on("p", "a"), on("q", "b")))
    yield "unfounded-reasons", "a: p :- q.  b: q :- p.  c: r :- naf r.", "p", unknown(positive)
    # --- closed worlds are read by their model alone
    odd = "closed world.\na: not p -> p."
    undefined = WellFoundedModel((Stage(signed("p")),), (on("p", "a"),))
    yield "closed-by-contraposition", odd, "p", refuted("proved", use("a"), use(GOAL))
    yield "closed-excluded-middle", odd, "p or not p", refuted("proved", use(GOAL), use(GOAL, 1))
    yield "closed-a-claim-undefined", odd, "not p -> p", unknown(undefined)
    yield "closed-a-claim-in-a-conjunction", odd + "  b: q.", "(not p -> p) and q", derived(
        "proved", step("not p -> p", Given("a")), step("q", Given("b")),
        step("(not p -> p) and q", Conjunction(), 0, 1),
    )  # fmt: skip
    yield "closed-constraint-as-proof", odd + "  b: q.  c: q -> not p.", "p", derived(
        "disproved", step("q", Given("b")), step("not p", Apply("c", 0, ()), 0)
    )  # fmt: skip
    yield "closed-constraint-broken", odd + "  b: q.  c: q -> not r.  d: r.", "p", unknown(
        WellFoundedModel(
            (Stage(signed("p", "q", "r"), (on("q", "b"), on("r", "d"))), Stage(signed("p", "q", "r"))),
            (on("p", "a"),),
        )
    )  # fmt: skip
    # --- chaining
    paradox = text["chaining-proved"]
    yield "chaining-contradiction", paradox, "false", derived(
        "inconsistent", step("good(ann)", Given("a")), step("rude(ann)", Given("c")),
        step("not good(ann)", Apply("n", 0, bind(x="ann")), 1), step("false", Contradiction(), 0, 2),
    )  # fmt: skip
    yield "chaining-backwards", paradox, "rude(bob)", refuted(
        "disproved", use("n", x="bob"), use("b", x="bob"), use("d"), use(GOAL)
    )  # fmt: skip
    yield "chaining-derivable", paradox, "good(ann) and kind(ann)", derived(
        "unknown", step("good(ann)", Given("a")), model=PARADOX_MODEL
    )  # fmt: skip
    yield "chaining-both", paradox, "good(ann)", unknown(PARADOX_MODEL)
    nobody = "semantics chaining.\na: not exists ?x. p(?x).  b: q(c)."
    model = PerfectModel((on("not p(c)", "a", v1="c"), on("q(c)", "b")), ())
    yield "chaining-a-claim-denies-it", nobody, "exists x. p(x)", unknown(model)
    yield "chaining-a-claim-in-a-conjunction", nobody, "(not exists x. p(x)) and q(c)", derived(
        "proved", step("not exists x. p(x)", Given("a")), step("q(c)", Given("b")),
        step("(not exists x. p(x)) and q(c)", Conjunction(), 0, 1),
    )  # fmt: skip
    # --- closed predicates
    shop = text["mixed-refutation"]
    inner = Refutation(
        (use("r", v1="tea"), use("closed sold/1", 1, v1="tea"), use("names 1"), use(GOAL))
    )  # fmt: skip
    yield "mixed-of-what-is-sold", shop, "kept(tea)", Certificate(Outcome.PROVED, Mixed(SHOP_MODEL, inner))
    nothing = Refutation((use("r", v1="milk"), use("closed sold/1", 0, v1="milk"), use(GOAL)))
    yield "mixed-other-model", shop, "kept(milk)", Certificate(
        Outcome.PROVED, Mixed(PerfectModel((), ()), nothing)
    )  # fmt: skip
    yield "mixed-model-of-an-open-claim", shop, "cheap(tea)", Certificate(
        Outcome.DISPROVED,
        Mixed(PerfectModel((*SHOP_MODEL.supports, on("cheap(milk)", "c")), ()), Refutation((use(GOAL),))),
    )  # fmt: skip
    yield "mixed-undefined", "closed p/0.\na: not p -> p.  b: q.", "q", Certificate(
        Outcome.PROVED, Mixed(undefined, Derivation((step("q", Given("b")),)))
    )  # fmt: skip
    yield "not-mixed", shop, "cheap(milk)", derived("proved", step("cheap(milk)", Given("c")))
    # --- defeasible rules
    teams = text["defeasible-proved"]
    yield "defeasible-as-strict", teams, "waits", derived(
        "proved", step("late", Given("g")), step("waits", Apply("e", 0, ()), 0)
    )  # fmt: skip
    of = {e.name: e.certificate for e in EXAMPLES}
    yield "defeasible-unknown-of-a-winner", teams, "pays", of["defeasible-unknown"]
    yield (
        "defeasible-without-preference",
        teams.replace("prefer a over b.", ""),
        "pays",
        of["defeasible-proved"],
    )
    yield "defeasible-turned-round", teams.replace("a over b", "b over a"), "pays", of["defeasible-proved"]


class _LikeAtom(Atom):
    pass


def _odd() -> Iterator[tuple[str, str, str, Certificate]]:
    """What is no literal among literals, and names of the kernel's own."""
    q, p = Atom("q", (Const("a"),)), Atom("p", (Const("a"),))
    for name, junk in {
        "naf": Naf(p), "no-tuple": Atom("p", frozenset(p.args)), "another-class": _LikeAtom("p", p.args),
    }.items():  # fmt: skip
        yield f"possible-{name}", "closed world. a: q(a). b: forall x. q(x) -> p(x).", "p(a)", derived(
            "disproved", step("not p(a)", InModel()), model=WellFoundedModel((Stage((q, junk)),))  # type: ignore[arg-type]
        )  # fmt: skip
    yield "possible-a-text", "closed world. a: q(a). b: forall x. q(x) -> p.", "p", derived(
        "disproved", step("not p", InModel()), model=WellFoundedModel((Stage((q, Atom("p", ""))),))  # type: ignore[arg-type]
    )  # fmt: skip
    unknown = lambda m: Certificate(Outcome.UNKNOWN, NotDerivable(m))  # noqa: E731
    held = signed("p", "q", "r", "'$broken'")
    facts = (on("q", "b"), on("r", "d"), on("'$broken'", "z"))
    yield (
        "closed-constraint-said-to-be-broken",
        "closed world. a: not p -> p. b: q. c: q -> not r. d: r. z: '$broken'.",
        "p",
        unknown(WellFoundedModel((Stage(held, facts), Stage(held)), (on("p", "a"),))),
    )
    program = (
        on("'$strictly +p'(c)", "a #3", v1_0="c"), on("'$normally +p'(c)", " #1", x1="c"),
        on("'$strictly +q'(c)", "b #4"), on("'$normally +q'(c)", " #2", x1="c"),
    )  # fmt: skip
    yield (
        "defeasible-a-claim",
        "semantics defeasible. a: forall x. p(x). b: q(c).",
        "forall x. p(x)",
        unknown(PerfectModel(program, ())),
    )
    yield (
        "defeasible-strict-by-absence",
        "semantics defeasible. r: p :- naf q. n: not p. d: normally q.",
        "z",
        derived(
            "inconsistent", step("naf q", InModel()), step("p", Apply("r", 0, ()), 0),
            step("not p", Given("n")), step("false", Contradiction(), 1, 2),
            model=PerfectModel((on("not p", "n"), on("p", "r")), (("p", 1),)),
        ),
    )  # fmt: skip


FORGED = (*_forged(), *_arithmetic(), *_rules(), *_odd())

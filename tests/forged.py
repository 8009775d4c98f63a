"""Forged certificates: for something false, or for something that they do not prove.

`FORGED` feeds test_kernel; each row is a name, a theory, a goal, and the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from certificates import BIRD_MODEL, CLOSED_MODEL, EXAMPLES, bind, derived, on, refuted, step, use

from neurosym.logic import Not
from neurosym.proof import (
    GOAL,
    Apply,
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
    NotDerivable,
    Outcome,
    PerfectModel,
    Step,
    Support,
    Witness,
)
from neurosym.syntax import read_formula


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


FORGED = tuple(_forged())

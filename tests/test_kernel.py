"""The kernel accepts a valid certificate of every kind and rejects forged ones, with and without -O."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from certificates import EXAMPLES, Example, bind, derived, on, step, use
from forged import FORGED

from neurosym.certificate import read_certificate
from neurosym.errors import CheckError
from neurosym.kernel import Checker, Theorem, check
from neurosym.logic import Const, Fn, Forall, Not, Num, Var
from neurosym.proof import (
    GOAL,
    Apply,
    Certificate,
    Compute,
    Conjunction,
    Derivation,
    Given,
    InModel,
    Instance,
    Mixed,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
    Step,
    Witness,
)
from neurosym.syntax import read_formula, read_theory

ROOT = Path(__file__).parent


def verify(text: str, goal: str, certificate: Certificate) -> Theorem:
    return check(read_theory(text), read_formula(goal), certificate)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_a_valid_certificate_is_accepted(example: Example) -> None:
    theorem = check(example.theory, read_formula(example.goal), example.certificate)
    assert theorem.outcome is example.certificate.outcome
    assert theorem.goal == read_formula(example.goal)
    assert theorem.hypotheses == example.hypotheses


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_another_outcome_is_rejected(example: Example) -> None:
    for outcome in Outcome:
        # a conflict proves everything, so that it may also be read as a proof of the goal
        if outcome is not example.certificate.outcome is not Outcome.INCONSISTENT:
            with pytest.raises(CheckError):
                check(
                    example.theory,
                    read_formula(example.goal),
                    Certificate(outcome, example.certificate.evidence),
                )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_another_goal_is_rejected(example: Example) -> None:
    # falsity does not depend on the goal, and what no rule speaks of is not derivable either
    absent = isinstance(example.certificate.evidence, NotDerivable) and not example.theory.closed_world
    if example.certificate.outcome is not Outcome.INCONSISTENT and not absent:
        with pytest.raises(CheckError):
            check(example.theory, read_formula("unheard(of)"), example.certificate)


@pytest.mark.parametrize(("name", "text", "goal", "certificate"), FORGED, ids=[f[0] for f in FORGED])
def test_a_forged_certificate_is_rejected(name: str, text: str, goal: str, certificate: Certificate) -> None:
    with pytest.raises(CheckError):
        verify(text, goal, certificate)


@pytest.mark.parametrize("evidence", [None, 3, "derivation", (), Derivation((None,)), Derivation(None)])  # type: ignore[arg-type]
def test_any_shape_is_rejected_by_a_check_error(evidence: object) -> None:
    with pytest.raises(CheckError):
        verify("a: p.", "p", Certificate(Outcome.PROVED, evidence))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "conclusion", [None, "p", 7, Const("p"), Num(Fraction(1)), Var("p"), Fn("p", ()), Not(None)]  # type: ignore[arg-type]
)  # fmt: skip
def test_a_conclusion_that_is_no_formula(conclusion: object) -> None:
    for by in (Given("a"), Given("no"), Compute(), Conjunction(), InModel(), Witness(()), Apply("a", 0, ())):
        with pytest.raises(CheckError):
            verify("a: p.", "p", Certificate(Outcome.PROVED, Derivation((Step(conclusion, by),))))  # type: ignore[arg-type]


def test_an_open_goal_and_a_reserved_name_are_rejected() -> None:
    good = derived("proved", step("p(b)", Given("a")))
    for goal in (read_formula("p(?x)", free=True), read_formula("p('$sk:a:1')")):
        with pytest.raises(CheckError):
            check(read_theory("a: p(b)."), goal, good)
    # an open goal would be refuted by one instance, and read as if it held of all
    with pytest.raises(CheckError):
        check(
            read_theory("a: p(b)."),
            read_formula("p(?x)", free=True),
            Certificate(Outcome.PROVED, Refutation((Instance("a", 0, ()), Instance(GOAL, 0, bind(x="b"))))),
        )


def test_a_contradiction_serves_every_goal() -> None:
    example = next(e for e in EXAMPLES if e.name == "contradiction")
    assert (
        check(example.theory, read_formula("unheard(of)"), example.certificate).outcome
        is Outcome.INCONSISTENT
    )


def test_the_wrong_theory_is_rejected() -> None:
    """Without a claim the theorem rests on, or with another in its place, nothing is proved."""
    refused = 0
    for example in EXAMPLES:
        for label in example.hypotheses - {"closed-world"}:
            if example.certificate.outcome is Outcome.UNKNOWN and "independence" in example.name:
                continue  # fewer claims have more models
            for formula in (None, read_formula("unrelated(fact)")):
                theory = replace(
                    example.theory,
                    claims=tuple(
                        replace(c, formula=formula or c.formula) if c.label == label else c
                        for c in example.theory.claims
                        if formula or c.label != label
                    ),
                )
                with pytest.raises(CheckError):
                    check(theory, read_formula(example.goal), example.certificate)
                refused += 1
    assert refused >= 200


def test_an_error_names_the_step() -> None:
    with pytest.raises(CheckError, match="step 1: the premises are not the body of 'r'") as caught:
        verify(
            "a: cat(t). b: dog(t). r: forall x. cat(x) -> soft(x).", "soft(t)",
            derived("proved", step("dog(t)", Given("b")), step("soft(t)", Apply("r", 0, bind(v1="t")), 0)),
        )  # fmt: skip
    assert caught.value.step == 1
    assert caught.value.exit_code == 3


def test_a_label_like_that_of_an_extension_cites_all_definitions() -> None:
    """`closed p/1` is also the label of where p holds: what rests on that rests on every definition."""
    text = "closed p/1.  'closed p/1': p(a).  q: p(b).  r: s(c)."
    model = PerfectModel((on("p(a)", "closed p/1"), on("p(b)", "q")), ())
    whole = Refutation((use("closed p/1", 1), use(GOAL)))
    theorem = verify(text, "p(b)", Certificate(Outcome.PROVED, Mixed(model, whole)))
    assert theorem.hypotheses == {"closed p/1", "q", "closed-world"}
    # among the open claims the label would stand for two things
    with pytest.raises(CheckError, match="used twice"):
        verify(
            "closed p/1.  q: p(a).  'closed p/1': s(c).", "p(a)",
            Certificate(
                Outcome.PROVED,
                Mixed(PerfectModel((on("p(a)", "q"),), ()), Refutation((use("closed p/1", 0), use(GOAL)))),
            ),
        )  # fmt: skip


def test_what_a_checker_keeps_changes_no_answer() -> None:
    """One checker for all examples of a theory, and a fresh one each, forwards and back."""
    by_theory: dict[str, list[Example]] = {}
    for e in EXAMPLES:
        by_theory.setdefault(e.text, []).append(e)
    for text, examples in by_theory.items():
        checker = Checker(read_theory(text))
        goals = [read_formula(e.goal) for e in examples] + [read_formula(g) for g in ("new(thing)", "false")]
        for e in [*examples, *reversed(examples)] * 2:
            for goal in goals:
                said = []
                for one in (checker, Checker(read_theory(text))):
                    try:
                        said.append(one.check(goal, e.certificate))
                    except CheckError as error:
                        said.append(str(error))
                assert said[0] == said[1]


def test_many_looks_into_a_model_share_one_budget() -> None:
    """A thousand steps that each search long are refused, not searched."""
    things = "  ".join(f"a{i}: p(c{i})." for i in range(30))
    theory = read_theory(f"closed world.  {things}")
    model = PerfectModel(tuple(on(f"p(c{i})", f"a{i}") for i in range(30)), ())
    looked = step("forall x y z. p(x) and p(y) and p(z)", InModel())
    derivation = Certificate(Outcome.PROVED, Derivation((looked,) * 1000, model))
    with pytest.raises(CheckError, match="too large"):
        check(theory, read_formula("forall x y z. p(x) and p(y) and p(z)"), derivation)


@pytest.mark.parametrize("goal", [None, 3, "p", Not(None), Forall((), None)])  # type: ignore[arg-type]
def test_a_goal_that_is_no_formula(goal: object) -> None:
    with pytest.raises(CheckError):
        check(read_theory("a: p."), goal, derived("proved", step("p", Given("a"))))  # type: ignore[arg-type]


def test_a_hard_refutation_ends() -> None:
    """Pigeons and holes: past the budget the certificate is refused, not believed."""
    n = 8
    claims = [f"h{i}: " + " or ".join(f"in(p{i}, h{j})" for j in range(n)) + "." for i in range(n + 1)]
    claims += [
        f"d{i}_{k}_{j}: not (in(p{i}, h{j}) and in(p{k}, h{j}))."
        for j in range(n) for i in range(n + 1) for k in range(i)
    ]  # fmt: skip
    theory = read_theory("\n".join(claims))
    instances = tuple(Instance(c.label, 0, ()) for c in theory.claims)
    with pytest.raises(CheckError, match="too hard"):
        check(theory, read_formula("false"), Certificate(Outcome.PROVED, Refutation(instances)))


# (cert_ marks them: other tests keep other inputs in the same folder)
MUST_FAIL = sorted((ROOT / "must_fail").glob("cert_*.json"))


@pytest.mark.parametrize("path", MUST_FAIL, ids=lambda p: p.stem)
def test_must_fail_files(path: Path) -> None:
    """Each forged certificate lies beside the theory it is forged for."""
    theory = read_theory(path.with_suffix(".nsl").read_text(encoding="utf-8"))
    goal, certificate = read_certificate(path.read_text(encoding="utf-8"), path.name)
    with pytest.raises(CheckError):
        check(theory, goal, certificate)


def test_the_kernel_does_not_lean_on_assert() -> None:
    """Under `python -O` assertions are gone; every forged certificate must still be rejected."""
    program = """
import sys
from certificates import EXAMPLES
from forged import FORGED
from test_kernel import verify
from neurosym.errors import CheckError
assert False, "this line is dead under -O"
good = bad = 0
for e in EXAMPLES:
    verify(e.text, e.goal, e.certificate)
    good += 1
for name, text, goal, certificate in FORGED:
    try:
        verify(text, goal, certificate)
    except CheckError:
        bad += 1
    else:
        sys.exit(f"accepted: {name}")
print(good, bad)
"""
    done = subprocess.run(
        [sys.executable, "-O", "-W", "ignore", "-c", program],
        capture_output=True, text=True, timeout=120, cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT.parent}", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.split() == [str(len(EXAMPLES)), str(len(FORGED))]


def test_instances_that_can_be_read_once_are_hypotheses_too() -> None:
    once = iter([Instance("a", 0, ()), Instance(GOAL, 0, ())])
    found = verify("a: p.", "p", Certificate(Outcome.PROVED, Refutation(once)))  # type: ignore[arg-type]
    assert found.hypotheses == {"a"}


def test_rules_do_not_decide_what_is_a_whole_number() -> None:
    """3 is an integer, though no rule says so."""
    three = (on("q(3)", "a"),)
    model = PerfectModel(three, ())
    absent = derived("disproved", step("not integer(3)", InModel()), model=model)
    unknown = Certificate(Outcome.UNKNOWN, NotDerivable(model))
    more = Certificate(Outcome.UNKNOWN, NotDerivable(PerfectModel((*three, on("r", "b")), (("r", 1),))))
    for text, goal, certificate in (
        ("closed world. a: q(3).", "integer(3)", absent),
        ("semantics chaining. a: q(3).", "integer(3)", unknown),
        ("a: q(3). b: r :- naf s.", "not integer(3)", more),
    ):
        with pytest.raises(CheckError, match=r"integer|whole"):
            verify(text, goal, certificate)

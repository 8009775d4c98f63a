"""The shared corpus through every backend: the expected verdict, with a certificate the kernel accepts.

A backend may name a feature it does not support, and then must not be asked; "auto" supports all.
Prolog used forwards is incomplete for classical theories: alone, and only there, it may say without a
certificate that the rules derive nothing or have no end, and overlook a contradiction.  It must never
answer wrongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import corpus_generator
import pytest
from conftest import CORPUS, Case, corpus
from corpus_oracles import horn, monadic, universal
from neurosym_benchmarks import corpus as bench

from neurosym.errors import InputError
from neurosym.kernel import check
from neurosym.proof import Outcome
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_statement
from neurosym.theory import has_naf
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

VERDICT = {
    "proved": Proved,
    "disproved": Disproved,
    "unknown": Unknown,
    "inconsistent": Inconsistent,
    "both": Both,
}
BACKENDS = ("prolog", "z3", "auto")
# what is beyond the solvers or the certificates so far, and why; the answer must still not be wrong
UNCERTIFIED = {
    "infinite_models-1": "the goal is true in infinite models only, and a model of a certificate is finite",
}
# what Z3 alone need not decide, for the router has another prover for it
HARD = {
    "z3": {
        "pelletier_34-1": "128 clauses of eight literals: saturation splits them, Z3 has no such step",
        "pelletier_38-1": "Z3 finds the refutation in some runs only; saturation does in all",
        "functions_group-1": "Z3 needs luck with equations between nested terms; superposition does not",
    }
}
# what each backend must at least decide, so that no excuse can hide a failure
LEAST = {"prolog": 400, "z3": 1050, "auto": len(corpus()) - len(UNCERTIFIED)}
ANSWERS: dict[tuple[str, str], Verdict] = {}  # so that nothing is asked twice


def classical(case: Case) -> bool:
    return not case.theory.closed_world and not any(has_naf(c.formula) for c in case.theory.claims)


def beyond(solver: Solver, case: Case) -> bool:
    return case.name in UNCERTIFIED or case.name in HARD.get(solver.name, {})


def answer(solver: Solver, case: Case) -> Verdict:
    if (key := (solver.name, case.name)) not in ANSWERS:
        limits = Limits(seconds=1.0 if beyond(solver, case) else 30.0)
        ANSWERS[key] = solver.solve(case.theory, case.goal, limits)
    return ANSWERS[key]


@pytest.fixture(scope="module", params=BACKENDS)
def solver(request: pytest.FixtureRequest) -> Iterator[Solver]:
    found = make_solver(request.param)
    yield found
    found.close()


@pytest.mark.parametrize("case", corpus(), ids=lambda c: c.name)
def test_corpus(solver: Solver, case: Case) -> None:
    if solver.unsupported(case.theory, case.goal):
        assert solver.name in ("prolog", "z3"), "the router must find a backend for every case"
        return
    verdict = answer(solver, case)
    if solver.name == "prolog" and classical(case) and isinstance(verdict, Unknown):
        assert verdict.reason.startswith(("not derivable", "limit")), verdict
        return
    if solver.name == "prolog" and classical(case) and case.expected == "inconsistent":
        # it does not seek contradictions that lie outside its rules, and from these everything follows
        assert verdict.certificate is not None
        assert check(case.theory, case.goal, verdict.certificate) == verdict.theorem
        return
    if beyond(solver, case) and isinstance(verdict, Unknown) and verdict.certificate is None:
        return
    assert isinstance(verdict, VERDICT[case.expected]), verdict
    sides = (verdict.pro, verdict.con) if isinstance(verdict, Both) else (verdict,)
    outcomes = ("proved", "disproved") if isinstance(verdict, Both) else (case.expected,)
    for side, outcome in zip(sides, outcomes, strict=True):
        assert side.certificate is not None, verdict
        theorem = check(case.theory, case.goal, side.certificate)
        assert theorem.outcome is Outcome(outcome)
        assert theorem == side.theorem


def test_enough_is_decided(solver: Solver) -> None:
    """By what a backend does not refuse; Prolog may find that nothing is derivable, which decides nothing."""
    asked = [c for c in corpus() if not beyond(solver, c) and not solver.unsupported(c.theory, c.goal)]
    if solver.name == "prolog":
        asked = [c for c in asked if not (classical(c) and isinstance(answer(solver, c), Unknown))]
    assert len(asked) >= LEAST[solver.name]


def test_other_semantics_are_there() -> None:
    """Enough of each, with every verdict that it knows."""
    found = Counter((c.fragment, c.expected) for c in corpus())
    for fragment, least, verdicts in (
        ("well-founded negation", 80, ("proved", "disproved", "unknown", "inconsistent")),
        ("mixed worlds", 80, ("proved", "disproved", "unknown", "inconsistent")),
        ("defeasible rules", 70, ("proved", "disproved", "unknown", "inconsistent")),
        ("chaining", 50, ("proved", "disproved", "unknown", "both")),
    ):
        assert sum(n for (f, _), n in found.items() if f == fragment) >= least
        assert min(found[fragment, v] for v in verdicts) >= 2, fragment


def test_it_is_large_and_broad() -> None:
    cases = corpus()
    assert len({c.theory for c in cases}) >= 300
    assert len(cases) >= 900
    assert {f"pelletier_{n:02d}" for n in range(1, 47)} <= {c.name.rsplit("-", 1)[0] for c in cases}
    fragments = Counter(c.fragment for c in cases)
    assert len(fragments) >= 20
    verdicts = Counter(c.expected for c in cases)
    assert min(verdicts[v] for v in ("proved", "disproved", "unknown")) >= 200
    assert verdicts["inconsistent"] >= 30


def test_generated_files_are_what_the_generator_makes() -> None:
    made = list(corpus_generator.everything())
    assert sorted(p.name for p in CORPUS.glob("gen_*.nsl")) == sorted(f"gen_{m.name}.nsl" for m in made)
    for name, text in corpus_generator.files(made[::30]).items():  # a sample: the oracles are slow
        assert (CORPUS / name).read_text(encoding="utf-8") == text, f"run {corpus_generator.__file__}"


@pytest.mark.parametrize(
    ("oracle", "claims", "goal", "expected"),
    [
        (monadic, ["forall x. p(x) -> q(x)", "exists x. p(x)"], "exists x. q(x)", "proved"),
        (monadic, ["forall x. p(x) -> q(x)", "q(a)"], "p(a)", "unknown"),
        (monadic, ["r", "not r"], "r", "inconsistent"),
        (horn, ["p(a)", "q(?x) :- p(?x)", "not r(?x) :- q(?x)"], "r(a)", "disproved"),
        (horn, ["p(a)", "q(?x) :- p(?x)"], "exists x. q(x) and p(x)", "proved"),
        (universal, ["p(a) or p(b)"], "exists x. p(x)", "proved"),
        (universal, ["p(a) or p(b)"], "forall x. p(x)", "unknown"),
        (universal, ["forall x. not p(x)"], "exists x. p(x)", "disproved"),
    ],
)
def test_oracles(oracle: corpus_generator.Oracle, claims: list[str], goal: str, expected: str) -> None:
    assert oracle([read_statement(c) for c in claims], read_formula(goal)) == expected


# --- the benchmark ------------------------------------------------------------------------


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_the_benchmark_counts_and_lists(tmp_path: Path) -> None:
    _write(tmp_path, "logic_a.nsl", "% world: open\na: p or q.\nb: not p.\n% goal: q\n% expect: proved\n")
    # an expectation that is wrong on purpose: all backends disagree with it
    _write(tmp_path, "logic_b.nsl", "% world: open\na: p(a).\n% goal: p(a)\n% expect: unknown\n")
    _write(
        tmp_path,
        "x.nsl",
        "% fragment: absence\n% world: closed\na: p(a).\n% goal: p(b)\n% expect: disproved\n",
    )
    report, failures = bench.run(str(tmp_path))
    assert (report["n"], report["correct"], report["certified"], report["problems"]) == (3, 2, 3, 3)
    assert report["groups"] == {"absence": [1, 1], "logic": [1, 2]}
    rows = {(r["fragment"], r["backend"]): r for r in report["table"]}
    assert {k: (r["n"], r["right"], r["unsettled"], r["wrong"]) for k, r in rows.items()} == {
        ("absence", "auto"): (1, 1, 0, 0),
        ("absence", "prolog"): (1, 1, 0, 0),
        ("logic", "auto"): (2, 1, 0, 1),
        ("logic", "prolog"): (1, 0, 0, 1),
        ("logic", "z3"): (2, 1, 0, 1),
    }
    assert report["disagreements"] == 3
    assert [(f["solver"], f["problem"], f["verdict"]) for f in failures] == [
        (name, "logic_b-1", "proved") for name in ("auto", "prolog", "z3")
    ]
    lines = str(report["table"]).splitlines()
    assert lines[1].split() == [
        "fragment",
        "backend",
        "n",
        "right",
        "certified",
        "unsettled",
        "wrong",
        "median_ms",
    ]
    assert len(lines) == 2 + len(rows)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("% goal: p\n% expect: proved\n", "expected one '% world:'"),
        ("% world: open\n% goal: p\n", "expected one '% world:'"),
        ("% world: open\n% expect: proved\n", "bad.nsl:2"),
        ("% world: open\n% goal: p\n% expect: true\n", "bad.nsl:3"),
        ("% world: flat\n% goal: p\n% expect: proved\n", "bad.nsl:1"),
        ("% world: open\n% goal: p(\n% expect: proved\n", "bad.nsl:2"),
        ("% world: open\nclosed p/1.\n% goal: p(a)\n% expect: proved\n", "not what the theory declares"),
        ("% world: mixed\na: p(a).\n% goal: p(a)\n% expect: proved\n", "not what the theory declares"),
        ("% world: open\nclosed world.\n% goal: p(a)\n% expect: proved\n", "not what the theory declares"),
    ],
)
def test_a_file_of_another_form_points(tmp_path: Path, text: str, place: str) -> None:
    _write(tmp_path, "bad.nsl", text)
    with pytest.raises(InputError) as e:
        list(bench.problems(tmp_path))
    assert place in str(e.value)


def test_a_paradox_is_right_where_both_sides_are_certified(tmp_path: Path) -> None:
    text = "% world: open\nsemantics chaining.\na: p and not p.\n% goal: p\n% expect: both\n"
    _write(tmp_path, "x.nsl", text)
    report, failures = bench.run(str(tmp_path))
    assert (report["correct"], report["certified"], failures) == (1, 1, [])
    _write(tmp_path, "x.nsl", text.replace("both", "proved"))
    assert bench.run(str(tmp_path))[1][0]["verdict"] == "both"


def test_a_folder_without_problems_points(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--data DIR"):
        bench.run(str(tmp_path / "none"))

"""The shared corpus through every backend: the expected verdict, with a certificate the kernel accepts.

A backend may name a feature it does not support, and then must not be asked; "auto" supports all.
Prolog used forwards is incomplete for classical theories: alone, and only there, it may say that
the rules derive nothing, without a certificate.  It must never answer wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Case, corpus

from neurosym.kernel import check
from neurosym.proof import Outcome
from neurosym.solvers import make_solver
from neurosym.theory import has_naf
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Solver, Unknown

VERDICT = {"proved": Proved, "disproved": Disproved, "unknown": Unknown, "inconsistent": Inconsistent}
BACKENDS = ("prolog", "z3", "auto")
# what each backend must at least decide, so that no excuse can hide a failure
LEAST = {"prolog": 40, "z3": 120, "auto": len(corpus())}


def classical(case: Case) -> bool:
    return not case.theory.closed_world and not any(has_naf(c.formula) for c in case.theory.claims)


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
    verdict = solver.solve(case.theory, case.goal, Limits())
    if solver.name == "prolog" and classical(case) and isinstance(verdict, Unknown):
        assert verdict.reason.startswith("not derivable"), verdict
        return
    assert isinstance(verdict, VERDICT[case.expected]), verdict
    assert verdict.certificate is not None, verdict
    theorem = check(case.theory, case.goal, verdict.certificate)
    assert theorem.outcome is Outcome(case.expected)
    assert theorem == verdict.theorem


def test_enough_is_decided(solver: Solver) -> None:
    supported = [
        c
        for c in corpus()
        if not solver.unsupported(c.theory, c.goal)
        and not (
            solver.name == "prolog"
            and classical(c)
            and isinstance(solver.solve(c.theory, c.goal, Limits()), Unknown)
        )
    ]
    assert len(supported) >= LEAST[solver.name]

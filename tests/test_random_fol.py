"""Random first-order problems: what we answer is never what Z3 or E rule out, and always certified.

The same few hundred problems in every run; benchmarks/random_fol.py asks thousands.  A reference that gives
up just does not count, but enough must remain to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tptp
from neurosym_benchmarks.random_fol import Comparison, Row, Z3Reference, answer, right, sides
from neurosym_benchmarks.random_theories import KINDS, problem
from structures import classical

from neurosym.logic import formula_of
from neurosym.proof import Outcome
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory
from neurosym.verdict import Limits

PROBLEMS = 220
FIRST = 1_000_000  # not those that the benchmark begins with
LIMITS = Limits(seconds=60.0)


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    solver = make_solver("auto")
    try:
        yield [answer(problem(n), solver, LIMITS) for n in range(FIRST, FIRST + PROBLEMS)]
    finally:
        solver.close()

"""A solver for tests: a function answers, and every question is noted (as httpx's mock transport).

Knows the protocol only.  Its verdicts are as good as the function that makes them.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.logic import Formula
from neurosym.theory import Theory
from neurosym.verdict import Limits, Unknown, Verdict


def _silent(theory: Theory, goal: Formula, limits: Limits) -> Verdict:
    return Unknown("fake: nothing was laid down for this question")


class FakeSolver:
    """Answers with `handler(theory, goal, limits)`; `missing` names what it says it cannot treat."""

    def __init__(
        self,
        handler: Callable[[Theory, Formula, Limits], Verdict] = _silent,
        missing: Callable[[Theory, Formula], tuple[str, ...]] = lambda theory, goal: (),
        name: str = "fake",
    ) -> None:
        self.name = name
        self.asked: list[Formula] = []
        self.closed = 0
        self._handler, self._missing = handler, missing

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        return self._missing(theory, goal)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        self.asked.append(goal)
        return self._handler(theory, goal, limits)

    def close(self) -> None:
        self.closed += 1

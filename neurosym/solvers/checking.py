"""Checking with memory: the kernel's `Checker` of each theory in use.

Knows the kernel.  Must not know what is checked or why.
"""

from __future__ import annotations

from collections import OrderedDict

from neurosym.errors import CheckError
from neurosym.kernel import Checker, Theorem
from neurosym.logic import Budget, Formula
from neurosym.proof import Certificate, FiniteModel
from neurosym.solvers.worker import ForkLock
from neurosym.theory import Theory

CACHED = 16
OPERATIONS = 2_000_000  # of looking a goal up in a model


class Checkers:
    """Checks certificates; what the kernel computes of a theory is computed once."""

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._made: OrderedDict[int, Checker] = OrderedDict()  # a checker holds its theory, so the id stays

    def check(self, theory: Theory, goal: Formula, certificate: Certificate) -> Theorem:
        """As `kernel.check`.  Raises CheckError."""
        return self._checker(theory).check(goal, certificate)

    def holds(self, theory: Theory, model: FiniteModel, goal: Formula) -> bool | None:
        """Does the goal hold in a model of the theory?  None: it is no model, or leaves the goal open."""
        try:
            structure = self._checker(theory).structure(model)
            structure.spend = Budget(OPERATIONS)
            return structure.holds(goal)
        except (CheckError, ValueError, LookupError, RecursionError):
            return None

    def _checker(self, theory: Theory) -> Checker:
        with self._lock:
            if (checker := self._made.get(id(theory))) is None:
                checker = self._made[id(theory)] = Checker(theory)
                while len(self._made) > CACHED:
                    self._made.popitem(last=False)
            self._made.move_to_end(id(theory))
        return checker

    def clear(self) -> None:
        with self._lock:
            self._made.clear()

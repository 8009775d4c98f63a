"""Checking with memory: the kernel's `Checker` of each theory in use.

Knows the kernel.  Must not know what is checked or why.
"""

from __future__ import annotations

from collections import OrderedDict

from neurosym.kernel import Checker, Theorem
from neurosym.logic import Formula
from neurosym.proof import Certificate
from neurosym.solvers.worker import ForkLock
from neurosym.theory import Theory

CACHED = 16


class Checkers:
    """Checks certificates; what the kernel computes of a theory is computed once."""

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._made: OrderedDict[int, Checker] = OrderedDict()  # a checker holds its theory, so the id stays

    def check(self, theory: Theory, goal: Formula, certificate: Certificate) -> Theorem:
        """As `kernel.check`.  Raises CheckError."""
        with self._lock:
            if (checker := self._made.get(id(theory))) is None:
                checker = self._made[id(theory)] = Checker(theory)
                while len(self._made) > CACHED:
                    self._made.popitem(last=False)
            self._made.move_to_end(id(theory))
        return checker.check(goal, certificate)

    def clear(self) -> None:
        with self._lock:
            self._made.clear()

"""`Optimum`: which claims give way at the least cost, by Z3's weighted MaxSAT in a child process.

Knows numbered choices and the worker.  Must not know claims, theories or Z3 (see
optimum_worker.py).  Its word for "cheapest" is Z3's; that a choice settles the conflicts is
checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from neurosym.errors import SolverError
from neurosym.solvers.worker import Worker, WorkerFailure
from neurosym.verdict import Limits

SCALE = 100_000  # units a nat: costs are compared to 1e-5 nats
TOTAL = 2**31 - 1  # Z3's pseudo-Boolean coefficients are C integers
GRACE = 1.0  # seconds that the child may overrun its own deadline before it is killed


@dataclass(frozen=True, slots=True)
class Choice:
    """The numbers chosen, sorted.  Where not `optimal`, `reason` says why it may not be the cheapest."""

    chosen: tuple[int, ...]
    optimal: bool
    reason: str = ""


class Optimum:
    """Minimal hitting sets of least weight; the child is started by the first question."""

    def __init__(self) -> None:
        self._worker: Worker | None = None

    def choose(
        self,
        scores: Sequence[float],
        hit: Sequence[frozenset[int]],
        miss: Sequence[frozenset[int]],
        limits: Limits,
    ) -> Choice | None:
        """Numbers 0 .. len(scores)-1 that meet every set of `hit` and leave one of each of `miss` out.

        They cost least: number i max(0, log(p / (1 - p))) with p = scores[i], and where p = 1 more
        than all others together.  Among the cheapest, 0 is left out rather than 1, and so on, so
        that no number is chosen needlessly.  None: there is no such choice.  Where Z3 reaches a
        limit or breaks, a choice that is minimal but maybe not cheapest.  Raises LookupError where
        none is found that way.
        """
        last = [i for i, p in enumerate(scores) if p >= 1.0]
        nats = [0.0 if i in last else odds(p) for i, p in enumerate(scores)]
        scale = min(float(SCALE), (TOTAL - len(scores)) / max(1.0, sum(nats)))
        message = {
            "weights": [round(scale * n) for n in nats],
            "last": last,
            "hit": [sorted(s) for s in hit],
            "miss": [sorted(s) for s in miss],
            "seconds": limits.seconds,
            "rlimit": limits.rlimit,
            "memory_mb": limits.memory_mb,
        }
        try:
            answer = self._ready(limits).request(message, limits.seconds + GRACE)
        except (WorkerFailure, SolverError) as e:
            return _greedy(len(scores), hit, miss, f"the optimum was not found: {e}")
        if answer["status"] == "none":
            return None
        chosen = frozenset(answer.get("chosen", ()))
        if answer["status"] != "optimum" or not _fits(chosen, hit, miss):
            return _greedy(len(scores), hit, miss, f"the optimum was not found: {answer.get('reason', '')}")
        return Choice(tuple(sorted(chosen)), True)

    def close(self) -> None:
        """End the child.  The next question starts another."""
        if self._worker is not None:
            self._worker.close()
        self._worker = None

    def _ready(self, limits: Limits) -> Worker:
        if self._worker is None or self._worker.memory_mb != limits.memory_mb:
            self.close()
            self._worker = Worker("neurosym.solvers.optimum_worker", limits.memory_mb)
        return self._worker


def odds(score: float) -> float:
    """max(0, log(p / (1 - p))) for a score p < 1, in nats."""
    return log(score / (1.0 - score)) if score > 0.5 else 0.0


def _fits(chosen: frozenset[int], hit: Sequence[frozenset[int]], miss: Sequence[frozenset[int]]) -> bool:
    return all(chosen & s for s in hit) and all(s - chosen for s in miss)


def _greedy(n: int, hit: Sequence[frozenset[int]], miss: Sequence[frozenset[int]], reason: str) -> Choice:
    """A minimal hitting set that keeps the first numbers, as far as that goes.

    Greedy choices can be led into a set of `miss`; then another first number is tried.
    """
    for start in range(-1, n):
        chosen = set(range(n))
        for i in [start, *range(n)] if start >= 0 else range(n):
            if _fits(frozenset(chosen - {i}), hit, ()):
                chosen.discard(i)
        if _fits(frozenset(chosen), hit, miss):
            return Choice(tuple(sorted(chosen)), False, reason)
    raise LookupError(reason)

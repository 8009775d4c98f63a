"""Minimal supports in any monotone theory, the most probable first, with a solver as the oracle.

Knows the Solver protocol.  Must not know any backend, nor how diagrams are built.  Whatever
does not entail the goal leaves something out that every support needs.  So the cheapest
set that hits all that is known to be needed is tried: where it entails the goal it is the
best support that is left; where not, it is made as large as it can be, and what then is left
out must be hit too (implicit hitting sets: Reiter 1987; Ignatiev, Previti, Liffiton &
Marques-Silva 2015, "Smallest MUS extraction with minimal hitting set dualization").
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from neurosym.logic import Budget, Formula, Statement, Structure, formula_of
from neurosym.proof import FiniteModel, Independence, Mixed
from neurosym.theory import Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

CALLS = 2_000  # questions to the solver
SETS = 200_000  # sets of claims that are waited with
SHARE = 0.2  # of all the time, for one question
TRUTH = 200_000  # elementary steps of evaluating one claim in a model


@dataclass(frozen=True, slots=True)
class Support:
    """Labels from whose claims the goal follows, and the verdict that says so."""

    labels: frozenset[str]
    verdict: Proved


class Search:
    """The supports of `goal` in `theory`, the cheapest first; `reason` says why some may be missing.

    `cost` of each label, at least 0.  The theory is monotone and consistent.
    """

    def __init__(
        self, solver: Solver, theory: Theory, goal: Formula, limits: Limits, cost: Mapping[str, float]
    ) -> None:
        self.solver, self.theory, self.goal, self.limits, self.cost = solver, theory, goal, limits, cost
        self.end = time.monotonic() + limits.seconds
        self.calls = 0
        self.reason = ""
        self.labels = tuple(c.label for c in theory.claims)
        self.place = {label: i for i, label in enumerate(self.labels)}
        self.hit: list[frozenset[str]] = []
        self.found: list[frozenset[str]] = []

    def run(self) -> Iterator[Support]:
        queue: list[tuple[float, int, tuple[int, ...]]] = [(0.0, 0, ())]
        seen: set[tuple[int, ...]] = {()}
        while queue:
            *_, places = heapq.heappop(queue)
            labels = frozenset(self.labels[i] for i in places)
            if any(f <= labels for f in self.found):
                continue
            needed = next((d for d in self.hit if not d & labels), None)
            if needed is None:
                if self._spent():
                    return
                verdict = self.ask(labels)
                if isinstance(verdict, Proved):
                    self.found.append(labels)
                    yield Support(labels, verdict)
                    continue
                needed = self._left_out(labels, verdict)
                if needed is None:
                    return
                self.hit.append(needed)
                self.hit.sort(key=lambda d: (len(d), self._in_order(d)))
            for label in self._in_order(needed):
                more = tuple(sorted((*places, self.place[label])))
                if more not in seen:
                    seen.add(more)
                    price = math.fsum(self.cost[self.labels[i]] for i in more)
                    heapq.heappush(queue, (price, len(more), more))
            if len(seen) > SETS:
                self.reason = self.reason or f"limit: {SETS} sets of claims"
                return

    def shrunk(self, labels: Iterable[str], verdict: Proved) -> Support:
        """A support within `labels`, which entail the goal by `verdict`: the dearest claims go first."""
        have = Support(frozenset(labels), verdict)
        for label in sorted(have.labels, key=lambda x: (-self.cost[x], self.place[x])):
            if label in have.labels and not self._spent():
                less = self.ask(have.labels - {label})
                if isinstance(less, Proved):
                    used = less.theorem.hypotheses & have.labels
                    have = Support(frozenset(used), less)
        return have

    def ask(self, labels: frozenset[str]) -> Verdict:
        self.calls += 1
        part = replace(self.theory, claims=tuple(c for c in self.theory.claims if c.label in labels))
        seconds = max(0.0, min(SHARE * self.limits.seconds, self.end - time.monotonic()))
        return self.solver.solve(part, self.goal, replace(self.limits, seconds=seconds))

    def _spent(self) -> bool:
        if time.monotonic() > self.end:
            self.reason = "limit: time"
        elif self.calls >= CALLS:
            self.reason = f"limit: {CALLS} questions to the solver"
        return self.reason.startswith("limit: ")

    def _left_out(self, labels: frozenset[str], verdict: Verdict) -> frozenset[str] | None:
        """What the largest set found leaves out that does not entail the goal; None past a limit."""
        held = self._grown(labels, verdict)
        for label in self.labels:
            if label in held:
                continue
            if self._spent():
                return None
            more = held | {label}
            verdict = self.ask(more)
            if not isinstance(verdict, Proved):
                held = self._grown(more, verdict)
        return frozenset(self.labels) - held

    def _grown(self, labels: frozenset[str], verdict: Verdict) -> frozenset[str]:
        """`labels` and every claim that holds in the countermodel."""
        match verdict:
            case Proved() | Disproved() | Inconsistent() | Both():
                return labels
            case Unknown(reason, _, certificate):
                if certificate is None:  # maybe it follows: then the supports within are missed
                    self.reason = self.reason or f"undecided: {reason}"
                    return labels
                evidence = certificate.evidence
                if isinstance(evidence, Mixed):
                    evidence = evidence.inner
                if not isinstance(evidence, Independence):
                    return labels
                fails = evidence.fails
                return labels | {c.label for c in self.theory.claims if _holds(c.formula, fails)}

    def _in_order(self, labels: Iterable[str]) -> list[str]:
        return sorted(labels, key=lambda x: self.place[x])


def _holds(f: Statement, m: FiniteModel) -> bool:
    """Is the claim true in the model?  False also where the model does not say."""
    try:
        laid_down = Structure(m.size, m.constants, m.functions, m.predicates, m.numbers, Budget(TRUTH))
        return laid_down.holds(formula_of(f))
    except (ValueError, LookupError):
        return False

"""Where a theory contradicts itself: all minimal conflicts, what is consistent, the best repair.

Knows the Solver protocol.  Must not know any backend.  One search serves all questions, that of
implicit hitting sets (Reiter 1987; Liffiton, Previti, Malik and Marques-Silva 2016 for both
sides at once; Ignatiev, Previti, Liffiton and Marques-Silva 2015 for the cheapest first): Z3
proposes the cheapest set of claims that meets every conflict known; where the rest still
contradicts itself, that is a new conflict, made minimal from its certificate; where not, it is
a maximal consistent subset, and the next proposal must keep one of the claims given up.

What may be given up, and what is held where absence counts: see conflicts_soft.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import assert_never

from neurosym import kernel
from neurosym.errors import CheckError
from neurosym.logic import TRUE, Formula
from neurosym.repairs import Conflict, Conflicts, RelativeAnswer, Repair, Subset, Subsets
from neurosym.solvers.conflicts_oracle import Clash, Oracle, Sound
from neurosym.solvers.conflicts_soft import soft_claims
from neurosym.solvers.optimum import Optimum, odds
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Limits, Proved, Solver, Unknown, Verdict

MOST_CONFLICTS = 1000  # met on the way to a repair
SEARCHING = 0.5  # of the time of a relative answer, for the subsets; the rest is for the goal


def minimal_conflicts(
    solver: Solver, theory: Theory, limits: Limits, most: int = 16, *, optimum: Optimum | None = None
) -> Conflicts:
    """The minimal inconsistent sets of claims, up to `most`, each with a certificate of falsity.

    `limits` bound the whole search.  `optimum` may be given to keep its child process warm.
    """
    with _searching(solver, theory, limits, optimum) as search:
        search.cheapest = False  # all are wanted, in any order
        for _ in search.subsets(most):
            pass
        found = tuple(search.conflicts)
        vague = "" if all(c.minimal for c in found) else "limit: not every conflict is certified minimal"
        reason = search.reason or vague
        return Conflicts(found, not reason, reason, search.oracle.claims.held)


def consistent_subsets(
    solver: Solver, theory: Theory, limits: Limits, most: int = 16, *, optimum: Optimum | None = None
) -> Subsets:
    """The maximal consistent subsets of the claims, the most probable first, up to `most`.

    `limits` bound the whole search.  A subset whose consistency is not certified was only not
    refuted.
    """
    with _searching(solver, theory, limits, optimum) as search:
        found = tuple(_up_to(search, most))
        return Subsets(
            found, not search.reason, tuple(search.conflicts), search.reason, search.oracle.claims.held
        )


def repair(solver: Solver, theory: Theory, limits: Limits, *, optimum: Optimum | None = None) -> Repair:
    """The most probable consistent part of the theory: which claims give way, and why.

    It maximises the product of p over what is kept and 1 - p over what is dropped, among claims
    with a score p > 0.5; of the others all are kept that fit, the higher scores first.  Equal
    choices keep what stands first.  A theory without contradiction is kept whole.
    """
    with _searching(solver, theory, limits, optimum) as search:
        best = next(search.subsets(MOST_CONFLICTS), None)
        conflicts, held = tuple(search.conflicts), search.oracle.claims.held
        if best is None:
            return Repair((), None, conflicts, False, 0.0, held=held, reason=search.reason)
        reason = search.reason or search.doubt
        certain = tuple(x for x in best.dropped if search.scores[x] >= 1.0)
        return Repair(
            best.dropped, best.kept, conflicts, not reason, best.cost, certain, best.verdict, held, reason
        )


def relative(
    solver: Solver,
    theory: Theory,
    goal: Formula,
    limits: Limits,
    most: int = 16,
    *,
    optimum: Optimum | None = None,
) -> RelativeAnswer:
    """The verdict on a closed `goal` in each maximal consistent subset, up to `most`.

    `limits` bound the whole; half of the time goes to finding the subsets.
    """
    with _searching(solver, theory, limits, optimum) as search:
        search.oracle.end -= (1.0 - SEARCHING) * limits.seconds
        subsets = tuple(_up_to(search, most))
        search.oracle.end += (1.0 - SEARCHING) * limits.seconds
        answers = list[tuple[Subset, Verdict]]()
        for n, s in enumerate(subsets):
            share = search.oracle.left() / (len(subsets) - n)
            verdict = _carried(s.kept, goal, [v for _, v in answers])
            if verdict is None and share <= 0:
                verdict = Unknown(f"limit: {limits.seconds:g} s")
            answers.append((s, verdict or solver.solve(s.kept, goal, replace(limits, seconds=share))))
        return RelativeAnswer(
            goal,
            tuple(answers),
            not search.reason,
            tuple(search.conflicts),
            search.reason,
            search.oracle.claims.held,
        )


def _carried(theory: Theory, goal: Formula, found: list[Verdict]) -> Verdict | None:
    """A verdict found in another subset whose certificate holds in this one too."""
    labels = frozenset(c.label for c in theory.claims)
    for verdict in found:
        if isinstance(verdict, Proved | Disproved) and verdict.theorem.hypotheses <= labels:
            try:
                theorem = kernel.check(theory, goal, verdict.certificate)
            except CheckError:  # it rests on the absence of something
                continue
            return replace(verdict, theorem=theorem)
    return None


def _up_to(search: _Search, most: int) -> Iterator[Subset]:
    for n, subset in enumerate(search.subsets(MOST_CONFLICTS)):
        if n == most:  # there is one more than was asked for
            search.reason = f"limit: {most} subsets"
            return
        yield subset


# --- the search ------------------------------------------------------------------------


@contextmanager
def _searching(solver: Solver, theory: Theory, limits: Limits, optimum: Optimum | None) -> Iterator[_Search]:
    own = optimum or Optimum()
    try:
        yield _Search(Oracle(solver, theory, limits, soft_claims(theory)), own)
    finally:
        if optimum is None:
            own.close()


@dataclass(slots=True)
class _Search:
    """What is known: conflicts, and what was given up for the subsets found so far.

    `cheapest`: proposals are to be the cheapest, else any that are minimal.  `reason` says why the
    search stopped before its end, or what it is not sure of; `doubt` why the last proposal may not
    be the cheapest.
    """

    oracle: Oracle
    optimum: Optimum
    scores: dict[str, float] = field(init=False)
    conflicts: list[Conflict] = field(default_factory=list)
    given_up: list[frozenset[str]] = field(default_factory=list)
    cheapest: bool = True
    reason: str = ""
    doubt: str = ""

    def __post_init__(self) -> None:
        self.scores = {c.label: c.score for c in self.oracle.theory.claims}

    def subsets(self, most: int) -> Iterator[Subset]:
        """Maximal consistent subsets, the cheapest first, until all are found or `most` conflicts.

        Where it ends with an empty `reason`, there is no other, and no other conflict.
        """
        oracle = self.oracle
        missing = oracle.claims.unsupported or ", ".join(oracle.solver.unsupported(oracle.theory, TRUE))
        if missing:
            self.reason = f"unsupported: {missing}"
            return
        while (dropped := self._proposal()) is not None:
            if oracle.left() <= 0:
                self.reason = f"limit: {oracle.limits.seconds:g} s"
                return
            state = oracle.ask(frozenset(oracle.claims.soft) - dropped)
            match state:
                case Sound(verdict, reason):
                    if verdict is None:
                        self.reason = f"a part is not certified consistent ({reason})"
                    yield self._subset(dropped, state)
                    if not dropped:
                        return
                    self.given_up.append(dropped)
                case Clash():
                    self._learn(dropped, state, most)
                    if len(self.conflicts) >= most:
                        self.reason = f"limit: {most} conflicts"
                        return
                case _:
                    assert_never(state)

    def _learn(self, dropped: frozenset[str], clash: Clash, most: int) -> None:
        """The conflict, and those met when its least probable claim is given up as well, and so on."""
        oracle = self.oracle
        rest = frozenset(oracle.claims.soft) - dropped
        while True:
            conflict = oracle.shrunk(clash)
            self.conflicts.append(conflict)
            if not conflict.labels or len(self.conflicts) >= most or oracle.left() <= 0:
                return
            rest -= {min(reversed(conflict.labels), key=lambda x: self.scores[x])}
            state = oracle.ask(rest)
            if not isinstance(state, Clash):
                return
            clash = state

    def _proposal(self) -> frozenset[str] | None:
        """The cheapest claims to give up, as far as is known; None where nothing is left to try."""
        if any(not c.labels for c in self.conflicts):
            self.reason = "the claims that are held contradict each other"
            return None
        if not self.conflicts:
            return None if self.given_up else frozenset()
        involved = {x for c in self.conflicts for x in c.labels}
        order = sorted(self.oracle.in_order(involved), key=lambda x: -self.scores[x])  # stable
        number = {x: i for i, x in enumerate(order)}
        try:
            choice = self.optimum.choose(
                [self.scores[x] if self.cheapest else 0.0 for x in order],
                [frozenset(number[x] for x in c.labels) for c in self.conflicts],
                [frozenset(number[x] for x in s) for s in self.given_up],
                replace(self.oracle.limits, seconds=max(0.1, self.oracle.left())),
            )
        except LookupError as e:
            self.reason = str(e)
            return None
        if choice is None:
            return None
        self.doubt = choice.reason
        return frozenset(order[i] for i in choice.chosen)

    def _subset(self, dropped: frozenset[str], state: Sound) -> Subset:
        kept = frozenset(self.oracle.claims.soft) - dropped
        return Subset(
            self.oracle.in_order(dropped), self.oracle.part(kept), self._cost(dropped), state.verdict
        )

    def _cost(self, dropped: frozenset[str]) -> float:
        """As in Repair.cost, summed in the order of the theory: sums of floats depend on their order."""
        involved = self.oracle.in_order({x for c in self.conflicts for x in c.labels})
        uncertain = {x: odds(self.scores[x]) for x in involved if self.scores[x] < 1.0}
        certain = 1.0 + sum(uncertain.values())
        return sum((uncertain.get(x, certain) for x in involved if x in dropped), 0.0)

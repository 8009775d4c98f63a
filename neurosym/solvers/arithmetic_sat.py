"""A propositional solver that learns clauses and remembers what each was learnt from.

Knows clauses of non-zero integers, n and -n being an atom and its negation.  Must not know
what the atoms mean: a theory is asked at each fixpoint of unit propagation and answers with
clauses of its own.  Conflict-driven clause learning with watched literals, first unique
implication points and restarts (Marques-Silva & Sakallah 1999; Moskewicz et al. 2001).  Each
learnt clause follows from its antecedents by unit propagation alone, so that the cone of the
last conflict is a refutation that a checker replays (Wetzler, Heule & Hunt 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

DECAY = 0.92  # of the weight of past conflicts, at each new one
RESTART = 60  # conflicts before the first restart; then by the Luby sequence


class Theory(Protocol):
    """What the atoms mean."""

    def check(self, trail: Sequence[int], final: bool) -> Iterable[tuple[int, ...]]:
        """Clauses that hold and that the assignment breaks or should follow; none where it is fine.

        `trail` holds the true literals in order; all atoms are among them where `final`.
        """
        ...

    def shrink(self, length: int) -> None:
        """Only the first `length` literals of the trail still stand."""
        ...


class Sat:
    """Clauses, a partial assignment, and the conflicts that have been learnt from.

    `spend` is called for each clause looked at and may raise.  Clauses count from 0 in the order
    in which they are added or learnt; `origin[i]` are the antecedents of a learnt one: clauses,
    and literals that hold whatever is decided.
    """

    def __init__(self, spend: Callable[[], None]) -> None:
        self.clauses: list[list[int]] = []
        self.origin: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.true: set[int] = set()
        self.trail: list[int] = []
        self.refuted = -1  # the clause that is false whatever is decided
        self._watching: dict[int, list[int]] = {}
        self._level: dict[int, int] = {}
        self._reason: dict[int, int] = {}
        self._starts: list[int] = []  # of the trail, where each decision stands
        self._done = 0
        self._weight: dict[int, float] = {}
        self._phase: dict[int, int] = {}
        self._step = 1.0
        self._spend = spend
        self._theory: Theory | None = None

    def copy(self, spend: Callable[[], None]) -> Sat:
        """The same clauses, with all decisions taken back, to go on with apart."""
        self._return(0)
        new = Sat(spend)
        new.clauses, new.origin = [list(c) for c in self.clauses], dict(self.origin)
        new.true, new.trail, new.refuted = set(self.true), list(self.trail), self.refuted
        new._watching = {x: list(found) for x, found in self._watching.items()}
        new._level, new._reason, new._done = dict(self._level), dict(self._reason), self._done
        new._weight, new._phase, new._step = dict(self._weight), dict(self._phase), self._step
        return new

    # --- clauses ---

    def add(self, literals: Iterable[int]) -> int:
        """Take a clause in, at any time; its number."""
        number = len(self.clauses)
        clause = list(dict.fromkeys(literals))
        self.clauses.append(clause)
        for x in clause:
            if abs(x) not in self._weight:
                self._weight[abs(x)] = 0.0
        if any(-x in clause for x in clause):
            return number
        # what is open or true comes first, then what was decided last: these two are watched
        clause.sort(key=lambda x: -self._level.get(abs(x), 0) if -x in self.true else -len(self.trail) - 2)
        if len(clause) > 1:
            for x in clause[:2]:
                self._watching.setdefault(x, []).append(number)
        if not clause or -clause[0] in self.true:
            self._falsified(number)
        elif clause[0] not in self.true and (len(clause) == 1 or -clause[1] in self.true):
            # it becomes true as early as it can, so that no later return forgets it
            self._return(self._level[abs(clause[1])] if len(clause) > 1 else 0)
            if -clause[0] not in self.true and clause[0] not in self.true:
                self._assign(clause[0], number)
        return number

    def derive(self, literals: Iterable[int], clauses: tuple[int, ...], roots: tuple[int, ...]) -> int:
        """Note a clause that follows by unit propagation from others, as learnt ones do; its number.

        It takes no part in the search.
        """
        number = len(self.clauses)
        self.clauses.append(list(dict.fromkeys(literals)))
        self.origin[number] = clauses, roots
        return number

    def _falsified(self, number: int) -> None:
        """All literals of a clause are false: return to where it is a conflict, and learn from it."""
        clause = self.clauses[number]
        levels = sorted((self._level[abs(x)] for x in clause), reverse=True)
        if not levels or levels[0] == 0:
            if self.refuted < 0:
                self.refuted = number
            return
        if len(levels) == 1 or levels[1] < levels[0]:  # it says what follows one decision earlier
            self._watch_last(number)
            self._return(levels[1] if len(levels) > 1 else 0)
            self._assign(clause[0], number)
            return
        self._return(levels[0])
        self._learn(number)

    def _watch_last(self, number: int) -> None:
        """Watch the two literals of a false clause that were decided last; they come first."""
        clause = self.clauses[number]
        old = clause[:2]
        clause.sort(key=lambda x: -self._level[abs(x)])
        if len(clause) > 1:
            for x in old:
                self._watching[x].remove(number)
            for x in clause[:2]:
                self._watching.setdefault(x, []).append(number)

    def _assign(self, x: int, reason: int) -> None:
        self.true.add(x)
        self.trail.append(x)
        v = abs(x)
        self._level[v] = len(self._starts)
        if reason >= 0:
            self._reason[v] = reason
        else:
            self._reason.pop(v, None)

    def _return(self, level: int) -> None:
        """Take back all decisions after `level`."""
        if level >= len(self._starts):
            return
        start = self._starts[level]
        for x in self.trail[start:]:
            self.true.discard(x)
            self._phase[abs(x)] = 1 if x > 0 else -1
            del self._level[abs(x)]
        del self.trail[start:], self._starts[level:]
        self._done = min(self._done, start)
        if self._theory is not None:
            self._theory.shrink(start)

    def back(self) -> None:
        """Take back all decisions."""
        self._return(0)

    # --- propagation and learning ---

    def _propagate(self) -> int:
        """The number of a clause that is false now, or -1."""
        true, clauses, watching = self.true, self.clauses, self._watching
        while self._done < len(self.trail):
            false = -self.trail[self._done]
            self._done += 1
            watched, kept = watching.get(false, []), list[int]()
            for n, c in enumerate(watched):
                self._spend()
                clause = clauses[c]
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                kept.append(c)
                if clause[0] in true:
                    continue
                for i in range(2, len(clause)):
                    if -clause[i] not in true:
                        clause[1], clause[i] = clause[i], false
                        watching.setdefault(clause[1], []).append(c)
                        kept.pop()
                        break
                else:
                    if -clause[0] in true:
                        watching[false] = kept + watched[n + 1 :]
                        return c
                    self._assign(clause[0], c)
            watching[false] = kept
        return -1

    def _learn(self, conflict: int) -> None:
        """Add the clause of the first unique implication point, and what it says."""
        here = len(self._starts)
        seen, used, roots = set[int](), [conflict], list[int]()
        learnt: list[int] = []
        open_, at, reason = 0, len(self.trail), conflict
        while True:
            for y in self.clauses[reason]:
                v = abs(y)
                if v in seen or y in self.true:  # the literal that the clause made true
                    continue
                seen.add(v)
                self._weight[v] += self._step
                if self._level[v] == 0:
                    roots.append(-y)
                elif self._level[v] == here:
                    open_ += 1
                else:
                    learnt.append(y)
            at -= 1
            while abs(self.trail[at]) not in seen:
                at -= 1
            open_ -= 1
            if open_ == 0:
                break
            reason = self._reason[abs(self.trail[at])]
            used.append(reason)
        for y in list(learnt):  # what the others imply can go
            r = self._reason.get(abs(y), -1)
            if r >= 0 and all(abs(z) in seen or self._level[abs(z)] == 0 for z in self.clauses[r]):
                learnt.remove(y)
                used.append(r)
                roots += [-z for z in self.clauses[r] if self._level[abs(z)] == 0]
        clause = [-self.trail[at], *learnt]
        self._step /= DECAY
        self.origin[len(self.clauses)] = (tuple(dict.fromkeys(used)), tuple(dict.fromkeys(roots)))
        self._return(max((self._level[abs(y)] for y in learnt), default=0))
        self.add(clause)

    def _decide(self, assumed: int) -> bool:
        """Assume `assumed`, else the open atom that conflicts have met most; False where none is open."""
        if assumed and abs(assumed) not in self._level:
            self._starts.append(len(self.trail))
            self._assign(assumed, -1)
            return True
        best, weight = 0, -1.0
        for v, w in self._weight.items():
            if w > weight and v not in self._level:
                best, weight = v, w
        if not best:
            return False
        self._starts.append(len(self.trail))
        self._assign(best * self._phase.get(best, -1), -1)
        return True

    def settled(self, x: int) -> bool:
        """Does the literal or its negation hold whatever is decided?"""
        return self._level.get(abs(x), -1) == 0

    def solve(self, theory: Theory, assumed: int = 0) -> bool:
        """Is there an assignment that satisfies all clauses and that the theory accepts?

        Where there is none in which the literal `assumed` is true, its negation holds from then on.
        """
        self._theory = theory
        self._return(0)
        conflicts, restarts = 0, _luby()
        patience = RESTART * next(restarts)
        while self.refuted < 0:
            if self._step > 1e100:
                self._weight = {v: w * 1e-100 for v, w in self._weight.items()}
                self._step *= 1e-100
            if (conflict := self._propagate()) >= 0:
                conflicts += 1
                self._falsified(conflict)
                continue
            if assumed and -assumed in self.true and self.settled(assumed):
                return False
            # every clause of the theory is taken in before the search goes on: they may be lemmas
            final = len(self.trail) == len(self._weight)
            if more := list(theory.check(self.trail, final)):
                conflicts += 1
                for clause in more:
                    self.add(clause)
                continue
            if conflicts >= patience:
                conflicts, patience = 0, RESTART * next(restarts)
                self._return(0)
                continue
            if not self._decide(assumed):
                return True
        return False

    def cone(self) -> tuple[list[int], list[int]]:
        """Numbers of the given and of the learnt clauses that the refutation rests on, in order."""
        found, todo = set[int](), [self.refuted]
        roots = [-x for x in self.clauses[self.refuted]]
        met = set[int]()
        while todo or roots:
            if not todo:
                v = abs(roots.pop())
                if v not in met and v in self._reason:
                    met.add(v)
                    todo.append(self._reason[v])
                    roots += [x for x in self.clauses[self._reason[v]] if abs(x) != v]
                continue
            if (c := todo.pop()) in found:
                continue
            found.add(c)
            if c in self.origin:
                clauses, literals = self.origin[c]
                todo += clauses
                roots += literals
        return sorted(found - self.origin.keys()), sorted(found & self.origin.keys())


def _luby() -> Iterator[int]:
    """1 1 2 1 1 2 4 1 1 2 ... (Luby, Sinclair & Zuckerman 1993)."""
    u, v = 1, 1
    while True:
        yield v
        u, v = (u + 1, 1) if u & -u == v else (u, 2 * v)

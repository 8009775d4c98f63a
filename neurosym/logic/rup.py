"""Propositional refutations by reverse unit propagation.  Part of what the kernel trusts.

A clause is a set of non-zero integers, n and -n being an atom and its negation.  Each clause
of a proof must follow from the earlier ones by unit propagation alone (Goldberg & Novikov
2003); two literals a clause are watched, so that a long proof costs little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from neurosym.logic.formulas import Clause, Formula, Not


class Propagation:
    """Clauses, and what follows from them by unit propagation.

    `spend` is called for each clause looked at and may raise.
    """

    def __init__(self, spend: Callable[[], None]) -> None:
        self._clauses: list[list[int]] = []
        self._watching: dict[int, list[int]] = {}
        self._true: set[int] = set()
        self._trail: list[int] = []
        self._done = 0  # of the trail, how much has been propagated
        self.conflict = False  # the clauses contradict each other
        self._spend = spend

    def add(self, clause: Iterable[int]) -> None:
        """Take in a clause, and all that now follows.  Raises ValueError for the literal 0."""
        literals = set(clause)
        if 0 in literals:
            raise ValueError("0 is no literal")
        if self.conflict or any(-x in literals or x in self._true for x in literals):
            return  # nothing more can follow from it
        # a literal that is false for good cannot help; at least two of the others are watched
        open_ = [x for x in sorted(literals) if -x not in self._true]
        if len(open_) < 2:
            self.conflict = not open_ or not self._assign(open_)
            return
        for x in open_[:2]:
            self._watching.setdefault(x, []).append(len(self._clauses))
        self._clauses.append(open_)

    def entails(self, clause: Sequence[int]) -> bool:
        """Does the negation of `clause` lead to a conflict by unit propagation?"""
        if self.conflict:
            return True
        if any(x == 0 for x in clause):
            raise ValueError("0 is no literal")
        mark = len(self._trail)
        held = self._assign([-x for x in clause])
        for x in self._trail[mark:]:
            self._true.discard(x)
        del self._trail[mark:]
        self._done = mark
        return not held

    def _assign(self, literals: Sequence[int]) -> bool:
        """Make these true, and all that follows; False for a conflict."""
        for x in literals:
            if -x in self._true:
                return False
            if x not in self._true:
                self._true.add(x)
                self._trail.append(x)
        while self._done < len(self._trail):
            false = -self._trail[self._done]
            self._done += 1
            watching, kept = self._watching.get(false, []), list[int]()
            for n, c in enumerate(watching):
                self._spend()
                clause = self._clauses[c]
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                kept.append(c)
                if clause[0] in self._true:
                    continue
                for i in range(2, len(clause)):
                    if not i % 64:  # a long clause costs what many short ones do
                        self._spend()
                    if -clause[i] not in self._true:  # watch this one instead
                        clause[1], clause[i] = clause[i], false
                        self._watching.setdefault(clause[1], []).append(c)
                        kept.pop()
                        break
                else:
                    if -clause[0] in self._true:
                        self._watching[false] = kept + watching[n + 1 :]
                        return False
                    if clause[0] not in self._true:
                        self._true.add(clause[0])
                        self._trail.append(clause[0])
            self._watching[false] = kept
        return True


def refutes(clauses: Iterable[Clause], proof: Iterable[Clause], spend: Callable[[], None]) -> bool:
    """Is each clause of `proof` entailed by propagation from those before it, and the last one empty?

    The atoms of the (ground) clauses are taken as they stand: what they say is not looked at.
    """
    numbers: dict[Formula, int] = {}

    def coded(clause: Clause) -> list[int]:
        signs = ((x.body, -1) if isinstance(x, Not) else (x, 1) for x in clause)
        return [sign * numbers.setdefault(atom, len(numbers) + 1) for atom, sign in signs]

    known, last = Propagation(spend), None
    for c in clauses:
        known.add(coded(c))
    for c in proof:
        last = coded(c)
        if not known.entails(last):
            return False
        known.add(last)
    return last == []

"""Too many different things for too few values: the pigeonhole principle, as clauses that propagate.

Knows the ground solver's clauses and assignment.  Must not know terms beyond their equality atoms.
Learning clause by clause needs exponentially many of them, in no good order; for n + 1 things and
n values some (n + 2) * 2^(n - 1) clauses are enough, one for each set S of values and the first
|S| + 1 things: one of these has a value outside S.  (Dynamic programming over sets of values, Held &
Karp 1962; that resolution alone cannot do with few: Haken 1985.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from neurosym.proof import Congruent
from neurosym.solvers.arithmetic_sat import Sat
from neurosym.solvers.arithmetic_theory import Meaning

VALUES = 9  # more values would take too many clauses
FEW = 3  # things below which learning does as well


@dataclass(frozen=True, slots=True)
class Domain:
    """Clause `number` says: the thing has one of these values (with the atom of each), or `others` hold."""

    thing: object
    number: int
    values: Mapping[object, int]
    others: tuple[int, ...]


class Pigeons:
    """A theory for `arithmetic_sat.Sat`: that of `meaning`, and the pigeonhole principle.

    `same` has the atom that says of two things that they are one, in either order.
    """

    def __init__(self, sat: Sat, meaning: Meaning) -> None:
        self.sat, self.meaning = sat, meaning
        self.domains: list[Domain] = []
        self.same: dict[tuple[object, object], int] = {}
        self._ends: set[int] = set()  # atoms that are equalities
        self._looked = 0  # how much of the trail has been searched for crowds
        self._lemmas: dict[tuple[int, int, int], int] = {}  # their numbers as clauses

    def copy(self, sat: Sat, meaning: Meaning) -> Pigeons:
        new = Pigeons(sat, meaning)
        new.domains, new.same, new._lemmas = list(self.domains), dict(self.same), dict(self._lemmas)
        new._ends = set(self._ends)
        return new

    def told(self, number: int, literals: Sequence[int], ends: Mapping[int, tuple[object, object]]) -> None:
        """Look whether a clause gives a thing its values; `ends` are those of its equalities."""
        for atom, (a, b) in ends.items():
            self.same[a, b] = self.same[b, a] = atom
            self._ends.add(atom)
        said = [x for x in literals if x > 0 and x in ends]
        if len(said) < 2 or len(said) > VALUES + 3:
            return
        common = set(ends[said[0]]).intersection(*(ends[x] for x in said))
        if len(common) == 1:
            thing = common.pop()
            values = {b if a == thing else a: x for x in said for a, b in (ends[x],)}
            self.domains.append(
                Domain(thing, number, values, tuple(x for x in literals if x not in values.values()))
            )

    # --- the protocol ---

    def shrink(self, length: int) -> None:
        self._looked = min(self._looked, length)
        self.meaning.shrink(length)

    def check(self, trail: Sequence[int], final: bool) -> list[tuple[int, ...]]:
        if more := list(self.meaning.check(trail, final)):
            return more
        crowd = any(-x in self._ends for x in trail[self._looked :])
        self._looked = len(trail)
        for group in self._groups() if crowd else ():
            if (found := self._crowded(group)) is not None:
                return self._refuted(*found)
        return []

    def _groups(self) -> Iterator[list[Domain]]:
        """Things that have one of some values now, and that are pairwise different."""
        true = self.sat.true
        groups: list[list[Domain]] = []
        met: set[object] = set()
        for d in self.domains:
            if d.thing in met or any(-x not in true for x in d.others):
                continue
            met.add(d.thing)
            self.meaning.spend()
            for group in groups:
                if all(-self.same.get((d.thing, e.thing), 0) in true for e in group):
                    group.append(d)
                    break
            else:
                groups.append([d])
        return (g for g in groups if len(g) >= FEW)

    def _crowded(self, group: Sequence[Domain]) -> tuple[list[Domain], list[object]] | None:
        """Things of the group with fewer values than they are, by augmenting paths (Kuhn 1955)."""
        true = self.sat.true
        open_ = [[v for v, x in d.values.items() if -x not in true] for d in group]
        holder: dict[object, int] = {}

        def place(i: int, met: dict[object, None]) -> bool:
            for v in open_[i]:
                if v not in met:
                    met[v] = None
                    if v not in holder or place(holder[v], met):
                        holder[v] = i
                        return True
            return False

        for i in range(len(group)):
            met: dict[object, None] = {}
            if not place(i, met):
                if len(met) > VALUES:
                    return None
                return [group[k] for k in sorted({i, *(holder[v] for v in met)})], list(met)
        return None

    # --- clauses ---

    def _refuted(self, things: list[Domain], values: list[object]) -> list[tuple[int, ...]]:
        """The clause that this cannot be, which is false now, after those that lead to it."""
        if waiting := self._one_each(things, values):
            return waiting
        sat = self.sat
        false: dict[int, None] = {}  # what the clauses say besides
        for d in things:
            false |= dict.fromkeys(d.others)
            false |= {x: None for v, x in d.values.items() if v not in values}
        for a, b in combinations(things, 2):
            false[self.same[a.thing, b.thing]] = None
        besides = tuple(x for x in false if not sat.settled(x))
        roots = tuple(-x for x in false if sat.settled(x))
        before: dict[frozenset[object], int] = {}
        last: tuple[int, ...] = ()
        for k, d in enumerate(things):
            now: dict[frozenset[object], int] = {}
            for chosen in combinations(values, k):
                inside = frozenset(chosen)
                outside = tuple(
                    dict.fromkeys(
                        x
                        for e in things[: k + 1]
                        for v, x in e.values.items()
                        if v in values and v not in inside
                    )
                )
                used = [d.number]
                for v in chosen:
                    if (x := d.values.get(v)) is None:
                        continue
                    lemmas = [
                        self._lemmas[key] for e in things[:k] if (key := self._key(e, d, v)) is not None
                    ]
                    origin = (before[inside - {v}], *lemmas), roots
                    used.append(sat.derive((-x, *outside, *besides), *origin))
                last = (*outside, *besides)
                if k < len(things) - 1:
                    now[inside] = sat.derive(last, tuple(used), roots)
                else:
                    sat.origin[len(sat.clauses)] = tuple(used), roots  # it is the next one to be added
            before = now
        return [last]

    def _key(self, a: Domain, b: Domain, v: object) -> tuple[int, int, int] | None:
        if v not in a.values or v not in b.values:
            return None
        return a.values[v], b.values[v], self.same[a.thing, b.thing]

    def _one_each(self, things: Sequence[Domain], values: Sequence[object]) -> list[tuple[int, ...]]:
        """See to it that the solver has "two things with one value are one"; those that say something now."""
        true, waiting = self.sat.true, list[tuple[int, ...]]()
        for a, b in combinations(things, 2):
            for v in values:
                if (key := self._key(a, b, v)) is None or key in self._lemmas:
                    continue
                x, y, one = key
                clause = (-x, -y, one)
                self.meaning.lemmas.setdefault(
                    frozenset(clause), Congruent(self.meaning.atoms.clause(clause))
                )
                if (x in true) is not (y in true) and not (-x in true or -y in true):
                    waiting.append(clause)
                else:
                    self._lemmas[key] = self.sat.add(clause)
        return waiting

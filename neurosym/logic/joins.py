"""Joins of finite relations: rows of numbers, looked up by the places that are known already.

Part of what the kernel trusts; it knows nothing of formulas.  Each relation is indexed by a set
of places when these are first asked for, and the pattern with most known places comes next
(Abiteboul, Hull and Vianu 1995, section 6.1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

Row: TypeAlias = tuple[int, ...]
Pattern: TypeAlias = tuple[Hashable, tuple[int, ...]]  # a relation; slots to fill, or ~n for the number n
_Step: TypeAlias = tuple[
    Callable[[list[int]], Collection[Row]],  # the rows that fit what is known
    tuple[tuple[int, int], ...],  # places to fill, with their slots
    tuple[tuple[int, int], ...],  # places that must be equal to a slot just filled
]


class Relations:
    """Rows by relation.  A relation that is not listed is empty."""

    def __init__(self, rows: Mapping[Any, Collection[Row]]) -> None:
        self._rows = rows
        self._indexes: dict[tuple[Hashable, tuple[int, ...]], dict[object, list[Row]]] = {}

    def join(self, patterns: Sequence[Pattern], slots: int, spend: Callable[[], None]) -> Iterator[list[int]]:
        """What the slots may be for all patterns to be rows; one list, changed in place.

        `spend` is called for each row that is looked at.  Every slot must stand in some pattern.
        """
        env = [0] * slots
        steps = list(self._ordered(patterns, env))

        def fill(n: int) -> Iterator[list[int]]:
            if n == len(steps):
                yield env
                return
            fitting, places, equal = steps[n]
            for row in fitting(env):
                spend()
                for place, slot in places:
                    env[slot] = row[place]
                if not equal or all(row[place] == env[slot] for place, slot in equal):
                    yield from fill(n + 1)

        return fill(0)

    def _ordered(self, patterns: Sequence[Pattern], env: list[int]) -> Iterator[_Step]:
        known: set[int] = set()
        left = list(patterns)
        while left:

            def cost(p: Pattern) -> tuple[int, int]:
                missing = sum(a >= 0 and a not in known for a in p[1])
                return missing, len(self._rows.get(p[0], ()))

            left.remove(best := min(left, key=cost))
            relation, args = best
            bound = tuple(i for i, a in enumerate(args) if a < 0 or a in known)
            places: list[tuple[int, int]] = []
            equal: list[tuple[int, int]] = []
            for i, a in enumerate(args):
                if i not in bound:
                    (equal if a in known else places).append((i, a))
                    known.add(a)
            yield self._rows_at(relation, bound, [args[i] for i in bound]), tuple(places), tuple(equal)

    def _rows_at(
        self, relation: Hashable, bound: tuple[int, ...], values: Sequence[int]
    ) -> Callable[[list[int]], Collection[Row]]:
        rows = self._rows.get(relation, ())
        if not bound:
            return lambda _: rows
        if (index := self._indexes.get((relation, bound))) is None:
            index = self._indexes[relation, bound] = {}
            key = itemgetter(*bound)
            for row in rows:
                index.setdefault(key(row), []).append(row)
        found = index.get
        if len(values) == 1:
            (only,) = values
            return lambda env: found(env[only] if only >= 0 else ~only, ())
        return lambda env: found(tuple([env[v] if v >= 0 else ~v for v in values]), ())

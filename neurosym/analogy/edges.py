"""The graph that analogies are drawn on: plain edges, indexed by their ends.

Knows nothing of where edges come from; a unary fact is an edge with the predicate TYPE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import log
from typing import NamedTuple, TypeAlias

Edge: TypeAlias = tuple[str, str, str, str]  # subject, predicate, object, label
TYPE = "type"


class Arc(NamedTuple):
    """A predicate in one direction: `spouse_of`, or `spouse_of` read backwards."""

    predicate: str
    backward: bool = False

    def said(self, x: str, y: str) -> str:
        """The edge from x to y over this arc, written subject first."""
        return f"{y} {self.predicate} {x}" if self.backward else f"{x} {self.predicate} {y}"


class Graph:
    """Edges by node, both ways.  Equal edges under several labels count once, all labels kept."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        labels: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for s, p, o, label in edges:
            labels[s, p, o].add(label)
        self._labels = {e: tuple(sorted(found)) for e, found in labels.items()}
        self._from: dict[str, list[tuple[Arc, str]]] = defaultdict(list)
        self._over: dict[tuple[str, Arc], list[str]] = defaultdict(list)
        counts: dict[str, int] = defaultdict(int)
        arcs: dict[str, tuple[Arc, Arc]] = {}
        for s, p, o in sorted(labels):
            counts[p] += 1
            if p not in arcs:
                arcs[p] = (Arc(p), Arc(p, True))
            for x, arc, y in ((s, arcs[p][0], o), (o, arcs[p][1], s)):
                self._from[x].append((arc, y))
                self._over[x, arc].append(y)
        self._counts = dict(counts)
        self.nodes = frozenset(self._from)

    def arcs(self, x: str) -> tuple[tuple[Arc, str], ...]:
        return tuple(self._from.get(x, ()))

    def reach(self, x: str, arc: Arc) -> tuple[str, ...]:
        return tuple(self._over.get((x, arc), ()))

    def labels(self, x: str, arc: Arc, y: str) -> tuple[str, ...]:
        s, o = (y, x) if arc.backward else (x, y)
        return self._labels.get((s, arc.predicate, o), ())

    def attributes(self, x: str) -> frozenset[tuple[str, str]]:
        """(predicate, value) for the edges that leave x to a value others share, and its types.

        An edge to something that x alone points to is a relation, not a property.
        """
        return frozenset(
            (arc.predicate, y)
            for arc, y in self.arcs(x)
            if not arc.backward
            and (arc.predicate == TYPE or len(self._over[y, Arc(arc.predicate, True)]) > 1)
        )

    def specificity(self, predicate: str) -> float:
        """1 / (1 + ln n) for a predicate with n edges: what is everywhere says little.

        The role of inverse frequency in Turney 2006 (section 5.5 weighs patterns by entropy).
        """
        return 1.0 / (1.0 + log(max(1, self._counts.get(predicate, 1))))

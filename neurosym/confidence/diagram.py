"""Binary decision diagrams over claims: built by a kept library, read as plain data.

Knows labels and numbers only.  Must not know logic.  The only module that imports `dd`
(CUDD where the wheel has it, else pure Python).  Diagrams leave it as tuples.

A diagram operation cannot be interrupted, so it is not begun where its result may be too
large: an operation on diagrams of m and n nodes makes at most m*n nodes (Bryant 1986).
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from neurosym.confidence.limits import TooLarge

NODES = 300_000  # of all diagrams that are alive
PRODUCT = 20_000_000  # of the sizes of the two diagrams of one operation
Node: TypeAlias = Any  # a function of the library; it stays in this package's hands, and in one Space
Cost: TypeAlias = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A Boolean function of claims as a decision diagram.

    Node 0 is false, node 1 is true; node i + 2 is `nodes[i]` = (variable, low, high): the
    function is `high` where the claim `variables[variable]` holds, and `low` where it does
    not.  Low and high are lower numbers.
    """

    variables: tuple[str, ...]
    nodes: tuple[tuple[int, int, int], ...]
    root: int


def weight(d: Diagram, probability: Mapping[str, float]) -> float:
    """The probability that the function is true, the claims being independent.

    Weighted model counting on a decision diagram (Darwiche & Marquis 2002, section 4).
    """
    p = [probability[v] for v in d.variables]
    value = [0.0, 1.0]
    for v, low, high in d.nodes:
        value.append(p[v] * value[high] + (1.0 - p[v]) * value[low])
    return min(1.0, max(0.0, value[d.root]))


def models(d: Diagram, cost: Mapping[str, float]) -> Iterator[frozenset[str]]:
    """The sets of labels on the ways to true, the cheapest first, then the smallest.

    A cost is at least 0.  Best-first search whose estimate is exact (Hart, Nilsson & Raphael
    1968), so that no way is begun that does not end in true.
    """
    price = [cost[v] for v in d.variables]
    end = (float("inf"), 2**62)
    left: list[Cost] = [end, (0.0, 0)]
    for v, low, high in d.nodes:
        taken = end if left[high] == end else (price[v] + left[high][0], 1 + left[high][1])
        left.append(min(left[low], taken))
    if left[d.root] == end:
        return
    count = 0
    queue: list[tuple[Cost, int, Cost, int, tuple[str, ...]]] = [(left[d.root], 0, (0.0, 0), d.root, ())]
    while queue:
        _, _, spent, node, have = heapq.heappop(queue)
        if node == 1:
            yield frozenset(have)
            continue
        v, low, high = d.nodes[node - 2]
        ways = ((low, spent, have), (high, (spent[0] + price[v], spent[1] + 1), (*have, d.variables[v])))
        for child, so_far, labels in ways:
            if left[child] != end:
                count += 1
                total = (so_far[0] + left[child][0], so_far[1] + left[child][1])
                heapq.heappush(queue, (total, count, so_far, child, labels))


class Space:
    """Where diagrams over some labels are built.  Raises TooLarge past a limit."""

    def __init__(self, labels: Iterable[str], seconds: float) -> None:
        self.labels = tuple(dict.fromkeys(labels))
        self.end = time.monotonic() + seconds
        self._bdd = _library()
        self._name = {label: f"x{i}" for i, label in enumerate(self.labels)}
        self._label = {name: label for label, name in self._name.items()}
        for name in self._name.values():
            self._bdd.add_var(name)
        self.true, self.false = self._bdd.true, self._bdd.false

    def var(self, label: str) -> Node:
        return self._bdd.var(self._name[label])

    def both(self, u: Node, v: Node) -> Node:
        if u == self.false or v == self.true:
            return u
        if v == self.false or u == self.true:
            return v
        return self._apply("and", u, v)

    def either(self, u: Node, v: Node) -> Node:
        if u == self.true or v == self.false:
            return u
        if v == self.true or u == self.false:
            return v
        return self._apply("or", u, v)

    def all(self, nodes: Iterable[Node]) -> Node:
        return self._fold(self.both, nodes, self.true)

    def any(self, nodes: Iterable[Node]) -> Node:
        return self._fold(self.either, nodes, self.false)

    def complement(self, u: Node) -> Node:
        return ~u

    def _fold(self, op: Callable[[Node, Node], Node], nodes: Iterable[Node], empty: Node) -> Node:
        """In pairs, so that the diagrams that meet are of like size."""
        row = list(nodes)
        while len(row) > 1:
            paired = [op(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
            row = paired + row[len(row) - len(row) % 2 :]
        return row[0] if row else empty

    def _apply(self, op: str, u: Node, v: Node) -> Node:
        if time.monotonic() > self.end:
            raise TooLarge("limit: time")
        if u.dag_size * v.dag_size > PRODUCT:
            raise TooLarge(f"limit: diagrams of {u.dag_size} and {v.dag_size} nodes")
        if len(self._bdd) > NODES:
            collect = getattr(self._bdd, "collect_garbage", None)
            if collect is not None:
                collect()
            if len(self._bdd) > NODES:
                raise TooLarge(f"limit: {NODES} diagram nodes")
        return self._bdd.apply(op, u, v)

    # --- whole functions ---

    def plain(self, root: Node) -> Diagram:
        """The function as data."""
        place = {self._bdd.false: 0, self._bdd.true: 1}
        index = {label: i for i, label in enumerate(self.labels)}
        nodes: list[tuple[int, int, int]] = []
        for u, label, low, high in self._upwards(root):
            nodes.append((index[label], place[low], place[high]))
            place[u] = len(nodes) + 1
        return Diagram(self.labels, tuple(nodes), place[root])

    def robust(self, root: Node) -> Node:
        """True of a set of claims where `root` is true of it and of every larger set."""
        done = {self.false: self.false, self.true: self.true}
        for u, label, low, high in self._upwards(root):
            lower, upper, x = done[low], done[high], self.var(label)
            both = self.both(lower, upper)
            done[u] = self.either(self.both(x, upper), self.both(self.complement(x), both))
        return done[root]

    def minimal(self, root: Node) -> Node:
        """True of the minimal sets of which `root`, a monotone function, is true.

        The minimal solutions of a coherent fault tree (Rauzy 1993), on plain diagrams: a claim
        that no longer matters is denied, as it is by leaving it out of a zero-suppressed one.
        """
        done = {self.false: self.false, self.true: self.true}
        about: dict[Node, int] = {self.false: 0, self.true: 0}  # the claims that matter, as bits
        bit = {label: 1 << i for i, label in enumerate(self.labels)}
        for u, label, low, high in self._upwards(root):
            about[u] = bit[label] | about[low] | about[high]
            x = self.var(label)
            without = self.both(done[low], self._none(about[u] & ~bit[label] & ~about[low]))
            rest = self._none(about[u] & ~bit[label] & ~about[high])
            with_ = self.all((done[high], self.complement(low), rest))
            done[u] = self.either(self.both(x, with_), self.both(self.complement(x), without))
        return done[root]

    def _none(self, bits: int) -> Node:
        chosen = [label for i, label in enumerate(self.labels) if bits >> i & 1]
        return self.all(self.complement(self.var(label)) for label in chosen)

    def _upwards(self, root: Node) -> list[tuple[Node, str, Node, Node]]:
        """Every node under `root`, those below first: itself, its label, low and high."""
        self._bdd.configure(reordering=False)  # what is read must stand still
        out: list[tuple[Node, str, Node, Node]] = []
        seen = {self.false, self.true}
        todo: list[tuple[Node, str, Node, Node] | Node] = [root]
        while todo:
            if isinstance(entry := todo.pop(), tuple):
                out.append(entry)
            elif entry not in seen:
                seen.add(entry)
                low, high = (~entry.low, ~entry.high) if entry.negated else (entry.low, entry.high)
                todo += ((entry, self._label[entry.var], low, high), high, low)
        return out


def _library(pure: bool = False) -> Any:
    """A manager of the library: CUDD's, or the one in Python where CUDD is not there or not wanted."""
    if not pure:
        try:
            from dd import cudd

            return cudd.BDD(
                initial_cache_size=2**14
            )  # it grows; the default takes longer than small theories
        except ImportError:
            pass
    from dd import autoref

    return autoref.BDD()

"""Structure mapping: which things of a base correspond to which of a target, and what follows if so.

A small structure-mapping engine (Gentner 1983; Falkenhainer, Forbus & Gentner 1989), merged
greedily (Forbus & Oblinger 1990).  Edges with the same predicate may match; matches obey
one-to-one correspondence and parallel connectivity (matched relations have matched
arguments).  An edge whose subject or object is the label of another edge is a
higher-order relation ("e1 causes e2").  Systematicity: each order doubles a match's weight, and
matches that share a thing support each other.

What the base says beyond the target is a candidate inference: a Claim with the source Analogy
and a score below 1, never a fact.  Knows edges, logic and claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.analogy.edges import TYPE, Edge
from neurosym.errors import InputError
from neurosym.logic import Atom, Const
from neurosym.theory import Analogy, Claim

ATTRIBUTE = 0.25  # a shared type, beside a relation's 1: objects need not look alike
LINK = 0.5  # for two matches that share a correspondence
STARTS = 16  # matches tried as the first of the greedy merge


@dataclass(frozen=True, slots=True)
class StructureMapping:
    """Correspondences (base, target), one to one, and the labels of matched edges.

    `score` in [0, 1] is the share of both sides' weight that is matched; `weight` is what the
    choice between mappings went by.  Without correspondences `reason` says why.
    """

    entities: tuple[tuple[str, str], ...]
    matched: tuple[tuple[str, str], ...]
    score: float
    weight: float
    inferences: tuple[Claim, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Match:
    """A kernel: an edge pair with everything below it, and the correspondences it forces."""

    edges: frozenset[tuple[str, str]]  # labels, base and target
    things: frozenset[tuple[str, str]]
    weight: float


class _Side:
    """The edges of one side by label, and their order (1: between things)."""

    def __init__(self, name: str, edges: Iterable[Edge]) -> None:
        given = sorted(set(edges))
        self.edges = {e[3]: e for e in given}
        if len(self.edges) != len(given):
            raise InputError(f"the {name} uses a label twice", hint="give every edge a label of its own")
        self.order: dict[str, int] = {}
        for label in self.edges:
            self._find_order(name, label)

    def _find_order(self, name: str, label: str) -> None:
        path: list[str] = [label]
        while path:
            last = path[-1]
            below = [x for x in self.arguments(last) if x in self.edges]
            todo = [x for x in below if x not in self.order]
            if any(x in path for x in todo):
                raise InputError(f"edge {last!r} of the {name} is about itself", hint="remove the cycle")
            if todo:
                path.append(todo[0])
            else:
                self.order[last] = 1 + max((self.order[x] for x in below), default=0)
                path.pop()

    def arguments(self, label: str) -> tuple[str, str]:
        s, _, o, _ = self.edges[label]
        return s, o

    def weight(self, label: str) -> float:
        """1 for a relation between things; each order doubles it; a type weighs ATTRIBUTE."""
        order = self.order[label]
        return ATTRIBUTE if self.edges[label][1] == TYPE and order == 1 else float(2 ** (order - 1))


def map_structures(base_edges: Iterable[Edge], target_edges: Iterable[Edge]) -> StructureMapping:
    """The best mapping of base onto target that greedy merging finds.

    Time is about the number of edge pairs with equal predicates, squared at most: meant for
    descriptions of tens to hundreds of edges.  Raises InputError for a label used twice in one
    side or an edge about itself.
    """
    base, target = _Side("base", base_edges), _Side("target", target_edges)
    kernels = _kernels(base, target)
    relational = [m for m in kernels if m.weight > ATTRIBUTE]
    if not relational:
        return StructureMapping((), (), 0.0, 0.0, (), "base and target share no relation")
    support = _supports(kernels)
    starts = sorted(relational, key=lambda m: -support[m])[:STARTS]
    best = min((_merge(m, kernels) for m in starts), key=lambda m: (-_total(m, base), sorted(m.things)))
    matched = sum(base.weight(x) for x, _ in best.edges)
    whole = sum(base.weight(x) for x in base.edges) + sum(target.weight(y) for y in target.edges)
    share = 2 * matched / whole
    return StructureMapping(
        tuple(sorted(best.things)),
        tuple(sorted(best.edges)),
        share,
        _total(best, base),
        _inferences(best, base, target, share),
    )


# --- matching and merging --------------------------------------------------------------------


def _kernels(base: _Side, target: _Side) -> list[_Match]:
    """A kernel for each edge pair that can match with everything below it; lower orders first."""
    done: dict[tuple[str, str], _Match] = {}
    by_predicate: dict[tuple[str, int], list[str]] = {}
    for label, edge in sorted(target.edges.items()):
        by_predicate.setdefault((edge[1], target.order[label]), []).append(label)
    for b in sorted(base.edges, key=lambda x: (base.order[x], x)):
        for t in by_predicate.get((base.edges[b][1], base.order[b]), ()):
            if m := _kernel(b, t, base, target, done):
                done[b, t] = m
    return list(done.values())


def _kernel(b: str, t: str, base: _Side, target: _Side, done: dict[tuple[str, str], _Match]) -> _Match | None:
    edges, things = {(b, t)}, set[tuple[str, str]]()
    predicate = base.edges[b][1]
    for place, (x, y) in enumerate(zip(base.arguments(b), target.arguments(t), strict=True)):
        if predicate == TYPE and place == 1:
            if x != y:
                return None  # a type is a property, not a thing that could correspond to another
        elif (x in base.edges) != (y in target.edges):
            return None
        elif x in base.edges:
            if (x, y) not in done:
                return None
            edges |= done[x, y].edges
            things |= done[x, y].things
        else:
            things.add((x, y))
    weight = sum(base.weight(x) for x, _ in edges)
    return _Match(frozenset(edges), frozenset(things), weight) if _one_to_one(edges, things) else None


def _one_to_one(*relations: Iterable[tuple[str, str]]) -> bool:
    for pairs in relations:
        seen = set(pairs)
        if len({x for x, _ in seen}) != len(seen) or len({y for _, y in seen}) != len(seen):
            return False
    return True


def _fits(m: _Match, n: _Match) -> bool:
    """May both stand in one mapping?  Each is one-to-one by itself."""
    for mine, theirs in ((m.edges, n.edges), (m.things, n.things)):
        there, back = dict(mine), {y: x for x, y in mine}
        if any(there.get(x, y) != y or back.get(y, x) != x for x, y in theirs):
            return False
    return True


def _supports(kernels: list[_Match]) -> dict[_Match, float]:
    """Weight of each kernel and of those that fit it and share a correspondence: where systems root."""
    at: dict[tuple[str, str], list[_Match]] = {}
    for m in kernels:
        for pair in m.things:
            at.setdefault(pair, []).append(m)
    out = {}
    for m in kernels:
        near = {n: None for pair in sorted(m.things) for n in at[pair] if n is not m}
        out[m] = m.weight + sum(n.weight for n in near if _fits(m, n))
    return out


def _merge(first: _Match, kernels: list[_Match]) -> _Match:
    """`first` with whatever still fits, best gain first, until nothing fits."""
    edges, things, last = set(first.edges), set(first.things), first
    rest = kernels
    while True:
        # what fitted before needs to be held against the last addition only
        rest = [m for m in rest if _fits(last, m) and not m.edges <= edges]
        if not rest:
            return _Match(frozenset(edges), frozenset(things), 0.0)
        # first what hangs together with the mapping, then what weighs more; the kernels are in order
        last = max(rest, key=lambda m: (len(m.things & things), m.weight))
        edges |= last.edges
        things |= last.things


def _total(m: _Match, base: _Side) -> float:
    """Weights of the matched edges, and LINK for each two relations that share a thing."""
    edges = sorted(m.edges)
    relations = [x for x, _ in edges if base.edges[x][1] != TYPE]
    at: dict[str, int] = {}
    for x in relations:
        for thing in set(base.arguments(x)):
            at[thing] = at.get(thing, 0) + 1
    links = sum(n * (n - 1) // 2 for n in at.values())
    return sum(base.weight(x) for x, _ in edges) + LINK * links


# --- candidate inferences ----------------------------------------------------------------------


def _inferences(m: _Match, base: _Side, target: _Side, share: float) -> tuple[Claim, ...]:
    """Unmatched base relations whose arguments all correspond, said of the target.

    Types are left behind (Gentner 1983: attributes are not carried over), and no thing is
    invented.  The score is the mapping's share times n / (n + 1), where n is the weight of the
    matched edges that touch the inference times its own: a rank, below 1, that no frequency
    stands behind.  An inferred higher-order relation is about labels of target edges.
    """
    image = {**dict(m.things), **dict(m.edges)}
    known = {(s, p, o) for s, p, o, _ in target.edges.values()}
    matched = {x for x, _ in m.edges}
    out = []
    for label, (s, p, o, _) in sorted(base.edges.items()):
        if label in matched or p == TYPE or s not in image or o not in image:
            continue
        if (image[s], p, image[o]) in known:
            continue
        touching = sorted(x for x in matched if {s, o} & {*base.arguments(x), x})
        n = base.weight(label) * sum(base.weight(x) for x in touching)
        score = share * n / (n + 1)
        said = f"{image[s]} {p} {image[o]}"
        source = Analogy((label, *touching), said)
        atom = Atom(p, (Const(image[s]), Const(image[o])))
        out.append(Claim(f"analogy:{label}", atom, source, score))
    return tuple(sorted(out, key=lambda c: (-c.score, c.label)))

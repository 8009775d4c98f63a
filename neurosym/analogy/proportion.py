"""Proportional analogies a : b :: c : d over a graph.

A pair is described by what relates its members: direct edges, two-step paths, and the
attributes that change from one to the other; d is sought so that (c, d) has the description of
(a, b).  Relations count more than attributes, and relations that hang together more than the
same ones apart (Gentner 1983, structure mapping; Falkenhainer, Forbus & Gentner 1989, SME).
That analogy is similarity of relations, measured over all patterns at once with common ones
discounted, is latent relational analysis (Turney 2006).

An answer is a suggestion, never an inference.  Knows edges only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.analogy.edges import TYPE, Arc, Edge, Graph
from neurosym.errors import InputError

# Weights before the discount of common predicates.
DIRECT = 3.0  # a relation between the two themselves
CHANGE = 2.0  # the same attribute changes in the same way
PATH = 1.5  # a relation by way of a third thing
COMMON = 0.5  # an attribute that all four share: an object match, which SME ranks lowest
HIGHER = 2.0  # a relation between two of the shared relations: systematicity
HUB = 2000  # nodes with more neighbours over one arc are no way through: they relate all to all

Pattern: TypeAlias = tuple[Arc, ...]
Change: TypeAlias = tuple[str, str, str]  # predicate, value before, value after; "" where absent


@dataclass(frozen=True, slots=True)
class RelationPair:
    """One thing that holds of (a, b) and of (c, d): `kind` is direct, path, change, common or higher."""

    kind: str
    name: str
    base: str
    target: str
    weight: float
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnalogyAnswer:
    """`score` in (0, 1]: the weighted share of both pairs' descriptions that they have in common (Dice).

    It ranks; it is not a probability.  `labels` are the edges it rests on; `tied` are the
    other answers with the same score, also those beyond the k that were asked for.
    """

    d: str
    score: float
    relations: tuple[RelationPair, ...]
    labels: tuple[str, ...]
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proportion:
    """Answers, best first, equal ones by name; without answers `reason` says why."""

    answers: tuple[AnalogyAnswer, ...]
    reason: str = ""


def proportion(a: str, b: str, c: str, edges: Iterable[Edge], k: int = 5) -> Proportion:
    """The k best d for a : b :: c : d; d is none of a, b, c.

    Costs about the neighbours of a, b, c within two steps.  Raises InputError for k < 1 or
    a = b.
    """
    if k < 1:
        raise InputError(f"k is {k}, expected at least 1", hint="ask for one answer or more")
    if a == b:
        raise InputError(f"{a!r} is compared with itself", hint="give two different things as a and b")
    g = Graph(edges)
    for x in (a, b, c):
        if x not in g.nodes:
            return Proportion((), f"{x!r} does not occur in the graph")
    base = _describe(g, a, b)
    if not base.relations and not base.changes:
        return Proportion(
            (), f"nothing relates {a!r} to {b!r}: no edge, no path of two, no changed attribute"
        )
    found = []
    for d in sorted(_candidates(g, base, c) - {a, b, c}):
        if answer := _compare(g, base, _describe(g, c, d)):
            found.append(answer)
    if not found:
        return Proportion((), f"nothing stands to {c!r} as {b!r} stands to {a!r}: {_wanted(base)}")
    found.sort(key=lambda x: (-x.score, x.d))
    return Proportion(tuple(_with_ties(x, found) for x in found[:k]))


def _with_ties(x: AnalogyAnswer, found: list[AnalogyAnswer]) -> AnalogyAnswer:
    tied = tuple(y.d for y in found if y.score == x.score and y.d != x.d)
    return AnalogyAnswer(x.d, x.score, x.relations, x.labels, tied)


# --- what holds between two things -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Description:
    x: str
    y: str
    relations: dict[Pattern, tuple[str, tuple[str, ...]]]  # how it reads, the labels it rests on
    changes: dict[Change, tuple[str, ...]]
    kept: frozenset[tuple[str, str]]


def _describe(g: Graph, x: str, y: str) -> _Description:
    relations: dict[Pattern, tuple[str, tuple[str, ...]]] = {}
    for arc, z in g.arcs(x):
        if z == y:
            relations[arc,] = (arc.said(x, y), g.labels(x, arc, y))
    into: dict[str, list[Arc]] = {}
    for arc, m in g.arcs(y):
        into.setdefault(m, []).append(Arc(arc.predicate, not arc.backward))
    for first, m in g.arcs(x):
        if m in (x, y) or m not in into:
            continue
        for second in into[m]:
            said = f"{first.said(x, m)}, {second.said(m, y)}"
            labels = (*g.labels(x, first, m), *g.labels(m, second, y))
            relations.setdefault((first, second), (said, labels))
    before, after = g.attributes(x), g.attributes(y)
    return _Description(x, y, relations, _changes(g, x, y, before, after), before & after)


def _changes(
    g: Graph, x: str, y: str, before: frozenset[tuple[str, str]], after: frozenset[tuple[str, str]]
) -> dict[Change, tuple[str, ...]]:
    """Attributes that one has and the other has not; values that replace one another are paired."""
    lost = sorted((p, v) for p, v in before - after if v != y)
    gained = sorted((p, v) for p, v in after - before if v != x)
    out: dict[Change, tuple[str, ...]] = {}
    for p, v in lost:
        for w in [w for q, w in gained if q == p] or [""]:
            out[p, v, w] = (*g.labels(x, Arc(p), v), *(g.labels(y, Arc(p), w) if w else ()))
    for p, w in gained:
        if not any(q == p for q, _ in lost):
            out[p, "", w] = g.labels(y, Arc(p), w)
    return out


def _candidates(g: Graph, base: _Description, c: str) -> set[str]:
    """Things that stand to c in one of the base's relations, or have what b has gained."""
    found: set[str] = set()
    for pattern in base.relations:
        ends = {c}
        for arc in pattern:
            ways = [g.reach(x, arc) for x in sorted(ends)]
            ends = {y for way in ways if len(way) <= HUB for y in way}
        found |= ends
    mine = g.attributes(c)
    for p, before, after in base.changes:
        if after and (not before or (p, before) in mine):
            have = g.reach(after, Arc(p, True))
            found |= set(have) if len(have) <= HUB else set()
    return found


# --- comparing descriptions ----------------------------------------------------------------


def _weight(g: Graph, pattern: Pattern) -> float:
    if len(pattern) == 1:
        return DIRECT * g.specificity(pattern[0].predicate)
    return PATH * sum(g.specificity(arc.predicate) for arc in pattern) / len(pattern)


def _compare(g: Graph, base: _Description, target: _Description) -> AnalogyAnswer | None:
    """The answer `target.y`, or None where the pairs share neither a relation nor a change."""
    shared = sorted(base.relations.keys() & target.relations.keys())
    changes = sorted(base.changes.keys() & target.changes.keys())
    if not shared and not changes:
        return None
    pairs = [_relation_pair(g, p, base, target) for p in shared]
    for p, before, after in changes:
        labels = tuple(sorted({*base.changes[p, before, after], *target.changes[p, before, after]}))
        text = f"{p}: {before or 'none'} -> {after or 'none'}"
        weight = CHANGE * g.specificity(p)
        x, y = f"{base.x} to {base.y}, {text}", f"{target.x} to {target.y}, {text}"
        pairs.append(RelationPair("change", p, x, y, weight, labels))
    for p, value in sorted(base.kept & target.kept):
        labels = tuple(
            sorted({z for x in (base.x, base.y, target.x, target.y) for z in g.labels(x, Arc(p), value)})
        )
        text = f"{{}} and {{}}: {p} {value}"
        said = text.format(base.x, base.y), text.format(target.x, target.y)
        pairs.append(RelationPair("common", p, *said, COMMON * g.specificity(p), labels))
    pairs += _higher(g, shared)
    common = sum(r.weight for r in pairs)
    # a higher-order relation between shared relations belongs to both descriptions
    extra = sum(r.weight for r in pairs if r.kind in {"higher", "common"})
    whole = _total(g, base) + _total(g, target) + 2 * extra
    pairs.sort(key=lambda r: (-r.weight, r.kind, r.name))
    labels = tuple(sorted({label for r in pairs for label in r.labels}))
    return AnalogyAnswer(target.y, round(2 * common / whole, 9), tuple(pairs), labels)


def _total(g: Graph, d: _Description) -> float:
    relations = sum(_weight(g, p) for p in sorted(d.relations))
    return relations + sum(CHANGE * g.specificity(p) for p, _, _ in sorted(d.changes))


def _relation_pair(g: Graph, p: Pattern, base: _Description, target: _Description) -> RelationPair:
    (said, mine), (said_too, theirs) = base.relations[p], target.relations[p]
    name = " / ".join(f"{arc.predicate}{'⁻¹' if arc.backward else ''}" for arc in p)
    kind = "direct" if len(p) == 1 else "path"
    return RelationPair(kind, name, said, said_too, _weight(g, p), tuple(sorted({*mine, *theirs})))


def _higher(g: Graph, shared: list[Pattern]) -> list[RelationPair]:
    """Edges between the predicates of shared direct relations: causes, implies, inverse of."""
    predicates = sorted({p[0].predicate for p in shared if len(p) == 1})
    out = []
    for p in predicates:
        for arc, q in g.arcs(p):
            if not arc.backward and q in predicates and arc.predicate != TYPE:
                said = arc.said(p, q)
                weight = HIGHER * g.specificity(arc.predicate)
                out.append(RelationPair("higher", arc.predicate, said, said, weight, g.labels(p, arc, q)))
    return out


def _wanted(base: _Description) -> str:
    """What was sought, in a few words."""
    seen = [said for said, _ in base.relations.values()]
    seen += [f"{p} {x or 'none'} -> {y or 'none'}" for p, x, y in base.changes]
    more = f" and {len(seen) - 3} more" if len(seen) > 3 else ""
    return f"sought the like of {'; '.join(seen[:3])}{more}"

"""Names for blank nodes that depend on the content of a graph, not on its order or its file.

Knows RDF terms only.  Blank nodes that touch form a component; each component is put into a
canonical form by colour refinement with individualization (the scheme of Hogan, "Canonical
Forms for Isomorphic and Equivalent RDF Graphs", ACM TWEB 2017) and its nodes are named by a
hash of that form.  So a name survives changes elsewhere in the file, and is the same in
every syntax.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from neurosym.knowledge.rdf import Blank, Node, RdfTriple, Resource, show_node, triple_key

# Ties that refinement cannot break are mostly symmetric, where any choice gives the same
# graph.  Where they are not, this many choices are compared; beyond it the first one is taken.
_CHOICES = 64


def name_blanks(triples: Iterable[RdfTriple]) -> tuple[RdfTriple, ...]:
    """The triples, sorted, without duplicates, with canonical names for blank nodes."""
    unique = tuple(dict.fromkeys(triples))
    around: dict[Blank, list[RdfTriple]] = defaultdict(list)
    for t in unique:
        for b in {n for n in t if isinstance(n, Blank)}:
            around[b].append(t)
    forms = [_canonical(c, around) for c in _components(around)]
    forms.sort(key=lambda f: f[0])
    names: dict[Blank, Blank] = {}
    seen: dict[str, int] = defaultdict(int)
    for form, order in forms:
        digest = hashlib.sha256(form.encode()).hexdigest()[:8]
        # Two components of the same form are copies: they are numbered, in any order.
        seen[digest] += 1
        copy = "" if seen[digest] == 1 else f"c{seen[digest]}"
        for i, b in enumerate(order):
            names[b] = Blank(f"b{digest}{copy}" + ("" if len(order) == 1 else f"n{i}"))

    def named(n: Resource) -> Resource:
        return names[n] if isinstance(n, Blank) else n

    return tuple(
        sorted(((named(s), p, named(o) if isinstance(o, Blank) else o) for s, p, o in unique), key=triple_key)
    )


def _components(around: dict[Blank, list[RdfTriple]]) -> list[list[Blank]]:
    seen: set[Blank] = set()
    out = []
    for start in around:
        if start in seen:
            continue
        seen.add(start)
        members, todo = [], [start]
        while todo:
            b = todo.pop()
            members.append(b)
            for t in around[b]:
                for n in t:
                    if isinstance(n, Blank) and n not in seen:
                        seen.add(n)
                        todo.append(n)
        out.append(members)
    return out


def _canonical(members: list[Blank], around: dict[Blank, list[RdfTriple]]) -> tuple[str, list[Blank]]:
    """The canonical form of a component and its nodes in canonical order."""
    if len(members) == 1:
        return _form(members, around), members
    budget = [_CHOICES]
    return _search(members, around, _refine(members, around, dict.fromkeys(members, "")), budget)


def _search(
    members: list[Blank], around: dict[Blank, list[RdfTriple]], colour: dict[Blank, str], budget: list[int]
) -> tuple[str, list[Blank]]:
    # Depth is one level a tie; a loop stands in for the last branch so that long ties do not recurse.
    best: tuple[str, list[Blank]] | None = None
    while True:
        classes: dict[str, list[Blank]] = defaultdict(list)
        for b in members:
            classes[colour[b]].append(b)
        tied = min((c for c, bs in classes.items() if len(bs) > 1), default=None)
        if tied is None:
            order = sorted(members, key=lambda b: colour[b])
            leaf = (_form(order, around), order)
            return leaf if best is None or leaf[0] < best[0] else best
        first, *others = classes[tied]
        for b in others:
            if budget[0] <= 0:
                break
            budget[0] -= 1
            found = _search(members, around, _refine(members, around, {**colour, b: tied + "!"}), budget)
            if best is None or found[0] < best[0]:
                best = found
        colour = _refine(members, around, {**colour, first: tied + "!"})


def _refine(
    members: list[Blank], around: dict[Blank, list[RdfTriple]], colour: dict[Blank, str]
) -> dict[Blank, str]:
    count = len(set(colour.values()))
    while True:
        new = {}
        for b in members:
            seen = sorted(" ".join(_seen(n, b, colour) for n in t) for t in around[b])
            new[b] = hashlib.sha256("\n".join((colour[b], *seen)).encode()).hexdigest()
        now = len(set(new.values()))
        if now <= count:
            return new
        colour, count = new, now


def _seen(n: Node, centre: Blank, colour: dict[Blank, str]) -> str:
    if not isinstance(n, Blank):
        return show_node(n)
    return "_:self" if n == centre else f"_:{colour[n]}"


def _form(order: list[Blank], around: dict[Blank, list[RdfTriple]]) -> str:
    index = {b: f"_:{i}" for i, b in enumerate(order)}
    lines = {
        " ".join(index[n] if isinstance(n, Blank) else show_node(n) for n in t)
        for b in order
        for t in around[b]
    }
    return "\n".join(sorted(lines))

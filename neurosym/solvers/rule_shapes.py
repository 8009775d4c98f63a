"""What rules look like: strata, linear recursion, functions.

Knows logic.  Must not know Prolog.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import TypeAlias

from neurosym.logic import (
    Atom,
    Fn,
    Formula,
    Naf,
    Not,
    Num,
    Rule,
    Statement,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    literal_terms,
    literals,
    term_vars,
)

Key: TypeAlias = tuple[bool, str, int]  # sign, name, arity


def key_of(f: Formula | Naf) -> Key:
    a = atom_of(f)
    return not isinstance(f, Not), a.pred, len(a.args)


def terms_of(f: Statement) -> Iterable[Term]:
    return (t for a in literals(f) for t in literal_terms(a))


def number_key(n: Num) -> Fraction:
    return n.value


def builds(f: Atom | Not) -> bool:
    """Has `f` a function of a variable, so that it may build or take ever larger terms?"""
    return any(isinstance(t, Fn) and any(True for _ in term_vars(t)) for t in atom_of(f).args)


def calls(rule: Rule, key: Key) -> bool:
    return any(is_signed_atom(b) and key_of(b) == key for b in rule.body)


def reaches(start: set[Key], key: Key, below: dict[Key, set[Key]]) -> bool:
    """Does some predicate of `start` depend on `key`?"""
    todo, seen = list(start), set[Key]()
    while todo:
        if (k := todo.pop()) == key:
            return True
        if k not in seen:
            seen.add(k)
            todo += below.get(k, set())
    return False


def carried_through(rule: Rule, derived: AbstractSet[Key]) -> tuple[int, ...]:
    """The argument positions a recursive rule carries through; () where it is of another form."""
    head = atom_of(rule.head).args
    again = [b for b in rule.body if is_signed_atom(b) and key_of(b) == key_of(rule.head)]
    rest = [b for b in rule.body if b not in again]
    if len(again) != 1 or rule.body.count(again[0]) != 1 or len(set(head)) != len(head):
        return ()
    if any(isinstance(b, Naf) or (is_signed_atom(b) and key_of(b) in derived) for b in rest):
        return ()
    call, used = atom_of(again[0]).args, {v for b in rest for v in free_vars(b)}
    keep = tuple(i for i, (h, t) in enumerate(zip(head, call, strict=True)) if h == t and h not in used)
    moved = [i for i in range(len(head)) if i not in keep]
    carried = {head[i] for i in keep}
    if not moved or not all(isinstance(t, Var) for t in (*head, *call)) or len(set(call)) != len(call):
        return ()
    bound = {v for b in rest if is_signed_atom(b) for v in free_vars(b)} | {head[i] for i in moved}
    fits = all(call[i] in bound and call[i] not in carried for i in moved)
    return keep if fits else ()


def stratify(rules: Iterable[Rule]) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """Predicates that depend on their own absence, and each predicate's level (Apt, Blair & Walker 1988).

    By name alone, as the kernel does: a predicate and its classical negation share a level.
    """
    edges: dict[str, dict[str, bool]] = {}
    for r in rules:
        below = edges.setdefault(atom_of(r.head).pred, {})
        for b in r.body:
            if isinstance(b, Naf) or is_signed_atom(b):
                name = atom_of(b).pred
                edges.setdefault(name, {})
                below[name] = below.get(name, False) or isinstance(b, Naf)
    level: dict[str, int] = {}
    bad: set[str] = set()
    for component in components(edges):  # lower components come first
        inside = set(component)
        bad |= {p for p in component for q, naf in edges[p].items() if naf and q in inside}
        top = max(
            (level[q] + naf for p in component for q, naf in edges[p].items() if q not in inside), default=0
        )
        level |= dict.fromkeys(component, top)
    return tuple(sorted(bad)), tuple(sorted(level.items()))


def components(edges: dict[str, dict[str, bool]]) -> list[list[str]]:
    """Strongly connected components, successors first (Tarjan 1972, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    out: list[list[str]] = []
    on_stack: set[str] = set()
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for nxt in rest:
                if nxt not in index:
                    index[nxt] = low[nxt] = len(index)
                    stack.append(nxt)
                    on_stack.add(nxt)
                    work.append((nxt, iter(edges[nxt])))
                    break
                if nxt in on_stack:
                    low[node] = min(low[node], index[nxt])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    out.append(sorted(stack[cut:]))
                    on_stack -= set(stack[cut:])
                    del stack[cut:]
    return out

"""Rules that are used only where the goal asks for their heads.

Knows logic and programs.  Must not know scores or diagrams.  Magic sets (Bancilhon, Maier,
Sagiv & Ullman 1986; Beeri & Ramakrishnan 1991): a rule is guarded by the demand for its head,
with the arguments that are known when it is asked for, and demands themselves are derived by
rules.  Whatever is asked to be absent is demanded too, so that every ground rule on which the
goal depends is still met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.confidence.reading import GOAL, Marked, key
from neurosym.logic import (
    Atom,
    Fn,
    Literal,
    Naf,
    Rule,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    subterms,
    term_vars,
)

Key: TypeAlias = tuple[bool, str, int]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A rule that is used where `guard` holds; where it `asks`, its head is a demand and no literal."""

    label: str
    rule: Rule
    guard: Atom | None = None
    asks: bool = False


def guarded(rules: Sequence[Marked]) -> tuple[Guarded, ...]:
    """The rules with their guards, and the rules of demand.

    Where a rule builds terms demands might have no end, and the rules stay as they are.
    """
    if any(_builds(m.rule) for m in rules):
        return tuple(Guarded(m.label, m.rule) for m in rules)
    out: dict[Guarded, None] = {}
    by_head: dict[Key, list[Marked]] = {}
    for m in rules:
        if not m.rule.body and not free_vars(m.rule):
            out[Guarded(m.label, m.rule)] = None  # a fact
        else:
            by_head.setdefault(key(m.rule.head), []).append(m)
    first: tuple[Key, tuple[int, ...]] = (key(GOAL), ())
    todo, seen = [first], {first}
    while todo:
        asked, places = todo.pop()
        for m in by_head.get(asked, ()):
            guard = None if asked == first[0] else _demand(asked, places, atom_of(m.rule.head).args)
            out[Guarded(m.label, m.rule, guard)] = None
            for demand, body, more in _demands(m.rule, guard, by_head):
                if demand not in body:
                    out[Guarded("", Rule(demand, body), asks=True)] = None
                if more not in seen:
                    seen.add(more)
                    todo.append(more)
    return tuple(out)


def _demands(
    rule: Rule, guard: Atom | None, derived: Iterable[Key]
) -> list[tuple[Atom, tuple[Literal, ...], tuple[Key, tuple[int, ...]]]]:
    """What the body asks for: the demand, what is known by then, and the predicate with its known places."""
    known = {v for t in (guard.args if guard else ()) for v in term_vars(t)}
    before: list[Literal] = [guard] if guard else []
    waiting = [b for b in rule.body if not isinstance(b, Naf) and is_signed_atom(b)]
    out = []
    while waiting:
        n = min(range(len(waiting)), key=lambda i: _unknown(waiting[i], known))
        literal = waiting.pop(n)
        if key(literal) in derived:
            out.append(_asked(literal, tuple(before), known))
        before.append(literal)
        known |= set(free_vars(literal))
    for b in rule.body:
        if isinstance(b, Naf) and key(b.body) in derived:
            out.append(_asked(b.body, tuple(before), known))
    return out


def _unknown(literal: Literal, known: set[Var]) -> tuple[int, int]:
    """The most known arguments come first."""
    args = atom_of(literal).args
    have = sum(known.issuperset(term_vars(t)) for t in args)
    return -have, len(args)


def _asked(
    literal: Literal, before: tuple[Literal, ...], known: set[Var]
) -> tuple[Atom, tuple[Literal, ...], tuple[Key, tuple[int, ...]]]:
    k, args = key(literal), atom_of(literal).args
    places = tuple(i for i, t in enumerate(args) if known.issuperset(term_vars(t)))
    return _demand(k, places, args), before, (k, places)


def _demand(k: Key, places: tuple[int, ...], args: tuple[Term, ...]) -> Atom:
    sign, pred, arity = k
    where = ",".join(map(str, places))
    return Atom(f"$demand {'+' if sign else '-'}{arity}[{where}] {pred}", tuple(args[i] for i in places))


def _builds(rule: Rule) -> bool:
    literals = [rule.head, *(b for b in rule.body if isinstance(b, Naf) or is_signed_atom(b))]
    terms = (t for x in literals for t in atom_of(x).args)
    return any(isinstance(s, Fn) and any(True for _ in term_vars(s)) for t in terms for s in subterms(t))

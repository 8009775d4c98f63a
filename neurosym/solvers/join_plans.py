"""Rules compiled for joins: which body literal is looked up when, and by which of its arguments.

Knows the language only.  Must not know where the rows are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.logic import (
    Atom,
    BodyLiteral,
    Equal,
    Fn,
    Formula,
    Less,
    Naf,
    Not,
    Rule,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    substitute_term,
    term_vars,
    unbound,
)
from neurosym.solvers.rule_shapes import Key, key_of

Place: TypeAlias = int | Term  # a slot of the environment (an int), or a term: ground, or with variables


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rule number `index` of the claim `label`, and its variables in the order of its environments."""

    label: str
    index: int
    rule: Rule
    vars: tuple[Var, ...]  # free_vars(rule)


@dataclass(frozen=True, slots=True)
class Probe:
    """One body literal of a join: look up `bound` places, then fill or compare the others."""

    key: Key
    number: int  # its place in the body, which says how old its rows may be
    bound: tuple[int, ...]
    values: tuple[Place, ...]  # what stands at the bound places
    open_: tuple[tuple[int, Place], ...]  # the other places: a slot to fill, or a pattern


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule ready to be joined: for each body literal, the joins that start with it."""

    source: Labelled
    slots: dict[Var, int]
    joins: tuple[tuple[Probe, ...], ...]
    tests: tuple[BodyLiteral, ...]
    loose: tuple[Var, ...]  # variables that no literal of the body binds
    head: Key
    head_args: tuple[Place, ...]
    plain: bool  # no tests, no loose variables


def plan_of(source: Labelled) -> Plan:
    """The rule of `source`, ready to be joined."""
    rule = source.rule
    slots = {v: i for i, v in enumerate(source.vars)}
    positive = [b for b in rule.body if isinstance(b, Atom | Not) and is_signed_atom(b)]
    tests = tuple(b for b in rule.body if isinstance(b, Naf | Equal | Less) or not is_signed_atom(b))
    joins = tuple(tuple(_order(positive, first, slots)) for first in range(len(positive)))
    head = tuple(
        slots[t] if isinstance(t, Var) else substitute_term(t, marked(slots)) for t in atom_of(rule.head).args
    )
    loose = unbound(rule)
    plain = not tests and not loose
    return Plan(source, slots, joins, tests, loose, key_of(rule.head), head, plain)


def _order(positive: Sequence[Atom | Not], first: int, slots: Mapping[Var, int]) -> Iterator[Probe]:
    """The join order that begins with `first` and goes on with whatever has the most places bound."""
    bound: set[Var] = set()
    left = list(range(len(positive)))
    chosen = first
    while left:
        left.remove(chosen)
        yield _probe_of(positive[chosen], chosen, bound, slots)
        bound |= set(free_vars(positive[chosen]))
        if left:
            chosen = max(left, key=lambda i: (_known_places(positive[i], bound), -i))


def _known_places(f: Formula, bound: set[Var]) -> int:
    return sum(all(v in bound for v in term_vars(t)) for t in atom_of(f).args)


def _probe_of(f: Atom | Not, number: int, bound: set[Var], slots: Mapping[Var, int]) -> Probe:
    known: list[tuple[int, Place]] = []
    open_: list[tuple[int, Place]] = []
    for i, t in enumerate(atom_of(f).args):
        if isinstance(t, Var):
            (known if t in bound else open_).append((i, slots[t]))
        elif isinstance(t, Fn) and is_open(t):
            open_.append((i, substitute_term(t, marked(slots))))
        else:
            known.append((i, t))
    places = tuple(i for i, _ in known)
    return Probe(key_of(f), number, places, tuple(p for _, p in known), tuple(open_))


def is_open(t: Term) -> bool:
    """Has `t` a variable?"""
    return any(True for _ in term_vars(t))


def marked(slots: Mapping[Var, int]) -> dict[Var, Term]:
    """Stands for each slot n: the variable `$n`."""
    return {v: Var(f"${n}") for v, n in slots.items()}

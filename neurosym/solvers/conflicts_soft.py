"""Which claims may give way so that a contradiction goes, and which must be held.

Knows the rule fragment.  Must not know any solver.  Classically, fewer claims are never less
consistent, and any claim may go.  Where absence counts (a closed world, negation as failure)
taking out a fact may make something absent and so break what was fine.  There the influence
of each claim on the breaches is read off the rules by polarity, as in stratification (Apt,
Blair and Walker 1988): claims that can only bring breaches about may go; claims that can only
prevent them stay, at no loss; claims that can do both are held, and named.  Where single
predicates are closed, the claims that conclude them are held and all others may go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.errors import TheoryError
from neurosym.logic import (
    Atom,
    BodyLiteral,
    Formula,
    Naf,
    Not,
    Rule,
    atom_of,
    ground_terms,
    is_signed_atom,
    rules_of,
    unbound,
)  # fmt: skip
from neurosym.theory import Semantics, Theory, definitions, has_naf

Key: TypeAlias = tuple[str, int, bool]  # predicate, arity, and whether it is the atom or its negation


@dataclass(frozen=True, slots=True)
class Soft:
    """`soft`: labels that may go; `held`: those that stay although they may be at fault.

    Where `unsupported` is not empty, it names why conflicts cannot be sought at all.
    `classical`: absence counts for nothing, neither in the theory nor in any part of it.
    """

    soft: tuple[str, ...]
    held: tuple[str, ...] = ()
    unsupported: str = ""
    classical: bool = False


def soft_claims(theory: Theory) -> Soft:
    """The claims of `theory` that may be taken out such that fewer of them is never less consistent.

    Claims outside the rule fragment, in a theory where absence counts, are held: no solver reads
    them there.
    """
    if theory.semantics is not Semantics.CLASSICAL:
        # p and not p may then both be derivable, which is an answer and no falsity
        return Soft((), unsupported=f"conflicts under {theory.semantics.value} semantics")
    if theory.closed:
        return _mixed(theory)
    if not theory.closed_world and not any(has_naf(c.formula) for c in theory.claims):
        return Soft(tuple(c.label for c in theory.claims), classical=True)
    rules = {c.label: rules_of(c.formula, theory.closed_world) for c in theory.claims}
    program = [r for found in rules.values() for r in found or ()]
    signs = _signs(program, theory.closed_world)
    # a rule's free variable runs over the terms that are named: more claims, more instances
    by_domain = any(False in signs.get(_key(r.head), ()) for r in program if unbound(r))
    soft, held = list[str](), list[str]()
    for c in theory.claims:
        found = rules[c.label]
        influence = {s for r in found or () for s in _influence(r, signs, theory.closed_world)}
        if by_domain and ground_terms([c.formula]):
            influence.add(False)
        # without its rules by absence an open theory would be read classically, that is differently
        if found is None or (not theory.closed_world and has_naf(c.formula)):
            influence |= {True, False}
        if False not in influence:
            soft.append(c.label)
        elif True in influence:
            held.append(c.label)
    return Soft(tuple(soft), tuple(held))


def _mixed(theory: Theory) -> Soft:
    """The closed predicates hold where their definitions say so, and nowhere else; the rest is classical."""
    try:
        own, others = definitions(theory)
    except TheoryError as e:
        return Soft((), unsupported=e.message)
    return Soft(tuple(c.label for c in others), tuple(c.label for c in own))


def _influence(rule: Rule, signs: dict[Key, set[bool]], closed: bool) -> set[bool]:
    return {True} if _constrains(rule, closed) else signs.get(_key(rule.head), set())


def _constrains(rule: Rule, closed: bool) -> bool:
    return closed and isinstance(rule.head, Not)


def _signs(program: list[Rule], closed: bool) -> dict[Key, set[bool]]:
    """For each literal, whether more of it may bring a breach about (True) or prevent one (False)."""
    signs: dict[Key, set[bool]] = {}
    todo: list[tuple[Key, bool]] = []

    def mark(key: Key, sign: bool) -> None:
        if sign not in signs.setdefault(key, set()):
            signs[key].add(sign)
            todo.append((key, sign))

    heads = {_key(r.head) for r in program}
    by_head: dict[Key, list[Rule]] = {}
    for r in program:
        pred, arity, positive = _key(r.head)
        by_head.setdefault((pred, arity, positive), []).append(r)
        if _constrains(r, closed):
            mark((pred, arity, True), True)
            for key, sign in _keys(r.body):
                mark(key, sign)
        elif (pred, arity, not positive) in heads:  # an atom and its negation contradict each other
            mark((pred, arity, positive), True)
    while todo:
        head, sign = todo.pop()
        for r in by_head.get(head, ()):
            if not _constrains(r, closed):
                for key, same in _keys(r.body):
                    mark(key, sign is same)
    return signs


def _keys(body: tuple[BodyLiteral, ...]) -> Iterator[tuple[Key, bool]]:
    """The literals of a body; False with those that are taken for absent."""
    for b in body:
        if isinstance(b, Naf):
            yield _key(b.body), False
        elif is_signed_atom(b):
            yield _key(b), True


def _key(literal: Formula | Naf) -> Key:
    a = atom_of(literal)
    return a.pred, len(a.args), isinstance(literal, Atom)

"""What the claims of a theory do with each predicate: where it occurs, and what it must not be.

Knows claims.  Must not know names, words or how claims are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias, assert_never

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Or,
    Rule,
    Statement,
    Xor,
    atom_of,
    ground_terms,
)
from neurosym.theory import Claim, Span

Symbol: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class Uses:
    """What the claims of a theory do with each predicate.

    told: those that text speaks of; derived, used: those that claims give, and ask for (the polarities
    in which they occur); ruled: those that more than facts give; apart: pairs that one claim speaks of;
    above, disjoint: what claims say of kinds; holds, fails: of what a predicate is told, and denied;
    things: the names of things.
    """

    told: set[Symbol] = field(default_factory=set)
    every: set[Symbol] = field(default_factory=set)
    derived: set[Symbol] = field(default_factory=set)
    used: set[Symbol] = field(default_factory=set)
    ruled: set[Symbol] = field(default_factory=set)
    apart: set[frozenset[Symbol]] = field(default_factory=set)
    above: dict[Symbol, set[Symbol]] = field(default_factory=lambda: defaultdict(set))
    disjoint: set[frozenset[Symbol]] = field(default_factory=set)
    holds: dict[Symbol, set[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(set))
    things: set[str] = field(default_factory=set)  # names
    fails: dict[Symbol, set[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(set))


def symbol(a: Atom) -> Symbol:
    """The predicate of an atom with its number of arguments."""
    return a.pred, len(a.args)


def gather(claims: Iterable[Claim], skip: Callable[[Claim], bool]) -> Uses:
    """One walk over the claims, but for those to skip."""
    uses = Uses()
    for c in claims:
        if skip(c):
            continue
        f = c.formula
        if isinstance(f, Atom):  # most claims of a large theory
            named = {symbol(f)}
            uses.derived |= named
            uses.holds[symbol(f)].add(f.args)
            uses.things |= {t.name for t in f.args if isinstance(t, Const) and t.name[:1].isupper()}
        else:
            named = {symbol(a) for a in _walk(f, uses)}
            uses.apart |= {frozenset(pair) for pair in combinations(sorted(named), 2)}
            _relate(f, uses)
            if isinstance(c.source, Span):
                named_things = (t.name for t in ground_terms([f]) if isinstance(t, Const))
                uses.things |= {n for n in named_things if n[:1].isupper()}
        uses.every |= named
        if isinstance(c.source, Span):
            uses.told |= named
    return uses


def _walk(f: Statement, uses: Uses) -> Iterator[Atom]:
    """All atoms; their polarities are entered."""
    if isinstance(f, Rule):
        yield from _polar(f.head, True, uses)
        for b in f.body:
            if isinstance(b, Naf):
                uses.derived.add(symbol(b.body))
                yield b.body
            else:
                yield from _polar(b, False, uses)
        return
    yield from _polar(f, True, uses)


def _polar(f: Formula, positive: bool, uses: Uses) -> Iterator[Atom]:
    match f:
        case Atom():
            (uses.derived if positive else uses.used).add(symbol(f))
            if positive:
                uses.ruled.add(symbol(f))
            yield f
        case Equal() | Less():
            return
        case Not(body):
            yield from _polar(body, not positive, uses)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _polar(p, positive, uses)
        case Implies(a, b):
            yield from _polar(a, not positive, uses)
            yield from _polar(b, positive, uses)
        case Iff(a, b) | Xor(a, b):
            for p in (a, b):
                yield from _polar(p, positive, uses)
                yield from _polar(p, not positive, uses)
        case Forall(_, body) | Exists(_, body):
            yield from _polar(body, positive, uses)
        case _:
            assert_never(f)


def _relate(f: Statement, uses: Uses) -> None:
    """Simple subsumption and disjointness, and what is denied of a constant."""
    match f:
        case And(parts):
            for p in parts:
                _relate(p, uses)
        case Not(Atom() as a):
            uses.fails[symbol(a)].add(a.args)
        case Atom():
            uses.holds[symbol(f)].add(f.args)
        case Forall(_, And(parts)):
            for p in parts:
                _relate(Forall(f.vars, p), uses)
        case Forall(_, Implies(Atom() as a, Atom() as b)) if a.args == b.args:
            uses.above[symbol(a)].add(symbol(b))
        case Forall(_, Implies(Atom() as a, And(parts))):
            for p in parts:
                _relate(Forall(f.vars, Implies(a, p)), uses)
        case Forall(_, Implies(Atom() as a, Not(Atom() as b))) | Forall(
            _, Not(And((Atom() as a, Atom() as b)))
        ) if a.args == b.args:
            uses.disjoint.add(frozenset((symbol(a), symbol(b))))
        case Rule(head, (b,)) if isinstance(b, Atom):
            above = atom_of(head)
            if above.args == b.args:
                if isinstance(head, Atom):
                    uses.above[symbol(b)].add(symbol(above))
                else:
                    uses.disjoint.add(frozenset((symbol(b), symbol(above))))
        case _:
            pass

"""Goals: which formulas can be goals, when one holds, and its ground alternatives.

A goal is built from atoms and equalities with `and`, `or`, `not`, and positive `exists`, whose
variables range over the objects of the world.  Everything else is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from neurosym.errors import PlanningError
from neurosym.logic import (
    And,
    Atom,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
    free_vars,
    substitute,
    term_vars,
)
from neurosym.planning.result import Identity, Link, SourceOf, UniqueNames
from neurosym.planning.world import World

DEPTH = 100  # goals nested deeper are refused, so that everything after may recurse
ALTERNATIVES = 2000  # ground conjunctions that one goal may stand for

Ground: TypeAlias = Atom | Not  # a ground literal; the body of Not is an Atom
Lookup: TypeAlias = Callable[[Atom, bool], SourceOf | None]  # why the atom is true (or false) here


def unsupported_goal(goal: Formula) -> tuple[str, ...]:
    """Names of the features of `goal` that planning does not treat, sorted; empty if it can try."""
    found: set[str] = set()
    stack: list[tuple[Formula, bool, int, frozenset[Var]]] = [(goal, True, 0, frozenset())]
    while stack:  # with a stack of its own: a goal made by a program may be nested arbitrarily deep
        f, positive, depth, bound = stack.pop()
        if depth > DEPTH:
            return (f"goals nested deeper than {DEPTH}",)
        terms: tuple[Term, ...] = ()
        match f:
            case Atom(_, args):
                terms = args
            case Equal(a, b):
                terms = (a, b)
            case Not(body):
                stack.append((body, not positive, depth + 1, bound))
            case And(parts) | Or(parts):
                stack += [(p, positive, depth + 1, bound) for p in parts]
            case Exists(vs, body) if positive:
                stack.append((body, positive, depth + 1, bound | set(vs)))
            case Exists():
                found.add("negated existential goals")
            case Forall():
                found.add("universal goals (forall)")
            case Implies() | Iff() | Xor():
                found.add(f"goals with {type(f).__name__.lower()}")
            case Less():
                found.add("numeric goals (comparison)")
        for t in terms:
            if isinstance(t, Fn):
                found.add(f"function terms in the goal ({t.name})")
            else:
                found |= {f"free variable ?{v.name} in the goal" for v in term_vars(t) if v not in bound}
    return tuple(sorted(found))


def equality(left: Term, right: Term, positive: bool) -> SourceOf | None:
    """Why two ground terms are equal (or different): names are unique."""
    if (left == right) != positive:
        return None
    return Identity() if positive or (isinstance(left, Num) and isinstance(right, Num)) else UniqueNames()


def supports(
    goal: Formula, world: World, lookup: Lookup, positive: bool = True
) -> tuple[Link, ...] | Formula:
    """The literals that make `goal` (its negation, where not `positive`) true, each with its
    source; or the first part that is not true.  Negation is pushed inwards first."""
    match goal:
        case Atom():
            source = lookup(goal, positive)
            literal: Atom | Equal | Not = goal if positive else Not(goal)
            return literal if source is None else (Link(literal, source),)
        case Equal(a, b):
            source = equality(a, b, positive)
            literal = goal if positive else Not(goal)
            return literal if source is None else (Link(literal, source),)
        case Not(body):
            return supports(body, world, lookup, not positive)
        case And(parts) | Or(parts) if isinstance(goal, And) == positive:
            out: list[Link] = []
            for p in parts:
                found = supports(p, world, lookup, positive)
                if not isinstance(found, tuple):
                    return found
                out += found
            return tuple(dict.fromkeys(out))
        case And(parts) | Or(parts):
            for p in parts:
                found = supports(p, world, lookup, positive)
                if isinstance(found, tuple):
                    return found
            return goal if positive else Not(goal)
        case Exists(vs, body) if positive:
            return _witness(vs, body, world, lookup) or goal
        case _:
            raise PlanningError("unsupported: " + ", ".join(unsupported_goal(goal)))


def _witness(vs: tuple[Var, ...], body: Formula, world: World, lookup: Lookup) -> tuple[Link, ...] | None:
    for o in world.objects:
        inner = substitute(body, {vs[0]: o})
        if len(vs) > 1:
            if (
                (deeper := _witness(vs[1:], inner, world, lookup))
                if _possible(inner, world, lookup)
                else None
            ):
                return deeper
        elif isinstance(found := supports(inner, world, lookup), tuple):
            return found
    return None


def _possible(body: Formula, world: World, lookup: Lookup) -> bool:
    """False where a conjunct that is already ground fails: the other variables need no trial."""
    parts = body.parts if isinstance(body, And) else (body,)
    return all(free_vars(p) or isinstance(supports(p, world, lookup), tuple) for p in parts)


class TooMany(Exception):
    """The goal stands for more than ALTERNATIVES ground conjunctions."""


def alternatives(goal: Formula, world: World) -> tuple[tuple[Ground, ...], ...]:
    """The disjunctive normal form of `goal` over the objects, for a search.

    Literals that no action changes are evaluated: true ones are left out, false ones end their
    conjunction.  Raises TooMany.
    """
    return tuple(dict.fromkeys(tuple(dict.fromkeys(c)) for c in _dnf(goal, True, world)))


def _dnf(f: Formula, positive: bool, world: World) -> list[tuple[Ground, ...]]:
    match f:
        case Atom(pred, args):
            if (pred, len(args)) in world.fluents:
                return [(f if positive else Not(f),)]
            return [()] if (f in world.true) == positive else []
        case Equal(a, b):
            return [()] if (a == b) == positive else []
        case Not(body):
            return _dnf(body, not positive, world)
        case And(parts) | Or(parts) if isinstance(f, And) == positive:
            done: list[tuple[Ground, ...]] = [()]
            for p in parts:
                right = _dnf(p, positive, world)
                if len(done) * len(right) > ALTERNATIVES:
                    raise TooMany
                done = [a + b for a in done for b in right]
            return done
        case And(parts) | Or(parts):
            return _bounded([c for p in parts for c in _dnf(p, positive, world)])
        case Exists(vs, body):
            out: list[tuple[Ground, ...]] = []
            for o in world.objects:
                inner = substitute(body, {vs[0]: o})
                if len(vs) > 1:
                    if not _possible(inner, world, _static(world)):
                        continue
                    inner = Exists(vs[1:], inner)
                out = _bounded(out + _dnf(inner, True, world))
            return out
        case _:
            raise PlanningError("unsupported: " + ", ".join(unsupported_goal(f)))


def _bounded(found: list[tuple[Ground, ...]]) -> list[tuple[Ground, ...]]:
    if len(found) > ALTERNATIVES:
        raise TooMany
    return found


def _static(world: World) -> Lookup:
    """Anything an action may change counts as possible."""

    def lookup(a: Atom, positive: bool) -> SourceOf | None:
        return Identity() if (a.pred, len(a.args)) in world.fluents or (a in world.true) == positive else None

    return lookup

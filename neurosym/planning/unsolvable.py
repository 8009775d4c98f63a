"""The checker of "there is no plan": recomputes everything from the facts, trusts no search.

Two certificates.  `Unreachable`: a set of literals that holds the initial state, is closed under
all actions (deletions undo nothing), and in which the goal is false.  `Exhausted`: such a set
bounds the action instances; from the initial state the checker visits every state that they reach,
and the goal is false in each.  Imports no planner.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence, Set

from neurosym.errors import CheckError, PlanningError
from neurosym.logic import (
    Atom,
    Equal,
    Formula,
    Not,
    Term,
    Var,
    atom_of,
    atoms,
    substitute_atom,
    substitute_term,
)
from neurosym.planning.domain import Action, Domain, Fact, PlanStep
from neurosym.planning.goal import Lookup, supports, unsupported_goal
from neurosym.planning.result import Closure, Exhausted, Identity, NoPlan, SourceOf
from neurosym.planning.world import Objects, World, build, candidates
from neurosym.syntax import show

Index = Mapping[tuple[str, int], Sequence[Atom]]


class CheckTooLong(Exception):
    """The check ran out of time: the certificate is neither accepted nor refuted."""


def check_unsolvable(
    domain: Domain,
    facts: Sequence[Fact],
    goal: Formula,
    certificate: NoPlan,
    objects: Objects = (),
    seconds: float = 60.0,
) -> None:
    """Accept, or raise CheckError (the certificate does not hold), CheckTooLong or PlanningError."""
    if features := unsupported_goal(goal):
        raise PlanningError("unsupported: " + ", ".join(features))
    world = build(domain, facts, goal, objects)
    if not isinstance(world, World):
        raise PlanningError("unsupported: " + ", ".join(world.features))
    check(world, goal, certificate, time.monotonic() + seconds)


def check(world: World, goal: Formula, certificate: NoPlan, deadline: float) -> None:
    """`check_unsolvable`, in a world that is already built."""
    instances = _closed(world, certificate.closure, deadline)
    if isinstance(certificate, Exhausted):
        _visit(world, goal, instances, deadline)
    elif isinstance(supports(goal, world, possible(world, certificate.closure)), tuple):
        raise CheckError("the goal may be reachable: it holds in the closure")


def possible(world: World, closure: Closure) -> Lookup:
    """Could the atom become true (false)?"""
    reached, lost = set(closure.reached), set(closure.lost)

    def lookup(a: Atom, positive: bool) -> SourceOf | None:
        could = a in world.true or a in reached if positive else a not in world.true or a in lost
        return Identity() if could else None

    return lookup


Instance = tuple[PlanStep, tuple[Atom, ...], tuple[Atom, ...], tuple[Atom, ...], tuple[Atom, ...]]


def _closed(world: World, closure: Closure, deadline: float) -> list[Instance]:
    """Every instance that could apply in the closure.  Raises CheckError where it is not closed."""
    reached = dict.fromkeys((*world.true, *closure.reached))
    lost = set(closure.lost)
    if not lost <= set(world.true):
        raise CheckError("the closure loses an atom that is not initial")
    index: dict[tuple[str, int], list[Atom]] = {}
    for a in reached:
        index.setdefault((a.pred, len(a.args)), []).append(a)
    found: list[Instance] = []
    for action in world.actions:
        for n, s in enumerate(_bindings(world, action, index, reached.keys(), deadline)):
            if n % 256 == 0 and time.monotonic() > deadline:
                raise CheckTooLong
            need = tuple(substitute_atom(p, s) for p in action.precondition if isinstance(p, Atom))
            never = tuple(
                substitute_atom(p.body, s)
                for p in action.precondition
                if isinstance(p, Not) and isinstance(p.body, Atom)
            )
            if any(a in world.true and a not in lost for a in never):
                continue
            adds = tuple(substitute_atom(atom_of(e), s) for e in action.effects if not isinstance(e, Not))
            deletes = tuple(substitute_atom(atom_of(e), s) for e in action.effects if isinstance(e, Not))
            step = PlanStep(action.name, tuple(s[p.var] for p in action.parameters))
            for a in adds:
                if a not in reached:
                    raise CheckError(f"not closed: {action.name!r} may add {show(a)}")
            for a in deletes:
                if a in world.true and a not in lost and a not in adds:
                    raise CheckError(f"not closed: {action.name!r} may delete {show(a)}")
            found.append((step, need, never, adds, deletes))
    return found


def _bindings(
    world: World, action: Action, index: Index, reached: Set[Atom], deadline: float
) -> Iterator[dict[Var, Term]]:
    """Bindings whose types, positive conditions and equalities hold in the closure."""
    domains = {p.var: frozenset(candidates(world, p)) for p in action.parameters}
    positive = [p for p in action.precondition if isinstance(p, Atom)]
    free = action.parameters

    def extend(k: int, s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        if time.monotonic() > deadline:
            raise CheckTooLong
        if k < len(positive):
            pattern = positive[k]
            if all(not isinstance(t, Var) or t in s for t in pattern.args):
                if substitute_atom(pattern, s) in reached:
                    yield from extend(k + 1, s)
                return
            for a in index.get((pattern.pred, len(pattern.args)), ()):
                more = dict(s)
                if all(_match(t, o, more, domains) for t, o in zip(pattern.args, a.args, strict=True)):
                    yield from extend(k + 1, more)
            return
        unbound = next((p for p in free if p.var not in s), None)
        if unbound is None:
            if all(_equal(p, s) for p in action.precondition):
                yield s
            return
        for o in candidates(world, unbound):
            yield from extend(k, {**s, unbound.var: o})

    yield from extend(0, {})


def _match(t: Term, o: Term, s: dict[Var, Term], domains: Mapping[Var, frozenset[Term]]) -> bool:
    if not isinstance(t, Var):
        return t == o
    if t not in s and o in domains[t]:
        s[t] = o
    return s.get(t) == o


def _equal(p: Formula, s: Mapping[Var, Term]) -> bool:
    match p:
        case Equal(a, b):
            return substitute_term(a, s) == substitute_term(b, s)
        case Not(Equal(a, b)):
            return substitute_term(a, s) != substitute_term(b, s)
        case _:
            return True


def _visit(world: World, goal: Formula, instances: Sequence[Instance], deadline: float) -> None:
    """Visit every reachable state.  Raises CheckError where the goal holds in one.

    Atoms that no condition and no part of the goal looks at are left out of the states.
    """
    seen_by = {(a.pred, len(a.args)) for a in atoms(goal)}
    seen_by |= {(a.pred, len(a.args)) for _, need, never, _, _ in instances for a in (*need, *never)}

    def visible(found: Iterator[Atom] | Sequence[Atom] | Mapping[Atom, object]) -> frozenset[Atom]:
        return frozenset(a for a in found if (a.pred, len(a.args)) in seen_by)

    moves = [(frozenset(n), frozenset(v), visible(add), visible(d)) for _, n, v, add, d in instances]
    start = visible(world.true)
    seen = {start}
    todo = [start]
    while todo:
        state = todo.pop()
        if time.monotonic() > deadline:
            raise CheckTooLong
        if isinstance(supports(goal, world, _in(state)), tuple):
            raise CheckError("a reachable state satisfies the goal")
        for need, never, add, delete in moves:
            if need <= state and never.isdisjoint(state):
                after = (state - delete) | add
                if after not in seen:
                    seen.add(after)
                    todo.append(after)


def _in(state: frozenset[Atom]) -> Lookup:
    def lookup(a: Atom, positive: bool) -> SourceOf | None:
        return Identity() if (a in state) == positive else None

    return lookup

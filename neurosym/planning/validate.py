"""The independent validator: replays a plan and gives every condition its source.

Imports no search and no planner; a plan is data that anyone may forge.  Each precondition is tied
to an initial fact, to the earlier step whose effect made it true (a causal link; McAllester &
Rosenblitt 1991), or to a named assumption.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.errors import CheckError, PlanningError
from neurosym.logic import Atom, Equal, Formula, Not, atom_of, substitute, substitute_atom
from neurosym.planning.domain import OBJECT, Action, Domain, Fact, Plan, PlanStep, canonical
from neurosym.planning.goal import Lookup, equality, supports, unsupported_goal
from neurosym.planning.result import (
    ClosedWorld,
    Effect,
    Justification,
    JustifiedStep,
    Link,
    SourceOf,
)
from neurosym.planning.world import Objects, World, build
from neurosym.syntax import show, show_term


def justify(
    domain: Domain, facts: Sequence[Fact], goal: Formula, plan: Plan, objects: Objects = ()
) -> Justification:
    """Replay `plan` from `facts` and justify every step and the goal.

    Raises CheckError at the first step that does not fit (its `step`, from 0; the length of the
    plan for the goal) and names the literal; PlanningError where domain, facts or goal cannot be
    used.
    """
    if features := unsupported_goal(goal):
        raise PlanningError("unsupported: " + ", ".join(features))
    world = build(domain, facts, goal, objects)
    if not isinstance(world, World):
        raise PlanningError("unsupported: " + ", ".join(world.features))
    return replay(world, goal, plan)


def replay(world: World, goal: Formula, plan: Plan) -> Justification:
    """`justify`, in a world that is already built."""
    known = {a.name: a for a in world.actions}
    true: dict[Atom, SourceOf] = dict(world.true)
    false: dict[Atom, SourceOf] = dict(world.false)

    def why(atom: Atom, positive: bool) -> SourceOf | None:
        if positive:
            return true.get(atom)
        return None if atom in true else false.get(atom, ClosedWorld())

    steps: list[JustifiedStep] = []
    for i, step in enumerate(plan.steps):
        action = known.get(canonical(step.action))
        if action is None:
            raise CheckError(f"the domain has no action {step.action!r}", i)
        needs = _typed(world, action, step, i)
        binding = {p.var: t for p, t in zip(action.parameters, step.arguments, strict=True)}
        for p in action.precondition:
            needs.append(_need(substitute(p, binding), why, step, i))
        adds = {substitute_atom(atom_of(e), binding): None for e in action.effects if not isinstance(e, Not)}
        deletes = {substitute_atom(atom_of(e), binding): None for e in action.effects if isinstance(e, Not)}
        gone = tuple(a for a in deletes if a not in adds and a in true)
        new = tuple(a for a in adds if a not in true)
        for a in gone:
            del true[a]
            false[a] = Effect(i)
        for a in new:
            true[a] = Effect(i)
            false.pop(a, None)
        steps.append(JustifiedStep(step, tuple(dict.fromkeys(needs)), new, gone))
    found = supports(goal, world, why)
    if not isinstance(found, tuple):
        raise CheckError(
            f"after the last step the goal does not hold: {show(found)} is false", len(plan.steps)
        )
    return Justification(tuple(steps), found, _useless(steps, found))


def _typed(world: World, action: Action, step: PlanStep, i: int) -> list[Link]:
    if len(step.arguments) != len(action.parameters):
        raise CheckError(
            f"{action.name!r} takes {len(action.parameters)} arguments, found {len(step.arguments)}", i
        )
    out: list[Link] = []
    for p, t in zip(action.parameters, step.arguments, strict=True):
        if t not in world.objects:
            raise CheckError(f"{action.name!r}: {show_term(t)} is not an object of this problem", i)
        if OBJECT in p.types:
            continue
        source = next((s for k in p.types if (s := world.members.get(k, {}).get(t)) is not None), None)
        if source is None:
            raise CheckError(
                f"{action.name!r}: nothing shows that {show_term(t)} is a {' or '.join(p.types)}", i
            )
        kind = next(k for k in p.types if t in world.members.get(k, {}))
        pred = (
            source.fact.pred
            if isinstance(source.fact, Atom) and canonical(source.fact.pred) == kind
            else kind
        )
        out.append(Link(Atom(pred, (t,)), source))
    return out


def _need(literal: Formula, why: Lookup, step: PlanStep, i: int) -> Link:
    source: SourceOf | None
    match literal:
        case Atom():
            source = why(literal, True)
        case Not(Atom() as a):
            source = why(a, False)
        case Equal(a, b):
            source = equality(a, b, True)
        case Not(Equal(a, b)):
            source = equality(a, b, False)
        case _:
            raise PlanningError(f"action {step.action!r}: unsupported condition")
    if source is None:
        arguments = ", ".join(show_term(t) for t in step.arguments)
        raise CheckError(f"{step.action}({arguments}) needs {show(literal)}, which is false here", i)
    return Link(literal, source)


def _useless(steps: Sequence[JustifiedStep], goal: Sequence[Link]) -> tuple[int, ...]:
    """Backward sweep along the causal links, the links to negative literals included."""
    used: set[int] = set()
    todo = [x.source.step for x in goal if isinstance(x.source, Effect)]
    while todo:
        k = todo.pop()
        if k not in used:
            used.add(k)
            todo += [x.source.step for x in steps[k].needs if isinstance(x.source, Effect)]
    return tuple(i for i in range(len(steps)) if i not in used)


def without_useless(world: World, goal: Formula, plan: Plan) -> tuple[Plan, Justification]:
    """`plan` without the steps that serve nothing, and its justification.

    Dropping them all at once is sound: between a causal link's producer and its consumer nothing
    undoes the literal, and with fewer steps still nothing does.
    """
    justification = replay(world, goal, plan)
    while justification.useless:
        plan = Plan(tuple(s for i, s in enumerate(plan.steps) if i not in set(justification.useless)))
        justification = replay(world, goal, plan)
    return plan, justification

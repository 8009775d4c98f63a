"""From facts and a goal to a justified plan, or to a checked reason why there is none.

The order: refuse what is unsupported; ask whether the goal is reachable at all (delete relaxation);
ask each engine in turn; replay what it found.  No engine is trusted: its plan counts once our
validator has replayed it, and "unsolvable" is only ever our own finding, with a checked certificate.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from neurosym.errors import CheckError
from neurosym.logic import And, Formula
from neurosym.planning.domain import Domain, Fact, Problem
from neurosym.planning.engine import Engine, Found, Goals, NotFound
from neurosym.planning.goal import TooMany, alternatives, supports, unsupported_goal
from neurosym.planning.ground import OutOfTime, Task, ground
from neurosym.planning.kairos import Kairos, available
from neurosym.planning.result import (
    Closure,
    Exhausted,
    Failed,
    NoPlan,
    Planned,
    PlanningResult,
    Unreachable,
    Unsolvable,
    Unsupported,
)
from neurosym.planning.search import search
from neurosym.planning.unsolvable import CheckTooLong, check, possible
from neurosym.planning.validate import without_useless
from neurosym.planning.world import Objects, World, build
from neurosym.syntax import show
from neurosym.verdict import Limits

IN_TREE = "in-tree search"
_GLANCE = 0.15  # the share of the time for grounding before any engine is asked
_ENGINES = 0.6  # the share of what is then left for the engines; the rest is the in-tree search's


def solve(
    domain: Domain,
    facts: Sequence[Fact],
    goal: Formula,
    limits: Limits | None = None,
    objects: Objects = (),
    engines: Sequence[Engine] | None = None,
) -> PlanningResult:
    """Plan from `facts` (closed world: an atom that is not among them is false) to `goal`.

    `objects` declares (object, type) pairs beyond the types that the facts prove.  `engines` are
    asked in turn before the in-tree search; None means kairos-planner where it is installed, () the
    in-tree search alone.  Uses `limits.seconds` and `limits.memory_mb`.  Raises PlanningError for a
    domain and facts that do not fit together, never for a hard problem.
    """
    limits = limits or Limits()
    if features := unsupported_goal(goal):
        return Unsupported(features)
    world = build(domain, facts, goal, objects)
    if isinstance(world, Unsupported):
        return world
    try:
        goals = alternatives(goal, world)
    except TooMany:
        return Failed("the goal stands for too many ground alternatives: name more of its objects")
    if engines is not None:
        return _solve(world, goal, goals, limits, engines)
    if not available():
        return _solve(world, goal, goals, limits, ())
    with Kairos() as kairos:
        return _solve(world, goal, goals, limits, (kairos,))


def solve_problem(
    domain: Domain,
    problem: Problem,
    limits: Limits | None = None,
    engines: Sequence[Engine] | None = None,
) -> PlanningResult:
    """`solve`, for a problem that was read from PDDL."""
    return solve(domain, problem.init, problem.goal, limits, problem.objects, engines)


def _solve(
    world: World, goal: Formula, goals: Goals, limits: Limits, engines: Sequence[Engine]
) -> PlanningResult:
    start = time.monotonic()
    deadline = start + limits.seconds
    reasons: list[str] = []
    task: Task | None = None
    try:
        task = ground(world, goals, start + limits.seconds * (_GLANCE if engines else 1.0))
    except OutOfTime as e:
        if not engines:
            return Failed(f"{IN_TREE}: {e}")
    if task is not None and not task.goals:
        result = _proved(world, goal, Unreachable(task.closure), deadline)
        if isinstance(result, Unsolvable):
            return result
        reasons.append(result)
    for i, engine in enumerate(engines):
        share = (deadline - time.monotonic()) * _ENGINES / (len(engines) - i)
        if share <= 0:
            break
        found = engine.find(world, goals, share, limits.memory_mb)
        planned = _checked(world, goal, found, engine.name)
        if isinstance(planned, Planned):
            return planned
        reasons.append(planned)
    try:
        task = task or ground(world, goals, deadline)
    except OutOfTime as e:
        return Failed("; ".join((*reasons, f"{IN_TREE}: {e}")))
    found = search(task, deadline, limits.memory_mb)
    if isinstance(found, NotFound) and found.exhausted:
        # Either certificate is checked by code that shares nothing with the search.
        evidence: NoPlan = (
            Exhausted(task.closure, found.exhausted) if task.goals else Unreachable(task.closure)
        )
        result = _proved(world, goal, evidence, deadline + limits.seconds)
        if isinstance(result, Unsolvable):
            return result
        reasons.append(result)
    else:
        planned = _checked(world, goal, found, IN_TREE)
        if isinstance(planned, Planned):
            return planned
        reasons.append(planned)
    return Failed(f"no plan found: {'; '.join(reasons)}")


def _checked(world: World, goal: Formula, found: Found | NotFound, engine: str) -> Planned | str:
    if isinstance(found, NotFound):
        return found.reason if found.reason.startswith(engine) else f"{engine}: {found.reason}"
    try:
        plan, justification = without_useless(world, goal, found.plan)
    except CheckError as e:
        return f"{engine} gave a plan that does not hold ({e})"
    return Planned(plan, justification, engine)


def _proved(world: World, goal: Formula, certificate: NoPlan, deadline: float) -> Unsolvable | str:
    try:
        check(world, goal, certificate, deadline)
    except CheckTooLong:
        return "no plan seems to exist, but checking that takes too long"
    except CheckError as e:
        return f"no plan seems to exist, but the certificate does not hold ({e})"
    match certificate:
        case Unreachable(closure):
            return Unsolvable(_missing(world, goal, closure), certificate)
        case Exhausted(_, states):
            return Unsolvable(
                f"all {states} reachable states were seen, and the goal holds in none", certificate
            )


def _missing(world: World, goal: Formula, closure: Closure) -> str:
    could = possible(world, closure)
    parts = goal.parts if isinstance(goal, And) else (goal,)
    never = [p for p in parts if not isinstance(supports(p, world, could), tuple)]
    shown = ", ".join(show(p) for p in never)
    return f"no sequence of actions makes this true: {shown or show(goal)}"

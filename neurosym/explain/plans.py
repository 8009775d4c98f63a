"""A justified plan as an outline: every condition with what makes it true.

Reads `PlanView` and the theory it starts from; must not know planners.
"""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.errors import InputError
from neurosym.explain.sources import (
    CLOSED_WORLD_TEXT,
    Voice,
    bound_of,
    hypotheses_section,
    source_view,
    voice,
)
from neurosym.explain.views import Kind, OutlineNode, PlanView, PreconditionView, StepView
from neurosym.explain.words import split
from neurosym.logic import And, Formula
from neurosym.theory import CLOSED_WORLD, Theory


def plan_outline(
    plan: PlanView, theory: Theory, hints: Mapping[str, str] | None = None, limit: int = 12
) -> OutlineNode:
    """The plan's steps, numbered from 1, then its goals and the claims it starts from.

    Under each step stands why it is possible and what it is for (the later steps and goals
    that cite it).  Raises InputError where a condition cites a later or missing step, no source
    at all, or a claim that is not in `theory`.
    """
    conditions = [c for s in plan.steps for c in s.preconditions] + list(plan.goals)
    facts = tuple(c.fact for c in conditions) + tuple(e for s in plan.steps for e in s.effects)
    labels = frozenset(label for c in conditions for label in c.labels)
    v = voice(theory, facts, labels, hints or {}, limit)
    steps = tuple(_step(i, s, plan, v) for i, s in enumerate(plan.steps, 1))
    goals = tuple(_condition(g, len(plan.steps) + 1, "the goal", v) for g in plan.goals)
    count = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
    goal: Formula = plan.goals[0].fact if len(plan.goals) == 1 else And(tuple(g.fact for g in plan.goals))
    return OutlineNode(
        Kind.ANSWER,
        f"A plan of {count} after which {v.say(goal)}",
        v.show(goal),
        bound=bound_of(theory, labels),
        children=(
            *steps,
            OutlineNode(Kind.SECTION, "the goal is reached", children=goals),
            hypotheses_section(v, labels),
        ),
    )


def _step(i: int, s: StepView, plan: PlanView, v: Voice) -> OutlineNode:
    text = " ".join(w.lower() for w in split(s.name))
    if s.arguments:
        text += f": {', '.join(' '.join(split(a)) for a in s.arguments)}"
    needs = tuple(_condition(c, i, f"step {i}", v) for c in s.preconditions)
    gives = tuple(OutlineNode(Kind.FACT, f"then {v.say(e)}", v.show(e)) for e in s.effects)
    users = [f"step {j}" for j, t in enumerate(plan.steps, 1) if any(c.step == i for c in t.preconditions)]
    users += ["the goal"] if any(g.step == i for g in plan.goals) else []
    why = f"needed for {', '.join(users)}" if users else "nothing later needs it"
    return OutlineNode(
        Kind.ACTION, text, f"{s.name}({', '.join(s.arguments)})", how=why, number=i, children=needs + gives
    )


def _condition(c: PreconditionView, before: int, where: str, v: Voice) -> OutlineNode:
    text, logic = v.say(c.fact), v.show(c.fact)
    if c.step:
        if not 1 <= c.step < before:
            raise InputError(
                f"{where} rests on step {c.step}, which does not come earlier", hint="replay the plan"
            )
        return OutlineNode(Kind.REFERENCE, text, logic, how=f"made so by step {c.step}", see=c.step)
    claims = [x for x in c.labels if x != CLOSED_WORLD]
    if not c.labels:
        raise InputError(f"{where} has a condition without a source: {logic}", hint="cite a claim or a step")
    if not claims:
        return OutlineNode(Kind.ABSENT, text, logic, how=CLOSED_WORLD_TEXT)
    if len(claims) == 1 and CLOSED_WORLD not in c.labels and v.get(claims[0]).formula == c.fact:
        return OutlineNode(Kind.GIVEN, text, logic, source=source_view(v.get(claims[0])))
    under = [v.claim(x) for x in claims[: v.limit]]
    if (more := len(claims) - v.limit) > 0:
        under.append(OutlineNode(Kind.NOTE, f"and {more} more claims"))
    if CLOSED_WORLD in c.labels:
        under.append(OutlineNode(Kind.ASSUMPTION, CLOSED_WORLD_TEXT))
    return OutlineNode(Kind.STEP, text, logic, how="this follows", children=tuple(under))

"""A plan and its justification as JSON, both ways; version 1.

The file is data that anyone may forge: `check_plan` replays it against domain, facts and goal.
Formulas and terms stand in the text format of `syntax`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from neurosym.errors import CheckError, InputError, SyntaxProblem
from neurosym.logic import Atom, Formula, Literal, Not, is_literal
from neurosym.planning.domain import Domain, Fact, Plan, PlanStep
from neurosym.planning.result import (
    ClosedWorld,
    Declared,
    Effect,
    Given,
    Identity,
    Justification,
    JustifiedStep,
    Link,
    SourceOf,
    UniqueNames,
)
from neurosym.planning.validate import justify
from neurosym.planning.world import Objects
from neurosym.syntax import read_formula, read_term, show, show_term

FORMAT, VERSION = "neurosym-plan", 1

Json: TypeAlias = Any  # the shape is what _Broken guards when it is read


def plan_to_json(goal: Formula, justification: Justification) -> dict[str, Json]:
    """The plan certificate: format, version, goal, steps with their links, links of the goal."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "goal": show(goal),
        "steps": [
            {
                "action": s.step.action,
                "arguments": [show_term(t) for t in s.step.arguments],
                "needs": [_link(x) for x in s.needs],
                "adds": [show(a) for a in s.adds],
                "deletes": [show(a) for a in s.deletes],
            }
            for s in justification.steps
        ],
        "achieved": [_link(x) for x in justification.goal],
        "useless": list(justification.useless),
    }


def _link(link: Link) -> dict[str, Json]:
    out: dict[str, Json] = {"literal": show(link.literal)}
    match link.source:
        case Given(fact, label, hypotheses):
            out |= {"by": "fact", "fact": show(fact), "label": label, "hypotheses": list(hypotheses)}
        case Declared(fact):
            out |= {"by": "declared", "fact": show(fact)}
        case Effect(step):
            out |= {"by": "effect", "step": step}
        case ClosedWorld():
            out["by"] = "closed-world"
        case UniqueNames():
            out["by"] = "unique-names"
        case Identity():
            out["by"] = "identity"
    return out


class _Broken(Exception):
    """Where and why the JSON is not a plan certificate."""


def read_plan(text: str, document: str = "plan.json") -> tuple[Formula, Justification]:
    """Read what `json.dumps(plan_to_json(...))` wrote.  Raises SyntaxProblem; checks nothing else."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        raise SyntaxProblem(f"not JSON: {e.msg}", document=document, line=e.lineno, column=e.colno) from None
    except RecursionError:
        raise SyntaxProblem("not a plan: nested too deep", document=document) from None
    try:
        if _get(data, "format", str) != FORMAT or _get(data, "version", int) != VERSION:
            raise _Broken(f"expected format {FORMAT!r}, version {VERSION}")
        steps = tuple(
            JustifiedStep(
                PlanStep(_get(s, "action", str), tuple(read_term(t) for t in _list(s, "arguments", str))),
                tuple(_read_link(x) for x in _list(s, "needs", dict)),
                tuple(_atom(a) for a in _list(s, "adds", str)),
                tuple(_atom(a) for a in _list(s, "deletes", str)),
            )
            for s in _list(data, "steps", dict)
        )
        goal = read_formula(_get(data, "goal", str))
        achieved = tuple(_read_link(x) for x in _list(data, "achieved", dict))
        return goal, Justification(steps, achieved, tuple(_list(data, "useless", int)))
    except (_Broken, InputError) as e:
        raise SyntaxProblem(f"not a plan certificate: {e}", document=document) from None


def check_plan(
    domain: Domain,
    facts: Sequence[Fact],
    goal: Formula,
    justification: Justification,
    objects: Objects = (),
) -> Justification:
    """Replay the plan inside a justification and compare.  Raises CheckError where it differs."""
    plan = Plan(tuple(s.step for s in justification.steps))
    ours = justify(domain, facts, goal, plan, objects)
    for i, (a, b) in enumerate(zip(ours.steps, justification.steps, strict=True)):
        if a != b:
            raise CheckError(f"the sources of {b.step.action!r} are not the ones given", i)
    if ours != justification:
        raise CheckError("the sources of the goal are not the ones given", len(plan.steps))
    return ours


def _get(data: Json, key: str, kind: type) -> Json:
    value = data.get(key) if isinstance(data, dict) else None
    # bool is an int to isinstance
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _Broken(f"expected {key!r} with a {kind.__name__}")
    return value


def _list(data: Json, key: str, kind: type) -> list[Json]:
    values = _get(data, key, list)
    if not all(isinstance(v, kind) and not isinstance(v, bool) for v in values):
        raise _Broken(f"expected {key!r} to be a list of {kind.__name__}")
    return list(values)


def _literal(text: str) -> Literal:
    f = read_formula(text)
    if not is_literal(f):
        raise _Broken(f"expected a literal, found {text!r}")
    return f


def _atom(text: str) -> Atom:
    f = read_formula(text)
    if not isinstance(f, Atom):
        raise _Broken(f"expected an atom, found {text!r}")
    return f


def _signed(text: str) -> Atom | Not:
    f = _literal(text)
    return f if isinstance(f, Not) else _atom(text)


def _read_link(data: Json) -> Link:
    by = _get(data, "by", str)
    source: SourceOf
    if by == "fact":
        hypotheses = tuple(_list(data, "hypotheses", str))
        source = Given(_signed(_get(data, "fact", str)), _get(data, "label", str), hypotheses)
    elif by == "declared":
        source = Declared(_atom(_get(data, "fact", str)))
    elif by == "effect":
        source = Effect(_get(data, "step", int))
    elif by == "closed-world":
        source = ClosedWorld()
    elif by == "unique-names":
        source = UniqueNames()
    elif by == "identity":
        source = Identity()
    else:
        raise _Broken(f"unknown source {by!r}")
    return Link(_literal(_get(data, "literal", str)), source)

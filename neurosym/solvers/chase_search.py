"""The search for a model among choices, and why there is none.

Knows the chase.  Must not know names, formulas or theories.  A conflict takes back the last
choice that it rests on; where every choice ends in conflicts that rest on nothing assumed,
the rule instances met on the way are contradictory together (hyper tableaux: Baumgartner,
Furbach, Niemelae, 1996).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from neurosym.solvers.chase import Chase
from neurosym.solvers.chase_rules import (
    ASSUMED,
    THING,
    Conflict,
    Function,
    GaveUp,
    Plan,
    RawTerm,
    Reason,
    Row,
)


@dataclass(slots=True)
class Core:
    """Rule instances that are contradictory together, under the choices named."""

    instances: dict[tuple[str, int, tuple[tuple[Any, Any], ...]], None] = field(default_factory=dict)
    choices: set[int] = field(default_factory=set)
    proof: bool = True  # False where something assumed takes part

    def add(self, other: Core) -> None:
        self.instances |= other.instances
        self.choices |= other.choices
        self.proof = self.proof and other.proof


@dataclass(slots=True)
class _Frame:
    """A choice among heads, and why those tried before failed."""

    mark: int
    cursor: int
    plan: Plan
    binding: Row
    core: Core
    next: int = 0


def search(chase: Chase, tries: int) -> Core | None:
    """Extend the state to one where everything holds: None; or the core of why there is none.

    Raises GaveUp past `tries` conflicts or the limits.
    """
    frames: list[_Frame] = []
    chase.frames = frames
    cursor = 0
    while True:
        try:
            chase.saturate()
            while cursor < len(chase.pending):
                plan, b = chase.pending[cursor]
                cursor += 1
                if not any(chase.holds(h, b) for h in plan.heads):
                    core = _cone(chase, [(plan, b)], heads=False)
                    frames.append(_Frame(chase.mark(), cursor, plan, b, core))
                    _choose(chase, frames)
                    break
            else:
                if not chase.agenda and not _complete(chase):
                    return None
        except Conflict as e:
            core = _cone(chase, e.reasons)
            while True:
                while frames and len(frames) - 1 not in core.choices:
                    frames.pop()  # the conflict does not rest on this choice
                if not frames:
                    return core
                tries -= 1
                if tries < 0:
                    raise GaveUp from None
                frame = frames[-1]
                chase.undo(frame.mark)
                cursor = frame.cursor
                core.choices.discard(len(frames) - 1)
                frame.core.add(core)
                if frame.next < len(frame.plan.heads):
                    _choose(chase, frames)
                    break
                core = frame.core
                frames.pop()


def _choose(chase: Chase, frames: list[_Frame]) -> None:
    frame = frames[-1]
    frame.next += 1
    chase.make(frame.plan.heads[frame.next - 1], frame.binding, len(frames) - 1)


def _complete(chase: Chase) -> bool:
    """Give every function that needs it a value everywhere; was anything missing?"""
    elements = [row[0] for row in chase.relations[THING].rows]
    missing = False
    for n in chase.to_complete:
        function = chase.functions[n]
        chase.spend(len(elements) ** function.arity)
        for args in product(elements, repeat=function.arity):
            if (n, args) not in chase.values:
                if chase.fresh and not args:
                    chase.demand((n,), ())
                else:
                    chase.define(n, args, _default(chase, n, function, args, elements), ASSUMED)
                missing = True
    return missing


def _default(chase: Chase, n: int, function: Function, args: Row, elements: list[int]) -> int:
    if function.skolem:
        for e in elements:
            if chase.suits((n, args), {(n, args): e}):
                return e
    return chase.own(n, 0, args)


def prepare(chase: Chase) -> None:
    """Let the chase keep for each merge what it rests on."""
    chase.explain = lambda reason: _cone(chase, [reason])


def core_of(chase: Chase, conflict: Conflict) -> Core:
    """Why there is a conflict before any choice."""
    return _cone(chase, conflict.reasons)


def _cone(chase: Chase, reasons: Iterable[Reason], heads: bool = True) -> Core:
    """The rule instances and choices that the reasons rest on.

    heads: look also at how the terms in the instances' heads got their values.
    """
    core = Core()
    for why in chase.merges:
        core.add(why)
    todo: list[Reason] = list(reasons)
    seen: set[tuple[int, Row]] = set()
    while todo:
        reason = todo.pop()
        if reason is None:
            continue
        if isinstance(reason, int):
            if reason == ASSUMED:
                core.proof = False
            elif reason not in core.choices:
                core.choices.add(reason)
                frame: _Frame = chase.frames[reason]
                for t in frame.plan.heads[frame.next - 1][1]:
                    _rests_on(chase, t, frame.binding, todo)
            continue
        plan, b = reason
        if (id(plan), b) in seen:
            continue
        seen.add((id(plan), b))
        label, index, variables = plan.source
        core.instances[label, index, tuple([(v, _named(chase, t, b)) for v, t in variables])] = None
        for left, right, _, _ in plan.filters:  # anything but a numeral has its place by assumption
            if not (chase.numeral[chase.at(left, b)] and chase.numeral[chase.at(right, b)]):
                core.proof = False
        for number, args in plan.body:
            row = tuple([chase.at(s, b) for s in args])
            known = chase.relations[number].rows.get(row)
            todo.append(ASSUMED if known is None else known[1])
        if heads and len(plan.heads) == 1:
            for _, terms in plan.heads:
                for t in terms:
                    _rests_on(chase, t, b, todo)
    return core


def _rests_on(chase: Chase, t: RawTerm, b: Row, todo: list[Reason]) -> None:
    if isinstance(t, int):
        return
    for a in t[1:]:
        _rests_on(chase, a, b, todo)
    args = [chase.peek(a, b) for a in t[1:]]
    value = chase.peek(t, b)
    row = tuple([a for a in (*args, value) if a is not None])
    known = chase.relations[chase.functions[t[0]].relation].rows.get(row)
    todo.append(ASSUMED if known is None else known[1])


def _named(chase: Chase, t: RawTerm, b: Row) -> Any:
    if isinstance(t, int):
        return chase.names[b[t] if t >= 0 else ~t]
    return chase.name_of(t[0], tuple([_named(chase, a, b) for a in t[1:]]))

"""A world and a goal as PDDL text for a planner, and the table that reads its plans back.

Every symbol is given a fresh name (`p3_on_top`, `o0_tom`), so that no name of the engine is a word
of PDDL, differs by case only, or is taken for syntax.  Types become static predicates: an object of
ours may have several, which PDDL's declarations cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.logic import Atom, Const, Equal, Literal, Not, Num, Term, Var, atom_of
from neurosym.planning.domain import OBJECT
from neurosym.planning.engine import Goals
from neurosym.planning.world import World, candidates


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """`actions`: written name -> our name (None: an action that only marks a goal as reached)."""

    domain: str
    problem: str
    actions: Mapping[str, str | None]
    objects: Mapping[str, Term]


def write(world: World, goals: Goals) -> Written:
    """PDDL text with :strips, :negative-preconditions and :equality.

    Several alternatives of the goal become actions without parameters that all add one atom.
    """
    objects = {o: _name("o", i, o) for i, o in enumerate(world.objects)}
    predicates: dict[tuple[str, int], str] = {}

    def term(t: Term) -> str:
        return f"?{_letters(t.name)}" if isinstance(t, Var) else objects[t]

    def atom(a: Atom) -> str:
        key = (a.pred, len(a.args))
        name = predicates.setdefault(key, f"p{len(predicates)}_{_letters(a.pred)}")
        return f"({' '.join((name, *map(term, a.args)))})"

    def literal(f: Literal) -> str:
        match f:
            case Atom():
                return atom(f)
            case Equal(a, b):
                return f"(= {term(a)} {term(b)})"
            case Not(Equal(a, b)):
                return f"(not (= {term(a)} {term(b)}))"
            case Not(Atom() as a):
                return f"(not {atom(a)})"
            case _:
                raise TypeError("not a literal of PDDL")

    kinds: dict[tuple[str, ...], str] = {}
    static: list[str] = []
    actions: dict[str, str | None] = {}
    blocks: list[str] = []
    for i, a in enumerate(world.actions):
        before: list[str] = []
        for p in a.parameters:
            if OBJECT in p.types:
                continue
            key = tuple(sorted(set(p.types)))
            if key not in kinds:
                kinds[key] = f"t{len(kinds)}_{_letters('_or_'.join(key))}"
                static += [f"({kinds[key]} {objects[o]})" for o in candidates(world, p)]
            before.append(f"({kinds[key]} {term(p.var)})")
        name = f"a{i}_{_letters(a.name)}"
        actions[name] = a.name
        before += [literal(p) for p in a.precondition]
        effects = [literal(e) for e in a.effects]
        blocks.append(_action(name, [term(p.var) for p in a.parameters], before, effects))
    if len(goals) == 1:
        goal = [literal(f) for f in goals[0]]
    else:
        goal = ["(goal_reached)"]
        for i, conjunction in enumerate(goals):
            actions[f"g{i}"] = None
            blocks.append(_action(f"g{i}", [], [literal(f) for f in conjunction], goal))
    used = {(atom_of(p).pred, len(atom_of(p).args)) for g in goals for p in g} | set(predicates)
    init = [atom(a) for a in world.true if (a.pred, len(a.args)) in used]
    declared = [f"({' '.join((n, *(f'?x{i}' for i in range(k))))})" for (_, k), n in predicates.items()]
    declared += [f"({n} ?x)" for n in kinds.values()]
    declared += ["(goal_reached)"] if len(goals) != 1 else []
    domain = "\n".join(
        (
            "(define (domain d)",
            "(:requirements :strips :negative-preconditions :equality)",
            # constants, not objects: actions name them
            f"(:constants {' '.join(objects.values())})",
            f"(:predicates {' '.join(declared)})",
            *blocks,
            ")\n",
        )
    )
    facts = "\n".join(static + init)
    problem = f"(define (problem p) (:domain d)\n(:init\n{facts})\n(:goal (and {' '.join(goal)})))\n"
    return Written(domain, problem, actions, {n: o for o, n in objects.items()})


def _action(name: str, parameters: list[str], before: list[str], effects: list[str]) -> str:
    return (
        f"(:action {name}\n  :parameters ({' '.join(parameters)})\n"
        f"  :precondition (and {' '.join(before)})\n  :effect (and {' '.join(effects)}))"
    )


def _name(kind: str, i: int, t: Term) -> str:
    text = t.name if isinstance(t, Const) else str(t.value) if isinstance(t, Num) else ""
    return f"{kind}{i}_{_letters(text)}"


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", text.lower())[:40]

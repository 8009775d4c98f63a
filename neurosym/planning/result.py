"""Outcomes of planning as values, and the justification of a plan as plain data.

Anyone may forge these; `validate.justify` and `unsolvable.check_unsolvable` recompute them.
Knows logic and plans; must not know how either is found or checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.logic import Atom, Literal, Not
from neurosym.planning.domain import Plan, PlanStep
from neurosym.theory import CLOSED_WORLD

UNIQUE_NAMES = "unique-names"  # the assumption that different names denote different things

# --- where a literal comes from ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """An initial fact.  `fact` is the needed literal, or a narrower type: cat(Tom) for animal(Tom)."""

    fact: Atom | Not
    label: str
    hypotheses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A type that the domain's :constants or the problem's objects state; `fact` as in Given."""

    fact: Atom


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect of step `step` (from 0): a causal link."""

    step: int


@dataclass(frozen=True, slots=True)
class ClosedWorld:
    """An assumption: the atom is not among the initial facts, and no step has added it."""


@dataclass(frozen=True, slots=True)
class UniqueNames:
    """An assumption: two constants with different names are two things."""


@dataclass(frozen=True, slots=True)
class Identity:
    """t = t, or two different numerals."""


SourceOf: TypeAlias = Given | Declared | Effect | ClosedWorld | UniqueNames | Identity


@dataclass(frozen=True, slots=True)
class Link:
    literal: Literal
    source: SourceOf


@dataclass(frozen=True, slots=True)
class JustifiedStep:
    """A step, the source of each thing it needs (types of arguments first), and what it changes."""

    step: PlanStep
    needs: tuple[Link, ...]
    adds: tuple[Atom, ...]
    deletes: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Justification:
    """`goal`: the sources of the goal's literals; `useless`: indices of steps that feed neither
    the goal nor a step that feeds it (the plan still works without all of them)."""

    steps: tuple[JustifiedStep, ...]
    goal: tuple[Link, ...]
    useless: tuple[int, ...] = ()


def links(justification: Justification) -> Iterator[tuple[Link, int]]:
    """Every link with the index of its consumer; the goal is consumer `len(steps)`."""
    for i, s in enumerate(justification.steps):
        for link in s.needs:
            yield link, i
    for link in justification.goal:
        yield link, len(justification.steps)


def hypotheses(justification: Justification) -> tuple[str, ...]:
    """Labels of all claims and assumptions that the plan rests on, sorted."""
    out: set[str] = set()
    for link, _ in links(justification):
        match link.source:
            case Given(_, label, names):
                out.update(names or (label,))
            case ClosedWorld():
                out.add(CLOSED_WORLD)
            case UniqueNames():
                out.add(UNIQUE_NAMES)
            case _:
                pass
    return tuple(sorted(out))


def assumptions(justification: Justification) -> tuple[Literal, ...]:
    """The literals that hold only because absence counts as falsity, in order of use."""
    return tuple(
        dict.fromkeys(x.literal for x, _ in links(justification) if isinstance(x.source, ClosedWorld))
    )


# --- why there is no plan ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closure:
    """What could ever become true, and what could ever become false, if nothing true were lost.

    `reached`: atoms beyond the initial ones; `lost`: initial atoms that some action may delete.
    It is closed: every action whose precondition could hold in it has its effects in it.
    """

    reached: tuple[Atom, ...]
    lost: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The goal is false even in the closure (delete relaxation; Hoffmann & Nebel 2001)."""

    closure: Closure


@dataclass(frozen=True, slots=True)
class Exhausted:
    """The goal is false in every reachable state; the checker visits them all again."""

    closure: Closure
    states: int


NoPlan: TypeAlias = Unreachable | Exhausted

# --- outcomes ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that our validator has replayed.  `engine` names who found it."""

    plan: Plan
    justification: Justification
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Unsolvable:
    """No plan exists under the closed world.  `certificate` has been checked."""

    reason: str
    certificate: NoPlan


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The goal or the facts use features that planning does not treat; no engine was called."""

    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """No plan was found, and none is proved absent: a limit, or an engine that broke."""

    reason: str


PlanningResult: TypeAlias = Planned | Unsolvable | Unsupported | Failed

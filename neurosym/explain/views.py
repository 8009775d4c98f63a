"""What explanations are made of, and what callers hand in: plain frozen data.

`OutlineNode` is the one tree every rendering reads.  `PlanView` is how the engine shows plans
without this room knowing who made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from neurosym.logic import Formula


class Kind(StrEnum):
    """What a line of an explanation is."""

    ANSWER = "answer"  # the root: the verdict in words
    STEP = "step"  # inferred from its children
    GIVEN = "given"  # a claim
    ABSENT = "absent"  # rests on something not being derivable
    COMPUTED = "computed"  # arithmetic or identity
    REFERENCE = "reference"  # shown elsewhere, under the number `see`
    SUPPOSITION = "supposition"  # the goal's opposite, assumed and refuted
    INSTANCE = "instance"  # what a premise says of particular things
    WORLD = "world"  # a model
    FACT = "fact"  # a line of a model, or an effect
    SECTION = "section"  # a heading
    ASSUMPTION = "assumption"  # a hypothesis that is no claim: the closed world
    ACTION = "action"  # a step of a plan
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where a claim comes from: `place` to point there, `text` what stands there."""

    label: str
    kind: str  # sentence, triple, axiom, analogy, observation
    place: str
    text: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class OutlineNode:
    """One line of an explanation and what stands under it.

    `text` is English, `logic` the formula in the text format, `how` the reason in words,
    `rule` the English of the claim applied, `source` that claim's (or the leaf's) source,
    `number` counts lines from 1 (0: none), `see` refers to a number, `bound` is the lower
    bound of the answer's confidence, on the root only.  Where the answer rests on the closed
    world, the root's section "rests on" has a child of kind ASSUMPTION.
    """

    kind: Kind
    text: str
    logic: str = ""
    how: str = ""
    rule: str = ""
    source: SourceView | None = None
    number: int = 0
    see: int = 0
    bound: float | None = None
    children: tuple[OutlineNode, ...] = ()


@dataclass(frozen=True, slots=True)
class PreconditionView:
    """A condition and why it holds: a claim `label`, or the effect of `step` (from 1; 0: none).

    A proved condition may cite several claims: `labels`.  The label CLOSED_WORLD is allowed.
    """

    fact: Formula
    labels: tuple[str, ...] = ()
    step: int = 0


@dataclass(frozen=True, slots=True)
class StepView:
    """An action of a plan: `effects` become true (or false, where negated)."""

    name: str
    arguments: tuple[str, ...]
    preconditions: tuple[PreconditionView, ...] = ()
    effects: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with one source for each precondition of each step and each part of the goal."""

    steps: tuple[StepView, ...]
    goals: tuple[PreconditionView, ...]

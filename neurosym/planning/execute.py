"""First step of carrying a plan out: each step with what it needs and what should be seen after it.

Knows justified plans; must not know devices.  Expected effects become claims only for the caller
who has carried the step out and saw them; their source says that it is an observation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from neurosym.logic import Atom, Not
from neurosym.planning.domain import PlanStep
from neurosym.planning.result import Justification, Link
from neurosym.syntax import show, show_term
from neurosym.theory import Claim, Observation


@dataclass(frozen=True, slots=True)
class Expectation:
    """Step `index` (from 0), what it rests on, and the claims to be observed after it."""

    index: int
    step: PlanStep
    needs: tuple[Link, ...]
    effects: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Surprise:
    """After step `index`, `claim` was expected and not observed: the rest of the plan is void."""

    index: int
    claim: Claim


def expectations(justification: Justification, prefix: str = "step") -> Iterator[Expectation]:
    """Each step in order; the labels of its claims are `prefix{n}.{k}`, both counted from 1."""
    for i, s in enumerate(justification.steps):
        arguments = ", ".join(show_term(t) for t in s.step.arguments)
        note = f"expected after step {i + 1}, {s.step.action}({arguments})"
        changes: list[Atom | Not] = [*s.adds, *(Not(a) for a in s.deletes)]
        claims = tuple(
            Claim(f"{prefix}{i + 1}.{k}", f, Observation(f"{note}: {show(f)}"))
            for k, f in enumerate(changes, start=1)
        )
        yield Expectation(i, s.step, s.needs, claims)


def execute(
    justification: Justification, act: Callable[[PlanStep], None], observe: Callable[[Atom | Not], bool]
) -> Iterator[Expectation | Surprise]:
    """Carry the plan out step by step: `act`, then `observe` each expected literal.

    Yields each step that went as expected; ends with a Surprise at the first literal not seen.
    """
    for expected in expectations(justification):
        act(expected.step)
        for claim in expected.effects:
            literal = claim.formula
            if isinstance(literal, Atom | Not) and not observe(literal):
                yield Surprise(expected.index, claim)
                return
        yield expected

"""The seam to a planner.  An engine finds; what it says is checked by our own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from neurosym.planning.domain import Plan
from neurosym.planning.goal import Ground
from neurosym.planning.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate plan, not yet checked."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class NotFound:
    """`exhausted`: the number of states, where the engine has seen them all; else 0."""

    reason: str
    exhausted: int = 0


Goals: TypeAlias = Sequence[Sequence[Ground]]  # alternatives, each a conjunction of ground literals


class Engine(Protocol):
    """`name` stands in results; `find` never raises for a hard problem."""

    name: str

    def find(self, world: World, goals: Goals, seconds: float, memory_mb: int) -> Found | NotFound: ...

    def close(self) -> None:
        """Give back processes.  The engine may be used again afterwards."""
        ...

"""Verdicts: the outcome of a question as a value, always with its certificate.

`Limits` bound what a solver may spend; `Solver` is the one seam between the engine and a
backend.  Knows the kernel; must not know any backend.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from neurosym.kernel import Theorem
from neurosym.logic import Formula, Term
from neurosym.proof import Certificate
from neurosym.theory import Theory


@dataclass(frozen=True, slots=True)
class Proved:
    """The theory entails the goal."""

    theorem: Theorem
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Disproved:
    """The theory entails the negation of the goal."""

    theorem: Theorem
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Inconsistent:
    """The theory entails falsity; the theorem's hypotheses are a conflict set."""

    theorem: Theorem
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither.  With a certificate the reason is proved (two models); without, it is a limit,
    an unsupported feature or a failure, named in `reason`."""

    reason: str
    theorem: Theorem | None = None
    certificate: Certificate | None = None
    clash: Both | None = None  # defeasible rules: the arguments for and against, of which neither is stronger


@dataclass(frozen=True, slots=True)
class Both:
    """The goal and its negation are both derivable: chaining semantics calls that a paradox."""

    pro: Proved
    con: Disproved

    @property
    def theorem(self) -> Theorem:
        """The goal's; `con` has that of its negation."""
        return self.pro.theorem

    @property
    def certificate(self) -> Certificate:
        return self.pro.certificate


Verdict: TypeAlias = Proved | Disproved | Inconsistent | Unknown | Both


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one question.

    seconds: wall time; inferences: SWI-Prolog's count; rlimit: Z3's resource units; steps: rows
    joined in one search for a canonical model (these three are deterministic: where `seconds`
    is out of the way, answers are reproducible); memory_mb: address space of a worker; domain:
    largest countermodel tried.
    """

    seconds: float = 10.0
    inferences: int = 100_000_000
    rlimit: int = 50_000_000
    memory_mb: int = 2048
    domain: int = 8
    steps: int = 2_000_000


@dataclass(slots=True)
class Clock:
    """The time of one question, however many searches it takes."""

    limits: Limits
    start: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds, maybe fewer than none."""
        return self.start + self.limits.seconds - time.monotonic()

    def within(self, share: float) -> Limits:
        """The limits with that share of the time that is left."""
        return replace(self.limits, seconds=max(0.0, share * self.left()))


@dataclass(frozen=True, slots=True)
class Answer:
    """One binding of the variables of an open question, with its own verdict."""

    binding: tuple[tuple[str, Term], ...]
    verdict: Verdict


class Solver(Protocol):
    """A backend: it finds, the kernel checks."""

    name: str

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        """Names of the features of `theory` or `goal` it cannot treat; empty if it can try."""
        ...

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        """Never raises for a hard question: returns Unknown with the reason."""
        ...

    def close(self) -> None:
        """Give back processes and files.  The solver may be used again afterwards."""
        ...

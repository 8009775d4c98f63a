"""What is found where a theory contradicts itself: conflicts, what is left without them, repairs.

Plain data for the solvers that find them and the explanations that show them.  Knows theories
and verdicts; must not know how a conflict is found or told.  A claim here is named by its
label; labels stand in the order of the theory.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from neurosym.logic import Formula
from neurosym.proof import FiniteModel, Independence
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Inconsistent, Proved, Unknown, Verdict


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that cannot hold together.

    `verdict`: the theorem of falsity, about the whole theory where `whole`, else about these
    claims and those `beside`.  `minimal`: the kernel has accepted that without any one of
    `labels` the rest is consistent.  `beside`: claims the theorem rests on as well, but which
    are held fixed (see `Conflicts.held`).
    """

    labels: tuple[str, ...]
    verdict: Inconsistent
    minimal: bool = False
    beside: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The minimal conflicts of a theory.

    `complete`: there is no other, by certificates of the consistency of every maximal rest.
    Otherwise `reason` says what stopped the search.  `held`: claims that were never taken out
    although they may be at fault, because something rests on their absence.
    """

    conflicts: tuple[Conflict, ...]
    complete: bool
    reason: str = ""
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subset:
    """A maximal consistent part of a theory: `kept`, and the labels `dropped`.

    `cost` is what dropping costs, in nats (see `Repair`).  `verdict` is the certificate that
    `kept` is consistent: Unknown of a proposition it does not speak of, or, in a closed
    world, Proved of its integrity constraints.  None: no contradiction was found, no more.
    """

    dropped: tuple[str, ...]
    kept: Theory
    cost: float
    verdict: Verdict | None = None

    @property
    def model(self) -> FiniteModel | None:
        """A finite model of `kept`, where that is the certificate."""
        match self.verdict:
            case Unknown(_, _, certificate) if certificate is not None:
                evidence = certificate.evidence
                return evidence.fails if isinstance(evidence, Independence) else None
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Subsets:
    """Maximal consistent subsets, the most probable first; `conflicts` are those met on the way.

    `complete`: there is no other, and each is certified.  Otherwise `reason` says why not.
    """

    subsets: tuple[Subset, ...]
    complete: bool
    conflicts: tuple[Conflict, ...] = ()
    reason: str = ""
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """The most probable consistent part of a theory, scores taken for independent probabilities p.

    `cost`: the sum of max(0, log(p / (1 - p))) over `dropped`, in nats, where a claim with
    score 1 counts 1 + the sum over all uncertain claims of the conflicts: such claims (`certain`)
    give way last, and as few of them as can be.  `optimal`: no consistent part costs less, by the
    conflicts and Z3's word for the optimum.  `verdict`: as in Subset.  `kept` is None where no
    consistent part was found; `reason` says why, or what is not certain.
    """

    dropped: tuple[str, ...]
    kept: Theory | None
    conflicts: tuple[Conflict, ...]
    optimal: bool
    cost: float
    certain: tuple[str, ...] = ()
    verdict: Verdict | None = None
    held: tuple[str, ...] = ()
    reason: str = ""


class Stance(StrEnum):
    """In how many maximal consistent subsets something follows (Rescher and Manor 1970)."""

    CAUTIOUS = "cautious"  # in every one
    BRAVE = "brave"  # in some, not in all
    NONE = "none"  # in none


@dataclass(frozen=True, slots=True)
class RelativeAnswer:
    """What follows of `goal` from each maximal consistent subset, each verdict with its certificate.

    `stance` of the goal and `denied` of its negation count the subsets looked at; they speak of
    all there are where `complete`.
    """

    goal: Formula
    answers: tuple[tuple[Subset, Verdict], ...]
    complete: bool
    conflicts: tuple[Conflict, ...] = ()
    reason: str = ""
    held: tuple[str, ...] = ()

    @property
    def stance(self) -> Stance:
        return _stance([isinstance(v, Proved) for _, v in self.answers])

    @property
    def denied(self) -> Stance:
        return _stance([isinstance(v, Disproved) for _, v in self.answers])


def _stance(found: list[bool]) -> Stance:
    if found and all(found):
        return Stance.CAUTIOUS
    return Stance.BRAVE if any(found) else Stance.NONE

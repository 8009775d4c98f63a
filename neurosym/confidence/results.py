"""What is said of a goal's support and confidence, as values.

Knows theories and certificates.  Must not know how supports are found.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.confidence.diagram import Diagram
from neurosym.kernel import Theorem
from neurosym.proof import Certificate


@dataclass(frozen=True, slots=True)
class Supports:
    """Sets of labels from whose claims a goal follows; the most probable first, then the smallest.

    Each is minimal.  Where the theory reasons from absence, a set supports the goal if the
    goal follows from it and from every larger set of the theory's claims, so that it cannot be
    undone by what else is told; otherwise more claims prove more, and that is the same.
    `complete`: there is no other.  `reason` says why there may be others, or why none are given.
    `diagram`, where there is one, is the Boolean function of claims that says in which of the
    worlds (sets of claims) the goal follows: it is whole even where `sets` was cut short.
    """

    sets: tuple[frozenset[str], ...]
    complete: bool
    reason: str = ""
    diagram: Diagram | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """How probable it is that a goal follows from the claims that are right.

    `bound`: the largest max(0, 1 - sum of (1 - score)) over the supports that were found; it
    holds however the claims depend on each other (Boole; Frechet 1935).  `exact`: the
    probability under independence; where not `complete` it is only a lower bound of that, by
    the supports that were found; None where there is no figure.  `reason` says why.
    """

    bound: float
    exact: float | None
    complete: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RankedProof:
    """A proof that uses the claims in `labels`, which hold together with this probability.

    The kernel has accepted the certificate for the whole theory.  Where the proof rests on
    absence, the theorem names every claim, for the absence does.
    """

    probability: float
    labels: frozenset[str]
    theorem: Theorem
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Ranking:
    """The most probable proofs, in order.  `reason` says why there may be others, or better ones."""

    proofs: tuple[RankedProof, ...]
    complete: bool
    reason: str = ""

"""Confidence: all minimal proofs of a goal, how probable they make it, and the best of them.

Scores stay outside the kernel: a theorem rests on labels, and only here do the labels get
their probabilities.  `minimal_supports` finds the sets of claims from which a goal follows,
`confidence` bounds and counts, `best_proofs` ranks, each proof with a certificate.  Importing
this package loads no library of diagrams.
"""

from neurosym.confidence.diagram import Diagram
from neurosym.confidence.results import Confidence, RankedProof, Ranking, Supports
from neurosym.confidence.supports import (
    best_proofs,
    boole,
    confidence,
    exact_confidence,
    minimal_supports,
    probability,
)

__all__ = [
    "Confidence",
    "Diagram",
    "RankedProof",
    "Ranking",
    "Supports",
    "best_proofs",
    "boole",
    "confidence",
    "exact_confidence",
    "minimal_supports",
    "probability",
]

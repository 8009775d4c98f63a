"""Entailment of two sentences about one scene: entailed, contradicted or neither, each with its certificate.

    scenes     sentences as existential statements, and what they deny of a scene
    judging    the verdict about two of them; a classifier where there is none

Knows parser readings, lexical claims and the seam to solvers.  Must not know a data set.
"""

from neurosym.entailment.judging import (
    LIMITS,
    MIN_PROOF,
    MIN_SCORE,
    ONE_SCENE,
    PREMISE,
    RECALL,
    Classifier,
    EntailmentResponse,
    Label,
    entails,
    judge,
    nothing_missed,
    shipped_classifier,
)
from neurosym.entailment.scenes import Scene, denial, scene, scenes

__all__ = [
    "LIMITS", "MIN_PROOF", "MIN_SCORE", "ONE_SCENE", "PREMISE", "RECALL", "Classifier", "EntailmentResponse",
    "Label", "Scene", "denial", "entails", "judge", "nothing_missed", "scene", "scenes", "shipped_classifier",
]  # fmt: skip

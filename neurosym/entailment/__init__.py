"""Entailment of two sentences about one scene: entailed, contradicted or neither, each with its certificate.

    scenes     sentences as existential statements
    assumed    what two sentences about one scene deny of it, and which things are the same
    judging    the verdict about two of them; a classifier where there is none

Knows parser readings, lexical claims and the seam to solvers.  Must not know a data set.
"""

from neurosym.entailment.assumed import denial, same_things
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
from neurosym.entailment.scenes import Scene, scene, scenes

__all__ = [
    "LIMITS", "MIN_PROOF", "MIN_SCORE", "ONE_SCENE", "PREMISE", "RECALL", "Classifier", "EntailmentResponse",
    "Label", "Scene", "denial", "entails", "judge", "nothing_missed", "same_things", "scene", "scenes",
    "shipped_classifier",
]  # fmt: skip

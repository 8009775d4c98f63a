"""The score of a line: the probability that it is right, told by how sure the model was of its tokens.

A logistic regression (Platt 1999) on held-out stories, kept in `document.json`.  Without one the score is
the probability of the line's tokens as the model has it, which is not calibrated.

Knows candidates and numpy; must not know torch or formulas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser.document.decoding import Candidate

FEATURES = ("log_prob", "mean", "least", "lost", "length")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on FEATURES, standardized."""

    weights: tuple[float, ...]
    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def of(self, features: Sequence[float]) -> float:
        """The probability in [0, 1] of a line with these FEATURES."""
        parts = zip(features, self.weights, self.mean, self.scale, strict=True)
        z = self.bias + sum(w * (x - m) / s for x, w, m, s in parts)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def features(c: Candidate) -> tuple[float, ...]:
    """FEATURES of one candidate, each in a bounded range."""
    n = max(1, len(c.tokens))
    least = math.log(max(c.least, 1e-3))
    return (max(c.log_prob, -12.0), max(c.log_prob / n, -3.0), least, max(c.lost, -8.0), math.log1p(n))


def score(c: Candidate, calibration: Calibration | None) -> float:
    """In [0, 1]; the raw probability of the line without a calibration."""
    if calibration is None:
        return min(1.0, math.exp(c.log_prob))
    return calibration.of(features(c))


def fitted(rows: Sequence[Sequence[float]], right: Sequence[bool]) -> Calibration | None:
    """A calibration from features and labels; None without examples of both kinds."""
    import numpy as np

    from neurosym.parser.calibrate import fit_logistic

    if len(set(right)) < 2:
        return None
    x, y = np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    weights, bias = fit_logistic((x - mean) / scale, y)
    return Calibration(tuple(weights.tolist()), bias, tuple(mean.tolist()), tuple(scale.tolist()))


def as_json(c: Calibration) -> dict[str, Any]:
    """What `from_json` reads."""
    return {
        "features": list(FEATURES),
        "weights": list(c.weights),
        "bias": c.bias,
        "mean": list(c.mean),
        "scale": list(c.scale),
    }


def from_json(raw: Mapping[str, Any]) -> Calibration:
    """The inverse of `as_json`.  Raises ConfigError."""
    try:
        if tuple(raw["features"]) != FEATURES:
            raise ValueError("its features are those of another version")
        rows = [tuple(float(v) for v in raw[k]) for k in ("weights", "mean", "scale")]
        if any(len(r) != len(FEATURES) for r in rows):
            raise ValueError("a list has the wrong length")
        return Calibration(rows[0], float(raw["bias"]), rows[1], rows[2])
    except (ValueError, KeyError, TypeError) as e:
        raise ConfigError(f"the calibration of the document model cannot be read: {e}") from e

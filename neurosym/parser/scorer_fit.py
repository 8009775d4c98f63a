"""Fitting and measuring a scorer beside its parser: what `scorer_train` does once the network is there.

The score is a logistic regression on the cheap signals and the scorer's logit.  It is fitted on readings
as the parser meets them: alone, as greedy decoding finds them, and among rivals, as the beam does.

Knows groups of readings, the parser's ways and calibrations; must not know torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.parser.calibrate import (
    CALIBRATION,
    KNOWN,
    Calibration,
    auroc,
    calibration_error,
    features,
    fitted,
    numbers_of,
    read_calibration,
)
from neurosym.parser.neural import Kept, candidates, chosen
from neurosym.parser.runtime import ENCODER
from neurosym.parser.scorer import CONFIG, FORMAT, Bounds, Scorer, compared, fingerprint
from neurosym.parser.scorer_data import Group


@dataclass(frozen=True, slots=True)
class Met:
    """A sentence as the parser meets it: its best reading alone, and its readings among each other."""

    group: Group
    alone: tuple[Kept, ...]
    rivals: tuple[Kept, ...]
    logits: Mapping[tuple[str, ...], float]  # by tokens

    def right(self, c: Kept) -> bool:
        return any(c.hypothesis.tokens == known.tokens and known.right for known in self.group.candidates)


def met(scorer: Scorer, cheap: Calibration, found: Sequence[Group]) -> list[Met]:
    """Groups with what the parser would keep of them, and all logits."""
    kept: list[tuple[Group, tuple[Kept, ...], tuple[Kept, ...]]] = []
    for g in found:
        hypotheses = [c.hypothesis for c in g.candidates if c.hypothesis is not None]
        words = g.sample.words
        alone, _ = candidates(hypotheses[:1], words, g.encoded, cheap)
        rivals, _ = candidates(hypotheses, words, g.encoded, cheap)
        kept.append((g, alone, rivals))
    tokens = [
        tuple(dict.fromkeys(c.hypothesis.tokens for c in (*alone, *rivals))) for _, alone, rivals in kept
    ]
    logits = scorer.logits([g.encoded for g, _, _ in kept], tokens)
    return [
        Met(*parts, dict(zip(ts, ls, strict=True)))
        for parts, ts, ls in zip(kept, tokens, logits, strict=True)
    ]


def provisional(cheap: Calibration) -> Calibration:
    """The cheap calibration as one that has the scorer's features and ignores them."""
    more = len(KNOWN) - len(cheap.weights)
    return Calibration(
        (*cheap.weights, *(0.0,) * more),
        cheap.bias,
        (*cheap.mean, *(0.0,) * more),
        (*cheap.scale, *(1.0,) * more),
        cheap.lexicon,
    )


def fit(scorer: Scorer, cheap: Calibration, found: Sequence[Group]) -> Calibration:
    """The calibration of the whole score."""
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for m in met(scorer, cheap, found):
        for cs in (m.alone, m.rivals):
            for c, asked in zip(cs, compared([m.logits[c.hypothesis.tokens] for c in cs]), strict=True):
                cheap_ones = features(c.hypothesis, m.group.sample.words, m.group.encoded, cheap.lexicon)
                rows.append((*cheap_ones, *asked))
                right.append(m.right(c))
    return fitted(rows, right, cheap.lexicon)


def write_scorer(folder: Path, calibration: Calibration, bounds: Bounds, about: Mapping[str, Any]) -> None:
    data = {
        "format": FORMAT,
        "encoder_sha256": fingerprint(folder / ENCODER),
        "bounds": {"low": bounds.low, "high": bounds.high, "beam": bounds.beam},
        "calibration": numbers_of(calibration),
        "about": dict(about),
    }
    (folder / CONFIG).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def measures(folder: Path, found: Sequence[Group]) -> dict[str, Any]:
    """How good the score is without and with the scorer, on sentences with other words and constructions.

    `read` and `right`: shares of the sentences that get a reading, and a right one; `confident`: share of
    the readings that score at least 0.9, and `confident_wrong` the share of these that is wrong.
    """
    cheap = read_calibration(folder / CALIBRATION)
    scorer = Scorer(folder, cheap.lexicon)
    before: list[tuple[float, bool]] = []
    after: list[tuple[float, bool]] = []
    asked = rivals = 0
    for m in met(scorer, cheap, found):
        first = m.alone or m.rivals[:1]
        if not first:
            continue
        before.append((first[0].score, m.right(first[0])))
        cs, with_scorer = m.alone, bool(m.alone) and scorer.bounds.low < first[0].score < scorer.bounds.high
        if not m.alone or (with_scorer and first[0].score < scorer.bounds.beam):
            cs, with_scorer = m.rivals, True
        asked += with_scorer
        rivals += cs is m.rivals
        if with_scorer:
            logits = [m.logits[c.hypothesis.tokens] for c in cs]
            cs = chosen(cs, m.group.sample.words, m.group.encoded, scorer, logits)
        if cs:  # among its rivals a reading may turn out worse than one that leaves words out
            after.append((cs[0].score, m.right(cs[0])))
    return {
        "n": len(found),
        "asked": round(asked / max(1, len(before)), 4),
        "rivals_sought": round(rivals / max(1, len(before)), 4),
        "without": _quality(before, len(found)),
        "with": _quality(after, len(found)),
    }


def _quality(seen: Sequence[tuple[float, bool]], n: int) -> dict[str, float]:
    scores, right = [s for s, _ in seen], [r for _, r in seen]
    sure = [r for s, r in seen if s >= 0.9]
    return {
        "read": round(len(seen) / max(1, n), 4),
        "right": round(sum(right) / max(1, n), 4),
        "auroc": round(auroc(scores, right), 4),
        "calibration_error": round(calibration_error(scores, right), 4),
        "confident": round(len(sure) / max(1, len(seen)), 4),
        "confident_wrong": round(1 - sum(sure) / max(1, len(sure)), 4),
    }

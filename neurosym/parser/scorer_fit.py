"""Fitting and measuring a scorer beside its parser: what `scorer_train` does once the network is there.

Two scores, each a logistic regression: on signals of the decoder and of the habits, and on these and the
network's logit.  Both are fitted on readings as the parser meets them: alone, as greedy decoding finds them,
and among rivals, as the beam does.

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
    Lexicon,
    auroc,
    calibration_error,
    features,
    fitted,
    numbers_of,
    read_calibration,
)
from neurosym.parser.neural import Kept, candidates, chosen, weighed
from neurosym.parser.runtime import ENCODER
from neurosym.parser.scorer import CONFIG, FORMAT, Bounds, Scorer, compared, fingerprint
from neurosym.parser.scorer_data import Group
from neurosym.parser.standins import standing


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


# What the scores use of calibrate.KNOWN.  The others, such as the length of a reading, tell right from wrong
# among the generator's sentences only; elsewhere they mislead.
QUICK = ("log_prob", "least", "margin", "lost", "unseen")
USED = (*QUICK, "logit", "lead")


def fitted_on(
    used: Sequence[str],
    known: Sequence[str],
    rows: Sequence[Sequence[float]],
    right: Sequence[bool],
    lexicon: Lexicon,
) -> Calibration:
    """A calibration on the columns `known` of `rows`, which gives weight to `used` alone."""
    at = [known.index(name) for name in used]
    c = fitted([[row[i] for i in at] for row in rows], right, lexicon)
    weights, mean, scale = ([fill] * len(known) for fill in (0.0, 0.0, 1.0))
    for i, w, m, s in zip(at, c.weights, c.mean, c.scale, strict=True):
        weights[i], mean[i], scale[i] = w, m, s
    return Calibration(tuple(weights), c.bias, tuple(mean), tuple(scale), lexicon)


def fit(scorer: Scorer, cheap: Calibration, found: Sequence[Group]) -> tuple[Calibration, Calibration]:
    """The quick score's calibration, on best readings, which it is believed on; and the whole score's, on
    all, among which it chooses."""
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    best: list[int] = []
    for m in met(scorer, cheap, found):
        words = standing(m.group.sample.words)
        if m.alone or m.rivals:
            best.append(len(rows))
        for cs in (m.alone, m.rivals):
            unseen = [scorer.unseen(c.hypothesis.tokens, words) for c in cs]
            logits = [m.logits[c.hypothesis.tokens] for c in cs]
            for c, asked in zip(cs, compared(unseen, logits), strict=True):
                rows.append((*features(c.hypothesis, words, m.group.encoded, cheap.lexicon), *asked))
                right.append(m.right(c))
    few = KNOWN[: KNOWN.index("unseen") + 1]
    short = [rows[i][: len(few)] for i in best]
    quick = fitted_on(QUICK, few, short, [right[i] for i in best], cheap.lexicon)
    return quick, fitted_on(USED, KNOWN, rows, right, cheap.lexicon)


def provisional(cheap: Calibration) -> tuple[Calibration, Calibration]:
    """The cheap calibration as two that have the scorer's features and ignore them."""

    def longer(n: int) -> Calibration:
        more = n - len(cheap.weights)
        return Calibration(
            (*cheap.weights, *(0.0,) * more),
            cheap.bias,
            (*cheap.mean, *(0.0,) * more),
            (*cheap.scale, *(1.0,) * more),
            cheap.lexicon,
        )

    return longer(KNOWN.index("unseen") + 1), longer(len(KNOWN))


def write_scorer(
    folder: Path, calibrations: tuple[Calibration, Calibration], bounds: Bounds, about: Mapping[str, Any]
) -> None:
    """The scorer's configuration; `calibrations` as `fit` returns them."""
    quick, whole = calibrations
    data = {
        "format": FORMAT,
        "encoder_sha256": fingerprint(folder / ENCODER),
        "bounds": {"low": bounds.low, "high": bounds.high, "beam": bounds.beam},
        "quick": numbers_of(quick),
        "calibration": numbers_of(whole),
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
        words, e = m.group.sample.words, m.group.encoded
        if not (first := m.alone or m.rivals[:1]):
            continue
        before.append((first[0].score, m.right(first[0])))
        cs = weighed(m.alone or m.rivals, words, e, scorer)
        # as NeuralParser does: see its _decode_all and _asked
        if not m.alone or scorer.bounds.low < cs[0].score < scorer.bounds.beam:
            cs, rivals = weighed(m.rivals, words, e, scorer), rivals + 1
        if len(cs) > 1 or (cs and scorer.bounds.low < cs[0].score < scorer.bounds.high):
            asked += 1
            cs = chosen(cs, words, e, scorer, [m.logits[c.hypothesis.tokens] for c in cs])
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

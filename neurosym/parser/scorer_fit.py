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

from neurosym.parser import loop
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
from neurosym.parser.kept import Kept, candidates, chosen
from neurosym.parser.neural import DIVIDED, HOPELESS
from neurosym.parser.scorer import CONFIG, FORMAT, Bounds, Scorer, compared, fingerprints
from neurosym.parser.scorer_data import Group, stacked
from neurosym.parser.standins import standing
from neurosym.parser.steps import Hypothesis

TOGETHER = 32  # sentences that the network is asked about at once


@dataclass(frozen=True, slots=True)
class Met:
    """A sentence as the parser meets it: its best reading alone, and its readings among each other."""

    group: Group
    alone: tuple[Kept, ...]
    rivals: tuple[Kept, ...]
    logits: Mapping[Hypothesis, float]

    def right(self, c: Kept) -> bool:
        return any(c.hypothesis.tokens == known.tokens and known.right for known in self.group.candidates)


def met(scorer: Scorer, cheap: Calibration, found: Sequence[Group]) -> list[Met]:
    """Groups with what the parser would keep of them by the scorer's quick score, and all logits."""
    kept: list[tuple[Group, tuple[Kept, ...], tuple[Kept, ...]]] = []
    for g in found:
        hypotheses = [c.hypothesis for c in g.candidates if c.hypothesis is not None]
        words = g.sample.words
        alone, _ = candidates(hypotheses[:1], words, g.encoded, cheap, scorer)
        rivals, _ = candidates(hypotheses, words, g.encoded, cheap, scorer)
        kept.append((g, alone, rivals))
    kept.sort(key=lambda one: len(one[0].memory))  # little is spent on padding
    out: list[Met] = []
    for start in range(0, len(kept), TOGETHER):
        part = kept[start : start + TOGETHER]
        asked = [tuple(dict.fromkeys(c.hypothesis for c in (*alone, *rivals))) for _, alone, rivals in part]
        logits = scorer.logits(*stacked([g.memory for g, _, _ in part]), asked)
        for parts, hs, ls in zip(part, asked, logits, strict=True):
            out.append(Met(*parts, dict(zip(hs, ls, strict=True))))
    return out


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
    """The quick score's calibration, on the best readings by it, and the whole score's, on those that the
    network prefers: both are fitted on what is shown."""
    quick: list[tuple[tuple[float, ...], bool]] = []
    whole: list[tuple[tuple[float, ...], bool]] = []
    for m in met(scorer, cheap, found):
        words, e = standing(m.group.sample.words), m.group.encoded
        for cs in (m.alone, m.rivals):
            asked = compared([c.unseen for c in cs], [m.logits[c.hypothesis] for c in cs])
            every = [
                ((*features(c.hypothesis, words, e, cheap.lexicon), *a), m.right(c))
                for c, a in zip(cs, asked, strict=True)
            ]
            if cs is m.alone or not m.alone:
                quick += every[:1]
            whole += (row for row, (_, _, lead) in zip(every, asked, strict=True) if lead >= 0)
    few = KNOWN[: KNOWN.index("unseen") + 1]
    rows, right = [row[: len(few)] for row, _ in quick], [r for _, r in quick]
    return (
        fitted_on(QUICK, few, rows, right, cheap.lexicon),
        fitted_on(USED, KNOWN, [row for row, _ in whole], [r for _, r in whole], cheap.lexicon),
    )


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
    """The scorer's configuration, whole or not at all; `calibrations` as `fit` returns them."""
    quick, whole = calibrations
    data = {
        "format": FORMAT,
        "sha256": fingerprints(folder),
        "bounds": {"low": bounds.low, "high": bounds.high, "beam": bounds.beam},
        "quick": numbers_of(quick),
        "calibration": numbers_of(whole),
        "about": dict(about),
    }
    text = json.dumps(data, indent=1) + "\n"
    loop.whole(folder / CONFIG, lambda part: part.write_text(text, encoding="utf-8"))


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

        def ranked(cs: Sequence[Kept], logits: Mapping[Hypothesis, float] = m.logits) -> tuple[Kept, ...]:
            return chosen(cs, scorer, [logits[c.hypothesis] for c in cs])

        words, e = m.group.sample.words, m.group.encoded
        if not (first := m.alone or m.rivals[:1]):
            continue
        known = cheap.score(first[0].hypothesis, standing(words), e)
        before.append((known, m.right(first[0])))
        cs, b = m.alone, scorer.bounds
        # as NeuralParser does, with fewer rivals: see its _unclear and _ranked
        if cs and b.low < cs[0].score < b.high:
            asked, cs = asked + 1, ranked(cs)
        margin = next((c.hypothesis.margin for c in m.group.candidates if c.hypothesis is not None), 0.0)
        if (not cs and margin < HOPELESS) or (cs and margin < DIVIDED and cs[0].score < b.beam):
            rivals, cs = rivals + 1, ranked(m.rivals)
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

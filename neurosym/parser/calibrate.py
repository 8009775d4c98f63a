"""The score of a reading: the calibrated probability that it is right.

A decoder's own probability is calibrated on words it knows and overconfident elsewhere, so the
score is a logistic regression on it together with signals of doubt of other kinds: words never
copied in training, words left out that training never left out, probability outside the
grammar.  It is fitted on held-out words, held-out templates and scrambled sentences, whose
every reading counts as wrong (Platt 1999; error as in Guo et al. 2017).

Knows hypotheses, samples and numpy; must not know torch or formulas' meaning beyond equality.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ConfigError, ParserError
from neurosym.parser.card import CARD, card
from neurosym.parser.conventions import settled
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.morphology import is_known
from neurosym.parser.pieces import Encoded, Words
from neurosym.parser.runtime import Runtime
from neurosym.parser.scheme import PLACE
from neurosym.parser.settings import Sample, samples
from neurosym.parser.standins import standing
from neurosym.parser.steps import Hypothesis

if TYPE_CHECKING:
    from neurosym.parser.settings import Config

CALIBRATION = "calibration.json"
FEATURES = (
    "log_prob",
    "least",
    "margin",
    "lost",
    "unknown",
    "pieces",
    "skipped",
    "length",
    "strange",
    "rare",
)
# What the scorer adds: how much of the reading training never did so; its network's logit, and that over
# the best rival's.
ASKED = ("unseen", "logit", "lead")
KNOWN = (*FEATURES, *ASKED)  # a calibration uses the first of them, as many as it was fitted on
_RANKS = 30_000  # pieces of the base's vocabulary, which is sorted by frequency


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words as training showed them, in lower case: copied somewhere, and left out somewhere."""

    copied: frozenset[str]
    left_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on the first KNOWN features, standardized."""

    weights: tuple[float, ...]
    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    lexicon: Lexicon

    def score(
        self, h: Hypothesis, words: Words, encoded: Encoded, asked: Sequence[float] | None = None
    ) -> float:
        """The probability that `h` is right, in [0, 1].  `asked`: the features ASKED, where it has them."""
        return self.of(features(h, words, encoded, self.lexicon), asked)

    def of(self, cheap: Sequence[float], asked: Sequence[float] | None = None) -> float:
        """The same from FEATURES.  Raises ValueError where ASKED is missing or too much."""
        if len(asked or ()) != max(0, len(self.weights) - len(FEATURES)):
            raise ValueError("a score needs the scorer's features exactly where it was fitted on them")
        z = self.bias
        for x, w, m, s in zip((*cheap, *(asked or ())), self.weights, self.mean, self.scale, strict=False):
            z += w * (x - m) / s
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def _pointed(tokens: Sequence[str]) -> set[int]:
    return {PLACE[t] for t in tokens if t[1:2] == ":"}


def lexicon_of(samples: Sequence[Sample]) -> Lexicon:
    """The words of samples that are known, with stand-ins for names: those that are copied, and those that
    are not."""
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for s in samples:
        pointed = _pointed(s.tokens)
        for i, w in enumerate(standing(s.words)):
            counts[i not in pointed][w.lower()] += 1
    # Rarer words are invented ones and names: having met them once teaches nothing.
    copied, left_out = (frozenset(w for w, n in c.items() if n > 2) for c in counts)
    return Lexicon(copied, left_out)


def features(h: Hypothesis, words: Words, encoded: Encoded, lexicon: Lexicon) -> tuple[float, ...]:
    """FEATURES of one hypothesis, each in a bounded range."""
    pointed = _pointed(h.tokens)
    low = [w.lower() for w in words]
    copied = [low[i] for i in pointed if i < len(low)]
    unknown = len([w for w in copied if w not in lexicon.copied])
    pieces = len([w for w in encoded.owner if w in pointed]) - len(copied)
    unsaid = [w for i, w in enumerate(low) if i not in pointed and w not in lexicon.left_out]
    skipped = len([w for w in unsaid if any(map(str.isalnum, w))])  # punctuation says nothing
    return (
        max(h.log_prob, -8.0),
        math.log(max(h.least, 1e-3)),
        h.margin,
        max(h.lost, -4.0),
        unknown / max(1, len(copied)),
        min(pieces / max(1, len(copied)), 3.0),
        min(skipped, 4) / 2,
        math.log1p(len(h.tokens)),
        *_strangeness(words, low, encoded, lexicon),
    )


def _strangeness(words: Words, low: Sequence[str], encoded: Encoded, lexicon: Lexicon) -> tuple[float, float]:
    """Of all words of the sentence, pointed at or not: the share of those that neither training nor the
    dictionary has, names apart, and how rare the pieces are that they are made of; both in [0, 1]."""
    plain = [low[i] for i, w in enumerate(words) if w.isalpha() and (not i or w[0].islower())]
    unseen = [w for w in plain if w not in lexicon.copied and w not in lexicon.left_out]
    strange = len([w for w in unseen if not is_known(w)])
    ranks = [p for p, w in zip(encoded.pieces, encoded.owner, strict=True) if w >= 0]
    rare = sum([p if p < _RANKS else _RANKS for p in ranks])
    return strange / max(1, len(plain)), rare / (_RANKS * max(1, len(ranks)))


# --- fitting and measuring -----------------------------------------------------------------


def fit_logistic(
    x: NDArray[np.float64], y: NDArray[np.float64], ridge: float = 1.0
) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of a ridge logistic regression, by Newton's method."""
    design = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    penalty = np.diag([ridge] * x.shape[1] + [0.0])
    theta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ theta, -30, 30)))
        gradient = design.T @ (p - y) + penalty @ theta
        hessian = (design * (p * (1 - p))[:, None]).T @ design + penalty + 1e-9 * np.eye(len(theta))
        step = np.linalg.solve(hessian, gradient)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    return theta[:-1], float(theta[-1])


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Guo et al. 2017)."""
    total = 0.0
    at = [min(bins - 1, int(s * bins)) for s in scores]
    for b in range(bins):
        members = [i for i, a in enumerate(at) if a == b]
        total += abs(sum(right[i] for i in members) - sum(scores[i] for i in members))
    return total / max(1, len(scores))


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Chance that a right reading scores above a wrong one; nan without both."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    positive = sum(right)
    negative = len(right) - positive
    if not positive or not negative:
        return math.nan
    rank_sum, i = 0.0, 0
    while i < len(order):
        j = i
        while j < len(order) and scores[order[j]] == scores[order[i]]:
            j += 1
        rank_sum += sum(right[k] for k in order[i:j]) * (i + j + 1) / 2
        i = j
    return (rank_sum - positive * (positive + 1) / 2) / (positive * negative)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the parser made of a sample, `shown` with stand-ins.  `readable`: the hypothesis decodes to a
    formula."""

    sample: Sample
    shown: Words
    hypothesis: Hypothesis
    encoded: Encoded
    readable: bool
    exact: bool  # the tokens are the sample's
    right: bool  # the meaning is


def _meaning(tokens: Sequence[str], words: Words) -> Decoded | None:
    try:
        return decode(tokens, words)
    except ParserError:
        return None


def outcomes(runtime: Runtime, samples: Sequence[Sample]) -> list[Outcome]:
    """What greedy decoding makes of each sample, which the network sees as the parser shows it, and whether
    that is right."""
    out = []
    shown = [standing(s.words) for s in samples]
    for s, w, h, e in zip(samples, shown, runtime.parse(shown), runtime.encode(shown), strict=True):
        meaning = _meaning(settled(h.tokens, s.words), s.words)
        exact = h.tokens == s.tokens
        told = _meaning(settled(s.tokens, s.words), s.words) if s.tokens else None
        right = exact or (meaning is not None and meaning == told)
        out.append(Outcome(s, w, h, e, meaning is not None, exact, right))
    return out


def scrambled(samples: Sequence[Sample], n: int, seed: int) -> list[Sample]:
    """Word salad that has no right reading: shuffled sentences, and two halves that do not belong."""
    rng = random.Random(f"scrambled/{seed}")
    pool = [s for s in samples if len(s.words) >= 6]
    out: list[Sample] = []
    while pool and len(out) < n:
        words = list(rng.choice(pool).words)
        if rng.random() < 0.5:
            other = rng.choice(pool).words
            words = words[: rng.randint(2, len(words) - 3)] + list(other[rng.randint(2, len(other) - 3) :])
        else:
            middle = words[:-1]
            rng.shuffle(middle)
            words = middle + words[-1:]
        out.append(Sample(tuple(words[:60]), (), "scrambled"))
    return out


def calibrate(seen: Sequence[Outcome], lexicon: Lexicon) -> Calibration:
    """Fit the score on outcomes.  Hypotheses that do not decode are never shown, so never fitted."""
    used = [o for o in seen if o.readable]
    x = [features(o.hypothesis, o.shown, o.encoded, lexicon) for o in used]
    return fitted(x, [o.right for o in used], lexicon)


def fitted(rows: Sequence[Sequence[float]], right: Sequence[bool], lexicon: Lexicon) -> Calibration:
    """A calibration from rows of the first KNOWN features and their labels.

    Raises ConfigError without any.
    """
    if not rows:
        raise ConfigError(
            "there is no reading to fit the score on: the model reads no sentence of data.calibrate; "
            "train it longer, or give other sentences"
        )
    x, y = np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    weights, bias = fit_logistic((x - mean) / scale, y)
    return Calibration(tuple(weights.tolist()), bias, tuple(mean.tolist()), tuple(scale.tolist()), lexicon)


def quality(c: Calibration, seen: Sequence[Outcome]) -> dict[str, float]:
    """How well scores tell right from wrong readings: calibration error and AUROC by name."""
    used = [o for o in seen if o.readable]
    scores = [c.score(o.hypothesis, o.shown, o.encoded) for o in used]
    right = [o.right for o in used]
    raw = [math.exp(o.hypothesis.log_prob) for o in used]
    return {
        "n": len(used),
        "calibration_error": round(calibration_error(scores, right), 4),
        "auroc": round(auroc(scores, right), 4),
        "calibration_error_of_raw_probability": round(calibration_error(raw, right), 4),
        "auroc_of_raw_probability": round(auroc(raw, right), 4),
    }


# --- the file --------------------------------------------------------------------------------


def write_calibration(c: Calibration, path: Path) -> None:
    """Write what `read_calibration` reads."""
    data = {
        **numbers_of(c),
        "copied": " ".join(sorted(c.lexicon.copied)),
        "left_out": " ".join(sorted(c.lexicon.left_out)),
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def numbers_of(c: Calibration) -> dict[str, Any]:
    """A calibration without its lexicon, as JSON has it."""
    return {
        "features": list(KNOWN[: len(c.weights)]),
        "weights": c.weights,
        "bias": c.bias,
        "mean": c.mean,
        "scale": c.scale,
    }


def calibration_of(raw: Mapping[str, Any], lexicon: Lexicon) -> Calibration:
    """The inverse of `numbers_of`.  Raises ValueError, KeyError or TypeError."""
    n = len(raw["features"])
    if tuple(raw["features"]) != KNOWN[:n]:
        raise ValueError("its features are those of another version")
    numbers = [tuple(float(v) for v in raw[k]) for k in ("weights", "mean", "scale")]
    if any(len(v) != n for v in numbers):
        raise ValueError("a list has the wrong length")
    return Calibration(numbers[0], float(raw["bias"]), numbers[1], numbers[2], lexicon)


def read_calibration(path: Path) -> Calibration:
    """Raises ParserError for a missing or broken file."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        lexicon = Lexicon(frozenset(raw["copied"].split(" ")), frozenset(raw["left_out"].split(" ")))
        return calibration_of(raw, lexicon)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParserError(
            f"cannot read the calibration: {error}", document=str(path), hint="reinstall neurosym-engine"
        ) from error


# --- the end of a training run -----------------------------------------------------------------


def evaluate(seen: Sequence[Outcome]) -> dict[str, float]:
    """Shares of right readings, exact tokens and readable outputs, of all samples."""
    n = max(1, len(seen))
    return {
        "n": len(seen),
        "right": round(sum(o.right for o in seen) / n, 4),
        "exact_tokens": round(sum(o.exact for o in seen) / n, 4),
        "readable": round(sum(o.readable for o in seen) / n, 4),
    }


def finish(
    config: Config, folder: Path, train: Sequence[Sample], made: Path, figures: Mapping[str, Any]
) -> dict[str, Any]:
    """Calibrate and evaluate the exported model in `folder`; write calibration and model card."""
    runtime = Runtime(folder)
    lexicon = lexicon_of(train)
    held_out = [s for d in config.calibrate for s in samples(d, made)]
    shipped = (f for f in folder.iterdir() if f.suffix in (".onnx", ".json"))
    result: dict[str, Any] = {"model_bytes": sum(f.stat().st_size for f in shipped)}
    calibration = None
    if held_out:
        noise = scrambled(held_out, len(held_out) // 8, config.settings.seed)
        calibration = calibrate(outcomes(runtime, held_out + noise), lexicon)
        write_calibration(calibration, folder / CALIBRATION)
    tests = {}
    for name, data in config.tests.items():
        found = samples(data, made)
        seen = outcomes(runtime, found)
        tests[name] = evaluate(seen)
        if calibration and name == config.calibration_test:
            noise = scrambled(found, len(found) // 8, config.settings.seed + 1)
            result["calibration"] = quality(calibration, seen + outcomes(runtime, noise))
        print(f"{name}: {tests[name]}", flush=True)
    result["tests"] = tests
    (folder / CARD).write_text(card({**figures, **result}), encoding="utf-8")
    return result

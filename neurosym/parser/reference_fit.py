"""Fits the weights of `reference` on stories whose mentions have known antecedents.

    kind = "reference"
    train = "train.jsonl"      # stories, as `neurosym data make --kind stories` makes them
    dev = "dev.jsonl"          # others, to measure with
    out = "reference.json"     # words/reference.json of this package is such a file

A softmax regression over the candidates
of each pronoun, with "none of them" as one more, by gradient ascent; deterministic.  Measures on
`dev` how often the likeliest candidate is the right one and how well its probability is calibrated.
Knows files of stories and `reference`; must not know the generator.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ConfigError, InputError
from neurosym.parser.agreement import Mended, mended, owners, with_owners
from neurosym.parser.decode import decode
from neurosym.parser.mentions import Mention, mentions_of, told_genders
from neurosym.parser.reading import Parsed, Reading
from neurosym.parser.reference import FEATURES, Context, candidates, resolve, weights
from neurosym.parser.tables import read_toml, table
from neurosym.parser.tokenize import words as words_of
from neurosym.theory import Span

Floats = NDArray[np.float64]
KIND = "reference"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Files of stories to fit on and to measure with, and the file of weights to write."""

    train: str
    dev: str
    out: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One pronoun: features of its candidates [n, F], and which is right (n: none of them)."""

    features: Floats
    right: int


def stories(path: Path) -> Iterator[dict[str, Any]]:
    """The stories of a JSON lines file.

    Raises InputError with the line of a broken one, ConfigError for a file that cannot be read.
    """
    try:
        lines = path.open("rb")
    except OSError as e:
        raise ConfigError(f"cannot read {path}: {e.strerror}") from e
    with lines:
        for n, line in enumerate(lines, 1):
            try:
                story = json.loads(line)
                _ = story["sentences"], story["mentions"]
            except (ValueError, KeyError, TypeError) as e:
                raise InputError(f"not a story: {e!r}", document=str(path), line=n) from e
            yield story


def choices(story: dict[str, Any]) -> Iterator[Choice]:
    """The pronouns of a story, with the things mentioned before each as `reference` sees them."""
    mentions: list[Mention] = []
    gold = {(m["sentence"], m["word"]): m for m in story["mentions"]}
    for n, line in enumerate(story["sentences"]):
        made = decode(line["tokens"], line["words"])
        own = list(mentions_of(made.reading(1.0, line["tokens"]), line["words"], n))
        for (sentence, word), m in gold.items():
            text = str(m["text"]).lower()
            if sentence != n or text in ("former", "latter") or not text.islower() or "_" in text:
                continue
            found = candidates(text, word, n, [*mentions, *(o for o in own if o.word < word)])
            if not found or line["words"][word].lower() != text:
                continue
            names = [c.constant for c in found]
            right = names.index(m["antecedent"]) if m["antecedent"] in names else len(names)
            yield Choice(np.array([c.features for c in found]), right)
        for m in (g for (s, _), g in gold.items() if s == n):
            gender = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}.get(m["text"].lower(), "")
            mentions.append(Mention(m["antecedent"], n, int(m["word"]), False, gender))
        mentions += own


def fit(data: Sequence[Choice], rounds: int = 400, rate: float = 0.5, ridge: float = 1e-3) -> Floats:
    """Weights [F + 1], the last one of "none of them", by gradient ascent on the log-likelihood."""
    theta = np.zeros(len(FEATURES) + 1)
    for _ in range(rounds):
        gradient = -ridge * theta
        for c in data:
            x = _design(c)
            p = _softmax(x @ theta)
            gradient += (x[c.right] - p @ x) / len(data)
        theta += rate * gradient
    return theta


def _design(c: Choice) -> Floats:
    """Rows of features of the candidates and of none of them [n + 1, F + 1]."""
    n, width = c.features.shape
    out = np.zeros((n + 1, width + 1))
    out[:n, :width] = c.features
    out[n, width] = 1.0
    return out


def _softmax(z: Floats) -> Floats:
    e = np.exp(z - z.max())
    out: Floats = e / e.sum()
    return out


def measure(data: Sequence[Choice], theta: Floats) -> dict[str, float]:
    """Share of right likeliest candidates, of those above one half, and the calibration error."""
    from neurosym.parser.calibrate import calibration_error

    scores, right = [], []
    for c in data:
        p = _softmax(_design(c) @ theta)
        best = int(p[:-1].argmax())
        scores.append(float(p[best]))
        right.append(best == c.right)
    sure = [r for s, r in zip(scores, right, strict=True) if s > 0.5]
    return {
        "pronouns": len(data),
        "right": round(sum(right) / max(1, len(right)), 4),
        "resolved": round(len(sure) / max(1, len(right)), 4),
        "right_of_resolved": round(sum(sure) / max(1, len(sure)), 4),
        "calibration_error": round(calibration_error(scores, right), 4),
    }


def rules(data: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How often the former, the latter and names taken up in part are resolved rightly."""
    seen: dict[str, list[bool]] = {"former": [], "name": []}
    for story in data:
        told: list[Parsed] = []
        start = 0
        for line in story["sentences"]:
            made = decode(line["tokens"], line["words"])
            text = " ".join(line["words"])
            if [w.text for w in words_of(text)] != line["words"]:
                break
            reading: Reading = made.reading(1.0, line["tokens"])
            told.append(Parsed(Span("story", start, start + len(text), text), (_at(reading, text, start),)))
            start += len(text) + 1
        else:
            done, _ = resolve(told, Context())
            gold = {(m["sentence"], m["word"]): m for m in story["mentions"]}
            for n, p in enumerate(done):
                places = [w.start + p.span.start for w in words_of(p.span.text)]
                for r in p.readings[0].resolutions:
                    word = places.index(r.anaphor.start) if r.anaphor.start in places else -1
                    kind = "former" if r.anaphor.text.lower() in ("former", "latter") else "name"
                    m = gold.get((n, word))
                    if m is not None and r.anaphor.text.lower() not in (
                        "he",
                        "she",
                        "it",
                        "him",
                        "her",
                        "his",
                    ):
                        seen[kind].append(r.antecedent == m["antecedent"])
    return {k: round((sum(v) + 1) / (len(v) + 2), 4) for k, v in seen.items()}  # rule of succession


def agreement(data: Sequence[dict[str, Any]]) -> float:
    """How often an owner who does not agree with a pronoun is mended to the right one.

    Each pronoun's owner is replaced by everybody else in the sentence whose gender is known to be the
    other one, as a parser may do by mistake.
    """
    seen: list[bool] = []
    for story in data:
        for line in story["sentences"]:
            tokens, words = line["tokens"], line["words"]
            made = decode(tokens, words).mentions
            gender = told_genders(tokens, words, made)
            for o, relative in owners(tokens, words, made):
                for other in made:
                    if (
                        other[2] != "E"
                        or other[0] in (o.owner, relative)
                        or gender(other[0]) in ("", o.gender)
                    ):
                        continue
                    wrong = with_owners(tokens, [Mended(o, other)])
                    found = mended(wrong, words, made, told_genders(wrong, words, made))
                    seen += [m.meant[0] == o.owner for m in found if m.owned.pronoun == o.pronoun]
    return round((sum(seen) + 1) / (len(seen) + 2), 4)  # rule of succession


def _at(r: Reading, text: str, start: int) -> Reading:
    from neurosym.parser.neural import placed

    return placed(r, words_of(text), start)


def train(config: str | Path) -> dict[str, Any]:
    """Fit, measure and write; returns the figures and the weights.  Raises ConfigError, InputError."""
    raw = read_toml(Path(config))
    if raw.pop("kind", KIND) != KIND:
        raise ConfigError(f"{config}: kind = {KIND!r} is expected")
    recipe: Recipe = table(Recipe, raw, str(config))
    told = [c for s in stories(Path(recipe.train)) for c in choices(s)]
    held_out = list(stories(Path(recipe.dev)))
    dev = [c for s in held_out for c in choices(s)]
    if not told or not dev:
        raise ConfigError(f"{config}: no story of {recipe.dev if told else recipe.train} has a pronoun")
    theta = fit(told)
    found = {
        "features": [round(float(v), 4) for v in theta[:-1]],
        "none": [round(float(theta[-1]), 4)],
        **{k: [v] for k, v in rules(held_out).items()},
        "definite": list(weights()["definite"]),
        "agreement": [agreement(held_out)],
        "relative": list(weights()["relative"]),
    }
    out = Path(recipe.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return {**measure(dev, theta), **found}

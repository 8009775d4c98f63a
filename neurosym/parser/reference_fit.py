"""Fits the weights of `preferences` on stories whose mentions have known antecedents.

    kind = "reference"
    train = "train.jsonl"      # stories, as `neurosym data make --kind mentions` makes them
    dev = "dev.jsonl"          # others, to measure with
    out = "reference.json"     # words/reference.json of this package is such a file

A softmax regression over the candidates of each pronoun, with "none of them" as one more, by gradient
ascent; deterministic.  Pronouns that a reading leaves open, and those that it takes for somebody of the same
sentence, make one fit each.  Measures on `dev` how often the likeliest candidate, or the one that the
reading takes, is the right one and how well its probability is calibrated.  Knows files of stories and
`reference`; must not know the generator.
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
from neurosym.logic import Const
from neurosym.parser.agreement import Mended, mended, owners, with_owners
from neurosym.parser.decode import decode
from neurosym.parser.inside import held, rivals, taken_up
from neurosym.parser.loop import whole
from neurosym.parser.mentions import Mention, mentions_of, told_genders
from neurosym.parser.preferences import FEATURES, LEAST, PRONOUNS, REFLEXIVE, candidates, weights
from neurosym.parser.reading import Parsed, Reading
from neurosym.parser.reference import Context, beside, resolve
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
    """One pronoun: features of its candidates [n, F], and which is right (n: none of them).

    `taken`: the candidate that the reading takes it for inside its sentence (n: none of them), or -1 where
    the reading leaves that open.
    """

    features: Floats
    right: int
    taken: int = -1


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
    """The pronouns of a story, with the things mentioned before each as `reference` sees them.

    Reflexives are no choice.
    """
    mentions: list[Mention] = []
    gold = {(m["sentence"], m["word"]): m for m in story["mentions"]}
    for n, line in enumerate(story["sentences"]):
        tokens, words = line["tokens"], line["words"]
        made = decode(tokens, words)
        reading = made.reading(1.0, tokens)
        marks = {word: m for (s, word), m in gold.items() if s == n}
        inside = {h.word: h for h in held(tokens, words, made.mentions)}
        own = list(mentions_of(reading, words, n))
        told = list(mentions_of(reading, words, n, by_owners=False))
        for word, m in marks.items():
            text = str(m["text"]).lower()
            if text in ("former", "latter") or text in REFLEXIVE or not text.islower() or "_" in text:
                continue
            if words[word].lower() != text:
                continue
            if (h := inside.get(word)) is not None:
                chain = [
                    taken_up(marks[k]["text"], marks[k]["antecedent"], n, k)
                    for k in sorted(marks)
                    if k < word and k in inside
                ]
                found, taken = rivals(h, tokens, words, n, [*told, *chain], mentions)
            else:
                others = {t for a in made.anaphors if a.start == word for t in beside(made.formula, a)}
                known = [*mentions, *(o for o in own if o.word < word)]
                found, taken = (
                    candidates(text, word, n, [k for k in known if Const(k.constant) not in others]),
                    "",
                )
            if not found:
                continue
            names = [c.constant for c in found]
            right = names.index(m["antecedent"]) if m["antecedent"] in names else len(names)
            place = -1 if h is None else names.index(taken) if taken in names else len(names)
            yield Choice(np.array([c.features for c in found]), right, place)
        mentions += [
            taken_up(m["text"], m["antecedent"], n, word) for word, m in marks.items() if m["antecedent"]
        ]
        mentions += own


def fit(data: Sequence[Choice], rounds: int = 3000, rate: float = 0.5, ridge: float = 1e-3) -> Floats:
    """Weights [F + 1], the last one of "none of them", by gradient ascent on the log-likelihood.

    All are zero where there are no data.
    """
    theta = np.zeros(len(FEATURES) + 1)
    if not data:
        return theta
    alike: dict[int, list[Choice]] = {}  # by the number of candidates: as one array [m, n + 1, F + 1]
    for c in data:
        alike.setdefault(len(c.features), []).append(c)
    blocks = [np.stack([_design(c) for c in alike[n]]) for n in sorted(alike)]
    right = [np.array([c.right for c in alike[n]]) for n in sorted(alike)]
    reached = sum(
        (x[np.arange(len(x)), r].sum(axis=0) for x, r in zip(blocks, right, strict=True)), 0.0 * theta
    )
    for _ in range(rounds):
        gradient = reached.copy()
        for x in blocks:
            gradient -= np.einsum("mn,mnf->f", _softmax(x @ theta), x)
        theta += rate * (gradient / len(data) - ridge * theta)
    return theta


def _design(c: Choice) -> Floats:
    """Rows of features of the candidates and of none of them [n + 1, F + 1]."""
    n, width = c.features.shape
    out = np.zeros((n + 1, width + 1))
    out[:n, :width] = c.features
    out[n, width] = 1.0
    return out


def _softmax(z: Floats) -> Floats:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    out: Floats = e / e.sum(axis=-1, keepdims=True)
    return out


def measure(data: Sequence[Choice], theta: Floats) -> dict[str, float]:
    """Share of right answers, of those above one half, and the calibration error.

    The answer is the likeliest candidate, or whom the reading takes the pronoun for where it does.
    """
    from neurosym.parser.calibrate import calibration_error

    scores, right = [], []
    for c in data:
        p = _softmax(_design(c) @ theta)
        best = int(p[:-1].argmax()) if c.taken < 0 else c.taken
        scores.append(float(p[best]) if best < len(p) - 1 else 0.0)
        right.append(best == c.right and best < len(p) - 1)
    sure = [r for s, r in zip(scores, right, strict=True) if s > LEAST]
    return {
        "pronouns": len(data),
        "right": round(sum(right) / max(1, len(right)), 4),
        "resolved": round(len(sure) / max(1, len(right)), 4),
        "right_of_resolved": round(sum(sure) / max(1, len(sure)), 4),
        "calibration_error": round(calibration_error(scores, right), 4),
    }


def found_inside(data: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How often the place of a pronoun is found in a reading that resolves it inside the sentence, and how
    often a reflexive means who stands beside it."""
    there, known, selves = 0, 0, [True, False]  # rule of succession
    for story in data:
        for n, line in enumerate(story["sentences"]):
            tokens, words = line["tokens"], line["words"]
            named = decode(tokens, words).mentions
            inside = {h.word: h for h in held(tokens, words, named)}
            for m in story["mentions"]:
                k, text = m["word"], str(m["text"]).lower()
                if m["sentence"] != n or text not in PRONOUNS or f"R:{k}" in tokens:
                    continue
                if not any(c == m["antecedent"] and at < k for c, at, _ in named):
                    continue  # a reading in part that drops it
                there, known = there + 1, known + (k in inside)
                if text in REFLEXIVE and k in inside:
                    selves.append(
                        inside[k].taken == (m["antecedent"],) and m["antecedent"] in inside[k].beside
                    )
    return {"found": round(known / max(1, there), 4), "reflexive": round(sum(selves) / len(selves), 4)}


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
                    if m is not None and r.anaphor.text.lower() not in PRONOUNS:
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
    """Fit, measure and write; returns the figures and the weights.  Raises ConfigError, InputError.

    Writes the recipe's `out` and nothing else, in the end and whole.  A minute for thousands of stories:
    a run that is cut short begins anew.
    """
    raw = read_toml(Path(config))
    if raw.pop("kind", KIND) != KIND:
        raise ConfigError(f"{config}: kind = {KIND!r} is expected")
    recipe: Recipe = table(Recipe, raw, str(config))
    told = [c for s in stories(Path(recipe.train)) for c in choices(s)]
    held_out = list(stories(Path(recipe.dev)))
    dev = [c for s in held_out for c in choices(s)]
    if not told or not dev:
        raise ConfigError(f"{config}: no story of {recipe.dev if told else recipe.train} has a pronoun")
    across = fit([c for c in told if c.taken < 0])
    inside = fit([c for c in told if c.taken >= 0])
    there = found_inside(held_out)
    found = {
        **_weights("features", "none", across),
        **_weights("inside", "inside_none", inside),
        **{k: [v] for k, v in rules(held_out).items()},
        "definite": list(weights()["definite"]),
        "agreement": [agreement(held_out)],
        "reflexive": [there["reflexive"]],
        "relative": list(weights()["relative"]),
    }
    out = Path(recipe.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1) + "\n"
    whole(out, lambda part: part.write_text(text, encoding="utf-8"))
    return {
        **measure([c for c in dev if c.taken < 0], across),
        "inside": measure([c for c in dev if c.taken >= 0], inside) | {"found": there["found"]},
        "weights": found,
    }


def _weights(name: str, none: str, theta: Floats) -> dict[str, list[float]]:
    return {name: [round(float(v), 4) for v in theta[:-1]], none: [round(float(theta[-1]), 4)]}

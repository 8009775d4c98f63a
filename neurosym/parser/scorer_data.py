"""What the scorer learns from: sentences with readings that are right, and with readings that are wrong.

The parser's own n-best on generated sentences, labelled by the gold reading; gold readings with one slip
(`corrupt`); and sentences that the conventions cannot say, whose every reading is wrong.

Knows samples, the parser's runtime and readings; must not know torch.  Deterministic for a seed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from random import Random

from neurosym.errors import ParserError
from neurosym.parser.calibrate import scrambled
from neurosym.parser.corrupt import corrupted
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.equivalence import same_reading
from neurosym.parser.runtime import Encoded, Hypothesis, Runtime, Words, by_length, unfit
from neurosym.parser.settings import Sample
from neurosym.parser.standins import standing

BATCH = 16  # sentences whose beams run together


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of a sentence, and whether it is right.  Without `hypothesis` the parser did not make it."""

    tokens: tuple[str, ...]
    meaning: Decoded
    right: bool
    hypothesis: Hypothesis | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A sentence with its candidates, the parser's own first and best first."""

    sample: Sample
    encoded: Encoded
    candidates: tuple[Candidate, ...]


def meaning_of(tokens: Sequence[str], words: Words) -> Decoded | None:
    try:
        return decode(tokens, words)
    except ParserError:
        return None


def judged(sample: Sample, hypotheses: Sequence[Hypothesis]) -> tuple[Candidate, ...]:
    """The hypotheses that decode, each with its label."""
    gold = meaning_of(sample.tokens, sample.words) if sample.tokens else None
    out = []
    for h in hypotheses:
        if (meaning := meaning_of(h.tokens, sample.words)) is not None:
            right = gold is not None and (h.tokens == sample.tokens or same_reading(meaning, gold))
            out.append(Candidate(h.tokens, meaning, right, h))
    return tuple(out)


def groups(
    runtime: Runtime, samples: Sequence[Sample], beam: int = 4, kept: tuple[Path, str] | None = None
) -> list[Group]:
    """The parser's `beam` best readings of each sample that it can take, in the samples' order.

    `kept` is a folder that keeps what was read, and the fingerprint of the parser that read it: the beam
    takes longer than all that is done with its readings.
    """
    encoded = runtime.encode([standing(s.words) for s in samples])  # as the parser shows them
    fit = [i for i, e in enumerate(encoded) if not unfit(samples[i].words, e)]
    path = None
    if kept is not None:
        about = repr((kept[1], beam, [encoded[i].pieces for i in fit]))
        path = kept[0] / f"nbest-{hashlib.sha256(about.encode()).hexdigest()[:20]}.jsonl"
    if path is not None and path.is_file():
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [[Hypothesis(tuple(t), *numbers) for t, *numbers in json.loads(line)] for line in lines]
    else:
        by_place: dict[int, list[Hypothesis]] = {}
        for chunk in by_length([encoded[i] for i in fit], BATCH):
            by_place |= zip(chunk, runtime.beam([encoded[fit[c]] for c in chunk], beam), strict=True)
        found = [by_place[c] for c in range(len(fit))]
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(
                "".join(f"{json.dumps([list(astuple(h)) for h in hs])}\n" for hs in found), encoding="utf-8"
            )
            part.replace(path)
    return [Group(samples[i], encoded[i], judged(samples[i], hs)) for i, hs in zip(fit, found, strict=True)]


def few_wrong(group: Group, most: int) -> Group:
    """`group` with the best `most` of its wrong readings: there are more of them than of right ones."""
    wrong, kept = 0, list[Candidate]()
    for c in group.candidates:
        wrong += not c.right
        if c.right or wrong <= most:
            kept.append(c)
    return replace(group, candidates=tuple(kept))


def with_slips(group: Group, rng: Random, most: int = 1) -> Group:
    """`group` with its gold reading, where the parser has not found it, and gold readings with one slip."""
    sample, known = group.sample, {c.tokens for c in group.candidates}
    gold = meaning_of(sample.tokens, sample.words) if sample.tokens else None
    if gold is None:
        return group
    more: list[Candidate] = []
    if not any(c.right for c in group.candidates):
        more.append(Candidate(sample.tokens, gold, True))
        known.add(sample.tokens)
    for _ in range(most):
        tokens = corrupted(sample.tokens, sample.words, rng)
        if tokens is None or tokens in known:
            continue
        meaning = meaning_of(tokens, sample.words)
        if meaning is not None:
            known.add(tokens)
            more.append(Candidate(tokens, meaning, same_reading(meaning, gold)))
    return replace(group, candidates=(*group.candidates, *more))


# --- sentences that have no reading --------------------------------------------------------

_GENERAL = frozenset(("every", "each", "all", "any", "some", "no"))
_VAGUE = ("most", "few", "many", "several of the", "hardly any", "a lot of the", "the majority of the")
_HEDGES = ("usually", "normally", "typically", "as a rule", "more often than not")
_ASKING = ("why", "how", "when", "where", "since when", "how often", "for what reason")
_OPEN = frozenset(
    str.split("and or if the a an of to is are was in on at by with than that who when unless either every")
)


def unsayable(samples: Sequence[Sample], n: int, seed: int) -> list[Sample]:
    """`n` sentences without a right reading: vague quantifiers and hedges, questions for reasons and
    circumstances, fragments, word salad.  Fewer where `samples` do not give so many."""
    rng = Random(f"unsayable/{seed}")
    out = scrambled(samples, n // 4, seed)
    pool = [s for s in samples if 3 <= len(s.words) <= 40 and s.tokens]
    for _ in range(20 * n):
        if len(out) >= n or not pool:
            break
        words = rng.choice(_WAYS)(rng.choice(pool), rng)
        if words:
            out.append(Sample(words, (), "unsayable"))
    return out[:n]


def _vague(s: Sample, rng: Random) -> Words:
    at = [i for i, w in enumerate(s.words) if w.lower() in _GENERAL]
    if not at:
        return ()
    i = rng.choice(at)
    new = rng.choice(_VAGUE).split()
    if i == 0:
        new[0] = new[0].capitalize()
    return (*s.words[:i], *new, *s.words[i + 1 :])


def _hedged(s: Sample, rng: Random) -> Words:
    if s.tokens[0] != "FACT":
        return ()
    named = any(t in ("E:0", "B:0") for t in s.tokens)
    first = s.words[0] if named else s.words[0].lower()
    hedge = rng.choice(_HEDGES).split()
    return (hedge[0].capitalize(), *hedge[1:], ",", first, *s.words[1:])


def _asking(s: Sample, rng: Random) -> Words:
    if s.tokens[0] != "ASK" or s.words[-1] != "?" or s.words[0].lower() not in _INVERTED:
        return ()
    first, *rest = rng.choice(_ASKING).split()
    return (first.capitalize(), *rest, s.words[0].lower(), *s.words[1:])


_INVERTED = frozenset(str.split("is are was were does do did has have can could must should may will would"))


def _fragment(s: Sample, rng: Random) -> Words:
    """The beginning of a sentence, cut after a word that cannot be its last."""
    at = [i for i, w in enumerate(s.words[:-2]) if i and w.lower() in _OPEN]
    if not at:
        return ()
    return (*s.words[: rng.choice(at) + 1], ".")


_WAYS = (_vague, _hedged, _asking, _fragment)

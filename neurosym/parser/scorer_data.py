"""What the scorer learns from: sentences with readings that are right, and with readings that are wrong.

The parser's own n-best on generated sentences, labelled by the gold reading; gold readings with one slip
(`corrupt`); and sentences that the conventions cannot say, whose every reading is wrong.

Knows samples, the parser's runtime and readings; must not know torch.  Deterministic for a seed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import combinations, islice
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.logic import And, Exists, Formula, free_vars
from neurosym.parser.calibrate import scrambled
from neurosym.parser.conventions import settled
from neurosym.parser.corrupt import corrupted
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.equivalence import same, same_reading
from neurosym.parser.pieces import Encoded, Words, by_length, unfit
from neurosym.parser.runtime import Runtime
from neurosym.parser.settings import Sample
from neurosym.parser.standins import standing
from neurosym.parser.steps import Floats, Hypothesis

Memory: TypeAlias = NDArray[np.float16]  # [W, d]; half as wide as the encoder's: there are many of them

BATCH = 16  # sentences whose beams run together
CHUNK = 1000  # sentences whose readings are kept in one file
TRIES = 200  # choices among the parts of a formula, of one comparison


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of a sentence, and whether it is right.  Without `hypothesis` the parser did not make it."""

    tokens: tuple[str, ...]
    meaning: Decoded
    right: bool
    hypothesis: Hypothesis | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A sentence with its candidates, the parser's own first and best first, and its words' vectors."""

    sample: Sample
    encoded: Encoded
    candidates: tuple[Candidate, ...]
    memory: Memory = field(default_factory=lambda: np.zeros((0, 0), np.float16), compare=False, repr=False)


def meaning_of(tokens: Sequence[str], words: Words) -> Decoded | None:
    try:
        return decode(tokens, words)
    except ParserError:
        return None


def gold_of(sample: Sample) -> tuple[tuple[str, ...], Decoded | None]:
    """The sample's reading by the conventions, and what it means; None for a sentence without one."""
    tokens = settled(sample.tokens, sample.words)
    return tokens, meaning_of(tokens, sample.words) if tokens else None


def is_right(meaning: Decoded, gold: Decoded | None) -> bool:
    """Does `meaning` say what `gold` says?  One that only claims to be a part of it may be any part."""
    if gold is None:
        return False
    if same_reading(meaning, gold):
        return True
    if not meaning.partial or meaning.act is not gold.act:
        return False
    taken, given = ({repr(f).lower() for f in m.presuppositions} for m in (meaning, gold))
    return taken <= given and is_part(meaning.formula, gold.formula)


def is_part(f: Formula, g: Formula) -> bool:
    """Is each conjunct of `f` one of `g`, up to what some of a conjunct's own parts say of the same things?

    Errs on one side only: "no" may be wrong.
    """
    whole = _conjuncts(g)
    return all(any(same(p, q) or _less(p, q) for q in whole) for p in _conjuncts(f))


def _less(f: Formula, g: Formula) -> bool:
    """Does `f` say of some things a part of what `g` says of them?"""
    if not (isinstance(f, Exists) and isinstance(g, Exists)):
        return False
    n = len(_conjuncts(f.body))
    for some in islice(combinations(_conjuncts(g.body), n), TRIES):
        body = some[0] if n == 1 else And(some)
        of = tuple(v for v in g.vars if v in free_vars(body))
        if of and same(f, Exists(of, body)):
            return True
    return False


def _conjuncts(f: Formula) -> tuple[Formula, ...]:
    return tuple(q for p in f.parts for q in _conjuncts(p)) if isinstance(f, And) else (f,)


def judged(sample: Sample, hypotheses: Sequence[Hypothesis]) -> tuple[Candidate, ...]:
    """The hypotheses that decode, by the conventions as the parser shows them, each with its label."""
    known, gold = gold_of(sample)
    out: dict[tuple[str, ...], Candidate] = {}
    for h in hypotheses:
        tokens = settled(h.tokens, sample.words)
        if tokens not in out and (meaning := meaning_of(tokens, sample.words)) is not None:
            right = gold is not None and (tokens == known or is_right(meaning, gold))
            out[tokens] = Candidate(tokens, meaning, right, replace(h, tokens=tokens))
    return tuple(out.values())


def groups(
    runtime: Runtime, samples: Sequence[Sample], beam: int = 4, kept: tuple[Path, str] | None = None
) -> list[Group]:
    """The parser's `beam` best readings of each sample that it can take, in the samples' order.

    `kept` is a folder that keeps what was read, and the fingerprint of the parser that read it: the beam
    takes longer than all that is done with its readings, and a run that was cut short goes on from there.
    """
    out: list[Group] = []
    for start in range(0, len(samples), CHUNK):
        part = samples[start : start + CHUNK]
        encoded = runtime.encode([standing(s.words) for s in part])  # as the parser shows them
        fit = [i for i, e in enumerate(encoded) if not unfit(part[i].words, e)]
        fitting = [encoded[i] for i in fit]
        found, vectors = _read(runtime, fitting, beam, kept), memories(runtime, fitting)
        for i, hs, memory in zip(fit, found, vectors, strict=True):
            out.append(Group(part[i], encoded[i], judged(part[i], hs), memory))
    return out


def memories(runtime: Runtime, encoded: Sequence[Encoded]) -> list[Memory]:
    """The vectors of each sentence's words, as the parser's encoder makes them."""
    out: dict[int, Memory] = {}
    for chunk in by_length(encoded, 4 * BATCH):
        rows = runtime.begin([encoded[c] for c in chunk])
        for c, vectors in zip(chunk, rows.memory, strict=True):
            out[c] = vectors[: len(encoded[c].case)].astype(np.float16)
    return [out[c] for c in range(len(encoded))]


def stacked(vectors: Sequence[Memory], step: int = 1) -> tuple[Floats, Floats]:
    """Memory [B, W, d] and bias [B, 1, 1, W] of sentences, as runtime.Rows has them; W is a multiple of
    `step`."""
    longest = max(map(len, vectors))
    longest += -longest % step
    memory = np.zeros((len(vectors), longest, vectors[0].shape[1]), dtype=np.float32)
    bias = np.full((len(vectors), 1, 1, longest), -1e9, dtype=np.float32)
    for i, v in enumerate(vectors):
        memory[i, : len(v)] = v
        bias[i, 0, 0, : len(v)] = 0.0
    return memory, bias


def _read(
    runtime: Runtime, encoded: Sequence[Encoded], beam: int, kept: tuple[Path, str] | None
) -> list[list[Hypothesis]]:
    path = None
    if kept is not None:
        about = repr((kept[1], beam, [(e.pieces, e.case) for e in encoded]))
        path = kept[0] / f"nbest-{hashlib.sha256(about.encode()).hexdigest()[:20]}.jsonl"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            return [[Hypothesis(tuple(t), *numbers) for t, *numbers in json.loads(line)] for line in lines]
    by_place: dict[int, list[Hypothesis]] = {}
    for chunk in by_length(encoded, BATCH):
        rows = runtime.begin([encoded[c] for c in chunk])
        by_place |= zip(chunk, runtime.beam(rows, beam), strict=True)
    found = [by_place[c] for c in range(len(encoded))]
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        text = "".join(f"{json.dumps([list(astuple(h)) for h in hs])}\n" for hs in found)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    return found


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
    first, gold = gold_of(sample)
    if gold is None:
        return group
    more: list[Candidate] = []
    if not any(c.right for c in group.candidates):
        more.append(Candidate(first, gold, True))
        known.add(first)
    for _ in range(most):
        tokens = corrupted(first, sample.words, rng)
        if tokens is None or tokens in known:
            continue
        meaning = meaning_of(tokens, sample.words)
        if meaning is not None:
            known.add(tokens)
            more.append(Candidate(tokens, meaning, is_right(meaning, gold)))
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

"""FOLIO's conclusions as training samples, though their formulas are not published: learning from answers.

Of the ways to cut a conclusion (folio_chunks.py) one is kept whose answer, from the story's
aligned premises, is the label; ways that speak in the story's own predicates come first.  An answer that
says "unknown" teaches only where every premise was aligned and the conclusion says nothing new.

Knows aligned premises and a solver.  Must not know how a model is trained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from neurosym.errors import NeurosymError, ParserError
from neurosym.logic import Formula, atoms
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.parser.tokenize import words as split_words
from neurosym.results import verdict_name
from neurosym.theory import Claim, Span, Theory
from neurosym.verdict import Limits, Solver

from .folio import EXPECTED, GUESSING
from .folio_align import Aligned
from .folio_chunks import proposals
from .folio_tokens import tokens_of
from .folio_units import oddity, units
from .suite import Json, field

UNITS = 9  # stretches of a conclusion at most
TRIED = 4  # ways of cutting that are asked
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read a sentence: the better, the smaller its `rank`."""

    rank: tuple[float, int]
    tokens: tuple[str, ...]
    formula: Formula
    strange: int  # its predicates that the story does not have


def ways(text: str, known: set[str]) -> list[Way]:
    """Different readings of a sentence, those in `known` predicates first."""
    words = tuple(w.text for w in split_words(text.strip()))
    if not words or len(words) > MAX_WORDS:
        return []
    found: dict[Formula, Way] = {}
    for i, p in enumerate(proposals(words, UNITS)):
        every = {*units(p.restriction), *units(p.body)}
        odd = sum(oddity(u, words) for u in every)
        if odd > 1:
            continue
        try:
            tokens = tokens_of(p, words)
            if tokens is None or len(tokens) > MAX_TOKENS:
                continue
            formula = decode(tokens, words).formula
        except ParserError:
            continue
        if left_out(tokens, words):
            continue
        names = {a.pred for a in atoms(formula)}
        strange = len(names - known)
        share = strange / max(1, len(names))
        way = Way((share + 0.3 * odd, i), tuple(tokens), formula, strange)
        if formula not in found or way.rank < found[formula].rank:
            found[formula] = way
    return sorted(found.values(), key=lambda w: w.rank)


def theory_of(samples: Iterable[Aligned]) -> Theory:
    """The aligned premises of one story, as claims."""
    claims = []
    for i, s in enumerate(samples, 1):
        meaning = decode(s.tokens, s.words)
        source = Span("story", 0, len(s.text), s.text)
        claims += [
            Claim(f"premise {i}" + (f" granted {k}" if k else ""), f, source)
            for k, f in enumerate((meaning.formula, *meaning.presuppositions))
        ]
    return Theory(tuple(claims))


def answered(theory: Theory, goal: Formula, solver: Solver) -> str:
    """The verdict's name, with what is taken for granted; empty where there is none in time."""
    try:
        verdict = solver.solve(GUESSING.completed(theory, (goal,)), goal, Limits(seconds=SECONDS))
    except NeurosymError:
        return ""
    return verdict_name(verdict) if verdict.certificate is not None else ""


def concluded(
    rows: Sequence[Json], path: Path, samples: Sequence[Aligned], solver: Solver
) -> tuple[list[Aligned], dict[str, int]]:
    """A sample of each conclusion that could be learnt, and how many were, at the first way or at all."""
    by: dict[str, list[Aligned]] = defaultdict(list)
    for s in samples:
        by[s.story].append(s)
    found: list[Aligned] = []
    seen: set[tuple[str, str]] = set()
    count = {"conclusions": 0, "readable": 0, "first": 0, "learnt": 0}
    for n, row in enumerate(rows, 1):
        story, text = (str(field(row, name, path, f"row {n}")) for name in ("story_id", "conclusion"))
        wanted = EXPECTED.get(str(row.get("label")), "")
        told = {str(p).strip() for p in row["premises"]}
        mine = [s for s in by[story] if s.text in told]
        if (story, text) in seen:
            continue
        seen.add((story, text))
        count["conclusions"] += 1
        theory = theory_of(mine)
        known = {a.pred for c in theory.claims for a in atoms(c.formula)}
        tried = ways(text, known)[:TRIED]
        count["readable"] += bool(tried)
        for k, way in enumerate(tried):
            if wanted == "unknown" and (way.strange or len(mine) < len(told - {""})):
                continue
            if answered(theory, way.formula, solver) == wanted:
                count["first"] += k == 0
                count["learnt"] += 1
                words = tuple(w.text for w in split_words(text.strip()))
                found.append(Aligned(story, text.strip(), words, way.tokens, ()))
                break
    return found, count

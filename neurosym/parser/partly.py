"""Statements of which only a part is sure: what is left without the rest, and how sure it is.

"Ann slept and they met Max" says that Ann slept, whoever they are; and where readings compete, what all
of them say is as likely as all of them together.  Knows readings; must not know whom pronouns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from neurosym.logic import And, Const, Term, ground_terms, map_terms
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.inside import parts_of, parts_said, parts_speaking
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.parser.relatives import without_owners
from neurosym.parser.tokenize import words as words_of

SUREST = 0.99  # no reading is surer, whatever is given


def in_common(p: Parsed, least: float) -> Reading | None:
    """What competing readings of a statement say alike, read in part, where they do with a score of `least`.

    Its score is the sum of those of the readings that say all of it (a marginal, as in minimum-risk
    decoding; Kumar & Byrne 2004, section 2).  Whose relative somebody is by a possessive pronoun makes no
    difference: whom the pronoun means is judged apart.  None where a reading is no statement, has no
    tokens, or where the first claims to say all of it.
    """
    rivals = [r for r in p.readings if r.act == Act.TELL and r.tokens]
    # what all readings of a whole statement say may be wrong in all; relatives told in passing stand alone
    if len(rivals) < 2 or len(rivals) < len(p.readings) or not rivals[0].partial:
        return None
    at = words_of(p.span.text)
    words = [w.text for w in at]
    said = [_parts(r.tokens, words) for r in rivals]

    def share(parts: set[str]) -> float:
        return fsum(r.score for r, own in zip(rivals, said, strict=True) if own.keys() >= parts)

    taken: set[str] = set()
    for part in sorted(said[0], key=lambda part: -share({part})):
        if share({*taken, part}) >= least:
            taken.add(part)
    if not taken:
        return None
    *first, last = (tokens for part, tokens in said[0].items() if part in taken)
    tokens = ("PART", *(t for part in first for t in ("AND", *part)), *last)
    if left_out(tokens, words):
        return None
    from neurosym.parser.neural import placed

    score = min(SUREST, share(taken))
    return replace(placed(decode(tokens, words).reading(score, tokens), at, p.span.start), partial=True)


def moved(r: Reading, by: int) -> Reading:
    """A reading of a sentence that was read alone, where it begins `by` characters into its document."""
    if not by or not r.anaphors:
        return r
    there = tuple(replace(a, start=a.start + by, end=a.end + by) for a in r.anaphors)
    there = tuple(replace(a, constant=f"{a.text.lower()} ({a.start})") for a in there)
    names: dict[Term, Term] = {
        Const(a.constant): Const(b.constant) for a, b in zip(r.anaphors, there, strict=True)
    }
    return replace(r, formula=map_terms(r.formula, lambda t: names.get(t, t)), anaphors=there)


def _parts(tokens: Sequence[str], words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The parts of a statement's tokens, each under what it says but whom a possessive pronoun means."""
    found = [tuple(tokens[a:b]) for a, b in parts_of(tokens)]
    return {" ".join(without_owners(part, words)): part for part in found}


def given_pronouns(score: float, share: float) -> float:
    """How likely a reading is right if its pronouns mean whom it takes them for.

    score: that all of it is right, and so these, too; share: that these are.  With claims of both in one
    proof the pronouns count once: P(reading) = P(pronouns) P(reading | pronouns).
    """
    return max(score, min(SUREST, score / share)) if share > 0.0 else score


def without_open(r: Reading) -> Reading:
    """Of a statement of several parts, those that say nothing of a mention that stays open; read in part.

    As it is where nothing is left, or where the open mention does not stand in the formula.
    """
    parts = parts_said(r.formula)
    speaking = [parts_speaking(r.formula, a.constant) for a in r.anaphors]
    gone = {i for found in speaking for i in found}
    left = [i for i in range(len(parts)) if i not in gone]
    if r.act != Act.TELL or not left or not all(speaking):
        return r
    kept = tuple(parts[i] for i in left)
    still = tuple(
        replace(d, parts=tuple(left.index(i) for i in d.parts if i in left))
        for d in r.resolutions
        if not d.parts or not gone.issuperset(d.parts)
    )
    named = {Const(a.constant) for a in r.anaphors}
    granted = tuple(f for f in r.presuppositions if named.isdisjoint(ground_terms([f])))
    return replace(
        r,
        formula=kept[0] if len(kept) == 1 else And(kept),
        presuppositions=granted,
        resolutions=still,
        anaphors=(),
        partial=True,
    )

"""Statements that rest on whom their pronouns mean: what is left without them, and how sure it is with them.

"Ann slept and they met Max" says that Ann slept, whoever they are.  Knows readings; must not know whom
pronouns mean.
"""

from __future__ import annotations

from dataclasses import replace

from neurosym.logic import And, Const, ground_terms
from neurosym.parser.inside import parts_said, parts_speaking
from neurosym.parser.reading import Act, Reading

SUREST = 0.99  # no reading is surer, whatever is given


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

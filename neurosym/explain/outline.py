"""A verdict's certificate as one tree of lines: why it is so, and what it rests on.

Reads the certificate's plain data; computes nothing that a solver or the kernel computes, so
an outline is exactly as trustworthy as the checked certificate under it.  Every claim it
uses is shown with its source.  Must not know any backend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from neurosym.explain.derivations import derivation_lines
from neurosym.explain.refutations import refutation_lines
from neurosym.explain.sources import Voice, bound_of, hypotheses_section, voice
from neurosym.explain.views import Kind, OutlineNode
from neurosym.explain.worlds import world
from neurosym.logic import Formula
from neurosym.proof import (
    Apply,
    Derivation,
    Given,
    Independence,
    NotDerivable,
    PerfectModel,
    Refutation,
)  # fmt: skip
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Inconsistent, Proved, Unknown, Verdict

LIMIT = 12  # lines of a list before "and n more"


def outline(
    theory: Theory,
    verdict: Verdict,
    goal: Formula,
    hints: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> OutlineNode:
    """The explanation of `verdict` on `goal` as a tree.

    `hints` gives predicate symbols a part of speech (see `english`); `limit` is how many lines
    long lists have.  The root's `bound` is max(0, 1 - sum of (1 - score)) over the hypotheses,
    which holds whatever their dependence (Boole's inequality).  Raises InputError where the
    certificate cites a claim that `theory` does not hold.
    """
    v = voice(theory, (goal,), _used(verdict), hints or {}, limit)
    head = OutlineNode(Kind.ANSWER, _headline(verdict, v.say(goal), theory), v.show(goal))
    if verdict.certificate is None or verdict.theorem is None:
        return head
    hypotheses = verdict.theorem.hypotheses
    return OutlineNode(
        Kind.ANSWER,
        head.text,
        head.logic,
        bound=bound_of(theory, hypotheses),
        children=(*_body(verdict, goal, v), hypotheses_section(v, hypotheses)),
    )


def _headline(verdict: Verdict, said: str, theory: Theory) -> str:
    match verdict:
        case Proved():
            return f"Yes: {said}"
        case Disproved():
            return f"No, this is false: {said}"
        case Inconsistent():
            return "The premises contradict each other"
        case Unknown(reason, None, _) | Unknown(reason, _, None):
            return f"Unknown: {said} ({reason})"
        case Unknown():
            return f"Unknown, and provably so: {said}"
        case _:
            assert_never(verdict)


def _body(verdict: Verdict, goal: Formula, v: Voice) -> tuple[OutlineNode, ...]:
    certificate = verdict.certificate
    if certificate is None:
        return ()
    match certificate.evidence:
        case Derivation() as d:
            return derivation_lines(d, v)
        case Refutation() as r:
            return refutation_lines(r, certificate.outcome, goal, v)
        case Independence(holds, fails):
            return (
                world("the premises hold in a world where it is true", holds, fails, goal, v),
                world("the premises also hold in a world where it is false", fails, holds, goal, v),
            )
        case NotDerivable(model):
            return (
                OutlineNode(
                    Kind.ABSENT,
                    "neither this nor its negation can be derived from what is given",
                    how=f"neither is among the {len(model.supports)} statements that can be derived",
                ),
            )
        case _:
            assert_never(certificate.evidence)


def _used(verdict: Verdict) -> frozenset[str]:
    """Labels an outline may name."""
    if verdict.certificate is None or verdict.theorem is None:
        return frozenset()
    evidence = verdict.certificate.evidence
    labels = set(verdict.theorem.hypotheses)
    match evidence:
        case Derivation(steps, model):
            labels |= {s.by.label for s in steps if isinstance(s.by, Given | Apply)}
            labels |= _supported(model)
        case _:
            pass
    return frozenset(labels)


def _supported(model: PerfectModel | None) -> frozenset[str]:
    return frozenset(s.label for s in model.supports) if model else frozenset()

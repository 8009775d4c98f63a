"""A verdict's certificate as one tree of lines: why it is so, and what it rests on.

Reads the certificate's plain data; computes nothing that a solver or the kernel computes, so
an outline is exactly as trustworthy as the checked certificate under it.  Every claim it
uses is shown with its source.  Must not know any backend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from neurosym.explain.derivations import derivation_lines
from neurosym.explain.normally import readable
from neurosym.explain.refutations import refutation_lines
from neurosym.explain.sources import Voice, bound_of, hypotheses_section, voice
from neurosym.explain.views import Kind, OutlineNode
from neurosym.explain.worlds import world
from neurosym.logic import Formula
from neurosym.proof import (
    Apply,
    Derivation,
    Evidence,
    Given,
    Independence,
    Mixed,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
    WellFoundedModel,
    model_literals,
)  # fmt: skip
from neurosym.theory import Semantics, Theory, opened, original
from neurosym.verdict import Both, Disproved, Inconsistent, Proved, Unknown, Verdict

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
    certificate, theorem = verdict.certificate, verdict.theorem
    evidence = certificate.evidence if certificate else None
    spoken = theory
    if isinstance(evidence, Mixed):  # its labels are those of the theory that it was opened to
        spoken = opened(theory, goal, frozenset(model_literals(evidence.model)))
    v = voice(spoken, (goal,), _used(verdict), hints or {}, limit)
    head = OutlineNode(Kind.ANSWER, _headline(verdict, v.say(goal), theory), v.show(goal))
    if certificate is None or theorem is None or evidence is None:
        return head
    hypotheses = theorem.hypotheses
    match verdict:
        case Both(pro, con):
            hypotheses |= con.theorem.hypotheses
            body = _sides(theory, pro, con, goal, v)
        case Unknown(clash=Both(pro, con)):
            body = _sides(theory, pro, con, goal, v)
        case _:
            body = _body(theory, evidence, certificate.outcome, goal, v)
    told = v if spoken is theory else voice(theory, (goal,), hypotheses, hints or {}, limit)
    return OutlineNode(
        Kind.ANSWER,
        head.text,
        head.logic,
        bound=bound_of(theory, hypotheses),
        children=(*body, hypotheses_section(told, hypotheses)),
    )


def _sides(theory: Theory, pro: Proved, con: Disproved, goal: Formula, v: Voice) -> tuple[OutlineNode, ...]:
    """What speaks for the goal and what against it."""
    return (
        OutlineNode(
            Kind.SECTION,
            "for it",
            children=_body(theory, pro.certificate.evidence, Outcome.PROVED, goal, v, True),
        ),
        OutlineNode(
            Kind.SECTION,
            "against it",
            children=_body(theory, con.certificate.evidence, Outcome.DISPROVED, goal, v, True),
        ),
    )


def _headline(verdict: Verdict, said: str, theory: Theory) -> str:
    match verdict:
        case Proved():
            return f"Yes: {said}"
        case Disproved():
            return f"No, this is false: {said}"
        case Inconsistent():
            return "The premises contradict each other"
        case Both():
            return f"Both this and its opposite can be derived: {said}"
        case Unknown(reason, None, _) | Unknown(reason, _, None):
            return f"Unknown: {said} ({reason})"
        case Unknown(reason) if theory.semantics is Semantics.DEFEASIBLE:
            return f"Unknown, and provably so: {said} ({reason})"
        case Unknown():
            return f"Unknown, and provably so: {said}"
        case _:
            assert_never(verdict)


def _body(
    theory: Theory, evidence: Evidence, outcome: Outcome, goal: Formula, v: Voice, plain: bool = False
) -> tuple[OutlineNode, ...]:
    """`plain`: the evidence is a derivation by the claims as they stand, also in a defeasible theory."""
    match evidence:
        case Derivation() as d:
            weighed = theory.semantics is Semantics.DEFEASIBLE and not plain
            if not weighed or outcome is Outcome.INCONSISTENT:
                return derivation_lines(d, v)
            note = "no rule for the opposite applies, or a stronger one beats it"
            return (*derivation_lines(readable(d), v), OutlineNode(Kind.NOTE, note))
        case Refutation() as r:
            return refutation_lines(r, outcome, goal, v)
        case Mixed(_, inner):
            return _body(theory, inner, outcome, goal, v)
        case Independence(holds, fails):
            return (
                world("the premises hold in a world where it is true", holds, fails, goal, v),
                world("the premises also hold in a world where it is false", fails, holds, goal, v),
            )
        case NotDerivable(model):
            true = model_literals(model)
            if theory.closed_world:
                between = (
                    len(model.stages[-1].possible) - len(true) if isinstance(model, WellFoundedModel) else 0
                )
                text = "the rules leave this undefined: it depends on its own absence"
                are = "statement is" if len(true) == 1 else "statements are"
                how = f"{len(true)} {are} true, {between} undefined, all others false"
            else:
                text = "neither this nor its negation can be derived from what is given"
                how = f"neither is among the {len(true)} statements that can be derived"
                if len(true) < 2:
                    how = (
                        "the one statement that can be derived is neither"
                        if true
                        else "nothing can be derived"
                    )
            return (OutlineNode(Kind.ABSENT, text, how=how),)
        case _:
            assert_never(evidence)


def _used(verdict: Verdict) -> frozenset[str]:
    """Labels an outline may name."""
    if verdict.certificate is None or verdict.theorem is None:
        return frozenset()
    labels = set(verdict.theorem.hypotheses)
    sides = verdict if isinstance(verdict, Both) else verdict.clash if isinstance(verdict, Unknown) else None
    if sides is not None:
        labels |= sides.pro.theorem.hypotheses | sides.con.theorem.hypotheses
    match verdict.certificate.evidence:
        case Derivation(steps, model):
            found = {s.by.label for s in steps if isinstance(s.by, Given | Apply)} | _supported(model)
            labels |= found | {original(x) for x in found} - {""}
        case Mixed(_, Derivation(steps, _)):
            labels |= {s.by.label for s in steps if isinstance(s.by, Given | Apply)}
        case Mixed(_, Refutation(instances)):
            labels |= {i.label for i in instances}
        case _:
            pass
    return frozenset(labels)


def _supported(model: Model | None) -> frozenset[str]:
    match model:
        case None:
            return frozenset()
        case PerfectModel(supports):
            return frozenset(s.label for s in supports)
        case WellFoundedModel(stages):
            return frozenset(s.label for stage in stages for s in stage.supports)
        case _:
            assert_never(model)

"""The JSON of answers about contradictions and choices; that of plain answers is in results.py.

Knows the engine's frozen values; must not know how they were found.
"""

from __future__ import annotations

from typing import Any

from neurosym.repairs import Conflict, Conflicts, Repair
from neurosym.results import (
    Choices,
    RelativeResponse,
    binding_json,
    claim_json,
    repair_json,
    response_json,
    sources_json,
    verdict_json,
    world_json,
)
from neurosym.syntax import show
from neurosym.theory import Theory


def relative_json(r: RelativeResponse) -> dict[str, Any]:
    """Answers relative to the maximal consistent subsets; each certificate is about its own subset."""
    claims = {c.label: c for c in r.theory.claims}
    answer = r.answer
    subsets = [
        {"dropped": [claim_json(claims[x]) for x in s.dropped], "cost": round(s.cost, 6), **verdict_json(v)}
        for s, v in answer.answers
    ]
    out: dict[str, Any] = {
        "question": r.question, "goal": show(r.goal), **world_json(r.theory), "relative": True,
        "stance": answer.stance.value, "denied": answer.denied.value, "complete": answer.complete,
        "reason": answer.reason, "held": list(answer.held), "notes": list(r.notes), "subsets": subsets,
    }  # fmt: skip
    if r.variables:
        out["variables"] = list(r.variables)
        out["answers"] = [{"binding": binding_json(b), "stance": s.value} for b, s in r.rows]
    out["conflicts"] = [_conflict_json(c) for c in answer.conflicts]
    out["sources"] = sources_json(r.theory, (x for c in answer.conflicts for x in c.labels))
    return out


def conflicts_json(theory: Theory, found: Conflicts, repair: Repair | None = None) -> dict[str, Any]:
    """The minimal conflicts of a theory, each with its certificate, and the repair where there is one."""
    return {
        **world_json(theory),
        "complete": found.complete, "reason": found.reason, "held": list(found.held),
        "conflicts": [_conflict_json(c) for c in found.conflicts],
        "repair": None if repair is None else repair_json(repair),
        "sources": sources_json(theory, (x for c in found.conflicts for x in c.labels)),
    }  # fmt: skip


def choices_json(c: Choices) -> dict[str, Any]:
    """Each option with its whole answer, and which are proved."""
    return {
        **world_json(c.options[0].theory),
        "options": [response_json(r) for r in c.options],
        "chosen": [r.question for r in c.chosen],
        "refuted": [r.question for r in c.refuted],
        "settled": c.settled,
    }


def _conflict_json(c: Conflict) -> dict[str, Any]:
    """Where the theorem is about a part of the theory, `of` has the labels of that part."""
    out: dict[str, Any] = {"labels": list(c.labels), "minimal": c.minimal, "beside": list(c.beside)}
    if not c.whole:
        out["of"] = [*c.labels, *c.beside]
    return out | verdict_json(c.verdict)

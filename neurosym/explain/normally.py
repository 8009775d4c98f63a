"""A derivation by the compiled program of a defeasible theory, in the words of the theory itself.

Knows how the program encodes literals (logic.defeasible).  What is left out is what only the
program speaks of: that no stronger rule applies.
"""

from __future__ import annotations

from neurosym.logic import And, Atom, Exists, Formula, Naf, Or, decode
from neurosym.proof import Apply, Derivation, Given, Step
from neurosym.theory import original


def readable(d: Derivation) -> Derivation:
    """The steps that conclude literals of the theory; those of strict, normal and applied rules alike.

    The result is for the eye: it is no certificate.
    """
    at: dict[int, int] = {}  # old step to new
    steps: list[Step] = []
    seen: dict[Formula | Naf, int] = {}
    for i, step in enumerate(d.steps):
        conclusion = _said(step.conclusion)
        if conclusion is None:
            continue
        if conclusion in seen:  # it holds strictly, and so normally
            at[i] = seen[conclusion]
            continue
        premises = tuple(dict.fromkeys(at[p] for p in step.premises if p in at))
        by = step.by
        if isinstance(by, Apply):
            by = Apply(original(by.label), by.index, by.binding)
        elif isinstance(by, Given):
            by = Given(original(by.label))
        at[i] = seen[conclusion] = len(steps)
        steps.append(Step(conclusion, by, premises))
    return Derivation(tuple(steps))


def _said(f: Formula | Naf) -> Formula | None:
    """The formula of the theory that is meant, or None where there is none."""
    match f:
        case Naf():
            return None
        case Atom():
            found = decode(f)
            return found[1] if found else None
        case And(parts) | Or(parts):
            said = tuple(_said(p) for p in parts)
            return type(f)(tuple(p for p in said if p is not None)) if all(said) else None
        case Exists(vs, body):
            inner = _said(body)
            return Exists(vs, inner) if inner is not None else None
        case _:
            return f

"""What is assumed where two sentences describe one scene: what it lacks, and which things are the same.

Knows logic.  Must not know texts, readings, solvers or claims about words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from neurosym.entailment.scenes import conjunction
from neurosym.logic import And, Equal, Exists, Forall, Formula, Implies, Not, Var
from neurosym.logic.counting import at_least, counted


def denial(f: Formula) -> Formula | None:
    """What a scene that lacks something denies where it is the only scene: None where it lacks nothing.

    "Some man is not playing" denies that some man is playing; "two dogs are not running" that two are.
    """
    clauses = f.parts if isinstance(f, And) else (f,)
    denied = [Not(v) for c in clauses if not isinstance(c, Not | Forall) for v in _asserted(c)]
    return conjunction(denied) if denied else None


def _asserted(f: Formula) -> list[Formula]:
    """`f` with each of its negations asserted instead, and without the others."""
    match f:
        case Not(Equal()):
            return []
        case Not(body):
            return [body]
        case And(parts):
            found = [_asserted(p) for p in parts]
            kept = [p for p, v in zip(parts, found, strict=True) if not v]
            return [conjunction([*kept, one]) for variants in found for one in variants]
        case Exists(vs, body):
            count = counted(f)
            if count is not None and count[0] == "at_least" and count[1] > 1:
                return [at_least(count[1], count[2], one) for one in _asserted(count[3])]
            return [Exists(vs, one) for one in _asserted(body)]
        case Forall(vs, Not(body)):
            return [Exists(vs, body)]
        case Forall(vs, Implies(a, Not(body))):
            return [Exists(vs, conjunction([a, body]))]
        case _:
            return []


def same_things(f: Formula, g: Formula, known: Collection[Var]) -> Formula | None:
    """That each of `known`, variables of both scenes, is one thing; None where they have none of them.

    `f and g -> exists the_cat. what f and what g say of it`: it says what follows once both are true, and so
    it never helps to prove either.
    """
    match f, g:
        case Exists(vs, a), Exists(ws, b) if shared := tuple(v for v in vs if v in ws and v in known):
            one, two = (
                _existing([v for v in us if v not in shared], body) for us, body in ((vs, a), (ws, b))
            )
            return Implies(And((f, g)), Exists(shared, And((one, two))))
        case _:
            return None


def _existing(variables: Sequence[Var], body: Formula) -> Formula:
    return Exists(tuple(variables), body) if variables else body

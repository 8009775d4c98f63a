"""Claims and theories: what is held, where it came from, and how sure we are.

Knows logic only.  Must not know how a claim was read or how it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from neurosym.errors import TheoryError
from neurosym.logic import (
    SKOLEM,
    Const,
    Fn,
    Naf,
    Rule,
    Statement,
    free_vars,
    literal_terms,
    literals,
    misplaced,
    subterms,
)

CLOSED_WORLD = "closed-world"  # the hypothesis a theorem carries where absence counts as falsity


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a document, and the text that stands there."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Triple:
    """An RDF triple, in N-Triples notation."""

    document: str
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Axiom:
    """A line of a logic file; or, with line 0, a statement given by program."""

    document: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Analogy:
    """A hypothesis carried over from `base` by structure mapping; never an inference."""

    base: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen while a plan is carried out."""

    note: str


Source: TypeAlias = Span | Triple | Axiom | Analogy | Observation


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement somebody vouches for.

    `label` is its identity in proofs; `score` in [0, 1] is the calibrated probability that
    the statement is what its source says.
    """

    label: str
    formula: Statement
    source: Source
    score: float = 1.0


class Semantics(StrEnum):
    """What follows means (docs/certificates.md)."""

    CLASSICAL = "classical"  # in all structures; rules with naf: in the well-founded model
    CHAINING = "chaining"  # forwards over literals, without contraposition; both p and not p may be derivable
    DEFEASIBLE = "defeasible"  # rules that give way to strict, preferred or more specific ones


@dataclass(frozen=True, slots=True)
class Theory:
    """Claims with distinct labels.

    Where `closed_world`, what cannot be derived is false; `closed` lists single predicates
    (name, arity) of which that is so while the rest stays open.  `prefer` holds pairs of labels
    (stronger, weaker) of defeasible rules.  Raises TheoryError for a duplicate or reserved
    label, a free variable in a formula, a reserved symbol, a score outside [0, 1], or parts
    that do not go together.
    """

    claims: tuple[Claim, ...]
    closed_world: bool = False
    closed: tuple[tuple[str, int], ...] = ()
    semantics: Semantics = Semantics.CLASSICAL
    prefer: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.semantics is not Semantics.CLASSICAL and (self.closed_world or self.closed):
            raise TheoryError(
                f"a theory of {self.semantics.value} rules is open",
                hint="leave the closed world out, or use classical semantics",
            )
        if self.closed_world and self.closed:
            raise TheoryError("in a closed world every predicate is closed", hint="declare one of the two")
        classical = self.semantics is Semantics.CLASSICAL
        for c in self.claims:
            if classical and isinstance(c.formula, Rule) and c.formula.defeasible:
                raise TheoryError(
                    f"claim {c.label!r} is a defeasible rule",
                    hint="use Semantics.DEFEASIBLE (in a theory file: 'semantics defeasible.')",
                )
        seen: set[str] = set()
        for c in self.claims:
            if not c.label or c.label in seen or c.label == CLOSED_WORLD or c.label.startswith("$"):
                raise TheoryError(
                    f"label {c.label!r} is empty, reserved or used twice", hint="rename one of the claims"
                )
            seen.add(c.label)
            validate(c)


def validate(claim: Claim) -> None:
    """Raise TheoryError where `claim` cannot stand in a theory."""
    if not 0.0 <= claim.score <= 1.0:
        raise TheoryError(f"claim {claim.label!r}: score {claim.score} is not in [0, 1]")
    f = claim.formula
    if not isinstance(f, Rule) and (free := free_vars(f)):
        raise TheoryError(
            f"claim {claim.label!r}: variable {free[0].name!r} is free",
            hint="bind it with forall or exists, or write a rule with ':-'",
        )
    if (t := misplaced(f)) is not None:
        raise TheoryError(
            f"claim {claim.label!r}: {getattr(t, 'name', '')!r} is arithmetic and stands in an argument",
            hint="name the value: exists ?y. ?y = ?x + 1 and p(?y)",
        )
    if name := reserved_symbol(f):
        raise TheoryError(f"claim {claim.label!r}: symbol {name!r} starts with the reserved {SKOLEM!r}")


def reserved_symbol(f: Statement) -> str:
    """A symbol of `f` that only Skolem functions may have, or the empty text."""
    for a in literals(f):
        for t in literal_terms(a):
            for s in subterms(t):
                if isinstance(s, Const | Fn) and s.name.startswith(SKOLEM):
                    return s.name
    return ""


def has_naf(f: Statement) -> bool:
    return isinstance(f, Rule) and any(isinstance(b, Naf) for b in f.body)

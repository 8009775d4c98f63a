"""Proofs and certificates: immutable plain data that anyone may forge.

Nothing here is trusted; `kernel.check` turns a certificate into a Theorem.  The JSON form
is in `certificate.py`.  docs/certificates.md says what each part means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from neurosym.logic import Atom, Formula, Naf, Not, Term, Var

Binding: TypeAlias = tuple[tuple[Var, Term], ...]


class Outcome(StrEnum):
    """What a certificate claims of its goal."""

    PROVED = "proved"  # the theory entails the goal
    DISPROVED = "disproved"  # the theory entails its negation
    UNKNOWN = "unknown"  # it entails neither
    INCONSISTENT = "inconsistent"  # it entails falsity


# --- derivations: a DAG in topological order ------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """The conclusion is the formula of the claim with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Apply:
    """Rule number `index` of `rules_of(claim)`, under `binding`; premises prove its body in order."""

    label: str
    index: int
    binding: Binding


@dataclass(frozen=True, slots=True)
class Compute:
    """A ground (in)equality or comparison that holds of the numerals, or t = t."""


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All parts of an And, one premise each, in order."""


@dataclass(frozen=True, slots=True)
class Disjunction:
    """One part of an Or, proved by the premise."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An Exists, whose body under `binding` the premise proves."""

    binding: Binding


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Falsity, from a formula (premise 0) and its negation (premise 1)."""


@dataclass(frozen=True, slots=True)
class InModel:
    """True in the derivation's perfect model.

    `Naf(atom)`: the atom is not in the model.  In a closed-world theory also any formula,
    its quantifiers ranging over the active domain.
    """


By: TypeAlias = Given | Apply | Compute | Conjunction | Disjunction | Witness | Contradiction | InModel


@dataclass(frozen=True, slots=True)
class Step:
    """`premises` are indices of earlier steps."""

    conclusion: Formula | Naf
    by: By
    premises: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """A literal of the model and the rule instance that puts it there."""

    literal: Atom | Not
    label: str
    index: int
    binding: Binding


@dataclass(frozen=True, slots=True)
class PerfectModel:
    """The perfect model of the theory's rules (Przymusinski 1988), justified.

    `supports` come in an order in which every positive body literal is supported earlier;
    `strata` gives each predicate its level: a rule's head is at least as high as its
    positive body and higher than its `Naf` body.
    """

    supports: tuple[Support, ...]
    strata: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The last step's conclusion is the goal, its negation, or falsity."""

    steps: tuple[Step, ...]
    model: PerfectModel | None = None


# --- refutations ---------------------------------------------------------------------

GOAL = "$goal"  # in a refutation, the label of the goal's (negated) clauses


@dataclass(frozen=True, slots=True)
class Instance:
    """Clause `index` of the clausal form of claim `label` (or of GOAL), under a ground binding."""

    label: str
    index: int
    binding: Binding


@dataclass(frozen=True, slots=True)
class Refutation:
    """Ground instances that are unsatisfiable with equality (Herbrand's theorem)."""

    instances: tuple[Instance, ...]


# --- models --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiniteModel:
    """An interpretation over the elements 0 .. size-1.

    `constants` (name, element); `functions` (name, argument elements, value), total;
    `predicates` (name, arity, tuples where it is true); `numbers` (numeral, element), one to
    one.  A constant without an entry denotes element 0; a predicate without one is empty.
    """

    size: int
    constants: tuple[tuple[str, int], ...] = ()
    functions: tuple[tuple[str, tuple[int, ...], int], ...] = ()
    predicates: tuple[tuple[str, int, tuple[tuple[int, ...], ...]], ...] = ()
    numbers: tuple[tuple[Fraction, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Independence:
    """Two models of the theory: the goal holds in one and fails in the other."""

    holds: FiniteModel
    fails: FiniteModel


@dataclass(frozen=True, slots=True)
class NotDerivable:
    """Rules with negation as failure, open world: neither the goal nor its negation is in the model."""

    model: PerfectModel


Evidence: TypeAlias = Derivation | Refutation | Independence | NotDerivable


@dataclass(frozen=True, slots=True)
class Certificate:
    outcome: Outcome
    evidence: Evidence

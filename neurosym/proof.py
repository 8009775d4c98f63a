"""Proofs and certificates: immutable plain data that anyone may forge.

Nothing here is trusted; `kernel.check` turns a certificate into a Theorem.  The JSON form
is in `certificate.py`.  docs/certificates.md says what each part means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from neurosym.logic import Atom, Clause, Formula, Literal, Naf, Not, Term, Var

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
    """True in the derivation's model.

    `Naf(atom)`: the atom is false in the model.  In a closed-world theory also any formula,
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
class Stage:
    """One round of the alternating fixpoint (Van Gelder 1993).

    `possible`: an overestimate of what is not false, closed under the rules when `naf` is read
    in what the earlier stages have shown true.  `supports`: what is then true, `naf` being read
    in `possible`.
    """

    possible: tuple[Atom | Not, ...]
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class WellFoundedModel:
    """The well-founded model of the theory's rules (Van Gelder, Ross & Schlipf 1991), justified.

    True is what the stages support; false, what the last stage does not hold possible.  Where
    `reasons` support the rest of the last stage's `possible`, in an order in which positive body
    literals come earlier, that rest is certified to be undefined and the model to be exact.
    """

    stages: tuple[Stage, ...]
    reasons: tuple[Support, ...] = ()


Model: TypeAlias = PerfectModel | WellFoundedModel


def model_literals(m: Model) -> tuple[Atom | Not, ...]:
    """The literals that the model says are true, as it lists them."""
    if isinstance(m, PerfectModel):
        return tuple(s.literal for s in m.supports)
    return tuple(s.literal for stage in m.stages for s in stage.supports)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The last step's conclusion is the goal, its negation, or falsity."""

    steps: tuple[Step, ...]
    model: Model | None = None


# --- refutations ---------------------------------------------------------------------

GOAL = "$goal"  # in a refutation, the label of the goal's (negated) clauses


@dataclass(frozen=True, slots=True)
class Instance:
    """Clause `index` of the clausal form of claim `label` (or of GOAL), under a ground binding."""

    label: str
    index: int
    binding: Binding


@dataclass(frozen=True, slots=True)
class Farkas:
    """These comparisons, each times its coefficient, add up to a falsity (logic.farkas)."""

    parts: tuple[tuple[Literal, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A sum of whole numbers is at most `bound`, or at least the next number (logic.split)."""

    term: Term
    bound: int


@dataclass(frozen=True, slots=True)
class Trichotomy:
    """left < right, right < left or left = right."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether a numeral is an integer."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class WholeSum:
    """A sum of whole numbers is a whole number (logic.whole_sum)."""

    term: Term


@dataclass(frozen=True, slots=True)
class Congruent:
    """A clause that holds by equality alone: congruence closure refutes its negation."""

    clause: Clause


Lemma: TypeAlias = Farkas | Split | Trichotomy | Whole | WholeSum | Congruent


@dataclass(frozen=True, slots=True)
class Refutation:
    """Ground instances that are unsatisfiable with equality and arithmetic (Herbrand's theorem).

    `lemmas` are clauses that hold of all numbers and equalities.  `proof` refutes instances and
    lemmas propositionally: each clause follows from the earlier ones by unit propagation, the
    last one is empty.  Without a proof the instances are few enough to be decided by search.
    """

    instances: tuple[Instance, ...]
    lemmas: tuple[Lemma, ...] = ()
    proof: tuple[Clause, ...] = ()


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
    """Neither the goal nor its negation is true in the model of the rules.

    Rules with negation as failure, chaining or defeasible rules; in a closed world, where the
    model is well-founded and leaves the goal undefined.
    """

    model: Model


@dataclass(frozen=True, slots=True)
class Mixed:
    """Some predicates are closed: `model` settles them, and `inner` argues from what is then known.

    `inner` is about the theory `opened(theory, model)` in the kernel: the open claims, and for
    each closed predicate the statement of just where it holds.
    """

    model: Model
    inner: Derivation | Refutation | Independence


Evidence: TypeAlias = Derivation | Refutation | Independence | NotDerivable | Mixed


@dataclass(frozen=True, slots=True)
class Certificate:
    outcome: Outcome
    evidence: Evidence

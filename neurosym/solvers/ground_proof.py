"""Ground clauses with equality and linear arithmetic: a refutation that the kernel replays, or a model.

Knows the language, lemmas, and the solver whose parts are `arithmetic_*`.  Must not know claims
or quantifiers.  The search is lazy (Nieuwenhuis, Oliveras & Tinelli 2006, DPLL(T)): clauses are
decided propositionally, and what is wrong with an assignment becomes a lemma that says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.logic import (
    INTEGER,
    Atom,
    Clause,
    Equal,
    Exhausted,
    Formula,
    Less,
    Literal,
    Not,
    Term,
    is_arithmetic,
    is_literal,
)
from neurosym.proof import Lemma
from neurosym.solvers.arithmetic_atoms import Atoms, Unsupported, refuse
from neurosym.solvers.arithmetic_sat import Sat
from neurosym.solvers.arithmetic_theory import Meaning

SHRINK_SECONDS, SHRINK_STEPS = 0.1, 2_000  # in all, and for each group that a proof might do without


@dataclass(frozen=True, slots=True)
class GroundProof:
    """A refutation of clauses number `used`: lemmas, and clauses that follow by unit propagation."""

    used: tuple[int, ...]
    lemmas: tuple[Lemma, ...]
    proof: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class GroundModel:
    """Literals, one of each atom, that satisfy all clauses; `values` are those of what is compared."""

    literals: tuple[Literal, ...]
    values: tuple[tuple[Term, Fraction], ...]


class _Clock:
    """Counts steps and looks at the time now and then."""

    def __init__(self, seconds: float, steps: int) -> None:
        self.end, self.left = time.monotonic() + seconds, steps

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0 or (self.left & 1023 == 0 and time.monotonic() > self.end):
            raise Exhausted("the ground clauses are too hard")


def is_numeric(clause: Clause) -> bool:
    """Does the clause compare or add up, or speak of whole numbers?"""
    for f in clause:
        a = f.body if isinstance(f, Not) else f
        if isinstance(a, Less) or (isinstance(a, Atom) and a.pred == INTEGER):
            return True
        if isinstance(a, Equal) and (is_arithmetic(a.left) or is_arithmetic(a.right)):
            return True
    return False


def as_literal(f: Formula) -> Literal:
    """`f`, which is a literal.  Raises TypeError where it is none."""
    if not is_literal(f):
        raise TypeError("not a literal")
    return f


def prove(
    ground: Sequence[Clause], seconds: float = 5.0, steps: int = 5_000_000
) -> GroundProof | GroundModel | None:
    """A refutation, a model, or None where neither was found within the limits.

    steps: clauses, rows and terms looked at.  The same clauses give the same answer, unless time
    runs out.
    """
    spend = _Clock(seconds, steps)
    try:
        return _prove(ground, spend)
    except (Exhausted, Unsupported):
        return None


def minimal(ground: Sequence[Clause], groups: Sequence[str], proof: GroundProof) -> GroundProof:
    """A proof that does without whole groups of clauses, as far as a little time shows that."""
    end = time.monotonic() + SHRINK_SECONDS
    for group in sorted({groups[i] for i in proof.used}, reverse=True):
        rest = [i for i in proof.used if groups[i] != group]
        less = prove([ground[i] for i in rest], end - time.monotonic(), SHRINK_STEPS)
        if isinstance(less, GroundProof):
            proof = GroundProof(tuple(rest[i] for i in less.used), less.lemmas, less.proof)
    return proof


def _prove(ground: Sequence[Clause], spend: _Clock) -> GroundProof | GroundModel:
    atoms = Atoms(spend)
    for clause in ground:
        for f in clause:
            refuse(f.body if isinstance(f, Not) else f)
            atoms.measure(f.body if isinstance(f, Not) else f)
    meaning, sat = Meaning(atoms, spend), Sat(spend)
    number: dict[int, int] = {}
    for i, clause in enumerate(ground):
        number[sat.add([atoms.literal(f) for f in clause])] = i
    if sat.solve(meaning):
        values = sorted(meaning.values.items(), key=lambda item: str(item[0]))
        return GroundModel(tuple(atoms.formula(x) for x in sat.trail), tuple(values))
    given, learnt = sat.cone()
    used = tuple(number[c] for c in given if c in number)
    lemmas = [meaning.lemmas[frozenset(sat.clauses[c])] for c in given if c not in number]
    proof = [atoms.clause(tuple(sorted(sat.clauses[c]))) for c in learnt if sat.clauses[c]]
    return GroundProof(used, tuple(lemmas), (*proof, ()))

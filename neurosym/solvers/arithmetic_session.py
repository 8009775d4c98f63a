"""Clauses that are instantiated where a model breaks them: a refutation, or a model, without any process.

Knows numbered clauses, the ground solver and lemmas.  Must not know theories or verdicts.  A session
keeps what it has learnt of a theory, by itself and in an order of its own; questions go on with
copies, so that no answer depends on earlier questions.  Instances are those that the last assignment
breaks (Ge & de Moura 2009, section 5, model-based quantifier instantiation), over one term of each
class of equal ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from neurosym.logic import Clause, Exhausted, Num, Term
from neurosym.proof import Instance, Lemma, Refutation
from neurosym.solvers.arithmetic_atoms import Atoms, refuse
from neurosym.solvers.arithmetic_names import Names
from neurosym.solvers.arithmetic_pigeons import Pigeons
from neurosym.solvers.arithmetic_sat import Sat
from neurosym.solvers.arithmetic_theory import Meaning
from neurosym.solvers.arithmetic_views import Plan, View
from neurosym.solvers.clausal import AT_MOST, EQUAL, WireTerm, is_value, read_term, substituted

ADDED = 40  # instances of one clause that are added in a round
ROUNDS = 200
INSTANCES = 20_000


class Meter:
    """Counts steps and looks at the time now and then; raises Exhausted where either has run out."""

    def __init__(self) -> None:
        self.end, self.left = 0.0, 0

    def set(self, seconds: float, steps: int) -> None:
        self.end, self.left = time.monotonic() + seconds, steps

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0 or (self.left & 1023 == 0 and time.monotonic() > self.end):
            raise Exhausted("the clauses are too hard")


@dataclass(frozen=True, slots=True)
class _Known:
    """A clause with variables, by its number, and how to look for what breaks it."""

    number: int
    plan: Plan


class Session:
    """Clauses, their instances so far, and what was learnt from these."""

    def __init__(self, names: Names, meter: Meter) -> None:
        self.names, self.meter = names, meter
        self.atoms = Atoms(meter)
        self.meaning, self.sat = Meaning(self.atoms, meter), Sat(meter)
        self.pigeons = Pigeons(self.sat, self.meaning)
        self.clauses: list[_Known] = []
        self.literals: dict[tuple[int, tuple[WireTerm, ...]], int] = {}  # the atoms, by predicate and terms
        self.terms: dict[WireTerm, int] = {}  # the things spoken of, as congruence closure numbers them
        self.instances: dict[int, tuple[int, tuple[WireTerm, ...]]] = {}  # by the solver's number
        self.present: set[frozenset[int]] = set()
        self.model: frozenset[int] = frozenset()  # the literals that were true in the last one

    def copy(self) -> Session:
        """The same session, to go on with apart."""
        new = Session.__new__(Session)
        new.names, new.meter = self.names.copy(), self.meter
        self.meaning.begin()
        new.atoms, new.sat = self.atoms.copy(self.meter), self.sat.copy(self.meter)
        new.meaning = self.meaning.copy(new.atoms, self.meter)
        new.pigeons = self.pigeons.copy(new.sat, new.meaning)
        new.clauses, new.literals, new.terms = list(self.clauses), dict(self.literals), dict(self.terms)
        new.model = self.model
        new.instances, new.present = dict(self.instances), set(self.present)
        return new

    # --- clauses ---

    def tell(self, label: str, found: tuple[Clause, ...]) -> None:
        """Take in the clauses of a statement.  Raises Unsupported for what is not linear."""
        first = len(self.names.origin)
        wires = list(self.names.add(-1, label, found))
        self.names.problem([])  # there is at least one thing
        for c in range(len(self.names.constants)):
            self._thing(c)
        for n, (_, variables, literals) in enumerate(wires, first):
            clause = _clause(variables, literals)
            if variables:
                self.clauses.append(_Known(n, Plan(clause)))
            else:
                self._add(n, clause.literals, ())

    def _add(self, n: int, literals: Sequence[Any], binding: tuple[WireTerm, ...]) -> bool:
        """Take in an instance; False where it is there, or says nothing."""
        self.meter()
        given = {-1 - i: t for i, t in enumerate(binding)}
        rows = [(sign, pred, tuple(substituted(t, given) for t in terms)) for sign, pred, terms in literals]
        if any(sign and pred == EQUAL and row[0] == row[1] for sign, pred, row in rows):
            return False
        formulas = [(sign, pred, row, self.names.atom_of(pred, row)) for sign, pred, row in rows
                    if (pred, row) not in self.literals]  # fmt: skip
        for _, _, _, f in formulas:
            refuse(f)
            self.atoms.measure(f)
        for _, pred, row, f in formulas:
            self.literals[pred, row] = self.atoms.atom(f)
            for t in row:
                self._things(t)
        coded = [self.literals[pred, row] * (1 if sign else -1) for sign, pred, row in rows]
        key = frozenset(coded)
        if key in self.present or any(-x in key for x in key):
            return False
        self.present.add(key)
        if len(self.present) > INSTANCES:
            raise Exhausted("too many instances")
        number = self.sat.add(coded)
        self.instances[number] = n, binding
        ends = {
            self.literals[pred, row]: (row[0], row[1])
            for _, pred, row in rows
            if pred == EQUAL and not (is_value(row[0]) or is_value(row[1]))
        }
        self.pigeons.told(number, coded, ends)
        return True

    def _things(self, t: WireTerm) -> None:
        if isinstance(t, tuple):
            for a in t[1:]:
                self._things(a)
        if not is_value(t):
            self._thing(t)

    def _thing(self, t: WireTerm) -> None:
        if t not in self.terms:
            self.terms[t] = self.atoms.terms.add(self.names.term_of(t))

    # --- questions ---

    def solve(self, assumed: int = 0) -> View | None:
        """A model in which no instance is broken; None where there is none."""
        for _ in range(ROUNDS):
            self.meaning.begin()
            if not self.sat.solve(self.pigeons, assumed):
                return None
            view, literals = self.view(), frozenset(self.sat.true)
            broken = [(k, b) for k in self.clauses for b in self._broken(k, view)]
            self.meaning.begin()
            self.sat.back()
            if not broken:
                self.model = literals
                return view
            if not sum([self._add(k.number, k.plan.clause.literals, b) for k, b in broken]):
                raise Exhausted("no instance is new")
        raise Exhausted("too many rounds")

    def settle(self) -> None:
        """Find out which atoms have one truth value in all models, and learn why.

        For clauses that have a model.  What Exhausted leaves is not to be used again.
        """
        self.solve()
        open_ = [x for x in sorted(self.model, key=abs) if not self.sat.settled(x)]
        while open_:
            x = open_.pop(0)
            if not self.sat.settled(x) and self.solve(-x) is not None:
                open_ = [y for y in open_ if y in self.model]

    def _broken(self, known: _Known, view: View) -> Iterator[tuple[WireTerm, ...]]:
        return islice(known.plan.broken(view, self.meter), ADDED)

    def view(self) -> View:
        """The assignment found last, as elements and rows."""
        classes = self.meaning.classes
        if classes is None:
            raise TypeError("no assignment was found")
        at: dict[WireTerm, WireTerm] = {}
        first: dict[int, WireTerm] = {}
        values: dict[WireTerm, Fraction] = {}
        for t, n in self.terms.items():
            # a term told of after the last closure was made is one of its own
            root = classes.find[n] if n < len(classes.find) else n
            at[t] = e = first.setdefault(root, t)
            if (value := self._value(self.atoms.terms.terms[n])) is not None:
                values.setdefault(e, value)
        rows: dict[int, dict[tuple[WireTerm, ...], None]] = {}
        for (pred, row), n in self.literals.items():
            if pred > AT_MOST and n in self.sat.true:
                rows.setdefault(pred, {})[tuple(at[t] for t in row)] = None
        return View(
            elements={e: i for i, e in enumerate(dict.fromkeys(at.values()))},
            at=at,
            rows={pred: list(found) for pred, found in rows.items()},
            values=values,
            true=frozenset((pred, row) for pred, found in rows.items() for row in found),
        )

    def _value(self, t: Term) -> Fraction | None:
        return t.value if isinstance(t, Num) else self.meaning.values.get(t)

    def refutation(self) -> Refutation:
        """What the last conflict rests on."""
        given, learnt = self.sat.cone()
        found, lemmas = list[Instance](), list[Lemma]()
        for c in given:
            if c in self.instances:
                n, terms = self.instances[c]
                label, index, variables, _ = self.names.origin[n]
                found.append(
                    Instance(label, index, tuple(zip(variables, map(self.names.term_of, terms), strict=True)))
                )
            else:
                lemmas.append(self.meaning.lemmas[frozenset(self.sat.clauses[c])])
        proof = [self.atoms.clause(tuple(sorted(self.sat.clauses[c]))) for c in learnt if self.sat.clauses[c]]
        return Refutation(tuple(found), tuple(lemmas), (*proof, ()))


def _clause(variables: int, literals: Sequence[Sequence[Any]]) -> Any:
    from neurosym.solvers.clausal import WireClause

    return WireClause(
        -1, variables, tuple((bool(s), pred, tuple(map(read_term, args))) for s, pred, *args in literals)
    )

"""Whole numbers: values under which `integer` is true where it should be, or lemmas that help.

Knows atoms, the simplex and lemmas, by the theory it works for.  Must not know clauses that are no
lemmas.  What is no whole number now is split (branch and bound, on rows of the tableau where that
settles it: the split cuts of Cook, Kannan & Schrijver 1990); what must not be one is told apart from
the whole number that it is now; and what is a sum of whole numbers, by an equality, is one itself.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from neurosym.logic import (
    INTEGER,
    Atom,
    Clause,
    Equal,
    Fn,
    Less,
    Not,
    Num,
    Term,
    farkas,
    is_arithmetic,
    linear,
    split,
    term_key,
    trichotomy,
    whole,
)  # fmt: skip
from neurosym.proof import Congruent, Farkas, Split, Trichotomy, Whole
from neurosym.solvers.arithmetic_atoms import Unsupported, sum_of

if TYPE_CHECKING:
    from neurosym.solvers.arithmetic_theory import Meaning

SPLITS = 300  # of whole numbers, in one problem: branching need not end
SHARES = (Fraction(1), Fraction(1, 3), Fraction(2, 7))  # of the infinitesimal
STEP = Fraction(2, 7)  # of the way to the next bound: a fraction that whole numbers seldom cancel
ONE = Fraction(1)


class WholeNumbers:
    """Called where an assignment is otherwise fine; says lemmas where it is not."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning, self.splits = meaning, 0

    def __call__(self) -> None:
        m = self.meaning
        integers, others = self._told()
        if others and self._derive(integers):
            return
        # what is only known to be more than 2 may be 3, or a fraction
        for share in SHARES:
            m.values = m.valuation(share)
            if not any(self._fits(t) for t in others) and all(map(self._fits, integers)):
                return
        m.values = m.valuation(Fraction(1, 3) if others else ONE)
        if others and self._moved(integers, others):
            return
        if not all(map(self._fits, integers)):
            if not self._split(integers):
                raise Unsupported("no lemma says of what numbers a sum is whole")
            return
        for t in sorted(others, key=term_key):
            if self._fits(t):
                value = m.number(t)
                m.emit(Whole(value), whole(value))
                m.emit(Trichotomy(t, Num(value)), trichotomy(t, Num(value)))
                if is_arithmetic(t):  # of others, congruence closure says it
                    self._same(t, Num(value))

    def _fits(self, t: Term) -> bool:
        return self.meaning.number(t).denominator == 1

    def _told(self) -> tuple[set[Term], set[Term]]:
        """What is said to be a whole number, and what is said to be none; numerals aside."""
        m = self.meaning
        integers, others = set[Term](), set[Term]()
        for n, (pred, args) in m.atoms.predicates.items():
            if pred == INTEGER and len(args) == 1:
                t = m.atoms.terms.terms[args[0]]
                if not isinstance(t, Num) and n in m.true:
                    integers.add(t)
                elif not isinstance(t, Num) and -n in m.true:
                    others.add(t)
        return integers, others

    def _same(self, t: Term, u: Term) -> bool:
        """`t = u`, and `u` is whole, so `t` is; False where that has been said."""
        clause: Clause = (Not(Equal(t, u)), Not(Atom(INTEGER, (u,))), Atom(INTEGER, (t,)))
        return self.meaning.emit(Congruent(clause), clause)

    # --- other values ---

    def _moved(self, integers: set[Term], others: set[Term]) -> bool:
        """Move what must not be whole a little, if nothing else forbids it; keep the values if so."""
        m = self.meaning
        kept = {m.atoms.variables[t] for t in integers if t in m.atoms.variables}
        m.simplex.free(kept)
        before = m.values
        for t in sorted((t for t in others if self._fits(t)), key=term_key):
            x = m.atoms.variables.get(t, -1)
            for y in sorted(m.simplex.rows.get(x, {x: ONE})):
                if y >= 0 and y not in kept and self._fits(t):
                    self._move(y, kept)
        if all(map(self._fits, integers)) and not any(map(self._fits, others)):
            return True
        m.values = before
        return False

    def _move(self, y: int, kept: set[int]) -> None:
        """Give `y`, which is not basic, another value, and so all that depends on it."""
        m = self.meaning
        moving = {y: ONE} | {b: row[y] for b, row in m.simplex.rows.items() if y in row}
        if not kept.isdisjoint(moving):
            return
        for sign in (ONE, -ONE):
            slack = ONE
            for x, k in moving.items():
                limit = (m.simplex.upper if sign * k > 0 else m.simplex.lower)[x]
                if limit is not None:
                    slack = min(slack, abs(limit[0][0] - self._sum(m.atoms.parts[x])) / abs(k))
            if slack > 0:
                by = {t: sign * STEP * slack * moving.get(x, 0) for t, x in m.atoms.variables.items()}
                m.values = {t: v + by[t] for t, v in m.values.items()}
                return

    # --- sums ---

    def _derive(self, integers: set[Term]) -> bool:
        """Say what is whole because an equality makes it a sum of whole numbers."""
        m, said = self.meaning, False
        for n in list(m.atoms.linear):
            f = m.atoms.formulas[n]
            if n not in m.true or not isinstance(f, Equal):
                continue
            coefficients, constant = linear(Fn("-", (f.left, f.right)))
            for t, k in coefficients.items():
                rest = {u: -c / k for u, c in coefficients.items() if u != t}
                value = -constant / k
                if t in integers or not rest.keys() <= integers:
                    continue
                if all(c.denominator == 1 for c in (*rest.values(), value)):
                    said = self._solved(f, t, sum_of(rest, value), 1 / k) or said
        return said

    def _solved(self, f: Equal, t: Term, total: Term, k: Fraction) -> bool:
        """`f` times `k` says that `t` is `total`, a sum of whole numbers."""
        m, said = self.meaning, False
        if f.left == t or f.right == t:  # as it stands
            total = f.right if f.left == t else f.left
        if Equal(t, total) != f:
            said = m.emit(Trichotomy(t, total), trichotomy(t, total))
            for less, sign in ((Less(t, total), -k), (Less(total, t), k)):
                lemma = Farkas(((f, sign), (less, ONE)))
                said = m.emit(lemma, farkas(lemma.parts)) or said
        return self._same(t, total) or said

    # --- case splits ---

    def _split(self, integers: set[Term]) -> bool:
        if (found := self._fractional(integers)) is None:
            return False
        self.splits += 1
        if self.splits > SPLITS:
            raise Unsupported("too many case splits on whole numbers")
        term = sum_of(found)
        bound = floor(self.meaning.number(term))
        self.meaning.emit(Split(term, bound), split(term, bound))
        return True

    def _fractional(self, integers: set[Term]) -> dict[Term, Fraction] | None:
        """A sum of whole numbers that has no whole value now; best one that can have no other value."""
        sums = {
            x: parts
            for x, parts in self.meaning.atoms.parts.items()
            if all(t in integers and k.denominator == 1 for t, k in parts.items())
        }
        broken = [x for x in sums if self._sum(sums[x]).denominator != 1]
        if not broken:
            return None
        for x in broken:
            if self.meaning.simplex.fixed(x):
                return sums[x]
        self.meaning.simplex.free(sums)
        for x in broken:  # a row whose other columns are whole multiples, or fixed
            row = self.meaning.simplex.rows.get(x, {})
            free = {y: k for y, k in row.items() if not self.meaning.simplex.fixed(y)}
            if row and all(k.denominator == 1 and y in sums for y, k in free.items()):
                total = dict(sums[x])
                for y, k in free.items():
                    for t, e in sums[y].items():
                        total[t] = total.get(t, Fraction(0)) - k * e
                if (total := {t: k for t, k in total.items() if k}) and self._sum(total).denominator != 1:
                    return total
        # best one whose own bound is no whole number: that settles it
        return sums[min(broken, key=lambda x: (not self.meaning.simplex.tight(x), len(sums[x]), x))]

    def _sum(self, parts: dict[Term, Fraction]) -> Fraction:
        return sum((k * self.meaning.values[t] for t, k in parts.items()), Fraction(0))

"""What ground atoms mean: equality, linear arithmetic and whole numbers, together.

Knows atoms, congruence closure and the simplex.  Must not know clauses that are not lemmas, nor
where atoms come from.  The two theories tell each other equalities by lemmas (Nelson & Oppen
1979); what has one value in the simplex may be one thing or not, and where that matters a lemma
splits (de Moura & Bjorner 2008, model-based combination).  What is
whole is left to arithmetic_whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from fractions import Fraction

from neurosym.logic import (
    INTEGER,
    Atom,
    Equal,
    Formula,
    Less,
    Literal,
    Not,
    Num,
    Term,
    farkas,
    is_arithmetic,
    linear,
    negate,
    term_key,
    trichotomy,
    whole,
    whole_sum,
)  # fmt: skip
from neurosym.proof import Congruent, Farkas, Lemma, Trichotomy, Whole, WholeSum
from neurosym.solvers.arithmetic_atoms import Atoms, Bound
from neurosym.solvers.arithmetic_congruence import Congruence
from neurosym.solvers.arithmetic_simplex import Conflict
from neurosym.solvers.arithmetic_whole import WholeNumbers

MAYBE = 10**9  # literals past this say that two terms with one value are one thing


class Meaning:
    """A theory for `arithmetic_sat.Sat` that keeps the lemma of each clause it makes."""

    def __init__(self, atoms: Atoms, spend: Callable[[], None]) -> None:
        self.atoms, self.simplex, self.spend = atoms, atoms.simplex, spend
        self.lemmas: dict[frozenset[int], Lemma] = {}
        self.values: dict[Term, Fraction] = {}  # of the last assignment that was accepted
        self._marks: list[int] = []  # of the simplex, before each literal of the trail
        self._closure: Congruence | None = None
        self._closed = 0  # how much of the trail the closure has
        self._numbered = 0  # how many atoms it has
        self._looked = 0  # how much of the trail has been searched for what equality implies
        self.true: set[int] = set()
        self._out: list[tuple[int, ...]] = []
        self.whole_numbers = WholeNumbers(self)
        self.classes: Congruence | None = None  # of the last assignment that was accepted

    def copy(self, atoms: Atoms, spend: Callable[[], None]) -> Meaning:
        """The same lemmas, about a copy of the atoms, before any assignment."""
        new = Meaning(atoms, spend)
        new.lemmas, new._numbered = dict(self.lemmas), self._numbered
        return new

    def begin(self) -> None:
        """Forget the assignment: what is asserted again may mean more than before."""
        self.shrink(0)
        self.whole_numbers.splits = 0

    # --- lemmas ---

    def emit(self, lemma: Lemma, clause: Sequence[Literal]) -> bool:
        """Say a clause; False where it has been said."""
        literals = tuple(dict.fromkeys(self.atoms.literal(f) for f in clause))
        key = frozenset(literals)
        if key in self.lemmas:
            return False
        self.lemmas[key] = lemma
        self._out.append(literals)
        return True

    def _equal(self, reasons: Iterable[int], said: int) -> bool:
        """By equality alone, these literals together give `said` (0: a falsity)."""
        clause = [self.atoms.formula(-x) for x in reasons]
        if said:
            clause.append(self.atoms.formula(said))
        return self.emit(Congruent(tuple(clause)), clause)

    def _add_up(self, conflict: Conflict, holders: dict[tuple[int, bool], int] | None = None) -> None:
        lemma = self.atoms.farkas(conflict, self.atoms.held(conflict) if holders is None else holders)
        self.emit(lemma, farkas(lemma.parts))

    def _settle(self, n: int) -> None:
        """A comparison that is true or false as it stands."""
        f = self.atoms.formulas[n]
        if isinstance(f, Equal) and self.atoms.constant[n]:
            self.emit(Trichotomy(f.left, f.right), trichotomy(f.left, f.right))
            return
        false = self.atoms.formula(-n if self.atoms.constant[n] else n)
        sign = Fraction(1)
        if isinstance(false, Equal):
            sign = Fraction(1 if linear(false.left)[1] > linear(false.right)[1] else -1)
        self.emit(Farkas(((false, sign),)), (_literal(negate(false)),))

    # --- the protocol ---

    def shrink(self, length: int) -> None:
        if length < len(self._marks):
            self.atoms.simplex.undo(self._marks[length])
            del self._marks[length:]
        self._looked = min(self._looked, length)
        if length < self._closed:
            self._closure = None

    def check(self, trail: Sequence[int], final: bool) -> Iterable[tuple[int, ...]]:
        self._out, self.true = [], set(trail)
        self._new_atoms()
        merging = not self._out and self._merging(trail)
        steps = (self._arithmetic, *([self._equality] if merging else []), self._implied)
        for step in (*steps, *([self._share] if merging else [])):
            if self._out:
                return self._out
            step(trail)
        if self._out:
            self._looked = 0  # it is not known which of the clauses are taken in as said
            return self._out
        if final:
            self.whole_numbers()
            if not self._out:
                self._one_value(trail)
        return self._out

    def _new_atoms(self) -> None:
        while self._numbered < len(self.atoms.formulas) - 1:
            self._numbered += 1
            n, self._closure, self._looked = self._numbered, None, 0
            f = self.atoms.formulas[n]
            if n in self.atoms.constant:
                self._settle(n)
            ends = self.atoms.equalities.get(n, (0, 1))
            if ends[0] == ends[1]:
                self._equal((), n)
            if isinstance(f, Atom) and f.pred == INTEGER and len(f.args) == 1:
                self._integer(f.args[0])

    def _integer(self, t: Term) -> None:
        """What holds of `integer(t)` whatever else does."""
        if isinstance(t, Num):
            self.emit(Whole(t.value), whole(t.value))
        elif is_arithmetic(t):
            with suppress(ValueError):  # half a whole number may be one or not
                clause = whole_sum(t)
                for f in clause:
                    self.atoms.measure(f.body if isinstance(f, Not) else f)
                self.emit(WholeSum(t), clause)

    def _arithmetic(self, trail: Sequence[int]) -> None:
        for x in trail[len(self._marks) :]:
            self._marks.append(self.simplex.mark())
            for b in self.atoms.bounds.get(x, ()):
                if (conflict := self.simplex.bound(b.variable, b.up, b.value, x)) is not None:
                    self._add_up(conflict)
                    return
        if (conflict := self.simplex.check()) is not None:
            self._add_up(conflict)

    # --- equality ---

    def _close(self, trail: Sequence[int]) -> Congruence:
        if self._closure is None:
            self._closed = 0
            self._closure = Congruence(self.atoms.terms, self.spend)
        for x in trail[self._closed :]:
            if x in self.atoms.equalities:
                self._closure.merge(*self.atoms.equalities[x], x)
        self._closed = len(trail)
        return self._closure

    def _merging(self, trail: Sequence[int]) -> bool:
        """May equality imply more than when it was last looked at?"""
        new, self._looked = trail[self._looked :], len(trail)
        for x in new:
            if x in self.atoms.equalities:
                return True
            if (found := self.atoms.predicates.get(abs(x))) is not None:
                c = self._close(trail)
                if any(len(c.members[c.find[t]]) > 1 for t in found[1]):
                    return True
        return False

    def _equality(self, trail: Sequence[int]) -> None:
        c = self._close(trail)
        if c.clash is not None:
            self._equal(c.explain([c.clash]), 0)
            return
        self._consequences(c, None)

    def _consequences(self, c: Congruence, maybe: set[int] | None) -> None:
        """Atoms that the classes decide: what contradicts them, and what is still open.

        Where some equalities are only assumed (`maybe` takes what conflicts rest on), open atoms stay.
        """
        find, true = c.find, self.true
        for n, (a, b) in self.atoms.equalities.items():
            if n in true:
                continue
            x, y = find[a], find[b]
            if x == y:
                if -n in true or maybe is None:
                    self._found(c.explain([(a, b)]), n, maybe)
            elif maybe is None and x in c.numeral and y in c.numeral and -n not in true:
                self._found(c.explain([(a, c.numeral[x]), (b, c.numeral[y])]), -n, maybe)
        seen: dict[object, int] = {}
        open_ = []
        for n, (pred, args) in self.atoms.predicates.items():
            sign = n if n in true else -n if -n in true else 0
            key = (pred, tuple([find[t] for t in args]))
            if not sign:
                open_.append((n, key))
                continue
            other = seen.setdefault(key, sign)
            if (other > 0) is not (sign > 0):
                self._found((*self._same(c, other, n), other), n if other > 0 else -n, maybe)
        if maybe is None:
            for n, key in open_:
                if other := seen.get(key, 0):
                    self._found((*self._same(c, other, n), other), n if other > 0 else -n, maybe)

    def _same(self, c: Congruence, other: int, n: int) -> tuple[int, ...]:
        return c.explain(zip(self.atoms.predicates[abs(other)][1], self.atoms.predicates[n][1], strict=True))

    def _found(self, reasons: Iterable[int], said: int, maybe: set[int] | None) -> None:
        if maybe is None:
            self._equal(reasons, said)
        else:
            maybe.update(x for x in reasons if x >= MAYBE)

    # --- what bounds imply ---

    def _implied(self, trail: Sequence[int]) -> None:
        """Open comparisons that the bounds of their unknowns decide."""
        for n in self.atoms.linear:
            if n in self.true or -n in self.true:
                continue
            for x in (n, -n):
                for b in self.atoms.bounds.get(x, ()):
                    # `x` asks for a bound; is the other side of the form already past it?
                    against = self._range(b.variable, not b.up, b)
                    if against is not None:
                        conflict = [(b.variable, b.up, Fraction(1)), *against]
                        self._add_up(conflict, {**self.atoms.held(conflict), (b.variable, b.up): x})
                        break

    def _range(self, v: int, up: bool, b: Bound) -> Conflict | None:
        """Bounds that keep form `v` below (up) or above the value of `b`."""
        own = (self.simplex.upper if up else self.simplex.lower)[v]
        if own is not None and (own[0] < b.value if up else own[0] > b.value):
            return [(v, up, Fraction(1))]
        parts = self.atoms.parts[v]
        if len(parts) == 1:
            return None
        first, second, out = Fraction(0), Fraction(0), []
        for t, k in parts.items():
            y = self.atoms.variables[t]
            high = (k > 0) is up
            limit = (self.simplex.upper if high else self.simplex.lower)[y]
            if limit is None:
                return None
            first, second = first + k * limit[0][0], second + k * limit[0][1]
            out.append((y, high, abs(k)))
        past = (first, second) < b.value if up else (first, second) > b.value
        return out if past else None

    # --- both together ---

    def _share(self, trail: Sequence[int]) -> None:
        """Tell the simplex what congruence has found equal."""
        c, terms = self._close(trail), self.atoms.terms.terms
        for members in list(c.members.values()):
            if len(members) < 2:
                continue
            known = self._measured(members)
            for t in known[1:]:
                a, b = terms[t], terms[known[0]]
                pair = [self.atoms.numbers.get(Equal(*ends), 0) for ends in ((a, b), (b, a))]
                if not any(n in self.true for n in pair if n):
                    self._equal(c.explain([(t, known[0])]), self.atoms.atom(Equal(a, b)))
            for n, (pred, args) in list(self.atoms.predicates.items()):
                if pred == INTEGER and n in self.true and args[0] in members:
                    for t in known:  # a whole number, under every name that is measured
                        atom = self.atoms.atom(Atom(INTEGER, (terms[t],)))
                        if atom not in self.true:
                            self._equal((*c.explain([(t, args[0])]), n), atom)

    def _measured(self, members: Iterable[int]) -> list[int]:
        """Those of the terms that have a value, numerals first."""
        terms = self.atoms.terms.terms
        return sorted((t for t in members if self.atoms.measured(terms[t])), key=lambda t: term_key(terms[t]))

    def _one_value(self, trail: Sequence[int]) -> None:
        """Things with one value are one thing; where that breaks something, they are to be told apart."""
        for n in self.atoms.linear:
            f = self.atoms.formulas[n]
            if isinstance(f, Equal) and -n in self.true and self.number(f.left) == self.number(f.right):
                self.emit(Trichotomy(f.left, f.right), trichotomy(f.left, f.right))
        if self._out:
            return
        terms = self.atoms.terms.terms
        c = Congruence(self.atoms.terms, self.spend)
        for x in trail:
            if x in self.atoms.equalities:
                c.merge(*self.atoms.equalities[x], x)
        self.classes = c
        named: dict[Fraction, int] = {}
        pairs: list[tuple[int, int]] = []
        for t in self._measured(range(len(terms))):
            other = named.setdefault(self.number(terms[t]), t)
            if c.find[other] != c.find[t]:
                pairs.append((other, t))
                c.merge(other, t, MAYBE + len(pairs) - 1)
        if not pairs:
            return
        guilty: set[int] = set()
        if c.clash is not None:
            guilty.update(x for x in c.explain([c.clash]) if x >= MAYBE)
        self._consequences(c, guilty)
        for members in c.members.values():
            known = self._measured(members)
            for t in known[1:]:
                if self.number(terms[t]) != self.number(terms[known[0]]):
                    guilty.update(x for x in c.explain([(t, known[0])]) if x >= MAYBE)
        for x in sorted(guilty):
            a, b = (terms[t] for t in pairs[x - MAYBE])
            self.emit(Trichotomy(a, b), trichotomy(a, b))

    def valuation(self, share: Fraction) -> dict[Term, Fraction]:
        e = share * self.simplex.epsilon()
        return {
            t: self.simplex.value[x][0] + e * self.simplex.value[x][1]
            for t, x in self.atoms.variables.items()
        }

    def number(self, t: Term) -> Fraction:
        coefficients, constant = linear(t)
        return constant + sum((k * self.values[u] for u, k in coefficients.items()), Fraction(0))


def _literal(f: Formula) -> Literal:
    if not isinstance(f, Atom | Equal | Less | Not):
        raise TypeError("not a literal")
    return f

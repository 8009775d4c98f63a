"""Ground atoms as numbers, and what those of arithmetic say as bounds on linear forms.

Knows the language, lemmas and the simplex.  Must not know the search.  A comparison bounds a
linear form with coprime whole coefficients, the first one positive: atoms about multiples of one
form share its variable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from neurosym.logic import (
    INTEGER,
    Atom,
    Clause,
    Equal,
    Fn,
    Formula,
    Less,
    Literal,
    Not,
    Num,
    Term,
    is_arithmetic,
    linear,
    literal_terms,
    negate,
    number,
    subterms,
    term_key,
)
from neurosym.proof import Farkas
from neurosym.solvers.arithmetic_congruence import Terms
from neurosym.solvers.arithmetic_simplex import Conflict, Simplex, Value

LINEAR_TERM = 200  # operations in one side of a comparison: more are refused


@dataclass(frozen=True, slots=True)
class Bound:
    """variable <= value (>= where not `up`); `factor` times the literal's own inequality is this one."""

    variable: int
    up: bool
    value: Value
    factor: Fraction


class Unsupported(ValueError):
    """An atom that linear arithmetic has no lemmas for."""


class Atoms:
    """The atoms, numbered from 1 as they come; -n is the negation of n."""

    def __init__(self, spend: Callable[[], None]) -> None:
        self.simplex = Simplex(spend)
        self.formulas: list[Formula] = [Not(Equal(Num(Fraction(0)), Num(Fraction(0))))]  # 0 is no literal
        self.numbers: dict[Formula, int] = {}
        self.variables: dict[Term, int] = {}  # of the unknowns, in the simplex
        self.forms: dict[tuple[tuple[Term, Fraction], ...], int] = {}
        self.parts: dict[int, dict[Term, Fraction]] = {}  # of a form, by its variable
        self.bounds: dict[int, tuple[Bound, ...]] = {}  # of a literal
        self.constant: dict[int, bool] = {}  # comparisons that are true or false as they are
        self.terms = Terms()  # that congruence closure speaks of
        self.equalities: dict[int, tuple[int, int]] = {}  # between them
        self.predicates: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.linear: list[int] = []  # atoms with bounds

    def copy(self, spend: Callable[[], None]) -> Atoms:
        """The same atoms, to go on with apart."""
        new = Atoms(spend)
        new.simplex, new.terms = self.simplex.copy(spend), self.terms.copy()
        new.formulas, new.numbers = list(self.formulas), dict(self.numbers)
        new.variables, new.forms, new.parts = dict(self.variables), dict(self.forms), dict(self.parts)
        new.bounds, new.constant, new.linear = dict(self.bounds), dict(self.constant), list(self.linear)
        new.equalities, new.predicates = dict(self.equalities), dict(self.predicates)
        return new

    # --- numbering ---

    def literal(self, f: Literal) -> int:
        return -self.atom(f.body) if isinstance(f, Not) else self.atom(f)

    def atom(self, f: Formula) -> int:
        if (n := self.numbers.get(f)) is not None:
            return n
        n = self.numbers[f] = len(self.formulas)
        self.formulas.append(f)
        match f:
            case Less():
                self._compare(n, f)
            case Equal(a, b):
                arithmetic = is_arithmetic(a) or is_arithmetic(b)
                if not arithmetic:
                    self.equalities[n] = (self.terms.add(a), self.terms.add(b))
                if arithmetic or (self.measured(a) and self.measured(b)):
                    self._compare(n, f)
            case Atom(pred, args):
                self.predicates[n] = (pred, tuple(map(self.terms.add, args)))
            case _:
                raise TypeError("not an atom")
        return n

    def measured(self, t: Term) -> bool:
        """Has `t` a value that the simplex knows?"""
        return isinstance(t, Num) or t in self.variables

    def formula(self, literal: int) -> Literal:
        f = self.formulas[abs(literal)]
        out = f if literal > 0 else negate(f)
        if not isinstance(out, Atom | Equal | Less | Not):
            raise TypeError("not a literal")
        return out

    def clause(self, literals: tuple[int, ...]) -> Clause:
        return tuple(self.formula(x) for x in literals)

    # --- meaning ---

    def measure(self, f: Formula) -> None:
        """Give the unknowns of a comparison their variables, before it is numbered itself.

        Equalities that were numbered before are from now on about their values as well.
        """
        before = len(self.variables)
        self._measure(f)
        if len(self.variables) > before:
            for n, (a, b) in list(self.equalities.items()):
                f, (left, right) = self.formulas[n], (self.terms.terms[a], self.terms.terms[b])
                known = n in self.bounds or n in self.constant
                if not known and self.measured(left) and self.measured(right) and isinstance(f, Equal):
                    self._compare(n, f)

    def _measure(self, f: Formula) -> None:
        if isinstance(f, Less) or (
            isinstance(f, Equal) and (is_arithmetic(f.left) or is_arithmetic(f.right))
        ):
            for t in literal_terms(f):
                for u in sorted(linear(t)[0], key=term_key):
                    self.unknown(u)
        if isinstance(f, Atom) and f.pred == INTEGER and len(f.args) == 1:
            for u in sorted(linear(f.args[0])[0], key=term_key):
                self.unknown(u)

    def unknown(self, t: Term) -> int:
        if (x := self.variables.get(t)) is None:
            x = self.variables[t] = self.simplex.variable()
            self.parts[x] = {t: Fraction(1)}
            self.terms.add(t)
        return x

    def _compare(self, n: int, f: Less | Equal) -> None:
        coefficients, constant = linear(Fn("-", (f.left, f.right)))
        if not coefficients:
            strict = isinstance(f, Less) and f.strict
            below = constant < 0 if strict else constant <= 0
            self.constant[n] = constant == 0 if isinstance(f, Equal) else below
            return
        x, k = self.form(coefficients)
        self.linear.append(n)
        limit, size = -constant / k, 1 / abs(k)
        none, tiny = Fraction(0), Fraction(1)
        if isinstance(f, Equal):
            at = (limit, none)
            self.bounds[n] = (Bound(x, True, at, 1 / k), Bound(x, False, at, -1 / k))
            return
        # k * form + constant < 0
        up = k > 0
        edge = -tiny if up else tiny
        self.bounds[n] = (Bound(x, up, (limit, edge if f.strict else none), size),)
        self.bounds[-n] = (Bound(x, not up, (limit, none if f.strict else -edge), size),)

    def form(self, coefficients: dict[Term, Fraction]) -> tuple[int, Fraction]:
        """The variable of the form that this is a multiple of, and which multiple."""
        items = sorted(coefficients.items(), key=lambda item: term_key(item[0]))
        bottom = lcm(*(c.denominator for _, c in items))
        top = gcd(*(int(c * bottom) for _, c in items))
        k = Fraction(top, bottom) * (1 if items[0][1] > 0 else -1)
        key = tuple((t, c / k) for t, c in items)
        if len(key) == 1:
            return self.unknown(key[0][0]), k
        if key not in self.forms:
            x = self.simplex.form({self.unknown(t): c for t, c in key})
            self.forms[key], self.parts[x] = x, dict(key)
        return self.forms[key], k

    # --- lemmas ---

    def farkas(self, conflict: Conflict, holders: dict[tuple[int, bool], int]) -> Farkas:
        """The conflict as a sum of literals; `holders` says which literal holds a bound."""
        total: dict[int, Fraction] = {}
        for x, up, k in conflict:
            literal = holders[x, up]
            factor = next(b.factor for b in self.bounds[literal] if b.variable == x and b.up == up)
            total[literal] = total.get(literal, Fraction(0)) + k * factor
        return Farkas(tuple((self.formula(x), k) for x, k in sorted(total.items()) if k))

    def held(self, conflict: Conflict) -> dict[tuple[int, bool], int]:
        """The literals that hold the bounds of a conflict now."""
        out = {}
        for x, up, _ in conflict:
            if (b := (self.simplex.upper if up else self.simplex.lower)[x]) is not None:
                out[x, up] = b[1]
        return out


def sum_of(coefficients: dict[Term, Fraction], constant: Fraction = Fraction(0)) -> Term:
    """A term whose linear form this is."""
    out: Term | None = None
    for t, k in sorted(coefficients.items(), key=lambda item: term_key(item[0])):
        part = t if k == 1 else Fn("*", (Num(k), t))
        out = part if out is None else Fn("+", (out, part))
    if out is None:
        return Num(constant)
    return Fn("+", (out, Num(constant))) if constant else out


def refuse(f: Formula) -> None:
    """Raise Unsupported for an atom that is not linear, or a sum where none may stand."""
    if not isinstance(f, Atom | Equal | Less):
        raise Unsupported("not an atom")
    for t in literal_terms(f):
        if sum(1 for _ in subterms(t)) > LINEAR_TERM:
            raise Unsupported("a term of more operations than are looked at")
        if isinstance(f, Atom) and f.pred != INTEGER and is_arithmetic(t) and number(t) is None:
            raise Unsupported(f"no lemma says when a sum is {f.pred!r}")
        try:
            linear(t)
        except ValueError as e:
            raise Unsupported(str(e)) from e

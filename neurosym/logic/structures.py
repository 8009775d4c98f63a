"""Finite structures: truth of formulas by Tarski's definition.  Part of what the kernel trusts.

Knows the language only.  A universal implication is tried only on the assignments that make
the atoms of its left side true, an existential on those that make its atoms true: the other
assignments cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TypeAlias, assert_never

from neurosym.logic.counting import number_of
from neurosym.logic.formulas import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Statement,
    Term,
    Var,
    Xor,
    formula_of,
    is_arithmetic,
    term_vars,
)  # fmt: skip
from neurosym.logic.joins import Relations, Row

Env = dict[Var, int]
Pattern: TypeAlias = tuple[tuple[str, int], tuple[int | Const | Num, ...]]  # a predicate; variables, names
LARGEST = 2_000_000  # elements
LARGE = 8  # arguments of an atom, variables of an assignment: more cost more than one step
_NONE: frozenset[Row] = frozenset()


class Structure:
    """An interpretation over the elements 0 .. size-1, as `proof.FiniteModel` lays it down.

    `constants` (name, element); `functions` (name, argument elements, value); `predicates`
    (name, arity, rows); `numbers` (numeral, element).  A constant that is not laid down denotes
    element 0, a predicate is empty; a numeral or a function value that is not laid down raises
    KeyError, and so does comparing an element that is no number.  `spend` is called for each
    elementary step and may raise; it may be replaced.  Raises ValueError for data that lay down no structure.
    """

    def __init__(
        self,
        size: int,
        constants: Sequence[tuple[str, int]],
        functions: Sequence[tuple[str, Row, int]],
        predicates: Sequence[tuple[str, int, Sequence[Row]]],
        numbers: Sequence[tuple[Fraction, int]],
        spend: Callable[[], None],
    ) -> None:
        self.domain = range(size)
        self.constants, self.numbers = dict(constants), dict(numbers)
        self.functions = {(name, args): value for name, args, value in functions}
        self.predicates = {(name, arity): frozenset(rows) for name, arity, rows in predicates}
        self._relations = Relations(self.predicates)
        self.value_of = {e: n for n, e in numbers}
        self.spend = spend
        self._index: dict[tuple[str, int, int, int], list[Row]] = {}
        elements = {*self.constants.values(), *self.numbers.values(), *self.functions.values()}
        for (name, arity), rows in self.predicates.items():
            for row in rows:
                if len(row) != arity:
                    raise ValueError("a row does not have its predicate's arity")
                elements.update(row)
                for place, element in enumerate(row):
                    self._index.setdefault((name, arity, place, element), []).append(row)
        if not 1 <= size <= LARGEST or any(type(e) is not int or not 0 <= e < size for e in elements):
            raise ValueError("an element outside the domain")
        if any(type(n) is not Fraction for n in self.numbers) or len(self.value_of) != len(numbers):
            raise ValueError("numerals must denote different elements")
        if len(self.numbers) != len(numbers) or len(self.functions) != len(functions):
            raise ValueError("an interpretation is laid down twice")

    def holds(self, f: Formula, env: Env | None = None) -> bool:
        """The truth value of `f`, whose free variables `env` lays down."""
        return self._truth(f, env or {})

    def _truth(self, f: Formula, env: Env) -> bool:
        self.spend()
        match f:
            case Atom("integer", (t,)):
                return self.number(t, env).denominator == 1
            case Atom(pred, args):
                self._large(len(args))
                row = tuple([self.value(t, env) for t in args])
                return row in self.predicates.get((pred, len(args)), frozenset())
            case Equal(a, b):
                if is_arithmetic(a) or is_arithmetic(b):
                    return self.number(a, env) == self.number(b, env)
                return self.value(a, env) == self.value(b, env)
            case Less(a, b, strict):
                left, right = self.number(a, env), self.number(b, env)
                return left < right if strict else left <= right
            case Not(body):
                return not self._truth(body, env)
            case And(parts):
                return all(self._truth(p, env) for p in parts)
            case Or(parts):
                return any(self._truth(p, env) for p in parts)
            case Implies(a, b):
                return not self._truth(a, env) or self._truth(b, env)
            case Iff(a, b):
                return self._truth(a, env) == self._truth(b, env)
            case Xor(a, b):
                return self._truth(a, env) != self._truth(b, env)
            case Forall() | Exists() if (count := number_of(f)) is not None:
                at_least, n, v, counted = count
                enough = n if at_least else n + 1  # then the answer is settled
                each = (e for e in self.domain if self._truth(counted, {**env, v: e}))
                return (sum(1 for _ in islice(each, enough)) == enough) is at_least
            case Forall(vs, body):
                guard = _atoms(body.left) if isinstance(body, Implies) else []
                return all(self._truth(body, e) for e in self._assignments(vs, guard, env))
            case Exists(vs, body):
                return any(self._truth(body, e) for e in self._assignments(vs, _atoms(body), env))
            case _:
                assert_never(f)

    def obeys(self, c: Guarded) -> bool:
        """Does a head hold wherever the body does?  Rows are joined for that."""
        rows = self.predicates
        if not c.slots:  # a fact
            self.spend()
            if any(self._row(a) not in rows.get(a[0], _NONE) for a in c.body):
                return True
            return any((self._row(a) in rows.get(a[0], _NONE)) is sign for a, sign in c.heads)
        if not all(rows.get(key) for key, _ in c.body):
            return True
        heads = [(rows.get(a[0], _NONE), self._places(a), sign) for a, sign in c.heads]
        for env in self._relations.join([(a[0], self._places(a)) for a in c.body], c.slots, self.spend):
            for held, places, sign in heads:
                if (tuple([env[p] if p >= 0 else ~p for p in places]) in held) is sign:
                    break
            else:
                return False
        return True

    def _row(self, a: Pattern) -> Row:
        return tuple([self.value(t, {}) for t in a[1] if not isinstance(t, int)])

    def _places(self, a: Pattern) -> Row:
        return tuple([t if isinstance(t, int) else ~self.value(t, {}) for t in a[1]])

    def _assignments(self, vs: Sequence[Var], guard: Sequence[Atom], env: Env) -> Iterator[Env]:
        """Extensions of `env` to `vs`, leaving out only those under which an atom of `guard` is false."""
        outer = {v: e for v, e in env.items() if v not in vs}
        for inner in self._guarded(guard, outer):
            rest = [v for v in vs if v not in inner]
            for elements in self._tuples(len(rest)):
                self._large(len(inner) + len(rest))
                yield {**inner, **dict(zip(rest, elements, strict=True))}

    def _tuples(self, n: int) -> Iterator[Row]:
        """All tuples of `n` elements.  Nothing is laid out: only the first may be looked at, often."""
        if not n:
            yield ()
        else:
            for e in self.domain:
                for others in self._tuples(n - 1):
                    yield e, *others

    def _large(self, n: int) -> None:
        for _ in range(n // LARGE):
            self.spend()

    def _guarded(self, guard: Sequence[Atom], env: Env) -> Iterator[Env]:
        if not guard:
            yield env
            return
        first, *rest = guard
        self._large(len(first.args))
        rows = self._rows(first, env)
        if rows is None:  # not to be matched row by row: it is simply evaluated later
            yield from self._guarded(rest, env)
            return
        for row in rows:
            self.spend()
            extended = dict(env)
            for t, element in zip(first.args, row, strict=True):
                known = extended.setdefault(t, element) if isinstance(t, Var) else self.value(t, env)
                if known != element:
                    break
            else:
                yield from self._guarded(rest, extended)

    def _rows(self, a: Atom, env: Env) -> Sequence[Row] | frozenset[Row] | None:
        """Rows of the atom's predicate, the fewest that an index finds; None for open function terms."""
        if any(isinstance(t, Fn) and any(v not in env for v in term_vars(t)) for t in a.args):
            return None
        arity = len(a.args)
        best: Sequence[Row] | frozenset[Row] = self.predicates.get((a.pred, arity), frozenset())
        for place, t in enumerate(a.args):
            if not isinstance(t, Var) or t in env:
                rows = self._index.get((a.pred, arity, place, self.value(t, env)), [])
                if len(rows) < len(best):
                    best = rows
        return best

    def number(self, t: Term, env: Env) -> Fraction:
        """The number that `t` denotes; KeyError where it denotes an element that is none."""
        if isinstance(t, Fn):
            self.spend()
        match t:
            case Fn("+", (a, b)):
                return self.number(a, env) + self.number(b, env)
            case Fn("-", (a, b)):
                return self.number(a, env) - self.number(b, env)
            case Fn("-", (a,)):
                return -self.number(a, env)
            case Fn("*", (a, b)):
                return self.number(a, env) * self.number(b, env)
            case _:
                return self.value_of[self.value(t, env)]

    def value(self, t: Term, env: Env) -> int:
        """The element that `t` denotes."""
        match t:
            case Var():
                return env[t]
            case Const(name):
                return self.constants.get(name, 0)
            case Num(value):
                return self.numbers[value]
            case Fn(name, args):
                self.spend()
                self._large(len(args))
                return self.functions[name, tuple([self.value(a, env) for a in args])]
            case _:
                assert_never(t)


@dataclass(frozen=True, slots=True)
class Guarded:
    """From atoms, which have all variables, follows one of some literals; no functions, no equality.

    Of all that is looked at in a structure, such rules over many facts cost most.  `slots` counts
    the variables; a variable of an atom is its number.  A head is an atom, or (False) its negation.
    """

    slots: int
    body: tuple[Pattern, ...]
    heads: tuple[tuple[Pattern, bool], ...]


class Claims:
    """Closed formulas by label, made ready to be looked at in many structures."""

    def __init__(self, claims: Mapping[str, Statement]) -> None:
        self._claims = claims
        self._forms: dict[str, Guarded | Formula] | None = None

    def false_in(self, s: Structure) -> str | None:
        """The first that is false; None where all are true.  ValueError for a rule that is not classical."""
        if self._forms is None:
            self._forms = {label: prepared(formula_of(f)) for label, f in self._claims.items()}
        for label, f in self._forms.items():
            if not (s.obeys(f) if isinstance(f, Guarded) else s.holds(f)):
                return label
        return None


def prepared(f: Formula) -> Guarded | Formula:
    """`f`, compiled where it has that form."""
    vs, matrix = (f.vars, f.body) if isinstance(f, Forall) else ((), f)
    left, right = (matrix.left, matrix.right) if isinstance(matrix, Implies) else (And(()), matrix)
    body: list[Atom] = []
    heads: list[tuple[Atom, bool]] = []
    for p in left.parts if isinstance(left, And) else (left,):
        if isinstance(p, Atom):
            body.append(p)
        elif isinstance(p, Not) and isinstance(p.body, Atom):  # A and not B -> C says: A -> B or C
            heads.append((p.body, True))
        else:
            return f
    for p in right.parts if isinstance(right, Or) else (right,):
        a = p.body if isinstance(p, Not) else p
        if not isinstance(a, Atom):
            return f
        heads.append((a, a is p))
    every = [*body, *(a for a, _ in heads)]
    bound = {t for a in body for t in a.args}
    if any(a.pred == "integer" for a in every) or not bound.issuperset(vs) or len(set(vs)) != len(vs):
        return f
    if any(isinstance(t, Fn) or (isinstance(t, Var) and t not in vs) for a in every for t in a.args):
        return f
    slots = {v: i for i, v in enumerate(vs)}

    def pattern(a: Atom) -> Pattern:
        places = [slots[t] if isinstance(t, Var) else t for t in a.args if not isinstance(t, Fn)]
        return (a.pred, len(a.args)), tuple(places)

    return Guarded(len(vs), tuple(map(pattern, body)), tuple((pattern(a), sign) for a, sign in heads))


def _atoms(f: Formula) -> list[Atom]:
    """Atoms that must hold where `f` holds: `f` itself, or those in its conjunction."""
    parts = f.parts if isinstance(f, And) else (f,)
    return [p for p in parts if isinstance(p, Atom) and p.pred != "integer"]

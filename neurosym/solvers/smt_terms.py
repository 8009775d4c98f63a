"""Numbered clauses as expressions of Z3, and what a question may spend.

Knows numbered clauses and Z3.  Must not know names.  Things have a sort of their own, `U`; the
number that a thing is stands behind the function `value`, which has an inverse: different things
are different numbers.  Sums and comparisons are about values, so that quantifiers range over
things only, never over all numbers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import z3
from z3 import z3core

from neurosym.solvers.clausal import (
    ADD,
    AT_MOST,
    EQUAL,
    INTEGER,
    LESS,
    MINUS,
    SUBTRACT,
    Problem,
    WireClause,
    WireTerm,
    interpreted,
    is_value,
    substituted,
    without_disequations,
)

# Proofs must be switched on before a context exists, and slow every other use down: two contexts.
PROOFS = z3.Context(proof=True)
PLAIN = z3.main_ctx()
SEED = 20  # any fixed number
CACHED = 20_000  # ground literals kept as expressions


class Budget:
    """What is left of the time and of Z3's resource units for one question."""

    def __init__(self, seconds: float, rlimit: int, domain: int) -> None:
        self.end, self.rlimit, self.domain = time.monotonic() + seconds, rlimit, domain

    def left(self) -> float:
        return self.end - time.monotonic()

    def solver(self, kind: z3.Solver, rlimit: int | None = None) -> z3.Solver:
        kind.set("timeout", max(1, int(1000 * self.left())))
        kind.set("rlimit", min(self.rlimit, rlimit or self.rlimit))
        return kind


class Builder:
    """Z3 expressions of one context.  Symbols are `c3`, `f1`, `p7`: never the user's text."""

    def __init__(self, context: z3.Context) -> None:
        self.context = context
        self.sort = z3.DeclareSort("U", context)
        self.bool = z3.BoolSort(context)
        self.value = z3.Function("value", self.sort, z3.RealSort(context))
        self.inverse = z3.Function("inverse", z3.RealSort(context), self.sort)
        self.variables: list[z3.ExprRef] = []
        self._literals: dict[object, z3.BoolRef] = {}  # ground ones: making an expression is slow

    def variable(self, i: int) -> z3.ExprRef:
        while i >= len(self.variables):
            self.variables.append(z3.Const(f"v{len(self.variables)}", self.sort))
        return self.variables[i]

    def term(self, t: WireTerm, binding: Sequence[WireTerm] | None) -> z3.ExprRef:
        if isinstance(t, tuple):
            args = [self.term(a, binding) for a in t[1:]]
            return z3.Function(f"f{t[0]}", *[self.sort] * (len(args) + 1))(*args)
        if t >= 0:
            return z3.Const(f"c{t}", self.sort)
        return self.variable(-1 - t) if binding is None else self.term(binding[-1 - t], ())

    def number(self, t: WireTerm, binding: Sequence[WireTerm] | None) -> z3.ArithRef:
        if not is_value(t):
            return self.value(self.term(t, binding))
        args = [self.number(a, binding) for a in t[1:]]
        if t[0] == MINUS:
            return -args[0]
        left, right = args
        return left + right if t[0] == ADD else left - right if t[0] == SUBTRACT else left * right

    def body(self, clause: WireClause, binding: Sequence[WireTerm] | None) -> list[z3.BoolRef]:
        if binding is not None:
            given = {-1 - i: t for i, t in enumerate(binding)}
            return [
                self.ground(sign, pred, tuple([substituted(t, given) for t in terms]))
                for sign, pred, terms in clause.literals
            ]
        out = []
        for sign, pred, terms in clause.literals:
            atom = self.atom(pred, terms, None)
            out.append(atom if sign else z3.Not(atom))
        return out

    def ground(self, sign: bool, pred: int, row: tuple[WireTerm, ...]) -> z3.BoolRef:
        """A ground literal, made once."""
        if (found := self._literals.get((sign, pred, row))) is None:
            if len(self._literals) > CACHED:
                self._literals.clear()
            atom = self.atom(pred, row, ())
            found = self._literals[sign, pred, row] = atom if sign else z3.Not(atom)
        return found

    def either(self, parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
        """z3.Or, without its coercions."""
        refs = (z3.Ast * len(parts))(*[p.as_ast() for p in parts])
        return z3.BoolRef(z3core.Z3_mk_or(self.context.ref(), len(parts), refs), self.context)

    def atom(self, pred: int, terms: Sequence[WireTerm], binding: Sequence[WireTerm] | None) -> z3.BoolRef:
        if pred in (LESS, AT_MOST) or (pred == EQUAL and any(map(is_value, terms))):
            left, right = (self.number(t, binding) for t in terms)
            return left < right if pred == LESS else left <= right if pred == AT_MOST else left == right
        if pred == INTEGER:
            return z3.IsInt(self.number(terms[0], binding))
        args = [self.term(t, binding) for t in terms]
        if pred == EQUAL:
            return args[0] == args[1]
        if args:
            return z3.Function(f"p{pred}", *[self.sort] * len(args), self.bool)(*args)
        return z3.Bool(f"p{pred}", self.context)

    def clause(self, clause: WireClause, number: int) -> z3.BoolRef:
        clause, _ = without_disequations(clause)  # Z3 would, and not say which instance that is
        body = self.body(clause, None)
        matrix = body[0] if len(body) == 1 else z3.Or(body) if body else z3.BoolVal(False, self.context)
        if not clause.variables:
            return matrix
        return z3.ForAll([self.variable(i) for i in range(clause.variables)], matrix, qid=f"q{number}")

    def numerals(self, problem: Problem) -> list[z3.BoolRef]:
        """Distinct numerals differ; what they are, where anything depends on it."""
        named = [(z3.Const(f"c{c}", self.sort), value) for c, value in problem.numbers]
        if interpreted(problem.clauses):
            return [self.value(c) == z3.RealVal(str(value), self.context) for c, value in named]
        return [z3.Distinct(*[c for c, _ in named])] if len(named) > 1 else []

    def distinct(self, problem: Problem) -> list[z3.BoolRef]:
        """Things with one value are one thing, where anything depends on values."""
        if not interpreted(problem.clauses):
            return []
        x = self.variable(0)
        own = self.inverse(self.value(x)) == x
        return [z3.ForAll([x], own, patterns=[self.value(x)], qid="value")]

    def known(self, terms: Iterable[WireTerm]) -> list[z3.BoolRef]:
        """The same, said of ground terms one by one."""
        things = (self.term(t, ()) for t in terms)
        return [self.inverse(self.value(t)) == t for t in things]


PROVER, CHECKER = Builder(PROOFS), Builder(PLAIN)

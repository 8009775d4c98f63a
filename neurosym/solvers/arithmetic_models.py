"""Finite models of clauses with arithmetic: every element is a number of its own.

Knows numbered clauses and Z3, which decides the clauses written out over so many elements.  Must
not know names; nothing found here is trusted.  Elements 0 .. len(numbers)-1 are the numerals in
order, the others have values that Z3 chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import z3

from neurosym.solvers.clausal import (
    ADD,
    AT_MOST,
    EQUAL,
    INTEGER,
    LESS,
    MINUS,
    SUBTRACT,
    Problem,
    WireTerm,
    is_value,
)
from neurosym.solvers.models import Structure, TooLarge
from neurosym.solvers.smt_terms import PLAIN, SEED, Budget


class _Grid:
    """The clauses over `size` elements, as ground expressions."""

    def __init__(self, problem: Problem, numbers: Sequence[Fraction], size: int) -> None:
        self.problem, self.size = problem, size
        self.sort = z3.BitVecSort(max(1, (size - 1).bit_length()), PLAIN)
        self.elements = [z3.BitVecVal(e, self.sort) for e in range(size)]
        self.values: list[z3.ArithRef] = [z3.RealVal(str(n), PLAIN) for n in numbers]
        self.values += [z3.Real(f"x{e}", PLAIN) for e in range(len(numbers), size)]
        self.place = {c: numbers.index(n) for c, n in problem.numbers}
        self.defined: dict[object, z3.ExprRef] = {}
        self.measured: dict[object, z3.ArithRef] = {}
        self.asserted: list[z3.BoolRef] = []
        if len(self.values) > len(numbers):
            self.asserted.append(z3.Distinct(*self.values))

    def _denoting(self, key: tuple[int, ...], name: str) -> z3.ExprRef:
        """What a constant or a function at some elements denotes: any element."""
        if (found := self.defined.get(key)) is None:
            found = self.defined[key] = z3.Const(name, self.sort)
            if self.size < 1 << self.sort.size():
                self.asserted.append(z3.ULE(found, self.elements[-1]))
        return found

    def term(self, t: WireTerm, env: Sequence[int]) -> z3.ExprRef:
        if isinstance(t, tuple):
            args = [self.term(a, env) for a in t[1:]]
            return self._apply(t[0], args, ())
        if t < 0:
            return self.elements[env[-1 - t]]
        if t in self.place:
            return self.elements[self.place[t]]
        return self._denoting((-1, t), f"c{t}")

    def _apply(self, f: int, args: Sequence[z3.ExprRef], row: tuple[int, ...]) -> z3.ExprRef:
        if not args:
            return self._denoting((f, *row), f"f{f}" + "".join(f"_{e}" for e in row))
        first, rest = args[0], args[1:]
        if z3.is_bv_value(first):
            return self._apply(f, rest, (*row, first.as_long()))
        out = self._apply(f, rest, (*row, self.size - 1))
        for e in reversed(range(self.size - 1)):
            out = z3.If(first == self.elements[e], self._apply(f, rest, (*row, e)), out)
        return out

    def number(self, t: WireTerm, env: Sequence[int]) -> z3.ArithRef:
        if is_value(t):
            args = [self.number(a, env) for a in t[1:]]
            if t[0] == MINUS:
                return -args[0]
            left, right = args
            return left + right if t[0] == ADD else left - right if t[0] == SUBTRACT else left * right
        element = self.term(t, env)
        if z3.is_bv_value(element):
            return self.values[element.as_long()]
        if (found := self.measured.get(element)) is None:
            found = self.measured[element] = z3.Real(f"v{len(self.measured)}", PLAIN)
            self.asserted += [
                z3.Implies(element == e, found == v) for e, v in zip(self.elements, self.values, strict=True)
            ]
        return found

    def atom(self, pred: int, terms: Sequence[WireTerm], env: Sequence[int]) -> z3.BoolRef:
        if pred in (LESS, AT_MOST) or (pred == EQUAL and any(map(is_value, terms))):
            left, right = (self.number(t, env) for t in terms)
            return left < right if pred == LESS else left <= right if pred == AT_MOST else left == right
        if pred == INTEGER:
            return z3.IsInt(self.number(terms[0], env))
        args = [self.term(t, env) for t in terms]
        if pred == EQUAL:
            return args[0] == args[1]
        if not args:
            return z3.Bool(f"p{pred}", PLAIN)
        return z3.Function(f"p{pred}", *[self.sort] * len(args), z3.BoolSort(PLAIN))(*args)

    def clauses(self) -> None:
        for clause in self.problem.clauses:
            for env in product(range(self.size), repeat=clause.variables):
                literals = []
                for sign, pred, terms in clause.literals:
                    atom = z3.simplify(self.atom(pred, terms, env))
                    if z3.is_true(atom) is sign and (z3.is_true(atom) or z3.is_false(atom)):
                        break
                    if not (z3.is_true(atom) or z3.is_false(atom)):
                        literals.append(atom if sign else z3.Not(atom))
                else:
                    self.asserted.append(z3.Or(literals))

    # --- the way back ---

    def structure(self, model: z3.ModelRef) -> Structure:
        def element(e: z3.ExprRef) -> int:
            return int(model.eval(e, model_completion=True).as_long())

        constants = [self.place.get(c, 0) for c in range(self.problem.constants)]
        functions = []
        for key, found in self.defined.items():
            if isinstance(key, tuple) and key[0] == -1:
                constants[key[1]] = element(found)
            elif isinstance(key, tuple):
                functions.append((int(key[0]), tuple(map(int, key[1:])), element(found)))
        rows = []
        for d in model.decls():
            name = d.name()
            if name[:1] != "p" or not name[1:].isdecimal():
                continue
            for row in product(range(self.size), repeat=d.arity()):
                atom = d(*[self.elements[e] for e in row])
                if z3.is_true(model.eval(atom, model_completion=True)):
                    rows.append((int(name[1:]), row))
        values = [model.eval(v, model_completion=True).as_fraction() for v in self.values]
        return Structure(
            self.size,
            tuple(constants),
            tuple(sorted(functions)),
            tuple(sorted(rows)),
            tuple((v, e) for e, v in enumerate(values)),
        )


def valued(
    problem: Problem, numbers: tuple[Fraction, ...], size: int, budget: Budget
) -> Structure | TooLarge | None:
    """A model of `size` elements, the first of which are `numbers`; None where there is none."""
    grid = _Grid(problem, numbers, size)
    grid.clauses()
    solver = budget.solver(z3.SimpleSolver(ctx=PLAIN))
    solver.set("random_seed", SEED)
    solver.add(grid.asserted)
    match solver.check():
        case z3.sat:
            return grid.structure(solver.model())
        case z3.unsat:
            return None
        case _:
            return TooLarge(f"limit: {solver.reason_unknown()}")

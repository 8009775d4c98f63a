"""Instances that models ask for: a refutation, or a finite model, by instantiating bit by bit.

Knows numbered clauses and Z3, which decides ground clauses.  Must not know names; nothing found
here is trusted.  Variables first take the ground terms that stand in the same places (Ge & de
Moura 2009: complete for essentially uninterpreted clauses).  What Z3 says of these becomes a
structure over the ground terms; where it breaks a clause, that instance is added, until the
instances contradict each other or the structure is a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import TypeAlias

import z3

from neurosym.solvers.arithmetic_places import Places
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
)
from neurosym.solvers.models import Instances, Structure, TooLarge
from neurosym.solvers.smt_terms import CHECKER, PLAIN, SEED, Budget

WireLiteral: TypeAlias = tuple[bool, int, tuple[WireTerm, ...]]
ROUNDS = 40  # of finding a structure and what it breaks
ADDED = 60  # broken instances of one clause that are added in a round
EVALUATED = 600_000  # instances looked at in one round
TABLE = 20_000  # rows of one function


def instantiate(problem: Problem, budget: Budget) -> Instances | Structure | TooLarge:
    """Instances that contradict each other, or a structure that is a model."""
    search = _Search(problem, budget)
    for _ in range(ROUNDS):
        if budget.left() < 0:
            return TooLarge("limit: time")
        match search.check():
            case z3.unsat:
                return search.core()
            case z3.sat:
                pass
            case _:
                return TooLarge(f"limit: {search.solver.reason_unknown()}")
        names, said = search.names()
        broken: list[tuple[int, tuple[int, ...]] | None] = []
        for projected in (False, True):
            structure = search.structure(names, said, projected)
            if isinstance(structure, TooLarge):
                break
            found = list(violations(problem, structure))
            if not found:
                return structure
            broken = broken or found
        if not any(broken):
            return TooLarge("limit: too many instances to look at")
        for n, env in (b for b in broken if b is not None):
            search.add(n, tuple(names[e] for e in env))
    return TooLarge("limit: rounds of instantiation")


class _Search:
    """Ground instances, and the solver that has them."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self.problem = problem
        self.solver = budget.solver(z3.SimpleSolver(ctx=PLAIN))
        self.solver.set("random_seed", SEED)
        self.solver.add(CHECKER.numerals(problem))
        self.numeric = interpreted(problem.clauses)
        self.instances: dict[tuple[int, tuple[WireTerm, ...]], z3.BoolRef] = {}
        self.terms: dict[WireTerm, None] = {}
        self.atoms: dict[tuple[int, tuple[WireTerm, ...]], None] = {}
        for c in range(problem.constants):
            self._term(c)
        for n, clause in enumerate(problem.clauses):
            if not clause.variables:
                self.add(n, ())
        self.places = Places(problem)
        for n, binding in self.places.instances():
            self.add(n, binding)

    def add(self, n: int, binding: tuple[WireTerm, ...]) -> None:
        key = (n, binding)
        if key in self.instances:
            return
        on = self.instances[key] = z3.Bool(f"on{len(self.instances)}", PLAIN)
        clause = self.problem.clauses[n]
        given = {-1 - i: t for i, t in enumerate(binding)}
        for _, pred, terms in clause.literals:
            row = tuple(substituted(t, given) for t in terms)
            for t in row:
                self._term(t)
            if pred > AT_MOST:
                self.atoms[pred, row] = None
        self.solver.add(CHECKER.either([z3.Not(on), *CHECKER.body(clause, binding)]))

    def _term(self, t: WireTerm) -> None:
        if t in self.terms:
            return
        if isinstance(t, tuple):
            for a in t[1:]:
                self._term(a)
        if not is_value(t):
            self.terms[t] = None
            if self.numeric:
                self.solver.add(CHECKER.known([t]))

    def check(self) -> z3.CheckSatResult:
        return self.solver.check(list(self.instances.values()))

    def core(self) -> Instances:
        chosen = {str(x) for x in self.solver.unsat_core()}
        return [key for key, on in self.instances.items() if str(on) in chosen]

    def names(self) -> tuple[list[WireTerm], dict[WireTerm, int]]:
        """The elements of Z3's model, each by a ground term, and the element of every ground term."""
        model = self.solver.model()
        numbers: dict[str, int] = {}
        names: list[WireTerm] = []
        at: dict[WireTerm, int] = {}
        for t in self.terms:
            denoted = str(model.eval(CHECKER.term(t, ()), model_completion=True))
            if denoted not in numbers:
                numbers[denoted] = len(names)
                names.append(t)
            at[t] = numbers[denoted]
        return names, at

    def structure(
        self, names: list[WireTerm], at: dict[WireTerm, int], projected: bool
    ) -> Structure | TooLarge:
        """What Z3's model says of these elements.

        What it does not say: a predicate is false; or, where `projected`, an element that never
        stands in a place is taken for one that does.
        """
        model, size = self.solver.model(), len(names)
        functions: dict[tuple[int, tuple[int, ...]], int] = {}
        for t in self.terms:
            if isinstance(t, tuple):
                functions[t[0], tuple(at[a] for a in t[1:])] = at[t]
        said = {
            (pred, tuple(at[t] for t in terms)): z3.is_true(
                model.eval(CHECKER.ground(True, pred, terms), model_completion=True)
            )
            for pred, terms in self.atoms
        }
        for f, arity in sorted({(f, len(args)) for f, args in functions}):
            if size**arity > TABLE:
                return TooLarge("limit: a function of too many arguments")
            usual = min(value for (g, args), value in functions.items() if g == f)
            onto = self._onto("argument", f, arity, at)
            given = {args: value for (g, args), value in functions.items() if g == f}
            for row in product(range(size), repeat=arity):
                image = tuple(m.get(e, d) for e, (m, d) in zip(row, onto, strict=True)) if projected else row
                functions.setdefault((f, row), given.get(image, usual))
        rows = {key for key, true in said.items() if true}
        if projected:
            for pred, arity in sorted({(pred, len(row)) for pred, row in said}):
                if size**arity > TABLE:
                    return TooLarge("limit: a predicate of too many arguments")
                onto = self._onto("place", pred, arity, at)
                for row in product(range(size), repeat=arity):
                    image = tuple(m.get(e, d) for e, (m, d) in zip(row, onto, strict=True))
                    if (pred, row) not in said and (pred, image) in rows:
                        rows.add((pred, row))
        if self.numeric:
            values = [model.eval(CHECKER.value(CHECKER.term(t, ())), model_completion=True) for t in names]
            valued = tuple((v.as_fraction(), e) for e, v in enumerate(values))
        else:
            valued = tuple((value, at[c]) for c, value in self.problem.numbers)
        constants = tuple(at[c] for c in range(self.problem.constants))
        table = tuple(sorted((f, args, value) for (f, args), value in functions.items()))
        return Structure(size, constants, table, tuple(sorted(rows)), valued)

    def _onto(
        self, kind: str, symbol: int, arity: int, at: dict[WireTerm, int]
    ) -> list[tuple[dict[int, int], int]]:
        """For each place: the elements that stand there, and one of them for all the others."""
        out = []
        for i in range(arity):
            here = [at[t] for t in self.places.at((kind, symbol, i)) if t in at]
            out.append(({e: e for e in here}, here[0] if here else 0))
        return out


# --- truth in a structure ------------------------------------------------------------------


def violations(problem: Problem, structure: Structure) -> Iterator[tuple[int, tuple[int, ...]] | None]:
    """Clauses that are false, each with some of the elements that show it; None where it is too much."""
    functions = {(f, args): value for f, args, value in structure.functions}
    rows = set(structure.rows)
    value_of = {e: n for n, e in structure.numbers}
    looked = 0

    def element(t: WireTerm, env: Sequence[int]) -> int:
        if isinstance(t, tuple):
            return functions[t[0], tuple([element(a, env) for a in t[1:]])]
        return structure.constants[t] if t >= 0 else env[-1 - t]

    def number(t: WireTerm, env: Sequence[int]) -> Fraction:
        if not is_value(t):
            return value_of[element(t, env)]
        args = [number(a, env) for a in t[1:]]
        if t[0] == MINUS:
            return -args[0]
        left, right = args
        return left + right if t[0] == ADD else left - right if t[0] == SUBTRACT else left * right

    def true(pred: int, terms: Sequence[WireTerm], env: Sequence[int]) -> bool:
        if pred > AT_MOST:
            return (pred, tuple([element(t, env) for t in terms])) in rows
        if pred == INTEGER:
            return number(terms[0], env).denominator == 1
        a, b = terms
        if pred == EQUAL and not (is_value(a) or is_value(b)):
            return element(a, env) == element(b, env)
        x, y = number(a, env), number(b, env)
        return x < y if pred == LESS else x <= y if pred == AT_MOST else x == y

    def search(
        clause: WireClause, ready: list[list[WireLiteral]], env: tuple[int, ...]
    ) -> Iterator[tuple[int, ...]]:
        """Extensions of `env` that make every literal false; a true one ends a branch early."""
        nonlocal looked
        looked += 1
        if looked > EVALUATED or any(true(pred, terms, env) is sign for sign, pred, terms in ready[len(env)]):
            return
        if len(env) == clause.variables:
            yield env
            return
        for e in range(structure.size):
            yield from search(clause, ready, (*env, e))

    for n, clause in enumerate(problem.clauses):
        ready: list[list[WireLiteral]] = [[] for _ in range(clause.variables + 1)]
        for literal in clause.literals:
            ready[max((_variables(t) for t in literal[2]), default=0)].append(literal)
        yield from ((n, env) for env in islice(search(clause, ready, ()), ADDED))
        if looked > EVALUATED:
            yield None
            return


def _variables(t: WireTerm) -> int:
    """How many of the first variables must be bound for `t` to have a value."""
    return max(map(_variables, t[1:]), default=0) if isinstance(t, tuple) else max(0, -t)

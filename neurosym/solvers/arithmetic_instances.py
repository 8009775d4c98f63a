"""Instances that models ask for: a refutation, or a finite model, by instantiating bit by bit.

Knows numbered clauses and Z3, which decides ground clauses.  Must not know names; nothing found
here is trusted.  Variables first take the ground terms that stand in the same places (Ge & de
Moura 2009: complete for essentially uninterpreted clauses).  What Z3 says of these becomes a
structure over the ground terms; where it breaks a clause, that instance is added, until the
instances contradict each other or the structure is a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import TypeAlias

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
AT_ONCE = 100  # instances of one clause that are made before any model has asked for them
ADDED = 60  # broken instances of one clause that are added in a round
EVALUATED = 400_000  # instances looked at in one round
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
        found = search.structure()
        if isinstance(found, TooLarge):
            return found
        structure, names = found
        broken = list(violations(problem, structure))
        if any(b is None for b in broken):
            return TooLarge("limit: too many instances to look at")
        if not broken:
            return structure
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
        for n, binding in matching(problem):
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

    def structure(self) -> tuple[Structure, list[WireTerm]] | TooLarge:
        """What Z3's model says of the ground terms: elements are classes of them, each with a name."""
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
        size = len(names)
        functions: dict[tuple[int, tuple[int, ...]], int] = {}
        for t in self.terms:
            if isinstance(t, tuple):
                functions[t[0], tuple(at[a] for a in t[1:])] = at[t]
        for f, arity in sorted({(f, len(args)) for f, args in functions}):
            if size**arity > TABLE:
                return TooLarge("limit: a function of too many arguments")
            usual = min(value for (g, args), value in functions.items() if g == f)
            for row in product(range(size), repeat=arity):
                functions.setdefault((f, row), usual)
        rows = {
            (pred, tuple(at[t] for t in terms))
            for pred, terms in self.atoms
            if z3.is_true(model.eval(CHECKER.ground(True, pred, terms), model_completion=True))
        }
        if self.numeric:
            values = [model.eval(CHECKER.value(CHECKER.term(t, ())), model_completion=True) for t in names]
            valued = tuple((v.as_fraction(), e) for e, v in enumerate(values))
        else:
            valued = tuple((value, at[c]) for c, value in self.problem.numbers)
        constants = tuple(at[c] for c in range(self.problem.constants))
        table = tuple(sorted((f, args, value) for (f, args), value in functions.items()))
        return Structure(size, constants, table, tuple(sorted(rows)), valued), names


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


# --- ground terms in matching places -------------------------------------------------------


def matching(problem: Problem) -> Iterator[tuple[int, tuple[WireTerm, ...]]]:
    """Instances over the ground terms that stand where a variable stands, where they are few.

    Places are arguments of predicates and functions, both sides of comparisons, and what an
    equality joins.
    """
    same: dict[object, object] = {}

    def find(x: object) -> object:
        while x in same:
            x = same[x]
        return x

    def join(x: object, y: object) -> None:
        if (x := find(x)) != (y := find(y)):
            same[x] = y

    def place(n: int, t: WireTerm) -> object:
        """What a term counts as: a variable of its clause, the values of a function, or a constant."""
        if isinstance(t, tuple):
            return ("value",) if t[0] < 0 else ("of", t[0])
        return ("variable", n, t) if t < 0 else ("constant", t)

    def visit(n: int, clause: WireClause, use: Callable[[object, WireTerm], None]) -> None:
        def inside(t: WireTerm) -> None:
            if isinstance(t, tuple):
                for i, a in enumerate(t[1:]):
                    use(("argument", t[0], i) if t[0] >= 0 else ("value",), a)
                    inside(a)

        for _, pred, terms in clause.literals:
            for i, t in enumerate(terms):
                if pred != EQUAL:
                    use(("place", pred, i) if pred > AT_MOST else ("value",), t)
                inside(t)
            if pred == EQUAL:
                join(place(n, terms[0]), place(n, terms[1]))

    for n, clause in enumerate(problem.clauses):

        def variables(where: object, t: WireTerm, n: int = n) -> None:
            if not isinstance(t, tuple) and t < 0:
                join(("variable", n, t), where)

        visit(n, clause, variables)
    terms: dict[object, dict[WireTerm, None]] = {}
    for n, clause in enumerate(problem.clauses):

        def ground(where: object, t: WireTerm, n: int = n) -> None:
            if not is_value(t) and _is_ground(t):
                terms.setdefault(find(where), {})[t] = None

        visit(n, clause, ground)
        for _, pred, sides in clause.literals:
            if pred == EQUAL:
                for t in sides:
                    ground(place(n, t), t)
    for n, clause in enumerate(problem.clauses):
        columns = [list(terms.get(find(("variable", n, -1 - i)), {})) or [0] for i in range(clause.variables)]
        count = 1
        for column in columns:
            count *= len(column)
        if clause.variables and count <= AT_ONCE:
            for binding in product(*columns):
                yield n, binding


def _is_ground(t: WireTerm) -> bool:
    return all(map(_is_ground, t[1:])) if isinstance(t, tuple) else bool(t >= 0)

"""Random small first-order theories with a goal each, made again from a number.

Knows the language only.  The kinds differ in what their formulas are made of: rules, disjunctive
heads, quantifier alternations, equality and functions, counting, numerals, awkward names.  Small
vocabularies on purpose: then a fair share of the goals follows, or contradicts the theory.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from neurosym.logic import (
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
    Literal,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
    formula_of,
    free_vars,
)
from neurosym.syntax import show, show_theory
from neurosym.theory import Axiom, Claim, Theory


@dataclass(frozen=True, slots=True)
class Kind:
    """What the formulas of a theory are made of; see KINDS."""

    constants: tuple[str, ...] = ("a", "b", "c")
    numbers: tuple[int | Fraction, ...] = ()
    functions: tuple[tuple[str, int], ...] = ()
    predicates: tuple[tuple[str, int], ...] = (("p", 1), ("q", 1), ("r", 2), ("s", 0))
    equality: float = 0.0  # share of the literals that are equations
    denied: float = 0.25  # share of the facts that are negated
    depth: int = 2  # of connectives and quantifiers in free formulas
    shapes: tuple[str, ...] = ("rule", "fact", "free")  # chosen evenly
    claims: tuple[int, int] = (2, 6)


KINDS: dict[str, Kind] = {
    "horn": Kind(denied=0.08, shapes=("rule", "fact", "fact"), claims=(4, 9)),
    "disjunctive": Kind(equality=0.1, shapes=("clause", "clause", "fact"), claims=(3, 8)),
    "connectives": Kind(
        predicates=(("p", 0), ("q", 0), ("s", 0), ("t", 1)), depth=3, shapes=("free",), claims=(2, 5)
    ),
    "quantifiers": Kind(constants=("a", "b"), depth=4, shapes=("free", "free", "rule"), claims=(2, 4)),
    "equality": Kind(equality=0.4, depth=3, shapes=("free", "clause", "fact"), claims=(2, 6)),
    "functions": Kind(
        constants=("a", "b"), functions=(("f", 1), ("g", 2)), predicates=(("p", 1), ("r", 2)), equality=0.35,
        shapes=("clause", "fact", "fact", "free"), claims=(2, 5),
    ),
    "counting": Kind(
        constants=("a", "b"), predicates=(("p", 1), ("q", 1)), equality=0.3, shapes=("count", "fact", "rule"),
        claims=(2, 4),
    ),
    "numerals": Kind(
        constants=("a", "b"), numbers=(0, 1, Fraction(5, 2)), functions=(("f", 1),), equality=0.35,
        shapes=("clause", "fact", "count", "free"), claims=(2, 5),
    ),
    "equations": Kind(
        constants=("a", "b", "c"), functions=(("f", 1), ("g", 2)), predicates=(("p", 1),), equality=0.75,
        shapes=("clause", "clause", "fact"), claims=(2, 6),
    ),
    "mixed": Kind(
        numbers=(1, 2), functions=(("f", 1),), predicates=(("p", 1), ("q", 1), ("r", 2), ("t", 3)),
        equality=0.2, denied=0.15, depth=3, shapes=("rule", "rule", "clause", "fact", "count", "free"),
        claims=(6, 12),
    ),
    # one name for things of different sorts, and names that need quotes
    "names": Kind(
        constants=("p", "not", "It's"), functions=(("p", 1),), predicates=(("p", 0), ("p", 1), ("p", 2)),
        equality=0.2, depth=3, claims=(2, 5),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A theory and a closed goal; `seed` makes it again."""

    seed: int
    kind: str
    theory: Theory
    goal: Formula

    def __str__(self) -> str:
        return f"{show_theory(self.theory)}% goal: {show(self.goal)}"


def problem(seed: int) -> Problem:
    """The problem of that number; the kinds take turns."""
    kind = sorted(KINDS)[seed % len(KINDS)]
    rng = random.Random(f"problem {seed}")
    make = _Maker(rng, KINDS[kind])
    told = dict.fromkeys(make.statement() for _ in range(rng.randint(*make.kind.claims)))
    claims = tuple(Claim(f"c{i}", f, Axiom("made", i, "")) for i, f in enumerate(told, 1))
    return Problem(seed, kind, Theory(claims), make.goal(list(told)))


class _Maker:
    """Random statements of one kind."""

    def __init__(self, rng: random.Random, kind: Kind) -> None:
        self.rng, self.kind = rng, kind

    def statement(self) -> Statement:
        match self.rng.choice(self.kind.shapes):
            case "rule":
                return self.rule()
            case "fact":
                return self.literal((), self.kind.denied)
            case "clause":
                return self.clause()
            case "count":
                return self.count()
            case _:
                return self.formula(self.kind.depth, ())

    def goal(self, told: list[Statement]) -> Formula:
        """Of every shape; often an instance, a part or a twin of something told, so that more than
        a few goals follow."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.35:
            return self.literal((), 0.3)
        if chance < 0.6:
            v = Var("u")
            f = self.conjunction((v,), rng.randint(1, 2))
            return rng.choice((Exists((v,), f), Forall((v,), f), Not(Exists((v,), f))))
        if chance < 0.75 and told:
            f = formula_of(rng.choice(told))
            while isinstance(f, Forall | Exists):
                f = f.body
            match f:
                case Implies(a, b):
                    f = Implies(b, a) if rng.random() < 0.5 else Implies(Not(b), Not(a))
                case And(parts) | Or(parts) if parts:
                    f = rng.choice(parts)
                case _:
                    pass
            free = free_vars(f)
            return f if not free else rng.choice((Forall, Exists))(free, f)
        if chance < 0.85:
            return formula_of(self.clause())
        return self.formula(self.kind.depth, ())

    def rule(self) -> Statement:
        """Horn, as a rule or a formula; now and then with a negated or an existential head."""
        rng, v = self.rng, self.variables(self.rng.randint(1, 3))
        body = [self.atom(v) for _ in range(rng.randint(1, 3))]
        head: Formula = self.atom(v)
        if rng.random() < 0.2:
            head = Not(head)
        literals: list[Literal] = [b if rng.random() < 0.85 else Not(b) for b in body]
        if rng.random() < 0.4 and isinstance(head, Atom | Not):
            return Rule(head, tuple(literals))
        if rng.random() < 0.25:
            z = Var("z")
            head = Exists((z,), self.conjunction((*v, z), rng.randint(1, 2)))
        left = literals[0] if len(literals) == 1 else And(tuple(literals))
        f: Formula = Implies(left, head) if rng.random() < 0.9 else Iff(left, head)
        return self.closed(f)

    def clause(self) -> Formula:
        """A closed disjunction of literals, or an implication with a disjunctive head."""
        v = self.variables(self.rng.randint(0, 3))
        literals = [self.literal(v, 0.45) for _ in range(self.rng.randint(1, 3))]
        f: Formula = literals[0] if len(literals) == 1 else Or(tuple(literals))
        if self.rng.random() < 0.4:
            f = Implies(self.conjunction(v, self.rng.randint(1, 2)), f)
        return self.closed(f)

    def count(self) -> Formula:
        """At most, at least or exactly n things are such."""
        n = self.rng.randint(1, 3)
        pred = self.rng.choice([p for p in self.kind.predicates if p[1] == 1])[0]
        names = tuple(Var(f"x{i}") for i in range(n + 1))
        some = names[:n]
        differ = [Not(Equal(x, y)) for x, y in combinations(some, 2)]
        least: Formula = Exists(some, And((*(Atom(pred, (x,)) for x in some), *differ)))
        same = Or(tuple(Equal(x, y) for x, y in combinations(names, 2)))
        most: Formula = Forall(names, Implies(And(tuple(Atom(pred, (x,)) for x in names)), same))
        return self.rng.choice([least, most, And((least, most))])

    def formula(self, depth: int, scope: tuple[Var, ...]) -> Formula:
        rng = self.rng
        if depth == 0 or rng.random() < 0.12:
            return self.literal(scope, 0.3)

        def sub() -> Formula:
            return self.formula(depth - 1, scope)

        match rng.choice(
            ("not", "and", "or", "xor", "implies", "iff", "forall", "exists", "forall", "exists")
        ):
            case "not":
                return Not(sub())
            case "and" | "or" as word:
                # also of no parts, which is true and false
                parts = tuple(sub() for _ in range(rng.choice((2, 2, 2, 3, 1, 0))))
                return And(parts) if word == "and" else Or(parts)
            case "xor":
                return Xor(sub(), sub())
            case "implies":
                return Implies(sub(), sub())
            case "iff":
                return Iff(sub(), sub())
            case quantifier:
                # a name may be bound again inside, or not be used at all
                vs = tuple(rng.sample([Var("x"), Var("y"), Var("z")], rng.choice((1, 1, 1, 2))))
                inner = tuple(v for v in scope if v not in vs) + vs
                return (Forall if quantifier == "forall" else Exists)(vs, self.formula(depth - 1, inner))

    def conjunction(self, scope: tuple[Var, ...], n: int) -> Formula:
        parts = tuple(self.literal(scope, 0.2) for _ in range(n))
        return parts[0] if n == 1 else And(parts)

    def literal(self, scope: tuple[Var, ...], negative: float) -> Atom | Equal | Not:
        if self.rng.random() < self.kind.equality:
            f: Atom | Equal = Equal(self.term(scope, 2), self.term(scope, 1))
        else:
            f = self.atom(scope)
        return Not(f) if self.rng.random() < negative else f

    def atom(self, scope: tuple[Var, ...]) -> Atom:
        name, arity = self.rng.choice(self.kind.predicates)
        return Atom(name, tuple(self.term(scope, 1) for _ in range(arity)))

    def term(self, scope: tuple[Var, ...], depth: int) -> Term:
        rng, kind = self.rng, self.kind
        if depth and kind.functions and rng.random() < 0.4:
            name, arity = rng.choice(kind.functions)
            return Fn(name, tuple(self.term(scope, depth - 1) for _ in range(arity)))
        if scope and rng.random() < 0.75:
            return rng.choice(scope)
        if kind.numbers and rng.random() < 0.5:
            return Num(Fraction(rng.choice(kind.numbers)))
        return Const(rng.choice(kind.constants))

    def variables(self, n: int) -> tuple[Var, ...]:
        return (Var("x"), Var("y"), Var("w"))[:n]

    def closed(self, f: Formula) -> Formula:
        free = free_vars(f)
        return Forall(free, f) if free else f

"""Counts are evaluated by counting: the same as trying every choice of things, which is what they say."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest

from neurosym.logic import (
    And,
    Atom,
    Budget,
    Equal,
    Exists,
    Forall,
    Formula,
    Less,
    Not,
    Or,
    Structure,
    Var,
    certain,
)
from neurosym.logic.counting import at_least, at_most, exactly, number_of
from neurosym.syntax import read_formula

X = Var("x")
TEXTS = (
    "p(?x)",
    "not p(?x)",
    "r(?x, ?x) or p(?x)",
    "exists ?y. r(?x, ?y)",
    "?x = a",
    "r(?x, a) and not p(?x)",
)
BODIES = [read_formula(t, free=True) for t in TEXTS]


def plainly(kind: str, n: int, true: list[bool]) -> bool:
    held = sum(true)
    return held >= n if kind == "at_least" else held <= n if kind == "at_most" else held == n


@pytest.mark.parametrize("seed", range(40))
def test_in_structures(seed: int) -> None:
    rng = random.Random(seed)
    size = rng.randint(1, 5)
    p = [(e,) for e in range(size) if rng.random() < 0.5]
    r = [row for row in product(range(size), repeat=2) if rng.random() < 0.4]
    m = Structure(size, [("a", rng.randrange(size))], [], [("p", 1, p), ("r", 2, r)], [], Budget(10**6))
    for body in BODIES:
        true = [m.holds(body, {X: e}) for e in range(size)]
        for n in range(5):
            for kind, made in (("at_least", at_least), ("at_most", at_most), ("exactly", exactly)):
                f = made(n, X, body)
                assert m.holds(f) is plainly(kind, n, true), (kind, n, body)
                assert m.holds(Not(f)) is not plainly(kind, n, true)


def kleene(f: Formula, sign: bool, env: dict[Var, str], value: dict[str, bool | None]) -> bool:
    """The strong tables over three things, every choice tried."""
    match f:
        case Atom(_, (t,)):
            return value[env[t]] is sign  # type: ignore[index]
        case Equal(a, b):
            return (env[a] == env[b]) is sign  # type: ignore[index]
        case Not(body):
            return kleene(body, not sign, env, value)
        case And(parts) | Or(parts):
            each = [kleene(p, sign, env, value) for p in parts]
            return all(each) if isinstance(f, And) is sign else any(each)
        case Forall(vs, body) | Exists(vs, body):
            rows = product(value, repeat=len(vs))
            each = [kleene(body, sign, {**env, **dict(zip(vs, row, strict=True))}, value) for row in rows]
            return all(each) if isinstance(f, Forall) is sign else any(each)
        case _:
            return kleene(Or((Not(f.left), f.right)), sign, env, value)  # type: ignore[union-attr]


def test_with_undefined_atoms() -> None:
    from neurosym.logic import Const

    for row in product((True, False, None), repeat=4):
        value = {f"c{i}": v for i, v in enumerate(row)}
        names = [Const(c) for c in value]

        def leaf(a: Atom | Equal | Less, sign: bool, value: dict[str, bool | None] = value) -> bool:
            if isinstance(a, Equal):
                return (a.left == a.right) is sign
            return value[a.args[0].name] is sign  # type: ignore[union-attr]

        for n in range(4):
            for made in (at_least, at_most, exactly):
                f = made(n, X, Atom("p", (X,)))
                for sign in (True, False):
                    found = certain(f, {}, sign, names, leaf, Budget(10**6))
                    assert found is kleene(f, sign, {}, value), (row, made, n, sign)


def test_what_only_looks_like_a_count_is_none() -> None:
    x, y, z = (Var(v) for v in "xyz")
    apart = tuple(Not(Equal(a, b)) for a, b in combinations((x, y, z), 2))

    def three(body: Formula) -> Formula:
        from neurosym.logic import substitute

        return Exists((x, y, z), And((*(substitute(body, {x: v}) for v in (x, y, z)), *apart)))

    assert number_of(three(Atom("p", (x,)))) is not None
    assert number_of(three(Atom("r", (x, y)))) is None  # the body speaks of another of the three
    assert number_of(Exists((x, y), And((Atom("p", (x,)), Atom("p", (y,)), Not(Equal(x, y)))))) is None

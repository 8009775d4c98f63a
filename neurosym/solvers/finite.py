"""What a finite model says of a theory and of an open question.

Knows the language and models.  Must not know how models are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count, product
from math import prod
from typing import assert_never

from neurosym.logic import (
    And,
    Atom,
    Budget,
    Const,
    Equal,
    Exhausted,
    Fn,
    Formula,
    Less,
    Num,
    Term,
    Var,
    atoms,
    truth,
)  # fmt: skip
from neurosym.proof import Certificate, FiniteModel, Independence, Outcome
from neurosym.theory import Theory

OPERATIONS = 500_000  # elementary steps of looking a goal up: a second at most


def unspoken(theory: Theory) -> Atom:
    """A proposition that the theory does not speak of: its models may make it true or false."""
    used = {a.pred for c in theory.claims for a in atoms(c.formula)}
    return Atom(next(n for n in map("consistent{}".format, count()) if n not in used))


def consistency(theory: Theory, model: FiniteModel) -> tuple[Formula, Certificate]:
    """A goal and a certificate which the kernel accepts only if `model` is a model of the theory."""
    goal = unspoken(theory)
    holds = replace(model, predicates=tuple(sorted((*model.predicates, (goal.pred, 0, ((),))))))
    return goal, Certificate(Outcome.UNKNOWN, Independence(holds, model))


def candidates(
    model: FiniteModel, goal: Formula, variables: tuple[Var, ...], domain: Sequence[Term], most: int
) -> list[tuple[Term, ...]] | None:
    """The terms of `domain` for `variables` under which `goal` is true in `model`, in order.

    None where more than `most` rows and bindings would have to be looked at.  No other binding
    follows from a theory that has this model.
    """
    constants, numbers = dict(model.constants), dict(model.numbers)
    values = {(f, args): value for f, args, value in model.functions}
    rows = {(name, arity): frozenset(found) for name, arity, found in model.predicates}
    numerals = {e: n for n, e in model.numbers}

    def at(t: Term, env: Mapping[Var, int]) -> int:
        match t:
            case Var():
                return env[t]
            case Const(name):
                return constants.get(name, 0)  # a constant that the model leaves open
            case Num(value):
                return numbers[value]
            case Fn(name, args):
                return values[name, tuple(at(a, env) for a in args)]
            case _:
                assert_never(t)

    def number(t: Term, env: Mapping[Var, int]) -> Fraction:
        return t.value if isinstance(t, Num) else numerals[at(t, env)]

    def leaf(f: Atom | Equal | Less, env: dict[Var, int]) -> bool:
        match f:
            case Atom(pred, args):
                return tuple(at(t, env) for t in args) in rows.get((pred, len(args)), frozenset())
            case Equal(a, b):
                return at(a, env) == at(b, env)
            case Less(a, b, strict):
                left, right = number(a, env), number(b, env)
                return left < right if strict else left <= right
            case _:
                assert_never(f)

    allowed: dict[Var, frozenset[int]] = {}
    for a in _conjuncts(goal):
        for i, t in enumerate(a.args):
            if isinstance(t, Var):
                column = frozenset(row[i] for row in rows.get((a.pred, len(a.args)), ()))
                allowed[t] = allowed.get(t, column) & column

    def place(t: Term) -> int | None:
        """The element of a term; None where the model leaves open what the term denotes."""
        try:
            return at(t, {})
        except LookupError:
            return None

    places = [(t, place(t)) for t in domain]
    spend = Budget(OPERATIONS)
    try:
        if all(e is not None for _, e in places):
            parts = list(_conjuncts(goal))
            tables = [[tuple(row) for row in rows.get((a.pred, len(a.args)), ())] for a in parts]
            joined = _join(parts, tables, most, spend)
        else:
            joined = [{}]
        if joined is None:
            return None
        named: dict[int, list[int]] = {}  # where in the domain the names of an element stand
        for i, (_, e) in enumerate(places):
            if e is not None:
                named.setdefault(e, []).append(i)
        tries: set[tuple[int, ...]] = set()
        for bound in joined:
            columns = [
                named.get(bound[v], [])
                if v in bound
                else [
                    i for i, (_, e) in enumerate(places) if e is None or v not in allowed or e in allowed[v]
                ]
                for v in variables
            ]
            if len(joined) + len(tries) + prod(map(len, columns)) > most:
                return None
            tries.update(product(*columns))
        out = []
        for chosen in sorted(tries):
            found = [(v, places[i][1]) for v, i in zip(variables, chosen, strict=True)]
            env = {v: e for v, e in found if e is not None}
            if len(env) < len(variables) or truth(goal, env, range(model.size), leaf, spend):
                out.append(tuple(domain[i] for i in chosen))
    except (LookupError, Exhausted):  # the goal has a term that the model leaves open, or is too much
        return None
    return out


def _join(
    parts: Sequence[Atom], tables: Sequence[Sequence[tuple[int, ...]]], most: int, spend: Budget
) -> list[dict[Var, int]] | None:
    """The elements that variables must denote for each of `parts` to be a row of its table.

    None where there are more than `most` ways.  Arguments that are no variables are not looked at.
    """
    found: dict[tuple[tuple[Var, int], ...], dict[Var, int]] = {(): {}}
    for a, table in zip(parts, tables, strict=True):
        extended: dict[tuple[tuple[Var, int], ...], dict[Var, int]] = {}
        for bound in found.values():
            for row in table:
                spend()
                s = dict(bound)
                if all(
                    s.setdefault(t, e) == e for t, e in zip(a.args, row, strict=True) if isinstance(t, Var)
                ):
                    extended[tuple(s.items())] = s
                    if len(extended) > most:
                        return None
        found = extended
    return list(found.values())


def _conjuncts(f: Formula) -> Iterator[Atom]:
    """Atoms that are true wherever `f` is."""
    match f:
        case Atom():
            yield f
        case And(parts):
            for p in parts:
                yield from _conjuncts(p)
        case _:
            return

"""Normal forms: the rule fragment and the clausal form, by definitions that a checker recomputes.

Knows the language only; everything here depends on nothing but its arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, product
from typing import TypeVar, assert_never

from neurosym.logic.arithmetic import INTEGER
from neurosym.logic.formulas import (
    And,
    Atom,
    BodyLiteral,
    Clause,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Literal,
    Naf,
    Not,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
    atoms,
    formula_of,
    substitute,
)

T = TypeVar("T")

# --- the rule fragment ---------------------------------------------------------------

RULES = 2000  # a formula of more rules than this, by `or` in bodies, lies outside the fragment


def opposite(f: Formula) -> Formula:
    """The negation of `f` with negation pushed inwards."""
    match f:
        case Not(body):
            return body
        case And(parts):
            return Or(tuple(opposite(p) for p in parts))
        case Or(parts):
            return And(tuple(opposite(p) for p in parts))
        case Implies(a, b):
            return And((a, opposite(b)))
        case Forall(vs, body):
            return Exists(vs, opposite(body))
        case Exists(vs, body):
            return Forall(vs, opposite(body))
        case _:
            return Not(f)


def rules_of(f: Statement, closed: bool = False) -> tuple[Rule, ...] | None:
    """`f` as rules used forwards, or None where it lies outside the fragment.

    Where `closed`, a negated atom in a body is read as negation as failure, and a rule with
    a negated head is an integrity constraint, no part of the program.

    The fragment: universally closed literals, implications and equivalences whose bodies
    are built from literals with `and`, `or`, `exists`, and whose heads are conjunctions of
    (possibly universally quantified) atoms or negated atoms.  Each rule follows from `f`.
    """
    try:
        found = (f,) if isinstance(f, Rule) else _few(_rules(_rename(f, {}, [0]), ()))
    except _Outside:
        return None
    if any(a.pred == INTEGER for r in found for b in r.body for a in atoms(b)):
        return None  # whole numbers are no facts that rules could be matched with
    return tuple(Rule(r.head, tuple(map(_by_absence, r.body))) for r in found) if closed else found


def _by_absence(b: BodyLiteral) -> BodyLiteral:
    return Naf(b.body) if isinstance(b, Not) and isinstance(b.body, Atom) else b


class _Outside(Exception):
    pass


def _few(found: Iterator[T]) -> tuple[T, ...]:
    kept = tuple(islice(found, RULES + 1))
    if len(kept) > RULES:
        raise _Outside
    return kept


def _rules(f: Formula, body: tuple[Literal, ...]) -> Iterator[Rule]:
    match f:
        case Forall(_, inner):
            yield from _rules(inner, body)
        case And(parts):
            for p in parts:
                yield from _rules(p, body)
        case Implies(a, b):
            for extra in _bodies(a):
                yield from _rules(b, body + extra)
        case Iff(a, b):
            yield from _rules(Implies(a, b), body)
            yield from _rules(Implies(b, a), body)
        case Not(Exists(_, And((*init, Atom() as last)))) if init and not body:
            # "no cat is green": the last conjunct is the predicate of the sentence
            for extra in _bodies(And(tuple(init))):
                yield Rule(Not(last), extra)
        case Not(Exists(_, Atom() as only)) if not body:
            yield Rule(Not(only))
        case Atom() | Not(Atom()):
            yield Rule(f, body)
        case Not(Not(inner)):
            yield from _rules(inner, body)
        case _:
            raise _Outside


def _bodies(f: Formula) -> Iterator[tuple[Literal, ...]]:
    match f:
        case Atom() | Equal() | Less() | Not(Atom() | Equal() | Less()):
            yield (f,)
        case Not(Not(inner)) | Exists(_, inner):
            yield from _bodies(inner)
        case And(parts):
            for chosen in product(*(_few(_bodies(p)) for p in parts)):
                yield tuple(chain(*chosen))
        case Or(parts) if parts:
            for p in parts:
                yield from _bodies(p)
        case _:
            raise _Outside


def _rename(f: Formula, s: dict[Var, Term], n: list[int]) -> Formula:
    """Give every quantifier variables of its own (v1, v2, ... in order)."""
    match f:
        case Atom() | Equal() | Less():
            return substitute(f, s)
        case Not(body):
            return Not(_rename(body, s, n))
        case And(parts):
            return And(tuple(_rename(p, s, n) for p in parts))
        case Or(parts):
            return Or(tuple(_rename(p, s, n) for p in parts))
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return type(f)(_rename(a, s, n), _rename(b, s, n))
        case Forall(vs, body) | Exists(vs, body):
            fresh = []
            for _ in vs:
                n[0] += 1
                fresh.append(Var(f"v{n[0]}"))
            return type(f)(tuple(fresh), _rename(body, {**s, **dict(zip(vs, fresh, strict=True))}, n))
        case _:
            assert_never(f)


# --- clausal form --------------------------------------------------------------------

SKOLEM = "$sk"  # the prefix of Skolem symbols; no input may use it


class TooManyClauses(ValueError):
    """The clausal form would exceed the limit."""


def clauses(f: Statement, name: str, limit: int = 2000) -> tuple[Clause, ...]:
    """Clausal form of a closed statement, by the textbook definition.

    Negation normal form; Skolem functions `$sk:name:n` over the universal variables in
    scope; prenex universal variables v1, v2, ...; distribution of `or` over `and`.  The
    result is satisfiable in the same models up to the Skolem symbols, which are distinct for
    distinct names (Chang & Lee 1973, ch. 4).  It depends on nothing but its arguments, so a
    checker recomputes it.  Raises TooManyClauses past `limit`.
    """
    g = _rename(formula_of(f), {}, [0])
    return tuple(_cnf(_skolem(g, True, {}, (), name, [0]), limit))


def _skolem(
    f: Formula, pos: bool, s: dict[Var, Term], univ: tuple[Var, ...], name: str, n: list[int]
) -> Formula:
    """Negation normal form of `f` (of its negation where not `pos`) without quantifiers."""
    match f:
        case Atom() | Equal() | Less():
            g = substitute(f, s)
            return g if pos else Not(g)
        case Not(body):
            return _skolem(body, not pos, s, univ, name, n)
        case And(parts) | Or(parts):
            done = tuple(_skolem(p, pos, s, univ, name, n) for p in parts)
            return And(done) if isinstance(f, And) == pos else Or(done)
        case Implies(a, b):
            return _skolem(Or((Not(a), b)), pos, s, univ, name, n)
        case Iff(a, b):
            # Each side occurs twice; every occurrence draws Skolem symbols of its own from `n`.
            both = (Or((Not(a), b)), Or((a, Not(b)))) if pos else (Or((a, b)), Or((Not(a), Not(b))))
            return And(tuple(_skolem(p, True, s, univ, name, n) for p in both))
        case Xor(a, b):
            return _skolem(Iff(a, b), not pos, s, univ, name, n)
        case Forall(vs, body) | Exists(vs, body):
            if isinstance(f, Forall) == pos:
                return _skolem(body, pos, s, univ + vs, name, n)
            new: dict[Var, Term] = {}
            for v in vs:
                n[0] += 1
                sk = f"{SKOLEM}:{name}:{n[0]}"
                new[v] = Fn(sk, univ) if univ else Const(sk)
            return _skolem(body, pos, {**s, **new}, univ, name, n)
        case _:
            assert_never(f)


def _cnf(f: Formula, limit: int) -> list[Clause]:
    match f:
        case And(parts):
            out: list[Clause] = []
            for p in parts:
                out += _cnf(p, limit)
                if len(out) > limit:
                    raise TooManyClauses(f"more than {limit} clauses")
            return out
        case Or(parts):
            done: list[Clause] = [()]
            for p in parts:
                right = _cnf(p, limit)
                if len(done) * len(right) > limit:
                    raise TooManyClauses(f"more than {limit} clauses")
                done = [tuple(dict.fromkeys(a + b)) for a in done for b in right]
            return done
        case Atom() | Equal() | Less() | Not(Atom() | Equal() | Less()):
            return [(f,)]
        case _:
            raise TypeError("not in negation normal form")

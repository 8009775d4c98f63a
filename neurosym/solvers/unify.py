"""Unification of literals, and small questions about them.

Knows the language only.  Must not know what a proof or a solver is.
"""

from __future__ import annotations

from typing import TypeAlias

from neurosym.logic import (
    SKOLEM,
    Atom,
    Const,
    Equal,
    Fn,
    Formula,
    Less,
    Literal,
    Not,
    Term,
    Var,
    is_literal,
    literal_terms,
    negate,
    subterms,
    unify,
)

Key: TypeAlias = tuple[bool, str, int]  # negated, predicate (or "=", "<", "<="), arity


def unify_literals(a: Literal, b: Literal) -> dict[Var, Term] | None:
    """A most general unifier with every value resolved, or None (Robinson 1965)."""
    if key(a) != key(b):
        return None
    left, right = terms_of(a), terms_of(b)
    found = unify(left, right)
    if found is None and isinstance(a.body if isinstance(a, Not) else a, Equal):
        found = unify(left, right[::-1])
    return found


def key(f: Literal) -> Key:
    negated, a = (True, f.body) if isinstance(f, Not) else (False, f)
    match a:
        case Atom(pred, args):
            return negated, pred, len(args)
        case Equal():
            return negated, "=", -1  # no predicate has this arity
        case Less(_, _, strict):
            return negated, "<" if strict else "<=", -1
        case _:
            raise TypeError(f"no literal: {f!r}")


def terms_of(f: Literal) -> tuple[Term, ...]:
    a = f.body if isinstance(f, Not) else f
    if not isinstance(a, Atom | Equal | Less):
        raise TypeError(f"no literal: {f!r}")
    return literal_terms(a)


def as_literal(f: Formula) -> Literal:
    if not is_literal(f):
        raise TypeError(f"no literal: {f!r}")
    return f


def negated(f: Literal) -> Literal:
    return as_literal(negate(f))


def is_ground(t: Term) -> bool:
    return not any(isinstance(s, Var) for s in subterms(t))


def is_skolem(t: Term) -> bool:
    return isinstance(t, Const | Fn) and t.name.startswith(SKOLEM)

"""At least, at most and exactly so many, and all different: as formulas of first-order logic.

Knows the language only.  A counting quantifier is written out (Enderton 2001, section 2.2):

    at_least(n)   exists x1 ... xn. F(x1) and ... and F(xn) and x1 != x2 and ...
    at_most(n)    forall x1 ... xm. F(x1) and ... and F(xm) -> x1 = x2 or ...       where m = n + 1
    exactly(n)    both

`counted` reads them back.  At least one and at most none are plain quantifiers, and read as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal as OneOf
from typing import assert_never

from neurosym.logic.formulas import (
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Or,
    Term,
    Var,
    Xor,
    free_vars,
    substitute,
)

MOST = 40  # the formula of a count grows with its square
Kind = OneOf["at_least", "at_most", "exactly"]


def at_least(n: int, var: Var, body: Formula) -> Formula:
    """At least `n` things of which `body` holds.  Raises ValueError for a count that is too large."""
    if n <= 0:
        return TRUE
    return _at_least(_fresh(n, var, body), var, body)


def at_most(n: int, var: Var, body: Formula) -> Formula:
    """At most `n` things of which `body` holds.  Raises ValueError for a negative or too large count."""
    if n < 0:
        raise ValueError("there cannot be fewer than none")
    return _at_most(_fresh(n + 1, var, body), var, body)


def exactly(n: int, var: Var, body: Formula) -> Formula:
    """Exactly `n` things of which `body` holds.  Raises ValueError for a negative or too large count."""
    if n <= 0:
        return at_most(n, var, body)
    return And((at_least(n, var, body), at_most(n, var, body)))


def all_different(terms: Sequence[Term]) -> Formula:
    """No two of the terms denote one thing."""
    pairs = tuple(Not(Equal(a, b)) for a, b in combinations(terms, 2))
    return pairs[0] if len(pairs) == 1 else And(pairs)


def counted(f: Formula) -> tuple[Kind, int, Var, Formula] | None:
    """What `f` counts, where it is a counting quantifier written out: kind, count, variable, body."""
    try:
        match f:
            case Exists((var, _, *_) as vs, And((body, *_))) if f == _at_least(vs, var, body):
                return "at_least", len(vs), var, body
            case Forall((var, _, *_) as vs, Implies(And((body, *_)), _)) if f == _at_most(vs, var, body):
                return "at_most", len(vs) - 1, var, body
            case And((Exists((var, *rest), inner) as some, few)):
                body = inner.parts[0] if rest and isinstance(inner, And) and inner.parts else inner
                n = len(rest) + 1
                most = counted(few)
                if (
                    some == _at_least(some.vars, var, body)
                    and most is not None
                    and most[:2] == ("at_most", n)
                    and body == substitute(most[3], {most[2]: var})
                ):
                    return "exactly", n, var, body
    except ValueError:  # a substitution would capture a variable: no expansion looks so
        pass
    return None


def number_of(f: Formula) -> tuple[bool, int, Var, Formula] | None:
    """Where `f` says of how many things `body` holds: at least (else at most), count, variable, body.

    None for fewer than three variables, which are as quickly tried one by one, and where the body
    speaks of another of the variables: then it is no count.
    """
    if not isinstance(f, Forall | Exists) or len(f.vars) < 3 or (c := counted(f)) is None:
        return None
    kind, n, var, body = c
    return None if set(f.vars[1:]) & set(free_vars(body)) else (kind == "at_least", n, var, body)


def _fresh(n: int, var: Var, body: Formula) -> tuple[Var, ...]:
    """`n` variables that do not occur in `body`: the name of `var` and a number; `var` where n is 1."""
    if n > MOST:
        raise ValueError(f"a count of more than {MOST}")
    if n == 1:
        return (var,)
    used, out, i = _variables(body), list[Var](), 0
    while len(out) < n:
        i += 1
        if (v := Var(f"{var.name}{i}")) not in used:
            out.append(v)
    return tuple(out)


def _variables(f: Formula) -> set[Var]:
    """Free and bound."""
    match f:
        case Forall(vs, body) | Exists(vs, body):
            return {*vs, *_variables(body)}
        case Not(body):
            return _variables(body)
        case And(parts) | Or(parts):
            return {v for p in parts for v in _variables(p)}
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return _variables(a) | _variables(b)
        case Atom() | Equal() | Less():
            return set(free_vars(f))
        case _:
            assert_never(f)


def _at_least(vs: Sequence[Var], var: Var, body: Formula) -> Formula:
    each = tuple(substitute(body, {var: v}) for v in vs)
    apart = tuple(Not(Equal(a, b)) for a, b in combinations(vs, 2))
    return Exists(tuple(vs), And((*each, *apart)) if apart else each[0])


def _at_most(vs: Sequence[Var], var: Var, body: Formula) -> Formula:
    each = tuple(substitute(body, {var: v}) for v in vs)
    same = tuple(Equal(a, b) for a, b in combinations(vs, 2))
    if not same:
        return Forall(tuple(vs), Not(each[0]))
    return Forall(tuple(vs), Implies(And(each), same[0] if len(same) == 1 else Or(same)))

"""Linear arithmetic over the rationals: terms, and clauses that hold of all numbers.

Knows the language only.  Part of what the kernel trusts.  `+`, `-` and `*` are interpreted
where they stand in a comparison or an equality, and stand nowhere else; `integer(t)` says
that t is a whole number.  Every function that makes a clause checks that it is valid, by
adding up: nothing is searched here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from neurosym.logic.formulas import (
    Atom,
    Clause,
    Equal,
    Fn,
    Less,
    Literal,
    Not,
    Num,
    Statement,
    Term,
    is_arithmetic,
    literal_terms,
    literals,
    negate,
    subterms,
)

INTEGER = "integer"  # the predicate of whole numbers
Linear = tuple[dict[Term, Fraction], Fraction]  # the coefficient of each unknown, and the constant


def linear(t: Term) -> Linear:
    """`t` as a sum of unknowns (terms that are no arithmetic) and a constant.

    Raises ValueError for a product of unknowns.
    """
    match t:
        case Num(value):
            return {}, _exact(value)
        case Fn("-", (a,)):
            return _scaled(linear(a), Fraction(-1))
        case Fn("+" | "-" as op, (a, b)):
            left, right = linear(a), _scaled(linear(b), Fraction(1 if op == "+" else -1))
            return _sum((left, right))
        case Fn("*", (a, b)):
            left, right = linear(a), linear(b)
            if left[0] and right[0]:
                raise ValueError("a product of unknowns is not linear")
            return _scaled(right, left[1]) if not left[0] else _scaled(left, right[1])
        case _:
            if is_arithmetic(t):
                raise ValueError("an arithmetic operation with the wrong number of operands")
            return {t: Fraction(1)}, Fraction(0)


def _exact(value: object) -> Fraction:
    """A float would be rounded, and nan compares with nothing."""
    if type(value) is not Fraction:
        raise ValueError("a number is a fraction")
    return value


def _scaled(form: Linear, k: Fraction) -> Linear:
    return {t: k * c for t, c in form[0].items() if k}, k * form[1]


def _sum(forms: Iterable[Linear]) -> Linear:
    total: dict[Term, Fraction] = {}
    constant = Fraction(0)
    for coefficients, c in forms:
        constant += c
        for t, k in coefficients.items():
            total[t] = total.get(t, Fraction(0)) + k
    return {t: k for t, k in total.items() if k}, constant


def number(t: Term) -> Fraction | None:
    """The value of a term over numerals alone; None where it is no such term.

    Raises ValueError for a numeral that is no Fraction.
    """
    if isinstance(t, Num):
        return _exact(t.value)
    if not is_arithmetic(t):
        return None
    try:
        unknowns, constant = linear(t)
    except ValueError:
        return None
    # an unknown that cancels out is still none of ours: x - x is settled only where x is a number
    return None if unknowns or any(not _of_numerals(s) for s in subterms(t)) else constant


def _of_numerals(t: Term) -> bool:
    return isinstance(t, Num) or is_arithmetic(t)


def misplaced(f: Statement) -> Term | None:
    """An arithmetic term that stands in an argument, or has the wrong number of operands."""
    for a in literals(f):
        for t in literal_terms(a):
            inside = isinstance(a, Atom) and (a.pred, len(a.args)) != (INTEGER, 1)
            if (found := _misplaced(t, inside)) is not None:
                return found
    return None


def _misplaced(t: Term, inside: bool) -> Term | None:
    if not isinstance(t, Fn):
        return None
    if is_arithmetic(t):
        if inside or len(t.args) not in ((1, 2) if t.name == "-" else (2,)):
            return t
    else:
        inside = True
    return next((found for a in t.args if (found := _misplaced(a, inside)) is not None), None)


# --- valid clauses --------------------------------------------------------------------


def farkas(parts: Sequence[tuple[Literal, Fraction]]) -> Clause:
    """The clause that not all of these literals hold, each times its coefficient summing to falsity.

    Farkas' lemma (Schrijver 1986, section 7.3): a positive multiple of `t < 0` or `t <= 0`, any
    multiple of `t = 0`; where the unknowns cancel and what is left is `c < 0` with c >= 0, or
    `c <= 0` with c > 0, the literals contradict each other.  Raises ValueError where they do not.
    """
    forms, strict = [], False
    for literal, k in parts:
        _exact(k)
        match literal:
            case Less(a, b, s) if k > 0:
                forms.append(_scaled(linear(Fn("-", (a, b))), k))
                strict = strict or s
            case Not(Less(a, b, s)) if k > 0:
                forms.append(_scaled(linear(Fn("-", (b, a))), k))
                strict = strict or not s
            case Equal(a, b) if k:
                forms.append(_scaled(linear(Fn("-", (a, b))), k))
            case _:
                raise ValueError("a part of the sum is no comparison, or has the wrong sign")
    unknowns, constant = _sum(forms)
    if unknowns or constant < 0 or (constant == 0 and not strict):
        raise ValueError("the comparisons do not add up to a falsity")
    return tuple(_negated(literal) for literal, _ in parts)


def _negated(literal: Literal) -> Literal:
    out = negate(literal)
    if not isinstance(out, Atom | Equal | Less | Not):
        raise TypeError("the negation of a literal is a literal")
    return out


def split(t: Term, bound: int) -> Clause:
    """`t <= bound` or `bound + 1 <= t`, or an unknown of `t` is no integer.

    Raises ValueError where `t` has a coefficient or constant that is no integer.
    """
    unknowns, constant = linear(t)
    if type(bound) is not int or any(k.denominator != 1 for k in (*unknowns.values(), constant)):
        raise ValueError("a sum of integers has whole coefficients")
    whole = tuple(Not(Atom(INTEGER, (u,))) for u in unknowns)
    return (*whole, Less(t, Num(Fraction(bound)), False), Less(Num(Fraction(bound + 1)), t, False))


def trichotomy(a: Term, b: Term) -> Clause:
    """`a < b`, `b < a` or `a = b`."""
    return (Less(a, b), Less(b, a), Equal(a, b))


def whole_sum(t: Term) -> Clause:
    """`t` is an integer, or some unknown of it is none.

    Raises ValueError where `t` has a coefficient or constant that is no integer.
    """
    coefficients, constant = linear(t)
    if any(k.denominator != 1 for k in (*coefficients.values(), constant)):
        raise ValueError("a sum of integers has whole coefficients")
    # also of those that cancel out: only of numbers is anything said
    return (*(Not(Atom(INTEGER, (u,))) for u in dict.fromkeys(_unknowns(t))), Atom(INTEGER, (t,)))


def _unknowns(t: Term) -> Iterator[Term]:
    if is_arithmetic(t) and isinstance(t, Fn):
        for a in t.args:
            yield from _unknowns(a)
    elif not isinstance(t, Num):
        yield t


def whole(value: Fraction) -> Clause:
    """Whether this numeral is an integer."""
    atom = Atom(INTEGER, (Num(_exact(value)),))
    return (atom,) if value.denominator == 1 else (Not(atom),)

"""Formulas and theories to text; the format is described in the package's docstring."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import assert_never

from neurosym.logic import (
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
)
from neurosym.theory import Theory

KEYWORDS = frozenset(
    ["and", "or", "xor", "not", "implies", "iff", "forall", "exists", "naf", "true", "false"]
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


_OPEN: frozenset[str] = frozenset()


def quote(name: str, bound: frozenset[str] = _OPEN) -> str:
    """A name as it stands in text: plain, or in single quotes with escapes.

    Among `bound` variables a bare name would be one of them, and is quoted.
    """
    if _PLAIN.match(name) and name not in KEYWORDS and name not in bound:
        return name
    out = []
    for c in name:
        match c:
            case "'" | "\\":
                out.append("\\" + c)
            case "\n":
                out.append("\\n")
            case "\t":
                out.append("\\t")
            case "\r":
                out.append("\\r")
            case _:
                out.append(c if c.isprintable() else f"\\u{{{ord(c):x}}}")
    return "'" + "".join(out) + "'"


def show_term(t: Term, bound: frozenset[str] = _OPEN) -> str:
    """The text of a term that stands where the names `bound` are variables."""
    match t:
        case Var(name):
            return "?" + quote(name)
        case Const(name):
            return quote(name, bound)
        case Num(value):
            return str(value)
        case Fn(name, args):
            return f"{quote(name)}({', '.join(show_term(a, bound) for a in args)})"
        case _:
            assert_never(t)


def show(f: Statement | Naf) -> str:
    """The text of a formula, a rule or a body literal, without a closing dot."""
    if isinstance(f, Rule):
        return f"{_show(f.head, 6)} :- {', '.join(_show_body(b) for b in f.body) or 'true'}"
    return _show_body(f) if isinstance(f, Naf) else _show(f, 0)


def _show_body(b: BodyLiteral) -> str:
    return f"naf {_show(b.body, 6)}" if isinstance(b, Naf) else _show(b, 6)


def _show(f: Formula, level: int, bound: frozenset[str] = _OPEN) -> str:
    """`level` is the binding strength of the place: iff 1, xor 2, implies 3, or 4, and 5, unary 6."""
    match f:
        case Atom(pred, args):
            inside = ", ".join(show_term(a, bound) for a in args)
            return f"{quote(pred)}({inside})" if args else quote(pred, bound)
        case Equal(a, b):
            return f"{show_term(a, bound)} = {show_term(b, bound)}"
        case Less(a, b, strict):
            return f"{show_term(a, bound)} {'<' if strict else '<='} {show_term(b, bound)}"
        case Not(Equal(a, b)):
            return f"{show_term(a, bound)} != {show_term(b, bound)}"
        case Not(body):
            return (
                f"not {_show(body, 6, bound)}"
                if not isinstance(body, Less)
                else f"not ({_show(body, 0, bound)})"
            )
        case And(()):
            return "true"
        case Or(()):
            return "false"
        case And((only,)) | Or((only,)):
            return f"{'and' if isinstance(f, And) else 'or'}({_show(only, 0, bound)})"
        case And(parts):
            return _wrap(" and ".join(_show(p, 6, bound) for p in parts), 5, level)
        case Or(parts):
            return _wrap(" or ".join(_show(p, 5, bound) for p in parts), 4, level)
        case Implies(a, b):
            return _wrap(f"{_show(a, 4, bound)} -> {_show(b, 3, bound)}", 3, level)
        case Xor(a, b):
            return _wrap(f"{_show(a, 3, bound)} xor {_show(b, 3, bound)}", 2, level)
        case Iff(a, b):
            return _wrap(f"{_show(a, 2, bound)} <-> {_show(b, 2, bound)}", 1, level)
        case Forall(vs, body) | Exists(vs, body):
            word = "forall" if isinstance(f, Forall) else "exists"
            inner = bound | {v.name for v in vs}
            return _wrap(f"{word} {' '.join(map(show_term, vs))}. {_show(body, 0, inner)}", 0.5, level)
        case _:
            assert_never(f)


def _wrap(text: str, own: float, place: int) -> str:
    return f"({text})" if own < place else text


def show_theory(theory: Theory) -> str:
    """Every claim on a line with its label, and its score where it is below 1."""
    lines = ["closed world."] if theory.closed_world else []
    for c in theory.claims:
        # repr is exact; only its exponent notation is not in the format
        score = repr(c.score) if "e" not in repr(c.score) else str(Fraction(c.score))
        score = f" [{score}]" if c.score < 1 else ""
        lines.append(f"{quote(c.label)}{score}: {show(c.formula)}.")
    return "\n".join(lines) + "\n"

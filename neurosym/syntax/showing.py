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
from neurosym.theory import Semantics, Theory

KEYWORDS = frozenset(
    ["and", "or", "xor", "not", "implies", "iff", "forall", "exists", "naf", "true", "false"]
)
ALL_DIFFERENT, NORMALLY = "all_different", "normally"
# words only where they stand before certain others; a name that is one of them is shown in quotes
_QUOTED = KEYWORDS | {ALL_DIFFERENT, NORMALLY}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


_OPEN: frozenset[str] = frozenset()


def quote(name: str, bound: frozenset[str] = _OPEN) -> str:
    """A name as it stands in text: plain, or in single quotes with escapes.

    Among `bound` variables a bare name would be one of them, and is quoted.
    """
    if _PLAIN.match(name) and name not in _QUOTED and name not in bound:
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
    return _show_term(t, 1, bound)


def _show_term(t: Term, level: int, bound: frozenset[str]) -> str:
    """`level` is the binding strength of the place: sum 1, product 2, factor 3."""
    match t:
        case Var(name):
            return "?" + quote(name)
        case Const(name):
            return quote(name, bound)
        case Num(value):
            return str(value)
        case Fn("+" | "-" as op, (a, b)):
            return _wrap(f"{_show_term(a, 1, bound)} {op} {_show_term(b, 2, bound)}", 1, level)
        case Fn("*", (a, b)):
            return _wrap(f"{_show_term(a, 2, bound)} * {_show_term(b, 3, bound)}", 2, level)
        case Fn("-", (Num() as a,)):
            return f"-({_show_term(a, 1, bound)})"
        case Fn("-", (a,)):
            return f"-{_show_term(a, 3, bound)}"
        case Fn(name, args):
            return f"{quote(name)}({', '.join(_show_term(a, 1, bound) for a in args)})"
        case _:
            assert_never(t)


def show(f: Statement | Naf) -> str:
    """The text of a formula, a rule or a body literal, without a closing dot."""
    if isinstance(f, Rule):
        normally = f"{NORMALLY} " if f.defeasible else ""
        return f"{normally}{_show(f.head, 6)} :- {', '.join(_show_body(b) for b in f.body) or 'true'}"
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
    if theory.closed:
        lines.append(f"closed {', '.join(f'{quote(name)}/{arity}' for name, arity in theory.closed)}.")
    if theory.semantics is not Semantics.CLASSICAL:
        lines.append(f"semantics {theory.semantics.value}.")
    for c in theory.claims:
        # repr is exact; only its exponent notation is not in the format
        score = repr(c.score) if "e" not in repr(c.score) else str(Fraction(c.score))
        score = f" [{score}]" if c.score < 1 else ""
        lines.append(f"{quote(c.label)}{score}: {show(c.formula)}.")
    lines += [f"prefer {quote(stronger)} over {quote(weaker)}." for stronger, weaker in theory.prefer]
    return "\n".join(lines) + "\n"

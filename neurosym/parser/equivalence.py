"""Do two readings say the same?  Formulas up to the names of bound variables and the order of parts.

Equality modulo renaming, associativity and commutativity, by matching with backtracking; a search that
grows too long counts as "not the same", so the answer errs on one side only.  Knows formulas and what
decoding returns; must not know sentences or models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias, assert_never

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
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
)
from neurosym.parser.decode import Decoded

STEPS = 20_000  # of one comparison
_Names: TypeAlias = Mapping[Var, Var]
_Levels: TypeAlias = tuple[
    Mapping[Var, int], Mapping[Var, int]
]  # the quantifier that binds each variable, on either side


def same_reading(a: Decoded, b: Decoded) -> bool:
    """The same act, question and formula, taking the same for granted; names may differ in capitals."""
    if (a.act, a.count, a.partial, len(a.variables)) != (b.act, b.count, b.partial, len(b.variables)):
        return False
    taken = {_lower(f) for f in a.presuppositions}, {_lower(f) for f in b.presuppositions}
    asked = dict(zip(a.variables, b.variables, strict=True))
    return taken[0] == taken[1] and same(a.formula, b.formula, asked)


def same(a: Formula, b: Formula, free: _Names | None = None) -> bool:
    """Whether `a` is `b` up to bound names and order.  `free` says which free variable stands for which."""
    if a == b and not any(v != w for v, w in (free or {}).items()):
        return True
    if _shape(a) != _shape(b):
        return False
    try:
        return next(_Matching().formulas(a, b, dict(free or {}), ({}, {})), None) is not None
    except _TooLong:
        return False


class _TooLong(Exception):
    """The search was given up."""


class _Matching:
    """One search.  A bound variable without a partner yet takes the first that makes the rest match."""

    def __init__(self) -> None:
        self.steps = 0

    def formulas(self, f: Formula, g: Formula, names: _Names, at: _Levels) -> Iterator[_Names]:
        """Every way to name the variables of `f` as those of `g`; `at` pairs their quantifiers."""
        self.steps += 1
        if self.steps > STEPS:
            raise _TooLong
        match f, g:
            case (Forall(vs, a), Forall(ws, b)) | (Exists(vs, a), Exists(ws, b)) if len(vs) == len(ws):
                inner = {v: w for v, w in names.items() if v not in vs}
                level = len(at[0]) + len(at[1]) + 1
                below = {**at[0], **dict.fromkeys(vs, level)}, {**at[1], **dict.fromkeys(ws, level)}
                for found in self.formulas(a, b, inner, below):
                    outer = {v: w for v, w in found.items() if v not in vs}
                    yield outer | {v: w for v, w in names.items() if v in vs}
            case Not(a), Not(b):
                yield from self.formulas(a, b, names, at)
            case (And() | Or(), And() | Or()) if type(f) is type(g):
                yield from self.parts(_flat(f), _flat(g), names, at)
            case (Xor(a, b), Xor(c, d)) | (Iff(a, b), Iff(c, d)):
                yield from self.parts((a, b), (c, d), names, at)
            case Implies(a, b), Implies(c, d):
                for found in self.formulas(a, c, names, at):
                    yield from self.formulas(b, d, found, at)
            case Atom(p, xs), Atom(q, ys) if p == q and len(xs) == len(ys):
                yield from self.terms(xs, ys, names, at)
            case Equal(a, b), Equal(c, d):
                yield from self.terms((a, b), (c, d), names, at)
                yield from self.terms((a, b), (d, c), names, at)
            case Less(), Less():
                yield from self.terms((f.left, f.right), (g.left, g.right), names, at)
            case _:
                return

    def parts(
        self, fs: tuple[Formula, ...], gs: tuple[Formula, ...], names: _Names, at: _Levels
    ) -> Iterator[_Names]:
        if len(fs) != len(gs):
            return
        if not fs:
            yield names
            return
        first, rest = fs[0], fs[1:]
        shape = _shape(first)
        for i, g in enumerate(gs):
            if _shape(g) == shape:
                for found in self.formulas(first, g, names, at):
                    yield from self.parts(rest, gs[:i] + gs[i + 1 :], found, at)

    def terms(
        self, xs: tuple[Term, ...], ys: tuple[Term, ...], names: _Names, at: _Levels
    ) -> Iterator[_Names]:
        known = dict(names)
        for x, y in zip(xs, ys, strict=True):
            match x, y:
                case Var(), Var() if x in known:
                    if known[x] != y:
                        return
                case Var(), Var() if x in at[0] and at[0][x] == at[1].get(y) and y not in known.values():
                    known[x] = y
                case Var(), Var() if x == y and x not in at[0] and y not in at[1]:
                    pass
                case (Const(a), Const(b)) if a.lower() == b.lower():
                    pass
                case (Num(), Num()) | (Fn(), Fn()) if x == y:
                    pass
                case _:
                    return
        yield known


def _flat(f: And | Or) -> tuple[Formula, ...]:
    kind = type(f)
    return tuple(
        q for p in f.parts for q in (_flat(p) if isinstance(p, And | Or) and type(p) is kind else (p,))
    )


def _lower(f: Formula) -> str:
    return _shape(f)


def _shape(f: Formula) -> str:
    """What is left of a formula without the names of its variables and the order of its parts."""
    match f:
        case Atom(pred, args):
            return f"{pred}({','.join(map(_term, args))})"
        case Equal(a, b):
            return "=".join(sorted((_term(a), _term(b))))
        case Less():
            return f"{_term(f.left)}<{_term(f.right)}"
        case Not(body):
            return f"~{_shape(body)}"
        case Forall(vs, body):
            return f"A{len(vs)}({_shape(body)})"
        case Exists(vs, body):
            return f"E{len(vs)}({_shape(body)})"
        case And():
            return f"&({' '.join(sorted(map(_shape, _flat(f))))})"
        case Or():
            return f"|({' '.join(sorted(map(_shape, _flat(f))))})"
        case Xor(a, b) | Iff(a, b):
            return f"{type(f).__name__}({' '.join(sorted((_shape(a), _shape(b))))})"
        case Implies(a, b):
            return f">({_shape(a)} {_shape(b)})"
        case _:
            assert_never(f)


def _term(t: Term) -> str:
    match t:
        case Var():
            return "?"
        case Const(name):
            return name.lower()
        case Num() | Fn():
            return repr(t)
        case _:
            assert_never(t)

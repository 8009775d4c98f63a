"""What a gold formula of FOLIO says of one thing: its quantifier, its matrix and that one's parts.

Knows formulas only.  Must not know how sentences are cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Or,
    Var,
    Xor,
    atoms,
    free_vars,
    map_terms,
)

FEW = 8  # different atoms of a formula; a truth table has 2 ** FEW rows


@dataclass(frozen=True, slots=True)
class Gold:
    """`quantifier` (ALL, EX or nothing) over `matrix`, whose `parts` are taken as they are."""

    quantifier: str
    matrix: Formula
    parts: tuple[Formula, ...]  # atoms, and what has quantifiers of its own


def gold_of(f: Formula) -> Gold | None:
    """The outer quantifier, its matrix and that one's parts; None for what has several variables."""
    quantifier, denied = "", False
    while isinstance(f, Forall | Exists) or (isinstance(f, Not) and isinstance(f.body, Forall | Exists)):
        if isinstance(f, Not):
            f, denied = f.body, not denied
            continue
        here = "ALL" if isinstance(f, Forall) != denied else "EX"
        if quantifier not in ("", here):
            break
        quantifier, f = here, f.body
    if denied:
        f = Not(f)
    names = free_vars(f)
    if len(names) > 1:
        if (g := _one_variable(f, names)) is None:
            return None
        f = g
    parts = tuple(dict.fromkeys(_parts(f)))
    return Gold(quantifier, f, parts) if 1 <= len(parts) <= FEW else None


def golds_of(f: Formula, words: Sequence[str]) -> list[Gold]:
    """The gold formula in the forms that its annotators may have meant, as it stands first.

    `some x. A(x) -> B(x)` says "some A are B" for want of care, as `not (A xor B)` says "neither A nor B";
    what has things of its own may be one thing that is said of a name: "Sam is doing a project".
    """
    found = [gold_of(f)]
    low = {w.lower() for w in words}
    if isinstance(f, Exists) and isinstance(f.body, Implies):
        found.append(gold_of(Exists(f.vars, And((f.body.left, f.body.right)))))
    if "neither" in low and (other := _neither(f)) != f:
        found.append(gold_of(other))
    if isinstance(f, Exists | Forall) and any(isinstance(t, Const) for a in atoms(f) for t in a.args):
        found.append(Gold("", f, (f,)))
    match f:
        case Forall((x,), Implies(Atom(pred, (only,)), body)) if only == x and words[0][:1].isupper():
            # a name as a predicate: "the Tarn Bridge is old" as `all x. Tarn(x) -> Old(x)`
            found.append(gold_of(map_terms(body, lambda t: Const(pred) if t == x else t)))
        case _:
            pass
    return list(dict.fromkeys(g for g in found if g is not None))


def _neither(f: Formula) -> Formula:
    """With `not A and not B` for `not (A xor B)` and `not A or not B`."""
    match f:
        case Not(Xor(a, b)) | Or((Not(a), Not(b))):
            return And((Not(a), Not(b)))
        case Not(body):
            return Not(_neither(body))
        case And(parts):
            return And(tuple(_neither(p) for p in parts))
        case Or(parts):
            return Or(tuple(_neither(p) for p in parts))
        case Implies(a, b) | Xor(a, b) | Iff(a, b):
            return type(f)(_neither(a), _neither(b))
        case Forall(vs, body) | Exists(vs, body):
            return type(f)(vs, _neither(body))
        case _:
            return f


def _one_variable(f: Formula, names: Sequence[Var]) -> Formula | None:
    """`A(x, y) and B(y) -> C(x)` with y inside: `(exists y. A(x, y) and B(y)) -> C(x)`."""
    if not isinstance(f, Implies):
        return None
    kept = free_vars(f.right)
    if len(kept) != 1 or not isinstance(f.left, And):
        return None
    others = tuple(v for v in names if v != kept[0])
    inside = tuple(p for p in f.left.parts if set(free_vars(p)) & set(others))
    rest = tuple(p for p in f.left.parts if p not in inside)
    group = Exists(others, And(inside))
    return Implies(And((*rest, group)) if rest else group, f.right)


def _parts(f: Formula) -> Iterator[Formula]:
    match f:
        case Not(body):
            yield from _parts(body)
        case And(ps) | Or(ps):
            for p in ps:
                yield from _parts(p)
        case Implies(a, b) | Iff(a, b) | Xor(a, b):
            yield from _parts(a)
            yield from _parts(b)
        case Atom() | Equal() | Less() | Forall() | Exists():
            yield f
        case _:
            assert_never(f)

"""The user's symbols as numbers, and the way back.

Knows the language and the numbered clauses of `clausal`.  Must not know solvers or certificates.
Predicates 0, 1 and 2 are `=`, `<` and `<=`; sums, products and `integer` have numbers below 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from neurosym.logic import INTEGER as WHOLE
from neurosym.logic import SKOLEM, Atom, Clause, Const, Equal, Fn, Less, Literal, Not, Num, Term, Var
from neurosym.solvers.clausal import (
    ADD,
    AT_MOST,
    EQUAL,
    INTEGER,
    LESS,
    MINUS,
    MULTIPLY,
    SUBTRACT,
    WireTerm,
)  # fmt: skip

Wire: TypeAlias = dict[str, Any]

_VALUES = {("+", 2): ADD, ("-", 2): SUBTRACT, ("-", 1): MINUS, ("*", 2): MULTIPLY}
_OPERATIONS = {number: name for (name, _), number in _VALUES.items()}


@dataclass(slots=True)
class Names:
    """Numbers of the symbols; `origin` has the numbered clauses: label, number in its claim, variables."""

    constants: list[Const | Num] = field(default_factory=list)
    functions: list[tuple[str, int]] = field(default_factory=list)
    predicates: list[tuple[str, int]] = field(default_factory=lambda: [("=", 2), ("<", 2), ("<=", 2)])
    index: dict[object, int] = field(default_factory=dict)
    origin: list[tuple[str, int, tuple[Var, ...], Clause]] = field(default_factory=list)

    def copy(self) -> Names:
        return Names(
            list(self.constants),
            list(self.functions),
            list(self.predicates),
            dict(self.index),
            list(self.origin),
        )

    def _number(self, key: object, entry: Any, table: list[Any]) -> int:
        if (n := self.index.get(key)) is None:
            n = self.index[key] = len(table)
            table.append(entry)
        return n

    def term(self, t: Term, variables: dict[Var, int]) -> Any:
        match t:
            case Var():
                return -1 - variables.setdefault(t, len(variables))
            case Const() | Num():
                return self._number(t, t, self.constants)
            case Fn(name, args):
                if (value := _VALUES.get((name, len(args)))) is not None:
                    return [value, *(self.term(a, variables) for a in args)]
                key = ("function", name, len(args))
                n = self._number(key, (name, len(args)), self.functions)
                return [n, *(self.term(a, variables) for a in args)]
            case _:
                assert_never(t)

    def literal(self, f: Literal, variables: dict[Var, int]) -> list[Any]:
        sign, a = (0, f.body) if isinstance(f, Not) else (1, f)
        match a:
            case Atom(pred, args):
                if pred == WHOLE and len(args) == 1:
                    return [sign, INTEGER, self.term(args[0], variables)]
                n = self._number(("predicate", pred, len(args)), (pred, len(args)), self.predicates)
                return [sign, n, *(self.term(t, variables) for t in args)]
            case Equal(left, right):
                return [sign, EQUAL, self.term(left, variables), self.term(right, variables)]
            case Less(left, right, strict):
                n = LESS if strict else AT_MOST
                return [sign, n, self.term(left, variables), self.term(right, variables)]
            case _:
                raise TypeError("not a literal")

    def add(self, claim: int, label: str, found: tuple[Clause, ...]) -> Iterator[list[Any]]:
        for i, clause in enumerate(found):
            variables: dict[Var, int] = {}
            literals = [self.literal(f, variables) for f in clause]
            self.origin.append((label, i, tuple(variables), clause))
            yield [claim, len(variables), literals]

    def problem(self, wire: list[list[Any]]) -> Wire:
        if not self.constants:  # a universe is not empty; any term may instantiate a variable
            self.constants.append(Const(f"{SKOLEM}:any"))
        numbers = [(i, str(c.value)) for i, c in enumerate(self.constants) if isinstance(c, Num)]
        return {"clauses": wire, "constants": len(self.constants), "numbers": numbers}

    # --- the way back ---

    def term_of(self, t: WireTerm) -> Term:
        """A ground term."""
        if isinstance(t, int):
            return self.constants[t]
        name = _OPERATIONS[t[0]] if t[0] < 0 else self.functions[t[0]][0]
        return Fn(name, tuple(self.term_of(a) for a in t[1:]))

    def atom_of(self, pred: int, terms: Sequence[WireTerm]) -> Atom | Equal | Less:
        """A ground atom."""
        args = tuple(map(self.term_of, terms))
        match pred:
            case 0:  # EQUAL
                return Equal(args[0], args[1])
            case 1 | 2:  # LESS, AT_MOST
                return Less(args[0], args[1], pred == LESS)
            case -1:  # INTEGER
                return Atom(WHOLE, args)
            case _:
                return Atom(self.predicates[pred][0], args)

"""Names as numbers: how terms cross to Prolog and back.

Knows logic.  No text of a user ever becomes Prolog text: constants and numerals are sent as
integers, functions as f0, f1, ..., predicates as p0, p1, ... (n0, n1, ... for the classical
negation), and the answer's numbers are looked up here.  Whatever a name holds (quotes, NUL,
`:- shell(...)`), what crosses is made of [a-z0-9(),].
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from neurosym.logic import Const, Fn, Num, Term, Var


class Symbols:
    """A growing table of the names of one loaded theory."""

    def __init__(self) -> None:
        self._atomic: dict[Const | Num, int] = {}
        self._atomics: list[Const | Num] = []
        self._functions: dict[tuple[str, int], int] = {}
        self._names: list[tuple[str, int]] = []
        self._predicates: dict[tuple[str, int], int] = {}

    @property
    def size(self) -> int:
        """The number of names, to see a table grow."""
        return len(self._atomics) + len(self._names) + len(self._predicates)

    def predicate(self, name: str, arity: int) -> int:
        return self._predicates.setdefault((name, arity), len(self._predicates))

    def atomic(self, t: Const | Num) -> int:
        number = self._atomic.get(t)
        if number is None:
            number = self._atomic[t] = len(self._atomics)
            self._atomics.append(t)
        return number

    def encode(self, t: Term, variables: dict[Var, str]) -> str:
        """Prolog text of `t`.  Raises KeyError for a variable that `variables` does not name."""
        match t:
            case Const() | Num():
                return str(self.atomic(t))
            case Var():
                return variables[t]
            case Fn(name, args):
                key = (name, len(args))
                if (number := self._functions.get(key)) is None:
                    number = self._functions[key] = len(self._names)
                    self._names.append(key)
                return f"f{number}" + arguments([self.encode(a, variables) for a in args])
            case _:
                assert_never(t)

    def decode(self, text: str) -> Term:
        """The ground term that Prolog wrote.  Raises ValueError where it wrote something else."""
        if text.isdigit():
            return self._atomics[int(text)]
        term, rest = self._read(text, 0)
        if rest != len(text):
            raise ValueError(f"not a term: {text!r}")
        return term

    def _read(self, text: str, start: int) -> tuple[Term, int]:
        end = start + (text[start : start + 1] == "f")
        first = end
        while text[end : end + 1].isdigit():
            end += 1
        if end == first:
            raise ValueError(f"not a term: {text!r}")
        number = int(text[first:end])
        if first == start:
            return self._atomics[number], end
        name, arity = self._names[number]
        args: list[Term] = []
        while len(args) < arity:
            if text[end : end + 1] != (",("[not args]):
                raise ValueError(f"not a term: {text!r}")
            arg, end = self._read(text, end + 1)
            args.append(arg)
        return Fn(name, tuple(args)), end + bool(arity)


def arguments(texts: list[str]) -> str:
    return f"({','.join(texts)})" if texts else ""


def ratio(value: Fraction) -> tuple[str, str]:
    """Numerator and denominator in hexadecimal, which has no limit on its digits."""
    return hex(value.numerator), hex(value.denominator)

"""Terms and atoms as tuples of numbers, for the saturation prover: unification, matching, an ordering.

Knows the language only.  A variable is an integer, an application the tuple (symbol, *arguments), a
constant (symbol,).  An atom has the same form: EQUAL stands before two terms.  Variables that
count down from -1 are those of a clause's mirror image, so that two clauses never share any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from neurosym.logic import SKOLEM, Atom, Clause, Const, Equal, Fn, Less, Not, Num, Term, Var

# int | tuple[int, *Terms]: mypy has no recursive tuples of this kind
Packed: TypeAlias = Any
Binding: TypeAlias = dict[int, Packed]
Signed: TypeAlias = tuple[bool, Packed]  # a literal
EQUAL, TOP = 0, 1


@dataclass(slots=True)
class Symbols:
    """The numbers of symbols: functions and predicates in one table."""

    names: list[object] = field(default_factory=lambda: ["=", "top"])
    arity: list[int] = field(default_factory=lambda: [2, 0])
    above: list[int] = field(default_factory=lambda: [0, 0])  # 1 for predicates
    index: dict[object, int] = field(default_factory=dict)
    numerals: dict[int, Num] = field(default_factory=dict)

    def _number(self, key: object, arity: int, above: int) -> int:
        if (n := self.index.get(key)) is None:
            n = self.index[key] = len(self.names)
            self.names.append(key)
            self.arity.append(arity)
            self.above.append(above)
        return n

    def term(self, t: Term, variables: dict[Var, int]) -> Packed:
        match t:
            case Var():
                return variables.setdefault(t, len(variables))
            case Const():
                return (self._number(t, 0, 0),)
            case Num():
                n = self._number(t, 0, 0)
                self.numerals[n] = t
                return (n,)
            case Fn(name, args):
                n = self._number((name, len(args)), len(args), 0)
                return (n, *(self.term(a, variables) for a in args))
            case _:
                assert_never(t)

    def clause(self, c: Clause, variables: dict[Var, int]) -> tuple[Signed, ...]:
        """The literals; `variables` gets the number of each variable, in order of occurrence."""
        out = []
        for f in c:
            sign, a = (False, f.body) if isinstance(f, Not) else (True, f)
            match a:
                case Atom(pred, args):
                    n = self._number(("predicate", pred, len(args)), len(args), 1)
                    atom = (n, *(self.term(t, variables) for t in args))
                case Equal(left, right):
                    atom = (EQUAL, self.term(left, variables), self.term(right, variables))
                case Less(left, right, strict):  # nothing is known of it but that equals are equal
                    n = self._number("<" if strict else "<=", 2, 1)
                    atom = (n, self.term(left, variables), self.term(right, variables))
                case _:
                    raise TypeError("not a literal")
            out.append((sign, atom))
        return tuple(out)

    def constant(self) -> Packed:
        """Some constant; a universe is not empty, so there is one."""
        for n, key in enumerate(self.names):
            if isinstance(key, Const):
                return (n,)
        return (self._number(Const(f"{SKOLEM}:any"), 0, 0),)

    def term_of(self, t: Packed) -> Term:
        """The ground term that `t` stands for."""
        key = self.names[t[0]]
        if isinstance(key, Const | Num):
            return key
        if not isinstance(key, tuple):
            raise TypeError("no term")
        return Fn(str(key[0]), tuple(self.term_of(a) for a in t[1:]))


# --- substitution and unification --------------------------------------------------------


def resolved(t: Packed, s: Binding) -> Packed:
    """`t` with all that `s` says of its variables."""
    if isinstance(t, int):
        return resolved(s[t], s) if t in s else t
    if len(t) == 1:
        return t
    return (t[0], *[resolved(a, s) for a in t[1:]])


def renamed(t: Packed, number: Binding) -> Packed:
    """Each variable replaced at once, where `resolved` would go on."""
    if isinstance(t, int):
        return number[t]
    return t if len(t) == 1 else (t[0], *[renamed(a, number) for a in t[1:]])


def mirrored(t: Packed) -> Packed:
    if isinstance(t, int):
        return -1 - t
    return t if len(t) == 1 else (t[0], *[mirrored(a) for a in t[1:]])


def variables(t: Packed) -> Iterator[int]:
    if isinstance(t, int):
        yield t
    else:
        for a in t[1:]:
            yield from variables(a)


def weight(t: Packed) -> int:
    """The number of symbols and variables."""
    return 1 if isinstance(t, int) else 1 + sum([weight(a) for a in t[1:]])


def _occurs(x: int, t: Packed, s: Binding) -> bool:
    if isinstance(t, int):
        return t == x or (t in s and _occurs(x, s[t], s))
    return any(_occurs(x, a, s) for a in t[1:])


def unify(left: Packed, right: Packed, s: Binding) -> bool:
    """Extend `s` to a most general unifier (Robinson 1965); where there is none, False, and `s` is spoilt."""
    todo = [(left, right)]
    while todo:
        a, b = todo.pop()
        while isinstance(a, int) and a in s:
            a = s[a]
        while isinstance(b, int) and b in s:
            b = s[b]
        if a == b:
            continue
        if isinstance(a, int):
            if _occurs(a, b, s):
                return False
            s[a] = b
        elif isinstance(b, int):
            if _occurs(b, a, s):
                return False
            s[b] = a
        elif a[0] != b[0]:
            return False
        else:
            todo += zip(a[1:], b[1:], strict=True)
    return True


def match(pattern: Packed, t: Packed, s: Binding) -> bool:
    """Extend `s` so that `pattern` becomes `t`; where that cannot be, False, and `s` is spoilt."""
    if isinstance(pattern, int):
        if pattern in s:
            return bool(s[pattern] == t)
        s[pattern] = t
        return True
    if isinstance(t, int) or pattern[0] != t[0]:
        return False
    return all(match(p, u, s) for p, u in zip(pattern[1:], t[1:], strict=True))


def places(t: Packed, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Packed]]:
    """The subterms that are no variables, each with the way to it."""
    if not isinstance(t, int):
        yield path, t
        for i, a in enumerate(t[1:], 1):
            yield from places(a, (*path, i))


def replaced(t: Packed, path: tuple[int, ...], new: Packed) -> Packed:
    if not path:
        return new
    i = path[0]
    return (*t[:i], replaced(t[i], path[1:], new), *t[i + 1 :])


# --- literals ---------------------------------------------------------------------------


def instance(pattern: Packed, atom: Packed) -> Binding | None:
    """The binding under which one atom becomes the other, an equation maybe turned round."""
    s: Binding = {}
    if match(pattern, atom, s):
        return s
    s = {}
    if atom[0] == EQUAL and match(pattern, (EQUAL, atom[2], atom[1]), s):
        return s
    return None


def subsumes(c: Sequence[Signed], d: Sequence[Signed]) -> bool:
    """Is an instance of c a part of d?"""
    return len(c) <= len(d) and _fits(c, d, {})


def _fits(c: Sequence[Signed], d: Sequence[Signed], s: Binding) -> bool:
    if not c:
        return True
    (sign, pattern), *rest = c
    for other, atom in d:
        if other is sign and atom[0] == pattern[0]:
            t = dict(s)
            if match(pattern, atom, t) and _fits(rest, d, t):
                return True
            if atom[0] == EQUAL:
                t = dict(s)
                if match(pattern, (EQUAL, atom[2], atom[1]), t) and _fits(rest, d, t):
                    return True
    return False


# --- the ordering ------------------------------------------------------------------------


class Ordering:
    """Knuth & Bendix 1970, with all weights 1: total on ground terms, stable under substitution.

    Precedence: predicates above functions, more arguments above fewer, later symbols above earlier;
    numerals below all, so that what equals one is rewritten to it.
    """

    def __init__(self, symbols: Symbols) -> None:
        self._rank = [
            (symbols.above[n], symbols.arity[n] if n not in symbols.numerals else -1, n)
            for n in range(len(symbols.names))
        ]
        self._rank[TOP] = (-1, 0, 0)
        self._known: dict[tuple[Packed, Packed], bool] = {}

    def greater(self, s: Packed, t: Packed) -> bool:
        """Is s above t?"""
        if isinstance(s, int):
            return False
        key = (s, t)
        if (found := self._known.get(key)) is None:
            if len(self._known) > 200_000:
                self._known.clear()
            found = self._known[key] = self._greater(s, t)
        return found

    def _greater(self, s: Packed, t: Packed) -> bool:
        mine, its = dict[int, int](), dict[int, int]()
        for x in variables(s):
            mine[x] = mine.get(x, 0) + 1
        for x in variables(t):
            its[x] = its.get(x, 0) + 1
        if any(n > mine.get(x, 0) for x, n in its.items()):
            return False
        if isinstance(t, int):
            return True  # it occurs in s
        v, w = weight(s), weight(t)
        if v != w:
            return v > w
        if s[0] != t[0]:
            return bool(self._rank[s[0]] > self._rank[t[0]])
        for a, b in zip(s[1:], t[1:], strict=True):
            if a != b:
                return self.greater(a, b)
        return False

    def literal_greater(self, a: Packed, b: Packed) -> bool:
        """Of atoms that stand positively: an atom p counts as p = top, an equation as its two sides."""
        left, right = list(_sides(a)), list(_sides(b))
        for t in list(left):
            if t in right:
                left.remove(t)
                right.remove(t)
        return bool(left) and all(any(self.greater(x, y) for x in left) for y in right)


def _sides(a: Packed) -> tuple[Packed, ...]:
    return a[1:] if a[0] == EQUAL else (a, (TOP,))

"""Congruence closure that explains itself.

Knows terms, as numbers, and equalities between them with the literals that assert them.  Must
not know clauses or arithmetic: a sum is a name like any other.  Union-find with a forest of
reasons beside it (Nieuwenhuis & Oliveras 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from neurosym.logic import Fn, Num, Term, is_arithmetic

Reason = int | tuple[int, int]  # the literal of an equality, or two applications with equal arguments


class Terms:
    """Terms as numbers, arguments before what they stand in."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.args: list[tuple[int, ...]] = []  # empty for what is no application
        self.heads: list[str] = []
        self.numerals: list[int] = []
        self.numbers: dict[Term, int] = {}

    def copy(self) -> Terms:
        new = Terms()
        new.terms, new.args, new.heads = list(self.terms), list(self.args), list(self.heads)
        new.numerals, new.numbers = list(self.numerals), dict(self.numbers)
        return new

    def add(self, t: Term) -> int:
        if (n := self.numbers.get(t)) is not None:
            return n
        inner = t.args if isinstance(t, Fn) and not is_arithmetic(t) else ()
        args = tuple(map(self.add, inner))
        n = self.numbers[t] = len(self.terms)
        self.terms.append(t)
        self.args.append(args)
        self.heads.append(t.name if isinstance(t, Fn) else "")
        if isinstance(t, Num):
            self.numerals.append(n)
        return n


class Congruence:
    """Classes of equal terms.  `clash`: two numerals that were merged, if any were."""

    def __init__(self, terms: Terms, spend: Callable[[], None]) -> None:
        count = len(terms.terms)
        self._args, self._heads = terms.args, terms.heads
        self.find = list(range(count))  # the representative of each
        self.members: dict[int, list[int]] = {t: [t] for t in range(count)}
        self.numeral: dict[int, int] = {t: t for t in terms.numerals}  # of a class, by its representative
        self.clash: tuple[int, int] | None = None
        self._uses: dict[int, list[int]] = {}
        self._forest: dict[int, tuple[int, Reason]] = {}
        self._signatures: dict[object, int] = {}
        self._spend = spend
        self._todo: list[tuple[int, int, Reason]] = []
        for t, args in enumerate(terms.args):
            if args:
                for a in dict.fromkeys(args):
                    self._uses.setdefault(a, []).append(t)
                self._sign(t)

    def _sign(self, t: int) -> None:
        find = self.find
        other = self._signatures.setdefault((self._heads[t], tuple([find[a] for a in self._args[t]])), t)
        if find[other] != find[t]:
            self._todo.append((t, other, (t, other)))

    def merge(self, a: int, b: int, literal: int) -> None:
        self._todo.append((a, b, literal))
        self._close()

    def _close(self) -> None:
        while self._todo:
            a, b, reason = self._todo.pop()
            x, y = self.find[a], self.find[b]
            if x == y:
                continue
            if len(self.members[x]) > len(self.members[y]):
                a, b, x, y = b, a, y, x
            self._turn(a)
            self._forest[a] = (b, reason)
            if x in self.numeral:
                if y in self.numeral and self.clash is None:
                    self.clash = self.numeral[x], self.numeral[y]
                self.numeral.setdefault(y, self.numeral[x])
            for t in self.members[x]:
                self._spend()
                self.find[t] = y
            self.members[y] += self.members.pop(x)
            moved = self._uses.pop(x, [])
            self._uses.setdefault(y, []).extend(moved)
            for t in moved:
                self._sign(t)

    def _turn(self, a: int) -> None:
        """Make `a` the root of its tree in the forest."""
        path, at = [], a
        while at in self._forest:
            after, reason = self._forest[at]
            path.append((at, after, reason))
            at = after
        for start, after, reason in path:
            self._forest[after] = (start, reason)
        self._forest.pop(a, None)

    def explain(self, pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        """The literals that make the two terms of each pair equal, sorted."""
        todo, seen, out = list(pairs), set[tuple[int, int]](), set[int]()
        while todo:
            a, b = todo.pop()
            if a == b or (a, b) in seen:
                continue
            seen.add((a, b))
            above: dict[int, None] = {a: None}
            at = a
            while at in self._forest:
                at = self._forest[at][0]
                above[at] = None
            common = b
            while common not in above:
                common = self._forest[common][0]
            for at in (a, b):
                while at != common:
                    after, reason = self._forest[at]
                    if isinstance(reason, int):
                        out.add(reason)
                    else:
                        f, g = reason
                        todo += zip(self._args[f], self._args[g], strict=True)
                    at = after
        return tuple(sorted(out))

"""The given-clause loop: ordered resolution and superposition, with clauses split into components.

Knows packed clauses.  Must not know claims or certificates.  Every clause remembers its parents
and what became of their variables, so that a refutation is unfolded into ground instances.

Resolution, factoring, superposition: Bachmair & Ganzinger 1994, "Rewrite-based equational theorem
proving with selection and simplification".  A clause whose parts share no variable is split, and a
propositional solver chooses which parts to hold (Voronkov 2014, "AVATAR"): a clause carries the
`names` of the parts that it rests on, and the empty clause refutes their conjunction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import TypeAlias

from neurosym.solvers.arithmetic_sat import Sat
from neurosym.solvers.saturation_index import Derived, Index, Origin, Place
from neurosym.solvers.saturation_terms import (
    EQUAL,
    Binding,
    Ordering,
    Packed,
    Signed,
    Symbols,
    instance,
    match,
    mirrored,
    places,
    renamed,
    replaced,
    resolved,
    subsumes,
    unify,
    variables,
    weight,
)

AGE = 5  # of so many clauses, one is taken by age, the others by weight
HEAVY = 120  # symbols: heavier clauses are not kept
Child: TypeAlias = tuple[list[Signed], frozenset[int], list[Origin], bool]


class NoTheory:
    """The names of components have no meaning to the propositional solver."""

    def check(self, trail: Sequence[int], final: bool) -> Iterable[tuple[int, ...]]:
        return ()

    def shrink(self, length: int) -> None:
        pass


class Search:
    """Clauses, those among them that have been worked through, and those that wait.

    `spend` is called for each attempt to unify and each clause looked at, and may raise.
    `select`: inferences look at one negative literal where there is one.
    """

    def __init__(self, symbols: Symbols, select: bool, spend: Callable[[], None]) -> None:
        self.symbols, self.select, self.spend = symbols, select, spend
        self.ordering = Ordering(symbols)
        self.sat = Sat(spend)
        self.clauses: list[Derived] = []
        self.empty: dict[int, Derived] = {}  # by the number of its propositional clause
        self._index = Index()
        self._by_weight: list[tuple[int, int]] = []
        self._by_age: list[int] = []
        self._waiting: set[int] = set()
        self._frozen: dict[int, Derived] = {}
        self._seen: set[object] = set()
        self._turn = 0
        self._held: frozenset[int] = frozenset()

    # --- clauses ---

    def add(
        self, literals: Iterable[Signed], names: frozenset[int], parents: Sequence[Origin], goal: bool
    ) -> Derived | None:
        """Take in a clause; None where it is trivial, known or too heavy.

        A parent's number below 0 is one that the caller gives to its input.
        """
        shown = tuple(dict.fromkeys(x for x in literals if not self._false(x)))
        if any(self._true(x, shown) for x in shown):
            return None
        number: Binding = {}
        for _, atom in shown:
            for x in variables(atom):
                number.setdefault(x, len(number))
        own = len(number)
        shown = tuple((sign, self._oriented(renamed(atom, number))) for sign, atom in shown)
        key = _key(shown, names)
        if key in self._seen:
            return None
        heavy = sum(weight(atom) for _, atom in shown)
        if heavy > HEAVY and parents[0][0] >= 0:
            return None
        self._seen.add(key)
        for _, terms in parents:  # variables that are gone get numbers of their own
            for t in terms:
                for x in variables(t):
                    number.setdefault(x, len(number))
        made = Derived(
            len(self.clauses),
            shown,
            names,
            tuple((n, tuple(renamed(t, number) for t in terms)) for n, terms in parents),
            own,
            tuple((sign, mirrored(atom)) for sign, atom in shown),
            self._eligible(shown),
            heavy,
            goal,
        )
        self.clauses.append(made)
        if not shown:
            self.empty[self.sat.add([-n for n in sorted(names)])] = made
        else:
            self._wait(made)
        return made

    def _wait(self, c: Derived) -> None:
        cost = c.weight + len(c.literals) + 2 * len(c.names)
        heappush(self._by_weight, (cost if c.goal else cost + cost // 2, c.number))
        heappush(self._by_age, c.number)
        self._waiting.add(c.number)

    def _oriented(self, atom: Packed) -> Packed:
        """An equation with its greater side first, where one is."""
        if atom[0] != EQUAL:
            return atom
        _, s, t = atom
        if self.ordering.greater(t, s) or (not self.ordering.greater(s, t) and str(t) < str(s)):
            return EQUAL, t, s
        return atom

    def _false(self, literal: Signed) -> bool:
        sign, atom = literal
        return atom[0] == EQUAL and (self._apart(atom) if sign else atom[1] == atom[2])

    def _true(self, literal: Signed, among: Sequence[Signed]) -> bool:
        sign, atom = literal
        if atom[0] == EQUAL and (atom[1] == atom[2] if sign else self._apart(atom)):
            return True
        return sign and (
            (False, atom) in among or (atom[0] == EQUAL and (False, (EQUAL, *atom[:0:-1])) in among)
        )

    def _apart(self, atom: Packed) -> bool:
        """Different numerals are different things."""
        numerals = self.symbols.numerals
        return all(not isinstance(t, int) and t[0] in numerals for t in atom[1:]) and atom[1] != atom[2]

    def _eligible(self, literals: Sequence[Signed]) -> tuple[int, ...]:
        if self.select:
            negative = [i for i, (sign, _) in enumerate(literals) if not sign]
            if negative:
                return (max(negative, key=lambda i: (weight(literals[i][1]), -i)),)
        above = self.ordering.literal_greater
        return tuple(
            i for i, (_, a) in enumerate(literals) if not any(above(b, a) for _, b in literals if b != a)
        )

    # --- the loop ---

    def run(self) -> bool:
        """Has a contradiction been found?  False where nothing is left to do."""
        while True:
            if not self.sat.solve(NoTheory()):
                return True
            self._hold()
            known = len(self.empty)
            while len(self.empty) == known:
                if (given := self._next()) is None:
                    return False
                self._work(given)

    def _hold(self) -> None:
        """Work under the components that the propositional solver has chosen."""
        held = frozenset(self.sat.true)
        if held == self._held:
            return
        self._held = held
        old = self._index
        self._index = Index()
        for c in old.clauses():
            if c.names <= held:
                self._index.add(c, self._targets(c))
            else:
                self._frozen[c.number] = c
        for n, c in list(self._frozen.items()):
            if c.names <= held:
                del self._frozen[n]
                self._wait(c)

    def _next(self) -> Derived | None:
        while self._waiting:
            self._turn += 1
            n = heappop(self._by_age) if self._turn % AGE == 0 else heappop(self._by_weight)[1]
            if n not in self._waiting:
                continue
            self._waiting.discard(n)
            c = self.clauses[n]
            if c.names <= self._held:
                return c
            self._frozen[n] = c
        return None

    def _work(self, c: Derived) -> None:
        self.spend()
        literals, used = self._simplified(c.literals, c.names)
        if used or self._subsumed(c):
            self._forget(c)
            if used:
                self.add(literals, c.names, [_itself(c), *used], c.goal)
            return
        for d in self._index.clauses():
            if c.names <= d.names and d.number != c.number:
                self.spend()
                if c.weight <= d.weight and subsumes(c.literals, d.literals):
                    self._forget(d)
        self._index.add(c, self._targets(c))
        if len(c.literals) == 1:
            for d in list(self._index.clauses()):
                if c.names <= d.names and d is not c:
                    literals, used = self._simplified(d.literals, d.names, (c,))
                    if used:
                        self._forget(d)
                        self.add(literals, d.names, [_itself(d), *used], d.goal)
        for literals, names, parents, goal in list(self._inferences(c)):
            shown, used = self._simplified(literals, names)
            self.add(shown, names, [*parents, *used], goal)

    def _forget(self, c: Derived) -> None:
        """Delete a clause.  It may come again, when what made it redundant has gone in its turn."""
        self._index.drop(c)
        self._seen.discard(_key(c.literals, c.names))

    # --- simplification ---

    def _subsumed(self, c: Derived) -> bool:
        for d in self._index.may_subsume(c.literals):
            if d.names <= c.names and d.weight <= c.weight:
                self.spend()
                if subsumes(d.literals, c.literals):
                    return True
        return False

    def _simplified(
        self, literals: Sequence[Signed], names: frozenset[int], by: Sequence[Derived] | None = None
    ) -> tuple[list[Signed], list[Origin]]:
        """Rewritten by unit equations, and without literals that units refute; and the units used."""
        out: list[Signed] = []
        used: list[Origin] = []
        for sign, atom in literals:
            while (step := self._rewritten(atom, names, by)) is not None:
                atom, origin = step
                used.append(origin)
            for d in self._index.units(not sign, atom[0]) if by is None else by:
                (other, pattern), *rest = d.literals
                if rest or other is sign or pattern[0] != atom[0] or not d.names <= names:
                    continue
                self.spend()
                if (s := instance(pattern, atom)) is not None:
                    used.append((d.number, tuple(s[i] for i in range(d.variables))))
                    break
            else:
                out.append((sign, atom))
        return out, used

    def _rewritten(
        self, atom: Packed, names: frozenset[int], by: Sequence[Derived] | None
    ) -> tuple[Packed, Origin] | None:
        if by is not None and not any(d.literals[0][1][0] == EQUAL and d.literals[0][0] for d in by):
            return None
        for path, t in places(atom):
            if not path:
                continue
            for d in self._index.equations(t[0]) if by is None else by:
                sign, equation = d.literals[0]
                if not sign or equation[0] != EQUAL or not d.names <= names:
                    continue
                _, left, right = equation
                for big, small in ((left, right), (right, left)):
                    s: Binding = {}
                    if isinstance(big, int) or big[0] != t[0]:
                        continue
                    self.spend()
                    if match(big, t, s) and all(x in s for x in variables(small)):
                        new = renamed(small, s)
                        if self.ordering.greater(t, new):
                            terms = tuple(s[i] for i in range(d.variables))
                            return replaced(atom, path, new), (d.number, terms)
        return None

    # --- inferences ---

    def _inferences(self, c: Derived) -> Iterator[Child]:
        for alone, unifier in self._alone(c):
            yield [_under(x, unifier) for x in alone], c.names, [_origin(c, unifier, False)], c.goal
        for i in c.eligible:
            sign, atom = c.literals[i]
            if atom[0] != EQUAL:
                for d, j in self._index.literals(not sign, atom[0]):
                    self.spend()
                    s: Binding = {}
                    if unify(atom, d.mirror[j][1], s):
                        rest = [*c.literals[:i], *c.literals[i + 1 :], *d.mirror[:j], *d.mirror[j + 1 :]]
                        yield self._child(rest, c, d, s)
            elif sign:
                for left, right in self._sides(atom):
                    for d, j, path, t in self._index.places(left):
                        yield from self._paramodulate(c, c.literals, i, left, right, d, d.mirror, j, path, t)
            for path, t in self._inside(atom):
                for d, j in self._index.equal(t[0]):
                    for left, right in self._sides(d.mirror[j][1]):
                        if isinstance(left, int) or left[0] == t[0]:
                            yield from self._paramodulate(
                                d, d.mirror, j, left, right, c, c.literals, i, path, t
                            )

    def _targets(self, c: Derived) -> Iterator[Place]:
        return ((i, path, t) for i in c.eligible for path, t in self._inside(c.mirror[i][1]))

    def _inside(self, atom: Packed) -> Iterator[tuple[tuple[int, ...], Packed]]:
        """Subterms that an equation may rewrite: not those of the smaller side of an equation."""
        for n in range(1, len(atom)):
            if atom[0] != EQUAL or not self.ordering.greater(atom[3 - n], atom[n]):
                yield from places(atom[n], (n,))

    def _sides(self, atom: Packed) -> Iterator[tuple[Packed, Packed]]:
        _, s, t = atom
        if not self.ordering.greater(t, s):
            yield s, t
        if not self.ordering.greater(s, t):
            yield t, s

    def _paramodulate(
        self, c: Derived, mine: Sequence[Signed], i: int, left: Packed, right: Packed,
        d: Derived, its: Sequence[Signed], j: int, path: tuple[int, ...], t: Packed,
    ) -> Iterator[Child]:  # fmt: skip
        """left = right, from literal i of c, into the place `path` of literal j of d, where t stands."""
        self.spend()
        s: Binding = {}
        if not unify(left, t, s):
            return
        if self.ordering.greater(resolved(right, s), resolved(left, s)):
            return
        sign, atom = its[j]
        rest = [*mine[:i], *mine[i + 1 :], *its[:j], *its[j + 1 :], (sign, replaced(atom, path, right))]
        first, second = (c, d) if mine is c.literals else (d, c)
        yield self._child(rest, first, second, s)

    def _child(self, literals: Sequence[Signed], c: Derived, d: Derived, s: Binding) -> Child:
        """Of c as it is and d in the mirror."""
        shown = [_under(x, s) for x in literals]
        return shown, c.names | d.names, [_origin(c, s, False), _origin(d, s, True)], c.goal or d.goal

    def _alone(self, c: Derived) -> Iterator[tuple[list[Signed], Binding]]:
        """Factors, and what a clause says where both sides of an inequality are one."""
        for i in c.eligible:
            sign, atom = c.literals[i]
            others = [*c.literals[:i], *c.literals[i + 1 :]]
            if not sign:
                s: Binding = {}
                if atom[0] == EQUAL and unify(atom[1], atom[2], s):
                    yield others, s
                continue
            for j, (other, a) in enumerate(c.literals):
                if j == i or not other or a[0] != atom[0]:
                    continue
                self.spend()
                s = {}
                if unify(atom, a, s):
                    yield others, s
                if atom[0] == EQUAL:
                    for left, right in self._sides(atom):
                        for x, y in (a[1:], a[:0:-1]):
                            s = {}
                            if unify(left, x, s):
                                yield [*others, (False, (EQUAL, right, y))], s


def _key(literals: Sequence[Signed], names: frozenset[int]) -> object:
    return frozenset(literals), names


def _under(literal: Signed, s: Binding) -> Signed:
    return literal[0], resolved(literal[1], s)


def _origin(c: Derived, s: Binding, mirror: bool) -> Origin:
    return c.number, tuple(resolved(-1 - i if mirror else i, s) for i in range(c.variables))


def _itself(c: Derived) -> Origin:
    return c.number, tuple(range(c.variables))

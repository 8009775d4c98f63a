"""Linear arithmetic over the rationals: bounds, and why some of them contradict each other.

Knows numbers and bounds; what a bound was asserted for is a name it does not look into.  The
general simplex of Dutertre & de Moura (CAV 2006): each linear form is a variable of its own,
a row of the tableau, and only bounds come and go.  Strict bounds use an infinitesimal: a
value (a, b) is a + b * epsilon.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

Value = tuple[Fraction, Fraction]
Row = dict[int, Fraction]
Conflict = list[
    tuple[int, bool, Fraction]
]  # (variable, its upper bound?, how often): they add up to a falsity
ZERO = (Fraction(0), Fraction(0))


class Simplex:
    """Variables with bounds, each bound with the literal that it comes from.

    `spend` is called for each row of a pivot and may raise.
    """

    def __init__(self, spend: Callable[[], None]) -> None:
        self.value: list[Value] = []
        self.rows: dict[int, Row] = {}  # of basic variables, over those that are not
        self.upper: list[tuple[Value, int] | None] = []
        self.lower: list[tuple[Value, int] | None] = []
        self._undo: list[tuple[int, bool, tuple[Value, int] | None]] = []
        self._spend = spend

    def copy(self, spend: Callable[[], None]) -> Simplex:
        """The same variables, forms and bounds, to go on with apart."""
        new = Simplex(spend)
        new.value, new.upper, new.lower = list(self.value), list(self.upper), list(self.lower)
        new.rows = {x: dict(row) for x, row in self.rows.items()}
        new._undo = list(self._undo)
        return new

    def variable(self) -> int:
        self.value.append(ZERO)
        self.upper.append(None)
        self.lower.append(None)
        return len(self.value) - 1

    def form(self, coefficients: Mapping[int, Fraction]) -> int:
        """A variable for a linear form of others."""
        row: Row = {}
        for x, k in coefficients.items():
            for y, c in self.rows[x].items() if x in self.rows else ((x, Fraction(1)),):
                row[y] = row.get(y, Fraction(0)) + k * c
        new = self.variable()
        self.rows[new] = {y: c for y, c in row.items() if c}
        self.value[new] = self._evaluate(self.rows[new])
        return new

    def _evaluate(self, row: Row) -> Value:
        a, b = Fraction(0), Fraction(0)
        for y, c in row.items():
            a += c * self.value[y][0]
            b += c * self.value[y][1]
        return a, b

    # --- bounds ---

    def mark(self) -> int:
        return len(self._undo)

    def undo(self, mark: int) -> None:
        while len(self._undo) > mark:
            x, up, old = self._undo.pop()
            (self.upper if up else self.lower)[x] = old

    def bound(self, x: int, up: bool, value: Value, literal: int) -> Conflict | None:
        """Assert x <= value (x >= value, where not `up`); the conflict with the other bound, if any."""
        mine, other = (self.upper, self.lower) if up else (self.lower, self.upper)
        old = mine[x]
        if old is not None and (old[0] <= value if up else old[0] >= value):
            return None
        self._undo.append((x, up, old))
        mine[x] = (value, literal)
        against = other[x]
        if against is not None and (against[0] > value if up else against[0] < value):
            return [(x, up, Fraction(1)), (x, not up, Fraction(1))]
        if x not in self.rows and (self.value[x] > value if up else self.value[x] < value):
            self._move(x, value)
        return None

    def _move(self, x: int, value: Value) -> None:
        d = value[0] - self.value[x][0], value[1] - self.value[x][1]
        self.value[x] = value
        for b, row in self.rows.items():
            if c := row.get(x):
                v = self.value[b]
                self.value[b] = v[0] + c * d[0], v[1] + c * d[1]

    def check(self) -> Conflict | None:
        """Make every variable keep its bounds, or say which bounds cannot be kept together.

        Least variables first (Bland 1977), so that it ends.
        """
        while True:
            broken, up, target = -1, False, ZERO
            for x in self.rows:
                if broken >= 0 and x > broken:
                    continue
                low, high, v = self.lower[x], self.upper[x], self.value[x]
                if low is not None and v < low[0]:
                    broken, up, target = x, False, low[0]
                elif high is not None and v > high[0]:
                    broken, up, target = x, True, high[0]
            if broken < 0:
                return None
            row = self.rows[broken]
            entering = -1
            for y, c in row.items():
                rises = (c > 0) is not up  # must y rise for `broken` to reach its bound?
                limit = self.upper[y] if rises else self.lower[y]
                if (entering < 0 or y < entering) and (
                    limit is None or (self.value[y] < limit[0] if rises else self.value[y] > limit[0])
                ):
                    entering = y
            if entering < 0:
                return [(broken, up, Fraction(1))] + [
                    (y, (c > 0) is not up, abs(c)) for y, c in sorted(row.items())
                ]
            self._pivot(broken, entering, target)

    def free(self, kept: Collection[int]) -> None:
        """Make variables outside `kept` basic where one of `kept` can take their place; no value changes."""
        others = {y for row in self.rows.values() for y in row if y not in kept and not self.fixed(y)}
        for y in sorted(others):
            leaving = min((b for b, row in self.rows.items() if b in kept and y in row), default=-1)
            if leaving >= 0:
                self._pivot(leaving, y, self.value[leaving])

    def _pivot(self, leaving: int, entering: int, target: Value) -> None:
        row = self.rows.pop(leaving)
        k = row.pop(entering)
        d = (target[0] - self.value[leaving][0]) / k, (target[1] - self.value[leaving][1]) / k
        new = {y: -c / k for y, c in row.items()}
        new[leaving] = 1 / k
        self.value[leaving] = target
        v = self.value[entering]
        self.value[entering] = v[0] + d[0], v[1] + d[1]
        for b, other in self.rows.items():
            self._spend()
            c = other.pop(entering, None)
            if c is None:
                continue
            v = self.value[b]
            self.value[b] = v[0] + c * d[0], v[1] + c * d[1]
            for y, e in new.items():
                total = other.get(y, 0) + c * e
                if total:
                    other[y] = total
                else:
                    other.pop(y, None)
        self.rows[entering] = new

    # --- a solution in plain numbers ---

    def epsilon(self) -> Fraction:
        """A value for the infinitesimal under which every bound is kept; so is every smaller one."""
        best = Fraction(1)
        for x, v in enumerate(self.value):
            for limit, sign in ((self.upper[x], 1), (self.lower[x], -1)):
                if limit is None:
                    continue
                a, b = sign * (limit[0][0] - v[0]), sign * (v[1] - limit[0][1])
                if b > 0 and a > 0:
                    best = min(best, a / b)
        return best

    def fixed(self, x: int) -> bool:
        """Do the bounds leave one value?"""
        low, high = self.lower[x], self.upper[x]
        return low is not None and high is not None and low[0] == high[0]

    def tight(self, x: int) -> bool:
        """Does the value stand at a bound?"""
        return any(b is not None and b[0] == self.value[x] for b in (self.lower[x], self.upper[x]))

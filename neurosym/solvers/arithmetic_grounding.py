"""Verdicts by ground instances alone: puzzles over named things, and numbers between bounds.

Knows sessions, certificates and the kernel's checks.  Must not know any process.  A theory is
grounded once, and what its clauses settle is learnt once; each question extends a copy of that, so
that the same question has the same answer whatever was asked before.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from neurosym.errors import CheckError
from neurosym.logic import (
    INTEGER,
    SKOLEM,
    TRUE,
    Atom,
    Clause,
    Const,
    Equal,
    Exhausted,
    Fn,
    Formula,
    Less,
    Not,
    Statement,
    Term,
    TooManyClauses,
    Var,
    clauses,
    is_arithmetic,
    literal_terms,
    literals,
    subterms,
)  # fmt: skip
from neurosym.proof import GOAL, Certificate, FiniteModel, Independence, Outcome, Refutation
from neurosym.solvers.arithmetic_atoms import Unsupported
from neurosym.solvers.arithmetic_names import Names
from neurosym.solvers.arithmetic_session import Meter, Session
from neurosym.solvers.arithmetic_views import View
from neurosym.solvers.canonical import Sides
from neurosym.solvers.checking import Checkers
from neurosym.solvers.finite import consistency
from neurosym.solvers.known import Known
from neurosym.solvers.worker import ForkLock
from neurosym.theory import Theory
from neurosym.verdict import Clock, Disproved, Inconsistent, Proved, Unknown, Verdict

CACHED = 8  # theories
CLAIMS = 400  # in a theory: with more, facts are many and choices few
SHARE = 0.4  # of the time of a question
STEPS = 1_500_000  # for the theory, and for each side of a question: some seconds
BRIEFLY = 5_000, 30_000  # for each side, twice, where terms have no end
SETTLING = 600_000  # to learn what has one value in all models of the theory
TABLE = 4_000  # rows of a function of a model

INDEPENDENT = "neither the goal nor its negation follows: there is a model of each"


@dataclass(slots=True)
class _Base:
    """What is known of a theory.  It holds the theory, so that its id stays its own."""

    theory: Theory
    finite: bool  # terms come to an end
    suits: bool
    session: Session | None = None
    model: FiniteModel | None = None  # that the kernel has accepted
    refutation: Refutation | None = None
    tried: float = 0.0  # the time within which no session could be made


class Grounding:
    """Answers what instances over the terms of theory and question settle."""

    def __init__(self, checkers: Checkers) -> None:
        self.checkers = checkers
        self._lock = ForkLock()
        self._bases: OrderedDict[int, _Base] = OrderedDict()

    def clear(self) -> None:
        with self._lock:
            self._bases.clear()

    def suits(self, theory: Theory, goal: Formula) -> bool:
        """Do they compare numbers, or does the theory leave open which of several things one is?

        That is what this way is for: where rules derive what there is, it gains nothing.
        """
        with self._lock:
            return self._suits(self._base(theory), goal)

    def _suits(self, base: _Base, goal: Formula) -> bool:
        return base.finite and (base.suits or _numeric(goal))

    def solve(self, known: Known, goal: Formula, clock: Clock) -> Verdict | None:
        """The verdict with its certificate; None where instances do not settle it within the limits.

        Notes in `known` what it finds out about the theory itself.
        """
        with self._lock:
            base = self._base(known.theory)
            if not self._suits(base, goal):
                return None
            try:
                return self._solve(base, known, goal, clock)
            except (Exhausted, Unsupported, TooManyClauses, RecursionError):
                return None

    def refute(self, known: Known, goal: Formula, clock: Clock) -> Sides:
        """Refutations over terms that have no end, where the theory compares numbers; no models."""
        with self._lock:
            base = self._base(known.theory)
            if base.finite or not base.suits:
                return Sides(None, None)
            if base.session is None:
                base.session = Session(Names(), Meter())
                base.session.meter.set(clock.left(), STEPS)
                for c in base.theory.claims:
                    base.session.tell(c.label, clauses(c.formula, c.label))
            for steps, side in product(BRIEFLY, (False, True)):
                base.session.meter.set(SHARE * clock.left(), steps)
                with suppress(Exhausted, Unsupported, TooManyClauses, RecursionError):
                    one = base.session.copy()
                    one.tell(GOAL, clauses(goal if side else Not(goal), GOAL))
                    if one.solve() is None:
                        found = one.refutation()
                        return Sides(found, None) if side else Sides(None, found)
        return Sides(None, None)

    def _base(self, theory: Theory) -> _Base:
        if (base := self._bases.get(id(theory))) is None:
            base = self._bases[id(theory)] = _Base(theory, *_form(theory))
            while len(self._bases) > CACHED:
                self._bases.popitem(last=False)
        self._bases.move_to_end(id(theory))
        return base

    def _solve(self, base: _Base, known: Known, goal: Formula, clock: Clock) -> Verdict | None:
        seconds = clock.within(SHARE).seconds
        if base.session is None and base.refutation is None:
            if seconds <= 2 * base.tried:
                return None
            base.tried = seconds
            self._prepare(base, seconds)
        if base.refutation is not None:
            known.conflict = known.conflict or Certificate(Outcome.INCONSISTENT, base.refutation)
            return Inconsistent(self.checkers.check(base.theory, goal, known.conflict), known.conflict)
        if base.session is None or base.model is None:  # not known to be consistent
            return None
        known.consistent, known.model = True, known.model or base.model
        return self._asked(base, base.session, goal, seconds)

    def _prepare(self, base: _Base, seconds: float) -> None:
        """Ground the theory, and learn what it settles."""
        session = Session(Names(), Meter())
        session.meter.set(seconds, STEPS)
        for c in base.theory.claims:
            session.tell(c.label, clauses(c.formula, c.label))
        view = session.solve()
        if view is None:
            refutation = session.refutation()
            try:
                self.checkers.check(base.theory, TRUE, Certificate(Outcome.INCONSISTENT, refutation))
                base.refutation = refutation
            except CheckError:
                pass
            return
        base.model = self._model(base.theory, session, view)
        settled = session.copy()
        session.meter.set(seconds / 2, SETTLING)
        try:
            settled.settle()
            session = settled
        except (Exhausted, Unsupported):
            pass
        base.session = session

    def _asked(self, base: _Base, session: Session, goal: Formula, seconds: float) -> Verdict | None:
        found: dict[bool, FiniteModel] = {}
        for side in (False, True):
            session.meter.set(seconds, STEPS)
            one = session.copy()
            statement: Statement = goal if side else Not(goal)
            one.tell(GOAL, clauses(statement, GOAL))
            view = one.solve()
            if view is not None:
                if (model := model_of(one, view)) is None:
                    return None
                found[side] = model
                continue
            outcome = Outcome.DISPROVED if side else Outcome.PROVED
            certificate = Certificate(outcome, one.refutation())
            try:
                theorem = self.checkers.check(base.theory, goal, certificate)
            except CheckError:
                return None
            kind = Disproved if side else Proved
            return kind(theorem, certificate)
        certificate = Certificate(Outcome.UNKNOWN, Independence(found[True], found[False]))
        try:
            return Unknown(INDEPENDENT, self.checkers.check(base.theory, goal, certificate), certificate)
        except CheckError:
            return None

    def _model(self, theory: Theory, session: Session, view: View) -> FiniteModel | None:
        model = model_of(session, view)
        if model is None:
            return None
        try:
            self.checkers.check(theory, *consistency(theory, model))
        except CheckError:
            return None
        return model


def model_of(session: Session, view: View) -> FiniteModel | None:
    """The interpretation of the user's symbols, for the kernel to check; None where it is too large.

    A function has its least value where no instance says what its value is.
    """
    names, number = session.names, view.elements
    size = len(number)
    constants: list[tuple[str, int]] = []
    for i, c in enumerate(names.constants):
        if isinstance(c, Const) and not c.name.startswith(SKOLEM):
            constants.append((c.name, number[view.at[i]]))
    tables: dict[int, dict[tuple[int, ...], int]] = {}
    for t, e in view.at.items():
        if isinstance(t, tuple):
            tables.setdefault(t[0], {})[tuple(number[view.at[a]] for a in t[1:])] = number[e]
    functions = []
    for f, (name, arity) in enumerate(names.functions):
        if name.startswith(SKOLEM):
            continue
        if size**arity > TABLE:
            return None
        given = tables.get(f, {})
        usual = min(given.values(), default=0)
        functions += [(name, row, given.get(row, usual)) for row in product(range(size), repeat=arity)]
    predicates = []
    for p, rows in view.rows.items():
        name, arity = names.predicates[p]
        predicates.append((name, arity, tuple(sorted(tuple(number[e] for e in row) for row in rows))))
    numbers = tuple(sorted((value, number[e]) for e, value in view.values.items()))
    return FiniteModel(
        size, tuple(sorted(constants)), tuple(sorted(functions)), tuple(sorted(predicates)), numbers
    )


def _form(theory: Theory) -> tuple[bool, bool]:
    """Do the terms of a theory that is not large come to an end; does it compare, or identify things?"""
    if len(theory.claims) > CLAIMS:
        return False, False
    try:
        every = [clause for c in theory.claims for clause in clauses(c.formula, c.label)]
    except (TooManyClauses, RecursionError):
        return False, False
    compares = any(_numeric(c.formula) for c in theory.claims)
    return not any(map(_nested, every)), compares or any(map(_identifying, every))


def _numeric(f: Statement) -> bool:
    for a in literals(f):
        if isinstance(a, Less) or (isinstance(a, Atom) and a.pred == INTEGER):
            return True
        if isinstance(a, Equal) and (is_arithmetic(a.left) or is_arithmetic(a.right)):
            return True
    return False


def _identifying(clause: Clause) -> bool:
    """One of several equalities holds."""
    return sum(isinstance(x, Equal) for x in clause) > 1


def _nested(clause: Clause) -> bool:
    """Does a function of a variable stand in an argument, so that terms have no end?"""
    for a in (a for x in clause for a in literals(x)):
        for t in literal_terms(a):
            inside = isinstance(a, Atom) and a.pred != INTEGER
            open_ = (s for s in subterms(t) if isinstance(s, Fn) and not is_arithmetic(s) and _open(s))
            if any(inside or any(isinstance(b, Fn) for b in s.args) for s in open_):
                return True
    return False


def _open(t: Term) -> bool:
    return any(isinstance(s, Var) for s in subterms(t))

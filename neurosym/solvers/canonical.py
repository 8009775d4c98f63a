"""Canonical models: small finite models made by derivation, and the contradictions met on the way.

Knows clausal forms, certificates and the chase.  Must not know any process; nothing it finds
is trusted, the kernel checks it.  Every constant gets an element of its own unless equality
merges them, what can be derived is true, and all else false: for Horn clauses without
functions the least Herbrand model, with existentials the restricted chase (Fagin, Kolaitis,
Miller and Popa 2005) whose new elements are shared so that it ends.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, TypeAlias

from neurosym.logic import (
    SKOLEM,
    Atom,
    Const,
    Equal,
    Fn,
    Formula,
    Less,
    Literal,
    Not,
    Num,
    Term,
    TooManyClauses,
    Var,
    clauses,
    free_vars,
    literal_terms,
    substitute,
    substitute_term,
    subterms,
    term_vars,
)  # fmt: skip
from neurosym.logic import (
    Clause as LogicClause,
)
from neurosym.proof import GOAL, FiniteModel, Instance, Refutation
from neurosym.solvers.chase import (
    EQUAL,
    THING,
    Arg,
    BodyAtom,
    Chase,
    Clause,
    Conflict,
    Core,
    Filter,
    GaveUp,
    Head,
    RawTerm,
    Rule,
)
from neurosym.solvers.worker import ForkLock
from neurosym.theory import Theory

CACHED = 16  # theories whose base is kept
STEPS = 2_000_000  # rows joined for one theory or one question: some seconds at most
TRIES = 64  # conflicts after which a search among choices is given up
ROWS = 200_000  # rows of functions in a model

Found: TypeAlias = FiniteModel | Refutation | None


@dataclass(frozen=True, slots=True)
class Sides:
    """What was found of "the goal holds" and of "the goal fails": a model, or why there is none."""

    holds: Found
    fails: Found


class Canonical:
    """Finds models of theories; keeps what follows from a theory without choices for the next goal."""

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._bases: OrderedDict[int, _Bases] = OrderedDict()

    def alone(self, theory: Theory, seconds: float) -> Found:
        """A model of the theory, or a refutation of it."""
        return self._each(theory, (None,), seconds)[0]

    def sides(self, theory: Theory, goal: Formula, seconds: float) -> Sides:
        """Models of the theory in which `goal` (a closed formula) holds and fails, or refutations of these.

        A refutation of "holds" uses clauses of the goal, one of "fails" clauses of its negation.
        """
        holds, fails = self._each(theory, (goal, Not(goal)), seconds)
        return Sides(holds, fails)

    def clear(self) -> None:
        with self._lock:
            self._bases.clear()

    def _each(self, theory: Theory, goals: tuple[Formula | None, ...], seconds: float) -> list[Found]:
        end = time.monotonic() + seconds
        with self._lock:
            if (bases := self._bases.get(id(theory))) is None:
                bases = self._bases[id(theory)] = _Bases(theory)
                while len(self._bases) > CACHED:
                    self._bases.popitem(last=False)
            self._bases.move_to_end(id(theory))
            return [bases.find(g, end) for g in goals]


class _Bases:
    """The two ways to extend a theory to a model, sparing of elements and generous."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory  # held, so that its id stays its own
        self._made: dict[bool, _Base | None] = {}

    def find(self, goal: Formula | None, end: float) -> Found:
        """The first model or refutation."""
        for fresh in (False, True):
            if (base := self._base(fresh, end)) is None:
                continue
            found = base.find(goal, end)
            if found is not None or not base.chase.functions:
                return found
        return None

    def _base(self, fresh: bool, end: float) -> _Base | None:
        if fresh not in self._made:
            try:
                self._made[fresh] = _Base(self.theory, fresh, end)
            except (GaveUp, TooManyClauses, RecursionError):
                self._made[fresh] = None
        return self._made[fresh]


class _Base:
    """A theory's chase up to the first choice, which questions extend and leave as it was."""

    def __init__(self, theory: Theory, fresh: bool, end: float) -> None:
        self.chase = Chase(fresh)
        self.symbols = _Symbols(self.chase)
        self.contradiction: Core | None = None
        self.chase.end, self.chase.steps = end, STEPS
        forms = [(c.label, clauses(c.formula, c.label)) for c in theory.claims]
        try:
            for _, form in forms:
                self.symbols.declare(form)
            for label, form in forms:
                self.symbols.add(label, form)
            if not self.chase.rep:  # a universe is not empty
                self.chase.element(Const(f"{SKOLEM}:any"))
            self.chase.saturate()
        except Conflict as e:
            self.contradiction = self.chase.core(e)
        self.model: FiniteModel | None = None
        self.at, self.compared = self.chase.mark(), self.chase.compared

    def find(self, goal: Formula | None, end: float) -> Found:
        if self.contradiction is not None:
            return _refutation(self.contradiction)
        chase = self.chase
        chase.end, chase.steps, chase.compared = end, STEPS, self.compared
        try:
            try:
                if goal is not None:
                    form = clauses(goal, GOAL)
                    self.symbols.declare(form)
                    self.symbols.add(GOAL, form)
            except Conflict as e:
                return _refutation(chase.core(e))
            core = chase.search(TRIES)
            return self._model() if core is None else _refutation(core)
        except (GaveUp, TooManyClauses, RecursionError):
            return None
        finally:
            chase.undo(self.at)

    def _model(self) -> FiniteModel:
        if self.chase.changed(self.at):
            return self.symbols.model()
        if self.model is None:
            self.model = self.symbols.model()
        return self.model


def _refutation(core: Core) -> Refutation | None:
    if not core.proof:
        return None
    return Refutation(tuple(Instance(label, index, binding) for label, index, binding in core.instances))


class _Symbols:
    """The symbols of a theory as the numbers of its chase, both ways."""

    def __init__(self, chase: Chase) -> None:
        self.chase = chase
        self.constants: dict[Term, int] = {}
        self.predicates: dict[tuple[str, int], int] = {}
        self.functions: dict[tuple[str, int], int] = {}
        self.function_names: dict[int, str] = {}
        self.denoting: dict[Term, int] = {}  # relations that hold of what a constant denotes
        chase.name_of = self._named

    def _named(self, function: int, args: tuple[Term, ...]) -> Term:
        name = self.function_names[function]
        return Fn(name, args) if args else Const(name)

    # --- numbering; whatever is new can be taken back ---

    def constant(self, t: Const | Num) -> int:
        if (e := self.constants.get(t)) is None:
            e = self.constants[t] = self.chase.element(t, t.value if isinstance(t, Num) else None)
            self._forget(self.constants, t)
        return e

    def predicate(self, name: str, arity: int) -> int:
        key = (name, arity)
        if (n := self.predicates.get(key)) is None:
            n = self.predicates[key] = self.chase.relation(arity)
            self._forget(self.predicates, key)
        return n

    def function(self, name: str, arity: int) -> int:
        key = (name, arity)
        if (n := self.functions.get(key)) is None:
            skolem = name.startswith(SKOLEM)
            n = self.functions[key] = self.chase.function(arity, skolem)
            self.function_names[n] = name
            self._forget(self.functions, key)
            if not skolem:
                self.complete(n)
        return n

    def _forget(self, table: dict[Any, int], key: object) -> None:
        self.chase.on_undo(lambda: table.pop(key))

    def complete(self, n: int) -> None:
        if n not in self.chase.to_complete:
            self.chase.to_complete.append(n)
            self.chase.on_undo(lambda: self.chase.to_complete.remove(n))

    # --- clauses as rules ---

    def declare(self, form: tuple[LogicClause, ...]) -> None:
        """Give constants their elements, before any other."""
        for clause in form:
            for literal in clause:
                for a in literals(literal):
                    for s in (s for t in literal_terms(a) for s in subterms(t)):
                        if isinstance(s, Const | Num) and _applied(s) is None:
                            self.constant(s)

    def add(self, label: str, form: tuple[LogicClause, ...]) -> None:
        """Add a clausal form to the chase.  Raises Conflict, GaveUp."""
        rules = [r for i, c in enumerate(form) if (r := _Compiler(self, c).rule(label, i)) is not None]
        for r in rules:
            self.chase.add_rule(r)

    def denotes(self, t: Const | Num) -> int:
        """The relation that holds of what the constant denotes."""
        if (n := self.denoting.get(t)) is None:
            n = self.denoting[t] = self.chase.relation(1)
            self._forget(self.denoting, t)
            self.chase.post(n, (self.constant(t),), None)
        return n

    # --- the way back ---

    def model(self) -> FiniteModel:
        """The interpretation of the user's symbols; Skolem functions are left out."""
        chase = self.chase
        live = sorted(row[0] for row in chase.relations[THING].rows)
        number = {e: i for i, e in enumerate(live)}
        at = [number.get(r, 0) for r in chase.rep]
        functions = []
        for (name, _), n in self.functions.items():
            if not chase.functions[n].skolem:
                rows = chase.relations[chase.functions[n].relation].rows
                functions += [(name, tuple(at[e] for e in row[:-1]), at[row[-1]]) for row in rows]
        numbers = {t.value: at[e] for t, e in self.constants.items() if isinstance(t, Num)}
        if chase.compared:  # then everything must have its place in the order
            numbers |= {chase.value[e]: at[e] for e in live if not chase.numeral[e]}
        rows_of = ((key, chase.relations[n].rows) for key, n in self.predicates.items())
        return FiniteModel(
            size=len(live),
            constants=tuple(
                sorted((t.name, at[e]) for t, e in self.constants.items() if isinstance(t, Const))
            ),
            functions=tuple(sorted(functions)),
            predicates=tuple(
                sorted(
                    (name, arity, tuple(sorted(tuple([at[e] for e in row]) for row in rows)))
                    for (name, arity), rows in rows_of
                    if rows
                )
            ),
            numbers=tuple(sorted(numbers.items())),
        )


class _Compiler:
    """One clause as a rule: negative literals are the body, positive ones the heads."""

    def __init__(self, symbols: _Symbols, clause: LogicClause) -> None:
        self.symbols, self.clause = symbols, clause
        self.variables: dict[Var, int] = {}
        self.count = 0
        self.body: list[BodyAtom] = []

    def rule(self, label: str, index: int) -> Rule | None:
        """The rule; None for a clause that is always true."""
        literals, s = _without_disequations(self.clause)
        filters: list[Filter] = []
        heads: list[Head] = []
        for x in literals:
            match x:
                case Not(Atom(pred, args)):
                    flat = tuple(map(self._flat, args))
                    self.body.append((self.symbols.predicate(pred, len(args)), flat))
                case Not(Equal(a, b)):
                    if isinstance(a, Num) and isinstance(b, Num) and a != b:
                        return None
                    self._equal(a, b)
                case Atom(pred, args):
                    heads.append((self.symbols.predicate(pred, len(args)), tuple(map(self._raw, args))))
                case Equal(a, b):
                    if a == b:
                        return None
                    heads.append((EQUAL, (self._raw(a), self._raw(b))))
                case Less(a, b, strict):
                    filters.append((self._flat(a), self._flat(b), strict, False))
                case Not(Less(a, b, strict)):
                    filters.append((self._flat(a), self._flat(b), strict, True))
        source = (label, index, tuple((v, self._raw(s.get(v, v))) for v in _variables(self.clause)))
        bound = {a for _, args in self.body for a in args}
        self.body += [(THING, (v,)) for v in range(self.count) if v not in bound]
        heads.sort(key=lambda h: (h[0] == EQUAL, any(not isinstance(t, int) for t in h[1])))  # simple first
        self._note(literals, tuple(heads))
        return Rule(tuple(dict.fromkeys(self.body)), tuple(filters), tuple(dict.fromkeys(heads)), source)

    def _fresh(self) -> Arg:
        self.count += 1
        return self.count - 1

    def _raw(self, t: Term) -> RawTerm:
        if (applied := _applied(t)) is not None:
            name, args = applied
            return (self.symbols.function(name, len(args)), *map(self._raw, args))
        if isinstance(t, Var):
            if t not in self.variables:
                self.variables[t] = self._fresh()
            return self.variables[t]
        return -1 - self.symbols.constant(t)  # type: ignore[arg-type]

    def _flat(self, t: Term) -> Arg:
        """A variable or element for the term; applications become body atoms."""
        if _applied(t) is None:
            return int(self._raw(t))
        v = self._fresh()
        self._apply(t, v)
        return v

    def _apply(self, t: Term, value: Arg) -> None:
        """Let the body say that the application `t` has that value."""
        name, args = _applied(t) or ("", ())
        n = self.symbols.function(name, len(args))
        self.symbols.complete(n)
        self.body.append((self.symbols.chase.functions[n].relation, (*map(self._flat, args), value)))

    def _equal(self, a: Term, b: Term) -> None:
        if _applied(a) is None:
            a, b = b, a
        if _applied(a) is not None:
            self._apply(a, self._flat(b))
        elif a != b:  # variables are gone: two constants
            v = self._fresh()
            for t in (a, b):
                self.body.append((self.symbols.denotes(t), (v,)))  # type: ignore[arg-type]

    def _note(self, literals: list[Literal], heads: tuple[Head, ...]) -> None:
        """Tell the Skolem functions of the clause about it."""
        body: list[Head] = []
        for x in literals:
            if isinstance(x, Not) and isinstance(x.body, Atom):
                number = self.symbols.predicate(x.body.pred, len(x.body.args))
                body.append((number, tuple(map(self._raw, x.body.args))))
            elif isinstance(x, Not) and isinstance(x.body, Equal):
                body.append((EQUAL, (self._raw(x.body.left), self._raw(x.body.right))))
        seen: set[tuple[int, tuple[Arg, ...]]] = set()
        for _, terms in (*body, *heads):
            for t in terms:
                _skolem_terms(t, seen)
        for n, place in sorted(seen):
            if self.symbols.chase.functions[n].skolem and len(set(place)) == len(place):
                self.symbols.chase.clauses_of[n].append(Clause(place, tuple(body), heads))


def _skolem_terms(t: RawTerm, out: set[tuple[int, tuple[Arg, ...]]]) -> None:
    if not isinstance(t, int):
        if all(isinstance(a, int) and a >= 0 for a in t[1:]):
            out.add((t[0], tuple(t[1:])))
        for a in t[1:]:
            _skolem_terms(a, out)


def _applied(t: Term) -> tuple[str, tuple[Term, ...]] | None:
    """Name and arguments of a function term, a Skolem constant among them."""
    match t:
        case Fn(name, args):
            return name, args
        case Const(name) if name.startswith(SKOLEM):
            return name, ()
        case _:
            return None


def _variables(clause: LogicClause) -> tuple[Var, ...]:
    return tuple(dict.fromkeys(v for x in clause for v in free_vars(x)))


def _without_disequations(clause: LogicClause) -> tuple[list[Literal], dict[Var, Term]]:
    """`x != t or C` as C with t for x, and what the variables became."""
    literals, s = list(clause), dict[Var, Term]()
    while (found := next(filter(None, map(_definition, literals)), None)) is not None:
        x, t = found
        step = {x: t}
        s = {v: substitute_term(u, step) for v, u in s.items()} | step
        literals = [_literal(substitute(y, step)) for y in literals]
        literals = [y for y in literals if not (isinstance(y, Not) and _trivial(y.body))]
    return literals, s


def _definition(x: Literal) -> tuple[Var, Term] | None:
    if isinstance(x, Not) and isinstance(x.body, Equal):
        a, b = x.body.left, x.body.right
        for v, t in ((a, b), (b, a)):
            if isinstance(v, Var) and v not in term_vars(t):
                return v, t
    return None


def _trivial(f: Formula) -> bool:
    return isinstance(f, Equal) and f.left == f.right


def _literal(f: Formula) -> Literal:
    if not isinstance(f, Atom | Equal | Less | Not):
        raise TypeError("a literal became a formula")
    return f

"""Clauses as rules of the chase, and its state as a finite model: names on one side, numbers on the other.

Knows the language, models and the chase.  Must not know theories or certificates.
"""

from __future__ import annotations

from typing import Any

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
    Statement,
    Term,
    Var,
    free_vars,
    literal_terms,
    literals,
    substitute,
    substitute_term,
    subterms,
    term_vars,
)  # fmt: skip
from neurosym.logic import (
    Clause as LogicClause,
)
from neurosym.proof import FiniteModel
from neurosym.solvers.chase import Chase
from neurosym.solvers.chase_rules import EQUAL, THING, Arg, BodyAtom, Clause, Filter, Head, RawTerm, Rule


class Symbols:
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

    def declare(self, f: Statement) -> None:
        """Give the constants of `f` their elements, before any other, and its functions their numbers."""
        for a in literals(f):
            for s in (s for t in literal_terms(a) for s in subterms(t)):
                if isinstance(s, Const | Num):
                    self.constant(s)
                elif isinstance(s, Fn):
                    self.function(s.name, len(s.args))

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

    def __init__(self, symbols: Symbols, clause: LogicClause) -> None:
        self.symbols, self.clause = symbols, clause
        self.variables: dict[Var, int] = {}
        self.count = 0
        self.body: list[BodyAtom] = []

    def rule(self, label: str, index: int) -> Rule | None:
        """The rule; None for a clause that is always true."""
        rest, s = _without_disequations(self.clause)
        filters: list[Filter] = []
        heads: list[Head] = []
        for x in rest:
            match x:
                case Not(Atom(pred, args)):
                    flat = tuple(map(self._flat, args))
                    self.body.append((self.symbols.predicate(pred, len(args)), flat))
                case Not(Equal(a, b)):
                    if isinstance(a, Num) and isinstance(b, Num) and a != b:
                        return None
                    if a != b:
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
        source = (label, index, tuple((v, self._raw(s.get(v, v))) for v in _variables_of(self.clause)))
        if not self.body:  # what its comparisons name may be merged
            named = dict.fromkeys(a for f in filters for a in f[:2] if a < 0)
            self.body = [(THING, (a,)) for a in named]
        bound = {a for _, args in self.body for a in args}
        self.body += [(THING, (v,)) for v in range(self.count) if v not in bound]
        heads.sort(key=lambda h: (h[0] == EQUAL, any(not isinstance(t, int) for t in h[1])))  # simple first
        self._note(rest, tuple(heads))
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
        else:  # variables are gone: two constants
            v = self._fresh()
            for t in (a, b):
                self.body.append((self.symbols.denotes(t), (v,)))  # type: ignore[arg-type]

    def _note(self, rest: list[Literal], heads: tuple[Head, ...]) -> None:
        """Tell the Skolem functions of the clause about it."""
        body: list[Head] = []
        for x in rest:
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


def _variables_of(clause: LogicClause) -> tuple[Var, ...]:
    return tuple(dict.fromkeys(v for x in clause for v in free_vars(x)))


def _without_disequations(clause: LogicClause) -> tuple[list[Literal], dict[Var, Term]]:
    """`x != t or C` as C with t for x, and what the variables became."""
    rest, s = list(clause), dict[Var, Term]()
    while (found := next(filter(None, map(_definition, rest)), None)) is not None:
        x, t = found
        step = {x: t}
        s = {v: substitute_term(u, step) for v, u in s.items()} | step
        rest = [as_literal(substitute(y, step)) for y in rest]
        rest = [y for y in rest if not (isinstance(y, Not) and _trivial(y.body))]
    return rest, s


def _definition(x: Literal) -> tuple[Var, Term] | None:
    if isinstance(x, Not) and isinstance(x.body, Equal):
        a, b = x.body.left, x.body.right
        for v, t in ((a, b), (b, a)):
            if isinstance(v, Var) and v not in term_vars(t):
                return v, t
    return None


def _trivial(f: Formula) -> bool:
    return isinstance(f, Equal) and f.left == f.right


def as_literal(f: Formula) -> Literal:
    if not isinstance(f, Atom | Equal | Less | Not):
        raise TypeError("a literal became a formula")
    return f

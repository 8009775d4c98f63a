"""The one language everybody speaks: terms, atoms, formulas, rules, as frozen data.

Knows first-order logic with equality, comparison and numbers, and rules with negation as
failure.  Must not know any backend, file format or I/O.  Standard library only.  All nodes
are frozen, hashable, compared by structure; collections are tuples.

Semantics: a `Formula` is classical.  A `Rule` without `Naf` also reads as the universal
closure of (body -> head); with `Naf` it is read by the perfect model of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard, TypeVar, assert_never, cast


@dataclass(frozen=True, slots=True)
class Var:
    name: str


@dataclass(frozen=True, slots=True)
class Const:
    name: str


@dataclass(frozen=True, slots=True)
class Num:
    """A rational number.  Two different numerals denote different things."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Fn:
    name: str
    args: tuple[Term, ...]


Term: TypeAlias = Var | Const | Num | Fn
Subst: TypeAlias = Mapping[Var, Term]


@dataclass(frozen=True, slots=True)
class Atom:
    pred: str
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Equal:
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Less:
    """`left < right`, or `left <= right` where not `strict`."""

    left: Term
    right: Term
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Not:
    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Formula, ...]  # And(()) is true


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Formula, ...]  # Or(()) is false


@dataclass(frozen=True, slots=True)
class Xor:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Implies:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Forall:
    vars: tuple[Var, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    vars: tuple[Var, ...]
    body: Formula


Formula: TypeAlias = Atom | Equal | Less | Not | And | Or | Xor | Implies | Iff | Forall | Exists
TRUE, FALSE = And(()), Or(())


@dataclass(frozen=True, slots=True)
class Naf:
    """Negation as failure: `body` cannot be derived.  Stands only in the bodies of rules."""

    body: Atom


Literal: TypeAlias = Atom | Equal | Less | Not  # where the body of Not is Atom, Equal or Less
BodyLiteral: TypeAlias = Atom | Equal | Less | Not | Naf
Clause: TypeAlias = tuple[Literal, ...]  # a disjunction; its variables are universal


@dataclass(frozen=True, slots=True)
class Rule:
    """head :- body.  The head is an atom or a classically negated atom.

    A `defeasible` rule says what is normally so: it gives way to stronger evidence.
    """

    head: Atom | Not
    body: tuple[BodyLiteral, ...] = ()
    defeasible: bool = False


Statement: TypeAlias = Formula | Rule


# --- looking at terms and formulas -------------------------------------------------


ARITHMETIC = frozenset("+-*")  # functions that are interpreted, in comparisons and equalities


def is_arithmetic(t: Term) -> bool:
    """Is `t` a sum, a difference or a product?"""
    return isinstance(t, Fn) and t.name in ARITHMETIC


def term_vars(t: Term) -> Iterator[Var]:
    match t:
        case Var():
            yield t
        case Fn(_, args):
            for a in args:
                yield from term_vars(a)
        case Const() | Num():
            return
        case _:
            assert_never(t)


def literal_terms(f: Atom | Equal | Less) -> tuple[Term, ...]:
    return f.args if isinstance(f, Atom) else (f.left, f.right)


def is_literal(f: Formula) -> TypeGuard[Literal]:
    """Is `f` an atom, equality or comparison, or the negation of one?"""
    return isinstance(f.body if isinstance(f, Not) else f, Atom | Equal | Less)


def is_signed_atom(f: Formula | Naf) -> bool:
    """Is `f` an atom or a classically negated atom?"""
    return isinstance(f.body if isinstance(f, Not) else f, Atom)


def atom_of(f: Formula | Naf) -> Atom:
    """The atom of a signed atom or of Naf.  Raises ValueError for anything else."""
    body = f.body if isinstance(f, Not | Naf) else f
    if not isinstance(body, Atom):
        raise ValueError("not an atom or its negation")
    return body


def free_vars(f: Statement | Naf) -> tuple[Var, ...]:
    """Free variables in order of first occurrence (all variables, for a rule)."""
    return tuple(dict.fromkeys(_free(f, frozenset())))


def _free(f: Statement | Naf, bound: frozenset[Var]) -> Iterator[Var]:
    match f:
        case Atom() | Equal() | Less():
            for t in literal_terms(f):
                if isinstance(t, Var):  # nearly always, or a constant
                    if t not in bound:
                        yield t
                elif isinstance(t, Fn):
                    yield from (v for v in term_vars(t) if v not in bound)
        case Not(body) | Naf(body):
            yield from _free(body, bound)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _free(p, bound)
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            yield from _free(a, bound)
            yield from _free(b, bound)
        case Forall(vs, body) | Exists(vs, body):
            yield from _free(body, bound | set(vs))
        case Rule(head, body_literals):
            for literal in (*body_literals, head):
                yield from _free(literal, bound)
        case _:
            assert_never(f)


def literals(f: Statement | Naf) -> Iterator[Atom | Equal | Less]:
    """Every atom, equality and comparison in `f`, left to right."""
    match f:
        case Atom() | Equal() | Less():
            yield f
        case Not(body) | Naf(body) | Forall(_, body) | Exists(_, body):
            yield from literals(body)
        case And(parts) | Or(parts):
            for p in parts:
                yield from literals(p)
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            yield from literals(a)
            yield from literals(b)
        case Rule(head, body_literals):
            yield from literals(head)
            for literal in body_literals:
                yield from literals(literal)
        case _:
            assert_never(f)


def atoms(f: Statement | Naf) -> Iterator[Atom]:
    return (a for a in literals(f) if isinstance(a, Atom))


def subterms(t: Term) -> Iterator[Term]:
    yield t
    if isinstance(t, Fn):
        for a in t.args:
            yield from subterms(a)


def ground_terms(statements: Iterable[Statement]) -> tuple[Term, ...]:
    """Constants, numerals and ground function terms, sorted: the active domain.

    Sums and products are values, not things that are spoken of: they are not in it.
    """
    found: set[Term] = set()
    for f in statements:
        for a in literals(f):
            for t in literal_terms(a):
                if isinstance(t, Const | Num):  # nearly always
                    found.add(t)
                elif isinstance(t, Fn):
                    found |= {s for s in subterms(t) if _is_thing(s)}
    return tuple(sorted(found, key=term_key))


def _is_thing(t: Term) -> bool:
    return not is_arithmetic(t) and not any(True for _ in term_vars(t))


_ZERO = Fraction(0)


def term_key(t: Term) -> tuple[int, str, Fraction, tuple[object, ...]]:
    """A total order on terms, for deterministic output."""
    match t:
        case Num(value):
            return (0, "", value, ())
        case Const(name):
            return (1, name, _ZERO, ())
        case Var(name):
            return (2, name, _ZERO, ())
        case Fn(name, args):
            return (3, name, Fraction(len(args)), tuple(term_key(a) for a in args))
        case _:
            assert_never(t)


# --- substitution --------------------------------------------------------------------


def substitute_term(t: Term, s: Subst) -> Term:
    match t:
        case Var():
            return s.get(t, t)
        case Fn(name, args):
            return Fn(name, tuple(substitute_term(a, s) for a in args))
        case Const() | Num():
            return t
        case _:
            assert_never(t)


def substitute_atom(a: Atom, s: Subst) -> Atom:
    args = [
        s.get(t, t) if isinstance(t, Var) else substitute_term(t, s) if isinstance(t, Fn) else t
        for t in a.args
    ]
    return Atom(a.pred, tuple(args))


def substitute(f: Formula, s: Subst) -> Formula:
    """Replace free variables.  Raises ValueError where a variable would be captured."""
    match f:
        case Atom():
            return substitute_atom(f, s)
        case Equal(a, b):
            return Equal(substitute_term(a, s), substitute_term(b, s))
        case Less(a, b, strict):
            return Less(substitute_term(a, s), substitute_term(b, s), strict)
        case Not(body):
            return Not(substitute(body, s))
        case And(parts):
            return And(tuple(substitute(p, s) for p in parts))
        case Or(parts):
            return Or(tuple(substitute(p, s) for p in parts))
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return type(f)(substitute(a, s), substitute(b, s))
        case Forall(vs, body) | Exists(vs, body):
            inner = {v: t for v, t in s.items() if v not in vs}
            used = set(free_vars(body))
            if any(w in vs for v, t in inner.items() if v in used for w in term_vars(t)):
                raise ValueError("substitution would capture a bound variable")
            return type(f)(vs, substitute(body, inner))
        case _:
            assert_never(f)


def substitute_body(b: BodyLiteral, s: Subst) -> BodyLiteral:
    if isinstance(b, Naf):
        return Naf(substitute_atom(b.body, s))
    out = substitute(b, s)
    if not isinstance(out, Atom | Equal | Less | Not):
        raise TypeError("a body literal became a formula")
    return out


def instantiate(r: Rule, s: Subst) -> Rule:
    """The rule with its variables replaced."""
    head = substitute_atom(atom_of(r.head), s)
    body = tuple([substitute_body(b, s) for b in r.body])
    return Rule(Not(head) if isinstance(r.head, Not) else head, body, r.defeasible)


S = TypeVar("S", bound=Statement)


def map_terms(f: S, change: Callable[[Term], Term]) -> S:
    """`f` with `change` applied to every constant, numeral and variable occurrence outside binders."""

    def term(t: Term) -> Term:
        return Fn(t.name, tuple(term(a) for a in t.args)) if isinstance(t, Fn) else change(t)

    def walk(g: Statement | Naf) -> Any:
        match g:
            case Atom(pred, args):
                return Atom(pred, tuple(term(a) for a in args))
            case Equal(a, b):
                return Equal(term(a), term(b))
            case Less(a, b, strict):
                return Less(term(a), term(b), strict)
            case Not(body) | Naf(body):
                return type(g)(walk(body))
            case And(parts) | Or(parts):
                return type(g)(tuple(walk(p) for p in parts))
            case Xor(a, b) | Implies(a, b) | Iff(a, b):
                return type(g)(walk(a), walk(b))
            case Forall(vs, body) | Exists(vs, body):
                return type(g)(vs, walk(body))
            case Rule(head, literals_):
                return Rule(walk(head), tuple(walk(b) for b in literals_), g.defeasible)
            case _:
                assert_never(g)

    return cast(S, walk(f))


def negate(f: Formula) -> Formula:
    """The negation of `f`, without doubling."""
    return f.body if isinstance(f, Not) else Not(f)


def formula_of(r: Statement) -> Formula:
    """The classical reading of a statement.  ValueError for a rule with Naf, and for a defeasible one."""
    if not isinstance(r, Rule):
        return r
    if r.defeasible:
        raise ValueError("a defeasible rule has no classical reading")
    body = tuple(b for b in r.body if not isinstance(b, Naf))
    if len(body) != len(r.body):
        raise ValueError("a rule with negation as failure has no classical reading")
    matrix: Formula = r.head
    if body:
        matrix = Implies(body[0] if len(body) == 1 else And(body), r.head)
    vs = free_vars(r)
    return Forall(vs, matrix) if vs else matrix

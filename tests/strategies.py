"""Hypothesis strategies for terms, formulas, rules and theories; names may be any text."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from neurosym.logic import (
    SKOLEM,
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Term,
    Var,
    Xor,
    free_vars,
    misplaced,
)
from neurosym.theory import Axiom, Claim, Semantics, Theory

_AWKWARD = [
    "and", "or", "xor", "not", "implies", "iff", "forall", "exists", "naf", "true", "false", "closed",
    "world", "", " ", "'", "\\", '"', "\n", "\t", "\r", "\x00", "\u2028", "\ud800", "a b", "it's", "x", "v1",
    "0", "-1", "3/4", "?x", ".", ":-", ":- shell('x')", "% goal:", "#", "ünï", "Ω", "日本語", "a.b", "p(x)",
    "\\n", "\\u{41}", "~", "+", "-", "*", "/", "at_least", "at_most", "exactly", "all_different", "normally",
    "prefer", "over", "semantics",
]  # fmt: skip
names = st.one_of(
    st.sampled_from(_AWKWARD), st.sampled_from(["p", "q", "x", "y"]), st.text(st.characters(), max_size=6)
)
numbers = st.builds(Fraction, st.integers(-(10**20), 10**20), st.integers(1, 10**9))
variables = st.builds(Var, names)


def _terms(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    sums = st.builds(Fn, st.sampled_from("+-*"), st.lists(inner, min_size=1, max_size=3).map(tuple))
    return st.one_of(st.builds(Fn, names, st.lists(inner, min_size=1, max_size=3).map(tuple)), sums)


constants: st.SearchStrategy[Term] = st.one_of(st.builds(Const, names), st.builds(Num, numbers))
terms: st.SearchStrategy[Term] = st.recursive(st.one_of(constants, variables), _terms, max_leaves=5)
atoms = st.builds(Atom, names, st.lists(terms, max_size=3).map(tuple))
plain = st.one_of(atoms, st.builds(Equal, terms, terms), st.builds(Less, terms, terms, st.booleans()))


def _formulas(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    parts = st.lists(inner, max_size=3).map(tuple)
    bound = st.lists(variables, min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, parts),
        st.builds(Or, parts),
        *(st.builds(kind, inner, inner) for kind in (Xor, Implies, Iff)),
        *(st.builds(kind, bound, inner) for kind in (Forall, Exists)),
    )


formulas: st.SearchStrategy[Formula] = st.recursive(plain, _formulas, max_leaves=8)
body_literals: st.SearchStrategy[BodyLiteral] = st.one_of(plain, st.builds(Not, plain), st.builds(Naf, atoms))
rules = st.builds(
    Rule,
    st.one_of(atoms, st.builds(Not, atoms)),
    st.lists(body_literals, max_size=4).map(tuple),
    st.booleans(),
)


def _closed(f: Formula) -> Formula:
    free = free_vars(f)
    return Forall(free, f) if free else f


def _theory(
    rows: list[tuple[str, Formula | Rule, float]],
    closed: bool,
    some: list[tuple[str, int]],
    semantics: Semantics,
) -> Theory:
    claims = tuple(Claim(label, f, Axiom("d", 0, ""), score) for label, f, score in rows)
    if semantics is Semantics.CLASSICAL and any(
        isinstance(c.formula, Rule) and c.formula.defeasible for c in claims
    ):
        semantics = Semantics.DEFEASIBLE
    labels = [c.label for c in claims]
    prefer = tuple(pairwise(labels)) if semantics is Semantics.DEFEASIBLE else ()
    closed = closed and semantics is Semantics.CLASSICAL
    some = some if semantics is Semantics.CLASSICAL and not closed else []
    return Theory(claims, closed, tuple(dict.fromkeys(some)), semantics, prefer)


def _placed(f: Formula | Rule) -> bool:
    """May it stand in a theory: no reserved symbol, and sums only where they are compared?"""
    return SKOLEM not in repr(f) and misplaced(f) is None


_labels = names.filter(lambda n: n and not n.startswith("$") and n != "closed-world")
_rows = st.tuples(
    _labels,
    st.one_of(formulas.map(_closed), rules).filter(_placed),
    st.floats(0, 1, allow_subnormal=True),
)
theories = st.builds(
    _theory,
    st.lists(_rows, max_size=4, unique_by=lambda r: r[0]),
    st.booleans(),
    st.lists(st.tuples(names, st.integers(0, 9)), max_size=2),
    st.sampled_from(Semantics),
)

# --- a small vocabulary, for truth in small structures --------------------------------

_v = st.sampled_from([Var("x"), Var("y")])
_t: st.SearchStrategy[Term] = st.one_of(_v, st.just(Const("c")), _v.map(lambda v: Fn("f", (v,))))
_small = st.one_of(
    st.just(Atom("p")),
    st.builds(Atom, st.just("q"), st.tuples(_t)),
    st.builds(Atom, st.just("r"), st.tuples(_v, _v)),
    st.builds(Equal, _t, _t),
)


def _compound(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    two = st.lists(inner, min_size=0, max_size=2).map(tuple)
    bound = st.sampled_from([(Var("x"),), (Var("y"),), (Var("x"), Var("y")), (Var("x"), Var("x")), ()])
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, two),
        st.builds(Or, two),
        *(st.builds(kind, inner, inner) for kind in (Xor, Implies, Iff)),
        *(st.builds(kind, bound, inner) for kind in (Forall, Exists, Exists)),
    )


small: st.SearchStrategy[Formula] = st.recursive(_small, _compound, max_leaves=5).map(_closed)
_literal = st.one_of(_small, st.builds(Not, _small))
_body = st.recursive(
    _literal,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, max_size=2).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Exists, st.just((Var("y"),)), inner),
    ),
    max_leaves=3,
)
_head = st.one_of(_literal.filter(lambda f: not isinstance(f.body if isinstance(f, Not) else f, Equal)))
_rule_like: st.SearchStrategy[Formula] = st.one_of(
    _head,
    st.builds(Implies, _body, st.one_of(_head, st.builds(lambda a, b: And((a, b)), _head, _head))),
    st.builds(Implies, _body, st.builds(Forall, st.just((Var("y"),)), _head)),
    st.builds(Iff, _head, _literal),
    st.builds(lambda a, b: Not(Exists((Var("x"),), And((a, b)))), _body, _small),
    st.builds(lambda a, b, c: Implies(a, Implies(b, c)), _literal, _literal, _head),
)
rule_like: st.SearchStrategy[Formula] = st.one_of(
    _rule_like, st.builds(lambda a, b: And((a, b)), _rule_like, _rule_like)
).map(_closed)

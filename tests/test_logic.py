"""Normal forms against truth in all small structures, matching, and the ground decision procedure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import rule_like, small, terms
from structures import holds, structures, symbols

from neurosym.logic import (
    SKOLEM,
    And,
    Atom,
    Clause,
    Const,
    Domain,
    Equal,
    Exhausted,
    Exists,
    FactIndex,
    Fn,
    Forall,
    Formula,
    GroundClauses,
    Iff,
    Implies,
    Less,
    Literal,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Term,
    TooManyClauses,
    Var,
    clauses,
    computed,
    formula_of,
    free_vars,
    ground_terms,
    literal_terms,
    literals,
    match_terms,
    negate,
    opposite,
    rules_of,
    substitute,
    substitute_term,
    term_key,
    truth,
    unbound,
)


def closure(clause: Clause) -> Formula:
    vs = tuple(dict.fromkeys(v for x in clause for v in free_vars(x)))
    return Forall(vs, Or(clause)) if vs else Or(clause)


X, Y, Z = Var("x"), Var("y"), Var("z")
P, Q = Atom("p"), Atom("q", (X,))
C = Const("c")


def q(t: Term) -> Atom:
    return Atom("q", (t,))


# --- negation, rules, clauses ----------------------------------------------------------


@given(small)
def test_opposite_is_negation(f: Formula) -> None:
    for size in (1, 2):
        for s in structures([f], size):
            assert holds(opposite(f), s, size) is holds(negate(f), s, size) is (not holds(f, s, size))


@given(st.one_of(rule_like, small))
@settings(max_examples=300)
@example(Forall((X,), Implies(q(X), Forall((X,), Atom("r", (X, X))))))
@example(Forall((X,), Iff(q(X), P)))
@example(Not(Exists((X, X), And((Exists((X,), q(X)), q(X))))))
@example(Implies(And((Exists((X,), q(X)), Exists((X,), Atom("r", (X, X))))), P))
def test_rules_say_what_the_formula_says(f: Formula) -> None:
    """Each rule follows, as documented; and together they imply the formula, which closed worlds need."""
    found = rules_of(f)
    assume(found is not None)
    assert found is not None
    together = And(tuple(formula_of(r) for r in found))
    for size in (1, 2):
        for s in structures([f], size):
            assert holds(together, s, size) is holds(f, s, size)


def test_enough_formulas_are_rules() -> None:
    """The property above is not empty: the shapes of the fragment are read as rules."""
    for f, n in (
        (Forall((X,), Implies(Or((q(X), And((P, q(C))))), Not(P))), 2),
        (Iff(P, q(C)), 2),
        (Not(Exists((X,), q(X))), 1),
        (Not(Exists((X,), And((q(X), P)))), 1),
        (And((P, Not(q(C)))), 2),
        (And(()), 0),
    ):
        found = rules_of(f)
        assert found is not None
        assert len(found) == n
    for f in (
        Or((P, q(C))),
        Exists((X,), q(X)),
        Equal(C, C),
        Not(And((P, q(C)))),
        Implies(Forall((X,), q(X)), P),
    ):
        assert rules_of(f) is None


def test_a_closed_world_reads_negated_bodies_by_absence() -> None:
    rule = Forall((X,), Implies(And((q(X), Not(Atom("r", (X, X))))), P))
    (one,) = rules_of(rule, closed=True) or ()
    assert one.body[1] == Naf(Atom("r", (Var("v1"), Var("v1"))))
    (same,) = rules_of(Rule(P, (Not(Equal(C, C)), Not(P))), closed=True) or ()
    assert same.body == (Not(Equal(C, C)), Naf(P))


@given(small)
@settings(max_examples=300)
@example(Or((Forall((X,), q(X)), Forall((X,), Not(q(X))))))
@example(Forall((X,), Exists((Y,), Iff(Atom("r", (X, Y)), Exists((X,), Atom("r", (Y, X)))))))
@example(Iff(Iff(Exists((X,), q(X)), P), Forall((X,), q(X))))
@example(Exists((X,), Forall((X,), q(X))))
@example(Forall((), Exists((), P)))
def test_clauses_are_equisatisfiable(f: Formula) -> None:
    """A structure is a model of `f` just where Skolem values extend it to a model of the clauses."""
    try:
        cnf = And(tuple(closure(c) for c in clauses(f, "t")))
    except TooManyClauses:
        return
    for size in (1, 2):
        for s in structures([f], size, most=64):
            extended = list(structures([cnf], size, s, most=1024))
            if extended:
                assert any(holds(cnf, e, size) for e in extended) is holds(f, s, size)


@given(small)
def test_clauses_depend_on_nothing_but_their_arguments(f: Formula) -> None:
    try:
        one, two = clauses(f, "a"), clauses(f, "b")
    except TooManyClauses:
        return
    assert clauses(f, "a") == one
    names = [
        {n for c in cs for x in c for n, _ in symbols([x])[1] if n.startswith(SKOLEM)} for cs in (one, two)
    ]
    assert not names[0] & names[1]
    assert all(not free_vars(closure(c)) for c in one)


def test_names_of_skolem_symbols_never_meet() -> None:
    f = Exists((X, Y), Atom("r", (X, Y)))
    seen: set[Term] = set()
    for name in ("a", "a:1", "a:1:1", "", ":", "1", ":1"):
        new = set(ground_terms(x for c in clauses(f, name) for x in c))
        assert len(new) == 2
        assert not new & seen
        seen |= new


def test_large_normal_forms_are_refused() -> None:
    pairs = [Or((Atom(f"a{i}"), Atom(f"b{i}"))) for i in range(30)]
    wide = Implies(And(tuple(pairs)), P)
    assert rules_of(wide) is None
    assert rules_of(Implies(And((And(tuple(pairs)), And(tuple(pairs)))), P)) is None
    with pytest.raises(TooManyClauses):
        clauses(Not(And(tuple(pairs))), "t")
    chain = And(tuple(Atom(f"a{i}") for i in range(5000)))
    (rule,) = rules_of(Implies(chain, P)) or ()
    assert len(rule.body) == 5000


# --- substitution and matching -----------------------------------------------------------


@given(small, st.sampled_from([C, X, Y, Fn("f", (C,)), Fn("f", (Y,))]))
def test_substitution_captures_nothing(f: Formula, t: Term) -> None:
    """f[x := t] says of t what f says of x: for closed t, both sides in every structure of one and two."""
    body = f.body if isinstance(f, Forall) else f
    try:
        g = substitute(body, {X: t})
    except ValueError:
        assert free_vars(q(t))  # only a term with variables can be captured
        return
    there = set(free_vars(body))
    assert set(free_vars(g)) == (there - {X}) | (set(free_vars(q(t))) if X in there else set())
    if free_vars(g) or free_vars(q(t)):
        return
    both = And((g, Forall((X,), Implies(Equal(X, t), Forall(tuple(there - {X}), body)))))
    for size in (1, 2):
        for s in structures([both], size, most=256):
            assert holds(g, s, size) is holds(Forall((X,), Implies(Equal(X, t), body)), s, size)


@given(st.lists(terms, max_size=3), st.data())
def test_matching_finds_the_substitution(patterns: list[Term], data: st.DataObject) -> None:
    vs = sorted({v for p in patterns for v in free_vars(q(p))}, key=term_key)
    s: dict[Var, Term] = {v: Const(str(i)) for i, v in enumerate(vs)}
    ground = tuple(substitute_term(p, s) for p in patterns)
    found: dict[Var, Term] = {}
    assert match_terms(tuple(patterns), ground, found)
    assert found == s
    index = FactIndex([Atom("p", ground), Not(Atom("p", ground)), Atom("p", (*ground, C))])
    assert list(index.matches(Atom("p", tuple(patterns)), {})) == [s]


def test_joins_agree_with_enumeration() -> None:
    names = [Const(n) for n in "abc"]
    facts = [Atom("r", (names[i], names[j])) for i, j in ((0, 1), (1, 2), (2, 0), (0, 0))]
    rows = [(Atom("r", (X, Y))), Atom("r", (Y, Z)), Atom("r", (Z, X))]
    found = {(s[X], s[Y], s[Z]) for s in FactIndex(facts).join(rows, {}, lambda: None)}
    assert found == {
        (a, b, c)
        for a, b, c in product(names, repeat=3)
        if {Atom("r", (a, b)), Atom("r", (b, c)), Atom("r", (c, a))} <= set(facts)
    }


@given(terms, terms)
def test_terms_are_ordered(a: Term, b: Term) -> None:
    assert (term_key(a) == term_key(b)) is (a == b)
    assert (term_key(a) < term_key(b)) is not (term_key(b) <= term_key(a))


# --- what terms settle, and over what variables range -------------------------------------

ONE, TWO = Num(Fraction(1)), Num(Fraction(2))


@pytest.mark.parametrize(
    ("f", "open_world", "closed_world"),
    [
        (Equal(C, C), True, True),
        (Equal(C, Const("d")), None, False),
        (Equal(ONE, TWO), False, False),
        (Equal(ONE, C), None, False),
        (Equal(Fn("f", (ONE,)), Fn("f", (TWO,))), None, False),
        (Equal(X, X), None, None),
        (Equal(X, C), None, None),
        (Less(ONE, TWO), True, True),
        (Less(TWO, TWO), False, False),
        (Less(TWO, TWO, False), True, True),
        (Less(C, C), None, None),
        (Not(Less(TWO, ONE)), True, True),
        (Not(Equal(C, Const("d"))), None, True),
        (P, None, None),
        (Not(P), None, None),
    ],
)
def test_computed(f: Formula, open_world: bool | None, closed_world: bool | None) -> None:
    assert computed(f, False) is open_world
    assert computed(f, True) is closed_world


def test_domain() -> None:
    d = Domain([q(Fn("f", (C,)))], q(ONE))
    assert list(d) == [ONE, C, Fn("f", (C,))]
    assert Fn("f", (Fn("f", (C,)),)) not in d
    endless = Domain([Forall((X,), q(Fn("f", (X,))))], q(C))
    assert Fn("f", (C,)) in endless
    with pytest.raises(ValueError, match="endless"):
        list(endless)
    assert len(list(Domain([P], P))) == 1
    assert unbound(Rule(q(X), (Atom("r", (Y, Y)), Less(Y, Z), Naf(q(Y))))) == (Z, X)


# --- ground satisfiability ----------------------------------------------------------------

_g = [
    Const("a"),
    Const("b"),
    Fn("f", (Const("a"),)),
    Fn("f", (Const("b"),)),
    Fn("f", (Fn("f", (Const("a"),)),)),
]
_ground_atom = st.one_of(
    st.builds(Atom, st.sampled_from(["s", "t"]), st.just(())),
    st.builds(lambda t: Atom("q", (t,)), st.sampled_from(_g)),
    st.builds(Equal, st.sampled_from(_g), st.sampled_from(_g)),
)
_ground_literal: st.SearchStrategy[Literal] = st.one_of(_ground_atom, st.builds(Not, _ground_atom))
_clause_sets = st.lists(st.lists(_ground_literal, max_size=3).map(tuple), max_size=6)


def _partitions(n: int) -> Iterator[tuple[int, ...]]:
    """Every way to name n things by 0, 1, ... in order of first use."""

    def grow(done: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(done) == n:
            yield done
            return
        for k in range(max(done, default=-1) + 2):
            yield from grow((*done, k))

    return grow(())


def brute_force(ground: Iterable[Clause]) -> bool:
    """Satisfiability by trying every congruence on the five terms and every truth assignment."""
    cs = tuple(ground)
    for classes in _partitions(len(_g)):
        of: dict[Term, int] = dict(zip(_g, classes, strict=True))
        table = [(of[t.args[0]], of[t]) for t in _g if isinstance(t, Fn)]
        if len(dict(table)) != len(set(table)):
            continue  # equal arguments, unequal values
        rows = sorted({(a.pred, tuple(of[t] for t in a.args)) for c in cs for x in c for a in literals(x)
                       if isinstance(a, Atom)})  # fmt: skip
        for values in product((False, True), repeat=len(rows)):
            true = dict(zip(rows, values, strict=True))

            def leaf(
                a: Atom | Equal | Less, _: object, of: dict[Term, int] = of, true: object = true
            ) -> bool:
                if isinstance(a, Atom):
                    assert isinstance(true, dict)
                    return bool(true[a.pred, tuple(of[t] for t in a.args)])
                left, right = literal_terms(a)
                return of[left] == of[right]

            if all(truth(Or(c), {}, (), leaf, lambda: None) for c in cs):
                return True
    return False


@given(_clause_sets)
@settings(max_examples=300)
def test_ground_satisfiability_is_exact(ground: list[Clause]) -> None:
    assert GroundClauses(ground, 100_000).satisfiable() is brute_force(ground)


def test_numerals_in_ground_clauses() -> None:
    def sat(*cs: Clause) -> bool:
        return GroundClauses(cs, 100_000).satisfiable()

    a, b = Const("a"), Const("b")
    assert not sat((Equal(a, ONE),), (Equal(a, TWO),))
    assert not sat((Equal(a, ONE),), (Equal(b, TWO),), (Less(b, a),))
    assert sat((Equal(a, ONE),), (Equal(b, TWO),), (Less(a, b),))
    assert not sat((Equal(a, b),), (Less(a, C),), (Not(Less(b, C)),))
    assert not sat((Less(TWO, ONE), Equal(ONE, TWO)))
    assert not sat((Not(Less(ONE, ONE, False)),))
    assert sat()
    assert not sat(())


def test_the_budget_of_ground_clauses_is_kept() -> None:
    wide = [(Atom(f"a{i}"), Atom(f"b{i}")) for i in range(100)]
    with pytest.raises(Exhausted):
        GroundClauses(wide, 500).satisfiable()
    deep: Term = C
    for _ in range(200):
        deep = Fn("f", (deep,))
    with pytest.raises(Exhausted):
        GroundClauses([(Equal(deep, C),), (Not(Equal(C, C)),)], 150).satisfiable()

"""The text format: read(show(x)) == x for everything, and errors that point."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import body_literals, formulas, names, rules, terms, theories

from neurosym.errors import InputError, NeurosymError, SyntaxProblem, TheoryError
from neurosym.logic import (
    And,
    Atom,
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
)
from neurosym.logic.counting import all_different, at_least, at_most, exactly
from neurosym.syntax import (
    quote,
    read_formula,
    read_statement,
    read_term,
    read_theory,
    show,
    show_term,
    show_theory,
)
from neurosym.theory import Semantics, Theory

# --- both ways -----------------------------------------------------------------------


@given(terms)
def test_terms_come_back(t: Term) -> None:
    assert read_term(show_term(t)) == t


@given(formulas)
@example(Not(Less(Const("a"), Const("b"))))
@example(Forall((Var("x"),), Atom("p", (Const("x"),))))
@example(Exists((Var("x"), Var("y")), Atom("p", (Fn("x", (Const("y"), Var("x"))),))))
@example(And((And((Atom("p"),)), Or((Atom("q"),)), And(()), Or(()))))
@example(Iff(Iff(Atom("p"), Atom("q")), Xor(Atom("r"), Xor(Atom("p"), Atom("q")))))
@example(Implies(Forall((Var("x"),), Atom("p")), Not(Exists((Var("x"),), Atom("q")))))
@example(And((Not(Forall((Var("x"),), Atom("p"))), Atom("q"))))
def test_formulas_come_back(f: Formula) -> None:
    assert read_formula(show(f), free=True) == f
    assert read_statement(show(f) + ".") == f


@given(rules)
def test_rules_come_back(r: Rule) -> None:
    assert read_statement(show(r)) == r


@given(theories)
def test_theories_come_back(theory: Theory) -> None:
    back = read_theory(show_theory(theory))
    assert back.closed_world == theory.closed_world
    assert back.closed == theory.closed
    assert back.semantics == theory.semantics
    assert back.prefer == theory.prefer
    assert [(c.label, c.formula, c.score) for c in back.claims] == [
        (c.label, c.formula, c.score) for c in theory.claims
    ]


@given(body_literals)
def test_body_literals_show_on_one_line(b: object) -> None:
    assert len(show(b).splitlines()) == 1  # type: ignore[arg-type]


@given(names)
def test_a_name_stays_one_token(name: str) -> None:
    """No name, whatever is in it, can break out of its place."""
    text = f"p({quote(name)}) and q"
    assert read_formula(text) == And((Atom("p", (Const(name),)), Atom("q")))


@given(st.text(max_size=40))
@example("'\\u{110000}'")
@example("9" * 5000)
@example("1/" + "9" * 5000)
@example("1/0")
@example("٣ < ٤")
@example("²")
@example("(" * 5000)
@example("not " * 5000 + "p")
@example("p(" * 5000)
@example("forall x. " * 5000 + "p")
@example("p -> " * 5000 + "p")
@example("p <-> " * 5000 + "p")
@example("a: a: p.")
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_formula, read_statement, read_term, read_theory):
        with suppress(NeurosymError):
            read(text)


# --- what the format means -----------------------------------------------------------

P, Q, R = Atom("p"), Atom("q"), Atom("r")
X, Y = Var("x"), Var("y")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("p and q or r", Or((And((P, Q)), R))),
        ("p or q -> r", Implies(Or((P, Q)), R)),
        ("p -> q -> r", Implies(P, Implies(Q, R))),
        ("p <-> q -> r", Iff(P, Implies(Q, R))),
        ("p xor q <-> r", Iff(Xor(P, Q), R)),
        ("not p and q", And((Not(P), Q))),
        ("p and q and r", And((P, Q, R))),
        ("(p and q) and r", And((And((P, Q)), R))),
        ("~p | q & r", Or((Not(P), And((Q, R))))),
        ("¬p ∧ q → r ↔ p ⊕ q", Iff(Implies(And((Not(P), Q)), R), Xor(P, Q))),
        ("p implies q iff r", Iff(Implies(P, Q), R)),
        ("forall x. p -> q(x)", Forall((X,), Implies(P, Atom("q", (X,))))),
        ("∀x ∃y. r(x, y)", None),
        ("forall x y. r(x, y)", Forall((X, Y), Atom("r", (X, Y)))),
        ("forall ?x, ?y. r(?x, y)", Forall((X, Y), Atom("r", (X, Y)))),
        ("exists x:q. p", Exists((X,), And((Atom("q", (X,)), P)))),
        ("forall x:q. p", Forall((X,), Implies(Atom("q", (X,)), P))),
        ("not forall x. p(x)", Not(Forall((X,), Atom("p", (X,))))),
        ("p and exists x. q(x) or r", And((P, Exists((X,), Or((Atom("q", (X,)), R)))))),
        ("a != b", Not(Equal(Const("a"), Const("b")))),
        ("a > b", Less(Const("b"), Const("a"))),
        ("a >= b", Less(Const("b"), Const("a"), False)),
        ("not a = b", Not(Equal(Const("a"), Const("b")))),
        ("-1.50 < 2/4", Less(Num(read_term("-3/2").value), Num(read_term("1/2").value))),  # type: ignore[union-attr]
        ("p % a comment", P),
        ("'and'", Atom("and")),
        ("true and false", And((And(()), Or(())))),
    ],
)
def test_reading(text: str, meant: Formula | None) -> None:
    if meant is None:
        with pytest.raises(SyntaxProblem):
            read_formula(text)
    else:
        assert read_formula(text) == meant


A, B = Const("a"), Const("b")
ONE, TWO = Num(Fraction(1)), Num(Fraction(2))


def op(name: str, *args: Term) -> Fn:
    return Fn(name, args)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * 2", op("+", A, op("*", B, TWO))),
        ("(a + b) * 2", op("*", op("+", A, B), TWO)),
        ("a - b - 2", op("-", op("-", A, B), TWO)),
        ("a - (b - 2)", op("-", A, op("-", B, TWO))),
        ("a -1", op("-", A, ONE)),
        ("a-1", op("-", A, ONE)),
        ("a - -1", op("-", A, Num(Fraction(-1)))),
        ("-1", Num(Fraction(-1))),
        ("- 1", op("-", ONE)),
        ("-(1)", op("-", ONE)),
        ("-a * b", op("*", op("-", A), B)),
        ("--a", op("-", op("-", A))),
        ("2 * ?x", op("*", TWO, X)),
        ("f(a + 1)", op("f", op("+", A, ONE))),
        ("'+'(a, b)", op("+", A, B)),
        ("'-'(a, b, 1)", op("-", A, B, ONE)),
        ("'+'", Const("+")),
    ],
)
def test_sums(text: str, meant: Term) -> None:
    assert read_term(text) == meant
    assert read_term(show_term(meant)) == meant


def test_sums_and_formulas_share_parentheses() -> None:
    less = Less(op("*", op("+", A, ONE), TWO), B)
    assert read_formula("(a + 1) * 2 < b") == less
    assert read_formula("((a + 1) * 2 < b)") == less
    assert read_formula("not (a + 1) * 2 < b and (p)") == And((Not(less), P))
    assert read_formula("(p) and ((q))") == And((P, Q))
    assert read_formula("'+'(a, b)") == Atom("+", (A, B))
    with pytest.raises(SyntaxProblem, match="found the term a \\+ b"):
        read_formula("a + b")


def test_counts_are_written_out() -> None:
    p = Atom("p", (X,))
    assert read_formula("at_least 2 ?x. p(?x)") == at_least(2, X, p)
    assert read_formula("not at_most 1 x. p(x) or q") == Not(at_most(1, X, Or((p, Q))))
    assert read_formula("exactly 3 ?x:q. p(?x)") == exactly(3, X, And((Atom("q", (X,)), p)))
    assert read_formula("all_different(a, b, 1)") == all_different([A, B, ONE])
    assert read_formula("'all_different'(a, b)") == Atom("all_different", (A, B))
    assert read_formula("at_least(a) and exactly") == And((Atom("at_least", (A,)), Atom("exactly")))
    made = exactly(2, X, p)
    assert read_formula(show(made)) == made
    for wrong in ("at_least 1/2 ?x. p(?x)", "at_least 99 ?x. p(?x)", "exactly 2 p", "at_most 2 (p)"):
        with pytest.raises(SyntaxProblem):
            read_formula(wrong)


def test_what_is_said_of_a_whole_theory() -> None:
    theory = read_theory("closed p/1, 'odd one'/2.\np(a).")
    assert theory.closed == (("p", 1), ("odd one", 2))
    assert read_theory("semantics chaining. p(?x) :- q(?x).").semantics is Semantics.CHAINING
    assert read_theory("p.").semantics is Semantics.CLASSICAL
    theory = read_theory(
        "b: normally flies(?x) :- bird(?x).\nq: normally not flies(?x) :- penguin(?x).\nprefer q over b."
    )
    assert theory.semantics is Semantics.DEFEASIBLE
    assert theory.prefer == (("q", "b"),)
    assert theory.claims[0].formula == Rule(Atom("flies", (X,)), (Atom("bird", (X,)),), True)
    assert read_theory("semantics(a). closed(p). normally. prefer(a, b).").semantics is Semantics.CLASSICAL


def test_a_quoted_name_is_no_variable() -> None:
    assert read_formula("forall x. r(x, 'x')") == Forall((X,), Atom("r", (X, Const("x"))))


def test_rules_and_labels() -> None:
    theory = read_theory(
        "closed world.\nlow [0.25]: p(?x) :- q(?x), naf r(?x), not s(?x).\np(a). p(b).\n# end\n", "house"
    )
    assert theory.closed_world
    assert [c.label for c in theory.claims] == ["low", "house:3", "house:3.2"]
    assert [c.score for c in theory.claims] == [0.25, 1.0, 1.0]
    x = (X,)
    body = (Atom("q", x), Naf(Atom("r", x)), Not(Atom("s", x)))
    assert theory.claims[0].formula == Rule(Atom("p", x), body)


# --- errors point --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "golden"),
    [
        (
            "p and\n  q or )",
            "t:2:8: expected a formula, found ')'\n      q or )\n           ^",
        ),
        (
            "forall x p(x)",
            "t:1:11: expected '.' after the variables of a quantifier, found '('\n"
            "    forall x p(x)\n              ^",
        ),
        (
            "p(a b)",
            "t:1:5: expected ')' to close the arguments of 'p', found 'b'\n    p(a b)\n        ^",
        ),
        (
            "p q",
            "t:1:3: expected the end, found 'q'\n    p q\n      ^\n  is a connective missing?",
        ),
        (
            "p('a)",
            "t:1:3: unexpected character \"'\"\n    p('a)\n      ^\n  close the quote on the same line",
        ),
        (
            "p and 3",
            "t:1:7: expected a formula, found the term 3\n    p and 3\n          ^",
        ),
        (
            "p(?x)",
            "t:1:1: variable 'x' is free\n    p(?x)\n    ^\n  bind it with forall or exists",
        ),
        (
            "a < 1/0",
            "t:1:5: division by zero\n    a < 1/0\n        ^",
        ),
        ("", "t:1:1: expected a formula, found the end of the text"),
    ],
)  # fmt: skip
def test_an_error_shows_line_column_and_caret(text: str, golden: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read_formula(text, "t")
    assert str(caught.value).rstrip().removesuffix("    \n    ^").rstrip() == golden


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("p.\nq :- r or s.\n", 2, 8, "expected '.'"),
        ("p.\nq(?x).\n", 2, 1, "free"),
        ("p\nq.\n", 2, 1, "expected '.'"),
        ("p and q :- r.", 1, 1, "head of a rule"),
        ("p :- naf not q.", 1, 6, "before an atom"),
        ("p :- exists x. q(x).", 1, 6, "literals only"),
        ("l [2]: p.", 1, 4, "between 0 and 1"),
        ("closed world", 1, 13, "expected"),
        ("closed p.", 1, 8, "a predicate and its number of arguments"),
        ("closed p/1, q.", 1, 13, "number of arguments"),
        ("p.\nsemantics fuzzy.", 2, 11, "no semantics 'fuzzy'"),
        ("semantics chaining.\nsemantics defeasible.", 2, 11, "twice"),
        ("a: p.\nprefer a over c.", 2, 15, "no claim is labelled 'c'"),
        ("normally p or q :- r.", 1, 1, "head of a rule"),
        ("a + < b.", 1, 5, "a term after"),
        ("(a + 1 < b.", 1, 11, "close the parenthesis"),
    ],
)
def test_a_theory_error_has_its_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(SyntaxProblem, match=said) as caught:
        read_theory(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("text", ["a: p. a: q.", "'$x': p.", "'closed-world': p.", "p('$sk:a:1')."])
def test_a_theory_refuses_what_is_reserved_or_doubled(text: str) -> None:
    with pytest.raises(TheoryError):
        read_theory(text)


UNREADABLE = sorted((Path(__file__).parent / "must_fail").glob("theory_*.nsl"))


@pytest.mark.parametrize("path", UNREADABLE, ids=lambda p: p.stem)
def test_must_fail_files(path: Path) -> None:
    """The first line of each file says where the error points, or what it names."""
    text = path.read_text(encoding="utf-8")
    said = text.removeprefix("% ").split()[0].rstrip(":")
    with pytest.raises(InputError) as caught:
        read_theory(text, path.name)
    e = caught.value
    assert said in (f"{e.line}:{e.column}", "twice") or said in str(e)

"""Text to terms, formulas and rules, by recursive descent; errors point at the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from neurosym.logic import (
    FALSE,
    TRUE,
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
    Statement,
    Term,
    Var,
    Xor,
    free_vars,
    is_literal,
    is_signed_atom,
)
from neurosym.logic.counting import MOST, all_different, at_least, at_most, exactly
from neurosym.syntax.scanning import Scanner
from neurosym.syntax.showing import ALL_DIFFERENT, NORMALLY, show_term

DEPTH = 60  # nesting past this is refused: no input may exhaust the stack
DIGITS = 1000  # numbers longer than this are refused: Python itself refuses them at 4300


_COUNTS: dict[str, Callable[[int, Var, Formula], Formula]] = {
    "at_least": at_least,
    "at_most": at_most,
    "exactly": exactly,
}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OPERATORS = ("+", "-", "*")


class Reader(Scanner):
    """Reads from where it stands; every method raises SyntaxProblem."""

    # formulas, loosest connective first

    def formula(self, scope: frozenset[str]) -> Formula:
        self.depth += 1
        if self.depth > DEPTH:
            self.fail(f"nested deeper than {DEPTH} levels", self.now.at, "split it into several statements")
        left, n = self.xor(scope), 0
        while self.take("<->"):
            left, n = Iff(left, self.xor(scope)), self._longer(n)
        self.depth -= 1
        return left

    def _longer(self, n: int) -> int:
        if n >= DEPTH:
            self.fail(
                f"a chain of more than {DEPTH} connectives", self.now.at, "split it into several statements"
            )
        return n + 1

    def xor(self, scope: frozenset[str]) -> Formula:
        left, n = self.implies(scope), 0
        while self.take("xor"):
            left, n = Xor(left, self.implies(scope)), self._longer(n)
        return left

    def implies(self, scope: frozenset[str]) -> Formula:
        parts, n = [self.either(scope)], 0
        while self.take("->"):
            parts.append(self.either(scope))
            n = self._longer(n)
        right = parts.pop()
        while parts:
            right = Implies(parts.pop(), right)
        return right

    def either(self, scope: frozenset[str]) -> Formula:
        parts = [self.both(scope)]
        while self.take("or"):
            parts.append(self.both(scope))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, scope: frozenset[str]) -> Formula:
        parts = [self.unary(scope)]
        while self.take("and"):
            parts.append(self.unary(scope))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def unary(self, scope: frozenset[str]) -> Formula:
        at = self.now.at
        negations = 0
        while self.take("not"):
            negations += 1
        if negations > DEPTH:
            self.fail(f"more than {DEPTH} negations", at)
        if self.now.text in _COUNTS and self.ahead(self.now.text, "number"):
            f = self.count(scope)
        else:
            f = self.quantified(scope) if self.now.text in ("forall", "exists") else self.primary(scope)
        for _ in range(negations):
            f = Not(f)
        return f

    def count(self, scope: frozenset[str]) -> Formula:
        """at_least 2 ?x. F, at_most, exactly: written out."""
        make, at = _COUNTS[self.now.text], self.tokens[self.i + 1]
        self.i += 2
        if not at.text.isdecimal() or len(at.text) > 3 or int(at.text) >= MOST:
            self.fail(f"expected a whole number below {MOST} to count, found {at.text!r}", at.at)
        if self.now.kind not in ("var", "name"):
            self.fail(f"expected a variable after the count, found {self.found()}", self.now.at)
        var, sort = Var(self.now.text), ""
        self.i += 1
        if self.take(":"):
            if self.now.kind != "name":
                self.fail(f"expected a sort after ':', found {self.found()}", self.now.at)
            sort = self.now.text
            self.i += 1
        self.expect(".", "after the variable of a count")
        body = self.formula(scope | {var.name})
        try:
            return make(int(at.text), var, And((Atom(sort, (var,)), body)) if sort else body)
        except ValueError as e:
            self.fail(str(e), at.at)

    def quantified(self, scope: frozenset[str]) -> Formula:
        if self.now.kind != "word":
            return self.primary(scope)
        universal = self.now.text == "forall"
        self.i += 1
        names: list[Var] = []
        sorts: list[Formula] = []
        while self.now.kind in ("var", "name"):
            names.append(Var(self.now.text))
            self.i += 1
            if self.take(":"):
                if self.now.kind != "name":
                    self.fail(f"expected a sort after ':', found {self.found()}", self.now.at)
                sorts.append(Atom(self.now.text, (names[-1],)))
                self.i += 1
            self.take(",")
        if not names:
            self.fail(f"expected variables after a quantifier, found {self.found()}", self.now.at)
        if len(set(names)) != len(names):
            self.fail("a variable is bound twice by one quantifier", self.now.at)
        self.expect(".", "after the variables of a quantifier")
        body = self.formula(scope | {v.name for v in names})
        if sorts:
            guard = sorts[0] if len(sorts) == 1 else And(tuple(sorts))
            body = Implies(guard, body) if universal else And((*sorts, body))
        return Forall(tuple(names), body) if universal else Exists(tuple(names), body)

    def primary(self, scope: frozenset[str]) -> Formula:
        at = self.now.at
        # and(F), or(F): a connective of one part, which only programs write
        one = self.now.text if self.now.kind == "word" and self.now.text in ("and", "or") else ""
        if one:
            self.i += 1
        if one or (self.now.kind == "word" and self.now.text == "(" and not self._sum_ahead()):
            self.expect("(", f"after {one!r}")
            f = self.formula(scope)
            self.expect(")", "to close the parenthesis")
            return {"": f, "and": And((f,)), "or": Or((f,))}[one]
        if self.take("true"):
            return TRUE
        if self.take("false"):
            return FALSE
        if self.ahead(ALL_DIFFERENT, "("):
            self.i += 1
            return all_different(self.arguments(scope, ALL_DIFFERENT))
        left = self.term(scope, "a formula")
        op = self.now.text if self.now.kind == "word" else ""
        if op in _COMPARISONS:
            self.i += 1
            right = self.term(scope, f"a term after {op!r}")
            match op:
                case "=":
                    return Equal(left, right)
                case "!=":
                    return Not(Equal(left, right))
                case "<" | "<=":
                    return Less(left, right, op == "<")
                case _:
                    return Less(right, left, op == ">")
        match left:
            case Const(name):
                return Atom(name)
            case Fn(name, args) if self.applied:
                return Atom(name, args)
            case _:
                self.fail(f"expected a formula, found the term {show_term(left)}", at)

    def _sum_ahead(self) -> bool:
        """Does the parenthesis here hold a term?  Then an operator or a comparison follows it."""
        after = self.closing.get(self.i, len(self.tokens) - 2) + 1
        t = self.tokens[after]
        return t.kind == "word" and (t.text in _COMPARISONS or t.text in _OPERATORS)

    # terms, loosest operator first; an atom looks the same and is told apart by where it stands

    def term(self, scope: frozenset[str], wanted: str) -> Term:
        """A sum; `applied` says afterwards whether it is a plain name or an application."""
        self.depth += 1
        if self.depth > DEPTH:
            self.fail(f"nested deeper than {DEPTH} levels", self.now.at)
        left, n = self.product(scope, wanted), 0
        while self.now.kind == "word" and self.now.text in ("+", "-"):
            op = self.now.text
            self.i += 1
            left, n = Fn(op, (left, self.product(scope, f"a term after {op!r}"))), self._longer(n)
            self.applied = False
        self.depth -= 1
        return left

    def product(self, scope: frozenset[str], wanted: str) -> Term:
        left, n = self.factor(scope, wanted), 0
        while self.take("*"):
            left, n = Fn("*", (left, self.factor(scope, "a term after '*'"))), self._longer(n)
            self.applied = False
        return left

    def factor(self, scope: frozenset[str], wanted: str) -> Term:
        minus: list[int] = []
        while self.now.kind == "word" and self.now.text == "-":
            minus.append(self.now.at)
            self.i += 1
        if len(minus) > DEPTH:
            self.fail(f"more than {DEPTH} signs", minus[0])
        numeral = self.now.kind == "number"
        if (
            self.now.kind == "word"
            and self.now.text == "("
            and (minus or self._sum_ahead() or wanted != "a formula")
        ):
            self.i += 1
            t = self.term(scope, "a term")
            self.expect(")", "to close the parenthesis")
            self.applied = False
        else:
            t = self.phrase(scope, "a term after '-'" if minus else wanted)
        if minus and numeral and isinstance(t, Num) and minus[-1] + 1 == self.tokens[self.i - 1].at:
            t = Num(-t.value)  # -2 is a numeral, - 2 and -(2) are not
            minus.pop()
        for _ in minus:
            t, self.applied = Fn("-", (t,)), False
        return t

    def phrase(self, scope: frozenset[str], wanted: str) -> Term:
        """A numeral, a variable, a name or an application."""
        t = self.now
        self.i += 1
        self.applied = True
        match t.kind:
            case "number":
                if re.search(r"/0+$", t.text):
                    self.fail("division by zero", t.at)
                if len(t.text) > DIGITS:
                    self.fail(f"a number of more than {DIGITS} characters", t.at)
                return Num(Fraction(t.text))
            case "var":
                return Var(t.text)
            case "name":
                if self.now.kind == "word" and self.now.text == "(":
                    args = self.arguments(scope, t.text)
                    self.applied = True
                    return Fn(t.text, args)
                return Var(t.text) if t.text in scope and not t.quoted else Const(t.text)
            case _:
                self.i -= 1
                self.fail(f"expected {wanted}, found {self.found()}", t.at)

    def arguments(self, scope: frozenset[str], name: str) -> tuple[Term, ...]:
        self.expect("(", f"after {name!r}")
        args = [self.term(scope, "a term")]
        while self.take(","):
            args.append(self.term(scope, "a term"))
        self.expect(")", f"to close the arguments of {name!r}")
        return tuple(args)

    # statements

    def statement(self) -> Statement:
        at = self.now.at
        normally = self.ahead(NORMALLY, "name") or self.ahead(NORMALLY, "not")
        self.i += normally
        f = self.formula(frozenset())
        if not self.take(":-"):
            if normally:
                if not (is_signed_atom(f) and isinstance(f, Atom | Not)):
                    self.fail(
                        "what is normally so is an atom or a negated atom", at, "write a rule with ':-'"
                    )
                return Rule(f, (), True)
            return f
        if not (is_signed_atom(f) and isinstance(f, Atom | Not)):
            self.fail("the head of a rule is an atom or a negated atom", at)
        body: list[BodyLiteral] = []
        if not self.take("true"):
            body.append(self.body_literal())
            while self.take(",", "and"):
                body.append(self.body_literal())
        return Rule(f, tuple(body), normally)

    def body_literal(self) -> BodyLiteral:
        at = self.now.at
        absent = self.take("naf")
        f = self.unary(frozenset())
        if absent:
            if not isinstance(f, Atom):
                self.fail("'naf' stands before an atom", at)
            return Naf(f)
        if not is_literal(f):
            self.fail("the body of a rule holds literals only", at, "write a formula with '->' instead")
        return f

    def finish(self) -> None:
        if self.now.kind != "end":
            self.fail(f"expected the end, found {self.found()}", self.now.at, "is a connective missing?")


def read_formula(text: str, document: str = "", *, free: bool = False) -> Formula:
    """Read one formula, maybe with a closing dot.

    Raises SyntaxProblem, also for a free variable unless `free`.
    """
    r = Reader(text, document)
    f = r.formula(frozenset())
    r.take(".")
    r.finish()
    if not free and (loose := free_vars(f)):
        r.fail(f"variable {loose[0].name!r} is free", 0, "bind it with forall or exists")
    return f


def read_term(text: str, document: str = "") -> Term:
    """Read one term.  Raises SyntaxProblem."""
    r = Reader(text, document)
    t = r.term(frozenset(), "a term")
    r.finish()
    return t


def read_statement(text: str, document: str = "") -> Statement:
    """Read one formula or rule; a closing dot is allowed.  Raises SyntaxProblem."""
    r = Reader(text, document)
    s = r.statement()
    r.take(".")
    r.finish()
    return s

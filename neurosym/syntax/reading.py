"""Text to formulas and theories, by recursive descent; errors point at the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from neurosym.errors import SyntaxProblem
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
from neurosym.syntax.showing import KEYWORDS, show_term
from neurosym.theory import Axiom, Claim, Theory

DEPTH = 60  # nesting past this is refused: no input may exhaust the stack
DIGITS = 1000  # numbers longer than this are refused: Python itself refuses them at 4300

_TOKEN = re.compile(
    r"""(?P<space>\s+|[%\#][^\n]*)
  | (?P<number>-?\d+(?:\.\d+|/\d+)?)
  | (?P<var>\?(?:[A-Za-z_][A-Za-z0-9_]*|'(?:[^'\\\n]|\\.)*'))
  | (?P<name>[^\W\d]\w*)
  | (?P<quoted>'(?:[^'\\\n]|\\.)*')
  | (?P<op><->|->|:-|!=|<=|>=|[<>=~&|¬∧∨⊕→↔∀∃()\[\],.:])""",
    re.VERBOSE,
)
_SAME = {
    "~": "not", "¬": "not", "&": "and", "∧": "and", "|": "or", "∨": "or", "⊕": "xor", "→": "->",
    "implies": "->",
    "↔": "<->",
    "iff": "<->", "∀": "forall", "∃": "exists",
}  # fmt: skip
_WORD = KEYWORDS | {"->", "<->"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "number", "var", "name", "word" (keyword or operator), "end"
    text: str
    at: int
    quoted: bool = False  # then it is never a variable, whatever the quantifiers bind


class _Reader:
    def __init__(self, text: str, document: str) -> None:
        self.source, self.document = text, document
        self.tokens = list(self._scan(text))
        self.i = 0
        self.depth = 0

    def fail(self, message: str, at: int, hint: str = "") -> NoReturn:
        line = self.source.count("\n", 0, at) + 1
        start = self.source.rfind("\n", 0, at) + 1
        end = self.source.find("\n", at)
        raise SyntaxProblem(
            message, document=self.document, line=line, column=at - start + 1,
            text=self.source[start : end if end >= 0 else len(self.source)], hint=hint,
        )  # fmt: skip

    def _scan(self, text: str) -> list[_Token]:
        out, at = [], 0
        while at < len(text):
            m = _TOKEN.match(text, at)
            if m is None:
                hint = "close the quote on the same line" if text[at] == "'" else "quote unusual names: 'a b'"
                self.fail(f"unexpected character {text[at]!r}", at, hint)
            kind, s = m.lastgroup or "", m.group()
            if kind != "space":
                if kind == "op" or s in _SAME or (kind == "name" and s in KEYWORDS):
                    out.append(_Token("word", _SAME.get(s, s), at))
                elif kind == "quoted":
                    out.append(_Token("name", self._unquote(s, at), at, True))
                elif kind == "var":
                    inner = s[1:]
                    out.append(_Token("var", self._unquote(inner, at) if inner[0] == "'" else inner, at))
                else:
                    out.append(_Token(kind, s, at))
            at = m.end()
        out.append(_Token("end", "", len(text)))
        return out

    def _unquote(self, s: str, at: int) -> str:
        def one(m: re.Match[str]) -> str:
            c = m.group(1)
            if c[0] == "u" and len(c) > 1:
                code = int(c[2:-1], 16)
                if code > 0x10FFFF:
                    self.fail("no such character", at)
                return chr(code)
            if c not in "ntr'\\":
                self.fail(f"unknown escape \\{c}", at, r"known: \' \\ \n \t \r \u{hex}")
            return {"n": "\n", "t": "\t", "r": "\r"}.get(c, c)

        return re.sub(r"\\(u\{[0-9a-fA-F]{1,6}\}|.)", one, s[1:-1], flags=re.DOTALL)

    # small steps

    @property
    def now(self) -> _Token:
        return self.tokens[self.i]

    def take(self, *words: str) -> bool:
        if self.now.kind == "word" and self.now.text in words:
            self.i += 1
            return True
        return False

    def expect(self, word: str, where: str) -> None:
        if not self.take(word):
            self.fail(f"expected {word!r} {where}, found {self.found()}", self.now.at)

    def found(self) -> str:
        return "the end of the text" if self.now.kind == "end" else repr(self.now.text)

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
        f = self.quantified(scope) if self.now.text in ("forall", "exists") else self.primary(scope)
        for _ in range(negations):
            f = Not(f)
        return f

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
        if one or (self.now.kind == "word" and self.now.text == "("):
            self.expect("(", f"after {one!r}")
            f = self.formula(scope)
            self.expect(")", "to close the parenthesis")
            return {"": f, "and": And((f,)), "or": Or((f,))}[one]
        if self.take("true"):
            return TRUE
        if self.take("false"):
            return FALSE
        left = self.phrase(scope, "a formula")
        op = self.now.text if self.now.kind == "word" else ""
        if op in ("=", "!=", "<", "<=", ">", ">="):
            self.i += 1
            right = self.phrase(scope, f"a term after {op!r}")
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
            case Fn(name, args):
                return Atom(name, args)
            case _:
                self.fail(f"expected a formula, found the term {show_term(left)}", at)

    def phrase(self, scope: frozenset[str], wanted: str) -> Term:
        """A term; an atom looks the same and is told apart by where it stands."""
        t = self.now
        self.i += 1
        match t.kind:
            case "number":
                if t.text.endswith("/0") or re.search(r"/0+$", t.text):
                    self.fail("division by zero", t.at)
                if len(t.text) > DIGITS:
                    self.fail(f"a number of more than {DIGITS} characters", t.at)
                return Num(Fraction(t.text))
            case "var":
                return Var(t.text)
            case "name":
                if self.take("("):
                    self.depth += 1
                    if self.depth > DEPTH:
                        self.fail(f"nested deeper than {DEPTH} levels", t.at)
                    args = [self.phrase(scope, "a term")]
                    while self.take(","):
                        args.append(self.phrase(scope, "a term"))
                    self.expect(")", f"to close the arguments of {t.text!r}")
                    self.depth -= 1
                    return Fn(t.text, tuple(args))
                return Var(t.text) if t.text in scope and not t.quoted else Const(t.text)
            case _:
                self.i -= 1
                self.fail(f"expected {wanted}, found {self.found()}", t.at)

    # statements

    def statement(self) -> Statement:
        at = self.now.at
        f = self.formula(frozenset())
        if not self.take(":-"):
            return f
        if not (is_signed_atom(f) and isinstance(f, Atom | Not)):
            self.fail("the head of a rule is an atom or a negated atom", at)
        body: list[BodyLiteral] = []
        if not self.take("true"):
            body.append(self.body_literal())
            while self.take(",", "and"):
                body.append(self.body_literal())
        return Rule(f, tuple(body))

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
    r = _Reader(text, document)
    f = r.formula(frozenset())
    r.take(".")
    r.finish()
    if not free and (loose := free_vars(f)):
        r.fail(f"variable {loose[0].name!r} is free", 0, "bind it with forall or exists")
    return f


def read_term(text: str, document: str = "") -> Term:
    """Read one term.  Raises SyntaxProblem."""
    r = _Reader(text, document)
    t = r.phrase(frozenset(), "a term")
    r.finish()
    return t


def read_statement(text: str, document: str = "") -> Statement:
    """Read one formula or rule; a closing dot is allowed.  Raises SyntaxProblem."""
    r = _Reader(text, document)
    s = r.statement()
    r.take(".")
    r.finish()
    return s


def read_theory(text: str, document: str = "theory") -> Theory:
    """Read a theory.  A claim without a label is called `document:line`.

    Raises SyntaxProblem and TheoryError.
    """
    r = _Reader(text, document)
    claims: list[Claim] = []
    closed = False
    used: set[str] = set()
    while r.now.kind != "end":
        at = r.now.at
        if _words(r, "closed", "world"):
            closed = True
            r.expect(".", "after 'closed world'")
            continue
        label, score = _label(r)
        f = r.statement()
        end = r.now.at
        r.expect(".", "to end the statement")
        line = text.count("\n", 0, at) + 1
        name = label or f"{document}:{line}"
        n = 2
        while not label and name in used:  # several statements on a line
            name, n = f"{document}:{line}.{n}", n + 1
        used.add(name)
        if not isinstance(f, Rule) and (loose := free_vars(f)):
            r.fail(
                f"variable {loose[0].name!r} is free",
                at,
                "bind it with forall or exists, or write a rule with ':-'",
            )
        claims.append(Claim(name, f, Axiom(document, line, text[at:end].strip()), score))
    return Theory(tuple(claims), closed)


def _words(r: _Reader, *names: str) -> bool:
    """Take these bare names if a dot follows them."""
    n = len(names)
    if [t.text for t in r.tokens[r.i : r.i + n + 1]] == [*names, "."]:
        r.i += n
        return True
    return False


def _label(r: _Reader) -> tuple[str, float]:
    ahead = [t.text if t.kind == "word" else t.kind for t in r.tokens[r.i : r.i + 5]]
    if ahead[:2] == ["name", ":"]:
        r.i += 2
        return r.tokens[r.i - 2].text, 1.0
    if ahead == ["name", "[", "number", "]", ":"]:
        r.i += 5
        score = float(Fraction(r.tokens[r.i - 3].text))
        if not 0 <= score <= 1:
            r.fail("a score lies between 0 and 1", r.tokens[r.i - 3].at)
        return r.tokens[r.i - 5].text, score
    return "", 1.0

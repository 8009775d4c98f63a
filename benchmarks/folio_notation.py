"""FOLIO's formula notation: `∀x (Dog(x) → ¬Cat(x) ∧ ∃y Owns(y, x))`.

Knows the notation only.  `¬` binds closest, then `∧`, then `∨` and `⊕`, then `→` (to the right),
then `↔`; a quantifier reaches over the one unit that follows it.  Names are letters and digits
with `. + - ' _` inside.  What is normalised, and nothing else:

- `^` is `∧`, and a full stop at the end is left out;
- constants begin with a small letter (`Jess` and `jess` are one person in many stories), and
  spaces inside them count as `_`;
- where a quantifier's unit is followed by more, and its variable would be free there, the
  quantifier reaches as far as it can: `∀x A(x) → B(x)` is `∀x (A(x) → B(x))`.

Refused, with the place: parentheses that do not match, `∨` and `⊕` side by side without
parentheses, variables that no quantifier binds, a variable used as a predicate's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from neurosym.errors import SyntaxProblem
from neurosym.logic import And, Atom, Const, Exists, Forall, Formula, Iff, Implies, Not, Or, Term, Var, Xor
from neurosym.logic import free_vars as free

TOKEN = re.compile(r"\s*(?:([∀∃¬∧∨⊕→↔(),^])|([^\W_](?:[\w.+'’-]*[\w+'’])?))")
DEEP = 100  # levels of nesting


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    column: int  # from 1


def read_formula(text: str, document: str = "", line: int = 0) -> Formula:
    """The closed formula that `text` stands for.  Raises SyntaxProblem with line, column and reason."""
    source = text.rstrip().removesuffix(".")
    narrow = _Reader(_tokens(source, document, line), text, document, line)
    found = narrow.whole()
    if free(found):
        wide = _Reader(narrow.tokens, text, document, line, reach=True).whole()
        if left := free(wide):
            raise SyntaxProblem(
                f"no quantifier binds the variable {left[0].name!r}",
                document=document,
                line=line,
                text=text,
                column=next((t.column for t in narrow.tokens if t.text == left[0].name), 1),
                hint="expected a constant of more than one letter, or a quantifier in front",
            )
        return wide
    return found


def _tokens(text: str, document: str, line: int) -> list[_Token]:
    out, at = [], 0
    while at < len(text.rstrip()):
        if (m := TOKEN.match(text, at)) is None:
            column = at + 1 + len(text[at:]) - len(text[at:].lstrip())
            raise SyntaxProblem(
                f"{text[column - 1]!r} is no part of the notation",
                document=document,
                line=line,
                column=column,
                text=text,
                hint="expected a name, a connective, a quantifier or a parenthesis",
            )
        out.append(_Token("∧" if m[0].strip() == "^" else m[0].strip(), m.end() - len(m[0].strip()) + 1))
        at = m.end()
    return out


@dataclass(slots=True)
class _Reader:
    """Recursive descent.  Where `reach`, a quantifier's body goes on as far as it can."""

    tokens: list[_Token]
    text: str
    document: str
    line: int
    reach: bool = False
    at: int = 0
    depth: int = 0
    bound: list[str] = field(default_factory=list)

    def whole(self) -> Formula:
        out = self.formula()
        if self.at < len(self.tokens):
            raise self.wrong("the end of the formula, or a connective")
        return out

    def formula(self) -> Formula:
        out = self.implication()
        while self.take("↔"):
            out = Iff(out, self.implication())
        return out

    def implication(self) -> Formula:
        left = self.disjunction()
        if not self.take("→"):
            return left
        self.deeper(1)
        right = self.implication()
        self.deeper(-1)
        return Implies(left, right)

    def disjunction(self) -> Formula:
        parts = [self.conjunction()]
        kind = self.peek()
        while self.peek() in ("∨", "⊕"):
            if self.peek() != kind:
                raise self.wrong("parentheses that say which of '∨' and '⊕' binds closer")
            self.at += 1
            parts.append(self.conjunction())
        if kind == "⊕":
            out = parts[0]
            for p in parts[1:]:
                out = Xor(out, p)
            return out
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Formula:
        parts = [self.unit()]
        while self.take("∧"):
            parts.append(self.unit())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def unit(self) -> Formula:
        self.deeper(1)
        if self.take("¬"):
            out: Formula = Not(self.unit())
        elif self.peek() in ("∀", "∃"):
            out = self.quantified()
        elif self.take("("):
            out = self.formula()
            self.expect(")")
        else:
            out = self.atom()
        self.deeper(-1)
        return out

    def deeper(self, levels: int) -> None:
        self.depth += levels
        if self.depth > DEEP:
            raise self.wrong(f"at most {DEEP} levels of nesting")

    def quantified(self) -> Formula:
        kind = Forall if self.tokens[self.at].text == "∀" else Exists
        self.at += 1
        names = [self.name("a variable")]
        while self.take(","):
            names.append(self.name("a variable"))
        self.bound += names
        body = self.formula() if self.reach else self.unit()
        del self.bound[-len(names) :]
        return kind(tuple(Var(n) for n in names), body)

    def atom(self) -> Formula:
        name = self.name("a predicate")
        if name in self.bound:
            self.at -= 1
            raise self.wrong("a predicate, not a variable")
        args: list[Term] = []
        if self.take("("):
            args.append(self.term())
            while self.take(","):
                args.append(self.term())
            self.expect(")")
        return Atom(name, tuple(args))

    def term(self) -> Term:
        name = self.name("a constant or a variable")
        while self.peek()[:1].isalnum():
            name += "_" + self.name("a name")
        if self.peek() == "(":
            raise self.wrong("',' or ')': the notation has no functions")
        if name in self.bound or (len(name) == 1 and name.isalpha() and name.islower() and name in "uvwxyz"):
            return Var(name)
        return Const(name[0].lower() + name[1:])

    # --- tokens ---

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self, text: str) -> bool:
        if self.peek() != text:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(repr(text))

    def name(self, what: str) -> str:
        text = self.peek()
        if not text or not text[0].isalnum():
            raise self.wrong(what)
        self.at += 1
        return text

    def wrong(self, expected: str) -> SyntaxProblem:
        column = self.tokens[self.at].column if self.at < len(self.tokens) else len(self.text) + 1
        return SyntaxProblem(
            f"expected {expected}, got {self.peek() or 'the end'!r}",
            document=self.document,
            line=self.line,
            column=column,
            text=self.text,
        )

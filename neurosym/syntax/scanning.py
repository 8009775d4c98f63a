"""Text to tokens; errors point at the place.

Knows the words of the format.  Must not know formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from neurosym.errors import SyntaxProblem
from neurosym.syntax.showing import KEYWORDS

_TOKEN = re.compile(
    r"""(?P<space>\s+|[%\#][^\n]*)
  | (?P<number>\d+(?:\.\d+|/\d+)?)
  | (?P<var>\?(?:[A-Za-z_][A-Za-z0-9_]*|'(?:[^'\\\n]|\\.)*'))
  | (?P<name>[^\W\d]\w*)
  | (?P<quoted>'(?:[^'\\\n]|\\.)*')
  | (?P<op><->|->|:-|!=|<=|>=|[<>=~&|¬∧∨⊕→↔∀∃()\[\],.:+*/-])""",
    re.VERBOSE,
)
_SAME = {
    "~": "not", "¬": "not", "&": "and", "∧": "and", "|": "or", "∨": "or", "⊕": "xor", "→": "->",
    "implies": "->",
    "↔": "<->",
    "iff": "<->", "∀": "forall", "∃": "exists",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # "number", "var", "name", "word" (keyword or operator), "end"
    text: str
    at: int
    quoted: bool = False  # then it is never a variable, whatever the quantifiers bind


class Scanner:
    """The tokens of a text, and a place among them."""

    def __init__(self, text: str, document: str) -> None:
        self.source, self.document = text, document
        self.tokens = list(self._scan(text))
        self.i = 0
        self.depth = 0
        self.closing = self._closing()  # of the token number of each opening parenthesis

    def fail(self, message: str, at: int, hint: str = "") -> NoReturn:
        line = self.source.count("\n", 0, at) + 1
        start = self.source.rfind("\n", 0, at) + 1
        end = self.source.find("\n", at)
        raise SyntaxProblem(
            message, document=self.document, line=line, column=at - start + 1,
            text=self.source[start : end if end >= 0 else len(self.source)], hint=hint,
        )  # fmt: skip

    def _scan(self, text: str) -> list[Token]:
        out, at = [], 0
        while at < len(text):
            m = _TOKEN.match(text, at)
            if m is None:
                hint = "close the quote on the same line" if text[at] == "'" else "quote unusual names: 'a b'"
                self.fail(f"unexpected character {text[at]!r}", at, hint)
            kind, s = m.lastgroup or "", m.group()
            if kind != "space":
                if kind == "op" or s in _SAME or (kind == "name" and s in KEYWORDS):
                    out.append(Token("word", _SAME.get(s, s), at))
                elif kind == "quoted":
                    out.append(Token("name", self._unquote(s, at), at, True))
                elif kind == "var":
                    inner = s[1:]
                    out.append(Token("var", self._unquote(inner, at) if inner[0] == "'" else inner, at))
                else:
                    out.append(Token(kind, s, at))
            at = m.end()
        out.append(Token("end", "", len(text)))
        return out

    def _closing(self) -> dict[int, int]:
        open_: list[int] = []
        out: dict[int, int] = {}
        for n, t in enumerate(self.tokens):
            if t.kind == "word" and t.text == "(":
                open_.append(n)
            elif t.kind == "word" and t.text == ")" and open_:
                out[open_.pop()] = n
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
    def now(self) -> Token:
        return self.tokens[self.i]

    def take(self, *words: str) -> bool:
        if self.now.kind == "word" and self.now.text in words:
            self.i += 1
            return True
        return False

    def expect(self, word: str, where: str) -> None:
        if not self.take(word):
            self.fail(f"expected {word!r} {where}, found {self.found()}", self.now.at)

    def ahead(self, *wanted: str) -> bool:
        """Do the next tokens look so?  Each is a kind, or the text of a bare name or an operator."""
        for t, w in zip(self.tokens[self.i : self.i + len(wanted)], wanted, strict=False):
            bare = t.text if t.kind in ("word", "name") and not t.quoted else ""
            if w not in (bare, t.kind):
                return False
        return len(self.tokens) - self.i >= len(wanted)

    def found(self) -> str:
        return "the end of the text" if self.now.kind == "end" else repr(self.now.text)

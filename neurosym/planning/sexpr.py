"""Bracketed text as a tree that remembers its places.  Iterative; the depth of the tree is bounded.

Knows nothing of planning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from neurosym.errors import PlanningError, SyntaxProblem

DEPTH = 100  # brackets nested deeper are refused, so that readers of the tree may recurse

_TOKEN = re.compile(r";[^\n]*|[()]|[^\s();]+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word in lower case; `at` is its offset in the text."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Group:
    items: tuple[Node, ...]
    at: int


Node: TypeAlias = Leaf | Group


@dataclass(frozen=True, slots=True)
class Text:
    """A document, to point into."""

    document: str
    content: str

    def place(self, at: int) -> tuple[int, int, str]:
        """Line and column (from 1) of an offset, and the line itself."""
        start = self.content.rfind("\n", 0, at) + 1
        end = self.content.find("\n", at)
        line = self.content[start : end if end >= 0 else len(self.content)]
        return self.content.count("\n", 0, at) + 1, at - start + 1, line.rstrip("\r")

    def fail(self, node: Node | int, message: str, hint: str = "") -> NoReturn:
        """Raise SyntaxProblem at a place."""
        line, column, text = self.place(node if isinstance(node, int) else node.at)
        raise SyntaxProblem(message, document=self.document, line=line, column=column, text=text, hint=hint)

    def refuse(self, node: Node, message: str, hint: str = "") -> NoReturn:
        """Raise PlanningError at a place: well written, but not to be used."""
        line, column, text = self.place(node.at)
        raise PlanningError(message, document=self.document, line=line, column=column, text=text, hint=hint)


def read_tree(text: Text) -> Group:
    """The one bracketed expression of `text`.  Raises SyntaxProblem."""
    stack: list[tuple[int, list[Node]]] = []
    result: Group | None = None
    for m in _TOKEN.finditer(text.content):
        token, at = m.group(), m.start()
        if token[0] == ";":
            continue
        if result is not None:
            text.fail(
                at, f"{token!r} after the end of the definition", "remove it, or a ')' too many before it"
            )
        if token == "(":
            if len(stack) >= DEPTH:
                text.fail(at, f"brackets nested deeper than {DEPTH}")
            stack.append((at, []))
        elif not stack:
            text.fail(at, f"expected '(', found {token!r}", "a file is one (define ...)")
        elif token == ")":
            start, items = stack.pop()
            group = Group(tuple(items), start)
            if stack:
                stack[-1][1].append(group)
            else:
                result = group
        else:
            stack[-1][1].append(Leaf(token.lower(), at))
    if stack:
        text.fail(stack[-1][0], "this '(' is never closed", "add the missing ')'")
    if result is None:
        text.fail(0, "expected (define ...), found nothing")
    return result

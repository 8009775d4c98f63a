"""Meanings under construction: trees whose leaves are words of the sentence being made.

Knows the scheme; must not know words or phrases.  A `W` is one occurrence of a word: phrases
put it into the sentence and meanings point at it, so gold pointers are right by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from neurosym.errors import ParserError
from neurosym.parser.scheme import BINDERS

Tree: TypeAlias = Any  # ("P1", word, term), ("AND", tree, tree), ("ALL", V, tree), ...; see emit()

VARIABLES = ("x", "y", "z", "w")


class W:
    """One occurrence of a word.  Its text is set when the phrase around it is realized."""

    __slots__ = ("text",)

    def __init__(self, text: str = "") -> None:
        self.text = text


class V:
    """A variable, by identity.  It gets its name from how deep its binder stands."""

    __slots__ = ()


class TooDeep(ParserError):
    """More nested variables than the target language has names for."""


def p1(pred: Tree, t: Tree) -> Tree:
    """A property of a thing."""
    return ("P1", pred, t)


def p2(pred: Tree, t: Tree, u: Tree) -> Tree:
    """A relation of two things."""
    return ("P2", pred, t, u)


def conj(parts: Sequence[Tree], op: str = "AND") -> Tree:
    """One right-nested conjunction (or disjunction) of at least one part."""
    out = parts[-1]
    for p in reversed(parts[:-1]):
        out = (op, p, out)
    return out


def joined(pointers: Sequence[Tree]) -> Tree:
    """One predicate name of several words."""
    out = pointers[-1]
    for p in reversed(pointers[:-1]):
        out = ("JOIN", p, out)
    return out


def entity(kind: str, words: Sequence[W]) -> Tree:
    out: Tree = (kind, words[-1])
    for w in reversed(words[:-1]):
        out = ("NAMES", (kind, w), out)
    return out


def forall(v: V, restriction: Sequence[Tree], body: Tree) -> Tree:
    return ("ALL", v, ("IMP", conj(restriction), body) if restriction else body)


def exists(v: V, restriction: Sequence[Tree], body: Sequence[Tree] = ()) -> Tree:
    return ("EX", v, conj([*restriction, *body]))


def span(words: Sequence[W]) -> Tree:
    """A stretch of the sentence, from the first to the last of `words`, as one predicate's name."""
    return ("SPAN", ("B", words[0]), ("F", words[-1]))


def listed(terms: Sequence[Tree]) -> Tree:
    """Things one after the other."""
    out: Tree = ("NONE",)
    for t in reversed(terms):
        out = ("CONS", t, out)
    return out


def emit(tree: Tree, words: Sequence[W | str]) -> list[str]:
    """The target tokens of `tree` over the sentence `words`.

    A tree is (symbol, argument, ...), (pointer kind, W), or a V.  Binders are named x, y, z,
    w by depth.  Raises TooDeep past that.
    """
    place = {id(w): i for i, w in enumerate(words) if isinstance(w, W)}
    out: list[str] = []
    _emit(tree, place, {}, out)
    return out


def _emit(tree: Tree, place: dict[int, int], names: dict[int, str], out: list[str]) -> None:
    if isinstance(tree, V):
        out.append(names[id(tree)])
        return
    head = tree[0]
    if len(tree) > 1 and isinstance(tree[1], W):
        out.append(f"{head}:{place[id(tree[1])]}")
        return
    out.append(head)
    if (at := BINDERS.get(head)) is not None:
        if len(names) >= len(VARIABLES):
            raise TooDeep("more than four nested variables")
        for arg in tree[1 : at + 1]:
            _emit(arg, place, names, out)
        v = tree[at + 1]
        names[id(v)] = VARIABLES[len(names)]
        out.append(names[id(v)])
        _emit(tree[at + 2], place, names, out)
        del names[id(v)]
        return
    if head == "THAT":
        names = {}
    for arg in tree[1:]:
        _emit(arg, place, names, out)

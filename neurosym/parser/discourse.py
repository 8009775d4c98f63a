"""Names across sentences: which words are names, told by how a document spells them.

A capital letter at the start of a sentence says nothing of itself; the same word elsewhere
does.  "Wren is tall." names a person where the document also has "... saw Wren", and a bird
where it has "... saw a wren".  Knows the tokenizer and logic; must not know any model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from neurosym.logic import Const, Statement, map_terms
from neurosym.parser.tokenize import sentences, words

S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Lower-cased words seen without a capital, and with one inside a sentence."""

    plain: frozenset[str] = frozenset()
    capital: frozenset[str] = frozenset()

    def __or__(self, other: Mentions) -> Mentions:
        return Mentions(self.plain | other.plain, self.capital | other.capital)


def mentions(text: str) -> Mentions:
    """How the words of `text` are spelt."""
    plain, capital = set(), set()
    for word, inside in _spelt(text):
        if word[0].islower():
            plain.add(word)
        elif inside:
            capital.add(word.lower())
    return Mentions(frozenset(plain), frozenset(capital))


def _spelt(text: str) -> Iterator[tuple[str, bool]]:
    for start, end in sentences(text):
        inside = False
        for w in words(text[start:end]):
            if w.text[0].isalpha():
                yield w.text, inside
                inside = True
            elif w.text in {":", '"', "“"}:
                inside = False  # what follows may begin a sentence of its own


def respell(statement: S, seen: Mentions) -> S:
    """`statement` with each constant spelt as the document's other mentions of it have it."""
    return map_terms(statement, lambda t: Const(_spelling(t.name, seen)) if isinstance(t, Const) else t)


def unspelt(statement: S) -> S:
    """`statement` with its constants in lower case: the same for readings that spell a name differently."""
    return map_terms(statement, lambda t: Const(t.name.lower()) if isinstance(t, Const) else t)


def _spelling(name: str, seen: Mentions) -> str:
    first, _, rest = name.partition("_")
    if not first[:1].isalpha() or (rest and not rest[:1].isalpha()):
        return name
    if rest:  # "Bald_eagle": the later words tell
        return first.lower() + "_" + rest if rest.islower() and first.lower() in seen.plain else name
    word = first.lower()
    if word in seen.plain:
        return name if word in seen.capital else word
    return word[:1].upper() + first[1:]

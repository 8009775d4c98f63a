"""Names across sentences: which words are names, told by how a document spells them.

A capital letter at the start of a sentence says nothing of itself; the same word elsewhere
does.  "Wren is tall." names a person where the document also has "... saw Wren", and a bird
where it has "... saw a wren".  Knows the tokenizer and logic; must not know any model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from neurosym.logic import Const, Statement, Term, ground_terms, map_terms
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


def align(goal: S, told: Sequence[Statement]) -> S:
    """`goal` with constants that only differ in capitals from one told constant spelt as that one."""
    known = {t.name for t in ground_terms(told) if isinstance(t, Const)}
    by_letters: dict[str, set[str]] = {}
    for name in known:
        by_letters.setdefault(name.lower(), set()).add(name)

    def spelt(t: Term) -> Term:
        if not isinstance(t, Const) or t.name in known:
            return t
        same = by_letters.get(t.name.lower(), set())
        return Const(min(same)) if len(same) == 1 else t

    return map_terms(goal, spelt)


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

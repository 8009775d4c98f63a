"""Parts of speech of predicate symbols as the caller or the theory's own sentences give them.

Knows words, claims and the text of their sources; must not know English grammar.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from neurosym.errors import InputError
from neurosym.explain.words import Category, inflect, split
from neurosym.logic import atoms
from neurosym.theory import Span, Theory

NUMERAL = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"


def check_hints(hints: Mapping[str, str]) -> dict[str, Category]:
    """Raises InputError for a category that does not exist."""
    out = {}
    for symbol, value in hints.items():
        if value not in set(Category):
            known = ", ".join(Category)
            raise InputError(
                f"hint for {symbol!r} is {value!r}, expected one of: {known}", hint="correct the table"
            )
        out[symbol] = Category(value)
    return out


def categories(theory: Theory, hints: Mapping[str, str] | None = None) -> dict[str, Category]:
    """Categories of one-place predicates as the theory's sentences use them; `hints` win.

    Evidence is counted over all sentences: "a mortal" or "mortals" makes a noun, "is mortal"
    an adjective, "Tom runs" a verb.  Ties fall to the dictionary (no entry is made).
    """
    votes: dict[str, Counter[Category]] = {}
    for c in theory.claims:
        if isinstance(c.source, Span):
            text = f" {' '.join(re.findall(r'[a-z0-9]+', c.source.text.lower()))} "
            for a in atoms(c.formula):
                if len(a.args) == 1:
                    votes.setdefault(a.pred, Counter()).update(_evidence(a.pred, text))
    out: dict[str, Category] = {}
    for symbol, count in sorted(votes.items()):
        ranked = sorted(count.items(), key=lambda kv: (-kv[1], kv[0]))
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            out[symbol] = ranked[0][0]
    return out | check_hints(hints or {})


def _evidence(symbol: str, text: str) -> tuple[Category, ...]:
    low = tuple(w.lower() for w in split(symbol))
    base, last, first = " ".join(low), low[-1], low[0]
    plural = " ".join((*low[:-1], inflect(last, "NNS") or last + "s"))
    third = " ".join((inflect(first, "VBZ") or first + "s", *low[1:]))
    found = []
    if f" a {base} " in text or f" an {base} " in text:
        found.append(Category.NOUN)
    if re.search(rf" (?:is|are|be|was|were|not|very|is not|are not) {re.escape(base)} ", text):
        found.append(
            Category.VERB if re.search(rf" (?:do|does) not {re.escape(base)} ", text) else Category.ADJECTIVE
        )
    before_noun = rf"(?:^| all| no| some| are| not| if| every| most| {NUMERAL}) {re.escape(plural)} "
    if plural != base and re.search(before_noun, text):
        found.append(Category.NOUN)
    elif third in text.split(" ") or f" {third} " in text:
        found.append(Category.VERB)
    return tuple(found)

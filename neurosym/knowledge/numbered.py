"""Things that are called after their kind and a number: "ticket A12" is a ticket, "order 3" an order.

Knows names and formulas; must not know theories, claims or how sentences are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.logic import Atom, Const, Not, Statement, atoms, ground_terms

# What is called "ticket A12" where tickets are spoken of is one of them nearly always; of a rocket called
# "Falcon 9" among falcons the name misleads.
SURE = 0.95
# What stands before a noun.
_BEFORE = "a|an|every|each|any|no|the|all|some|this|that|these|those|which|many|few|most|other|another|of"
_CALLED = re.compile(r"([A-Za-z]+)_([A-Za-z]{0,3}\d+[A-Za-z]?)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Of some formulas: the things that may be called after a kind, the kinds that are spoken of, and
    which things they say to be of one."""

    things: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    known: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Numbered) -> Numbered:
        return Numbered(self.things | other.things, self.kinds | other.kinds, self.known | other.known)


def numbered(formulas: Iterable[Statement]) -> Numbered:
    said = list(formulas)
    things = frozenset(
        t.name for t in ground_terms(said) if isinstance(t, Const) and _CALLED.fullmatch(t.name)
    )
    unary = [a for f in said for a in atoms(f) if len(a.args) == 1]
    bare = [f.body if isinstance(f, Not) else f for f in said]  # what is no ticket is none by its name
    facts = [f for f in bare if isinstance(f, Atom) and len(f.args) == 1]
    known = frozenset((f.pred, f.args[0].name) for f in facts if isinstance(f.args[0], Const))
    return Numbered(things, frozenset(a.pred for a in unary), known)


def called(of: Numbered) -> list[tuple[Atom, str]]:
    """That each thing which is called after a kind is of that kind, and why, in a fixed order."""
    out = []
    for name in sorted(of.things):
        kind = name.partition("_")[0].lower()
        if kind in of.kinds and (kind, name) not in of.known:
            out.append((Atom(kind, (Const(name),)), f"“{name.replace('_', ' ')}” is called {_a(kind)}"))
    return out


def is_noun(kind: str, text: str) -> bool:
    """Does a text speak of things of that kind?  "Every order", "orders are late" do, "Anna orders" not."""
    many = rf"{kind}s|{kind[:-1]}ies" if kind.endswith("y") else rf"{kind}e?s"
    return bool(re.search(rf"\b(?:{_BEFORE})\s+(?:{kind}|{many})\b|^\W*(?:{many})\s", text, re.I))


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"

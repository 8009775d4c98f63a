"""Predicates of a story that mean the same by their words: "good at chess" as a relation and as one stretch.

A parser that reads sentence by sentence may tell the same words in two ways.  What their words
alone tell is claimed here, each link a claim of its own:

- two ways to say the same content words, in any order: "regularly drinks tea", "drinks tea
  regularly"; a relation to a named thing or to something of a kind, and one predicate of those words;
- who says more says less: "was found guilty in 2012" implies "was found guilty"; a compound implies its
  head ("lemon juice" is juice);
- a stretch with "and" or "or" in it, or a noun with what follows it, and its two parts.

What one sentence tells apart is never linked.  What needs a dictionary is the engine's part.
Knows the names that predicates have; must not know FOLIO.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from neurosym.logic import (
    And,
    Atom,
    Const,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Rule,
    Var,
    Xor,
    atoms,
)
from neurosym.parser.morphology import lump_lemma
from neurosym.theory import Axiom, Claim, Theory

from .folio_chunks import PREPOSITION, WHO, of_part

X, Y = Var("x"), Var("y")
# Words that two stretches may differ in and still say the same.
SLIGHT = PREPOSITION | frozenset(
    str.split("be have do to get that who which very also once can could person someone thing")
)
TURNING = frozenset(["no", "not", "without", "only", "or", "never", "than"])
LEAST = 2  # content words of a stretch that another may imply
MOST = 80  # things said in one story; more are not compared


def linked(theory: Theory, goals: Sequence[Formula]) -> list[Claim]:
    """The links between what the theory and the goals say, in a fixed order."""
    told = [c.formula for c in theory.claims if not isinstance(c.formula, Rule)]
    known: dict[str, Formula] = {}
    apart: set[tuple[str, str]] = set()
    for f in (*told, *goals):
        here = dict(_said(f))
        apart |= set(combinations(sorted(here), 2))
        for name, said in here.items():
            if known.setdefault(name, said) != said:
                known.setdefault(f"{name} ", said)  # the same words as another formula
    if len(known) > MOST:
        return []
    found = dict.fromkeys((*_pairs(known, apart), *_joined(known)))
    return [Claim(f"linked {i}", f, Axiom("linked", 0, "the same words")) for i, f in enumerate(found, 1)]


def _said(f: Formula) -> Iterator[tuple[str, Formula]]:
    """What `f` says of one thing, by its words, as formulas about X."""
    for a in atoms(f):
        match a.args:
            case (_,):
                yield a.pred, Atom(a.pred, (X,))
            case (_, Const(name)):
                yield _name(a.pred, *_lemmas(name)), Atom(a.pred, (X, Const(name)))
            case (Const(name), _):
                yield _name(a.pred, "by", *_lemmas(name)), Atom(a.pred, (Const(name), X))
            case _:
                pass
    for noun, relation in _objects(f):
        some = Exists((Y,), And((Atom(noun, (Y,)), Atom(relation, (X, Y)))))
        yield _name(relation, noun), some


def _name(*words: str) -> str:
    return "_".join(words)


def _lemmas(name: str) -> list[str]:
    return [low for w in name.split("_") if (low := lump_lemma(w.lower()))]


def _objects(f: Formula) -> Iterator[tuple[str, str]]:
    """Noun and relation of `exists y. noun(y) and relation(x, y)`."""
    match f:
        case Exists((y,), And((Atom(noun, (one,)), Atom(relation, (_, other))))) if one == y == other:
            yield noun, relation
        case Exists(_, body) | Forall(_, body) | Not(body):
            yield from _objects(body)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _objects(p)
        case Implies(a, b) | Iff(a, b) | Xor(a, b):
            yield from _objects(a)
            yield from _objects(b)
        case _:
            return


def _pairs(known: Mapping[str, Formula], apart: set[tuple[str, str]]) -> Iterator[Formula]:
    """Of the same words, and of more and fewer."""
    words = {p: p.strip().split("_") for p in known}
    content = {p: [w for w in ws if w not in SLIGHT] or ws for p, ws in words.items()}
    for a, b in combinations(sorted(known), 2):
        if (a, b) in apart:
            continue
        if sorted(content[a]) == sorted(content[b]):
            if not (set(words[a]) ^ set(words[b])) & TURNING:
                yield Forall((X,), Iff(known[a], known[b]))
            continue
        more, less = (a, b) if len(content[a]) > len(content[b]) else (b, a)
        if _says_less(words[less], words[more], content[less], content[more]):
            yield Forall((X,), Implies(known[more], known[less]))


def _says_less(
    less: Sequence[str], more: Sequence[str], content: Sequence[str], all_content: Sequence[str]
) -> bool:
    """Is one a part of the other: of its beginning or within it, or the head of a compound?"""
    rest = iter(all_content)
    if not all(w in rest for w in content) or set(more) & TURNING:
        return False
    if not set(more) & SLIGHT:  # a compound; but "drink tea" is no tea
        return not of_part(more[0], "VERB") and list(more[-len(less) :]) == list(less)
    return content[0] == all_content[0] and (len(content) >= LEAST or more[1] in PREPOSITION)


def _joined(known: Mapping[str, Formula]) -> Iterator[Formula]:
    """A stretch and its two parts: on both sides of "and" or "or", or a noun and what follows it."""
    for name in sorted(known):
        for word, node in (("_and_", And), ("_or_", Or)):
            left, found, right = name.partition(word)
            if found and left in known and right in known:
                yield Forall((X,), Iff(known[name], node((known[left], known[right]))))
        noun, _, rest = name.partition("_")
        first, _, clause = rest.partition("_")
        part = clause if first in WHO else rest
        if noun in known and part in known and first in PREPOSITION | WHO and of_part(noun, "NOUN"):
            yield Forall((X,), Iff(known[name], And((known[noun], known[part]))))

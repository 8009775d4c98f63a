"""Predicates of a story that mean the same by their words: "good at chess" as a relation and as one stretch.

A parser that reads sentence by sentence may tell the same words in two ways.  What their words
alone tell is claimed here, each link a claim of its own:

- a relation to a named thing, or to some thing of a kind, and the same words as one predicate;
- two stretches of the same content words in any order ("regularly drink tea", "drink tea regularly");
- a stretch that says more implies one that says less ("was found guilty in 2012"), and a compound
  its head ("lemon juice" is juice).

Predicates that one sentence tells apart are never linked.  What needs a dictionary is the engine's
part.  Knows the names that predicates have; must not know FOLIO.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

from .folio_chunks import PREPOSITION, of_part

X, Y = Var("x"), Var("y")
# Words that two stretches may differ in and still say the same.
SLIGHT = PREPOSITION | frozenset(str.split("be have do to get that who which very also"))
LEAST = 2  # content words of a stretch that another may imply


def linked(theory: Theory, goals: Sequence[Formula]) -> list[Claim]:
    """The links between the predicates of the theory and the goals, in a fixed order."""
    told = [c.formula for c in theory.claims if not isinstance(c.formula, Rule)]
    every = [*told, *goals]
    unary = sorted({a.pred for f in every for a in atoms(f) if len(a.args) == 1})
    apart = {pair for f in every for pair in combinations(sorted({a.pred for a in atoms(f)}), 2)}
    found = dict.fromkeys([*_relations(every, set(unary)), *_stretches(unary, apart)])
    return [Claim(f"linked {i}", f, Axiom("linked", 0, "the same words")) for i, f in enumerate(found, 1)]


def _relations(every: Sequence[Formula], unary: set[str]) -> Iterator[Formula]:
    """A relation to one thing, and the stretch of the same words."""
    for f in every:
        for a in atoms(f):
            match a.args:
                case (_, Const(name)):
                    said, words = Atom(a.pred, (X, Const(name))), [*a.pred.split("_"), *_lemmas(name)]
                case (Const(name), _):
                    said, words = Atom(a.pred, (Const(name), X)), [*a.pred.split("_"), "by", *_lemmas(name)]
                case _:
                    continue
            if (one := "_".join(words)) in unary:
                yield Forall((X,), Iff(said, Atom(one, (X,))))
        for noun, relation in _objects(f):
            if (one := f"{relation}_{noun}") in unary:
                some = Exists((Y,), And((Atom(noun, (Y,)), Atom(relation, (X, Y)))))
                yield Forall((X,), Iff(some, Atom(one, (X,))))


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


def _lemmas(name: str) -> list[str]:
    return [low for w in name.split("_") if (low := lump_lemma(w.lower()))]


def _stretches(unary: Sequence[str], apart: set[tuple[str, str]]) -> Iterator[Formula]:
    """Stretches of the same words, and those that say more than others."""
    words = {p: p.split("_") for p in unary}
    content = {p: [w for w in ws if w not in SLIGHT] or ws for p, ws in words.items()}
    for a, b in combinations(unary, 2):
        if (a, b) in apart:
            continue
        if sorted(content[a]) == sorted(content[b]):
            yield Forall((X,), Iff(Atom(a, (X,)), Atom(b, (X,))))
            continue
        more, less = (a, b) if len(content[a]) > len(content[b]) else (b, a)
        if _says_less(words[less], words[more], content[less], content[more]):
            yield Forall((X,), Implies(Atom(more, (X,)), Atom(less, (X,))))


def _says_less(
    less: Sequence[str], more: Sequence[str], content: Sequence[str], all_content: Sequence[str]
) -> bool:
    """Is one a part of the other: of its beginning or within it, or the head of a compound?"""
    rest = iter(all_content)
    if not all(w in rest for w in content) or any(w in ("no", "not", "without", "only", "or") for w in more):
        return False
    compound = not set(more) & SLIGHT
    if compound:  # but "drink tea" is no tea
        return not of_part(more[0], "VERB") and list(more[-len(less) :]) == list(less)
    return content[0] == all_content[0] and (len(content) >= LEAST or more[1] in PREPOSITION)

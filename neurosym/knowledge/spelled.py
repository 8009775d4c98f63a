"""One name or several words: `live_in_oslo(x)` is `live_in(x, Oslo)`, `drink_tea(x)` that x drinks some tea.

A long verb phrase may be read as one predicate named by all its words in one sentence, and
compositionally in the next.  Where both ways occur, this says that they are the same words.

Knows names and formulas.  Must not know WordNet's senses, theories or how sentences are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from neurosym.logic import And, Atom, Const, Exists, Formula, Var

SPELLED = 0.9  # that the words were cut in two ways is all there is to doubt, but some may be an idiom
MOST_PARTS = 4  # adjectives and noun of an object


@dataclass(frozen=True, slots=True)
class Spelled:
    """`whole`(x) is `formula`, whose free variable is x; `parts` are the predicates in it."""

    whole: str
    formula: Formula
    parts: tuple[tuple[str, int], ...]


def spelled(
    name: str, binary: Collection[str], unary: Collection[str], things: Sequence[str], x: Var
) -> Iterator[Spelled]:
    """The ways to cut a predicate's name into a relation of `binary` and what it relates to.

    That is one of `things` (constants; letters may differ in case) or something that has the
    predicates of `unary` that the rest of the name is made of.  The longest relation first.
    """
    parts = name.split("_")
    for i in range(len(parts) - 1, 0, -1):
        verb, rest = "_".join(parts[:i]), parts[i:]
        if verb not in binary:
            continue
        said = "_".join(rest).lower()
        for thing in things:
            if thing.lower() == said:
                yield Spelled(name, Atom(verb, (x, Const(thing))), ((verb, 2),))
        if (kinds := _kinds(rest, unary)) and name not in kinds:
            y = Var("y")
            body = (*(Atom(k, (y,)) for k in kinds), Atom(verb, (x, y)))
            yield Spelled(name, Exists((y,), And(body)), ((verb, 2), *((k, 1) for k in kinds)))


def _kinds(rest: Sequence[str], unary: Collection[str]) -> tuple[str, ...]:
    """The rest of a name as predicates of a thing: a compound noun whole, else adjectives and a noun."""
    for i in range(min(len(rest), MOST_PARTS)):
        noun = "_".join(rest[i:])
        if noun in unary and all(w in unary for w in rest[:i]):
            return (*rest[:i], noun)
    return ()

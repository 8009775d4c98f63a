"""Sentences that say the same two things twice: either both a cat and red, or neither a cat nor red.

Knows complements and topics.  A repeated phrase is made again from the same random state, so that it has the
same words and its own pointers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from neurosym.parser.generate.conditionals import topic
from neurosym.parser.generate.context import G
from neurosym.parser.generate.lumps import Leaf, being, verbal_lump
from neurosym.parser.generate.meaning import Tree, V, conj
from neurosym.parser.generate.nouns import Words, definite, name
from neurosym.parser.generate.predicates import Pred, copula, one_adjective, one_noun, place_complement
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.traits import pair
from neurosym.parser.generate.verbs import verbal

T = TypeVar("T")


def twice(g: G, make: Callable[[G], T]) -> tuple[T, T]:
    """The same phrase with words of its own each time."""
    g.reuse = 0.0  # a mention of what was mentioned would make the second differ
    start = g.rng.getstate()
    first = make(g)
    end = g.rng.getstate()
    g.rng.setstate(start)
    second = make(g)
    g.rng.setstate(end)
    return first, second


def leaf(g: G) -> Leaf:
    return g.choose((0.3, one_adjective), (0.28, one_noun), (0.34, being), (0.08, place_complement))(g)


OPPOSED = (("both", "neither"), ("neither", "both"), ("and", "neither"), ("both", "neither"))


def _either_both(g: G) -> Pred:
    """Is either both a cat and red or neither a cat nor red."""
    one, other = g.pick(OPPOSED)
    g.tag(f"twice-{one}-{other}")
    (a, a2), (b, b2) = twice(g, leaf), twice(g, leaf)
    (f, s), (h, r) = pair(one, a, b), pair(other, a2, b2)
    comma: Words = [","] if g.p(0.5) else []
    before: Words = ["either"] if one != "neither" or g.p(0.7) else []
    return copula(g, lambda m: [*before, *f(m), *comma, "or", *h(m)], lambda t: ("OR", s(t), r(t)), 0.0)


def _either_does(g: G) -> Pred:
    """Either plans to move and likes Bob, or neither plans to move nor likes Bob."""
    g.tag("twice-does")

    def deed(g: G) -> Pred:
        return verbal_lump(g, 0.0) if g.p(0.55) else verbal(g, 1, 0.0)

    (a, a2), (b, b2) = twice(g, deed), twice(g, deed)
    comma: Words = [","] if g.p(0.6) else []
    both: Words = ["both"] if g.p(0.4) else []

    def fin(m: bool) -> Words:
        left: Words = ["either", *both, *a.fin(m), "and", *b.fin(m)]
        return [*left, *comma, "or", "neither", *a2.fin(m), "nor", *b2.fin(m)]

    def sem(t: Tree) -> Tree:
        return ("OR", ("AND", a.sem(t), b.sem(t)), ("AND", ("NOT", a2.sem(t)), ("NOT", b2.sem(t))))

    return Pred(fin, None, sem)


KINDS = ("both", "either", "neither", "notboth", "noteither", "and", "or", "first", "not-first")


def _of(kind: str, a: Leaf, b: Leaf) -> Leaf:
    if kind == "first":
        return a
    if kind == "not-first":
        form, sem = a
        return lambda m: ["not", *form(m)], lambda t: ("NOT", sem(t))
    return pair(kind, a, b)


def _rule(g: G) -> tuple[Pred, Pred]:
    """Is either a cat or red; is neither a cat nor red: both sides of a rule, about the same two things."""
    (a, a2), (b, b2) = twice(g, leaf), twice(g, leaf)
    one, other = g.pick(KINDS), g.pick(KINDS)
    while other == one or {one, other} == {"first", "not-first"}:
        other = g.pick(KINDS)
    g.tag(f"twice-{one}-then-{other}")
    if g.p(0.3):
        a2, b2 = b2, a2
    if g.p(0.3):
        b2 = leaf(g)
    return copula(g, *_of(one, a, b), 0.0), copula(g, *_of(other, a2, b2), 0.0)


def repeated(g: G) -> Said:
    """Tom is either both a cat and red or neither; if someone is not both A and B, then he is neither."""
    if g.p(0.55):
        pred = _either_both(g) if g.p(0.75) else _either_does(g)
        e = name(g) if g.p(max(g.named, 0.5)) else definite(g)
        if g.p(0.2):
            g.tag("everyone")
            v = V()
            head = g.pick(("everyone", "everybody", "each person", "every person"))
            return [*head.split(), *pred.fin(False)], ("ALL", v, pred.sem(v))
        return [*e.words, *pred.fin(e.plural)], pred.sem(e.term)
    t = topic(g)
    a, b = _rule(g)
    first: Words = [*t.first, *a.fin(t.first_plural)]
    again, many, term = t.mention()
    link = g.pick(([","], [","], [",", "then"], ["then"]))
    words: Words = ["if", *first, *link, *again, *b.fin(many)]
    return words, t.bind(conj([*t.restriction, a.sem(t.term)]), b.sem(term))

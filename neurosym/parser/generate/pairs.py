"""Predicates of different kinds under one connective: nouns, qualities, long and short verb phrases.

"Is either a tall dancer or regularly drinks green tea"; "either both likes Bob and makes tea, or neither".
"either" is OR.  Knows predicates; must not know of whom they are said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.essays import long_quality, long_verb, noun_leaf
from neurosym.parser.generate.lumps import being, verbal_lump
from neurosym.parser.generate.meaning import Tree, V, W, conj
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.predicates import Pred, copula, one_adjective, place_complement
from neurosym.parser.generate.repeats import twice
from neurosym.parser.generate.verbs import verbal

BE = ("is", "are", "was", "were")
_SAFE = frozenset((*BE, "do", "have", "has", "never"))  # what an infinitive before "and" does not go on with


def side(g: G, negation: float = 0.0) -> Pred:
    """One predicate of any kind; `comp` where it is "be" and a complement."""
    kind = g.choose(
        (0.27, "noun"), (0.13, "adj"), (0.13, "quality"), (0.2, "long"), (0.08, "lump"), (0.15, "verb"),
        (0.04, "place"),
    )  # fmt: skip
    g.tag(f"side-{kind}")
    match kind:
        case "noun":
            return copula(g, *noun_leaf(g), negation)
        case "adj":
            return copula(g, *one_adjective(g), negation)
        case "quality":
            return copula(g, *long_quality(g), negation)
        case "place":
            return copula(g, *place_complement(g), negation)
        case "long":
            return long_verb(g, negation)
        case "lump":
            return verbal_lump(g, negation)
        case _:
            return verbal(g, 2, negation)


def text(word: W | str) -> str:
    return word.text if isinstance(word, W) else word


# kind -> opening, link, closing, operator
KINDS: dict[str, tuple[str, str, tuple[Words, ...], str]] = {
    "and": ("", "and", ([],), "AND"),
    "or": ("", "or", ([],), "OR"),
    "but": ("", "but", ([],), "AND"),
    "both": ("both", "and", ([],), "AND"),
    "either": ("either", "or", ([],), "OR"),
    "xor": ("either", "or", ([",", "but", "not", "both"], ["but", "not", "both"]), "XOR"),
    "neither": ("neither", "nor", ([],), "NOR"),
    "notboth": ("both", "and", ([],), "NAND"),
}


def joined_by(op: str, a: Tree, b: Tree) -> Tree:
    match op:
        case "NOR":
            return ("AND", ("NOT", a), ("NOT", b))
        case "NAND":
            return ("NOT", ("AND", a, b))
        case _:
            return (op, a, b)


def pair(g: G, kind: str, a: Pred, b: Pred) -> Pred:
    """Two predicates under one of KINDS, "be" said once or twice where both have it."""
    opening, link, closings, op = KINDS[kind]
    closing = g.pick(closings)
    comma: Words = [","] if g.p(0.35 if kind == "but" else 0.15 if link == "or" else 0.04) else []
    inside = a.comp is not None and (not opening or g.p(0.85) or kind == "notboth")
    shared = a.comp is not None and b.comp is not None and g.p(0.8)
    stretch = _stretched(a)
    neg = ("n't" if g.contract and g.p(0.4) else "not") if kind == "notboth" else ""
    g.tag(f"pair-{kind}")

    def fin(m: bool) -> Words:
        first, second = a.fin(m), b.fin(m)
        be = text(first[0])
        within = inside and be in BE
        if kind == "notboth" and not within:
            raise Retry
        if within and shared and b.comp is not None and not (stretch and (m or not opening)):
            second = b.comp(m)  # after "fitted with lamps or ..." a bare complement could be one more lamp
        elif not opening and m and not (g.past or g.future) and text(second[0]) not in _SAFE:
            raise Retry  # "they plan to move and like Bob" has two readings
        if not opening and _has_clause(first):
            raise Retry  # "is a nurse who sings and sells books" as well
        head: Words = [first[0], *([neg] if neg else [])] if within else []
        before: Words = [opening] if opening else []
        return [*head, *before, *(first[1:] if within else first), *comma, link, *second, *closing]

    return Pred(fin, None, lambda t: joined_by(op, a.sem(t), b.sem(t)))


def _stretched(pred: Pred) -> bool:
    """Does its meaning hold a stretch of words?"""
    todo: list[Tree] = [pred.sem(V())]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            if node[0] == "SPAN":
                return True
            todo += node[1:]
    return False


def _has_clause(words: Words) -> bool:
    """Could what follows after "and" belong to a clause inside?"""
    return any(text(w) in ("who", "that", "which", "whose") for w in words)


def _series(g: G, parts: Sequence[Pred], kind: str) -> Pred:
    """Is either a cat, a gold medal winner, or enjoys reading; buys books, is kind and wants to move."""
    g.tag(f"series-{kind}")
    last: Words = [*([","] if g.p(0.6) else []), "and" if kind == "and" else "or"]

    def fin(m: bool) -> Words:
        first = parts[0].fin(m)
        within = parts[0].comp is not None and text(first[0]) in BE
        before: Words = ["either"] if kind == "either" else []
        out: Words = [first[0], *before, *first[1:]] if within else [*before, *first]
        if kind != "either" and any(_has_clause(p.fin(m)) for p in parts[:-1]):
            raise Retry
        for i, p in enumerate(parts[1:], 1):
            rest = p.comp(m) if within and p.comp is not None and all(q.comp for q in parts[:i]) else p.fin(m)
            out += [*(last if i == len(parts) - 1 else [","]), *rest]
        return out

    return Pred(fin, None, lambda t: conj([p.sem(t) for p in parts], "AND" if kind == "and" else "OR"))


def _again(g: G, make: Callable[[G], Pred]) -> tuple[Pred, Pred, Pred, Pred]:
    (a, a2), (b, b2) = twice(g, make), twice(g, make)
    return a, b, a2, b2


def sides(g: G) -> Pred:
    """One, two or three predicates of different kinds; nested ones."""
    r = g.rng.random()
    if r < 0.2:
        return side(g, 0.25)
    if r < 0.7:
        kind = g.choose(
            (0.2, "and"), (0.12, "or"), (0.28, "either"), (0.16, "neither"), (0.1, "both"), (0.06, "xor"),
            (0.04, "notboth"), (0.04, "but"),
        )  # fmt: skip
        if kind == "notboth":
            leaves = [g.choose((0.6, noun_leaf), (0.25, one_adjective), (0.15, being))(g) for _ in range(2)]
            return pair(g, kind, copula(g, *leaves[0], 0.0), copula(g, *leaves[1], 0.0))
        a = side(g)
        return pair(g, kind, a, side(g, 1.0 if kind == "but" else 0.2 if kind in ("and", "or") else 0.0))
    if r < 0.78:
        return _series(g, [side(g) for _ in range(3)], g.choose((0.4, "either"), (0.3, "or"), (0.3, "and")))
    if r < 0.93:
        return opposed(g)
    return _nested(g)


def opposed(g: G) -> Pred:
    """Either both likes Bob and makes tea, or neither likes Bob nor makes tea."""

    def deed(g: G) -> Pred:
        return g.choose((0.45, long_verb), (0.2, verbal_lump), (0.35, verbal_of))(g, 0.0)

    def leaf(g: G) -> Pred:
        return copula(g, *g.choose((0.5, noun_leaf), (0.25, one_adjective), (0.25, long_quality))(g), 0.0)

    make = g.choose((0.4, deed), (0.4, leaf), (0.2, side))
    a, b, a2, b2 = _again(g, make)
    one, other = g.pick((("both", "neither"), ("and", "neither"), ("neither", "both"), ("both", "neither")))
    if one == "and" and _has_clause(a.fin(False)):
        one = "both"
    g.tag(f"opposed-{one}-{other}")
    left, right = _plain_pair(one, a, b), _plain_pair(other, a2, b2)
    comma: Words = [","] if g.p(0.5) else []
    shared = all(p.comp for p in (a, b)) and g.p(0.85)

    def fin(m: bool) -> Words:
        first = a.fin(m)
        if shared and text(first[0]) in BE:
            return [first[0], "either", *left(m, True), *comma, "or", *right(m, True)]
        again: Words = [*left(m, False), *comma, "or", *right(m, False)]
        return ["either", *again]

    def sem(t: Tree) -> Tree:
        s, r, s2, r2 = a.sem(t), b.sem(t), a2.sem(t), b2.sem(t)
        if one == "neither":
            return ("OR", ("AND", ("NOT", s), ("NOT", r)), ("AND", s2, r2))
        return ("OR", ("AND", s, r), ("AND", ("NOT", s2), ("NOT", r2)))

    return Pred(fin, None, sem)


def verbal_of(g: G, negation: float) -> Pred:
    return verbal(g, 2, negation)


def _plain_pair(kind: str, a: Pred, b: Pred) -> Callable[[bool, bool], Words]:
    opening, link, _, _ = KINDS[kind]
    before: Words = [opening] if opening else []

    def words(m: bool, inner: bool) -> Words:
        if inner and a.comp is not None and b.comp is not None:
            return [*before, *a.comp(m), link, *b.comp(m)]
        return [*before, *a.fin(m), link, *b.fin(m)]

    return words


def _nested(g: G) -> Pred:
    """Is a cat and either sings or sells old books; either is a nurse or both swims and does homework."""
    outer, inner = g.pick(
        (("and", "either"), ("either", "both"), ("and", "neither"), ("or", "both"), ("either", "neither"))
    )
    g.tag(f"nested-{outer}-{inner}")
    deep = pair(g, inner, side(g), side(g))
    return pair(g, outer, side(g), Pred(deep.fin, None, deep.sem))

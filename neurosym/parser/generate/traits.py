"""Predicates that also have a gerund and an infinitive, under "and", "or", "not"; claims made of them.

Knows complements, verbs and subjects; must not know rules.  Negation stands where it has one reading only:
"both red and not kind", never "not red and kind".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.nouns import (
    Body,
    Words,
    coordinated,
    definite,
    indefinite,
    modified,
    name,
    object_np,
    plain,
    relational,
)
from neurosym.parser.generate.predicates import (
    Form,
    Pred,
    comparison,
    copula,
    negated,
    one_adjective,
    one_noun,
    place_complement,
)
from neurosym.parser.generate.verbs import simple, verb
from neurosym.parser.lexicon import Verb

Maker: TypeAlias = Callable[[G], Pred]


@dataclass(slots=True)
class Phrase:
    """One predicate in three forms, of which one is to be realized: is kind; being kind; (to) be kind."""

    pred: Pred
    ing: Form
    base: Form
    sem: Body  # of `ing` and `base`; `pred` may be negated


@dataclass(slots=True)
class Clause:
    words: Words
    tree: Tree


# --- complements ----------------------------------------------------------------------

_Leaf: TypeAlias = tuple[Form, Body]


def quality(g: G) -> _Leaf:
    """Red; a cat; in Rome; taller than Bob."""
    make = g.choose(
        (0.78 if g.plain else 0.62, one_adjective),
        (0.2, one_noun),
        (0.02 if g.plain else 0.1, place_complement),
        (0.01 if g.plain else 0.06, comparison),
    )
    return make(g)


def _signed(g: G, leaf: _Leaf, negation: float) -> _Leaf:
    form, sem = leaf
    if not g.p(negation):
        return leaf
    g.tag("-")
    return lambda m: ["not", *form(m)], lambda t: ("NOT", sem(t))


_PAIRS: dict[str, tuple[Words, Words, Words, str]] = {  # before, between, after, operator
    "and": ([], ["and"], [], "AND"),
    "both": (["both"], ["and"], [], "AND"),
    "but": ([], ["but"], [], "AND"),
    "or": ([], ["or"], [], "OR"),
    "either": (["either"], ["or"], [], "OR"),
    "neither": (["neither"], ["nor"], [], "NOR"),
    "xor": (["either"], ["or"], [",", "but", "not", "both"], "XOR"),
    "notboth": (["not", "both"], ["and"], [], "NAND"),
    "noteither": (["not", "either"], ["or"], [], "NOR"),
    "as-well": ([], ["as", "well", "as"], [], "AND"),
}


def pair(kind: str, a: _Leaf, b: _Leaf) -> _Leaf:
    """Two complements under one of _PAIRS."""
    before, between, after, op = _PAIRS[kind]
    (f, s), (h, r) = a, b

    def sem(t: Tree) -> Tree:
        match op:
            case "NOR":
                return ("AND", ("NOT", s(t)), ("NOT", r(t)))
            case "NAND":
                return ("NOT", ("AND", s(t), r(t)))
            case _:
                return (op, s(t), r(t))

    return lambda m: [*before, *f(m), *between, *h(m), *after], sem


def mixture(g: G, leaf: Callable[[G], _Leaf] = quality) -> tuple[Form, Body, bool]:
    """Complements under and, or, not; and whether a "not" before them has one reading."""
    r = g.rng.random()
    if r < (0.64 if g.plain else 0.5):
        return (*leaf(g), True)
    kind = g.choose(
        (0.22, "and"), (0.2, "both"), (0.1, "but"), (0.13, "or"), (0.16, "either"), (0.11, "neither"),
        (0.04, "xor"), (0.03, "notboth"), (0.01, "as-well"),
    )  # fmt: skip
    same = one_adjective if g.p(0.6) else leaf
    if r > 0.95:
        return (*_nested(g, same), False)
    if r > 0.89:
        return (*_three(g, same), False)
    g.tag(f"mix-{kind}")
    plain = kind in ("neither", "notboth", "as-well")
    opened = kind in ("both", "either", "xor")
    first = _signed(g, same(g), 0.25 if opened else 0.0)
    second = _signed(g, same(g), 0.0 if plain else 0.85 if kind == "but" else 0.35)
    if kind in ("and", "or") and g.tags[-1] == "-" and g.p(0.4):
        first = _signed(g, first, 1.0)  # not red and not kind
    return (*pair(kind, first, second), False)


def _three(g: G, leaf: Callable[[G], _Leaf]) -> _Leaf:
    """Red, kind and not tall."""
    op = "AND" if g.p(0.7) else "OR"
    g.tag(f"three-{op}")
    parts = [leaf(g), leaf(g), _signed(g, leaf(g), 0.3)]
    comma: Words = [","] if g.p(0.5) else []
    (a, s), (b, r), (c, q) = parts
    link = op.lower()
    return lambda m: [*a(m), ",", *b(m), *comma, link, *c(m)], lambda t: conj([s(t), r(t), q(t)], op)


def _nested(g: G, leaf: Callable[[G], _Leaf]) -> _Leaf:
    """Red and either kind or tall; either red or both kind and not tall."""
    outer, inner = g.pick((("and", "either"), ("either", "both"), ("both", "either"), ("and", "neither")))
    g.tag(f"nest-{outer}-{inner}")
    deep = pair(inner, leaf(g), _signed(g, leaf(g), 0.0 if inner == "neither" else 0.25))
    return pair(outer, leaf(g), deep)


# --- phrases --------------------------------------------------------------------------

ADVERBS = ("always", "also", "always", "in turn", "therefore", "thus", "then")


def trait(g: G, negation: float = 0.22, adverbs: float = 0.05) -> Phrase:
    """Is both red and not kind; being red; to be a cat."""
    start = len(g.tags)
    g.tag("be")
    comp, sem, simple_one = mixture(g)
    adverb = not g.future and g.p(adverbs)
    if simple_one and adverb and g.p(0.4):  # is always not red
        (comp, sem), simple_one = _signed(g, (comp, sem), 1.0), False
    if not simple_one:
        negation = 0.0
    pred = copula(g, comp, sem, negation)
    if adverb and pred.comp is not None:
        pred = _with_adverb(g, pred, simple_one)
    neg: Words = ["not"] if simple_one and g.p(negation * 0.7) else []
    not_first = g.p(0.5)  # not being red, being not red
    if neg and "-" not in g.tags[start:]:
        g.tag("-ing")
    return Phrase(
        pred,
        lambda m: [*neg, "being", *comp(m)] if not_first else ["being", *neg, *comp(m)],
        lambda m: [*neg, "to", "be", *comp(m)],
        negated("not" if neg else "", sem),
    )


def _with_adverb(g: G, pred: Pred, simple_one: bool) -> Pred:
    """Is always red; is never red: "never" negates, the others say nothing of their own."""
    never = simple_one and g.p(0.2)
    adverb: Words = ["never"] if never else list(g.pick(ADVERBS).split())
    g.tag("-".join(str(w) for w in adverb))

    def fin(m: bool) -> Words:
        be, *rest = pred.fin(m)
        return [be, *adverb, *rest]

    return Pred(fin, None, negated("never" if never else "", pred.sem), None if never else pred.comp)


def deed(g: G, negation: float = 0.2) -> Phrase:
    """Chases Bob; not chasing Bob; to live in Rome."""
    kind = g.choose((0.24, "vi"), (0.5, "vt"), (0.26, "vp"))
    g.tag(f"do-{kind}")
    w = W()
    v: Verb = g.transitive() if kind == "vt" else g.intransitive()
    sem: Body
    rest: Words
    if kind == "vi":
        rest, sem = [], lambda t: p1(("V", w), t)
    else:
        o = object_np(g, depth=1)
        prep = W(g.pick(PREPOSITIONS))
        head: Tree = ("V", w) if kind == "vt" else ("JOIN", ("V", w), ("P", prep))
        rest = list(o.words) if kind == "vt" else [prep, *o.words]
        sem = lambda t: o.apply(lambda u: p2(head, t, u))  # noqa: E731
    pred = verb(g, v, w, None, rest, sem, negation)
    neg: Words = ["not"] if g.p(negation * 0.7) else []

    def form(text: str, before: Words) -> Words:
        w.text = text
        return [*neg, *before, w, *rest]

    return Phrase(
        pred, lambda m: form(v.gerund, []), lambda m: form(v.base, ["to"]), negated("not" if neg else "", sem)
    )


def phrase(g: G, negation: float = 0.22) -> Phrase:
    return trait(g, negation) if g.p(0.84 if g.plain else 0.66) else deed(g, negation)


# --- claims ---------------------------------------------------------------------------


def entity_claim(g: G, make: Maker) -> Clause:
    """Tom is red; both Tom and the cow chase Bob; Tom's sister is red."""
    r = g.rng.random()
    if r < 0.13:
        s = coordinated(g)
        pred = simple(g, 2, 0.0) if g.p(0.4) else copula(g, *one_adjective(g), 0.0)
        return Clause([*s.words, *pred.fin(s.plural)], s.apply(pred.sem))
    pred = make(g)
    if r < 0.15 and not g.plain:
        s = relational(g)
        pred = simple(g, 2, 0.0)
        return Clause([*s.words, *pred.fin(False)], s.apply(pred.sem))
    s = name(g) if g.p(g.named) else definite(g)
    return Clause([*s.words, *pred.fin(s.plural)], pred.sem(s.term))


def series(g: G, parts: list[Clause], tag: str, ors: float = 0.25) -> Clause:
    """Clauses under and, or, either ... or."""
    if len(parts) == 1:
        return parts[0]
    kind = g.choose((1 - ors, "and"), (ors * 0.65, "or"), (ors * 0.35, "either"))
    g.tag(f"{tag}-{kind}{len(parts)}")
    words: Words = ["either"] if kind == "either" else []
    comma = g.p(0.45)
    for i, c in enumerate(parts):
        if i == len(parts) - 1:
            words += [","] * (comma and len(parts) > 2) + ["and" if kind == "and" else "or"]
        elif i:
            words.append(",")
        words += c.words
    return Clause(words, conj([c.tree for c in parts], "AND" if kind == "and" else "OR"))


def claims(g: G, make: Maker, tag: str, most: int = 3) -> Clause:
    """One to `most` claims about entities."""
    r = g.rng.random()
    n = min(most, 1 if r < 0.68 else 2 if r < 0.95 else 3)
    g.reuse = max(g.reuse, 0.4)
    return series(g, [entity_claim(g, make) for _ in range(n)], tag)


def somebody(g: G, make: Maker) -> Clause:
    """There is someone who is either red or not blue; at least one cat chases Bob."""
    v = V()
    r = g.rng.random()
    g.tag("ex")
    if r < 0.5:
        many = g.p(0.3)
        there: Words = ["there", "are" if many else "is"]
        if not many and g.p(0.25):
            there = list(g.pick((["there", "exists"], ["there", "is", "at", "least"], ["we", "have"])))
        least = there[-1] == "least"
        if g.p(0.62):
            head = (
                g.choose((0.85, "one person"),
                (0.15, "one people")) if least else g.pick(("people", "some people")) if many
                else g.pick(("someone", "someone", "somebody", "a person", "something", "some person"))
            )  # fmt: skip
            who = "that" if "thing" in head or g.p(0.15) else "who"
            pred = make(g)
            return Clause([*there, *head.split(), who, *pred.fin(many)], exists(v, [], [pred.sem(v)]))
        nom, pred = plain(g), make(g)
        body = nom.words(many)
        first = ["one", *body] if least else body if many else indefinite(body)
        return Clause([*there, *first, g.pick(("that", "that", "who")), *pred.fin(many)],
                      exists(v, nom.sem(v), [pred.sem(v)]))  # fmt: skip
    pred = make(g)
    if r < 0.75:
        head = g.pick(("at least one person", "someone", "somebody", "some person", "anyone", "anybody"))
        return Clause([*head.split(), *pred.fin(False)], exists(v, [], [pred.sem(v)]))
    nom = plain(g)
    many = g.p(0.3)
    first = ["some"] if many or g.p(0.4) else ["at", "least", "one"] if g.p(0.5) else ["any"]
    return Clause([*first, *nom.words(many), *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)]))


def everybody(g: G, make: Maker) -> Clause:
    """Everyone is red; all people are not kind; every cat chases Bob; nobody is tall."""
    v = V()
    g.tag("all")
    r = g.rng.random()
    if r < 0.12:
        pred = simple(g, 2, 0.0)
        head = g.pick(("nobody", "no one", "nothing", "no person"))
        return Clause([*head.split(), *pred.fin(False)], forall(v, [], ("NOT", pred.sem(v))))
    if r < 0.24:
        pred = simple(g, 2, 0.0)
        head, many = g.pick((("not everyone", False), ("not all people", True), ("not everybody", False)))
        return Clause([*head.split(), *pred.fin(many)], ("NOT", forall(v, [], pred.sem(v))))
    pred = make(g)
    if r < 0.7:
        head, many = g.pick((("everyone", False), ("everybody", False), ("all people", True),
                             ("every person", False), ("each person", False),
                             ("everything", False)))  # fmt: skip
        return Clause([*head.split(), *pred.fin(many)], forall(v, [], pred.sem(v)))
    nom, many = modified(g, 0.1, 0.1), g.p(0.6)
    det = "all" if many else g.pick(("every", "every", "each"))
    return Clause([det, *nom.words(many), *pred.fin(many)], forall(v, nom.sem(v), pred.sem(v)))


__all__ = [
    "Clause", "Maker", "Phrase", "claims", "entity_claim", "everybody", "phrase", "series", "somebody",
    "trait",
]  # fmt: skip

"""Predicates: what is said of a subject, with agreement, tense and negation.

Knows how verbs and complements are said and what they mean.  Each predicate is realized once,
while its meaning may be applied to several terms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from neurosym.parser.generate.context import COMPARATIVES, PREPOSITIONS, RELATIONS, G
from neurosym.parser.generate.meaning import Tree, W, conj, p1, p2
from neurosym.parser.generate.nouns import (
    NP,
    Body,
    Words,
    definite,
    indefinite,
    modified,
    noun_head,
    number,
    object_np,
    place,
    plain,
    possessive,
    some_entity,
)

# The verbs that leave "to" out of their names, as they may say it without: gives Bob a book.
DATIVE = frozenset(str.split("send give show offer hand pay sell grant lend mail award teach feed owe throw"))

Form = Callable[[bool], Words]  # plural subject? -> words


@dataclass(slots=True)
class Pred:
    """`fin` says it after its subject; `inv` around its subject, as a question."""

    fin: Form
    inv: Callable[[bool, Words], Words] | None
    sem: Body
    comp: Form | None = None  # what follows "be", where the predicate is "be" and no more


@dataclass(slots=True)
class Gap:
    """A verb that still wants its object."""

    fin: Form
    inv: Callable[[bool, Words], Words]
    said: Callable[[Tree, Tree], Tree]  # subject, object


def negation_word(g: G) -> str:
    return g.choose((0.62, "not"), (0.3, "n't") if g.contract else (0.0, "n't"), (0.08, "never"))


def negated(neg: str, sem: Body) -> Body:
    return (lambda t: ("NOT", sem(t))) if neg else sem


# --- be -------------------------------------------------------------------------------


def copula(g: G, comp: Form, sem: Body, negation: float) -> Pred:
    """Is, are, was, were + complement, perhaps negated."""
    neg = negation_word(g) if g.p(negation) else ""
    if neg:
        g.tag("not")
    past, extra = (
        g.past,
        "" if neg or not g.p(0.03) else g.pick(("always", "also", "also", "therefore", "both")),
    )
    perfect = not g.plain and g.p(0.025)

    def be(many: bool) -> str:
        return ("were" if many else "was") if past else ("are" if many else "is")

    def fin(many: bool) -> Words:
        if perfect or g.future:
            first, second = ("will", "be") if g.future else ("have" if many else "has", "been")
            first = "wo" if neg == "n't" and first == "will" else first
            return [first, *([neg] if neg else []), second, *comp(many)]
        said = extra if extra != "both" else "both" if many and coordinated_subject(g) else ""
        return [be(many), *([neg] if neg else [said] if said else []), *comp(many)]

    def inv(many: bool, subject: Words) -> Words:
        if neg == "n't":
            return [be(many), "n't", *subject, *comp(many)]
        return [be(many), *subject, *([neg] if neg else []), *comp(many)]

    return Pred(fin, inv, negated(neg, sem), None if neg or extra else comp)


def coordinated_subject(g: G) -> bool:
    return "subj-and" in g.tags


def adjective_complement(g: G, depth: int = 0) -> tuple[Form, Body]:
    """Red; red and round; red or round; either red or round; neither red nor round."""
    r = g.rng.random()
    if depth < 2 and g.p(0.02):
        g.tag("not-both")
        both = W(g.adjective().base), W(g.adjective().base)
        words: Words = ["not", "both", both[0], "and", both[1]]
        return lambda m: words, lambda t: ("NOT", ("AND", p1(("A", both[0]), t), p1(("A", both[1]), t)))
    if r < (0.74 if g.plain else 0.6) or (depth > 1 and r < 0.96):
        w = W(g.adjective().base)
        if g.p(0.04):
            g.tag("degree")
            d = W(g.pick(("very", "extremely", "really", "quite", "too")))
            return lambda m: [d, w], lambda t: p1(("JOIN", ("A", d), ("A", w)), t)
        return lambda m: [w], lambda t: p1(("A", w), t)
    if r < 0.72:
        g.tag("adj-and-not")
        a, b = W(g.adjective().base), W(g.adjective().base)
        link = g.choose((0.7, ["and", "not"]), (0.3, ["but", "not"]))
        return lambda m: [a, *link, b], lambda t: ("AND", p1(("A", a), t), ("NOT", p1(("A", b), t)))
    return coordinate(g, lambda: one_adjective(g))


def one_adjective(g: G) -> tuple[Form, Body]:
    w = W(g.adjective().base)
    return lambda m: [w], lambda t: p1(("A", w), t)


OPENING = {"both": ("both",), "either": ("either",), "xor": ("either",), "neither": ("neither",)}


def coordinate(g: G, make: Callable[[], tuple[Form, Body]]) -> tuple[Form, Body]:
    """Two or three complements of one kind under and, or, both, either, neither."""
    kind = g.choose(
        (0.5, "and"), (0.08, "both"), (0.2, "or"), (0.08, "either"), (0.07, "xor"), (0.07, "neither")
    )
    g.tag(f"comp-{kind}")
    n = 3 if kind in ("and", "or") and g.p(0.25) else 2
    parts = [make() for _ in range(n)]
    before: Words = list(OPENING.get(kind, ()))
    link = {"and": "and", "both": "and", "neither": "nor"}.get(kind, "or")
    after: Words = (
        g.pick(([",", "but", "not", "both"], ["but", "not", "both"], [",", "and", "not", "both"]))
        if kind == "xor"
        else []
    )
    comma = n == 3 and g.p(0.5)
    every = n == 3 and not comma and g.p(0.3)  # red and round and big

    def form(m: bool) -> Words:
        out = list(before)
        for i, (f, _) in enumerate(parts):
            if i == n - 1:
                out += [","] * comma + [link]
            elif i:
                out.append(link if every else ",")
            out += f(m)
        return out + after

    def sem(t: Tree) -> Tree:
        said = [s(t) for _, s in parts]
        if kind == "neither":
            return conj([("NOT", s) for s in said])
        if kind == "xor":
            return ("XOR", *said)
        return conj(said, "AND" if link == "and" else "OR")

    return form, sem


def noun_complement(g: G, depth: int = 0) -> tuple[Form, Body]:
    """A cat; a big cat; a cat that likes Bob; a cat or a dog; cats."""
    r = g.rng.random()
    if r < (0.16 if depth < 2 else 0.02):
        return coordinate(g, lambda: one_noun(g))
    if r < 0.28 and depth == 0:
        g.tag("noun-rel")
        nom = modified(g, 0.12, 1.0, depth + 1)
    elif r < 0.29 and depth == 0:
        return someone_who(g)
    elif r < 0.32:
        g.tag("kind-of")
        head, sem = noun_head(g)
        kind = g.pick(("kind", "type", "sort"))
        return lambda m: ["a", kind, "of", *head(False)], sem
    else:
        nom = plain(g)
    return lambda m: nom.words(True) if m else indefinite(nom.words(False)), lambda t: conj(nom.sem(t))


def someone_who(g: G) -> tuple[Form, Body]:
    """Someone who likes Bob: says no more than "likes Bob"."""
    from neurosym.parser.generate.verbs import simple

    g.tag("someone-who")
    inner = simple(g, 1)
    head: Words = [g.pick(("someone", "somebody")), "who"] if g.p(0.7) else ["something", "that"]
    return lambda m: ["people", "who", *inner.fin(True)] if m else [*head, *inner.fin(False)], inner.sem


def one_noun(g: G) -> tuple[Form, Body]:
    if g.p(0.15):
        nom = plain(g)
        return lambda m: nom.words(True) if m else indefinite(nom.words(False)), lambda t: conj(nom.sem(t))
    head, sem = noun_head(g)
    return lambda m: head(True) if m else indefinite(head(False)), sem


def relation_complement(g: G) -> tuple[Form, Body]:
    """The mother of Tom; Tom's mother; a friend of Tom: mother(subject, Tom)."""
    g.tag("relation")
    w = W(g.pick(RELATIONS) if g.p(0.7) else g.noun().one)
    o = some_entity(g)
    said: Body = lambda t: o.apply(lambda u: p2(("N", w), t, u))  # noqa: E731
    if g.p(0.35):
        return lambda m: [*possessive(o), w], said
    determiner = g.choose((0.75, "the"), (0.25, article_of(w.text)))
    return lambda m: [determiner, w, "of", *o.words], said


def article_of(text: str) -> str:
    return str(indefinite([text])[0])


def place_complement(g: G) -> tuple[Form, Body]:
    """In Paris; under the table; afraid of Bob; married to Ann."""
    r = g.rng.random()
    o = (place(g) if g.p(0.5) else definite(g)) if r < 0.3 else object_np(g)
    prep = W(g.pick(PREPOSITIONS))
    # "a man is on the stage" is where one is now (`captions`), not where men are
    if r < 0.3 and not {"univ-bare", "univ-a"} & set(g.tags):
        g.tag("be-prep")
        return lambda m: [prep, *o.words], lambda t: o.apply(lambda u: p2(("P", prep), t, u))
    if r < 0.48:
        words, sem = afraid(g)
    else:
        words, sem = participle(g)
    return lambda m: words, sem


def participle(g: G) -> tuple[Words, Body]:
    """Chased by the dog: chase(dog, subject); married to Ann: marry_to(subject, Ann)."""
    v, o = g.transitive(), object_np(g, depth=1)
    w = W(v.participle)
    if g.p(0.6):
        g.tag("passive")
        return [w, "by", *o.words], lambda t: o.apply(lambda u: p2(("T", w), u, t))
    g.tag("participle-prep")
    if g.p(0.5):
        o = place(g) if g.p(0.8) else year(g)
    prep = W(g.pick(PREPOSITIONS))
    return [w, prep, *o.words], lambda t: o.apply(lambda u: p2(("JOIN", ("T", w), ("P", prep)), t, u))


def working(g: G) -> tuple[Words, Body]:
    """Chasing the dog, working at Nokia: a relative clause without its pronoun."""
    g.tag("gerund-clause")
    w, o = W(), object_np(g, depth=1)
    if g.p(0.6):
        w.text = g.transitive().gerund
        return [w, *o.words], lambda t: o.apply(lambda u: p2(("V", w), t, u))
    w.text = g.intransitive().gerund
    prep = W(g.pick(PREPOSITIONS))
    return [w, prep, *o.words], lambda t: o.apply(lambda u: p2(("JOIN", ("V", w), ("P", prep)), t, u))


def afraid(g: G) -> tuple[Words, Body]:
    """Afraid of Bob: afraid_of(subject, Bob)."""
    g.tag("adj-prep")
    w, o = W(g.adjective().base), object_np(g, depth=1)
    prep = W(g.pick(("of", "of", "to", "with", "for", "about", "at", "from", "in")))
    if w.text.endswith(("ed", "en")):  # with a preposition, participles point by T
        w.text = g.pick(
            ("fond", "afraid", "proud", "aware", "full", "jealous", "close", "similar", "good", "bad")
        )
    return [w, prep, *o.words], lambda t: o.apply(lambda u: p2(("JOIN", ("A", w), ("P", prep)), t, u))


def year(g: G) -> NP:
    q = number(g)
    w = q.words[0]
    if isinstance(w, W) and g.p(0.7):
        w.text = str(g.rng.randint(1000, 2050))
    return q


def age(g: G) -> tuple[Form, Body]:
    """Thirty years old: year_old(subject, 30)."""
    g.tag("measure")
    q = number(g)
    unit, w = W(g.pick(("years", "months", "days", "meters", "feet", "miles"))), W()
    w.text = (
        "old"
        if unit.text in ("years", "months", "days")
        else g.pick(("tall", "long", "wide", "high", "deep"))
    )
    return lambda m: [*q.words, unit, w], lambda t: p2(("JOIN", ("N", unit), ("A", w)), t, q.term)


def mixed_complement(g: G) -> tuple[Form, Body]:
    """Kind and a cat; a cat and red; kind and in Paris: complements of several kinds."""
    g.tag("mixed")
    return coordinate(
        g, lambda: g.choose((0.45, one_adjective), (0.4, one_noun), (0.15, place_complement))(g)
    )


def copular(g: G, depth: int = 0, negation: float = 0.2) -> Pred:
    make = g.choose(
        (0.42, "adj"),
        (0.3, "noun"),
        (0.07, "rel"),
        (0.13, "place"),
        (0.04, "cmp"),
        (0.012, "age"),
        (0.028, "mix"),
    )
    if g.plain and make not in ("adj", "noun") and g.p(0.85):
        make = "adj" if g.p(0.6) else "noun"
    start = len(g.tags)
    g.tag(make)
    comp, sem = {
        "adj": lambda g: adjective_complement(g, depth), "rel": relation_complement,
        "place": place_complement,
        "cmp": comparison, "age": age, "mix": mixed_complement,
    }.get(make, lambda g: noun_complement(g, depth))(g)  # fmt: skip
    # "is not red and kind" has two readings: negate one complement only
    ambiguous = any(t in _AMBIGUOUS for t in g.tags[start:])
    return copula(g, comp, sem, 0.0 if ambiguous or make == "mix" else negation)


_AMBIGUOUS = frozenset(
    ("not-both", "comp-and", "comp-both", "comp-either", "comp-xor", "comp-neither", "adj-and-not")
)


def comparison(g: G) -> tuple[Form, Body]:
    """Taller than Bob; more careful than Bob; as tall as Bob."""
    g.tag("comparison")
    o = some_entity(g)
    r = g.rng.random()
    if r < 0.65:
        adjective = g.adjective()
        w = W(adjective.more or g.pick(COMPARATIVES))
        if g.p(0.3):
            w.text = g.pick(COMPARATIVES)
        if g.p(0.08):
            o = number(g)
        return lambda m: [w, "than", *o.words], lambda t: p2(("C", w), t, o.term)
    d, w = W(g.pick(("more", "less")) if r < 0.87 else "as"), W(g.adjective().base)
    return (
        lambda m: [d, w, "than" if d.text != "as" else "as", *o.words],
        lambda t: p2(("JOIN", ("P", d), ("A", w)), t, o.term),
    )

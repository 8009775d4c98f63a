"""Statements: facts, universals, existentials.  Rules with "if" stand in `conditionals`."""

from __future__ import annotations

from typing import TypeAlias

from neurosym.parser.generate.context import WEATHER, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.nouns import (
    NP,
    Body,
    Nominal,
    Words,
    coordinated,
    definite,
    indefinite,
    modified,
    name,
    object_np,
    plain,
    possessive,
    relational,
    some_entity,
)
from neurosym.parser.generate.predicates import Pred, copular
from neurosym.parser.generate.verbs import gap, predicate, simple, verbal

Said: TypeAlias = tuple[Words, Tree]  # words without final punctuation, and a formula


def subject(g: G) -> NP:
    """What a fact is about."""
    named = 0.82 * g.named
    kind = g.choose((named, "name"), (0.82 - named, "the"), (0.04, "bare"), (0.12, "many"), (0.02, "rel"))
    g.tag(kind)
    match kind:
        case "name":
            return name(g) if g.p(0.93) else some_entity(g)
        case "the":
            return definite(g)
        case "bare":
            g.bare = True
            return definite(g)
        case "many":
            return coordinated(g)
        case _:
            return relational(g)


def fact(g: G) -> Said:
    g.tag("fact")
    s = subject(g)
    if s.term is None and s.plural and "subj-and" in g.tags and g.p(0.04):
        return each_other(g, s)
    pred = predicate(g, 0, 0.0 if s.term is None else 0.2)
    if s.term is not None and g.p(0.03):
        return aside(g, s, pred)
    return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)


def each_other(g: G, s: NP) -> Said:
    """Tom and Bob like each other."""
    g.tag("each-other")
    verb, terms = gap(g, 0.0), s.terms
    pairs = [verb.said(a, b) for a in terms for b in terms if a is not b]
    return [*s.words, *verb.fin(True), *g.pick((["each", "other"], ["one", "another"]))], conj(pairs)


def aside(g: G, s: NP, pred: Pred) -> Said:
    """Tom, a cat, is red; Tom, who likes Bob, is red."""
    g.tag("aside")
    sem: Body
    if g.p(0.5):
        nom = plain(g)
        inner, sem = (
            (nom.words(True) if s.plural else indefinite(nom.words(False))),
            (lambda t: conj(nom.sem(t))),
        )
    else:
        q = simple(g, 1)
        inner, sem = ["who" if s.person else "which", *q.fin(s.plural)], q.sem
    return [*s.words, ",", *inner, ",", *pred.fin(s.plural)], ("AND", sem(s.term), pred.sem(s.term))


def relation_fact(g: G) -> Said:
    """Tom's mother is Ann; the mother of Tom is Ann; Tom is Bob; the age of Tom is 30."""
    from neurosym.parser.generate.context import RELATIONS
    from neurosym.parser.generate.nouns import number

    a, b = some_entity(g), some_entity(g)
    be = ("were" if g.past else "are") if a.plural else "was" if g.past else "is"
    neg: Words = ["not"] if g.p(0.15) else []
    if g.p(0.15):
        g.tag("equality")
        if g.p(0.3):
            neg += g.pick((["the", "same", "as"], ["identical", "to"]))
        t: Tree = ("EQ", a.term, b.term)
        return [*a.words, be, *neg, *b.words], ("NOT", t) if "not" in neg else t
    g.tag("relation-of")
    w = W(g.pick(RELATIONS) if g.p(0.6) else g.noun().one)
    if g.p(0.1):
        w.text, b = g.pick(("age", "height", "weight", "price", "length", "size")), number(g)
    left: Words = [*possessive(a), w] if g.p(0.6) else ["the", w, "of", *a.words]
    be = "was" if g.past else "is"
    t = p2(("N", w), b.term, a.term)
    return [*left, be, *neg, *b.words], ("NOT", t) if neg else t


def weather(g: G) -> Said:
    """It rains: a predicate of nothing."""
    g.tag("weather")
    v = g.pick(
        (
            "rain rains raining",
            "snow snows snowing",
            "hail hails hailing",
            "thunder thunders thundering",
            "drizzle drizzles drizzling",
        )
    ).split()
    w = W(v[1])
    r = g.rng.random()
    pointer = ("P0", ("V", w))
    if r < 0.45:
        return ["it", w], pointer
    if r < 0.6:
        w.text = v[2]
        return ["it", "is", w], pointer
    if r < 0.72:
        w.text = v[0] if g.p(0.5) else v[2]
        return ["it", *(["does", "not"] if w.text == v[0] else ["is", "not"]), w], ("NOT", pointer)
    a = W(g.pick(WEATHER))
    neg = g.p(0.2)
    return ["it", "is", *(["not"] if neg else []), a], ("NOT", ("P0", ("A", a))) if neg else ("P0", ("A", a))


# --- universals -----------------------------------------------------------------------


def universal(g: G) -> Said:
    """All cats are red; every cat is red; cats are red; no cat is red; everything that ..."""
    kind = g.choose(
        (0.2, "all"), (0.17, "every"), (0.11, "each"), (0.05, "any"), (0.24, "bare"), (0.07, "a"),
        (0.12, "everything"),
        (0.03, "whoever"), (0.01, "allof"),
    )  # fmt: skip
    g.tag(f"univ-{kind}")
    v = V()
    if kind in ("everything", "whoever"):
        return everything(g, v, kind)
    many = kind in ("all", "bare", "allof")
    nom = modified(g, 0.3, 0.22)
    if g.p(0.07) and not nom.generic:
        return two_heads(g, v, kind, nom)
    pred = copular(g) if kind == "a" or g.p(0.68) else verbal(g)
    if g.p(0.06):
        pred = predicate(g)
    openings: dict[str, Words] = {"bare": [], "a": [], "allof": ["all", "of", "the"]}
    first = openings.get(kind, [kind])
    words = nom.words(many)
    if kind == "a":
        words = indefinite(words)
    return [*first, *words, *pred.fin(many)], universal_meaning(v, nom, pred)


def universal_meaning(v: V, nom: Nominal, pred: Pred) -> Tree:
    return forall(v, nom.sem(v), pred.sem(v))


def two_heads(g: G, v: V, kind: str, nom: Nominal) -> Said:
    """Cats and dogs are animals; every cat or dog is an animal: one or the other."""
    g.tag("two-heads")
    other = plain(g)
    many = kind in ("all", "bare", "allof")
    first: Words = ["all"] if kind == "all" else [] if many else ["every"]
    link: Words = ["and" if many and g.p(0.8) else "or"]
    again: Words = [] if many or link == ["or"] else ["every"]
    pred = copular(g) if g.p(0.7) else verbal(g)
    left = plain(g)
    words: Words = [*first, *left.words(many), *link, *again, *other.words(many), *pred.fin(many)]
    return words, forall(v, [("OR", conj(left.sem(v)), conj(other.sem(v)))], pred.sem(v))


def everything(g: G, v: V, kind: str) -> Said:
    """Everything that is red is round; everyone likes Bob; whoever likes Bob is red."""
    person = g.p(0.5)
    pred = predicate(g)
    if kind == "whoever":
        inner = predicate(g, 1)
        first = (
            g.pick(("whoever", "anyone who", "those who", "people who"))
            if person
            else g.pick(("whatever", "anything which", "things that"))
        )
        many = first.split()[0] in ("those", "people", "things")
        return [*first.split(), *inner.fin(many), *pred.fin(many)], forall(v, [inner.sem(v)], pred.sem(v))
    head = (
        g.pick(("everyone", "everybody", "anyone", "anybody"))
        if person
        else g.pick(("everything", "everything", "anything"))
    )
    r = g.rng.random()
    if r < 0.15:
        return [head, *pred.fin(False)], forall(v, [], pred.sem(v))
    if r < 0.22:
        g.tag("everything-adj")
        a = W(g.adjective().base)
        return [head, a, *pred.fin(False)], forall(v, [p1(("A", a), v)], pred.sem(v))
    inner = predicate(g, 1)
    link = g.pick(("who", "that")) if person else g.pick(("that", "that", "which"))
    return [head, link, *inner.fin(False), *pred.fin(False)], forall(v, [inner.sem(v)], pred.sem(v))


def negative(g: G) -> Said:
    """No cat is red; nothing red is round; nobody likes Bob; there is no cat that is red."""
    v = V()
    r = g.rng.random()
    pred = predicate(g, 1, 0.06)
    body = ("NOT", pred.sem(v))
    if r < 0.6:
        g.tag("no")
        many, nom = g.p(0.5), modified(g, 0.2, 0.2)
        none: Words = ["none", "of", "the"] if many and g.p(0.06) else ["no"]
        return [*none, *nom.words(many), *pred.fin((many and none == ["no"]) or many)], forall(
            v, nom.sem(v), body
        )
    if r < 0.82:
        g.tag("nothing")
        person = g.p(0.5)
        head = g.pick((["nobody"], ["no", "one"])) if person else ["nothing"]
        if g.p(0.5):
            inner = predicate(g, 1)
            return [*head, "who" if person else "that", *inner.fin(False), *pred.fin(False)], forall(
                v, [inner.sem(v)], body
            )
        return [*head, *pred.fin(False)], forall(v, [], body)
    g.tag("there-is-no")
    many = g.p(0.4)
    nom = modified(g, 0.0, 0.4)
    there: Words = ["there", "are" if many else "is", *(["not", "any"] if many and g.p(0.3) else ["no"])]
    return [*there, *nom.words(many)], ("NOT", exists(v, nom.sem(v)))


def not_all(g: G) -> Said:
    g.tag("not-all")
    v, nom, many = V(), modified(g, 0.2, 0.2), g.p(0.5)
    pred = predicate(g, 1, 0.05)
    return ["not", "all" if many else "every", *nom.words(many), *pred.fin(many)], (
        "NOT",
        forall(v, nom.sem(v), pred.sem(v)),
    )


def only(g: G) -> Said:
    """Only cats purr: whatever purrs is a cat."""
    v = V()
    pred = predicate(g, 1, 0.0)
    if g.p(0.2):
        g.tag("only-entity")
        e = some_entity(g)
        return ["only", *e.words, *pred.fin(False)], forall(v, [pred.sem(v)], ("EQ", v, e.term))
    g.tag("only")
    nom = modified(g, 0.15, 0.15)
    return ["only", *nom.words(True), *pred.fin(True)], forall(v, [pred.sem(v)], conj(nom.sem(v)))


# --- existentials ---------------------------------------------------------------------


def existential(g: G) -> Said:
    """Some cats are red; a cat chases Bob; there is a cat that is red; someone likes Bob."""
    v = V()
    kind = g.choose((0.4, "some"), (0.18, "there"), (0.14, "a"), (0.12, "least"), (0.16, "someone"))
    g.tag(f"ex-{kind}")
    if kind == "someone":
        pred = predicate(g, 1)
        person = g.p(0.6)
        head = g.pick(("someone", "somebody")) if person else "something"
        if g.p(0.2):
            a = W(g.adjective().base)
            return [head, a, *pred.fin(False)], exists(v, [p1(("A", a), v)], [pred.sem(v)])
        return [head, *pred.fin(False)], exists(v, [], [pred.sem(v)])
    if kind == "there":
        return there_is(g, v)
    nom = modified(g, 0.15, 0.25)
    many = kind == "some" and g.p(0.8)
    words = nom.words(many)
    pred = verbal(g) if kind == "a" else predicate(g, 1)
    if kind in ("some", "least") and not nom.generic and g.p(0.1):
        g.tag("ex-of-the")
        several = kind == "some"
        opening: Words = (
            [*g.pick((["some"], ["several"])), "of", "the"]
            if several
            else ["at", "least", "one", "of", "the"]
        )
        return [*opening, *nom.words(True), *pred.fin(several)], exists(v, nom.sem(v), [pred.sem(v)])
    first: Words = (
        indefinite(words)
        if kind == "a"
        else [*(["some"] if kind == "some" else ["at", "least", "one"]), *words]
    )
    return [*first, *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])


def there_is(g: G, v: V) -> Said:
    many = g.p(0.3)
    if not many and g.p(0.3):
        g.tag("there-someone")
        person = g.p(0.6)
        q = predicate(g, 1)
        head = g.pick(("someone", "somebody")) if person else "something"
        return ["there", "is", head, "who" if person else "that", *q.fin(False)], exists(v, [], [q.sem(v)])
    nom = modified(g, 0.15, 0.6)
    words = nom.words(many)
    first: Words = (
        ["some", *words]
        if many and g.p(0.4)
        else words
        if many
        else indefinite(words)
        if g.p(0.8)
        else ["at", "least", "one", *words]
    )
    return ["there", "are" if many else "is", *first], exists(v, nom.sem(v))


# --- around statements ----------------------------------------------------------------


def clause(g: G, weather_too: bool = True) -> Said:
    """A simple ground statement, for conditionals and coordination."""
    if weather_too and g.p(0.04):
        return weather(g)
    s = name(g) if g.p(g.named) else definite(g)
    pred = simple(g, 1)
    return [*s.words, *pred.fin(s.plural)], pred.sem(s.term)


def coordination(g: G) -> Said:
    """Tom is red and the cow likes Bob; either Tom is red or Bob is."""
    kind = g.choose(
        (0.45, "and"),
        (0.12, "but"),
        (0.15, "or"),
        (0.12, "either"),
        (0.06, "xor"),
        (0.05, ";"),
        (0.05, "neither"),
    )
    g.tag(f"coord-{kind}")
    g.reuse = 0.4
    make = (
        clause
        if kind in ("either", "xor") or g.p(0.6)
        else g.choose((0.6, universal), (0.25, existential), (0.15, negative))
    )
    a, s = make(g)
    b, t = make(g)
    if kind == "neither":
        return ["it", "is", "neither", "the", "case", "that", *a, "nor", "that", *b], (
            "AND",
            ("NOT", s),
            ("NOT", t),
        )
    if kind == ";":
        return [*a, ";", *b], ("AND", s, t)
    if kind in ("either", "xor"):
        end: Words = [",", "but", "not", "both"] if kind == "xor" else []
        return ["either", *a, "or", *b, *end], ("XOR" if kind == "xor" else "OR", s, t)
    comma: Words = [","] if g.p(0.4) else []
    return [*a, *comma, kind, *b], ("OR" if kind == "or" else "AND", s, t)


def not_the_case(g: G) -> Said:
    g.tag("not-the-case")
    words, t = g.choose((0.5, fact), (0.25, universal), (0.25, existential))(g)
    first = g.pick(("it is not the case that", "it is not true that", "it is false that"))
    return [*first.split(), *words], ("NOT", t)


__all__ = ["Said", "clause", "object_np", "subject"]

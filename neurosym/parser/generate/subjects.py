"""Who acts in a scene: an indefinite, a definite, a number, a group, nobody.  All but denials exist."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.nouns import NP, Words, adjectives, coordinated, definite, indefinite, name
from neurosym.parser.generate.scenery import NUMBER_WORDS, Figure, actor, frequent, theirs


@dataclass(slots=True)
class Subject:
    """Who acts: words, number, what it makes of what is said of it, and its possessive pronoun."""

    np: NP
    kind: str
    pronoun: str

    @property
    def plural(self) -> bool:
        return self.np.plural


def subject(g: G, kinds: tuple[tuple[float, str], ...] = ()) -> Subject:
    kind = g.choose(
        *(
            kinds
            or (
                (0.36, "a"), (0.1, "bare"), (0.1, "the"), (0.08, "the-mod"), (0.09, "number"),
                (0.05, "some"), (0.03, "several"), (0.045, "group"), (0.05, "a-and-a"), (0.02, "a-and-his"),
                (0.03, "both"),
                (0.03, "someone"), (0.035, "no"), (0.02, "nobody"), (0.04, "name"), (0.01, "another"),
            )
        )
    )  # fmt: skip
    g.tag(f"who-{kind}")
    g.bare = False
    if kind in ("the", "both", "name"):
        np = name(g) if kind == "name" else definite(g) if kind == "the" else _the_pair(g)
        return Subject(np, kind, theirs(g, np.plural, kind == "name"))
    if kind in ("someone", "nobody"):
        return _pronoun(g, kind)
    if kind in ("a-and-a", "a-and-his"):
        return Subject(_pair(g) if kind == "a-and-a" else _with_own(g), kind, "their")
    figure = actor(g, need=kind == "the-mod")
    many = kind in ("bare", "several", "group") or (kind in ("some", "no") and g.p(0.6)) or kind == "number"
    if kind == "the-mod":
        many = g.p(0.2)
    return Subject(_quantified(g, kind, figure, many), kind, theirs(g, many, figure.person))


def _quantified(g: G, kind: str, figure: Figure, many: bool) -> NP:
    v, words = V(), figure.words(many)
    match kind:
        case "a":
            return NP(indefinite(words), False, lambda b: exists(v, figure.sem(v), [b(v)]))
        case "no":
            return NP(["no", *words], many, lambda b: forall(v, figure.sem(v), ("NOT", b(v))))
        case "number":
            n = W(g.pick(NUMBER_WORDS))
            return NP([n, *words], True, lambda b: ("ATLEAST", ("Q", n), v, conj([*figure.sem(v), b(v)])))
        case "group":
            first: Words = [
                "a",
                g.pick(("group", "group", "group", "bunch", "crowd", "couple", "pair")),
                "of",
            ]
            return NP([*first, *words], g.p(0.75), lambda b: exists(v, figure.sem(v), [b(v)]))
        case _:
            before: dict[str, Words] = {"bare": [], "the-mod": ["the"]}
            return NP([*before.get(kind, [kind]), *words], many, lambda b: exists(v, figure.sem(v), [b(v)]))


def _pronoun(g: G, kind: str) -> Subject:
    v = V()
    if kind == "nobody":
        head: Words = g.pick((["nobody"], ["no", "one"], ["nobody"]))
        np = NP(head, False, lambda b: forall(v, [], ("NOT", b(v))))
    else:
        np = NP([g.pick(("someone", "somebody"))], False, lambda b: exists(v, [], [b(v)]))
    return Subject(np, kind, g.pick(("his", "her", "their")))


def _pair(g: G) -> NP:
    """A man and a woman; two dogs are one thing, a dog and a cat are two."""
    a, b = actor(g, plain=g.p(0.7)), actor(g, plain=g.p(0.6))
    x, y = V(), V()
    return NP(
        [*indefinite(a.words(False)), "and", *indefinite(b.words(False))],
        True,
        lambda said: exists(x, a.sem(x), [exists(y, b.sem(y), [("AND", said(x), said(y))])]),
    )


def _with_own(g: G) -> NP:
    """A man and his dog; two of whom one is the other's."""
    figure = actor(g, plain=g.p(0.7))
    w, x, y = W(), V(), V()
    nouns = g.lex.nouns[g.pick(("person", "person", "animal", "artifact"))]
    w.text = frequent(g, nouns).one
    words, ws = adjectives(g, 1) if g.p(0.25) else ([], [])
    own: list[Tree] = [*(p1(("A", a), y) for a in ws), p2(("N", w), y, x)]
    return NP(
        [*indefinite(figure.words(False)), "and", theirs(g, False, figure.person), *words, w],
        True,
        lambda said: exists(x, figure.sem(x), [exists(y, own, [("AND", said(x), said(y))])]),
    )


def _the_pair(g: G) -> NP:
    while True:
        start = len(g.tags)
        np = coordinated(g)
        if np.plural:
            return np
        del g.tags[start:]

"""Things as policies, help desks and news speak of them: compounds, "N of N", several objects.

Knows nouns and how a phrase of them is said; must not know verbs.  A noun before a noun is a part of
the predicate's name (tea_kettle), an adjective before it is a predicate of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from neurosym.parser.generate.acts import About
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, entity, exists, forall, joined, p1, p2
from neurosym.parser.generate.nouns import NP, Nominal, Words, indefinite, name, place
from neurosym.parser.lexicon import Noun, invent_noun
from neurosym.parser.morphology import plural

THINGS = ("artifact", "artifact", "artifact", "abstract", "abstract", "group", "place", "food", "object")
PEOPLE = ("person", "person", "person", "person", "group")
ANY = (*THINGS, *PEOPLE, "plant", "animal")

# Whose they are, where an earlier sentence or the talk itself tells: the word, always a mention.
OUTSIDE = str.split("my my my our our your your your")


@dataclass(slots=True)
class Head:
    """A common noun of one or more words: what is said, and the predicate's name."""

    words: Callable[[bool], Words]
    name: Tree


def noun(g: G, kinds: tuple[str, ...]) -> Noun:
    if g.p(g.novel * 0.7):
        return invent_noun(g.rng, g.split)
    return g.common(g.lex.nouns[g.pick(kinds)])


def head(g: G, kinds: tuple[str, ...] = THINGS, compound: float = 0.35) -> Head:
    """A kettle; a tea kettle; a farm tea kettle."""
    n, w = noun(g, kinds), W()

    def words(many: bool) -> Words:
        w.text = n.many if many else n.one
        return [w]

    if not g.p(compound):
        return Head(words, ("N", w))
    g.tag("noun-noun")
    before = [W(noun(g, ANY).one) for _ in range(1 if g.p(0.88) else 2)]
    return Head(lambda many: [*before, *words(many)], joined([*(("N", b) for b in before), ("N", w)]))


def quality(g: G) -> W:
    """An adjective before a noun: blue, washed, hidden."""
    return W(g.transitive().participle if g.p(0.25) else g.adjective().base)


def qualities(g: G, share: float = 0.35) -> list[W]:
    if not g.p(share):
        return []
    g.tag("adj")
    return [quality(g) for _ in range(1 if g.p(0.9) else 2)]


def nominal(g: G, kinds: tuple[str, ...] = THINGS, of: float = 0.12, compound: float = 0.35) -> Nominal:
    """A hidden tea kettle; a cook of the farm: what restricts a variable."""
    h, ws = head(g, kinds, compound), qualities(g)
    if g.p(of):
        g.tag("noun-of")
        o = known(g)
        return Nominal(
            lambda m: [*ws, *h.words(m), "of", *o.words],
            lambda t: [*(p1(("A", w), t) for w in ws), p2(h.name, t, o.term)],
            kinds is PEOPLE,
        )
    return Nominal(
        lambda m: [*ws, *h.words(m)],
        lambda t: [*(p1(("A", w), t) for w in ws), p1(h.name, t)],
        kinds is PEOPLE,
    )


def the(g: G, kinds: tuple[str, ...] = THINGS) -> NP:
    """The kettle; the tea kettle; the old tea kettle: one thing, by its words."""
    ws = [W(noun(g, kinds).one)]
    if g.p(0.3):
        ws.insert(0, W(noun(g, ANY).one))
    if g.p(0.2):
        ws.insert(0, quality(g))
    t = entity("D", ws)
    return NP(["the", *ws], False, lambda said: said(t), t)


def known(g: G, kinds: tuple[str, ...] = ANY) -> NP:
    """The tea kettle; Tom; Oslo."""
    r = g.rng.random()
    return the(g, kinds) if r < 0.78 else name(g) if r < 0.9 else place(g)


def quantified(nom: Nominal, det: str, many: bool) -> tuple[Words, About]:
    """A tea kettle; tea kettles; every tea kettle."""
    v, words = V(), nom.words(many)
    before: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    if det in ("every", "each", "all", "no"):
        deny: Callable[[Tree], Tree] = lambda t: ("NOT", t) if det == "no" else t  # noqa: E731
        return before, lambda t, said: forall(v, nom.sem(v), deny(said(v)))
    return before, lambda t, said: exists(v, nom.sem(v), [said(v)])


def owned(g: G, own: str) -> tuple[Words, About]:
    """Her tea kettle, where `own` means the subject; my old boat, where a mention does."""
    v, h, ws, many = V(), head(g), qualities(g, 0.25), g.p(0.25)
    g.tag("own")
    adjectives: Callable[[], list[Tree]] = lambda: [p1(("A", w), v) for w in ws]  # noqa: E731
    if own:
        return [own, *ws, *h.words(many)], lambda t, said: exists(
            v, [*adjectives(), p2(h.name, v, t)], [said(v)]
        )
    whose = W(g.pick(OUTSIDE))
    return [whose, *ws, *h.words(many)], lambda t, said: exists(
        v, [*adjectives(), p2(h.name, v, ("R", whose))], [said(v)]
    )


def of_known(g: G, kinds: tuple[str, ...] = THINGS) -> tuple[Words, About]:
    """The boat of the cook; pans of the farm; Tom's old boat; the farm's tea kettle."""
    v, h, ws, o = V(), head(g, kinds, 0.2), qualities(g, 0.15), known(g)
    g.tag("noun-of")
    about: About = lambda t, said: exists(  # noqa: E731
        v, [*(p1(("A", w), v) for w in ws), p2(h.name, v, o.term)], [said(v)]
    )
    r = g.rng.random()
    if r < 0.3:
        g.tag("possessor")
        last = o.words[-1]
        sign = "'" if isinstance(last, W) and last.text.endswith("s") and g.p(0.5) else "'s"
        return [*o.words, sign, *ws, *h.words(g.p(0.25))], about
    many = r > 0.6
    words: Words = [*ws, *h.words(many)]
    before: Words = ["the", *words] if r < 0.5 or r > 0.85 else words if many else indefinite(words)
    return [*before, "of", *o.words], about


KIN = str.split("mother father son daughter brother sister aunt uncle niece nephew cousin husband wife")


def kin(g: G) -> Head:
    """Sister; brothers: somebody's relative, whose name nobody says."""
    w, one = W(), g.pick(KIN)
    g.tag("kin-noun")

    def words(many: bool) -> Words:
        w.text = plural(one) if many else one
        return [w]

    return Head(words, ("N", w))


def relative_of(g: G) -> NP:
    """My sister; Tom's tall brother: who does it."""
    v, h = V(), kin(g) if g.p(0.6) else head(g, PEOPLE, 0.1)
    words, owner = _whose(g)
    return NP([*words, *h.words(False)], False, lambda said: exists(v, [p2(h.name, v, owner)], [said(v)]))


def _whose(g: G) -> tuple[Words, Tree]:
    if g.p(0.5):
        w = W(g.pick(OUTSIDE))
        return [w], ("R", w)
    o = known(g)
    return [*o.words, "'s"], o.term


def with_clause(g: G) -> tuple[Words, About]:
    """A pan that is blue; a boat near Oslo; a kettle that pleased Tom."""
    v, nom, w, many = V(), nominal(g, THINGS, 0.0, 0.2), W(), g.p(0.25)
    g.tag("object-clause")
    r = g.rng.random()
    if r < 0.45:
        w.text = g.adjective().base
        be = g.pick(("are", "are", "were") if many else ("is", "is", "was"))
        after: Words = [g.pick(("that", "that", "which")), be, w]
        more: Callable[[Tree], Tree] = lambda t: p1(("A", w), t)  # noqa: E731
    elif r < 0.75:
        verb, o = g.transitive(), known(g)
        w.text = g.pick((verb.base if many else verb.s, verb.past))
        after = [g.pick(("that", "that", "which")), w, *o.words]
        more = lambda t: p2(("V", w), t, o.term)  # noqa: E731
    else:
        w.text, o = g.pick((*PREPOSITIONS, "with", "about")), known(g)
        after = [w, *o.words]
        more = lambda t: p2(("P", w), t, o.term)  # noqa: E731
    words = nom.words(many)
    return [*(words if many else indefinite(words)), *after], lambda t, said: exists(
        v, [*nom.sem(v), more(v)], [said(v)]
    )


def single(g: G, own: str = "", denied: str = "") -> tuple[Words, About]:
    """One object; `own` and `denied` as `acts.matter` has them."""
    r = g.rng.random()
    if denied:
        if r < 0.45:
            e = known(g)
            return e.words, lambda t, said: said(e.term)
        if r < 0.6:
            return owned(g, own) if own or denied == "outside" else of_known(g)
        v, nom = V(), nominal(g)
        g.tag("obj-any")
        words: Words = [g.pick(("any", "any", "a") if denied == "outside" else ("any",))]
        many = words == ["any"] and g.p(0.5)
        said_ = nom.words(many)
        words = indefinite(said_) if words == ["a"] else [*words, *said_]
        if denied == "inside":
            return words, lambda t, said: forall(v, nom.sem(v), said(v))
        return words, lambda t, said: exists(v, nom.sem(v), [said(v)])
    if r < 0.36:
        e = known(g)
        return e.words, lambda t, said: said(e.term)
    if r < 0.54:
        return owned(g, own)
    if r < 0.66:
        return of_known(g)
    if r < 0.73:
        return with_clause(g)
    if r < 0.78:
        det = g.pick(("every", "each", "all"))
        return quantified(nominal(g), det, det == "all")
    many = r > 0.91
    return quantified(nominal(g), "" if many else "a", many)


def object_of(g: G, own: str = "", denied: str = "", several: float = 0.2) -> tuple[Words, About]:
    """A tea kettle; a pan that is blue and a map; painted boats and hidden maps."""
    if denied == "inside" or not g.p(several):
        return single(g, own, denied)
    link = "or" if denied else g.choose((0.8, "and"), (0.2, "or"))
    g.tag(f"objects-{link}")
    op = "AND" if link == "and" else "OR"
    if g.p(0.3):  # of one kind: two bare plurals, two of "her"
        if own and g.p(0.5):
            (a, p), (b, q) = owned(g, own), owned(g, own)
        else:
            (a, p), (b, q) = (quantified(nominal(g, THINGS, 0.0), "", True) for _ in range(2))
    else:
        (a, p), (b, q) = single(g, own, denied), single(g, own, denied)
    before: Words = ["both"] if link == "and" and g.p(0.07) else []
    return [*before, *a, link, *b], lambda t, said: (op, p(t, said), q(t, said))

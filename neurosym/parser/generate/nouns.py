"""Noun phrases: entities, and what restricts a quantified variable.

Knows how nouns are said and what they mean; predicates come from `predicates`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from neurosym.parser.generate.context import PREPOSITIONS, RELATIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, entity, exists, forall, joined, p1, p2
from neurosym.parser.generate.titles import before_noun, code, title
from neurosym.parser.lexicon import Noun
from neurosym.parser.morphology import plural

if TYPE_CHECKING:
    from neurosym.parser.generate.predicates import Pred

Words: TypeAlias = list["W | str"]
Body: TypeAlias = Callable[[Tree], Tree]  # what is said of a term


@dataclass(slots=True)
class NP:
    """A noun phrase: its words, its number, and what it makes of what is said of it."""

    words: Words
    plural: bool
    apply: Callable[[Body], Tree]
    term: Tree = None  # where it denotes one thing
    person: bool = False
    terms: tuple[Tree, ...] = ()  # where it coordinates several


def article(word: str) -> str:
    return (
        "an"
        if word[:1].lower() in "aeiou" and not word.lower().startswith(("uni", "use", "eu", "one"))
        else "a"
    )


def indefinite(words: Words) -> Words:
    first = words[0]
    return [article(first.text if isinstance(first, W) else first), *words]


# --- entities -------------------------------------------------------------------------


def name(g: G) -> NP:
    if (again := _again(g, "E")) is not None:
        return again
    r = g.rng.random()
    if r < 0.7 or (g.plain and r < 0.95):
        ws = [W(g.given())]
    elif r < 0.92:
        ws = [W(g.given()), W(g.surname())]
    else:
        ws = [W(g.given()), W(g.surname() if g.p(0.5) else g.pick("ABCDEFGHJKLMRST") + "."), W(g.surname())]
    return _entity(g, ws, "E", [], person=True)


def _again(g: G, kind: str) -> NP | None:
    """A second mention of an entity, with words of its own."""
    if g.reuse and g.seen and g.p(g.reuse):
        known = [texts for k, texts in g.seen if k == kind]
        if known:
            texts = g.pick(known)
            return _entity(
                g, [W(t) for t in texts], kind, ["the"] if kind == "D" and not g.bare else [], kind == "E"
            )
    return None


def possessive(owner: NP) -> Words:
    """Tom's, James'."""
    last = owner.words[-1]
    text = last.text if isinstance(last, W) else last
    return [*owner.words, "'" if text.endswith("s") and len(text) % 2 else "'s"]


def place(g: G) -> NP:
    r = g.rng.random()
    if r < 0.75:
        ws = [W(g.place())]
    elif r < 0.9:
        ws = [W(g.pick(("New", "North", "South", "Lake", "Mount", "Port", "Saint"))), W(g.place())]
    else:
        ws = [W(g.place()), W(g.noun().one.capitalize())]
    return _entity(g, ws, "E", ["the"] if len(ws) > 1 and g.p(0.15) else [])


def definite(g: G, bare: bool = False) -> NP:
    """The grey heron; with `bare`, "grey heron"."""
    if (again := _again(g, "D")) is not None:
        return again
    bare = bare or g.bare
    r = g.rng.random()
    # An unknown word that opens a sentence with a capital is a name, so a bare noun is a known one.
    noun = g.known_noun if bare else g.noun
    if r < 0.72:
        ws = [W(noun().one)]
    elif r < 0.735 and not bare:
        ws = [W(code(g)), W(noun().one)]  # the LG34 machine
    elif r < 0.86:
        first, last = g.pick(g.lex.compounds)
        ws = [W(first), W(last.one)]
    else:
        ws = [W(g.adjective().base if g.p(0.6) and not bare else noun().one), W(noun().one)]
    if not bare and not g.reuse and g.p(0.03):
        g.tag("definite-plural")
        ws[-1].text = plural(ws[-1].text)
        t = entity("D", ws)
        return NP(["the", *ws], True, lambda body: body(t), t)
    return _entity(g, ws, "D", [] if bare else ["the"])


def number(g: G) -> NP:
    w = W(
        str(g.rng.randint(0, 120))
        if g.p(0.8)
        else g.pick(str.split("two three four five six seven eight ten twelve twenty"))
    )
    return _entity(g, [w], "Q", [])


def _entity(g: G, ws: list[W], kind: str, before: list[str], person: bool = False) -> NP:
    t = entity(kind, ws)
    g.seen.append((kind, tuple(w.text for w in ws)))
    return NP([*before, *ws], False, lambda body: body(t), t, person)


def some_entity(g: G) -> NP:
    if not g.plain and g.p(0.13):
        return place(g) if g.p(0.75) else titled(g)
    return name(g) if g.p(g.named) else definite(g)


# --- nominals: what restricts a variable ----------------------------------------------


@dataclass(slots=True)
class Nominal:
    """Adjectives, a head and what follows it.  Its words are realized once, in one number."""

    words: Callable[[bool], Words]
    sem: Callable[[Tree], list[Tree]]  # conjuncts
    person: bool = False
    generic: bool = False


def noun_head(g: G, compound: float = 0.06) -> tuple[Callable[[bool], Words], Callable[[Tree], Tree]]:
    """A common noun, sometimes of several words: software engineer, gold medal winner, Oslo dormitory."""
    n = g.noun()
    w = W()

    def words(many: bool) -> Words:
        w.text = n.many if many else n.one
        return [w]

    if g.p(compound):
        before = before_noun(g)
        name = joined([*(("N", b) for b in before), ("N", w)])
        if g.tags[-1] == "compound-capital" and g.p(0.5):  # a Grand Slam Umpire is no name
            n = Noun(n.one.capitalize(), n.many.capitalize())
        return lambda many: [*before, *words(many)], lambda t: p1(name, t)
    return words, lambda t: p1(("N", w), t)


def titled(g: G) -> NP:
    """Model 3; the 1992 Lund Games; The Art of Rain: a thing with a title of its own."""
    before, words = title(g)
    return _entity(g, words, "E", before)


def adjectives(g: G, most: int = 2) -> tuple[Words, list[W]]:
    """One to `most` adjectives before a noun: big, old / big and old / big old."""
    n = 1 if most == 1 or g.p(0.6) else (2 if most == 2 or g.p(0.75) else 3)
    ws = [W(g.adjective().base) for _ in range(n)]
    if n == 1:
        return [ws[0]], ws
    style = g.choose((0.6, ","), (0.2, ""), (0.2, "and"))
    words: Words = []
    for i, w in enumerate(ws):
        if i and style == ",":
            words.append(",")
        if i == n - 1 and (style == "and" or (style == "," and g.p(0.1))):
            words.append("and")
        words.append(w)
    return words, ws


def plain(g: G) -> Nominal:
    """A noun with at most some adjectives."""
    head, sem = noun_head(g)
    if not g.p(0.1 if g.plain else 0.25):
        return Nominal(head, lambda t: [sem(t)])
    g.tag("adj-noun")
    words, ws = adjectives(g, 2)
    return Nominal(lambda many: [*words, *head(many)], lambda t: [*(p1(("A", w), t) for w in ws), sem(t)])


def modified(g: G, generic: float = 0.35, relative: float = 0.3, depth: int = 0) -> Nominal:
    """A nominal for a universal: heads like "things" say nothing themselves."""
    person = g.p(0.5)
    relative = relative / 3 if g.plain and relative < 1 else relative
    if g.p(generic):
        g.tag("generic-head")
        one, many = ("person", "people") if person else ("thing", "things")
        need = True
        head: Callable[[bool], Words] = lambda m: [many if m else one]  # noqa: E731
        sem: Callable[[Tree], list[Tree]] = lambda t: []  # noqa: E731
    else:
        head, pred = noun_head(g)
        need, sem, person = False, (lambda t: [pred(t)]), False
    words: Words = []
    ws: list[W] = []
    rel = depth < 2 and g.p(relative)
    if (need and (not rel or g.p(0.3))) or (not need and g.p(0.25)):
        g.tag("adjs")
        words, ws = adjectives(g, 3)
    if not rel:
        return Nominal(
            lambda m: [*words, *head(m)], lambda t: [*(p1(("A", w), t) for w in ws), *sem(t)], person, need
        )
    after, meaning = relative_clause(g, person, depth + 1)
    return Nominal(
        lambda m: [*words, *head(m), *after(m)],
        lambda t: [*(p1(("A", w), t) for w in ws), *sem(t), meaning(t)],
        person,
        need,
    )


def relative_clause(g: G, person: bool, depth: int = 1) -> tuple[Callable[[bool], Words], Body]:
    """Who likes Bob; that Tom chases; chased by Tom; from Paris; with a dog."""
    from neurosym.parser.generate import verbs as p
    from neurosym.parser.generate.predicates import afraid, participle, working

    kind = g.choose((0.66, "subject"), (0.14, "object"), (0.1, "reduced"), (0.06, "prep"), (0.04, "with"))
    g.tag(f"rel-{kind}")
    person = person or g.p(0.25)
    who = (
        g.choose((0.6, "who"), (0.3, "that"), (0.1, "who"))
        if person
        else g.choose((0.75, "that"), (0.25, "which"))
    )
    match kind:
        case "subject":
            pred = p.predicate(g, depth=depth, negation=0.2)
            return lambda m: [who, *pred.fin(m)], pred.sem
        case "object":
            subj = some_entity(g)
            gap = p.gap(g)
            link = [] if g.p(0.25) else [g.pick(("that", "whom" if person else "which"))]
            return lambda m: [*link, *subj.words, *gap.fin(subj.plural)], lambda t: gap.said(subj.term, t)
        case "reduced":
            comp, sem = g.choose((0.55, participle), (0.3, working), (0.15, afraid))(g)
            return lambda m: comp, sem
        case "prep":
            w, o = W(g.pick(PREPOSITIONS)), place(g) if g.p(0.5) else some_entity(g)
            return lambda m: [w, *o.words], lambda t: p2(("P", w), t, o.term)
        case _:
            w, a = W("with"), quantified_object(g, simple=True)
            return lambda m: [w, *a.words], lambda t: a.apply(lambda u: p2(("P", w), t, u))


# --- objects of verbs -----------------------------------------------------------------


def quantified_object(g: G, simple: bool = False) -> NP:
    """A dog, dogs, some dogs, water: existential."""
    v = V()
    if not g.bare and g.p(0.12):
        g.tag("obj-mass")
        stuff = W(g.common(g.lex.nouns[g.pick(("food", "food", "abstract", "plant"))]).one)
        first, kinds = ([], []) if g.p(0.7) else adjectives(g, 1)
        of: list[Tree] = [p1(("A", a), v) for a in kinds]
        return NP([*first, stuff], False, lambda said: exists(v, [*of, p1(("N", stuff), v)], [said(v)]))
    nom = plain(g) if simple or g.p(0.85) else modified(g, 0.0, 0.8, 1)
    kind = g.choose((0.65, "a"), (0.25, "bare"), (0.1, "some"))
    g.tag(f"obj-{kind}")
    many = kind == "bare" or (kind == "some" and g.p(0.6))
    body = nom.words(many)
    words = indefinite(body) if kind == "a" else (["some", *body] if kind == "some" else body)
    return NP(words, many, lambda said: exists(v, nom.sem(v), [said(v)]))


def indefinite_object(g: G) -> NP:
    """A dog, with its article."""
    v, nom = V(), plain(g)
    return NP(indefinite(nom.words(False)), False, lambda said: exists(v, nom.sem(v), [said(v)]))


def objects(g: G, negative: bool) -> NP:
    """Bob and Ann; under negation "Bob or Ann"; neither Bob nor Ann."""
    a, b = some_entity(g), some_entity(g)
    link = "or" if negative else g.choose((0.7, "and"), (0.2, "or"), (0.1, "neither"))
    g.tag(f"objects-{link}")
    if link == "neither":
        return NP(
            ["neither", *a.words, "nor", *b.words],
            False,
            lambda said: ("AND", ("NOT", said(a.term)), ("NOT", said(b.term))),
        )
    before: Words = ["both"] if link == "and" and g.p(0.1) else []
    op = "AND" if link == "and" else "OR"
    return NP([*before, *a.words, link, *b.words], False, lambda said: (op, said(a.term), said(b.term)))


def object_np(g: G, negative: bool = False, depth: int = 0) -> NP:
    """What a verb takes: mostly entities, else quantified."""
    r = g.rng.random()
    if r < 0.72 or depth > 1 or (g.plain and r < 0.97):
        return some_entity(g)
    if r < 0.745:
        return objects(g, negative)
    v = V()
    if r < 0.92 or depth > 0:
        return quantified_object(g, simple=depth > 0)
    if r < 0.93:
        return relational(g)
    if r < 0.95:
        g.tag("obj-someone")
        word = (
            ("anyone" if g.p(0.5) else "anything") if negative else ("someone" if g.p(0.5) else "something")
        )
        return NP([word], False, lambda said: exists(v, [], [said(v)]))
    if negative:
        g.tag("obj-any")
        nom = plain(g)
        return NP(["any", *nom.words(g.p(0.5))], False, lambda said: exists(v, nom.sem(v), [said(v)]))
    if r < 0.96:
        g.tag("obj-everyone")
        return NP(["everyone" if g.p(0.5) else "everything"], False, lambda said: forall(v, [], said(v)))
    nom = plain(g)
    if r < 0.98:
        g.tag("obj-every")
        word = g.pick(("every", "every", "each", "all"))
        return NP([word, *nom.words(word == "all")], False, lambda said: forall(v, nom.sem(v), said(v)))
    g.tag("obj-no")
    return NP(["no", *nom.words(g.p(0.5))], False, lambda said: forall(v, nom.sem(v), ("NOT", said(v))))


# --- subjects of facts ----------------------------------------------------------------


def relational(g: G) -> NP:
    """Tom's mother, the mother of Tom: the thing that stands in the relation."""
    g.tag("subj-relational")
    w, owner, v = W(g.pick(RELATIONS) if g.p(0.7) else g.noun().one), some_entity(g), V()
    words: Words = [*possessive(owner), w] if g.p(0.7) else ["the", w, "of", *owner.words]
    return NP(words, False, lambda said: exists(v, [p2(("N", w), v, owner.term)], [said(v)]))


def coordinated(g: G) -> NP:
    """Tom and Bob; either the cow or the dog; neither Tom nor Bob; Tom, Bob and Ann."""
    n = 2 if g.p(0.8) else 3
    make = name if g.p(g.named) else definite
    es = [make(g) for _ in range(n)]
    kind = g.choose((0.55, "and"), (0.1, "both"), (0.2, "or"), (0.05, "either"), (0.1, "neither"))
    if n == 3 and kind in ("both", "either", "neither"):
        kind = "and"
    g.tag(f"subj-{kind}")
    terms = [e.term for e in es]
    words: Words = [kind] if kind in ("both", "either", "neither") else []
    if len({str([w.text if isinstance(w, W) else w for w in e.words]) for e in es}) < n:
        return coordinated(g)
    link = {"both": "and", "either": "or", "neither": "nor"}.get(kind, kind)
    for i, e in enumerate(es):
        if i == n - 1:
            words += [
                *([","] if n == 3 and g.p(0.4) else []),
                *(["as", "well", "as"] if kind == "and" and n == 2 and g.p(0.04) else [link]),
            ]
        elif i:
            words.append(",")
        words += e.words
    if kind == "neither":
        return NP(words, False, lambda said: conj([("NOT", said(t)) for t in terms]))
    op = "AND" if link == "and" else "OR"
    return NP(words, op == "AND", lambda said: conj([said(t) for t in terms], op), terms=tuple(terms))


def said_of(np: NP, pred: Pred) -> Tree:
    return np.apply(pred.sem)


__all__ = ["NP", "Nominal", "joined"]

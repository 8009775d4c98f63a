"""Rules of written stories: definites that take a variable up, attributes after a noun, relative clauses.

Knows nominals, relations and predicates of every kind; must not know how predicates are joined.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry, binary
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.essays import long_object
from neurosym.parser.generate.lumps import being
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, joined, p1, p2, span
from neurosym.parser.generate.mixed import WHO
from neurosym.parser.generate.nouns import (
    Body,
    Nominal,
    Words,
    definite,
    indefinite,
    name,
    place,
    plain,
    some_entity,
    titled,
)
from neurosym.parser.generate.pairs import side
from neurosym.parser.generate.predicates import afraid, comparison, participle, year
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.stretches import ended
from neurosym.parser.generate.verbs import gap, predicate, simple, verb

# --- "this N", "the N": a variable taken up ---------------------------------------------


class Thing:
    """An indefinite of a rule: how it enters, what is true of it, and how it is mentioned again."""

    __slots__ = ("conditions", "first", "head", "v")

    def __init__(self, g: G, nom: Nominal) -> None:
        self.v = V()
        words = nom.words(False)
        self.first: Words = indefinite(words)
        self.conditions: list[Tree] = nom.sem(self.v)
        texts = [w.text if isinstance(w, W) else w for w in words]
        self.head = texts if g.p(0.4) else texts[-1:]

    def again(self, g: G) -> Words:
        return [g.choose((0.6, "the"), (0.25, "this"), (0.15, "that")), *self.head]


def _things(g: G, n: int) -> list[Thing]:
    if n == 1 and g.p(0.25):
        g.tag("definite-person")
        one = g.pick(("person", "person", "thing"))
        return [Thing(g, Nominal(lambda m: [one], lambda t: []))]
    out = [Thing(g, plain(g)) for _ in range(n)]
    if len({t.head[-1] for t in out}) < n:
        raise Retry
    return out


def definites(g: G) -> Said:
    """If a ship carries a crate and the ship is in a dock, then the crate is in this dock."""
    n = g.choose((0.2, 1), (0.5, 2), (0.3, 3))
    g.tag(f"definites-{n}")
    g.past = g.future = False
    things = _things(g, n)
    conditions = [c for t in things for c in t.conditions]
    fresh, once = list(things), set[Thing]()  # not mentioned yet; mentioned once, as an object

    def mention(t: Thing) -> Words:
        if t in fresh:
            fresh.remove(t)
            if t is not things[0]:
                once.add(t)
            return t.first
        once.discard(t)
        return t.again(g)

    words: Words = []
    said: list[Tree] = []
    if n == 1:
        pred = side(g, 0.2) if g.p(0.6) else predicate(g)
        words, said = [*mention(things[0]), *pred.fin(False)], [pred.sem(things[0].v)]
    for i in range(n - 1):
        a, b = things[i], things[i + 1]
        if i and g.p(0.4):
            a = things[0]
        clause, rel = binary(g)(mention(a), mention(b))
        words += [*(["and"] if i else []), *clause]
        said.append(rel(a.v, b.v))
    if g.p(0.25):
        t, pred = g.pick([t for t in things if t in once] or things), simple(g, 1)
        g.tag("definites-more")
        words += [*([","] if g.p(0.3) else []), "and", *mention(t), *pred.fin(False)]
        said.append(pred.sem(t.v))
    # An object that no later words take up is existential and stays in its clause: none is left here.
    end, tree = _consequence(g, things, [t for t in things if t in once], mention)
    when = g.choose((0.75, "if"), (0.15, "when"), (0.1, "whenever"))
    then: Words = g.pick(([",", "then"], [","], ["then"])) if when == "if" else [","]
    out: Tree = ("IMP", conj([*conditions, *said]), tree)
    for t in reversed(things):
        out = ("ALL", t.v, out)
    return [when, *words, *then, *end], out


def _consequence(g: G, things: list[Thing], once: list[Thing], mention: Callable[[Thing], Words]) -> Said:
    if len(once) == 2 or (len(things) > 1 and g.p(0.55)):
        rest = [t for t in things if t not in once]
        pair = [*once, *g.rng.sample(rest, 2 - len(once))]
        a, b = pair if g.p(0.5) else reversed(pair)
        words, rel = binary(g)(mention(a), mention(b))
        return words, rel(a.v, b.v)
    t = g.pick(once or things)
    pred = side(g, 0.25) if g.p(0.5) else predicate(g, 1)
    return [*mention(t), *pred.fin(False)], pred.sem(t.v)


def donkey(g: G) -> Said:
    """Every farmer who owns a donkey feeds that donkey; no cat that sees a dog likes it."""
    g.tag("donkey")
    a, b = _things(g, 2)
    det = g.choose((0.5, "every"), (0.2, "each"), (0.15, "any"), (0.15, "no"))
    first, second = gap(g, 0.0), gap(g, 0.0)
    again: Words = ["it"] if g.p(0.25) else b.again(g)
    words: Words = [
        det, *a.first[1:], g.pick(("who", "that", "that")), *first.fin(False), *b.first, *second.fin(False),
        *again,
    ]  # fmt: skip
    said = second.said(a.v, b.v)
    parts = [*a.conditions, *b.conditions, first.said(a.v, b.v)]
    return words, ("ALL", a.v, ("ALL", b.v, ("IMP", conj(parts), ("NOT", said) if det == "no" else said)))


# --- attributes -----------------------------------------------------------------------

After = tuple[Words, Body]


def attribute(g: G, kind: str = "") -> After:
    """In the fleet; by Ann Berg; of type X9; produced before 2010; with a range of 100 miles; eager to go."""
    kind = kind or g.choose(
        (0.22, "prep"), (0.1, "by"), (0.08, "type"), (0.16, "participle"), (0.16, "with"), (0.09, "being"),
        (0.06, "adj"), (0.06, "than"), (0.07, "or"),
    )  # fmt: skip
    g.tag(f"after-{kind}")
    match kind:
        case "prep" | "by" | "name":
            p = W("by" if kind == "by" else g.pick((*PREPOSITIONS, "in", "from", "at", "on")))
            o = name(g) if kind == "by" else place(g) if g.p(0.4) else titled(g) if g.p(0.3) else definite(g)
            return [p, *o.words], lambda t: p2(("P", p), t, o.term)
        case "type":
            of, w, o = W("of"), W(g.pick(("type", "class", "model", "brand", "size"))), titled(g)
            return [of, w, *o.words], lambda t: p2(joined([("P", of), ("N", w)]), t, o.term)
        case "participle":
            if g.p(0.6):
                return participle(g)
            w, p, o = W(g.transitive().participle), W(g.pick(("before", "after", "in", "since"))), year(g)
            return [w, p, *o.words], lambda t: p2(("JOIN", ("T", w), ("P", p)), t, o.term)
        case "with":
            first = W("with")
            tail, end = ended(long_object(g))
            return [first, *tail], lambda t: p1(span([first, end]), t)
        case "or":  # painted by sailors or built in Oslo
            (one, said), (other, more) = participle(g), participle(g)
            op = g.pick(("or", "or", "and"))
            return [*one, op, *other], lambda t: (op.upper(), said(t), more(t))
        case "being":
            comp, sem = being(g)
            words = comp(False)
            if words[0] in ("a", "an"):
                raise Retry
            return words, sem
        case "adj":
            return afraid(g)
        case _:
            form, sem = comparison(g)
            return form(False), sem


def attributed(g: G) -> Said:
    """All works by Ann Berg are P; planes of type X9 with a range of 100 miles fly; men eager to go sing."""
    v = V()
    det = g.choose(
        (0.24, "all"), (0.12, "every"), (0.07, "each"), (0.2, ""), (0.06, "any"), (0.1, "no"), (0.13, "some"),
        (0.08, "a"),
    )  # fmt: skip
    g.tag(f"attributed-{det}")
    many = det in ("all", "") or (det in ("no", "some") and g.p(0.6))
    nom = plain(g)
    words: Words = nom.words(many)
    parts = nom.sem(v)
    kinds = [""] if g.p(0.8) else [g.pick(("by", "type", "name")), g.pick(("participle", "with", "being"))]
    for kind in kinds:
        after, sem = attribute(g, kind)
        words = [*words, *after]
        parts.append(sem(v))
    pred = side(g, 0.0 if det == "no" else 0.15) if g.p(0.55) else predicate(g, 1, 0.1)
    first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    said = pred.sem(v)
    if det == "no":
        return [*first, *pred.fin(many)], forall(v, parts, ("NOT", said))
    tree = exists(v, parts, [said]) if det == "some" else forall(v, parts, said)
    return [*first, *pred.fin(many)], tree


def relatives(g: G) -> Said:
    """Nurses who sing and who own a cat; anyone who keeps a goat in a barn; men whose dog is red."""
    v = V()
    kind = g.choose((0.3, "two"), (0.25, "chain"), (0.2, "where"), (0.13, "whose"), (0.12, "ever"))
    g.tag(f"rel-{kind}")
    restriction: list[Tree] = []
    if g.p(0.45):
        first, many = g.pick(WHO)
        start, _, who = first.rpartition(" ")
        words: Words = list(start.split())
        if who not in ("who", "that"):
            words, who = ["anyone"], "who"
    else:
        nom = plain(g)
        det, many = g.pick((("all", True), ("every", False), ("", True), ("any", False), ("each", False)))
        words, restriction = [*det.split(), *nom.words(many)], nom.sem(v)
        who = g.pick(("who", "that"))
    out: Words = list(words)
    match kind:
        case "two":
            a, b = side(g, 0.2), side(g, 0.2)
            link = g.pick((["and", who], ["and", who], ["but", who], ["or", who]))
            out += [who, *a.fin(many), *link, *b.fin(many)]
            restriction.append(("OR" if link[0] == "or" else "AND", a.sem(v), b.sem(v)))
        case "chain":
            after, meaning = _chained(g, 2 if g.p(0.75) else 3)
            out += [who, *after(many)]
            restriction.append(meaning(v))
        case "where":
            after, meaning = _where(g)
            out += [who, *after(many)]
            restriction.append(meaning(v))
        case "whose":
            w, u, pred = W(g.noun().one), V(), side(g, 0.15)
            out += ["whose", w, *pred.fin(False)]
            restriction.append(exists(u, [p2(("N", w), u, v)], [pred.sem(u)]))
        case _:
            w, o = W(), some_entity(g)
            used, ever = g.transitive(), g.pick(("ever", "ever", "never"))
            w.text = used.participle
            said = p2(("V", w), v, o.term)
            out += [who, "have" if many else "has", ever, w, *o.words]
            restriction.append(("NOT", said) if ever == "never" else said)
    pred = side(g, 0.2) if g.p(0.6) else predicate(g, 1)
    return [*out, *pred.fin(many)], forall(v, restriction, pred.sem(v))


def _chained(g: G, depth: int) -> tuple[Callable[[bool], Words], Body]:
    """Owns a dog that chases a cat which is red; is in a dock which is in Oslo."""
    if not depth:
        pred = simple(g, 2, 0.1)
        return pred.fin, pred.sem
    link = W(g.pick(("in", "near", "from", "under"))) if g.p(0.3) else None
    verb_ = gap(g, 0.0)
    nom, u = plain(g), V()
    after, meaning = _chained(g, depth - 1)
    words: Words = [*indefinite(nom.words(False)), g.pick(("that", "which", "that")), *after(False)]
    if link is not None:
        p = link
        return (lambda m: ["are" if m else "is", p, *words]), lambda t: exists(
            u, nom.sem(u), [meaning(u), p2(("P", p), t, u)]
        )
    return (lambda m: [*verb_.fin(m), *words]), lambda t: exists(
        u, nom.sem(u), [meaning(u), verb_.said(t, u)]
    )


def _where(g: G) -> tuple[Callable[[bool], Words], Body]:
    """Keeps a goat in a hay barn."""
    w, p, u, z = W(), W(g.pick(PREPOSITIONS)), V(), V()
    o, where = plain(g), plain(g)
    rest: Words = [*indefinite(o.words(False)), p, *indefinite(where.words(False))]
    head: Tree = ("V", w) if p.text == "to" else ("JOIN", ("V", w), ("P", p))
    said: Body = lambda t: exists(u, o.sem(u), [exists(z, where.sem(z), [("P3", head, t, u, z)])])  # noqa: E731
    pred = verb(g, g.transitive(), w, None, rest, said, 0.1)
    return pred.fin, pred.sem


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.38, definites), (0.1, donkey), (0.25, attributed), (0.27, relatives),
)  # fmt: skip

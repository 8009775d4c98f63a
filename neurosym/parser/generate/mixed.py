"""Statements and rules whose predicates are of different kinds under one connective.

Knows predicates and who they are said of; how they are joined stands in `pairs`.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry, topic
from neurosym.parser.generate.context import G
from neurosym.parser.generate.essays import long_verb
from neurosym.parser.generate.meaning import Tree, V, W, conj, entity, exists, forall, p2
from neurosym.parser.generate.nouns import NP, Body, Words, definite, modified, name, plain
from neurosym.parser.generate.pairs import BE, KINDS, joined_by, pair, side, sides, text, verbal_of
from neurosym.parser.generate.sentences import Said, subject


def fact(g: G) -> Said:
    """Mia is either a tall dancer or regularly drinks green tea; Mia sings, and she is a nurse."""
    g.tag("mixed-fact")
    if g.p(0.12):
        return _two_clauses(g)
    s, pred = subject(g), sides(g)
    while s.term is None:
        s = subject(g)
    return [*s.words, *pred.fin(s.plural)], pred.sem(s.term)


EVERYBODY = (
    ("everyone", False), ("all people", True), ("people", True), ("everybody", False), ("each person", False),
    ("every person", False), ("a person", False), ("anyone", False), ("any person", False),
)  # fmt: skip


def general(g: G) -> Said:
    """People either walk to work or sell old books; all nurses that are either A or B are C."""
    v = V()
    kind = g.choose((0.25, "people"), (0.35, "noun"), (0.4, "who"))
    g.tag(f"mixed-{kind}")
    if kind == "people":
        head, many = g.pick(EVERYBODY)
        pred = sides(g)
        place: list[Tree] = []
        after: Words = []
        if g.p(0.3):
            after, sem = in_this(g)
            place = [sem(v)]
        return [*head.split(), *after, *pred.fin(many)], forall(v, place, pred.sem(v))
    pred = sides(g) if g.p(0.6) else side(g, 0.2)
    if kind == "noun":
        det = g.choose((0.3, "all"), (0.2, "every"), (0.1, "each"), (0.25, ""), (0.1, "any"), (0.05, "no"))
        many = det in ("all", "")
        nom = modified(g, 0.0, 0.3)
        if det == "no":
            pred = side(g)
            return ["no", *nom.words(False), *pred.fin(False)], forall(v, nom.sem(v), ("NOT", pred.sem(v)))
        return [*det.split(), *nom.words(many), *pred.fin(many)], forall(v, nom.sem(v), pred.sem(v))
    first, many = g.pick(WHO)
    restriction: list[Tree] = []
    words: Words = list(first.split())
    if g.p(0.35):
        nom = plain(g)
        det, many, who = g.pick((("all", True, "who"), ("every", False, "who"), ("", True, "that"),
                                 ("any", False, "that"), ("each", False, "who")))  # fmt: skip
        words, restriction = [*det.split(), *nom.words(many), who], nom.sem(v)
    inner = sides(g) if g.p(0.5) else side(g, 0.2)
    return [*words, *inner.fin(many), *pred.fin(many)], forall(v, [*restriction, inner.sem(v)], pred.sem(v))


WHO = (
    ("all people who", True), ("people who", True), ("those who", True), ("everyone who", False),
    ("anyone who", False), ("whoever", False), ("every person who", False), ("all those who", True),
    ("anyone that", False), ("everything that", False), ("all things that", True), ("people that", True),
)  # fmt: skip


def _mention(g: G, e: NP, kind: str) -> tuple[Words, Tree]:
    """The name once more, or a pronoun for it."""
    if kind == "pronoun":
        return [g.pick(("he", "she")) if e.person else "it"], e.term
    ws = [W(w.text) for w in e.words if isinstance(w, W)]
    return [*(w for w in e.words if isinstance(w, str)), *ws], entity("E" if e.person else "D", ws)


def conditional(g: G) -> Said:
    """If Mia is either A and B or neither A nor B, then Mia neither sings nor sells old books."""
    how = g.choose((0.6, "same"), (0.25, "other"), (0.15, "more"))
    g.tag(f"mixed-if-{how}")
    e = name(g) if g.p(max(g.named, 0.6)) else definite(g)
    a, c = sides(g) if g.p(0.7) else side(g, 0.3), sides(g) if g.p(0.6) else side(g, 0.3)
    if how == "other":
        f = name(g) if g.p(max(g.named, 0.6)) else definite(g)
        again, term, many = f.words, f.term, f.plural
    else:
        again, term = _mention(g, e, "name" if g.p(0.75) else "pronoun")
        many = e.plural and again != ["it"]
    tree: Tree = a.sem(e.term)
    words: Words = [*e.words, *a.fin(e.plural)]
    if how == "more":
        more, b = _mention(g, e, "name" if g.p(0.5) else "pronoun"), side(g, 0.3)
        link = g.pick(("and", "and", "or"))
        words += [link, *more[0], *b.fin(e.plural and more[0] != ["it"])]
        tree = ("AND" if link == "and" else "OR", tree, b.sem(more[1]))
    then: Words = g.pick(([",", "then"], [","], ["then"], [",", "then"]))
    end: Words = [*again, *c.fin(many)]
    if g.p(0.12):
        return [*end, g.pick(("if", "whenever", "if")), *words], ("IMP", tree, c.sem(term))
    return ["if", *words, *then, *end], ("IMP", tree, c.sem(term))


def rule(g: G) -> Said:
    """If someone is either a nurse or regularly sells old books, then they are not both A and B."""
    if g.p(0.35):
        return _people(g)
    t = topic(g)
    g.tag("mixed-rule")
    a, c = sides(g) if g.p(0.65) else side(g, 0.3), sides(g) if g.p(0.6) else side(g, 0.3)
    first: Words = [*t.first, *a.fin(t.first_plural)]
    words, many, term = t.mention()
    then: Words = g.pick(([",", "then"], [","], ["then"]))
    tree = t.bind(conj([*t.restriction, a.sem(t.term)]), c.sem(term))
    return ["if", *first, *then, *words, *c.fin(many)], tree


def _people(g: G) -> Said:
    """If people in this club sing or sell old books, then they are P; if dogs are A, they B."""
    g.tag("mixed-people")
    v = V()
    restriction: list[Tree] = []
    words: Words = ["people"]
    if g.p(0.5):
        nom = plain(g)
        words, restriction = nom.words(True), nom.sem(v)
    if g.p(0.25):
        after, said = in_this(g)
        words, restriction = [*words, *after], [*restriction, said(v)]
    a, c = sides(g) if g.p(0.6) else side(g, 0.3), sides(g) if g.p(0.6) else side(g, 0.3)
    tree = forall(v, [*restriction, a.sem(v)], c.sem(v))
    then: Words = g.pick(([",", "then"], [","], ["then"], [",", "then"]))
    return ["if", *words, *a.fin(True), *then, "they", *c.fin(True)], tree


def in_this(g: G) -> tuple[Words, Body]:
    """In this club; at the big harbour: where those are whom a story is about."""
    p, n = W(g.pick(("in", "at", "from", "on", "of"))), W(g.noun().one)
    return [p, g.pick(("this", "this", "the")), n], lambda t: p2(("P", p), t, ("D", n))


def _two_clauses(g: G) -> Said:
    """Mia works in Oslo, and she once sold old books; either Mia sings or Mia is a nurse."""
    kind = g.choose((0.4, "and"), (0.15, "but"), (0.15, "or"), (0.2, "either"), (0.1, "xor"))
    g.tag(f"two-{kind}")
    opening, link, closings, op = KINDS[kind]
    e = name(g) if g.p(max(g.named, 0.6)) else definite(g)
    a, b = side(g, 0.2), side(g, 0.2)
    again, term = _mention(g, e, "pronoun" if g.p(0.6) else "name")
    comma: Words = [","] if not opening and g.p(0.6) else []
    words: Words = [*([opening] if opening else []), *e.words, *a.fin(e.plural), *comma, link, *again]
    words += [*b.fin(e.plural and again != ["it"]), *g.pick(closings)]
    return words, joined_by(op, a.sem(e.term), b.sem(term))


def nor_does(g: G) -> Said:
    """Mia is neither a nurse nor can Mia sing; Tom is not a cat, nor does he sell old books."""
    g.tag("nor-does")
    s = name(g) if g.p(max(g.named, 0.5)) else definite(g)
    a = side(g)
    b = g.choose((0.6, long_verb), (0.4, verbal_of))(g, 0.0)
    if b.inv is None:
        raise Retry
    again, term = _mention(g, s, "name" if g.p(0.5) else "pronoun")
    first = a.fin(s.plural)
    comma: Words = [","] if g.p(0.4) else []
    if text(first[0]) in BE and g.p(0.6):
        words: Words = [*s.words, first[0], "neither", *first[1:], *comma, "nor"]
        tree = a.sem(s.term)
    else:
        denied = side(g, 1.0)
        words = [*s.words, *denied.fin(s.plural), ",", "nor"]
        tree = denied.sem(s.term)
        tree = tree[1] if tree[0] == "NOT" else ("NOT", tree)
    many = s.plural and again != ["it"]
    return [*words, *b.inv(many, again)], ("AND", ("NOT", tree), ("NOT", b.sem(term)))


def denial(g: G) -> Said:
    """It is not true that A or that B; it is not the case that Mia is both A and B."""
    first = g.pick(
        ("it is not true that", "it is not the case that", "it is false that", "it 's not true that")
    )
    s = name(g) if g.p(max(g.named, 0.6)) else definite(g)
    if g.p(0.5):
        g.tag("denied-pair")
        pred = pair(g, g.pick(("either", "both", "neither")), side(g), side(g))
        return [*first.split(), *s.words, *pred.fin(s.plural)], ("NOT", pred.sem(s.term))
    g.tag("denied-or-that")
    a, b = side(g), side(g)
    again, term = _mention(g, s, "name" if g.p(0.6) else "pronoun")
    link = g.pick(("or", "and", "or"))
    words: Words = [*s.words, *a.fin(s.plural), link, "that", *again]
    words += b.fin(s.plural and again != ["it"])
    return [*first.split(), *words], ("NOT", ("OR" if link == "or" else "AND", a.sem(s.term), b.sem(term)))


def some(g: G) -> Said:
    """Some nurses both sing and sell old books; there is a person who is A and B."""
    g.tag("mixed-some")
    v, nom, pred = V(), modified(g, 0.15, 0.1), sides(g)
    many = g.p(0.5)
    if g.p(0.4):
        words: Words = ["there", "are" if many else "is", *(["some"] if many else ["a"])]
        body = nom.words(many)
        if not many and text(body[0])[:1].lower() in "aeiou":
            words[-1] = "an"
        return [*words, *body, "who", *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])
    return ["some", *nom.words(many), *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.26, fact), (0.27, general), (0.2, conditional), (0.14, rule), (0.04, nor_does), (0.05, denial),
    (0.04, some),
)  # fmt: skip

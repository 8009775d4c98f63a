"""Predicates of different kinds under one connective: nouns, qualities, long and short verb phrases.

"Is either a tall dancer or regularly drinks green tea"; "either both likes Bob and makes tea, or neither".
"either" is OR.  Knows predicates; must not know rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.parser.generate.conditionals import Retry, topic
from neurosym.parser.generate.context import G
from neurosym.parser.generate.essays import long_quality, long_verb, noun_leaf
from neurosym.parser.generate.lumps import being, verbal_lump
from neurosym.parser.generate.meaning import Tree, V, W, conj, entity, exists, forall
from neurosym.parser.generate.nouns import NP, Words, definite, modified, name, plain
from neurosym.parser.generate.predicates import Pred, copula, one_adjective, place_complement
from neurosym.parser.generate.repeats import twice
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.verbs import verbal

_BE = ("is", "are", "was", "were")
_SAFE = frozenset((*_BE, "do", "have", "has", "never"))  # what an infinitive before "and" does not go on with


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


def _text(word: W | str) -> str:
    return word.text if isinstance(word, W) else word


# kind -> opening, link, closing, operator
_KINDS: dict[str, tuple[str, str, tuple[Words, ...], str]] = {
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
    """Two predicates under one of _KINDS, "be" said once or twice where both have it."""
    opening, link, closings, op = _KINDS[kind]
    closing = g.pick(closings)
    comma: Words = [","] if g.p(0.35 if kind == "but" else 0.15 if link == "or" else 0.04) else []
    inside = a.comp is not None and (not opening or g.p(0.85) or kind == "notboth")
    shared = a.comp is not None and b.comp is not None and g.p(0.8)
    stretch = _stretched(a)
    neg = ("n't" if g.contract and g.p(0.4) else "not") if kind == "notboth" else ""
    g.tag(f"pair-{kind}")

    def fin(m: bool) -> Words:
        first, second = a.fin(m), b.fin(m)
        be = _text(first[0])
        within = inside and be in _BE
        if kind == "notboth" and not within:
            raise Retry
        if within and shared and b.comp is not None and not (stretch and (m or not opening)):
            second = b.comp(m)  # after "fitted with lamps or ..." a bare complement could be one more lamp
        elif not opening and m and not (g.past or g.future) and _text(second[0]) not in _SAFE:
            raise Retry  # "they plan to move and like Bob" has two readings
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


def _series(g: G, parts: Sequence[Pred], kind: str) -> Pred:
    """Is either a cat, a gold medal winner, or enjoys reading; buys books, is kind and wants to move."""
    g.tag(f"series-{kind}")
    last: Words = [*([","] if g.p(0.6) else []), "and" if kind == "and" else "or"]

    def fin(m: bool) -> Words:
        first = parts[0].fin(m)
        within = parts[0].comp is not None and _text(first[0]) in _BE
        before: Words = ["either"] if kind == "either" else []
        out: Words = [first[0], *before, *first[1:]] if within else [*before, *first]
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
        return g.choose((0.45, long_verb), (0.2, verbal_lump), (0.35, _verbal))(g, 0.0)

    def leaf(g: G) -> Pred:
        return copula(g, *g.choose((0.5, noun_leaf), (0.25, one_adjective), (0.25, long_quality))(g), 0.0)

    make = g.choose((0.4, deed), (0.4, leaf), (0.2, side))
    a, b, a2, b2 = _again(g, make)
    one, other = g.pick((("both", "neither"), ("and", "neither"), ("neither", "both"), ("both", "neither")))
    g.tag(f"opposed-{one}-{other}")
    left, right = _plain_pair(one, a, b), _plain_pair(other, a2, b2)
    comma: Words = [","] if g.p(0.5) else []
    shared = all(p.comp for p in (a, b)) and g.p(0.85)

    def fin(m: bool) -> Words:
        first = a.fin(m)
        if shared and _text(first[0]) in _BE:
            return [first[0], "either", *left(m, True), *comma, "or", *right(m, True)]
        again: Words = [*left(m, False), *comma, "or", *right(m, False)]
        return ["either", *again]

    def sem(t: Tree) -> Tree:
        s, r, s2, r2 = a.sem(t), b.sem(t), a2.sem(t), b2.sem(t)
        if one == "neither":
            return ("OR", ("AND", ("NOT", s), ("NOT", r)), ("AND", s2, r2))
        return ("OR", ("AND", s, r), ("AND", ("NOT", s2), ("NOT", r2)))

    return Pred(fin, None, sem)


def _verbal(g: G, negation: float) -> Pred:
    return verbal(g, 2, negation)


def _plain_pair(kind: str, a: Pred, b: Pred) -> Callable[[bool, bool], Words]:
    opening, link, _, _ = _KINDS[kind]
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


# --- statements -----------------------------------------------------------------------


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
        if g.p(0.25) and head.split()[-1] in ("people", "person"):
            comp, sem = place_complement(g)
            place, after = [sem(v)], comp(many)
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
    t = topic(g)
    g.tag("mixed-rule")
    a, c = sides(g) if g.p(0.65) else side(g, 0.3), sides(g) if g.p(0.6) else side(g, 0.3)
    first: Words = [*t.first, *a.fin(t.first_plural)]
    words, many, term = t.mention()
    then: Words = g.pick(([",", "then"], [","], ["then"]))
    tree = t.bind(conj([*t.restriction, a.sem(t.term)]), c.sem(term))
    return ["if", *first, *then, *words, *c.fin(many)], tree


def _two_clauses(g: G) -> Said:
    """Mia works in Oslo, and she once sold old books; either Mia sings or Mia is a nurse."""
    kind = g.choose((0.4, "and"), (0.15, "but"), (0.15, "or"), (0.2, "either"), (0.1, "xor"))
    g.tag(f"two-{kind}")
    opening, link, closings, op = _KINDS[kind]
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
    b = g.choose((0.6, long_verb), (0.4, _verbal))(g, 0.0)
    if b.inv is None:
        raise Retry
    again, term = _mention(g, s, "name" if g.p(0.5) else "pronoun")
    first = a.fin(s.plural)
    comma: Words = [","] if g.p(0.4) else []
    if _text(first[0]) in _BE and g.p(0.6):
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
        if not many and _text(body[0])[:1].lower() in "aeiou":
            words[-1] = "an"
        return [*words, *body, "who", *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])
    return ["some", *nom.words(many), *pred.fin(many)], exists(v, nom.sem(v), [pred.sem(v)])


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.26, fact), (0.27, general), (0.2, conditional), (0.14, rule), (0.04, nor_does), (0.05, denial),
    (0.04, some),
)  # fmt: skip

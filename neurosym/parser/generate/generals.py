"""Rules about anyone: topics that are taken up again, "whoever", "no cat ... unless", "not both".

Knows claims, topics and nominals; ground rules stand in `rules`.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Topic, topic
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, forall, p1
from neurosym.parser.generate.nouns import NP, Words, coordinated, definite, indefinite, modified, name
from neurosym.parser.generate.predicates import Pred, copula, one_adjective, one_noun
from neurosym.parser.generate.repeats import repeated
from neurosym.parser.generate.rules import AFTER_IFS, IFS, concluding, draw, mixed, then
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.traits import Clause, Maker, claims, entity_claim, everybody, series, somebody
from neurosym.parser.generate.verbs import simple

# --- topics ---------------------------------------------------------------------------


def about(t: Topic, pred: Pred, first: bool) -> Clause:
    if first:
        return Clause([*t.first, *pred.fin(t.first_plural)], pred.sem(t.term))
    words, many, term = t.mention()
    return Clause([*words, *pred.fin(many)], pred.sem(term))


def several(g: G, t: Topic, make: Maker, first: bool, tag: str) -> Clause:
    """One to three clauses about the topic, some about somebody else."""
    r = g.rng.random()
    n = 1 if r < 0.62 else 2 if r < 0.93 else 3
    parts = [about(t, make(g), first)]
    if first and isinstance(t.term, V) and t.first != t.again and g.p(0.09):
        parts = [_who_is(g, t, make)]
    for _ in range(n - 1):
        parts.append(entity_claim(g, make) if g.p(0.25) else about(t, make(g), False))
    return series(g, parts, tag)


def _who_is(g: G, t: Topic, make: Maker) -> Clause:
    """Someone who is not red is also kind: two conditions in one clause."""
    g.tag("topic-who")
    who = "who" if t.first[-1] in ("someone", "somebody", "anyone", "person", "people") else "that"
    a, b = make(g), make(g)
    words: Words = [*t.first, who, *a.fin(t.first_plural), *b.fin(t.first_plural)]
    return Clause(words, ("AND", a.sem(t.term), b.sem(t.term)))


def _bound(t: Topic, body: Tree) -> Tree:
    """A formula about the topic, quantified where the topic is a variable."""
    if not isinstance(t.term, V):
        return body
    return ("ALL", t.term, ("IMP", conj(t.restriction), body) if t.restriction else body)


def conditional(g: G) -> Said:
    """If someone is either red or not kind, then they are in turn both tall and not blue."""
    t, make = topic(g), draw(g)
    g.reuse = 0.35
    kind = g.choose((0.6, "if"), (0.1, "otherwise"), (0.13, "nested"), (0.17, "conclude"))
    g.tag(f"topic-{kind}")
    if kind == "conclude":
        return _concluded(g, t, make)
    when = "if" if kind == "otherwise" else g.choose(*IFS)
    a = several(g, t, make, True, "ante")
    c = several(g, t, make, False, "cons") if kind == "if" else about(t, make(g), False)
    words: Words = [*when.split(), *a.words, *then(g, when, len(a.words) > 6), *c.words]
    if kind == "if":
        if g.p(0.1) and isinstance(t.term, V):
            g.tag("both-ways")
            return [*words, ",", "and", "vice", "versa"], _bound(t, ("IFF", a.tree, c.tree))
        return words, t.bind(conj([*t.restriction, a.tree]), c.tree)
    d = about(t, make(g), False)
    if kind == "otherwise":
        link = g.pick(
            ([",", "otherwise"], [";", "otherwise", ","], [",", "or", "else"], [",", "and", "otherwise"])
        )
        both: Tree = ("AND", ("IMP", a.tree, c.tree), ("IMP", ("NOT", a.tree), d.tree))
        return [*words, *link, *d.words], _bound(t, both)
    link = g.pick((["unless"], ["if"], ["only", "if"]))
    inner: Tree = (
        ("IMP", c.tree, d.tree) if link[0] == "only"
        else ("IMP", ("NOT", d.tree) if link[0] == "unless" else d.tree, c.tree)
    )  # fmt: skip
    return [*words, *link, *d.words], t.bind(conj([*t.restriction, a.tree]), inner)


def _concluded(g: G, t: Topic, make: Maker) -> Said:
    """It can be concluded that someone is red once they are kind; if ..., we may infer that they are tall."""
    if g.p(0.55):
        c, a = about(t, make(g), True), several(g, t, make, False, "ante")
        link = g.pick(
            (
                "once",
                "if",
                "given that",
                "from the fact that",
                "knowing that",
                "whenever",
                "as soon as",
                "once knowing that",
            )
        )
        words: Words = [*concluding(g), *c.words, *link.split(), *a.words]
    else:
        a, c = several(g, t, make, True, "ante"), several(g, t, make, False, "cons")
        first = g.pick(("if", "once", "given that", "knowing that", "whenever", "if we know that"))
        words = [*first.split(), *a.words, ",", *concluding(g), *c.words]
    return words, t.bind(conj([*t.restriction, a.tree]), c.tree)


def backwards(g: G) -> Said:
    """Someone is red if, only if, unless, if and only if they are kind and not tall."""
    t, make = topic(g), draw(g)
    kind = g.choose((0.35, "if"), (0.17, "only if"), (0.2, "unless"), (0.28, "iff"))
    g.tag(f"topic-back-{kind}")
    c, a = about(t, make(g), True), several(g, t, make, False, "ante")
    return _linked(
        g, kind, c, a, lambda body: _bound(t, body), lambda p, q: t.bind(conj([*t.restriction, p]), q)
    )


IFF = (
    "if and only if",
    "if and only if",
    "exactly when",
    "iff",
    "just in case",
    "precisely when",
    "when and only when",
)


def _linked(
    g: G, kind: str, c: Clause, a: Clause, bound: Callable[[Tree], Tree], rule: Callable[[Tree, Tree], Tree]
) -> Said:
    match kind:
        case "if":
            return [*c.words, *g.choose(*AFTER_IFS).split(), *a.words], rule(a.tree, c.tree)
        case "only if":
            return [*c.words, "only", g.pick(("if", "if", "when")), *a.words], rule(c.tree, a.tree)
        case "unless":
            comma: Words = [","] if g.p(0.15) else []
            return [*c.words, *comma, "unless", *a.words], rule(("NOT", a.tree), c.tree)
        case _:
            return [*c.words, *g.pick(IFF).split(), *a.words], bound(("IFF", c.tree, a.tree))


def quantified(g: G) -> Said:
    """Every cat is red unless it is kind; no one is tall if they chase Bob."""
    v = V()
    person = g.p(0.45)
    many = g.p(0.5)
    no = g.p(0.3)
    kind = g.choose((0.4, "if"), (0.15, "only if"), (0.3, "unless"), (0.15, "iff"))
    if no and kind in ("only if", "iff"):
        kind = "unless"
    g.tag(f"quant-{kind}-{'no' if no else 'all'}")
    restriction: list[Tree] = []
    if person:
        head, many = g.pick(
            (("no one", False), ("nobody", False), ("no person", False), ("no people", True)) if no
            else (("everyone", False), ("everybody", False), ("all people", True), ("every person", False),
                  ("each person", False), ("a person", False), ("people", True), ("anyone", False))
        )  # fmt: skip
        first: Words = list(head.split())
    else:
        nom = modified(g, 0.0, 0.12)
        det = "no" if no else g.pick(("all", "")) if many else g.pick(("every", "each", "any", "every", "a"))
        words = nom.words(many)
        first = indefinite(words) if det == "a" else [*det.split(), *words]
        restriction = nom.sem(v)
    again: Words = (
        ["they"] if many or (person and g.p(0.6)) else [g.pick(("he", "she"))] if person else ["it"]
    )
    they = again == ["they"]
    p = simple(g, 1, 0.0) if no else draw(g)(g)
    q = draw(g)(g)
    said: Tree = ("NOT", p.sem(v)) if no else p.sem(v)
    c = Clause([*first, *p.fin(many)], said)
    a = Clause([*again, *q.fin(they)], q.sem(v))
    return _linked(
        g, kind, c, a,
        lambda body: ("ALL", v, ("IMP", conj(restriction), body) if restriction else body),
        lambda left, right: forall(v, [*restriction, left], right),
    )  # fmt: skip


# --- universals -----------------------------------------------------------------------

WHO = (
    ("whoever", False), ("anyone who", False), ("those who", True), ("people who", True),
    ("someone who", False),
    ("a person who", False), ("everyone who", False), ("everyone that", False), ("all people who", True),
    ("people that", True), ("any person who", False), ("each person that", False), ("somebody who", False),
    ("everything that", False), ("anything that", False), ("all those who", True),
    ("every person who", False),
    ("things that", True), ("something that", False), ("all people that", True), ("anybody who", False),
)  # fmt: skip


def whoever(g: G) -> Said:
    """Someone who is red is always both kind and not tall; people that are red or kind chase Bob."""
    v, make = V(), draw(g)
    first, many = g.pick(WHO)
    a, b = make(g), make(g)
    no = g.p(0.1)
    g.tag("who-no" if no else "who-" + first.split()[0])
    if no:
        first, many = g.pick(
            (("no one who", False), ("nobody who", False), ("nothing that", False), ("no people who", True))
        )
        b = simple(g, 1, 0.0)
    only = not no and g.p(0.08)
    if only:
        g.tag("only-who")
        first, many, b = (
            g.pick(("only people who", "only those who", "only things that")),
            True,
            simple(g, 1, 0.0),
        )
    words: Words = [*first.split(), *a.fin(many), *b.fin(many)]
    left, right = (b.sem(v), a.sem(v)) if only else (a.sem(v), ("NOT", b.sem(v)) if no else b.sem(v))
    return words, forall(v, [left], right)


def adjectival(g: G) -> Said:
    """All not red people are kind; a kind, not tall person is red; cats that are not red are blue."""
    v = V()
    g.tag("adjectival")
    n = 1 if g.p(0.7) else 2
    words: Words = []
    left: list[Tree] = []
    for i in range(n):
        w, negative = W(g.adjective().base), g.p(0.55)
        words += [*([","] if i else []), *(["not"] if negative else []), w]
        left.append(("NOT", p1(("A", w), v)) if negative else p1(("A", w), v))
    if n == 2 and words[words.index(",") + 1] != "not" and g.p(0.5):
        words[words.index(",")] = "and"
    det = g.choose((0.4, "all"), (0.2, "every"), (0.12, "any"), (0.14, ""), (0.1, "a"), (0.04, "each"))
    many = det in ("all", "")
    head: Words
    if g.p(0.55):
        head = [
            g.pick(("people", "people", "things", "ones"))
            if many
            else g.pick(("person", "person", "thing", "one"))
        ]
    else:
        noun = W()
        new = g.noun()
        noun.text = new.many if many else new.one
        head = [noun]
        left.append(p1(("N", noun), v))
    pred = draw(g)(g)
    body: Words = [*words, *head]
    if det == "a":
        body = indefinite(body)
    elif det:
        body = [det, *body]
    return [*body, *pred.fin(many)], forall(v, left, pred.sem(v))


def not_both(g: G) -> Said:
    """Tom and Ann are not both red; no one is both red and kind; not both Tom and the cow are cats."""
    if g.p(0.4):
        v = V()
        g.tag("no-both")
        leaf = one_adjective if g.p(0.6) else one_noun
        (f, s), (h, r) = leaf(g), leaf(g)
        both: Tree = ("AND", s(v), r(v))
        who, many = g.pick((("no one", False), ("nobody", False), ("nothing", False), ("no person", False)))
        if g.p(0.35):
            there = g.pick((["there", "is", "no", "one", "who", "is"], ["there", "is", "nobody", "who", "is"],
                            ["there", "is", "nothing", "that", "is"]))  # fmt: skip
            return [*there, "both", *f(False), "and", *h(False)], ("NOT", ("EX", v, both))
        return [*who.split(), "is", "both", *f(many), "and", *h(many)], ("ALL", v, ("NOT", both))
    g.tag("not-both-of")
    make = name if g.p(g.named) else definite
    x, y = make(g), make(g)
    form, sem = one_adjective(g) if g.p(0.6) else one_noun(g)
    if g.p(0.25):
        pred = simple(g, 2, 0.0)
        words: Words = ["not", "both", *x.words, "and", *y.words, *pred.fin(True)]
        return words, ("NOT", ("AND", pred.sem(x.term), pred.sem(y.term)))
    be = "were" if g.past else "are"
    neg = "n't" if g.contract and g.p(0.5) else "not"
    words = [*x.words, "and", *y.words, be, neg, "both", *form(True)]
    return words, ("NOT", ("AND", sem(x.term), sem(y.term)))


def fact(g: G) -> Said:
    """Tom is both red and not kind; everyone is red or tall; there is someone who is neither red nor kind."""
    r = g.rng.random()
    g.tag("mixed-fact")
    if r < 0.66:
        c = claims(g, mixed, "fact", 2)
    elif r < 0.82:
        c = everybody(g, mixed)
    else:
        c = somebody(g, mixed)
        while str(c.words[0]) in ("any", "anyone", "anybody", "we"):
            c = somebody(g, mixed)
    return c.words, c.tree


def several_names(g: G) -> Said:
    """If Tom, Ann and Bob are red, then neither the cow nor Sue is kind: several entities on both sides."""
    g.tag("several-names")
    a, b = _many(g), _many(g)
    kind = g.choose((0.55, "if"), (0.15, "iff"), (0.15, "unless"), (0.15, "only if"))
    g.tag(kind)
    if kind == "if":
        when = g.choose(*IFS)
        return [*when.split(), *a.words, *then(g, when, True), *b.words], ("IMP", a.tree, b.tree)
    return _linked(g, kind, b, a, lambda body: body, lambda p, q: ("IMP", p, q))


def _many(g: G) -> Clause:
    s: NP = coordinated(g)
    comp, sem = one_adjective(g) if g.p(0.6) else one_noun(g)
    pred = copula(g, comp, sem, 0.0) if g.p(0.7) else simple(g, 2, 0.0)
    if (
        pred.comp is not None
        and s.plural
        and g.p(0.2)
        and not g.future
        and pred.fin(True)[0] in ("are", "were")
    ):
        words = pred.fin(True)
        both = "all" if len(s.terms) > 2 else "both"
        return Clause([*s.words, words[0], both, *words[1:]], s.apply(pred.sem))
    return Clause([*s.words, *pred.fin(s.plural)], s.apply(pred.sem))


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.26, conditional), (0.14, backwards), (0.13, quantified), (0.17, whoever), (0.09, adjectival),
    (0.05, not_both), (0.1, fact), (0.06, several_names), (0.05, repeated),
)  # fmt: skip

"""Conditions said as necessity, consequence, equivalence and exclusion, of named people and of anyone.

What `rules` and `generals` say with "if" is said here with "for Tom to be red it is enough that ...",
"the only people who are red are those who are kind".  Knows phrases and claims; must not know norms.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, conj
from neurosym.parser.generate.nouns import NP, Words, definite, name, plain
from neurosym.parser.generate.repeats import twice
from neurosym.parser.generate.rules import draw, then
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.traits import Clause, Phrase, claims, entity_claim, phrase

ENOUGH = ("it is enough that", "it is sufficient that", "it suffices that")
NEEDED = ("it is necessary that", "it is required that")
BOTH = ("it is necessary and sufficient that",)
CASES = (
    "in every case where", "in any case where", "in all cases where", "every time", "any time",
    "each time", "on the condition that", "on condition that", "whenever it is true that",
    "if it is true that",
    "if it is the case that", "in case it is true that", "under the condition that", "if and when",
)  # fmt: skip
BACK = (
    ", and conversely", ", and the other way around", ", and the converse is also true",
    ", and the reverse is also true", "and vice versa", ", and conversely too", "and the other way around",
)  # fmt: skip


def _one(g: G) -> NP:
    return name(g) if g.p(g.named) else definite(g)


def _infinitive(g: G) -> Said:
    """For Tom to be red; for the cat not to chase Bob."""
    p, e = phrase(g), _one(g)
    return ["for", *e.words, *p.base(e.plural)], p.sem(e.term)


def _gerund(g: G) -> Said:
    p, e = phrase(g), _one(g)
    return [*e.words, *p.ing(e.plural)], p.sem(e.term)


def _claim(g: G) -> Clause:
    return entity_claim(g, draw(g)) if g.p(0.75) else claims(g, draw(g), "cl", 2)


def necessary(g: G) -> Said:
    """For Tom to be red, it is enough that Ann is kind; it is necessary that Ann sings for Tom to be red."""
    g.reuse = 0.3
    kind = g.choose((0.4, "enough"), (0.4, "needed"), (0.2, "both"))
    g.tag(f"for-{kind}")
    words, wanted = _infinitive(g)
    c = _claim(g)
    link: Words = list(g.pick({"enough": ENOUGH, "needed": NEEDED, "both": BOTH}[kind]).split())
    tree: Tree = (
        ("IMP", c.tree, wanted) if kind == "enough"
        else ("IMP", wanted, c.tree) if kind == "needed"
        else ("IFF", wanted, c.tree)
    )  # fmt: skip
    if g.p(0.6):
        return [*words, *([","] if g.p(0.7) else []), *link, *c.words], tree
    return [*link, *c.words, *words], tree


_LINKS: tuple[tuple[str, str], ...] = (
    ("is a sufficient condition for", ">"), ("is a necessary condition for", "<"),
    ("is a necessary and sufficient condition for", "="), ("is a consequence of", "<"),
    ("follows from", "<"), ("is implied by", "<"), ("is equivalent to", "="),
    ("is logically equivalent to", "="), ("is the same as", "="), ("implies", ">"), ("entails", ">"),
    ("leads to", ">"), ("requires", ">"), ("is a prerequisite for", "<"), ("presupposes", ">"),
    ("amounts to", "="),
)  # fmt: skip


def _linked(kind: str, a: Tree, b: Tree) -> Tree:
    match kind:
        case ">":
            return ("IMP", a, b)
        case "<":
            return ("IMP", b, a)
        case _:
            return ("IFF", a, b)


def gerunds(g: G) -> Said:
    """Tom being red is a necessary condition for Ann being kind; being red follows from being kind."""
    g.reuse = 0.3
    link, kind = g.pick(_LINKS)
    g.tag(f"gerunds{kind}{link.split()[1] if ' ' in link else ''}")
    if g.p(0.6):
        words, a = _gerund(g)
        other, b = _gerund(g)
        return [*words, *link.split(), *other], _linked(kind, a, b)
    v, p, q = V(), phrase(g), phrase(g)
    who: Words = g.choose((0.6, []), (0.3, ["someone"]), (0.1, ["something"]))
    words = [*who, *p.ing(False), *link.split(), *q.ing(False)]
    return words, ("ALL", v, _linked(kind, p.sem(v), q.sem(v)))


def cases(g: G) -> Said:
    """In every case where Tom is red, Ann is kind; Ann is kind every time Tom is red; suppose A; then B."""
    g.reuse = 0.35
    a, c = claims(g, draw(g), "ante", 2), claims(g, draw(g), "cons", 1)
    tree: Tree = ("IMP", a.tree, c.tree)
    r = g.rng.random()
    when = g.pick(CASES)
    if r < 0.5:
        g.tag("case-first")
        return [*when.split(), *a.words, ",", *(["then"] if g.p(0.2) else []), *c.words], tree
    if r < 0.75:
        g.tag("case-last")
        return [*c.words, *when.split(), *a.words], tree
    g.tag("suppose-then")
    first = g.pick(("suppose", "suppose that", "assume that", "assume", "let us assume that"))
    return [*first.split(), *a.words, g.pick((";", ",")), "then", *c.words], tree


def both_ways(g: G) -> Said:
    """If A, then B, and the other way around; if A then B and if B then A; A implies B and conversely."""
    if g.p(0.6):
        g.tag("back-said")
        g.reuse = 0.35
        a, c = claims(g, draw(g), "ante", 2), _claim(g)
        back = g.pick(BACK).split()
        return ["if", *a.words, *then(g, "if", True), *c.words, *back], ("IFF", a.tree, c.tree)
    g.tag("back-again")
    (a, a2), (c, c2) = twice(g, _claim), twice(g, _claim)
    link: Words = [*([","] if g.p(0.5) else []), "and"]
    words: Words = ["if", *a.words, *then(g, "if", True), *c.words]
    again: Words = [*link, "if", *c2.words, *then(g, "if", True), *a2.words]
    return [*words, *again], ("AND", ("IMP", a.tree, c.tree), ("IMP", c2.tree, a2.tree))


def impossible(g: G) -> Said:
    """It is impossible that Tom is red and Ann is kind; it cannot be that A; A and B are never both true."""
    g.reuse = 0.3
    g.tag("impossible")
    a, b = _claim(g), _claim(g)
    first = g.pick(
        ("it is impossible that", "it can not be that", "it is not possible that",
         "it is never the case that", "it is never true that")
    )  # fmt: skip
    if g.p(0.35):
        return [*first.split(), *a.words], ("NOT", a.tree)
    both: Words = ["both"] if g.p(0.4) else []
    return [*first.split(), *both, *a.words, "and", *b.words], ("NOT", ("AND", a.tree, b.tree))


def anyone(g: G) -> Said:
    """The only people who are red are those who are kind; for every person, if they are red ..."""
    v, p, q = V(), phrase(g, 0.0), phrase(g, 0.0)
    if g.p(0.6):
        return _for_everyone(g, v, p, q)
    g.tag("only-those")
    first, second = g.pick((("people", "those"), ("ones", "those"), ("people", "people")))
    words: Words = ["the", "only", first, "who", *p.pred.fin(True), "are", second, "who", *q.pred.fin(True)]
    return words, ("ALL", v, ("IMP", p.pred.sem(v), q.pred.sem(v)))


def _for_everyone(g: G, v: V, p: Phrase, q: Phrase) -> Said:
    """For every person, if they are red then they are kind; it holds for everyone that ..."""
    g.tag("for-everyone")
    head = g.pick(("for every person", "for everyone", "for each person", "for all people", "for anyone"))
    first: Words = list(head.split())
    restriction: list[Tree] = []
    again: Words = ["they"]
    if g.p(0.4):
        nom = plain(g)
        first, restriction = ["for", g.pick(("every", "each", "any")), *nom.words(False)], nom.sem(v)
        again = ["it"] if g.p(0.6) else ["they"]
    many = again == ["they"]
    tree: Tree = ("ALL", v, ("IMP", conj([*restriction, p.pred.sem(v)]), q.pred.sem(v)))
    left: Words = [*again, *p.pred.fin(many)]
    right: Words = [*again, *q.pred.fin(many)]
    if g.p(0.35):
        return ["it", "holds", *first, "that", *right, "if", *left], tree
    return [*first, ",", "if", *left, *then(g, "if", False), *right], tree


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.17, necessary), (0.22, gerunds), (0.25, cases), (0.14, both_ways), (0.07, impossible),
    (0.12, anyone),
)  # fmt: skip

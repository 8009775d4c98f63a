"""Exceptions and "only": all cats but Tom, no one except Ann, only fish, the only king.

Knows how English says of whom something holds not, and what that means (docs/english.md); must not
know the model.  The predicates carry no negation: "all but Tom are not red" has two readings.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import member
from neurosym.parser.generate.frames import having
from neurosym.parser.generate.meaning import Tree, V, conj, forall
from neurosym.parser.generate.nouns import Words, modified, plain
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.verbs import gap, predicate

# --- exceptions -----------------------------------------------------------------------


def _but(g: G) -> tuple[Words, tuple[Tree, ...]]:
    """But Tom; except Tom and Ann; with the exception of the cat."""
    link = g.pick(("but", "but", "except", "except", "except for", "apart from", "with the exception of"))
    g.tag(f"but-{link.split()[0]}")
    a = member(g)
    if g.p(0.78):
        return [*link.split(), *a.words], (a.term,)
    b = member(g)
    return [*link.split(), *a.words, "and", *b.words], (a.term, b.term)


def all_but(g: G) -> Said:
    """All cats but Tom are red: the other cats are, and he is not; nobody except Ann likes Bob."""
    negative = g.p(0.4)
    g.tag("none-but" if negative else "all-but")
    v, pred = V(), predicate(g, 2, 0.0)
    person = g.p(0.65)
    if g.p(0.45):
        head = g.pick(("no one", "nobody") if person else ("nothing",)) if negative else (
            g.pick(("everyone", "everybody") if person else ("everything",)))  # fmt: skip
        first: Words = [*head.split()]
        restriction: list[Tree] = []
        many = False
    else:
        nom = plain(g) if g.p(0.75) else modified(g, 0.0, 0.4)
        word = (
            g.pick(("no", "no", "none of the"))
            if negative
            else g.pick(("all", "all", "every", "all the", "all of the"))
        )
        many = word not in ("every", "no") or (word == "no" and g.p(0.5))
        first, restriction = [*word.split(), *nom.words(many)], nom.sem(v)
    but, terms = _but(g)
    others = [*restriction, *(("NOT", ("EQ", v, t)) for t in terms)]
    body = pred.sem(v)
    rest = forall(v, others, ("NOT", body) if negative else body)
    them = conj([pred.sem(t) if negative else ("NOT", pred.sem(t)) for t in terms])
    said = pred.fin(many)
    r = g.rng.random()
    if but[0] == "but" or r < 0.6:
        comma: Words = [","] if but[0] != "but" and r < 0.12 else []
        return [*first, *comma, *but, *comma, *said], ("AND", rest, them)
    if r < 0.85:
        return [*first, *said, *([","] if g.p(0.4) else []), *but], ("AND", rest, them)
    opening: Words = ["except", "for", *but[2:]] if but[:2] == ["except", "for"] else but
    if opening[:1] == ["except"] and opening[1:2] != ["for"]:
        opening = ["except", "for", *opening[1:]]
    return [*opening, ",", *first, *said], ("AND", rest, them)


def all_but_object(g: G) -> Said:
    """Tom likes everyone but Ann; the cat chases no dog except Rex."""
    negative = g.p(0.4)
    g.tag("object-none-but" if negative else "object-all-but")
    v, s, link = V(), member(g), gap(g, 0.0)
    restriction: list[Tree] = []
    if g.p(0.5):
        person = g.p(0.65)
        head = g.pick(("no one", "nobody") if person else ("nothing",))
        if not negative:
            head = g.pick(("everyone", "everybody") if person else ("everything",))
        first: Words = [*head.split()]
    else:
        nom = plain(g)
        word = "no" if negative else g.pick(("all", "every", "all the", "each"))
        first, restriction = (
            [*word.split(), *nom.words(word.startswith("all") or (negative and g.p(0.5)))],
            nom.sem(v),
        )
    but, terms = _but(g)
    others = [*restriction, *(("NOT", ("EQ", v, t)) for t in terms)]
    body = link.said(s.term, v)
    rest = forall(v, others, ("NOT", body) if negative else body)
    said = [link.said(s.term, t) for t in terms]
    return [*s.words, *link.fin(s.plural), *first, *but], (
        "AND",
        rest,
        conj(said if negative else [("NOT", t) for t in said]),
    )


# --- only -----------------------------------------------------------------------------


def only(g: G) -> Said:
    """Only Tom and Ann are red; Tom eats only fish; Tom is the only cat that purrs."""
    r = g.rng.random()
    v = V()
    if r < 0.3:
        g.tag("only-these")
        terms = [member(g) for _ in range(1 if g.p(0.5) else 2 if g.p(0.7) else 3)]
        pred = predicate(g, 2, 0.0)
        words: Words = [*terms[0].words]
        for i, e in enumerate(terms[1:], 1):
            words += [*(["and"] if i == len(terms) - 1 else [","]), *e.words]
        many = len(terms) > 1 or terms[0].plural
        return ["only", *words, *pred.fin(many)], forall(
            v, [pred.sem(v)], conj([("EQ", v, e.term) for e in terms], "OR")
        )
    s = member(g)
    if r < 0.68:
        g.tag("only-object")
        verb = gap(g, 0.0) if g.p(0.85) else having(g)
        word: Words = g.choose((0.85, ["only"]), (0.15, ["nothing", "but"]))
        if word == ["only"] and g.p(0.4):
            o = member(g)
            return [*s.words, *verb.fin(s.plural), "only", *o.words], forall(
                v, [verb.said(s.term, v)], ("EQ", v, o.term)
            )
        nom = plain(g)
        return [*s.words, *verb.fin(s.plural), *word, *nom.words(True)], forall(
            v, [verb.said(s.term, v)], conj(nom.sem(v))
        )
    g.tag("the-only")
    nom = plain(g) if g.p(0.4) else modified(g, 0.25, 1.0)
    kind = nom.words(False)
    be = "was" if g.past else "is"
    said = conj(nom.sem(s.term)), forall(v, nom.sem(v), ("EQ", v, s.term))
    if g.p(0.7):
        return [*s.words, ("were" if g.past else "are") if s.plural else be, "the", "only", *kind], (
            "AND",
            *said,
        )
    return ["the", "only", *kind, be, *s.words], ("AND", *said)


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.52, all_but), (0.17, all_but_object), (0.31, only),
)  # fmt: skip

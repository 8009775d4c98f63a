"""Pronouns, "the former" and "the latter" whose antecedent stands in another sentence.

Knows sentences with a pronoun as subject or possessor, made here, and those of the other makers
in which `replace` puts a pronoun in the place of a name.  A possessive whose antecedent stands
in the sentence means that one.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate import (
    conditionals,
    counting,
    generals,
    lumps,
    norms,
    opaque,
    orders,
    questions,
    rules,
    sentences,
    variants,
)
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import RELATIONS, WEATHER, G
from neurosym.parser.generate.meaning import Tree, V, W, entity, exists, forall, p1, p2
from neurosym.parser.generate.nouns import NP, Words, adjectives, definite, indefinite, plain
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, given_names
from neurosym.parser.generate.predicates import Gap, Pred, copular
from neurosym.parser.generate.replace import pronominal
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.verbs import gap, predicate, simple, verbal

_FIRST = {
    "i": {"is": "am", "are": "am", "were": "was", "has": "have"},
    "y": {"is": "are", "was": "were", "has": "have"},
}
_SHORT = {"is": "'s", "are": "'re", "am": "'m", "will": "'ll", "have": "'ve"}


def pronoun(g: G, case: int, kinds: str = "fffmmmnnttiwy") -> tuple[str, W]:
    """A pronoun that an earlier sentence explains: what it agrees with, and its word."""
    who = g.pick(kinds)
    g.tag(f"pro-{who}")
    return who, W(PRONOUNS[who][case])


def agreeing(g: G, who: str, pred: Pred, copula: bool) -> Words:
    """The predicate after that pronoun, with its number, its reflexive, and perhaps a clitic."""
    words = pred.fin(who in "tw" or (who in "iy" and not copula))
    first = words[0]
    if isinstance(first, str):
        words[0] = first = _FIRST.get(who, {}).get(first, first)
        after = words[1] if len(words) > 1 else ""
        if first == "am" and after == "n't":
            words[1] = after = "not"
        short = first in _SHORT and after != "n't" and (first != "have" or after in ("been", "not", "never"))
        if short and g.contract and g.p(0.5):
            words[0] = _SHORT[first]
    mirror = PRONOUNS[who][3]
    return [mirror if w in ("himself", "herself", "itself", "themselves") else w for w in words]


def weather_like(tree: Tree) -> bool:
    """Is "it" with this predicate the weather's?"""
    while tree[0] == "NOT":
        tree = tree[1]
    return tree[0] == "P1" and tree[1][0] == "A" and tree[1][1].text in WEATHER


def pronoun_subject(g: G) -> Said:
    """She likes Bob; they are red and chase Ann; I'm a doctor; it is round."""
    who, w = pronoun(g, SUBJECT, "fffffmmmmmnnntttttiwyy")
    if who in "iy" or g.p(0.5):
        copula = g.p(0.55)
        pred = copular(g) if copula else verbal(g)
    else:
        copula, pred = False, predicate(g)
    tree = pred.sem(("R", w))
    if who == "n" and weather_like(tree):
        raise Retry
    return [w, *agreeing(g, who, pred, copula)], tree


def pronoun_asked(g: G) -> tuple[Words, Tree, str]:
    """Is she red?  Do they like Bob?  Does it sleep?"""
    who, w = pronoun(g, SUBJECT, "fffmmmnnttt")
    pred = copular(g, 0, 0.08) if g.p(0.55) else verbal(g, 0, 0.08)
    tree = pred.sem(("R", w))
    if pred.inv is None or (who == "n" and weather_like(tree)):
        raise Retry
    mirror = PRONOUNS[who][3]
    words = [
        mirror if x in ("himself", "herself", "itself", "themselves") else x
        for x in pred.inv(who == "t", [w])
    ]
    return words, ("ASK", tree), "?"


# --- possessors ------------------------------------------------------------------------


def owned(g: G, whose: W | str, owner: Tree) -> NP:
    """Her old car, my boss: some car of hers."""
    w, v = W(g.pick(RELATIONS) if g.p(0.4) else g.noun().one), V()
    words: Words = []
    ws: list[W] = []
    if g.p(0.2):
        g.tag("adjs")
        words, ws = adjectives(g, 2)
    own: Words = ["own"] if isinstance(whose, str) and g.p(0.04) else []
    return NP(
        [whose, *own, *words, w],
        False,
        lambda said: exists(v, [*(p1(("A", a), v) for a in ws), p2(("N", w), v, owner)], [said(v)]),
    )


def of_object(o: NP, verb: Gap, subject: Tree) -> Tree:
    """What the verb says of its subject and an object that a negation includes."""
    negative = verb.said(subject, subject)[0] == "NOT"
    tree = o.apply(lambda u: verb.said(subject, u)[1] if negative else verb.said(subject, u))
    return ("NOT", tree) if negative else tree


def someone(g: G, not_as: str = "") -> tuple[Words, Tree, str]:
    """A name, with a gender a reader knows; `not_as`: a gender that it must not have."""
    name, gender = g.pick(given_names(g.split))
    while gender == not_as:
        name, gender = g.pick(given_names(g.split))
    ws = [W(name), W(g.surname())] if g.p(0.06) else [W(name)]
    return [*ws], entity("E", ws), gender


def possessor_outside(g: G) -> Said:
    """His dog is red; Ann likes his dog; the dog is his friend; there is a cat in her garden."""
    who, w = pronoun(g, POSSESSIVE)
    r = g.rng.random()
    if r < 0.4:
        g.tag("own-subject")
        s = owned(g, w, ("R", w))
        pred = predicate(g, 1, 0.0) if g.p(0.6) else copular(g, 1, 0.3)
        return [*s.words, *pred.fin(False)], s.apply(pred.sem)
    # A subject that the pronoun cannot mean.
    g.tag("own-object" if r < 0.8 else "own-complement")
    if who in "fm" and g.p(0.75):
        subject, term, _ = someone(g, who)
        many = False
    elif who in "iwy":
        subject, term, _ = someone(g)
        many = False
    else:
        other = g.pick("fm".replace(who, "") + "iw")
        s_w = W(PRONOUNS[other][SUBJECT])
        subject, term, many = [s_w], ("R", s_w), other in "iw"
        if r >= 0.8:
            raise Retry
    if r < 0.8:
        o = owned(g, w, ("R", w))
        verb = gap(g, 0.15)
        words = verb.fin(many)
        if many and words[0] in ("are", "were") and str(subject[0]) != "we":
            raise Retry
        return [*subject, *words, *o.words], of_object(o, verb, term)
    noun = W(g.pick(RELATIONS))
    be: Words = ["was" if g.past else "is"]
    neg = g.p(0.15)
    tree = p2(("N", noun), term, ("R", w))
    return [*subject, *be, *(["not"] if neg else []), w, noun], ("NOT", tree) if neg else tree


def possessor_inside(g: G) -> Said:
    """Ann likes her dog; every woman likes her dog; if someone is red then their dog is kind."""
    r = g.rng.random()
    verb, v = gap(g, 0.12), V()
    if r < 0.4:
        g.tag("own-name")
        subject, term, gender = someone(g)
        if g.p(0.2):
            d = definite(g)
            if d.plural:
                raise Retry
            subject, term, gender = d.words, d.term, "n"
        whose = PRONOUNS[gender][POSSESSIVE]
        if g.p(0.3):
            g.tag("two-clauses")
            pred, q = simple(g, 1), simple(g, 1, 0.0)
            s = owned(g, whose, term)
            link: Words = g.pick((["and"], [",", "and"], [",", "but"], ["while"], ["because"]))
            return [*subject, *pred.fin(False), *link, *s.words, *q.fin(False)], (
                "AND", pred.sem(term), s.apply(q.sem),
            )  # fmt: skip
        o = owned(g, whose, term)
        return [*subject, *verb.fin(False), *o.words], of_object(o, verb, term)
    whose = g.pick(("his", "her", "their", "its"))
    o = owned(g, whose, v)
    if r < 0.7:
        g.tag("own-every")
        many = whose == "their"
        verb = gap(g, 0.0) if g.p(0.8) else verb
        nom = plain(g)
        first: Words = ["all"] if many and g.p(0.6) else [] if many else [g.pick(("every", "each"))]
        if not many and g.p(0.25):
            first, verb = ["no"], gap(g, 0.0)
        body = of_object(o, verb, v)
        if first == ["no"]:
            body = ("NOT", body)
        return [*first, *nom.words(many), *verb.fin(many), *o.words], forall(v, nom.sem(v), body)
    g.tag("own-if")
    someone_: Words = [g.pick(("someone", "somebody"))] if whose != "its" else ["something"]
    restriction: list[Tree] = []
    if g.p(0.3):
        nom = plain(g)
        someone_, restriction = indefinite(nom.words(False)), nom.sem(v)
    then: Words = g.pick((["then"], [",", "then"], [","]))
    if g.p(0.5):  # if someone likes their dog, they are kind
        pred = simple(g, 1)
        again = {"his": "he", "her": "she", "their": "they", "its": "it"}[whose]
        words = ["if", *someone_, *verb.fin(False), *o.words, *then, again, *pred.fin(again == "they")]
        condition = of_object(o, verb, v)
        return words, forall(v, [*restriction, condition], pred.sem(v))
    pred, q = simple(g, 1), simple(g, 1, 0.0)
    words = ["if", *someone_, *pred.fin(False), *then, *o.words, *q.fin(False)]
    return words, forall(v, [*restriction, pred.sem(v)], o.apply(q.sem))


# --- in the sentences of the other makers ------------------------------------------------


def two_pronouns(g: G) -> Said:
    """She likes him; they chase us; he is taller than her."""
    who, w = pronoun(g, SUBJECT, "fmtw")
    other, u = pronoun(g, OBJECT, "fmnttiwy".replace(who, ""))
    if who == "w" and other == "i":
        raise Retry
    if g.p(0.25):
        g.tag("compare")
        c = W(g.adjective().more or "older")
        be = ("were" if g.past else "are") if who in "tw" else "was" if g.past else "is"
        return [w, be, c, "than", u], p2(("C", c), ("R", w), ("R", u))
    verb = gap(g, 0.15)
    return [w, *verb.fin(who in "tw"), u], verb.said(("R", w), ("R", u))


_WIDER: tuple[tuple[float, tuple[tuple[float, Callable[[G], Said]], ...]], ...] = (
    (0.17, rules.STATEMENTS), (0.15, generals.STATEMENTS), (0.17, norms.STATEMENTS), (0.1, opaque.STATEMENTS),
    (0.15, lumps.STATEMENTS), (0.08, counting.STATEMENTS), (0.13, orders.STATEMENTS),
    (0.05, variants.STATEMENTS),
)  # fmt: skip


def _some_statement(g: G) -> Said:
    if g.p(0.4):
        g.tag("wider")
        return g.choose(*g.choose(*_WIDER))(g)
    return g.choose(
        (0.3, sentences.fact), (0.06, sentences.relation_fact), (0.14, sentences.universal),
        (0.06, sentences.negative), (0.03, sentences.only), (0.09, sentences.existential),
        (0.06, sentences.coordination), (0.18, conditionals.conditional), (0.08, conditionals.ground),
    )(g)  # fmt: skip


def replaced(g: G) -> Said:
    """Any statement, with a pronoun for one of its names: if someone likes him then they are red."""
    words, tree = _some_statement(g)
    return pronominal(g, words, tree, False)


def replaced_asked(g: G) -> tuple[Words, Tree, str]:
    """Who likes her?  Does Bob chase it?  What does she eat?"""
    r = g.rng.random()
    if r < 0.4:
        words, tree = questions.inverted(g)
        tree = ("ASK", tree)
    else:
        words, tree = questions.wh(g) if r < 0.9 else questions.how_many(g)
    words, tree = pronominal(g, words, tree, True)
    return words, tree, "?"


def replaced_command(g: G) -> tuple[Words, Tree, str]:
    """Close it; do not send them to Bob."""
    words, tree, end = norms.command(g)
    words, tree = pronominal(g, words, tree, False)
    return words, tree, end


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.26, pronoun_subject), (0.12, possessor_outside), (0.12, possessor_inside), (0.06, two_pronouns),
    (0.44, replaced),
)  # fmt: skip
SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = (
    (0.4, pronoun_asked),
    (0.52, replaced_asked),
    (0.08, replaced_command),
)

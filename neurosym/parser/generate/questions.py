"""Questions: yes or no, who and what, how many; and commands to prove or to list."""

from __future__ import annotations

from neurosym.parser.generate.context import PREPOSITIONS, RELATIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p2
from neurosym.parser.generate.nouns import Words, indefinite, modified, plain, possessive, some_entity
from neurosym.parser.generate.predicates import copular
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.verbs import gap, predicate, simple, verbal


def inverted(g: G) -> Said:
    """Is Tom a cat?  Does the cow chase Bob?  Are all cats red?  Is there a red cat?"""
    r = g.rng.random()
    v = V()
    if r < 0.7:
        g.tag("ask-fact")
        s = subject(g)
        while s.words[0] in ("neither", "both", "either"):
            s = subject(g)
        pred = copular(g, 0, 0.08) if g.p(0.6) else verbal(g, 0, 0.08)
        assert_inv = pred.inv or (lambda m, words: words)
        return assert_inv(s.plural, s.words), s.apply(pred.sem)
    if r < 0.92:
        kind = g.choose((0.45, "all"), (0.2, "every"), (0.25, "some"), (0.1, "bare"))
        g.tag(f"ask-{kind}")
        nom = modified(g, 0.15, 0.15)
        many = kind in ("all", "bare", "some")
        pred = copular(g, 1, 0.0) if g.p(0.65) else verbal(g, 1, 0.0)
        first: Words = [] if kind == "bare" else [g.pick(("some", "any")) if kind == "some" else kind]
        assert_inv = pred.inv or (lambda m, words: words)
        words = assert_inv(many, [*first, *nom.words(many)])
        return words, exists(v, nom.sem(v), [pred.sem(v)]) if kind == "some" else forall(
            v, nom.sem(v), pred.sem(v)
        )
    g.tag("ask-there")
    many = g.p(0.4)
    nom = modified(g, 0.1, 0.5)
    words = nom.words(many)
    return ["are" if many else "is", "there", *(["any", *words] if many else indefinite(words))], exists(
        v, nom.sem(v)
    )


ASKS = (
    "true or false :", "true or false :", "prove :", "prove :", "prove that", "is it true that",
    "is it true that",
    "is it the case that", "does it follow that", "decide whether", "show that", "can we conclude that",
    "check whether",
    "do we know whether", "tell me whether",
)  # fmt: skip


def wh(g: G) -> tuple[Words, Tree]:
    """Who chases Bob?  Which cats are red?  What does the cow eat?  Who is the father of Tom?"""
    v = V()
    kind = g.choose(
        (0.34, "subject"),
        (0.2, "which"),
        (0.24, "object"),
        (0.1, "relation"),
        (0.05, "which-object"),
        (0.07, "list"),
    )
    g.tag(f"wh-{kind}")
    if kind == "subject":
        pred = predicate(g, 1, 0.12)
        return [*g.pick((["who"], ["what"], ["who"], ["what"], ["which", "one"])), *pred.fin(False)], (
            "WH",
            v,
            pred.sem(v),
        )
    if kind == "which":
        nom, many = plain(g), g.p(0.6)
        pred = predicate(g, 1, 0.1)
        return [g.pick(("which", "which", "what")), *nom.words(many), *pred.fin(many)], (
            "WH",
            v,
            conj([*nom.sem(v), pred.sem(v)]),
        )
    if kind == "list":
        nom = modified(g, 0.1, 0.45)
        first = g.pick(("list all", "name all", "list the", "find all", "give me all"))
        return [*first.split(), *nom.words(True)], ("WH", v, conj(nom.sem(v)))
    if kind == "relation":
        w, o = W(g.pick(RELATIONS) if g.p(0.75) else g.noun().one), some_entity(g)
        if g.p(0.25):
            return ["whose", w, "is", *o.words], ("WH", v, p2(("N", w), o.term, v))
        be = g.pick((["who", "is"], ["who", "is"], ["what", "is"]))
        after: Words = [*possessive(o), w] if g.p(0.4) else ["the", w, "of", *o.words]
        return [*be, *after], ("WH", v, p2(("N", w), v, o.term))
    s, verb = some_entity(g), gap(g, 0.05)
    if kind == "object":
        if g.p(0.2):  # what is the dog in?  where is it? is left out: it has no word for its relation
            prep = W(g.pick(PREPOSITIONS))
            return ["what", "are" if s.plural else "is", *s.words, prep], (
                "WH",
                v,
                p2(("P", prep), s.term, v),
            )
        return [g.pick(("who", "whom", "what", "what")), *verb.inv(s.plural, s.words)], (
            "WH",
            v,
            verb.said(s.term, v),
        )
    nom, many = plain(g), g.p(0.5)
    return [g.pick(("which", "what")), *nom.words(many), *verb.inv(s.plural, s.words)], (
        "WH",
        v,
        conj([*nom.sem(v), verb.said(s.term, v)]),
    )


def how_many(g: G) -> tuple[Words, Tree]:
    """How many cats are red?  How many cats does Tom own?  How many cats are there?"""
    v = V()
    r = g.rng.random()
    nom = modified(g, 0.2, 0.1)
    words: Words = ["how", "many", *nom.words(True)]
    if r < 0.65:
        g.tag("count-subject")
        pred = simple(g, 1, 0.1)
        return [*words, *pred.fin(True)], ("HOWMANY", v, conj([*nom.sem(v), pred.sem(v)]))
    if r < 0.88 or not nom.sem(v):
        g.tag("count-object")
        s, verb = some_entity(g), gap(g, 0.05)
        return [*words, *verb.inv(s.plural, s.words)], (
            "HOWMANY",
            v,
            conj([*nom.sem(v), verb.said(s.term, v)]),
        )
    g.tag("count-there")
    return [*words, "are", "there"], ("HOWMANY", v, conj(nom.sem(v)))

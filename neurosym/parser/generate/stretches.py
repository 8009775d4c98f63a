"""Verb phrases whose meaning is only the order of their words: infinitives, gerunds and clauses inside.

Knows which closed classes of words govern what, and words of the lexicon; must not know who is the subject.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, W, span
from neurosym.parser.generate.nouns import Words, article, indefinite
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

# --- what governs a clause, an infinitive or a gerund: closed classes --------------------


def _verbs(bases: str) -> tuple[Verb, ...]:
    return tuple(Verb(b, *verb_forms(b)) for b in bases.split())


TO = _verbs(
    "want try plan hope intend prefer decide refuse agree offer promise manage fail learn like love hate "
    "aim aspire attempt choose continue begin start struggle tend threaten volunteer wish afford dare "
    "pretend claim seem appear happen long yearn strive hesitate prepare"
)
ING = _verbs(
    "enjoy avoid consider practise imagine keep finish stop dislike recommend suggest postpone quit "
    "resist risk mind regret remember miss love hate like start begin continue admit deny"
)
PREP_ING = tuple(
    (v, p)
    for row in (
        "about: dream think talk joke complain worry boast lie write speak care",
        "on: plan insist focus concentrate rely depend spend",
        "in: succeed believe specialize participate fail delight persist",
        "of: dream think approve complain tire",
        "for: apologize apply wait pay prepare hope",
        "from: benefit recover refrain suffer profit",
        "at: aim excel laugh work",
        "with: start help begin experiment struggle",
        "to: object admit confess resort contribute",
        "by: begin start profit travel",
        "without: leave work live sleep eat",
    )
    for p in (row.split(":")[0],)
    for v in _verbs(row.split(":")[1])
)
OBJECT_TO = _verbs(
    "ask tell persuade convince encourage help force allow teach invite advise expect want urge beg order "
    "remind enable motivate inspire pay warn permit train challenge"
)
OBJECT_FROM = _verbs("prevent stop discourage keep protect save rescue ban")
OBJECT_FOR = _verbs("blame thank praise criticize admire punish forgive reward scold pay")
MAKING = _verbs("make let help watch see hear")
USING = _verbs("spend waste save")  # spends time reading
WONDER = _verbs("wonder ask know explain show learn understand forget remember decide discover describe see")
CLAUSE_LINKS = ("whether", "why", "how", "where", "when")
ADJ_THAT = str.split(
    "aware unaware happy sad sorry sure certain afraid glad proud surprised convinced angry "
    "worried confident grateful hopeful ashamed pleased upset doubtful"
)
ADJ_TO = str.split(
    "eager willing reluctant ready able unable afraid happy keen anxious determined likely unlikely "
    "prepared hesitant quick slow free glad proud desperate careful tempted destined inclined"
)
ADJ_ING = tuple(
    pair.split("+")
    for pair in str.split(
        "good+at bad+at tired+of fond+of afraid+of capable+of incapable+of proud+of interested+in "
        "known+for famous+for responsible+for addicted+to used+to accustomed+to committed+to opposed+to "
        "worried+about excited+about nervous+about serious+about guilty+of scared+of obsessed+with "
        "bored+with experienced+in involved+in skilled+at dedicated+to"
    )
)
NOUN_ING = tuple(
    pair.split("+")
    for pair in str.split(
        "fan+of lover+of supporter+of opponent+of advocate+of critic+of expert+in expert+at champion+of "
        "beginner+at master+of pioneer+of specialist+in genius+at veteran+of"
    )
)
HABIT = tuple(
    pair.split("+")
    for pair in str.split(
        "habit+of chance+of fear+of way+of gift+for talent+for reputation+for plan+for idea+of risk+of "
        "experience+in interest+in trouble+in difficulty+in fun+in"
    )
)
CHANCE = str.split("chance right ability duty plan permission desire wish need courage time tendency promise")
REGULARLY = str.split(
    "regularly often always frequently usually constantly sometimes secretly occasionally actively "
    "eagerly happily openly proudly gladly repeatedly generally"
)
PLACES = str.split("in on at near with for from to under behind over around inside during through")
WHEN = ("before", "after", "while", "without", "by", "instead of")
OWN = ("his", "her", "their", "its", "his", "her")

# --- the inside of a lump: words whose meaning is only their order ----------------------


def thing(g: G, depth: int = 0) -> Words:
    """Old books, her neighbours, a garden, Bob, people who like Bob: what an inner verb takes."""
    r = g.rng.random()
    n = g.noun()
    before: Words = [g.adjective().base] if g.p(0.28) else []
    if r < 0.3:
        return [*before, n.many]
    if r < 0.46:
        return [g.pick(OWN), *before, n.many if g.p(0.5) else n.one]
    if r < 0.6:
        return indefinite([*before, n.one])
    if r < 0.7:
        return ["the", *before, n.one if g.p(0.7) else n.many]
    if r < 0.79:
        return [g.given()] if g.p(0.6) else [g.place()]
    if r < 0.84:
        return [n.many, "and", g.noun().many]
    if r < 0.88:
        return (
            [*thing(g, 2), g.pick(("of", "in", "from", "with", "for")), *thing(g, 2)]
            if depth < 2
            else [n.many]
        )
    if r < 0.91:
        return [g.pick(("something", "someone", "others", "people", "everyone", "money", "time"))]
    if r < 0.94:
        return [g.given(), "'s", n.one]
    if depth < 2:
        who = g.choose((0.5, [g.pick(("people", "those")), "who"]), (0.5, [n.many, "that"]))
        return [*who, *clause_predicate(g, True)]
    return [n.one, g.noun().many]


def aside(g: G) -> Words:
    """In the garden; before winter; quickly: what follows an inner verb phrase."""
    r = g.rng.random()
    if r < 0.6:
        return [g.pick((*PREPOSITIONS, "at", "in", "without", "during", "through", "across")), *thing(g, 2)]
    if r < 0.75:
        return [g.adverb()]
    if r < 0.83:
        return [g.pick(("before", "after", "until", "since", "during")), g.pick(TIMES)]
    if r < 0.9:
        often = g.pick(("every", "each", "once a", "twice a"))
        return [*often.split(), g.pick(("day", "week", "month", "year", "morning", "weekend", "night"))]
    return list(
        g.pick(("together", "alone", "again", "outside", "abroad", "online", "early", "at home")).split()
    )


TIMES = str.split(
    "winter summer spring autumn noon midnight sunrise dinner breakfast lunch dawn Monday Friday Sunday"
)


def inner(g: G, form: str, depth: int = 0) -> Words:
    """A verb phrase without a subject, in the form "base" or "gerund"."""
    r = g.rng.random() + (0.0 if depth < 2 else -0.3)
    out: Words
    if r < 0.12:
        out = [getattr(g.intransitive(), form)]
    elif r < 0.54:
        out = [getattr(g.transitive(), form), *thing(g, depth)]
    elif r < 0.68:
        out = [getattr(g.intransitive(), form), g.pick(PREPOSITIONS), *thing(g, depth)]
    elif r < 0.76:
        be = "be" if form == "base" else "being"
        tail = (
            [g.adjective().base]
            if g.p(0.4)
            else [g.transitive().participle, *(["by", *thing(g, 2)] if g.p(0.6) else aside(g))]
            if g.p(0.6)
            else indefinite([g.adjective().base, g.noun().one])
        )
        return [be, *tail]
    elif r < 0.84:
        return [getattr(g.pick(TO), form), "to", *inner(g, "base", depth + 1)]
    elif r < 0.9:
        v, p = g.pick(PREP_ING)
        return [getattr(v, form), p, *inner(g, "gerund", depth + 1)]
    elif r < 0.95:
        return [getattr(g.pick(OBJECT_TO), form), *thing(g, 2), "to", *inner(g, "base", depth + 1)]
    else:
        return [getattr(g.pick(ING), form), *inner(g, "gerund", depth + 1)]
    if g.p(0.34 if depth < 2 else 0.15):
        out += aside(g)
    if depth == 0 and g.p(0.05):
        out += ["and", getattr(g.transitive(), form), *thing(g, 2)]
    return out


def clause_predicate(g: G, many: bool) -> Words:
    """Are old; like Bob; live in cities: the predicate of an inner clause."""
    r = g.rng.random()
    if r < 0.35:
        return ["are" if many else "is", *(["not"] if g.p(0.15) else []), g.adjective().base]
    if r < 0.5:
        n = g.noun()
        return ["are", n.many] if many else ["is", *indefinite([n.one])]
    v = g.transitive()
    if r < 0.85:
        return [v.base if many else v.s, *thing(g, 2)]
    v = g.intransitive()
    return [v.base if many else v.s, g.pick(PREPOSITIONS), *thing(g, 2)]


def inner_clause(g: G) -> Words:
    """Salt is bad; growing old is hard; his friends like Bob."""
    r = g.rng.random()
    n = g.noun()
    if r < 0.25:
        return [*inner(g, "gerund", 1), *g.pick((["is"], ["can", "be"])), g.adjective().base]
    if r < 0.5:
        return [n.many, *clause_predicate(g, True)]
    if r < 0.7:
        return [g.given(), *clause_predicate(g, False)]
    if r < 0.85:
        return ["the", n.one, *clause_predicate(g, False)]
    return [g.pick(OWN), n.many, *clause_predicate(g, True)]


# --- stretches ------------------------------------------------------------------------


@dataclass(slots=True)
class Stretch:
    """A full verb with all that belongs to it, and the name that the whole is read as."""

    verb: Verb
    head: W
    words: Words  # with the adverb before the verb, where there is one
    name: Tree

    def form(self, form: str) -> Words:
        self.head.text = getattr(self.verb, form)
        return self.words


def ended(words: Words) -> tuple[Words, W]:
    """The words, the last of them as one that can be pointed at."""
    last = words[-1]
    end = last if isinstance(last, W) else W(last)
    return [*words[:-1], end], end


HAVE = Verb("have", "has", "had", "had", "having")


def doing(g: G) -> Stretch:
    """Regularly tries to plant trees; enjoys going out with friends; wonders whether it is late."""
    kind = g.choose(
        (0.25, "to"), (0.13, "ing"), (0.13, "prep-ing"), (0.11, "obj-to"), (0.03, "obj-from"),
        (0.03, "obj-for"), (0.04, "using"), (0.05, "wonder"), (0.06, "purpose"), (0.06, "means"),
        (0.03, "more"), (0.04, "habit"), (0.03, "make-do"), (0.04, "where"), (0.03, "chance"),
        (0.04, "how-to"), (0.02, "as"),
    )  # fmt: skip
    g.tag(f"lump-{kind}")
    rest: Words
    match kind:
        case "to":
            v, rest = g.pick(TO), ["to", *inner(g, "base")]
        case "ing":
            v, rest = g.pick(ING), inner(g, "gerund")
        case "prep-ing":
            v, p = g.pick(PREP_ING)
            if g.p(0.3):
                v, p = g.intransitive(), g.pick(("about", "for", "without", "by", "from", "at", "after"))
            rest = [p, *inner(g, "gerund")]
        case "obj-to":
            v, rest = g.pick(OBJECT_TO), [*thing(g, 1), "to", *inner(g, "base", 1)]
        case "make-do":
            v, rest = g.pick(MAKING), [*thing(g, 1), *inner(g, "base", 1)]
        case "obj-from":
            v, rest = g.pick(OBJECT_FROM), [*thing(g, 1), "from", *inner(g, "gerund", 1)]
        case "obj-for":
            v, rest = g.pick(OBJECT_FOR), [*thing(g, 1), "for", *inner(g, "gerund", 1)]
        case "using":
            what = g.pick(("time", "money", "hours", "weekends", "energy", "evenings", "days"))
            more: Words = g.choose((0.6, []), (0.25, ["more"]), (0.15, ["a", "lot", "of"]))
            rest = [*more, what, *inner(g, "gerund", 1)]
            if more == ["more"]:
                rest += ["than", *inner(g, "gerund", 2)]
            v = g.pick(USING)
        case "wonder":
            v, rest = g.pick(WONDER), [g.pick(CLAUSE_LINKS), *inner_clause(g)]
        case "purpose":
            v = g.transitive()
            rest = [*thing(g, 1), *g.pick((["to"], ["in", "order", "to"])), *inner(g, "base", 1)]
        case "means":
            if g.p(0.5):
                v, rest = g.transitive(), thing(g, 1)
            else:
                v, rest = g.intransitive(), ([g.adverb()] if g.p(0.4) else [])
            rest = [*rest, *g.pick(WHEN).split(), *inner(g, "gerund", 1)]
        case "where":  # three places and times are more than a predicate has arguments for
            if g.p(0.6):
                v, rest = g.intransitive(), []
            else:
                v, rest = g.transitive(), thing(g, 2)
            for p in g.rng.sample(PLACES, 3):
                rest = [*rest, p, *thing(g, 2)]
        case "more":
            v, rest = g.transitive(), [g.pick(("more", "fewer")), g.noun().many, "than", *_rival(g)]
        case "as":
            v = g.intransitive()
            rest = [
                "as",
                g.adverb() if g.p(0.6) else g.pick(("often", "well", "hard", "fast")),
                "as",
                *_rival(g),
            ]
        case "habit":
            noun, p = g.pick(HABIT)
            v, rest = HAVE, [*_determined(g, noun), p, *inner(g, "gerund", 1)]
        case "chance":
            v, rest = HAVE, [*_determined(g, g.pick(CHANCE)), "to", *inner(g, "base", 1)]
        case _:
            v = g.pick(WONDER)
            rest = [g.pick(("how", "how", "when", "where", "what")), "to", *inner(g, "base", 1)]
            if rest[0] == "what":
                rest = ["what", "to", g.transitive().base, *aside(g)]
    head = W(v.base)
    tail, end = ended(rest)
    words: Words = [head, *tail]
    first = head
    if g.p(0.16):
        g.tag("lump-adverb")
        first = W(g.pick(REGULARLY) if g.p(0.75) else g.adverb())
        words = [first, *words]
    return Stretch(v, head, words, span([first, end]))


def _rival(g: G) -> Words:
    n = g.noun()
    own = [g.pick(OWN), n.one]
    return list(g.pick(([g.given()], own, ["the", n.one], [n.many], ["any", "other", n.one])))


def _determined(g: G, noun: str) -> Words:
    if noun in ("experience", "interest", "trouble", "difficulty", "fun", "time", "courage", "permission"):
        return [noun]
    return list(g.pick(([article(noun), noun], ["the", noun], ["a", "strong", noun], ["no", noun])))

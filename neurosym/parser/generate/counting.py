"""Counting quantifiers: two cats, at least three dogs, no more than one king, exactly two of A, B and C.

Knows how English says how many and of whom not, and what that means (docs/english.md); must not know
the model.  "At least one" is an existential of `sentences`.  Where negation or several quantifiers
could be taken in two orders, the first of the sentence is the outer one, and the others are plain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from neurosym.parser.generate import exceptions, frames
from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import member
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1
from neurosym.parser.generate.nouns import NP, Nominal, Words, modified, plain, relative_clause, some_entity
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.ranks import ordering
from neurosym.parser.generate.sentences import Said, subject
from neurosym.parser.generate.sides import beside
from neurosym.parser.generate.verbs import gap, predicate, simple
from neurosym.parser.morphology import number

Whole: TypeAlias = tuple[Words, Tree, str]

_WORDS = str.split("one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty")

# --- numerals -------------------------------------------------------------------------


def numeral(g: G, least: int = 1, most: int = 20) -> tuple[Words, W, int]:
    """Words, the numeral itself, and its value: three; 12; a dozen."""
    if least <= 12 <= most and g.p(0.03):
        w = W("dozen")
        return ["a", w], w, 12
    while True:
        r = g.rng.random()
        text = str(least + int(r * r * (most + 1 - least))) if g.p(0.35) else _WORDS[int(r * r * len(_WORDS))]
        n = int(number(text) or 0)
        if least <= n <= most:
            w = W(text)
            return [w], w, n


# How a count is said: symbol, words before and after the numeral, words after the noun, the least numeral
# that makes sense, and weight.
_COUNTS: tuple[tuple[float, tuple[str, str, str, int]], ...] = (
    (0.22, ("ATLEAST", "", "", 2)), (0.14, ("ATLEAST", "at least", "", 2)),
    (0.03, ("ATLEAST", "no fewer than", "", 2)), (0.015, ("ATLEAST", "no less than", "", 2)),
    (0.015, ("ATLEAST", "not fewer than", "", 2)), (0.02, ("ATLEAST", "", "or more", 2)),
    (0.01, ("ATLEAST", "a minimum of", "", 2)), (0.1, ("ATMOST", "at most", "", 1)),
    (0.05, ("ATMOST", "no more than", "", 1)), (0.02, ("ATMOST", "not more than", "", 1)),
    (0.015, ("ATMOST", "up to", "", 2)), (0.02, ("ATMOST", "", "or fewer", 2)),
    (0.01, ("ATMOST", "a maximum of", "", 1)), (0.11, ("EXACTLY", "exactly", "", 1)),
    (0.02, ("EXACTLY", "precisely", "", 1)), (0.04, ("EXACTLY", "only", "", 1)),
    (0.02, ("EXACTLY", "just", "", 1)), (0.12, ("MORE", "more than", "", 1)),
    (0.07, ("FEWER", "fewer than", "", 2)), (0.04, ("FEWER", "less than", "", 2)),
)  # fmt: skip


def count(g: G, most: int = 20) -> tuple[str, Words, W, bool]:
    """Symbol, words, numeral, and whether the noun is plural."""
    symbol, before, after, least = g.choose(*(c for c in _COUNTS if c[1][3] <= most))
    if g.p(0.04):
        symbol, before, after, least = "ATLEAST", "", "", 1  # one cat
    words, w, n = numeral(g, least, most)
    g.tag(f"{symbol.lower()}{'-' + (before + after).replace(' ', '-') if before or after else ''}")
    return symbol, [*before.split(), *words, *after.split()], w, n != 1


def quantified(symbol: str, w: W, v: V, parts: Sequence[Tree]) -> Tree:
    return (symbol, ("Q", w), v, conj(parts))


def counted(g: G, nom: Nominal | None = None, most: int = 20) -> NP:
    """At least two cats; exactly three of the dogs that bark."""
    v = V()
    symbol, words, w, many = count(g, most)
    nom = nom or (plain(g) if g.p(0.6) else modified(g, 0.08, 0.4))
    of: Words = []
    plural = many
    if g.p(0.12) and not nom.generic:
        g.tag("of-the")
        of, plural = ["of", "the"], True
        if g.p(0.2):
            of = [g.pick(("of", "of")), g.pick(("these", "those"))]
    return NP(
        [*words, *of, *nom.words(plural)], many, lambda said: quantified(symbol, w, v, [*nom.sem(v), said(v)])
    )


# --- statements -----------------------------------------------------------------------


def count_subject(g: G) -> Said:
    """At least two cats are red; exactly one dog that barks likes Bob; more than 3 guests arrived late."""
    g.tag("count-subject")
    people = g.p(0.07)
    anyone = Nominal(
        lambda m: ["people" if m else "person"] if people else ["things" if m else "thing"], lambda t: []
    )
    np = counted(g, anyone if g.p(0.1) else None)
    pred = ordering(g, 0.0) if g.p(0.22) else predicate(g, 1, 0.06)
    return [*np.words, *pred.fin(np.plural)], np.apply(pred.sem)


def count_object(g: G) -> Said:
    """Tom owns exactly three dogs; every cat likes at least two dogs; no guest ate more than one cake."""
    g.tag("count-object")
    np = counted(g, plain(g) if g.p(0.75) else None, 12)
    return _with_object(g, np)


def _with_object(g: G, np: NP) -> Said:
    negative = np.words[0] == "more" and g.p(0.12)  # "does not own more than two": the negation is outside
    verb = gap(g, 1.0) if negative else gap(g, 0.0) if g.p(0.72) else frames.having(g)

    def said(t: Tree) -> Tree:
        if negative:
            return ("NOT", np.apply(lambda u: verb.said(t, u)[1]))
        return np.apply(lambda u: verb.said(t, u))

    r = g.rng.random()
    if r < 0.68:
        s = member(g) if g.p(0.6) else subject(g)
        if s.words[0] == "neither":
            s = some_entity(g)
        return [*s.words, *verb.fin(s.plural), *np.words], s.apply(said)
    v, nom = V(), plain(g) if g.p(0.7) else modified(g, 0.2, 0.4)
    kind = g.choose((0.3, "every"), (0.25, "all"), (0.15, "each"), (0.15, "some"), (0.15, "no"))
    if kind == "no" and negative:
        kind = "every"
    many = kind in ("all", "some")
    words: Words = [kind, *nom.words(many), *verb.fin(many), *np.words]
    g.tag(f"count-object-{kind}")
    if kind == "some":
        return words, exists(v, nom.sem(v), [said(v)])
    body = said(v)
    return words, forall(v, nom.sem(v), ("NOT", body) if kind == "no" else body)


def there_are(g: G) -> Said:
    """There are exactly two cats that purr; there is at most one king; there were 3 dogs in the house."""
    g.tag("there-are")
    v = V()
    symbol, words, w, many = count(g)
    nom = modified(g, 0.1, 0.35)
    be = ("were" if many else "was") if g.past else "are" if many else "is"
    parts = nom.sem(v)
    after: Words = []
    if g.p(0.25) and parts:
        g.tag("there-ordered")
        pred = beside(g, 0.0)
        if pred.comp is not None:  # two books to the left of Tom
            after, parts = pred.comp(many), [*parts, pred.sem(v)]
    elif g.p(0.3):
        g.tag("there-where")
        follow, meaning = relative_clause(g, False, 2)
        after, parts = follow(many), [*parts, meaning(v)]
    if not parts:
        parts = [p1(("A", a := W(g.adjective().base)), v)]
        return ["there", be, *words, a, *nom.words(many)], quantified(symbol, w, v, parts)
    return ["there", be, *words, *nom.words(many), *after], quantified(symbol, w, v, parts)


def count_both(g: G) -> Said:
    """Two cats chase at least three dogs: the first count is outside."""
    g.tag("count-both")
    a, b = counted(g, plain(g), 4), counted(g, plain(g), 3)
    verb = gap(g, 0.0)
    return [*a.words, *verb.fin(a.plural), *b.words], a.apply(lambda t: b.apply(lambda u: verb.said(t, u)))


def count_rule(g: G) -> Said:
    """If at least two cats are red then Tom is kind; whoever owns more than three dogs is rich."""
    r = g.rng.random()
    if r < 0.45:
        g.tag("count-if")
        (a, s), (b, t) = _count_clause(g), _plain_clause(g)
        if g.p(0.4):
            (a, s), (b, t) = (b, t), (a, s)
        if g.p(0.2):
            return [*b, g.pick(("if", "when", "if")), *a], ("IMP", s, t)
        return [g.choose((0.8, "if"), (0.2, "when")), *a, *g.pick((["then"], [",", "then"], [","])), *b], (
            "IMP",
            s,
            t,
        )
    g.tag("count-who")
    v, np, pred = V(), counted(g, plain(g), 8), simple(g, 1)
    verb = gap(g, 0.0) if g.p(0.6) else frames.having(g)
    person = g.p(0.6)
    nom = plain(g)
    kind = g.choose((0.3, "every"), (0.25, "all"), (0.3, "everyone"), (0.15, "if"))
    many = kind == "all"
    inner = np.apply(lambda u: verb.said(v, u))
    if kind == "everyone":
        head = g.pick(("everyone who", "anyone who", "whoever")) if person else "everything that"
        return (
            [*head.split(), *verb.fin(False), *np.words, *pred.fin(False)],
            forall(v, [inner], pred.sem(v)),
        )
    if kind == "if":
        who, again = ("someone", "they") if person else ("something", "it")
        words: Words = ["if", who, *verb.fin(False), *np.words, *g.pick((["then"], [","])), again]
        return [*words, *pred.fin(person)], forall(v, [inner], pred.sem(v))
    words = [kind, *nom.words(many), "who" if person else "that", *verb.fin(many), *np.words, *pred.fin(many)]
    return words, forall(v, [*nom.sem(v), inner], pred.sem(v))


def _count_clause(g: G) -> Said:
    if g.p(0.5):
        np, pred = counted(g, plain(g), 9), simple(g, 1, 0.0)
        return [*np.words, *pred.fin(np.plural)], np.apply(pred.sem)
    s, np, verb = member(g), counted(g, plain(g), 9), gap(g, 0.0)
    return [*s.words, *verb.fin(s.plural), *np.words], np.apply(lambda u: verb.said(s.term, u))


def _plain_clause(g: G) -> Said:
    s, pred = member(g), simple(g, 1)
    return [*s.words, *pred.fin(s.plural)], pred.sem(s.term)


def counting(g: G, negation: float = 0.0) -> Pred:
    """Has at least two dogs; visited no more than three museums; likes exactly one cat and two dogs."""
    np = counted(g, plain(g) if g.p(0.8) else None, 10)
    link = gap(g, 0.0) if g.p(0.6) else frames.having(g)
    words, meaning = np.words, np.apply
    if g.p(0.12):
        g.tag("two-counts")
        other = counted(g, plain(g), 10)
        words = [*np.words, "and", *other.words]
        meaning = lambda said: ("AND", np.apply(said), other.apply(said))  # noqa: E731
    g.tag("counting")
    return Pred(
        lambda m: [*link.fin(m), *words],
        lambda m, s: [*link.inv(m, s), *words],
        lambda t: meaning(lambda u: link.said(t, u)),
    )


def count_more(g: G) -> Said:
    """Tom has two dogs and at least three cats, but Ann has none: counts in every frame."""
    frame = g.choose((0.25, frames.more), (0.3, frames.clauses), (0.45, frames.law))
    return frame(g, counting)


def count_of(g: G) -> Said:
    """Exactly one of Tom and Ann is red; at most two of A, B and C like Bob."""
    g.tag("count-of")
    terms = [member(g) for _ in range(g.choose((0.45, 2), (0.4, 3), (0.15, 4)))]
    symbol, words, w, many = count(g, len(terms) - 1)
    names: Words = [*terms[0].words]
    for i, e in enumerate(terms[1:], 1):
        last = i == len(terms) - 1
        names += [*([","] if not last or (i > 1 and g.p(0.4)) else []), *(["and"] if last else []), *e.words]
    v, pred = V(), predicate(g, 2, 0.0)
    among = conj([("EQ", v, e.term) for e in terms], "OR")
    return [*words, "of", *names, *pred.fin(many)], quantified(symbol, w, v, [among, pred.sem(v)])


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.24, count_subject), (0.2, count_object), (0.09, there_are), (0.03, count_both), (0.09, count_rule),
    (0.12, count_more), (0.03, count_of), *((0.24 * weight, make) for weight, make in exceptions.STATEMENTS),
)  # fmt: skip


# --- questions ------------------------------------------------------------------------


def ask_count(g: G) -> Whole:
    """Are at least two cats red?  Does Tom own more than three dogs?  Are there exactly two kings?"""
    r = g.rng.random()
    if r < 0.35:
        g.tag("ask-count-subject")
        np, pred = counted(g), simple(g, 1, 0.0)
        assert pred.inv is not None
        return pred.inv(np.plural, np.words), ("ASK", np.apply(pred.sem)), "?"
    if r < 0.75:
        g.tag("ask-count-object")
        s, np = member(g), counted(g, plain(g), 12)
        verb = gap(g, 0.0) if g.p(0.6) else frames.having(g)
        words = [*verb.inv(s.plural, s.words), *np.words]
        return words, ("ASK", np.apply(lambda u: verb.said(s.term, u))), "?"
    g.tag("ask-there-are")
    v = V()
    symbol, words, w, many = count(g)
    nom = modified(g, 0.0, 0.35)
    return (
        ["are" if many else "is", "there", *words, *nom.words(many)],
        ("ASK", quantified(symbol, w, v, nom.sem(v))),
        "?",
    )


def wh_count(g: G) -> Whole:
    """Who owns more than two dogs?  Which cats like exactly three dogs?  Who but Tom is red?"""
    v, np = V(), counted(g, plain(g), 12)
    verb = gap(g, 0.0) if g.p(0.6) else frames.having(g)
    said = np.apply(lambda u: verb.said(v, u))
    if g.p(0.45):
        g.tag("wh-count")
        return [g.pick(("who", "who", "what")), *verb.fin(False), *np.words], ("WH", v, said), "?"
    g.tag("which-count")
    nom, many = plain(g), g.p(0.5)
    words: Words = [g.pick(("which", "what")), *nom.words(many), *verb.fin(many), *np.words]
    if g.p(0.3):
        words[0:1] = ["how", "many"]
        if many:
            return words, ("HOWMANY", v, conj([*nom.sem(v), said])), "?"
        words[0:2] = ["which"]
    return words, ("WH", v, conj([*nom.sem(v), said])), "?"


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = ((0.6, ask_count), (0.4, wh_count))

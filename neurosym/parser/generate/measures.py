"""Money, durations and measures: $500, within 30 days, weighs 5 kilograms, 3 years older than Tom.

Knows how English writes them and what they mean (docs/english.md): a unit joins the predicate, and
its number is the last argument.  Must not know the model.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate import frames
from neurosym.parser.generate.context import COMPARATIVES, G
from neurosym.parser.generate.dates import HAPPEN, moment, spanning, timed
from neurosym.parser.generate.degrees import member
from neurosym.parser.generate.frames import Whole
from neurosym.parser.generate.meaning import Tree, V, W, exists, joined, p2
from neurosym.parser.generate.nouns import Words, indefinite, possessive
from neurosym.parser.generate.predicates import Pred, copula
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.sides import verbs
from neurosym.parser.generate.verbs import verb
from neurosym.parser.lexicon import Verb

_DURATIONS = str.split("days days days hours hours minutes weeks weeks months months years years seconds")
_LENGTHS = str.split("meters meters feet inches miles kilometers centimeters yards metres km cm m ft")
_WEIGHTS = str.split("kilograms kilograms pounds grams tons ounces kg lbs g")
_MONEY = str.split("dollars dollars euros pounds yen cents francs rupees")
_SMALL = str.split(
    "two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty ninety"
)
_OTHER = str.split("percent points liters pages degrees calories gallons acres watts miles votes goals")
_AMOUNTS: tuple[tuple[list[str], str], ...] = (
    (_DURATIONS, "delay break trial wait"), (_LENGTHS, "height distance depth length"),
    (_WEIGHTS, "weight load"),
    (_OTHER[:1], "discount tax share increase"),
)  # fmt: skip


# --- numbers with units ---------------------------------------------------------------


def _number(g: G, low: int, high: int) -> W:
    r = g.rng.random()
    if r < 0.25:
        return W(g.pick(_SMALL))
    if r < 0.33:
        return W(f"{g.rng.randint(low, high)}.{g.rng.randint(1, 9)}")
    if r < 0.4:
        return W(f"{g.rng.randint(1, 90)},{g.rng.randint(0, 999):03}")
    return W(str(g.rng.randint(low, high) if g.p(0.6) else 5 * g.rng.randint(1, 40)))


def quantity(g: G, units: list[str], high: int = 100) -> tuple[Words, W, list[Tree]]:
    """30 days; five business days: words, the number, pointers of the unit."""
    q, u = _number(g, 2, high), W(g.pick(units))
    if units is _DURATIONS and g.p(0.12):
        kind = W(g.pick(("business", "calendar", "working", "full")))
        u.text = g.pick(("days", "days", "weeks", "months"))
        return [q, kind, u], q, [("N" if kind.text in ("business", "calendar") else "A", kind), ("N", u)]
    return [q, u], q, [("N", u)]


def money(g: G) -> W:
    """$500; €1,200; £4.50."""
    sign = g.pick(("$", "$", "$", "€", "£"))
    amount = g.choose(
        (0.6, str(g.rng.randint(1, 999))), (0.2, f"{g.rng.randint(1, 90)},{g.rng.randint(0, 999):03}"),
        (0.2, f"{g.rng.randint(1, 99)}.{g.pick(('50', '99', '25', '75'))}"),
    )  # fmt: skip
    return W(sign + amount)


def bound(g: G) -> tuple[Words, list[Tree]]:
    """More than, less than, at least, at most before a number: words, pointers."""
    r = g.rng.random()
    if r < 0.6:
        w = W(g.pick(("more", "less")))
        return [w, "than"], [("P", w)]
    a, b = W("at"), W(g.pick(("least", "least", "most")))
    return [a, b], [("P", a), ("P", b)]


# --- predicates -----------------------------------------------------------------------


def lasting(g: G, negation: float) -> Pred:
    """Lasts for 3 hours; expired within 30 days; returned the book after two weeks."""
    w, prep = W(), W(g.pick(("for", "for", "within", "within", "after", "in")))
    words, q, unit = quantity(g, _DURATIONS, 60)
    g.tag("lasting")
    if g.p(0.12):
        more, pointers = bound(g)
        words, unit = [*more, *words], [*pointers, *unit]
    head = joined([("V", w), ("P", prep), *unit])
    r = g.rng.random()
    if r < 0.5:
        v = g.intransitive() if g.p(0.6) else g.pick(HAPPEN)
        return verb(g, v, w, None, [prep, *words], lambda s: p2(head, s, ("Q", q)), negation)
    if r < 0.75:
        o = member(g)
        rest: Words = [*o.words, prep, *words]
        said = lambda s: ("P3", head, s, o.term, ("Q", q))  # noqa: E731
        return verb(g, g.transitive(), w, None, rest, said, negation)
    w.text = g.transitive().participle
    head = joined([("T", w), ("P", prep), *unit])
    return copula(g, lambda m: [w, prep, *words], lambda s: p2(head, s, ("Q", q)), negation)


_MEASURES: tuple[tuple[tuple[Verb, ...], list[str]], ...] = (
    (verbs("weigh"), _WEIGHTS), (verbs("last take run continue"), _DURATIONS),
    (verbs("run walk drive travel swim span measure cover climb fall"), _LENGTHS),
    (verbs("cost pay earn spend owe lose save"), _MONEY),
    (verbs("contain hold lose gain win need"), _OTHER),
)  # fmt: skip


def measuring(g: G, negation: float) -> Pred:
    """Weighs 5 kilograms; costs $500; costs more than 20 euros; earns $20 per hour."""
    w = W()
    if g.p(0.42):
        g.tag("money")
        v, amount = g.pick(verbs("cost cost cost pay earn spend owe charge")), money(g)
        words: Words = [amount]
        head: list[Tree] = [("V", w)]
        if g.p(0.22):
            more, pointers = bound(g)
            words, head = [*more, *words], [*head, *pointers]
        if g.p(0.1):
            per, unit = W("per"), W(g.pick(("hour", "day", "month", "year", "kilogram", "person", "night")))
            words, head = [*words, per, unit], [*head, ("P", per), ("N", unit)]
        elif v.base in ("pay", "spend", "charge") and g.p(0.5) and len(words) == 1:
            g.tag("money-for")
            o, prep = member(g), W("on" if v.base == "spend" else "for")
            pred = joined([*head, ("P", prep)])
            said = lambda s: ("P3", pred, s, ("Q", amount), o.term)  # noqa: E731
            return verb(g, v, w, None, [amount, prep, *o.words], said, negation)
        q = amount
    else:
        g.tag("measured")
        doing, units = g.pick(_MEASURES)
        v = g.pick(doing)
        words, q, unit_ = quantity(g, units)
        head = [("V", w), *unit_]
        if g.p(0.25):
            more, pointers = bound(g)
            words, head = [*more, *words], [("V", w), *pointers, *unit_]
    both = joined(head)
    return verb(g, v, w, None, words, lambda s: p2(both, s, ("Q", q)), negation)


def tall(g: G, negation: float) -> Pred:
    """Is 30 years old; is more than two meters long; is older than 30; is 3 years older than Tom."""
    years = g.p(0.45)
    units = _DURATIONS if years else _LENGTHS
    words, q, unit = quantity(g, units)
    a = W("old" if years else g.pick(("tall", "long", "wide", "high", "deep", "thick")))
    r = g.rng.random()
    if r < 0.5:
        g.tag("n-units-old")
        more: Words = []
        head: list[Tree] = [*unit, ("A", a)]
        if g.p(0.25):
            more, pointers = bound(g)
            head = [*pointers, *head]
        pred = joined(head)
        return copula(g, lambda m: [*more, *words, a], lambda s: p2(pred, s, ("Q", q)), negation)
    c = W(
        g.pick(("older", "younger", "newer"))
        if years
        else g.pick(("taller", "longer", "wider", "shorter", "higher"))
    )
    if r < 0.7:
        g.tag("older-than-n")
        if g.p(0.5):
            c.text = g.pick(COMPARATIVES)
            return copula(g, lambda m: [c, "than", q], lambda s: p2(("C", c), s, ("Q", q)), negation)
        pred = joined([("C", c), *unit])
        return copula(g, lambda m: [c, "than", *words], lambda s: p2(pred, s, ("Q", q)), negation)
    o = member(g)
    if r < 0.9:
        g.tag("n-units-older")
        pred = joined([*unit, ("C", c)])
        comp = lambda m: [*words, c, "than", *o.words]  # noqa: E731
        return copula(g, comp, lambda s: ("P3", pred, s, o.term, ("Q", q)), negation)
    g.tag("n-units-from")
    words, q, unit = quantity(g, [*_LENGTHS[:8], "miles", "kilometers"])
    prep = W(g.pick(("from", "away from")).split()[0])
    rest: Words = [prep, *o.words]
    pointers = [("P", prep)]
    if prep.text == "away":
        prep2 = W("from")
        rest, pointers = [prep, prep2, *o.words], [("P", prep), ("P", prep2)]
    pred = joined([*unit, *pointers])
    return copula(g, lambda m: [*words, *rest], lambda s: ("P3", pred, s, o.term, ("Q", q)), negation)


def amounting(g: G, negation: float) -> Pred:
    """Pays a fine of $500; caused a delay of three hours: the thing that is so much."""
    g.tag("amount-of")
    v, w, n = V(), W(), W()
    unit: list[Tree] = []
    if g.p(0.6):
        n.text = g.pick(str.split("fine fee price deposit salary rent bonus loan budget profit loss refund"))
        q = money(g)
        words: Words = [q]
    else:
        units, nouns = g.pick(_AMOUNTS)
        n.text = g.pick(nouns.split())
        words, q, unit = quantity(g, units)
    pred = joined([("N", n), *unit])
    o: Words = [*indefinite([n]), "of", *words]
    verb_ = g.pick(verbs("pay have get receive cause need want offer")) if g.p(0.7) else g.transitive()
    return verb(
        g, verb_, w, None, o,
        lambda s: exists(v, [p2(pred, v, ("Q", q))], [p2(("V", w), s, v)]), negation,
    )  # fmt: skip


def measure(g: G, negation: float = 0.1) -> Pred:
    """Anything said with a date, a time or a measure."""
    make = g.choose(
        (0.36, timed), (0.17, lasting), (0.23, measuring), (0.16, tall), (0.05, spanning), (0.03, amounting)
    )
    return make(g, negation)


# --- sentences ------------------------------------------------------------------------


def measure_fact(g: G) -> Said:
    """Tom was born on May 5, 1990; the red box weighs 5 kilograms."""
    g.tag("measure")
    return frames.about(g, measure)


def measure_clauses(g: G) -> Said:
    """The box weighs 5 kilograms, and Tom was born in 1990."""
    g.tag("measure")
    return frames.clauses(g, measure) if g.p(0.6) else frames.more(g, measure)


def measure_rule(g: G) -> Said:
    """Every ticket that costs more than $50 is refundable; if the car costs $500, Tom buys it."""
    return frames.law(g, measure)


def fronted(g: G) -> Said:
    """In 2020, Tom bought the car; on May 5 the museum opened."""
    g.tag("fronted")
    prep, words, t = moment(g, True)
    s, w = member(g), W()
    g.past, g.future = g.past or g.p(0.7), False
    comma: Words = [","] if g.p(0.75) else []
    if g.p(0.5):
        head = joined([("V", w), ("P", prep)])
        v = g.pick(HAPPEN) if g.p(0.5) else g.intransitive()
        pred = verb(g, v, w, None, [], lambda s: p2(head, s, t), 0.05)
    else:
        o = member(g)
        head = joined([("V", w), ("P", prep)])
        pred = verb(g, g.transitive(), w, None, o.words, lambda s: ("P3", head, s, o.term, t), 0.05)
    return [prep, *words, *comma, *s.words, *pred.fin(s.plural)], pred.sem(s.term)


def price(g: G) -> Said:
    """The price of the car is $500; Tom's salary was more than 2,000."""
    g.tag("price")
    w = W(g.pick(str.split("price cost fee salary rent budget fine income value deposit")))
    o, amount = member(g), money(g)
    left: Words = ["the", w, "of", *o.words] if g.p(0.6) else [*possessive(o), w]
    neg: Words = ["not"] if g.p(0.08) else []
    t = p2(("N", w), ("Q", amount), o.term)
    return [*left, "was" if g.past else "is", *neg, amount], ("NOT", t) if neg else t


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.52, measure_fact), (0.12, measure_clauses), (0.2, measure_rule), (0.12, fronted), (0.04, price),
)  # fmt: skip


def ask_measure(g: G) -> Whole:
    """Does the box weigh 5 kilograms?  Was Tom born in 1990?"""
    g.tag("ask-measure")
    return frames.ask(g, measure)


def wh_measure(g: G) -> Whole:
    """Who was born in 1990?  Which box weighs 5 kilograms?  How many kilograms does the box weigh?"""
    v = V()
    r = g.rng.random()
    if r < 0.68:
        return frames.wh(g, measure)
    s, w = member(g), W()
    if r < 0.84:
        g.tag("how-many-units")
        doing, units = g.pick(_MEASURES)
        u = W(g.pick(units))
        pred = verb(g, g.pick(doing), w, None, [], lambda t: p2(("JOIN", ("V", w), ("N", u)), t, v), 0.0)
    elif r < 0.94:
        g.tag("how-much")
        pred = verb(
            g, g.pick(verbs("cost cost weigh pay earn owe")), w, None, [], lambda t: p2(("V", w), t, v), 0.0
        )
        assert pred.inv is not None
        return ["how", "much", *pred.inv(s.plural, s.words)], ("WH", v, pred.sem(s.term)), "?"
    else:
        g.tag("how-many-old")
        u, a = W(g.pick(("years", "months", "meters", "feet"))), W("old")
        a.text = "old" if u.text in ("years", "months") else g.pick(("tall", "long", "wide"))
        be = "are" if s.plural else "is"
        tree = ("WH", v, p2(("JOIN", ("N", u), ("A", a)), s.term, v))
        return ["how", "many", u, a, be, *s.words], tree, "?"
    assert pred.inv is not None
    return ["how", "many", u, *pred.inv(s.plural, s.words)], ("WH", v, pred.sem(s.term)), "?"


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = ((0.5, ask_measure), (0.5, wh_measure))

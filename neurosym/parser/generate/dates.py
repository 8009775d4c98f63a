"""Dates and clock times, and what is said with them: in 2020, at 5 pm, born on May 5, open until noon.

Knows how English writes them and what they mean (docs/english.md): a date is a name.  Must not know
the model.
"""

from __future__ import annotations

from typing import cast

from neurosym.parser.dates import MONTHS
from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import member, quality
from neurosym.parser.generate.meaning import Tree, W, entity, joined, p2
from neurosym.parser.generate.nouns import Words, place
from neurosym.parser.generate.predicates import Pred, copula
from neurosym.parser.generate.sides import verbs
from neurosym.parser.generate.verbs import verb

HAPPEN = verbs("arrive leave open close start begin end retire graduate happen die move expire meet return")
_MADE = verbs(
    "build found publish release paint write invent discover open sign approve close bear elect adopt"
)
_OPEN = str.split("due open closed available valid free busy ready empty absent effective booked")
_WEEKDAYS = str.split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = [m.capitalize() for m in MONTHS]
_SHORT = str.split("Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec")


# --- dates and times ------------------------------------------------------------------


def _term(texts: list[str], skip: tuple[str, ...] = (",", "of", "the")) -> tuple[Words, Tree]:
    words: Words = [t if t in skip else W(t) for t in texts]
    return words, entity("E", [w for w in words if isinstance(w, W)])


def _year(g: G) -> str:
    return str(g.rng.randint(1990, 2035) if g.p(0.7) else g.rng.randint(1100, 1989))


def _day(g: G) -> str:
    d = g.rng.randint(1, 31)
    return (
        str(d)
        if g.p(0.75)
        else f"{d}{'th' if d in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"
    )


def day(g: G) -> tuple[Words, Tree]:
    """May 5, 2020; 5 May; the 5th of May 2020; Friday."""
    month = g.pick(_MONTHS) if g.p(0.88) else g.pick(_SHORT)
    year = [_year(g)] if g.p(0.55) else []
    style = g.choose((0.5, "md"), (0.2, "dm"), (0.12, "of"), (0.18, "week"))
    g.tag(f"day-{style}{'-year' if year else ''}")
    match style:
        case "md":
            return _term([month, _day(g), *([","] if year and g.p(0.85) else []), *year])
        case "dm":
            return _term([_day(g), month, *year])
        case "of":
            d = g.rng.randint(4, 20)
            return _term(["the", f"{d}th", "of", month, *([","] if year and g.p(0.4) else []), *year])
        case _:
            return _term([g.pick(_WEEKDAYS) + ("s" if g.p(0.15) else "")])


def clock(g: G, dotted: bool = False) -> tuple[Words, Tree]:
    """5 pm; 17:45; noon; with `dotted`, which no sentence may end in, also 5:30 p.m."""
    g.tag("clock")
    hour, minute = g.rng.randint(1, 12), g.pick(("00", "15", "30", "45", "10", "05"))
    half = g.choose((0.4, ["pm"]), (0.35, ["am"]), (0.12, ["PM"]), (0.06, ["AM"]), (0.07, ["o'clock"]))
    if dotted and g.p(0.4):
        half = g.pick((["a.m."], ["p.m."]))
    style = g.choose((0.5, "h"), (0.22, "hm"), (0.12, "24"), (0.12, "noon"), (0.04, "joined"))
    match style:
        case "h":
            return _term([str(hour), *half])
        case "hm":
            return _term([f"{hour}:{minute}", *(half if half != ["o'clock"] else ["pm"])])
        case "24":
            return _term([f"{g.rng.randint(10, 23)}:{minute}"])
        case "noon":
            return _term([g.pick(("noon", "midnight"))])
        case _:
            return _term([f"{hour}{g.pick(('am', 'pm'))}"])


def moment(g: G, fronted: bool = False) -> tuple[W, Words, Tree]:
    """On May 5; in 2020; at noon; before Friday; since May 2019: preposition, words, term."""
    kind = g.choose((0.32, "day"), (0.28, "year"), (0.14, "month"), (0.26, "clock"))
    match kind:
        case "day":
            prep, (words, t) = "on", day(g)
        case "clock":
            prep, (words, t) = "at", clock(g, fronted)
        case "month":
            g.tag("month")
            prep = "in"
            words, t = _term([g.pick(_MONTHS), *([_year(g)] if g.p(0.6) else [])])
        case _:
            g.tag("year")
            prep, w = "in", W(_year(g))
            words, t = [w], ("Q", w)
    if prep == "in" and g.p(0.08):
        prep = g.pick(("during", "throughout"))
    other = g.choose(
        (0.8 if fronted else 0.66, prep), (0.12, "before"), (0.12, "after"), (0.04, "by"),
        (0.0 if fronted else 0.06, g.pick(("since", "until"))),
    )  # fmt: skip
    return W(other), words, t


# --- predicates -----------------------------------------------------------------------


def timed(g: G, negation: float) -> Pred:
    """Arrived on May 5; was built in 1990; moved to Rome in 2010; is at 5 pm; sold the car before noon."""
    w = W()
    prep, words, t = moment(g)
    style = g.choose(
        (0.32, "vi"), (0.26, "made"), (0.2, "vt"), (0.06, "be"), (0.08, "to-place"), (0.08, "open")
    )
    g.tag(f"timed-{style}")
    g.past = style not in ("be", "open") and (g.past or g.p(0.5))
    g.future = False
    match style:
        case "vi":
            v = g.pick(HAPPEN) if g.p(0.55) else g.intransitive()
            head = joined([("V", w), ("P", prep)])
            return verb(g, v, w, None, [prep, *words], lambda s: p2(head, s, t), negation)
        case "made":
            w.text = (g.pick(_MADE) if g.p(0.7) else g.transitive()).participle
            head = joined([("T", w), ("P", prep)])
            return copula(g, lambda m: [w, prep, *words], lambda s: p2(head, s, t), negation)
        case "vt":
            o = member(g)
            head = joined([("V", w), ("P", prep)])
            rest: Words = [*o.words, prep, *words]
            return verb(g, g.transitive(), w, None, rest, lambda s: ("P3", head, s, o.term, t), negation)
        case "open":  # is due on Friday, is closed until 5 pm
            w.text = g.pick(_OPEN) if g.p(0.7) else quality(g)
            head = joined([("A", w), ("P", prep)])
            if w.text.endswith(("ed", "en")):  # with a preposition, participles point by T
                head = joined([("T", w), ("P", prep)])
            return copula(g, lambda m: [w, prep, *words], lambda s: p2(head, s, t), negation)
        case "be":
            return copula(g, lambda m: [prep, *words], lambda s: p2(("P", prep), s, t), negation)
        case _:
            where, o = W(g.pick(("to", "in", "from", "at", "near"))), place(g)
            head = joined([("V", w), ("P", where), ("P", prep)])
            rest = [where, *o.words, prep, *words]
            return verb(g, g.intransitive(), w, None, rest, lambda s: ("P3", head, s, o.term, t), negation)


def spanning(g: G, negation: float) -> Pred:
    """Is open from 9 am to 5 pm; lived from 1914 to 1918; works between May and July."""
    g.tag("from-to")
    w = W()
    style = g.choose((0.36, "clock"), (0.3, "year"), (0.2, "day"), (0.14, "date"))
    if style == "year":
        y, z = (W(text) for text in sorted((_year(g), _year(g))))
        a, t, b, u = cast("tuple[Words, Tree, Words, Tree]", ([y], ("Q", y), [z], ("Q", z)))
    else:
        names = _MONTHS if g.p(0.5) else _WEEKDAYS
        (a, t), (b, u) = (
            clock(g) if style == "clock" else day(g) if style == "date" else _term([g.pick(names)])
            for _ in range(2)
        )
    first, second = g.choose((0.7, ("from", "to")), (0.12, ("from", "until")), (0.18, ("between", "and")))
    p = W(first)
    q: W | str = W(second) if second != "and" else second
    head = joined([("V", w), ("P", p), *([("P", q)] if isinstance(q, W) else [])])
    v = g.intransitive()
    return verb(g, v, w, None, [p, *a, q, *b], lambda s: ("P3", head, s, t, u), negation)

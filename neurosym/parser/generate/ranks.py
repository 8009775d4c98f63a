"""Places in a row, results of contests, sides, before and after: what puts a subject into an order.

Knows how English ranks things, and what that means (docs/english.md); must not know sentences.  What
is said of a subject is a `Pred` (`ordering`), so that facts, rules and questions of every kind share
it.  "Directly" and "immediately" change the meaning and are left out.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.context import G
from neurosym.parser.generate.degrees import (
    Complement,
    comparing,
    kind_of_things,
    ordinal,
    superlative,
)
from neurosym.parser.generate.meaning import Tree, W
from neurosym.parser.generate.nouns import Body, Words
from neurosym.parser.generate.predicates import Pred, coordinate, copula, negated, negation_word
from neurosym.parser.generate.sides import CONTEST, DONE, EVENT, POSTURE, PUT, beside, outdone, timed, verbs
from neurosym.parser.generate.verbs import verb
from neurosym.parser.tokenize import words as tokenized

_OCCUPY = verbs("occupy take hold")
_ENDS = str.split("left left left right right right top bottom front back")


# --- ranking --------------------------------------------------------------------------


def nth(pred: Tree, place: W | None, t: Tree) -> Tree:
    return ("NTH", pred, ("O", place) if place is not None else ("ONE",), t)


def ranked(g: G, noun: float = 0.4) -> tuple[Words, Body, bool]:
    """The oldest; the third-newest car; the second from the left; also, whether it names a kind."""
    if g.p(0.4):
        return from_an_end(g, noun)
    words, pred = superlative(g)
    place = ordinal(g, False) if g.p(0.42) else None
    g.tag("superlative" if place is None else "nth-superlative")
    before: Words = []
    if place is not None:
        before = [place, "-"] if g.p(0.35) and hyphenated(place) else [place]
    r = g.rng.random()
    if r < noun:
        kind, sem = kind_of_things(g, False)
        tail: Words = g.choose((0.85, []), (0.15, ["of", "all"]))
        return ["the", *before, *words, *kind, *tail], lambda t: ("AND", nth(pred, place, t), sem(t)), True
    if r < noun + 0.18:
        g.tag("of-the")
        kind, sem = kind_of_things(g, True)
        of = g.pick((["of", "the"], ["of", "all", "the"], ["among", "the"], ["of", "all"], ["of", "these"]))
        return ["the", *before, *words, *of, *kind], lambda t: ("AND", nth(pred, place, t), sem(t)), True
    alone: Words = g.choose((0.75, []), (0.15, ["of", "all"]), (0.1, ["one"]))
    return ["the", *before, *words, *alone], lambda t: nth(pred, place, t), False


def from_an_end(g: G, noun: float) -> tuple[Words, Body, bool]:
    """The leftmost; the second from the left; the third book from the top."""
    named = g.p(noun)
    kind: Words = []
    sem: Body | None = None
    if named:
        kind, sem = kind_of_things(g, False)

    def both(said: Tree, t: Tree) -> Tree:
        return said if sem is None else ("AND", said, sem(t))

    if g.p(0.3):
        g.tag("leftmost")
        end = W(g.pick(("leftmost", "leftmost", "rightmost", "rightmost", "topmost", "bottommost")))
        place = ordinal(g, False) if g.p(0.12) else None
        hyphen: Words = ["-"] if place is not None and hyphenated(place) and g.p(0.7) else []
        words: Words = ["the", *([place] if place is not None else []), *hyphen, end, *kind]
        return words, lambda t: both(nth(("S", end), place, t), t), named
    g.tag("from-an-end")
    end, o = W(g.pick(_ENDS)), ordinal(g)
    return ["the", o, *kind, "from", "the", end], lambda t: both(nth(("N", end), o, t), t), named


def hyphenated(place: W) -> bool:
    """Is "third-newest" two words to the tokenizer?"""
    return [w.text for w in tokenized(f"{place.text}-newest")] == [place.text, "-", "newest"]


def place_complement(g: G) -> Complement:
    """Second from the left; in the third place from the top; at the far right; the oldest; one of two."""
    if g.p(0.1):
        return coordinate(g, lambda: _one_place(g))
    return _one_place(g)


def _one_place(g: G) -> Complement:
    r = g.rng.random()
    if r < 0.62:
        words, sem, _ = ranked(g)
        return lambda m: words, sem
    o = ordinal(g)
    end = W(g.pick(_ENDS))
    if r < 0.78:
        g.tag("nth-bare")  # second from the left
        return lambda m: [o, "from", "the", end], lambda t: nth(("N", end), o, t)
    if r < 0.86:
        g.tag("nth-position")
        where = W(g.pick(("place", "position", "spot", "slot")))
        if g.p(0.6):
            prep = g.pick(("in", "in", "at"))
            return lambda m: [prep, "the", o, where, "from", "the", end], lambda t: nth(("N", end), o, t)
        return lambda m: ["in", o, where], lambda t: nth(("N", where), o, t)
    if r < 0.94:
        g.tag("far-end")
        if end.text in ("left", "right"):
            first = g.pick(("at the far", "on the far", "at the very"))
            last: Words = ["end"] if first == "at the very" or g.p(0.15) else []
        else:
            first, last = g.pick(("at the very", "at the")), []
        return lambda m: [*first.split(), end, *last], lambda t: nth(("N", end), None, t)
    g.tag("in-line")
    line = W(g.pick(("line", "line", "queue", "row", "sequence", "order")))
    link: Words = ["in"] if line.text == "line" else ["in", "the"]
    return lambda m: [o, *link, line], lambda t: nth(("N", line), o, t)


def to_do_it(g: G) -> Complement:
    """The last to arrive; the third guest to leave; the first to be built."""
    g.tag("nth-to")
    passive = g.p(0.25)
    w = W()
    if passive:
        w.text = (g.pick(DONE) if g.p(0.6) else g.transitive()).participle
    else:
        w.text = (g.pick((*EVENT, *CONTEST[:1])) if g.p(0.6) else g.intransitive()).base
    head: Tree = ("T" if passive else "V", w)
    place, pred = _nth_of(g, head)
    kind: Words = []
    sem: Callable[[Tree], Tree] | None = None
    if g.p(0.4):
        kind, sem = kind_of_things(g, False)
    elif g.p(0.2):
        kind = ["person"] if not passive else ["one"]
    said = lambda t: pred(t) if sem is None else ("AND", pred(t), sem(t))  # noqa: E731
    return lambda m: ["the", *place, *kind, "to", *(["be"] if passive else []), w], said


def _nth_of(g: G, head: Tree) -> tuple[Words, Body]:
    """Third, last, second to last: an ordinal with the event that it counts."""
    r = g.rng.random()
    if r < 0.68:
        o = ordinal(g)
        return [o], lambda t: nth(head, o, t)
    last = W("last")
    pred: Tree = ("JOIN", ("A", last), head)
    if r < 0.86:
        return [last], lambda t: nth(pred, None, t)
    o = ordinal(g, False)
    return [o, *_to_last(g, o, last)], lambda t: nth(pred, o, t)


def _to_last(g: G, o: W, last: W) -> Words:
    """ "To last" after an ordinal, written as the tokenizer splits it."""
    style = g.choose((0.5, " to last"), (0.35, "-to-last"), (0.15, "-last"))
    texts = [w.text for w in tokenized(o.text + style)]
    if texts[0] != o.text or texts[-1] != "last":
        return ["to", last]
    return [*texts[1:-1], last]


def result(g: G, negation: float) -> Pred:
    """Finished third; came in last; finished in second place; ranked second to last."""
    g.tag("result")
    w, v = W(), g.pick(CONTEST)
    place, sem = _nth_of(g, ("V", w))
    rest: Words = place
    r = g.rng.random()
    if v.base == "end":
        rest = ["up", *place]
    elif r < 0.28 and v.base in ("finish", "come"):
        rest = ["in", *place, *(["place"] if g.p(0.7) or v.base == "finish" else [])]
    elif r < 0.36 and v.base in ("finish", "rank") and len(place) == 1 and place[0].text != "last":  # type: ignore[union-attr]
        end, o = W(g.pick(("top", "bottom", "bottom", "end"))), ordinal(g)
        return verb(
            g, v, w, None, [o, "from", "the", end],
            lambda t: nth(("JOIN", ("V", w), ("N", end)), o, t), negation,
        )  # fmt: skip
    return verb(g, v, w, None, rest, sem, negation)


def either_result(g: G) -> Pred:
    """Finished first or second; finished neither third nor last."""
    w, v = W(), g.pick(CONTEST[:7])
    (a, s), (b, t) = _nth_of(g, ("V", w)), _nth_of(g, ("V", w))
    kind = g.choose((0.45, "or"), (0.3, "either"), (0.25, "neither"))
    g.tag(f"result-{kind}")
    link = "nor" if kind == "neither" else "or"
    rest: Words = [*([kind] if kind != "or" else []), *a, link, *b]
    if kind == "neither":
        return verb(g, v, w, None, rest, lambda u: ("AND", ("NOT", s(u)), ("NOT", t(u))), 0.0)
    return verb(g, v, w, None, rest, lambda u: ("OR", s(u), t(u)), 0.0)


def put_at(g: G, negation: float) -> Pred:
    """Sits second from the left; is placed third from the top; stands at the far right; occupies ..."""
    g.tag("put-at")
    w, end = W(), W(g.pick(_ENDS))
    o = ordinal(g) if g.p(0.8) else None
    style = g.choose((0.5, "sits"), (0.32, "placed"), (0.18, "occupies"))
    if o is not None:
        where: Words = [o, "from", "the", end]
        if style == "occupies" or g.p(0.12):
            where = ["the", o, g.pick(("place", "position", "spot", "slot")), "from", "the", end]
            where = where if style == "occupies" else ["in", *where]
    else:
        where = [g.pick(("at", "on")), "the", "far", end]
    if style == "placed":
        w.text = g.pick(PUT).participle
        placed: Tree = ("JOIN", ("T", w), ("N", end))
        return copula(g, lambda m: [w, *where], lambda t: nth(placed, o, t), negation)
    v = g.pick(_OCCUPY) if style == "occupies" and o is not None else g.pick(POSTURE)
    if v not in _OCCUPY and where[0] == "the":
        where = ["in", *where]
    sits: Tree = ("JOIN", ("V", w), ("N", end))
    return verb(g, v, w, None, where, lambda t: nth(sits, o, t), negation)


def be_nth(g: G, negation: float) -> Pred:
    """Is third; was last."""
    g.tag("be-nth")
    be = W()
    place, sem = _nth_of(g, ("V", be))
    if place[0].text == "last":  # type: ignore[union-attr]
        sem = lambda t: nth(("A", place[0]), None, t)  # noqa: E731
    neg = negation_word(g) if g.p(negation) else ""

    def form(m: bool) -> W:
        be.text = ("were" if m else "was") if g.past else "are" if m else "is"
        return be

    def inv(m: bool, subject: Words) -> Words:
        after: Words = [neg] if neg else []
        return [form(m), neg, *subject, *place] if neg == "n't" else [form(m), *subject, *after, *place]

    return Pred(lambda m: [form(m), *([neg] if neg else []), *place], inv, negated(neg, sem))


# --- all of them ----------------------------------------------------------------------


def tense(g: G) -> None:
    """Results and events are mostly told in the past."""
    g.past, g.future = g.past or g.p(0.5), False


def ordering(g: G, negation: float = 0.1) -> Pred:
    """Anything that puts a subject into an order."""
    kind = g.choose(
        (0.24, "cmp"), (0.26, "place"), (0.15, "side"), (0.09, "result"), (0.02, "either"), (0.03, "be"),
        (0.12, "time"), (0.05, "outdone"), (0.04, "to"), (0.04, "put"),
    )  # fmt: skip
    if kind in ("result", "either", "time", "be", "to"):
        tense(g)
    match kind:
        case "cmp" | "place" | "to":
            start = len(g.tags)
            comp, sem = {"cmp": comparing, "place": place_complement, "to": to_do_it}[kind](g)
            # "is not older than A and B" has two readings
            safe = not set(g.tags[start:]) & {
                "cmp-twice",
                "cmp-shared",
                "than-both",
                "than-every",
                "than-others",
                "of-the",
            }
            return copula(g, comp, sem, negation if safe else 0.0)
        case "side":
            return beside(g, negation)
        case "result":
            return result(g, negation)
        case "either":
            return either_result(g)
        case "put":
            return put_at(g, negation)
        case "be":
            return be_nth(g, negation)
        case "time":
            return timed(g, negation)
        case _:
            return outdone(g, negation)

"""Topics of the puzzles of `deduction_puzzles`: things, and how their order is told.

Own words, for evaluation only: no generator of training sentences may read them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    base: str
    plural: str
    negated: str


VERBS = {
    "is": Verb("be", "are", "is not"),
    "are": Verb("be", "are", "are not"),
    "stands": Verb("stand", "stand", "does not stand"),
    "hangs": Verb("hang", "hang", "does not hang"),
    "lies": Verb("lie", "lie", "does not lie"),
    "lives": Verb("live", "live", "does not live"),
    "finished": Verb("finish", "finished", "did not finish"),
    "arrived": Verb("arrive", "arrived", "did not arrive"),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said of a thing; `{nth}` in `rest` is an ordinal.  `pred`: its predicate; "rank_older+tree" of
    a rank told with the noun."""

    verb: str
    rest: str
    pred: str


@dataclass(frozen=True, slots=True)
class Topic:
    """Places are counted from the low end.

    openings: sentences with {n} or {N} (the number) and {list}.  things: (as listed, constant, definite).
    low, high: comparisons; low_first, high_first: the extremes; low_nth, high_nth: the n-th from them.
    """

    kind: str
    openings: tuple[str, ...]
    things: tuple[tuple[str, str, str], ...]
    low: tuple[Phrase, ...]
    high: tuple[Phrase, ...]
    low_first: tuple[Phrase, ...]
    high_first: tuple[Phrase, ...]
    low_nth: tuple[Phrase, ...]
    high_nth: tuple[Phrase, ...]


Things = tuple[tuple[str, str, str], ...]


def _named(text: str) -> Things:
    return tuple((name, name, name) for name in text.split())


def _common(text: str, noun: str = "") -> Things:
    """Words, each with `noun` behind it where there is one."""
    words = [f"{w} {noun}".strip() for w in text.split()]
    return tuple((f"{_article(w)} {w}", w.replace(" ", "_"), f"the {w}") for w in words)


def _article(w: str) -> str:
    return "an" if w[0] in "aeiou" else "a"


def _plurals(text: str) -> Things:
    """Pairs one/many."""
    pairs = (p.split("/") for p in text.split())
    return tuple((many, one, f"the {many}") for one, many in pairs)


def _phrases(text: str) -> tuple[Phrase, ...]:
    """verb | rest | predicate, a line each."""
    rows = ([part.strip() for part in line.split("|")] for line in text.strip().split("\n"))
    return tuple(Phrase(verb, rest, pred) for verb, rest, pred in rows)


def _graded(
    kind: str,
    openings: tuple[str, ...],
    things: Things,
    low: str,
    high: str,
    verb: str = "is",
) -> Topic:
    """A scale of a quality.  low, high: "comparative superlative predicate"; several, divided by commas."""

    def compared(words: str) -> tuple[Phrase, ...]:
        return tuple(Phrase(verb, f"{c} than", p) for c, _, p in _rows(words))

    def first(words: str) -> tuple[Phrase, ...]:
        of = [(s, p) for _, s, p in _rows(words) if s != "-"]
        bare = tuple(Phrase(verb, f"the {s}", f"rank_{p}") for s, p in of)
        return (
            bare
            if verb == "are"
            else bare + tuple(Phrase(verb, f"the {s} {kind}", f"rank_{p}+{kind}") for s, p in of)
        )

    def nth(words: str) -> tuple[Phrase, ...]:
        of = [(s, p) for _, s, p in _rows(words) if s != "-"]
        return tuple(Phrase(verb, f"the {{nth}}{h}{s}", f"rank_{p}") for s, p in of for h in ("-", " "))

    return Topic(
        kind, openings, things, compared(low), compared(high), first(low), first(high), nth(low), nth(high)
    )


def _rows(words: str) -> list[tuple[str, str, str]]:
    """(comparative, superlative, predicate)"""
    rows = ([part.strip() for part in row.split("/")] for row in words.split(","))
    return [(comparative, superlative, comparative.replace(" ", "_")) for comparative, superlative in rows]


def _sides(kind: str, opening: tuple[str, ...], things: Things, verb: str) -> Topic:
    """A row from left to right."""
    base = VERBS[verb].base

    def side(word: str) -> tuple[Phrase, ...]:
        return _phrases(f"is | to the {word} of | {word}_of\n{verb} | to the {word} of | {base}_{word}_of")

    def first(word: str) -> tuple[Phrase, ...]:
        return _phrases(f"is | the {word}most | rank_{word}\nis | the {word}most {kind} | rank_{word}+{kind}")

    def nth(word: str) -> tuple[Phrase, ...]:
        return _phrases(
            f"is | the {{nth}} from the {word} | rank_{word}\n"
            f"is | the {{nth}} {kind} from the {word} | rank_{word}+{kind}"
        )

    return Topic(
        kind,
        opening,
        things,
        side("left"),
        side("right"),
        first("left"),
        first("right"),
        nth("left"),
        nth("right"),
    )


TOPICS = (
    _sides(
        "mug",
        ("There are {n} mugs on a windowsill: {list}.", "{N} mugs stand on a windowsill: {list}."),
        _common("striped dotted plain chipped golden checked wooden glazed", "mug"),
        "stands",
    ),
    _graded(
        "tree",
        ("There are {n} trees in a park: {list}.", "In a park, there are {n} trees: {list}."),
        _common("oak linden poplar chestnut willow maple spruce alder"),
        "older/oldest",
        "younger/youngest",
    ),
    _graded(
        "lamp",
        ("A flea market offers {n} lamps: {list}.", "There are {n} lamps at a flea market: {list}."),
        _common("brass copper paper glass bamboo marble iron oil", "lamp"),
        "cheaper/cheapest, less expensive/-, less costly/-",
        "more expensive/most expensive, more costly/most costly",
    ),
    Topic(
        "rower",
        ("There were {n} rowers in a regatta: {list}.", "In a regatta, there were {n} rowers: {list}."),
        _named("Nadia Otto Pia Ruben Selma Tariq Ursula Wanda"),
        _phrases("finished | ahead of | finish_ahead_of\nfinished | before | finish_before"),
        _phrases("finished | behind | finish_behind\nfinished | after | finish_after"),
        _phrases("finished | first | rank_finish"),
        _phrases("finished | last | rank_last_finish"),
        _phrases("finished | {nth} | rank_finish"),
        _phrases("finished | {nth} to last | rank_last_finish\nfinished | {nth}-to-last | rank_last_finish"),
    ),
    Topic(
        "guest",
        ("There were {n} guests at a dinner: {list}.", "{N} guests came to a dinner: {list}."),
        _named("Ingrid Jonas Kofi Leila Marek Noor Oskar Paula"),
        _phrases("arrived | before | arrive_before\narrived | earlier than | arrive_earlier"),
        _phrases("arrived | after | arrive_after\narrived | later than | arrive_later"),
        _phrases("arrived | first | rank_arrive"),
        _phrases("arrived | last | rank_last_arrive"),
        _phrases("arrived | {nth} | rank_arrive"),
        _phrases("arrived | {nth} to last | rank_last_arrive"),
    ),
    _graded(
        "tower",
        ("There are {n} towers in the old town: {list}.", "{N} towers rise over the old town: {list}."),
        _common("round square leaning ruined slate granite hexagonal white", "tower"),
        "taller/tallest, higher/highest",
        "lower/lowest",
    ),
    Topic(
        "customer",
        ("There are {n} customers in a queue: {list}.", "{N} customers wait in a queue: {list}."),
        _named("Aldo Berta Cosima Dmitri Elke Farid Greta Hugo"),
        _phrases("is | ahead of | ahead_of\nis | in front of | in_front_of\nstands | before | stand_before"),
        _phrases("is | behind | behind\nstands | behind | stand_behind"),
        _phrases("is | first | rank_be\nis | first in the queue | rank_queue"),
        _phrases("is | last | rank_last"),
        _phrases("is | the {nth} from the front | rank_front"),
        _phrases("is | the {nth} from the back | rank_back"),
    ),
    Topic(
        "tenant",
        ("There are {n} tenants in a tower block: {list}.", "A tower block has {n} tenants: {list}."),
        _named("Quentin Rosa Stefan Thea Umar Vera Wim Xenia"),
        _phrases("lives | below | live_below\nlives | lower than | live_lower"),
        _phrases("lives | above | live_above\nlives | higher than | live_higher"),
        _phrases("is | the lowest | rank_lower"),
        _phrases("is | the highest | rank_higher\nis | the topmost | rank_top"),
        _phrases("is | the {nth} from the bottom | rank_bottom"),
        _phrases("is | the {nth} from the top | rank_top"),
    ),
    _graded(
        "parcel",
        ("There are {n} parcels on the counter: {list}.", "The courier brings {n} parcels: {list}."),
        _common("red square padded flat dented taped narrow grey", "parcel"),
        "lighter/lightest, less heavy/-",
        "heavier/heaviest",
    ),
    _graded(
        "ferry",
        ("There are {n} ferries in the harbour: {list}.", "A harbour has {n} ferries: {list}."),
        _named("Albatros Bellona Cormoran Delfina Estrella Fortuna Galatea Halcyon"),
        "slower/slowest",
        "faster/fastest",
    ),
    _graded(
        "river",
        ("There are {n} rivers in the county: {list}.", "{N} rivers cross the county: {list}."),
        _named("Arva Brenn Calder Dorne Esker Fenna Gilda Harl"),
        "shorter/shortest",
        "longer/longest",
    ),
    _graded(
        "pastry",
        ("A bakery sells {n} pastries: {list}.", "There are {n} pastries at a bakery: {list}."),
        _plurals(
            "croissant/croissants pretzel/pretzels muffin/muffins scone/scones waffle/waffles bun/buns "
            "brioche/brioches tart/tarts"
        ),
        "less popular/least popular",
        "more popular/most popular",
        verb="are",
    ),
    _sides(
        "portrait",
        ("There are {n} portraits in the hall: {list}.", "In the hall, there are {n} portraits: {list}."),
        _common("faded framed smiling oval royal signed modern crooked", "portrait"),
        "hangs",
    ),
    _graded(
        "lantern",
        ("There are {n} lanterns in the garden: {list}.", "{N} lanterns light the garden: {list}."),
        _common("amber violet silver jade scarlet ivory crimson turquoise", "lantern"),
        "dimmer/dimmest, darker/darkest",
        "brighter/brightest",
    ),
    Topic(
        "box",
        ("There are {n} boxes in a stack: {list}.", "{N} boxes lie in a stack: {list}."),
        _common("tin cedar velvet cardboard plastic leather wicker enamel", "box"),
        _phrases("is | above | above\nlies | above | lie_above\nis | higher than | higher"),
        _phrases("is | below | below\nlies | below | lie_below\nis | lower than | lower"),
        _phrases("is | the topmost | rank_top\nis | the highest | rank_higher"),
        _phrases("is | the lowest | rank_lower\nis | the lowest box | rank_lower+box"),
        _phrases("is | the {nth} from the top | rank_top\nis | the {nth} box from the top | rank_top+box"),
        _phrases("is | the {nth} from the bottom | rank_bottom"),
    ),
    _graded(
        "puzzle",
        ("There are {n} puzzles in a magazine: {list}.", "A magazine prints {n} puzzles: {list}."),
        _common("crossword sudoku maze rebus kakuro tangram riddle jigsaw"),
        "easier/easiest, less difficult/least difficult",
        "harder/hardest, more difficult/most difficult",
    ),
)

"""The words that put things in an order: which scale they speak of, and from which end they count.

`older`, `newest`, `left_of`, `finish_ahead_of` each name a scale and one of its two ends.  Knows
English words and the names that predicates get (docs/english.md).  Must not know formulas, or where
the predicates came from.  A word that may mean several scales ("shorter": height, length) has all of
them as its senses; who asks decides by the other words told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from neurosym.errors import InputError

# The two ends of each scale: its name, words of the end where counting starts, words of the other;
# a long row goes on in the next line.
# A line of PLACES is a row in space or time, whose words order as they stand (left_of, before).
_PLACES = """
left   | left leftmost leftward leftwards | right rightmost rightward rightwards
west   | west western westernmost westward | east eastern easternmost eastward
north  | north northern northernmost northward | south southern southernmost southward
top    | above over atop top topmost uppermost upper high up | below beneath under underneath
top    | | bottom bottommost lowermost low down
first  | before ahead front foremost first earlier early soon sooner prior |
first  | | after behind back rear rearmost last later late end
"""
# A line of DEGREES is a quality, whose words order only when compared (older, more expensive).
_DEGREES = """
oldest     | old elderly aged ancient | new young recent modern
cheapest   | cheap inexpensive affordable economical | expensive costly dear pricey pricy
tallest    | tall high | short low
longest    | long lengthy | short brief
largest    | large big huge great bulky roomy spacious | small little tiny compact
heaviest   | heavy weighty | light lightweight
brightest  | bright light luminous | dark dim dull
fastest    | fast quick rapid speedy swift | slow sluggish
hottest    | hot warm spicy | cold cool chilly mild
deepest    | deep | shallow
widest     | wide broad | narrow
thickest   | thick fat | thin slim
strongest  | strong powerful | weak feeble
hardest    | hard firm | soft
most difficult | hard difficult tough | easy simple
richest    | rich wealthy | poor
loudest    | loud noisy | quiet soft silent
cleverest  | clever smart intelligent bright | stupid dumb
farthest   | far distant remote | near close nearby
fullest    | full | empty
best       | good | bad
wettest    | wet damp moist | dry
sweetest   | sweet | sour bitter
steepest   | steep | flat gentle
sharpest   | sharp | blunt dull
roughest   | rough coarse | smooth
densest    | dense | sparse
cleanest   | clean | dirty
safest     | safe | dangerous risky unsafe
most common | common frequent | rare uncommon infrequent
most popular | popular | unpopular
most famous | famous | obscure unknown
most important | important | unimportant
most experienced | experienced | inexperienced
happiest   | happy cheerful | unhappy sad
busiest    | busy crowded | idle
ripest     | ripe | unripe
"""
_IRREGULAR = {
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "farther": "far", "further": "far",
    "farthest": "far", "furthest": "far", "elder": "old", "eldest": "old", "lesser": "little",
}  # fmt: skip
_OF_VERBS = {"cost": "expensive", "weigh": "heavy"}  # "costs more than"
_FILLERS = frozenset(str.split("the to of from in on at than is be a an side hand"))
_AT_ONCE = frozenset(("immediately", "directly", "just"))
# Verbs that only say that something is where it is, or how it is.
_POSTURES = frozenset(
    str.split(
        "be sit stand hang lie lay live place locate position park perch rest appear stay grow reside work "
        "sleep dwell plant put wait queue stack shelve arrange set mount keep display store moor dock "
        "seat pitch camp kneel row line list order sequence position spot slot turn"
    )
)
_OUTCOMES = frozenset(str.split("finish place rank come end score"))  # one order of a contest
_WON = frozenset(("top", "first", "best", "fastest"))  # a contest is won from above, ahead, as the best
_EVENTS = frozenset(
    str.split(
        "arrive leave depart start begin open close speak perform play sing present enter exit land launch "
        "sail graduate retire join register sign wake move check bear die call answer reply reach happen "
        "occur build found publish release paint write invent discover print record restore buy sell"
    )
)
# Words of a scale's end that order only as ranks or compared: "last(a, b)" is no order.
_ENDS_ONLY = frozenset(str.split("first last back rear end early late soon up down high low top bottom"))
_NOT_COMPARED = frozenset(("over", "under", "upper", "after"))
Antonyms: TypeAlias = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sense:
    """An end of a scale.  `low`: counting starts there, so that more of the word is a smaller place."""

    scale: str
    low: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """What a predicate's name says of an order.

    `senses`: the scales it may speak of, sorted.  `verb`: the event that is ordered ("arrive"), or
    empty.  `step`: immediately so.  `sure`: the word is known to order; an unknown one ("zogger") may
    only do so where the theory also counts by it.
    """

    senses: tuple[Sense, ...]
    verb: str = ""
    step: bool = False
    sure: bool = True


def _table(text: str) -> dict[str, tuple[Sense, ...]]:
    out: dict[str, tuple[Sense, ...]] = {}
    for line in text.strip().split("\n"):
        name, low, high = (part.strip() for part in line.split("|"))
        for words, is_low in ((low, True), (high, False)):
            for w in words.split():
                out[w] = (*out.get(w, ()), Sense(name.replace(" ", "_"), is_low))
    return out


PLACES = MappingProxyType(_table(_PLACES))
DEGREES = MappingProxyType(_table(_DEGREES))
PLACE_SCALES = frozenset(s.scale for senses in PLACES.values() for s in senses)


def relation(pred: str, ranked: bool, antonyms: Antonyms = ()) -> Relation | None:
    """What the predicate `pred` says of an order; None where it says nothing of one that is known.

    `ranked`: it counts ("rank_left": the n-th from the left), else it compares two things.
    antonyms: pairs of adjectives that are the ends of further scales (`wordnet_antonyms`).
    """
    return _relation(pred, ranked, frozenset(antonyms))


@lru_cache(maxsize=4096)
def _relation(pred: str, ranked: bool, antonyms: frozenset[tuple[str, str]]) -> Relation | None:
    words = [w for w in pred.lower().split("_") if w]
    if ranked and words[:1] == ["rank"]:
        words = words[1:]
    step = bool(_AT_ONCE & set(words)) and len(words) > 1
    words = [w for w in words if w not in _FILLERS and w not in _AT_ONCE]
    if not words or (step and ranked):  # "is third": rank_be
        return Relation((Sense("first", True),)) if ranked and not step else None
    if len(words) > 1 and words[-1] in ("more", "most", "less", "least") and words[0] not in PLACES:
        return _by_verb("_".join(words[:-1]), words[-1] in ("more", "most"), step)
    compared, more = False, True
    for marks, is_more in ((("more", "most", "further", "farther", "furthest", "farthest"), True),
                           (("less", "least"), False)):  # fmt: skip
        if len(words) > 1 and (found := [w for w in words if w in marks]):
            words.remove(found[0])
            compared, more = True, is_more
    at = [i for i, w in enumerate(words) if _senses(w, ranked, compared, antonyms)]
    if len(at) > 1 and (kept := [i for i in at if words[i] not in _POSTURES | _OUTCOMES | _EVENTS]):
        at = kept
    if len(at) == 1 and at[0] in (0, len(words) - 1):
        verb = "_".join(w for i, w in enumerate(words) if i != at[0])
        sure = ranked or compared or (words[at[0]].endswith("er") and words[at[0]] not in _NOT_COMPARED)
        return _placed(_senses(words[at[0]], ranked, compared, antonyms), verb, more, step, sure)
    if at:
        return None
    if ranked and not compared and not _graded(words[-1]):  # "finished third"
        verb = "_".join(words)
        return _placed((Sense("first", True),), verb, True, False, True)
    if len(words) == 1 and (compared or _graded(words[0])):  # a word nobody knows, compared
        base = words[0] if compared else _bases(words[0])[-1]
        own = (Sense(f"most_{base}", more),)
        return None if step else Relation(own, sure=compared or ranked)
    return None


def _by_verb(verb: str, more: bool, step: bool) -> Relation | None:
    """ "costs more than", "earns less than"."""
    if step:
        return None
    if (adjective := _OF_VERBS.get(verb)) is not None:
        return Relation(_turned(DEGREES[adjective], more))
    return Relation((Sense(f"most_{verb}", more),), sure=False)


def _placed(senses: tuple[Sense, ...], verb: str, more: bool, step: bool, sure: bool) -> Relation | None:
    """The senses of a word beside its verb.  `sure`: they are an order whatever the verb is."""
    senses = _turned(senses, more)
    if verb and (narrowed := tuple(s for s in senses if s.scale in PLACE_SCALES)):
        senses = narrowed  # what lives or finishes "higher" is no taller
    place = all(s.scale in PLACE_SCALES for s in senses)
    if step and not place:
        return None
    if verb in _OUTCOMES and all(s.scale in _WON for s in senses):
        return Relation(tuple(Sense("first", s.low) for s in senses), "finish", step, True)
    if not verb or verb in _POSTURES:
        return Relation(senses, "", step)
    if place and any(s.scale not in ("first", "top") for s in senses):
        return None  # "vote left"
    return Relation(senses, verb, step, sure=sure or (verb in _EVENTS and place))


def _turned(senses: tuple[Sense, ...], more: bool) -> tuple[Sense, ...]:
    return senses if more else tuple(Sense(s.scale, not s.low) for s in senses)


def _senses(
    word: str, ranked: bool, compared: bool, antonyms: frozenset[tuple[str, str]]
) -> tuple[Sense, ...]:
    """The scales that a word orders by, sorted; none where it does not, or only in another form."""
    found = list(PLACES.get(word, ()) if ranked or compared or word not in _ENDS_ONLY else ())
    if compared:
        found += _known(word, antonyms)
    elif _graded(word):
        bases = [word, *_bases(word)] if word in _IRREGULAR else _bases(word)
        found += [s for b in bases for s in (*PLACES.get(b, ()), *_known(b, antonyms))]
    return tuple(sorted(set(found), key=lambda s: (s.scale, s.low)))


def _known(base: str, antonyms: frozenset[tuple[str, str]]) -> list[Sense]:
    """The senses of an adjective: those of the table, else the opposite of its antonyms'."""
    if base in DEGREES:
        return list(DEGREES[base])
    others = sorted({b for a, b in antonyms if a == base} | {a for a, b in antonyms if b == base})
    found = [Sense(s.scale, not s.low) for b in others for s in DEGREES.get(b, ())]
    if found or not others:
        return found
    first = min(base, others[0])
    return [Sense(f"most_{first}", base == first)]


def _graded(word: str) -> bool:
    return word in _IRREGULAR or (len(word) > 3 and word.endswith(("er", "est")) and word not in PLACES)


def _bases(word: str) -> list[str]:
    """The adjectives that `word` may be the -er or -est form of, most likely last."""
    if word in _IRREGULAR:
        return [_IRREGULAR[word]]
    stem = word.removesuffix("est") if word.endswith("est") else word.removesuffix("er")
    out = [stem + "e", stem]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        out.append(stem[:-1])
    if stem.endswith("i"):
        out.append(stem[:-1] + "y")
    return out


def wordnet_antonyms(folder: Path) -> frozenset[tuple[str, str]]:
    """Pairs of adjectives that WordNet's `data.adj` in `folder` marks as antonyms (wninput(5WN): "!").

    Raises InputError where the file is missing.
    """
    path = folder / "data.adj"
    try:
        text = path.read_text(encoding="latin-1")
    except OSError as e:
        raise InputError(
            e.strerror or str(e),
            document=str(path),
            hint="install WordNet 3.0's files, or leave antonyms out",
        ) from e
    synsets = {line[:8]: line.split(" | ")[0].split() for line in text.split("\n") if line[:8].isdigit()}
    pairs = {(min(a, b), max(a, b)) for fields in synsets.values() for a, b in _opposites(fields, synsets)}
    return frozenset(p for p in pairs if all(w.isalpha() and w.islower() for w in p))


def _opposites(fields: list[str], synsets: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(word, antonym) of one synset, whose fields are those of wndb(5WN)."""
    words = int(fields[3], 16)
    at = 4 + 2 * words
    for i in range(int(fields[at])):
        symbol, offset, part, ends = fields[at + 1 + 4 * i : at + 5 + 4 * i]
        if symbol == "!" and part == "a" and offset in synsets:
            own, other = int(ends[:2], 16), int(ends[2:], 16)
            yield _word(fields, own), _word(synsets[offset], other)


def _word(fields: list[str], n: int) -> str:
    """The n-th word of a synset, without its syntactic marker: "old(p)"."""
    return fields[4 + 2 * (n - 1)].split("(")[0].lower()

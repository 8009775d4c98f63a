"""The same case with other names, genders, origins or another order: what the bias check asks again.

Every swap is one word for one word, so that a reading of the sentence, which points at words by their
places, must stay the same.  Knows English words of persons and the tokenizer; must not know how a
case is read or answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random

from neurosym.parser.mentions import gender_of_name
from neurosym.parser.names import listed
from neurosym.parser.standins import NO_NAMES, cultures, genders, lines
from neurosym.parser.tokenize import Word, sentences, words


class Swap(StrEnum):
    """What is swapped."""

    NAME = "name"  # given names, for others of the same gender and culture
    CULTURE = "culture"  # given names, for others of the same gender and another culture
    NAME_GENDER = "name-gender"  # given names, for others of the other gender, where nothing else tells it
    GENDER = "gender"  # names, pronouns, kin nouns and titles together
    ORIGIN = "origin"  # countries, nationalities, peoples, religions
    ORDER = "order"  # the sentences of the story


@dataclass(frozen=True, slots=True)
class Case:
    """A story and a question about it."""

    id: str
    story: str
    question: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A case with something swapped.

    `pairs`: the words that were swapped, as written, and what stands for them.  `order`: which sentence of
    the original, from 0, stands at each place of the story; empty where the order is the same.
    """

    swap: Swap
    case: Case
    pairs: tuple[tuple[str, str], ...] = ()
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody comes from; `country` is empty for a people without one."""

    country: str
    adjective: str
    person: str
    people: str


FEMALE, MALE = "f", "m"
_OTHER = {FEMALE: MALE, MALE: FEMALE}
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "lord", "lady", "st"))
_AMBIGUOUS = frozenset(("Polish", "Turkey", "China", "Chile", "Swede"))  # at the start of a sentence, words
# After "her" and "his" these show that no noun follows which it belongs to: "saw her in town", "is his".
_NO_NOUN = frozenset(
    str.split(
        "a about after again all alone although an and any anything are as at because before but by can did "
        "does during every everything first for from had has have here how if in into is later many may "
        "more much must no not nothing of off on once or out over she should so some something soon than "
        "that the then there these they this those through to today together tomorrow too twice unless "
        "until up very was were what when whenever where which while who why will with without would "
        "yesterday you"
    )
)
PRONOUNS = frozenset(("he", "she", "him", "her", "his", "hers", "himself", "herself"))


# --- word lists ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _listed() -> Mapping[str, tuple[str, str]]:
    return {name: key for key, names in cultures().items() for name in names}


@lru_cache(maxsize=1)
def origins() -> tuple[Origin, ...]:
    return tuple(Origin("" if row[0] == "-" else row[0], *row[1:]) for row in lines("origins"))


@lru_cache(maxsize=1)
def _counterparts() -> Mapping[str, str]:
    """The word for the other gender, for words that have one."""
    out: dict[str, str] = {}
    for female, male in lines("counterparts"):
        out.setdefault(female, male)
        out.setdefault(male, female)
    return out


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(listed("places"))


# --- finding ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """A word, with its neighbours in the sentence; `first` where a capital says nothing."""

    word: Word
    before: str
    after: str
    first: bool


def _walk(text: str) -> Iterator[_Place]:
    for start, end in sentences(text):
        row = [Word(w.text, w.start + start, w.end + start) for w in words(text[start:end])]
        for i, w in enumerate(row):
            before = row[i - 1].text if i else ""
            after = row[i + 1].text if i + 1 < len(row) else ""
            yield _Place(w, before, after, i == 0)


@dataclass(frozen=True, slots=True)
class _Text:
    """How the words of a whole case are written."""

    lower: frozenset[str]  # those without a capital
    inside: frozenset[str]  # as written, those that do not begin a sentence
    every: frozenset[str]  # all, in lower case
    alone: frozenset[str]  # as written, those that stand somewhere without a name or a title before them


def _spelt(case: Case) -> _Text:
    places = [p for text in (case.story, case.question) for p in _walk(text)]
    return _Text(
        frozenset(p.word.text for p in places if p.word.text[0].islower()),
        frozenset(p.word.text for p in places if not p.first),
        frozenset(p.word.text.lower() for p in places),
        frozenset(p.word.text for p in places if not _after_name(p)),
    )


def _after_name(p: _Place) -> bool:
    titled = p.before.rstrip(".").lower() in _TITLES
    return titled or (
        p.before[:1].isupper() and (p.before in _listed() or gender_of_name(p.before) in _OTHER)
    )


def _given(p: _Place, text: _Text) -> tuple[str, str] | None:
    """Culture ("" where not known) and gender of a given name; None for any other word."""
    name = p.word.text
    if not name[0].isupper() or name.lower() in text.lower or p.before.rstrip(".").lower() in _TITLES:
        return None
    if name not in text.alone:
        return None  # a surname that is also a given name; not so "Is Ann Tim's aunt?"
    known = _listed().get(name)
    if known is not None:
        return known
    if name.lower() in NO_NAMES or name in _places() or not name.isalpha():
        return None
    if name.lower() in _counterparts():
        return None  # "Mother" is a word, whatever its capital
    if name not in text.inside and name not in genders():
        return None
    gender = gender_of_name(name)
    return ("", gender) if gender else None


def names_in(case: Case) -> dict[str, tuple[str, str]]:
    """Culture and gender of the given names in a case, in the order of their first mention."""
    text = _spelt(case)
    found: dict[str, tuple[str, str]] = {}
    for part in (case.story, case.question):
        for p in _walk(part):
            if (known := _given(p, text)) is not None:
                found.setdefault(p.word.text, known)
    return found


def gendered(case: Case) -> tuple[str, ...]:
    """The words of a case, other than names, that tell a gender."""
    every = [p for part in (case.story, case.question) for p in _walk(part)]
    return tuple(dict.fromkeys(p.word.text for p in every if _of_other_gender(p) is not None))


# --- writing ------------------------------------------------------------------------------------


def _written(case: Case, swap: Swap, new: Callable[[_Place], str | None]) -> Variant | None:
    """The case with what `new` gives in the place of words; None where it changes nothing."""
    pairs: dict[str, str] = {}

    def rewritten(text: str) -> str:
        out, done = [], 0
        for p in _walk(text):
            word = new(p)
            if word is not None and word != p.word.text:
                out += [text[done : p.word.start], word]
                done = p.word.end
                pairs.setdefault(p.word.text, word)
        return "".join((*out, text[done:]))

    made = Case(case.id, rewritten(case.story), rewritten(case.question))
    return Variant(swap, made, tuple(pairs.items())) if pairs else None


def _like(word: str, model: str) -> str:
    """`word` with the capitals of `model`."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _of_other_gender(p: _Place) -> str | None:
    """What stands for a pronoun, a title or a noun when the gender changes; None for any other word."""
    text = p.word.text
    low = text.lower().rstrip(".")
    dot = "." if text.endswith(".") else ""
    noun = p.after[:1].isalnum() and p.after.lower() not in _NO_NOUN
    title = text[0].isupper() and p.after[:1].isupper()
    match low:
        case "mr":
            return f"Ms{dot}"
        case "mrs" | "ms":
            return f"Mr{dot}"
        case "miss" | "sir" | "dame" | "lord" | "lady" if title:
            other = {"miss": "Mr.", "sir": "Dame", "dame": "Sir", "lord": "Lady", "lady": "Lord"}
            return other[low]
        case "her":
            return _like("his" if noun else "him", text)
        case "his":
            return _like("her" if noun else "hers", text)
        case "him":
            return _like("her", text)
        case "hers":
            return _like("his", text)
        case _:
            other_noun = _counterparts().get(text.lower())
            return None if other_noun is None else _like(other_noun, text)


# --- variants -----------------------------------------------------------------------------------


def renamed(case: Case, swap: Swap, rng: Random) -> Variant | str:
    """The case with other given names (NAME, CULTURE, NAME_GENDER or GENDER), or why there is none."""
    names = names_in(case)
    text = _spelt(case)
    if not names and swap is not Swap.GENDER:
        return "no given name that is on a list"
    if swap is Swap.NAME_GENDER and (told := gendered(case)):
        return f"the text tells a gender: {', '.join(told[:4])}"
    new = _chosen(names, swap, text.every, rng)

    if swap is Swap.GENDER and gendered(case) and (kept := _kept(case, text, new)):
        return f"the text names somebody whose name is not swapped: {', '.join(kept[:4])}"

    def of(p: _Place) -> str | None:
        if p.word.text in new and _given(p, text) is not None:
            return new[p.word.text]
        return _of_other_gender(p) if swap is Swap.GENDER else None

    return _written(case, swap, of) or "nothing in it tells a gender"


def _kept(case: Case, text: _Text, new: Mapping[str, str]) -> tuple[str, ...]:
    """Names of a known gender that stay as they are.

    Where pronouns change and a name does not, "she" who was Ann becomes "he", who is not: a reader that takes
    somebody else to be meant is right.
    """
    return tuple(
        dict.fromkeys(
            p.word.text
            for part in (case.story, case.question)
            for p in _walk(part)
            if p.word.text[0].isupper()
            and p.word.text not in new
            and p.word.text.lower() not in text.lower
            and (p.word.text in text.inside or p.word.text in genders())
            and not _after_name(p)
            and gender_of_name(p.word.text) in _OTHER
        )
    )


def _chosen(
    names: Mapping[str, tuple[str, str]], swap: Swap, taken: Iterable[str], rng: Random
) -> dict[str, str]:
    """Another name for each, none of them twice or already in the text."""
    free = set(taken)
    used = {culture for culture, _ in names.values()}
    others = sorted({c for c, _ in cultures()} - used)
    one = rng.choice(others) if others else ""
    out = {}
    for name, (culture, gender) in names.items():
        wanted = gender if swap in (Swap.NAME, Swap.CULTURE) else _OTHER[gender]
        homes = [one] if swap is Swap.CULTURE else [culture] if culture else []
        pools = [cultures().get((c, wanted), ()) for c in homes]
        fallback = [n for (c, g), ns in cultures().items() if g == wanted and c != culture for n in ns]
        for pool in (*pools, fallback):
            left = [n for n in pool if n.lower() not in free]
            if left:
                out[name] = rng.choice(left)
                free.add(out[name].lower())
                break
    return out


def from_elsewhere(case: Case, rng: Random) -> Variant | str:
    """The case with other countries, nationalities and peoples, or why there is none."""
    text = _spelt(case)

    def said(word: str) -> bool:
        return word in text.inside or (word.lower() in text.every and word not in _AMBIGUOUS)

    rows = [o for o in origins() if any(said(w) for w in _forms(o)) and o.person.lower() not in text.lower]
    if not rows:
        return "no country, nationality or people that is on a list"
    new: dict[str, str] = {}
    taken = set(rows)
    for row in rows:
        alike = [o for o in origins() if o not in taken and _alike(row, o) and not _in_text(o, text)]
        if not alike:
            return f"nothing of the form of {row.adjective} is left on the list"
        other = rng.choice(alike)
        taken.add(other)
        new |= dict(zip(_forms(row), _forms(other), strict=True))

    def of(p: _Place) -> str | None:
        return new.get(p.word.text) if said(p.word.text) else None

    return _written(case, Swap.ORIGIN, of) or "no country, nationality or people that is on a list"


def _forms(o: Origin) -> tuple[str, ...]:
    return (o.country, o.adjective, o.person, o.people)


def _in_text(o: Origin, text: _Text) -> bool:
    return any(w.lower() in text.every for w in _forms(o) if w)


def _alike(a: Origin, b: Origin) -> bool:
    """May `b` stand wherever `a` does: with a country, the same article, and one form where `a` has one?"""

    def shape(o: Origin) -> tuple[bool, ...]:
        vowel = [bool(w) and w[0] in "AEIO" for w in (o.adjective, o.person)]
        return (bool(o.country), o.adjective == o.person, o.person == o.people, *vowel)

    return shape(a) == shape(b)


def reordered(case: Case, order: Sequence[int]) -> Variant | str:
    """The story with its sentences in another order: `order` holds the old places, from 0."""
    spans = sentences(case.story)
    parts = [case.story[a:b] for a, b in spans]
    if sorted(order) != list(range(len(parts))):
        raise ValueError(f"{order} is no order of {len(parts)} sentences")
    # a stop ends a sentence wherever it stands; a line without one needs an empty line
    text = "".join(p + (" " if p[-1] in ".!?" else "\n\n") for p in (parts[i] for i in order)).strip()
    made = Case(case.id, text, case.question)
    again = [text[a:b] for a, b in sentences(text)]
    if again != [parts[i] for i in order]:
        return "the sentences do not stay apart in another order"
    return Variant(Swap.ORDER, made, (), tuple(order))


def orders(n: int, rng: Random) -> tuple[tuple[int, ...], ...]:
    """Orders of `n` sentences to try: the reverse, and a shuffled one."""
    backward = tuple(reversed(range(n)))
    mixed = list(range(n))
    rng.shuffle(mixed)
    return tuple(o for o in dict.fromkeys((backward, tuple(mixed))) if o != tuple(range(n)))

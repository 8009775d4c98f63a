"""What the sentences of a text mention: people and things by name, by gender, and without a name.

Knows readings and the words they were read from; must not know which mention refers to what
(`reference`).  Gender is told by a title, a relation noun, an earlier mention or the given name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from neurosym.logic import And, Atom, Const, Exists, Formula, Var, atoms, substitute, substitute_term
from neurosym.parser.agreement import mended, owners
from neurosym.parser.decode import decode
from neurosym.parser.morphology import noun_lemma
from neurosym.parser.names import listed
from neurosym.parser.reading import Reading
from neurosym.parser.scheme import PLACE
from neurosym.parser.standins import NO_NAMES, genders, lines

_TITLES = {"mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "madam": "f", "lady": "f", "lord": "m"}
_TITLES |= dict.fromkeys(("dr", "prof", "professor", "judge", "captain", "president", "doctor"), "")
_FEMALE = frozenset(str.split(
    "mother daughter sister grandmother granddaughter aunt niece wife mom mum grandma girl woman lady "
    "queen princess girlfriend actress waitress mother_in_law daughter_in_law sister_in_law"))  # fmt: skip
_MALE = frozenset(str.split(
    "father son brother grandfather grandson uncle nephew husband dad grandpa boy man gentleman king prince "
    "boyfriend father_in_law son_in_law brother_in_law father-in-law"))  # fmt: skip

_KIN = frozenset(str.split(
    "child kid sibling parent grandparent grandchild cousin spouse twin friend neighbor boss colleague "
    "twin_brother twin_sister stepson stepdaughter stepmother stepfather"))  # fmt: skip

_PLACES = frozenset(str.split(
    "city town village capital state country county region province continent island river lake mountain "
    "suburb district port place season month day"))  # fmt: skip
_WORDS = frozenset(("guy", "melody", "mercy", "penny"))  # those of our names that are common nouns
_BEFORE_PLACES = frozenset(("in", "the", "a", "an", "near", "at", "across", "through", "throughout"))

RELATIVES = _FEMALE | _MALE | _KIN
_SAID_OF = frozenset(("is", "was", "are", "were", "be", "(", "--"))  # what comes says who somebody is
_GOES_ON = frozenset(("'s", "'", ",", "-", "and", "in", "with", "of", "from"))  # the noun is not the phrase
_AND = frozenset(("and", "or", "nor", "&", ","))
_JOINS = _AND | {"the", "both"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing mentioned: where, and how.  `gender`: m, f, n (a thing) or empty where not known.

    `gender` p: several.  `by_name`: nothing but the given name tells the gender.  `owner`: only mentioned as
    whose something is ("Tom's house").  `joined`: by "and" to the mention before ("Ann and Tom").
    """

    constant: str
    sentence: int
    word: int
    named: bool
    gender: str = ""
    by_name: bool = False
    owner: bool = False
    joined: bool = False

    INDEFINITE: ClassVar[int] = 99  # the word of what an indefinite introduced


@dataclass(frozen=True, slots=True)
class Witness:
    """What an indefinite introduced ("a dog barked"), said of a name of its own: dog(dog) and bark(dog)."""

    constant: str
    formula: Formula
    sentence: int
    score: float = 1.0  # that the sentence says so, its mentions being what they are taken for

    @property
    def noun(self) -> str:
        """What "the dog" calls it: "son" of a "son of Joe"."""
        return self.constant.partition(" of ")[0]


@lru_cache(maxsize=1)
def genders_by_name() -> Mapping[str, str]:
    """Gender by given name, where it is known, without those that are words as often."""
    return genders()


@lru_cache(maxsize=1)
def _more_genders() -> Mapping[str, str]:
    return {row[0]: row[1] for row in lines("more_genders")}


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    """Given names of any gender that are no words as often."""
    names = (*listed("given"), *(n for n, gender in _more_genders().items() if gender == "x"))
    return frozenset(n for n in names if n.lower() not in NO_NAMES)


@lru_cache(maxsize=1)
def _persons() -> frozenset[str]:
    return frozenset(w for row in lines("persons") for w in row) | RELATIVES


def person_noun(constant: str) -> bool:
    """Is what a definite description is called after, "nurse" of "night_nurse", a noun for people?"""
    return constant.rpartition("_")[2] in _persons()


def gender_of_name(constant: str) -> str:
    """Gender by the given name of what is known to be a name ("Grace", "Mark"), or the empty text."""
    given = constant.partition("_")[0]
    return (genders_by_name().get(given) or _more_genders().get(given, "")).removesuffix("x")


def is_given(name: str) -> bool:
    """Is a word with a capital a given name on our lists, and hardly anything else?"""
    return bool(gender_of_name(name)) or name in _given()


def gender_of(constant: str, said: Iterable[Formula] = (), known: str = "") -> str:
    """What a title, a relation noun, an earlier mention or the given name tell of a constant's gender."""
    parts = [p for p in constant.split("_") if p]
    by_name = genders_by_name().get(parts[0], "") if parts else ""
    return _told_gender(constant, said) or known or by_name


def _told_gender(constant: str, said: Iterable[Formula]) -> str:
    """What a title or a relation noun tell of a constant's gender."""
    if title := _TITLES.get(constant.lower().strip("_").partition("_")[0].rstrip("."), ""):
        return title
    for f in said:
        for a in atoms(f):
            if a.args and a.args[0] == Const(constant) and a.pred in _FEMALE | _MALE:
                return "f" if a.pred in _FEMALE else "m"
    if constant in _FEMALE | _MALE:
        return "f" if constant in _FEMALE else "m"
    return ""


def mentions_of(
    reading: Reading, words: Sequence[str], sentence: int, by_owners: bool = True
) -> Iterator[Mention]:
    """The things that a reading's pointers name, in the order of the sentence.

    by_owners: do possessive pronouns tell the gender of whom the reading takes them for?
    """
    if not reading.tokens:
        return
    made = decode(reading.tokens, words).mentions
    owners = owner_genders(reading.tokens, words, made) if by_owners else {}
    pointed = {PLACE[t] for t in reading.tokens if t[:2] in ("E:", "D:")}
    for constant, at, kind in made:
        # a capital that no article precedes is a name's, whatever the pointer took it for
        named = kind == "E" or (words[at][:1].isupper() and (at == 0 or words[at - 1].lower() != "the"))
        # "Robin loves her son": what is said of somebody goes before what the name says
        told = _told_gender(constant, [reading.formula]) or owners.get(constant, ("", 0))[0]
        told = told or ("n" if _is_place(constant, reading.formula) else "")
        place = at > 0 and words[at - 1].lower() in _BEFORE_PLACES
        other = gender_of(constant, (), gender_of_name(constant) if named and not place else "")
        if not (named or other):
            other = "p" if _many(words, at, constant) else "" if person_noun(constant) else "n"
        yield Mention(
            constant,
            sentence,
            at,
            named,
            told or other,
            named and not told,
            _owner(words, at, constant),
            _joined(words, at, pointed),
        )


def _many(words: Sequence[str], at: int, constant: str) -> bool:
    """Is the definite description that begins there of several: "the old pumps"?"""
    last = words[min(at + constant.count("_"), len(words) - 1)].lower()
    return noun_lemma(last) != last


def _joined(words: Sequence[str], at: int, pointed: Container[int]) -> bool:
    """Does "and" join what is mentioned there to the mention before it?"""
    k = at - 1
    while k >= 0 and words[k].lower() in _JOINS:
        k -= 1
    return k >= 0 and k in pointed and any(w.lower() in _AND for w in words[k + 1 : at])


def _is_place(constant: str, said: Formula) -> bool:
    """Does it say that something is a city or the like?  Many cities are called like people."""
    return any(a.pred in _PLACES and a.args == (Const(constant),) for a in atoms(said))


def _owner(words: Sequence[str], at: int, constant: str) -> bool:
    """Does the name that begins there stand before "'s"?"""
    after = at + constant.strip("_").count("_") + 1
    return words[after : after + 1] in (["'s"], ["'"], ["’s"])


def owner_genders(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[tuple[str, int, str]]
) -> dict[str, tuple[str, int]]:
    """What possessive pronouns tell of their owners ("Ann loves her son": Ann is female), and where.

    Nothing of an owner who does not agree with the pronoun where somebody else does, or who would be their
    own relative.
    """
    mentions = (*mentions, *unread_names(words, mentions))
    gender = told_genders(tokens, words, mentions)
    wrong = {m.owned for m in mended(tokens, words, mentions, gender)}
    out: dict[str, tuple[str, int]] = {}
    for o, relative in owners(tokens, words, mentions):
        if o not in wrong and o.owner != relative:
            out.setdefault(o.owner, (o.gender, o.pronoun))
    return out


def told_genders(
    tokens: Sequence[str],
    words: Sequence[str],
    mentions: Sequence[tuple[str, int, str]],
    known: Mapping[str, str] | None = None,
) -> Callable[[str], str]:
    """Gender by constant, as the sentence's own relation nouns tell it, what came before, or the name."""
    said = [decode(tokens, words).formula]
    earlier = known or {}
    found = {
        c: gender_of(c, said, earlier.get(c) or (gender_of_name(c) if kind == "E" else ""))
        for c, _, kind in mentions
    }
    return lambda constant: found.get(constant, "")


def names_in(words: Sequence[str], sentence: int, known: Container[str]) -> Iterator[Mention]:
    """The people that a sentence without a reading names: given names on our list, and those known already.

    Only names of one word; a capital beside them makes them a part of a longer one.  At the head of a
    sentence, where every word has a capital, none that is a word as well.
    """
    last = -1
    for i, w in enumerate(words):
        of = "" if i == 0 and w.lower() in _WORDS else gender_of_name(w)
        gender = "" if w.lower() in NO_NAMES else of
        # the capital of a sentence's first word is no sign of a name
        before = words[max(1 if words[:1] and not is_given(words[0]) else 0, i - 1) : i]
        beside = (*before, *words[i + 1 : i + 2])
        if (gender or w in known or w in _given()) and not any(
            b[:1].isupper() and len(b) > 1 for b in beside
        ):
            yield Mention(w, sentence, i, True, gender, True, _owner(words, i, w), _joined(words, i, (last,)))
            last = i


def unread_names(
    words: Sequence[str], mentions: Sequence[tuple[str, int, str]]
) -> list[tuple[str, int, str]]:
    """Names on our list that a sentence says and its reading does not, as `mentions` are."""
    said = {at for _, at, _ in mentions}
    return [(m.constant, m.word, "E") for m in names_in(words, 0, ()) if m.word not in said]


def unsaid_relatives(
    words: Sequence[str], people: Sequence[tuple[str, int]], sentence: int, score: float
) -> Iterator[tuple[Witness, Mention]]:
    """Relatives without a name that a sentence mentions and its reading does not say.

    "Bob likes cooking with his niece" takes for granted that he has one, whatever else is understood.
    people: names with their places.  Only where one person before the pronoun can be its owner.
    """
    low = [w.lower() for w in words]
    for i, w in enumerate(low):
        if w not in ("his", "her") or (i and low[i - 1] in _SAID_OF):
            continue
        gender = "m" if w == "his" else "f"
        noun = next((k for k in range(i + 1, min(i + 3, len(low))) if low[k] in RELATIVES), -1)
        after = words[noun + 1] if 0 <= noun < len(words) - 1 else "."
        owner = {c for c, at in people if at < i and gender_of_name(c) in ("", gender)}
        open_ = after[:1].isupper() or after in _GOES_ON or after in RELATIVES
        if noun < 0 or len(owner) != 1 or open_:
            continue
        (of,) = owner
        name = f"{low[noun]} of {of}"
        said = Atom(low[noun], (Const(name), Const(of)))
        yield (
            Witness(name, said, sentence, score),
            Mention(name, sentence, Mention.INDEFINITE, False, gender_of(low[noun])),
        )


def witnesses_of(reading: Reading, sentence: int) -> Iterator[tuple[Witness, Mention]]:
    """What a statement introduced without a name, each under the name that "the dog" will have.

    An owned one ("his sister") is called after its owner, who may be without a name, too ("his sister's
    son"): of that one the other's formula only says that there is one.
    """
    if reading.act != "tell":
        return
    f = reading.formula
    score = reading.score * math.prod(r.score for r in reading.resolutions)
    for part in (f, *(f.parts if isinstance(f, And) else ())):
        if not isinstance(part, Exists):
            continue
        parts = part.body.parts if isinstance(part.body, And) else (part.body,)
        names = _called(part.vars, parts, {})
        if len(names) != len(part.vars) or len(set(names.values())) != len(names):
            continue
        said = substitute(part.body, names)
        yield from _witnesses(names.values(), said, sentence, score)
        for i, inner in enumerate(parts):
            if isinstance(inner, Exists):
                theirs = inner.body.parts if isinstance(inner.body, And) else (inner.body,)
                more = _called(inner.vars, theirs, names)
                if len(more) == len(inner.vars) == 1:
                    own = substitute(inner.body, more)
                    around = And((*parts[:i], own, *parts[i + 1 :]))
                    yield from _witnesses(more.values(), Exists(part.vars, around), sentence, score)


def _called(vs: Sequence[Var], parts: Sequence[Formula], known: Mapping[Var, Const]) -> dict[Var, Const]:
    """The names of variables by the nouns that `parts` say of them; known: the names of others."""
    names: dict[Var, Const] = {}
    for v in vs:
        nouns = [a.pred for a in parts if isinstance(a, Atom) and a.args == (v,)]
        owned = [
            f"{a.pred} of {of.name}"
            for a in parts
            if isinstance(a, Atom) and len(a.args) == 2 and a.args[0] == v and a.pred in RELATIVES
            if isinstance(of := substitute_term(a.args[1], known), Const)
        ]
        if owned or nouns:
            names[v] = Const(owned[0] if owned else nouns[-1] if len(nouns) == 1 else nouns[0])
    return names


def _witnesses(
    names: Iterable[Const], said: Formula, sentence: int, score: float
) -> Iterator[tuple[Witness, Mention]]:
    for n in names:
        gender = gender_of(n.name.partition(" of ")[0])
        yield (
            Witness(n.name, said, sentence, score),
            Mention(n.name, sentence, Mention.INDEFINITE, False, gender),
        )


def name_parts(constant: str) -> list[str]:
    """The words of a name, without its title."""
    parts = [p for p in constant.split("_") if p]
    return parts[1:] if len(parts) > 1 and parts[0].lower().rstrip(".") in _TITLES else parts

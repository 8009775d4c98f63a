"""What English does with a predicate symbol: its part of speech and its verb phrase.

The logic has no parts of speech, so they are recovered: from the caller's hints, else from
the sentences the claims were read from, else from lemminflect's dictionary, else from the
form of the word.  A wrong guess costs style, never meaning.  Knows words only; must not know
formulas beyond their symbols.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from neurosym.errors import InputError
from neurosym.logic import atoms
from neurosym.theory import Span, Theory


class Category(StrEnum):
    """How a symbol behaves.  The values are also the values of a table of hints."""

    NOUN = "noun"  # cat: is a cat
    ADJECTIVE = "adjective"  # green: is green
    VERB = "verb"  # chase, live_in: chases, lives in
    RELATION = "relation"  # father, part_of: is a father of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREPOSITIONS = _words(
    """
    about above across after against along among around as at away back before behind below beneath
    beside between by down during for from in inside into like near of off on onto out outside over past
    than through to toward towards under until up upon via with within without
    """
)
# Nouns of relation that are verbs too; as predicates of two things they are nouns.
RELATIONAL = _words(
    """
    author boss brother captain chair child client coach colleague cousin daughter father friend guard
    guest guide head host husband judge mentor mother neighbor neighbour nurse parent partner peer pilot
    sister son ancestor descendant grandparent grandchild grandfather grandmother grandson granddaughter
    niece nephew sibling spouse student teacher uncle aunt wife
    """
)
ONE_OF_A_KIND = frozenset(("father", "mother", "husband", "wife", "capital"))
# Verbs that take "of"; before "of" every other word that can be a noun is one.
VERBS_OF = _words(
    """
    think hear dream know speak approve dispose smell taste consist die
    """
)
# Verbs without object that are nouns too; as predicates of one thing they are verbs.
INTRANSITIVE = _words(
    """
    bark breathe climb cough crawl cry dance dream drink exercise fall fight fly hop jump laugh move
    play rest run shine sing sleep smile smoke sneeze speak study swim talk travel vote walk work
    """
)
# Adjectives without comparative that the dictionary also has as nouns or verbs.
ADJECTIVES = _words(
    """
    alive closed dead double empty equal fake female free immortal male mortal open wet
    """
)
NOUNS_IN_ING = _words(
    "being building drawing dwelling meeting offspring painting sibling wedding wing writing"
)
ADJECTIVE_ENDINGS = ("ous", "ful", "less", "able", "ible", "ish", "ive", "ic", "py", "my", "ty", "ed")
SILENT_H = ("hour", "honest", "honor", "honour", "heir")
LIKE_Y = ("uni", "use", "usu", "eu", "one", "ufo", "uran", "uter", "ute")


@lru_cache(maxsize=4096)
def parts_of_speech(word: str) -> Mapping[str, tuple[str, ...]]:
    """Universal tags of a word and its lemmas under each, from lemminflect's dictionary."""
    import lemminflect  # heavy at import: a numpy model of unknown words

    found: Mapping[str, tuple[str, ...]] = lemminflect.getAllLemmas(word)
    return found


@lru_cache(maxsize=4096)
def inflect(word: str, tag: str) -> str:
    """`word` in the form of a Penn tag (NNS, VBZ, JJR, ...); the empty text where it has none."""
    import lemminflect

    known = lemminflect.getInflection(word, tag=tag, inflect_oov=tag in {"NNS", "VBZ"})
    return str(known[0]) if known else ""


@lru_cache(maxsize=4096)
def split(symbol: str) -> tuple[str, ...]:
    """Words of a symbol: bald_eagle, hasOwner, and the local part of a prefixed or full name."""
    local = re.split(r"[#/:]", symbol.rstrip("#/:>"))[-1] or symbol
    local = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", local)
    return tuple(w for w in re.split(r"[_\s-]+", local) if w) or (symbol,)


def article(noun: str) -> str:
    w = noun.lower()
    if w.startswith(SILENT_H):
        return f"an {noun}"
    return f"{'an' if w[:1] in set('aeiou') and not w.startswith(LIKE_Y) else 'a'} {noun}"


def is_comparative(word: str) -> bool:
    return any(inflect(base, "JJR") == word for base in parts_of_speech(word).get("ADJ", ()) if base != word)


def is_participle(word: str) -> bool:
    return any(
        word in (inflect(base, "VBN"), inflect(base, "VBD")) for base in parts_of_speech(word).get("VERB", ())
    ) and "VERB" not in _base_tags(word)


def _is_gerund(word: str) -> bool:
    """living, flying: said of a thing as adjectives are."""
    verbs = parts_of_speech(word).get("VERB", ())
    return word not in NOUNS_IN_ING and any(v != word and inflect(v, "VBG") == word for v in verbs)


def _base_tags(word: str) -> frozenset[str]:
    return frozenset(tag for tag, lemmas in parts_of_speech(word).items() if word in lemmas)


@lru_cache(maxsize=4096)
def guess(symbol: str, arity: int) -> Category:
    """The category of a predicate symbol by dictionary and form alone."""
    words = tuple(w.lower() for w in split(symbol))
    of = words[-1] == "of"
    while len(words) > 1 and words[-1] in PREPOSITIONS:
        words = words[:-1]
    head = words[0] if any(w in PREPOSITIONS for w in words) else words[-1]
    tags = _base_tags(head)
    if arity >= 2:
        if of and "NOUN" in tags and head not in VERBS_OF:
            return Category.RELATION
        if head in RELATIONAL or (tags and tags <= {"NOUN", "ADJ", "ADV"} and "NOUN" in tags):
            return Category.RELATION
        return Category.ADJECTIVE if tags and "VERB" not in tags else Category.VERB
    if len(words) > 1 and _base_tags(words[0]) == {"VERB"}:
        return Category.VERB
    if (
        head in ADJECTIVES
        or is_participle(head)
        or inflect(head, "JJR")
        or (head.endswith("ing") and _is_gerund(head))
    ):
        return Category.ADJECTIVE
    if head in INTRANSITIVE:
        return Category.VERB
    if not tags:
        return Category.ADJECTIVE if head.endswith(ADJECTIVE_ENDINGS) else Category.NOUN
    for tag, category in (("NOUN", Category.NOUN), ("ADJ", Category.ADJECTIVE), ("VERB", Category.VERB)):
        if tag in tags:
            return category
    return Category.ADJECTIVE


# --- verb phrases ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb phrase: the base form of its verb and what follows."""

    verb: str
    rest: str = ""

    def finite(self) -> str:
        """is a cat; chases the dog"""
        form = {"be": "is", "have": "has"}.get(self.verb) or inflect(self.verb, "VBZ") or self.verb + "s"
        return f"{form} {self.rest}".strip()

    def negative(self) -> str:
        """is not a cat; does not chase the dog"""
        return f"is not {self.rest}" if self.verb == "be" else f"does not {self.infinitive()}"

    def infinitive(self) -> str:
        """be a cat; chase the dog"""
        return f"{self.verb} {self.rest}".strip()


def phrase(symbol: str, objects: tuple[str, ...], category: Category | None = None) -> Phrase | None:
    """The verb phrase of predicate `symbol` before the English of its arguments after the first.

    None where no natural phrase is known: the caller then reads the atom literally.
    """
    words = split(symbol)
    low = tuple(w.lower() for w in words)
    if low[0] in {"is", "are"} and len(low) > 1:
        words, low = words[1:], low[1:]
    if not objects:
        return _one_place(words, category or guess("_".join(words), 1))
    if low[0] in {"has", "have"}:
        thing = " ".join(low[1:])
        if len(objects) > 1:
            return None
        return Phrase("have", f"{objects[0]} as {thing}" if thing else objects[0])
    return _many_places(low, objects, category or guess("_".join(words), 1 + len(objects)))


def _one_place(words: tuple[str, ...], category: Category) -> Phrase | None:
    low = tuple(w.lower() for w in words)
    if low[-1] in PREPOSITIONS and low != ("like",):
        return None
    text = " ".join(low)
    match category:
        case Category.VERB:
            return Phrase(_verb(low[0]), " ".join(low[1:]))
        case Category.ADJECTIVE:
            return Phrase("be", text)
        case Category.NOUN | Category.RELATION:
            last = low[-1]
            singular = parts_of_speech(last).get("NOUN", (last,))
            if last not in singular and inflect(singular[0], "NNS") == last:
                last = singular[0]
            return Phrase("be", article(" ".join((*low[:-1], last))))


def _many_places(low: tuple[str, ...], objects: tuple[str, ...], category: Category) -> Phrase | None:
    preposition = low[-1] if low[-1] in PREPOSITIONS else ""
    stem = low[:-1] if preposition else low
    if not stem:
        return Phrase("be", f"{preposition} {' and '.join(objects)}")
    text, head = " ".join(stem), stem[-1]
    if is_comparative(head):
        return (
            Phrase("be", f"{text} than {objects[0]}")
            if len(objects) == 1 and preposition in {"", "than"}
            else None
        )
    if len(objects) > 2 or (len(objects) == 2 and not preposition):
        return None
    tail = f"{preposition} {objects[-1]}" if preposition else objects[-1]
    if len(objects) == 2:
        tail = f"{objects[0]} {tail}"
        return Phrase(_verb(stem[0]), " ".join((*stem[1:], tail))) if category is Category.VERB else None
    if preposition and is_participle(head):
        return Phrase("be", f"{text} {tail}")
    match category:
        case Category.VERB:
            return Phrase(_verb(stem[0]), " ".join((*stem[1:], tail)))
        case Category.RELATION | Category.NOUN:
            noun = f"the {text}" if stem == (head,) and head in ONE_OF_A_KIND else article(text)
            return Phrase("be", f"{noun} {tail}" if preposition else f"{noun} of {tail}")
        case Category.ADJECTIVE:
            return Phrase("be", f"{text} {tail}") if preposition else None


def _verb(word: str) -> str:
    """The base form of a verb given as base form or as third person."""
    lemmas = parts_of_speech(word).get("VERB", ())
    return next((v for v in lemmas if v != word and word not in lemmas and inflect(v, "VBZ") == word), word)


# --- evidence from sentences -------------------------------------------------------------


def check_hints(hints: Mapping[str, str]) -> dict[str, Category]:
    """Raises InputError for a category that does not exist."""
    out = {}
    for symbol, value in hints.items():
        if value not in set(Category):
            known = ", ".join(Category)
            raise InputError(
                f"hint for {symbol!r} is {value!r}, expected one of: {known}", hint="correct the table"
            )
        out[symbol] = Category(value)
    return out


def categories(theory: Theory, hints: Mapping[str, str] | None = None) -> dict[str, Category]:
    """Categories of one-place predicates as the theory's sentences use them; `hints` win.

    Evidence is counted over all sentences: "a mortal" or "mortals" makes a noun, "is mortal"
    an adjective, "Tom runs" a verb.  Ties fall to the dictionary (no entry is made).
    """
    votes: dict[str, Counter[Category]] = {}
    for c in theory.claims:
        if isinstance(c.source, Span):
            text = f" {' '.join(re.findall(r'[a-z0-9]+', c.source.text.lower()))} "
            for a in atoms(c.formula):
                if len(a.args) == 1:
                    votes.setdefault(a.pred, Counter()).update(_evidence(a.pred, text))
    out: dict[str, Category] = {}
    for symbol, count in sorted(votes.items()):
        ranked = sorted(count.items(), key=lambda kv: (-kv[1], kv[0]))
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            out[symbol] = ranked[0][0]
    return out | check_hints(hints or {})


def _evidence(symbol: str, text: str) -> tuple[Category, ...]:
    low = tuple(w.lower() for w in split(symbol))
    base, last, first = " ".join(low), low[-1], low[0]
    plural = " ".join((*low[:-1], inflect(last, "NNS") or last + "s"))
    third = " ".join((inflect(first, "VBZ") or first + "s", *low[1:]))
    found = []
    if f" a {base} " in text or f" an {base} " in text:
        found.append(Category.NOUN)
    if re.search(rf" (?:is|are|be|was|were|not|very|is not|are not) {re.escape(base)} ", text):
        found.append(
            Category.VERB if re.search(rf" (?:do|does) not {re.escape(base)} ", text) else Category.ADJECTIVE
        )
    before_noun = rf"(?:^| all| no| some| are| not| if| every| most) {re.escape(plural)} "
    if plural != base and re.search(before_noun, text):
        found.append(Category.NOUN)
    elif third in text.split(" ") or f" {third} " in text:
        found.append(Category.VERB)
    return tuple(found)

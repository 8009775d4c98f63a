"""What English does with a predicate symbol: its part of speech and its verb phrase.

The logic has no parts of speech, so they are recovered: from the caller's hints or the sentences
the claims were read from (`evidence`), else from lemminflect's dictionary, else from the form of
the word.  A wrong guess costs style, never meaning.  Knows words only; must not know formulas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


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
    bark breathe climb cough crawl cry dance dream drink exercise fail fall fight fly hop jump laugh move
    play rest run shine sing sleep smile smoke sneeze snore speak study swim talk travel vote wait walk
    win work
    """
)
# Adjectives without comparative that the dictionary also has as nouns or verbs.
ADJECTIVES = _words(
    """
    alive closed dead double empty equal fake female free immortal male mortal open wet
    """
)
# A modal has no third person and no infinitive: its negative, and what stands for its infinitive
# where English has a phrase that means the same ("" where it has none).
MODALS: Mapping[str, tuple[str, str]] = {
    "can": ("cannot", "be able to"),
    "could": ("could not", ""),
    "may": ("may not", ""),
    "might": ("might not", ""),
    "must": ("does not have to", "have to"),
    "must not": ("is not forbidden to", "be forbidden to"),
    "ought": ("ought not", ""),
    "shall": ("shall not", ""),
    "should": ("should not", ""),
    "will": ("will not", ""),
    "would": ("would not", ""),
}
PROHIBITION = "must not"  # a predicate of its own, must_not_smoke: that somebody need not is no prohibition
NEGATIVES = frozenset(("not", "no", "never"))
TINS = frozenset(("can", "will"))  # modals that are verbs of their own too: she cans the fish
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
    if (
        len(words) == 1
        and (stem := _verb(head)) != head
        and (stem in INTRANSITIVE or "NOUN" not in _base_tags(stem))
    ):
        return Category.VERB  # in the third person: flies, wins, grows
    if not tags:
        return Category.ADJECTIVE if head.endswith(ADJECTIVE_ENDINGS) else Category.NOUN
    for tag, category in (("NOUN", Category.NOUN), ("ADJ", Category.ADJECTIVE), ("VERB", Category.VERB)):
        if tag in tags:
            return category
    return Category.ADJECTIVE


# --- verb phrases ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb phrase: the base form of its verb and what follows; `modal` stands before the verb."""

    verb: str
    rest: str = ""
    modal: str = ""

    def finite(self) -> str:
        """is a cat; chases the dog; can chase the dog"""
        if self.modal:
            return f"{self.modal} {self._bare()}"
        form = {"be": "is", "have": "has"}.get(self.verb) or inflect(self.verb, "VBZ") or self.verb + "s"
        return f"{form} {self.rest}".strip()

    def negative(self) -> str:
        """is not a cat; does not chase the dog; cannot chase the dog"""
        if self.modal:
            return f"{MODALS[self.modal][0]} {self._bare()}"
        return f"is not {self.rest}" if self.verb == "be" else f"does not {self._bare()}"

    def plural(self) -> str:
        """are green; chase the dog; can chase the dog.  Empty for "is a cat", and for a prohibition."""
        if self.modal:
            return self.finite() if self.modal != PROHIBITION else ""
        if self.verb != "be":
            return self._bare()
        return "" if self.rest.partition(" ")[0] in {"a", "an", "the"} else f"are {self.rest}"

    def general(self) -> str:
        """The finite form of a subject under a quantifier: "every guest must not" might be "not every"."""
        return f"is {self.infinitive().removeprefix('be ')}" if self.modal == PROHIBITION else self.finite()

    def infinitive(self) -> str:
        """be a cat; chase the dog; be able to chase the dog.  Empty where a modal has none."""
        if not self.modal:
            return self._bare()
        instead = MODALS[self.modal][1]
        return f"{instead} {self._bare()}" if instead else ""

    def _bare(self) -> str:
        return f"{self.verb} {self.rest}".strip()


def phrase(symbol: str, objects: tuple[str, ...], category: Category | None = None) -> Phrase | None:
    """The verb phrase of predicate `symbol` before the English of its arguments after the first.

    None where no natural phrase is known: the caller then reads the atom literally.
    """
    if (place := _ranked(split(symbol), objects)) is not None:
        return place
    words = split(symbol)
    low = tuple(w.lower() for w in words)
    if low[0] in {"is", "are"} and len(low) > 1:
        words, low = words[1:], low[1:]
    if low[0] in MODALS and category in {None, Category.VERB}:
        if (verbal := _modal(low, objects)) is not None:
            return verbal
        # a modal is never conjugated, but there are can openers
        if low[0] not in TINS or len(low) > 1:
            category = None if category else _compound(words, 1 + len(objects))
            if category is None:
                return None
    if low[0] == "cannot":
        return None  # the negative of another symbol
    if not objects:
        return _one_place(words, category or guess("_".join(words), 1))
    if low[0] in {"has", "have"}:
        if low[1:2] == ("to",):
            return _after("have", low[1:], objects) if len(low) > 2 else None
        thing = " ".join(low[1:])
        if len(objects) > 1:
            return None
        return Phrase("have", f"{objects[0]} as {thing}" if thing else objects[0])
    return _many_places(low, objects, category or guess("_".join(words), 1 + len(objects)))


_ENDS = frozenset(("left", "right", "top", "bottom", "front", "back", "north", "south", "east", "west"))
_IRREGULAR = {"better": "best", "worse": "worst", "more": "most", "less": "least", "further": "furthest"}
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


def _ranked(words: tuple[str, ...], objects: tuple[str, ...]) -> Phrase | None:
    """A place in an order: rank_left(x, 2) is "second from the left", rank_newer(x, 1) "the newest"."""
    if len(words) < 2 or words[0] != "rank" or len(objects) != 1 or not objects[0].isdigit():
        return None
    n, order = int(objects[0]), words[1:]
    nth = _ORDINALS[n - 1] if 0 < n <= len(_ORDINALS) else f"number {n}"
    if order[0] == "last":
        nth, order = "last" if n == 1 else f"{nth} to last", order[1:]
    match order:
        case () | ("be",):
            return Phrase("be", nth)
        case ("place" | "position" as where,):
            return Phrase("be", f"in {nth} {where}")
        case (end,) if end in _ENDS:
            return Phrase("be", f"{nth} from the {end}")
        case (first, *rest) if is_comparative(first) or first in _IRREGULAR:
            most = _IRREGULAR.get(first) or first.removesuffix("r") + "st"
            place = f"the {most}" if n == 1 else f"the {nth} {most}"
            return Phrase("be", " ".join((place, *rest)))
        case (verb, *rest):
            return Phrase(_verb(verb), " ".join((*rest, nth)))
    return None


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


def _modal(low: tuple[str, ...], objects: tuple[str, ...]) -> Phrase | None:
    """can find the map, must not be a member of the club; None where no verb follows the modal."""
    modal, rest = low[0], low[1:]
    if low[:2] == ("must", "not"):
        modal, rest = PROHIBITION, low[2:]
    if modal == "ought":
        if rest[:1] != ("to",):
            return None
        inner = _after("to", rest[1:], objects) if _is_verbal(rest[1:]) else None
    elif not _is_verbal(rest):
        return None
    else:
        inner = phrase("_".join(rest[1:]), objects) if rest[0] == "be" and len(rest) > 1 else None
        if inner is None or inner.verb != "be" or inner.modal:
            inner = _after(rest[0], rest[1:], objects)
    return Phrase(inner.verb, inner.rest, modal) if inner else None


def _compound(words: tuple[str, ...], arity: int) -> Category | None:
    """Noun or relation where the symbol ends in a noun and denies nothing, else None."""
    category = guess("_".join(words), arity)
    stem = [w.lower() for w in words if w.lower() not in PREPOSITIONS]
    if category not in {Category.NOUN, Category.RELATION} or NEGATIVES & set(stem):
        return None
    return category if "NOUN" in _base_tags(stem[-1]) else None


def _is_verbal(words: tuple[str, ...]) -> bool:
    """Is this the bare infinitive of a verb, maybe behind adverbs?  A word nobody knows may be one.

    Negative words are none: "can not fly" as a symbol of its own would read as a negation.
    """
    for w in words:
        if w in NEGATIVES:
            return False
        tags = _base_tags(w)
        if tags and not tags <= {"ADV"}:
            return "VERB" in tags
        if not parts_of_speech(w):
            return True
        if not tags:
            return False  # an inflected form: flies, eaten
    return False


def _after(verb: str, low: tuple[str, ...], objects: tuple[str, ...]) -> Phrase | None:
    """`verb` with the words after it as they stand and its objects: to pay the fee to Ann."""
    preposition = low[-1] if low and low[-1] in PREPOSITIONS else ""
    if len(objects) > (2 if preposition else 1) or (preposition and not objects):
        return None
    if len(objects) == 2:
        return Phrase(verb, " ".join((*low[:-1], objects[0], preposition, objects[1])))
    return Phrase(verb, " ".join((*low, *objects)))


def _verb(word: str) -> str:
    """The base form of a verb given as base form or as third person."""
    lemmas = parts_of_speech(word).get("VERB", ())
    return next((v for v in lemmas if v != word and word not in lemmas and inflect(v, "VBZ") == word), word)

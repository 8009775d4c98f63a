"""Words and their base forms: what a copied word is called in the logic.

Knows English inflection (lemminflect for known words, rules for unknown ones); must not know
sentences.  Known and unknown are told apart by lemminflect's dictionary.  lemminflect is
imported at first use, since it loads for a fifth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

_VOWELS = "aeiou"

# Forms whose first dictionary lemma is not the usual one in plain statements.
_NOUN = {"people": "person", "dice": "die", "axes": "axe", "bases": "base", "lives": "life", "leaves": "leaf"}
_VERB = {
    "is": "be", "are": "be", "was": "be", "were": "be", "am": "be", "been": "be", "being": "be",
    "'s": "be", "'re": "be", "'ve": "have", "'d": "would", "'ll": "will", "'m": "be",
    "ca": "can", "wo": "will", "sha": "shall",
    "found": "find", "saw": "see", "left": "leave", "felt": "feel", "fell": "fall", "wound": "wind",
    "ground": "grind", "bound": "bind", "bore": "bear", "lay": "lie", "lain": "lie", "shot": "shoot",
    "rose": "rise", "wore": "wear", "dove": "dive", "sought": "seek", "born": "bear", "lit": "light",
}  # fmt: skip
_MODAL = {"ca": "can", "wo": "will", "sha": "shall", "n't": "not", "'ll": "will", "'d": "would"}
_POSSESSIVE = {"'s": "of", "'": "of"}
_ORDER = {
    "most": "more", "least": "less", "best": "better", "worst": "worse", "furthest": "further",
    "farthest": "farther", "eldest": "older", "elder": "older", "leftmost": "left", "rightmost": "right",
    "topmost": "top", "uppermost": "top", "bottommost": "bottom", "lowermost": "bottom",
    "innermost": "inner", "outermost": "outer", "foremost": "front", "frontmost": "front",
    "rearmost": "back", "hindmost": "back", "northernmost": "north", "southernmost": "south",
    "easternmost": "east", "westernmost": "west",
}  # fmt: skip
# Words that a predicate made of a stretch of words leaves out: they do not tell what is done.
_SLIGHT = frozenset(str.split("a an the this that these those his her its their my your our 's '"))
# Words whose endings are no inflection.
_FIXED = frozenset(str.split(
    "always during something nothing anything everything as this thus perhaps besides towards across "
    "sometimes news series species less unless ours yours theirs hers its during according need morning "
    "evening ceiling wedding building king ring spring string thing sing bring red bed wed indeed"
))  # fmt: skip
_UNITS = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_NUMBERS = {w: i for i, w in enumerate(_UNITS)} | {w: 10 * (i + 2) for i, w in enumerate(_TENS)}
_ORDINALS = {w: i for i, w in enumerate(str.split(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
), 1)} | {"last": 1}  # fmt: skip
_NUMBERS |= {"hundred": 100, "thousand": 1000, "million": 1000000, "dozen": 12}


@lru_cache(maxsize=1)
def _inflect() -> Any:
    import lemminflect

    return lemminflect


@lru_cache(maxsize=50_000)
def _lemmas(word: str) -> Mapping[str, tuple[str, ...]]:
    """Base forms of a lower-case word by part of speech.  Kept, for the dictionary copies its answers."""
    found: Mapping[str, tuple[str, ...]] = _inflect().getAllLemmas(word)
    return found


_CODE = re.compile(r"[A-Za-z]{0,3}-?\d+[A-Za-z]?")  # "A12", "2041", "7b"


@lru_cache(maxsize=200_000)
def normalize(word: str, kind: str) -> str:
    """The word as part of a symbol, by the kind of the pointer that copied it (see scheme.KINDS)."""
    match kind:
        case "N" | "D":
            return noun_lemma(word.lower())
        case "V" | "T":
            return verb_lemma(word.lower())
        case "E":
            name = word.rstrip(".") or word
            return name[:1].upper() + name[1:]
        case "P":
            return _MODAL.get(word.lower(), _POSSESSIVE.get(word.lower(), word.lower()))
        case "S":
            return positive_order(word.lower())
        case _:
            return word.lower()


@lru_cache(maxsize=50_000)
def number(word: str) -> Fraction | None:
    """The value of a numeral in digits or of a number word, or None."""
    text = word.lower().replace(",", "").strip("$€£%")
    if re.fullmatch(r"-?\d+(\.\d+)?(/[1-9]\d*)?", text) and not ("." in text and "/" in text):
        return Fraction(text)
    if text in _NUMBERS:
        return Fraction(_NUMBERS[text])
    tens, _, unit = text.partition("-")
    if tens in _TENS and unit in _UNITS[1:10]:
        return Fraction(_NUMBERS[tens] + _NUMBERS[unit])
    return None


def ordinal(word: str) -> int | None:
    """The place that an ordinal names (first: 1, 3rd: 3), or None.  "Last" is the first from the end."""
    text = word.lower()
    if (m := re.fullmatch(r"(\d{1,4})(st|nd|rd|th)", text)) is not None:
        return int(m[1]) or None
    if text in _ORDINALS:
        return _ORDINALS[text]
    tens, _, unit = text.partition("-")
    return 10 * (_TENS.index(tens) + 2) + _ORDINALS[unit] if tens in _TENS and unit in _ORDINALS else None


@lru_cache(maxsize=50_000)
def positive_order(word: str) -> str:
    """The comparative of a superlative ("tallest": taller), so that both name one order."""
    if word in _ORDER:
        return _ORDER[word]
    base = _lemmas(word).get("ADJ", ())
    if word.endswith("est"):
        if base and base[0] != word and (more := comparative(base[0])):
            return more
        return word[:-3] + "er"
    return word


@lru_cache(maxsize=100_000)
def lump_lemma(word: str) -> str:
    """The base form of a lower-case word whose part of speech is not known; empty for articles."""
    if word in _SLIGHT:
        return ""
    if word in _VERB or word in ("has", "does", "had", "did", "having", "doing"):
        return _VERB.get(word) or ("have" if word.startswith("ha") else "do")
    if word == "people":
        return "person"
    if word in _FIXED or len(word) < 4:
        return word
    if known := _lemmas(word).get("VERB", ()):
        return word if word in known else str(known[0])
    single = noun_lemma(word)
    return single if single != word else verb_lemma(word)


@lru_cache(maxsize=100_000)
def noun_lemma(word: str) -> str:
    """Singular of a lower-case noun."""
    if word in _NOUN:
        return _NOUN[word]
    if "-" in word:
        head, _, last = word.rpartition("-")
        return f"{head}-{noun_lemma(last)}" if head and last else word
    known = _lemmas(word).get("NOUN", ())
    if not known:
        return _unknown_noun(word)
    if word not in known:
        return known[0]
    # "glasses" is a noun of its own too, but then "a glass" would not be one of the glasses.
    single = [k for k in known if k != word and plural(k) == word and not word.endswith("ics")]
    return single[0] if single else word


def _unknown_noun(w: str) -> str:
    if len(w) < 4 or not w.endswith("s") or w.endswith(("ss", "us", "is")):
        return w[:-3] + "man" if w.endswith("men") and len(w) > 5 else w
    if w.endswith("ies"):
        return w[:-3] + "y" if len(w) > 4 else w[:-1]
    if w.endswith(("uses", "sses", "xes", "ches", "shes", "zzes", "oes")):
        return w[:-2]
    return w[:-1]


@lru_cache(maxsize=100_000)
def verb_lemma(word: str) -> str:
    """Base form of a lower-case verb: finite, gerund or participle."""
    if word in _VERB:
        return _VERB[word]
    if "-" in word:
        head, _, last = word.rpartition("-")
        return f"{head}-{verb_lemma(last)}" if head and last else word
    known = _lemmas(word).get("VERB", ())
    if known:
        return word if word in known else known[0]
    return _unknown_verb(word)


def _unknown_verb(w: str) -> str:
    if w.endswith(("ies", "ied")) and len(w) > 4:
        return w[:-3] + "y"
    for ending in ("ing", "ed"):
        stem = w[: -len(ending)]
        if w.endswith(ending) and len(stem) >= 2 and any(c in _VOWELS + "y" for c in stem):
            return _restore(stem)
    if len(w) < 4 or not w.endswith("s") or w.endswith(("ss", "us", "is")):
        return w
    if w.endswith(("sses", "xes", "ches", "shes", "zzes", "oes")):
        return w[:-2]
    return w[:-1]


def _restore(stem: str) -> str:
    """The verb whose -ed and -ing forms stand on `stem`."""
    last, before = stem[-1], stem[-2]
    if last == before and last not in "lsfzaeiou":
        return stem[:-1]  # glimmed -> glim
    if last in "vcuz" and before != "z":
        return stem + "e"  # wolved -> wolve
    if last == "s" and before != "s":
        return stem + "e"  # chased -> chase
    if last == "l" and before not in _VOWELS + "lrw":
        return stem + "e"  # zorbled -> zorble
    if last == "g" and before in "drl":
        return stem + "e"  # smedged -> smedge
    single = re.fullmatch(r"[^aeiou]*[aeiouy][^aeiouwxy]", stem)
    return stem + "e" if single else stem  # glaped -> glape; "glap" would give "glapped"


# --- the inverse, for the generator ---------------------------------------------------


@lru_cache(maxsize=50_000)
def plural(noun: str) -> str:
    """Plural of a lower-case noun."""
    if noun == "person":
        return "people"
    known = _inflect().getInflection(noun, "NNS", inflect_oov=False) if _known(noun, "NOUN") else ()
    return known[0] if known else _add_s(noun)


@lru_cache(maxsize=50_000)
def verb_forms(verb: str) -> tuple[str, str, str, str]:
    """Third person singular, past, past participle and gerund of a base form."""
    forms = _inflect().getAllInflections(verb, "VERB") if _known(verb, "VERB") else {}
    ed, ing = _stem(verb) + "ed", _stem(verb, "ing") + "ing"
    if verb.endswith("e"):
        ed = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        ed = verb[:-1] + "ied"
    return (
        forms.get("VBZ", (_add_s(verb),))[0],
        forms.get("VBD", (ed,))[0],
        forms.get("VBN", forms.get("VBD", (ed,)))[0],
        forms.get("VBG", (ing,))[0],
    )


@lru_cache(maxsize=50_000)
def comparative(adjective: str) -> str:
    """The -er form of a short adjective, or the empty text where "more" is used."""
    forms = _inflect().getAllInflections(adjective, "ADJ") if _known(adjective, "ADJ") else {}
    return str(forms.get("JJR", ("",))[0])


def _known(word: str, part: str) -> bool:
    return word in _lemmas(word).get(part, ())


def kind_in_name(name: Sequence[str]) -> int:
    """How many words of a name say what is numbered, "ticket" of "ticket A12": 1, or 0 of other names."""
    if len(name) != 2 or _CODE.fullmatch(name[1]) is None:
        return 0
    kind = name[0].lower()
    return int(kind in _lemmas(kind).get("NOUN", ()))


def is_known(word: str) -> bool:
    """Is a lower-case word in the dictionary, in any form?"""
    return bool(_lemmas(word))


def _add_s(w: str) -> str:
    if w.endswith(("s", "x", "z", "ch", "sh")):
        return w + "es"
    if w.endswith("y") and w[-2:-1] not in _VOWELS:
        return w[:-1] + "ies"
    return w + "s"


def _stem(verb: str, ending: str = "ed") -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1]
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxyslfz]", verb):
        return verb + verb[-1]  # glim -> glimmed
    return verb

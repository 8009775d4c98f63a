"""Stretches of words as docs/english.md tells them to the parser: pointers of the target language.

A stretch is told by its words alone and never by the formula it came with, so that the same
words are told in the same way in every sentence.

Knows the scheme and English morphology.  Must not know formulas.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.errors import ParserError
from neurosym.parser.coverage import CHANGING
from neurosym.parser.morphology import lump_lemma, noun_lemma, number

from .folio_units import MODAL, PREPOSITION, Proposal, Tree, Unit, of_part

ARTICLE = ("a", "an", "the")
ANYTHING = frozenset(
    str.split(
        "someone somebody something anyone anybody anything everyone everybody everything one those whoever "
        "ones"
    )
)
SLIGHT = ("also", "too", ",")
LONG = 3  # words of a noun phrase without preposition that are told one by one


def name_of(unit: Unit, words: Sequence[str]) -> str:
    """What a unit is called, whatever its pointers: the base forms of its words."""
    lead = [] if unit.lead is None else range(unit.lead, unit.lead + _lead(unit.lead, words))
    places = [*lead, *range(unit.start, unit.end)]
    return "_".join(filter(None, (lump_lemma(words[k].lower()) for k in places)))


def _lead(i: int, words: Sequence[str]) -> int:
    """How many words a verb or preposition that is shared takes up: "lives in"."""
    return 1 + (words[i + 1].lower() in PREPOSITION)


def tokens_of(p: Proposal, words: Sequence[str]) -> list[str] | None:
    """The target tokens of a proposal; None for one that says nothing."""
    body = _tree(p.body, words)
    if body is None:
        return None
    limits = None if p.restriction is None else _tree(p.restriction, words)
    match p.quantifier:
        case "ALL":
            inner = body if limits is None else ["IMP", *limits, *body]
            return ["FACT", "ALL", "x", *inner]
        case "EX":
            inner = body if limits is None else ["AND", *limits, *body]
            return ["FACT", "EX", "x", *inner]
        case _:
            return ["FACT", *body]


def _tree(t: Tree, words: Sequence[str]) -> list[str] | None:
    """Tokens of a formula; None for a noun like "someone", which says nothing."""
    if isinstance(t, Unit):
        return _unit(t, words)
    parts = [said for p in t.parts if (said := _tree(p, words)) is not None]
    if t.op == "AND":
        return _all(parts) if parts else None
    if len(parts) < len(t.parts):
        return None
    return [t.op, *(token for p in parts for token in p)]


def _all(parts: Sequence[list[str]]) -> list[str]:
    if len(parts) == 1:
        return parts[0]
    return ["AND", *parts[0], *_all(parts[1:])]


def _unit(u: Unit, words: Sequence[str]) -> list[str] | None:
    i, j = u.start, u.end
    while i < j - 1 and words[i].lower() in ARTICLE:
        i += 1
    while j - i > 1 and words[j - 1].lower() in SLIGHT:
        j -= 1
    while j - i > 1 and words[i].lower() in SLIGHT:
        i += 1
    low = [w.lower() for w in words[i:j]]
    subject = list(u.subject)
    if u.lead is not None:
        return _shared(u.lead, i, j, words, subject)
    if len(low) == 1 and low[0] in ANYTHING:
        return None
    match u.kind:
        case "noun":
            return _noun(i, j, words, subject)
        case "be":
            return _complement(i, j, words, subject)
        case "verb":
            return _verb(i, j, words, subject)


def _span(i: int, j: int, subject: list[str]) -> list[str]:
    return ["P1", "SPAN", f"B:{i}", f"F:{j - 1}", *subject]


def _noun(i: int, j: int, words: Sequence[str], subject: list[str]) -> list[str]:
    """A noun, its compounds joined and its adjectives apart; a longer phrase as a stretch."""
    low = [w.lower() for w in words[i:j]]
    if j - i > 2 and low[1] == "of" and (name := _name(i + 2, j, words)) is not None:
        return ["P2", f"N:{i}", *subject, *name]
    if (
        j - i > LONG
        or any(w in PREPOSITION or w in ARTICLE or w in CHANGING or not w[:1].isalnum() for w in low)
        or any(number(w) is not None for w in low)
        or "and" in low
        or "or" in low
    ):
        return _span(i, j, subject)
    k = i
    while k < j - 1 and _adjective(words[k]):
        k += 1
    noun = [f"N:{n}" for n in range(k, j)]
    joined = [t for n in noun[:-1] for t in ("JOIN", n)] + [noun[-1]]
    said = [["P1", f"A:{n}", *subject] for n in range(i, k)] + [["P1", *joined, *subject]]
    return _all(said)


# Adjectives that dictionaries have as nouns too.
PLAIN = frozenset(
    str.split(
        "heavy light hard soft hot cold sweet tired busy happy sad good bad big small large long "
        "short high low old new young rich poor great famous red green blue white black yellow "
        "human male female public private local natural regular"
    )
)


def _adjective(word: str) -> bool:
    low = word.lower()
    if word[:1].isupper() and not low.endswith(("an", "ish", "ese", "ic", "ch")):
        return False
    return low in PLAIN or (
        of_part(low, "ADJ")
        and (not of_part(low, "NOUN") or low.endswith(("al", "an", "ish", "ese", "ic", "ive")))
    )


def _name(i: int, j: int, words: Sequence[str]) -> list[str] | None:
    """A proper name, without its article."""
    i += j - i > 1 and words[i].lower() == "the"
    inner = words[i:j]
    if not inner or not all(w[:1].isupper() or w in ("of", "the") or w.isdigit() for w in inner):
        return None
    if not inner[0][:1].isupper() or not inner[-1][:1].isalnum():
        return None
    return [t for k in range(i, j - 1) for t in ("NAMES", f"E:{k}")] + [f"E:{j - 1}"]


def _complement(i: int, j: int, words: Sequence[str], subject: list[str]) -> list[str]:
    """What follows "is"."""
    low = [w.lower() for w in words[i:j]]
    first = low[0]
    if j - i == 1:
        plural = of_part(first, "NOUN") and noun_lemma(first) != first
        noun = plural or (of_part(first, "NOUN") and not of_part(first, "ADJ"))
        return ["P1", f"{'N' if noun and not first.endswith(('ed', 'ing')) else 'A'}:{i}", *subject]
    if first in PREPOSITION and (name := _name(i + 1, j, words)) is not None:
        return ["P2", f"P:{i}", *subject, *name]
    if low[1] in PREPOSITION and (name := _name(i + 2, j, words)) is not None:
        if first.endswith("ed") or (of_part(first, "VERB") and not of_part(first, "NOUN")):
            if low[1] == "by":
                return ["P2", f"T:{i}", *name, *subject]
            return ["P2", "JOIN", f"V:{i}", f"P:{i + 1}", *subject, *name]
        if of_part(first, "ADJ"):
            return ["P2", "JOIN", f"A:{i}", f"P:{i + 1}", *subject, *name]
    if first.endswith("ing") and of_part(first, "VERB") and not of_part(first, "ADJ"):
        return _verb(i, j, words, subject)
    if low[1] == "than" and first.endswith("er") and (name := _name(i + 2, j, words)) is not None:
        return ["P2", f"C:{i}", *subject, *name]
    if all(of_part(w, "NOUN") or of_part(w, "ADJ") for w in low) and of_part(low[-1], "NOUN"):
        return _noun(i, j, words, subject)
    return _span(i, j, subject)


def _shared(lead: int, i: int, j: int, words: Sequence[str], subject: list[str]) -> list[str]:
    """ "Irish" in "speaks Welsh or Irish".  Raises ParserError where that cannot be told."""
    name = _name(i, j, words)
    if name is None:
        raise ParserError("no name follows a verb that is said once")
    if words[lead + 1].lower() == "by" and words[lead].lower() not in PREPOSITION:
        return ["P2", f"T:{lead}", *name, *subject]
    if _lead(lead, words) == 1:
        return ["P2", f"{'P' if words[lead].lower() in PREPOSITION else 'V'}:{lead}", *subject, *name]
    return ["P2", "JOIN", f"V:{lead}", f"P:{lead + 1}", *subject, *name]


def _verb(i: int, j: int, words: Sequence[str], subject: list[str]) -> list[str]:
    """A verb phrase from its verb on: with a name or one noun it is a relation, longer ones are a stretch."""
    low = [w.lower() for w in words[i:j]]
    if j - i == 1:
        return ["P1", f"{'V' if of_part(low[0], 'VERB') else 'A'}:{i}", *subject]
    if low[0] in MODAL:
        return ["P1", "JOIN", f"P:{i}", f"V:{i + 1}", *subject] if j - i == 2 else _span(i, j, subject)
    if (name := _name(i + 1, j, words)) is not None:
        return ["P2", f"V:{i}", *subject, *name]
    if low[1] in PREPOSITION and (name := _name(i + 2, j, words)) is not None:
        if low[1] == "by" and low[0].endswith("ed"):
            return ["P2", f"T:{i}", *name, *subject]
        return ["P2", "JOIN", f"V:{i}", f"P:{i + 1}", *subject, *name]
    if low[0] not in ("do", "does", "did") and low[0] not in PREPOSITION:
        article = low[1] in ("a", "an")
        noun = j - i == 2 + article and of_part(low[-1], "NOUN") and not low[-1].endswith("ing")
        if noun and (article or noun_lemma(low[-1]) != low[-1]):
            return ["EX", "y", "AND", "P1", f"N:{j - 1}", "y", "P2", f"V:{i}", *subject, "y"]
    return _span(i, j, subject)

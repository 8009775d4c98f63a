"""Mends of what a reading says of relatives where the words of the sentence say otherwise.

"They met her uncle Otto" is of her uncle, whoever "they" are; after "showed his boat to his uncle, Otto" Otto
is the uncle; and "her uncle's shed" speaks of one uncle, not of an uncle's uncle.  What stands beside a noun
decides whose it is and who is presented by it (close apposition; Quirk et al. 1985, section 17.65).  Knows
tokens and words; must not know stories.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.parser.mentions import RELATIVES, gender_of_name
from neurosym.parser.preferences import PRONOUNS
from neurosym.parser.scheme import PLACE, end_of

_POSSESSIVE = frozenset(("his", "her", "their"))
_GENITIVE = frozenset(("'s", "’s", "'"))
_PHRASE = 3  # words from "her" to the noun of "her very old uncle"


def mended_relatives(tokens: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """The tokens with each relative said of the owner and by the noun that stand beside the name.

    tokens must be one expression; they come back as they are where the words bear them out.
    """
    low = [w.lower() for w in words]
    out = _named(tuple(tokens), words)
    if _POSSESSIVE.isdisjoint(low) or "P2" not in out:
        return out
    for mend in (_said_once, _presented, _owned):
        out = mend(out, low)
    return out


def _owned(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """ "They met her uncle": a pronoun that is the owner is the possessive one, if the two do not agree."""
    out = list(tokens)
    for _, noun, _, owner in _relations(tokens):
        t = tokens[owner]
        at = _possessive(low, noun)
        one = at >= 0 and low[at] != "their"  # of "she found their uncle" she is one of them
        if one and t.startswith("R:") and PRONOUNS.get(low[PLACE[t]], "") not in ("", PRONOUNS[low[at]]):
            out[owner] = f"R:{at}"
    return tuple(out)


def _presented(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """ "Showed his boat to his uncle, Otto": the noun beside the name is the one that presents it."""
    out = list(tokens)
    for i, noun, name, owner in _relations(tokens):
        first = min((PLACE[t] for t in tokens[name:owner] if t[:2] == "E:"), default=-1)
        beside = first - 2 if first > 1 and low[first - 1] == "," else first - 1
        if not noun < beside or low[beside] not in RELATIVES or f"N:{beside}" in tokens:
            continue
        own, other = _possessive(low, noun), _possessive(low, beside)
        if own < 0 or other <= noun or low[own] != low[other]:
            continue
        out[i + 1] = f"N:{beside}"
    return tuple(out)


def _said_once(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """One word for a relative is one relative: what says it again is left out.

    "Her nephew's, Max, boat": nephew(x, she) and nephew(Max, x) are of one nephew, who is Max.
    """
    said = list(_relations(tokens))
    for i, noun, name, owner in said:
        if tokens[max(i - 3, 0) : i] != ("EX", tokens[name], "AND"):
            continue
        for j, again, other, of in said:
            if (noun != again and low[again] not in _GENITIVE) or tokens[of] != tokens[name]:
                continue
            if j == end_of(tokens, i) and tokens[other][:2] == "E:":
                one = (*tokens[i:name], tokens[other], *tokens[owner : end_of(tokens, owner)])
                return _said_once((*tokens[: i - 3], *one, *tokens[end_of(tokens, j) :]), low)
            if j - 2 == end_of(tokens, i) and tokens[j - 2] == "EX":
                kept = (*tokens[: i - 1], *tokens[i : j - 2], *tokens[end_of(tokens, j) :])
                return _said_once(kept, low)
    return tokens


def _named(tokens: tuple[str, ...], words: Sequence[str]) -> tuple[str, ...]:
    """ "The brave Ida" is Ida: a name that an adjective stands before is no description."""
    for i, t in enumerate(tokens):
        if t != "NAMES" or end_of(tokens, i) != i + 3 or not tokens[i + 1].startswith("D:"):
            continue
        first, last = PLACE[tokens[i + 1]], PLACE[tokens[i + 2]]
        plain = words[first].islower() and first > 0 and words[first - 1].lower() == "the"
        if plain and last == first + 1 and gender_of_name(words[last]):
            return _named((*tokens[:i], f"E:{last}", *tokens[i + 3 :]), words)
    return tokens


def _relations(tokens: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """What is said by a noun of two: where it begins, the noun's word, where its two terms begin."""
    for i, t in enumerate(tokens):
        if t == "P2" and tokens[i + 1].startswith("N:"):
            yield i, PLACE[tokens[i + 1]], i + 2, end_of(tokens, i + 2)


def _possessive(low: Sequence[str], noun: int) -> int:
    """Where the possessive pronoun of a noun stands, with nothing but words between them; or -1."""
    for k in range(noun - 1, max(noun - 1 - _PHRASE, -1), -1):
        if low[k] in _POSSESSIVE:
            return k
        if not low[k].isalpha():
            return -1
    return -1

"""Phrases of several words that say nothing to the logic: openings, closings, links.

The generator writes them; `asides` finds their places, so that a reading which leaves them out is
complete.  They are whole phrases because their words alone do say something: "the truth is that",
but not "truth".  Knows words; must not know readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def _phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(t.split()) for t in texts)


# Before a statement.
OPENINGS = _phrases(
    "it is true that", "it is a fact that", "it is the case that", "it is known that", "it is clear that",
    "it is certain that", "it is well known that", "it turns out that", "it so happens that", "it holds that",
    "note that", "notice that", "remember that", "recall that", "we are told that", "we also know that",
    "you should know that", "keep in mind that", "the fact is that", "the truth is that",
    "it has been shown that", "it should be noted that", "there is no doubt that",
    "as a matter of fact ,", "indeed ,", "actually ,", "in other words ,", "for example ,",
    "for instance ,", "after all ,", "as we know ,", "as you know ,", "additionally ,", "furthermore ,",
    "in addition ,", "similarly ,", "likewise ,", "thus ,", "hence ,", "consequently ,",
    "as a result ,", "clearly ,", "obviously ,", "evidently ,", "meanwhile ,", "still ,", "next ,",
    "overall ,", "in short ,", "as it happens ,", "naturally ,", "surely ,", "well ,",
    "on the other hand ,", "at the same time ,", "above all ,", "first of all ,", "to be clear ,",
    "that said ,", "in reality ,", "in truth ,", "by the way ,", "yes ,",
)  # fmt: skip
# Openings that a sentence has anyhow, and what may stand for them.
MORE_OPENINGS = _phrases(
    "nevertheless ,", "nonetheless ,", "even so ,", "besides that ,", "it does not hold that",
    "it is not so that", "it is n't true that", "it is n't the case that", "it is untrue that",
    "it can not be said that", "it is wrong that", "it is incorrect that", "it 's false that",
    "it is false that", "is it right that", "is it correct that", "is it a fact that", "is it so that",
    "would it be true that", "do you agree that", "would you say that", "demonstrate that", "verify that",
    "confirm that", "say whether", "tell me if", "tell us whether", "please tell me whether",
    "i want to know whether", "i would like to know if", "i wonder whether",
)  # fmt: skip
# Before a question that asks who or what.
INDIRECT = _phrases(
    "do you know", "can you tell me", "could you tell us", "tell me", "i wonder", "i want to know",
    "i would like to know", "please tell me", "say", "we want to know", "let me know", "do we know",
)  # fmt: skip
# After a statement.
CLOSINGS = _phrases(
    ", too", "too", "as well", ", as well", ", however", ", though", ", in fact", ", of course",
    ", after all", ", for example", ", indeed", ", actually", ", as we know", ", right", ", correct",
    ", yes or no", ", true or false", ", is n't it",
)  # fmt: skip
# Anywhere: links of clauses and of nouns.
LINKS = _phrases(
    "in the event that", "on condition that", "on the condition that", "providing that", "supposing that",
    "any time", "each time", "every time", "so long as", "as long as", "at least a single", "as for",
    "as well as", "as well ,", "as well and", "along with", "together with", "speaking of", "regarding",
    "concerning", "thus", "hence", "consequently", "accordingly", "precisely if", "precisely when",
    "exactly if", "exactly when", "under the condition that", "in all cases where",
    "in every case where", "the other way around", "; nevertheless ,", "; nonetheless ,",
    "but never both", "and never both", "though not both", "a group of", "a bunch of",
    "a crowd of", "a couple of", "a pair of", "too ,", "does too", "do too", "is too", "are too",
)  # fmt: skip
# What an opening may follow; their words are left out anywhere.
_BEFORE = _phrases(
    "however ,", "also ,", "therefore ,", "in fact ,", "of course ,", "moreover ,", "so", "then",
    "suppose that", "assume that", "we know that", "finally ,", "but", "and",
)  # fmt: skip


def _index(phrases: Iterable[tuple[str, ...]], by: int) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases by their first (`by` 0) or last (-1) word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        found.setdefault(phrase[by], []).append(phrase)
    return {word: tuple(ps) for word, ps in found.items()}


_AT_START = _index((*OPENINGS, *MORE_OPENINGS, *INDIRECT, *_BEFORE), 0)
_AT_END = _index(CLOSINGS, -1)
_ANYWHERE = _index(LINKS, 0)
_LONGEST = max(map(len, (*OPENINGS, *MORE_OPENINGS, *INDIRECT, *_BEFORE, *CLOSINGS, *LINKS)))
_STOPS = frozenset((".", "!", "?", "...", ";"))


def asides(low: Sequence[str]) -> frozenset[int]:
    """Where the words of such phrases stand in a sentence of lower-case words."""
    out: set[int] = set()
    at = 0
    while (n := _match(low, at, _AT_START)) and at < 3 * _LONGEST:
        out.update(range(at, at + n))
        at += n
    end = len(low)
    while end and low[end - 1] in _STOPS:
        end -= 1
    for phrase in _AT_END.get(low[end - 1], ()) if end else ():
        if len(phrase) <= end and tuple(low[end - len(phrase) : end]) == phrase:
            out.update(range(end - len(phrase), end))
            break
    for i, word in enumerate(low):
        if word in _ANYWHERE:
            out.update(range(i, i + _match(low, i, _ANYWHERE)))
    return frozenset(out)


def _match(low: Sequence[str], at: int, phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> int:
    """The length of the longest phrase that stands at a place, or 0."""
    for phrase in phrases.get(low[at], ()) if at < len(low) else ():
        if tuple(low[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0

"""One way to say what a sentence may be read as in several, by the conventions of docs/english.md.

A model that learnt from several sources has their habits: "all small things" with or without a predicate
`thing`, "either A or B" inclusive or exclusive.  Readings that differ in a convention only are one.

Knows the scheme's tokens; must not know where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.parser.scheme import end_of

_VACUOUS = frozenset(("thing", "things"))
_EXCLUDING = frozenset(("both", "exactly", "one", "else"))  # "... but not both": then it is said


def settled(tokens: Sequence[str], words: Sequence[str], exclusive: bool = False) -> tuple[str, ...]:
    """The same reading by the conventions.  exclusive: is "either A or B" one of the two only?"""
    return _either(_without_things(_definite(tuple(tokens), words), words), words, exclusive)


def _definite(tokens: tuple[str, ...], words: Sequence[str]) -> tuple[str, ...]:
    """ "The northern district" is no name, where a text that writes capitals writes none."""
    if not words[:1] or not words[0][:1].isupper():
        return tokens
    out = list(tokens)
    k = 0
    while k < len(out):
        if out[k] != "NAMES" and out[k][:2] != "E:":
            k += 1
            continue
        end = end_of(out, k)
        places = [int(t[2:]) for t in out[k:end] if t[:2] == "E:"]
        if (
            len(places) == (end - k + 1) // 2
            and places[0]
            and words[places[0] - 1].lower() == "the"
            and all(words[p].islower() for p in places)
        ):
            out[k:end] = [f"D:{t[2:]}" if t[:2] == "E:" else t for t in out[k:end]]
        k = end
    return tuple(out)


def _without_things(tokens: tuple[str, ...], words: Sequence[str]) -> tuple[str, ...]:
    """Without "... and is a thing", said of what has another property beside it."""
    things = {f"N:{i}" for i, w in enumerate(words) if w.lower() in _VACUOUS}
    if things.isdisjoint(tokens):
        return tokens
    out = tokens
    for i in reversed(range(len(tokens))):  # from the innermost outwards
        if out[i] != "AND":
            continue
        middle = end_of(out, i + 1)
        last = end_of(out, middle)
        first, second = out[i + 1 : middle], out[middle:last]
        for one, other in ((first, second), (second, first)):
            if one[0] == "P1" and one[1] in things and set(one[2:]) <= set(other):
                out = (*out[:i], *other, *out[last:])
                break
    return out


def _either(tokens: tuple[str, ...], words: Sequence[str], exclusive: bool) -> tuple[str, ...]:
    low = [w.lower() for w in words]
    eithers = low.count("either")
    if not eithers or not _EXCLUDING.isdisjoint(low):
        return tokens
    was, now = ("OR", "XOR") if exclusive else ("XOR", "OR")
    if exclusive and tokens.count("OR") + tokens.count("XOR") != eithers:
        return tokens  # which of them is meant is not clear; the weaker one stays
    return tuple(now if t == was else t for t in tokens)

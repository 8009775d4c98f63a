"""One way to say what a sentence may be read as in several, by the conventions of docs/english.md.

A model that learnt from several sources has their habits: "all small things" with or without a predicate
`thing`, "either A or B" inclusive or exclusive.  Readings that differ in a convention only are one.

Knows the scheme's tokens; must not know where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.parser.morphology import verb_lemma
from neurosym.parser.scheme import PLACE, end_of

_NOT = frozenset(("not", "n't", "n’t"))
_GIVEN = frozenset(str.split("the this that these those my your his her its our their some certain 's"))
_VACUOUS = frozenset(("thing", "things"))
_EXCLUDING = frozenset(("both", "exactly", "one", "else"))  # "... but not both": then it is said


def settled(tokens: Sequence[str], words: Sequence[str], exclusive: bool = False) -> tuple[str, ...]:
    """The same reading by the conventions.  exclusive: is "either A or B" one of the two only?"""
    low = [w.lower() for w in words]
    out = _definite(_said_again(tuple(tokens), low), words, low)
    return _either(_forbidden(_without_things(out, low), low), low, exclusive)


def _said_again(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """ "Faster than the cook walks": the verb of a comparison, said again, is no part of a name or a noun."""
    if "than" not in low:
        return tokens
    than = low.index("than")
    verbs = {verb_lemma(low[PLACE[t]]) for t in tokens if t[:2] == "V:" and PLACE[t] < than}
    out = list(tokens)
    heads = [k for k, t in enumerate(tokens) if t in ("NAMES", "JOIN")]
    for k in reversed(heads):  # from the innermost outwards
        match out[k + 1 : k + 3]:
            case [first, second] if first[1:2] == ":" and second[:2] in ("E:", "D:", "N:"):
                at = PLACE[second]
                if than < at == PLACE[first] + 1 < len(low) and verb_lemma(low[at]) in verbs:
                    out[k : k + 3] = [first]
    return tuple(out)


def _forbidden(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """ "Must not share a password" forbids it of each: the indefinite is narrower than the prohibition, which
    is one predicate here, and so it is general outside it."""
    if _NOT.isdisjoint(low) or "EX" not in tokens:
        return tokens
    for k, t in enumerate(tokens[:-2]):
        if t != "EX" or tokens[k + 2] != "AND":
            continue
        thing, end = tokens[k + 1], end_of(tokens, k)
        *said, last = _conjuncts(tokens, k + 2)
        denied = next((PLACE[p] for p in last if p[:2] == "P:" and low[PLACE[p]] in _NOT), len(low))
        places = [PLACE[p] for part in said for p in part if p[1:2] == ":"]
        described = all(part[0] == "P1" and part[-1] == thing for part in said)
        described = described and denied < min(places, default=0) and low[min(places) - 1] not in _GIVEN
        if described and last[0] in ("P1", "P2", "P3", "P4", "ALL") and thing in last:
            start = [u for part in said[:-1] for u in ("AND", *part)] + [*said[-1]]
            general = (*tokens[:k], "ALL", thing, "IMP", *start, *last, *tokens[end:])
            return _forbidden(general, low)
    return tokens


def _conjuncts(tokens: tuple[str, ...], start: int) -> list[tuple[str, ...]]:
    if start >= len(tokens):  # not one expression: `decode` says so
        return [("",)]
    if tokens[start] != "AND":
        return [tokens[start : end_of(tokens, start)]]
    middle = end_of(tokens, start + 1)
    return [*_conjuncts(tokens, start + 1), *_conjuncts(tokens, middle)]


def _definite(tokens: tuple[str, ...], words: Sequence[str], low: Sequence[str]) -> tuple[str, ...]:
    """ "The northern district" is no name, where a text that writes capitals writes none."""
    if "the" not in low or not words[0][:1].isupper():
        return tokens
    written_small = {f"E:{i}" for i, w in enumerate(words[1:], 1) if low[i - 1] == "the" and w.islower()}
    if written_small.isdisjoint(tokens):
        return tokens
    out = list(tokens)
    k = 0
    while k < len(out):
        if out[k] != "NAMES" and out[k][:2] != "E:":
            k += 1
            continue
        end = end_of(out, k)
        places = [PLACE[t] for t in out[k:end] if t[:2] == "E:"]
        if (
            len(places) == (end - k + 1) // 2
            and places[0]
            and low[places[0] - 1] == "the"
            and all(words[p].islower() for p in places)
        ):
            out[k:end] = [f"D:{t[2:]}" if t[:2] == "E:" else t for t in out[k:end]]
        k = end
    return tuple(out)


def _without_things(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """Without "... and is a thing", said of what has another property beside it."""
    if _VACUOUS.isdisjoint(low):
        return tokens
    things = {f"N:{i}" for i, w in enumerate(low) if w in _VACUOUS}
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


def _either(tokens: tuple[str, ...], low: Sequence[str], exclusive: bool) -> tuple[str, ...]:
    eithers = low.count("either")
    if not eithers or not _EXCLUDING.isdisjoint(low):
        return tokens
    was, now = ("OR", "XOR") if exclusive else ("XOR", "OR")
    if exclusive and tokens.count("OR") + tokens.count("XOR") != eithers:
        return tokens  # which of them is meant is not clear; the weaker one stays
    return tuple(now if t == was else t for t in tokens)

"""Does a possessive pronoun agree with the one whom a reading takes for its owner?

"Ann and her cousin Tom phoned his aunt Eve" may be read as aunt(Eve, Ann).  A reader knows better:
"his" is a man's, and of those named before it only Tom is one.  Where the owner of a relative is of the
other gender, or the relative, and exactly one person named before the pronoun agrees, that one is meant
(agreement filters antecedents before any preference; Lappin & Leass 1994, section 2.1).  Knows tokens and
words; whoever asks says which genders are known.  Must not know stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from neurosym.parser.scheme import end_of

Gender = Callable[[str], str]  # of a constant: m, f or empty
Mentioned = tuple[str, int, str]  # a constant, the place of its first word, the kind of its pointer


@dataclass(frozen=True, slots=True)
class Owned:
    """`noun` of an owner told by a possessive pronoun, both places of words.

    [start, end) is the owner's term in the tokens.
    """

    noun: int
    pronoun: int
    gender: str
    owner: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mended:
    """An owner who does not agree with the pronoun, and the mention that does."""

    owned: Owned
    meant: Mentioned


def owners(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[Mentioned]
) -> Iterator[tuple[Owned, str]]:
    """The named owners that possessive pronouns tell of, each with the relative's constant or nothing.

    Of nouns that are said of two things, the second one named: son(x, Ann) after "her".
    """
    named = {at: c for c, at, _ in mentions}
    for i, t in enumerate(tokens):
        if t != "P2" or not (nouns := _nouns(tokens, i + 1)):
            continue
        noun, first = nouns[0], end_of(tokens, i + 1)
        second, end = end_of(tokens, first), end_of(tokens, end_of(tokens, first))
        owner = min((int(p[2:]) for p in tokens[second:end] if p[:2] == "E:"), default=-1)
        before = [w.lower() for w in words[max(0, noun - 3) : noun]]
        pronoun = next((n for n in range(len(before) - 1, -1, -1) if before[n] in ("his", "her")), None)
        if owner not in named or pronoun is None or not all(w.isalpha() for w in before[pronoun:]):
            continue
        relative = min((int(p[2:]) for p in tokens[first:second] if p[:2] == "E:"), default=-1)
        gender = "m" if before[pronoun] == "his" else "f"
        at = noun - len(before) + pronoun
        yield Owned(noun, at, gender, named[owner], second, end), named.get(relative, "")


def mended(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[Mentioned], gender: Gender
) -> list[Mended]:
    """The owners that do not agree with their pronouns, where exactly one person before these does."""
    out = []
    for o, relative in owners(tokens, words, mentions):
        if o.owner != relative and gender(o.owner) in ("", o.gender):
            continue
        fit = {
            c: (c, at, kind)
            for c, at, kind in mentions
            if kind == "E" and at < o.pronoun and c != relative and gender(c) == o.gender
        }
        if len(fit) == 1:
            out.append(Mended(o, next(iter(fit.values()))))
    return out


def selves(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[Mentioned], mends: Sequence[Mended]
) -> list[Owned]:
    """The owners who would be their own relatives, without those that are mended.

    Nobody is: the pronoun means somebody whom the sentence does not name.
    """
    done = {m.owned for m in mends}
    return [o for o, relative in owners(tokens, words, mentions) if o.owner == relative and o not in done]


def with_owners(
    tokens: Sequence[str], mends: Sequence[Mended], outside: Sequence[Owned] = ()
) -> tuple[str, ...]:
    """The tokens with the owners that agree in the places of those that do not.

    outside: owners that are only pronouns then, since another sentence names them.
    """
    out = list(tokens)
    terms = [(m.owned, _term(tokens, m.meant[1])) for m in mends]
    terms += [(o, (f"R:{o.pronoun}",)) for o in outside]
    for o, term in sorted(terms, key=lambda t: -t[0].start):
        out[o.start : o.end] = term
    return tuple(out)


def _term(tokens: Sequence[str], first: int) -> Sequence[str]:
    """The tokens of the mention whose first word stands there."""
    pointer = next((t for t in (f"E:{first}", f"D:{first}") if t in tokens), "")
    if not pointer:  # a name of one word that the reading leaves out
        return (f"E:{first}",)
    at = tokens.index(pointer)
    start = at - 1 if at and tokens[at - 1] == "NAMES" else at
    return tokens[start : end_of(tokens, start)]


def _nouns(tokens: Sequence[str], start: int) -> list[int]:
    """The nouns of a predicate's name: one, or those of "mother in law"."""
    return [int(t[2:]) for t in tokens[start : end_of(tokens, start)] if t[:2] == "N:"]

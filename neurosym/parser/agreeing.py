"""Do "he", "she", "him" and "her" agree with the ones whom a reading takes them for?

"Tom met Ann and she smiled" may be read as smile(Tom).  Where the reading has somebody of the other gender
in the place of the pronoun and exactly one person named before it agrees, that one is meant (agreement
filters antecedents before any preference; Lappin & Leass 1994, section 2.1); where several do, the reading
is not to be believed.  `agreement` does the same for whose relative somebody is.  Knows
tokens and words; whoever asks says which genders are known.  Must not know stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from neurosym.parser.agreement import Gender, Mended, Mentioned, Owned
from neurosym.parser.scheme import arguments, end_of

_SUBJECTS = {"he": "m", "she": "f"}
_OBJECTS = {"him": "m", "her": "f"}
PRONOUNS = frozenset((*_SUBJECTS, *_OBJECTS))
_ATOMS = ("P1", "P2", "P3", "P4")
Said = tuple[tuple[int, ...], list[tuple[int, int]]]  # the places of its words; where its terms begin and end
_LINKS = frozenset(("and", "or", "but", "nor"))
# Where the clause of a pronoun ends.
_CLOSES = frozenset(
    str.split(
        ", ; : . ? ! if because when while although though who whom which that before after since unless "
        "he she they"
    )
)


def disagreeing(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[Mentioned], gender: Gender
) -> Iterator[tuple[Owned, tuple[Mentioned, ...]]]:
    """The terms of the other gender in the places of pronouns, each with those before it that agree.

    `Owned.noun` is the place of the verb or of whatever else is said; tokens must be one expression.
    """
    low = [w.lower() for w in words]
    named = {at: c for c, at, _ in mentions}
    pointed = pointed_at(tokens)
    free = [i for i, w in enumerate(low) if w in PRONOUNS and i not in pointed]
    if not free or "PART" in tokens:
        return
    atoms = list(said_of(tokens))
    for i in free:
        if low[i] == "her" and i + 1 in pointed and i + 1 < len(low):
            continue  # "her dog": whose it is, `agreement` asks
        wanted = _SUBJECTS.get(low[i]) or _OBJECTS[low[i]]
        for k, start, end in places(low, i, low[i] in _SUBJECTS, pointed, atoms):
            at = named_by(tokens, start, end)
            if not 0 <= at < i or at not in named or gender(named[at]) in ("", wanted):
                continue
            fits = {c: (c, n, kind) for c, n, kind in mentions if n < i and gender(c) == wanted}
            yield Owned(k, i, wanted, named[at], start, end), tuple(fits.values())


def agreed(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[Mentioned], gender: Gender
) -> list[Mended]:
    """Those of `disagreeing` for which exactly one person named before does agree."""
    found = disagreeing(tokens, words, mentions, gender)
    return [Mended(o, fits[0]) for o, fits in found if len(fits) == 1 and fits[0][2] == "E"]


def unclear(tokens: Sequence[str], words: Sequence[str], gender: Callable[[str, str], str]) -> str:
    """Why a reading takes a pronoun for somebody though others agree with it, or the empty text.

    gender: of a name as the sentence has it, joined by "_", and of the kind of its pointer (E or D).
    """
    mentions: list[Mentioned] = []
    i = 0
    while i < len(tokens):
        end = end_of(tokens, i) if tokens[i] == "NAMES" else i + 1
        places = [int(t[2:]) for t in tokens[i:end] if t[:2] in ("E:", "D:")]
        if places and max(places) < len(words):
            mentions.append(("_".join(words[k] for k in places), min(places), tokens[end - 1][0]))
        i = end
    kinds = {c: kind for c, _, kind in mentions}
    for o, fits in disagreeing(tokens, words, mentions, lambda c: gender(c, kinds[c])):
        # with nobody else to be meant, the one named is: stories misjudge names too
        if len(fits) > 1 or (fits and fits[0][2] != "E"):
            return f"{words[o.pronoun]!r} cannot be {o.owner!r}"
    return ""


def pointed_at(tokens: Sequence[str]) -> set[int]:
    """The words that the tokens point at, and those inside stretches."""
    out: set[int] = set()
    for i, t in enumerate(tokens):
        if ":" in t:
            first = int(tokens[i - 1][2:]) if t[:2] == "F:" and i else int(t[2:])
            out.update(range(first, int(t[2:]) + 1))
    return out


def named_by(tokens: Sequence[str], start: int, end: int) -> int:
    """The first word of the name or definite description that is the term there, or -1."""
    if tokens[start] == "THAT":
        return -1
    return min((int(t[2:]) for t in tokens[start:end] if t[:2] in ("E:", "D:")), default=-1)


def places(
    low: Sequence[str],
    i: int,
    subject: bool,
    pointed: set[int],
    atoms: Sequence[Said],
) -> Iterator[tuple[int, int, int]]:
    """Where the readings of a pronoun's own clause have a term for it: word said, start and end of the term.

    The subject of what follows it, up to the end of its clause; or an object of the verb before it.
    """
    if subject:
        close = next((k for k in range(i + 1, len(low)) if _closes(low, k)), len(low))
        first = next((k for k in range(i + 1, close) if k in pointed), close)
        for name, terms in atoms:
            k = name[0]
            if i < k < close and (k == first or first in name or not _LINKS.isdisjoint(low[i:k])):
                yield k, *terms[0]
        return
    verb = next((k for k in range(i - 1, max(i - 3, -1), -1) if k in pointed), -1)
    for name, terms in atoms:
        if verb in name:
            for start, end in terms[1:]:
                yield verb, start, end


def _closes(low: Sequence[str], k: int) -> bool:
    """Does another clause begin there?  "It" is a subject after a link."""
    return low[k] in _CLOSES or (low[k] == "it" and low[k - 1] in _CLOSES | _LINKS)


def said_of(tokens: Sequence[str]) -> Iterator[Said]:
    """What is said of things: the places of its words, and where its terms begin and end."""
    for i, t in enumerate(tokens):
        if t in _ATOMS:
            k = end_of(tokens, i + 1)
            name = tuple(sorted(int(p[2:]) for p in tokens[i + 1 : k] if ":" in p))
            terms = []
            for _ in arguments(t)[1:]:
                terms.append((k, end_of(tokens, k)))
                k = terms[-1][1]
            if name:
                yield name, terms

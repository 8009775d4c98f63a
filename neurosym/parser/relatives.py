"""Mends of what a reading says of relatives where the words of the sentence say otherwise.

"They met her uncle Otto" is of her uncle, whoever "they" are; after "showed his boat to his uncle, Otto" Otto
is the uncle; and "her uncle's shed" speaks of one uncle, not of an uncle's uncle.  What stands beside a noun
decides whose it is and who is presented by it (close apposition; Quirk et al. 1985, section 17.65).  Where
two given names stand side by side that nobody has together, a full stop is missing.  Knows tokens and words;
must not know stories.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from neurosym.parser.agreeing import said_of
from neurosym.parser.inside import parts_of
from neurosym.parser.mentions import RELATIVES, gender_of, gender_of_name, is_given
from neurosym.parser.names import listed
from neurosym.parser.preferences import PRONOUNS
from neurosym.parser.scheme import PLACE, end_of

_POSSESSIVE = frozenset(("his", "her", "their"))
_GENITIVE = frozenset(("'s", "’s", "'"))
_PHRASE = 3  # words from "her" to the noun of "her very old uncle"
_CONTRAST = frozenset(("but", "while", "whereas"))
_OPENS = frozenset((",", ";", ":", "that", "and", "but", "because", "since", "when", "while", "although"))
_JOINS = RELATIVES | _POSSESSIVE | {"and", "both", ","}
# What nobody is to one who is that to them.
_ONE_WAY = frozenset(
    str.split(
        "mothers fathers parents children kids sons daughters uncles aunts nephews nieces grandmothers "
        "grandfathers grandparents grandchildren grandsons granddaughters moms dads mums"
    )
)
_HAVING = frozenset(("has", "had"))
_PARTNERS = frozenset(str.split("husband wife spouse partner girlfriend boyfriend fiance fiancee"))


def mended_relatives(
    tokens: Sequence[str], words: Sequence[str], known: Container[str] = ()
) -> tuple[str, ...]:
    """The tokens with each relative said of the owner and by the noun that stand beside the name.

    tokens must be one expression; they come back as they are where the words bear them out.  known: names
    that the text has mentioned by themselves.
    """
    low = [w.lower() for w in words]
    out = _run_on(_without_mutual(_named(tuple(tokens), words), words), words, low, known)
    if not _HAVING.isdisjoint(low):
        out = _had(out, words, low)
    if _POSSESSIVE.isdisjoint(low) or "P2" not in out:
        return out
    out = _of_its_gender(out, words, low)
    for mend in (_said_once, _presented, _owned, _parallel):
        out = mend(out, low)
    return out


def of_each_other(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why two people cannot be each other's relatives, as a reading says ("Otto and Max are uncles"), or "".

    Cousins are cousins of each other; nobody is the uncle of his uncle.  Of a statement read in part only
    where each part says so: `mended_relatives` leaves such parts out.
    """
    if _ONE_WAY.isdisjoint(words) or "and" not in words:
        return ""
    if tokens[0] == "PART":
        whys = [_of_each_other(tokens[a:b], words) for a, b in parts_of(tokens)]
        return whys[0] if all(whys) else ""
    return _of_each_other(tokens, words)


def _of_each_other(tokens: Sequence[str], words: Sequence[str]) -> str:
    for _, noun, name, owner in _relations(tokens):
        if words[noun].lower() not in _ONE_WAY or tokens[name] == tokens[owner]:
            continue
        ends = [[PLACE[t] for t in tokens[k : end_of(tokens, k)] if t[:2] == "E:"] for k in (name, owner)]
        (*_, last), (first, *_) = sorted(ends) if all(ends) else ([noun], [noun])
        between = words[last + 1 : first]
        joined = "and" in between and _JOINS.issuperset(between)
        if joined and max(map(max, ends)) < noun:
            return f"the reading takes two people to be {words[noun]!r} of each other"
    return ""


def without_owners(tokens: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """The tokens with the pronoun itself for each owner who is told by a possessive one: R:4 after "his"."""
    low = [w.lower() for w in words]
    out = list(tokens)
    for _, noun, _, owner in sorted(_relations(tokens), key=lambda r: -r[3]):
        if (p := _possessive(low, noun)) >= 0:
            out[owner : end_of(tokens, owner)] = [f"R:{p}"]
    return tuple(out)


def _run_on(
    tokens: tuple[str, ...], words: Sequence[str], low: Sequence[str], known: Container[str]
) -> tuple[str, ...]:
    """ "He met his uncle Max Ida was late": two people, and between them a full stop that is missing.

    What stands before it is said of the first, what comes after it of the second, who is also whose
    relatives are told of there.
    """
    ends = [k for k in _pairs(tokens) if _two_people(tokens, words, k, known)]
    if tokens[0] != "PART" or len(ends) != 1:
        return tokens
    k = ends[0]
    first, second = f"E:{k}", f"E:{k + 1}"
    both = ("NAMES", first, second)
    ended = (both, (first,))
    if not any(name[-1] < k and tokens[a:b] in ended for name, terms in said_of(tokens) for a, b in terms):
        return tokens  # nothing is said of the first before it, and so nothing ends there
    owned = words[k + 2] in _GENITIVE
    put: dict[int, tuple[int, str]] = {}
    for name, terms in said_of(tokens):
        for n, (start, end) in enumerate(terms):
            if tokens[start:end] == both:
                put[start] = end, first if name[-1] <= k else second
                continue
            p = _possessive(low, name[0]) if len(terms) == 2 and n == 1 and not owned else -1
            before = tokens[start][:2] == "E:" and PLACE[tokens[start]] < k
            agrees = gender_of_name(words[k + 1]) in ("", PRONOUNS[low[p]]) if p > k + 1 else False
            if before and agrees and not any(is_given(w) for w in words[k + 2 : p]):
                put[start] = end, second
    out: list[str] = []
    i = 0
    while i < len(tokens):
        i, token = put.get(i, (i + 1, tokens[i]))
        out.append(token)
    return tuple(out)


def _pairs(tokens: Sequence[str]) -> set[int]:
    """The first words of names of two words that stand side by side."""
    return {
        PLACE[a]
        for n, a, b in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if n == "NAMES" and a[:2] == b[:2] == "E:" and PLACE[b] == PLACE[a] + 1
    }


def _two_people(tokens: Sequence[str], words: Sequence[str], k: int, known: Container[str]) -> bool:
    """Are the two words there given names that nobody has together, with a clause after them?"""
    a, b = words[k : k + 2]
    after = words[k + 2] if k + 2 < len(words) else "."
    if not (is_given(a) and is_given(b)) or not (after in _GENITIVE or after[0].islower()):
        return False
    alone = b in known or any(t[:2] == "E:" and PLACE[t] != k + 1 and words[PLACE[t]] == b for t in tokens)
    told = {gender_of_name(a), gender_of_name(b)} == {"m", "f"} and b not in listed("surnames")
    return a == b or told or alone


def _had(tokens: tuple[str, ...], words: Sequence[str], low: Sequence[str]) -> tuple[str, ...]:
    """ "Otto's aunt Ida had two sons": whose they are the subject tells, and not whose aunt she is."""
    out = list(tokens)
    for _, noun, _, owner in _relations(tokens):
        x = PLACE[tokens[owner]] if tokens[owner][:2] == "E:" else noun
        had = next((k for k in range(noun - 1, max(noun - 1 - _PHRASE, 0), -1) if low[k] in _HAVING), 0)
        m = had - 1 if low[had - 1] != "," else had - 2
        if x + 1 < m and words[x + 1] in _GENITIVE and is_given(words[m]):
            out[owner] = f"E:{m}"
    return tuple(out)


def _of_its_gender(tokens: tuple[str, ...], words: Sequence[str], low: Sequence[str]) -> tuple[str, ...]:
    """ "Otto, his wife, Eve, and a guest": no man is a wife, and she is whom the noun stands beside."""
    out = list(tokens)
    for _, noun, name, owner in _relations(tokens):
        p, gender = _possessive(low, noun), gender_of(low[noun])
        if p < 0 or not gender or tokens[name][:2] != "E:":
            continue
        m = PLACE[tokens[name]]
        q = noun + 2 if low[noun + 1 : noun + 2] == [","] else noun + 1
        theirs = gender_of_name(words[m])
        if theirs in ("", gender) or q >= len(words) or gender_of_name(words[q]) != gender:
            continue
        out[name] = f"E:{q}"
        if m < p and PRONOUNS[low[p]] == theirs and tokens[owner] in (f"R:{p}", f"E:{q}"):
            out[owner] = f"E:{m}"
    return tuple(out)


def _parallel(tokens: tuple[str, ...], low: Sequence[str]) -> tuple[str, ...]:
    """ "Her aunt Eve rode, but her uncle Otto walked": both are hers, where two clauses are contrasted.

    What stands in the same place of two parallel clauses refers alike (Kehler 2002, chapter 6).
    """
    said = list(_relations(tokens))
    for _, noun, _, owner in said:
        p = _possessive(low, noun)
        if p < 1 or low[p - 1] not in _CONTRAST or low[noun] in _PARTNERS or tokens[owner][:2] != "E:":
            continue
        x = PLACE[tokens[owner]]
        for _, other, name, of in said:
            q = _possessive(low, other)
            opens = q == 0 or (q > 0 and low[q - 1] in _OPENS)
            if tokens[name] != tokens[owner] or not opens or low[q] != low[p] or not 0 < x - other < 3:
                continue
            if any(w.isalpha() for w in low[x + 1 : p - 1]):
                return (*tokens[:owner], *tokens[of : end_of(tokens, of)], *tokens[owner + 1 :])
    return tokens


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


def _without_mutual(tokens: tuple[str, ...], words: Sequence[str]) -> tuple[str, ...]:
    """A statement read in part without parts that make two people parents of each other or the like."""
    if tokens[:2] != ("PART", "AND") or _ONE_WAY.isdisjoint(words):
        return tokens
    parts = [tokens[a:b] for a, b in parts_of(tokens)]
    kept = [part for part in parts if not _of_each_other(part, words)]
    if not kept or len(kept) == len(parts):
        return tokens
    return (*tokens[:1], *(t for part in kept[:-1] for t in ("AND", *part)), *kept[-1])


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

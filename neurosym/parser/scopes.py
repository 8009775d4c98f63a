"""Readings that use each word for what it is and still reach too far or too short with it.

"The guest must not smoke in a bedroom" forbids it in all of them, "the form lacks a signature" speaks of
none, "a road was built" of one, and "clean the desk while the fan runs" does not tell anybody to make the
fan run.  Each check is of a word class that must leave its trace in the form: where an indefinite stands
under a negation, a prohibition, an absence or an "or" (Partee, ter Meulen and Wall 1990, sections 7.2 and
14.2), whether an indefinite subject is generic (Krifka et al. 1995, section 1.2), who is told to do what.
Knows tokens and words; must not know the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from neurosym.parser.morphology import noun_lemma, number, verb_lemma
from neurosym.parser.scheme import BINDERS, PLACE, end_of

_NOTHING: Set[str] = frozenset()
_ARTICLE = frozenset(("a", "an"))
_NOT = frozenset(("not", "n't", "n’t"))
_LACKING = frozenset(
    (
        "without",
        "lack",
        "lacks",
        "lacked",
        "lacking",
        "refuse",
        "refuses",
        "refused",
        "deny",
        "denies",
        "denied",
    )
)
_BANNING = frozenset(
    str.split(
        "ban bans banned forbid forbids forbade prohibit prohibits prohibited outlaw outlaws outlawed bar "
        "bars barred exclude excludes excluded abolish abolishes abolished exempt exempts exempted"
    )
)
_SOME = frozenset(str.split("some several a an certain"))
_TELLING = _LACKING | _BANNING | _NOT | {"or"}
_ATOMS = frozenset(("P0", "P1", "P2", "P3", "P4", "EQ", "NTH", "SET"))
_WEAK = frozenset(("NOT", "OR", "XOR", "ATMOST", "FEWER", "EXACTLY", "THAT"))
_UNIVERSAL = frozenset(("ALL", "IMP", "IFF", "EXACTLY", "EQ", "NOT", "COMMAND", "ATMOST"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "'s", "'re", "am"))
_PASSIVE = frozenset(("was", "were", "been", "is", "are", "being", "be"))
_RELATIVE = frozenset((*str.split("who that which whose whom where if when whenever unless while once"), ","))
_REGULAR = frozenset(
    str.split("if when whenever unless always often usually never sometimes generally typically regularly")
)
_HEADS = frozenset(str.split("person thing one somebody someone something"))
# Of what is made, due or under way there is none before: "a receipt is printed" is of no receipt yet.
_MAKING = frozenset(
    str.split(
        "require need make issue print build create provide impose raise launch levy charge generate "
        "produce schedule organize organise hold grant offer appoint award introduce announce expect trigger "
        "display show recommend"
    )
)
# What holds of one at all times holds of each: "a group needs a guide".
_LASTING = frozenset(str.split("need require cost contain include consist comprise last"))
# What goes on rather than happens, so that its past may be said of each ("dinosaurs lived on land").
STATES = frozenset(
    str.split(
        "be have live know love like hate own believe belong contain cost need want prefer speak wear lack "
        "fear consist exist resemble possess trust admire respect enjoy differ matter mean"
    )
)
_LINKS = frozenset(("and", "but", "or"))


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is said of things: where it begins, its name, the things, and the symbols around it."""

    at: int
    name: tuple[str, ...]
    things: tuple[tuple[str, ...], ...]
    path: tuple[int, ...]


def misplaced(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """Why a reading says its words of other things than its sentence does, or the empty text.

    low: the words in lower case.  pointed: the words that the reading points at, with the kinds of the
    pointers.
    """
    said = frozenset(low)
    if not _PASSIVE.isdisjoint(said) and (why := _passive(tokens, low)):
        return why
    if tokens[0] == "COMMAND" and (why := _not_told(tokens)):
        return why
    if "only" in said and (why := _only(tokens, low, pointed)):
        return why
    if "than" in said and (why := _than_what(tokens, low)):
        return why
    if not _ARTICLE.isdisjoint(low[:2]) and (why := _generic(tokens, low, pointed)):
        return why
    if "each" in said and (why := _one_for_each(tokens, low)):
        return why
    if not _TELLING.isdisjoint(said):
        return _of_atoms(tokens, low, pointed)
    return ""


def _of_atoms(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    atoms = list(_atoms(tokens))
    for a in atoms:
        if why := _prohibited(a, tokens, low, atoms) or _absent(a, tokens, low, atoms):
            return why
    if "or" in low and (why := _one_of_two(tokens, low, atoms)):
        return why
    return "" if _NOT.isdisjoint(low) else _not_this(tokens, low, pointed)


# --- indefinites -------------------------------------------------------------------------------


def _prohibited(a: _Atom, tokens: Sequence[str], low: Sequence[str], atoms: Sequence[_Atom]) -> str:
    """ "Must not smoke in a bedroom": in none, not "there is one in which not"."""
    at = next((PLACE[p] for p in a.name if p[:2] == "P:" and low[PLACE[p]] in _NOT), -1)
    if at < 0:
        verb = a.name[-1] if a.name else ""
        if verb[:2] == "V:" and low[PLACE[verb]] in _BANNING:
            for noun in _indefinite(a, tokens, atoms):
                if noun > PLACE[verb] and noun_lemma(low[noun]) != low[noun] and not _counted(low, noun):
                    return f"{low[PLACE[verb]]!r} is of all {low[noun]}, and the reading speaks of some only"
        return ""
    twice = [p for p in a.path if tokens[p] in ("OR", "XOR")]
    if twice:
        p = twice[-1]
        middle = end_of(tokens, p + 1)
        pointer = f"P:{at}"
        if pointer in tokens[p + 1 : middle] and pointer in tokens[middle : end_of(tokens, middle)]:
            return "what must not be done is neither of two: the reading leaves it open which"
    for noun in _indefinite(a, tokens, atoms):
        if noun > at:
            return f"what must not be done is done to no {low[noun]!r}, and the reading speaks of some only"
    return ""


def _absent(a: _Atom, tokens: Sequence[str], low: Sequence[str], atoms: Sequence[_Atom]) -> str:
    """ "Sold without a charger" and "lacks a key" speak of no charger and no key."""
    at = next((PLACE[p] for p in a.name if p[:2] in ("P:", "V:") and low[PLACE[p]] in _LACKING), -1)
    if at < 0:
        return ""
    noun = min((n for n in _indefinite(a, tokens, atoms) if n > at), default=-1)
    if noun < 0:
        return ""
    return f"{low[at]!r} says that there is none: the reading speaks of some {low[noun]!r}"


def _counted(low: Sequence[str], noun: int) -> bool:
    return any(w in _SOME or number(w) is not None for w in low[max(0, noun - 3) : noun])


def _indefinite(a: _Atom, tokens: Sequence[str], atoms: Sequence[_Atom]) -> Iterator[int]:
    """The nouns of the things of an atom that are only said to be there."""
    for thing in a.things:
        if len(thing) > 1 or ":" in thing[0]:
            continue
        binder = _binder(a, thing[0], tokens)
        if binder < 0 or tokens[binder] != "EX":
            continue
        for b in atoms:
            if (
                len(b.things) == 1
                and b.things[0] == thing
                and (n := _noun(b)) >= 0
                and _binder(b, thing[0], tokens) == binder
            ):
                yield n


def _one_of_two(tokens: Sequence[str], low: Sequence[str], atoms: Sequence[_Atom]) -> str:
    """ "A cook or a waiter" says of neither that there is one."""
    for i in range(1, len(low) - 1):
        if low[i] != "or" or low[i + 1] not in _ARTICLE:
            continue
        first = min((n for a in atoms if (n := _noun(a)) > i), default=-1)
        for a in atoms:
            if first < 0 or _noun(a) != first or not _WEAK.isdisjoint(tokens[p] for p in a.path):
                continue
            asked = any(tokens[p] == "IMP" and a.at < end_of(tokens, p + 1) for p in a.path)
            if len(a.things) == 1 and not asked and tokens[0] in ("FACT", "COMMAND"):
                return (
                    f"the reading says that there is a {low[first]!r}, and the sentence only that it may be"
                )
    return ""


def _one_for_each(tokens: Sequence[str], low: Sequence[str]) -> str:
    """ "Gave a lamp to each school": one for each of them (Ioup 1975 on the scope of "each")."""
    each = {PLACE[t] for i, t in enumerate(tokens) if t[:2] == "N:" and tokens[i - 1] in ("P1", "JOIN")}
    for i, w in enumerate(low):
        if w != "each" or low[i + 1 : i + 2] in (["other"], ["of"]):
            continue
        noun = min((n for n in each if n > i), default=-1)
        at = next((j for j, t in enumerate(tokens) if t == f"N:{noun}"), -1)
        for p, t in enumerate(tokens):
            if t in ("ATLEAST", "EXACTLY", "ATMOST") and p < at < end_of(tokens, p) and "ALL" in tokens[p:at]:
                return f"there are so many for each {low[noun]}, not the same for all"
            if t == "EX" and p < at < end_of(tokens, p) and "ALL" in tokens[p:at]:
                first = tokens[p + 2 : at]
                one = next((PLACE[q] for q in first if q[:2] == "N:"), len(low))
                given = any(a == "P3" and b[:2] == "V:" for a, b in pairwise(tokens[at:]))
                if given and one < i and not _ARTICLE.isdisjoint(low[max(0, one - 3) : one]):
                    return f"there is one {low[one]} for each {low[noun]}, not one for all"
    return ""


def _generic(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """Is "a ticket ..." said of each or of one?  Of one where it happened, or is made; of each what lasts."""
    if tokens[1] not in ("ALL", "EX") or tokens[0] not in ("FACT", "ASK"):
        return ""
    start = 0 if low[0] in _ARTICLE else 1 if low[0] in _BE else len(low)
    if start >= len(low) or low[start] not in _ARTICLE:
        return ""
    noun = k = start + 1
    while k < len(low) and not pointed.get(k, _NOTHING).isdisjoint("NA") and "T" not in pointed[k]:
        noun = k if "N" in pointed[k] else noun
        k += 1
    k = noun + 1
    if "N" not in pointed.get(noun, _NOTHING) or low[noun] in _HEADS:
        return ""
    if start:
        return _of_one(tokens, low, k, noun) if tokens[1] == "ALL" else ""
    while k < len(low) and low[k] not in _RELATIVE and low[k] not in _BE and "V" not in pointed.get(k, ""):
        k += 1
    if tokens[1] == "EX" and low[k : k + 1] in (["who"], ["that"], ["which"]):
        return _regular(low, k + 1, noun, pointed)
    if k >= len(low) or low[k] in _RELATIVE:
        return ""
    base = verb_lemma(low[k])
    if tokens[1] == "EX":
        if low[noun + 1] in ("never", "always") and "V" in pointed.get(noun + 2, _NOTHING):
            return f"what a {low[noun]} {low[noun + 1]} does is said of each, not of some"
        if "does" in low[noun + 1 : k] or (_habit(low[k]) and base in _LASTING):
            return _habitual(low, noun, k)
        return ""
    if low[k] in ("is", "are"):
        return _of_one(tokens, low, k + 1, noun)
    past = low[k] in ("was", "were", "been") or (
        base not in STATES and low[k] != base and not low[k].endswith(("s", "ing"))
    )
    done = low[k] not in _BE or "A" in pointed.get(k + 1, "") or "T" in pointed.get(k + 1, "")
    if past and done and _REGULAR.isdisjoint(low) and low[k - 1] not in ("has", "have", "had", "to"):
        return f"it happened to one {low[noun]}, not to each"
    return ""


def _regular(low: Sequence[str], k: int, noun: int, pointed: Mapping[int, set[str]]) -> str:
    """ "A guest who brings a friend pays half": what whoever does the one thing does, too."""
    verbs = [i for i in range(k, len(low)) if "V" in pointed.get(i, _NOTHING)]
    if len(verbs) == 2 and verbs[0] == k and all(_habit(low[i]) for i in verbs):
        return _habitual(low, noun, verbs[1])
    not_done = next((i for i in range(k + 1, len(low) - 1) if low[i] == "does" and low[i + 1] in _NOT), -1)
    if not_done > k + 1 and low[k] != "does":
        return _habitual(low, noun, not_done)
    return ""


def _habitual(low: Sequence[str], noun: int, verb: int) -> str:
    """The simple present of a happening is said of what is regular (Quirk et al. 1985, section 4.5)."""
    done = low[verb] if "does" not in low[noun:] else "does not do"
    return (
        f"what a {low[noun]} {done} is said of each, and the reading says it of one: write 'every' or 'some'"
    )


def _habit(verb: str) -> bool:
    return verb.endswith("s") and verb_lemma(verb) not in (verb, "be")


def _of_one(tokens: Sequence[str], low: Sequence[str], k: int, noun: int) -> str:
    """A participle of making at k, said of each that there is."""
    while k < len(low) - 1 and low[k] in ("not", "n't", "also", "then", "now"):
        k += 1
    made = k < len(low) and low[k] != verb_lemma(low[k]) in _MAKING
    if made and low[k + 1 : k + 2] not in (["to"], ["from"]):
        return f"what is {low[k]} is one {low[noun]}, not each that there is"
    return ""


def _passive(tokens: Sequence[str], low: Sequence[str]) -> str:
    """ "The guest was shown the room" by somebody: the guest showed nothing."""
    for i, t in enumerate(tokens[:-1]):
        if t in ("P2", "P3") and tokens[i + 1][:2] == "V:":
            k = PLACE[tokens[i + 1]]
            if not 0 < k < len(low) or low[k - 1] not in _PASSIVE or low[k].endswith("ing"):
                continue
            if low[k] != verb_lemma(low[k]) not in STATES:
                return f"'{low[k - 1]} {low[k]}': who is spoken of did not do it"
    return ""


# --- words that must leave a trace --------------------------------------------------------------


def _not_told(tokens: Sequence[str]) -> str:
    """Each part of a command is for who is told: nobody makes it true that the fan runs."""
    if tokens[1] != "AND":
        return ""
    middle = end_of(tokens, 2)
    last = end_of(tokens, middle)
    for part in (tokens[2:middle], tokens[middle:last]):
        if "YOU" not in part and not any(t[:2] == "R:" for t in part):
            return "the reading commands what the sentence only says to be so"
    return ""


def _only(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "For adults only": of nobody else; and "members only may enter": whoever enters is one."""
    for i, w in enumerate(low):
        if w != "only" or i in pointed or "SET" in tokens:
            continue
        if _UNIVERSAL.isdisjoint(tokens):
            return "the reading leaves out 'only'"
        noun = i - 1 if i == 1 else -1  # "Members only may ...": a noun alone before it
        if "N" in pointed.get(noun, _NOTHING) and tuple(tokens[1:6]) == (
            "ALL",
            "x",
            "IMP",
            "P1",
            f"N:{noun}",
        ):
            return f"'only' says that whoever it holds of are {low[noun]}, not that it holds of all of them"
    return ""


def _than_what(tokens: Sequence[str], low: Sequence[str]) -> str:
    """ "Cheaper than the van but slower": slower than the van, too."""
    than = low.index("than")
    for i, t in enumerate(tokens):
        if t == "P1" and tokens[i + 1][:2] == "A:":
            k = PLACE[tokens[i + 1]]
            if than < k and low[k - 1] in _LINKS and low[k].endswith("er") and len(low[k]) > 4:
                return f"the reading leaves out than what it is {low[k]!r}"
    return ""


def _not_this(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "The cook, not the waiter, ...": it is the waiter of whom it is denied."""
    for i, w in enumerate(low[:-1]):
        if w != "not" or i in pointed or i == 0:
            continue
        k = i + 1 + (low[i + 1] in ("the", "a", "an"))
        kinds = pointed.get(k, _NOTHING)
        if low[i - 1] not in (",", "and", "but") or kinds.isdisjoint("DE"):
            continue
        negated: set[int] = set()
        for j, t in enumerate(tokens):
            if t == "NOT":
                negated.update(range(j, end_of(tokens, j)))
        denied = {PLACE[tokens[j]] for j in negated if tokens[j][1:2] == ":"}
        said = {PLACE[t] for j, t in enumerate(tokens) if j not in negated and t[1:2] == ":"}
        other = next((b for b in range(i - 1, -1, -1) if not pointed.get(b, _NOTHING).isdisjoint("DEN")), k)
        if negated and (k not in denied or other not in said):
            return f"it is {low[k]!r} of whom it is denied"
    return ""


# --- atoms --------------------------------------------------------------------------------------


def _atoms(tokens: Sequence[str]) -> Iterator[_Atom]:
    """What is said of things, in order."""
    around: list[tuple[int, int]] = []
    i = 0
    while i < len(tokens):
        while around and around[-1][1] <= i:
            around.pop()
        t = tokens[i]
        if t in _ATOMS:
            k = end_of(tokens, i + 1)
            end, things = end_of(tokens, i), []
            name = tuple(tokens[i + 1 : k]) if t[0] == "P" else ()
            while t[0] == "P" and k < end:
                after = end_of(tokens, k)
                things.append(tuple(tokens[k:after]))
                k = after
            yield _Atom(i, name, tuple(things), tuple([p for p, _ in around]))
            if "THAT" in tokens[i:end]:
                around.append((i, end))
                i += 1
            else:
                i = end
        else:
            if ":" not in t:
                around.append((i, end_of(tokens, i)))
            i += 1


def _binder(a: _Atom, variable: str, tokens: Sequence[str]) -> int:
    for p in reversed(a.path):
        t = tokens[p]
        if t in BINDERS and tokens[p + 1 + BINDERS[t]] == variable:
            return p
    return -1


def _noun(a: _Atom) -> int:
    """The last word of a name that is a noun, or -1."""
    last = a.name[-1] if a.name else ""
    return PLACE[last] if last[:2] == "N:" else -1

"""Names that are none: what a sentence says of a thing beside it, read as a part of its name.

"The judge declared the will void" speaks of no `will_void`, "after the court ruled" of no `court_ruled`, and
"called the referee a liar" hands nobody a liar: an object and what is predicated of it stand side by side
(Huddleston and Pullum 2002, chapter 4, section 5.3; "small clauses", Stowell 1981).  Here are also the words
that stand for nothing in a name: an article, the "it" of "it is forbidden to", an approximation.  Knows
tokens and words; must not know the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from neurosym.parser.morphology import is_known, number, verb_lemma
from neurosym.parser.scheme import PLACE, end_of

_NOTHING: Set[str] = frozenset()
_ARTICLES = frozenset(("a", "an", "the"))
# Who calls or elects somebody something says what that one is: nothing is handed over.
_NAMING = frozenset(
    str.split(
        "call name consider deem declare label brand dub proclaim crown elect appoint nominate designate"
    )
)
# After these an adjective at the end says how the thing is found or left, also where it may be a noun.
_RESULT = frozenset(
    str.split(
        "consider deem declare judge find render keep leave make call hold paint dye colour color turn set "
        "think believe rule prove certify pronounce"
    )
)
_EITHER = frozenset(  # adjectives that are seldom nouns, and stand in the dictionary as these, too
    str.split(
        "red blue green black white yellow brown grey gray pink orange void null free clean invalid final "
        "fair right wrong cold warm safe clear public private secret quiet silent alive secure liable "
        "innocent vacant unfair flat straight loose tight short round bare sober mute blank plain"
    )
)
_NOUNS = frozenset(
    str.split("top accessory tan amber triple overall deceased thanks inset bar act pseudo ordinary rearward")
)
# What stands between a subject and its predicate is said of neither alone.
_BETWEEN = frozenset(
    str.split("still already also yet ever even only just now once soon too here there again")
)
_WATCHING = frozenset(str.split("see hear watch feel let make help notice observe"))
_EXPLETIVE = frozenset(
    str.split(
        "forbidden prohibited allowed permitted required necessary possible impossible important illegal "
        "legal safe unsafe dangerous hard easy difficult advisable essential customary common duty job task "
        "role responsibility best better recommended unlawful lawful wise unwise useful mandatory compulsory"
    )
)
_IS = frozenset(("is", "was", "'s", "’s"))
_ABOUT = frozenset(str.split("about approximately roughly circa"))
_SPEAKING = frozenset(
    str.split(
        "talk speak think know ask hear read write learn tell worry complain argue care dream say sing lie "
        "joke walk wander run move inquire find see be"
    )
)
_COUNTING = frozenset(("ATLEAST", "ATMOST", "EXACTLY", "MORE", "FEWER"))
_MODALS = frozenset(str.split("must may shall should can could might"))
# What somebody is given beside themselves, and no part of their name: "gave the user access".
_GIVEN = frozenset(
    str.split(
        "access permission notice advice help credit priority support leave relief authority control power "
        "asylum immunity consent refuge bail parole entry admission shelter protection"
    )
)
# Verbs that are said with an object: "neither confirmed nor denied the report".
_WITH_OBJECT = frozenset(
    str.split(
        "confirm accept reject approve sign buy repair replace release fix install delete remove create "
        "receive damage destroy inspect arrest publish own locate describe mention record request require "
        "verify review update upload download submit attach check close issue produce use take make bring"
    )
)
_GRANTING = frozenset(str.split("give grant deny offer lend refuse promise allow show send"))
_SHARING = frozenset(("and", "or", "nor"))
_PREPOSITIONS = frozenset(("in", "at", "with", "to", "from"))
_OF_ORDER = frozenset(("NTH", "SET", "IFF"))  # "third in line", "at the front": the order says it
# Verbs that say it without "to" as well: gives Bob a book (docs/english.md).
_GIVING = frozenset(
    str.split(
        "give send show offer hand pay sell grant lend mail award teach feed owe throw say explain be go "
        "lead amount have need come"
    )
)
_THEN_AND_THERE = frozenset(str.split("here there now today tonight tomorrow yesterday upstairs downstairs"))
_STATE = _EITHER | {"open", "closed", "unlocked", "unattended", "empty", "running", "unsecured"}


def no_name(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """Why a reading makes a name of what a sentence says of a thing, or the empty text.

    low: the words in lower case.  pointed: the words that the reading points at, with the kinds of the
    pointers.
    """
    if "NAMES" in tokens and (why := _clause_as_name(tokens, low)):
        return why
    if "JOIN" in tokens and (why := _beside_noun(tokens, low)):
        return why
    if "P3" in tokens and (why := _called(tokens, low)):
        return why
    more = "P3" in tokens or "P4" in tokens
    if more and _OF_ORDER.isdisjoint(tokens) and (why := _without_preposition(low, pointed)):
        return why
    if why := _said_of_things(tokens, low, pointed):
        return why
    for i, w in enumerate(low):
        if w in _ARTICLES and not pointed.get(i, _NOTHING).isdisjoint("PC"):
            if "X" not in pointed[i]:
                return f"the article {w!r} says nothing of its own"
        elif w == "it" and f"R:{i}" in tokens and _expletive(low, i):
            return "'it' stands for what follows, and means nobody"
        elif (
            w in _ABOUT
            and "Q" in pointed.get(i + 1, "")
            and number(low[i + 1]) is not None
            and (i == 0 or verb_lemma(low[i - 1]) not in _SPEAKING)
        ):
            return f"'{w} {low[i + 1]}' is no number"
    return ""


def _beside_noun(tokens: Sequence[str], low: Sequence[str]) -> str:
    """ "Leave a door open", "park a car here": how and where are no part of what the thing is called."""
    for t, join, first, last in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if t != "P1" or join != "JOIN" or first[:2] not in ("N:", "A:") or last[1:2] != ":":
            continue
        a, b = PLACE[first], PLACE[last]
        if b != a + 1 or b >= len(low):
            continue
        found = low[b] in _STATE and any(verb_lemma(w) in _RESULT for w in low[max(0, a - 3) : a])
        if low[b] in _THEN_AND_THERE or found:
            return f"{low[b]!r} is no part of what the {low[a]!r} is called"
    return ""


def _said_of_things(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """The object of a verb: shared by two ("confirmed nor denied the report"), or a number of people."""
    for i, t in enumerate(tokens[:-1]):
        if t not in ("P1", "P2") or i + 2 >= len(tokens):
            continue
        first = tokens[i + 1]
        k = PLACE[first] if first[1:2] == ":" else -1
        if t == "P1" and first[:2] == "V:" and low[k + 1 : k + 2] and low[k + 1] in _SHARING:
            if "V" in pointed.get(k + 2, _NOTHING) and verb_lemma(low[k]) in _WITH_OBJECT:
                return f"the reading leaves out what is {low[k]!r}"
        elif t == "P2" and first[:2] == "V:" and not _COUNTING.isdisjoint(tokens[:i]):
            last = tokens[end_of(tokens, i) - 1]
            if last == f"Q:{k + 1}" and low[k + 1].isalpha() and "N" not in pointed.get(k + 2, _NOTHING):
                return f"{low[k + 1]!r} counts those of whom it is said, and is none of them"
        elif first == "JOIN" and tokens[i + 2][:2] == "P:" and low[PLACE[tokens[i + 2]]] in _MODALS:
            be = PLACE[tokens[i + 2]] + 1
            name = tokens[i + 1 : end_of(tokens, i + 1)]
            if low[be : be + 1] == ["be"] and be not in pointed and not any(p[:2] == "T:" for p in name):
                return "the reading leaves out 'be'"
    return ""


def _expletive(low: Sequence[str], i: int) -> bool:
    if low[i + 1 : i + 2] == [] or low[i + 1] not in _IS:
        return False
    k = next((k for k in range(i + 2, min(i + 6, len(low))) if low[k] in _EXPLETIVE), -1)
    return k >= 0 and not {"to", "that"}.isdisjoint(low[k + 1 :])


def _clause_as_name(tokens: Sequence[str], low: Sequence[str]) -> str:
    """A name of several words whose last is no noun, or an adjective that a verb leaves a thing in."""
    for i, t in enumerate(tokens):
        if t != "NAMES" or (i and tokens[i - 1] == "NAMES"):
            continue
        end = end_of(tokens, i)
        last = tokens[end - 1]
        if last[:2] != "D:":
            continue
        place = PLACE[last]
        w = low[place] if place < len(low) else ""
        if not w:
            continue
        if w in _BETWEEN:
            return f"{w!r} is no part of a name"
        verb = _verb_of(tokens, i, low)
        before = low[place - 1] if f"D:{place - 1}" in tokens[i:end] else ""
        if _is_noun(before) and _is_no_noun(w, verb):
            return f"{w!r} says something of what stands before it, and is no part of its name"
        names = [PLACE[p] for p in tokens[i:end] if p[:2] == "D:"]
        ends = low[place + 1 : place + 2] in ([], ["to"], ["."], ["?"], ["for"])
        if w in _GIVEN and i and ends and _hands(tokens[:i], low):
            return f"{w!r} is what somebody is given, and no part of a name"
        if verb == "wish" and len(names) > 1:
            return f"{w!r} is what somebody is wished, and no part of a name"
        if verb in _RESULT and w in _EITHER:
            return f"{w!r} says how it is found or left, and is no part of its name"
    return ""


def _verb_of(tokens: Sequence[str], at: int, low: Sequence[str]) -> str:
    """The base form of the verb whose last thing begins at `at`, where its name is the verb only."""
    for i in range(at - 1, -1, -1):
        if tokens[i] in ("P2", "P3"):
            name = tokens[i + 1]
            if name[:2] == "V:" and end_of(tokens, i) == end_of(tokens, at):
                return verb_lemma(low[PLACE[name]])
            return ""
    return ""


def _without_preposition(low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "Moved from Rome to Bonn" is not only moved from: a preposition says what a thing is to the verb."""
    for i, w in enumerate(low[:-2]):
        if w not in _PREPOSITIONS or i in pointed:
            continue
        thing = pointed.get(i + 1 + (low[i + 1] in _ARTICLES), _NOTHING)
        verbs = [k for k in range(i) if not pointed.get(k, _NOTHING).isdisjoint("VT")]
        if not verbs or thing.isdisjoint("DE"):
            continue
        verb = low[verbs[-1]]
        if w != "to" or (is_known(verb) and verb_lemma(verb) not in _GIVING):
            return f"the reading leaves out {w!r} before {low[i + 1]!r}"
    return ""


def _hands(before: Sequence[str], low: Sequence[str]) -> bool:
    """Is the last predicate before a name one of giving?"""
    verb = next((t for t in reversed(before) if t[:2] in ("V:", "P:")), "")
    return verb[:2] == "V:" and verb_lemma(low[PLACE[verb]]) in _GRANTING


def _called(tokens: Sequence[str], low: Sequence[str]) -> str:
    for i, t in enumerate(tokens[:-1]):
        if t == "P3" and tokens[i + 1][:2] == "V:" and verb_lemma(low[PLACE[tokens[i + 1]]]) in _NAMING:
            return f"{low[PLACE[tokens[i + 1]]]!r} says what somebody is: nothing is handed over"
    return ""


def _is_noun(word: str) -> bool:
    parts = _parts(word)
    return "NOUN" in parts and "ADJ" not in parts


def _is_no_noun(word: str, verb: str) -> bool:
    """An adjective, a past or a form of "be"; after "see" and "let" the base form of a verb, too.

    What the dictionary has as a verb only may be a noun still ("the snack bar"), a gerund always.
    """
    parts = _parts(word)
    if not parts or "NOUN" in parts or word in _NOUNS or word.endswith("ing"):
        return False
    base = verb_lemma(word)
    past = "VERB" in parts and base != word and not word.endswith("s")
    return ("ADJ" in parts and verb != "") or "AUX" in parts or past or verb in _WATCHING


@lru_cache(maxsize=20_000)
def _parts(word: str) -> frozenset[str]:
    """The parts of speech of a lower-case word, of those that the dictionary has; empty for others."""
    import lemminflect  # heavy at import

    return frozenset(lemminflect.getAllLemmas(word))

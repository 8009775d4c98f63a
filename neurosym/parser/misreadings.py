"""Readings that point at every word and still say something else: letters, happenings, kinds.

`coverage` asks whether words are used; here is asked whether they are used for what they are.  A letter is a
variable where its sentence takes it up; a happening is said of some ("firefighters rescued Bob"); and what is
said of a kind ("whales are rare") is said of no single one (Krifka et al. 1995, section 1.4).  Knows tokens
and words; must not know the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from string import ascii_letters

from neurosym.parser.morphology import noun_lemma, verb_lemma
from neurosym.parser.scheme import BINDERS

_LETTERS = frozenset(ascii_letters) - {"a", "i", "I"}
_AFTER_A_LETTER = frozenset(
    str.split(
        "is was has had does did do are were can may must will should would could shall 's ' and or then , . "
        "? ! : ; being"
    )
)
# After these a letter is introduced, as is one after a noun.
_INTRODUCED = frozenset(
    str.split(
        "person people thing something someone somebody anything anyone anybody everything everyone "
        "everybody any every all each some no object objects things"
    )
)
_OF_KINDS = frozenset(
    str.split("rare numerous extinct widespread abundant plentiful scarce ubiquitous diverse common")
)
# What goes on rather than happens, so that its past may be said of each ("dinosaurs lived on land").
_STATES = frozenset(
    str.split(
        "be have live know love like hate own believe belong contain cost need want prefer speak wear lack "
        "fear consist exist resemble possess trust admire respect enjoy differ matter mean"
    )
)
_GENERAL = frozenset(
    str.split(
        "always often usually never sometimes used regularly generally typically every each all any if when "
        "whenever unless who that which whose whom while only no once"
    )
)
# Who wants, needs or looks for one has none yet (Montague 1973 on "seek").
_INTENSIONAL = frozenset(
    str.split(
        "want wish need seek hope pray crave imagine desire expect pretend dream fancy lack invent await "
        "envisage"
    )
)
# Without one of these nothing is denied; slips of the pen among them.
_DENYING = frozenset(
    str.split(
        "not n't nt nott noot nto ont no never neither nor none nobody nothing nowhere without unless only "
        "but except exception excluding untrue false wrong incorrect mistaken mistake error myth unfounded "
        "impossible cannot cant dont doesnt isnt wont otherwise else other others hardly until deny denies "
        "denied fewer exactly nor lie baseless unlike minus save instead rather refuse refuses fail fails "
        "lack lacks zero barring aside apart doubt doubts doubtful inaccurate invented rumor rumour fiction"
    )
)
_ONE = frozenset(("a", "an", "another", "no", "any"))
_FINITE = frozenset(str.split("is are was were has have does did can must will may should would could"))
_OPENING = frozenset(str.split("however also therefore moreover finally so then but and , in fact of course"))
_AUXILIARY = frozenset(str.split("have has had is are was were be been being did do does 've 's to get got"))


def misread(
    tokens: Sequence[str], words: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]
) -> str:
    """Why a reading takes its words for what they are not, or the empty text.

    low: the words in lower case.  pointed: the words that the reading points at, with the kinds of the
    pointers.
    """
    if not _LETTERS.isdisjoint(words) and (why := _letters(tokens, words, low, pointed)):
        return why
    if "NOT" in tokens and _DENYING.isdisjoint(low) and not any(w.endswith(("n't", "n’t")) for w in low):
        return "the reading denies something, and the sentence does not"
    for i, (a, b) in enumerate(pairwise(low)):
        if a == b and (i in pointed) != (i + 1 in pointed) and "V" in pointed.get(i, pointed.get(i + 1, "")):
            return f"the reading leaves out one of '{words[i]} {words[i + 1]}'"
    for i, (a, b) in enumerate(pairwise(tokens)):
        if a[:2] == "N:" and (why := _related(a, tokens[i + 2] if b == "NAMES" else b, low, pointed)):
            return why
    if tuple(tokens[:2]) == ("FACT", "ALL") and tokens[3] == "IMP":
        return _of_each(low, pointed)
    return ""


def wanted(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why the relatives that a reading keeps of a sentence may be none: they are only wanted."""
    low = [w.lower() for w in words]
    for i in sorted({int(t[2:]) for t in tokens if t[:2] == "N:"}):
        k = i - 1
        while k >= 0 and low[k] not in _ONE and i - k < 4:
            k -= 1
        before = low[max(0, k - 3) : max(k, 0)]
        if k > 0 and low[k] in _ONE and any(verb_lemma(w) in _INTENSIONAL for w in before):
            return f"'{words[i]}' is wanted or thought of, not said to be"
    return ""


def _related(noun: str, name: str, low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "The dog Tom owns barks" is of no dog called Tom: two verbs follow, the first in a relative clause."""
    i = int(noun[2:])
    if name != f"E:{i + 1}":
        return ""
    k = i + 1
    while "E" in pointed.get(k, ""):
        k += 1
    if "V" in pointed.get(k, "") and k + 1 < len(low):
        after = pointed.get(k + 1, set())
        base = verb_lemma(low[k + 1])
        if ("V" in after and base != low[k + 1] and not low[k + 1].endswith("ing")) or low[k + 1] in _FINITE:
            return f"{low[i]!r} is what {low[i + 1]!r} does something to, not what that one is"
    return ""


def _letters(
    tokens: Sequence[str], words: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]
) -> str:
    """A letter stands for any thing only where the sentence takes it up, or says what it is a letter of."""
    found = [i for i, w in enumerate(words) if i not in pointed and _is_letter(words, low, i, pointed)]
    if not found:
        return ""
    counts = Counter(low[i] for i in found)
    bound = {tokens[i + 1 + BINDERS[t]] for i, t in enumerate(tokens) if t in BINDERS}
    first = words[found[0]]
    if len(counts) > len(bound):
        return f"{first!r} is a letter of its own, and the reading has no variable for it"
    introduced = any(
        i and (low[i - 1] in _INTRODUCED or not pointed.get(i - 1, set()).isdisjoint("N")) for i in found
    )
    if max(counts.values()) < 2 and not introduced:
        return f"{first!r} is a letter that nothing takes up: what it stands for is not said"
    return ""


def _is_letter(words: Sequence[str], low: Sequence[str], i: int, pointed: Mapping[int, set[str]]) -> bool:
    label = i < 2 and low[i + 1 : i + 2] in ([")"], ["."], [":"])  # "B) The cat sleeps."
    if words[i] not in _LETTERS or label:
        return False
    if words[i] != "A":
        return True
    if i + 1 >= len(words):
        return True
    return low[i + 1] in _AFTER_A_LETTER or not pointed.get(i + 1, set()).isdisjoint("VCT")


def _of_each(low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """A bare plural as the subject of a happening, or of what is true of its kind only."""
    noun = _bare_plural(low, pointed)
    if noun < 0:
        return ""
    for i in range(noun + 1, len(low)):
        if low[i] in _OF_KINDS and not pointed.get(i, set()).isdisjoint("A"):
            attributive = not pointed.get(i + 1, set()).isdisjoint("N")
            if not attributive:
                return f"{low[i]!r} is said of the kind, not of each of the {low[noun]}"
    k = noun + 1
    while k < len(low) and (not pointed.get(k, set()).isdisjoint("A") or low[k] in ("also", "then", "once")):
        k += 1
    if k >= len(low) or "V" not in pointed.get(k, set()) or not _GENERAL.isdisjoint(low):
        return ""
    base = verb_lemma(low[k])
    past = low[k] != base and not low[k].endswith(("s", "ing"))
    if past and base not in _STATES and low[k - 1] not in _AUXILIARY:
        return f"{low[k]!r} is a happening: it is said of some {low[noun]}, not of each"
    return ""


def _bare_plural(low: Sequence[str], pointed: Mapping[int, set[str]]) -> int:
    """The last noun of a plural without an article that begins the sentence, or -1."""
    i = 0
    while i < len(low) and i not in pointed and low[i] in _OPENING:
        i += 1
    noun = -1
    while i < len(low) and not pointed.get(i, set()).isdisjoint("NA"):
        if "N" in pointed[i]:
            noun = i
        i += 1
    return noun if noun >= 0 and noun_lemma(low[noun]) != low[noun] else -1

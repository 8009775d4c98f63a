"""Readings that point at every word and still say something else: letters, happenings, kinds, each other.

`coverage` asks whether words are used; here is asked whether they are used for what they are.  A letter is a
variable where its sentence takes it up; a happening is said of some ("firefighters rescued Bob"); and what is
said of a kind ("whales are rare") is said of no single one (Krifka et al. 1995, section 1.4).  Knows tokens
and words; must not know the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations, pairwise
from operator import eq
from string import ascii_letters

from neurosym.parser.complements import no_name
from neurosym.parser.morphology import noun_lemma, verb_lemma
from neurosym.parser.scheme import BINDERS, PLACE, end_of
from neurosym.parser.scopes import STATES, misplaced

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
_OWNERS = frozenset(("my", "your", "his", "her", "its", "our", "their", "'s", "’s", "'"))
_TITLES = frozenset(str.split("mother father sister brother aunt uncle"))
_NAMED = frozenset(("named", "called", "whose"))
# Under these a clause is not said to be so: thought, asked, told by others, or only possible.
_UNSURE = frozenset(
    str.split(
        "if unless whether would could might may should rumor rumors rumour rumours hearsay maybe perhaps "
        "allegedly supposedly probably possibly"
    )
)
_UNSURE_VERBS = frozenset(
    str.split(
        "think believe suppose assume guess suspect doubt dream pretend imagine wish hope claim say allege "
        "seem appear ask wonder fail deny insist assert suggest fancy report rumor"
    )
)
_LIKENED = frozenset(str.split("like almost nearly practically virtually"))
_NOT_REALLY = frozenset(
    str.split("alleged supposed former ex fake so-called purported presumed putative would-be")
)
_DENIED = frozenset(str.split("not n't n’t never nobody none neither"))
_TENSED = frozenset(str.split("is are was were has had"))
_TURNS = frozenset(
    str.split("because but who although though while since yet when before after ( . ; ! ?")
) | {
    '"',
    "”",
    "“",
}
_SAYING_WHO = _TENSED | {"be", "been", "being", "become", "became", "have"}
_FACTIVE = frozenset(str.split("know realize realise notice forget remember learn see tell"))
_THEIRS = frozenset(("his", "her", "its", "their", "'s", "’s"))
_BORN_TOGETHER = frozenset(str.split("twin triplet quadruplet"))
_BEARING = frozenset(str.split("birth had has have bore bears delivered expecting"))
_CALLS = frozenset(("here", "there", "that", "it", "what"))
_RECIPROCALS = (("each", "other"), ("one", "another"))
_UNUSED: frozenset[str] = frozenset()
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
    if any(map(eq, low, low[1:])):
        for i, (a, b) in enumerate(pairwise(low)):
            odd = a == b and (i in pointed) != (i + 1 in pointed)
            if odd and "V" in pointed.get(i, pointed.get(i + 1, "")):
                return f"the reading leaves out one of '{words[i]} {words[i + 1]}'"
    if any("N" in kinds and "E" in pointed.get(i + 1, "") for i, kinds in pointed.items()):
        for i, (a, b) in enumerate(pairwise(tokens)):
            if a[:2] == "N:" and (why := _related(a, tokens[i + 2] if b == "NAMES" else b, low, pointed)):
                return why
    if ("other" in low or "another" in low) and (why := _one_way(tokens, low, pointed)):
        return why
    if tuple(tokens[:2]) == ("FACT", "ALL") and tokens[3] == "IMP" and (why := _of_each(low, pointed)):
        return why
    return no_name(tokens, low, pointed) or misplaced(tokens, low, pointed)


def wanted(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why the relatives that a reading keeps of a sentence may be none, or the empty text.

    They may be only wanted, supposed, likened or denied, or be a title ("Sister Agnes").  What a possessive
    and a name beside it present ("her brother Bob") is so whatever the sentence does with it (Karttunen
    1974).
    """
    low = [w.lower() for w in words]
    said_of: dict[tuple[int, int], set[int]] = {}  # the noun's first and last word: who is said to be one
    for at, t in enumerate(tokens):
        name_end = end_of(tokens, at + 1) if t == "P2" else 0
        nouns = [PLACE[p] for p in tokens[at + 1 : name_end] if p[:2] == "N:"]
        if nouns and max(nouns) < len(words):
            one = tokens[name_end : end_of(tokens, name_end)]
            who = said_of.setdefault((nouns[0], nouns[-1]), set())
            who.update(PLACE[p] if ":" in p else -1 for p in one if p != "NAMES")
    for (first, last), who in said_of.items():
        why = _only_wanted(low, words, first) or _no_relative(tokens, words, low, last, who)
        if why:
            return why
    return ""


def _only_wanted(low: Sequence[str], words: Sequence[str], i: int) -> str:
    k = i - 1
    while k >= 0 and low[k] not in _ONE and i - k < 4:
        k -= 1
    before = low[max(0, k - 3) : max(k, 0)]
    if k > 0 and low[k] in _ONE and any(verb_lemma(w) in _INTENSIONAL for w in before):
        return f"'{words[i]}' is wanted or thought of, not said to be"
    return ""


def _no_relative(
    tokens: Sequence[str], words: Sequence[str], low: Sequence[str], i: int, who: Set[int]
) -> str:
    """Why the noun at i makes no relative of `who`, the places of the name it is said of, or nothing."""
    owned = not _OWNERS.isdisjoint(low[max(0, i - 3) : i])
    if words[i][0].isupper() and low[i] in _TITLES and i + 1 in who and not owned:
        return f"{words[i]!r} is a title here, and says nothing of whose relative that one is"
    several = "birth" in low[:i] or noun_lemma(low[i]) != low[i]
    if several and noun_lemma(low[i]) in _BORN_TOGETHER and not _BEARING.isdisjoint(low[:i]):
        return f"{words[i]!r} are twins of each other, not of who bore them"
    if not _NOT_REALLY.isdisjoint(low[max(0, i - 2) : i]):
        return f"what stands before {words[i]!r} says that it is none"
    if _presented(low, i, who, owned):
        return ""
    if not _LIKENED.isdisjoint(low[max(0, i - 3) : i]):
        return f"the sentence likens to a {words[i]!r}, and does not say that it is one"
    start = max((k + 1 for k in range(i) if low[k] in _TURNS or _new_clause(low, k)), default=0)
    for k in range(start, i):
        w = low[k]
        once = w == "used" and low[k + 1 : k + 3] in (["to", "be"], ["to", "have"])
        unsure = w in _UNSURE or verb_lemma(w) in _UNSURE_VERBS or once
        if unsure and not _SAYING_WHO.isdisjoint(low[k + 1 : i]):  # "asked her mother to stay" is of one
            return f"under {words[k]!r} nobody is said to be somebody's {low[i]!r}"
        between = low[k + 1 : i]
        if w not in _DENIED or "NOT" in tokens or any(verb_lemma(b) in _FACTIVE for b in between):
            continue
        if "that" in between or _TENSED.isdisjoint(between):
            return f"{words[k]!r} denies that somebody is the {low[i]!r}"
    return ""


def _new_clause(low: Sequence[str], k: int) -> bool:
    return low[k] == "," and low[k + 1 : k + 2] in (["and"], ["so"])


def _presented(low: Sequence[str], i: int, who: Set[int], owned: bool) -> bool:
    """Does a name stand beside the noun: "her brother Bob", "Bob, her brother", "Bob, the son of Ann"?

    Nor is one needed where nobody is said to be the relative (-1 in who: "he cooked for his brother").
    """
    if "whose" in low[max(0, i - 3) : i] or (owned and -1 in who):
        return True
    after = low[i + 1 : i + 2]
    if owned and (
        i + 1 in who or (after == [","] and i + 2 in who) or not _NAMED.isdisjoint(low[i + 1 : i + 3])
    ):
        return True
    return any(low[k] == "," and k - 1 in who for k in range(max(1, i - 4), i))


def without_owner(tokens: Sequence[str], low: Sequence[str]) -> str:
    """Why an enumeration is of somebody's things, and does not say whose, or the empty text."""
    if "P2" in tokens:
        return ""
    first = min((PLACE[t] for t in tokens if t[:2] in ("D:", "E:")), default=0)
    scene = " ".join(low[:1]) in ("a", "an")  # "A harbour has three ferries": nobody else's are told of
    for k, w in enumerate(low[:first]):
        before = low[k - 1] if k else ""
        whose = w in _THEIRS and not (len(w) == 2 and before in _CALLS)
        has = w in ("has", "have", "had") and k > 0 and before not in ("we", "you", "i", "there", "to")
        has = has and not scene
        if whose or has:
            return f"the enumeration leaves out whose things they are ({w!r})"
    return ""


def _related(noun: str, name: str, low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "The dog Tom owns barks" is of no dog called Tom: two verbs follow, the first in a relative clause."""
    i = PLACE[noun]
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
    if "P" in pointed.get(k, _UNUSED):  # "Exports to China grew": what the phrase says is of them, too
        while k < len(low) and low[k] not in _FINITE and "V" not in pointed.get(k, _UNUSED):
            k += 1
    if k >= len(low) or not _GENERAL.isdisjoint(low):
        return ""
    been = k + 1 if low[k : k + 1] == ["were"] else k + 2 if low[k : k + 2] == ["have", "been"] else len(low)
    done = pointed.get(been, _UNUSED)
    if "T" in done or ("A" in done and low[been].endswith("ed") and verb_lemma(low[been]) != low[been]):
        return f"{low[been]!r} is a happening: it is said of some {low[noun]}, not of each"
    if pointed.get(k, _UNUSED).isdisjoint("VB"):
        return ""
    base = verb_lemma(low[k])
    past = low[k] != base and not low[k].endswith(("s", "ing"))
    if past and base not in STATES and low[k - 1] not in _AUXILIARY:
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


def _one_way(tokens: Sequence[str], low: Sequence[str], pointed: Mapping[int, set[str]]) -> str:
    """ "They love each other" says of any two that each loves the other one, and of nobody love(a, a).

    So what is said before it is said both ways round: love(a, b) and love(b, a) (Langendoen 1978).
    """
    at = next((i for i, two in enumerate(pairwise(low)) if two in _RECIPROCALS), -1)
    after: list[Set[str]] = [pointed.get(k, _UNUSED) for k in (at + 2, at + 3)]
    # "each other cat" is every other one; a stretch of words says what it says
    noun = "N" in after[0] or ("A" in after[0] and "N" in after[1])
    if at < 1 or noun or low[at + 2 : at + 3] in (["'s"], ["'"]) or "X" in pointed.get(at, _UNUSED):
        return ""
    phrase = f"{low[at]} {low[at + 1]}"
    if at in pointed or at + 1 in pointed:
        return f"'{phrase}' is nobody besides those who are spoken of"
    said = list(_said_before(tokens, at))
    last = max((word for word, _, _ in said), default=-1)
    pairs = {(name, things) for word, name, things in said if word == last}
    both_ways = all(any((name, other) in pairs for other in _exchanged(things)) for name, things in pairs)
    if not pairs or not both_ways or any(len(set(things)) < len(things) for _, things in pairs):
        return f"the reading does not say of both what they do to '{phrase}'"
    return ""


def _said_before(
    tokens: Sequence[str], at: int
) -> Iterator[tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """What is said of two or more things by words before a place: the last of these, its name, the things."""
    for i, t in enumerate(tokens):
        if t in ("P2", "P3", "P4"):
            k = end_of(tokens, i + 1)
            name, things = tuple(tokens[i + 1 : k]), []
            for _ in range(int(t[1])):
                end = end_of(tokens, k)
                things.append(tuple(tokens[k:end]))
                k = end
            words = [PLACE[p] for p in name if p[1:2] == ":" and PLACE[p] < at]
            if words:
                yield max(words), name, tuple(things)


def _exchanged(things: tuple[tuple[str, ...], ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The same things with two different ones in each other's places."""
    for i, k in combinations(range(len(things)), 2):
        if things[i] != things[k]:
            out = list(things)
            out[i], out[k] = out[k], out[i]
            yield tuple(out)

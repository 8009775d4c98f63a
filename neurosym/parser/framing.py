"""What a sentence does with a proposition besides saying it: supposed, reported, denied, judged, foreseen.

"It is my opinion that Ann is rich" does not say that she is, and "Ann is not always late" does not say that
she is never late.  The words that frame a proposition so are left to the construction by `coverage`; here
each of them must stand in a construction that the reading expresses.  What counts as one is read off
sentences of the generator.  Knows tokens and words; must not know the model.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence, Set
from itertools import pairwise

from neurosym.parser.morphology import verb_lemma
from neurosym.parser.scheme import PLACE, end_of

_RULE = frozenset(("IMP", "IFF"))
_QUESTION = frozenset(("ASK", "WH", "HOWMANY"))
# What is said of a proposition, as against being told.
_ATTITUDES = frozenset(
    str.split(
        "allegation argument assertion assumption belief claim conclusion hypothesis idea notion opinion "
        "proposition report rumor statement story suggestion theory thought view"
    )
)
_WRONG = frozenset(
    str.split("false untrue wrong mistaken mistake incorrect inaccurate unfounded invalid error lie myth")
)
_NOUNS = frozenset(("error", "lie", "mistake", "myth"))
_JUDGED = _WRONG | frozenset(str.split("true correct right accurate valid truth fact case"))
_NEGATIONS = frozenset(str.split("not n't never no none nobody nothing neither"))
_DIRECT = frozenset(("not", "n't", "never"))
_COMPARED = frozenset(("more", "fewer", "less", "but", ",", "."))  # "no more than": no negation
_DERIVING = frozenset(
    str.split(
        "follow follows imply implies implied entail entails entailed mean means show shows prove conclude "
        "concluded deduce deduced derive derived infer inferred establish established suffice suffices "
        "guarantee guarantees ensure ensures indicate indicates enough sufficient necessary required "
        "equivalent known lead leads amounts"
    )
)
_SUPPOSING = frozenset(("suppose", "assume"))
_EVEN_THERE = _SUPPOSING | _WRONG  # phrases such as "it is wrong that" say nothing else
_FREQUENCY = frozenset(("always", "just", "simply"))
_NAMING = frozenset(("called", "named"))
_NO = frozenset(("no", "nobody", "none", "nothing", "neither"))
_BEFORE_ONCE = frozenset(str.split("is are was were be been am 's 're has have had who that which"))
_FUTURE = frozenset(("will", "'ll", "wo"))
_BY_US = frozenset(("we", "you", "one", "i"))
_MAY = frozenset(("can", "could", "may", "might"))
_CONDITION = frozenset(
    str.split("if when unless whenever once provided providing whoever assuming given suppose otherwise fi")
)
_ASKING = frozenset(("ask", "wonder", "know", "see", "check", "tell", "say", "doubt", "decide", "sure"))
_THINKING = frozenset(
    str.split(
        "think say believe claim suppose guess hope fear suspect assume imagine report argue insist hear "
        "doubt allege feel swear"
    )
)
_ENDS = frozenset((".", "!", "?", "...", ";", '"', "”", "'"))
_TRIGGERS = (_ATTITUDES | _WRONG | _NEGATIONS | _SUPPOSING | _FUTURE | _MAY | _FREQUENCY).union(
    ("would", "said", "say", "if", "must", "whether", "once", "called")
)
Places = Container[int]
Kinds = Mapping[int, Container[str]]


def framed(tokens: Sequence[str], low: Sequence[str], heads: Set[str], pointed: Kinds, idle: Places) -> str:
    """Why a reading asserts or denies what its sentence only frames, or the empty text.

    low: the words in lower case; heads: the tokens without the places of words.  pointed: the words that
    the reading uses, with the kinds of their pointers; idle: those of phrases that say nothing to the logic.
    """
    comma = "," in low and "THAT" not in tokens
    if "SET" in heads or (_TRIGGERS.isdisjoint(low) and not comma):
        return ""  # where the things of an enumeration are says nothing
    if why := _reach(tokens, low, pointed):
        return why
    if comma and (why := _added(low, pointed, heads)):
        return why
    free = [
        i
        for i, w in enumerate(low)
        if w in _TRIGGERS and i not in pointed and (i not in idle or w in _EVEN_THERE)
    ]
    for i in free:
        if why := _odd(tokens, low, i, pointed, heads):
            return why
    if any(low[i] in _NEGATIONS or low[i] in _WRONG for i in free):
        return _denied(tokens, low, free, pointed, heads)
    return ""


def _reach(tokens: Sequence[str], low: Sequence[str], pointed: Kinds) -> str:
    """ "Are not all", "not one" and "not a single" say by their order what the negation is of; and whom
    somebody called is no name where it has an article."""
    for i, (w, after) in enumerate(pairwise(low)):
        before = low[i - 1] if i else ""
        if w in ("not", "n't") and i not in pointed:
            over = any(t == "NOT" and u == "ALL" for t, u in pairwise(tokens))
            if after in ("all", "every") and "ALL" in tokens and not over:
                return f"'{w} {after}' denies that each is so, not of each that it is so"
            if over and (after == "one" or list(low[i + 1 : i + 3]) == ["a", "single"]):
                return f"'{w} {after}' is of none, and the reading denies only that it is of all"
        elif w in _NAMING and i not in pointed and after in ("the", "a", "an") and before not in _BEFORE_ONCE:
            return f"{w!r} is what somebody did: {after!r} begins no name"
    return ""


def _odd(tokens: Sequence[str], low: Sequence[str], i: int, pointed: Kinds, heads: Set[str]) -> str:
    w = low[i]
    before, after = low[i - 1] if i else "", low[i + 1] if i + 1 < len(low) else ""
    rule = not heads.isdisjoint(_RULE)
    asked = not heads.isdisjoint(_QUESTION)
    if w in _SUPPOSING:
        supposed = rule and not {"then", ",", ";"}.isdisjoint(low[i:])
        return "" if supposed or asked else f"what {w!r} supposes, the reading asserts"
    if w in _ATTITUDES:
        judged = any(v in _JUDGED and k != i and k not in pointed for k, v in enumerate(low))
        fine = judged or (w == "view" and after == "to") or after == "to" or rule
        return "" if fine else f"the reading asserts what is only a matter of {w!r}"
    if w in ("said", "say"):
        by = low[i - 2] if i > 1 else ""
        ours = before in _MAY and (by in _BY_US or by == "")
        ours = ours or (before in _BY_US and by in _MAY)  # "can we say"
        judged = before == "to" and not _JUDGED.isdisjoint(low[:i])
        return "" if ours or judged or (before == "be" and by in _MAY) else _reported(w)
    if w == "if":
        if not rule and not asked:
            return "the reading leaves out 'if'"
        if not asked and i and verb_lemma(before) in _ASKING and low[0] != "if":
            return f"what is asked after {before!r} is no condition"
    if w == "would":
        wish = after == "like" and i + 1 in pointed  # as much as to want
        hedge = after == "be" and i + 2 < len(low) and low[i + 2] in _JUDGED
        fine = wish or hedge or "THAT" in heads or (rule and not _CONDITION.isdisjoint(low))
        return "" if fine else "what would be is not said to be: 'would' cannot be expressed"
    if w == "whether" and not i and low[-1] != "?":
        return "what holds whether or not is no question"
    if w == "must":
        fine = rule and before == "it" and after == "be"
        return "" if fine else "the reading leaves out 'must'"
    if w in _MAY:
        near = low[i + 1 : i + 4]
        fine = asked or any(v in _DERIVING or v in ("say", "said") for v in near)
        not_so = w == "can" and before == "it" and "NOT" in heads
        fine = fine or (not_so and "be" in near and "that" in low[i + 1 : i + 5])  # "it can not be that"
        fine = fine or (w == "can" and rule)  # "happens only where it can": `coverage` asks of these
        return "" if fine else f"the reading leaves out {w!r}"
    if w in _FUTURE:
        plain = not rule and not asked and heads.isdisjoint(("ALL", "THAT", "COMMAND"))
        state = _state(low, i, pointed)
        return f"what will be {state!r} is not said to be so now" if plain and state else ""
    if w == "just" and "Q" in pointed.get(i + 1, "") and "EXACTLY" not in heads:
        return "the reading leaves out 'just'"
    if w == "once":  # "once it rains" is a condition; what was once so need not be so
        return "the reading leaves out 'once'" if before in _BEFORE_ONCE else ""
    if w in _FREQUENCY:
        by = low[i - 2] if i > 1 and i - 1 not in pointed and before not in (",", "and", "but", "or") else ""
        denied = next((v for v in (before, by) if v in _DIRECT), "")
        if denied:
            return f"'{denied} {w}' is weaker than what the reading denies"
        if w == "always" and (asked or _weakened(tokens, low, i, pointed)):
            return "the reading leaves out 'always' where it asks for more than the rest"
    return ""


def _reported(word: str) -> str:
    return f"the reading asserts what is only {'said' if word == 'said' else 'to say'}"


def _state(low: Sequence[str], i: int, pointed: Places) -> str:
    """What somebody will be: "will be rich" and "will be a judge", not "will be sold"."""
    k = i + 1
    while k < len(low) and k not in pointed and low[k] in ("not", "n't", "never", "also", "soon", "both"):
        k += 1
    if k >= len(low) or low[k] != "be":
        return ""
    k += 1
    while k < len(low) and k not in pointed:
        k += 1
    if k >= len(low) or verb_lemma(low[k]) != low[k]:
        return ""
    return low[k]


def _added(low: Sequence[str], pointed: Places, heads: Set[str]) -> str:
    """ "Ann is rich, Bob thinks": who thinks so stands at the end."""
    end = len(low)
    while end and low[end - 1] in _ENDS:
        end -= 1
    for k in range(end - 2, max(end - 5, 0), -1):
        if low[k] == ",":
            told = low[k + 1 : end]
            if {"and", "or", "but", "if", "then", "who", "which", "does", "do", "so"}.isdisjoint(told):
                last = told[-1]
                beside = "AND" in heads or end - 1 not in pointed
                if len(told) > 1 and beside and verb_lemma(last) in _THINKING and "if" not in low[:k]:
                    return f"who {last!r} so may be wrong: the reading asserts it"
            return ""
    return ""


def _weakened(tokens: Sequence[str], low: Sequence[str], i: int, pointed: Kinds) -> bool:
    """Does what comes after the word i stand in a condition, or under a negation?

    Who is always late is late; what holds of all that are always late need not hold of all that are late,
    and "no agent is always late" denies less.  "Always not late" denies all of it.
    """
    after = next((k for k in range(i + 1, i + 4) if k in pointed), -1)
    denied = low[0] in _NO or list(low[:5]) == ["it", "is", "not", "the", "case"]
    for p, t in enumerate(tokens):
        if t in ("IMP", "IFF") or (t == "NOT" and denied):
            end = end_of(tokens, p + 1)
            if t == "IFF":
                end = end_of(tokens, end)
            if any(PLACE.get(u) == after for u in tokens[p + 1 : end]):
                return True
    return False


def _denied(
    tokens: Sequence[str], low: Sequence[str], free: Sequence[int], pointed: Kinds, heads: Set[str]
) -> str:
    """Each negation of a sentence is one of its reading, and what does not follow is not denied."""
    asked = not heads.isdisjoint(_QUESTION)
    count = 0
    first = ""
    for i in free:
        w = low[i]
        after = low[i + 1] if i + 1 < len(low) else ""
        before = low[i - 1] if i else ""
        exclusive = after.startswith("both") and "XOR" in heads
        tag = w == "n't" and asked and i >= len(low) - 4  # "..., does n't it?"
        if w in _WRONG:
            # "true or false: ..."; "six dogs lie there"
            if (asked and before == "or") or (w in _NOUNS and before not in ("a", "an")):
                continue
        elif w not in _NEGATIONS or after in _COMPARED or after.isdigit() or exclusive or tag:
            continue
        else:
            k = i + 1
            while k < min(i + 4, len(low)) and k not in pointed and low[k] not in _DERIVING:
                k += 1
            if w in _DIRECT and k < min(i + 4, len(low)) and k not in pointed:
                return f"what does not follow is not denied: {low[k]!r}"
            if low[i + 1 : i + 3] == ["at", "all"] and "A" in pointed.get(i + 3, ""):
                return f"'{w} at all' cannot be expressed"
            if after in ("so", "that") and "A" in pointed.get(i + 2, ""):
                return f"'{w} {after} {low[i + 2]}' denies a degree only"
        count += 1
        first = first or w
    if count > tokens.count("NOT"):
        return f"the reading leaves out {first!r}"
    return ""

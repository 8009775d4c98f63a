"""Does a reading say all that its sentence says?  What it leaves out is a reason not to believe it.

A word that the reading does not point at must be one that our own generator leaves out as
well: words of construction, such as "if" or "the".  "Most cats are lazy" read as "cats are
lazy" leaves out "most" and is refused, however sure the model is.  Knows tokens and words;
must not know the model.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from neurosym.parser.asides import asides
from neurosym.parser.morphology import is_known, number, verb_lemma
from neurosym.parser.morphology import noun_lemma as lemma
from neurosym.parser.spelling import MISSPELLED

# Words that sentences of the generator leave to the construction, read off 120,000 of them.
UNSAID = frozenset(
    str.split(
        "is are was were be been am being 's 're do does did has have had will wo n't not never no "
        "none nobody nothing neither nor the a an this that these those all every each any some "
        "several both either another other else same identical and or but if then iff only unless "
        "when whenever whatever whoever provided assuming suppose assume than as so also therefore "
        "however moreover finally once just well long course always whether implies it they them he "
        "him she her we us me you i one ones himself herself itself themselves myself who whom whose "
        "which what how there here something someone somebody anything anyone anybody everything "
        "everyone everybody thing things person people type sort kind of by to in at for on with out "
        "true false case fact prove show check decide conclude tell give name list find know follow "
        "follows vice versa latter first second please named called name among much "
        "'ll imply include ever titled suffices consequence conversely yourself yourselves ourselves "
        "bunch crowd couple pair single along want like yes too concerning wonder "
        # connectives, propositions and norms
        "otherwise because although though while whereas since yet still given knowing means mean implies "
        "implying entails entail ensures ensure guarantees guarantee indicates indicate shows makes make "
        "condition necessary sufficient equivalent logically precisely let lets idea notion claim statement "
        "assertion belief view untrue wrong mistaken incorrect correct right exists exist group must "
        "his hers its their theirs my mine your yours our ours own accurate allegation amounts argument "
        "assumption concluded conclusion deduce deduced derive derived enough entailed error establish "
        "established hypothesis implied inaccurate infer inferred invalid known leads lie myth opinion "
        "prerequisite presupposes proposition report required requires rumor said say simply story "
        "suggestion theory think thought thus truth unfounded valid why would"
    )
)
# Words that are left out only beside one of these: the words before, the words after.
# Words that are left out where the reading has one of these symbols.
WITH: dict[str, frozenset[str]] = {
    "more": frozenset({"MORE", "C", "S", "ATMOST", "ATLEAST"}),
    "most": frozenset({"S", "ATMOST", "NTH"}),
    "less": frozenset({"FEWER", "C", "S", "ATLEAST", "ATMOST"}),
    "fewer": frozenset({"FEWER", "ATLEAST", "ATMOST"}),
    "least": frozenset({"ATLEAST", "NTH", "EX"}),
    "exactly": frozenset({"EXACTLY", "IFF", "SET"}),
    "precisely": frozenset({"EXACTLY", "IFF"}),
    "except": frozenset({"EQ"}),
    "from": frozenset({"NTH"}),
    "place": frozenset({"NTH"}),
    "position": frozenset({"NTH"}),
    "far": frozenset({"NTH"}),
    "can": frozenset({"IFF", "IMP"}),
    "up": frozenset({"NTH", "SET", "ATMOST"}),
    "very": frozenset({"NTH"}),
    "end": frozenset({"NTH"}),
    "spot": frozenset({"NTH"}),
    "slot": frozenset({"NTH"}),
    "apart": frozenset({"EQ"}),
    "exception": frozenset({"EQ"}),
    "impossible": frozenset({"NOT"}),
    "possible": frozenset({"NOT"}),
    "where": frozenset({"IMP"}),
    "time": frozenset({"IMP"}),
    "holds": frozenset({"ALL", "IMP"}),
    "reverse": frozenset({"IFF"}),
    "converse": frozenset({"IFF"}),
    "minimum": frozenset({"ATLEAST"}),
    "maximum": frozenset({"ATMOST"}),
    "following": frozenset({"SET"}),
    "namely": frozenset({"SET"}),
    "total": frozenset({"SET", "EXACTLY"}),
}
BESIDE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "many": (frozenset({"how"}), frozenset()),
    "least": (frozenset({"at"}), frozenset()),
    "exactly": (frozenset(), frozenset({"when"})),
    "can": (frozenset(), frozenset({"we", "you", "i", "one", "be"})),
    "could": (frozenset(), frozenset({"we", "you", "i", "one", "be"})),
    "may": (frozenset({"one", "we", "you"}), frozenset({"we", "you", "i", "one", "be"})),
    "from": (frozenset({"follows"}), frozenset({"the"})),
    "soon": (frozenset({"as"}), frozenset()),
    "turn": (frozenset({"in"}), frozenset()),
    "even": (frozenset(), frozenset({"though"})),
}
# Words that no predicate can stand for, whatever the reading makes of them.
NEVER = frozenset({"except", "besides", "unlike", "including", "excluding"})
# Words that change what they stand before: no predicate of own says what they mean.
CHANGING = frozenset(
    str.split(
        "most few fewer fewest many more numerous half former ex fake alleged supposed so-called "
        "would-be probably possibly perhaps maybe supposedly allegedly "
        "almost nearly hardly rarely seldom normally usually typically"
    )
)
# Words that change meaning together, and the symbols of readings that say so.
TOGETHER: dict[tuple[str, str], frozenset[str]] = {
    ("all", "but"): frozenset({"EQ"}),
    ("at", "most"): frozenset({"ATMOST", "JOIN"}),
    ("at", "least"): frozenset({"ATLEAST", "EX", "JOIN", "SPAN"}),
    ("more", "than"): frozenset({"MORE", "JOIN", "C", "SPAN", "ATMOST"}),
    ("fewer", "than"): frozenset({"FEWER", "ATLEAST", "SPAN"}),
    ("less", "than"): frozenset({"FEWER", "JOIN", "C", "SPAN", "ATLEAST"}),
    ("no", "more"): frozenset({"ATMOST", "SPAN"}),
    ("no", "fewer"): frozenset({"ATLEAST"}),
    ("no", "less"): frozenset({"ATLEAST"}),
    ("not", "only"): frozenset(),
    ("no", "longer"): frozenset(),
    ("only", "some"): frozenset(),
} | dict.fromkeys(
    (
        ("so", "is"),
        ("so", "are"),
        ("so", "do"),
        ("so", "does"),
    ),
    frozenset(),
)
PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "of",
        "the",
        "and",
        "da",
        "di",
        "du",
        "st",
        "y",
        "zu",
    ]
)


CLOCK = frozenset(("am", "pm", "a.m.", "p.m.", "noon", "midnight", "o'clock"))


def left_out(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why a reading does not say what its sentence says, or the empty text."""
    kinds = _pointed(tokens)
    heads = {t.partition(":")[0] for t in tokens}
    if "PART" in heads:  # it claims to say no more than a part
        return _name_problem(tokens, words)
    listed = _listed(tokens, words) if "SET" in heads else 0
    if "SET" in heads and not listed:
        return "the enumeration names another number of things than it says"
    low = [w.lower() for w in words]
    idle = asides(low)
    owned = _owned(tokens)
    said = {f(low[i]) for i in kinds if i < len(low) for f in (str, lemma, verb_lemma)}
    for i, w in enumerate(low):
        if i < listed and "not" not in low[:listed]:
            continue  # "on the shelf there are": where the things are says nothing of their order
        after = low[i + 1] if i + 1 < len(low) else ""
        if not heads & TOGETHER.get((w, after), heads):
            return f"'{words[i]} {words[i + 1]}' cannot be expressed"
        if i in kinds:
            counts = number(w) is not None or w == "ones"
            if (w in NEVER and "EQ" not in heads) or (
                kinds[i] & set("NA") and (counts or (w in CHANGING and i + 1 in kinds))
            ):
                return f"{words[i]!r} cannot be expressed as a property"
        elif (
            not (i in idle or heads & WITH.get(w, frozenset()) or _may_be_left_out(low, i, kinds, owned))
            and lemma(w) not in said
            and verb_lemma(w) not in said
        ):
            return f"the reading leaves out {words[i]!r}"
    return _name_problem(tokens, words) or _reflexive_problem(tokens, low)


def _owned(tokens: Sequence[str]) -> frozenset[int]:
    """The words of nouns said of two things ("her big dog": dog(x, she)), and of what describes them."""
    nouns = {int(b[2:]) for a, b in pairwise(tokens) if a == "P2" and b.startswith("N:")}
    described = sorted(int(t[2:]) for t in tokens if t[:2] in ("A:", "N:"))
    out = set(nouns)
    for i in reversed(described):
        if i + 1 in out or i + 2 in out:
            out.add(i)
    return frozenset(out)


@lru_cache(maxsize=10_000)
def meant(word: str) -> str:
    """The word of construction that a lower-case word is a slip of ("hte": the), or the word itself.

    One letter more or less, one other, or two turned round, in a word that is none (Damerau 1964).
    """
    if word in MISSPELLED:
        return MISSPELLED[word]
    if len(word) < 3 or not word.isalpha() or is_known(word):
        return word
    found = sorted(u for u in UNSAID if len(u) > 2 and _one_slip(word, u))
    return found[0] if found else word


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a[0] not in b[:2]:
        return False
    if len(a) == len(b):
        odd = [i for i in range(len(a)) if a[i] != b[i]]
        turned = len(odd) == 2 and odd[1] == odd[0] + 1 and a[odd[0]] == b[odd[1]] and a[odd[1]] == b[odd[0]]
        return turned or (len(odd) == 1 and len(a) > 3)
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _listed(tokens: Sequence[str], words: Sequence[str]) -> int:
    """Where the things of an enumeration begin, or 0 where it says that there are more or fewer."""
    things = sum(t == "CONS" for t in tokens)
    first = min((int(t[2:]) for t in tokens if t[:2] in ("D:", "E:")), default=0)
    said = [n for w in words[:first] if (n := number(w)) is not None]
    return first if not said or things in said else 0


def _pointed(tokens: Sequence[str]) -> dict[int, set[str]]:
    """The words that a reading points at, each with the kinds of its pointers; X inside a stretch."""
    kinds: dict[int, set[str]] = {}
    for i, t in enumerate(tokens):
        if ":" in t:
            kinds.setdefault(int(t[2:]), set()).add(t[0])
        if t.startswith("F:") and tokens[i - 1].startswith("B:"):
            for k in range(int(tokens[i - 1][2:]), int(t[2:]) + 1):
                kinds.setdefault(k, set()).add("X")
    return kinds


def _may_be_left_out(
    low: Sequence[str], i: int, kinds: Mapping[int, set[str]], owned: Container[int] = ()
) -> bool:
    w = low[i] if low[i] in UNSAID else meant(low[i])
    if w in BESIDE:
        before, after = BESIDE[w]
        return (i > 0 and low[i - 1] in before) or (i + 1 < len(low) and low[i + 1] in after)
    if w == "her":  # "her dog" says whose dog it is: a noun that is said of one thing only does not
        return i + 1 in owned or not kinds.get(i + 1, set()) & set("NAD")
    if w == "former":  # "the former" of two; "the former teacher" is another thing
        return i > 0 and low[i - 1] == "the" and not kinds.get(i + 1, set()) & set("NAD")
    if not any(c.isalnum() for c in w) or (len(w) == 1 and w.isalpha()):
        return True  # punctuation, and letters that are variables
    return w in UNSAID and (number(w) is None or w == "one")


def _name_problem(tokens: Sequence[str], words: Sequence[str]) -> str:
    """A name of several words in which one is no name: "Bob said Tom"."""
    run: list[int] = []
    for i, t in enumerate([*tokens, ""]):
        if t.startswith("E:"):
            run.append(int(t[2:]))
            if i and tokens[i - 1] == "NAMES":
                continue  # more of the name comes
        elif t == "NAMES":
            continue
        parts = [words[k] for k in run if k < len(words)]
        if len(parts) > 1 and any(p[0].isupper() for p in parts):
            odd = [p for p in parts if p[0].islower() and p not in PARTICLES and p.lower() not in CLOCK]
            if odd:
                return f"{odd[0]!r} cannot be a part of the name {' '.join(parts)!r}"
        run = []
    return ""


def _reflexive_problem(tokens: Sequence[str], low: Sequence[str]) -> str:
    """One mention as subject and object: only a reflexive allows it (condition B; Chomsky 1981)."""
    if any(w.endswith(("self", "selves")) for w in low):
        return ""
    letters = any(len(w) == 1 and w.isalpha() and w != "a" for w in low)  # "if X likes X"
    for i, t in enumerate(tokens):
        if t == "P2":
            k = _end(tokens, i + 1)
            middle, end = _end(tokens, k), _end(tokens, _end(tokens, k))
            same = list(tokens[k:middle]) == list(tokens[middle:end]) != []
            pronouns = sorted({"it", "they", "them", "he", "him", "she", "her"} & set(low))
            if same and pronouns and not (letters and ":" not in tokens[k]):
                return (
                    f"the reading takes {' and '.join(map(repr, pronouns))} to be the subject of its own verb"
                )
    return ""


def _end(tokens: Sequence[str], start: int) -> int:
    """Where the word or term that begins at `start` ends."""
    need, k = 1, start
    while need and k < len(tokens):
        need += 1 if tokens[k] in ("JOIN", "NAMES") else -1
        k += 1
    return k

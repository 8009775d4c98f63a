"""Does a reading say all that its sentence says?  What it leaves out is a reason not to believe it.

A word that the reading does not point at must be one that our own generator leaves out as
well: words of construction, such as "if" or "the".  "Most cats are lazy" read as "cats are
lazy" leaves out "most" and is refused, however sure the model is.  Knows tokens and words;
must not know the model.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from string import punctuation

from neurosym.parser.agreeing import PRONOUNS, unclear
from neurosym.parser.asides import asides
from neurosym.parser.framing import framed
from neurosym.parser.mentions import gender_of, gender_of_name
from neurosym.parser.misreadings import misread, wanted, without_owner
from neurosym.parser.morphology import is_known, kind_in_name, number, verb_lemma
from neurosym.parser.morphology import noun_lemma as lemma
from neurosym.parser.relatives import of_each_other
from neurosym.parser.scheme import PLACE, end_of
from neurosym.parser.spelling import MISSPELLED

# Words that sentences of the generator leave to the construction, read off 120,000 of them.
# Those that frame a proposition ("belief", "would") must stand where `framing` expects them.
UNSAID = frozenset(
    str.split(
        "is are was were be been being am 's 're 'm do does did has have had will wo n't not never no "
        "none nobody nothing neither nor the a an this that these those all every each any some "
        "several both either another other else same identical and or but then only as than so also "
        "therefore however moreover finally just always implied suppose assume they it them he "
        "him she her we us me you i one ones himself herself itself themselves myself who whom whose "
        "which what there something someone somebody anything anyone anybody everything "
        "everyone everybody thing things person people type sort kind of by to in at for on with "
        "true false case fact conclude name follow "
        "follows vice versa latter first second please named called among much "
        "'ll include ever titled yourself yourselves ourselves "
        "bunch crowd couple pair single yes too "
        # connectives, propositions and norms
        "because although though while whereas since yet still "
        "precisely let lets idea notion claim statement "
        "assertion belief view untrue wrong mistaken mistake incorrect correct right exists exist group must "
        "his hers its their theirs my mine your yours our ours own accurate allegation argument "
        "assumption concluded conclusion deduce deduced derive derived error establish "
        "established hypothesis inaccurate infer inferred invalid lie myth opinion "
        "proposition report rumor said say simply story "
        "suggestion theory thought thus truth unfounded valid would"
    )
)
# What rules and questions are made of.
_INSIDE = frozenset(("of", "the"))  # a name may go on after these
_RULE = frozenset(("IMP", "IFF"))
_QUESTION = frozenset(("ASK", "WH", "HOWMANY"))
# Words that are left out where the reading has one of these symbols.
WITH: dict[str, frozenset[str]] = (
    {
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
        "whether": _QUESTION,
    }
    | dict.fromkeys(
        str.split(
            "if iff unless when whenever whoever whatever provided assuming given knowing once otherwise "
            "conversely implies imply implying entail entails entailed ensure ensures guarantee guarantees "
            "indicate indicates shows makes make means mean condition necessary sufficient equivalent "
            "logically required require requires prerequisite presupposes suffices consequence leads amounts "
            "enough why"
        ),
        _RULE,
    )
    | dict.fromkeys(str.split("prove show check decide tell give find list"), _QUESTION)
)
# Words that are left out only beside one of these: the words before, the words after.
BESIDE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "many": (frozenset({"how"}), frozenset()),
    "least": (frozenset({"at"}), frozenset()),
    "exactly": (frozenset(), frozenset({"when"})),
    "can": (frozenset({"we", "you", "one", "it"}), frozenset({"we", "you", "i", "one", "be"})),
    "could": (frozenset({"we", "you", "one", "it"}), frozenset({"we", "you", "i", "one", "be"})),
    "may": (frozenset({"one", "we", "you"}), frozenset({"we", "you", "i", "one", "be"})),
    "from": (frozenset({"follows", "apart"}), frozenset({"the"})),
    "soon": (frozenset({"as"}), frozenset()),
    "turn": (frozenset({"in"}), frozenset()),
    "even": (frozenset(), frozenset({"though"})),
    "how": (frozenset(), frozenset({"many", "much"})),
    "know": (frozenset({"we", "i"}), frozenset()),
    "known": (frozenset(), frozenset({"as", "fact"})),
}
# Words that no predicate can stand for, whatever the reading makes of them.
NEVER = frozenset({"except", "besides", "unlike", "including", "excluding"})
# Words that change what they stand before: no predicate of own says what they mean.
CHANGING = frozenset(
    str.split(
        "most few fewer fewest many more numerous half former ex fake alleged supposed so-called "
        "suspected purported presumed putative wannabe would-be probably possibly perhaps maybe "
        "supposedly allegedly almost nearly hardly rarely seldom normally usually typically "
        # adjectives of which "an X member is a member" is not true (Kamp and Partee 1995)
        "prospective previous rejected erstwhile onetime one-time mock imaginary aspiring fictional "
        "fictitious hypothetical counterfeit artificial pseudo theoretical rumoured rumored unconfirmed "
        "bogus sham pretend potential future past honorary nominal self-styled self-proclaimed proposed "
        "intended unsuccessful near"
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
    ("anything", "but"): frozenset({"EQ"}),
    ("nothing", "but"): frozenset({"ALL"}),
    ("true", "or"): frozenset({"ASK"}),
    ("if", "only"): frozenset(),
    ("almost", "never"): frozenset(),
} | dict.fromkeys(
    (
        ("so", "is"),
        ("so", "are"),
        ("so", "do"),
        ("so", "does"),
        ("or", "so"),
        ("every", "second"),
        ("every", "third"),
        *((degree, each) for degree in ("almost", "nearly") for each in ("all", "every", "no", "each")),
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


_NOTHING: frozenset[str] = frozenset()
_SLIPS = frozenset(w for w in {*UNSAID, *WITH, "how", "know", "known"} if len(w) > 2)
_PAIRED = frozenset(first for first, _ in TOGETHER)
# What _may_be_left_out says of most words without looking around.
_ALWAYS = frozenset(
    w for w in UNSAID if w not in BESIDE and w not in ("her", "former") and (w == "one" or number(w) is None)
) | frozenset(punctuation)
CLOCK = frozenset(("am", "pm", "a.m.", "p.m.", "noon", "midnight", "o'clock"))


def left_out(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why a reading does not say what its sentence says, or the empty text."""
    kinds, heads = _used(tokens)
    if "PART" in heads:  # it claims to say no more than a part
        return wanted(tokens, words) or _name_problem(tokens, words) or of_each_other(tokens, words)
    listed = _listed(tokens, words) if "SET" in heads else 0
    if "SET" in heads and not listed:
        return "the enumeration names another number of things than it says"
    low = [w.lower() for w in words]
    if listed and (why := without_owner(tokens, low)):
        return why
    idle = asides(low)
    owned = _owned(tokens) if "her" in low else frozenset()
    said: set[str] | None = None  # made where it is asked for, which is seldom
    # "on the shelf there are": where the things are says nothing of their order
    start = 0 if "not" in low[:listed] else listed
    for i, w in enumerate(low[start:], start):
        if w in _PAIRED and i + 1 < len(low) and not heads & TOGETHER.get((w, low[i + 1]), heads):
            return f"'{words[i]} {words[i + 1]}' cannot be expressed"
        if (kind := kinds.get(i)) is not None:
            if (w in NEVER and "EQ" not in heads) or (
                ("N" in kind or "A" in kind)
                and ((w in CHANGING and i + 1 in kinds) or w == "ones" or number(w) is not None)
            ):
                return f"{words[i]!r} cannot be expressed as a property"
        elif w in _ALWAYS or i in idle or not heads.isdisjoint(WITH.get(w, _NOTHING)):
            continue
        elif not _may_be_left_out(low, i, kinds, heads, owned):
            said = said or {f(low[k]) for k in kinds if k < len(low) for f in (str, lemma, verb_lemma)}
            if lemma(w) not in said and verb_lemma(w) not in said:
                return f"the reading leaves out {words[i]!r}"
    return (
        framed(tokens, low, heads, kinds, idle)
        or misread(tokens, words, low, kinds)
        or _name_problem(tokens, words)
        or _reflexive_problem(tokens, low)
        or of_each_other(tokens, words)
        or ("" if PRONOUNS.isdisjoint(low) else unclear(tokens, words, _gender))
    )


@lru_cache(maxsize=10_000)
def _gender(name: str, kind: str) -> str:
    return gender_of(
        name if kind == "E" else lemma(name.lower()), (), gender_of_name(name) if kind == "E" else ""
    )


def _owned(tokens: Sequence[str]) -> frozenset[int]:
    """The words of nouns said of two things ("her big dog": dog(x, she)), and of what describes them."""
    nouns: set[int] = set()
    for i, t in enumerate(tokens):
        name = tokens[i + 1 : end_of(tokens, i + 1)] if t == "P2" else ()
        if all(p == "JOIN" or p[:2] == "N:" for p in name):
            nouns.update(PLACE[p] for p in name if p != "JOIN")
    described = sorted(PLACE[t] for t in tokens if t[:2] in ("A:", "N:"))
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
    if len(word) < 3 or not word.isalpha() or is_known(word) or number(word) is not None:
        return word
    found = min((u for u in _SLIPS if _one_slip(word, u)), default=word)
    return found


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
    first = min((PLACE[t] for t in tokens if t[:2] in ("D:", "E:")), default=0)
    said = [n for w in words[:first] if (n := number(w)) is not None]
    return first if not said or things in said else 0


def _used(tokens: Sequence[str]) -> tuple[dict[int, set[str]], set[str]]:
    """The words that a reading points at, each with the kinds of its pointers, X inside a stretch; and the
    reading's symbols and kinds."""
    kinds: dict[int, set[str]] = {}
    heads: set[str] = set()
    before = ""
    for t in tokens:
        if t[1:2] == ":":
            kind, i = t[0], PLACE[t]
            heads.add(kind)
            if i in kinds:
                kinds[i].add(kind)
            else:
                kinds[i] = {kind}
            if kind == "F" and before[:2] == "B:":
                for k in range(PLACE[before], i + 1):
                    kinds.setdefault(k, set()).add("X")
        else:
            heads.add(t)
        before = t
    return kinds, heads


def _may_be_left_out(
    low: Sequence[str], i: int, kinds: Mapping[int, set[str]], heads: Set[str], owned: Container[int] = ()
) -> bool:
    w = low[i] if low[i] in UNSAID else meant(low[i])
    if not heads.isdisjoint(WITH.get(w, _NOTHING)):
        return True
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
    """A name of several words in which one is no name ("Bob said Tom"), or whose words stand apart."""
    if "NAMES" not in tokens:
        return ""
    end = 0
    while "NAMES" in tokens[end:]:
        start = tokens.index("NAMES", end)
        end = end_of(tokens, start)
        run = [PLACE[t] for t in tokens[start:end] if t[:2] in ("E:", "D:")]
        if problem := _no_name(run, words, tokens[end - 1][:2] == "E:"):
            return problem
    return ""


def _no_name(run: Sequence[int], words: Sequence[str], given: bool) -> str:
    parts = [words[k] for k in run if k < len(words)]
    if given and any(p[0].isupper() for p in parts):
        called = kind_in_name(parts)  # "ticket A12"
        odd = [p for p in parts[called:] if p[0].islower() and p not in PARTICLES and p.lower() not in CLOCK]
        if odd:
            return f"{odd[0]!r} cannot be a part of the name {' '.join(parts)!r}"
    for k, after in pairwise(run):
        between = words[k + 1 : after]
        if after <= k or any(w[:1].isalnum() and w.lower() not in _INSIDE for w in between):
            return f"{' '.join(parts)!r} is no name: its words stand apart"
    return ""


_PERSONAL = frozenset(("it", "they", "them", "he", "him", "she", "her"))


def _reflexive_problem(tokens: Sequence[str], low: Sequence[str]) -> str:
    """One mention as subject and object: only a reflexive allows it (condition B; Chomsky 1981)."""
    if _PERSONAL.isdisjoint(low) or any(w.endswith(("self", "selves")) for w in low):
        return ""
    pronouns = sorted(_PERSONAL.intersection(low))
    letters = any(len(w) == 1 and w.isalpha() and w != "a" for w in low)  # "if X likes X"
    for i, t in enumerate(tokens):
        if t == "P2":
            k = end_of(tokens, i + 1)
            middle, end = end_of(tokens, k), end_of(tokens, end_of(tokens, k))
            same = list(tokens[k:middle]) == list(tokens[middle:end]) != []
            if same and not (letters and ":" not in tokens[k]):
                return (
                    f"the reading takes {' and '.join(map(repr, pronouns))} to be the subject of its own verb"
                )
    return ""

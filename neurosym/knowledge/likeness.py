"""How alike two predicates' names are: do they mean the same, does one imply the other, how surely?

A name is base forms joined by "_": `kid`, `fond_of`, `drink_coffee_regularly`.  Names are compared

    as words of WordNet     kid, child: one sense of both; like: "be fond of", as its gloss defines it
    word by word            regularly drink coffee, drink coffee regularly; depend on, dependent on
    by the grammar of names what is done quickly is done; who does something can; a big thing is big

Scores are probabilities that the relation was meant.  Whether a text uses a word in the sense that is
shared is weighed by how often that sense occurs (WordNet's tagged texts), against the chance that the
writer varies words: see `_mixed`.

Knows names and WordNet.  Must not know theories, claims or how sentences are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from neurosym.knowledge.thesaurus import SILENT, Words
from neurosym.knowledge.wordnet import MEANT

# The chance that two predicates of a text which WordNet's senses allow to be one are one: higher
# where one of them is of no use without the other, as nobody writes a rule to no purpose.  With
# LEAST, the first lets every shared sense that is not rare link, the second only those that prevail.
VARIED, VARIED_IN_VAIN = 0.2, 0.5
IN_CONTEXT = 0.7  # ... and where all other words of a long name agree
LEAST_KIND = 0.8  # hypernyms are many, and what is wrongly one of many kinds has many consequences
LEAST = 0.5  # a link that is more likely wrong than right is none

SAME = 0.97  # the same words in another spelling, or with an adverb in another place
INFLECTED = 0.95  # two forms of one word
DERIVED = 0.85  # "depend on", "dependent on": same stem and complement, but another part of speech
DROPPED = 0.95  # what is done regularly, or quickly, is done
ABLE = 0.9  # who does something can do it; "can" of permission is the exception
LIGHT = 0.9  # words that add nothing: "located in", "a thing that is"
HEADED = 0.9  # a software engineer is an engineer; a "paper tiger" is no tiger
MODIFIERS = 3  # before the head of a noun; more are a sentence read as a name
COMPLEMENT = 0.75  # "conscious of", "conscious about": one complement, or two
AGENT = 0.8  # the owner of something owns it; a "leader of" may be one by office only

# Who does it rarely, nearly or not is not who does it: these words stay where they are.
_KEPT = frozenset(str.split(
    "not never no nor neither without hardly barely rarely seldom scarcely almost nearly allegedly "
    "supposedly reportedly apparently possibly probably maybe perhaps formerly previously only partly "
    "half non partially slightly nominally "
    "potentially hopefully unlikely likely falsely virtually practically theoretically essentially "
    "hypothetically wrongly mistakenly incorrectly unsuccessfully"
))  # fmt: skip
_ADVERBS = frozenset(str.split(
    "regularly often frequently usually always sometimes once ever also currently now again very really "
    "too still already overall primarily originally mainly mostly generally normally indeed well "
    "just quite so then together"
)) - _KEPT  # fmt: skip
# What is said with one of these is true without it, too.  Who is late often or sometimes need not be late,
# and what is seemingly, initially, mainly or conditionally so need not be so: of the open class only the
# adverbs are among them that WordNet defines by a manner, a means or a high degree.
_DROPPABLE = frozenset(str.split(
    "regularly always also currently now again very really too still already indeed well quite together "
    "carefully recently thoroughly completely fully entirely truly genuinely actually certainly definitely "
    "hard fast"
))  # fmt: skip
_MANNER = re.compile(
    r"(\(.*?\) )?(in an? [^;]*\b(manner|way|fashion)\b|with(?! re(gard|spect|ference)\b)|without\b|"
    r"by (?!chance|good|bad)|to an? (?!\w*\s?(small|slight|limited|certain))[^;]*\b(degree|extent|depth)\b)"
)
_NOT_SO = frozenset(str.split(
    "false fictional pretended tentative provisional ideal abstract incomplete imperfect restricted limited "
    "partial superficial figurative doubtful irregular sporadic intermittent fitful insufficient inadequate "
    "marginal relative vague conjectural hypothesis possibility unattainable unachievable "
    "success effect result avail"
))  # fmt: skip
_LEADING = frozenset(("who", "which", "that", "it", "they", "he", "she", "also", "then"))
_LOCATED = frozenset(("locate", "located", "situate", "situated"))
# Of things of these kinds the head of the name is not true.
_SHAM = frozenset(str.split(
    "fake false mock toy model pseudo ex former would counterfeit imaginary fictional artificial alleged "
    "supposed potential failed stuffed dead virtual future quasi anti vice assistant deputy no non almost "
    "suspected candidate wannabe aspiring presumed purported reputed putative cartoon robot plastic honorary "
    "prospective previous rejected erstwhile past onetime hypothetical theoretical rumoured rumored "
    "unconfirmed near intended expected planned proposed cancelled canceled pretend feigned bogus dummy sham"
))  # fmt: skip
# "Must rest" is no rest: who must, may or should do something need not do it (Hughes and Cresswell 1996).
_MODAL = frozenset(str.split("must may might shall should would will could can ought need dare"))
_JOINING = frozenset(str.split(
    "and or either neither both he she it they we you who that which when if while among between his her its "
    "their be have do"
))  # fmt: skip
_COMPLEMENTS = (frozenset(("of", "about")), frozenset(("by", "from")), frozenset(("on", "upon")),
                frozenset(("to", "towards")), frozenset(("to", "toward")))  # fmt: skip
_PREPOSITIONS = frozenset(str.split("in on at of for with by to from about near under over as than into"))
_NO_MODIFIERS = _SHAM | _KEPT | _PREPOSITIONS | _JOINING | _MODAL


@dataclass(frozen=True, slots=True)
class Likeness:
    """`both`: they mean the same; else the first implies the second."""

    score: float
    both: bool
    why: str


@dataclass(frozen=True, slots=True)
class Name:
    """`core`: the words in order, without adverbs; `adverbs` those that may stand anywhere.

    `able`: it says "can"; `thing`: its last word, left out of the core, was one that says nothing.
    """

    text: str
    core: tuple[str, ...]
    adverbs: frozenset[str] = frozenset()
    able: bool = False
    thing: str = ""


def name_of(name: str, arity: int, words: Words) -> Name:
    """The name of a predicate in parts, looked at once."""
    if (name, arity) not in words.names:
        words.names[name, arity] = _name(name, arity, words)
    return words.names[name, arity]


def alike(a: str, b: str, arity: int, words: Words, in_vain: bool = False) -> Likeness | None:
    """How the predicates `a` and `b` of `arity` arguments are related, if a says what b says or implies it.

    in_vain: one of them is of no use in its text without the other.  None where nothing speaks for a
    relation with a score of LEAST.
    """
    p, q = name_of(a, arity, words), name_of(b, arity, words)
    if p.core == q.core and p == replace(q, text=a):
        return Likeness(SAME, True, "the same words")
    ways = (
        _whole(p, q, words, in_vain),
        _by_words(p, q, words),
        _headed(p, q, words) if arity == 1 else None,
    )
    found = [x for x in ways if x is not None]
    if arity == 2 and (x := _agents(a, b, words)) is not None:
        found.append(x)
    best = max(found, key=lambda x: (x.score, x.both), default=None)
    return best if best is not None and best.score >= LEAST else None


def implied_kind(a: str, b: str, words: Words) -> Likeness | None:
    """Does every `a` count as `b` by WordNet's hypernyms, as nouns that are predicates of one argument?

    The score counts how often `a` is a noun at all: who is cold need not have a cold.
    """
    if "noun" not in words.parts(a) or "noun" not in words.parts(b):
        return None
    score = words.net.subsumed(a, b, "noun") * words.share(a, "noun")
    if score < LEAST_KIND or words.opposed(a, b):
        return None
    return Likeness(round(min(SAME, score), 4), False, f"WordNet: {_a(a)} is a kind of {b.replace('_', ' ')}")


def keys(name: str, arity: int, words: Words) -> frozenset[str]:
    """What two names have in common, at the least, where `alike` or `implied_kind` may relate them.

    Of names that share no key, no comparison is needed, but for `kinds`.
    """
    n = name_of(name, arity, words)
    out = {f"base {b}" for w in n.core if w not in _PREPOSITIONS for b in words.bases(w)}
    out |= {f"stem {w[:4]}" for w in n.core[:1] if len(w) >= 4}
    for w in (*n.core, name):
        for part in words.parts(w):
            out |= {f"{part} {s.synset.offset}" for s in words.net.senses(w, part)}
    if len(n.core) == 1:
        out |= {f"base {w}" for said in words.defined(n.core[0]) for w in said if w not in _PREPOSITIONS}
    return frozenset(out)


def kinds(name: str, words: Words) -> tuple[frozenset[int], frozenset[int]]:
    """The synsets of a noun, and those above them: what `implied_kind` may relate."""
    own = [s.synset for s in words.net.senses(name, "noun")] if "noun" in words.parts(name) else []
    over = {offset for s in own for part, offset in words.net.above(s) if part == "noun"}
    return frozenset(s.offset for s in own), frozenset(over)


# --- as words of WordNet ------------------------------------------------------------------------


def _mixed(together: float, varied: float) -> float:
    """The probability that two words mean the same here: the writer varies words (`varied`), or else
    uses each in a sense of its own, which are the same by chance (`together`)."""
    return round(min(SAME, varied + (1.0 - varied) * together), 4)


def _whole(p: Name, q: Name, words: Words, in_vain: bool) -> Likeness | None:
    """The names as entries of WordNet, or one as the definition of the other."""
    if p.adverbs or q.adverbs or p.able != q.able or p.thing or q.thing or p.core == q.core:
        return None
    a, b = "_".join(p.core), "_".join(q.core)
    together, why = words.shared(a, b)
    if together > 0.0:
        # that two words could share a sense which neither prevails in is said of nearly all common words
        varied = VARIED_IN_VAIN if in_vain and together >= MEANT else VARIED
        return Likeness(_mixed(together, varied), True, why)
    for one, other in ((p, q), (q, p)):
        if len(one.core) == 1 and len(other.core) > 1:
            share, why = words.defined(one.core[0]).get(other.core, (0.0, ""))
            # the other's words say it in full, whatever the writer does with the one word
            if share > 0.0:
                return Likeness(_mixed(share, VARIED_IN_VAIN), True, why)
    return None


def _headed(p: Name, q: Name, words: Words) -> Likeness | None:
    """A noun and the same noun with nouns or adjectives before it."""
    n = len(p.core) - len(q.core)
    if n < 1 or p.core[n:] != q.core or p.adverbs or q.adverbs or p.able or q.able or p.thing or q.thing:
        return None
    before, whole, head = p.core[:n], "_".join(p.core), "_".join(q.core)
    if n > MODIFIERS or any(w in _NO_MODIFIERS for w in p.core) or "noun" not in words.parts(q.core[-1]):
        return None
    if any("verb" in words.parts(w) for w in (before[0], *q.core[:-1])):
        return None  # "drink coffee" is no coffee
    if words.net.knows(whole, "noun") and words.net.subsumed(whole, head, "noun") < LEAST:
        return None  # a "guinea pig" is no pig
    return Likeness(HEADED, False, f"{_a(p.text)} is {_a(q.text)}")


def _agents(a: str, b: str, words: Words) -> Likeness | None:
    """owner(x, y) and own(x, y)."""
    for noun, verb in ((a, b), (b, a)):
        if words.agent(noun.removesuffix("_of")) in words.bases(verb):
            return Likeness(AGENT, True, f"who is {_a(noun)} of something does {verb} it (WordNet)")
    return None


# --- word by word -------------------------------------------------------------------------------


def _by_words(p: Name, q: Name, words: Words) -> Likeness | None:
    if len(p.core) != len(q.core) or not p.core:
        return None
    score, why, both = 1.0, list[str](), True
    long = sum(w not in _PREPOSITIONS for w in p.core) >= 3
    varied = 0
    for i, (v, w) in enumerate(zip(p.core, q.core, strict=True)):
        if v == w:
            continue
        if i > 0 and frozenset((v, w)) in _COMPLEMENTS and v not in (p.core[0], q.core[0]):
            score *= COMPLEMENT
            why.append(f"{v}, {w}")
            continue
        if {v, w} & (_KEPT | _PREPOSITIONS) or words.opposed(v, w):
            return None
        if words.bases(v) & words.bases(w):
            score *= INFLECTED
            continue
        follows = p.core[i + 1 : i + 2]
        if (
            i == 0
            and follows
            and follows == q.core[1:2]
            and follows[0] in _PREPOSITIONS
            and words.derived(v, w)
        ):
            score *= DERIVED
            why.append(f"{v} and {w} (WordNet)")
            continue
        together, sense = words.shared(v, w)
        if together == 0.0 or len(p.core) == 1:
            return None
        varied += 1
        score *= _mixed(together, IN_CONTEXT if long else VARIED)
        why.append(f"{v} and {w}: {sense}")
    if varied > 1:  # two words that are not sure leave too little that is
        return None
    if p.adverbs != q.adverbs:
        # who does not do it regularly may do it
        if not q.adverbs < p.adverbs or _KEPT.intersection(p.core):
            return None
        if not all(_true_without(w, words) for w in p.adverbs - q.adverbs):
            return None
        score, both = score * DROPPED, False
        why.append("also without " + ", ".join(sorted(p.adverbs - q.adverbs)))
    if p.able != q.able:
        if p.able:  # who can do something need not do it
            return None
        score, both = score * ABLE, False
        why.append("who does it can")
    if p.thing != q.thing:
        if p.thing and q.thing:
            return None
        kind = p.thing or q.thing
        if kind != "thing":
            if not p.thing:  # what is shy may be no person
                return None
            both = False
        score *= LIGHT
        why.append(f"{kind} says no more")
    return Likeness(round(score if why else score * SAME, 4), both, "; ".join(why) or "the same words")


def _name(name: str, arity: int, words: Words) -> Name:
    parts = [w for piece in name.lower().split("_") for w in piece.split("-") if w]
    while len(parts) > 1 and parts[0] in _LEADING:
        parts = parts[1:]
    if parts[:2] == ["person", "who"] and len(parts) > 2:
        parts = parts[2:]
    if len(parts) > 1 and parts[0] in ("be", "is", "are") and not words.net.knows(parts[1], "verb"):
        parts = parts[1:]
    able = len(parts) > 1 and parts[0] == "can"
    if able or parts[:3] == ["be", "able", "to"] or parts[:2] == ["able", "to"]:
        able, parts = True, parts[1:] if parts[0] == "can" else parts[parts.index("to") + 1 :]
    if parts[:2] == ["have", "to"] and len(parts) > 2:
        parts = ["must", *parts[2:]]
    if len(parts) > 1 and parts[0] in _LOCATED and parts[1] in ("in", "at", "on", "near"):
        parts = parts[1:]
    if parts[0] == "with" and len(parts) > 1:
        parts = ["have", *parts[1:]]
    if arity == 2 and len(parts) > 1 and parts[-1] == "of" and words.agent(parts[-2]):
        parts = parts[:-1]
    thing = ""
    if arity == 1 and len(parts) > 1 and parts[-1] in ("thing", "person") and _adjective(parts[-2], words):
        parts, thing = parts[:-1], parts[-1]
    adverbs = frozenset(w for w in parts if _adverb(w, words)) if len(parts) > 1 else frozenset()
    core = tuple(w for w in parts if w not in adverbs and w not in SILENT) or tuple(parts)
    return Name(name, core, adverbs, able, thing)


def _adverb(word: str, words: Words) -> bool:
    if word in _KEPT:
        return False
    return word in _ADVERBS or (word.endswith("ly") and words.parts(word) == ("adv",))


def _true_without(adverb: str, words: Words) -> bool:
    """Is what is done with this adverb done?  By the gloss of its most frequent sense."""
    senses = words.net.senses(adverb, "adv")
    gloss = senses[0].synset.gloss if senses else ""
    return adverb in _DROPPABLE or (
        adverb not in _ADVERBS
        and _MANNER.match(gloss) is not None
        and _NOT_SO.isdisjoint(gloss.partition(";")[0].split())
    )


def _adjective(word: str, words: Words) -> bool:
    return "adj" in words.parts(word) or word.endswith("able")


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name.replace('_', ' ')}"


def described(a: str, b: str, found: Likeness) -> str:
    """The relation in English, for the source of a claim."""
    says = "says the same as" if found.both else "implies"
    return f"by synonymy: “{a.replace('_', ' ')}” {says} “{b.replace('_', ' ')}” ({found.why})"

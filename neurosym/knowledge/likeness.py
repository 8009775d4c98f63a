"""How alike two predicates' names are: do they mean the same, does one imply the other, how surely?

A name is base forms joined by "_": `kid`, `fond_of`, `drink_coffee_regularly`.  Names are compared

    as words of WordNet     kid, child: one sense of both; like: "be fond of", as its gloss defines it
    word by word            regularly drink coffee, drink coffee regularly; depend on, dependent on
    by the grammar of names what is done regularly is done; who does something can; a big thing is big

Scores are probabilities that the relation was meant.  Whether a text uses a word in the sense that is
shared is weighed by how often that sense occurs (WordNet's tagged texts), against the chance that the
writer varies words: see `_mixed`.

Knows names and WordNet.  Must not know theories, claims or how sentences are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from neurosym.knowledge.wordnet import MEANT, PARTS, Part, Synset, WordNet

# The chance that two predicates of a text which WordNet's senses allow to be one are one: higher
# where one of them is of no use without the other, as nobody writes a rule to no purpose.  With
# LEAST, the first lets every shared sense that is not rare link, the second only those that prevail.
VARIED, VARIED_IN_VAIN = 0.2, 0.5
IN_CONTEXT = 0.7  # ... and where all other words of a long name agree
LEAST = 0.5  # a link that is more likely wrong than right is none

SAME = 0.97  # the same words in another spelling, or with an adverb in another place
INFLECTED = 0.95  # two forms of one word
DERIVED = 0.85  # "depend on", "dependent on": same stem and complement, but another part of speech
DROPPED = 0.95  # what is done regularly is done
ABLE = 0.9  # who does something can do it; "can" of permission is the exception
LIGHT = 0.9  # words that add nothing: "located in", "a thing that is"
AGENT = 0.8  # the owner of something owns it; a "leader of" may be one by office only

# Who does it rarely, nearly or not is not who does it: these words stay where they are.
_KEPT = frozenset(str.split(
    "not never no nor neither without hardly barely rarely seldom scarcely almost nearly allegedly "
    "supposedly reportedly apparently possibly probably maybe perhaps formerly previously only partly "
    "half un- non potentially hopefully unlikely likely falsely"
))  # fmt: skip
_ADVERBS = frozenset(str.split(
    "regularly often frequently usually always sometimes once ever also currently now again very really "
    "too still already overall primarily originally mainly mostly generally normally indeed well "
    "just quite so then together"
)) - _KEPT  # fmt: skip
_INFLECTED: tuple[Part, ...] = ("noun", "verb")
_LEADING = frozenset(("who", "which", "that", "it", "they", "he", "she", "also", "then"))
_SILENT = frozenset(("to", "a", "an", "the"))  # "prefer to work", "prefer work"
_LOCATED = frozenset(("locate", "located", "situate", "situated"))
_PREPOSITIONS = frozenset(str.split("in on at of for with by to from about near under over as than into"))


@dataclass(frozen=True, slots=True)
class Likeness:
    """`both`: they mean the same; else the first implies the second.  `turned`: of two arguments, the
    second predicate takes them in the other order."""

    score: float
    both: bool
    why: str
    turned: bool = False


@dataclass(slots=True)
class Words:
    """WordNet with what was already looked up."""

    net: WordNet
    _names: dict[tuple[str, int], _Name] = field(default_factory=dict)
    _shared: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    _bases: dict[str, frozenset[str]] = field(default_factory=dict)
    _glosses: dict[str, dict[tuple[str, ...], tuple[float, str]]] = field(default_factory=dict)

    def name(self, name: str, arity: int) -> _Name:
        if (name, arity) not in self._names:
            self._names[name, arity] = _name(name, arity, self)
        return self._names[name, arity]

    def bases(self, word: str) -> frozenset[str]:
        """The word and the base forms that it may have."""
        if word not in self._bases:
            # of adjectives none: "older" is not "old", and an "owner" is no comparative
            forms = (b for part in _INFLECTED for b in self.net.base_forms(word, part))
            self._bases[word] = frozenset((word, *forms))
        return self._bases[word]

    def parts(self, word: str) -> tuple[Part, ...]:
        """The parts of speech that the word is used in, but for rare ones."""
        known = {p: self.net.tagged(word, p) for p in PARTS if self.net.knows(word, p)}
        every = sum(known.values())
        return tuple(p for p, n in known.items() if every == 0 or n >= MEANT * every)

    def shared(self, a: str, b: str) -> tuple[float, str]:
        """The probability that both are used in one and the same sense, by their shares of occurrences
        and independently of each other; and the senses' name.  0 where they share none that counts."""
        if (a, b) not in self._shared:
            self._shared[a, b] = self._shared[b, a] = self._share(a, b)
        return self._shared[a, b]

    def _share(self, a: str, b: str) -> tuple[float, str]:
        best, why = 0.0, ""
        for part in self.parts(a):
            if part not in self.parts(b) or self.net.opposed(a, b, part):
                continue
            others = {s.synset.offset: s.weight for s in self.net.senses(b, part)}
            joint = [
                (s.weight * others[s.synset.offset], max(s.weight, others[s.synset.offset]), s.synset)
                for s in self.net.senses(a, part)
                if s.synset.offset in others and not s.synset.proper
            ]
            joint = [(w, most, s) for w, most, s in joint if most >= MEANT]
            if joint and (total := sum(w for w, _, _ in joint)) > best:
                best, why = total, self.named(max(joint, key=lambda x: x[0])[2], a)
        return best, why

    def named(self, s: Synset, word: str) -> str:
        """ "child.n.01": a sense of a word, as WordNet's users write it."""
        every = enumerate(self.net.senses(word, s.part), 1)
        number = next((i for i, x in every if x.synset.offset == s.offset), 0)
        return f"WordNet {word}.{'r' if s.part == 'adv' else s.part[0]}.{number:02}"

    def defined(self, word: str) -> dict[tuple[str, ...], tuple[float, str]]:
        """The definitions of a word that are a few words, as words of a name, with the sense's share."""
        if word not in self._glosses:
            out: dict[tuple[str, ...], tuple[float, str]] = {}
            for part in self.parts(word):
                for s in self.net.senses(word, part):
                    text = re.sub(r"\([^)]*\)", " ", s.synset.gloss.partition(";")[0])
                    said = [w for w in re.findall(r"[a-z'-]+", text.lower()) if w not in _SILENT]
                    if said[:1] == ["be"] and part == "verb":
                        said = said[1:]
                    if 0 < len(said) <= 4 and s.weight >= MEANT:
                        out.setdefault(
                            tuple(said), (s.weight, f"{self.named(s.synset, word)}: “{text.strip()}”")
                        )
            self._glosses[word] = out
        return self._glosses[word]

    def derived(self, a: str, b: str) -> bool:
        """Is one a verb and the other an adjective of the same stem, and does WordNet derive them?"""
        if a[:4] != b[:4] or min(len(a), len(b)) < 4:
            return False
        return any(
            any(p.kind == "+" and p.part == other and b in self.net.synset(p.part, p.offset).words
                for p in s.synset.pointers)
            for part, other in (("verb", "adj"), ("adj", "verb"))
            for s in self.net.senses(a, _part(part))
        )  # fmt: skip

    def agent(self, noun: str) -> str:
        """The verb that a noun in -er or -or names the doer of, or nothing."""
        if not noun.endswith(("er", "or")) or "_" in noun:
            return ""
        for s in self.net.meant(noun, "noun"):
            for p in s.synset.pointers:
                if p.kind == "+" and p.part == "verb":
                    for verb in self.net.synset(p.part, p.offset).words:
                        if verb[:3] == noun[:3] and self.net.meant(verb, "verb"):
                            return verb
        return ""

    def opposed(self, a: str, b: str) -> bool:
        return any(self.net.opposed(x, y, p) for p in PARTS for x in self.bases(a) for y in self.bases(b))


def _part(part: str) -> Part:
    return "verb" if part == "verb" else "adj"


@dataclass(frozen=True, slots=True)
class _Name:
    """`core`: the words in order, without adverbs; `adverbs` those that may stand anywhere.

    `able`: it says "can"; `thing`: its last word, left out of the core, was one that says nothing.
    """

    text: str
    core: tuple[str, ...]
    adverbs: frozenset[str] = frozenset()
    able: bool = False
    thing: str = ""


def alike(a: str, b: str, arity: int, words: Words, in_vain: bool = False) -> Likeness | None:
    """How the predicates `a` and `b` of `arity` arguments are related, if a says what b says or implies it.

    in_vain: one of them is of no use in its text without the other.  None where nothing speaks for a
    relation with a score of LEAST.
    """
    p, q = words.name(a, arity), words.name(b, arity)
    if p.core == q.core and p == replace(q, text=a):
        return Likeness(SAME, True, "the same words")
    found = [x for x in (_whole(p, q, words, in_vain), _by_words(p, q, words)) if x is not None]
    if arity == 2 and (x := _agents(a, b, words)) is not None:
        found.append(x)
    best = max(found, key=lambda x: (x.score, x.both), default=None)
    return best if best is not None and best.score >= LEAST else None


def implied_kind(a: str, b: str, words: Words) -> Likeness | None:
    """Does every `a` count as `b` by WordNet's hypernyms, as nouns that are predicates of one argument?"""
    if not (words.net.knows(a, "noun") and "noun" in words.parts(a) and "noun" in words.parts(b)):
        return None
    score = words.net.subsumed(a, b, "noun")
    if score < LEAST or words.opposed(a, b):
        return None
    text = f"{_a(a)} is a kind of {b.replace('_', ' ')} (WordNet)"
    return Likeness(round(score, 4), False, text)


def keys(name: str, arity: int, words: Words) -> frozenset[str]:
    """What two names have in common, at the least, where `alike` or `implied_kind` may relate them.

    (Of names that share no key, no comparison is needed.)  Hypernyms are not among them.
    """
    n = words.name(name, arity)
    out = {f"base {b}" for w in n.core if w not in _PREPOSITIONS for b in words.bases(w)}
    out |= {f"stem {w[:4]}" for w in n.core[:1] if len(w) >= 4}
    for w in (*n.core, name):
        for part in words.parts(w):
            out |= {f"{part} {s.synset.offset}" for s in words.net.senses(w, part)}
    if len(n.core) == 1:
        out |= {f"base {w}" for said in words.defined(n.core[0]) for w in said if w not in _PREPOSITIONS}
    return frozenset(out)


# --- as words of WordNet ------------------------------------------------------------------------


def _mixed(together: float, varied: float) -> float:
    """The probability that two words mean the same here: the writer varies words (`varied`), or else
    uses each in a sense of its own, which are the same by chance (`together`)."""
    return round(min(SAME, varied + (1.0 - varied) * together), 4)


def _whole(p: _Name, q: _Name, words: Words, in_vain: bool) -> Likeness | None:
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


def _agents(a: str, b: str, words: Words) -> Likeness | None:
    """owner(x, y) and own(x, y)."""
    for noun, verb in ((a, b), (b, a)):
        if words.agent(noun.removesuffix("_of")) in words.bases(verb):
            return Likeness(AGENT, True, f"who is {_a(noun)} of something does {verb} it (WordNet)")
    return None


# --- word by word -------------------------------------------------------------------------------


def _by_words(p: _Name, q: _Name, words: Words) -> Likeness | None:
    if len(p.core) != len(q.core) or not p.core:
        return None
    score, why, both = 1.0, list[str](), True
    long = sum(w not in _PREPOSITIONS for w in p.core) >= 3
    varied = 0
    for i, (v, w) in enumerate(zip(p.core, q.core, strict=True)):
        if v == w:
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
        if not q.adverbs < p.adverbs:
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


def _name(name: str, arity: int, words: Words) -> _Name:
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
    core = tuple(w for w in parts if w not in adverbs and w not in _SILENT) or tuple(parts)
    return _Name(name, core, adverbs, able, thing)


def _adverb(word: str, words: Words) -> bool:
    if word in _KEPT:
        return False
    return word in _ADVERBS or (word.endswith("ly") and words.parts(word) == ("adv",))


def _adjective(word: str, words: Words) -> bool:
    return "adj" in words.parts(word) or word.endswith("able")


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name.replace('_', ' ')}"


def described(a: str, b: str, found: Likeness) -> str:
    """The relation in English, for the source of a claim."""
    says = "says the same as" if found.both else "implies"
    return f"by synonymy: “{a.replace('_', ' ')}” {says} “{b.replace('_', ' ')}” ({found.why})"

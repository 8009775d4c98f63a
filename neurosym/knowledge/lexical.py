"""What the meanings of words say about predicates: claims by WordNet and by how English builds predicates.

A predicate's name is base forms joined by "_" (`dog`, `soccer_ball`, `play_with_in`).  From the
predicates of two texts this makes the claims that may connect them, and no others:

    WordNet       every dog is an animal; who slices something cuts it; nothing is big and small
    grammar       who sings in a place sings (an argument or adverb dropped; the rest upward monotone:
                  van Benthem 1986, "Essays in Logical Semantics", chapter 6); who sings and is on a
                  stage sings on it; what somebody peels is peeled
    prepositions  what is inside something is in it

Each claim has a source of its own that says in English what it means, and a score: for WordNet,
the share of a word's tagged occurrences whose sense is in the relation.

Knows predicates and WordNet.  Must not know how sentences are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import TypeAlias

from neurosym.knowledge.wordnet import Part, WordNet
from neurosym.logic import And, Atom, Exists, Forall, Formula, Implies, Not, Var
from neurosym.theory import Axiom, Claim

Symbol: TypeAlias = tuple[str, int]  # a predicate and the number of its arguments

WORDNET, GRAMMAR, PREPOSITIONS = "WordNet 3.0", "grammar of predicates", "prepositions"
LEAST = 0.1  # a relation that holds of a smaller share of a word's occurrences is not claimed ...
LEAST_OF_VERBS = 0.25  # ... and of a verb's, whose senses shade into each other
USUALLY = 0.9  # for what grammar says in almost all cases

_PLACES = frozenset(
    str.split(
        "in on at near under behind beside along across through around inside outside over above below by "
        "between among beneath against within next_to in_front_of on_top_of"
    )
)
_PREPOSITIONS = _PLACES | frozenset(
    str.split(
        "with without into onto from to toward towards for of off up down out upon about as during "
        "underneath alongside atop past before after like beyond via out_of off_of close_to"
    )
)
# The first implies the second.
_IMPLIES = {
    ("inside", "in"), ("into", "in"), ("within", "in"), ("onto", "on"), ("upon", "on"), ("atop", "on"),
    ("on_top_of", "on"), ("next_to", "near"), ("beside", "near"), ("by", "near"), ("close_to", "near"),
    ("near", "close_to"), ("next_to", "beside"), ("beside", "next_to"), ("alongside", "beside"),
    ("beside", "alongside"), ("beneath", "under"), ("below", "under"), ("underneath", "under"),
    ("over", "above"), ("on", "upon"), ("in", "inside"), ("toward", "towards"), ("towards", "toward"),
    ("on", "onto"), ("in", "into"), ("next_to", "by"), ("beside", "by"), ("near", "by"), ("on", "atop"),
    ("under", "beneath"), ("under", "underneath"), ("under", "below"), ("in", "within"),
}  # fmt: skip
_TOGETHER = ("in_front_of", "on_top_of", "next_to", "close_to", "out_of", "off_of")
_CLOTHES = "clothing"


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb with its arguments: the subject is x1, then direct objects, then one for each preposition."""

    head: str
    objects: tuple[int, ...]  # places of the direct objects
    places: tuple[tuple[str, int], ...]  # a preposition and the place of its argument
    adverbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Parts:
    """WordNet, where a word is only what it is in the texts: `parts` are the parts of speech that they
    use it in, and a word that is not there may be any."""

    net: WordNet
    parts: Mapping[str, frozenset[Part]]

    def may_be(self, word: str, part: Part) -> bool:
        return part in self.parts[word] if word in self.parts else True

    def knows(self, word: str, part: Part) -> bool:
        return self.may_be(word, part) and self.net.knows(word, part)

    def subsumed(self, word: str, by: str, part: Part) -> float:
        if not (self.may_be(word, part) and self.may_be(by, part)):
            return 0.0
        return self.net.subsumed(word, by, part)

    def opposed(self, word: str, other: str, part: Part) -> bool:
        return self.may_be(word, part) and self.may_be(other, part) and self.net.opposed(word, other, part)

    def sister_taxa(self, word: str, other: str) -> bool:
        return self.may_be(word, "noun") and self.may_be(other, "noun") and self.net.sister_taxa(word, other)


def lexical_claims(
    first: Iterable[Symbol],
    second: Iterable[Symbol],
    net: WordNet,
    parts: Mapping[str, frozenset[Part]] | None = None,
    least: float = LEAST,
) -> tuple[Claim, ...]:
    """The claims that may connect the predicates of two texts, sorted by label, each label once.

    parts: the parts of speech that the texts use a word in, where that is known ("dog" is a verb too).

    Disjointness is claimed only of a predicate of the one text alone and one of the other alone, so
    that no text contradicts itself by it ("a black and white dog").
    """
    words = _Parts(net, parts or {})
    one, two = set(first), set(second)
    every = sorted(one | two)
    found: dict[str, Claim] = {}
    for p, q in permutations(every, 2):
        for claim in _implied(p, q, words, least):
            found.setdefault(claim.label, claim)
    for p, q in combinations(every, 2):
        if (p in one) != (q in one) and (p in two) != (q in two) and p[1] == q[1]:
            for claim in _disjoint(p, q, words):
                found.setdefault(claim.label, claim)
    for claim in (*_placed(every, words, least), *_clothes(every, words, least)):
        found.setdefault(claim.label, claim)
    return tuple(found[k] for k in sorted(found))


# --- one predicate from another ---------------------------------------------------------------


def _implied(p: Symbol, q: Symbol, words: _Parts, least: float) -> Iterator[Claim]:
    (p_name, p_arity), (q_name, q_arity) = p, q
    xs = _vars(p_arity)
    if p_arity == q_arity == 1:
        score, why = _unary(p_name, q_name, words)
        if score >= least:
            yield _claim(p, q, Forall(xs, Implies(Atom(p_name, xs), Atom(q_name, xs))), why, score)
            return
    if p_arity == q_arity == 2 and (_joined(p_name), _joined(q_name)) in _IMPLIES:
        text = f"what is {_text(p_name)} something is {_text(q_name)} it"
        formula = Forall(xs, Implies(Atom(p_name, xs), Atom(q_name, xs)))
        yield _claim(p, q, formula, (PREPOSITIONS, text), USUALLY)
        return
    best: tuple[float, tuple[int, ...], str] = (0.0, (), "")
    for a in _verbs(p, words):
        for b in _verbs(q, words):
            score, places = _verb_implies(a, b, words)
            by = WORDNET if a.head != b.head else GRAMMAR
            if score > best[0]:
                best = score, places, by
    if best[0] >= max(least, LEAST_OF_VERBS):
        ys = tuple(xs[i] for i in best[1])
        formula = Forall(xs, Implies(Atom(p_name, xs), Atom(q_name, ys)))
        text = f"who or what {_says(p)} also {_says(q)}"
        yield _claim(p, q, formula, (best[2], text), best[0])
    yield from _participle(p, q, words)


def _unary(p: str, q: str, words: _Parts) -> tuple[float, tuple[str, str]]:
    """How far p implies q as nouns, adjectives or verbs of one argument, and why."""
    if "_" in p and p.rpartition("_")[2] == q and words.knows(q, "noun") and _compound(p, words):
        return 1.0, (GRAMMAR, f"every {_text(p)} is {_a(q)}")
    score, why = 0.0, ("", "")
    nouns = max(words.subsumed(p, q, "noun"), _head_implies(p, q, words))
    if nouns > score:
        score, why = nouns, (WORDNET, f"every {_text(p)} is {_a(q)}")
    if (n := words.subsumed(p, q, "adj")) > score:
        score, why = n, (WORDNET, f"what is {_text(p)} is {_text(q)}")
    return score, why


def _compound(p: str, words: _Parts) -> bool:
    """Is it a kind of what its last word says?  A "hot dog" is no dog, as WordNet has it."""
    if words.knows(p.partition("_")[0], "verb") and not words.knows(p.partition("_")[0], "noun"):
        return False
    head = p.rpartition("_")[2]
    return not words.knows(p, "noun") or words.subsumed(p, head, "noun") >= LEAST


def _head_implies(p: str, q: str, words: _Parts) -> float:
    if "_" not in p or words.knows(p, "noun") or not _compound(p, words):
        return 0.0
    return words.subsumed(p.rpartition("_")[2], q, "noun")


def _verbs(p: Symbol, words: _Parts) -> tuple[_Verb, ...]:
    """The ways to read a predicate as a verb; none where its first word is no verb, or where it is a
    noun of two words ("skateboard trick")."""
    name, arity = p
    parts = _joined_parts(name.split("_"))
    if len(parts) > 1 and not words.knows(parts[0], "verb") and words.knows(parts[0], "adv"):
        parts = [parts[1], parts[0], *parts[2:]]  # "quickly run": the adverb may come first
    if arity < 1 or parts[0] in _PREPOSITIONS or not words.knows(parts[0], "verb"):
        return ()
    if len(parts) == 2 and parts[1] not in _PREPOSITIONS and not words.knows(parts[1], "adv"):
        return ()
    found = [_verb(parts[0], parts[1:], arity)]
    if len(parts) > 1 and words.knows(phrasal := "_".join(parts[:2]), "verb"):
        found.append(_verb(phrasal, parts[2:], arity))
    return tuple(dict.fromkeys(found))


def _verb(head: str, rest: list[str], arity: int) -> _Verb:
    prepositions = [w for w in rest if w in _PREPOSITIONS]
    others = [w for w in rest if w not in _PREPOSITIONS]
    # prepositions without an argument are particles: "stand up on a chair"
    spare = max(0, len(prepositions) - (arity - 1))
    others, prepositions = others + prepositions[:spare], prepositions[spare:]
    objects = arity - 1 - len(prepositions)
    places = tuple((w, 1 + objects + i) for i, w in enumerate(prepositions))
    return _Verb(head, tuple(range(1, 1 + objects)), places, frozenset(others))


def _verb_implies(p: _Verb, q: _Verb, words: _Parts) -> tuple[float, tuple[int, ...]]:
    """The score, and for each argument of q the place in p that it comes from."""
    if len(q.objects) > len(p.objects) or not q.adverbs <= p.adverbs:
        return 0.0, ()
    head = 1.0 if p.head == q.head else words.subsumed(p.head, q.head, "verb")
    if head == 0.0:
        return 0.0, ()
    places: list[int] = [0, *p.objects[: len(q.objects)]]
    left = list(p.places)
    for name, _ in q.places:
        same = [x for x in left if x[0] == name] or [x for x in left if (x[0], name) in _IMPLIES]
        if not same:
            return 0.0, ()
        places.append(same[0][1])
        left.remove(same[0])
    return head, tuple(places)


def _participle(p: Symbol, q: Symbol, words: _Parts) -> Iterator[Claim]:
    """`peel(x, y)` and `peeled(y)`; `running(x)` and `run(x)`."""
    (name, arity), (form, one) = q, p
    if one != 1 or "_" in form or name == form or name not in words.net.base_forms(form, "verb"):
        return
    x, y = Var("x"), Var("y")
    if form.endswith("ing") and arity == 1:
        a: Formula = Atom(name, (x,))
        text = f"who or what is {form} does so"
    elif not form.endswith("ing") and arity == 2:
        a = Exists((y,), Atom(name, (y, x)))
        text = f"what is {form} is so by something"
    else:
        return
    parts = (Implies(a, Atom(form, (x,))), Implies(Atom(form, (x,)), a))
    yield _claim((form, 1), (name, arity), Forall((x,), And(parts)), (GRAMMAR, text), USUALLY)


def _disjoint(p: Symbol, q: Symbol, words: _Parts) -> Iterator[Claim]:
    (a, arity), (b, _) = p, q
    part: Part | None = None
    if arity == 1:
        if words.opposed(a, b, "adj") and not words.subsumed(a, b, "adj"):
            part = "adj"
        elif words.opposed(a, b, "noun") or words.sister_taxa(a, b):
            part = "noun"
    if part is None and any(
        words.opposed(v.head, w.head, "verb") and replace(v, head="") == replace(w, head="")
        for v in _verbs(p, words)
        for w in _verbs(q, words)
    ):
        part = "verb"
    if part is None:
        return
    xs = _vars(arity)
    text = (
        f"nothing does both {_text(a)} and {_text(b)}"
        if part == "verb"
        else f"nothing is {_a(a)} and {_a(b)}"
    )
    if part == "adj":
        text = f"nothing is {_text(a)} and {_text(b)}"
    formula = Forall(xs, Not(And((Atom(a, xs), Atom(b, xs)))))
    yield Claim(f"disjoint {a}, {b}/{arity}", formula, Axiom(WORDNET, 0, text), USUALLY)


# --- a predicate from two ---------------------------------------------------------------------


def _placed(every: list[Symbol], words: _Parts, least: float) -> Iterator[Claim]:
    """Who sings and is on a stage sings on it, and who sings on it is on it; so of an object at a place."""
    spots = [(n, p) for n, a in every if a == 2 and (p := _joined(n)) in _PLACES]
    verbs = [(s, v) for s in every for v in _verbs(s, words)]
    for spot, place in spots:
        for (name, arity), v in verbs:
            for i, (where, at) in enumerate(v.places):
                if where != place and (where, place) not in _IMPLIES:
                    continue
                xs = _vars(arity)
                who = xs[v.objects[-1]] if v.objects else xs[0]
                there = Atom(spot, (who, xs[at]))
                both = f"{_says((name, arity))}: there is what it happens to"
                yield _claim(
                    (name, arity), (spot, 2), Forall(xs, Implies(Atom(name, xs), there)), (GRAMMAR, both), 0.8
                )
                if where != place:
                    continue
                less = replace(v, places=v.places[:i] + v.places[i + 1 :])
                for (other, n), w in verbs:
                    score, places = _verb_implies(w, less, words)
                    if other == name or score < max(least, LEAST_OF_VERBS) or len(places) != arity - 1:
                        continue
                    # the other's own arguments, by the places that they fill here
                    args: list[Var] = [Var(f"y{k}") for k in range(n)]
                    slots = [k for k in range(arity) if k != at]
                    for slot, source in zip(slots, places, strict=True):
                        args[source] = xs[slot]
                    body = And((Atom(other, tuple(args)), there))
                    bound = tuple(dict.fromkeys((*xs, *args)))
                    text = f"what is done by or to something {_text(spot)} a place is done there"
                    formula = Forall(bound, Implies(body, Atom(name, xs)))
                    label = f"{other}/{n} and {spot}/2 -> {name}/{arity}"
                    yield Claim(label, formula, Axiom(GRAMMAR, 0, text), min(score, 0.8))


def _clothes(every: list[Symbol], words: _Parts, least: float) -> Iterator[Claim]:
    """Who is in a garment wears it, and the other way round."""
    names = {n for n, a in every if a == 2}
    pairs = [(a, b) for a in ("in", "wear", "dress_in") for b in ("in", "wear", "dress_in") if a != b]
    x, y = Var("x"), Var("y")
    for a, b in pairs:
        if a not in names or b not in names:
            continue
        for noun in (n for n, arity in every if arity == 1):
            score = max(words.subsumed(noun, _CLOTHES, "noun"), _head_implies(noun, _CLOTHES, words))
            if score < least:
                continue
            formula = Forall((x, y), Implies(And((Atom(a, (x, y)), Atom(noun, (y,)))), Atom(b, (x, y))))
            text = f"every {_text(noun)} is clothing: to be in it is to wear it"
            yield Claim(f"{a}/2 {noun} -> {b}/2", formula, Axiom(WORDNET, 0, text), min(score, USUALLY))


# --- words ------------------------------------------------------------------------------------


def _claim(p: Symbol, q: Symbol, formula: Formula, why: tuple[str, str], score: float) -> Claim:
    label = f"{p[0]}/{p[1]} -> {q[0]}/{q[1]}"
    return Claim(label, formula, Axiom(why[0], 0, why[1]), round(min(1.0, score), 4))


def _vars(n: int) -> tuple[Var, ...]:
    return tuple(Var(f"x{i}") for i in range(1, n + 1))


def _joined_parts(parts: list[str]) -> list[str]:
    """Prepositions of several words made one."""
    text = " ".join(parts)
    for several in _TOGETHER:
        text = f" {text} ".replace(f" {several.replace('_', ' ')} ", f" {several} ").strip()
    return text.split(" ")


def _joined(name: str) -> str:
    return "_".join(_joined_parts(name.split("_")))


def _text(name: str) -> str:
    return name.replace("_", " ")


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {_text(name)}"


def _says(p: Symbol) -> str:
    """ "play with (2)": the name, and how many things it is about."""
    return f"{_text(p[0])} ({p[1]})"

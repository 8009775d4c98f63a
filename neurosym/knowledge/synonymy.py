"""Synonymy: claims that two predicates which a text tells apart by their words only are one.

"Kids sleep. Tom is a child.": `forall ?x. kid(?x) <-> child(?x)`, said by a claim of its own, with a
source that says why ("by synonymy: ... WordNet child.n.01") and a score that counts in the confidence
of whatever is proved with it.  What is not linked:

    two predicates that one claim speaks of      who says both means two things
    what the claims make disjoint, or say of one thing and deny of it
    a predicate that has a better partner        the flood that similar words would make

Knows theories, vocabularies and likeness.  Must not know how sentences are read or questions answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count, product
from typing import TypeAlias

from neurosym.knowledge.likeness import Likeness, alike, described, implied_kind, keys, kinds, name_of
from neurosym.knowledge.names import Kind, Vocabulary, words
from neurosym.knowledge.spelled import SPELLED, spelled
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.uses import Symbol, Uses, gather, symbol
from neurosym.logic import (
    Atom,
    Forall,
    Formula,
    Iff,
    Implies,
    Var,
    atoms,
)
from neurosym.syntax import show
from neurosym.theory import Axiom, Claim, Semantics, Span, Theory, Triple

DOCUMENT = (
    "synonymy"  # the sources of these claims are axioms of documents such as "synonymy (WordNet kid.n.01)"
)
MOST_CLAIMS = 20_000  # of a larger theory the predicates are not gathered
MOST_WORDS = 600  # predicates read from text; more are no text that a person reads

Labels: TypeAlias = Mapping[Symbol, Sequence[str]]  # other names of a predicate


@dataclass(frozen=True, slots=True)
class Link:
    """Predicate `first` says what `second` says (`like.both`), or implies it.

    said: what `first` says of ?x1 in the words of several predicates, of which `second` is the first.
    """

    first: Symbol
    second: Symbol
    like: Likeness
    said: Formula | None = None


def synonymy(
    theory: Theory,
    goals: Iterable[Formula],
    net: Words,
    labels: Labels | None = None,
    *,
    with_kinds: bool = False,
) -> tuple[Claim, ...]:
    """The claims that link predicates of `theory` and `goals`, sorted; often none.

    labels: other names of predicates, as a graph gives them (`names_of`).  Labels of the claims:
    `synonymy:1`, ...; their sources say "by synonymy", and why.  with_kinds: also that every dog is an
    animal, where the theory says nothing of its own that would give or use it: knowledge of the
    world, not of words.

    None for a theory of logic (who writes symbols means those), in a closed world (where what is not
    linked counts as false, and the claims would take that back), and where rules only chain.
    """
    if not linkable(theory):
        return ()
    uses = uses_of(theory)
    found = links(uses, goals, net, labels or {}, with_kinds=with_kinds)
    return claims_of(found, theory)


def uses_of(theory: Theory) -> Uses:
    """What the claims of the theory, but for links, do with predicates."""
    return gather(theory.claims, made_here)


def linkable(theory: Theory) -> bool:
    """May predicates of the theory be linked at all?  Seen fast."""
    if theory.closed_world or theory.closed or theory.semantics is not Semantics.CLASSICAL:
        return False
    return len(theory.claims) <= MOST_CLAIMS and any(
        isinstance(c.source, Span | Triple) for c in theory.claims
    )


def names_of(vocabulary: Vocabulary) -> dict[Symbol, tuple[str, ...]]:
    """The labels of a graph's classes and properties as names of predicates."""
    out: dict[Symbol, tuple[str, ...]] = {}
    for e in vocabulary.entries:
        if e.kind is not Kind.INDIVIDUAL:
            said = dict.fromkeys("_".join(words(n)).lower() for n in e.names)
            out[e.symbol, 1 if e.kind is Kind.CLASS else 2] = tuple(n for n in said if n and n != e.symbol)
    return out


def claims_of(found: Sequence[Link], theory: Theory) -> tuple[Claim, ...]:
    """The links as claims, under labels that the theory does not have."""
    known = {c.label for c in theory.claims} if found else set()
    labels = (label for n in count(1) if (label := f"{DOCUMENT}:{n}") not in known)
    out = []
    for x in found:
        vs = tuple(Var(f"x{i + 1}") for i in range(x.first[1]))
        a: Formula = Atom(x.first[0], vs)
        b = Atom(x.second[0], vs) if x.said is None else x.said
        body: Formula = Iff(a, b) if x.like.both else Implies(a, b)
        text = described(x.first[0], x.second[0] if x.said is None else show(x.said), x.like)
        source = Axiom(f"{DOCUMENT} ({x.like.why})", 0, text)
        out.append(Claim(next(labels), Forall(vs, body), source, x.like.score))
    return tuple(out)


def made_here(c: Claim) -> bool:
    """Does the claim link words?"""
    return isinstance(c.source, Axiom) and c.source.document.startswith(f"{DOCUMENT} (")


# --- which predicates are linked ------------------------------------------------------------------


def links(
    uses: Uses, goals: Iterable[Formula], net: Words, labels: Labels, *, with_kinds: bool = False
) -> tuple[Link, ...]:
    """The links between predicates of the claims, and between those and what only `goals` speak of.

    For each predicate the best only, and those as good: as a source, and, where the link goes both
    ways, as a target.
    """
    asked, apart = _asked(goals, uses)
    new = uses.told | (asked - uses.every)
    told = sorted(s for s in new if not _no_word(s))
    if len(told) > MOST_WORDS:
        return ()
    every = sorted(s for s in uses.every | asked if not _no_word(s))
    found: list[Link] = []
    for a, b in _candidates(told, every, net, labels, with_kinds):
        if frozenset((a, b)) in uses.apart | apart or _distinct(a, b, uses):
            continue
        found += _related(a, b, uses, asked, net, labels, with_kinds)
    return (*_chosen(found), *_spelled(told, every, uses, apart, net))


def _related(
    a: Symbol, b: Symbol, uses: Uses, asked: set[Symbol], net: Words, labels: Labels, with_kinds: bool
) -> Iterator[Link]:
    in_vain = any(_idle(s, uses, asked) for s in (a, b))
    for p, q in ((a, b), (b, a)):
        best: Likeness | None = None
        for n, m in product((p[0], *labels.get(p, ())), (q[0], *labels.get(q, ()))):
            like = alike(n, m, p[1], net, in_vain)
            if like is not None and (best is None or like.score > best.score):
                best = like
            if with_kinds and best is None and p[1] == 1 and _lacking(p, q, uses):
                best = implied_kind(n, m, net)
        if best is not None and (best.both or not (_denied(p, q, uses) or _known(p, q, uses))):
            yield Link(p, q, best)
            if best.both:
                return


def _spelled(
    told: Sequence[Symbol], every: Sequence[Symbol], uses: Uses, apart: set[frozenset[Symbol]], net: Words
) -> Iterator[Link]:
    """Names that say in one what other claims say in several predicates."""
    binary, unary = ({n for n, arity in every if arity == k} for k in (2, 1))
    things, x = sorted(uses.things), Var("x1")
    for s in (s for s in told if s[1] == 1 and "_" in s[0]):
        for found in spelled("_".join(name_of(s[0], 1, net).core), binary, unary, things, x):
            if any(frozenset((s, p)) in uses.apart | apart for p in found.parts):
                continue
            both = not name_of(s[0], 1, net).adverbs
            yield Link(s, found.parts[0], Likeness(SPELLED, both, "the same words"), found.formula)
            break


def _idle(s: Symbol, uses: Uses, asked: set[Symbol]) -> bool:
    """Does nothing follow from it, or nothing give it, so that claims of it are in vain?"""
    return s not in uses.derived or not (s in uses.used or s in asked)


def _lacking(p: Symbol, q: Symbol, uses: Uses) -> bool:
    """Would every p being q be news where it is needed: is q given by nothing, or p used by nothing?

    A text that builds kinds of its own ("every cat is a reptile") is not to be told what it leaves out.
    """
    return p in uses.derived and (q not in uses.derived or p not in uses.used)


def _distinct(a: Symbol, b: Symbol, uses: Uses) -> bool:
    """Do the claims make the two disjoint, or say of one thing that it is the one and not the other?"""
    over = [_upward(s, uses) for s in (a, b)]
    if any(frozenset((x, y)) in uses.disjoint for x in over[0] for y in over[1]):
        return True
    return bool(uses.holds[a] & uses.fails[b] or uses.holds[b] & uses.fails[a])


def _denied(p: Symbol, q: Symbol, uses: Uses) -> bool:
    return bool(uses.holds[p] & uses.fails[q])


def _known(p: Symbol, q: Symbol, uses: Uses) -> bool:
    """Is of everything that is said to be p also said that it is q?"""
    return p not in uses.ruled and bool(uses.holds[p]) and uses.holds[p] <= uses.holds[q]


def _upward(s: Symbol, uses: Uses) -> set[Symbol]:
    out, front = {s}, [s]
    while front:
        up = uses.above.get(front.pop(), set()) - out
        out |= up
        front += sorted(up)
    return out


def _candidates(
    told: Sequence[Symbol], every: Sequence[Symbol], net: Words, labels: Labels, with_kinds: bool
) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs of one arity, one of them told, that have something in common; sorted, each once."""
    by: dict[tuple[int, str], list[Symbol]] = defaultdict(list)
    for s in every:
        for name in dict.fromkeys((s[0], *labels.get(s, ()))):
            for key in sorted(keys(name, s[1], net)):
                by[s[1], key].append(s)
    said = set(told)
    found = [pair for group in by.values() for pair in combinations(dict.fromkeys(group), 2)]
    meant: dict[int, list[Symbol]] = defaultdict(list)
    over: dict[Symbol, set[int]] = {}
    for s in (s for s in every if with_kinds and s[1] == 1):
        over[s] = set()
        for name in dict.fromkeys((s[0], *labels.get(s, ()))):
            own, above = kinds(name, net)
            over[s] |= above
            for offset in sorted(own):
                meant[offset].append(s)
    found += [
        (s, q) for s, offsets in over.items() for o in sorted(offsets) for q in meant.get(o, ()) if q != s
    ]
    pairs = {(min(a, b), max(a, b)) for a, b in found if a in said or b in said}
    yield from sorted(pairs)


def _chosen(found: Iterable[Link]) -> Iterator[Link]:
    """The best link of each predicate, and those as good."""
    out_of: dict[Symbol, float] = {}
    into: dict[Symbol, float] = {}
    kept: list[Link] = []
    for x in sorted(found, key=lambda x: (-x.like.score, not x.like.both, x.first, x.second)):
        ends = [(out_of, x.first)]
        if x.like.both:  # of a general word there may be many special ones
            ends += [(into, x.second), (out_of, x.second), (into, x.first)]
        if any(side.get(s, 0.0) > x.like.score for side, s in ends):
            continue
        for side, s in (*ends, (into, x.second)):
            side.setdefault(s, x.like.score)
        kept.append(x)
    yield from sorted(kept, key=lambda x: (x.first, x.second))


def _no_word(s: Symbol) -> bool:
    """Names that stand for no words of their own: ranks, mentions, built-in predicates."""
    return s[1] == 0 or s[0].startswith(("rank_", "refers_to", "$")) or not s[0][:1].isalpha()


def _asked(goals: Iterable[Formula], uses: Uses) -> tuple[set[Symbol], set[frozenset[Symbol]]]:
    """The predicates of the goals, and pairs that they tell apart: in any but "is every A a B?"."""
    asked: set[Symbol] = set()
    apart: set[frozenset[Symbol]] = set()
    for g in goals:
        named = {symbol(a) for a in atoms(g)}
        asked |= named
        match g:
            case Forall(_, Implies(Atom(), Atom())) | Forall(_, Iff(Atom(), Atom())):
                pass
            case _:
                apart |= {frozenset(pair) for pair in combinations(sorted(named), 2)}
    return asked, apart

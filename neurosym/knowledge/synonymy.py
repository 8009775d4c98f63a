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
from dataclasses import dataclass, field
from itertools import combinations, count, product
from typing import TypeAlias, assert_never

from neurosym.knowledge.likeness import Likeness, Words, alike, described, implied_kind, keys
from neurosym.knowledge.names import Kind, Vocabulary, words
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Or,
    Rule,
    Statement,
    Var,
    Xor,
    atom_of,
    atoms,
)
from neurosym.theory import Axiom, Claim, Semantics, Span, Theory

DOCUMENT = "synonymy"  # of the sources of these claims
MOST_CLAIMS = 20_000  # of a larger theory the predicates are not gathered
MOST_WORDS = 600  # predicates read from text; more are no text that a person reads

Symbol: TypeAlias = tuple[str, int]
Labels: TypeAlias = Mapping[Symbol, Sequence[str]]  # other names of a predicate


@dataclass(slots=True)
class Uses:
    """What the claims of a theory do with each predicate.

    told: those that text speaks of; derived, used: those that claims give, and ask for (the
    polarities in which they occur); apart: pairs that must not be linked; given: what is told of constants.
    """

    told: set[Symbol] = field(default_factory=set)
    every: set[Symbol] = field(default_factory=set)
    derived: set[Symbol] = field(default_factory=set)
    used: set[Symbol] = field(default_factory=set)
    apart: set[frozenset[Symbol]] = field(default_factory=set)
    above: dict[Symbol, set[Symbol]] = field(default_factory=lambda: defaultdict(set))
    disjoint: set[frozenset[Symbol]] = field(default_factory=set)
    holds: dict[Symbol, set[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(set))
    fails: dict[Symbol, set[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True)
class Link:
    """Predicate `first` says what `second` says (`like.both`), or implies it."""

    first: Symbol
    second: Symbol
    like: Likeness


def synonymy(
    theory: Theory, goals: Iterable[Formula], net: Words, labels: Labels | None = None
) -> tuple[Claim, ...]:
    """The claims that link predicates of `theory` and `goals`, sorted; often none.

    labels: other names of predicates, as a graph gives them (`names_of`).  Labels of the claims:
    `synonymy:1`, ...; sources: axioms of the document "synonymy" that begin "by synonymy".

    None for a theory that nothing was read into (who writes logic means the symbols that he
    writes), in a closed world (where what is not linked counts as false, and the claims would take
    that back) and where rules only chain.
    """
    if not linkable(theory):
        return ()
    uses = gather(theory)
    found = links(uses, goals, net, labels or {})
    return claims_of(found, theory)


def linkable(theory: Theory) -> bool:
    """May predicates of the theory be linked at all?  Seen fast."""
    if theory.closed_world or theory.closed or theory.semantics is not Semantics.CLASSICAL:
        return False
    return len(theory.claims) <= MOST_CLAIMS and any(isinstance(c.source, Span) for c in theory.claims)


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
        a, b = Atom(x.first[0], vs), Atom(x.second[0], vs)
        body: Formula = Iff(a, b) if x.like.both else Implies(a, b)
        text = described(x.first[0], x.second[0], x.like)
        out.append(
            Claim(next(labels), Forall(vs, body) if vs else body, Axiom(DOCUMENT, 0, text), x.like.score)
        )
    return tuple(out)


# --- which predicates are linked ------------------------------------------------------------------


def links(uses: Uses, goals: Iterable[Formula], net: Words, labels: Labels) -> tuple[Link, ...]:
    """The links between predicates of the claims, and between those and what only `goals` speak of.

    For each predicate the best only, and those as good: as a source, and, where the link goes both
    ways, as a target.
    """
    asked, apart = _asked(goals, uses)
    told = sorted((uses.told | asked) - {s for s in uses.told | asked if _no_word(s)})
    if len(told) > MOST_WORDS:
        return ()
    every = sorted(s for s in uses.every | asked if not _no_word(s))
    found: list[Link] = []
    for a, b in _candidates(told, every, net, labels):
        if frozenset((a, b)) in uses.apart | apart or _distinct(a, b, uses):
            continue
        found += _related(a, b, uses, asked, net, labels)
    return tuple(_chosen(found))


def _related(
    a: Symbol, b: Symbol, uses: Uses, asked: set[Symbol], net: Words, labels: Labels
) -> Iterator[Link]:
    in_vain = any(_idle(s, uses, asked) for s in (a, b))
    for p, q in ((a, b), (b, a)):
        best: Likeness | None = None
        for n, m in product((p[0], *labels.get(p, ())), (q[0], *labels.get(q, ()))):
            like = alike(n, m, p[1], net, in_vain)
            if like is not None and (best is None or like.score > best.score):
                best = like
            if best is None and p[1] == 1 and _lacking(p, q, uses):
                best = implied_kind(n, m, net)
        if best is not None and (best.both or not _denied(p, q, uses)):
            yield Link(p, q, best)
            if best.both:
                return


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


def _upward(s: Symbol, uses: Uses) -> set[Symbol]:
    out, front = {s}, [s]
    while front:
        up = uses.above.get(front.pop(), set()) - out
        out |= up
        front += sorted(up)
    return out


def _candidates(
    told: Sequence[Symbol], every: Sequence[Symbol], net: Words, labels: Labels
) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs of one arity, one of them told, that have something in common; sorted, each once."""
    by: dict[tuple[int, str], list[Symbol]] = defaultdict(list)
    for s in every:
        for name in dict.fromkeys((s[0], *labels.get(s, ()))):
            for key in sorted(keys(name, s[1], net)):
                by[s[1], key].append(s)
    said = set(told)
    pairs = {
        (min(a, b), max(a, b))
        for group in by.values()
        for a, b in combinations(dict.fromkeys(group), 2)
        if a in said or b in said
    }
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
        named = {_symbol(a) for a in atoms(g)}
        asked |= named
        match g:
            case Forall(_, Implies(Atom(), Atom())) | Forall(_, Iff(Atom(), Atom())):
                pass
            case _:
                apart |= {frozenset(pair) for pair in combinations(sorted(named), 2)}
    return asked, apart


# --- what claims do with predicates ---------------------------------------------------------------


def _symbol(a: Atom) -> Symbol:
    return a.pred, len(a.args)


def gather(theory: Theory) -> Uses:
    """One walk over the claims."""
    uses = Uses()
    for c in theory.claims:
        if isinstance(c.source, Axiom) and c.source.document == DOCUMENT:
            continue
        f = c.formula
        if isinstance(f, Atom):  # most claims of a large theory
            named = {_symbol(f)}
            uses.derived |= named
            if all(isinstance(t, Const) for t in f.args):
                uses.holds[_symbol(f)].add(f.args)
        else:
            named = {_symbol(a) for a in _walk(f, uses)}
            uses.apart |= {frozenset(pair) for pair in combinations(sorted(named), 2)}
            _relate(f, uses)
        uses.every |= named
        if isinstance(c.source, Span):
            uses.told |= named
    return uses


def _walk(f: Statement, uses: Uses) -> Iterator[Atom]:
    """All atoms; their polarities are entered."""
    if isinstance(f, Rule):
        yield from _polar(f.head, True, uses)
        for b in f.body:
            if isinstance(b, Naf):
                uses.derived.add(_symbol(b.body))
                yield b.body
            else:
                yield from _polar(b, False, uses)
        return
    yield from _polar(f, True, uses)


def _polar(f: Formula, positive: bool, uses: Uses) -> Iterator[Atom]:
    match f:
        case Atom():
            (uses.derived if positive else uses.used).add(_symbol(f))
            yield f
        case Equal() | Less():
            return
        case Not(body):
            yield from _polar(body, not positive, uses)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _polar(p, positive, uses)
        case Implies(a, b):
            yield from _polar(a, not positive, uses)
            yield from _polar(b, positive, uses)
        case Iff(a, b) | Xor(a, b):
            for p in (a, b):
                yield from _polar(p, positive, uses)
                yield from _polar(p, not positive, uses)
        case Forall(_, body) | Exists(_, body):
            yield from _polar(body, positive, uses)
        case _:
            assert_never(f)


def _relate(f: Statement, uses: Uses) -> None:
    """Simple subsumption and disjointness, and what is denied of a constant."""
    match f:
        case And(parts):
            for p in parts:
                _relate(p, uses)
        case Not(Atom() as a):
            uses.fails[_symbol(a)].add(a.args)
        case Atom():
            uses.holds[_symbol(f)].add(f.args)
        case Forall(_, And(parts)):
            for p in parts:
                _relate(Forall(f.vars, p), uses)
        case Forall(_, Implies(Atom() as a, Atom() as b)) if a.args == b.args:
            uses.above[_symbol(a)].add(_symbol(b))
        case Forall(_, Implies(Atom() as a, And(parts))):
            for p in parts:
                _relate(Forall(f.vars, Implies(a, p)), uses)
        case Forall(_, Implies(Atom() as a, Not(Atom() as b))) | Forall(
            _, Not(And((Atom() as a, Atom() as b)))
        ) if a.args == b.args:
            uses.disjoint.add(frozenset((_symbol(a), _symbol(b))))
        case Rule(head, (b,)) if isinstance(b, Atom):
            above = atom_of(head)
            if above.args == b.args:
                if isinstance(head, Atom):
                    uses.above[_symbol(b)].add(_symbol(above))
                else:
                    uses.disjoint.add(frozenset((_symbol(b), _symbol(above))))
        case _:
            pass

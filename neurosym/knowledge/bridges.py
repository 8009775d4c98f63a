"""A name that joins a relation and its object, beside another word for that relation to that object.

"Karl is fond of chess. Everyone who likes chess is clever.": `fond_of_chess(x)` in the one sentence,
`like(x, y)` and `chess(y)` in the other.  Two steps lead from one to the other, that "fond of" says what
"like" says (`likeness`) and that a name was cut in two (`spelled`); one claim makes both, says both and
has the score of both.  Some sentence must have the object in the very words that end the name, as what the
relation relates to, and nothing is linked that claims or a question tell apart, or that says "not".

Knows formulas, links and likeness.  Must not know theories or how sentences are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product
from typing import TypeAlias

from neurosym.knowledge.likeness import LEAST, Likeness, Name, alike, name_of
from neurosym.knowledge.matching import TURNING
from neurosym.knowledge.sayings import PREPOSITIONS
from neurosym.knowledge.spelled import SPELLED
from neurosym.knowledge.synonymy import DOCUMENT, Link
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.uses import Symbol, Uses, symbol
from neurosym.logic import (
    And,
    Atom,
    Const,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Term,
    Var,
    Xor,
    atoms,
)
from neurosym.syntax import show

X, Y = Var("x1"), Var("y1")
MOST_NAMES = 600  # as in `synonymy`: more are no text that a person reads
MOST_LABELS = 20  # ways to say an object of several predicates in a graph's labels

Tail: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A closed formula that relates what two phrases say, how surely, why, and all of it in English."""

    formula: Formula
    score: float
    why: str
    text: str

    @property
    def document(self) -> str:
        """Of the claim that says it: a link of words as all of `synonymy`."""
        return f"{DOCUMENT} ({self.why})"


@dataclass(frozen=True, slots=True)
class _Cut:
    """A predicate of one argument, whose words are those of a relation and then those of its object."""

    name: str
    relation: str
    tail: Tail

    @property
    def formula(self) -> Formula:
        return Atom(self.name, (X,))


@dataclass(frozen=True, slots=True)
class _Related:
    """`formula`, of ?x1: that it has a relation to a thing or to something of some kinds."""

    relation: Symbol
    kinds: tuple[Symbol, ...]
    formula: Formula


@dataclass(slots=True)
class _Phrases:
    """What formulas say of objects in several predicates, by the words of the object.

    tails: objects that names end in; others are of no use.  holds, fails: of what it is said and denied.
    """

    tails: frozenset[Tail]
    labels: Mapping[Symbol, Sequence[str]]
    related: dict[Tail, dict[Formula, _Related]] = field(default_factory=dict)
    holds: dict[Formula, set[Term]] = field(default_factory=lambda: defaultdict(set))
    fails: dict[Formula, set[Term]] = field(default_factory=lambda: defaultdict(set))

    def add(self, f: Formula) -> None:
        for g in _nodes(f):
            for _, r in _said(g):
                for tail in self._tails(r):
                    self.related.setdefault(tail, {}).setdefault(r.formula, r)
        for positive, who, r in _facts(f):
            if isinstance(who, Const) and self._tails(r):
                (self.holds if positive else self.fails)[r.formula].add(who)

    def _tails(self, r: _Related) -> list[Tail]:
        thing = r.formula.args[1] if isinstance(r.formula, Atom) else None
        if isinstance(thing, Const):
            return [t for t in [_split(thing.name)] if t in self.tails]
        ways = product(*([_split(n) for n in (k[0], *self.labels.get(k, ()))] for k in r.kinds))
        said = dict.fromkeys(tuple(w for part in way for w in part) for way in islice(ways, MOST_LABELS))
        return [t for t in said if t in self.tails]


@dataclass(slots=True)
class Bridging:
    """The bridges of one theory: `told` are its formulas, `uses` what they do with predicates.

    labels: other names of predicates, as a graph gives them.  What was found in the formulas is kept.
    """

    told: Sequence[Formula]
    uses: Uses
    net: Words
    labels: Mapping[Symbol, Sequence[str]]
    _cuts: dict[Symbol, tuple[_Cut, ...]] = field(default_factory=dict)
    _phrases: _Phrases | None = None

    def found(self, goals: Sequence[Formula], links: Iterable[Link]) -> tuple[Bridge, ...]:
        """What relates names to phrases of the theory and of `goals`, sorted; most often nothing.

        links: those of whole predicates, which none of these repeats.
        """
        asked = {symbol(a) for g in goals for a in atoms(g)}
        names = self._names(self.uses.told | (asked - self.uses.every))
        if not names:
            return ()
        tails = frozenset(c.tail for c in names)
        phrases = self._phrases
        if phrases is None or not tails <= phrases.tails:
            phrases = _Phrases(tails, self.labels)
            for f in self.told:
                phrases.add(f)
            self._phrases = phrases
        wanted = _Phrases(tails, self.labels)
        for g in goals:
            wanted.add(g)
        return _bridges(names, phrases, wanted, self.uses, goals, links, self.net)

    def _names(self, told: Iterable[Symbol]) -> tuple[_Cut, ...]:
        joined = sorted(s for s in told if s[1] == 1 and "_" in s[0] and s[0][:1].isalpha())
        if len(joined) > MOST_NAMES:
            return ()
        for s in joined:
            if s not in self._cuts:
                self._cuts[s] = tuple(_cut(name_of(s[0], 1, self.net)))
        return tuple(c for s in joined for c in self._cuts[s])


def _split(name: str) -> Tail:
    return tuple(w for piece in name.lower().split("_") for w in piece.split("-") if w)


def _nodes(f: Formula) -> Iterator[Formula]:
    """Where a relation may stand together with all that is said of its object."""
    match f:
        case And(parts):
            yield f
            for p in parts:
                if not isinstance(p, Atom):
                    yield from _nodes(p)
        case Or(parts):
            for p in parts:
                yield from _nodes(p)
        case Not(body) | Exists(_, body) | Forall(_, body):
            yield from _nodes(body)
        case Implies(a, b) | Iff(a, b) | Xor(a, b):
            yield from _nodes(a)
            yield from _nodes(b)
        case Atom():
            yield f
        case _:
            return


def _said(f: Formula) -> Iterator[tuple[Term, _Related]]:
    """Who has a relation to what, in one atom or in the parts of a conjunction."""
    parts = f.parts if isinstance(f, And) else (f,)
    for p in parts:
        match p:
            case Atom(pred, (who, Const() as thing)):
                yield who, _Related(symbol(p), (), Atom(pred, (X, thing)))
            case Atom(pred, (who, Var() as y)) if who != y:
                about = [q for q in parts if q != p and _mentions(q, y)]
                kinds = [q for q in about if isinstance(q, Atom) and q.args == (y,)]
                if kinds and len(kinds) == len(about):
                    body = (*(Atom(k.pred, (Y,)) for k in kinds), Atom(pred, (X, Y)))
                    yield who, _Related(symbol(p), tuple(map(symbol, kinds)), Exists((Y,), And(body)))
            case _:
                pass


def _mentions(f: Formula, v: Var) -> bool:
    return any(v in a.args for a in atoms(f))


def _facts(f: Formula, positive: bool = True) -> Iterator[tuple[bool, Term, _Related]]:
    """What a claim says, or denies, of single things."""
    match f:
        case Not(body):
            yield from _facts(body, not positive)
        case And(parts) if positive:
            for p in parts:
                yield from _facts(p)
        case Exists((y,), And() as body):
            yield from ((positive, who, r) for who, r in _said(body) if who != y)
        case Atom():
            yield from ((positive, who, r) for who, r in _said(f))
        case _:
            return


# --- names -----------------------------------------------------------------------------------------


def _cut(n: Name) -> Iterator[_Cut]:
    if n.thing or TURNING.intersection(n.core):
        return
    for i in range(1, len(n.core)):
        # an adverb goes with the relation, wherever it stands
        words = (*(("can",) if n.able else ()), *sorted(n.adverbs), *n.core[:i])
        yield _Cut(n.text, "_".join(words), n.core[i:])


def unsure(x: Link, net: Words) -> bool:
    """Does the link cut a name that says "can" or has an adverb?  What follows from it is told here."""
    n = name_of(x.first[0], 1, net) if x.said is not None else None
    return n is not None and (n.able or bool(n.adverbs))


def _bridges(
    names: Sequence[_Cut],
    told: _Phrases,
    wanted: _Phrases,
    uses: Uses,
    goals: Sequence[Formula],
    links: Iterable[Link],
    net: Words,
) -> tuple[Bridge, ...]:
    """The best of each name, and those as good."""
    found = tuple(links)
    linked = {frozenset((x.first, x.second)) for x in found}
    whole = {x.first[0] for x in found if x.said is not None}
    asked, apart = _asked(goals)
    apart |= uses.apart | linked

    def idle(s: Symbol) -> bool:
        return s not in uses.derived or not (s in uses.used or s in asked)

    best: dict[str, float] = {}
    offered: list[tuple[Bridge, tuple[str, ...]]] = []

    def offer(bridge: Bridge | None, *ends: str) -> None:
        if bridge is not None and bridge.score >= LEAST:
            offered.append((bridge, ends))
            best.update({n: max(bridge.score, best.get(n, 0.0)) for n in ends})

    for c in names:
        related = told.related.get(c.tail, {}) | wanted.related.get(c.tail, {})
        for r in related.values() if c.name not in whole else ():
            parts = (r.relation, *r.kinds)
            if any(frozenset(((c.name, 1), p)) in apart for p in parts):
                continue
            holds, fails = (_one(said.get(r.formula, ())) for said in (told.holds, told.fails))
            if uses.holds[c.name, 1] & fails or uses.fails[c.name, 1] & holds:
                continue
            vain = idle((c.name, 1)) or idle(r.relation)
            offer(_over(c, r, told.labels, net, vain), c.name)
    for a, b in _pairs(names):
        if frozenset(((a.name, 1), (b.name, 1))) not in apart and not _told_apart(a.name, b.name, uses):
            like, back = _alike(a.relation, (b.relation,), net, idle((a.name, 1)) or idle((b.name, 1)))
            if like is not None:
                words = f"“{_plain(a.relation)}”, “{_plain(b.relation)}”"
                why = f"{words}: {like.why}; both of “{' '.join(a.tail)}”"
                offer(_bridge(a.formula, b.formula, replace(like, why=why), back), a.name, b.name)
    kept = [b for b, ends in offered if all(b.score >= best[n] for n in ends)]
    return tuple(dict.fromkeys(sorted(kept, key=lambda b: b.text)))


def _one(subjects: Collection[Term]) -> set[tuple[object, ...]]:
    return {(s,) for s in subjects}


def _told_apart(a: str, b: str, uses: Uses) -> bool:
    p, q = (a, 1), (b, 1)
    return bool(
        uses.holds[p] & uses.fails[q] or uses.holds[q] & uses.fails[p] or frozenset((p, q)) in uses.disjoint
    )


def _asked(goals: Iterable[Formula]) -> tuple[set[Symbol], set[frozenset[Symbol]]]:
    """The predicates of the goals, and those that they tell apart: in any but "does everyone who ...?"."""
    asked: set[Symbol] = set()
    apart: set[frozenset[Symbol]] = set()
    for g in goals:
        named = sorted({symbol(a) for a in atoms(g)})
        asked.update(named)
        if not (isinstance(g, Forall) and isinstance(g.body, Implies | Iff)):
            apart.update(frozenset(pair) for pair in combinations(named, 2))
    return asked, apart


def _pairs(names: Sequence[_Cut]) -> Iterator[tuple[_Cut, _Cut]]:
    """Names that end in one object, after relations of different lengths: else `likeness` compares them."""
    by: dict[Tail, list[_Cut]] = defaultdict(list)
    for c in names:
        by[c.tail].append(c)
    for tail in sorted(by):
        for a, b in combinations(by[tail], 2):
            if a.relation.count("_") != b.relation.count("_"):
                yield a, b


def _over(
    c: _Cut, r: _Related, labels: Mapping[Symbol, Sequence[str]], net: Words, vain: bool
) -> Bridge | None:
    name = r.relation[0]
    cut = f"“{_plain(c.name)}” is cut in two: “{_plain(c.relation)}”, “{' '.join(c.tail)}”"
    if c.relation == name:
        return _bridge(c.formula, r.formula, Likeness(SPELLED, True, cut), False)
    like, back = _alike(c.relation, (name, *labels.get(r.relation, ())), net, vain)
    if like is None:
        return None
    says = "says the same as" if like.both else "follows from" if back else "implies"
    why = f"“{_plain(c.relation)}” {says} “{_plain(name)}”: {like.why}; and {cut}"
    return _bridge(c.formula, r.formula, Likeness(SPELLED * like.score, like.both, why), back)


def _alike(relation: str, others: Iterable[str], net: Words, vain: bool) -> tuple[Likeness | None, bool]:
    """How a relation is related to another of some names; is it the other that implies it?"""
    best: tuple[Likeness | None, bool] = None, False
    if not _relational(relation, net):
        return best
    for other in others:
        if not _relational(other, net):
            continue
        for back, (p, q) in enumerate(((relation, other), (other, relation))):
            like = alike(p, q, 2, net, vain)
            if like is not None and (best[0] is None or like.score > best[0].score):
                best = like, bool(back) and not like.both
    return best


def _relational(name: str, net: Words) -> bool:
    """May the name be one of a relation: a verb, or what ends in a preposition?"""
    words = name.split("_")
    return words[-1] in PREPOSITIONS or any("verb" in net.parts(net.plain(w)) for w in words)


def _bridge(p: Formula, q: Formula, like: Likeness, back: bool) -> Bridge:
    a, b = (q, p) if back else (p, q)
    body: Formula = Iff(a, b) if like.both else Implies(a, b)
    says = "says the same as" if like.both else "implies"
    text = f"by synonymy: “{_shown(a)}” {says} “{_shown(b)}” ({like.why})"
    return Bridge(Forall((X,), body), round(like.score, 4), like.why, text)


def _shown(f: Formula) -> str:
    return _plain(f.pred) if isinstance(f, Atom) and len(f.args) == 1 else show(f)


def _plain(name: str) -> str:
    return name.replace("_", " ")

"""One thing said in two ways: "good at chess" as a relation to chess and as one stretch, in more words.

A parser that reads sentence by sentence tells the same words now as one predicate, now as several.
What a formula says of a single thing is a saying: a predicate, a relation to a named thing, a relation to
something of a kind.  Two sayings are related by their words alone:

    the same content words         rarely_mend_nets, mend_nets_rarely; have_red_roof, with_red_roof
    more words and fewer           elect_captain_in_2012 implies elect_captain
    words for and against          have_no_oar is not have_oar; paint_before_1990 excludes
                                   paint_after_1990; high excludes low
    a stretch with "and" or "or"   and its two parts

Each is a claim that is likely, not certain: scores are probabilities that the relation was meant.

Knows formulas and WordNet's words.  Must not know theories, claims or how sentences are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from neurosym.knowledge.matching import NEGATIVE, TURNING, Match, adverb, known, matched, only_verb
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.uses import Symbol, symbol
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
    Num,
    Or,
    Term,
    Var,
    Xor,
    atoms,
)
from neurosym.syntax import show

X, Y = Var("x1"), Var("y1")

SAME = 0.93  # the same words, told in two ways
LIGHTER = 0.95  # ... but for words that add little
REORDERED = 0.85  # "shed of boats", "boat shed"
LOOSER = 0.85  # ... with another preposition or without one
FEWER = 0.75  # who was elected captain in 2012 was elected captain
WITHOUT_ADVERB = 0.9
IN_VAIN = 0.6  # and where nobody would say the one without the other
DENIED = 0.8  # "has no oar", "has an oar"
OPPOSED = 0.85  # "before 1990", "after 1990"; "high", "low"
PARTED = 0.8  # "and" in a stretch joins what else is told apart
MOST_KEPT = 100_000  # comparisons
MOST = 80  # sayings of one text; more are not compared

PREPOSITIONS = frozenset(str.split(
    "in on at of for with by to from about near under over as into onto within inside outside between "
    "against among across after before above below along toward towards through during since until upon "
    "behind beside around"
))  # fmt: skip
LIGHT = frozenset(str.split(
    "be to a an the who which that very also once one person people someone thing something locate "
    "located situate situated will both too just their his her its my your our"
))  # fmt: skip
PARTITIVE = frozenset(str.split("one part kind type sort member some lot number rest all each half"))
_OPPOSED = frozenset(
    frozenset(p.split("/"))
    for p in str.split("before/after above/below over/under inside/outside to/from into/from for/against")
)
_AKIN = tuple(
    frozenset(p.split("/"))
    for p in str.split("in/at/on/within/inside of/about by/from of/for to/toward/towards")
)
_OMITTED = frozenset(str.split("of in at on by for to with about from"))
_NEGATING = ("un", "in", "im", "ir", "il", "non", "dis")


@dataclass(frozen=True, slots=True)
class Saying:
    """What `formula` says of ?x1, in `words` (base forms, in order), by the predicates `parts`."""

    words: tuple[str, ...]
    formula: Formula
    parts: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A closed formula that relates two sayings, how surely, and why."""

    formula: Formula
    score: float
    why: str
    fewer: tuple[Saying, Saying] | None = None  # the first says more than the second

    def meant_as_one(self) -> Wording | None:
        """That both are one, though one says less: where else neither is of any use in its text."""
        if self.fewer is None:
            return None
        more, less = (s.formula for s in self.fewer)
        return Wording(
            Forall((X,), Iff(more, less)), IN_VAIN, "the same but for words that tell nothing apart"
        )


def sayings(f: Formula) -> Iterator[Saying]:
    """What `f` says of single things."""
    for a in atoms(f):
        s = symbol(a)
        if s[0].startswith(("rank_", "refers_to", "$")) or not s[0][:1].isalnum():
            continue
        match a.args:
            case (_,):
                yield Saying(_split(a.pred), Atom(a.pred, (X,)), (s,))
            case (_, Const() | Num() as thing):
                yield Saying((*_split(a.pred), *_named(thing)), Atom(a.pred, (X, thing)), (s,))
            case (Const() as thing, _):
                yield Saying((*_split(a.pred), "by", *_named(thing)), Atom(a.pred, (thing, X)), (s,))
            case _:
                pass
    yield from _objects(f)


def _named(thing: Const | Num) -> tuple[str, ...]:
    return _split(thing.name if isinstance(thing, Const) else str(thing.value))


def _split(name: str) -> tuple[str, ...]:
    return tuple(w for piece in name.lower().split("_") for w in piece.split("-") if w)


def _objects(f: Formula) -> Iterator[Saying]:
    """`exists y. red(y) and car(y) and drive(x, y)`: drive red car."""
    match f:
        case Exists((y,), And(parts)) if (found := relation_of(y, parts)) is not None:
            yield found
        case Exists(_, body) | Forall(_, body) | Not(body):
            yield from _objects(body)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _objects(p)
        case Implies(a, b) | Iff(a, b) | Xor(a, b):
            yield from _objects(a)
            yield from _objects(b)
        case _:
            return


def relation_of(y: Var, parts: Sequence[Formula]) -> Saying | None:
    kinds: list[str] = []
    relation: Atom | None = None
    for p in parts:
        match p:
            case Atom(pred, (only,)) if only == y:
                kinds.append(pred)
            case Atom(_, (a, b)) if relation is None and (a == y) != (b == y):
                relation = p
            case _:
                return None
    if relation is None or not kinds:
        return None
    noun = tuple(w for k in kinds for w in _split(k))
    passive = relation.args[0] == y
    words = (*_split(relation.pred), *(("by",) if passive else ()), *noun)
    args: tuple[Term, ...] = (Y, X) if passive else (X, Y)
    body = And((*(Atom(k, (Y,)) for k in kinds), Atom(relation.pred, args)))
    return Saying(words, Exists((Y,), body), (symbol(relation), *((k, 1) for k in kinds)))


@dataclass(slots=True)
class Wordings:
    """How sayings are related, by WordNet's words; what was compared once is kept."""

    net: Words
    _views: dict[Saying, _View] = field(default_factory=dict)
    _pairs: dict[tuple[Saying, Saying, bool], Wording | None] = field(default_factory=dict)

    def among(self, told: Iterable[Formula]) -> list[Wording]:
        """How the sayings of the formulas are related, in a fixed order; none where they are too many.

        What one formula says apart is related only where its words are the same but for light ones.
        """
        found: dict[Formula, Saying] = {}
        apart: set[frozenset[Formula]] = set()
        for f in told:
            here = {s.formula: s for s in sayings(f)}
            found |= {k: s for k, s in here.items() if k not in found}
            apart |= {frozenset(pair) for pair in combinations(here, 2)}
        if len(found) > MOST:
            return []
        every = sorted(found.values(), key=lambda s: (s.words, len(s.parts), show(s.formula)))
        out: dict[Formula, Wording] = {}
        for a, b in combinations(every, 2):
            w = self._pair(a, b, frozenset((a.formula, b.formula)) in apart)
            if w is not None:
                out.setdefault(w.formula, w)
        unary = {s.parts[0][0]: s for s in every if isinstance(s.formula, Atom) and len(s.formula.args) == 1}
        for w in (*_compounds(unary, apart), *_joined({s.words: s.formula for s in reversed(every)})):
            out.setdefault(w.formula, w)
        return list(out.values())

    def _pair(self, a: Saying, b: Saying, together: bool) -> Wording | None:
        if (a, b, together) not in self._pairs:
            if len(self._pairs) >= MOST_KEPT:
                self._pairs.clear()
                self._views.clear()
            self._pairs[a, b, together] = _related(self._view(a), self._view(b), self.net, together)
        return self._pairs[a, b, together]

    def _view(self, s: Saying) -> _View:
        if s not in self._views:
            self._views[s] = _View.of(s, self.net)
        return self._views[s]


@dataclass(frozen=True, slots=True)
class _View:
    """A saying with its words told apart: content, prepositions, and whether it says "can"."""

    said: Saying
    content: tuple[str, ...]
    prepositions: tuple[str, ...]
    able: bool
    light: frozenset[str]

    @classmethod
    def of(cls, s: Saying, net: Words) -> _View:
        words = s.words[1:] if s.words[0] == "can" and len(s.words) > 1 else s.words
        words = tuple("have" if i == 0 and w == "with" else w for i, w in enumerate(words))
        if len(words) > 2 and words[0] == "have" and only_verb(words[1], net):
            words = words[1:]  # "has won a prize"
        content = tuple(w for w in words if w not in LIGHT and w not in PREPOSITIONS)
        if not content:
            content = tuple(w for w in words if w not in PREPOSITIONS) or words
        left = tuple(w for w in words if w in PREPOSITIONS and w not in content)
        return cls(s, content, left, words != s.words and s.words[0] == "can",
                   frozenset(w for w in words if w in LIGHT and w not in content))  # fmt: skip


def _related(a: _View, b: _View, net: Words, together: bool) -> Wording | None:
    m = matched(a.content, b.content, net)
    several = (len(m.first) > 1 and m.second) or (len(m.second) > 1 and m.first)
    if (several or len(m.first) == len(a.content)) and not (len(a.content) == len(b.content) == 1):
        return None
    if not m.first and not m.second:
        return _same(a, b, m, together)
    if together:
        return None
    if len(m.first) == len(m.second) == 1:
        v, w = a.content[m.first[0]], b.content[m.second[0]]
        return _contrary(a, b, v, w, m, net)
    more, less, left = (a, b, m.first) if m.first else (b, a, m.second)
    over = [more.content[i] for i in left]
    if len(over) == 1 and over[0] in NEGATIVE and m.ordered:
        f = Forall((X,), Iff(more.said.formula, Not(less.said.formula)))
        return Wording(f, DENIED * m.score, f"“{over[0]}” denies it")
    if set(more.content) & TURNING or set(less.content) & TURNING or not m.ordered or a.able != b.able:
        return None
    adverbs = all(adverb(w, net) and "noun" not in net.parts(w) for w in over)
    if not adverbs and not _says_less(more, less, left, net):
        return None
    if _clash(more.prepositions, less.prepositions)[0]:
        return None
    score = (WITHOUT_ADVERB if adverbs else FEWER) * m.score
    f = Forall((X,), Implies(more.said.formula, less.said.formula))
    why = f"who says more than “{' '.join(less.said.words)}” says that"
    return Wording(f, score, why, (more.said, less.said))


def _same(a: _View, b: _View, m: Match, together: bool) -> Wording | None:
    against, loose = _clash(a.prepositions, b.prepositions)
    p, q = a.said.formula, b.said.formula
    if against:
        if together or not m.ordered:
            return None
        if {"before", "after"} <= {*a.prepositions, *b.prepositions}:
            return Wording(
                Forall((X,), Iff(p, Not(q))), DENIED * m.score, "before, after: one denies the other"
            )
        return Wording(Forall((X,), Not(And((p, q)))), OPPOSED * m.score, "opposed prepositions")
    if together and (loose or not m.ordered or m.why):
        return None
    if loose and not _close(a.prepositions, b.prepositions):
        return None
    score = SAME * m.score * (LOOSER if loose else 1.0) * (1.0 if m.ordered else REORDERED)
    score *= 1.0 if a.light == b.light else LIGHTER
    why = "; ".join(("the same words", *m.why))
    if a.able != b.able:
        able, does = (p, q) if a.able else (q, p)
        return Wording(Forall((X,), Implies(does, able)), score, f"{why}; who does it can")
    return Wording(Forall((X,), Iff(p, q)), score, why)


def _contrary(a: _View, b: _View, v: str, w: str, m: Match, net: Words) -> Wording | None:
    p, q = a.said.formula, b.said.formula
    if not m.ordered or _clash(a.prepositions, b.prepositions) != (False, False) or a.able != b.able:
        return None
    if any(x == n + y for n in _NEGATING for x, y in ((v, w), (w, v))) and known(v, net) and known(w, net):
        return Wording(Forall((X,), Iff(p, Not(q))), DENIED * m.score, f"{v}, {w}: one denies the other")
    if net.opposed(v, w):
        return Wording(Forall((X,), Not(And((p, q)))), OPPOSED * m.score, f"WordNet: {v}, {w} are opposed")
    return None


def _clash(p: Sequence[str], q: Sequence[str]) -> tuple[bool, bool]:
    """Are the prepositions opposed; do they differ?"""
    first, second = Counter(p) - Counter(q), Counter(q) - Counter(p)
    opposed = any(frozenset((v, w)) in _OPPOSED for v in first for w in second)
    return opposed, bool(first or second)


def _close(p: Sequence[str], q: Sequence[str]) -> bool:
    """May prepositions that differ say the same: one left out, or one of a kind?"""
    first, second = list((Counter(p) - Counter(q)).elements()), list((Counter(q) - Counter(p)).elements())
    if not first or not second:
        return len(first + second) == 1 and set(first + second) <= _OMITTED
    return len(first) == len(second) == 1 and any({first[0], second[0]} <= kind for kind in _AKIN)


def _says_less(more: _View, less: _View, left: Sequence[int], net: Words) -> bool:
    """Is one a part of the other, of its beginning or within it?"""
    if 0 in left or more.content[0] in PARTITIVE:
        return False  # a compound is not its first word: `alike` knows heads
    verb = "verb" in net.parts(more.content[0]) or (
        len(more.said.words) > 1 and more.said.words[1] in PREPOSITIONS
    )
    if not verb and not more.prepositions:
        return False
    return len(less.content) >= 2 or (len(more.said.words) > 1 and more.said.words[1] in PREPOSITIONS)


def _compounds(unary: Mapping[str, Saying], apart: Collection[frozenset[Formula]]) -> Iterator[Wording]:
    """ "spare rudder" as one predicate, and as two that some sentence has of one thing."""
    for name in sorted(n for n in unary if "_" in n):
        words = name.split("_")
        for i in range(1, len(words)):
            left, right = (unary.get("_".join(w)) for w in (words[:i], words[i:]))
            if left and right and frozenset((left.formula, right.formula)) in apart:
                both = And((left.formula, right.formula))
                yield Wording(Forall((X,), Iff(unary[name].formula, both)), SAME, "the same words")
                break


def _joined(known: Mapping[tuple[str, ...], Formula]) -> Iterator[Wording]:
    """A stretch and its two parts, on both sides of "and" or "or"."""
    for words in sorted(known):
        for joint, node in (("and", And), ("or", Or)):
            if joint not in words:
                continue
            at = words.index(joint)
            left, right = words[:at], words[at + 1 :]
            for i in range(at):  # "good at chess or checkers": what stands before both
                if left in known and (again := (*words[:i], *right)) in known:
                    both = node((known[left], known[again]))
                    yield Wording(Forall((X,), Iff(known[words], both)), PARTED, f"“{joint}” joins two")
                    break

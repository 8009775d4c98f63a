"""Loose ends of a text tied: what is told and of no use, with what is asked for and told by nothing.

"Sam is happy to lend his car." and "Whoever lends his car is popular.": the first leads nowhere and the
second never applies, unless the one was meant to say the other.  A text that argues has few loose ends (a
literal that occurs with one sign only takes part in no proof: Davis and Putnam 1960, rule III), so that
two of them that share most of their words are likely to be one.  The same for what only the
question speaks of.  Each is a guess with a score, made only where surer links (`sayings`) leave the ends
loose.

Knows formulas and WordNet's words.  Must not know theories, claims or how sentences are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from neurosym.knowledge.matching import TURNING, adverb, matched
from neurosym.knowledge.sayings import LIGHT, PREPOSITIONS, Saying, Wording, X, relation_of, sayings
from neurosym.knowledge.thesaurus import Words
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
    Not,
    Or,
    Xor,
    atoms,
    ground_terms,
)
from neurosym.syntax import show

ALIKE = 0.5  # of the words of both, as many are shared at least
SURE = 0.7  # the score of two that share all of them
MOST = 60  # loose ends of one text; more are not compared
IDLE = frozenset(str.split("have do make get take go be can could would will available able more"))
LESS = 0.4  # what an idle word counts
CHANGED = 0.8  # where each has words that the other lacks
STEM, KIN = 5, 0.7  # letters of a stem; two words of one
NAMESAKE, KIND_NAMED, EXCLUDING = 0.7, 0.6, 0.6
_APART = frozenset(str.split("before after above below over under without inside outside against"))


@dataclass(slots=True)
class _End:
    """A saying with the signs that it occurs with, and the formulas that speak of it, by number."""

    said: Saying
    given: bool = False
    used: bool = False
    told: bool = False
    asked: bool = False
    places: set[int] = field(default_factory=set)


def paired(
    told: Sequence[Formula], goals: Sequence[Formula], linked: Iterable[Formula], net: Words
) -> list[Wording]:
    """Links between loose ends, best first, each end at most once; none where there are too many.

    linked: what already relates sayings, so that their ends are no longer loose.
    """
    ends = _ends(told, goals, linked)
    loose = [e for e in ends if not e.told or (e.given != e.used and not e.asked)]
    if len(loose) > MOST:
        return []
    found: list[tuple[float, str, _End, _End, Formula]] = []
    for a in loose:
        for b in ends:
            if (
                a is b
                or a.places & b.places
                or not b.told
                or (b in loose and a.told and show(a.said.formula) > show(b.said.formula))
            ):
                continue
            f = _link(a, b)
            if f is not None and (score := _similar(a.said, b.said, net, a.told)) > 0:
                found.append((-score, show(f), a, b, f))
    tied: set[int] = set()
    out = []
    for score, _, a, b, f in sorted(found, key=lambda x: x[:2]):
        if id(a) in tied or (id(b) in tied and b in loose):
            continue
        tied |= {id(a), id(b)}
        out.append(Wording(Forall((X,), f), round(-SURE * score, 4), "both lead nowhere unless they are one"))
    return out


def _link(a: _End, b: _End) -> Formula | None:
    """What would tie the two, if anything: what is given implies what is used."""
    p, q = a.said.formula, b.said.formula
    if not a.told:  # of the question alone
        if b.given and b.used:
            return Iff(p, q)
        return Implies(q, p) if b.given else Implies(p, q)
    if a.given and b.used and not b.given:
        return Implies(p, q)
    if b.given and a.used and not b.used:
        return Implies(q, p)
    return None


def _similar(a: Saying, b: Saying, net: Words, may_change: bool) -> float:
    """The share of their words that both have, at least `ALIKE`, or 0; with `may_change`, where each has
    words of its own as well."""
    v, w = (tuple(x for x in s.words if x not in LIGHT and x not in PREPOSITIONS) for s in (a, b))
    if not v or not w or (_APART & {*a.words}) != (_APART & {*b.words}):
        return 0.0
    m = matched(v, w, net)
    left, right, akin = _kin([v[i] for i in m.first], [w[i] for i in m.second])
    if (TURNING - IDLE) & {*left, *right} or any(x[:1].isdigit() for x in (*left, *right)):
        return 0.0
    if any(net.opposed(x, y) for x in left for y in right):
        return 0.0
    total = sum(_weight(x, net) for x in (*v, *w))
    share = 1 - sum(_weight(x, net) for x in (*left, *right)) / total
    if {*left} - IDLE and {*right} - IDLE:
        if not may_change:
            return 0.0
        share *= CHANGED
    return share * m.score * KIN**akin if share >= ALIKE else 0.0


def _kin(left: list[str], right: list[str]) -> tuple[list[str], list[str], int]:
    """What is left of both without pairs of one stem ("electric", "electronic"), and how many those are."""
    out, others = [], list(right)
    for x in left:
        y = next((y for y in others if x[:STEM] == y[:STEM] and len(x) >= STEM), None)
        if y is None:
            out.append(x)
        else:
            others.remove(y)
    return out, others, len(left) - len(out)


def _weight(word: str, net: Words) -> float:
    return LESS if word in IDLE or adverb(word, net) else 1.0


# --- names, and "either" ------------------------------------------------------------------------


def namesakes(told: Sequence[Formula], goals: Sequence[Formula]) -> list[Wording]:
    """That a name which only the question has is one of the text's but for capitals, and that a name
    which is a kind's as well names one of the kind."""
    known, asked = _names(told), _names(goals)
    out = []
    for name in sorted(asked - known):
        near = [k for k in sorted(known) if name.lower() == k.lower()]
        if len(near) == 1:
            same = Equal(Const(name), Const(near[0]))
            out.append(Wording(same, NAMESAKE, f"“{name}” is “{near[0]}” in other letters"))
    kinds = {a.pred for f in (*told, *goals) for a in atoms(f) if len(a.args) == 1}
    for name in sorted((known | asked) & kinds):
        out.append(Wording(Atom(name, (Const(name),)), KIND_NAMED, "its name says what it is"))
    return out


def _names(formulas: Sequence[Formula]) -> set[str]:
    return {t.name for t in ground_terms(formulas) if isinstance(t, Const)}


def excluding(said: Sequence[Formula]) -> list[Wording]:
    """That the "or" of these excludes that both hold; each says "either" somewhere."""
    out = []
    for f in said:
        match f:
            case Forall(vs, Implies(a, Or((p, q)))):
                body: Formula = Forall(vs, Implies(a, Not(And((p, q)))))
            case Forall(vs, Or((p, q))):
                body = Forall(vs, Not(And((p, q))))
            case Or((p, q)):
                body = Not(And((p, q)))
            case _:
                continue
        out.append(Wording(body, EXCLUDING, "“either ... or” leaves no room for both"))
    return out


# --- the ends ---------------------------------------------------------------------------------


def _ends(told: Sequence[Formula], goals: Sequence[Formula], linked: Iterable[Formula]) -> list[_End]:
    ends: dict[Formula, _End] = {}
    for n, f in enumerate([*told, *goals]):
        for s, sign in _signed(f, True):
            e = ends.setdefault(s.formula, _End(s))
            e.places.add(n)
            if n < len(told):
                e.told = True
                e.given |= sign is not False
                e.used |= sign is not True
            else:
                e.asked = True
    _merge(ends, linked)
    return sorted(ends.values(), key=lambda e: show(e.said.formula))


def _merge(ends: Mapping[Formula, _End], linked: Iterable[Formula]) -> None:
    for f in linked:
        match f:
            case Forall(_, Iff(p, q)) if p in ends and q in ends:
                a, b = ends[p], ends[q]
                a.given = b.given = a.given or b.given
                a.used = b.used = a.used or b.used
                a.told = b.told = a.told or b.told
                a.asked = b.asked = a.asked or b.asked
            case Forall(_, Implies(p, q)) if p in ends and q in ends:
                ends[p].used, ends[q].given = True, True
            case Forall(_, body):
                for s, _ in _signed(body, True):
                    if s.formula in ends:
                        e = ends[s.formula]
                        e.given = e.used = True
            case _:
                pass


def _signed(f: Formula, sign: bool | None) -> Iterator[tuple[Saying, bool | None]]:
    """What is said, with the sign that it occurs with; None is both."""
    match f:
        case Atom():
            yield from ((s, sign) for s in sayings(f))
        case Exists((y,), And(parts)) if (s := relation_of(y, parts)) is not None:
            yield s, sign
        case Not(body):
            yield from _signed(body, None if sign is None else not sign)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _signed(p, sign)
        case Implies(a, b):
            yield from _signed(a, None if sign is None else not sign)
            yield from _signed(b, sign)
        case Iff(a, b) | Xor(a, b):
            yield from _signed(a, None)
            yield from _signed(b, None)
        case Forall(_, body) | Exists(_, body):
            yield from _signed(body, sign)
        case _:
            return

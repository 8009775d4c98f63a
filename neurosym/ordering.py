"""Background of ordering puzzles: claims that say what "older", "second from the left" and "last" mean.

Where a text names all things of a kind ("there are five books: ...") and compares them on a scale, each
has a place on it.  Places are whole numbers from 1, all different; a comparison is one of places, and
"the n-th" is a place.  That no two share a place is an assumption of such puzzles: every claim made here
says so by its source, and stands among the hypotheses of what is proved with it.  Knows logic, theories
and the words of scales.  Must not know how a text was read or how questions are answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, count, permutations

from neurosym.logic import (
    INTEGER,
    And,
    Atom,
    Const,
    Equal,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Statement,
    Term,
    Var,
    atoms,
    literal_terms,
    literals,
    subterms,
)
from neurosym.logic.counting import all_different
from neurosym.scales import PLACE_SCALES, Antonyms, Relation, relation
from neurosym.theory import Axiom, Claim, Semantics, Theory

DOCUMENT = "ordering"  # of the sources of these claims
MOST = 40  # things of a kind: that no two share a place grows with the square


@dataclass(frozen=True, slots=True)
class Enumeration:
    """All things of a kind, each named, of which no two are one."""

    kind: str
    things: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A predicate that speaks of a scale.  `low`: of the end where places are counted from."""

    pred: str
    low: bool
    ranked: bool
    step: bool  # immediately so


@dataclass(frozen=True, slots=True)
class Ordering:
    """Things that have places on a scale, and the predicates told or asked that speak of it.

    `place`: the function from a thing to its place, a whole number from 1 to len(things).
    """

    things: Enumeration
    scale: str
    place: str
    words: tuple[Word, ...]

    def described(self) -> str:
        """In words: "5 things of the kind book (place from the left)"."""
        kind = self.things.kind.replace("_", " ")
        return f"{len(self.things.things)} things of the kind {kind} ({self.place.replace('_', ' ')})"


def ordered(theory: Theory, goals: Iterable[Formula] = (), antonyms: Antonyms = ()) -> Theory:
    """`theory` with the claims of `orderings`, in place of such claims that it has already.

    The same theory where nothing changes.
    """
    if not enumerations(theory):  # nearly always, and that is seen fast
        return theory
    own = tuple(c for c in theory.claims if not _made_here(c))
    base = theory if len(own) == len(theory.claims) else replace(theory, claims=own)
    new = orderings(base, goals, antonyms)
    return replace(base, claims=(*own, *new)) if new else base


def orderings(theory: Theory, goals: Iterable[Formula] = (), antonyms: Antonyms = ()) -> tuple[Claim, ...]:
    """The background claims for the predicates of order in `theory` and `goals`; often none.

    Labels: `ordering:1`, `ordering:2`, ...; sources: axioms of the document "ordering" that begin "by
    the ordering of".  An atom without variables gets a definition of its own, which solvers need no
    instances of; a predicate that is also told or asked with variables is defined for all of the kind.
    Give all goals at once: a goal whose predicate is only used there is otherwise not defined.
    Scores are 1: that there are these things, and no others, is the claim of who named them, and
    stands among the hypotheses as well.
    """
    goals = tuple(goals)
    if not (found := find_orderings(theory, goals, antonyms)):
        return ()
    statements = _statements(theory, goals)
    uses = _uses(statements)
    out: list[tuple[Formula, str]] = []
    for o in found:
        out += _places(o)
        for w in o.words:
            out += _defined(o, w, uses[w.pred])
    out += _beside(found, statements)
    known = {c.label for c in theory.claims}
    labels = (label for n in count(1) if (label := f"{DOCUMENT}:{n}") not in known)
    return tuple(Claim(next(labels), f, Axiom(DOCUMENT, 0, text)) for f, text in out)


def find_orderings(
    theory: Theory, goals: Iterable[Formula] = (), antonyms: Antonyms = ()
) -> tuple[Ordering, ...]:
    """The scales on which `theory` or `goals` compare or count things that are enumerated.

    None in a closed world or where rules only chain: there the definitions would not be used.
    antonyms: see `scales.relation`.
    """
    if theory.closed_world or theory.semantics is not Semantics.CLASSICAL:
        return ()
    if not (sets := enumerations(theory)):
        return ()
    antonyms = frozenset(antonyms)
    statements = _statements(theory, goals)
    uses = {p: rows for p, rows in _uses(statements).items() if (p, 2) not in theory.closed}
    taken = {s.name for f in statements for a in literals(f) for t in literal_terms(a) for s in subterms(t)
             if isinstance(s, Fn)}  # fmt: skip
    out: list[Ordering] = []
    for s in sets:
        said: list[tuple[str, bool, Relation]] = []
        for pred, rows in sorted(uses.items()):
            general = len(sets) == 1 and any(_is_general(row) for row in rows)
            if general or any(_speaks_of(row, s) for row in rows):
                ranked = pred.startswith("rank_") and all(isinstance(row[1], Num) for row in rows)
                unclear = pred.startswith("rank_") and not ranked and any(map(_is_general, rows))
                if not unclear and (meant := relation(pred, ranked, antonyms)) is not None:
                    said.append((pred, ranked, meant))
        for (scale, verb), words in sorted(_scales(said).items()):
            place = f"place_from_the_{scale}" + (f"_to_{verb}" if verb else "")
            while place in taken:  # of another kind of things, or a function of the text
                place += f"_of_{s.kind}"
            taken.add(place)
            out.append(Ordering(s, scale, place, tuple(words)))
    return tuple(out)


def _statements(theory: Theory, goals: Iterable[Formula]) -> tuple[Statement, ...]:
    return (*(c.formula for c in theory.claims if not _made_here(c)), *goals)


def _made_here(c: Claim) -> bool:
    return isinstance(c.source, Axiom) and c.source.document == DOCUMENT


# --- what is enumerated -----------------------------------------------------------------------


def enumerations(theory: Theory) -> tuple[Enumeration, ...]:
    """Kinds of which the claims name every thing, and say that no two of these are one.

    That is what "There are three books: a red one, ..." says: `book(a)` and so on, `not a = b` of each
    two, and `forall ?x. book(?x) -> ?x = a or ...`, in one claim or in several.
    """
    general = (c.formula for c in theory.claims if isinstance(c.formula, And | Forall))
    closures = [found for f in general for p in _conjuncts(f) if (found := _closure(p)) is not None]
    if not closures:
        return ()
    said = frozenset(p for c in theory.claims for p in _conjuncts(c.formula))
    out: dict[str, Enumeration] = {}
    for found in closures:
        named = 2 <= len(found.things) <= MOST and all(Atom(found.kind, (t,)) in said for t in found.things)
        if named and all(
            Not(Equal(a, b)) in said or Not(Equal(b, a)) in said for a, b in combinations(found.things, 2)
        ):
            out.setdefault(found.kind, found)
    return tuple(out.values())


def _conjuncts(f: Statement) -> Iterator[Statement]:
    if isinstance(f, And):
        for p in f.parts:
            yield from _conjuncts(p)
    else:
        yield f


def _closure(f: Statement) -> Enumeration | None:
    """forall ?x. kind(?x) -> ?x = a or ?x = b or ..."""
    match f:
        case Forall((x,), Implies(Atom(kind, (y,)), Or(parts))) if x == y:
            things = [_other(p, x) for p in parts]
            named = tuple(dict.fromkeys(t for t in things if isinstance(t, Const)))
            return Enumeration(kind, named) if len(named) == len(things) else None
        case _:
            return None


def _other(f: Formula, x: Var) -> Term | None:
    match f:
        case Equal(a, b) if a == x:
            return b
        case Equal(a, b) if b == x:
            return a
        case _:
            return None


# --- what is said of it ------------------------------------------------------------------------


def _uses(statements: Iterable[Statement]) -> dict[str, list[tuple[Term, Term]]]:
    """The arguments of each predicate with two of them, in order of first use."""
    out: dict[str, dict[tuple[Term, Term], None]] = {}
    for f in statements:
        for a in atoms(f):
            if len(a.args) == 2:
                out.setdefault(a.pred, {})[a.args[0], a.args[1]] = None
    return {pred: list(rows) for pred, rows in out.items()}


def _speaks_of(row: tuple[Term, Term], s: Enumeration) -> bool:
    """Are both things compared, or the thing counted, among those enumerated?"""
    return row[0] in s.things and (row[1] in s.things or isinstance(row[1], Num))


def _is_general(row: tuple[Term, Term]) -> bool:
    return not all(isinstance(t, Const | Num) for t in row)


def _scales(said: Sequence[tuple[str, bool, Relation]]) -> dict[tuple[str, str], list[Word]]:
    """The words by scale and event; a word whose scale cannot be told is left out.

    Two words of a scale have to agree on it: "shorter" beside "taller" is of height, beside "longer" of
    length, and beside both of neither.
    """
    sure = {(r.senses[0].scale, r.verb) for _, _, r in said if len({x.scale for x in r.senses}) == 1}
    unclear = [
        {s.scale for s in r.senses} for _, _, r in said if not {(s.scale, r.verb) for s in r.senses} & sure
    ]
    common = sorted(set.intersection(*unclear)) if unclear else []
    out: dict[tuple[str, str], list[Word]] = {}
    certain: set[str] = set()
    for pred, ranked, r in said:
        chosen = [s for s in r.senses if (s.scale, r.verb) in sure]
        if not chosen:
            chosen = [s for s in r.senses if common and s.scale == common[0]]
        if len(chosen) == 1:
            out.setdefault((chosen[0].scale, r.verb), []).append(Word(pred, chosen[0].low, ranked, r.step))
            if r.sure:
                certain.add(pred)
    joined = _joined(out)
    return {key: words for key, words in joined.items() if any(w.pred in certain for w in words)}


def _joined(found: dict[tuple[str, str], list[Word]]) -> dict[tuple[str, str], list[Word]]:
    """Ranks without a verb ("the last") are of the one event that has that scale."""
    out = dict(found)
    for scale, verb in sorted(found):
        events = [key for key in found if key[0] == scale and key[1]]
        if not verb and len(events) == 1 and all(w.ranked for w in found[scale, verb]):
            both = (*out[events[0]], *out.pop((scale, verb)))
            out[events[0]] = sorted(both, key=lambda w: w.pred)
    return out


# --- what it means -----------------------------------------------------------------------------


def _places(o: Ordering) -> Iterator[tuple[Formula, str]]:
    """Each thing has a place, and no two have the same."""
    x, n = Var("x"), len(o.things.things)
    at = Fn(o.place, (x,))
    inside = And((Atom(INTEGER, (at,)), Less(_num(1), at, False), Less(at, _num(n), False)))
    by = f"by the ordering of {o.described()}"
    yield Forall((x,), Implies(Atom(o.things.kind, (x,)), inside)), f"{by}: each has a place from 1 to {n}"
    yield all_different([Fn(o.place, (t,)) for t in o.things.things]), f"{by}: no two share a place"


def _defined(o: Ordering, w: Word, rows: Sequence[tuple[Term, Term]]) -> Iterator[tuple[Formula, str]]:
    """What the predicate says, of the things it was used of, or of all of the kind."""
    by = f"by the ordering of {o.described()}: {w.pred.replace('_', ' ')} is "
    n = len(o.things.things)
    x, y = Var("x"), Var("y")
    if w.ranked:
        ks = sorted({t.value for _, t in rows if isinstance(t, Num)})
        for k in ks:
            place = k if w.low else n + 1 - k
            text = f"{by}the place {place}, for {k}"
            if any(t == Num(k) and _is_general((a, t)) for a, t in rows):
                body = Iff(Atom(w.pred, (x, Num(k))), Equal(Fn(o.place, (x,)), Num(place)))
                yield Forall((x,), Implies(Atom(o.things.kind, (x,)), body)), text
                continue
            for t in [a for a, t in rows if t == Num(k) and a in o.things.things]:
                yield Iff(Atom(w.pred, (t, Num(k))), Equal(Fn(o.place, (t,)), Num(place))), text
        return
    what = f"{by}to be {'immediately ' if w.step else ''}{'before' if w.low else 'after'} in place"
    if any(_is_general(row) for row in rows):
        kinds = And((Atom(o.things.kind, (x,)), Atom(o.things.kind, (y,))))
        yield Forall((x, y), Implies(kinds, Iff(Atom(w.pred, (x, y)), _compared(o, w, x, y)))), what
        return
    for a, b in rows:
        if a in o.things.things and b in o.things.things:
            yield Iff(Atom(w.pred, (a, b)), _compared(o, w, a, b)), what


def _compared(o: Ordering, w: Word, a: Term, b: Term) -> Formula:
    p, q = Fn(o.place, (a,)), Fn(o.place, (b,))
    first, second = (p, q) if w.low else (q, p)
    return Equal(Fn("+", (first, _num(1))), second) if w.step else Less(first, second)


BESIDE = frozenset(("next_to", "adjacent_to", "beside", "adjacent", "sit_next_to", "stand_next_to"))
BETWEEN = frozenset(("between", "sit_between", "stand_between"))


def _beside(found: Sequence[Ordering], statements: Sequence[Statement]) -> Iterator[tuple[Formula, str]]:
    """ "next to" and "between", where the things have one order in space or time, and only one."""
    by_kind: dict[str, list[Ordering]] = {}
    for o in found:
        if o.scale in PLACE_SCALES:
            by_kind.setdefault(o.things.kind, []).append(o)
    said = dict.fromkeys(a for f in statements for a in atoms(f) if a.pred in BESIDE | BETWEEN)
    for orders in by_kind.values():
        if len(orders) != 1:
            continue
        o = orders[0]
        for a in said:
            if not all(t in o.things.things for t in a.args) or len(set(a.args)) < len(a.args):
                continue
            ps = [Fn(o.place, (t,)) for t in a.args]
            by = f"by the ordering of {o.described()}: {a.pred.replace('_', ' ')} is to be "
            match ps:
                case [p, q] if a.pred in BESIDE:
                    sides = tuple(Equal(Fn("+", (u, _num(1))), v) for u, v in permutations((p, q)))
                    yield Iff(a, Or(sides)), f"{by}one place away"
                case [p, q, r] if a.pred in BETWEEN:
                    ways = tuple(And((Less(u, p), Less(p, v))) for u, v in permutations((q, r)))
                    yield Iff(a, Or(ways)), f"{by}after one and before the other"
                case _:
                    pass


def _num(n: int) -> Num:
    return Num(Fraction(n))

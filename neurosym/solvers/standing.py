"""Standing models: a few models of a large theory that settle many questions between them.

Knows finite models and clausal forms.  Must not know any search.  Whoever asks what does not
follow from ten thousand claims should not have them all looked at for every question: the
kernel reads a model once, and then only the goal is new.  The models are

- the least one that was found, in which little is true;
- one of a single element, in which every predicate is true but those that must not be;
- the first with all that is nowhere asserted, only denied, wherever it is not denied.

They depend on the theory alone, so a certificate does not depend on the questions asked before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import product

from neurosym.logic import (
    Atom,
    Budget,
    Clause,
    Const,
    Equal,
    Exhausted,
    Fn,
    Formula,
    Less,
    Not,
    Num,
    TooManyClauses,
    Var,
    atoms,
    clauses,
    free_vars,
    literal_terms,
    literals,
    subterms,
)
from neurosym.logic.joins import Relations, Row
from neurosym.proof import FiniteModel, Independence
from neurosym.theory import Theory

CACHED = 4  # theories
VOCABULARIES = 8  # of goals that speak of what the theory does not
ROWS = 200_000  # of a predicate that is only denied
OPERATIONS = 2_000_000  # of finding what clauses deny
Key = tuple[str, int]


class Standing:
    """The standing models of one theory.  It holds the theory, so that its id stays its own."""

    def __init__(self, theory: Theory, least: FiniteModel) -> None:
        self.theory, self.least = theory, least
        self._forms: list[Clause] | None = None
        with suppress(TooManyClauses, RecursionError, ValueError):
            self._forms = [x for c in theory.claims for x in clauses(c.formula, c.label)]
        self._single: OrderedDict[frozenset[Key], FiniteModel | None] = OrderedDict()
        self._wide: FiniteModel | None = None
        self._widened = False
        self._named = frozenset(_predicates(c.formula for c in theory.claims)) if self._forms else frozenset()

    def settle(self, goal: Formula, holds_in: Callable[[FiniteModel], bool | None]) -> Independence | None:
        """A model in which the goal holds and one in which it fails, where there are such.

        `holds_in` says whether it holds in a model; None where that is no use.
        """
        holds: FiniteModel | None = None
        fails: FiniteModel | None = None
        for model in self._models(goal):
            match holds_in(model):
                case True:
                    holds = holds or model
                case False:
                    fails = fails or model
                case None:
                    continue
            if holds and fails:
                return Independence(holds, fails)
        return None

    def _models(self, goal: Formula) -> Iterator[FiniteModel]:
        yield self.least
        if self._forms is None:
            return
        other = frozenset(_predicates((goal,))) - self._named
        if other not in self._single:
            self._single[other] = single(self._forms, other)
            while len(self._single) > VOCABULARIES:
                self._single.popitem(last=False)
        if (found := self._single[other]) is not None:
            yield found
        if not self._widened:
            self._widened, self._wide = True, widened(self._forms, self.least)
        if self._wide is not None:
            yield self._wide


class StandingModels:
    """The standing models of the theories asked about last."""

    def __init__(self) -> None:
        self._theories: OrderedDict[int, tuple[Theory, Standing | None]] = OrderedDict()

    def known(self, theory: Theory) -> bool:
        """Were they asked for already?"""
        return id(theory) in self._theories

    def of(self, theory: Theory, least: Callable[[], FiniteModel | None]) -> Standing | None:
        """Those of the theory; `least` finds its least model, or None."""
        if id(theory) not in self._theories:
            model = least()
            self._theories[id(theory)] = theory, None if model is None else Standing(theory, model)
            while len(self._theories) > CACHED:
                self._theories.popitem(last=False)
        self._theories.move_to_end(id(theory))
        return self._theories[id(theory)][1]

    def clear(self) -> None:
        self._theories.clear()


def single(forms: Sequence[Clause], other: Iterable[Key]) -> FiniteModel | None:
    """A model of one element in which all predicates hold, these too, but some that are nowhere asserted.

    None where the clauses have numerals, comparisons or disequalities, or deny what is asserted.
    """
    asserted = {_key(x) for c in forms for x in c if isinstance(x, Atom)}
    full = asserted | set(other)
    functions: set[Key] = set()
    constants: set[str] = set()
    for c in forms:
        for x in c:
            a = x.body if isinstance(x, Not) else x
            if isinstance(a, Less) or not isinstance(a, Atom | Equal):
                return None
            for t in (s for top in literal_terms(a) for s in subterms(top)):
                if isinstance(t, Num):
                    return None
                if isinstance(t, Fn):
                    functions.add((t.name, len(t.args)))
                elif isinstance(t, Const):
                    constants.add(t.name)
    denied = {_key(x.body) for c in forms for x in c if isinstance(x, Not) and isinstance(x.body, Atom)}
    for key in sorted(denied - asserted):  # as many as the denials allow, in order
        if all(_true(c, full | {key}) for c in forms if not any(isinstance(x, Atom | Equal) for x in c)):
            full.add(key)
    if not all(_true(c, full) for c in forms):
        return None
    return FiniteModel(
        1,
        (),
        tuple((name, (0,) * arity, 0) for name, arity in sorted(functions)),
        tuple((name, arity, ((0,) * arity,)) for name, arity in sorted(full)),
    )


def _true(c: Clause, full: set[Key]) -> bool:
    """Is the clause true where everything is one thing, and just these predicates hold?"""
    for x in c:
        match x:
            case Atom():
                if _key(x) in full:
                    return True
            case Not(Atom() as a):
                if _key(a) not in full:
                    return True
            case Equal():
                return True
            case _:
                pass
    return False


def widened(forms: Sequence[Clause], least: FiniteModel) -> FiniteModel | None:
    """`least` with the predicates that are only denied, wherever no clause denies them; None without such.

    A clause that denies one must be nothing but denials, the others of predicates that stay as
    they are, and it must have no equality and no function.
    """
    asserted = {_key(x) for c in forms for x in c if isinstance(x, Atom)}
    of: dict[Key, list[Clause]] = {}
    for c in forms:
        for key in {_key(x.body) for x in c if isinstance(x, Not) and isinstance(x.body, Atom)} - asserted:
            of.setdefault(key, []).append(c)
    wanted = {
        key
        for key, found in of.items()
        if least.size ** key[1] <= ROWS and all(_denials(c, key, of.keys()) for c in found)
    }
    if not wanted:
        return None
    constants = dict(least.constants)
    relations = Relations({(name, arity): rows for name, arity, rows in least.predicates})
    spend = Budget(OPERATIONS)
    more: dict[Key, tuple[Row, ...]] = {}
    try:
        for key in sorted(wanted):
            rows = dict.fromkeys(product(range(least.size), repeat=key[1]))
            for c in of[key]:
                for row in _denied(c, key, constants, relations, least.size, spend):
                    rows.pop(row, None)
            more[key] = tuple(rows)
    except Exhausted:
        return None
    rest = tuple(p for p in least.predicates if (p[0], p[1]) not in more)
    added = tuple((name, arity, rows) for (name, arity), rows in sorted(more.items()))
    return replace(least, predicates=tuple(sorted((*rest, *added), key=lambda p: p[:2])))


def _denials(c: Clause, key: Key, only: Iterable[Key]) -> bool:
    """Is the clause nothing but denials, one of `key` and the others of predicates that are not in `only`?"""
    keys = [_key(x.body) for x in c if isinstance(x, Not) and isinstance(x.body, Atom)]
    flat = all(isinstance(t, Var | Const) for x in c for a in literals(x) for t in literal_terms(a))
    return len(keys) == len(c) and flat and keys.count(key) == 1 and len(set(only) & set(keys)) == 1


def _denied(
    c: Clause, key: Key, constants: dict[str, int], relations: Relations, size: int, spend: Budget
) -> Iterator[Row]:
    """The rows of `key` that the clause forbids."""
    denied = [x.body for x in c if isinstance(x, Not) and isinstance(x.body, Atom)]
    vs = tuple(dict.fromkeys(v for a in denied for v in free_vars(a)))
    slots = {v: i for i, v in enumerate(vs)}

    def pattern(a: Atom) -> tuple[Key, Row]:
        places = [slots[t] if isinstance(t, Var) else ~constants.get(_name(t), 0) for t in a.args]
        return _key(a), tuple(places)

    (_, places), others = pattern(next(a for a in denied if _key(a) == key)), []
    for a in denied:
        if _key(a) != key:
            others.append(pattern(a))
    bound = {p for _, ps in others for p in ps if p >= 0}
    loose = sorted({p for p in places if p >= 0} - bound)
    for env in relations.join(others, len(vs), spend):
        for values in product(range(size), repeat=len(loose)):
            spend()
            for slot, value in zip(loose, values, strict=True):
                env[slot] = value
            yield tuple([env[p] if p >= 0 else ~p for p in places])


def _name(t: object) -> str:
    return t.name if isinstance(t, Const) else ""


def _key(a: Atom) -> Key:
    return a.pred, len(a.args)


def _predicates(statements: Iterable[object]) -> Iterator[Key]:
    for f in statements:
        for a in atoms(f):  # type: ignore[arg-type]
            yield _key(a)

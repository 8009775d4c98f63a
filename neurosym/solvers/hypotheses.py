"""What could be supposed so that a goal follows: linear resolution that may skip literals.

Knows clauses and rules.  Must not know any solver; nothing it proposes is trusted, every set is
put to one.  For classical theories this is SOL resolution (Inoue 1992, "Linear resolution for
consequence finding"): goals are met by clauses and their contrapositives (Loveland's model
elimination), by an opposite goal above them, or skipped, that is supposed.  For rules with
absence it is SLD resolution with abducibles (Kakas, Kowalski and Toni 1992; Poole 1993); what
has to be absent is noted and left to the solver.  Best first, with a fixed budget.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, islice, product

from neurosym.logic import (
    And,
    Atom,
    BodyLiteral,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Literal,
    Naf,
    Not,
    Or,
    Subst,
    Term,
    TooManyClauses,
    Var,
    Xor,
    clauses,
    computed,
    free_vars,
    is_literal,
    misplaced,
    opposite,
    rules_of,
    substitute,
    substitute_atom,
    substitute_body,
    subterms,
    unify,
)  # fmt: skip
from neurosym.proof import GOAL
from neurosym.solvers.unify import (
    Key,
    as_literal,
    is_ground,
    is_skolem,
    key,
    negated,
    terms_of,
    unify_literals,
)
from neurosym.theory import Claim, Semantics, Theory, has_naf
from neurosym.verdict import Limits

NODES, PER_SECOND = 4000, 500  # partial proofs looked at: at most, and for a second of limits
DEPTH = 12  # goals above a goal
MATCHES = 60  # facts tried for one goal
PATTERNS = 150  # complete proposals
WAYS = 64  # ways to make a goal of rules true


@dataclass(frozen=True, slots=True)
class Move:
    """To have `head`, have `body`.  Its variables are its own."""

    head: Literal
    body: tuple[BodyLiteral, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literals to be supposed (variables stand for any thing) and atoms that have to be absent."""

    supposed: tuple[Literal, ...]
    absent: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class _Goal:
    wanted: BodyLiteral
    above: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class _State:
    goals: tuple[_Goal, ...]
    supposed: tuple[Literal, ...]
    absent: tuple[Atom, ...]
    steps: int


def is_classical(theory: Theory) -> bool:
    """Is following from `theory` monotone, and are its claims used in both directions?"""
    return (
        theory.semantics is Semantics.CLASSICAL
        and not theory.closed_world
        and not theory.closed
        and not any(has_naf(c.formula) for c in theory.claims)
    )


def is_closed(theory: Theory, a: Atom) -> bool:
    """Is `a` false where it cannot be derived?"""
    return theory.closed_world or (a.pred, len(a.args)) in theory.closed


class Moves:
    """The claims of a theory as moves, by what they conclude; where `forwards`, as rules only."""

    def __init__(self, theory: Theory, forwards: bool = False) -> None:
        self.theory, self.forwards = theory, forwards
        self.classical = is_classical(theory) and not forwards  # so goals are clauses too
        # what is closed in a theory is so in its rules; the rest is read in both directions
        self.clausal = self.classical or (bool(theory.closed) and not forwards)
        self.rules: dict[Key, list[Move]] = defaultdict(list)
        self.facts: dict[Key, list[Literal]] = defaultdict(list)
        self.places: dict[tuple[Key, int, Term], list[Literal]] = defaultdict(list)
        self.told: set[Literal] = set()
        self.concluded: set[Key] = set()  # what some rule is there to conclude
        for c in theory.claims:
            for r in rules_of(c.formula, theory.closed_world) or ():
                if r.body:
                    self.concluded.add(key(r.head))
            for m in moves_of(c, self.clausal, theory.closed_world):
                self.add(m)

    def add(self, m: Move) -> None:
        k = key(m.head)
        if m.body or any(True for _ in free_vars(m.head)):
            self.rules[k].append(m)
            # of a clause with conditions, what is not denied is there to be concluded
            if isinstance(m.head, Atom) and any(not isinstance(b, Not | Naf) for b in m.body):
                self.concluded.add(k)
        elif m.head not in self.told:
            self.told.add(m.head)
            self.facts[k].append(m.head)
            for i, t in enumerate(terms_of(m.head)):
                self.places[k, i, t].append(m.head)

    def matching(self, f: Literal) -> list[Literal]:
        """Told literals that may unify with `f`: those of its most telling ground argument."""
        best = self.facts.get(key(f), [])
        for i, t in enumerate(terms_of(f)):
            if is_ground(t):
                at = self.places.get((key(f), i, t), [])
                best = at if len(at) < len(best) else best
        return best


def moves_of(claim: Claim, clausal: bool, closed: bool) -> Iterator[Move]:
    """The claim's clauses, each used in every direction; or its rules, used forwards."""
    if clausal and not has_naf(claim.formula):
        try:
            for clause in clauses(claim.formula, claim.label):
                yield from contrapositives(clause)
            return
        except (TooManyClauses, RecursionError):
            pass
    for r in rules_of(claim.formula, closed) or ():
        if isinstance(r.head, Atom) or not closed:
            yield Move(r.head, r.body)


def contrapositives(clause: tuple[Literal, ...]) -> Iterator[Move]:
    for i, head in enumerate(clause):
        yield Move(head, tuple(negated(x) for j, x in enumerate(clause) if j != i))


def patterns(
    moves: Moves,
    goal: Formula,
    size: int,
    allowed: Callable[[Literal], bool],
    things: tuple[Term, ...],
    limits: Limits,
) -> tuple[Pattern, ...]:
    """Proposals of at most `size` literals that `allowed` lets be supposed, the nearest first.

    things: what quantified variables of a goal of rules range over.  The work is bounded by the
    number of partial proofs, in proportion to `limits.seconds`: the same for the same limits.
    """
    return _Search(moves, goal, size, allowed, things).run(min(NODES, int(PER_SECOND * limits.seconds)))


class _Search:
    def __init__(
        self, moves: Moves, goal: Formula, size: int, allowed: Callable[[Literal], bool],
        things: tuple[Term, ...],
    ) -> None:  # fmt: skip
        self.moves, self.size, self.allowed = moves, size, allowed
        self.unique = moves.theory.closed_world
        self.own: dict[Key, list[Move]] = defaultdict(list)  # the goal's denial, as moves
        self.serial = count(1)
        self.queue: list[tuple[int, int, _State]] = []
        for first in self._starts(goal, things):
            self._push(_State(tuple(_Goal(f, ()) for f in first), (), (), 0))

    def _starts(self, goal: Formula, things: tuple[Term, ...]) -> Iterator[tuple[BodyLiteral, ...]]:
        if not self.moves.classical:
            yield from islice(ways(goal, self.moves.theory, things, self.serial), WAYS)
            return
        try:
            form = clauses(Not(goal), GOAL)
        except (TooManyClauses, RecursionError):
            return
        for clause in form:
            if len(form) > 1 or len(clause) > 1:
                for m in contrapositives(clause):
                    self.own[key(m.head)].append(m)
            yield tuple(negated(x) for x in clause)

    def _push(self, state: _State) -> None:
        if not all(map(_can_be_told, state.supposed)):
            return
        # a goal takes a step at least; a supposition costs more than one, so what is told comes first
        cost = state.steps + len(state.goals) + 3 * len(state.supposed)
        heappush(self.queue, (cost, next(self.serial), state))

    def run(self, nodes: int) -> tuple[Pattern, ...]:
        out: dict[Pattern, None] = {}
        seen: set[tuple[object, ...]] = set()
        for _ in range(nodes):
            if not self.queue or len(out) >= PATTERNS:
                break
            _, _, state = heappop(self.queue)
            mark = (frozenset(state.goals), frozenset(state.supposed), frozenset(state.absent))
            if mark in seen:
                continue
            seen.add(mark)
            if not state.goals:
                if state.supposed or state.absent:
                    out[Pattern(tuple(dict.fromkeys(state.supposed)), state.absent)] = None
                continue
            for following in self._expand(state):
                self._push(following)
        return tuple(out)

    def _expand(self, state: _State) -> Iterator[_State]:
        i = min(range(len(state.goals)), key=lambda n: (self._weight(state.goals[n].wanted), n))
        goal, rest = state.goals[i], state.goals[:i] + state.goals[i + 1 :]
        f = goal.wanted
        if isinstance(f, Naf):
            yield _State(rest, state.supposed, (*state.absent, f.body), state.steps + 1)
            return
        if isinstance(f.body if isinstance(f, Not) else f, Equal | Less):
            value = computed(f, self.unique)
            if value is not None:
                if value:
                    yield _State(rest, state.supposed, state.absent, state.steps)
                return
            if isinstance(f, Equal) and (s := unify((f.left,), (f.right,))) is not None:
                yield _applied(rest, state, s)
            elif free_vars(f):  # settled when its variables are things: the solver sees to it
                yield _State(rest, state.supposed, state.absent, state.steps + 1)
                return
        if f in goal.above:
            return
        if self.moves.clausal:
            for higher in goal.above:
                if (s := unify_literals(f, negated(higher))) is not None:
                    yield _applied(rest, state, s)
        if isinstance(f, Not) and isinstance(f.body, Atom) and is_closed(self.moves.theory, f.body):
            yield _State(rest, state.supposed, (*state.absent, f.body), state.steps + 1)
        for supposed in state.supposed:
            if (s := unify_literals(f, supposed)) is not None:
                yield _applied(rest, state, s)
        for fact in islice(self.moves.matching(f), MATCHES):
            if (s := unify_literals(f, fact)) is not None:
                yield _applied(rest, state, s)
                if not s:
                    return  # told as it stands: nothing else is nearer
        if len(goal.above) < DEPTH:
            for m in (*self.moves.rules.get(key(f), ()), *self.own.get(key(f), ())):
                move = self._renamed(m)
                if (s := unify_literals(f, move.head)) is not None:
                    above = (*goal.above, f)
                    new = tuple(_Goal(b, above) for b in move.body)
                    yield _applied((*new, *rest), state, s)
        if len(state.supposed) < self.size and self._may_suppose(f, state):
            yield _State(rest, (*state.supposed, f), state.absent, state.steps)

    def _renamed(self, m: Move) -> Move:
        s = {v: Var(f"{v.name}#{next(self.serial)}") for f in (m.head, *m.body) for v in free_vars(f)}
        if not s:
            return m
        return Move(as_literal(substitute(m.head, s)), tuple(substitute_body(b, s) for b in m.body))

    def _weight(self, f: BodyLiteral) -> tuple[int, int]:
        """Absence and comparisons wait until their variables are bound; else the most bound goal."""
        free = len(free_vars(f))
        late = isinstance(f, Naf) or not isinstance(f.body if isinstance(f, Not) else f, Atom)
        return (1 if late and free else 0, free)

    def _may_suppose(self, f: Literal, state: _State) -> bool:
        if f in state.supposed or negated(f) in self.moves.told or negated(f) in state.supposed:
            return False
        return _can_be_told(f) and self.allowed(f)


def _can_be_told(f: Literal) -> bool:
    """May a claim say `f`, once its variables are things?  Not of what only a proof has a name for."""
    return misplaced(f) is None and not any(is_skolem(s) for t in terms_of(f) for s in subterms(t))


# --- goals of rules ------------------------------------------------------------------------


def ways(
    goal: Formula, theory: Theory, things: tuple[Term, ...], fresh: Iterator[int]
) -> Iterator[tuple[BodyLiteral, ...]]:
    """Conjunctions of body literals each of which makes `goal` true; existential variables stay free."""
    match goal:
        case Not(Atom() as a) if is_closed(theory, a):
            yield (Naf(a),)
        case _ if is_literal(goal):
            yield (goal,)
        case And(parts):
            yield from _products([*parts], theory, things, fresh)
        case Or(parts):
            for p in parts:
                yield from ways(p, theory, things, fresh)
        case Implies(a, b):
            yield from ways(b, theory, things, fresh)
            yield from ways(opposite(a), theory, things, fresh)
        case Iff(a, b) | Not(Xor(a, b)):
            yield from ways(Or((And((a, b)), And((opposite(a), opposite(b))))), theory, things, fresh)
        case Xor(a, b) | Not(Iff(a, b)):
            yield from ways(Or((And((a, opposite(b))), And((opposite(a), b)))), theory, things, fresh)
        case Exists(vs, body):
            yield from ways(
                substitute(body, {v: Var(f"{v.name}#{next(fresh)}") for v in vs}), theory, things, fresh
            )
        case Forall(vs, body):
            rows = islice(product(things, repeat=len(vs)), WAYS + 1)
            instances = [substitute(body, dict(zip(vs, row, strict=True))) for row in rows]
            if len(instances) <= WAYS:
                yield from _products(instances, theory, things, fresh)
        case Not(body):
            yield from ways(opposite(body), theory, things, fresh)


def _products(
    parts: list[Formula], theory: Theory, things: tuple[Term, ...], fresh: Iterator[int]
) -> Iterator[tuple[BodyLiteral, ...]]:
    # every part first: where one has no way, no others are put together
    choices = [tuple(islice(ways(p, theory, things, fresh), WAYS)) for p in parts]
    for chosen in product(*choices):
        yield tuple(dict.fromkeys(f for way in chosen for f in way))


def _applied(goals: Iterable[_Goal], state: _State, s: Subst) -> _State:
    """One step further, under `s`."""
    steps = state.steps + 1
    if not s:
        return _State(tuple(goals), state.supposed, state.absent, steps)
    # goals of one claim stand under the same goals: each of these is looked at once
    known: dict[int, tuple[Literal, ...]] = {}
    done: dict[int, Literal] = {}

    def literal(f: Literal) -> Literal:
        if (found := done.get(id(f))) is None:
            found = done[id(f)] = f if s.keys().isdisjoint(free_vars(f)) else as_literal(substitute(f, s))
        return found

    def over(above: tuple[Literal, ...]) -> tuple[Literal, ...]:
        if (found := known.get(id(above))) is None:
            found = known[id(above)] = tuple(map(literal, above))
        return found

    return _State(
        tuple(_Goal(substitute_body(g.wanted, s), over(g.above)) for g in goals),
        tuple(dict.fromkeys(map(literal, state.supposed))),
        tuple(substitute_atom(a, s) for a in state.absent),
        steps,
    )

"""Grounding by relaxed reachability: the action instances that could ever apply, over small integers.

Nothing true is ever lost and nothing false is ever lost: an instance is kept where its positive
preconditions can be reached and its negative ones can be false (delete relaxation with negative
literals; Helmert, "Concise finite-domain representations", AIJ 173, 2009, section 6, does the same
as a Datalog fixpoint).  Deterministic.  Nothing here is trusted: the closure is checked elsewhere.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosym.logic import Atom, Equal, Not, Term, Var, atom_of
from neurosym.planning.domain import OBJECT, Action, PlanStep
from neurosym.planning.goal import Ground
from neurosym.planning.result import Closure
from neurosym.planning.world import World, candidates

Row = tuple[int, ...]  # object numbers
Key = tuple[str, Row]  # predicate (or type) and arguments


class OutOfTime(Exception):
    """The deadline passed, or there are too many instances."""


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """A ground action over proposition numbers."""

    step: PlanStep
    pre: tuple[int, ...]
    add: frozenset[int]
    delete: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A ground task.  A negative condition is a proposition of its own, kept in step with its atom.

    `goals`: alternatives, each a set of propositions; an alternative that cannot be reached is
    left out.  `closure`: what could ever become true or false.
    """

    size: int
    init: frozenset[int]
    operators: tuple[Operator, ...]
    goals: tuple[frozenset[int], ...]
    closure: Closure


@dataclass(frozen=True, slots=True)
class _Schema:
    """An action over numbers: a variable is its index, object k is -1-k.

    `need`: positive conditions, types among them; `never`: negative ones; `equal`: (in)equalities.
    """

    action: Action
    need: tuple[Key, ...]
    never: tuple[Key, ...]
    equal: tuple[tuple[int, int, bool], ...]
    add: tuple[Key, ...]
    delete: tuple[Key, ...]


def ground(world: World, goals: Sequence[Sequence[Ground]], deadline: float, most: int = 400_000) -> Task:
    """Ground `world` for these alternatives of the goal.

    `deadline` is a `time.monotonic()` value; `most` bounds the instances.  Raises OutOfTime.
    """
    number = {o: i for i, o in enumerate(world.objects)}
    g = _Grounding(world, number, deadline, most)
    g.run()
    return _propositions(g, goals)


class _Grounding:
    def __init__(self, world: World, number: dict[Term, int], deadline: float, most: int) -> None:
        self.world, self.number, self.deadline, self.most = world, number, deadline, most
        self.reached: dict[Key, None] = {}
        self.rows: dict[str, list[Row]] = {}
        self.index: dict[tuple[str, int, int], list[Row]] = {}
        self.init = {self.key(a) for a in world.true}
        self.lost: dict[Key, None] = {}
        self.fired: dict[tuple[int, Row], None] = {}
        self.waiting: dict[Key, list[tuple[int, Row]]] = {}
        self.queue: deque[Key] = deque()
        self.types: dict[tuple[str, ...], str] = {}
        self.schemas = [self.schema(a) for a in world.actions]
        self.users: dict[str, list[tuple[int, int]]] = {}  # predicate -> (schema, position in need)
        for i, s in enumerate(self.schemas):
            for k, (pred, _) in enumerate(s.need):
                self.users.setdefault(pred, []).append((i, k))
        self.ticks = 0

    def key(self, a: Atom) -> Key:
        return f"{a.pred}/{len(a.args)}", tuple(self.number[t] for t in a.args)

    def schema(self, action: Action) -> _Schema:
        place = {p.var: i for i, p in enumerate(action.parameters)}

        def code(t: Term) -> int:
            return place[t] if isinstance(t, Var) else -1 - self.number[t]

        def pattern(a: Atom) -> Key:
            return f"{a.pred}/{len(a.args)}", tuple(code(t) for t in a.args)

        need: list[Key] = []
        never: list[Key] = []
        equal: list[tuple[int, int, bool]] = []
        for p in action.precondition:
            match p:
                case Atom():
                    need.append(pattern(p))
                case Not(Atom() as a):
                    never.append(pattern(a))
                case Equal(a, b) | Not(Equal(a, b)):
                    equal.append((code(a), code(b), isinstance(p, Equal)))
                case _:
                    raise TypeError("not a literal of PDDL")
        for i, parameter in enumerate(action.parameters):
            kinds = (OBJECT,) if OBJECT in parameter.types else tuple(sorted(set(parameter.types)))
            if kinds not in self.types:
                # The space keeps these names apart from those of predicates.
                self.types[kinds] = " ".join(("type", *kinds))
                for o in candidates(self.world, parameter):
                    self.store((self.types[kinds], (self.number[o],)))
            need.append((self.types[kinds], (i,)))
        adds = [pattern(atom_of(e)) for e in action.effects if not isinstance(e, Not)]
        deletes = [pattern(atom_of(e)) for e in action.effects if isinstance(e, Not)]
        return _Schema(action, tuple(need), tuple(never), tuple(equal), tuple(adds), tuple(deletes))

    def store(self, key: Key) -> bool:
        if key in self.reached:
            return False
        self.reached[key] = None
        pred, row = key
        self.rows.setdefault(pred, []).append(row)
        for i, o in enumerate(row):
            self.index.setdefault((pred, i, o), []).append(row)
        return True

    def run(self) -> None:
        for a in sorted(self.init):
            self.store(a)
        for i, s in enumerate(self.schemas):
            # The rows are copied: firing while joining would change the lists under the join.
            for row in list(self.join(s, list(range(len(s.need))), [None] * len(s.action.parameters))):
                self.apply(i, row)
        while self.queue:
            pred, row = self.queue.popleft()
            for i, k in self.users.get(pred, ()):
                s = self.schemas[i]
                binding: list[int | None] = [None] * len(s.action.parameters)
                if _unify(s.need[k][1], row, binding) is not None:
                    rest = [j for j in range(len(s.need)) if j != k]
                    for found in list(self.join(s, rest, binding)):
                        self.apply(i, found)

    def join(self, s: _Schema, rest: list[int], binding: list[int | None]) -> Iterator[Row]:
        """Complete bindings whose positive conditions are reached, most constrained condition first."""
        self.ticks += 1
        if self.ticks % 1024 == 0 and time.monotonic() > self.deadline:
            raise OutOfTime("grounding took too long")
        for a, b, same in s.equal:
            left, right = _value(a, binding), _value(b, binding)
            if left is not None and right is not None and (left == right) != same:
                return
        if not rest:
            yield tuple(b for b in binding if b is not None)
            return
        best: list[Row] = []
        chosen = -1
        for j in rest:
            pred, args = s.need[j]
            rows = self.rows.get(pred, [])
            for i, a in enumerate(args):
                o = _value(a, binding)
                if o is not None:
                    found = self.index.get((pred, i, o), [])
                    if len(found) < len(rows):
                        rows = found
            if chosen < 0 or len(rows) < len(best):
                best, chosen = rows, j
            if not best:
                return
        others = [j for j in rest if j != chosen]
        args = s.need[chosen][1]
        for row in best:
            bound = _unify(args, row, binding)
            if bound is not None:
                yield from self.join(s, others, binding)
                for i in bound:
                    binding[i] = None

    def apply(self, i: int, row: Row) -> None:
        todo = [(i, row)]
        while todo:
            instance = todo.pop()
            if instance in self.fired or self.blocked(instance):
                continue
            s, row = self.schemas[instance[0]], instance[1]
            self.fired[instance] = None
            if len(self.fired) > self.most:
                raise OutOfTime(f"more than {self.most} action instances")
            adds = {_instance(p, row) for p in s.add}
            for p in s.add:
                k = _instance(p, row)
                if self.store(k):
                    self.queue.append(k)
            for p in s.delete:
                k = _instance(p, row)
                if k in self.init and k not in self.lost and k not in adds:
                    self.lost[k] = None
                    todo += reversed(self.waiting.pop(k, []))

    def blocked(self, instance: tuple[int, Row]) -> bool:
        """Does a negative condition wait for an atom that nothing deletes so far?"""
        i, row = instance
        for p in self.schemas[i].never:
            k = _instance(p, row)
            if k in self.init and k not in self.lost:
                self.waiting.setdefault(k, []).append(instance)
                return True
        return False


def _value(a: int, binding: Sequence[int | None]) -> int | None:
    return binding[a] if a >= 0 else -1 - a


def _unify(args: Row, row: Row, binding: list[int | None]) -> list[int] | None:
    """Bind variables so that `args` is `row`; the variables bound here, or None (and nothing bound)."""
    bound: list[int] = []
    for a, o in zip(args, row, strict=True):
        v = _value(a, binding)
        if v is None:
            binding[a] = o
            bound.append(a)
        elif v != o:
            for i in bound:
                binding[i] = None
            return None
    return bound


def _instance(pattern: Key, row: Row) -> Key:
    return pattern[0], tuple(row[a] if a >= 0 else -1 - a for a in pattern[1])


def _propositions(g: _Grounding, goals: Sequence[Sequence[Ground]]) -> Task:
    # atoms whose truth can vary; that an object has a type never does
    changed = set(g.lost) | {k for k in g.reached if k not in g.init and not k[0].startswith("type ")}
    names: dict[tuple[Key, bool], int] = {}

    def number(k: Key, positive: bool) -> int:
        return names.setdefault((k, positive), len(names))

    wanted: list[frozenset[int]] = []
    for conjunction in goals:
        literals = [(g.key(atom_of(f)), not isinstance(f, Not)) for f in conjunction]
        if all(_possible(g, k, positive) for k, positive in literals):
            wanted.append(frozenset(number(k, positive) for k, positive in literals if k in changed))
    pre: list[tuple[int, ...]] = []
    for i, row in g.fired:
        s = g.schemas[i]
        need = [number(k, True) for p in s.need if (k := _instance(p, row)) in changed]
        need += [number(k, False) for p in s.never if (k := _instance(p, row)) in changed]
        pre.append(tuple(dict.fromkeys(need)))
    operators: list[Operator] = []
    for (i, row), before in zip(g.fired, pre, strict=True):
        s = g.schemas[i]
        adds = {_instance(p, row) for p in s.add}
        deletes = {_instance(p, row) for p in s.delete} - adds
        gain = {names[(k, True)] for k in adds if (k, True) in names}
        gain |= {names[(k, False)] for k in deletes if (k, False) in names}
        loss = {names[(k, True)] for k in deletes if (k, True) in names}
        loss |= {names[(k, False)] for k in adds if (k, False) in names}
        if gain:  # an instance that adds nothing anybody asks for leads nowhere new
            step = PlanStep(s.action.name, tuple(g.world.objects[o] for o in row))
            operators.append(Operator(step, before, frozenset(gain), frozenset(loss)))
    init = {n for (k, positive), n in names.items() if (k in g.init) == positive}
    atoms = {g.key(a): a for a in g.world.true}
    return Task(
        len(names),
        frozenset(init),
        tuple(operators),
        tuple(wanted),
        Closure(
            tuple(_atom(g, k) for k in g.reached if k not in g.init and not k[0].startswith("type ")),
            tuple(atoms[k] for k in g.lost),
        ),
    )


def _possible(g: _Grounding, k: Key, positive: bool) -> bool:
    return k in g.reached if positive else k not in g.init or k in g.lost


def _atom(g: _Grounding, key: Key) -> Atom:
    return Atom(key[0].rsplit("/", 1)[0], tuple(g.world.objects[o] for o in key[1]))

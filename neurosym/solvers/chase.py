"""A bounded chase: forward chaining over elements that are numbers, with a trail to take it back.

Knows relations, rules and elements, all numbers.  Must not know names, formulas or theories.
Facts are derived semi-naively, one at a time, by joins over argument indexes; equal elements
are merged; a rule of several heads waits until everything else is derived, then one head is
chosen; a conflict takes back the last choice that it rests on (Fagin et al., Data exchange,
2005; hyper tableaux: Baumgartner, Furbach, Niemelae, 1996).  Every fact remembers the rule
instance that gave it, so that a closed search names the instances that are contradictory.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from neurosym.solvers.chase_rules import (
    ASSUMED,
    EQUAL,
    LAYERS,
    THING,
    Arg,
    Clause,
    Conflict,
    Fired,
    Function,
    GaveUp,
    Head,
    Plan,
    RawTerm,
    Reason,
    Relation,
    Row,
    Rule,
    make_plan,
    named_elements,
)

FACT = 20  # steps that a new fact costs


class Chase:
    """A state of the chase.  `mark` and `undo` bracket whatever is to be taken back.

    fresh: give the values of functions elements of their own (else one for each function), up to
    depth 1 and in ground heads, so that more follows by proof; else let Skolem terms denote what
    is there.
    """

    def __init__(self, fresh: bool) -> None:
        self.fresh = fresh
        self.relations = [Relation(2), Relation(1)]
        self.functions: list[Function] = []
        self.clauses_of: list[list[Clause]] = []  # of each Skolem function
        self.to_complete: list[int] = []  # functions that must have a value everywhere
        self.rep: list[int] = []  # the element that stands for each element
        self.names: list[Any] = []  # a ground term for each element, of the caller's making
        self.depth: list[int] = []  # 0 for constants
        self.value: list[Fraction] = []  # what an element counts as in comparisons
        self.numeral: list[bool] = []
        self.compared = False  # was anything compared that is no numeral?
        self.values: dict[tuple[int, Row], int] = {}  # of functions
        self.shared: dict[tuple[int, int], int] = {}
        self.merges: list[Any] = []  # why, as `explain` says before the merge
        self.naming: list[Plan] = []  # a plan of each rule whose body names elements
        self.agenda: deque[tuple[int, Row, int, Reason]] = deque()
        self.late: deque[Fired] = deque()  # instances that may need a new element
        self.pending: list[Fired] = []  # instances of several heads
        self.trail: list[tuple[Any, ...]] = []
        self.sequence = 0
        self.steps = 0
        self.end = 0.0
        self.frames: list[Any] = []  # choices, of chase_search.py
        self.explain: Callable[[Reason], Any] = lambda reason: reason
        self.name_of: Any = None  # (function, names of arguments) -> name

    # --- building ---

    def relation(self, arity: int) -> int:
        self.relations.append(Relation(arity))
        self.trail.append(("relation",))
        return len(self.relations) - 1

    def function(self, arity: int, skolem: bool) -> int:
        self.functions.append(Function(arity, self.relation(arity + 1), skolem))
        self.clauses_of.append([])
        self.trail.append(("function",))
        return len(self.functions) - 1

    def element(self, name: Any, value: Fraction | None = None, depth: int = 0) -> int:
        e = len(self.rep)
        self.rep.append(e)
        self.names.append(name)
        self.depth.append(depth)
        self.numeral.append(value is not None)
        # nothing is known of its place in the order: after all numerals, or else before them
        beyond = -(10**9) - e if self.fresh else 10**9 + e
        self.value.append(Fraction(beyond) if value is None else value)
        self.trail.append(("element",))
        self.post(THING, (e,), None)
        return e

    def post(self, relation: int, row: Row, reason: Reason) -> None:
        self.sequence += 1
        self.agenda.append((relation, row, self.sequence, reason))

    def add_rule(self, rule: Rule) -> None:
        """Register a rule and apply it to the facts that are there."""
        if not rule.body:
            plan = make_plan(rule, -1)
            if self._passes(plan, ()):
                self._fire(plan, ())
            return
        plans = [make_plan(rule, i) for i in range(len(rule.body))]
        for plan in plans:
            self.relations[plan.first.relation].plans.append(plan)
            self.trail.append(("plan", plan.first.relation))
        if named_elements(rule):
            self.naming.append(plans[0])
            self.trail.append(("naming",))
        start = min(plans, key=lambda p: len(self.relations[p.first.relation].rows))
        for row in list(self.relations[start.first.relation].rows):
            self._join(start, row)

    # --- going back ---

    def mark(self) -> int:
        return len(self.trail)

    def on_undo(self, action: Callable[[], object]) -> None:
        self.trail.append(("call", action))

    def changed(self, mark: int) -> bool:
        """Was anything derived or made since?"""
        return any(op[0] in ("add", "remove", "element", "merge") for op in self.trail[mark:])

    def undo(self, mark: int) -> None:
        self.agenda.clear()
        self.late.clear()
        trail = self.trail
        while len(trail) > mark:
            op = trail.pop()
            match op[0]:
                case "add":
                    self.relations[op[1]].remove(op[2])
                case "remove":
                    self.relations[op[1]].add(op[2], op[3])
                case "reason":
                    self.relations[op[1]].rows[op[2]] = op[3]
                case "value":
                    if op[2] is None:
                        del self.values[op[1]]
                    else:
                        self.values[op[1]] = op[2]
                case "shared":
                    del self.shared[op[1]]
                case "pending":
                    self.pending.pop()
                case "naming":
                    self.naming.pop()
                case "plan":
                    self.relations[op[1]].plans.pop()
                case "merge":
                    self.merges.pop()
                    for e in op[1]:
                        self.rep[e] = op[2]
                case "element":
                    for table in (self.rep, self.names, self.depth, self.numeral, self.value):
                        table.pop()
                case "relation":
                    self.relations.pop()
                case "function":
                    self.functions.pop()
                    self.clauses_of.pop()
                case _:
                    op[1]()  # the caller's own

    # --- deriving ---

    def saturate(self) -> None:
        """Derive all that follows without a choice.  Raises Conflict, GaveUp."""
        while self.agenda or self.late:
            self._settle()
            if self.late:  # only now is seen whether what is there will do
                plan, b = self.late.popleft()
                if not self.holds(plan.heads[0], b):
                    self.make(plan.heads[0], b, (plan, b))

    def _settle(self) -> None:
        """Derive all that follows about the elements that are there."""
        while self.agenda:
            number, row, sequence, reason = self.agenda.popleft()
            if self.merges:
                row = tuple([self.rep[e] for e in row])
            if number == EQUAL:
                self._merge(row[0], row[1], reason)
                continue
            relation = self.relations[number]
            if (known := relation.rows.get(row)) is not None:
                if sequence < known[0]:  # after a merge: the older reason cannot rest on the younger
                    self.trail.append(("reason", number, row, known))
                    relation.rows[row] = (sequence, reason)
                continue
            self.spend(FACT)
            relation.add(row, (sequence, reason))
            self.trail.append(("add", number, row))
            for plan in relation.plans:
                self._join(plan, row)

    def spend(self, n: int) -> None:
        self.steps -= n
        if self.steps < 0 or time.monotonic() > self.end:
            raise GaveUp

    def _join(self, plan: Plan, row: Row) -> None:
        rep, first = self.rep, plan.first
        for i, s in first.bound:
            if row[i] != rep[~s]:
                return
        for i, j in first.same:
            if row[i] != row[j]:
                return
        found: list[Row] = [tuple([row[i] for i in first.new])]
        for step in plan.steps:
            relation = self.relations[step.relation]
            if step.key == -2:
                rows, source = relation.rows, step.source
                found = [b for b in found if tuple([b[s] if s >= 0 else rep[~s] for s in source]) in rows]
            else:
                out: list[Row] = []
                for b in found:
                    if step.key == -1:
                        matching: Iterable[Row] = relation.rows
                    else:
                        s = step.source[0]
                        matching = relation.at(step.key, b[s] if s >= 0 else rep[~s])
                    for r in matching:
                        for i, s in step.bound:
                            if r[i] != (b[s] if s >= 0 else rep[~s]):
                                break
                        else:
                            if not step.same or all(r[i] == r[j] for i, j in step.same):
                                out.append(b + tuple([r[i] for i in step.new]))
                found = out
                self.spend(len(out))
            if not found:
                return
        self.spend(len(found))
        for b in found:
            if plan.filters and not self._passes(plan, b):
                continue
            if plan.simple is not None:
                number, source = plan.simple
                head = tuple([b[s] if s >= 0 else rep[~s] for s in source])
                if head not in self.relations[number].rows:
                    self.post(number, head, (plan, b))
            else:
                self._fire(plan, b)

    def _passes(self, plan: Plan, b: Row) -> bool:
        for left, right, strict, wanted in plan.filters:
            x, y = self.at(left, b), self.at(right, b)
            if not (self.numeral[x] and self.numeral[y]):
                self.compared = True
            u, v = self.value[x], self.value[y]
            if (u < v if strict else u <= v) is not wanted:
                return False
        return True

    def at(self, s: Arg, b: Row) -> int:
        return self.rep[b[s] if s >= 0 else ~s]

    def _fire(self, plan: Plan, b: Row) -> None:
        if any(self.holds(h, b) for h in plan.heads):
            return
        if not plan.heads:
            raise Conflict((plan, b))
        if len(plan.heads) == 1:
            self.late.append((plan, b))
        else:
            self.pending.append((plan, b))
            self.trail.append(("pending",))

    # --- values of terms ---

    def peek(self, t: RawTerm, b: Sequence[int]) -> int | None:
        """The element that a term denotes, if it has a value."""
        if isinstance(t, int):
            return self.rep[b[t] if t >= 0 else ~t]
        args = []
        for a in t[1:]:
            if (e := self.peek(a, b)) is None:
                return None
            args.append(e)
        value = self.values.get((t[0], tuple(args)))
        return None if value is None else self.rep[value]

    def demand(self, t: RawTerm, b: Sequence[int]) -> int:
        """The element that a term denotes; a new one, or the function's own, where it has none."""
        if isinstance(t, int):
            return self.rep[b[t] if t >= 0 else ~t]
        args = tuple([self.demand(a, b) for a in t[1:]])
        if (value := self.values.get((t[0], args))) is not None:
            return self.rep[value]
        depth = 1 + max((self.depth[a] for a in args), default=0)
        # the terms of a ground head are no more than were written down, however deep they are
        if (self.fresh and (depth == 1 or not b)) or (depth == 1 and not args):
            e = self.element(self._name(t[0], args), depth=depth)
            self.define(t[0], args, e, None)
            return e
        e = self.own(t[0], depth, args)
        # the element stands for the term that it was made for, and for others by assumption
        named = self.names[e] == self._name(t[0], args)
        self.define(t[0], args, e, None if named else ASSUMED)
        return e

    def _name(self, function: int, args: Row) -> Any:
        return self.name_of(function, tuple([self.names[a] for a in args]))

    def own(self, function: int, depth: int, args: Row) -> int:
        """The element that a function shares among its values at that depth; 0 for values not asked for."""
        key = (function, depth and 1 + depth % LAYERS if self.fresh else 0)
        if key not in self.shared:
            self.shared[key] = self.element(self._name(function, args), depth=depth if self.fresh else 1)
            self.trail.append(("shared", key))
        return self.rep[self.shared[key]]

    def define(self, function: int, args: Row, value: int, reason: Reason) -> None:
        self.values[function, args] = value
        self.trail.append(("value", (function, args), None))
        self.post(self.functions[function].relation, (*args, value), reason)

    # --- heads ---

    def holds(self, head: Head, b: Sequence[int]) -> bool:
        """Is the head true, or made so by giving Skolem terms values that are there?"""
        number, terms = head
        row = [self.peek(t, b) for t in terms]
        if None not in row:
            if number == EQUAL:
                return row[0] == row[1]
            return tuple(row) in self.relations[number].rows
        if number == EQUAL or self.fresh:
            return False
        wanted: dict[int, tuple[int, Row]] = {}
        for i, t in enumerate(terms):
            if row[i] is None:
                if not self.functions[t[0]].skolem:
                    return False
                args = [self.peek(a, b) for a in t[1:]]
                known = tuple([a for a in args if a is not None])
                if len(known) < len(args):
                    return False
                wanted[i] = (t[0], known)
        for found in list(self._matching(number, row)):
            values = {key: found[i] for i, key in wanted.items()}
            if all(values[key] == found[i] and self.suits(key, values) for i, key in wanted.items()):
                for (f, args_), e in values.items():
                    self.define(f, args_, e, ASSUMED)
                return True
        return False

    def _matching(self, number: int, row: Sequence[int | None]) -> Iterable[Row]:
        relation = self.relations[number]
        known = [(i, e) for i, e in enumerate(row) if e is not None]
        rows = relation.at(*known[0]) if known else relation.rows
        return (r for r in rows if all(r[i] == e for i, e in known))

    def suits(self, key: tuple[int, Row], values: dict[tuple[int, Row], int]) -> bool:
        """Would the clauses that speak of a Skolem term hold if it had that value?"""
        function, args = key

        def term(t: RawTerm, b: dict[int, int]) -> int | None:
            if isinstance(t, int):
                return b.get(t) if t >= 0 else self.rep[~t]
            inner = [term(a, b) for a in t[1:]]
            known = tuple([a for a in inner if a is not None])
            if len(known) < len(inner):
                return None
            value = values.get((t[0], known), self.values.get((t[0], known)))
            return None if value is None else self.rep[value]

        def known_false(atom: Head, b: dict[int, int]) -> bool:
            row = [term(t, b) for t in atom[1]]
            if atom[0] == EQUAL:
                return None not in row and row[0] != row[1]
            return not any(True for _ in self._matching(atom[0], row))

        for clause in self.clauses_of[function]:
            b = dict(zip(clause.place, args, strict=True))
            if not any(known_false(x, b) for x in clause.body) and all(
                known_false(h, b) for h in clause.heads
            ):
                return False
        return True

    def make(self, head: Head, b: Row, reason: Reason) -> None:
        number, terms = head
        if number == EQUAL:
            for t, other in (terms, terms[::-1]):
                if self.peek(t, b) is None:  # define rather than make and merge
                    value = self.demand(other, b)
                    if self.peek(t, b) is None:
                        args = tuple([self.demand(a, b) for a in t[1:]])
                        if (t[0], args) not in self.values:
                            self.define(t[0], args, value, reason)
                            return
        self.post(number, tuple([self.demand(t, b) for t in terms]), reason)

    def _merge(self, x: int, y: int, reason: Reason) -> None:
        x, y = self.rep[x], self.rep[y]
        if x == y:
            return
        if self.numeral[x] and self.numeral[y]:
            raise Conflict(reason)
        why_equal = self.explain(reason)  # rows change their reasons when they become the same
        kept, lost = sorted((x, y), key=lambda e: (not self.numeral[e], self.depth[e], e))
        changed = [e for e, r in enumerate(self.rep) if r == lost]
        for e in changed:
            self.rep[e] = kept
        self.merges.append(why_equal)
        self.trail.append(("merge", changed, lost))
        functions = {f.relation: n for n, f in enumerate(self.functions)}
        for number, relation in enumerate(self.relations):
            for row in [r for r in relation.rows if lost in r]:
                sequence, why = relation.rows[row]
                relation.remove(row)
                self.trail.append(("remove", number, row, (sequence, why)))
                new = tuple([kept if e == lost else e for e in row])
                self.agenda.append((number, new, sequence, why))
                if number in functions:
                    key = (functions[number], new[:-1])
                    if (value := self.values.get(key)) is None:
                        self.values[key] = new[-1]
                        self.trail.append(("value", key, None))
                    elif self.rep[value] != new[-1]:
                        self.post(EQUAL, (value, new[-1]), why)
        for plan in self.naming:  # what it names may now denote what it did not
            if any(e in changed or self.rep[e] == kept for e in plan.named):
                for row in list(self.relations[plan.first.relation].rows):
                    self._join(plan, row)

"""The least model of rules over literals: semi-naive forward chaining with indexed joins.

Knows the language and the rule fragment.  Must not know verdicts, certificates' checking or
any other solver.  An atom and its classical negation are two literals that have nothing to do
with each other here (no contraposition); rules are used forwards only, level by level where
they use negation as failure.  Each literal keeps the first rule instance that gave it, which
is one of least depth in its level: rounds are breadth first.

Semi-naive evaluation: Bancilhon 1986; Abiteboul, Hull and Vianu 1995, section 13.1.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol, TypeAlias

from neurosym.logic import (
    Atom,
    BodyLiteral,
    Const,
    Domain,
    Naf,
    Not,
    Num,
    Term,
    Var,
    atom_of,
    computed,
    substitute_body,
    substitute_term,
)
from neurosym.logic.semantics import match_terms
from neurosym.solvers.join_plans import Labelled, Plan, Probe, is_open, plan_of
from neurosym.solvers.rule_shapes import Key, key_of, stratify

Row: TypeAlias = tuple[int, ...]  # interned ground terms
CLOCK = 1024  # joins between two looks at the clock


class Present(Protocol):
    """A set of literals in which absence is looked up."""

    def __contains__(self, literal: Atom | Not) -> bool: ...


class Stopped(Exception):
    """A limit is reached; the text says which."""


@dataclass(frozen=True, slots=True)
class Why:
    """The rule instance that gave a literal: the `order`-th of the model, in round `depth` (facts: 0)."""

    source: Labelled
    binding: tuple[tuple[Var, Term], ...]
    depth: int
    order: int


class Spent:
    """Counts joins; raises Stopped past `inferences` joins or `seconds` of wall time."""

    def __init__(self, seconds: float, inferences: int) -> None:
        self.end, self.seconds = time.monotonic() + seconds, seconds
        self.left = inferences

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped("limit: the number of inferences is used up")
        if self.left % CLOCK == 0 and time.monotonic() > self.end:
            raise Stopped(f"limit: {self.seconds:g} s are used up")


class _Relation:
    """Rows with the round and the place in the model at which they came, and an index by bound places."""

    def __init__(self) -> None:
        self.rounds: dict[Row, int] = {}
        self.numbers: dict[Row, int] = {}
        self.order: list[Row] = []
        self.starts: dict[int, int] = {}  # where the rows of a round begin
        self._indexes: dict[tuple[int, ...], dict[Row, list[Row]]] = {}

    def add(self, row: Row, round_: int, number: int) -> None:
        self.starts.setdefault(round_, len(self.order))
        self.rounds[row] = round_
        self.numbers[row] = number
        self.order.append(row)
        for places, index in self._indexes.items():
            index.setdefault(tuple([row[p] for p in places]), []).append(row)

    def since(self, round_: int) -> list[Row]:
        start = self.starts.get(round_)
        return [] if start is None else self.order[start:]

    def at(self, places: tuple[int, ...], values: Row) -> Sequence[Row]:
        """The rows with these values at these places, in the order of their rounds."""
        if not places:
            return self.order
        if (index := self._indexes.get(places)) is None:
            index = self._indexes[places] = {}
            for row in self.order:
                index.setdefault(tuple([row[p] for p in places]), []).append(row)
        return index.get(values, ())


class LiteralModel:
    """The least model of `rules` (facts are rules without a body), and why each literal is in it.

    Raises Stopped where a limit is reached, or where a comparison is not settled by its terms.
    """

    def __init__(
        self,
        rules: Sequence[Labelled],
        domain: Domain,
        unique_names: bool,
        spend: Spent,
        present: Present | None = None,
    ) -> None:
        """`present`: what negation as failure is read in; None: the model itself, level by level."""
        self.domain, self.unique_names, self._spend = domain, unique_names, spend
        self._present: Present = self if present is None else present
        # literals in the order in which they were derived: rule, environment, round
        self._log: list[tuple[Key, Row, Labelled, Row, int]] = []
        self._ids: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._relations: dict[Key, _Relation] = {}
        self._round = 0
        naf = present is None and any(isinstance(b, Naf) for r in rules for b in r.rule.body)
        bad, self.strata = stratify(r.rule for r in rules) if naf else ((), ())
        if bad:
            raise Stopped(f"unsupported: {bad[0]!r} depends on its own absence")
        level = dict(self.strata)
        derived: dict[int, list[Plan]] = {}
        for r in rules:
            if r.rule.body or r.vars:
                derived.setdefault(level.get(atom_of(r.rule.head).pred, 0), []).append(self._planned(r))
            else:
                key, row = key_of(r.rule.head), tuple([self._id(t) for t in atom_of(r.rule.head).args])
                self._add(key, row, r, ())
        for _, plans in sorted(derived.items()):
            self._saturate(plans)

    def __contains__(self, literal: Atom | Not) -> bool:
        return self._number(literal) >= 0

    def __len__(self) -> int:
        return len(self._log)

    def why(self, literal: Atom | Not) -> Why:
        """Why a literal is in the model.  Raises KeyError where it is not."""
        if (n := self._number(literal)) < 0:
            raise KeyError(literal)
        _, _, source, env, depth = self._log[n]
        return Why(source, self._binding(source, env), depth, n)

    def items(self) -> Iterator[tuple[Atom | Not, Why]]:
        """The literals with their reasons, those that a reason rests on first."""
        for n, ((positive, pred, _), row, source, env, depth) in enumerate(self._log):
            atom = Atom(pred, tuple([self._terms[i] for i in row]))
            yield atom if positive else Not(atom), Why(source, self._binding(source, env), depth, n)

    def _binding(self, source: Labelled, env: Row) -> tuple[tuple[Var, Term], ...]:
        return tuple([(v, self._terms[i]) for v, i in zip(source.vars, env, strict=True)])

    def _number(self, literal: Atom | Not) -> int:
        """The place of a literal in the model, or -1."""
        if (relation := self._relations.get(key_of(literal))) is None:
            return -1
        return relation.numbers.get(tuple([self._ids.get(t, -1) for t in atom_of(literal).args]), -1)

    def rows(self, pattern: Atom | Not, s: Mapping[Var, Term]) -> Iterator[dict[Var, Term]]:
        """Every extension of `s` under which `pattern` is in the model, in the order of derivation."""
        atom = atom_of(pattern)
        relation = self._relations.get(key_of(pattern))
        if relation is None:
            return
        args = tuple(substitute_term(t, s) for t in atom.args)
        places = tuple(i for i, t in enumerate(args) if not is_open(t))
        try:
            values = tuple([self._ids[args[i]] for i in places])
        except KeyError:  # a term that no literal of the model has
            return
        for row in relation.at(places, values):
            self._spend()
            t = dict(s)
            if match_terms(args, tuple([self._terms[i] for i in row]), t):
                yield t

    # --- chaining ---

    def _saturate(self, plans: Sequence[Plan]) -> None:
        """All rounds of one level: first against everything, then against what is new."""
        self._round += 1
        found: list[tuple[Plan, Row, Row]] = []
        for plan in plans:
            found += self._joined(plan, plan.joins[0] if plan.joins else (), None)
        while found:
            fresh = False
            for plan, row, env in found:
                fresh |= self._add(plan.head, row, plan.source, env)
            if not fresh:
                return
            self._round += 1
            found = []
            for plan in plans:
                for probes in plan.joins:
                    if self._relations.get(probes[0].key):
                        found += self._joined(plan, probes, self._round - 1)

    def _joined(self, plan: Plan, probes: Sequence[Probe], new: int | None) -> list[tuple[Plan, Row, Row]]:
        """Heads and environments of a rule whose first probe has rows of round `new` (of any, for None).

        The literals that stand before the first probe's take older rows, so that no instance is
        found twice.
        """
        out = []
        relation = self._relations.get(plan.head)
        known = relation.rounds if relation else {}
        for env in self._probe(probes, 0, [-1] * len(plan.slots), new, probes[0].number if probes else 0):
            for e in (tuple(env),) if plan.plain else self._passed(plan, env):
                row = tuple([e[p] if isinstance(p, int) else self._head(plan, p, e) for p in plan.head_args])
                if row not in known:
                    out.append((plan, row, e))
        return out

    def _planned(self, source: Labelled) -> Plan:
        made = plan_of(source)
        if made.loose and self.domain.endless:
            raise Stopped("unsupported: a variable of a rule would range over endlessly many terms")
        return made

    def _head(self, plan: Plan, place: Term, env: Row) -> int:
        if place in self._ids or isinstance(place, Const | Num):
            return self._id(place)
        return self._id(substitute_term(place, {Var(f"${n}"): self._terms[i] for n, i in enumerate(env)}))

    def _passed(self, plan: Plan, env: Sequence[int]) -> Iterator[Row]:
        """The environments that pass the tests, with the loose variables over the domain."""
        bound = {v: self._terms[env[i]] for v, i in plan.slots.items() if env[i] >= 0}
        for loose in product(self.domain, repeat=len(plan.loose)) if plan.loose else ((),):
            self._spend()
            s = {**bound, **dict(zip(plan.loose, loose, strict=True))}
            if all(self._test(substitute_body(b, s)) for b in plan.tests):
                yield tuple([self._id(s[v]) for v in plan.slots])

    def _probe(
        self, probes: Sequence[Probe], at: int, env: list[int], new: int | None, first: int
    ) -> Iterator[list[int]]:
        """Environments under which the probes from `at` on have rows; one list, changed in place."""
        if at == len(probes):
            yield env
            return
        probe = probes[at]
        if (relation := self._relations.get(probe.key)) is None:
            return
        values = []
        for place in probe.values:
            if (value := env[place] if isinstance(place, int) else self._ids.get(place, -1)) < 0:
                return
            values.append(value)
        rows = relation.at(probe.bound, tuple(values))
        newest = self._round - 1
        if new is not None:
            if at == 0 and not probe.bound:
                rows = relation.since(new)
            oldest = new if at == 0 else 0
            newest = new if at == 0 or probe.number > first else new - 1
        else:
            oldest = 0
        rounds = relation.rounds
        for row in rows:
            self._spend()
            if (age := rounds[row]) > newest:
                return  # rows come in the order of their rounds
            if age >= oldest and (filled := self._fill(probe, row, env)) is not None:
                yield from self._probe(probes, at + 1, env, new, first)
                for slot in filled:
                    env[slot] = -1

    def _fill(self, probe: Probe, row: Row, env: list[int]) -> list[int] | None:
        """Fill the open places of `env` from `row`; the slots filled, or None where it does not fit."""
        filled: list[int] = []
        for i, place in probe.open_:
            value = row[i]
            if isinstance(place, int):
                if env[place] < 0:
                    env[place] = value
                    filled.append(place)
                    continue
                if env[place] == value:
                    continue
            elif self._unify(place, self._terms[value], env, filled):
                continue
            for slot in filled:
                env[slot] = -1
            return None
        return filled

    def _unify(self, pattern: Term, term: Term, env: list[int], filled: list[int]) -> bool:
        """Match a function term whose variables are `$n`, n their slot."""
        s: dict[Var, Term] = {}
        if not match_terms((pattern,), (term,), s):
            return False
        for v, t in s.items():
            slot, value = int(v.name[1:]), self._id(t)
            if env[slot] < 0:
                env[slot] = value
                filled.append(slot)
            elif env[slot] != value:
                return False
        return True

    def _test(self, b: BodyLiteral) -> bool:
        if isinstance(b, Naf):
            return b.body not in self._present
        if (value := computed(b, self.unique_names)) is None:
            raise Stopped("unsupported: a rule compares things that are no numbers")
        return value

    def _add(self, key: Key, row: Row, source: Labelled, env: Row) -> bool:
        """Add a literal; False where it is there already."""
        if (relation := self._relations.get(key)) is None:
            relation = self._relations[key] = _Relation()
        if row in relation.rounds:
            return False
        relation.add(row, self._round, len(self._log))
        self._log.append((key, row, source, env, self._round))
        return True

    def _id(self, t: Term) -> int:
        if (i := self._ids.get(t)) is None:
            i = self._ids[t] = len(self._terms)
            self._terms.append(t)
        return i

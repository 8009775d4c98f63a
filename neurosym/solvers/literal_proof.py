"""Derivations read off a least literal model: the steps that conclude a goal, each literal once.

Knows the literal model and the steps of a proof.  Must not know whose semantics it serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Protocol

from neurosym.kernel import Checker
from neurosym.logic import (
    And,
    Atom,
    BodyLiteral,
    Domain,
    Exists,
    Forall,
    Formula,
    Naf,
    Not,
    Or,
    Statement,
    Term,
    Var,
    computed,
    free_vars,
    is_signed_atom,
    substitute,
    substitute_body,
)
from neurosym.proof import (
    Apply,
    By,
    Compute,
    Conjunction,
    Derivation,
    Disjunction,
    Given,
    InModel,
    Model,
    Step,
    Witness,
)
from neurosym.solvers.literal_model import LiteralModel, Spent, Stopped
from neurosym.theory import Theory
from neurosym.verdict import Limits


class Modelled(Protocol):
    """A theory of rules with its model, and the model as a certificate says it."""

    theory: Theory
    checker: Checker
    claims: dict[str, Statement]
    given: dict[Statement, str]

    def model(self, goal: Formula, limits: Limits) -> LiteralModel: ...

    def perfect(self, goal: Formula, limits: Limits) -> Model: ...


class LiteralProof:
    """The steps of one derivation, each literal once."""

    def __init__(self, known: Modelled, goal: Formula, limits: Limits) -> None:
        self.known, self.goal, self.limits = known, goal, limits
        self.model = known.model(goal, limits)
        self._spend = Spent(limits.seconds, limits.inferences)
        self.steps: list[Step] = []
        self.at: dict[Formula | Naf, int] = {}

    @cached_property
    def domain(self) -> Domain:
        return Domain(self.known.claims.values(), self.goal)

    def derivation(self, f: Formula) -> Derivation | None:
        """A derivation whose last step is `f`, or None where the rules give none."""
        if label := self.known.given.get(f):
            return Derivation((Step(f, Given(label)),))
        if next(self.ways(f, {}), None) is None:
            return None
        self._add(f)
        naf = any(isinstance(s.by, InModel) for s in self.steps)
        return Derivation(tuple(self.steps), self.known.perfect(self.goal, self.limits) if naf else None)

    def ways(self, f: Formula, s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        """Every extension of `s` under which the model gives `f`; its free variables are bound then."""
        match f:
            case Atom() | Not(Atom()):
                yield from self.model.rows(f, s)
            case And(parts):
                yield from self.all_ways(sorted(parts, key=lambda p: not is_signed_atom(p)), s)
            case Or(parts):
                for p in parts:
                    for t in self.ways(p, s):
                        yield from self._spread(f, t)
            case Exists(vs, body):
                outer = {v: t for v, t in s.items() if v not in vs}
                for t in self.ways(body, outer):
                    yield {**s, **{v: u for v, u in t.items() if v not in vs}}
            case Forall() | Not(And() | Or() | Not() | Exists() | Forall()):  # no step concludes one
                return
            case _:
                for t in self._spread(f, s):
                    if computed(substitute(f, t), self.known.checker.unique) is True:
                        yield t

    def all_ways(self, parts: list[Formula], s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        if not parts:
            yield s
            return
        for t in self.ways(parts[0], s):
            yield from self.all_ways(parts[1:], t)

    def _spread(self, f: Formula, s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        """Extensions of `s` that bind the free variables of `f` to terms of the domain."""
        rest = [v for v in free_vars(f) if v not in s]
        if rest and self.domain.endless:
            raise Stopped("unsupported: a variable of the goal would range over endlessly many terms")
        for terms in product(self.domain, repeat=len(rest)) if rest else ((),):
            self._spend()
            yield {**s, **dict(zip(rest, terms, strict=True))}

    # --- steps ---

    def _add(self, f: Formula) -> int:
        """The step that concludes `f`, which is closed and holds in the model."""
        if f in self.at:
            return self.at[f]
        match f:
            case Atom() | Not(Atom()):
                return self._literal(f)
            case And(parts):
                return self.step(f, Conjunction(), tuple(self._add(p) for p in parts))
            case Or(parts):
                part = next(p for p in parts if next(self.ways(p, {}), None) is not None)
                return self.step(f, Disjunction(), (self._add(part),))
            case Exists(vs, body):
                s = next(t for w in self.ways(body, {}) for t in self._spread(body, w))
                rest = {v: next(iter(self.domain)) for v in vs if v not in s}  # they do not occur in the body
                s = {v: {**s, **rest}[v] for v in vs}
                return self.step(f, Witness(tuple(s.items())), (self._add(substitute(body, s)),))
            case _:
                return self.step(f, Compute(), ())

    def _literal(self, literal: Atom | Not) -> int:
        """Its rule instance, after those of all literals it rests on: the model's order is one of proofs."""
        needed, todo = {literal}, [literal]
        while todo:
            for b in self._body(todo.pop()):
                if isinstance(b, Atom | Not) and is_signed_atom(b) and b not in needed and b not in self.at:
                    needed.add(b)
                    todo.append(b)
        for found in sorted(needed, key=lambda n: self.model.why(n).order):
            why = self.model.why(found)
            if self.known.claims[why.source.label] == found:
                self.step(found, Given(why.source.label), ())
                continue
            premises = tuple(self._premise(b) for b in self._body(found))
            self.step(found, Apply(why.source.label, why.source.index, why.binding), premises)
        return self.at[literal]

    def _body(self, literal: Atom | Not) -> tuple[BodyLiteral, ...]:
        why = self.model.why(literal)
        s = dict(why.binding)
        return tuple(substitute_body(b, s) for b in why.source.rule.body)

    def premise(self, b: BodyLiteral, s: Mapping[Var, Term]) -> int:
        """The step that concludes this instance of a body literal, which holds in the model."""
        c = substitute_body(b, s)
        return self._add(c) if isinstance(c, Atom | Not) and is_signed_atom(c) else self._premise(c)

    def _premise(self, b: BodyLiteral) -> int:
        if b in self.at:
            return self.at[b]
        return self.step(b, InModel() if isinstance(b, Naf) else Compute(), ())

    def step(self, conclusion: Formula | Naf, by: By, premises: tuple[int, ...]) -> int:
        self.steps.append(Step(conclusion, by, premises))
        self.at[conclusion] = len(self.steps) - 1
        return self.at[conclusion]

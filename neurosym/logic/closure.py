"""Is a set of ground literals closed under rules?  Part of what the kernel trusts.

Knows the language only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from neurosym.logic.formulas import (
    Atom,
    BodyLiteral,
    Const,
    Formula,
    Naf,
    Not,
    Num,
    Rule,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    substitute,
    substitute_body,
)
from neurosym.logic.joins import Relations, Row
from neurosym.logic.semantics import Domain, FactIndex, computed, unbound


def closed_under(
    rules: Iterable[Rule], have: AbstractSet[Formula], present: AbstractSet[Formula],
    domain: Domain, unique: bool, spend: Callable[[], None],
) -> bool:  # fmt: skip
    """Has each rule instance whose body holds in `have` its head there?

    `naf` is read in `present`: absent is what is not in it.  A comparison that its terms do not
    settle may hold.  Variables that no atom of a body binds range over `domain`; different
    terms are different things where `unique`.
    """
    facts = _Facts(have)
    index: FactIndex | None = None
    for r in rules:
        if not r.body and not free_vars(r.head):
            if r.head not in have:
                return False
            continue
        positive = [b for b in r.body if isinstance(b, Atom | Not) and is_signed_atom(b)]
        rest, free = [b for b in r.body if b not in positive], unbound(r)
        if not free and all(map(_flat, (*positive, r.head))):
            if not facts.closed_under(r, positive, rest, present, unique, spend):
                return False
            continue
        index = index or FactIndex(have)
        for s in index.join(positive, {}, spend):
            for terms in product(domain, repeat=len(free)) if free else ((),):
                spend()
                t = {**s, **dict(zip(free, terms, strict=True))}
                if _may_hold(rest, t, present, unique) and substitute(r.head, t) not in have:
                    return False
    return True


def _may_hold(
    rest: Sequence[BodyLiteral], s: dict[Var, Term], present: AbstractSet[Formula], unique: bool
) -> bool:
    for b in rest:
        c = substitute_body(b, s)
        if c.body in present if isinstance(c, Naf) else computed(c, unique) is False:
            return False
    return True


def _flat(f: Formula) -> bool:
    return all(isinstance(t, Var | Const | Num) for t in atom_of(f).args)


class _Facts:
    """Ground literals as rows of numbers, by sign, predicate and arity."""

    def __init__(self, facts: Iterable[Formula]) -> None:
        self.ids: dict[Term, int] = {}
        self.terms: list[Term] = []
        self.rows: dict[object, set[Row]] = {}
        for f in facts:
            a = atom_of(f)
            # rows forget what they come from: something else must not pass for the literal
            if type(f) not in (Atom, Not) or type(a) is not Atom or type(a.args) is not tuple:
                raise ValueError("something among the literals is none")
            key = isinstance(f, Not), a.pred, len(a.args)
            self.rows.setdefault(key, set()).add(tuple([self._id(t) for t in a.args]))
        self.relations = Relations(self.rows)

    def _id(self, t: Term) -> int:
        if (i := self.ids.get(t)) is None:
            i = self.ids[t] = len(self.terms)
            self.terms.append(t)
        return i

    def closed_under(
        self, rule: Rule, positive: Sequence[Formula], rest: Sequence[BodyLiteral],
        present: AbstractSet[Formula], unique: bool, spend: Callable[[], None],
    ) -> bool:  # fmt: skip
        """As the function, for a rule without functions all of whose variables its atoms bind."""
        vs = free_vars(rule)
        slots = {v: i for i, v in enumerate(vs)}

        def pattern(f: Formula) -> tuple[object, tuple[int, ...]]:
            a = atom_of(f)
            args = tuple([slots[t] if isinstance(t, Var) else ~self._id(t) for t in a.args])
            return (isinstance(f, Not), a.pred, len(a.args)), args

        key, args = pattern(rule.head)
        heads = self.rows.get(key) or set[Row]()
        for env in self.relations.join([pattern(b) for b in positive], len(vs), spend):
            if tuple([env[a] if a >= 0 else ~a for a in args]) in heads:
                continue
            s = {v: self.terms[env[i]] for v, i in slots.items()}
            if _may_hold(rest, s, present, unique):
                return False
        return True

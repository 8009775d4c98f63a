"""Semantics: truth in a structure, what ground terms settle, matching, ground satisfiability.

Knows the language only.  The ground decision procedure is part of what the kernel trusts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import islice, product
from typing import TypeVar, assert_never

from neurosym.logic.arithmetic import INTEGER, number
from neurosym.logic.counting import number_of
from neurosym.logic.formulas import (
    FALSE,
    And,
    Atom,
    Clause,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
    atom_of,
    free_vars,
    ground_terms,
    is_arithmetic,
    is_signed_atom,
    literal_terms,
    literals,
    negate,
    substitute,
    subterms,
    term_key,
    term_vars,
)

T = TypeVar("T")
LARGE = 8  # symbols of an atom, variables of an assignment: more cost more than one operation


class Exhausted(ValueError):
    """A fixed budget of elementary operations is spent; nothing follows from that."""


class Budget:
    """Counts elementary operations; raises Exhausted past `left`."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Exhausted("the certificate is too large to check")


def truth(
    f: Formula, env: dict[Var, T], domain: Iterable[T],
    leaf: Callable[[Atom | Equal | Less, dict[Var, T]], bool], spend: Callable[[], None],
) -> bool:  # fmt: skip
    """Tarski's definition; `leaf` decides atoms, `domain` is finite."""
    spend()
    match f:
        case Atom() | Equal() | Less():
            return leaf(f, env)
        case Not(body):
            return not truth(body, env, domain, leaf, spend)
        case And(parts):
            return all(truth(p, env, domain, leaf, spend) for p in parts)
        case Or(parts):
            return any(truth(p, env, domain, leaf, spend) for p in parts)
        case Implies(a, b):
            return not truth(a, env, domain, leaf, spend) or truth(b, env, domain, leaf, spend)
        case Iff(a, b):
            return truth(a, env, domain, leaf, spend) == truth(b, env, domain, leaf, spend)
        case Xor(a, b):
            return truth(a, env, domain, leaf, spend) != truth(b, env, domain, leaf, spend)
        case Forall() | Exists() if (count := number_of(f)) is not None:
            at_least, n, v, counted = count
            enough = n if at_least else n + 1  # then the answer is settled
            held = (t for t in domain if truth(counted, {**env, v: t}, domain, leaf, spend))
            return (sum(1 for _ in islice(held, enough)) == enough) is at_least
        case Forall(vs, body) | Exists(vs, body):
            over = product(tuple(domain), repeat=len(vs))
            each = (
                truth(body, {**env, **dict(zip(vs, es, strict=True))}, domain, leaf, spend) for es in over
            )
            return all(each) if isinstance(f, Forall) else any(each)
        case _:
            assert_never(f)


def certain(
    f: Formula, env: dict[Var, Term], sign: bool, domain: Iterable[Term],
    leaf: Callable[[Atom | Equal | Less, bool], bool], spend: Callable[[], None],
) -> bool:  # fmt: skip
    """Is `f` certainly true (false, where not `sign`) where some atoms are undefined?

    Kleene's strong tables (1952, section 64).  `leaf(atom, sign)` says whether a ground atom is
    certainly true (false).
    """
    spend()

    def again(g: Formula, sign: bool, s: dict[Var, Term] = env) -> bool:
        return certain(g, s, sign, domain, leaf, spend)

    match f:
        case Atom() | Equal() | Less():
            _weigh(f, spend)
            g = substitute(f, env)
            return leaf(g, sign) if isinstance(g, Atom | Equal | Less) else False
        case Not(body):
            return again(body, not sign)
        case And(parts) | Or(parts):
            each = (again(p, sign) for p in parts)
            return all(each) if isinstance(f, And) is sign else any(each)
        case Implies(a, b):
            return again(Or((Not(a), b)), sign)
        case Iff(a, b):
            return again(And((Or((Not(a), b)), Or((a, Not(b))))), sign)
        case Xor(a, b):
            return again(Iff(a, b), not sign)
        case Forall() | Exists() if (count := number_of(f)) is not None:
            at_least, n, v, counted = count
            enough = n if at_least else n + 1
            over = ({**env, v: t} for t in domain)
            if at_least is sign:  # so many are certainly such
                found = (s for s in over if again(counted, True, s))
            else:  # fewer may be such
                found = (s for s in over if not again(counted, False, s))
            return (sum(1 for _ in islice(found, enough)) == enough) is (at_least is sign)
        case Forall(vs, body) | Exists(vs, body):
            each = (again(body, sign, s) for s in _assignments(vs, env, domain, spend))
            return all(each) if isinstance(f, Forall) is sign else any(each)
        case _:
            assert_never(f)


def derivable(
    f: Formula, env: dict[Var, Term], domain: Iterable[Term], have: AbstractSet[Formula],
    spend: Callable[[], None],
) -> bool:  # fmt: skip
    """Is `f` made of the literals in `have` by and, or, exists?  p and not p are two different things.

    Raises ValueError for any other connective: rules cannot derive it.
    """
    spend()

    def again(g: Formula, s: dict[Var, Term] = env) -> bool:
        return derivable(g, s, domain, have, spend)

    match f:
        case And(parts):
            return all(again(p) for p in parts)
        case Or(parts):
            return any(again(p) for p in parts)
        case Exists(vs, body):
            return any(again(body, s) for s in _assignments(vs, env, domain, spend))
        case Atom() | Equal() | Less() | Not(Atom() | Equal() | Less()):
            for a in literals(f):
                _weigh(a, spend)
                if isinstance(a, Atom) and a.pred == INTEGER:
                    raise ValueError("whole numbers are no facts that rules derive")
            g = substitute(f, env)
            return g in have or computed(g, True) is True  # names differ where rules are read so
        case Not(Not(body)):
            return again(body)
        case Not(And(parts)):
            return any(again(Not(p)) for p in parts)
        case Not(Or(parts)):
            return all(again(Not(p)) for p in parts)
        case Forall() | Not(Exists()):  # no rule concludes one
            return False
        case _:
            raise ValueError("rules derive literals, and what `and`, `or`, `exists` make of them")


def _weigh(f: Atom | Equal | Less, spend: Callable[[], None]) -> None:
    for _ in range(sum(1 for t in literal_terms(f) for _ in subterms(t)) // LARGE):
        spend()


def _assignments(
    vs: Sequence[Var], env: dict[Var, Term], domain: Iterable[Term], spend: Callable[[], None]
) -> Iterator[dict[Var, Term]]:
    """Extensions of `env` to `vs`."""
    large = (len(env) + len(vs)) // LARGE
    terms = domain.terms if isinstance(domain, Domain) and not domain.endless else tuple(domain)
    for ts in product(terms, repeat=len(vs)):
        for _ in range(large):
            spend()
        yield {**env, **dict(zip(vs, ts, strict=True))}


def computed(f: Formula, unique_names: bool) -> bool | None:
    """Truth of a ground (in)equality or comparison, or None where it is not settled by its terms."""
    match f:
        case Not(body):
            value = computed(body, unique_names)
            return None if value is None else not value
        case Equal(a, b):
            if any(True for t in (a, b) for _ in term_vars(t)):
                return None
            if is_arithmetic(a) or is_arithmetic(b):
                x, y = number(a), number(b)
                return None if x is None or y is None else x == y
            if a == b:
                return True
            return False if unique_names or (isinstance(a, Num) and isinstance(b, Num)) else None
        case Less(a, b, strict):
            x, y = number(a), number(b)
            return None if x is None or y is None else x < y if strict else x <= y
        case _:
            return None


class Domain:
    """What quantifiers and unbound variables range over where absence counts as falsity.

    The active domain: the ground terms of the claims and the goal, or one unnamed thing where
    there are none (Reiter 1980, domain closure).  Where a claim applies a function to a
    variable the terms have no end: each is in the domain, and nothing may enumerate it.
    """

    def __init__(self, claims: Iterable[Statement], goal: Formula) -> None:
        claims = tuple(claims)
        found = ground_terms((*claims, goal))
        self.terms, self.filler = found or (Const("$any"),), not found
        self.named = frozenset(self.terms)
        self.endless = any(
            isinstance(s, Fn) and s not in self.named and not is_arithmetic(s)
            for f in claims
            for a in literals(f)
            for t in literal_terms(a)
            for s in subterms(t)
        )

    def extended(self, goal: Statement) -> Domain:
        """The domain with the terms of one more goal."""
        more = [t for t in ground_terms((goal,)) if t not in self.named or self.filler]
        if not more:
            return self
        out = Domain((), FALSE)
        out.terms = tuple(sorted({*(() if self.filler else self.terms), *more}, key=term_key))
        out.named, out.filler, out.endless = frozenset(out.terms), False, self.endless
        return out

    def __contains__(self, t: object) -> bool:
        return self.endless or t in self.named

    def __iter__(self) -> Iterator[Term]:
        """Raises ValueError where the domain is endless."""
        if self.endless:
            raise ValueError("a variable would range over endlessly many terms")
        return iter(self.terms)


def unbound(rule: Rule) -> tuple[Var, ...]:
    """The variables of `rule` that no atom (or negated atom) of its body binds."""
    bound = {v for b in rule.body if is_signed_atom(b) for v in free_vars(b)}
    return tuple(v for v in free_vars(rule) if v not in bound)


def match_terms(patterns: tuple[Term, ...], terms: tuple[Term, ...], s: dict[Var, Term]) -> bool:
    for p, t in zip(patterns, terms, strict=True):
        match p:
            case Var():
                if s.setdefault(p, t) != t:
                    return False
            case Fn(name, args):
                if (
                    not isinstance(t, Fn)
                    or t.name != name
                    or len(t.args) != len(args)
                    or not match_terms(args, t.args, s)
                ):
                    return False
            case _:
                if p != t:
                    return False
    return True


class FactIndex:
    """Ground literals by signed predicate and by each argument, for joins."""

    def __init__(self, facts: Iterable[Formula]) -> None:
        self._by_key: dict[object, list[Atom]] = {}
        for f in facts:
            for key in _keys(f):
                self._by_key.setdefault(key, []).append(atom_of(f))

    def matches(
        self, pattern: Formula, s: Mapping[Var, Term], spend: Callable[[], None] = lambda: None
    ) -> Iterator[dict[Var, Term]]:
        """Every extension of `s` under which `pattern` is a fact; `spend` for each that is looked at."""
        wanted = substitute(pattern, s)
        for fact in min((self._by_key.get(k, []) for k in _keys(wanted)), key=len):
            spend()
            t = dict(s)
            if match_terms(atom_of(wanted).args, fact.args, t):
                yield t

    def join(
        self, patterns: Sequence[Formula], s: dict[Var, Term], spend: Callable[[], None]
    ) -> Iterator[dict[Var, Term]]:
        """Every extension of `s` under which all `patterns` are facts."""
        if not patterns:
            yield s
            return
        for t in self.matches(patterns[0], s, spend):
            yield from self.join(patterns[1:], t, spend)


def _keys(f: Formula) -> Iterator[object]:
    a, sign = atom_of(f), isinstance(f, Not)
    yield sign, a.pred, len(a.args)
    for i, t in enumerate(a.args):
        if not any(True for _ in term_vars(t)):
            yield sign, a.pred, len(a.args), i, t


class GroundClauses:
    """Satisfiability of ground clauses with equality: DPLL, and congruence closure at its leaves."""

    def __init__(self, ground: Iterable[Clause], budget: int) -> None:
        self.budget = budget
        self.clauses = [
            tuple((negate(x), False) if isinstance(x, Not) else (x, True) for x in c) for c in ground
        ]
        atoms = {a for c in self.clauses for a, _ in c}
        self.equality = any(isinstance(a, Equal | Less) for a in atoms)
        terms = {
            s
            for a in atoms
            if isinstance(a, Atom | Equal | Less)
            for t in literal_terms(a)
            for s in subterms(t)
        }
        self.terms = sorted(terms, key=_depth)  # arguments before the terms they stand in

    def satisfiable(self) -> bool:
        """True also where the search ends in an assignment that no theory conflict refutes."""
        stack: list[dict[Formula, bool]] = [{}]
        while stack:
            value = stack.pop()
            branch = self._propagate(value)
            if branch is False or (self.equality and self._conflict(value)):
                continue
            if branch is True:
                return True
            stack += [{**value, branch: False}, {**value, branch: True}]
        return False

    def _propagate(self, value: dict[Formula, bool]) -> Formula | bool:
        """Unit propagation in place: False for a conflict, True where all clauses hold, else an open atom."""
        while True:
            unit, choice = None, None
            for c in self.clauses:
                self.budget -= 1 + len(c) // LARGE
                if self.budget < 0:
                    raise Exhausted("the ground refutation is too hard to check")
                if any(value.get(a) is sign for a, sign in c):
                    continue
                open_ = [(a, sign) for a, sign in c if a not in value]
                if not open_:
                    return False
                if len(open_) == 1:
                    unit = open_[0]
                    break
                choice = choice or open_[0][0]
            if unit is None:
                return True if choice is None else choice
            value[unit[0]] = unit[1]

    def _conflict(self, value: dict[Formula, bool]) -> bool:
        """Does the assignment break equality, congruence, or the order of the numerals?"""
        parent: dict[Term, Term] = {t: t for t in self.terms}

        def find(t: Term) -> Term:
            while parent[t] != t:
                parent[t] = t = parent[parent[t]]  # halves the path
            return t

        for a, v in value.items():
            if isinstance(a, Equal) and v:
                parent[find(a.left)] = find(a.right)
        changed = True
        while changed:  # congruence: equal arguments give equal values
            changed, seen = False, dict[object, Term]()
            for t in self.terms:
                self.budget -= 1 + (len(t.args) // LARGE if isinstance(t, Fn) else 0)
                if self.budget < 0:
                    raise Exhausted("the ground refutation is too hard to check")
                if isinstance(t, Fn):
                    other = seen.setdefault((t.name, tuple(map(find, t.args))), t)
                    if find(other) != find(t):
                        parent[find(other)], changed = find(t), True
        numbers: dict[Term, Fraction] = {}
        for t in self.terms:
            if isinstance(t, Num) and numbers.setdefault(find(t), t.value) != t.value:
                return True
        truth: dict[object, bool] = {}
        for a, v in value.items():
            match a:
                case Atom(pred, args):
                    self.budget -= len(args) // LARGE
                    if truth.setdefault((pred, tuple(map(find, args))), v) is not v:
                        return True
                case Equal(left, right):
                    if not v and find(left) == find(right):
                        return True
                case Less(left, right, strict):
                    x, y = numbers.get(find(left)), numbers.get(find(right))
                    if x is not None and y is not None and (x < y if strict else x <= y) is not v:
                        return True
                    if truth.setdefault((strict, find(left), find(right)), v) is not v:
                        return True
        return False


def _depth(t: Term) -> int:
    return 1 + max(map(_depth, t.args), default=0) if isinstance(t, Fn) else 0

"""Which verdict is right, by brute force, for the kinds of problems that corpus_generator makes.

Each oracle is complete for its fragment, for the reason its docstring gives, and shares no code with the
solvers or the kernel: only the language, and the structures and perfect models of tests/structures.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from structures import Structure, holds, holds_in, perfect_model, right, symbols

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Statement,
    Term,
    Xor,
    formula_of,
    ground_terms,
    literal_terms,
    literals,
    rules_of,
    substitute,
    subterms,
    term_key,
)
from neurosym.theory import Axiom, Claim, Theory

Oracle = Callable[[Sequence[Statement], Formula], str]


def theory_of(claims: Sequence[Statement], closed: bool = False) -> Theory:
    """The statements as claims c1, c2, ..."""
    told = tuple(Claim(f"c{n}", f, Axiom("made", n, "")) for n, f in enumerate(claims, 1))
    return Theory(told, closed_world=closed)


def verdict(may_hold: bool, may_fail: bool) -> str:
    """The verdict where the claims have a model of the goal, and one of its negation."""
    match may_hold, may_fail:
        case True, True:
            return "unknown"
        case True, False:
            return "proved"
        case False, True:
            return "disproved"
        case _:
            return "inconsistent"


# --- one-place predicates -----------------------------------------------------------------


def monadic(claims: Sequence[Statement], goal: Formula) -> str:
    """For formulas over one-place predicates, names and letters, without equality.

    Things with the same properties cannot be told apart, so the structures in which no two agree
    in all predicates are enough (Boolos, Burgess & Jeffrey 2007, ch. 21).
    """
    told = _formulas(claims)
    can_hold = can_fail = False
    for s, size in _profiles([*told, goal]):
        if all(holds(f, s, size) for f in told):
            if holds(goal, s, size):
                can_hold = True
            else:
                can_fail = True
            if can_hold and can_fail:
                break
    return verdict(can_hold, can_fail)


def _profiles(fs: Sequence[Formula]) -> Iterator[tuple[Structure, int]]:
    """Every structure in which no two elements agree, with its size."""
    predicates, functions, _ = symbols(fs)
    letters = sorted(p for p, arity in predicates if arity == 0)
    unary = sorted(p for p, arity in predicates if arity == 1)
    names = sorted(n for n, _ in functions)
    kinds = list(product((0, 1), repeat=len(unary)))
    for chosen in product((0, 1), repeat=len(kinds)):
        things = [k for k, c in zip(kinds, chosen, strict=True) if c]
        if not things:
            continue
        base: Structure = {("p", p, (i,)): k[j] for i, k in enumerate(things) for j, p in enumerate(unary)}
        for row in product(range(len(things)), repeat=len(names)):
            named: Structure = {**base, **{("f", n, ()): e for n, e in zip(names, row, strict=True)}}
            for values in product((0, 1), repeat=len(letters)):
                yield (
                    {**named, **{("p", p, ()): v for p, v in zip(letters, values, strict=True)}},
                    len(things),
                )


# --- rules --------------------------------------------------------------------------------


def horn(claims: Sequence[Statement], goal: Formula) -> str:
    """For rules of atoms without equality, heads maybe negated, and a goal that is an atom or its negation,
    or, where no head is negated, `and`, `or` and `exists` over atoms.

    Their least model decides: it is a model if there is any, and it is the smallest one, so a goal without
    negation follows just where it holds there (van Emden & Kowalski 1976); an atom is refuted just where
    with it there is no model.
    """
    if isinstance(goal, Not):
        return {"proved": "disproved", "disproved": "proved"}.get(found := horn(claims, goal.body), found)
    least, domain, broken = _least(claims, goal)
    if broken:
        return "inconsistent"
    if holds_in(least, domain, goal):
        return "proved"
    if isinstance(goal, Atom):
        return "disproved" if _least([*claims, goal], goal)[2] else "unknown"
    if any(isinstance(r.head, Not) for c in claims for r in rules_of(c) or ()):
        raise ValueError("with negated heads only atoms can be asked")
    return "unknown"


def _least(claims: Sequence[Statement], goal: Formula) -> tuple[set[Formula], tuple[Term, ...], bool]:
    found = perfect_model(theory_of(claims), goal)
    if found is None:
        raise ValueError("not rules")
    return found


def by_absence(closed: bool) -> Oracle:
    """For stratified rules with negation as failure, or a closed world: truth in the perfect model."""

    def oracle(claims: Sequence[Statement], goal: Formula) -> str:
        outcomes = {o.value for o in right(theory_of(claims, closed), goal)}
        return outcomes.pop() if len(outcomes) == 1 else "inconsistent"

    return oracle


# --- clauses over names -------------------------------------------------------------------


def universal(claims: Sequence[Statement], goal: Formula) -> str:
    """For claims without `exists`, functions and equality, and goals with one kind of quantifier in front.

    What universal claims say is kept by any part of a structure that has the named things and the
    witnesses of the goal (Bernays & Schönfinkel 1928): structures over these are enough.
    """
    told = _formulas(claims)
    names = list(ground_terms([*told, goal])) or [Const("$")]
    domain = [*names, *(Const(f"${i}") for i in range(_quantified(goal)))]
    return verdict(_satisfiable([*told, goal], domain), _satisfiable([*told, Not(goal)], domain))


def _quantified(f: Formula) -> int:
    match f:
        case Exists(vs, _) | Forall(vs, _):
            return len(vs)
        case Not(body):
            return _quantified(body)
        case _:
            return 0


def _satisfiable(fs: Sequence[Formula], domain: Sequence[Term]) -> bool:
    """Whether some truth values of the atoms over `domain` make all true: backtracking, no learning."""
    ground = [g for f in fs for g in _expand(f, domain)]
    values: dict[Formula, bool] = {}

    def search(waiting: list[Formula]) -> bool:
        rest = []
        for f in waiting:
            value = _value(f, values)
            if value is False:
                return False
            if value is None:
                rest.append(f)
        if not rest:
            return True
        atom = _open_atom(min(rest, key=lambda f: sum(a not in values for a in literals(f))), values)
        for v in (True, False):
            values[atom] = v
            if search(rest):
                return True
            del values[atom]
        return False

    return search(ground)


def _expand(f: Formula, domain: Sequence[Term]) -> Iterator[Formula]:
    """Ground formulas whose conjunction is `f` over `domain`."""
    match f:
        case Forall(vs, body):
            for row in product(domain, repeat=len(vs)):
                yield from _expand(substitute(body, dict(zip(vs, row, strict=True))), domain)
        case And(parts):
            for p in parts:
                yield from _expand(p, domain)
        case Not(Exists(vs, body)):
            yield from _expand(Forall(vs, Not(body)), domain)
        case Exists(vs, body):
            rows = product(domain, repeat=len(vs))
            yield Or(tuple(substitute(body, dict(zip(vs, row, strict=True))) for row in rows))
        case Not(Forall(vs, body)):
            yield from _expand(Exists(vs, Not(body)), domain)
        case _:
            yield f


def _value(f: Formula, values: dict[Formula, bool]) -> bool | None:
    """Truth under some values, None where they do not settle it (Kleene's strong tables)."""
    match f:
        case Not(body):
            value = _value(body, values)
            return None if value is None else not value
        case And(parts) | Or(parts):
            found = [_value(p, values) for p in parts]
            settles = isinstance(f, Or)
            return settles if settles in found else None if None in found else not settles
        case Implies(a, b):
            return _value(Or((Not(a), b)), values)
        case Iff(a, b) | Xor(a, b):
            left, right_ = _value(a, values), _value(b, values)
            return None if left is None or right_ is None else (left == right_) == isinstance(f, Iff)
        case Forall() | Exists():
            raise ValueError("a quantifier inside")
        case _:
            return values.get(f)


def _open_atom(f: Formula, values: dict[Formula, bool]) -> Formula:
    return min((a for a in literals(f) if a not in values), key=repr)


# --- equality -----------------------------------------------------------------------------


def congruence(claims: Sequence[Statement], goal: Formula) -> str:
    """For ground literals of equality and one-place predicates, with functions.

    A set of such literals has a model just where some partition of its terms agrees with its equations,
    inequalities and functions (Ackermann 1954), and no predicate is both claimed and denied of a class.
    """
    told = _formulas(claims)
    return verdict(_partitioned([*told, goal]), _partitioned([*told, Not(goal)]))


def _partitioned(fs: Sequence[Formula]) -> bool:
    tops = (t for f in fs for a in literals(f) for t in literal_terms(a))
    terms = sorted({s for t in tops for s in subterms(t)}, key=term_key)
    return any(_agrees(fs, dict(zip(terms, row, strict=True))) for row in _growth(len(terms)))


def _growth(n: int, most: int = 0) -> Iterator[tuple[int, ...]]:
    """Every partition of n things, as the number of each one's class."""
    if n == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in _growth(n - 1, max(most, first + 1)):
            yield (first, *rest)


def _agrees(fs: Sequence[Formula], classes: dict[Term, int]) -> bool:
    images: dict[tuple[object, ...], int] = {}
    for t, c in classes.items():
        if isinstance(t, Fn) and images.setdefault((t.name, *(classes[a] for a in t.args)), c) != c:
            return False
    said: dict[tuple[object, ...], bool] = {}
    for f in fs:
        positive, atom = True, f
        while isinstance(atom, Not):
            positive, atom = not positive, atom.body
        match atom:
            case Equal(a, b):
                if (classes[a] == classes[b]) != positive:
                    return False
            case Atom(pred, args):
                if said.setdefault((pred, *(classes[a] for a in args)), positive) != positive:
                    return False
            case _:
                raise ValueError("not a literal")
    return True


def _formulas(claims: Sequence[Statement]) -> list[Formula]:
    return [formula_of(c) for c in claims]

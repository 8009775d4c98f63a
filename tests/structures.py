"""Truth by brute force: all small structures over some formulas, and perfect models by naive iteration.

An oracle for tests.  It shares no code with the kernel except the language, `truth` and `rules_of`,
which test_logic checks on their own; it searches where the kernel only checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Formula,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Term,
    Var,
    atom_of,
    formula_of,
    free_vars,
    ground_terms,
    literal_terms,
    literals,
    rules_of,
    substitute,
    substitute_body,
    subterms,
    truth,
)
from neurosym.proof import Outcome
from neurosym.theory import Theory, has_naf

# (kind, name, arguments) to an element, or to 0 or 1 for a predicate; kind is "p", "f" or "n"
Structure = dict[tuple[object, ...], int]


def symbols(fs: Iterable[Formula]) -> tuple[set[tuple[str, int]], set[tuple[str, int]], list[Fraction]]:
    """Predicates and functions with arities (a constant is a function of none), and the numerals."""
    predicates, functions, numbers = set(), set(), set()
    for a in (a for f in fs for a in literals(f)):
        if isinstance(a, Atom):
            predicates.add((a.pred, len(a.args)))
        for t in (s for top in literal_terms(a) for s in subterms(top)):
            match t:
                case Const(name):
                    functions.add((name, 0))
                case Fn(name, args):
                    functions.add((name, len(args)))
                case Num(value):
                    numbers.add(value)
                case _:
                    pass
    return predicates, functions, sorted(numbers)


def structures(
    fs: Iterable[Formula], size: int, fixed: Structure | None = None, most: int = 4096
) -> Iterator[Structure]:
    """Every structure of `size` elements that extends `fixed`; none where there are more than `most`.

    The numerals are the first elements, which is no loss up to isomorphism.
    """
    predicates, functions, numbers = symbols(fs)
    if len(numbers) > size:
        return
    base: Structure = {**(fixed or {}), **{("n", n): i for i, n in enumerate(numbers)}}
    cells: list[tuple[tuple[object, ...], int]] = []
    for kind, found, values in (("p", predicates, 2), ("f", functions, size)):
        for name, arity in sorted(found):
            for args in product(range(size), repeat=arity):
                if (kind, name, args) not in base:
                    cells.append(((kind, name, args), values))
    total = 1
    for _, values in cells:
        total *= values
    if total <= most:
        for chosen in product(*(range(v) for _, v in cells)):
            yield {**base, **{cell: v for (cell, _), v in zip(cells, chosen, strict=True)}}


def element(t: Term, s: Structure, env: dict[Var, int]) -> int:
    match t:
        case Var():
            return env[t]
        case Const(name):
            return s["f", name, ()]
        case Fn(name, args):
            return s["f", name, tuple(element(a, s, env) for a in args)]
        case Num(number):
            return s["n", number]


def holds(f: Formula, s: Structure, size: int) -> bool:
    """Truth; the order of elements that are no numerals is that of their indices, after the numerals."""

    def leaf(a: Atom | Equal | Less, env: dict[Var, int]) -> bool:
        row = tuple(element(t, s, env) for t in literal_terms(a))
        match a:
            case Atom(pred, _):
                return bool(s["p", pred, row])
            case Equal():
                return row[0] == row[1]
            case Less(_, _, strict):
                return row[0] < row[1] if strict else row[0] <= row[1]

    return truth(f, {}, range(size), leaf, lambda: None)


# --- which outcomes are right ----------------------------------------------------------


def right(theory: Theory, goal: Formula) -> frozenset[Outcome]:
    """The outcomes that are right for the question, as far as structures of at most three elements tell."""
    if theory.closed_world or any(has_naf(c.formula) for c in theory.claims):
        return _by_absence(theory, goal)
    return classical(tuple(formula_of(c.formula) for c in theory.claims), goal)


def classical(claims: tuple[Formula, ...], goal: Formula) -> frozenset[Outcome]:
    true = false = False
    for size in (1, 2, 3):
        for s in structures((*claims, goal), size, most=9000):
            if (true and false) or not all(holds(f, s, size) for f in claims):
                continue
            if holds(goal, s, size):
                true = True
            else:
                false = True
    return _outcomes(true, false)


def _outcomes(true: bool, false: bool) -> frozenset[Outcome]:
    match true, false:
        case True, True:
            return frozenset({Outcome.UNKNOWN})
        case True, False:
            return frozenset({Outcome.PROVED})
        case False, True:
            return frozenset({Outcome.DISPROVED})
        case _:
            return frozenset({Outcome.PROVED, Outcome.DISPROVED, Outcome.INCONSISTENT})


def _by_absence(theory: Theory, goal: Formula) -> frozenset[Outcome]:
    found = perfect_model(theory, goal)
    if found is None:
        return frozenset()
    model, domain, broken = found
    if broken:
        return frozenset({Outcome.PROVED, Outcome.DISPROVED, Outcome.INCONSISTENT})
    if theory.closed_world:
        value = holds_in(model, domain, goal)
        return _outcomes(value, not value)
    yes, no = _derivable(goal, model, domain), _derivable(Not(goal), model, domain)
    return frozenset({Outcome.PROVED} if yes else {Outcome.DISPROVED} if no else {Outcome.UNKNOWN})


def holds_in(model: set[Formula], domain: tuple[Term, ...], f: Formula) -> bool:
    def leaf(a: Atom | Equal | Less, env: dict[Var, Term]) -> bool:
        g = substitute(a, env)
        return g in model if isinstance(g, Atom) else _settled(g)

    return truth(f, {}, domain, leaf, lambda: None)


def _derivable(f: Formula, model: set[Formula], domain: tuple[Term, ...]) -> bool:
    """Forwards: negation is only ever that of the model."""
    match f:
        case And(parts):
            return all(_derivable(p, model, domain) for p in parts)
        case Or(parts):
            return any(_derivable(p, model, domain) for p in parts)
        case Exists(vs, body):
            rows = product(domain, repeat=len(vs))
            return any(
                _derivable(substitute(body, dict(zip(vs, r, strict=True))), model, domain) for r in rows
            )
        case Equal() | Less() | Not(Equal() | Less()):
            return _settled(f)
        case _:
            return f in model


def _settled(f: Formula) -> bool:
    match f:
        case Not(body):
            return not _settled(body)
        case Equal(a, b):
            return a == b
        case Less(Num(a), Num(b), strict):
            return a < b if strict else a <= b
        case _:
            return False


def perfect_model(theory: Theory, goal: Formula) -> tuple[set[Formula], tuple[Term, ...], bool] | None:
    """The model, its domain, and whether it contradicts itself or a constraint; None where there is none.

    Every rule is instantiated over the whole domain; strata are found by counting up.
    """
    found = [rules_of(c.formula, theory.closed_world) for c in theory.claims]
    if any(rs is None for rs in found):
        return None
    domain = ground_terms([*(c.formula for c in theory.claims), goal]) or (Const("?"),)
    ground: list[Rule] = []
    for r in (r for rs in found for r in rs or ()):
        vs = free_vars(r)
        for row in product(domain, repeat=len(vs)):
            s = dict(zip(vs, row, strict=True))
            head = substitute(r.head, s)
            assert isinstance(head, Atom | Not)
            ground.append(Rule(head, tuple(substitute_body(b, s) for b in r.body)))
    program = [r for r in ground if isinstance(r.head, Atom) or not theory.closed_world]
    level: dict[str, int] = {}
    for _ in range(len(program) + 2):
        before = dict(level)
        for r in program:
            head = atom_of(r.head).pred
            for b in r.body:
                if isinstance(b, Naf):
                    level[head] = max(level.get(head, 0), level.get(b.body.pred, 0) + 1)
                elif any(isinstance(a, Atom) for a in literals(b)):
                    level[head] = max(level.get(head, 0), level.get(atom_of(b).pred, 0))
        if level == before:
            break
    else:
        return None
    model: set[Formula] = set()

    def fires(r: Rule) -> bool:
        return all(b.body not in model if isinstance(b, Naf) else b in model or _settled(b) for b in r.body)

    for stratum in range(max(level.values(), default=0) + 1):
        grown = True
        while grown:
            new = {r.head for r in program if level.get(atom_of(r.head).pred, 0) == stratum and fires(r)}
            grown = not new <= model
            model |= new
    broken = any(Not(a) in model for a in model)
    broken = broken or any(isinstance(r.head, Not) and r.head.body in model and fires(r) for r in ground)
    return model, domain, broken

"""Truth by brute force: all small structures over some formulas, and models of rules by naive iteration.

An oracle for tests.  It shares no code with the kernel except the language, `truth` and `rules_of`,
which test_logic checks on their own; it searches where the kernel only checks.  Every semantics has
its own: `right` says which outcomes are right for a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from neurosym.logic import (
    FALSE,
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Term,
    Var,
    Xor,
    atom_of,
    formula_of,
    free_vars,
    ground_terms,
    is_arithmetic,
    literal_terms,
    literals,
    opposite,
    rules_of,
    substitute,
    substitute_body,
    subterms,
    truth,
)
from neurosym.proof import Outcome
from neurosym.theory import Semantics, Theory, has_naf

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


# --- truth among numbers -----------------------------------------------------------------

NEAR = (Fraction(-1), Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1))


def numeric(f: Formula) -> bool:
    """Does `f` calculate, or ask for whole numbers?"""
    return any(
        (isinstance(a, Atom) and a.pred == "integer") or any(map(is_arithmetic, literal_terms(a)))
        for a in literals(f)
    )


def value(t: Term, names: dict[str, Fraction], env: dict[Var, Fraction]) -> Fraction:
    match t:
        case Var():
            return env[t]
        case Const(name):
            return names[name]
        case Num(number):
            return number
        case Fn("+", (a, b)):
            return value(a, names, env) + value(b, names, env)
        case Fn("-", (a, b)):
            return value(a, names, env) - value(b, names, env)
        case Fn("-", (a,)):
            return -value(a, names, env)
        case Fn("*", (a, b)):
            return value(a, names, env) * value(b, names, env)
        case _:
            raise ValueError("a function that is no arithmetic is beyond this oracle")


def holds_of_numbers(
    f: Formula, names: dict[str, Fraction], elements: Sequence[Fraction],
    true: set[tuple[str, tuple[Fraction, ...]]],
) -> bool:  # fmt: skip
    """Truth where the elements are these numbers."""

    def leaf(a: Atom | Equal | Less, env: dict[Var, Fraction]) -> bool:
        row = tuple(value(t, names, env) for t in literal_terms(a))
        match a:
            case Atom("integer", (_,)):
                return row[0].denominator == 1
            case Atom(pred, _):
                return (pred, row) in true
            case Equal():
                return row[0] == row[1]
            case Less(_, _, strict):
                return row[0] < row[1] if strict else row[0] <= row[1]

    return truth(f, {}, elements, leaf, lambda: None)


def among_numbers(claims: tuple[Formula, ...], goal: Formula) -> frozenset[Outcome]:
    """Names are tried with the numerals and numbers near them; a countermodel may lie elsewhere."""
    predicates, functions, numbers = symbols((*claims, goal))
    names = sorted(name for name, arity in functions if arity == 0)
    grid = sorted({n + d for n in (Fraction(0), *numbers) for d in NEAR})
    true = false = False
    for chosen in product(grid, repeat=len(names)):
        of = dict(zip(names, chosen, strict=True))
        elements = sorted({*chosen, *numbers})
        cells = [
            (p, r) for p, n in sorted(predicates - {("integer", 1)}) for r in product(elements, repeat=n)
        ]
        if len(cells) > 12:
            raise ValueError("too many predicates for this oracle")
        for bits in product((False, True), repeat=len(cells)):
            rows = {cell for cell, b in zip(cells, bits, strict=True) if b}
            if all(holds_of_numbers(f, of, elements, rows) for f in claims):
                if holds_of_numbers(goal, of, elements, rows):
                    true = True
                else:
                    false = True
            if true and false:
                return _outcomes(true, false)
    return _outcomes(true, false)


# --- which outcomes are right ----------------------------------------------------------


def right(theory: Theory, goal: Formula) -> frozenset[Outcome]:
    """The outcomes that are right for the question, as far as structures of at most three elements tell."""
    if theory.semantics is Semantics.CHAINING:
        return _chained(theory, goal)
    if theory.semantics is Semantics.DEFEASIBLE:
        return _weighed(theory, goal)
    if theory.closed:
        return classical(settled(theory, goal), goal)
    if theory.closed_world or any(has_naf(c.formula) for c in theory.claims):
        return _by_absence(theory, goal)
    return classical(tuple(formula_of(c.formula) for c in theory.claims), goal)


def classical(claims: tuple[Formula, ...], goal: Formula) -> frozenset[Outcome]:
    if any(map(numeric, (*claims, goal))):
        return among_numbers(claims, goal)
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
    found = well_founded(theory, goal)
    if found is None:
        return frozenset()
    if found.broken:
        return frozenset({Outcome.PROVED, Outcome.DISPROVED, Outcome.INCONSISTENT})
    if theory.closed_world:
        truth_value = kleene(goal, found, {})
        return (
            frozenset({Outcome.UNKNOWN}) if truth_value is None else _outcomes(truth_value, not truth_value)
        )
    yes, no = derivable(goal, found), derivable(opposite(goal), found)
    out = frozenset({Outcome.PROVED} if yes else {Outcome.DISPROVED} if no else {Outcome.UNKNOWN})
    plain = tuple(formula_of(c.formula) for c in theory.claims if not has_naf(c.formula))
    return out | (classical(plain, goal) - {Outcome.UNKNOWN})  # which a refutation may show


def _chained(theory: Theory, goal: Formula) -> frozenset[Outcome]:
    told = {c.formula for c in theory.claims}
    found = well_founded(theory, goal)
    if found is None:
        return frozenset()
    yes = goal in told or derivable(goal, found)
    no = bool({Not(goal), opposite(goal)} & told) or derivable(opposite(goal), found)
    both = frozenset({Outcome.PROVED} if yes else ()) | frozenset({Outcome.DISPROVED} if no else ())
    return both or frozenset({Outcome.UNKNOWN})


# --- closed predicates ---


def settled(theory: Theory, goal: Formula) -> tuple[Formula, ...]:
    """The open claims, the extensions of the closed predicates, and that names differ."""
    own, others = [], []
    for c in theory.claims:
        heads = [r.head for r in rules_of(c.formula, True) or ()]
        defines = heads and all(isinstance(h, Atom) and (h.pred, len(h.args)) in theory.closed for h in heads)
        (own if defines else others).append(c)
    found = well_founded(Theory(tuple(own), closed_world=True), FALSE)
    assert found is not None
    assert found.true == found.possible
    out = []
    for c in others:
        f = c.formula
        if isinstance(f, Rule):
            f = Rule(f.head, tuple(Not(b.body) if isinstance(b, Naf) else b for b in f.body))
        out.append(formula_of(f))
    for pred, arity in theory.closed:
        vs = tuple(Var(f"x{i}") for i in range(arity))
        rows = [a.args for a in map(atom_of, found.true) if a.pred == pred and len(a.args) == arity]
        there = Or(tuple(And(tuple(map(Equal, vs, row))) for row in rows))
        out.append(Forall(vs, Iff(Atom(pred, vs), there)) if vs else Iff(Atom(pred), there))
    names = [t for t in ground_terms([*(c.formula for c in theory.claims), goal]) if isinstance(t, Const)]
    out += [Not(Equal(a, b)) for i, a in enumerate(names) for b in names[:i]]
    return tuple(out)


# --- defeasible rules ---


def _weighed(theory: Theory, goal: Formula) -> frozenset[Outcome]:
    """By the proof conditions of Antoniou et al. 2001, section 2.2, on ground rules without loops."""
    domain = ground_terms([*(c.formula for c in theory.claims), goal]) or (Const("?"),)
    rules = [
        (r, c.label) for c in theory.claims for one in rules_of(c.formula) or () for r in _ground(one, domain)
    ]
    known = [r for r, _ in rules if not r.defeasible]
    always = _closure(known, set())

    def normally(f: Formula) -> bool:
        if f in always:
            return True
        against = opposite(f)
        if against in always:
            return False
        pro = [x for x in rules if x[0].head == f and all(normally(b) for b in x[0].body)]
        con = [x for x in rules if x[0].head == against and all(normally(b) for b in x[0].body)]
        return bool(pro) and all(any(stronger(t, s) for t in pro) for s in con)

    def stronger(t: tuple[Rule, str], s: tuple[Rule, str]) -> bool:
        if (t[1], s[1]) in theory.prefer or (s[1], t[1]) in theory.prefer:
            return (t[1], s[1]) in theory.prefer
        if not (t[0].defeasible and s[0].defeasible):
            return s[0].defeasible and not t[0].defeasible
        a, b = set(t[0].body), set(s[0].body)
        rules_ = [r for r in known if r.body]
        return b <= _closure(rules_, a) and not a <= _closure(rules_, b)

    def built(f: Formula) -> bool:
        match f:
            case And(parts):
                return all(map(built, parts))
            case Or(parts):
                return any(map(built, parts))
            case Exists(vs, body):
                return any(
                    built(substitute(body, dict(zip(vs, r, strict=True))))
                    for r in product(domain, repeat=len(vs))
                )
            case Forall():
                return False
            case _:
                return normally(f)

    if any(Not(f) in always for f in always):
        return frozenset(Outcome)
    if built(goal):
        return frozenset({Outcome.PROVED})
    return frozenset({Outcome.DISPROVED if built(opposite(goal)) else Outcome.UNKNOWN})


def _closure(rules: Iterable[Rule], start: set[BodyLiteral]) -> set[Formula]:
    have: set[Formula] = {f for f in start if not isinstance(f, Naf)}
    while True:
        new = {r.head for r in rules if all(b in have for b in r.body)} - have
        if not new:
            return have
        have |= new


# --- models of rules -----------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """The well-founded model: what is true, what is not false, and over what variables range."""

    true: frozenset[Formula]
    possible: frozenset[Formula]
    domain: tuple[Term, ...]
    broken: bool  # it contradicts itself, or an integrity constraint


def well_founded(theory: Theory, goal: Formula) -> Found | None:
    """By naive rounds of the alternating fixpoint over all ground instances; None: a claim is no rule."""
    found = [rules_of(c.formula, theory.closed_world) for c in theory.claims]
    if any(rs is None for rs in found):
        return None
    domain = ground_terms([*(c.formula for c in theory.claims), goal]) or (Const("?"),)
    ground = [g for rs in found for r in rs or () for g in _ground(r, domain)]
    program = [r for r in ground if isinstance(r.head, Atom) or not theory.closed_world]

    def least(present: set[Formula]) -> set[Formula]:
        have: set[Formula] = set()
        while True:
            new = {r.head for r in program if fires(r, have, present)} - have
            if not new:
                return have
            have |= new

    def fires(r: Rule, have: set[Formula], present: set[Formula]) -> bool:
        return all(b.body not in present if isinstance(b, Naf) else b in have or _settled(b) for b in r.body)

    true: set[Formula] = set()
    while True:
        possible = least(true)
        more = least(possible)
        if more == true:
            break
        true = more
    broken = any(Not(a) in true for a in true)
    denials = [r for r in ground if isinstance(r.head, Not) and r.head.body in true]
    broken = broken or (theory.closed_world and any(fires(r, true, possible) for r in denials))
    return Found(frozenset(true), frozenset(possible), domain, broken)


def _ground(r: Rule, domain: tuple[Term, ...]) -> Iterator[Rule]:
    vs = free_vars(r)
    for row in product(domain, repeat=len(vs)):
        s = dict(zip(vs, row, strict=True))
        head = substitute(r.head, s)
        assert isinstance(head, Atom | Not)
        yield Rule(head, tuple(substitute_body(b, s) for b in r.body), r.defeasible)


def kleene(f: Formula, m: Found, env: dict[Var, Term]) -> bool | None:
    """Truth in three values; None is undefined."""

    def least_of(values: Iterable[bool | None]) -> bool | None:
        found = set(values)
        return False if False in found else None if None in found else True

    def negated(v: bool | None) -> bool | None:
        return None if v is None else not v

    match f:
        case Atom():
            g = substitute(f, env)
            return True if g in m.true else None if g in m.possible else False
        case Equal() | Less():
            return _settled(substitute(f, env))
        case Not(body):
            return negated(kleene(body, m, env))
        case And(parts):
            return least_of(kleene(p, m, env) for p in parts)
        case Or(parts):
            return negated(least_of(negated(kleene(p, m, env)) for p in parts))
        case Implies(a, b):
            return kleene(Or((Not(a), b)), m, env)
        case Iff(a, b) | Xor(a, b):
            x, y = kleene(a, m, env), kleene(b, m, env)
            return None if x is None or y is None else (x == y) is isinstance(f, Iff)
        case Forall(vs, body) | Exists(vs, body):
            rows = [dict(zip(vs, r, strict=True)) for r in product(m.domain, repeat=len(vs))]
            if isinstance(f, Forall):
                return least_of(kleene(body, m, {**env, **row}) for row in rows)
            return negated(least_of(negated(kleene(body, m, {**env, **row})) for row in rows))


def derivable(f: Formula, m: Found) -> bool:
    """Forwards: negation is only ever that of the model."""
    match f:
        case And(parts):
            return all(derivable(p, m) for p in parts)
        case Or(parts):
            return any(derivable(p, m) for p in parts)
        case Exists(vs, body):
            rows = product(m.domain, repeat=len(vs))
            return any(derivable(substitute(body, dict(zip(vs, r, strict=True))), m) for r in rows)
        case Not(And() | Or() | Not() | Exists() | Implies()):
            return not isinstance(f.body, Exists) and derivable(opposite(f.body), m)
        case Equal() | Less() | Not(Equal() | Less()):
            return _settled(f)
        case _:
            return f in m.true


def _settled(f: Formula | Naf) -> bool:
    match f:
        case Not(Equal() | Less() as body):
            return not _settled(body)
        case Equal(a, b):
            if is_arithmetic(a) or is_arithmetic(b):
                return _value(a) is not None and _value(a) == _value(b)
            return a == b
        case Less(a, b, strict):
            x, y = _value(a), _value(b)
            return x is not None and y is not None and (x < y if strict else x <= y)
        case _:
            return False


def _value(t: Term) -> Fraction | None:
    try:
        return value(t, {}, {})
    except (KeyError, ValueError):  # no number
        return None


def perfect_model(theory: Theory, goal: Formula) -> tuple[set[Formula], tuple[Term, ...], bool] | None:
    """The model, its domain, and whether it contradicts itself or a constraint.

    None where the rules are not stratified.  Strata are found by counting up.
    """
    found = well_founded(theory, goal)
    if found is None:
        return None
    program = [r for c in theory.claims for r in rules_of(c.formula, theory.closed_world) or ()]
    program = [r for r in program if isinstance(r.head, Atom) or not theory.closed_world]
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
            return set(found.true), found.domain, found.broken
    return None


def holds_in(model: set[Formula], domain: tuple[Term, ...], f: Formula) -> bool:
    """Truth in a model of two values."""
    return kleene(f, Found(frozenset(model), frozenset(model), domain, False), {}) is True

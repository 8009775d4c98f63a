"""Defeasible rules as rules with negation as failure, by a definition that a checker recomputes.

Knows the language only.  Part of what the kernel trusts.  The logic is ambiguity blocking
with team defeat (Antoniou, Billington, Governatori & Maher 2001, "Representation results for
defeasible logic"), as a program in the manner of Maher & Governatori 1999, "A semantic
decomposition of defeasible logics"; it is read by its well-founded model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurosym.logic.formulas import (
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Less,
    Naf,
    Not,
    Or,
    Rule,
    Statement,
    Subst,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    negate,
    substitute,
    substitute_body,
    substitute_term,
    term_vars,
)
from neurosym.logic.normal import opposite, rules_of
from neurosym.logic.semantics import Budget, FactIndex

STRICTLY, NORMALLY, OVERRULED, BEATEN = "$strictly", "$normally", "$overruled", "$beaten"
BUDGET = 100_000  # elementary steps of comparing two rules for specificity


@dataclass(frozen=True, slots=True)
class _Line:
    """One rule of a claim, its variables its own."""

    label: str
    number: int  # of the line, in the whole program
    rule: Rule

    @property
    def strict(self) -> bool:
        return not self.rule.defeasible

    def about(self, name: str, s: Subst) -> Atom:
        """`name` said of this rule's instance."""
        return Atom(f"{name} {self.number}", tuple(substitute_term(v, s) for v in free_vars(self.rule)))


def encode(f: Formula, level: str = NORMALLY) -> Formula:
    """`f`, built of literals by and, or, exists, forall: that it holds on this level of the program.

    Raises ValueError for any other formula: rules cannot derive it.
    """
    match f:
        case Atom(pred, args):
            return Atom(f"{level} +{pred}", args)
        case Not(Atom(pred, args)):
            return Atom(f"{level} -{pred}", args)
        case Equal() | Less() | Not(Equal() | Less()):
            return f
        case And(parts):
            return And(tuple(encode(p, level) for p in parts))
        case Or(parts):
            return Or(tuple(encode(p, level) for p in parts))
        case Exists(vs, body) | Forall(vs, body):  # no rule derives a universal: it is only never derivable
            return type(f)(vs, encode(body, level))
        case Not(body) if opposite(body) != f:
            return encode(opposite(body), level)
        case _:
            raise ValueError("defeasible rules derive literals, and what `and`, `or`, `exists` make of them")


def decode(a: Atom) -> tuple[str, Formula] | None:
    """The level and the literal that an atom of the program speaks of; None where it speaks of a rule."""
    level, _, rest = a.pred.partition(" ")
    if level not in (STRICTLY, NORMALLY):
        return None
    literal = Atom(rest[1:], a.args)
    return level, literal if rest[0] == "+" else Not(literal)


def _body(body: Iterable[BodyLiteral], level: str, s: Subst) -> tuple[BodyLiteral, ...]:
    out: list[BodyLiteral] = []
    for b in body:
        c = substitute_body(b, s)
        e = encode(c.body if isinstance(c, Naf) else c, NORMALLY if isinstance(c, Naf) else level)
        if not isinstance(e, Atom | Equal | Less | Not):
            raise TypeError("a literal is encoded as a literal")
        out.append(Naf(atom_of(e)) if isinstance(c, Naf) else e)
    return tuple(out)


def defeasible_rules(
    statements: Sequence[tuple[str, Statement]], prefer: Iterable[tuple[str, str]]
) -> tuple[tuple[str, Rule], ...]:
    """The program: rules, each with the label it comes from ('' where it comes from none).

    A literal holds strictly by strict rules alone.  It holds normally if it does strictly, or if
    a rule for it applies, its opposite does not hold strictly, and every rule for the opposite
    that applies is beaten by a stronger one that applies for the literal.  Stronger is the rule
    that is preferred; failing that the strict one; failing that the more specific one.  Raises
    ValueError for a statement that is no rule, and for preferences that go in a circle.
    """
    lines: list[_Line] = []
    for label, f in statements:
        found = rules_of(f)
        if found is None:
            raise ValueError(f"claim {label!r} is no rule: defeasible reasoning is over rules")
        lines += (_Line(label, 0, r) for r in found)
    lines = [_Line(r.label, n, _apart(r.rule, n)) for n, r in enumerate(lines)]
    better = frozenset(prefer)
    _no_circle(better)
    known = [r.rule for r in lines if r.strict and r.rule.body]
    heads: dict[tuple[bool, str, int], list[_Line]] = {}
    for r in lines:
        heads.setdefault(_key(r.rule.head), []).append(r)
    out: list[tuple[str, Rule]] = []
    for key in sorted({*heads, *(_key(b) for r in lines for b in r.rule.body if is_signed_atom(b))}):
        sign, pred, arity = key
        args = tuple(Var(f"x{i + 1}") for i in range(arity))
        literal: Formula = Atom(pred, args) if sign else Not(Atom(pred, args))
        body = encode(literal, STRICTLY)
        out.append(("", Rule(atom_of(encode(literal)), (atom_of(body),))))
    for r in lines:
        head, body_ = r.rule.head, r.rule.body
        if r.strict:
            out.append((r.label, Rule(atom_of(encode(head, STRICTLY)), _body(body_, STRICTLY, {}))))
            if not body_:
                continue
        against = atom_of(encode(negate(head), STRICTLY))
        applies = (*_body(body_, NORMALLY, {}), Naf(against), Naf(r.about(OVERRULED, {})))
        out.append((r.label, Rule(atom_of(encode(head)), applies)))
        for s in heads.get(_key(negate(head)), []):
            if s.strict and not s.rule.body:
                continue  # a fact: it holds strictly, which is asked above
            unifier = unify(atom_of(head).args, atom_of(s.rule.head).args)
            if unifier is None:
                continue
            beaten: tuple[BodyLiteral, ...] = ()
            for t in heads[_key(head)]:
                other = unify(atom_of(s.rule.head).args, atom_of(t.rule.head).args)
                if other is not None and _stronger(t, s, better, known):
                    beaten = (Naf(s.about(BEATEN, unifier)),)
                    out.append((t.label, Rule(s.about(BEATEN, other), _body(t.rule.body, NORMALLY, other))))
            attack = (*_body(s.rule.body, NORMALLY, unifier), *beaten)
            out.append((s.label, Rule(r.about(OVERRULED, unifier), attack)))
    return tuple(dict.fromkeys(out))


def _key(f: Formula | Naf) -> tuple[bool, str, int]:
    a = atom_of(f)
    return not isinstance(f, Not), a.pred, len(a.args)


def _apart(r: Rule, n: int) -> Rule:
    s: dict[Var, Term] = {v: Var(f"{v.name}_{n}") for v in free_vars(r)}
    head = substitute(r.head, s)
    if not isinstance(head, Atom | Not):
        raise TypeError("a rule's head is a literal")
    return Rule(head, tuple(substitute_body(b, s) for b in r.body), r.defeasible)


def _no_circle(better: frozenset[tuple[str, str]]) -> None:
    above: dict[str, set[str]] = {}
    for a, b in better:
        above.setdefault(b, set()).add(a)
    for start in sorted(above):
        todo, seen = sorted(above[start]), set[str]()
        while todo:
            if (x := todo.pop()) == start:
                raise ValueError(f"the preferences go in a circle through {start!r}")
            if x not in seen:
                seen.add(x)
                todo += sorted(above.get(x, ()))


def _stronger(t: _Line, s: _Line, better: frozenset[tuple[str, str]], known: Sequence[Rule]) -> bool:
    if (t.label, s.label) in better or (s.label, t.label) in better:
        return (t.label, s.label) in better
    if t.strict or s.strict:
        return t.strict and not s.strict
    unifier = unify(atom_of(t.rule.head).args, atom_of(s.rule.head).args)
    if unifier is None:
        return False
    a = tuple(substitute_body(b, unifier) for b in t.rule.body)
    b = tuple(substitute_body(x, unifier) for x in s.rule.body)
    about = set(free_vars(substitute(t.rule.head, unifier)))
    return _covers(a, b, about, known) and not _covers(b, a, about, known)


def _covers(
    a: Sequence[BodyLiteral], b: Sequence[BodyLiteral], about: set[Var], known: Sequence[Rule]
) -> bool:
    """Whatever meets `a`, does it meet `b` by the strict rules `known`?  (Its variables frozen.)"""
    if not all(is_signed_atom(x) for x in (*a, *b)):
        return tuple(a) == tuple(b)  # comparisons and absence are not weighed against each other
    frozen: dict[Var, Term] = {}
    for v in (*sorted(about, key=lambda v: v.name), *(v for x in (*a, *b) for v in free_vars(x))):
        frozen.setdefault(v, Const(f"$frozen {v.name}"))
    spend = Budget(BUDGET)
    held: set[Formula] = {substitute(x, frozen) for x in a if not isinstance(x, Naf)}
    while True:
        index = FactIndex(held)
        new: set[Formula] = set()
        for r in known:
            if all(is_signed_atom(x) and not isinstance(x, Naf) for x in r.body):
                for m in index.join([x for x in r.body if not isinstance(x, Naf)], {}, spend):
                    if not free_vars(head := substitute(r.head, m)) and head not in held:
                        new.add(head)
        if not new:
            break
        held |= new
    # a variable of `b` that is neither in `a` nor in the heads may be met by anything
    shared = about | {v for x in a for v in free_vars(x)}
    asked = [
        substitute(x, {v: t for v, t in frozen.items() if v in shared}) for x in b if not isinstance(x, Naf)
    ]
    return next(FactIndex(held).join(asked, {}, spend), None) is not None


def unify(left: Sequence[Term], right: Sequence[Term]) -> dict[Var, Term] | None:
    """The most general unifier (Robinson 1965), fully applied; None where there is none."""
    if len(left) != len(right):
        return None
    s: dict[Var, Term] = {}
    todo = list(zip(left, right, strict=True))
    while todo:
        a, b = (substitute_term(t, s) for t in todo.pop())
        if a == b:
            continue
        if isinstance(b, Var) and not isinstance(a, Var):
            a, b = b, a
        match a, b:
            case Var(), _:
                if a in set(term_vars(b)):
                    return None
                s = {v: substitute_term(t, {a: b}) for v, t in s.items()}
                s[a] = b
            case Fn(f, xs), Fn(g, ys) if f == g and len(xs) == len(ys):
                todo += zip(xs, ys, strict=True)
            case _:
                return None
    return s

"""Claims and theories: what is held, where it came from, and how sure we are.

Knows logic only.  Must not know how a claim was read or how it is used.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from neurosym.errors import TheoryError
from neurosym.logic import (
    SKOLEM,
    TRUE,
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Fn,
    Forall,
    Formula,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Var,
    atom_of,
    defeasible_rules,
    formula_of,
    free_vars,
    ground_terms,
    is_signed_atom,
    literal_terms,
    literals,
    misplaced,
    rules_of,
    subterms,
    term_key,
)

CLOSED_WORLD = "closed-world"  # the hypothesis a theorem carries where absence counts as falsity


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a document, and the text that stands there."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Triple:
    """An RDF triple, in N-Triples notation."""

    document: str
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Axiom:
    """A line of a logic file; or, with line 0, a statement given by program."""

    document: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Analogy:
    """A hypothesis carried over from `base` by structure mapping; never an inference."""

    base: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen while a plan is carried out."""

    note: str


Source: TypeAlias = Span | Triple | Axiom | Analogy | Observation


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement somebody vouches for.

    `label` is its identity in proofs; `score` in [0, 1] is the calibrated probability that
    the statement is what its source says.
    """

    label: str
    formula: Statement
    source: Source
    score: float = 1.0


class Semantics(StrEnum):
    """What follows means (docs/certificates.md)."""

    CLASSICAL = "classical"  # in all structures; rules with naf: in the well-founded model
    CHAINING = "chaining"  # forwards over literals, without contraposition; both p and not p may be derivable
    DEFEASIBLE = "defeasible"  # rules that give way to strict, preferred or more specific ones


@dataclass(frozen=True, slots=True)
class Theory:
    """Claims with distinct labels.

    Where `closed_world`, what cannot be derived is false; `closed` lists single predicates
    (name, arity) of which that is so while the rest stays open.  `prefer` holds pairs of labels
    (stronger, weaker) of defeasible rules.  Raises TheoryError for a duplicate or reserved
    label, a free variable in a formula, a reserved symbol, a score outside [0, 1], or parts
    that do not go together.
    """

    claims: tuple[Claim, ...]
    closed_world: bool = False
    closed: tuple[tuple[str, int], ...] = ()
    semantics: Semantics = Semantics.CLASSICAL
    prefer: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.semantics is not Semantics.CLASSICAL and (self.closed_world or self.closed):
            raise TheoryError(
                f"a theory of {self.semantics.value} rules is open",
                hint="leave the closed world out, or use classical semantics",
            )
        if self.closed_world and self.closed:
            raise TheoryError("in a closed world every predicate is closed", hint="declare one of the two")
        classical = self.semantics is Semantics.CLASSICAL
        for c in self.claims:
            if classical and isinstance(c.formula, Rule) and c.formula.defeasible:
                raise TheoryError(
                    f"claim {c.label!r} is a defeasible rule",
                    hint="use Semantics.DEFEASIBLE (in a theory file: 'semantics defeasible.')",
                )
        seen: set[str] = set()
        for c in self.claims:
            if not c.label or c.label in seen or c.label == CLOSED_WORLD or c.label.startswith("$"):
                raise TheoryError(
                    f"label {c.label!r} is empty, reserved or used twice", hint="rename one of the claims"
                )
            seen.add(c.label)
            validate(c)


def validate(claim: Claim) -> None:
    """Raise TheoryError where `claim` cannot stand in a theory."""
    if not 0.0 <= claim.score <= 1.0:
        raise TheoryError(f"claim {claim.label!r}: score {claim.score} is not in [0, 1]")
    f = claim.formula
    if not isinstance(f, Rule) and (free := free_vars(f)):
        raise TheoryError(
            f"claim {claim.label!r}: variable {free[0].name!r} is free",
            hint="bind it with forall or exists, or write a rule with ':-'",
        )
    if (t := misplaced(f)) is not None:
        raise TheoryError(
            f"claim {claim.label!r}: {getattr(t, 'name', '')!r} is arithmetic and stands in an argument",
            hint="name the value: exists ?y. ?y = ?x + 1 and p(?y)",
        )
    if name := reserved_symbol(f):
        raise TheoryError(f"claim {claim.label!r}: symbol {name!r} starts with the reserved {SKOLEM!r}")


def reserved_symbol(f: Statement) -> str:
    """A symbol of `f` that only Skolem functions may have, or the empty text."""
    for a in literals(f):
        for t in literal_terms(a):
            for s in subterms(t):
                if isinstance(s, Const | Fn) and s.name.startswith(SKOLEM):
                    return s.name
    return ""


def has_naf(f: Statement) -> bool:
    return isinstance(f, Rule) and any(isinstance(b, Naf) for b in f.body)


def beyond_classical(theory: Theory) -> tuple[str, ...]:
    """What a solver of classical theories and of rules must refuse, by name."""
    named = theory.semantics is not Semantics.CLASSICAL
    return ((f"{theory.semantics.value} semantics",) if named else ()) + (
        ("closed predicates",) if theory.closed else ()
    )


# --- theories made from theories, by definitions that a checker recomputes ----------------


def definitions(theory: Theory) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims that define the closed predicates, and the others, which hold classically.

    A claim is a definition where all its rules have closed heads.  Raises TheoryError where
    such a rule asks for an open predicate.
    """
    closed = frozenset(theory.closed)
    own: list[Claim] = []
    others: list[Claim] = []
    for c in theory.claims:
        rules = rules_of(c.formula, closed=True) or ()
        heads = [r.head for r in rules]
        if not heads or not all(isinstance(h, Atom) and (h.pred, len(h.args)) in closed for h in heads):
            others.append(c)
            continue
        for b in (b for r in rules for b in r.body if not isinstance(b, Equal | Less)):
            if is_signed_atom(b) or isinstance(b, Naf):
                a = atom_of(b)
                if (a.pred, len(a.args)) not in closed:
                    raise TheoryError(
                        f"claim {c.label!r} defines a closed predicate by {a.pred!r}/{len(a.args)}, "
                        "which is open",
                        hint=f"close it too: closed {a.pred}/{len(a.args)}.",
                    )
        own.append(c)
    return tuple(own), tuple(others)


def opened(theory: Theory, goal: Formula, true: AbstractSet[Formula]) -> Theory:
    """The theory with open predicates only that says where the closed ones hold: at `true` and nowhere else.

    Labels: `closed p/1` for the extension of p, `names n` for the n-th name being another thing
    than those before it (every constant of theory and goal is a name, and every ground term of
    the definitions).  Raises TheoryError for a claim with `naf` before an open predicate.
    """
    closed = frozenset(theory.closed)
    own, others = definitions(theory)
    claims = [replace(c, formula=_classical(c, closed)) for c in others]
    rows: dict[tuple[str, int], list[Atom]] = {key: [] for key in sorted(closed)}
    for f in true:
        a = atom_of(f)
        rows.setdefault((a.pred, len(a.args)), []).append(a)
    for (pred, arity), held in sorted(rows.items()):
        held.sort(key=lambda a: [term_key(t) for t in a.args])
        vs = tuple(Var(f"x{i + 1}") for i in range(arity))
        places = [And(tuple(Equal(v, t) for v, t in zip(vs, a.args, strict=True))) for a in held]
        only: Formula = Implies(Atom(pred, vs), Or(tuple(p.parts[0] if arity == 1 else p for p in places)))
        if not held:
            only = Not(Atom(pred, vs))
        if arity:
            only = Forall(vs, only)
        elif held:
            only = TRUE
        claims.append(Claim(f"closed {pred}/{arity}", And((*held, only)), Axiom("closed", 0, "")))
    defined = set(ground_terms(c.formula for c in own))
    everything = ground_terms((*(c.formula for c in theory.claims), goal))
    names = [t for t in everything if t in defined or isinstance(t, Const | Num)]
    for n, t in enumerate(names):
        if n and not isinstance(t, Num):  # numerals are apart as they are, and come first
            apart: Formula = And(tuple(Not(Equal(t, u)) for u in names[:n]))
            claims.append(Claim(f"names {n}", apart, Axiom("closed", 0, "")))
    return Theory(tuple(claims))


def _classical(c: Claim, closed: AbstractSet[tuple[str, int]]) -> Formula:
    """The claim, in which `naf` before a closed predicate is plain negation."""
    f = c.formula
    if not isinstance(f, Rule):
        return f
    body: list[BodyLiteral] = []
    for b in f.body:
        if isinstance(b, Naf) and (b.body.pred, len(b.body.args)) not in closed:
            raise TheoryError(
                f"claim {c.label!r}: naf before {b.body.pred!r}/{len(b.body.args)}, which is open",
                hint=f"close it: closed {b.body.pred}/{len(b.body.args)}.",
            )
        body.append(Not(b.body) if isinstance(b, Naf) else b)
    return formula_of(replace(f, body=tuple(body)))


def compiled(theory: Theory) -> Theory:
    """A defeasible theory as rules with negation as failure (logic.defeasible_rules).

    Claim `label` becomes `label #1`, `label #2`, ...; rules of no claim stand under `#n`.
    Raises ValueError for a claim that is no rule.
    """
    rules = defeasible_rules([(c.label, c.formula) for c in theory.claims], theory.prefer)
    source = {c.label: c for c in theory.claims}
    none = Claim("none", TRUE, Axiom("defeasible", 0, ""))
    return Theory(
        tuple(
            replace(source.get(label, none), label=f"{label} #{n}", formula=r)
            for n, (label, r) in enumerate(rules, 1)
        )
    )


def original(label: str) -> str:
    """The claim's label, of a label in `compiled`; '' where it comes from none."""
    return label.rpartition(" #")[0]


def united(a: Theory, b: Theory) -> Theory:
    """What two theories say of the world, together: a theory without claims.

    A world is closed where one of them closes it; closed predicates and preferences are united.
    Raises TheoryError for chaining and defeasible rules together, and for what else does not fit.
    """
    chosen = [t.semantics for t in (a, b) if t.semantics is not Semantics.CLASSICAL]
    if len(set(chosen)) > 1:
        raise TheoryError(
            f"one part of the theory has {chosen[0]} semantics, another {chosen[1]} semantics",
            hint="a rule that is `normally` so makes a theory defeasible; keep the two apart",
        )
    return Theory(
        (),
        a.closed_world or b.closed_world,
        tuple(dict.fromkeys((*a.closed, *b.closed))),
        chosen[0] if chosen else Semantics.CLASSICAL,
        tuple(dict.fromkeys((*a.prefer, *b.prefer))),
    )

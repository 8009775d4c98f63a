"""OWL class and property expressions as formulas about a term, and implications from them.

Method: the direct semantics of OWL 2 (W3C 2012, tables 3 to 5) written out in first-order
logic with equality.  Knows RDF terms, names and logic.  Must not know claims, sources or files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TypeAlias

from neurosym.knowledge.names import Kind, literal_problem, split_iri
from neurosym.knowledge.rdf import OWL, RDF, RDFS, XSD, Blank, Iri, Literal, Node, RdfTriple, Resource
from neurosym.logic import (
    FALSE,
    TRUE,
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Num,
    Or,
    Term,
    Var,
    free_vars,
    substitute,
)

Symbol: TypeAlias = Callable[[Kind, Resource], str]
TermOf: TypeAlias = Callable[[Literal], Term]
MAX_CARDINALITY = 4  # a bound of n is written with n + 1 variables and their inequalities
MAX_ALTERNATIVES = 32  # an `or` on the left is split into so many implications at most
BUILTIN = (OWL, RDF, RDFS, XSD)


class Unsupported(Exception):
    """An expression that is not understood; the text is the reason."""


@dataclass(slots=True)
class Reader:
    """One graph while it is read: its triples by subject, how things are named, what was used."""

    about: dict[Node, dict[str, list[Node]]]
    symbol: Symbol
    term: TermOf
    known: Callable[[Iri], str | None]  # a symbol for labels, whatever its kind
    datatypes: frozenset[Node] = frozenset()
    used: set[RdfTriple] = field(default_factory=set)
    open: set[Node] = field(default_factory=set)  # expressions being read, against cycles

    def values(self, node: Node, predicate: str) -> list[Node]:
        """Objects of `node predicate ?`; they count as used."""
        found = self.about.get(node, {}).get(predicate, [])
        if isinstance(node, Iri | Blank):
            self.used.update((node, Iri(predicate), o) for o in found)
        return found

    def has(self, node: Node, predicate: str) -> bool:
        """Does the graph say anything by this predicate of the node?"""
        return predicate in self.about.get(node, {})


class Fresh:
    """Variables x, y, z, ... that one axiom does not use twice."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self) -> Var:
        self.n += 1
        return Var("xyzwuv"[self.n - 1] if self.n <= 6 else f"x{self.n - 6}")


def one(values: list[Node], what: str) -> Node:
    """The only one of the values.  Raises Unsupported for none and for several."""
    if len(values) != 1:
        raise Unsupported(f"expected one {what}, found {len(values)}")
    return values[0]


def rdf_list(r: Reader, node: Node) -> list[Node]:
    """The members of an RDF list.  Raises Unsupported for a broken or cyclic one."""
    out: list[Node] = []
    seen: set[Node] = set()
    while node != Iri(RDF + "nil"):
        if node in seen or not isinstance(node, Iri | Blank):
            raise Unsupported("the RDF list is cyclic or broken")
        seen.add(node)
        out.append(one(r.values(node, RDF + "first"), "rdf:first"))
        r.values(node, RDF + "type")
        node = one(r.values(node, RDF + "rest"), "rdf:rest")
    return out


def individual(r: Reader, node: Node) -> Term:
    """The term of a named thing, an unnamed one or a literal.  Raises Unsupported for a literal of no use."""
    if isinstance(node, Literal):
        if problem := literal_problem(node):
            raise Unsupported(problem)
        return r.term(node)
    return Const(r.symbol(Kind.INDIVIDUAL, node))


# --- properties ----------------------------------------------------------------------


def role(r: Reader, node: Node, a: Term, b: Term) -> Formula:
    """`a` stands in the property `node` to `b`."""
    if isinstance(node, Blank):
        return role(r, one(r.values(node, OWL + "inverseOf"), "owl:inverseOf"), b, a)
    if isinstance(node, Literal):
        raise Unsupported("a literal stands where a property is expected")
    if node.value in (OWL + "topObjectProperty", OWL + "topDataProperty"):
        return TRUE
    if node.value in (OWL + "bottomObjectProperty", OWL + "bottomDataProperty"):
        return FALSE
    if node.value.startswith(BUILTIN):
        raise Unsupported(f"<{node.value}> is not a property of the domain")
    return Atom(r.symbol(Kind.PROPERTY, node), (a, b))


# --- classes -------------------------------------------------------------------------


def member(r: Reader, c: Node, x: Term, fresh: Fresh) -> Formula:
    """`x` belongs to the class expression `c`.  Raises Unsupported with the reason."""
    if isinstance(c, Literal):
        raise Unsupported("a literal stands where a class is expected")
    if isinstance(c, Iri):
        if c.value in (OWL + "Thing", RDFS + "Resource", RDFS + "Literal"):
            return TRUE
        if c.value == OWL + "Nothing":
            return FALSE
        if c.value.startswith(XSD) or c in r.datatypes or c.value in _DATATYPES:
            raise Unsupported(f"the datatype {split_iri(c.value)[1]} is not reasoned about")
        if c.value.startswith(BUILTIN):
            raise Unsupported(f"<{c.value}> is not a class of the domain")
        return Atom(r.symbol(Kind.CLASS, c), (x,))
    if c in r.open:
        raise Unsupported("the class expression contains itself")
    r.open.add(c)
    try:
        return described(r, c, x, fresh)
    finally:
        r.open.discard(c)


_DATATYPES = {RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral", OWL + "real", OWL + "rational"}
CONNECTIVES = {OWL + n for n in ("intersectionOf", "unionOf", "complementOf", "oneOf")}


def described(r: Reader, c: Resource, x: Term, fresh: Fresh) -> Formula:
    """`x` fits the description that hangs on `c` itself."""
    r.values(c, RDF + "type")
    if r.has(c, OWL + "intersectionOf"):
        parts = rdf_list(r, one(r.values(c, OWL + "intersectionOf"), "owl:intersectionOf"))
        return And(tuple(member(r, p, x, fresh) for p in parts))
    if r.has(c, OWL + "unionOf"):
        parts = rdf_list(r, one(r.values(c, OWL + "unionOf"), "owl:unionOf"))
        return Or(tuple(member(r, p, x, fresh) for p in parts))
    if r.has(c, OWL + "complementOf"):
        return Not(member(r, one(r.values(c, OWL + "complementOf"), "owl:complementOf"), x, fresh))
    if r.has(c, OWL + "oneOf"):
        parts = rdf_list(r, one(r.values(c, OWL + "oneOf"), "owl:oneOf"))
        return Or(tuple(Equal(x, individual(r, p)) for p in parts))
    if r.has(c, OWL + "onProperty"):
        return _restriction(r, c, x, fresh)
    known = sorted(split_iri(p)[1] for p in r.about.get(c, {}) if p.startswith(BUILTIN))
    raise Unsupported(f"class expression with {', '.join(known) or 'no description'} is not understood")


def _restriction(r: Reader, c: Resource, x: Term, fresh: Fresh) -> Formula:
    p = one(r.values(c, OWL + "onProperty"), "owl:onProperty")
    if r.has(c, OWL + "someValuesFrom"):
        y, filler = fresh(), one(r.values(c, OWL + "someValuesFrom"), "filler")
        return Exists((y,), conj((role(r, p, x, y), member(r, filler, y, fresh))))
    if r.has(c, OWL + "allValuesFrom"):
        y, filler = fresh(), one(r.values(c, OWL + "allValuesFrom"), "filler")
        return Forall((y,), Implies(role(r, p, x, y), member(r, filler, y, fresh)))
    if r.has(c, OWL + "hasValue"):
        return role(r, p, x, individual(r, one(r.values(c, OWL + "hasValue"), "value")))
    if r.has(c, OWL + "hasSelf"):
        flag = one(r.values(c, OWL + "hasSelf"), "owl:hasSelf")
        if not (isinstance(flag, Literal) and flag.value in ("true", "1")):
            raise Unsupported("owl:hasSelf is not true")
        return role(r, p, x, x)
    parts: list[Formula] = []
    for name in ("minCardinality", "maxCardinality", "cardinality"):
        for qualified in (False, True):
            key = OWL + (_qualified(name) if qualified else name)
            if r.has(c, key):
                fillers = r.values(c, OWL + "onClass") + r.values(c, OWL + "onDataRange") if qualified else []
                bound = one(fillers, "filler") if qualified else None
                n = _count(one(r.values(c, key), "bound"))
                if name != "maxCardinality":
                    parts.append(_at_least(r, p, x, n, bound, fresh))
                if name != "minCardinality":
                    parts.append(_at_most(r, p, x, n, bound, fresh))
    if not parts:
        raise Unsupported("the restriction has no filler that is understood")
    return conj(tuple(parts))


def _qualified(name: str) -> str:
    return "qualifiedCardinality" if name == "cardinality" else f"{name[:3]}QualifiedCardinality"


def _count(n: Node) -> int:
    if not (isinstance(n, Literal) and n.value.isascii() and n.value.isdigit()):
        raise Unsupported("the cardinality is not a number")
    if len(n.value) > 9 or int(n.value) > MAX_CARDINALITY:
        raise Unsupported(
            f"cardinality {n.value[:9]} is above {MAX_CARDINALITY}, the largest that is written out"
        )
    return int(n.value)


def _fillers(
    r: Reader, p: Node, x: Term, ys: tuple[Var, ...], filler: Node | None, fresh: Fresh
) -> list[Formula]:
    out = [role(r, p, x, y) for y in ys]
    return out + ([member(r, filler, y, fresh) for y in ys] if filler is not None else [])


def _at_least(r: Reader, p: Node, x: Term, n: int, filler: Node | None, fresh: Fresh) -> Formula:
    ys = tuple(fresh() for _ in range(n))
    apart = [Not(Equal(a, b)) for a, b in combinations(ys, 2)]
    return Exists(ys, conj((*_fillers(r, p, x, ys, filler, fresh), *apart))) if ys else TRUE


def _at_most(r: Reader, p: Node, x: Term, n: int, filler: Node | None, fresh: Fresh) -> Formula:
    ys = tuple(fresh() for _ in range(n + 1))
    same = tuple(Equal(a, b) for a, b in combinations(ys, 2))
    return Forall(
        ys,
        Implies(conj(tuple(_fillers(r, p, x, ys, filler, fresh))), same[0] if len(same) == 1 else Or(same)),
    )


# --- implications --------------------------------------------------------------------


def conj(parts: tuple[Formula, ...]) -> Formula:
    """All parts as one formula, without conjunctions inside; a single part stays as it is."""
    flat = tuple(q for p in parts for q in (p.parts if isinstance(p, And) else (p,)))
    return flat[0] if len(flat) == 1 else And(flat)


def implications(body: Formula, head: Formula) -> list[Formula]:
    """Closed formulas that together say: for all values of the variables, `body` implies `head`.

    As many as possible fall into the rule fragment: conjunctive and universal heads are split
    and flattened, negative disjuncts move to the body, an `or` or a nominal in the body gives
    one implication each.  Empty where the implication holds trivially.
    """
    out: dict[Formula, None] = {}
    for b, h in _split((body,), head):
        for parts in _alternatives(b):
            formula = _closed(parts, h)
            if formula is not None:
                out[formula] = None
    return list(out)


def _split(body: tuple[Formula, ...], head: Formula) -> Iterator[tuple[tuple[Formula, ...], Formula]]:
    match head:
        case And(parts):
            for p in parts:
                yield from _split(body, p)
        case Forall(_, inner):
            yield from _split(body, inner)
        case Implies(a, b):
            yield from _split((*body, a), b)
        case Not(Or(parts)):
            for p in parts:
                yield from _split(body, Not(p))
        case Not(Not(inner)):
            yield from _split(body, inner)
        case Not(Exists(_, inner)):
            yield from _split(body, Not(inner))
        case Not(Implies(a, b)):
            yield from _split(body, And((a, Not(b))))
        case Not(And((*init, last))):
            yield from _split((*body, *init), Not(last))
        case Not(And(())):
            yield from _split(body, FALSE)
        case Not(Forall(vs, inner)):
            yield body, Exists(vs, _negated(inner))
        case Or(parts) if any(isinstance(p, Not) for p in parts):
            rest = tuple(p for p in parts if not isinstance(p, Not))
            yield from _split((*body, *(p.body for p in parts if isinstance(p, Not))), Or(rest))
        case Or((only,)):
            yield from _split(body, only)
        case _:
            yield body, head


def _negated(f: Formula) -> Formula:
    match f:
        case Implies(a, b):
            return conj((a, _negated(b)))
        case Not(inner):
            return inner
        case _:
            return Not(f)


def _alternatives(body: tuple[Formula, ...]) -> list[tuple[Formula, ...]]:
    """The body as conjunctions of flat parts; `exists` opens, since its variables are fresh."""
    flat: list[Formula] = []
    todo = list(reversed(body))
    while todo:
        match todo.pop():
            case And(parts):
                todo += reversed(parts)
            case Exists(_, inner):
                todo.append(inner)
            case Not(Not(inner)):
                todo.append(inner)
            case f:
                flat.append(f)
    choices: list[tuple[Formula, ...]] = [f.parts if isinstance(f, Or) else (f,) for f in flat]
    size = 1
    for c in choices:
        size *= len(c)
    if size > MAX_ALTERNATIVES:
        return [tuple(flat)]
    out: list[tuple[Formula, ...]] = []
    for choice in product(*choices):
        nested = any(isinstance(f, And | Or | Exists) for f in choice)
        out += _alternatives(choice) if nested else [choice]
    return out


def _closed(body: tuple[Formula, ...], head: Formula) -> Formula | None:
    """forall ... (body -> head), or None where that is trivially true."""
    parts = list(dict.fromkeys(body))
    for f in list(parts):
        # x = a -> p(x) says p(a): one rule without an equality to search through.
        if isinstance(f, Equal) and isinstance(f.left, Var) and isinstance(f.right, Const | Num):
            value = {f.left: f.right}
            parts = [substitute(p, value) for p in parts]
            head = substitute(head, value)
    parts = [p for p in dict.fromkeys(parts) if not (isinstance(p, Equal) and p.left == p.right)]
    if head in parts or head == TRUE:
        return None
    if head == FALSE and parts:
        at = max((i for i, p in enumerate(parts) if isinstance(p, Atom)), default=len(parts) - 1)
        head = Not(parts.pop(at))
    matrix: Formula = Implies(parts[0] if len(parts) == 1 else And(tuple(parts)), head) if parts else head
    vs = free_vars(matrix)
    return Forall(vs, matrix) if vs else matrix

"""RDFS and OWL 2 axioms as formulas: which triple says what.

Method: the mapping from RDF graphs to OWL 2 structures (W3C 2012, section 3.2), read triple by
triple.  Knows expressions; must not know claims or files.  What an axiom says is given as
`Said`; what is not understood is given with its reason, and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from neurosym.knowledge.expressions import (
    BUILTIN,
    CONNECTIVES,
    Fresh,
    Reader,
    Unsupported,
    described,
    implications,
    individual,
    member,
    one,
    rdf_list,
    role,
)
from neurosym.knowledge.names import Kind, split_iri
from neurosym.knowledge.rdf import OWL, RDF, RDFS, Blank, Iri, Literal, Node, RdfTriple, Resource
from neurosym.logic import TRUE, And, Atom, Equal, Forall, Formula, Iff, Not, Or, Term, Var

X, Y, Z = Var("x"), Var("y"), Var("z")


@dataclass(frozen=True, slots=True)
class Said:
    """A formula, the words of its label, or (formula None) the reason why part of it is left out."""

    formula: Formula | None
    words: tuple[str, ...] = ()
    reason: str = ""


def say(r: Reader, t: RdfTriple) -> list[Said]:
    """What the triple says.  Raises Unsupported where nothing of it is understood."""
    s, p, o = t
    if p.value == RDF + "type":
        if isinstance(o, Iri) and (rule := CHARACTERISTICS.get(o.value)):
            return [Said(f, (describe(r, s), split_iri(o.value)[1])) for f in rule(r, s)]
        if isinstance(o, Iri) and (group := GROUPS.get(o.value)):
            return list(group(r, s))
        return [Said(f, (_named(r, s), "type", describe(r, o))) for f in _instance(r, s, o)]
    if axiom := AXIOMS.get(p.value):
        return list(axiom(r, s, o))
    fact = role(r, p, individual(r, s), individual(r, o))
    return [Said(fact, (_named(r, s), describe(r, p), _named(r, o)))]


def _named(r: Reader, n: Node) -> str:
    return n.value if isinstance(n, Literal) else r.symbol(Kind.INDIVIDUAL, n)


def _instance(r: Reader, s: Resource, c: Node) -> list[Formula]:
    a = individual(r, s)
    if isinstance(c, Iri):
        return [member(r, c, a, Fresh())]
    fresh = Fresh()
    return _some(implications(TRUE, member(r, c, a, fresh)))


def _some(found: list[Formula]) -> list[Formula]:
    if not found:
        raise Unsupported("it holds of everything, so it says nothing")
    return found


# --- axioms that are one triple --------------------------------------------------------


def _subclass(r: Reader, c: Node, d: Node, word: str = "subclass_of") -> Iterator[Said]:
    label = (describe(r, c), word, describe(r, d))
    if isinstance(d, Blank) and r.has(d, OWL + "intersectionOf"):
        # Part by part, so that one part that is not understood does not lose the others.
        r.values(d, RDF + "type")
        for part in rdf_list(r, one(r.values(d, OWL + "intersectionOf"), "owl:intersectionOf")):
            yield from _subclass(r, c, part, word)
        return
    fresh = Fresh()
    x = fresh()
    yield from _each(label, lambda: implications(member(r, c, x, fresh), member(r, d, x, fresh)))


def _each(label: tuple[str, ...], build: Callable[[], list[Formula]]) -> Iterator[Said]:
    try:
        for f in _some(build()):
            yield Said(f, label)
    except Unsupported as e:
        yield Said(None, label, str(e))


def _equivalent(r: Reader, c: Node, d: Node) -> Iterator[Said]:
    if isinstance(c, Iri) and isinstance(d, Iri):
        here, there = member(r, c, X, Fresh()), member(r, d, X, Fresh())
        if isinstance(here, Atom) and isinstance(there, Atom):
            yield Said(Forall((X,), Iff(here, there)), (describe(r, c), "same_class_as", describe(r, d)))
            return
    yield from _subclass(r, c, d)
    yield from _subclass(r, d, c)


def _connective(r: Reader, c: Resource, _: Node) -> Iterator[Said]:
    """`:C owl:unionOf (...)` on a named class: an equivalence in the style of OWL 1."""
    fresh = Fresh()
    x = fresh()
    there, here = member(r, c, x, fresh), described(r, c, x, fresh)
    label = (describe(r, c), "same_class_as", "its_parts")
    yield from _each(label, lambda: implications(there, here) + implications(here, there))


def _disjoint(r: Reader, c: Node, d: Node) -> Iterator[Said]:
    fresh = Fresh()
    x = fresh()
    label = (describe(r, c), "disjoint_with", describe(r, d))
    yield from _each(label, lambda: implications(member(r, c, x, fresh), Not(member(r, d, x, fresh))))


def _disjoint_union(r: Reader, c: Node, parts: Node) -> Iterator[Said]:
    members = rdf_list(r, parts)
    for m in members:
        yield from _subclass(r, m, c)
    fresh = Fresh()
    x = fresh()
    from_parts = [member(r, m, x, fresh) for m in members]
    label = (describe(r, c), "is_one_of", *(describe(r, m) for m in members))
    yield from _each(label, lambda: implications(member(r, c, x, fresh), Or(tuple(from_parts))))
    for a, b in combinations(members, 2):
        yield from _disjoint(r, a, b)


def _domain(r: Reader, p: Node, c: Node) -> Iterator[Said]:
    fresh = Fresh()
    x, y = fresh(), fresh()
    label = (describe(r, p), "domain", describe(r, c))
    yield from _each(label, lambda: implications(role(r, p, x, y), member(r, c, x, fresh)))


def _range(r: Reader, p: Node, c: Node) -> Iterator[Said]:
    fresh = Fresh()
    x, y = fresh(), fresh()
    label = (describe(r, p), "range", describe(r, c))
    yield from _each(label, lambda: implications(role(r, p, x, y), member(r, c, y, fresh)))


def _subproperty(r: Reader, p: Node, q: Node) -> Iterator[Said]:
    label = (describe(r, p), "subproperty_of", describe(r, q))
    yield from _each(label, lambda: implications(role(r, p, X, Y), role(r, q, X, Y)))


def _equivalent_property(r: Reader, p: Node, q: Node) -> Iterator[Said]:
    here, there = role(r, p, X, Y), role(r, q, X, Y)
    if isinstance(here, Atom) and isinstance(there, Atom):
        yield Said(Forall((X, Y), Iff(here, there)), (describe(r, p), "same_property_as", describe(r, q)))
        return
    yield from _subproperty(r, p, q)
    yield from _subproperty(r, q, p)


def _inverse(r: Reader, p: Node, q: Node) -> Iterator[Said]:
    f = Forall((X, Y), Iff(role(r, p, X, Y), role(r, q, Y, X)))
    yield Said(f, (describe(r, p), "inverse_of", describe(r, q)))


def _disjoint_property(r: Reader, p: Node, q: Node) -> Iterator[Said]:
    label = (describe(r, p), "disjoint_with", describe(r, q))
    yield from _each(label, lambda: implications(role(r, p, X, Y), Not(role(r, q, X, Y))))


def _chain(r: Reader, p: Node, steps: Node) -> Iterator[Said]:
    fresh = Fresh()
    at = first = fresh()
    links: list[Formula] = []
    names = []
    for step in rdf_list(r, steps):
        following = fresh()
        links.append(role(r, step, at, following))
        names.append(describe(r, step))
        at = following
    label = (*names, "chain_to", describe(r, p))
    yield from _each(label, lambda: implications(And(tuple(links)), role(r, p, first, at)))


def _same(r: Reader, s: Node, o: Node) -> Iterator[Said]:
    yield Said(Equal(individual(r, s), individual(r, o)), (describe(r, s), "same_as", describe(r, o)))


def _different(r: Reader, s: Node, o: Node) -> Iterator[Said]:
    yield Said(
        Not(Equal(individual(r, s), individual(r, o))), (describe(r, s), "different_from", describe(r, o))
    )


def _key(r: Reader, c: Node, parts: Node) -> Iterator[Said]:
    rdf_list(r, parts)
    raise Unsupported("an OWL key speaks of named individuals only, which a formula cannot say")


AXIOMS: dict[str, Callable[[Reader, Resource, Node], Iterator[Said]]] = {
    RDFS + "subClassOf": _subclass,
    RDFS + "subPropertyOf": _subproperty,
    RDFS + "domain": _domain,
    RDFS + "range": _range,
    OWL + "equivalentClass": _equivalent,
    OWL + "equivalentProperty": _equivalent_property,
    OWL + "disjointWith": _disjoint,
    OWL + "disjointUnionOf": _disjoint_union,
    OWL + "inverseOf": _inverse,
    OWL + "propertyDisjointWith": _disjoint_property,
    OWL + "propertyChainAxiom": _chain,
    OWL + "sameAs": _same,
    OWL + "differentFrom": _different,
    OWL + "hasKey": _key,
    **dict.fromkeys(sorted(CONNECTIVES), _connective),
}


# --- kinds of properties ---------------------------------------------------------------


def _rule(
    body: Callable[[Callable[[Term, Term], Formula]], Formula],
    head: Callable[[Callable[[Term, Term], Formula]], Formula],
) -> Callable[[Reader, Node], list[Formula]]:
    def build(r: Reader, p: Node) -> list[Formula]:
        def atom(a: Term, b: Term) -> Formula:
            return role(r, p, a, b)

        return _some(implications(body(atom), head(atom)))

    return build


CHARACTERISTICS: dict[str, Callable[[Reader, Node], list[Formula]]] = {
    OWL + "SymmetricProperty": _rule(lambda p: p(X, Y), lambda p: p(Y, X)),
    OWL + "AsymmetricProperty": _rule(lambda p: p(X, Y), lambda p: Not(p(Y, X))),
    OWL + "TransitiveProperty": _rule(lambda p: And((p(X, Y), p(Y, Z))), lambda p: p(X, Z)),
    OWL + "ReflexiveProperty": _rule(lambda p: TRUE, lambda p: p(X, X)),
    OWL + "IrreflexiveProperty": _rule(lambda p: TRUE, lambda p: Not(p(X, X))),
    OWL + "FunctionalProperty": _rule(lambda p: And((p(X, Y), p(X, Z))), lambda p: Equal(Y, Z)),
    OWL + "InverseFunctionalProperty": _rule(lambda p: And((p(X, Z), p(Y, Z))), lambda p: Equal(X, Y)),
}


# --- axioms with a node of their own ---------------------------------------------------


def _members(r: Reader, s: Resource) -> list[Node]:
    lists = r.values(s, OWL + "members") + r.values(s, OWL + "distinctMembers")
    return rdf_list(r, one(lists, "owl:members"))


def _all_different(r: Reader, s: Resource) -> Iterator[Said]:
    for a, b in combinations(_members(r, s), 2):
        yield from _different(r, a, b)


def _all_disjoint(r: Reader, s: Resource) -> Iterator[Said]:
    for a, b in combinations(_members(r, s), 2):
        yield from _disjoint(r, a, b)


def _all_disjoint_properties(r: Reader, s: Resource) -> Iterator[Said]:
    for a, b in combinations(_members(r, s), 2):
        yield from _disjoint_property(r, a, b)


def _negative(r: Reader, s: Resource) -> Iterator[Said]:
    source = one(r.values(s, OWL + "sourceIndividual"), "owl:sourceIndividual")
    p = one(r.values(s, OWL + "assertionProperty"), "owl:assertionProperty")
    target = one(r.values(s, OWL + "targetIndividual") + r.values(s, OWL + "targetValue"), "target")
    fact = role(r, p, individual(r, source), individual(r, target))
    yield Said(Not(fact), ("not", describe(r, source), describe(r, p), describe(r, target)))


GROUPS: dict[str, Callable[[Reader, Resource], Iterator[Said]]] = {
    OWL + "AllDifferent": _all_different,
    OWL + "AllDisjointClasses": _all_disjoint,
    OWL + "AllDisjointProperties": _all_disjoint_properties,
    OWL + "NegativePropertyAssertion": _negative,
}


# --- words for labels ------------------------------------------------------------------

_SHORT = {
    OWL + "someValuesFrom": "some", OWL + "allValuesFrom": "only", OWL + "hasValue": "value",
    OWL + "hasSelf": "self",
    OWL + "minCardinality": "min", OWL + "maxCardinality": "max", OWL + "cardinality": "exactly",
    OWL + "minQualifiedCardinality": "min", OWL + "maxQualifiedCardinality": "max",
    OWL + "qualifiedCardinality": "exactly",
}  # fmt: skip


def describe(r: Reader, n: Node, depth: int = 3) -> str:
    """A few words for a node, for labels only; reads without marking anything as used."""
    if isinstance(n, Literal):
        return n.value
    about = r.about.get(n, {})
    if isinstance(n, Iri):
        return split_iri(n.value)[1] if n.value.startswith(BUILTIN) else _known(r, n)
    if depth == 0:
        return n.name
    if inverse := about.get(OWL + "inverseOf"):
        return f"inverse_{describe(r, inverse[0], depth - 1)}"
    if complement := about.get(OWL + "complementOf"):
        return f"not_{describe(r, complement[0], depth - 1)}"
    if prop := about.get(OWL + "onProperty"):
        for key, word in _SHORT.items():
            if filler := about.get(key):
                return f"{word}_{describe(r, prop[0], depth - 1)}_{describe(r, filler[0], depth - 1)}"
    for key, word in ((OWL + "intersectionOf", "_and_"), (OWL + "unionOf", "_or_")):
        if lists := about.get(key):
            return word.join(describe(r, m, depth - 1) for m in _peek(r, lists[0]))
    return n.name


def _peek(r: Reader, node: Node) -> list[Node]:
    out: list[Node] = []
    while len(out) < 3 and (first := r.about.get(node, {}).get(RDF + "first")):
        out.append(first[0])
        node = next(iter(r.about[node].get(RDF + "rest", [])), node)
    return out


def _known(r: Reader, n: Iri) -> str:
    """The symbol an IRI already has, whatever its kind; its local name otherwise."""
    return r.known(n) or split_iri(n.value)[1]

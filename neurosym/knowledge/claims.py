"""Graphs to claims: facts as ground atoms, axioms as formulas, and an account of every triple.

Knows RDF terms, axioms, names and claims.  Must not know files or solvers.  Every triple ends
in exactly one of four places: the source of a claim, the structure of one (`used`), the
annotations (labels, comments, declarations), or `ignored` with the reason.

Blank nodes are read as constants of their own (`blank_...`), the Skolem form of "there is
something": sound for what is told; a question about "something" is asked with `exists`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.knowledge.axioms import AXIOMS, CHARACTERISTICS, GROUPS, say
from neurosym.knowledge.expressions import BUILTIN, CONNECTIVES, Reader, Unsupported
from neurosym.knowledge.names import (
    Kind,
    Vocabulary,
    literal_term,
    name_entries,
    name_literals,
    split_iri,
)
from neurosym.knowledge.rdf import (
    OWL,
    RDF,
    RDFS,
    SKOS,
    Blank,
    Graph,
    Iri,
    Literal,
    Node,
    RdfTriple,
    Resource,
    show_node,
    show_triple,
)
from neurosym.logic import Formula, Term
from neurosym.theory import Claim, Triple

PREFIX = "kg:"  # of the labels of claims that come from graphs
MAX_LABEL = 72

_DECLARATIONS = {OWL + n for n in (
    "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Thing",
    "Ontology", "OntologyProperty", "DeprecatedClass", "DeprecatedProperty",
)} | {RDFS + "Class", RDFS + "Resource", RDF + "Property", RDFS + "Literal"}  # fmt: skip
_CLASS_TYPES = {OWL + "Class", RDFS + "Class", OWL + "DeprecatedClass"}
_PROPERTY_TYPES = {OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property"}
_STRUCTURE_TYPES = {OWL + n for n in ("Restriction", "DataRange")} | {RDF + "List"}
_META_TYPES = {OWL + n for n in ("Ontology", "Axiom", "Annotation")}
_STRUCTURE = {RDF + "first", RDF + "rest"} | {OWL + n for n in (
    "onProperty", "onProperties", "someValuesFrom", "allValuesFrom", "hasValue", "hasSelf", "minCardinality",
    "maxCardinality", "cardinality", "minQualifiedCardinality", "maxQualifiedCardinality",
    "qualifiedCardinality",
    "onClass", "onDataRange", "onDatatype", "withRestrictions", "datatypeComplementOf", "members",
    "distinctMembers", "sourceIndividual", "assertionProperty", "targetIndividual", "targetValue",
)}  # fmt: skip
_LABELS = {RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel"}
_NOTES = _LABELS | {RDFS + n for n in ("comment", "seeAlso", "isDefinedBy")} | {OWL + n for n in (
    "versionInfo", "deprecated", "imports", "versionIRI", "priorVersion", "backwardCompatibleWith",
    "incompatibleWith",
)} | {SKOS + n for n in (
    "definition", "note", "scopeNote", "example", "editorialNote", "historyNote", "changeNote",
)}  # fmt: skip
_DUBLIN_CORE = ("http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A triple, in N-Triples notation, that became no claim or not wholly one, and why."""

    triple: str
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Claims read from graphs, and what became of the rest.

    ignored: all that is not understood, with the reason; annotations: labels, comments,
    declarations and headers, which say nothing of the domain; notes: from reading the files.
    """

    claims: tuple[Claim, ...]
    vocabulary: Vocabulary
    ignored: tuple[Ignored, ...] = ()
    annotations: tuple[RdfTriple, ...] = ()
    notes: tuple[str, ...] = ()


def claims_of(*graphs: Graph) -> KnowledgeBase:
    """The claims of graphs that are read together, in the order of the graphs.

    Labels are unique and do not depend on the order of triples.  Names given to an earlier
    graph do not change when a later one is added.  Claims carry score 1.
    """
    vocabulary = Vocabulary()
    claims: list[Claim] = []
    labels: set[str] = set()
    ignored: list[Ignored] = []
    annotations: list[RdfTriple] = []
    notes: list[str] = []
    context = _Context(graphs)
    for g in graphs:
        vocabulary = _extended(vocabulary, g, context)
        told = _tell(g, vocabulary, context)
        claims += _labelled(g.document, told.said, labels)
        ignored += (Ignored(show_triple(t), reason, g.document) for t, reason in told.ignored)
        annotations += told.annotations
        notes += [f"{g.document}: {n}" if g.document else n for n in g.notes]
    return KnowledgeBase(tuple(claims), vocabulary, tuple(ignored), tuple(annotations), tuple(notes))


class _Context:
    """What the graphs together say about the roles of their IRIs."""

    def __init__(self, graphs: Iterable[Graph]) -> None:
        self.annotation: set[Node] = set()  # annotation properties
        self.datatypes: set[Node] = set()
        self.meta: set[Node] = set()  # ontologies and annotated axioms
        self.terms: set[Node] = set()  # classes and properties
        self.labels: dict[Resource, list[tuple[int, str, str]]] = defaultdict(list)
        individuals: set[Node] = set()
        for g in graphs:
            for s, p, o in g.triples:
                if p.value == RDF + "type" and isinstance(o, Iri):
                    if o.value == OWL + "AnnotationProperty":
                        self.annotation.add(s)
                    elif o.value == RDFS + "Datatype":
                        self.datatypes.add(s)
                    elif o.value in _META_TYPES:
                        self.meta.add(s)
                    elif o.value in _CLASS_TYPES | _PROPERTY_TYPES or o.value in CHARACTERISTICS:
                        self.terms.add(s)
                    elif not o.value.startswith(BUILTIN):
                        individuals.add(s)
                elif p.value in _LABELS and isinstance(o, Literal):
                    rank = (p.value != RDFS + "label") + 2 * (
                        o.lang not in ("", "en") and not o.lang.startswith("en-")
                    )
                    self.labels[s].append((rank, o.lang, o.value))
        self.annotation -= self.terms

    def names(self, languages: bool) -> dict[Resource, tuple[str, ...]]:
        """Labels, best first: rdfs:label before skos, English before others."""
        return {
            s: tuple(dict.fromkeys(v for rank, _, v in sorted(found) if languages or rank < 2))
            for s, found in self.labels.items()
        }


@dataclass(frozen=True, slots=True)
class _Told:
    said: list[tuple[RdfTriple, str, Formula]]
    ignored: list[tuple[RdfTriple, str]]
    annotations: list[RdfTriple]


def _extended(vocabulary: Vocabulary, g: Graph, context: _Context) -> Vocabulary:
    """The vocabulary with the names that `g` needs: a first reading that only collects them."""
    wanted: dict[tuple[Kind, Resource], None] = {}
    literals: dict[Literal, None] = {}

    def symbol(kind: Kind, node: Resource) -> str:
        wanted[kind, node] = None
        return "?"

    def term(literal: Literal) -> Term:
        literals[literal] = None
        return literal_term(literal)

    _read(g, _reader(g, symbol, term, lambda n: None, context), context)
    for s, p, o in g.triples:
        # Terms that are declared but stand in no axiom still have names that text may use.
        if (
            p.value == RDF + "type"
            and isinstance(s, Iri)
            and isinstance(o, Iri)
            and not s.value.startswith(BUILTIN)
        ):
            if o.value in _CLASS_TYPES:
                wanted[Kind.CLASS, s] = None
            elif o.value in _PROPERTY_TYPES and s not in context.annotation:
                wanted[Kind.PROPERTY, s] = None
            elif o.value in (OWL + "NamedIndividual", OWL + "Thing"):
                wanted[Kind.INDIVIDUAL, s] = None
    prefixes = tuple(dict.fromkeys(vocabulary.prefixes + g.prefixes))
    entries = name_entries(wanted, context.names(True), context.names(False), prefixes, vocabulary.entries)
    return Vocabulary(tuple(entries), tuple(name_literals(literals, vocabulary.literals)), prefixes)


def _tell(g: Graph, vocabulary: Vocabulary, context: _Context) -> _Told:
    def symbol(kind: Kind, node: Resource) -> str:
        found = vocabulary.symbol(kind, node)
        if found is None:  # the first reading named all that the second one meets
            raise AssertionError(f"{show_node(node)} has no name")
        return found

    def term(literal: Literal) -> Term:
        return vocabulary.term_of(literal) or literal_term(literal)

    def known(node: Iri) -> str | None:
        for kind in (Kind.CLASS, Kind.PROPERTY, Kind.INDIVIDUAL):
            if found := vocabulary.symbol(kind, node):
                return found
        return None

    return _read(g, _reader(g, symbol, term, known, context), context)


def _reader(g: Graph, symbol: object, term: object, known: object, context: _Context) -> Reader:
    about: dict[Node, dict[str, list[Node]]] = {}
    for s, p, o in g.triples:
        about.setdefault(s, {}).setdefault(p.value, []).append(o)
    return Reader(about, symbol, term, known, frozenset(context.datatypes))  # type: ignore[arg-type]


def _read(g: Graph, r: Reader, context: _Context) -> _Told:
    told = _Told([], [], [])
    later: list[RdfTriple] = []
    for t in g.triples:
        where = _place(t, context, r)
        if where == "annotation":
            told.annotations.append(t)
        elif where == "structure":
            later.append(t)
        elif where:
            told.ignored.append((t, where))
        else:
            try:
                for said in say(r, t):
                    if said.formula is None:
                        told.ignored.append((t, said.reason))
                    else:
                        told.said.append((t, "_".join(said.words), said.formula))
            except Unsupported as e:
                told.ignored.append((t, str(e)))
    for t in later:
        if t not in r.used:
            told.ignored.append((t, "it belongs to no axiom that is understood"))
    return told


def _place(t: RdfTriple, context: _Context, r: Reader) -> str:
    """ "annotation", "structure", the reason to ignore the triple, or "" for one that says something."""
    s, p, o = t
    if s in context.meta or p.value in _NOTES or p in context.annotation:
        return "annotation"
    if p.value.startswith(_DUBLIN_CORE) and s in context.terms:
        return "annotation"
    if p.value == RDF + "type" and isinstance(o, Iri):
        if o.value in _STRUCTURE_TYPES or (isinstance(s, Blank) and o.value in _CLASS_TYPES):
            return "structure"
        if o.value in _DECLARATIONS:
            return "annotation"
        if o.value == RDFS + "Datatype":
            return "structure" if isinstance(s, Blank) else "annotation"
        if o.value in CHARACTERISTICS or o.value in GROUPS:
            return ""
        return f"{_short(o)} is not understood" if o.value.startswith(BUILTIN) else ""
    if p.value in _STRUCTURE:
        return "structure"
    if isinstance(s, Blank) and (p.value in CONNECTIVES or p.value == OWL + "inverseOf"):
        return "structure"
    if p.value in AXIOMS or p.value == RDF + "type":
        return ""
    if p.value in (OWL + "topObjectProperty", OWL + "topDataProperty"):
        return "it holds of everything, so it says nothing"
    return f"{_short(p)} is not understood" if p.value.startswith(BUILTIN) else ""


_SHORT = {OWL: "owl:", RDF: "rdf:", RDFS: "rdfs:"}


def _short(n: Iri) -> str:
    namespace, local = split_iri(n.value)
    return _SHORT.get(namespace, namespace) + local


# --- labels ----------------------------------------------------------------------------


def _labelled(document: str, said: list[tuple[RdfTriple, str, Formula]], used: set[str]) -> list[Claim]:
    """Claims with unique labels that are added to `used`.

    Triples that share a readable label all get a hash as well, so that the label of one does
    not depend on which others stand before it.  Several formulas of one triple are numbered.
    """
    said = list(dict.fromkeys(said))
    plain = [_plain(words) for _, words, _ in said]
    sharing: dict[str, set[RdfTriple]] = defaultdict(set)
    for (t, _, _), label in zip(said, plain, strict=True):
        sharing[label].add(t)
    out = []
    for (t, _, formula), label in zip(said, plain, strict=True):
        if len(sharing[label]) > 1:
            label = f"{label}~{hashlib.sha256(show_triple(t).encode()).hexdigest()[:6]}"
        base, n = label, 1
        while label in used:
            n += 1
            label = f"{base}.{n}"
        used.add(label)
        s, p, o = (show_node(n) for n in t)
        out.append(Claim(label, formula, Triple(document, s, p, o)))
    return out


def _plain(words: str) -> str:
    text = re.sub(r"\W+", "_", words).strip("_") or "claim"
    if len(text) > MAX_LABEL:
        text = f"{text[: MAX_LABEL - 9].rstrip('_')}~{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    return PREFIX + text

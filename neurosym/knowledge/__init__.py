"""Knowledge graphs in and out: RDF and OWL files <-> claims, linking, and the network view.

    read_graph(path) -> Graph              Turtle, RDF/XML, N-Triples, JSON-LD; no network
    claims_of(*graphs) -> KnowledgeBase    facts and axioms as claims, an account of the rest
    triples_of(claims, vocabulary)         and back; write_graph, write_derived make files
    link(statement, vocabulary)            words of text -> symbols of the graph
    edges(kb), as_networkx(kb)             the network, for analogy and paths

The only room that imports rdflib and networkx, each inside the functions that need it.  Knows
logic and claims; must not know the parser, solvers, planning or how answers are shown.
"""

from neurosym.knowledge.claims import Ignored, KnowledgeBase, claims_of
from neurosym.knowledge.linking import Linked, link, link_compounds, link_report
from neurosym.knowledge.names import Entry, Kind, Vocabulary
from neurosym.knowledge.network import as_networkx, edges
from neurosym.knowledge.rdf import Blank, Graph, Iri, Literal, RdfTriple, read_node, show_node, show_triple
from neurosym.knowledge.reading import parse_graph, read_graph
from neurosym.knowledge.writing import (
    Derived,
    Export,
    export,
    serialize,
    triples_of,
    write_derived,
    write_graph,
)

__all__ = [
    "Blank", "Derived", "Entry", "Export", "Graph", "Ignored", "Iri", "Kind", "KnowledgeBase", "Linked",
    "Literal", "RdfTriple", "Vocabulary", "as_networkx", "claims_of", "edges", "export",
    "link", "link_compounds", "link_report",
    "parse_graph", "read_graph", "read_node", "serialize", "show_node", "show_triple", "triples_of",
    "write_derived", "write_graph",
]  # fmt: skip

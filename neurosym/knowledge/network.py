"""A knowledge base as a network: nodes are individuals and classes, edges are properties.

The only module that imports networkx, and only inside a function.  Knows logic and claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from neurosym.knowledge.claims import KnowledgeBase
from neurosym.logic import Atom, Const, Forall, Implies, Num, Var
from neurosym.theory import Claim

if TYPE_CHECKING:
    import networkx as nx

TYPE, SUBCLASS = "type", "subclass_of"  # the predicates of edges that no property names
Edge: TypeAlias = tuple[str, str, str, str]


def edges(kb: KnowledgeBase | Iterable[Claim]) -> tuple[Edge, ...]:
    """(subject, predicate, object, claim label), sorted.

    Ground binary atoms give an edge with their predicate, ground unary atoms one with `type`
    to the class, and "all A are B" one with `subclass_of`.  Other claims have no edge.
    """
    claims = kb.claims if isinstance(kb, KnowledgeBase) else kb
    return tuple(sorted(e for c in claims if (e := _edge(c)) is not None))


def _edge(claim: Claim) -> Edge | None:
    match claim.formula:
        case Atom(pred, (Const(a),)):
            return (a, TYPE, pred, claim.label)
        case Atom(pred, (Const(a), Const(b))):
            return (a, pred, b, claim.label)
        case Atom(pred, (Const(a), Num(n))):
            return (a, pred, str(n), claim.label)
        case Forall((v,), Implies(Atom(c, (Var() as x,)), Atom(d, (Var() as y,)))) if x == y == v:
            return (c, SUBCLASS, d, claim.label)
        case _:
            return None


def as_networkx(kb: KnowledgeBase | Iterable[Claim]) -> nx.MultiDiGraph[str]:
    """The edges as a networkx graph; each edge has its predicate as key and `label`.

    Two claims of one edge keep the label that sorts first.
    """
    import networkx as nx

    out: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for s, p, o, label in edges(kb):
        if not out.has_edge(s, o, key=p):
            out.add_edge(s, o, key=p, label=label)
    return out

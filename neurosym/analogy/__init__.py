"""Analogies: hypotheses about a graph, never inferences.

proportion       a is to b as c is to what, with the relations that speak for it
map_structures   which things of two descriptions correspond, and what may be carried over
"""

from neurosym.analogy.edges import TYPE, Edge
from neurosym.analogy.mapping import StructureMapping, map_structures
from neurosym.analogy.proportion import AnalogyAnswer, Proportion, RelationPair, proportion

__all__ = [
    "TYPE",
    "AnalogyAnswer",
    "Edge",
    "Proportion",
    "RelationPair",
    "StructureMapping",
    "map_structures",
    "proportion",
]

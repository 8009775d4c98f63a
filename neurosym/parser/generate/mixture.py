"""How often each family of constructions is made: the mixture that the parser learns from.

Knows the families; must not know how any of them is made.  A weight is a share of all
statements, or of all sentences that are more than a statement with a full stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from neurosym.parser.generate import (
    captions,
    chapters,
    conditionals,
    counting,
    couples,
    donkeys,
    forward,
    gapping,
    gatherings,
    generals,
    households,
    kin,
    lumps,
    mixed,
    norms,
    objects,
    opaque,
    orders,
    passages,
    reference,
    rules,
    sentences,
    tellings,
    variants,
    wordings,
)
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree
from neurosym.parser.generate.nouns import Words

T = TypeVar("T")
Maker: TypeAlias = Callable[[G], tuple[Words, Tree]]
Whole: TypeAlias = Callable[[G], tuple[Words, Tree, str]]

CORE: tuple[tuple[float, Maker], ...] = (
    (0.27, sentences.fact), (0.05, sentences.relation_fact), (0.01, sentences.weather),
    (0.2, sentences.universal), (0.04, sentences.negative), (0.015, sentences.not_all),
    (0.02, sentences.only), (0.05, sentences.existential), (0.035, sentences.coordination),
    (0.012, sentences.not_the_case), (0.22, conditionals.conditional), (0.06, conditionals.ground),
    (0.015, conditionals.equivalence), (0.02, conditionals.exception),
    (0.035, conditionals.two_variables),
)  # fmt: skip

STATEMENTS: tuple[tuple[float, tuple[tuple[float, Maker], ...]], ...] = (
    (0.35, CORE), (0.07, rules.STATEMENTS), (0.03, wordings.STATEMENTS), (0.08, generals.STATEMENTS),
    (0.08, mixed.STATEMENTS), (0.04, chapters.STATEMENTS), (0.04, passages.STATEMENTS),
    (0.06, norms.STATEMENTS), (0.03, opaque.STATEMENTS), (0.08, lumps.STATEMENTS),
    (0.07, captions.STATEMENTS), (0.05, counting.STATEMENTS), (0.07, orders.STATEMENTS),
    (0.01, kin.STATEMENTS), (0.04, reference.STATEMENTS), (0.04, variants.STATEMENTS),
    (0.07, donkeys.STATEMENTS), (0.055, gapping.STATEMENTS), (0.08, objects.STATEMENTS),
)  # fmt: skip

SENTENCES: tuple[tuple[float, tuple[tuple[float, Whole], ...]], ...] = (
    (0.55, kin.SENTENCES), (0.24, households.SENTENCES), (0.12, couples.SENTENCES), (0.06, forward.SENTENCES),
    (0.29, gatherings.SENTENCES), (0.21, tellings.SENTENCES),
    (0.17, norms.SENTENCES), (0.08, captions.SENTENCES), (0.06, counting.SENTENCES),
    (0.32, orders.SENTENCES), (0.08, lumps.SENTENCES), (0.04, opaque.SENTENCES), (0.08, reference.SENTENCES),
    (0.05, variants.SENTENCES), (0.06, passages.SENTENCES), (0.24, objects.SENTENCES),
)  # fmt: skip
WHOLE = 0.265  # the share of SENTENCES; the rest are statements and core questions


def drawn(g: G, families: Sequence[tuple[float, Sequence[tuple[float, Callable[[G], T]]]]]) -> T:
    """What a maker makes, of a family drawn by weight."""
    return g.choose(*g.choose(*families))(g)

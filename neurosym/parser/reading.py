"""What a parser returns: readings of sentences, with spans and scores.

Every parser (neural, grammar baseline, gold) returns these types and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from neurosym.logic import Formula, Var
from neurosym.theory import Span


class Act(StrEnum):
    """What a sentence does."""

    TELL = "tell"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one sentence.

    `variables` are the free variables of `formula` that a wh-question asks for; `count`
    marks "how many"; `score` in [0, 1] is the calibrated probability that the reading is
    right; `presuppositions` are what its definite descriptions take for granted ("the cow":
    cow(cow)); `tokens` is the raw target sequence, for inspection.
    """

    act: Act
    formula: Formula
    score: float
    variables: tuple[Var, ...] = ()
    count: bool = False
    presuppositions: tuple[Formula, ...] = ()
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence and its readings, best first.  Without readings, `reason` says why."""

    span: Span
    readings: tuple[Reading, ...]
    reason: str = ""


class TextParser(Protocol):
    name: str

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """Split `text` into sentences and read each.  Raises ParserError for unusable input."""
        ...

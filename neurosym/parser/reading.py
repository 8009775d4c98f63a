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
    COMMAND = "command"  # what somebody is told to make true


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A mention whose antecedent stands in another sentence: "he", "the former", "her" (her mother).

    `constant` is its name in the formula until it is resolved; [start, end) are the characters
    of the mention in the document.
    """

    constant: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention is taken to refer to, with the probability that it does.

    `parts`: those of a formula that is an And which speak of it; all of them where there are none.
    """

    anaphor: Anaphor
    antecedent: str  # a constant of the document
    score: float
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one sentence.

    `variables` are the free variables of `formula` that a wh-question asks for; `count`
    marks "how many"; `score` in [0, 1] is the calibrated probability that the reading is
    right; `presuppositions` are what its definite descriptions take for granted ("the cow":
    cow(cow)); `tokens` is the raw target sequence, for inspection.  `partial`: the sentence says
    at least this, and more.  `anaphors` are the mentions that `formula` still names by constants of
    their own; `resolutions` those that have been resolved, where `formula` names the antecedent.
    """

    act: Act
    formula: Formula
    score: float
    variables: tuple[Var, ...] = ()
    count: bool = False
    presuppositions: tuple[Formula, ...] = ()
    tokens: tuple[str, ...] = ()
    partial: bool = False
    anaphors: tuple[Anaphor, ...] = ()
    resolutions: tuple[Resolution, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence and its readings, best first.  Without readings, `reason` says why."""

    span: Span
    readings: tuple[Reading, ...]
    reason: str = ""


class TextParser(Protocol):
    """Whatever reads English: `name` is what reports call it."""

    name: str

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """Split `text` into sentences and read each.  Raises ParserError for unusable input."""
        ...

"""FOLIO (Han et al. 2022): stories told by experts, with formulas of the premises.

Knows the layout of the data.  Must not know how verdicts are found.  The formulas of the
conclusions are not published with the training part: `folio_conclusions.tsv` holds forms of
some of them, written by us from what the sentence says, in the predicates of its story.

An item has gold forms where its conclusion has a form and every premise can be read
(`folio_notation`); `python -m benchmarks.folio --data PATH` lists what cannot, and asks every
premise of a story, and its negation, from the other premises, which needs no conclusions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import InputError, SyntaxProblem
from neurosym.kernel import Checker
from neurosym.logic import Formula, negate
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits, Unknown

from .folio_notation import read_formula
from .suite import HINT, Gold, Item, Json, field, read_json_lines

EXPECTED = {"True": "proved", "False": "disproved", "Unknown": "unknown", "Uncertain": "unknown"}
FORMS = Path(__file__).with_name("folio_conclusions.tsv")
PREMISES = "premises-FOL"


@dataclass(frozen=True, slots=True)
class Unread:
    """A premise formula that the notation does not cover."""

    story: str
    line: int  # of the data file, the first that has it
    text: str
    reason: str


def items(path: Path) -> Iterator[Item]:
    forms = conclusion_forms()
    for n, row in enumerate(read_json_lines(path), 1):
        place = f"line {n}"
        story, example = (str(field(row, name, path, place)) for name in ("story_id", "example_id"))
        label = field(row, "label", path, place)
        if label not in EXPECTED:
            raise InputError(f"{place}: unknown label {label!r}", document=str(path), hint=HINT)
        claims, unread = premises(row, path, n)
        goal = forms.get((story, example))
        yield Item(
            f"{story}/{example}",
            " ".join(str(p).strip() for p in field(row, "premises", path, place)),
            field(row, "conclusion", path, place),
            EXPECTED[label],
            group=label,
            gold=Gold(claims, goal) if goal is not None and not unread else None,
        )


def conclusion_forms(path: Path = FORMS) -> dict[tuple[str, str], Formula]:
    """Our forms by story and example.  Raises SyntaxProblem with the line."""
    found: dict[tuple[str, str], Formula] = {}
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        story, example, text = line.split("\t")
        found[story, example] = read_formula(text, path.name, n)
    return found


def premises(row: Json, path: Path, line: int) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
    """The premises that can be read, and those that cannot."""
    claims: list[Claim] = []
    unread: list[Unread] = []
    for i, text in enumerate(field(row, PREMISES, path, f"line {line}"), 1):
        try:
            formula = read_formula(text, path.name, line)
        except SyntaxProblem as e:
            unread.append(Unread(str(row["story_id"]), line, text, f"column {e.column}: {e.message}"))
            continue
        claims.append(Claim(f"premise {i}", formula, Axiom(path.name, line, text)))
    return tuple(claims), tuple(unread)


def stories(path: Path) -> tuple[dict[str, tuple[Claim, ...]], tuple[Unread, ...]]:
    """The premises of every story that can be read as a whole, and what could not be."""
    whole: dict[str, tuple[Claim, ...]] = {}
    unread: dict[tuple[str, str], Unread] = {}
    for n, row in enumerate(read_json_lines(path), 1):
        story = str(field(row, "story_id", path, f"line {n}"))
        if story in whole or any(story == s for s, _ in unread):
            continue
        claims, left = premises(row, path, n)
        unread |= {(story, u.text): u for u in left}
        if not left:
            whole[story] = claims
    return whole, tuple(unread.values())

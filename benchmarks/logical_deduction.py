"""LogicalDeduction (BIG-bench, Srivastava et al. 2023), multiple choice, in the form of Logic-LLM's JSON.

Three, five or seven things in a fixed order, clues, and statements of which one is true.  A file may
start each puzzle with a paragraph about all puzzles ("The following paragraphs each describe ..."):
that is no part of the puzzle and is skipped.  Files of `deduction_puzzles` have the same form, with
gold forms beside each puzzle.  What the clues mean by "older" or "second from the left" is defined by
`neurosym.ordering`, of which the suite makes use for every item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError
from neurosym.logic import Formula
from neurosym.ordering import ordered
from neurosym.syntax import read_formula
from neurosym.theory import Axiom, Claim, Theory

from .suite import HINT, Gold, Item, Json, Option, field, read_json

PREAMBLE = re.compile(r"The following paragraphs each describe [^\n]*\n\s*\n")
_OPTION = re.compile(r"([A-Z])\)\s*(.+)", re.DOTALL)


def items(path: Path) -> Iterator[Item]:
    """The puzzles of a file, or of all .json files of a folder; their group is the number of options."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise InputError("a folder without .json files", document=str(path), hint=HINT)
    for file in files:
        rows = read_json(file)
        if not isinstance(rows, list):
            raise InputError("expected a list of items", document=str(file), hint=HINT)
        for n, row in enumerate(rows):
            yield _item(row, file, f"item {n}")


def prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
    """With the claims that define the order of the things."""
    return ordered(theory, goals)


def _item(row: Json, path: Path, place: str) -> Item:
    text = PREAMBLE.sub("", field(row, "context", path, place).strip(), count=1)
    texts = field(row, "options", path, place)
    gold = row.get("gold")
    goals = [] if gold is None else field(gold, "options", path, place)
    if gold is not None and len(goals) != len(texts):
        raise InputError(f"{place}: {len(goals)} gold forms of {len(texts)} options", document=str(path))
    options = []
    for i, option in enumerate(texts):
        if (m := _OPTION.fullmatch(option.strip())) is None:
            raise InputError(f"{place}: expected an option as 'A) ...', not {option!r}", document=str(path))
        options.append(Option(m[1], m[2], read_formula(goals[i]) if goals else None))
    answer = field(row, "answer", path, place)
    chosen = [o for o in options if o.label == answer]
    if len(chosen) != 1:
        raise InputError(f"{place}: the answer {answer!r} is not one of the options", document=str(path))
    claims = () if gold is None else tuple(_claims(field(gold, "claims", path, place)))
    return Item(
        field(row, "id", path, place),
        text,
        field(row, "question", path, place),
        answer,
        group=str(len(options)),
        gold=Gold(claims, chosen[0].goal) if chosen[0].goal is not None else None,
        options=tuple(options),
    )


def _claims(texts: list[str]) -> Iterator[Claim]:
    for n, text in enumerate(texts, 1):
        yield Claim(f"gold:{n}", read_formula(text), Axiom("gold", n, text))

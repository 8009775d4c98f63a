"""ProofWriter (Tafjord, Dalvi & Clark 2021), open world, in the form of Logic-LM's JSON files.

A theory in English and a statement that is true, false or unknown.  The labels were made by forward
chaining over positive and negative literals, without contraposition, so the
theories are asked under `Semantics.CHAINING`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError
from neurosym.theory import Semantics

from .suite import HINT, Item, field, read_json

_EXPECTED = {"A": "proved", "B": "disproved", "C": "unknown"}
_MARK = "unknown?"


def items(path: Path) -> Iterator[Item]:
    rows = read_json(path)
    if not isinstance(rows, list):
        raise InputError("expected a list of items", document=str(path), hint=HINT)
    for n, row in enumerate(rows):
        place = f"item {n}"
        question = field(row, "question", path, place)
        answer = field(row, "answer", path, place)
        if answer not in _EXPECTED or _MARK not in question:
            raise InputError(f"{place}: not a true/false/unknown question", document=str(path))
        name = field(row, "id", path, place)
        yield Item(
            name,
            field(row, "context", path, place),
            question.split(_MARK, 1)[1].strip(),
            _EXPECTED[answer],
            group=name.split("-")[0].removeprefix("ProofWriter_"),
            semantics=Semantics.CHAINING,
        )

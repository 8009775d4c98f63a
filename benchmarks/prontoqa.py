"""PrOntoQA (Saparov & He 2023): fictional ontologies, with the generator's own JSON.

`path` is one file or a folder of them.  A query is "True or false: S." with its answer, or
"Prove: S.", whose expected answer is that S follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError

from .suite import HINT, Item, field, read_json

_EXPECTED = {"True": "proved", "False": "disproved"}


def items(path: Path) -> Iterator[Item]:
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        rows = read_json(file)
        if not isinstance(rows, dict):
            raise InputError("expected an object of examples", document=str(file), hint=HINT)
        for name, row in rows.items():
            test = field(row, "test_example", file, name)
            answer = test.get("answer") if isinstance(test, dict) else None
            if answer not in (None, *_EXPECTED):
                raise InputError(f"{name}: the answer {answer!r} is not True or False", document=str(file))
            expected = _EXPECTED[answer] if answer is not None else "proved"
            yield Item(
                f"{file.stem}/{name}",
                field(test, "question", file, name),
                field(test, "query", file, name),
                expected,
                group=file.stem.split("_1shot")[0],
            )

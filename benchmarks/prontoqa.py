"""PrOntoQA (Saparov & He 2023): fictional ontologies, with the generator's own JSON.

`path` is one file or a folder of them.  A query is "True or false: S." with its answer, or
"Prove: S.", whose expected answer is that S follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .suite import Item, field, read_json

_EXPECTED = {"True": "proved", "False": "disproved"}


def items(path: Path) -> Iterator[Item]:
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        for name, row in read_json(file).items():
            test = field(row, "test_example", file, name)
            expected = _EXPECTED[test["answer"]] if "answer" in test else "proved"
            yield Item(
                f"{file.stem}/{name}",
                field(test, "question", file, name),
                field(test, "query", file, name),
                expected,
                group=file.stem.split("_1shot")[0],
            )

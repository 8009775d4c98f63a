"""What a training run leaves: a model folder that is whole or not there, and figures that are JSON.

A model is several files that only go together.  They are made in a folder beside, and go to their place when
all of them are there: what cuts a run short, a kill included, leaves the model before as it was.

Knows files; must not know what they hold.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from neurosym.parser.loop import whole

PART = ".part"


@contextmanager
def made(target: Path, own: Iterable[str] = ()) -> Iterator[Path]:
    """A folder to write a model in, whose files go to `target`, over what is there, when the block ends.

    Where the block ends by an exception, `target` stays as it was.  `own`: names that belong to such a model;
    those that the new one has not are taken out of `target`, and all its other files stay.  Raises OSError.
    """
    part = target.absolute().with_name(target.absolute().name + PART)
    shutil.rmtree(part, ignore_errors=True)  # what a kill has left
    part.mkdir(parents=True)
    try:
        yield part
        target.mkdir(parents=True, exist_ok=True)
        for name in sorted(own):
            if not (part / name).is_file():
                (target / name).unlink(missing_ok=True)
        for file in sorted(part.iterdir()):
            file.replace(target / file.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def copied(source: Path, target: Path, names: Sequence[str]) -> None:
    """Copy the files of these names into a folder that is there.  Raises OSError."""
    for name in names:
        shutil.copyfile(source / name, target / name)


def finite(figures: Any) -> Any:
    """The same with None in place of numbers that JSON has not: what is not a number was not measured."""
    if isinstance(figures, float):
        return figures if math.isfinite(figures) else None
    if isinstance(figures, Mapping):
        return {k: finite(v) for k, v in figures.items()}
    if isinstance(figures, list | tuple):
        return [finite(v) for v in figures]
    return figures


def write_figures(path: Path, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Write them as JSON, whole or not at all, with null for what was not measured; returns what it wrote."""
    found: dict[str, Any] = finite(figures)
    text = json.dumps(found, indent=1, sort_keys=True, allow_nan=False) + "\n"
    whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    return found

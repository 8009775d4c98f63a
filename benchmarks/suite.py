"""What a suite is: items with a text or gold forms, a question and the expected verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from neurosym.errors import InputError
from neurosym.logic import Formula
from neurosym.theory import Claim, Semantics

Json: TypeAlias = Any
HINT = "is this the data of the right suite?"


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold forms of an item."""

    claims: tuple[Claim, ...]
    goal: Formula


@dataclass(frozen=True, slots=True)
class Item:
    """One question.  `expected` is proved, disproved, unknown or both; `group` a depth or number of hops."""

    id: str
    text: str
    question: str
    expected: str
    group: str = ""
    closed_world: bool = False
    gold: Gold | None = None
    semantics: Semantics = Semantics.CLASSICAL


def read_json(path: Path) -> Json:
    """Raises InputError with the line for anything that is not JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as e:
        raise InputError(
            e.strerror or str(e), document=str(path), hint="give the data with --data PATH"
        ) from e
    except ValueError as e:
        raise InputError(f"not JSON: {e}", document=str(path), line=getattr(e, "lineno", 0)) from e


def read_json_lines(path: Path) -> Iterator[Json]:
    """One JSON value a line.  A last line without its end (a truncated download) is left out."""
    try:
        text = path.read_text("utf-8")
    except OSError as e:
        raise InputError(
            e.strerror or str(e), document=str(path), hint="give the data with --data PATH"
        ) from e
    lines = text.split("\n")
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as e:
            if n == len(lines):
                return
            raise InputError(f"not JSON: {e}", document=str(path), line=n) from e


def field(item: Json, name: str, path: Path, place: str) -> Json:
    if not isinstance(item, dict) or name not in item:
        raise InputError(f"{place}: expected a field {name!r}", document=str(path), hint=HINT)
    return item[name]

"""What `neurosym train CONFIG` can train: one row for each `kind` that a configuration may name.

Knows the configurations' first key and the modules' names; must not load what it does not run.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser.tables import read_toml

PARSER = "parser"  # of a configuration that names no kind
# kind -> the module whose `train(path)` runs it and returns its figures
KINDS: Mapping[str, str] = {
    PARSER: "neurosym.parser.train",
    "scorer": "neurosym.parser.scorer_train",
    "document": "neurosym.parser.document.train",
    "entailment": "neurosym.parser.nli_train",
    "reference": "neurosym.parser.reference_fit",
}


def kind_of(path: Path, others: Iterable[str] = ()) -> str:
    """The kind that a configuration names: one of KINDS, or of `others`, which are trained elsewhere.

    Raises ConfigError that lists all of them for an unknown one, and for no TOML.
    """
    kind = read_toml(path).get("kind", PARSER)
    known = sorted((*KINDS, *others))
    if kind not in known:
        raise ConfigError(f"{path}: kind = {kind!r}: one of {', '.join(known)} is expected")
    return str(kind)


def train(path: str | Path) -> dict[str, Any]:
    """Run a configuration, whatever it trains; returns its figures.

    Raises ConfigError; ImportError where the `train` extra is missing.
    """
    config = Path(path)
    figures: dict[str, Any] = importlib.import_module(KINDS[kind_of(config)]).train(config)
    return figures

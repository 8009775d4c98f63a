"""What `neurosym train CONFIG` can train: one row for each `kind` that a configuration may name.

Knows the configurations' first key and the modules' names; must not load what it does not run.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError

PARSER = "parser"  # of a configuration that names no kind
# kind -> the module whose `train(path)` runs it and returns its figures
KINDS: Mapping[str, str] = {
    PARSER: "neurosym.parser.train",
    "scorer": "neurosym.parser.scorer_train",
    "document": "neurosym.parser.document.train",
}


def kind_of(path: Path) -> str:
    """The kind that a configuration names.  Raises ConfigError for an unknown one or no TOML."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigError(f"cannot read {path}: {e.strerror}") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: not TOML: {e}") from e
    kind = raw.get("kind", PARSER)
    if kind not in KINDS:
        raise ConfigError(f"{path}: kind = {kind!r}: one of {', '.join(sorted(KINDS))} is expected")
    return str(kind)


def train(path: str | Path) -> dict[str, Any]:
    """Run a configuration, whatever it trains; returns its figures.

    Raises ConfigError; ImportError where the `train` extra is missing.
    """
    config = Path(path)
    figures: dict[str, Any] = importlib.import_module(KINDS[kind_of(config)]).train(config)
    return figures

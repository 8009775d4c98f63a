"""What `neurosym train CONFIG` can train: one row for each `kind` that a configuration may name.

Knows the configurations' first key and the modules' names; must not load what it does not run.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError
from neurosym.logic import Formula

PARSER = "parser"  # of a configuration that names no kind
# kind -> the module whose `train(path)` runs it; `_WORDS` marks those that may also take `verbalize`
KINDS: Mapping[str, str] = {
    PARSER: "neurosym.parser.train",
    "scorer": "neurosym.parser.scorer_train",
}
_WORDS = frozenset({"scorer"})


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


def train(path: str | Path, verbalize: Callable[[Formula], str] | None = None) -> dict[str, Any]:
    """Run a configuration, whatever it trains; returns its figures.

    `verbalize` puts formulas into English, for the kinds that ask for it.  Raises ConfigError; ImportError
    where the `train` extra is missing.
    """
    config = Path(path)
    kind = kind_of(config)
    run = importlib.import_module(KINDS[kind]).train
    figures: dict[str, Any] = run(config, verbalize) if kind in _WORDS else run(config)
    return figures

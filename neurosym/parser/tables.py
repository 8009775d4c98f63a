"""Configurations in TOML: files, sections and tables of plain values, with errors that name the key at fault.

Knows TOML and dataclasses; must not know what is configured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError

_TYPES = {"int": int, "float": float, "str": str, "bool": bool}


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file.  Raises ConfigError where it cannot be read or is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error


def table(cls: type, raw: Any, where: str) -> Any:
    """A dataclass of int, float, str and bool fields from a table, with the type of every value checked.

    Raises ConfigError for another key or type, and for a field without a default that is missing.
    """
    known = {f.name: f for f in fields(cls)}
    only(raw, sorted(known), where)
    wanted = {name: _TYPES[str(f.type)] for name, f in known.items()}
    for key, value in raw.items():
        if type(value) is not wanted[key] and not (wanted[key] is float and type(value) is int):
            raise ConfigError(f"{where}.{key}: a {wanted[key].__name__} is expected, not {value!r}")
    required(raw, [name for name, f in known.items() if f.default is MISSING], where)
    return cls(**{k: float(v) if wanted[k] is float else v for k, v in raw.items()})


def only(raw: Any, known: Sequence[str], where: str, sections: bool = False) -> None:
    """Raises ConfigError where `raw` is no table, or has another key than `known`."""
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}: a table is expected, not {raw!r}")
    for key in raw:
        if key not in known:
            said = f"section [{key}]" if sections else f"key {key!r}"
            raise ConfigError(f"{where}: unknown {said}; known are {', '.join(known)}")


def required(raw: dict[str, Any], names: Iterable[str], where: str) -> None:
    """Raises ConfigError for the first of `names` that is missing."""
    for name in names:
        if name not in raw:
            raise ConfigError(f"{where}: {name} is missing")


def positive(settings: Any, names: Iterable[str], where: str) -> None:
    """Raises ConfigError for the first of the fields that is below 1."""
    for name in names:
        if getattr(settings, name) < 1:
            raise ConfigError(f"{where}.{name}: must be at least 1")

"""Text to scored claims with spans.  The only room that may import torch and transformers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.errors import ConfigError

if TYPE_CHECKING:
    from neurosym.parser.reading import TextParser

TIERS = ("document", "tiered")  # parsers whose name goes on with the folder of a document model


def load_parser(name: str = "neural") -> TextParser:
    """The parser called `name`: "neural" (shipped), "grammar" (baseline), or a folder with a trained model;
    "document:FOLDER" reads whole stories with a language model, "tiered:FOLDER" only where "neural" doubts.

    Raises ConfigError for another name and for a folder that holds no such model, ParserError for a broken
    model.
    """
    if name == "grammar":
        from neurosym.parser.baseline import GrammarParser

        return GrammarParser()
    tier, colon, folder = name.partition(":")
    if colon and tier in TIERS:
        if not folder:
            raise ConfigError(f"{name!r} names no folder: {tier}:FOLDER is expected")
        if tier == "tiered":
            from neurosym.parser.tiers import tiered

            return tiered(folder)
        from neurosym.parser.document.reader import DocumentParser

        return DocumentParser(folder)
    from neurosym.parser.neural import NeuralParser

    if name == "neural":
        return NeuralParser()
    if Path(name).is_dir():
        return NeuralParser(name)
    raise ConfigError(
        f"there is no parser {name!r}: choose neural, grammar, a folder with a trained model, or "
        "document:FOLDER or tiered:FOLDER with a document model"
    )

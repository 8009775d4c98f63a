"""What a run must say aloud: that the parser was trained on the data that it is measured on.

A suite's module names in TRAINED the files of samples that were made of its data (`suite.Trained`); a model
card names the files that its model was trained on.  Where the two meet, there is a note.

Knows model cards and the names of files.  Must not know what is in the data, or how it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from neurosym.parser import TIERS
from neurosym.parser.card import CARD
from neurosym.parser.neural import WEIGHTS

from .suite import Trained


def notes(trained: Sequence[Trained], parser: str, data: Path) -> tuple[str, ...]:
    """A note for each set of samples of the suite's data that the parser's model card names.

    None for a parser without a card, and for data of another part, as the name of their file tells it.
    """
    card = card_of(parser)
    return tuple(
        f"{_how(t, data.name)} (`{t.file}` in {CARD}). {t.instead}"
        for t in trained
        if not any(fnmatch(data.name.lower(), name) for name in t.other_files)
        and re.search(rf"(?<![\w./-]){re.escape(t.file)}(?![\w-])", card)
    )


def _how(t: Trained, name: str) -> str:
    if any(fnmatch(name.lower(), known) for known in t.files):
        return f"trained on this part: the parser has learnt from {t.part}"
    return f"trained on {t.part}: where {name} holds some of that, it is no unseen data"


def card_of(parser: str) -> str:
    """The model card of a parser as `load_parser` calls it; empty where it has none."""
    tier, _, folder = parser.partition(":")
    if parser == "neural" or (tier in TIERS and folder):
        path = WEIGHTS / CARD  # a document model is made of generated stories
    else:
        path = Path(parser) / CARD
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""

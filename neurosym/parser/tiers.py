"""Two parsers behind one: the fast one reads, and where it is in doubt the other reads the whole text.

Knows readings and their scores; must not know how either parser reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from neurosym.logic import Formula
from neurosym.parser.discourse import align
from neurosym.parser.reading import Parsed, Reading, TextParser

THRESHOLD = 0.5


class TieredParser:
    """A TextParser.  Sentences that `fast` reads with a score of at least `threshold` keep that reading.

    Where one has no reading or a lower score, `slow` reads the whole text, and its readings are taken for
    those sentences where they score higher; constants are then spelt as in the sentences that are kept.
    `slow` is made at its first use, since it is expensive.
    """

    name = "tiered"

    def __init__(
        self, fast: TextParser, slow: Callable[[], TextParser], threshold: float = THRESHOLD
    ) -> None:
        self._fast, self._make, self.threshold = fast, slow, threshold
        self._slow: TextParser | None = None

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """As the two do.  Raises ParserError for text without anything to read; what making `slow` raises."""
        first = self._fast.read(text, document, n_best)
        doubtful = [i for i, p in enumerate(first) if _best(p) < self.threshold]
        if not doubtful:
            return first
        if self._slow is None:
            self._slow = self._make()
        second = {(p.span.start, p.span.end): p for p in self._slow.read(text, document, n_best)}
        kept = [p.readings[0].formula for i, p in enumerate(first) if p.readings and i not in doubtful]
        out = list(first)
        for i in doubtful:
            other = second.get((first[i].span.start, first[i].span.end))
            if other is not None and _best(other) > _best(first[i]):
                spelt = tuple(_spelt(r, kept) for r in other.readings)
                out[i] = replace(first[i], readings=spelt, reason="")
        return tuple(out)


def _best(p: Parsed) -> float:
    return p.readings[0].score if p.readings else 0.0


def _spelt(r: Reading, kept: Sequence[Formula]) -> Reading:
    return replace(
        r,
        formula=align(r.formula, kept),
        presuppositions=tuple(align(f, kept) for f in r.presuppositions),
    )


def tiered(folder: str, threshold: float = THRESHOLD) -> TieredParser:
    """The shipped parser, and the document model of `folder` where that is in doubt.

    The model is loaded at its first use.  Raises ConfigError at once for a folder that holds none.
    """
    from neurosym.parser.document.lm import read_about
    from neurosym.parser.neural import NeuralParser

    read_about(Path(folder))

    def slow() -> TextParser:
        from neurosym.parser.document.reader import DocumentParser

        return DocumentParser(folder)

    return TieredParser(NeuralParser(), slow, threshold)

"""How often the lines of held-out stories are right, and how well the score tells.

Knows lines and candidates; must not know torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.errors import ParserError
from neurosym.parser.calibrate import auroc, calibration_error
from neurosym.parser.document.decoding import Candidate, LineDecoder
from neurosym.parser.document.reader import alike, candidates
from neurosym.parser.document.score import Calibration, features, fitted, score
from neurosym.parser.document.settings import Decoding
from neurosym.parser.document.stories import Story
from neurosym.parser.document.target import Line, read_line


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sentence, the line that is right, and what the model wrote (None: it came to no end).

    `readable`: it is a reading; `exact`: the text is that of the gold line; `right`: the meaning is, up to
    bound names and order.
    """

    sentence: str
    gold: str
    found: Candidate | None
    readable: bool
    exact: bool
    right: bool


def outcomes(decoder: LineDecoder, stories: Sequence[Story], d: Decoding) -> list[Outcome]:
    """The best line of each sentence of the stories, beside the right one."""
    out = []
    for s in stories:
        found = candidates(decoder, s.sentences, 1, d)
        for sentence, gold, cs in zip(s.sentences, s.lines, found, strict=True):
            out.append(_outcome(sentence, gold, cs[0] if cs else None))
    return out


def _outcome(sentence: str, gold: str, found: Candidate | None) -> Outcome:
    if found is None:
        return Outcome(sentence, gold, None, False, False, False)
    exact = found.text == gold
    line, wanted = _line(found.text), _line(gold)
    right = exact or (line is not None and wanted is not None and alike(line, wanted))
    return Outcome(sentence, gold, found, line is not None, exact, right)


def _line(text: str) -> Line | None:
    try:
        return read_line(text)
    except ParserError:
        return None


def calibrate(seen: Sequence[Outcome]) -> Calibration | None:
    """A score fitted on outcomes; None where all are right or all wrong."""
    used = [(o.found, o.right) for o in seen if o.found is not None and o.readable]
    return fitted([features(c) for c, _ in used], [right for _, right in used])


def measure(seen: Sequence[Outcome], calibration: Calibration | None) -> dict[str, float]:
    """Shares of the sentences, and how the score does on those that have a reading."""
    n = max(1, len(seen))
    used = [(o.found, o.right) for o in seen if o.found is not None and o.readable]
    scores = [score(c, calibration) for c, _ in used]
    right = [r for _, r in used]
    rank = auroc(scores, right)
    return {
        "sentences": len(seen),
        "right": round(sum(o.right for o in seen) / n, 4),
        "exact": round(sum(o.exact for o in seen) / n, 4),
        "readable": round(sum(o.readable for o in seen) / n, 4),
        "calibration_error": round(calibration_error(scores, right), 4),
        **({} if math.isnan(rank) else {"auroc": round(rank, 4)}),
    }

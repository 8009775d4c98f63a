"""What a question needs beside what was told: claims that say what words of order mean.

Knows theories and the modules that make such claims; must not know sessions or solvers.  Each
claim stands on its own, labelled, with a source that says what it is, and is a hypothesis of
whatever is proved with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.logic import Formula
from neurosym.theory import Theory


@dataclass(slots=True)
class Background:
    """What is added to the theory of a question.  `order`: the meaning of words of order (`ordering`)."""

    order: bool = True
    _plain: Theory | None = None  # the theory that was last found to need nothing

    def completed(self, theory: Theory, goals: Sequence[Formula]) -> Theory:
        """The theory with what the goals need of the background; the same object where they need none."""
        if not self.order or theory is self._plain or not theory.claims:
            return theory
        from neurosym.ordering import enumerations, ordered

        if not enumerations(theory):
            self._plain = theory
            return theory
        return ordered(theory, goals)

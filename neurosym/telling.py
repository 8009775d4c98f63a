"""The part of an engine that is told: English, logic and graphs come in, and are taken back.

Knows sessions, parsers and files; must not know how questions are answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.errors import InputError
from neurosym.hearing import Settling, hear
from neurosym.questions import must_be
from neurosym.results import Told, Unread
from neurosym.session import Retracted, Session, read_text
from neurosym.syntax import read_theory
from neurosym.theory import Claim, Theory

if TYPE_CHECKING:
    from neurosym.knowledge import Vocabulary
    from neurosym.parser.reading import TextParser

GRAPHS = frozenset({".ttl", ".owl", ".rdf", ".xml", ".nt", ".jsonld"})
TEXTS = frozenset({".txt", ".md"})


class Listener:
    """What can be told.  `min_score`: readings below it are not believed."""

    _session: Session
    min_score: float

    @property
    def parser(self) -> TextParser:
        raise NotImplementedError

    @property
    def _settling(self) -> Settling | None:
        """How rival readings of a whole text are settled; None where each sentence is read by itself."""
        return None

    @property
    def closed_world(self) -> bool:
        """Is what cannot be derived false?  It may be set later."""
        return self._session.closed_world

    @closed_world.setter
    def closed_world(self, closed: bool) -> None:
        self._session.closed_world = closed

    # --- telling ---------------------------------------------------------------------

    def tell(self, text: str, document: str = "told") -> Told:
        """Take in English.  Raises ParserError for unusable text; a sentence that cannot be
        read is in the result, never dropped silently."""
        must_be(text, (str,), "text")
        return hear(self._session, self.parser, text, document, self.min_score, self._settling)

    def tell_logic(self, text: str, document: str = "logic") -> Told:
        """Take in a theory in the text format of `neurosym.syntax`.  Raises SyntaxProblem, TheoryError."""
        must_be(text, (str,), "theory")
        theory = read_theory(text, document, self._session.claims.keys())
        self._session.add_theory(theory, document)
        return Told(theory.claims)

    def load(self, path: str | Path) -> Told:
        """Take in a file: English .txt .md, logic .nsl, or RDF .ttl .owl .rdf .xml .nt .jsonld."""
        file = Path(path)
        kind = file.suffix.lower()
        if file.is_dir():
            raise InputError(
                "this is a directory", document=str(file), hint="give the files in it, each by its name"
            )
        if kind in GRAPHS:
            return self._session.load_graph(file)
        if kind not in TEXTS | {".nsl"}:
            known = " ".join(sorted(GRAPHS | TEXTS | {".nsl"}))
            raise InputError(f"unknown kind of file {kind!r}", document=str(file), hint=f"known: {known}")
        text = read_text(file)
        name = self._session.named(file)
        return self.tell_logic(text, name) if kind == ".nsl" else self.tell(text, name)

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in claims as they are.  Raises TheoryError, and then takes in none of them."""
        self._session.add(list(claims))

    def retract(self, labels: str | Iterable[str]) -> Retracted:
        """Take back the claims with these labels.

        Raises TheoryError, with the labels that come nearest, where there is no such claim, and
        then takes back none.
        """
        return self._session.retract([labels] if isinstance(labels, str) else labels)

    def retract_document(self, name: str) -> Retracted:
        """Take back everything that a document told.  Raises TheoryError where nothing came from it."""
        return self._session.retract_document(name)

    # --- what if ---------------------------------------------------------------------

    @property
    def vocabulary(self) -> Vocabulary | None:
        """What the symbols of the loaded graphs stand for; None without a graph."""
        return self._session.vocabulary

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Everything told so far that became no claim."""
        return self._session.unread

    @property
    def theory(self) -> Theory:
        """All claims, their words linked to the graph's names."""
        return self._session.theory

"""SICK (Marelli et al. 2014): pairs of captions; the first entails, contradicts or is neutral to the second.

Knows the layout of the data: a line "pair, sentence, sentence, relatedness, label" after a head line, all
separated by tabs.  `path` is one such file, or a folder with SICK_trial.txt.  Must not know how a
pair is judged: that is `neurosym.entailment`.

A proved answer is certified; where a sentence cannot be read or nothing is proved, the pair classifier
answers, which the runner counts apart (`by`): the accuracy without it is that of "correct and certified".
Groups are the labels and whether one of the sentences has a negation, told by its words.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.entailment import EntailmentResponse, Label, entails, shipped_classifier
from neurosym.errors import CheckError, InputError
from neurosym.kernel import check
from neurosym.syntax import show
from neurosym.theory import Span
from neurosym.verdict import Solver

from .suite import HINT, Item, Outcome

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, TextParser

FILE = "SICK_trial.txt"
HEAD = ("pair_ID", "sentence_A", "sentence_B", "relatedness_score", "entailment_judgment")
_NEGATION = re.compile(r"\b(no|not|nobody|nothing|none|without|never)\b|n't\b", re.IGNORECASE)


def items(path: Path) -> Iterator[Item]:
    """Raises InputError with the line for data of another form."""
    file = path / FILE if path.is_dir() else path
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(str(e), document=str(file), hint="give the data with --data PATH") from e
    if not lines or tuple(lines[0].split("\t")) != HEAD:
        raise InputError(f"expected a head line {', '.join(HEAD)}", document=str(file), line=1, hint=HINT)
    labels = {label.value for label in Label}
    for n, line in enumerate(lines[1:], 2):
        parts = line.split("\t")
        if len(parts) != len(HEAD) or (label := parts[4].strip().lower()) not in labels:
            raise InputError("expected five fields, the last a label", document=str(file), line=n, hint=HINT)
        denied = "negation" if _NEGATION.search(f"{parts[1]} {parts[2]}") else "no negation"
        yield Item(parts[0], parts[1], parts[2], label, group=f"{label}, {denied}")


class Timed:
    """A parser, and the seconds that its reading has taken."""

    def __init__(self, reader: TextParser) -> None:
        self.reader, self.name, self.seconds = reader, reader.name, 0.0

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        began = time.perf_counter()
        try:
            return self.reader.read(text, document, n_best)
        finally:
            self.seconds += time.perf_counter() - began


def answer(item: Item, reader: TextParser | None, solver: Solver, min_score: float) -> Outcome:
    """Judge one pair; the certificate is checked once more."""
    if reader is None:
        raise InputError("no gold forms", document=item.id)
    began, timed = time.perf_counter(), Timed(reader)
    found = entails(
        timed, solver, item.text, item.question, classifier=shipped_classifier(), min_score=min_score
    )
    solve = time.perf_counter() - began - timed.seconds
    problem, checked = _checked(found) if found.certified else ("", None)
    certified = found.certified and not problem
    said = found.label.value if found.label is not None else ""
    return Outcome(
        said,
        bool(said),
        certified,
        parse=timed.seconds,
        solve=solve,
        check=checked,
        confidence=found.probability if said and not problem else None,
        sentences=2 if found.goal is not None else 0,
        reading=show(found.goal) if found.goal is not None else None,
        readings=tuple(
            (c.source.text, show(c.formula), c.score)
            for c in found.theory.claims
            if isinstance(c.source, Span)
        ),
        problems=tuple(p for p in (problem, "" if said else found.reason) if p),
        notes=tuple(
            x for x in (found.reason, *(f"by {c.label}: {show(c.formula)}" for c in found.used)) if x
        ),
        by=found.by if said and not found.certified else "",
    )


def _checked(found: EntailmentResponse) -> tuple[str, float]:
    """Why the kernel does not bear the answer out, or the empty text; and the seconds that it took."""
    began = time.perf_counter()
    problem = ""
    verdict = found.verdict
    if verdict is None or verdict.certificate is None or found.goal is None:
        problem = "no certificate"
    else:
        try:
            if check(found.theory, found.goal, verdict.certificate) != verdict.theorem:
                problem = "certificate rejected: it proves another theorem"
        except CheckError as e:
            problem = f"certificate rejected: {e}"
    return problem, time.perf_counter() - began

"""The document tier behind `reading.TextParser`: a whole text in, scored readings of its sentences out.

All sentences of a window are read together, so that a predicate or a person has one name in all of them;
later mentions ("he", "the former") are told by their antecedents, and how sure that is is part of the
score.  Nothing is dropped: a sentence without a line that makes sense says why.

Knows text, lines and the score; must not know torch, which the decoder brings along.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from neurosym.errors import ConfigError, ParserError
from neurosym.logic import Const, Formula, atoms, ground_terms
from neurosym.parser import tokenize
from neurosym.parser.decode import DEICTIC
from neurosym.parser.document import lm
from neurosym.parser.document.decoding import Candidate, LineDecoder
from neurosym.parser.document.score import Calibration, from_json, score
from neurosym.parser.document.settings import Decoding
from neurosym.parser.document.target import NONE, Line, presupposed, read_line
from neurosym.parser.equivalence import same
from neurosym.parser.morphology import noun_lemma
from neurosym.parser.reading import Parsed, Reading
from neurosym.theory import Span

LONGEST = 1200  # characters of one sentence
_SPOKEN = frozenset(DEICTIC.values())


class DocumentParser:
    """A TextParser over a folder that `neurosym train` wrote with kind = "document".

    device: a torch device, or "auto": the GPU where there is one (with bf16 weights), else the CPU.
    `calibrated` tells whether scores are calibrated probabilities; else they are the model's own
    probabilities of its lines.  One instance must not be used by several threads at a time.

    Raises ConfigError for a missing or broken folder and where the `train` extra is missing; the model
    is loaded at once, so errors come early.
    """

    name = "document"

    def __init__(self, folder: str | Path, device: str = "auto", threads: int = 0) -> None:
        about = lm.read_about(Path(folder))
        try:
            import torch
        except ImportError as e:
            raise ConfigError(
                f"the document tier needs {e.name}: pip install 'neurosym-engine[train]'"
            ) from e
        if threads:
            torch.set_num_threads(threads)
        where = lm.pick_device(device)
        language = lm.load(Path(folder), where, half=where.startswith("cuda"))
        language.model.eval()
        self._decoder = LineDecoder(language)
        known = {f.name for f in fields(Decoding)}
        self.settings = Decoding(**{k: v for k, v in about.get("decoding", {}).items() if k in known})
        raw = about.get("calibration")
        self._calibration: Calibration | None = from_json(raw) if raw else None

    @property
    def calibrated(self) -> bool:
        """Are scores calibrated probabilities?"""
        return self._calibration is not None

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """Split `text` into sentences and read them together; at most `n_best` different readings each.

        Raises ParserError for text without anything to read, and for n_best below 1.
        """
        if n_best < 1:
            raise ParserError(f"n_best must be at least 1, not {n_best}", document=document)
        if not text.strip():
            raise ParserError("the text is empty", document=document, hint="give at least one sentence")
        spans = tokenize.sentences(text) or ((0, len(text)),)
        sentences = [text[a:b] for a, b in spans]
        refused = [unfit(s) for s in sentences]
        fit = [s for s, why in zip(sentences, refused, strict=True) if not why]
        found = iter(candidates(self._decoder, fit, n_best, self.settings))
        words = words_of(text)
        arity: dict[str, int] = {}
        out = []
        for (a, b), why in zip(spans, refused, strict=True):
            readings: tuple[Reading, ...] = ()
            if not why:
                readings, why = self._readings(next(found), words, arity, n_best)
            out.append(Parsed(Span(document, a, b, text[a:b]), readings, why))
        return tuple(out)

    def _readings(
        self, cs: Sequence[Candidate], words: frozenset[str], arity: dict[str, int], n_best: int
    ) -> tuple[tuple[Reading, ...], str]:
        """Readings best first, with scores that add up to at most 1; or why there are none."""
        why = "" if cs else f"no line of logic came to an end within {self.settings.line_tokens} tokens"
        kept: list[tuple[Line, float]] = []
        for c in cs:
            try:
                line = read_line(c.text)
            except ParserError as e:
                why = why or f"no reading makes sense: {e.message}"
                continue
            problem = "the model says that it has no reading" if line is None else ""
            if line is not None:
                problem = self._problem(line.formula, words, arity)
            if line is None or problem:
                why = why or problem
                if not kept:
                    break  # a less probable line is no better for making sense
                continue
            if not any(alike(line, k) for k, _ in kept):
                kept.append((line, score(c, self._calibration)))
        kept = sorted(kept[:n_best], key=lambda k: -k[1])
        for line, _ in kept[:1]:
            arity.update({x.pred: len(x.args) for x in atoms(line.formula)})
        share = 1.0 / max(1.0, sum(s for _, s in kept))
        return tuple(reading(line, s * share) for line, s in kept), "" if kept else why

    def _problem(self, formula: Formula, words: frozenset[str], arity: dict[str, int]) -> str:
        """Why a formula cannot be a reading of this text, or an empty string."""
        if self.settings.names and (strange := unmentioned(formula, words)):
            return f"the line speaks of {strange[0]!r}, whom the text does not mention"
        if self.settings.one_arity:
            own = dict(arity)
            for x in atoms(formula):
                if own.setdefault(x.pred, len(x.args)) != len(x.args):
                    return f"{x.pred!r} has {len(x.args)} arguments here and {own[x.pred]} before"
        return ""


def candidates(
    decoder: LineDecoder, sentences: Sequence[str], width: int, d: Decoding
) -> list[tuple[Candidate, ...]]:
    """Candidates of each sentence; long texts by windows, each with the last lines of the one before."""
    out: list[tuple[Candidate, ...]] = []
    while len(out) < len(sentences):
        start = max(0, len(out) - d.overlap)
        known = [cs[0].text if cs else NONE for cs in out[start:]]
        found = decoder.lines(sentences[start : start + d.window], max(width, d.beam), d.line_tokens, known)
        out += found
    return out


def reading(line: Line, value: float) -> Reading:
    """A line as a Reading with its score in [0, 1], taking for granted what its constants name."""
    return Reading(
        line.act, line.formula, value, line.variables, line.count, presupposed(line.formula), (), line.partial
    )


def alike(a: Line, b: Line) -> bool:
    """The same act, question and formula up to bound names and order."""
    if (a.act, a.count, a.partial, len(a.variables)) != (b.act, b.count, b.partial, len(b.variables)):
        return False
    return same(a.formula, b.formula, dict(zip(a.variables, b.variables, strict=True)))


def unfit(sentence: str) -> str:
    """Why a sentence is not shown to the model, or an empty string."""
    if len(sentence) > LONGEST:
        return f"the sentence has {len(sentence)} characters, more than {LONGEST}: split it"
    for i, c in enumerate(sentence):
        if c == "\ufffd" or (unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and not c.isspace()):
            return f"not text: character U+{ord(c):04X} at offset {i} of the sentence"
    return ""


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, as they stand and as singular nouns, and the parts of them."""
    out: set[str] = set()
    for w in tokenize.words(text):
        low = w.text.lower()
        for form in (low, noun_lemma(low)):
            out.update(filter(None, (form, *_parts(form))))
    return frozenset(out)


def unmentioned(formula: Formula, words: frozenset[str]) -> list[str]:
    """Constants of a formula that are not named by words of the text."""
    names = dict.fromkeys(t.name for t in ground_terms([formula]) if isinstance(t, Const))
    return [
        n
        for n in names
        if n not in _SPOKEN
        and not n.startswith(("date_", "that "))
        and not all(p in words or p.isdigit() for p in _parts(n.lower()))
    ]


def _parts(name: str) -> list[str]:
    return [p for p in "".join(c if c.isalnum() else " " for c in name).split() if p]

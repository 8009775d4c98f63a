"""The neural parser behind `reading.TextParser`: text in, scored readings with spans out.

Knows how text splits, the runtime, decoding and the score; must not know torch.  Nothing is
dropped but stretches without a letter or digit: a sentence that cannot be read comes back without readings
and with the reason.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

from neurosym.errors import ParserError
from neurosym.logic import Const, Term, map_terms
from neurosym.parser import tokenize
from neurosym.parser.calibrate import CALIBRATION, read_calibration
from neurosym.parser.kept import Kept, chosen, scored, shown, understood
from neurosym.parser.pieces import Encoded, Words, by_length, unfit
from neurosym.parser.reading import Anaphor, Parsed, Reading
from neurosym.parser.runtime import Runtime
from neurosym.parser.scorer import Scorer, has_scorer
from neurosym.parser.standins import standing
from neurosym.parser.steps import Hypothesis, Rows
from neurosym.parser.torch_runtime import WEIGHTS_FILE, TorchRuntime, pick_device
from neurosym.theory import Span

WEIGHTS = Path(__file__).parent / "weights"
# A best choice that is so little better than the next: the same may be said otherwise, or otherwise where it
# makes no sense.  Of what is surer, a search mends one sentence in a hundred.
DIVIDED, HOPELESS = 0.3, 0.6
BATCH, WORDS = 64, 1024  # sentences that are read at once, and their words: of long ones, fewer fit a cache
SEARCHED = 16  # sentences whose beams run at once
BEAM = 4  # beams kept where more than one reading is asked for
_SHOWN = 60

_Found = tuple[tuple[Reading, ...], str]  # readings, or why there are none


class NeuralParser:
    """A TextParser.  `threads` is for one sentence; for throughput run several processes.

    device: "cpu" is ONNX Runtime; a torch device ("cuda") needs the folder of a model that
    `neurosym train` wrote and the extra [train]; "auto" takes the GPU where both are there.

    Where the folder has a scorer (`scorer.Scorer`), it is asked about readings whose cheap score leaves
    doubt, and where several readings compete.

    exclusive: whether "either A or B" means one of the two only; the weaker reading is the default.

    Repeated sentences are answered from a cache of the last `cache` ones.  One instance must
    not be used by several threads at a time.  Raises ParserError where the model folder is
    missing or broken; the model is loaded at once, so errors come early.
    """

    name = "neural"

    def __init__(
        self,
        model_dir: str | Path | None = None,
        threads: int = 1,
        cache: int = 4096,
        device: str = "auto",
        exclusive: bool = False,
    ) -> None:
        folder = Path(model_dir) if model_dir is not None else WEIGHTS
        self._runtime = _runtime(folder, threads, device)
        self._exclusive, self._patient = exclusive, False
        self._calibration = read_calibration(folder / CALIBRATION)
        self._scorer: Scorer | None = None
        if has_scorer(folder):
            self._scorer = Scorer(folder, self._calibration.lexicon, threads)
        self._seen: OrderedDict[tuple[Words, int], _Found] = OrderedDict()
        self._room = cache

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """Split `text` into sentences and read each; at most `n_best` different readings.

        Raises ParserError for text without anything to read, and for n_best below 1.
        """
        if n_best < 1:
            raise ParserError(f"n_best must be at least 1, not {n_best}", document=document)
        if not text.strip():
            raise ParserError("the text is empty", document=document, hint="give at least one sentence")
        spans = tokenize.sentences(text) or ((0, len(text)),)
        reasons = [_not_text(text[a:b]) for a, b in spans]
        sentences = [
            () if why else tokenize.texts(text[a:b]) for (a, b), why in zip(spans, reasons, strict=True)
        ]
        found = self._find(sentences, n_best)
        return tuple(
            Parsed(Span(document, a, b, text[a:b]), *((), why) if why else _placed(found[words], text, a, b))
            for (a, b), why, words in zip(spans, reasons, sentences, strict=True)
        )

    def exclusively(self) -> NeuralParser:
        """The same model, for texts where "either A or B" means one of the two only."""
        other = copy(self)
        other._exclusive, other._seen = True, OrderedDict()
        return other

    def patiently(self) -> NeuralParser:
        """The same model, for who would rather have a doubtful reading than none.

        A reading that says every word is given where a likelier one leaves words out, too, with what
        that one leaves of its score: less than a quarter, which no usual threshold believes.
        """
        other = copy(self)
        other._patient, other._seen = True, OrderedDict()
        return other

    def _find(self, sentences: Sequence[Words], n_best: int) -> dict[Words, _Found]:
        """Readings of the distinct sentences."""
        found: dict[Words, _Found] = {}
        todo: list[Words] = []
        for words in dict.fromkeys(sentences):
            known = self._seen.get((words, n_best))
            if known is not None:
                self._seen.move_to_end((words, n_best))
                found[words] = known
            else:
                todo.append(words)
        found |= {words: ((), why) for words in todo if (why := unfit(words))}
        short = [w for w in todo if w not in found]
        pieces = self._runtime.encode([standing(w) for w in short]) if short else []
        encoded = dict(zip(short, pieces, strict=True))
        found |= {words: ((), why) for words, e in encoded.items() if (why := unfit(words, e))}
        ready = [w for w in todo if w not in found]
        found |= self._decode_all(ready, encoded, n_best)
        for words in todo:
            self._seen[words, n_best] = found[words]
        while len(self._seen) > self._room:
            self._seen.popitem(last=False)
        return found

    def _decode_all(
        self, ready: Sequence[Words], encoded: dict[Words, Encoded], n_best: int
    ) -> dict[Words, _Found]:
        out: dict[Words, _Found] = {}
        again: list[tuple[Words, Hypothesis]] = []
        size = (BATCH, WORDS) if n_best == 1 else (SEARCHED, WORDS // BEAM)
        chunks = [[ready[i] for i in chunk] for chunk in by_length([encoded[w] for w in ready], *size)]
        for batch in chunks:
            rows = self._runtime.begin([encoded[w] for w in batch])
            if n_best > 1:
                out |= self._chosen(batch, rows, self._runtime.beam(rows, max(BEAM, n_best)), encoded, n_best)
                continue
            best = self._runtime.greedy(rows)
            kept = self._kept([[h] for h in best], batch, encoded)
            ranked = self._ranked(rows, [cs for cs, _ in kept])
            unclear = [i for i, cs in enumerate(ranked) if self._unclear(cs, best[i])]
            out |= {w: (self._shown(cs, 1), why) for w, cs, (_, why) in zip(batch, ranked, kept, strict=True)}
            if unclear and len(chunks) == 1:
                some = rows if len(unclear) == len(batch) else rows.take(unclear)
                found = self._runtime.turned(some, [best[i] for i in unclear])
                out |= self._chosen([batch[i] for i in unclear], some, found, encoded, 1)
            else:
                again += ((batch[i], best[i]) for i in unclear)
        # a few of every batch: together they take half as long
        for chunk in by_length([encoded[w] for w, _ in again], BATCH // 2, WORDS // 2):
            batch = [again[i][0] for i in chunk]
            rows = self._runtime.begin([encoded[w] for w in batch])
            found = self._runtime.turned(rows, [again[i][1] for i in chunk])
            out |= self._chosen(batch, rows, found, encoded, 1)
        return out

    def _unclear(self, best: Sequence[Kept], h: Hypothesis) -> bool:
        """Is another reading to be looked for, which may make sense or say it better?"""
        if not best:
            return self._patient or h.margin < HOPELESS
        return h.margin < DIVIDED and (self._scorer is None or best[0].score < self._scorer.bounds.beam)

    def _chosen(
        self,
        batch: Sequence[Words],
        rows: Rows,
        found: Sequence[Sequence[Hypothesis]],
        encoded: dict[Words, Encoded],
        n_best: int,
    ) -> dict[Words, _Found]:
        """The best of what was `found` of each sentence."""
        kept = self._kept(found, batch, encoded)
        ranked = self._ranked(rows, [cs for cs, _ in kept])
        return {
            w: (self._shown(cs, n_best), why) for w, cs, (_, why) in zip(batch, ranked, kept, strict=True)
        }

    def _shown(self, cs: Sequence[Kept], n_best: int) -> tuple[Reading, ...]:
        return shown(cs, n_best, self._scorer is not None)

    def _kept(
        self, found: Sequence[Sequence[Hypothesis]], batch: Sequence[Words], encoded: dict[Words, Encoded]
    ) -> list[tuple[tuple[Kept, ...], str]]:
        """`candidates` of each sentence of a batch."""
        every = [understood(hs, w, self._exclusive) for w, hs in zip(batch, found, strict=True)]
        seen = [standing(w) for w in batch]
        asked = [(h.tokens, w) for one, w in zip(every, seen, strict=True) for h in one.hypotheses()]
        unseen = iter(self._scorer.each_unseen(asked) if self._scorer is not None else [0.0] * len(asked))
        return [
            scored(one, s, encoded[w], unseen, self._calibration, self._scorer, self._patient)
            for one, w, s in zip(every, batch, seen, strict=True)
        ]

    def _ranked(self, rows: Rows, kept: Sequence[tuple[Kept, ...]]) -> list[tuple[Kept, ...]]:
        """The same readings, best first as the scorer sees them, where it is worth asking."""
        scorer = self._scorer
        if scorer is None:
            return list(kept)
        b = scorer.bounds
        asked = [cs if len(cs) > 1 or (cs and b.low < cs[0].score < b.high) else () for cs in kept]
        if not any(asked):
            return list(kept)
        logits = scorer.logits(rows.memory, rows.bias, [[c.hypothesis for c in cs] for cs in asked])
        return [
            chosen(some, scorer, ls) if some else cs for cs, some, ls in zip(kept, asked, logits, strict=True)
        ]


def _placed(found: _Found, text: str, start: int, end: int) -> _Found:
    """Readings whose anaphors have their places in the document, and constants of their own."""
    readings, why = found
    if not any(r.anaphors for r in readings):
        return found
    at = tokenize.words(text[start:end])
    return tuple(placed(r, at, start) for r in readings), why


def placed(r: Reading, words: Sequence[tokenize.Word], start: int) -> Reading:
    """A reading whose anaphors have their places in a document, where its sentence begins at `start`."""
    names: dict[Term, Term] = {}
    anaphors = []
    for a in r.anaphors:
        w = words[a.start]
        name = f"{a.text.lower()} ({start + w.start})"
        names[Const(a.constant)] = Const(name)
        anaphors.append(Anaphor(name, a.text, start + w.start, start + w.end))
    if not anaphors:
        return r
    formula = map_terms(r.formula, lambda t: names.get(t, t))
    return replace(r, formula=formula, anaphors=tuple(anaphors))


def _runtime(folder: Path, threads: int, device: str) -> Runtime:
    if device == "auto" and not (folder / WEIGHTS_FILE).is_file():
        return Runtime(folder, threads)  # without asking torch, which takes seconds to load
    chosen = pick_device(device)
    return Runtime(folder, threads) if chosen == "cpu" else TorchRuntime(folder, chosen)


def _not_text(sentence: str) -> str:
    """Why a sentence is not text at all, or an empty string."""
    if sentence.isprintable() and "\ufffd" not in sentence:
        return ""  # none of the categories below is printable
    for i, c in enumerate(sentence):
        if c == "\ufffd" or (unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\t\n\r\f\v"):
            shown = sentence[:_SHOWN].encode("unicode_escape").decode("ascii")
            return f"not text: character U+{ord(c):04X} at offset {i} of the sentence {shown!r}"
    return ""

"""The neural parser behind `reading.TextParser`: text in, scored readings with spans out.

Knows how text splits, the runtime, decoding and the score; must not know torch.  Nothing is
dropped but stretches without a letter or digit: a sentence that cannot be read comes back without readings
and with the reason.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.errors import ParserError
from neurosym.logic import Const, Formula, Term, map_terms
from neurosym.parser import tokenize
from neurosym.parser.calibrate import CALIBRATION, Calibration, read_calibration
from neurosym.parser.conventions import settled
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.discourse import unspelt
from neurosym.parser.morphology import verb_lemma
from neurosym.parser.reading import Anaphor, Parsed, Reading
from neurosym.parser.runtime import Encoded, Hypothesis, Rows, Runtime, Words, by_length, unfit
from neurosym.parser.scorer import Scorer, compared, has_scorer, signals
from neurosym.parser.standins import standing
from neurosym.parser.torch_runtime import WEIGHTS_FILE, TorchRuntime, pick_device
from neurosym.parser.unsaid import pronouns_unsaid
from neurosym.syntax import show
from neurosym.theory import Span

WEIGHTS = Path(__file__).parent / "weights"
# A best choice that is so little better than the next: the same may be said otherwise, or otherwise where it
# makes no sense.  Of what is surer, a search mends one sentence in a hundred.
DIVIDED, HOPELESS = 0.3, 0.6
BATCH = 64  # sentences that are read at once
SEARCHED = 16  # sentences whose beams run at once
BEAM = 4  # beams kept where more than one reading is asked for
_DOING = re.compile(r"\b([a-z]+ing)\(")
_VARIABLE = re.compile(r"\?[a-z]\b")
_SHOWN = 60

_Found = tuple[tuple[Reading, ...], str]  # readings, or why there are none


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading that the parser may show: its hypothesis, with the joint probability of those that say
    the same, what it means, and its score.

    `unseen`: see scorer_habits.Habits.unseen; `left`: what a likelier reading, which leaves words out, leaves
    of a score.
    """

    hypothesis: Hypothesis
    meaning: Decoded
    score: float
    unseen: float = 0.0
    left: float = 1.0

    def reading(self, share: float) -> Reading:
        return self.meaning.reading(self.score * share, self.hypothesis.tokens)


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
        shown = self._runtime.encode([standing(w) for w in short]) if short else []
        encoded = dict(zip(short, shown, strict=True))
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
        chunks = [
            [ready[i] for i in chunk]
            for chunk in by_length([encoded[w] for w in ready], BATCH if n_best == 1 else SEARCHED)
        ]
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
        for i in range(0, len(again), BATCH):  # a few of every batch: together they take half as long
            batch = [words for words, _ in again[i : i + BATCH]]
            rows = self._runtime.begin([encoded[w] for w in batch])
            found = self._runtime.turned(rows, [h for _, h in again[i : i + BATCH]])
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
        return _shown(cs, n_best, self._scorer is not None)

    def _kept(
        self, found: Sequence[Sequence[Hypothesis]], batch: Sequence[Words], encoded: dict[Words, Encoded]
    ) -> list[tuple[tuple[Kept, ...], str]]:
        """`candidates` of each sentence of a batch."""
        every = [understood(hs, w, self._exclusive) for w, hs in zip(batch, found, strict=True)]
        shown = [standing(w) for w in batch]
        asked = [(h.tokens, w) for one, w in zip(every, shown, strict=True) for h in one.hypotheses()]
        unseen = iter(self._scorer.each_unseen(asked) if self._scorer is not None else [0.0] * len(asked))
        return [
            _scored(one, s, encoded[w], unseen, self._calibration, self._scorer, self._patient)
            for one, w, s in zip(every, batch, shown, strict=True)
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


def candidates(
    hypotheses: Sequence[Hypothesis],
    words: Words,
    e: Encoded,
    calibration: Calibration,
    scorer: Scorer | None = None,
    exclusive: bool = False,
    patient: bool = False,
) -> tuple[tuple[Kept, ...], str]:
    """Different readings by their cheap score, best first, or why there are none.

    scorer: whose quick score takes the place of the calibration's.  exclusive: is "either A or B" one of the
    two only?  patient: are those given that are less likely than one that leaves words out?

    Hypotheses that differ only in the spelling of a name ("Wren", "the wren") are one
    reading with their joint probability; the rest of the text tells the spelling.
    """
    one, shown = understood(hypotheses, words, exclusive), standing(words)
    asked = [(h.tokens, shown) for h in one.hypotheses()]
    unseen = iter(scorer.each_unseen(asked) if scorer is not None else [0.0] * len(asked))
    return _scored(one, shown, e, unseen, calibration, scorer, patient)


@dataclass(frozen=True, slots=True)
class Understood:
    """What hypotheses mean: different readings, and those that leave words out, with which."""

    readings: tuple[tuple[Hypothesis, Decoded], ...]
    gaps: tuple[tuple[Hypothesis, str], ...]
    why: str  # there are neither

    def hypotheses(self) -> list[Hypothesis]:
        return [h for h, _ in (*self.readings, *self.gaps)]


def understood(hypotheses: Sequence[Hypothesis], words: Words, exclusive: bool = False) -> Understood:
    """What the hypotheses of a sentence mean: of those that say the same, the first with what all have."""
    readable: list[tuple[Hypothesis, Decoded]] = []
    gaps: list[tuple[Hypothesis, str]] = []
    why = "the model found no reading"
    for h in hypotheses:
        if (tokens := settled(h.tokens, words, exclusive)) != h.tokens:
            h = replace(h, tokens=tokens)
        try:
            meaning = decode(tokens, words)
        except ParserError as error:
            why = f"no reading makes sense: {error.message}"
            continue
        if gap := left_out(tokens, words) or pronouns_unsaid(tokens, words):
            gaps.append((h, gap))
        else:
            readable.append((h, meaning))
    if len(readable) > 1:
        groups = _alike(readable)
        for group in groups:
            # "is gleaming" is a property wherever it may be one, in every sentence of a text
            group.sort(key=lambda one: sum(t.startswith("V:") for t in one[0].tokens))
        readable = [(_joint([h for h, _ in group]), group[0][1]) for group in groups]
    return Understood(tuple(readable), tuple(gaps), why)


def _scored(
    one: Understood,
    shown: Words,
    e: Encoded,
    unseen: Iterator[float],
    calibration: Calibration,
    scorer: Scorer | None,
    patient: bool,
) -> tuple[tuple[Kept, ...], str]:
    """What `candidates` returns.  `unseen`: of each of the hypotheses."""

    def scored(h: Hypothesis) -> tuple[float, float]:
        new = next(unseen)
        if scorer is None:
            return calibration.score(h, shown, e), new
        return scorer.quick.of(signals(h, shown, e, scorer.quick), (new,)), new

    found = [Kept(h, meaning, *scored(h)) for h, meaning in one.readings]
    found.sort(key=_by_score)
    why = one.why
    if one.gaps:
        refused, why = max(((scored(h)[0], gap) for h, gap in one.gaps), key=lambda r: r[0])
        if found and found[0].score < refused:
            if not patient:
                return (), why  # a worse reading is no better for saying every word
            left = 1 - refused
            found = [replace(k, score=k.score * left, left=left) for k in found]
    return tuple(found), "" if found else why


def chosen(cs: Sequence[Kept], scorer: Scorer, logits: Sequence[float]) -> tuple[Kept, ...]:
    """The same readings with the scorer's whole score, best first; `cs` as `candidates` gives them."""
    c = scorer.calibration
    asked = compared([k.unseen for k in cs], logits)
    found = [
        replace(k, score=c.of(signals(k.hypothesis, (), None, c), a) * k.left)
        for k, a in zip(cs, asked, strict=True)
    ]
    return tuple(sorted(found, key=_by_score))


def _by_score(k: Kept) -> tuple[float, tuple[str, ...]]:
    return -k.score, k.hypothesis.tokens


def _shown(cs: Sequence[Kept], n_best: int, ranked: bool) -> tuple[Reading, ...]:
    """The best, with scores that add up to at most 1.

    ranked: by the scorer, whose scores are calibrated for the first reading, however many are asked for: the
    others divide what that one leaves. Without a scorer all give way alike.
    """
    if not cs:
        return ()
    first, *others = cs[:n_best]
    rest = sum(c.score for c in others)
    if not ranked:
        share = 1.0 / max(1.0, first.score + rest)
        return tuple(c.reading(share) for c in (first, *others))
    share = (1.0 - first.score) / max(1.0 - first.score, rest, 1e-9)
    return (first.reading(1.0), *(c.reading(share) for c in others))


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


def _alike(readable: Sequence[tuple[Hypothesis, Decoded]]) -> list[list[tuple[Hypothesis, Decoded]]]:
    """Those that say the same together, in the order of the first of each."""
    if len(readable) < 2:
        return [[one] for one in readable]
    groups: dict[Hashable, list[tuple[Hypothesis, Decoded]]] = {}
    for h, meaning in readable:
        key = (meaning.act, _sense(meaning.formula), meaning.variables, meaning.count)
        groups.setdefault(key, []).append((h, meaning))
    return list(groups.values())


def _sense(formula: Formula) -> str:
    """The same for readings that differ in a name's spelling, in their variables' names, or in whether one
    gleams or is gleaming."""
    names: dict[str, str] = {}
    text = _DOING.sub(lambda m: f"{verb_lemma(m[1])}(", show(unspelt(formula)))
    return _VARIABLE.sub(lambda m: names.setdefault(m[0], f"?{len(names)}"), text)


def _joint(group: Sequence[Hypothesis]) -> Hypothesis:
    """The first hypothesis with the probability of all; no other choice can be less sure than that."""
    first = group[0]
    if len(group) == 1:
        return first
    together = min(1.0, sum(math.exp(h.log_prob) for h in group))
    return replace(
        first,
        log_prob=math.log(max(together, 1e-30)),
        least=max(first.least, together),
        margin=max(first.margin, 2 * together - 1),
    )


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

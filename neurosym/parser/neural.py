"""The neural parser behind `reading.TextParser`: text in, scored readings with spans out.

Knows how text splits, the runtime, decoding and the score; must not know torch.  Nothing is
dropped: a sentence that cannot be read comes back without readings and with the reason.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.errors import ParserError
from neurosym.logic import Const, Formula, Term, map_terms
from neurosym.parser import tokenize
from neurosym.parser.calibrate import CALIBRATION, Calibration, features, read_calibration
from neurosym.parser.conventions import settled
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.discourse import unspelt
from neurosym.parser.morphology import verb_lemma
from neurosym.parser.reading import Anaphor, Parsed, Reading
from neurosym.parser.runtime import Encoded, Hypothesis, Runtime, Words, by_length, unfit
from neurosym.parser.scorer import Scorer, compared, has_scorer
from neurosym.parser.standins import standing
from neurosym.parser.torch_runtime import WEIGHTS_FILE, TorchRuntime, pick_device
from neurosym.parser.unsaid import pronouns_unsaid
from neurosym.syntax import show
from neurosym.theory import Span

WEIGHTS = Path(__file__).parent / "weights"
DIVIDED = 0.3  # a best choice that is so little better than the next: the same may be said otherwise
BEAM = 4  # beams kept where more than one reading is asked for, or the best does not decode
_DOING = re.compile(r"\b([a-z]+ing)\(")
_SHOWN = 60

_Found = tuple[tuple[Reading, ...], str]  # readings, or why there are none


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading that the parser may show: its hypothesis, with the joint probability of those that say
    the same, what it means, and its score."""

    hypothesis: Hypothesis
    meaning: Decoded
    score: float

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
            () if why else tuple(w.text for w in tokenize.words(text[a:b]))
            for (a, b), why in zip(spans, reasons, strict=True)
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
        kept: dict[Words, tuple[Kept, ...]] = {}
        whys: dict[Words, str] = {}
        again: list[Words] = []
        if n_best == 1:
            for chunk in by_length([encoded[w] for w in ready], 32):
                batch = [ready[i] for i in chunk]
                for words, h in zip(batch, self._runtime.greedy([encoded[w] for w in batch]), strict=True):
                    kept[words], whys[words] = self._kept([h], words, encoded[words])
                    if not kept[words] or h.margin < DIVIDED or self._seeks_rivals(kept[words][0]):
                        again.append(words)  # another beam may decode, or say it better
        else:
            again = list(ready)
        width = max(BEAM, n_best)
        for chunk in by_length([encoded[w] for w in again], 16):
            batch = [again[i] for i in chunk]
            for words, hs in zip(batch, self._runtime.beam([encoded[w] for w in batch], width), strict=True):
                kept[words], whys[words] = self._kept(hs, words, encoded[words])
        ranked = self._asked(kept, encoded)
        return {words: (_shown(cs, n_best), "" if cs else whys[words]) for words, cs in ranked.items()}

    def _kept(self, hs: Sequence[Hypothesis], words: Words, e: Encoded) -> tuple[tuple[Kept, ...], str]:
        """See `candidates`; with the scorer's quick score, where there is a scorer."""
        found, why = candidates(hs, words, e, self._calibration, self._exclusive, self._patient)
        return (found if self._scorer is None else weighed(found, words, e, self._scorer)), why

    def _seeks_rivals(self, best: Kept) -> bool:
        return self._scorer is not None and self._scorer.bounds.low < best.score < self._scorer.bounds.beam

    def _asked(
        self, kept: Mapping[Words, tuple[Kept, ...]], encoded: Mapping[Words, Encoded]
    ) -> dict[Words, tuple[Kept, ...]]:
        """The same readings, best first as the scorer sees it, where it is worth asking."""
        scorer = self._scorer
        out = dict(kept)
        if scorer is None:
            return out
        b = scorer.bounds
        doubtful = {w: cs for w, cs in kept.items() if len(cs) > 1 or (cs and b.low < cs[0].score < b.high)}
        logits = scorer.logits(
            [encoded[w] for w in doubtful], [[c.hypothesis.tokens for c in cs] for cs in doubtful.values()]
        )
        for (w, cs), ls in zip(doubtful.items(), logits, strict=True):
            out[w] = chosen(cs, w, encoded[w], scorer, ls)
        return out


def candidates(
    hypotheses: Sequence[Hypothesis],
    words: Words,
    e: Encoded,
    calibration: Calibration,
    exclusive: bool = False,
    patient: bool = False,
) -> tuple[tuple[Kept, ...], str]:
    """Different readings by their cheap score, best first, or why there are none.

    exclusive: is "either A or B" one of the two only?  patient: are those given that are less likely than
    one that leaves words out?

    Hypotheses that differ only in the spelling of a name ("Wren", "the wren") are one
    reading with their joint probability; the rest of the text tells the spelling.
    """
    readable: list[tuple[Hypothesis, Decoded]] = []
    shown = standing(words)
    why = "the model found no reading"
    refused = 0.0  # the score of the best reading that leaves words out
    for h in (replace(h, tokens=settled(h.tokens, words, exclusive)) for h in hypotheses):
        try:
            meaning = decode(h.tokens, words)
        except ParserError as error:
            why = f"no reading makes sense: {error.message}"
            continue
        if gap := left_out(h.tokens, words) or pronouns_unsaid(h.tokens, words):
            if (score := calibration.score(h, shown, e)) > refused:
                why, refused = gap, score
            continue
        readable.append((h, meaning))
    found = []
    for group in _alike(readable):
        if len(group) > 1:  # "is gleaming" is a property wherever it may be one, in every sentence of a text
            group.sort(key=lambda one: sum(t.startswith("V:") for t in one[0].tokens))
        joint = _joint([h for h, _ in group])
        found.append(Kept(joint, group[0][1], calibration.score(joint, shown, e)))
    found.sort(key=lambda c: (-c.score, c.hypothesis.tokens))
    if found and found[0].score < refused:
        if not patient:
            return (), why  # a worse reading is no better for saying every word
        found = [replace(k, score=k.score * (1 - refused)) for k in found]
    return tuple(found), "" if found else why


def weighed(cs: Sequence[Kept], words: Words, e: Encoded, scorer: Scorer) -> tuple[Kept, ...]:
    """The same readings with the scorer's quick score, best first."""
    c, shown = scorer.quick, standing(words)
    cheap = [features(k.hypothesis, shown, e, c.lexicon) for k in cs]
    unseen = [(scorer.unseen(k.hypothesis.tokens, shown),) for k in cs]
    return _rescored(cs, [c.of(*both) for both in zip(cheap, unseen, strict=True)])


def _rescored(cs: Sequence[Kept], scores: Sequence[float]) -> tuple[Kept, ...]:
    found = [replace(k, score=s) for k, s in zip(cs, scores, strict=True)]
    return tuple(sorted(found, key=lambda k: (-k.score, k.hypothesis.tokens)))


def chosen(
    cs: Sequence[Kept], words: Words, e: Encoded, scorer: Scorer, logits: Sequence[float]
) -> tuple[Kept, ...]:
    """The same readings with the scorer's whole score, best first."""
    c, shown = scorer.calibration, standing(words)
    cheap = [features(k.hypothesis, shown, e, c.lexicon) for k in cs]
    asked = compared([scorer.unseen(k.hypothesis.tokens, shown) for k in cs], logits)
    return _rescored(cs, [c.of(*both) for both in zip(cheap, asked, strict=True)])


def _shown(cs: Sequence[Kept], n_best: int) -> tuple[Reading, ...]:
    """The best, with scores that add up to at most 1."""
    best = cs[:n_best]
    share = 1.0 / max(1.0, sum(c.score for c in best))
    return tuple(c.reading(share) for c in best)


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
    """The same for readings that differ in a name's spelling, or in whether one gleams or is gleaming."""
    return _DOING.sub(lambda m: f"{verb_lemma(m[1])}(", show(unspelt(formula)))


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

"""Decoding with ONNX Runtime: words in, token sequences with their probabilities out.  No torch.

Greedy decoding runs whole batches and drops finished rows; beam search gives the n best.  Both
choose only among what `constrain` allows.  Where the model would rather have left the grammar,
the lost probability is kept as a signal of doubt.

Knows the exported graphs and the word pieces; must not know sentences, formulas or scores.
Shapes: R rows (sentences or beams), S word pieces, W words, L decoder layers, h heads.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.parser import constrain
from neurosym.parser.constrain import BOS, EOS, MASKS, N_CHOICES, N_SYMBOLS, START, State
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS, POINTER_KINDS, SYMBOLS

Words: TypeAlias = tuple[str, ...]
Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

ENCODER, DECODER, TOKENIZER, CONFIG = "encoder.onnx", "decoder.onnx", "tokenizer.json", "config.json"
FORMAT = 2  # of the exported graphs; a model of another format is refused
MAX_PIECES = 192  # word pieces of one sentence; MiniLM itself ends at 512


@cache
def parts(n: int) -> tuple[list[str], list[str], list[str]]:
    """Names of the decoder's inputs and outputs that hold keys and values, `n` each: of the words, of
    the steps before, and of these with the new step."""
    before, after = [f"past_{i}" for i in range(n)], [f"new_past_{i}" for i in range(n)]
    return [f"words_{i}" for i in range(n)], before, after


N_CASES = 7
_LOWER, _CAPITALIZED, _UPPER, _DIGIT, _OTHER, _FIRST_CAPITALIZED, _FIRST_UPPER = range(N_CASES)


@lru_cache(maxsize=50_000)
def case_of(word: str, first: bool) -> int:
    """The written form of a word, which the uncased encoder cannot see."""
    if not word.isalpha() and any(c.isdigit() for c in word):
        return _DIGIT
    if not word[:1].isalpha():
        return _OTHER
    if word[0].islower():
        return _LOWER
    if len(word) > 1 and word.isupper():
        return _FIRST_UPPER if first else _UPPER
    return _FIRST_CAPITALIZED if first else _CAPITALIZED


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence as the encoder wants it: piece ids, the word of each piece (-1: none), cases."""

    pieces: tuple[int, ...]
    owner: tuple[int, ...]
    case: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One decoded sequence.

    `log_prob` sums the log-probabilities of its choices under the grammar, <eos> included;
    `least` is the smallest of these probabilities; `margin` the smallest lead of a choice
    over the best other one (negative where another was likelier); `lost` the log-probability
    that the model kept inside the grammar (0: all of it).
    """

    tokens: tuple[str, ...]
    log_prob: float
    least: float
    margin: float
    lost: float


def load_tokenizer(path: Path) -> Any:
    """The word-piece tokenizer.  Raises ParserError."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise ParserError(f"cannot read the tokenizer: {error}", document=str(path)) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode_words(tokenizer: Any, batch: Sequence[Words]) -> list[Encoded]:
    """Word pieces of pre-split sentences."""
    out = []
    for words, e in zip(
        batch, tokenizer.encode_batch([list(w) for w in batch], is_pretokenized=True), strict=True
    ):
        owner = tuple(-1 if w is None else w for w in e.word_ids)
        case = tuple(case_of(w, i == 0) for i, w in enumerate(words))
        out.append(Encoded(tuple(e.ids), owner, case))
    return out


def pad(batch: Sequence[Encoded]) -> tuple[Ints, Ints, Ints]:
    """pieces [R, S], owner [R, S], case [R, W], padded with 0, -1 and -1."""
    s, w = max(len(e.pieces) for e in batch), max(len(e.case) for e in batch)
    pieces = np.zeros((len(batch), s), dtype=np.int64)
    owner = np.full((len(batch), s), -1, dtype=np.int64)
    case = np.full((len(batch), w), -1, dtype=np.int64)
    for i, e in enumerate(batch):
        pieces[i, : len(e.pieces)] = e.pieces
        owner[i, : len(e.owner)] = e.owner
        case[i, : len(e.case)] = e.case
    return pieces, owner, case


@dataclass(slots=True)
class _Rows:
    """What the decoder needs of each row; `at` says which sentence a row belongs to."""

    at: Ints  # [R]
    memory: Floats  # [R, W, d]
    keys: Floats  # [R, W, d]
    bias: Floats  # [R, 1, 1, W]: 0, or -1e9 at padding
    words: list[Floats]  # 2L times [R, h, W, d/h]: keys and values of the memory
    past: list[Floats]  # 2L times [R, h, T, d/h]

    def take(self, rows: Ints) -> _Rows:
        at, past = self.at[rows], [a[rows] for a in self.past]
        if np.array_equal(at, self.at):  # the beams of a sentence share what they look at
            return replace(self, past=past)
        words = [a[rows] for a in self.words]
        return _Rows(at, self.memory[rows], self.keys[rows], self.bias[rows], words, past)


@dataclass(slots=True)
class _Path:
    """A sequence being decoded."""

    state: State = START
    choices: tuple[constrain.Choice, ...] = ()
    log_prob: float = 0.0
    least: float = 1.0
    margin: float = 1.0
    lost: float = 0.0

    def hypothesis(self) -> Hypothesis:
        return Hypothesis(constrain.tokens(self.choices), self.log_prob, self.least, self.margin, self.lost)


class Runtime:
    """A model folder, loaded.  Not to be shared between threads while decoding."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Raises ParserError where a file is missing, broken or of another format."""
        import onnxruntime

        hint = "reinstall neurosym-engine, or give the folder of an exported model (see `neurosym train`)"
        for name in (CONFIG, ENCODER, DECODER, TOKENIZER):
            if not (folder / name).is_file():
                raise ParserError(f"the model folder has no file {name}", document=str(folder), hint=hint)
        try:
            self.config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            theirs = (self.config["format"], self.config["symbols"], self.config["kinds"])
        except (ValueError, KeyError, TypeError) as error:
            raise ParserError(
                f"not a model configuration: {error!r}", document=str(folder / CONFIG), hint=hint
            ) from error
        if theirs != (FORMAT, list(SYMBOLS), list(POINTER_KINDS)):
            raise ParserError(
                "the model was exported for another version of the target language",
                document=str(folder / CONFIG),
                hint="train it again with this version (`neurosym train`), or install the version it names",
            )
        self.tokenizer = load_tokenizer(folder / TOKENIZER)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            how = {"disabled_optimizers": self.config.get("disabled_optimizers", ())}
            sessions: Iterator[Any] = (
                onnxruntime.InferenceSession(str(folder / n), options, ["CPUExecutionProvider"], **how)
                for n in (ENCODER, DECODER)
            )
            self._encoder, self._decoder = sessions
        except Exception as error:  # onnxruntime's exceptions share no public root
            raise ParserError(f"cannot load the model: {error}", document=str(folder), hint=hint) from error

    def watch(self, wrap: Callable[[str, Any], Any]) -> None:
        """Put `wrap(name, session)` in the place of either graph's session."""
        self._encoder, self._decoder = wrap(ENCODER, self._encoder), wrap(DECODER, self._decoder)

    def encode(self, batch: Sequence[Words]) -> list[Encoded]:
        """The word pieces of each sentence."""
        return encode_words(self.tokenizer, batch)

    # --- one decoder step ----------------------------------------------------------------

    def _begin(self, batch: Sequence[Encoded]) -> _Rows:
        pieces, owner, case = pad(batch)
        memory, keys, words = self._encoder.run(None, {"pieces": pieces, "owner": owner, "case": case})
        bias = np.where(case < 0, np.float32(-1e9), np.float32(0))[:, None, None, :]
        layers2, n, h, _, dh = words.shape
        past = [np.zeros((n, h, 0, dh), dtype=np.float32)] * layers2
        return _Rows(np.arange(n), memory, keys, bias, list(words), past)

    def _scores(self, rows: _Rows, choice: Ints, word: Ints, step: int) -> Floats:
        """Scores [R, N_SYMBOLS + N_KINDS * W] of the next choices; `rows` has then this step's keys."""
        pointer = (choice >= N_SYMBOLS)[:, None]
        copied = np.where(pointer, rows.memory[np.arange(len(word)), word], np.float32(0))
        feeds = {
            "choice": choice[:, None],
            "copied": copied[:, None],
            "position": np.array([step], dtype=np.int64),
            "keys": rows.keys,
            "bias": rows.bias,
        }
        from_words, before, _ = parts(len(rows.words))
        feeds.update(zip(from_words, rows.words, strict=True))
        feeds.update(zip(before, rows.past, strict=True))
        scores: Floats
        scores, *rows.past = self._decoder.run(None, feeds)
        return scores

    def _step(
        self, rows: _Rows, choice: Ints, word: Ints, step: int, states: Sequence[State]
    ) -> tuple[Floats, Floats, Floats]:
        """Scores [R, N_SYMBOLS + N_KINDS * W] under the grammar, what to subtract from them to have
        log-probabilities [R, 1], and the lost part [R]."""
        scores = self._scores(rows, choice, word, step)
        top = scores.max(axis=1, keepdims=True)
        every = np.exp(scores - top).sum(axis=1)
        masks = MASKS[[constrain.row(s) for s in states]]
        scores[:, :N_SYMBOLS] += masks[:, :N_SYMBOLS]
        pointers = scores[:, N_SYMBOLS:].reshape(len(states), N_CHOICES - N_SYMBOLS, -1)  # a view
        pointers += masks[:, N_SYMBOLS:, None]
        # The best legal score, not the best of all, keeps the sum above underflow.
        best = scores.max(axis=1, keepdims=True)
        legal = np.log(np.exp(scores - best).sum(axis=1)) + best[:, 0]
        return scores, legal[:, None], legal - (np.log(every) + top[:, 0])

    @staticmethod
    def _choice(flat: int, width: int) -> constrain.Choice:
        if flat < N_SYMBOLS:
            return flat, 0
        kind, word = divmod(flat - N_SYMBOLS, width)
        return N_SYMBOLS + kind, word

    def _extend(
        self, path: _Path, flat: int, width: int, log_prob: float, rival: float, lost: float
    ) -> _Path:
        """`path` with one more choice; `rival` is the log-probability of the best other choice."""
        p = math.exp(log_prob)
        choice = self._choice(flat, width)
        done = choice[0] == EOS
        return _Path(
            path.state if done else constrain.advance(path.state, choice[0]),
            path.choices if done else (*path.choices, choice),
            path.log_prob + log_prob,
            min(path.least, p),
            min(path.margin, p - math.exp(rival)),
            path.lost + lost,
        )

    # --- searches ----------------------------------------------------------------------

    def greedy(self, batch: Sequence[Encoded]) -> list[Hypothesis]:
        """The step-by-step best sequence of each sentence.  Every sentence has a word."""
        rows = self._begin(batch)
        paths: list[list[constrain.Choice]] = [[] for _ in batch]
        states = [START] * len(batch)
        # by sentence: Hypothesis' log_prob, least, margin and lost
        sums = np.zeros((2, len(batch)))
        least = np.ones((2, len(batch)))
        alive = np.arange(len(batch))  # row -> sentence
        choice = np.full(len(batch), BOS, dtype=np.int64)
        word = np.zeros(len(batch), dtype=np.int64)
        width = rows.memory.shape[1]
        finished = np.zeros(len(batch), dtype=bool)
        for step in range(MAX_TOKENS + 1):
            scores, legal, lost = self._step(rows, choice, word, step, [states[i] for i in alive.tolist()])
            every = np.arange(len(alive))
            chosen = scores.argmax(axis=1)
            best = scores[every, chosen] - legal[:, 0]
            scores[every, chosen] = -np.inf
            rival = scores.max(axis=1) - legal[:, 0]
            keep = ~finished[alive]
            at = alive[keep]
            sums[:, at] += (best[keep], lost[keep])
            p = np.exp(best[keep].astype(np.float64))
            least[:, at] = np.minimum(least[:, at], (p, p - np.exp(rival[keep].astype(np.float64))))
            finished[at] = chosen[keep] == EOS
            for r, (i, flat) in enumerate(zip(alive.tolist(), chosen.tolist(), strict=True)):
                if keep[r] and flat != EOS:
                    choice[r], word[r] = c = self._choice(flat, width)
                    paths[i].append(c)
                    states[i] = constrain.advance(states[i], c[0])
            keep = ~finished[alive]
            left = int(keep.sum())
            if not left:
                break
            # Copying costs too: compact only when enough rows are done.
            if len(alive) - left >= max(4, 0.15 * len(alive)):
                rows, alive, choice, word = (
                    rows.take(keep.nonzero()[0]),
                    alive[keep],
                    choice[keep],
                    word[keep],
                )
        found = zip(paths, *sums.tolist(), *least.tolist(), strict=True)
        return [Hypothesis(constrain.tokens(path), lp, p, lead, lost) for path, lp, lost, p, lead in found]

    def beam(self, batch: Sequence[Encoded], width: int = 4) -> list[list[Hypothesis]]:
        """Up to `width` best sequences of each sentence, best first."""
        rows = self._begin(batch)
        paths = [_Path() for _ in batch]
        done: list[list[_Path]] = [[] for _ in batch]
        choice = np.full(len(batch), BOS, dtype=np.int64)
        word = np.zeros(len(batch), dtype=np.int64)
        n_words = rows.memory.shape[1]
        for step in range(MAX_TOKENS + 1):
            scores, legal, lost = self._step(rows, choice, word, step, [p.state for p in paths])
            logs = scores - legal
            k = min(width + 1, logs.shape[1])
            tops = np.argpartition(logs, -k, axis=1)[:, -k:]
            offers: dict[int, list[tuple[float, int, int, float, float]]] = {}
            values = np.take_along_axis(logs, tops, axis=1).tolist()
            for r, (i, columns) in enumerate(zip(rows.at.tolist(), tops.tolist(), strict=True)):
                ranked = sorted(zip(values[r], columns, strict=True), reverse=True)
                for n, (lp, c) in enumerate(ranked[:width]):
                    if lp > -np.inf:
                        rival = ranked[1][0] if n == 0 else ranked[0][0]
                        offers.setdefault(i, []).append((paths[r].log_prob + lp, r, c, lp, rival))
            new_rows: list[int] = []
            new_paths: list[_Path] = []
            for i, found in offers.items():
                found.sort(key=lambda o: (-o[0], o[1], o[2]))
                # A finished sequence that beats every open one for the last place ends the search there.
                bar = sorted((p.log_prob for p in done[i]), reverse=True)[width - 1 : width]
                for total, r, c, lp, rival in found[:width]:
                    if bar and total <= bar[0]:
                        break
                    path = self._extend(paths[r], c, n_words, lp, rival, float(lost[r]))
                    if c == EOS:
                        done[i].append(path)
                    else:
                        new_rows.append(r)
                        new_paths.append(path)
            if not new_paths:
                break
            rows, paths = rows.take(np.array(new_rows)), new_paths
            choice = np.array([p.choices[-1][0] for p in paths], dtype=np.int64)
            word = np.array([p.choices[-1][1] for p in paths], dtype=np.int64)
        return [[p.hypothesis() for p in sorted(found, key=lambda p: -p.log_prob)[:width]] for found in done]

    def parse(self, sentences: Sequence[Words], batch: int = 32) -> list[Hypothesis]:
        """Greedy readings of many sentences, in their order; batches hold similar lengths."""
        encoded = self.encode(sentences)
        out: dict[int, Hypothesis] = {}
        for chunk in by_length(encoded, batch):
            out.update(zip(chunk, self.greedy([encoded[i] for i in chunk]), strict=True))
        return [out[i] for i in range(len(sentences))]

    def parse_n(self, sentences: Sequence[Words], width: int = 4, batch: int = 16) -> list[list[Hypothesis]]:
        """The `width` best readings of many sentences, in their order."""
        encoded = self.encode(sentences)
        out: dict[int, list[Hypothesis]] = {}
        for chunk in by_length(encoded, batch):
            out.update(zip(chunk, self.beam([encoded[i] for i in chunk], width), strict=True))
        return [out[i] for i in range(len(sentences))]


def by_length(encoded: Sequence[Encoded], batch: int) -> Iterator[list[int]]:
    """Indices in batches of similar length: little is spent on padding."""
    order = sorted(range(len(encoded)), key=lambda i: (len(encoded[i].case), len(encoded[i].pieces), i))
    for start in range(0, len(order), batch):
        yield order[start : start + batch]


def unfit(words: Words, encoded: Encoded | None = None) -> str:
    """Why the model cannot take a sentence, or an empty string.

    Without `encoded` only the words are judged, so that hopeless ones need not be encoded.
    """
    if not words:
        return "the sentence has no words"
    if len(words) > MAX_WORDS:
        return f"the sentence has {len(words)} words, more than {MAX_WORDS}: split it"
    if encoded is not None and len(encoded.pieces) > MAX_PIECES:
        return f"the sentence has {len(encoded.pieces)} word pieces, more than {MAX_PIECES}: split it"
    return ""

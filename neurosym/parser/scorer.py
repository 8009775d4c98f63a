"""The scorer: does this reading say what the sentence says?  A cross-encoder's answer, as a logit.

A sentence and one of its readings, put into words again, go through one small encoder as one sequence
(cross-encoders as re-rankers: Nogueira & Cho 2019).  What the decoder's probability cannot see, a reading
that is fluent and wrong, it often can.  Runs on ONNX Runtime with 8-bit weights; its word vectors are those
of the parser's encoder file, which it shares.  `scorer_train` makes its files.

Knows sentences, readings in tokens, and graphs.  Must not know torch, nor how a score is used.
Shapes: B pairs, S word pieces.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.logic import Formula
from neurosym.parser.calibrate import Lexicon, calibration_of
from neurosym.parser.decode import Decoded
from neurosym.parser.runtime import ENCODER, Encoded, Ints, Words
from neurosym.parser.scheme import arguments

GRAPH, CONFIG = "scorer.onnx", "scorer.json"
FORMAT = 1
MOST_PIECES = 192  # of a pair; the rest of the reading is cut off
BATCH = 32
FORMS = 9  # 0: the reading; 1: no word; 2..: how a word of the sentence is written (runtime.case_of)

Verbalize: TypeAlias = Callable[[Formula], str]
OWN = "tokens"  # the verbalization of this module; any other is the caller's, by its name


# --- the second half of a pair -------------------------------------------------------------

_INFIX = {"AND": "and", "OR": "or", "XOR": "or else", "IMP": "implies", "IFF": "means that"}
_COUNT = {
    "ATLEAST": "at least",
    "ATMOST": "at most",
    "EXACTLY": "exactly",
    "MORE": "more than",
    "FEWER": "fewer than",
}
_OPENING = {
    "FACT": "",
    "ASK": "whether",
    "WH": "which",
    "HOWMANY": "how many",
    "PART": "in passing",
    "COMMAND": "do",
}
_ROLE = {"N": "is a ", "A": "is ", "C": "is ", "D": "the ", "R": "that "}


def said(tokens: Sequence[str], words: Words) -> str:
    """A reading in words, each formula in one line and bracketed where it would be unclear.

    Shorter and plainer than English proper: counts are not written out, and a copied word stands as
    the sentence has it, with a mark of the role that it was copied in.
    """
    at = iter(tokens)

    def copied(token: str) -> str:
        kind, _, i = token.partition(":")
        return _ROLE.get(kind, "") + (words[int(i)] if int(i) < len(words) else "?")

    def take() -> tuple[str, bool]:
        """The words of the next expression, and whether it needs no brackets."""
        token = next(at)
        if ":" in token:
            return copied(token), True
        if token == "SPAN":
            first, last = (int(next(at).partition(":")[2]) for _ in range(2))
            return " ".join(words[first : last + 1]), True
        below = [take() for _ in arguments(token)]
        texts = [t for t, _ in below]
        whole = [t if simple else f"( {t} )" for t, simple in below]
        match token:
            case _ if token in _OPENING:
                return " ".join(filter(None, (_OPENING[token], *texts))), True
            case "ALL" | "EX":
                return f"{'every' if token == 'ALL' else 'some'} {texts[0]} {whole[1]}", False
            case "NOT":
                return f"not {whole[0]}", True
            case _ if token in _INFIX:
                return f"{whole[0]} {_INFIX[token]} {whole[1]}", False
            case _ if token in _COUNT:
                return f"{_COUNT[token]} {texts[0]} {texts[1]} {whole[2]}", False
            case "P1" | "P2" | "P3" | "P4":
                name, subject, *others = texts
                return " ".join(filter(None, (subject, name, " , ".join(others)))), True
            case "NAMES":
                return f"{texts[0]} {texts[1].removeprefix('the ')}", True
            case "JOIN":
                return f"{texts[0]} {texts[1].removeprefix('is ').removeprefix('a ')}", True
            case "EQ":
                return f"{texts[0]} is {texts[1]}", True
            case "NTH":
                return f"{texts[2]} is {texts[1]} {texts[0]}", True
            case "SET":
                return f"{texts[0]} : {texts[1]}", True
            case "THAT":
                return f"that ( {texts[0]} )", True
            case "CONS":
                return " , ".join(filter(None, texts)), True
            case "NONE":
                return "", True
            case _:
                return " ".join(texts) if texts else token.lower(), True

    return take()[0]


def told(decoded: Decoded, verbalize: Verbalize) -> str:
    """A reading in the caller's words for formulas, with what the sentence does in front."""
    asked = " ".join(v.name for v in decoded.variables)
    match decoded.act.value, decoded.variables, decoded.count:
        case _, (_, *_), True:
            opening = f"how many {asked} : "
        case _, (_, *_), False:
            opening = f"which {asked} : "
        case "ask", _, _:
            opening = "whether "
        case "command", _, _:
            opening = "do : "
        case _:
            opening = "in passing : " if decoded.partial else ""
    return opening + verbalize(decoded.formula)


# --- pairs as numbers ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """pieces, 1 where a piece is of the reading, and how its word is written."""

    pieces: tuple[int, ...]
    parts: tuple[int, ...]
    forms: tuple[int, ...]


def pairs(tokenizer: Any, sentences: Sequence[Encoded], readings: Sequence[str]) -> list[Pair]:
    """Each encoded sentence with a reading in words."""
    end = tokenizer.token_to_id("[SEP]")
    out = []
    for e, r in zip(sentences, tokenizer.encode_batch(list(readings), add_special_tokens=False), strict=True):
        second = [*r.ids[: max(0, MOST_PIECES - len(e.pieces) - 1)], end]
        forms = [1 if w < 0 else 2 + e.case[w] for w in e.owner]
        out.append(
            Pair(
                (*e.pieces, *second),
                (0,) * len(e.pieces) + (1,) * len(second),
                (*forms, *(0 for _ in second)),
            )
        )
    return out


def pad(batch: Sequence[Pair]) -> tuple[Ints, Ints, Ints]:
    """pieces, parts and forms, [B, S], padded with 0; a pair's last piece is never 0."""
    longest = max(len(p.pieces) for p in batch)
    out = tuple(np.zeros((len(batch), longest), dtype=np.int64) for _ in range(3))
    for i, p in enumerate(batch):
        for array, values in zip(out, (p.pieces, p.parts, p.forms), strict=True):
            array[i, : len(values)] = values
    return out[0], out[1], out[2]


def compared(logits: Sequence[float]) -> list[tuple[float, float]]:
    """calibrate.ASKED of readings of one sentence: each logit, and its lead over the best other one."""
    most = 10.0
    out = []
    for i, x in enumerate(logits):
        rivals = [y for j, y in enumerate(logits) if j != i]
        lead = x - max(rivals) if rivals else 0.0
        out.append((max(-most, min(most, x)), max(-most, min(most, lead))))
    return out


# --- the model -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the cheap score: outside (low, high) the scorer is not asked; below `beam` rivals are sought."""

    low: float
    high: float
    beam: float


def has_scorer(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def fingerprint(path: Path) -> str:
    """Of the parser's encoder, whose n-best the scorer was trained on and whose word vectors it reads."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Scorer:
    """A loaded scorer: logits of pairs, and the calibration that makes them part of a score."""

    def __init__(
        self,
        folder: Path,
        tokenizer: Any,
        lexicon: Lexicon,
        verbalize: Verbalize | None = None,
        threads: int = 1,
    ) -> None:
        """Raises ParserError where a file is missing, broken, or was made for another parser."""
        import onnxruntime

        path, hint = folder / CONFIG, "train it for this parser: neurosym train scorer.toml; or delete it"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            about = raw["format"], str(raw["verbalization"]), str(raw["encoder_sha256"])
            self.bounds = Bounds(*(float(raw["bounds"][k]) for k in ("low", "high", "beam")))
            self.calibration = calibration_of(raw["calibration"], lexicon)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise ParserError(f"not a scorer's configuration: {e!r}", document=str(path), hint=hint) from e
        if about[0] != FORMAT or fingerprint(folder / ENCODER) != about[2]:
            raise ParserError("the scorer was trained for another parser", document=str(path), hint=hint)
        if about[1] != OWN and verbalize is None:
            raise ParserError(
                f"the scorer reads readings as {about[1]!r} puts them into words",
                document=str(path),
                hint="give load_parser that function, as the engine does",
            )
        self._verbalize = None if about[1] == OWN else verbalize
        self._tokenizer = tokenizer
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as e:  # onnxruntime's exceptions share no public root
            raise ParserError(f"cannot load the scorer: {e}", document=str(folder), hint=hint) from e

    def words(self, tokens: Sequence[str], meaning: Decoded, words: Words) -> str:
        """A reading put into words, as the scorer was trained to read it."""
        return said(tokens, words) if self._verbalize is None else told(meaning, self._verbalize)

    def logits(self, sentences: Sequence[Encoded], readings: Sequence[str]) -> NDArray[np.float32]:
        """For each sentence with a reading in words, the logit of "this is what it says"; [B]."""
        found = pairs(self._tokenizer, sentences, readings)
        out = np.zeros(len(found), dtype=np.float32)
        order = sorted(range(len(found)), key=lambda i: (len(found[i].pieces), i))
        for start in range(0, len(order), BATCH):
            chunk = order[start : start + BATCH]
            pieces, parts, forms = pad([found[i] for i in chunk])
            out[chunk] = self._session.run(None, {"pieces": pieces, "parts": parts, "forms": forms})[0]
        return out

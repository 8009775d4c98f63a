"""Sentences as the encoder wants them: word pieces, the word of each, and the written form of words.

Knows the word-piece tokenizer; must not know the network.  Shapes: R sentences, S word pieces, W words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import ParserError
from neurosym.parser.scheme import MAX_WORDS

Words: TypeAlias = tuple[str, ...]
Ints: TypeAlias = NDArray[np.int64]

MAX_PIECES = 192  # word pieces of one sentence; MiniLM itself ends at 512
_REMEMBERED = 50_000  # words

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


class WordPieces:
    """Encodes like `encode_words` and remembers words, which is several times as quick.

    Only of a tokenizer that cuts each word by itself (`of_words`); others look at what stands beside it.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}
        self._begin, self._end = tokenizer.encode([], is_pretokenized=True).ids

    def encode(self, batch: Sequence[Words]) -> list[Encoded]:
        """The word pieces of pre-split sentences."""
        known = self._known
        if new := [w for w in dict.fromkeys(w for words in batch for w in words) if w not in known]:
            if len(known) + len(new) > _REMEMBERED:
                known.clear()
                new = list(dict.fromkeys(w for words in batch for w in words))
            cut = self._tokenizer.encode_batch(
                [[w] for w in new], is_pretokenized=True, add_special_tokens=False
            )
            known |= ((w, tuple(e.ids)) for w, e in zip(new, cut, strict=True))
        out = []
        for words in batch:
            pieces, owner = [self._begin], [-1]
            for i, w in enumerate(words):
                own = known[w]
                pieces += own
                owner += (i,) * len(own)
            pieces.append(self._end)
            owner.append(-1)
            case = tuple(case_of(w, i == 0) for i, w in enumerate(words))
            out.append(Encoded(tuple(pieces), tuple(owner), case))
        return out


def of_words(tokenizer: Any) -> bool:
    """Does it cut each word by itself, and put one piece before and one after a sentence?"""
    around = tokenizer.encode([], is_pretokenized=True).ids
    return type(tokenizer.model).__name__ == "WordPiece" and len(around) == 2


def pad(batch: Sequence[Encoded], width: int = 0) -> tuple[Ints, Ints, Ints]:
    """pieces [R, S], owner [R, S], case [R, W], padded with 0, -1 and -1.  W is `width` at least."""
    s, w = max(len(e.pieces) for e in batch), max(width, *(len(e.case) for e in batch))
    pieces = np.zeros((len(batch), s), dtype=np.int64)
    owner = np.full((len(batch), s), -1, dtype=np.int64)
    case = np.full((len(batch), w), -1, dtype=np.int64)
    for i, e in enumerate(batch):
        pieces[i, : len(e.pieces)] = e.pieces
        owner[i, : len(e.owner)] = e.owner
        case[i, : len(e.case)] = e.case
    return pieces, owner, case


def by_length(encoded: Sequence[Encoded], batch: int, words: int = 0) -> Iterator[list[int]]:
    """Indices in batches of similar length: little is spent on padding.

    words: that all of a batch have at most, padding included; 0 for any number.  A batch has one sentence at
    least.
    """
    order = sorted(range(len(encoded)), key=lambda i: (len(encoded[i].case), len(encoded[i].pieces), i))
    some: list[int] = []
    for i in order:
        if some and (len(some) == batch or 0 < words < (len(some) + 1) * len(encoded[i].case)):
            yield some
            some = []
        some.append(i)
    if some:
        yield some


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

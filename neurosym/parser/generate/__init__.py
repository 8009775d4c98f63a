"""English sentences with their meanings, made together, to train the neural parser.

Knows the lexicon and the target language; must not know the model.  A sentence and its target
are built by the same functions (a synchronous grammar), so every gold reading is right by
construction.  Word sets of the splits are disjoint; about a tenth of the longer sentence
skeletons each is kept for dev and for test and never occurs in train.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TypedDict

from neurosym.parser.generate import conditionals, mixture, noise, paraphrase, questions
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, Tree, W, emit
from neurosym.parser.generate.nouns import Words
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS

HELD_OUT = 8  # percent of the skeletons of at least six parts that dev and test each keep


class Sample(TypedDict):
    """Words of a sentence as `tokenize.words` splits them, target tokens, skeleton, and tags."""

    words: list[str]
    tokens: list[str]
    template: str
    split_tags: dict[str, str | bool]


def samples(split: str, seed: int, n: int, wordnet: Path = WORDNET) -> Iterator[Sample]:
    """`n` samples of a split ("train", "dev", "test"), the same ones for the same seed.

    Raises ParserError for an unknown split or a missing WordNet.
    """
    lex = lexicon(split, wordnet)
    rng = Random(f"{split}:{seed}")
    made = 0
    while made < n:
        g = G(rng, lex)
        if (s := _sample(g)) is not None:
            made += 1
            yield s


def skeleton_split(tags: list[str]) -> str:
    """The split that a skeleton belongs to; short ones, the plain ones, belong to all ("any")."""
    if len(tags) < 6:
        return "any"
    h = zlib.crc32(" ".join(tags).encode()) % 100
    return "dev" if h < HELD_OUT else "test" if h < 2 * HELD_OUT else "train"


def _sample(g: G) -> Sample | None:
    try:
        words, tree, end = _sentence(g)
    except conditionals.Retry:
        return None
    if g.novel < 1.0:
        paraphrase.apply(g, words, end, tree)
    owner = skeleton_split(g.tags)
    if owner not in ("any", "train", g.split):
        return None
    finish(g, words, end)
    noise.apply(g, words, tree)
    try:
        tokens = emit(tree, words)
    except TooDeep:
        return None
    if len(tokens) > MAX_TOKENS or len(words) > min(MAX_WORDS, 48):
        return None
    texts = [w.text if isinstance(w, W) else w for w in words]
    tags: dict[str, str | bool] = {"words": g.split, "skeleton": owner, "invented": g.novel == 1.0}
    return {"words": texts, "tokens": tokens, "template": " ".join(g.tags), "split_tags": tags}


def _sentence(g: G) -> tuple[Words, Tree, str]:
    if g.p(mixture.WHOLE):
        return mixture.drawn(g, mixture.SENTENCES)
    r = g.rng.random()
    if r < 0.8:
        words, tree = statement(g)
        return words, ("FACT", tree), "."
    if r < 0.87:
        words, tree = questions.inverted(g)
        return words, ("ASK", tree), "?"
    if r < 0.91:
        first = g.pick(questions.ASKS)
        g.tag("ask-that")
        words, tree = statement(g)
        return (
            [*first.split(), *words],
            ("ASK", tree),
            "?" if first.startswith(("is", "does", "can", "do ")) else ".",
        )
    words, tree = questions.wh(g) if r < 0.975 else questions.how_many(g)
    return words, tree, "." if tree[0] == "WH" and g.tags[0] == "wh-list" else "?"


def statement(g: G) -> tuple[Words, Tree]:
    return mixture.drawn(g, mixture.STATEMENTS)


OPENERS = (
    ["however", ","], ["also", ","], ["therefore", ","], ["in", "fact", ","], ["of", "course", ","],
    ["moreover", ","],
    ["so"], ["then"], ["we", "know", "that"], ["finally", ","],
    ["but"], ["and"],
)  # fmt: skip


def finish(g: G, words: Words, end: str) -> None:
    """A connective, capital, full stop, and some untidiness, in place."""
    if end == "." and len(words) < 30 and g.p(0.012):
        words[:0] = g.pick(OPENERS)
    untidy = g.rng.random()
    first = words[0]
    if untidy < 0.9:
        if isinstance(first, W):
            first.text = first.text[:1].upper() + first.text[1:]
        else:
            words[0] = first[:1].upper() + first[1:]
    elif untidy > 0.95 and g.novel < 1.0 and not _letters(words):
        for i, w in enumerate(words):
            if isinstance(w, W):
                w.text = w.text.lower()
            else:
                words[i] = w.lower()
    if g.p(0.92):
        words.append(end if end != "." or not g.p(0.01) else "!")


def _letters(words: Words) -> bool:
    """Is a letter a variable or an initial?  Lower case would make it unreadable."""
    texts = (w if isinstance(w, str) else w.text for w in words)
    return any(
        (len(t) == 1 and t.isalpha() and t not in ("a", "A")) or (len(t) == 2 and t[1] == ".") for t in texts
    )

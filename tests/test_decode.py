"""What a reading binds and uses, and that the quick checks of tokens agree with the scheme's table."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from neurosym.errors import ParserError
from neurosym.logic import Exists, Forall, Formula, free_vars
from neurosym.parser.decode import decode
from neurosym.parser.scheme import (
    KINDS,
    MAX_WORDS,
    PLACE,
    SIGNATURE,
    TOP,
    arguments,
    end_of,
    fits,
    well_formed,
)

WORDS = ["Ann", "tells", "zero", "cooks", "that", "two", "old", "ferries", "left"]


def grown(rng: Random, slot: str, left: int) -> list[str]:
    """A random expression of a category; short ones are preferred where `left` is used up."""
    fitting = [s for s in SIGNATURE if fits(s, slot)] + [
        f"{k}:{i}" for k in KINDS if slot in KINDS[k] for i in range(9)
    ]
    if left <= 0:
        least = min(len(arguments(t)) for t in fitting)
        fitting = [t for t in fitting if len(arguments(t)) == least]
    token = rng.choice(fitting)
    out = [token]
    for a in arguments(token):
        out += grown(rng, a, left - 1)
    return out


def binders(f: Formula) -> list[Forall | Exists]:
    inner = [b for p in getattr(f, "parts", ()) for b in binders(p)]
    for side in ("body", "left", "right"):
        part = getattr(f, side, None)
        if isinstance(part, Formula):
            inner += binders(part)
    return [f, *inner] if isinstance(f, Forall | Exists) else inner


def test_what_is_decoded_binds_what_it_uses_and_uses_what_it_binds() -> None:
    rng, seen = Random(5), Counter[str]()
    for _ in range(6000):
        tokens = grown(rng, TOP, 5)
        assert well_formed(tokens)
        try:
            d = decode(tokens, WORDS)
        except ParserError as error:
            seen[error.message.split("'")[0]] += 1
            continue
        seen["decoded"] += 1
        assert free_vars(d.formula) == d.variables
        for b in binders(d.formula):
            assert set(b.vars) <= set(free_vars(b.body))
    assert seen["decoded"] > 500
    assert seen["the variable "] > 500  # outside its scope, bound twice or never used


@pytest.mark.parametrize(
    "tokens",
    [
        "FACT EX y ATLEAST Q:2 x P2 V:1 x y",  # at least none: nothing is left that y is said of
        "WH y ATLEAST Q:2 x P2 V:1 x y",
        "FACT EX x P2 V:1 E:0 THAT EX x P1 N:3 x",  # another x inside the proposition
    ],
)
def test_a_variable_that_vanishes_is_not_used(tokens: str) -> None:
    with pytest.raises(ParserError, match=r"never used|does not mention"):
        decode(tokens.split(), WORDS)


@pytest.mark.parametrize(
    "tokens",
    [
        "FACT EX y ATLEAST Q:5 x P2 V:1 x y",
        "FACT EX x AND EX y P2 V:1 x y EX y P1 N:3 y",  # one after the other
        "FACT EX x AND P2 V:1 x THAT EX x P1 N:3 x P1 N:3 x",
    ],
)
def test_a_variable_that_is_used_is_bound(tokens: str) -> None:
    assert free_vars(decode(tokens.split(), WORDS).formula) == ()


def slowly_formed(tokens: list[str]) -> bool:
    need = [TOP]
    for t in tokens:
        kind = t.partition(":")[0]
        if not need or kind not in (KINDS if ":" in t else SIGNATURE) or not fits(t, need.pop()):
            return False
        need += reversed(arguments(t))
    return not need


def test_the_quick_check_of_tokens_is_that_of_the_table() -> None:
    rng = Random(6)
    every = [*SIGNATURE, *(f"{k}:{i}" for k in KINDS for i in (0, 70)), "NO", "Z:1", "N", ":", ""]
    right = 0
    for _ in range(3000):
        tokens = grown(rng, TOP, 4)
        for _ in range(rng.randrange(3)):
            tokens[rng.randrange(len(tokens))] = rng.choice(every)
        assert well_formed(tokens) == slowly_formed(tokens), tokens
        right += well_formed(tokens)
        if well_formed(tokens):
            assert end_of(tokens, 0) == len(tokens)
    assert 500 < right < 2500


def test_the_place_of_a_pointer_beyond_the_longest_sentence() -> None:
    assert (PLACE["N:7"], PLACE[f"N:{MAX_WORDS + 6}"]) == (7, MAX_WORDS + 6)
    assert f"N:{MAX_WORDS + 6}" not in PLACE  # asking does not make the table grow
    with pytest.raises(ParserError, match="outside the sentence"):
        decode(["FACT", "P1", f"N:{MAX_WORDS + 6}", "E:0"], WORDS)


def test_mentions_at_one_place_come_in_the_order_of_the_reading() -> None:
    tokens = ["FACT", "AND", "P1", "V:1", "NAMES", "E:0", "E:4", "P1", "V:1", "E:0"]
    assert [m[0] for m in decode(tokens, WORDS).mentions] == ["Ann_That", "Ann"]

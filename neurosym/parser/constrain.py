"""Which token may come next: the grammar of `scheme` as masks over the decoder's choices.

A state is a stack of open slots, each with the set of variables bound around it.  The mask of
a state depends only on its top slot, the scope and how many tokens are left, so all masks fit
one small table computed once; a step costs a row look-up.  Every sequence that follows the
masks is well-formed, binds each variable before it is used, never rebinds one inside its own
scope, and ends within MAX_TOKENS.

Knows `scheme` and numpy; must not know how the choices are scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.parser.scheme import (
    BEGIN,
    END,
    FORMULA,
    KINDS,
    LIST,
    MAX_TOKENS,
    MAX_WORDS,
    NAME,
    NUM,
    POINTER_KINDS,
    SIGNATURE,
    SPECIAL,
    SYMBOLS,
    TERM,
    TOP,
    VAR,
    WORD,
)

PAD, BOS, EOS = (SYMBOLS.index(s) for s in SPECIAL)
N_SYMBOLS, N_KINDS = len(SYMBOLS), len(POINTER_KINDS)
N_CHOICES = N_SYMBOLS + N_KINDS  # a choice is a symbol or a kind of pointer (the word comes apart)
CHOICE_ID: dict[str, int] = {c: i for i, c in enumerate((*SYMBOLS, *POINTER_KINDS))}
VARIABLES: tuple[str, ...] = tuple(s for s, (yields, _) in SIGNATURE.items() if yields == VAR)

_SLOTS = (TOP, FORMULA, TERM, VAR, NAME, WORD, NUM, LIST, BEGIN, END)
_BINDERS = tuple(s for s, (_, args) in SIGNATURE.items() if VAR in args)
_ALL_BOUND = (1 << len(VARIABLES)) - 1


def _least(category: str) -> int:
    """Tokens that the shortest expression of a category takes."""
    if category in (TERM, WORD, NAME, VAR, NUM, LIST, BEGIN, END):
        return 1
    return min(
        1 + sum(_least(a) for a in args)
        for yields, args in SIGNATURE.values()
        if yields == category and category not in args
    )


_LEAST = {slot: _least(slot) for slot in _SLOTS}
_DONE = len(_SLOTS)  # the row after the last slot: only <eos> may come
# With this many spare tokens or more, no single choice can run out of room.
_SPARE = max(sum(_LEAST[a] for a in args) for _, args in SIGNATURE.values()) + 1


def _code(slot: str, scope: int) -> int:
    """An open slot and what is bound around it as one number, which is also its block of rows in MASKS."""
    return _SLOTS.index(slot) * (_ALL_BOUND + 1) + scope


class State(NamedTuple):
    """Open slots, the next one last, each with its scope (bit i: VARIABLES[i] is bound) as one number."""

    slots: tuple[int, ...] = (_code(TOP, 0),)
    used: int = 0  # tokens emitted so far
    owed: int = _LEAST[TOP]  # tokens that closing all open slots takes at least


@cache
def _extra(choice: str) -> int:
    """By how much taking `choice` lowers the number of spare tokens."""
    if choice in POINTER_KINDS or choice in SPECIAL:
        return 0
    yields, args = SIGNATURE[choice]
    return 1 + sum(_LEAST[a] for a in args) - _LEAST[yields]


def _allowed(choice: str, slot: str, scope: int, spare: int) -> bool:
    if choice in SPECIAL or _extra(choice) > spare:
        return False
    if choice in POINTER_KINDS:
        return slot in KINDS[choice]
    yields, _ = SIGNATURE[choice]
    if yields == VAR:
        bound = scope >> VARIABLES.index(choice) & 1
        return (slot == VAR and not bound) or (slot == TERM and bool(bound))
    if choice in _BINDERS and scope == _ALL_BOUND:
        return False
    return yields == slot


def _row(slot: int, scope: int, spare: int) -> int:
    return (slot * (_ALL_BOUND + 1) + scope) * (_SPARE + 1) + spare


def _table() -> NDArray[np.float32]:
    rows = np.full((_row(_DONE, 0, 0) + 1, N_CHOICES), -np.inf, dtype=np.float32)
    for i, slot in enumerate(_SLOTS):
        for scope in range(_ALL_BOUND + 1):
            for spare in range(_SPARE + 1):
                for choice, c in CHOICE_ID.items():
                    if _allowed(choice, slot, scope, spare):
                        rows[_row(i, scope, spare), c] = 0.0
    rows[_row(_DONE, 0, 0), EOS] = 0.0
    return rows


MASKS = _table()  # float32 [rows, N_CHOICES]: 0 where a choice is allowed, -inf where not
START = State()


def row(state: State) -> int:
    """The row of MASKS that holds for `state`."""
    slots, used, owed = state
    if not slots:
        return _row(_DONE, 0, 0)
    return slots[-1] * (_SPARE + 1) + min(MAX_TOKENS - used - owed, _SPARE)


def advance(state: State, choice: int) -> State:
    """The state after `choice` (an id below N_CHOICES).  The choice must be allowed."""
    slots, owed = _after(state.slots, choice)
    return State(slots, state.used + 1, state.owed + owed)


@lru_cache(maxsize=100_000)
def _after(slots: tuple[int, ...], choice: int) -> tuple[tuple[int, ...], int]:
    """The open slots after `choice`, and by how much the tokens owed grow.  Kept: few stacks are common."""
    *below, top = slots
    at, scope = divmod(top, _ALL_BOUND + 1)
    slot = _SLOTS[at]
    if choice >= N_SYMBOLS:
        return tuple(below), -_LEAST[slot]
    symbol = SYMBOLS[choice]
    yields, args = SIGNATURE[symbol]
    if yields == VAR and slot == VAR:
        # The slot below is the body of this binder: it sees the variable.
        below[-1] |= 1 << VARIABLES.index(symbol)
    if symbol in ("NAMES", "THAT"):
        scope = 0  # the parts of a name are words, never variables; a proposition stands for itself
    below += [_code(a, scope) for a in reversed(args)]
    return tuple(below), sum(_LEAST[a] for a in args) - _LEAST[slot]


# --- tokens and choices ----------------------------------------------------------------

Choice: TypeAlias = tuple[int, int]  # (id below N_CHOICES, word index; 0 for a symbol)


def choices(tokens: Sequence[str]) -> tuple[Choice, ...]:
    """Tokens of a reading as choices.  Raises ValueError for a token outside the scheme."""
    out = []
    for t in tokens:
        kind, _, word = t.partition(":")
        index = int(word) if word else 0
        if kind not in CHOICE_ID or bool(word) != (kind in POINTER_KINDS) or not 0 <= index < MAX_WORDS:
            raise ValueError(f"not a token of the scheme: {t!r}")
        out.append((CHOICE_ID[kind], index))
    return tuple(out)


def tokens(path: Sequence[Choice]) -> tuple[str, ...]:
    """The inverse of `choices`."""
    return tuple(_token(c, word) for c, word in path)


@cache
def _token(choice: int, word: int) -> str:
    return SYMBOLS[choice] if choice < N_SYMBOLS else f"{POINTER_KINDS[choice - N_SYMBOLS]}:{word}"


def legal(sequence: Sequence[str]) -> bool:
    """Could the constrained decoder emit exactly this sequence?"""
    state = START
    try:
        path = choices(sequence)
    except ValueError:
        return False
    for c, _ in path:
        if not state.slots or MASKS[row(state), c] != 0.0:
            return False
        state = advance(state, c)
    return not state.slots

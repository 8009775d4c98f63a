"""The parser's target language: typed prefix notation over symbols and pointers.

A reading is a sequence of tokens in prefix order.  Symbols have a signature; a pointer
`KIND:i` copies word i of the sentence and normalizes it by its kind.  The signature table
is all that constrained decoding needs: every reading the decoder can emit is a formula.

Knows logic only; torch and the lexicon live elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

_T = TypeVar("_T")

# Categories: what a slot may hold.
TOP, FORMULA, TERM, VAR = "top", "formula", "term", "var"
NAME = "name"  # a part of an entity's name
WORD = "word"  # a part of a predicate's name
NUM = "num"  # a count or a place in an order
LIST = "list"  # things, one after the other
BEGIN, END = "begin", "end"  # the first and the last word of a stretch of the sentence

# symbol -> (category it yields, categories of its arguments)
SIGNATURE: dict[str, tuple[str, tuple[str, ...]]] = {
    # speech acts
    "FACT": (TOP, (FORMULA,)),  # a statement
    "ASK": (TOP, (FORMULA,)),  # a yes/no question
    "WH": (TOP, (VAR, FORMULA)),  # who, what, which: the bindings of a variable
    "HOWMANY": (TOP, (VAR, FORMULA)),
    "PART": (TOP, (FORMULA,)),  # a statement that says at least this: what it says in passing
    "COMMAND": (TOP, (FORMULA,)),  # what is to be made true
    # formulas
    "ALL": (FORMULA, (VAR, FORMULA)),
    "EX": (FORMULA, (VAR, FORMULA)),
    "IMP": (FORMULA, (FORMULA, FORMULA)),
    "IFF": (FORMULA, (FORMULA, FORMULA)),
    "AND": (FORMULA, (FORMULA, FORMULA)),
    "OR": (FORMULA, (FORMULA, FORMULA)),
    "XOR": (FORMULA, (FORMULA, FORMULA)),
    "NOT": (FORMULA, (FORMULA,)),
    "P0": (FORMULA, (WORD,)),  # weather: "it rains"
    "P1": (FORMULA, (WORD, TERM)),
    "P2": (FORMULA, (WORD, TERM, TERM)),
    "P3": (FORMULA, (WORD, TERM, TERM, TERM)),
    "P4": (FORMULA, (WORD, TERM, TERM, TERM, TERM)),
    "EQ": (FORMULA, (TERM, TERM)),
    # counting quantifiers: so many things of which the formula holds
    "ATLEAST": (FORMULA, (NUM, VAR, FORMULA)),
    "ATMOST": (FORMULA, (NUM, VAR, FORMULA)),
    "EXACTLY": (FORMULA, (NUM, VAR, FORMULA)),
    "MORE": (FORMULA, (NUM, VAR, FORMULA)),  # more than
    "FEWER": (FORMULA, (NUM, VAR, FORMULA)),  # fewer than
    "NTH": (FORMULA, (WORD, NUM, TERM)),  # the n-th of an order: NTH S:newest O:second D:car
    "SET": (FORMULA, (WORD, LIST)),  # these are all the things of that kind, and they differ
    # "more than one word": JOIN a b is the words of a followed by those of b, joined by "_"
    "JOIN": (WORD, (WORD, WORD)),  # live_in, work_for, bald_eagle as a predicate
    "SPAN": (WORD, (BEGIN, END)),  # a stretch of words as one predicate's name: SPAN B:2 F:7
    "NAMES": (TERM, (NAME, TERM)),  # multiword entity: NAMES E:3 E:4, NAMES D:1 D:2
    "THAT": (TERM, (FORMULA,)),  # a proposition as a thing: "believes that ..."; it is not asserted
    "YOU": (TERM, ()),  # whom a command is given to
    "ONE": (NUM, ()),  # "leftmost": the first, without a word for it
    "CONS": (LIST, (TERM, LIST)),
    "NONE": (LIST, ()),
    # variables, usable as terms too
    "x": (VAR, ()),
    "y": (VAR, ()),
    "z": (VAR, ()),
    "w": (VAR, ()),
}

# Pointer kinds: how the copied word is normalized, and where it may stand.
#   N noun -> singular lemma         A adjective/adverb -> lower case      V verb -> base form
#   P preposition/particle -> lower  C comparative ("taller" -> "taller")  T participle -> base of the verb
#   E proper name -> as written, first letter upper case
#   D definite noun -> singular lemma, lower case
#   Q numeral -> number              O ordinal -> number               S superlative -> its comparative
#   R pronoun or other mention whose antecedent stands in another sentence
#   B, F first and last word of a stretch
KINDS: dict[str, tuple[str, ...]] = {
    "N": (WORD,),
    "A": (WORD,),
    "V": (WORD,),
    "P": (WORD,),
    "C": (WORD,),
    "T": (WORD,),
    "E": (TERM, NAME),
    "D": (TERM, NAME),
    "Q": (TERM, NUM),
    "S": (WORD,),
    "O": (NUM,),
    "R": (TERM,),
    "B": (BEGIN,),
    "F": (END,),
}

SPECIAL = ("<pad>", "<bos>", "<eos>")
SYMBOLS: tuple[str, ...] = SPECIAL + tuple(SIGNATURE)
POINTER_KINDS: tuple[str, ...] = tuple(KINDS)
MAX_WORDS = 64  # words of one sentence; longer ones are a named failure
MAX_TOKENS = 96


def fits(token: str, slot: str) -> bool:
    """May `token` (a symbol or `KIND:i`) fill `slot`?  Variables are terms too."""
    if ":" in token:
        return slot in KINDS[token.split(":")[0]]
    yields = SIGNATURE[token][0]
    return yields == slot or (yields == VAR and slot == TERM)


class _Places(dict[str, int]):
    def __missing__(self, pointer: str) -> int:
        return int(pointer[2:])


_POINTERS = {f"{kind}:{i}": (kind, i) for kind in KINDS for i in range(MAX_WORDS)}
# The word that a pointer copies: a table, since it is asked for many times for each reading.
PLACE: Mapping[str, int] = _Places({t: i for t, (_, i) in _POINTERS.items()})


class _ByToken(dict[str, _T]):
    """A pointer to a word that no sentence has is like one to the first word."""

    def __missing__(self, token: str) -> _T:
        found = self.get(f"{token[0]}:0") if token[1:2] == ":" else None
        if found is None:
            raise KeyError(token)
        return found


# What a token may fill and what it needs, the next one last; and by how many it changes the number of those
# to come.  Worked out once: a reading is walked many times.
_SHAPES = _ByToken(
    {t: (frozenset(KINDS[kind]), ()) for t, (kind, _) in _POINTERS.items()}
    | {s: (frozenset({y, TERM} if y == VAR else {y}), args[::-1]) for s, (y, args) in SIGNATURE.items()}
)
_GROWTH = _ByToken({t: len(args) - 1 for t, (_, args) in _SHAPES.items()})

# Where its binder's variable stands among the arguments of a symbol.
BINDERS: dict[str, int] = {s: args.index(VAR) for s, (_, args) in SIGNATURE.items() if VAR in args}


def arguments(token: str) -> tuple[str, ...]:
    """The categories of the arguments of a token, in order; a pointer has none."""
    return () if ":" in token else SIGNATURE[token][1]


def well_formed(tokens: Sequence[str], slot: str = TOP) -> bool:
    """Is the sequence exactly one expression of category `slot`?"""
    need = [slot]
    for t in tokens:
        try:
            slots, args = _SHAPES[t]
        except KeyError:
            return False
        if not need or need.pop() not in slots:
            return False
        need += args
    return not need


def end_of(tokens: Sequence[str], start: int) -> int:
    """Where the expression that begins at `start` ends (its last token's index and one)."""
    need, k = 1, start
    while need and k < len(tokens):
        need += _GROWTH[tokens[k]]
        k += 1
    return k

"""Forms of logic back into tokens of the parser's target language that point at a sentence's words.

The inverse of `parser.decode`, for gold forms: what can be written so, a parser can read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction

from neurosym.errors import ParserError
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
    ground_terms,
)
from neurosym.logic.counting import counted
from neurosym.parser.constrain import VARIABLES
from neurosym.parser.decode import DEICTIC, decode
from neurosym.parser.morphology import lump_lemma, normalize, number, ordinal
from neurosym.parser.tokenize import words
from neurosym.syntax import read_formula, show

HEADS = {"tell": "FACT", "ask": "ASK", "command": "COMMAND", "wh": "WH", "count": "HOWMANY"}
COUNTS = {
    "at_least": ("ATLEAST", "MORE", -1),
    "at_most": ("ATMOST", "FEWER", 1),
    "exactly": ("EXACTLY", "", 0),
}
NAME = 5  # words of the longest name
Tokens = list[str]
Named = dict[Var, str]


def written(act: str, text: str, form: Formula) -> Tokens:
    """Tokens that mean `form` over the words of `text`; ?x is what a question asks for.

    Raises LookupError for a name or a number that no words give, and for a fifth variable.
    """
    asked = ["x"] if act in ("wh", "count") else []
    return [HEADS[act], *asked, *_Words(text).form(form, {Var("x"): "x"} if asked else {})]


def _symbol(part: str) -> str:
    return re.sub(r"\W+", "_", part).strip("_")


class _Words:
    """The words of a sentence, and what may be said by pointing at them."""

    def __init__(self, text: str) -> None:
        self.words = tuple(w.text for w in words(text))
        kinds = [(i, w, k) for i, w in enumerate(self.words) for k in "NAVPTCS"]
        self.pieces = [(_symbol(normalize(w, k)), f"{k}:{i}") for i, w, k in kinds]

    def word(self, name: str) -> Tokens:
        for piece, pointer in self.pieces:
            if name == piece:
                return [pointer]
            if piece and name.startswith(f"{piece}_"):
                with suppress(LookupError):
                    return ["JOIN", pointer, *self.word(name.removeprefix(f"{piece}_"))]
        for i in range(len(self.words)):
            for j in range(i + 1, len(self.words) + 1):
                lemmas = [_symbol(lump_lemma(w.lower())) for w in self.words[i:j]]
                if name == "_".join(filter(None, lemmas)):
                    return ["SPAN", f"B:{i}", f"F:{j - 1}"]
        raise LookupError(name)

    def number(self, n: Fraction) -> str:
        for i, w in enumerate(self.words):
            if number(w) == n:
                return f"Q:{i}"
        raise LookupError(str(n))

    def term(self, t: Term, named: Named) -> Tokens:
        match t:
            case Var():
                return [named[t]]
            case Num(n):
                return [self.number(n)]
            case Const("you" | "we" | "speaker" as name):
                said = [i for i, w in enumerate(self.words) if DEICTIC.get(w.lower()) == name]
                return [f"R:{said[0]}"] if said else ["YOU"]
            case Const(name) if name.startswith("that "):
                return ["THAT", *self.form(read_formula(name.removeprefix("that ")), {})]
            case Const(name):
                return self.name(name)
        raise LookupError(str(t))

    def name(self, name: str) -> Tokens:
        for kind in "ED":
            for i in range(len(self.words)):
                for j in range(i, min(i + NAME, len(self.words))):
                    *before, last = (k for k in range(i, j + 1) if k == j or self.words[k] != ",")
                    tokens = [x for k in before for x in ("NAMES", f"{kind}:{k}")] + [f"{kind}:{last}"]
                    with suppress(ParserError):
                        if Const(name) in ground_terms(
                            [decode(["FACT", "P1", "A:0", *tokens], self.words).formula]
                        ):
                            return tokens
        raise LookupError(name)

    def form(self, f: Formula, named: Named) -> Tokens:
        # at least one is a plain quantifier, exactly one is not
        if (c := counted(f)) is not None and (c[1] > 1 or isinstance(f, And)):
            return self.count(*c, named)
        match f:
            case Atom(pred, (t, Num(n))) if pred.startswith("rank_"):
                places = [f"O:{i}" for i, w in enumerate(self.words) if ordinal(w) == n and n > 1]
                return [
                    "NTH",
                    *self.word(pred.removeprefix("rank_")),
                    *(places or ["ONE"])[:1],
                    *self.term(t, named),
                ]
            case Atom(pred, args):
                return [f"P{len(args)}", *self.word(pred), *(x for a in args for x in self.term(a, named))]
            case Equal(a, b):
                return ["EQ", *self.term(a, named), *self.term(b, named)]
            case Not(body):
                return ["NOT", *self.form(body, named)]
            case And((only,)) | Or((only,)):
                return self.form(only, named)
            case And((first, *rest)) | Or((first, *rest)):
                head = "AND" if isinstance(f, And) else "OR"
                return [head, *self.form(first, named), *self.form(type(f)(tuple(rest)), named)]
            case Implies(left, right) | Iff(left, right) | Xor(left, right):
                head = {Implies: "IMP", Iff: "IFF", Xor: "XOR"}[type(f)]
                return [head, *self.form(left, named), *self.form(right, named)]
            case Forall((v, *vs), body) | Exists((v, *vs), body):
                inner = type(f)(tuple(vs), body) if vs else body
                return ["ALL" if isinstance(f, Forall) else "EX", *self.bind(v, inner, named)]
        raise LookupError(show(f))

    def count(self, kind: str, n: int, v: Var, body: Formula, named: Named) -> Tokens:
        plain, beyond, off = COUNTS[kind]
        said = self.bind(v, body, named)
        try:
            return [plain, self.number(Fraction(n)), *said]
        except LookupError:
            return [beyond, self.number(Fraction(n + off)), *said]

    def bind(self, v: Var, body: Formula, named: Named) -> Tokens:
        free = [x for x in VARIABLES if x not in named.values()]
        if not free:
            raise LookupError("a fifth variable")
        return [free[0], *self.form(body, {**named, v: free[0]})]

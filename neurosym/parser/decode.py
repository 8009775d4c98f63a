"""From target tokens and the words they point at to formulas of `neurosym.logic`.

Knows the scheme and the logic; must not know the model that emitted the tokens.  A reading
whose variables do not make sense is refused here, so that the next hypothesis is tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

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
    free_vars,
)
from neurosym.logic.counting import all_different, at_least, at_most, exactly
from neurosym.parser.dates import clock_name, date_name
from neurosym.parser.morphology import lump_lemma, normalize, number, ordinal
from neurosym.parser.reading import Act, Anaphor, Reading
from neurosym.parser.scheme import BINDERS, VAR, arguments, well_formed
from neurosym.parser.scheme import SIGNATURE as _SIGNATURE
from neurosym.syntax import show

MOST = 20  # a counting quantifier is written out, and its formula grows with the square of the count
# Whom the words of a conversation mean, whoever that is.
DEICTIC = dict.fromkeys(("i", "me", "my", "mine", "myself"), "speaker")
DEICTIC |= dict.fromkeys(("you", "your", "yours", "yourself", "yourselves"), "you")
DEICTIC |= dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we")
_ACTS = {"FACT": Act.TELL, "PART": Act.TELL, "COMMAND": Act.COMMAND}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the tokens mean; a `Reading` without its score.

    The anaphors' places are offsets of words until a sentence's text gives its characters.
    """

    act: Act
    formula: Formula
    variables: tuple[Var, ...]
    count: bool
    presuppositions: tuple[Formula, ...]
    partial: bool = False
    anaphors: tuple[Anaphor, ...] = ()
    mentions: tuple[tuple[str, int, str], ...] = ()  # constants, where each stands, and E or D

    def reading(self, score: float, tokens: Sequence[str] = ()) -> Reading:
        """The same as a Reading, with its score in [0, 1] and the tokens that it comes from."""
        return Reading(
            self.act,
            self.formula,
            score,
            self.variables,
            self.count,
            self.presuppositions,
            tuple(tokens),
            self.partial,
            self.anaphors,
        )


def decode(tokens: Sequence[str], words: Sequence[str]) -> Decoded:
    """The speech act, formula and presuppositions that `tokens` mean over the words of a sentence.

    Raises ParserError for a sequence that is not one expression, a pointer outside the
    sentence, and a variable that is free, bound twice or never used.
    """
    if not well_formed(list(tokens)):
        raise ParserError(f"not a well-formed reading: {' '.join(tokens)}")
    walk = _Walk(tuple(tokens), tuple(words))
    act = walk.take()
    variables: tuple[Var, ...] = ()
    if act in ("WH", "HOWMANY"):
        variables = (Var(walk.take()),)
    formula = walk.formula(frozenset(variables))
    if variables and variables[0] not in free_vars(formula):
        raise ParserError(f"the question asks for {variables[0].name!r}, which its formula does not mention")
    presupposed = tuple(dict.fromkeys(walk.presuppositions))
    anaphors = tuple(dict.fromkeys(walk.anaphors))
    kind = _ACTS.get(act, Act.ASK)
    mentions = tuple(sorted(set(walk.mentions), key=lambda m: m[1]))
    return Decoded(kind, formula, variables, act == "HOWMANY", presupposed, act == "PART", anaphors, mentions)


class _Walk:
    """One pass over the tokens in prefix order."""

    def __init__(self, tokens: tuple[str, ...], words: tuple[str, ...]) -> None:
        self.tokens, self.words, self.at = tokens, words, 0
        self.presuppositions: list[Formula] = []
        self.anaphors: list[Anaphor] = []
        self.mentions: list[tuple[str, int, str]] = []

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def formula(self, bound: frozenset[Var]) -> Formula:
        head = self.take()
        match head:
            case "ALL" | "EX":
                return self.quantified(head, bound)
            case "NOT":
                return Not(self.formula(bound))
            case "AND" | "OR":
                parts = (self.formula(bound), self.formula(bound))
                node = And if head == "AND" else Or
                return node(tuple(q for p in parts for q in (p.parts if isinstance(p, node) else (p,))))
            case "IMP":
                return Implies(self.formula(bound), self.formula(bound))
            case "IFF":
                return Iff(self.formula(bound), self.formula(bound))
            case "XOR":
                return Xor(self.formula(bound), self.formula(bound))
            case "EQ":
                return Equal(self.term(bound), self.term(bound))
            case "NTH":
                order, n = self.predicate(), self.count()
                return Atom(_symbol(["rank", *order]), (self.term(bound), Num(Fraction(n))))
            case "SET":
                return self.enumerated(bound)
            case _ if head in BINDERS:
                return self.counted(head, bound)
            case _:
                pred = _symbol(self.predicate())
                return Atom(pred, tuple(self.term(bound) for _ in arguments(head)[1:]))

    def bind(self, bound: frozenset[Var]) -> tuple[Var, Formula]:
        """A variable and the formula that it is bound in."""
        v = Var(self.take())
        if v in bound:
            raise ParserError(f"the variable {v.name!r} is bound twice")
        body = self.formula(bound | {v})
        if v not in free_vars(body):
            raise ParserError(f"the variable {v.name!r} is bound but never used")
        return v, body

    def quantified(self, head: str, bound: frozenset[Var]) -> Formula:
        v, body = self.bind(bound)
        node = Forall if head == "ALL" else Exists
        if isinstance(body, node):
            return node((v, *body.vars), body.body)
        return node((v,), body)

    def counted(self, head: str, bound: frozenset[Var]) -> Formula:
        n = self.count()
        v, body = self.bind(bound)
        if n > MOST:
            raise ParserError(f"a count of {n} is too large to be written out", hint=f"at most {MOST}")
        match head:
            case "ATLEAST":
                return at_least(n, v, body)
            case "MORE":
                return at_least(n + 1, v, body)
            case "ATMOST":
                return at_most(n, v, body)
            case "FEWER" if n:
                return at_most(n - 1, v, body)
            case "EXACTLY":
                return exactly(n, v, body)
            case _:
                raise ParserError("there cannot be fewer than none")

    def count(self) -> int:
        """A count or a place in an order."""
        token = self.take()
        if token == "ONE":
            return 1
        text = self.word(token)
        value = ordinal(text) if token.startswith("O:") else number(text)
        if value is None or value.denominator != 1 or value < 0:
            raise ParserError(f"{text!r} is not a count", hint="write it in digits")
        return int(value)

    def enumerated(self, bound: frozenset[Var]) -> Formula:
        """Each of them is one, they differ, and there is no other."""
        kind = _symbol(self.predicate())
        things: list[Term] = []
        while self.take() == "CONS":
            things.append(self.term(bound))
        if len(things) < 2 or len(set(things)) < len(things):
            raise ParserError("an enumeration names the same thing twice, or fewer than two")
        x = Var("x")
        each = tuple(Atom(kind, (t,)) for t in things)
        only = Forall((x,), Implies(Atom(kind, (x,)), Or(tuple(Equal(x, t) for t in things))))
        different = all_different(things)
        return And((*each, *(different.parts if isinstance(different, And) else (different,)), only))

    def term(self, bound: frozenset[Var]) -> Term:
        token = self.tokens[self.at]
        if token == "YOU":
            self.take()
            return Const("you")
        if token == "THAT":
            self.take()
            return Const(f"that {show(self.formula(frozenset()))}")
        if ":" not in token and _SIGNATURE[token][0] == VAR:
            v = Var(self.take())
            if v not in bound:
                raise ParserError(f"the variable {v.name!r} is used outside its scope")
            return v
        if token.startswith("R:"):
            return self.anaphor()
        if token.startswith("Q:"):
            self.take()
            text = self.word(token)
            if (value := number(text)) is None:
                raise ParserError(f"{text!r} is not a number", hint="write it in digits")
            return Num(value)
        parts: list[tuple[str, str]] = []
        start = self.at
        while self.take() == "NAMES":
            pointer = self.take()
            parts.append((pointer[0], self.word(pointer)))
        last = self.tokens[self.at - 1]
        if last[:2] not in ("E:", "D:"):
            raise ParserError("a multiword name ends in something that is no part of a name")
        parts.append((last[0], self.word(last)))
        written = [w for _, w in parts]
        if (when := date_name(written) or clock_name(written)) is not None:
            return Const(when)
        name = _symbol(
            [normalize(w, "A" if k == "D" and i < len(parts) - 1 else k) for i, (k, w) in enumerate(parts)]
        )
        at = min(int(t[2:]) for t in self.tokens[start : self.at] if ":" in t)
        self.mentions.append((name, at, last[0]))
        if last[0] == "D":
            self.presuppositions.append(Atom(name, (Const(name),)))
        return Const(name)

    def anaphor(self) -> Const:
        """A constant of its own, by the place of the mention in its sentence; "you" and "we" need none."""
        pointer = self.take()
        i, text = int(pointer[2:]), self.word(pointer)
        if (spoken := DEICTIC.get(text.lower())) is not None:
            return Const(spoken)
        name = f"{text.lower()} (word {i + 1})"
        self.anaphors.append(Anaphor(name, text, i, i + 1))
        return Const(name)

    def predicate(self) -> list[str]:
        token = self.take()
        if token == "JOIN":
            return self.predicate() + self.predicate()
        if token == "SPAN":
            first, last = self.take(), self.take()
            self.word(first), self.word(last)
            stretch = self.words[int(first[2:]) : int(last[2:]) + 1]
            if not stretch:
                raise ParserError("a stretch of words that ends before it begins")
            return [lump_lemma(w.lower()) for w in stretch]
        return [normalize(self.word(token), token[0])]

    def word(self, pointer: str) -> str:
        i = int(pointer[2:])
        if not 0 <= i < len(self.words):
            raise ParserError(f"the pointer {pointer} lies outside the sentence of {len(self.words)} words")
        return self.words[i]


def _symbol(parts: Sequence[str]) -> str:
    """Words as one symbol: letters, digits and underscores."""
    name = "_".join(filter(None, map(_letters, parts)))
    if not name:
        raise ParserError(f"a name without letters: {' '.join(parts)!r}")
    return name


@lru_cache(maxsize=50_000)
def _letters(part: str) -> str:
    return re.sub(r"\W+", "_", part).strip("_")

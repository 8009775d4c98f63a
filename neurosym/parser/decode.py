"""From target tokens and the words they point at to formulas of `neurosym.logic`.

Knows the scheme and the logic; must not know the model that emitted the tokens.  A reading
whose variables do not make sense is refused here, so that the next hypothesis is tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
from neurosym.parser.morphology import normalize, number
from neurosym.parser.reading import Act, Reading
from neurosym.parser.scheme import SIGNATURE as _SIGNATURE
from neurosym.parser.scheme import VAR, arguments, well_formed


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the tokens mean; a `Reading` without its score."""

    act: Act
    formula: Formula
    variables: tuple[Var, ...]
    count: bool
    presuppositions: tuple[Formula, ...]

    def reading(self, score: float, tokens: Sequence[str] = ()) -> Reading:
        return Reading(
            self.act, self.formula, score, self.variables, self.count, self.presuppositions, tuple(tokens)
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
    return Decoded(Act.TELL if act == "FACT" else Act.ASK, formula, variables, act == "HOWMANY", presupposed)


class _Walk:
    """One pass over the tokens in prefix order."""

    def __init__(self, tokens: tuple[str, ...], words: tuple[str, ...]) -> None:
        self.tokens, self.words, self.at = tokens, words, 0
        self.presuppositions: list[Formula] = []

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
            case _:
                pred = _symbol(self.predicate(), self.tokens)
                return Atom(pred, tuple(self.term(bound) for _ in arguments(head)[1:]))

    def quantified(self, head: str, bound: frozenset[Var]) -> Formula:
        v = Var(self.take())
        if v in bound:
            raise ParserError(f"the variable {v.name!r} is bound twice")
        body = self.formula(bound | {v})
        if v not in free_vars(body):
            raise ParserError(f"the variable {v.name!r} is bound but never used")
        node = Forall if head == "ALL" else Exists
        if isinstance(body, node):
            return node((v, *body.vars), body.body)
        return node((v,), body)

    def term(self, bound: frozenset[Var]) -> Term:
        token = self.tokens[self.at]
        if ":" not in token and _SIGNATURE[token][0] == VAR:
            v = Var(self.take())
            if v not in bound:
                raise ParserError(f"the variable {v.name!r} is used outside its scope")
            return v
        if token.startswith("Q:"):
            self.take()
            text = self.word(token)
            if (value := number(text)) is None:
                raise ParserError(f"{text!r} is not a number", hint="write it in digits")
            return Num(value)
        parts: list[tuple[str, str]] = []
        while self.take() == "NAMES":
            pointer = self.take()
            parts.append((pointer[0], self.word(pointer)))
        last = self.tokens[self.at - 1]
        if ":" not in last:
            raise ParserError("a multiword name ends in a variable")
        parts.append((last[0], self.word(last)))
        name = _symbol(
            [normalize(w, "A" if k == "D" and i < len(parts) - 1 else k) for i, (k, w) in enumerate(parts)],
            self.tokens,
        )
        if last[0] == "D":
            self.presuppositions.append(Atom(name, (Const(name),)))
        return Const(name)

    def predicate(self) -> list[str]:
        token = self.take()
        if token == "JOIN":
            return self.predicate() + self.predicate()
        return [normalize(self.word(token), token[0])]

    def word(self, pointer: str) -> str:
        i = int(pointer[2:])
        if not 0 <= i < len(self.words):
            raise ParserError(f"the pointer {pointer} lies outside the sentence of {len(self.words)} words")
        return self.words[i]


def _symbol(parts: Sequence[str], tokens: Sequence[str]) -> str:
    """Words as one symbol: letters, digits and underscores."""
    name = "_".join(filter(None, (re.sub(r"\W+", "_", p).strip("_") for p in parts)))
    if not name:
        raise ParserError(f"a name without letters: {' '.join(parts)!r}")
    return name

"""From target tokens and the words they point at to formulas of `neurosym.logic`.

Knows the scheme and the logic; must not know the model that emitted the tokens.  A reading
whose variables do not make sense is refused here, so that the next hypothesis is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter

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
)
from neurosym.logic.counting import all_different, at_least, at_most, exactly
from neurosym.parser.dates import clock_name, date_name
from neurosym.parser.morphology import kind_in_name, lump_lemma, normalize, number, ordinal
from neurosym.parser.reading import Act, Anaphor, Reading
from neurosym.parser.scheme import PLACE, SIGNATURE, VAR, arguments, well_formed
from neurosym.syntax import show

MOST = 20  # a counting quantifier is written out, and its formula grows with the square of the count
# Whom the words of a conversation mean, whoever that is.
DEICTIC = dict.fromkeys(("i", "me", "my", "mine", "myself"), "speaker")
DEICTIC |= dict.fromkeys(("you", "your", "yours", "yourself", "yourselves"), "you")
DEICTIC |= dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we")
_LUMP = "B"  # the kind of all words of a stretch
_ACTS = {"FACT": Act.TELL, "PART": Act.TELL, "COMMAND": Act.COMMAND}
_VARIABLES = {name: Var(name) for name, (yields, _) in SIGNATURE.items() if yields == VAR}
# How many things a predicate is said of, by its symbol.
_ATOMS = {symbol: range(len(arguments(symbol)) - 1) for symbol in ("P0", "P1", "P2", "P3", "P4")}


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
    if not well_formed(tokens):
        raise ParserError(f"not a well-formed reading: {' '.join(tokens)}")
    walk = _Walk(tokens, tuple(words))
    act = walk.take()
    variables: tuple[Var, ...] = ()
    if act in ("WH", "HOWMANY"):
        variables = (_VARIABLES[walk.take()],)
    formula = walk.formula(frozenset([v.name for v in variables]))
    if variables and variables[0].name not in walk.used:
        raise ParserError(f"the question asks for {variables[0].name!r}, which its formula does not mention")
    presupposed = tuple(walk.presuppositions.values())
    anaphors = tuple(dict.fromkeys(walk.anaphors))
    kind = _ACTS.get(act, Act.ASK)
    mentions = tuple(sorted(dict.fromkeys(walk.mentions), key=itemgetter(1)))
    return Decoded(kind, formula, variables, act == "HOWMANY", presupposed, act == "PART", anaphors, mentions)


class _Walk:
    """One pass over the tokens in prefix order."""

    def __init__(self, tokens: Sequence[str], words: tuple[str, ...]) -> None:
        self.take: Callable[[], str] = iter(tokens).__next__
        self.words = words
        self.presuppositions: dict[str, Formula] = {}  # by the name of the thing
        self.anaphors: list[Anaphor] = []
        self.mentions: list[tuple[str, int, str]] = []
        self.used: set[str] = set()  # variables that occur free in what was walked

    def formula(self, bound: frozenset[str]) -> Formula:
        head = self.take()
        if (places := _ATOMS.get(head)) is not None:
            pred = _symbol(*self.predicate())
            return Atom(pred, tuple([self.term(bound) for _ in places]))
        match head:
            case "ALL" | "EX":
                return self.quantified(head, bound)
            case "NOT":
                return Not(self.formula(bound))
            case "AND" | "OR":
                first, second = self.formula(bound), self.formula(bound)
                node = And if head == "AND" else Or
                parts = first.parts if isinstance(first, node) else (first,)
                return node(parts + (second.parts if isinstance(second, node) else (second,)))
            case "IMP":
                return Implies(self.formula(bound), self.formula(bound))
            case "IFF":
                return Iff(self.formula(bound), self.formula(bound))
            case "XOR":
                return Xor(self.formula(bound), self.formula(bound))
            case "EQ":
                return Equal(self.term(bound), self.term(bound))
            case "NTH":
                (order, kinds), n = self.predicate(), self.count()
                return Atom(_symbol(("rank", *order), "P" + kinds), (self.term(bound), Num(Fraction(n))))
            case "SET":
                return self.enumerated(bound)
            case _:
                return self.counted(head, bound)

    def bind(self, bound: frozenset[str]) -> tuple[Var, Formula]:
        """A variable and the formula that it is bound in."""
        name, before = self.take(), self.used
        if name in bound:
            raise ParserError(f"the variable {name!r} is bound twice")
        self.used = set()
        body = self.formula(bound | {name})
        if name not in self.used:
            raise ParserError(f"the variable {name!r} is bound but never used")
        self.used.remove(name)
        self.used |= before
        return _VARIABLES[name], body

    def quantified(self, head: str, bound: frozenset[str]) -> Formula:
        v, body = self.bind(bound)
        node = Forall if head == "ALL" else Exists
        if isinstance(body, node):
            return node((v, *body.vars), body.body)
        return node((v,), body)

    def counted(self, head: str, bound: frozenset[str]) -> Formula:
        n, before = self.count(), self.used
        v, body = self.bind(bound)
        if n > MOST:
            raise ParserError(f"a count of {n} is too large to be written out", hint=f"at most {MOST}")
        match head:
            case "ATLEAST":
                if not n:
                    self.used = before  # it says nothing of anything
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

    def enumerated(self, bound: frozenset[str]) -> Formula:
        """Each of them is one, they differ, and there is no other."""
        kind = _symbol(*self.predicate())
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

    def term(self, bound: frozenset[str]) -> Term:
        token = self.take()
        if token in _VARIABLES:
            if token not in bound:
                raise ParserError(f"the variable {token!r} is used outside its scope")
            self.used.add(token)
            return _VARIABLES[token]
        match token[:2]:
            case "R:":
                return self.anaphor(token)
            case "Q:":
                text = self.word(token)
                if (value := number(text)) is None:
                    raise ParserError(f"{text!r} is not a number", hint="write it in digits")
                return Num(value)
            case "YO":
                return Const("you")
            case "TH":
                return Const(f"that {show(self.formula(frozenset()))}")
            case _:
                return self.entity(token)

    def entity(self, token: str) -> Const:
        """A thing by the words of its name; a definite description takes for granted that it is one."""
        pointers: list[str] = []
        while token == "NAMES":
            pointers.append(self.take())
            token = self.take()
        pointers.append(token)
        kind = token[0]
        if token[:2] not in ("E:", "D:"):
            raise ParserError("a multiword name ends in something that is no part of a name")
        thing, name = _thing(tuple([self.word(p) for p in pointers]), "".join([p[0] for p in pointers]))
        if name:
            self.mentions.append((name, min([PLACE[p] for p in pointers]), kind))
            if kind == "D" and not kind_in_name([self.word(p) for p in pointers]):
                self.presuppositions.setdefault(name, Atom(name, (thing,)))
        return thing

    def anaphor(self, pointer: str) -> Const:
        """A constant of its own, by the place of the mention in its sentence; "you" and "we" need none."""
        i, text = PLACE[pointer], self.word(pointer)
        if (spoken := DEICTIC.get(text.lower())) is not None:
            return Const(spoken)
        name = f"{text.lower()} (word {i + 1})"
        self.anaphors.append(Anaphor(name, text, i, i + 1))
        return Const(name)

    def predicate(self) -> tuple[tuple[str, ...], str]:
        """The words of its name, and the kind of each."""
        token = self.take()
        if token == "JOIN":
            (first, kinds), (others, more) = self.predicate(), self.predicate()
            return first + others, kinds + more
        if token == "SPAN":
            begin, end = self.take(), self.take()
            self.word(begin), self.word(end)
            stretch = self.words[PLACE[begin] : PLACE[end] + 1]
            if not stretch:
                raise ParserError("a stretch of words that ends before it begins")
            return stretch, _LUMP * len(stretch)
        return (self.word(token),), token[0]

    def word(self, pointer: str) -> str:
        i = PLACE[pointer]
        if not 0 <= i < len(self.words):
            raise ParserError(f"the pointer {pointer} lies outside the sentence of {len(self.words)} words")
        return self.words[i]


@lru_cache(maxsize=50_000)
def _thing(written: tuple[str, ...], kinds: str) -> tuple[Const, str]:
    """A thing by the words of its name and the kinds of their pointers; and its name, empty for dates."""
    # every date and every time of day has digits
    if any(w[:1].isdigit() for w in written) and (when := date_name(written) or clock_name(written)):
        return Const(when), ""
    kinds = "E" * len(kinds) if kind_in_name(written) else kinds[:-1].replace("D", "A") + kinds[-1]
    name = _symbol(written, kinds)
    return Const(name), name


@lru_cache(maxsize=50_000)
def _symbol(written: tuple[str, ...], kinds: str) -> str:
    """Words, each by its kind, as one symbol: letters, digits and underscores."""
    parts = [
        lump_lemma(w.lower()) if k == _LUMP else normalize(w, k) for w, k in zip(written, kinds, strict=True)
    ]
    name = "_".join(filter(None, [re.sub(r"\W+", "_", part).strip("_") for part in parts]))
    if not name:
        raise ParserError(f"a name without letters: {' '.join(parts)!r}")
    return name

"""Linking: the words of claims read from text, renamed to the symbols of a graph.

Knows logic, the vocabulary and English morphology (lemminflect, at first use).  Must not know
graphs, files or the parser.

A symbol links to a name of the graph where their words have a lemma each in common; arity
must agree (class: one argument, property: two, individual: a constant).  Of several names the
closest kind of match wins: the symbol itself, its spelling, then lemmas; within a kind, more
than one candidate is no link, and is reported.  Links never turn a relation round: owner(x, y)
read from "x is the owner of y" is the graph's `ownerOf`, never its `hasOwner`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import TypeVar, assert_never, cast

from neurosym.knowledge.names import Entry, Kind, Vocabulary, words
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
)

S = TypeVar("S", bound=Statement)
_MAX_KEYS = 64  # readings of one name; each word has at most four
# Role nouns that are verbs as well.  Other single nouns are told from the lexicon.
ROLES = frozenset([
    "author", "boss", "captain", "champion", "chair", "coach", "doctor", "father", "friend", "guard", "guide",
    "head", "host", "judge", "master", "mentor", "mother", "neighbor", "neighbour",
    "nurse", "parent", "partner",
    "patron", "pilot", "sponsor",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """A statement after linking: what was renamed (kind, old, new), and what was not and why."""

    statement: Statement
    renamed: tuple[tuple[Kind, str, str], ...] = ()
    unclear: tuple[tuple[str, str], ...] = ()


def link(statement: S, vocabulary: Vocabulary) -> S:
    """The statement in the symbols of the vocabulary; what has no clear link stays as it is."""
    return cast(S, link_report(statement, vocabulary).statement)


def link_compounds(goal: Formula, vocabulary: Vocabulary) -> Formula:
    """`goal` with "closed(x) and ticket(x)" as closed_ticket(x), where only that class is named.

    For goals only: in a claim the parts say something of their own, and stay.
    """
    index = _index(vocabulary)
    if not isinstance(goal, And):
        return goal
    out = list(goal.parts)
    for first, second in pairwise(goal.parts):
        match first, second:
            case Atom(p, (x,)), Atom(q, (y,)) if x == y and first in out and second in out:
                whole, _ = _resolve(Kind.CLASS, f"{p}_{q}", vocabulary, index)
                part, _ = _resolve(Kind.CLASS, p, vocabulary, index)
                if vocabulary.entry(Kind.CLASS, whole) and not vocabulary.entry(Kind.CLASS, part):
                    out[out.index(first)] = Atom(whole, (x,))
                    out.remove(second)
    return out[0] if len(out) == 1 else And(tuple(out))


def link_report(statement: Statement, vocabulary: Vocabulary) -> Linked:
    """`link`, with an account of it."""
    index = _index(vocabulary)
    renamed: dict[tuple[Kind, str, str], None] = {}
    unclear: dict[tuple[str, str], None] = {}

    def rename(kind: Kind, symbol: str) -> str:
        new, why = _resolve(kind, symbol, vocabulary, index)
        if why:
            unclear[symbol, why] = None
        if new != symbol:
            renamed[kind, symbol, new] = None
        return new

    def term(t: Term) -> Term:
        match t:
            case Const(name):
                return Const(rename(Kind.INDIVIDUAL, name))
            case Fn(name, args):
                return Fn(name, tuple(term(a) for a in args))
            case Var() | Num():
                return t
            case _:
                assert_never(t)

    def atom(a: Atom) -> Atom:
        kind = {1: Kind.CLASS, 2: Kind.PROPERTY}.get(len(a.args))
        return Atom(rename(kind, a.pred) if kind else a.pred, tuple(term(t) for t in a.args))

    def formula(f: Formula) -> Formula:
        match f:
            case Atom():
                return atom(f)
            case Equal(a, b):
                return Equal(term(a), term(b))
            case Less(a, b, strict):
                return Less(term(a), term(b), strict)
            case Not(body):
                return Not(formula(body))
            case And(parts):
                return And(tuple(formula(p) for p in parts))
            case Or(parts):
                return Or(tuple(formula(p) for p in parts))
            case Implies(a, b) | Iff(a, b) | Xor(a, b):
                return type(f)(formula(a), formula(b))
            case Forall(vs, body) | Exists(vs, body):
                return type(f)(vs, formula(body))
            case _:
                assert_never(f)

    def statement_(s: Statement) -> Statement:
        if not isinstance(s, Rule):
            return formula(s)
        body = tuple(Naf(atom(b.body)) if isinstance(b, Naf) else formula(b) for b in s.body)
        # formula() keeps the shape of a literal, which the types cannot say
        return Rule(cast("Atom | Not", formula(s.head)), cast("tuple[Atom, ...]", body))

    done = statement_(statement)
    return Linked(done, tuple(renamed), tuple(unclear))


# --- finding the entry -----------------------------------------------------------------

_Index = dict[tuple[Kind, str], dict[Entry, int]]


@lru_cache(maxsize=4)
def _indexed(entries: tuple[Entry, ...]) -> _Index:
    """Keys of all names to entries, with the closeness of the match (smaller is closer)."""
    out: _Index = defaultdict(dict)
    for e in entries:
        for name in (e.symbol, *e.names):
            for key, rank in _keys(e.kind, name).items():
                known = out[e.kind, key]
                known[e] = min(rank, known.get(e, rank))
    return out


def _index(vocabulary: Vocabulary) -> _Index:
    return _indexed(vocabulary.entries)


def _resolve(kind: Kind, symbol: str, vocabulary: Vocabulary, index: _Index) -> tuple[str, str]:
    """(the symbol to use, why there is doubt)."""
    role = kind is Kind.PROPERTY and _is_role(symbol)
    if not role and vocabulary.entry(kind, symbol):
        return symbol, ""
    found: dict[Entry, int] = {}
    for key, rank in _keys(kind, symbol).items():
        for e, other in index.get((kind, key), {}).items():
            found[e] = min(rank + other, found.get(e, rank + other))
    if role:
        # A bare noun hides its direction: only a name "X of" says that the first argument is the X.
        found = {
            e: n for e, n in found.items() if any(_says_of(name, symbol) for name in (e.symbol, *e.names))
        }
    best = min(found.values(), default=0)
    closest = sorted({e.symbol for e, n in found.items() if n == best})
    if len(closest) == 1:
        return closest[0], ""
    if closest:
        return symbol, f"it may mean {' or '.join(closest)}"
    if role and vocabulary.entry(kind, symbol):
        # The graph's own `owner` mostly means "has owner"; keep the text's relation apart from it.
        return f"{symbol}_of", f"the direction of the graph's {symbol!r} is not told: label it '{symbol} of'"
    return symbol, ""


def _says_of(name: str, symbol: str) -> bool:
    found = [w.lower() for w in words(name)]
    found = found[1:] if found[:1] in (["is"], ["be"], ["are"]) else found
    return found in ([*symbol.lower().split("_"), "of"], ["the", *symbol.lower().split("_"), "of"])


def _is_role(symbol: str) -> bool:
    """Is a binary symbol one bare noun, as the parser gives for "x is the owner of y"?"""
    if not re.fullmatch(r"[a-z]+", symbol):
        return False
    if symbol in ROLES:
        return True
    kinds = _lemmas(symbol)
    return "NOUN" in kinds and "VERB" not in kinds and "ADP" not in kinds and "ADJ" not in kinds


def _keys(kind: Kind, name: str) -> dict[str, int]:
    """Keys under which a name is found: 0 its letters, 1 its lemmas, 2 without "is" and "of"."""
    if kind is Kind.INDIVIDUAL:
        return {re.sub(r"[\W_]+", "", name).casefold(): 0}
    parts = [w.lower() for w in words(name)]
    out = {"".join(parts): 0}
    readings = [(parts, 1)]
    if kind is Kind.PROPERTY:
        short = parts[1:] if parts[:1] in (["is"], ["are"], ["be"]) else parts
        short = short[1:] if short[:1] == ["the"] else short
        if short and short != parts:
            readings.append((short, 2))
        if len(short) > 1 and short[-1] == "of":
            readings.append((short[:-1], 2))
    for found, rank in readings:
        options = [_forms(w, kind, i == 0, i == len(found) - 1) for i, w in enumerate(found)]
        for choice in islice(product(*options), _MAX_KEYS):
            out.setdefault("".join(choice), rank)
    return out


def _forms(word: str, kind: Kind, first: bool, last: bool) -> list[str]:
    lemmas = _lemmas(word)
    out = [word]
    if kind is Kind.PROPERTY and first:
        out += lemmas.get("VERB", ())
    if last:
        out += lemmas.get("NOUN", ())
    return list(dict.fromkeys(out))


@lru_cache(maxsize=20_000)
def _lemmas(word: str) -> dict[str, tuple[str, ...]]:
    """Lemmas by part of speech: NOUN, VERB, ADJ, ...; only what the lexicon holds, nothing guessed."""
    from lemminflect import getAllLemmas

    return {str(pos): tuple(forms) for pos, forms in getAllLemmas(word).items()}

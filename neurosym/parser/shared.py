"""A text read as a whole: of rival readings, those whose predicates the other sentences have too.

A parser that reads sentence by sentence may name one thing in two ways, and then nothing follows.  Who
writes a text repeats its words: a predicate that no other sentence has costs a reading as much as
`STRANGE` in the logarithm of its probability.  Sentences are chosen in turn, each given the others
(iterated conditional modes, Besag 1986, section 2.5), in a fixed order; a question given the text.

A list without a subject ("Either boats or rafts.") says of everything that the text is about that it is
one of its kinds, and is read so.

Knows readings and their scores; must not know how a sentence is read, nor what is proved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TypeAlias

from neurosym.logic import Const, Formula, Or, Xor, atoms
from neurosym.parser.reading import Parsed, Reading, TextParser

STRANGE = 1.5  # chosen on one held-out fold of FOLIO's training stories
RIVALS = 6  # readings of a sentence
FLOOR = 0.03  # of the best reading's score; less is no rival
ROUNDS = 2

# a list, and no clause that begins with a determiner or a pronoun
ELLIPTIC = re.compile(
    r"either (?!(?:the|an?|this|that|these|those|my|your|his|her|its|our|their|some|any|every|each|all|no|one"
    r"|someone|everyone|something|if|it|he|she|they|you|we|i)\b)[^,;]* or ",
    re.IGNORECASE,
)

Symbol: TypeAlias = tuple[str, int]


class SharingParser:
    """A TextParser.  A text of several sentences becomes what a single sentence read next is about.

    It remembers the text read last, so that one instance serves one text and its questions at a time.
    Readings that differ in what the sentence does, in what is left out or in whom they speak of are no
    rivals: a choice never makes a sentence unread.  A reading that is chosen over the best has the
    mean of both scores, since what speaks for it beside its score is the rest of the text.
    """

    name = "sharing"

    def __init__(self, parser: TextParser) -> None:
        self._parser = parser
        self._told: frozenset[Symbol] = frozenset()

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """As the parser does, with the reading chosen first.  Raises what it raises."""
        parsed = _read(self._parser, text, document, max(RIVALS, n_best))
        if len(parsed) == 1:
            return (_first(parsed[0], _chosen(parsed[0], self._told), n_best),)
        now = [p.readings[0] if p.readings else None for p in parsed]
        for _ in range(ROUNDS):
            for i, p in enumerate(parsed):
                if p.readings:
                    now[i] = _chosen(p, _symbols([*now[:i], *now[i + 1 :]]))
        self._told = frozenset(_symbols(now))
        return tuple(_first(p, r, n_best) for p, r in zip(parsed, now, strict=True))


def _read(parser: TextParser, text: str, document: str, n_best: int) -> tuple[Parsed, ...]:
    """Readings with their rivals; of a sentence that a search for rivals leaves unread, the best alone."""
    return tuple(_elliptic(parser, p, n_best) for p in _rivals(parser, text, document, n_best))


def _rivals(parser: TextParser, text: str, document: str, n_best: int) -> tuple[Parsed, ...]:
    found = parser.read(text, document, n_best)
    if all(p.readings for p in found):
        return found
    alone = parser.read(text, document, 1)
    return tuple(p if p.readings else q for p, q in zip(found, alone, strict=True))


def _elliptic(parser: TextParser, p: Parsed, n_best: int) -> Parsed:
    """ "Either boats or rafts." as "Everything is either boats or rafts."; any other sentence as it is."""
    text = p.span.text.strip()
    if not ELLIPTIC.match(text):
        return p
    whole = parser.read(f"Everything is either{text[len('either') :]}", p.span.document, n_best)
    # without tokens: those of another sentence say nothing of this one
    readings = tuple(
        replace(r, tokens=()) for q in whole[:1] for r in q.readings if not r.anaphors and not r.partial
    )
    if len(whole) != 1 or not readings or readings[0].score < FLOOR:
        return p
    own = p.readings[0] if p.readings else None
    better = own is None or _of_no_subject(own.formula) or own.score < readings[0].score
    return replace(p, readings=readings, reason="") if better else p


def _of_no_subject(f: Formula) -> bool:
    """Was a subject made up: a kind or an act as a thing of that name, where names have capitals?"""
    if not isinstance(f, Or | Xor):
        return False
    return any(
        isinstance(t, Const) and (t.name[:1].islower() or t.name.lower().startswith(a.pred))
        for a in atoms(f)
        for t in a.args[:1]
    )


def _symbols(readings: Sequence[Reading | None]) -> set[Symbol]:
    return {(a.pred, len(a.args)) for r in readings if r is not None for a in atoms(r.formula)}


def _chosen(p: Parsed, told: Set[Symbol]) -> Reading | None:
    """The reading of highest probability, its strange predicates counted; the best where nothing is told."""
    if not p.readings or not told:
        return p.readings[0] if p.readings else None
    best = p.readings[0]
    rivals = [
        r
        for r in p.readings
        if r.score >= FLOOR * best.score
        and (r.act, r.variables, r.count) == (best.act, best.variables, best.count)
        and r.partial <= best.partial
        and len(r.anaphors) <= len(best.anaphors)
    ]
    return max(rivals, key=lambda r: _value(r, told), default=best)


def _value(r: Reading, told: Set[Symbol]) -> float:
    return math.log(max(r.score, 1e-9)) - STRANGE * len(_symbols([r]) - told)


def _first(p: Parsed, chosen: Reading | None, n_best: int) -> Parsed:
    if chosen is None or chosen is p.readings[0]:
        return replace(p, readings=p.readings[:n_best])
    moved = replace(chosen, score=(chosen.score + p.readings[0].score) / 2)
    rest = tuple(r for r in p.readings if r is not chosen)
    return replace(p, readings=(moved, *rest)[:n_best])

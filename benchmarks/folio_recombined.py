"""New sentences from the stretches of aligned ones: what a story says, under other connectives.

A story's conclusions join its predicates in ways in which no premise does.  Here stretches of one
story are put under connectives of our own choice, so that a parser meets both; the meaning is known by
construction.  Deterministic for a seed.

Knows aligned samples and English agreement.  Must not know formulas or the conclusions of the data.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from neurosym.errors import ParserError
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.morphology import noun_lemma, plural, verb_forms, verb_lemma
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS

from .folio_align import Aligned
from .folio_tokens import ANYTHING, tokens_of
from .folio_units import MODAL, PREPOSITION, WHO, Join, Kind, Proposal, Tree, Unit, of_part

NAMES = tuple(
    str.split(
        "Ada Ben Cora Dana Edgar Fiona Gus Hazel Ivo Jana Kurt Lena Milo Nora Oskar Pia Quentin Rosa Sven "
        "Tara Ugo Vera Walt Xenia Yuri Zoe Amir Bianca Chen Dmitri Elif Farid Grace Hugo Ines Jamal Keiko "
        "Luis Mei Noor Omar Priya Ravi Sofia Tomas Uma Viktor Wanda Yusuf Zainab T10 K-9 Vega B-52 Orion"
    )
)
LONG = 12  # words of a stretch
APART = frozenset([",", "either", "neither", "is", "are", '"'])  # no part of a stretch to be said elsewhere


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that can be said of a single thing: a verb phrase in its base form, a singular noun, or
    what follows "is"."""

    kind: Kind
    words: tuple[str, ...]
    verb: int = 0  # where the verb of a verb phrase stands


def pieces(samples: Sequence[Aligned]) -> list[list[Piece]]:
    """The pieces of each story that has at least two, in the order of the stories."""
    by: dict[str, dict[Piece, None]] = defaultdict(dict)
    for s in samples:
        for u in s.units:
            if u.lead is None and (piece := _piece(u, s.words)) is not None:
                by[s.story][piece] = None
    return [list(found) for _, found in sorted(by.items()) if len(found) > 1]


def _piece(u: Unit, words: Sequence[str]) -> Piece | None:
    said = list(words[u.start : u.end])
    while said and said[0].lower() in ("a", "an"):
        said.pop(0)
    low = [w.lower() for w in said]
    if not said or len(said) > LONG or set(low) & (WHO | ANYTHING | APART):
        return None
    if u.kind == "verb":
        at = 0 if not low[0].endswith("ly") or len(low) == 1 else 1
        if low[at] in MODAL or not of_part(low[at], "VERB"):
            return None
        said[at] = verb_lemma(low[at])
        return Piece("verb", tuple(said), at)
    if low[0] in ("people", "person", "thing", "things") or said[0][:1].isupper():
        return None
    if u.kind == "noun" or (
        not set(low) & PREPOSITION and of_part(low[-1], "NOUN") and not of_part(low[-1], "ADJ")
    ):
        if set(low) & PREPOSITION or "than" in low or not low[-1].isalpha() or not of_part(low[-1], "NOUN"):
            return None
        return Piece("noun", (*said[:-1], noun_lemma(low[-1])))
    return Piece("be", tuple(said))


@dataclass(slots=True)
class _Sentence:
    """Words as they are said, with their pieces as units."""

    rng: random.Random
    subject: tuple[str, ...] = ("x",)
    words: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.words += text.split()

    def put(self, p: Piece, words: Sequence[str]) -> Unit:
        start = len(self.words)
        self.words += words
        return Unit(p.kind, start, len(self.words), self.subject)

    def fin(self, p: Piece, many: bool = False) -> Tree:
        """Of a single thing: "drinks tea", "is a nurse", "is fond of tea"; of many: "drink tea"."""
        if p.kind == "verb":
            form = p.words[p.verb] if many else _present(p.words[p.verb])
            return self.put(p, [*p.words[: p.verb], form, *p.words[p.verb + 1 :]])
        self.say("are" if many else "is")
        return self.rest(p, many)

    def rest(self, p: Piece, many: bool = False) -> Tree:
        """What follows "is"."""
        if p.kind == "be":
            return self.put(p, p.words)
        if many:
            return self.put(p, [*p.words[:-1], plural(p.words[-1])])
        self.say("an" if p.words[0][:1].lower() in "aeiou" else "a")
        return self.put(p, p.words)

    def denied(self, p: Piece, many: bool = False) -> Tree:
        if p.kind == "verb":
            self.say("do not" if many else "does not")
            return Join("NOT", (self.put(p, p.words),))
        self.say("are not" if many else "is not")
        return Join("NOT", (self.rest(p, many),))

    def either(self, p: Piece, q: Piece, word: str) -> Tree:
        """either p or q, both p and q, neither p nor q, in the order that the first verb asks for."""
        if p.kind != "verb" and q.kind != "verb" and self.rng.random() < 0.7:
            self.say(f"is {word}")
            left = self.rest(p)
            self.say({"either": "or", "both": "and", "neither": "nor"}[word])
            right = self.rest(q)
        else:
            if p.kind != "verb" and self.rng.random() < 0.5:
                self.say(f"is {word}")
                left = self.rest(p)
            else:
                self.say(word)
                left = self.fin(p)
            self.say({"either": "or", "both": "and", "neither": "nor"}[word])
            right = self.fin(q)
        match word:
            case "either":
                return Join("XOR", (left, right))
            case "both":
                return Join("AND", (left, right))
            case _:
                return Join("AND", (Join("NOT", (left,)), Join("NOT", (right,))))

    def name(self, name: str) -> None:
        self.subject = (f"E:{len(self.words)}",)
        self.words.append(name)

    def again(self, name: str) -> None:
        """The same subject a second time, by its name or a pronoun."""
        self.words.append(name if self.rng.random() < 0.7 else self.rng.choice(("he", "she", "it")))

    def part(self, a: Piece, b: Piece) -> Tree:
        """Some predicate of one or two pieces."""
        r = self.rng.random()
        if r < 0.2:
            return self.fin(a)
        if r < 0.35:
            return self.denied(a)
        if r < 0.55:
            return self.either(a, b, "either")
        if r < 0.7:
            return self.either(a, b, "neither")
        if r < 0.8:
            left = self.fin(a)
            self.say("or")
            return Join("OR", (left, self.fin(b)))
        left = self.fin(a)
        self.say("and")
        return Join("AND", (left, self.fin(b)))


def _present(base: str) -> str:
    return "has" if base == "have" else verb_forms(base)[0]


# --- sentences ---------------------------------------------------------------------------


def _simple(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    s.name(name)
    return Proposal("", None, s.part(p[0], p[1]))


def _plain(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    s.name(name)
    return Proposal("", None, s.fin(p[0]) if s.rng.random() < 0.6 else s.denied(p[0]))


def _if(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    s.say("If")
    s.name(name)
    first = s.part(p[0], p[1])
    s.say(", then" if s.rng.random() < 0.8 else ",")
    s.again(name)
    return Proposal("", None, Join("IMP", (first, s.part(*s.rng.sample(list(p), 2)))))


def _both_or_neither(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    condition = s.rng.random() < 0.5
    if condition:
        s.say("If")
    s.name(name)
    a, b = p[0], p[1]
    s.say("either" if a.kind == "verb" else "is either")
    say = s.fin if a.kind == "verb" else s.rest
    second = s.fin if a.kind == "verb" or b.kind == "verb" else s.rest
    if s.rng.random() < 0.6:
        s.say("both")
    one = say(a)
    s.say("and")
    two = second(b)
    s.say(", or" if s.rng.random() < 0.7 else "or")
    if s.rng.random() < 0.25:
        s.again(name)
        if a.kind != "verb":
            s.say("is")
    s.say("neither")
    three = say(a)
    s.say("nor")
    four = second(b)
    neither = Join("AND", (Join("NOT", (three,)), Join("NOT", (four,))))
    whole: Tree = Join("XOR", (Join("AND", (one, two)), neither))
    if condition:
        s.say(", then")
        s.again(name)
        whole = Join("IMP", (whole, s.part(*s.rng.sample(list(p), 2))))
    return Proposal("", None, whole)


def _person(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    s.name(name)
    s.say("is a" if s.rng.random() < 0.7 else "is not a")
    denied = s.words[-2] == "not"
    who = s.put(Piece("noun", ("person",)), ["person"])
    s.say("who")
    said: Tree = Join("AND", (who, s.fin(p[0])))
    if denied:
        return Proposal("", None, Join("NOT", (said,)))
    if s.rng.random() < 0.6:
        word = s.rng.choice(("or", "and"))
        s.say(word)
        said = Join(word.upper(), (said, s.fin(p[1])))
    return Proposal("", None, said)


def _not_both(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    s.name(name)
    if p[0].kind == "verb" and p[1].kind == "verb":
        s.say("does not both")
        one = s.put(p[0], p[0].words)
        s.say("and")
        two = s.put(p[1], p[1].words)
    else:
        if p[0].kind == "verb":
            return Proposal("", None, s.part(p[0], p[1]))
        s.say("is not both")
        one = s.rest(p[0])  # type: ignore[assignment]
        s.say("and")
        two = (s.fin if p[1].kind == "verb" else s.rest)(p[1])  # type: ignore[assignment]
    return Proposal("", None, Join("NOT", (Join("AND", (one, two)),)))


def _general(s: _Sentence, name: str, p: Sequence[Piece]) -> Proposal:
    """All, no, some; people who ...; if someone ..., then they."""
    r = s.rng.random()
    nouns = [q for q in p if q.kind == "noun"]
    if r < 0.35:
        s.say("If people" if r < 0.2 else "If someone")
        many = r < 0.2
        who = Unit("noun", len(s.words) - 1, len(s.words), s.subject)
        first = s.fin(p[0], many)
        s.say(", then they" if s.rng.random() < 0.8 else ", they")
        second = s.denied(p[1], True) if s.rng.random() < 0.25 else s.fin(p[1], True)
        return Proposal("ALL", Join("AND", (who, first)), second)
    if r < 0.5:
        s.say("People either" if s.rng.random() < 0.6 else "People")
        who = Unit("noun", 0, 1, s.subject)
        first = s.fin(p[0], True)
        s.say("or")
        return Proposal("ALL", who, Join("OR", (first, s.fin(p[1], True))))
    kind = s.rng.choice(("All", "No", "Some"))
    s.say(kind)
    head = s.rng.choice(nouns) if nouns and s.rng.random() < 0.5 else Piece("noun", ("person",))
    rest = [q for q in p if q != head]
    said: Tree = s.put(head, [*head.words[:-1], plural(head.words[-1])])
    if head.words == ("person",) or s.rng.random() < 0.5:
        s.say("who")
        said = Join("AND", (said, s.fin(rest[0], True)))
        rest = rest[1:] or rest
    body = s.denied(rest[0], True) if kind == "Some" and s.rng.random() < 0.2 else s.fin(rest[0], True)
    if kind == "No":
        body = Join("NOT", (body,))
    return Proposal("EX" if kind == "Some" else "ALL", said, body)


FORMS: tuple[tuple[int, Callable[[_Sentence, str, Sequence[Piece]], Proposal]], ...] = (
    (20, _simple),
    (12, _plain),
    (24, _if),
    (16, _both_or_neither),
    (8, _person),
    (6, _not_both),
    (14, _general),
)


def recombined(samples: Sequence[Aligned], n: int, seed: int) -> Iterator[tuple[list[str], list[str]]]:
    """`n` pairs of words and target tokens; fewer where the samples have too few pieces."""
    rng = random.Random(f"recombined/{seed}")
    stories = pieces(samples)
    weights = [w for w, _ in FORMS]
    made = 0
    for _ in range(20 * n if stories else 0):
        if made == n:
            return
        story = rng.choice(stories)
        chosen = rng.sample(story, min(len(story), 4))
        s = _Sentence(rng)
        form = rng.choices([f for _, f in FORMS], weights)[0]
        said = form(s, rng.choice(NAMES), chosen)
        if rng.random() < 0.95:
            s.words.append(".")
        s.words[0] = s.words[0][:1].upper() + s.words[0][1:]
        try:
            tokens = tokens_of(said, s.words)
            if tokens is None or len(tokens) > MAX_TOKENS or len(s.words) > MAX_WORDS:
                continue
            decode(tokens, s.words)
        except ParserError:
            continue
        if left_out(tokens, s.words):
            continue
        made += 1
        yield s.words, tokens

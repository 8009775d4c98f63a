"""A hand-written grammar: the baseline that the neural parser is measured against, never a part of it.

It reads a controlled English by recursive descent: facts, negation, universals, conditionals,
relative "that" clauses, yes/no questions.  No learning, no lexicon: word classes are guessed
from position and ending.  It emits the same target tokens as the neural parser, so that both
share decode.py.  What it cannot read it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from neurosym.errors import ParserError
from neurosym.parser import tokenize
from neurosym.parser.decode import decode
from neurosym.parser.morphology import noun_lemma
from neurosym.parser.reading import Parsed
from neurosym.theory import Span

Tokens = list[str]

_BE = {"is", "are", "was", "were"}
_DO = {"does", "do", "did"}
_NOT = {"not", "n't"}
_A = {"a", "an"}
_EMPTY_HEADS = {"thing", "things", "people", "person", "one", "ones"}  # heads that add no predicate
_SOME_BODY = {"something", "someone", "somebody"}
_EVERY_BODY = {"everything", "everyone", "everybody", "anything", "anyone", "anybody"}
_PRONOUNS = {"it", "they", "he", "she", "them", "him"}
_UNIVERSAL = {"all", "every", "each", "any"}
_ASKING = (("true", "or", "false", ":"), ("prove", ":"), ("is", "it", "true", "that"))


class GrammarParser:
    """A TextParser without a model.  Every reading it gives scores 1."""

    name = "grammar"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        """Read each sentence; there is at most one reading.  Raises ParserError for empty text."""
        if not text.strip():
            raise ParserError("the text is empty", document=document, hint="give at least one sentence")
        return tuple(_read(text, document, a, b) for a, b in tokenize.sentences(text))


def _read(text: str, document: str, start: int, end: int) -> Parsed:
    span = Span(document, start, end, text[start:end])
    words = [w.text for w in tokenize.words(text[start:end])]
    try:
        tokens = _Grammar(words).sentence()
        return Parsed(span, (decode(tokens, words).reading(1.0, tokens),))
    except ParserError as e:
        return Parsed(span, (), e.message)


class _Grammar:
    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        while self.words and self.words[-1] in ".?!":
            self.words.pop()
        self.low = [w.lower() for w in self.words]
        self.i = 0

    def fail(self, expected: str) -> NoReturn:
        found = repr(self.words[self.i]) if self.i < len(self.words) else "the end"
        raise ParserError(f"outside the grammar: expected {expected}, found {found}")

    def at(self, k: int = 0) -> str:
        return self.low[self.i + k] if self.i + k < len(self.low) else ""

    def take(self, *options: str) -> bool:
        if self.at() in options:
            self.i += 1
            return True
        return False

    # sentences

    def sentence(self) -> Tokens:
        act = "FACT"
        for prefix in _ASKING:
            if tuple(self.low[: len(prefix)]) == prefix:
                self.i, act = len(prefix), "ASK"
        if act == "FACT" and self.at() in _BE | _DO:
            return ["ASK", *self.inverted()]
        body = self.statement()
        if self.i < len(self.words):
            self.fail("the end of the sentence")
        return [act, *body]

    def statement(self) -> Tokens:
        if self.take("if"):
            return self.conditional()
        if self.at() in _UNIVERSAL | {"no"} or self.at() in _EVERY_BODY:
            return self.universal()
        if self._bare_plural():
            return self.universal()
        return self.coordinated(lambda: self.clause(None))

    def inverted(self) -> Tokens:
        """Is Tom a cat?  Does the cow chase Tom?"""
        auxiliary = self.i
        self.i += 1
        start = self.i
        term = self.noun_phrase(None, spare=self.low[auxiliary] in _BE)
        if self.low[auxiliary] in _BE:
            rest = self.complements(term, False)
        else:
            if self.i == start:
                self.fail("a subject")
            rest = self.verb_phrase(term, None)
        if self.i < len(self.words):
            self.fail("the end of the question")
        return rest

    def coordinated(self, part: Callable[[], Tokens]) -> Tokens:
        out = part()
        while self.at() in ("and", "or"):
            word = self.at()
            self.i += 1
            out = ["AND" if word == "and" else "OR", *out, *part()]
        return out

    def conditional(self) -> Tokens:
        end = self.low.index("then") if "then" in self.low[self.i :] else -1
        if end < 0:
            end = self.low.index(",") if "," in self.low[self.i :] else -1
        if end < 0:
            self.fail("'then'")
        general = any(w in _SOME_BODY for w in self.low[self.i : end])
        letters = sorted({w for w in self.words[self.i :] if w in ("X", "Y", "Z")})
        variables = letters or (["x"] if general else [])
        var = "x" if general else None
        left = self.coordinated(lambda: self.clause(var))
        self.take(",")
        self.take("then")
        right = self.coordinated(lambda: self.clause(var))
        quantifiers = [t for v in variables for t in ("ALL", v.lower())]
        return [*quantifiers, "IMP", *left, *right]

    def _bare_plural(self) -> bool:
        """Cats are ...; Young, kind people are ...: only plain words before 'are'."""
        if "are" not in self.low[self.i :]:
            return False
        end = self.low.index("are", self.i)
        subject = self.low[self.i : end]
        plain = all(w.isalpha() or w == "," for w in subject) and not set(subject) & {
            "the",
            "and",
            "or",
            "not",
        }
        return (
            bool(subject)
            and plain
            and (subject[-1] in _EMPTY_HEADS or noun_lemma(subject[-1]) != subject[-1])
        )

    def universal(self) -> Tokens:
        negative = self.take("no")
        if self.take(*_EVERY_BODY):
            if not self.take("that", "who", "which"):
                self.fail("'that'")
            left = self.verb_phrase(["x"], None)
        else:
            self.take(*_UNIVERSAL)
            left = self.description()
        right = self.verb_phrase(["x"], None, plural=True)
        if negative:
            right = ["NOT", *right]
        return ["ALL", "x", *(["IMP", *left, *right] if left else right)]

    def description(self) -> Tokens:
        """Adjectives and a head noun, said of x; empty for 'things' alone."""
        start = self.i
        while self.at() and self.at() not in _BE | _DO | {"that", "who", "which"}:
            self.i += 1
        parts = [k for k in range(start, self.i) if self.low[k] not in (",", "and")]
        if not parts:
            self.fail("a noun")
        found = [["P1", f"A:{k}", "x"] for k in parts[:-1]]
        if self.low[parts[-1]] not in _EMPTY_HEADS:
            found.append(["P1", f"N:{parts[-1]}", "x"])
        if self.take("that", "who", "which"):
            found.append(self.verb_phrase(["x"], None))
        return _all_of("AND", found) if found else []

    # clauses

    def clause(self, var: str | None) -> Tokens:
        subject = self.noun_phrase(var)
        return self.verb_phrase(subject, var)

    def noun_phrase(self, var: str | None, spare: bool = False) -> Tokens:
        """`spare`: a complement follows without a verb, so that the last word is not the noun's."""
        word = self.at()
        if var is not None and (word in _SOME_BODY or word in _PRONOUNS):
            self.i += 1
            return [var]
        if self.i < len(self.words) and self.words[self.i] in ("X", "Y", "Z"):
            self.i += 1
            return [word]
        if self.take("the"):
            start = self.i
            self.i += 1
            # "the grey heron": a second word belongs to the noun where a verb or the end follows it
            if (
                self.at()
                and self.at() not in _BE | _DO | {"and", "or", "then", ","}
                and self._verb_follows(1, spare)
            ):
                self.i += 1
            return _named("D", range(start, self.i))
        if self.i < len(self.words) and self.words[self.i][:1].isupper():
            start = self.i
            self.i += 1
            if (
                self.at()
                and self.at().isalpha()
                and self.at() not in _BE | _DO
                and self._verb_follows(1, spare)
            ):
                self.i += 1  # "Bald eagle chases ..."
            return _named("E" if self.i - start == 1 else "D", range(start, self.i))
        if word.isalpha() and word not in {"and", "or", "not", "then", "if"}:
            start = self.i
            self.i += 1
            if (
                self.at().isalpha()
                and self.at() not in _BE | _DO | {"and", "or", "then"}
                and self._verb_follows(1, spare)
            ):
                self.i += 1
            return _named("D", range(start, self.i))
        self.fail("a noun phrase")

    def _verb_follows(self, k: int, spare: bool) -> bool:
        """Does a verb, an end or a connective stand `k` words ahead, so that the noun may end there?"""
        word = self.at(k)
        return not spare and (
            word == ""
            or word in _BE | _DO | {"and", "or", "then", ","}
            or (word.endswith("s") and self.at(k + 1) != "")
        )

    def verb_phrase(self, subject: Tokens, var: str | None, plural: bool = False) -> Tokens:
        if self.take(*_BE):
            return self.complements(subject, plural)
        negative = False
        if self.take(*_DO):
            negative = self.take(*_NOT)
        verb = self.i
        if not self.at().isalpha():
            self.fail("a verb")
        self.i += 1
        if self.at() in ("", "and", "or", "then", ","):
            out = ["P1", f"V:{verb}", *subject]
        else:
            out = ["P2", f"V:{verb}", *subject, *self.noun_phrase(var)]
        return ["NOT", *out] if negative else out

    def complements(self, subject: Tokens, plural: bool) -> Tokens:
        out = self.complement(subject, plural)
        while self.at() in ("and", "or") and self._complement_ahead():
            word = self.at()
            self.i += 1
            out = ["AND" if word == "and" else "OR", *out, *self.complement(subject, plural)]
        return out

    def _complement_ahead(self) -> bool:
        """After and/or: does a complement follow, or a whole new clause?"""
        rest = self.low[self.i + 1 :]
        if not rest or rest[0] in _PRONOUNS | {"the"} | _SOME_BODY or self.words[self.i + 1][:1].isupper():
            return False
        return rest[0] in _NOT | _A or len(rest) == 1 or rest[1] not in _BE | _DO

    def complement(self, subject: Tokens, plural: bool) -> Tokens:
        negative = self.take(*_NOT)
        article = self.take(*_A)
        start = self.i
        while self.at() and self.at().isalpha() and self.at() not in _BE | {"and", "or", "then"}:
            self.i += 1
            if not article and not plural:
                break
        if self.i == start:
            self.fail("an adjective or a noun")
        last = self.i - 1
        noun = article or (
            plural and noun_lemma(self.low[last]) != self.low[last] and self.low[last].endswith("s")
        )
        parts = [["P1", f"A:{k}", *subject] for k in range(start, last)]
        parts.append(["P1", f"{'N' if noun else 'A'}:{last}", *subject])
        out = _all_of("AND", parts)
        return ["NOT", *out] if negative else out


def _all_of(connective: str, parts: Sequence[Tokens]) -> Tokens:
    out = list(parts[-1])
    for p in reversed(parts[:-1]):
        out = [connective, *p, *out]
    return out


def _named(kind: str, words: range) -> Tokens:
    out: Tokens = [f"{kind}:{words[-1]}"]
    for k in reversed(words[:-1]):
        out = ["NAMES", f"{kind}:{k}", *out]
    return out

"""Stories whose sentences share people, things and predicates, with one line of logic each.

Three sources: the generator's sentences over a small vocabulary of one story (so that the same words come
back in rules, facts and questions), `generate.stories` (later mentions of the same people, told by their
antecedents), and JSON lines of the user's.  Knows the generator and lines; must not know models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from neurosym.errors import ConfigError, InputError, ParserError
from neurosym.logic import Const, Term, map_terms
from neurosym.parser import generate, tokenize
from neurosym.parser.decode import decode
from neurosym.parser.document.target import NONE, Line, read_line, show_line
from neurosym.parser.generate import stories as told
from neurosym.parser.generate.context import G
from neurosym.parser.lexicon import (
    WORDNET,
    Lexicon,
    invent_adjective,
    invent_noun,
    invent_verb,
    lexicon,
)

T = TypeVar("T")
SHARED = 0.65  # of the stories share predicates; the others take up people
LONGEST = 260  # characters of a line that is taught
_TRIES = 60
_OPENING, _CLOSING = frozenset("(“‘"), frozenset(".,;:!?)%”’")
_CLITICS = frozenset(("n't", "'s", "'re", "'ve", "'ll", "'d", "'m", "'"))


@dataclass(frozen=True, slots=True)
class Story:
    """Sentences as they stand in the text, and the line (`target`) of each."""

    sentences: tuple[str, ...]
    lines: tuple[str, ...]


def stories(split: str, seed: int, n: int, wordnet: Path = WORDNET) -> Iterator[Story]:
    """`n` stories of three to eight sentences of a split, the same ones for the same seed.

    Raises ParserError for an unknown split or a missing WordNet.
    """
    rng = Random(f"documents:{split}:{seed}")
    lex = lexicon(split, wordnet)
    people = _with_people(split, seed, n, wordnet)
    made = 0
    while made < n:
        story = _with_predicates(rng, lex) if rng.random() < SHARED else next(people)
        if story is not None:
            made += 1
            yield story


# --- stories that share predicates ----------------------------------------------------------


def small(lex: Lexicon, rng: Random, invented: bool) -> Lexicon:
    """The few words that one story is about."""

    def some(pool: Sequence[T], n: int) -> tuple[T, ...]:
        # the frequent ones more often, as everywhere in the generator
        drawn = [int(rng.random() ** 2 * len(pool)) for _ in range(n)] if pool else []
        return tuple(pool[i] for i in dict.fromkeys(drawn))

    sizes = {"adjectives": 5, "transitive": 3, "intransitive": 3, "given": 4, "surnames": 3, "places": 2}
    small_pools: dict[str, Any] = {
        f.name: some(getattr(lex, f.name), sizes.get(f.name, 4))
        for f in fields(lex)
        if f.name not in ("split", "nouns")
    }
    nouns = {kind: some(pool, 3 if kind in ("animal", "person") else 2) for kind, pool in lex.nouns.items()}
    if invented:
        nouns = {k: tuple(invent_noun(rng, lex.split) for _ in v) for k, v in nouns.items()}
        small_pools["adjectives"] = tuple(invent_adjective(rng, lex.split) for _ in range(5))
        small_pools["transitive"] = tuple(invent_verb(rng, lex.split) for _ in range(3))
    return replace(lex, nouns=nouns, **small_pools)


def _with_predicates(rng: Random, lex: Lexicon) -> Story | None:
    """Sentences of any construction over the words of one story; None where too few can be said."""
    own = small(lex, rng, rng.random() < 0.15)
    sentences: list[str] = []
    lines: list[str] = []
    seen: list[tuple[str, tuple[str, ...]]] = []
    wanted = rng.randint(3, 8)
    for _ in range(_TRIES):
        g = G(rng, own)
        g.novel, g.seen = 0.0, list(seen)
        g.reuse = 0.5 if seen else 0.0
        try:
            sample = generate._sample(g)
        except IndexError:  # a construction that needs more words than the story has
            continue
        if sample is None:
            continue
        d = decode(sample["tokens"], sample["words"])
        text = spelt(sample["words"])
        if d.anaphors or text is None or len(line := show_line(Line.of(d))) > LONGEST:
            continue
        sentences.append(text)
        lines.append(line)
        seen = g.seen[-6:]
        if len(sentences) == wanted:
            break
    return _checked(sentences, lines)


# --- stories that take up people ------------------------------------------------------------


def _with_people(split: str, seed: int, n: int, wordnet: Path) -> Iterator[Story | None]:
    """Endless: `generate.stories` with the antecedent in the place of each later mention."""
    while True:
        for story in told.stories(split, seed, n, wordnet):
            yield _resolved(story)
        seed += 1_000_003


def _resolved(story: told.Story) -> Story | None:
    sentences: list[str] = []
    lines: list[str] = []
    for i, s in enumerate(story["sentences"]):
        d = decode(s["tokens"], s["words"])
        names: dict[str, str] = {}
        for m in story["mentions"]:
            if m["sentence"] == i:
                at = {a.start: a.constant for a in d.anaphors} | {start: c for c, start, _ in d.mentions}
                if m["word"] not in at:
                    return None
                names[at[m["word"]]] = m["antecedent"]
        if any(a.constant not in names for a in d.anaphors):
            return None
        renamed: dict[Term, Term] = {Const(a): Const(b) for a, b in names.items()}
        formula = map_terms(d.formula, partial(_renamed, renamed))
        text = spelt(s["words"])
        line = show_line(replace(Line.of(d), formula=formula))
        if text is None or len(line) > LONGEST:
            return None
        sentences.append(text)
        lines.append(line)
    return _checked(sentences, lines)


def _renamed(names: Mapping[Term, Term], t: Term) -> Term:
    return names.get(t, t)


# --- text -----------------------------------------------------------------------------------


def spelt(words: Sequence[str]) -> str | None:
    """Words as running text; None where it would not split into the same words again."""
    text = ""
    for w in words:
        glued = not text or w in _CLOSING or w.lower() in _CLITICS or text[-1] in _OPENING
        text += w if glued else " " + w
    if text and text[-1] not in ".!?":
        text += "."
    found = [w.text for w in tokenize.words(text)]
    return text if found[: len(words)] == list(words) else None


def _checked(sentences: Sequence[str], lines: Sequence[str]) -> Story | None:
    """The story where its text splits into its sentences."""
    if len(sentences) < 2:
        return None
    text = " ".join(sentences)
    if [text[a:b] for a, b in tokenize.sentences(text)] != list(sentences):
        return None
    return Story(tuple(sentences), tuple(lines))


# --- the user's -----------------------------------------------------------------------------


def read_stories(path: Path) -> list[Story]:
    """Stories of JSON lines: {"sentences": [TEXT, ...], "forms": [FORM, ...]}.

    A form is a formula (told), a whole line ("ask ...", "which ?x. ..."), or empty or null where the
    sentence has no reading.  Raises ConfigError with the line at fault.
    """
    out = []
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError(f"cannot read {path}: {e}") from e
    for n, row in enumerate(rows, 1):
        if row.strip():
            try:
                out.append(_given(json.loads(row)))
            except (ValueError, KeyError, TypeError, InputError) as e:
                raise ConfigError(f"{path}:{n}: not a story: {e}") from e
    return out


def _given(raw: Mapping[str, Any]) -> Story:
    sentences, forms = raw["sentences"], raw["forms"]
    if len(sentences) != len(forms) or not sentences or not all(isinstance(s, str) for s in sentences):
        raise ValueError(f"{len(sentences)} sentences and {len(forms)} forms: as many of each are expected")
    return Story(tuple(sentences), tuple(line_of(f or "") for f in forms))


def line_of(form: str) -> str:
    """The line of a form of the user's, in the one way of writing it.  Raises ParserError."""
    form = form.strip().rstrip(";.").strip()
    if not form or form == "none":
        return NONE
    for text in (f" {form};", f" tell {form};"):
        try:
            line = read_line(text)
        except ParserError as e:
            problem = e
            continue
        return NONE if line is None else show_line(line)
    raise problem

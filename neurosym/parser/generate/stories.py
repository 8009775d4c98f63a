"""Whole short stories in which each later mention is known to mean an earlier one.

Knows who and what a story is about, and how later mentions take that up: pronouns, parts of
names, titles, definite descriptions, "the former" and "the latter".  A pronoun is used where
agreement leaves one candidate, or where the subject of the sentence before goes on being talked
about (centering; Grosz, Joshi & Weinstein 1995), as writers do.  Made for the resolver of
references to be trained and measured on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TypedDict

from neurosym.parser.decode import decode
from neurosym.parser.generate import finish, kin
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import COMPARATIVES, PREPOSITIONS, G
from neurosym.parser.generate.meaning import TooDeep, Tree, V, W, emit, entity, exists, p1, p2
from neurosym.parser.generate.nouns import Words, article
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, Person, Scene, given_names
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.morphology import normalize
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS

BACK = 3  # sentences after which nothing is taken up by a pronoun any more
TITLES = {"f": ("Ms.", "Mrs.", "Dr.", "Ms."), "m": ("Mr.", "Dr.", "Mr.", "Prof.")}


class Line(TypedDict):
    words: list[str]
    tokens: list[str]


class Taken(TypedDict):
    """A mention that takes up an earlier one.

    `word` is the place of its pronoun, its noun or the first word of its name; `antecedent` and
    `candidates` are constants of `decode`, the candidates in the order of their first mention.
    """

    sentence: int
    word: int
    text: str
    antecedent: str
    candidates: list[str]


class Story(TypedDict):
    sentences: list[Line]
    mentions: list[Taken]


class Figure:
    """Somebody or something that a story is about.  `said`: (sentence, was it the subject?)."""

    __slots__ = ("constant", "gender", "given", "noun", "said", "surname", "telling", "texts", "title")

    def __init__(self, gender: str, telling: bool = True) -> None:
        self.gender, self.telling = gender, telling
        self.given = self.surname = self.title = ""
        self.noun = ""  # what a definite description calls it
        self.texts: tuple[str, ...] = ()  # how it was first called
        self.constant = ""
        self.said: list[tuple[int, bool]] = []

    def could_be(self, gender: str) -> bool:
        return self.gender == gender or (not self.telling and {self.gender, gender} == {"f", "m"})


class Book:
    """The state of one story."""

    __slots__ = ("cast", "g", "here", "marks", "now", "taken")

    def __init__(self, g: G) -> None:
        self.g, self.now = g, 0
        self.cast: list[Figure] = []
        self.here: list[Figure] = []  # figures of the sentence under construction
        self.marks: list[tuple[W, str, str]] = []  # word, its text as said, antecedent
        self.taken: list[Taken] = []

    def lately(self) -> list[Figure]:
        return [f for f in self.cast if f.said and self.now - f.said[-1][0] <= BACK]

    def was_subject(self, f: Figure) -> bool:
        return any(n == self.now - 1 and subject for n, subject in f.said)


def stories(split: str, seed: int, n: int, wordnet: Path = WORDNET) -> Iterator[Story]:
    """`n` stories of three to seven sentences of a split, the same ones for the same seed.

    Raises ParserError for an unknown split or a missing WordNet.
    """
    lex = lexicon(split, wordnet)
    rng = Random(f"stories:{split}:{seed}")
    made = 0
    while made < n:
        g = G(rng, lex)
        g.novel = min(g.novel, 0.15)
        story = family_story(g) if g.p(0.35) else plain_story(g)
        if story is not None and story["mentions"]:
            made += 1
            yield story


# --- stories about people and things ------------------------------------------------------


def plain_story(g: G) -> Story | None:
    b = Book(g)
    lines: list[Line] = []
    for _ in range(g.rng.randint(3, 7)):
        b.here, b.marks = [], []
        tries = 0
        while (line := _line(b)) is None:
            tries += 1
            if tries > 20:
                return None
        lines.append(line)
        b.now += 1
    return {"sentences": lines, "mentions": b.taken}


def _line(b: Book) -> Line | None:
    """One sentence; None where it cannot be said, and then nothing has changed."""
    cast, known = list(b.cast), [(f, list(f.said), f.noun) for f in b.cast]
    b.here, b.marks = [], []
    try:
        words, tree = _sentence(b)
        finish_line(b.g, words)
        tokens = emit(("FACT", tree), words)
    except (Retry, TooDeep):
        b.cast = cast
        for f, said, noun in known:
            f.said, f.noun = said, noun
        return None
    _note(b.taken, b.marks, words, b.now, [f.constant for f in cast])
    return {"words": [w.text if isinstance(w, W) else w for w in words], "tokens": tokens}


def finish_line(g: G, words: Words) -> None:
    """A capital and a full stop: openings such as "however" would move the mentions."""
    before = len(words)
    finish(g, words, ".")
    text = words[0].text if isinstance(words[0], W) else words[0]
    if len(words) > before + 1 or not text[:1].isupper():
        raise Retry


def _note(
    taken: list[Taken], marks: list[tuple[W, str, str]], words: Words, sentence: int, earlier: list[str]
) -> None:
    place = {id(w): i for i, w in enumerate(words) if isinstance(w, W)}
    for w, text, antecedent in sorted(marks, key=lambda m: place[id(m[0])]):
        taken.append(
            {
                "sentence": sentence,
                "word": place[id(w)],
                "text": text,
                "antecedent": antecedent,
                "candidates": list(dict.fromkeys(earlier)),
            }
        )


# --- mentions --------------------------------------------------------------------------


def fresh(b: Book) -> Figure:
    """Somebody or something new, named or described in full."""
    g = b.g
    if g.p(0.64):
        r = g.rng.random()
        name, gender = g.pick(given_names(g.split))
        f = Figure(gender)
        if r > 0.94:
            name, f.telling = g.given(), False
            f.gender = dict(given_names(g.split)).get(name, gender)
            f.telling = name in dict(given_names(g.split))
        f.given, f.surname = name, g.surname()
        if r < 0.4:
            f.texts = (name, f.surname)
        elif r < 0.55:
            f.title = g.pick(TITLES[f.gender])
            f.texts = (f.title, f.surname)
            f.telling = f.title in ("Mr.", "Ms.", "Mrs.")
            f.given = ""
        else:
            f.texts, f.surname = (name,), ""
    else:
        f = Figure("n")
        noun = g.known_noun()
        if noun.one in NOT_THINGS or noun in g.lex.nouns["person"]:
            raise Retry
        f.noun = noun.one
        f.texts = (g.adjective().base, noun.one) if g.p(0.4) else (noun.one,)
    f.constant = constant(f)
    if any(
        f.constant == o.constant
        or (f.noun and f.noun == o.noun)
        or {x for x in (f.given, f.surname) if x} & {o.given, o.surname}
        for o in b.cast
    ):
        raise Retry
    return f


NOT_THINGS = frozenset(str.split("man woman boy girl child baby group people family"))


def constant(f: Figure) -> str:
    """What `decode` calls the first mention."""
    kind = "D" if f.gender == "n" else "E"
    last = len(f.texts) - 1
    return "_".join(normalize(t, "A" if kind == "D" and i < last else kind) for i, t in enumerate(f.texts))


def called(b: Book, f: Figure, subject: bool) -> tuple[Words, Tree]:
    """A mention by name or description: the full one where it is the first, a part of it later."""
    g = b.g
    texts = f.texts
    if f.said and f.gender != "n":
        texts = g.pick(shorter(f)) if g.p(0.7) else texts
    elif f.said and len(texts) > 1 and g.p(0.6):
        texts = texts[-1:]
    if f.said and f.gender != "n" and f.noun and g.p(0.5):
        texts = (f.noun,)  # Ann is a doctor. ... The doctor ...
    thing = f.gender == "n" or texts == (f.noun,)
    ws = [W(t) for t in texts]
    tree = entity("D" if thing else "E", ws)
    if f.said and texts != f.texts:
        mark = " ".join(texts)
        b.marks.append((ws[0], f"the {mark}" if thing else mark, f.constant))
    _here(b, f, subject)
    return (["the", *ws] if thing else [*ws]), tree


def shorter(f: Figure) -> list[tuple[str, ...]]:
    """Ann Brown: Ann, Brown, Ms. Brown; Dr. Smith: Smith."""
    out = [f.texts]
    if f.given and f.surname:
        out += [(f.given,), (f.given,), (f.surname,), (("Mr." if f.gender == "m" else "Ms."), f.surname)]
    elif f.surname:
        out += [(f.surname,)]
    return out


def _here(b: Book, f: Figure, subject: bool) -> None:
    if f not in b.cast:
        b.cast.append(f)
    if f not in b.here:
        b.here.append(f)
    f.said.append((b.now, subject))


def clear(b: Book, f: Figure, case: int) -> bool:
    """Does a pronoun tell that `f` is meant?"""
    if not f.said or f.said[-1][0] == b.now or b.now - f.said[-1][0] > BACK:
        return False
    rivals = [o for o in b.lately() if o is not f and o.could_be(f.gender)]
    # What the same clause has named already is no rival of its object.
    rivals = [o for o in rivals if case == POSSESSIVE or o not in b.here]
    if not rivals:
        return True
    return case == SUBJECT and b.was_subject(f) and b.g.p(0.75)


def pronoun(b: Book, f: Figure, case: int) -> tuple[Words, Tree]:
    w = W(PRONOUNS[f.gender][case])
    b.marks.append((w, w.text, f.constant))
    f.telling = True
    _here(b, f, case == SUBJECT)
    return [w], ("R", w)


def mention(b: Book, case: int, besides: tuple[Figure, ...] = ()) -> tuple[Words, Tree, Figure]:
    """Somebody or something, new or known, in the way that suits the story so far."""
    g = b.g
    two = _two_before(b)
    if two and case != POSSESSIVE and not b.here and g.p(0.2):
        i = 0 if g.p(0.5) else 1
        w = W(("former", "latter")[i])
        b.marks.append((w, w.text, two[i].constant))
        _here(b, two[i], case == SUBJECT)
        return ["the", w], ("R", w), two[i]
    old = [f for f in b.lately() if f not in besides and f not in b.here]
    if old and not g.p(0.3 if b.now else 0.9):
        f = g.pick(old)
        last = [o for o in old if b.was_subject(o)]
        if case == SUBJECT and last and g.p(0.55):
            f = g.pick(last)
        if clear(b, f, case) and g.p(0.8):
            return *pronoun(b, f, case), f
    else:
        f = fresh(b)
    words, tree = called(b, f, case == SUBJECT)
    if case == POSSESSIVE:
        words = [*words, "'s"]
    return words, tree, f


def _two_before(b: Book) -> list[Figure]:
    """The two that the sentence before was about, in its order, where it was about two."""
    before = [f for f in b.cast if any(n == b.now - 1 for n, _ in f.said)]
    if len(before) != 2 or (before[0].gender == "n") != (before[1].gender == "n"):
        return []
    return sorted(before, key=lambda f: not b.was_subject(f))


# --- what is said of them ------------------------------------------------------------------


def _sentence(b: Book) -> tuple[Words, Tree]:
    g = b.g
    past = g.past
    words, tree, f = mention(b, SUBJECT)
    kind = g.choose(
        (0.16, "adj"), (0.14, "noun"), (0.34, "vt"), (0.1, "vi"), (0.1, "vp"), (0.06, "cmp"), (0.1, "owned")
    )
    be = "was" if past else "is"
    if kind == "noun" and (f.gender == "n" or f.noun):
        kind = "adj"
    w = W()
    match kind:
        case "adj":
            w.text = g.adjective().base
            neg: Words = ["not"] if g.p(0.12) else []
            fact = p1(("A", w), tree)
            return [*words, be, *neg, w], ("NOT", fact) if neg else fact
        case "noun":
            w.text = g.pick(g.lex.nouns["person"][: len(g.lex.nouns["person"]) // 2]).one
            if any(w.text in (o.noun, *o.texts) for o in b.cast):
                raise Retry
            f.noun = w.text
            return [*words, be, article(w.text), w], p1(("N", w), tree)
        case "vi":
            v = g.intransitive()
            w.text = v.past if past else v.s
            return [*words, w], p1(("V", w), tree)
        case "cmp":
            other, u, _ = mention(b, OBJECT, (f,))
            w.text = g.adjective().more or g.pick(COMPARATIVES)
            return [*words, be, w, "than", *other], p2(("C", w), tree, u)
        case "owned":
            v2 = g.transitive()
            w.text = v2.past if past else v2.s
            whose, u, _ = mention(b, POSSESSIVE, (f,))
            n, x = W(g.known_noun().one), V()
            if n.text in NOT_THINGS:
                raise Retry
            fact = exists(x, [p2(("N", n), x, u)], [p2(("V", w), tree, x)])
            return [*words, w, *whose, n], fact
        case _:
            v = g.transitive() if kind == "vt" else g.intransitive()
            w.text = v.past if past else v.s
            prep = W(g.pick(PREPOSITIONS))
            other, u, _ = mention(b, OBJECT, (f,))
            pred: Tree = ("V", w) if kind == "vt" else ("JOIN", ("V", w), ("P", prep))
            return [*words, w, *([prep] if kind == "vp" else []), *other], p2(pred, tree, u)


# --- stories about families --------------------------------------------------------------


def family_story(g: G) -> Story | None:
    """Sentences that mention family in passing, in which the same people come up again."""
    known: list[Person] = []
    focus: tuple[Person, ...] = ()
    lines: list[Line] = []
    taken: list[Taken] = []
    for n in range(g.rng.randint(3, 6)):
        for _ in range(40):
            for p in known:
                p.tree, p.here = None, False
            sc = Scene(g, known, focus)
            try:
                words, tree, _ = kin.passing(g, sc)
                finish_line(g, words)
                tokens = emit(tree, words)
            except (Retry, TooDeep):
                continue
            if len(words) <= MAX_WORDS and len(tokens) <= MAX_TOKENS:
                break
        else:
            return None
        texts = [w.text if isinstance(w, W) else w for w in words]
        decode(tokens, texts)
        marks = [(w, w.text, _name(p)) for w, p in sc.anaphors if p.texts]
        _note(taken, marks, words, n, [_name(p) for p in known])
        lines.append({"words": texts, "tokens": tokens})
        known = [p for p in sc.people if p.texts][-8:]
        focus = tuple(p for p in sc.subjects if p.texts)[:1]
    return {"sentences": lines, "mentions": taken}


def _name(p: Person) -> str:
    return "_".join(normalize(t, "E") for t in p.texts)

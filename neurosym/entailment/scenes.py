"""Sentences about one scene as existential statements.

A definite description is something that there is; a bare noun ("milk") likewise, but within a negation;
a general statement that no word marks as such is about something that there is.  Whoever "someone"
is, is a person.

Knows readings and logic.  Must not know solvers or claims about words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from neurosym.logic import (
    And,
    Atom,
    Const,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Term,
    Var,
    atoms,
    ground_terms,
    map_terms,
)
from neurosym.theory import Span

if TYPE_CHECKING:
    from neurosym.knowledge.wordnet import Part, WordNet
    from neurosym.parser.reading import Reading, TextParser

# Sentences with these words are general, or deny of everything: their universals are meant.
_GENERAL = frozenset(
    str.split("all every each any no none nobody nothing neither never only whoever whatever if whenever")
)
_DEFINITE = frozenset(str.split("the this that these those his her its their my your our"))
_PERSONAL = re.compile(
    r"\b(?:someone|somebody|anyone|anybody|no one|nobody|everyone|everybody|person|persons|people)\b",
    re.IGNORECASE,
)
# What may begin a closer description of the thing before it.
_DESCRIBING = re.compile(
    r"in|on|at|of|with|without|from|for|to|near|under|over|behind|beside|between|by|about|against|inside|"
    r"outside|above|below|next|like|who|whom|whose|which|that|where|when|\w+ing|\w+ed"
)
PERSON = "person"
THE = "_the"  # ends the variables of definite descriptions
_NOT_TEXT = frozenset(("Cc", "Cs", "Co", "Cn"))
_LETTERS = re.compile(r"[A-Za-z]+")
LEAST, MOST = 2, 100  # words of a statement about one scene; the classifier would see only the beginning
SHOWN = 80  # characters of a text that a reason quotes


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as one existential statement.

    `score`: the probability that it was read rightly; `parts`: its words in base form, each with a part
    of speech that the text uses it in; `known`: its variables for what the text calls "the cat", no more.
    """

    formula: Formula
    score: float
    span: Span
    parts: frozenset[tuple[str, Part]] = frozenset()
    known: frozenset[Var] = frozenset()


@dataclass(frozen=True, slots=True)
class NoScene:
    """Why a text gives no scene.  `statement`: it may be one all the same, which is not understood."""

    reason: str
    statement: bool = True


def scenes(
    parser: TextParser, text: str, document: str, words: WordNet, n_best: int = 1
) -> tuple[Scene, ...] | NoScene:
    """The readings of a text as scenes, best first; or why it has none."""
    if why := _no_statement(text):
        return NoScene(f"no statement: {why}: {shortened(text)!r}", statement=False)
    parsed = parser.read(text if text.rstrip()[-1:] in ".!?" else f"{text.rstrip()}.", document, n_best)
    for p in parsed:
        said = shortened(p.span.text)
        if not p.readings:
            return NoScene(f"not read: {said!r}: {shortened(p.reason, 2 * SHOWN)}")
        if p.readings[0].act != "tell":
            what = "a question" if p.readings[0].act == "ask" else "a command"
            return NoScene(f"no statement: {what}: {said!r}", statement=False)
        if p.readings[0].partial:
            return NoScene(f"not read as a statement: {said!r}")
    choices = product(*(p.readings for p in parsed))
    span = Span(document, parsed[0].span.start, parsed[-1].span.end, text)
    found = []
    for chosen in choices:
        score = 1.0
        for r in chosen:
            score *= r.score
        sentences = [(r, p.span.text) for r, p in zip(chosen, parsed, strict=True) if r.act == "tell"]
        if len(sentences) == len(parsed):
            parts = frozenset(p for r, sentence in sentences for p in _parts(r, sentence))
            formula = scene(sentences, words)
            found.append(Scene(formula, score, span, parts, _known(formula, text)))
    return tuple(sorted(found, key=lambda s: -s.score)[:n_best])


def scene(sentences: Sequence[tuple[Reading, str]], words: WordNet | None = None) -> Formula:
    """What sentences say of one scene, as a formula without constants but for proper names."""
    parts: list[Formula] = []
    wide: dict[str, Term] = {}
    said: list[Atom] = []
    for reading, text in sentences:
        plain = [w.lower() for w in re.findall(r"[\w']+", text)]
        formula = reading.formula
        if not _GENERAL & set(plain):
            formula = _particular(formula)
        pointers = tuple(_pointers(reading, text))
        formula = _acting(formula, frozenset(w.lower() for kind, _, w in pointers if kind == "A"))
        if _PERSONAL.search(text):
            formula = _personal(formula, _verbs(text), words)
        bare = {_common(w, words): w for kind, i, w in pointers if kind == "E" and i == 0} if words else {}
        given = [g for g in reading.presuppositions if isinstance(g, Atom) and isinstance(g.args[0], Const)]
        for name in dict.fromkeys(g.pred for g in given):
            if name in wide or _definite(name, pointers, text):
                wide.setdefault(name, Var(f"{name}{THE}"))
            else:
                var = Var(f"{name}_some")
                formula = _bound(formula, Const(name), var, _described(name, var, words))
        for noun, written in bare.items():
            var = Var(f"{noun}_some")
            if noun:
                formula = _bound(formula, Const(written), var, [Atom(noun, (var,))])
        for anaphor in reading.anaphors:
            wide.setdefault(anaphor.constant, Var(f"it_{len(wide)}"))
        parts.append(formula)
        said += given
    names = {Const(n): v for n, v in wide.items()}
    body = [map_terms(p, lambda t: names.get(t, t) if isinstance(t, Const) else t) for p in parts]
    described = {g.pred for g in said}
    first = [a for n in wide if n in described for a in _described(n, wide[n], words)]
    every = conjunction([*first, *body])
    return Exists(tuple(v for v in wide.values() if isinstance(v, Var)), every) if wide else every


def _no_statement(text: str) -> str:
    """Why a text is no statement in English, whatever a parser makes of it; empty where it may be one."""
    if c := next((c for c in text if unicodedata.category(c) in _NOT_TEXT and c not in "\t\n\r"), ""):
        return f"the character U+{ord(c):04X} in it is none of a text"
    if text.rstrip().endswith("?"):
        return "a question"
    if not text.strip():
        return ""  # the parser says so
    said = _LETTERS.findall(text)
    if len(said) < LEAST:
        return f"it has fewer than {LEAST} words of Latin letters"
    return f"it has more than {MOST} words" if len(said) > MOST else ""


def shortened(text: str, most: int = SHOWN) -> str:
    """A text on one line, of at most `most` characters."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _known(f: Formula, text: str) -> frozenset[Var]:
    """The variables of definite descriptions that are no more than "the" and a noun where the text has them.

    "The cat on the mat" may be another than "the cat on the sofa", and "his cat" than "her cat".
    """
    from neurosym.parser.morphology import normalize
    from neurosym.parser.tokenize import words as tokenized

    said = [t.text.lower() for t in tokenized(text)]
    nouns = [{w, normalize(w, "D")} for w in said]
    out = set[Var]()
    for v in f.vars if isinstance(f, Exists) else ():
        name = v.name.removesuffix(THE).split("_")
        at = [
            i
            for i in range(len(said) - len(name) + 1)
            if all(n in nouns[i + k] for k, n in enumerate(name)) and v.name.endswith(THE)
        ]
        if at and all(_alone(said, i, i + len(name)) for i in at):
            out.add(v)
    return frozenset(out)


def _alone(said: Sequence[str], start: int, end: int) -> bool:
    before, after = said[max(0, start - 2) : start], said[end] if end < len(said) else "."
    return before[-1:] == ["the"] and before[:1] != ["of"] and not _DESCRIBING.fullmatch(after)


# What the pointers of a reading say of the words that they copy (parser.scheme.KINDS).
_PARTS: dict[str, tuple[Part, ...]] = {
    "V": ("verb",), "T": ("verb",), "N": ("noun", "adj"), "D": ("noun", "adj"), "A": ("adj", "adv", "verb"),
}  # fmt: skip


def _pointers(reading: Reading, text: str) -> Iterator[tuple[str, int, str]]:
    """What a reading copies: the kind, the place in the sentence and the word.

    None where the parser gives no tokens.
    """
    from neurosym.parser.tokenize import words as tokenized

    heads = tokenized(text)
    for token in reading.tokens:
        kind, colon, place = token.partition(":")
        if colon and int(place) < len(heads):
            yield kind, int(place), heads[int(place)].text


def _parts(reading: Reading, text: str) -> Iterator[tuple[str, Part]]:
    """The words of a reading in base form, with their parts of speech."""
    from neurosym.parser.morphology import normalize

    for kind, _, word in _pointers(reading, text):
        yield from ((normalize(word, kind), part) for part in _PARTS.get(kind, ()))


def _definite(name: str, pointers: Sequence[tuple[str, int, str]], text: str) -> bool:
    """Does the text have "the" or its like before the thing?  Without the model's tokens: yes."""
    from neurosym.parser.morphology import normalize
    from neurosym.parser.tokenize import words as tokenized

    if not pointers:
        return True
    first = name.partition("_")[0]
    before = [t.text.lower() for t in tokenized(text)]
    at = [i for kind, i, w in pointers if kind == "D" and i and first in (normalize(w, "D"), w.lower())]
    return bool(at) and before[min(at) - 1] in _DEFINITE


def _common(written: str, words: WordNet) -> str:
    """The noun that a word at the beginning of a sentence may be ("Tofu is ..."), or the empty text."""
    noun = written.lower()
    senses = words.senses(noun, "noun")
    return noun if senses and not senses[0].synset.proper else ""


def _acting(f: Formula, adjectives: frozenset[str]) -> Formula:
    """`f` with participles of what somebody does as verbs: "a smiling man" smiles."""
    from neurosym.parser.morphology import normalize

    def verb(g: Formula) -> Formula:
        match g:
            case Atom(pred, (only,)) if pred in adjectives and pred.endswith("ing"):
                return Atom(normalize(pred, "V"), (only,))
            case Not(body):
                return Not(verb(body))
            case And(parts):
                return And(tuple(map(verb, parts)))
            case Exists(vs, body):
                return Exists(vs, verb(body))
            case Forall(vs, body):
                return Forall(vs, verb(body))
            case Implies(a, b):
                return Implies(verb(a), verb(b))
            case _:
                return g

    return verb(f) if any(a.endswith("ing") for a in adjectives) else f


def _described(name: str, var: Term, words: WordNet | None) -> list[Formula]:
    """What "the young boys" takes for granted: young(x) and boy(x).  A "hot dog" stays whole."""
    *before, head = name.split("_")
    adjectives: list[str] = []
    while before and words is not None and words.knows(before[0], "adj"):
        whole = "_".join([*before, head])
        if words.knows(whole, "noun") and words.subsumed(whole, head, "noun") < 0.5:
            break
        adjectives.append(before.pop(0))
    return [Atom(a, (var,)) for a in (*adjectives, "_".join([*before, head]))]


def _personal(f: Formula, verbs: frozenset[str], words: WordNet | None) -> Formula:
    """`f`, where whoever is not described is a person: "someone is singing"."""
    match f:
        case Exists(vs, body):
            return Exists(vs, conjunction([*_persons(vs, body, verbs, words), _personal(body, verbs, words)]))
        case Forall(vs, Implies(a, b)):
            return Forall(vs, Implies(a, _personal(b, verbs, words)))
        case Forall(vs, Not(body)):
            who = _persons(vs, body, verbs, words)
            inner = _personal(body, verbs, words)
            return Forall(vs, Implies(conjunction(who), Not(inner)) if who else Not(inner))
        case Not(body):
            return Not(_personal(body, verbs, words))
        case And(parts):
            return And(tuple(_personal(p, verbs, words) for p in parts))
        case _:
            return f


def _persons(
    variables: Sequence[Var], body: Formula, verbs: frozenset[str], words: WordNet | None
) -> list[Formula]:
    """person(x) of each variable of which no noun is said."""
    nouns = {
        a.args[0]
        for a in atoms(body)
        if len(a.args) == 1
        and a.pred.partition("_")[0] not in verbs
        and (words is None or "_" in a.pred or words.knows(a.pred, "noun") or not words.knows(a.pred, "adj"))
    }
    return [Atom(PERSON, (v,)) for v in variables if v not in nouns]


def _verbs(text: str) -> frozenset[str]:
    """The verbs of a text that it has as participles."""
    from neurosym.parser.morphology import normalize

    participles = re.findall(r"\b\w+(?:ing|ed)\b", text.lower())
    return frozenset(v for w in participles if (v := normalize(w, "V")) != w)


def _particular(f: Formula) -> Formula:
    """General statements as statements about something that there is: "a horse is racing"."""
    match f:
        case Forall(vs, Implies(a, b)):
            return Exists(vs, conjunction([a, _particular(b)]))
        case And(parts):
            return And(tuple(_particular(p) for p in parts))
        case Exists(vs, body):
            return Exists(vs, _particular(body))
        case _:
            return f


def _bound(f: Formula, name: Const, var: Var, described: Sequence[Formula]) -> Formula:
    """`f` with the constant bound by an existential that takes in all that mentions it, and no more."""

    def mentions(g: Formula) -> bool:
        return name in ground_terms([g])

    match f:
        case _ if not mentions(f):
            return f
        case And(parts):
            own = [p for p in parts if mentions(p)]
            if len(own) == 1:
                return And(tuple(_bound(p, name, var, described) for p in parts))
            inner = _bind(And(tuple(own)), name, var, described)
            return conjunction([*(p for p in parts if p not in own), inner])
        case Not(body):
            return Not(_bound(body, name, var, described))
        case Exists(vs, body):
            return Exists(vs, _bound(body, name, var, described))
        case Forall(vs, body):
            return Forall(vs, _bound(body, name, var, described))
        case Implies(a, b) if not mentions(a):
            return Implies(a, _bound(b, name, var, described))
        case Implies(a, b) if not mentions(b):
            return Implies(_bound(a, name, var, described), b)
        case _:
            return _bind(f, name, var, described)


def _bind(f: Formula, name: Const, var: Var, described: Sequence[Formula]) -> Formula:
    body = map_terms(f, lambda t: var if t == name else t)
    return Exists((var,), conjunction([*described, body]))


def conjunction(parts: Iterable[Formula]) -> Formula:
    flat = [q for p in parts for q in (p.parts if isinstance(p, And) else (p,))]
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat)))


def signature(f: Formula) -> tuple[tuple[str, int], ...]:
    """The predicates of `f` with their numbers of arguments, sorted."""
    return tuple(sorted({(a.pred, len(a.args)) for a in atoms(f)}))

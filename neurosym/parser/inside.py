"""Pronouns whose antecedent stands in their own sentence: whom a reading takes them for, and how surely.

A reading says lazy(Otto) of "Otto criticized Karl because he was lazy", and not that this was a choice.
`held` finds the places that pronouns have in a reading, `judged` the probability of whom it takes each for,
among all that agree.  Who stands beside a pronoun in one predicate is not meant by it, and by a reflexive
nobody else is (Lappin & Leass 1994, section 2.1.1, after Chomsky's principles A and B).  What a rule binds
is grammar and no choice.  Knows tokens, words and mentions; must not know stories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from neurosym.logic import And, Const, Formula, Term, ground_terms, map_terms
from neurosym.parser.agreeing import Said, named_by, places, pointed_at, said_of
from neurosym.parser.decode import decode
from neurosym.parser.mentions import Mention, gender_of, person_noun
from neurosym.parser.morphology import normalize
from neurosym.parser.preferences import (
    FEATURES,
    PRONOUNS,
    REFLEXIVE,
    Candidate,
    candidates,
    probabilities,
    weights,
)
from neurosym.parser.scheme import SIGNATURE, VAR, end_of
from neurosym.syntax import read_formula, show

_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_SUBJECTS = frozenset(("he", "she", "it", "they"))
_OBJECTS = frozenset(("him", "her", "it", "them")) | REFLEXIVE
_PHRASE = 6  # words from "her" to the noun of "her very old and rusty bicycle"
_ENDS = frozenset((*_POSSESSIVE, "'s", "'", "’s", ",", "and", "or"))
_LINKS = frozenset(("and", "or", "but", "nor"))
_JOINS = frozenset(("and", "or", "nor", ","))
_SEVERAL = frozenset(("EXACTLY", "SET", "ATLEAST"))  # symbols that may be written out as an And
_BEGINS = frozenset(str.split("if because when while although though that before after since unless so ; :"))
_AND = " and "
_THAT = "that "  # how a proposition begins that is a thing
_PLACED = re.compile(r"that \((word )?\d+\)")
_Term = tuple[tuple[int, int], Sequence[tuple[int, int]]]  # a term in the tokens, and those beside it


@dataclass(frozen=True, slots=True)
class Held:
    """The place of a pronoun, whom the reading takes it for, and who stands beside it in what is said.

    Several for a plural one: those of whom the same is said one by one; and, `each` of them in turn, for a
    singular one ("neither Ann nor Eve sold her boat").  `terms`: where they stand in the tokens, from and to.
    """

    word: int
    taken: tuple[str, ...]
    beside: frozenset[str]
    terms: tuple[tuple[int, int], ...]
    each: bool = False


def held(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[tuple[str, int, str]]
) -> Iterator[Held]:
    """The pronouns that a reading takes for something named or described before them in its sentence.

    mentions: as `decode` gives them; tokens must be one expression.
    """
    low = [w.lower() for w in words]
    if PRONOUNS.keys().isdisjoint(low):
        return
    pointed = pointed_at(tokens)
    named = {at: c for c, at, _ in mentions}
    said: list[Said] = list(said_of(tokens))
    for i, w in enumerate(low):
        if w not in PRONOUNS or i in pointed:
            continue
        found: list[_Term] = []
        if w in _POSSESSIVE:
            found = _owners(tokens, low, i, said)
        if not found and w in _OBJECTS:
            found = list(_terms(tokens, places(low, i, False, pointed, said), said, i, False))
        if not found and w in _SUBJECTS:
            found = list(_terms(tokens, places(low, i, True, pointed, said), said, i, True))
        found = [f for f in found if named_by(tokens, *f[0]) in named]
        if not found:
            continue
        at = sorted({named_by(tokens, *term) for term, _ in found})
        taken = dict.fromkeys(named[named_by(tokens, *term)] for term, _ in found)
        each = PRONOUNS[w] != "p" and len(taken) > 1 and all(_listed(low, k) for k in at[1:])
        others = {named.get(named_by(tokens, *t), "") for _, terms in found for t in terms}
        yield Held(i, tuple(taken), frozenset(others - {""}), tuple(term for term, _ in found), each)


def _listed(low: Sequence[str], at: int) -> bool:
    """Is what is named there joined by "and" or "or" to what stands before it?"""
    before = low[at - 1] if at and low[at - 1] != "the" else low[at - 2] if at > 1 else ""
    return before in _JOINS


def _owners(tokens: Sequence[str], low: Sequence[str], i: int, said: Sequence[Said]) -> list[_Term]:
    """Whose the next noun after a possessive is said to be."""
    found: dict[int, list[_Term]] = {}
    for name, terms in said:
        noun = name[0]
        if len(terms) != 2 or not i < noun <= i + _PHRASE or f"N:{noun}" not in tokens:
            continue
        if 0 <= named_by(tokens, *terms[1]) < i and _ENDS.isdisjoint(low[i + 1 : noun]):
            found.setdefault(noun, []).append((terms[1], terms[:1]))
    return found[min(found)] if found else []


def _terms(
    tokens: Sequence[str],
    found: Iterator[tuple[int, int, int]],
    said: Sequence[Said],
    i: int,
    subject: bool,
) -> Iterator[_Term]:
    """The terms of the pronoun that name somebody before it."""
    for k, start, end in found:
        terms = next(ts for name, ts in said if k in name and (start, end) in ts)
        term, at = (start, end), named_by(tokens, start, end)
        if subject and at > i and f"T:{k}" in tokens:  # "he was seen by Ann" is said of Ann first
            term = next((t for t in terms[1:] if 0 <= named_by(tokens, *t) < i), term)
            at = named_by(tokens, *term)
        if 0 <= at < (i if subject else k) and (subject or f"N:{k}" not in tokens):
            yield term, [t for t in terms if t != term]


def without(tokens: Sequence[str], held_: Sequence[Held]) -> tuple[str, ...]:
    """A reading in parts without those that say something of these pronouns; empty where none is left."""
    ends = parts_of(tokens)
    wrong = {i for h in held_ for i in parts_held(tokens, h)}
    kept = [tokens[a:b] for i, (a, b) in enumerate(ends) if i not in wrong]
    out = [t for part in kept[:-1] for t in ("AND", *part)]
    return (tokens[0], *out, *kept[-1]) if kept else ()


def parts_of(tokens: Sequence[str], start: int = 1) -> list[tuple[int, int]]:
    """Where the parts of a statement that says several things begin and end, in the order of `decode`."""
    if tokens[start] != "AND":
        return [(start, end_of(tokens, start))]
    middle = end_of(tokens, start + 1)
    return [*parts_of(tokens, start + 1), *parts_of(tokens, middle)]


def parts_held(tokens: Sequence[str], h: Held) -> tuple[int, ...]:
    """The parts of a statement that speak of a pronoun."""
    found = enumerate(parts_of(tokens))
    return tuple(i for i, (a, b) in found if any(a <= at < b for at, _ in h.terms))


def parts_meant(tokens: Sequence[str], words: Sequence[str], parts: Sequence[int]) -> tuple[int, ...]:
    """The parts of the formula that these parts of the tokens become: "exactly two" is two of them."""
    out: list[int] = []
    n = 0
    for i, (a, b) in enumerate(parts_of(tokens)):
        size = 1
        if tokens[a] in _SEVERAL:
            size = len(parts_said(decode(("FACT", *tokens[a:b]), words).formula))
        if i in parts:
            out += range(n, n + size)
        n += size
    return tuple(out)


def parts_said(f: Formula) -> tuple[Formula, ...]:
    """The parts of a formula that says several things."""
    return f.parts if isinstance(f, And) else (f,)


def parts_speaking(f: Formula, constant: str) -> tuple[int, ...]:
    """The parts of a formula that speak of it, by itself or in a proposition that is a thing."""
    return tuple(
        i
        for i, part in enumerate(parts_said(f))
        if Const(constant) in ground_terms([part]) or any(propositions(part, constant))
    )


def propositions(f: Formula, constant: str) -> Iterator[Formula]:
    """What is said in the propositions of a formula that are things and speak of that."""
    for t in ground_terms([f]):
        if (said := _proposition(t, (constant,))) is not None:
            yield said
            yield from propositions(said, constant)


def in_propositions(t: Term, names: Mapping[Term, Term]) -> Term:
    """A term with other names, inside a proposition that is a thing, too: "that sleep(he)"."""
    if t in names:
        return names[t]
    said = _proposition(t, [k.name for k in names if isinstance(k, Const)])
    return t if said is None else Const(_THAT + show(map_terms(said, lambda u: in_propositions(u, names))))


def _proposition(t: Term, names: Iterable[str]) -> Formula | None:
    """What is said in a proposition that is a thing and speaks of one of these."""
    if not isinstance(t, Const) or not t.name.startswith(_THAT) or not any(n in t.name for n in names):
        return None
    if _PLACED.fullmatch(t.name):  # the pronoun
        return None
    return read_formula(t.name.removeprefix(_THAT))


# --- how surely --------------------------------------------------------------------------------


def judged(
    h: Held,
    tokens: Sequence[str],
    words: Sequence[str],
    sentence: int,
    own: Sequence[Mention],
    before: Sequence[Mention],
) -> tuple[float, list[tuple[str, float]]]:
    """How likely it is that a pronoun means whom the reading takes it for; and all who may be meant.

    own: what its sentence mentions, without what the pronouns say of its gender; before: what the ones
    before it do.  The probability is 0 for whom it cannot mean.
    """
    text = words[h.word].lower()
    if text in REFLEXIVE:
        if set(h.taken) <= h.beside:
            return weights()["reflexive"][0], []
        h = replace(h, beside=frozenset())
    found, taken = rivals(h, tokens, words, sentence, own, before)
    shares = probabilities(found, "inside", "inside_none")
    ranked = sorted(
        ((c.constant, p) for c, p in zip(found, shares, strict=False)), key=lambda x: (-x[1], x[0])
    )
    return dict(ranked).get(taken, 0.0), ranked


def taken_up(text: str, constant: str, sentence: int, word: int) -> Mention:
    """What a pronoun that means that one mentions: by "her", only whose something is."""
    gender = PRONOUNS.get(text.lower(), "")
    owner = text.lower() in _POSSESSIVE
    return Mention(constant, sentence, word, False, gender if gender in ("m", "f") else "", owner=owner)


def rivals(
    h: Held,
    tokens: Sequence[str],
    words: Sequence[str],
    sentence: int,
    own: Sequence[Mention],
    before: Sequence[Mention],
) -> tuple[list[Candidate], str]:
    """All whom a pronoun may mean, and the name under which whom the reading takes it for is one of them.

    Who does not agree is one of them only where nobody in the sentence does: what is said of genders, and
    what names tell of them, may be wrong, too.
    """
    text = words[h.word].lower()
    here = [m for m in own if m.word < h.word]
    here += _unnamed(tokens, words, sentence, h.word)
    taken = h.taken[0] if h.each else _AND.join(h.taken)
    if PRONOUNS[text] == "p":
        here += _groups(here)
        if len(h.taken) > 1 and not any(m.constant == taken for m in here):
            first = min((m.word for m in here if m.constant in h.taken), default=0)
            here.append(Mention(taken, sentence, first, False, "p"))
    known = [m for m in (*before, *here) if m.constant not in h.beside]
    clause = _clause(words, h.word, here)
    found = candidates(text, h.word, sentence, known, clause, taken)
    if taken in h.beside or {c.constant for c in found} & {taken, *(m.constant for m in here)}:
        return found, taken
    # a name misleads rather than "her father Otto" does
    told = {m.constant for m in known if m.gender and not m.by_name}
    unsure = (
        {m.constant for m in here if m.constant not in {*told, *h.beside}} if taken in told else set[str]()
    )
    unsure = unsure or {taken}
    loose = [replace(m, gender="") if m.constant in unsure else m for m in known]
    contrary = FEATURES.index("agrees")
    return [
        replace(c, features=(*c.features[:contrary], -1.0, *c.features[contrary + 1 :]))
        if c.constant in unsure
        else c
        for c in candidates(text, h.word, sentence, loose, clause, taken)
    ], taken


def _clause(words: Sequence[str], word: int, here: Sequence[Mention]) -> int:
    """Where the clause of the word there begins: after a link that joins no two of those mentioned."""
    joined = {m.word - back for m in here if m.joined for back in (1, 2)}
    for k in range(word - 1, -1, -1):
        w = words[k].lower()
        if w in _BEGINS or (w in _LINKS and k not in joined):
            return k + 1
    return 0


def _groups(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Those whom "and" joins, as one that is several."""
    run: list[Mention] = []
    for m in sorted(mentions, key=lambda m: m.word):
        run = [*run, m] if m.joined else [m]
        if len(run) > 1:
            name = _AND.join(dict.fromkeys(r.constant for r in run))
            yield Mention(name, m.sentence, run[0].word, False, "p")


def _unnamed(tokens: Sequence[str], words: Sequence[str], sentence: int, end: int) -> Iterator[Mention]:
    """The nouns before a place that stand for something without a name: "a sailor"."""
    for name, terms in said_of(tokens):
        k = name[-1]
        if len(terms) != 1 or k >= end or f"N:{k}" not in tokens or f"D:{k}" in tokens:
            continue
        if SIGNATURE.get(tokens[terms[0][0]], ("",))[0] != VAR:
            continue
        noun = normalize(words[k], "N")
        gender = "p" if noun != words[k].lower() else gender_of(noun) or ("" if person_noun(noun) else "n")
        yield Mention(noun, sentence, k, False, gender)

"""Which mention refers to what: pronouns, the former and the latter, names taken up in part.

Knows readings and the words they were read from; must not know the model or the engine.  Of the
things mentioned before, those that agree in gender and number are candidates; a log-linear
model over recency, role, parallelism and frequency gives each its probability (the preferences
of Lappin & Leass 1994, with weights fitted on generated stories by `reference_fit`).  A mention
whose best candidate is not likelier than `LEAST` is left open, and its sentence says why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import ClassVar

from neurosym.logic import And, Atom, Const, Exists, Formula, Term, atoms, map_terms, substitute
from neurosym.parser.decode import decode
from neurosym.parser.reading import Anaphor, Parsed, Reading, Resolution
from neurosym.parser.standins import genders
from neurosym.parser.tokenize import words as words_of

LEAST = 0.5
FEATURES = ("distance", "subject", "parallel", "latest", "often", "agrees", "object_of_pronoun")
BACK = 5  # sentences looked back
_PRONOUNS: dict[str, str] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "f"),
    **dict.fromkeys(("it", "its", "itself"), "n"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "p"),
}
_TITLES = {"mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "madam": "f", "lady": "f", "lord": "m"}
_TITLES |= dict.fromkeys(("dr", "prof", "professor", "judge", "captain", "president", "doctor"), "")
_FEMALE = frozenset(str.split(
    "mother daughter sister grandmother granddaughter aunt niece wife mom mum grandma girl woman lady "
    "queen princess girlfriend actress waitress mother_in_law daughter_in_law sister_in_law"))  # fmt: skip
_MALE = frozenset(str.split(
    "father son brother grandfather grandson uncle nephew husband dad grandpa boy man gentleman king prince "
    "boyfriend father_in_law son_in_law brother_in_law father-in-law"))  # fmt: skip

_KIN = frozenset(str.split(
    "child kid sibling parent grandparent grandchild cousin spouse twin friend neighbor boss colleague "
    "twin_brother twin_sister stepson stepdaughter stepmother stepfather"))  # fmt: skip
_NAME = "name"  # "her name is Ann": name(Ann, she)


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing mentioned: where, and how.  `gender`: m, f, n (a thing) or empty where not known."""

    constant: str
    sentence: int
    word: int
    named: bool
    gender: str = ""

    INDEFINITE: ClassVar[int] = 99  # the word of what an indefinite introduced


@dataclass(frozen=True, slots=True)
class Witness:
    """What an indefinite introduced ("a dog barked"), said of a name of its own: dog(dog) and bark(dog)."""

    constant: str
    formula: Formula
    sentence: int
    score: float = 1.0  # that the sentence says so, its mentions being what they are taken for


@dataclass(frozen=True, slots=True)
class Context:
    """What a document has mentioned so far."""

    sentences: int = 0
    mentions: tuple[Mention, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    constant: str
    features: tuple[float, ...]


# --- mentions --------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _genders() -> Mapping[str, str]:
    """Gender by given name, where it is known."""
    return genders()


def gender_of(constant: str, said: Iterable[Formula] = ()) -> str:
    """What a title, a relation noun or the given name tell of a constant's gender, in this order."""
    parts = [p for p in constant.split("_") if p]
    if parts and (title := _TITLES.get(parts[0].lower().rstrip("."), "")):
        return title
    for f in said:
        for a in atoms(f):
            if a.args and a.args[0] == Const(constant) and a.pred in _FEMALE | _MALE:
                return "f" if a.pred in _FEMALE else "m"
    if constant in _FEMALE | _MALE:
        return "f" if constant in _FEMALE else "m"
    return _genders().get(parts[0], "") if parts else ""


def mentions_of(reading: Reading, words: Sequence[str], sentence: int) -> Iterator[Mention]:
    """The things that a reading's pointers name, in the order of the sentence."""
    if not reading.tokens:
        return
    made = decode(reading.tokens, words).mentions
    owners = owner_genders(reading.tokens, words, made)
    for constant, at, kind in made:
        # a capital that no article precedes is a name's, whatever the pointer took it for
        named = kind == "E" or (words[at][:1].isupper() and (at == 0 or words[at - 1].lower() != "the"))
        gender = gender_of(constant, [reading.formula]) or ("" if named else "n")
        gender = gender or owners.get(constant, ("", 0))[0]
        yield Mention(constant, sentence, at, named, gender)


def owner_genders(
    tokens: Sequence[str], words: Sequence[str], mentions: Sequence[tuple[str, int, str]]
) -> dict[str, tuple[str, int]]:
    """What possessive pronouns tell of their owners ("Ann loves her son": Ann is female), and where.

    Of nouns that are said of two things, the second one named: son(x, Ann) after "her".
    """
    named = {at: c for c, at, _ in mentions}
    out: dict[str, tuple[str, int]] = {}
    for i, t in enumerate(tokens):
        if t != "P2" or not tokens[i + 1].startswith("N:"):
            continue
        noun, k = int(tokens[i + 1][2:]), i + 2
        while tokens[k] == "NAMES":
            k += 2
        owner = min((int(p[2:]) for p in tokens[k + 1 : k + 4] if p[:2] == "E:"), default=-1)
        before = [w.lower() for w in words[max(0, noun - 3) : noun]]
        pronoun = next((n for n in range(len(before) - 1, -1, -1) if before[n] in ("his", "her")), None)
        if owner in named and pronoun is not None and all(w.isalpha() for w in before[pronoun:]):
            gender = "m" if before[pronoun] == "his" else "f"
            out.setdefault(named[owner], (gender, noun - len(before) + pronoun))
    return out


def witnesses_of(reading: Reading, sentence: int) -> Iterator[tuple[Witness, Mention]]:
    """What a statement introduced without a name, each under the name that "the dog" will have.

    An owned one ("his sister") is called after its owner.
    """
    if reading.act != "tell":
        return
    f = reading.formula
    score = reading.score * math.prod(r.score for r in reading.resolutions)
    for part in (f, *(f.parts if isinstance(f, And) else ())):
        if not isinstance(part, Exists):
            continue
        parts = part.body.parts if isinstance(part.body, And) else (part.body,)
        names: dict[Term, Const] = {}
        for v in part.vars:
            nouns = [a.pred for a in parts if isinstance(a, Atom) and a.args == (v,)]
            owned = [
                f"{a.pred} of {a.args[1].name}"
                for a in parts
                if isinstance(a, Atom) and len(a.args) == 2
                and a.args[0] == v and isinstance(a.args[1], Const)
                and a.pred in _FEMALE | _MALE | _KIN
            ]  # fmt: skip
            if owned or nouns:
                names[v] = Const(owned[0] if owned else nouns[-1] if len(nouns) == 1 else nouns[0])
        if len(names) != len(part.vars) or len(set(names.values())) != len(names):
            continue
        said = substitute(part.body, {v: names[v] for v in part.vars})
        for n in names.values():
            gender = gender_of(n.name.partition(" of ")[0])
            yield (
                Witness(n.name, said, sentence, score),
                Mention(n.name, sentence, Mention.INDEFINITE, False, gender),
            )


# --- candidates ------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def weights() -> Mapping[str, tuple[float, ...]]:
    """The fitted weights of FEATURES, and the shares of right answers of the rules without features."""
    text = (files("neurosym.parser") / "words" / "reference.json").read_text(encoding="utf-8")
    return {k: tuple(v) for k, v in json.loads(text).items()}


def candidates(pronoun: str, word: int, sentence: int, mentions: Sequence[Mention]) -> list[Candidate]:
    """The things that a pronoun may refer to, with FEATURES, in the order of their first mention."""
    wanted = _PRONOUNS.get(pronoun.lower(), "")
    near = [m for m in mentions if sentence - m.sentence <= BACK and (m.sentence, m.word) < (sentence, word)]
    last = max(((m.sentence, m.word) for m in near), default=(0, 0))
    out = []
    for constant in dict.fromkeys(m.constant for m in near):
        own = [m for m in near if m.constant == constant]
        gender = next((m.gender for m in own if m.gender), "")
        if wanted in ("m", "f") and gender in {"m", "f", "n"} - {wanted}:
            continue
        if wanted == "n" and (gender in ("m", "f") or any(m.named and _genders().get(constant) for m in own)):
            continue
        latest = own[-1]
        first = min(m.word for m in near if m.sentence == latest.sentence)
        subject = float(latest.word == first)
        features = (
            float(sentence - latest.sentence),
            subject,
            float((word <= 1) == bool(subject)),
            float((latest.sentence, latest.word) == last),
            math.log(len(own)),
            float(bool(wanted) and gender == wanted),
            float(latest.sentence == sentence),
        )
        out.append(Candidate(constant, features))
    return out


def probabilities(found: Sequence[Candidate]) -> list[float]:
    """The probability of each candidate, and of none of them last."""
    w = weights()
    scores = [sum(a * b for a, b in zip(w["features"], c.features, strict=True)) for c in found]
    scores.append(w["none"][0])
    top = max(scores)
    each = [math.exp(s - top) for s in scores]
    return [e / sum(each) for e in each]


def _antecedent(a: Anaphor, word: int, sentence: int, mentions: Sequence[Mention]) -> tuple[str, float, str]:
    """The likeliest antecedent of a mention and its probability; or why there is none."""
    text = a.text.lower()
    if text in ("former", "latter"):
        for n in range(sentence, max(-1, sentence - BACK - 1), -1):
            two = list(dict.fromkeys(m.constant for m in mentions if m.sentence == n))
            if len(two) == 2:
                return two[text == "latter"], weights()["former"][0], ""
        return "", 0.0, f"no two things were mentioned together before 'the {text}'"
    found = candidates(text, word, sentence, mentions)
    if not found:
        return "", 0.0, f"nothing that {a.text!r} could refer to was mentioned"
    shares = probabilities(found)
    best = max(range(len(found)), key=lambda i: (shares[i], -i))
    if shares[best] <= LEAST:
        ranked = sorted(zip(shares, found, strict=False), key=lambda p: (-p[0], p[1].constant))[:2]
        said = " or ".join(f"{c.constant} ({p:.2f})" for p, c in ranked)
        return "", 0.0, f"what {a.text!r} refers to is not clear: {said}"
    return found[best].constant, shares[best], ""


def _same_name(m: Mention, mentions: Sequence[Mention]) -> str:
    """The one earlier name that this one takes up in part ("Dr_Smith" after "Ann_Smith"), or empty."""
    own = _name_parts(m.constant)
    known = {e.constant for e in mentions if e.named}
    if not m.named or m.constant in known or not own:
        return ""
    gender = m.gender
    alike = []
    for e in dict.fromkeys(x for x in mentions if x.named):
        parts = _name_parts(e.constant)
        if (set(own) < set(parts) or own == parts) and not {gender, e.gender} >= {"m", "f"}:
            alike.append(e.constant)
    alike = list(dict.fromkeys(alike))
    return alike[0] if len(alike) == 1 else ""


def _name_parts(constant: str) -> list[str]:
    parts = [p for p in constant.split("_") if p]
    return parts[1:] if len(parts) > 1 and parts[0].lower().rstrip(".") in _TITLES else parts


# --- a document ------------------------------------------------------------------------------


def resolve(parsed: Sequence[Parsed], context: Context = Context()) -> tuple[tuple[Parsed, ...], Context]:
    """The sentences of a document with their mentions resolved, best reading first, and what is known then.

    A reading keeps `anaphors` that stay open, and its sentence then says why in `reason`.
    """
    out = []
    for p in parsed:
        words = [w.text for w in words_of(p.span.text)]
        whys: list[str] = []
        readings = tuple(_resolved(r, p, words, context, whys) for r in p.readings)
        out.append(replace(p, readings=readings, reason=whys[0] if whys and not p.reason else p.reason))
        context = _heard(context, readings[:1], words)
    return tuple(out), context


def _resolved(r: Reading, p: Parsed, words: Sequence[str], context: Context, whys: list[str]) -> Reading:
    n = context.sentences
    own = list(mentions_of(r, words, n))
    open_: list[Anaphor] = []
    done: list[Resolution] = []
    renamed: dict[Term, Term] = {}
    for a in r.anaphors:
        at = _word_at(a, p)
        mentioned = [*context.mentions, *(m for m in own if m.word < at)]
        if (called := _called(r.formula, a)) is not None:
            # who is told the name of has not been named yet
            mentioned = [m for m in mentioned if m.word == Mention.INDEFINITE]
        name, share, why = _antecedent(a, at, n, mentioned)
        if name and name in ambiguous(context):
            why = f"what {a.text!r} refers to is not clear: more than one {name} was mentioned"
        if called is not None and not why:
            known = next(w for w in reversed(context.witnesses) if w.constant == name)
            said = substituted(known, called)
            done.append(Resolution(a, name, share))
            r = replace(r, formula=said, presuppositions=(), score=r.score * known.score)
            continue
        if why:
            open_.append(a)
            whys.append(why)
            continue
        done.append(Resolution(a, name, share))
        renamed[Const(a.constant)] = Const(name)
    for m in own:
        if (whole := _same_name(m, context.mentions)) and Const(m.constant) not in renamed:
            start = p.span.start + words_of(p.span.text)[m.word].start
            mention = Anaphor(m.constant, m.constant.replace("_", " "), start, start + len(m.constant))
            done.append(Resolution(mention, whole, weights()["name"][0]))
            renamed[Const(m.constant)] = Const(whole)
    if not done and not open_:
        return r
    formula = map_terms(r.formula, lambda t: renamed.get(t, t))
    return replace(r, formula=formula, anaphors=tuple(open_), resolutions=tuple(done))


def _called(f: Formula, a: Anaphor) -> Const | None:
    """Who is called so, where the formula gives the name of the anaphor's referent."""
    match f:
        case Atom(pred, (Const() as who, Const(of))) if pred == _NAME and of == a.constant:
            return who
    return None


def ambiguous(context: Context) -> frozenset[str]:
    """The names that more than one indefinite has: after "a dog" and "a dog", "the dog" may be either."""
    names = [w.constant for w in context.witnesses]
    return frozenset(n for n in names if names.count(n) > 1)


def substituted(w: Witness, called: Const) -> Formula:
    """What is said of a witness, said of who is called so."""
    return map_terms(w.formula, lambda t: called if t == Const(w.constant) else t)


def _word_at(a: Anaphor, p: Parsed) -> int:
    starts = [w.start + p.span.start for w in words_of(p.span.text)]
    return starts.index(a.start) if a.start in starts else 0


def _heard(context: Context, readings: Sequence[Reading], words: Sequence[str]) -> Context:
    n = context.sentences
    new: list[Mention] = []
    introduced: list[Witness] = []
    for r in readings:
        told = {res.anaphor.constant: res.antecedent for res in r.resolutions}
        new += [replace(m, constant=told.get(m.constant, m.constant)) for m in mentions_of(r, words, n)]
        for res in r.resolutions:
            gender = _PRONOUNS.get(res.anaphor.text.lower(), "")
            if res.anaphor.text.lower() in _PRONOUNS:
                gender = gender if gender in ("m", "f") else ""
                new.append(Mention(res.antecedent, n, 0, False, gender))
        for w, m in witnesses_of(r, n):
            introduced.append(w)
            new.append(m)
    return Context(n + 1, (*context.mentions, *new), (*context.witnesses, *introduced))

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from neurosym.logic import Atom, Const, Formula, Term, map_terms
from neurosym.parser.agreeing import agreed
from neurosym.parser.agreement import mended, with_owners
from neurosym.parser.decode import decode
from neurosym.parser.mentions import (
    Mention,
    Witness,
    genders_by_name,
    mentions_of,
    name_parts,
    names_in,
    told_genders,
    unread_names,
    unsaid_relatives,
    witnesses_of,
)
from neurosym.parser.mentions import gender_of as gender_of
from neurosym.parser.mentions import owner_genders as owner_genders
from neurosym.parser.reading import Anaphor, Parsed, Reading, Resolution
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
_NAME = "name"  # "her name is Ann": name(Ann, she)


@dataclass(frozen=True, slots=True)
class Context:
    """What a document has mentioned so far."""

    sentences: int = 0
    mentions: tuple[Mention, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a pronoun may mean, with one value for each of FEATURES."""

    constant: str
    features: tuple[float, ...]


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
        if wanted == "n" and (
            gender in ("m", "f") or any(m.named and genders_by_name().get(constant) for m in own)
        ):
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
    own = name_parts(m.constant)
    known = {e.constant for e in mentions if e.named}
    if not m.named or m.constant in known or not own:
        return ""
    gender = m.gender
    alike = []
    for e in dict.fromkeys(x for x in mentions if x.named):
        parts = name_parts(e.constant)
        if (set(own) < set(parts) or own == parts) and not {gender, e.gender} >= {"m", "f"}:
            alike.append(e.constant)
    alike = list(dict.fromkeys(alike))
    return alike[0] if len(alike) == 1 else ""


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
    r, done = _agreed(r, p, words, context)
    own = list(mentions_of(r, words, n))
    open_: list[Anaphor] = []
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


def _agreed(
    r: Reading, p: Parsed, words: Sequence[str], context: Context
) -> tuple[Reading, list[Resolution]]:
    """The reading with owners and others who agree with their pronouns, each resolved by a claim."""
    if not r.tokens:  # of a parser that writes formulas
        return r, []
    made = decode(r.tokens, words).mentions
    made = (*made, *unread_names(words, made))
    known = {m.constant: m.gender for m in context.mentions if m.gender in ("m", "f")}
    gender = told_genders(r.tokens, words, made, known)
    mends = [*mended(r.tokens, words, made, gender), *agreed(r.tokens, words, made, gender)]
    if not mends:
        return r, []
    from neurosym.parser.neural import placed

    at, tokens = words_of(p.span.text), with_owners(r.tokens, mends)
    start = p.span.start
    done = [
        Resolution(
            Anaphor(words[k].lower(), words[k], start + at[k].start, start + at[k].end),
            m.meant[0],
            weights()["agreement"][0],
        )
        for m in mends
        for k in (m.owned.pronoun,)
    ]
    return placed(decode(tokens, words).reading(r.score, tokens), at, start), done


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
    if not readings:  # whom a sentence names, it names whether it is understood or not
        new += names_in(words, n, {m.constant for m in context.mentions if m.named})
    told = {w.constant for r in readings for w, _ in witnesses_of(r, n)}
    for r in readings:
        renamed = {res.anaphor.constant: res.antecedent for res in r.resolutions}
        new += [replace(m, constant=renamed.get(m.constant, m.constant)) for m in mentions_of(r, words, n)]
        for res in r.resolutions:
            gender = _PRONOUNS.get(res.anaphor.text.lower(), "")
            if res.anaphor.text.lower() in _PRONOUNS:
                gender = gender if gender in ("m", "f") else ""
                new.append(Mention(res.antecedent, n, 0, False, gender))
        for w, m in witnesses_of(r, n):
            introduced.append(w)
            new.append(m)
    if not any(r.partial for r in readings):  # what is read in part is read for its relatives
        people = [(m.constant, m.word) for m in new if m.named]
        for w, m in unsaid_relatives(words, people, n, weights()["relative"][0]):
            if w.constant not in told:
                introduced.append(w)
                new.append(m)
    return Context(n + 1, (*context.mentions, *new), (*context.witnesses, *introduced))

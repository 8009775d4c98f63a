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

from neurosym.logic import And, Atom, Const, Formula, Term, atoms, ground_terms, map_terms
from neurosym.parser.agreeing import agreed
from neurosym.parser.agreement import mended, selves, with_owners
from neurosym.parser.decode import decode
from neurosym.parser.mentions import (
    RELATIVES,
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
FEATURES = (
    "distance", "subject", "parallel", "latest", "often", "agrees", "same_sentence", "owner", "continues"
)  # fmt: skip
BACK = 5  # sentences looked back
_PRONOUNS: dict[str, str] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "f"),
    **dict.fromkeys(("it", "its", "itself"), "n"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "p"),
}
_SUBJECTS = frozenset(("he", "she", "they"))
_OBJECTS = frozenset(("him", "them", "himself", "herself", "itself", "themselves"))
_REFLEXIVE = frozenset(("himself", "herself", "itself", "themselves"))
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
    """The fitted weights of FEATURES, and the shares of right answers of the rules without features.

    A feature that is newer than the weights counts nothing until they are fitted again.
    """
    text = (files("neurosym.parser") / "words" / "reference.json").read_text(encoding="utf-8")
    found = {k: tuple(v) for k, v in json.loads(text).items()}
    unfitted = len(FEATURES) - len(found["features"])
    return {**found, "features": (*found["features"], *(0.0,) * unfitted)}


def candidates(pronoun: str, word: int, sentence: int, mentions: Sequence[Mention]) -> list[Candidate]:
    """The things that a pronoun may refer to, with FEATURES, in the order of their first mention.

    A subject goes on being talked about by subjects (centering: Grosz, Joshi & Weinstein 1995, section
    4); "they" are not one person.
    """
    text = pronoun.lower()
    wanted = _PRONOUNS.get(text, "")
    topic = text in _SUBJECTS or (text not in _OBJECTS and word <= 1)
    near = [m for m in mentions if sentence - m.sentence <= BACK and (m.sentence, m.word) < (sentence, word)]
    last = max(((m.sentence, m.word) for m in near), default=(0, 0))
    out = []
    for constant in dict.fromkeys(m.constant for m in near):
        own = [m for m in near if m.constant == constant]
        # what was said of somebody goes before what the name says
        gender = next((m.gender for m in sorted(own, key=lambda m: m.by_name) if m.gender), "")
        if wanted in ("m", "f") and gender in {"m", "f", "n"} - {wanted}:
            continue
        if wanted == "p" and gender in ("m", "f"):
            continue
        if wanted == "n" and gender != "n" and _is_person(own, gender):
            continue
        latest = own[-1]
        beside = [m for m in near if m.sentence == latest.sentence]
        # the subject of "Ann's son Max sings" is Max
        first = min(m.word for m in [b for b in beside if not b.owner] or beside)
        subject = any(m.word == first for m in own if m.sentence == latest.sentence)
        features = (
            float(sentence - latest.sentence),
            float(subject),
            float(topic == subject),
            float((latest.sentence, latest.word) == last),
            math.log(len(own)),
            float(bool(wanted) and gender == wanted),
            float(latest.sentence == sentence),
            float(latest.owner),
            float(topic and subject and sentence - latest.sentence == 1),
        )
        out.append(Candidate(constant, features))
    return out


def _is_person(own: Sequence[Mention], gender: str) -> bool:
    """Is what these mention no thing?  "In Austin" may be a place, unless the name is hardly ever one."""
    if any(m.named and genders_by_name().get(m.constant) for m in own):
        return True
    placed = any(m.named and m.by_name and not m.gender for m in own)
    return gender in ("m", "f") and not (placed and all(m.by_name for m in own if m.gender))


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
            told = sorted((m for m in mentions if m.sentence == n), key=lambda m: m.word)
            two = list(dict.fromkeys(m.constant for m in told))
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
        context = _heard(context, readings[:1], p, words)
    return tuple(out), context


def _resolved(r: Reading, p: Parsed, words: Sequence[str], context: Context, whys: list[str]) -> Reading:
    n = context.sentences
    r, done = _agreed(r, p, words, context)
    r, open_ = _of_others(r, p, whys)
    r, done = _named(r, p, words, context, done)
    own = list(mentions_of(r, words, n))
    renamed: dict[Term, Term] = {}
    for a in r.anaphors:
        at = _word_at(a, p)
        others = {renamed.get(t, t) for t in _beside(r.formula, a)}
        mentioned = [*context.mentions, *(m for m in own if m.word < at)]
        if a.text.lower() in _PRONOUNS:
            mentioned = [m for m in mentioned if Const(m.constant) not in others]
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
    for the, at, meant in definites(r, words, context):
        place = words_of(p.span.text)[at]
        mention = Anaphor(the, f"the {the}", p.span.start + place.start, p.span.start + place.end)
        if len(meant) == 1:
            done.append(Resolution(mention, meant[0], weights()["definite"][0]))
            renamed[Const(the)] = Const(meant[0])
        else:
            open_.append(mention)
            which = " or ".join(dict.fromkeys(meant))
            whys.append(
                f"what {mention.text!r} refers to is not clear: more than one was mentioned ({which})"
            )
    if not done and not open_:
        return r
    formula = map_terms(r.formula, lambda t: renamed.get(t, t))
    taken = tuple(map_terms(f, lambda t: renamed.get(t, t)) for f in r.presuppositions)
    return replace(r, formula=formula, presuppositions=taken, anaphors=tuple(open_), resolutions=tuple(done))


def definites(r: Reading, words: Sequence[str], context: Context) -> list[tuple[str, int, tuple[str, ...]]]:
    """What "the niece" of a reading takes up that has a name of its own: noun, place, "niece of Otto".

    Several names where it is open which is meant.  "The dog" is called after its noun, and is open only
    where another dog was mentioned after one had been spoken of.
    """
    if not r.tokens or not context.witnesses:
        return []
    there = {t.name for t in ground_terms([r.formula]) if isinstance(t, Const)}
    bound = {m.constant for m in context.mentions if m.word != Mention.INDEFINITE}
    out: dict[str, tuple[str, int, tuple[str, ...]]] = {}
    for the, at, kind in decode(r.tokens, words).mentions:
        meant = tuple(w.constant for w in context.witnesses if w.noun == the)
        own = set(meant) - {the} or (len(meant) > 1 and the in bound)
        if kind == "D" and the in there and own:
            out.setdefault(the, (the, at, meant))
    return list(out.values())


def _beside(f: Formula, a: Anaphor) -> frozenset[Term]:
    """Whom the pronoun cannot mean: those of whom the same is said with it, unless it says "himself".

    "She likes Ann" is not of Ann (Lappin & Leass 1994, section 2.1.1, after Chomsky's principle B).
    """
    if a.text.lower() in _REFLEXIVE:
        return frozenset()
    here = Const(a.constant)
    return frozenset(t for at in atoms(f) if here in at.args for t in at.args if t != here)


def _of_others(r: Reading, p: Parsed, whys: list[str]) -> tuple[Reading, list[Anaphor]]:
    """The reading without parts that make somebody a relative of their own, where it is one of parts.

    Where nothing is left, the mention that is open.
    """
    if not r.partial:
        return r, []
    parts = r.formula.parts if isinstance(r.formula, And) else (r.formula,)
    wrong = [name for f in parts if (name := _reflexive(f))]
    if not wrong:
        return r, []
    if kept := tuple(f for f in parts if not _reflexive(f)):
        return replace(r, formula=kept[0] if len(kept) == 1 else And(kept)), []
    whys.append(f"nobody is a relative of their own, and the reading says so of {wrong[0]}")
    return r, [Anaphor(wrong[0], wrong[0], p.span.start, p.span.end)]


def _reflexive(f: Formula) -> str:
    """Of whom a formula says that they are their own relative, sister(Ann, Ann), or the empty text."""
    match f:
        case Atom(pred, (Const(a), Const(b))) if a == b and pred in RELATIVES:
            return a
    return ""


def _named(
    r: Reading, p: Parsed, words: Sequence[str], context: Context, done: list[Resolution]
) -> tuple[Reading, list[Resolution]]:
    """ "Max is the boy's name": what was said of the one boy mentioned, said of Max."""
    match r.formula:
        case Atom(pred, (Const() as called, Const(the))) if pred == _NAME and r.tokens:
            found = [w for w in context.witnesses if w.noun == the]
            at = next((at for c, at, kind in decode(r.tokens, words).mentions if (c, kind) == (the, "D")), -1)
            if len(found) == 1 and at >= 0:
                place = words_of(p.span.text)[at]
                start, end = p.span.start + place.start, p.span.start + place.end
                which = Resolution(
                    Anaphor(the, f"the {the}", start, end), found[0].constant, weights()["definite"][0]
                )
                said = substituted(found[0], called)
                r = replace(r, formula=said, presuppositions=(), score=r.score * found[0].score)
                return r, [*done, which]
    return r, done


def _agreed(
    r: Reading, p: Parsed, words: Sequence[str], context: Context
) -> tuple[Reading, list[Resolution]]:
    """The reading with owners and others who agree with their pronouns, each resolved by a claim."""
    if not r.tokens:  # of a parser that writes formulas
        return r, []
    made = decode(r.tokens, words).mentions
    made = (*made, *unread_names(words, made))
    # what was said of somebody is put over what the name says
    heard = sorted(context.mentions, key=lambda m: not m.by_name)
    known = {m.constant: m.gender for m in heard if m.gender in ("m", "f")}
    gender = told_genders(r.tokens, words, made, known)
    mends = [*mended(r.tokens, words, made, gender), *agreed(r.tokens, words, made, gender)]
    outside = selves(r.tokens, words, made, mends)
    if not mends and not outside:
        return r, []
    from neurosym.parser.neural import placed

    at, tokens = words_of(p.span.text), with_owners(r.tokens, mends, outside)
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


def _heard(context: Context, readings: Sequence[Reading], p: Parsed, words: Sequence[str]) -> Context:
    n = context.sentences
    new: list[Mention] = []
    introduced: list[Witness] = []
    if not readings:  # whom a sentence names, it names whether it is understood or not
        new += _topic(context, words)
        new += names_in(words, n, {m.constant for m in context.mentions if m.named})
    if any(r.partial for r in readings):  # and whether what is read of it says so or not
        held = {m.constant for r in readings for m in mentions_of(r, words, n)}
        known = {m.constant for m in context.mentions if m.named}
        new += [m for m in names_in(words, n, known) if m.constant not in held]
    told = {w.constant for r in readings for w, _ in witnesses_of(r, n)}
    named: set[str] = set()  # who had no name until now
    for r in readings:
        renamed = {res.anaphor.constant: res.antecedent for res in r.resolutions}
        new += [replace(m, constant=renamed.get(m.constant, m.constant)) for m in mentions_of(r, words, n)]
        spoken_of = {t.name for t in ground_terms([r.formula]) if isinstance(t, Const)}
        for res in r.resolutions:
            gender = _PRONOUNS.get(res.anaphor.text.lower(), "")
            if res.antecedent not in spoken_of and any(
                res.antecedent == w.constant for w in context.witnesses
            ):
                named.add(res.antecedent)
            elif res.anaphor.text.lower() in _PRONOUNS:
                gender = gender if gender in ("m", "f") else ""
                new.append(Mention(res.antecedent, n, _word_at(res.anaphor, p), False, gender))
        for w, m in witnesses_of(r, n):
            introduced.append(w)
            new.append(m)
    if not any(r.partial for r in readings):  # what is read in part is read for its relatives
        people = [(m.constant, m.word) for m in new if m.named]
        for w, m in unsaid_relatives(words, people, n, weights()["relative"][0]):
            if w.constant not in told:
                introduced.append(w)
                new.append(m)
    before = tuple(m for m in context.mentions if m.constant not in named)
    unnamed = tuple(w for w in context.witnesses if w.constant not in named)
    return Context(n + 1, (*before, *new), (*unnamed, *introduced))


def _topic(context: Context, words: Sequence[str]) -> list[Mention]:
    """Whom "he" or "she" at the head of a sentence that is not understood goes on talking about."""
    for i, w in enumerate(words[:2]):
        if w.lower() in ("he", "she"):
            name, _, _ = _antecedent(Anaphor("", w), i, context.sentences, context.mentions)
            if name:
                return [Mention(name, context.sentences, i, False, _PRONOUNS[w.lower()])]
    return []

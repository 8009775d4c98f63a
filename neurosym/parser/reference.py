"""Which mention refers to what: pronouns, the former and the latter, names taken up in part.

Knows readings and the words they were read from; must not know the model or the engine.  Of the
things mentioned before, `preferences` gives each its probability; pronouns that a reading has resolved
inside its sentence (`inside`) are judged alike.  A mention whose best candidate is not likelier than `LEAST`
is left open, and its sentence says why.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from neurosym.logic import And, Atom, Const, Formula, Term, atoms, ground_terms, map_terms
from neurosym.parser.agreeing import agreed
from neurosym.parser.agreement import Mended, Owned, mended, selves, with_owners
from neurosym.parser.decode import decode
from neurosym.parser.inside import (
    held,
    in_propositions,
    judged,
    parts_held,
    parts_meant,
    parts_of,
    parts_said,
    parts_speaking,
    propositions,
    taken_up,
    without,
)
from neurosym.parser.mentions import (
    RELATIVES,
    Mention,
    Witness,
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
from neurosym.parser.partly import given_pronouns, without_open
from neurosym.parser.preferences import LEAST, PRONOUNS, REFLEXIVE, antecedent
from neurosym.parser.preferences import weights as weights
from neurosym.parser.reading import Act, Anaphor, Parsed, Reading, Resolution
from neurosym.parser.relatives import mended_relatives
from neurosym.parser.tokenize import words as words_of

_GENDERED = frozenset(("he", "she", "him", "her", "his"))
_NAME = "name"  # "her name is Ann": name(Ann, she)
_MARRIED = frozenset(("marry", "marry_to", "married_to", "wed", "wed_to"))


@dataclass(frozen=True, slots=True)
class Context:
    """What a document has mentioned so far."""

    sentences: int = 0
    mentions: tuple[Mention, ...] = ()
    witnesses: tuple[Witness, ...] = ()


# --- names ----------------------------------------------------------------------------------


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
    alone = {m.constant for m in context.mentions if m.named}
    if r.tokens and (whose := mended_relatives(r.tokens, words, alone)) != r.tokens:
        r = replace(_reread(r, whose, p, words), partial=r.partial)
    r, done = _agreed(r, p, words, context)
    r, inside, unclear = _inside(r, p, words, context, {d.anaphor.start for d in done}, whys)
    before = r.formula
    r, open_ = _of_others(r, p, whys)
    open_ += unclear
    r, done = _named(r, p, words, context, done)
    if r.formula != before:  # which parts are left is not told
        inside = [replace(d, parts=()) for d in inside]
    # propositions name a pronoun by its place in the sentence
    there: dict[Term, Term] = {
        Const(f"{a.text.lower()} (word {_word_at(a, p) + 1})"): Const(a.constant) for a in r.anaphors
    }
    r = replace(r, formula=map_terms(r.formula, lambda t: in_propositions(t, there)))
    own = list(mentions_of(r, words, n))
    unread = _beside_reading(r, words, context, own)
    passed = {m.constant for m in unread}
    renamed: dict[Term, Term] = {}
    for a in r.anaphors:
        at = _word_at(a, p)
        others = {renamed.get(t, t) for t in beside(r.formula, a)}
        mentioned = [*context.mentions, *(m for m in (*own, *unread) if m.word < at)]
        if a.text.lower() in PRONOUNS:
            mentioned = [m for m in mentioned if Const(m.constant) not in others]
        if (called := _called(r.formula, a)) is not None:
            # who is told the name of has not been named yet
            mentioned = [m for m in mentioned if m.word == Mention.INDEFINITE]
        name, share, why = antecedent(a.text, at, n, mentioned, passed)
        if name and name in ambiguous(context):
            why = f"what {a.text!r} refers to is not clear: more than one {name} was mentioned"
        if called is not None and not why:
            known = next(w for w in reversed(context.witnesses) if w.constant == name)
            said = substituted(known, called)
            # the parts of what was said before are no longer those of the formula
            done = [replace(d, parts=()) for d in (*done, Resolution(a, name, share))]
            inside = [replace(d, parts=()) for d in inside]
            r = replace(r, formula=said, presuppositions=(), score=r.score * known.score)
            continue
        if why:
            open_.append(a)
            whys.append(why)
            continue
        done.append(Resolution(a, name, share, parts_speaking(r.formula, a.constant)))
        renamed[Const(a.constant)] = Const(name)
    for m in own:
        if (whole := _same_name(m, context.mentions)) and Const(m.constant) not in renamed:
            start = p.span.start + words_of(p.span.text)[m.word].start
            mention = Anaphor(m.constant, m.constant.replace("_", " "), start, start + len(m.constant))
            done.append(
                Resolution(mention, whole, weights()["name"][0], parts_speaking(r.formula, m.constant))
            )
            renamed[Const(m.constant)] = Const(whole)
    for the, at, meant in definites(r, words, context):
        place = words_of(p.span.text)[at]
        mention = Anaphor(the, f"the {the}", p.span.start + place.start, p.span.start + place.end)
        if len(meant) == 1:
            share = weights()["definite"][0]
            done.append(Resolution(mention, meant[0], share, parts_speaking(r.formula, the)))
            renamed[Const(the)] = Const(meant[0])
        else:
            open_.append(mention)
            which = " or ".join(dict.fromkeys(meant))
            whys.append(
                f"what {mention.text!r} refers to is not clear: more than one was mentioned ({which})"
            )
    for d in inside:
        now = renamed.get(Const(d.antecedent))
        done.append(replace(d, antecedent=now.name) if isinstance(now, Const) else d)
    if not done and not open_:
        return r
    formula = map_terms(r.formula, lambda t: in_propositions(t, renamed))
    taken = tuple(map_terms(f, lambda t: renamed.get(t, t)) for f in r.presuppositions)
    r = replace(r, formula=formula, presuppositions=taken, anaphors=tuple(open_), resolutions=tuple(done))
    return without_open(r) if open_ else r


def _inside(
    r: Reading, p: Parsed, words: Sequence[str], context: Context, done: Container[int], whys: list[str]
) -> tuple[Reading, list[Resolution], list[Anaphor]]:
    """Whom the reading takes its sentence's pronouns for, by claims; and the pronouns that are not clear.

    Who does not agree gives way to the one that does.  Of a statement of several parts those are left out
    that say something of an unclear pronoun, and it is read in part.  done: where those pronouns begin that
    are resolved already.
    """
    resolved: list[Resolution] = []
    if not r.tokens or PRONOUNS.keys().isdisjoint(map(str.lower, words)):
        return r, resolved, []
    made = decode(r.tokens, words).mentions
    own = list(mentions_of(r, words, context.sentences, by_owners=False))
    at, start = words_of(p.span.text), p.span.start
    # one score for all parts: what all of them rest on counts in each proof, and in an answer
    every = len(parts_of(r.tokens))
    counted = 1.0
    mends: list[Mended] = []
    unclear: dict[int, tuple[Anaphor, str]] = {}
    for h in held(r.tokens, words, made):
        place = at[h.word]
        if start + place.start in done:
            continue
        mention = Anaphor(place.text.lower(), place.text, start + place.start, start + place.end)
        share, ranked = judged(h, r.tokens, words, context.sentences, own, context.mentions)
        taken = h.taken
        if not share and ranked and ranked[0][1] > LEAST:
            meant = next((m for m in made if m[0] == ranked[0][0] and m[1] < h.word), None)
            if meant is not None and {m.owned.start for m in mends}.isdisjoint(a for a, _ in h.terms):
                mends += [Mended(Owned(h.word, h.word, "", taken[0], *term), meant) for term in h.terms]
                taken, share = (meant[0],), ranked[0][1]
        if share > LEAST:
            parts = parts_held(r.tokens, h)
            if taken == h.taken and (r.act != Act.TELL or len(parts) == every):
                counted *= share
            resolved += [Resolution(mention, c, share, parts) for c in taken]
            own += [taken_up(place.text, c, context.sentences, h.word) for c in taken]
            continue
        which = " or ".join(f"{c} ({s:.2f})" for c, s in ranked[:2])
        why = f"what {place.text!r} refers to is not clear: {which}"
        unclear[h.word] = mention, why if share else f"{place.text!r} cannot refer to {' and '.join(h.taken)}"
    tokens = with_owners(r.tokens, mends)
    whys += [why for _, why in unclear.values()]
    if unclear and r.act == Act.TELL:
        wrong = [h for h in held(tokens, words, made) if h.word in unclear]
        if len(wrong) == len(unclear) and (rest := without(tokens, wrong)):
            gone = {i for h in wrong for i in parts_held(tokens, h)}
            left = [i for i in range(len(parts_of(tokens))) if i not in gone]
            resolved = [
                replace(d, parts=tuple(left.index(i) for i in d.parts if i in left))
                for d in resolved
                if not gone.issuperset(d.parts)
            ]
            r, tokens, unclear = replace(r, partial=True), rest, {}
    if tokens != r.tokens:
        r = replace(_reread(r, tokens, p, words), partial=r.partial)
    resolved = [replace(d, parts=parts_meant(tokens, words, d.parts)) for d in resolved]
    r = replace(r, score=given_pronouns(r.score, counted))
    return r, resolved, [a for a, _ in unclear.values()]


def _reread(r: Reading, tokens: Sequence[str], p: Parsed, words: Sequence[str]) -> Reading:
    from neurosym.parser.neural import placed

    return placed(decode(tokens, words).reading(r.score, tokens), words_of(p.span.text), p.span.start)


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


def beside(f: Formula, a: Anaphor) -> frozenset[Term]:
    """Whom the pronoun cannot mean: those of whom the same is said with it, unless it says "himself".

    "She likes Ann" is not of Ann (Lappin & Leass 1994, section 2.1.1, after Chomsky's principle B).
    """
    if a.text.lower() in REFLEXIVE:
        return frozenset()
    here = Const(a.constant)
    said = [f, *propositions(f, a.constant)]
    return frozenset(t for g in said for at in atoms(g) if here in at.args for t in at.args if t != here)


def _of_others(r: Reading, p: Parsed, whys: list[str]) -> tuple[Reading, list[Anaphor]]:
    """The reading without parts that make somebody a relative of their own, where it is one of parts.

    Where nothing is left, the mention that is open.
    """
    if not r.partial:
        return r, []
    parts = parts_said(r.formula)
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
        case Atom(pred, (Const(a), Const(b))) if a == b and (pred in RELATIVES or pred in _MARRIED):
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
    # of a parser that writes formulas there are no tokens
    if not r.tokens or _GENDERED.isdisjoint(map(str.lower, words)):
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
    at, start = words_of(p.span.text), p.span.start
    done = [
        Resolution(
            Anaphor(words[k].lower(), words[k], start + at[k].start, start + at[k].end),
            m.meant[0],
            weights()["agreement"][0],
        )
        for m in mends
        for k in (m.owned.pronoun,)
    ]
    return _reread(r, with_owners(r.tokens, mends, outside), p, words), done


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
    for r in readings:  # and whether what is read of it says so or not
        new += _beside_reading(r, words, context, list(mentions_of(r, words, n)))
    told = {w.constant for r in readings for w, _ in witnesses_of(r, n)}
    named: set[str] = set()  # who had no name until now
    for r in readings:
        renamed = {res.anaphor.constant: res.antecedent for res in r.resolutions}
        new += [replace(m, constant=renamed.get(m.constant, m.constant)) for m in mentions_of(r, words, n)]
        spoken_of = {t.name for t in ground_terms([r.formula]) if isinstance(t, Const)}
        for res in r.resolutions:
            if res.antecedent not in spoken_of and any(
                res.antecedent == w.constant for w in context.witnesses
            ):
                named.add(res.antecedent)
            elif res.anaphor.text.lower() in PRONOUNS:
                new.append(taken_up(res.anaphor.text, res.antecedent, n, _word_at(res.anaphor, p)))
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


def _beside_reading(
    r: Reading, words: Sequence[str], context: Context, own: Sequence[Mention]
) -> list[Mention]:
    """Whom a sentence names that is read in part, beside those of whom the reading speaks."""
    if not r.partial:
        return []
    held_, known = {m.constant for m in own}, {m.constant for m in context.mentions if m.named}
    return [m for m in names_in(words, context.sentences, known) if m.constant not in held_]


def _topic(context: Context, words: Sequence[str]) -> list[Mention]:
    """Whom "he" or "she" at the head of a sentence that is not understood goes on talking about."""
    for i, w in enumerate(words[:2]):
        if w.lower() in ("he", "she"):
            name, _, _ = antecedent(w, i, context.sentences, context.mentions)
            if name:
                return [Mention(name, context.sentences, i, False, PRONOUNS[w.lower()])]
    return []

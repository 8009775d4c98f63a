"""Kinship that is told with something else: weddings and births, speech, chains, what somebody has not.

Knows the many words for marrying and having children, of which only those that say it outright are read;
relatives that are denied; step-mothers and great-uncles, who are relatives of another kind.  Shares the
clauses about anything with `gatherings`.  Must not know stories of several sentences.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.happenings import TIMES, Doer, conjugated, happening, thing
from neurosym.parser.generate.households import (
    CALLED,
    Whole,
    another,
    him,
    noun,
    owned,
    praise,
    somebody,
    told,
)
from neurosym.parser.generate.kin import doer, said
from neurosym.parser.generate.matters import IT, end, matter, tense_of
from neurosym.parser.generate.meaning import V, W, exists, joined, p2
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, Person, Scene
from neurosym.parser.generate.relatives import Kin, apostrophe, named, relate, repeats

# Said of two people, but no word of it says what they are to each other: left out.
UNSAID = (
    "tied the knot", "got hitched", "exchanged rings", "said their vows", "walked down the aisle",
    "are engaged", "were engaged", "got engaged", "have been dating", "went on a date", "were dating",
    "broke up", "are newlyweds", "celebrated their anniversary", "eloped", "moved in together",
)  # fmt: skip
UNSAID_TO = (
    "is engaged to", "is dating", "was dating", "proposed to", "went out with", "got engaged to",
    "broke up with", "exchanged vows with", "tied the knot with", "divorced", "is going out with",
)  # fmt: skip
WELCOMED = (
    "welcomed", "had", "adopted", "were blessed with", "brought home", "raised", "took in",
    "were thrilled to have", "were overjoyed at the birth of",
)  # fmt: skip
BORE = ("gave birth to", "had", "has given birth to", "was blessed with", "brought up", "bore")
STRANGE = {
    "f": "stepmother stepdaughter stepsister step-mother step-daughter half-sister great-aunt godmother "
    "goddaughter ex-wife grand-mother grand-daughter girlfriend great-grandmother grand-niece fiancee",
    "m": "stepfather stepson stepbrother step-father step-son half-brother great-uncle godfather "
    "godson ex-husband grand-father grand-son boyfriend great-grandfather grand-nephew fiance",
}
APART = {
    "f": ("step mother", "step sister", "half sister", "foster mother", "foster daughter", "great aunt",
          "ex wife", "former wife", "future wife", "adoptive mother", "birth mother"),
    "m": ("step father", "step brother", "half brother", "foster father", "foster son", "great uncle",
          "ex husband", "former husband", "future husband", "adoptive father", "birth father"),
}  # fmt: skip
NAMES_OF = frozenset(("step", "foster", "ex", "birth"))  # nouns before nouns
SPEECH = (
    "tell {o} that", "tell {o}", "remind {o} that", "write to {o} that", "assure {o} that", "warn {o} that",
    "explain to {o} that", "let {o} know that", "shout to {o} that", "mention to {o} that", "text {o} that",
    "whisper to {o} that", "admit to {o} that", "confess to {o} that", "promise {o} that",
)  # fmt: skip
CALLS = (
    "call out to", "wave at", "shout at", "yell for", "ask", "talk to", "complain to", "whisper to", "beg",
    "sing to", "lie to", "apologize to", "boast to", "listen to",
)  # fmt: skip
QUOTES = (
    "come along", "it is far too late", "hurry up", "well done", "look at {n}", "not now", "where is {n}",
    "never again", "give me {n}", "let us go to {p}", "stop it", "thank you for {n}", "what a day",
)  # fmt: skip


def strange(g: G, gender: str = "") -> Kin:
    """A relative of another kind: a stepmother, an ex-wife, a foster son; also an in-law in three words."""
    gender = gender or g.pick("fm")
    if g.p(0.35):
        first, last = (W(x) for x in g.pick(APART[gender]).split())
        g.tag("apart")
        kind = "N" if first.text in NAMES_OF else "A"
        return Kin(gender, [first, last], joined([(kind, first), ("N", last)]))
    if g.p(0.35):
        near = {"f": "mother sister daughter", "m": "father brother son"}
        first, inside, law = W(g.pick(near[gender].split())), W("in"), W("law")
        g.tag("law")
        return Kin(gender, [first, inside, law], joined([("N", first), ("P", inside), ("N", law)]))
    w = W(g.pick(STRANGE[gender].split()))
    g.tag("strange")
    return Kin(gender, [w], ("N", w))


def stepped(g: G) -> Whole:
    """Ann drove her step-mother Eve to ...; Tom's father in law Max ...; Ann is Tom's half-sister and ..."""
    sc = Scene(g)
    tense = tense_of(g)
    words, p = somebody(sc)
    who = doer([p], False)
    kind = g.choose((0.45, "object"), (0.35, "subject"), (0.2, "is"))
    g.tag(f"stepped-{kind}")
    comma: Words = [","] if g.p(0.3) else []
    if kind == "is":
        k = strange(g, p.gender)
        q = sc.invent()
        be = conjugated("be", "past" if g.p(0.2) else "present", who)
        words = [*words, *be, *sc.by_name(q), apostrophe(q), *praise(g), *k.words]
        relate(sc, k, [p.tree], [q])
        return end(sc, [*words, g.pick(("and", "but", "who")), *said(sc, who, tense, 0.7)], who, tense, 0.3)
    k = strange(g)
    q = named(sc, k.gender)
    if kind == "object":
        whom: Words = [*sc.by_pronoun(p, POSSESSIVE), *praise(g), *k.words, *comma, *sc.by_name(q), *comma]
        relate(sc, k, [q.tree], [p])
        return end(sc, [*words, *happening(g, who, lambda: (whom, him([q])), tense)], who, tense)
    words = [*words, apostrophe(p), *praise(g), *k.words, *comma, *sc.by_name(q), *comma]
    relate(sc, k, [q.tree], [p])
    sc.subjects = (q,)
    return end(sc, [*words, *said(sc, doer([q], False), tense, 0.6)], doer([q], False), tense)


# --- weddings and births -----------------------------------------------------------------------


def wedded(g: G) -> Whole:
    """Ann wed Tom last spring; Ann and Tom became husband and wife; Ann is dating Tom: no kinship."""
    sc = Scene(g)
    first, p = somebody(sc)
    q = sc.invent(another(p.gender))
    both: Words = [*first, "and", *sc.by_name(q)]
    when = g.pick(TIMES).split() if g.p(0.5) else []
    if not (p.telling and q.telling):
        raise Retry  # of a name that tells no gender, no pronoun says whose relative is meant
    kind = g.choose((0.25, "wed"), (0.3, "became"), (0.25, "unsaid"), (0.2, "unsaid-to"))
    g.tag(f"wedded-{kind}")
    second = both[len(first) + 1 :]
    if kind == "wed":
        w = W(g.pick(("wed", "wed", "wedded", "married")))
        words: Words = [*first, *g.pick(([], [], ["finally"], ["secretly"])), w, *second, *when]
        sc.facts.append(p2(("V", w), p.tree, q.tree))
        if w.text != "wedded" and g.p(0.4):
            words = [*both, w, *when]
            sc.facts.append(p2(("V", w), q.tree, p.tree))
    elif kind == "became":
        w, u = W("husband" if p.gender == "m" else "wife"), W("wife" if p.gender == "m" else "husband")
        verb = g.pick(("became", "are now", "were pronounced", "have been", "lived as", "became")).split()
        words = [*both, *verb, w, "and", u, *when]
        pair = [(w, p, q), (u, q, p)]
        if g.p(0.3):  # man and wife: of which one noun is a relation
            w.text, u.text = "man", "wife"
            woman, man = (p, q) if p.gender == "f" else (q, p)
            pair = [(u, woman, man)]
        elif g.p(0.4) and p.gender == "f":
            w.text, u.text = "husband", "wife"
            pair = [(w, q, p), (u, p, q)]
        sc.facts += [p2(("N", n), a.tree, b.tree) for n, a, b in pair]
    elif kind == "unsaid":
        words = [*both, *g.pick(UNSAID).split(), *when]
    else:
        words = [*first, *g.pick(UNSAID_TO).split(), *second, *when]
    p.telling = q.telling = True
    sc.subjects = (p, q)
    words += matter(g, Doer(True), "past", 0.25)
    if kind.startswith("unsaid") or g.p(0.4):
        owner = g.pick((p, q))
        k = noun(g, owner=owner.gender)
        if isinstance(k.words[0], W) and k.words[0].text in ("husband", "wife", "spouse"):
            raise Retry
        c = named(sc, k.gender)
        whose: Words = sc.by_pronoun(owner, POSSESSIVE)
        link = g.pick((", and", ", but", "; and", ", so", "although", "because", "while", ", while"))
        words = [*words, *link.split(), *whose, *praise(g, 0.1), *k.words, *sc.by_name(c)]
        relate(sc, k, [c.tree], [owner])
        who = doer([c], False)
        return end(sc, [*words, *happening(g, who, None, "past")], who, "past", 0.3)
    if len(words) < 10:
        raise Retry  # "Ann wed Tom" is read in full
    return told(sc, words)


def _newborn(g: G) -> tuple[Kin, Words]:
    """A noun for a child, and what stands before it: baby, second."""
    gender = g.pick("fm")
    names = {"f": "daughter daughter girl girl child baby", "m": "son son boy boy child baby"}
    w = W(g.pick(names[gender].split()))
    before: Words = [
        *g.pick(("", "", "", "first", "second", "third", "healthy", "little", "beautiful")).split()
    ]
    if w.text in ("girl", "boy") and g.p(0.7):
        before.append("baby")
    return Kin(gender, [w], ("N", w), w.text in ("child", "baby")), before


def born(g: G) -> Whole:
    """Ann and Tom welcomed a baby girl, Eve; Tom was born to Ann and Max; when her first son was born."""
    sc = Scene(g)
    kind = g.choose((0.35, "welcomed"), (0.35, "bore"), (0.15, "born-to"), (0.15, "when"))
    g.tag(f"born-{kind}")
    when = g.pick(TIMES).split() if g.p(0.3) else []
    first, p = somebody(sc, "f" if kind == "bore" else "")
    if kind == "born-to":
        w, to = W("born"), W("to")
        q = sc.invent()
        owners = [q]
        words: Words = [*first, "was", w, to, *sc.by_name(q)]
        if g.p(0.7):
            r = sc.invent(another(q.gender))
            words += ["and", *sc.by_name(r)]
            owners.append(r)
        sc.facts += [p2(joined([("T", w), ("P", to)]), p.tree, o.tree) for o in owners]
        link = g.pick((", and", "and", ", but", "and later")).split()
        return end(sc, [*words, *when, *link, *happening(g, doer([p], False), None, "past")], IT, "past", 0.3)
    k, before = _newborn(g)
    c = named(sc, k.gender)
    link = g.pick(([","], [","], *(x.split() for x in CALLED)))
    if kind == "welcomed":
        q = sc.invent(another(p.gender))
        words = [*first, "and", *sc.by_name(q), *g.pick(WELCOMED).split()]
        owners, whose = [p, q], "their"
    elif kind == "bore":
        words, owners, whose = [*first, *g.pick(BORE).split()], [p], "her"
    else:  # Ann became a mother when her first son, Tom, was born
        words = [
            *first,
            *g.pick(("became a parent", "was overjoyed", "wept", "was abroad", "took leave")).split(),
        ]
        words += [*g.pick(("when", "as", "after", "before")).split(), *sc.by_pronoun(p, POSSESSIVE)]
        words = [*words, *before, *k.words, *([","] if g.p(0.6) else []), *sc.by_name(c)]
        words += [*([","] if "," in words else []), "was", "born", *when]
        relate(sc, k, [c.tree], [p])
        return end(sc, words, doer([p], False), "past", 0.4)
    some: Words = [whose, *before, *k.words] if g.p(0.45) else indefinite([*before, *k.words])
    words = [*words, *some, *link, *sc.by_name(c), *([","] if link == [","] else []), *when]
    relate(sc, k, [c.tree], owners)
    return end(sc, words, doer(owners, len(owners) > 1), "past", 0.55)


# --- speech ------------------------------------------------------------------------------------


def quoted(g: G) -> Whole:
    """Ann told her father Tom that ...; Tom asked his brother Max if his aunt ...: whose?"""
    sc = Scene(g)
    tense = "past" if g.p(0.75) else "present"
    words, p = somebody(sc)
    who = doer([p], False)
    kind = g.choose((0.35, "that"), (0.22, "calls"), (0.2, "quote"), (0.23, "if"))
    g.tag(f"quoted-{kind}")
    if kind == "if":
        k = noun(g, owner=p.gender)
        q = named(sc, k.gender)
        whom: Words = [*sc.by_pronoun(p, POSSESSIVE), *praise(g, 0.1), *k.words, *sc.by_name(q)]
        relate(sc, k, [q.tree], [p])
        k = noun(g)
        asks = g.pick(("ask", "ask", "tell", "remind"))
        words = [*words, *conjugated(asks, tense, who), *whom]
        c = named(sc, k.gender)
        if q.gender == p.gender:
            g.tag("whose-unclear")
            his: Words = [PRONOUNS[p.gender][POSSESSIVE]]
            inner = [*his, *k.words, *sc.by_name(c)]
        else:
            owner = g.pick((p, q))
            inner = [*sc.by_pronoun(owner, POSSESSIVE), *k.words, *sc.by_name(c)]
            relate(sc, k, [c.tree], [owner])
        inner += g.pick(("could come", "was ill", "had left", "might stay longer", "was asleep")).split()
        that = g.pick(("if", "whether")) if asks == "ask" else "that"
        return end(sc, [*words, that, *inner], who, tense, 0.5)
    whom, _ = owned(sc, p, unnamed=0.08)
    if kind == "quote":
        text = g.pick(QUOTES).replace("{n}", f"the {g.known_noun().one}").replace("{p}", g.place())
        speech: Words = [*(text[:1].upper() + text[1:] if g.p(0.75) else text).split()]
        words = [*words, *conjugated(g.pick(("say", "shout", "call", "whisper", "mutter")), tense, who), "to"]
        if g.p(0.5):
            return told(sc, ['"', *speech, ",", '"', *words, *whom, *matter(g, who, tense, 0.3)])
        return told(sc, [*words, *whom, ",", '"', *speech, '"'])
    if kind == "calls":
        verb, *rest = g.pick(CALLS).split()
        after: Words = ["to", g.transitive().base, *thing(g)] if g.p(0.4) else []
        return end(sc, [*words, *conjugated(verb, tense, who), *rest, *whom, *after], who, tense)
    parts = g.pick(SPEECH).split()
    lead: Words = [*conjugated(parts[0], tense, who)]
    for x in parts[1:]:
        lead += whom if x == "{o}" else [x]
    if g.p(0.4):
        other = doer([p], False)
        inner = [PRONOUNS[p.gender][SUBJECT], *happening(g, other, None, tense)]
    else:
        inner = [*thing(g), *happening(g, IT, None, tense)]
    return end(sc, [*words, *lead, *inner], who, tense, 0.35)


# --- chains ------------------------------------------------------------------------------------


def chained(g: G) -> Whole:
    """Ann called on her mother's brother, whose name is Tom; her husband's mother Eve; Ann's son's wife."""
    sc = Scene(g)
    tense = tense_of(g)
    words, p = somebody(sc)
    who = doer([p], False)
    k = noun(g, owner=p.gender)
    k2 = noun(g, owner=k.gender)
    v, u = V(), V()
    subject = g.p(0.35)
    whose: Words = [*words, apostrophe(p)] if subject else sc.by_pronoun(p, POSSESSIVE)
    head: Words = [*whose, *praise(g, 0.1), *k.words, "'s", *praise(g, 0.1), *k2.words]
    mine = p2(k.pointer, v, p.tree)
    if g.p(0.15):
        g.tag("chained-unnamed")
        sc.facts.append(exists(v, [mine, exists(u, [p2(k2.pointer, u, v)])]))
        q: Person | None = None
        name_after: Words = []
    else:
        how = g.choose((0.4, "plain"), (0.25, "comma"), (0.35, "called"))
        g.tag(f"chained-{how}")
        q = named(sc, k2.gender)
        name = sc.by_name(q)
        his = PRONOUNS[k2.gender][POSSESSIVE]
        links = [*CALLED, f"and {his} name is", f"; {his} name is", f", and {his} name was"]
        link = g.pick(CALLED if subject else links)
        name_after = [","] if how == "comma" else [*link.split()] if how == "called" else []
        name_after = [*name_after, *name, *([","] if how == "comma" else [])]
        sc.facts.append(exists(v, [mine, p2(k2.pointer, q.tree, v)]))
    if subject:
        sc.subjects = (q,) if q is not None else ()
        who = doer([q], False) if q is not None else Doer(False, False, "she", "the")
        return end(sc, [*head, *name_after, *said(sc, who, tense, 0.8)], who, tense)
    verb = happening(g, who, lambda: ([*head], PRONOUNS[k2.gender][OBJECT]), tense)
    if any(x in name_after for x in ("and", ";")):  # a clause of its own comes last
        return told(sc, [*words, *verb, *matter(g, who, tense, 0.3), *name_after])
    at = next(i for i, x in enumerate(verb) if x is head[-1]) + 1
    return end(sc, [*words, *verb[:at], *name_after, *verb[at:]], who, tense, 0.45)


# --- what is denied ----------------------------------------------------------------------------


def denied(g: G) -> Whole:
    """Ann has no sister, so she wrote to her cousin Eve; Tom is not Max's brother but his cousin, and ..."""
    sc = Scene(g)
    tense = "past" if g.p(0.4) else "present"
    words, p = somebody(sc)
    who = doer([p], False)
    kind = g.choose((0.35, "has-no"), (0.35, "is-not"), (0.3, "never-liked"))
    g.tag(f"denied-{kind}")
    if kind == "has-no":
        k = noun(g, owner=p.gender)
        v = V()
        do = "did" if tense == "past" else "does"
        lacking = g.pick(("no", "not", "not", "any"))
        if lacking == "no":
            words = [*words, *conjugated("have", tense, who), "no", *k.words]
        elif lacking == "not":
            words = [*words, do, g.pick(("not", "n't")), "have", *indefinite(k.words)]
        else:
            words = [*words, do, "not", "have", "any", *k.words]
        sc.facts.append(("NOT", exists(v, [p2(k.pointer, v, p.tree)])))
        link = g.pick((", so", ", but", "but", "and", ", which is why")).split()
        whom, some = owned(sc, p)
        verb = happening(g, who, lambda: (whom, him(some)), tense)
        return end(sc, [*words, *link, PRONOUNS[p.gender][SUBJECT], *verb], who, tense, 0.35)
    q = sc.invent() if kind == "is-not" else None
    if q is not None:
        k, k2 = noun(g, p.gender), noun(g, p.gender)
        if repeats([k.pointer, k2.pointer]):
            raise Retry
        be = conjugated("be", tense, who)
        words = [*words, *be, g.pick(("not", "not", "n't")), *sc.by_name(q), apostrophe(q), *k.words]
        sc.facts.append(("NOT", p2(k.pointer, p.tree, q.tree)))
        his: Words = sc.by_pronoun(q, POSSESSIVE)
        words = [*words, *g.pick((["but"], [",", "but"], [",", "but", "rather"])), *his, *k2.words]
        relate(sc, k2, [p.tree], [q])
        link = g.pick((", and", "who", ", so", "and")).split()
        he: Words = [] if link == ["who"] else [PRONOUNS[p.gender][SUBJECT]]
        return end(sc, [*words, *link, *he, *happening(g, who, None, tense)], who, tense, 0.35)
    k = noun(g, owner=p.gender)
    c = named(sc, k.gender)
    words = [*words, *conjugated("have", tense, who), *indefinite([*praise(g), *k.words]), *sc.by_name(c)]
    relate(sc, k, [c.tree], [p])
    r = sc.invent()
    stranger = sc.by_name(r)
    never = g.pick(("has never", "would never", "does not", "did n't", "will never")).split()
    dislike = g.transitive().base
    if never[0] == "has":
        dislike = str(conjugated(dislike, "perfect", doer([c], False))[1])
    return end(sc, [*words, "who", *never, dislike, *stranger], doer([c], False), tense, 0.5)


SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = (
    (0.12, stepped), (0.14, wedded), (0.16, born), (0.24, quoted), (0.2, chained), (0.14, denied),
)  # fmt: skip

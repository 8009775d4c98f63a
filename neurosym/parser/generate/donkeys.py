"""Pronouns that mean what a quantifier binds: anyone who breaks a pan must carry it to the cook.

Knows the words of `compounds` and the deeds of `transfers`.  Whatever of a condition is taken up again
is bound around the whole rule (Kamp and Reyle, From Discourse to Logic, 1993, chapter 1); what is
not taken up stays existential inside the condition.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.acts import Act, modal
from neurosym.parser.generate.compounds import PEOPLE, THINGS, head, known, nominal, qualities, the
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.nouns import NP, Nominal, Words, indefinite, name
from neurosym.parser.generate.predicates import Pred
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.transfers import (
    after,
    bound_to,
    deed,
    goer,
    moment,
    passive,
    quality_of,
    tensed,
)
from neurosym.parser.lexicon import Verb

HAVE = Verb("have", "has", "had", "had", "having")

# Who does it: words, plural, and whether a noun follows.
_WHO = (
    ("anyone who", False, ""), ("anyone who", False, ""), ("everyone who", False, ""), ("whoever", False, ""),
    ("people who", True, ""), ("those who", True, ""), ("any person who", False, ""),
    ("a person who", False, ""), ("anybody who", False, ""), ("every", False, "who"),
    ("every", False, "that"),
    ("any", False, "who"), ("a", False, "who"), ("a", False, "that"), ("each", False, "who"),
    ("all", True, "who"), ("", True, "who"), ("", True, "that"), ("no", False, "who"),
    ("no one who", False, ""),
)  # fmt: skip


def _finds(g: G, m: bool, u: Tree, thing: Words, tail: float = 0.25) -> tuple[Words, Callable[[Tree], Tree]]:
    """Breaks a pan (in the shed); has a boat; has sold a map: what is said of who does it."""
    r = g.rng.random()
    verb, w = HAVE if r < 0.16 else g.transitive(), W()
    tense = "present" if r < 0.16 else g.choose((0.62, "present"), (0.28, "perfect"), (0.1, "past"))
    w.text = (
        verb.past
        if tense == "past"
        else verb.participle
        if tense == "perfect"
        else verb.base
        if m
        else verb.s
    )
    words: Words = [*(["have" if m else "has"] if tense == "perfect" else []), w, *thing]
    if verb is not HAVE and g.p(tail):
        prep, k = W(g.pick(("in", "on", "at", "from", "with", "near", "to"))), known(g)
        if g.p(0.3):
            when, add, at = moment(g)
            return [*words, *when], lambda t: ("P3", ("JOIN", ("V", w), add), t, u, at)
        return (
            [*words, prep, *k.words],
            lambda t: ("P3", ("JOIN", ("V", w), ("P", prep)), t, u, k.term),
        )
    return words, lambda t: p2(("V", w), t, u)


def _indefinite(nom: Nominal, many: bool) -> Words:
    words = nom.words(many)
    return words if many else indefinite(words)


def _again(g: G, words: Words, many: bool) -> Words:
    """It; them; the pan; this pan: the last noun of what was said."""
    if g.p(0.78):
        return ["them" if many else "it"]
    last = next(w for w in reversed(words) if isinstance(w, W))
    return [
        g.pick(("the", "the", "this" if not many else "these", "that" if not many else "those")),
        last.text,
    ]


def finder(g: G) -> Said:
    """Anyone who breaks a pan must carry it to the cook; no sailor who has a boat may paint it."""
    x, y = V(), V()
    first, m, who = g.pick(_WHO)
    no = first.startswith("no")
    thing, many = nominal(g, THINGS, 0.05, 0.25), g.p(0.16)
    obj = _indefinite(thing, many)
    restriction: list[Tree] = []
    start: Words = [*first.split()]
    if who:
        nom = nominal(g, PEOPLE, 0.06, 0.2)
        words = nom.words(m)
        start = [*indefinite(words), who] if first == "a" else [*first.split(), *words, who]
        restriction = nom.sem(x)
    inner, found = _finds(g, m, y, obj)
    g.tag(f"donkey-{first or 'bare'}-{who or 'one'}")
    bare = _to_noun(obj)
    a = deed(g, "", "outside" if no else "", (_again(g, bare, many), y))
    pred = _rule(g, a, no)
    body = pred.sem(x)
    return [*start, *inner, *pred.fin(m)], (
        "ALL", x, ("ALL", y, ("IMP", conj([*restriction, *thing.sem(y), found(x)]),
                              ("NOT", body) if no else body)),
    )  # fmt: skip


def _to_noun(words: Words) -> Words:
    """The words of a nominal up to its noun: without "of the board"."""
    at = words.index("of") if "of" in words else len(words)
    return words[:at]


def _rule(g: G, a: Act, no: bool = False) -> Pred:
    if g.p(0.72):
        return bound_to(a, modal(g, 0.0 if no else 0.2, no))
    return tensed(g, a, 0.0 if no else 0.12, "will" if g.p(0.25) else "present")


def own_thing(g: G) -> Said:
    """Every cook who burns his pan can clean it; a sailor who sells her boat must empty it."""
    x, y = V(), V()
    first, m, who = g.pick(_WHO[:-2])
    whose = "their" if m else g.pick(("his", "her", "their") if who != "that" else ("its", "his", "her"))
    h, ws, many = head(g, THINGS, 0.25), qualities(g, 0.15), g.p(0.12)
    restriction: list[Tree] = []
    start: Words = [*first.split()]
    if who:
        nom = nominal(g, PEOPLE, 0.0, 0.2)
        words = nom.words(m)
        start = [*indefinite(words), who] if first == "a" else [*first.split(), *words, who]
        restriction = nom.sem(x)
    g.tag(f"donkey-own-{first or 'bare'}-{who or 'one'}")
    inner, found = _finds(g, m, y, [whose, *ws, *h.words(many)])
    kept: list[Tree] = [*(p1(("A", w), y) for w in ws), p2(h.name, y, x)]
    if g.p(0.25):  # taken up by nothing: it stays inside the condition
        pred = _rule(g, deed(g, whose))
        return [*start, *inner, *pred.fin(m)], forall(
            x, [*restriction, exists(y, kept, [found(x)])], pred.sem(x)
        )
    pred = _rule(g, deed(g, "", "", (["them" if many else "it"], y)))
    return [*start, *inner, *pred.fin(m)], (
        "ALL", x, ("ALL", y, ("IMP", conj([*restriction, *kept, found(x)]), pred.sem(x))),
    )  # fmt: skip


def _doer(g: G) -> NP:
    r = g.rng.random()
    if r < 0.7:
        return the(g, PEOPLE)
    if r < 0.8:
        return name(g)
    who = W(g.pick(("you", "we", "you", "I")))
    return NP([who], True, lambda said: said(("R", who)), ("R", who))


def _condition(g: G) -> Pred:
    """Is heavy; has not sunk; was moved to the shed; holds tea."""
    r = g.rng.random()
    return (
        quality_of(g)
        if r < 0.45
        else passive(g)
        if r < 0.6
        else tensed(g, deed(g), 0.15, g.pick(("present", "present", "perfect", "past")))
    )


def about_thing(g: G) -> Said:
    """If a pan is heavy, the cook carries it to the shed; Tom may paint a boat if it is old."""
    x, nom = V(), nominal(g, THINGS, 0.1, 0.3)
    words = _indefinite(nom, False)
    kind = g.choose((0.5, "obj"), (0.2, "subj"), (0.12, "own"), (0.18, "after"))
    g.tag(f"donkey-if-{kind}")
    one = _condition(g)
    when: Words = [g.pick(("if", "if", "if", "when", "whenever", "once"))]
    link: Words = [","] if g.p(0.85) else [",", "then"] if when == ["if"] else []
    if kind == "after":
        s = _doer(g)
        pred = bound_to(deed(g, "", "", (words, x)), modal(g, 0.0))
        unless = g.p(0.25)
        last: Words = ["unless"] if unless else [g.pick(("if", "if", "when", "as long as"))]
        cond = one.sem(x)
        return (
            [*s.words, *after(s, pred), *str(last[0]).split(), "it", *one.fin(False)],
            forall(x, [*nom.sem(x), ("NOT", cond) if unless else cond], pred.sem(s.term)),
        )
    first: Words = [*when, *words, *one.fin(False), *link]
    if kind == "obj":
        s = _doer(g)
        pred = _rule(g, deed(g, "", "", (_again(g, _to_noun(words), False), x)))
        return [*first, *s.words, *after(s, pred)], forall(x, [*nom.sem(x), one.sem(x)], pred.sem(s.term))
    if kind == "subj":
        again = _again(g, _to_noun(words), False)
        pred = passive(g, modal(g, 0.15)) if g.p(0.6) else quality_of(g)
        return [*first, *again, *pred.fin(False)], forall(x, [*nom.sem(x), one.sem(x)], pred.sem(x))
    v, h = V(), head(g, THINGS, 0.2)
    pred = passive(g, modal(g, 0.1)) if g.p(0.6) else quality_of(g)
    return (
        [*first, "its", *h.words(False), *pred.fin(False)],
        forall(x, [*nom.sem(x), one.sem(x)], exists(v, [p2(h.name, v, x)], [pred.sem(v)])),
    )


def about_two(g: G) -> Said:
    """If a cook burns a pan, he must clean it; whenever a sailor draws a map, the cook hides it."""
    x, y = V(), V()
    person, thing = nominal(g, PEOPLE, 0.0, 0.15), nominal(g, THINGS, 0.0, 0.25)
    generic = g.p(0.25)
    many = not generic and g.p(0.12)
    who: Words = [g.pick(("someone", "anyone", "somebody"))] if generic else _indefinite(person, many)
    obj_many = g.p(0.1)
    obj = _indefinite(thing, obj_many)
    inner, found = _finds(g, many, y, obj)
    when: Words = [g.pick(("if", "if", "if", "when", "whenever"))]
    kind = g.choose((0.45, "he"), (0.4, "other"), (0.15, "noun"))
    g.tag(f"donkey-two-{kind}")
    restriction: list[Tree] = [] if generic else person.sem(x)
    doer: NP | None = None
    if kind == "he":
        they = many or g.p(0.4)
        subject: Words = ["they"] if they else [g.pick(("he", "she"))]
        term: Tree = x
    elif kind == "noun" and not generic:
        last = next(w for w in reversed(who) if isinstance(w, W))
        subject, term, they = ["the", last.text], x, many
    else:
        doer = _doer(g)
        subject, term, they = doer.words, doer.term, doer.plural
    pred = _rule(g, deed(g, "", "", (_again(g, obj, obj_many), y)))
    link: Words = [","] if g.p(0.85) else [",", "then"] if when == ["if"] else []
    return [*when, *who, *inner, *link, *subject, *(after(doer, pred) if doer else pred.fin(they))], (
        "ALL", x, ("ALL", y, ("IMP", conj([*restriction, *thing.sem(y), found(x)]), pred.sem(term))),
    )  # fmt: skip


def he_receives(g: G) -> Said:
    """A cook must clean any pan that he borrows from the sailor; sailors paint all boats they buy."""
    x, y = V(), V()
    person, m = nominal(g, PEOPLE, 0.05, 0.2), g.p(0.3)
    det = g.pick(("", "all")) if m else g.pick(("a", "every", "each"))
    words = person.words(m)
    first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    again = "they" if m else g.pick(("he", "she", "it"))
    thing, obj = nominal(g, THINGS, 0.0, 0.25), g.pick(("any", "every", "each", "all", "the", "a"))
    many = obj == "all" or (obj in ("any", "the") and g.p(0.3))
    inner, found = _gapped(g, again == "they")
    said_ = thing.words(many)
    things: Words = indefinite(said_) if obj == "a" else [obj, *said_]
    link: Words = [] if g.p(0.25) else [g.pick(("that", "that", "which"))]
    g.tag(f"he-relative-{obj}")
    v, w = g.transitive(), W()
    pred = _rule(g, Act(v, w, [*things, *link, again, *inner], lambda h, t: p2(h, t, y)), True)
    condition = [*thing.sem(y), found(x, y)]
    some = obj in ("the", "a")
    body = exists(y, condition, [pred.sem(x)]) if some else forall(y, condition, pred.sem(x))
    return [*first, *pred.fin(m)], forall(x, person.sem(x), body)


def _gapped(g: G, m: bool) -> tuple[Words, Callable[[Tree, Tree], Tree]]:
    """Borrows (from the sailor): a verb whose object stands before it."""
    v, w = goer(g), W()
    tense = g.choose((0.5, "present"), (0.25, "perfect"), (0.25, "past"))
    w.text = v.past if tense == "past" else v.participle if tense == "perfect" else v.base if m else v.s
    words: Words = [*(["have" if m else "has"] if tense == "perfect" else []), w]
    if g.p(0.45):
        prep, k = W(g.pick(("from", "from", "to", "in", "with", "at", "for"))), known(g)
        return (
            [*words, prep, *k.words],
            lambda t, u: ("P3", ("JOIN", ("V", w), ("P", prep)), t, u, k.term),
        )
    return words, lambda t, u: p2(("V", w), t, u)


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.28, finder), (0.13, own_thing), (0.28, about_thing), (0.2, about_two), (0.11, he_receives),
)  # fmt: skip

"""Sentences of policy, help desk and news around the objects of `compounds`; object relatives.

Knows subjects, frames and questions; must not know rules with pronouns (`donkeys`).  In a relative clause
that has a subject of its own ("a kettle we borrowed") both the subject and the gap are said.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.acts import TO_VERBS, About, Act, modal
from neurosym.parser.generate.compounds import PEOPLE, THINGS, head, kin, known, nominal, quantified, the
from neurosym.parser.generate.context import G
from neurosym.parser.generate.gapping import subject
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, forall, p1, p2
from neurosym.parser.generate.norms import obliged
from neurosym.parser.generate.nouns import NP, Words, indefinite, name, place
from neurosym.parser.generate.predicates import DATIVE, Pred
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.transfers import (
    after,
    around,
    bound_to,
    deed,
    goer,
    moment,
    passive,
    quality_of,
    tensed,
    whither,
)

YOU: Tree = ("YOU",)
Whole = tuple[Words, Tree, str]

# --- object relatives ------------------------------------------------------------------


def speaker(g: G) -> NP:
    """I, we, you: the subject of a relative clause that is a mention."""
    who = W(g.pick(("I", "I", "we", "you")))
    g.tag(f"rel-{who.text}")
    return NP([who], True, lambda said: said(("R", who)), ("R", who))


def gapped(g: G, s: NP) -> tuple[Words, Callable[[Tree], Tree]]:
    """Shipped to the farm; has drawn in March; did not paint; lent us: of the thing before it."""
    v, w = goer(g) if g.p(0.6) else g.transitive(), W()
    m = s.plural
    tense = g.choose((0.5, "past"), (0.15, "perfect"), (0.15, "had"), (0.12, "present"), (0.08, "not"))
    w.text = {"past": v.past, "perfect": v.participle, "had": v.participle, "not": v.base,
              "present": v.base if m else v.s}[tense]  # fmt: skip
    has, do = ("have", "do") if m else ("has", "does")
    first = {"perfect": has, "had": "had", "not": g.pick(("did", "did", do))}
    before: Words = [first[tense]] if tense in first else []
    if tense == "not":
        before = [*before, "not"]
    deny: Callable[[Tree], Tree] = lambda t: ("NOT", t) if tense == "not" else t  # noqa: E731
    r = g.rng.random()
    if r < 0.3:
        return [*before, w], lambda u: deny(p2(("V", w), s.term, u))
    if r < 0.55:
        when, add, at = moment(g)
        return [*before, w, *when], lambda u: deny(("P3", ("JOIN", ("V", w), add), s.term, u, at))
    prep = W("to" if r < 0.78 else g.pick(("from", "in", "with", "at", "for", "on")))
    if prep.text == "to" and g.p(0.25):
        v = g.pick(TO_VERBS)
        w.text = {"past": v.past, "perfect": v.participle, "had": v.participle, "not": v.base,
                  "present": v.base if m else v.s}[tense]  # fmt: skip
        if g.p(0.4):
            me = W(g.pick(("me", "us", "you")))
            k = NP([me], False, lambda said: said(("R", me)), ("R", me)) if g.p(0.5) else whither(g)
            return [*before, w, *k.words], lambda u: deny(("P3", ("V", w), s.term, u, k.term))
    k = whither(g) if prep.text == "to" else place(g) if g.p(0.2) else known(g)
    dative = prep.text == "to" and v.base in DATIVE
    name_: Tree = ("V", w) if dative else ("JOIN", ("V", w), ("P", prep))
    return [*before, w, prep, *k.words], lambda u: deny(("P3", name_, s.term, u, k.term))


def that_clause(g: G, mine: bool = False) -> tuple[Words, Callable[[Tree], Tree]]:
    """That the sailor had lent to the cook; which I drew; we painted in March."""
    s = speaker(g) if mine or g.p(0.5) else the(g, PEOPLE) if g.p(0.7) else name(g)
    words, said = gapped(g, s)
    link: Words = [] if g.p(0.22) else [g.pick(("that", "that", "that", "which"))]
    g.tag("object-relative" + ("" if link else "-zero"))
    return [*link, *s.words, *words], said


def wanted(g: G) -> tuple[Words, About]:
    """The map that the sailor had lent to the cook; a kettle I drew; every boat that we painted."""
    v, nom = V(), nominal(g, THINGS, 0.0, 0.3)
    after, said_of = that_clause(g)
    det = g.choose((0.5, "the"), (0.28, "a"), (0.07, "every"), (0.07, "all"), (0.08, ""))
    many = det in ("all", "")
    words = nom.words(many)
    first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    g.tag(f"wanted-{det or 'bare'}")
    if det in ("every", "all"):
        return [*first, *after], lambda t, said: forall(v, [*nom.sem(v), said_of(v)], said(v))
    return [*first, *after], lambda t, said: exists(v, [*nom.sem(v), said_of(v)], [said(v)])


def wanting(g: G) -> Act:
    """Admires the kettle that I drew; sits in the boat we painted."""
    v, w = g.transitive(), W()
    words, about = wanted(g)
    if g.p(0.15):
        prep, v = W(g.pick(("in", "on", "with", "at", "for", "about"))), g.intransitive()
        return Act(v, w, [prep, *words], lambda h, t: about(t, lambda u: p2(("JOIN", h, ("P", prep)), t, u)))
    return Act(v, w, words, lambda h, t: about(t, lambda u: p2(h, t, u)))


def relative_subject(g: G) -> Said:
    """The kettle that you drew in March is heavy; all boats we lent to Tom are old."""
    words, about = wanted(g)
    many = words[0] == "all" or "wanted-bare" in g.tags
    pred = _said(g)
    universal = "wanted-every" in g.tags or "wanted-all" in g.tags
    if universal:
        pred = quality_of(g) if g.p(0.5) else passive(g, modal(g, 0.1))
    return [*words, *pred.fin(many)], about(None, pred.sem)


def _said(g: G) -> Pred:
    r = g.rng.random()
    if r < 0.35:
        return quality_of(g)
    if r < 0.55:
        return passive(g)
    return tensed(g, deed(g), 0.0)


def relative_object(g: G) -> Said:
    """Tom admires the kettle that I drew in March; the cook must clean every pan that we use."""
    s = subject(g)
    a = wanting(g)
    pred = tensed(g, a, 0.0) if g.p(0.65) else bound_to(a, modal(g, 0.0))
    return [*s.words, *after(s, pred)], pred.sem(s.term)


def that_said(g: G) -> Said:
    """The sailor says that the cook has lent the map to Tom: a clause, and no relative."""
    g.tag("that-said")
    s, t, v, w = subject(g), subject(g), g.common(g.lex.clausal), W()
    w.text = v.past if g.p(0.4) else v.base if s.plural else v.s
    pred = tensed(g, deed(g), 0.15) if g.p(0.6) else quality_of(g) if not t.plural else passive(g)
    if t.plural:
        pred = tensed(g, deed(g), 0.15)
    link: Words = ["that"] if g.p(0.93) else []
    return [*s.words, w, *link, *t.words, *after(t, pred)], p2(("V", w), s.term, ("THAT", pred.sem(t.term)))


# --- statements -----------------------------------------------------------------------


def norm(g: G) -> Said:
    """Sailors must carry the map to the cook; all pans must be moved into a cleaned shed."""

    def make(own: str, you: bool, kind: str) -> Pred:
        m = modal(g, 0.0 if kind in ("no", "any", "all", "every") else 0.25, kind == "no")
        if not you and kind != "no" and g.p(0.25):
            return passive(g, m)
        return bound_to(deed(g, own, m.denied or ("outside" if kind == "no" else "")), m, you)

    g.tag("desk-norm")
    return obliged(g, make)


def event(g: G) -> Said:
    """The cook has fed the sailors of the boat; I broke my tea kettle; my aunt sold the farm."""
    g.tag("desk-event")
    r = g.rng.random()
    if r < 0.25:
        v, h = V(), kin(g) if g.p(0.4) else head(g, PEOPLE, 0.25)
        if g.p(0.5):
            my = W(g.pick(("my", "our", "your")))
            words: Words = [my, *h.words(False)]
            owner: Tree = ("R", my)
        else:
            o = known(g)
            words, owner = [*o.words, "'s", *h.words(False)], o.term
        pred = tensed(g, deed(g), 0.0) if g.p(0.75) else passive(g)
        return [*words, *pred.fin(False)], exists(v, [p2(h.name, v, owner)], [pred.sem(v)])
    s = subject(g)
    a = deed(g, "" if s.plural else g.pick(("his", "her")) if s.person else "its")
    if s.plural or g.p(0.8):
        pred = tensed(g, a, 0.0)
    else:
        pred = passive(g)
    if g.p(0.12):  # has not refunded any passenger of the flight
        pred = tensed(g, deed(g, "", "outside"), 1.0)
    return [*s.words, *after(s, pred)], pred.sem(s.term)


def twice(g: G) -> Said:
    """All pans are heavy and must be moved into a shed; the boat is old and needs paint."""
    g.tag("desk-twice")
    one = quality_of(g) if g.p(0.45) else tensed(g, deed(g), 0.0, "present")
    m = modal(g, 0.15)
    two = passive(g, m) if g.p(0.5) else bound_to(deed(g, "", m.denied), m)
    if g.p(0.2):
        two = tensed(g, deed(g), 0.0, "present")
    if g.p(0.25):
        one = passive(g, modal(g, 0.0))
    link: Words = ["and"] if g.p(0.85) else ["but"]

    def make(own: str, you: bool, kind: str) -> Pred:
        return Pred(
            lambda p: [*(["are"] if you and one.fin(True)[0] == "are" else []), *one.fin(p)[
                1 if you and one.fin(True)[0] == "are" else 0:
            ], *link, *two.fin(p)],
            None,
            lambda t: ("AND", one.sem(t), two.sem(t)),
        )  # fmt: skip

    if g.p(0.4):
        s = the(g, (*THINGS, *PEOPLE))
        pred = make("", False, "")
        return [*s.words, *pred.fin(False)], pred.sem(s.term)
    v, nom = V(), nominal(g, (*THINGS, *PEOPLE), 0.08, 0.3)
    det = g.pick(("all", "every", "", "each"))
    many = det in ("all", "")
    pred = make("", False, det)
    return [*det.split(), *nom.words(many), *pred.fin(many)], forall(v, nom.sem(v), pred.sem(v))


def keeper(g: G) -> Said:
    """A tall sailor cleans her blue boat and her tea kettle; cooks buy no farm boots."""
    g.tag("keeper")
    v, nom = V(), nominal(g, PEOPLE, 0.05, 0.2)
    det = g.pick(("a", "every", "", "all"))
    many = det in ("", "all")
    words = nom.words(many)
    first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    own = "their" if many else g.pick(("his", "her"))
    if g.p(0.25):
        g.tag("no-object")
        verb, w = g.transitive(), W()
        no, about = quantified(nominal(g), "no", g.p(0.3))
        act = Act(verb, w, no, lambda h, t: about(t, lambda u: p2(h, t, u)))
        after_, said = who_has(g, many) if g.p(0.6) else whose(g)
        pred = tensed(g, act, 0.0, "present") if g.p(0.7) else bound_to(act, modal(g, 0.0, True))
        return [*first, *after_, *pred.fin(many)], forall(v, [*nom.sem(v), said(v)], pred.sem(v))
    if g.p(0.35):
        after_, said = whose(g)
        pred = passive(g, modal(g, 0.1)) if g.p(0.4) else bound_to(deed(g), modal(g, 0.0))
        return [*first, *after_, *pred.fin(many)], forall(v, [*nom.sem(v), said(v)], pred.sem(v))
    if g.p(0.4):
        pred = bound_to(deed(g, own), modal(g, 0.0))
    else:
        pred = tensed(g, deed(g, own), 0.0, "present")
    return [*first, *pred.fin(many)], forall(v, nom.sem(v), pred.sem(v))


def whose(g: G) -> tuple[Words, Callable[[Tree], Tree]]:
    """Whose boat has sunk; whose tea kettle is old; whose farm was sold to Tom."""
    g.tag("whose")
    v, h, w, verb = V(), head(g, THINGS, 0.25), W(), g.intransitive()
    r = g.rng.random()
    if r < 0.4:
        w.text = verb.participle if r < 0.25 else verb.past
        after_: Words = ["has", w] if r < 0.25 else [w]
        said: Callable[[Tree], Tree] = lambda t: p1(("V", w), t)  # noqa: E731
    else:
        pred = quality_of(g) if r < 0.7 else passive(g)
        after_, said = pred.fin(False), pred.sem
    return ["whose", *h.words(False), *after_], lambda t: exists(v, [p2(h.name, v, t)], [said(v)])


def someone_did(g: G) -> Said:
    """Someone who sits in the boat lent the map to a cook: somebody, in an event."""
    g.tag("someone-did")
    v, verb, w = V(), g.transitive(), W()
    o, prep = known(g), W()
    w.text = verb.s
    name_: Tree = ("V", w)
    middle: Words = []
    if g.p(0.5):
        w.text, prep.text = g.intransitive().s, g.pick(("for", "in", "with", "at", "near"))
        name_, middle = ("JOIN", ("V", w), ("P", prep)), [prep]
    pred = tensed(g, deed(g), 0.0, g.pick(("past", "past", "perfect")))
    head_: Words = [g.pick(("someone", "somebody")), "who", w, *middle, *o.words]
    return [*head_, *pred.fin(False)], exists(v, [p2(name_, v, o.term)], [pred.sem(v)])


def only_of(g: G) -> Said:
    """Only sailors of the boat may read the map; only cooks who have cleaned the pan can use it."""
    g.tag("only-of")
    v, nom = V(), nominal(g, PEOPLE, 0.6, 0.15)
    pred = bound_to(deed(g), modal(g, 0.0, True)) if g.p(0.75) else tensed(g, deed(g), 0.0, "present")
    after, said = who_has(g, True) if g.p(0.35) else ([], None)
    need = [*nom.sem(v), *([said(v)] if said else [])]
    return ["only", *nom.words(True), *after, *pred.fin(True)], forall(v, [pred.sem(v)], conj(need))


def who_has(g: G, m: bool, own: bool = True) -> tuple[Words, Callable[[Tree], Tree]]:
    """Who has not cleaned the pan; who have sold their tea kettles."""
    pred = tensed(g, deed(g, ("their" if m else g.pick(("his", "her"))) if own else ""), 0.25,
                  g.choose((0.6, "perfect"), (0.4, "present")))  # fmt: skip
    return [g.pick(("who", "who", "that")), *pred.fin(m)], pred.sem


# --- commands and questions --------------------------------------------------------------


def command(g: G) -> Whole:
    """Carry the map to the farm cook and wake the sailor; clean the pan you used."""
    g.tag("desk-command")
    no = g.p(0.12)
    a = deed(g, "", "outside" if no else "") if g.p(0.8) or no else wanting(g)
    words, tree = a.form("base"), a.said(("V", a.w), YOU)
    if no:
        words, tree = ["do", g.pick(("not", "not", "n't")), *words], ("NOT", tree)
    elif g.p(0.25):
        b = deed(g)
        words = [*words, "and", *b.form("base")]
        tree = ("AND", tree, b.said(("V", b.w), YOU))
    if g.p(0.15):
        words = ["please", *words]
    return words, ("COMMAND", tree), "."


def ask(g: G) -> Whole:
    """Did the boat carry stolen pans?  Has any cook sold the map to Tom?  May I paint a kettle you drew?"""
    kind = g.choose((0.42, "the"), (0.18, "any"), (0.24, "a"), (0.16, "passive"))
    g.tag(f"desk-ask-{kind}")
    a = wanting(g) if g.p(0.3) else deed(g)
    if kind == "any":
        v, nom, many = V(), nominal(g, PEOPLE, 0.1, 0.25), g.p(0.4)
        pred = tensed(g, a, 0.0, g.choose((0.6, "perfect"), (0.4, "past")))
        assert pred.inv is not None
        return (
            pred.inv(many, ["any", *nom.words(many)]), ("ASK", exists(v, nom.sem(v), [pred.sem(v)])), "?"
        )  # fmt: skip
    if kind == "a":
        v, nom = V(), nominal(g, PEOPLE, 0.1, 0.2)
        many = g.p(0.35)
        words = nom.words(many)
        det = g.pick(("", "all")) if many else g.pick(("a", "a", "every"))
        first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
        restriction = nom.sem(v)
        if g.p(0.55):
            after, said = who_has(g, many)
            first, restriction = [*first, *after], [*restriction, said(v)]
        pred = bound_to(deed(g), modal(g, 0.0))
        assert pred.inv is not None
        return pred.inv(many, first), ("ASK", forall(v, restriction, pred.sem(v))), "?"
    if kind == "passive":
        s: NP = the(g, THINGS)
        pred = passive(g)
    else:
        s = subject(g)
        pred = tensed(g, a, 0.03) if g.p(0.6) else bound_to(a, modal(g, 0.0))
    return around(s, pred), ("ASK", pred.sem(s.term)), "?"


def wh(g: G) -> Whole:
    """Which sailor admires the kettle that I drew?  Which pan must we carry to the shed?"""
    v = V()
    kind = g.choose((0.45, "subject"), (0.4, "object"), (0.15, "many"))
    g.tag(f"desk-wh-{kind}")
    if kind == "subject":
        a = wanting(g) if g.p(0.45) else deed(g)
        pred = tensed(g, a, 0.0, g.pick(("past", "past", "present", "perfect"))) if g.p(0.7) else bound_to(
            a, modal(g, 0.0))  # fmt: skip
        if g.p(0.3):
            return ["who", *pred.fin(False)], ("WH", v, pred.sem(v)), "?"
        nom, many = nominal(g, PEOPLE, 0.05, 0.3), g.p(0.4)
        first: Words = [g.pick(("which", "which", "what")), *nom.words(many)]
        return [*first, *pred.fin(many)], ("WH", v, conj([*nom.sem(v), pred.sem(v)])), "?"
    nom, many = nominal(g, THINGS, 0.05, 0.3), g.p(0.5) or kind == "many"
    s = subject(g)
    a = deed(g, "", "", ([], v))
    pred = tensed(g, a, 0.0, g.pick(("past", "past", "present", "perfect"))) if g.p(0.65) else bound_to(
        a, modal(g, 0.0))  # fmt: skip
    if kind == "many":
        return (
            ["how", "many", *nom.words(True), *around(s, pred)],
            ("HOWMANY", v, conj([*nom.sem(v), pred.sem(s.term)])), "?",
        )  # fmt: skip
    if g.p(0.3):
        return (
            [g.pick(("what", "what", "who")), *around(s, pred)], ("WH", v, pred.sem(s.term)), "?"
        )  # fmt: skip
    return (
        ["which", *nom.words(many), *around(s, pred)],
        ("WH", v, conj([*nom.sem(v), pred.sem(s.term)])), "?",
    )  # fmt: skip


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.2, relative_object), (0.13, relative_subject), (0.06, that_said), (0.2, norm), (0.2, event),
    (0.08, twice), (0.11, keeper), (0.06, only_of), (0.03, someone_did),
)  # fmt: skip
SENTENCES: tuple[tuple[float, Callable[[G], Whole]], ...] = ((0.4, command), (0.38, ask), (0.22, wh))

"""Acts and modals: what is to be done, and that it must, may or must not be done.

Knows verbs and objects; must not know who is bound (`norms`).  A modal is a part of the predicate's name
(must_pay), and so is the "not" of a prohibition (must_not_pay), while "cannot" and "is not allowed to" deny
a possibility.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, entity, exists, forall, p1, p2
from neurosym.parser.generate.nouns import Words, definite, name, place, plain, quantified_object
from neurosym.parser.generate.predicates import DATIVE, Pred
from neurosym.parser.generate.stretches import doing
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

# --- acts: a verb with its objects -----------------------------------------------------

Term = Tree
About = Callable[[Term, Callable[[Term], Tree]], Tree]  # subject, what is said of the object


@dataclass(slots=True)
class Act:
    """What is to be done: its verb, what follows it, and its meaning for a verb's name and a subject."""

    verb: Verb
    w: W
    rest: Words
    said: Callable[[Tree, Term], Tree]

    def form(self, form: str) -> Words:
        self.w.text = getattr(self.verb, form)
        return [self.w, *self.rest]


def matter(g: G, own: str, denied: str) -> tuple[Words, About]:
    """The form; her password; a refund; any visitor: what a norm is about.

    `denied` is "" for what is asked or allowed, "outside" where a negation stands around the whole, and
    "inside" where it is a part of the predicate: there "any" means each one.
    """
    r = g.rng.random()
    v = V()
    if own and r < 0.16:
        g.tag("own")
        w, many = W(), g.p(0.3)
        n = g.noun()
        w.text = n.many if many else n.one
        return [own, w], lambda t, said: exists(v, [p2(("N", w), v, t)], [said(v)])
    if r < 0.24:
        e = name(g) if g.p(0.6) else place(g)
        return e.words, lambda t, said: said(e.term)
    if r < 0.62 or (denied and r < 0.72):
        e = definite(g)
        return e.words, lambda t, said: said(e.term)
    if r < 0.7 and not denied:
        g.tag("obj-every")
        det = g.pick(("every", "each", "all"))
        nom = plain(g)
        return [det, *nom.words(det == "all")], lambda t, said: forall(v, nom.sem(v), said(v))
    if denied:
        g.tag("obj-any")
        nom = plain(g)
        words: Words = ["any", *nom.words(g.p(0.6))]
        if g.p(0.35):
            words, nom.sem = [g.pick(("anyone", "anybody", "anything"))], lambda u: []
        if denied == "inside":
            return words, lambda t, said: forall(v, nom.sem(v), said(v))
        return words, lambda t, said: exists(v, nom.sem(v), [said(v)])
    o = quantified_object(g)
    return o.words, lambda t, said: o.apply(said)


UNITS = str.split("days hours weeks months minutes years")
DAYS = str.split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")


def deadline(g: G) -> tuple[Words, Tree, Term]:
    """Within 30 days; by Friday; after 5 pm: words, what it adds to the verb's name, and its term."""
    g.tag("deadline")
    prep = W()
    if g.p(0.6):
        q, unit = W(), W()
        prep.text = g.pick(("within", "within", "for", "in", "after"))
        n = g.rng.randint(2, 90)
        q.text = (
            str(n) if g.p(0.75) else g.pick(str.split("two three four five six seven ten twelve fourteen"))
        )
        unit.text = g.pick(UNITS)
        return [prep, q, unit], ("JOIN", ("P", prep), ("N", unit)), ("Q", q)
    if g.p(0.7):
        prep.text = g.pick(("by", "before", "on", "until", "after"))
        day = W(g.pick(DAYS))
        return [prep, day], ("P", prep), ("E", day)
    prep.text = g.pick(("by", "before", "after", "at", "until"))
    hour, half = W(str(g.rng.randint(1, 12))), W(g.pick(("pm", "am")))
    return [prep, hour, half], ("P", prep), entity("E", [hour, half])


TO_VERBS = tuple(Verb(b, *verb_forms(b)) for b in sorted(DATIVE - {"teach", "feed", "owe", "throw"}))


def act(g: G, own: str = "their", denied: str = "") -> Act:
    """Pays the fee within 30 days; shares his password with anyone; replies to the request."""
    kind = g.choose(
        (0.12, "vi"), (0.4, "vt"), (0.16, "vp"), (0.16, "vtp"), (0.08, "to"), (0.03, "give"), (0.05, "adv")
    )
    g.tag(f"act-{kind}")
    w = W()
    if kind in ("vi", "adv", "vp"):
        v = g.intransitive()
    elif kind in ("to", "give"):
        v = g.pick(TO_VERBS) if kind == "give" or g.p(0.5) else g.transitive()
    else:
        v = g.transitive()
    if kind == "vi":
        if g.p(0.4):
            when, add, term = deadline(g)
            return Act(v, w, when, lambda h, t: p2(("JOIN", h, add), t, term))
        return Act(v, w, [], lambda h, t: p1(h, t))
    if kind == "adv":
        a = W(g.adverb())
        return Act(v, w, [a], lambda h, t: p1(("JOIN", h, ("A", a)), t))
    words, about = matter(g, own, denied)
    prep = W(
        g.pick(PREPOSITIONS) if g.p(0.7) else g.pick(("to", "for", "with", "without", "during", "before"))
    )
    if kind == "vp":
        return Act(v, w, [prep, *words], lambda h, t: about(t, lambda u: p2(("JOIN", h, ("P", prep)), t, u)))
    if kind == "vt":
        if g.p(0.14):
            when, add, term = deadline(g)
            return Act(
                v, w, [*words, *when], lambda h, t: about(t, lambda u: ("P3", ("JOIN", h, add), t, u, term))
            )
        return Act(v, w, words, lambda h, t: about(t, lambda u: p2(h, t, u)))
    second, other = matter(g, "", denied)
    if kind == "give":
        e = name(g) if g.p(0.5) else definite(g)
        return Act(v, w, [*e.words, *words], lambda h, t: about(t, lambda u: ("P3", h, t, u, e.term)))
    if kind == "to" and v.base in DATIVE:
        return Act(
            v,
            w,
            [*words, "to", *second],
            lambda h, t: about(t, lambda u: other(t, lambda x: ("P3", h, t, u, x))),
        )
    if kind == "to":
        prep.text = "to"
    elif prep.text == "to" and v.base in DATIVE:
        prep.text = g.pick(("in", "on", "at", "with", "without", "into", "from"))
    return Act(
        v, w, [*words, prep, *second],
        lambda h, t: about(t, lambda u: other(t, lambda x: ("P3", ("JOIN", h, ("P", prep)), t, u, x))),
    )  # fmt: skip


# --- modals ---------------------------------------------------------------------------

TO_BE = ("allowed", "required", "allowed", "permitted", "obliged", "expected", "authorized", "entitled",
         "encouraged",
         "supposed", "advised", "instructed", "forbidden")  # fmt: skip
FROM = ("forbidden", "prohibited", "banned", "barred", "prevented", "exempted", "excused", "excluded")


@dataclass(slots=True)
class Modal:
    """What stands before a verb, what it makes of the verb's name, and whether it is denied."""

    fin: Callable[[bool, bool], Words]  # plural, third person or not ("you": plural)
    inv: Callable[[bool, Words], Words]
    wrap: Callable[[Tree], Tree]
    form: str
    denied: str


def modal(g: G, denial: float = 0.3, permission: bool = False) -> Modal:
    """A modal; with `permission` one that can follow "no": "no visitor must enter" is not said of duties."""
    kind = g.choose((0.58, "modal"), (0.0 if permission else 0.12, "have"), (0.2, "be-to"),
                    (0.0 if permission else 0.1, "from"))  # fmt: skip
    no = g.p(denial)
    w, to = W(), W("to")
    neg: Words = []
    if kind == "modal":
        w.text = g.choose(
            (0.4, "must"), (0.18, "may"), (0.16, "should"), (0.1, "shall"), (0.12, "can"), (0.04, "could")
        )
        if permission:
            w.text = g.pick(("may", "may", "can"))
        if no and w.text == "could":
            w.text = "can"
        g.tag(w.text + ("-not" if no else ""))
        n = W("n't" if g.contract and w.text in ("must", "should", "can") else "not")
        if no and w.text == "can":
            w.text = "ca" if n.text == "n't" else "can"
            return _plain_modal(w, [n.text], lambda h: ("JOIN", ("P", w), h), "outside")
        if no:
            return _plain_modal(w, [n], lambda h: ("JOIN", ("P", w), ("JOIN", ("P", n), h)), "inside")
        return _plain_modal(w, [], lambda h: ("JOIN", ("P", w), h), "")
    denied = "outside" if no else ""
    not_ = "n't" if g.contract else "not"
    if kind == "have":
        verb = g.pick((("have", "has"), ("have", "has"), ("need", "needs")))
        g.tag(verb[0] + "-to" + ("-not" if no else ""))

        def fin(m: bool, you: bool) -> Words:
            w.text = verb[0] if m or no or you else verb[1]
            return [*(["do" if m or you else "does", not_] if no else []), w, to]

        def inv(m: bool, who: Words) -> Words:
            w.text = verb[0]
            return ["do" if m else "does", *who, *(["not"] if no else []), w, to]

        return Modal(fin, inv, lambda h: ("JOIN", ("V", w), ("JOIN", ("P", to), h)), "base", denied)
    w.text = g.pick(TO_BE[:4] if permission else TO_BE if kind == "be-to" else FROM)
    to.text = "to" if kind == "be-to" else "from"
    g.tag(f"be-{to.text}" + ("-not" if no else ""))
    neg = [not_] if no else []
    return Modal(
        lambda m, you: ["are" if m or you else "is", *neg, w, to],
        lambda m, who: ["are" if m else "is", *who, *(["not"] if no else []), w, to],
        lambda h: ("JOIN", ("T", w), ("JOIN", ("P", to), h)),
        "base" if kind == "be-to" else "gerund",
        denied,
    )


def _plain_modal(w: W, neg: Words, wrap: Callable[[Tree], Tree], denied: str) -> Modal:
    def inv(m: bool, who: Words) -> Words:
        first = neg[0] if neg else ""
        short = (first.text if isinstance(first, W) else first) == "n't"
        return [w, *neg, *who] if short else [w, *who, *neg]

    return Modal(lambda m, you: [w, *neg], inv, wrap, "base", denied)


def _denied(m: Modal, t: Tree) -> Tree:
    return ("NOT", t) if m.denied == "outside" else t


def norm(g: G, own: str = "their", denial: float = 0.3, you: bool = False, permission: bool = False) -> Pred:
    """Must pay the fee; is not allowed to enter; must be late; must be submitted to the office."""
    m = modal(g, denial, permission)
    r = g.rng.random()
    if r < 0.18:
        return _passive(g, m, you, m.denied or ("outside" if permission else ""))
    if r < 0.24:
        g.tag("norm-lump")
        s = doing(g)
        name_ = m.wrap(s.name)
        return Pred(
            lambda p: [*m.fin(p, you), *s.form(m.form)],
            lambda p, who: [*m.inv(p, who), *s.form(m.form)],
            lambda t: _denied(m, p1(name_, t)),
        )
    within = m.denied or ("outside" if permission else "")  # "no visitor may enter any room"
    a = act(g, own, within)
    if r > 0.92:
        g.tag("norm-two")
        b = act(g, own, within)
        link = "or" if within else "and"
        op = "AND" if within != "outside" else "OR"
        return Pred(
            lambda p: [*m.fin(p, you), *a.form(m.form), link, *b.form(m.form)],
            None,
            lambda t: _denied(m, (op, a.said(m.wrap(("V", a.w)), t), b.said(m.wrap(("V", b.w)), t))),
        )
    return Pred(
        lambda p: [*m.fin(p, you), *a.form(m.form)],
        lambda p, who: [*m.inv(p, who), *a.form(m.form)],
        lambda t: _denied(m, a.said(m.wrap(("V", a.w)), t)),
    )


def _passive(g: G, m: Modal, you: bool, within: str) -> Pred:
    """Must be late; must be submitted; may be kept in the office; must be signed by Tom."""
    kind = g.choose((0.3, "adj"), (0.35, "done"), (0.2, "prep"), (0.15, "by"))
    g.tag(f"norm-be-{kind}")
    be, w = W("being" if m.form == "gerund" else "be"), W()
    rest: Words = []
    said: Callable[[Term], Tree]
    if kind == "adj":
        w.text = g.adjective().base
        said = lambda t: p1(m.wrap(("JOIN", ("V", be), ("A", w))), t)  # noqa: E731
    else:
        w.text = g.transitive().participle
        said = lambda t: p1(m.wrap(("JOIN", ("V", be), ("A", w))), t)  # noqa: E731
    if kind == "prep":
        prep = W(g.pick((*PREPOSITIONS, "to", "to")))
        words, about = matter(g, "", within)
        rest = [prep, *words]
        if g.p(0.3):
            rest, add, term = deadline(g)
            about = lambda t, s: s(term)  # noqa: E731
        else:
            add = ("P", prep)
        verb = m.wrap(("JOIN", ("V", be), ("JOIN", ("A", w), add)))
        said = lambda t: about(t, lambda u: p2(verb, t, u))  # noqa: E731
    elif kind == "by":
        words, agent = matter(g, "", within)
        rest = ["by", *words]
        said = lambda t: agent(t, lambda u: p2(m.wrap(("T", w)), u, t))  # noqa: E731
    return Pred(
        lambda p: [*m.fin(p, you), be, w, *rest],
        lambda p, who: [*m.inv(p, who), be, w, *rest],
        lambda t: _denied(m, said(t)),
    )

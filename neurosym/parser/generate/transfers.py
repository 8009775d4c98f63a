"""What is done to a thing that goes somewhere: carries it to the shed, is moved to the farm.

Knows verbs with the words of `compounds` around them; must not know who does it.  Only verbs that
also take two objects ("sends Bob a book") leave "to" out of their names; all others keep it.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.acts import DAYS, TO_VERBS, About, Act, Modal, Term, deadline
from neurosym.parser.generate.compounds import PEOPLE, THINGS, known, object_of, relative_of, single
from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, W, joined, p1, p2
from neurosym.parser.generate.nouns import NP, Words
from neurosym.parser.generate.predicates import DATIVE, Pred
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

# Verbs that take "to" and never two objects; WordNet's transitive verbs are drawn beside them.
TOWARDS = tuple(
    Verb(b, *verb_forms(b))
    for b in str.split(
        "report return submit move deliver transfer forward refund apply assign add attach connect explain "
        "describe announce present export import carry drive escort lead redirect refer relate relocate "
        "restore reveal ship surrender transport upload donate dedicate contribute "
        "introduce mention propose recommend suggest supply entrust address admit adjust disclose"
    )
)
MONTHS = str.split("January February March April May June July August September October November December")
WITHOUT_TO = (*(p for p in PREPOSITIONS if p != "to"), "with", "with", "into", "from", "without")
_BE = {"present": ("is", "are"), "past": ("was", "were"), "perfect": ("has been", "have been")}


def moment(g: G) -> tuple[Words, Tree, Term]:
    """In May; in 2022; on Friday; within 30 days: words, what it adds to the verb's name, and its term."""
    r = g.rng.random()
    if r < 0.35:
        return deadline(g)
    g.tag("moment")
    w, when = W("in"), W()
    if r < 0.6:
        when.text = g.pick(MONTHS)
        return [w, when], ("P", w), ("E", when)
    if r < 0.8:
        when.text = str(g.rng.randint(1900, 2050))
        return [w, when], ("P", w), ("Q", when)
    w.text, when.text = g.pick(("on", "on", "before", "after", "since")), g.pick(DAYS)
    return [w, when], ("P", w), ("E", when)


def goer(g: G) -> Verb:
    v = g.pick(TOWARDS) if g.p(0.45) else g.transitive()
    return v if v.base not in DATIVE else g.pick(TOWARDS)


def whither(g: G) -> NP:
    return known(g, (*PEOPLE, *PEOPLE, *THINGS))


def deed(g: G, own: str = "", denied: str = "", it: tuple[Words, Tree] | None = None) -> Act:
    """Carries the pan to the shed; cleans a kettle of the cook; hides it in a wet boat within 2 days.

    `it`: the object, where the sentence has named it already; its words and its term.
    """
    kind = g.choose((0.3, "vt"), (0.2, "vtp"), (0.32, "to"), (0.08, "dative"), (0.1, "vp"))
    if it is not None and kind == "vp":
        kind = "vt"
    g.tag(f"deed-{kind}")
    w = W()
    v = (
        g.intransitive() if kind == "vp" else g.pick(TO_VERBS) if kind == "dative"
        else goer(g) if kind == "to" else g.transitive()
    )  # fmt: skip
    if it is None:
        words, about = object_of(g, own, denied, 0.2 if kind in ("vt", "vp") else 0.0)
    else:
        words, term = it
        about = lambda t, said: said(term)  # noqa: E731
    when, add, at = moment(g) if g.p(0.15) else ([], None, None)
    if kind == "vt":
        if add is None:
            return Act(v, w, words, lambda h, t: about(t, lambda u: p2(h, t, u)))
        return Act(v, w, [*words, *when], lambda h, t: about(t, lambda u: ("P3", ("JOIN", h, add), t, u, at)))
    prep = W("to" if kind in ("to", "dative") else g.pick(WITHOUT_TO))
    if kind == "vp":
        prep.text = g.pick((*WITHOUT_TO, "to", "for"))
        return Act(v, w, [prep, *words], lambda h, t: about(t, lambda u: p2(("JOIN", h, ("P", prep)), t, u)))
    if kind in ("to", "dative") and g.p(0.75):
        e = whither(g)
        other: Words = e.words
        place: About = lambda t, said: said(e.term)  # noqa: E731
    else:
        other, place = single(g, own, denied)
    if kind == "dative" and it is None and g.p(0.4):
        e = whither(g)
        return Act(
            v, w, [*e.words, *words, *when],
            lambda h, t: about(t, lambda u: _at(h, [], t, u, e.term, add, at)),
        )  # fmt: skip
    names: list[Tree] = [] if kind == "dative" else [("P", prep)]
    return Act(
        v, w, [*words, prep, *other, *when],
        lambda h, t: about(t, lambda u: place(t, lambda x: _at(h, names, t, u, x, add, at))),
    )  # fmt: skip


def _at(h: Tree, names: list[Tree], t: Term, u: Term, x: Term, add: Tree, at: Term) -> Tree:
    """The verb of three things, or of four where it also says when."""
    tail = [*names, *([add] if add is not None else [])]
    out = ("JOIN", h, joined(tail)) if tail else h
    return ("P3", out, t, u, x) if add is None else ("P4", out, t, u, x, at)


# --- in a tense -------------------------------------------------------------------------


def tensed(g: G, a: Act, negation: float = 0.2, tenses: str = "") -> Pred:
    """Hid it; has not hidden it; had hidden it; will hide it; hides it."""
    tense = tenses or g.choose(
        (0.35, "past"), (0.25, "perfect"), (0.05, "had"), (0.22, "present"), (0.13, "will")
    )
    no = g.p(negation) and "objects-and" not in g.tags  # "did not pay A and B" has two readings
    g.tag(f"{tense}{'-not' if no else ''}")
    neg: Words = [("n't" if g.contract and g.p(0.6) else "not")] if no else []
    will = "wo" if neg == ["n't"] else "will"
    aux = {"past": ("did", "did"), "perfect": ("has", "have"), "had": ("had", "had"),
           "present": ("does", "do"), "will": (will, will)}[tense]  # fmt: skip
    main = "participle" if tense in ("perfect", "had") else "base"

    def fin(m: bool) -> Words:
        if not no and tense in ("past", "present"):
            return a.form("past" if tense == "past" else "base" if m else "s")
        return [aux[m], *neg, *a.form(main)]

    def inv(m: bool, subject: Words) -> Words:
        if neg == ["n't"]:
            return [aux[m], "n't", *subject, *a.form(main)]
        return [aux[m], *subject, *neg, *a.form(main)]

    sem: Callable[[Tree], Tree] = lambda t: a.said(("V", a.w), t)  # noqa: E731
    return Pred(fin, inv, (lambda t: ("NOT", sem(t))) if no else sem)


def bound_to(a: Act, m: Modal, you: bool = False) -> Pred:
    """Must hide it; is not allowed to hide it."""

    def sem(t: Tree) -> Tree:
        tree = a.said(m.wrap(("V", a.w)), t)
        return ("NOT", tree) if m.denied == "outside" else tree

    return Pred(
        lambda p: [*m.fin(p, you), *a.form(m.form)], lambda p, who: [*m.inv(p, who), *a.form(m.form)], sem
    )


def passive(g: G, m: Modal | None = None) -> Pred:
    """Was moved to the farm; must be hidden in a wet boat; has been cleaned by the cook."""
    v, w, kind = goer(g), W(), g.choose((0.4, "to"), (0.3, "prep"), (0.14, "by"), (0.16, "by-to"))
    w.text = v.participle
    g.tag(f"passive-{kind}")
    words, about = object_of(g, "", m.denied if m else "", 0.06)
    agent = relative_of(g) if m is None and g.p(0.2) else known(g, PEOPLE)
    prep, be = W("to" if kind != "prep" else g.pick(WITHOUT_TO)), W()
    when, add, at = moment(g) if g.p(0.12) else ([], None, None)
    rest: Words = {
        "to": [prep, *words], "prep": [prep, *words], "by": ["by", *agent.words],
        "by-to": [prep, *words, "by", *agent.words] if g.p(0.5) else ["by", *agent.words, prep, *words],
    }[kind]  # fmt: skip
    rest = [*rest, *when]

    def sem(t: Tree) -> Tree:
        tail: list[Tree] = [*([("P", prep)] if kind != "by" else []), *([add] if add is not None else [])]
        terms: list[Tree] = [] if add is None else [at]
        if kind in ("by", "by-to"):
            h = m.wrap(("T", w)) if m else ("T", w)
            name = ("JOIN", h, joined(tail)) if tail else h
            if kind == "by":
                return agent.apply(lambda a: (f"P{2 + len(terms)}", name, a, t, *terms))
            return agent.apply(lambda a: about(t, lambda u: (f"P{3 + len(terms)}", name, a, t, u, *terms)))
        # the participle stands as it is written after a modal, as "must be submitted" has it
        name = ("JOIN", ("A" if m else "T", w), joined(tail))
        if m is not None:
            name = m.wrap(("JOIN", ("V", be), name))
        return about(t, lambda u: p2(name, t, u) if add is None else ("P3", name, t, u, at))

    if m is not None:
        be.text = "being" if m.form == "gerund" else "be"
        deny: Callable[[Tree], Tree] = lambda t: ("NOT", sem(t)) if m.denied == "outside" else sem(t)  # noqa: E731
        return Pred(
            lambda p: [*m.fin(p, False), be, w, *rest], lambda p, who: [*m.inv(p, who), be, w, *rest], deny
        )
    first = _BE[g.choose((0.35, "present"), (0.4, "past"), (0.25, "perfect"))]
    no = g.p(0.15) and "objects-and" not in g.tags

    def fin(many: bool) -> Words:
        be_ = first[many].split()
        return [be_[0], *(["not"] if no else []), *be_[1:], w, *rest]

    def inv(many: bool, who: Words) -> Words:
        be_ = first[many].split()
        return [be_[0], *who, *(["not"] if no else []), *be_[1:], w, *rest]

    return Pred(fin, inv, (lambda t: ("NOT", sem(t))) if no else sem)


def quality_of(g: G, negation: float = 0.15) -> Pred:
    """Is late; is not valid: one adjective."""
    w, no = W(g.adjective().base), g.p(negation)
    neg: Words = ["not"] if no else []
    sem: Callable[[Tree], Tree] = lambda t: p1(("A", w), t)  # noqa: E731
    return Pred(
        lambda m: ["are" if m else "is", *neg, w],
        lambda m, who: ["are" if m else "is", *who, *neg, w],
        (lambda t: ("NOT", sem(t))) if no else sem,
    )


def after(s: NP, pred: Pred) -> Words:
    """The predicate after its subject: "I am", where other plurals are."""
    words = pred.fin(s.plural)
    first = s.words[0]
    if words[0] == "are" and isinstance(first, W) and first.text == "I":
        words[0] = "am"
    return words


def around(s: NP, pred: Pred) -> Words:
    """The predicate around its subject, as a question."""
    assert pred.inv is not None
    words = pred.inv(s.plural, s.words)
    first = s.words[0]
    if words[0] == "are" and isinstance(first, W) and first.text == "I":
        words[0] = "am"
    return words

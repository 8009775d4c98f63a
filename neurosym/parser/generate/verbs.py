"""Verbal predicates, and predicates of several parts.

Knows how full verbs take auxiliaries, objects and prepositions; complements of "be" stand in
`predicates`.
"""

from __future__ import annotations

from neurosym.parser.generate.context import PREPOSITIONS, G
from neurosym.parser.generate.meaning import Tree, W, conj, p1, p2
from neurosym.parser.generate.nouns import (
    NP,
    Body,
    Words,
    definite,
    indefinite_object,
    object_np,
    place,
    quantified_object,
    some_entity,
)
from neurosym.parser.generate.predicates import DATIVE, Gap, Pred, copular, negated, negation_word, year
from neurosym.parser.lexicon import Verb
from neurosym.parser.morphology import verb_forms

# --- verbs ----------------------------------------------------------------------------


def verb(g: G, v: Verb, w: W, modal: W | None, rest: Words, sem: Body, negation: float) -> Pred:
    """A full verb in the tense of the sentence, with auxiliaries where negated or asked."""
    neg = negation_word(g) if g.p(negation) else ""
    if neg:
        g.tag("not")
    r = g.rng.random() + (0.05 if g.plain else 0.0)
    mode = (
        "modal"
        if modal
        else "past"
        if g.past
        else "future"
        if g.future
        else "prog"
        # "cats are running" is an event (`captions`), not what cats do
        if r < 0.04 and not {"univ-bare", "univ-a"} & set(g.tags)
        else "perf"
        if r < 0.06
        else "present"
    )
    if mode != "present":
        g.tag(mode)

    def auxiliary(m: bool) -> W | str:
        if modal:
            return modal
        if mode == "past":
            return "did"
        if mode == "future":
            return "wo" if neg == "n't" else "will"
        if mode == "prog":
            return "are" if m else "is"
        if mode == "perf":
            return "have" if m else "has"
        return "do" if m else "does"

    def main() -> W:
        w.text = v.gerund if mode == "prog" else v.participle if mode == "perf" else v.base
        return w

    def fin(m: bool) -> Words:
        if mode in ("past", "present") and neg in ("", "never"):
            w.text = v.past if mode == "past" else v.base if m else v.s
            return [*([neg] if neg else []), w, *rest]
        return [auxiliary(m), *([neg] if neg else []), main(), *rest]

    def inv(m: bool, subject: Words) -> Words:
        after: Words = [neg] if neg and neg != "n't" else []
        return [auxiliary(m), *(["n't"] if neg == "n't" else []), *subject, *after, main(), *rest]

    if modal is not None and neg == "n't":
        modal.text = {"can": "ca"}.get(modal.text, modal.text)
        if modal.text in ("may", "might"):
            neg = "not"
    return Pred(fin, inv, negated(neg, sem))


HAVE = Verb("have", "has", "had", "had", "having")


def verbal(g: G, depth: int = 0, negation: float = 0.2) -> Pred:
    """V; V object; V preposition object; has a dog; gives Bob the book; wants to V object."""
    kind = g.choose(
        (0.16, "vi"), (0.42, "vt"), (0.16, "vp"), (0.08, "have"), (0.06, "vtp"), (0.035, "give"),
        (0.03, "adv"),
        (0.02, "self"), (0.01, "link"),
    )  # fmt: skip
    if g.plain and kind not in ("vt", "vi", "vp", "have") and g.p(0.85):
        kind = "vt"
    g.tag(kind)
    w = W()
    modal = (
        W(g.pick(("can", "can", "must", "should", "may", "might", "could")))
        if g.p(0.01 if g.plain else 0.07) and kind != "to"
        else None
    )
    head: Tree = ("V", w) if modal is None else ("JOIN", ("P", modal), ("V", w))
    kind = "vt" if kind == "give" and g.bare else kind
    # "must not pay" is a prohibition, which `norms` makes; "cannot pay" is plain negation
    negative = negation > 0 and g.p(negation) and (modal is None or modal.text in ("can", "could"))
    negation = 1.0 if negative else 0.0
    v = g.intransitive() if kind in ("vi", "adv", "vp") else HAVE if kind == "have" else g.transitive()
    o = quantified_object(g) if kind == "have" and g.p(0.8) else object_np(g, negative, depth)
    if kind == "vt" and modal is None and g.p(0.05):
        return two_verbs(g, v, w, o, negation)
    match kind:
        case "vi":
            return verb(g, v, w, modal, [], lambda t: p1(head, t), negation)
        case "vt" | "have":
            return verb(g, v, w, modal, o.words, lambda t: o.apply(lambda u: p2(head, t, u)), negation)
        case "vp":
            prep, o = W(g.pick(PREPOSITIONS)), g.choose((0.35, place(g)), (0.04, year(g)), (0.61, o))
            both = ("JOIN", head, ("P", prep))
            return verb(
                g, v, w, modal, [prep, *o.words], lambda t: o.apply(lambda u: p2(both, t, u)), negation
            )
        case "vtp":
            prep, o2 = W(g.pick(PREPOSITIONS)), place(g) if g.p(0.35) else some_entity(g)
            to_whom = prep.text == "to" and v.base in DATIVE  # gives the book to Bob: as gives Bob the book
            both = head if to_whom else ("JOIN", head, ("P", prep))
            sem = lambda t: o.apply(lambda u: ("P3", both, t, u, o2.term))  # noqa: E731
            return verb(g, v, w, modal, [*o.words, prep, *o2.words], sem, negation)
        case "give":
            who = some_entity(g)
            o = definite(g) if g.p(0.5) else indefinite_object(g)
            sem = lambda t: o.apply(lambda u: ("P3", head, t, u, who.term))  # noqa: E731
            return verb(g, v, w, modal, [*who.words, *o.words], sem, negation)
        case "adv":
            a = W(g.adverb())
            return verb(g, v, w, modal, [a], lambda t: p1(("JOIN", head, ("A", a)), t), negation)
        case "self":
            pronoun = "themselves" if g.p(0.3) else g.pick(("itself", "himself", "herself"))
            return verb(g, v, w, modal, [pronoun], lambda t: p2(head, t, t), negation)
        case "link":
            v, a = g.pick(LINKING), W(g.adjective().base)
            return verb(g, v, w, modal, [a], lambda t: p1(("JOIN", head, ("A", a)), t), negation)
        case _:
            raise AssertionError(kind)


def two_verbs(g: G, v: Verb, w: W, o: NP, negation: float) -> Pred:
    """Likes and visits Bob; does not like or visit Bob."""
    g.tag("two-verbs")
    u, other = W(), g.transitive()
    op = "OR" if negation else "AND"
    link = "or" if negation else "and"
    sem: Body = lambda t: o.apply(lambda x: (op, p2(("V", w), t, x), p2(("V", u), t, x)))  # noqa: E731
    pred = verb(g, v, w, None, [link, u, *o.words], sem, negation)

    def agree() -> None:
        form = (
            "past"
            if g.past and w.text == v.past
            else next(f for f in Verb.__slots__ if getattr(v, f) == w.text)
        )
        u.text = getattr(other, form)

    def fin(m: bool) -> Words:
        words = pred.fin(m)
        agree()
        return words

    def inv(m: bool, subject: Words) -> Words:
        words = pred.inv(m, subject) if pred.inv is not None else []
        agree()
        return words

    return Pred(fin, inv, pred.sem)


def _verbs(bases: str) -> tuple[Verb, ...]:
    return tuple(Verb(b, *verb_forms(b)) for b in bases.split())


# Verbs with complements of their own; a few function words, shared by all splits.
LINKING = _verbs("look seem feel become stay remain appear")


def gap(g: G, negation: float = 0.1) -> Gap:
    """A transitive verb, or a verb with a stranded preposition, without its object."""
    w = W()
    head: Tree = ("V", w)
    rest: Words = []
    if g.p(0.75):
        v = g.transitive()
    else:
        g.tag("stranded")
        prep = W(g.pick(PREPOSITIONS))
        v, rest, head = g.intransitive(), [prep], ("JOIN", ("V", w), ("P", prep))
    marker = ("GAP",)
    pred = verb(g, v, w, None, rest, lambda t: marker, negation)
    inv = pred.inv
    assert_inv = inv if inv is not None else (lambda m, s: s)
    negative = pred.sem(None) != marker
    return Gap(pred.fin, assert_inv, lambda t, u: ("NOT", p2(head, t, u)) if negative else p2(head, t, u))


# --- both -----------------------------------------------------------------------------


def simple(g: G, depth: int = 0, negation: float = 0.2) -> Pred:
    return copular(g, depth, negation) if g.p(0.58) else verbal(g, depth, negation)


def either(g: G, negation: float) -> Pred:
    """Is either red or chases Bob; either chases Bob or is red."""
    g.tag("preds-either")
    a, b = simple(g, 2, negation), simple(g, 2, negation)

    def fin(m: bool) -> Words:
        words = a.fin(m)
        inside = a.comp is not None and words[0] in ("is", "are", "was", "were")
        return (
            [*words[:1], "either", *words[1:], "or", *b.fin(m)]
            if inside
            else ["either", *words, "or", *b.fin(m)]
        )

    return Pred(fin, None, lambda t: ("OR", a.sem(t), b.sem(t)))


def predicate(g: G, depth: int = 0, negation: float = 0.2) -> Pred:
    """One predicate, or several of one subject: is red and chases Bob, but does not like Ann."""
    if depth > 1 or not g.p(0.06 if g.plain else 0.18):
        return simple(g, depth, negation)
    if g.p(0.1):
        return either(g, negation)
    n = 2 if g.p(0.85) else 3
    preds = [simple(g, 2, negation) for _ in range(n)]
    link = g.choose((0.68, "and"), (0.2, "or"), (0.12, "but"))
    if link == "but" and n == 3:
        link = "and"
    g.tag(f"preds-{link}")
    comma = g.p(0.5) if n == 3 else link == "but" and g.p(0.4)

    def fin(m: bool) -> Words:
        out = preds[0].fin(m)
        for i, pred in enumerate(preds[1:], 1):
            out = [
                *out,
                *([","] if i < n - 1 or comma else []),
                *([link] if i == n - 1 else []),
                *pred.fin(m),
            ]
        return out

    return Pred(fin, None, lambda t: conj([q.sem(t) for q in preds], "OR" if link == "or" else "AND"))

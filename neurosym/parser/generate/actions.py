"""What is being done in a scene: verbs with objects, particles, places and adverbs.

Knows verb phrases without a subject; who does it stands in `scenery` and `captions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, W, joined, p1, p2
from neurosym.parser.generate.nouns import Body, Words
from neurosym.parser.generate.predicates import DATIVE
from neurosym.parser.generate.scenery import frequent, preposition, thing
from neurosym.parser.lexicon import Verb, invent_verb

# Adverbs of place and company: function words of a kind, shared by all splits.
WHERE = str.split(
    "outdoors indoors outside inside together alone upstairs downstairs nearby away around forward backward "
    "still upright underwater overhead"
)
# Particles that leave a verb a verb of its own: "pick up" picks nothing up-wards.
PARTICLES = str.split("up up down off out on away over back in around apart together")
# Those that may stand after the object: "looks the dog after" is no English.
_SEPARABLE = frozenset(str.split("up down off out on away over back apart together"))


@dataclass(slots=True)
class Action:
    """A verb phrase: its forms, what stands before and after the verb, and what it says of a subject.

    `place` are words that may also open the sentence.
    """

    verb: Verb
    w: W
    sem: Body
    before: Words = field(default_factory=list)
    rest: Words = field(default_factory=list)
    place: Words = field(default_factory=list)
    passive: bool = False


def said_as(act: Action, form: str) -> Words:
    """The verb phrase in a form: a field of `Verb`.  A passive is said as "being" + participle."""
    act.w.text = act.verb.participle if act.passive else getattr(act.verb, form)
    being: Words = ["being"] if act.passive else []
    return [*being, *act.before, act.w, *act.rest, *act.place]


def doing(g: G, transitive: bool) -> Verb:
    """A verb of something that can be seen."""
    if g.p(g.novel * 0.5):
        return invent_verb(g.rng, g.split)
    lex = g.lex
    return frequent(g, lex.seen_transitive if transitive else lex.seen_intransitive, 1.6)


def action(
    g: G,
    pronoun: str,
    *,
    short: bool = False,
    front: bool = False,
    negative: bool = False,
    passive: bool = True,
) -> Action:
    """Playing a cello near the river; picking up a ball; being chased by a dog.

    `pronoun` is the possessive of the subject, empty where there may be none; `short` has one
    object or place at most; `front` has a place that the sentence may open with.
    """
    kind = g.choose(
        (0.11, "vi"), (0.07, "adverb"), (0.17, "where"), (0.05, "two-places"), (0.26, "object"),
        (0.14, "object-where"), (0.07, "particle"), (0.03, "particle-object-where"), (0.02, "up"),
        (0.02, "give"), (0.07 if passive else 0.0, "passive"), (0.03 if passive else 0.0, "passive-by"),
        (0.02 if passive else 0.0, "passive-where"), (0.02, "trying"), (0.015, "object-adverb"),
        (0.025, "object-two-places"),
    )  # fmt: skip
    if front:
        kind = g.choose((0.4, "where"), (0.4, "object-where"), (0.2, "vi"))
    elif short and kind in (
        "two-places",
        "object-two-places",
        "object-where",
        "particle-object-where",
        "give",
    ):
        kind = "where" if g.p(0.4) else "object"
    g.tag(kind)
    w = W()
    head: Tree = ("V", w)
    if kind in ("vi", "adverb", "where", "two-places", "up"):
        return _without_object(g, kind, w, head, pronoun, negative)
    if kind.startswith("passive"):
        return _passive(g, kind, w)
    v, o = doing(g, True), thing(g, pronoun, negative)
    match kind:
        case "object":
            return Action(v, w, lambda t: o.apply(t, lambda u: p2(head, t, u)), rest=o.words)
        case "object-adverb":
            before, after, pred = _adverb(g, head)
            return Action(
                v, w, lambda t: o.apply(t, lambda u: p2(pred, t, u)), before=before, rest=[*o.words, *after]
            )
        case "object-where":
            return _object_where(g, v, w, head, pronoun, negative)
        case "object-two-places":
            return _object_two_places(g, v, w, head, negative)
        case "particle" | "particle-object-where":
            return _particle(g, kind, w, pronoun, negative)
        case "give":
            return _give(g, w, pronoun, negative)
        case _:
            to, inner = W("to"), W(v.base)
            outer = g.pick(_STARTING)
            pred = joined([head, ("P", to), ("V", inner)])
            return Action(
                outer, w, lambda t: o.apply(t, lambda u: p2(pred, t, u)), rest=[to, inner, *o.words]
            )


_STARTING = (
    Verb("try", "tries", "tried", "tried", "trying"),
    Verb("prepare", "prepares", "prepared", "prepared", "preparing"),
)


def _adverb(g: G, head: Tree) -> tuple[Words, Words, Tree]:
    """Slowly before or after the verb: the words before, the words after, the predicate."""
    a = W(g.adverb() if g.p(0.6) else g.pick(WHERE))
    first = a.text.endswith("ly") and g.p(0.45)
    return ([a], [], ("JOIN", head, ("A", a))) if first else ([], [a], ("JOIN", head, ("A", a)))


def _without_object(g: G, kind: str, w: W, head: Tree, pronoun: str, negative: bool) -> Action:
    v = doing(g, False)
    match kind:
        case "vi":
            return Action(v, w, lambda t: p1(head, t))
        case "adverb":
            first, after, slow = _adverb(g, head)
            return Action(v, w, lambda t: p1(slow, t), before=first, rest=after)
        case "up":
            up = W(g.pick(PARTICLES))
            return Action(v, w, lambda t: p1(("JOIN", head, ("P", up)), t), rest=[up])
        case "where":
            before: Words = []
            if g.p(0.12):
                g.tag("adv-where")
                a = W(g.adverb())
                if g.p(0.5):
                    before, head = [a], ("JOIN", head, ("A", a))
                    words, prep = preposition(g, False)
                else:
                    words, prep = preposition(g, False)
                    words, head = [a, *words], ("JOIN", head, ("A", a))
            else:
                words, prep = preposition(g, False)
            o = thing(g, pronoun, negative, where=True)
            pred = ("JOIN", head, prep)
            return Action(
                v, w, lambda t: o.apply(t, lambda u: p2(pred, t, u)), before=before, place=[*words, *o.words]
            )
        case _:
            (a_words, a_prep), (b_words, b_prep) = preposition(g, False), preposition(g, True)
            a_thing, b_thing = thing(g, "", negative, True, True), thing(g, "", negative, True, True)
            pred = joined([head, a_prep, b_prep])
            sem: Body = lambda t: a_thing.apply(  # noqa: E731
                t, lambda u: b_thing.apply(t, lambda r: ("P3", pred, t, u, r))
            )
            return Action(v, w, sem, rest=[*a_words, *a_thing.words, *b_words, *b_thing.words])


def _object_where(g: G, v: Verb, w: W, head: Tree, pronoun: str, negative: bool) -> Action:
    """Playing a cello near the river: play_near(subject, cello, river)."""
    o, (words, prep) = thing(g, pronoun, negative), preposition(g, False)
    there = thing(g, "" if g.p(0.6) else pronoun, negative, where=True, plain=True)
    # What goes "to" somebody is given to them: the receiver needs no name of its own.
    pred = head if _is_to(words) else ("JOIN", head, prep)
    sem: Body = lambda t: o.apply(  # noqa: E731
        t, lambda u: there.apply(t, lambda r: ("P3", pred, t, u, r))
    )
    return Action(v, w, sem, rest=o.words, place=[*words, *there.words])


def _object_two_places(g: G, v: Verb, w: W, head: Tree, negative: bool) -> Action:
    """Playing a cello with Tom in the park: play_with_in(subject, cello, Tom, park)."""
    o = thing(g, "", negative, plain=True)
    (a_words, a_prep), (b_words, b_prep) = preposition(g, False), preposition(g, True)
    a, b = (thing(g, "", negative, where=True, plain=True) for _ in range(2))
    pred = joined([head, a_prep, b_prep])

    def sem(t: Tree) -> Tree:
        def placed(u: Tree) -> Tree:
            return a.apply(t, lambda r: b.apply(t, lambda q: ("P4", pred, t, u, r, q)))

        return o.apply(t, placed)

    return Action(v, w, sem, rest=[*o.words, *a_words, *a.words, *b_words, *b.words])


def _is_to(words: Words) -> bool:
    return len(words) == 1 and isinstance(words[0], W) and words[0].text == "to"


def _particle(g: G, kind: str, w: W, pronoun: str, negative: bool) -> Action:
    """Picking up a ball; picking a ball up; throwing away a ball in the garden."""
    v, texts = g.pick(g.lex.phrasal) if g.lex.phrasal and g.p(0.7) else (doing(g, True), (g.pick(PARTICLES),))
    up = [W(x) for x in texts]
    o = thing(g, pronoun, negative)
    head = joined([("V", w), *(("P", x) for x in up)])
    apart = len(up) == 1 and texts[0] in _SEPARABLE and len(o.words) < 4 and g.p(0.3)
    rest: Words = [*o.words, *up] if apart else [*up, *o.words]
    if kind == "particle":
        return Action(v, w, lambda t: o.apply(t, lambda u: p2(head, t, u)), rest=rest)
    words, prep = preposition(g, True)
    there = thing(g, "", negative, where=True, plain=True)
    pred = ("JOIN", head, prep)
    sem: Body = lambda t: o.apply(  # noqa: E731
        t, lambda u: there.apply(t, lambda r: ("P3", pred, t, u, r))
    )
    return Action(v, w, sem, rest=rest, place=[*words, *there.words])


def _give(g: G, w: W, pronoun: str, negative: bool) -> Action:
    """Giving a dog a bone; giving a bone to a dog."""
    v = g.common(g.lex.ditransitive)
    o, who = thing(g, pronoun, negative), thing(g, "", negative, plain=True)
    first, to = g.p(0.5), W("to")
    rest: Words = [*who.words, *o.words] if first else [*o.words, to, *who.words]
    pred: Tree = ("V", w) if first or v.base in DATIVE else ("JOIN", ("V", w), ("P", to))
    sem: Body
    if first:
        sem = lambda t: who.apply(t, lambda r: o.apply(t, lambda u: ("P3", pred, t, u, r)))  # noqa: E731
    else:
        sem = lambda t: o.apply(t, lambda u: who.apply(t, lambda r: ("P3", pred, t, u, r)))  # noqa: E731
    return Action(v, w, sem, rest=rest)


def _passive(g: G, kind: str, w: W) -> Action:
    """Being sliced; being chased by a dog; being washed in a sink; by a dog in the park."""
    v = doing(g, True)
    if kind == "passive":
        return Action(v, w, lambda t: p1(("A", w), t), passive=True)
    if kind == "passive-by":
        o = thing(g, "")
        if g.p(0.25):
            words, prep = preposition(g, True)
            there = thing(g, "", where=True, plain=True)
            sem: Body = lambda t: o.apply(  # noqa: E731
                t, lambda u: there.apply(t, lambda r: ("P3", ("JOIN", ("T", w), prep), u, t, r))
            )
            return Action(v, w, sem, rest=["by", *o.words, *words, *there.words], passive=True)
        return Action(
            v, w, lambda t: o.apply(t, lambda u: p2(("T", w), u, t)), rest=["by", *o.words], passive=True
        )
    words, prep = preposition(g, True)
    while isinstance(words[0], W) and words[0].text == "by":
        words, prep = preposition(g, True)
    o = thing(g, "", where=True)
    return Action(
        v,
        w,
        lambda t: o.apply(t, lambda u: p2(("JOIN", ("T", w), prep), t, u)),
        rest=[*words, *o.words],
        passive=True,
    )

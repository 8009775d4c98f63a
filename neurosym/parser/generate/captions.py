"""Descriptions of scenes: who is doing what, with what, where.  Knows phrases; must not know rules.

What a picture shows is an event, so its indefinite subjects are existential in the progressive,
bare plurals as well.  A prepositional phrase after a verb belongs to the verb, one before the
verb to its noun, and a participle without a comma to the noun before it.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.actions import Action, action, said_as
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.scenery import NUMBER_WORDS, actor, place_phrase, theirs
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.subjects import Subject, subject

# --- sentences ------------------------------------------------------------------------


def be(g: G, many: bool) -> str:
    return ("were" if many else "was") if g.past else ("are" if many else "is")


def denial(g: G) -> str:
    return "n't" if g.contract and g.p(0.7) else "not"


def progressive(g: G) -> Said:
    """A man in a red shirt is playing a cello near the river; nobody is dancing."""
    g.tag("scene")
    s = subject(g)
    return _continued(g, s)


def _continued(g: G, s: Subject) -> Said:
    settled = s.kind in ("bare", "no", "nobody", "group", "several") or s.np.words[0] == "both"
    negative = not settled and g.p(0.12)
    act = action(g, s.pronoun, negative=negative or s.kind in ("no", "nobody"))
    copula = be(g, s.plural)
    if negative:
        g.tag("not")
        return (
            [*s.np.words, copula, denial(g), *said_as(act, "gerund")],
            s.np.apply(lambda t: ("NOT", act.sem(t))),
        )
    return [*s.np.words, copula, *said_as(act, "gerund")], s.np.apply(act.sem)


def two_actions(g: G) -> Said:
    """A man is sitting on a bench and playing a cello; ... while ...; ..., playing a cello."""
    kind = g.choose((0.45, "and"), (0.15, "and-is"), (0.2, "while"), (0.2, "comma"))
    g.tag(f"scene-{kind}")
    s = subject(g, tuple((w, k) for w, k in _AFFIRMED))
    a, b = action(g, s.pronoun, short=True), action(g, s.pronoun, short=g.p(0.5))
    copula = be(g, s.plural)
    link: dict[str, Words] = {
        "and": ["and"],
        "and-is": ["and", copula],
        "while": ["while"],
        "comma": [","],
    }
    words: Words = [*s.np.words, copula, *said_as(a, "gerund"), *link[kind], *said_as(b, "gerund")]
    return words, s.np.apply(lambda t: ("AND", a.sem(t), b.sem(t)))


_AFFIRMED = (
    (0.5, "a"), (0.1, "bare"), (0.15, "the"), (0.08, "number"), (0.05, "some"), (0.04, "group"),
    (0.06, "name"), (0.02, "someone"),
)  # fmt: skip
_DEFINITE = ((0.55, "a"), (0.25, "the"), (0.1, "number"), (0.1, "name"))


def there(g: G) -> Said:
    """There is a man playing a cello; there are no dogs in the garden; there isn't anybody dancing."""
    kind = g.choose(
        (0.5, "a"), (0.12, "number"), (0.1, "bare"), (0.08, "some"), (0.14, "no"), (0.06, "anybody")
    )
    g.tag(f"there-{kind}")
    v = V()
    many = kind in ("number", "bare", "some") or (kind == "no" and g.p(0.5))
    if kind == "anybody":
        act = action(g, "their", negative=True)
        first: Words = g.pick((["nobody"], ["no", "one"], [denial(g), "anybody"], [denial(g), "anyone"]))
        who: Words = ["who", be(g, False)] if g.p(0.25) else []
        return (
            ["there", be(g, False), *first, *who, *said_as(act, "gerund")],
            ("NOT", exists(v, [], [act.sem(v)])),
        )
    figure = actor(g, plain=g.p(0.5))
    words = figure.words(many)
    tail, sem = _after_there(g, many, theirs(g, many, figure.person), kind == "no")
    body = [*figure.sem(v), *([sem(v)] if sem is not None else [])]
    if not body:  # "there is a person": says nothing of anything
        act = action(g, "their")
        tail, body = said_as(act, "gerund"), [act.sem(v)]
    start: Words = ["there", be(g, many)]
    match kind:
        case "no":
            first = (
                ["no", *words]
                if g.p(0.65)
                else [denial(g), *(["any", *words] if many else indefinite(words))]
            )
            return [*start, *first, *tail], ("NOT", ("EX", v, conj(body)))
        case "number":
            n = W(g.pick(NUMBER_WORDS))
            return [*start, n, *words, *tail], ("ATLEAST", ("Q", n), v, conj(body))
        case "a":
            return [*start, *indefinite(words), *tail], ("EX", v, conj(body))
        case _:
            before: Words = [g.pick(("some", "several"))] if kind == "some" else []
            return [*start, *before, *words, *tail], ("EX", v, conj(body))


def _after_there(
    g: G, many: bool, pronoun: str, negative: bool
) -> tuple[Words, Callable[[Tree], Tree] | None]:
    """Playing a cello; who is playing a cello; in the garden; or nothing."""
    r = g.rng.random()
    if r < 0.55:
        act = action(g, pronoun, negative=negative)
        return said_as(act, "gerund"), act.sem
    if r < 0.72:
        g.tag("there-who")
        act = action(g, pronoun, negative=negative)
        neg: Words = [denial(g)] if not negative and g.p(0.15) else []
        sem = (lambda t: ("NOT", act.sem(t))) if neg else act.sem
        return [g.pick(("who", "that", "that", "which")), be(g, many), *neg, *said_as(act, "gerund")], sem
    if r < 0.93:
        g.tag("there-where")
        return place_phrase(g, pronoun)
    return [], None


def simple_tense(g: G) -> Said:
    """A man plays a cello near the river; two dogs ran through the grass."""
    g.tag("scene-simple")
    s = subject(g, ((0.45, "a"), (0.15, "the"), (0.1, "the-mod"), (0.12, "number"), (0.06, "some"),
                    (0.05, "a-and-a"), (0.04, "group"), (0.03, "someone")))  # fmt: skip
    n = 2 if g.p(0.2) else 1
    acts = [action(g, s.pronoun, short=n > 1, passive=False) for _ in range(n)]
    if n > 1:
        g.tag("two-acts")
    form = "past" if g.past else "base" if s.plural else "s"
    words: Words = list(s.np.words)
    for i, a in enumerate(acts):
        words += [*(["and"] if i else []), *said_as(a, form)]
    return words, s.np.apply(lambda t: conj([a.sem(t) for a in acts]))


def two_scenes(g: G) -> Said:
    """A man is playing a cello and a woman is singing; ... while ...; ... but ..."""
    link = g.choose((0.4, "and"), (0.3, "while"), (0.15, ", and"), (0.08, ";"), (0.07, "but"))
    g.tag(f"scenes-{link.strip(', ')}")
    kinds = (*_AFFIRMED, (0.04, "no"), (0.03, "nobody"))
    parts: list[Said] = []
    for _ in range(2):
        s = subject(g, kinds)
        act = action(g, s.pronoun, short=True, negative=s.kind in ("no", "nobody"))
        parts.append(([*s.np.words, be(g, s.plural), *said_as(act, "gerund")], s.np.apply(act.sem)))
    (a, t), (b, u) = parts
    if link == "while" and g.p(0.3):
        return ["while", *b, ",", *a], ("AND", u, t)
    return [*a, *link.split(), *b], ("AND", t, u)


def fronted(g: G) -> Said:
    """In the garden, a man is playing a cello; wearing a hat, a woman is dancing; there, "on a bench"."""
    s = subject(g, _DEFINITE)
    act = action(g, s.pronoun, front=True)
    comma: Words = [","] if g.p(0.75) else []
    if act.place:
        g.tag("fronted-place")
        start = act.place
        act.place = []
        return (
            [*start, *comma, *s.np.words, be(g, s.plural), *said_as(act, "gerund")],
            s.np.apply(act.sem),
        )
    g.tag("fronted-act")
    other = action(g, s.pronoun, short=True)
    return (
        [*said_as(other, "gerund"), ",", *s.np.words, be(g, s.plural), *said_as(act, "gerund")],
        s.np.apply(lambda t: ("AND", other.sem(t), act.sem(t))),
    )


def located(g: G) -> Said:
    """Two dogs are in the water; on the table is a cup; in the garden there is a tree."""
    if g.p(0.5):
        g.tag("located")
        s = subject(g, ((0.25, "the"), (0.15, "the-mod"), (0.25, "number"), (0.15, "some"), (0.2, "a")))
        words, sem = place_phrase(g, s.pronoun)
        if s.kind != "number" and g.p(0.12):
            g.tag("not")
            return [*s.np.words, be(g, s.plural), denial(g), *words], s.np.apply(lambda t: ("NOT", sem(t)))
        return [*s.np.words, be(g, s.plural), *words], s.np.apply(sem)
    g.tag("where-first")
    v, figure = V(), actor(g, plain=True, need=True, thing=g.p(0.6))
    words, sem = place_phrase(g, "")
    many = g.p(0.3)
    said = figure.words(many)
    first: Words = said if many else indefinite(said)
    link: Words = [*([","] if g.p(0.3) else []), "there"] if g.p(0.6) else []
    return [*words, *link, be(g, many), *first], exists(v, [*figure.sem(v), sem(v)])


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.5, progressive),
    (0.12, two_actions),
    (0.13, there),
    (0.09, simple_tense),
    (0.06, two_scenes),
    (0.05, fronted),
    (0.05, located),
)


# --- whole sentences ------------------------------------------------------------------


def fragment(g: G) -> tuple[Words, Tree, str]:
    """A man in a hat playing a cello: a caption without a verb of its own."""
    g.tag("scene-fragment")
    s = subject(
        g, ((0.5, "a"), (0.15, "number"), (0.15, "bare"), (0.1, "group"), (0.05, "some"), (0.05, "a-and-a"))
    )
    act = action(g, s.pronoun)
    return [*s.np.words, *said_as(act, "gerund")], ("FACT", s.np.apply(act.sem)), "."


def asked(g: G) -> tuple[Words, Tree, str]:
    """Is a man playing a cello?  Are there any dogs running?  Is anybody dancing?"""
    if g.p(0.3):
        g.tag("ask-scene-there")
        v, many = V(), g.p(0.5)
        figure = actor(g, plain=g.p(0.6))
        act = action(g, theirs(g, many, figure.person))
        words = figure.words(many)
        first: Words = ["any", *words] if many else indefinite(words)
        return (
            [be(g, many), "there", *first, *said_as(act, "gerund")],
            ("ASK", exists(v, figure.sem(v), [act.sem(v)])),
            "?",
        )
    if g.p(0.12):
        g.tag("ask-scene-anybody")
        act, v = action(g, "their"), V()
        return (
            [be(g, False), g.pick(("anybody", "anyone", "someone")), *said_as(act, "gerund")],
            ("ASK", exists(v, [], [act.sem(v)])),
            "?",
        )
    g.tag("ask-scene")
    s = subject(
        g, ((0.35, "a"), (0.2, "the"), (0.15, "the-mod"), (0.1, "number"), (0.1, "a-and-a"), (0.1, "name"))
    )
    act = action(g, s.pronoun)
    return [be(g, s.plural), *s.np.words, *said_as(act, "gerund")], ("ASK", s.np.apply(act.sem)), "?"


def asked_who(g: G) -> tuple[Words, Tree, str]:
    """Who is playing a cello?  Which dogs are running?  How many men are dancing?"""
    v = V()
    act: Action
    if g.p(0.45):
        g.tag("who-scene")
        act = action(g, g.pick(("his", "her", "their")))
        return (
            [g.pick(("who", "who", "what")), be(g, False), *said_as(act, "gerund")],
            ("WH", v, act.sem(v)),
            "?",
        )
    many = g.p(0.5)
    figure = actor(g, plain=g.p(0.7), need=True)
    act = action(g, theirs(g, many, figure.person))
    if g.p(0.35):
        g.tag("how-many-scene")
        return (
            ["how", "many", *figure.words(True), be(g, True), *said_as(act, "gerund")],
            ("HOWMANY", v, conj([*figure.sem(v), act.sem(v)])),
            "?",
        )
    g.tag("which-scene")
    return (
        ["which", *figure.words(many), be(g, many), *said_as(act, "gerund")],
        ("WH", v, conj([*figure.sem(v), act.sem(v)])),
        "?",
    )


SENTENCES: tuple[tuple[float, Callable[[G], tuple[Words, Tree, str]]], ...] = (
    (0.35, fragment),
    (0.45, asked),
    (0.2, asked_who),
)

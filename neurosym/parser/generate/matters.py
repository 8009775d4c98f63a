"""What else a sentence about relatives says: why, what for, where, and what happened before.

Knows pieces of sentences about anything but people; none of them is read.  Must not know kinship.
"""

from __future__ import annotations

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.happenings import TIMES, Doer, conjugated, filled, happening, thing
from neurosym.parser.generate.households import Whole, told
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.people import Scene

IT = Doer(False, False, "it", "its")
BECAUSE = (
    "because",
    "since",
    "as",
    "although",
    "even though",
    "while",
    "when",
    "until",
    "once",
    "after",
    "so",
)
ASIDES = (
    "as always", "of all people", "no less", "as it happens", "believe it or not", "for once", "in the rain",
    "against all advice", "with great care", "without a word", "for the third time", "in spite of the noise",
    "a little too early", "all the way from {p}", "on the way to {p}", "instead of {n}",
    "with {n} in the back",
)  # fmt: skip


def tense_of(g: G) -> str:
    return g.choose((0.68, "past"), (0.26, "present"), (0.03, "was"), (0.03, "perfect"))


def matter(g: G, who: Doer, tense: str, often: float = 0.6) -> Words:
    """Why, what for, where, and what else happened: any number of such pieces, none of them about people."""
    words: Words = []
    while g.p(often):
        often *= 0.45
        kind = g.choose(
            (0.25, "purpose"),
            (0.3, "cause"),
            (0.15, "aside"),
            (0.1, "which"),
            (0.12, "doing"),
            (0.08, "then"),
        )
        g.tag(f"matter-{kind}")
        match kind:
            case "purpose":
                verb = g.transitive().base
                lead = g.pick(("to", "to", "in order to", "hoping to", "only to", "so as not to")).split()
                words += [*lead, verb, *thing(g, who.his), *somewhere_else(g)]
            case "cause":
                comma: Words = [","] if g.p(0.3) else []
                words += [*comma, *g.pick(BECAUSE).split(), *thing(g), *happening(g, IT, None, tense)]
            case "aside":
                comma = [","] if g.p(0.5) else []
                words += [*comma, *filled(g, who, g.pick(ASIDES).split(), None), *comma]
            case "which":
                does = conjugated(g.transitive().base, "past" if tense == "past" else "present", IT)
                words += [",", "which", *does, *thing(g)]
            case "doing":
                words += [
                    ",",
                    *conjugated(g.transitive().base, "gerund", who),
                    *thing(g, who.his),
                    *somewhere_else(g),
                ]
            case _:
                link = g.pick(("and", "but", "and then", "and never")).split()
                words += [*link, *happening(g, who, None, tense)]
    return words


def somewhere_else(g: G) -> Words:
    r = g.rng.random()
    if r < 0.3:
        return [g.pick(("in", "at", "near", "behind")), "the", g.known_noun().one]
    return [*g.pick(TIMES).split()] if r < 0.5 else []


def before_it(g: G) -> Words:
    """Something that happened first, to nobody."""
    if not g.p(0.2):
        return []
    g.tag("matter-first")
    if g.p(0.4):
        return [*g.pick(TIMES).split(), ","]
    return [
        *g.pick(("when", "because", "after", "although")).split(),
        *thing(g),
        *happening(g, IT, None, "past"),
        ",",
    ]


def end(sc: Scene, words: Words, who: Doer, tense: str, often: float = 0.6) -> Whole:
    """The sentence, with more matter after it and at times some before it."""
    words = [*before_it(sc.g), *words, *matter(sc.g, who, tense, often)]
    if len(words) < 10 and all(t[0] == "EX" for t in sc.facts):
        raise Retry  # "Ann likes her mother" is read in full
    return told(sc, words)

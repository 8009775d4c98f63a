"""Names made of common words, numbers and letters; what a compound has before its last noun.

Knows words of the lexicon; must not know noun phrases.
"""

from __future__ import annotations

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import W

EVENTS = ("Games", "Festival", "Cup", "Fair", "Expo", "Conference", "Marathon", "Awards", "Olympics", "Prize")


def before_noun(g: G) -> list[W]:
    """Gold medal (winner); Oslo (dormitory); Nordwind-747 (plane); Grand Kettle (umpire)."""
    kind = g.choose((0.6, "noun"), (0.17, "nouns"), (0.13, "name"), (0.05, "number"), (0.05, "capital"))
    g.tag("compound" if kind == "noun" else f"compound-{kind}")
    match kind:
        case "noun":
            return [W(g.noun().one)]
        case "nouns":
            return [W(g.noun().one), W(g.noun().one)]
        case "name":
            first = W(g.pick((g.place(), g.place(), g.pick(g.lex.organizations), g.surname())))
            return [first, W(g.noun().one)] if g.p(0.25) else [first]
        case "capital":
            return [W(_capital(g)) for _ in range(1 if g.p(0.4) else 2)]
        case _:
            return [W(f"{g.pick(g.lex.organizations)}-{g.rng.randint(2, 900)}" if g.p(0.5) else code(g))]


def code(g: G) -> str:
    """X9, A-201, K-12."""
    return f"{g.pick('ABCDEFGHKLMRSTVXZ')}{'-' if g.p(0.4) else ''}{g.rng.randint(1, 999)}"


def title(g: G) -> tuple[list[str], list[W]]:
    """Model 3; the 1992 Lund Games; X9; Bright Kite; The Art of Rain; Kettle: its article, and the name."""
    kind = g.choose(
        (0.17, "number"), (0.16, "event"), (0.12, "code"), (0.22, "title"), (0.12, "of"), (0.11, "nick"),
        (0.1, "letters"),
    )  # fmt: skip
    g.tag(f"titled-{kind}")
    noun, before = _capital(g), list[str]()
    match kind:
        case "number":
            words = [noun, str(g.rng.randint(2, 99))]
            words[:0] = [g.adjective().base.capitalize()] if g.p(0.3) else []
        case "event":
            where = [g.place()] if g.p(0.8) else [g.adjective().base.capitalize()]
            words = [*([str(g.rng.randint(1900, 2030))] if g.p(0.6) else []), *where, g.pick(EVENTS)]
            if g.p(0.2):
                words.insert(-1, noun)
            before = ["the"]
        case "code":
            words = [code(g)]
        case "letters":  # DT Kettle, the UVT Lund
            letters = "".join(g.pick("BCDEFGHKLMNPRSTUV") for _ in range(2 if g.p(0.5) else 3))
            words = [letters, g.pick((g.place(), g.surname(), noun))]
            if g.p(0.2):
                words = [letters]
            before = ["the"] if len(words) > 1 and g.p(0.3) else []
        case "title":
            words = [g.adjective().base.capitalize() if g.p(0.5) else _capital(g), noun]
            words = ["The", *words] if g.p(0.4) else words
        case "of":
            words = [noun, "of", *(["the"] if g.p(0.3) else []), _capital(g)]
            words = ["The", *words] if g.p(0.4) else words
        case _:
            words = [g.noun().many.capitalize() if g.p(0.3) else noun]
    return before, [W(w) for w in words]


def _capital(g: G) -> str:
    return g.noun().one.capitalize()

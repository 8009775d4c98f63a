"""Names of organizations, products and landmarks.  Must not know what is said of them."""

from __future__ import annotations

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import W, entity
from neurosym.parser.generate.nouns import NP, Words

# What the names of organizations and places of several words end in; shared by all splits.
INSTITUTIONS = str.split(
    "University Institute Bank Group Foundation Society Library Museum Hospital Airlines Motors Press "
    "Records Studios Systems Industries Holdings Partners Association Council Ministry Academy College "
    "School Park Company Corporation Agency Committee Union League Club Church Theatre Hotel"
)


def company(g: G) -> NP:
    """Nordwind; Kowalski Bank; the Oslo Institute; the Quillon Soundbar; Lake Geneva."""
    kind = g.choose((0.3, "one"), (0.3, "of"), (0.2, "product"), (0.2, "landmark"))
    g.tag(f"named-{kind}")
    before: Words = ["the"] if g.p(0.25) and kind != "one" else []
    match kind:
        case "one":
            words = [g.pick(g.lex.organizations)]
        case "of":
            first = g.pick((g.pick(g.lex.organizations), g.surname(), g.place()))
            words = [first, g.pick(INSTITUTIONS)]
        case "product":
            words = [g.pick(g.lex.products)]
            if g.p(0.5):
                words = [g.pick(g.lex.organizations), *words]
        case _:
            words = list(g.pick(g.lex.landmarks))
    ws = [W(w) for w in words]
    term = entity("E", ws)
    return NP([*before, *ws], False, lambda said: said(term), term)

"""Relatives as noun phrases: her son Tim; Tim, the son of Ann; his sister's husband Bob.

Knows relation nouns and how they stand beside names; must not know what the relatives do.
noun(x, y): x is the noun of y.  Facts stand in the order of their nouns.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, exists, joined, p2
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import ABSOLUTE, POSSESSIVE, Person, Scene
from neurosym.parser.morphology import plural

# Whom a noun is said of, by gender.
NEAR = {
    "f": "mother daughter sister wife grandmother granddaughter aunt niece",
    "m": "father son brother husband grandfather grandson uncle nephew",
    "t": "parent child sibling spouse grandparent grandchild cousin",
}
SPOKEN = {"f": "mom mum grandma granny mommy", "m": "dad grandpa daddy granddad", "t": "kid cousin"}
IN_LAW = {"f": "mother sister daughter", "m": "father brother son", "t": "parent"}
# Who else belongs to somebody: read in the same way, so that the noun and not its meaning decides.
OTHERS = str.split("friend neighbor colleague boss teacher roommate student coach partner rival assistant")
SINGLE = frozenset(str.split("mother father husband wife spouse mom mum dad mommy daddy boss coach partner"))
TITULAR = frozenset(str.split("aunt uncle grandma grandpa granny cousin grandmother grandfather"))
BEFORE = str.split(
    "older younger little big only favorite dear late beloved twin oldest youngest eldest elder new own "
    "beautiful wonderful estranged"
)


AFTER = (
    "of ten years", "from the city", "with the red hair", "from abroad", "in the navy", "next door",
    "of many years", "on the farm", "at college",
)  # fmt: skip


class Kin:
    """A relation noun under construction: its words, and whom it may be said of."""

    __slots__ = ("gender", "neutral", "pointer", "words")

    def __init__(self, gender: str, words: Words, pointer: Tree, neutral: bool = False) -> None:
        self.gender, self.words, self.pointer, self.neutral = gender, words, pointer, neutral


def relation(g: G, gender: str = "", many: bool = False, owner: str = "", family: bool = False) -> Kin:
    """A noun for somebody of that gender ("" leaves it open); `owner`: the gender of the other one."""
    gender = gender if gender in ("f", "m") else g.pick("fm")
    r = g.rng.random()
    if not many and r < 0.09:
        first = W(g.pick(IN_LAW[gender].split()))
        if g.p(0.6):
            first.text += "-in-law"
            return Kin(gender, [first], ("N", first))
        inside, law = W("in"), W("law")
        return Kin(gender, [first, inside, law], joined([("N", first), ("P", inside), ("N", law)]))
    if family and 0.09 <= r < 0.13:
        r = 1.0
    neutral = r < 0.13 or g.p(0.14)
    w = W()
    if r < 0.13:
        w.text = g.pick(OTHERS)
    elif r < 0.21:
        w.text = g.pick(SPOKEN["t" if neutral else gender].split())
    else:
        w.text = g.pick(NEAR["t" if neutral else gender].split())
        while w.text in ("husband", "wife") and owner == gender and g.p(0.9):
            w.text = g.pick(NEAR[gender].split())
    if many:
        while w.text in SINGLE:
            w.text, neutral = g.pick(NEAR[gender].split()), False
        w.text = plural(w.text)
    return Kin(gender, [w], ("N", w), neutral)


def owner_gender(owners: Sequence[Person]) -> str:
    return owners[0].gender if len(owners) == 1 else ""


# --- whose -----------------------------------------------------------------------------


def possessor(sc: Scene, besides: Sequence[Person] = (), fresh: float = 0.2) -> tuple[Words, list[Person]]:
    """Her, Ann's, Tom and Ann's, their: with the sign of possession."""
    g = sc.g
    here = [p for p in sc.here() if p not in besides and (p.texts or sc.clear(p, besides))]
    pair = [p for p in sc.subjects if p.texts and p not in besides]
    if len(pair) == 2 and g.p(0.6):
        g.tag("their")
        return ["their"], pair
    if here and not g.p(fresh):
        # What a clause says is mostly about its subject.
        p = g.pick(sc.subjects) if sc.subjects and sc.subjects[0] in here and g.p(0.65) else g.pick(here)
        pronoun = not p.texts or (g.p(0.92) and sc.clear(p, besides))
        g.tag("own-pro" if pronoun else "own-again")
        return (sc.by_pronoun(p, POSSESSIVE) if pronoun else [*sc.by_name(p), apostrophe(p)]), [p]
    if not here and g.p(0.18):
        p = sc.outside()
        if sc.clear(p):
            g.tag(f"own-out-{p.gender}")
            return sc.by_pronoun(p, POSSESSIVE), [p]
    p = sc.invent()
    if g.p(0.06):
        q = sc.invent()
        if q.texts[0] != p.texts[0]:
            g.tag("own-two")
            first = sc.by_name(p)
            return [*first, "and", *sc.by_name(q), apostrophe(q)], [p, q]
    g.tag("own-name")
    return [*sc.by_name(p), apostrophe(p)], [p]


def apostrophe(p: Person) -> str:
    return "'" if p.texts[-1].endswith("s") and len(p.texts[-1]) % 2 else "'s"


def relate(sc: Scene, k: Kin, people: Sequence[Tree], owners: Sequence[Person]) -> None:
    sc.facts += [p2(k.pointer, t, o.tree) for t in people for o in owners]


def repeats(facts: Sequence[Tree]) -> bool:
    """Is a fact said twice, whichever mentions it points at?"""
    spelt = [_spelt(t) for t in facts]
    return len(set(spelt)) < len(spelt)


def _spelt(tree: Tree) -> str:
    if isinstance(tree, tuple):
        return " ".join(_spelt(t) for t in tree)
    return tree.text if isinstance(tree, W) else "v" if isinstance(tree, V) else str(tree)


def adjective(g: G) -> Words:
    if not g.p(0.13):
        return []
    g.tag("adj")
    return [g.pick(BEFORE) if g.p(0.7) else g.adjective().base]


# --- relatives -------------------------------------------------------------------------


def relative(
    sc: Scene, depth: int = 0, commas: bool = True, fresh: float = 0.2
) -> tuple[Words, list[Person]]:
    """Her son Tim; Tim, Ann's son,; the sister of Tom, Eve; her sisters Ann and Eve; her mother."""
    g = sc.g
    kind = g.choose(
        (0.5, "before"), (0.13, "after"), (0.05, "of"), (0.04, "who"), (0.02, "bracket"), (0.07, "unnamed"),
        (0.06, "chain"), (0.08, "several"), (0.05, "both"), (0.04, "and"), (0.03, "whose"), (0.02, "twofold"),
        (0.03, "hers"), (0.02, "one-of"),
    )  # fmt: skip
    if depth and kind in ("chain", "several", "both", "and"):
        kind = "before"
    g.tag(f"kin-{kind}")
    comma: Words = [","] if commas and g.p(0.35) else []
    if kind in ("after", "who", "bracket", "whose", "twofold"):
        return renamed(sc, kind)
    if kind in ("hers", "one-of"):
        return one_of(sc, kind, comma, fresh)
    if kind == "and":
        first, some = relative(sc, 1, commas=False, fresh=fresh)
        second, more = relative(sc, 1, commas=False, fresh=0.0)
        return [*first, "and", *second], [*some, *more]
    if kind == "chain":
        return chain(sc, fresh)
    if kind == "several":
        return several(sc, comma, fresh)
    if kind == "of":
        return kin_of(sc, depth, comma)
    whose, owners = possessor(sc, (), fresh)
    k = relation(g, "", owner=owner_gender(owners), family=kind == "unnamed")
    words: Words = [*whose, *adjective(g), *k.words]
    if kind == "unnamed":
        v = V()
        sc.facts += [exists(v, [p2(k.pointer, v, o.tree) for o in owners])]
        return words, []
    if kind == "both":  # her son and daughter, Tim and Eve
        other = relation(g, "f" if k.gender == "m" else "m", owner=owner_gender(owners))
        p, q = named(sc, k.gender), sc.invent(other.gender)
        if p is q:
            raise Retry
        first = sc.by_name(p)
        again = sc.by_name(q)
        relate(sc, k, [p.tree], owners)
        relate(sc, other, [q.tree], owners)
        return [*words, "and", *other.words, *comma, *first, "and", *again, *comma], [p, q]
    p = named(sc, k.gender)
    called: Words = [g.pick(("named", "called"))] if g.p(0.02) else []
    if g.p(0.04) and not called:
        g.tag("postmodified")
        words, comma = [*words, *g.pick(AFTER).split()], [","]
    noun = k.words[0]
    if not called and not comma and isinstance(noun, W) and noun.text in TITULAR and g.p(0.2):
        noun.text = noun.text.capitalize()  # his Uncle Bob
    words = [*words, *(called or comma), *sc.by_name(p), *comma]
    relate(sc, k, [p.tree], owners)
    return words, [p]


def named(sc: Scene, gender: str) -> Person:
    p = sc.invent(gender)
    p.telling = True
    return p


def renamed(sc: Scene, kind: str) -> tuple[Words, list[Person]]:
    """Tim, Ann's son,; Tim, who is her son,; Tim (her son); Tim, the son of Ann."""
    g = sc.g
    p = sc.invent()
    first = sc.by_name(p)
    if kind == "whose":  # Tim, whose mother is Ann,
        k = relation(g, owner=p.gender)
        q = sc.invent(k.gender)
        be: Words = ["is"] if g.p(0.8) else ["was"]
        inner = [*k.words, *be, *sc.by_name(q)]
        if g.p(0.3):
            inner = [*k.words, *be, g.pick(("named", "called")), *sc.by_name(q)]
        relate(sc, k, [q.tree], [p])
        return [*first, ",", "whose", *inner, ","], [p]
    words = whose_kin(sc, p)
    if kind == "twofold":
        return [*first, ",", *words, "and", *whose_kin(sc, p), ","], [p]
    if kind == "bracket":
        if g.p(0.3):
            return [*first, "--", *words, "--"], [p]
        return [*first, "(", *words, ")"], [p]
    who: Words = ["who", g.pick(("is", "is", "was"))] if kind == "who" else []
    return [*first, ",", *who, *words, ","], [p]


def whose_kin(sc: Scene, p: Person, plain: bool = False) -> Words:
    """Ann's son; the son of Ann; her son: what `p`, mentioned already, is."""
    g = sc.g
    if g.p(0.7):
        whose, owners = possessor(sc, (p,))
        k = relation(g, p.gender, owner=owner_gender(owners))
        words: Words = [*whose, *([] if plain else adjective(g)), *k.words]
    else:
        k = relation(g, p.gender)
        back = [q for q in sc.here() if q is not p and q.texts]
        o = g.pick(back) if back and g.p(0.4) else sc.invent()
        owners = [o]
        words = [*g.choose((0.8, ["the"]), (0.2, [])), *k.words, "of", *sc.by_name(o)]
    p.telling = True
    relate(sc, k, [p.tree], owners)
    return words


def kin_of(sc: Scene, depth: int, comma: Words) -> tuple[Words, list[Person]]:
    """The mother of Tom, Ann,; the husband of her sister Eve; the mother of Tom."""
    g = sc.g
    k = relation(g, family=True)
    before = len(sc.facts)
    if depth == 0 and g.p(0.4):
        inner, owners = relative(sc, 1, commas=False)
        if not owners:
            raise Retry
    else:
        o = sc.invent()
        inner, owners = sc.by_name(o), [o]
    words: Words = ["the", *k.words, "of", *inner]
    if g.p(0.5):
        v = V()
        sc.facts.insert(before, exists(v, [p2(k.pointer, v, o.tree) for o in owners]))
        return words, []
    p = named(sc, k.gender)
    words += [",", *sc.by_name(p), *(comma or [","])]
    sc.facts[before:before] = [p2(k.pointer, p.tree, o.tree) for o in owners]
    return words, [p]


def chain(sc: Scene, fresh: float) -> tuple[Words, list[Person]]:
    """Tim's sister's husband Bob; Tim's sister Eve's husband Bob; her mother's sister."""
    g = sc.g
    whose, owners = possessor(sc, (), fresh)
    k = relation(g, "", owner=owner_gender(owners), family=True)
    k2 = relation(g, "", owner=k.gender, family=True)
    words: Words = [*whose, *k.words]
    if g.p(0.45):
        p = named(sc, k.gender)
        words += [*sc.by_name(p), apostrophe(p), *k2.words]
        relate(sc, k, [p.tree], owners)
        q = named(sc, k2.gender)
        words += sc.by_name(q)
        relate(sc, k2, [q.tree], [p])
        return words, [q]
    v, u = V(), V()
    words += ["'s", *k2.words]
    mine = [p2(k.pointer, v, o.tree) for o in owners]
    if g.p(0.25):
        sc.facts.append(exists(v, [*mine, exists(u, [p2(k2.pointer, u, v)])]))
        return words, []
    q = named(sc, k2.gender)
    words += [*g.choose((0.7, []), (0.3, [","])), *sc.by_name(q)]
    sc.facts.append(exists(v, [*mine, p2(k2.pointer, q.tree, v)]))
    return words, [q]


def several(sc: Scene, comma: Words, fresh: float) -> tuple[Words, list[Person]]:
    """Her sisters Ann and Eve; his sons, Tim, Bob and Max; their children."""
    g = sc.g
    whose, owners = possessor(sc, (), fresh)
    k = relation(g, "", many=True, owner=owner_gender(owners))
    count: Words = ["two"] if g.p(0.1) else []
    n = 2 if count or g.p(0.75) else 3
    group = [named(sc, "" if k.neutral else k.gender) for _ in range(n)]
    if len({p.texts[0] for p in group}) < n:
        raise Retry
    words: Words = [
        *whose,
        *count,
        *adjective(g),
        *k.words,
        *comma,
        *listing(g, [sc.by_name(p) for p in group]),
    ]
    relate(sc, k, [p.tree for p in group], owners)
    return [*words, *comma], group


def one_of(sc: Scene, kind: str, comma: Words, fresh: float) -> tuple[Words, list[Person]]:
    """A cousin of hers, Tim; a friend of Ann's named Tim; one of her sons, Tim."""
    g = sc.g
    if kind == "one-of":
        whose, owners = possessor(sc, (), fresh)
        k = relation(g, "", many=True, owner=owner_gender(owners))
        words: Words = ["one", "of", *whose, *k.words]
    else:
        here = [p for p in sc.here() if sc.clear(p)]
        k = relation(g)
        words = [*indefinite([*adjective(g), *k.words]), "of"]
        if here and g.p(0.6):
            o = g.pick(here)
            words += sc.by_pronoun(o, ABSOLUTE)
        else:
            o = sc.invent()
            words += [*sc.by_name(o), apostrophe(o)]
        owners = [o]
    p = named(sc, k.gender)
    if g.p(0.3):
        words = [*words, g.pick(("named", "called")), *sc.by_name(p)]
    else:
        words = [*words, ",", *sc.by_name(p), ","]
    relate(sc, k, [p.tree], owners)
    return words, [p]


def listing(g: G, items: Sequence[Words]) -> Words:
    out: Words = []
    oxford = len(items) > 2 and g.p(0.4)
    for i, words in enumerate(items):
        if i:
            out += (([","] if oxford else []) + ["and"]) if i == len(items) - 1 else [","]
        out += words
    return out

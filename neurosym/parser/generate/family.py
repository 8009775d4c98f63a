"""Kinship said outright: Ann is Tim's mother; Ann has a son named Tim; who is Tim's aunt?

Knows sentences whose whole meaning is who is whose relative; the noun phrases come from
`relatives`.
"""

from __future__ import annotations

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W, conj, exists, p2
from neurosym.parser.generate.nouns import Words, indefinite
from neurosym.parser.generate.people import SUBJECT, Person, Scene, tidy
from neurosym.parser.generate.relatives import (
    apostrophe,
    listing,
    owner_gender,
    possessor,
    relate,
    relation,
    relative,
    repeats,
    whose_kin,
)
from neurosym.parser.generate.sentences import Said
from neurosym.parser.morphology import plural


def direct(g: G) -> Said:
    """Kinship and nothing else: Ann is Tim's mother; Tim's mother is called Ann; Ann has a son named Tim."""
    sc = Scene(g)
    kind = g.choose(
        (0.2, "is"), (0.12, "inverse"), (0.16, "has"), (0.06, "has-one"), (0.08, "mutual"), (0.1, "of-two"),
        (0.08, "chain"), (0.08, "several"), (0.05, "one-of"), (0.07, "two-facts"), (0.05, "pair"),
        (0.06, "aside"),
    )  # fmt: skip
    g.tag(f"kin-{kind}")
    be = "was" if g.p(0.12) else "is"
    makers = {
        "is": _is, "inverse": _inverse, "has": _has, "has-one": _has_one, "mutual": _mutual,
        "of-two": _of_two, "chain": _chain_is, "several": _several_are, "one-of": _one_of,
        "two-facts": _two_facts, "pair": _pair, "aside": _aside,
    }  # fmt: skip
    words, tree = makers[kind](sc, be)
    # In full means that no adjective is left out.
    if repeats(sc.facts) or {"adj", "postmodified"} & set(g.tags):
        raise Retry
    return words, tree


def _one(sc: Scene) -> tuple[Words, Person]:
    """Somebody by name, or by a pronoun that an earlier sentence explains."""
    p = sc.outside() if sc.g.p(0.12) else sc.invent()
    while p.gender in ("t", "w"):
        p = sc.outside()
    words = sc.by_name(p) if p.texts else sc.by_pronoun(p, SUBJECT)
    sc.subjects = (p,)
    return words, p


def _am(p: Person, be: str) -> str:
    return "am" if p.gender == "i" and be == "is" else be


def _is(sc: Scene, be: str) -> Said:
    g = sc.g
    subject, p = _one(sc)
    words = whose_kin(sc, p, plain=True)
    fact = conj(sc.facts)
    if g.p(0.15) and len(sc.facts) == 1:
        g.tag("not")
        return [*subject, _am(p, be), "not", *words], ("NOT", fact)
    if g.p(0.12):
        g.tag("also")
        words.insert(0, g.pick(("also", "therefore")))
    return [*subject, _am(p, be), *words], fact


def _inverse(sc: Scene, be: str) -> Said:
    """Tim's mother is Ann; the name of Tim's mother is Ann; his mother is called Ann."""
    g = sc.g
    whose, owners = possessor(sc, (), 0.5)
    k = relation(g, owner=owner_gender(owners))
    p = sc.invent(k.gender)
    words: Words = [*whose, *k.words]
    r = g.rng.random()
    if r < 0.2:
        words = ["the", "name", "of", *words, be]
    elif r < 0.4:
        words += [be, g.pick(("called", "named"))]
    elif r < 0.5:
        words += ["'s", "name", be]
    else:
        words.append(be)
    words += sc.by_name(p)
    relate(sc, k, [p.tree], owners)
    return words, conj(sc.facts)


def _has(sc: Scene, be: str) -> Said:
    """Ann has a son named Tim and a daughter, Eve."""
    g = sc.g
    subject, p = _one(sc)
    owners = [p]
    if g.p(0.2) and p.texts:  # Ann and Bob have a daughter, Eve
        q = sc.invent()
        subject, owners = [*subject, "and", *sc.by_name(q)], [p, q]
    many = len(owners) > 1 or p.gender == "i"
    words: Words = [*subject, "had" if be == "was" else "have" if many else "has"]
    n = g.choose((0.7, 1), (0.25, 2), (0.05, 3))
    items = []
    for _ in range(n):
        k = relation(g, owner=owner_gender(owners))
        q = sc.invent(k.gender)
        called: Words = g.choose(
            (0.36, ["named"]),
            (0.28, ["called"]),
            (0.2, [","]),
            (0.08, ["whose", "name", "is"]),
            (0.08, ["by", "the", "name", "of"]),
        )
        items.append([*indefinite(k.words), *called, *sc.by_name(q), *([","] if called == [","] else [])])
        relate(sc, k, [q.tree], owners)
    return tidy([*words, *listing(g, items)]), conj(sc.facts)


def _has_one(sc: Scene, be: str) -> Said:
    """Ann has a sister; Ann has no brother; Ann does not have a brother."""
    g = sc.g
    subject, p = _one(sc)
    k, v = relation(g, owner=p.gender), V()
    fact = exists(v, [p2(k.pointer, v, p.tree)])
    first = p.gender == "i"
    have = "had" if be == "was" else "have" if first else "has"
    r = g.rng.random()
    if r < 0.6:
        return [*subject, have, *indefinite(k.words)], fact
    if r < 0.8:
        return [*subject, have, "no", *k.words], ("NOT", fact)
    do = "did" if be == "was" else "do" if first else "does"
    return [*subject, do, g.pick(("not", "n't")), "have", *indefinite(k.words)], ("NOT", fact)


def _mutual(sc: Scene, be: str) -> Said:
    """Ann and Tom are siblings."""
    p = sc.invent()
    first = sc.by_name(p)
    q = sc.invent(p.gender)
    nouns = "sister sibling cousin" if p.gender == "f" else "brother sibling cousin"
    w = W(plural(sc.g.pick(nouns.split())))
    words: Words = [*first, "and", *sc.by_name(q), "were" if be == "was" else "are", w]
    return words, ("AND", p2(("N", w), p.tree, q.tree), p2(("N", w), q.tree, p.tree))


def paired(sc: Scene, p: Person, q: Person) -> Words:
    """Mother and son; husband and wife: what `p` and `q`, mentioned already, are to each other."""
    options = PAIRS[p.gender + q.gender]
    first, second = sc.g.pick(options).split()
    w, u = W(first), W(second)
    sc.facts += [p2(("N", w), p.tree, q.tree), p2(("N", u), q.tree, p.tree)]
    p.telling = q.telling = True
    return [w, "and", u]


PAIRS = {
    "ff": ("mother daughter", "daughter mother", "aunt niece", "niece aunt", "grandmother granddaughter"),
    "mm": ("father son", "son father", "uncle nephew", "nephew uncle", "grandfather grandson"),
    "fm": ("mother son", "wife husband", "sister brother", "aunt nephew", "daughter father", "niece uncle"),
    "mf": (
        "father daughter",
        "husband wife",
        "brother sister",
        "uncle niece",
        "son mother",
        "grandson grandmother",
    ),
}


def _pair(sc: Scene, be: str) -> Said:
    """Ann and Tim are mother and son."""
    p = sc.invent()
    first = sc.by_name(p)
    q = sc.invent()
    both: Words = [*first, "and", *sc.by_name(q), "were" if be == "was" else "are"]
    words = [*both, *paired(sc, p, q)]
    return words, conj(sc.facts)


def _aside(sc: Scene, be: str) -> Said:
    """Ann, Tim's mother, is Eve's aunt; her sister Eve is Tom's wife; Tim, whose father is Tom, is my son."""
    subject, people = relative(sc, fresh=0.6)
    if len(people) != 1 or not sc.facts:
        raise Retry
    sc.subjects = (people[0],)
    words = tidy([*subject, be, *whose_kin(sc, people[0], plain=True)])
    return words, conj(sc.facts)


def _of_two(sc: Scene, be: str) -> Said:
    """Ann is the mother of Tim and Eve; Tim is the son of Ann and Bob."""
    g = sc.g
    subject, p = _one(sc)
    k = relation(g, p.gender)
    a = sc.invent()
    first = sc.by_name(a)
    b = sc.invent()
    both: Words = [*first, "and", *sc.by_name(b)]
    if g.p(0.3):
        both = [*both, apostrophe(b), *k.words]
    else:
        first_word: Words = ["the"] if g.p(0.85) else indefinite([*k.words])[:1]
        both = [*first_word, *k.words, "of", *both]
    relate(sc, k, [p.tree], [a, b])
    return [*subject, _am(p, be), *both], conj(sc.facts)


def _chain_is(sc: Scene, be: str) -> Said:
    """Bob is Tim's sister's husband; the husband of Tim's sister is Bob."""
    g = sc.g
    r = g.rng.random()
    if r < 0.5:
        subject, p = _one(sc)
        o = sc.invent()
        whose: Words = [*sc.by_name(o), apostrophe(o)]
    else:
        o = sc.invent()
        whose = [*sc.by_name(o), apostrophe(o)]
        subject, p = [], sc.invent()
    k = relation(g)
    k2 = relation(g, p.gender, owner=k.gender)
    v = V()
    inner: Words = [*whose, *k.words]
    words: Words = [*inner, "'s", *k2.words] if g.p(0.6) else ["the", *k2.words, "of", *inner]
    out = [*subject, _am(p, be), *words] if subject else [*words, be, *sc.by_name(p)]
    return out, exists(v, [p2(k.pointer, v, o.tree), p2(k2.pointer, p.tree, v)])


def _several_are(sc: Scene, be: str) -> Said:
    """Ann's children are Tim and Eve; Tim and Eve are Ann's children."""
    g = sc.g
    be = "were" if be == "was" else "are"
    n = 2 if g.p(0.7) else 3
    if g.p(0.5):
        whose, owners = possessor(sc, (), 0.5)
        k = relation(g, many=True)
        group = [sc.invent("" if k.neutral else k.gender) for _ in range(n)]
        words: Words = [*whose, *k.words, be, *listing(g, [sc.by_name(q) for q in group])]
    else:
        k = relation(g, many=True)
        group = [sc.invent("" if k.neutral else k.gender) for _ in range(n)]
        names = listing(g, [sc.by_name(q) for q in group])
        o = sc.invent()
        owners = [o]
        whose = sc.by_name(o)
        words = [*names, be, *whose, apostrophe(o), *k.words]
        if g.p(0.4):
            words = [*names, be, "the", *k.words, "of", *whose]
    if len({q.texts[0] for q in group}) < n:
        raise Retry
    relate(sc, k, [q.tree for q in group], owners)
    return words, conj(sc.facts)


def _one_of(sc: Scene, be: str) -> Said:
    """Tim is one of Ann's sons; one of Ann's sons is Tim; Tim is a son of Ann."""
    g = sc.g
    subject, p = _one(sc)
    k = relation(g, p.gender, many=True)
    o = sc.invent()
    whose = sc.by_name(o)
    relate(sc, k, [p.tree], [o])
    of: Words = ["one", "of", *whose, apostrophe(o), *k.words]
    if g.p(0.3) and p.texts:
        k = relation(g, p.gender)
        return [*subject, be, *indefinite(k.words), "of", *whose], p2(k.pointer, p.tree, o.tree)
    return [*subject, _am(p, be), *of], conj(sc.facts)


def _two_facts(sc: Scene, be: str) -> Said:
    """Ann is Tim's mother and Bob's aunt; Ann's father is Tom and her mother is Eve."""
    g = sc.g
    subject, p = _one(sc)
    first = whose_kin(sc, p, plain=True)
    if g.p(0.5):
        second_one = whose_kin(sc, p, plain=True)
        return [*subject, _am(p, be), *first, g.pick(("and", "and", "but")), *second_one], conj(sc.facts)
    q = sc.invent()
    more = sc.by_name(q)
    sc.subjects = (q,)
    comma: Words = [","] if g.p(0.5) else []
    last = whose_kin(sc, q, plain=True)
    link = g.pick(("and", "and", "while", "but"))
    return [*subject, _am(p, be), *first, *comma, link, *more, be, *last], conj(sc.facts)


def asked(g: G) -> tuple[Words, Tree, str]:
    """Is Ann Tim's mother?  Does Ann have a brother?  Who is the brother of Ann's mother?"""
    g.tag("kin-asked")
    sc = Scene(g)
    r = g.rng.random()
    if r < 0.35:
        subject, p = _one(sc)
        words = whose_kin(sc, p, plain=True)
        be = "are" if p.gender == "y" else _am(p, "was" if g.p(0.1) else "is")
        return [be, *subject, *words], ("ASK", conj(sc.facts)), "?"
    if r < 0.6:
        g.tag("has")
        subject, p = _one(sc)
        k, v = relation(g), V()
        any_one: Words = indefinite(k.words)
        do = "do" if p.gender == "i" else "did" if g.p(0.1) else "does"
        return [do, *subject, "have", *any_one], ("ASK", exists(v, [p2(k.pointer, v, p.tree)])), "?"
    v = V()
    whose, owners = possessor(sc, (), 0.5)
    k = relation(g)
    who: Words = ["who", g.choose((0.85, "is"), (0.15, "was"))]
    fact = conj([p2(k.pointer, v, o.tree) for o in owners])
    if r < 0.8:
        g.tag("who")
        return [*who, *whose, *k.words], ("WH", v, fact), "?"
    g.tag("who-chain")
    k2, u = relation(g), V()
    inner = exists(u, [*(p2(k.pointer, u, o.tree) for o in owners), p2(k2.pointer, v, u)])
    words = [*whose, *k.words]
    words = [*words, "'s", *k2.words] if g.p(0.5) else ["the", *k2.words, "of", *words]
    return [*who, *words], ("WH", v, inner), "?"

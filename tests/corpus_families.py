"""Families of corpus problems in classical logic: syllogisms, letters, properties, equations, graphs.

Each family draws theories and candidate questions from a seed of its own, and names the oracle that judges
them.  The text format is that of neurosym.syntax.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from corpus_oracles import Oracle, congruence, monadic, universal

THINGS = ("ada", "boris", "clio", "dario", "elin", "farid", "greta", "hugo")
TRAITS = ("agile", "bold", "curious", "daring", "earnest", "frugal", "gentle", "hardy")
DEEDS = ("admires", "helps", "teaches", "visits")


@dataclass(frozen=True, slots=True)
class Made:
    """A theory, candidates for questions, and how many to keep."""

    name: str
    fragment: str
    about: str
    claims: tuple[str, ...]
    goals: tuple[str, ...]
    oracle: Oracle
    keep: int = 4
    closed: bool = False


def some_facts(
    rng: random.Random, count: int, things: Sequence[str], traits: Sequence[str] = TRAITS[:4]
) -> list[str]:
    out: dict[str, None] = {}
    while len(out) < count:
        if rng.random() < 0.5:
            out[f"{rng.choice(traits)}({rng.choice(things)})"] = None
        else:
            out[f"{rng.choice(DEEDS[:3])}({', '.join(rng.sample(things, 2))})"] = None
    return list(out)


def some_rules(rng: random.Random, count: int) -> list[str]:
    """Rules along which properties spread, none of whose heads is among its conditions."""
    out: dict[str, None] = {}
    while len(out) < count:
        a, b, c = rng.sample(TRAITS, 3)
        d, e = rng.sample(DEEDS, 2)
        out[
            rng.choice(
                (
                    f"{a}(?x) :- {b}(?x)",
                    f"{a}(?x) :- {b}(?x), {c}(?x)",
                    f"{a}(?y) :- {b}(?x), {d}(?x, ?y)",
                    f"{d}(?x, ?y) :- {e}(?x, ?y), {a}(?y)",
                    f"{d}(?y, ?x) :- {e}(?x, ?y)",
                    f"{d}(?x, ?z) :- {d}(?x, ?y), {d}(?y, ?z), {a}(?x)",
                    f"forall x. {a}(x) or {b}(x) -> {c}(x)",
                    f"forall x. (exists y. {d}(x, y) and {a}(y)) -> {b}(x)",
                )
            )
        ] = None
    return list(out)


# --- syllogisms ---------------------------------------------------------------------------

# figure: the order of terms in major and minor premise; the conclusion is always S, P (Aristotle; the
# names are the medieval ones, whose vowels are the forms of the three statements)
FIGURES = {1: ("mp", "sm"), 2: ("pm", "sm"), 3: ("mp", "ms"), 4: ("pm", "ms")}
MOODS = {
    1: ("barbara", "celarent", "darii", "ferio", "barbari", "celaront"),
    2: ("cesare", "camestres", "festino", "baroco", "cesaro", "camestros"),
    3: ("darapti", "disamis", "datisi", "felapton", "bocardo", "ferison"),
    4: ("bamalip", "calemes", "dimatis", "fesapo", "fresison", "calemos"),
}
INVALID = (
    (1, "aae", "sea"),
    (1, "aee", ""),
    (2, "aaa", ""),
    (2, "aai", "s"),
    (2, "iii", ""),
    (3, "aaa", "m"),
    (3, "eee", ""),
    (3, "oao", ""),
    (4, "aaa", ""),
    (4, "oeo", "p"),
    (1, "iai", ""),
    (4, "eio", ""),
)
KINDS = (
    {"s": "heron", "m": "bird", "p": "animal"},
    {"s": "violin", "m": "instrument", "p": "tool"},
    {"s": "judge", "m": "lawyer", "p": "poet"},
    {"s": "ferry", "m": "ship", "p": "machine"},
)
FORMS = {
    "a": "forall x. {0}(x) -> {1}(x)",
    "e": "not exists x. {0}(x) and {1}(x)",
    "i": "exists x. {0}(x) and {1}(x)",
    "o": "exists x. {0}(x) and not {1}(x)",
}


def syllogisms() -> Iterator[Made]:
    """The 24 moods that are valid where the terms are not empty, and some that are not."""
    for figure, names in MOODS.items():
        for name in names:
            vowels = [c for c in name if c in FORMS][:3]
            yield _syllogism(
                f"syllogism_{name}", f"{name.capitalize()}, figure {figure}.", figure, vowels, "smp"
            )
    for n, (figure, vowels, filled) in enumerate(INVALID, 1):
        form = vowels.upper()
        yield _syllogism(f"fallacy_{n:02d}", f"No mood: {form} in figure {figure}.", figure, vowels, filled)


def _syllogism(name: str, about: str, figure: int, vowels: Sequence[str], filled: str) -> Made:
    kinds = KINDS[figure - 1]
    pairs = (*FIGURES[figure], "sp")
    said = [FORMS[v].format(*(kinds[t] for t in pair)) for v, pair in zip(vowels, pairs, strict=True)]
    some = [f"exists x. {kinds[t]}(x)" for t in filled if t in kinds]
    other = {"a": "o", "e": "i", "i": "e", "o": "a"}[vowels[2]]
    goals = [
        said[2],
        FORMS[other].format(kinds["s"], kinds["p"]),
        FORMS[vowels[2]].format(kinds["p"], kinds["s"]),
    ]
    return Made(name, "syllogisms", about, (*said[:2], *some), tuple(goals), monadic, keep=3)


# --- letters and one-place predicates ---------------------------------------------------------


def propositional(count: int) -> Iterator[Made]:
    letters = ("anchor", "beacon", "cable", "dock", "engine")
    for n in range(count):
        rng = random.Random(f"propositional {n}")
        claims = tuple(_compound(rng, letters, rng.choice((1, 1, 2))) for _ in range(rng.randint(3, 5)))
        goals = tuple(_compound(rng, letters, rng.choice((0, 1, 1))) for _ in range(12))
        yield Made(f"propositional_{n + 1:02d}", "propositional", "Random letters.", claims, goals, monadic)


def one_place(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"one place {n}")
        claims = tuple(_about_things(rng) for _ in range(3))
        goals = tuple(_about_things(rng) for _ in range(12))
        yield Made(f"monadic_{n + 1:02d}", "monadic", "Random properties of things.", claims, goals, monadic)


def _about_things(rng: random.Random) -> str:
    if rng.random() < 0.35:
        return _compound(rng, [f"{t}(ada)" for t in TRAITS[:3]], 1)
    matrix = _compound(rng, [f"{t}(x)" for t in TRAITS[:3]], rng.choice((1, 2)))
    return f"{rng.choice(('forall', 'forall', 'exists'))} x. {matrix}"


def _compound(rng: random.Random, atoms: Sequence[str], depth: int) -> str:
    """A formula of that depth; parentheses wherever connectives meet."""
    if depth == 0:
        return rng.choice(("", "", "not ")) + rng.choice(atoms)
    word = rng.choice(("and", "or", "or", "->", "->", "<->", "xor"))
    left, right = _compound(rng, atoms, depth - 1), _compound(rng, atoms, rng.randint(0, depth - 1))
    for _ in range(3):  # two sides that differ say more
        if right.removeprefix("not ") == left.removeprefix("not "):
            right = _compound(rng, atoms, rng.randint(0, depth - 1))
    sides = [f"({p})" if " " in p.removeprefix("not ") else p for p in (left, right)]
    return f"{sides[0]} {word} {sides[1]}"


# --- equality, clauses, orders ----------------------------------------------------------------


def equations(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"equations {n}")
        names = ("a", "b", "c")
        terms = [*names, *(f"f({x})" for x in names[:2]), "f(f(a))", "g(a, b)"][: 7 if n % 2 else 6]
        claims = [f"{s} = {t}" for s, t in (rng.sample(terms, 2) for _ in range(rng.randint(2, 3)))]
        claims += [f"{s} != {t}" for s, t in (rng.sample(terms, 2) for _ in range(rng.randint(0, 1)))]
        claims.append(rng.choice(("", "not ")) + f"marked({rng.choice(terms)})")
        goals = [
            f"{s} {rng.choice(('=', '=', '!='))} {t}" for s, t in (rng.sample(terms, 2) for _ in range(8))
        ]
        goals += [f"marked({t})" for t in rng.sample(terms, 3)]
        rng.shuffle(goals)
        yield Made(
            f"equations_{n + 1:02d}",
            "equality",
            "Equations between terms.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            congruence,
        )


def disjunctions(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"disjunctions {n}")
        things = THINGS[: rng.randint(2, 3)]
        claims = some_facts(rng, rng.randint(3, 4), things, TRAITS[:2])
        for _ in range(rng.randint(3, 4)):
            a, b, c = rng.sample(TRAITS[:5], 3)
            d = rng.choice(DEEDS[:3])
            claims.append(
                rng.choice(
                    (
                        f"forall x. {a}(x) -> {b}(x) or {c}(x)",
                        f"forall x y. {d}(x, y) -> {a}(x) or {b}(y)",
                        f"forall x. {a}(x) and {b}(x) -> {c}(x)",
                        f"forall x. not {a}(x) or not {b}(x)",
                        f"forall x y. {d}(x, y) and {a}(x) -> {b}(y) xor {c}(y)",
                        f"{a}({things[0]}) or {b}({things[-1]})",
                    )
                )
            )
        goals = [rng.choice(("", "not ")) + g for g in some_facts(rng, 6, things, TRAITS[:5])]
        a, b, c = rng.sample(TRAITS[:5], 3)
        goals += [
            f"exists x. {a}(x) or {b}(x)",
            f"exists x. {b}(x) and not {c}(x)",
            f"forall x. {a}(x) -> {c}(x)",
            f"{a}({things[0]}) or {b}({things[0]})",
            f"exists x y. {DEEDS[0]}(x, y) and ({a}(x) or {b}(y))",
        ]
        rng.shuffle(goals)
        yield Made(
            f"disjunctions_{n + 1:02d}",
            "disjunctions",
            "Alternatives over a few things.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            universal,
        )


def orders(count: int) -> Iterator[Made]:
    """A strict order among named things, some pairs of which are told."""
    for n in range(count):
        rng = random.Random(f"orders {n}")
        things = list(THINGS[:4])
        rng.shuffle(things)
        word = ("older", "heavier", "before", "taller")[n % 4]
        told = sorted(rng.sample(list(combinations(things, 2)), len(things) - n % 2))
        claims = [f"{word}({a}, {b})" for a, b in told]
        claims += [
            f"forall x y z. {word}(x, y) and {word}(y, z) -> {word}(x, z)",
            f"forall x. not {word}(x, x)",
        ]
        goals = [f"{word}({a}, {b})" for a, b in rng.sample(sorted(product(things, things)), 6)]
        goals += [
            f"exists x. {word}({things[-1]}, x)",
            f"exists x. {word}({things[1]}, x) and {word}(x, {things[-1]})",
        ]
        goals += [f"exists x y. {word}(x, y) and {word}(y, x)"]
        yield Made(
            f"orders_{n + 1:02d}", "relations", "A strict order.", tuple(claims), tuple(goals), universal
        )


def colourings(count: int) -> Iterator[Made]:
    """Small graphs that can or cannot be coloured so that neighbours differ."""
    for n in range(count):
        rng = random.Random(f"colourings {n}")
        colours = ("red", "green", "blue")[: 2 + n % 2]
        nodes = [f"n{i}" for i in range(1, 5 + n % 2)]
        pairs = list(combinations(nodes, 2))
        edges = sorted(rng.sample(pairs, min(len(pairs), (3, 5, 4, 6, 3, 7, 4, 8)[n % 8])))
        claims = [f"edge({a}, {b})" for a, b in edges]
        claims += [" or ".join(f"{c}({x})" for c in colours) for x in nodes]
        claims += [f"forall x y. edge(x, y) -> not ({c}(x) and {c}(y))" for c in colours]
        if n % 2 == 0:
            claims.append(f"{colours[0]}({nodes[0]})")
        goals = [f"{rng.choice(colours)}({x})" for x in nodes] + [
            f"edge({a}, {b})" for a, b in rng.sample(pairs, 3)
        ]
        goals += [f"exists x. {colours[0]}(x)", f"exists x. {colours[1]}(x) and not {colours[0]}(x)"]
        yield Made(
            f"colouring_{n + 1:02d}",
            "graphs",
            "Neighbours differ in colour.",
            tuple(claims),
            tuple(goals),
            universal,
            keep=3,
        )

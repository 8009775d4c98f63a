"""Makes the files gen_*.nsl of tests/corpus: `python tests/corpus_generator.py` writes them anew.

Every family draws theories and candidate questions from a seed of its own; the verdicts are those of
tests/corpus_oracles.py or follow from the construction, never from a solver of neurosym.  Of the
candidates it keeps questions with different verdicts, as far as there are some.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

from corpus_oracles import Oracle, by_absence, congruence, horn, monadic, universal

from neurosym.syntax import read_formula, read_statement

FOLDER = Path(__file__).parent / "corpus"
PREFIX = "gen_"

THINGS = ("ada", "boris", "clio", "dario", "elin", "farid", "greta", "hugo")
TRAITS = ("agile", "bold", "curious", "daring", "earnest", "frugal", "gentle", "hardy")
DEEDS = ("admires", "helps", "teaches", "visits")
Verb = tuple[str, str, str, str]


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


def text_of(made: Made) -> str:
    """The file: the theory, and questions with their verdicts."""
    claims = [read_statement(c) for c in made.claims]
    judged = [(g, made.oracle(claims, read_formula(g))) for g in dict.fromkeys(made.goals)]
    lines = [f"% {made.about}", f"% fragment: {made.fragment}", f"% world: {'closed' if made.closed else 'open'}"]
    lines += [f"c{n}: {c}." for n, c in enumerate(made.claims, 1)]
    for goal, verdict in _varied(judged, made.keep):
        lines += [f"% goal: {goal}", f"% expect: {verdict}"]
    return "\n".join(lines) + "\n"


def _varied(judged: list[tuple[str, str]], keep: int) -> list[tuple[str, str]]:
    """The first question of each verdict, then the second of each, and so on."""
    seen: dict[str, int] = {}
    ranked = []
    if all(verdict == "inconsistent" for _, verdict in judged):
        keep = 2
    for n, (goal, verdict) in enumerate(judged):
        seen[verdict] = seen.get(verdict, 0) + 1
        ranked.append((seen[verdict], n, goal, verdict))
    return [(goal, verdict) for _, _, goal, verdict in sorted(ranked)[:keep]]


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
INVALID = ((1, "aae", "sea"), (1, "aee", ""), (2, "aaa", ""), (2, "aai", "s"), (2, "iii", ""), (3, "aaa", "m"),
           (3, "eee", ""), (3, "oao", ""), (4, "aaa", ""), (4, "oeo", "p"), (1, "iai", ""), (4, "eio", ""))  # fmt: skip
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
            yield _syllogism(f"syllogism_{name}", f"{name.capitalize()}, figure {figure}.", figure, vowels, "smp")
    for n, (figure, vowels, filled) in enumerate(INVALID, 1):
        form = vowels.upper()
        yield _syllogism(f"fallacy_{n:02d}", f"No mood: {form} in figure {figure}.", figure, vowels, filled)


def _syllogism(name: str, about: str, figure: int, vowels: Sequence[str], filled: str) -> Made:
    kinds = KINDS[figure - 1]
    pairs = (*FIGURES[figure], "sp")
    said = [FORMS[v].format(*(kinds[t] for t in pair)) for v, pair in zip(vowels, pairs, strict=True)]
    some = [f"exists x. {kinds[t]}(x)" for t in filled if t in kinds]
    other = {"a": "o", "e": "i", "i": "e", "o": "a"}[vowels[2]]
    goals = [said[2], FORMS[other].format(kinds["s"], kinds["p"]), FORMS[vowels[2]].format(kinds["p"], kinds["s"])]
    return Made(name, "syllogisms", about, (*said[:2], *some), tuple(goals), monadic, keep=3)


# --- letters and one-place predicates ---------------------------------------------------------


def propositional(count: int) -> Iterator[Made]:
    letters = ("anchor", "beacon", "cable", "dock", "engine")
    for n in range(count):
        rng = random.Random(f"propositional {n}")
        claims = tuple(_compound(rng, lambda: rng.choice(letters), rng.choice((1, 1, 2))) for _ in range(rng.randint(3, 5)))
        goals = tuple(_compound(rng, lambda: rng.choice(letters), rng.choice((0, 1, 1))) for _ in range(12))
        yield Made(f"propositional_{n + 1:02d}", "propositional", "Random letters.", claims, goals, monadic)


def one_place(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"one place {n}")

        def told() -> str:
            if rng.random() < 0.35:
                return _compound(rng, lambda: f"{rng.choice(TRAITS[:3])}(ada)", 1)
            matrix = _compound(rng, lambda: f"{rng.choice(TRAITS[:3])}(x)", rng.choice((1, 2)))
            return f"{rng.choice(('forall', 'forall', 'exists'))} x. {matrix}"

        claims, goals = tuple(told() for _ in range(3)), tuple(told() for _ in range(12))
        yield Made(f"monadic_{n + 1:02d}", "monadic", "Random properties of things.", claims, goals, monadic)


def _compound(rng: random.Random, atom: Callable[[], str], depth: int) -> str:
    """A formula of that depth; parentheses wherever connectives meet."""
    if depth == 0:
        return rng.choice(("", "", "not ")) + atom()
    word = rng.choice(("and", "or", "or", "->", "->", "<->", "xor"))
    left, right = (_compound(rng, atom, rng.randint(0, depth - 1)) for _ in range(2))
    return " ".join([f"({p})" if " " in p.removeprefix("not ") else p for p in (left,)] + [word] + [f"({p})" if " " in p.removeprefix("not ") else p for p in (right,)])


# --- rules --------------------------------------------------------------------------------


def _facts(rng: random.Random, count: int, things: Sequence[str], traits: Sequence[str] = TRAITS[:4]) -> list[str]:
    out: dict[str, None] = {}
    while len(out) < count:
        if rng.random() < 0.5:
            out[f"{rng.choice(traits)}({rng.choice(things)})"] = None
        else:
            out[f"{rng.choice(DEEDS[:3])}({', '.join(rng.sample(things, 2))})"] = None
    return list(out)


def _rules(rng: random.Random, count: int) -> list[str]:
    """Rules along which properties spread, none of whose heads is among its conditions."""
    out: dict[str, None] = {}
    while len(out) < count:
        a, b, c = rng.sample(TRAITS, 3)
        d, e = rng.sample(DEEDS, 2)
        out[rng.choice((
            f"{a}(?x) :- {b}(?x)",
            f"{a}(?x) :- {b}(?x), {c}(?x)",
            f"{a}(?y) :- {b}(?x), {d}(?x, ?y)",
            f"{d}(?x, ?y) :- {e}(?x, ?y), {a}(?y)",
            f"{d}(?y, ?x) :- {e}(?x, ?y)",
            f"{d}(?x, ?z) :- {d}(?x, ?y), {d}(?y, ?z), {a}(?x)",
            f"forall x. {a}(x) or {b}(x) -> {c}(x)",
            f"forall x. (exists y. {d}(x, y) and {a}(y)) -> {b}(x)",
        ))] = None  # fmt: skip
    return list(out)


def _asked(rng: random.Random, things: Sequence[str], count: int) -> list[str]:
    return [*_facts(rng, count, things, TRAITS)]


def rules(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"rules {n}")
        things = THINGS[: rng.randint(3, 5)]
        claims = _facts(rng, rng.randint(5, 8), things) + _rules(rng, rng.randint(4, 8))
        goals = _asked(rng, things, 10)
        goals += [f"exists x. {a}(x) and {b}(x)" for a, b in (rng.sample(TRAITS, 2) for _ in range(2))]
        goals += [f"exists x. {d}({rng.choice(things)}, x) and {rng.choice(TRAITS)}(x)" for d in DEEDS[:2]]
        rng.shuffle(goals)
        yield Made(f"rules_{n + 1:02d}", "rules", "Facts and rules.", tuple(claims), tuple(goals), horn)


def denials(count: int) -> Iterator[Made]:
    """Rules whose heads may be negated; some of these theories contradict themselves."""
    for n in range(count):
        rng = random.Random(f"denials {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = _facts(rng, rng.randint(4, 6), things) + _rules(rng, rng.randint(3, 5))
        for _ in range(2):
            a, b, c = rng.sample(TRAITS, 3)
            claims.append(rng.choice((f"forall x. {a}(x) -> not {b}(x)", f"not {a}(?x) :- {b}(?x), {c}(?x)",
                                      f"not exists x. {a}(x) and {b}(x)", f"not {a}({rng.choice(things)})")))  # fmt: skip
        goals = [rng.choice(("", "", "not ")) + g for g in _asked(rng, things, 24)]
        yield Made(f"denials_{n + 1:02d}", "classical negation", "Rules, some of which deny.", tuple(dict.fromkeys(claims)), tuple(goals), horn)


def recursion(count: int) -> Iterator[Made]:
    """What can be reached in a small graph, by three ways of saying so."""
    ways = (
        ("reach(?x, ?y) :- edge(?x, ?y)", "reach(?x, ?z) :- edge(?x, ?y), reach(?y, ?z)"),
        ("reach(?x, ?y) :- edge(?x, ?y)", "reach(?x, ?z) :- reach(?x, ?y), reach(?y, ?z)"),
        ("forall x y. edge(x, y) -> reach(x, y)", "forall x y z. reach(x, y) and edge(y, z) -> reach(x, z)"),
    )
    for n in range(count):
        rng = random.Random(f"recursion {n}")
        nodes = [f"n{i}" for i in range(1, rng.randint(5, 7))]
        edges = sorted(rng.sample(sorted(f"edge({a}, {b})" for a, b in product(nodes, nodes) if a != b), len(nodes)))
        claims = (*edges, *ways[n % 3], "loop(?x) :- reach(?x, ?x)")
        pairs = [f"reach({a}, {b})" for a, b in rng.sample(sorted(product(nodes, nodes)), 8)]
        goals = [*pairs, "exists x. loop(x)", "exists x y. reach(x, y) and reach(y, x)", f"loop({nodes[0]})"]
        closed = n % 2 == 1
        oracle = by_absence(True) if closed else horn
        yield Made(f"reach_{n + 1:02d}", "recursion", "Reaching in a graph.", claims, tuple(goals), oracle, closed=closed)


def strata(count: int) -> Iterator[Made]:
    """Rules with negation as failure, in three layers."""
    for n in range(count):
        rng = random.Random(f"strata {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = _facts(rng, rng.randint(5, 7), things, TRAITS[:3])
        for head, lower in (("fit", TRAITS[:3]), ("keen", (*TRAITS[:3], "fit")), ("ready", ("fit", "keen"))):
            for _ in range(2):
                a, b = rng.sample(lower, 2)
                deed = rng.choice(DEEDS[:3])
                claims.append(rng.choice((f"{head}(?x) :- {a}(?x), naf {b}(?x)",
                                          f"{head}(?y) :- {deed}(?x, ?y), naf {a}(?x)",
                                          f"{head}(?x) :- {deed}(?x, ?y), {a}(?y), naf {b}(?y)")))  # fmt: skip
        if n % 3 == 2:
            claims.append("not idle(?x) :- ready(?x)")
        asked = [f"{p}({t})" for p in ("ready", "keen", "fit", "idle") for t in things]
        rng.shuffle(asked)
        goals = [*asked, "exists x. ready(x)", "exists x. keen(x) and fit(x)"]
        yield Made(f"strata_{n + 1:02d}", "stratified negation", "Absence in layers.", tuple(dict.fromkeys(claims)), tuple(goals), by_absence(False))


def closed(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"closed {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = _facts(rng, rng.randint(5, 7), things, TRAITS[:3])
        a, b, c = rng.sample(TRAITS[:3], 3)
        d, e = rng.sample(DEEDS[:3], 2)
        claims += [f"forall x. {a}(x) and not {b}(x) -> free(x)", f"forall x y. {d}(x, y) and not {e}(y, x) -> owed(y, x)"]
        claims.append(rng.choice((f"forall x. {c}(x) and not free(x) -> bound(x)", f"bound(?x) :- {d}(?x, ?y), naf free(?y)")))
        if n % 3 == 0:
            claims.append(f"forall x. {rng.choice((a, 'bound'))}(x) -> not {rng.choice((b, 'free'))}(x)")
        asked = [f"{p}({t})" for p in ("free", "bound") for t in things]
        asked += [f"owed({s}, {t})" for s, t in rng.sample(sorted(product(things, things)), 4)]
        rng.shuffle(asked)
        goals = [*asked[:6], f"forall x. free(x) -> {a}(x)", "exists x. bound(x) and not free(x)", f"forall x. {c}(x) -> bound(x)",
                 f"exists x y. owed(x, y) and {a}(x)", "forall x. free(x) or bound(x)", f"not exists x. free(x) and {b}(x)"]  # fmt: skip
        yield Made(f"closed_{n + 1:02d}", "closed world", "What is not said is false.", tuple(dict.fromkeys(claims)), tuple(goals), by_absence(True), keep=5, closed=True)


# --- equality, clauses, orders ----------------------------------------------------------------


def equations(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"equations {n}")
        names = ("a", "b", "c")
        terms = [*names, *(f"f({x})" for x in names[:2]), "f(f(a))", "g(a, b)"][: 7 if n % 2 else 6]
        claims = [f"{s} = {t}" for s, t in (rng.sample(terms, 2) for _ in range(rng.randint(2, 3)))]
        claims += [f"{s} != {t}" for s, t in (rng.sample(terms, 2) for _ in range(rng.randint(0, 1)))]
        claims.append(rng.choice(("", "not ")) + f"marked({rng.choice(terms)})")
        goals = [f"{s} {rng.choice(('=', '=', '!='))} {t}" for s, t in (rng.sample(terms, 2) for _ in range(8))]
        goals += [f"marked({t})" for t in rng.sample(terms, 3)]
        rng.shuffle(goals)
        yield Made(f"equations_{n + 1:02d}", "equality", "Equations between terms.", tuple(dict.fromkeys(claims)), tuple(goals), congruence)


def disjunctions(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"disjunctions {n}")
        things = THINGS[: rng.randint(2, 3)]
        claims = _facts(rng, rng.randint(3, 4), things, TRAITS[:2])
        for _ in range(rng.randint(3, 4)):
            a, b, c = rng.sample(TRAITS[:5], 3)
            d = rng.choice(DEEDS[:3])
            claims.append(rng.choice((f"forall x. {a}(x) -> {b}(x) or {c}(x)", f"forall x y. {d}(x, y) -> {a}(x) or {b}(y)",
                                      f"forall x. {a}(x) and {b}(x) -> {c}(x)", f"forall x. not {a}(x) or not {b}(x)",
                                      f"forall x y. {d}(x, y) and {a}(x) -> {b}(y) xor {c}(y)",
                                      f"{a}({things[0]}) or {b}({things[-1]})")))  # fmt: skip
        goals = [rng.choice(("", "not ")) + g for g in _facts(rng, 6, things, TRAITS[:5])]
        a, b, c = rng.sample(TRAITS[:5], 3)
        goals += [f"exists x. {a}(x) or {b}(x)", f"exists x. {b}(x) and not {c}(x)", f"forall x. {a}(x) -> {c}(x)",
                  f"{a}({things[0]}) or {b}({things[0]})", f"exists x y. {DEEDS[0]}(x, y) and ({a}(x) or {b}(y))"]  # fmt: skip
        rng.shuffle(goals)
        yield Made(f"disjunctions_{n + 1:02d}", "disjunctions", "Alternatives over a few things.", tuple(dict.fromkeys(claims)), tuple(goals), universal)


def orders(count: int) -> Iterator[Made]:
    """A strict order among named things, some pairs of which are told."""
    for n in range(count):
        rng = random.Random(f"orders {n}")
        things = list(THINGS[: 4 + n % 2])
        rng.shuffle(things)
        word = ("older", "heavier", "before", "taller")[n % 4]
        told = sorted(rng.sample(list(combinations(things, 2)), len(things) - n % 2))
        claims = [f"{word}({a}, {b})" for a, b in told]
        claims += [f"forall x y z. {word}(x, y) and {word}(y, z) -> {word}(x, z)", f"forall x. not {word}(x, x)"]
        goals = [f"{word}({a}, {b})" for a, b in rng.sample(sorted(product(things, things)), 7)]
        goals += [f"exists x. {word}({things[-1]}, x)", f"exists x. {word}({things[1]}, x) and {word}(x, {things[-1]})"]
        goals += [f"exists x y. {word}(x, y) and {word}(y, x)"]
        yield Made(f"orders_{n + 1:02d}", "relations", "A strict order.", tuple(claims), tuple(goals), universal)


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
        goals = [f"{rng.choice(colours)}({x})" for x in nodes] + [f"edge({a}, {b})" for a, b in rng.sample(pairs, 3)]
        goals += [f"exists x. {colours[0]}(x)", f"exists x. {colours[1]}(x) and not {colours[0]}(x)"]
        yield Made(f"colouring_{n + 1:02d}", "graphs", "Neighbours differ in colour.", tuple(claims), tuple(goals), universal, keep=3)


# --- numerals and counting ----------------------------------------------------------------


def amounts(count: int) -> Iterator[Made]:
    """Figures of things and thresholds, in an open and in a closed world."""
    for n in range(count):
        rng = random.Random(f"amounts {n}")
        things = THINGS[: rng.randint(3, 4)]
        figures = [rng.choice((str(rng.randint(-5, 40)), f"{rng.randint(1, 9)}/2", f"{rng.randint(1, 30)}.5")) for _ in things]
        low, high = sorted(rng.sample(range(1, 35), 2))
        claims = [f"score({t}, {v})" for t, v in zip(things, figures, strict=True)]
        claims += [f"top(?x) :- score(?x, ?n), {high} <= ?n", f"forall x n. score(x, n) and n < {low} -> weak(x)",
                   "beats(?x, ?y) :- score(?x, ?m), score(?y, ?n), ?n < ?m"]  # fmt: skip
        if n % 2:
            claims.append("forall x. top(x) and weak(x) -> odd(x)")
        elif n % 4 == 0:
            claims.append("forall x. weak(x) -> not top(x)")
        goals = [f"{p}({t})" for p in ("top", "weak") for t in things]
        goals += [f"beats({a}, {b})" for a, b in rng.sample(sorted(product(things, things)), 5)]
        rng.shuffle(goals)
        goals += [] if n % 4 == 0 else ["exists x. top(x)", "exists x y. weak(x) and beats(y, x)"]
        oracle = by_absence(True) if n % 2 else horn
        yield Made(f"amounts_{n + 1:02d}", "numerals", "Figures and thresholds.", tuple(claims), tuple(goals), oracle, closed=bool(n % 2))


def counts(count: int) -> Iterator[Made]:
    """At least so many, by different witnesses; and no more, where the world is closed."""
    for n in range(count):
        rng = random.Random(f"counts {n}")
        things = THINGS[: rng.randint(4, 5)]
        claims = [f"guest({t})" for t in rng.sample(things, rng.randint(1, 3))]
        claims += [f"cook({t})" for t in rng.sample(things, rng.randint(1, 3))]
        claims += [f"resident({things[0]})", "forall x. cook(x) and not guest(x) -> resident(x)"]
        goals = [_at_least(k, kind) for k in (1, 2, 3) for kind in ("guest", "cook", "resident")]
        goals += [f"not {_at_least(2, 'resident')}", "forall x y. resident(x) and resident(y) -> x = y",
                  "exists x. cook(x) and forall y. cook(y) -> y = x"]  # fmt: skip
        rng.shuffle(goals)
        yield Made(f"counts_{n + 1:02d}", "counting", "So many, no more and no fewer.", tuple(dict.fromkeys(claims)), tuple(goals), by_absence(True), closed=True)


def _at_least(k: int, kind: str) -> str:
    names = [f"x{i}" for i in range(1, k + 1)]
    parts = [f"{kind}({x})" for x in names] + [f"{a} != {b}" for a, b in combinations(names, 2)]
    return f"(exists {' '.join(names)}. {' and '.join(parts)})"


def everything() -> Iterator[Made]:
    yield from syllogisms()
    yield from propositional(16)
    yield from one_place(14)
    yield from rules(14)
    yield from denials(12)
    yield from recursion(9)
    yield from strata(12)
    yield from closed(12)
    yield from equations(14)
    yield from disjunctions(14)
    yield from orders(8)
    yield from colourings(8)
    yield from amounts(10)
    yield from counts(8)


def files(problems: Iterable[Made]) -> dict[str, str]:
    """File names and their contents."""
    return {f"{PREFIX}{m.name}.nsl": text_of(m) for m in problems}


def main() -> None:
    made = files(everything())
    for old in sorted(FOLDER.glob(f"{PREFIX}*.nsl")):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(made)} files, {sum(t.count('% goal:') for t in made.values())} questions")


if __name__ == "__main__":
    main()

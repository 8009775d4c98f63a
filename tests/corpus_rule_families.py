"""Families of corpus problems in rules: Horn, denials, recursion, absence, closed worlds, figures, counts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product

from corpus_families import DEEDS, THINGS, TRAITS, Made, some_facts, some_rules
from corpus_oracles import by_absence, horn

# --- rules --------------------------------------------------------------------------------


def rules(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"rules {n}")
        things = THINGS[: rng.randint(3, 5)]
        claims = some_facts(rng, rng.randint(5, 8), things) + some_rules(rng, rng.randint(4, 8))
        goals = some_facts(rng, 10, things, TRAITS)
        goals += [f"exists x. {a}(x) and {b}(x)" for a, b in (rng.sample(TRAITS, 2) for _ in range(2))]
        goals += [f"exists x. {d}({rng.choice(things)}, x) and {rng.choice(TRAITS)}(x)" for d in DEEDS[:2]]
        rng.shuffle(goals)
        yield Made(f"rules_{n + 1:02d}", "rules", "Facts and rules.", tuple(claims), tuple(goals), horn)


def denials(count: int) -> Iterator[Made]:
    """Rules whose heads may be negated; some of these theories contradict themselves."""
    for n in range(count):
        rng = random.Random(f"denials {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = some_facts(rng, rng.randint(4, 6), things) + some_rules(rng, rng.randint(3, 5))
        for _ in range(2):
            a, b, c = rng.sample(TRAITS, 3)
            claims.append(
                rng.choice(
                    (
                        f"forall x. {a}(x) -> not {b}(x)",
                        f"not {a}(?x) :- {b}(?x), {c}(?x)",
                        f"not exists x. {a}(x) and {b}(x)",
                        f"not {a}({rng.choice(things)})",
                    )
                )
            )
        goals = [rng.choice(("", "", "not ")) + g for g in some_facts(rng, 24, things, TRAITS)]
        yield Made(
            f"denials_{n + 1:02d}",
            "classical negation",
            "Rules, some of which deny.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            horn,
        )


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
        edges = sorted(
            rng.sample(sorted(f"edge({a}, {b})" for a, b in product(nodes, nodes) if a != b), len(nodes))
        )
        claims = (*edges, *ways[n % 3], "loop(?x) :- reach(?x, ?x)")
        pairs = [f"reach({a}, {b})" for a, b in rng.sample(sorted(product(nodes, nodes)), 8)]
        goals = [*pairs, "exists x. loop(x)", "exists x y. reach(x, y) and reach(y, x)", f"loop({nodes[0]})"]
        closed = n % 2 == 1
        oracle = by_absence(True) if closed else horn
        yield Made(
            f"reach_{n + 1:02d}",
            "recursion",
            "Reaching in a graph.",
            claims,
            tuple(goals),
            oracle,
            closed=closed,
        )


def strata(count: int) -> Iterator[Made]:
    """Rules with negation as failure, in three layers."""
    for n in range(count):
        rng = random.Random(f"strata {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = some_facts(rng, rng.randint(5, 7), things, TRAITS[:3])
        for head, lower in (("fit", TRAITS[:3]), ("keen", (*TRAITS[:3], "fit")), ("ready", ("fit", "keen"))):
            for _ in range(2):
                a, b = rng.sample(lower, 2)
                deed = rng.choice(DEEDS[:3])
                claims.append(
                    rng.choice(
                        (
                            f"{head}(?x) :- {a}(?x), naf {b}(?x)",
                            f"{head}(?y) :- {deed}(?x, ?y), naf {a}(?x)",
                            f"{head}(?x) :- {deed}(?x, ?y), {a}(?y), naf {b}(?y)",
                        )
                    )
                )
        if n % 3 == 2:
            claims.append("not idle(?x) :- ready(?x)")
        asked = [f"{p}({t})" for p in ("ready", "keen", "fit", "idle") for t in things]
        rng.shuffle(asked)
        goals = [*asked, "exists x. ready(x)", "exists x. keen(x) and fit(x)"]
        yield Made(
            f"strata_{n + 1:02d}",
            "stratified negation",
            "Absence in layers.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            by_absence(False),
        )


def closed(count: int) -> Iterator[Made]:
    for n in range(count):
        rng = random.Random(f"closed {n}")
        things = THINGS[: rng.randint(3, 4)]
        claims = some_facts(rng, rng.randint(5, 7), things, TRAITS[:3])
        a, b, c = rng.sample(TRAITS[:3], 3)
        d, e = rng.sample(DEEDS[:3], 2)
        claims += [
            f"forall x. {a}(x) and not {b}(x) -> free(x)",
            f"forall x y. {d}(x, y) and not {e}(y, x) -> owed(y, x)",
        ]
        claims.append(
            rng.choice(
                (f"forall x. {c}(x) and not free(x) -> bound(x)", f"bound(?x) :- {d}(?x, ?y), naf free(?y)")
            )
        )
        if n % 3 == 0:
            claims.append(f"forall x. {rng.choice((a, 'bound'))}(x) -> not {rng.choice((b, 'free'))}(x)")
        asked = [f"{p}({t})" for p in ("free", "bound") for t in things]
        asked += [f"owed({s}, {t})" for s, t in rng.sample(sorted(product(things, things)), 4)]
        rng.shuffle(asked)
        goals = [
            *asked[:6],
            f"forall x. free(x) -> {a}(x)",
            "exists x. bound(x) and not free(x)",
            f"forall x. {c}(x) -> bound(x)",
            f"exists x y. owed(x, y) and {a}(x)",
            "forall x. free(x) or bound(x)",
            f"not exists x. free(x) and {b}(x)",
        ]
        yield Made(
            f"closed_{n + 1:02d}",
            "closed world",
            "What is not said is false.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            by_absence(True),
            keep=5,
            closed=True,
        )


# --- numerals and counting ----------------------------------------------------------------


def amounts(count: int) -> Iterator[Made]:
    """Figures of things and thresholds, in an open and in a closed world."""
    for n in range(count):
        rng = random.Random(f"amounts {n}")
        things = THINGS[:3]
        figures = [
            rng.choice((str(rng.randint(-5, 40)), f"{rng.randrange(1, 40, 2)}/2", f"{rng.randint(1, 30)}.5"))
            for _ in things
        ]
        low, high = sorted(rng.sample(range(1, 35), 2))
        claims = [f"score({t}, {v})" for t, v in zip(things, figures, strict=True)]
        claims += [
            f"top(?x) :- score(?x, ?n), {high} <= ?n",
            f"forall x n. score(x, n) and n < {low} -> weak(x)",
            "beats(?x, ?y) :- score(?x, ?m), score(?y, ?n), ?n < ?m",
        ]
        if n % 2:
            claims.append("forall x. top(x) and weak(x) -> odd(x)")
        elif n % 4 == 0:
            claims.append("forall x. weak(x) -> not top(x)")
        goals = [f"{p}({t})" for p in ("top", "weak") for t in things]
        goals += [f"beats({a}, {b})" for a, b in rng.sample(sorted(product(things, things)), 4)]
        rng.shuffle(goals)
        goals = goals[:8]
        goals += [] if n % 4 == 0 else ["exists x. top(x)", "exists x y. weak(x) and beats(y, x)"]
        oracle = by_absence(True) if n % 2 else horn
        yield Made(
            f"amounts_{n + 1:02d}",
            "numerals",
            "Figures and thresholds.",
            tuple(claims),
            tuple(goals),
            oracle,
            closed=bool(n % 2),
        )


def counts(count: int) -> Iterator[Made]:
    """At least so many, by different witnesses; and no more, where the world is closed."""
    for n in range(count):
        rng = random.Random(f"counts {n}")
        things = THINGS[: rng.randint(4, 5)]
        claims = [f"guest({t})" for t in rng.sample(things, rng.randint(1, 3))]
        claims += [f"cook({t})" for t in rng.sample(things, rng.randint(1, 3))]
        claims += [f"resident({things[0]})", "forall x. cook(x) and not guest(x) -> resident(x)"]
        goals = [_at_least(k, kind) for k in (1, 2, 3) for kind in ("guest", "cook", "resident")]
        goals += [
            f"not {_at_least(2, 'resident')}",
            "forall x y. resident(x) and resident(y) -> x = y",
            "exists x. cook(x) and forall y. cook(y) -> y = x",
        ]
        rng.shuffle(goals)
        yield Made(
            f"counts_{n + 1:02d}",
            "counting",
            "So many, no more and no fewer.",
            tuple(dict.fromkeys(claims)),
            tuple(goals),
            by_absence(True),
            closed=True,
        )


def _at_least(k: int, kind: str) -> str:
    names = [f"x{i}" for i in range(1, k + 1)]
    parts = [f"{kind}({x})" for x in names] + [f"{a} != {b}" for a, b in combinations(names, 2)]
    return f"(exists {' '.join(names)}. {' and '.join(parts)})"

"""Puzzles of 3, 5 and 7 things in a row: `python benchmarks/ordering_puzzles.py [--puzzles N] [--json]`.

Made by seed, with just enough clues for one solution, in two encodings: places as whole numbers
(`pos(a) = 2`, `pos(a) < pos(b)`), and a strict total order in first-order logic, where places are
counts (`exactly 1 ?x. before(?x, a)`).  Every option is asked: each thing at each place must be
proved or refuted with a certificate.  Prints medians, the 95th percentile and the
worst in milliseconds; finding, certificate and check are all in them.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from neurosym import kernel
from neurosym.logic import Formula
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Theory
from neurosym.verdict import Limits, Solver

THINGS = ("ash", "birch", "cedar", "elm", "fir", "hazel", "larch")
Places = dict[str, int]
ENCODINGS = ("positions", "order")


@dataclass(frozen=True, slots=True)
class Clue:
    """What is said, in both encodings, and of which arrangements it is true."""

    positions: str
    order: str
    holds: Callable[[Places], bool]


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A theory with one solution; each option is a goal and whether it is true."""

    theory: Theory
    options: tuple[tuple[Formula, bool], ...]


def place(thing: str, k: int, encoding: str) -> str:
    """The formula "`thing` is the k-th from the left"."""
    return f"pos({thing}) = {k}" if encoding == "positions" else f"exactly {k - 1} ?x. before(?x, {thing})"


def clues(things: tuple[str, ...], rng: random.Random) -> list[Clue]:
    """All kinds of clue about these things, shuffled."""
    n, out = len(things), list[Clue]()

    def at(a: str, k: int, sign: bool) -> Clue:
        texts = [f"{'' if sign else 'not '}({place(a, k, e)})" for e in ENCODINGS]
        return Clue(texts[0], texts[1], lambda p: (p[a] == k) is sign)

    for a in things:
        for k in range(1, n + 1):
            out += [at(a, k, True), at(a, k, False)]
        for b in things:
            if a == b:
                continue
            between = f"not exists ?x. before({a}, ?x) and before(?x, {b})"
            out += [
                Clue(f"pos({a}) < pos({b})", f"before({a}, {b})", lambda p, a=a, b=b: p[a] < p[b]),  # type: ignore[misc]
                Clue(
                    f"pos({a}) + 1 = pos({b})",
                    f"before({a}, {b}) and {between}",
                    lambda p, a=a, b=b: p[a] + 1 == p[b],  # type: ignore[misc]
                ),
            ]
    rng.shuffle(out)
    # comparisons make puzzles; plain places only finish them
    return sorted(
        out, key=lambda c: "not" not in c.positions and "<" not in c.positions and "+" not in c.positions
    )


def solvable(things: tuple[str, ...], rng: random.Random) -> tuple[list[Clue], Places]:
    """Clues that leave one arrangement, none of which can be spared."""
    shuffled = list(things)
    rng.shuffle(shuffled)
    solution = {a: i for i, a in enumerate(shuffled, 1)}
    every = [{a: i for i, a in enumerate(row, 1)} for row in permutations(things)]
    chosen: list[Clue] = []
    left = every
    for clue in clues(things, rng):
        if clue.holds(solution) and len(less := [p for p in left if clue.holds(p)]) < len(left):
            chosen.append(clue)
            left = less
        if len(left) == 1:
            break
    for clue in list(chosen):
        rest = [c for c in chosen if c is not clue]
        if sum(all(c.holds(p) for c in rest) for p in every) == 1:
            chosen = rest
    return chosen, solution


def puzzle(n: int, seed: int, encoding: str) -> Puzzle:
    """The puzzle of `n` things with this seed."""
    rng = random.Random(1000 * n + seed)
    things = THINGS[:n]
    chosen, solution = solvable(things, rng)
    names = ", ".join(things)
    if encoding == "positions":
        lines = [f"thing({a})." for a in things]
        lines += [
            f"forall ?x:thing. integer(pos(?x)) and 1 <= pos(?x) and pos(?x) <= {n}.",
            f"all_different({', '.join(f'pos({a})' for a in things)}).",
        ]
        lines += [f"{c.positions}." for c in chosen]
    else:
        lines = [
            f"all_different({names}).",
            f"forall ?x ?y. before(?x, ?y) -> ({' or '.join(f'?x = {a}' for a in things)}).",
            f"forall ?x ?y. before(?x, ?y) -> ({' or '.join(f'?y = {a}' for a in things)}).",
            "forall ?x. not before(?x, ?x).",
            "forall ?x ?y ?z. before(?x, ?y) and before(?y, ?z) -> before(?x, ?z).",
        ]
        lines += [f"before({a}, {b}) or before({b}, {a})." for i, a in enumerate(things) for b in things[:i]]
        lines += [f"{c.order}." for c in chosen]
    options = tuple(
        (read_formula(place(a, k, encoding)), solution[a] == k) for a in things for k in range(1, n + 1)
    )
    return Puzzle(read_theory("\n".join(lines), f"{encoding}{n}"), options)


def measure(
    n: int, puzzles: int, seed: int, encoding: str, solver: Solver, seconds: float
) -> dict[str, object]:
    """Ask every option of so many puzzles."""
    spent, wrong, uncertified, asked = list[float](), 0, 0, 0
    for i in range(puzzles):
        made = puzzle(n, seed + i, encoding)
        for goal, true in made.options:
            start = time.perf_counter()
            verdict = solver.solve(made.theory, goal, Limits(seconds=seconds))
            spent.append(1000 * (time.perf_counter() - start))
            asked += 1
            said = verdict_name(verdict)
            wrong += said not in ("proved" if true else "disproved", "unknown")
            certificate = verdict.certificate if said != "unknown" else None
            if certificate is None or kernel.check(made.theory, goal, certificate) != verdict.theorem:
                uncertified += 1
    return {
        "things": n,
        "encoding": encoding,
        "options": asked,
        "certified": asked - uncertified,
        "wrong": wrong,
        "median_ms": round(statistics.median(spent), 1),
        "p95_ms": round(sorted(spent)[int(0.95 * (len(spent) - 1))], 1),
        "worst_ms": round(max(spent), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--puzzles", type=int, default=10, help="of each size and encoding")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3, 5, 7], choices=range(2, len(THINGS) + 1))
    parser.add_argument("--encodings", nargs="+", default=list(ENCODINGS), choices=ENCODINGS)
    parser.add_argument("--solver", default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0, help="limit for a question")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    solver = make_solver(args.solver)
    rows = []
    for encoding in args.encodings:
        for n in args.sizes:
            row = measure(n, args.puzzles, args.seed, encoding, solver, args.seconds)
            rows.append(row)
            if not args.json:
                print("  ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    solver.close()
    if args.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()

"""What a change costs: `python benchmarks/incremental.py [--facts N] [--changes N] [--solver NAME] [--json]`.

A made theory of facts and 30 rules, in one engine.  Each round tells one fact, asks what follows
from it, takes back another fact, and asks what no longer follows.  The same rounds are then
answered by a solver that has never seen the theory (same processes, nothing loaded).  Prints
seconds for a round either way, their ratio, how many predicates were recomputed a change, and
what it costs to go back and forth between two branches by difference, against keeping nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from typing import Any

from neurosym import Engine, Limits
from neurosym.engine import axiom
from neurosym.logic import And, Atom, Const, Forall, Formula, Implies, Var
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.solvers.prolog import PrologSolver
from neurosym.solvers.router import Router
from neurosym.theory import Claim, Theory
from neurosym.verdict import Solver

X, Y, Z = Var("x"), Var("y"), Var("z")
RULES = 30
SECONDS = 120.0


def rules() -> list[Formula]:
    """A third each: a class of a class, a join with a class, a join of two relations."""
    out: list[Formula] = []
    for i in range(RULES):
        u, e = Atom(f"u{i % 5}", (X,)), Atom(f"e{i % 5}", (X, Y))
        if i % 3 == 0:
            out.append(Forall((X,), Implies(u, Atom(f"d{i}", (X,)))))
        elif i % 3 == 1:
            out.append(Forall((X, Y), Implies(And((e, Atom(f"u{i % 5}", (Y,)))), Atom(f"d{i}", (X,)))))
        else:
            second = Atom(f"e{(i + 1) % 5}", (Y, Z))
            out.append(Forall((X, Y, Z), Implies(And((e, second)), Atom(f"p{i}", (X, Z)))))
    return out


def facts(rng: random.Random, n: int) -> list[Atom]:
    things = [Const(f"k{i}") for i in range(max(2, n // 4))]
    out: dict[Atom, None] = {}
    while len(out) < n:
        i = rng.randrange(10)
        a, b = rng.choice(things), rng.choice(things)
        out[Atom(f"e{i}", (a, b)) if i < 5 else Atom(f"u{i - 5}", (a,))] = None
    return list(out)


def told(n: int, seed: int) -> list[Claim]:
    rng = random.Random(seed)
    return [
        *(axiom(f"f{i}", f) for i, f in enumerate(facts(rng, n))),
        *(axiom(f"r{i}", f) for i, f in enumerate(rules())),
    ]


def forget(solver: Solver) -> None:
    """Make the solver as one that has seen no theory, with its processes left running."""
    if isinstance(solver, Router):
        solver.knowledge.clear()
        solver.checkers.clear()
        solver.canonical.clear()
        forget(solver.rules)
    elif isinstance(solver, PrologSolver):
        solver.forget()


def measure(n: int, changes: int, name: str, seed: int) -> dict[str, Any]:
    rng = random.Random(seed + 1)
    claims = told(n, seed)
    labels = [c.label for c in claims if c.label.startswith("f")]
    once, fresh = make_solver(name), make_solver(name)
    limits = Limits(seconds=SECONDS)
    engine = Engine(solver=once, limits=limits)
    engine.add(claims)
    kept: dict[str, list[float]] = {"tell": [], "retract": []}
    whole: dict[str, list[float]] = {"tell": [], "retract": []}
    recomputed: list[int] = []
    wrong = 0
    prolog = once.rules if isinstance(once, Router) else once
    assert isinstance(prolog, PrologSolver)
    try:
        for solver in (once, fresh):
            solver.solve(engine.theory, Atom("d0", (Const("k0"),)), limits)
        for round_ in range(changes):
            thing = Const(f"k{rng.randrange(n // 4)}")
            new = axiom(f"new{round_}", Atom("u0", (thing,)))
            goal = Atom("d0", (thing,))
            asked: list[tuple[str, Theory, str]] = []
            before = prolog.loads.recomputed
            for change in kept:
                start = time.perf_counter()
                if change == "tell":
                    engine.add([new])
                else:
                    engine.retract([new.label, labels.pop(rng.randrange(len(labels)))])
                verdict = verdict_name(once.solve(engine.theory, goal, limits))
                kept[change].append(time.perf_counter() - start)
                asked.append((change, engine.theory, verdict))
            recomputed.append(prolog.loads.recomputed - before)
            if round_ % max(1, changes // 20) == 0:  # whole loads take long; each twentieth is enough
                for change, theory, verdict in asked:
                    forget(fresh)
                    start = time.perf_counter()
                    wrong += verdict_name(fresh.solve(theory, goal, limits)) != verdict
                    whole[change].append(time.perf_counter() - start)
        there = back_and_forth(engine, once, limits)
    finally:
        once.close()
        fresh.close()
    row: dict[str, Any] = {"solver": name, "facts": n, "rules": RULES, "changes": 2 * changes}
    for change in kept:
        a, b = statistics.median(kept[change]), statistics.median(whole[change])
        row |= {
            f"{change}_and_ask_ms": round(1000 * a, 2),
            f"{change}_whole_ms": round(1000 * b, 2),
            f"{change}_ratio": round(b / a, 1),
        }
    return row | {
        "derived_predicates": RULES,
        "recomputed_per_round": round(statistics.mean(recomputed), 2),
        "whole_loads": prolog.loads.whole, "differences": prolog.loads.differences,
        "between_branches_ms": round(1000 * there, 2), "disagreements": wrong,
    }  # fmt: skip


def back_and_forth(engine: Engine, solver: Solver, limits: Limits) -> float:
    """Seconds for a question when two branches are asked in turn."""
    goal = Atom("d0", (Const("k1"),))
    times = []
    with engine.branch() as a, engine.branch() as b:
        a.add([axiom("a", Atom("u0", (Const("k1"),)))])
        b.add([axiom("b", Atom("u1", (Const("k1"),)))])
        for i in range(21):
            start = time.perf_counter()
            solver.solve((a if i % 2 else b).theory, goal, limits)
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--facts", type=int, default=10_000)
    p.add_argument("--changes", type=int, default=200, help="rounds of telling and taking back")
    p.add_argument("--solver", choices=["auto", "prolog"], action="append")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--json", action="store_true")
    args = p.parse_args()
    rows = [measure(args.facts, args.changes, s, args.seed) for s in args.solver or ["prolog", "auto"]]
    if args.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print("  ".join(f"{k}={v}" for k, v in row.items()))


if __name__ == "__main__":
    main()

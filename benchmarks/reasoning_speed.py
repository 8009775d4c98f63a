"""How fast answers with certificates come: `python benchmarks/reasoning_speed.py [--theories N] [--json]`.

Made theories of the ProofWriter kind (facts and rules over a few things, with negation), ten
questions each.  Prints medians over questions, in milliseconds, by verdict; each question
includes finding, certificate and the kernel's check; the check alone is measured once more.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict

from neurosym.kernel import check
from neurosym.logic import And, Atom, Const, Forall, Formula, Implies, Not, Var, negate
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits

NAMES = [Const(n) for n in ("ada", "ben", "cleo", "dan", "eve", "finn")]
UNARY = ["able", "brisk", "calm", "deft", "eager", "fond", "glad", "hale"]
BINARY = ["greet", "help", "joke_with", "know"]
DENIED = ["idle", "jealous"]  # only these are denied, so that most theories are consistent
X = Var("x")


def theory(rng: random.Random, rules: int = 20, facts: int = 30) -> tuple[Theory, list[Formula]]:
    """A theory and ten questions; about half of the rules speak of all things."""

    def literal(subject: Const | Var, negative: float) -> Atom | Not:
        if rng.random() < negative:
            return Not(Atom(rng.choice(DENIED), (subject,)))
        if rng.random() < 0.6:
            atom = Atom(rng.choice(UNARY), (subject,))
        else:
            atom = Atom(rng.choice(BINARY), (subject, rng.choice(NAMES)))
        return atom

    claims: dict[Formula, None] = {}
    while len(claims) < facts:
        claims[literal(rng.choice(NAMES), 0.05)] = None
    while len(claims) < facts + rules:
        body = tuple(literal(X, 0.0) for _ in range(rng.choice((2, 2, 3))))
        head = literal(X, 0.1)
        claims[Forall((X,), Implies(body[0] if len(body) == 1 else And(body), head))] = None
    told = tuple(Claim(f"c{i}", f, Axiom("made", i, "")) for i, f in enumerate(claims, 1))
    questions = [literal(rng.choice(NAMES), 0.2) for _ in range(10)]
    return Theory(told), [negate(q) if rng.random() < 0.3 else q for q in questions]


def measure(theories: int, seed: int) -> dict[str, object]:
    rng = random.Random(seed)
    solver = make_solver("auto")
    by_verdict: dict[str, list[float]] = defaultdict(list)
    checks: list[float] = []
    certified = questions = 0
    try:
        solver.solve(Theory(()), Atom("warm"), Limits())
        for _ in range(theories):
            made, goals = theory(rng)
            for goal in goals:
                start = time.perf_counter()
                verdict = solver.solve(made, goal, Limits())
                by_verdict[verdict_name(verdict)].append(1000 * (time.perf_counter() - start))
                questions += 1
                if verdict.certificate is not None:
                    certified += 1
                    start = time.perf_counter()
                    check(made, goal, verdict.certificate)
                    checks.append(1000 * (time.perf_counter() - start))
    finally:
        solver.close()
    everything = [t for times in by_verdict.values() for t in times]
    return {
        "questions": questions,
        "certified": certified,
        "median_ms": round(statistics.median(everything), 3),
        "p95_ms": round(sorted(everything)[int(0.95 * len(everything))], 3),
        "median_check_ms": round(statistics.median(checks), 3),
        "by_verdict": {
            v: {"n": len(t), "median_ms": round(statistics.median(t), 3)}
            for v, t in sorted(by_verdict.items())
        },
    }


def cold_ask() -> float:
    """Seconds of `neurosym ask` with an English sentence, as a whole process."""
    command = [sys.executable, "-m", "neurosym.cli", "ask", "Is every cat a cat?"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--theories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    report = measure(args.theories, args.seed)
    cold = sorted(cold_ask() for _ in range(5))
    report["cold_ask_seconds"] = {"min": round(cold[0], 3), "median": round(cold[2], 3)}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()

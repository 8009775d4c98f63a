"""What certificates cost: `python benchmarks/certificate_cost.py [--theories N] [--facts N] [--json]`.

Answers every question twice, one way after the other, and compares.  *Certified* is the engine's
solver: verdict, certificate, kernel check.  *Plain* is the same tabled Prolog program, in a
process of its own, asked whether the goal is derivable, and if not whether its negation is: no
proof, no model, no check, no search for contradictions.  *Closure* is the other plain road of
ours: all that the rules derive is computed when the theory is loaded, then a question is looked
up.  What is paid once for a theory (compiling, loading, consistency, closure) is counted apart,
as the time of a first question about something that the theory does not mention.

Rows: theories of the ProofWriter kind (34 facts, 20 rules with negation, ten questions each) in
an open and in a closed world, and Datalog over a forest of parts (recursion, joins), as definite
rules, with denials, and in a closed world.  Plain answers know rules only: `differ` counts the
questions where they miss what follows by contraposition or by a contradiction.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.logic import (
    FALSE,
    And,
    Atom,
    Const,
    Domain,
    Forall,
    Formula,
    Implies,
    Naf,
    Not,
    Rule,
    Term,
    Var,
    free_vars,
    negate,
    rules_of,
)
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.solvers.join_plans import Labelled
from neurosym.solvers.literal_model import LiteralModel, Spent
from neurosym.solvers.prolog import PrologSolver
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits

X, Y, Z = Var("x"), Var("y"), Var("z")
LIMITS = Limits(seconds=600.0)
UNMENTIONED = Atom("mentioned nowhere", (Const("nobody"),))
Problem: TypeAlias = tuple[Theory, list[Formula]]
Ask: TypeAlias = Callable[[Theory, Formula], str]

# --- made theories --------------------------------------------------------------------------

NAMES = [Const(n) for n in ("ada", "ben", "cleo", "dan", "eve", "finn")]
UNARY = ["able", "brisk", "calm", "deft", "eager", "fond", "glad", "hale"]
BINARY = ["greet", "help", "know", "teach"]
DENIED = ["idle", "jealous"]  # only these are denied where the world is open
DERIVED = UNARY[4:] + DENIED  # the heads of closed rules: absence is asked of the others


def _theory(statements: list[Formula | Rule], closed: bool) -> Theory:
    told = dict.fromkeys(statements)
    return Theory(tuple(Claim(f"c{i}", f, Axiom("made", i, "")) for i, f in enumerate(told, 1)), closed)


def small(rng: random.Random, closed: bool) -> Problem:
    """34 facts, 20 rules and ten questions.  Negation: of atoms, or in a closed world by failure."""

    def literal(subject: Const | Var, unary: list[str], denied: float) -> Atom | Not:
        if rng.random() < denied:
            return Not(Atom(rng.choice(DENIED), (subject,)))
        if rng.random() < 0.6:
            return Atom(rng.choice(unary), (subject,))
        return Atom(rng.choice(BINARY), (subject, rng.choice(NAMES)))

    out: dict[Formula | Rule, None] = {}
    while len(out) < 34:
        out[literal(rng.choice(NAMES), UNARY, 0.0 if closed else 0.05)] = None
    while len(out) < 54:
        n = rng.choice((1, 2, 2, 3))
        if closed:  # stratified: what absence is asked of is no head
            body = [literal(X, UNARY, 0.0) for _ in range(n)]
            if rng.random() < 0.4:
                body[-1] = Not(Atom(rng.choice(UNARY[:4]), (X,)))
            head: Atom | Not = Atom(rng.choice(DERIVED), (X,))
            out[Rule(head, tuple(Naf(b.body) if _denies(b) else b for b in body))] = None  # type: ignore[union-attr,arg-type]
        else:
            body = [literal(X, UNARY, 0.15) for _ in range(n)]
            head = literal(X, UNARY, 0.15)
            out[Forall((X,), Implies(body[0] if n == 1 else And(tuple(body)), head))] = None
    questions = [literal(rng.choice(NAMES), UNARY + DENIED, 0.1) for _ in range(10)]
    return _theory(list(out), closed), [negate(q) if rng.random() < 0.3 else q for q in questions]


def _denies(f: Formula) -> bool:
    return isinstance(f, Not)


RULES: list[Formula] = [
    Forall((X, Y), Implies(Atom("part", (X, Y)), Atom("within", (X, Y)))),
    Forall((X, Y, Z), Implies(And((Atom("part", (X, Y)), Atom("within", (Y, Z)))), Atom("within", (X, Z)))),
    Forall((X, Y, Z), Implies(And((Atom("within", (X, Y)), Atom("made", (X, Z)))), Atom("contains", (Y, Z)))),
    Forall((X, Y), Implies(And((Atom("contains", (X, Y)), Atom("toxic", (Y,)))), Atom("risky", (X,)))),
    Forall((X, Y, Z), Implies(And((Atom("within", (X, Y)), Atom("stands", (Y, Z)))), Atom("stands", (X, Z)))),
    Forall(
        (X, Y, Z),
        Implies(
            And((Atom("sells", (Y, X)), Atom("part", (X, Z)), Atom("risky", (Z,)))), Atom("watched", (Y,))
        ),
    ),
]
DENIALS: list[Formula] = [
    Forall((X,), Implies(Atom("risky", (X,)), Not(Atom("approved", (X,))))),
    Forall((X,), Implies(Atom("watched", (X,)), Not(Atom("trusted", (X,))))),
]


def large(rng: random.Random, facts: int, questions: int, denials: bool, closed: bool) -> Problem:
    """A forest of machines and their parts, what they are made of, where they stand, who sells them."""
    machines = facts // 100
    things = [Const(f"machine{i}") for i in range(machines)]
    out: dict[Formula | Rule, None] = dict.fromkeys(RULES + (DENIALS if denials else []))
    firms = [Const(f"firm{i}") for i in range(facts // 50)]
    stuffs = [Const(f"stuff{i}") for i in range(200)]
    stop = facts + len(out)
    for s in stuffs[::40]:
        out[Atom("toxic", (s,))] = None
    for i, t in enumerate(things):
        out[Atom("stands", (t, Const(f"hall{i % 20}")))] = None
    tops = len(things)
    while len(out) < stop:
        part = Const(f"part{len(things)}")
        out[Atom("part", (part, things[rng.randrange(max(0, len(things) - 20 * tops), len(things))]))] = None
        things.append(part)
        if rng.random() < 0.7:
            out[Atom("made", (part, rng.choice(stuffs)))] = None
        if rng.random() < 0.6:
            out[Atom("sells", (rng.choice(firms), part))] = None

    def question() -> Formula:
        part, kind = rng.choice(things[tops:]), rng.randrange(6)
        above: list[Term] = [part]
        while above[-1] in parent:
            above.append(parent[above[-1]])
        match kind:
            case 0:
                return Atom("within", (part, rng.choice(above[1:])))
            case 1:
                return Atom("within", (part, rng.choice(things)))
            case 2:
                return Atom("contains", (rng.choice(above[1:]), rng.choice(stuffs)))
            case 3:
                return Atom("stands", (part, Const(f"hall{rng.randrange(20)}")))
            case 4:
                return Atom("approved" if denials else "risky", (rng.choice(things),))
            case _:
                return Atom("trusted" if denials else "watched", (rng.choice(firms),))

    parent = {f.args[0]: f.args[1] for f in out if isinstance(f, Atom) and f.pred == "part"}
    return _theory(list(out), closed), [question() for _ in range(questions)]


# --- the ways to answer -----------------------------------------------------------------------


class Plain:
    """Derivable, refuted or neither, by the Prolog program alone."""

    def __init__(self) -> None:
        self.solver = PrologSolver()

    def ask(self, theory: Theory, goal: Formula) -> str:
        if theory.closed_world:
            positive = goal.body if isinstance(goal, Not) else goal
            true = self.solver.derivable(theory, positive, LIMITS)
            return "proved" if true is (positive is goal) else "disproved"
        if self.solver.derivable(theory, goal, LIMITS):
            return "proved"
        return "disproved" if self.solver.derivable(theory, negate(goal), LIMITS) else "unknown"


class Closure:
    """Derivable, refuted or neither, looked up in all that the rules derive."""

    def __init__(self) -> None:
        self.theory: Theory | None = None
        self.model: LiteralModel | None = None

    def ask(self, theory: Theory, goal: Formula) -> str:
        if self.model is None or self.theory is not theory:
            rules = [
                Labelled(c.label, i, r, free_vars(r))
                for c in theory.claims
                for i, r in enumerate(rules_of(c.formula, theory.closed_world) or ())
            ]
            domain = Domain((), FALSE)
            spent = Spent(LIMITS.seconds, LIMITS.inferences)
            self.theory, self.model = theory, LiteralModel(rules, domain, theory.closed_world, spent)
        if not isinstance(goal, Atom | Not):
            raise TypeError("the questions are literals")
        positive = goal.body if isinstance(goal, Not) else goal
        if theory.closed_world:
            return "proved" if (positive in self.model) is (positive is goal) else "disproved"  # type: ignore[operator]
        if goal in self.model:
            return "proved"
        return "disproved" if negate(goal) in self.model else "unknown"  # type: ignore[operator]


# --- measuring ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Times:
    """Milliseconds: of the first question of each theory, and of every other."""

    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)

    def report(self) -> dict[str, float]:
        return {
            "load_total_ms": round(sum(self.first), 1),
            "total_ms": round(sum(self.warm), 1),
            "median_ms": round(statistics.median(self.warm), 3),
            "p95_ms": round(sorted(self.warm)[int(0.95 * len(self.warm))], 3),
        }


def compare(problems: Iterator[Problem]) -> dict[str, object]:
    """All ways over all questions, turn by turn."""
    solver, plain, closure = make_solver("auto"), Plain(), Closure()
    uncertified = 0

    def certified(theory: Theory, goal: Formula) -> str:
        nonlocal uncertified
        verdict = solver.solve(theory, goal, LIMITS)
        uncertified += verdict.certificate is None
        return verdict_name(verdict)

    ways: dict[str, Ask] = {"plain": plain.ask, "certified": certified, "closure": closure.ask}
    times = {name: Times() for name in ways}
    by_verdict: dict[str, dict[str, list[float]]] = {}
    verdicts, differ = Counter[str](), 0
    try:
        for ask in ways.values():  # processes are started
            ask(Theory(()), UNMENTIONED)
        for theory, goals in problems:
            for name, ask in ways.items():
                times[name].first.append(_timed(ask, theory, UNMENTIONED)[1])
            for goal in goals:
                said = {}
                for name, ask in ways.items():
                    said[name], ms = _timed(ask, theory, goal)
                    times[name].warm.append(ms)
                by_verdict.setdefault(said["certified"], {n: [] for n in ways})
                for name in ways:
                    by_verdict[said["certified"]][name].append(times[name].warm[-1])
                verdicts[said["certified"]] += 1
                differ += said["certified"] != said["plain"]
    finally:
        solver.close()
        plain.solver.close()
    report: dict[str, object] = {
        "questions": sum(verdicts.values()),
        "verdicts": dict(sorted(verdicts.items())),
        "uncertified": uncertified,
        "differ": differ,
        **{name: t.report() for name, t in times.items()},
        "ratio_of_totals": _ratio(sum(times["certified"].warm), sum(times["plain"].warm)),
        "ratio_of_medians": _ratio(
            statistics.median(times["certified"].warm), statistics.median(times["plain"].warm)
        ),
        "ratio_with_loading": _ratio(_all(times["certified"]), _all(times["plain"])),
        "ratio_with_loading_to_closure": _ratio(_all(times["certified"]), _all(times["closure"])),
        "ratio_by_verdict": {
            v: _ratio(sum(t["certified"]), sum(t["plain"])) for v, t in sorted(by_verdict.items())
        },
    }
    return report


def _timed(ask: Ask, theory: Theory, goal: Formula) -> tuple[str, float]:
    start = time.perf_counter()
    said = ask(theory, goal)
    return said, 1000 * (time.perf_counter() - start)


def _all(t: Times) -> float:
    return sum(t.first) + sum(t.warm)


def _ratio(a: float, b: float) -> float:
    return round(a / b, 2)


def rows(theories: int, facts: int, questions: int, seed: int) -> dict[str, Iterator[Problem]]:
    def many(closed: bool) -> Iterator[Problem]:
        rng = random.Random(f"{seed} {closed}")
        return (small(rng, closed) for _ in range(theories))

    def one(denials: bool, closed: bool) -> Iterator[Problem]:
        rng = random.Random(f"{seed} {denials} {closed}")
        return (large(rng, facts, questions, denials, closed) for _ in range(1))

    return {
        "small theories, open world": many(False),
        "small theories, closed world": many(True),
        "datalog, definite": one(False, False),
        "datalog, with denials": one(True, False),
        "datalog, closed world": one(False, True),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--theories", type=int, default=40)
    parser.add_argument("--facts", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--row", help="only rows whose name has this text")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    made = rows(args.theories, args.facts, args.questions, args.seed)
    report = {name: compare(problems) for name, problems in made.items() if (args.row or "") in name}
    if args.json:
        print(json.dumps(report, indent=2))
        return
    for name, row in report.items():
        print(name)
        for key, value in row.items():
            print(f"    {key:30} {value}")


if __name__ == "__main__":
    main()

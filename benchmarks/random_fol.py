"""Random first-order problems against other provers: `python benchmarks/random_fol.py --n 5000 [--json]`.

The problems of random_theories.py are answered by the engine's own choice of solvers, by Z3
called directly, and by E where `eprover` is installed.  A verdict is wrong where a reference
rules it out.  The references only say whether a set of formulas has a model, under limits that
count steps, so that a run can be repeated; they share no code with neurosym.solvers.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any, Protocol, assert_never

from neurosym_benchmarks.random_theories import KINDS, Problem, problem

from neurosym.errors import CheckError
from neurosym.kernel import check
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
    formula_of,
    ground_terms,
)
from neurosym.proof import Outcome
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.verdict import Limits, Solver, Unknown, Verdict

# --- the references ------------------------------------------------------------------

BATCH = 50  # problems that go to the references at once


class Reference(Protocol):
    """A prover that we compare with."""

    name: str

    def have_models(self, problems: Sequence[Sequence[Formula]]) -> list[bool | None]:
        """For each set of closed formulas, whether it has a model; None where it cannot tell."""
        ...


def numeral_axioms(fs: Iterable[Formula]) -> list[Formula]:
    """Different numerals of `fs` denote different things, and compare as numbers do."""
    numbers = [t for t in ground_terms(fs) if isinstance(t, Num)]
    out: list[Formula] = [Not(Equal(a, b)) for a, b in combinations(numbers, 2)]
    for a in numbers:
        for b in numbers:
            for strict in (True, False):
                f = Less(a, b, strict)
                holds = a.value < b.value if strict else a.value <= b.value
                out.append(f if holds else Not(f))
    return out if any(_compares(f) for f in fs) else out[: len(numbers) * (len(numbers) - 1) // 2]


def _compares(f: Formula) -> bool:
    match f:
        case Less():
            return True
        case Atom() | Equal():
            return False
        case Not(body) | Forall(_, body) | Exists(_, body):
            return _compares(body)
        case And(parts) | Or(parts):
            return any(map(_compares, parts))
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return _compares(a) or _compares(b)
        case _:
            assert_never(f)


class Z3Reference:
    """Z3 in this process, by a translation that shares nothing with neurosym.solvers."""

    name = "z3"

    def __init__(self, rlimit: int = 400_000, seconds: float = 10.0) -> None:
        import z3

        self.z3: Any = z3
        self.rlimit, self.seconds = rlimit, seconds
        self.sort = z3.DeclareSort("Thing")

    def have_models(self, problems: Sequence[Sequence[Formula]]) -> list[bool | None]:
        return [self.has_model(fs) for fs in problems]

    def has_model(self, fs: Sequence[Formula]) -> bool | None:
        """Is there a model?  None past the limit of Z3's resource units."""
        solver = self.z3.Solver()
        solver.set("rlimit", self.rlimit)
        solver.set("timeout", int(1000 * self.seconds))
        for f in (*fs, *numeral_axioms(fs)):
            solver.add(self.formula(f, {}))
        answer = solver.check()
        return None if answer == self.z3.unknown else bool(answer == self.z3.sat)

    def formula(self, f: Formula, env: dict[Var, Any]) -> Any:
        z3 = self.z3
        match f:
            case Atom(pred, args):
                return self.relation(f"p {pred}", args, env)
            case Equal(a, b):
                return self.term(a, env) == self.term(b, env)
            case Less(a, b, strict):
                return self.relation("<" if strict else "<=", (a, b), env)
            case Not(body):
                return z3.Not(self.formula(body, env))
            case And(parts):
                return z3.And([self.formula(p, env) for p in parts])
            case Or(parts):
                return z3.Or([self.formula(p, env) for p in parts])
            case Xor(a, b):
                return z3.Xor(self.formula(a, env), self.formula(b, env))
            case Implies(a, b):
                return z3.Implies(self.formula(a, env), self.formula(b, env))
            case Iff(a, b):
                return self.formula(a, env) == self.formula(b, env)
            case Forall(vs, body) | Exists(vs, body):
                new = [z3.FreshConst(self.sort, "v") for _ in vs]
                inner = self.formula(body, {**env, **dict(zip(vs, new, strict=True))})
                if not new:
                    return inner
                return z3.ForAll(new, inner) if isinstance(f, Forall) else z3.Exists(new, inner)
            case _:
                assert_never(f)

    def relation(self, name: str, args: Sequence[Term], env: dict[Var, Any]) -> Any:
        symbol = self.z3.Function(name, *[self.sort] * len(args), self.z3.BoolSort())
        return symbol(*[self.term(t, env) for t in args])

    def term(self, t: Term, env: dict[Var, Any]) -> Any:
        match t:
            case Var():
                return env[t]
            case Const(name):
                return self.z3.Const(f"c {name}", self.sort)
            case Num(value):
                return self.z3.Const(f"n {value}", self.sort)
            case Fn(name, args):
                symbol = self.z3.Function(f"f {name}", *[self.sort] * (len(args) + 1))
                return symbol(*[self.term(a, env) for a in args])
            case _:
                assert_never(t)


def sides(p: Problem) -> tuple[list[Formula], list[Formula], list[Formula]]:
    """The theory with the goal, with its negation, and alone."""
    told = [formula_of(c.formula) for c in p.theory.claims]
    return [*told, p.goal], [*told, Not(p.goal)], told


def right(p: Problem, with_goal: bool | None, with_negation: bool | None) -> frozenset[Outcome]:
    """The outcomes that are not ruled out, given which sides have a model.

    The theory alone has one exactly where a side has, but for numerals that only the goal brings
    in: these may make both sides impossible, and then both answers are theorems.
    """
    asked, told = ({t for t in ground_terms(fs) if isinstance(t, Num)} for fs in sides(p)[1:])
    out: set[Outcome] = set()
    for holds, fails, alone in product((True, False), repeat=3):
        if with_goal not in (None, holds) or with_negation not in (None, fails):
            continue
        if alone is not (holds or fails) and (holds or fails or asked <= told):
            continue
        match holds, fails, alone:
            case _, _, False:
                out.add(Outcome.INCONSISTENT)
            case True, True, _:
                out.add(Outcome.UNKNOWN)
            case _:
                out |= {Outcome.PROVED} if not fails else set()
                out |= {Outcome.DISPROVED} if not holds else set()
    return frozenset(out)


# --- the comparison ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a problem.  `outcome` is None where there was no certified answer."""

    problem: Problem
    outcome: Outcome | None
    reason: str  # why there is none
    rejected: str  # what the kernel says against a certificate that came with an answer
    seconds: float


def answer(p: Problem, solver: Solver, limits: Limits) -> Row:
    """Our own verdict, its certificate checked once more."""
    began = time.perf_counter()
    verdict = solver.solve(p.theory, p.goal, limits)
    seconds = time.perf_counter() - began
    outcome = outcome_of(verdict)
    if verdict.certificate is None:
        reason = verdict.reason if isinstance(verdict, Unknown) else "an answer without certificate"
        return Row(p, outcome, reason, "", seconds)
    rejected = ""
    try:
        theorem = check(p.theory, p.goal, verdict.certificate)
        if theorem != verdict.theorem or theorem.outcome is not outcome:
            rejected = f"it proves another theorem: {theorem}"
    except CheckError as e:
        rejected = str(e)
    return Row(p, outcome, "", rejected, seconds)


def outcome_of(v: Verdict) -> Outcome | None:
    """What a verdict says; None for an Unknown without certificate, which says nothing."""
    if isinstance(v, Unknown) and v.certificate is None:
        return None
    return Outcome(verdict_name(v))


class Comparison:
    """Sums over problems, and the problems that need a person."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.references = tuple(references)
        self.rows: list[Row] = []
        self.decided: Counter[str] = Counter()  # problems, by reference, of which it knows the outcome
        self.compared: Counter[str] = Counter()  # those of them that we have answered
        self.disagreements: list[str] = []
        self.uncertified: list[str] = []  # answers without a certificate that holds
        self.unanswered: list[str] = []
        self.at_odds: list[str] = []  # where the references differ between themselves

    def add(self, rows: Sequence[Row]) -> None:
        self.rows += rows
        every = [fs for row in rows for fs in sides(row.problem)[:2]]
        known = [(r.name, r.have_models(every)) for r in self.references]
        for n, row in enumerate(rows):
            p, text = row.problem, f"problem {row.problem.seed} ({row.problem.kind})\n{row.problem}"
            ruled = [(name, right(p, *found[2 * n : 2 * n + 2])) for name, found in known]
            if not frozenset(Outcome).intersection(*(left for _, left in ruled)):
                self.at_odds.append(f"{text}\n% {ruled}")
            for name, left in ruled:
                self.decided[name] += len(left) == 1
                self.compared[name] += len(left) == 1 and row.outcome is not None
                if row.outcome is not None and row.outcome not in left:
                    self.disagreements.append(f"{text}\n% ours: {row.outcome}; {name}: {sorted(left)}")
            if row.outcome is None:
                fits = sorted(frozenset(Outcome).intersection(*(left for _, left in ruled)))
                self.unanswered.append(f"{text}\n% {row.reason}; right: {', '.join(fits)}")
            elif row.reason or row.rejected:
                self.uncertified.append(f"{text}\n% {row.outcome}: {row.reason or row.rejected}")

    def report(self) -> dict[str, Any]:
        answered = [r for r in self.rows if r.outcome is not None]
        times = sorted(1000 * r.seconds for r in self.rows)
        by_kind = Counter((r.problem.kind, str(r.outcome or "none")) for r in self.rows)
        return {
            "n": len(self.rows),
            "answered": len(answered),
            "certified": len(answered) - len(self.uncertified),
            "outcomes": dict(sorted(Counter(str(r.outcome or "none") for r in self.rows).items())),
            "decided": dict(self.decided),
            "compared": dict(self.compared),
            "median_ms": round(times[len(times) // 2], 2),
            "p95_ms": round(times[int(0.95 * len(times))], 2),
            "max_ms": round(times[-1], 2),
            "disagreements": self.disagreements,
            "uncertified": self.uncertified,
            "unanswered": self.unanswered,
            "references_at_odds": self.at_odds,
            "kinds": {
                kind: {o: n for (k, o), n in sorted(by_kind.items()) if k == kind} for kind in sorted(KINDS)
            },
        }


def references() -> list[Reference]:
    """Z3, and E where it is installed.  E is called by the module of the tests, in the checkout."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    tptp = importlib.import_module("tptp")
    if not tptp.installed():
        print("eprover is not installed: Z3 is the only reference", file=sys.stderr)
        return [Z3Reference()]
    return [Z3Reference(), tptp.EReference()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=1000, help="how many problems")
    parser.add_argument("--start", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seconds", type=float, default=20.0, help="what we may spend on each")
    parser.add_argument("--json", action="store_true", help="the whole report; else the sums and the lists")
    args = parser.parse_args()
    solver, found = make_solver("auto"), Comparison(references())
    end = args.start + args.n
    try:
        for start in range(args.start, end, BATCH):
            problems = [problem(n) for n in range(start, min(start + BATCH, end))]
            found.add([answer(p, solver, Limits(seconds=args.seconds)) for p in problems])
            print(
                f"\r{len(found.rows)} of {args.n}: {len(found.disagreements)} disagreements, "
                f"{len(found.uncertified)} uncertified, {len(found.unanswered)} unanswered",
                end="", file=sys.stderr, flush=True,
            )  # fmt: skip
    finally:
        solver.close()
        print(file=sys.stderr)
    report = found.report()
    if args.json:
        print(json.dumps(report, indent=2))
        return
    for key, value in report.items():
        shown = value if not isinstance(value, list) else "\n\n".join([str(len(value)), *value])
        print(f"{key}: {shown}")


if __name__ == "__main__":
    main()

"""Exact confidence against ProbLog: `python benchmarks/problog_agreement.py [--problems N] [--json]`.

Made theories of rules (chains, diamonds, cycles, shared facts, several predicates, stratified
negation, scores 0 and 1), each question answered by both.  Prints, by kind, the largest
difference and the ratio of the times; every figure of ours is by `exact_confidence`, without
proofs.  Needs `problog` (the extra `dev`).  A rule of ours is right or wrong as a whole, so it
becomes one probabilistic fact of ProbLog's that all its instances share.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain as joined
from itertools import pairwise

from neurosym.confidence import exact_confidence
from neurosym.errors import ConfigError
from neurosym.logic import Atom, BodyLiteral, Const, Formula, Naf, Rule, Term, Var, free_vars
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits

X, Y, Z = Var("x"), Var("y"), Var("z")
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Problem:
    """A theory of rules and a ground atom."""

    kind: str
    theory: Theory
    goal: Atom


def _theory(rng: random.Random, rules: list[Rule], *, sure: float = 0.15, never: float = 0.03) -> Theory:
    """Each rule a claim with a random score; some are certain, a few are worthless."""
    claims = []
    for i, r in enumerate(dict.fromkeys(rules), 1):
        draw = rng.random()
        score = 1.0 if draw < sure else 0.0 if draw < sure + never else round(rng.uniform(0.05, 0.99), 3)
        claims.append(Claim(f"c{i}", r, Axiom("made", i, ""), score))
    return Theory(tuple(claims))


def _edges(pairs: list[tuple[int, int]]) -> list[Rule]:
    return [Rule(Atom("edge", (Const(f"n{a}"), Const(f"n{b}")))) for a, b in pairs]


def _paths() -> list[Rule]:
    step = Atom("edge", (X, Z))
    rest, path = Atom("path", (Z, Y)), Atom("path", (X, Y))
    return [Rule(path, (Atom("edge", (X, Y)),)), Rule(path, (step, rest))]


def chain(rng: random.Random) -> tuple[Theory, Atom]:
    n = rng.randint(2, 8)
    pairs = [(i, i + 1) for i in range(n)]
    return _theory(rng, _edges(pairs) + _paths()), Atom("path", (Const("n0"), Const(f"n{n}")))


def diamond(rng: random.Random) -> tuple[Theory, Atom]:
    n = rng.randint(1, 4)
    pairs = [(a, b) for i in range(n) for a, b in ((3 * i, 3 * i + 1), (3 * i, 3 * i + 2))]
    pairs += [(a, 3 * i + 3) for i in range(n) for a in (3 * i + 1, 3 * i + 2)]
    return _theory(rng, _edges(pairs) + _paths()), Atom("path", (Const("n0"), Const(f"n{3 * n}")))


def cycle(rng: random.Random) -> tuple[Theory, Atom]:
    n = rng.randint(3, 5)
    pairs = [(i, (i + 1) % n) for i in range(n)]
    pairs += [(rng.randrange(n), rng.randrange(n)) for _ in range(rng.randint(1, 5))]
    ends = Const(f"n{rng.randrange(n)}"), Const(f"n{rng.randrange(n)}")
    return _theory(rng, _edges(pairs) + _paths()), Atom("path", ends)


def shared(rng: random.Random) -> tuple[Theory, Atom]:
    """Propositional rules over few facts, which many proofs share; cycles come by chance."""
    facts = [Atom(f"f{i}") for i in range(rng.randint(3, 6))]
    heads = [Atom(f"p{i}") for i in range(rng.randint(2, 5))]
    rules = [Rule(f) for f in facts]
    for _ in range(rng.randint(4, 9)):
        body = rng.sample(facts + heads, rng.randint(1, 3))
        rules.append(Rule(rng.choice(heads), tuple(body)))
    return _theory(rng, rules), rng.choice(heads)


def people(rng: random.Random) -> tuple[Theory, Atom]:
    """Unary and binary predicates, rules with joins."""
    names = [Const(n) for n in ("ada", "ben", "cleo", "dan")]
    unary, binary = ["calm", "deft", "glad", "hale"], ["helps", "knows"]
    rules = [Rule(Atom(rng.choice(unary), (rng.choice(names),))) for _ in range(rng.randint(2, 4))]
    rules += [
        Rule(Atom(rng.choice(binary), (rng.choice(names), rng.choice(names))))
        for _ in range(rng.randint(2, 5))
    ]
    for _ in range(rng.randint(3, 6)):
        a, b = Atom(rng.choice(unary), (X,)), Atom(rng.choice(unary), (Y,))
        link = Atom(rng.choice(binary), (X, Y))
        body: tuple[Atom, ...] = rng.choice(((a,), (link, b), (link, a), (a, link, b)))
        head = Atom(rng.choice(unary), (X,))
        if rng.random() < 0.4:
            body, head = (link, b), Atom(rng.choice(binary), rng.choice(((Y, X), (X, Y))))
        rules.append(Rule(head, body))
    return _theory(rng, rules), Atom(rng.choice(unary), (rng.choice(names),))


def negation(rng: random.Random) -> tuple[Theory, Atom]:
    """Layers of predicates; a rule may ask for the absence of what a lower layer derives."""
    names = [Const(n) for n in ("ada", "ben", "cleo")]
    layers = [[f"q{i}{j}" for j in range(2)] for i in range(rng.randint(2, 4))]
    rules = [Rule(Atom(p, (n,))) for p in layers[0] for n in names if rng.random() < 0.6]
    rules += [Rule(Atom("near", (a, b))) for a, b in pairwise(names) if rng.random() < 0.8]
    for i, layer in enumerate(layers[1:], 1):
        lower = [p for row in layers[:i] for p in row]
        for p in layer:
            for _ in range(rng.randint(1, 2)):
                body: list[BodyLiteral] = [Atom(rng.choice(lower), (X,))]
                if rng.random() < 0.4:
                    body += [Atom("near", (X, Y)), Atom(rng.choice([*lower, *layer]), (Y,))]
                body.append(Naf(Atom(rng.choice(lower), (X,))))
                rules.append(Rule(Atom(p, (X,)), tuple(body)))
    return _theory(rng, rules), Atom(rng.choice(layers[-1]), (rng.choice(names),))


KINDS: dict[str, Callable[[random.Random], tuple[Theory, Atom]]] = {
    "chain": chain, "diamond": diamond, "cycle": cycle, "shared": shared, "people": people,
    "negation": negation,
}  # fmt: skip


def problems(count: int, seed: int) -> list[Problem]:
    """`count` problems, the kinds in turn; the same for the same seed."""
    rng = random.Random(seed)
    names = list(KINDS)
    return [Problem(k, *KINDS[k](rng)) for k in (names[i % len(names)] for i in range(count))]


# --- ProbLog -----------------------------------------------------------------------------


def program_text(theory: Theory, goal: Atom) -> str:
    """The theory as a ProbLog program with one query.  Names must be words in small letters."""
    lines, known = list[str](), dict[tuple[str, int], None]()
    for c in theory.claims:
        r = c.formula if isinstance(c.formula, Rule) else None
        if r is None or not isinstance(r.head, Atom):
            raise ConfigError(f"claim {c.label!r} is no rule for an atom; ProbLog is asked about these only")
        body = [_body_text(b) for b in r.body]
        lines += [f"{c.score!r}::{c.label}.", f"{_text(r.head)} :- {', '.join([*body, c.label])}."]
        for a in (r.head, *(b.body if isinstance(b, Naf) else b for b in r.body)):
            if isinstance(a, Atom):
                known[a.pred, len(a.args)] = None
    known[goal.pred, len(goal.args)] = None
    for pred, arity in known:  # what has no clause is false, not an error
        lines.append(f"{_text(Atom(pred, (Const('_'),) * arity))} :- fail.")
    return "\n".join([*lines, f"query({_text(goal)})."])


def _body_text(b: BodyLiteral) -> str:
    if isinstance(b, Naf):
        return f"\\+{_text(b.body)}"
    return _text(b)


def _text(f: Formula) -> str:
    if not isinstance(f, Atom):
        raise ConfigError("ProbLog is asked about atoms and their absence only")
    return f"{f.pred}({', '.join(map(_term, f.args))})" if f.args else f.pred


def _term(t: Term) -> str:
    match t:
        case Var(name):
            return f"V{name}"
        case Const(name):
            return name
        case _:
            raise ConfigError("ProbLog is asked about constants only")


def problog_probability(theory: Theory, goal: Atom) -> float:
    """ProbLog's own figure.  Raises ConfigError where ProbLog is not installed."""
    try:
        from problog import get_evaluatable
        from problog.program import PrologString
    except ImportError as e:
        raise ConfigError("problog is not installed: pip install 'neurosym-engine[dev]'") from e
    if free_vars(goal):
        raise ConfigError("the goal must be ground")
    found = get_evaluatable().create_from(PrologString(program_text(theory, goal))).evaluate()
    return float(next(iter(found.values()), 0.0))


def measure(count: int, seed: int) -> dict[str, dict[str, float]]:
    """By kind: problems, unanswered, the largest difference, and medians of milliseconds."""
    rows: dict[str, list[tuple[float | None, float, float]]] = {k: [] for k in KINDS}
    for p in problems(count, seed):
        start = time.perf_counter()
        ours = exact_confidence(p.theory, p.goal, Limits())
        middle = time.perf_counter()
        theirs = problog_probability(p.theory, p.goal)
        end = time.perf_counter()
        difference = None if ours.exact is None else abs(ours.exact - theirs)
        rows[p.kind].append((difference, 1000 * (middle - start), 1000 * (end - middle)))
    return {
        k: _summary(found) for k, found in [*rows.items(), ("all", list(joined(*rows.values())))] if found
    }


def _summary(found: list[tuple[float | None, float, float]]) -> dict[str, float]:
    ours, theirs = statistics.median(f[1] for f in found), statistics.median(f[2] for f in found)
    return {
        "problems": len(found),
        "unanswered": sum(f[0] is None for f in found),
        "max_difference": max((f[0] for f in found if f[0] is not None), default=0.0),
        "ours_ms": ours,
        "problog_ms": theirs,
        "time_ratio": ours / theirs,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--problems", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    report = measure(args.problems, args.seed)
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        print(
            f"{'kind':<10}{'problems':>9}{'unanswered':>11}{'max |diff|':>13}{'ours ms':>10}"
            f"{'problog ms':>12}"
        )
        for kind, r in report.items():
            print(
                f"{kind:<10}{r['problems']:>9.0f}{r['unanswered']:>11.0f}{r['max_difference']:>13.2e}"
                f"{r['ours_ms']:>10.2f}{r['problog_ms']:>12.2f}   ratio {r['time_ratio']:.3f}"
            )
    return 0 if report["all"]["max_difference"] <= TOLERANCE and not report["all"]["unanswered"] else 1


if __name__ == "__main__":
    raise SystemExit(main())

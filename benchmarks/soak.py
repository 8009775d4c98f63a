"""One engine for a long time: `python benchmarks/soak.py --n 10000 --kill-every 500 [--json]`.

Rounds of told worlds, each asked and then taken back: family trees (also in a closed world),
negation as failure, case splits, equations, orderings, conflicts, English, quantified goals,
sums, open questions.  What is right is known when a question is made, by arithmetic and graph walks
that share nothing with the engine.  Every so often the solvers' worker processes are killed
(SIGKILL), between two questions or in the middle of one.  Counted are wrong answers, lost ones
(an exception, or Unknown without certificate), and the growth of this process after a warm-up.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import gcd
from pathlib import Path
from typing import Any

from neurosym import Engine
from neurosym.errors import CheckError, NeurosymError
from neurosym.kernel import check
from neurosym.results import Response, verdict_name
from neurosym.solvers import make_solver
from neurosym.syntax import show_term
from neurosym.verdict import Limits, Unknown

WARM_UP = 0.2  # of the questions, before the memory is measured first
MID_QUESTION = 0.02  # seconds into a question within which workers are killed
LIMITS = Limits(seconds=60.0)  # generous: a busy machine must not lose a question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is right: a verdict, or the names that an open question binds."""

    question: str
    expected: str | frozenset[str]
    closed: bool = False  # in a closed world
    before: Callable[[Engine], object] | None = None  # told or taken back just before


@dataclass(frozen=True, slots=True)
class World:
    """What a round tells and asks."""

    kind: str
    told: str
    asked: tuple[Asked, ...]
    english: bool = False


# --- the worlds: each is made from a number and a source of chance ---------------------------


def family(n: int, rng: random.Random) -> World:
    """A tree of parents and its ancestors; grows by one child halfway."""
    people = [f"p{n}_{i}" for i in range(rng.randint(6, 10))]
    parent = {i: rng.randrange(i) for i in range(1, len(people))}

    def above(i: int) -> list[int]:
        return [parent[i], *above(parent[i])] if i in parent else []

    told = [f"parent({people[j]}, {people[i]})." for i, j in parent.items()]
    told += [
        "ancestor(?x, ?y) :- parent(?x, ?y).",
        "ancestor(?x, ?z) :- parent(?x, ?y), ancestor(?y, ?z).",
    ]
    asked = []
    for _ in range(6):
        i, j = rng.randrange(len(people)), rng.randrange(len(people))
        held, closed = j in above(i), rng.random() < 0.5
        expected = "proved" if held else "disproved" if closed else "unknown"
        asked.append(Asked(f"ancestor({people[j]}, {people[i]})", expected, closed))
    i = rng.randrange(1, len(people))
    asked.append(Asked(f"ancestor(?who, {people[i]})", frozenset(people[j] for j in above(i))))
    new, under = f"q{n}", rng.randrange(1, len(people))
    born = f"born{n}: parent({people[under]}, {new})."
    asked.append(Asked(f"ancestor({people[0]}, {new})", "unknown"))
    asked.append(
        Asked(f"ancestor({people[0]}, {new})", "proved", before=lambda e: e.tell_logic(born, f"round{n}"))
    )
    root = frozenset(people[j] for j in (under, *above(under)))
    asked.append(Asked(f"ancestor(?who, {new})", root, closed=rng.random() < 0.5))
    asked.append(Asked(f"ancestor({people[0]}, {new})", "unknown", before=lambda e: e.retract(f"born{n}")))
    return World("family", "\n".join(told), tuple(asked))


def absence(n: int, rng: random.Random) -> World:
    """Negation as failure in two strata, open and closed."""
    birds = [f"b{n}_{i}" for i in range(5)]
    odd = {b for b in birds if rng.random() < 0.4}
    kept = {b for b in birds if rng.random() < 0.4}
    told = [f"bird({b})." for b in birds]
    told += [f"odd({b})." for b in sorted(odd)] + [f"kept({b})." for b in sorted(kept)]
    told += ["flies(?x) :- bird(?x), naf odd(?x).", "seen(?x) :- flies(?x), naf kept(?x)."]
    flies = set(birds) - odd
    seen = flies - kept
    # that nothing is such has a certificate in a closed world only
    asked = [Asked("flies(?x)", frozenset(flies), not flies), Asked("seen(?x)", frozenset(seen), not seen)]
    for b in rng.sample(birds, 4):
        pred, true = rng.choice((("flies", b in flies), ("seen", b in seen)))
        closed = rng.random() < 0.5
        expected = "proved" if true else "disproved" if closed else "unknown"
        asked.append(Asked(f"{pred}({b})", expected, closed))
    return World("absence", "\n".join(told), tuple(asked))


def cases(n: int, rng: random.Random) -> World:
    """Every box is of one of three colours; some are ruled out."""
    colours = ["red", "green", "blue"]
    told = ["forall ?x. box(?x) -> red(?x) or green(?x) or blue(?x)."]
    told += [f"forall ?x. {c}(?x) -> painted(?x)." for c in colours]
    told += ["forall ?x. not (red(?x) and green(?x)).", "forall ?x. not (red(?x) and blue(?x))."]
    told += ["forall ?x. not (green(?x) and blue(?x))."]
    asked = []
    for i in range(3):
        box = f"x{n}_{i}"
        out = rng.sample(colours, rng.randint(0, 2))
        told += [f"box({box}).", *(f"not {c}({box})." for c in out)]
        left = [c for c in colours if c not in out]
        colour = rng.choice(colours)
        expected = "disproved" if colour in out else "proved" if len(left) == 1 else "unknown"
        asked += [Asked(f"{colour}({box})", expected), Asked(f"painted({box})", "proved")]
        if len(left) == 2:
            asked.append(Asked(f"{left[0]}({box}) xor {left[1]}({box})", "proved"))
    asked.append(Asked(f"box(other{n})", "unknown"))
    return World("cases", "\n".join(told), tuple(asked))


def equations(n: int, rng: random.Random) -> World:
    """f^i(a) = a and f^j(a) = a: then f^k(a) = a follows just where gcd(i, j) divides k."""

    def power(k: int) -> str:
        return f"next({power(k - 1)})" if k else f"a{n}"

    i, j = rng.sample(range(2, 9), 2)
    told = [
        f"{power(i)} = a{n}.",
        f"{power(j)} = a{n}.",
        "forall ?x. lit(?x) -> lit(next(next(?x))).",
        f"lit(a{n}).",
    ]
    asked = []
    for k in rng.sample(range(1, 9), 4):
        asked.append(Asked(f"{power(k)} = a{n}", "proved" if k % gcd(i, j) == 0 else "unknown"))
    # lit goes round in steps of two: all powers are reached where the cycle is odd
    k = rng.randrange(1, 6)
    asked.append(Asked(f"lit({power(k)})", "proved" if k % 2 == 0 or gcd(i, j) % 2 else "unknown"))
    asked.append(Asked(f"exists ?x. lit(?x) and next(?x) = {power(1)}", "proved"))
    return World("equations", "\n".join(told), tuple(asked))


def ordering(n: int, rng: random.Random) -> World:
    """A line of four, told by neighbours; and one more whose place is left open."""
    line = [f"o{n}_{i}" for i in range(4)]
    rng.shuffle(line)
    told = [
        "forall ?x ?y ?z. older(?x, ?y) and older(?y, ?z) -> older(?x, ?z).",
        "forall ?x. not older(?x, ?x).",
        "forall ?x ?y. ?x = ?y or older(?x, ?y) or older(?y, ?x).",
    ]
    told += [f"older({a}, {b})." for a, b in pairwise(line)]
    told.append(f"older({line[1]}, new{n}).")
    asked = []
    for _ in range(4):
        i, j = rng.sample(range(4), 2)
        asked.append(Asked(f"older({line[i]}, {line[j]})", "proved" if i < j else "disproved"))
    asked.append(Asked(f"older({line[3]}, new{n})", "unknown"))
    asked.append(Asked(f"older({line[0]}, new{n})", "proved"))
    asked.append(Asked(f"{line[0]} = new{n}", "disproved"))
    asked.append(Asked(f"older(?x, {line[2]})", frozenset(line[:2])))
    return World("ordering", "\n".join(told), tuple(asked))


def conflict(n: int, rng: random.Random) -> World:
    """A theory that is at odds with itself for a while."""
    things = [f"t{n}_{i}" for i in range(4)]
    told = ["forall ?x. cat(?x) -> animal(?x).", "forall ?x. cat(?x) -> not dog(?x)."]
    told += [f"cat({t})." for t in things[:3]]
    t = rng.choice(things[:3])
    bad = f"bad{n}: dog({t})."
    asked = [
        Asked(f"animal({t})", "proved"),
        Asked(f"dog({t})", "disproved"),
        Asked(f"animal({t})", "inconsistent", before=lambda e: e.tell_logic(bad, f"round{n}")),
        Asked(f"animal({things[3]})", "inconsistent"),
        Asked(f"animal({things[3]})", "unknown", before=lambda e: e.retract(f"bad{n}")),
        Asked(f"dog({t})", "disproved"),
        Asked("animal(?x)", frozenset(things[:3])),
    ]
    return World("conflict", "\n".join(told), tuple(asked))


def english(n: int, rng: random.Random) -> World:
    """A chain of kinds, in sentences."""
    kinds = rng.sample(["wug", "dax", "fep", "zorp", "blick", "toma", "gorp", "lum"], 5)
    name = rng.choice(["Ada", "Ben", "Cleo", "Dan"])
    lines = [f"Every {a} is a {b}." for a, b in pairwise(kinds[:4])]
    lines += [f"No {kinds[3]} is a {kinds[4]}.", f"{name} is a {kinds[1]}."]
    asked = [
        Asked(f"Is {name} a {kinds[3]}?", "proved"),
        Asked(f"Is {name} a {kinds[0]}?", "unknown"),
        Asked(f"Is {name} a {kinds[4]}?", "disproved"),
        Asked(f"Is {name} a {kinds[0]}?", "disproved", closed=True),
        Asked(f"Is {name} a {kinds[2]}?", "proved", closed=True),
    ]
    return World("english", " ".join(lines), tuple(asked), english=True)


def quantified(n: int, rng: random.Random) -> World:
    """Goals that are general or existential, over a chain of inclusions and one counted class."""
    a, b, c, d = (f"k{n % 40}{x}" for x in "abcd")
    told = [f"forall ?x. {a}(?x) -> {b}(?x).", f"forall ?x. {b}(?x) -> {c}(?x).", f"exists ?x. {a}(?x)."]
    told += [f"{d}(u{n}).", f"{d}(v{n}).", f"forall ?x ?y ?z. {d}(?x) and {d}(?y) and {d}(?z) -> "]
    told[-1] += "?x = ?y or ?x = ?z or ?y = ?z."
    told += [f"u{n} != v{n}.", f"{d}(w{n})."]
    same = f"w{n} = u{n} or w{n} = v{n}"
    every = [
        Asked(f"forall ?x. {a}(?x) -> {c}(?x)", "proved"),
        Asked(f"forall ?x. {c}(?x) -> {a}(?x)", "unknown"),
        Asked(f"exists ?x. {c}(?x)", "proved"),
        Asked(f"forall ?x. not {b}(?x)", "disproved"),
        Asked(f"exists ?x. {a}(?x) and not {c}(?x)", "disproved"),
        Asked(same, "proved"),
        Asked(f"w{n} = u{n}", "unknown"),
        Asked(f"exists ?x ?y. {d}(?x) and {d}(?y) and ?x != ?y", "proved"),
        Asked(f"exists ?x. forall ?y. {d}(?y) -> ?y = ?x", "disproved"),
    ]
    return World("quantified", "\n".join(told), tuple(rng.sample(every, 6)))


def sums(n: int, rng: random.Random) -> World:
    """Heights told by differences, and a bound on the last: linear arithmetic, which is Z3's."""
    names = [f"h(s{n}_{i})" for i in range(4)]
    steps = [rng.choice((-3, -2, -1, 1, 2, 3, 4)) for _ in names[1:]]
    told = [f"{a} = {b} + {d}." for a, b, d in zip(names, names[1:], steps, strict=False)]
    least = rng.randint(0, 5)
    told.append(f"{names[3]} >= {least}.")
    i, j = rng.sample(range(4), 2)
    ahead = sum(steps[i:]) - sum(steps[j:])  # of the one's height over the other's
    said = ahead + rng.choice((0, 0, 1))
    bound = rng.choice((least, least + rng.randint(1, 9)))
    asked = [
        Asked(f"{names[i]} = {names[j]} + {said}", "proved" if said == ahead else "disproved"),
        Asked(f"{names[i]} < {names[j]}", "proved" if ahead < 0 else "disproved"),
        Asked(f"{names[3]} < {bound}", "disproved" if bound == least else "unknown"),
    ]
    return World("sums", "\n".join(told), tuple(asked))


MAKERS = (family, absence, cases, equations, ordering, conflict, english, quantified, sums)


def worlds(seed: int) -> Iterator[World]:
    """Endlessly; round n has the same world in every run."""
    n = 0
    while True:
        yield MAKERS[n % len(MAKERS)](n, random.Random(f"soak {seed} {n}"))
        n += 1


# --- the run ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Report:
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    warm_mb: float = 0.0
    end_mb: float = 0.0
    seconds: float = 0.0

    def __call__(self) -> dict[str, Any]:
        growth = 100 * (self.end_mb / self.warm_mb - 1) if self.warm_mb else 0.0
        return {
            "asked": self.asked, "wrong": len(self.wrong), "lost": len(self.lost),
            "kills": dict(sorted(self.kills.items())), "kinds": dict(sorted(self.kinds.items())),
            "warm_mb": round(self.warm_mb, 1), "end_mb": round(self.end_mb, 1),
            "growth_percent": round(growth, 2), "seconds": round(self.seconds, 1),
            "wrong_list": self.wrong, "lost_list": self.lost,
        }  # fmt: skip


def resident_mb() -> float:
    """Resident memory of this process, after a collection of garbage."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Killer:
    """Kills the workers of a solver, now or some milliseconds into the next question."""

    def __init__(self, solver: Any, rng: random.Random, kills: Counter[str]) -> None:
        self.parts = {p.name: p for p in (solver.rules, solver.first_order)}
        self.rng, self.kills = rng, kills

    def between(self) -> None:
        self._kill("between")

    def during(self) -> threading.Thread:
        """To be joined when the question has been answered."""
        delay = self.rng.uniform(0.0, MID_QUESTION)

        def run() -> None:
            time.sleep(delay)
            self._kill("during")

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def _kill(self, when: str) -> None:
        for name, part in self.parts.items():
            if (pid := part.pid) is not None:
                try:
                    os.kill(pid, signal.SIGKILL)
                    self.kills[f"{name} {when}"] += 1
                except ProcessLookupError:
                    self.kills[f"{name} was gone"] += 1


def soak(n: int, kill_every: int, seed: int = 0, progress: Callable[[Report], None] | None = None) -> Report:
    """Ask `n` questions; kill_every 0 kills nobody."""
    solver = make_solver("auto")
    report, rng = Report(), random.Random(f"kills {seed}")
    killer, began = Killer(solver, rng, report.kills), time.monotonic()
    warm = max(1, int(WARM_UP * n))
    with Engine(parser="grammar", solver=solver, limits=LIMITS) as engine:
        for number, world in enumerate(worlds(seed)):
            document = f"round{number}"
            (engine.tell if world.english else engine.tell_logic)(world.told, document)
            for a in islice(world.asked, n - report.asked):
                report.asked += 1
                report.kinds[world.kind] += 1
                thread = None
                if kill_every and report.asked % kill_every == 0:
                    if rng.random() < 0.3:
                        killer.between()
                    else:
                        thread = killer.during()
                _judge(engine, a, f"{world.kind} {number}: {a.question}", report)
                if thread is not None:
                    thread.join()
                if report.asked == warm:
                    report.warm_mb = resident_mb()
                if progress is not None and report.asked % 500 == 0:
                    progress(report)
            engine.retract_document(document)
            if report.asked == n:
                break
        report.end_mb = resident_mb()
    report.seconds = time.monotonic() - began
    return report


def _judge(engine: Engine, a: Asked, where: str, report: Report) -> None:
    try:
        if a.before is not None:
            a.before(engine)
        engine.closed_world = a.closed
        response = engine.ask(a.question)
        found = _found(response, a)
    except (NeurosymError, OSError) as e:
        report.lost.append(f"{where}: {type(e).__name__}: {e}")
        return
    finally:
        engine.closed_world = False
    if isinstance(found, Unknown):
        report.lost.append(f"{where}: {found.reason}")
    elif found != a.expected:
        report.wrong.append(f"{where}: expected {a.expected}, found {found}")


def _found(response: Response, a: Asked) -> str | frozenset[str] | Unknown:
    """The verdict's name, or the names bound; Unknown where the answer is not certified."""
    verdicts = [response.verdict, *(x.verdict for x in response.answers)]
    for v in verdicts:
        if isinstance(v, Unknown) and v.certificate is None:
            return v
    try:
        if response.goal is not None and response.verdict.certificate is not None:
            check(response.theory, response.goal, response.verdict.certificate)
    except CheckError as e:
        return f"a certificate that does not hold: {e}"
    if isinstance(a.expected, str):
        return verdict_name(response.verdict)
    if missing := next((note for note in response.notes if "may be missing" in note), ""):
        return Unknown(missing)
    return frozenset(show_term(x.binding[0][1]) for x in response.answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=10_000, help="questions")
    parser.add_argument("--kill-every", type=int, default=500, help="questions between kills; 0: none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object; else a line a figure")
    args = parser.parse_args()

    def progress(r: Report) -> None:
        text = f"{r.asked} asked, {len(r.wrong)} wrong, {len(r.lost)} lost, {resident_mb():.1f} MB"
        print(text, file=sys.stderr, flush=True)

    report = soak(args.n, args.kill_every, args.seed, progress)()
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        for key, value in report.items():
            print(f"{key}: {value}")
    if report["wrong"] or report["lost"]:
        sys.exit(1)


if __name__ == "__main__":
    main()

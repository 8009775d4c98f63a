"""Runs a suite end to end and measures it.

For each item: the parser reads the text (or the gold forms stand in), the solver answers, and
the kernel checks the certificate once more on its own.  An item is correct where the verdict
is the expected one; an abstention, a failed parse or a limit counts as wrong and is listed.
"""

from __future__ import annotations

import importlib
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from neurosym.engine import Engine
from neurosym.errors import CheckError, ConfigError, InputError
from neurosym.kernel import check
from neurosym.logic import Formula
from neurosym.results import Unread, verdict_name
from neurosym.solvers import make_solver
from neurosym.syntax import show
from neurosym.theory import Theory
from neurosym.verdict import Limits, Solver, Unknown, Verdict

from .suite import Item

SUITES = ("proofwriter", "prontoqa", "ruletaker")


@dataclass(slots=True)
class _Tally:
    correct: int = 0
    answered: int = 0  # a verdict with a certificate, or any but Unknown
    certified: int = 0
    parse: float = 0.0
    solve: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    groups: Counter[str] = field(default_factory=Counter)
    group_correct: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)


def run_suite(
    suite: str,
    *,
    data: str | None = None,
    limit: int | None = None,
    parser: str = "neural",
    solver: str = "auto",
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report (the keys of `neurosym bench --json`) and the failed items.

    Raises ConfigError for an unknown suite or missing data, InputError for data of another form.
    """
    if suite not in SUITES:
        raise ConfigError(f"there is no suite {suite!r}; there are {', '.join(SUITES)}")
    if data is None:
        raise ConfigError(f"suite {suite!r} needs its data: --data PATH")
    if limit is not None and limit < 1:
        raise ConfigError("--limit must be at least 1")
    module = importlib.import_module(f"{__package__}.{suite}")
    chosen: list[Item] = list(islice(module.items(Path(data)), limit))
    if not chosen:
        raise InputError("no items", document=data)
    if parser == "gold" and any(i.gold is None for i in chosen):
        raise ConfigError(f"suite {suite!r} has no gold forms: use --parser neural or grammar")
    tally = _Tally()
    engine_solver = make_solver(solver)
    reader = Engine(parser=parser).parser if parser != "gold" else None
    if reader is not None:
        reader.read("Warm up.", "warm-up")  # loading the model is not parsing
    start = time.perf_counter()
    try:
        for item in _progress(chosen):
            _run(item, parser, reader, engine_solver, tally)
    finally:
        engine_solver.close()
    seconds = time.perf_counter() - start
    n = len(chosen)
    report: dict[str, Any] = {
        "suite": suite,
        "parser": parser,
        "solver": solver,
        "n": n,
        "correct": tally.correct,
        "accuracy": round(tally.correct / n, 4),
        "answered": tally.answered,
        "certified": tally.certified,
        "seconds": round(seconds, 3),
        "parse_seconds": round(tally.parse, 3),
        "solve_seconds": round(sum(tally.solve), 3),
        "check_seconds": round(sum(tally.check), 3),
        "peak_mb": round(_peak_mb(), 1),
        "median_solve_ms": round(1000 * statistics.median(tally.solve or [0.0]), 3),
        "median_check_ms": round(1000 * statistics.median(tally.check or [0.0]), 3),
        "groups": {g: [tally.group_correct[g], tally.groups[g]] for g in sorted(tally.groups)},
    }
    return report, tally.failures


def _run(item: Item, parser: str, reader: Any, solver: Solver, tally: _Tally) -> None:
    tally.groups[item.group] += 1
    began = time.perf_counter()
    understood = _gold(item) if parser == "gold" else _understand(item, reader)
    tally.parse += time.perf_counter() - began
    theory, goal, problems = understood
    if goal is None:
        tally.failures.append(_failure(item, None, None, problems))
        return
    began = time.perf_counter()
    verdict = solver.solve(theory, goal, Limits())
    tally.solve.append(time.perf_counter() - began)
    if not (isinstance(verdict, Unknown) and verdict.certificate is None):
        tally.answered += 1
    if verdict.certificate is not None:
        began = time.perf_counter()
        try:
            check(theory, goal, verdict.certificate)
            tally.certified += 1
        except CheckError as e:
            problems.append(f"certificate rejected: {e}")
        tally.check.append(time.perf_counter() - began)
    else:
        problems.append(str(verdict))
    if verdict_name(verdict) == item.expected and verdict.certificate is not None and not problems:
        tally.correct += 1
        tally.group_correct[item.group] += 1
    else:
        tally.failures.append(_failure(item, goal, verdict, problems))


def _gold(item: Item) -> tuple[Theory, Formula | None, list[str]]:
    if item.gold is None:
        return Theory(()), None, ["no gold forms"]
    return Theory(item.gold.claims, item.closed_world), item.gold.goal, []


def _understand(item: Item, reader: Any) -> tuple[Theory, Formula | None, list[str]]:
    """Read the text with the engine's own wiring; unread sentences are problems."""
    engine = Engine(parser=reader, solver=_NoSolver(), closed_world=item.closed_world)
    told = engine.tell(item.text, "text")
    problems = [f"not read: {u.text!r}: {u.reason}" for u in told.unread]
    problems += [f"read as a question: {q!r}" for q in told.questions]
    try:
        question = engine.read_question(item.question)
    except InputError as e:
        return engine.theory, None, [*problems, f"question not read: {e}"]
    if isinstance(question, Unread):
        return engine.theory, None, [*problems, f"question not read: {question.reason}"]
    return engine.theory, question.goal, problems


class _NoSolver:
    """The engine here only reads; asking goes to the solver directly, so that it is timed alone."""

    name = "none"

    def __getattr__(self, name: str) -> Any:
        raise ConfigError("this engine only reads")


def _failure(
    item: Item, goal: Formula | None, verdict: Verdict | None, problems: list[str]
) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question,
        "reading": show(goal) if goal is not None else None,
        "expected": item.expected,
        "verdict": verdict_name(verdict) if verdict is not None else "not asked",
        "problems": problems,
    }


def _progress(chosen: list[Item]) -> Iterator[Item]:
    """A bar on a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield from chosen
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(chosen, description="items", console=Console(stderr=True))


def _peak_mb() -> float:
    """The largest resident memory of this process or of one of its workers."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1024

"""Runs a suite end to end and measures it.

For each item: the parser reads the text (or the gold forms stand in), the solver answers, and
the kernel checks the certificate once more on its own.  An item is correct where the verdict
is the expected one; an abstention, a failed parse or a limit counts as wrong and is listed.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from neurosym import __version__
from neurosym.engine import Engine
from neurosym.errors import CheckError, ConfigError, InputError
from neurosym.kernel import check
from neurosym.logic import Formula
from neurosym.parser.neural import WEIGHTS
from neurosym.results import Unread, verdict_name
from neurosym.solvers import make_solver
from neurosym.syntax import show
from neurosym.theory import Theory
from neurosym.verdict import Both, Limits, Solver, Unknown, Verdict

from . import corpus
from .suite import Item, read_json_lines

SUITES = ("corpus", "folio", "logicnli", "proofwriter", "prontoqa", "ruletaker")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one item; times in seconds, None where the step was not reached."""

    id: str
    group: str
    correct: bool
    answered: bool  # any verdict but an Unknown without certificate
    certified: bool
    parse: float
    solve: float | None = None
    check: float | None = None
    failure: dict[str, Any] | None = None


def run_suite(
    suite: str,
    *,
    data: str | None = None,
    limit: int | None = None,
    parser: str = "neural",
    solver: str = "auto",
    resume: str | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report (the keys of `neurosym bench --json`) and the failed items.

    `resume`: a file of finished items, one JSON object a line; what it holds is not run again,
    and each further item is added as it ends.  Raises ConfigError for an unknown suite or
    missing data, InputError for data of another form.
    """
    if suite not in SUITES:
        raise ConfigError(f"there is no suite {suite!r}; there are {', '.join(SUITES)}")
    if limit is not None and limit < 1:
        raise ConfigError("--limit must be at least 1")
    if suite == "corpus":  # logic text, which no parser reads, through every backend
        if resume is not None:
            raise ConfigError("suite 'corpus' is short and is run as a whole: leave --resume out")
        report, failures = corpus.run(data, limit, solver)
        return report | {"peak_mb": round(_peak_mb(), 1)}, failures
    if data is None:
        raise ConfigError(f"suite {suite!r} needs its data: --data PATH")
    module = importlib.import_module(f"{__package__}.{suite}")
    every: list[Item] = list(module.items(Path(data)))
    if not every:
        raise InputError("no items", document=data)
    usable = [i for i in every if parser != "gold" or i.gold is not None]
    if not usable:
        raise ConfigError(f"suite {suite!r} has no gold forms: use --parser neural or grammar")
    chosen = usable[:limit]
    run = _identity(suite, parser, solver) if resume else ""
    done = _finished(Path(resume), run) if resume else {}
    engine_solver = make_solver(solver)
    reader = Engine(parser=parser).parser if parser != "gold" else None
    if reader is not None:
        reader.read("Warm up.", "warm-up")  # loading the model is not parsing
    start = time.perf_counter()
    rows: list[Row] = []
    try:
        for item in _progress(chosen):
            if (row := done.get(item.id)) is None:
                row = _run(item, parser, reader, engine_solver)
                if resume:
                    _note(Path(resume), run, row)
            rows.append(row)
    finally:
        engine_solver.close()
    seconds = time.perf_counter() - start
    report = _report(rows) | {"seconds": round(seconds, 3), "peak_mb": round(_peak_mb(), 1)}
    if left_out := len(every) - len(usable):
        report["without_gold_forms"] = left_out
    return {"suite": suite, "parser": parser, "solver": solver} | report, [
        r.failure for r in rows if r.failure
    ]


def _report(rows: list[Row]) -> dict[str, Any]:
    solve = [r.solve for r in rows if r.solve is not None]
    check_ = [r.check for r in rows if r.check is not None]
    groups: dict[str, list[int]] = {}
    for r in rows:
        right, n = groups.get(r.group, [0, 0])
        groups[r.group] = [right + r.correct, n + 1]
    correct = sum(r.correct for r in rows)
    return {
        "n": len(rows),
        "correct": correct,
        "accuracy": round(correct / len(rows), 4),
        "answered": sum(r.answered for r in rows),
        "certified": sum(r.certified for r in rows),
        "parse_seconds": round(sum(r.parse for r in rows), 3),
        "solve_seconds": round(sum(solve), 3),
        "check_seconds": round(sum(check_), 3),
        "median_solve_ms": round(1000 * statistics.median(solve or [0.0]), 3),
        "p95_solve_ms": round(1000 * sorted(solve)[int(0.95 * len(solve))], 3) if solve else 0.0,
        "median_check_ms": round(1000 * statistics.median(check_ or [0.0]), 3),
        "groups": dict(sorted(groups.items())),
    }


def _finished(path: Path, key: str) -> dict[str, Row]:
    """Rows of an earlier run of the same suite, parser, solver and version.

    A half-written last line, as a kill leaves it, is cut off the file.
    """
    if not path.exists():
        return {}
    try:
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        whole.decode("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"not a file of finished items: {e}", document=str(path)) from e
    found = {}
    for row in read_json_lines(path):
        if isinstance(row, dict) and row.pop("run", None) == key:
            try:
                found[str(row["id"])] = Row(**row)
            except (TypeError, KeyError) as e:
                raise InputError("not a file of finished items", document=str(path)) from e
    return found


def _identity(suite: str, parser: str, solver: str) -> str:
    """What a finished item depends on: with other weights or another version it is run again."""
    weights = hashlib.sha256()
    if parser == "neural":
        for name in ("decoder.onnx", "calibration.json"):
            weights.update((WEIGHTS / name).read_bytes())
    return f"{suite}/{parser}/{solver}/{__version__}/{weights.hexdigest()[:12]}"


def _note(path: Path, key: str, row: Row) -> None:
    try:
        with path.open("a", encoding="utf-8") as f:
            f.write(json.dumps({"run": key, **asdict(row)}, ensure_ascii=False) + "\n")
    except OSError as e:
        raise InputError(f"cannot be written: {e.strerror}", document=str(path)) from e


def _run(item: Item, parser: str, reader: Any, solver: Solver) -> Row:
    began = time.perf_counter()
    theory, goal, problems = _gold(item) if parser == "gold" else _understand(item, reader)
    parse = time.perf_counter() - began
    if goal is None:
        return Row(
            item.id, item.group, False, False, False, parse, failure=_failure(item, None, None, problems)
        )
    began = time.perf_counter()
    verdict = solver.solve(theory, goal, Limits())
    solve = time.perf_counter() - began
    certified, checked = False, None
    if verdict.certificate is not None:
        began = time.perf_counter()
        try:
            check(theory, goal, verdict.certificate)
            if isinstance(verdict, Both):
                check(theory, goal, verdict.con.certificate)
            certified = True
        except CheckError as e:
            problems.append(f"certificate rejected: {e}")
        checked = time.perf_counter() - began
    else:
        problems.append(str(verdict))
    correct = certified and verdict_name(verdict) == item.expected and not problems
    answered = certified or not isinstance(verdict, Unknown)
    failure = None if correct else _failure(item, goal, verdict, problems)
    return Row(item.id, item.group, correct, answered, certified, parse, solve, checked, failure)


def _gold(item: Item) -> tuple[Theory, Formula | None, list[str]]:
    if item.gold is None:
        return Theory(()), None, ["no gold forms"]
    theory = Theory(item.gold.claims, item.closed_world, semantics=item.semantics)
    return theory, item.gold.goal, []


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
    return replace(engine.theory, semantics=item.semantics), question.goal, problems


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

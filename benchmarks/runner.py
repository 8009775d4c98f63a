"""Runs a suite end to end and measures it.

For each item: the parser reads the text (or the gold forms stand in), the solver answers, and
the kernel checks the certificate once more on its own.  An item is correct where the answer
is the expected one; an abstention, a failed parse or a limit counts as wrong and is listed.
See suite.py for what an item may ask, and records.py for what is counted.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from neurosym import __version__
from neurosym.engine import MIN_SCORE
from neurosym.errors import ConfigError, InputError
from neurosym.parser.neural import WEIGHTS

from . import corpus, report, trained_on
from .records import Kept, Row, Run, failures, figures, row_of
from .suite import SUITES, Item, Suite, find_suite
from .workers import Job, answered

__all__ = ["SUITES", "measure", "run_suite"]


def run_suite(
    suite: str,
    *,
    data: str | None = None,
    limit: int | None = None,
    parser: str = "neural",
    solver: str = "auto",
    resume: str | None = None,
    threshold: float | None = None,
    workers: int = 1,
    report_to: str | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures (the keys of `neurosym bench --json`) and the failed items.

    `report_to`: a folder for report.md and its pictures.  The others, and what is raised: `measure`.
    """
    if suite == "corpus":
        return _corpus(
            data, limit, solver,
            {
                "--resume": resume is not None,
                "--threshold": threshold is not None,
                "--report": report_to is not None,
                "--workers": workers != 1,
            },
        )  # fmt: skip
    if report_to is not None:
        report.prepare(Path(report_to))  # what cannot be written is said before the work
    run = measure(
        suite, data=data, limit=limit, parser=parser, solver=solver, resume=resume,
        threshold=threshold, workers=workers,
    )  # fmt: skip
    found = figures(run)
    if report_to is not None:
        report.write(run, Path(report_to))
        found["report"] = str(Path(report_to) / report.REPORT)
    return found, failures(run.rows)


def measure(
    suite: str,
    *,
    data: str | None = None,
    limit: int | None = None,
    parser: str = "neural",
    solver: str = "auto",
    resume: str | None = None,
    threshold: float | None = None,
    workers: int = 1,
) -> Run:
    """Run the first `limit` items of a suite; rows are in the order of the data.

    `parser`: "neural", "grammar", "gold" or the folder of a trained model.  `resume`: a file of
    finished items, one JSON object a line; what it holds is not run again, and each further item
    is added as it ends.  `threshold`: the least score of a reading that is believed; the engine's
    by default.  `workers`: processes.  Raises ConfigError for an unknown suite or option or
    missing data, InputError for data of another form; KeyboardInterrupt with a message that says
    how to go on.
    """
    if limit is not None and limit < 1:
        raise ConfigError("--limit must be at least 1")
    if workers < 1:
        raise ConfigError("--workers must be at least 1")
    if threshold is not None and not 0.0 <= threshold <= 1.0:
        raise ConfigError(f"--threshold {threshold} is not in [0, 1]")
    least = MIN_SCORE if threshold is None else threshold
    found = find_suite(suite)
    if data is None:
        raise ConfigError(f"suite {suite!r} needs its data: --data PATH")
    every = list(_distinct(found.items(Path(data))))
    if not every:
        raise InputError("no items", document=data)
    usable = [i for i in every if parser != "gold" or i.gold is not None]
    if not usable:
        raise ConfigError(f"suite {suite!r} has no gold forms: use --parser neural or grammar")
    chosen = usable[:limit]
    job = Job(suite, parser, solver, least)
    kept = Kept(Path(resume), _identity(found, job)) if resume else None
    start = time.perf_counter()
    rows = _rows(chosen, job, workers, kept)
    seconds = time.perf_counter() - start
    told = trained_on.notes(found.trained, parser, Path(data))
    without = len(every) - len(usable)
    return Run(suite, parser, solver, least, workers, tuple(rows), seconds, _peak_mb(), without, told)


def _rows(chosen: list[Item], job: Job, workers: int, kept: Kept | None) -> list[Row]:
    rows = {n: row for n, item in enumerate(chosen) if kept and (row := kept.row(item)) is not None}
    todo = [n for n in range(len(chosen)) if n not in rows]
    try:
        with closing(answered([chosen[n] for n in todo], job, workers)) as outcomes:
            for place, outcome in _progress(outcomes, len(rows), len(chosen)):
                item = chosen[todo[place]]
                row = rows[todo[place]] = row_of(item, outcome)
                if kept is not None:
                    kept.add(item, row)
    except KeyboardInterrupt as e:
        done = f"{len(rows)} of {len(chosen)} items are done"
        if kept is None:
            raise KeyboardInterrupt(f"{done} and lost; --resume FILE would have kept them") from e
        again = f"{done} and kept in {kept.path}; the same command again does the rest"
        raise KeyboardInterrupt(again) from e
    return [rows[n] for n in range(len(chosen))]


def _corpus(
    data: str | None, limit: int | None, solver: str, unfit: dict[str, bool]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Logic text, which no parser reads, through every backend."""
    if limit is not None and limit < 1:
        raise ConfigError("--limit must be at least 1")
    if name := next((name for name, given in unfit.items() if given), ""):
        raise ConfigError(
            f"suite 'corpus' is short, reads no English and prints its own table: leave {name} out"
        )
    found, failed = corpus.run(data, limit, solver)
    return found | {"peak_mb": round(_peak_mb(), 1)}, failed


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Items with distinct names; data that repeat one get a number after it."""
    seen: dict[str, int] = {}
    for item in items:
        n = seen[item.id] = seen.get(item.id, 0) + 1
        yield item if n == 1 else replace(item, id=f"{item.id}#{n}")


def _identity(suite: Suite, job: Job) -> str:
    """What a finished item depends on: with another model, suite module or version it is run again."""
    made = hashlib.sha256()
    folder = WEIGHTS if job.parser == "neural" else Path(job.parser)
    files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
    for path in [*files, *([suite.source] if suite.source else [])]:
        made.update(path.name.encode())
        made.update(path.read_bytes())
    return f"{job.suite}/{job.parser}/{job.solver}/{job.min_score}/{__version__}/{made.hexdigest()[:12]}"


def _progress(outcomes: Iterable[tuple[int, Any]], done: int, total: int) -> Iterator[tuple[int, Any]]:
    """A bar on a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("items", completed=done, total=total)
        for one in outcomes:
            yield one
            bar.advance(task)


def _peak_mb() -> float:
    """The largest resident memory of this process or of one of its workers."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1024

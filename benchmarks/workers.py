"""Items answered one after the other, here or in several processes, and handed back as they end.

Knows how to build what answers (a parser, a solver) from names.  Must not know what is counted.
"""

from __future__ import annotations

import atexit
import multiprocessing
import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from neurosym.engine import Engine
from neurosym.errors import SolverError
from neurosym.parser.reading import TextParser
from neurosym.solvers import make_solver
from neurosym.verdict import Solver

from .answering import answer
from .suite import Item, Outcome, Suite, find_suite


@dataclass(frozen=True, slots=True)
class Job:
    """How all items of a run are answered, by names that any process can look up."""

    suite: str
    parser: str
    solver: str
    min_score: float


@dataclass(frozen=True, slots=True)
class _Means:
    """What a job names."""

    job: Job
    suite: Suite
    reader: TextParser | None
    solver: Solver

    def __call__(self, item: Item) -> Outcome:
        return answer(item, self.suite, self.reader, self.solver, self.job.min_score)


def answered(items: Sequence[Item], job: Job, workers: int) -> Generator[tuple[int, Outcome]]:
    """The outcome of each item with its place in `items`, as they end: for one worker, in order.

    Outcomes do not depend on the number of workers, but for their times.  Raises ConfigError and
    SolverError of what the job names, SolverError where a worker process ends by itself.  Whatever
    ends the wait early ends the processes.
    """
    if not items:
        return
    if workers == 1 or len(items) < 2:
        means = _means(job)
        try:
            for n, item in enumerate(items):
                yield n, means(item)
        finally:
            means.solver.close()
        return
    with _processes(min(workers, len(items))) as pool:
        places = {pool.submit(_one, job, item): n for n, item in enumerate(items)}
        for future in as_completed(places):
            try:
                yield places[future], future.result()
            except BrokenProcessPool as e:
                raise SolverError(
                    "a worker process of the benchmark was killed; is memory short? With --resume FILE "
                    "what is finished is kept, and --workers 1 needs least memory"
                ) from e


def _means(job: Job) -> _Means:
    suite = find_suite(job.suite)
    reader = Engine(parser=job.parser).parser if job.parser != "gold" else None
    if reader is not None:
        reader.read("Warm up.", "warm-up")  # loading the model is not parsing
    return _Means(job, suite, reader, make_solver(job.solver))


@cache
def _kept(job: Job) -> _Means:
    """In a worker process: what its items are answered with."""
    means = _means(job)
    atexit.register(means.solver.close)
    return means


def _one(job: Job, item: Item) -> Outcome:
    return _kept(job)(item)


@contextmanager
def _processes(n: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, which leave Ctrl-C to this one; after an error or an interrupt they are ended at once.

    They are spawned, not forked: this process may hold threads of a model's runtime.
    """
    before = {p.pid for p in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(
        n, multiprocessing.get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    )
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for p in multiprocessing.active_children():
            if p.pid not in before:
                p.terminate()
        raise
    finally:
        pool.shutdown()

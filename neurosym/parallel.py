"""Many questions at once: one thread a solver, each solver in a process of its own.

Knows how questions are answered one by one, by a function it is given.  Must not know what
they are about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from typing import TypeAlias

from neurosym.results import Question, Response, response_json
from neurosym.session import read_text
from neurosym.solvers.remote import RemoteSolver
from neurosym.verdict import Solver

Progress: TypeAlias = Callable[[int, int], object]  # (answered, asked)


def answer_all(
    answer: Callable[[Question, Solver], Response],
    questions: Sequence[Question],
    solvers: Sequence[RemoteSolver],
    progress: Progress | None = None,
) -> list[Response]:
    """The answers in the order of the questions.

    `progress` is called in the caller's thread.  Whatever ends the wait early, Ctrl-C or an
    error of a solver, also stops the children; they start again when they are next asked.
    """
    free: SimpleQueue[RemoteSolver] = SimpleQueue()
    for solver in solvers:
        free.put(solver)

    def one(q: Question) -> Response:
        solver = free.get()
        try:
            return answer(q, solver)
        finally:
            free.put(solver)

    pool = ThreadPoolExecutor(len(solvers), "neurosym-ask")
    try:
        futures: list[Future[Response]] = [pool.submit(one, q) for q in questions]
        for n, future in enumerate(as_completed(futures), 1):
            future.result()
            if progress is not None:
                progress(n, len(futures))
        return [f.result() for f in futures]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for solver in solvers:
            solver.stop()
        pool.shutdown()  # the calls under way fail at once
        for solver in solvers:
            solver.close()
        raise
    finally:
        pool.shutdown()


def ask_lines(ask_all: Callable[[list[str], int], tuple[Response, ...]], file: Path, workers: int) -> int:
    """Answer a file of questions, one a line, as JSON lines on stdout; returns the exit code."""
    questions = [line.strip() for line in read_text(file).splitlines() if line.strip()]
    for response in ask_all(questions, workers):
        print(json.dumps(response_json(response), ensure_ascii=False))
    return 0

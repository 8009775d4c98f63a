"""A solver in a process of its own: the same answers, from another core.

Knows the `Solver` protocol and workers.  Must not know what is inside a solver.  The child
(remote_worker.py) builds the solver by its name, with Prolog and Z3 processes of its own, and
is sent each theory once.  Values cross pickled, between two processes of one program.
"""

from __future__ import annotations

import base64
import os
import pickle
import signal
from contextlib import suppress
from typing import Any

from neurosym.logic import Formula, Var
from neurosym.solvers.worker import Worker, WorkerFailure, WorkerKilled
from neurosym.theory import Theory
from neurosym.verdict import Answer, Limits, Unknown, Verdict

GRACE = 30.0  # seconds that a child may overrun a question's limits: it starts solvers and reads theories
KILLED = 5  # children that others may kill under one question


class RemoteSolver:
    """A `Solver` (and `Answering`) that hands each call to a child process.

    Should the child be killed, the call is tried once more in a fresh one; a second failure is
    Unknown with the reason.  To be used from one thread, except for `stop`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._worker: Worker | None = None
        self._theory: Theory | None = None  # the one that the child has
        self._stopped = False
        self._sent = 0  # the generation of the child that has it

    @property
    def pid(self) -> int | None:
        """Process id of the child, or None."""
        return self._worker.pid if self._worker else None

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        try:
            out: tuple[str, ...] = self._call("unsupported", theory, Limits(), goal)
        except WorkerFailure as e:
            return (e.reason,)
        return out

    def explain_choice(self, theory: Theory, goal: Formula) -> str:
        try:
            return str(self._call("explain_choice", theory, Limits(), goal))
        except WorkerFailure as e:
            return e.reason

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        try:
            out: Verdict = self._call("solve", theory, limits, goal)
        except WorkerFailure as e:
            return Unknown(e.reason)
        return out

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        try:
            out: tuple[Answer, ...] = self._call("answers", theory, limits, goal, variables)
        except WorkerFailure as e:
            return (Answer((), Unknown(e.reason)),)
        return out

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._stopped = False

    def stop(self) -> None:
        """End what it does now, from another thread: its calls fail from here on, until `close`."""
        self._stopped = True
        if (pid := self.pid) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _call(self, what: str, theory: Theory, limits: Limits, *arguments: object) -> Any:
        """The child's answer.

        Raises WorkerFailure where two children failed by themselves, or KILLED were killed;
        SolverError for their own.
        """
        if self._worker is None:
            self._worker = Worker("neurosym.solvers.remote_worker", 2 * limits.memory_mb)
        message = {"solver": self.name, "do": what, "with": pack((*arguments, limits))}
        broken = False
        for attempt in range(1, KILLED + 1):
            if self._stopped:
                raise WorkerFailure("failure: the solver was stopped")
            try:
                if self._theory is not theory or self._sent != self._worker.generation:
                    answer: dict[str, Any] = {"missing": True}
                else:
                    answer = self._worker.request(message, limits.seconds + GRACE)
                if "missing" in answer:  # a child that was never told, or a fresh one
                    whole = {**message, "theory": pack(theory)}
                    answer = self._worker.request(whole, limits.seconds + GRACE)
                self._theory, self._sent = theory, self._worker.generation
                break
            except WorkerKilled:  # by somebody else: that says nothing of the question
                if attempt == KILLED or self._stopped:
                    raise
            except WorkerFailure:
                if broken or self._stopped:
                    raise
                broken = True
        found = unpack(answer["found"])
        if isinstance(found, Exception):
            raise found
        return found


def pack(value: object) -> str:
    return base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode("ascii")


def unpack(text: str) -> Any:
    return pickle.loads(base64.b64decode(text))

"""kairos-planner behind the seam, in a child process that a time limit can kill.

The child stays warm between calls and is started again after a crash.  Nothing it says is trusted:
a plan is replayed by `validate`, and its "unsolvable" counts as "not found".
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from neurosym.errors import SolverError
from neurosym.logic import Term
from neurosym.planning.domain import Plan, PlanStep
from neurosym.planning.engine import Found, Goals, NotFound
from neurosym.planning.pddl_out import Written, write
from neurosym.planning.world import World

_CHILD = Path(__file__).with_name("kairos_child.py")


def available() -> bool:
    """Is kairos-planner installed?  (Its wheels exist for Linux only.)"""
    return importlib.util.find_spec("kairos") is not None


class Kairos:
    """An `Engine`.  Safe to use from several threads, one call at a time."""

    name = "kairos"

    def __init__(
        self, command: tuple[str, ...] = (sys.executable, "-P", str(_CHILD)), own: float = 0.8
    ) -> None:
        """`own`: the share of the time after which the child should give up by itself.  At the whole
        of it the child is killed, so that what is left for the next engine is never eaten."""
        self._command, self._own = command, own  # another command is for tests
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The child's process number; None while none runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def find(self, world: World, goals: Goals, seconds: float, memory_mb: int) -> Found | NotFound:
        written = write(world, goals)
        request = {
            "domain": written.domain,
            "problem": written.problem,
            "seconds": seconds * self._own,
            "memory_mb": memory_mb,
        }
        with self._lock:
            reply = self._ask(json.dumps(request).encode() + b"\n", seconds)
        if isinstance(reply, str):
            return NotFound(reply)
        if "plan" not in reply:
            return NotFound(f"kairos: {reply.get('failed', 'no answer')}")
        try:
            return Found(_read(reply["plan"], written))
        except (KeyError, TypeError, AttributeError, IndexError):
            return NotFound("kairos gave a plan with names that it was not given")

    def _ask(self, line: bytes, seconds: float) -> dict[str, Any] | str:
        process = self._process
        if process is None or process.poll() is not None:
            self._stop()
            try:
                process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
            except OSError as e:
                return f"kairos could not be started: {e}"
            self._process = process
        out, back = process.stdin, process.stdout
        if out is None or back is None:
            raise SolverError("kairos was started without pipes")
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()  # ends both a blocked write and a blocked read

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        answer = b""
        try:
            out.write(line)
            out.flush()
            answer = back.readline()
        except OSError:
            pass  # the child is gone: told below
        except BaseException:
            self._stop()  # an interrupted child would answer the next question with this one's plan
            raise
        finally:
            timer.cancel()
            timer.join()
        if late.is_set() or not answer.endswith(b"\n"):
            self._stop()
            return "kairos was stopped at its time limit" if late.is_set() else "kairos crashed"
        try:
            reply = json.loads(answer)
        except ValueError:
            reply = None
        if not isinstance(reply, dict):
            self._stop()  # out of step: what it says next may belong to this question
            return "kairos gave no answer"
        return reply

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unsent text to a dead child
                    pipe.close()
        process.wait()

    def close(self) -> None:
        with self._lock:
            self._stop()

    def __enter__(self) -> Kairos:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(rows: list[list[str]], written: Written) -> Plan:
    steps = []
    for name, *arguments in rows:
        action = written.actions[name.lower()]
        if action is not None:  # None: the step that only says which alternative of the goal holds
            terms: tuple[Term, ...] = tuple(written.objects[a.lower()] for a in arguments)
            steps.append(PlanStep(action, terms))
    return Plan(tuple(steps))

"""A warm child process that answers one request at a time and may be killed at any moment.

Knows processes, pipes and deadlines.  Must not know any backend or logic.  The parent keeps
a `Worker`; the child module ends with `serve(start)`, where `start()` loads the backend and
returns the function from request to answer.  Both are JSON objects, framed as one kind byte,
a length and UTF-8 text.  The worker keeps nothing for the caller: after a failure the next
request starts a fresh child, `generation` grows, and the caller sends its state again.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from neurosym.errors import SolverError

Message: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Message], Message]

START_SECONDS = 30.0  # importing a backend on a busy machine; not charged to the first request
MAX_FRAME = 1 << 30  # a longer frame is garbage, or an answer nobody could use
_HEADER = struct.Struct(">cI")
_READY, _MISSING, _ANSWER, _FAILURE = b"R", b"M", b"A", b"F"

# The child sees the parent's import path, as under multiprocessing's spawn, and -P keeps the
# current directory out of it, so that a stray json.py there is not run.
_BOOT = (
    "import sys, json, runpy; sys.path[:] = json.loads(sys.argv[1]); "
    "module = sys.argv[2]; runpy.run_module(module, run_name='__main__', alter_sys=False)"
)


class WorkerFailure(Exception):
    """The child was too slow, broke or spoke garbage; it has been killed.

    `reason` is fit for `Unknown(reason)`: it starts with "limit: " for time and memory, and
    with "failure: " otherwise.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class WorkerKilled(WorkerFailure):
    """Somebody else ended the child, which says nothing of the request: it is worth asking again."""


class ForkLock:
    """A lock that is free again in a forked process, whoever held it in the parent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        renew = weakref.WeakMethod(self._renew)
        os.register_at_fork(after_in_child=lambda: (method := renew()) and method())

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _renew(self) -> None:
        self._lock = threading.Lock()


class Worker:
    """A child process running `module`, started by the first request.

    `memory_mb` limits its address space.  Safe to use from several threads (requests queue
    up; waiting is not charged to `seconds`) and after a fork (the fork gets its own child).
    """

    def __init__(self, module: str, memory_mb: int) -> None:
        self.module, self.memory_mb = module, memory_mb
        self.generation = 0  # grows with every start; a state sent to an older one is gone
        self._child: _Child | None = None
        self._lock = ForkLock()

    @property
    def pid(self) -> int | None:
        """Process id of the running child, or None."""
        return self._child.process.pid if self._child else None

    def request(self, message: Message, seconds: float) -> Message:
        """Send `message` and wait for its answer, at most `seconds` of wall time.

        Raises WorkerFailure after killing the child; SolverError where the child says that
        its backend is not installed.
        """
        frame = _frame(_ANSWER, message)
        with self._lock:
            child = self._ready()
            try:
                kind, answer = child.exchange(frame, time.monotonic() + seconds, seconds)
            except BaseException:  # also Ctrl-C: the stream would be one answer behind
                self._drop()
                raise
            if kind != _ANSWER:
                self._drop()
                raise WorkerFailure(str(answer.get("reason", "failure: unreadable answer")))
            return answer

    def close(self) -> None:
        """End the child.  A later request starts another."""
        with self._lock:
            self._drop()

    def _ready(self) -> _Child:
        if self._child is not None and (self._child.owner != os.getpid() or self._child.ended()):
            self._drop()  # a fork's parent owns it, or it died: nothing is lost but its state
        if self._child is None:
            self.generation += 1
            self._child = child = _Child(self.module, self.memory_mb)
            self._end = weakref.finalize(self, child.end)
            try:
                kind, answer = child.exchange(b"", time.monotonic() + START_SECONDS, START_SECONDS)
            except BaseException:
                self._drop()
                raise
            if kind != _READY:
                self._drop()
                raise SolverError(str(answer.get("reason", f"{self.module} does not start")))
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._end.detach()
            self._child.end()
            self._child = None


class _Child:
    """One child process and its two pipes."""

    def __init__(self, module: str, memory_mb: int) -> None:
        self.owner = os.getpid()
        path = json.dumps([p or os.getcwd() for p in sys.path])
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, path, module, str(memory_mb), str(self.owner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            process_group=0,  # Ctrl-C in the terminal is the parent's to handle
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise SolverError("the worker has no pipes")
        self.to, self.back = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.to, False)
        os.set_blocking(self.back, False)

    def exchange(self, frame: bytes, deadline: float, seconds: float) -> tuple[bytes, Message]:
        rest = memoryview(frame)
        while rest:
            self._wait(self.to, select.POLLOUT, deadline, seconds)
            try:
                rest = rest[os.write(self.to, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                self._died()
        kind, size = _HEADER.unpack(self._read(_HEADER.size, deadline, seconds))
        if kind not in (_READY, _MISSING, _ANSWER, _FAILURE) or size > MAX_FRAME:
            raise WorkerFailure("failure: the worker's answer is garbage")
        try:
            answer = json.loads(self._read(size, deadline, seconds))
        except (ValueError, RecursionError):
            raise WorkerFailure("failure: the worker's answer is garbage") from None
        if not isinstance(answer, dict):
            raise WorkerFailure("failure: the worker's answer is garbage")
        return kind, answer

    def _read(self, size: int, deadline: float, seconds: float) -> bytes:
        parts: list[bytes] = []
        while size:
            self._wait(self.back, select.POLLIN, deadline, seconds)
            try:
                part = os.read(self.back, min(size, 1 << 20))
            except BlockingIOError:
                continue
            if not part:
                self._died()
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self, fd: int, event: int, deadline: float, seconds: float) -> None:
        poll = select.poll()
        poll.register(fd, event)
        if not poll.poll(max(0.0, 1000 * (deadline - time.monotonic()))):
            raise WorkerFailure(f"limit: no answer within {seconds:.3g} s")

    def _died(self) -> NoReturn:
        try:
            code = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            raise WorkerFailure("failure: the worker closed its pipe") from None
        if -code in (signal.SIGKILL, signal.SIGTERM):  # others are a backend's own crash
            raise WorkerKilled(f"failure: the worker ended with signal {-code}")
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise WorkerFailure(f"failure: the worker ended with {how}")

    def ended(self) -> bool:
        return self.process.poll() is not None

    def end(self) -> None:
        """Kill the child, if it is this process's own, and close the pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        if os.getpid() != self.owner:
            self.process.returncode = 0  # not ours to wait for
        elif self.process.poll() is None:
            self.process.kill()
            self.process.wait()


# --- the child's side -------------------------------------------------------------------


def serve(start: Callable[[], Handler]) -> None:
    """Answer requests until the parent ends; call this under `if __name__ == "__main__"`.

    `start` imports the backend under the memory limit.  An exception in it means "not
    installed"; an exception in the handler is answered as a failure, after which the parent
    kills this process.
    """
    memory_mb, parent = int(sys.argv[3]), int(sys.argv[4])
    incoming, outgoing = os.dup(0), os.dup(1)
    for fd, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY)):  # prints must not end up in the stream
        null = os.open(os.devnull, flags)
        os.dup2(null, fd)
        os.close(null)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _limit_memory(memory_mb)
    try:
        handler = start()
    except (Exception, SystemExit) as e:
        _write(outgoing, _frame(_MISSING, {"reason": f"{type(e).__name__}: {e}"}))
        return
    _write(outgoing, _frame(_READY, {}))
    while header := _take(incoming, _HEADER.size):
        try:
            message = json.loads(_take(incoming, _HEADER.unpack(header)[1]))
            frame = _frame(_ANSWER, handler(message))
        except MemoryError:
            frame = _frame(_FAILURE, {"reason": f"limit: memory of {memory_mb} MB"})
        except Exception as e:
            frame = _frame(_FAILURE, {"reason": f"failure: {type(e).__name__}: {e}"})
        _write(outgoing, frame)
    os._exit(0)  # a backend's own exit handlers may hang


def _end_with(parent: int) -> None:
    """End this process when the parent does, even while the backend computes.

    Not PR_SET_PDEATHSIG: that fires when the *thread* that started the child ends.  Nor the
    end of the pipe alone: a fork of the parent may hold the other end open.
    """
    try:
        watch = select.poll()
        watch.register(os.pidfd_open(parent), select.POLLIN)
        if os.getppid() == parent:
            watch.poll()
    except (AttributeError, OSError):  # no pidfd here
        while os.getppid() == parent:
            time.sleep(1.0)
    os._exit(0)


def _limit_memory(memory_mb: int) -> None:
    import resource

    size = memory_mb << 20
    for what, value in ((resource.RLIMIT_AS, size), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(what, (value, hard))


def _frame(kind: bytes, message: Message) -> bytes:
    text = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(text) > MAX_FRAME:
        raise WorkerFailure(f"limit: a message of {len(text)} bytes")
    return _HEADER.pack(kind, len(text)) + text


def _take(fd: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(fd: int, frame: bytes) -> None:
    rest = memoryview(frame)
    while rest:
        rest = rest[os.write(fd, rest) :]

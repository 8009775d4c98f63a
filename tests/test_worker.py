"""The warm child process: deadlines, crashes, garbage, threads, forks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.errors import SolverError
from neurosym.solvers.worker import Worker, WorkerFailure, WorkerKilled

CHILD = """
import os, sys, time
from neurosym.solvers.worker import serve

def start():
    count = [0]
    def handle(message):
        print("noise on stdout", flush=True)
        os.write(1, b"more noise")
        count[0] += 1
        match message.get("do"):
            case "sleep": time.sleep(message["seconds"])
            case "exit": os._exit(3)
            case "raise": raise ValueError("a reason")
            case "eat": bytearray(message["mb"] << 20)
            case "garbage": os.write(4, b"not a frame at all")
        return {"echo": message, "count": count[0]}
    return handle

if __name__ == "__main__":
    serve(start)
"""
MISSING = """
from neurosym.solvers.worker import serve
def start():
    raise ImportError("no such backend; install it")
if __name__ == "__main__":
    serve(start)
"""


@pytest.fixture(scope="module", autouse=True)
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("children")
    Path(folder / "worker_child.py").write_text(CHILD)
    Path(folder / "worker_missing.py").write_text(MISSING)
    sys.path.append(str(folder))
    yield
    sys.path.remove(str(folder))


@pytest.fixture
def worker() -> Iterator[Worker]:
    w = Worker("worker_child", 512)
    yield w
    w.close()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_answers_in_spite_of_prints(worker: Worker) -> None:
    for i in range(3):
        assert worker.request({"i": i}, 60) == {"echo": {"i": i}, "count": i + 1}
    assert worker.generation == 1


def test_large_and_odd_messages(worker: Worker) -> None:
    text = "x" * 3_000_000 + "\0\ud800\U0001f600\n"
    assert worker.request({"t": text}, 10)["echo"] == {"t": text}
    assert worker.request({"n": 10**40}, 60)["echo"] == {"n": 10**40}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"do": "sleep", "seconds": 60}, "limit: no answer within 0.3 s"),
        ({"do": "exit"}, "failure: the worker ended with exit code 3"),
        ({"do": "raise"}, "failure: ValueError: a reason"),
        ({"do": "eat", "mb": 2000}, "limit: memory of 512 MB"),
    ],
)
def test_failures_kill_and_restart(worker: Worker, message: dict[str, object], reason: str) -> None:
    worker.request({}, 60)
    pid = worker.pid
    assert pid is not None
    with pytest.raises(WorkerFailure, match=reason):
        worker.request(message, 0.3 if message["do"] == "sleep" else 60)
    assert gone(pid)
    assert worker.request({}, 60)["count"] == 1  # a fresh child, which remembers nothing
    assert worker.generation == 2


def test_garbage_is_a_failure(worker: Worker) -> None:
    with pytest.raises(WorkerFailure):
        worker.request({"do": "garbage"}, 60)
    assert worker.request({}, 60)["count"] == 1


def test_killed_between_and_during_requests(worker: Worker) -> None:
    worker.request({}, 60)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert gone(worker.pid)
    try:
        answer = worker.request({}, 60)
    except WorkerKilled:  # it was not yet reaped when the request came: told, so that one asks again
        answer = worker.request({}, 60)
    assert answer["echo"] == {}
    threading.Timer(0.2, lambda: os.kill(worker.pid or 0, signal.SIGKILL)).start()
    with pytest.raises(WorkerFailure, match="signal 9"):
        worker.request({"do": "sleep", "seconds": 30}, 20)
    assert worker.request({}, 60)["count"] == 1


def test_missing_backend_is_a_solver_error() -> None:
    w = Worker("worker_missing", 512)
    with pytest.raises(SolverError, match="no such backend; install it"):
        w.request({}, 60)


def test_threads_get_their_own_answers(worker: Worker) -> None:
    wrong: list[object] = []

    def ask(n: int) -> None:
        for i in range(50):
            if worker.request({"n": n, "i": i}, 10)["echo"] != {"n": n, "i": i}:
                wrong.append((n, i))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong
    assert worker.generation == 1  # and the end of the thread that started it did not end it
    assert worker.request({}, 60)["count"] == 401


def test_fork_gets_its_own_child(worker: Worker) -> None:
    worker.request({}, 60)
    child = os.fork()
    if child == 0:
        ok = worker.request({"a": 1}, 10)["count"] == 1
        worker.close()
        os._exit(0 if ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert worker.request({}, 60)["count"] == 2


def test_close_and_again(worker: Worker) -> None:
    worker.request({}, 60)
    pid = worker.pid
    assert pid is not None
    worker.close()
    assert not alive(pid)
    assert worker.pid is None
    assert worker.request({}, 60)["count"] == 1


def test_dies_with_the_parent() -> None:
    """Also where the parent is killed while the child computes."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from neurosym.solvers.worker import Worker\n"
        "import threading, time\n"
        "w = Worker('worker_child', 512); w.request({}, 10)\n"
        "work = lambda: w.request({'do': 'sleep', 'seconds': 60}, 60)\n"
        "threading.Thread(target=work, daemon=True).start()\n"
        "time.sleep(0.2); print(w.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    assert gone(pid)


def test_interrupt_does_not_reach_the_child(worker: Worker) -> None:
    worker.request({}, 60)
    assert worker.pid is not None
    assert os.getpgid(worker.pid) != os.getpgid(0)

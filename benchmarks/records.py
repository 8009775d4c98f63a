"""What became of the items of a run: rows, the figures over them, and the file that keeps finished ones.

Knows rows and numbers.  Must not know how an item is answered or how a report looks.
"""

from __future__ import annotations

import hashlib
import json
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from neurosym.errors import InputError
from neurosym.session import must_be_writable

from .plots import expected_calibration_error
from .suite import Item, Outcome, read_json_lines

NOT_ASKED = "not asked"
NO_ANSWER = "no answer"
PROBLEM = "problem"
Z95 = 1.959964  # the 0.975 quantile of the normal distribution


@dataclass(frozen=True, slots=True)
class Row:
    """One item and its outcome.  `correct`: the expected answer, with a certificate unless the
    outcome says who else vouches for it (`by`), and without a problem."""

    id: str
    group: str
    question: str
    expected: str
    correct: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """A suite that was run; `seconds` of wall time, `left_out` items had no gold forms.

    `trained_on`: where the parser was trained on what it was measured on (trained_on.notes).
    """

    suite: str
    parser: str
    solver: str
    threshold: float
    workers: int
    rows: tuple[Row, ...]
    seconds: float
    peak_mb: float
    left_out: int = 0
    trained_on: tuple[str, ...] = ()


def row_of(item: Item, o: Outcome) -> Row:
    """The row of an item.  The readings are kept where they have something to explain."""
    correct = o.said == item.expected and not o.problems and (o.certified or bool(o.by))
    kept = replace(o, readings=()) if correct else o
    return Row(item.id, item.group, item.question, item.expected, correct, kept)


def said_of(o: Outcome) -> str:
    """What was answered, in words that say so where nothing was."""
    return o.said or (NOT_ASKED if o.solve is None else NO_ANSWER)


# --- figures ----------------------------------------------------------------------------------


def figures(run: Run) -> dict[str, Any]:
    """The keys of `neurosym bench --json`, but for `failures`."""
    rows = run.rows
    outcomes = [r.outcome for r in rows]
    solve = [o.solve for o in outcomes if o.solve is not None]
    check = [o.check for o in outcomes if o.check is not None]
    correct = sum(r.correct for r in rows)
    report: dict[str, Any] = {
        "suite": run.suite,
        "parser": run.parser,
        "solver": run.solver,
        "threshold": run.threshold,
        "workers": run.workers,
        "n": len(rows),
        "correct": correct,
        "accuracy": round(correct / len(rows), 4),
        "answered": sum(o.answered for o in outcomes),
        "certified": sum(o.certified for o in outcomes),
        "certified_correct": sum(r.correct and r.outcome.certified for r in rows),
        "sentences": sum(o.sentences for o in outcomes),
        "parse_seconds": round(sum(o.parse for o in outcomes), 3),
        "solve_seconds": round(sum(solve), 3),
        "check_seconds": round(sum(check), 3),
        "median_solve_ms": median_ms(solve),
        "p95_solve_ms": round(1000 * sorted(solve)[int(0.95 * len(solve))], 3) if solve else 0.0,
        "median_check_ms": median_ms(check),
        "groups": groups(rows),
    }
    if run.trained_on:
        report["trained_on"] = " ".join(run.trained_on)
    if pairs := confident(rows):
        report["calibration_error"] = round(expected_calibration_error(pairs), 4)
    if others := Counter(o.by for o in outcomes if o.by):
        right = Counter(r.outcome.by for r in rows if r.outcome.by and r.correct)
        report["uncertified"] = {by: [right[by], n] for by, n in sorted(others.items())}
    if run.left_out:
        report["without_gold_forms"] = run.left_out
    return report | {"seconds": round(run.seconds, 3), "peak_mb": round(run.peak_mb, 1)}


def groups(rows: Iterable[Row]) -> dict[str, list[int]]:
    """By group, sorted with numbers as numbers: how many are right, of how many."""
    found: dict[str, list[int]] = {}
    for r in rows:
        right, n = found.get(r.group, [0, 0])
        found[r.group] = [right + r.correct, n + 1]
    return dict(sorted(found.items(), key=lambda pair: natural(pair[0])))


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts "depth 10" after "depth 9"."""
    runs: list[str] = []
    for c in text:
        if runs and runs[-1].isdecimal() == c.isdecimal():
            runs[-1] += c
        else:
            runs.append(c)
    return tuple((int(r), "") if r.isdecimal() else (-1, r) for r in runs)


def confusion(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """What was said, by what was expected, both sorted; PROBLEM where the answer has one."""
    found: dict[str, Counter[str]] = {}
    for r in sorted(rows, key=lambda r: (r.expected, said_of(r.outcome))):
        found.setdefault(r.expected, Counter())[PROBLEM if r.outcome.problems else r.outcome.said] += 1
    return found


def confident(rows: Iterable[Row]) -> list[tuple[float, bool]]:
    """Confidence and correctness of the items that have a confidence."""
    return [(r.outcome.confidence, r.correct) for r in rows if r.outcome.confidence is not None]


def failures(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows that are not correct, with what was read and why it is wrong."""
    return [
        {
            "id": r.id,
            "question": r.question,
            "reading": r.outcome.reading,
            "expected": r.expected,
            "verdict": said_of(r.outcome),
            "problems": list(r.outcome.problems),
        }
        | ({"by": r.outcome.by} if r.outcome.by else {})
        | ({"notes": list(r.outcome.notes)} if r.outcome.notes else {})
        | {"readings": [list(x) for x in r.outcome.readings]}
        for r in rows
        if not r.correct
    ]


def interval(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    p, z2 = right / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def median_ms(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds or [0.0]), 3)


# --- finished items ---------------------------------------------------------------------------


class Kept:
    """A file of finished items, one JSON object a line, for a run that `key` names.

    Lines of other runs stay in the file and count for nothing; nor does an item whose data have
    changed.  A half-written last line, as a kill leaves it, is cut off.  Raises InputError for a
    file that holds something else, or cannot be written.
    """

    def __init__(self, path: Path, key: str) -> None:
        must_be_writable(path)
        self.path, self.key = path, key
        self._rows = _rows(path, key)

    def row(self, item: Item) -> Row | None:
        """The row of an item that was finished before."""
        return self._rows.get((item.id, digest(item)))

    def add(self, item: Item, row: Row) -> None:
        line = json.dumps({"run": self.key, "item": digest(item), **asdict(row)}, ensure_ascii=False)
        try:
            with self.path.open("a", encoding="utf-8") as f:
                f.write(line + "\n")
        except OSError as e:
            raise InputError(f"cannot be written: {e.strerror}", document=str(self.path)) from e


def digest(item: Item) -> str:
    """What an item says, in short."""
    return hashlib.sha256(repr(item).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _rows(path: Path, key: str) -> dict[tuple[str, str], Row]:
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
    for line in read_json_lines(path):
        if isinstance(line, dict) and line.pop("run", None) == key:
            try:
                item = str(line.pop("item"))
                row = Row(**line | {"outcome": _outcome(line["outcome"])})
            except (TypeError, KeyError, ValueError) as e:
                raise InputError("not a file of finished items", document=str(path)) from e
            found[row.id, item] = row
    return found


def _outcome(fields: Mapping[str, Any]) -> Outcome:
    tuples: dict[str, Callable[[Any], Any]] = {
        "readings": lambda rows: tuple((str(a), str(b), float(c)) for a, b, c in rows),
        "problems": tuple,
        "notes": tuple,
    }
    return Outcome(**{k: tuples[k](v) if k in tuples else v for k, v in fields.items()})

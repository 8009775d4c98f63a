"""The corpus of logic problems through every backend: `neurosym bench corpus [--json] [--data DIR]`.

A problem is a theory in the text format and a goal with the verdict that is right; tests/corpus of
the checkout holds them, and its README the format.  Each problem goes to every backend that supports
it.  Right is the expected verdict with a certificate that the kernel accepts.  Unsettled is an Unknown
without certificate, and a theorem of claims whose contradiction the backend has not seen, for from these
everything follows.  Any other verdict is a disagreement, and is listed.

Knows the text format and the seam of the solvers; must not know any backend.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from neurosym.errors import CheckError, InputError
from neurosym.kernel import check
from neurosym.logic import Formula
from neurosym.results import verdict_name
from neurosym.solvers import NAMES, make_solver
from neurosym.syntax import read_formula, read_theory, show
from neurosym.theory import Theory
from neurosym.verdict import Both, Limits, Solver, Unknown

FOLDER = Path(__file__).parent.parent / "tests" / "corpus"
OUTCOMES = ("proved", "disproved", "unknown", "inconsistent", "both")
WORLDS = ("open", "closed", "mixed")
_DIRECTIVE = re.compile(r"%\s*([a-z]+):\s*(.*\S)\s*\Z")
_REJECTED = "certificate rejected"
_HINT = "tests/corpus/README.md describes the format"


@dataclass(frozen=True, slots=True)
class Problem:
    """A theory, a goal and the verdict that is right; `name` is the file's stem and the goal's number."""

    name: str
    fragment: str
    theory: Theory
    goal: Formula
    expected: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one backend said to one problem; times in seconds, `check` None without a certificate."""

    problem: str
    fragment: str
    expected: str
    verdict: str
    certified: bool
    solve: float
    check: float | None
    reason: str = ""

    @property
    def right(self) -> bool:
        return self.certified and self.verdict == self.expected

    @property
    def unsettled(self) -> bool:
        if self.expected == "inconsistent" and self.certified:
            return self.verdict in ("proved", "disproved")
        return self.verdict == "unknown" and not self.certified and not self.reason.startswith(_REJECTED)


class Table(list[dict[str, Any]]):
    """Rows of data that print as a table, so that the same report is text and JSON."""

    def __str__(self) -> str:
        if not self:
            return "none"
        columns = list(self[0])
        cells = [columns, *([str(row[c]) for c in columns] for row in self)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
        lines = (
            "  ".join(
                c.rjust(w) if i > 1 else c.ljust(w) for i, (c, w) in enumerate(zip(r, widths, strict=True))
            )
            for r in cells
        )
        return "\n" + "\n".join("  " + line.rstrip() for line in lines)


# --- reading ------------------------------------------------------------------------------


def problems(folder: Path = FOLDER) -> Iterator[Problem]:
    """The problems of every *.nsl file of `folder`, sorted by name.

    Raises InputError where there are none, or where a file breaks the format.
    """
    paths = sorted(folder.glob("*.nsl"))
    if not paths:
        raise InputError(
            "expected a folder of problems (*.nsl)",
            document=str(folder),
            hint="give one with --data DIR; the corpus stands in tests/corpus of the source checkout",
        )
    for path in paths:
        yield from read_problems(path)


def read_problems(path: Path) -> Iterator[Problem]:
    """The problems of one file.  Raises InputError with its place; directives of other names are comments."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"cannot be read: {e}", document=str(path)) from e
    world, fragment = "", path.stem.split("_")[0]
    goals: list[tuple[str, int]] = []
    expected: list[str] = []
    for line, directive in enumerate(text.splitlines(), 1):
        if not (found := _DIRECTIVE.match(directive)):
            continue
        match found.group(1), found.group(2):
            case "world", value:
                world = _one_of(value, WORLDS, path, line)
            case "fragment", value:
                fragment = value
            case "goal", value:
                goals.append((value, line))
            case "expect", value:
                expected.append(_one_of(value, OUTCOMES, path, line))
                if len(expected) != len(goals):
                    raise InputError(
                        "'% expect:' without a goal above it", document=str(path), line=line, hint=_HINT
                    )
            case _:
                pass
    if not world or not goals or len(goals) != len(expected):
        message = "expected one '% world:', and a '% goal:' with its '% expect:'"
        raise InputError(message, document=str(path), hint=_HINT)
    theory = _in_world(read_theory(text, path.stem), world, path)
    for n, ((goal, line), verdict) in enumerate(zip(goals, expected, strict=True), 1):
        yield Problem(f"{path.stem}-{n}", fragment, theory, read_formula(goal, f"{path}:{line}"), verdict)


def _in_world(theory: Theory, world: str, path: Path) -> Theory:
    """The theory, whose own declarations must agree with the directive: nobody reads past the latter."""
    if bool(theory.closed) is not (world == "mixed") or (theory.closed_world and world != "closed"):
        message = f"'% world: {world}' is not what the theory declares"
        hint = "'closed p/1.' makes a world mixed, and nothing else does"
        raise InputError(message, document=str(path), hint=hint)
    return replace(theory, closed_world=world == "closed")


def _one_of(value: str, known: tuple[str, ...], path: Path, line: int) -> str:
    if value not in known:
        raise InputError(
            f"{value!r} is none of {', '.join(known)}", document=str(path), line=line, hint=_HINT
        )
    return value


# --- running ------------------------------------------------------------------------------


def answer(solver: Solver, problem: Problem, limits: Limits) -> Result:
    """Ask, and check the certificate once more, apart from the solver."""
    began = time.perf_counter()
    verdict = solver.solve(problem.theory, problem.goal, limits)
    solve = time.perf_counter() - began
    reason = verdict.reason if isinstance(verdict, Unknown) else ""
    certified, checked = False, None
    if verdict.certificate is not None:
        began = time.perf_counter()
        try:
            sides = (verdict.pro, verdict.con) if isinstance(verdict, Both) else (verdict,)
            certified = all(
                s.certificate is not None and check(problem.theory, problem.goal, s.certificate) == s.theorem
                for s in sides
            )
            reason = reason if certified else f"{_REJECTED}: it proves another theorem"
        except CheckError as e:
            reason = f"{_REJECTED}: {e}"
        checked = time.perf_counter() - began
    name = verdict_name(verdict)
    return Result(problem.name, problem.fragment, problem.expected, name, certified, solve, checked, reason)


def run(
    data: str | None = None, limit: int | None = None, solver: str = "auto"
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report, and what was not right, as `runner.run_suite` gives them.

    The usual figures are those of `solver`; `backends` and `table` give all backends.  A failure is
    listed for every disagreement, and for every problem that `solver` did not settle.
    """
    chosen = list(islice(problems(Path(data) if data else FOLDER), limit))
    start = time.perf_counter()
    results = {name: _through(name, chosen) for name in NAMES}
    seconds = time.perf_counter() - start
    failures = [
        {"solver": name}
        | {k: v for k, v in asdict(r).items() if k not in ("solve", "check")}
        | {"goal": show(p.goal)}
        for name, found in results.items()
        for p, r in found
        if not r.right and (name == solver or not r.unsettled)
    ]
    report: dict[str, Any] = {"suite": "corpus", "parser": "none", "solver": solver}
    report |= _figures([r for _, r in results[solver]], len(chosen))
    report |= {"seconds": round(seconds, 3)}
    report["problems"] = len(chosen)
    report["disagreements"] = sum(
        not r.right and not r.unsettled for found in results.values() for _, r in found
    )
    report["backends"] = Table(_row("all", name, [r for _, r in found]) for name, found in results.items())
    report["table"] = Table(_rows({name: [r for _, r in found] for name, found in results.items()}))
    return report, failures


def _through(name: str, chosen: list[Problem]) -> list[tuple[Problem, Result]]:
    """The answers of one backend to all that it supports."""
    solver = make_solver(name)
    try:
        return [(p, answer(solver, p, Limits())) for p in chosen if not solver.unsupported(p.theory, p.goal)]
    finally:
        solver.close()


def _figures(found: list[Result], n: int) -> dict[str, Any]:
    """The keys of every suite.  A problem that the backend does not support counts as not right."""
    groups: dict[str, list[int]] = {}
    for r in found:
        right, total = groups.get(r.fragment, [0, 0])
        groups[r.fragment] = [right + r.right, total + 1]
    correct = sum(r.right for r in found)
    checks = [r.check for r in found if r.check is not None]
    return {
        "n": n,
        "correct": correct,
        "accuracy": round(correct / n, 4),
        "answered": sum(not r.unsettled for r in found),
        "certified": sum(r.certified for r in found),
        "parse_seconds": 0.0,
        "solve_seconds": round(sum(r.solve for r in found), 3),
        "check_seconds": round(sum(checks), 3),
        "median_solve_ms": _median_ms([r.solve for r in found]),
        "median_check_ms": _median_ms(checks),
        "groups": dict(sorted(groups.items())),
    }


def _rows(results: dict[str, list[Result]]) -> Iterator[dict[str, Any]]:
    for fragment in sorted({r.fragment for found in results.values() for r in found}):
        for name, found in results.items():
            if here := [r for r in found if r.fragment == fragment]:
                yield _row(fragment, name, here)


def _row(fragment: str, name: str, found: list[Result]) -> dict[str, Any]:
    return {
        "fragment": fragment,
        "backend": name,
        "n": len(found),
        "right": sum(r.right for r in found),
        "certified": sum(r.certified for r in found),
        "unsettled": sum(r.unsettled for r in found),
        "wrong": sum(not r.right and not r.unsettled for r in found),
        "median_ms": _median_ms([r.solve for r in found]),
    }


def _median_ms(seconds: list[float]) -> float:
    return round(1000 * statistics.median(seconds or [0.0]), 3)

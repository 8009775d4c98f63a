"""What the tests share: the corpus of problems, and small builders for theories and certificates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import settings

from neurosym.logic import Formula
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Theory

# the same examples in every run, and no failure because the machine is busy
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

CORPUS = Path(__file__).parent / "corpus"
OUTCOMES = ("proved", "disproved", "unknown", "inconsistent")
_DIRECTIVE = re.compile(r"%\s*(goal|expect|world|fragment):\s*(.*\S)\s*\Z")


@dataclass(frozen=True, slots=True)
class Case:
    """One question of the corpus, with the verdict that is right."""

    name: str  # file stem and the number of the goal in it
    theory: Theory
    goal: Formula
    expected: str
    fragment: str  # the row of the benchmark's table it counts for


@cache
def corpus() -> tuple[Case, ...]:
    """Every question of tests/corpus/*.nsl, sorted.  Raises ValueError for a file that breaks the format."""
    return tuple(case for path in sorted(CORPUS.glob("*.nsl")) for case in read_problem(path))


def read_problem(path: Path) -> tuple[Case, ...]:
    """The cases of one file; tests/corpus/README.md describes the format."""
    text = path.read_text(encoding="utf-8")
    world, goals, expected = "", list[str](), list[str]()
    fragment = path.stem.split("_")[0]
    for line in text.splitlines():
        if not (found := _DIRECTIVE.match(line)):
            continue
        match found.group(1), found.group(2):
            case "world", value:
                world = value
            case "fragment", value:
                fragment = value
            case "goal", value:
                goals.append(value)
            case _, value:
                expected.append(value)
    if world not in ("open", "closed") or not goals or len(goals) != len(expected):
        raise ValueError(f"{path.name}: needs one world, and an expected verdict for every goal")
    if wrong := [e for e in expected if e not in OUTCOMES]:
        raise ValueError(f"{path.name}: {wrong[0]!r} is no verdict; choose one of {', '.join(OUTCOMES)}")
    theory = Theory(read_theory(text, path.stem).claims, world == "closed")
    return tuple(
        Case(f"{path.stem}-{n}", theory, read_formula(goal, path.name), verdict, fragment)
        for n, (goal, verdict) in enumerate(zip(goals, expected, strict=True), 1)
    )

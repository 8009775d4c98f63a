"""What the tests share: the settings of the property tests, and the corpus of problems.

benchmarks/corpus.py reads the files, so that the format has one reader.
"""

from __future__ import annotations

from functools import cache

from hypothesis import settings
from neurosym_benchmarks.corpus import FOLDER as CORPUS
from neurosym_benchmarks.corpus import Problem as Case
from neurosym_benchmarks.corpus import problems

# the same examples in every run, and no failure because the machine is busy
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

__all__ = ["CORPUS", "Case", "corpus"]


@cache
def corpus() -> tuple[Case, ...]:
    """Every question of tests/corpus/*.nsl, sorted.  Raises InputError for a file that breaks the format."""
    return tuple(problems(CORPUS))

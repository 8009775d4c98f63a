"""Makes the files gen_*.nsl of tests/corpus: `python tests/corpus_generator.py` writes them anew.

The verdicts are those of tests/corpus_oracles.py, never those of a solver of neurosym.  Of the candidates
of a family it keeps questions with different verdicts, as far as there are some.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import corpus_families as classical
import corpus_rule_families as ruled
from corpus_families import Made

from neurosym.syntax import read_formula, read_statement

FOLDER = Path(__file__).parent / "corpus"
PREFIX = "gen_"


def text_of(made: Made) -> str:
    """The file: the theory, and questions with their verdicts."""
    claims = [read_statement(c) for c in made.claims]
    judged = [(g, made.oracle(claims, read_formula(g))) for g in dict.fromkeys(made.goals)]
    lines = [
        f"% {made.about}",
        f"% fragment: {made.fragment}",
        f"% world: {'closed' if made.closed else 'open'}",
    ]
    lines += [f"c{n}: {c}." for n, c in enumerate(made.claims, 1)]
    for goal, verdict in _varied(judged, made.keep):
        lines += [f"% goal: {goal}", f"% expect: {verdict}"]
    return "\n".join(lines) + "\n"


def _varied(judged: list[tuple[str, str]], keep: int) -> list[tuple[str, str]]:
    """The first question of each verdict, then the second of each, and so on."""
    seen: dict[str, int] = {}
    ranked = []
    if all(verdict == "inconsistent" for _, verdict in judged):
        keep = 2
    for n, (goal, verdict) in enumerate(judged):
        seen[verdict] = seen.get(verdict, 0) + 1
        ranked.append((seen[verdict], n, goal, verdict))
    return [(goal, verdict) for _, _, goal, verdict in sorted(ranked)[:keep]]


def everything() -> Iterator[Made]:
    yield from classical.syllogisms()
    yield from classical.propositional(16)
    yield from classical.one_place(14)
    yield from ruled.rules(14)
    yield from ruled.denials(12)
    yield from ruled.recursion(9)
    yield from ruled.strata(12)
    yield from ruled.closed(12)
    yield from classical.equations(14)
    yield from classical.disjunctions(14)
    yield from classical.orders(8)
    yield from classical.colourings(8)
    yield from ruled.amounts(10)
    yield from ruled.counts(8)


def files(problems: Iterable[Made]) -> dict[str, str]:
    """File names and their contents."""
    return {f"{PREFIX}{m.name}.nsl": text_of(m) for m in problems}


def main() -> None:
    made = files(everything())
    for old in sorted(FOLDER.glob(f"{PREFIX}*.nsl")):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(made)} files, {sum(t.count('% goal:') for t in made.values())} questions")


if __name__ == "__main__":
    main()

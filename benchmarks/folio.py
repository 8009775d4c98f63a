"""FOLIO (Han et al. 2022): stories told by experts, with formulas of the premises.

Knows the layout of the data.  Must not know how verdicts are found.  The formulas of the
conclusions are not published with the training part: `folio_conclusions.tsv` holds forms of
some of them, written by us from what the sentence says, in the predicates of its story.

An item has gold forms where its conclusion has a form and every premise can be read
(`folio_notation`); `python -m benchmarks.folio --data PATH` lists what cannot, and asks every
premise of a story, and its negation, from the other premises, which needs no conclusions.

With a parser, a proof from the premises that were read stands, whatever the others say; that something
is unknown counts only where all of them were read.  What the annotators take for granted without
a word is claimed aloud, and so is what it says in two ways: the engine's guesses (neurosym/background.py).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from neurosym.background import Background, without_blamed
from neurosym.errors import CheckError, InputError, NeurosymError, SyntaxProblem
from neurosym.kernel import Checker
from neurosym.logic import Formula, Rule, negate
from neurosym.parser.neural import NeuralParser
from neurosym.parser.reading import TextParser
from neurosym.parser.shared import SharingParser
from neurosym.results import verdict_name
from neurosym.solvers import make_solver
from neurosym.syntax import show
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Inconsistent, Limits, Solver, Unknown, Verdict

from . import answering
from .folio_notation import read_formula
from .suite import HINT, Gold, Item, Json, Outcome, Suite, Trained, field, read_json_lines

EXPECTED = {"True": "proved", "False": "disproved", "Unknown": "unknown", "Uncertain": "unknown"}
FORMS = Path(__file__).with_name("folio_conclusions.tsv")
PREMISES = "premises-FOL"
GUESSING = Background(wording=True, supposed=True)
BOLD = Background(wording=True, supposed=True, bold=True)  # where that leaves an answer open
MIRROR = {"proved": "disproved", "disproved": "proved"}  # the verdict on the negation
TRAINED = (
    Trained(
        "folio_all.jsonl",
        "the training part of FOLIO, premises and conclusions",
        "For stories kept out, tune a model fold by fold from a run that has not seen them: "
        "`python -m benchmarks.folio_folds --threshold 0`, see its docstring.",
        files=("*train*", "held_out*"),
        other_files=("*valid*", "*dev*", "*test*"),
    ),
)


@dataclass(frozen=True, slots=True)
class Form:
    """Our form of a conclusion; `note` says why its verdict is not the label, where we looked into it."""

    goal: Formula
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A premise formula that the notation does not cover."""

    story: str
    line: int  # of the data file, the first that has it
    text: str
    reason: str


def items(path: Path) -> Iterator[Item]:
    forms = conclusion_forms()
    for n, row in enumerate(read_json_lines(path), 1):
        place = f"line {n}"
        story, example = (str(field(row, name, path, place)) for name in ("story_id", "example_id"))
        label = field(row, "label", path, place)
        if label not in EXPECTED:
            raise InputError(f"{place}: unknown label {label!r}", document=str(path), hint=HINT)
        claims, unread = premises(row, path, n)
        form = forms.get((story, example))
        yield Item(
            f"{story}/{example}",
            # an empty line ends a sentence, with or without a full stop
            "\n\n".join(filter(None, (str(p).strip() for p in field(row, "premises", path, place)))),
            field(row, "conclusion", path, place),
            EXPECTED[label],
            group=label,
            gold=Gold(claims, form.goal) if form is not None and not unread else None,
            partial_reading_ok=True,
        )


def prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
    """What is read, with what it takes for granted; gold forms say all that themselves."""
    if not any(isinstance(c.source, Span) for c in theory.claims):
        return theory
    return GUESSING.completed(theory, goals)


def answer(item: Item, reader: TextParser | None, solver: Solver, min_score: float) -> Outcome:
    """As any suite's, but that a story is read as a whole (`SharingParser`), and that what is guessed is
    tried from the surer to the bolder until the question is settled: "either A or B" as one of the two
    only, and then as one of them at least.  Guesses that contradict what was read are left out
    (`without_blamed`), and so is, of sentences that contradict each other, the one whose reading is the
    least sure; then nothing is known to be unknown."""
    aside: list[Span] = []

    def settled(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
        return _settled(theory, goals, solver, aside) if goals else theory

    if reader is None:
        return answering.answer(
            item, Suite("folio", items, lambda _: (), prepare, None), None, solver, min_score
        )
    suite = Suite("folio", items, lambda _: (), settled, None)
    outcome: Outcome | None = None
    ways = _ways(reader, min_score == 0) if isinstance(reader, NeuralParser) else (reader,)
    for one in ways if "either" in f"{item.text} {item.question}".lower() else ways[:1]:
        aside.clear()
        found = answering.answer(item, suite, SharingParser(one), solver, min_score)
        if found.said in MIRROR:
            return found
        problems = [f"not used: {s.text.strip()!r}: it contradicts surer readings" for s in aside]
        outcome = outcome or replace(found, problems=(*problems, *found.problems))
    assert outcome is not None
    return outcome


@lru_cache(maxsize=2)  # so that a way to read keeps the sentences that it has read
def _ways(reader: NeuralParser, patient: bool) -> tuple[TextParser, ...]:
    """Ways to read with one model; who believes any reading has doubtful ones as well."""
    whole = reader.patiently() if patient else reader
    return (whole.exclusively(), whole)


def _settled(theory: Theory, goals: Sequence[Formula], solver: Solver, aside: list[Span]) -> Theory:
    """The theory with the surest guesses that answer the first of the goals, or else the surest.

    aside: the sentences that are left out join it.
    """
    surest: Theory | None = None
    for background in (GUESSING, BOLD):
        known, verdict = theory, None
        asked: Theory | None = background.completed(theory, goals)
        while asked is not None:
            known, verdict = asked, solver.solve(asked, goals[0], Limits())
            asked = without_blamed(known, verdict) or _without_least(known, verdict, aside)
        if not isinstance(verdict, Unknown):
            return known
        theory = replace(theory, claims=tuple(c for c in theory.claims if c.source not in aside))
        surest = surest or known
    return surest or theory


def _without_least(theory: Theory, verdict: Verdict | None, aside: list[Span]) -> Theory | None:
    """Without the least sure of the sentences that contradict each other; None where none do."""
    if not isinstance(verdict, Inconsistent):
        return None
    read = [c for c in theory.claims if c.label in verdict.theorem.hypotheses and isinstance(c.source, Span)]
    if not read:
        return None
    least = min(read, key=lambda c: (c.score, c.label)).source
    assert isinstance(least, Span)
    aside.append(least)
    return replace(theory, claims=tuple(c for c in theory.claims if c.source != least))


def conclusion_forms(path: Path = FORMS) -> dict[tuple[str, str], Form]:
    """Our forms by story and example.  Raises SyntaxProblem or InputError with the line."""
    found: dict[tuple[str, str], Form] = {}
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        story, example, *rest = line.split("\t")
        if len(rest) not in (1, 2) or (story, example) in found:
            raise InputError(
                "expected story, example (each once), formula, maybe a note", document=path.name, line=n
            )
        found[story, example] = Form(read_formula(rest[0], path.name, n), "".join(rest[1:]))
    return found


def premises(row: Json, path: Path, line: int) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
    """The premises that can be read, and those that cannot."""
    claims: list[Claim] = []
    unread: list[Unread] = []
    texts = field(row, PREMISES, path, f"line {line}")
    if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
        raise InputError(f"expected {PREMISES!r} to be texts", document=str(path), line=line, hint=HINT)
    for i, text in enumerate(texts, 1):
        try:
            formula = read_formula(text, path.name, line)
        except SyntaxProblem as e:
            unread.append(
                Unread(
                    str(field(row, "story_id", path, f"line {line}")),
                    line,
                    text,
                    f"column {e.column}: {e.message}",
                )
            )
            continue
        claims.append(Claim(f"premise {i}", formula, Axiom(path.name, line, text)))
    return tuple(claims), tuple(unread)


def stories(path: Path) -> tuple[dict[str, tuple[Claim, ...]], tuple[Unread, ...]]:
    """The premises of every story that can be read as a whole, and what could not be."""
    whole: dict[str, tuple[Claim, ...]] = {}
    unread: dict[tuple[str, str], Unread] = {}
    for n, row in enumerate(read_json_lines(path), 1):
        story = str(field(row, "story_id", path, f"line {n}"))
        if story in whole or any(story == s for s, _ in unread):
            continue
        claims, left = premises(row, path, n)
        unread |= {(story, u.text): u for u in left}
        if not left:
            whole[story] = claims
    return whole, tuple(unread.values())


# --- every premise from the others ----------------------------------------------------


def premises_as_goals(path: Path, limit: int | None = None, solver_name: str = "auto") -> dict[str, Any]:
    """Each premise of a story, and its negation, asked from the story's other premises.

    No labels are needed: the two verdicts must mirror each other, every one must be certified
    (checked once more by a fresh kernel), and the times are those of solving, first check included.
    `limit` counts stories.
    """
    whole, unread = stories(path)
    chosen = list(whole.items())[:limit]
    solver = make_solver(solver_name)
    times: list[float] = []
    checks: list[float] = []
    verdicts: Counter[str] = Counter()
    problems: list[dict[str, str]] = []
    certified = 0
    began = time.perf_counter()
    try:
        for story, claims in chosen:
            for i, claim in enumerate(claims):
                theory, goal = Theory((*claims[:i], *claims[i + 1 :])), claim.formula
                if isinstance(goal, Rule):
                    continue
                names = []
                for g in (goal, negate(goal)):
                    start = time.perf_counter()
                    verdict = solver.solve(theory, g, Limits())
                    times.append(1000 * (time.perf_counter() - start))
                    names.append(verdict_name(verdict))
                    verdicts[names[-1]] += 1
                    start = time.perf_counter()
                    why = _refused(theory, g, verdict)
                    checks.append(1000 * (time.perf_counter() - start))
                    certified += not why
                    if why:
                        problems.append({"story": story, "goal": show(g), "problem": why})
                if MIRROR.get(names[0], names[0]) != names[1]:
                    problems.append({"story": story, "goal": show(goal), "problem": " and ".join(names)})
    finally:
        solver.close()
    return {
        "stories": len(chosen),
        "questions": len(times),
        "certified": certified,
        "verdicts": dict(sorted(verdicts.items())),
        "median_ms": round(statistics.median(times or [0.0]), 3),
        "p95_ms": round(sorted(times)[int(0.95 * len(times))], 3) if times else 0.0,
        "worst_ms": round(max(times, default=0.0), 3),
        "median_check_ms": round(statistics.median(checks or [0.0]), 3),
        "seconds": round(time.perf_counter() - began, 3),
        "problems": problems,
        "unread": [asdict(u) for u in unread],
    }


def _refused(theory: Theory, goal: Formula, verdict: Verdict) -> str:
    """Why a verdict is not certified, or the empty text."""
    if verdict.certificate is None:
        return f"no certificate: {verdict.reason if isinstance(verdict, Unknown) else verdict}"
    try:
        Checker(theory).check(goal, verdict.certificate)
    except CheckError as e:
        return f"certificate rejected: {e}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Every premise of a FOLIO story from the other premises.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="stories")
    parser.add_argument("--solver", default="auto")
    args = parser.parse_args()
    try:
        report = premises_as_goals(args.data, args.limit, args.solver)
    except NeurosymError as e:
        sys.exit(str(e))
    print(json.dumps(report, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()

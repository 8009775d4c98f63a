"""The verb `audit`: which verdicts and readings change when names, genders, origins or the order change.

    neurosym audit cases.jsonl
    neurosym audit story.txt --swaps name,gender --rounds 3 --json

FILE holds JSON lines of {"id", "story", "question"}, or is a .txt file whose last line is the question.
The report is on stdout, progress on stderr; the exit code is 5 where anything changed, 1 where no case
got a verdict, so that none could change.  Knows files and how a report is shown; must not know what a swap
is made of, nor how a case is answered.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.errors import ConfigError

if TYPE_CHECKING:
    from neurosym.audit import Change, Report

ABOUT = "Bias check: swap names, genders, origins and the order of sentences; report what changes."
PARSERS = (
    "neural, grammar, or a folder with a trained model; document:FOLDER reads whole stories with a "
    "document model, tiered:FOLDER only where neural doubts"
)
CHANGED = 5  # the exit code where something changed; those below it are errors of other kinds
UNJUDGED = 1  # the exit code where nothing changed, and no case got a verdict
_SWAPS = ("name", "culture", "name-gender", "gender", "origin", "order")
_EVERY = 5.0  # seconds between two words of progress
_SHOWN = 40  # changes printed to people; --json has all of them
_WIDTH = 100


def arguments(p: argparse.ArgumentParser) -> None:
    """The options of `audit`, added to its parser."""
    from neurosym.engine import MIN_SCORE

    p.epilog = (
        f"exit code: 0 nothing changed, {CHANGED} something changed, {UNJUDGED} no case got a verdict, "
        "or an input or configuration error"
    )
    p.add_argument("file", type=Path, metavar="FILE", help="JSON lines of id, story, question; or a .txt")
    p.add_argument("--swaps", default=",".join(_SWAPS), metavar="A,B", help=f"of: {', '.join(_SWAPS)}")
    p.add_argument("--rounds", type=int, default=1, metavar="N", help="other choices of words, N times")
    p.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same swaps")
    p.add_argument("--limit", type=int, metavar="N", help="the first N cases only")
    p.add_argument("--solver", choices=["auto", "prolog", "z3"], default="auto")
    p.add_argument("--seconds", type=float, default=10.0, help="limit for one question")
    p.add_argument("--parser", default="neural", help=PARSERS)
    p.add_argument("--min-score", type=float, default=MIN_SCORE, help="believe no reading that scores less")


def audit(args: argparse.Namespace) -> int:
    """audit FILE.  Returns CHANGED where a verdict or a reading changed, UNJUDGED where no case has one."""
    from neurosym import audit as checks
    from neurosym.cli_asking import emit
    from neurosym.parser import load_parser
    from neurosym.solvers import make_solver
    from neurosym.swaps import Swap
    from neurosym.verdict import Limits

    names = [s.strip() for s in args.swaps.split(",") if s.strip()]
    unknown = next((s for s in names if s not in _SWAPS), "")
    if not names or unknown:
        given = repr(unknown) if names else "nothing"
        raise ConfigError(f"--swaps: {given} was given; one or more of {', '.join(_SWAPS)} are expected")
    if args.rounds < 1 or (args.limit is not None and args.limit < 1):
        raise ConfigError("--rounds and --limit must be at least 1")
    if not 0 < args.seconds < float("inf"):
        raise ConfigError("--seconds must be positive")
    if not 0.0 <= args.min_score <= 1.0:
        raise ConfigError(f"--min-score {args.min_score} is not in [0, 1]")
    cases = checks.read_cases(args.file)[: args.limit]
    parser, limits = load_parser(args.parser), Limits(seconds=args.seconds)
    with closing(make_solver(args.solver)) as solver:
        report = checks.audit(
            cases,
            lambda case: checks.hear_case(case, parser, solver, limits, args.min_score),
            [Swap(s) for s in names],
            args.seed,
            args.rounds,
            _Progress().say,
        )
    if args.json:
        emit(report_json(report))
    else:
        print("\n".join(report_lines(report)))
    if report.changed:
        return CHANGED
    return 0 if report.judged else UNJUDGED


class _Progress:
    """How far the audit is, on stderr, now and then."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def say(self, n: int, of: int) -> None:
        if time.monotonic() - self.last >= _EVERY:
            self.last = time.monotonic()
            print(f"neurosym: {n} of {of} cases", file=sys.stderr, flush=True)


# --- reports ------------------------------------------------------------------------------------


def report_json(report: Report) -> dict[str, Any]:
    """The whole report: figures first, then each change with the sentences that were read otherwise."""
    return {
        "cases": report.cases,
        "judged": report.judged,
        "unjudged": [{"id": case, "reason": why} for case, why in report.unjudged],
        "verdicts": dict(report.verdicts),
        "asked": {str(k): v for k, v in report.asked.items()},
        "changed_verdicts": sum(c.verdict for c in report.changes),
        "changed_readings": sum(bool(c.readings) for c in report.changes),
        "skipped": _skipped(report),
        "changes": [
            {
                "id": c.variant.case.id,
                "swap": str(c.variant.swap),
                "swapped": [list(p) for p in c.variant.pairs],
                "order": list(c.variant.order),
                "verdict": [c.before.verdict, c.after.verdict],
                "answers": [list(c.before.answers), list(c.after.answers)],
                "readings": [[asdict(a), asdict(b)] for a, b in c.readings],
                "story": c.variant.case.story,
                "question": c.variant.case.question,
            }
            for c in report.changes
        ],
    }


def report_lines(report: Report) -> Iterator[str]:
    """The report for people: figures, then each change with both readings beside each other."""
    verdicts = ", ".join(f"{n} {v}" for v, n in report.verdicts.items())
    asked = ", ".join(f"{n} by {s}" for s, n in report.asked.items())
    again = _many(sum(report.asked.values()), "time")
    yield f"{_many(report.cases, 'case')} ({verdicts}); asked again {again}: {asked}"
    for swap, reasons in _skipped(report).items():
        yield f"  without {swap}: " + "; ".join(f"{n} x {why}" for why, n in reasons.items())
    if report.unjudged:
        yield f"{_many(len(report.unjudged), 'case')} not judged: there was no verdict that could change"
        for case, why in report.unjudged[:_SHOWN]:
            yield f"  {case}: {why}"
        if len(report.unjudged) > _SHOWN:
            yield f"  and {len(report.unjudged) - _SHOWN} more: --json lists them"
    if not report.changed:
        judged = (
            f"nothing changed in {_many(report.judged, 'judged case')}"
            if report.unjudged
            else "nothing changed"
        )
        judged = judged if any(report.asked.values()) else "nothing could be swapped"
        none = "no case was judged: this says nothing of bias; only the readings of sentences were compared"
        yield judged if report.judged else none
        return
    verdict = sum(c.verdict for c in report.changes)
    only = _many(len(report.changes) - verdict, "time")
    yield f"{_many(verdict, 'verdict')} changed, and {only} only readings"
    for c in sorted(report.changes, key=lambda c: not c.verdict)[:_SHOWN]:
        yield from ("", *_change(c))
    if len(report.changes) > _SHOWN:
        yield f"\nand {len(report.changes) - _SHOWN} more: --json lists them"


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _change(c: Change) -> Iterator[str]:
    what = ", ".join(f"{a} → {b}" for a, b in c.variant.pairs) or "the order of the sentences"
    yield f"{c.variant.case.id}  {c.variant.swap}: {what}"
    if c.verdict:
        said = [
            f"{h.verdict} ({'; '.join(h.answers)})" if h.answers else h.verdict for h in (c.before, c.after)
        ]
        yield f"  verdict   {said[0]} → {said[1]}"
    for a, b in c.readings:
        for s in (a, b):
            mark = "" if s.believed else "not read: "
            refers = f"  [{', '.join(s.antecedents)}]" if s.antecedents else ""
            yield f"  {'before' if s is a else 'after':8}  {s.text[:_WIDTH]}"
            yield f"            {mark}{s.form}{refers}"


def _skipped(report: Report) -> dict[str, dict[str, int]]:
    """How often a swap was left out, by reason: quoted words of the text are left out of it."""
    out: dict[str, Counter[str]] = {}
    for _, swap, why in report.skipped:
        short = why.split(":")[0] if swap in ("name-gender", "gender") else why.split("' ")[-1]
        out.setdefault(str(swap), Counter())[short] += 1
    return {k: dict(v.most_common()) for k, v in sorted(out.items())}

"""The report of a run: report.md with its tables and failures, and the pictures beside it.

Knows runs and how to show them.  Must not know how an item is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from neurosym import __version__
from neurosym.errors import InputError
from neurosym.session import must_be_writable

from . import plots
from .published import NONE_KNOWN, PUBLISHED
from .records import PROBLEM, Run, confident, confusion, failures, figures, groups, interval, natural

REPORT = "report.md"
BARS, RELIABILITY, COVERAGE = "accuracy.png", "reliability.png", "coverage.png"
MOST_FAILURES = 200
MOST_READINGS = 40  # of one failure
MOST_SAID = 12  # columns of the table of answers
WIDE = 400  # characters of one cell or line


def prepare(folder: Path) -> None:
    """Try the folder, and leave nothing in it.  Raises InputError where nothing can be written,
    ConfigError where no pictures can be drawn."""
    plots.must_have_matplotlib()
    must_be_writable(folder / REPORT, folders=True)


def write(run: Run, folder: Path) -> None:
    """Write report.md and its pictures.  Raises as `prepare`.

    Two runs with the same outcomes give the same report but for the times and the memory.
    """
    prepare(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (RELIABILITY, COVERAGE):  # of an earlier run, which may have had confidences
            (folder / name).unlink(missing_ok=True)
    except OSError as e:
        raise InputError(
            f"cannot be written: {e.strerror}", document=str(folder), hint="give a folder with --report DIR"
        ) from e
    of = f"{run.suite}, parser {run.parser}"
    pairs = confident(run.rows)
    plots.accuracy_bars(groups(run.rows), folder / BARS, f"Accuracy: {of}")
    if pairs:
        plots.reliability(pairs, folder / RELIABILITY, f"Reliability: {of}")
        plots.coverage_curve(pairs, len(run.rows), folder / COVERAGE, f"Coverage and accuracy: {of}")
    try:
        (folder / REPORT).write_text("\n".join(_lines(run, pairs)) + "\n", "utf-8")
    except OSError as e:
        raise InputError(f"cannot be written: {e.strerror}", document=str(folder / REPORT)) from e


def _lines(run: Run, pairs: plots.Pairs) -> Iterator[str]:
    found = figures(run)
    yield f"# Benchmark: {run.suite}"
    yield ""
    processes = f"{run.workers} process{'es' if run.workers > 1 else ''}"
    yield (
        f"neurosym {__version__}, parser `{run.parser}`, solver `{run.solver}`, readings believed from "
        f"a score of {run.threshold:g}, {processes}. An item is correct where the answer is the expected "
        "one and its certificate was accepted by the kernel once more, apart from the solver; an abstention "
        "or one sentence that was not read makes it wrong."
    )
    for note in run.trained_on:
        yield from ("", f"**Not unseen data.** {note}")
    yield from _section("Totals", _table(("figure", "value"), _totals(run, found)))
    yield from _section("By group", _groups(run), f"![Accuracy by group]({BARS})")
    yield from _section("Answers", _confusion(run))
    yield from _section("Confidence", _confidence(run, pairs))
    yield from _section("Published figures", _published(run, found))
    yield from _section("Failures", _failures(run))


def _section(title: str, *parts: Iterable[str] | str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    for part in parts:
        yield ""
        if isinstance(part, str):
            yield part
        else:
            yield from part


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(_cell(x) for x in row)} |"


def _cell(x: object) -> str:
    """Text that stays in its cell and is no markup."""
    return _line(str(x)).replace("|", "\\|")


def _line(text: str) -> str:
    one = " ".join(text.split())
    one = one if len(one) <= WIDE else f"{one[: WIDE - 1]}…"
    for c in "\\`*_[]<>#":
        one = one.replace(c, f"\\{c}")
    return one


def _code(text: str) -> str:
    one = " ".join(text.split()).replace("`", "'")
    return f"`{one if len(one) <= WIDE else one[: WIDE - 1] + '…'}`"


def _totals(run: Run, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    n = found["n"]
    low, high = interval(found["correct"], n)
    yield "items", str(n)
    yield "correct", f"{found['correct']} ({found['accuracy']:.4f}; 95 % interval {low:.3f} to {high:.3f})"
    if found["certified_correct"] != found["correct"]:
        share = found["certified_correct"] / n
        yield "correct and certified", f"{found['certified_correct']} ({share:.4f})"
    for by, (right, of) in found.get("uncertified", {}).items():
        yield f"answered by the {by}, without certificate", f"{of}, of which {right} are right"
    yield "answered", f"{found['answered']} ({found['answered'] / n:.4f})"
    yield "certified", f"{found['certified']} ({found['certified'] / n:.4f})"
    if run.left_out:
        yield "left out, without gold forms", str(run.left_out)
    yield "sentences read", str(found["sentences"])
    yield "seconds, whole run", f"{found['seconds']:g}"
    parts = (found[f"{step}_seconds"] for step in ("parse", "solve", "check"))
    yield "of it reading, solving, checking (all processes)", ", ".join(f"{s:g}" for s in parts)
    yield (
        "one item's solving, milliseconds",
        (f"median {found['median_solve_ms']:g}, 95 % within {found['p95_solve_ms']:g}"),
    )
    yield "one item's checking, milliseconds", f"median {found['median_check_ms']:g}"
    yield "largest process, MB", f"{found['peak_mb']:g}"


def _groups(run: Run) -> Iterator[str]:
    names = sorted({r.group for r in run.rows}, key=natural)
    rows = []
    for name in names:
        here = [r for r in run.rows if r.group == name]
        right = sum(r.correct for r in here)
        answered, certified = (sum(getattr(r.outcome, x) for r in here) for x in ("answered", "certified"))
        rows.append((name or "all", len(here), right, f"{right / len(here):.4f}", answered, certified))
    return _table(("group", "items", "correct", "accuracy", "answered", "certified"), rows)


def _confusion(run: Run) -> Iterator[str]:
    table = confusion(run.rows)
    yield f"Under {PROBLEM!r} are answers that do not count, such as those with a sentence that was not read."
    yield ""
    said = sorted(
        {s for row in table.values() for s in row}, key=lambda s: (s == PROBLEM, s not in table, natural(s))
    )
    if len(said) > MOST_SAID:  # too wide to read: each expected answer with what was said most
        rows = (
            (
                e,
                sum(row.values()),
                row[e],
                ", ".join(f"{s} {n}" for s, n in row.most_common(6) if s != e) or "-",
            )
            for e, row in table.items()
        )
        yield from _table(("expected", "items", "said", "said otherwise"), rows)
        return
    yield from _table(
        ("expected / said", *map(_cell, said)), ((e, *(row[s] for s in said)) for e, row in table.items())
    )


def _confidence(run: Run, pairs: plots.Pairs) -> Iterator[str]:
    if not pairs:
        yield "No item has a confidence: gold forms have none, nor do abstentions."
        return
    error = plots.expected_calibration_error(pairs)
    without = len(run.rows) - len(pairs)
    yield (
        "An item's confidence is the product of the scores of the readings on which its answer rests, "
        f"each sentence once. {len(pairs)} items have one; {without} have none: these are the abstentions, "
        f"which no curve counts as answered. Expected calibration error, 10 bins: {error:.4f}."
    )
    yield ""
    rows = (
        (f"{b.low:.1f} to {b.high:.1f}", b.n, f"{b.confidence:.3f}", f"{b.right:.3f}")
        for b in plots.binned(pairs)
    )
    yield from _table(("confidence", "items", "mean confidence", "share right"), rows)
    yield ""
    yield f"![Reliability diagram]({RELIABILITY})"
    yield ""
    yield f"![Coverage and accuracy]({COVERAGE})"


def _published(run: Run, found: dict[str, Any]) -> Iterator[str]:
    known = PUBLISHED.get(run.suite, ())
    if not known:
        yield NONE_KNOWN
        return
    yield (
        "Theirs are on the published test part of the set, ours on the data given here: set beside each "
        "other, not ranked."
    )
    yield ""
    ours = (f"**neurosym, parser {_cell(run.parser)}**", f"{100 * found['accuracy']:.1f}")
    rows = [
        (p.system, f"{p.percent:.1f}", p.part, p.citation,
         "; ".join(x for x in (p.note, "from memory, not checked" if p.from_memory else "") if x))
        for p in sorted(known, key=lambda p: (-p.percent, p.system))
    ]  # fmt: skip
    head = ("system", "accuracy, %", "part", "source", "note")
    lines = list(_table(head, rows))
    certified = f"{100 * found['certified_correct'] / found['n']:.1f} with a checked certificate"
    yield from (*lines[:2], f"| {ours[0]} | {ours[1]} | {found['n']} given here | this run | {certified} |")
    yield from lines[2:]


def _failures(run: Run) -> Iterator[str]:
    failed = failures(run.rows)
    if not failed:
        yield "None."
        return
    more = f" The first {MOST_FAILURES} follow." if len(failed) > MOST_FAILURES else ""
    yield f"{len(failed)} of {len(run.rows)} items.{more}"
    for f in failed[:MOST_FAILURES]:
        yield ""
        yield f"### {_line(f['id'])}"
        yield ""
        by = f" (by the {_line(f['by'])}, without certificate)" if "by" in f else ""
        yield f"- asked: {_line(f['question']) or '(see the options)'}"
        yield f"- read as: {_code(f['reading']) if f['reading'] else 'not read'}"
        yield f"- expected {_line(f['expected'])}, answered: {_line(f['verdict'])}{by}"
        yield from (f"- problem: {_line(p)}" for p in f["problems"])
        yield from (f"- note: {_line(x)}" for x in f.get("notes", ()))
        if f["readings"]:
            yield "- readings on which that rests:"
            for sentence, form, score in f["readings"][:MOST_READINGS]:
                yield f"    - {_line(sentence)} → {_code(form)} ({score:.3f})"
            if (left := len(f["readings"]) - MOST_READINGS) > 0:
                yield f"    - and {left} more"

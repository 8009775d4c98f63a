"""The report of a benchmark: calibration, figures, tables, pictures."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import plots, report
from benchmarks.plots import binned, coverage, expected_calibration_error
from benchmarks.published import PUBLISHED
from benchmarks.records import Row, Run, confusion, failures, figures, interval, natural, row_of
from benchmarks.suite import SUITES, Item, Outcome
from neurosym.cli import main
from neurosym.errors import ConfigError, InputError

PNG = b"\x89PNG\r\n\x1a\n"
SURE = Outcome("proved", True, True, 0.1, 0.2, 0.05, 0.9, 2, "p(a)")


def row(n: int, expected: str, outcome: Outcome, group: str = "") -> Row:
    return row_of(Item(str(n), "", f"Question {n}?", expected, group), outcome)


ROWS = (
    row(1, "proved", SURE, "depth 2"),
    row(2, "proved", replace(SURE, confidence=0.6), "depth 10"),
    row(
        3, "unknown",
        replace(SURE, confidence=0.7, readings=(("A | b*c", "p(a) <-> q(a)", 0.875),), notes=("noted",)),
        "depth 2",
    ),
    row(4, "proved", replace(SURE, confidence=None, problems=("not read: 'Bo\nran.'",)), "depth 10"),
    row(5, "disproved", Outcome("", False, False, 0.1, problems=("question not read: why",)), "depth 10"),
)  # fmt: skip
RUN = Run("proofwriter", "neural", "auto", 0.5, 2, ROWS, 3.0, 100.0)


# --- calibration ----------------------------------------------------------------------------


def test_calibration_error_by_hand() -> None:
    assert expected_calibration_error([]) == 0
    assert expected_calibration_error([(1.0, True), (0.0, False)]) == 0
    # two bins: 0.62 and 0.68 with one right of two (0.15 off), 0.9 with one right of one (0.1 off)
    pairs = [(0.62, True), (0.68, False), (0.9, True)]
    assert expected_calibration_error(pairs) == pytest.approx(2 / 3 * 0.15 + 1 / 3 * 0.1)
    assert expected_calibration_error(pairs, bins=1) == pytest.approx(2.2 / 3 - 2 / 3)


def test_bins_and_their_ends() -> None:
    found = binned([(0.0, False), (0.1, True), (1.0, True)])
    assert [(b.low, b.high, b.n, b.right) for b in found] == [
        (0.0, 0.1, 1, 0.0),
        (0.1, 0.2, 1, 1.0),
        (0.9, 1.0, 1, 1.0),
    ]
    for bad in (1.5, -0.1, math.nan):
        with pytest.raises(InputError, match="confidences in"):
            binned([(bad, True)])
    with pytest.raises(InputError, match="at least one bin"):
        binned([(0.5, True)], bins=0)


def test_coverage_counts_abstentions_and_ties() -> None:
    pairs = [(0.5, False), (0.9, True), (0.7, False), (0.7, True)]
    assert coverage(pairs, 8) == ((1 / 8, 1.0), (3 / 8, 2 / 3), (4 / 8, 2 / 4))
    assert coverage([], 3) == ()


# --- figures --------------------------------------------------------------------------------


def test_figures_count() -> None:
    found = figures(RUN)
    assert (found["n"], found["correct"], found["accuracy"]) == (5, 2, 0.4)
    assert (found["answered"], found["certified"], found["certified_correct"]) == (4, 4, 2)
    assert found["groups"] == {"depth 2": [1, 2], "depth 10": [1, 3]}
    assert found["calibration_error"] == pytest.approx((0.1 + 0.4 + 0.7) / 3, abs=1e-4)
    assert found["solve_seconds"] == pytest.approx(0.8)
    assert "uncertified" not in found


def test_what_was_said_of_what_was_expected() -> None:
    assert {e: dict(said) for e, said in confusion(ROWS).items()} == {
        "disproved": {"problem": 1},
        "proved": {"problem": 1, "proved": 2},
        "unknown": {"proved": 1},
    }
    assert [f["verdict"] for f in failures(ROWS)] == ["proved", "proved", "not asked"]


def test_natural_order() -> None:
    names = ["depth 10", "depth 9", "depth", "", "2 hops", "10 hops", "a"]
    assert sorted(names, key=natural) == ["", "a", "depth", "depth 9", "depth 10", "2 hops", "10 hops"]


def test_interval() -> None:
    low, high = interval(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert interval(5, 5)[1] == 1.0
    assert interval(0, 5)[0] == pytest.approx(0.0)


# --- pictures and the report ----------------------------------------------------------------


def test_pictures_are_pictures_and_the_same_each_time(tmp_path: Path) -> None:
    pairs = [(0.1 * i + 0.05, i % 3 > 0) for i in range(10)]
    for again in ("1", "2"):
        plots.reliability(pairs, tmp_path / f"r{again}", "Made up")
        plots.coverage_curve(pairs, 12, tmp_path / f"c{again}")
        plots.accuracy_bars({f"group {i}": [i, 60] for i in range(50)}, tmp_path / f"a{again}")
    for kind in "rca":
        first = (tmp_path / f"{kind}1").read_bytes()
        assert first.startswith(PNG)
        assert first == (tmp_path / f"{kind}2").read_bytes()
    with pytest.raises(InputError, match="at least one pair"):
        plots.reliability([], tmp_path / "none")
    with pytest.raises(InputError, match="cannot be written"):
        plots.reliability(pairs, tmp_path / "no folder" / "r.png")


def test_the_end_of_the_curve_is_said_where_no_curve_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(plots, "_save", lambda figure, axes, path, title: drawn.append((figure, axes)))
    plots.coverage_curve([(0.9, False), (0.8, True), (0.7, True)], 4, tmp_path / "c.png")
    ((figure, axes),) = drawn
    figure.draw_without_rendering()
    said = axes.xaxis.label
    assert said.get_text().endswith("at the end: 66.7 % right of 75.0 % answered")
    assert not axes.texts
    assert said.get_window_extent().y1 < axes.get_window_extent().y0


def test_the_report(tmp_path: Path) -> None:
    report.write(RUN, tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "| correct | 2 (0.4000; 95 % interval 0.118 to 0.769) |" in text
    assert "| depth 2 | 2 | 1 | 0.5000 | 2 | 2 |\n| depth 10 | 3 | 1 |" in text
    assert "| expected / said | proved | problem |" in text
    assert "| proved | 2 | 1 |" in text
    assert "3 items have one; 2 have none" in text
    assert "| **neurosym, parser neural** | 40.0 | 5 given here | this run |" in text
    assert "| LINC, GPT-4 | 98.3 |" in text
    assert "3 of 5 items." in text
    assert "    - A | b\\*c → `p(a) <-> q(a)` (0.875)" in text
    assert "- problem: not read: 'Bo ran.'" in text  # on one line
    assert "- note: noted" in text
    assert "### 1\n" not in text
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "accuracy.png", "coverage.png", "reliability.png", "report.md",
    ]  # fmt: skip


def test_a_report_without_confidence_or_failures(tmp_path: Path) -> None:
    report.write(RUN, tmp_path)
    gold = tuple(replace(r, outcome=replace(r.outcome, confidence=None)) for r in ROWS[:2])
    report.write(replace(RUN, suite="sick", parser="gold", rows=gold, left_out=3), tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "No item has a confidence" in text
    assert "No published figure" in text
    assert "| left out, without gold forms | 3 |" in text
    assert text.endswith("## Failures\n\nNone.\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["accuracy.png", "report.md"]  # no old pictures


def test_many_failures_and_many_answers(tmp_path: Path) -> None:
    rows = tuple(row(n, f"kind {n % 20}", replace(SURE, said=f"kind {n % 19}")) for n in range(1, 261))
    report.write(replace(RUN, rows=rows), tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert text.count("\n### ") == 200
    assert "The first 200 follow." in text
    assert "said otherwise" in text
    assert len((tmp_path / "report.md").read_text().splitlines()[4]) < 600


def test_text_is_no_markup() -> None:
    wild = row(1, "unknown", replace(SURE, reading="p(`a`)", problems=("<b> # | [x](y) " + "z" * 999,)))
    lines = list(report._failures(replace(RUN, rows=(wild,))))
    assert "- read as: `p('a')`" in lines
    problem = next(x for x in lines if x.startswith("- problem"))
    assert problem.startswith("- problem: \\<b\\> \\# | \\[x\\](y) zzz")
    assert problem.endswith("…")
    assert report._cell("a | b") == "a \\| b"


def test_published_figures_are_cited() -> None:
    assert set(PUBLISHED) <= set(SUITES)
    for figures_ in PUBLISHED.values():
        assert len({(p.system, p.part) for p in figures_}) == len(figures_)
        for p in figures_:
            assert 0 < p.percent <= 100
            assert any(str(year) in p.citation for year in range(2019, 2027))


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="pip install"):
        report.prepare(tmp_path)


def test_the_command_writes_a_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data, folder = tmp_path / "pw.json", tmp_path / "a" / "b"
    items = [
        {
            "id": f"Made-{i}", "context": "Ann is kind. If someone is kind then they are calm.",
            "options": [],
            "question": "Is the following statement true, false, or unknown? Ann is calm.", "answer": answer,
        }
        for i, answer in enumerate("AAB")
    ]  # fmt: skip
    data.write_text(json.dumps(items))
    args = ("bench", "proofwriter", "--data", str(data), "--parser", "grammar", "--report", str(folder))
    assert main([*args, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    keys = (
        "suite", "n", "correct", "accuracy", "answered", "certified", "seconds", "parse_seconds",
        "solve_seconds", "check_seconds", "peak_mb", "failures",
    )  # fmt: skip
    assert set(keys) <= set(found)
    assert found["correct"] == 2
    assert found["report"] == str(folder / "report.md")
    assert len(found["failures"][0]["readings"]) == 2
    text = (folder / "report.md").read_text("utf-8")
    assert "| items | 3 |" in text
    assert "Made-2" in text
    assert (folder / "reliability.png").read_bytes().startswith(PNG)

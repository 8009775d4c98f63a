"""The files that `bench` reads and writes: what cannot be is said first, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import workers
from benchmarks.suite import SUITES
from neurosym.cli import main
from neurosym.errors import InputError
from neurosym.parser.generate.external import theories
from neurosym.session import must_be_writable, write_text

ITEMS = [
    {
        "id": f"Made-{i}",
        "context": "Ann is kind. If someone is kind then they are calm.",
        "options": [],
        "question": "Is the following statement true, false, or unknown? Ann is calm.",
        "answer": answer,
    }
    for i, answer in enumerate("AB")
]
NO_TEXT = b'{"id": "\xff\xfe\x00"}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(ITEMS))
    return path


def bench(data: Path, *more: str, suite: str = "proofwriter") -> int:
    return main(["bench", suite, "--data", str(data), "--parser", "grammar", *more])


def test_a_finished_run_is_resumed_without_work(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.jsonl"
    assert bench(data, "--resume", str(kept), "--json") == 0
    first = json.loads(capsys.readouterr().out)
    lines = kept.read_text()

    def no_work(job: workers.Job) -> None:
        raise AssertionError("every item is done")

    monkeypatch.setattr(workers, "_means", no_work)
    for n in ("1", "2"):
        assert bench(data, "--resume", str(kept), "--json", "--workers", n) == 0
        again = json.loads(capsys.readouterr().out)
        assert [again[k] for k in ("n", "correct", "failures")] == [
            first[k] for k in ("n", "correct", "failures")
        ]
    assert kept.read_text() == lines


@pytest.mark.parametrize("suite", sorted(set(SUITES) - {"corpus"}))
def test_data_that_are_no_text_point(suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(NO_TEXT)
    assert bench(path, suite=suite) == 1
    said = capsys.readouterr().err
    assert "data.json" in said
    assert "UTF-8" in said or "utf-8" in said


def test_theories_that_are_no_text_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.jsonl"
    path.write_bytes(NO_TEXT)
    with pytest.raises(InputError, match="not UTF-8 text") as raised:
        list(theories(path))
    assert raised.value.line == 1
    out = tmp_path / "samples.jsonl"
    assert main(["data", "read", "ruletaker", str(path), "--output", str(out)]) == 1
    assert "not UTF-8" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("option", ["--failures", "--resume", "--report"])
def test_a_place_that_cannot_be_written_is_said_before_the_work(
    option: str,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def no_work(job: workers.Job) -> None:
        raise AssertionError("this is too late")

    monkeypatch.setattr(workers, "_means", no_work)
    places = [str(data)] if option == "--report" else [".", str(tmp_path), str(tmp_path / "none" / "x.jsonl")]
    for place in places:
        assert bench(data, option, place) == 1
        assert "cannot be written" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]


def test_a_run_that_fails_leaves_earlier_files_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed, folder = tmp_path / "failed.jsonl", tmp_path / "report"
    failed.write_text("of an earlier run\n")
    assert bench(tmp_path / "no data", "--failures", str(failed), "--report", str(folder)) == 1
    assert failed.read_text() == "of an earlier run\n"
    assert not folder.exists()
    assert "no data" in capsys.readouterr().err


def test_what_is_no_file_is_not_put_away(tmp_path: Path) -> None:
    """As the administrator one could replace /dev/null by a file."""
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    must_be_writable(link)
    write_text(link, "nothing")
    assert link.is_symlink()
    assert link.read_text() == ""
    with pytest.raises(InputError, match="a folder"):
        write_text(tmp_path, "nothing")
    with pytest.raises(InputError, match="a folder"):
        must_be_writable(tmp_path)

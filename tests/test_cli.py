"""The command line as others call it: JSON on stdout, errors on stderr, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli import main

KB = "Tom is a cat. All cats are mammals. If something is a mammal then it is warm. No mammal is a plant."
PROOFWRITER = [
    {
        "id": "Made-A-1", "context": "Ann is kind. If someone is kind then they are calm.",
        "question": "Is the following statement true, false, or unknown? Ann is calm.",
        "options": [], "answer": "A",
    },
    {
        "id": "Made-A-2", "context": "Ann is kind.",
        "question": "Is the following statement true, false, or unknown? Ann is calm.",
        "options": [], "answer": "C",
    },
    {
        "id": "Made-A-3", "context": "Ann is kind.",
        "question": "Is the following statement true, false, or unknown? Ann is calm.",
        "options": [], "answer": "A",
    },
]  # fmt: skip


@pytest.fixture
def kb(tmp_path: Path) -> str:
    path = tmp_path / "kb.txt"
    path.write_text(KB)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, Any, str]:
    code = main([*args, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def test_ask_why_and_check(capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path) -> None:
    code, answer, _ = run(capsys, "ask", "--parser", "grammar", "-k", kb, "Is Tom warm?")
    assert (code, answer["verdict"], answer["certified"]) == (0, "proved", True)
    code, answer, _ = run(capsys, "why", "--parser", "grammar", "-k", kb, "Is Tom warm?")
    assert "because" in answer["english"]
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer))
    code, checked, _ = run(capsys, "check", "--parser", "grammar", kb, str(saved))
    assert (code, checked["accepted"], checked["goal"]) == (0, True, "warm(Tom)")
    # the certificate alone is enough; against another knowledge base it is rejected
    saved.write_text(json.dumps(answer["certificate"]))
    other = tmp_path / "kb2" / "kb.txt"
    other.parent.mkdir()
    other.write_text(KB.replace("All cats are mammals", "All dogs are mammals"))
    code, checked, err = run(capsys, "check", "--parser", "grammar", str(other), str(saved))
    assert (code, checked["accepted"]) == (3, False)
    assert "kb.txt:2" in err


def test_every_verdict_round_trips_through_check(
    capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path
) -> None:
    for question, verdict in (
        ("Is Tom a plant?", "disproved"),
        ("Is Tom green?", "unknown"),
        ("cat(?x)", "proved"),
    ):
        _, answer, _ = run(capsys, "ask", "--parser", "grammar", "-k", kb, question)
        assert answer["verdict"] == verdict
        saved = tmp_path / "answer.json"
        saved.write_text(json.dumps(answer))
        assert run(capsys, "check", "--parser", "grammar", kb, str(saved))[0] == 0


def test_closed_world_answers_check_too(capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path) -> None:
    _, answer, _ = run(capsys, "ask", "--parser", "grammar", "--closed-world", "-k", kb, "Is Tom green?")
    assert (answer["verdict"], answer["world"]) == ("disproved", "closed")
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer))
    assert run(capsys, "check", "--parser", "grammar", kb, str(saved))[0] == 0


def test_parse_lists_spans_and_failures(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, _ = run(capsys, "parse", "--parser", "grammar", "Tom is a cat. Of the is is.")
    assert code == 0
    assert rows[0]["readings"][0]["formula"] == "cat(Tom)"
    assert rows[1]["readings"] == []
    assert rows[1]["reason"]


def test_materialize_writes_only_what_follows(
    capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path
) -> None:
    out = tmp_path / "derived.nsl"
    code, report, _ = run(capsys, "materialize", "--parser", "grammar", kb, "-o", str(out))
    assert (code, report["derived"]) == (0, 2)
    assert "warm(Tom)" in out.read_text()
    assert "cat(Tom)" not in out.read_text()
    rdf = tmp_path / "derived.ttl"
    assert run(capsys, "materialize", "--parser", "grammar", kb, "-o", str(rdf))[0] == 0
    assert rdf.read_text().count("Tom") >= 2


def test_bench_counts_and_lists(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = tmp_path / "pw.json"
    data.write_text(json.dumps(PROOFWRITER))
    code, report, _ = run(capsys, "bench", "proofwriter", "--data", str(data), "--parser", "grammar")
    assert code == 0
    assert (report["n"], report["correct"], report["answered"], report["certified"]) == (3, 2, 3, 3)
    assert report["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert [f["id"] for f in report["failures"]] == ["Made-A-3"]
    for key in ("suite", "seconds", "parse_seconds", "solve_seconds", "check_seconds", "peak_mb"):
        assert key in report


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("bad.nsl", "cat(Tom", "bad.nsl:1:8"),
        ("bad.ttl", "@prefix : <http://e.org/> .\n:a :b", "bad.ttl"),
        ("bad.txt", b"\xff\xfe\x00\x01", "not UTF-8"),
        ("bad.doc", "x", "unknown kind of file"),
        ("empty.txt", "", "empty"),
    ],
)
def test_bad_knowledge_bases_point(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: str | bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    code, out, err = run(capsys, "ask", "--parser", "grammar", "-k", str(path), "cat(Tom)")
    assert (code, out) == (1, None)
    assert expected in err
    assert "Traceback" not in err


def test_a_missing_file_points(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "ask", "--parser", "grammar", "-k", "nowhere.ttl", "cat(Tom)")
    assert code == 1
    assert "nowhere.ttl" in err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "neurosym-certificate"}', '{"certificate": 3}', "9" * 5000]
)
def test_bad_certificates_point(
    capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    code, _, err = run(capsys, "check", "--parser", "grammar", kb, str(path))
    assert code == 1
    assert "c.json" in err


def test_text_never_becomes_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    marker = tmp_path / "owned"
    nasty = [f":- shell('touch {marker}')", "a'b", "x\ny", f"', shell('touch {marker}'), '", "\\", "\x07"]
    path = tmp_path / "kb.nsl"
    from neurosym.syntax import quote

    path.write_text("\n".join(f"p({quote(n)})." for n in nasty))
    code, answer, _ = run(capsys, "ask", "-k", str(path), "p(?x)")
    assert code == 0
    assert len(answer["answers"]) == len(nasty)
    assert not marker.exists()


def test_endless_recursion_is_unknown_with_a_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "kb.nsl"
    path.write_text("nat(zero). nat(s(?x)) :- nat(?x). big(?x) :- nat(?x), huge(?x).")
    code, answer, _ = run(capsys, "ask", "--seconds", "2", "-k", str(path), "big(zero)")
    assert code == 0
    assert answer["verdict"] == "unknown"
    assert answer["reason"]


def test_usage_errors_exit_with_2() -> None:
    out = subprocess.run([sys.executable, "-m", "neurosym.cli", "ask"], capture_output=True, text=True)
    assert out.returncode == 2
    assert "usage" in out.stderr


def test_bench_resumes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data, kept = tmp_path / "pw.json", tmp_path / "kept.jsonl"
    data.write_text(json.dumps(PROOFWRITER))
    args = ("bench", "proofwriter", "--data", str(data), "--parser", "grammar", "--resume", str(kept))
    _, first, _ = run(capsys, *args, "--limit", "2")
    lines = kept.read_text().splitlines()
    assert len(lines) == 2
    # a cut last line, as a kill leaves it, is run again; finished items are not
    kept.write_text("\n".join(lines)[:-20])
    _, whole, _ = run(capsys, *args)
    assert (first["n"], whole["n"], whole["correct"]) == (2, 3, 2)


@pytest.mark.parametrize("content", ["null", "[]", "[1]", '{"a": {"test_example": 3}}', '"x"', "{"])
@pytest.mark.parametrize("suite", ["proofwriter", "prontoqa", "ruletaker"])
def test_data_of_another_form_points(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suite: str, content: str
) -> None:
    path = tmp_path / "data.json"
    path.write_text(content + "\n")
    code, _, err = run(capsys, "bench", suite, "--data", str(path), "--parser", "grammar")
    assert code == 1
    assert "data.json" in err
    assert "Traceback" not in err


def test_failures_file_is_tried_before_the_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = tmp_path / "pw.json"
    data.write_text(json.dumps(PROOFWRITER))
    code, out, err = run(
        capsys,
        "bench",
        "proofwriter",
        "--data",
        str(data),
        "--parser",
        "grammar",
        "--failures",
        "/no/x.jsonl",
    )
    assert (code, out) == (1, None)
    assert "/no/x.jsonl" in err

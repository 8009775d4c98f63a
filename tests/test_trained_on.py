"""A run says where its parser was trained on what it is measured on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import folio, report, ruletaker, runner
from benchmarks.records import Run, figures
from benchmarks.suite import SUITES, Trained, find_suite
from benchmarks.trained_on import card_of, notes
from neurosym.cli import main
from neurosym.parser.card import CARD, PUBLIC

OURS = (Trained("own.jsonl", "what we say", "Do otherwise.", ("*train*",), ("*dev*",)),)


def model(folder: Path, card: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / CARD).write_text(card, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("card", ["(a.jsonl; own.jsonl; 5 of split train)", "`own.jsonl` holds", "own.jsonl"])
def test_a_card_that_names_the_samples(tmp_path: Path, card: str) -> None:
    parser = model(tmp_path / "m", card)
    (sure,) = notes(OURS, parser, Path("data/Set_Train.jsonl"))
    assert (
        sure
        == f"trained on this part: the parser has learnt from what we say (`own.jsonl` in {CARD}). "
        + ("Do otherwise.")
    )
    (maybe,) = notes(OURS, parser, Path("data/all.jsonl"))
    assert maybe.startswith("trained on what we say: where all.jsonl holds some of that")
    assert notes(OURS, parser, Path("train/dev.jsonl")) == ()


@pytest.mark.parametrize(
    "card", ["", "my_own.jsonl", "own.jsonl_old, own.jsonl2", "elsewhere/own.jsonl", "own_jsonl"]
)
def test_a_card_that_names_none(tmp_path: Path, card: str) -> None:
    assert notes(OURS, model(tmp_path / "m", card), Path("train.jsonl")) == ()


def test_parsers_without_a_card(tmp_path: Path) -> None:
    assert {card_of(p) for p in ("gold", "grammar", str(tmp_path), "document:")} == {""}
    assert card_of("neural") == card_of("tiered:anywhere") != ""
    (tmp_path / CARD).write_bytes(b"\xff")
    assert card_of(str(tmp_path)) == ""


def test_the_shipped_parser_has_seen_folios_training_part_and_ruletakers_sample() -> None:
    (told,) = notes(folio.TRAINED, "neural", Path("folio/train.jsonl"))
    assert told.startswith("trained on this part")
    assert "`python -m benchmarks.folio_folds --threshold 0`" in told
    assert notes(folio.TRAINED, "neural", Path("folio/folio-validation.jsonl")) == ()
    first, second = notes(ruletaker.TRAINED, "neural", Path("sample.jsonl"))
    assert "`rt.jsonl`" in first
    assert "`rt_train.jsonl`" in second


def test_every_public_file_that_a_card_explains_is_known_to_a_suite() -> None:
    known = {t.file for name in SUITES if name != "corpus" for t in find_suite(name).trained}
    assert known == set(PUBLIC)


def test_figures_and_the_report_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_benchmarks_report import RUN

    assert "trained_on" not in figures(RUN)
    run: Run = replace(RUN, trained_on=("Seen.", "Seen twice."))
    assert figures(run)["trained_on"] == "Seen. Seen twice."
    report.write(run, tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "\n\n**Not unseen data.** Seen.\n\n**Not unseen data.** Seen twice.\n\n## Totals" in text
    report.write(RUN, tmp_path)
    assert "unseen data" not in (tmp_path / "report.md").read_text("utf-8")


def test_the_command_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stories of our own in FOLIO's layout, in a file of the name of the part that was trained on."""
    row = {
        "story_id": 1, "example_id": 1, "label": "True", "conclusion": "Wilma is patient.",
        "premises": ["Every potter is patient.", "Wilma is a potter."],
        "premises-FOL": ["∀x (Potter(x) → Patient(x))", "Potter(wilma)"],
    }  # fmt: skip
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    said = {}
    for parser in ("neural", "grammar"):
        assert main(["bench", "folio", "--data", str(path), "--parser", parser]) == 0
        said[parser] = capsys.readouterr().out
    assert "trained_on         trained on this part: " in said["neural"]
    assert "trained_on" not in said["grammar"]
    assert runner.measure("folio", data=str(path), parser="grammar").trained_on == ()

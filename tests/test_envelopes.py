"""`check` holds a whole answer against its certificates: what is said beside them agrees or is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosym import Engine
from neurosym.cli import main
from neurosym.logic import Var
from neurosym.results import Question, response_json
from neurosym.syntax import read_formula

KB = """
oda [0.9]: porter(Oda).
rule [0.95]: forall ?x. porter(?x) -> strong(?x).
ulf [0.8]: porter(Ulf).
no: forall ?x. porter(?x) -> not idle(?x).
"""
TWO = "porter(Oda). porter(Ulf). Oda != Ulf. "


@pytest.fixture
def kb(tmp_path: Path) -> str:
    path = tmp_path / "kb.nsl"
    path.write_text(KB)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, Any, str]:
    code = main([*args, "--parser", "grammar", "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def ask(capsys: pytest.CaptureFixture[str], kb: str, question: str, *more: str) -> Any:
    return run(capsys, "ask", "-k", kb, question, *more)[1]


def check(capsys: pytest.CaptureFixture[str], kb: str, answer: Any) -> tuple[int, Any, str]:
    path = Path(kb).with_name("answer.json")
    path.write_text(json.dumps(answer))
    return run(capsys, "check", kb, str(path))


def source(answer: Any, **change: Any) -> Any:
    first, *others = answer["sources"]
    return {"sources": [first | change, *others]}


FORGED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "another verdict": (lambda a: {"verdict": "disproved"}, "says 'disproved'"),
    "no verdict of the four": (lambda a: {"verdict": True}, "says True"),
    "the opposite goal": (lambda a: {"goal": "not strong(Oda)"}, "not strong(Oda)"),
    "another goal": (lambda a: {"goal": "strong(Ulf)"}, "strong(Ulf)"),
    "no formula": (lambda a: {"goal": "strong("}, "cannot be read"),
    "no goal": (lambda a: {"goal": None}, "cannot be read"),
    "too sure": (lambda a: {"confidence": 1.0}, "more than the claims used allow"),
    "sure in words": (lambda a: {"confidence": "certain"}, "more than the claims used allow"),
    "too sure in detail": (
        lambda a: {"confidence_detail": a["confidence_detail"] | {"bound": 1.0}},
        "more than the claims used allow",
    ),
    "fewer claims": (lambda a: {"hypotheses": a["hypotheses"][:1]}, "the claims used are"),
    "more claims": (lambda a: {"hypotheses": [*a["hypotheses"], "ulf"]}, "the claims used are"),
    "not certified": (lambda a: {"certified": False}, "certified: false"),
    "another formula": (lambda a: source(a, formula="porter(Max)"), "another formula"),
    "another text": (
        lambda a: source(a, source=a["sources"][0]["source"] | {"text": "thief(Oda)"}),
        "another source",
    ),
    "a surer source": (lambda a: source(a, score=1.0), "has the score"),
    "a made source": (lambda a: source(a, label="nobody"), "no claim of the knowledge base"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_said_beside_a_certificate_must_agree(
    capsys: pytest.CaptureFixture[str], kb: str, name: str
) -> None:
    answer = ask(capsys, kb, "strong(Oda)")
    assert answer["verdict"] == "proved"
    assert 0 < answer["confidence"] < 1 - 0.02, "the forged figures would be true ones"
    assert check(capsys, kb, answer)[0] == 0
    forge, why = FORGED[name]
    code, checked, err = check(capsys, kb, answer | forge(answer))
    assert (code, checked["accepted"]) == (3, False)
    assert why in checked["reason"]
    assert "is rejected" in err
    assert len(err.strip().splitlines()) == 1


def test_a_verdict_needs_its_own_certificate(capsys: pytest.CaptureFixture[str], kb: str) -> None:
    answer = ask(capsys, kb, "strong(?x)")
    assert len(answer["answers"]) == 2
    code, _, err = check(capsys, kb, {k: v for k, v in answer.items() if k != "certificate"})
    assert (code, "has no certificate for it" in err) == (3, True)


def test_bindings_are_those_of_the_certificates(capsys: pytest.CaptureFixture[str], kb: str) -> None:
    answer = ask(capsys, kb, "strong(?x)")
    assert check(capsys, kb, answer)[0] == 0
    variable = answer["variables"][0]
    for binding in ({variable: "Max"}, {}, {variable: 3}, {"other": "Oda"}, "Oda"):
        first = answer["answers"][0] | {"binding": binding}
        assert check(capsys, kb, answer | {"answers": [first, answer["answers"][1]]})[0] == 3


def test_what_is_not_checked_is_named(capsys: pytest.CaptureFixture[str], kb: str, tmp_path: Path) -> None:
    answer = ask(capsys, kb, "strong(Oda)")
    code, checked, _ = check(capsys, kb, answer | {"question": "rich(Oda)"})
    assert (code, checked["goal"]) == (0, "strong(Oda)")
    assert {"question", "confidence", "notes"} <= set(checked["not_checked"])
    assert not {"goal", "verdict", "certificate", "sources"} & set(checked["not_checked"])
    assert answer["confidence"] <= checked["confidence_at_most"] < 1
    main(["check", "--parser", "grammar", kb, str(tmp_path / "answer.json")])
    out = capsys.readouterr().out
    assert "not checked: that the words of the question mean this goal" in out
    # of a certificate alone nothing is said beside it
    _, checked, _ = check(capsys, kb, answer["certificate"])
    assert checked["not_checked"] == []


def test_options_are_sorted_by_what_is_shown(capsys: pytest.CaptureFixture[str], kb: str) -> None:
    which = ["--which", "strong(Oda)", "idle(Oda)"]
    answer = run(capsys, "ask", "-k", kb, *which)[1]
    assert check(capsys, kb, answer)[0] == 0
    code, _, err = check(capsys, kb, answer | {"chosen": answer["refuted"]})
    assert (code, "are proved, not" in err) == (3, True)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("exactly 2 ?x. porter(?x).", 2),
        (f"{TWO}forall ?x. porter(?x) -> ?x = Oda or ?x = Ulf.", 2),
        (f"{TWO}at_most 4 ?x. porter(?x).", None),
        ("forall ?x. not porter(?x).", 0),
        ("closed porter/1. porter(Oda). porter(Ulf).", 2),
        ("closed world. porter(Oda). porter(Ulf).", 2),
        ("porter(Oda). forall ?x. porter(?x) -> ?x = Oda.", 1),
    ],
)
def test_counts_are_between_certified_bounds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, count: int | None
) -> None:
    kb = tmp_path / "kb.nsl"
    kb.write_text(text)
    with Engine(parser="grammar") as e:
        e.load(kb)
        q = Question("how many", read_formula("porter(?x)", free=True), (Var("x"),), count=True)
        answer = json.loads(json.dumps(response_json(e.answer(q))))
    assert answer.get("count") == count
    code, _, err = check(capsys, str(kb), answer)
    assert code == 0, err
    assert check(capsys, str(kb), answer | {"count": 7})[0] == 3
    for i, bound in enumerate(answer["bounds"]):
        bounds = list(answer["bounds"])
        bounds[i] = bound | {"n": bound["n"] + 1}
        assert check(capsys, str(kb), answer | {"bounds": bounds})[0] == 3


def test_the_certificate_comes_last(capsys: pytest.CaptureFixture[str], kb: str) -> None:
    code, _, err = run(capsys, "check", kb)
    assert (code, "the last argument must be the certificate" in err) == (1, True)

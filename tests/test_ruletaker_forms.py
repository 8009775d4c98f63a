"""RuleTaker's sentences against their forms: what is measured is kept out of training."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import ruletaker_forms as forms
from neurosym import cli_data
from neurosym.errors import ConfigError, InputError
from neurosym.logic import Atom, Const
from neurosym.parser.generate.external import PARTS, kept_out, ruletaker, theories
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.syntax import show
from neurosym.theory import Span

BEASTS = ("otter", "heron", "newt")
TRAITS = ("calm", "neat", "grey")


def clause(predicate: str, *arguments: str, polarity: str = "+") -> dict[str, Any]:
    return {"polarity": polarity, "predicate": predicate, "arguments": list(arguments)}


def record(n: int) -> dict[str, Any]:
    """A theory of one or two facts and a rule; many share a fact."""
    a, b = BEASTS[n % 3], BEASTS[(n + 1) % 3]
    quality, other = TRAITS[n % 3], TRAITS[(n // 3) % 3]
    facts = [clause(quality, f"'{a}'"), clause("admires", f"'{a}'", f"'{b}'")][: 1 + n // 9]
    return {
        "id": str(n),
        "theory_assertion_instance": {
            "theory": {
                "facts": facts,
                "rules": [
                    {
                        "lhs": [clause("admires", "X", f"'{b}'"), clause(other, "X")],
                        "rhs": clause("neat", "X"),
                    }
                ],
            },
            "assertion": clause(other, f"'{b}'", polarity="-"),
        },
        "english": {
            "theory_statements": [
                *[f"The {a} is {quality}.", f"The {a} admires the {b}."][: 1 + n // 9],
                f"If something admires the {b} and it is {other} then it is neat.",
            ],
            "assertion_statement": f"The {b} is not {other}.",
        },
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "theories.jsonl"
    file.write_text("".join(json.dumps(record(n)) + "\n" for n in range(18)), encoding="utf-8")
    return file


def said(path: Path, part: str) -> set[tuple[str, ...]]:
    return {tuple(s["words"]) for s in ruletaker(path, part)}


def test_no_sentence_of_a_theory_that_is_kept_out_is_trained_on(path: Path) -> None:
    held = {text for t in theories(path) if kept_out(t) for text, _ in t}
    rest = {text for t in theories(path) if not kept_out(t) for text, _ in t}
    assert rest - held, "the theories of this test are on both sides"
    assert held & rest, "and share sentences"
    every, train, dev = (said(path, part) for part in PARTS)
    assert train
    assert not train & dev
    assert every == train | dev
    measured = {s.text for s in forms.sentences(path)}
    assert measured == held
    assert {s.text for s in forms.sentences(path, "all")} == held | rest


def test_another_question_of_a_theory_goes_with_it(path: Path) -> None:
    for one in theories(path):
        other = (*one[:-1], ("The newt is calm.", one[0][1]))
        assert kept_out(one) == kept_out(other)


def test_the_forms_are_those_of_the_data(path: Path) -> None:
    shown = {s.text: (s.style, show(s.forms[0])) for s in forms.sentences(path, "all")}
    assert shown["The otter is calm."] == ("fact", "calm(otter)")
    assert shown["The otter admires the heron."] == ("fact", "admire(otter, heron)")
    assert shown["The heron is not calm."] == ("fact", "not calm(heron)")
    assert shown["If something admires the heron and it is calm then it is neat."] == (
        "rule of 2 conditions",
        "forall ?x. admire(?x, heron) and calm(?x) -> neat(?x)",
    )


class Reader:
    """Reads facts of the otter rightly, calls the rest calm(newt), and refuses what denies."""

    name = "fake"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> Sequence[Parsed]:
        span = Span(document, 0, len(text), text)
        if " not " in text:
            return (Parsed(span, (), "too hard"),)
        right = text == "The otter is calm."
        thing = Const("otter" if right else "newt")
        return (Parsed(span, (Reading(Act.TELL, Atom("calm", (thing,)), 0.9),)),)


def run(monkeypatch: pytest.MonkeyPatch, *argv: str) -> int:
    monkeypatch.setattr(forms, "load_parser", lambda name: Reader())
    monkeypatch.setattr(sys, "argv", ["ruletaker_forms", *argv])
    return forms.main()


def test_failures_are_listed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = tmp_path / "train.jsonl"
    cli_data.write(ruletaker(path, "train"), samples)
    assert run(monkeypatch, str(path), "--part", "all", "--json", "--trained", str(samples)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n"] == len(forms.sentences(path, "all"))
    assert (found["exact"], found["equivalent"]) == (1, 0)
    assert found["refused"] == sum(" not " in s.text for s in forms.sentences(path, "all"))
    assert found["n"] == sum(found[how] for how in forms.HOW)
    assert found["trained_on"] == len(said(path, "train"))
    assert len(found["failures"]) == found["n"] - 1
    assert all(f["gold"] and f["text"] != "The otter is calm." for f in found["failures"])
    assert run(monkeypatch, str(path), "--trained", str(samples), "--json") == 0
    assert json.loads(capsys.readouterr().out)["trained_on"] == 0


def test_what_cannot_be_read_is_said(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, str(tmp_path / "none.jsonl")) != 0
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(InputError, match="cannot be read"):
        forms.sentences(tmp_path)
    with pytest.raises(ConfigError, match="one of all, train, dev"):
        list(ruletaker(path, "half"))

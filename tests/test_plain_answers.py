"""What is refused or left open says so: phrases, files, closed worlds, bounds, cases without a verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym import Engine
from neurosym.audit import audit, hear_case
from neurosym.cli import main
from neurosym.cli_audit import report_json, report_lines
from neurosym.errors import InputError
from neurosym.explain import to_text
from neurosym.logic import Atom, Const
from neurosym.parser.decode import decode
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.questions import no_question
from neurosym.results import verdict_name
from neurosym.swaps import Case, Swap
from neurosym.theory import Span
from neurosym.verdict import Unknown


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(parser="grammar") as e:
        yield e


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(list(args))
    out, err = capsys.readouterr()
    return code, out, err


# --- phrases ----------------------------------------------------------------------------


def reading(text: str, tokens: str) -> Reading:
    found = tokens.split()
    return decode(found, text.split()).reading(0.9, found)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("the porter", "FACT EQ D:1 D:1"),
        ("Is Oda Oda", "ASK EQ E:1 E:2"),
        ("a porter", "FACT EX x P1 N:1 x"),
        ("a tired porter", "FACT EX x AND P1 A:1 x P1 N:2 x"),
        ("every porter", "FACT ALL x IMP P1 N:1 x P1 N:1 x"),
        ("every porter who sings", "FACT ALL x IMP AND P1 N:1 x P1 V:3 x P1 V:3 x"),
        ("Oda 's trunk", "FACT P2 N:2 E:0 E:0"),
        ("the tunnel under the hill", "FACT P2 P:2 D:1 D:4"),
        ("a porter who carries a trunk", "FACT EX x AND P1 N:1 x EX y AND P1 N:5 y P2 V:3 x y"),
    ],
)
def test_a_phrase_is_no_question(text: str, tokens: str) -> None:
    why = no_question(text, reading(text, tokens))
    assert "no question" in why or "not a question" in why
    assert "was expected" in why


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Is there a porter", "ASK EX x P1 N:3 x"),
        ("There is a porter", "FACT EX x P1 N:3 x"),
        ("a porter sings", "FACT EX x AND P1 N:1 x P1 V:2 x"),
        ("a porter sings", "FACT EX x AND P1 N:1 x P1 N:2 x"),
        ("a porter who is tired sings", "FACT EX x AND P1 N:1 x AND P1 A:4 x P1 V:5 x"),
        ("Oda washes herself", "FACT P2 V:1 E:0 E:0"),
        ("Oda tired", "FACT P1 A:1 E:0"),
        ("every porter sings", "FACT ALL x IMP P1 N:1 x P1 V:2 x"),
        ("Is the chief Oda", "ASK EQ D:2 E:3"),
        ("Oda began her job in spring", "PART EX x P2 N:3 x E:0"),
        ("Oda or Ulf sings", "FACT OR P1 V:3 E:0 P1 V:3 E:2"),
    ],
)
def test_a_sentence_is_one(text: str, tokens: str) -> None:
    assert no_question(text, reading(text, tokens)) == ""


class Fixed:
    """A parser that reads everything as one reading."""

    name = "fixed"

    def __init__(self, found: Reading) -> None:
        self.found = found

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        return (Parsed(Span(document, 0, len(text), text), (self.found,)),)


def test_a_phrase_is_not_answered() -> None:
    with Engine(parser=Fixed(reading("the porter", "FACT EQ D:1 D:1"))) as e:
        r = e.ask("the porter")
    assert r.goal is None
    assert isinstance(r.verdict, Unknown)
    assert r.verdict.certificate is None
    assert "no question" in r.verdict.reason


# --- what is given ----------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, 3, ["a"], b"x"])
def test_what_is_no_text_is_named(engine: Engine, given: Any) -> None:
    verbs: list[Callable[[Any], object]] = [
        engine.ask, engine.tell, engine.tell_logic, engine.why, engine.what_if, engine.confidence
    ]  # fmt: skip
    for verb in verbs:
        with pytest.raises(InputError, match=rf"was expected, and {type(given).__name__} was given"):
            verb(given)


def test_files_that_cannot_be_read_say_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_bytes("Zoë is a porter.".encode("latin-1"))
    for path, said in ((odd, "save it as UTF-8"), (tmp_path, "directory")):
        code, _, err = run(capsys, "ask", "--parser", "grammar", "-k", str(path), "Is Zoë a porter?")
        assert (code, said in err, "permissions" in err) == (1, True, False)
    code, _, err = run(capsys, "check", str(odd), str(tmp_path))
    assert (code, "give the files in it" in err) == (1, True)


# --- closed worlds ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("exists ?x. trunk(?x) and has(Oda, ?x)", "does not name it"),
        ("forall ?x. porter(?x) -> (exists ?y. hat(?y) and has(?x, ?y))", "does not name it"),
        ("forall ?x. porter(?x) -> tall(?x) or short(?x)", "leaves open which"),
    ],
)
def test_what_a_closed_world_cannot_use_is_quoted(claim: str, why: str) -> None:
    told = f"porter(Oda). guest(Ulf). {claim}."
    with Engine(parser="grammar", closed_world=True) as e:
        e.tell_logic(told)
        r = e.ask("porter(Ulf)")
    assert isinstance(r.verdict, Unknown)
    assert f"“{claim}”" in r.verdict.reason
    assert why in r.verdict.reason
    assert any("--closed porter/1" in n for n in r.notes)
    with Engine(parser="grammar", closed=["porter/1"]) as e:  # what the note says helps
        e.tell_logic(told)
        assert verdict_name(e.ask("porter(Ulf)").verdict) == "disproved"


# --- bounds -----------------------------------------------------------------------------


def test_no_bound_is_said_to_be_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kb = tmp_path / "kb.nsl"
    kb.write_text("".join(f"c{i} [0.6]: p{i}(a). " for i in range(4)))
    goal = "p0(a) and p1(a) and p2(a)"
    _, out, _ = run(capsys, "why", "-k", str(kb), goal)
    assert "no useful bound on the confidence (the doubts about 3 claims" in out
    assert "0.000" not in out
    assert out.count("no useful bound") == 2  # the answer's line, and the proof's
    _, out, _ = run(capsys, "why", "-k", str(kb), "p0(a)")
    assert "confidence at least 0.600" in out


# --- parse and ask ----------------------------------------------------------------------


def test_parse_marks_no_question(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Oda is a porter. Is Oda tall?"
    _, out, _ = run(capsys, "parse", "--parser", "grammar", "--json", text)
    assert [p["not_used"] for p in json.loads(out)] == ["", ""]
    _, out, _ = run(capsys, "parse", "--parser", "grammar", text)
    assert "not used by ask" not in out


def test_parse_marks_readings_that_score_low(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    low = Fixed(Reading(Act.TELL, Atom("porter", (Const("Oda"),)), 0.4))
    monkeypatch.setattr("neurosym.parser.load_parser", lambda name: low)
    _, out, _ = run(capsys, "parse", "Oda is a porter.")
    assert "(not used by ask: the best reading scores 0.40, below 0.50)" in out
    _, out, _ = run(capsys, "parse", "--min-score", "0.3", "Oda is a porter.")
    assert "not used" not in out


# --- why not ----------------------------------------------------------------------------


def test_of_none_it_follows_and_whether_there_is_one_is_open(engine: Engine) -> None:
    engine.tell_logic("forall ?x. lamp(?x) -> not loud(?x). forall ?x. torch(?x) -> lamp(?x).")
    goal = "forall ?x. torch(?x) -> loud(?x)"
    text = to_text(engine.why_not(goal))
    assert "this follows: no torch is loud; it is open whether" in " ".join(text.split())
    engine.tell_logic("not loud(Max). green(Max).", "more")
    assert "it is open whether" not in to_text(engine.why_not("forall ?x. green(?x) -> loud(?x)"))


def test_numbers_under_different_words_are_said_not_to_be_compared(engine: Engine) -> None:
    rule = "forall ?x. porter(?x) and above(?x, 20) -> paid(?x). porter(Oda). "
    engine.tell_logic(f"{rule} weighs(Oda, 30). weighs(Ulf, 40).")
    text = " ".join(to_text(engine.why_not("paid(Oda)")).split())
    assert "numbers under different words are not compared: weighs(Oda, 30)" in text
    with Engine(parser="grammar") as other:
        other.tell_logic(f"{rule} weighs(Ulf, 40).")
        assert "not compared" not in to_text(other.why_not("paid(Oda)"))


# --- audit ------------------------------------------------------------------------------


def case_file(tmp_path: Path, *questions: str) -> str:
    path = tmp_path / "cases.jsonl"
    story = "Ngozi is a porter. All porters are strong."
    rows = [{"id": f"c{i}", "story": story, "question": q} for i, q in enumerate(questions)]
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return str(path)


def test_a_case_without_a_verdict_is_not_judged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["audit", "--parser", "grammar", "--swaps", "name"]
    code, out, _ = run(capsys, *asked, case_file(tmp_path, "of the is is"))
    assert code == 1
    assert "1 case (1 not read)" in out
    assert "1 case not judged" in out
    assert "c0: the question was not read" in out
    assert "no case was judged" in out
    assert "nothing changed" not in out
    code, out, _ = run(capsys, *asked, case_file(tmp_path, "of the is is", "Is Ngozi strong?"))
    assert code == 0
    assert "2 cases (1 not read, 1 proved)" in out
    assert "nothing changed in 1 judged case" in out


def test_the_report_names_the_cases_that_were_not_judged(engine: Engine) -> None:
    case = Case("c", "Ngozi is a porter.", "of the is is")
    report = audit([case], lambda c: hear_case(c, engine.parser, engine._solver), [Swap.NAME])
    assert report.judged == 0
    data = report_json(report)
    assert (data["judged"], [u["id"] for u in data["unjudged"]]) == (0, ["c"])
    assert data["unjudged"][0]["reason"].startswith("the question was not read")
    assert "no case was judged" in "\n".join(report_lines(report))

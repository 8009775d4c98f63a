"""The benchmark runner: how items are judged and counted, kept and gone on with, on suites of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks import suite as suites
from benchmarks import workers
from benchmarks.answering import answer, settle
from benchmarks.records import Kept, Row, figures, row_of
from benchmarks.runner import measure, run_suite
from benchmarks.suite import Gold, Item, Option, Outcome, Suite, find_suite, lettered, suite_of
from neurosym.cli import main
from neurosym.errors import ConfigError, InputError, ParserError
from neurosym.logic import Formula
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Limits, Proved, Solver, Verdict


@dataclass
class Scripted:
    """A parser that knows some sentences: text -> (formula, score)."""

    known: dict[str, tuple[str, float]]
    name: str = "scripted"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        if not text.strip():
            raise ParserError("the text is empty", document=document)
        out, start = [], 0
        for part in text.split(". "):
            sentence = part if part.endswith(".") else f"{part}."
            span = Span(document, start, start + len(sentence), sentence)
            start += len(sentence) + 1
            form, score = self.known.get(sentence, ("", 0.0))
            readings = (Reading(Act.TELL, read_formula(form), score),) if form else ()
            out.append(Parsed(span, readings, "" if form else "not known"))
        return tuple(out)


READER = Scripted(
    {
        "Ann sings.": ("sing(Ann)", 0.9),
        "Ben dances.": ("dance(Ben)", 0.8),
        "Singers hum.": ("forall ?x. sing(?x) -> hum(?x)", 0.75),
        "Ann hums.": ("hum(Ann)", 0.5),
        "Ben hums.": ("hum(Ben)", 0.96),
        "Ann is silent.": ("not hum(Ann)", 0.9),
        "Who hums.": ("hum(Ann)", 0.1),
    }
)
TEXT = "Ann sings. Singers hum. Ben dances."


def module(name: str = "made", **functions: Any) -> ModuleType:
    made = ModuleType(f"benchmarks.{name}")
    made.__dict__.update({"items": lambda path: iter(())} | functions)
    return made


PLAIN = suite_of(module(), "made")


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


def asked(solver: Solver, item: Item, suite: Suite = PLAIN, min_score: float = 0.5) -> tuple[Outcome, Row]:
    found = answer(item, suite, READER, solver, min_score)
    return found, row_of(item, found)


# --- judging an item ------------------------------------------------------------------------


def test_confidence_is_that_of_the_readings_used(solver: Solver) -> None:
    found, row = asked(solver, Item("1", TEXT, "Ann hums.", "proved"))
    assert (found.said, found.certified, row.correct, found.sentences) == ("proved", True, True, 3)
    assert found.confidence == pytest.approx(0.9 * 0.75 * 0.5)  # Ben's dancing is not used
    # an unknown rests on all that was read
    found, row = asked(solver, Item("2", TEXT, "Ben hums.", "unknown"))
    assert (found.said, row.correct) == ("unknown", True)
    assert found.confidence == pytest.approx(0.9 * 0.75 * 0.8 * 0.96)


def test_a_sentence_counts_once_however_many_claims_it_gives() -> None:
    told = Reading(Act.TELL, read_formula("sing(cow)"), 0.5, presuppositions=(read_formula("cow(cow)"),))

    class Cow(Scripted):
        def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
            reading = (
                told if document == "text" else Reading(Act.ASK, read_formula("sing(cow) and cow(cow)"), 1.0)
            )
            return (Parsed(Span(document, 0, len(text), text), (reading,)),)

    solver = make_solver("auto")
    found = answer(Item("1", "The cow sings.", "Well?", "proved"), PLAIN, Cow({}), solver, 0.5)
    solver.close()
    assert (found.said, found.confidence, found.sentences) == ("proved", 0.5, 1)


def test_what_a_mention_refers_to_has_a_score_of_its_own(solver: Solver) -> None:
    refers = Claim("r", read_formula("forall ?x. dance(?x) -> hum(?x)"), Span("text", 24, 35, "Ben"), 0.4)
    suite = suite_of(module(background=lambda item: (refers,)), "made")
    found, _ = asked(solver, Item("1", TEXT, "Ben hums.", "proved"), suite)
    assert found.confidence == pytest.approx(0.8 * 0.4 * 0.96)


def test_what_was_not_read_makes_an_item_wrong(solver: Solver) -> None:
    item = Item("1", f"{TEXT} Nobody knows this.", "Ann hums.", "proved")
    found, row = asked(solver, item)
    assert (found.said, found.certified, row.correct, found.confidence) == ("proved", True, False, None)
    assert "Nobody knows this." in found.problems[0]
    # but where the suite says that a proof stands, it does; an unknown does not
    found, row = asked(solver, replace(item, partial_reading_ok=True))
    assert (row.correct, found.problems) == (True, ())
    assert "Nobody knows this." in found.notes[0]
    unknown = replace(item, question="Ben hums.", expected="unknown", partial_reading_ok=True)
    assert not asked(solver, unknown)[1].correct


def test_a_question_that_was_not_read(solver: Solver) -> None:
    found, row = asked(solver, Item("1", TEXT, "Cem hums.", "unknown"))
    assert (found.said, found.answered, found.solve, row.correct) == ("", False, None, False)
    assert "question not read" in found.problems[0]
    empty, _ = asked(solver, Item("2", " ", "Ann hums.", "unknown"))
    assert not empty.answered
    assert empty.problems


def test_the_threshold_decides_what_is_believed(solver: Solver) -> None:
    item = Item("1", "Who hums.", "Ann hums.", "proved")
    assert not asked(solver, item)[1].correct
    assert asked(solver, item, min_score=0.05)[1].correct
    assert not asked(solver, Item("2", TEXT, "Ann hums.", "proved"), min_score=0.85)[1].correct


CHOICE = Item("1", TEXT, "Who hums?", "A", options=lettered(["Ann hums.", "Ben hums."]))


@pytest.mark.parametrize(
    ("text", "expected", "said", "correct"),
    [
        (TEXT, "A", "A", True),
        (TEXT, "B", "A", False),
        (f"{TEXT} Ben hums.", "A", "A, B", False),  # two are proved
        ("Ben dances.", "A", "", False),  # none is
        (f"{TEXT} Ann is silent.", "A", "inconsistent", False),  # everything follows
        (f"{TEXT} Nobody knows this.", "A", "A", False),
    ],
)
def test_exactly_the_expected_option(
    solver: Solver, text: str, expected: str, said: str, correct: bool
) -> None:
    found, row = asked(solver, replace(CHOICE, text=text, expected=expected))
    assert (found.said, row.correct) == (said, correct)
    assert found.answered is (said in ("A", "inconsistent"))
    if correct:
        assert found.confidence == pytest.approx(0.9 * 0.75 * 0.5)
        assert found.reading == "A: hum(Ann); B: hum(Ben)"


def test_options_in_logic_and_gold_forms(solver: Solver) -> None:
    goals = (Option("hums", goal=read_formula("hum(Ann)")), Option("dances", goal=read_formula("dance(Ann)")))
    item = Item("1", TEXT, "What does Ann do?", "hums", options=goals)
    found, row = asked(solver, item)
    assert row.correct
    assert found.confidence == pytest.approx(0.675)  # the goals were given, the text was read
    assert found.reading == "hums: hum(Ann)"  # the others would only fill the page
    claims = read_theory("sing(Ann). forall ?x. sing(?x) -> hum(?x).").claims
    gold = replace(item, gold=Gold(claims, goals[0].goal or read_formula("p(a)")))
    assert row_of(gold, answer(gold, PLAIN, None, solver, 0.5)).correct
    lacking = replace(gold, options=(*goals, Option("C", "Ann is silent.")))
    found = answer(lacking, PLAIN, None, solver, 0.5)
    assert "option C" in found.problems[0]
    assert not row_of(lacking, found).correct


def test_a_forged_verdict_is_not_certified(solver: Solver) -> None:
    """What the kernel does not bear out is wrong, also where it is what was expected."""

    class Liar:
        name = "liar"

        def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
            return ()

        def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
            honest = solver.solve(theory, read_formula("hum(Ann)"), limits)
            assert isinstance(honest, Proved)
            return Proved(replace(honest.theorem, goal=goal), honest.certificate)

        def close(self) -> None: ...

    found, row = asked(Liar(), Item("1", TEXT, "Ben hums.", "proved"))
    assert (found.said, found.certified, row.correct) == ("proved", False, False)
    assert "certificate rejected" in found.problems[0]
    theory = read_theory("p(a). p(b).")
    goal = read_formula("p(c)")
    unknown = solver.solve(theory, goal, Limits())
    assert unknown.certificate is not None
    assert unknown.theorem is not None

    class Boaster(Liar):
        def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
            assert unknown.certificate is not None
            assert unknown.theorem is not None
            return Proved(unknown.theorem, unknown.certificate)  # of two models, which prove nothing

    assert not settle(theory, goal, Boaster()).certified

    class Modest(Liar):
        def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
            honest = solver.solve(theory, goal, limits)
            assert isinstance(honest, Proved)
            return replace(honest, theorem=replace(honest.theorem, hypotheses=frozenset()))

    assert settle(theory, read_formula("p(a)"), solver).certified
    assert not settle(theory, read_formula("p(a)"), Modest()).certified  # it rests on more than it says


# --- what a suite may say -------------------------------------------------------------------


def test_hooks(solver: Solver) -> None:
    rule = Claim("ours", read_formula("forall ?x. dance(?x) -> hum(?x)"), Axiom("made", 0, ""))
    seen: list[tuple[Formula, ...]] = []

    def prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
        seen.append(goals)
        return replace(theory, claims=tuple(c for c in theory.claims if "sing" not in repr(c.formula)))

    item = Item("1", TEXT, "Ben hums.", "proved")
    assert asked(solver, item)[0].said == "unknown"
    with_rule = suite_of(module(background=lambda item: (rule,)), "made")
    found, row = asked(solver, item, with_rule)
    assert row.correct
    assert found.confidence == pytest.approx(0.8 * 0.96)
    less = suite_of(module(prepare=prepare), "made")
    assert asked(solver, replace(item, question="Ann hums.", expected="unknown"), less)[1].correct
    assert seen == [(read_formula("hum(Ann)"),)]


def test_the_same_label_twice_is_a_problem_of_the_item(solver: Solver) -> None:
    twice = Claim("text:1", read_formula("p(a)"), Axiom("made", 0, ""))
    found, row = asked(
        solver, Item("1", TEXT, "Ann hums.", "proved"), suite_of(module(background=lambda i: (twice,)), "m")
    )
    assert not row.correct
    assert "text:1" in found.problems[0]


def test_find_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_suite("proofwriter").answer is None
    with pytest.raises(ConfigError, match="there is no suite 'nothing'"):
        find_suite("nothing")
    monkeypatch.setattr(suites, "SUITES", (*suites.SUITES, "imagined"))
    with pytest.raises(ConfigError, match="'imagined' is not installed here"):
        find_suite("imagined")
    with pytest.raises(ConfigError, match="no function items"):
        suite_of(ModuleType("benchmarks.bare"), "bare")


# --- runs -----------------------------------------------------------------------------------


def with_answers(monkeypatch: pytest.MonkeyPatch, said: Callable[[Item], Outcome], n: int = 4) -> None:
    """A suite `made` of n items, item i expects "yes"; `said` answers."""

    def items(path: Path) -> Iterator[Item]:
        for i in range(1, n + 1):
            yield Item(str(i), "", f"Question {i}?", "yes", group=f"depth {i % 2}")

    made = module(items=items, answer=lambda item, reader, solver, min_score: said(item))
    monkeypatch.setattr(suites, "SUITES", ("made",))
    monkeypatch.setitem(__import__("sys").modules, "benchmarks.made", made)


YES = Outcome("yes", True, True, 0.1, 0.2, 0.05, 0.9, 2)


def test_uncertified_answers_are_counted_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    by = replace(YES, certified=False, by="guesser")
    outcomes = {
        "1": YES,
        "2": by,
        "3": replace(by, said="no"),
        "4": replace(YES, certified=False),  # neither a certificate nor anyone who vouches
    }
    with_answers(monkeypatch, lambda item: outcomes[item.id])
    report, failed = run_suite("made", data=str(tmp_path), parser="grammar")
    assert (report["correct"], report["certified_correct"], report["certified"]) == (2, 1, 1)
    assert report["uncertified"] == {"guesser": [1, 2]}
    assert [f["id"] for f in failed] == ["3", "4"]
    assert failed[0]["by"] == "guesser"
    assert report["groups"] == {"depth 0": [1, 2], "depth 1": [1, 2]}


def test_an_interrupt_keeps_what_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[str] = []
    stop = ["3"]

    def said(item: Item) -> Outcome:
        calls.append(item.id)
        if item.id in stop:
            raise KeyboardInterrupt
        return YES

    with_answers(monkeypatch, said)
    kept = tmp_path / "kept.jsonl"
    with pytest.raises(KeyboardInterrupt, match=r"2 of 4 items are done and kept in .*kept\.jsonl"):
        measure("made", data=str(tmp_path), parser="grammar", resume=str(kept))
    with pytest.raises(KeyboardInterrupt, match="lost; --resume"):
        measure("made", data=str(tmp_path), parser="grammar")
    stop.clear()
    calls.clear()
    run = measure("made", data=str(tmp_path), parser="grammar", resume=str(kept))
    assert calls == ["3", "4"]
    assert [r.id for r in run.rows] == ["1", "2", "3", "4"]
    assert {r.outcome for r in run.rows} == {YES}
    assert figures(run)["seconds"] >= 0
    measure("made", data=str(tmp_path), parser="grammar", resume=str(kept), threshold=0.7)
    assert calls == ["3", "4", "1", "2", "3", "4"]  # another threshold is another run


def test_the_command_line_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import neurosym_benchmarks.runner as installed

    def interrupted(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt(
            "3 of 9 items are done and kept in FILE; the same command again does the rest"
        )

    monkeypatch.setattr(installed, "run_suite", interrupted)
    assert main(["bench", "proofwriter", "--data", str(tmp_path)]) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert "3 of 9 items" in err


def test_kept_rows(tmp_path: Path) -> None:
    item = Item("1", "text", "Q?", "yes")
    row = row_of(item, replace(YES, said="no", readings=(("a", "p(a)", 0.5),), problems=("x",)))
    path = tmp_path / "kept.jsonl"
    Kept(path, "run a").add(item, row)
    assert Kept(path, "run a").row(item) == row
    assert Kept(path, "run b").row(item) is None
    assert Kept(path, "run a").row(replace(item, question="Another?")) is None
    path.write_text(path.read_text() + '{"run": "run a", "id": "2"}\n')
    with pytest.raises(InputError, match="not a file of finished items"):
        Kept(path, "run a")


def theories(n: int) -> str:
    """ProofWriter items, some of which the grammar cannot read."""
    kinds = ("of the kind kind kind", "kind", "kind")
    rows: list[dict[str, Any]] = [
        {
            "id": f"Made{i % 2}-{i}", "options": [],
            "context": f"Ann is {kinds[i % 3]}. If someone is kind then they are calm.",
            "question": "Is the following statement true, false, or unknown? Ann is calm.",
            "answer": "A" if i % 4 else "B",
        }
        for i in range(n)
    ]  # fmt: skip
    return json.dumps(rows)


def told(rows: Sequence[Row]) -> list[Row]:
    """Rows without their times."""
    return [replace(r, outcome=replace(r.outcome, parse=0.0, solve=None, check=None)) for r in rows]


def test_workers_give_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    data = tmp_path / "pw.json"
    data.write_text(theories(8))
    one = measure("proofwriter", data=str(data), parser="grammar")
    two = measure("proofwriter", data=str(data), parser="grammar", workers=2)
    assert told(one.rows) == told(two.rows)
    assert 0 < sum(r.correct for r in one.rows) < 8


def test_a_killed_worker_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    from neurosym.errors import SolverError

    class Broken:
        def submit(self, *args: object) -> Future[Outcome]:
            f: Future[Outcome] = Future()
            f.set_exception(BrokenProcessPool())
            return f

        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *args: object) -> None: ...

    monkeypatch.setattr(workers, "_processes", lambda n: Broken())
    data = tmp_path / "pw.json"
    data.write_text(theories(3))
    with pytest.raises(SolverError, match="--workers 1"):
        measure("proofwriter", data=str(data), parser="grammar", workers=2)


def test_items_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "pw.json"
    rows = json.loads(theories(3))
    data.write_text(json.dumps([row | {"id": "Made-1"} for row in rows]))
    run = measure("proofwriter", data=str(data), parser="grammar")
    assert [r.id for r in run.rows] == ["Made-1", "Made-1#2", "Made-1#3"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--threshold", "2"], "not in [0, 1]"),
        (["--workers", "0"], "--workers must be at least 1"),
        (["--limit", "0"], "--limit must be at least 1"),
        (["--parser", "imagined"], "no parser 'imagined'"),
        (["--parser", "gold"], "has no gold forms"),
        (["--report", "/dev/null/x"], "/dev/null/x"),
    ],
)
def test_options_that_cannot_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], message: str
) -> None:
    data = tmp_path / "pw.json"
    data.write_text(theories(1))
    assert main(["bench", "proofwriter", "--data", str(data), *options]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "given", [["--report", "x"], ["--workers", "2"], ["--threshold", "0"], ["--resume", "x"]]
)
def test_the_corpus_has_no_such_option(capsys: pytest.CaptureFixture[str], given: list[str]) -> None:
    assert main(["bench", "corpus", *given]) == 1
    assert given[0] in capsys.readouterr().err

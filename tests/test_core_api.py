"""The reasoning core through the engine and the command line: worlds, contradictions, confidence, choices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym import Both, Disproved, Engine, Inconsistent, Limits, Proved, Unknown, check
from neurosym.cli import main
from neurosym.errors import ConfigError, InputError, NeurosymError, TheoryError
from neurosym.logic import Const, Not, Var
from neurosym.repairs import Stance
from neurosym.results import Question, Response, response_json, verdict_name
from neurosym.syntax import read_formula, read_statement, show
from neurosym.theory import Axiom, Claim, Semantics

LIMITS = Limits(seconds=60)
WARD = """rule [0.95]: forall ?x. nurse(?x) -> trained(?x).
ann [0.9]: nurse(Ann).
report [0.6]: not trained(Ann).
bob [0.8]: nurse(Bob).
camera [0.7]: trained(Bob).
"""
BIRDS = """fly: normally can_fly(?x) :- bird(?x).
penguin: normally not can_fly(?x) :- penguin(?x).
kind: forall ?x. penguin(?x) -> bird(?x).
p: penguin(Pingu).
t: bird(Tweety).
"""
CLASH = (
    "q: normally calm(?x) :- monk(?x). r: normally not calm(?x) :- racer(?x). a: monk(Max). b: racer(Max)."
)
PARADOX = "semantics chaining. a: p(x). b: forall ?y. p(?y) -> q(?y). c: forall ?y. p(?y) -> not q(?y)."
MIXED = """closed parent/2.
one: parent(Ann, Bob). two: parent(Bob, Cy).
m: forall ?x. not (exists ?y. parent(?x, ?y)) -> childless(?x).
w: forall ?x. childless(?x) -> happy(?x) or free(?x).
"""
SHELF = """places: forall ?x. book(?x) -> position(?x) = 1 or position(?x) = 2 or position(?x) = 3.
books: book(atlas) and book(novel) and book(primer).
apart: all_different(position(atlas), position(novel), position(primer)).
left: position(novel) < position(atlas).
first: not position(novel) = 1.
"""


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(parser="grammar", limits=LIMITS) as e:
        yield e


def certified(r: Response) -> bool:
    """Does the kernel accept the certificate again, for the response's own theory?"""
    assert r.goal is not None
    assert r.verdict.certificate is not None
    return check(r.theory, r.goal, r.verdict.certificate) == r.verdict.theorem


# --- what is said of a whole theory -----------------------------------------------------


def test_settings_of_several_documents_are_united(engine: Engine) -> None:
    engine.tell_logic("closed p/1. p(a).", "one")
    engine.tell_logic("closed q/2, p/1. fact: q(a, b).", "two")
    assert engine.theory.closed == (("p", 1), ("q", 2))
    assert isinstance(engine.ask("p(b)").verdict, Disproved)
    assert isinstance(engine.ask("r(b)").verdict, Unknown)
    engine.retract("fact")
    assert engine.theory.closed == (("p", 1), ("q", 2))  # a claim is taken back, not what was declared
    with engine.branch() as b:
        assert b.theory.closed == engine.theory.closed
        b.tell_logic("closed r/1.", "three")
        assert isinstance(b.ask("r(b)").verdict, Disproved)
    assert isinstance(engine.ask("r(b)").verdict, Unknown)
    engine.retract_document("two")
    assert list(engine.theory.closed) == [("p", 1)]


def test_a_rule_told_later_makes_a_session_defeasible(engine: Engine) -> None:
    engine.tell_logic("bird(Tweety).", "facts")
    assert engine.theory.semantics is Semantics.CLASSICAL
    engine.tell_logic("fly: normally can_fly(?x) :- bird(?x).", "rules")
    r = engine.ask("can_fly(Tweety)")
    assert isinstance(r.verdict, Proved)
    assert certified(r)
    with engine.branch() as b:
        assert b.theory.semantics is Semantics.DEFEASIBLE
        b.retract("fly")
        assert b.theory.semantics is Semantics.DEFEASIBLE
        assert isinstance(b.ask("can_fly(Tweety)").verdict, Unknown)
    engine.retract_document("rules")
    assert engine.theory.semantics is Semantics.CLASSICAL


def test_claims_that_are_defeasible_may_be_added_and_supposed(engine: Engine) -> None:
    engine.tell_logic("bird(Tweety).")
    rule = read_statement("normally can_fly(?x) :- bird(?x)")
    with engine.what_if(rule) as b:
        assert isinstance(b.ask("can_fly(Tweety)").verdict, Proved)
    assert engine.theory.semantics is Semantics.CLASSICAL
    engine.add([Claim("one", rule, Axiom("book", 1, "")), Claim("two", rule, Axiom("letter", 1, ""))])
    engine.retract_document("book")
    assert isinstance(engine.ask("can_fly(Tweety)").verdict, Proved)  # the letter still says so


def test_preferences_follow_the_labels(engine: Engine) -> None:
    engine.tell_logic(CLASH + " prefer q over r.", "max")
    assert isinstance(engine.ask("calm(Max)").verdict, Proved)
    gone = engine.retract("r")
    assert engine.theory.prefer == ()
    engine.add(gone.claims)
    assert list(engine.theory.prefer) == [("q", "r")]
    with Engine(parser="grammar", limits=LIMITS) as e, e.what_if(CLASH + " prefer r over q.") as b:
        assert isinstance(b.ask("calm(Max)").verdict, Disproved)  # though what is supposed is labelled anew


def test_chaining_and_defeasible_rules_do_not_go_together(engine: Engine) -> None:
    engine.tell_logic(PARADOX, "paradox")
    before = engine.theory
    with pytest.raises(TheoryError, match=r"chaining.*defeasible"):
        engine.tell_logic(BIRDS, "birds")
    with pytest.raises(TheoryError, match=r"chaining.*defeasible"):
        engine.add([Claim("n", read_statement("normally q(?x) :- p(?x)"), Axiom("n", 1, ""))])
    assert engine.theory == before  # nothing half-taken
    assert isinstance(engine.ask("q(x)").verdict, Both)


@pytest.mark.parametrize(
    ("options", "error", "expected"),
    [
        ({"semantics": "modal"}, ConfigError, "classical, chaining, defeasible"),
        ({"closed": ["p"]}, ConfigError, "as in p/1"),
        ({"closed": ["/1"]}, ConfigError, "as in p/1"),
        ({"closed": ["p/x"]}, ConfigError, "as in p/1"),
        ({"closed": ["$sk/1"]}, ConfigError, "as in p/1"),
        ({"closed": ["p/99999"]}, ConfigError, "99999 arguments"),
        ({"closed": ["p/1"], "closed_world": True}, TheoryError, "every predicate is closed"),
        ({"closed": ["p/1"], "semantics": "chaining"}, TheoryError, "open"),
    ],
)
def test_bad_worlds_are_refused(options: dict[str, Any], error: type[NeurosymError], expected: str) -> None:
    with pytest.raises(error, match=expected):
        Engine(parser="grammar", **options)


def test_a_declared_semantics_is_kept() -> None:
    with Engine(parser="grammar", semantics="classical") as e:
        with pytest.raises(TheoryError, match=r"classical.*defeasible"):
            e.tell_logic(BIRDS)
        assert e.theory.claims == ()
    with Engine(parser="grammar", semantics="chaining", limits=LIMITS) as e:
        e.tell_logic(PARADOX.replace("semantics chaining. ", ""))
        assert isinstance(e.ask("q(x)").verdict, Both)
    with Engine(parser="grammar", closed=["p/1"], limits=LIMITS) as e:
        e.tell_logic("p(a).")
        assert isinstance(e.ask("p(b)").verdict, Disproved)
        assert any("zz/1 is closed" in n for n in ask_closed("zz/1").notes)


def ask_closed(name: str) -> Response:
    with Engine(parser="grammar", closed=[name], limits=LIMITS) as e:
        e.tell_logic("p(a).")
        return e.ask("p(a)")


def test_a_world_that_was_closed_by_a_file_can_be_opened(engine: Engine) -> None:
    engine.tell_logic("closed world. p(a).")
    assert isinstance(engine.ask("p(b)").verdict, Disproved)
    engine.closed_world = False
    assert isinstance(engine.ask("p(b)").verdict, Unknown)


def test_what_nothing_mentions_is_noted_at_any_time(engine: Engine) -> None:
    engine.tell_logic("part(a). whole(b). seen(c, d).")
    assert engine.ask("part(a)").notes == ()
    assert engine.ask("whole(b) and part(a)").notes == ()
    assert any("parts/1; did you mean part?" in n for n in engine.ask("parts(a)").notes)
    assert engine.ask("seen(a, b)").notes == ()
    engine.tell_logic("parts(a).", "more")
    assert engine.ask("parts(a)").notes == ()
    engine.retract_document("more")
    assert engine.ask("parts(a)").notes != ()


# --- contradictions ---------------------------------------------------------------------


def test_an_inconsistent_answer_names_the_conflict_and_the_way_on(engine: Engine) -> None:
    engine.tell_logic(WARD)
    r = engine.ask("trained(Bob)")
    assert isinstance(r.verdict, Inconsistent)
    note = next(n for n in r.notes if "contradict each other" in n)
    assert "rule, ann, report" in note
    assert "--repair" in note
    assert "ask_relative" in note


def test_conflicts_and_repair(engine: Engine) -> None:
    engine.tell_logic(WARD)
    found = engine.conflicts()
    assert found.complete
    assert [set(c.labels) for c in found.conflicts] == [{"rule", "ann", "report"}]
    repair = engine.repair()
    assert repair.dropped == ("report",)
    assert engine.repair() is repair  # of the same theory, not sought again
    engine.retract("report")
    assert engine.repair().dropped == ()
    assert engine.conflicts().conflicts == ()


def test_a_repaired_answer_says_what_was_dropped(engine: Engine) -> None:
    engine.tell_logic(WARD)
    r = engine.ask("trained(?x)", repaired=True)
    assert isinstance(r.verdict, Proved)
    assert [c.label for c in r.dropped] == ["report"]
    assert [str(dict(a.binding)["x"]) for a in r.answers] == [str(Const("Ann")), str(Const("Bob"))]
    assert any("report" in n for n in r.notes)
    assert "report" not in [c.label for c in r.theory.claims]
    assert certified(r)
    assert [c["label"] for c in response_json(r)["dropped"]] == ["report"]
    several = engine.ask_all(["trained(Ann)", "nurse(Ann)"], workers=1, repaired=True)
    assert [verdict_name(x.verdict) for x in several] == ["proved", "proved"]
    consistent = engine.what_if(Not(read_formula("late(Bob)")))
    consistent.retract("report")
    assert consistent.ask("late(Bob)", repaired=True).dropped == ()


def test_relative_answers(engine: Engine) -> None:
    engine.tell_logic(WARD)
    r = engine.ask_relative("trained(Ann)")
    assert (r.answer.stance, r.answer.denied, r.answer.complete) == (Stance.BRAVE, Stance.BRAVE, True)
    for subset, verdict in r.answer.answers:
        assert verdict.certificate is not None
        assert check(subset.kept, r.goal, verdict.certificate) == verdict.theorem
    rows = engine.ask_relative("trained(?x)").rows
    assert {str(dict(b)["x"]): s for b, s in rows} == {
        str(Const("Ann")): Stance.BRAVE,
        str(Const("Bob")): Stance.CAUTIOUS,
    }


@pytest.mark.parametrize("text", [BIRDS, PARADOX])
def test_contradictions_of_rules_that_may_clash_are_refused_by_name(engine: Engine, text: str) -> None:
    engine.tell_logic(text)
    for call in (engine.conflicts, engine.repair, lambda: engine.ask_relative("bird(Tweety)")):
        with pytest.raises(TheoryError, match=f"{engine.theory.semantics} rules"):
            call()
    with pytest.raises(TheoryError, match="repair"):
        engine.ask("bird(Tweety)", repaired=True)


# --- confidence -------------------------------------------------------------------------

TWO_WAYS = WARD.replace("report [0.6]: not trained(Ann).", "eve: not trained(Eve).")


def test_exact_confidence_counts_all_proofs(engine: Engine) -> None:
    engine.tell_logic(TWO_WAYS)
    exact = 1 - (1 - 0.7) * (1 - 0.8 * 0.95)
    found = engine.confidence("trained(Bob)")
    assert found.complete
    assert found.exact == pytest.approx(exact)
    assert found.bound == pytest.approx(0.75)
    r = engine.ask("trained(Bob)")
    assert r.confidence is not None
    assert r.confidence.exact is None
    assert r.confidence.bound == pytest.approx(0.7)
    detail = response_json(engine.ask("trained(Bob)", exact=True))
    assert detail["confidence_detail"]["exact"] == pytest.approx(exact)
    assert detail["confidence"] == pytest.approx(0.7)  # keeps its meaning
    assert engine.confidence("nurse(Eve)").exact == pytest.approx(0.95)  # that it is not so
    assert engine.confidence("nurse(Zoe)").exact == 0.0  # that it is so
    several = engine.ask_all(["trained(Bob)"], workers=1, exact=True)
    assert several[0].confidence is not None
    assert several[0].confidence.exact == pytest.approx(exact)


def test_no_figure_of_a_contradiction(engine: Engine) -> None:
    engine.tell_logic(WARD)
    found = engine.confidence("trained(Bob)")
    assert (found.exact, found.complete) == (None, False)
    assert "contradict" in found.reason
    assert engine.best_proofs("trained(Bob)", 2).proofs == ()


def test_the_reading_of_the_question_counts(engine: Engine) -> None:
    engine.tell_logic(TWO_WAYS)
    q = Question("is he?", read_formula("camera_on(Bob) or trained(Bob)"), score=0.5)
    sure = engine.answer(q, exact=True).confidence
    assert sure is not None
    assert sure.exact == pytest.approx(0.5 * (1 - (1 - 0.7) * (1 - 0.8 * 0.95)))
    assert sure.bound == pytest.approx(0.25)


def test_best_proofs(engine: Engine) -> None:
    engine.tell_logic(TWO_WAYS)
    found = engine.best_proofs("trained(Bob)", 5)
    assert [set(p.labels) for p in found.proofs] == [{"bob", "rule"}, {"camera"}]
    assert [p.probability for p in found.proofs] == pytest.approx([0.76, 0.7])
    assert found.complete
    assert [set(p.labels) for p in engine.best_proofs("nurse(Eve)", 1).proofs] == [{"rule", "eve"}]
    with pytest.raises(ConfigError, match="at least 1"):
        engine.best_proofs("nurse(Eve)", 0)


# --- which of, how many -----------------------------------------------------------------


def test_each_option_is_proved_or_refuted(engine: Engine) -> None:
    engine.tell_logic(SHELF)
    options = [f"position({b}) = 3" for b in ("atlas", "novel", "primer")]
    found = engine.which_of(options)
    assert [verdict_name(r.verdict) for r in found.options] == ["proved", "disproved", "disproved"]
    assert [r.question for r in found.chosen] == options[:1]
    assert found.settled
    assert all(map(certified, found.options))
    engine.retract("left")
    assert not engine.which_of(options).settled
    with pytest.raises(InputError, match="no option"):
        engine.which_of([])
    with pytest.raises(InputError, match="asks for something"):
        engine.which_of(["position(?x) = 3"])
    with pytest.raises(InputError, match="not read"):
        engine.which_of(["Wherefore of the?"])


def test_options_in_english(engine: Engine) -> None:
    engine.tell("Ann is kind. No kind person is cruel. Ann is a person.")
    found = engine.which_of(["Ann is kind.", "Ann is tall."])
    assert [verdict_name(r.verdict) for r in found.options] == ["proved", "unknown"]


TWO_CATS = "cat(Tom). cat(Bob). Tom != Bob."


@pytest.mark.parametrize(
    ("text", "count", "bounds"),
    [
        ("cat(Tom). cat(Bob).", None, {"at_least": 1}),
        (TWO_CATS, None, {"at_least": 2}),
        ("cat(Tom). cat(Bob). dog(Bob). not dog(Tom).", None, {"at_least": 2}),
        ("cat(Tom). at_most 3 ?x. cat(?x).", None, {"at_least": 1, "at_most": 3}),
        ("exactly 2 ?x. cat(?x).", 2, {"at_least": 2, "at_most": 2}),
        (f"{TWO_CATS} forall ?x. cat(?x) -> ?x = Tom or ?x = Bob.", 2, {"at_least": 2, "at_most": 2}),
        ("cat(Tom). forall ?x. cat(?x) -> ?x = Tom or ?x = Bob.", None, {"at_least": 1, "at_most": 2}),
        ("forall ?x. not cat(?x).", 0, {"at_most": 0}),
        ("dog(Rex).", None, {}),
        ("closed cat/1. cat(Tom). cat(Bob).", 2, {"at_least": 2, "at_most": 2}),
        ("closed world. cat(Tom). cat(Bob).", 2, {"at_most": 2}),
        ("semantics chaining. cat(Tom). cat(Bob).", None, {"at_least": 2}),
    ],
)  # fmt: skip
def test_how_many_is_bounded_by_what_is_proved(
    engine: Engine, text: str, count: int | None, bounds: dict[str, int]
) -> None:
    engine.tell_logic(text)
    q = Question("how many", read_formula("cat(?x)", free=True), (Var("x"),), count=True)
    r = engine.answer(q)
    assert r.count == count
    assert {b.kind: b.n for b in r.bounds} == bounds
    for b in r.bounds:
        theorem = b.verdict.theorem
        assert check(r.theory, theorem.goal, b.verdict.certificate) == theorem
    data = response_json(r)
    assert {b["kind"]: b["n"] for b in data.get("bounds", [])} == bounds


# --- the command line -------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, Any, str]:
    code = main([*args, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


RULE = "p(a). forall ?x. p(?x) -> q(?x)."


def saved(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "args", "verdict", "kind", "certificates"),
    [
        (BIRDS, ["can_fly(Pingu)"], "disproved", "derivation", 1),
        (BIRDS, ["can_fly(?x)"], "proved", "derivation", 2),
        (CLASH, ["calm(Max)"], "unknown", "not-derivable", 3),
        (PARADOX, ["q(x)"], "both", "derivation", 3),
        (RULE, ["q(b)", "--semantics", "chaining"], "unknown", "not-derivable", 1),
        (MIXED, ["childless(Cy)"], "proved", "mixed", 1),
        (MIXED, ["happy(Cy)"], "unknown", "mixed", 1),
        (RULE, ["q(b)", "--closed", "q/1", "--closed", "p/1"], "disproved", "mixed", 1),
        ("closed world. p :- naf q. q :- naf p.", ["p"], "unknown", "not-derivable", 1),
        ("p(a).", ["not p(b)", "--closed-world"], "proved", "derivation", 1),
        ("g(a). g(b). n(b). w(?x) :- g(?x), naf n(?x).", ["w(a)"], "proved", "derivation", 1),
        ("p(a) or p(b).", ["p(a)"], "unknown", "independence", 1),
        ("p(a) or p(b). not p(a).", ["p(b)"], "proved", "refutation", 1),
        ("age(Ann) = age(Bob) + 3. 2 * age(Bob) < 41.", ["age(Ann) < 24"], "proved", "refutation", 1),
        (WARD, ["trained(Bob)"], "inconsistent", "refutation", 1),
        (WARD, ["trained(?x)", "--repair"], "proved", "derivation", 3),
        (WARD, ["trained(Ann)", "--relative"], None, None, 4),
        (SHELF, ["--which", "position(atlas) = 3", "position(novel) = 3"], None, None, 2),
    ],
)  # fmt: skip
def test_every_kind_of_certificate_is_checked_again(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    text: str,
    args: list[str],
    verdict: str | None,
    kind: str | None,
    certificates: int,
) -> None:
    kb = saved(tmp_path, "kb.nsl", text)
    code, answer, _ = run(capsys, "ask", "-k", kb, *args)
    assert code == 0
    if kind is not None:
        assert (answer["verdict"], answer["certificate"]["evidence"]["kind"]) == (verdict, kind)
    path = saved(tmp_path, "answer.json", json.dumps(answer))
    code, checked, err = run(capsys, "check", kb, path)
    assert (code, checked["accepted"], checked["certificates"]) == (0, True, certificates), err
    # against a knowledge base that says nothing, nothing but what is valid or absent is accepted
    other = saved(tmp_path, "other.nsl", "elsewhere(x).")
    assert run(capsys, "check", other, path)[0] != 0


def test_a_forged_part_of_an_answer_is_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kb = saved(tmp_path, "kb.nsl", SHELF)
    _, answer, _ = run(capsys, "ask", "-k", kb, "--which", "position(atlas) = 3", "position(novel) = 3")
    answer["options"][1]["certificate"]["outcome"] = "proved"
    path = saved(tmp_path, "answer.json", json.dumps(answer))
    code, checked, err = run(capsys, "check", kb, path)
    assert (code, checked["accepted"]) == (3, False)
    assert "options[1]" in err
    _, answer, _ = run(capsys, "ask", "-k", kb, "position(atlas) = 3")
    for key, value in (("semantics", "modal"), ("closed_predicates", "p/1"), ("closed_predicates", ["p"])):
        path = saved(tmp_path, "bad.json", json.dumps(answer | {key: value}))
        assert run(capsys, "check", kb, path)[0] == 1
    path = saved(tmp_path, "bad.json", json.dumps(answer | {"dropped": [{"label": "nobody"}]}))
    code, _, err = run(capsys, "check", kb, path)
    assert code == 1
    assert "'nobody'" in err


def test_the_checker_says_how_the_claims_were_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kb = saved(tmp_path, "kb.nsl", WARD)
    _, answer, _ = run(capsys, "ask", "-k", kb, "--repair", "--closed", "nurse/1", "nurse(Eve)")
    assert answer["closed_predicates"] == ["nurse/1"]
    path = saved(tmp_path, "answer.json", json.dumps(answer))
    _, checked, _ = run(capsys, "check", kb, path)
    assert (checked["closed_predicates"], checked["dropped"]) == (["nurse/1"], ["report"])
    assert main(["check", kb, path]) == 0
    out = capsys.readouterr().out
    assert "nurse/1 closed" in out
    assert "without report" in out


def test_conflicts_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kb = saved(tmp_path, "kb.nsl", WARD)
    code, found, _ = run(capsys, "conflicts", kb)
    assert (code, found["complete"], found["repair"]["dropped"]) == (0, True, ["report"])
    assert [c["labels"] for c in found["conflicts"]] == [["rule", "ann", "report"]]
    path = saved(tmp_path, "conflicts.json", json.dumps(found))
    assert run(capsys, "check", kb, path)[1]["outcome"] == "inconsistent"
    assert main(["conflicts", kb]) == 0
    out = capsys.readouterr().out
    assert "cannot all hold" in out
    assert "gives way" in out


def test_texts_of_the_new_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kb, two = saved(tmp_path, "kb.nsl", WARD), saved(tmp_path, "two.nsl", TWO_WAYS)
    shelf, clash = saved(tmp_path, "shelf.nsl", SHELF), saved(tmp_path, "clash.nsl", CLASH)
    options = saved(tmp_path, "options.txt", "position(atlas) = 3\nposition(novel) = 3\n")
    for args, expected in (
        (["ask", "-k", kb, "--repair", "trained(Ann)"], "dropped: report [0.6]: not trained(Ann)"),
        (["ask", "-k", kb, "--relative", "trained(?x)"], "Bob   (from every part)"),
        (["ask", "-k", two, "--confidence", "exact", "trained(Bob)"], "exactly 0.928"),
        (["why", "-k", two, "--top", "2", "trained(Bob)"], "proof 2, probability 0.7, from camera"),
        (["ask", "-k", shelf, "--which", options], "which: position(atlas) = 3"),
        (["why", "-k", clash, "calm(Max)"], "Against it"),
        (["why-not", "-k", kb, "--repair", "trained(Eve)"], "Eve"),
    ):
        assert main(args) == 0
        assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["ask", "--closed", "nurse", "nurse(Ann)"], "as in p/1"),
        (["ask", "--semantics", "chaining", "nurse(Ann)"], "defeasible"),
        (["ask", "--closed-world", "nurse(Ann)"], "open"),
        (["ask", "--relative", "nurse(Ann)"], "defeasible rules"),
        (["ask", "--repair", "nurse(Ann)"], "defeasible rules"),
        (["ask", "--relative", "--repair", "nurse(Ann)"], "--relative"),
        (["ask", "--relative", "--confidence", "exact", "nurse(Ann)"], "--relative"),
        (["ask", "--which", "nurse(?x)"], "an option is a statement"),
        (["why", "--top", "0", "nurse(Ann)"], "at least 1"),
        (["conflicts"], "defeasible rules"),
        (["conflicts", "--most", "0"], "at least 1"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, args: list[str], expected: str
) -> None:
    kb = saved(tmp_path, "kb.nsl", "fit: normally fit(?x) :- nurse(?x). nurse(Ann).")
    code = main([*args, *([kb] if args[0] == "conflicts" else ["-k", kb])])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert expected in err


def test_an_unknown_semantics_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ask", "--semantics", "modal", "p(a)"])
    assert stopped.value.code == 2
    assert "chaining" in capsys.readouterr().err


def test_a_file_of_questions_may_be_repaired(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kb = saved(tmp_path, "kb.nsl", WARD)
    questions = saved(tmp_path, "q.txt", "trained(Ann)\nnurse(Bob)\n")
    assert main(["ask", "-k", kb, "--repair", "--questions", questions]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["verdict"], r["dropped"][0]["label"]) for r in rows] == [("proved", "report")] * 2


def test_show_is_total_on_what_was_dropped(engine: Engine) -> None:
    """A dropped claim may be a rule, which is no formula."""
    engine.tell_logic("r [0.4]: p(?x) :- q(?x). f: q(a). n: not p(a).")
    r = engine.ask("q(a)", repaired=True)
    assert [show(c.formula) for c in r.dropped] == ["p(?x) :- q(?x)"]

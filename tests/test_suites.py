"""The suites `folio` and `logicnli` on small data of our own, and chaining against brute force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import folio, logicnli
from benchmarks.folio_notation import read_formula
from benchmarks.runner import run_suite
from benchmarks.suite import Item
from neurosym.errors import ConfigError, InputError, SyntaxProblem
from neurosym.kernel import check
from neurosym.logic import (
    Formula,
)
from neurosym.solvers.chaining import Chaining
from neurosym.syntax import read_formula as read_ours
from neurosym.syntax import show
from neurosym.theory import Semantics, Theory
from neurosym.verdict import Both, Limits, Verdict

# --- the notation of FOLIO ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Tall(ann)", "Tall(ann)"),
        ("∀x (Tall(x) → ¬Short(x))", "forall ?x. Tall(?x) -> not Short(?x)"),
        ("∀x ∃y (Owns(x, y) ∧ Dog(y))", "forall ?x. exists ?y. Owns(?x, ?y) and Dog(?y)"),
        ("A(a) ∧ B(a) ∨ C(a)", "(A(a) and B(a)) or C(a)"),
        ("A(a) → B(a) → C(a)", "A(a) -> (B(a) -> C(a))"),
        ("A(a) ⊕ B(a) → C(a) ↔ D(a)", "((A(a) xor B(a)) -> C(a)) <-> D(a)"),
        ("¬(A(a) ∨ B(a)) ∧ ¬C(a)", "not (A(a) or B(a)) and not C(a)"),
        ("¬∃x Cat(x)", "not exists ?x. Cat(?x)"),
        (" Cat (Tom) ^ Cat(tom) . ", "Cat(tom) and Cat(tom)"),
        ("From(new york, mr.smith)", "From(new_york, 'mr.smith')"),
        # the quantifier reaches over one unit, and further only where a variable would be free
        ("∀x (Cat(x)) → Dog(rex)", "(forall ?x. Cat(?x)) -> Dog(rex)"),
        ("∀x Cat(x) → Warm(x)", "forall ?x. Cat(?x) -> Warm(?x)"),
    ],
)
def test_notation(text: str, meaning: str) -> None:
    assert read_formula(text) == read_ours(meaning)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "a predicate"),
        ("Cat(tom", 8, "')'"),
        ("Cat(tom))", 9, "end of the formula"),
        ("A(a) ∨ B(a) ⊕ C(a)", 13, "binds closer"),
        ("∀x ∀x (Likes(x, y) → Young(x))", 17, "no quantifier binds"),
        ("∃x (Cat(x) Dog(x))", 12, "')'"),
        ("∀x x(tom)", 4, "not a variable"),
        ("Cat(f(tom))", 6, "no functions"),
        ("A(a) & B(a)", 6, "no part of the notation"),
        ("¬" * 300 + "A(a)", 0, "nesting"),
        ("(" * 5000 + "A(a)", 0, "nesting"),
        ("A(a) → " * 300 + "A(a)", 0, "nesting"),
    ],
)
def test_notation_refuses_and_points(text: str, column: int, expected: str) -> None:
    with pytest.raises(SyntaxProblem) as e:
        read_formula(text, "made.jsonl", 7)
    assert expected in e.value.message + e.value.hint
    assert (e.value.document, e.value.line) == ("made.jsonl", 7)
    assert column in (0, e.value.column)


# --- folio ----------------------------------------------------------------------------


def story(example: int, label: str, premises: list[str], n: int = 1) -> dict[str, Any]:
    return {
        "story_id": n, "example_id": example, "conclusion": f"Conclusion {example}.",
        "premises": [f"Premise {i}." for i in range(len(premises))],
        "premises-FOL": premises, "label": label,
    }  # fmt: skip


PREMISES = ["∀x (Otter(x) → Swims(x))", "Otter(olga)", "¬Swims(pia) ∨ Wet(pia)"]
FORMS = {
    ("1", "1"): "Swims(olga)",
    ("1", "2"): "∃x (Otter(x) ∧ ¬Swims(x))",
    ("1", "3"): "Wet(pia)",
    ("1", "4"): "Wet(olga)",
    ("2", "6"): "Swims(olga)",
}
STORIES = [
    story(1, "True", PREMISES),
    story(2, "False", PREMISES),
    story(3, "Uncertain", PREMISES),
    story(4, "True", PREMISES),  # a wrong label: it is listed
    story(5, "True", PREMISES),  # no form
    story(6, "True", [*PREMISES[:2], "Otter(olga))"], 2),  # a premise that cannot be read
]


@pytest.fixture
def otters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    forms = {k: folio.Form(read_formula(v)) for k, v in FORMS.items()}
    monkeypatch.setattr(folio, "conclusion_forms", lambda: forms)
    path = tmp_path / "otters.jsonl"
    path.write_text("\n".join(json.dumps(s, ensure_ascii=False) for s in STORIES) + "\n", "utf-8")
    return path


def test_folio_counts_and_lists(otters: Path) -> None:
    report, failures = run_suite("folio", data=str(otters), parser="gold")
    assert (report["n"], report["correct"], report["certified"]) == (4, 3, 4)
    assert report["without_gold_forms"] == 2
    assert [f["id"] for f in failures] == ["1/4"]
    assert (failures[0]["expected"], failures[0]["verdict"]) == ("proved", "unknown")
    assert 0 < report["median_solve_ms"] <= report["p95_solve_ms"]
    limited, _ = run_suite("folio", data=str(otters), parser="gold", limit=2)
    assert limited["n"] == 2


def test_folio_premises_as_goals(otters: Path) -> None:
    report = folio.premises_as_goals(otters)
    assert (report["stories"], report["questions"], report["certified"]) == (1, 6, 6)
    assert report["verdicts"] == {"unknown": 6}
    assert report["problems"] == []
    assert [(u["story"], u["line"], u["text"]) for u in report["unread"]] == [("2", 6, "Otter(olga))")]
    assert "column 12" in report["unread"][0]["reason"]


def test_folio_a_premise_that_follows_from_the_others(tmp_path: Path) -> None:
    path = tmp_path / "redundant.jsonl"
    path.write_text(json.dumps(story(1, "True", [*PREMISES[:2], "Swims(olga)"])) + "\n", "utf-8")
    report = folio.premises_as_goals(path)
    assert report["verdicts"] == {"disproved": 1, "proved": 1, "unknown": 4}
    assert report["problems"] == []


def test_folio_labels_are_known(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(story(1, "Perhaps", PREMISES)) + "\n", "utf-8")
    with pytest.raises(InputError, match="unknown label"):
        list(folio.items(path))


def test_our_conclusions_can_be_read() -> None:
    forms = folio.conclusion_forms()
    assert len(forms) >= 80
    assert len({s for s, _ in forms}) >= 25
    assert all(show(f.goal) for f in forms.values())


@pytest.mark.parametrize("line", ["1\t2", "1\t2\tA(a)\tnote\tmore", "1\t1\tA(a)\n1\t1\tB(a)", "1\t1\tA(a"])
def test_forms_of_another_form_point(tmp_path: Path, line: str) -> None:
    path = tmp_path / "forms.tsv"
    path.write_text(f"# made\n{line}\n", "utf-8")
    with pytest.raises(InputError) as e:
        folio.conclusion_forms(path)
    assert e.value.line >= 2


@pytest.mark.parametrize("suite", ["folio", "logicnli"])
@pytest.mark.parametrize(
    "content", ["null", "[]", "[1]", '{"a": {"b": 3}}', '"x"', "{", '{"a": {"facts": [1]}}']
)
def test_data_of_another_form_points(tmp_path: Path, suite: str, content: str) -> None:
    path = tmp_path / "data.json"
    path.write_text(content + "\n")
    with pytest.raises((InputError, ConfigError)) as e:
        run_suite(suite, data=str(path), parser="gold")
    assert "data.json" in str(e.value)


# --- logicnli -------------------------------------------------------------------------


def rule(kind: str, p: list[list[str]], q: list[list[str]], joined: str = "and") -> dict[str, Any]:
    def side(facts: list[list[str]], conj: str) -> dict[str, Any]:
        return {"fact": facts, "conj": conj if len(facts) > 1 else "none"}

    return {"p": side(p, joined), "q": side(q, "and"), "type": kind}


def numbered(rows: list[Any]) -> dict[str, Any]:
    return {str(i): row for i, row in enumerate(rows)}


FACTS = [["Ann", "warm", "+"], ["Ben", "warm", "+"], ["Ben", "loud", "-"], ["Cem", "tall", "+"]]
RULES = [
    rule("imp", [["all", "warm", "+"], ["all", "loud", "-"]], [["all", "calm", "+"]]),
    rule(
        "imp", [["exist", "calm", "+"], ["exist", "warm", "+"]], [["Cem", "glad", "+"], ["Ann", "tall", "-"]]
    ),
    rule("equ", [["all", "glad", "+"]], [["all", "kind", "-"]]),
    rule("equ", [["Ann", "tall", "-"]], [["Ben", "odd", "+"]]),
    rule("imp", [["all", "warm", "+"], ["all", "tall", "+"]], [["Dan", "loud", "+"]], "or"),
    rule("imp", [["Cem", "kind", "-"], ["Dan", "odd", "+"]], [["Cem", "tall", "-"]], "or"),
    rule("imp", [["exist", "odd", "+"], ["exist", "calm", "-"]], [["Ben", "tall", "+"]]),
]
STATEMENTS = [
    (["Ben", "calm", "+"], "entailment"),
    (["Ben", "calm", "-"], "contradiction"),
    (["Ann", "calm", "+"], "neutral"),
    (["Cem", "glad", "+"], "entailment"),
    (["Cem", "kind", "+"], "contradiction"),
    (["Ben", "odd", "+"], "entailment"),
    (["Dan", "loud", "+"], "neutral"),  # Dan himself is neither warm nor tall, as far as is known
    (["Cem", "tall", "+"], "self_contradiction"),
    (["Cem", "tall", "-"], "self_contradiction"),
    (["Ben", "tall", "+"], "neutral"),  # somebody odd, but nobody odd and not calm
    (["Ann", "loud", "+"], "neutral"),  # no contraposition: she is warm, and not known to be calm
]


def nli(tmp_path: Path, facts: list[list[str]] = FACTS, labels: list[str] | None = None) -> Path:
    case = {
        "facts": numbered(facts),
        "rules": numbered(RULES),
        "statements": numbered([s for s, _ in STATEMENTS]),
        "labels": numbered(labels or [label for _, label in STATEMENTS]),
    }
    path = tmp_path / "made_logic.json"
    path.write_text(json.dumps({"0": case}))
    return path


def answered(item: Item, solver: Chaining) -> str:
    assert item.gold is not None
    theory = Theory(item.gold.claims, semantics=item.semantics)
    verdict = solver.solve(theory, item.gold.goal, Limits())
    verified(theory, item.gold.goal, verdict)
    return type(verdict).__name__.lower()


def verified(theory: Theory, goal: Formula, verdict: Verdict) -> None:
    assert verdict.certificate is not None, verdict
    assert check(theory, goal, verdict.certificate) == verdict.theorem
    if isinstance(verdict, Both):
        assert check(theory, goal, verdict.con.certificate) == verdict.con.theorem


def test_logicnli_forms_and_labels(tmp_path: Path) -> None:
    solver = Chaining()
    found = [(i.id, i.group, i.expected, answered(i, solver)) for i in logicnli.items(nli(tmp_path))]
    assert [g for _, g, _, _ in found] == [label for _, label in STATEMENTS]
    assert not [f for f in found if f[2] != f[3]]
    assert found[0][0] == "made/0/0"


def test_logicnli_everyone_is_everyone_named(tmp_path: Path) -> None:
    """Once Dan is tall as well, everyone is warm or tall, and the rule of everyone speaks."""
    path = nli(tmp_path, [*FACTS, ["Dan", "tall", "+"]])
    goals = {show(i.gold.goal): answered(i, Chaining()) for i in logicnli.items(path) if i.gold}
    assert goals["loud(Dan)"] == "proved"


def test_logicnli_sentences_stand_beside(tmp_path: Path) -> None:
    path = nli(tmp_path)
    told = {"facts": ["Ann is warm."], "rules": [], "statements": [f"S{i}." for i in range(len(STATEMENTS))]}
    path.with_name("made_language.json").write_text(json.dumps({"0": told}))
    first = next(iter(logicnli.items(tmp_path)))
    assert (first.text, first.question, first.semantics) == ("Ann is warm.", "S0.", Semantics.CHAINING)


def test_logicnli_unknown_label_and_sign(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown label 'maybe'"):
        list(logicnli.items(nli(tmp_path, labels=["maybe"] * len(STATEMENTS))))
    with pytest.raises(InputError, match=r"fact 0: expected \[name, adjective"):
        list(logicnli.items(nli(tmp_path, [["Ann", "warm", "?"]])))

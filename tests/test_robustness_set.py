"""The robustness set, the calibration set, and how readings are compared with gold forms.

Every form must be one that a parser can give: tokens of the target language over the words of its
own sentence mean it.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from written_forms import written

from benchmarks import calibration_set, robustness
from benchmarks.calibration_set import fill, made, outside, read_templates, whole
from benchmarks.robustness import (
    ASKED,
    Judged,
    Sentence,
    canonical,
    judge,
    judge_all,
    proved_equivalent,
    read_set,
)
from neurosym.errors import InputError
from neurosym.logic import Formula, Var, free_vars
from neurosym.parser.decode import decode
from neurosym.parser.morphology import normalize, noun_lemma, plural, verb_forms, verb_lemma
from neurosym.parser.reading import Act, Anaphor, Parsed, Reading
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.parser.tokenize import sentences, words
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, show
from neurosym.theory import Span
from neurosym.verdict import Solver

ROWS = read_set()


def f(text: str) -> Formula:
    return read_formula(text, free=True)


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    with closing(make_solver("auto")) as s:
        yield s


# --- the forms -------------------------------------------------------------------------------------


def test_three_hundred_sentences_of_three_styles() -> None:
    assert Counter(s.style for s in ROWS) == dict.fromkeys(robustness.STYLES, 100)
    assert len({s.id for s in ROWS}) == len({s.text for s in ROWS}) == 300
    for style in robustness.STYLES:
        others = sum(s.act != "tell" for s in ROWS if s.style == style)
        assert 12 <= others <= 25
    assert {s.act for s in ROWS} == set(robustness.ACTS)
    assert all(s.forms for s in ROWS)


def test_each_is_one_sentence_of_readable_length() -> None:
    for s in ROWS:
        assert len(sentences(s.text)) == 1, s
        assert 6 <= len(words(s.text)) <= min(MAX_WORDS, 36), s


@pytest.mark.parametrize("rows", [ROWS, made(200, 3)], ids=["by hand", "made"])
def test_forms_are_in_the_target_language(rows: tuple[Sentence, ...]) -> None:
    """A sequence of tokens over the sentence's own words means the form: a parser can get it right."""
    for s in rows:
        for form in s.forms:
            tokens = written(s.act, s.text, form)
            assert len(tokens) <= MAX_TOKENS, s.id
            assert canonical(decode(tokens, [w.text for w in words(s.text)]).formula) == canonical(form), s.id


@pytest.mark.parametrize(
    "form", ["resign_on(mayor, date_05_06)", "resigned_by(mayor)", "resign(major)", "resign_on(mayor, 6)"]
)
def test_a_name_from_elsewhere_is_found(form: str) -> None:
    with pytest.raises(LookupError):
        written("tell", "The mayor resigned on May 5.", f(form))


def test_alternatives_differ(solver: Solver) -> None:
    for s in ROWS:
        found = [show(canonical(form)) for form in s.forms]
        assert len(set(found)) == len(found), s.id


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a\tnews\ttell\tTom is tall.", "5 fields"),
        ("a\tprose\ttell\tTom is tall.\ttall(Tom)", "style or act"),
        ("a\tnews\ttell\tTom is tall.\ttall(Tom", "in a form of a"),
        ("a\tnews\ttell\tTom is tall.\ttall(?x)", "nothing to be free"),
        ("a\tnews\twh\tWho is tall?\ttall(Tom)", "?x alone"),
    ],
)
def test_a_broken_line_is_pointed_at(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(f"# a comment\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=re.escape(expected)) as e:
        read_set(path)
    assert e.value.line == 2


# --- when two forms say the same ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("forall ?x. cat(?x) and big(?x) -> run(?x)", "forall ?y. big(?y) and cat(?y) -> run(?y)"),
        ("exists ?x. exists ?y. p(?x) and q(?x, ?y)", "exists ?y ?x. q(?y, ?x) and p(?y)"),
        ("p and (q and r)", "r and q and p"),
        ("at_least 3 ?x. cat(?x) and run(?x)", "at_least 3 ?y. run(?y) and cat(?y)"),
        (
            "say(Tom, 'that exists ?x. cat(?x) and red(?x)')",
            "say(Tom, 'that exists ?z. red(?z) and cat(?z)')",
        ),
        ("a(b) xor c(d)", "c(d) xor a(b)"),
    ],
)
def test_canonical_forms_are_one(a: str, b: str) -> None:
    assert canonical(f(a)) == canonical(f(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("forall ?x. cat(?x) -> run(?x)", "exists ?x. cat(?x) and run(?x)"),
        ("chase(Tom, Ann)", "chase(Ann, Tom)"),
        ("forall ?x. exists ?y. see(?x, ?y)", "exists ?y. forall ?x. see(?x, ?y)"),
        ("p(a) -> q(b)", "q(b) -> p(a)"),
        ("at_least 2 ?x. cat(?x)", "at_least 3 ?x. cat(?x)"),
        ("say(Tom, 'that red(cat)')", "say(Tom, 'that big(cat)')"),
        ("exists ?x. p(?x) and q(?x)", "(exists ?x. p(?x)) and exists ?x. q(?x)"),
    ],
)
def test_other_forms_stay_apart(solver: Solver, a: str, b: str) -> None:
    assert canonical(f(a)) != canonical(f(b))
    assert not proved_equivalent(f(a), f(b), solver)


def test_equivalent_forms_are_proved_so(solver: Solver) -> None:
    assert proved_equivalent(
        f("not exists ?x. cat(?x) and run(?x)"), f("forall ?x. cat(?x) -> not run(?x)"), solver
    )
    donkey = "forall ?x. (exists ?y. dog(?y) and own(?x, ?y)) -> rich(?x)"
    assert proved_equivalent(f(donkey), f("forall ?x ?y. dog(?y) and own(?x, ?y) -> rich(?x)"), solver)


def test_empty_forms_are_equivalent_to_nothing_else(solver: Solver) -> None:
    assert not proved_equivalent(f("p(a) or not p(a)"), f("q(b) or not q(b)"), solver)


# --- judging ------------------------------------------------------------------------------------------


class Told:
    """A parser that says what it was told."""

    name = "told"

    def __init__(self, reading: Reading | None) -> None:
        self.reading = reading

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        found = (self.reading,) if self.reading else ()
        return (Parsed(Span(document, 0, len(text), text), found, "" if found else "too hard"),)


def judged(act: str, gold: str, reading: Reading | None, solver: Solver) -> Judged:
    return judge(Sentence("a", "news", act, "Any text.", (f(gold),)), Told(reading), solver)


def test_what_is_right(solver: Solver) -> None:
    x, y = Var("x"), Var("y")
    tall = f("tall(Tom)")
    assert judged("tell", "tall(Tom)", Reading(Act.TELL, tall, 0.9), solver).how == "exact"
    assert judged("ask", "tall(Tom)", Reading(Act.TELL, tall, 0.9), solver).how == "wrong"
    assert judged("tell", "tall(Tom)", None, solver) == Judged(
        Sentence("a", "news", "tell", "Any text.", (tall,)), "refused", reading="too hard"
    )
    asked = Reading(Act.ASK, f("tall(?y)"), 0.9, (y,))
    assert judged("wh", "tall(?x)", asked, solver).how == "exact"
    assert judged("count", "tall(?x)", asked, solver).how == "wrong"
    swapped = Reading(Act.ASK, f("see(Tom, ?x)"), 0.9, (x,))
    assert judged("wh", "see(?x, Tom)", swapped, solver).how == "wrong"
    some = Reading(Act.ASK, f("exists ?x. see(?x, Tom)"), 0.9)
    assert judged("wh", "see(?x, Tom)", some, solver).how == "wrong"
    other = Reading(Act.TELL, f("not not tall(Tom)"), 0.4)
    assert judged("tell", "tall(Tom)", other, solver).how == "equivalent"


def test_a_part_is_no_answer_and_a_wrong_part_is_wrong(solver: Solver) -> None:
    """The engine says of a sentence read in part that the rest is not used."""
    part = Reading(Act.TELL, f("tall(Tom)"), 0.9, partial=True)
    assert judged("tell", "tall(Tom) and kind(Tom)", part, solver).how == "refused"
    assert judged("tell", "tall(Tom)", part, solver).how == "refused"
    assert judged("tell", "tall(Ann)", part, solver) == Judged(
        Sentence("a", "news", "tell", "Any text.", (f("tall(Ann)"),)), "wrong", 0.9, "tell", "tall(Tom)"
    )


def test_a_pronoun_that_stays_open_is_refused(solver: Solver) -> None:
    """As the engine does: nothing was mentioned before it."""
    it = Anaphor("it (4)", "it", 4, 6)
    reading = Reading(Act.TELL, f("see(Tom, 'it (4)')"), 0.95, anaphors=(it,))
    found = judged("tell", "see(Tom, dog)", reading, solver)
    assert found.how == "refused"
    assert "'it'" in found.reading


def test_figures_count_confident_errors_among_all() -> None:
    row = ROWS[0]
    seen = [
        Judged(row, "exact", 0.99),
        Judged(row, "wrong", 0.95),
        Judged(row, "wrong", 0.5),
        Judged(row, "refused"),
    ]
    found = robustness.figures(seen)
    assert (found["share_right"], found["share_confident_errors"], found["refused"]) == (0.25, 0.25, 1)
    assert found["by_style"] == {"news": [1, 4]}
    assert [x["score"] for x in robustness.failures(seen)] == [0.95, 0.5, 0.0]


def test_the_grammar_is_judged_and_reported(solver: Solver, tmp_path: Path) -> None:
    from neurosym.parser import load_parser

    pytest.importorskip("matplotlib")
    seen = judge_all(ROWS[:40], load_parser("grammar"), solver)
    assert len(seen) == 40
    robustness.write_report(seen, tmp_path, "robustness")
    assert "## Failures" in (tmp_path / robustness.REPORT).read_text("utf-8")


# --- the calibration set --------------------------------------------------------------------------------


def test_there_are_enough_templates_and_each_class_is_used() -> None:
    classes, templates = read_templates()
    assert sum(t.act != calibration_set.OUT for t in templates) >= 60
    assert sum(t.act == calibration_set.OUT for t in templates) >= 20
    used = {kind for t in templates for kind, _, _ in calibration_set._SLOT.findall(t.text)}
    assert set(classes) <= used
    assert all(bool(t.forms) == (t.act != calibration_set.OUT) for t in templates)


def test_words_come_back_from_their_inflections() -> None:
    classes, _ = read_templates()
    assert [w for c in "PTG" for w in classes[c] if noun_lemma(plural(w)) != w or noun_lemma(w) != w] == []
    assert [w for c in "VWI" for w in classes[c] for form in verb_forms(w) if verb_lemma(form) != w] == []
    orders = [w for c in "CH" for w in classes[c]]
    assert [w for w in orders if normalize(w[:-1] + "st", "S") != w] == []
    assert all(len(set(ws)) == len(ws) for ws in classes.values())


def test_the_set_is_the_same_every_time_and_another_for_another_seed() -> None:
    first, again, other = made(200), made(200), made(200, 7)
    assert first == again
    assert len({s.text for s in first}) == 200
    assert first != other


def test_a_tenth_has_no_right_reading() -> None:
    rows = whole(n=600)
    without = [s for s in rows if not s.forms]
    assert abs(len(without) / len(rows) - calibration_set.OUTSIDE) < 0.005
    assert {s.style for s in without} == {calibration_set.OUT_STYLE}
    assert {s.act for s in rows} == {*robustness.ACTS, calibration_set.OUT}
    assert len({s.id for s in rows}) == len(rows)


def test_what_is_outside_is_wrong_whatever_is_read(solver: Solver) -> None:
    row = outside(20, ROWS)[0]
    assert judge(row, Told(Reading(Act.TELL, f("tall(Tom)"), 0.9)), solver).how == "wrong"


def test_every_template_fills() -> None:
    classes, templates = read_templates()
    rng = random.Random(5)
    for t in templates:
        text, forms = fill(t, classes, rng)
        assert "{" not in text + "".join(forms)
        assert not re.search(r"\b[Aa] [aeiouAEIOU]", text)
        for form in forms:
            assert set(free_vars(f(form))) <= {ASKED}


def test_calibration_figures() -> None:
    row = ROWS[0]
    seen = [Judged(row, "exact", 0.95)] * 19 + [Judged(row, "wrong", 0.95), Judged(row, "refused")]
    found = calibration_set.figures(seen)
    assert found["calibration_error_10"] == found["calibration_error_15"] == 0.0
    assert (found["n"], found["read"], found["right"]) == (21, 20, 19)
    assert calibration_set.figures([Judged(row, "wrong", 0.95)] * 10)["calibration_error_10"] == 0.95

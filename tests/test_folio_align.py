"""FOLIO's premises as training samples, on sentences of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.folio_align import Aligned, align, aligned, shared_names
from benchmarks.folio_chunks import proposals
from benchmarks.folio_folds import FOLDS, fold_of, training_sets, write_samples
from benchmarks.folio_notation import read_formula
from benchmarks.folio_questions import concluded, ways
from benchmarks.folio_recombined import recombined
from benchmarks.folio_units import units
from neurosym.parser.constrain import legal
from neurosym.parser.decode import decode
from neurosym.parser.tokenize import words
from neurosym.solvers import make_solver
from neurosym.syntax import show


def read(text: str, formula: str) -> str:
    found = align(text, read_formula(formula), "s")
    return found if isinstance(found, str) else show(decode(found.tokens, found.words).formula)


@pytest.mark.parametrize(
    ("text", "gold", "ours"),
    [
        ("Ada is not a nurse.", "¬Nurse(ada)", "not nurse(Ada)"),
        (
            "All otters that juggle stones are clever swimmers.",
            "∀x (Juggles(x) → CleverSwimmer(x))",
            "forall ?x. otter(?x) and (exists ?y. stone(?y) and juggle(?x, ?y)) "
            "-> clever(?x) and swimmer(?x)",
        ),
        (
            "People either often paint old boats or dream about sailing home.",
            "∀x (Paint(x) ⊕ DreamSailing(x))",
            "forall ?x. person(?x) -> (often_paint_old_boat(?x) xor dream_about_sail_home(?x))",
        ),
        (
            "If Bo is neither shy nor tired of noise, then he is late.",
            "¬(Shy(bo) ∨ Tired(bo)) → Late(bo)",
            "not shy(Bo) and not tire_of_noise(Bo) -> late(Bo)",
        ),
        (
            "No one who whistles is at home.",
            "∀x (Whistle(x) → ¬Home(x))",
            "forall ?x. whistle(?x) -> not at_home(?x)",
        ),
        (
            "Either striped boats or wooden rafts.",
            "∀x (StripedBoat(x) ∨ WoodenRaft(x))",
            "forall ?x. striped(?x) and boat(?x) or wooden(?x) and raft(?x)",
        ),
        ("Some harbours are busy.", "∃x (Harbour(x) ∧ Busy(x))", "exists ?x. harbour(?x) and busy(?x)"),
        (
            "Lea speaks Welsh or Irish.",
            "Speak(lea, welsh) ∨ Speak(lea, irish)",
            "speak(Lea, Welsh) or speak(Lea, Irish)",
        ),
        (
            "The Blue Lamp was painted by Cora Dunn.",
            "PaintedBy(bluelamp, coradunn)",
            "paint(Cora_Dunn, Blue_Lamp)",
        ),
        (
            "Ada, Bo and Cem are bakers.",
            "Baker(ada) ∧ Baker(bo) ∧ Baker(cem)",
            "baker(Ada) and baker(Bo) and baker(Cem)",
        ),
    ],
)
def test_the_formula_says_how_to_cut(text: str, gold: str, ours: str) -> None:
    assert read(text, gold) == ours


@pytest.mark.parametrize(
    ("text", "gold", "why"),
    [
        ("Ada is a nurse.", "¬Nurse(ada)", "no way of cutting it says the formula"),
        ("Ada is a nurse and a baker.", "Nurse(ada) ∨ Baker(ada)", "no way of cutting it says the formula"),
        ("All cats purr.", "∃x (Cat(x) ∧ Purr(x))", "no way of cutting it says the formula"),
        ("Rivers meet lakes.", "∀x ∀y (River(x) ∧ Lake(y) → Meet(x, y))", "several variables"),
    ],
)
def test_what_does_not_say_the_formula_is_left_out(text: str, gold: str, why: str) -> None:
    assert why in read(text, gold)


def test_the_formula_chooses_between_one_predicate_and_two() -> None:
    text = "Ada sells bread and cheese or sings."
    assert read(text, "Sell(ada) ∨ Sing(ada)") == "sell_bread_and_cheese(Ada) or sing(Ada)"
    assert "xor" in read(text, "Sell(ada) ⊕ Sing(ada)")


def test_the_same_words_have_the_same_name_in_every_sentence() -> None:
    first = align(
        "All people who often sell old maps at fairs are rich.", read_formula("∀x (Maps(x) → Rich(x))")
    )
    second = align("If Ada sells old maps, then Ada is rich.", read_formula("Maps(ada) → Rich(ada)"))
    assert isinstance(first, Aligned)
    assert isinstance(second, Aligned)
    assert dict(first.names)["Rich"] == dict(second.names)["Rich"] == "rich"
    assert shared_names([first, second]) == (1, 2)


def test_proposals_keep_to_their_number_of_stretches() -> None:
    said = [w.text for w in words("If Ada is shy or late, then she is a nurse.")]
    found = proposals(said, 3)
    assert found
    assert all(len([*units(p.restriction), *units(p.body)]) <= 3 for p in found)


# --- conclusions, recombination, folds -----------------------------------------------------


PREMISES = [
    ("All otters juggle flat stones.", "∀x (Otter(x) → Juggle(x))"),
    ("No one who juggles flat stones is bored at noon.", "∀x (Juggle(x) → ¬Bored(x))"),
    ("Ada is an otter.", "Otter(ada)"),
]


def rows(conclusion: str, label: str, story: int = 1) -> list[dict[str, object]]:
    told, formal = zip(*PREMISES, strict=True)
    row = {"story_id": story, "example_id": 1, "conclusion": conclusion, "label": label}
    return [row | {"premises": list(told), "premises-FOL": list(formal)}]


@pytest.mark.parametrize(
    ("conclusion", "label", "learnt"),
    [
        ("Ada is not bored at noon.", "True", "not bore_at_noon(Ada)"),
        ("Ada is bored at noon.", "False", "bore_at_noon(Ada)"),
        ("Ada is bored at noon.", "True", ""),  # no way of reading it has that answer
        (
            "Ada juggles flat stones or is bored at noon.",
            "True",
            "juggle_flat_stone(Ada) or bore_at_noon(Ada)",
        ),
    ],
)
def test_a_conclusion_is_learnt_from_its_answer(conclusion: str, label: str, learnt: str) -> None:
    data = rows(conclusion, label)
    good, bad = aligned(data, Path("made"))
    assert not bad
    solver = make_solver("auto")
    try:
        found, count = concluded(data, Path("made"), good, solver)
    finally:
        solver.close()
    assert [show(decode(s.tokens, s.words).formula) for s in found] == ([learnt] if learnt else [])
    assert count["learnt"] == bool(learnt)


def test_ways_in_known_words_come_first() -> None:
    first = ways("Ada is bored at noon.", {"bore_at_noon"})[0]
    assert show(first.formula) == "bore_at_noon(Ada)"
    assert first.strange == 0


def test_recombined_sentences_are_samples_and_repeat() -> None:
    good, _ = aligned(rows("Ada is an otter.", "True"), Path("made"))
    first, again = (list(recombined(good, 60, 3)) for _ in range(2))
    assert first == again != list(recombined(good, 60, 4))
    assert len(first) == 60
    assert all(legal(tokens) for _, tokens in first)
    said = {show(decode(tokens, said).formula) for said, tokens in first}
    assert any("xor" in s for s in said)
    assert any("->" in s for s in said)


def test_folds_are_by_story_and_training_sees_no_held_out_story() -> None:
    names = [str(i) for i in range(40)]
    folds = fold_of(names)
    assert folds == fold_of(list(reversed(names)))
    assert sorted(list(folds.values()).count(f) for f in range(FOLDS)) == [8] * FOLDS
    samples = [Aligned(n, "t", ("T" + n,), ("FACT",), ()) for n in names]
    train, dev = training_sets(samples, folds, 2)
    held = {n for n in names if folds[n] == 2}
    assert not held & {s.story for s in (*train, *dev)}
    assert not {s.story for s in train} & {s.story for s in dev}
    assert len(train) + len(dev) == 32
    assert dev


def test_repetitions_differ_in_spelling_only(tmp_path: Path) -> None:
    found = align("All otters juggle flat stones.", read_formula("∀x (Otter(x) → Juggle(x))"))
    assert isinstance(found, Aligned)
    path = tmp_path / "train.jsonl"
    write_samples(path, [found], 4, [])
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len({tuple(s["words"]) for s in lines}) == 4
    assert len({show(decode(s["tokens"], s["words"]).formula) for s in lines}) == 1

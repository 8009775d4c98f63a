"""How the scorer's network takes a reading: in steps, padded, and which words they use."""

from __future__ import annotations

from test_scorer_data import SAMPLES

from neurosym.parser.scheme import POINTER_KINDS
from neurosym.parser.scorer import N_DOUBTS, N_MARKS, N_USES, NOWHERE, PADDING, pad, steps


def test_a_reading_is_taken_in_steps() -> None:
    """A symbol, the pointer behind it and its variables are one; all tokens are in some step, in order."""
    reading = ["FACT", "ALL", "x", "IMP", "P1", "N:1", "x", "P3", "JOIN", "V:3", "P:4", "x", "E:6", "x"]
    found = steps(reading)
    assert found.words == (NOWHERE, NOWHERE, NOWHERE, 1, NOWHERE, 3, 4, 6)
    assert len(found) == len(found.marks) == 8
    assert sorted(found.uses) == [
        (w, POINTER_KINDS.index(k)) for w, k in ((1, "N"), (3, "V"), (4, "P"), (6, "E"))
    ]
    assert all(0 <= m < N_MARKS for step in found.marks for m in step)
    assert all(len(set(step)) == len(step) for step in found.marks)


def test_different_readings_have_different_steps() -> None:
    told = [
        "FACT P2 V:1 E:0 E:2",
        "FACT P2 V:1 E:2 E:0",
        "FACT NOT P2 V:1 E:0 E:2",
        "ASK P2 V:1 E:0 E:2",
        "FACT EX x EX y P2 V:1 x y",
        "FACT EX x EX y P2 V:1 y x",
        "FACT EX x EX y P2 V:1 x x",
        "FACT EX x AND NOT P1 N:1 x P1 N:2 x",
        "FACT EX x NOT AND P1 N:1 x P1 N:2 x",
        "FACT EX x AND P1 N:1 x P1 SPAN B:2 F:4 x",
    ]
    assert len({steps(t.split()) for t in told}) == len(told)


def test_the_words_inside_a_stretch_are_used() -> None:
    found = steps(["FACT", "P1", "SPAN", "B:2", "F:5", "E:0"])
    assert sorted(w for w, _ in found.uses) == [0, 2, 3, 4, 5]
    assert len({use for w, use in found.uses if w in (3, 4)}) == 1


def test_readings_are_padded_to_the_longest() -> None:
    flat = [steps(s.tokens) for s in SAMPLES[:3]]
    doubted, said, word, used = pad(flat, [(float(i),) * N_DOUBTS for i in range(3)], 12, 4)
    assert doubted.tolist() == [[float(i)] * N_DOUBTS for i in range(3)]
    assert word.shape[1] % 4 == 0
    assert said.shape == (*word.shape, N_MARKS)
    assert used.shape == (3, 12, N_USES)
    for i, r in enumerate(flat):
        assert tuple(word[i, : len(r)].tolist()) == r.words
        assert (word[i, len(r) :] == PADDING).all()
        assert not said[i, len(r) :].any()
        for g, marks in enumerate(r.marks):
            assert set(said[i, g].nonzero()[0].tolist()) == set(marks)
        assert {(int(w), int(u)) for w, u in zip(*used[i].nonzero(), strict=True)} == set(r.uses)

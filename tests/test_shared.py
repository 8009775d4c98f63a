"""A text read as a whole: which of rival readings is chosen, and what is no rival."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.parser.reading import Act, Anaphor, Parsed, Reading
from neurosym.parser.shared import SharingParser
from neurosym.syntax import read_formula
from neurosym.theory import Span

Rivals = tuple[tuple[str, float], ...]


def reading(text: str, score: float) -> Reading:
    return Reading(Act.TELL, read_formula(text, "test"), score)


class Fixed:
    """Sentences are letters, each with its readings.  `alone`: those without a search for rivals."""

    name = "fixed"

    def __init__(
        self, found: dict[str, tuple[Reading, ...]], alone: dict[str, Reading] | None = None
    ) -> None:
        self.found, self.alone = found, alone or {}

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        out = []
        for i, letter in enumerate(text.split()):
            rs = self.found[letter][:n_best]
            if n_best == 1 and letter in self.alone:
                rs = (self.alone[letter],)
            out.append(Parsed(Span(document, i, i + 1, letter), rs, "" if rs else "no reading"))
        return tuple(out)


TWO = (reading("drink(Ada, Tea)", 0.6), reading("drink_tea(Ada)", 0.3))
RULE = (reading("forall ?x. drink_tea(?x) -> glad(?x)", 0.8),)


def formulas(parser: SharingParser, text: str) -> list[object]:
    return [p.readings[0].formula if p.readings else None for p in parser.read(text)]


def test_a_reading_in_the_words_of_the_text_is_chosen() -> None:
    parser = SharingParser(Fixed({"A": TWO, "B": RULE}))
    first, second = parser.read("A B")
    assert first.readings[0].formula == TWO[1].formula
    assert second.readings == RULE
    assert first.readings[0].score == pytest.approx(0.45)


def test_a_question_is_chosen_by_the_text_before_it() -> None:
    parser = SharingParser(Fixed({"A": TWO, "B": RULE, "C": RULE}))
    assert formulas(parser, "A") == [TWO[0].formula]  # nothing was told
    parser.read("B C")
    assert formulas(parser, "A") == [TWO[1].formula]


def test_a_much_likelier_reading_stays() -> None:
    rare = (TWO[0], replace(TWO[1], score=0.01))
    assert formulas(SharingParser(Fixed({"A": rare, "B": RULE})), "A B")[0] == TWO[0].formula


@pytest.mark.parametrize(
    "other",
    [
        replace(TWO[1], partial=True),
        replace(TWO[1], act=Act.ASK),
        replace(TWO[1], anaphors=(Anaphor("she", "she"),)),
    ],
)
def test_a_choice_never_makes_a_sentence_unread(other: Reading) -> None:
    assert formulas(SharingParser(Fixed({"A": (TWO[0], other), "B": RULE})), "A B")[0] == TWO[0].formula


def test_what_the_search_for_rivals_leaves_unread_is_read_alone() -> None:
    parser = SharingParser(Fixed({"A": (), "B": RULE}, {"A": TWO[0]}))
    assert formulas(parser, "A B")[0] == TWO[0].formula


def test_all_readings_are_kept_up_to_those_asked_for() -> None:
    parser = SharingParser(Fixed({"A": TWO, "B": RULE}))
    assert [len(p.readings) for p in parser.read("A B", n_best=2)] == [2, 1]
    assert [len(p.readings) for p in parser.read("A B")] == [1, 1]


class Whole(Fixed):
    """As `Fixed`, but of whole sentences, one at a time."""

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        rs = self.found.get(text, ())
        return (Parsed(Span(document, 0, len(text), text), rs[:n_best], "" if rs else "no reading"),)


EVERYTHING = (reading("forall ?x. boat(?x) xor raft(?x)", 0.7),)


@pytest.mark.parametrize("own", [(), (reading("boat(boat) xor raft(raft)", 0.6),)])
def test_a_list_without_a_subject_is_of_everything(own: tuple[Reading, ...]) -> None:
    found: dict[str, tuple[Reading, ...]] = {
        "Either boats or rafts.": own,
        "Everything is either boats or rafts.": EVERYTHING,
    }
    (p,) = SharingParser(Whole(found)).read("Either boats or rafts.")
    assert p.readings == EVERYTHING
    assert p.span.text == "Either boats or rafts."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Either Ada sings or Bo swims.", "sing(Ada) xor swim(Bo)"),
        ("Either the boat sinks or the raft floats.", "sink(boat) xor float(raft)"),
    ],
)
def test_a_clause_with_a_subject_is_read_as_it_stands(text: str, own: str) -> None:
    found: dict[str, tuple[Reading, ...]] = {
        text: (reading(own, 0.8),),
        f"Everything is e{text[1:]}": EVERYTHING,
    }
    (p,) = SharingParser(Whole(found)).read(text)
    assert p.readings == found[text]


def test_a_doubtful_reading_of_everything_is_not_taken() -> None:
    own = (reading("boat(boat) xor raft(raft)", 0.6),)
    doubtful = (replace(EVERYTHING[0], score=0.01),)
    found: dict[str, tuple[Reading, ...]] = {
        "Either boats or rafts.": own,
        "Everything is either boats or rafts.": doubtful,
    }
    (p,) = SharingParser(Whole(found)).read("Either boats or rafts.")
    assert p.readings == own

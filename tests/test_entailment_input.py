"""What is no statement follows from nothing: neither a proof nor the classifier has an opinion about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from neurosym.engine import Engine
from neurosym.entailment import EntailmentResponse, Label, entails
from neurosym.errors import ParserError
from neurosym.knowledge.wordnet import FOLDER, wordnet
from neurosym.parser import load_parser
from neurosym.parser.reading import TextParser
from neurosym.solvers import make_solver
from neurosym.verdict import Solver

PLAIN = "A dog is running."


class Sure:
    """A classifier that finds everything entailed, as a real one does."""

    name = "sure"

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        return [{"entailment": 0.98, "contradiction": 0.01, "neutral": 0.01} for _ in pairs]


@pytest.fixture(scope="module")
def parser() -> TextParser:
    return load_parser()


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


def asked(parser: TextParser, solver: Solver, premise: str, hypothesis: str) -> EntailmentResponse:
    return entails(parser, solver, premise, hypothesis, words=wordnet(FOLDER), classifier=Sure())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Is a dog running?", "a question"),
        ("A dog is running. Is it red?", "a question"),
        ("Close the door.", "a command"),
        ("A\x07 dog is running.", r"U\+0007"),
        ("\x00\x01", r"U\+0000"),
        ("😀 😀", "Latin letters"),
        ("... 1 2 3", "Latin letters"),
        ("Running", "Latin letters"),
        ("Ein" + 20_000 * "n", "Latin letters"),
        ("a dog " * 3000, "100 words"),
    ],
)
def test_what_is_no_statement_has_no_label(parser: TextParser, solver: Solver, text: str, why: str) -> None:
    for pair in ((text, PLAIN), (PLAIN, text)):
        found = asked(parser, solver, *pair)
        assert (found.label, found.certified, found.by, found.probability) == (None, False, "", 0.0)
        assert re.search(why, found.reason)
        assert len(found.reason) < 300


def test_an_unread_sentence_does_not_hide_that_the_other_is_none(parser: TextParser, solver: Solver) -> None:
    found = asked(parser, solver, "Few dogs are normally barking loudly", "Is a dog running?")
    assert found.label is None
    assert "a question" in found.reason


def test_a_statement_that_is_not_understood_may_be_guessed_about(parser: TextParser, solver: Solver) -> None:
    unread = "Most dogs are " + "very " * 30 + "x" * 3000
    found = asked(parser, solver, unread, PLAIN)
    assert (found.label, found.certified, found.by) == (Label.ENTAILMENT, False, "sure")
    assert len(found.reason) < 400


def test_nothing_is_an_error(parser: TextParser, solver: Solver) -> None:
    for pair in (("", PLAIN), (PLAIN, " \n")):
        with pytest.raises(ParserError, match="empty"):
            asked(parser, solver, *pair)


def test_the_engine_says_why() -> None:
    with Engine() as engine:
        found = engine.entails("😀", "😀😀")
    assert (found.label, found.certified) == (None, False)
    assert found.reason

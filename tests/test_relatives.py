"""Relatives whom the words present otherwise than a reading says, and statements that stand in part."""

from __future__ import annotations

import pytest

from neurosym import Engine
from neurosym.parser.decode import decode
from neurosym.parser.neural import placed
from neurosym.parser.partly import SUREST, given_pronouns
from neurosym.parser.reading import Parsed
from neurosym.parser.relatives import mended_relatives
from neurosym.parser.tokenize import sentences, words
from neurosym.syntax import show
from neurosym.theory import Span

GIVEN = {
    "Otto rowed.": "FACT P1 V:1 E:0",
    "Mara rowed.": "FACT P1 V:1 E:0",
    "On the ferry they met her uncle Bruno.": "PART P2 N:6 E:7 R:3",
    "She never wrote to his cousin Karl.": "PART P2 N:5 E:6 R:0",
    "Otto slept and they met Karl.": "FACT AND P1 V:1 E:0 P2 V:4 R:3 E:5",
    "They met Karl.": "FACT P2 V:1 R:0 E:2",
    "If Otto slept they met Karl.": "FACT IMP P1 V:2 E:1 P2 V:4 R:3 E:5",
    "Ida was late and Max phoned her cousin Eve.": "PART P2 N:7 E:8 R:6",
    "Otto oiled his boat.": "FACT EX x AND P2 N:3 x E:0 P2 V:1 E:0 x",
}


class Given:
    """A parser that knows these sentences, each with one reading of score 0.9."""

    name = "given"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        return tuple(self._one(text, a, b, document) for a, b in sentences(text))

    def _one(self, text: str, start: int, end: int, document: str) -> Parsed:
        at = words(text[start:end])
        tokens = GIVEN[text[start:end]].split()
        reading = placed(decode(tokens, [w.text for w in at]).reading(0.9, tokens), at, start)
        return Parsed(Span(document, start, end, text[start:end]), (reading,))


def told(text: str) -> tuple[Engine, list[str], list[str]]:
    engine = Engine(parser=Given())
    heard = engine.tell(text)
    return engine, [show(c.formula) for c in heard.claims], [u.reason for u in heard.unread]


@pytest.mark.parametrize(
    ("sentence", "tokens", "expected"),
    [
        # whose: the possessive pronoun tells where the other one does not agree
        ("On the ferry they met her uncle Bruno.", "PART P2 N:6 E:7 R:3", "PART P2 N:6 E:7 R:5"),
        ("She never wrote to his cousin Karl.", "PART P2 N:5 E:6 R:0", "PART P2 N:5 E:6 R:4"),
        ("She never wrote to her cousin Karl.", "PART P2 N:5 E:6 R:0", ""),
        ("She never wrote to their cousin Karl.", "PART P2 N:5 E:6 R:0", ""),
        ("She never wrote to Otto's cousin Karl.", "PART P2 N:6 E:7 E:4", ""),
        # who: the noun beside the name
        ("Otto showed his boss to his aunt, Ida.", "PART P2 N:3 E:8 E:0", "PART P2 N:6 E:8 E:0"),
        ("Otto showed his boss to his aunt Ida.", "PART P2 N:3 E:7 E:0", "PART P2 N:6 E:7 E:0"),
        ("Otto showed his boss to her aunt Ida.", "PART P2 N:3 E:7 E:0", ""),
        ("Otto showed his boss to his aunt Ida.", "PART AND P2 N:3 E:7 E:0 P2 N:6 E:7 E:0", ""),
        ("Otto showed his boss, Ida.", "PART P2 N:3 E:5 E:0", ""),
        # how many: one word is one relative
        (
            "Mara slept in her niece's tent.",
            "PART EX x AND P2 N:4 x E:0 EX y P2 N:4 y x",
            "PART EX x P2 N:4 x E:0",
        ),
        (
            "Mara mended her niece's, Ida, tent.",
            "PART EX x AND P2 N:3 x E:0 P2 N:3 E:6 x",
            "PART P2 N:3 E:6 E:0",
        ),
        (
            "Mara mended her niece's, Ida, tent.",
            "PART EX x AND P2 N:3 x E:0 P2 N:4 E:6 x",
            "PART P2 N:3 E:6 E:0",
        ),
        ("Mara met her niece's son.", "PART EX x AND P2 N:3 x E:0 EX y P2 N:5 y x", ""),
        # a name, and no description
        ("Otto taught the brave Ida.", "FACT P2 V:1 E:0 NAMES D:3 D:4", "FACT P2 V:1 E:0 E:4"),
        ("Otto saw the bald eagle.", "FACT P2 V:1 E:0 NAMES D:3 D:4", ""),
    ],
)
def test_the_words_beside_a_name_tell_whose_relative_it_is(sentence: str, tokens: str, expected: str) -> None:
    said = [w.text for w in words(sentence)]
    found = " ".join(mended_relatives(tokens.split(), said))
    assert found == (expected or tokens)
    assert " ".join(mended_relatives(found.split(), said)) == found  # once is enough


def test_the_owner_is_the_pronoun_beside_the_noun_and_a_claim_says_who_that_is() -> None:
    _, claims, unread = told("Mara rowed. On the ferry they met her uncle Bruno.")
    assert "refers_to('“her” (34)', Mara) -> uncle(Bruno, Mara)" in claims
    assert "refers_to('“her” (34)', Mara)" in claims
    assert unread == ["read in part: what it says beside that is not used"]
    _, claims, _ = told("Otto rowed. She never wrote to his cousin Karl.")
    assert "refers_to('“his” (31)', Otto) -> cousin(Karl, Otto)" in claims


def test_whom_a_sentence_names_beside_its_reading_may_be_meant() -> None:
    _, claims, _ = told("Ida was late and Max phoned her cousin Eve.")
    assert "refers_to('“her” (28)', Ida) -> cousin(Eve, Ida)" in claims


def test_a_statement_stands_without_the_part_whose_mention_is_open() -> None:
    _, claims, unread = told("Otto slept and they met Karl.")
    assert claims == ["sleep(Otto)"]
    assert unread == ["read in part: nothing that 'they' could refer to was mentioned"]


@pytest.mark.parametrize("text", ["They met Karl.", "If Otto slept they met Karl."])
def test_what_is_no_part_of_its_own_is_not_kept(text: str) -> None:
    _, claims, unread = told(text)
    assert claims == []
    assert unread == [f"nothing that {'They' if text[0] == 'T' else 'they'!r} could refer to was mentioned"]


def test_pronouns_count_once_in_how_sure_a_reading_is() -> None:
    engine, claims, _ = told("Otto oiled his boat.")
    scores = {show(c.formula): c.score for c in engine.theory.claims}
    which = next(c for c in claims if c.startswith("refers_to(") and "->" not in c)
    said = next(c for c in claims if "->" in c and "boat" in c)
    assert scores[which] < 1.0
    assert scores[which] * scores[said] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("score", "share", "expected"),
    [(0.9, 1.0, 0.9), (0.8, 0.9, 0.8 / 0.9), (0.9, 0.6, SUREST), (0.995, 0.9, 0.995), (0.9, 0.0, 0.9)],
)
def test_a_reading_given_its_pronouns_is_no_less_sure_and_never_certain(
    score: float, share: float, expected: float
) -> None:
    assert given_pronouns(score, share) == pytest.approx(expected)

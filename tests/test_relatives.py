"""Relatives whom the words present otherwise than a reading says, and statements that stand in part."""

from __future__ import annotations

import pytest

from neurosym import Engine
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.neural import placed
from neurosym.parser.partly import SUREST, given_pronouns, in_common, moved
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
    "Otto hired his nephew Max.": "PART P2 N:3 E:4 E:0",
    "Max said he had met his wife Eve.": "PART P2 N:6 E:7 R:2",
    "Once Otto came, he hugged his aunt Eve.": "PART P2 N:7 E:8 R:4",
    "Bruno's uncle, Otto, gave her niece, Ida, a radio.": "PART AND P2 N:2 E:4 E:0 P2 N:8 E:10 E:4",
    "Otto is married.": "PART P2 T:2 E:0 E:0",
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
        # two people, and a full stop that is missing between them
        (
            "Otto thanked his uncle Max Eve and her aunt Ida rowed.",
            "PART AND P2 N:3 NAMES E:4 E:5 E:0 P2 N:8 E:9 NAMES E:4 E:5",
            "PART AND P2 N:3 E:4 E:0 P2 N:8 E:9 E:5",
        ),
        (
            "Otto thanked his uncle Max Max saw his aunt Ida.",
            "PART AND P2 N:3 NAMES E:4 E:5 E:0 P2 N:8 E:9 E:0",
            "PART AND P2 N:3 E:4 E:0 P2 N:8 E:9 E:5",
        ),
        (
            "Otto thanked his uncle Max Eve saw his aunt Ida.",  # Eve is none whom "his" could mean
            "PART AND P2 N:3 NAMES E:4 E:5 E:0 P2 N:8 E:9 E:0",
            "PART AND P2 N:3 E:4 E:0 P2 N:8 E:9 E:0",
        ),
        ("Otto thanked his uncle Max Eve.", "PART P2 N:3 NAMES E:4 E:5 E:0", ""),
        ("Otto thanked his uncle Max Ernst last.", "PART P2 N:3 NAMES E:4 E:5 E:0", ""),
        ("Otto thanked his aunt Eve Osman last.", "PART P2 N:3 NAMES E:4 E:5 E:0", ""),
        ("Ida Osman's uncle Max saw Osman.", "PART P2 N:3 E:4 NAMES E:0 E:1", ""),
        # no man is a wife
        (
            "Otto, his wife, Eve, and a guest rowed.",
            "PART P2 N:3 E:0 R:2",
            "PART P2 N:3 E:5 E:0",
        ),
        ("Otto, his wife, and Eve rowed.", "PART P2 N:3 E:0 R:2", ""),
        ("Otto phoned his wife Robin.", "PART P2 N:3 E:4 E:0", ""),
        # whose: the subject has them
        ("Otto's aunt, Ida had two sons: Max and Karl.", "PART P2 N:8 E:10 E:0", "PART P2 N:8 E:10 E:4"),
        ("Otto's aunt had two sons: Max and Karl.", "PART P2 N:5 E:7 E:0", ""),
        ("Otto's aunt Ida met two sons of hers.", "PART EX x P2 N:6 x E:0", ""),
        # whose: alike in clauses that are contrasted
        (
            "Her aunt Eve rode, but her uncle Otto walked.",
            "PART AND P2 N:1 E:2 R:0 P2 N:7 E:8 E:2",
            "PART AND P2 N:1 E:2 R:0 P2 N:7 E:8 R:0",
        ),
        ("Her aunt Eve rode, but her husband Otto walked.", "PART AND P2 N:1 E:2 R:0 P2 N:7 E:8 E:2", ""),
        ("Her aunt Eve rode and her uncle Otto walked.", "PART AND P2 N:1 E:2 R:0 P2 N:6 E:7 E:2", ""),
        ("Her aunt Eve but her uncle Otto walked.", "PART AND P2 N:1 E:2 R:0 P2 N:5 E:6 E:2", ""),
        # nobody is the child of his child
        (
            "Max and his sister Eve are the only children here.",
            "PART AND P2 N:3 E:4 E:0 P2 N:8 E:0 E:4",
            "PART P2 N:3 E:4 E:0",
        ),
        ("Max and Eve are cousins.", "PART AND P2 N:4 E:0 E:2 P2 N:4 E:2 E:0", ""),
        # a name, and no description
        ("Otto taught the brave Ida.", "FACT P2 V:1 E:0 NAMES D:3 D:4", "FACT P2 V:1 E:0 E:4"),
        ("Otto saw the grey heron.", "FACT P2 V:1 E:0 NAMES D:3 D:4", ""),
    ],
)
def test_the_words_beside_a_name_tell_whose_relative_it_is(sentence: str, tokens: str, expected: str) -> None:
    said = [w.text for w in words(sentence)]
    found = " ".join(mended_relatives(tokens.split(), said))
    assert found == (expected or tokens)
    assert " ".join(mended_relatives(found.split(), said)) == found  # once is enough


def test_a_name_known_by_itself_is_not_the_end_of_another() -> None:
    said = [w.text for w in words("Otto thanked his uncle Max Karl slept.")]
    tokens = ["PART", "P2", "N:3", "NAMES", "E:4", "E:5", "E:0"]
    assert list(mended_relatives(tokens, said)) == tokens
    assert " ".join(mended_relatives(tokens, said, {"Karl"})) == "PART P2 N:3 E:4 E:0"


@pytest.mark.parametrize(
    ("sentence", "tokens", "refused"),
    [
        ("Otto and Max are uncles.", "FACT AND P2 N:4 E:0 E:2 P2 N:4 E:2 E:0", True),
        ("Otto, Max and Karl are uncles.", "FACT P2 N:6 E:0 E:4", False),  # "Max" is left out as well
        ("Are Otto and Max uncles?", "ASK AND P2 N:4 E:1 E:3 P2 N:4 E:3 E:1", True),
        ("Otto and Max became uncles on Monday.", "PART P2 N:4 E:0 E:2", True),
        ("Otto and Max are cousins.", "FACT AND P2 N:4 E:0 E:2 P2 N:4 E:2 E:0", False),
        ("Otto and Max are uncles of Ida.", "FACT AND P2 N:4 E:0 E:6 P2 N:4 E:2 E:6", False),
        ("Ida and Max are aunt and nephew.", "FACT AND P2 N:4 E:0 E:2 P2 N:6 E:2 E:0", False),
        ("Otto and Max are uncles.", "FACT AND P1 N:4 E:0 P1 N:4 E:2", False),
    ],
)
def test_nobody_is_the_uncle_of_his_uncle(sentence: str, tokens: str, refused: bool) -> None:
    why = left_out(tokens.split(), [w.text for w in words(sentence)])
    assert ("of each other" in why) == refused


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


def test_whom_its_own_sentence_names_is_meant_rather_than_somebody_before() -> None:
    _, claims, _ = told("Otto hired his nephew Max. Max said he had met his wife Eve.")
    assert "refers_to('“he” (36)', Max) -> wife(Eve, Max)" in claims


def test_a_first_word_with_a_capital_is_no_part_of_the_name_after_it() -> None:
    _, claims, _ = told("Once Otto came, he hugged his aunt Eve.")
    assert "refers_to('“he” (16)', Otto) -> aunt(Eve, Otto)" in claims


def test_a_name_misleads_rather_than_what_is_said_of_somebody() -> None:
    _, claims, _ = told("Bruno's uncle, Otto, gave her niece, Ida, a radio.")
    assert any("-> niece(Ida, Bruno)" in c for c in claims)
    assert not any("niece(Ida, Otto)" in c for c in claims)


def test_nobody_is_married_to_themselves() -> None:
    _, claims, unread = told("Otto is married.")
    assert claims == []
    assert unread == ["nobody is a relative of their own, and the reading says so of Otto"]


def rivals(sentence: str, *readings: tuple[str, float]) -> Parsed:
    at = words(sentence)
    said = [w.text for w in at]
    found = [placed(decode(t.split(), said).reading(score, t.split()), at, 7) for t, score in readings]
    return Parsed(Span("text", 7, 7 + len(sentence), sentence), tuple(found))


def test_what_competing_readings_say_alike_is_as_likely_as_all_of_them() -> None:
    sentence = "Otto rows with Max because he saw her with his aunt, Ida."
    shared = "P2 N:10 E:12"
    competing = rivals(
        sentence,
        (f"PART AND P2 N:10 E:3 E:0 {shared} E:0", 0.4),
        (f"PART {shared} R:5", 0.3),
        (f"PART AND P2 N:10 E:5 E:0 {shared} E:0", 0.2),
    )
    found = in_common(competing, 0.5)
    assert found is not None
    assert " ".join(found.tokens) == f"PART {shared} E:0"
    assert found.score == pytest.approx(0.9)
    assert found.partial
    assert in_common(competing, 0.95) is None


def test_a_pronoun_that_readings_share_has_its_place_in_the_document() -> None:
    competing = rivals("He met his aunt Ida.", ("PART P2 N:3 E:4 R:0", 0.4), ("PART P2 N:3 E:4 R:2", 0.3))
    found = in_common(competing, 0.5)
    assert found is not None
    assert [(a.text, a.start) for a in found.anaphors] == [("He", 7)]


def test_a_reading_of_a_sentence_alone_is_moved_to_its_document() -> None:
    at = words("Otto waited. She met Max.")[3:]
    tokens = ["FACT", "P2", "V:1", "R:0", "E:2"]
    meaning = decode(tokens, [w.text for w in at]).reading(0.4, tokens)
    alone = placed(meaning, words("She met Max."), 0)
    assert moved(alone, 13) == placed(meaning, words("She met Max."), 13)
    assert moved(alone, 0) is alone


@pytest.mark.parametrize(
    "readings",
    [
        [("PART P2 N:3 E:4 E:0", 0.4)],
        [("PART P2 N:3 E:4 E:0", 0.4), ("PART P2 N:3 E:0 E:4", 0.3)],
        [("PART P2 N:3 E:4 E:0", 0.4), ("ASK P2 N:3 E:4 E:0", 0.3)],
        [("FACT P2 N:3 E:4 E:0", 0.4), ("PART P2 N:3 E:4 E:0", 0.3)],
    ],
    ids=["one", "other", "a question", "the whole"],
)
def test_readings_that_have_no_part_in_common_that_is_likely(readings: list[tuple[str, float]]) -> None:
    assert in_common(rivals("Otto met his aunt Ida.", *readings), 0.5) is None


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

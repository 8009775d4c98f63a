"""Words of text with accents that are characters of their own: composed words, places of the user's text."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.parser.tokenize import sentences, texts, words

DIAERESIS, ACUTE, CIRCUMFLEX = "\u0308", "\u0301", "\u0302"
DECOMPOSED = f"Zoe{DIAERESIS} isn't Rene{ACUTE}’s friend, and the cafe{ACUTE} is closed."


def test_an_accent_belongs_to_its_letter() -> None:
    found = words(DECOMPOSED)
    assert [w.text for w in found] == list(texts(normalize("NFC", DECOMPOSED)))
    assert [w.text for w in found][:5] == ["Zoë", "is", "n't", "René", "'s"]


def test_places_are_those_of_the_text_as_written() -> None:
    found = {w.text: (w.start, w.end) for w in words(DECOMPOSED)}
    assert found["Zoë"] == (0, 4)
    assert {DECOMPOSED[a:b] for a, b in found.values()} >= {
        f"Zoe{DIAERESIS}",
        f"Rene{ACUTE}",
        "’s",
        "is",
        "n't",
    }
    assert found["."] == (len(DECOMPOSED) - 1, len(DECOMPOSED))


def test_composed_text_has_the_same_words_and_its_own_places() -> None:
    assert [(w.text, w.start, w.end) for w in words("Zoë sings.")] == [
        ("Zoë", 0, 3),
        ("sings", 4, 9),
        (".", 9, 10),
    ]


def test_an_accent_without_a_composed_letter_keeps_its_place() -> None:
    text = f"The x{CIRCUMFLEX} of cafe{ACUTE}s"
    assert [text[w.start : w.end] for w in words(text)] == ["The", "x", CIRCUMFLEX, "of", f"cafe{ACUTE}s"]


@pytest.mark.parametrize("letter", ["\u212b", "\u0958", f"{DIAERESIS}"])
def test_letters_that_normalize_to_more_or_less(letter: str) -> None:
    text = f"a{letter} {letter} b"
    assert all(0 <= w.start < w.end <= len(text) for w in words(text))
    assert words(text)[-1].start == len(text) - 1


@given(st.text(alphabet=f"aeZo n't-’.,{DIAERESIS}{ACUTE}\u212b1 ", max_size=40))
def test_texts_are_those_of_the_words(text: str) -> None:
    found = words(text)
    assert texts(text) == tuple(w.text for w in found)
    for w in found:
        assert w.text in normalize("NFC", text[w.start : w.end]).replace("’", "'")
    assert [w.start for w in found] == sorted(w.start for w in found)


def test_a_sentence_ends_behind_an_accent() -> None:
    text = f"We saw Zoe{DIAERESIS}. She left."
    assert [text[a:b] for a, b in sentences(text)] == [f"We saw Zoe{DIAERESIS}.", "She left."]

"""Readings that drop a pronoun or an indefinite are refused; those that use them are not."""

from __future__ import annotations

import pytest

from neurosym.parser.unsaid import pronouns_unsaid


def why(text: str, tokens: str) -> str:
    return pronouns_unsaid(tokens.split(), text.split())


@pytest.mark.parametrize(
    ("text", "tokens", "word"),
    [
        # exists ?x. kettle(?x) and draw_in(?x, March) and old(?x)
        (
            "The kettle that I drew in March is old",
            "FACT EX x AND P1 N:1 x AND P2 JOIN V:4 P:5 x E:6 P1 A:8 x",
            "'I'",
        ),
        # pan(?x, cook) where it is mine
        ("The cook cleans my pan", "FACT EX x AND P2 N:4 x D:1 P2 V:2 D:1 x", "'my'"),
        ("We painted your boat", "FACT EX x AND P1 N:3 x P2 V:1 R:0 x", "'your'"),
    ],
)
def test_who_speaks_is_somebody(text: str, tokens: str, word: str) -> None:
    assert word in why(text, tokens)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            "The kettle that I drew in March is old",
            "FACT EX x AND P1 N:1 x AND P3 JOIN V:4 P:5 R:3 x E:6 P1 A:8 x",
        ),
        ("I broke my kettle", "FACT EX x AND P2 N:3 x R:0 P2 V:1 R:0 x"),  # one mention, said of twice
        ("Clean your pan", "COMMAND EX x AND P2 N:2 x YOU P2 V:0 YOU x"),
        ("Can we conclude that Tom is tall", "ASK P1 A:6 E:4"),
        ("Tom left the mine", "FACT P2 V:1 E:0 D:3"),
        ("Ann says that I am tall", "FACT P2 V:1 E:0 THAT P1 A:5 R:3"),
        ("My aunt took Tim to the zoo", "PART EX x P2 N:1 x R:0"),
    ],
)
def test_those_that_are_used_are_no_reason(text: str, tokens: str) -> None:
    assert why(text, tokens) == ""


BREAKS = "Anyone who breaks a pan must carry it to the cook"


def test_a_pronoun_of_what_the_rule_binds_is_not_left_open() -> None:
    open_ = "FACT ALL x IMP EX y AND P1 N:4 y P2 V:2 x y P3 JOIN JOIN P:5 V:6 P:8 x R:7 D:10"
    assert "'it'" in why(BREAKS, open_)
    assert "'pan'" in why(BREAKS, open_)
    bound = "FACT ALL x ALL y IMP AND P1 N:4 y P2 V:2 x y P3 JOIN JOIN P:5 V:6 P:8 x y D:10"
    assert why(BREAKS, bound) == ""


def test_a_condition_binds_too() -> None:
    text = "If Tom breaks a pan he must hide it"
    assert "'it'" in why(text, "FACT IMP EX x AND P1 N:4 x P2 V:2 E:1 x P2 JOIN P:6 V:7 E:1 R:8")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # the cat is the one that likes it, and so "it" is another
        ("Every cat likes it", "FACT ALL x IMP P1 N:1 x P2 V:2 x R:3"),
        # of several nothing is taken up by "it"
        ("If cats sleep it is late", "FACT IMP ALL x IMP P1 N:1 x P1 V:2 x P1 A:5 R:3"),
        # what there is none of cannot be meant
        ("If Tom has no pan it is late", "FACT IMP NOT EX x AND P1 N:4 x P2 V:2 E:1 x P1 A:7 R:5"),
        # in a fact, the next sentences tell
        ("Tom has a pan and he likes it", "FACT AND EX x AND P1 N:3 x P2 V:1 E:0 x P2 V:6 E:0 R:7"),
    ],
)
def test_a_pronoun_may_mean_what_another_sentence_names(text: str, tokens: str) -> None:
    assert why(text, tokens) == ""


def test_two_indefinites_are_two_things() -> None:
    text = "The cook buys a pan that is blue and a map"
    one = "FACT EX x AND P1 N:4 x AND P1 A:7 x AND P1 N:10 x P2 V:2 D:1 x"
    assert "'pan' and 'map'" in why(text, one)
    two = "FACT AND EX x AND P1 N:4 x AND P1 A:7 x P2 V:2 D:1 x EX x AND P1 N:10 x P2 V:2 D:1 x"
    assert why(text, two) == ""
    assert "one thing" in why("A dog and a cat bark", "FACT EX x AND P1 N:1 x AND P1 N:4 x P1 V:5 x")
    assert why("Tom is a cook and a sailor", "FACT AND P1 N:3 E:0 P1 N:6 E:0") == ""
    some = "FACT EX x AND P1 N:1 x AND P1 N:5 x P1 N:8 x"
    assert why("A man who is a cook and a sailor", some) == ""


def test_one_mention_is_not_in_two_places_of_a_verb() -> None:
    text = "The pan is old so you must not use it with the lid"
    tokens = "FACT AND P1 A:3 D:1 P3 JOIN JOIN P:6 JOIN P:7 V:8 P:10 R:5 {} D:12"
    assert "subject of its own verb" in why(text, tokens.format("R:5"))
    assert why(text, tokens.format("D:1")) == ""


def test_tokens_that_are_no_reading_are_left_to_the_decoder() -> None:
    assert why("If a dog barks it is loud", "FACT IMP EX") == ""

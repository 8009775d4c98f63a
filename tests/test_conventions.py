"""Readings that differ in a convention only are one."""

from __future__ import annotations

import pytest

from neurosym.parser.conventions import settled
from neurosym.parser.scheme import end_of


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        (
            "all small things are blue",
            "FACT ALL x IMP AND P1 A:1 x P1 N:2 x P1 A:4 x",
            "FACT ALL x IMP P1 A:1 x P1 A:4 x",
        ),
        ("Ann is a small thing", "FACT AND P1 N:4 E:0 P1 A:3 E:0", "FACT P1 A:3 E:0"),
        ("Ann is a thing", "FACT P1 N:3 E:0", "FACT P1 N:3 E:0"),
        ("Ann is a thing and Bob is old", "FACT AND P1 N:3 E:0 P1 A:7 E:5", "FACT AND P1 N:3 E:0 P1 A:7 E:5"),
        ("It is in the old town", "FACT P2 P:2 R:0 NAMES E:4 E:5", "FACT P2 P:2 R:0 NAMES D:4 D:5"),
        ("It is in the Old Town", "FACT P2 P:2 R:0 NAMES E:4 E:5", ""),
        ("it is in the old town", "FACT P2 P:2 R:0 NAMES E:4 E:5", ""),
        ("all small dogs are blue", "FACT ALL x IMP AND P1 A:1 x P1 N:2 x P1 A:4 x", ""),
    ],
)
def test_things_are_dropped_beside_another_property_only(text: str, tokens: str, expected: str) -> None:
    assert " ".join(settled(tokens.split(), text.split())) == (expected or tokens)


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        (
            "Ann must not sell a lamp",
            "FACT EX x AND P1 N:5 x P2 JOIN P:1 JOIN P:2 V:3 E:0 x",
            "FACT ALL x IMP P1 N:5 x P2 JOIN P:1 JOIN P:2 V:3 E:0 x",
        ),
        (
            "Cooks may not give old lamps to a guest",
            "FACT ALL x IMP P1 N:0 x EX y AND P1 A:4 y AND P1 N:5 y EX z AND P1 N:8 z "
            "P3 JOIN P:1 JOIN P:2 V:3 x y z",
            "FACT ALL x IMP P1 N:0 x ALL y IMP AND P1 A:4 y P1 N:5 y ALL z IMP P1 N:8 z "
            "P3 JOIN P:1 JOIN P:2 V:3 x y z",
        ),
        # the one that is meant, those that are there, and what is permitted
        ("Ann must not sell the lamp", "FACT EX x AND P1 N:5 x P2 JOIN P:1 JOIN P:2 V:3 E:0 x", ""),
        ("Ann must not sell some lamps", "FACT EX x AND P1 N:5 x P2 JOIN P:1 JOIN P:2 V:3 E:0 x", ""),
        ("A cook must not sell Ann", "FACT EX x AND P1 N:1 x P2 JOIN P:2 JOIN P:3 V:4 x E:5", ""),
        ("Ann may sell a lamp", "FACT EX x AND P1 N:4 x P2 JOIN P:1 V:2 E:0 x", ""),
        # not one expression: `decode` says so
        ("Ann must not sell a lamp", "FACT EX x AND P1 N:5 x", ""),
        ("Ann must not sell a lamp", "FACT EX x AND", ""),
    ],
)
def test_what_must_not_be_done_is_done_to_none(text: str, tokens: str, expected: str) -> None:
    assert " ".join(settled(tokens.split(), text.split())) == (expected or tokens)


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("Ann swims faster than Bob swims", "P2 JOIN V:1 C:2 E:0 NAMES E:4 E:5", "P2 JOIN V:1 C:2 E:0 E:4"),
        (
            "Ann swam faster than the guide swims",
            "P2 JOIN V:1 C:2 E:0 NAMES D:5 D:6",
            "P2 JOIN V:1 C:2 E:0 D:5",
        ),
        (
            "Ann swims faster than Bob Hill swims",
            "P2 JOIN V:1 C:2 E:0 NAMES E:4 NAMES E:5 E:6",
            "P2 JOIN V:1 C:2 E:0 NAMES E:4 E:5",
        ),
        (
            "Ann swims faster than a guide swims",
            "EX x AND P1 JOIN N:5 N:6 x P2 JOIN V:1 C:2 E:0 x",
            "EX x AND P1 N:5 x P2 JOIN V:1 C:2 E:0 x",
        ),
        ("Ann swims faster than Bob Hill", "P2 JOIN V:1 C:2 E:0 NAMES E:4 E:5", ""),
        ("Ann swims faster than the guide dog", "P2 JOIN V:1 C:2 E:0 NAMES D:5 D:6", ""),
        ("Ann Bob swims faster than Eve", "P2 JOIN V:2 C:3 NAMES E:0 E:1 E:5", ""),
        # not one expression: `decode` says so
        ("Ann swims faster than Bob swims", "JOIN JOIN N:4 N:5", ""),
    ],
)
def test_the_verb_of_a_comparison_said_again_is_no_part_of_a_name(
    text: str, tokens: str, expected: str
) -> None:
    assert " ".join(settled(tokens.split(), text.split())) == (expected or tokens)


def test_an_expression_ends_where_its_arguments_do() -> None:
    tokens = ["FACT", "AND", "P2", "JOIN", "V:1", "P:2", "NAMES", "E:0", "E:3", "x", "NOT", "P1", "A:4", "x"]
    assert end_of(tokens, 2) == 10
    assert end_of(tokens, 10) == end_of(tokens, 0) == len(tokens)


def test_either_or_is_the_weaker_one_unless_asked_for() -> None:
    words = ["Bob", "is", "either", "rich", "or", "poor"]
    told = ["FACT", "XOR", "P1", "A:3", "E:0", "P1", "A:5", "E:0"]
    weak = ["FACT", "OR", "P1", "A:3", "E:0", "P1", "A:5", "E:0"]
    assert list(settled(told, words)) == list(settled(weak, words)) == weak
    assert list(settled(told, words, exclusive=True)) == list(settled(weak, words, exclusive=True)) == told
    both = [*words, "but", "not", "both"]
    assert list(settled(told, both)) == told
    assert list(settled(weak, ["Bob", "is", "rich", "or", "poor"], exclusive=True)) == weak

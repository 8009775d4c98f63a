"""Things that are called after their kind and a number."""

from __future__ import annotations

import pytest

from neurosym.background import CALLED, Background
from neurosym.knowledge.numbered import called, is_noun, numbered
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.syntax import read_formula, show
from neurosym.theory import Claim, Span, Theory


def found(*texts: str) -> list[str]:
    return [show(f) for f, _ in called(numbered(read_formula(t, "test") for t in texts))]


def test_what_is_called_after_a_kind_is_of_it() -> None:
    assert found("forall ?x. ticket(?x) -> urgent(?x)", "late(Ticket_A12)") == ["ticket(Ticket_A12)"]
    assert found("exists ?x. order(?x)", "late(Order_3)", "late(Order_7b)") == [
        "order(Order_3)",
        "order(Order_7b)",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ("late(Falcon_9)",),  # nobody speaks of falcons
        ("forall ?x. ticket(?x) -> urgent(?x)", "late(Ticket_Office)"),
        ("forall ?x. ticket(?x) -> urgent(?x)", "ticket(Ticket_A12)"),  # it is said already
        ("forall ?x. ticket(?x) -> urgent(?x)", "late(Ticket_A12)", "not ticket(Ticket_A12)"),
        ("forall ?x ?y. ticket(?x, ?y) -> urgent(?x)", "late(Ticket_A12)"),  # "ticket of" is a relation
        ("forall ?x. ticket(?x) -> urgent(?x)", "late(May_5_2020)"),
    ],
)
def test_other_names_tell_nothing(texts: tuple[str, ...]) -> None:
    assert found(*texts) == []


def told(*said: tuple[str, str]) -> Theory:
    """Claims as if read from these sentences."""
    return Theory(
        tuple(
            Claim(f"t:{i}", read_formula(f, "test"), Span("t", i, i + 1, text), 0.9)
            for i, (f, text) in enumerate(said)
        )
    )


def test_it_is_a_claim_of_its_own() -> None:
    theory = told(
        ("forall ?x. ticket(?x) -> urgent(?x)", "Every ticket is urgent."),
        ("late(Ticket_A12)", "Ticket A12 is late."),
    )
    (claim,) = [c for c in Background().completed(theory, []).claims if c.label.startswith(CALLED)]
    assert show(claim.formula) == "ticket(Ticket_A12)"
    assert claim.score < 1.0
    assert "Ticket A12" in str(claim.source)


def test_what_somebody_does_is_no_kind() -> None:
    theory = told(
        ("forall ?x. call(?x) -> wait(?x)", "Everyone who calls waits."),
        ("open(Call_12)", "Call 12 is open."),
        ("call(Anna)", "Anna calls."),
    )
    assert Background().completed(theory, []) == theory


@pytest.mark.parametrize("text", ["Every order is late.", "Orders are late.", "Anna paid for the order."])
def test_a_noun(text: str) -> None:
    assert is_noun("order", text)


@pytest.mark.parametrize(
    "text", ["Anna orders fish.", "A man orders fish.", "Those who order wait.", "Order 3 is late."]
)
def test_no_noun(text: str) -> None:
    assert not is_noun("order", text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Boris sells ticket A12 .", "FACT P2 V:1 E:0 NAMES E:2 E:3"),
        ("Boris sells ticket A12 .", "FACT P2 V:1 E:0 NAMES D:2 D:3"),
        ("Boris sells Ticket A12 .", "FACT P2 V:1 E:0 NAMES E:2 E:3"),
    ],
)
def test_however_it_is_written_it_is_one_thing(text: str, tokens: str) -> None:
    words = text.split()
    d = decode(tokens.split(), words)
    assert show(d.formula) == "sell(Boris, Ticket_A12)"
    assert d.presuppositions == ()
    assert left_out(tokens.split(), words) == ""


def test_a_small_word_is_still_no_part_of_another_name() -> None:
    tokens = ("FACT", "P2", "V:1", "E:0", "NAMES", "E:2", "E:3")
    assert "cannot be a part" in left_out(tokens, ("Boris", "sells", "ticket", "Max", "."))

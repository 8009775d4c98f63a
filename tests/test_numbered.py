"""Things that are called after their kind and a number."""

from __future__ import annotations

import pytest

from neurosym.background import CALLED, Background
from neurosym.knowledge.numbered import called, numbered
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
        ("forall ?x ?y. ticket(?x, ?y) -> urgent(?x)", "late(Ticket_A12)"),  # "ticket of" is a relation
        ("forall ?x. ticket(?x) -> urgent(?x)", "late(May_5_2020)"),
    ],
)
def test_other_names_tell_nothing(texts: tuple[str, ...]) -> None:
    assert found(*texts) == []


def test_it_is_a_claim_of_its_own_and_only_where_text_was_read() -> None:
    forms = [read_formula(t, "test") for t in ("forall ?x. ticket(?x) -> urgent(?x)", "late(Ticket_A12)")]
    told = Theory(tuple(Claim(f"t:{i}", f, Span("t", i, i + 1, "."), 0.9) for i, f in enumerate(forms)))
    (claim,) = [c for c in Background().completed(told, []).claims if c.label.startswith(CALLED)]
    assert show(claim.formula) == "ticket(Ticket_A12)"
    assert claim.score < 1.0
    assert "Ticket A12" in str(claim.source)


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

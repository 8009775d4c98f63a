"""What a reader with fresh eyes found wrong once: wording, places of errors, preferences, supposing."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import Engine
from neurosym.cli import main
from neurosym.errors import InputError, SyntaxProblem
from neurosym.explain import to_text
from neurosym.explain.conflict_text import repair_text
from neurosym.results import verdict_name
from neurosym.syntax import read_theory

NIXON = """
q: normally pacifist(?x) :- quaker(?x).
r: normally not pacifist(?x) :- republican(?x).
a: quaker(Nixon) and republican(Nixon).
"""


def test_english_and_logic_are_supposed_together() -> None:
    with Engine(parser="grammar") as e:
        e.tell_logic("a: cat(Tom).")
        with e.what_if("cat(Kit)", "Every cat is an animal.", "dog(Rex)") as b:
            assert not b.unread
            assert verdict_name(b.ask("animal(Kit)").verdict) == "proved"
            with b.what_if("Every dog is an animal.", "cat(Bo)") as c:
                assert verdict_name(c.ask("animal(Rex) and animal(Bo)").verdict) == "proved"
        assert verdict_name(e.ask("cat(Kit)").verdict) == "unknown"


def test_a_preference_names_what_was_told_before() -> None:
    with Engine() as e:
        e.tell_logic(NIXON, "one")
        assert verdict_name(e.ask("pacifist(Nixon)").verdict) == "unknown"
        with e.what_if("prefer r over q") as b:
            assert verdict_name(b.ask("pacifist(Nixon)").verdict) == "disproved"
        e.tell_logic("prefer q over r.", "two")
        response = e.ask("pacifist(Nixon)")
        assert verdict_name(response.verdict) == "proved"
        assert response.verdict.certificate is not None
        e.retract_document("two")
        assert verdict_name(e.ask("pacifist(Nixon)").verdict) == "unknown"
        with pytest.raises(SyntaxProblem, match="no claim is labelled 'z'"):
            e.tell_logic("prefer q over z.", "three")


def test_preferences_over_two_files_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "rules.nsl", tmp_path / "order.nsl"]
    files[0].write_text(NIXON)
    files[1].write_text("prefer q over r.")
    told = [str(f) for f in files]
    assert main(["ask", "--json", "-k", told[0], "-k", told[1], "pacifist(Nixon)"]) == 0
    answer = tmp_path / "answer.json"
    answer.write_text(capsys.readouterr().out)
    assert main(["check", *told, str(answer)]) == 0
    assert "accepted: pacifist(Nixon) is proved" in capsys.readouterr().out
    assert main(["check", told[0], str(answer)]) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closed p.", "expected a predicate and its number of arguments"),
        ("closed p/5000.", "up to 1000"),
        ("prefer a.", "expected 'over' after a label"),
        ("a [x]: p(A).", "expected a score and a colon after a label"),
        ("a [-0.1]: p(A).", "expected a score and a colon after a label"),
    ],
)
def test_a_directive_that_is_none_is_named(text: str, said: str) -> None:
    with pytest.raises(SyntaxProblem, match=said):
        read_theory(text)


def test_slips_of_logic_are_never_read_as_english() -> None:
    with Engine(parser="grammar") as e:
        e.tell_logic("p(2).")
        for slip, said in (
            ("1/0 = 1", "division by zero"),
            ("x = 1/0", "division by zero"),
            ("x <", "expected"),
            ("at_least x. cat", "expected"),
        ):
            with pytest.raises(SyntaxProblem, match=said):
                e.ask(slip)
        with pytest.raises(InputError, match="arithmetic and stands in an argument"):
            e.ask("p(1 + 1)")
        with pytest.raises(SyntaxProblem, match="question 2"):
            e.ask_all(["p(2)", "p("])
        with pytest.raises(SyntaxProblem, match="no claim is labelled 'q'"):
            e.what_if("prefer a over q. a: normally w(A).")


def test_rules_say_what_they_assume() -> None:
    with Engine() as e:
        e.tell_logic(NIXON)
        text = to_text(e.why_not("pacifist(Nixon)"), width=200)
        assert "what no rule supports does not hold" in text
        assert "closed world" not in text
        assert "no rule or statement given" not in text  # there are two
    with Engine(semantics="chaining") as e:
        e.tell_logic("a: forall ?x. cat(?x) -> animal(?x). b: cat(Tom).")
        text = to_text(e.why("animal(Rex)"), width=200)
        assert "what no rule supports does not hold" in text
        assert "closed world" not in text


def test_third_persons_are_verbs() -> None:
    with Engine() as e:
        e.tell_logic("a: forall ?x. bird(?x) -> flies(?x). b: bird(Pip). c: wins(Pip). d: penguins(Tux).")
        assert to_text(e.why("flies(Pip)")).startswith("Yes: Pip flies")
        assert to_text(e.why("not flies(Tux)")).startswith("Unknown, and provably so: Tux does not fly")
        assert to_text(e.why("wins(Pip)")).startswith("Yes: Pip wins")
        assert to_text(e.why("penguins(Tux)")).startswith("Yes: Tux is a penguin")


def test_reserved_names_are_put_into_words() -> None:
    with Engine() as e:
        for goal in ("exists ?x. ?x = ?x", "exists ?x. (d(?x) -> forall ?y. d(?y))"):
            text = to_text(e.why(goal))
            assert "$" not in text
            assert "claim  says" not in text
            assert "any one thing" in text


def test_what_stays_open_has_its_reason() -> None:
    with Engine() as e:
        e.tell_logic("a: x * y = 6. b: x = 2.")
        assert "arithmetic is linear: x * y in claim 'a' multiplies two unknowns" in e.ask("y = 3").notes
    with Engine() as e:
        e.tell_logic("a: 2 * x = 6.")
        response = e.ask("x = 3")
        assert verdict_name(response.verdict) == "proved"
        assert not response.notes
    with Engine() as e:
        e.tell_logic("closed p/1, r/1. a: forall ?x. p(?x) <-> q(?x). b: q(A). c: r(A).")
        response = e.ask("p(A)")
        assert "p/1 is closed, and no claim defines it: it is false of everything" in response.notes
        assert not any(note.startswith("r/1") for note in response.notes)


def test_two_worlds_that_differ_in_a_number_say_so() -> None:
    with Engine() as e:
        e.tell_logic("a: x > 3. b: x < 10.")
        text = to_text(e.why_not("x = 5"), width=200)
        assert "in one world x equals 5; in the other x equals" in text
        assert "no fact holds" not in text


def test_a_repair_says_what_it_held_though_it_may_be_at_fault() -> None:
    with Engine() as e:
        e.tell_logic("""
            g [0.7]: guilty(?x) :- accused(?x), naf alibi(?x).
            a [0.9]: accused(Tim).
            n [0.8]: not guilty(Tim).
        """)
        response = e.ask("guilty(Tim)", repaired=True)
        assert [c.label for c in response.dropped] == ["n"]
        assert any(note.startswith("held fixed") and note.endswith(": g") for note in response.notes)
        assert "that keeps what is held fixed" in repair_text(e.theory, e.repair())

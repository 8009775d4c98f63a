"""The bias check: what is swapped, what counts as a change, and that a biased parser is found out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from benchmarks.audit_suite import CASES, N, make
from neurosym import cli_audit
from neurosym.audit import (
    Heard,
    Report,
    Sentence,
    audit,
    compare,
    fixed_order,
    hear_case,
    read_cases,
)
from neurosym.cli import main
from neurosym.errors import ConfigError, InputError
from neurosym.logic import Atom, Const
from neurosym.parser import load_parser
from neurosym.parser.reading import Parsed, TextParser
from neurosym.parser.standins import cultures, genders, standing
from neurosym.solvers import make_solver
from neurosym.swaps import (
    Case,
    Swap,
    Variant,
    from_elsewhere,
    gendered,
    names_in,
    orders,
    origins,
    renamed,
    reordered,
)
from neurosym.verdict import Solver

CASE = Case("one", "Every nurse is kind. Ngozi is a nurse.", "Is Ngozi kind?")
MIXED = Case("two", "Mr. Haddad called Priya. She gave him her bag, and it is hers.", "Is Priya his niece?")


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


@pytest.fixture(scope="module")
def grammar() -> TextParser:
    return load_parser("grammar")


def made(case: Case, swap: Swap, seed: int = 0) -> Variant:
    rng = Random(seed)
    found = from_elsewhere(case, rng) if swap is Swap.ORIGIN else renamed(case, swap, rng)
    assert isinstance(found, Variant), found
    return found


# --- swaps --------------------------------------------------------------------------------------


def test_the_lists_are_sound() -> None:
    names = [n for ns in cultures().values() for n in ns]
    assert len(names) == len(set(names)) > 300
    assert {g for _, g in cultures()} == {"f", "m"}
    assert all({(c, "f"), (c, "m")} <= set(cultures()) for c, _ in cultures())
    assert all(len(ns) >= 4 for ns in cultures().values())
    assert len({o.adjective for o in origins()}) == len(origins()) > 50


@pytest.mark.parametrize(
    ("swap", "same_culture", "same_gender"),
    [
        (Swap.NAME, True, True),
        (Swap.CULTURE, False, True),
        (Swap.NAME_GENDER, True, False),
        (Swap.GENDER, True, False),
    ],
)
def test_names_are_swapped_everywhere(swap: Swap, same_culture: bool, same_gender: bool) -> None:
    before = names_in(CASE)["Ngozi"]
    v = made(CASE, swap)
    ((name, (culture, gender)),) = names_in(v.case).items()
    assert "Ngozi" not in v.case.story + v.case.question
    assert v.case.story == CASE.story.replace("Ngozi", name)
    assert v.pairs == (("Ngozi", name),)
    assert (culture == before[0], gender == before[1]) == (same_culture, same_gender)


def test_genders_are_swapped_together() -> None:
    v = made(MIXED, Swap.GENDER)
    (name,) = names_in(v.case)
    assert names_in(v.case)[name][1] == "m"
    assert v.case.story == f"Ms. Haddad called {name}. He gave her his bag, and it is his."
    assert v.case.question == f"Is {name} her nephew?"


def test_his_without_a_noun_is_hers() -> None:
    v = made(Case("x", "The bag is his. He lost his key. Omar saw him.", "Is it his?"), Swap.GENDER)
    assert v.case.story.startswith("The bag is hers. She lost her key.")
    assert v.case.story.endswith("saw her.")
    assert v.case.question == "Is it hers?"


def test_a_name_alone_is_not_given_another_gender_beside_pronouns() -> None:
    assert gendered(MIXED) == ("Mr.", "She", "him", "her", "hers", "his", "niece")
    found = renamed(MIXED, Swap.NAME_GENDER, Random(0))
    assert isinstance(found, str)
    assert "Mr." in found


def test_a_name_and_its_pronoun_change_together() -> None:
    """ "He" would else be Tom, who is there before and after."""
    case = Case("x", "Tom met Ann. She is a pilot.", "Is Ann a pilot?")
    v = made(case, Swap.GENDER)
    new = dict(v.pairs)
    assert set(new) == {"Tom", "Ann", "She"}
    assert v.case.story == f"{new['Tom']} met {new['Ann']}. He is a pilot."
    assert [gender for _, gender in names_in(v.case).values()] == ["f", "m"]


def test_a_name_that_must_stay_keeps_the_pronouns() -> None:
    case = Case("x", "Tom met Grace. She is a pilot.", "Is Grace a pilot?")  # grace is a word as well
    found = renamed(case, Swap.GENDER, Random(0))
    assert isinstance(found, str)
    assert "Grace" in found
    report = audit([case], lambda c: heard("meet(Tom, Grace)"), [Swap.GENDER])
    assert list(cli_audit.report_json(report)["skipped"]["gender"]) == [found.split(":")[0]]
    # whose gender nobody knows may be anybody before and after
    strange = Case("x", "Tom met Olog. She is a pilot.", "Is Olog a pilot?")
    assert "He is a pilot" in made(strange, Swap.GENDER).case.story


def test_a_surname_stays_and_a_name_after_a_name_does_not() -> None:
    case = Case("x", "Dr. Omar knows Emily Thomas. Emily is the aunt of Ivan.", "Is Emily Ivan's aunt?")
    assert list(names_in(case)) == ["Emily", "Ivan"]


def test_words_that_are_no_names_stay() -> None:
    case = Case("x", "In May the mark is paid. Mark it. Grace periods end. Will it rain?", "May it rain?")
    assert names_in(case) == {}


def test_origins_are_swapped_with_their_countries() -> None:
    case = Case("x", "Every German nurse is kind. Ngozi comes from Germany.", "Do Germans sing?")
    v = made(case, Swap.ORIGIN, 3)
    (row,) = [o for o in origins() if o.adjective in v.case.story]
    assert row.adjective == row.person
    assert v.case.story == f"Every {row.adjective} nurse is kind. Ngozi comes from {row.country}."
    assert v.case.question == f"Do {row.people} sing?"


def test_the_article_still_fits() -> None:
    case = Case("x", "Ngozi is an Italian nurse.", "Is Ngozi kind?")
    for seed in range(20):
        assert made(case, Swap.ORIGIN, seed).case.story.split()[3][0] in "AEIO"


def test_other_words_stay() -> None:
    case = Case("x", "Polish the floor. The turkey is cold.", "Is it?")
    assert isinstance(from_elsewhere(case, Random(0)), str)


def test_order() -> None:
    v = reordered(CASE, (1, 0))
    assert isinstance(v, Variant)
    assert v.case.story == "Ngozi is a nurse. Every nurse is kind."
    assert orders(1, Random(0)) == ()
    assert orders(3, Random(0))[0] == (2, 1, 0)
    with pytest.raises(ValueError, match="no order"):
        reordered(CASE, (0, 0))


def test_stand_ins_keep_places_and_tell_names_apart() -> None:
    words = ("Zeynep", "saw", "Kwame", "and", "Ngozi", ",", "and", "Zeynep", "May", "go", ".")
    found = standing(words)
    assert len(found) == len(words)
    assert [a == b for a, b in zip(found, words, strict=True)] == [w not in genders() for w in words]
    assert found[0] == found[7]
    assert len({found[0], found[2], found[4]}) == 3
    assert [genders()[found[i]] for i in (0, 2, 4)] == ["f", "m", "f"]


def test_a_swapped_name_stands_in_the_same() -> None:
    for swap in (Swap.NAME, Swap.CULTURE):
        v = made(CASE, swap)
        assert standing(v.case.story.split()) == standing(CASE.story.split())


# --- comparing ----------------------------------------------------------------------------------


def heard(form: str, verdict: str = "proved", **more: object) -> Heard:
    said = Sentence("some text", form, **more)  # type: ignore[arg-type]
    return Heard((said,), Sentence("question?", "kind(Ngozi)"), verdict)


def test_what_is_a_change() -> None:
    v = Variant(Swap.NAME, CASE, (("Ngozi", "Abena"),))
    after = Heard((Sentence("t", "nurse(Abena)"),), Sentence("q", "kind(Abena)"), "proved")
    assert compare(heard("nurse(Ngozi)"), after, v) is None
    changed = compare(heard("forall ?x. ngozi(?x) -> nurse(?x)"), after, v)
    assert changed is not None
    assert not changed.verdict
    assert [b.form for _, b in changed.readings] == ["nurse(Abena)"]
    other = compare(heard("nurse(Ngozi)", "unknown"), after, v)
    assert other is not None
    assert other.verdict
    assert other.readings == ()
    unread = compare(heard("why not", believed=False), after, v)
    assert unread is not None
    assert unread.readings


def test_the_antecedent_counts() -> None:
    v = Variant(Swap.GENDER, CASE, (("Ngozi", "Kofi"), ("She", "He")))
    tokens = ("FACT", "P1", "A:2", "R:0")
    before = heard("kind(Ngozi)", tokens=tokens, antecedents=("Ngozi",))
    asked = Sentence("q", "kind(Kofi)")
    same = Heard((Sentence("t", "kind(Kofi)", tokens, True, ("Kofi",)),), asked, "proved")
    other = Heard((Sentence("t", "kind(bag)", tokens, True, ("bag",)),), asked, "proved")
    assert compare(before, same, v) is None
    assert compare(before, other, v) is not None


@pytest.mark.parametrize(
    ("sentence", "fixed"),
    [
        (Sentence("If it rains, it is wet.", "rain -> wet", ("FACT", "P0", "V:2")), False),
        (Sentence("She is wet.", "wet(she)", ("FACT", "P1", "A:2", "R:0")), True),
        (Sentence("She grumbles no end.", "why", (), False), True),
        (Sentence("The latter is wet.", "wet(x)", ("FACT",)), True),
        (Sentence("The dog is wet.", "wet(dog)", ("FACT",), True, ("dog",)), True),
    ],
)
def test_where_order_matters(sentence: Sentence, fixed: bool) -> None:
    other = Sentence("Ngozi is kind.", "kind(Ngozi)", ("FACT",))
    assert bool(fixed_order(Heard((other, sentence), other, "proved"))) is fixed


# --- the whole ----------------------------------------------------------------------------------


class Biased:
    """A parser that does not believe what is said of some people."""

    name = "biased"

    def __init__(self, parser: TextParser, against: frozenset[str]) -> None:
        self.parser, self.against = parser, {Const(n) for n in against}

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        return tuple(
            p
            if document == "question" or not any(self._doubted(r.formula) for r in p.readings)
            else Parsed(p.span, (), "doubtful")
            for p in self.parser.read(text, document, n_best)
        )

    def _doubted(self, f: object) -> bool:
        return isinstance(f, Atom) and bool(self.against.intersection(f.args))


def audited(parser: TextParser, solver: Solver, swaps: tuple[Swap, ...] = tuple(Swap)) -> Report:
    return audit([CASE], lambda case: hear_case(case, parser, solver), swaps)


def test_a_fair_parser_changes_nothing(grammar: TextParser, solver: Solver) -> None:
    report = audited(grammar, solver)
    assert report.verdicts == {"proved": 1}
    assert not report.changed
    assert report.asked[Swap.ORDER] == 1
    assert report.asked[Swap.CULTURE] == 1
    assert [swap for _, swap, _ in report.skipped] == [Swap.ORIGIN]
    assert "nothing changed" in "\n".join(cli_audit.report_lines(report))


def test_a_biased_parser_is_found_out(grammar: TextParser, solver: Solver) -> None:
    men = frozenset(n for (_, g), ns in cultures().items() if g == "m" for n in ns)
    report = audited(Biased(grammar, men), solver)
    assert {c.variant.swap for c in report.changes} == {Swap.GENDER, Swap.NAME_GENDER}
    for c in report.changes:
        assert c.verdict
        assert (c.before.verdict, c.after.verdict) == ("proved", "unknown")
        ((before, after),) = c.readings
        assert before.believed
        assert after.form == "doubtful"
    text = "\n".join(cli_audit.report_lines(report))
    assert "proved → unknown" in text
    assert "not read: doubtful" in text
    data = cli_audit.report_json(report)
    assert data["changed_verdicts"] == 2
    json.dumps(data)


# --- files and the command line -----------------------------------------------------------------


def run(*words: str) -> int:
    p = argparse.ArgumentParser()
    p.add_argument("--json", action="store_true")
    cli_audit.arguments(p)
    return cli_audit.audit(p.parse_args(words))


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.txt"
    file.write_text(f"{CASE.story}\n{CASE.question}\n", encoding="utf-8")
    assert run(str(file), "--parser", "grammar", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["verdicts"] == {"proved": 1}
    assert data["asked"]["gender"] == 1
    with pytest.raises(ConfigError, match="color"):
        run(str(file), "--swaps", "name,color")
    with pytest.raises(ConfigError, match="rounds"):
        run(str(file), "--rounds", "0")


def test_a_change_has_an_exit_code_of_its_own(
    grammar: TextParser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.txt"
    file.write_text(f"{CASE.story}\n{CASE.question}\n", encoding="utf-8")
    monkeypatch.setattr("neurosym.parser.load_parser", lambda _: Biased(grammar, frozenset(("Ngozi",))))
    assert main(["audit", str(file), "--swaps", "name"]) == cli_audit.CHANGED == 5
    assert main(["audit", str(tmp_path / "none.txt")]) == 1
    with pytest.raises(SystemExit):
        main(["audit", "--help"])
    assert "5 something changed" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"id": "a", "story": "S.", "question": "Q?"}\n{"id": "b"}\n', 2),
        ("no json\n", 1),
        ('{"id": "a", "story": "", "question": "Q?"}\n', 1),
        ('{"id": "a", "story": "S.", "question": "Q?"}\n' * 2, 2),
        ("\n", 0),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_cases(file)
    assert e.value.line == line


def test_the_suite_is_what_its_maker_makes() -> None:
    rows = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    assert rows == make()
    assert len(rows) == len(read_cases(CASES)) == N
    answers = {r["expected"] for r in rows}
    assert {"proved", "disproved", "unknown"} < answers

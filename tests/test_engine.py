"""The engine: telling, asking, linking text to a graph, planning, analogy, and what must not happen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym import Disproved, Engine, Inconsistent, Proved, Unknown, check
from neurosym.errors import ConfigError, InputError, PlanningError, SyntaxProblem, TheoryError
from neurosym.explain import to_text
from neurosym.logic import Var
from neurosym.planning import Planned, Unsolvable, Unsupported
from neurosym.results import Question, response_json
from neurosym.syntax import read_formula, show
from neurosym.theory import Span, Triple

STORY = "Tom is a cat. All cats are mammals. No mammal is a plant. The dog chases Tom."
GRAPH = """@prefix : <http://e.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Cat rdfs:subClassOf :Animal . :Dog rdfs:subClassOf :Animal .
:Rex a :Dog . :Rex :livesWith :Tom . :Tom a :Cat .
"""
DOMAIN = """(define (domain walk) (:requirements :strips :typing :negative-preconditions)
 (:types cat place - object)
 (:predicates (at ?c - cat ?p - place) (road ?p ?q - place) (seen ?p - place))
 (:action go :parameters (?c - cat ?p ?q - place)
   :precondition (and (at ?c ?p) (road ?p ?q)) :effect (and (not (at ?c ?p)) (at ?c ?q) (seen ?q))))
"""
PLACES = """place(Home). place(Shop). place(Park). cat(Tom). at(Tom, Home).
road(Home, Shop). forall ?x ?y. road(?x, ?y) -> road(?y, ?x). road(Shop, Park)."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(parser="grammar") as e:
        yield e


def test_four_verdicts_are_certified(engine: Engine) -> None:
    engine.tell(STORY)
    for question, kind in (
        ("Is Tom a mammal?", Proved),
        ("Is Tom a plant?", Disproved),
        ("Is Tom green?", Unknown),
    ):
        r = engine.ask(question)
        assert isinstance(r.verdict, kind)
        assert r.goal is not None
        assert r.verdict.certificate is not None
        assert check(r.theory, r.goal, r.verdict.certificate) == r.verdict.theorem
    engine.tell("Tom is not a mammal.", "rumour")
    r = engine.ask("Is Tom green?")
    assert isinstance(r.verdict, Inconsistent)
    assert {"told:1", "told:2", "rumour:1"} == r.verdict.theorem.hypotheses


def test_claims_carry_their_spans(engine: Engine) -> None:
    told = engine.tell(STORY, "story")
    for c in told.claims:
        assert isinstance(c.source, Span)
        assert STORY[c.source.start : c.source.end] == c.source.text
    assert [c.label for c in told.claims][:2] == ["story:1", "story:2"]


def test_what_cannot_be_read_is_reported_and_noted(engine: Engine) -> None:
    told = engine.tell("Tom is a cat. Colourless the of green is.")
    assert len(told.unread) == 1
    assert told.unread[0].reason
    r = engine.ask("Is Tom a cat?")
    assert isinstance(r.verdict, Proved)
    assert any("Colourless" in note for note in r.notes)


def test_an_unread_question_is_unknown_not_a_guess(engine: Engine) -> None:
    r = engine.ask("Wherefore of the?")
    assert isinstance(r.verdict, Unknown)
    assert r.verdict.certificate is None
    assert "not read" in r.verdict.reason
    with pytest.raises(InputError, match="not read"):
        engine.explain(r)


def test_two_questions_at_once_are_refused(engine: Engine) -> None:
    with pytest.raises(InputError, match="expected one question"):
        engine.ask("Is Tom a cat? Is Tom a dog?")


def test_open_questions_list_their_answers(engine: Engine) -> None:
    engine.tell("Tom is a cat. Ann is a cat. Bob is a dog. All cats are mammals.")
    r = engine.ask("mammal(?who)")
    assert [show_binding(a) for a in r.answers] == ["Ann", "Tom"]
    assert all(isinstance(a.verdict, Proved) for a in r.answers)
    assert engine.ask("bird(?x)").answers == ()


def show_binding(answer: object) -> str:
    return answer.binding[0][1].name  # type: ignore[attr-defined, no-any-return]


def test_text_and_graph_are_one(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "pets.ttl"
    path.write_text(GRAPH)
    engine.tell("Tom is a cat. If something is an animal then it is alive.", "story")
    engine.load(path)
    formulas = [show(c.formula) for c in engine.theory.claims]
    assert formulas.count("cat(Tom)") == 2  # the sentence and the triple are one formula
    r = engine.ask("Is Rex alive?")
    assert isinstance(r.verdict, Proved)
    kinds = {type(c.source) for c in r.theory.claims if c.label in r.verdict.theorem.hypotheses}
    assert kinds == {Span, Triple}


def test_telling_after_the_graph_links_too(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "pets.ttl"
    path.write_text(GRAPH)
    engine.load(path)
    engine.tell("If something lives with Tom then it is happy.", "story")
    assert engine.theory.claims  # whatever the grammar made of it, nothing was lost


def test_closed_world_denies_what_is_not_derived() -> None:
    with Engine(parser="grammar", closed_world=True) as e:
        e.tell("Tom is a cat. If something is a cat and not lazy then it is quick.")
        assert isinstance(e.ask("Is Tom lazy?").verdict, Disproved)
        r = e.ask("Is Tom quick?")
        assert isinstance(r.verdict, Proved)
        assert "closed-world" in r.verdict.theorem.hypotheses


def test_why_not_names_the_rule_and_what_it_lacks(engine: Engine) -> None:
    engine.tell(STORY + " If something is a mammal and it is young then it is playful.")
    text = to_text(engine.why_not("Is Tom playful?"))
    assert "Tom is young" in text
    assert "not met" in text


def test_labels_are_not_reused(engine: Engine) -> None:
    engine.tell_logic("a: cat(Tom).")
    before = engine.theory
    with pytest.raises(TheoryError, match="used twice"):
        engine.tell_logic("b: dog(Rex). a: cat(Ann).", "other")
    assert engine.theory == before  # nothing half-taken


def test_plan_is_justified_by_claims_and_earlier_steps(engine: Engine, tmp_path: Path) -> None:
    domain = tmp_path / "walk.pddl"
    domain.write_text(DOMAIN)
    engine.tell_logic(PLACES, "places")
    r = engine.plan("at(Tom, Park)", domain)
    assert isinstance(r.result, Planned)
    assert [s.step.action for s in r.result.justification.steps] == ["go", "go"]
    assert r.outline is not None
    text = to_text(r.outline)
    assert "places:1" in text
    assert "step 1" in text
    assert isinstance(engine.plan("at(Tom, Park) and at(Tom, Home)", domain).result, Unsolvable)
    assert isinstance(engine.plan("forall ?x. place(?x) -> at(Tom, ?x)", domain).result, Unsupported)
    with pytest.raises(PlanningError):
        engine.plan("Wherefore of the?", domain)


def test_facts_for_a_plan_may_be_derived(engine: Engine, tmp_path: Path) -> None:
    domain = tmp_path / "walk.pddl"
    domain.write_text(DOMAIN)
    engine.tell_logic(PLACES.replace("road(Shop, Park)", "road(Park, Shop)"), "places")
    r = engine.plan("at(Tom, Park)", domain)
    assert isinstance(r.result, Planned)  # road(Shop, Park) follows by symmetry


def test_analogy_over_told_facts(engine: Engine) -> None:
    engine.tell_logic(
        """spouse(king, queen). spouse(father, mother). male(king). female(queen). male(father).
        female(mother).
        parent(father, son). parent(mother, son). male(son). spouse(uncle, aunt)."""
    )
    r = engine.analogy("king", "queen", "father")
    assert r.answers[0].d == "mother"
    assert any(p.name == "spouse" for p in r.answers[0].relations)
    assert engine.analogy("king", "queen", "nobody").answers == ()


def test_derive_marks_what_was_asserted(engine: Engine) -> None:
    engine.tell("Tom is a cat. All cats are mammals.")
    found = {show(d.fact): d.asserted for d in engine.derive()}
    assert found == {"cat(Tom)": True, "mammal(Tom)": False}


def test_json_of_a_response_holds_the_certificate(engine: Engine) -> None:
    engine.tell(STORY)
    data = response_json(engine.ask("Is Tom a mammal?"))
    assert data["verdict"] == "proved"
    assert data["certified"] is True
    assert data["certificate"]["goal"] == "mammal(Tom)"
    assert {s["label"] for s in data["sources"]} == set(data["hypotheses"])


def test_bad_options_are_refused() -> None:
    with pytest.raises(ConfigError):
        Engine(solver="cyc")
    with pytest.raises(ConfigError):
        Engine(min_score=2.0)
    with pytest.raises(ConfigError):
        Engine(parser="psychic").tell("Tom is a cat.")


def test_confidence_counts_every_uncertain_claim(engine: Engine) -> None:
    engine.tell_logic("a [0.9]: cat(Tom). b [0.8]: forall ?x. cat(?x) -> mammal(?x). c [0.1]: dog(Rex).")
    data = response_json(engine.ask("mammal(Tom)"))
    assert data["confidence"] == pytest.approx(0.7)


def test_counts_are_exact_only_where_names_are_unique() -> None:
    text = "cat(Tom). cat(Bob). dog(Rex). lives_in(Rex, Kennel)."
    with Engine(parser="grammar") as e:
        e.tell_logic(text)
        q = Question("how many", read_formula("cat(?x)", free=True), (Var("x"),), count=True)
        with_count = e.answer(q)
        assert with_count.count is None
        assert any("2 named" in n for n in with_count.notes)
    with Engine(parser="grammar", closed_world=True) as e:
        e.tell_logic(text)
        assert e.answer(q).count == 2
        nothing = Question("how many", read_formula("bird(?x)", free=True), (Var("x"),), count=True)
        assert e.answer(nothing).count == 0


def test_some_thing_without_a_name_is_not_counted_as_none() -> None:
    with Engine(parser="grammar") as e:
        e.tell_logic("man(Bob). forall ?x. man(?x) -> exists ?y. woman(?y) and love(?x, ?y).")
        q = Question("how many", read_formula("woman(?x)", free=True), (Var("x"),), count=True)
        r = e.answer(q)
        assert isinstance(r.verdict, Proved)
        assert r.count is None
        assert any("at least one" in n for n in r.notes)


def test_slips_in_formulas_are_not_taken_for_english(engine: Engine) -> None:
    engine.tell("Tom is a cat.")
    for slip in ("cat(Tom", "forall ?x cat(?x)", "cat(?x) ->", "p :- q"):
        with pytest.raises(SyntaxProblem):
            engine.ask(slip)


def test_unknown_symbols_are_named(engine: Engine) -> None:
    engine.tell_logic("part_of(a, b).")
    assert any("did you mean part_of" in n for n in engine.ask("partOf(a, ?x)").notes)


def test_questions_and_ignored_axioms_are_named_in_answers(engine: Engine, tmp_path: Path) -> None:
    engine.tell("Tom is a cat. Is Tom big?")
    path = tmp_path / "keys.ttl"
    path.write_text(
        "@prefix : <http://e.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        ":Cat a owl:Class ; owl:hasKey ( :chip ) . :Tom a :Cat ."
    )
    engine.load(path)
    notes = engine.ask("Is Tom a cat?").notes
    assert any("Is Tom big?" in n for n in notes)
    assert any("hasKey" in n for n in notes)


def test_files_of_one_name_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    for folder, text in (("one", "Tom is a cat."), ("two", "Ann is a cat.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text)
        engine.load(tmp_path / folder / "a.txt")
    assert [c.label for c in engine.theory.claims] == ["a.txt:1", "two/a.txt:1"]


def test_a_goal_that_nothing_mentions_is_an_error_not_unsolvable(engine: Engine, tmp_path: Path) -> None:
    domain = tmp_path / "walk.pddl"
    domain.write_text(DOMAIN)
    engine.tell_logic(PLACES, "places")
    with pytest.raises(PlanningError, match="no fact and no action mentions flying"):
        engine.plan("flying(Tom)", domain)


def test_asking_changes_nothing_that_was_told() -> None:
    with Engine() as e:
        e.tell("Rose is tall. Wren is a cat.")
        before = e.ask("tall(Rose)")
        assert isinstance(before.verdict, Proved)
        e.ask("Is a rose red?")
        assert e.ask("tall(Rose)").verdict == before.verdict
        assert isinstance(e.ask("Is Wren a cat?").verdict, Proved)


def test_what_has_no_name_is_no_answer() -> None:
    with Engine(parser="grammar") as e:
        e.tell_logic("forall ?x. p(?x).")
        r = e.ask("p(?y)")
        assert isinstance(r.verdict, Proved)
        assert r.answers == ()
        assert any("nothing that has a name" in n for n in r.notes)


def test_a_goal_about_an_unknown_thing_is_an_error(engine: Engine, tmp_path: Path) -> None:
    domain = tmp_path / "walk.pddl"
    domain.write_text(DOMAIN)
    engine.tell_logic(PLACES, "places")
    with pytest.raises(PlanningError, match="nothing told mentions Parc"):
        engine.plan("at(Tom, Parc)", domain)


def test_closing_the_world_later_counts(engine: Engine) -> None:
    engine.tell("Tom is a cat.")
    assert isinstance(engine.ask("Is Tom big?").verdict, Unknown)
    engine.closed_world = True
    assert isinstance(engine.ask("Is Tom big?").verdict, Disproved)


def test_constants_of_the_action_domain_are_no_assumption(engine: Engine, tmp_path: Path) -> None:
    domain = tmp_path / "walk.pddl"
    domain.write_text(DOMAIN.replace("(:predicates", "(:constants Beach - place) (:predicates"))
    engine.tell_logic(PLACES + " road(Shop, Beach).", "places")
    r = engine.plan("at(Tom, Beach)", domain)
    assert isinstance(r.result, Planned)
    assert r.outline is not None
    assert "closed world" not in to_text(r.outline)

"""Names that join a relation and its object, beside other words for both: what is linked, what never is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym import kernel
from neurosym.background import Background, without_blamed
from neurosym.knowledge import claims_of, parse_graph
from neurosym.knowledge.likeness import alike
from neurosym.knowledge.spelled import SPELLED
from neurosym.knowledge.thesaurus import Words
from neurosym.knowledge.wordnet import FOLDER, WordNet
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory, show
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

pytestmark = pytest.mark.skipif(not (FOLDER / "data.noun").is_file(), reason="WordNet is not installed")

OPERA = "exists ?y. opera(?y) and like({}, ?y)"
FOND = "forall ?x. fond_of_opera(?x) -> patient(?x)."


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = make_solver()
    yield found
    found.close()


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(WordNet())


def told(text: str) -> Theory:
    """Claims as if read from sentences."""
    claims = read_theory(text, "test").claims
    return Theory(
        tuple(Claim(c.label, c.formula, Span("t", i, i + 1, "."), 0.9) for i, c in enumerate(claims))
    )


def joined(theory: Theory, goal: str) -> list[Claim]:
    whole = Background().completed(theory, [read_formula(goal)])
    return [c for c in whole.claims if c.label.startswith("synonymy:joined")]


def answer(solver: Solver, theory: Theory, goal: str) -> Verdict:
    """As the engine asks: again without the links that a contradiction rests on."""
    f = read_formula(goal)
    whole = Background().completed(theory, [f])
    verdict = solver.solve(whole, f, Limits())
    while (less := without_blamed(whole, verdict)) is not None:
        whole, verdict = less, solver.solve(less, f, Limits())
    return verdict


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        (f"{FOND} {OPERA.format('Mia')}.", "patient(Mia)"),
        (f"fond_of_opera(Mia). forall ?x. ({OPERA.format('?x')}) -> patient(?x).", "patient(Mia)"),
        ("fond_of_opera(Mia). forall ?x ?y. opera(?y) and like(?x, ?y) -> patient(?x).", "patient(Mia)"),
        ("forall ?x. fond_of_old_barge(?x) -> patient(?x). "
         "exists ?y. old(?y) and barge(?y) and like(Mia, ?y).", "patient(Mia)"),
        ("forall ?x. fond_of_bergen(?x) -> patient(?x). like(Mia, Bergen).", "patient(Mia)"),
        (f"{OPERA.format('Mia')}.", "fond_of_opera(Mia)"),
        ("fond_of_opera(Mia).", OPERA.format("Mia")),
        ("forall ?x. like_opera(?x) -> patient(?x). fond_of_opera(Mia).", "patient(Mia)"),
    ],
)  # fmt: skip
def test_the_relation_in_another_word_and_the_same_object(solver: Solver, text: str, goal: str) -> None:
    theory = told(text)
    whole = Background().completed(theory, [read_formula(goal)])
    verdict = solver.solve(whole, read_formula(goal), Limits())
    assert isinstance(verdict, Proved)
    assert "synonymy:joined:1" in kernel.check(whole, read_formula(goal), verdict.certificate).hypotheses
    assert isinstance(solver.solve(theory, read_formula(goal), Limits()), Unknown)


def test_the_claim_says_both_steps_and_has_the_score_of_both(words: Words) -> None:
    (claim,) = joined(told(f"{FOND} {OPERA.format('Mia')}."), "patient(Mia)")
    assert show(claim.formula) == (
        "forall ?x1. fond_of_opera(?x1) <-> (exists ?y1. opera(?y1) and like(?x1, ?y1))"
    )
    assert isinstance(claim.source, Axiom)
    for part in ("by synonymy", "“fond of” says the same as “like”", "WordNet like", "is cut in two"):
        assert part in claim.source.text
    like = alike("fond_of", "like", 2, words)
    assert like is not None
    assert claim.score == pytest.approx(SPELLED * like.score, abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        f"forall ?x. fond_of_jazz(?x) -> patient(?x). {OPERA.format('Mia')}.",  # another object
        "forall ?x. fond_of_opera(?x) -> patient(?x). exists ?y. soap(?y) and opera(?y) and like(Mia, ?y).",
        "forall ?x. fond_of_soap_opera(?x) -> patient(?x). exists ?y. opera(?y) and like(Mia, ?y).",
        "forall ?x. fond_of_bergen(?x) -> patient(?x). like(Mia, Oslo).",
        f"forall ?x. not_fond_of_opera(?x) -> patient(?x). {OPERA.format('Mia')}.",  # "not" in the name
        f"forall ?x. rarely_fond_of_opera(?x) -> patient(?x). {OPERA.format('Mia')}.",
        f"forall ?x. proud_of_opera(?x) -> patient(?x). {OPERA.format('Mia')}.",  # another relation
        f"forall ?x. tired_of_opera(?x) -> patient(?x). {OPERA.format('Mia')}.",
        f"{FOND} exists ?y. opera(?y) and dislike(Mia, ?y).",  # its contrary
        f"{FOND} exists ?y. opera(?y) and can_like(Mia, ?y).",
        f"{FOND} exists ?y. opera(?y) and like(?y, Mia).",  # the other way round
        f"{FOND} exists ?y. opera(?y) and in(?y, Oslo) and like(Mia, ?y).",  # not any opera
        f"{FOND} {OPERA.format('Mia')}. forall ?x. fond_of_opera(?x) -> ({OPERA.format('?x')}).",
        f"{FOND} {OPERA.format('Mia')}. fond_of_opera(Bo). not ({OPERA.format('Bo')}).",
        f"{FOND} {OPERA.format('Mia')}. not fond_of_opera(Mia).",
    ],
)  # fmt: skip
def test_what_is_not_linked(solver: Solver, text: str) -> None:
    theory = told(text)
    assert joined(theory, "patient(Mia)") == []
    assert isinstance(answer(solver, theory, "patient(Mia)"), Unknown)


def test_what_is_denied_in_one_way_is_denied_in_the_other(solver: Solver) -> None:
    lazy = "forall ?x. not fond_of_opera(?x) -> lazy(?x)."
    assert isinstance(answer(solver, told(f"{lazy} not ({OPERA.format('Mia')})."), "lazy(Mia)"), Proved)
    assert isinstance(answer(solver, told(f"{lazy} {OPERA.format('Mia')}."), "lazy(Mia)"), Unknown)
    denied = told(f"forall ?x. fond_of_opera(?x) -> not lazy(?x). {OPERA.format('Mia')}.")
    assert isinstance(answer(solver, denied, "lazy(Mia)"), Disproved)


def test_ability_and_adverbs_go_one_way_only(solver: Solver) -> None:
    play = "exists ?y. chess(?y) and play({}, ?y)"
    able = told(f"forall ?x. can_play_chess(?x) -> patient(?x). {play.format('Mia')}.")
    assert isinstance(answer(solver, able, "patient(Mia)"), Proved)
    does = told(f"can_play_chess(Mia). forall ?x. ({play.format('?x')}) -> patient(?x).")
    assert isinstance(answer(solver, does, "patient(Mia)"), Unknown)
    quick = told(f"quickly_play_chess(Mia). forall ?x. ({play.format('?x')}) -> patient(?x).")
    assert isinstance(answer(solver, quick, "patient(Mia)"), Proved)
    slow = told(f"forall ?x. quickly_play_chess(?x) -> patient(?x). {play.format('Mia')}.")
    assert isinstance(answer(solver, slow, "patient(Mia)"), Unknown)
    once = told(f"seemingly_play_chess(Mia). forall ?x. ({play.format('?x')}) -> patient(?x).")
    assert isinstance(answer(solver, once, "patient(Mia)"), Unknown)


@pytest.mark.parametrize(
    "clash",
    [
        "forall ?x. patient(?x) -> hasty(?x). forall ?x. hasty(?x) -> not patient(?x).",
        "forall ?x. glad(?x) -> not patient(?x). glad(Mia).",
        "not patient(Mia).",
    ],
)
def test_no_contradiction_rests_on_a_link(solver: Solver, clash: str) -> None:
    theory = told(f"{FOND} {OPERA.format('Mia')}. sing(Mia). {clash}")
    goal = read_formula("sing(Mia)")
    whole = Background().completed(theory, [goal])
    assert len(whole.claims) > len(theory.claims)
    assert isinstance(solver.solve(whole, goal, Limits()), Inconsistent)
    assert isinstance(answer(solver, theory, "sing(Mia)"), Proved)
    assert isinstance(answer(solver, theory, "not sing(Mia)"), Disproved)


def test_labels_of_a_graph_name_relation_and_object(solver: Solver) -> None:
    text = b"""
@prefix : <https://example.invalid/g#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:p7 a owl:ObjectProperty ; rdfs:label "likes"@en . :Mia :p7 :Bergen ."""
    base = claims_of(parse_graph(text, "g.ttl"))
    theory = Theory((*base.claims, *told("forall ?x. fond_of_bergen(?x) -> patient(?x).").claims))
    goal = read_formula("patient(Mia)")
    plain = Background().completed(theory, [goal])
    assert isinstance(solver.solve(plain, goal, Limits()), Unknown)
    whole = Background().completed(theory, [goal], base.vocabulary)
    assert isinstance(solver.solve(whole, goal, Limits()), Proved)


def test_the_same_question_gets_the_same_theory() -> None:
    theory, background = told(f"{FOND} {OPERA.format('Mia')}."), Background()
    one = background.completed(theory, [read_formula("patient(Mia)")])
    assert background.completed(theory, [read_formula("patient(Bo)")]) is one
    assert Background(synonyms=False).completed(theory, [read_formula("patient(Mia)")]) is theory


def test_links_do_not_depend_on_the_order_of_sentences() -> None:
    theory = told(f"{FOND} {OPERA.format('Mia')}. like(Bo, Bergen). fond_of_bergen(Mia).")
    back = Theory(theory.claims[::-1])
    links = {c.formula for c in joined(theory, "patient(Mia)")}
    assert len(links) == 2
    assert links == {c.formula for c in joined(back, "patient(Mia)")}

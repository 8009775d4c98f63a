"""What two sentences about one scene call "the boy" is one boy: where that is assumed, what it may prove."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_wordnet import write

from neurosym.entailment import ONE_SCENE, EntailmentResponse, entails, same_things
from neurosym.kernel import check
from neurosym.knowledge.wordnet import WordNet
from neurosym.logic import Atom, Const, Var
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula
from neurosym.theory import Claim, Span, Theory
from neurosym.verdict import Limits, Solver, Unknown

# sentence -> formula, and the nouns of its definite descriptions
READINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "A boy is sitting": ("exists ?x. boy(?x) and sit(?x)", ()),
    "The boy is sitting": ("sit(boy)", ("boy",)),
    "The boy is standing": ("stand(boy)", ("boy",)),
    "The boy is walking": ("walk(boy)", ("boy",)),
    "The boys are standing": ("stand(boy)", ("boy",)),
    "The dog is standing": ("stand(dog)", ("dog",)),
    "His boy is sitting": ("sit(boy)", ("boy",)),
    "The boy in the park is standing": ("in(boy, park) and stand(boy)", ("boy", "park")),
    "The boy wearing a hat is standing": ("stand(boy) and (exists ?y. hat(?y) and wear(boy, ?y))", ("boy",)),
    "One of the boys is sitting": ("sit(boy)", ("boy",)),
    "The boy is cutting a carrot": ("exists ?y. carrot(?y) and cut(boy, ?y)", ("boy",)),
    "The boy is slicing the carrot": ("slice(boy, carrot)", ("boy", "carrot")),
    "The big boy is standing": ("stand(big_boy)", ("big_boy",)),
    "The big boy is sitting": ("sit(big_boy)", ("big_boy",)),
}


class Given:
    """A parser that knows the sentences above."""

    name = "given"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        formula, things = READINGS[text.rstrip(".")]
        given = tuple(Atom(n, (Const(n),)) for n in things)
        readings = (Reading(Act.TELL, read_formula(formula), 0.9, presuppositions=given),)
        return (Parsed(Span(document, 0, len(text), text), readings),)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    return WordNet(write(tmp_path_factory.mktemp("wordnet")))


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


def ask(solver: Solver, net: WordNet, premise: str, hypothesis: str) -> EntailmentResponse:
    found = entails(Given(), solver, premise, hypothesis, words=net)
    assert found.certified
    assert found.verdict is not None
    assert found.verdict.certificate is not None
    assert found.goal is not None
    assert check(found.theory, found.goal, found.verdict.certificate) == found.verdict.theorem
    return found


@pytest.mark.parametrize(
    ("premise", "hypothesis", "label"),
    [
        ("The boy is sitting", "The boy is standing", "contradiction"),
        ("The boys are standing", "The boy is sitting", "contradiction"),
        ("The big boy is standing", "The big boy is sitting", "contradiction"),
        ("A boy is sitting", "The boy is standing", "neutral"),
        ("The boy is sitting", "The dog is standing", "neutral"),
        ("The boy is standing", "His boy is sitting", "neutral"),
        ("The boy is sitting", "The boy in the park is standing", "neutral"),
        ("The boy is sitting", "The boy wearing a hat is standing", "neutral"),
        ("The boy is standing", "One of the boys is sitting", "neutral"),
        ("The boy is sitting", "The big boy is standing", "neutral"),
        ("The boy is sitting", "The boy is walking", "neutral"),
        ("The boy is cutting a carrot", "The boy is slicing the carrot", "neutral"),
        ("The boy is slicing the carrot", "The boy is cutting a carrot", "entailment"),
    ],
)
def test_labels(solver: Solver, net: WordNet, premise: str, hypothesis: str, label: str) -> None:
    assert ask(solver, net, premise, hypothesis).label == label


def test_it_is_an_assumption_of_its_own(solver: Solver, net: WordNet) -> None:
    found = ask(solver, net, "The boy is sitting", "The boy is standing")
    assert {c.label for c in found.used} == {f"{ONE_SCENE}: same", "disjoint sit, stand/1"}
    assert [c.label for c in found.assumptions] == [f"{ONE_SCENE}: same"]
    assert found.probability < 0.81


@pytest.mark.parametrize("premise", ["sit", "walk"])
def test_it_helps_to_prove_neither(solver: Solver, premise: str) -> None:
    f, g = (
        read_formula(f"exists ?boy_the. boy(?boy_the) and {verb}(?boy_the)") for verb in (premise, "stand")
    )
    same = same_things(f, g, {Var("boy_the")})
    assert same is not None
    span = Span("t", 0, 1, ".")
    theory = Theory((Claim("f", f, span), Claim("same", same, span)))
    assert isinstance(solver.solve(theory, g, Limits()), Unknown)
    assert same_things(f, g, set()) is None

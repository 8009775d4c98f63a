"""Entailment of two sentences: readings are given, so that what is tested is what is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from small_wordnet import write

from benchmarks import sick
from neurosym.captions import LABELS, Maker, split_of
from neurosym.entailment import (
    ONE_SCENE,
    PREMISE,
    EntailmentResponse,
    Label,
    denial,
    entails,
    nothing_missed,
    scene,
    shipped_classifier,
)
from neurosym.errors import ConfigError, InputError, ParserError
from neurosym.kernel import check
from neurosym.knowledge.wordnet import WordNet
from neurosym.logic import Atom, Const, Formula
from neurosym.parser.nli import NeuralClassifier
from neurosym.parser.reading import Act, Parsed, Reading
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, show
from neurosym.theory import Span
from neurosym.verdict import Limits, Proved, Solver, Unknown, Verdict

# sentence -> formula, and the nouns of its definite descriptions
READINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "A man is tuning a guitar": ("exists ?x ?y. man(?x) and guitar(?y) and tune(?x, ?y)", ()),
    "The man is tuning the guitar": ("tune(man, guitar)", ("man", "guitar")),
    "A person is tuning an instrument": ("exists ?x ?y. person(?x) and instrument(?y) and tune(?x, ?y)", ()),
    "Somebody is tuning": ("exists ?x. tune(?x)", ()),
    "There is no man tuning a guitar": ("not (exists ?x ?y. man(?x) and guitar(?y) and tune(?x, ?y))", ()),
    "A man is not tuning a guitar": (
        "exists ?x. man(?x) and not (exists ?y. guitar(?y) and tune(?x, ?y))", (),
    ),
    "The man is not tuning the guitar": ("not tune(man, guitar)", ("man", "guitar")),
    "A woman is tuning a guitar": ("exists ?x ?y. woman(?x) and guitar(?y) and tune(?x, ?y)", ()),
    "A man is pouring milk": ("exists ?x. man(?x) and pour(?x, milk)", ("milk",)),
    "There is no man pouring milk": ("not (exists ?x. man(?x) and pour(?x, milk))", ("milk",)),
    "Two dogs are barking in a park": (
        "exists ?x ?y. (exists ?z. dog(?x) and park(?z) and bark_in(?x, ?z)) "
        "and (exists ?z. dog(?y) and park(?z) and bark_in(?y, ?z)) and not ?x = ?y", (),
    ),
    "A dog is barking": ("exists ?x. dog(?x) and bark(?x)", ()),
    "A dog barks": ("forall ?x. dog(?x) -> bark(?x)", ()),
    "Every dog barks": ("forall ?x. dog(?x) -> bark(?x)", ()),
    "No dog barks": ("forall ?x. dog(?x) -> not bark(?x)", ()),
    "The young boy is barking": ("bark(young_boy)", ("young_boy",)),
    "A young child is barking": ("exists ?x. young(?x) and child(?x) and bark(?x)", ()),
    "Someone is barking": ("exists ?x. bark(?x)", ()),
    "Nobody is barking": ("forall ?x. not bark(?x)", ()),
    "A person is barking": ("exists ?x. person(?x) and bark(?x)", ()),
    "A boy is barking": ("exists ?x. male_child(?x) and bark(?x)", ()),
    "Nobody is tuning the guitar": ("forall ?x. not tune(?x, guitar)", ("guitar",)),
    "A boy is sitting": ("exists ?x. boy(?x) and sit(?x)", ()),
    "A boy is standing": ("exists ?x. boy(?x) and stand(?x)", ()),
    "A dog barks and no dog barks": (
        "(exists ?x. dog(?x) and bark(?x)) and not (exists ?x. dog(?x) and bark(?x))", (),
    ),
}  # fmt: skip


class Given:
    """A parser that knows the sentences above."""

    name = "given"

    def __init__(self, score: float = 0.9) -> None:
        self.score = score

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        span = Span(document, 0, len(text), text)
        if (found := READINGS.get(text.rstrip("."))) is None:
            return (Parsed(span, (), "not among the sentences given"),)
        given = tuple(Atom(n, (Const(n),)) for n in found[1])
        readings = (Reading(Act.TELL, read_formula(found[0]), self.score, presuppositions=given),)
        return (Parsed(span, readings),)


class Slow(Given):
    """The same, by whose clock nothing but reading takes time: five seconds a text."""

    now = 0.0

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        self.now += 5.0
        return super().read(text, document, n_best)

    def perf_counter(self) -> float:
        return self.now


class Always:
    """A classifier that has made up its mind."""

    name = "stubborn"

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        return [{"entailment": 0.2, "contradiction": 0.7, "neutral": 0.1} for _ in pairs]


class Thinks(Always):
    """A classifier that gives neutral the same probability whatever it is asked."""

    def __init__(self, neutral: float) -> None:
        self.neutral = neutral

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        rest = (1.0 - self.neutral) / 2
        return [{"entailment": rest, "contradiction": rest, "neutral": self.neutral} for _ in pairs]


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
    if found.certified:  # the kernel bears it out, about the theory that the response shows
        assert found.verdict is not None
        assert found.verdict.certificate is not None
        assert found.goal is not None
        assert check(found.theory, found.goal, found.verdict.certificate) == found.verdict.theorem
    return found


@pytest.mark.parametrize(
    ("premise", "hypothesis", "label"),
    [
        ("A man is tuning a guitar", "A person is tuning an instrument", "entailment"),
        ("A person is tuning an instrument", "A man is tuning a guitar", "neutral"),
        ("A man is tuning a guitar", "Somebody is tuning", "entailment"),
        ("A man is tuning a guitar", "The man is tuning the guitar", "entailment"),
        ("The man is tuning the guitar", "A man is tuning a guitar", "entailment"),
        ("A man is tuning a guitar", "There is no man tuning a guitar", "contradiction"),
        ("There is no man tuning a guitar", "A man is tuning a guitar", "contradiction"),
        ("A man is tuning a guitar", "A man is not tuning a guitar", "contradiction"),
        ("A man is not tuning a guitar", "A man is tuning a guitar", "contradiction"),
        ("The man is not tuning the guitar", "The man is tuning the guitar", "contradiction"),
        ("A man is not tuning a guitar", "A person is tuning an instrument", "neutral"),
        ("A man is tuning a guitar", "A woman is tuning a guitar", "neutral"),
        ("A man is pouring milk", "There is no man pouring milk", "contradiction"),
        ("Two dogs are barking in a park", "A dog is barking", "entailment"),
        ("A dog is barking", "Two dogs are barking in a park", "neutral"),
        ("A dog is barking", "A dog barks", "entailment"),
        ("A dog is barking", "Every dog barks", "neutral"),
        ("A dog is barking", "No dog barks", "contradiction"),
        ("The young boy is barking", "A young child is barking", "entailment"),
        ("A boy is sitting", "A boy is standing", "neutral"),
        ("Someone is barking", "A person is barking", "entailment"),
        ("A person is barking", "Someone is barking", "entailment"),
        ("A dog is barking", "Someone is barking", "neutral"),
        ("A dog is barking", "Nobody is barking", "neutral"),
        ("A boy is barking", "Nobody is barking", "contradiction"),
        ("A man is tuning a guitar", "Nobody is tuning the guitar", "contradiction"),
    ],
)
def test_labels(solver: Solver, net: WordNet, premise: str, hypothesis: str, label: str) -> None:
    found = ask(solver, net, premise, hypothesis)
    assert found.label == label
    assert found.certified


def test_used_claims_are_those_of_the_theorem(solver: Solver, net: WordNet) -> None:
    found = ask(solver, net, "A man is tuning a guitar", "A person is tuning an instrument")
    assert {c.label for c in found.used} == {"man/1 -> person/1", "guitar/1 -> instrument/1"}
    assert found.by == "proof"
    assert found.assumptions == ()
    assert 0 < found.probability <= 0.81
    assert isinstance(found.verdict, Proved)
    assert PREMISE in found.verdict.theorem.hypotheses


def test_one_scene_is_an_assumption_of_its_own(solver: Solver, net: WordNet) -> None:
    """Without it, a man who plays and a man who does not are no contradiction."""
    found = ask(solver, net, "A man is tuning a guitar", "A man is not tuning a guitar")
    assert [c.label for c in found.assumptions] == [f"{ONE_SCENE}: hypothesis"]
    plain = ask(solver, net, "A man is tuning a guitar", "There is no man tuning a guitar")
    assert plain.assumptions == ()


def test_neutral_is_two_models(solver: Solver, net: WordNet) -> None:
    found = ask(solver, net, "A boy is sitting", "A boy is standing")
    assert isinstance(found.verdict, Unknown)
    assert found.by == "two models"
    assert found.used == ()
    assert "disjoint sit, stand/1" in {c.label for c in found.theory.claims}


def test_a_neutral_answer_is_as_sure_as_that_nothing_is_missing(solver: Solver, net: WordNet) -> None:
    """Countermodels show that what is known proves nothing, not that there is nothing more to know."""
    premise, hypothesis = "A boy is sitting", "A boy is standing"
    alone = ask(solver, net, premise, hypothesis)
    assert alone.probability == pytest.approx(0.9 * 0.9 * nothing_missed())
    for neutral in (0.0, 0.1, 0.6, 0.99, 1.0):
        found = entails(Given(), solver, premise, hypothesis, words=net, classifier=Thinks(neutral))
        assert (found.label, found.certified, found.by) == (Label.NEUTRAL, True, "two models")
        assert found.probability == pytest.approx(0.9 * 0.9 * nothing_missed(neutral))
    sure = [nothing_missed(x / 10) for x in range(11)]
    assert sure == sorted(sure)
    assert (sure[0], sure[-1]) == (0.0, 1.0)
    assert all(x / 10 <= s for x, s in enumerate(sure)), "finding no proof speaks for neutral"
    proved = entails(Given(), solver, "A dog is barking", "A dog barks", words=net, classifier=Thinks(1.0))
    assert proved.probability == pytest.approx(0.9 * 0.9), "a proof needs no other opinion"


def test_only_words_of_the_two_sentences(solver: Solver, net: WordNet) -> None:
    found = ask(solver, net, "A dog is barking", "A boy is sitting")
    assert {c.label for c in found.theory.claims} == {PREMISE}


def test_a_premise_against_itself_has_no_certificate(solver: Solver, net: WordNet) -> None:
    found = ask(solver, net, "A dog barks and no dog barks", "A boy is sitting")
    assert (found.label, found.certified) == (None, False)
    assert "contradicts itself" in found.reason


# --- the fallback -----------------------------------------------------------------------------


def test_what_is_not_read_is_not_certified(solver: Solver, net: WordNet) -> None:
    nothing = entails(Given(), solver, "Gibberish it is", "A dog is barking", words=net)
    assert (nothing.label, nothing.certified, nothing.by) == (None, False, "")
    assert "not among the sentences" in nothing.reason
    guess = entails(Given(), solver, "Gibberish it is", "A dog is barking", words=net, classifier=Always())
    assert (guess.label, guess.certified, guess.by) == (Label.CONTRADICTION, False, "stubborn")
    assert guess.probability == 0.7
    assert guess.verdict is None
    assert "not among the sentences" in guess.reason


def test_readings_that_score_low_are_not_believed(solver: Solver, net: WordNet) -> None:
    """Unless they prove something."""
    pair = "A dog is barking", "A boy is sitting"
    found = entails(Given(0.3), solver, *pair, words=net, classifier=Always())
    assert found.by == "stubborn"
    assert "0.30" in found.reason
    assert entails(Given(0.3), solver, *pair, words=net, min_score=0.2).label is Label.NEUTRAL
    same = "A dog is barking", "A dog is barking"
    assert entails(Given(0.3), solver, *same, words=net).label is Label.ENTAILMENT
    assert entails(Given(0.05), solver, *same, words=net).label is None


def test_a_proof_is_preferred_to_a_guess(solver: Solver, net: WordNet) -> None:
    found = entails(Given(), solver, "A dog is barking", "A boy is sitting", words=net, classifier=Always())
    assert found.label is Label.NEUTRAL
    assert found.certified


def test_a_solver_that_gives_up_leaves_it_to_the_fallback(net: WordNet) -> None:
    from neurosym.solvers.fake import FakeSolver

    def gives_up(*_: object) -> Verdict:
        return Unknown("limit: 5 seconds")

    pair = "A dog is barking", "A boy is sitting"
    found = entails(Given(), FakeSolver(gives_up), *pair, words=net, classifier=Always(), limits=Limits())
    assert (found.certified, found.by, found.reason) == (False, "stubborn", "limit: 5 seconds")
    assert found.goal is not None


# --- scenes -----------------------------------------------------------------------------------


def of(text: str) -> Formula:
    (parsed,) = Given().read(text)
    return scene([(parsed.readings[0], text)])


def test_bare_nouns_stay_within_a_negation() -> None:
    from dataclasses import replace

    (parsed,) = Given().read("There is no man pouring milk")
    told = replace(parsed.readings[0], tokens=("D:5",))  # the model's pointer: no "the" before it
    assert show(scene([(told, "There is no man pouring milk")])) == (
        "not (exists ?x. man(?x) and (exists ?milk_some. milk(?milk_some) and pour(?x, ?milk_some)))"
    )


def told(text: str, formula: str, *tokens: str) -> Formula:
    """The scene of a text whose reading points at words as the model's does."""
    parsed = Reading(Act.TELL, read_formula(formula), 0.9, tokens=tokens)
    return scene([(parsed, text)])


def test_participles_are_what_somebody_does() -> None:
    found = told("A smiling man runs", "exists ?x. smiling(?x) and man(?x) and bark(?x)", "A:1", "N:2", "V:3")
    assert show(found) == "exists ?x. smile(?x) and man(?x) and bark(?x)"


def test_a_noun_that_begins_a_sentence_is_no_name(net: WordNet) -> None:
    def of(name: str) -> str:
        parsed = Reading(Act.TELL, read_formula(f"peeled({name})"), 0.9, tokens=("A:2", "E:0"))
        return show(scene([(parsed, f"{name} is peeled")], net))

    assert of("Carrot") == "exists ?carrot_some. carrot(?carrot_some) and peeled(?carrot_some)"
    assert of("Bo") == "peeled(Bo)"


def test_general_words_keep_what_is_general() -> None:
    assert show(of("A dog barks")) == "exists ?x. dog(?x) and bark(?x)"
    assert show(of("Every dog barks")) == "forall ?x. dog(?x) -> bark(?x)"


@pytest.mark.parametrize(
    ("formula", "denied"),
    [
        ("exists ?x. man(?x) and not bark(?x)", "not (exists ?x. man(?x) and bark(?x))"),
        ("exists ?x. man(?x) and bark(?x)", None),
        ("not (exists ?x. man(?x) and bark(?x))", None),
        (
            "(exists ?x. dog(?x) and not bark(?x)) and (exists ?x. man(?x) and sit(?x))",
            "not (exists ?x. dog(?x) and bark(?x))",
        ),
        (
            "exists ?x. man(?x) and not bark(?x) and not sit(?x)",
            "not (exists ?x. man(?x) and bark(?x)) and not (exists ?x. man(?x) and sit(?x))",
        ),
        (
            "exists ?x ?y. (dog(?x) and not bark(?x)) and (dog(?y) and not bark(?y)) and not ?x = ?y",
            "not (exists ?x1 ?x2. (dog(?x1) and bark(?x1)) and (dog(?x2) and bark(?x2)) and not ?x1 = ?x2)",
        ),
    ],
)
def test_denial(formula: str, denied: str | None) -> None:
    found = denial(read_formula(formula))
    assert (None if found is None else show(found)) == (
        None if denied is None else show(read_formula(denied))
    )


# --- pairs, classifier, suite -----------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> WordNet:
    from neurosym.knowledge.wordnet import FOLDER

    if not (FOLDER / "index.noun").is_file():
        pytest.skip("wordnet-base is not installed")
    return WordNet()


@pytest.fixture(scope="module")
def maker(real: WordNet) -> Maker:
    return Maker("test", 1, real)


def test_pairs_are_the_same_for_the_same_seed(real: WordNet, maker: Maker) -> None:
    pairs = list(Maker("test", 5, real, maker.words).pairs(150))
    assert pairs == list(Maker("test", 5, real, maker.words).pairs(150))
    assert {p.label for p in pairs} == set(LABELS)
    assert all(p.premise != p.hypothesis and p.premise[0].isupper() for p in pairs)
    assert all("\t" not in p.premise + p.hypothesis for p in pairs)


def test_words_of_the_test_are_not_those_of_training(maker: Maker) -> None:
    assert {split_of(w) for w in (*maker.words.who, *maker.words.things)} == {"test"}


def test_the_shipped_classifier_guesses() -> None:
    classifier = shipped_classifier()
    assert classifier is not None
    pairs = [
        ("Two girls are painting a fence", "Some girls are painting a fence."),
        ("Two girls are painting a fence", "There are no girls painting a fence"),
        ("Two girls are painting a fence", "A horse is pouring from a bucket"),
    ]
    found = classifier.probabilities(pairs)
    assert [max(f, key=lambda k: f[k]) for f in found[:3]] == list(LABELS)
    assert all(abs(sum(f.values()) - 1) < 1e-5 for f in found)
    assert classifier.probabilities(pairs[1:2]) == found[1:2]  # whatever else is asked
    assert classifier.probabilities([]) == []


def test_a_missing_classifier_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParserError, match=r"nli\.toml"):
        NeuralClassifier(tmp_path)


def test_recipes_name_the_key_at_fault(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from neurosym.parser.nli_train import read_pairs, read_recipe

    file = tmp_path / "recipe.toml"
    file.write_text('base = "b"\ntrain = "t"\ntest = "t"\nout = "o"\nlayers = "three"\n')
    with pytest.raises(ConfigError, match="layers: a int is expected"):
        read_recipe(file)
    file.write_text('base = "b"\n')
    with pytest.raises(ConfigError, match="train is missing"):
        read_recipe(file)
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("neutral\ta\tb\nmaybe\ta\tb\n")
    with pytest.raises(ConfigError, match=r"pairs\.tsv:2"):
        read_pairs(pairs)


def test_the_suite_reads_its_data_and_answers(
    tmp_path: Path, solver: Solver, net: WordNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / sick.FILE
    rows = [
        "\t".join(sick.HEAD),
        "1\tA man is tuning a guitar\tA person is tuning an instrument\t4.1\tENTAILMENT",
        "2\tA dog is barking\tNo dog barks\t3.3\tCONTRADICTION",
        "3\tGibberish it is\tA dog is barking\t1\tNEUTRAL",
    ]
    file.write_text("\n".join(rows) + "\n", "utf-8")
    one, two, three = sick.items(tmp_path)
    assert (one.expected, one.group) == ("entailment", "entailment, no negation")
    assert (two.expected, two.group) == ("contradiction", "contradiction, negation")
    monkeypatch.setattr(sick, "shipped_classifier", Always)
    monkeypatch.setattr("neurosym.entailment.judging._wordnet", lambda folder: net)
    found = sick.answer(one, Given(), solver, 0.5)
    assert (found.said, found.certified, found.by, found.problems) == ("entailment", True, "", ())
    assert found.check is not None
    slow = Slow()
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(sick, "time", slow)
        timed = sick.answer(one, slow, solver, 0.5)
    assert (timed.parse, timed.solve, timed.check) == (10.0, 0.0, 0.0)
    assert sick.answer(two, Given(), solver, 0.5).said == "contradiction"
    guessed = sick.answer(three, Given(), solver, 0.5)
    assert (guessed.said, guessed.certified, guessed.by) == ("contradiction", False, "stubborn")
    with pytest.raises(InputError, match="gold"):
        sick.answer(one, None, solver, 0.5)
    file.write_text("\n".join([rows[0], "1\tA\tB\t4\tMAYBE"]), "utf-8")
    with pytest.raises(InputError, match="label") as caught:
        list(sick.items(file))
    assert caught.value.line == 2
    json.dumps(found.readings)

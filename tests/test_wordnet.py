"""WordNet's files and what they say of predicates, on a small WordNet of the tests' own."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_wordnet import write

from neurosym.errors import KnowledgeError
from neurosym.knowledge.lexical import GRAMMAR, WORDNET, Symbol, lexical_claims
from neurosym.knowledge.wordnet import FOLDER, Part, WordNet
from neurosym.syntax import show
from neurosym.theory import Axiom


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    return WordNet(write(tmp_path_factory.mktemp("wordnet")))


def claims(net: WordNet, one: list[Symbol], two: list[Symbol]) -> dict[str, str]:
    return {c.label: show(c.formula) for c in lexical_claims(one, two, net)}


def test_senses_are_weighed_by_their_occurrences(net: WordNet) -> None:
    animal, frump = net.senses("dog", "noun")
    assert animal.synset.file == 5
    assert animal.weight > 0.9 > frump.weight > 0
    assert net.senses("Dog", "noun") == net.senses("dog", "noun")
    assert [s.synset.words[0] for s in net.meant("dog", "noun")] == ["dog"]
    assert net.senses("zzz", "noun") == ()
    assert not net.knows("do", "noun")  # a prefix is no word


@pytest.mark.parametrize(
    ("word", "by", "part", "holds"),
    [
        ("dog", "animal", "noun", True),
        ("animal", "dog", "noun", False),
        ("kid", "child", "noun", True),
        ("boy", "child", "noun", True),  # a male child is a child
        ("hot_dog", "dog", "noun", False),  # food is no animal
        ("guitar", "instrument", "noun", True),
        ("slice", "cut", "verb", True),
        ("cut", "slice", "verb", False),
        ("snore", "sleep", "verb", True),
        ("huge", "large", "adj", True),
        ("large", "huge", "adj", False),
        ("big", "large", "adj", True),
        ("dog", "zzz", "noun", False),
    ],
)
def test_subsumption(net: WordNet, word: str, by: str, part: str, holds: bool) -> None:
    assert (net.subsumed(word, by, part) > 0.5) is holds  # type: ignore[arg-type]


def test_a_rare_sense_counts_for_little(net: WordNet) -> None:
    assert 0 < net.subsumed("dog", "person", "noun") < 0.1


def test_opposites(net: WordNet) -> None:
    assert net.opposed("man", "woman", "noun")
    assert net.opposed("woman", "man", "noun")
    assert not net.opposed("adult_male", "woman", "noun")  # the pointer joins two words, not their synsets
    assert net.opposed("sit", "stand", "verb")
    assert net.opposed("huge", "small", "adj")  # through the head of its cluster
    assert not net.opposed("huge", "large", "adj")
    assert net.sister_taxa("dog", "cat")
    assert not net.sister_taxa("puppy", "dog")
    assert not net.sister_taxa("man", "woman")


def test_base_forms(net: WordNet) -> None:
    assert net.base_forms("ran", "verb") == ("run",)
    assert net.base_forms("running", "verb") == ("run",)
    assert net.base_forms("sliced", "verb") == ("slice",)
    assert net.base_forms("puppies", "noun") == ("puppy",)
    assert net.base_forms("is", "noun") == ()
    assert net.base_forms("dogs", "noun") == ("dog",)


def test_frames_and_lemmas(net: WordNet) -> None:
    assert net.senses("slice", "verb")[0].synset.frames == {8, 11}
    every = list(net.lemmas("noun"))
    assert every == sorted(every)
    assert "hot_dog" in every


def test_missing_files_name_the_package(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="wordnet-base"):
        WordNet(tmp_path)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    data = write(tmp_path) / "data.noun"
    data.write_text(data.read_text("latin-1").replace(" n 0", " q 0"), "latin-1")
    with pytest.raises(KnowledgeError, match="damaged"):
        WordNet(tmp_path).senses("dog", "noun")


# --- claims about predicates ------------------------------------------------------------------


def test_claims_have_sources_and_scores(net: WordNet) -> None:
    (claim,) = lexical_claims([("guitar", 1)], [("instrument", 1)], net)
    assert show(claim.formula) == "forall ?x1. guitar(?x1) -> instrument(?x1)"
    assert claim.source == Axiom(WORDNET, 0, "every guitar is an instrument")
    assert 0.5 < claim.score <= 1
    (claim,) = lexical_claims([("play_with", 2)], [("play", 1)], net)
    assert isinstance(claim.source, Axiom)
    assert claim.source.document == GRAMMAR


def test_an_argument_or_an_adverb_is_dropped(net: WordNet) -> None:
    found = claims(net, [("slice_quickly_with_in", 4)], [("cut", 2), ("cut_in", 3), ("cut_with", 3)])
    assert found["slice_quickly_with_in/4 -> cut/2"].endswith("-> cut(?x1, ?x2)")
    assert found["slice_quickly_with_in/4 -> cut_in/3"].endswith("-> cut_in(?x1, ?x2, ?x4)")
    assert found["slice_quickly_with_in/4 -> cut_with/3"].endswith("-> cut_with(?x1, ?x2, ?x3)")
    assert set(claims(net, [("cut", 2)], [("slice", 2)])) == {"slice/2 -> cut/2"}
    assert set(claims(net, [("run", 1)], [("run_quickly", 1)])) == {"run_quickly/1 -> run/1"}


def test_compounds(net: WordNet) -> None:
    assert "soccer_ball/1 -> ball/1" in claims(net, [("soccer_ball", 1)], [("ball", 1)])
    assert "soccer_ball/1 -> soccer/1" not in claims(net, [("soccer_ball", 1)], [("soccer", 1)])
    assert not claims(net, [("hot_dog", 1)], [("dog", 1)])


def test_places_and_clothes(net: WordNet) -> None:
    found = claims(net, [("walk_in", 2)], [("walk", 1), ("in", 2)])
    assert found["walk_in/2 -> in/2"] == "forall ?x1 ?x2. walk_in(?x1, ?x2) -> in(?x1, ?x2)"
    assert "walk/1 and in/2 -> walk_in/2" in found
    found = claims(net, [("in", 2), ("hat", 1)], [("wear", 2), ("hat", 1)])
    assert found["in/2 hat -> wear/2"] == "forall ?x ?y. in(?x, ?y) and hat(?y) -> wear(?x, ?y)"
    assert not claims(net, [("in", 2), ("park", 1)], [("wear", 2), ("park", 1)])


def test_participles(net: WordNet) -> None:
    assert "peeled/1 -> peel/2" in claims(net, [("peel", 2)], [("peeled", 1)])
    assert "running/1 -> run/1" in claims(net, [("run", 1)], [("running", 1)])


def test_words_are_what_the_texts_use_them_as(net: WordNet) -> None:
    play: list[Symbol] = [("stand", 2)]
    assert claims(net, play, [("stand", 1)])
    parts: dict[str, frozenset[Part]] = {"stand": frozenset(("noun",))}
    assert not lexical_claims(play, [("stand", 1)], net, parts)


def test_disjointness_is_between_the_texts_only(net: WordNet) -> None:
    assert "disjoint large, small/1" in claims(net, [("small", 1)], [("large", 1)])
    assert "disjoint sit/1" not in claims(net, [("sit", 1), ("stand", 1)], [("sit", 1)])
    assert "disjoint large, small/1" not in claims(net, [("small", 1), ("large", 1)], [("large", 1)])
    assert "disjoint sit, stand/1" in claims(net, [("sit", 1)], [("stand", 1)])
    assert "disjoint cat, dog/1" in claims(net, [("cat", 1)], [("dog", 1)])


def test_the_claims_are_the_same_in_any_order(net: WordNet) -> None:
    one, two = (
        [("man", 1), ("slice_with", 3), ("in", 2)],
        [("person", 1), ("cut", 2), ("wear", 2), ("hat", 1)],
    )
    assert lexical_claims(one, two, net) == lexical_claims(reversed(one), reversed(two), net)


@pytest.mark.skipif(not (FOLDER / "index.noun").is_file(), reason="wordnet-base is not installed")
def test_the_real_files() -> None:
    real = WordNet()
    assert real.subsumed("guitar", "instrument", "noun") > 0.9
    assert real.subsumed("boy", "kid", "noun") > 0.5
    assert real.subsumed("stroll", "walk", "verb") > 0.9
    assert real.opposed("man", "woman", "noun")
    assert real.base_forms("children", "noun") == ("child",)
    assert next(real.lemmas("verb"))[0].isalpha()

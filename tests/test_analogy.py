"""Analogies: the right answer, for the right reasons, and a reason where there is none."""

from __future__ import annotations

import itertools
import random

import pytest

from neurosym.analogy import Edge, map_structures, proportion
from neurosym.errors import InputError
from neurosym.logic import Atom, Const
from neurosym.theory import Analogy, Theory


def edges(text: str) -> list[Edge]:
    """Lines "subject predicate object"; the label is e and the number of the line."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [(s, p, o, f"e{i}") for i, (s, p, o) in enumerate(rows, 1)]


KINSHIP = edges(
    """
    king spouse_of queen
    queen spouse_of king
    father spouse_of mother
    mother spouse_of father
    uncle spouse_of aunt
    aunt spouse_of uncle
    king gender male
    queen gender female
    father gender male
    mother gender female
    uncle gender male
    aunt gender female
    son gender male
    daughter gender female
    brother gender male
    sister gender female
    son sibling_of daughter
    daughter sibling_of son
    brother sibling_of sister
    sister sibling_of brother
    father parent_of son
    father parent_of daughter
    mother parent_of son
    mother parent_of daughter
    king type Monarch
    queen type Monarch
    father type Parent
    mother type Parent
    father sibling_of uncle
    uncle sibling_of father
    """
)


@pytest.mark.parametrize(
    ("a", "b", "c", "d"),
    [
        ("king", "queen", "father", "mother"),
        ("father", "mother", "king", "queen"),
        ("queen", "king", "mother", "father"),
        ("king", "queen", "uncle", "aunt"),
        ("son", "daughter", "brother", "sister"),
    ],
)
def test_kinship(a: str, b: str, c: str, d: str) -> None:
    found = proportion(a, b, c, KINSHIP)
    assert found.reason == ""
    assert found.answers[0].d == d
    assert found.answers[0].tied == ()


def test_the_relations_justify_the_answer() -> None:
    best = proportion("king", "queen", "father", KINSHIP).answers[0]
    said = {(r.kind, r.name, r.base, r.target) for r in best.relations}
    assert ("direct", "spouse_of", "king spouse_of queen", "father spouse_of mother") in said
    change = "gender: male -> female"
    assert ("change", "gender", f"king to queen, {change}", f"father to mother, {change}") in said
    by_label = {label: (s, p, o) for s, p, o, label in KINSHIP}
    named = {word for label in best.labels for word in by_label[label]}
    assert {"spouse_of", "gender", "father", "mother"} <= named
    assert 0 < best.score <= 1
    assert [r.weight for r in best.relations] == sorted((r.weight for r in best.relations), reverse=True)


def test_direction_matters() -> None:
    graph = edges("paris capital_of france\nrome capital_of italy\nitaly neighbour_of france")
    assert proportion("paris", "france", "rome", graph).answers[0].d == "italy"
    # rome is no country: nothing is the capital of it
    found = proportion("france", "paris", "rome", graph)
    assert found.answers == ()
    assert "rome" in found.reason


def test_a_path_of_two_is_a_relation() -> None:
    graph = edges(
        """
        ann parent_of bob
        bob parent_of cid
        dora parent_of eve
        eve parent_of fay
        dora knows gus
        """
    )
    best = proportion("ann", "cid", "dora", graph).answers
    assert [x.d for x in best] == ["fay"]
    assert best[0].relations[0].kind == "path"
    assert best[0].relations[0].target == "dora parent_of eve, eve parent_of fay"
    assert best[0].labels == ("e1", "e2", "e3", "e4")


def test_attributes_alone_can_carry_an_analogy() -> None:
    graph = edges(
        "calf age young\ncow age old\nkitten age young\ncat age old\ncow kind cattle\ncalf kind cattle"
    )
    found = proportion("calf", "cow", "kitten", graph)
    assert found.answers[0].d == "cat"
    assert found.answers[0].relations[0].kind == "change"


def test_more_shared_relations_win() -> None:
    graph = edges(
        """
        sun attracts earth
        sun heats earth
        lamp attracts moth
        lamp attracts table
        lamp heats table
        """
    )
    found = proportion("sun", "earth", "lamp", graph).answers
    assert [x.d for x in found] == ["table", "moth"]
    assert found[0].score > found[1].score


def test_a_relation_between_relations_counts() -> None:
    flat = edges("a p b\na q b\nc p d\nc q d\nc p f\nc q f")
    higher = [*flat, ("p", "causes", "q", "h")]
    names = [r.name for r in proportion("a", "b", "c", higher).answers[0].relations if r.kind == "higher"]
    assert names == ["causes"]


def test_ties_are_reported_and_ordered_by_name() -> None:
    graph = edges("a p b\nc p z\nc p y\nc p x")
    found = proportion("a", "b", "c", graph, k=2).answers
    assert [x.d for x in found] == ["x", "y"]
    assert found[0].tied == ("y", "z")
    assert found[1].tied == ("x", "z")


def test_nothing_found_says_why() -> None:
    graph = edges("a p b\nc q d\ne type T")
    assert "'nobody' does not occur" in proportion("a", "b", "nobody", graph).reason
    assert "nothing stands to 'c' as 'b' stands to 'a'" in proportion("a", "b", "c", graph).reason
    assert "nothing relates 'a' to 'd'" in proportion("a", "d", "c", edges("a p b\nc q d")).reason


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="k is 0"):
        proportion("a", "b", "c", KINSHIP, k=0)
    with pytest.raises(InputError, match="compared with itself"):
        proportion("king", "king", "father", KINSHIP)


def test_the_order_and_repetition_of_edges_do_not_matter() -> None:
    want = proportion("king", "queen", "father", KINSHIP)
    shuffled = KINSHIP * 2
    random.Random(0).shuffle(shuffled)
    assert proportion("king", "queen", "father", shuffled) == want


def test_scores_stay_within_bounds_and_a_perfect_copy_scores_one() -> None:
    copy = [(f"{s}2", p, f"{o}2", f"{label}b") for s, p, o, label in edges("a p b\nb q a\na r m\nm p b")]
    graph = [*edges("a p b\nb q a\na r m\nm p b"), *copy]
    assert proportion("a", "b", "a2", graph).answers[0].score == 1.0
    rng = random.Random(5)
    for _ in range(50):
        noise = [(rng.choice("abcdef"), rng.choice("pqr"), rng.choice("abcdef"), str(i)) for i in range(12)]
        for x in proportion("a", "b", "c", noise).answers:
            assert 0 < x.score <= 1
            assert x.d not in {"a", "b", "c"}


# --- structure mapping -----------------------------------------------------------------------

SOLAR = [
    ("sun", "attracts", "planet", "b1"),
    ("sun", "more_massive_than", "planet", "b2"),
    ("planet", "revolves_around", "sun", "b3"),
    ("b1", "causes", "b3", "b4"),
    ("sun", "hotter_than", "planet", "b5"),
    ("sun", "type", "Star", "b6"),
]
ATOM = [
    ("nucleus", "attracts", "electron", "t1"),
    ("nucleus", "more_massive_than", "electron", "t2"),
    ("electron", "revolves_around", "nucleus", "t3"),
]


def test_the_atom_is_a_solar_system() -> None:
    m = map_structures(SOLAR, ATOM)
    assert m.entities == (("planet", "electron"), ("sun", "nucleus"))
    assert m.matched == (("b1", "t1"), ("b2", "t2"), ("b3", "t3"))
    said = {c.formula: c for c in m.inferences}
    causes = said[Atom("causes", (Const("t1"), Const("t3")))]
    assert isinstance(causes.source, Analogy)
    assert "b4" in causes.source.base
    assert causes.source.target == "t1 causes t3"
    assert Atom("hotter_than", (Const("nucleus"), Const("electron"))) in said
    # an attribute is not carried over: the nucleus does not become a star
    assert all(c.formula != Atom("type", (Const("nucleus"), Const("Star"))) for c in m.inferences)
    assert all(0 < c.score < 1 for c in m.inferences)
    Theory(m.inferences)  # well-formed claims with labels of their own


def test_a_causal_system_wins_over_loose_likeness() -> None:
    # e could be the sun by two loose relations, n by the connected causal system
    target = [
        ("n", "attracts", "x", "t1"),
        ("x", "revolves_around", "n", "t2"),
        ("t1", "causes", "t2", "t3"),
        ("e", "hotter_than", "x", "t4"),
        ("e", "more_massive_than", "x", "t5"),
    ]
    m = map_structures(SOLAR, target)
    assert ("sun", "n") in m.entities
    assert ("b4", "t3") in m.matched


def test_matched_relations_have_matched_arguments() -> None:
    # the relation is the other way round: the same predicates do not make a match together
    m = map_structures(edges("a p b\na q b"), [("c", "p", "d", "t1"), ("d", "q", "c", "t2")])
    assert len(m.matched) == 1
    assert len(m.entities) == 2


def test_mappings_are_one_to_one_and_parallel() -> None:
    rng = random.Random(11)
    for _ in range(40):
        base = [(rng.choice("abcd"), rng.choice("pqr"), rng.choice("abcd"), f"b{i}") for i in range(8)]
        target = [(rng.choice("wxyz"), rng.choice("pqr"), rng.choice("wxyz"), f"t{i}") for i in range(8)]
        m = map_structures(base, target)
        if not m.entities:
            continue
        image = dict(m.entities)
        assert len(set(image.values())) == len(m.entities) == len(image)
        left, right = {e[3]: e for e in base}, {e[3]: e for e in target}
        for x, y in m.matched:
            (s, p, o, _), (s2, p2, o2, _) = left[x], right[y]
            assert (image[s], p, image[o]) == (s2, p2, o2)
        assert 0 < m.score <= 1
        assert map_structures(base[::-1], target[::-1]) == m


def test_greedy_merging_finds_a_hidden_isomorphism() -> None:
    rng = random.Random(2)
    pairs = list(itertools.permutations("abcdef", 2))
    base = [(*rng.choice(pairs), rng.choice("pq")) for _ in range(9)]
    base_edges = [(s, p, o, f"b{i}") for i, (s, o, p) in enumerate(sorted(set(base)))]
    rename = dict(zip("abcdef", "ufvexd", strict=True))
    target = [(rename[s], p, rename[o], f"t{i}") for i, (s, p, o, _) in enumerate(base_edges)]
    m = map_structures(base_edges, target)
    assert m.score == 1.0
    assert m.inferences == ()
    assert set(m.entities) <= set(rename.items())


def test_no_common_relation_says_so() -> None:
    m = map_structures(edges("a p b"), edges("c q d"))
    assert m.entities == ()
    assert m.reason == "base and target share no relation"
    # a common type alone is no structure
    assert map_structures(edges("a type T"), edges("c type T")).entities == ()


def test_bad_descriptions_are_refused() -> None:
    with pytest.raises(InputError, match="label twice"):
        map_structures([("a", "p", "b", "e"), ("a", "q", "b", "e")], ATOM)
    with pytest.raises(InputError, match="about itself"):
        map_structures([("e2", "causes", "b", "e1"), ("e1", "causes", "b", "e2")], ATOM)

"""Orderings: which words order, when the background is added, and that it proves what is true and no more."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from neurosym import kernel
from neurosym.errors import InputError
from neurosym.logic import Atom, Const, Formula, Not, Num
from neurosym.ordering import DOCUMENT, enumerations, find_orderings, ordered, orderings
from neurosym.results import verdict_name
from neurosym.scales import Relation, Sense, relation, wordnet_antonyms
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory, show
from neurosym.theory import Axiom, Theory
from neurosym.verdict import Limits, Proved, Solver, Verdict

CASKS = (
    "cask(ruby). cask(topaz). cask(opal). all_different(ruby, topaz, opal). "
    "forall ?x. cask(?x) -> ?x = ruby or ?x = topaz or ?x = opal. "
)


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    made = make_solver("auto")
    yield made
    made.close()


def ask(solver: Solver, told: str, goal: str, closed: str = CASKS) -> str:
    """The verdict's name on `goal`, with the background and a certificate that the kernel accepts."""
    verdict, _ = asked(solver, ordered(read_theory(closed + told), [read_formula(goal)]), read_formula(goal))
    return verdict_name(verdict)


def asked(solver: Solver, theory: Theory, goal: Formula) -> tuple[Verdict, Theory]:
    verdict = solver.solve(theory, goal, Limits())
    certificate = verdict.certificate
    assert certificate is not None
    assert kernel.check(theory, goal, certificate) == verdict.theorem
    return verdict, theory


# --- words ---


@pytest.mark.parametrize(
    ("pred", "scale", "low", "verb"),
    [
        ("older", "oldest", True, ""),
        ("newer", "oldest", False, ""),
        ("rank_newer", "oldest", False, ""),
        ("less_expensive", "cheapest", True, ""),
        ("rank_more_expensive", "cheapest", False, ""),
        ("rank_less_expensive", "cheapest", True, ""),
        ("cost_more", "cheapest", False, ""),
        ("left_of", "left", True, ""),
        ("sit_left_of", "left", True, ""),
        ("rank_right", "left", False, ""),
        ("rank_rightmost", "left", False, ""),
        ("in_front_of", "first", True, ""),
        ("stand_behind", "first", False, ""),
        ("rank_be", "first", True, ""),
        ("rank_queue", "first", True, ""),
        ("rank_last", "first", False, ""),
        ("finish_above", "first", True, "finish"),
        ("rank_below", "first", False, "finish"),
        ("rank_finish", "first", True, "finish"),
        ("rank_last_finish", "first", False, "finish"),
        ("rank_finish_bottom", "first", False, "finish"),
        ("arrive_later", "first", False, "arrive"),
        ("rank_arrive", "first", True, "arrive"),
        ("finish_higher", "first", True, "finish"),
        ("finish_better", "first", True, "finish"),
        ("live_above", "top", True, ""),
        ("live_lower", "top", False, ""),
        ("run_faster", "fastest", True, "run"),
        ("better", "best", True, ""),
        ("more_zorbed", "most_zorbed", True, ""),
        ("less_zorbed", "most_zorbed", False, ""),
    ],
)
def test_words_name_a_scale_and_an_end(pred: str, scale: str, low: bool, verb: str) -> None:
    ranked = pred.startswith("rank_") and pred != "rank_below"
    assert relation(pred, ranked) == Relation((Sense(scale, low),), verb)


@pytest.mark.parametrize(
    "pred", ["own", "chase", "vote_left", "left_behind_of", "as_old", "last", "immediately_older", "give_to"]
)
def test_other_words_order_nothing(pred: str) -> None:
    assert relation(pred, False) is None


@pytest.mark.parametrize("pred", ["mother", "owner", "look_after", "zogger", "name_after"])
def test_words_that_only_look_so_are_not_sure(pred: str) -> None:
    found = relation(pred, False)
    assert found is not None
    assert not found.sure


def test_antonyms_add_scales(tmp_path: Path) -> None:
    (tmp_path / "data.adj").write_text(
        "  1 a licence\n"
        "00000100 00 a 01 frobbed 0 001 ! 00000200 a 0102 | so\n"
        "00000200 00 a 02 plain 0 unfrobbed(p) 0 001 ! 00000100 a 0201 | not so\n",
        encoding="latin-1",
    )
    pairs = wordnet_antonyms(tmp_path)
    assert pairs == {("frobbed", "unfrobbed")}
    one, other = relation("more_frobbed", False, pairs), relation("more_unfrobbed", False, pairs)
    assert one is not None
    assert other is not None
    assert one.senses == (Sense("most_frobbed", True),)
    assert other.senses == (Sense("most_frobbed", False),)
    with pytest.raises(InputError, match="WordNet"):
        wordnet_antonyms(tmp_path / "nowhere")


# --- when it is added ---


@pytest.mark.parametrize(
    "told",
    [
        "cask(ruby). cask(topaz). all_different(ruby, topaz). older(ruby, topaz).",  # there may be others
        "cask(ruby). cask(topaz). forall ?x. cask(?x) -> ?x = ruby or ?x = topaz. older(ruby, topaz).",
        "cask(ruby). all_different(ruby, topaz). older(ruby, topaz). "
        "forall ?x. cask(?x) -> ?x = ruby or ?x = topaz.",  # is topaz one?
        CASKS + "mother(ruby, topaz).",
        CASKS + "look_after(ruby, topaz).",
        CASKS + "older(ruby, rome).",  # not one of the things
        CASKS + "owns(ruby, topaz).",
        CASKS + "rank_older(ruby, topaz). forall ?x ?y. rank_older(?x, ?y) -> cask(?x).",  # of no number
        "closed world. " + CASKS + "older(ruby, topaz).",
        "semantics chaining. older(ruby, topaz).",
    ],
)
def test_it_is_not_added(told: str) -> None:
    theory = read_theory(told)
    assert orderings(theory) == ()
    assert ordered(theory) is theory


def test_a_word_that_counts_may_compare() -> None:
    unknown = read_theory(CASKS + "zogger(ruby, topaz).")
    assert orderings(unknown) == ()
    assert orderings(unknown, [read_formula("rank_zogger(opal, 1)")])


def test_claims_say_where_they_come_from() -> None:
    theory = read_theory(CASKS + "older(ruby, topaz).")
    made = orderings(theory, [read_formula("rank_newer(opal, 1)")])
    assert [c.label for c in made] == ["ordering:1", "ordering:2", "ordering:3", "ordering:4"]
    for c in made:
        assert isinstance(c.source, Axiom)
        assert c.source.document == DOCUMENT
        assert c.source.text.startswith("by the ordering of 3 things of the kind cask")
    assert made == orderings(theory, [read_formula("rank_newer(opal, 1)")])


def test_it_replaces_itself() -> None:
    theory = read_theory(CASKS + "older(ruby, topaz).")
    goal = read_formula("rank_newer(opal, 1)")
    once = ordered(theory)
    assert ordered(once, [goal]) == ordered(theory, [goal])
    assert len(ordered(once, [goal]).claims) == len(once.claims) + 1


def test_enumerations_are_read_from_one_claim_or_many() -> None:
    one = read_theory(
        "cask(ruby) and cask(topaz) and not topaz = ruby and "
        "(forall ?y. cask(?y) -> ruby = ?y or ?y = topaz)."
    )
    assert [(e.kind, [t.name for t in e.things]) for e in enumerations(one)] == [("cask", ["ruby", "topaz"])]
    assert len(enumerations(read_theory(CASKS))) == 1


def test_places_get_a_function_of_their_own() -> None:
    told = CASKS + "older(ruby, topaz). left_of(ruby, opal). p(place_from_the_oldest(ruby))."
    found = find_orderings(read_theory(told))
    assert [(o.scale, o.place) for o in found] == [
        ("left", "place_from_the_left"),
        ("oldest", "place_from_the_oldest_of_cask"),
    ]


def test_two_kinds_have_two_orders(solver: Solver) -> None:
    vats = "vat(v1). vat(v2). not v1 = v2. forall ?x. vat(?x) -> ?x = v1 or ?x = v2. "
    told = vats + "older(ruby, topaz). older(topaz, opal). older(v1, v2)."
    assert ask(solver, told, "rank_older(v2, 2) and rank_older(opal, 3)") == "proved"
    assert ask(solver, told, "older(v1, opal)") == "unknown"


# --- words of several scales ---


@pytest.mark.parametrize(
    ("told", "goal", "said"),
    [
        ("shorter(ruby, topaz). taller(opal, topaz).", "rank_taller(opal, 1)", "proved"),
        ("shorter(ruby, topaz). longer(opal, topaz).", "rank_shorter(ruby, 1)", "proved"),
        ("shorter(ruby, topaz). longer(opal, topaz). taller(ruby, opal).", "shorter(topaz, ruby)", "unknown"),
        ("lighter(ruby, topaz). lighter(topaz, opal).", "rank_lighter(opal, 3)", "proved"),
        ("higher(ruby, topaz). above(topaz, opal).", "rank_top(ruby, 1)", "proved"),
    ],
)
def test_the_other_words_tell_the_scale(solver: Solver, told: str, goal: str, said: str) -> None:
    assert ask(solver, told, goal) == said


# --- what it proves ---


@pytest.mark.parametrize(
    ("told", "goal", "said"),
    [
        ("older(ruby, topaz). newer(opal, topaz).", "rank_newer(opal, 1)", "proved"),
        ("older(ruby, topaz). newer(opal, topaz).", "rank_older(topaz, 3)", "disproved"),
        ("older(ruby, topaz).", "rank_older(ruby, 1)", "unknown"),
        ("older(ruby, topaz). older(topaz, ruby).", "rank_older(ruby, 1)", "inconsistent"),
        ("rank_older(ruby, 4).", "p(ruby)", "inconsistent"),  # there is no fourth
        ("arrive_before(ruby, topaz). rank_last(opal, 1).", "rank_arrive(ruby, 1)", "proved"),
        ("not rank_last_finish(ruby, 1). not rank_last_finish(opal, 1).", "rank_finish(topaz, 3)", "proved"),
        ("directly_left_of(ruby, topaz). rank_left(opal, 1).", "rank_right(topaz, 1)", "proved"),
        ("between(ruby, topaz, opal). left_of(topaz, opal).", "rank_left(ruby, 2)", "proved"),
        ("next_to(ruby, topaz). left_of(opal, ruby). left_of(opal, topaz).", "rank_left(opal, 1)", "proved"),
        ("next_to(ruby, topaz). older(opal, ruby).", "rank_older(opal, 1)", "unknown"),  # no row is told
        ("forall ?x:cask. not ?x = opal -> cheaper(?x, opal).", "rank_more_expensive(opal, 1)", "proved"),
        ("cheaper(ruby, opal). cheaper(topaz, opal).", "exists ?x:cask. rank_cheaper(?x, 3)", "proved"),
        ("younger(ruby, opal).", "exists ?x:cask. older(?x, ruby) and younger(?x, opal)", "unknown"),
    ],
)
def test_what_follows(solver: Solver, told: str, goal: str, said: str) -> None:
    assert ask(solver, told, goal) == said


def test_the_background_is_among_the_hypotheses(solver: Solver) -> None:
    goal = read_formula("rank_newer(opal, 1)")
    theory = ordered(read_theory(CASKS + "older(ruby, topaz). older(topaz, opal)."), [goal])
    verdict, _ = asked(solver, theory, goal)
    assert isinstance(verdict, Proved)
    assert {h for h in verdict.theorem.hypotheses if h.startswith(DOCUMENT)}


def test_it_agrees_with_looking_at_every_order(solver: Solver) -> None:
    """Random clues about three and four things, of which some leave several orders and some none."""
    rng = Random(20)
    seen: set[str] = set()
    for n in (3, 3, 3, 3, 3, 3, 4, 4, 4):
        things = ["ash", "elm", "fir", "yew"][:n]
        closed = "".join(f"tree({t}). " for t in things) + f"all_different({', '.join(things)}). "
        closed += "forall ?x. tree(?x) -> " + " or ".join(f"?x = {t}" for t in things) + ". "
        told = [random_statement(rng, things) for _ in range(rng.randint(1, n))]
        goal = random_statement(rng, things)
        worlds = [dict(zip(things, p, strict=True)) for p in permutations(range(1, n + 1))]
        left = [w for w in worlds if all(holds(f, w) for f in told)]
        truths = {holds(goal, w) for w in left}
        expected = {
            (): "inconsistent", (True,): "proved", (False,): "disproved", (False, True): "unknown",
        }[tuple(sorted(truths))]  # fmt: skip
        seen.add(expected)
        theory = ordered(read_theory(closed + " ".join(f"{show(f)}." for f in told)), [goal])
        verdict, _ = asked(solver, theory, goal)
        assert verdict_name(verdict) == expected, (told, goal)
    assert len(seen) >= 3


def random_statement(rng: Random, things: list[str]) -> Formula:
    pred = rng.choice(("lighter", "heavier", "less_heavy", "rank_lighter", "rank_heavier"))
    a, b = rng.sample(things, 2)
    last = Num(Fraction(rng.randint(1, len(things)))) if pred.startswith("rank_") else Const(b)
    atom = Atom(pred, (Const(a), last))
    return Not(atom) if rng.random() < 0.4 else atom


def holds(f: Formula, w: dict[str, int]) -> bool:
    if isinstance(f, Not):
        return not holds(f.body, w)
    assert isinstance(f, Atom)
    a, b = f.args
    assert isinstance(a, Const)
    if isinstance(b, Num):
        k = int(b.value)
        return w[a.name] == (k if f.pred == "rank_lighter" else len(w) + 1 - k)
    assert isinstance(b, Const)
    return w[a.name] > w[b.name] if f.pred == "heavier" else w[a.name] < w[b.name]

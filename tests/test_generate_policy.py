"""Sentences of policies, help desks and news: bound pronouns, gaps, object relatives, verbs with "to"."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from neurosym.logic import And, Const, Exists, Forall, Formula, Implies, Not, Or, atoms, ground_terms
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.generate import donkeys, gapping, mixture, objects, transfers
from neurosym.parser.generate.compounds import THINGS, nominal, object_of
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, V, W, conj, emit, exists
from neurosym.parser.generate.predicates import DATIVE
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.unsaid import pronouns_unsaid
from neurosym.syntax import show

pytestmark = pytest.mark.skipif(not WORDNET.is_dir(), reason="no WordNet on this machine")

Made = tuple[list[str], list[str], Decoded, list[str]]  # words, tokens, what they mean, tags
MAKERS: list[Callable[[G], Any]] = [f for m in (donkeys, gapping, objects) for _, f in m.STATEMENTS] + [
    f for _, f in objects.SENTENCES
]


def made(maker: Callable[[G], Any], n: int = 40) -> list[Made]:
    out: list[Made] = []
    rng = Random(7)
    while len(out) < n:
        g = G(rng, lexicon("dev"))
        g.novel = 0.1
        try:
            words, tree, *_ = maker(g)
            tokens = emit(tree if tree[0] in ("ASK", "WH", "HOWMANY", "COMMAND") else ("FACT", tree), words)
        except (Retry, TooDeep):
            continue
        texts = [w.text if isinstance(w, W) else w for w in words]
        out.append((texts, tokens, decode(tokens, texts), g.tags))
    return out


@pytest.mark.parametrize("maker", MAKERS, ids=lambda f: str(f.__name__))
def test_every_form_is_a_reading_that_uses_its_pronouns(maker: Callable[[G], Any]) -> None:
    for texts, tokens, meaning, _ in made(maker):
        assert pronouns_unsaid(tokens, texts) == "", (texts, tokens)
        assert not meaning.anaphors, texts  # nothing waits for another sentence
        assert all(texts), texts


def test_what_a_rule_takes_up_is_bound_around_it() -> None:
    for texts, _, meaning, _ in made(donkeys.finder):
        assert isinstance(meaning.formula, Forall)
        x, y = meaning.formula.vars
        rule = meaning.formula.body
        assert isinstance(rule, Implies)
        done = rule.right.body if isinstance(rule.right, Not) else rule.right
        assert any({x, y} <= set(a.args) for a in atoms(done)), texts


def test_what_is_left_out_is_the_first_part_s() -> None:
    for texts, _, meaning, _ in made(gapping.turned):
        assert isinstance(meaning.formula, And)
        first, second = meaning.formula.parts
        assert isinstance(first, Not) != isinstance(second, Not)
        said = [{a.pred for a in atoms(p) if len(a.args) > 1} for p in (first, second)]
        assert said[0] & said[1], texts


def test_the_speaker_of_a_relative_clause_is_said() -> None:
    seen = 0
    for texts, _, meaning, tags in made(objects.relative_object, 80):
        if "rel-I" in tags:
            seen += 1
            assert Const("speaker") in ground_terms([meaning.formula]), texts
        assert "that " not in str(ground_terms([meaning.formula])), texts
    assert seen > 5


def test_only_verbs_of_two_objects_leave_out_to() -> None:
    assert not DATIVE & {v.base for v in transfers.TOWARDS}
    seen = set()
    rng = Random(3)
    for _ in range(200):
        g = G(rng, lexicon("dev"))
        pred, who = transfers.tensed(g, transfers.deed(g), 0.0, "past"), W("Tom")
        kind = next(t for t in g.tags if t in ("deed-to", "deed-dative", "deed-vt", "deed-vtp", "deed-vp"))
        if kind not in ("deed-to", "deed-dative"):
            continue
        try:
            formula = _said([who, *pred.fin(False)], pred.sem(("E", who)))
        except TooDeep:
            continue
        seen.add(kind)
        names = [a.pred.split("_") for a in atoms(formula) if len(a.args) > 2]
        assert any("to" in n for n in names) == (kind == "deed-to"), show(formula)
    assert seen == {"deed-to", "deed-dative"}


def _said(np_words: list[W | str], tree: Any) -> Formula:
    texts = [w.text if isinstance(w, W) else w for w in np_words]
    return decode(emit(("FACT", tree), np_words), texts).formula


def test_two_objects_are_two_things() -> None:
    rng = Random(11)
    seen = 0
    who, see = W("Tom"), W("sees")
    while seen < 30:
        words, about = object_of(G(rng, lexicon("dev")), several=1.0)
        try:
            formula = _said(
                [who, see, *words], about(("E", who), lambda u: ("P2", ("V", see), ("E", who), u))
            )
        except TooDeep:
            continue
        seen += 1
        assert len([a for a in atoms(formula) if a.pred == "see"]) == 2, show_words(words)
        assert isinstance(formula, (And, Or)), show_words(words)


def show_words(words: list[W | str]) -> str:
    return " ".join(w.text if isinstance(w, W) else w for w in words)


def test_nouns_before_a_noun_are_a_part_of_its_name() -> None:
    rng = Random(5)
    for _ in range(40):
        g = G(rng, lexicon("dev"))
        v, nom = V(), nominal(g, THINGS, 0.0, 1.0)
        words = nom.words(False)
        formula = _said(words, exists(v, [conj(nom.sem(v))]))
        assert isinstance(formula, Exists)
        assert len([a for a in atoms(formula) if "_" in a.pred]) == 1, show_words(words)


def test_the_families_have_their_share_of_the_mixture() -> None:
    share = sum(
        w for w, f in mixture.STATEMENTS if f in (donkeys.STATEMENTS, gapping.STATEMENTS, objects.STATEMENTS)
    )
    assert 0.1 < share / sum(w for w, _ in mixture.STATEMENTS) < 0.2
    assert objects.SENTENCES in [f for _, f in mixture.SENTENCES]

"""Expert-written stories: long phrases, mixed connectives, definites in rules, attributes, titles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from neurosym.logic import And, Exists, Forall, Formula, Not, Or
from neurosym.parser.constrain import legal
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.generate import chapters, essays, mixed, mixture, pairs, passages, titles, wordings
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, Tree, V, W, emit, p1, p2, span
from neurosym.parser.generate.nouns import Words, noun_head
from neurosym.parser.generate.predicates import Pred, copula
from neurosym.parser.generate.sentences import Said
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.syntax import show

pytestmark = pytest.mark.skipif(
    not (Path(WORDNET) / "data.noun").is_file(), reason="WordNet's files are not installed"
)
MODULES = (mixed, chapters, passages, wordings)
SEEDS = 40
MAKERS = [
    pytest.param(make, id=f"{m.__name__.rpartition('.')[2]}-{make.__name__}")
    for m in MODULES
    for _, make in m.STATEMENTS
]


def hand(seed: str, split: str = "train") -> G:
    return G(Random(seed), lexicon(split))


def made(make: Callable[[G], Said], seed: str) -> tuple[list[str], list[str]] | None:
    """Words and tokens of one draw, or None where it was given up."""
    try:
        words, tree = make(hand(seed))
        tokens = emit(("FACT", tree), words)
    except (Retry, TooDeep):
        return None
    return texts(words), tokens


def texts(words: Words) -> list[str]:
    return [w.text if isinstance(w, W) else w for w in words]


def several(make: Callable[[G], Said], n: int = SEEDS) -> list[tuple[list[str], list[str]]]:
    out = [one for seed in range(n) if (one := made(make, f"s{seed}")) is not None]
    return [(words, tokens) for words, tokens in out if len(tokens) <= MAX_TOKENS and len(words) <= MAX_WORDS]


def formula(words: Words, tree: Tree) -> Formula:
    return decode(emit(("FACT", tree), words), texts(words)).formula


def meaning(words: Words, tree: Tree) -> str:
    return show(formula(words, tree))


@pytest.mark.parametrize("make", MAKERS)
def test_every_maker_makes_readings_that_the_grammar_allows(make: Callable[[G], Said]) -> None:
    samples = several(make)
    assert len(samples) > SEEDS * 0.7
    for words, tokens in samples:
        assert legal(tokens)
        assert decode(tokens, words).formula is not None
    assert len({" ".join(words) for words, _ in samples}) > len(samples) * 0.9


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_makes_the_same_sentence_again(make: Callable[[G], Said]) -> None:
    assert [made(make, f"d{i}") for i in range(6)] == [made(make, f"d{i}") for i in range(6)]


@pytest.mark.parametrize(
    "make", [mixed.fact, mixed.general, mixed.rule, chapters.definites, chapters.attributed, passages.short]
)
def test_no_word_of_meaning_is_left_unread(make: Callable[[G], Said]) -> None:
    assert {left_out(tokens, words) for words, tokens in several(make)} == {""}


def noun(word: str) -> Pred:
    w = W(word)
    return copula(hand("noun"), lambda m: ["a", w], lambda t: p1(("N", w), t), 0.0)


def stretch(*words: str) -> Pred:
    ws = [W(w) for w in words]
    return Pred(lambda m: [*ws], None, lambda t: p1(span(ws), t))


def told(pred: Pred) -> tuple[str, str]:
    """What is said of Mia in the words of a predicate, and what that means."""
    mia = W("Mia")
    words: Words = [mia, *pred.fin(False)]
    return " ".join(texts(words)), meaning(words, pred.sem(("E", mia)))


def plain_hand() -> G:
    """A hand without tenses and future, for constructed cases."""
    g = next(g for i in range(99) if (g := hand(f"p{i}")).plain)
    g.contract = False
    return g


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("and", "dancer(Mia) and drink_a_lot_of_tea(Mia)"),
        ("both", "dancer(Mia) and drink_a_lot_of_tea(Mia)"),
        ("or", "dancer(Mia) or drink_a_lot_of_tea(Mia)"),
        ("either", "dancer(Mia) or drink_a_lot_of_tea(Mia)"),
        ("xor", "dancer(Mia) xor drink_a_lot_of_tea(Mia)"),
        ("neither", "not dancer(Mia) and not drink_a_lot_of_tea(Mia)"),
        ("notboth", "not (dancer(Mia) and drink_a_lot_of_tea(Mia))"),
    ],
)
def test_sides_of_different_kinds_under_one_connective(kind: str, expected: str) -> None:
    tea = stretch("drinks", "a", "lot", "of", "tea")
    said, meant = told(pairs.pair(plain_hand(), kind, noun("dancer"), tea))
    assert meant == expected.replace("_a_lot", "_lot")
    assert said.startswith("Mia ")
    assert said.endswith(("drinks a lot of tea", "but not both"))


def test_opposed_sides_are_both_or_neither() -> None:
    for i in range(20):
        g = hand(f"o{i}")
        try:
            pred = pairs.opposed(g)
        except Retry:
            continue
        mia = W("Mia")
        out = formula([mia, *pred.fin(False)], pred.sem(("E", mia)))
        assert isinstance(out, Or)
        assert len(out.parts) == 2
        words = texts(pred.fin(False))
        assert "either" in words
        assert "neither" in words


def test_a_stretch_before_or_never_swallows_a_bare_complement() -> None:
    """After "are fitted with lamps or" a bare noun could be one more lamp: the verb is said again."""
    fitted = [W(w) for w in ("fitted", "with", "lamps")]
    for i in range(30):
        g = hand(f"f{i}")
        if g.past or g.future:
            continue
        boats = W("boats")
        a = copula(g, lambda m: [*fitted], lambda t: p1(span(fitted), t), 0.0)
        b = copula(g, lambda m, w=boats: [w], lambda t, w=boats: p1(("N", w), t), 0.0)  # type: ignore[misc]
        words = texts(pairs.pair(g, "or", a, b).fin(True))
        assert words.count("are") + words.count("been") == 2


def test_objects_with_of_and_numbers_stay_whole() -> None:
    for i in range(60):
        s = essays.long_doing(hand(f"l{i}"))
        words = s.form("s")
        tree = p1(s.name, ("E", mia := W("Mia")))
        tokens = emit(("FACT", tree), [mia, *words])
        assert tokens[:3] == ["FACT", "P1", "SPAN"]
        assert tokens[3] == "B:1"
        assert tokens[4] == f"F:{len(words)}"


def test_what_somebody_can_do_is_named_with_its_modal() -> None:
    seen = set()
    for i in range(40):
        pred = essays.modal_verb(hand(f"m{i}"), 0.5)
        mia = W("Mia")
        words: Words = [mia, *pred.fin(False)]
        said, meant = texts(words), formula(words, pred.sem(("E", mia)))
        seen.add(said[1])
        assert isinstance(meant, Not) == (said[2] == "not")
        assert show(meant).removeprefix("not ").startswith("can_") == (said[1] == "can")
    assert seen == {"can", "could", "will"}


def test_a_chore_is_a_verb_and_an_object() -> None:
    g = plain_hand()
    pred = essays.chore(g, 0.0)
    mia = W("Mia")
    words: Words = [mia, *pred.fin(False)]
    assert "do(Mia, ?x)" in meaning(words, pred.sem(("E", mia)))


def test_compounds_are_one_predicate_of_all_their_words() -> None:
    lengths = set()
    for i in range(60):
        g = hand(f"c{i}")
        head, sem = noun_head(g, 1.0)
        words = head(False)
        tree = sem(("E", mia := W("Mia")))
        name = meaning([mia, *words], tree).partition("(")[0]
        lengths.add(len(words))
        assert len(words) >= 2
        assert name == name.lower()
        assert texts(words)[0].lower().split("-")[0] in name
    assert lengths == {2, 3}


def test_titles_are_names_with_their_numbers_and_capitals() -> None:
    kinds = set()
    for i in range(80):
        g = hand(f"t{i}")
        before, words = titles.title(g)
        kinds |= {t for t in g.tags if t.startswith("titled")}
        assert before in ([], ["the"])
        assert all(w.text[:1].isupper() or w.text[:1].isdigit() or w.text in ("of", "the") for w in words)
    assert len(kinds) == 7


def quantifiers(out: Formula) -> int:
    return len(out.vars) if isinstance(out, Forall) else 0


def test_a_definite_in_a_rule_is_the_variable_of_its_indefinite() -> None:
    """Every indefinite of the condition is a variable of the rule, and no constant is made of "the N"."""
    counts = set()
    for words, tokens in several(chapters.definites):
        out = decode(tokens, words).formula
        assert isinstance(out, Forall)
        counts.add(quantifiers(out))
        assert {"the", "this", "that"} & set(words)
        taken_up = [w for i, w in enumerate(words[1:]) if words[i] in ("the", "this", "that")]
        assert len(taken_up) >= quantifiers(out) - 1
    assert counts == {1, 2, 3}


def test_a_donkey_is_every_donkey() -> None:
    for words, tokens in several(chapters.donkey, 20):
        out = decode(tokens, words).formula
        assert isinstance(out, Forall)
        assert quantifiers(out) == 2
        assert words[0] in ("every", "each", "any", "no")


def test_the_only_one_is_one_and_nobody_else_is() -> None:
    found = 0
    for words, tokens in several(passages.only_one):
        if "only" not in words[:6]:
            continue
        found += 1
        out = decode(tokens, words).formula
        assert isinstance(out, And)
        assert isinstance(out.parts[-1], Forall)
        assert "EQ" in tokens
    assert found > 5


def test_members_are_each_of_the_kind() -> None:
    for words, tokens in several(passages.members):
        assert "include" in words
        out = decode(tokens, words).formula
        assert isinstance(out, Forall | And)


def test_time_comes_last_wherever_it_is_said() -> None:
    found = 0
    for words, tokens in several(passages.adverbial, 80):
        if tokens[1] == "P3":
            found += 1
            assert min(int(t[2:]) for t in tokens if t.startswith("Q:") or ":" in t) == 0
            assert tokens[-1][:2] in ("Q:", "E:")
            assert int(tokens[-1][2:]) < len(words) / 2 + 3
    assert found > 5


@pytest.mark.parametrize(("link", "kind"), [("is a sufficient condition for", ">"), ("follows from", "<")])
def test_conditions_point_the_right_way(link: str, kind: str) -> None:
    a, b = W("red"), W("kind")
    tree = wordings._linked(kind, p1(("A", a), ("E", W("Tom"))), p1(("A", b), ("E", W("Ann"))))
    first = tree[1][1][1]
    assert first is (a if kind == ">" else b)
    assert (link, kind) in wordings._LINKS


def test_enough_and_needed_are_converse() -> None:
    seen = set()
    for i in range(60):
        g = hand(f"n{i}")
        words, tree = wordings.necessary(g)
        plain = texts(words)
        kind = "both" if "and sufficient" in " ".join(plain) else "enough"
        if kind == "enough" and {"necessary", "required"} & set(plain):
            kind = "needed"
        seen.add(kind)
        assert tree[0] == ("IFF" if kind == "both" else "IMP")
        assert f"for-{kind}" in g.tags
    assert seen == {"both", "enough", "needed"}


def test_relatives_of_all_kinds_restrict_a_universal() -> None:
    kinds = set()
    for i in range(60):
        g = hand(f"r{i}")
        try:
            words, tree = chapters.relatives(g)
            out = formula(words, tree)
        except (Retry, TooDeep):
            continue
        kinds |= {t for t in g.tags if t in ("rel-two", "rel-chain", "rel-where", "rel-whose", "rel-ever")}
        assert isinstance(out, Forall)
    assert len(kinds) == 5


def test_named_after_called() -> None:
    rex, dog, owns, tom = W("Rex"), W("dog"), W("owns"), W("Tom")
    words: Words = [tom, owns, "a", dog, "called", rex]
    tree = ("AND", p1(("N", dog), ("E", rex)), p2(("V", owns), ("E", tom), ("E", rex)))
    assert meaning(words, tree) == "dog(Rex) and own(Tom, Rex)"
    for made_words, tokens in several(passages.called, 20):
        assert not isinstance(decode(tokens, made_words).formula, Forall)


def test_the_mixture_has_every_family() -> None:
    families = [makers for _, makers in mixture.STATEMENTS]
    assert all(m.STATEMENTS in families for m in MODULES)
    v = V()
    assert isinstance(formula([n := W("nurses")], ("EX", v, p1(("N", n), v))), Exists)

"""Rules, norms, propositions and stretches of words: what the generator makes of them is what they mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from neurosym.parser.constrain import legal
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.generate import acts, generals, lumps, norms, opaque, repeats, rules, stretches, traits
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, Tree, W, emit
from neurosym.parser.generate.nouns import Words
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.reading import Act
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.syntax import show

pytestmark = pytest.mark.skipif(
    not (Path(WORDNET) / "data.noun").is_file(), reason="WordNet's files are not installed"
)
MODULES = (rules, generals, norms, opaque, lumps)
SEEDS = 60


def whole(make: Callable[[G], tuple[Words, Tree]]) -> Callable[[G], tuple[Words, Tree, str]]:
    def sentence(g: G) -> tuple[Words, Tree, str]:
        words, tree = make(g)
        return words, ("FACT", tree), "."

    return sentence


MAKERS = [
    (f"{m.__name__.rpartition('.')[2]}-{make.__name__}", whole(make))
    for m in MODULES
    for _, make in m.STATEMENTS
] + [
    (f"{m.__name__.rpartition('.')[2]}-{make.__name__}", make)
    for m in (norms, opaque, lumps)
    for _, make in m.SENTENCES
]


def made(
    make: Callable[[G], tuple[Words, Tree, str]], seed: str
) -> tuple[list[str], list[str], list[str]] | None:
    """Words, tokens and tags of one draw, or None where it was given up."""
    g = G(Random(seed), lexicon("train"))
    try:
        words, tree, _ = make(g)
        tokens = emit(tree, words)
    except (Retry, TooDeep):
        return None
    return [w.text if isinstance(w, W) else w for w in words], tokens, g.tags


def several(
    make: Callable[[G], tuple[Words, Tree, str]], n: int = SEEDS
) -> list[tuple[list[str], list[str]]]:
    out = []
    for seed in range(n):
        one = made(make, f"s{seed}")
        if one is not None and len(one[1]) <= MAX_TOKENS and len(one[0]) <= MAX_WORDS:
            out.append(one[:2])
    return out


def meaning(words: Words, tree: Tree) -> str:
    return show(decoded(words, ("FACT", tree)).formula)


def decoded(words: Words, tree: Tree) -> Decoded:
    texts = [w.text if isinstance(w, W) else w for w in words]
    return decode(emit(tree, words), texts)


def hand(seed: int = 0) -> G:
    """A plain present without invented words."""
    g = G(Random(seed), lexicon("train"))
    g.novel, g.past, g.future, g.contract, g.plain, g.bare = 0.0, False, False, False, True, False
    return g


@pytest.mark.parametrize(("name", "make"), MAKERS, ids=[n for n, _ in MAKERS])
def test_all_that_is_made_can_be_emitted_and_decoded(
    name: str, make: Callable[[G], tuple[Words, Tree, str]]
) -> None:
    samples = several(make)
    assert len(samples) > 0.8 * SEEDS
    for words, tokens in samples:
        assert legal(tokens), (words, tokens)
        decode(tokens, words)
        assert all(w and " " not in w for w in words), words
    assert len({" ".join(w) for w, _ in samples}) > 0.9 * len(samples)


@pytest.mark.parametrize(("name", "make"), MAKERS, ids=[n for n, _ in MAKERS])
def test_a_seed_makes_the_same_and_leaves_tags(
    name: str, make: Callable[[G], tuple[Words, Tree, str]]
) -> None:
    assert made(make, "again") == made(make, "again")
    assert all(one[2] for seed in "abcd" if (one := made(make, seed)) is not None)


def adjective(text: str) -> tuple[W, Callable[[Tree], Tree]]:
    w = W(text)
    return w, lambda t: ("P1", ("A", w), t)


def test_a_mixture_says_its_signs() -> None:
    a, red = adjective("red")
    b, kind = adjective("kind")
    tom = W("Tom")
    for name, words, expected in (
        ("both", "Tom is both red and kind", "red(Tom) and kind(Tom)"),
        ("either", "Tom is either red or kind", "red(Tom) or kind(Tom)"),
        ("neither", "Tom is neither red nor kind", "not red(Tom) and not kind(Tom)"),
        ("xor", "Tom is either red or kind , but not both", "red(Tom) xor kind(Tom)"),
        ("notboth", "Tom is not both red and kind", "not (red(Tom) and kind(Tom))"),
        ("as-well", "Tom is red as well as kind", "red(Tom) and kind(Tom)"),
    ):
        form, sem = traits.pair(name, (lambda m: [a], red), (lambda m: [b], kind))
        said: Words = [tom, "is", *form(False)]
        assert " ".join(w.text if isinstance(w, W) else w for w in said) == words
        assert meaning(said, sem(("E", tom))) == expected


def test_a_stretch_is_one_predicate_and_its_negation_stands_outside() -> None:
    seen = {"": 0, "not ": 0}
    for seed in range(80):
        g = hand(seed)
        pred = lumps.verbal_lump(g)
        tom = W("Tom")
        words: Words = [tom, *pred.fin(False)]
        tokens = emit(("FACT", pred.sem(("E", tom))), words)
        texts = [w.text if isinstance(w, W) else w for w in words]
        formula = show(decode(tokens, texts).formula)
        negative = "not " if set(texts[:3]) & {"not", "never"} else ""
        seen[negative] += 1
        first = next(int(t[2:]) for t in tokens if t.startswith("B:"))
        last = next(int(t[2:]) for t in tokens if t.startswith("F:"))
        assert last == len(texts) - 1
        assert first == {"": 1, "not ": 2 if texts[1] == "never" else 3}[negative]
        assert formula.startswith("not ") == bool(negative)
        assert formula.count("(") == 1
        assert formula.endswith("(Tom)")
    assert min(seen.values()) > 5


def test_a_stretch_after_be_leaves_the_verb_out() -> None:
    for seed in range(40):
        g = hand(seed)
        form, sem = lumps.being(g)
        tom = W("Tom")
        words: Words = [tom, "is", *form(False)]
        tokens = emit(("FACT", sem(("E", tom))), words)
        first = next(int(t[2:]) for t in tokens if t.startswith("B:"))
        texts = [w.text if isinstance(w, W) else w for w in words]
        assert texts[first] not in ("is", "a", "an")
        assert set(texts[2:first]) <= {"a", "an"}


@pytest.mark.parametrize(
    ("word", "no", "prefix"),
    [
        ("must", True, "must_not_"), ("may", True, "may_not_"), ("should", True, "should_not_"),
        ("must", False, "must_"), ("may", False, "may_"), ("could", False, "could_"),
        ("shall", True, "shall_not_"),
    ],
)  # fmt: skip
def test_a_prohibition_is_a_part_of_the_name(word: str, no: bool, prefix: str) -> None:
    found = False
    for seed in range(400):
        g = hand(seed)
        m = acts.modal(g, 1.0 if no else 0.0)
        if g.tags[-1] != word + ("-not" if no else ""):
            continue
        found = True
        tom, w = W("Tom"), W("pay")
        words: Words = [tom, *m.fin(False, False), w]
        tree = acts._denied(m, ("P1", m.wrap(("V", w)), ("E", tom)))
        assert meaning(words, tree) == f"{prefix}pay(Tom)"
        break
    assert found


def test_what_cannot_be_done_is_denied() -> None:
    expected = {
        "can-not": "not can_pay(Tom)", "have-to-not": "not have_to_pay(Tom)",
        "need-to-not": "not need_to_pay(Tom)",
    }  # fmt: skip
    seen = set()
    for seed in range(600):
        g = hand(seed)
        m = acts.modal(g, 1.0)
        tag = g.tags[-1]
        if tag in expected:
            tom, w = W("Tom"), W("pay")
            words: Words = [tom, *m.fin(False, False), w]
            assert meaning(words, acts._denied(m, ("P1", m.wrap(("V", w)), ("E", tom)))) == expected[tag]
            seen.add(tag)
    assert seen == set(expected)


def test_commands_are_acts_of_their_own_and_given_to_you() -> None:
    for words, tokens in several(norms.command):
        reading = decode(tokens, words)
        assert reading.act == Act.COMMAND
        assert "you" in show(reading.formula)
        negative = words[0] in ("never", "do") or words[:2] in (["please", "never"], ["please", "do"])
        if negative:
            assert "NOT" in tokens


def test_what_is_believed_is_not_asserted() -> None:
    for words, tokens in several(whole(opaque.believes)):
        assert "THAT" in tokens, words
        formula = show(decode(tokens, words).formula)
        assert "'that " in formula


def test_a_notion_is_denied_or_affirmed() -> None:
    for seed in range(60):
        one = made(whole(opaque.notion), f"n{seed}")
        if one is None:
            continue
        _, tokens, tags = one
        last = tags[-1]
        assert tokens[1] == "NOT" if last.endswith("-no") else last.endswith("-yes")


def test_an_equivalence_and_an_implication_differ() -> None:
    ways = {"IFF": 0, "IMP": 0}
    for words, tokens in several(whole(rules.gerund), 120):
        text = " ".join(words)
        same = any(s in text for s in rules.SAME)
        assert ("IFF" in tokens) == same, text
        ways["IFF" if same else "IMP"] += 1
        assert "being" in words or any(w.endswith("ing") for w in words)
    assert min(ways.values()) > 20


def test_unless_is_if_not() -> None:
    hits = 0
    for seed in range(400):
        one = made(whole(generals.quantified), f"u{seed}")
        if one is not None and one[2][0].startswith("quant-unless-all"):
            words, tokens, _ = one
            hits += 1
            assert "unless" in words
            assert (tokens[1], tokens[3]) == ("ALL", "IMP")
            assert "NOT" in tokens
    assert hits > 20


def test_the_inside_of_a_stretch_has_no_empty_words() -> None:
    for seed in range(150):
        s = stretches.doing(hand(seed))
        texts = [w.text if isinstance(w, W) else w for w in s.form("s")]
        assert len(texts) >= 2
        assert all(texts)
        assert texts[-1] not in ("a", "an", "the", "his", "her", "their")


def test_what_is_said_twice_has_the_same_name_and_words_of_its_own() -> None:
    for seed in range(60):
        g = hand(seed)
        (f, a), (h, b) = repeats.twice(g, repeats.leaf)
        tom = W("Tom")
        words: Words = [tom, "is", *f(False), "or", *h(False)]
        first, second = emit(("FACT", a(("E", tom))), words), emit(("FACT", b(("E", tom))), words)
        texts = [w.text if isinstance(w, W) else w for w in words]
        assert first != second
        assert decode(first, texts).formula == decode(second, texts).formula


def test_both_or_neither_is_a_disjunction_of_the_two() -> None:
    a, red = adjective("red")
    b, kind = adjective("kind")
    c, red2 = adjective("red")
    d, kind2 = adjective("kind")
    (f, s) = traits.pair("both", (lambda m: [a], red), (lambda m: [b], kind))
    (h, r) = traits.pair("neither", (lambda m: [c], red2), (lambda m: [d], kind2))
    tom = W("Tom")
    words: Words = [tom, "is", "either", *f(False), "or", *h(False)]
    assert meaning(words, ("OR", s(("E", tom)), r(("E", tom)))) == (
        "red(Tom) and kind(Tom) or not red(Tom) and not kind(Tom)"
    )

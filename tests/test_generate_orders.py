"""Training sentences about counts, orders, enumerations, dates and measures, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

import pytest

from neurosym.parser.constrain import legal
from neurosym.parser.decode import decode
from neurosym.parser.generate import (
    counting,
    exceptions,
    lists,
    measures,
    orders,
)
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, W, emit
from neurosym.parser.lexicon import WORDNET, lexicon
from neurosym.parser.morphology import noun_lemma, number
from neurosym.parser.scheme import MAX_TOKENS
from neurosym.parser.tokenize import words as tokenized
from neurosym.syntax import show

pytestmark = pytest.mark.skipif(not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed")

MODULES = (counting, exceptions, orders, measures, lists)
STATEMENTS = [m for module in MODULES for _, m in getattr(module, "STATEMENTS", ())]
SENTENCES = [m for module in MODULES for _, m in getattr(module, "SENTENCES", ())]
MAKERS = [
    *(pytest.param(m, False, id=m.__name__) for m in dict.fromkeys(STATEMENTS)),
    *(pytest.param(m, True, id=m.__name__) for m in dict.fromkeys(SENTENCES)),
]
Made = tuple[list[str], list[str], list[str]]  # words, tokens, tags


def made(make: Callable[[G], object], whole: bool, seeds: range, split: str = "train") -> Iterator[Made]:
    for seed in seeds:
        g = G(Random(seed), lexicon(split))
        try:
            result = make(g)
            assert isinstance(result, tuple)
            words, tree, end = result if whole else (result[0], ("FACT", result[1]), ".")
            words = [*words, end]
            tokens = emit(tree, words)
        except (Retry, TooDeep):
            continue
        if len(tokens) <= MAX_TOKENS:
            yield [w.text if isinstance(w, W) else w for w in words], tokens, g.tags


def untokenized(ws: list[str]) -> str:
    out = ""
    for i, w in enumerate(ws):
        glued = w in ("n't", "'s", "'", ".", ",", "?", ":", ";", "-") or (i and ws[i - 1] == "-")
        out += w if not out or glued else " " + w
    return out


@pytest.mark.parametrize(("make", "whole"), MAKERS)
def test_samples_are_legal_decode_and_match_the_tokenizer(make: Callable[[G], object], whole: bool) -> None:
    found = list(made(make, whole, range(60))) + list(made(make, whole, range(60, 80), "dev"))
    assert len(found) > 60
    for words, tokens, tags in found:
        assert legal(tokens), words
        assert tags
        decode(tokens, words)
        assert [w.text for w in tokenized(untokenized(words))] == words


@pytest.mark.parametrize(("make", "whole"), MAKERS)
def test_one_seed_makes_one_sentence(make: Callable[[G], object], whole: bool) -> None:
    assert list(made(make, whole, range(12))) == list(made(make, whole, range(12)))


def test_makers_vary() -> None:
    skeletons = {" ".join(tags) for m in STATEMENTS for _, _, tags in made(m, False, range(20))}
    assert len(skeletons) > 350


COUNTS = {"ATLEAST", "ATMOST", "EXACTLY", "MORE", "FEWER"}


def test_a_count_is_said_by_its_sentence() -> None:
    """The numeral is pointed at, and the words before it are those of its symbol."""
    said = {
        "ATMOST": {"at most", "more than", "up to", "maximum of", "a"}, "MORE": {"more than"},
        "FEWER": {"fewer than", "less than"},
    }  # fmt: skip
    seen = set()
    for words, tokens, _ in made(counting.count_subject, False, range(300)):
        for i, t in enumerate(tokens):
            if t in COUNTS and tokens[i + 1].startswith("Q:"):
                at = int(tokens[i + 1][2:])
                assert number(words[at]) is not None
                before = " ".join(words[max(0, at - 2) : at]).lower()
                seen.add(t)
                if t in ("MORE", "FEWER"):
                    assert any(before.endswith(p) for p in said[t]), words
                if before.endswith("at least"):
                    assert t == "ATLEAST"
                if before.endswith("at most"):
                    assert t == "ATMOST"
                if "exactly" in before:
                    assert t == "EXACTLY"
    assert seen == COUNTS


def test_an_enumeration_lists_as_many_as_it_says() -> None:
    numbers = 0
    for words, tokens, _ in made(lists.enumeration, True, range(200)):
        assert tokens[1] == "SET"
        listed = tokens.count("CONS")
        colon = words.index(":") if ":" in words else 0
        for w in words[:colon]:
            if (n := number(w)) is not None:
                assert n == listed, words
                numbers += 1
    assert numbers > 80


ENDS = ("last", "worst", "left", "right", "top", "bottom", "front", "back")


def test_every_place_in_an_order_has_its_words() -> None:
    """NTH points at an ordinal, or says the first where the words are a superlative, an end, or the last."""
    seen = set()
    for words, tokens, _ in made(orders.order_fact, False, range(500)):
        for i, t in enumerate(tokens):
            if t != "NTH":
                continue
            end = _end(tokens, i + 1)
            seen.add(tokens[i + 1].split(":")[0] + ("" if tokens[end] == "ONE" else "+"))
            if tokens[end] == "ONE":
                pointed = {words[int(p[2:])] for p in tokens[i + 1 : end] if ":" in p}
                assert any(w.endswith(("est", "most", "least")) or w in ENDS for w in pointed), words
            else:
                assert tokens[end].startswith("O:")
    assert {"S", "S+", "N+", "N", "V+", "JOIN", "JOIN+"} <= seen


def _end(tokens: list[str], start: int) -> int:
    need, k = 1, start
    while need:
        need += 1 if tokens[k] == "JOIN" else -1
        k += 1
    return k


ORDINAL = r"(?P<n>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
NAME, OTHER = r"(?P<a>[A-Z][a-z]+|[Tt]he [a-z]+[^s\W])", r"(?P<b>[A-Z][a-z]+|the [a-z]+[^s\W])"
COUNT = r"(?P<n>two|three|four|five|six|seven|[2-9]|1\d)"
PLACES = {w: str(n) for n, w in enumerate(ORDINAL[6:-1].split("|"), 1)}
# What a reader takes these shapes to mean, written down apart from the makers.
SHAPES = [
    (orders.order_fact, rf"{NAME} (?:finished|finishes) {ORDINAL}", "rank_finish({a}, {n})"),
    (orders.order_fact, rf"{NAME} (?:came|comes) in {ORDINAL}(?: place)?", "rank_come({a}, {n})"),
    (orders.order_fact, rf"{NAME} (?:came|comes) (?:in )?last", "rank_last_come({a}, 1)"),
    (orders.order_fact, rf"{NAME} (?:is|was) {ORDINAL} from the (?P<k>left|right|top)", "rank_{k}({a}, {n})"),
    (orders.order_fact, rf"{NAME} (?:is|was) the (?P<k>left|right)most", "rank_{k}({a}, 1)"),
    (orders.order_fact, rf"{NAME} (?:is|was) the {ORDINAL}[ -]most (?P<k>[a-z]+)", "rank_more_{k}({a}, {n})"),
    (orders.order_fact, rf"{NAME} (?:is|was) the (?P<k>old|young|tall|cheap|weak)est", "rank_{k}er({a}, 1)"),
    (orders.order_fact, rf"{NAME} (?:is|was) less (?P<k>[a-z]+) than {OTHER}", "less_{k}({a}, {b})"),
    (orders.order_fact, rf"{NAME} (?:isn't|is not|wasn't) (?P<k>[a-z]+er) than {OTHER}", "not {k}({a}, {b})"),
    (orders.order_fact, rf"{NAME} (?:is|was) to the (?P<k>left|right) of {OTHER}", "{k}_of({a}, {b})"),
    (orders.order_fact, rf"{NAME} (?:was|is) built (?P<k>before|after) {OTHER}", "build_{k}({a}, {b})"),
    (orders.order_fact, rf"{NAME} (?:is|was) (?P<k>[a-z]+er) than everyone else",
     "forall ?x. ?x != {a} -> {k}({a}, ?x)"),
    (orders.ask_order, rf"(?:is|was) {NAME} (?P<k>[a-z]+er) than {OTHER}", "{k}({a}, {b})"),
    (measures.measure_fact, rf"{NAME} costs \$(?P<n>\d+)", "cost({a}, {n})"),
    (measures.measure_fact, rf"{NAME} weighs (?P<n>\d+) kilograms", "weigh_kilogram({a}, {n})"),
    (measures.measure_fact, rf"{NAME} (?:was|is) (?P<k>paint|publish|invent|discover|elect)ed in (?P<n>\d+)",
     "{k}_in({a}, {n})"),
    (exceptions.all_but, rf"(?:everyone|everybody) but {NAME} is (?:a |an )(?P<k>[a-z]+)",
     "(forall ?x. ?x != {a} -> {k}(?x)) and not {k}({a})"),
    (exceptions.only, rf"{NAME} is the only (?P<k>[a-z]+)", "{k}({a}) and (forall ?x. {k}(?x) -> ?x = {a})"),
]  # fmt: skip


def test_what_a_reader_takes_them_to_mean() -> None:
    matched: set[int] = set()
    for make in dict.fromkeys(make for make, _, _ in SHAPES):
        for words, tokens, _ in made(make, make is orders.ask_order, range(4000)):
            text = untokenized(words).rstrip(".?")
            for i, (maker, shape, meaning) in enumerate(SHAPES):
                if maker is make and (m := re.fullmatch(shape, text)) is not None:
                    parts = m.groupdict()
                    parts = {k: noun_lemma(v[4:]) if v[:4].lower() == "the " else v for k, v in parts.items()}
                    parts["n"] = PLACES.get(parts.get("n", ""), parts.get("n", ""))
                    said = show(decode(tokens, words).formula)
                    assert said.lower() == meaning.format(**parts).lower(), text
                    matched.add(i)
    assert [shape for i, (_, shape, _) in enumerate(SHAPES) if i not in matched] == []


@pytest.mark.parametrize(
    ("text", "tokens", "meaning"),
    [
        ("Two cats sleep.", "FACT ATLEAST Q:0 x AND P1 N:1 x P1 V:2 x",
         "exists ?x1 ?x2. (cat(?x1) and sleep(?x1)) and (cat(?x2) and sleep(?x2)) and ?x1 != ?x2"),
        ("Everyone except Tom is red.", "FACT AND ALL x IMP NOT EQ x E:2 P1 A:4 x NOT P1 A:4 E:2",
         "(forall ?x. ?x != Tom -> red(?x)) and not red(Tom)"),
        ("Ann is the second-oldest student.", "FACT AND NTH S:5 O:3 E:0 P1 N:6 E:0",
         "rank_older(Ann, 2) and student(Ann)"),
        ("The red book is third from the left.", "FACT NTH N:7 O:4 NAMES D:1 D:2", "rank_left(red_book, 3)"),
        ("The cup is at the far right.", "FACT NTH N:6 ONE D:1", "rank_right(cup, 1)"),
        ("Tom came in second to last.", "FACT NTH JOIN A:5 V:1 O:3 E:0", "rank_last_come(Tom, 2)"),
        ("Ann was the last to leave.", "FACT NTH JOIN A:3 V:5 ONE E:0", "rank_last_leave(Ann, 1)"),
        ("Ann is taller than everyone else.", "FACT ALL x IMP NOT EQ x E:0 P2 C:2 E:0 x",
         "forall ?x. ?x != Ann -> taller(Ann, ?x)"),
        ("The cup sits to the left of Tom.", "FACT P2 JOIN V:2 JOIN N:5 P:6 D:1 E:7",
         "sit_left_of(cup, Tom)"),
        ("The church was built before 1900.", "FACT P2 JOIN T:3 P:4 D:1 Q:5", "build_before(church, 1900)"),
        ("Tom was born on May 5, 2020.", "FACT P2 JOIN T:2 P:3 E:0 NAMES E:4 NAMES E:5 E:7",
         "bear_on(Tom, date_2020_05_05)"),
        ("Tom replied within 30 days.", "FACT P2 JOIN V:1 JOIN P:2 N:4 E:0 Q:3", "reply_within_day(Tom, 30)"),
        ("The car costs $1,500.50.", "FACT P2 V:2 D:1 Q:3", "cost(car, 3001/2)"),
        ("Ann is 3 years older than Tom.", "FACT P3 JOIN N:3 C:4 E:0 E:6 Q:2", "year_older(Ann, Tom, 3)"),
        ("The cat costs less than 20 euros.", "FACT P2 JOIN V:2 JOIN P:3 N:6 D:1 Q:5",
         "cost_less_euro(cat, 20)"),
    ],
)  # fmt: skip
def test_conventions(text: str, tokens: str, meaning: str) -> None:
    """The readings that the makers build, on sentences of the same kinds: what each of them means."""
    words = [w.text for w in tokenized(text)]
    assert legal(tokens.split())
    assert show(decode(tokens.split(), words).formula) == meaning

"""Family in passing, pronouns of other sentences, and whole stories with their antecedents."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from neurosym.errors import ParserError
from neurosym.parser.constrain import legal
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.generate import (
    couples,
    family,
    forward,
    gatherings,
    households,
    kin,
    reference,
    tellings,
)
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.happenings import FRAMES, Doer, conjugated, filled
from neurosym.parser.generate.meaning import TooDeep, W, emit
from neurosym.parser.generate.people import PRONOUNS, Person, Scene, given_names, tidy
from neurosym.parser.generate.relatives import IN_LAW, NEAR, OTHERS, SINGLE, SPOKEN
from neurosym.parser.generate.stories import stories
from neurosym.parser.lexicon import WORDNET, lexicon, split_of
from neurosym.parser.morphology import normalize, plural
from neurosym.parser.scheme import MAX_WORDS
from neurosym.parser.tokenize import words as tokenize
from neurosym.syntax import show

needs_wordnet = pytest.mark.skipif(
    not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed"
)
PRONOUN_FORMS = {f.lower() for forms in PRONOUNS.values() for f in forms}
Maker = Callable[[G], tuple[Any, ...]]
MAKERS = [
    (module.__name__.rpartition(".")[2], maker)
    for module in (kin, reference)
    for _, maker in (*module.STATEMENTS, *module.SENTENCES)
]
FAMILIES = [m for family in (households, couples, forward, gatherings, tellings) for _, m in family.SENTENCES]
MAKERS += [(m.__module__.rpartition(".")[2], m) for m in FAMILIES]


def made(maker: Maker, n: int, seed: int = 0, split: str = "train") -> list[tuple[list[str], list[str], G]]:
    """`n` sentences of a maker: words, tokens and the generator's hand after it."""
    rng, lex = Random(seed), lexicon(split)
    out: list[tuple[list[str], list[str], G]] = []
    for _ in range(50 * n):
        g = G(rng, lex)
        try:
            words, tree, *end = maker(g)
            tokens = emit(tree if end else ("FACT", tree), words)
        except (Retry, TooDeep):
            continue
        out.append(([w.text if isinstance(w, W) else w for w in words] + end, tokens, g))
        if len(out) == n:
            return out
    raise AssertionError(f"{maker.__name__} gives up too often")


def kinds(tokens: list[str], kind: str) -> set[int]:
    return {int(t[2:]) for t in tokens if t.startswith(f"{kind}:")}


@needs_wordnet
@pytest.mark.parametrize(("module", "maker"), MAKERS, ids=[f"{m}-{f.__name__}" for m, f in MAKERS])
def test_every_sentence_can_be_decoded(module: str, maker: Maker) -> None:
    for words, tokens, g in made(maker, 150, seed=1):
        assert legal(tokens), (words, tokens)
        decode(tokens, words)
        assert g.tags
        assert len(words) <= MAX_WORDS
        assert "" not in words
        assert ", ," not in " ".join(words)
        # The words are those that the tokenizer would split the sentence into.
        text = " ".join(words).replace(" n't", "n't").replace(" '", "'")
        assert [w.text for w in tokenize(text)] == words, text


@needs_wordnet
@pytest.mark.parametrize(("module", "maker"), MAKERS, ids=[f"{m}-{f.__name__}" for m, f in MAKERS])
def test_the_same_seed_gives_the_same(module: str, maker: Maker) -> None:
    first, again = ([(w, t) for w, t, _ in made(maker, 30, seed=5)] for _ in range(2))
    assert first == again


# --- kinship ----------------------------------------------------------------------------


def forms() -> set[str]:
    """What the nouns of kinship look like."""
    nouns = {w for table in (NEAR, SPOKEN) for v in table.values() for w in v.split()}
    laws = {f"{w}-in-law" for v in IN_LAW.values() for w in v.split()}
    return nouns | laws | set(OTHERS) | {"twin"}


@needs_wordnet
def test_stories_keep_the_kinship_only() -> None:
    known = forms()
    for words, tokens, _ in made(kin.passing, 400, seed=2):
        got = decode(tokens, words)
        assert got.partial
        assert tokens[0] == "PART"
        for t in tokens:
            assert t in ("PART", "AND", "P2", "EX", "JOIN", "NAMES", "x", "y", "z") or t[0] in "NPER"
        nouns = {normalize(words[i], "N") for i in kinds(tokens, "N")} - {"law"}  # mother in law
        assert nouns <= known | {w.partition("-")[0] for w in known}, nouns
        # Each noun is said once, and facts stand in the order of their nouns.
        order = [int(t[2:]) for before, t in pairwise(tokens) if before == "P2" and t[0] == "N"]
        assert order == sorted(order), (words, tokens)


@needs_wordnet
def test_every_relation_between_names_is_kept() -> None:
    for words, tokens, _ in made(kin.passing, 400, seed=3):
        low = [w.lower() for w in words]
        for i in range(1, len(words) - 1):
            possessed = low[i - 1] in ("his", "her", "their", "'s") and low[i] in forms() - {"twin"} - set(
                OTHERS
            )
            if possessed:
                assert i in kinds(tokens, "N"), (words, tokens)


@needs_wordnet
def test_pronouns_point_at_a_name_before_them_or_outside() -> None:
    for words, tokens, _ in made(kin.passing, 400, seed=4):
        out = kinds(tokens, "R")
        for i in out:
            assert words[i].lower() in PRONOUN_FORMS
        for i in kinds(tokens, "E"):
            assert words[i].lower() not in {"he", "she", "his", "her", "their", "they"}


@needs_wordnet
def test_what_is_said_outright_is_read_in_full() -> None:
    for words, tokens, _ in made(family.direct, 400, seed=7) + made(family.asked, 200, seed=7):
        reason = left_out(tokens, words)
        unsaid = ("'named'", "'called'", "'her'", "'Her'")
        assert not reason or reason.endswith(unsaid), (words, reason)


@needs_wordnet
def test_both_sides_of_a_relation_differ() -> None:
    for words, tokens, _ in made(kin.passing, 300, seed=6) + made(family.direct, 300, seed=6):
        for i, t in enumerate(tokens):
            if t == "P2" and tokens[i + 1][0] == "N" and tokens[i + 2][0] in "ER":
                assert tokens[i + 2] != tokens[i + 3], (words, tokens)


@needs_wordnet
@pytest.mark.parametrize("maker", FAMILIES, ids=lambda f: str(f.__name__))
def test_crowded_sentences_keep_the_kinship_only(maker: Maker) -> None:
    for words, tokens, _ in made(maker, 80, seed=12):
        assert decode(tokens, words).partial
        for t in tokens:
            assert t in ("PART", "AND", "P2", "EX", "JOIN", "NAMES", "x", "y", "z") or t[0] in "NPERTVA"
        for i in kinds(tokens, "V") | kinds(tokens, "T"):
            assert words[i] in ("married", "wed", "wedded", "born"), (words, tokens)
        for i in kinds(tokens, "E"):
            assert words[i].lower() not in PRONOUN_FORMS
        sides = [tokens[i + 2 : i + 4] for i, t in enumerate(tokens) if t == "P2" and tokens[i + 1][0] == "N"]
        assert all(a != b for a, b in sides if a[0] in "ER"), (words, tokens)


@needs_wordnet
def test_gender_tells_whose_relative_is_meant() -> None:
    gender = dict(given_names("train"))
    told = 0
    for words, tokens, _ in made(households.whose_by_gender, 150, seed=13):
        for i, t in enumerate(tokens):
            if t != "P2" or tokens[i + 1][0] != "N" or tokens[i + 2][0] != "E" or tokens[i + 3][0] != "E":
                continue
            noun, owner = int(tokens[i + 1][2:]), words[int(tokens[i + 3][2:])]
            whose = words[noun - 1].lower()
            if owner in gender and whose in ("his", "her"):
                assert gender[owner] == ("m" if whose == "his" else "f"), (words, tokens)
                told += 1
    assert told > 50


@needs_wordnet
def test_a_couple_shares_its_children() -> None:
    shared = 0
    for words, tokens, _ in made(couples.wedding, 150, seed=14):
        shown = show(decode(tokens, words).formula)
        assert "marry" in shown
        both = [p for p in shown.split(" and ") if not p.startswith("marry")]
        if "their" in [w.lower() for w in words]:
            shared += 1
            assert len(both) > 1, (words, shown)
    assert shared > 10


def test_plurals_of_kinship_come_back() -> None:
    for noun in sorted(forms() - SINGLE):
        if "-" not in noun:
            assert normalize(plural(noun), "N") == noun
        assert normalize(noun, "N") == noun


def meaning(text: str, tokens: str) -> str:
    """The logic of hand-made tokens: what the makers' trees come to."""
    got: Decoded = decode(tokens.split(), [w.text for w in tokenize(text)])
    return show(got.formula)


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("Ann took her son Tim to the zoo.", "PART P2 N:3 E:4 E:0", "son(Tim, Ann)"),
        ("Tim, Ann's son, slept.", "PART P2 N:4 E:0 E:2", "son(Tim, Ann)"),
        ("Her brother Tim left.", "PART P2 N:1 E:2 R:0", "brother(Tim, 'her (word 1)')"),
        (
            "Ann and Bob's sons Tim and Max ran.",
            "PART AND P2 N:4 E:5 E:0 AND P2 N:4 E:5 E:2 AND P2 N:4 E:7 E:0 P2 N:4 E:7 E:2",
            "son(Tim, Ann) and son(Tim, Bob) and son(Max, Ann) and son(Max, Bob)",
        ),
        (
            "Tim's sister's husband Bob sang.",
            "PART EX x AND P2 N:2 x E:0 P2 N:4 E:5 x",
            "exists ?x. sister(?x, Tim) and husband(Bob, ?x)",
        ),
        ("Ann is Tim's mother-in-law.", "FACT P2 N:4 E:0 E:2", "mother_in_law(Ann, Tim)"),
        ("Ann is Tim's mother in law.", "FACT P2 JOIN N:4 JOIN P:5 N:6 E:0 E:2", "mother_in_law(Ann, Tim)"),
        ("She likes Bob.", "FACT P2 V:1 R:0 E:2", "like('she (word 1)', Bob)"),
        ("Bob likes the latter.", "FACT P2 V:1 E:0 R:3", "like(Bob, 'latter (word 4)')"),
        ("I like you.", "FACT P2 V:1 R:0 R:2", "like(speaker, you)"),
        (
            "His dog is red.",
            "FACT EX x AND P2 N:1 x R:0 P1 A:3 x",
            "exists ?x. dog(?x, 'his (word 1)') and red(?x)",
        ),
        (
            "Ann likes her dog.",
            "FACT EX x AND P2 N:3 x E:0 P2 V:1 E:0 x",
            "exists ?x. dog(?x, Ann) and like(Ann, ?x)",
        ),
    ],
)
def test_meanings(text: str, tokens: str, expected: str) -> None:
    assert meaning(text, tokens) == expected


# --- people and what they do ---------------------------------------------------------------


def test_given_names_have_one_gender_and_one_split() -> None:
    seen: dict[str, str] = {}
    for split in ("train", "dev", "test"):
        names = given_names(split)
        assert len(names) > 40
        assert {s for _, s in names} == {"f", "m"}
        for name, gender in names:
            assert name not in seen
            assert split_of(name) == split
            seen[name] = gender
    assert len(seen) > 900


@needs_wordnet
def test_a_pronoun_is_clear_where_nobody_else_could_be_meant() -> None:
    sc = Scene(G(Random(1), lexicon("train")))
    ann, tom = Person(("Ann",), "f", True), Person(("Tom",), "m", True)
    assert not sc.clear(ann)  # not mentioned yet
    sc.by_name(ann)
    assert sc.clear(ann)
    sc.by_name(tom)
    assert sc.clear(ann)
    sc.by_name(Person(("Xo",), "m", False))  # a reader cannot tell
    assert not sc.clear(ann)
    assert not sc.clear(tom)


def test_tidy_drops_doubled_commas() -> None:
    assert tidy([",", "Ann", ",", ",", "Bob", ",", "'s", "cat", ","]) == ["Ann", ",", "Bob", "'s", "cat"]


def test_verbs_agree() -> None:
    one, many, me = Doer(False), Doer(True), Doer(False, True)
    assert conjugated("be", "past", many) == ["were"]
    assert conjugated("be", "present", me) == ["am"]
    assert conjugated("take", "present", one) == ["takes"]
    assert conjugated("take", "present", many) == ["take"]
    assert conjugated("bake", "progressive", me) == ["am", "baking"]
    assert conjugated("be", "progressive", one) == ["has", "been"]


@needs_wordnet
def test_frames_are_filled() -> None:
    g = G(Random(3), lexicon("train"))
    for frame in FRAMES:
        words = filled(g, Doer(False, False, "she", "her"), frame.split(), lambda: (["Tom"], "him"))
        assert not [w for w in words if isinstance(w, str) and "{" in w]
        assert "Tom" in words


# --- reference ----------------------------------------------------------------------------


@needs_wordnet
@pytest.mark.parametrize(
    "maker", [f for _, f in (*reference.STATEMENTS, *reference.SENTENCES)], ids=lambda f: str(f.__name__)
)
def test_what_points_outside_is_a_pronoun(maker: Maker) -> None:
    allowed = PRONOUN_FORMS | {"former", "latter"}
    for words, tokens, _ in made(maker, 150, seed=8):
        got = {words[i].lower() for i in kinds(tokens, "R")}
        assert got <= allowed, words
        if maker is not reference.possessor_inside:
            assert got, (words, tokens)
        else:
            assert not got


@needs_wordnet
def test_a_replaced_name_leaves_no_gap() -> None:
    # A pronoun says all that its name said: nothing but the clitics of "I'm" and "they'll" is left out.
    for words, tokens, _ in made(reference.pronoun_subject, 200, seed=9):
        reason = left_out(tokens, words)
        clitic = any(c in reason for c in ("'m", "'ll", "'ve", "'d"))
        assert clitic or "leaves out" not in reason, (words, reason)


@needs_wordnet
def test_subject_pronouns_agree() -> None:
    for words, _, _ in made(reference.pronoun_subject, 400, seed=10):
        first, after = words[0], words[1]
        if first == "I":
            assert after not in ("is", "are", "were", "has"), words
        if first in ("he", "she", "it"):
            assert after not in ("am", "are", "were", "have"), words
        if first in ("they", "we", "you"):
            assert after not in ("am", "is", "was", "has"), words


# --- stories ------------------------------------------------------------------------------


@needs_wordnet
def test_stories_are_whole_and_their_mentions_have_antecedents() -> None:
    found: set[str] = set()
    for story in stories("train", 3, 120):
        assert 3 <= len(story["sentences"]) <= 7
        before: list[str] = []
        for n, line in enumerate(story["sentences"]):
            assert legal(line["tokens"])
            got = decode(line["tokens"], line["words"])
            here = {m["word"]: m for m in story["mentions"] if m["sentence"] == n}
            # Every mention that the reading leaves open is explained.
            assert {a.start for a in got.anaphors} <= set(here), line
            for m in here.values():
                said = line["words"][m["word"]]
                assert m["text"].removeprefix("the ").split()[0].lower() == said.lower()
                assert m["antecedent"] in m["candidates"]
                parts = {p.lower() for p in m["antecedent"].split("_")}
                assert parts <= {w.rstrip(".").lower() for w in before}, m
                found.add(m["text"].lower() if m["text"].lower() in PRONOUN_FORMS else m["text"].split()[0])
            before += line["words"]
    assert {"he", "she", "it", "him", "her", "his", "the", "former", "latter"} <= found
    assert {"Mr.", "Ms."} & found


@needs_wordnet
def test_pronouns_of_stories_agree_with_names() -> None:
    gender = dict(given_names("train"))
    for story in stories("train", 4, 120):
        for m in story["mentions"]:
            known = gender.get(m["antecedent"].split("_")[0])
            if known and m["text"].lower() in ("he", "him", "his"):
                assert known == "m", m
            if known and m["text"].lower() in ("she", "her"):
                assert known == "f", m


@needs_wordnet
def test_stories_are_the_same_for_the_same_seed_and_differ_between_splits() -> None:
    assert list(stories("dev", 1, 15)) == list(stories("dev", 1, 15))
    assert list(stories("dev", 1, 5)) != list(stories("dev", 2, 5))
    train, dev = dict(given_names("train")), dict(given_names("dev"))
    for story in stories("dev", 2, 20):
        for line in story["sentences"]:
            assert not {w for w in line["words"] if w in train} - set(lexicon("dev").surnames) - set(dev), (
                line
            )


@needs_wordnet
def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ParserError, match="no split"):
        list(stories("other", 1, 1))

"""Readings that use their sentence's words for what they are not are refused; those that do not are kept."""

from __future__ import annotations

import pytest

from neurosym.parser import load_parser
from neurosym.parser.agreeing import agreed
from neurosym.parser.agreement import with_owners
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.reading import Parsed
from neurosym.parser.reference import resolve
from neurosym.syntax import show
from neurosym.theory import Span


def why(text: str, tokens: str) -> str:
    return left_out(tokens.split(), text.split())


# --- what is only thought, said, supposed or to come -------------------------------------------

FRAMED = [
    ("I think Eve is calm .", "FACT P1 A:4 E:2", "think"),
    ("I think that Eve is calm .", "FACT P1 A:5 E:3", "think"),
    ("It is my opinion that Eve is calm .", "FACT P1 A:7 E:5", "opinion"),
    ("There is a rumor that Eve is calm .", "FACT P1 A:7 E:5", "rumor"),
    ("There is a belief that Eve is calm .", "FACT P1 A:7 E:5", "belief"),
    ("It is said that Eve is calm .", "FACT P1 A:6 E:4", "said"),
    ("They say that Eve is calm .", "FACT P1 A:5 E:3", "say"),
    ("Suppose Eve is calm .", "FACT P1 A:3 E:1", "suppose"),
    ("Assume that Eve is calm .", "FACT P1 A:4 E:2", "assume"),
    ("Suppose that all cats are calm .", "FACT ALL x IMP P1 N:3 x P1 A:5 x", "suppose"),
    ("Eve is calm , Bob thinks .", "FACT AND P1 A:2 E:0 P1 V:5 E:4", "thinks"),
    ("Eve is calm , we believe .", "FACT AND P1 A:2 E:0 P1 V:5 R:4", "believe"),
    ("Eve is calm or so she says .", "FACT OR P1 A:2 E:0 P1 V:6 E:0", "or so"),
    ("Eve would be calm .", "FACT P1 A:3 E:0", "would"),
    ("Eve would have slept .", "FACT P1 V:3 E:0", "would"),
    ("All cats would sleep .", "FACT ALL x IMP P1 N:1 x P1 V:3 x", "would"),
    ("Eve will be calm .", "FACT P1 A:3 E:0", "will be"),
    ("Eve will not be a pilot .", "FACT NOT P1 N:5 E:0", "will be"),
    ("Eve must be calm .", "FACT P1 A:3 E:0", "must"),
    ("You can swim .", "FACT P1 V:2 R:0", "can"),
    ("Eve was once calm .", "FACT P1 A:3 E:0", "once"),
    ("When is Eve calm ?", "ASK P1 A:3 E:2", "When"),
    ("Bob asked if Eve is calm .", "FACT IMP P1 A:5 E:3 P1 V:1 E:0", "asked"),
    ("It may be that Eve is calm .", "FACT P1 A:6 E:4", "may"),
    ("Whether Eve is calm or not , Bob is sad .", "ASK OR P1 A:3 E:1 NOT P1 A:9 E:7", "whether"),
    ("If only Eve were calm .", "FACT ALL x IMP P1 A:4 x EQ x E:2", "If only"),
]


@pytest.mark.parametrize(("text", "tokens", "word"), FRAMED)
def test_what_is_framed_is_not_asserted(text: str, tokens: str, word: str) -> None:
    assert word in why(text, tokens)


SIGNS = [
    ("Eve is not always late .", "FACT NOT P1 A:4 E:0", "not always"),
    ("Eve was n't always calm .", "FACT NOT P1 A:4 E:0", "n't always"),
    ("Eve is not just calm .", "FACT NOT P1 A:4 E:0", "not just"),
    ("Eve is not so calm .", "FACT NOT P1 A:4 E:0", "not so"),
    ("Eve is not that calm .", "FACT NOT P1 A:4 E:0", "not that"),
    ("Eve is not at all calm .", "FACT NOT P1 A:5 E:0", "at all"),
    ("Eve is almost never calm .", "FACT NOT P1 JOIN A:2 A:4 E:0", "almost never"),
    ("Almost no dogs bark .", "FACT ALL x IMP P1 N:2 x NOT P1 JOIN V:3 A:0 x", "Almost no"),
    ("Eve is anything but calm .", "FACT P1 A:4 E:0", "anything but"),
    ("It does not follow that Eve is calm .", "FACT NOT P1 A:7 E:5", "follow"),
    ("It can not be concluded that Eve is calm .", "FACT NOT P1 A:8 E:6", "concluded"),
    ("It is true or false that Eve is calm .", "FACT NOT P1 A:8 E:6", "true or"),
    ("It is false that Eve is calm .", "FACT P1 A:6 E:4", "false"),
    ("The claim that Eve is calm is untrue .", "FACT P1 A:5 E:3", "untrue"),
    ("Not one boy left .", "FACT ATLEAST Q:1 x AND P1 N:2 x P1 V:3 x", "not"),
    ("Nobody does not sleep .", "FACT ALL x NOT P1 V:3 x", "nobody"),
    ("Just three dogs barked .", "FACT ATLEAST Q:1 x AND P1 N:2 x P1 V:3 x", "just"),
    ("Guests are not all calm .", "FACT ALL x IMP P1 N:0 x NOT P1 A:4 x", "not all"),
    ("Not a single guest is calm .", "FACT NOT ALL x IMP P1 N:3 x P1 A:5 x", "not a"),
    ("Cooks who are always late leave .", "FACT ALL x IMP AND P1 N:0 x P1 A:4 x P1 V:5 x", "always"),
    ("If Eve is always late then Bob is sad .", "FACT IMP P1 A:4 E:1 P1 A:8 E:6", "always"),
    ("No cook is always late .", "FACT ALL x IMP P1 N:1 x NOT P1 A:4 x", "always"),
    ("Is Eve always late ?", "ASK P1 A:3 E:1", "always"),
    ("Every lamp is once dark .", "FACT ALL x IMP P1 N:1 x P1 A:4 x", "once"),
    ("Eve is a prospective cook .", "FACT AND P1 A:3 E:0 P1 N:4 E:0", "prospective"),
    ("A cook called the guest .", "FACT P1 N:1 D:4", "called"),
    ("A lamp that is broken does not shine .", "FACT EX x AND P1 N:1 x AND P1 A:4 x NOT P1 V:7 x", "of each"),
]


@pytest.mark.parametrize(("text", "tokens", "word"), SIGNS)
def test_a_weaker_word_is_no_negation(text: str, tokens: str, word: str) -> None:
    assert word in why(text, tokens)


KEPT = [
    ("Eve thinks that Bob is calm .", "FACT P2 V:1 E:0 THAT P1 A:5 E:3"),
    ("The idea that Eve is calm is wrong .", "FACT NOT P1 A:5 E:3"),
    ("The theory that Eve is calm is correct .", "FACT P1 A:5 E:3"),
    ("It is a lie that Eve is calm .", "FACT NOT P1 A:7 E:5"),
    ("Bob says that he would help .", "FACT P2 V:1 E:0 THAT P1 V:5 E:0"),
    ("It is true that Eve is calm .", "FACT P1 A:6 E:4"),
    ("We can conclude that Eve is calm .", "FACT P1 A:6 E:4"),
    ("It can not be that Eve is calm .", "FACT NOT P1 A:7 E:5"),
    ("Suppose Eve is calm ; then Bob is sad .", "FACT IMP P1 A:3 E:1 P1 A:8 E:6"),
    ("If Eve came , Bob would be sad .", "FACT IMP P1 V:2 E:1 P1 A:7 E:4"),
    ("If it rains then the road will be wet .", "FACT IMP P0 V:2 P1 A:8 D:5"),
    ("The road will be repaired .", "FACT P1 A:4 D:1"),
    ("Will Eve be calm ?", "ASK P1 A:3 E:1"),
    ("Eve is always late .", "FACT P1 A:3 E:0"),
    ("Cooks are always late .", "FACT ALL x IMP P1 N:0 x P1 A:3 x"),
    ("Someone who is not calm is always not late .", "FACT ALL x IMP NOT P1 A:4 x NOT P1 A:8 x"),
    ("Once a lamp is lit it is warm .", "FACT ALL x IMP AND P1 N:2 x P1 A:4 x P1 A:7 x"),
    ("There is a cook called Eve .", "FACT P1 N:3 E:5"),
    ("Not all guests are calm .", "FACT NOT ALL x IMP P1 N:2 x P1 A:4 x"),
    ("Eve is never late .", "FACT NOT P1 A:3 E:0"),
    ("Eve is just calm .", "FACT P1 A:3 E:0"),
    ("True or false : Eve is calm .", "ASK P1 A:6 E:4"),
    ("Eve is calm , is n't she ?", "ASK P1 A:2 E:0"),
    ("Eve is tall or calm , but not both .", "FACT XOR P1 A:2 E:0 P1 A:4 E:0"),
    ("No more than two dogs bark .", "FACT ATMOST Q:3 x AND P1 N:4 x P1 V:5 x"),
    ("Bob not being calm means that Eve sleeps .", "FACT IMP NOT P1 A:3 E:0 P1 V:7 E:6"),
    ("Bob sleeps only if Eve does not .", "FACT IMP P1 V:1 E:0 NOT P1 V:1 E:4"),
]


@pytest.mark.parametrize(("text", "tokens"), KEPT)
def test_what_the_reading_says_is_no_reason(text: str, tokens: str) -> None:
    assert why(text, tokens) == ""


# --- letters, happenings, kinds ----------------------------------------------------------------

MISREAD = [
    ("X is a dog .", "FACT ALL x P1 N:3 x", "'X'"),
    ("A is a dog .", "FACT ALL x P1 N:3 x", "'A'"),
    ("If A is red then B is blue .", "FACT ALL x IMP P1 A:3 x P1 A:7 x", "'A'"),
    ("A thing is red if B is blue .", "FACT ALL x IMP P1 A:7 x P1 A:3 x", "'B'"),
    ("Porters saved Bob .", "FACT ALL x IMP P1 N:0 x P2 V:1 x E:2", "'saved'"),
    ("Old lions ate the goat .", "FACT ALL x IMP AND P1 A:0 x P1 N:1 x P2 V:2 x D:4", "'ate'"),
    ("Whales are rare .", "FACT ALL x IMP P1 N:0 x P1 A:2 x", "'rare'"),
    ("Old coins are very rare .", "FACT ALL x IMP AND P1 A:0 x P1 N:1 x P1 JOIN A:3 A:4 x", "'rare'"),
    ("The singer Tom hired left .", "FACT AND P1 N:1 E:2 AND P1 V:3 E:2 P1 V:4 E:2", "'singer'"),
    ("The singer Tom hired is tall .", "FACT AND P1 N:1 E:2 AND P1 V:3 E:2 P1 A:5 E:2", "'singer'"),
    ("The girl Tom likes likes Bob .", "FACT AND P1 N:1 E:2 P2 V:4 E:2 E:5", "'likes likes'"),
]


@pytest.mark.parametrize(("text", "tokens", "word"), MISREAD)
def test_words_are_used_for_what_they_are(text: str, tokens: str, word: str) -> None:
    assert word in why(text, tokens)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("If X is red then X is blue .", "FACT ALL x IMP P1 A:3 x P1 A:7 x"),
        ("If A owns B then B obeys A .", "FACT ALL x ALL y IMP P2 V:2 x y P2 V:6 y x"),
        ("If Y plants X then Y is calm .", "FACT ALL x ALL y IMP P2 V:2 x y P1 A:7 x"),
        ("A person X is calm .", "FACT ALL x IMP P1 N:1 x P1 A:4 x"),
        ("A is a dog .", "FACT P1 N:3 E:0"),
        ("B ) The vat is old .", "FACT P1 A:5 D:3"),
        ("A not calm person sleeps .", "FACT ALL x IMP NOT P1 A:2 x P1 V:4 x"),
        ("Porters saved Bob .", "FACT EX x AND P1 N:0 x P2 V:1 x E:2"),
        ("Porters save Bob .", "FACT ALL x IMP P1 N:0 x P2 V:1 x E:2"),
        ("Porters always saved Bob .", "FACT ALL x IMP P1 N:0 x P2 JOIN V:2 A:1 x E:3"),
        ("All porters saved Bob .", "FACT ALL x IMP P1 N:1 x P2 V:2 x E:3"),
        ("The singer Tom likes swimming .", "FACT AND P1 N:1 E:2 P1 SPAN B:3 F:4 E:2"),
        ("The singer Tom is tall .", "FACT AND P1 N:1 E:2 P1 A:4 E:2"),
        ("Dinosaurs lived on land .", "FACT ALL x IMP P1 N:0 x P2 JOIN V:1 P:2 x D:3"),
        ("Rare coins are old .", "FACT ALL x IMP AND P1 A:0 x P1 N:1 x P1 A:3 x"),
        ("Coins are rare things .", "FACT ALL x IMP P1 N:0 x AND P1 A:2 x P1 N:3 x"),
    ],
)
def test_other_letters_plurals_and_kinds_are_no_reason(text: str, tokens: str) -> None:
    assert why(text, tokens) == ""


# --- gender --------------------------------------------------------------------------------------


def genders(constant: str) -> str:
    return {"Tom": "m", "Max": "m", "Ann": "f"}.get(constant, "")


def mended(text: str, tokens: str) -> str:
    words, told = text.split(), tokens.split()
    mends = agreed(told, words, decode(told, words).mentions, genders)
    return show(decode(with_owners(told, mends), words).formula)


@pytest.mark.parametrize(
    ("text", "tokens", "formula"),
    [
        ("Tom met Ann and she smiled .", "FACT AND P2 V:1 E:0 E:2 P1 V:5 E:0", "smile(Ann)"),
        (
            "Ann met Tom and he slept and sang .",
            "FACT AND P2 V:1 E:0 E:2 AND P1 V:5 E:0 P1 V:7 E:0",
            "sing(Tom)",
        ),
        ("Tom met Ann and Max saw her .", "FACT AND P2 V:1 E:0 E:2 P2 V:5 E:4 E:0", "see(Max, Ann)"),
    ],
)
def test_a_pronoun_means_the_one_who_agrees(text: str, tokens: str, formula: str) -> None:
    assert formula in mended(text, tokens)


@pytest.mark.parametrize(
    ("text", "tokens", "formula"),
    [
        ("Ann met Tom and she smiled .", "FACT AND P2 V:1 E:0 E:2 P1 V:5 E:0", "smile(Ann)"),
        ("Kim met Ann and she smiled .", "FACT AND P2 V:1 E:0 E:2 P1 V:5 E:0", "smile(Kim)"),
        ("Tom met Ann and she smiled , but Tom left .",
         "FACT AND AND P2 V:1 E:0 E:2 P1 V:5 E:2 P1 V:9 E:8", "leave(Tom)"),
    ],
)  # fmt: skip
def test_who_agrees_or_may_agree_stays(text: str, tokens: str, formula: str) -> None:
    assert formula in mended(text, tokens)


def test_where_two_agree_the_reading_is_refused() -> None:
    tokens = "FACT AND AND P2 V:1 E:0 E:2 P2 V:1 E:0 E:4 P1 V:7 E:0"
    assert "'she'" in why("Tom met Ann and Mary and she smiled .", tokens)
    assert why("Tom met Ann and Bob and she smiled .", tokens) == ""  # it is mended


def test_a_document_resolves_such_a_pronoun_by_a_claim() -> None:
    text = "Tom met Ann and she smiled ."
    tokens = ["FACT", "AND", "P2", "V:1", "E:0", "E:2", "P1", "V:5", "E:0"]
    reading = decode(tokens, text.split()).reading(0.9, tokens)
    (parsed,), _ = resolve([Parsed(Span("d", 0, len(text), text), (reading,))])
    assert show(parsed.readings[0].formula) == "meet(Tom, Ann) and smile(Ann)"
    assert [(r.anaphor.text, r.antecedent) for r in parsed.readings[0].resolutions] == [("she", "Ann")]


def test_relatives_that_are_only_wanted_are_none() -> None:
    tokens = ["PART", "P2", "N:3", "E:5", "E:0"]
    assert "wanted" in left_out(tokens, ["Ann", "wants", "a", "son", "named", "Bob", "."])
    assert "wanted" in left_out(tokens, ["Ann", "needs", "a", "nephew", "like", "Bob", "."])
    assert not left_out(tokens, ["Ann", "has", "a", "son", "named", "Bob", "."])
    assert not left_out(
        ["PART", "P2", "N:4", "E:5", "E:0"], ["Ann", "wants", "to", "visit_", "her_", "son", "Bob", "."]
    )


def test_nothing_is_denied_without_a_word_for_it() -> None:
    tokens = ["FACT", "NOT", "P1", "A:2", "E:0"]
    assert "denies" in left_out(tokens, ["Ann", "is", "invalid", "."])
    assert not left_out(["FACT", "NOT", "P1", "A:3", "E:0"], ["Ann", "is", "not", "valid", "."])
    assert not left_out(["FACT", "NOT", "P1", "A:3", "E:0"], ["Ann", "is", "n't", "valid", "."])


# --- relatives that a sentence does not say there are ------------------------------------------

NO_RELATIVES = [
    ("If Ivo had a sister , her name would be Una .", "P2 N:4 E:10 E:1", "'If'"),
    ("Unless Una is Ivo 's wife , they part .", "P2 N:5 E:1 E:3", "'Unless'"),
    ("Una asked whether Lea was Ivo 's wife .", "P2 N:7 E:3 E:5", "'asked'"),
    ("Una dreamed that Ivo was her son .", "P2 N:6 E:3 E:0", "'dreamed'"),
    ("Una claims to be Ivo 's aunt .", "P2 N:6 E:0 E:4", "'claims'"),
    ("Una used to be Ivo 's wife .", "P2 N:6 E:0 E:4", "'used'"),
    ("Una is like a mother to Ivo .", "P2 N:4 E:0 E:6", "likens"),
    ("Una is almost a sister to Ivo .", "P2 N:4 E:0 E:6", "likens"),
    ("Ivo is Una 's alleged father .", "P2 N:5 E:0 E:2", "none"),
    ("Ivo is not , as many think , Una 's son , though alike .", "P2 N:10 E:0 E:8", "denies"),
    ("Una gave birth to twins , Leo and Lia .", "AND P2 N:4 E:6 E:0 P2 N:4 E:8 E:0", "each other"),
    ("Mother Una helped Ivo .", "P2 N:0 E:1 E:3", "title"),
]
RELATIVES = [
    ("Una told her father Ivo that it rained .", "P2 N:3 E:4 E:0"),
    ("Ivo asked his uncle Leo if he could come .", "P2 N:3 E:4 E:0"),
    ("Ivo thinks his sister Una is clever .", "P2 N:3 E:4 E:0"),
    ("Ivo asked if his sister Una had called .", "P2 N:4 E:5 E:0"),
    ("Una did not see her brother Ivo .", "P2 N:5 E:6 E:0"),
    ("Una did not see Ivo , her brother .", "P2 N:7 E:4 E:0"),
    ("Una is Ivo 's aunt , and she said that he was late .", "P2 N:4 E:0 E:2"),
    ("Una went with her Uncle Leo .", "P2 N:4 E:5 E:0"),
    ("Una has a twin named Leo .", "P2 N:3 E:5 E:0"),
]


@pytest.mark.parametrize(("text", "tokens", "why"), NO_RELATIVES)
def test_relatives_that_are_not_said_to_be_are_refused(text: str, tokens: str, why: str) -> None:
    assert why in left_out(["PART", *tokens.split()], text.split())


@pytest.mark.parametrize(("text", "tokens"), RELATIVES)
def test_relatives_that_are_presented_are_kept(text: str, tokens: str) -> None:
    assert left_out(["PART", *tokens.split()], text.split()) == ""


def test_an_enumeration_says_whose_things_it_names() -> None:
    tokens = ["FACT", "SET", "N:1", "CONS", "E:3", "CONS", "E:5", "NONE"]
    assert "'their'" in left_out(tokens, ["Their", "cats", "are", "Mimi", "and", "Kiki", "."])
    assert left_out(tokens, ["The", "cats", "are", "Mimi", "and", "Kiki", "."]) == ""
    three = ["FACT", "SET", "N:3", "CONS", "E:5", "CONS", "E:7", "CONS", "E:9", "NONE"]
    assert "'has'" in left_out(
        three, ["Una", "has", "three", "sons", ":", "Leo", ",", "Ivo", "and", "Max", "."]
    )
    assert left_out(three, ["We", "have", "three", "sons", ":", "Leo", ",", "Ivo", "and", "Max", "."]) == ""


SAID_AND_NOT = {
    "Lena heard a rumor that Rolf seems to be Otto's uncle.": False,
    "Whether Rolf is Otto's uncle, nobody asked.": False,
    "Rolf pretends to be Otto's uncle.": False,
    "Sister Lena taught Otto to read.": False,
    "Lena asked her uncle Rolf whether he was hungry.": True,
    "Lena, who was late, thought that her uncle Rolf had left.": True,
}


@pytest.mark.parametrize(("text", "read"), SAID_AND_NOT.items())
def test_the_parser_believes_what_is_said_only(text: str, read: bool) -> None:
    (parsed,) = load_parser("neural").read(text)
    believed = [r for r in parsed.readings if r.score > 0.5]
    assert bool(believed) == read, parsed


# --- each other ----------------------------------------------------------------------------------

RECIPROCAL = [
    # both ways round, also under a negation, with a preposition, of three, and with what is given
    ("Ann and Bob admire each other .", "FACT AND P2 V:3 E:0 E:2 P2 V:3 E:2 E:0", ""),
    ("She and Bob admire one another .", "FACT AND P2 V:3 R:0 E:2 P2 V:3 E:2 R:0", ""),
    ("Ann met Bob and they hugged each other .",
     "FACT AND P2 V:1 E:0 E:2 AND P2 V:5 E:0 E:2 P2 V:5 E:2 E:0", ""),
    ("Ann and Bob do not write to each other .",
     "FACT AND NOT P2 JOIN V:5 P:6 E:0 E:2 NOT P2 JOIN V:5 P:6 E:2 E:0", ""),
    ("Ann and Bob sell books to each other .",
     "FACT AND EX x AND P1 N:4 x P3 V:3 E:0 x E:2 EX x AND P1 N:4 x P3 V:3 E:2 x E:0", ""),
    ("Ann , Bob and Eve fear each other .",
     "FACT AND P2 V:5 E:0 E:2 AND P2 V:5 E:2 E:0 AND P2 V:5 E:0 E:4 AND P2 V:5 E:4 E:0 "
     "AND P2 V:5 E:2 E:4 P2 V:5 E:4 E:2", ""),
    # every other cat, whose things, and a stretch of words
    ("Tom is faster than each other cat .",
     "FACT ALL x IMP AND P1 N:6 x NOT EQ x E:0 P2 C:2 E:0 x", ""),
    ("Ann and Bob greet each other 's guests .",
     "FACT AND EX x AND P2 N:7 x E:2 P2 V:3 E:0 x EX x AND P2 N:7 x E:0 P2 V:3 E:2 x", ""),
    ("Ann likes how they greet each other .", "FACT P1 SPAN B:1 F:6 E:0", ""),
    # one way only, and himself
    ("Ann and Bob admire each other .", "FACT P2 V:3 E:0 E:2", "of both"),
    ("Ann met Bob and they hugged each other .", "FACT AND P2 V:1 E:0 E:2 P2 V:5 E:0 E:2", "of both"),
    ("They admire each other .", "FACT P2 V:1 R:0 R:0", "of both"),
    ("They admire one another .", "FACT ALL x P2 V:1 R:0 x", "of both"),
    ("Ann and Bob admire each other .",
     "FACT AND P2 V:3 E:0 E:2 AND P2 V:3 E:2 E:0 P2 V:3 E:0 E:0", "of both"),
    ("Ann and Bob sleep by each other .", "FACT AND P1 V:3 E:0 P1 V:3 E:2", "of both"),
    # the cats fear somebody called "other"
    ("All cats fear each other .", "FACT ALL x IMP P1 N:1 x P2 V:2 x R:4", "nobody besides"),
    ("They admire each other .", "FACT P2 V:1 R:0 R:3", "nobody besides"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tokens", "word"), RECIPROCAL)
def test_what_is_said_of_each_other_is_said_both_ways_and_of_nobody_alone(
    text: str, tokens: str, word: str
) -> None:
    found = why(text, tokens)
    assert word in found if word else found == ""


def test_an_indefinite_owner_opens_a_scene() -> None:
    from neurosym.parser.misreadings import without_owner

    tokens = ("FACT", "SET", "N:4", "CONS", "E:6", "CONS", "E:8", "NONE")
    scene = ["a", "harbour", "has", "two", "ferries", ":", "alma", ",", "berta"]
    assert without_owner(tokens, scene) == ""
    assert "whose" in without_owner(tokens, ["ivo", "now", *scene[2:]])

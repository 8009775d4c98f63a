"""What is said of none, of each or of one is not said of some; what stands beside a thing names none."""

from __future__ import annotations

import pytest

from neurosym.parser import load_parser
from neurosym.parser.coverage import left_out


def why(text: str, tokens: str) -> str:
    return left_out(tokens.split(), text.split())


REACH = [
    # prohibitions, absences, bans: of none
    ("The cook must not sing in a cellar .",
     "FACT EX x AND P1 N:7 x P2 JOIN JOIN P:2 JOIN P:3 V:4 P:5 D:1 x", "'cellar'"),
    ("Cooks may not use the oven or the grill .",
     "FACT ALL x IMP P1 N:0 x OR P2 JOIN P:1 JOIN P:2 V:3 x D:5 P2 JOIN P:1 JOIN P:2 V:3 x D:8", "neither"),
    ("The kettle was sold without a lid .", "FACT EX x AND P1 N:6 x P2 JOIN T:3 P:4 D:1 x", "'without'"),
    ("The kettle lacks a lid .", "FACT EX x AND P1 N:4 x P2 V:2 D:1 x", "'lacks'"),
    ("The inn denied the cook a bed .", "FACT EX x AND P1 N:6 x P3 V:2 D:1 x D:4", "'denied'"),
    ("The inn bans cats .", "FACT EX x AND P1 N:3 x P2 V:2 D:1 x", "of all cats"),
    # one of two, one for each
    ("A cook or a smith opens the inn .",
     "FACT EX x AND P1 N:1 x EX y AND P1 N:4 y OR P2 V:5 x D:7 P2 V:5 y D:7", "'smith'"),
    ("The cook gave an egg to each guest .",
     "FACT EX x AND P1 N:4 x ALL y IMP P1 N:7 y P3 V:2 D:1 x y", "for each guest"),
    # of one that there is none of yet, and of one that it happened to
    ("A ladder is required .", "FACT ALL x IMP P1 N:1 x P1 A:3 x", "one ladder"),
    ("Is a ladder required ?", "ASK ALL x IMP P1 N:2 x P1 A:3 x", "one ladder"),
    ("A ladder was painted .", "FACT ALL x IMP P1 N:1 x P1 A:3 x", "one ladder"),
    ("Ladders were painted .", "FACT ALL x IMP P1 N:0 x P1 A:2 x", "'painted'"),
    ("Ladders have been painted .", "FACT ALL x IMP P1 N:0 x P1 A:3 x", "'painted'"),
    ("Walks to Rome took long .", "FACT ALL x IMP AND P1 N:0 x P2 P:1 x E:2 P1 JOIN V:3 A:4 x", "'took'"),
    # of each
    ("A ladder needs two rails .", "FACT EX x AND P1 N:1 x ATLEAST Q:3 y AND P1 N:4 y P2 V:2 x y", "each"),
    ("A cook never sleeps .", "FACT EX x AND P1 N:1 x NOT P1 V:3 x", "each"),
    ("A cook who sings wins .", "FACT EX x AND P1 N:1 x AND P1 V:3 x P1 V:4 x", "each"),
    # who is told, who is denied, who does it, and nobody else
    ("Mind the oven while the cook sleeps .", "COMMAND AND P2 V:0 YOU D:2 P1 V:6 D:5", "commands"),
    ("The cook , not the smith , sang .", "FACT AND NOT P1 V:7 D:1 P1 V:7 D:5", "'smith'"),
    ("The cook , not the smith , sang .", "FACT AND NOT P1 V:7 D:1 NOT P1 V:7 D:5", "'smith'"),
    ("The cook was shown the oven .", "FACT P2 V:3 D:1 D:5", "did not do it"),
    ("The soup is for cooks only .", "FACT EX x AND P1 N:4 x P2 P:3 D:1 x", "'only'"),
    ("Cooks only may sing .", "FACT ALL x IMP P1 N:0 x P1 JOIN P:2 V:3 x", "'only'"),
    ("The pot is cheaper than the pan but smaller .", "FACT AND P2 C:3 D:1 D:6 P1 A:8 D:1", "'smaller'"),
    # no names
    ("The cook left the cellar dirty .", "FACT P2 V:2 D:1 NAMES D:4 D:5", "'dirty'"),
    ("The cook painted the door blue .", "FACT P2 V:2 D:1 NAMES D:4 D:5", "'blue'"),
    ("The cook sang after the smith slept .", "FACT P2 JOIN V:2 P:3 D:1 NAMES D:5 D:6", "'slept'"),
    ("The cook wished the smith joy .", "FACT P2 V:2 D:1 NAMES D:4 D:5", "'joy'"),
    ("The cook called the smith a fool .", "FACT EX x AND P1 N:6 x P3 V:2 D:1 x D:4", "'called'"),
    ("Is the soup still hot ?", "ASK P1 A:4 NAMES D:2 D:3", "'still'"),
    ("The pot cost the cook a million pounds .", "FACT P3 JOIN V:2 JOIN P:5 N:7 D:1 D:4 Q:6", "article"),
    ("The inn feeds about 30 guests .", "FACT P2 JOIN V:2 JOIN P:3 N:5 D:1 Q:4", "no number"),
    ("The walk takes two to three hours .", "FACT P2 JOIN V:2 JOIN P:4 N:6 D:1 Q:3", "'three'"),
    ("The inn moved from Rome to Bonn in May .",
     "FACT P4 JOIN V:2 JOIN P:3 P:7 D:1 E:4 E:6 E:8", "'to'"),
    ("The inn gave the cook access to the cellar .", "FACT P3 V:2 D:1 NAMES D:4 D:5 D:8", "'access'"),
    ("The cook neither signed nor sent the bill .", "FACT AND NOT P1 V:3 D:1 NOT P2 V:5 D:1 D:7", "'signed'"),
    ("The smoke woke two cooks and choked three .",
     "FACT AND ATLEAST Q:3 x AND P1 N:4 x P2 V:2 D:1 x P2 V:6 D:1 Q:7", "'three'"),
    ("The cook must be at least 30 years old .",
     "FACT P2 JOIN P:2 JOIN P:4 JOIN P:5 JOIN N:7 A:8 D:1 Q:6", "'be'"),
    ("Cooks fled to the cellar at noon .", "FACT ALL x IMP P1 N:0 x P1 SPAN B:1 F:6 x", "'fled'"),
    ("It is forbidden to wake the cook .", "FACT P2 JOIN T:2 JOIN P:3 V:4 R:0 D:6", "'it'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tokens", "word"), REACH)
def test_what_reaches_too_far_is_refused(text: str, tokens: str, word: str) -> None:
    assert word in why(text, tokens)


RIGHT = [
    ("The cook must not sing in the cellar .", "FACT P2 JOIN JOIN P:2 JOIN P:3 V:4 P:5 D:1 D:7"),
    ("The cook must not sing in a cellar .",
     "FACT ALL x IMP P1 N:7 x P2 JOIN JOIN P:2 JOIN P:3 V:4 P:5 D:1 x"),
    ("The cook can not sing in a cellar .", "FACT NOT EX x AND P1 N:7 x P2 JOIN JOIN P:2 V:4 P:5 D:1 x"),
    ("The cook must not wake his guests .",
     "FACT EX x AND P2 N:6 x D:1 P2 JOIN P:2 JOIN P:3 V:4 D:1 x"),
    ("Cooks may not use the oven or the grill .",
     "FACT ALL x IMP P1 N:0 x AND P2 JOIN P:1 JOIN P:2 V:3 x D:5 P2 JOIN P:1 JOIN P:2 V:3 x D:8"),
    ("Cooks may use the oven or the grill .",
     "FACT ALL x IMP P1 N:0 x OR P2 JOIN P:1 V:2 x D:4 P2 JOIN P:1 V:2 x D:7"),
    ("The kettle was sold without the lid .", "FACT P2 JOIN T:3 P:4 D:1 D:6"),
    ("The inn bans two cats .", "FACT ATLEAST Q:3 x AND P1 N:4 x P2 V:2 D:1 x"),
    ("The inn pays a cook or a smith .",
     "FACT OR EX x AND P1 N:4 x P2 V:2 D:1 x EX x AND P1 N:7 x P2 V:2 D:1 x"),
    ("If a cook or a smith sings , Bob leaves .",
     "FACT ALL x IMP AND OR P1 N:2 x P1 N:5 x P1 V:6 x P1 V:9 E:8"),
    ("The cook gave an egg to each guest .",
     "FACT ALL y IMP P1 N:7 y EX x AND P1 N:4 x P3 V:2 D:1 x y"),
    ("A ladder is dangerous .", "FACT ALL x IMP P1 N:1 x P1 A:3 x"),
    ("A cook is required to sing .", "FACT ALL x IMP P1 N:1 x P1 JOIN T:3 JOIN P:4 V:5 x"),
    ("A thing was painted .", "FACT ALL x IMP P1 N:1 x P1 A:3 x"),
    ("A ladder was painted .", "FACT EX x AND P1 N:1 x P1 A:3 x"),
    ("If a ladder was painted , it is old .", "FACT ALL x IMP AND P1 N:2 x P1 A:4 x P1 A:8 x"),
    ("Ladders that were painted are old .", "FACT ALL x IMP AND P1 N:0 x P1 A:3 x P1 A:5 x"),
    ("Whales were huge .", "FACT ALL x IMP P1 N:0 x P1 A:2 x"),
    ("Walks to Rome take long .", "FACT ALL x IMP AND P1 N:0 x P2 P:1 x E:2 P1 JOIN V:3 A:4 x"),
    ("A cook opens the inn .", "FACT EX x AND P1 N:1 x P2 V:2 x D:4"),
    ("A cook who sang left .", "FACT EX x AND P1 N:1 x AND P1 V:3 x P1 V:4 x"),
    ("Mind the oven and wake the cook .", "COMMAND AND P2 V:0 YOU D:2 P2 V:4 YOU D:6"),
    ("Mind the oven if the cook sleeps .", "COMMAND IMP P1 V:6 D:5 P2 V:0 YOU D:2"),
    ("The cook , not the smith , sang .", "FACT AND P1 V:7 D:1 NOT P1 V:7 D:5"),
    ("The cook was shown by the smith .", "FACT P2 T:3 D:6 D:1"),
    ("The cook was singing the song .", "FACT P2 V:3 D:1 D:5"),
    ("Only cooks may sing .", "FACT ALL x IMP P1 JOIN P:2 V:3 x P1 N:1 x"),
    ("The pot is cheaper than the pan but small .", "FACT AND P2 C:3 D:1 D:6 P1 A:8 D:1"),
    ("The cook left the cellar door .", "FACT P2 V:2 D:1 NAMES D:4 D:5"),
    ("The cook left the snack bar .", "FACT P2 V:2 D:1 NAMES D:4 D:5"),
    ("The cook kept the blue cup .", "FACT P2 V:2 D:1 NAMES D:4 D:5"),
    ("The cook called the smith .", "FACT P2 V:2 D:1 D:4"),
    ("The cook spoke about three guests .", "FACT ATLEAST Q:4 x AND P1 N:5 x P2 JOIN V:2 P:3 D:1 x"),
    ("The inn moved from Rome to Bonn in May .",
     "FACT P4 JOIN V:2 JOIN P:3 JOIN P:5 P:7 D:1 E:4 E:6 E:8"),
    ("The inn gave the cellar key to the cook .", "FACT P3 V:2 D:1 NAMES D:4 D:5 D:8"),
    ("The cook neither sang nor sent the bill .", "FACT AND NOT P1 V:3 D:1 NOT P2 V:5 D:1 D:7"),
    ("The cook must be at least 30 years old .",
     "FACT P2 JOIN P:2 JOIN V:3 JOIN P:4 JOIN P:5 JOIN N:7 A:8 D:1 Q:6"),
    ("The form must be signed by the cook .", "FACT P2 JOIN P:2 T:4 D:7 D:1"),
    ("Cooks sing in the cellar at noon .", "FACT ALL x IMP P1 N:0 x P1 SPAN B:1 F:6 x"),
    ("It is in the cellar .", "FACT P2 P:2 R:0 D:4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tokens"), RIGHT)
def test_what_reaches_as_far_as_it_is_said_is_kept(text: str, tokens: str) -> None:
    assert why(text, tokens) == ""


@pytest.mark.parametrize(
    ("text", "false"),
    {
        "The guard must not sleep in a tent.": "exists",
        "The lantern was sold without a cord.": "exists",
        "The farmer painted the barn red.": "barn_red",
        "A ladder is required.": "forall",
        "Do not wake the guard while the dog sleeps.": "sleep(dog) and",
    }.items(),
)
def test_the_parser_does_not_believe_them(text: str, false: str) -> None:
    from neurosym.syntax import show

    (parsed,) = load_parser("neural").read(text)
    assert not any(false in show(r.formula) for r in parsed.readings if r.score > 0.5), parsed


@pytest.mark.parametrize(
    ("text", "tokens", "word"),
    [
        (
            "Cooks must not leave a gate open .",
            "FACT ALL x IMP P1 JOIN N:5 A:6 x ALL y IMP P1 N:0 y P2 JOIN P:1 JOIN P:2 V:3 y x",
            "open",
        ),
        (
            "You must not sell a lamp here .",
            "FACT ALL x IMP P1 JOIN N:5 N:6 x P2 JOIN P:1 JOIN P:2 V:3 R:0 x",
            "here",
        ),
    ],
)
def test_how_and_where_are_no_part_of_a_name(text: str, tokens: str, word: str) -> None:
    assert repr(word) in left_out(tokens.split(), text.split())

"""Sentences and words of English text, with character offsets.

Knows English punctuation; must not know logic, the lexicon or the model.  Deterministic, and
linear in the length of the text: every pattern consumes what it matches and none nests
repetitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import is_normalized, normalize


@dataclass(frozen=True, slots=True)
class Word:
    """Characters [start, end) of the text.

    `text` has curly apostrophes and quotes made straight, and letters with accents as one character (NFC).
    """

    text: str
    start: int
    end: int


# Abbreviations after which a sentence goes on, whatever follows.
_TITLES = frozenset(
    str.split("mr mrs ms dr prof rev gen col capt sgt lt gov sen rep hon st mt ft vs cf fig eq approx")
)
# Abbreviations that may also end a sentence: a capital decides.
_MAYBE = frozenset(
    str.split("etc inc ltd co corp jr sr dept est ave blvd jan feb mar apr jun jul aug sep sept oct nov dec")
)
_INITIAL_AFTER = frozenset(str.split("by of with mr mrs ms dr prof"))  # "written by J. Smith"
_STARTERS = frozenset(
    str.split(
        "the a an if it he she they all every each no some any everyone everything someone something when "
        "whenever who what which is are does do in this that there nobody nothing either neither not only"
    )
)

_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*|\n+[ \t\r\n]*")
_BULLET = re.compile(r"\s*(?:[-*•–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z]\)\s+)?")
_LAST_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
_WINDOW = 40  # how far back a stop looks for its word: a constant keeps the splitter linear
_SHORT_LINE = 60  # a line shorter than this was broken by its author, not by wrapping


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans [start, end) of the sentences of `text`, without surrounding space and list marks.

    A sentence ends at . ! ? with its closing quotes, at an empty line, and at the end of a
    short line that is followed by a capital or a list mark.
    """
    out: list[tuple[int, int]] = []
    start = line = 0
    for m in _STOP.finditer(text):
        if m.group()[0] == "\n":
            if _line_ends(text, m, line):
                _add(out, text, start, m.start())
                start = m.end()
            line = m.end()
        elif _stops(text, m, start):
            _add(out, text, start, m.end())
            start = m.end()
    _add(out, text, start, len(text))
    return tuple(out)


def _add(out: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    if (m := _BULLET.match(text, start, end)) is not None:
        start = m.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(map(str.isalnum, text[start : min(end, start + 200)])):
        out.append((start, end))


def _line_ends(text: str, m: re.Match[str], line: int) -> bool:
    if m.group().count("\n") > 1 or m.end() >= len(text):
        return True
    bullet = _BULLET.match(text, m.end())
    if bullet is not None and bullet.group().strip():
        return True
    return m.start() - line < _SHORT_LINE and not text[m.end()].islower()


def _stops(text: str, m: re.Match[str], start: int) -> bool:
    mark, after = m.group(), text[m.end() : m.end() + 24]
    if "!" in mark or "?" in mark:
        return not after or after[0].isspace() or after[0].isupper()
    before = text[max(start, m.start() - _WINDOW) : m.start()]
    found = _LAST_WORD.search(before)
    word = found.group() if found else ""
    if after and not after[0].isspace():
        # "kind.Bob is": a missing space, but not "Node.js", "3.14" or "U.S."
        return len(mark) == 1 and len(word) > 1 and after[0].isupper() and after[1:2].islower()
    following = after.split()
    if not following:
        return True
    upper = following[0].lstrip("\"'“‘(")[:1].isupper()
    if mark.startswith(("..", "…")):
        return upper
    low = word.lower()
    if before.strip().isdigit() and not before[: -len(before.strip())].strip():
        return False  # the number of a list item
    if "." in word or low in ("eg", "ie"):
        return upper and following[0].strip(".,").lower() in _STARTERS and low not in ("e.g", "i.e")
    if low in _TITLES and word[:1].isupper() | (low in ("vs", "cf", "approx", "fig", "eq")):
        return False
    if low in _MAYBE and (low in ("etc",) or word[:1].isupper()):
        return upper
    if len(word) == 1 and word.isupper() and upper:
        # "J. Smith" is a name, "chases X. Bob is red." is not.
        previous = before[: -len(word)].split()
        last = previous[-1] if previous else ""
        return bool(last) and not last[0].isupper() and last not in _INITIAL_AFTER
    return True


_WORD = re.compile(
    r"[^\W\d_]++(?=[\s,])"  # nearly every word: what comes below would find the same
    r"|(?:[^\W\d_]\.){2,}"  # U.S., e.g.
    r"|(?:Mrs?|Ms|Dr|Prof|St|Mt|Jr|Sr)\.(?=\s+[A-Z])|(?:mrs?|ms|dr|prof)\.(?=\s+[^\W\d_])"
    r"|[A-Z]\.(?=\s+(?:[\"”]\s+)?[A-Z][^\W\d_]*[a-z.])"
    r"|[$€£]?\d+(?:[.,:/]\d+)*%?(?![^\W_])"
    # "second-newest" is two words, and so is "third-most"
    r"|(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))"
    r"(?=-(?!hand|class|rate|degree|person|party|floor|year|grade|generation|in-)[^\W\d_])"
    r"|(?i:to)(?=-last\b)"
    r"|[^\W_]+(?:[-'’_][^\W_]+)*"
    r"|\.{2,}|--+"
    r"|[^\s\w]|_"
)
_TO_LAST = re.compile(r"(?i)-(?:to-)?last\b")
_CLITIC = re.compile(r"(?i)(n't|'(?:s|re|ve|ll|d|m))\Z")
_ACCENTED = re.compile(r"(?s).[\u0300-\u036f]*")  # a character with the accents that follow it
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")


def words(text: str) -> tuple[Word, ...]:
    """The words of `text`: clitics split off (do n't, Tom 's, can not), punctuation apart."""
    return tuple([Word(*found) for found in _cut(text)])


def texts(text: str) -> tuple[str, ...]:
    """The texts of `words`: who asks for no places gets them in half the time."""
    return tuple([found for found, _, _ in _cut(text)])


def _cut(text: str) -> Iterator[tuple[str, int, int]]:
    """Words with their places in `text`; an accent that is a character of its own belongs to its letter."""
    if text.isascii() or is_normalized("NFC", text):
        return _found(text)
    composed, starts, ends = _composed(text)
    return ((word, starts[a], ends[b - 1]) for word, a, b in _found(composed))


def _composed(text: str) -> tuple[str, list[int], list[int]]:
    """The text in Unicode's form NFC; where the original of each of its characters starts and ends.

    Characters that a letter and its accents become together have the place of all of these.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for m in _ACCENTED.finditer(text):
        start, end = m.span()
        if (letter := normalize("NFC", m[0])) == m[0]:
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts += [start] * len(letter)
            ends += [end] * len(letter)
        out.append(letter)
    return "".join(out), starts, ends


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    before = -1  # where the last word ends
    for m in _WORD.finditer(text):
        start, end = m.span()
        word = m[0] if m[0].isascii() else m[0].translate(_STRAIGHT)
        if word == "-" and start == before and _TO_LAST.match(text, start):
            continue  # "second-to-last" is "second to last"
        before = end
        length = end - start
        if length > 2 and "'" in word:
            if (c := _CLITIC.search(word)) is not None and c.start() > 0:
                length = c.start()
        elif length == 6 and word.lower() == "cannot":
            length = 3
        yield word[:length], start, start + length
        if start + length < end:
            yield word[length:], start + length, end

"""Untidiness of real text: slips, capitals, quotes, doubled and missing words.  Gold stays right.

A slip in a word of construction is one of a closed list (`spelling`); a copied word names its
predicate as it is written, slip or no slip, and only in kinds of pointers that copy letters.
Knows words under construction; must not know what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, V, W
from neurosym.parser.generate.nouns import Words
from neurosym.parser.spelling import MISSPELLED

_SLIPS: dict[str, tuple[str, ...]] = {
    right: tuple(sorted(w for w, r in MISSPELLED.items() if r == right and "'" not in right))
    for right in sorted(set(MISSPELLED.values()))
}
_BARE_NOT = {
    "is": "isnt", "are": "arent", "was": "wasnt", "were": "werent", "do": "dont", "does": "doesnt",
    "did": "didnt", "has": "hasnt", "have": "havent", "wo": "wont", "could": "couldnt",
    "should": "shouldnt", "would": "wouldnt",
}  # fmt: skip
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = frozenset("NAVDE")  # kinds of pointers whose word names something whatever its letters are
_MONTHS = frozenset(
    str.split("january february march april june july august september october november december")
)
_BE = frozenset(str.split("is was not n't"))
# Verbs of Greek origin that British spelling writes with an s; "size" and "prize" are not of them.
_GREEK = ("ize", "izes", "ized", "izing")


def apply(g: G, words: Words, tree: Tree, rate: float = 0.06) -> None:
    """With probability `rate`, one or two slips, in place.  The words are finished: capital and stop."""
    if not g.p(rate):
        return
    kinds = _kinds(tree)
    if any("B" in k for k in kinds.values()):
        return  # a stretch of words is called by all its words
    for _ in range(2 if g.p(0.2) else 1):
        make = g.choose(
            (0.26, _misspell), (0.12, _no_apostrophe), (0.14, _slip), (0.08, _double), (0.1, _capital),
            (0.05, _shout), (0.05, _title), (0.08, _quote), (0.06, _stop), (0.06, _drop_article),
            (0.06, _british), (0.05, _spaced),
        )  # fmt: skip
        make(g, words, kinds)


def _kinds(tree: Tree) -> dict[int, set[str]]:
    """The kinds of the pointers to each word of a meaning."""
    out: dict[int, set[str]] = {}
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, V):
            continue
        if len(node) > 1 and isinstance(node[1], W):
            out.setdefault(id(node[1]), set()).add(node[0])
        else:
            stack += node[1:]
    return out


def _places(words: Words, wanted: frozenset[str]) -> list[int]:
    return [i for i, w in enumerate(words) if isinstance(w, str) and w.lower() in wanted]


def _copied(words: Words, kinds: dict[int, set[str]], only: frozenset[str]) -> Iterator[W]:
    for w in words:
        if isinstance(w, W) and kinds.get(id(w), {"?"}) <= only:
            yield w


def _misspell(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Teh, everthing: in a word that no pointer copies."""
    at = _places(words, frozenset(k for k, slips in _SLIPS.items() if slips))
    if at:
        i = g.pick(at)
        right = words[i]
        assert isinstance(right, str)
        slip = g.pick(_SLIPS[right.lower()])
        words[i] = slip[:1].upper() + slip[1:] if right[:1].isupper() else slip


def _no_apostrophe(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Isnt, dont: one word for two."""
    for i in range(len(words) - 1):
        first, second = words[i], words[i + 1]
        if isinstance(first, str) and second == "n't" and first.lower() in _BARE_NOT:
            whole = _BARE_NOT[first.lower()]
            words[i : i + 2] = [whole[:1].upper() + whole[1:] if first[:1].isupper() else whole]
            return


def _slip(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """A slip in a copied word: the predicate is called as it is written."""
    able = [w for w in _copied(words, kinds, _LETTERS) if len(w.text) > 4 and w.text.isalpha()]
    able = [w for w in able if w.text.lower() not in _MONTHS]
    if not able:
        return
    w = g.pick(able)
    i = g.rng.randrange(1, len(w.text) - 2)
    a, b = w.text[i], w.text[i + 1]
    row = next((r for r in _KEYS if a in r), "")
    near = row[row.index(a) + 1] if row and row.index(a) + 1 < len(row) else a
    w.text = w.text[:i] + g.pick((b + a, b, a + a + b, near + b)) + w.text[i + 2 :]


def _double(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """The the: a word of construction said twice."""
    at = _places(words, frozenset(("the", "a", "is", "are", "if", "that", "and", "all", "then")))
    if at:
        i = g.pick(at)
        words.insert(i + 1, str(words[i]).lower())


def _capital(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """The Customer: a noun with a capital inside the sentence, as policies write it."""
    able = [w for w in _copied(words[1:], kinds, frozenset("ND")) if w.text.islower()]
    for w in able if g.p(0.4) else [g.pick(able)] if able else []:
        w.text = w.text.capitalize()


def _shout(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """ALL CAPITALS, where no name and no letter would change by it."""
    if any(len(w.text) < 2 or kinds.get(id(w), {"E"}) & set("ERQ") for w in words if isinstance(w, W)):
        return
    if any(isinstance(w, str) and len(w) == 1 and w.isalpha() and w not in "aAI" for w in words):
        return
    for i, w in enumerate(words):
        if isinstance(w, W):
            w.text = w.text.upper()
        else:
            words[i] = w.upper()


def _title(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Like the Headline of a Page."""
    for i, w in enumerate(words):
        if isinstance(w, W):
            w.text = w.text[:1].upper() + w.text[1:]
        elif len(w) > 3 or not i:
            words[i] = w[:1].upper() + w[1:]


def _quote(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Quotation marks around a word that names something."""
    able = list(_copied(words, kinds, frozenset("NAE")))
    if able:
        w = g.pick(able)
        i = next(i for i, other in enumerate(words) if other is w)
        if words[i + 1 : i + 2] not in (["'s"], ["'"]):
            words[i : i + 1] = ['"', w, '"']


def _stop(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Another stop, or two."""
    if words[-1] in (".", "!"):
        words[-1:] = g.pick((["..."], ["!", "!"], [";"], [",", "."]))
    elif words[-1] == "?":
        words[-1:] = g.pick((["?", "?"], ["?", "!"], ["."]))


def _drop_article(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Tom is cat: an article that learners leave out, only where "is" shows what is said."""
    for i in range(1, len(words) - 1):
        if words[i] in ("a", "an") and words[i - 1] in _BE and isinstance(words[i + 1], W):
            del words[i]
            return


def _british(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Organise, realised."""
    for w in _copied(words, kinds, frozenset("VAT")):
        if len(w.text) > 6 and w.text.endswith(_GREEK):
            head, _, end = w.text.rpartition("iz")
            w.text = f"{head}is{end}"
            return


def _spaced(g: G, words: Words, kinds: dict[int, set[str]]) -> None:
    """Some thing, every one: written apart."""
    for i, w in enumerate(words):
        if isinstance(w, str):
            for end in ("thing", "one"):
                head = w.lower().removesuffix(end)
                if head in ("some", "any", "every") and head != w.lower():
                    words[i : i + 1] = [w[: len(head)], end]
                    return

"""The same said in other words: function words, links, contractions, commas, openings.

`apply` changes only words that no pointer copies, and only into words that mean the same to the
logic, so gold stays right.  A synonym of a copied word would be another predicate: which content
words a sentence has is settled before it is said.  Other orders of words stand in `variants`.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.parser.asides import CLOSINGS, OPENINGS
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, W
from neurosym.parser.generate.nouns import Words


@dataclass(frozen=True, slots=True)
class Swap:
    """Words of construction and what may stand in their place.

    Not after one of `after_not`, not before one of `before_not`; with `first` at the beginning of
    the sentence only, with `inside` everywhere else only.
    """

    words: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    after_not: frozenset[str] = frozenset()
    before_not: frozenset[str] = frozenset()
    first: bool = False


def _s(words: str, *others: str, after: str = "", before: str = "", first: bool = False) -> Swap:
    return Swap(
        tuple(words.split()),
        tuple(tuple(o.split()) for o in others),
        frozenset(after.split()),
        frozenset(before.split()),
        first,
    )


_IF = ("provided that", "in case", "as long as", "assuming that", "whenever", "provided", "given that",
       "in the event that", "on condition that", "on the condition that", "so long as", "supposing that",
       "providing that", "when", "once", "assuming")  # fmt: skip
_ASKED = " what whether know me us say see decide check tell wonder"
_UNDER = "not only all no none any as even exactly just and or but nor"

SWAPS: tuple[Swap, ...] = (
    _s("if", *_IF, after=_UNDER + _ASKED, before="and not only"),
    _s("when", "whenever", "if", "once", "in case", "any time", "every time", after=_UNDER, before="and"),
    _s("whenever", "when", "if", "any time", "each time", "every time", after=_UNDER),
    _s("every", "each", after="almost nearly not", before="other one"),
    _s("each", "every", after="almost nearly not of", before="other of and"),
    _s("all", "all the", "all of the", after="not of at almost nearly", before="of the but that you"),
    _s("everyone", "everybody", "every one"),
    _s("everybody", "everyone"),
    _s("someone", "somebody", "some person", before="else 's"),
    _s("somebody", "someone", before="else 's"),
    _s("anyone", "anybody", "any person"),
    _s("anybody", "anyone"),
    _s("nobody", "no one", "no person", before="but"),
    _s("no one", "nobody", before="of but"),
    _s("everything", "every thing", "all things", before="is was does has did would will 's"),
    _s("everyone who", "whoever", "all who", "everybody that", after="not", first=True),
    _s("everything that", "whatever", after="not", first=True),
    _s("it is not the case that", "it is not true that", "it is false that", "it is untrue that",
       "it is not so that", "it does not hold that", "it 's not the case that", "it is n't true that",
       "it cannot be said that".replace("cannot", "can not"), "it is wrong that", "it is incorrect that"),
    _s("it is not true that", "it is not the case that", "it is n't the case that", "it 's false that"),
    _s("it is true that", "it is a fact that", "it holds that", "it is the case that"),
    _s("if and only if", "exactly when", "just in case", "precisely if", "precisely when", "exactly if",
       "if , and only if ,"),
    _s("but not both", "and not both", "but never both", "though not both"),
    _s("there is", "there 's", "there exists", before="not n't"),
    _s("there are", "there 're", "there exist", before="not n't"),
    _s("it is", "it 's", after="if when that because", before="n't"),
    _s("they are", "they 're", before="n't"),
    _s("who is", "who 's", before="n't"),
    _s("that is", "that 's", before="n't"),
    _s("at least one", "some", "at least a single", before="of"),
    _s("therefore", "hence", "thus", "consequently", "accordingly"),
    _s("however ,", "nevertheless ,", "nonetheless ,", "still ,", "even so ,"),
    _s("also ,", "in addition ,", "furthermore ,", "additionally ,", "moreover ,", "besides that ,"),
    _s("in fact ,", "actually ,", "indeed ,", "as a matter of fact ,"),
    _s(", but", ", yet", "; but", before="not never"),
    _s("; ", ", and", ", while"),
    _s("is it true that", "is it right that", "is it correct that", "is it a fact that", "is it so that",
       "would it be true that", "do you agree that", "would you say that"),
    _s("prove that", "show that", "demonstrate that", "verify that", "confirm that"),
    _s("tell me whether", "say whether", "tell me if", "tell us whether", "please tell me whether",
       "i want to know whether", "i would like to know if", "i wonder whether"),
)  # fmt: skip

_CAN_CONTRACT = frozenset(str.split("is are was were do does did has have had would could should wo"))


def apply(g: G, words: Words, end: str, tree: Tree = None, rate: float = 0.12) -> None:
    """With probability `rate`, one to three changes of wording, in place.

    `words` have no final punctuation and no capital yet; `end` is the punctuation to
    come; `tree` is the whole meaning with its act, without which conditions and openings stay as they are.
    """
    if not g.p(rate):
        return
    for _ in range(g.choose((0.65, 1), (0.27, 2), (0.08, 3))):
        kind = g.choose((0.55, "swap"), (0.2, "contract"), (0.14, "comma"), (0.11, "around"))
        if kind == "swap":
            _swap(g, words, tree, end)
        elif kind == "contract":
            _contract(g, words)
        elif kind == "comma":
            _comma(g, words)
        elif (
            tree is not None
            and tree[0] == "FACT"
            and end == "."
            and len(words) < 26
            and "~opening" not in g.tags
        ):
            _around(g, words)


def _plain(words: Words) -> list[str]:
    """The words of construction in small letters; copied ones as the empty text."""
    return ["" if isinstance(w, W) else w.lower() for w in words]


def _fits(s: Swap, low: list[str], i: int) -> bool:
    n = len(s.words)
    if tuple(low[i : i + n]) != s.words or (s.first and i):
        return False
    before, after = low[i - 1] if i else "", low[i + n] if i + n < len(low) else ""
    return before not in s.after_not and after not in s.before_not


def _conditional(tree: Tree) -> bool:
    """Does the sentence say that one thing follows from another?  "When" may else be a time."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            if node[0] == "IMP":
                return bool(tree[0] != "PART")
            stack += node[1:]
    return False


def _swap(g: G, words: Words, tree: Tree, end: str) -> None:
    low = _plain(words)
    conditional = _conditional(tree)
    able = [
        (s, i)
        for s in SWAPS
        if conditional or s.words[0] not in ("if", "when", "whenever")
        for i in range(len(low))
        if _fits(s, low, i)
    ]
    if end == "?":  # "when is Tom red?" asks for a time
        able = [(s, i) for s, i in able if i or s.words[0] not in ("if", "when", "whenever")]
    if not able:
        return
    s, i = g.pick(able)
    other = list(g.pick(s.others))
    if s.words[0] in ("if", "when", "whenever") and i and other[0] == "once":
        other = ["if"]
    g.tag(f"~{s.words[0]}")
    words[i : i + len(s.words)] = other


def _contract(g: G, words: Words) -> None:
    """Is not, isn't; either way."""
    for i in range(1, len(words)):
        first, second = words[i - 1], words[i]
        if not isinstance(first, str) or first.lower() not in _CAN_CONTRACT:
            continue
        if second == "not" and (i > 1 or len(words) < 2) and first.lower() != "wo":
            words[i] = "n't"
            return
        if second == "n't" and i > 1:
            words[i] = "not"
            if first.lower() == "wo":
                words[i - 1] = "will"
            return


def _comma(g: G, words: Words) -> None:
    """A comma before a link of clauses, or none after the first clause."""
    low = _plain(words)
    links = [
        i
        for i, w in enumerate(low)
        if 3 <= i < len(low) - 2
        and w in ("if", "unless", "when", "whenever", "because", "while", "although", "then", "provided")
        and low[i - 1] not in (",", "only", "and", "or", "but", "not", "even", "exactly", "just", "that")
    ]
    if links and (low[0] not in ("if", "when", "whenever") or low[links[0]] == "then"):
        words.insert(links[0], ",")
    elif low[0] in ("if", "when", "whenever", "once") and low.count(",") == 1:
        i = low.index(",")
        if i + 1 < len(low) and low[i + 1] == "then":
            del words[i + g.pick((0, 1))]
        else:
            words[i : i + 1] = g.pick(([",", "then"], ["then"]))


def _around(g: G, words: Words) -> None:
    """As a matter of fact, ...; ..., of course."""
    if g.p(0.72):
        g.tag("~opening")
        words[:0] = g.pick(OPENINGS)
    elif not {"not", "n't", "no", "nobody", "never", "either", "neither", "nothing", "only"} & set(
        _plain(words)
    ):
        g.tag("~closing")
        words += g.pick(CLOSINGS)

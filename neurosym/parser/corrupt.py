"""Wrong readings made from right ones: one slip each, of the kinds that parsers make.

Arguments swapped, a part dropped, another quantifier, a negation added or lost, an implication turned
round, a word taken from elsewhere, a quality said of another thing.  Contrastive evaluation calls such
minimal changes by hand "contrast sets" (Gardner et al. 2020); here they are negatives to learn from.

Knows the scheme's trees; must not know sentences beyond their number of words, nor models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from neurosym.parser import constrain
from neurosym.parser.scheme import FORMULA, SIGNATURE, TERM, arguments

OTHER = {
    "AND": ("OR",),
    "OR": ("AND", "XOR"),
    "XOR": ("OR", "AND"),
    "IFF": ("IMP",),
    "IMP": ("IFF", "AND"),
    "FACT": ("ASK",),
    "ASK": ("FACT",),
    "COMMAND": ("FACT",),
    "PART": ("FACT",),
    "WH": ("HOWMANY",),
    "HOWMANY": ("WH",),
    "ATLEAST": ("ATMOST", "EXACTLY", "MORE"),
    "ATMOST": ("ATLEAST", "EXACTLY", "FEWER"),
    "EXACTLY": ("ATLEAST", "ATMOST"),
    "MORE": ("ATLEAST", "FEWER"),
    "FEWER": ("ATMOST", "MORE"),
}
_KINDS = {"N": "AV", "V": "NA", "A": "NV", "E": "D", "D": "E", "T": "AV", "C": "A", "P": "A"}


@dataclass(frozen=True, slots=True)
class Node:
    token: str
    below: tuple[Node, ...] = ()


def tree(tokens: Sequence[str]) -> Node:
    """The tree of a well-formed reading."""
    at = iter(tokens)

    def take() -> Node:
        token = next(at)
        return Node(token, tuple(take() for _ in arguments(token)))

    return take()


def flat(node: Node) -> tuple[str, ...]:
    return (node.token, *(t for n in node.below for t in flat(n)))


def corrupted(tokens: Sequence[str], n_words: int, rng: Random) -> tuple[str, ...] | None:
    """One slip somewhere in `tokens`; None where ten tries gave nothing that the scheme can say."""
    whole = tree(tokens)
    sites = list(_sites(whole))
    for _ in range(10):
        slip = rng.choice(_SLIPS)
        places = [p for p in sites if slip.fits(_at(whole, p))]
        if not places:
            continue
        place = rng.choice(places)
        made = slip.make(_at(whole, place), whole, n_words, rng)
        if made is None:
            continue
        found = flat(_put(whole, place, made))
        if found != tuple(tokens) and constrain.legal(found):
            return found
    return None


def _sites(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield path
    for i, n in enumerate(node.below):
        yield from _sites(n, (*path, i))


def _at(node: Node, path: tuple[int, ...]) -> Node:
    for i in path:
        node = node.below[i]
    return node


def _put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    if not path:
        return new
    below = list(node.below)
    below[path[0]] = _put(below[path[0]], path[1:], new)
    return Node(node.token, tuple(below))


# --- the slips --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slip:
    fits: Callable[[Node], bool]
    make: Callable[[Node, Node, int, Random], Node | None]


def _is_formula(n: Node) -> bool:
    return ":" not in n.token and SIGNATURE[n.token][0] == FORMULA


def _places(n: Node) -> list[int]:
    return [i for i, a in enumerate(arguments(n.token)) if a == TERM]


def _swap(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    i, j = rng.sample(_places(n), 2)
    below = list(n.below)
    below[i], below[j] = below[j], below[i]
    return Node(n.token, tuple(below))


def _drop(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    return rng.choice(n.below)


def _quantifier(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    v, body = n.below
    if n.token == "ALL":
        if body.token == "IMP":
            body = Node("AND", body.below)
        return Node("EX", (v, body))
    if body.token == "AND":
        body = Node("IMP", body.below)
    return Node("ALL", (v, body))


def _negate(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    return n.below[0] if n.token == "NOT" else Node("NOT", (n,))


def _reverse(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    return Node(n.token, (n.below[1], n.below[0]))


def _other(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    return Node(rng.choice(OTHER[n.token]), n.below)


def _word(n: Node, whole: Node, words: int, rng: Random) -> Node | None:
    """The pointer at another word: mostly one that the reading has elsewhere in the same role."""
    kind, _, here = n.token.partition(":")
    alike = sorted({t for t in flat(whole) if t.startswith(f"{kind}:") and t != n.token})
    if alike and rng.random() < 0.6:
        return Node(rng.choice(alike))
    other = rng.randrange(words)
    return Node(f"{kind}:{other}") if other != int(here) else None


def _kind(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    kind, _, here = n.token.partition(":")
    return Node(f"{rng.choice(_KINDS[kind])}:{here}")


def _attach(n: Node, whole: Node, _words: int, rng: Random) -> Node | None:
    """An argument that is another thing of the same reading."""
    i = rng.choice(_places(n))
    things = sorted({flat(m) for m in _terms(whole)} - {flat(n.below[i])})
    if not things:
        return None
    below = list(n.below)
    below[i] = tree(rng.choice(things))
    return Node(n.token, tuple(below))


def _terms(n: Node) -> Iterator[Node]:
    for child, category in zip(n.below, arguments(n.token), strict=True):
        if category == TERM:
            yield child
        yield from _terms(child)


def _shorten(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    """A name or predicate without one of its words."""
    first, rest = n.below
    return rest if n.token == "NAMES" or rng.random() < 0.5 else first


def _regroup(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    """a and (b or c) as (a and b) or c."""
    a, inner = n.below
    b, c = inner.below
    return Node(inner.token, (Node(n.token, (a, b)), c))


def _scope(n: Node, _whole: Node, _words: int, rng: Random) -> Node | None:
    """not (a and b) as (not a) and b."""
    inner = n.below[0]
    a, b = inner.below
    return Node(inner.token, (Node("NOT", (a,)), b))


_JOINERS = ("AND", "OR", "XOR")
_SLIPS: tuple[_Slip, ...] = (
    _Slip(lambda n: len(_places(n)) >= 2, _swap),
    _Slip(lambda n: len(_places(n)) >= 2, _swap),
    _Slip(lambda n: n.token in _JOINERS, _drop),
    _Slip(lambda n: n.token in ("ALL", "EX"), _quantifier),
    _Slip(_is_formula, _negate),
    _Slip(lambda n: n.token == "NOT", _negate),
    _Slip(lambda n: n.token == "IMP", _reverse),
    _Slip(lambda n: n.token in OTHER, _other),
    _Slip(lambda n: ":" in n.token, _word),
    _Slip(lambda n: ":" in n.token, _word),
    _Slip(lambda n: n.token.partition(":")[0] in _KINDS, _kind),
    _Slip(lambda n: bool(_places(n)) and _is_formula(n), _attach),
    _Slip(lambda n: bool(_places(n)) and _is_formula(n), _attach),
    _Slip(lambda n: n.token in ("NAMES", "JOIN"), _shorten),
    _Slip(
        lambda n: n.token in _JOINERS and n.below[1].token in _JOINERS and n.below[1].token != n.token,
        _regroup,
    ),
    _Slip(lambda n: n.token == "NOT" and n.below[0].token in _JOINERS, _scope),
)

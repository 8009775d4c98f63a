"""Wrong readings made from right ones: one slip each, of the kinds that parsers make.

Arguments swapped or lost, with their preposition or without, a part dropped, another quantifier or another
order of two, a negation added or lost, an implication turned round, a condition on the wrong side, a word
taken from elsewhere, a quality said of another thing, a compound read as two properties and two properties
as one, two things as one, a pronoun that refers to nothing in its own sentence, a clause as a proposition.
Contrastive evaluation calls such minimal changes by hand "contrast sets" (Gardner et al. 2020); here they
are negatives to learn from.

Knows the scheme's trees and which words are pronouns; must not know models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from neurosym.parser import constrain
from neurosym.parser.scheme import FORMULA, SIGNATURE, TERM, arguments

Words = Sequence[str]

OTHER = {
    "AND": ("OR",),
    "OR": ("AND", "XOR"),
    "XOR": ("OR", "AND"),
    "IFF": ("IMP",),
    "IMP": ("IFF", "AND"),
    "FACT": ("ASK", "PART", "COMMAND"),
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
    """An expression of the scheme: its first token, and its arguments in order."""

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
    """The inverse of `tree`: the tokens in prefix order."""
    return (node.token, *(t for n in node.below for t in flat(n)))


def corrupted(tokens: Sequence[str], words: Words, rng: Random) -> tuple[str, ...] | None:
    """One slip somewhere in `tokens`; None where no kind of slip gave anything that the scheme can say.

    Whether the result has a meaning, and another one than `tokens`, is for the caller to find out.
    """
    whole = tree(tokens)
    sites = list(_sites(whole))
    for slip in rng.sample(_SLIPS, len(_SLIPS)):
        places = [p for p in sites if slip.fits(_at(whole, p))]
        if not places:
            continue
        place = rng.choice(places)
        made = slip.make(_at(whole, place), whole, words, rng)
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
    make: Callable[[Node, Node, Words, Random], Node | None]


def _is_formula(n: Node) -> bool:
    return ":" not in n.token and SIGNATURE[n.token][0] == FORMULA


def _places(n: Node) -> list[int]:
    return [i for i, a in enumerate(arguments(n.token)) if a == TERM]


def _swap(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    i, j = rng.sample(_places(n), 2)
    below = list(n.below)
    below[i], below[j] = below[j], below[i]
    return Node(n.token, tuple(below))


def _drop(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    return rng.choice(n.below)


def _quantifier(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    v, body = n.below
    if n.token == "ALL":
        if body.token == "IMP":
            body = Node("AND", body.below)
        return Node("EX", (v, body))
    if body.token == "AND":
        body = Node("IMP", body.below)
    return Node("ALL", (v, body))


def _negate(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    return n.below[0] if n.token == "NOT" else Node("NOT", (n,))


def _reverse(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    return Node(n.token, (n.below[1], n.below[0]))


def _other(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    return Node(rng.choice(OTHER[n.token]), n.below)


def _word(n: Node, whole: Node, words: Words, rng: Random) -> Node | None:
    """The pointer at another word: one that the reading has elsewhere in the same role, or one nearby."""
    kind, _, here = n.token.partition(":")
    alike = sorted({t for t in flat(whole) if t.startswith(f"{kind}:") and t != n.token})
    if alike and rng.random() < 0.5:
        return Node(rng.choice(alike))
    near = [i for i in range(int(here) - 3, int(here) + 4) if 0 <= i < len(words) and i != int(here)]
    return Node(f"{kind}:{rng.choice(near)}") if near else None


def _kind(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    kind, _, here = n.token.partition(":")
    return Node(f"{rng.choice(_KINDS[kind])}:{here}")


def _attach(n: Node, whole: Node, _words: Words, rng: Random) -> Node | None:
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


def _shorten(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """A name or predicate without one of its words."""
    first, rest = n.below
    return rest if n.token == "NAMES" or rng.random() < 0.5 else first


def _regroup(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """a and (b or c) as (a and b) or c."""
    a, inner = n.below
    b, c = inner.below
    return Node(inner.token, (Node(n.token, (a, b)), c))


def _scope(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """not (a and b) as (not a) and b."""
    inner = n.below[0]
    a, b = inner.below
    return Node(inner.token, (Node("NOT", (a,)), b))


def _argument(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """One argument less; the preposition that brought it goes with it, or stays."""
    gone = rng.choice(_places(n)[1:])
    word, *rest = n.below
    if word.token == "JOIN" and word.below[1].token.startswith("P:") and rng.random() < 0.7:
        word = word.below[0]
    below = (word, *(t for i, t in enumerate(rest, 1) if i != gone))
    return Node(f"P{len(below) - 1}", below)


def _split(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """A compound as two properties: an internet connection as a connection that is an internet."""
    (first, second), thing = n.below[0].below, n.below[1]
    if ":" in first.token and rng.random() < 0.5:
        first = Node(f"{rng.choice('AN')}:{first.token.partition(':')[2]}")
    return Node("AND", (Node("P1", (first, thing)), Node("P1", (second, thing))))


def _fuse(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """Two properties of one thing as one."""
    (a, x), (b, y) = (m.below for m in n.below)
    return Node("P1", (Node("JOIN", (a, b)), x)) if x == y else None


def _merge(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """A thing inside the scope of another as the same thing."""
    inner = [p for p in _sites(n) if p and _at(n, p).token == "EX"]
    if not inner:
        return None
    place = rng.choice(inner)
    v, body = _at(n, place).below
    return _put(n, place, _renamed(body, v.token, n.below[0]))


def _apart(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """Two things of two statements as one."""
    (x, a), (y, b) = (m.below for m in n.below)
    return Node("EX", (x, Node("AND", (a, _renamed(b, y.token, x)))))


def _renamed(n: Node, old: str, new: Node) -> Node:
    return new if n.token == old else Node(n.token, tuple(_renamed(m, old, new) for m in n.below))


def _pronoun(n: Node, _whole: Node, words: Words, rng: Random) -> Node | None:
    """A thing of the sentence as a mention of something elsewhere."""
    at = [i for i, w in enumerate(words) if w.lower() in PRONOUNS]
    if not at:
        return None
    below = list(n.below)
    below[rng.choice(_places(n))] = Node(f"R:{rng.choice(at)}")
    return Node(n.token, tuple(below))


def _inward(n: Node, _whole: Node, words: Words, rng: Random) -> Node | None:
    """for all y: if a then c, as: if for some y a then c, where c means something elsewhere by y."""
    v, (a, c) = n.below[0], n.below[1].below
    at = [i for i, w in enumerate(words) if w.lower() in PRONOUNS]
    if not at:
        return None
    return Node("IMP", (Node("EX", (v, a)), _renamed(c, v.token, Node(f"R:{rng.choice(at)}"))))


def _outward(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """for all x some y, as some y for all x; and the other way round."""
    outer, inner = n.below[1], n.below[1].below[1]
    again = Node(n.token, (n.below[0], Node(outer.token, (outer.below[0], inner.below[1].below[1]))))
    return Node(inner.token, (inner.below[0], Node(inner.below[1].token, (inner.below[1].below[0], again))))


def _is_nested(n: Node) -> bool:
    if n.token not in _BODY or n.below[1].token != _BODY[n.token]:
        return False
    inner = n.below[1].below[1]
    return inner.token in _BODY and inner.token != n.token and inner.below[1].token == _BODY[inner.token]


def _side(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """A condition among what follows, or a part of what follows among the conditions."""
    a, c = n.below
    sides = [s for s, m in (("if", a), ("then", c)) if m.token == "AND"]
    match rng.choice(sides):
        case "if":
            return Node("IMP", (a.below[0], Node("AND", (a.below[1], c))))
        case _ if rng.random() < 0.5:
            return Node("IMP", (Node("AND", (a, c.below[0])), c.below[1]))
        case _:
            return Node("AND", (Node("IMP", (a, c.below[0])), c.below[1]))


def _proposition(n: Node, _whole: Node, _words: Words, rng: Random) -> Node | None:
    """he knew that ..., as: he knew, and ...; and the other way round."""
    if n.token == "AND":
        (word, a, _), clause = n.below[0].below, n.below[1]
        return Node("P2", (word, a, Node("THAT", (clause,))))
    word, a, that = n.below
    return Node("AND", (Node("P1", (word, a)), that.below[0]))


PRONOUNS = frozenset(
    str.split(
        "he she it they him her them his its their himself herself itself themselves this that i you we"
    )
)
_BODY = {"ALL": "IMP", "EX": "AND"}
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
    _Slip(lambda n: n.token in ("P2", "P3", "P4"), _argument),
    _Slip(lambda n: n.token in ("P2", "P3", "P4"), _argument),
    _Slip(lambda n: n.token == "P1" and n.below[0].token == "JOIN", _split),
    _Slip(lambda n: n.token == "AND" and all(m.token == "P1" for m in n.below), _fuse),
    _Slip(lambda n: n.token in ("EX", "ALL"), _merge),
    _Slip(lambda n: n.token == "AND" and all(m.token == "EX" for m in n.below), _apart),
    _Slip(lambda n: bool(_places(n)) and _is_formula(n), _pronoun),
    _Slip(lambda n: n.token == "ALL" and n.below[1].token == "IMP", _inward),
    _Slip(_is_nested, _outward),
    _Slip(lambda n: n.token == "IMP" and any(m.token == "AND" for m in n.below), _side),
    _Slip(
        lambda n: (
            (n.token == "P2" and n.below[2].token == "THAT")
            or (n.token == "AND" and n.below[0].token == "P2")
        ),
        _proposition,
    ),
)

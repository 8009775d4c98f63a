"""A pronoun in the place of a name, where nothing else in the sentence could be meant by it.

Knows trees and words, not how they were made.  Two arguments of one predicate differ unless a
reflexive says otherwise (condition B; Chomsky 1981), and so do a "she" and a Tom; whatever
else stands before the pronoun is a rival, and the sentence is given up.
"""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import WEATHER, G
from neurosym.parser.generate.meaning import Tree, V, W
from neurosym.parser.generate.nouns import Words
from neurosym.parser.generate.people import OBJECT, POSSESSIVE, PRONOUNS, SUBJECT, given_names
from neurosym.parser.morphology import noun_lemma

_AUXILIARY = frozenset(
    str.split("is are was were does do did will has have had can must may should would could wo never")
)
_BEFORE_OBJECT = frozenset(str.split("by than as to"))
_BEFORE_SUBJECT = frozenset(
    str.split("if when whenever unless then that and or nor but once only because while iff either , ;")
)
_CLASS = {form: kind for kind, forms in PRONOUNS.items() for form in forms}
_SUBORDINATE = frozenset(str.split("if when whenever unless once provided in assuming"))

Key = tuple[int, ...]  # identities of the words of an entity


def pronominal(g: G, words: Words, tree: Tree, asked: bool) -> tuple[Words, Tree]:
    """The sentence with a pronoun, "the former" or "the latter" for one of its entities.

    Raises Retry where no entity of it can be replaced without a rival.
    """
    entities = {k: t for t in _entities(tree) for k in [_key(t)]}
    if not entities or any(_place(words, k) < 0 for k in entities):
        raise Retry
    kinds = _kinds(tree)
    keys = sorted(entities, key=lambda k: _place(words, k))
    key = g.pick(keys)
    at = _place(words, key)
    end = at + len(key)
    head = entities[key]
    if _mentions(words, [x.text for x in words[at:end] if isinstance(x, W)]) > 1:
        raise Retry
    kind = "D" if _leaf(head)[0] == "D" else "E"
    start = at - 1 if kind == "D" and at and words[at - 1] == "the" else at
    case = _case(words, kinds, start, end, asked)
    place = kind == "E" and _is_place(g, words[at:end])
    latter = g.p(0.16) and len(entities) <= 2 and not place
    agrees = _agreement(g, kind, place, case)
    last = _leaf(head)[1].text.lower()
    if kind == "D" and noun_lemma(last) != last:
        agrees, latter = "t", False
    if not latter and _rivals(g, words, tree, key, entities, start, agrees):
        raise Retry
    # "It is cold", "it is forbidden to smoke": nothing is meant by that "it".
    empty = _weather(tree, key) or {"to", "that", "from"} & set(map(_text, words[end : end + 5]))
    if agrees == "n" and case == SUBJECT and not latter and empty:
        raise Retry
    g.tag("latter" if latter else f"pro-{agrees}")
    w = W(g.pick(("former", "latter")) if latter else PRONOUNS[agrees][case])
    new: Words = ["the", w] if latter else [w]
    if case == POSSESSIVE and not latter:
        end += 1
    return [*words[:start], *new, *words[end:]], _swap(tree, key, ("R", w))


# --- trees -----------------------------------------------------------------------------


def _entities(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, (V, W, str)):
        return
    if tree[0] in ("NAMES", "E", "D"):
        yield tree
        return
    for part in tree[1:]:
        yield from _entities(part)


def _leaf(tree: Tree) -> Tree:
    while tree[0] == "NAMES":
        tree = tree[2]
    return tree


def _key(tree: Tree) -> Key:
    out: list[int] = []
    while tree[0] == "NAMES":
        out.append(id(tree[1][1]))
        tree = tree[2]
    return (*out, id(tree[1]))


def _kinds(tree: Tree) -> dict[int, str]:
    """The kind of pointer by the word it points at."""
    out: dict[int, str] = {}
    stack = [tree]
    while stack:
        t = stack.pop()
        if isinstance(t, (V, W, str)):
            continue
        if len(t) == 2 and isinstance(t[1], W):
            out[id(t[1])] = t[0]
        stack += t[1:]
    return out


def _swap(tree: Tree, key: Key, new: Tree) -> Tree:
    if isinstance(tree, (V, W, str)):
        return tree
    if tree[0] in ("NAMES", "E", "D"):
        return new if _key(tree) == key else tree
    return (tree[0], *(_swap(t, key, new) for t in tree[1:]))


def _atoms(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, (V, W, str)):
        return
    if tree[0] in ("P1", "P2", "P3", "P4", "EQ", "NTH"):
        yield tree
    for part in tree[1:]:
        yield from _atoms(part)


def _beside(tree: Tree, key: Key) -> tuple[set[int], set[Key]]:
    """Variables and entities that stand in one atom with that entity."""
    vs: set[int] = set()
    others: set[Key] = set()
    for atom in _atoms(tree):
        args = atom[1 if atom[0] == "EQ" else 3 if atom[0] == "NTH" else 2 :]
        if any(not isinstance(a, V) and a[0] in ("NAMES", "E", "D") and _key(a) == key for a in args):
            vs |= {id(a) for a in args if isinstance(a, V)}
            others |= {_key(a) for a in args if not isinstance(a, V) and a[0] in ("NAMES", "E", "D")}
    return vs, others


def _bound(tree: Tree) -> set[int]:
    if isinstance(tree, V):
        return {id(tree)}
    if isinstance(tree, (W, str)):
        return set()
    return set().union(*(_bound(t) for t in tree[1:]))


def _weather(tree: Tree, key: Key) -> bool:
    """Would "it" be the weather's, as in "it is cold"?"""
    return any(
        a[0] == "P1" and a[1][0] == "A" and a[1][1].text in WEATHER and _key(a[2]) == key
        for a in _atoms(tree)
        if not isinstance(a[2], V) and a[2][0] in ("NAMES", "E", "D")
    )


# --- words -----------------------------------------------------------------------------


def _text(w: W | str) -> str:
    return w.text if isinstance(w, W) else w


def _place(words: Words, key: Key) -> int:
    ids = [id(w) for w in words]
    for i in range(len(words) - len(key) + 1):
        if tuple(ids[i : i + len(key)]) == key:
            return i
    return -1


def _mentions(words: Words, texts: list[str]) -> int:
    """How often that stretch of words occurs, by its last word."""
    return sum(_text(w) == texts[-1] for w in words)


def _is_place(g: G, ws: Words) -> bool:
    texts = [_text(w) for w in ws]
    known = any(t in g.lex.places for t in texts)
    return known or texts[0] in ("New", "North", "South", "Lake", "Mount", "Port", "Saint")


def _case(words: Words, kinds: dict[int, str], start: int, end: int, asked: bool) -> int:
    """Subject, object or possessor, as the words around tell.  Raises Retry where they do not."""
    before = words[start - 1] if start else None
    after = words[end] if end < len(words) else None
    if after in ("'s", "'"):
        return POSSESSIVE
    if isinstance(before, W):
        if kinds.get(id(before), "") in ("V", "P", "T", "C", "A"):
            return OBJECT
    elif before in _BEFORE_OBJECT:
        return OBJECT
    finite = after in _AUXILIARY or (isinstance(after, W) and kinds.get(id(after), "") in ("V", "P"))
    opens = before is None or isinstance(before, W) or before in _BEFORE_SUBJECT
    if finite and opens and not (isinstance(after, W) and after.text.endswith("ing")):
        return SUBJECT
    if asked and isinstance(before, str) and before in _AUXILIARY:
        return SUBJECT
    raise Retry


def _agreement(g: G, kind: str, place: bool, case: int) -> str:
    if place:
        return "n"
    if kind == "D":
        return g.pick("nnnnnfmt" if case != SUBJECT else "nnnnnnfm")
    return g.pick("ffffmmmmttiwy" if case != SUBJECT else "ffmm")


def _rivals(
    g: G, words: Words, tree: Tree, key: Key, entities: dict[Key, Tree], start: int, agrees: str
) -> bool:
    """Could a reader take the pronoun for anything else in the sentence?"""
    if agrees in "iwy":
        return any(_CLASS.get(w) == agrees for w in words if isinstance(w, str))
    if any(isinstance(w, str) and _CLASS.get(w) == agrees for w in words):
        return True
    beside, others = _beside(tree, key)
    if start and _bound(tree) - beside:
        return True
    if agrees == "t" and any(w in ("and", "people", "those", "both") for w in words[:start]):
        return True
    first = words[0] if isinstance(words[0], str) else ""
    for k, t in sorted(entities.items(), key=lambda kt: _place(words, kt[0])):
        if k == key or k in others:
            continue
        at = _place(words, k)
        if (at < start or first in _SUBORDINATE) and _could_be(g, words[at : at + len(k)], t, agrees):
            return True
    return False


def _could_be(g: G, ws: Words, tree: Tree, agrees: str) -> bool:
    if _leaf(tree)[0] == "D":
        return agrees != "t"
    if _is_place(g, ws):
        return agrees == "n"
    first = ws[0]
    known = dict(given_names(g.split)).get(_text(first))
    return agrees in "fmt" and (known is None or agrees in ("t", known))

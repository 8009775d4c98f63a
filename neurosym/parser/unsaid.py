"""Does a reading use its sentence's pronouns and indefinites?  One that it drops is a reason to refuse.

`coverage` asks of each content word whether a reading points at it; the small words that say who and how
many are left to the construction there.  Here: "I", "we" and "you" are always somebody ("a kettle that I
drew"); a pronoun whose antecedent the same rule binds is no mention of another sentence; and "a pan and a
map" are two things.  Knows tokens and words; must not know the model.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from neurosym.parser.asides import asides
from neurosym.parser.morphology import noun_lemma
from neurosym.parser.scheme import BINDERS, PLACE, arguments, well_formed

# Who speaks and who is spoken to: the words that mean the same one.
_PERSONS: dict[str, str] = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "I"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours", "yourself", "yourselves"), "you"),
}
_THING = frozenset(("it", "its"))
_PERSON = frozenset(("he", "him", "his", "she", "her", "hers"))
_MANY = frozenset(("they", "them", "their", "theirs"))
_THIRD = _THING | _PERSON | _MANY
_SUBJECTS = frozenset(("i", "we", "you"))
_OBJECTS = frozenset(("me", "us", "you"))
_AUXILIARY = frozenset(
    str.split(
        "am are was were be been have has had do does did can could may might will would not n't 'm 're 've"
    )
)
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "become", "becomes"))
_COMPLEMENT = _BE | {"not", "n't", "both", "either", "neither", "and", "or", ",", "as"}  # before "a" of one
_ARTICLE = frozenset(("a", "an"))
_LINKS = frozenset(("and", "or"))


@dataclass(frozen=True, slots=True)
class _Node:
    """A token with its arguments."""

    token: str
    parts: tuple[_Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun that names what a binder's variable stands for, by the place of its last word."""

    word: int
    binder: _Node
    rule: bool  # is its binder universal, or the condition of a rule?


def pronouns_unsaid(tokens: Sequence[str], words: Sequence[str]) -> str:
    """Why a reading drops a pronoun or an indefinite of its sentence, or the empty text.

    A reading that claims to say only a part (PART) may leave out whom it likes.  Tokens that are not
    one expression are `decode`'s affair, and nothing is said of them here.
    """
    low = [w.lower() for w in words]
    third = not _THIRD.isdisjoint(low)
    if "PART" in tokens:
        return ""
    if not _PERSONS.keys().isdisjoint(low) and (why := _persons(tokens, words, low)):
        return why
    left_open = third and any(t[:2] == "R:" for t in tokens)
    of_many = third and ("P3" in tokens or "P4" in tokens)
    listed = "EX" in tokens and any(a in _LINKS and b in _ARTICLE for a, b in pairwise(low))
    if not (left_open or of_many or listed) or not well_formed(tokens):
        return ""
    tree = _tree(tokens)
    if left_open and (why := _open_inside(tree, words, low)):
        return why
    if of_many and (why := _twice(tree, low)):
        return why
    return _one_for_two(tree, tokens, words, low) if listed else ""


# --- I, we and you ----------------------------------------------------------------------------


def _persons(tokens: Sequence[str], words: Sequence[str], low: Sequence[str]) -> str:
    """Each of them is somebody: as many mentions as there are words for them.

    Whose things an enumeration names says nothing of them.
    """
    if "SET" in tokens:
        return ""
    needed: dict[str, list[int]] = {}
    inside = _in_stretches(tokens)
    others = {PLACE[t] for t in tokens if ":" in t and t[0] != "R"} | inside
    idle = asides(low)
    for i, w in enumerate(low):
        who = _PERSONS.get(w)
        if who is not None and i not in others and i not in idle and not _idle(low, others, i):
            needed.setdefault(who, []).append(i)
    if not needed:
        return ""
    used: dict[str, int] = {}
    pointed = set()
    for t in tokens:
        if t == "YOU":
            used["you"] = used.get("you", 0) + 1
        elif t.startswith("R:"):
            i = PLACE[t]
            pointed.add(i)
            if i < len(low) and (who := _PERSONS.get(low[i])):
                used[who] = used.get(who, 0) + 1
    for who, places in sorted(needed.items(), key=lambda p: p[1]):
        if used.get(who, 0) < len(places):
            first = next((i for i in places if i not in pointed), places[0])
            return f"the reading leaves out {words[first]!r}"
    return ""


def _idle(low: Sequence[str], others: Container[int], i: int) -> bool:
    """Is it said in passing: "we can conclude that", "give me", "we have three pans: ..."?

    Then its verb is no part of the reading: the word after a subject, or before an object.
    """
    w = low[i]
    if w not in _SUBJECTS and w not in _OBJECTS:
        return False
    k = i + 1
    while k < len(low) and low[k] in _AUXILIARY and k not in others:
        k += 1
    as_subject = w in _SUBJECTS and k not in others
    as_object = w in _OBJECTS and i - 1 not in others
    return (as_subject or w not in _SUBJECTS) and (as_object or w not in _OBJECTS)


def _in_stretches(tokens: Sequence[str]) -> frozenset[int]:
    out: set[int] = set()
    for a, b in pairwise(tokens):
        if a.startswith("B:") and b.startswith("F:"):
            out.update(range(PLACE[a], PLACE[b] + 1))
    return frozenset(out)


# --- pronouns of what the sentence binds ------------------------------------------------------


def _open_inside(tree: _Node, words: Sequence[str], low: Sequence[str]) -> str:
    """A pronoun that a rule leaves open, though the rule itself speaks of what it means.

    The arguments of its own atom are other things, unless a reflexive says so (condition B; Chomsky 1981).
    """
    for rule in _rules(tree):
        nouns = list(_nouns(rule, {}, False))
        for atom, bound in _atoms(rule, {}):
            # a noun of two ("its lid": lid(x, it)) keeps apart only what it names
            for arg in atom.parts[1:]:
                if not arg.token.startswith("R:"):
                    continue
                i = PLACE[arg.token]
                if i >= len(low) or low[i] not in _THIRD:
                    continue
                beside = {id(bound[p.token]) for p in atom.parts[1:] if p.token in bound}
                for n in nouns:
                    if n.word < i and n.rule and id(n.binder) not in beside and _fits(low, n.word, low[i]):
                        return f"the reading leaves {words[i]!r} open, which may mean the {words[n.word]!r}"
    return ""


def _rules(node: _Node) -> Iterator[_Node]:
    """The outermost universals and conditionals."""
    if node.token in ("ALL", "IMP"):
        yield node
        return
    for part in node.parts:
        yield from _rules(part)


def _nouns(node: _Node, bound: dict[str, _Node], rule: bool) -> Iterator[_Noun]:
    """The nouns of bound variables; `rule`: of those that the rest of a rule may take up."""
    if node.token in BINDERS:
        inner = {**bound, node.parts[BINDERS[node.token]].token: node}
        for part in node.parts:
            yield from _nouns(part, inner, rule or node.token == "ALL")
        return
    if node.token == "IMP":
        yield from _nouns(node.parts[0], bound, True)
        yield from _nouns(node.parts[1], bound, False)
        return
    if node.token in ("NOT", "THAT"):
        return  # what there is none of cannot be taken up
    if node.token in ("P1", "P2"):
        last, subject = _last(node.parts[0]), node.parts[1].token
        if last.startswith("N:") and subject in bound:
            yield _Noun(PLACE[last], bound[subject], rule or bound[subject].token == "ALL")
        return
    for part in node.parts:
        yield from _nouns(part, bound, rule)


def _fits(low: Sequence[str], noun: int, pronoun: str) -> bool:
    if noun >= len(low):
        return False
    many = noun_lemma(low[noun]) != low[noun]
    return not many if pronoun in _THING | _PERSON else True


# --- one thing for two -------------------------------------------------------------------------


def _twice(tree: _Node, low: Sequence[str]) -> str:
    """One mention in two places of a verb of three or more: as `coverage` has it for two."""
    pronouns = sorted(_THIRD.intersection(low) - {"its", "his", "hers", "their", "theirs"})
    if not pronouns or any(w.endswith(("self", "selves")) for w in low):
        return ""
    for atom, _ in _atoms(tree, {}):
        if atom.token in ("P3", "P4") and not _noun_name(atom.parts[0]):
            first, *others = atom.parts[1:]
            if first in others and ":" in first.token and first.token[0] != "Q":
                return (
                    f"the reading takes {' and '.join(map(repr, pronouns))} to be the subject of its own verb"
                )
    return ""


def _one_for_two(tree: _Node, tokens: Sequence[str], words: Sequence[str], low: Sequence[str]) -> str:
    """ "A pan that is blue and a map" as one thing that is both.

    Of a complement both are said ("is a cook and a sailor"), and so the first one is no object there.
    """
    pointed = {PLACE[t] for t in tokens if ":" in t}
    for node in _binders(tree):
        if node.token != "EX":
            continue
        parts = list(_conjuncts(node.parts[1]))
        v = node.parts[0].token
        heads = sorted(
            PLACE[_last(p.parts[0])]
            for p in parts
            if p.token == "P1" and p.parts[1].token == v and _last(p.parts[0]).startswith("N:")
        )
        taken = any(p.token in ("P2", "P3", "P4") and v in [a.token for a in p.parts[2:]] for p in parts)
        for first, second in pairwise(heads):
            a, b = _article(low, pointed, first), _article(low, pointed, second)
            if a < 0 or b <= first or low[b - 1] not in _LINKS or (a and low[a - 1] in _COMPLEMENT):
                continue
            if taken or _BE.isdisjoint(low[:b]):
                return f"the reading takes {words[first]!r} and {words[second]!r} to be one thing"
    return ""


def _article(low: Sequence[str], pointed: set[int], noun: int) -> int:
    """Where the noun's "a" stands, with nothing but words that the reading uses between them, or -1."""
    k = noun - 1
    while k >= 0 and k in pointed:
        k -= 1
    return k if k >= 0 and low[k] in _ARTICLE else -1


# --- trees ------------------------------------------------------------------------------------


def _tree(tokens: Sequence[str]) -> _Node:
    """The expression that well-formed tokens are."""
    made: list[_Node] = []
    for t in reversed(tokens):
        made.append(_Node(t, tuple([made.pop() for _ in arguments(t)])))
    return made[0]


def _atoms(node: _Node, bound: dict[str, _Node]) -> Iterator[tuple[_Node, dict[str, _Node]]]:
    if node.token in BINDERS:
        bound = {**bound, node.parts[BINDERS[node.token]].token: node}
    if node.token in ("P1", "P2", "P3", "P4"):
        yield node, bound
    for part in node.parts:
        yield from _atoms(part, {} if node.token == "THAT" else bound)


def _binders(node: _Node) -> Iterator[_Node]:
    if node.token in BINDERS:
        yield node
    for part in node.parts:
        yield from _binders(part)


def _conjuncts(node: _Node) -> Iterator[_Node]:
    if node.token == "AND":
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _last(name: _Node) -> str:
    """The last pointer of a predicate's name."""
    while name.parts:
        name = name.parts[-1]
    return name.token


def _noun_name(name: _Node) -> bool:
    return _last(name).startswith("N:")

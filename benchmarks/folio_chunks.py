"""Every way in which a sentence might be cut into clauses, connectives and stretches of words.

An over-generating chart of English connectives: it proposes, and what a sentence means is decided
by its gold formula (folio_align.py).  It takes no decision that a formula can take: where "and" may join
two predicates or two objects, both are proposed.  Good for making training data and for nothing
else: no sentence is ever answered from a proposal.

Knows units and closed classes.  Must not know formulas, or how a stretch is told to a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .folio_units import (
    ALL,
    ALL_PRONOUN,
    BE,
    DO,
    HAVE,
    MODAL,
    NOBODY,
    NOT,
    OFTEN,
    PARTICLES,
    PREPOSITION,
    PRONOUN,
    SLIGHT,
    SOME,
    SOME_PRONOUN,
    WHO,
    Join,
    Kind,
    Proposal,
    Tree,
    Unit,
    conj,
    of_part,
    units,
)

# What a connective may say, the likelier first; "either": the "or" that follows it.
OPS = {
    "and": ("AND",),
    "but": ("AND",),
    "nor": ("NOR",),
    "or": ("OR", "XOR"),
    "either": ("XOR", "OR"),
}
MOST = 60  # proposals kept for one stretch of words


def proposals(words: Sequence[str], most_units: int) -> list[Proposal]:
    """What a sentence of these words may say, the more natural first; units at most `most_units`."""
    n = len(words)
    while n and not words[n - 1][-1:].isalnum():
        n -= 1
    found = _Chart(tuple(words), most_units).sentence(0, n)
    return list(dict.fromkeys(found))


class _Chart:
    """Predicates by the stretch of words that they take up, for one subject at a time."""

    def __init__(self, words: tuple[str, ...], most: int) -> None:
        self.words, self.most = words, most
        self.low = [w.lower() for w in words]
        self.seen: dict[tuple[object, ...], list[Tree]] = {}

    # --- sentences --------------------------------------------------------------------

    def sentence(self, i: int, j: int) -> list[Proposal]:
        low = self.low
        if i < j and low[i] in ("if", "when", "whenever", "once"):
            return [p for k in range(i + 2, j - 1) for p in self.conditional(i + 1, k, j)]
        found = [p for p, _ in self.clause(i, j, None)]
        for k in range(i + 3, j - 2):
            if low[k] in ("if", "when", "whenever"):
                found += self.implied(self.clause(k + 1, j, None), i, k)
        either = low[i] == "either"
        for k in range(i + 2, j - 1):
            if low[k] in ("and", "or", "but") or low[k] in (",", ";"):
                found += self.both(i + either, k, j, low[k])
        return [*found, *(self.fragments(i + 1, j) if either else ())]

    def fragments(self, i: int, j: int) -> list[Proposal]:
        """ "Either a boat or a raft.": everything is."""
        x: tuple[str, ...] = ("x",)
        kinds: tuple[Kind, ...] = ("noun", "be", "verb")
        if self.words[i][:1].isupper() and not self.low[i].endswith("s"):
            return []  # a name
        return [
            Proposal("ALL", None, t)
            for k in range(i + 1, j - 1)
            if self.low[k] == "or"
            for kind in kinds
            for t in self.joined(i, k, j, kind, x, "either")
        ]

    def conditional(self, i: int, k: int, j: int) -> list[Proposal]:
        """If [i, k) then [k, j)."""
        low = self.low
        if low[k] == "then":
            right = k + 1
        elif low[k] == ",":
            right = k + 1 + (low[k + 1] == "then")
        else:
            return []
        left = k - (low[k - 1] == ",")
        return self.implied(self.clause(i, left, None), right, j)

    def implied(self, first: list[tuple[Proposal, tuple[str, ...]]], i: int, j: int) -> list[Proposal]:
        found = []
        for p, subject in first:
            if p.quantifier == "EX" or (p.quantifier == "ALL" and not self.indefinite(p)):
                continue
            for q, other in self.clause(i, j, subject):
                if q.quantifier and other != subject:
                    continue
                if q.quantifier or len(list(units(p.body))) + len(list(units(q.body))) > self.most:
                    continue
                if p.quantifier:
                    said = conj([*([p.restriction] if p.restriction else []), p.body])
                    found.append(Proposal("ALL", said, q.body))
                else:
                    found.append(Proposal("", None, Join("IMP", (p.body, q.body))))
        return found[: 4 * MOST]

    def indefinite(self, p: Proposal) -> bool:
        first = next(units(p.restriction), None) if p.restriction else None
        before = self.low[first.start - 1] if first is not None and first.start else ""
        return before not in ALL and before not in ("no", "only")

    def both(self, i: int, k: int, j: int, word: str) -> list[Proposal]:
        """Two clauses about names."""
        right = k + 1 + (word in (",", ";") and self.low[k + 1] in ("and", "or", "but"))
        joint = self.low[right - 1]
        left = k - (self.low[k - 1] == ",")
        found = []
        for p, subject in self.clause(i, left, None)[:MOST]:
            if p.quantifier == "ALL" and self.low[i - 1] == "either" and joint == "or" and self.indefinite(p):
                rest = [q for q, who in self.clause(right, j, subject)[:MOST] if who == subject]
                rest += [Proposal("", None, t) for t in self.predicate(right, j, "be", subject)[:20]]
                for q in rest:
                    for op in ("XOR", "OR") if not q.quantifier else ():
                        found.append(Proposal("ALL", p.restriction, Join(op, (p.body, q.body))))
            for q, _ in self.clause(right, j, subject)[:MOST] if not p.quantifier else ():
                if not q.quantifier:
                    for op in ("XOR", "OR") if joint == "or" else ("AND",):
                        found.append(Proposal("", None, Join(op, (p.body, q.body))))
        return found

    # --- clauses ----------------------------------------------------------------------

    def clause(self, i: int, j: int, known: tuple[str, ...] | None) -> list[tuple[Proposal, tuple[str, ...]]]:
        """Subject and predicate; `known` is whom a pronoun means.  With each its subject."""
        low, found = self.low, list[tuple[Proposal, tuple[str, ...]]]()
        if j - i < 2:
            return found
        if low[i] == "there" and low[i + 1] in (*BE, "exist", "exists"):
            none = i + 3 < j and low[i + 2] == "no"
            inner = self.noun(i + 2 + (i + 2 < j and low[i + 2] in ("a", "an", "some", "no")), j, ("x",))
            if none:
                return [(Proposal("ALL", None, Join("NOT", (t,))), ("x",)) for t in inner]
            return [(Proposal("EX", None, t), ("x",)) for t in inner]
        if low[i] == "either" and known is not None:
            found += [
                (Proposal("", None, Join(op, (p.body, q.body))), known)
                for k in range(i + 3, j - 2)
                if low[k] == "or"
                for p, _ in self.clause(i + 1, k - (low[k - 1] == ","), known)
                for q, _ in self.clause(k + 1, j, known)
                if not p.quantifier and not q.quantifier
                for op in ("XOR", "OR")
            ]
        for v in self.verbs(i, j):
            if len(several := self.names(i, v)) > 1:
                both = v + 1 < j and low[v] in BE and low[v + 1] in ("both", "all")
                each = [
                    self.predicate(v + 2, j, "be", name) if both else self.predicate(v, j, "verb", name)
                    for name in several
                ]
                found += [
                    (Proposal("", None, Join("AND", bodies)), several[0])
                    for bodies in zip(*each, strict=False)
                    if sum(len(list(units(b))) for b in bodies) <= self.most
                ]
            for quantifier, restriction, subject, negated, bare in self.subjects(i, v, known):
                for body in self.predicate(v, j, "verb", subject):
                    said = Join("NOT", (body,)) if negated else body
                    if len(list(units(said))) + len(list(units(restriction))) <= self.most:
                        found.append((Proposal(quantifier, restriction, said, bare), subject))
        return found[: 4 * MOST]

    def verbs(self, i: int, j: int) -> list[int]:
        """Where the predicate may begin, auxiliaries first."""
        low = self.low
        places = [
            v
            for v in range(i + 1, j)
            if of_part(low[v], "VERB")
            or low[v] in MODAL
            or (low[v] in NOT | SLIGHT | {"neither", "both"} and low[v - 1] not in BE | DO | MODAL | HAVE)
        ]
        sure = [v for v in places if low[v] in (BE - {"be", "been", "being"}) | DO | MODAL | HAVE]
        adverbs = [
            v
            for v in range(i + 1, j - 1)
            if (low[v].endswith("ly") or low[v] in OFTEN) and of_part(low[v + 1], "VERB")
        ]
        rest = [v for v in places if v not in sure]
        return [*sure[:4], *adverbs[:2], *rest[:6]]

    def subjects(
        self, i: int, v: int, known: tuple[str, ...] | None
    ) -> Iterator[tuple[str, Tree | None, tuple[str, ...], bool, bool]]:
        """What [i, v) may be: quantifier, restriction, subject, is the predicate denied, a bare noun?"""
        low, x = self.low, ("x",)
        first = low[i]
        if known is not None and (
            (first in PRONOUN and v == i + 1 + 2 * (low[i + 1] == "/"))
            or (first in ("the", "this", "that") and v - i <= 4)
        ):
            yield "", None, known, False, False
        if v == i + 1 and first in ALL_PRONOUN | SOME_PRONOUN:
            yield "EX" if first in SOME_PRONOUN and known is None else "ALL", None, x, False, False
            if first in SOME_PRONOUN:
                yield "ALL", None, x, False, False
            return
        if first == "you":
            if v == i + 1:
                yield "ALL", None, x, False, False
            return
        if v > i + 1 and first in NOBODY and low[i + 1] in WHO:
            for r in self.predicate(i + 2, v, "verb", x):
                yield "ALL", r, x, True, False
            return
        if v == i + 1 and first in NOBODY:
            yield "ALL", None, x, True, False
            return
        if first in ("no", "none") and v > i + 1:
            start = i + 1 + (low[i + 1] == "one")
            if start < v and low[start] in WHO:
                for who in self.predicate(start + 1, v, "verb", x):
                    yield "ALL", who, x, True, False
                return
            for limit in self.noun(start, v, x) if start < v else [None]:
                yield "ALL", limit, x, True, False
            return
        if first in ALL or first in SOME or (first in ("a", "an") and v > i + 1):
            start = i + 1 + (low[i + 1] in ("of", "the", "those"))
            if low[start] in WHO:
                for r in self.predicate(start + 1, v, "verb", x):
                    yield "EX" if first in SOME else "ALL", r, x, False, False
                return
            for r in self.noun(start, v, x):
                yield "EX" if first in SOME else "ALL", r, x, False, first not in SOME and first not in ALL
                if first in ("a", "an"):  # "a dog barked"
                    yield "EX", r, x, False, False
            return
        if first in ALL_PRONOUN | SOME_PRONOUN or first in ("those", "people"):
            for r in self.noun(i, v, x):
                yield "ALL", r, x, False, False
            return
        if (name := self.name(i, v)) is not None:
            yield "", None, name, False, False
            plural = first.endswith("s") and v < len(low) and low[v] in ("are", "were", "have", "do", "can")
            if v - i > 1 or i > 0 or not (of_part(first, "NOUN") or plural):
                return
        if not (first in PRONOUN or (self.words[i][:1].isupper() and i > 0)):
            start = i + (first == "the")
            for r in self.noun(start, v, x) if start < v else ():
                yield "ALL", r, x, False, True

    def name(self, i: int, v: int) -> tuple[str, ...] | None:
        """The tokens of a name that takes up [i, v), an article aside."""
        start = i + (self.low[i] == "the" and v > i + 1)
        inner = range(start, v)
        if not inner or not all(
            w[:1].isupper() or w.isdigit() or w in PARTICLES for w in self.words[start:v]
        ):
            return None
        if not self.words[start][:1].isupper() or not self.words[v - 1][:1].isalnum():
            return None
        tokens = [f"E:{k}" for k in inner]
        return (*(t for e in tokens[:-1] for t in ("NAMES", e)), tokens[-1])

    def names(self, i: int, v: int) -> list[tuple[str, ...]]:
        """The names of "A, B and C"; none where one of them is no name."""
        found, start = [], i
        for k in range(i, v + 1):
            if k == v or self.low[k] in (",", "and"):
                if k > start:
                    found.append(self.name(start, k))
                start = k + 1
        return [n for n in found if n is not None] if None not in found else []

    # --- predicates -------------------------------------------------------------------

    def predicate(self, i: int, j: int, kind: Kind, subject: tuple[str, ...]) -> list[Tree]:
        """What words [i, j) may say of the subject: after "is" ("be"), or from the verb on."""
        key = (i, j, kind, subject)
        if key not in self.seen:
            self.seen[key] = []  # a stretch is no part of itself
            found = dict.fromkeys(self._predicate(i, j, kind, subject))
            self.seen[key] = [t for t in found if len(list(units(t))) <= self.most][:MOST]
        return self.seen[key]

    def _predicate(self, i: int, j: int, kind: Kind, subject: tuple[str, ...]) -> Iterator[Tree]:
        if j > i and self.low[j - 1] == ",":
            j -= 1
        if i >= j:
            return
        w = self.low[i]
        after = self.low[i + 1] if i + 1 < j else ""
        if w in ("either", "both", "neither"):
            joint = {"either": "or", "both": "and", "neither": "nor"}[w]
            for k in range(j - 2, i + 1, -1):
                if self.low[k] == joint:
                    yield from self.joined(i + 1, k, j, kind, subject, w if w == "either" else joint)
        yield from self.split(i, j, kind, subject)
        if w in NOT or (w in ("does", "do", "did", "can", "could", "will", "has", "have") and after in NOT):
            at = i + 1 if w in NOT else i + 2
            inner: Kind = kind if w in NOT or kind == "be" else "verb"
            for t in self.predicate(at, j, inner, subject):
                yield Join("NOT", (t,))
        if kind == "verb" and w in BE:
            yield from self.predicate(i + 1, j, "be", subject)
        done = after.endswith("ed") or after == "been"
        if w in SLIGHT or (kind == "verb" and (w == "will" or (w in HAVE and done))):
            yield from self.predicate(i + 1, j, kind, subject)
        if kind == "be" and w not in NOT | {"either", "neither", "both"}:
            yield from self.noun(i + (w in ("a", "an")), j, subject, "noun" if w in ("a", "an") else "be")
        elif kind == "verb" and w not in BE | NOT | {"either", "neither", "both"}:
            yield Unit("verb", i, j, subject)

    def split(self, i: int, j: int, kind: Kind, subject: tuple[str, ...]) -> Iterator[Tree]:
        for k in range(j - 2, i, -1):
            w = self.low[k]
            if w in ("and", "or", "but", "nor") or (w == "," and self.low[k + 1] not in ("and", "or", "but")):
                joint = w if w != "," else next((x for x in self.low[k:j] if x in ("and", "or", "nor")), "")
                if joint:
                    yield from self.joined(i, k, j, kind, subject, joint)

    def joined(
        self, i: int, k: int, j: int, kind: Kind, subject: tuple[str, ...], joint: str
    ) -> Iterator[Tree]:
        """[i, k) and [k + 1, j), whose joint word may be the one further on in a list."""
        ops = OPS[joint]
        named = self.words[k + 1][:1].isupper() and self.name(k + 1, j) is not None
        if named and joint in ("and", "or", "either") and k > i + 1 and not self.words[i][:1].isupper():
            again = Unit(kind, k + 1, j, subject, lead=i)
            yield from (Join(op, (Unit(kind, i, k, subject), again)) for op in ops)
        for left in self.predicate(i, k, kind, subject)[:20]:
            for right in self.rest(k + 1, j, kind, subject)[:20]:
                for op in ops:
                    if op == "NOR":
                        yield Join("AND", (Join("NOT", (left,)), Join("NOT", (right,))))
                    else:
                        yield Join(op, (left, right))

    def rest(self, i: int, j: int, kind: Kind, subject: tuple[str, ...]) -> list[Tree]:
        """The second part: as the first, or with its own verb, its subject said again or left out."""
        found = list(self.predicate(i, j, kind, subject))
        if i >= j:
            return found
        low = self.low
        if kind == "be":
            found += self.predicate(i, j, "verb", subject)
        size = len([t for t in subject if ":" in t])
        if low[i] in WHO or low[i] in PRONOUN:
            found += self.predicate(i + 1, j, "verb", subject)
        if subject != ("x",) and self.words[i : i + size] == tuple(
            self.words[int(t[2:])] for t in subject if ":" in t
        ):
            found += self.predicate(i + size, j, "verb", subject)
        return list(dict.fromkeys(found))

    # --- nouns ------------------------------------------------------------------------

    def noun(self, i: int, j: int, subject: tuple[str, ...], kind: Kind = "noun") -> list[Tree]:
        """A noun with what follows it: a relative clause, a participle, a prepositional phrase."""
        low, found = self.low, list[Tree]()
        j -= j > i and low[j - 1] == ","
        if i >= j:
            return found
        for k in range(i + 1, j - 1):
            if low[k] in WHO:
                head = Unit("noun", i, k - (low[k - 1] == ","), subject)
                found += [conj([head, t]) for t in self.predicate(k + 1, j, "verb", subject)]
        for k in range(i + 1, j):
            after = low[k + 1] if k + 1 < j else ""
            verb = of_part(low[k], "VERB") and not of_part(low[k], "NOUN")
            verb |= low[k].endswith(("ed", "ing")) or (low[k].endswith("ly") and of_part(after, "VERB"))
            adjective = of_part(low[k], "ADJ") and after in PREPOSITION | {"than"}
            noun = of_part(low[k - 1], "NOUN") and not low[k - 1].endswith(("ed", "ly"))
            noun |= low[k - 1] in ("those", "everyone", "someone", "anyone", "one", "people", "all")
            if noun and (verb or adjective or low[k] in PREPOSITION - {"of"} or low[k] == "not"):
                head = Unit("noun", i, k, subject)
                found += [conj([head, t]) for t in self.predicate(k, j, "be", subject) if t != head]
        return [Unit(kind, i, j, subject), *found][:MOST]

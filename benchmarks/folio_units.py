"""Units of a sentence, and the closed classes of English that a chart of them needs.

A unit is a stretch of words that says one thing of a subject.  Knows words only; must not know formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["noun", "be", "verb"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Words [start, end) that say one thing of `subject`: a noun, what follows "is", or a verb phrase."""

    kind: Kind
    start: int
    end: int
    subject: tuple[str, ...]  # tokens of the scheme: a variable, or a name
    lead: int | None = None  # in "speaks Welsh or Irish", where the verb of "Irish" stands


@dataclass(frozen=True, slots=True)
class Join:
    """NOT (one part), AND, OR, XOR, IMP (two)."""

    op: str
    parts: tuple[Tree, ...]


Tree: TypeAlias = "Unit | Join"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`quantifier`: ALL, EX or nothing.  `restriction`: what the quantified things are, if anything."""

    quantifier: str
    restriction: Tree | None
    body: Tree
    bare: bool = False  # "cats purr": the subject may as well be a name


ALL = frozenset(str.split("all every each any"))
SOME = frozenset(["some"])
NOBODY = frozenset(["nobody", "nothing"])
ALL_PRONOUN = frozenset(str.split("everyone everybody everything anyone anybody anything whoever"))
SOME_PRONOUN = frozenset(str.split("someone somebody something"))
PRONOUN = frozenset(str.split("he she it they you this that"))
BE = frozenset(str.split("is are was were be been being am"))
DO = frozenset(str.split("do does did"))
MODAL = frozenset(str.split("can could will would must should may might shall"))
HAVE = frozenset(["has", "have", "had"])
NOT = frozenset(["not", "n't", "never"])
WHO = frozenset(["who", "that", "which"])
PARTICLES = frozenset(str.split("of the de del der di da la le van von am bin - '"))
PREPOSITION = frozenset(
    str.split(
        "in on at near with without for from to under behind over around inside during through by of about "
        "as into between against among across after before above below along within toward towards"
    )
)
OFTEN = frozenset(str.split("often always sometimes rarely seldom once never ever just"))
SLIGHT = frozenset(["also", "then", "always", "either"])


def conj(parts: Sequence[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Join("AND", tuple(parts))


def units(tree: Tree | None) -> Iterator[Unit]:
    match tree:
        case Unit():
            yield tree
        case Join(_, parts):
            for p in parts:
                yield from units(p)
        case None:
            return


INNER = frozenset(str.split("either neither nor is are was were do does did not n't no"))


def oddity(unit: Unit, words: Sequence[str]) -> float:
    """How unlike one thing that is said a stretch looks: it has a connective or a finite auxiliary inside."""
    low = [w.lower() for w in words[unit.start : unit.end]]
    clause = next((k for k, w in enumerate(low) if k and w in ("that", "whether", "who", "what")), len(low))
    whole = low if unit.kind == "noun" else low[:clause]  # "unaware that tea is hot" has a clause of its own
    odd = float(sum(w in INNER for w in whole)) + 0.5 * low.count(",")
    odd += sum(w in ("will", "while", "if", "because", "whereas") for w in whole[1:])
    odd += low[-1] in PREPOSITION or low[-1] in ("a", "an", "the", "and", "or") or low[0] in WHO
    if unit.kind == "noun":
        odd += sum(w in INNER or w == "never" for w in low)
        odd += sum(w in WHO or w in MODAL for w in low[1:]) + (low[0] in PREPOSITION)
        odd += 0.5 * any(w in PREPOSITION - {"of"} for w in low[1:])
        odd += 0.5 * any(w.endswith(("ing", "ed")) for w in low[1:-1])
        odd += sum(w in ("either", "neither", "both") for w in low)
        odd += len(low) > 1 and low[-1].endswith("ly") and not of_part(low[-1], "NOUN")
    if unit.kind == "be" and len(low) == 1 and unit.lead is None and words[unit.start - 1] in ("and", "or"):
        odd += of_part(low[0], "NOUN") and not of_part(low[0], "ADJ") and not low[0].endswith("s")
    if unit.kind == "verb":
        first = words[unit.start if unit.lead is None else unit.lead]
        verb = of_part(first.lower(), "VERB") or first.endswith("ly") or first.lower() in MODAL | OFTEN
        odd += first[:1].isupper() or not verb
        odd += any(w in MODAL for w in low[1:3])  # "clubs can attend" is no verb
    return odd


def of_part(word: str, part: str) -> bool:
    """May the lower-case word be a "VERB", "NOUN" or "ADJ"?"""
    return bool(_parts(word).get(part) or (part == "VERB" and _parts(word).get("AUX")))


@lru_cache(maxsize=50_000)
def _parts(word: str) -> dict[str, Any]:
    import lemminflect

    found: dict[str, Any] = lemminflect.getAllLemmas(word.rpartition("-")[2])
    return found

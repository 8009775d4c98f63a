"""Which words of two phrases say the same: the same word, a form of it, a synonym, a misspelling.

Knows WordNet's words.  Must not know formulas or predicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.knowledge.thesaurus import Words

INFLECTED = 0.95  # ... but for the form of a word
SYNONYM = 0.8  # ... but for one word, in a sense that both have
NEGATIVE = frozenset(("no", "not", "never", "without"))
TURNING = NEGATIVE | frozenset(str.split(
    "only or than nor neither either hardly barely rarely seldom almost nearly few if unless except but "
    "most half part least more fewer less non"
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the first and the second that have no partner, and the score of those that have."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    score: float
    ordered: bool
    why: tuple[str, ...]


def matched(a: Sequence[str], b: Sequence[str], net: Words) -> Match:
    partner: dict[int, int] = {}
    score, why = 1.0, list[str]()
    for level in (_equal, _inflected, _varied):
        for i, v in enumerate(a):
            if i in partner:
                continue
            for j, w in enumerate(b):
                if j in partner.values():
                    continue
                if (s := level(v, w, net)) > 0.0:
                    partner[i] = j
                    if level is _varied:
                        why.append(f"{v}, {w}")
                    score *= s
                    break
    places = [partner[i] for i in sorted(partner) if not (adverb(a[i], net) or adverb(b[partner[i]], net))]
    return Match(
        tuple(i for i in range(len(a)) if i not in partner),
        tuple(j for j in range(len(b)) if j not in partner.values()),
        score,
        places == sorted(places),
        tuple(why),
    )


def _equal(v: str, w: str, net: Words) -> float:
    return 1.0 if v == w else 0.0


def _inflected(v: str, w: str, net: Words) -> float:
    if w in net.bases(v + "s") or v in net.bases(w + "s"):  # "lives", of "life" and of "live"
        return INFLECTED
    if net.bases(v) & net.bases(w) or (min(len(v), len(w)) > 3 and (v + "s" == w or w + "s" == v)):
        return INFLECTED
    return 0.0


def _varied(v: str, w: str, net: Words) -> float:
    if v in TURNING or w in TURNING or v.isdigit() or w.isdigit() or net.opposed(v, w):
        return 0.0
    if net.shared(v, w)[0] > 0.0 or net.derived(v, w):
        return SYNONYM
    if net.agent(v) in net.bases(w) or net.agent(w) in net.bases(v):
        return SYNONYM  # "football player", "play football"
    return SYNONYM if _misspelt(v, w) and not (known(v, net) and known(w, net)) else 0.0


def only_verb(word: str, net: Words) -> bool:
    return any("verb" in net.parts(b) and "noun" not in net.parts(b) for b in net.bases(word))


def known(word: str, net: Words) -> bool:
    return bool(net.parts(word))


def _misspelt(v: str, w: str) -> bool:
    """Do two longer words differ by one letter, or by two that changed places?"""
    if max(len(v), len(w)) < 5 or abs(len(v) - len(w)) > 1 or v[0] != w[0]:
        return False
    i = 0
    while i < min(len(v), len(w)) and v[i] == w[i]:
        i += 1
    if v[i:] == w[i + 1 :] or v[i + 1 :] == w[i:] or v[i + 1 :] == w[i + 1 :]:
        return True
    return v[i : i + 2] == w[i : i + 2][::-1] and v[i + 2 :] == w[i + 2 :]


def adverb(word: str, net: Words) -> bool:
    return word.endswith("ly") or "adv" in net.parts(word)

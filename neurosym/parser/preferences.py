"""Which of the things mentioned a pronoun prefers: a log-linear model over recency, role and frequency.

Of the things mentioned before, those that agree in gender and number are candidates; the features of each
give it its probability (the preferences of Lappin & Leass 1994, with weights fitted on generated stories by
`reference_fit`).  Whether the antecedent stands in another sentence or in the pronoun's own makes two fits of
the same features.  Knows mentions; must not know readings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from neurosym.parser.mentions import Mention, genders_by_name, person_noun

LEAST = 0.5
FEATURES = (
    "distance", "subject", "parallel", "latest", "often", "agrees", "same_sentence", "owner", "continues",
    "local", "taken",
)  # fmt: skip
BACK = 5  # sentences looked back
PRONOUNS: dict[str, str] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "f"),
    **dict.fromkeys(("it", "its", "itself"), "n"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "p"),
}
_SUBJECTS = frozenset(("he", "she", "they"))
_OBJECTS = frozenset(("him", "them", "himself", "herself", "itself", "themselves"))
REFLEXIVE = frozenset(("himself", "herself", "itself", "themselves"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a pronoun may mean, with one value for each of FEATURES."""

    constant: str
    features: tuple[float, ...]


@lru_cache(maxsize=1)
def weights() -> Mapping[str, tuple[float, ...]]:
    """The fitted weights of FEATURES, and the shares of right answers of the rules without features."""
    text = (files("neurosym.parser") / "words" / "reference.json").read_text(encoding="utf-8")
    found = {k: tuple(v) for k, v in json.loads(text).items()}
    return found


def candidates(
    pronoun: str, word: int, sentence: int, mentions: Sequence[Mention], clause: int = 0, taken: str = ""
) -> list[Candidate]:
    """The things that a pronoun may refer to, with FEATURES, in the order of their first mention.

    A subject goes on being talked about by subjects (centering: Grosz, Joshi & Weinstein 1995, section
    4); "they" are not one person.  clause: where the pronoun's own clause begins if the sentence has
    others before it; taken: whom a reading takes the pronoun for.
    """
    text = pronoun.lower()
    wanted = PRONOUNS.get(text, "")
    topic = text in _SUBJECTS or (text not in _OBJECTS and word <= 1)
    near = [m for m in mentions if sentence - m.sentence <= BACK and (m.sentence, m.word) < (sentence, word)]
    near.sort(key=lambda m: (m.sentence, m.word))
    last = max(((m.sentence, m.word) for m in near), default=(0, 0))
    local = frozenset[int]()
    if clause:
        local = _heads([m for m in near if m.sentence == sentence and m.word >= clause and not m.owner])
    out = []
    for constant in dict.fromkeys(m.constant for m in near):
        own = [m for m in near if m.constant == constant]
        # what was said of somebody goes before what the name says
        gender = next((m.gender for m in sorted(own, key=lambda m: m.by_name) if m.gender), "")
        if wanted in ("m", "f") and gender in {"m", "f", "n", "p"} - {wanted}:
            continue
        if wanted == "p" and gender in ("m", "f"):
            continue
        if wanted == "n" and (gender == "p" or (gender != "n" and _is_person(own, gender))):
            continue
        latest = own[-1]
        beside = [m for m in near if m.sentence == latest.sentence]
        heads = _heads(beside)
        subject = any(m.word in heads for m in own if m.sentence == latest.sentence)
        features = (
            float(sentence - latest.sentence),
            float(subject),
            float(topic == subject),
            float((latest.sentence, latest.word) == last or (subject and last[1] in heads)),
            math.log(len(own)),
            _agreement(wanted, gender, own),
            float(latest.sentence == sentence),
            float(latest.owner and latest.named),
            float(topic and subject and sentence - latest.sentence == 1)
            * (1.0 if text in _SUBJECTS else 0.5),
            float(any(m.sentence == sentence and m.word in local for m in own)),
            float(constant == taken),
        )
        out.append(Candidate(constant, features))
    return out


def _agreement(wanted: str, gender: str, own: Sequence[Mention]) -> float:
    """1 for who is known to agree; -1 for a name that is hardly what "it" means, since most are people's."""
    if wanted == "n" and not gender and any(m.named for m in own):
        return -1.0
    return float(bool(wanted) and gender == wanted)


def _heads(sentence: Sequence[Mention]) -> frozenset[int]:
    """The places of a sentence's subject: one mention, or those that "and" joins to it.

    The subject of "Ann's son Max sings" is Max.
    """
    out: list[int] = []
    for m in sorted([m for m in sentence if not m.owner] or sentence, key=lambda m: m.word):
        if out and m.word != out[-1] and not m.joined:
            break
        out.append(m.word)
    return frozenset(out)


def _is_person(own: Sequence[Mention], gender: str) -> bool:
    """Is what these mention no thing?  "In Austin" may be a place, unless the name is hardly ever one."""
    if any(m.named and genders_by_name().get(m.constant) for m in own):
        return True
    if any(not m.named and person_noun(m.constant) for m in own):
        return True
    placed = any(m.named and m.by_name and not m.gender for m in own)
    return gender in ("m", "f") and not (placed and all(m.by_name for m in own if m.gender))


def probabilities(found: Sequence[Candidate], fit: str = "features", none: str = "none") -> list[float]:
    """The probability of each candidate, and of none of them last, by the fit of these names."""
    w = weights()
    scores = [sum(a * b for a, b in zip(w[fit], c.features, strict=True)) for c in found]
    scores.append(w[none][0])
    top = max(scores)
    each = [math.exp(s - top) for s in scores]
    return [e / sum(each) for e in each]


def antecedent(
    text: str, word: int, sentence: int, mentions: Sequence[Mention], unread: Container[str] = ()
) -> tuple[str, float, str]:
    """The likeliest antecedent of a mention and its probability; or why there is none.

    unread: whom its own sentence names and its reading does not; a reading that looks elsewhere has said
    nothing against those.
    """
    said, text = text, text.lower()
    if text in ("former", "latter"):
        for n in range(sentence, max(-1, sentence - BACK - 1), -1):
            told = sorted((m for m in mentions if m.sentence == n), key=lambda m: m.word)
            two = list(dict.fromkeys(m.constant for m in told))
            if len(two) == 2:
                return two[text == "latter"], weights()["former"][0], ""
        return "", 0.0, f"no two things were mentioned together before 'the {text}'"
    found = candidates(text, word, sentence, mentions)
    if not found:
        return "", 0.0, f"nothing that {said!r} could refer to was mentioned"
    inside = any(c.constant in unread for c in found)
    shares = probabilities(found, "inside", "inside_none") if inside else probabilities(found)
    best = max(range(len(found)), key=lambda i: (shares[i], -i))
    if shares[best] <= LEAST:
        ranked = sorted(zip(shares, found, strict=False), key=lambda p: (-p[0], p[1].constant))[:2]
        which = " or ".join(f"{c.constant} ({p:.2f})" for p, c in ranked)
        return "", 0.0, f"what {said!r} refers to is not clear: {which}"
    return found[best].constant, shares[best], ""

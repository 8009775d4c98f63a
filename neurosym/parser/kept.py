"""Which readings of a sentence are kept, and their scores: hypotheses in, different readings best first out.

Knows hypotheses, what they mean, and both scores, the cheap one and the scorer's; must not know the network,
or how a text splits into sentences.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from neurosym.errors import ParserError
from neurosym.logic import Formula
from neurosym.parser.calibrate import Calibration
from neurosym.parser.conventions import settled
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.discourse import unspelt
from neurosym.parser.morphology import verb_lemma
from neurosym.parser.pieces import Encoded, Words
from neurosym.parser.reading import Reading
from neurosym.parser.scorer import Scorer, compared, signals
from neurosym.parser.standins import standing
from neurosym.parser.steps import Hypothesis
from neurosym.parser.unsaid import pronouns_unsaid
from neurosym.syntax import show

_DOING = re.compile(r"\b([a-z]+ing)\(")
_VARIABLE = re.compile(r"\?[a-z]\b")


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading that the parser may show: its hypothesis, with the joint probability of those that say
    the same, what it means, and its score.

    `unseen`: see scorer_habits.Habits.unseen; `left`: what a likelier reading, which leaves words out, leaves
    of a score.
    """

    hypothesis: Hypothesis
    meaning: Decoded
    score: float
    unseen: float = 0.0
    left: float = 1.0

    def reading(self, share: float) -> Reading:
        return self.meaning.reading(self.score * share, self.hypothesis.tokens)


def candidates(
    hypotheses: Sequence[Hypothesis],
    words: Words,
    e: Encoded,
    calibration: Calibration,
    scorer: Scorer | None = None,
    exclusive: bool = False,
    patient: bool = False,
) -> tuple[tuple[Kept, ...], str]:
    """Different readings by their cheap score, best first, or why there are none.

    scorer: whose quick score takes the place of the calibration's.  exclusive: is "either A or B" one of the
    two only?  patient: are those given that are less likely than one that leaves words out?

    Hypotheses that differ only in the spelling of a name ("Wren", "the wren") are one
    reading with their joint probability; the rest of the text tells the spelling.
    """
    one, shown = understood(hypotheses, words, exclusive), standing(words)
    asked = [(h.tokens, shown) for h in one.hypotheses()]
    unseen = iter(scorer.each_unseen(asked) if scorer is not None else [0.0] * len(asked))
    return scored(one, shown, e, unseen, calibration, scorer, patient)


@dataclass(frozen=True, slots=True)
class Understood:
    """What hypotheses mean: different readings, and those that leave words out, with which."""

    readings: tuple[tuple[Hypothesis, Decoded], ...]
    gaps: tuple[tuple[Hypothesis, str], ...]
    why: str  # there are neither

    def hypotheses(self) -> list[Hypothesis]:
        return [h for h, _ in (*self.readings, *self.gaps)]


def understood(hypotheses: Sequence[Hypothesis], words: Words, exclusive: bool = False) -> Understood:
    """What the hypotheses of a sentence mean: of those that say the same, the first with what all have."""
    readable: list[tuple[Hypothesis, Decoded]] = []
    gaps: list[tuple[Hypothesis, str]] = []
    why = "the model found no reading"
    for h in hypotheses:
        if (tokens := settled(h.tokens, words, exclusive)) != h.tokens:
            h = replace(h, tokens=tokens)
        try:
            meaning = decode(tokens, words)
        except ParserError as error:
            why = f"no reading makes sense: {error.message}"
            continue
        if gap := left_out(tokens, words) or pronouns_unsaid(tokens, words):
            gaps.append((h, gap))
        else:
            readable.append((h, meaning))
    if len(readable) > 1:
        groups = _alike(readable)
        for group in groups:
            # "is gleaming" is a property wherever it may be one, in every sentence of a text
            group.sort(key=lambda one: sum(t.startswith("V:") for t in one[0].tokens))
        readable = [(_joint([h for h, _ in group]), group[0][1]) for group in groups]
    return Understood(tuple(readable), tuple(gaps), why)


def scored(
    one: Understood,
    shown: Words,
    e: Encoded,
    unseen: Iterator[float],
    calibration: Calibration,
    scorer: Scorer | None,
    patient: bool,
) -> tuple[tuple[Kept, ...], str]:
    """What `candidates` returns.  `unseen`: of each of the hypotheses."""

    def score_of(h: Hypothesis) -> tuple[float, float]:
        new = next(unseen)
        if scorer is None:
            return calibration.score(h, shown, e), new
        return scorer.quick.of(signals(h, shown, e, scorer.quick), (new,)), new

    found = [Kept(h, meaning, *score_of(h)) for h, meaning in one.readings]
    found.sort(key=_by_score)
    why = one.why
    if one.gaps:
        refused, why = max(((score_of(h)[0], gap) for h, gap in one.gaps), key=lambda r: r[0])
        if found and found[0].score < refused:
            if not patient:
                return (), why  # a worse reading is no better for saying every word
            left = 1 - refused
            found = [replace(k, score=k.score * left, left=left) for k in found]
    return tuple(found), "" if found else why


def chosen(cs: Sequence[Kept], scorer: Scorer, logits: Sequence[float]) -> tuple[Kept, ...]:
    """The same readings with the scorer's whole score, best first; `cs` as `candidates` gives them."""
    c = scorer.calibration
    asked = compared([k.unseen for k in cs], logits)
    found = [
        replace(k, score=c.of(signals(k.hypothesis, (), None, c), a) * k.left)
        for k, a in zip(cs, asked, strict=True)
    ]
    return tuple(sorted(found, key=_by_score))


def _by_score(k: Kept) -> tuple[float, tuple[str, ...]]:
    return -k.score, k.hypothesis.tokens


def shown(cs: Sequence[Kept], n_best: int, ranked: bool) -> tuple[Reading, ...]:
    """The best, with scores that add up to at most 1.

    ranked: by the scorer, whose scores are calibrated for the first reading, however many are asked for: the
    others divide what that one leaves. Without a scorer all give way alike.
    """
    if not cs:
        return ()
    first, *others = cs[:n_best]
    rest = sum(c.score for c in others)
    if not ranked:
        share = 1.0 / max(1.0, first.score + rest)
        return tuple(c.reading(share) for c in (first, *others))
    share = (1.0 - first.score) / max(1.0 - first.score, rest, 1e-9)
    return (first.reading(1.0), *(c.reading(share) for c in others))


def _alike(readable: Sequence[tuple[Hypothesis, Decoded]]) -> list[list[tuple[Hypothesis, Decoded]]]:
    """Those that say the same together, in the order of the first of each."""
    if len(readable) < 2:
        return [[one] for one in readable]
    groups: dict[Hashable, list[tuple[Hypothesis, Decoded]]] = {}
    for h, meaning in readable:
        key = (meaning.act, _sense(meaning.formula), meaning.variables, meaning.count)
        groups.setdefault(key, []).append((h, meaning))
    return list(groups.values())


def _sense(formula: Formula) -> str:
    """The same for readings that differ in a name's spelling, in their variables' names, or in whether one
    gleams or is gleaming."""
    names: dict[str, str] = {}
    text = _DOING.sub(lambda m: f"{verb_lemma(m[1])}(", show(unspelt(formula)))
    return _VARIABLE.sub(lambda m: names.setdefault(m[0], f"?{len(names)}"), text)


def _joint(group: Sequence[Hypothesis]) -> Hypothesis:
    """The first hypothesis with the probability of all; no other choice can be less sure than that."""
    first = group[0]
    if len(group) == 1:
        return first
    together = min(1.0, sum(math.exp(h.log_prob) for h in group))
    return replace(
        first,
        log_prob=math.log(max(together, 1e-30)),
        least=max(first.least, together),
        margin=max(first.margin, 2 * together - 1),
    )

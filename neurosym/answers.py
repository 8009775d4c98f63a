"""Learning from answers: which readings of a story's sentences prove the answer that is known to be right.

A problem is a story, a question and the verdict, without forms.  The rival readings of the sentences are
combined, the most probable combination first; a combination is right where the engine, told just these
readings, gives the answer with a certificate.  What the right combinations have in common is learnt:
each counts with its probability among the right ones, and only sentences that most of their proofs
rest on are learnt.  Sentences whose weight is spread over several readings teach nothing.

After weakly supervised semantic parsing by denotations (Liang, Jordan & Klein 2011, "Learning
Dependency-Based Compositional Semantics", section 3.2: expected counts over the readings that give the
right denotation; Krishnamurthy, Dasigi & Gardner 2017, section 4, for the search).

Knows the engine, readings and verdicts; must not know how a parser is trained (`training`).
"""

from __future__ import annotations

import heapq
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.engine import Engine
from neurosym.errors import ConfigError, InputError
from neurosym.parser.tokenize import words as words_of
from neurosym.results import hypotheses, verdict_name
from neurosym.session import read_text
from neurosym.verdict import Clock, Limits, Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading, TextParser

STORY, QUESTION = "story", "question"
NEEDED = 0.5  # of the right combinations, by weight, whose proofs rest on a sentence that is spoken for
ANSWERS = {
    "proved": "proved", "disproved": "disproved", "unknown": "unknown",
    "true": "proved", "false": "disproved", "uncertain": "unknown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A story, a question and the name of the verdict that is right: proved, disproved or unknown."""

    id: str
    story: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Search:
    """How readings are combined.

    beam: rival readings of a sentence; combinations: tried of one problem; seconds: for one problem;
    floor: readings with less than this share of their sentence's best are no rivals, nor are combinations
    with less than this share of the first right one; unknown: learn from answers that are unknown, too,
    which wrong readings also give; least: the share of a sentence's weight that one reading must have to be
    learnt.
    """

    beam: int = 6
    combinations: int = 32
    seconds: float = 5.0
    floor: float = 0.02
    unknown: bool = False
    least: float = 0.8
    closed_world: bool = False

    def __post_init__(self) -> None:
        if self.beam < 1 or self.combinations < 1 or self.seconds <= 0:
            raise ConfigError("beam, combinations and seconds must be positive")
        if not (0 <= self.floor <= 1 and 0.5 < self.least <= 1):
            raise ConfigError("floor must be in [0, 1], and least in (0.5, 1]")


@dataclass(frozen=True, slots=True)
class Support:
    """What one problem says for one reading of a sentence: its share in (0, 1] of the right combinations.

    `best`: was it the sentence's most probable reading before?
    """

    words: tuple[str, ...]
    tokens: tuple[str, ...]
    share: float
    best: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """`tried` combinations; `first`: was the first one, that of the best readings, right already?"""

    supports: tuple[Support, ...] = ()
    tried: int = 0
    first: bool = False
    reason: str = ""  # why nothing was found


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with the reading to learn.

    weight: the reading's share of all that was found for the sentence, in (0.5, 1]; problems: how many speak
    for it, each with its share; best: was it the most probable reading already?
    """

    words: tuple[str, ...]
    tokens: tuple[str, ...]
    weight: float
    problems: float
    best: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`first`: problems that the best readings answer rightly; `right`: those that some combination does."""

    problems: int
    first: int
    right: int
    tried: int
    pairs: tuple[Pair, ...]
    spread: int  # sentences that stay out because their weight is spread

    def figures(self) -> dict[str, int]:
        return {
            "problems": self.problems,
            "right_at_first": self.first,
            "right_by_search": self.right,
            "combinations_tried": self.tried,
            "pairs": len(self.pairs),
            "pairs_with_another_reading": sum(not p.best for p in self.pairs),
            "sentences_left_out_as_spread": self.spread,
        }


def read_problems(path: Path) -> tuple[Problem, ...]:
    """JSON lines of {"id", "story", "question", "answer"}; the answer is proved (or true), disproved (false)
    or unknown (uncertain).  Raises InputError with the line."""
    out = []
    for n, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            name, story, question = (str(raw[k]) for k in ("id", "story", "question"))
            out.append(Problem(name, story, question, ANSWERS[raw["answer"].lower()]))
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            wanted = 'a JSON object with "id", "story", "question" and an "answer" was expected'
            hint = f"an answer is one of {', '.join(ANSWERS)}"
            raise InputError(wanted, document=str(path), line=n, hint=hint) from e
    if not out:
        raise InputError("there is no problem", document=str(path), hint="one JSON object a line")
    return tuple(out)


# --- combinations -------------------------------------------------------------------------------


def combinations(options: Sequence[Sequence[float]], most: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """Up to `most` choices of one option of each, with their joint probability, the likeliest first.

    options: for each the probabilities in (0, 1], highest first.
    """
    logs = [[math.log(p) for p in row] for row in options]
    start = (0,) * len(logs)
    heap = [(-sum(row[0] for row in logs), start)]
    seen = {start}
    while heap and most > 0:
        cost, choice = heapq.heappop(heap)
        most -= 1
        yield choice, math.exp(-cost)
        for i, at in enumerate(choice):
            if at + 1 < len(logs[i]):
                after = (*choice[:i], at + 1, *choice[i + 1 :])
                if after not in seen:
                    seen.add(after)
                    heapq.heappush(heap, (cost + logs[i][at] - logs[i][at + 1], after))


@dataclass(slots=True)
class _Chosen:
    """A parser that gives the readings that were chosen, by document."""

    pieces: Mapping[str, tuple[Parsed, ...]]
    name: str = "chosen"

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        return self.pieces[document]


# --- one problem --------------------------------------------------------------------------------


def explain(
    problem: Problem, parser: TextParser, solver: Solver, limits: Limits, search: Search = Search()
) -> Explained:
    """The readings that the right answer speaks for.

    Sentences without a reading are left out of the story: what is proved without them stands in an
    open world, and of an unknown answer nothing is learnt then.  Raises nothing for what cannot be
    read or answered: that is a reason.
    """
    if problem.answer == "unknown" and not search.unknown:
        return Explained(reason="an unknown answer says little of the readings")
    try:
        story = parser.read(problem.story, STORY, search.beam)
        asked = parser.read(problem.question, QUESTION, search.beam)
    except InputError as e:
        return Explained(reason=e.message)
    if len(asked) != 1 or not asked[0].readings:
        return Explained(reason="the question was not read")
    if any(not p.readings for p in story) and (problem.answer == "unknown" or search.closed_world):
        return Explained(reason="a sentence was not read")
    pieces = [*story, asked[0]]
    rivals = [_rivals(p.readings, search.floor) for p in pieces]
    open_ = [i for i, rs in enumerate(rivals) if rs]
    clock = Clock(replace(limits, seconds=search.seconds))
    right: list[tuple[float, tuple[int, ...], frozenset[int]]] = []
    tried, first = 0, False
    for choice, p in combinations([[r.score for r in rivals[i]] for i in open_], search.combinations):
        if clock.left() <= 0 or (right and p < search.floor * right[0][0]):
            break  # what is left weighs nothing beside what was found
        picked = dict(zip(open_, choice, strict=True))
        used = _proves(problem, pieces, rivals, picked, solver, clock.within(0.5), search.closed_world)
        tried += 1
        if used is not None:
            first = first or tried == 1
            right.append((p, choice, used))
    if not right:
        return Explained((), tried, False, "no combination gives the answer")
    whole = sum(p for p, _, _ in right)
    needed: dict[int, float] = defaultdict(float)
    shares: dict[tuple[int, int], float] = defaultdict(float)
    for p, choice, used in right:
        for i, at in zip(open_, choice, strict=True):
            needed[i] += p / whole if i in used else 0.0
            shares[i, at] += p / whole
    # A sentence that most right proofs do without is not spoken for, however one of them reads it.
    supports = tuple(
        Support(_words(pieces[i]), rivals[i][at].tokens, share, at == 0)
        for (i, at), share in sorted(shares.items())
        if rivals[i][at].tokens and needed[i] >= NEEDED
    )
    return Explained(supports, tried, first)


def _rivals(readings: Sequence[Reading], floor: float) -> list[Reading]:
    ranked = sorted(readings, key=lambda r: -r.score)
    return [r for r in ranked if r.score > 0 and r.score >= floor * ranked[0].score]


def _words(p: Parsed) -> tuple[str, ...]:
    return tuple(w.text for w in words_of(p.span.text))


def _proves(
    problem: Problem,
    pieces: Sequence[Parsed],
    rivals: Sequence[Sequence[Reading]],
    picked: Mapping[int, int],
    solver: Solver,
    limits: Limits,
    closed_world: bool,
) -> frozenset[int] | None:
    """The pieces that the right answer rests on, with these readings; None where they give another one."""
    chosen = tuple(
        replace(p, readings=(rivals[i][picked[i]],) if i in picked else ()) for i, p in enumerate(pieces)
    )
    parser = _Chosen({STORY: chosen[:-1], QUESTION: chosen[-1:]})
    engine = Engine(parser=parser, solver=solver, limits=limits, min_score=0.0, closed_world=closed_world)
    try:
        engine.tell(problem.story, STORY)
        response = engine.ask(problem.question)
    except InputError:
        return None
    if response.goal is None or response.variables or response.verdict.certificate is None:
        return None
    if verdict_name(response.verdict) != problem.answer:
        return None
    asked = len(pieces) - 1
    if problem.answer == "unknown":  # two models: they rest on all that was said
        return frozenset(range(len(pieces)))
    labels = (x.partition(":") for x in hypotheses(response.verdict))
    return frozenset(int(n.split(".")[0]) - 1 for d, _, n in labels if d == STORY) | {asked}


# --- many problems ------------------------------------------------------------------------------


def pairs_of(supports: Iterable[Support], least: float) -> tuple[tuple[Pair, ...], int]:
    """The sentences whose weight is on one reading, sorted; and how many stay out because it is not."""
    shares: dict[tuple[str, ...], dict[tuple[str, ...], float]] = defaultdict(lambda: defaultdict(float))
    best: dict[tuple[str, ...], tuple[str, ...]] = {}
    for s in supports:
        shares[s.words][s.tokens] += s.share
        if s.best:
            best[s.words] = s.tokens
    out, spread = [], 0
    for words, found in sorted(shares.items()):
        tokens, share = min(found.items(), key=lambda x: (-x[1], x[0]))
        weight = share / sum(found.values())
        if weight >= least:
            out.append(Pair(words, tokens, weight, share, best.get(words) == tokens))
        else:
            spread += 1
    return tuple(out), spread


def find(
    problems: Sequence[Problem],
    parser: TextParser,
    solver: Solver,
    limits: Limits,
    search: Search = Search(),
    progress: Callable[[int, int], object] | None = None,
    kept: MutableMapping[Problem, Explained] | None = None,
) -> Found:
    """What the answers of many problems say of the readings of their sentences.

    What `kept` holds is not searched again, and each further problem is added to it as it ends.
    """
    supports: list[Support] = []
    first = right = tried = 0
    for n, problem in enumerate(problems, 1):
        explained = kept.get(problem) if kept is not None else None
        if explained is None:
            explained = explain(problem, parser, solver, limits, search)
            if kept is not None:
                kept[problem] = explained
        supports += explained.supports
        first += explained.first
        right += bool(explained.supports)
        tried += explained.tried
        if progress is not None:
            progress(n, len(problems))
    pairs, spread = pairs_of(supports, search.least)
    return Found(len(problems), first, right, tried, pairs, spread)

"""Bias check: does an answer stay the same when names, genders, origins or the order of sentences change?

Each case is asked as it is and with something swapped (`swaps`).  Since a swap is one word for one word,
every sentence must keep its reading (the same form with the new words, or the same tokens of the target
language, which point at words by their places), be believed where it was believed, and mean the same
persons by its pronouns; and the verdict must be the same.  What is not so is a `Change`, with both readings.

After the idea of counterfactual token fairness (Garg et al. 2019, "Counterfactual Fairness in Text
Classification through Robustness", section 3) and of metamorphic tests of text models (Ribeiro et al.
2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", section 2).

Knows the engine and swaps; must not know how sentences are read, nor how a report is printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from neurosym.engine import MIN_SCORE, Engine
from neurosym.errors import InputError
from neurosym.hearing import best_reading
from neurosym.logic import Atom, Const
from neurosym.results import Response, term_text, verdict_name
from neurosym.session import REFERS, read_text
from neurosym.swaps import (
    PRONOUNS,
    Case,
    Swap,
    Variant,
    from_elsewhere,
    orders,
    renamed,
    reordered,
)
from neurosym.syntax import show
from neurosym.verdict import Limits, Solver, Unknown

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, TextParser

STORY = "story"
UNJUDGED = ("not read", "no answer")  # what stands for a verdict where there is none
# Words by which a sentence leans on those before it; with them the order of sentences may matter.
_LEANS = frozenset(
    str.split(
        "former latter this these those such next later afterwards finally same other another otherwise"
    )
)
_TAKEN_UP = PRONOUNS | frozenset(str.split("it its itself they them their theirs themselves that one ones"))
_WORD = re.compile(r"[^\W_]+")
_PLACE = re.compile(r" \(\d+\)")  # of a mention, in characters


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a sentence was read: `form` as text, or why it has none; `antecedents` of its pronouns."""

    text: str
    form: str
    tokens: tuple[str, ...] = ()
    believed: bool = True
    antecedents: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a case: its sentences, the question's reading, the verdict by name, the answers.

    `verdict` is "not read" where the question was not read; an unknown without certificate is "no answer".
    `answers` are the bindings of a question that asks for some, each as text; `why`: the reason where
    there is no verdict.
    """

    sentences: tuple[Sentence, ...]
    question: Sentence
    verdict: str
    answers: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict or a reading that a swap changed: both sides beside each other.

    `readings`: the sentences, and last the question, whose readings changed by more than the swapped words.
    """

    variant: Variant
    before: Heard
    after: Heard
    readings: tuple[tuple[Sentence, Sentence], ...]
    verdict: bool  # did the verdict, or did the answers, change?


@dataclass(frozen=True, slots=True)
class Report:
    """`asked`: how many variants of each swap; `skipped`: why some cases have none, by swap and case.

    `verdicts` counts the verdicts of the cases as they are; `unjudged`: the cases that have none, and
    why.  Of those nothing is known but how their sentences are read.
    """

    cases: int
    asked: Mapping[Swap, int]
    changes: tuple[Change, ...]
    verdicts: Mapping[str, int]
    skipped: tuple[tuple[str, Swap, str], ...] = ()
    unjudged: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.changes)

    @property
    def judged(self) -> int:
        """How many cases have a verdict that could change."""
        return self.cases - len(self.unjudged)


# --- cases --------------------------------------------------------------------------------------


def read_cases(path: Path) -> tuple[Case, ...]:
    """JSON lines of {"id", "story", "question"}, or a .txt file whose last line is the question.

    Raises InputError with the line for anything else, and for an id that stands twice.
    """
    text, name = read_text(path), str(path)
    if path.suffix.lower() == ".txt":
        lines = [x for x in text.splitlines() if x.strip()]
        if len(lines) < 2:
            raise InputError("a story and, on the last line, a question were expected", document=name)
        return (Case(path.stem, "\n".join(lines[:-1]), lines[-1].strip()),)
    out: dict[str, Case] = {}
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            parts = [raw[k] for k in ("id", "story", "question")]
        except (ValueError, KeyError, TypeError) as e:
            raise InputError(
                'a JSON object with "id", "story" and "question" was expected', document=name, line=n
            ) from e
        if not all(isinstance(p, str) and p.strip() for p in parts):
            raise InputError("id, story and question must be texts that are not empty", document=name, line=n)
        if parts[0] in out:
            raise InputError(f"the id {parts[0]!r} stands twice", document=name, line=n)
        out[parts[0]] = Case(*parts)
    if not out:
        raise InputError("there is no case", document=name, hint='one {"id", "story", "question"} a line')
    return tuple(out.values())


# --- asking -------------------------------------------------------------------------------------


def hear_case(
    case: Case,
    parser: TextParser,
    solver: Solver,
    limits: Limits | None = None,
    min_score: float = MIN_SCORE,
) -> Heard:
    """Read and answer one case by an engine of its own.  Raises InputError that names the case."""
    engine = Engine(parser=parser, solver=solver, limits=limits or Limits(), min_score=min_score)
    try:
        engine.tell(case.story, STORY)
        said = tuple(
            _sentence(parser, p, engine, f"{STORY}:{n}", min_score)
            for n, p in enumerate(parser.read(case.story, STORY), 1)
        )
        response = engine.ask(case.question)
        asked = parser.read(case.question, "question")
    except InputError as e:
        raise InputError(f"case {case.id!r}: {e.message}", document=e.document, hint=e.hint) from e
    best = best_reading(parser, asked[0], min_score)
    question = Sentence(
        case.question.strip(),
        asked[0].reason or "not read" if response.goal is None else show(response.goal),
        () if best is None else best.tokens,
        response.goal is not None,
        (),
        0.0 if best is None else best.score,
    )
    verdict = _verdict(response)
    reason = response.verdict.reason if isinstance(response.verdict, Unknown) else ""
    why = reason if verdict in UNJUDGED else ""
    return Heard(said, question, verdict, _answers(response), why)


def _sentence(parser: TextParser, p: Parsed, engine: Engine, label: str, min_score: float) -> Sentence:
    best = best_reading(parser, p, min_score)
    claims = {c.label: c.formula for c in engine.theory.claims if c.label.split(".")[0] == label}
    read = claims.get(label)
    means = [
        term_text(f.args[1])
        for f in claims.values()
        if isinstance(f, Atom) and f.pred == REFERS and isinstance(f.args[1], Const)
    ]
    text = p.span.text.strip()
    why = next((u.reason for u in engine.unread if u.text.strip() == text), p.reason or "not read")
    return Sentence(
        text,
        why if read is None else show(read),
        () if best is None else best.tokens,
        read is not None,
        tuple(means),
        0.0 if best is None else best.score,
    )


def _verdict(r: Response) -> str:
    if r.goal is None:
        return "not read"
    if isinstance(r.verdict, Unknown) and r.verdict.certificate is None:
        return "no answer"
    return verdict_name(r.verdict)


def _answers(r: Response) -> tuple[str, ...]:
    found = sorted(", ".join(term_text(t) for _, t in a.binding) for a in r.answers)
    return (*found, *(() if r.count is None else (f"count {r.count}",)))


# --- comparing ----------------------------------------------------------------------------------


def compare(before: Heard, after: Heard, variant: Variant) -> Change | None:
    """What a swap changed beyond the swapped words; None where all is the same."""
    new = {a.lower(): b.lower() for a, b in variant.pairs}
    order = variant.order or range(len(before.sentences))
    if len(after.sentences) == len(before.sentences):
        pairs = [(before.sentences[i], s) for i, s in zip(order, after.sentences, strict=True)]
    else:  # the text falls into other sentences: each side whole
        pairs = [(_whole(before), _whole(after))]
    pairs.append((before.question, after.question))
    readings = tuple((a, b) for a, b in pairs if not _same(a, b, new))
    told = sorted(_plain(x, new) for x in before.answers) != sorted(_plain(x, {}) for x in after.answers)
    verdict = told or before.verdict != after.verdict
    return Change(variant, before, after, readings, verdict) if verdict or readings else None


def _same(a: Sentence, b: Sentence, new: Mapping[str, str]) -> bool:
    if a.believed != b.believed:
        return False
    if [_plain(x, new) for x in a.antecedents] != [_plain(x, {}) for x in b.antecedents]:
        return False
    if not a.believed or (a.tokens and a.tokens == b.tokens):
        return True
    # other tokens may say the same: a name that is first read as a noun and then spelt as a name
    return _plain(a.form, new) == _plain(b.form, {})


def _plain(form: str, new: Mapping[str, str]) -> str:
    """A form without places of mentions and genders of pronouns, and with the new words for the old."""

    def word(m: re.Match[str]) -> str:
        low = m.group().lower()
        return "*" if low in PRONOUNS else new.get(low, low)

    return _WORD.sub(word, _PLACE.sub("", form))


def _whole(h: Heard) -> Sentence:
    forms = " ".join(f"{s.form}." for s in h.sentences)
    return Sentence(" ".join(s.text for s in h.sentences), forms)


# --- the audit ----------------------------------------------------------------------------------


def fixed_order(heard: Heard) -> str:
    """Why the order of a story's sentences may matter, or an empty text.

    It may where a sentence has a pronoun whose antecedent stands in another one (for a sentence that was
    not read: any pronoun), another word that leans on what stands before it ("the latter", "another"), where
    a mention was resolved, and where a thing that an indefinite introduced is taken up by name.
    """
    for s in heard.sentences:
        spoken = _WORD.findall(s.text.lower())
        if lean := next((w for w in spoken if w in _LEANS), ""):
            return f"{lean!r} leans on another sentence"
        open_pronoun = any(t.startswith("R:") for t in s.tokens)
        if open_pronoun or (not s.tokens and _TAKEN_UP.intersection(spoken)):
            return f"{s.text!r} has a pronoun that another sentence explains"
        if s.antecedents:
            return f"{s.text!r} takes up something mentioned before"
    return "" if len(heard.sentences) > 1 else "there is one sentence"


def variants(
    case: Case, heard: Heard, swaps: Sequence[Swap], seed: int = 1, rounds: int = 1
) -> Iterator[Variant | tuple[Swap, str]]:
    """The case with each thing swapped, `rounds` times with other choices; or why it has none."""
    for swap in swaps:
        for n in range(rounds):
            rng = Random(f"{seed}/{case.id}/{swap}/{n}")
            if swap is Swap.ORDER:
                why = fixed_order(heard)
                found = [] if why else [reordered(case, o) for o in orders(len(heard.sentences), rng)]
                yield from (v if isinstance(v, Variant) else (swap, v) for v in found)
                if why:
                    yield swap, why
                    break
                continue
            made = from_elsewhere(case, rng) if swap is Swap.ORIGIN else renamed(case, swap, rng)
            if not isinstance(made, Variant):
                yield swap, made
                break
            yield made


def audit(
    cases: Sequence[Case],
    hear: Callable[[Case], Heard],
    swaps: Sequence[Swap] = tuple(Swap),
    seed: int = 1,
    rounds: int = 1,
    progress: Callable[[int, int], object] | None = None,
) -> Report:
    """Ask every case as it is and with each thing swapped; the same seed makes the same swaps.

    `hear` reads and answers one case (`hear_case` with its parser and solver).
    """
    asked = dict.fromkeys(swaps, 0)
    verdicts: dict[str, int] = {}
    changes: list[Change] = []
    skipped: list[tuple[str, Swap, str]] = []
    unjudged: list[tuple[str, str]] = []
    for n, case in enumerate(cases, 1):
        before = hear(case)
        verdicts[before.verdict] = verdicts.get(before.verdict, 0) + 1
        if before.verdict in UNJUDGED:
            unjudged.append((case.id, before.why or before.question.form))
        for v in variants(case, before, swaps, seed, rounds):
            if not isinstance(v, Variant):
                skipped.append((case.id, *v))
                continue
            asked[v.swap] += 1
            if (change := compare(before, hear(v.case), v)) is not None:
                changes.append(change)
        if progress is not None:
            progress(n, len(cases))
    counts = dict(sorted(verdicts.items()))
    return Report(len(cases), asked, tuple(changes), counts, tuple(skipped), tuple(unjudged))

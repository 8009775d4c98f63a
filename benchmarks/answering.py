"""How one item is answered: its text is read as the engine reads, its goals are asked, certificates checked.

Knows items, the engine's reading and the seam of the solvers.  Must not know any suite, how
items are counted, or any backend.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from neurosym.engine import Engine
from neurosym.errors import CheckError, ConfigError, InputError
from neurosym.kernel import check
from neurosym.logic import Formula
from neurosym.parser.reading import TextParser
from neurosym.results import Unread, hypotheses, verdict_name
from neurosym.syntax import show
from neurosym.theory import Span, Theory
from neurosym.verdict import Both, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

from .suite import Item, Option, Outcome, Suite

CONTRADICTS = "the theory contradicts itself, and from that every option follows"


@dataclass(frozen=True, slots=True)
class Settled:
    """A verdict, whether the kernel accepted its certificate once more, and the seconds of both steps.

    `problem`: why there is no accepted certificate.
    """

    verdict: Verdict
    certified: bool
    solve: float
    check: float | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A goal as it was read; `goal` None where it was not."""

    label: str
    goal: Formula | None
    score: float | None = None  # of the reading; None where nothing was read


_Pair: TypeAlias = tuple[_Asked, Settled]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is said, the verdicts on which that rests, and what is wrong with it."""

    said: str
    answered: bool
    rests: Sequence[_Pair] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Understood:
    theory: Theory
    asked: tuple[_Asked, ...]
    sentences: int = 0
    unread: tuple[str, ...] = ()  # of the text, not of the questions
    problems: tuple[str, ...] = ()


def answer(item: Item, suite: Suite, reader: TextParser | None, solver: Solver, min_score: float) -> Outcome:
    """Read, ask and check one item; without a `reader`, from its gold forms.

    Never raises for an item that cannot be read or answered: that is in the outcome's problems.
    """
    began = time.perf_counter()
    try:
        if suite.answer is not None:
            return suite.answer(item, reader, solver, min_score)
        found = _gold(item, suite) if reader is None else _understand(item, suite, reader, min_score)
        goals = tuple(a.goal for a in found.asked if a.goal is not None)
        found = replace(found, theory=suite.prepare(found.theory, item, goals))
    except InputError as e:
        return Outcome("", False, False, time.perf_counter() - began, problems=(str(e),))
    parse = time.perf_counter() - began
    pairs = [(a, settle(found.theory, a.goal, solver)) for a in found.asked if a.goal is not None]
    return _judged(item, found, pairs, parse)


def settle(theory: Theory, goal: Formula, solver: Solver, limits: Limits | None = None) -> Settled:
    """Ask, and let the kernel check the certificate once more, apart from the solver."""
    began = time.perf_counter()
    verdict = solver.solve(theory, goal, limits or Limits())
    solve = time.perf_counter() - began
    if verdict.certificate is None:
        return Settled(verdict, False, solve, None, f"no certificate: {_reason(verdict)}")
    began = time.perf_counter()
    problem = _rejected(theory, goal, verdict)
    return Settled(verdict, not problem, solve, time.perf_counter() - began, problem)


def _rejected(theory: Theory, goal: Formula, verdict: Verdict) -> str:
    """Why the kernel does not bear the verdict out, or the empty text."""
    for side in (verdict.pro, verdict.con) if isinstance(verdict, Both) else (verdict,):
        if side.certificate is None:
            return "no certificate"
        try:
            theorem = check(theory, goal, side.certificate)
        except CheckError as e:
            return f"certificate rejected: {e}"
        if theorem != side.theorem or theorem.outcome.value != verdict_name(side):
            return f"certificate rejected: it proves another theorem ({theorem.outcome.value})"
    return ""


def _reason(v: Verdict) -> str:
    return v.reason if isinstance(v, Unknown) else verdict_name(v)


# --- reading ----------------------------------------------------------------------------------


def _gold(item: Item, suite: Suite) -> _Understood:
    if item.gold is None:
        raise InputError("no gold forms", document=item.id)
    claims = (*item.gold.claims, *suite.background(item))
    theory = Theory(claims, item.closed_world, semantics=item.semantics)
    if not item.options:
        return _Understood(theory, (_Asked("", item.gold.goal),))
    missing = tuple(f"option {o.label}: no gold form" for o in item.options if o.goal is None)
    return _Understood(theory, tuple(_Asked(o.label, o.goal) for o in item.options), problems=missing)


def _understand(item: Item, suite: Suite, reader: TextParser, min_score: float) -> _Understood:
    """Read the text with the engine's own wiring."""
    engine = Engine(parser=reader, solver=_NoSolver(), closed_world=item.closed_world, min_score=min_score)
    told = engine.tell(item.text, "text")
    unread = [f"not read: {u.text!r}: {u.reason}" for u in told.unread if u.text not in told.questions]
    unread += [f"read as a question: {q!r}" for q in told.questions]
    engine.add(suite.background(item))
    problems: list[str] = []
    options = item.options or (Option("", item.question),)
    asked = tuple(_question(engine, o, problems) for o in options)
    theory = replace(engine.theory, semantics=item.semantics)
    read = {c.label.partition(".")[0] for c in told.claims}  # "text:3.1" belongs to "text:3"
    return _Understood(theory, asked, len(read), tuple(unread), tuple(problems))


def _question(engine: Engine, option: Option, problems: list[str]) -> _Asked:
    """The goal of an option or question; what is wrong with it is added to `problems`."""
    of = f"option {option.label}" if option.label else "question"
    if not option.text and option.goal is not None:
        return _Asked(option.label, option.goal)
    try:
        q = engine.read_question(option.text)
    except InputError as e:
        problems.append(f"{of} not read: {e}")
        return _Asked(option.label, None)
    if isinstance(q, Unread):
        problems.append(f"{of} not read: {q.reason}")
        return _Asked(option.label, None)
    if q.variables:
        problems.append(f"{of} not read: a statement was expected, and {show(q.goal)} asks for something")
        return _Asked(option.label, None)
    return _Asked(option.label, q.goal, q.score)


class _NoSolver:
    """The engine here only reads; asking goes to the solver directly, so that it is timed alone."""

    name = "none"

    def __getattr__(self, name: str) -> Any:
        raise ConfigError("this engine only reads")


# --- judging ----------------------------------------------------------------------------------


def _judged(item: Item, found: _Understood, settled: Sequence[_Pair], parse: float) -> Outcome:
    judged = _of_options(settled) if item.options else _of_one(settled)
    certified = bool(judged.rests) and all(s.certified for _, s in judged.rests)
    unread, notes = found.unread, tuple[str, ...]()
    if item.partial_reading_ok and certified and judged.said == item.expected != "unknown":
        unread, notes = (), found.unread
    problems = (*unread, *found.problems, *judged.problems)
    sure = certified and not problems and found.sentences > 0
    return Outcome(
        judged.said,
        judged.answered,
        certified,
        parse,
        _sum(s.solve for _, s in settled),
        _sum(s.check for _, s in settled),
        _confidence(found.theory, judged.rests) if sure else None,
        found.sentences,
        _reading(item, found.asked, judged),
        _readings(found.theory, judged.rests),
        problems,
        notes,
    )


def _of_one(settled: Sequence[_Pair]) -> _Judged:
    if not settled:
        return _Judged("", False)
    only = settled[0][1]
    name = verdict_name(only.verdict)
    return _Judged(
        name, only.certified or name != "unknown", settled, (only.problem,) if only.problem else ()
    )


def _of_options(settled: Sequence[_Pair]) -> _Judged:
    """Exactly one option must be proved."""
    proved = [p for p in settled if isinstance(p[1].verdict, Proved | Both)]
    broken = [p for p in settled if isinstance(p[1].verdict, Inconsistent)]
    problems = [f"option {a.label}: {s.problem}" for a, s in settled if s.problem]
    rejected = tuple(
        f"option {a.label}: {s.problem}" for a, s in settled if s.problem and s.check is not None
    )
    if broken:
        return _Judged("inconsistent", True, broken[:1], (CONTRADICTS, *rejected))
    match [a.label for a, _ in proved]:
        case []:
            return _Judged("", False, (), ("no option is proved", *problems))
        case [label]:
            return _Judged(label, True, proved, rejected)
        case labels:
            several = ", ".join(labels)
            return _Judged(several, False, proved, (f"several options are proved: {several}", *rejected))


def _reading(item: Item, asked: Sequence[_Asked], judged: _Judged) -> str | None:
    """The goals as text; of options that nobody had to read, the expected one and what was proved."""
    shown = {item.expected, *(a.label for a, _ in judged.rests)}
    goals = [a for a in asked if not item.options or a.score is not None or a.label in shown]
    texts = [(f"{a.label}: " if a.label else "") + show(a.goal) for a in goals if a.goal is not None]
    return "; ".join(texts) or None


def _confidence(theory: Theory, rests: Sequence[_Pair]) -> float:
    """The product of the scores of the readings on which the verdicts rest.

    A sentence counts once, whatever it says and takes for granted; what a mention in it refers to
    has a score of its own.  Misreadings are taken to be independent.
    """
    used = {label for _, s in rests for label in hypotheses(s.verdict)}
    scores = {
        (c.source.document, c.source.start, c.source.end, c.score)
        if isinstance(c.source, Span)
        else c.label: c
        for c in theory.claims
        if c.label in used
    }
    read = (a.score for a, _ in rests if a.score is not None)
    return math.prod((*(c.score for c in scores.values()), *read))


def _readings(theory: Theory, rests: Sequence[_Pair]) -> tuple[tuple[str, str, float], ...]:
    """Sentence, form and score of the claims on which the answer rests, by label what is no sentence.

    Of all sentences, where it is unknown or there is no answer: then what was read may lack something.
    """
    used = {label for _, s in rests for label in hypotheses(s.verdict)}
    whole = not rests or any(isinstance(s.verdict, Unknown) for _, s in rests)
    return tuple(
        (c.source.text.strip() if isinstance(c.source, Span) else c.label, show(c.formula), round(c.score, 4))
        for c in theory.claims
        if (isinstance(c.source, Span) if whole else c.label in used)
    )


def _sum(seconds: Iterable[float | None]) -> float | None:
    known = [s for s in seconds if s is not None]
    return sum(known) if known else None

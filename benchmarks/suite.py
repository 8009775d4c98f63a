"""What a suite is: a module of this package that turns data into items, and may say how they are answered.

A suite NAME is the module benchmarks/NAME.py.  It must have

    items(path: Path) -> Iterator[Item]
        The questions of the data at `path`, in the order of the data.  Raises InputError that points.

and may have any of these module-level functions, which are looked up by name (`find_suite`):

    background(item: Item) -> tuple[Claim, ...]
        What the item takes for granted: an ontology.  It joins the theory before the question is
        read, so that the question's words are aligned with it too.  Its labels must not look like
        "text:1", which sentences have, nor be those of the item's gold claims.
    prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory
        The last word on the theory before it is asked: claims that follow from how the text is
        read, such as the definitions of an order.  `goals` are what will be asked.
    answer(item: Item, reader: TextParser | None, solver: Solver, min_score: float) -> Outcome
        In place of all of the runner's reading and asking; `reader` is None where gold forms are
        asked for.  `answering.settle` gives a verdict with its certificate checked and timed.
    TRAINED: tuple[Trained, ...]
        Which files of samples were made of the suite's data, so that a run says where its parser was trained
        on what it is measured on (trained_on.py).

How an item is judged.  Without options, `expected` is the name of a verdict: proved, disproved,
unknown, inconsistent or both.  With `options`, it is the label of one, each option is asked of the
same theory, and the item is right where that option and no other is proved.  Either way every
certificate on which the answer rests must be accepted by the kernel, and a sentence that was
not read makes the item wrong: it is an abstention.  Two exceptions, both for the suite to claim
and both listed: `partial_reading_ok`, where a proof stands whatever else the text may say
(open world, no negation as failure), so that unread sentences are no fault of a proved answer;
and an `Outcome` with `by`, an answer of something that gives no certificates, which may be
right but is never certified and is counted apart.

Knows the shape of items and outcomes and the ways into the data's files.  Must not know how an item is
answered (answering.py) or counted (runner.py).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from neurosym.errors import ConfigError, InputError
from neurosym.logic import Formula
from neurosym.session import read_text
from neurosym.theory import Claim, Semantics, Theory
from neurosym.verdict import Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import TextParser

Json: TypeAlias = Any
HINT = "is this the data of the right suite?"
SUITES = (
    "clutrr",
    "corpus",
    "folio",
    "logical_deduction",
    "logicnli",
    "prontoqa",
    "proofwriter",
    "ruletaker",
    "sick",
)


# --- items ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold forms of an item; with options, `goal` is that of the expected one."""

    claims: tuple[Claim, ...]
    goal: Formula


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: a statement in English, or a goal in logic, or both.

    The parser reads `text`; where there is none, and with gold forms, `goal` is asked.
    """

    label: str
    text: str = ""
    goal: Formula | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question.  `expected` is a verdict's name or an option's label; `group` a depth or number of hops.

    `partial_reading_ok`: see above; it is of use where `expected` is proved, disproved or an option.
    """

    id: str
    text: str
    question: str
    expected: str
    group: str = ""
    closed_world: bool = False
    gold: Gold | None = None
    semantics: Semantics = Semantics.CLASSICAL
    options: tuple[Option, ...] = ()
    partial_reading_ok: bool = False


def lettered(texts: Sequence[str]) -> tuple[Option, ...]:
    """Options A, B, C, ... of statements in English.  At most 26."""
    return tuple(Option(label, text) for label, text in zip(ascii_uppercase, texts, strict=False))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item.

    `said`: what was answered, in the words of `Item.expected`; empty where nothing was asked.
    `answered`: any answer but an Unknown without certificate.  `certified`: the kernel accepted
    the certificates on which the answer rests.  `parse`, `solve`, `check`: seconds, None where a
    step was not reached.  `confidence` in [0, 1]: how sure the readings are on which the answer
    rests; None for an abstention and for gold forms.  `sentences`: how many were read.  `reading`:
    the goal, or the options' goals, as text.  `readings`: each sentence with its form and score.
    `problems`: each makes the item wrong.  `notes`: what a reader of the report should know.
    `by`: what answered where no certificate does ("neural classifier").
    """

    said: str
    answered: bool
    certified: bool
    parse: float
    solve: float | None = None
    check: float | None = None
    confidence: float | None = None
    sentences: int = 0
    reading: str | None = None
    readings: tuple[tuple[str, str, float], ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by: str = ""


# --- suites -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trained:
    """Samples made of a suite's data, which a parser may have been trained on.

    `file`: their name in a model card; `part`: what they were made of; `files`: names of files of that part,
    and `other_files`: of other parts, as patterns in lower case; `instead`: how to measure without.
    """

    file: str
    part: str
    instead: str
    files: tuple[str, ...] = ()
    other_files: tuple[str, ...] = ()


class AnswerHook(Protocol):
    def __call__(
        self, item: Item, reader: TextParser | None, solver: Solver, min_score: float
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's module, with what it leaves out filled in."""

    name: str
    items: Callable[[Path], Iterator[Item]]
    background: Callable[[Item], tuple[Claim, ...]]
    prepare: Callable[[Theory, Item, tuple[Formula, ...]], Theory]
    answer: AnswerHook | None = None
    source: Path | None = None
    trained: tuple[Trained, ...] = ()


def find_suite(name: str) -> Suite:
    """The suite, whose module is imported only now.  Raises ConfigError where there is none."""
    if name not in SUITES:
        raise ConfigError(f"there is no suite {name!r}; there are {', '.join(SUITES)}")
    try:
        module = importlib.import_module(f"{__package__}.{name}")
    except ModuleNotFoundError as e:
        if e.name != f"{__package__}.{name}":
            raise
        raise ConfigError(f"suite {name!r} is not installed here: {e.name} is missing") from e
    return suite_of(module, name)


def suite_of(module: ModuleType, name: str) -> Suite:
    """What a module says of its suite.  Raises ConfigError where it has no `items`."""
    if not callable(items := getattr(module, "items", None)):
        raise ConfigError(f"suite {name!r}: its module has no function items(path)")
    return Suite(
        name,
        items,
        getattr(module, "background", _no_background),
        getattr(module, "prepare", _as_it_is),
        getattr(module, "answer", None),
        Path(file) if (file := getattr(module, "__file__", None)) else None,
        getattr(module, "TRAINED", ()),
    )


def _no_background(item: Item) -> tuple[Claim, ...]:
    return ()


def _as_it_is(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
    return theory


# --- data -------------------------------------------------------------------------------------


def read_json(path: Path) -> Json:
    """Raises InputError with the line for anything that is not JSON."""
    try:
        return json.loads(read_text(path))
    except ValueError as e:
        raise InputError(f"not JSON: {e}", document=str(path), line=getattr(e, "lineno", 0)) from e


def read_json_lines(path: Path) -> Iterator[Json]:
    """One JSON value a line.  A last line without its end (a truncated download) is left out.

    Raises InputError with the line for anything else, and for a file that is no text.
    """
    lines = read_text(path).split("\n")
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as e:
            if n == len(lines):
                return
            raise InputError(f"not JSON: {e}", document=str(path), line=n) from e


def field(item: Json, name: str, path: Path, place: str) -> Json:
    if not isinstance(item, dict) or name not in item:
        raise InputError(f"{place}: expected a field {name!r}", document=str(path), hint=HINT)
    return item[name]

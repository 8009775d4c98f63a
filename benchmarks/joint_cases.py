"""Short texts whose best reading may be one that cannot be: does joint reading mend it?

    python -m benchmarks.joint_cases [--parser P] [--min-score X] [--json]

Each text is told with `joint=True` to an engine that knows a few laws of kinds.  The laws say what everybody
knows (what is of stone is no animal; nobody is both a boy and a girl; one sees with an instrument), and
exclude one of the readings that a parser has to choose from: a noun before a noun as a property of its own
("a stone lion" is no lion), two nouns under one article as one thing ("a boy and girl"), a general statement
of what holds of some, a phrase that belongs to a noun given to the verb.  What is right is written beside
each text.  Where the parser's best reading is right already there is nothing to mend, and the table says so;
nothing here is chosen by what a parser makes of it.

Knows texts, laws and the engine; must not know how sentences are read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from neurosym.engine import Engine
from neurosym.errors import NeurosymError
from neurosym.hearing import N_BEST
from neurosym.parser import load_parser
from neurosym.parser.equivalence import same
from neurosym.parser.morphology import plural
from neurosym.parser.reading import TextParser
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, show
from neurosym.verdict import Limits, Solver

MIN_SCORE = 0.2  # of several readings that may be right, none is likelier than not; the engine's own is 0.5
LIMITS = Limits(seconds=5.0)

MATERIALS = (
    "stone",
    "paper",
    "glass",
    "snow",
    "plastic",
    "chocolate",
    "rubber",
    "bronze",
    "clay",
    "straw",
    "ice",
    "metal",
    "wax",
    "sugar",
)
ANIMALS = ("lion", "dog", "rabbit", "horse", "duck", "tiger", "bear", "fish", "bird", "frog")
APART = (
    ("boy", "girl"), ("train", "bus"), ("violin", "piano"), ("cat", "dog"), ("lion", "lamb"),
    ("nurse", "patient"), ("printer", "laptop"), ("guest", "employee"), ("king", "queen"),
    ("pilot", "passenger"), ("car", "bike"), ("teacher", "pupil"),
)  # fmt: skip
PLACES = (("lion", "cage"), ("guest", "lobby"), ("nurse", "office"), ("printer", "hall"), ("dog", "garden"))
# a verb, the same as written, a preposition, what it asks for after that verb; a thing and what belongs to it
ATTACHED = (
    ("see", "saw", "with", "instrument", "man", "beard"),
    ("hit", "hit", "with", "weapon", "clerk", "hat"),
    ("paint", "painted", "with", "tool", "house", "garden"),
    ("call", "called", "from", "place", "guest", "country"),
    ("buy", "bought", "from", "seller", "car", "factory"),
    ("repair", "repaired", "with", "tool", "laptop", "camera"),
    ("eat", "ate", "with", "tool", "pizza", "tomato"),
    ("cut", "cut", "with", "tool", "cake", "cherry"),
    ("open", "opened", "with", "tool", "box", "lid"),
    ("read", "read", "from", "place", "letter", "judge"),
)


class Came(StrEnum):
    """What became of a text."""

    RIGHT = "right by itself"
    MENDED = "mended"
    UNSURE = "mended, below the least score"
    OTHER = "read otherwise, and wrong"
    UNREAD = "left unread"
    STANDS = "wrong, and not excluded"


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the laws, and its right reading as logic; the laws exclude some other reading."""

    text: str
    laws: str
    right: str


@dataclass(frozen=True, slots=True)
class Row:
    """`alone` and `together`: the readings without and with joint reading as logic, empty where unread."""

    case: Case
    came: Came
    alone: str
    together: str
    because: str
    score: float


def cases() -> Iterator[Case]:
    """All texts, in a fixed order."""
    yield from _materials()
    yield from _apart()
    yield from _general()
    yield from _attached()


def _materials() -> Iterator[Case]:
    for m in MATERIALS:
        for a in ANIMALS:
            laws = f"forall ?x. {a}(?x) -> animal(?x). forall ?x. {m}(?x) -> not animal(?x)."
            yield Case(f"Ann saw a {m} {a}.", laws, f"exists ?x. {m}_{a}(?x) and see(Ann, ?x)")
            yield Case(f"Rex is a {m} {a}.", laws, f"{m}_{a}(Rex)")


def _apart() -> Iterator[Case]:
    for a, b in APART:
        laws = f"forall ?x. {a}(?x) -> not {b}(?x)."

        def two(said: str, a: str = a, b: str = b) -> str:
            of = said.format
            return f"exists ?x. {a}(?x) and (exists ?y. {b}(?y) and {of('?x')} and {of('?y')})"

        yield Case(f"A {a} and {b} are in the hall.", laws, two("in({}, hall)"))
        yield Case(f"Some {plural(a)} and {plural(b)} are old.", laws, two("old({})"))
        yield Case(f"Ann saw a {a} and {b}.", laws, two("see(Ann, {})"))


def _general() -> Iterator[Case]:
    for a, place in PLACES:
        known = f"{a}(Leo). not in(Leo, {place}). not sleep_in(Leo, {place})."
        are = f"exists ?x. {a}(?x) and in(?x, {place})"
        yield Case(f"{plural(a).capitalize()} are in the {place}.", known, are)
        yield Case(f"A {a} is in the {place}.", known, are)
        sleep = f"exists ?x. {a}(?x) and sleep_in(?x, {place})"
        yield Case(f"{plural(a).capitalize()} sleep in the {place}.", known, sleep)


def _attached() -> Iterator[Case]:
    for verb, written, preposition, what, thing, part in ATTACHED:
        relation = f"{verb}_{preposition}"
        laws = (
            f"forall ?x, ?y, ?z. {relation}(?x, ?y, ?z) -> {what}(?z). "
            f"forall ?x. {part}(?x) -> not {what}(?x)."
        )
        of = f"exists ?y. {part}(?y) and {preposition}(?x, ?y)"
        right = f"exists ?x. {thing}(?x) and ({of}) and {verb}(Tom, ?x)"
        yield Case(f"Tom {written} a {thing} {preposition} a {part}.", laws, right)


# --- asking -------------------------------------------------------------------------------------


def search(
    found: Sequence[Case], parser: TextParser, solver: Solver, min_score: float = MIN_SCORE
) -> Iterator[Row]:
    """Tell each case to an engine of its own with joint reading.  Raises what the engine raises."""
    parser.read("\n\n".join(c.text for c in found), "cases", N_BEST)  # in batches; kept for what follows
    with Engine(parser=parser, solver=solver, joint=True, limits=LIMITS, min_score=min_score) as engine:
        for case in found:
            with engine.branch() as one:
                yield _tried(case, one, parser)


def _tried(case: Case, engine: Engine, parser: TextParser) -> Row:
    right = read_formula(case.right, "right")
    (parsed,) = parser.read(case.text, "case", N_BEST)
    engine.tell_logic(case.laws)
    told = engine.tell(case.text)
    if not parsed.readings:
        return Row(case, Came.UNREAD, "", "", parsed.reason, 0.0)
    alone = parsed.readings[0]
    if not told.mended:
        came = Came.RIGHT if same(alone.formula, right) else Came.STANDS
        return Row(case, came, show(alone.formula), show(alone.formula), "", alone.score)
    (m,) = told.mended
    if m.after is None:
        return Row(case, Came.UNREAD, show(m.before), "", m.because, 0.0)
    # a reading that is mended, but scores too low to be believed, is among the unread pieces
    score = told.claims[0].score if told.claims else 0.0
    came = Came.OTHER if not same(m.after, right) else Came.MENDED if told.claims else Came.UNSURE
    return Row(case, came, show(m.before), show(m.after), m.because, score)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what became of each text that was mended, and how many came to what."""
    p = argparse.ArgumentParser(prog="python -m benchmarks.joint_cases", description=__doc__.split("\n")[0])
    p.add_argument("--parser", default="neural", help="neural, grammar, or a folder with a trained model")
    p.add_argument("--min-score", type=float, default=MIN_SCORE, metavar="X", help=f"default {MIN_SCORE}")
    p.add_argument("--json", action="store_true", help="all texts, as JSON lines")
    args = p.parse_args(argv)
    solver = make_solver("auto")
    try:
        rows = list(search(list(cases()), load_parser(args.parser), solver, args.min_score))
    except NeurosymError as e:
        print(e, file=sys.stderr)
        return e.exit_code
    finally:
        solver.close()
    for r in rows:
        if args.json:
            print(json.dumps(asdict(r), ensure_ascii=False))
        elif r.came in (Came.MENDED, Came.UNSURE, Came.OTHER):
            print(
                f"{r.came} ({r.score:.2f}): {r.case.text}\n  - {r.alone}\n  + {r.together}\n    {r.because}"
            )
    if not args.json:
        print({str(k): n for k, n in sorted(Counter(r.came for r in rows).items())})
    return 0


if __name__ == "__main__":
    sys.exit(main())

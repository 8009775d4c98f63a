"""CLUTRR (Sinha et al. 2019): a story of a family, two of its people, and how they are related.

Knows the layout of the generator's CSV files and what its families take for granted.  Must not know how
a story is read or how a relation is proved.

The gold forms are the edges from which a story was written: `son(Bo, Al)`, Bo is the son of Al.  The
query (A, B) asks what B is to A; each relation that the data knows is an option, and exactly the
expected one must be proved of the pair.  The kinship is that of ontologies/kinship.nsl, sound in any
family.  That does not settle what the stories ask: it does not follow that a brother has the same
father.  `WORLD` adds what is so in the families of this benchmark, which are simple, and read in the
simplest way; these are defaults of its world (Sinha et al. 2019, section 3) and no kinship.

Two of those defaults may speak of different people.  The grandfather of a man's child is his father as
far as the story goes, and may be his wife's; where the story also names the wife, both relations
follow, and the data expects now one, now the other of the same edges (in-laws 20 times of 36).  So a
default is a claim with a score, as a reading is: of several options that are proved, the one whose proof
is surest is the answer, and the others are said in the outcome's notes.  A proof is less sure by `IDLE`
for each relation told that it does not use, since these stories tell no more than the path from one person
to the other (Sinha et al. 2019, section 3).  Of equally sure options none is the answer.  The scores are
counted on gold edges by `python -m benchmarks.clutrr FILE`: how often what a default helps to prove is what
is expected.  They were counted on the validation file itself, which is evaluated.  Counted on two halves
of 1,943 of its items they differ by up to 0.04, and each half's give as many right answers on the other.
With gold forms the choice is right for 21 of 36 items, little more than a coin; it helps where a misread
sentence proves options beside the right one.  So the confidence of what is chosen is multiplied by its
share of the sum of all that are proved.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import exp, fsum
from pathlib import Path

from neurosym.errors import InputError, NeurosymError
from neurosym.logic import And, Atom, Const, Equal, Formula, Not, Rule, atoms
from neurosym.parser.mentions import gender_of_name
from neurosym.parser.reading import TextParser
from neurosym.results import hypotheses
from neurosym.solvers import make_solver
from neurosym.syntax import read_theory
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Limits, Proved, Solver

from . import answering
from .families import WORLD, granted, surest
from .suite import HINT, Gold, Item, Json, Option, Outcome, Suite

RELATIONS = (
    "aunt",
    "brother",
    "daughter",
    "daughter-in-law",
    "father",
    "father-in-law",
    "granddaughter",
    "grandfather",
    "grandmother",
    "grandson",
    "husband",
    "mother",
    "mother-in-law",
    "nephew",
    "niece",
    "sister",
    "son",
    "son-in-law",
    "uncle",
    "wife",
)

GENDERS = {"f": "female", "m": "male"}
BY_NAME = 0.98  # the list names only those that hardly anybody of the other gender has

_NAME = re.compile(r"\[([^\[\]]*)\]")
_COLUMNS = ("id", "story", "query", "target_text", "story_edges", "edge_types", "query_edge", "genders")


@dataclass(frozen=True, slots=True)
class Story(Item):
    """An item with the names of those whom its story tells of."""

    people: tuple[str, ...] = ()


def items(path: Path) -> Iterator[Story]:
    """One item a row of the CSV file."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(
            f"cannot be read: {e}", document=str(path), hint="give the CSV file with --data PATH"
        ) from e
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [c for c in _COLUMNS if c not in (rows.fieldnames or ())]:
        raise InputError(
            f"expected columns {', '.join(_COLUMNS)}; {missing[0]!r} is missing",
            document=str(path),
            hint=HINT,
        )
    for row in rows:
        yield _item(row, path, rows.line_num)


def background(item: Item) -> tuple[Claim, ...]:
    """Kinship, and what the families of this benchmark take for granted."""
    return granted()


def answer(item: Item, reader: TextParser | None, solver: Solver, min_score: float) -> Outcome:
    """As items are answered everywhere; of several options that are proved, the surest is taken."""
    theories: list[Theory] = []

    def kept(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
        theories.append(prepare(theory, item, goals))
        return theories[-1]

    usual = Suite("clutrr", items, background, kept, None)
    found = answering.answer(item, usual, reader, solver, min_score)
    several = [o for o in item.options if o.label in found.said.split(", ")]
    if len(several) < 2:
        return found
    began = time.perf_counter()
    sure = {o.label: surest(theories[0], o.goal, solver) for o in several}
    able = [o for o in several if sure[o.label][0] == max(sure.values())[0]]
    first, *others = sorted(able, key=lambda o: sure[o.label], reverse=True)
    chosen = (found.solve or 0.0) + time.perf_counter() - began
    if others and sure[first.label] == sure[others[0].label]:
        return replace(found, solve=chosen)
    again = answering.answer(replace(item, options=(first,)), usual, reader, solver, min_score)
    share = 1.0 / fsum(exp(sure[o.label][1] - sure[first.label][1]) for o in able)
    less = ", ".join(
        f"{o.label} ({exp(sure[o.label][1]):.3g}{'' if o in able else ', from what cannot be'})"
        for o in several
        if o is not first
    )
    note = f"surest of several: {first.label} ({exp(sure[first.label][1]):.3g}); proved too: {less}"
    return replace(
        again,
        parse=found.parse + again.parse,
        solve=chosen + (again.solve or 0.0),
        check=(found.check or 0.0) + (again.check or 0.0),
        confidence=None if again.confidence is None else again.confidence * share,
        notes=(*again.notes, note),
    )


def strengths(path: Path, solver: Solver) -> dict[str, tuple[int, int]]:
    """For each default, of the options proved with it from gold edges: the expected ones and the others."""
    defaults = {c.label for c in read_theory(WORLD, "families").claims}
    found = {c.label: [0, 0] for c in granted() if c.label in defaults}
    for item in items(path):
        if item.gold is None:
            continue
        theory = Theory((*item.gold.claims, *granted()))
        goals = {o.label: o.goal for o in item.options if o.goal is not None}
        theory = prepare(theory, item, tuple(goals.values()))
        for label, goal in goals.items():
            verdict = solver.solve(theory, goal, Limits())
            for used in hypotheses(verdict) if isinstance(verdict, Proved) else ():
                if used in found:
                    found[used][label != item.expected] += 1
    return {label: (right, wrong) for label, (right, wrong) in sorted(found.items())}


def _apart(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Claims of sentences that say several things, one for each, so that a proof names what it uses."""
    for c in claims:
        if isinstance(c.source, Span) and isinstance(c.formula, And):
            yield from (
                replace(c, label=f"{c.label} #{n}", formula=f) for n, f in enumerate(c.formula.parts, 1)
            )
        else:
            yield c


def prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
    """The rules that matter to the story and the goals, and what the names of its people say.

    People of different names are different people, and where the story leaves somebody's gender to
    the name ("Ann and her brother": is Ann a sister?), it is that of most people so named.
    """
    theory = replace(theory, claims=tuple(_apart(theory.claims)))
    people = item.people if isinstance(item, Story) else ()
    apart = tuple(
        Claim(f"apart {a} {b}", Not(Equal(Const(a), Const(b))), Axiom("names", 0, ""))
        for a, b in combinations(sorted(people), 2)
    )
    ours = {c.label for c in granted()}
    told = [a for c in theory.claims if c.label not in ours for a in atoms(c.formula)]
    known = {
        t.name
        for a in told
        for n, t in enumerate(a.args)
        if (a.pred, n) in _gendered()
        if isinstance(t, Const)
    }
    named = tuple(
        Claim(
            f"given name {p}", Atom(GENDERS[g], (Const(p),)), Axiom("names", 0, "by the given name"), BY_NAME
        )
        for p in sorted(people)
        if p not in known and (g := gender_of_name(p)) in GENDERS
    )
    claims = (*theory.claims, *named)
    return replace(theory, claims=(*_relevant(claims, goals), *apart))


def _relevant(claims: tuple[Claim, ...], goals: tuple[Formula, ...]) -> tuple[Claim, ...]:
    """What is told, with the rules that it can set off and that may lead to a goal.

    The others prove nothing here, and every model that shows a relation not to follow would have to
    obey them too.
    """
    ours = {c.label for c in granted()}
    told = {a.pred for c in claims if c.label not in ours for a in atoms(c.formula)}
    rules: list[tuple[str, set[str], set[str]]] = []
    for c in claims:
        if c.label in ours:
            first, *rest = (a.pred for a in atoms(c.formula))
            if isinstance(c.formula, Rule):
                rules.append((c.label, {first}, set(rest)))
            elif first in told:  # another word for the relation
                rules.append((c.label, {first, *rest}, {first}))
    reached = set(told)
    while more := {h for _, heads, body in rules if body <= reached for h in heads} - reached:
        reached |= more
    rules = [r for r in rules if r[2] <= reached]
    wanted = {a.pred for g in goals for a in atoms(g)}
    while more := {b for _, heads, body in rules if heads & wanted for b in body} - wanted:
        wanted |= more
    kept = {label for label, heads, _ in rules if heads & wanted}
    return tuple(c for c in claims if c.label not in ours or c.label in kept)


def goal_of(relation: str, whose: str, who: str) -> Atom:
    """`who` is the `relation` of `whose`."""
    return Atom(relation.replace("-", "_"), (Const(who), Const(whose)))


@cache
def _gendered() -> frozenset[tuple[str, int]]:
    """The places of words that say a gender of who stands there: (brother, 0), (husband, 1), ..."""
    found = {("male", 0), ("female", 0)}
    steps: list[tuple[Atom, Atom]] = []  # what the second says, it says by the first
    for c in granted():
        match tuple(atoms(c.formula)):
            case (head, body):
                steps += [(head, body)] if isinstance(c.formula, Rule) else [(head, body), (body, head)]
    while (
        more := {
            (body.pred, n)
            for head, body in steps
            for n, v in enumerate(body.args)
            for m, w in enumerate(head.args)
            if v == w and (head.pred, m) in found
        }
        - found
    ):
        found |= more
    return frozenset(found)


def _item(row: dict[str, str], path: Path, line: int) -> Story:
    def fail(message: str) -> InputError:
        return InputError(message, document=str(path), line=line, hint=HINT)

    def value(column: str) -> Json:
        try:
            return ast.literal_eval(row[column])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as e:
            raise fail(f"column {column!r} cannot be read: {row[column]!r}") from e

    def pair(found: Json, column: str) -> tuple[Json, Json]:
        if not isinstance(found, tuple) or len(found) != 2:
            raise fail(f"column {column!r}: expected a pair, found {found!r}")
        return found

    if any(row[c] is None for c in _COLUMNS):
        raise fail("the row is too short")
    people = tuple(p.partition(":")[0].strip() for p in row["genders"].split(","))

    def name(index: Json, column: str) -> str:
        if not isinstance(index, int) or not 0 <= index < len(people):
            raise fail(f"column {column!r}: there is no person {index!r} among {', '.join(people)}")
        return people[index]

    edges, kinds = value("story_edges"), value("edge_types")
    if not isinstance(edges, list) or not isinstance(kinds, list) or len(edges) != len(kinds) or not edges:
        raise fail("expected as many edge types as edges, and at least one")
    asked = pair(value("query"), "query")
    ends = pair(value("query_edge"), "query_edge")
    whose, who = (name(i, "query_edge") for i in ends)
    if (whose, who) != asked:
        raise fail(f"the query asks of {asked}, and the query edge of {(whose, who)}")
    if unknown := [k for k in (*kinds, row["target_text"]) if k not in RELATIONS]:
        raise fail(f"unknown relation {unknown[0]!r}; there are {', '.join(RELATIONS)}")
    claims = []
    for n, (edge, kind) in enumerate(zip(edges, kinds, strict=True), 1):
        of, one = (name(i, "story_edges") for i in pair(edge, "story_edges"))
        claims.append(Claim(f"edge {n}", goal_of(kind, of, one), Axiom(path.name, line, "")))
    return Story(
        row["id"],
        _NAME.sub(r"\1", row["story"]),
        f"How is {who} related to {whose}?",
        row["target_text"],
        group=f"{len(edges)} hops",
        gold=Gold(tuple(claims), goal_of(row["target_text"], whose, who)),
        options=tuple(Option(r, goal=goal_of(r, whose, who)) for r in RELATIONS),
        partial_reading_ok=True,
        people=tuple(sorted(set(people))),
    )


def main(arguments: Sequence[str]) -> int:
    """Print the counts of each default, and its score by the rule of succession."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.clutrr FILE", file=sys.stderr)
        return 2
    try:
        with closing(make_solver("auto")) as solver:
            for default, (good, bad) in strengths(Path(arguments[0]), solver).items():
                print(f"{default:26} {good:5} {bad:4}  {(good + 1) / (good + bad + 2):.3f}")
    except NeurosymError as e:
        print(f"clutrr: {e}", file=sys.stderr)
        return e.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

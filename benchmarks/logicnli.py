"""LogicNLI (Tian et al. 2021): facts and rules about people, four labels, with gold forms.

Knows the layout of the data.  Must not know how verdicts are found.  `path` is one
`*_logic.json`, or a folder of them; the sentences stand in the `*_language.json` beside it.

The labels follow forward chaining over positive and negative literals without contraposition
(`Semantics.CHAINING`): entailment, contradiction, neutral, and self_contradiction where the
statement and its opposite are both derivable.  How the forms are read:

- `all` in body and head is one universal variable, `exist` in a body an existential one (two
  parts under `and` speak of one person), names are constants, `equ` is `<->`;
- `all` in a body whose head names people means everyone whom the case names.  Chaining knows
  no universal bodies, so such a rule is written as several: `fits` holds of whoever meets the
  condition, and the heads follow where it holds of each of them.

Of the 2,000 statements of the development part, 10 have another label than this reading gives
(cases 4, 10, 21, 30, 46 and 84).  In each of these cases the labels are those of the same theory
with one rule `exist A and B` left out, or with the sign of A or of B turned round: they were made
without looking for one person who is both.  No rule here follows them in that.

What a parser reads has other shapes than the gold forms and says the same; `prepare` turns it
into rules by the same reading, whatever the sentence was (`chained`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import assert_never

from neurosym.errors import InputError
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Or,
    Rule,
    Statement,
    Var,
    Xor,
    atoms,
    free_vars,
    ground_terms,
    rules_of,
)
from neurosym.theory import Axiom, Claim, Semantics, Theory

from .suite import HINT, Gold, Item, Json, field, read_json

EXPECTED = {
    "entailment": "proved",
    "contradiction": "disproved",
    "neutral": "unknown",
    "self_contradiction": "both",
}
X = Var("x")
ANYONE = ("all", "exist")
PERSON = "person"


def items(path: Path) -> Iterator[Item]:
    files = sorted(path.glob("*_logic.json")) if path.is_dir() else [path]
    for file in files:
        cases = read_json(file)
        beside = file.with_name(file.name.replace("_logic", "_language"))
        texts = read_json(beside) if beside != file and beside.exists() else {}
        if not isinstance(cases, dict):
            raise InputError("expected an object of cases", document=str(file), hint=HINT)
        for name, case in cases.items():
            yield from _items(file, name, case, texts.get(name) if isinstance(texts, dict) else None)


def _items(file: Path, name: str, case: Json, told: Json) -> Iterator[Item]:
    where = f"case {name}"
    claims = tuple(_claims(case, file, where))
    labels = field(case, "labels", file, where)
    sentences = {k: field(told, k, file, where) if told else [] for k in ("facts", "rules", "statements")}
    text = " ".join([*sentences["facts"], *sentences["rules"]])
    questions = dict(enumerate(sentences["statements"]))
    for n, (key, statement) in enumerate(_entries(case, "statements", file, where)):
        place = f"{where}, statement {key}"
        label = field(labels, key, file, place)
        if label not in EXPECTED:
            raise InputError(f"{place}: unknown label {label!r}", document=str(file), hint=HINT)
        yield Item(
            f"{file.stem.removesuffix('_logic')}/{name}/{key}",
            text,
            str(questions.get(n, "")),
            EXPECTED[label],
            group=label,
            semantics=Semantics.CHAINING,
            partial_reading_ok=True,  # what is derived from a part of the rules is derived from all
            gold=Gold(claims, _literal(statement, file, place)),
        )


def _claims(case: Json, file: Path, where: str) -> Iterator[Claim]:
    source = Axiom(file.name, 0, where)
    people: set[str] = set()
    for key, fact in _entries(case, "facts", file, where):
        literal = _literal(fact, file, f"{where}, fact {key}")
        people.add(str(fact[0]))
        yield Claim(f"fact {key}", literal, source)
    rules = list(_entries(case, "rules", file, where))
    for key, rule in rules:
        place = f"{where}, rule {key}"
        for side in (field(rule, name, file, place) for name in "pq"):
            people |= {
                t.name for a in atoms(_side(side, file, place)) for t in a.args if isinstance(t, Const)
            }
    for key, rule in rules:
        place = f"{where}, rule {key}"
        for i, f in enumerate(_formulas(rule, f"fits {key}", sorted(people), file, place)):
            yield Claim(f"rule {key}" + (f" part {i + 1}" if i else ""), f, source)


def _entries(case: Json, name: str, file: Path, where: str) -> list[tuple[str, Json]]:
    found = field(case, name, file, where)
    if not isinstance(found, dict):
        raise InputError(f"{where}: expected {name!r} to be an object", document=str(file), hint=HINT)
    return list(found.items())


def _formulas(rule: Json, fits: str, people: list[str], file: Path, place: str) -> Iterator[Formula]:
    p, q = field(rule, "p", file, place), field(rule, "q", file, place)
    kind = field(rule, "type", file, place)
    left, right = _side(p, file, place), _side(q, file, place)
    who, whom = ({_who(f, file, place) for f in side["fact"]} & set(ANYONE) for side in (p, q))
    match kind, sorted(who), sorted(whom):
        case "imp", [], []:
            yield Implies(left, right)
        case "equ", [], []:
            yield Iff(left, right)
        case "imp", ["all"], ["all"]:
            yield Forall((X,), Implies(left, right))
        case "equ", ["all"], ["all"]:
            yield Forall((X,), Iff(left, right))
        case "imp", ["exist"], []:
            yield Implies(Exists((X,), left), right)
        case "imp", ["all"], []:
            yield Implies(And(tuple(Atom(fits, (Const(one),)) for one in people)), right)
            yield Forall((X,), Implies(left, Atom(fits, (X,))))
        case _:
            raise InputError(f"{place}: unknown form", document=str(file), hint=HINT)


def _side(side: Json, file: Path, place: str) -> Formula:
    """The literals of one side of a rule, joined; `all` and `exist` are the variable X."""
    facts = field(side, "fact", file, place)
    parts = tuple(_literal(f, file, place) for f in facts)
    match field(side, "conj", file, place), len(parts):
        case "none", 1:
            return parts[0]
        case "and", _:
            return And(parts)
        case "or", _:
            return Or(parts)
        case conj, n:
            raise InputError(f"{place}: {n} literals joined by {conj!r}", document=str(file), hint=HINT)


def _literal(fact: Json, file: Path, place: str) -> Atom | Not:
    """[name, adjective, sign, ...]; for `all` and `exist` of the variable X."""
    who = _who(fact, file, place)
    atom = Atom(fact[1], (X if who in ANYONE else Const(who),))
    return atom if fact[2] == "+" else Not(atom)


def _who(fact: Json, file: Path, place: str) -> str:
    match fact:
        case [str(who), str(), "+" | "-", *_]:
            return who
        case _:
            raise InputError(f"{place}: expected [name, adjective, + or -]", document=str(file), hint=HINT)


# --- readings as rules ------------------------------------------------------------------------


def prepare(theory: Theory, item: Item, goals: tuple[Formula, ...]) -> Theory:
    """The readings as rules for chaining.  Everyone whom the case names is a person."""
    people = _named(c.formula for c in theory.claims)
    claims: list[Claim] = []
    for c in theory.claims:
        said: list[Statement] = [c.formula]
        if not isinstance(c.formula, Rule) and rules_of(c.formula) is None:
            said = [*chained(c.formula, f"fits {c.label}", people)]
        claims += [
            replace(c, label=f"{c.label} part {i}" if i > 1 else c.label, formula=f)
            for i, f in enumerate(said, 1)
        ]
    if any(a.pred == PERSON and len(a.args) == 1 for c in claims for a in atoms(c.formula)):
        everyone = _named((*(c.formula for c in theory.claims), *goals))
        source = Axiom(item.id, 0, "everyone whom the case names is a person")
        claims += [Claim(f"person {one.name}", Atom(PERSON, (one,)), source) for one in everyone]
    return replace(theory, claims=tuple(claims))


def chained(f: Formula, fits: str, people: tuple[Const, ...]) -> list[Formula]:
    """What `f` says, as formulas that chaining takes as rules.

    An equivalence is its two directions, negation goes inwards, and "everyone" in a condition means all
    of `people`, by predicates of its own that are called `fits` and a number.  A conclusion that
    is a disjunction lets nothing be derived by chaining and is left out; one that is no rule for
    another reason stays as it is.
    """
    made: list[Formula] = []
    rules = [_closed(Implies(And(body), head) if body else head) for body, head in _parts(f, ())]
    return [_without_everyone(r, fits, people, made) for r in rules] + made


def _parts(f: Formula, body: tuple[Formula, ...]) -> Iterator[tuple[tuple[Formula, ...], Formula]]:
    """Conditions and what they lead to; the variables are universal."""
    match f:
        case Forall(_, inner):
            yield from _parts(inner, body)
        case And(parts):
            for p in parts:
                yield from _parts(p, body)
        case Implies(a, b):
            yield from _parts(b, (*body, inward(a)))
        case Iff(a, b):
            yield from _parts(Implies(a, b), body)
            yield from _parts(Implies(b, a), body)
        case Not(Atom() | Equal() | Less()) | Atom() | Equal() | Less() | Exists():
            yield body, f
        case Not(inner):
            yield from _parts(inward(inner, False), body)
        case Or() | Xor():
            return
        case _:
            assert_never(f)


def inward(f: Formula, holds: bool = True) -> Formula:
    """`f`, or its negation where not `holds`, with `not` before atoms only, without `->`, `<->`, `xor`."""
    match f:
        case Not(body):
            return inward(body, not holds)
        case And(parts) | Or(parts):
            node = And if isinstance(f, And) == holds else Or
            return node(tuple(inward(p, holds) for p in parts))
        case Implies(a, b):
            return inward(Or((Not(a), b)), holds)
        case Iff(a, b) | Xor(a, b):
            same = isinstance(f, Iff) == holds
            return Or((And((inward(a), inward(b, same))), And((inward(a, False), inward(b, not same)))))
        case Forall(vs, body) | Exists(vs, body):
            return (Forall if isinstance(f, Forall) == holds else Exists)(vs, inward(body, holds))
        case Atom() | Equal() | Less():
            return f if holds else Not(f)
        case _:
            assert_never(f)


def _without_everyone(f: Formula, fits: str, people: tuple[Const, ...], made: list[Formula]) -> Formula:
    """`f` with each `forall` in its condition put as `fits` of all people; how that holds goes to `made`."""

    def put(g: Formula) -> Formula:
        match g:
            case And(parts) | Or(parts):
                return type(g)(tuple(put(p) for p in parts))
            case Exists(vs, body):
                return Exists(vs, put(body))
            case Forall(vs, body):
                meets, about = put(body), free_vars(g)
                name = f"{fits} {len(made) + 1}"
                made.append(_closed(Implies(meets, Atom(name, (*about, *vs)))))
                each = product(people, repeat=len(vs))
                return And(tuple(Atom(name, (*about, *one)) for one in each))
            case _:
                return g

    match f:
        case Forall(vs, body):
            return Forall(vs, _without_everyone(body, fits, people, made))
        case Implies(a, b):
            return Implies(put(a), b)
        case _:
            return f


def _closed(f: Formula) -> Formula:
    return Forall(free, f) if (free := free_vars(f)) else f


def _named(statements: Iterable[Statement]) -> tuple[Const, ...]:
    return tuple(t for t in ground_terms(statements) if isinstance(t, Const))

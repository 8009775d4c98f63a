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
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError
from neurosym.logic import And, Atom, Const, Exists, Forall, Formula, Iff, Implies, Not, Or, Term, Var
from neurosym.theory import Axiom, Claim, Semantics

from .suite import HINT, Gold, Item, Json, field, read_json

EXPECTED = {
    "entailment": "proved",
    "contradiction": "disproved",
    "neutral": "unknown",
    "self_contradiction": "both",
}
X = Var("x")
ANYONE = ("all", "exist")


def items(path: Path) -> Iterator[Item]:
    files = sorted(path.glob("*_logic.json")) if path.is_dir() else [path]
    for file in files:
        cases = read_json(file)
        beside = file.with_name(file.name.replace("_logic", "_language"))
        texts = read_json(beside) if beside != file and beside.exists() else {}
        if not isinstance(cases, dict):
            raise InputError("expected an object of cases", document=str(file), hint=HINT)
        for name, case in cases.items():
            yield from _items(file, name, case, texts.get(name))


def _items(file: Path, name: str, case: Json, told: Json) -> Iterator[Item]:
    where = f"case {name}"
    claims = tuple(_claims(case, file, where))
    labels = field(case, "labels", file, where)
    text = " ".join([*told["facts"], *told["rules"]]) if told else ""
    for n, (key, statement) in enumerate(field(case, "statements", file, where).items()):
        place = f"{where}, statement {key}"
        label = field(labels, key, file, place)
        if label not in EXPECTED:
            raise InputError(f"{place}: unknown label {label!r}", document=str(file), hint=HINT)
        yield Item(
            f"{file.stem.removesuffix('_logic')}/{name}/{key}",
            text,
            told["statements"][n] if told else "",
            EXPECTED[label],
            group=label,
            semantics=Semantics.CHAINING,
            gold=Gold(claims, _literal(statement, Const(str(statement[0])), file, place)),
        )


def _claims(case: Json, file: Path, where: str) -> Iterator[Claim]:
    source = Axiom(file.name, 0, where)
    facts, rules = field(case, "facts", file, where), field(case, "rules", file, where)
    for key, fact in facts.items():
        literal = _literal(fact, Const(str(fact[0])), file, f"{where}, fact {key}")
        yield Claim(f"fact {key}", literal, source)
    people = sorted(set(_people(facts, rules)))
    for key, rule in rules.items():
        place = f"{where}, rule {key}"
        for i, f in enumerate(_formulas(rule, f"fits {key}", people, file, place)):
            yield Claim(f"rule {key}" + (f" part {i + 1}" if i else ""), f, source)


def _people(facts: Json, rules: Json) -> Iterator[str]:
    yield from (str(f[0]) for f in facts.values())
    for r in rules.values():
        yield from (str(f[0]) for side in "pq" for f in r[side]["fact"] if f[0] not in ANYONE)


def _formulas(rule: Json, fits: str, people: list[str], file: Path, place: str) -> Iterator[Formula]:
    p, q = field(rule, "p", file, place), field(rule, "q", file, place)
    kind = field(rule, "type", file, place)
    left, right = _side(p, file, place), _side(q, file, place)
    who, whom = ({f[0] for f in side["fact"]} & set(ANYONE) for side in (p, q))
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
    parts = tuple(
        _literal(f, X if f[0] in ANYONE else Const(str(f[0])), file, place) for f in facts
    )
    match field(side, "conj", file, place), len(parts):
        case "none", 1:
            return parts[0]
        case "and", _:
            return And(parts)
        case "or", _:
            return Or(parts)
        case conj, n:
            raise InputError(f"{place}: {n} literals joined by {conj!r}", document=str(file), hint=HINT)


def _literal(fact: Json, who: Term, file: Path, place: str) -> Atom | Not:
    """[name, adjective, sign, ...]."""
    match fact:
        case [_, str(adjective), "+", *_]:
            return Atom(adjective, (who,))
        case [_, str(adjective), "-", *_]:
            return Not(Atom(adjective, (who,)))
        case _:
            raise InputError(
                f"{place}: expected [name, adjective, + or -]", document=str(file), hint=HINT
            )

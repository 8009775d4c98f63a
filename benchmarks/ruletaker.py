"""RuleTaker (Clark, Tafjord & Richardson 2020): the public generator's JSON lines, closed world.

Facts and rules stand as data, so this suite also runs with gold forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError
from neurosym.logic import Atom, Const, Not, Rule, Term, Var
from neurosym.theory import Axiom, Claim

from .suite import Gold, Item, Json, Trained, field, read_json_lines

_SAMPLE = ("*sample*",)
_INSTEAD = (
    "For sentences of theories kept out, train `ruletaker_control.toml` and run "
    "`python -m benchmarks.ruletaker_forms FILE --part dev` with its model."
)
TRAINED = (
    Trained("rt.jsonl", "all sentences of the 247 theories of the generator's sample", _INSTEAD, _SAMPLE),
    Trained("rt_train.jsonl", "sentences of three quarters of that sample's theories", _INSTEAD, _SAMPLE),
)


def items(path: Path) -> Iterator[Item]:
    for n, row in enumerate(read_json_lines(path), 1):
        place = f"item {n}"
        instance = field(row, "theory_assertion_instance", path, place)
        theory = field(instance, "theory", path, place)
        text = field(row, "english", path, place)
        document = path.name
        claims = [
            Claim(f"fact {i}", _literal(f, path, place), Axiom(document, n, ""))
            for i, f in enumerate(field(theory, "facts", path, place), 1)
        ]
        for i, r in enumerate(field(theory, "rules", path, place), 1):
            body = tuple(_literal(b, path, place) for b in field(r, "lhs", path, place))
            head = _literal(field(r, "rhs", path, place), path, place)
            claims.append(Claim(f"rule {i}", Rule(head, body), Axiom(document, n, "")))
        yield Item(
            field(row, "id", path, place),
            " ".join(field(text, "theory_statements", path, place)),
            field(text, "assertion_statement", path, place),
            "proved" if field(instance, "label", path, place) else "disproved",
            group=f"depth {instance.get('min_proof_depth')}",
            closed_world=True,
            gold=Gold(tuple(claims), _literal(field(instance, "assertion", path, place), path, place)),
        )


def _literal(fact: Json, path: Path, place: str) -> Atom | Not:
    atom = Atom(
        field(fact, "predicate", path, place), tuple(_term(a) for a in field(fact, "arguments", path, place))
    )
    match field(fact, "polarity", path, place):
        case "+":
            return atom
        case "-" | "~":
            return Not(atom)
        case other:
            raise InputError(f"{place}: unknown polarity {other!r}", document=str(path))


def _term(text: str) -> Term:
    return Const(text.strip("'")) if text.startswith("'") else Var(text)

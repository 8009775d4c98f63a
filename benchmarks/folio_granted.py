"""What the stories of FOLIO take for granted and their annotators left out of the formulas.

Two things, each a claim of its own that stands in the proofs that rest on it:

- sorts: where a story speaks of planes throughout ("planes in the fleet are old"), everything it
  names is a plane; that people are persons needs no story;
- that there are things of the kind that a general question is about (existential import).

Which predicates mean the same is another question (folio_links.py).

Knows formulas.  Must not know FOLIO's data or labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from neurosym.logic import (
    And,
    Atom,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Rule,
    Term,
    Var,
    Xor,
    free_vars,
)
from neurosym.theory import Axiom, Claim, Theory

from .folio_chunks import of_part

ANYONE = frozenset({"person", "thing", "human_being", "individual"})
X = Var("x")


def granted(theory: Theory, goals: Sequence[Formula]) -> list[Claim]:
    """Claims about sorts and about what the goals speak of."""
    told = [c.formula for c in theory.claims if not isinstance(c.formula, Rule)]
    claims = [
        Claim(
            f"granted: {p}",
            Forall((X,), Atom(p, (X,))),
            Axiom("granted", 0, f"everything spoken of is a {p}"),
        )
        for p in sorts(told, goals)
    ]
    kinds = dict.fromkeys(k for g in goals for k in _kinds(g, True))
    claims += [
        Claim(f"granted: some {i}", k, Axiom("granted", 0, "there are such things as the question is about"))
        for i, k in enumerate(kinds, 1)
    ]
    return claims


def sorts(told: Sequence[Formula], goals: Sequence[Formula]) -> list[str]:
    """The predicates that say what kind of thing a story is about, and nothing else, sorted.

    They limit what "all", "no" or "some" speak of, at least once beside another condition, in two
    sentences or more; or a sentence says of all of them that they are this or that.  They are never
    concluded, denied or asked.
    """
    beside: set[str] = set()
    limits: dict[str, set[int]] = defaultdict(set)
    said: set[str] = set()
    for i, f in enumerate([*told, *goals]):
        for name, place in _places(f, "said", False):
            match place:
                case "said":
                    said.add(name)
                case "beside":
                    beside.add(name)
                    limits[name].add(i)
                case _:
                    limits[name].add(i)
    plain = {p for p in limits if p in ANYONE} | {p for p in beside if len(limits[p]) > 1}
    plain |= {p for f in told for p in _domains(f)}
    return sorted(p for p in plain - said if _noun(p))


def _noun(name: str) -> bool:
    """Is it a noun or a compound of two?"""
    words = name.split("_")
    return len(words) <= 2 and all(of_part(w, "NOUN") for w in words)


def _domains(f: Formula) -> Iterator[str]:
    """The noun of "planes are either old or new"."""
    match f:
        case Forall(_, Implies(Atom(pred, (_,)), Or() | Xor())):
            yield pred
        case _:
            return


def _places(f: Formula, alone: str, company: bool) -> Iterator[tuple[str, str]]:
    """Each unary predicate with how it stands: "said", "beside" a conjunct about the same, as a "limit".

    `alone` is what a predicate is without company.
    """
    match f:
        case Atom(pred, (_,)):
            yield pred, "beside" if company else alone
        case And(parts):
            about = [_about(p) for p in parts]
            for p, terms in zip(parts, about, strict=True):
                shared = sum(bool(terms & other) for other in about) > 1
                # a noun with what is said of the same thing: "a plane in the fleet", "a slow runner"
                noun = isinstance(p, Atom) and _noun(p.pred)
                if not (noun and shared and alone == "said" and not free_vars(p)):
                    yield from _places(p, "said" if shared else alone, shared and noun)
        case Implies(a, b):
            yield from _places(a, "limit", False)
            yield from ((p, place if p in ANYONE else "said") for p, place in _places(b, alone, False))
        case Forall(_, body):
            yield from _places(body, alone, False)
        case Exists(_, And((Atom(pred, (_,)), *rest))) if _noun(pred):
            # "some pets are rabbits": the first is what "some" speaks of, the rest is said
            for p in rest:
                yield from ((n, "said") for n, _ in _places(p, alone, False))
        case Exists(_, body):
            yield from _places(body, alone, False)
        case Not(body):
            yield from ((p, place if p in ANYONE else "said") for p, place in _places(body, alone, company))
        case Or(parts):
            for p in parts:
                yield from _places(p, alone, False)
        case Xor(a, b) | Iff(a, b):
            yield from _places(a, alone, False)
            yield from _places(b, alone, False)
        case _:
            return


def _about(f: Formula) -> set[Term]:
    match f:
        case Atom(_, args):
            return set(args)
        case _:
            return set(free_vars(f))


def _kinds(f: Formula, positive: bool) -> Iterator[Formula]:
    """What a general statement is about: the condition of `forall x. p(x) -> ...`, as `exists x. p(x)`."""
    match f:
        case Forall(vs, Implies(a, _)):
            yield Exists(vs, a)
        case Not(body):
            yield from _kinds(body, not positive)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _kinds(p, positive)
        case Implies(a, b) | Xor(a, b) | Iff(a, b):
            yield from _kinds(a, positive)
            yield from _kinds(b, positive)
        case _:
            return

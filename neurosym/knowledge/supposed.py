"""What a text takes for granted without a word: the sort of things that it speaks of, and that there are any.

    sorts       where a text speaks of barges throughout ("barges in the dock are old") and says of nothing
                that it is a barge, whatever it names is one; that people are persons needs no text
    existence   that there are things of the kind that a general question is about (existential import)

Each is a claim of its own with a score, and stands in the proofs that rest on it.

Knows formulas and WordNet's words.  Must not know theories or how sentences are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from neurosym.knowledge.thesaurus import Words
from neurosym.logic import (
    And,
    Atom,
    Const,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Term,
    Var,
    Xor,
    atoms,
    free_vars,
)

ANYONE = frozenset({"person", "thing", "human_being", "individual", "people"})
X = Var("x")
ANYBODY = 0.95
SORT = 0.85
ONCE = 0.6  # of what a single sentence limits so
EXISTS = 0.9


def supposed(
    told: Sequence[Formula], goals: Sequence[Formula], net: Words, *, bold: bool = False
) -> list[tuple[Formula, float, str]]:
    """What is taken for granted, how surely, and in words; sorts by name, then what the goals are about."""
    named = any(isinstance(t, Const) for f in (*told, *goals) for a in atoms(f) for t in a.args)
    found = sorts(told, goals, net, bold=bold) if named else []  # a text of kinds alone has no things
    out: list[tuple[Formula, float, str]] = [
        (Forall((X,), Atom(p, (X,))), score, f"everything spoken of is a {p.replace('_', ' ')}")
        for p, score in found
    ]
    kinds = dict.fromkeys(k for g in goals for k in _kinds(g))
    out += [(k, EXISTS, "there are such things as the question is about") for k in kinds]
    return out


def sorts(
    told: Sequence[Formula], goals: Sequence[Formula], net: Words, *, bold: bool = False
) -> list[tuple[str, float]]:
    """The predicates that say what kind of thing a text is about, and nothing else, by name, with scores.

    They limit what "all", "no" or "some" speak of, at least once beside another condition, in two
    sentences or more; or a sentence says of all of them that they are this or that.  They are never
    concluded, denied or asked.  bold: one sentence is enough.
    """
    beside: set[str] = set()
    limits: dict[str, set[int]] = defaultdict(set)
    said: set[str] = set()
    for i, f in enumerate([*told, *goals]):
        for name, place in _places(f, "said", False, net):
            match place:
                case "said":
                    said.add(name)
                case _ if i >= len(told):
                    pass  # a question limits nothing that the text speaks of
                case "beside":
                    beside.add(name)
                    limits[name].add(i)
                case _:
                    limits[name].add(i)
    plain = (
        {p for p in limits if p in ANYONE}
        | {p for p in beside if bold or len(limits[p]) > 1}
        | {p for f in told for p in _domains(f)}
    )
    return sorted(
        (p, ANYBODY if p in ANYONE else SORT if len(limits[p]) > 1 else ONCE)
        for p in plain - said
        if _noun(p, net)
    )


def _noun(name: str, net: Words) -> bool:
    """Is it a noun or a compound of two?"""
    words = name.split("_")
    return len(words) <= 2 and all(_may_be_noun(w, net) for w in words)


def _may_be_noun(word: str, net: Words) -> bool:
    parts = net.parts(word)
    return "noun" in parts or ("verb" in parts and "adj" not in parts and net.net.knows(word, "noun"))


def _domains(f: Formula) -> Iterator[str]:
    """The noun of "barges are either old or new"."""
    match f:
        case Forall(_, Implies(Atom(pred, (_,)), Or() | Xor())):
            yield pred
        case _:
            return


def _places(f: Formula, alone: str, company: bool, net: Words) -> Iterator[tuple[str, str]]:
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
                # a noun with what is said of the same thing: "a barge in the dock", "a slow runner"
                noun = isinstance(p, Atom) and _noun(p.pred, net)
                if not (noun and shared and alone == "said" and not free_vars(p)):
                    yield from _places(p, "said" if shared else alone, shared and noun, net)
        case Implies(a, b):
            yield from _places(a, "limit", False, net)
            yield from ((p, place if p in ANYONE else "said") for p, place in _places(b, alone, False, net))
        case Forall(_, body):
            yield from _places(body, alone, False, net)
        case Exists(_, And((Atom(pred, (_,)), *rest))) if _noun(pred, net):
            # "some pets are rabbits": the first is what "some" speaks of, the rest is said
            for p in rest:
                yield from ((n, "said") for n, _ in _places(p, alone, False, net))
        case Exists(_, body):
            yield from _places(body, alone, False, net)
        case Not(body):
            inner = _places(body, alone, company, net)
            yield from ((p, place if p in ANYONE else "said") for p, place in inner)
        case Or(parts):
            for p in parts:
                yield from _places(p, alone, False, net)
        case Xor(a, b) | Iff(a, b):
            yield from _places(a, alone, False, net)
            yield from _places(b, alone, False, net)
        case _:
            return


def _about(f: Formula) -> set[Term]:
    match f:
        case Atom(_, args):
            return set(args)
        case _:
            return set(free_vars(f))


def _kinds(f: Formula) -> Iterator[Formula]:
    """What a general statement is about: the condition of `forall x. p(x) -> ...`, as `exists x. p(x)`."""
    match f:
        case Forall(vs, Implies(a, _)):
            yield Exists(vs, a)
        case Not(body):
            yield from _kinds(body)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _kinds(p)
        case Implies(a, b) | Xor(a, b) | Iff(a, b):
            yield from _kinds(a)
            yield from _kinds(b)
        case _:
            return

"""Twenty thousand mutated certificates: none is accepted unless what it claims is true.

Every valid certificate of `certificates.EXAMPLES` is written as JSON and changed at random, by seed: labels,
rule and clause numbers, bound terms, premises, conclusions, outcomes, coefficients, lemmas, clauses of a
proof, stages and reasons of models, rows, sizes and strata are altered, exchanged, left out, doubled, swapped
or taken from other certificates. Each mutant is put to the question it was made for, and to a trap: a
question beside it (a claim left out or altered, another goal) whose answer is usually another, so that a
kernel that merely let mutants pass would be caught.

Whether an accepted mutant is right is decided without the kernel (`structures.py`):
- the claimed outcome is right for the theory and the goal: by going through all structures of up to three
  elements, or names near the numerals where it calculates; by computing the well-founded model bottom-up over
  all ground instances; by the proof conditions of defeasible logic;
- in an open world the same holds of the theory cut down to the theorem's hypotheses;
- every step that a derivation rests on is itself true in all structures that satisfy its hypotheses (or in
  the model of the rules);
- a perfect model is the one that iteration finds, literal for literal; a well-founded one lies around it;
- of two models, each is evaluated by other code than the kernel's.
The goal never changes. Only mutants that can be read count: those that are refused for their form are the
business of test_certificate_json.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from certificates import EXAMPLES, Example
from structures import (
    Found,
    Structure,
    classical,
    derivable,
    holds,
    holds_of_numbers,
    kleene,
    numeric,
    right,
    symbols,
    well_founded,
)

from neurosym.certificate import from_json, to_json
from neurosym.errors import CheckError, InputError
from neurosym.kernel import Theorem, check
from neurosym.logic import Formula, formula_of
from neurosym.proof import (
    Certificate,
    Derivation,
    FiniteModel,
    Independence,
    Mixed,
    Model,
    Naf,
    NotDerivable,
    Outcome,
    PerfectModel,
    model_literals,
)
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import CLOSED_WORLD, Semantics, Theory, has_naf

PER_EXAMPLE = 500  # times 41 examples: 20,500 mutants, each put to two questions
PARTS = 8  # so that several processes may share the work
SEED = 20260101

Path = tuple[str | int, ...]


# --- mutating ------------------------------------------------------------------------


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from nodes(child, (*path, key))


def put(root: Any, path: Path, value: Any) -> None:
    for key in path[:-1]:
        root = root[key]
    root[path[-1]] = value


def mutate(rng: random.Random, root: dict[str, Any], pool: dict[str, list[Any]]) -> str:
    """Change one thing in `root`; the answer says what kind of thing."""
    found = [(p, v) for p, v in nodes(root) if p and p[0] in ("outcome", "evidence")]
    path, value = rng.choice(found)
    kind = next((str(k) for k in reversed(path) if isinstance(k, str)), "")
    match value:
        case list() if value and rng.random() < 0.8:
            i, j = rng.randrange(len(value)), rng.randrange(len(value))
            match rng.randrange(4):
                case 0:
                    del value[i]
                case 1:
                    value.insert(j, copy.deepcopy(value[i]))
                case 2:
                    value[i], value[j] = value[j], value[i]
                case _:
                    value.append(copy.deepcopy(rng.choice(pool[f"item of {kind}"])))
        case bool():
            put(root, path, not value)
        case int() if rng.random() < 0.7:
            put(root, path, value + rng.choice((-1, 1, 2, -2)))
        case str() if kind == "outcome":
            put(root, path, rng.choice([o.value for o in Outcome]))
        case dict() if value and rng.random() < 0.3:
            value.pop(rng.choice(sorted(value)), None)
        case _:  # another value that stands at such a place somewhere
            put(root, path, copy.deepcopy(rng.choice(pool[kind])))
    return kind


def pool_of(jsons: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What stands under each key, in all certificates."""
    pool: dict[str, list[Any]] = {}
    for root in jsons:
        for path, value in nodes(root):
            kind = next((str(k) for k in reversed(path) if isinstance(k, str)), "")
            pool.setdefault(kind, []).append(value)
            if isinstance(value, list):
                pool.setdefault(f"item of {kind}", []).extend(value)
    for kind in [k for k in pool if not k.startswith("item of ")]:
        items = pool.setdefault(f"item of {kind}", [])
        items += [0] if not items else []
    return pool


# --- traps ---------------------------------------------------------------------------

Question = tuple[str, str]  # text of a theory, and a goal
ALTERED = {
    "parent(bob, cid)": "parent(cid, bob)",
    "bird(tux)": "mammal(tux)",
    "age(ann, 12)": "age(ann, 18)",
    "man(z)": "mortal(z)",
    "penguin(pingu)": "penguin(tweety)",
    "naf abnormal(?x)": "naf penguin(?x)",
    "not penguin(x)": "penguin(x)",
    "shut(valve)": "stuck(valve)",
    "tea -> hot": "hot -> tea",
    "exists y. forall x. loves(x, y)": "forall x. exists y. loves(y, x)",
    "ann = anna": "ann != anna",
    "f(f(f(a))) = a": "f(f(a)) = a",
    "price(milk) = 1.": "price(cream) = 1.",
    "price(milk) = 1/2": "price(milk) = 2/3",
    "exists x. black(x)": "forall x. black(x)",
    "score(mo) != score(lu)": "score(mo) = score(lu)",
    "a: p.": "a: q.",
    "c: move(q, r)": "c: move(p, r)",
    "not win(y)": "win(y)",
    "naf ill(?x)": "naf stays(?x)",
    "naf goes(?x)": "goes(?x)",
    "width(3/2)": "width(2)",
    "b: y <= z": "b: z <= y",
    "b: 1 <= x": "b: 1/2 <= x",
    "integer(n)": "integer(n + 1/2)",
    "integer(3/2)": "integer(3)",
    "not y < x": "not x < x",
    "x + y = 3": "x - y = 3",
    "a: sold(tea)": "a: sold(milk)",
    "not sold(x) -> kept(x)": "sold(x) -> kept(x)",
    "n: not good(?x)": "n: good(?x)",
    "d: kind(bob)": "d: rude(bob)",
    "b: normally not flies(?x)": "b: not flies(?x)",
    "c: bird(?x) :- penguin(?x)": "c: penguin(?x) :- bird(?x)",
    "prefer a over b": "prefer b over a",
    "d: mean": "d: kind",
}
DIRECTIVES = ("closed ", "semantics ", "prefer ")


@cache
def traps(e: Example) -> tuple[Question, ...]:
    """Questions beside that of `e`: a claim altered, each claim left out, other goals."""
    out = [(e.text.replace(old, new), e.goal) for old, new in ALTERED.items() if old in e.text]
    claims = [c.strip() + "." for line in e.text.split("\n") for c in _statements(line)]
    for i, claim in enumerate(claims):
        if not claim.startswith(DIRECTIVES):
            named = f" {claim.partition(':')[0]} "  # with a claim goes what is preferred to it
            kept = [
                c
                for k, c in enumerate(claims)
                if k != i and not (c.startswith("prefer") and named in f"{c[:-1]} ")
            ]
            out.append(("\n".join(kept), e.goal))
    out += [(e.text, f"not ({e.goal})"), (e.text, "false"), (e.text, f"({e.goal}) and idle")]
    return tuple(out)


def _statements(line: str) -> list[str]:
    """The statements of a line; a dot inside a formula is followed by one space, between claims by two."""
    return [part.rstrip(". ") for part in line.split(".  ") if part.strip()]


# --- judging -------------------------------------------------------------------------


@cache
def theory_of(text: str) -> Theory:
    return read_theory(text)


@cache
def goal_of(text: str) -> Formula:
    return read_formula(text)


@cache
def right_outcomes(text: str, goal: str) -> frozenset[Outcome]:
    return right(theory_of(text), read_formula(goal))


@cache
def entailed(claims: tuple[Formula, ...], f: Formula) -> bool:
    return Outcome.PROVED in outcomes(claims, f)


outcomes = cache(classical)


@cache
def model_of(text: str, goal: str) -> Found | None:
    return well_founded(theory_of(text), read_formula(goal))


def fault(text: str, goal: str, certificate: Certificate, theorem: Theorem) -> str:
    """Why the accepted certificate is wrong, or the empty text."""
    theory, evidence, asked = theory_of(text), certificate.evidence, read_formula(goal)
    if theorem.goal != asked or theorem.outcome is not certificate.outcome:
        return "a theorem of something else"
    if isinstance(evidence, Independence):
        return "" if fits(theory, asked, evidence) else "a model is wrong"
    if theorem.outcome not in right_outcomes(text, goal):
        return f"{theorem.outcome.value} is wrong"
    if theory.semantics is Semantics.DEFEASIBLE:  # its certificates speak of other rules
        return ""
    cited = tuple(c for c in theory.claims if c.label in theorem.hypotheses)
    by_chain = theory.semantics is Semantics.CHAINING and CLOSED_WORLD not in theorem.hypotheses
    if by_chain and theorem.outcome not in right(Theory(cited, semantics=Semantics.CHAINING), asked):
        return "the hypotheses do not suffice"
    absence = theory.closed_world or any(has_naf(c.formula) for c in theory.claims)
    by_rules = absence or theory.semantics is Semantics.CHAINING
    claims = tuple(formula_of(c.formula) for c in cited if not has_naf(c.formula))
    plain = CLOSED_WORLD not in theorem.hypotheses if theory.closed else not by_rules
    if plain and theorem.outcome not in outcomes(claims, asked):
        return "the hypotheses do not suffice"
    if isinstance(evidence, Mixed):
        return ""
    model = evidence.model if isinstance(evidence, Derivation | NotDerivable) else None
    known = (
        model_of(text, goal if theorem.outcome is not Outcome.INCONSISTENT else "false") if by_rules else None
    )
    if model is not None and by_rules and (known is None or not agrees(model, known, evidence)):
        return "not the model of the rules"
    if isinstance(evidence, Derivation):
        for i in resting_on(evidence):
            if not holds_at(evidence.steps[i].conclusion, theory, known, claims):
                return f"step {i} is not true"
    return ""


def agrees(model: Model, known: Found, evidence: object) -> bool:
    """Is it the model that iteration finds?  A well-founded one may say less, but nothing false."""
    true = set(model_literals(model))
    if isinstance(model, PerfectModel):
        return true == known.true == known.possible
    possible = set(model.stages[-1].possible)
    if isinstance(evidence, NotDerivable):
        return true == known.true and possible == known.possible
    return true <= known.true and possible >= known.possible


def holds_at(f: Formula | Naf, theory: Theory, known: Found | None, claims: tuple[Formula, ...]) -> bool:
    """Is what a derivation concludes on its way true?"""
    if isinstance(f, Naf):
        return known is not None and f.body not in known.possible
    if known is None:
        return any(has_naf(c.formula) for c in theory.claims) or entailed(claims, f)
    if known.broken:  # in a world that contradicts itself all is true
        return True
    told = any(c.formula == f for c in theory.claims)
    return told or (kleene(f, known, {}) is True if theory.closed_world else derivable(f, known))


def resting_on(d: Derivation) -> list[int]:
    seen, todo = set[int](), [len(d.steps) - 1]
    while todo:
        if (i := todo.pop()) not in seen:
            seen.add(i)
            todo += d.steps[i].premises
    return sorted(seen)


def fits(theory: Theory, goal: Formula, evidence: Independence) -> bool:
    """Do both models satisfy the theory, and the goal in one only?  By the evaluator of `structures`."""
    claims = [formula_of(c.formula) for c in theory.claims]
    if any(map(numeric, (*claims, goal))):
        return fit_numbers(claims, goal, evidence)
    for model, wanted in ((evidence.holds, True), (evidence.fails, False)):
        s = structure_of(model, [*claims, goal])
        if not all(holds(f, s, model.size) for f in claims) or holds(goal, s, model.size) is not wanted:
            return False
    return True


def fit_numbers(claims: list[Formula], goal: Formula, evidence: Independence) -> bool:
    """As `fits`, where the elements that have names are numbers."""
    for model, wanted in ((evidence.holds, True), (evidence.fails, False)):
        of: dict[int, Fraction] = {e: n for n, e in model.numbers}
        constants = dict(model.constants)
        names = {name: of[constants.get(name, 0)] for name, n in symbols([*claims, goal])[1] if not n}
        true = {
            (p, tuple(of[e] for e in r)) for p, _, rows in model.predicates for r in rows if {*r} <= {*of}
        }
        if not all(holds_of_numbers(f, names, sorted(of.values()), true) for f in claims):
            return False
        if holds_of_numbers(goal, names, sorted(of.values()), true) is not wanted:
            return False
    return True


def structure_of(m: FiniteModel, fs: list[Formula]) -> Structure:
    predicates, functions, numbers = symbols(fs)
    constants, numerals = dict(m.constants), dict(m.numbers)
    # the order of `structures.holds` is that of the indices: numerals take the first ones, in order
    place = {e: i for i, e in enumerate(sorted(range(m.size), key=lambda e: _rank(m, e)))}
    s: Structure = {("n", n): place[numerals[n]] for n in numbers}
    if len(set(s.values())) != len(numbers):
        return {}
    s |= {("f", name, ()): place[constants.get(name, 0)] for name, arity in functions if arity == 0}
    s |= {("f", name, tuple(place[a] for a in args)): place[v] for name, args, v in m.functions}
    true = {(p, tuple(place[e] for e in r)) for p, n, rows in m.predicates for r in rows if n == len(r)
            if all(e in place for e in r)}  # fmt: skip
    for p, n in predicates:
        rows: list[tuple[int, ...]] = [()]
        for _ in range(n):
            rows = [(*r, e) for r in rows for e in range(m.size)]
        s |= {("p", p, r): int((p, r) in true) for r in rows}
    return s


def _rank(m: FiniteModel, e: int) -> tuple[bool, Any]:
    value = next((n for n, x in m.numbers if x == e), None)
    return (value is None, value if value is not None else e)


# --- the tests -----------------------------------------------------------------------


def put_to(text: str, goal: str, data: Any) -> tuple[Certificate, Theorem] | None:
    """The theorem, or None where the certificate is refused."""
    try:
        stated, certificate = from_json(data)
        if stated != read_formula(goal):
            return None
        return certificate, check(theory_of(text), stated, certificate)
    except (InputError, CheckError):
        return None


def readable(data: Any) -> Certificate | None:
    """The certificate, if it is one, so that it comes to the kernel."""
    try:
        return from_json(data)[1]
    except InputError:
        return None


def test_examples_pass_the_oracle() -> None:
    for e in EXAMPLES:
        goal = read_formula(e.goal)
        found = put_to(e.text, e.goal, to_json(goal, e.certificate))
        assert found is not None, e.name
        assert fault(e.text, e.goal, *found) == ""


@cache
def originals() -> tuple[dict[str, Any], ...]:
    return tuple(to_json(read_formula(e.goal), e.certificate) for e in EXAMPLES)


@cache
def pool() -> dict[str, list[Any]]:
    return pool_of(list(originals()))


@pytest.mark.parametrize("part", range(PARTS))
def test_mutants_prove_nothing_false(part: int) -> None:
    count: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    mine = [(e, o) for n, (e, o) in enumerate(zip(EXAMPLES, originals(), strict=True)) if n % PARTS == part]
    for e, original in mine:
        rng = random.Random(f"{SEED} {e.name}")
        beside = traps(e)
        for _ in range(PER_EXAMPLE):
            mutant = copy.deepcopy(original)
            while mutant == original or (certificate := readable(mutant)) is None:
                mutant = copy.deepcopy(original)
                for _ in range(rng.choice((1, 1, 1, 2, 3))):
                    changed[mutate(rng, mutant, pool())] += 1
            count["mutants"] += 1
            # the trap's own goal stands in for that of the mutant: only the evidence has to be forged
            for which, (text, goal) in (("original", (e.text, e.goal)), ("trap", rng.choice(beside))):
                count[f"{which} asked"] += 1
                try:
                    theorem = check(theory_of(text), goal_of(goal), certificate)
                except CheckError:
                    count[f"{which} refused"] += 1
                    continue
                why = fault(text, goal, certificate, theorem)
                assert not why, f"{why}: {e.name}, {text!r}, {goal!r}, {json.dumps(mutant)}"
                count[f"{which} accepted and right"] += 1
    print(dict(count))
    # with the other parts: 20,000 mutants, 40,000 times put to a question
    assert count["mutants"] == PER_EXAMPLE * len(mine)
    assert count["original asked"] == count["trap asked"] == count["mutants"]
    # most changes break a proof; those that do not (a step nobody uses, a row doubled) were judged above
    assert 0 < count["original accepted and right"] < 0.3 * count["original asked"], count
    assert count["trap accepted and right"] < 0.2 * count["trap asked"], count
    assert {"label", "binding", "outcome"} <= {k for k, n in changed.items() if n >= 20}


def test_there_are_twenty_thousand_mutants_of_every_kind() -> None:
    assert PER_EXAMPLE * len(EXAMPLES) >= 20_000
    keys = {str(k) for o in originals() for path, _ in nodes(o) for k in path if isinstance(k, str)}
    assert {
        "rule", "clause", "premises", "steps", "conclusion", "instances", "lemmas", "proof", "atoms", "parts",
        "bound", "stages", "possible", "reasons", "supports", "strata", "holds", "fails", "numbers", "inner",
    } <= keys  # fmt: skip
    kinds = {(type(e.certificate.evidence), e.theory.semantics, e.certificate.outcome) for e in EXAMPLES}
    assert len(kinds) >= 15


def test_wrong_theories_are_refused() -> None:
    """The unchanged certificate, for a theory in which a cited claim is left out or altered."""
    refused = 0
    for e in EXAMPLES:
        for text, goal in traps(e):
            data = {**to_json(read_formula(e.goal), e.certificate), "goal": goal}
            if e.certificate.outcome in right_outcomes(text, goal):
                continue
            refused += 1
            assert put_to(text, goal, data) is None, (e.name, text, goal)
    assert refused >= 60


def test_the_oracle_can_say_no() -> None:
    """Judged against a trap as if it had been accepted, a certificate is called wrong."""
    said = 0
    for e in EXAMPLES:
        for text, goal in traps(e):
            theorem = Theorem(e.certificate.outcome, read_formula(goal), frozenset(e.hypotheses))
            try:
                said += bool(fault(text, goal, e.certificate, theorem))
            except KeyError:  # a model of the original lays down too little for the trap
                said += 1
    assert said >= 80

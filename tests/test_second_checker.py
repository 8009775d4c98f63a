"""A second checker of derivations, in Prolog, agrees with the kernel: on what holds, and on what does not.

`second_checker.pl` was written from docs/certificates.md and shares no code with neurosym.  Every derivation
and every `not-derivable` that the solvers give for the corpus and for the examples below is put to both, and
so are mutants of them; all in one process.  What agrees is the verdict, and what the theorem rests on.
Defeasible theories and closed predicates are left to the kernel: what is compared there is compared inside.
"""

from __future__ import annotations

import copy
import random
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import assert_never

from certificates import EXAMPLES
from conftest import corpus
from forged import FORGED
from test_mutations import mutate, pool_of

from neurosym.certificate import from_json, to_json
from neurosym.errors import CheckError, InputError
from neurosym.kernel import Theorem, check
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
)
from neurosym.proof import (
    Apply,
    Binding,
    By,
    Certificate,
    Compute,
    Conjunction,
    Contradiction,
    Derivation,
    Disjunction,
    Given,
    InModel,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Step,
    Support,
    Witness,
)
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import CLOSED_WORLD, Semantics, Theory, has_naf
from neurosym.verdict import Both, Limits

CHECKER = Path(__file__).with_name("second_checker.pl")
MUTANTS = 700
LIMITS = Limits(seconds=20)

# --- the neutral text ------------------------------------------------------------------------


def name(text: str) -> str:
    """A quoted atom, of whatever characters."""
    return "'" + "".join(c if c.isascii() and c.isalnum() else f"\\x{ord(c):x}\\" for c in text) + "'"


def row(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"


def term(t: Term) -> str:
    match t:
        case Var(v):
            return f"v({name(v)})"
        case Const(c):
            return f"c({name(c)})"
        case Num(value):
            return f"n({value.numerator},{value.denominator})"
        case Fn(f, args):
            return f"f({name(f)},{row(map(term, args))})"
        case _:
            assert_never(t)


def statement(f: Statement | Naf) -> str:
    match f:
        case Atom(pred, args):
            return f"atom({name(pred)},{row(map(term, args))})"
        case Equal(a, b):
            return f"eq({term(a)},{term(b)})"
        case Less(a, b, strict):
            return f"less({term(a)},{term(b)},{'strict' if strict else 'weak'})"
        case Not(body):
            return f"not({statement(body)})"
        case Naf(body):
            return f"naf({statement(body)})"
        case And(parts) | Or(parts):
            return f"{'and' if isinstance(f, And) else 'or'}({row(map(statement, parts))})"
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return f"{type(f).__name__.lower()}({statement(a)},{statement(b)})"
        case Forall(vs, body) | Exists(vs, body):
            return f"{type(f).__name__.lower()}({row(name(v.name) for v in vs)},{statement(body)})"
        case Rule(head, body_literals):
            return f"rule({statement(head)},{row(map(statement, body_literals))})"
        case _:
            assert_never(f)


def theory_text(number: int, theory: Theory) -> str:
    world = "closed" if theory.closed_world else "open"
    claims = row(f"claim({name(c.label)},{statement(c.formula)})" for c in theory.claims)
    return f"theory({number},{world},{theory.semantics.value},{claims})."


def binding(b: Binding) -> str:
    return row(f"b({name(v.name)},{term(t)})" for v, t in b)


def by_text(by: By) -> str:
    match by:
        case Given(label):
            return f"given({name(label)})"
        case Apply(label, index, values):
            return f"apply({name(label)},{index},{binding(values)})"
        case Witness(values):
            return f"witness({binding(values)})"
        case Compute():
            return "compute"
        case Conjunction():
            return "conjunction"
        case Disjunction():
            return "disjunction"
        case Contradiction():
            return "contradiction"
        case InModel():
            return "in_model"
        case _:
            assert_never(by)


def step_text(s: Step) -> str:
    return f"step({statement(s.conclusion)},{by_text(s.by)},{row(map(str, s.premises))})"


def supports(found: Iterable[Support]) -> str:
    return row(f"sup({statement(s.literal)},{name(s.label)},{s.index},{binding(s.binding)})" for s in found)


def model_text(m: Model | None) -> str:
    if m is None:
        return "none"
    if isinstance(m, PerfectModel):
        levels = row(f"level({name(p)},{n})" for p, n in m.strata)
        return f"perfect({supports(m.supports)},{levels})"
    stages = row(f"stage({row(map(statement, s.possible))},{supports(s.supports)})" for s in m.stages)
    return f"wf({stages},{supports(m.reasons)})"


def certificate_text(c: Certificate) -> str:
    evidence = c.evidence
    if isinstance(evidence, Derivation):
        text = f"derivation({row(map(step_text, evidence.steps))},{model_text(evidence.model)})"
    else:
        assert isinstance(evidence, NotDerivable)
        text = f"not_derivable({model_text(evidence.model)})"
    return f"cert({c.outcome.value},{text})"


# --- both checkers -----------------------------------------------------------------------------


@dataclass
class Batch:
    """Questions for both checkers."""

    theories: dict[int, tuple[int, Theory]] = field(default_factory=dict)
    asked: list[tuple[Theory, Formula, Certificate]] = field(default_factory=list)

    def ask(self, theory: Theory, goal: Formula, certificate: Certificate) -> None:
        self.theories.setdefault(id(theory), (len(self.theories), theory))
        self.asked.append((theory, goal, certificate))

    def text(self) -> str:
        lines = [theory_text(n, theory) for n, theory in self.theories.values()]
        lines += [
            f"problem({n},{self.theories[id(t)][0]},{statement(g)},{certificate_text(c)})."
            for n, (t, g, c) in enumerate(self.asked)
        ]
        return "\n".join(lines)

    def second(self) -> list[str]:
        done = subprocess.run(
            ["swipl", "-q", "-f", "none", "-g", "main", "-t", "halt(2)", str(CHECKER)],
            input=self.text(), capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        lines = [line.partition(" ") for line in done.stdout.splitlines()]
        assert [int(n) for n, _, _ in lines] == list(range(len(self.asked)))
        return [said for _, _, said in lines]

    def kernel(self) -> list[str]:
        return [kernel_says(*question) for question in self.asked]


def kernel_says(theory: Theory, goal: Formula, certificate: Certificate) -> str:
    try:
        theorem = check(theory, goal, certificate)
    except CheckError:
        return "refused"
    return said_of(theory, theorem)


def said_of(theory: Theory, theorem: Theorem) -> str:
    numbers = [str(n) for n, c in enumerate(theory.claims, 1) if c.label in theorem.hypotheses]
    return " ".join(["ok", *numbers, *(["cw"] if CLOSED_WORLD in theorem.hypotheses else [])])


def differences(batch: Batch) -> list[str]:
    return [
        f"{first!r}, second {second!r}: {statement(goal)} {theory_text(0, theory)} {certificate_text(c)}"
        for first, second, (theory, goal, c) in zip(batch.kernel(), batch.second(), batch.asked, strict=True)
        if first != second
    ]


# --- what is put to them -----------------------------------------------------------------------

MORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("move(a, b). move(b, a). move(b, c). move(c, d). win(?x) :- move(?x, ?y), naf win(?y).",
     ("win(c)", "win(d)", "win(a)", "exists x. win(x)", "win(c) and not win(c)")),
    ("closed world. move(a, b). move(b, a). move(b, c). move(c, d). move(e, f). move(f, e). "
     "forall ?x ?y. move(?x, ?y) and not win(?y) -> win(?x).",
     ("win(c)", "win(d)", "win(e)", "exists x. win(x)", "forall x. win(x)", "win(e) xor win(f)")),
    ("closed world. not p -> p. q. q -> not r. r -> s.", ("p", "q", "s", "p or q", "p and s", "not p -> p")),
    ("closed world. not p -> p. q. q -> not r. r.", ("p", "r")),
    ("semantics chaining. p(a). p(?x) :- q(?x). not p(?x) :- r(?x). r(a). r(b). q(c). "
     "not exists x. s(x) and q(x).",
     ("p(a)", "p(b)", "p(c)", "q(b)", "exists x. p(x) and r(x)", "p(b) or p(c)", "s(c)", "p(a) and a != b",
      "forall x. p(x)", "not exists x. s(x) and q(x)")),
    ("s(?x) :- q(?x), naf t(?x). t(?x) :- q(?x), naf s(?x). q(a). u(?x) :- q(?x), naf w(?x). "
     "v(?x) :- naf u(?x).",
     ("u(a)", "s(a)", "t(a)", "v(b)", "v(a)", "not v(a)")),
    ("age(ann, 3/2). age(bob, 40). old(?x) :- age(?x, ?n), ?n * 2 > 50 + 1. "
     "young(?x) :- age(?x, ?n), naf old(?x). twin(?x, ?y) :- age(?x, ?n), age(?y, ?m), ?n = ?m, ?x != ?y.",
     ("old(bob)", "young(ann)", "old(ann)", "exists x. young(x)", "twin(ann, bob)", "1 + 1 = 2",
      "3 * -2 < 0 - 5")),
    ("it's('a \\u{1f40d}', ':- halt'). 'b)'(?'x y') :- it's(?'x y', ?z), naf 'c]'(?z)."
     .replace("it's", "'it\\'s'"), ("'b)'('a \\u{1f40d}')", "'c]'(':- halt')")),
)  # fmt: skip


def judged(theory: Theory) -> bool:
    """Does the second checker know this semantics?"""
    return theory.semantics is not Semantics.DEFEASIBLE and not theory.closed


@cache
def valid() -> tuple[tuple[Theory, Formula, Certificate], ...]:
    """What the solvers say of the corpus and of MORE, the examples, and what neither may accept."""
    found: list[tuple[Theory, Formula, Certificate]] = []

    def keep(theory: Theory, goal: Formula, certificate: Certificate | None) -> bool:
        if certificate is None or not isinstance(certificate.evidence, Derivation | NotDerivable):
            return False
        found.append((theory, goal, certificate))
        return True

    auto, prolog = make_solver("auto"), make_solver("prolog")
    try:
        for case in corpus():
            by_rules = False
            if not prolog.unsupported(case.theory, case.goal):
                by_rules = keep(
                    case.theory, case.goal, prolog.solve(case.theory, case.goal, LIMITS).certificate
                )
            special = case.theory.closed_world or case.theory.semantics is not Semantics.CLASSICAL
            absent = any(has_naf(c.formula) for c in case.theory.claims)
            if judged(case.theory) and (by_rules or special or absent):
                verdict = auto.solve(case.theory, case.goal, LIMITS)
                keep(case.theory, case.goal, verdict.certificate)
                if isinstance(verdict, Both):
                    keep(case.theory, case.goal, verdict.con.certificate)
        for text, goals in MORE:
            theory = read_theory(text)
            for goal in map(read_formula, goals):
                keep(theory, goal, auto.solve(theory, goal, LIMITS).certificate)
    finally:
        auto.close()
        prolog.close()
    for e in EXAMPLES:
        if judged(e.theory):
            keep(e.theory, read_formula(e.goal), e.certificate)
    return tuple(found)


def test_both_accept_what_the_solvers_say() -> None:
    batch = Batch()
    for question in valid():
        batch.ask(*question)
    assert len(batch.asked) >= 700
    assert {said.split()[0] for said in batch.kernel()} == {"ok"}
    assert differences(batch) == []


def test_both_refuse_what_is_forged() -> None:
    batch = Batch()
    for _, text, goal, certificate in FORGED:
        theory = read_theory(text)
        evidence = certificate.evidence
        if judged(theory) and isinstance(evidence, Derivation | NotDerivable) and _expressible(certificate):
            batch.ask(theory, read_formula(goal), certificate)
    assert len(batch.asked) >= 90
    assert set(batch.second()) == {"refused"}


def _expressible(c: Certificate) -> bool:
    """Strata and numerals that are floats have no text."""
    model = c.evidence.model if isinstance(c.evidence, Derivation | NotDerivable) else None
    try:
        certificate_text(c)
    except AttributeError:
        return False
    return not isinstance(model, PerfectModel) or all(type(n) is int for _, n in model.strata)


def test_both_agree_on_mutants() -> None:
    """Each changed at random, and put to the question it was made for or to one beside it."""
    rng = random.Random(20260202)
    small = [q for q in valid() if len(q[0].claims) <= 40]
    by_kind: dict[tuple[object, ...], list[tuple[Theory, Formula, Certificate]]] = {}
    for q in small:
        model = q[2].evidence.model if isinstance(q[2].evidence, Derivation | NotDerivable) else None
        kind = (type(q[2].evidence), type(model), q[0].closed_world, q[0].semantics, q[2].outcome)
        by_kind.setdefault(kind, []).append(q)
    assert len(by_kind) >= 12  # every kind of evidence, world and outcome has its share
    chosen = [rng.choice(rng.choice(list(by_kind.values()))) for _ in range(MUTANTS)]
    originals = [to_json(goal, certificate) for _, goal, certificate in chosen]
    pool = pool_of(originals)
    batch = Batch()
    for (theory, goal, _), original in zip(chosen, originals, strict=True):
        for _ in range(20):  # until it can be read
            data = copy.deepcopy(original)
            for _ in range(rng.choice((1, 1, 2))):
                mutate(rng, data, pool)
            try:
                _, certificate = from_json(data)
            except InputError:
                continue
            if data == original or not isinstance(certificate.evidence, Derivation | NotDerivable):
                continue
            batch.ask(theory, goal, certificate)
            break
    refused = batch.kernel().count("refused")
    assert len(batch.asked) >= 0.9 * MUTANTS
    assert 0.5 * len(batch.asked) < refused < len(batch.asked)
    assert differences(batch) == []


def test_texts_are_data() -> None:
    """Names that would be commands are quoted, and numbers keep their value."""
    assert name("halt") == "'halt'"
    assert name("a'b, \\") == "'a\\x27\\b\\x2c\\\\x20\\\\x5c\\'"
    assert term(Num(Fraction(-3, 4))) == "n(-3,4)"
    theory = read_theory("a: ':- halt.'('\\'). halt. % \\n').")
    goal = read_formula("':- halt.'('\\'). halt. % \\n')")
    batch = Batch()
    batch.ask(theory, goal, Certificate(Outcome.PROVED, Derivation((Step(goal, Given("a")),))))
    assert batch.second() == ["ok 1"]

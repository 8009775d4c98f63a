"""Forward chaining over literals: against brute force, and goal by goal; the kernel checks every verdict."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from neurosym.kernel import check
from neurosym.logic import (
    TRUE,
    And,
    Atom,
    Const,
    Exists,
    Fn,
    Forall,
    Formula,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Var,
    atom_of,
    negate,
    rules_of,
)
from neurosym.solvers.chaining import Chaining, solve_chaining
from neurosym.theory import Axiom, Claim, Semantics, Theory
from neurosym.verdict import Both, Disproved, Limits, Proved, Unknown, Verdict


def verified(theory: Theory, goal: Formula, verdict: Verdict) -> None:
    assert verdict.certificate is not None, verdict
    assert check(theory, goal, verdict.certificate) == verdict.theorem
    if isinstance(verdict, Both):
        assert check(theory, goal, verdict.con.certificate) == verdict.con.theorem


X, Y, Z = Var("x"), Var("y"), Var("z")
NAMES = tuple(Const(c) for c in "abc")


def theory_of(*statements: Statement) -> Theory:
    claims = tuple(Claim(f"c{i}", s, Axiom("made", 0, "")) for i, s in enumerate(statements))
    return Theory(claims, semantics=Semantics.CHAINING)


def least_model(theory: Theory) -> set[Formula]:
    """All literals, by trying every rule under every binding until nothing changes."""
    known: set[Formula] = set()
    rules = [r for c in theory.claims for r in rules_of(c.formula) or ()]
    while True:
        new: set[Formula] = set()
        for r in rules:
            names = sorted({v.name for f in (r.head, *r.body) for v in _variables(f)})
            for terms in product(NAMES, repeat=len(names)):
                s = dict(zip(names, terms, strict=True))
                if all(_ground(b, s) in known for b in r.body):
                    new.add(_ground(r.head, s))
        if new <= known:
            return known
        known |= new


def _variables(f: Formula | Naf) -> list[Var]:
    return [t for t in atom_of(f).args if isinstance(t, Var)]


def _ground(f: Formula | Naf, s: dict[str, Const]) -> Formula:
    a = atom_of(f)
    atom = Atom(a.pred, tuple(s[t.name] if isinstance(t, Var) else t for t in a.args))
    return Not(atom) if isinstance(f, Not) else atom


def random_theory(rng: random.Random) -> Theory:
    def literal(args: tuple[Any, ...]) -> Atom | Not:
        pred = rng.choice(("p", "q", "r"))
        atom = Atom(pred, tuple(rng.choice(args) for _ in range(2 if pred == "r" else 1)))
        return Not(atom) if rng.random() < 0.4 else atom

    statements: list[Statement] = [literal(NAMES) for _ in range(rng.randint(1, 4))]
    for _ in range(rng.randint(1, 5)):
        body = tuple(literal((X, Y, Z, *NAMES)) for _ in range(rng.randint(1, 3)))
        head = literal(tuple({v for b in body for v in _variables(b)} or NAMES))
        match rng.randint(0, 2):
            case 0:
                statements.append(Rule(head, body))
            case 1:
                statements.append(Forall((X, Y, Z), Implies(And(body), head)))
            case _:
                statements.append(Forall((X, Y, Z), Implies(Or(body), And((head, literal(NAMES))))))
    return theory_of(*(f for f in statements if rules_of(f) is not None))


def expected_kind(model: set[Formula], goal: Formula) -> type[Verdict]:
    pro, con = goal in model, negate(goal) in model
    return Both if pro and con else Proved if pro else Disproved if con else Unknown


def test_chaining_agrees_with_brute_force() -> None:
    rng = random.Random(20)
    kinds: dict[str, int] = {}
    for _ in range(150):
        theory = random_theory(rng)
        # brute force lets the loose variables range over all names: so must the domain
        theory = theory_of(*(c.formula for c in theory.claims), *(Atom("name", (n,)) for n in NAMES))
        model, solver = least_model(theory), Chaining()
        goals = [Atom(p, (n,)) for p in "pq" for n in NAMES] + [Atom("r", (n, n)) for n in NAMES]
        for atom in goals:
            goal = atom if rng.random() < 0.5 else Not(atom)
            verdict = solver.solve(theory, goal, Limits())
            assert type(verdict) is expected_kind(model, goal), (theory, goal, verdict)
            verified(theory, goal, verdict)
            kinds[type(verdict).__name__] = kinds.get(type(verdict).__name__, 0) + 1
    assert min(kinds.get(k, 0) for k in ("Proved", "Disproved", "Both", "Unknown")) > 20, kinds


P_AB = (Atom("p", (NAMES[0],)), Not(Atom("p", (NAMES[1],))), Atom("r", NAMES[:2]))


@pytest.mark.parametrize(
    ("goal", "kind"),
    [
        (And((P_AB[0], P_AB[1])), Proved),
        (And((P_AB[0], negate(P_AB[1]))), Disproved),
        (Or((Atom("s"), P_AB[2])), Proved),
        (Or((Atom("s"), Atom("t"))), Unknown),
        (Exists((X, Y), And((Atom("p", (X,)), Atom("r", (X, Y))))), Proved),
        (Exists((X,), Not(Atom("p", (X,)))), Proved),
        (Not(Exists((X,), Atom("p", (X,)))), Disproved),
        (Forall((X,), Atom("p", (X,))), Disproved),
        (Forall((X,), Atom("q", (X,))), Unknown),
        (And((Less(Num(Fraction(1)), Num(Fraction(2))), P_AB[0])), Proved),
        (TRUE, Proved),
        (Forall((X,), Implies(Atom("w", (X,)), Atom("v", (X,)))), Proved),
        (Implies(P_AB[0], P_AB[2]), Unknown),
    ],
)
def test_chaining_goals(goal: Formula, kind: type[Verdict]) -> None:
    theory = theory_of(*P_AB, Forall((X,), Implies(Atom("w", (X,)), Atom("v", (X,)))))
    verdict = solve_chaining(theory, goal, Limits())
    assert type(verdict) is kind, verdict


def f(t: Any) -> Fn:
    return Fn("f", (t,))


def test_chaining_matches_function_terms() -> None:
    theory = theory_of(
        Atom("p", (f(f(NAMES[0])),)),
        Rule(Atom("q", (X,)), (Atom("p", (f(X),)),)),
        Rule(Atom("r", (X, f(X))), (Atom("q", (f(X),)),)),
    )
    for goal, kind in (
        (Atom("q", (f(NAMES[0]),)), Proved),
        (Atom("r", (NAMES[0], f(NAMES[0]))), Proved),
        (Atom("q", (NAMES[0],)), Unknown),
    ):
        verdict = solve_chaining(theory, goal, Limits())
        assert type(verdict) is kind
        verified(theory, goal, verdict)


def test_chaining_stops_at_its_limits() -> None:
    theory = theory_of(Atom("p", (NAMES[0],)), Rule(Atom("p", (f(X),)), (Atom("p", (X,)),)))
    verdict = solve_chaining(theory, Atom("q", (NAMES[0],)), Limits(inferences=500))
    assert isinstance(verdict, Unknown)
    assert verdict.certificate is None
    assert verdict.reason.startswith("limit")


def test_chaining_names_what_it_does_not_treat() -> None:
    theory = theory_of(Or((Atom("p", (NAMES[0],)), Atom("q", (NAMES[0],)))))
    verdict = solve_chaining(theory, Atom("p", (NAMES[0],)), Limits())
    assert isinstance(verdict, Unknown)
    assert (verdict.certificate, "claim 'c0'" in verdict.reason) == (None, True)


def test_chaining_gives_least_depth() -> None:
    """The short way to the goal is found, though the long one is told first."""
    p = [Atom(f"p{i}") for i in range(6)]
    steps = [Rule(p[i + 1], (p[i],)) for i in range(5)]
    verdict = solve_chaining(theory_of(p[0], *steps, Rule(p[5], (p[0],))), p[5], Limits())
    assert isinstance(verdict, Proved)
    assert verdict.theorem.hypotheses == {"c0", "c6"}


def test_chaining_lists_answers() -> None:
    theory = theory_of(*P_AB, Rule(Not(Atom("p", (X,))), (Atom("r", (X, Y)),)))
    found = Chaining().answers(theory, Not(Atom("p", (X,))), (X,), Limits())
    assert [(a.binding, type(a.verdict)) for a in found] == [
        ((("x", NAMES[0]),), Both),
        ((("x", NAMES[1]),), Proved),
    ]


def test_chaining_is_deterministic() -> None:
    theory = random_theory(random.Random(3))
    goal = Atom("p", (NAMES[0],))
    assert solve_chaining(theory, goal, Limits()) == solve_chaining(theory, goal, Limits())

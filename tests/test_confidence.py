"""Confidence: supports and figures against all worlds one by one, against ProbLog, and with certificates."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from neurosym_benchmarks.problog_agreement import KINDS, problems, problog_probability

from neurosym import kernel
from neurosym.confidence import (
    Diagram,
    Supports,
    best_proofs,
    boole,
    confidence,
    diagram,
    exact_confidence,
    grounding,
    minimal_supports,
    probability,
    supports,
)
from neurosym.kernel import Theorem
from neurosym.logic import (
    And,
    Atom,
    Budget,
    Const,
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
    Structure,
    Term,
    Var,
    atoms,
    computed,
    formula_of,
    free_vars,
    ground_terms,
    rules_of,
    substitute,
)
from neurosym.proof import Certificate, Derivation, FiniteModel, Independence, Outcome
from neurosym.solvers import make_solver
from neurosym.theory import Axiom, Claim, Semantics, Theory, compiled, original
from neurosym.verdict import Inconsistent, Limits, Proved, Solver, Unknown, Verdict

EXACT = 1e-9
X, Y, Z = Var("x"), Var("y"), Var("z")
P, Q, R, S, T = (Atom(n) for n in "pqrst")
GENEROUS = Limits(seconds=300.0)


def theory(
    *claims: tuple[float, Statement], closed_world: bool = False, semantics: str = "classical"
) -> Theory:
    told = (Claim(f"c{i}", f, Axiom("made", i, ""), p) for i, (p, f) in enumerate(claims, 1))
    return Theory(tuple(told), closed_world=closed_world, semantics=Semantics(semantics))


def edge(a: str, b: str) -> Atom:
    return Atom("edge", (Const(a), Const(b)))


PATHS = (
    Rule(Atom("path", (X, Y)), (Atom("edge", (X, Y)),)),
    Rule(Atom("path", (X, Y)), (Atom("edge", (X, Z)), Atom("path", (Z, Y)))),
)


# --- the references: every world, by brute force ---------------------------------------------


def subsets(labels: Iterable[str]) -> Iterator[frozenset[str]]:
    row = sorted(labels)
    return map(frozenset, chain.from_iterable(combinations(row, n) for n in range(len(row) + 1)))


@dataclass
class Worlds:
    """The rules of a theory, ground over all its terms; well-founded truth by sets, world by world."""

    told: Theory
    goal: Formula

    def __post_init__(self) -> None:
        claims = [(c.label, c.formula) for c in self.told.claims]
        if self.told.semantics is Semantics.DEFEASIBLE:
            claims = [(original(c.label), c.formula) for c in compiled(self.told).claims]
        things = ground_terms((*(f for _, f in claims), self.goal))
        self.rules: list[tuple[str, Formula, list[Formula], list[Formula]]] = []
        for label, f in claims:
            for r in rules_of(f, self.told.closed_world) or ():
                if self.told.closed_world and isinstance(r.head, Not):
                    continue
                self.rules += ((label, *row) for row in self._instances(r, things))

    def _instances(
        self, r: Rule, things: tuple[Term, ...]
    ) -> Iterator[tuple[Formula, list[Formula], list[Formula]]]:
        vs = free_vars(r)
        for terms in product(things, repeat=len(vs)):
            s = dict(zip(vs, terms, strict=True))
            plain = [substitute(b, s) for b in r.body if not isinstance(b, Naf)]
            tests = [b for b in plain if isinstance(b, Less)]
            if all(computed(b, True) for b in tests):
                absent: list[Formula] = [substitute(b.body, s) for b in r.body if isinstance(b, Naf)]
                yield substitute(r.head, s), [b for b in plain if b not in tests], absent

    def _least(self, world: frozenset[str], absent_in: set[Formula]) -> set[Formula]:
        have: set[Formula] = set()
        while True:
            more = {
                head
                for label, head, present, absent in self.rules
                if (label in world or label == "")
                and have.issuperset(present)
                and absent_in.isdisjoint(absent)
            }
            if more <= have:
                return have
            have |= more

    def holds(self, world: frozenset[str]) -> bool:
        true: set[Formula] = set()
        while True:
            possible = self._least(world, true)
            more = self._least(world, possible)
            if more == true:
                return self.goal in true
            true = more


def entails(told: Theory, world: frozenset[str], goal: Formula) -> bool:
    """Propositional entailment by truth tables."""
    return all(m.holds(goal) for m in _models(told, goal) if all(map(m.holds, _formulas(told, world))))


def _formulas(told: Theory, world: frozenset[str]) -> list[Formula]:
    return [formula_of(c.formula) for c in told.claims if c.label in world]


def _model(true: Iterable[str]) -> FiniteModel:
    return FiniteModel(1, predicates=tuple((name, 0, ((),)) for name in sorted(true)))


def _models(told: Theory, goal: Formula) -> Iterator[Structure]:
    names = {a.pred for f in (*(c.formula for c in told.claims), goal) for a in atoms(f)}
    for true in subsets(names):
        m = _model(true)
        yield Structure(m.size, m.constants, m.functions, m.predicates, m.numbers, Budget(10_000))


@dataclass
class TruthTables:
    """A solver of propositional theories: its models are real, its proofs say `by truth table` only."""

    name: str = "truth tables"
    asked: list[frozenset[str]] = field(default_factory=list)
    silent: bool = False  # says nothing where the goal does not follow

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        return ()

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        labels = frozenset(c.label for c in theory.claims)
        self.asked.append(labels)
        empty = Certificate(Outcome.PROVED, Derivation(()))
        names = {a.pred for f in (*(c.formula for c in theory.claims), goal) for a in atoms(f)}
        found: dict[bool, FiniteModel] = {}
        for true in subsets(names):
            m = _model(true)
            s = Structure(1, (), (), m.predicates, (), Budget(10_000))
            if all(s.holds(formula_of(c.formula)) for c in theory.claims):
                found.setdefault(s.holds(goal), m)
        if not found:
            return Inconsistent(Theorem(Outcome.INCONSISTENT, goal, labels), empty)
        if False not in found:
            return Proved(Theorem(Outcome.PROVED, goal, labels), empty)
        if self.silent:
            return Unknown("limit: made to be silent")
        models = Independence(found.get(True, found[False]), found[False])
        certificate = Certificate(Outcome.UNKNOWN, models)
        return Unknown("", Theorem(Outcome.UNKNOWN, goal, frozenset()), certificate)

    def close(self) -> None:
        pass


@dataclass
class NoProver:
    """Never knows; so whatever is found is found by the rules alone."""

    name: str = "no prover"

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        return ()

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        return Unknown("")

    def close(self) -> None:
        pass


def world_probability(told: Theory, world: frozenset[str]) -> float:
    out = 1.0
    for c in told.claims:
        out *= c.score if c.label in world else 1.0 - c.score
    return out


def by_worlds(told: Theory, goal: Formula) -> tuple[float, list[frozenset[str]]]:
    """The probability, and the minimal supports, by looking into every world."""
    worlds = Worlds(told, goal)
    labels = frozenset(c.label for c in told.claims)
    holds = {w: worlds.holds(w) for w in subsets(labels)}
    total = sum(world_probability(told, w) for w, yes in holds.items() if yes)
    minimal: list[frozenset[str]] = []
    robust: dict[frozenset[str], bool] = {}
    for w in sorted(holds, key=len, reverse=True):
        robust[w] = holds[w] and all(robust[w | {x}] for x in labels - w)
    for w in sorted(holds, key=len):
        if robust[w] and not any(m <= w for m in minimal):
            minimal.append(w)
    return total, minimal


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    s = make_solver("auto")
    yield s
    s.close()


# --- against ProbLog -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_figures_are_problogs(seed: int) -> None:
    pytest.importorskip("problog")
    made = problems(len(KINDS), seed)
    assert {p.kind for p in made} == set(KINDS)
    for p in made:
        ours = exact_confidence(p.theory, p.goal, GENEROUS)
        assert ours.complete, (p.kind, seed, ours.reason)
        assert ours.exact == pytest.approx(problog_probability(p.theory, p.goal), abs=EXACT), (p.kind, seed)


def test_the_problems_are_no_formality() -> None:
    """Most made questions have an answer that is neither 0 nor 1."""
    made = problems(20 * len(KINDS), 7)
    open_ = [p for p in made if 0.0 < (exact_confidence(p.theory, p.goal, GENEROUS).exact or 0.0) < 1.0]
    assert len(open_) > len(made) // 2
    assert {p.kind for p in open_} == set(KINDS)


# --- against all worlds --------------------------------------------------------------------------


def small(rng: random.Random, negated: bool) -> tuple[Theory, Formula]:
    """At most eight claims over few atoms; with `negated`, absence may go in circles."""
    names = [Atom(f"a{i}") for i in range(4)]
    claims: list[tuple[float, Statement]] = []
    for _ in range(rng.randint(3, 8)):
        body = [Naf(a) if negated and rng.random() < 0.4 else a for a in rng.sample(names, rng.randint(0, 2))]
        claims.append(
            (rng.choice((0.0, 1.0, rng.random(), rng.random())), Rule(rng.choice(names), tuple(body)))
        )
    return theory(*claims), rng.choice(names)


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_small_programs_world_by_world(seed: int, negated: bool) -> None:
    told, goal = small(random.Random(seed), negated)
    total, minimal = by_worlds(told, goal)
    assert exact_confidence(told, goal, GENEROUS).exact == pytest.approx(total, abs=EXACT)
    found = minimal_supports(NoProver(), told, goal, GENEROUS)
    assert found.complete
    assert set(found.sets) == set(minimal)
    figures = confidence(told, found)
    assert figures.complete
    assert figures.exact == pytest.approx(total, abs=EXACT)
    assert figures.bound <= total + EXACT
    scores = {c.label: c.score for c in told.claims}
    ranked = [probability(scores, s) for s in found.sets]
    assert ranked == sorted(ranked, reverse=True)
    assert figures.bound == pytest.approx(max((boole(scores, s) for s in found.sets), default=0.0), abs=EXACT)


def test_undefined_is_not_true() -> None:
    """p where q is absent, q where p is absent: neither is true, whatever the scores."""
    told = theory((0.5, Rule(P, (Naf(Q),))), (0.5, Rule(Q, (Naf(P),))), (0.5, Rule(R, (Naf(P),))))
    assert by_worlds(told, P)[0] == pytest.approx(0.25)  # where the second claim is wrong
    assert exact_confidence(told, P).exact == pytest.approx(0.25)
    assert exact_confidence(told, R).exact == pytest.approx(by_worlds(told, R)[0])


def test_a_support_is_not_undone_by_other_claims() -> None:
    bird, swims = Atom("bird", (Const("tweety"),)), Atom("swims", (Const("tweety"),))
    flies = Rule(Atom("flies", (X,)), (Atom("bird", (X,)), Naf(Atom("penguin", (X,)))))
    penguin = Rule(Atom("penguin", (X,)), (Atom("swims", (X,)),))
    goal = Atom("flies", (Const("tweety"),))
    quiet = minimal_supports(NoProver(), theory((0.9, bird), (0.8, flies), (0.3, penguin)), goal)
    assert quiet.sets == (frozenset({"c1", "c2"}),)
    told = theory((0.9, bird), (0.8, flies), (0.3, penguin), (0.5, swims))
    found = minimal_supports(NoProver(), told, goal)
    assert found.sets == ()
    assert found.complete
    figures = confidence(told, found)
    assert figures.bound == 0.0
    assert figures.exact == pytest.approx(0.9 * 0.8 * (1 - 0.3 * 0.5), abs=EXACT)


@pytest.mark.parametrize("goal", ["both", "some", "every", "absent", "nested"])
def test_goals_in_a_closed_world(goal: str) -> None:
    a, b = Const("a"), Const("b")
    told = theory(
        (0.9, Atom("p", (a,))),
        (0.7, Atom("p", (b,))),
        (0.6, Atom("q", (a,))),
        (0.5, Forall((X,), Implies(And((Atom("p", (X,)), Not(Atom("r", (X,))))), Atom("q", (X,))))),
        (0.4, Atom("r", (b,))),
        closed_world=True,
    )
    p, q = Atom("p", (X,)), Atom("q", (X,))
    asked: dict[str, Formula] = {
        "both": And((Atom("q", (a,)), Atom("q", (b,)))),
        "some": Exists((X,), And((p, Not(q)))),
        "every": Forall((X,), Implies(p, q)),
        "absent": Not(Atom("q", (b,))),
        "nested": Or((Atom("q", (b,)), Exists((X,), And((q, Atom("r", (X,))))))),
    }

    # the same, as facts about each thing
    def truth(world: frozenset[str]) -> bool:
        have = {x: Worlds(told, Atom(*x)).holds(world) for x in product("pqr", ((a,), (b,)))}
        m = FiniteModel(
            2, (("a", 0), ("b", 1)), (),
            tuple((n, 1, tuple((i,) for i, t in enumerate((a, b)) if have[n, (t,)])) for n in "pqr"),
        )  # fmt: skip
        return Structure(m.size, m.constants, m.functions, m.predicates, (), Budget(10_000)).holds(
            asked[goal]
        )

    worlds = subsets(c.label for c in told.claims)
    total = sum(world_probability(told, w) for w in worlds if truth(w))
    assert 0.0 < total < 1.0
    assert exact_confidence(told, asked[goal], GENEROUS).exact == pytest.approx(total, abs=EXACT)


def test_one_claim_stands_or_falls_as_a_whole() -> None:
    """An equivalence is two rules and one claim; a rule has one chance for all its instances."""
    told = theory((0.5, Iff(P, Q)), (0.5, P), (0.5, Q))
    both = And((P, Q))
    assert exact_confidence(told, both).exact == pytest.approx(0.125 + 0.125 + 0.125 + 0.125)
    a, b = Const("a"), Const("b")
    rule = Forall((X,), Implies(Atom("p", (X,)), Atom("q", (X,))))
    told = theory((0.5, rule), (1.0, Atom("p", (a,))), (1.0, Atom("p", (b,))))
    each = And((Atom("q", (a,)), Atom("q", (b,))))
    assert exact_confidence(told, each).exact == pytest.approx(0.5)


def test_comparisons_of_numbers_are_settled_and_others_are_not() -> None:
    ada, ben = Const("ada"), Const("ben")
    age = [Atom("age", (ada, Num(Fraction(70)))), Atom("age", (ben, Num(Fraction(7))))]
    old = Rule(Atom("old", (X,)), (Atom("age", (X, Y)), Less(Num(Fraction(60)), Y)))
    told = theory((0.9, age[0]), (0.8, age[1]), (0.7, old))
    assert exact_confidence(told, Atom("old", (ada,))).exact == pytest.approx(0.63)
    assert exact_confidence(told, Atom("old", (ben,))).exact == 0.0
    vague = theory((0.9, Atom("age", (ada, Const("many")))), (0.7, old))
    refused = exact_confidence(vague, Atom("old", (ada,)))
    assert refused.exact is None
    assert "not a number" in refused.reason


def test_chaining_reads_a_denial_as_a_literal_of_its_own() -> None:
    told = theory(
        (0.9, P), (0.8, Rule(Q, (P,))), (0.7, Not(Q)), (0.6, Rule(R, (Not(Q),))), semantics="chaining"
    )
    for goal in (Q, Not(Q), R, Not(P)):
        total, minimal = by_worlds(told, goal)
        assert exact_confidence(told, goal).exact == pytest.approx(total, abs=EXACT)
        assert set(minimal_supports(NoProver(), told, goal).sets) == set(minimal)


def test_defeasible_rules() -> None:
    bird, penguin, flies = Atom("bird"), Atom("penguin"), Atom("flies")
    told = theory(
        (0.9, bird),
        (0.3, penguin),
        (0.8, Rule(flies, (bird,), defeasible=True)),
        (0.95, Rule(Not(flies), (penguin,))),
        semantics="defeasible",
    )
    got = exact_confidence(told, flies).exact
    assert got == pytest.approx(0.9 * 0.8 * (1 - 0.3 * 0.95), abs=EXACT)
    no = exact_confidence(told, Not(flies)).exact
    assert no == pytest.approx(0.3 * 0.95, abs=EXACT)


# --- classical theories ------------------------------------------------------------------------


def propositional(rng: random.Random) -> tuple[Theory, Formula]:
    """Formulas of any shape over four propositions."""

    def formula(depth: int) -> Formula:
        if depth == 0 or rng.random() < 0.2:
            a = rng.choice((P, Q, R, S))
            return a if rng.random() < 0.7 else Not(a)
        left, right = formula(depth - 1), formula(depth - 1)
        return rng.choice((And((left, right)), Or((left, right)), Implies(left, right), Not(left)))

    told = [
        (round(rng.uniform(0.1, 1.0), 2), formula(rng.choice((1, 1, 2)))) for _ in range(rng.randint(3, 7))
    ]
    return theory(*told), formula(1)


@pytest.mark.parametrize("seed", range(60))
def test_classical_supports_by_truth_tables(seed: int) -> None:
    told, goal = propositional(random.Random(seed))
    labels = frozenset(c.label for c in told.claims)
    found = minimal_supports(TruthTables(), told, goal, GENEROUS)
    if entails(told, labels, And((P, Not(P)))):
        assert (found.sets, found.complete) == ((), False)
        assert found.reason.startswith("inconsistent")
        return
    follows = {w: entails(told, w, goal) for w in subsets(labels)}
    minimal = {w for w, yes in follows.items() if yes and not any(follows[w - {x}] for x in w)}
    assert found.complete, found.reason
    assert set(found.sets) == minimal
    assert len(found.sets) == len(minimal)
    figures = confidence(told, found)
    total = sum(world_probability(told, w) for w, yes in follows.items() if yes)
    assert figures.exact == pytest.approx(total, abs=EXACT)
    assert figures.bound <= total + EXACT


def test_the_two_roads_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Horn theories: what is read off the rules, and what is found by asking."""
    told = theory(
        (0.9, P), (0.6, Implies(P, Q)), (0.7, R), (0.8, Implies(R, Q)), (0.5, Not(And((Q, S)))), (0.4, S),
        (0.9, Implies(And((P, R)), T)),
    )  # fmt: skip
    told = Theory(tuple(c for c in told.claims if c.label != "c6"))
    for goal in (Q, T, Not(S), And((Q, T)), Implies(S, R), Or((Q, T))):
        rules = minimal_supports(TruthTables(), told, goal, GENEROUS)
        with monkeypatch.context() as m:
            m.setattr(supports, "read_program", lambda theory, goal: "not now")
            asked = minimal_supports(TruthTables(), told, goal, GENEROUS)
        assert rules.diagram is not None
        assert asked.diagram is None
        assert rules.sets
        assert rules.sets == asked.sets
        assert confidence(told, rules).exact == pytest.approx(confidence(told, asked).exact, abs=EXACT)


def test_a_silent_solver_makes_a_lower_bound() -> None:
    """What is undecided may follow; the figure says that it is only a lower bound."""
    told = theory((0.9, Or((P, Q))), (0.8, Implies(P, R)), (0.7, Implies(Q, R)), (0.5, R))
    found = minimal_supports(TruthTables(silent=True), told, R, GENEROUS)
    assert not found.complete
    assert found.reason.startswith("undecided")
    figures = confidence(told, found)
    assert not figures.complete
    assert figures.exact is not None
    assert figures.exact <= 0.5 + 0.5 * 0.9 * 0.8 * 0.7 + EXACT


# --- with the real solver -----------------------------------------------------------------------


def diamond() -> Theory:
    edges = ((0.9, edge("a", "b")), (0.8, edge("b", "d")), (0.7, edge("a", "c")), (0.6, edge("c", "d")))
    return theory(*edges, (1.0, PATHS[0]), (0.95, PATHS[1]), (0.4, edge("a", "d")))


def test_the_best_proofs_are_certified(solver: Solver) -> None:
    told, goal = diamond(), Atom("path", (Const("a"), Const("d")))
    ranking = best_proofs(solver, told, goal, 5, GENEROUS)
    assert ranking.complete, ranking.reason
    assert [round(p.probability, 6) for p in ranking.proofs] == [0.684, 0.4, 0.399]
    for p in ranking.proofs:
        assert kernel.check(told, goal, p.certificate) == p.theorem
        assert p.theorem.outcome is Outcome.PROVED
        assert p.theorem.hypotheses <= p.labels
        assert p.probability == pytest.approx(probability({c.label: c.score for c in told.claims}, p.labels))


def test_no_more_proofs_are_sought_than_asked_for(solver: Solver) -> None:
    told, goal = diamond(), Atom("path", (Const("a"), Const("d")))
    counted = Counting(solver)
    one = best_proofs(counted, told, goal, 1, GENEROUS)
    assert [p.labels for p in one.proofs] == [frozenset({"c1", "c2", "c5", "c6"})]
    assert not one.complete  # there are others
    assert counted.questions == 2  # the theory, and the proof


@dataclass
class Counting:
    inner: Solver
    questions: int = 0
    name: str = "counting"

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        return self.inner.unsupported(theory, goal)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        self.questions += 1
        return self.inner.solve(theory, goal, limits)

    def close(self) -> None:
        pass


def test_case_splits_with_the_real_solver(solver: Solver) -> None:
    told = theory((0.9, Or((P, Q))), (0.8, Implies(P, R)), (0.7, Implies(Q, R)), (0.5, R), (0.3, S))
    ranking = best_proofs(solver, told, R, 3, GENEROUS)
    assert [p.labels for p in ranking.proofs] == [frozenset({"c1", "c2", "c3"}), frozenset({"c4"})]
    assert ranking.complete
    for p in ranking.proofs:
        assert kernel.check(told, R, p.certificate).hypotheses <= p.labels


def test_a_proof_that_nobody_can_check_is_left_out() -> None:
    """The forged certificates of the truth tables are refused by the kernel."""
    ranking = best_proofs(TruthTables(), theory((0.9, P), (0.8, Implies(P, Q))), Q, 2, GENEROUS)
    assert ranking.proofs == ()
    assert not ranking.complete
    assert "no certificate" in ranking.reason


def test_a_contradiction_is_refused_by_name(solver: Solver) -> None:
    told = theory((0.9, P), (0.8, Not(P)))
    found = minimal_supports(solver, told, Q, GENEROUS)
    assert (found.sets, found.complete) == ((), False)
    assert "contradict" in found.reason
    figures = confidence(told, found)
    assert (figures.bound, figures.exact, figures.complete) == (0.0, None, False)
    assert best_proofs(solver, told, Q, 3, GENEROUS).proofs == ()


def test_what_follows_from_nothing_is_certain(solver: Solver) -> None:
    told = theory((0.5, P))
    found = minimal_supports(solver, told, Or((Q, Not(Q))), GENEROUS)
    assert found.sets == (frozenset(),)
    figures = confidence(told, found)
    assert (figures.bound, figures.exact, figures.complete) == (1.0, 1.0, True)


# --- limits -------------------------------------------------------------------------------------


def test_most_supports_is_a_limit_with_a_name() -> None:
    told, goal = diamond(), Atom("path", (Const("a"), Const("d")))
    whole = minimal_supports(NoProver(), told, goal)
    cut = minimal_supports(NoProver(), told, goal, most=2)
    assert cut.sets == whole.sets[:2]
    assert not cut.complete
    assert "more than 2" in cut.reason
    # the diagram is whole, so the figure is
    assert confidence(told, cut).exact == confidence(told, whole).exact
    assert confidence(told, cut).complete
    without = replace(cut, diagram=None)
    lower = confidence(told, without)
    assert lower.exact is not None
    assert not lower.complete
    assert lower.exact < (confidence(told, whole).exact or 0.0)


@pytest.mark.parametrize(
    ("module", "limit"), [(grounding, "INSTANCES"), (grounding, "STEPS"), (diagram, "PRODUCT")]
)
def test_too_large_a_program_is_not_answered(
    module: object, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, 3)
    refused = exact_confidence(diamond(), Atom("path", (Const("a"), Const("d"))))
    assert refused.exact is None
    assert refused.reason.startswith("limit: ")


def test_terms_without_end_are_a_limit() -> None:
    grows = Rule(Atom("n", (Fn("s", (X,)),)), (Atom("n", (X,)),))
    told = theory((0.9, Atom("n", (Const("z"),))), (0.9, grows), (0.5, Rule(Q, (Atom("n", (X,)),))))
    refused = exact_confidence(told, Q, Limits(seconds=0.2))
    assert refused.exact is None
    assert refused.reason.startswith("limit: ")


def test_a_named_reason_for_what_is_not_treated(solver: Solver) -> None:
    told = replace(theory((0.9, P), (0.8, Implies(P, Q))), closed=(("p", 0),))
    refused = exact_confidence(told, Q)
    assert refused.exact is None
    assert "closed predicates" in refused.reason
    found = minimal_supports(NoProver(), told, Q)
    assert not found.complete
    assert confidence(told, found).exact is None


# --- diagrams ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_library_in_python_says_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    library = diagram._library
    made = problems(len(KINDS), 100 + seed)
    usual = [exact_confidence(p.theory, p.goal, GENEROUS) for p in made]
    sets = [minimal_supports(NoProver(), p.theory, p.goal, GENEROUS).sets for p in made]
    monkeypatch.setattr(diagram, "_library", lambda: library(pure=True))
    assert type(library(pure=True)).__module__ == "dd.autoref"
    for p, u, s in zip(made, usual, sets, strict=True):
        assert exact_confidence(p.theory, p.goal, GENEROUS).exact == pytest.approx(u.exact, abs=EXACT)
        found = minimal_supports(NoProver(), p.theory, p.goal, GENEROUS).sets
        assert set(found) == set(s) or len(found) == len(s) == supports.MOST


def test_a_diagram_is_plain_data() -> None:
    d = Diagram(("a", "b"), ((1, 0, 1), (0, 2, 1)), 3)  # a or b
    assert diagram.weight(d, {"a": 0.5, "b": 0.5}) == 0.75
    free = list(diagram.models(d, {"a": 0.5, "b": 0.1}))
    assert free == [frozenset("b"), frozenset("a")]
    assert list(diagram.models(Diagram(("a",), (), 0), {"a": 0.0})) == []


def test_supports_of_other_theories_are_refused() -> None:
    with pytest.raises(KeyError):
        confidence(theory((0.5, P)), Supports((frozenset({"elsewhere"}),), True))


# --- rules with variables --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["people", "negation", "cycle"])
def test_rules_with_variables_world_by_world(kind: str) -> None:
    """Joins, demands and absence over several things, on problems small enough to look into all worlds."""
    rng = random.Random(3)
    checked = 0
    while checked < 6:
        told, goal = KINDS[kind](rng)
        uncertain = {c.label for c in told.claims if 0.0 < c.score < 1.0}
        if len(uncertain) > 9:
            continue
        sure = frozenset(c.label for c in told.claims if c.score == 1.0)
        worlds = Worlds(told, goal)
        total = sum(world_probability(told, w | sure) for w in subsets(uncertain) if worlds.holds(w | sure))
        figures = exact_confidence(told, goal, GENEROUS)
        assert figures.exact == pytest.approx(total, abs=EXACT)
        checked += 0.0 < total < 1.0


def test_first_order_horn_theories(solver: Solver) -> None:
    """Existentials become Skolem terms; goals of several shapes; what is forbidden counts too."""
    likes, knows = Atom("likes", (X, Y)), Atom("knows", (X, Y))
    told = theory(
        (0.9, Exists((X,), And((Atom("calm", (X,)), Atom("glad", (X,)))))),
        (0.8, Forall((X,), Implies(Atom("calm", (X,)), Exists((Y,), likes)))),
        (0.7, Forall((X, Y), Implies(likes, knows))),
        (0.6, Forall((X, Y), Not(And((knows, Atom("far", (X, Y))))))),
    )
    goals: dict[Formula, frozenset[str]] = {
        Exists((X, Y), And((knows, Atom("glad", (X,))))): frozenset({"c1", "c2", "c3"}),
        Forall((X,), Implies(Atom("calm", (X,)), Exists((Y,), knows))): frozenset({"c2", "c3"}),
        Forall((X, Y), Implies(likes, Not(Atom("far", (X, Y))))): frozenset({"c3", "c4"}),
    }
    scores = {c.label: c.score for c in told.claims}
    for goal, only in goals.items():
        found = minimal_supports(NoProver(), told, goal, GENEROUS)
        assert found.sets == (only,), found.reason
        assert exact_confidence(told, goal).exact == pytest.approx(probability(scores, only))
        (proof,) = best_proofs(solver, told, goal, 2, GENEROUS).proofs
        assert proof.labels == only
        assert kernel.check(told, goal, proof.certificate).hypotheses <= only


def test_claims_about_something_else_do_not_matter() -> None:
    """A disjunction that shares nothing with the goal leaves the rest a Horn theory."""
    told = theory((0.9, P), (0.8, Implies(P, Q)), (0.5, Or((R, S))))
    assert exact_confidence(told, Q).exact == pytest.approx(0.72)
    near = theory((0.9, P), (0.8, Implies(P, Q)), (0.5, Or((Q, S))))
    assert exact_confidence(near, Q).exact is None


def test_absence_with_certificates(solver: Solver) -> None:
    bird, flies = Atom("bird", (Const("tweety"),)), Atom("flies", (Const("tweety"),))
    rule = Rule(Atom("flies", (X,)), (Atom("bird", (X,)), Naf(Atom("penguin", (X,)))))
    told = theory((0.9, bird), (0.8, rule), (0.3, Atom("bird", (Const("tux"),))), closed_world=True)
    ranking = best_proofs(solver, told, flies, 2, GENEROUS)
    assert ranking.complete, ranking.reason
    (proof,) = ranking.proofs
    assert proof.labels == frozenset({"c1", "c2"})
    assert kernel.check(told, flies, proof.certificate) == proof.theorem

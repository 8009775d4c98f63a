"""Sessions: taking back, branches, versions of a theory in the solvers, and many questions at once."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym import Disproved, Engine, Inconsistent, Limits, Proved, Unknown, check
from neurosym.cli import main
from neurosym.errors import ConfigError, InputError, TheoryError
from neurosym.logic import TRUE, And, Atom, Const, Forall, Formula, Implies, Naf, Not, Rule, Statement, Var
from neurosym.results import Response, verdict_name
from neurosym.solvers import make_solver, open_answers
from neurosym.solvers.canonical import Canonical
from neurosym.solvers.checking import Checkers
from neurosym.solvers.known import Knowledge
from neurosym.solvers.prolog import PrologSolver
from neurosym.solvers.remote import RemoteSolver
from neurosym.solvers.router import Router
from neurosym.solvers.smt import SmtSolver
from neurosym.syntax import read_formula, show
from neurosym.theory import Axiom, Claim, Theory

LIMITS = Limits(seconds=60)
X, Y, Z = Var("x"), Var("y"), Var("z")
GRAPH = """@prefix : <http://e.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Cat rdfs:subClassOf :Animal . :Rex a :Dog . :Tom a :Cat .
"""


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(parser="grammar", limits=LIMITS) as e:
        yield e


@pytest.fixture(scope="module")
def prolog() -> Iterator[PrologSolver]:
    s = PrologSolver()
    yield s
    s.close()


def labels(e: Engine) -> list[str]:
    return [c.label for c in e.theory.claims]


# --- taking back ------------------------------------------------------------------------


def test_what_is_retracted_no_longer_holds(engine: Engine) -> None:
    engine.tell("Tom is a cat. All cats are mammals.")
    assert isinstance(engine.ask("Is Tom a mammal?").verdict, Proved)
    gone = engine.retract("told:1")
    assert [show(c.formula) for c in gone.claims] == ["cat(Tom)"]
    assert isinstance(engine.ask("Is Tom a mammal?").verdict, Unknown)
    engine.add(gone.claims)
    assert isinstance(engine.ask("Is Tom a mammal?").verdict, Proved)


def test_a_contradiction_goes_with_a_claim_of_it(engine: Engine) -> None:
    engine.tell_logic("a: cat(Tom). b: forall ?x. cat(?x) -> mammal(?x). c: not mammal(Tom). d: dog(Rex).")
    assert isinstance(engine.ask("dog(Rex)").verdict, Inconsistent)
    engine.retract("d")
    assert isinstance(engine.ask("dog(Rex)").verdict, Inconsistent)
    engine.retract("c")
    r = engine.ask("mammal(Tom)")
    assert isinstance(r.verdict, Proved)
    assert r.verdict.theorem.hypotheses == {"a", "b"}


def test_a_label_that_is_not_there_is_an_error_with_its_neighbours(engine: Engine) -> None:
    engine.tell_logic("alpha: cat(Tom). beta: dog(Rex).")
    with pytest.raises(TheoryError, match="did you mean alpha"):
        engine.retract(["beta", "alpa"])
    assert labels(engine) == ["alpha", "beta"]  # nothing half-taken


def test_a_document_is_taken_back_whole(engine: Engine) -> None:
    engine.tell("Wren is tall. Colourless the of green is.", "one")
    engine.tell("Ann is a cat. Rex sees a wren.", "two")
    gone = engine.retract_document("one")
    assert all(c.label.startswith("one:") for c in gone.claims)
    assert len(gone.unread) == 1
    assert engine.unread == ()
    engine.tell("Bob is tall.", "one")
    assert "one:1" in labels(engine)  # its sentences are counted from one again
    with pytest.raises(TheoryError, match="documents told: "):
        engine.retract_document("ones")


def test_a_graph_is_taken_back(engine: Engine, tmp_path: Path) -> None:
    path, other = tmp_path / "pets.ttl", tmp_path / "more.ttl"
    path.write_text(GRAPH)
    other.write_text("@prefix : <http://e.org/> . :Ann a :Cat .")
    engine.tell("Tom is big.", "story")
    told = engine.load(path)
    tom = next(c.label for c in told.claims if show(c.formula) == "cat(Tom)")
    engine.retract(tom)
    engine.load(other)
    assert tom not in labels(engine)  # what was retracted does not come back with another graph
    assert isinstance(engine.ask("animal(Ann)").verdict, Proved)
    engine.retract_document("pets.ttl")
    assert isinstance(engine.ask("animal(Ann)").verdict, Unknown)
    assert isinstance(engine.ask("cat(Ann)").verdict, Proved)
    assert isinstance(engine.ask("big(Tom)").verdict, Proved)


# --- branches ---------------------------------------------------------------------------


def test_a_branch_and_its_parent_go_their_own_ways(engine: Engine) -> None:
    engine.tell_logic("a: cat(Tom). b: forall ?x. cat(?x) -> mammal(?x).")
    with engine.branch() as b:
        b.tell_logic("c: cat(Ann).", "branch")
        engine.tell_logic("d: cat(Bob).", "later")
        assert isinstance(b.ask("mammal(Ann)").verdict, Proved)
        assert isinstance(b.ask("mammal(Bob)").verdict, Unknown)
        assert isinstance(engine.ask("mammal(Bob)").verdict, Proved)
        assert isinstance(engine.ask("mammal(Ann)").verdict, Unknown)
        b.retract("b")
        with b.branch() as c:
            c.tell_logic("e: not mammal(Tom).", "deep")
            assert isinstance(c.ask("mammal(Tom)").verdict, Disproved)
        assert isinstance(b.ask("mammal(Tom)").verdict, Unknown)
    assert isinstance(engine.ask("mammal(Tom)").verdict, Proved)  # the solver is still there
    assert labels(engine) == ["a", "b", "d"]


def test_a_branch_copies_no_claims(engine: Engine) -> None:
    engine.tell_logic("a: cat(Tom). b: dog(Rex).")
    branch = engine.branch()
    assert branch._session.claims is engine._session.claims
    assert branch.theory is engine.theory
    branch.tell_logic("c: cat(Ann).", "branch")
    assert all(x is y for x, y in zip(branch.theory.claims, engine.theory.claims, strict=False))


def test_what_if(engine: Engine) -> None:
    engine.tell("Tom is a cat. If something is a cat and it is young then it is playful.")
    assert isinstance(engine.ask("Is Tom playful?").verdict, Unknown)
    for statement in ("Tom is young.", "young(Tom)", "young(?x) :- cat(?x).", Atom("young", (Const("Tom"),))):
        with engine.what_if(statement) as b:
            assert isinstance(b.ask("Is Tom playful?").verdict, Proved), statement
    with engine.what_if("young(Tom)", "not playful(Tom)") as b:
        assert isinstance(b.ask("cat(Tom)").verdict, Inconsistent)
    assert isinstance(engine.ask("Is Tom playful?").verdict, Unknown)


def test_the_world_of_a_branch_is_its_own(engine: Engine) -> None:
    engine.tell_logic("cat(Tom).")
    with engine.branch() as b:
        b.closed_world = True
        assert isinstance(b.ask("dog(Tom)").verdict, Disproved)
    assert isinstance(engine.ask("dog(Tom)").verdict, Unknown)


# --- versions in the solvers ---------------------------------------------------------------


class Made:
    """A random theory under change: its claims come and go."""

    def __init__(self, seed: int, absence: bool, negation: bool) -> None:
        self.rng = random.Random(seed)
        self.absence, self.negation = absence, negation
        self.n = 0
        self.claims: list[Claim] = []
        for _ in range(12):
            self.tell()

    def tell(self) -> None:
        self.n += 1
        f: Statement = self.atom((Const("a"), Const("b"), Const("c")))
        if self.rng.random() < 0.4:
            f = self.rule()
        elif self.negation and self.rng.random() < 0.15:
            f = Not(f)
        self.claims.append(Claim(f"c{self.n}", f, Axiom("made", 0, "")))

    def atom(self, terms: tuple[Const | Var, ...]) -> Atom:
        name = self.rng.choice("pqrst")
        return Atom(name, tuple(self.rng.choice(terms) for _ in range(1 + (name in "st"))))

    def rule(self) -> Statement:
        body = [self.atom((X, Y))]
        if self.rng.random() < 0.6:
            body.append(self.atom((X, Y, Z)))
        seen = [v for v in (X, Y, Z) if any(v in b.args for b in body)]
        head = self.atom(tuple(seen))
        if self.absence and head.pred in "pq" and self.rng.random() < 0.5:  # so that it is stratified
            return Rule(Atom("z", head.args[:1]), (*body, Naf(Atom(head.pred, (seen[0],)))))
        if self.negation and self.rng.random() < 0.15:
            return Forall(tuple(seen), Implies(And(tuple(body)), Not(head)))
        return Forall(tuple(seen), Implies(And(tuple(body)), head))

    def change(self) -> None:
        for _ in range(self.rng.randint(1, 2)):
            if self.rng.random() < 0.5 or len(self.claims) < 8:
                self.tell()
            else:
                self.claims.pop(self.rng.randrange(len(self.claims)))

    def theory(self, closed: bool = False) -> Theory:
        return Theory(tuple(self.claims), closed)


def goals() -> list[Formula]:
    things = (Const("a"), Const("b"), Const("c"))
    unary = [Atom(p, (t,)) for p in "pqrz" for t in things]
    return [*unary, *(Atom(p, (t, u)) for p in "st" for t in things for u in things)]


@pytest.mark.parametrize(("closed", "absence"), [(False, False), (False, True), (True, True)])
def test_a_version_sent_as_a_difference_answers_as_one_loaded_whole(
    prolog: PrologSolver, closed: bool, absence: bool
) -> None:
    differences = prolog.loads.differences
    compared = proved = 0
    whole = PrologSolver()
    try:
        for seed in range(4):
            made = Made(seed, absence, negation=not closed)
            old: list[Theory] = []
            for _ in range(6):
                made.change()
                now = made.theory(closed)
                old.append(now)
                for t in (now, made.rng.choice(old)):  # and back to an earlier version
                    for goal in made.rng.sample(goals(), 6):
                        mine, other = prolog.solve(t, goal, LIMITS), whole.solve(t, goal, LIMITS)
                        assert verdict_name(mine) == verdict_name(other), (t, goal)
                        compared += 1
                        proved += isinstance(mine, Proved)
                    x = open_answers(prolog, t, Atom("s", (X, Y)), (X, Y), LIMITS)
                    y = open_answers(whole, t, Atom("s", (X, Y)), (X, Y), LIMITS)
                    assert [a.binding for a in x[0]] == [a.binding for a in y[0]]
                    whole.forget()  # so that it has nothing to build on
    finally:
        whole.close()
    assert prolog.loads.differences > differences + 20
    assert proved > compared / 10


def test_only_what_depends_on_the_change_is_recomputed(prolog: PrologSolver) -> None:
    facts = [Atom(f"e{i}", (Const(f"k{i}"),)) for i in range(5)]
    rules = [Forall((X,), Implies(Atom(f"e{i}", (X,)), Atom(f"d{i}", (X,)))) for i in range(5)]
    chain: list[Statement] = [
        Forall((X,), Implies(Atom("d0", (X,)), Atom("f0", (X,)))),
        Rule(Atom("g0", (X,)), (Atom("e1", (X,)), Naf(Atom("f0", (X,))))),
    ]
    claims = [Claim(f"c{i}", f, Axiom("t", 0, "")) for i, f in enumerate([*facts, *rules, *chain])]
    t = Theory(tuple(claims))
    assert isinstance(prolog.solve(t, Atom("g0", (Const("k1"),)), LIMITS), Proved)
    wholes = prolog.loads.whole
    new = Claim("new", Atom("e0", (Const("k1"),)), Axiom("t", 0, ""))
    t2 = Theory((*claims, new))
    assert not isinstance(prolog.solve(t2, Atom("g0", (Const("k1"),)), LIMITS), Proved)
    assert prolog.loads.last == 3  # d0, f0 and, through its absence, g0
    t3 = Theory((*claims, Claim("apart", Atom("e4", (Const("k1"),)), Axiom("t", 0, ""))))
    assert isinstance(prolog.solve(t3, Atom("g0", (Const("k1"),)), LIMITS), Proved)
    assert prolog.loads.last == 4  # these again, for `new` goes, and d4
    assert prolog.loads.whole == wholes


def test_a_restarted_worker_gets_the_current_version(prolog: PrologSolver) -> None:
    made = Made(7, absence=True, negation=False)
    for _ in range(3):
        made.change()
        t = made.theory()
        before = [prolog.solve(t, g, LIMITS) for g in goals()]
        assert prolog.pid is not None
        os.kill(prolog.pid, signal.SIGKILL)
        assert [prolog.solve(t, g, LIMITS) for g in goals()] == before  # the very proofs


def test_a_fact_told_twice_is_taken_back_twice(prolog: PrologSolver) -> None:
    a, b = (Claim(label, Atom("p", (Const("a"),)), Axiom("t", 0, "")) for label in "ab")
    rule = Claim("r", Forall((X,), Implies(Atom("p", (X,)), Atom("q", (X,)))), Axiom("t", 0, ""))
    filler = tuple(Claim(f"x{i}", Atom("x", (Const(str(i)),)), Axiom("t", 0, "")) for i in range(8))
    for claims, hypotheses in (((a, b), {"a", "r"}), ((b,), {"b", "r"}), ((), None), ((b, a), {"b", "r"})):
        v = prolog.solve(Theory((*claims, rule, *filler)), Atom("q", (Const("a"),)), LIMITS)
        assert (v.theorem.hypotheses if isinstance(v, Proved) else None) == hypotheses


def test_the_router_answers_versions_as_it_answers_theories() -> None:
    solver, rules, first = make_solver("auto"), PrologSolver(), SmtSolver()
    assert isinstance(solver, Router)
    kept = 0
    try:
        for seed in range(4):
            made, old = Made(seed, absence=False, negation=True), list[Theory]()
            for _ in range(5):
                made.change()
                old.append(made.theory())
                for t in (old[-1], made.rng.choice(old)):
                    rules.forget()
                    fresh = Router(rules, first)  # that knows of no other version
                    for goal in made.rng.sample(goals(), 3):
                        mine, other = solver.solve(t, goal, LIMITS), fresh.solve(t, goal, LIMITS)
                        assert verdict_name(mine) == verdict_name(other), (t, goal)
                        assert mine.certificate is not None
                        assert check(t, goal, mine.certificate) == mine.theorem
                        kept += solver.knowledge.proved(goal)
    finally:
        for s in (solver, rules, first):
            s.close()
    assert kept


def claim(label: str, text: str) -> Claim:
    return Claim(label, read_formula(text), Axiom("t", 0, ""))


def test_consistency_is_carried_only_where_it_must_hold() -> None:
    """`no` keeps the theories from being consistent by their form alone."""
    told = (claim("a", "p(a)"), claim("no", "forall ?x. p(?x) -> not q(?x)"), claim("b", "r(b)"))
    for new, stays in (
        (told[:2], True),
        (told[1:], True),
        ((*told, claim("n", "forall ?x. s(?x) or v(?x)")), True),  # of predicates of its own
        ((*told, claim("n", "p(b)")), False),  # maybe, but that is not known
        ((*told, claim("n", "not s(a)")), False),
        ((*told, claim("n", "s(1)")), False),  # a number is another thing: it may be one too many
        ((*told[1:], claim("a", "q(a)")), False),  # another claim of that label
    ):
        knowledge = Knowledge(Checkers())
        knowledge.of(Theory(told)).consistent = True
        assert knowledge.of(Theory(new)).consistent is stays, new
        assert not knowledge.of(Theory(new, closed_world=True)).consistent


def test_a_conflict_and_a_proof_stay_while_their_claims_do() -> None:
    a, no, b = claim("a", "p(a)"), claim("no", "not p(a)"), claim("b", "r(b)")
    solver = make_solver("auto")
    assert isinstance(solver, Router)
    try:
        found = solver.solve(Theory((a, no, b)), TRUE, LIMITS)
        assert isinstance(found, Inconsistent)
        assert solver.knowledge.of(Theory((no, a))).conflict == found.certificate
        assert solver.knowledge.of(Theory((a, b))).conflict is None
        proved = solver.solve(Theory((a, b)), read_formula("exists ?x. p(?x)"), LIMITS)
        assert isinstance(proved, Proved)
        more, fewer = (solver.knowledge.of(Theory(c)) for c in ((a, claim("c", "r(c)")), (b,)))
        assert solver.knowledge.again(more, read_formula("exists ?x. p(?x)")) == proved
        assert solver.knowledge.again(fewer, read_formula("exists ?x. p(?x)")) is None
        # and whatever was proved before, of a theory that is now inconsistent nothing is
        v = solver.solve(Theory((a, b, no)), read_formula("exists ?x. p(?x)"), LIMITS)
        assert isinstance(v, Inconsistent)
    finally:
        solver.close()


def test_a_base_serves_many_versions() -> None:
    facts = tuple(Claim(f"f{i}", Atom("p", (Const(f"k{i}"),)), Axiom("t", 0, "")) for i in range(40))
    rule = Claim("r", Forall((X,), Implies(Atom("p", (X,)), Atom("q", (X,)))), Axiom("t", 0, ""))
    no = Claim("no", Not(Atom("q", (Const("k0"),))), Axiom("t", 0, ""))
    finder, goal = Canonical(), Atom("q", (Const("k0"),))
    first = finder.sides(Theory((*facts, rule)), goal, 60.0)
    whole = Theory((*facts, rule, no))
    assert type(finder.alone(whole, 60.0)).__name__ == "Refutation"
    assert finder.sides(Theory((*facts, rule)), goal, 60.0) == first
    without = finder.sides(Theory((*facts[1:], rule)), goal, 60.0)  # f0, of the first layer, is gone
    assert type(without.fails).__name__ == "FiniteModel"
    assert len({id(bases) for _, bases in finder._bases.values()}) == 1


def test_steps_bound_a_search_the_same_way_every_time() -> None:
    facts = tuple(Claim(f"f{i}", Atom("p", (Const(f"k{i}"),)), Axiom("t", 0, "")) for i in range(60))
    t, goal = Theory(facts), Atom("p", (Const("nobody"),))
    few, many = (
        [type(Canonical().sides(t, goal, 1e6, steps=n).fails).__name__ for _ in range(2)] for n in (50, 10**6)
    )
    assert few == ["NoneType", "NoneType"]
    assert many == ["FiniteModel", "FiniteModel"]


# --- many questions at once ----------------------------------------------------------------

STORY = """
a: forall ?x. cat(?x) -> mammal(?x). b: forall ?x. mammal(?x) -> warm(?x). c: cat(Tom). d: cat(Ann).
e: forall ?x. mammal(?x) -> not plant(?x). f: forall ?x. warm(?x) -> exists ?y. heart(?y) and of(?y, ?x).
g: tulip(Eve). h: forall ?x. tulip(?x) -> plant(?x). i: red(Eve) or red(Tom).
"""
QUESTIONS = (
    "warm(Tom)", "plant(Tom)", "red(Tom)", "warm(?who)", "plant(?what)", "exists ?y. of(?y, Ann)",
    "cat(Eve)", "red(Eve) or red(Tom)", "dog(Rex)", "warm(Ann) and not plant(Ann)",
)  # fmt: skip


@pytest.fixture(scope="module")
def crew() -> Iterator[Engine]:
    with Engine(parser="grammar", limits=LIMITS) as e:
        e.tell_logic(STORY, "story")
        yield e


def test_questions_asked_at_once_are_answered_as_one_by_one(crew: Engine) -> None:
    engine = crew
    one_by_one = tuple(engine.ask(q) for q in QUESTIONS)
    seen: list[tuple[int, int]] = []
    at_once = engine.ask_all(QUESTIONS, progress=lambda n, of: seen.append((n, of)))
    assert at_once == one_by_one
    assert seen == [(n, len(QUESTIONS)) for n in range(1, len(QUESTIONS) + 1)]
    with engine.what_if("cat(Bob)") as b:  # a branch uses the same children
        (r, *_) = b.ask_all(["warm(Bob)", "warm(Tom)"])
        assert isinstance(r.verdict, Proved)


def test_what_is_not_read_keeps_its_place(crew: Engine) -> None:
    engine = crew
    r = engine.ask_all(["warm(Tom)", "Wherefore of the?", "warm(Eve)"])
    assert [x.goal is None for x in r] == [False, True, False]
    with pytest.raises(ConfigError):
        engine.ask_all(["warm(Tom)"], workers=0)
    assert engine.ask_all([]) == ()


def test_a_killed_child_costs_nobody_an_answer(crew: Engine) -> None:
    engine = crew
    expected = [verdict_name(engine.ask(q).verdict) for q in QUESTIONS]
    killed: list[int] = []

    def kill(n: int, _: int) -> None:
        pid = engine._pool[n % 2].pid
        if n < 3 and pid is not None:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    found = engine.ask_all(QUESTIONS, progress=kill)
    assert [verdict_name(r.verdict) for r in found] == expected
    assert killed


def test_an_interrupt_ends_the_children_and_the_engine_goes_on(crew: Engine) -> None:
    engine = crew

    def interrupt(n: int, _: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.ask_all(QUESTIONS, progress=interrupt)
    assert [s.pid for s in engine._pool] == [None, None]
    found: tuple[Response, ...] = engine.ask_all(QUESTIONS[:3])
    assert [verdict_name(r.verdict) for r in found] == ["proved", "disproved", "unknown"]


def test_a_stopped_solver_fails_at_once_and_starts_again() -> None:
    s = RemoteSolver("auto")
    t, goal = Theory(()), read_formula("p(a)")
    try:
        assert isinstance(s.solve(t, goal, LIMITS), Unknown)
        s.stop()
        v = s.solve(t, goal, LIMITS)
        assert isinstance(v, Unknown)
        assert v.certificate is None
        s.close()
        assert s.solve(t, goal, LIMITS).certificate is not None
    finally:
        s.close()


def test_a_question_is_refused_before_any_is_answered(engine: Engine) -> None:
    engine.tell_logic(STORY, "story")
    with pytest.raises(InputError, match="expected one question"):
        engine.ask_all(["warm(Tom)", "Is Tom a cat? Is Tom a dog?"])
    assert engine._pool == []


def test_a_file_of_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb, file = tmp_path / "kb.nsl", tmp_path / "questions.txt"
    kb.write_text(STORY)
    file.write_text("warm(Tom)\n\nplant(Tom)\n")
    ask = ["ask", "--parser", "grammar", "-k", str(kb)]
    assert main([*ask, "--questions", str(file), "--workers", "1"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["question"], r["verdict"]) for r in rows] == [
        ("warm(Tom)", "proved"),
        ("plant(Tom)", "disproved"),
    ]
    for wrong in ([*ask, "warm(Tom)", "--questions", str(file)], ask):
        with pytest.raises(SystemExit, match="2"):
            main(wrong)

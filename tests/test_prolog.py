"""The Prolog backend: names, rules, absence, limits, crashes, and a naive reference to compare with."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neurosym.kernel import check
from neurosym.logic import (
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Formula,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    atom_of,
    computed,
    free_vars,
    is_signed_atom,
    rules_of,
    substitute,
    substitute_body,
)  # fmt: skip
from neurosym.proof import Apply, Certificate, Derivation, NotDerivable, Outcome
from neurosym.solvers.prolog import MODULE, PrologSolver
from neurosym.solvers.quote import Symbols
from neurosym.solvers.rule_shapes import carried_through, key_of, stratify
from neurosym.solvers.worker import Worker
from neurosym.syntax import read_formula, read_theory
from neurosym.theory import CLOSED_WORLD, Axiom, Claim, Theory
from neurosym.verdict import Inconsistent, Limits, Proved, Solver, Unknown, Verdict

L = Limits(seconds=20)
X, Y, Z = Var("x"), Var("y"), Var("z")


@pytest.fixture(scope="module")
def solver() -> Iterator[PrologSolver]:
    s = PrologSolver()
    yield s
    s.close()


def theory(*statements: Statement, closed: bool = False) -> Theory:
    return Theory(tuple(Claim(f"c{i}", f, Axiom("t", 0, "")) for i, f in enumerate(statements)), closed)


def text(source: str, closed: bool = False) -> Theory:
    return replace(read_theory(source, "t"), closed_world=closed)


def ask(solver: PrologSolver, t: Theory, goal: str, limits: Limits = L) -> Verdict:
    return solver.solve(t, read_formula(goal), limits)


def outcome(v: Verdict) -> str:
    return f"Unknown({v.reason})" if isinstance(v, Unknown) and v.theorem is None else type(v).__name__


# --- names ------------------------------------------------------------------------------

NASTY = [
    "", "'", '"', "\\", "\n", "\0", "a'b", "don''t", ":- shell('x')", "halt", "). halt. (", "X", "_", "[]",
    "{}", ",", "|", "is", "=", ":-", "\\'", "%", "/* ", "0'", "été", "名前", "\U0001f600", "a" * 3000,
    "\ud800", "end_of_file", "c1", "f0", "p0", "1", "-1", "table", "$sk", "\x7f", "\u2028",
]  # fmt: skip
names = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
terms: st.SearchStrategy[Term] = st.recursive(
    st.one_of(
        names.map(Const),
        st.fractions().map(Num),
        st.integers(-(2**200), 2**200).map(lambda n: Num(Fraction(n))),
    ),
    lambda inner: st.builds(lambda n, a: Fn(n, tuple(a)), names, st.lists(inner, max_size=3)),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def prolog() -> Iterator[Worker]:
    w = Worker(MODULE, 2048)
    yield w
    w.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(terms, min_size=1, max_size=4))
def test_terms_cross_and_come_back(prolog: Worker, given_terms: list[Term]) -> None:
    symbols = Symbols()
    for t in given_terms:
        sent = symbols.encode(t, {})
        assert set(sent) <= set("0123456789f(),")
        lines = prolog.request({"text": f"echo({sent})."}, 5)["text"].split("\n")
        assert lines[0] == "ok"
        assert symbols.decode(lines[1]) == t


def test_decode_refuses_other_text() -> None:
    symbols = Symbols()
    symbols.encode(Fn("f", (Const("a"), Const("b"))), {})
    for bad in ("", "f", "f0", "f0(0)", "f0(0,1", "f0(0,1)x", "X", "f0(0,1,0)", "-1", "f9(0)"):
        with pytest.raises((ValueError, IndexError)):
            symbols.decode(bad)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_only_names(solver: PrologSolver, name: str) -> None:
    if name.startswith("$sk"):
        pytest.skip("reserved")
    t = theory(Atom(name, (Const(name),)), Rule(Atom("q", (X, Fn(name, (X,)))), (Atom(name, (X,)),)))
    goal = Exists((Y,), Atom("q", (Y, Fn(name, (Const(name),)))))
    assert outcome(solver.solve(t, goal, L)) == "Proved"
    assert outcome(solver.solve(t, Atom(name, (Const(name + "?"),)), L)).startswith("Unknown(not derivable")


def test_injection_does_nothing(solver: PrologSolver, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    for evil in (
        f"x'), shell('touch {mark}'), foo('",
        f":- shell('touch {mark}')",
        f"a.\n:- shell('touch {mark}').\n",
    ):
        t = theory(Atom(evil, (Const(evil),)), Rule(Atom(evil, (X, X)), (Atom(evil, (X,)),)))
        assert outcome(solver.solve(t, Atom(evil, (Const(evil), Const(evil))), L)) == "Proved"
    assert not mark.exists()


def test_deep_terms_are_refused(solver: PrologSolver) -> None:
    deep: Term = Const("a")
    for _ in range(5000):
        deep = Fn("s", (deep,))
    t = text("p(a).")
    assert solver.unsupported(t, Atom("p", (deep,))) == ("terms or formulas nested this deeply",)
    assert outcome(solver.solve(t, Atom("p", (deep,)), L)).startswith("Unknown(unsupported: terms")


def test_same_name_different_things(solver: PrologSolver) -> None:
    one = Num(Fraction(1))
    t = theory(Atom("p", (one,)), Atom("p", (Const("a"), Const("b"))))
    for other in (Const("1"), Fn("1", ()), Num(Fraction(1, 2))):
        assert outcome(solver.solve(t, Atom("p", (other,)), L)).startswith("Unknown")
    assert outcome(solver.solve(t, Atom("p", (Num(Fraction(2, 2)),)), L)) == "Proved"


def test_big_and_rational_numbers(solver: PrologSolver) -> None:
    big = Num(Fraction(10**5000 + 1, 3))
    t = theory(
        Atom("size", (Const("a"), big)),
        Rule(Atom("large", (X,)), (Atom("size", (X, Y)), Less(Num(Fraction(2**64)), Y))),
    )
    assert outcome(solver.solve(t, Atom("large", (Const("a"),)), L)) == "Proved"
    assert outcome(solver.solve(t, Exists((X,), Atom("size", (Const("a"), X))), L)) == "Proved"


# --- questions --------------------------------------------------------------------------

ZOO = """
cat(tom). age(tom, 5). likes(bob, tom). human(ann) and human(eve).
forall ?x. cat(?x) -> animal(?x).
forall ?x. animal(?x) -> mortal(?x) and not stone(?x).
forall ?x ?y. likes(?x, ?y) and cat(?y) -> happy(?x).
forall ?x. thing(?x).
forall ?x ?n. age(?x, ?n) and ?n < 10 -> young(?x).
forall ?x ?y. human(?x) and human(?y) and ?x = ?y -> same(?x, ?y).
"""


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("cat(tom)", "Proved"),
        ("mortal(tom)", "Proved"),
        ("not stone(tom)", "Proved"),
        ("stone(tom)", "Disproved"),
        ("not mortal(tom)", "Disproved"),
        ("mortal(tom) and happy(bob)", "Proved"),
        ("mortal(tom) and stone(tom)", "Disproved"),
        ("stone(tom) or cow(tom) or young(tom)", "Proved"),
        ("exists ?x. cat(?x) and (cow(?x) or (young(?x) and not stone(?x)))", "Proved"),
        ("exists ?x ?y. likes(?x, ?y) and exists ?z. age(?y, ?z) and ?z < 6", "Proved"),
        ("thing(zoe)", "Proved"),
        ("exists ?x. thing(?x)", "Proved"),
        ("same(eve, eve)", "Proved"),
        ("human(eve)", "Proved"),
        ("3 < 4 and not (3 = 4)", "Proved"),
        ("4 <= 3", "Disproved"),
        ("forall ?x. stone(?x) -> stone(?x)", "Unknown"),
        ("cow(tom)", "Unknown"),
        ("same(ann, eve)", "Unknown"),
        ("ann = eve", "Unknown"),
    ],
)
def test_open_world(solver: PrologSolver, goal: str, wanted: str) -> None:
    v = ask(solver, text(ZOO), goal)
    assert outcome(v).startswith(wanted)
    if not isinstance(v, Unknown):
        assert check(text(ZOO), read_formula(goal), v.certificate) == v.theorem


def test_is_a_solver(solver: PrologSolver) -> None:
    seam: Solver = solver
    assert seam.name == "prolog"


def test_hypotheses_are_the_rules_used(solver: PrologSolver) -> None:
    v = solver.solve(
        theory(Atom("p", ()), Rule(Atom("q", ()), (Atom("p", ()),)), Atom("r", ())), Atom("q", ()), L
    )
    assert isinstance(v, Proved)
    assert v.theorem.hypotheses == {"c0", "c1"}


def test_unsupported_is_named(solver: PrologSolver) -> None:
    t = text("p(a) or q(a). p(b).")
    assert solver.unsupported(t, read_formula("p(b)")) == ("claim 't:1' is not a rule",)
    assert outcome(ask(solver, t, "p(b)")).startswith("Unknown(unsupported: claim")
    assert isinstance(solver.derive(t, read_formula("p(b)"), L), Derivation)  # from the other claims
    assert solver.derive(t, read_formula("p(a)"), L) is None
    assert solver.unsupported(text("p(a)."), read_formula("p(a) xor p(b)")) == ("xor in a goal",)


def test_shortest_proof_whatever_was_asked_before(solver: PrologSolver) -> None:
    source = "e(1,2). e(2,3). e(3,4). e(1,4). e(4,1). r(?x,?y) :- e(?x,?y). r(?x,?z) :- e(?x,?y), r(?y,?z)."
    goal = read_formula("r(1,4)")
    first = solver.derive(text(source), goal, L)
    assert isinstance(first, Derivation)
    assert len(first.steps) == 2
    other = text(source + " f(1).")
    for g in ("r(2,4)", "exists ?x. r(?x,4)", "r(3,3)", "exists ?x. r(1,?x)"):
        ask(solver, other, g)
    assert solver.derive(other, goal, L) == first


# --- recursion --------------------------------------------------------------------------

RECURSION = {
    "right": Rule(Atom("anc", (X, Z)), (Atom("par", (X, Y)), Atom("anc", (Y, Z)))),
    "left": Rule(Atom("anc", (X, Z)), (Atom("anc", (X, Y)), Atom("par", (Y, Z)))),
}


def chain(n: int, rule: Rule) -> Theory:
    links = [Atom("par", (Const(f"k{i}"), Const(f"k{i + 1}"))) for i in range(n)]
    return theory(*links, Rule(Atom("anc", (X, Y)), (Atom("par", (X, Y)),)), rule)


@pytest.mark.parametrize("form", sorted(RECURSION))
def test_long_chain(solver: PrologSolver, form: str) -> None:
    t = chain(2000, RECURSION[form])
    start, end = Const("k0"), Const("k2000")
    for goal in (
        Atom("anc", (start, end)), Exists((Z,), Atom("anc", (start, Z))), Exists((Z,), Atom("anc", (Z, end)))
    ):  # fmt: skip
        begun = time.perf_counter()
        assert outcome(solver.solve(t, goal, L)) == "Proved"
        assert time.perf_counter() - begun < 6  # under a second on an idle machine


def test_deep_chain(solver: PrologSolver) -> None:
    v = solver.solve(chain(3000, RECURSION["right"]), Atom("anc", (Const("k0"), Const("k3000"))), L)
    assert isinstance(v, Proved)
    assert isinstance(v.certificate.evidence, Derivation)
    assert len(v.certificate.evidence.steps) == 6000


def test_cycles_end(solver: PrologSolver) -> None:
    t = text("p(?x) :- q(?x). q(?x) :- r(?x). r(?x) :- p(?x). p(a). s(?x) :- s(?x).")
    assert outcome(ask(solver, t, "r(a)")) == "Proved"
    assert outcome(ask(solver, t, "exists ?x. s(?x)")).startswith("Unknown(not derivable")


def test_functions_without_end(solver: PrologSolver) -> None:
    t = text("nat(z). nat(s(?x)) :- nat(?x). up(?x) :- up(s(?x)). self(?x, f(?x)) :- nat(?x).")
    assert outcome(ask(solver, t, "nat(s(s(s(z))))")) == "Proved"
    pid = solver.pid
    assert outcome(ask(solver, t, "exists ?x. nat(s(?x)) and cow(?x)")).startswith(
        ("Unknown(limit", "Unknown(not")
    )
    assert outcome(ask(solver, t, "exists ?x. nat(?x)")).startswith("Unknown(limit")
    assert outcome(ask(solver, t, "up(z)")).startswith("Unknown(limit")
    assert outcome(ask(solver, text("g(?x, f(?x)) :- d(?x). d(a)."), "exists ?x. g(?x, ?x)")).startswith(
        "Unknown(not"
    )
    assert solver.pid == pid  # none of them cost the process
    assert outcome(ask(solver, t, "nat(s(z))")) == "Proved"


# --- absence ----------------------------------------------------------------------------

GAME = """
move(a,b). move(b,c). move(c,d). move(d,e).
node(?x) :- move(?x,?y). node(?y) :- move(?x,?y).
stuck(?x) :- node(?x), naf moves(?x). moves(?x) :- move(?x,?y).
loses(?x) :- move(?x,?y), stuck(?y), naf saved(?x). saved(?x) :- move(?x,?y), naf stuck(?y).
"""


def test_stratified_absence(solver: PrologSolver) -> None:
    t = text(GAME)
    assert isinstance(v := ask(solver, t, "stuck(e)"), Proved)
    assert CLOSED_WORLD in v.theorem.hypotheses
    assert outcome(ask(solver, t, "loses(d)")) == "Proved"
    unknown = ask(solver, t, "loses(a)")
    assert isinstance(unknown, Unknown)
    assert unknown.certificate is not None
    assert isinstance(unknown.certificate.evidence, NotDerivable)
    closed = text(GAME, closed=True)
    assert outcome(ask(solver, closed, "loses(a)")) == "Disproved"
    assert outcome(ask(solver, closed, "forall ?x. stuck(?x) -> node(?x)")) == "Proved"
    assert outcome(ask(solver, closed, "exists ?x. stuck(?x) and moves(?x)")) == "Disproved"


def test_win_move_on_levels(solver: PrologSolver) -> None:
    """win/move unrolled over an acyclic board is stratified; its truth is known."""
    n = 6
    rules: list[Statement] = [Atom("move", (Const(f"n{i}"), Const(f"n{i + 1}"))) for i in range(n)]
    for k in range(n, 0, -1):
        rules.append(Rule(Atom(f"win{k}", (X,)), (Atom("move", (X, Y)), Naf(Atom(f"win{k - 1}", (Y,))))))
    t = theory(*rules, closed=True)
    for i in range(n + 1):
        wins = (n - i) % 2 == 1
        v = solver.solve(t, Atom(f"win{n}", (Const(f"n{i}"),)), L)
        assert outcome(v) == ("Proved" if wins else "Disproved")


def test_absence_through_recursion_is_refused(solver: PrologSolver) -> None:
    t = text("move(a,b). win(?x) :- move(?x,?y), naf win(?y). p(a).")
    assert solver.unsupported(t, read_formula("win(a)")) == ("negation as failure through recursion: win",)
    assert outcome(ask(solver, t, "win(a)")).startswith("Unknown(unsupported: negation as failure")
    assert isinstance(solver.derive(t, read_formula("p(a)"), L), Derivation)
    assert solver.derive(t, read_formula("win(a)"), L) is None


def test_stratify() -> None:
    p, q, r = Atom("p"), Atom("q"), Atom("r")
    bad, levels = stratify([Rule(p, (Naf(q),)), Rule(q, (r,)), Rule(Not(r), (Naf(Atom("s")),))])
    assert bad == ()
    assert dict(levels) == {"s": 0, "r": 1, "q": 1, "p": 2}
    assert stratify([Rule(p, (q,)), Rule(q, (Naf(p),))])[0] == ("q",)


def test_inconsistent(solver: PrologSolver) -> None:
    t = text("p(a). forall ?x. p(?x) -> q(?x). not q(a). z(a).")
    v = ask(solver, t, "z(a)")
    assert isinstance(v, Inconsistent)
    assert v.theorem.hypotheses == {"t:1", "t:1.2", "t:1.3"}
    closed = text("b(a). c(a). forall ?x. b(?x) -> not c(?x).", closed=True)
    assert outcome(ask(solver, closed, "b(a)")) == "Inconsistent"


# --- open questions ---------------------------------------------------------------------


def test_answers(solver: PrologSolver) -> None:
    t = text(ZOO)
    goal = And((Atom("thing", (X,)), Or((Atom("cat", (X,)), Atom("human", (X,))))))
    found = solver.answers(t, goal, (X,), L)
    assert [a.binding for a in found] == [(("x", Const(n)),) for n in ("ann", "eve", "tom")]
    assert all(isinstance(a.verdict, Proved) for a in found)
    assert solver.answers(t, Atom("cow", (X,)), (X,), L) == ()
    closed = text(
        "bird(a). bird(b). penguin(b). forall ?x. bird(?x) and not penguin(?x) -> flies(?x).", closed=True
    )
    found = solver.answers(closed, And((Atom("bird", (X,)), Not(Atom("flies", (X,))))), (X,), L)
    assert [a.binding for a in found] == [(("x", Const("b")),)]
    assert isinstance(found[0].verdict, Proved)
    (conflict,) = solver.answers(text("p(a). not p(a)."), Atom("p", (X,)), (X,), L)
    assert isinstance(conflict.verdict, Inconsistent)
    (limit,) = solver.answers(text("n(z). n(s(?x)) :- n(?x)."), Atom("n", (X,)), (X,), L)
    assert isinstance(limit.verdict, Unknown)
    assert limit.verdict.reason.startswith("limit")


def test_answers_of_a_recursion(solver: PrologSolver) -> None:
    for rule in RECURSION.values():
        t = chain(30, rule)
        for goal, other in ((Atom("anc", (Const("k0"), X)), 1), (Atom("anc", (X, Const("k30"))), 0)):
            found = solver.answers(t, goal, (X,), L)
            assert {a.binding[0][1] for a in found} == {Const(f"k{i + other}") for i in range(30)}
            assert all(isinstance(a.verdict, Proved) for a in found)


# --- limits, crashes, threads ---------------------------------------------------------------

HARD: list[Statement] = [
    *(Atom("e", (Const(f"n{i}"), Const(f"n{(i * k + 1) % 300}"))) for i in range(300) for k in (2, 3, 7)),
    Rule(Atom("r", (X, Y)), (Atom("e", (X, Y)),)),
    Rule(Atom("r", (X, Z)), (Atom("r", (X, Y)), Atom("r", (Y, Z)))),
]


def test_inference_limit_keeps_the_process(solver: PrologSolver) -> None:
    t = theory(*HARD)
    goal = Exists((X, Y), And((Atom("r", (X, Y)), Atom("cow", (X,)), Atom("r", (Y, X)))))
    ask(solver, text("p(a)."), "p(a)")
    pid = solver.pid
    assert outcome(solver.solve(t, goal, replace(L, inferences=50_000))) == "Unknown(limit: inferences)"
    assert solver.pid == pid
    assert outcome(solver.solve(t, Atom("e", (Const("n0"), Const("n1"))), L)) == "Proved"


def test_time_limit(solver: PrologSolver) -> None:
    goal = Exists((X, Y), And((Atom("r", (X, Y)), Atom("r", (Y, X)), Atom("s", (X,)))))
    t = theory(*HARD, Atom("s", (Const("q"),)))
    begun = time.monotonic()
    v = solver.solve(t, goal, replace(L, seconds=0.5, inferences=10**12))
    assert outcome(v).startswith("Unknown(limit: no answer within 0.")
    assert time.monotonic() - begun < 30
    assert outcome(ask(solver, text("p(a)."), "p(a)")) == "Proved"


def test_memory_limit() -> None:
    s = PrologSolver()
    try:
        v = s.solve(
            theory(*HARD),
            Exists((X, Y), And((Atom("r", (X, Y)), Atom("r", (Y, X))))),
            Limits(seconds=3, memory_mb=112),
        )
        assert outcome(v).startswith(("Unknown(limit", "Unknown(failure"))
        assert outcome(ask(s, text("p(a)."), "p(a)")) == "Proved"
    finally:
        s.close()


def test_worker_killed(solver: PrologSolver) -> None:
    t = text(ZOO)
    assert outcome(ask(solver, t, "mortal(tom)")) == "Proved"
    assert solver.pid is not None
    os.kill(solver.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert outcome(ask(solver, t, "mortal(tom)")) == "Proved"  # started and loaded again
    answered = threading.Event()

    def kill() -> None:  # more than once: on a busy machine the first may come before the question
        while not answered.wait(0.5):
            if (pid := solver.pid) is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    goal = Exists((X, Y), And((Atom("r", (X, Y)), Atom("r", (Y, X)), Atom("s", (X,)))))
    v = solver.solve(theory(*HARD, Atom("s", (Const("q"),))), goal, replace(L, inferences=10**12))
    answered.set()
    killer.join()
    assert outcome(v).startswith("Unknown(failure: the worker ended with signal 9")
    assert outcome(ask(solver, t, "mortal(tom)")) == "Proved"


def test_more_theories_than_slots(solver: PrologSolver) -> None:
    many = [text(f"p(a{i}). q(?x) :- p(?x).") for i in range(20)]
    for _ in range(2):
        for i, t in enumerate(many):
            assert outcome(ask(solver, t, f"q(a{i})")) == "Proved"
            assert outcome(ask(solver, t, f"q(a{i + 1})")).startswith("Unknown(not")


def test_threads(solver: PrologSolver) -> None:
    wrong: list[str] = []
    theories = [text(f"p(a{i}). q(?x) :- p(?x).") for i in range(8)]

    def work(n: int) -> None:
        for i in range(25):
            at = (n + i) % 8
            if outcome(ask(solver, theories[at], f"q(a{at})")) != "Proved":
                wrong.append(f"{n} {i}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_forked_process_asks_too(solver: PrologSolver) -> None:
    t = text("p(a). q(?x) :- p(?x).")
    assert outcome(ask(solver, t, "q(a)")) == "Proved"
    child = os.fork()
    if child == 0:
        ok = outcome(ask(solver, t, "q(a)")) == "Proved"
        solver.close()
        os._exit(0 if ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert outcome(ask(solver, t, "q(a)")) == "Proved"


def test_a_wrong_derivation_is_not_believed(solver: PrologSolver) -> None:
    t = theory(Atom("p", (Const("a"),)), Rule(Atom("q", (X,)), (Atom("p", (X,)),)))
    d = solver.derive(t, Atom("q", (Const("a"),)), L)
    assert isinstance(d, Derivation)
    forged = replace(d.steps[-1], by=Apply("c1", 0, ((X, Const("b")),)))
    with pytest.raises(Exception, match="head"):
        check(t, Atom("q", (Const("a"),)), Certificate(Outcome.PROVED, Derivation((*d.steps[:-1], forged))))


def test_question_after_question_is_fast(solver: PrologSolver) -> None:
    rnd = random.Random(7)
    t = random_theory(rnd, 30, 20, 8, 12, naf=False)
    times = []
    for i in range(8):
        for p in range(12):
            begun = time.perf_counter()
            solver.derive(t, Atom(f"p{p}", (Const(f"n{i}"),)), L)
            times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.01  # 0.2 ms on an idle machine


# --- against a naive reference ------------------------------------------------------------


def random_theory(
    rnd: random.Random, facts: int, rules: int, things: int, props: int, naf: bool, closed: bool = False
) -> Theory:
    def thing() -> Const:
        return Const(f"n{rnd.randrange(things)}")

    out: list[Statement] = [Atom(f"p{rnd.randrange(props)}", (thing(),)) for _ in range(2 * facts // 3)]
    out += [Atom(rnd.choice(["r", "s"]), (thing(), thing())) for _ in range(facts // 3)]
    for _ in range(rules):
        level = rnd.randrange(1, props)
        body: list[BodyLiteral] = [
            Atom(f"p{rnd.randrange(level + 1)}", (X,)) for _ in range(rnd.choice([1, 1, 2]))
        ]
        if rnd.random() < 0.4:
            body.insert(rnd.randrange(len(body) + 1), Atom(rnd.choice(["r", "s"]), (X, Y)))
            more: list[BodyLiteral] = [Atom(f"p{rnd.randrange(level + 1)}", (Y,)), Atom("r", (Y, X))]
            if closed or not naf:  # in an open world two names may be equal, which no model settles
                more.append(Equal(X, Y))
            body.append(rnd.choice(more))
        if naf and rnd.random() < 0.4:
            body.append(Naf(Atom(f"p{rnd.randrange(level)}", (X,))))
        head = Atom(f"p{level}", (X,))
        if not naf and rnd.random() < 0.15:
            out.append(Rule(Not(Atom(f"m{rnd.randrange(3)}", (X,))), tuple(body)))
        else:
            out.append(Rule(head, tuple(body)))
    forms = [
        Rule(Atom("s", (X, Z)), (Atom("r", (X, Y)), Atom("s", (Y, Z)))),
        Rule(Atom("s", (X, Z)), (Atom("s", (X, Y)), Atom("r", (Y, Z)))),
        Rule(Atom("s", (X, Z)), (Atom("s", (X, Y)), Atom("s", (Y, Z)))),
        Rule(Atom("s", (Y, X)), (Atom("s", (X, Y)),)),
    ]
    out += rnd.sample(forms, rnd.randrange(3))
    return theory(*out, closed=closed)


def naive(t: Theory) -> set[Formula]:
    """The perfect model, level by level, by trying every instance of every rule."""
    rules = [r for c in t.claims for r in rules_of(c.formula, t.closed_world) or ()]
    level = dict(stratify(rules)[1])
    domain = sorted({a for c in t.claims for a in _constants(c.formula)}, key=lambda c: c.name)
    ground = [
        (level.get(key_of(r.head)[1], 0), substitute(r.head, s), [substitute_body(b, s) for b in r.body])
        for r in rules
        for values in product(domain, repeat=len(free_vars(r)))
        for s in [dict(zip(free_vars(r), values, strict=True))]
    ]
    model: set[Formula] = set()
    for stage in range(max(level.values(), default=0) + 1):
        todo, changed = [g for g in ground if g[0] == stage], True
        while changed:
            changed = False
            for _, head, body in todo:
                if head not in model and all(_true(b, model, t.closed_world) for b in body):
                    model.add(head)
                    changed = True
    return model


def _constants(f: Statement) -> set[Const]:
    found = (*f.body, f.head) if isinstance(f, Rule) else (f,)
    return {t for x in found if is_signed_atom(x) for t in atom_of(x).args if isinstance(t, Const)}


def _true(b: Formula | Naf, model: set[Formula], closed: bool) -> bool:
    if isinstance(b, Naf):
        return b.body not in model
    return b in model if is_signed_atom(b) else computed(b, closed) is True


@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_the_reference(solver: PrologSolver, seed: int) -> None:
    rnd = random.Random(seed)
    naf, closed = seed % 4 in (0, 1), seed % 4 in (1, 2)
    t = random_theory(rnd, 14, 14, 4, 6, naf=naf, closed=closed)
    model = naive(t)
    goals: list[Formula] = [
        Atom(f"{k}{p}", (Const(f"n{i}"),))
        for k, m in (("p", 6), ("m", 3))
        for p in range(m)
        for i in range(4)
    ]
    goals += [
        Atom(r, (Const(f"n{i}"), Const(f"n{j}"))) for r in ("r", "s") for i in range(4) for j in range(4)
    ]
    rnd.shuffle(goals)
    for goal in goals:
        got = outcome(solver.solve(t, goal, L))
        if goal in model:
            assert got == "Proved", goal
        elif closed or Not(goal) in model:
            assert got == "Disproved", goal
        else:
            assert got.startswith("Unknown"), goal
            assert "no certificate" not in got, goal
    for name in ("r", "s"):
        found = solver.answers(t, Atom(name, (X, Y)), (X, Y), L)
        assert {(a.binding[0][1], a.binding[1][1]) for a in found} == {
            f.args for f in model if isinstance(f, Atom) and f.pred == name
        }
        assert all(isinstance(a.verdict, Proved) for a in found)
        for i in range(4):
            bound = solver.solve(t, Exists((X,), Atom(name, (Const(f"n{i}"), X))), L)
            there = any(isinstance(f, Atom) and f.pred == name and f.args[0] == Const(f"n{i}") for f in model)
            assert (outcome(bound) == "Proved") == there


def test_carried_through() -> None:
    derived = {(True, "anc", 2)}
    assert carried_through(RECURSION["right"], derived) == (1,)
    assert carried_through(RECURSION["left"], derived) == (0,)
    assert (
        carried_through(Rule(Atom("anc", (X, Z)), (Atom("anc", (X, Y)), Atom("anc", (Y, Z)))), derived) == ()
    )
    assert (
        carried_through(Rule(Atom("anc", (X, Z)), (Atom("par", (X, Y)), Atom("anc", (Z, Y)))), derived) == ()
    )

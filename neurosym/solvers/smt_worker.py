"""The child process of `SmtSolver`: it asks Z3.

Knows clauses whose symbols are numbers, and Z3.  Must not know names, theories or the
kernel; nothing it answers is trusted.  Run as `python -m neurosym.solvers.smt_worker`.

Refutations: Z3's proof lists the quantifier instances it used (`quant-inst` nodes, whose
parameters are the terms); those that are unsatisfiable by themselves are a Herbrand
refutation.  Models: `models.py`, with Z3's propositional solver as the oracle.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import z3
from z3 import z3core

from neurosym.solvers import models
from neurosym.solvers.arithmetic_instances import instantiate
from neurosym.solvers.arithmetic_models import valued
from neurosym.solvers.clausal import (
    Problem,
    WireTerm,
    functions,
    ground_terms,
    has_functions,
    interpreted,
    read_problem,
    substituted,
    without_disequations,
)
from neurosym.solvers.models import Grid, Ground, Instances, Structure, TooLarge
from neurosym.solvers.smt_terms import CHECKER, PLAIN, PROVER, SEED, Budget, Builder

Wire: TypeAlias = dict[str, Any]

THEORIES = 16  # groundings kept
FIRST_RLIMIT = 30_000  # a first try of some 30 ms, before small models are looked for
# Z3's luck has a heavy tail: some short tries with other seeds come before a long one (Gomes et al. 2000).
RESTARTS = ((0, 100_000), (3, 100_000), (6, 100_000), (5, 300_000))
FIRST_OTHERS = 3  # elements besides the numerals in the small models
SHRINK = 100  # instances up to which a core found by unit propagation is made minimal
LEVELS = 2  # of the terms over which all instances are tried
HERBRAND = 3_000  # instances of which none is left out
FEW = 40  # instances of a core that is made minimal, though it is the solver's own
GRID = 200_000  # ground clauses in the search for one model


class Loaded:
    """A theory, what is known of it, and its groundings, each made when first needed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground: Ground | None = None
        self.grids: dict[object, Grid] = {}
        self.asserted: list[z3.BoolRef] | None = None
        self.alone: Wire | None = None  # the answer for the premises alone
        self.alone_within = (0.0, 0, 0)  # the limits it was sought under
        self.no_model = 0  # the premises have no model of up to so many elements


# --- Z3 -----------------------------------------------------------------------------------


VARIABLES: list[z3.FuncDeclRef] = []  # the variables of DIMACS text, whose names are numbers


def oracle(budget: Budget) -> models.Oracle:
    """Z3's propositional solver, fresh for every problem so that answers do not depend on history."""

    def solve(clauses: Sequence[Sequence[int]], want_core: bool) -> set[int] | list[int] | TooLarge:
        top = max((abs(x) for c in clauses for x in c), default=0)
        solver = budget.solver(_propositional(clauses, top))
        match solver.check():
            case z3.sat:
                return _true(solver.model(), top)
            case z3.unsat:
                return _core(clauses, top, budget) if want_core else []
            case _:
                return TooLarge(f"limit: {solver.reason_unknown()}")

    return solve


def _propositional(clauses: Sequence[Sequence[int]], top: int) -> z3.Solver:
    lines = "\n".join(" ".join(map(str, c)) + " 0" for c in clauses)
    solver = z3.SolverFor("QF_FD")
    solver.set("random_seed", SEED)
    solver.from_string(f"p cnf {top} {len(clauses)}\n{lines}\n")
    return solver


def _true(model: z3.ModelRef, top: int) -> set[int]:
    """The true variables.  By the C interface: the Python one costs 20 us a variable."""
    true = z3.BoolVal(True, PLAIN).ast.value
    for i in range(len(VARIABLES) + 1, top + 1):
        VARIABLES.append(z3.Bool(i, PLAIN).decl())
    context, found = PLAIN.ref(), model.model
    return {
        i
        for i, v in enumerate(VARIABLES[:top], 1)
        if z3core.Z3_model_get_const_interp(context, found, v.ast).value == true
    }


def _core(clauses: Sequence[Sequence[int]], top: int, budget: Budget) -> list[int] | TooLarge:
    guarded = [(*c, -(top + 1 + i)) for i, c in enumerate(clauses)]
    solver = budget.solver(_propositional(guarded, top + len(clauses)))
    if solver.check([z3.Bool(top + 1 + i, PLAIN) for i in range(len(clauses))]) != z3.unsat:
        return TooLarge("limit: no unsatisfiable core within the limits")
    return sorted(int(str(x)[2:]) - top - 1 for x in solver.unsat_core())


class GroundSet:
    """Ground instances under Z3's congruence closure, each with a switch."""

    def __init__(self, problem: Problem, instances: Instances, budget: Budget) -> None:
        self.solver = budget.solver(z3.SimpleSolver(ctx=PLAIN))
        self.solver.set("random_seed", SEED)
        self.solver.add(CHECKER.numerals(problem))
        if interpreted(problem.clauses):
            bound = {t for _, binding in instances for b in binding for t in _parts(b)}
            terms = {*bound, *range(problem.constants), *_applied(problem, instances)}
            self.solver.add(CHECKER.known(sorted(terms, key=str)))
        self.switches = [z3.Bool(f"on{i}", PLAIN) for i in range(len(instances))]
        for on, (n, binding) in zip(self.switches, instances, strict=True):
            self.solver.add(CHECKER.either([z3.Not(on), *CHECKER.body(problem.clauses[n], binding)]))

    def unsat(self, numbers: list[int]) -> bool:
        return bool(self.solver.check([self.switches[i] for i in numbers]) == z3.unsat)

    def core(self) -> list[int]:
        return sorted(int(str(x)[2:]) for x in self.solver.unsat_core())


def _parts(t: WireTerm) -> list[WireTerm]:
    """A ground term and the things in it."""
    return [t, *(s for a in t[1:] for s in _parts(a))] if isinstance(t, tuple) else [t]


def _applied(problem: Problem, instances: Instances) -> set[WireTerm]:
    """The things that the instances speak of."""
    found: set[WireTerm] = set()
    for n, binding in instances:
        given = {-1 - i: t for i, t in enumerate(binding)}
        for _, _, terms in problem.clauses[n].literals:
            for t in terms:
                found.update(
                    s for s in _parts(substituted(t, given)) if not isinstance(s, tuple) or s[0] >= 0
                )
    return found


def refutation(problem: Problem, instances: Instances, budget: Budget) -> Instances | None:
    """A minimal part of `instances` that is unsatisfiable by itself, or None."""
    ground = GroundSet(problem, instances, budget)
    if not ground.unsat(list(range(len(instances)))):
        return None
    kept = [instances[i] for i in ground.core()]
    if interpreted(problem.clauses):  # parts without bounds are hard on Z3's whole numbers
        return kept
    ground = GroundSet(problem, kept, budget)
    claims = [problem.clauses[n].claim for n, _ in kept]
    return [kept[i] for i in models.shrink(claims, ground.unsat)]


def refute(problem: Problem, loaded: Loaded, budget: Budget, rlimit: int, seed: int = SEED) -> Wire:
    """Ask Z3 for a refutation of universal clauses: "unsat" with instances, "sat" or "unknown"."""
    if loaded.asserted is None:
        loaded.asserted = [PROVER.clause(c, n) for n, c in enumerate(loaded.problem.clauses)]
    prover, asserted = PROVER, list(loaded.asserted)
    if seed != SEED:  # a context of its own, so that the numbers of old expressions play no part
        prover, asserted = Builder(z3.Context(proof=True)), []
    known = len(asserted)
    asserted += [prover.clause(c, known + i) for i, c in enumerate(problem.clauses[known:])]
    asserted += [*prover.numerals(problem), *prover.distinct(problem)]
    reason, seen = "", list[WireTerm]()
    for mbqi in (True, False):
        solver = budget.solver(z3.SimpleSolver(ctx=prover.context), rlimit)
        solver.set("random_seed", seed)
        solver.set("mbqi", mbqi)
        solver.set("refine_inj_axioms", False)  # would put an axiom of its own in place of our clause
        solver.add(asserted)
        answer = solver.check()
        if answer != z3.unsat:
            if reason:
                break
            return {"status": str(answer), "reason": solver.reason_unknown()}
        forms = map(without_disequations, problem.clauses)
        ground = [(n, old) for n, (shown, old) in enumerate(forms) if not shown.variables]
        used = _instances(solver.proof(), problem)
        if (found := refutation(problem, ground + used, budget)) is not None:
            return {"status": "unsat", "instances": found}
        reason = "no certificate: the instances that Z3 names are satisfiable"
        seen += [t for _, binding in used for t in binding]
    # Z3 reasoned otherwise: all instances over the terms that it has used
    terms = list(dict.fromkeys([*range(problem.constants), *ground_terms(problem.clauses), *seen]))
    if (found := _over(problem, terms, models.INSTANCES // 10, budget)) is not None:
        return {"status": "unsat", "instances": found}
    return {"status": "unknown", "reason": reason}


def herbrand(problem: Problem, budget: Budget) -> Instances | None:
    """A refutation over the terms that are written, or over these and what applies to them.

    Z3 needs patterns to find an instance, and misses some that a few terms would give (Gilmore 1960).
    """
    terms: list[WireTerm] = list(dict.fromkeys([*range(problem.constants), *ground_terms(problem.clauses)]))
    arities = functions(problem.clauses)
    for _ in range(LEVELS):
        if (found := _over(problem, terms, HERBRAND, budget)) is not None:
            return found
        if sum(len(terms) ** n for n in arities.values()) > HERBRAND:
            break
        new = [(f, *args) for f, n in sorted(arities.items()) for args in product(terms, repeat=n)]
        terms = list(dict.fromkeys([*terms, *new]))
    return None


def _over(problem: Problem, terms: Sequence[WireTerm], most: int, budget: Budget) -> Instances | None:
    """A refutation by instances over `terms`, where all of them are at most so many."""
    if sum(len(terms) ** c.variables for c in problem.clauses) > most:
        return None
    every = [
        (n, binding) for n, c in enumerate(problem.clauses) for binding in product(terms, repeat=c.variables)
    ]
    return refutation(problem, every, budget)


def _instances(proof: z3.ExprRef, problem: Problem) -> Instances:
    """The quantifier instances of a proof, in a fixed order."""
    out: dict[tuple[int, tuple[WireTerm, ...]], None] = {}
    todo, seen = [proof], set[int]()
    while todo:
        node = todo.pop()
        if node.get_id() in seen or not z3.is_app(node):
            continue
        seen.add(node.get_id())
        todo += node.children()
        declaration = node.decl()
        if declaration.kind() == z3.Z3_OP_PR_QUANT_INST:
            quantifier = node.arg(0).arg(0).arg(0)
            number = _index("q", quantifier.qid()) if z3.is_quantifier(quantifier) else -1
            terms = tuple(_term(t, problem) for t in declaration.params())
            if 0 <= number < len(problem.clauses):
                shown, old = without_disequations(problem.clauses[number])
                if len(terms) == shown.variables:
                    given = {-1 - i: t for i, t in enumerate(terms)}
                    out[number, tuple(substituted(t, given) for t in old)] = None
    return sorted(out, key=str)


def _term(node: z3.ExprRef, problem: Problem) -> WireTerm:
    name = node.decl().name() if z3.is_app(node) else ""
    if (function := _index("f", name)) >= 0:
        return (function, *(_term(a, problem) for a in node.children()))
    constant = _index("c", name)
    # else a value of Z3's own making: any term of ours may stand in its place
    return constant if 0 <= constant < problem.constants else 0


def _index(kind: str, name: str) -> int:
    """The number in one of our names, or -1."""
    return int(name[1:]) if name[:1] == kind and name[1:].isdecimal() else -1


# --- deciding -----------------------------------------------------------------------------


def decide(problem: Problem, loaded: Loaded, budget: Budget) -> Wire:
    """ "unsat" with instances, "sat" with a structure, or "unknown" with a reason."""
    numbers = interpreted(problem.clauses)
    gradual = numbers or not has_functions(problem.clauses)
    if gradual and not numbers and Ground.cost(problem) <= models.INSTANCES:
        if loaded.ground is None:
            loaded.ground = Ground(loaded.problem)
        ground = loaded.ground if problem is loaded.problem else Ground(problem, loaded.ground)
        found = ground.solve(oracle(budget))
        if isinstance(found, Structure):
            return _sat(found)
        if isinstance(found, list) and ground.exact:
            return {"status": "unsat", "instances": _minimal(problem, ground, found, budget)}
        # else it took different names for different things
    if gradual:
        share = Budget(0.5 * budget.left(), budget.rlimit, budget.domain)
        made = instantiate(problem, share)
        if isinstance(made, Structure):
            return _sat(made)
        if isinstance(made, list):
            few = len(made) <= FEW and not numbers
            less = refutation(problem, made, budget) if few else None
            return {"status": "unsat", "instances": less or made}
    barren = loaded.no_model >= budget.domain
    offered = models.sizes if numbers else models.shapes
    shapes = [] if barren else list(offered(problem, budget.domain))
    small = [s for s in shapes if s[1] - len(s[0]) <= FIRST_OTHERS]
    # A short try each, then most of the time for Z3, and the rest for larger models.
    tried = refute(problem, loaded, budget, FIRST_RLIMIT)
    if tried["status"] == "unsat":
        return tried
    if isinstance(model := search(problem, loaded, budget, small), Structure):
        return _sat(model)
    short = Budget(0.2 * budget.left(), 10 * FIRST_RLIMIT, budget.domain)
    if tried["status"] == "unknown" and (proof := herbrand(problem, short)) is not None:
        return {"status": "unsat", "instances": proof}
    if tried["status"] == "unknown":
        share = Budget(0.7 * budget.left(), budget.rlimit, budget.domain)
        for seed, rlimit in (*RESTARTS, (SEED, budget.rlimit)):
            tried = refute(problem, loaded, share, rlimit, seed)
            if tried["status"] != "unknown" or share.left() <= 0:
                break
    if tried["status"] == "unsat":
        return tried
    large = [s for s in shapes if s not in small]
    if model is None and isinstance(model := search(problem, loaded, budget, large), Structure):
        return _sat(model)
    if model is None:
        if problem is loaded.problem:
            loaded.no_model = budget.domain
        besides = " besides the numerals" if problem.numbers else ""
        return _unknown(tried, f"no model with at most {budget.domain} elements{besides}")
    return _unknown(tried, model.reason)


def _unknown(tried: Wire, why: str) -> Wire:
    found = "no refutation exists" if tried["status"] == "sat" else f"no refutation found ({tried['reason']})"
    return {"status": "unknown", "reason": f"{found}; {why}"}


def _minimal(problem: Problem, ground: Ground, core: list[int], budget: Budget) -> Instances:
    """The instances of a core, as few as can be had cheaply."""
    groups = [problem.clauses[ground.origin[i][0]].claim for i in core]
    if len(core) <= SHRINK and models.conflicting([ground.clauses[i] for i in core]):
        kept = models.shrink(groups, lambda some: models.conflicting([ground.clauses[core[i]] for i in some]))
        return [ground.origin[core[i]] for i in kept]
    instances = [ground.origin[i] for i in core]
    if ground.conflict is None and (small := refutation(problem, instances, budget)) is not None:
        return small
    return instances


def search(
    problem: Problem, loaded: Loaded, budget: Budget, shapes: list[tuple[tuple[Fraction, ...], int, bool]]
) -> Structure | TooLarge | None:
    """The first model among the shapes; None where none has one."""
    for numbers, size, fixed in shapes:
        if budget.left() < 0:
            return TooLarge("limit: time")
        if models.grid_cost(problem, size) > GRID:
            return TooLarge(f"limit: models of {size} elements are too large to look for")
        if interpreted(problem.clauses):
            found = valued(problem, numbers, size, budget)
            if found is not None:
                return found
            continue
        key = (numbers, size, fixed)
        if key not in loaded.grids:
            loaded.grids[key] = Grid(loaded.problem, numbers, size, fixed)
        grid = loaded.grids[key]
        if problem is not loaded.problem:
            grid = grid.extended(problem)
        true = oracle(budget)(grid.clauses, False)
        if isinstance(true, TooLarge):
            return true
        if isinstance(true, set):
            return grid.structure(true)
    return None


def _sat(structure: Structure) -> Wire:
    return {
        "status": "sat",
        "size": structure.size,
        "constants": structure.constants,
        "functions": structure.functions,
        "rows": structure.rows,
        "numbers": [(str(n), e) for n, e in structure.numbers],
    }


# --- messages -----------------------------------------------------------------------------


class Handler:
    """Answers requests; keeps the theories used last.

    A request has `key` (of a theory), `theory` (its clauses; absent where sent before), `goals`
    (clauses added to it, one question each), `alone` (ask for the premises too) and limits.  The
    answer has `alone` (of the premises) and `answers`, or `missing`: the theory must be sent again.
    """

    def __init__(self) -> None:
        self.theories: OrderedDict[int, Loaded] = OrderedDict()

    def __call__(self, message: Wire) -> Wire:
        # Z3's own limit comes before the system's, whose breach ends the process.
        z3.set_param("memory_max_size", max(1, int(0.6 * message["memory_mb"])))
        try:
            return self._answer(message)
        except z3.Z3Exception as e:
            if "memory" in str(e):
                raise MemoryError from e
            raise

    def _answer(self, message: Wire) -> Wire:
        key = message["key"]
        if "theory" in message:
            self.theories[key] = Loaded(read_problem(message["theory"]))
            while len(self.theories) > THEORIES:
                self.theories.popitem(last=False)
        elif key not in self.theories:
            return {"missing": True}
        self.theories.move_to_end(key)
        loaded = self.theories[key]
        limits = (message["seconds"], message["rlimit"], message["domain"])
        budget = Budget(*limits)
        known = loaded.alone or {"status": "unknown"}
        if message["alone"] and known["status"] == "unknown" and limits > loaded.alone_within:
            known = decide(loaded.problem, loaded, Budget(limits[0] / 3, *limits[1:]))
            loaded.alone, loaded.alone_within = known, limits
        answers: list[Wire] = []
        if known["status"] != "unsat":
            goals = [read_problem(g, loaded.problem.clauses) for g in message["goals"]]
            for i, goal in enumerate(goals):
                # the first of two questions leaves half of the time to the second
                share = Budget(budget.left() / (len(goals) - i), *limits[1:])
                answers.append(decide(goal, loaded, share))
                if answers[-1]["status"] == "unsat":
                    break
        alone = {k: v for k, v in known.items() if k in ("status", "reason", "instances")}
        return {"alone": alone, "answers": answers}


if __name__ == "__main__":
    from neurosym.solvers.worker import serve

    serve(Handler)

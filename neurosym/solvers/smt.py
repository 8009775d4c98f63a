"""`SmtSolver`: first-order questions with equality and linear arithmetic, answered by Z3 in a child process.

Knows the verdicts, the certificates and the kernel.  Must not know Z3 (see smt_worker.py):
clauses cross as numbers, never as text made of the user's names.  Refutations give Proved
and Disproved, two finite models give a certified Unknown; whatever the kernel rejects is
Unknown without a certificate.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from neurosym import kernel
from neurosym.errors import CheckError, SolverError
from neurosym.logic import (
    SKOLEM,
    Clause,
    Const,
    Formula,
    Not,
    Statement,
    TooManyClauses,
    clauses,
    free_vars,
    substitute,
)  # fmt: skip
from neurosym.proof import GOAL, Certificate, FiniteModel, Independence, Instance, Outcome, Refutation
from neurosym.solvers.arithmetic_names import Names, Wire
from neurosym.solvers.ground_proof import GroundProof, as_literal, is_numeric, minimal, prove
from neurosym.solvers.worker import Worker, WorkerFailure, WorkerKilled
from neurosym.theory import Theory, beyond_classical, has_naf, reserved_symbol
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

FEW = 24  # instances that the kernel decides by its own search
CACHED = 16  # theories whose clauses are kept
GRACE = 2.0  # seconds that the child may overrun its own deadline before it is killed

_BOTH = frozenset({Outcome.PROVED, Outcome.DISPROVED})
INDEPENDENT = "neither the goal nor its negation follows: there is a model of each"


@dataclass(slots=True)
class _Compiled:
    """A theory in clausal form, numbered; `wire` is what the child gets."""

    theory: Theory
    key: int
    names: Names
    wire: Wire
    checker: kernel.Checker
    sent: int = 0  # the generation of the child that has it


class SmtSolver:
    """A `Solver` for classical first-order theories, with equality, functions and numerals.

    Where anything is compared or added, all things are different numbers, and numerals are what
    they say.  The child process is started by the first question.
    """

    name = "z3"

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._compiled: OrderedDict[int, _Compiled] = OrderedDict()
        self._keys = 0
        self._absent: tuple[Theory, bool] | None = None  # has the theory asked about last `naf`?

    @property
    def pid(self) -> int | None:
        """Process id of the child, or None."""
        return self._worker.pid if self._worker else None

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        out = list(beyond_classical(theory))
        if theory.closed_world:
            out.append("closed world")
        if self._absent is None or self._absent[0] is not theory:
            self._absent = theory, any(has_naf(c.formula) for c in theory.claims)
        if self._absent[1]:
            out.append("negation as failure")
        if free_vars(goal):
            out.append("free variables in the goal")
        if reserved_symbol(goal):
            out.append(f"symbols that start with {SKOLEM!r}")
        return tuple(out)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        return self._solve(theory, goal, limits, _BOTH, alone=True)

    def decide(
        self, theory: Theory, goal: Formula, limits: Limits, outcomes: frozenset[Outcome] = _BOTH
    ) -> Verdict:
        """As `solve`, but without asking whether the premises contradict each other.

        outcomes: those of PROVED and DISPROVED that are worth trying; Unknown otherwise.
        """
        return self._solve(theory, goal, limits, outcomes, alone=False)

    def _solve(
        self, theory: Theory, goal: Formula, limits: Limits, outcomes: frozenset[Outcome], alone: bool
    ) -> Verdict:
        if missing := self.unsupported(theory, goal):
            return Unknown(f"unsupported: {', '.join(missing)}")
        try:
            compiled = self._compile(theory)
            sides = [_extend(compiled.names, g) for g in (Not(goal), goal)]
            asked = [
                wire
                for (_, wire), outcome in zip(sides, (Outcome.PROVED, Outcome.DISPROVED), strict=True)
                if outcome in outcomes
            ]
            try:
                answer = self._ask(compiled, asked, limits, alone)
            except WorkerKilled:  # not by us: a fresh child gets the question
                answer = self._ask(compiled, asked, limits, alone)
        except TooManyClauses as e:
            return Unknown(f"limit: clausal form of {e}")
        except RecursionError:
            return Unknown("limit: a formula is nested too deeply")
        except WorkerFailure as e:
            return Unknown(e.reason)
        names = [n for n, _ in sides]
        found = [*answer["answers"], {"status": "unknown", "reason": "not asked"}, {"status": "unknown"}][:2]
        if Outcome.PROVED not in outcomes:
            found = [{"status": "unknown", "reason": ""}, found[0]]
        try:
            return _verdict(compiled, goal, answer["alone"], found, names, limits.seconds)
        except CheckError as e:
            return Unknown(f"no certificate: {e}")

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker = None
        self._compiled.clear()

    def _compile(self, theory: Theory) -> _Compiled:
        if (known := self._compiled.get(id(theory))) is not None:  # holds the theory, so the id stays its own
            self._compiled.move_to_end(id(theory))
            return known
        names, wire = Names(), list[list[Any]]()
        for n, c in enumerate(theory.claims):
            wire += names.add(n, c.label, clauses(c.formula, c.label))
        self._keys += 1
        new = self._compiled[id(theory)] = _Compiled(
            theory, self._keys, names, names.problem(wire), kernel.Checker(theory)
        )
        while len(self._compiled) > CACHED:
            self._compiled.popitem(last=False)
        return new

    def _ask(self, compiled: _Compiled, goals: list[Wire], limits: Limits, alone: bool) -> Mapping[str, Any]:
        if self._worker is None or self._worker.memory_mb != limits.memory_mb:
            if self._worker is not None:
                self._worker.close()
            self._worker = Worker("neurosym.solvers.smt_worker", limits.memory_mb)
            compiled.sent = 0
        message = {
            "key": compiled.key,
            "alone": alone,
            "goals": goals,
            "seconds": limits.seconds,
            "rlimit": limits.rlimit,
            "domain": limits.domain,
            "memory_mb": limits.memory_mb,
        }
        if compiled.sent != self._worker.generation:
            message["theory"] = compiled.wire
        answer = self._worker.request(message, limits.seconds + GRACE)
        if "missing" in answer:  # the child was restarted, or has forgotten
            answer = self._worker.request({**message, "theory": compiled.wire}, limits.seconds + GRACE)
        if "missing" in answer:
            raise SolverError("the Z3 worker does not keep the theory it was sent")
        compiled.sent = self._worker.generation
        return answer


def _extend(names: Names, goal: Statement) -> tuple[Names, Wire]:
    new = names.copy()
    return new, new.problem(list(new.add(-1, GOAL, clauses(goal, GOAL))))


def _verdict(
    compiled: _Compiled, goal: Formula, alone: Wire, found: list[Wire], names: list[Names], seconds: float
) -> Verdict:
    """What the child's findings amount to.  Raises CheckError where the kernel rejects them."""
    check = compiled.checker.check
    if alone["status"] == "unsat":
        certificate = Certificate(Outcome.INCONSISTENT, _refutation(compiled.names, alone, seconds))
        return Inconsistent(check(goal, certificate), certificate)
    against, for_ = found
    if against["status"] == "unsat":
        certificate = Certificate(Outcome.PROVED, _refutation(names[0], against, seconds))
        return Proved(check(goal, certificate), certificate)
    if for_["status"] == "unsat":
        certificate = Certificate(Outcome.DISPROVED, _refutation(names[1], for_, seconds))
        return Disproved(check(goal, certificate), certificate)
    if against["status"] == for_["status"] == "sat":
        evidence = Independence(holds=_model(names[1], for_), fails=_model(names[0], against))
        certificate = Certificate(Outcome.UNKNOWN, evidence)
        return Unknown(INDEPENDENT, check(goal, certificate), certificate)
    reasons = dict.fromkeys(str(w.get("reason", "")) for w in found if w["status"] == "unknown")
    return Unknown(f"no certificate: {'; '.join(reasons)}")


def _refutation(names: Names, wire: Wire, seconds: float) -> Refutation:
    """The instances that Z3 has found, and a proof of their contradiction where that takes a search."""
    found, ground = [], list[Clause]()
    for n, terms in wire["instances"]:
        label, index, variables, clause = names.origin[n]
        binding = tuple(zip(variables, map(names.term_of, terms), strict=True))
        found.append(Instance(label, index, binding))
        s = dict(binding)
        ground.append(tuple(as_literal(substitute(f, s)) for f in clause))
    if len(found) <= FEW and not any(map(is_numeric, ground)):
        return Refutation(tuple(found))
    proved = prove(ground, seconds)
    if not isinstance(proved, GroundProof):
        return Refutation(tuple(found))
    if len(proved.used) <= FEW // 2:
        proved = minimal(ground, [i.label for i in found], proved)
    return Refutation(tuple(found[i] for i in proved.used), proved.lemmas, proved.proof)


def _model(names: Names, wire: Wire) -> FiniteModel:
    """The interpretation of the user's symbols; Skolem functions are left out."""
    rows: dict[tuple[str, int], list[tuple[int, ...]]] = {}
    for pred, args in wire["rows"]:
        rows.setdefault(names.predicates[pred], []).append(tuple(args))
    functions = ((names.functions[f][0], tuple(args), value) for f, args, value in wire["functions"])
    named = zip(names.constants, wire["constants"], strict=True)
    return FiniteModel(
        size=wire["size"],
        constants=tuple(
            sorted((c.name, e) for c, e in named if isinstance(c, Const) and not c.name.startswith(SKOLEM))
        ),
        functions=tuple(sorted(f for f in functions if not f[0].startswith(SKOLEM))),
        predicates=tuple((name, n, tuple(sorted(found))) for (name, n), found in sorted(rows.items())),
        numbers=tuple((Fraction(n), e) for n, e in wire["numbers"]),
    )

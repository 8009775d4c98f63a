"""Named fallacies: wrong steps that would settle a goal which nothing settles.

For a conditional "if A then B" the converse "if B then A" makes affirming the consequent, the
inverse "if not A then not B" denying the antecedent, and a universal claim simply turned round is
an illicit conversion; where two claims share their predicate and nothing else ties their
subjects, the middle term is undistributed (Copi, Cohen and McMahon, "Introduction to Logic",
chapters on categorical syllogisms and on fallacies).  Each is named only where the goal is
certified unknown and the solver proves it, with a checked certificate, once the wrong step is
added.  Knows the Solver seam; must not know any backend.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from neurosym.logic import (
    And,
    Atom,
    Exists,
    Forall,
    Formula,
    Implies,
    Naf,
    Not,
    Rule,
    Statement,
    Var,
    atoms,
    free_vars,
    ground_terms,
    opposite,
)
from neurosym.solvers.hypotheses import Move, Moves, moves_of, patterns
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits, Proved, Solver, Unknown, Verdict
from neurosym.whynot import Fallacy, supposed_labels, supposing

AFFIRMING = "affirming the consequent"
DENYING = "denying the antecedent"
UNDISTRIBUTED = "undistributed middle"
CONVERSION = "illicit conversion"

CLAIMS = 30  # claims looked at, those that share the goal's words first
SHARE = 0.25  # of the time that is left, for one question to the solver
LEAST = 0.2  # seconds for it, while there are as many


@dataclass(frozen=True, slots=True)
class Conditional:
    """Claim `label` as: for all `vs`, if `condition` then `conclusion`."""

    label: str
    vs: tuple[Var, ...]
    condition: Formula
    conclusion: Formula

    @property
    def some(self) -> Formula:
        """Something meets the condition."""
        return _exists(tuple(v for v in self.vs if v in free_vars(self.condition)), self.condition)

    @property
    def converse(self) -> Formula:
        """If `conclusion` then `condition`, for some value of what stands in `condition` alone."""
        shared, only = self._variables()
        return _forall(shared, Implies(self.conclusion, _exists(only, self.condition)))

    @property
    def inverse(self) -> Formula:
        """If not `condition`, whatever stands in it alone, then not `conclusion`."""
        shared, only = self._variables()
        return _forall(shared, Implies(opposite(_exists(only, self.condition)), opposite(self.conclusion)))

    def _variables(self) -> tuple[tuple[Var, ...], tuple[Var, ...]]:
        inside = free_vars(self.conclusion)
        return tuple(v for v in self.vs if v in inside), tuple(v for v in self.vs if v not in inside)


def fallacies(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> tuple[Fallacy, ...]:
    """The fallacies that would prove `goal`, then those that would refute it; in the order of relevance.

    Empty unless the goal is certified unknown.  `limits.seconds` is for the whole of it.
    """
    court = _Court(solver, theory, limits)
    verdict = court.solve(theory, goal)
    if not isinstance(verdict, Unknown) or verdict.certificate is None:
        return ()
    claims = _relevant(theory, goal)
    conditionals = [c for claim in claims if (c := conditional(claim))]
    conclusions = (goal, opposite(goal))
    court.admit(_steps(conditionals, claims), conclusions)
    out: list[Fallacy] = []
    for conclusion in conclusions:
        found = [*_undistributed(court, conditionals, claims, conclusion)]
        abused = {f.label for f in found} | {f.other for f in found}
        for c in conditionals:
            if c.label not in abused and (f := _turned(court, c, conclusion)):
                found.append(f)
        for claim in claims:
            if f := _exchanged(court, claim, conclusion):
                found.append(f)
        out += found
    return tuple(out)


def conditional(claim: Claim) -> Conditional | None:
    """A claim of one conditional, or None.  "No A is B" is: if A then not B."""
    f: Statement = claim.formula
    if isinstance(f, Rule):
        body = tuple(b for b in f.body if not isinstance(b, Naf))
        if not body or len(body) < len(f.body):
            return None
        return Conditional(claim.label, free_vars(f), _and(body), f.head)
    vs: tuple[Var, ...] = ()
    conditions: list[Formula] = []
    while True:
        match f:
            case Forall(more, inner) if not set(more) & set(vs):
                vs, f = vs + more, inner
            case Implies(a, b):
                conditions.append(a)
                f = b
            case Not(Exists(more, And((*init, last)))) if init and not conditions and not vs:
                return Conditional(claim.label, more, _and(tuple(init)), Not(last))
            case _:
                return Conditional(claim.label, vs, _and(tuple(conditions)), f) if conditions else None


class _Court:
    """Asks the solver what a wrong step would prove, within the limits of one question."""

    def __init__(self, solver: Solver, theory: Theory, limits: Limits) -> None:
        self.solver, self.theory, self.limits = solver, theory, limits
        self.end = time.monotonic() + limits.seconds
        self.label = supposed_labels(theory, 1)[0]
        self._worth: set[tuple[Formula, Formula]] = set()
        self.forwards: set[tuple[Formula, Formula]] = set()  # no contraposition needed

    def solve(self, theory: Theory, goal: Formula) -> Verdict:
        left = self.end - time.monotonic()
        if left <= 0:
            return Unknown("limit: no time is left")
        return self.solver.solve(
            theory, goal, replace(self.limits, seconds=max(SHARE * left, min(left, 0.2)))
        )

    def admit(self, steps: Iterable[Formula], conclusions: tuple[Formula, ...]) -> None:
        """Find out which wrong steps are worth a question, all of them in one search.

        Each step holds under a proposition of its own, and only these may be supposed, one at a
        time (the device of assumption-based reasoning; de Kleer 1986).  What equality alone would
        show is not seen.
        """
        guards: dict[Atom, Formula] = {
            Atom(f"$step:{n}"): step for n, step in enumerate(dict.fromkeys(steps))
        }
        things = ground_terms([*(c.formula for c in self.theory.claims), *conclusions])
        for moves, worth in (
            (Moves(self.theory), self._worth),
            (Moves(self.theory, forwards=True), self.forwards),
        ):
            if moves.forwards and not self._worth:
                return
            for guard, step in guards.items():
                claim = Claim(guard.pred, step, Axiom("supposition", 0, ""))
                for m in moves_of(claim, moves.clausal, self.theory.closed_world):
                    moves.add(Move(m.head, (*m.body, guard)))
            for conclusion in conclusions:
                found = patterns(moves, conclusion, 1, lambda f: f in guards, things, self.limits)
                worth |= {(guards[f], conclusion) for p in found for f in p.supposed if isinstance(f, Atom)}

    def proves(self, wrong: Formula, conclusion: Formula) -> Proved | None:
        """A proof of `conclusion` that rests on `wrong`."""
        if (wrong, conclusion) not in self._worth or any(c.formula == wrong for c in self.theory.claims):
            return None
        verdict = self.solve(supposing(self.theory, (wrong,)), conclusion)
        return verdict if isinstance(verdict, Proved) and self.label in verdict.theorem.hypotheses else None


def _steps(conditionals: list[Conditional], claims: list[Claim]) -> Iterator[Formula]:
    """Every wrong step that may be taken."""
    for c in conditionals:
        yield from (c.converse, c.inverse)
    for first, second in _sharing(conditionals):
        yield And((second.converse, first.some))
    yield from (wrong for claim in claims if (wrong := _exchange(claim)) is not None)


def _turned(court: _Court, c: Conditional, conclusion: Formula) -> Fallacy | None:
    """The converse or the inverse.

    They say the same to a classical reasoner.  What tells the fallacies apart is which of them
    leads there forwards, without contraposition; where neither does, the sign of the conclusion.
    """
    affirmed = court.proves(c.converse, conclusion)
    if affirmed is not None and affirmed.theorem.hypotheses == {court.label}:
        return Fallacy(CONVERSION, c.label, c.converse, conclusion, affirmed)
    if affirmed is not None and (c.converse, conclusion) in court.forwards:
        return Fallacy(AFFIRMING, c.label, c.converse, conclusion, affirmed)
    inverse = court.proves(c.inverse, conclusion)
    if inverse is not None and (
        affirmed is None or (c.inverse, conclusion) in court.forwards or isinstance(conclusion, Not)
    ):
        return Fallacy(DENYING, c.label, c.inverse, conclusion, inverse)
    return Fallacy(AFFIRMING, c.label, c.converse, conclusion, affirmed) if affirmed else None


def _undistributed(
    court: _Court, conditionals: list[Conditional], claims: list[Claim], conclusion: Formula
) -> Iterator[Fallacy]:
    """All A are C, all B are C; so all, or some, A are B."""
    if not isinstance(conclusion, Forall | Exists):
        return
    done: set[frozenset[str]] = set()
    for first, second in _sharing(conditionals):
        pair = frozenset((first.label, second.label))
        steps = [second.converse]
        if isinstance(conclusion, Exists):  # "some" needs that there is one at all
            steps.append(And((second.converse, first.some)))
        for wrong in steps if pair not in done else ():
            verdict = court.proves(wrong, conclusion)
            if verdict is not None and first.label in verdict.theorem.hypotheses:
                done.add(pair)
                yield Fallacy(UNDISTRIBUTED, second.label, wrong, conclusion, verdict, first.label)
                break
    for second in conditionals:  # some A is C, all B are C; so some A is B
        for claim in claims:
            pair = frozenset((claim.label, second.label))
            if pair in done or not (middle := _middle(second.conclusion)):
                continue
            if isinstance(claim.formula, Exists) and middle in {_middle(p) for p in _parts(claim.formula)}:
                verdict = court.proves(second.converse, conclusion)
                if verdict is not None and claim.label in verdict.theorem.hypotheses:
                    done.add(pair)
                    yield Fallacy(
                        UNDISTRIBUTED, second.label, second.converse, conclusion, verdict, claim.label
                    )


def _sharing(conditionals: list[Conditional]) -> Iterator[tuple[Conditional, Conditional]]:
    """Pairs that affirm the same of different things."""
    for first, second in permutations(conditionals, 2):
        if _middle(first.conclusion) and _middle(first.conclusion) == _middle(second.conclusion):
            yield first, second


def _exchanged(court: _Court, claim: Claim, conclusion: Formula) -> Fallacy | None:
    """Some A are not B; so some B are not A."""
    if (wrong := _exchange(claim)) is None:
        return None
    verdict = court.proves(wrong, conclusion)
    return Fallacy(CONVERSION, claim.label, wrong, conclusion, verdict) if verdict else None


def _exchange(claim: Claim) -> Formula | None:
    match claim.formula:
        case Exists(vs, And((a, Not(b)))) | Not(Forall(vs, Implies(a, b))):
            return Exists(vs, And((b, Not(a))))
        case _:
            return None


def _middle(f: Formula) -> frozenset[tuple[str, int]]:
    """The words of an affirmative predicate: nothing where `f` denies."""
    return frozenset() if isinstance(f, Not) else frozenset((a.pred, len(a.args)) for a in atoms(f))


def _parts(f: Exists) -> tuple[Formula, ...]:
    return f.body.parts if isinstance(f.body, And) else (f.body,)


def _relevant(theory: Theory, goal: Formula) -> list[Claim]:
    """At most CLAIMS claims that are no facts: the nearer their predicates are to the goal's, the earlier."""
    candidates = [
        (c, {(a.pred, len(a.args)) for a in atoms(c.formula)})
        for c in theory.claims
        if not _is_ground_literal(c.formula)
    ]
    reached = {(a.pred, len(a.args)) for a in atoms(goal)}
    out: list[Claim] = []
    while len(out) < CLAIMS:
        near = [(c, words) for c, words in candidates if words & reached]
        if not near:
            break
        out += [c for c, _ in near]
        candidates = [x for x in candidates if x not in near]
        reached |= {w for _, words in near for w in words}
    return out[:CLAIMS]


def _is_ground_literal(f: Statement) -> bool:
    match f:
        case Rule(_, body):
            return not body
        case Not(inner):
            return _is_ground_literal(inner)
        case Forall() | Exists() | Implies():
            return False
        case _:
            return not isinstance(f, And)


def _and(parts: tuple[Formula, ...]) -> Formula:
    return parts[0] if len(parts) == 1 else And(parts)


def _forall(vs: tuple[Var, ...], f: Formula) -> Formula:
    return Forall(vs, f) if vs else f


def _exists(vs: tuple[Var, ...], f: Formula) -> Formula:
    return Exists(vs, f) if vs else f

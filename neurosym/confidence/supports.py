"""Minimal supports, confidence and ranked proofs of a goal.

Knows theories, the kernel and the Solver protocol.  Must not know any backend.  Two roads:
where a theory is a program of rules for the goal (`reading`), its provenance is compiled to a
decision diagram, and everything is read off; any other monotone theory is searched with the
solver as oracle (`searching`).  Where neither goes, the one proof that is known gives a bound.

The claims of a world are right and the others are as if they had never been told; each claim
is right with the probability that is its score, independently of the others, and all rules
that a claim becomes stand or fall together.  What the whole theory settles stays settled in
each world: what quantifiers range over, and which of two defeasible rules is the stronger.
That the claims of some worlds contradict each other is not conditioned on; a theory that
contradicts itself as a whole is refused by name.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from neurosym import kernel
from neurosym.confidence.compiling import compile_goal, order
from neurosym.confidence.diagram import Diagram, Space, models, weight
from neurosym.confidence.grounding import GroundProgram, ground
from neurosym.confidence.limits import TooLarge
from neurosym.confidence.reading import read_program
from neurosym.confidence.results import Confidence, RankedProof, Ranking, Supports
from neurosym.confidence.searching import Search
from neurosym.errors import CheckError
from neurosym.kernel import Theorem
from neurosym.logic import Formula
from neurosym.proof import Certificate, Derivation
from neurosym.theory import Semantics, Theory, has_naf
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

MOST = 64  # supports that are listed, unless more are asked for
REFUSED = "inconsistent: the claims contradict each other, so that no figure means anything"
UNSURE = "limit: the claims are not known to be consistent"


def minimal_supports(
    solver: Solver, theory: Theory, goal: Formula, limits: Limits | None = None, *, most: int = MOST
) -> Supports:
    """The minimal sets of claims from which `goal` follows, the most probable first; at most `most`.

    `goal` is closed; of a goal that is disproved, ask for the supports of its negation.  The
    solver is asked once, or as an oracle within `limits`.  A limit, an unsupported feature
    and an inconsistent theory are reasons in the result.
    """
    limits = limits or Limits()
    road = _road(solver, theory, goal, limits)
    try:
        sets = tuple(s.labels for s in islice(road.run(), most + 1))
    except TooLarge as e:
        return Supports((), False, str(e), road.diagram)
    reason = road.reason()
    if len(sets) > most:
        reason = "; ".join(r for r in (reason, f"limit: more than {most} supports") if r)
    return Supports(sets[:most], not reason, reason, road.diagram)


def confidence(theory: Theory, supports: Supports) -> Confidence:
    """The figures of a goal with these supports in `theory`, by the scores of its claims.

    Raises KeyError where a support names a claim that the theory does not have.
    """
    scores = {c.label: c.score for c in theory.claims}
    if supports.reason == REFUSED:
        return Confidence(0.0, None, False, REFUSED)
    bound = max((boole(scores, s) for s in supports.sets), default=0.0)
    if supports.diagram is not None:
        value = weight(supports.diagram, scores)
        unsure = supports.reason.startswith(UNSURE)
        return Confidence(min(bound, value), value, not unsure, UNSURE if unsure else "")
    if not supports.sets and not supports.complete:
        return Confidence(bound, None, False, supports.reason)
    try:
        space = Space(sorted({x for s in supports.sets for x in s}), Limits().seconds)
        root = space.any(space.all(space.var(x) for x in sorted(s)) for s in supports.sets)
        value = weight(space.plain(root), scores)
    except TooLarge as e:
        best = max((probability(scores, s) for s in supports.sets), default=0.0)
        return Confidence(min(bound, best), best, False, str(e))
    return Confidence(min(bound, value), value, supports.complete, supports.reason)


def exact_confidence(theory: Theory, goal: Formula, limits: Limits | None = None) -> Confidence:
    """The exact figure alone, where the theory is a program of rules for the goal; else None with the reason.

    No solver is asked and no support listed (`bound` is 0), and claims whose score is 0 or 1
    are settled beforehand, so this reaches furthest.  The theory must be consistent.
    """
    limits = limits or Limits()
    scores = {c.label: c.score for c in theory.claims}
    end = time.monotonic() + limits.seconds
    try:
        program = _grounded(theory, goal, limits.seconds)
        if isinstance(program, str):
            return Confidence(0.0, None, False, f"unsupported: {program}")
        fixed = {label: score == 1.0 for label, score in scores.items() if score in (0.0, 1.0)}
        space = Space((x for x in order(program) if x not in fixed), end - time.monotonic())
        root = compile_goal(program, space, fixed)
        return Confidence(0.0, weight(space.plain(root), scores), True)
    except TooLarge as e:
        return Confidence(0.0, None, False, str(e))


def best_proofs(
    solver: Solver, theory: Theory, goal: Formula, k: int, limits: Limits | None = None
) -> Ranking:
    """The `k` most probable proofs of `goal`, found one after the other and no further than that.

    Each is verified: a solver proves the goal from just these claims, and the kernel accepts
    the certificate for the whole theory.  Where absence counts the whole theory's own proof
    stands in where the smaller one's is not about the whole; a proof that cannot be verified is
    left out, and `reason` says so.  `complete`: there are no other proofs than these.
    """
    limits = limits or Limits()
    road = _road(solver, theory, goal, limits)
    scores = {c.label: c.score for c in theory.claims}
    checker = kernel.Checker(theory)
    out: list[RankedProof] = []
    reasons: list[str] = []
    more = False
    try:
        for s in road.run():
            if more := len(out) == k:
                break
            verdict = s.verdict or _part(solver, theory, goal, s.labels, limits)
            proof = _checked(checker, goal, (verdict, road.verdict))
            if proof is None:
                reasons.append(f"no certificate of the proof from {', '.join(sorted(s.labels)) or 'nothing'}")
            else:
                out.append(RankedProof(probability(scores, s.labels), s.labels, *proof))
    except TooLarge as e:
        reasons.append(str(e))
    if rest := road.reason():
        reasons.append(rest)
    return Ranking(tuple(out), not reasons and not more, "; ".join(reasons))


def boole(scores: Mapping[str, float], labels: Iterable[str]) -> float:
    """max(0, 1 - sum of (1 - score)): a lower bound of all holding, without independence."""
    return max(0.0, 1.0 - math.fsum(1.0 - scores[x] for x in sorted(labels)))


def probability(scores: Mapping[str, float], labels: Iterable[str]) -> float:
    """The product of the scores: all hold, under independence."""
    return math.prod(scores[x] for x in sorted(labels))


# --- the roads ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    labels: frozenset[str]
    verdict: Verdict | None = None


@dataclass(slots=True)
class _Road:
    """How supports are found, the most probable first, once `run`; `reason` why there may be others."""

    verdict: Verdict
    why: str = ""
    known: tuple[_Found, ...] = ()
    diagram: Diagram | None = None
    minimal: Diagram | None = None
    search: Search | None = None
    cost: Mapping[str, float] | None = None

    def run(self) -> Iterator[_Found]:
        yield from self.known
        if self.minimal is not None:
            yield from (_Found(s) for s in models(self.minimal, self.cost or {}))
        if self.search is not None:
            yield from _searched(self.search, self.verdict)

    def reason(self) -> str:
        parts = (self.why, self.search.reason if self.search is not None else "")
        return "; ".join(p for p in parts if p)


def _road(solver: Solver, theory: Theory, goal: Formula, limits: Limits) -> _Road:
    end = time.monotonic() + limits.seconds
    verdict = solver.solve(theory, goal, limits)
    if isinstance(verdict, Inconsistent):
        return _Road(verdict, REFUSED)
    cost = {c.label: -math.log(c.score) if c.score > 0 else math.inf for c in theory.claims}
    left = max(0.1 * limits.seconds, end - time.monotonic())
    road = _by_rules(theory, goal, verdict, left, cost)
    if not isinstance(road, str):
        return road
    monotone = theory.semantics is Semantics.CLASSICAL and not theory.closed_world and not theory.closed
    if monotone and not any(has_naf(c.formula) for c in theory.claims):
        left = max(0.1 * limits.seconds, end - time.monotonic())
        return _Road(verdict, search=Search(solver, theory, goal, replace(limits, seconds=left), cost))
    known: tuple[_Found, ...] = ()
    match verdict:
        case Proved(theorem) | Both(Proved(theorem)):
            labels = frozenset(c.label for c in theory.claims) & theorem.hypotheses
            known = (_Found(labels, verdict),)
        case Disproved() | Unknown():
            pass
    return _Road(verdict, f"unsupported: {road}", known)


def _by_rules(
    theory: Theory, goal: Formula, verdict: Verdict, seconds: float, cost: Mapping[str, float]
) -> _Road | str:
    """By the provenance of the rules; or why not."""
    end = time.monotonic() + seconds
    try:
        read = _grounded(theory, goal, seconds)
        if isinstance(read, str):
            return read
        space = Space(order(read), end - time.monotonic())
        root = compile_goal(read, space, {})
        diagram = space.plain(root)
        if isinstance(verdict, Proved) and weight(diagram, dict.fromkeys(diagram.variables, 1.0)) != 1.0:
            return "the goal follows in a way that the rules alone do not show"
        if any(r.absent for r in read.rules):
            root = space.robust(root)
        minimal = space.plain(space.minimal(root))
    except TooLarge as e:
        return str(e)
    unsure = read.constrained and isinstance(verdict, Unknown) and verdict.certificate is None
    return _Road(verdict, UNSURE if unsure else "", diagram=diagram, minimal=minimal, cost=cost)


def _grounded(theory: Theory, goal: Formula, seconds: float) -> GroundProgram | str:
    program = read_program(theory, goal)
    if isinstance(program, str):
        return program
    grounded = ground(program, seconds)
    return grounded if grounded.settled else "a comparison of something that is not a number"


def _searched(search: Search, verdict: Verdict) -> Iterator[_Found]:
    """What the search finds; where it finds nothing in time, what is left of the proof that is known."""
    nothing = True
    for s in search.run():
        nothing = False
        yield _Found(s.labels, s.verdict)
    if nothing and search.reason and isinstance(verdict, Proved):
        s = search.shrunk(verdict.theorem.hypotheses & search.cost.keys(), verdict)
        yield _Found(s.labels, s.verdict)


def _part(solver: Solver, theory: Theory, goal: Formula, labels: frozenset[str], limits: Limits) -> Verdict:
    part = replace(
        theory,
        claims=tuple(c for c in theory.claims if c.label in labels),
        prefer=tuple(p for p in theory.prefer if labels.issuperset(p)),
    )
    return solver.solve(part, goal, limits)


def _checked(
    checker: kernel.Checker, goal: Formula, verdicts: tuple[Verdict, Verdict]
) -> tuple[Theorem, Certificate] | None:
    """The theorem about the whole theory, by the part's certificate or else by the whole's.

    A derivation from a part that reads absence in the part's model is tried with the whole's.
    """
    part, whole = (v.pro if isinstance(v, Both) else v for v in verdicts)
    if not isinstance(part, Proved):
        return None
    tried = [part.certificate]
    if isinstance(whole, Proved):
        mine, all_ = part.certificate.evidence, whole.certificate.evidence
        if isinstance(mine, Derivation) and isinstance(all_, Derivation):
            tried.append(replace(part.certificate, evidence=replace(mine, model=all_.model)))
        tried.append(whole.certificate)
    for certificate in tried:
        try:
            return checker.check(goal, certificate), certificate
        except CheckError:
            continue
    return None

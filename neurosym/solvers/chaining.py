"""`Chaining`: forward chaining over positive and negative literals, without contraposition.

Under `Semantics.CHAINING` an atom and its negation are two literals; what follows is what rules,
used forwards, derive.  A goal may be derivable and its negation too: then the verdict is `Both`.
Knows the least literal model and the certificates made from it.  Must not know other solvers.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import assert_never

from neurosym.errors import CheckError
from neurosym.kernel import Checker
from neurosym.logic import (
    And,
    Atom,
    Domain,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Or,
    Statement,
    Term,
    Var,
    Xor,
    free_vars,
    ground_terms,
    negate,
    opposite,
    rules_of,
    substitute,
    term_key,
    unbound,
)
from neurosym.proof import (
    Certificate,
    NotDerivable,
    Outcome,
    PerfectModel,
    Support,
)
from neurosym.solvers.join_plans import Labelled
from neurosym.solvers.literal_model import LiteralModel, Spent, Stopped
from neurosym.solvers.literal_proof import LiteralProof
from neurosym.theory import Theory
from neurosym.verdict import Answer, Both, Disproved, Limits, Proved, Unknown, Verdict

CACHED = 16
NEITHER = "neither the goal nor its negation can be derived by chaining forwards"


class _Known:
    """What is known of a theory.  It holds the theory, so that its id stays its own."""

    def __init__(self, theory: Theory, checker: Checker | None) -> None:
        self.theory, self.checker = theory, checker or Checker(theory)
        self.claims = {c.label: c.formula for c in theory.claims}
        self.given: dict[Statement, str] = {}
        self.rules: list[Labelled] = []
        self.outside: list[str] = []
        for label, f in self.claims.items():
            self.given.setdefault(f, label)
            found = rules_of(f)
            if found is None:
                self.outside.append(f"claim {label!r} (no rule)")
            self.rules += [Labelled(label, i, r, free_vars(r)) for i, r in enumerate(found or ())]
        self.loose = any(unbound(r.rule) for r in self.rules)  # a variable ranges over the domain
        self._extra: tuple[Term, ...] | None = None  # what the goal adds to the domain
        self._model: LiteralModel | None = None
        self._perfect: PerfectModel | None = None

    def model(self, goal: Formula, limits: Limits) -> LiteralModel:
        """The saturated model: that of an earlier goal, where this one brings in no term that counts."""
        extra = ground_terms([goal]) if self.loose else ()
        if self._model is None or self._extra != extra:
            domain = Domain(self.claims.values(), goal) if self.loose else Domain((), goal)
            spend = Spent(limits.seconds, limits.inferences)
            self._model = LiteralModel(self.rules, domain, True, spend)
            self._perfect, self._extra = None, extra
        return self._model

    def perfect(self, goal: Formula, limits: Limits) -> PerfectModel:
        """The model as a certificate says it: one object, which a kept checker reads once."""
        model = self.model(goal, limits)
        if self._perfect is None:
            supports = (Support(x, w.source.label, w.source.index, w.binding) for x, w in model.items())
            self._perfect = PerfectModel(tuple(supports), model.strata)
        return self._perfect


class Chaining:
    """A `Solver` that keeps the models of the theories it was asked about last."""

    name = "chaining"

    def __init__(self) -> None:
        self._theories: OrderedDict[int, _Known] = OrderedDict()

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        """Features it cannot treat: claims that are no rules, goals with `->`, `<->` or `xor` inside."""
        known = self._known(theory)
        found = list(known.outside)
        if _connected(goal) and goal not in known.given:
            found.append("a goal with '->', '<->' or 'xor' inside")
        return tuple(found)

    def solve(self, theory: Theory, goal: Formula, limits: Limits, checker: Checker | None = None) -> Verdict:
        """The verdict with its certificates, checked by `checker` (default: one that is kept).

        Unknown without certificate where a limit is reached or something is not supported.
        """
        try:
            known = self._known(theory, checker)
            if features := self.unsupported(theory, goal):
                return Unknown(f"unsupported: {', '.join(features[:3])}")
            return _verdict(known, goal, limits)
        except Stopped as e:
            return Unknown(str(e))
        except CheckError as e:
            return Unknown(f"no certificate: {e}")
        except RecursionError:
            return Unknown("limit: the goal is nested too deeply")

    def answers(
        self, theory: Theory, goal: Formula, variables: tuple[Var, ...], limits: Limits
    ) -> tuple[Answer, ...]:
        """The bindings of `variables` under which the goal is derivable, in order, each with its verdict.

        A last answer without binding is Unknown with the limit that was reached.
        """
        end = time.monotonic() + limits.seconds
        closed = Exists(variables, goal) if variables else goal
        if features := self.unsupported(theory, closed):
            return (Answer((), Unknown(f"unsupported: {', '.join(features[:3])}")),)
        out: list[Answer] = []
        try:
            proof = LiteralProof(self._known(theory), closed, limits)
            found = {tuple(s[v] for v in variables) for s in proof.ways(goal, {})}
            for terms in sorted(found, key=lambda ts: [term_key(t) for t in ts]):
                s = dict(zip(variables, terms, strict=True))
                rest = Limits(seconds=max(0.0, end - time.monotonic()), inferences=limits.inferences)
                verdict = self.solve(theory, substitute(goal, s), rest)
                if isinstance(verdict, Unknown):
                    return (*out, Answer((), verdict))
                out.append(Answer(tuple((v.name, t) for v, t in s.items()), verdict))
        except Stopped as e:
            return (*out, Answer((), Unknown(str(e))))
        return tuple(out)

    def close(self) -> None:
        self._theories.clear()

    def _known(self, theory: Theory, checker: Checker | None = None) -> _Known:
        known = self._theories.get(id(theory))
        if known is None or (checker is not None and known.checker is not checker):
            known = self._theories[id(theory)] = _Known(theory, checker)
            while len(self._theories) > CACHED:
                self._theories.popitem(last=False)
        self._theories.move_to_end(id(theory))
        return known


def solve_chaining(theory: Theory, goal: Formula, limits: Limits, checker: Checker | None = None) -> Verdict:
    """One question, without keeping anything: see `Chaining.solve`."""
    return Chaining().solve(theory, goal, limits, checker)


def _connected(f: Formula) -> bool:
    """Does `f` hold a connective that chaining does not look into?"""
    match f:
        case Atom() | Equal() | Less():
            return False
        case And(parts) | Or(parts):
            return any(map(_connected, parts))
        case Not(body) | Exists(_, body) | Forall(_, body):
            return _connected(body)
        case Implies() | Iff() | Xor():
            return True
        case _:
            assert_never(f)


def _verdict(known: _Known, goal: Formula, limits: Limits) -> Verdict:
    """Both sides of the goal, looked up in the model."""
    check = known.checker.check
    pro: Proved | None = None
    con: Disproved | None = None
    if (derived := LiteralProof(known, goal, limits).derivation(goal)) is not None:
        certificate = Certificate(Outcome.PROVED, derived)
        pro = Proved(check(goal, certificate), certificate)
    for other in dict.fromkeys((negate(goal), opposite(goal))):
        if con is None and (derived := LiteralProof(known, goal, limits).derivation(other)) is not None:
            certificate = Certificate(Outcome.DISPROVED, derived)
            con = Disproved(check(goal, certificate), certificate)
    if pro and con:
        return Both(pro, con)
    if found := pro or con:
        return found
    certificate = Certificate(Outcome.UNKNOWN, NotDerivable(known.perfect(goal, limits)))
    return Unknown(NEITHER, check(goal, certificate), certificate)

"""`WellFounded`: rules with negation as failure, by their well-founded model.

Knows the least literal model and the proofs made from it.  Must not know other solvers.  The
model is found by the alternating fixpoint (Van Gelder 1993, "The alternating fixpoint of logic
programs with negation"): what is true so far gives an overestimate of what is possible, which
in turn gives more that is true, until nothing changes.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property

from neurosym.errors import CheckError
from neurosym.kernel import Checker
from neurosym.logic import (
    FALSE,
    Atom,
    Budget,
    Domain,
    Equal,
    Exhausted,
    Formula,
    Less,
    Naf,
    Not,
    Statement,
    Term,
    atom_of,
    certain,
    computed,
    free_vars,
    ground_terms,
    negate,
    opposite,
    rules_of,
    substitute_atom,
    unbound,
)
from neurosym.proof import (
    Apply,
    Certificate,
    Contradiction,
    Derivation,
    InModel,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Stage,
    Step,
    Support,
    WellFoundedModel,
)
from neurosym.solvers.join_plans import Labelled
from neurosym.solvers.literal_model import LiteralModel, Present, Spent, Stopped, Why
from neurosym.solvers.literal_proof import LiteralProof
from neurosym.solvers.rule_shapes import stratify
from neurosym.theory import Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

CACHED = 8
EVALUATED = 1_000_000  # elementary steps of looking a goal up in a model
UNDEFINED = "undefined in the well-founded model: it depends on its own absence"
NEITHER = "neither the goal nor its negation is derivable"


class Program:
    """What is known of a theory of rules.  It holds the theory, so that its id stays its own."""

    def __init__(self, theory: Theory, checker: Checker | None = None) -> None:
        self.theory, self.checker = theory, checker or Checker(theory)
        self.claims: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
        self.given: dict[Statement, str] = {}
        self.rules: list[Labelled] = []
        self.constraints: list[Labelled] = []
        self.outside: list[str] = []
        for label, f in self.claims.items():
            self.given.setdefault(f, label)
            found = rules_of(f, theory.closed_world)
            if found is None:
                self.outside.append(f"claim {label!r} (no rule)")
            for i, r in enumerate(found or ()):
                constraint = theory.closed_world and isinstance(r.head, Not)
                (self.constraints if constraint else self.rules).append(Labelled(label, i, r, free_vars(r)))
        self.loose = any(unbound(r.rule) for r in (*self.rules, *self.constraints))
        self._extra: tuple[Term, ...] | None = None  # what the goal adds to the domain
        self._true: LiteralModel | None = None
        self._possible: LiteralModel | None = None
        self._certificate: Model | None = None

    @cached_property
    def recursive_absence(self) -> tuple[str, ...]:
        """Predicates that depend on their own absence."""
        return tuple(stratify(r.rule for r in self.rules)[0])

    def model(self, goal: Formula, limits: Limits) -> LiteralModel:
        """What is true: the model of an earlier goal, where this one brings in no term that counts."""
        extra = ground_terms([goal]) if self.loose else ()
        if self._true is None or self._extra != extra:
            self._true = None
            domain = Domain(self.claims.values(), goal) if self.loose else Domain((), goal)
            self._fixpoint(domain, Spent(limits.seconds, limits.inferences))
            self._extra = extra
        if self._true is None:
            raise Stopped("no model")
        return self._true

    def _fixpoint(self, domain: Domain, spend: Spent) -> None:
        unique = self.checker.unique
        bad, strata = stratify(r.rule for r in self.rules)
        if not bad:
            found = LiteralModel(self.rules, domain, unique, spend)
            supports = tuple(_support(x, w) for x, w in found.items())
            self._true = self._possible = found
            self._certificate = PerfectModel(supports, strata)
            return
        true: LiteralModel | None = None
        stages: list[Stage] = []
        while True:
            present: Present = _NOTHING if true is None else true
            possible = LiteralModel(self.rules, domain, unique, spend, present)
            more = LiteralModel(self.rules, domain, unique, spend, possible)
            new = tuple(_support(x, w) for x, w in more.items() if x not in present)
            stages.append(Stage(tuple(x for x, _ in possible.items()), new))
            true = more
            if not new:
                break
        reasons = tuple(_support(x, w) for x, w in possible.items() if x not in true)
        self._true, self._possible = true, possible
        self._certificate = WellFoundedModel(tuple(stages), reasons)

    def perfect(self, goal: Formula, limits: Limits) -> Model:
        """The model as a certificate says it: one object, which a kept checker reads once."""
        self.model(goal, limits)
        if self._certificate is None:
            raise Stopped("no model")
        return self._certificate

    def certain(self, goal: Formula, sign: bool, limits: Limits) -> bool:
        """Closed world: is the goal certainly true (false, where not `sign`)?"""
        true = self.model(goal, limits)
        possible = self._possible or true
        domain = Domain(self.claims.values(), goal)

        def leaf(g: Atom | Equal | Less, sign: bool) -> bool:
            if isinstance(g, Atom):
                return g in true if sign else g not in possible
            if (value := computed(g, True)) is None:
                raise Stopped("unsupported: a comparison of something that is not a number")
            return value is sign

        try:
            return certain(goal, {}, sign, domain, leaf, Budget(EVALUATED))
        except Exhausted:
            raise Stopped("limit: the goal has too many instances to look up") from None
        except ValueError as e:
            raise Stopped(f"unsupported: {e}") from None

    def broken(self, limits: Limits) -> Derivation | None:
        """Closed world: a derivation of falsity from an integrity constraint that the model breaks."""
        if not self.constraints:
            return None
        proof = LiteralProof(self, FALSE, limits)
        for c in self.constraints:
            body = [b for b in c.rule.body if not isinstance(b, Naf)]
            absent = [b for b in c.rule.body if isinstance(b, Naf)]
            head = atom_of(c.rule.head)
            for s in proof.all_ways([*body, head], {}):
                bound = {v: s[v] for v in c.vars}
                if any(substitute_atom(b.body, bound) in (self._possible or proof.model) for b in absent):
                    continue
                premises = tuple(proof.premise(b, bound) for b in c.rule.body)
                denied = proof.step(
                    Not(substitute_atom(head, bound)),
                    Apply(c.label, c.index, tuple(bound.items())),
                    premises,
                )
                fact = proof.premise(head, bound)
                proof.step(FALSE, Contradiction(), (fact, denied))
                looked = any(isinstance(x.by, InModel) for x in proof.steps)
                return Derivation(tuple(proof.steps), self.perfect(FALSE, limits) if looked else None)
        return None


class _Nothing:
    def __contains__(self, literal: Atom | Not) -> bool:
        return False


_NOTHING = _Nothing()


def _support(literal: Atom | Not, why: Why) -> Support:
    return Support(literal, why.source.label, why.source.index, why.binding)


class WellFounded:
    """A `Solver` that keeps the models of the theories it was asked about last."""

    name = "well-founded"

    def __init__(self) -> None:
        self._theories: OrderedDict[int, Program] = OrderedDict()

    def unsupported(self, theory: Theory, goal: Formula) -> tuple[str, ...]:
        """Claims that are no rules."""
        return tuple(self.program(theory).outside)

    def solve(self, theory: Theory, goal: Formula, limits: Limits) -> Verdict:
        """The verdict with its certificate.  Unknown without one where a limit is reached."""
        program = self.program(theory)
        if program.outside:
            return Unknown(f"unsupported: {', '.join(program.outside[:3])}")
        try:
            return self._verdict(program, goal, limits)
        except Stopped as e:
            return Unknown(str(e))
        except CheckError as e:
            return Unknown(f"no certificate: {e}")
        except RecursionError:
            return Unknown("limit: the goal is nested too deeply")

    def _verdict(self, program: Program, goal: Formula, limits: Limits) -> Verdict:
        check = program.checker.check
        closed = program.theory.closed_world
        if closed and (falsity := program.broken(limits)) is not None:
            conflict = Certificate(Outcome.INCONSISTENT, falsity)
            return Inconsistent(check(goal, conflict), conflict)
        sides = ((Outcome.PROVED, (goal,)), (Outcome.DISPROVED, (negate(goal), opposite(goal))))
        for outcome, forms in sides:
            if (found := derived(program, forms, limits)) is not None:
                certificate = Certificate(outcome, found)
                theorem = check(goal, certificate)
                kind = Proved if outcome is Outcome.PROVED else Disproved
                return kind(theorem, certificate)
        certificate = Certificate(Outcome.UNKNOWN, NotDerivable(program.perfect(goal, limits)))
        return Unknown(UNDEFINED if closed else NEITHER, check(goal, certificate), certificate)

    def program(self, theory: Theory) -> Program:
        """What is known of the theory, kept."""
        if (known := self._theories.get(id(theory))) is None:
            known = self._theories[id(theory)] = Program(theory)
            while len(self._theories) > CACHED:
                self._theories.popitem(last=False)
        self._theories.move_to_end(id(theory))
        return known

    def close(self) -> None:
        self._theories.clear()


def derived(program: Program, forms: tuple[Formula, ...], limits: Limits) -> Derivation | None:
    """A derivation of the first of `forms` that has one: by rules, else by a look into the model."""
    for f in forms:
        if (found := LiteralProof(program, f, limits).derivation(f)) is not None:
            return found
    if program.theory.closed_world and program.certain(forms[0], True, limits):
        return Derivation((Step(forms[0], InModel()),), program.perfect(forms[0], limits))
    return None

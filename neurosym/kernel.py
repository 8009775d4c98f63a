"""The trusted kernel: check(theory, goal, certificate) -> Theorem.

Reads only the language (logic), what is held (theory) and the untrusted certificate
(proof).  It raises CheckError on the slightest doubt, never searches beyond a fixed budget
and never uses `assert`.  docs/certificates.md states its rules.
"""

# ruff: noqa: I001  (the import lists stay compact: this file is to be read in one sitting)
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import assert_never

# fmt: off
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE, And, Atom, BodyLiteral, Clause, Const, Equal, Exists, FactIndex, Fn, Formula, GroundClauses, Less,
    Literal, Naf, Not, Num, Or, Rule, Statement, Term, Var, atom_of, clauses, computed, formula_of, free_vars,
    ground_terms, is_literal, is_signed_atom, negate, opposite, rules_of, substitute, substitute_body,
    term_vars, truth,
)
from neurosym.proof import (
    GOAL, Apply, Binding, Certificate, Compute, Conjunction, Contradiction, Derivation, Disjunction,
    FiniteModel, Given, Independence, InModel, NotDerivable, Outcome, PerfectModel, Refutation, Step, Support,
    Witness,
)
from neurosym.theory import CLOSED_WORLD, Theory, has_naf, reserved_symbol
# fmt: on

BUDGET = 2_000_000  # elementary operations; past it the certificate is refused, not believed


class _Budget:
    """Counts elementary operations; raises CheckError past BUDGET."""

    def __init__(self) -> None:
        self.left = BUDGET

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise CheckError("the certificate is too large to check")


@dataclass(frozen=True, slots=True)
class Theorem:
    """`outcome` of `goal`, resting on the claims labelled `hypotheses` (and maybe CLOSED_WORLD)."""

    outcome: Outcome
    goal: Formula
    hypotheses: frozenset[str]


def check(theory: Theory, goal: Formula, certificate: Certificate) -> Theorem:
    """Return the theorem that `certificate` proves, or raise CheckError saying what is wrong."""
    if free_vars(goal):
        raise CheckError("the goal has free variables")
    if name := reserved_symbol(goal):
        raise CheckError(f"the goal uses the reserved symbol {name!r}")
    outcome, evidence = certificate.outcome, certificate.evidence
    try:
        match evidence:
            case Derivation():
                used = _derivation(theory, goal, outcome, evidence)
            case Refutation():
                used = _refutation(theory, goal, outcome, evidence)
            case Independence():
                used = _independence(theory, goal, outcome, evidence)
            case NotDerivable():
                used = _not_derivable(theory, goal, outcome, evidence)
            case _:
                assert_never(evidence)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as e:
        # forged data may have any shape; whatever it breaks, it proves nothing
        raise CheckError(f"malformed certificate: {type(e).__name__}: {e}") from e
    return Theorem(outcome, goal, used)


# --- derivations ---------------------------------------------------------------------


def _derivation(theory: Theory, goal: Formula, outcome: Outcome, d: Derivation) -> frozenset[str]:
    claims = {c.label: c.formula for c in theory.claims}
    rules = _Rules(theory, goal)
    model = _PerfectModel(theory, rules, d.model) if d.model is not None else None
    for i, step in enumerate(d.steps):
        if any(not 0 <= p < i for p in step.premises):
            raise CheckError("a premise does not come earlier", i)
        premises = [d.steps[p].conclusion for p in step.premises]
        if why := _step(step, premises, claims, rules, model, theory.closed_world):
            raise CheckError(why, i)
    if not d.steps:
        raise CheckError("a derivation without steps")
    last = d.steps[-1].conclusion
    match outcome:
        case Outcome.PROVED:
            fits = last == goal
        case Outcome.DISPROVED:
            fits = last == negate(goal) or last == opposite(goal) or last == Not(goal)
        case Outcome.INCONSISTENT:
            fits = last == FALSE
        case _:
            fits = False
    if not fits:
        raise CheckError(f"the last step does not conclude what {outcome.value!r} needs", len(d.steps) - 1)
    return _hypotheses(d, theory)


def _hypotheses(d: Derivation, theory: Theory) -> frozenset[str]:
    """Labels that the last step rests on."""
    todo, seen, used = [len(d.steps) - 1], set[int](), set[str]()
    while todo:
        if (i := todo.pop()) in seen:
            continue
        seen.add(i)
        todo += d.steps[i].premises
        match d.steps[i].by:
            case Given(label) | Apply(label, _, _):
                used.add(label)
            case InModel():  # absence rests on everything that is held
                used |= {c.label for c in theory.claims} | {CLOSED_WORLD}
            case Compute() if theory.closed_world:  # unique names
                used.add(CLOSED_WORLD)
            case _:
                pass
    return frozenset(used)


class _Rules:
    """The rules of each claim, computed once; the fragment is defined by logic.rules_of."""

    def __init__(self, theory: Theory, goal: Formula) -> None:
        self.theory, self.goal, self.closed = theory, goal, theory.closed_world
        self.claims: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
        self.known: dict[str, tuple[Rule, ...]] = {}
        self.by_absence = self.closed or any(map(has_naf, self.claims.values()))
        self._domain: tuple[Term, ...] | None = None

    @property
    def domain(self) -> tuple[Term, ...]:
        """The active domain: ground terms of the theory and the goal."""
        if self._domain is None:
            self._domain = ground_terms([*self.claims.values(), self.goal])
        return self._domain

    def __call__(self, label: str) -> tuple[Rule, ...]:
        if label not in self.known:
            found = rules_of(self.claims[label], self.closed) if label in self.claims else None
            if found is None:
                raise CheckError(f"claim {label!r} is not in the theory or not a rule")
            self.known[label] = found
        return self.known[label]

    def instance(self, label: str, index: int, binding: Binding) -> Rule:
        """The ground instance of a rule; CheckError where a variable stays or a term is not ground."""
        found = self(label)
        if not 0 <= index < len(found):
            raise CheckError(f"claim {label!r} has no rule {index}")
        rule, s = found[index], _ground_binding(binding)
        if any(v not in s for v in free_vars(rule)):
            raise CheckError(f"the binding leaves a variable of {label!r} free")
        if self.by_absence:  # then a variable that no positive literal binds ranges over the active domain
            bound = {v for b in rule.body if is_signed_atom(b) for v in free_vars(b)}
            if any(s[v] not in self.domain for v in free_vars(rule) if v not in bound):
                raise CheckError(f"the binding takes a variable of {label!r} outside the active domain")
        head = substitute(rule.head, s)
        if not isinstance(head, Atom | Not):
            raise CheckError("a rule's head is no literal")
        return Rule(head, tuple(substitute_body(b, s) for b in rule.body))


def _ground_binding(binding: Binding) -> dict[Var, Term]:
    if any(True for _, t in binding for _ in term_vars(t)):
        raise CheckError("a binding is not ground")
    return dict(binding)


def _step(
    step: Step, premises: list[Formula | Naf], claims: dict[str, Statement], rules: _Rules,
    model: _PerfectModel | None, closed: bool,
) -> str:  # fmt: skip
    """Why the step is wrong, or the empty text."""
    conclusion = step.conclusion
    match step.by:
        case Given(label):
            fine = not premises and not isinstance(conclusion, Naf) and claims.get(label) == conclusion
            return "" if fine else f"not what claim {label!r} says"
        case Apply(label, index, binding):
            rule = rules.instance(label, index, binding)
            if rule.head != conclusion:
                return f"not the head of rule {index} of {label!r}"
            return "" if list(rule.body) == premises else f"the premises are not the body of {label!r}"
        case Compute():
            fine = not premises and not isinstance(conclusion, Naf) and computed(conclusion, closed) is True
            return "" if fine else "does not compute to true"
        case Conjunction():
            fine = isinstance(conclusion, And) and list(conclusion.parts) == premises
            return "" if fine else "not the conjunction of the premises"
        case Disjunction():
            fine = isinstance(conclusion, Or) and len(premises) == 1 and premises[0] in conclusion.parts
            return "" if fine else "not a disjunction with the premise"
        case Witness(binding):
            if not isinstance(conclusion, Exists) or tuple(v for v, _ in binding) != conclusion.vars:
                return "the witness does not fit the existential"
            body = substitute(conclusion.body, _ground_binding(binding))
            return "" if premises == [body] else "wrong witness"
        case Contradiction():
            fine = conclusion == FALSE and len(premises) == 2 and premises[1] == Not(_formula(premises[0]))
            return "" if fine else "not a contradiction"
        case InModel():
            if model is None or premises:
                return "there is no model to look into"
            if isinstance(conclusion, Naf):
                ground = not free_vars(conclusion)
                return "" if ground and conclusion.body not in model.atoms else "the atom is in the model"
            if not closed:
                return "absence is not falsity in an open world"
            return "" if not free_vars(conclusion) and model.holds(conclusion, {}) else "false in the model"
        case _:
            assert_never(step.by)


def _formula(f: Formula | Naf) -> Formula:
    if isinstance(f, Naf):
        raise CheckError("negation as failure has no classical negation")
    return f


class _PerfectModel:
    """A checked perfect model: every literal supported in order, closed under every rule, stratified."""

    def __init__(self, theory: Theory, rules: _Rules, given: PerfectModel) -> None:
        self.closed, self.domain = theory.closed_world, rules.domain
        program = [r for c in theory.claims for r in rules(c.label)]
        if self.closed:  # a negated head is an integrity constraint, not a part of the program
            program = [r for r in program if isinstance(r.head, Atom)]
        self._check_strata(program, dict(given.strata))
        self.atoms: set[Formula] = set()
        absent: list[Atom] = []
        for s in given.supports:
            absent += self._check_support(s, rules.instance(s.label, s.index, s.binding))
        if any(a in self.atoms for a in absent):
            raise CheckError("a support rests on the absence of an atom that is in the model")
        self.index = FactIndex(self.atoms)
        self._spend = _Budget()
        for r in program:
            for match in self._matches(r):
                if substitute(r.head, match) not in self.atoms:
                    raise CheckError("the model is not closed under a rule")

    def _check_strata(self, program: Iterable[Rule], level: dict[str, int]) -> None:
        for r in program:
            top = level.get(atom_of(r.head).pred, 0)
            for b in r.body:
                if isinstance(b, Naf) and level.get(b.body.pred, 0) >= top:
                    raise CheckError("the strata do not order the negation as failure")
                if is_signed_atom(b) and level.get(atom_of(b).pred, 0) > top:
                    raise CheckError("the strata do not order a rule")

    def _check_support(self, s: Support, rule: Rule) -> list[Atom]:
        if rule.head != s.literal or (self.closed and isinstance(rule.head, Not)):
            raise CheckError("a support does not give its literal")
        absent = []
        for b in rule.body:
            if isinstance(b, Naf):
                absent.append(b.body)
            elif b not in self.atoms and computed(b, self.closed) is not True:
                raise CheckError("a support rests on a literal that is not supported earlier")
        self.atoms.add(s.literal)
        return absent

    def _matches(self, rule: Rule) -> Iterator[dict[Var, Term]]:
        """All bindings that make the body true; variables it leaves range over the domain."""
        positive = [b for b in rule.body if is_signed_atom(b)]
        rest = [b for b in rule.body if b not in positive]
        for s in self._join(positive, {}):
            free = [v for v in free_vars(rule) if v not in s]
            for terms in product(self.domain, repeat=len(free)):
                self._spend()
                t = {**s, **dict(zip(free, terms, strict=True))}
                if all(self._rest_holds(substitute_body(b, t)) for b in rest):
                    yield t

    def _rest_holds(self, b: Formula | Naf) -> bool:
        return b.body not in self.atoms if isinstance(b, Naf) else computed(b, self.closed) is not False

    def _join(self, body: list[BodyLiteral], s: dict[Var, Term]) -> Iterator[dict[Var, Term]]:
        if not body:
            yield s
            return
        for t in self.index.matches(_formula(body[0]), s):
            self._spend()
            yield from self._join(body[1:], t)

    def holds(self, f: Formula, env: dict[Var, Term]) -> bool:
        def leaf(g: Atom | Equal | Less, e: dict[Var, Term]) -> bool:
            h = substitute(g, e)
            if isinstance(h, Atom):
                return h in self.atoms
            if (value := computed(h, True)) is None:
                raise CheckError("a comparison of something that is not a number")
            return value

        return truth(f, env, self.domain, leaf, self._spend)


def _not_derivable(theory: Theory, goal: Formula, outcome: Outcome, n: NotDerivable) -> frozenset[str]:
    rules = _Rules(theory, goal)
    if outcome is not Outcome.UNKNOWN or theory.closed_world or not rules.by_absence:
        raise CheckError("a goal that is not derivable is unknown only under rules with negation as failure")
    model = _PerfectModel(theory, rules, n.model)
    if (atom := atom_of(goal)) in model.atoms or Not(atom) in model.atoms:
        raise CheckError("the goal or its negation is in the model")
    return frozenset(c.label for c in theory.claims) | {CLOSED_WORLD}


# --- refutations ---------------------------------------------------------------------


def _refutation(theory: Theory, goal: Formula, outcome: Outcome, r: Refutation) -> frozenset[str]:
    statements: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
    if outcome is Outcome.PROVED:
        statements[GOAL] = Not(goal)
    elif outcome is Outcome.DISPROVED:
        statements[GOAL] = goal
    elif outcome is not Outcome.INCONSISTENT:
        raise CheckError("a refutation cannot show a goal unknown")
    forms: dict[str, tuple[Clause, ...]] = {}
    ground: list[Clause] = []
    for n, i in enumerate(r.instances):
        if i.label not in statements or has_naf(statements[i.label]):
            raise CheckError(f"{i.label!r} is not a classical claim of the theory", n)
        if i.label not in forms:
            forms[i.label] = clauses(statements[i.label], i.label)
        if not 0 <= i.index < len(forms[i.label]):
            raise CheckError(f"{i.label!r} has no clause {i.index}", n)
        clause, s = forms[i.label][i.index], _ground_binding(i.binding)
        if any(v not in s for literal in clause for v in free_vars(literal)):
            raise CheckError(f"the instance of {i.label!r} is not ground", n)
        ground.append(tuple(_literal(substitute(x, s)) for x in clause))
    if GroundClauses(ground, BUDGET).satisfiable():
        raise CheckError("the instances are satisfiable")
    return frozenset(i.label for i in r.instances) - {GOAL}


def _literal(f: Formula) -> Literal:
    if not is_literal(f):
        raise CheckError("a clause holds something that is no literal")
    return f


# --- truth in a structure ------------------------------------------------------------


def _independence(theory: Theory, goal: Formula, outcome: Outcome, i: Independence) -> frozenset[str]:
    if outcome is not Outcome.UNKNOWN or theory.closed_world:
        raise CheckError("two models show a goal unknown, in an open world")
    for model, wanted in ((i.holds, True), (i.fails, False)):
        structure = _Structure(model)
        for c in theory.claims:
            if not structure.holds(formula_of(c.formula)):  # ValueError where it holds a Naf
                raise CheckError(f"claim {c.label!r} is false in a model")
        if structure.holds(goal) is not wanted:
            raise CheckError("the goal has the wrong truth value in a model")
    return frozenset(c.label for c in theory.claims)


class _Structure:
    """A finite interpretation; whatever is not laid down for a term is refused."""

    def __init__(self, m: FiniteModel) -> None:
        self.domain = range(m.size)
        self.constants, self.numbers = dict(m.constants), dict(m.numbers)
        self.functions = {(name, args): value for name, args, value in m.functions}
        self.predicates = {(name, arity): frozenset(rows) for name, arity, rows in m.predicates}
        self.value_of = {e: n for n, e in m.numbers}
        elements = [*self.constants.values(), *self.numbers.values(), *self.functions.values()]
        if m.size < 1 or any(e not in self.domain for e in elements):
            raise CheckError("an element outside the domain")
        if any(type(n) is not Fraction for n in self.numbers) or len(self.value_of) != len(m.numbers):
            raise CheckError("numerals must denote different elements")
        if len(self.numbers) != len(m.numbers) or len(self.functions) != len(m.functions):
            raise CheckError("an interpretation is laid down twice")
        self._spend = _Budget()

    def holds(self, f: Formula) -> bool:
        return truth(f, {}, self.domain, self._leaf, self._spend)

    def _leaf(self, f: Atom | Equal | Less, env: dict[Var, int]) -> bool:
        match f:
            case Atom(pred, args):
                row = tuple(self._value(t, env) for t in args)
                return row in self.predicates.get((pred, len(args)), frozenset())
            case Equal(a, b):
                return self._value(a, env) == self._value(b, env)
            case Less(a, b, strict):
                left, right = self.value_of[self._value(a, env)], self.value_of[self._value(b, env)]
                return left < right if strict else left <= right
            case _:
                assert_never(f)

    def _value(self, t: Term, env: dict[Var, int]) -> int:
        match t:
            case Var():
                return env[t]
            case Const(name):
                return self.constants.get(name, 0)
            case Num(value):
                return self.numbers[value]
            case Fn(name, args):
                return self.functions[name, tuple(self._value(a, env) for a in args)]
            case _:
                assert_never(t)

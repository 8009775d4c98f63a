"""The trusted kernel: check(theory, goal, certificate) -> Theorem.

Reads only the language (logic), what is held (theory) and the untrusted certificate
(proof).  It raises CheckError on the slightest doubt, never searches beyond a fixed budget
and never uses `assert`.  docs/certificates.md states its rules.
"""

# ruff: noqa: I001  (the import lists stay compact: this file is to be read in one sitting)
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import assert_never

# fmt: off
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE, And, Atom, Budget, Clause, Domain, Equal, Exists, FactIndex, Formula, GroundClauses,
    Less, Literal, Naf, Not, Num, Or, Rule, Statement, Structure, Term, Var, atom_of, clauses, computed,
    formula_of, free_vars, is_literal, is_signed_atom, literal_terms, literals, negate, opposite, rules_of,
    substitute, substitute_body, subterms, truth, unbound,
)
from neurosym.proof import (
    GOAL, Apply, Binding, Certificate, Compute, Conjunction, Contradiction, Derivation, Disjunction,
    FiniteModel, Given, Independence, InModel, NotDerivable, Outcome, PerfectModel, Refutation, Step, Support,
    Witness,
)
from neurosym.theory import CLOSED_WORLD, Theory, has_naf, reserved_symbol
# fmt: on

BUDGET = 2_000_000  # elementary operations; past it the certificate is refused, not believed


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
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, AssertionError) as e:
        # forged data may have any shape; whatever it breaks, it proves nothing
        raise CheckError(f"malformed certificate: {type(e).__name__}: {e}") from e
    return Theorem(outcome, goal, used)


# --- derivations ---------------------------------------------------------------------


def _derivation(theory: Theory, goal: Formula, outcome: Outcome, d: Derivation) -> frozenset[str]:
    rules = _Rules(theory, goal if outcome is not Outcome.INCONSISTENT else FALSE)
    model = _PerfectModel(theory, rules, d.model) if d.model is not None else None
    for i, step in enumerate(d.steps):
        if any(type(p) is not int or not 0 <= p < i for p in step.premises):
            raise CheckError("a premise does not come earlier", i)
        premises = [d.steps[p].conclusion for p in step.premises]
        if why := _step(step, premises, rules, model):
            raise CheckError(why, i)
    if not d.steps:
        raise CheckError("a derivation without steps")
    last = d.steps[-1].conclusion
    fits = {
        Outcome.PROVED: last == goal,
        Outcome.DISPROVED: last in (negate(goal), opposite(goal), Not(goal)),
        Outcome.INCONSISTENT: last == FALSE,
    }
    if not fits.get(outcome, False):
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
        self.closed, self.goal = theory.closed_world, goal
        self.claims: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
        self.by_absence = self.closed or any(map(has_naf, self.claims.values()))
        self.known: dict[str, tuple[Rule, ...]] = {}

    @cached_property
    def domain(self) -> Domain:
        return Domain(self.claims.values(), self.goal)

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
        rule, s = found[index], self.ground(binding)
        if any(v not in s for v in free_vars(rule)):
            raise CheckError(f"the binding leaves a variable of {label!r} free")
        if self.by_absence and any(s[v] not in self.domain for v in unbound(rule)):
            raise CheckError(f"the binding takes a variable of {label!r} outside the active domain")
        head = substitute(rule.head, s)
        if not isinstance(head, Atom | Not):
            raise CheckError("a rule's head is no literal")
        return Rule(head, tuple(substitute_body(b, s) for b in rule.body))

    def ground(self, binding: Binding) -> dict[Var, Term]:
        """The binding; CheckError where a term is not ground or brings in a numeral of its own.

        Only the numerals of the theory and the goal are known to denote different things.
        """
        for t in (t for _, value in binding for t in subterms(value)):
            if isinstance(t, Var) or (isinstance(t, Num) and t not in self.domain.named):
                raise CheckError("a binding is not ground, or has a numeral of its own")
        return dict(binding)


def _step(step: Step, premises: list[Formula | Naf], rules: _Rules, model: _PerfectModel | None) -> str:
    """Why the step is wrong, or the empty text."""
    conclusion = step.conclusion
    match step.by:
        case Given(label):
            if label not in rules.claims:
                return f"the theory has no claim {label!r}"
            fine = not premises and rules.claims[label] == conclusion
            return "" if fine else f"not what claim {label!r} says"
        case Apply(label, index, binding):
            rule = rules.instance(label, index, binding)
            if rule.head != conclusion:
                return f"not the head of rule {index} of {label!r}"
            return "" if list(rule.body) == premises else f"the premises are not the body of {label!r}"
        case Compute():
            if isinstance(conclusion, Naf) or premises:
                return "does not compute"
            unique = rules.closed and all(t in rules.domain for t in _terms(conclusion))
            return "" if computed(conclusion, unique) is True else "does not compute to true"
        case Conjunction():
            fine = isinstance(conclusion, And) and list(conclusion.parts) == premises
            return "" if fine else "not the conjunction of the premises"
        case Disjunction():
            fine = isinstance(conclusion, Or) and len(premises) == 1 and premises[0] in conclusion.parts
            return "" if fine else "not a disjunction with the premise"
        case Witness(binding):
            if not isinstance(conclusion, Exists) or tuple(v for v, _ in binding) != conclusion.vars:
                return "the witness does not fit the existential"
            if rules.closed and any(t not in rules.domain for _, t in binding):
                return "the witness lies outside the active domain"
            body = substitute(conclusion.body, rules.ground(binding))
            return "" if premises == [body] else "wrong witness"
        case Contradiction():
            second = premises[1] if len(premises) == 2 else None
            fine = conclusion == FALSE and isinstance(second, Not) and second.body == premises[0]
            return "" if fine else "not a contradiction"
        case InModel():
            if model is None or premises:
                return "there is no model to look into"
            if isinstance(conclusion, Naf):
                ground = not free_vars(conclusion)
                return "" if ground and conclusion.body not in model.atoms else "the atom is in the model"
            if not rules.closed:
                return "absence is not falsity in an open world"
            return "" if not free_vars(conclusion) and model.holds(conclusion, {}) else "false in the model"
        case _:
            assert_never(step.by)


def _terms(f: Statement) -> Iterator[Term]:
    return (t for a in literals(f) for t in literal_terms(a))


class _PerfectModel:
    """A checked perfect model: every literal supported in order, closed under every rule, stratified."""

    def __init__(self, theory: Theory, rules: _Rules, given: PerfectModel) -> None:
        self.closed, self.domain = rules.closed, rules.domain
        program = [r for c in theory.claims for r in rules(c.label)]
        if self.closed:  # a negated head is an integrity constraint, not a part of the program
            program = [r for r in program if isinstance(r.head, Atom)]
        if any(type(n) is not int for _, n in given.strata):
            raise CheckError("a stratum is an integer")
        self._check_strata(program, dict(given.strata))
        self.atoms: set[Formula] = set()
        absent: list[Atom] = []
        for s in given.supports:
            absent += self._check_support(s, rules.instance(s.label, s.index, s.binding))
        if any(a in self.atoms for a in absent):
            raise CheckError("a support rests on the absence of an atom that is in the model")
        self.index, self._spend = FactIndex(self.atoms), Budget(BUDGET)
        for r in program:
            for match in self._matches(r):
                if substitute(r.head, match) not in self.atoms:
                    raise CheckError("the model is not closed under a rule")

    def _check_strata(self, program: list[Rule], level: dict[str, int]) -> None:
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
        """All bindings that make the body true; variables it does not bind range over the domain."""
        positive = [b for b in rule.body if isinstance(b, Atom | Not) and is_signed_atom(b)]
        rest, free = [b for b in rule.body if b not in positive], unbound(rule)
        for s in self.index.join(positive, {}, self._spend):
            for terms in product(self.domain, repeat=len(free)) if free else ((),):
                self._spend()
                t = {**s, **dict(zip(free, terms, strict=True))}
                if all(self._rest_holds(substitute_body(b, t)) for b in rest):
                    yield t

    def _rest_holds(self, b: Formula | Naf) -> bool:
        return b.body not in self.atoms if isinstance(b, Naf) else computed(b, self.closed) is not False

    def holds(self, f: Formula, env: dict[Var, Term]) -> bool:
        def leaf(g: Atom | Equal | Less, e: dict[Var, Term]) -> bool:
            h = substitute(g, e)
            if any(t not in self.domain for t in _terms(h)):
                raise CheckError("a term outside the active domain has no value")
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
    if any(Not(a) in model.atoms for a in model.atoms if isinstance(a, Atom)):
        raise CheckError("the model contradicts itself")
    return frozenset(c.label for c in theory.claims) | {CLOSED_WORLD}


# --- refutations ---------------------------------------------------------------------


def _refutation(theory: Theory, goal: Formula, outcome: Outcome, r: Refutation) -> frozenset[str]:
    rules = _Rules(theory, goal if outcome is not Outcome.INCONSISTENT else FALSE)
    statements = dict(rules.claims)
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
        clause, s = forms[i.label][i.index], rules.ground(i.binding)
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
    numerals = {t.value for t in _Rules(theory, goal).domain.named if isinstance(t, Num)}
    for model, wanted in ((i.holds, True), (i.fails, False)):
        structure = _structure(model)
        if not numerals <= structure.numbers.keys():  # they are distinct things, used or not
            raise CheckError("a numeral of the theory or the goal is not laid down")
        for c in theory.claims:
            if not structure.holds(formula_of(c.formula)):  # ValueError where it holds a Naf
                raise CheckError(f"claim {c.label!r} is false in a model")
        if structure.holds(goal) is not wanted:
            raise CheckError("the goal has the wrong truth value in a model")
    return frozenset(c.label for c in theory.claims)


def _structure(m: FiniteModel) -> Structure:
    """The structure that `m` lays down; CheckError where it lays down none."""
    constants, numbers = dict(m.constants), dict(m.numbers)
    functions = {(name, args): value for name, args, value in m.functions}
    predicates = {(name, arity): frozenset(rows) for name, arity, rows in m.predicates}
    elements = {*constants.values(), *numbers.values(), *functions.values()}
    elements |= {e for rows in predicates.values() for row in rows for e in row}
    if not 1 <= m.size <= BUDGET or any(type(e) is not int or not 0 <= e < m.size for e in elements):
        raise CheckError("an element outside the domain")
    if any(type(n) is not Fraction for n in numbers) or len(set(numbers.values())) != len(m.numbers):
        raise CheckError("numerals must denote different elements")
    if len(numbers) != len(m.numbers) or len(functions) != len(m.functions):
        raise CheckError("an interpretation is laid down twice")
    if any(len(row) != arity for (_, arity), rows in predicates.items() for row in rows):
        raise CheckError("a row does not have its predicate's arity")
    return Structure(m.size, constants, functions, predicates, numbers, Budget(BUDGET))

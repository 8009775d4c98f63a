"""The trusted kernel: check(theory, goal, certificate) -> Theorem.

Reads only the language (logic), what is held (theory) and the untrusted certificate
(proof).  It raises CheckError on the slightest doubt, never searches beyond a fixed budget
and never uses `assert`.  docs/certificates.md states its rules.
"""

# ruff: noqa: I001  (the import lists stay compact: this file is to be read in one sitting)
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

# fmt: off
from neurosym.errors import CheckError
from neurosym.logic import (
    FALSE, INTEGER, And, Atom, Budget, Clause, Domain, Equal, Exists, Formula, GroundClauses, Less, Literal,
    Naf, Not, Num, Or, Rule, Statement, Structure, Term, Var, atom_of, certain, clauses, computed,
    derivable, encode, farkas, free_vars, ground_terms, instantiate, is_arithmetic, is_literal,
    is_signed_atom, literal_terms, literals, misplaced, negate, number, opposite, refutes, rules_of, split,
    substitute, subterms, trichotomy, unbound, whole, whole_sum,
)
from neurosym.logic.closure import closed_under
from neurosym.logic.memory import Kept
from neurosym.logic.structures import Claims
from neurosym.proof import (
    GOAL, Apply, Binding, Certificate, Compute, Congruent, Conjunction, Contradiction, Derivation,
    Disjunction, Evidence, Farkas, FiniteModel, Given, Independence, InModel, Lemma, Mixed, Model,
    NotDerivable, Outcome, PerfectModel, Refutation, Split, Step, Support, Trichotomy, WellFoundedModel,
    Whole, WholeSum, Witness,
)
from neurosym.theory import (
    CLOSED_WORLD, Semantics, Theory, compiled, definitions, has_naf, opened, original, reserved_symbol,
)
# fmt: on

BUDGET = 2_000_000  # elementary operations; past it the certificate is refused, not believed
KEPT = 8  # models that a Checker remembers


@dataclass(frozen=True, slots=True)
class Theorem:
    """`outcome` of `goal`, resting on the claims labelled `hypotheses` (and maybe CLOSED_WORLD)."""

    outcome: Outcome
    goal: Formula
    hypotheses: frozenset[str]


def check(theory: Theory, goal: Formula, certificate: Certificate) -> Theorem:
    """Return the theorem that `certificate` proves, or raise CheckError saying what is wrong."""
    return Checker(theory).check(goal, certificate)


class Checker:
    """Checks certificates about one theory, and keeps what it has computed of the theory."""

    def __init__(self, theory: Theory) -> None:
        self.theory, self.closed = theory, theory.closed_world
        self.claims: dict[str, Statement] = {c.label: c.formula for c in theory.claims}
        self.labels = frozenset(self.claims)
        self.everything = self.labels | {CLOSED_WORLD}
        self.by_absence = self.closed or any(map(has_naf, self.claims.values()))
        self.unique = self.by_absence or theory.semantics is Semantics.CHAINING  # different names differ
        self.forwards = self.closed or theory.semantics is Semantics.CHAINING  # claims count only as rules
        self.forms = Claims(self.claims)
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._vars: dict[tuple[str, int], tuple[tuple[Var, ...], tuple[Var, ...]]] = {}
        self._clauses: dict[str, tuple[Clause, ...]] = {}
        self._models, self._structures = Kept[_Model](KEPT), Kept[Structure](KEPT)
        self._opened: dict[tuple[int, Domain], tuple[Model, Checker]] = {}

    def check(self, goal: Formula, certificate: Certificate) -> Theorem:
        """As `check`, for this theory."""
        try:
            if free_vars(goal) or reserved_symbol(goal) or misplaced(goal) is not None:
                raise CheckError("the goal has a free variable, a reserved symbol or misplaced arithmetic")
            used = self._check(goal, certificate.outcome, certificate.evidence)
        except CheckError:
            raise
        except Exception as e:  # forged data may have any shape; whatever it breaks, it proves nothing
            raise CheckError(f"malformed certificate: {type(e).__name__}: {e}") from e
        return Theorem(certificate.outcome, goal, used)

    def _check(self, goal: Formula, outcome: Outcome, evidence: Evidence) -> frozenset[str]:
        semantics, self.spend = self.theory.semantics, Budget(BUDGET)
        if isinstance(evidence, NotDerivable) and self.told & {goal, negate(goal), opposite(goal), Not(goal)}:
            raise CheckError("the goal or its negation is a claim")
        if semantics is Semantics.DEFEASIBLE:
            return self._defeasible(goal, outcome, evidence)
        if bool(self.theory.closed) is not isinstance(evidence, Mixed):
            raise CheckError("closed predicates need evidence of the kind 'mixed', and only they")
        if self.forwards and not isinstance(evidence, Derivation | NotDerivable):
            raise CheckError("chaining and closed worlds know derivations, and what is not derivable")
        match evidence:
            case Derivation():
                return _derivation(self, goal, outcome, evidence)
            case Refutation():
                return _refutation(self, goal, outcome, evidence)
            case Independence():
                return _independence(self, goal, outcome, evidence)
            case NotDerivable():
                chaining = semantics is Semantics.CHAINING
                return _not_derivable(self, goal, (goal, opposite(goal)), outcome, evidence, chaining)
            case Mixed():
                return self._mixed(goal, outcome, evidence)
            case _:
                assert_never(evidence)

    @cached_property
    def _program(self) -> Checker:
        return Checker(compiled(self.theory))

    def _defeasible(self, goal: Formula, outcome: Outcome, evidence: Evidence) -> frozenset[str]:
        """By the compiled program, in which the goal and its opposite are two positive formulas."""
        if outcome is Outcome.INCONSISTENT:  # what is strict contradicts itself; naf is of what is normal
            strict = (c for c in self.theory.claims if not getattr(c.formula, "defeasible", False))
            classical = Theory(tuple(c for c in strict if not has_naf(c.formula)))
            return Checker(classical)._check(goal, outcome, evidence)
        pro, con = encode(goal), encode(opposite(goal))
        if isinstance(evidence, NotDerivable):
            self._program.spend = self.spend
            used = _not_derivable(self._program, goal, (pro, con), outcome, evidence, True)
        else:
            asked = {Outcome.PROVED: pro, Outcome.DISPROVED: con}[outcome]
            used = self._program._check(asked, Outcome.PROVED, evidence)
        return frozenset(original(x) if x != CLOSED_WORLD else x for x in used) - {""}

    def _mixed(self, goal: Formula, outcome: Outcome, m: Mixed) -> frozenset[str]:
        """By the open theory that says where the closed predicates hold, and that names differ."""
        own, others = definitions(self.theory)
        domain = self.domain.extended(goal)
        if (found := self._opened.get((id(m.model), domain))) is None:
            model = Checker(Theory(own, closed_world=True)).model(FALSE, m.model)
            if model.possible != model.true:
                raise CheckError("the rules leave a closed predicate undefined")
            found = (m.model, Checker(opened(self.theory, goal, model.true)))
            self._opened = {(id(m.model), domain): found}
        used, plain = found[1]._check(goal, outcome, m.inner), {c.label for c in others}
        return used if used <= plain else (used & plain) | {c.label for c in own} | {CLOSED_WORLD}

    # what is computed once

    @cached_property
    def told(self) -> frozenset[Statement]:
        return frozenset(self.claims.values())

    @cached_property
    def domain(self) -> Domain:
        return Domain(self.claims.values(), FALSE)

    @cached_property
    def loose(self) -> bool:
        """Has a rule a variable that ranges over the domain, so that the goal's terms matter to a model?"""
        return any(unbound(r) for label in self.claims for r in self.rules(label))

    def model(self, goal: Formula, given: Model) -> _Model:
        domain = self.domain.extended(goal) if self.loose else self.domain
        return self._models.of(given, domain, lambda: _Model(self, domain, given))

    def structure(self, given: FiniteModel) -> Structure:
        return self._structures.of(given, None, lambda: _structure(self, given))

    def rules(self, label: str) -> tuple[Rule, ...]:
        """The rules of a claim; the fragment is defined by logic.rules_of."""
        if label not in self._rules:
            found = rules_of(self.claims[label], self.closed) if label in self.claims else None
            if found is None:
                raise CheckError(f"claim {label!r} is not in the theory or not a rule")
            self._rules[label] = found
        return self._rules[label]

    def clauses(self, label: str) -> tuple[Clause, ...]:
        if label not in self._clauses:
            self._clauses[label] = clauses(self.claims[label], label)
        return self._clauses[label]

    def instance(self, label: str, index: int, binding: Binding, domain: Domain) -> Rule:
        """The ground instance of a rule; CheckError where a variable stays or a term is not ground."""
        if not 0 <= index < len(rules := self.rules(label)):
            raise CheckError(f"claim {label!r} has no rule {index}")
        rule = rules[index]
        if not binding and not rule.body and not free_vars(rule):
            return rule  # a fact
        s = ground(binding, domain)
        if (found := self._vars.get((label, index))) is None:
            found = self._vars[label, index] = free_vars(rule), unbound(rule)
        if any(v not in s for v in found[0]):
            raise CheckError(f"the binding leaves a variable of {label!r} free")
        if self.by_absence and any(s[v] not in domain for v in found[1]):
            raise CheckError(f"the binding takes a variable of {label!r} outside the active domain")
        return instantiate(rule, s)


def ground(binding: Binding, domain: Domain) -> dict[Var, Term]:
    """The binding; CheckError where a term is not ground, no thing, or brings in a numeral of its own.

    Only the numerals of the theory and the goal are known to be there.
    """
    for t in (t for _, value in binding for t in subterms(value)):
        if isinstance(t, Var) or is_arithmetic(t) or (isinstance(t, Num) and t not in domain.named):
            raise CheckError("a binding is not ground, or has a sum or a numeral of its own")
    return dict(binding)


# --- derivations ---------------------------------------------------------------------


def _derivation(c: Checker, goal: Formula, outcome: Outcome, d: Derivation) -> frozenset[str]:
    about = goal if outcome is not Outcome.INCONSISTENT else FALSE
    domain = c.domain.extended(about)
    model = c.model(about, d.model) if d.model is not None else None
    for i, step in enumerate(d.steps):
        if any(type(p) is not int or not 0 <= p < i for p in step.premises):
            raise CheckError("a premise does not come earlier", i)
        premises = [d.steps[p].conclusion for p in step.premises]
        if why := _step(step, premises, c, domain, model):
            raise CheckError(why, i)
        inner = isinstance(step.by, Apply) or (isinstance(step.by, Given) and i + 1 < len(d.steps))
        literal = isinstance(step.conclusion, Atom) or (is_signed_atom(step.conclusion) and not c.closed)
        if inner and not literal and c.forwards and outcome is not Outcome.INCONSISTENT:
            raise CheckError("nothing is derived from a claim that is no rule here", i)
    if not d.steps:
        raise CheckError("a derivation without steps")
    last = d.steps[-1].conclusion
    fits = {
        Outcome.PROVED: last == goal,
        Outcome.DISPROVED: last in (negate(goal), opposite(goal), Not(goal)),
        Outcome.INCONSISTENT: last == FALSE and c.theory.semantics is not Semantics.CHAINING,
    }
    if not fits.get(outcome, False):
        raise CheckError(f"the last step does not conclude what {outcome.value!r} needs", len(d.steps) - 1)
    return _hypotheses(d, c)


def _hypotheses(d: Derivation, c: Checker) -> frozenset[str]:
    """Labels that the last step rests on."""
    todo, seen, used = [len(d.steps) - 1], set[int](), set[str]()
    while todo:
        if (i := todo.pop()) in seen:
            continue
        seen.add(i)
        todo += d.steps[i].premises
        by, f = d.steps[i].by, d.steps[i].conclusion
        if isinstance(by, Given | Apply):
            used.add(by.label)
        elif isinstance(by, InModel):  # absence rests on everything that is held
            return c.everything
        elif isinstance(by, Compute) and (isinstance(f, Naf) or computed(f, False) is not True):
            used.add(CLOSED_WORLD)  # by unique names
    return frozenset(used)


def _step(step: Step, premises: list[Formula | Naf], c: Checker, domain: Domain, model: _Model | None) -> str:
    """Why the step is wrong, or the empty text."""
    conclusion = step.conclusion
    match step.by:
        case Given(label):
            fine = not premises and label in c.claims and c.claims[label] == conclusion
            return "" if fine else f"not what claim {label!r} says"
        case Apply(label, index, binding):
            rule = c.instance(label, index, binding, domain)
            if rule.head != conclusion:
                return f"not the head of rule {index} of {label!r}"
            return "" if list(rule.body) == premises else f"the premises are not the body of {label!r}"
        case Compute():
            if isinstance(conclusion, Naf) or premises:
                return "does not compute"
            unique = c.unique and all(t in domain for t in _terms(conclusion))
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
            if c.closed and any(t not in domain for _, t in binding):
                return "the witness lies outside the active domain"
            body = substitute(conclusion.body, ground(binding, domain))
            return "" if premises == [body] else "wrong witness"
        case Contradiction():
            second = premises[1] if len(premises) == 2 else None
            fine = conclusion == FALSE and isinstance(second, Not) and second.body == premises[0]
            return "" if fine and c.theory.semantics is not Semantics.CHAINING else "not a contradiction"
        case InModel():
            if model is None or premises or free_vars(conclusion):
                return "there is no model to look into"
            if isinstance(conclusion, Naf):
                return "" if conclusion.body not in model.possible else "the atom is in the model"
            if not c.closed:
                return "absence is not falsity in an open world"
            return "" if model.certain(conclusion, True, domain) else "not true in the model"
        case _:
            assert_never(step.by)


def _terms(f: Statement) -> Iterator[Term]:
    return (t for a in literals(f) for t in literal_terms(a) if not is_arithmetic(t))


# --- models of rules -----------------------------------------------------------------


class _Model:
    """A checked model of all rules: `true` holds what is true, `possible` all that is not false.
    A perfect model is stratified and leaves nothing between the two."""

    def __init__(self, c: Checker, domain: Domain, given: Model) -> None:
        self._checker, self.domain, self._spend = c, domain, Budget(BUDGET)
        self.program = [r for claim in c.theory.claims for r in c.rules(claim.label)]
        if c.closed:  # a negated head, which is never true here, is an integrity constraint
            denials = [r for r in self.program if isinstance(r.head, Not)]
            self.denials = [Rule(r.head, (*r.body, atom_of(r.head))) for r in denials]
            self.program = [r for r in self.program if isinstance(r.head, Atom)]
        self.possible = self.true = set[Formula]()
        self.exact = True
        if isinstance(given, PerfectModel):
            self._perfect(given)
        else:
            self._well_founded(given)
        self.clash = not c.closed and any(Not(a) in self.true for a in self.true if isinstance(a, Atom))

    def _perfect(self, given: PerfectModel) -> None:
        level = {name: n for name, n in given.strata if type(n) is int}  # nan would be above and below all
        for r in self.program:
            top = level.get(atom_of(r.head).pred, 0)
            for b in r.body:
                if isinstance(b, Naf) and level.get(b.body.pred, 0) >= top:
                    raise CheckError("the strata do not order the negation as failure")
                if is_signed_atom(b) and level.get(atom_of(b).pred, 0) > top:
                    raise CheckError("the strata do not order a rule")
        self._support(given.supports, self.true, self.true)
        self.must_close(self.program, self.true, self.true, self._spend)

    def _well_founded(self, given: WellFoundedModel) -> None:
        if not given.stages:
            raise CheckError("a well-founded model without stages")
        for stage in given.stages:
            self.possible = set(stage.possible)
            self.must_close(self.program, self.possible, self.true, self._spend)
            self._support(stage.supports, self.true, self.possible)
        self.exact = self.true == self.possible
        if given.reasons and not given.stages[-1].supports:
            # true is all that follows where absence is read in possible, and possible all that
            # follows where it is read in true: the fixpoint of which `true` is a part is reached
            self.must_close(self.program, self.true, self.possible, self._spend)
            known = set(self.true)
            self._support(given.reasons, known, self.true)
            self.exact = self.possible <= known

    def _support(self, supports: Iterable[Support], known: set[Formula], present: set[Formula]) -> None:
        """Add literals to `known`, each by a rule whose body is known; what is absent is not in `present`."""
        absent: list[Atom] = []
        for s in supports:
            rule = self._checker.instance(s.label, s.index, s.binding, self.domain)
            if rule.head != s.literal or (self._checker.closed and isinstance(rule.head, Not)):
                raise CheckError("a support does not give its literal")
            for b in rule.body:
                if isinstance(b, Naf):
                    absent.append(b.body)
                elif b not in known and computed(b, self._checker.unique) is not True:
                    raise CheckError("a support rests on a literal that is not supported earlier")
            known.add(s.literal)
        if any(a in present for a in absent):
            raise CheckError("a support rests on the absence of an atom that is in the model")

    def must_close(self, rules: list[Rule], have: set[Formula], gone: set[Formula], spend: Budget) -> None:
        """Each rule instance whose body holds in `have`, absence read in `gone`, has its head there."""
        if not closed_under(rules, have, gone, self.domain, self._checker.unique, spend):
            raise CheckError("the model is not closed under the rules, or breaks a constraint")

    def certain(self, f: Formula, sign: bool, domain: Domain) -> bool:
        """Closed world: is `f` certainly true (false, where not `sign`)?"""

        def leaf(g: Atom | Equal | Less, sign: bool) -> bool:
            if any(t not in domain for t in _terms(g)) or (isinstance(g, Atom) and g.pred == INTEGER):
                raise CheckError("a term outside the active domain, or `integer`, has no value")
            if isinstance(g, Atom):
                return g in self.true if sign else g not in self.possible
            if (value := computed(g, True)) is None:
                raise CheckError("a comparison of something that is not a number")
            return value is sign

        return certain(f, {}, sign, domain, leaf, self._checker.spend)


def _not_derivable(c: Checker, goal: Formula, sides: tuple[Formula, Formula], outcome: Outcome,
                   n: NotDerivable, forwards: bool) -> frozenset[str]:  # fmt: skip
    """`forwards`: whatever is not derived does not hold, under this semantics."""
    model, domain = c.model(goal, n.model), c.domain.extended(goal)
    if outcome is not Outcome.UNKNOWN or not model.exact:
        raise CheckError("a goal is unknown where neither side is in a model that is exact")
    if c.closed:
        if model.certain(goal, True, domain) or model.certain(goal, False, domain):
            raise CheckError("the model decides the goal")
        model.must_close(model.denials, model.true, model.possible, c.spend)  # else all follows
    else:
        if not c.by_absence and not forwards:
            raise CheckError("what is not derived may be so, where rules are read classically")
        if any(derivable(f, {}, domain, model.true, c.spend) for f in sides):
            raise CheckError("the goal or its negation is derivable")
        if not forwards and model.clash:
            raise CheckError("the model contradicts itself")
    return c.everything


# --- refutations ---------------------------------------------------------------------


def _refutation(c: Checker, goal: Formula, outcome: Outcome, r: Refutation) -> frozenset[str]:
    domain = c.domain.extended(goal if outcome is not Outcome.INCONSISTENT else FALSE)
    if outcome is Outcome.UNKNOWN:
        raise CheckError("a refutation cannot show a goal unknown")
    refuted = {Outcome.PROVED: Not(goal), Outcome.DISPROVED: goal}.get(outcome)
    of_goal = () if refuted is None else clauses(refuted, GOAL)
    known: list[Clause] = []
    for n, i in enumerate(instances := tuple(r.instances)):
        if i.label != GOAL and (i.label not in c.claims or has_naf(c.claims[i.label])):
            raise CheckError(f"{i.label!r} is not a classical claim of the theory", n)
        form = of_goal if i.label == GOAL else c.clauses(i.label)
        if not 0 <= i.index < len(form):
            raise CheckError(f"{i.label!r} has no clause {i.index}", n)
        clause, s = form[i.index], ground(i.binding, domain)
        if any(v not in s for literal in clause for v in free_vars(literal)):
            raise CheckError(f"the instance of {i.label!r} is not ground", n)
        known.append(tuple(_literal(substitute(x, s)) for x in clause))
    known += (_lemma(c, x) for x in r.lemmas)
    if r.proof and not refutes(known, r.proof, c.spend):
        raise CheckError("a clause of the proof does not follow, or its last one is not empty")
    if not r.proof and _satisfiable(c, known):
        raise CheckError("the instances are satisfiable")
    return frozenset(i.label for i in instances) - {GOAL}


def _satisfiable(c: Checker, ground: list[Clause]) -> bool:
    found = GroundClauses(ground, c.spend.left)
    result, c.spend.left = found.satisfiable(), found.budget
    return result


def _literal(f: Formula) -> Literal:
    if not is_literal(f):
        raise CheckError("a clause holds something that is no literal")
    return f


def _lemma(c: Checker, lemma: Lemma) -> Clause:
    """The clause, which holds in every structure; ValueError or CheckError where it does not."""
    match lemma:
        case Farkas(parts):
            clause = farkas(parts)
        case Split(term, bound):
            clause = split(term, bound)
        case Trichotomy(left, right):
            clause = trichotomy(left, right)
        case Whole(value):
            clause = whole(value)
        case WholeSum(term):
            clause = whole_sum(term)
        case Congruent(clause):
            if any(free_vars(x) for x in clause):
                raise CheckError("a lemma is not ground")
            if _satisfiable(c, [(_literal(negate(x)),) for x in clause]):
                raise CheckError("a lemma does not hold by equality alone")
        case _:
            assert_never(lemma)
    for t in (t for x in clause for a in literals(x) for top in literal_terms(a) for t in subterms(top)):
        if isinstance(t, Num):
            number(t)  # ValueError where it is no fraction: floats are rounded, and nan equals nothing
    return clause


# --- truth in a structure ------------------------------------------------------------


def _independence(c: Checker, goal: Formula, outcome: Outcome, i: Independence) -> frozenset[str]:
    if outcome is not Outcome.UNKNOWN or c.closed:
        raise CheckError("two models show a goal unknown, in an open world")
    numerals = {t.value for t in ground_terms([goal]) if isinstance(t, Num)}
    for model, wanted in ((i.holds, True), (i.fails, False)):
        structure = c.structure(model)
        structure.spend = Budget(BUDGET)
        if not numerals <= structure.numbers.keys() or structure.holds(goal) is not wanted:
            raise CheckError("the goal has the wrong truth value in a model, or a numeral that is none there")
    return c.labels


def _structure(c: Checker, m: FiniteModel) -> Structure:
    """The structure, if every claim is true in it."""
    out = Structure(m.size, m.constants, m.functions, m.predicates, m.numbers, Budget(BUDGET))
    if not {t.value for t in c.domain.named if isinstance(t, Num)} <= out.numbers.keys():
        raise CheckError("a numeral of the theory is not laid down")  # they are distinct, used or not
    if (label := c.forms.false_in(out)) is not None:  # ValueError where a claim holds a Naf
        raise CheckError(f"claim {label!r} is false in a model")
    return out

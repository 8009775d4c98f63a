"""What is known of theories and of their versions: fragments, consistency, models, proofs.

Knows certificates and the kernel's checks.  Must not know any solver.  What holds of one
version is carried to the next only where it must hold there too:

- fewer claims of a classical theory: a model stays a model, so consistency stays;
- any other claims: a conflict set or a proof is a certificate, and the kernel checks it anew
  against the theory as it is now.  It stays where the claims that it names are untouched.

Claims that bring predicates of their own and no numerals, and that hold where all of their
atoms are true, leave a consistent theory consistent: its model becomes one of them too when
the new predicates are made true everywhere, since nothing told before speaks of these.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice

from neurosym.errors import CheckError
from neurosym.logic import TRUE, Atom, Formula, TooManyClauses, clauses
from neurosym.proof import Certificate, FiniteModel, Outcome
from neurosym.solvers.checking import Checkers
from neurosym.solvers.listing import Horn, Shape, part, shape_of
from neurosym.theory import Claim, Semantics, Theory
from neurosym.verdict import Disproved, Proved

CACHED = 16  # theories
NEIGHBOURS = 3  # versions that a new theory is compared with
LOOKED_THROUGH = 500  # claims, for one that says just what is asked: sooner than Prolog is told them
PROOFS = 256  # kept, of any theory, to be tried again
FORMS = 5000  # claims whose clausal form was looked at


@dataclass(slots=True)
class Known:
    """What is known of a theory.  It holds the theory, so that its id stays its own."""

    theory: Theory
    shapes: dict[int, tuple[Claim, Shape]]  # by the claim's identity, in the theory's order
    absence: bool  # closed world or negation as failure
    rules: Theory | None  # its claims that are rules: the theory itself where all are
    consistent: bool = False  # it has a model: by its form, or the kernel has accepted one
    model: FiniteModel | None = None  # not checked, it spares looking in vain
    conflict: Certificate | None = None
    sought: tuple[float, int] | None = None  # the limits under which no conflict was found
    form: Horn | None = None
    positive: bool | None = None
    route: tuple[Formula, str] | None = None  # why only rules treat the goal asked about last

    def given(self, goal: Formula) -> str | None:
        """The first claim that says just that, where rules would not find it as well."""
        if isinstance(goal, Atom) and self.rules is not None and len(self.theory.claims) > LOOKED_THROUGH:
            return None
        return next((c.label for c in self.theory.claims if c.formula == goal), None)

    @property
    def horn(self) -> Horn:
        if self.form is None:
            self.form = Horn([s for _, s in self.shapes.values()])
        return self.form

    @property
    def outside(self) -> int:
        """How many claims are no rules."""
        return len(self.theory.claims) - (len(self.rules.claims) if self.rules else 0)

    @property
    def classical(self) -> bool:
        return not self.absence and self.theory.semantics is Semantics.CLASSICAL


class Knowledge:
    """What is known of the theories asked about lately."""

    def __init__(self, checkers: Checkers) -> None:
        self.checkers = checkers
        self._theories: OrderedDict[int, Known] = OrderedDict()
        self._positive: dict[int, tuple[Claim, bool]] = {}
        self._proofs: OrderedDict[Formula, Certificate] = OrderedDict()

    def of(self, theory: Theory) -> Known:
        if (known := self._theories.get(id(theory))) is None:
            known = self._theories[id(theory)] = self._new(theory)
            while len(self._theories) > CACHED:
                self._theories.popitem(last=False)
        self._theories.move_to_end(id(theory))
        return known

    def clear(self) -> None:
        self._theories.clear()
        self._positive.clear()
        self._proofs.clear()

    # --- forms ---

    def _new(self, theory: Theory) -> Known:
        near = list(islice(reversed(self._theories.values()), NEIGHBOURS))
        shapes: dict[int, tuple[Claim, Shape]] = {}
        for c in theory.claims:
            for known in near:
                if (found := known.shapes.get(id(c))) is not None:
                    break
            else:
                found = c, shape_of(c.formula)
            shapes[id(c)] = found
        each = [s for _, s in shapes.values()]
        absence = theory.closed_world or bool(theory.closed) or any(s.naf for s in each)
        new = Known(theory, shapes, absence, None if absence else part(theory, each))
        for old in near:
            if new.classical and old.classical:
                self._carry(old, new)
        return new

    def positive(self, known: Known) -> bool:
        """Has every clause a positive atom?  Then the theory holds where all atoms are true."""
        if known.positive is None:
            known.positive = all(map(self._all_positive, known.theory.claims))
        return known.positive

    def _all_positive(self, c: Claim) -> bool:
        if isinstance(c.formula, Atom):
            return True
        if (found := self._positive.get(id(c))) is None:
            if len(self._positive) >= FORMS:
                self._positive.clear()
            found = self._positive[id(c)] = c, _each_positive(c)
        return found[1]

    # --- from version to version ---

    def _carry(self, old: Known, new: Known) -> None:
        if old.conflict is not None and new.conflict is None:
            try:
                self.checkers.check(new.theory, TRUE, old.conflict)
                new.conflict = old.conflict
            except CheckError:  # a claim of it was taken back
                pass
        if not old.consistent or new.consistent or self.positive(new):
            return
        if new.shapes.keys() <= old.shapes.keys():
            new.consistent, new.model = True, old.model
        elif new.conflict is None:
            came = {i: x for i, x in new.shapes.items() if i not in old.shapes}
            if all(self._all_positive(c) for c, _ in came.values()) and _strangers(came, new):
                new.consistent = True

    # --- proofs ---

    def keep(self, goal: Formula, verdict: object) -> None:
        """Remember how a goal was proved or refuted, to try it again in other versions."""
        if isinstance(verdict, Proved | Disproved):
            self._proofs[goal] = verdict.certificate
            self._proofs.move_to_end(goal)
            while len(self._proofs) > PROOFS:
                self._proofs.popitem(last=False)

    def proved(self, goal: Formula) -> bool:
        """Was the goal ever proved or refuted, of whatever theory?"""
        return goal in self._proofs

    def again(self, known: Known, goal: Formula) -> Proved | Disproved | None:
        """An earlier proof of the goal that also holds of this theory, which must be consistent."""
        if (certificate := self._proofs.get(goal)) is None:
            return None
        try:
            theorem = self.checkers.check(known.theory, goal, certificate)
        except CheckError:
            return None
        kind = Proved if certificate.outcome is Outcome.PROVED else Disproved
        return kind(theorem, certificate)


def _each_positive(c: Claim) -> bool:
    try:
        return all(any(isinstance(x, Atom) for x in clause) for clause in clauses(c.formula, c.label))
    except (TooManyClauses, RecursionError, ValueError):
        return False


def _strangers(came: dict[int, tuple[Claim, Shape]], new: Known) -> bool:
    """Do the claims that came speak of predicates that no other claim has, and of no numbers?"""
    mine = [s for _, s in came.values()]
    named = frozenset[tuple[str, int]]().union(*(s.predicates for s in mine))
    stayed = (s for i, (_, s) in new.shapes.items() if i not in came)
    return not any(s.numerals for s in mine) and all(named.isdisjoint(s.predicates) for s in stayed)

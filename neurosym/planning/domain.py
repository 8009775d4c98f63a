"""Action domains, problems, plans and facts as plain data.

Knows logic only.  Must not know PDDL's text, any search or any planner.  Names are canonical:
lower case, with `_` where PDDL has `-`; parameters are variables, domain constants are `Const`.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.errors import PlanningError
from neurosym.kernel import Theorem
from neurosym.logic import Atom, Const, Formula, Literal, Not, Term, Var, free_vars
from neurosym.proof import Outcome

OBJECT = "object"  # the root of every type hierarchy


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed variable.  Several types mean `(either ...)`: any one of them will do."""

    var: Var
    types: tuple[str, ...] = (OBJECT,)


@dataclass(frozen=True, slots=True)
class Predicate:
    name: str
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An operator schema.

    `precondition`: a conjunction of Atom, Equal and their negations.  `effects`: Atom is added,
    Not(Atom) deleted; where one instance does both to one atom, the addition wins (PDDL 2.1).
    """

    name: str
    parameters: tuple[Parameter, ...]
    precondition: tuple[Literal, ...]
    effects: tuple[Atom | Not, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """`types`: (type, supertype) pairs; `constants`: (constant, type) pairs."""

    name: str
    types: tuple[tuple[str, str], ...]
    constants: tuple[tuple[Const, str], ...]
    predicates: tuple[Predicate, ...]
    actions: tuple[Action, ...]
    document: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A ground literal that holds at the start: a proved atom, or a proved negation.

    `label` names where it comes from (a claim, a theorem, a line); `hypotheses` are the labels
    of the claims that its proof rests on.
    """

    literal: Atom | Not
    label: str
    hypotheses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    name: str
    domain: str
    objects: tuple[tuple[Const, str], ...]
    init: tuple[Fact, ...]
    goal: Formula
    document: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    action: str
    arguments: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[PlanStep, ...] = ()


def canonical(name: str) -> str:
    """The key under which a PDDL name and a name of the engine meet: case and `-`/`_` do not count."""
    return name.lower().replace("-", "_")


def fact_of(theorem: Theorem, label: str = "") -> Fact:
    """A theorem as an initial fact; its hypotheses become the fact's.

    Raises PlanningError where the theorem is not a proof (or disproof) of a ground atom.
    """
    goal = theorem.goal
    atom = goal.body if isinstance(goal, Not) else goal
    positive = not isinstance(goal, Not)
    if theorem.outcome not in (Outcome.PROVED, Outcome.DISPROVED) or not isinstance(atom, Atom):
        raise PlanningError(
            "an initial fact must be a proved or refuted atom", hint="ask for one atom at a time"
        )
    if theorem.outcome is Outcome.DISPROVED:
        positive = not positive
    if free_vars(atom):
        raise PlanningError(f"the fact {atom.pred} has a variable", hint="initial facts are ground")
    hypotheses = tuple(sorted(theorem.hypotheses))
    return Fact(atom if positive else Not(atom), label or ", ".join(hypotheses) or "theorem", hypotheses)


def ancestors(domain: Domain) -> dict[str, tuple[str, ...]]:
    """Each declared type with itself and all its supertypes, nearest first, OBJECT last."""
    above: dict[str, list[str]] = {}
    for name, parent in domain.types:
        above.setdefault(name, []).append(parent)
    out: dict[str, tuple[str, ...]] = {OBJECT: (OBJECT,)}
    for name in above:
        seen = {name: None}
        queue = [name]
        for t in queue:
            for parent in above.get(t, ()):
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        seen.pop(OBJECT, None)
        out[name] = (*seen, OBJECT)
    return out

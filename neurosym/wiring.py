"""Small translations between rooms that may not know each other.  Used by the engine only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, assert_never

from neurosym.errors import PlanningError
from neurosym.logic import Atom, Const, Exists, Formula, Literal, Not, Var, atoms, ground_terms
from neurosym.results import Derived, Question, Unread
from neurosym.syntax import show_term
from neurosym.theory import CLOSED_WORLD, Theory
from neurosym.verdict import Limits

if TYPE_CHECKING:
    from neurosym.explain import OutlineNode, PlanView, PreconditionView
    from neurosym.knowledge import Vocabulary
    from neurosym.planning import Domain, Link, Planned, PlanningResult

Edge = tuple[str, str, str, str]  # subject, predicate, object, label of the claim or claims


def edge_of(d: Derived) -> Edge | None:
    """A unary or binary fact as an edge; a unary one is a "type" edge to its predicate."""
    label = ", ".join(sorted(d.verdict.theorem.hypotheses))
    match d.fact:
        case Atom(pred, (Const(name),)):
            return name, "type", pred, label
        case Atom(pred, (Const(a), Const(b))):
            return a, pred, b, label
        case _:
            return None


def domain_of(text: str, name: str, link: Callable[[Atom], Atom] | None) -> Domain:
    """The action domain of a PDDL text, in the graph's names where there is a graph."""
    from neurosym.planning import read_domain

    domain = read_domain(text, name)
    return domain if link is None else link_domain(domain, link)


def in_classes(goal: Formula, vocabulary: Vocabulary | None) -> Formula:
    """ "a closed ticket" in a goal is the class of that name, where the graph has one."""
    if vocabulary is None:
        return goal
    from neurosym.knowledge import link_compounds

    return link_compounds(goal, vocabulary)


def plan_toward(
    goal: Question | Unread,
    domain: tuple[str, str, Callable[[Atom], Atom] | None],
    vocabulary: Vocabulary | None,
    theory: Theory,
    derive: Callable[[set[tuple[str, int]]], Iterable[Derived]],
    limits: Limits,
) -> tuple[Formula, PlanningResult, Theory, OutlineNode | None]:
    """Plan with a domain (its text, its name, how its words link to the graph) toward a goal that was read.

    What PlanResponse holds.  Raises PlanningError for a goal that was not read.
    """
    actions = domain_of(*domain)
    if isinstance(goal, Unread):
        raise PlanningError(f"the goal was not read: {goal.reason}", document="goal")
    wanted = in_classes(goal.goal, vocabulary)
    formula = Exists(goal.variables, wanted) if goal.variables else wanted
    result, view = planned(theory, actions, formula, derive, limits)
    return formula, result, theory, view


def planned(
    theory: Theory,
    domain: Domain,
    goal: Formula,
    derive: Callable[[set[tuple[str, int]]], Iterable[Derived]],
    limits: Limits,
) -> tuple[PlanningResult, OutlineNode | None]:
    """Plan from the facts that are proved to `goal`; a plan comes with its outline.

    Raises PlanningError for a goal about what nothing told mentions.
    """
    from neurosym.explain import plan_outline
    from neurosym.planning import Fact, Planned, solve
    from neurosym.planning.domain import canonical

    names = {canonical(p.name): len(p.parameters) for p in domain.predicates}
    names |= {canonical(t): 1 for pair in domain.types for t in pair}
    facts_of = {(x.pred, len(x.args)) for c in theory.claims for x in atoms(c.formula)}
    check_goal(goal, theory, domain, set(names) | {canonical(p) for p, _ in facts_of})
    wanted = {key for key in facts_of if names.get(canonical(key[0])) == key[1]}
    facts = []
    for d in derive(wanted):
        labels = tuple(sorted(d.verdict.theorem.hypotheses))
        facts.append(Fact(d.fact, ", ".join(labels), labels))
    result = solve(domain, tuple(facts), goal, limits)
    return result, plan_outline(plan_view(result), theory) if isinstance(result, Planned) else None


def link_domain(domain: Domain, link: Callable[[Atom], Atom]) -> Domain:
    """The action domain in the graph's names: its predicates and types, where `link` knows them."""
    from neurosym.planning import Action, Parameter, Predicate
    from neurosym.planning.domain import canonical

    def symbol(name: str, arity: int) -> str:
        arguments = tuple(Var(f"x{i}") for i in range(arity))
        return link(Atom(canonical(name), arguments)).pred

    new = {p.name: symbol(p.name, len(p.parameters)) for p in domain.predicates}
    # a link that two predicates share would make them one: then neither is linked
    new = {
        old: s for old, s in new.items() if list(new.values()).count(s) == 1 and (s == old or s not in new)
    }
    types = {t: symbol(t, 1) for pair in domain.types for t in pair if t != "object"}

    def rename(f: Literal) -> Literal:
        match f:
            case Atom(pred, args):
                return Atom(new.get(pred, pred), args)
            case Not(Atom(pred, args)):
                return Not(Atom(new.get(pred, pred), args))
            case _:
                return f

    def retype(p: Parameter) -> Parameter:
        return replace(p, types=tuple(types.get(t, t) for t in p.types))

    return replace(
        domain,
        types=tuple((types.get(a, a), types.get(b, b)) for a, b in domain.types),
        constants=tuple((c, types.get(t, t)) for c, t in domain.constants),
        predicates=tuple(
            Predicate(new.get(p.name, p.name), tuple(map(retype, p.parameters))) for p in domain.predicates
        ),
        actions=tuple(
            Action(
                a.name, tuple(map(retype, a.parameters)), tuple(map(rename, a.precondition)),
                tuple(e for f in a.effects if isinstance(e := rename(f), Atom | Not)),
            )
            for a in domain.actions
        ),
    )  # fmt: skip


def check_goal(goal: Formula, theory: Theory, domain: Domain, predicates: set[str]) -> None:
    """Raise PlanningError where the goal has a predicate or a thing that nothing told mentions.

    To plan for it would end in "unsolvable", which hides what is mostly a slip of the pen.
    """
    from neurosym.planning.domain import canonical

    told = [t for t in ground_terms(c.formula for c in theory.claims) if isinstance(t, Const)]
    things = {canonical(t.name) for t in (*told, *(c for c, _ in domain.constants))}
    wanted = [(a.pred, predicates, "no fact and no action mentions") for a in atoms(goal)]
    wanted += [
        (t.name, things, "nothing told mentions") for t in ground_terms([goal]) if isinstance(t, Const)
    ]
    for name, known, message in wanted:
        if canonical(name) not in known:
            near = get_close_matches(canonical(name), sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known)[:12])}"
            raise PlanningError(f"{message} {name}", document="goal", hint=hint)


def plan_view(planned: Planned) -> PlanView:
    """A justified plan as explain's plain data."""
    from neurosym.explain import PlanView, StepView

    steps = tuple(
        StepView(
            s.step.action,
            tuple(show_term(t) for t in s.step.arguments),
            _preconditions(s.needs),
            (*s.adds, *(Not(a) for a in s.deletes)),
        )
        for s in planned.justification.steps
    )
    return PlanView(steps, _preconditions(planned.justification.goal))


def _preconditions(links: Iterable[Link]) -> tuple[PreconditionView, ...]:
    return tuple(view for link in links if (view := _precondition(link)) is not None)


def _precondition(link: Link) -> PreconditionView | None:
    """A condition and its source; None where it rests on no claim: the action domain's own
    constants, and t = t.  The plan's JSON lists those too."""
    from neurosym.explain import PreconditionView
    from neurosym.planning import ClosedWorld, Declared, Effect, Given, Identity, UniqueNames

    match link.source:
        case Given(_, label, hypotheses):
            return PreconditionView(link.literal, hypotheses or (label,))
        case Effect(step):
            return PreconditionView(link.literal, (), step + 1)
        case ClosedWorld() | UniqueNames():
            return PreconditionView(link.literal, (CLOSED_WORLD,))
        case Declared() | Identity():
            return None
        case _:
            assert_never(link.source)

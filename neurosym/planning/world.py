"""The initial state: facts and a domain brought to one vocabulary, each literal with its source.

PDDL ignores case and `-`/`_`; the engine's names do not.  Here the domain's predicates, types and
constants take the spelling that the facts use, so that plans speak the engine's names.

Closed world: an atom that is not among the facts counts as false.  An object is a constant or
numeral that stands in a relevant fact, in the goal, in :constants or is declared by the caller; a
fact is relevant where its predicate is one of the domain's predicates or types, or of the goal's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from neurosym.errors import PlanningError
from neurosym.logic import (
    Atom,
    Const,
    Equal,
    Fn,
    Formula,
    Literal,
    Not,
    Term,
    atom_of,
    atoms,
    ground_terms,
    term_key,
    term_vars,
)
from neurosym.planning.domain import OBJECT, Action, Domain, Fact, Parameter, ancestors, canonical
from neurosym.planning.result import Declared, Given, Unsupported
from neurosym.syntax import show, show_term

Objects = Sequence[tuple[Term, str]]  # (object, type) pairs that the caller declares


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """`true`, `false`: initial literals with their sources.  `members`: type -> its objects, with
    the source of their membership.  `actions`: the domain's, in the engine's spelling.  `fluents`:
    predicates (name, arity) that some action changes."""

    objects: tuple[Term, ...]
    members: Mapping[str, Mapping[Term, Given | Declared]]
    true: Mapping[Atom, Given | Declared]
    false: Mapping[Atom, Given]
    actions: tuple[Action, ...]
    fluents: frozenset[tuple[str, int]]


def candidates(world: World, parameter: Parameter) -> tuple[Term, ...]:
    """The objects that a parameter may stand for, in the order of `world.objects`."""
    if OBJECT in parameter.types:
        return world.objects
    union = {o for t in parameter.types for o in world.members.get(t, {})}
    return tuple(o for o in world.objects if o in union)


def build(domain: Domain, facts: Sequence[Fact], goal: Formula, objects: Objects = ()) -> World | Unsupported:
    """Bring domain, facts and goal together.

    Raises PlanningError for facts that contradict each other or the type hierarchy, for two
    spellings of one predicate, and for a domain constant that matches two of the facts' names.
    """
    above = ancestors(domain)
    arities = {(p.name, len(p.parameters)) for p in domain.predicates}
    wanted = arities | {(t, 1) for t in above} | {(canonical(a.pred), len(a.args)) for a in atoms(goal)}
    relevant = [f for f in facts if (canonical(_atom(f).pred), len(_atom(f).args)) in wanted]
    for f in relevant:
        for t in _atom(f).args:
            if any(True for _ in term_vars(t)):
                raise PlanningError(f"fact {f.label!r} is not ground", hint="initial facts have no variables")
            if isinstance(t, Fn):
                return Unsupported((f"function terms ({t.name} in fact {f.label!r})",))
    spelling = _spellings([_atom(f) for f in relevant] + list(atoms(goal)))

    def spelled(name: str, arity: int) -> str:
        return spelling.get((name, arity), name)

    terms = set(ground_terms([*(_atom(f) for f in relevant), goal])) | {o for o, _ in objects}
    rename = _constants(domain, terms)
    terms |= set(rename.values())
    declared: list[tuple[Term, str]] = [(rename[c], kind) for c, kind in domain.constants]
    for o, kind in objects:
        if canonical(kind) not in above:
            raise PlanningError(f"object {show_term(o)}: the domain has no type {kind!r}")
        declared.append((o, canonical(kind)))

    true: dict[Atom, Given | Declared] = {}
    false: dict[Atom, Given] = {}
    for f in relevant:
        atom = _atom(f)
        here = Atom(spelled(canonical(atom.pred), len(atom.args)), atom.args)
        if isinstance(f.literal, Not):
            false.setdefault(here, Given(Not(here), f.label, f.hypotheses))
        else:
            true.setdefault(here, Given(here, f.label, f.hypotheses))

    members: dict[str, dict[Term, Given | Declared]] = {t: {} for t in above}
    direct: list[tuple[str, Term, Given | Declared]] = [
        (canonical(a.pred), a.args[0], s)
        for a, s in true.items()
        if len(a.args) == 1 and canonical(a.pred) in above
    ]
    direct += [(kind, o, Declared(Atom(spelled(kind, 1), (o,)))) for o, kind in declared]
    for kind, o, source in direct:
        members[kind].setdefault(o, source)
    for kind, o, source in direct:
        for parent in above[kind]:
            members[parent].setdefault(o, source)
    for kind in sorted(above):  # a type that is no predicate of its own is a static one
        if (
            kind,
            1,
        ) not in arities and kind != OBJECT:
            for o, source in members[kind].items():
                true.setdefault(Atom(spelled(kind, 1), (o,)), source)
    for atom in false:
        if atom in true:
            against = true[atom]
            other = against.label if isinstance(against, Given) else "the declared type"
            raise PlanningError(
                f"{show(atom)} and its negation are both given ({other!r}, {false[atom].label!r})",
                hint="drop one of the two facts",
            )
    actions = tuple(_respell(a, rename, spelling) for a in domain.actions)
    return World(
        tuple(sorted(terms, key=term_key)),
        members,
        true,
        false,
        actions,
        frozenset((atom_of(e).pred, len(atom_of(e).args)) for a in actions for e in a.effects),
    )


def _atom(f: Fact) -> Atom:
    match f.literal:
        case Atom() | Not(Atom()):
            return atom_of(f.literal)
        case _:
            raise PlanningError(f"fact {f.label!r} is not an atom or a negated atom")


def _spellings(found: Iterable[Atom]) -> dict[tuple[str, int], str]:
    out: dict[tuple[str, int], str] = {}
    for a in found:
        first = out.setdefault((canonical(a.pred), len(a.args)), a.pred)
        if first != a.pred:
            raise PlanningError(
                f"predicates {first!r} and {a.pred!r} are the same name in PDDL",
                hint="PDDL ignores case, and '-' counts as '_': rename one",
            )
    return out


def _constants(domain: Domain, terms: Iterable[Term]) -> dict[Const, Const]:
    """Each constant of the domain as the facts spell it."""
    by_key: dict[str, list[Const]] = {}
    for t in sorted(terms, key=term_key):
        if isinstance(t, Const):
            by_key.setdefault(canonical(t.name), []).append(t)
    out: dict[Const, Const] = {}
    for c, _ in domain.constants:
        found = by_key.get(c.name, [c])
        if len(found) > 1:
            raise PlanningError(
                f"the domain's constant {c.name!r} matches both {found[0].name!r} and {found[1].name!r}",
                document=domain.document,
                hint="PDDL ignores case, and '-' counts as '_': rename one",
            )
        out[c] = found[0]
    return out


def _respell(
    action: Action, rename: Mapping[Const, Const], spelling: Mapping[tuple[str, int], str]
) -> Action:
    def atom(a: Atom) -> Atom:
        return Atom(spelling.get((a.pred, len(a.args)), a.pred), tuple(term(t) for t in a.args))

    def term(t: Term) -> Term:
        return rename.get(t, t) if isinstance(t, Const) else t

    def literal(f: Literal) -> Literal:
        match f:
            case Atom():
                return atom(f)
            case Equal(a, b):
                return Equal(term(a), term(b))
            case Not(Atom() as a):
                return Not(atom(a))
            case Not(Equal(a, b)):
                return Not(Equal(term(a), term(b)))
            case _:
                raise PlanningError(f"action {action.name!r}: unsupported condition {type(f).__name__}")

    effects = tuple(Not(atom(atom_of(e))) if isinstance(e, Not) else atom(e) for e in action.effects)
    return Action(action.name, action.parameters, tuple(literal(p) for p in action.precondition), effects)

"""A reader of PDDL 2.1 domains and problems: :strips :typing :negative-preconditions :equality.

Source of the language: Fox & Long, "PDDL2.1", JAIR 20 (2003), appendix A.  Types, constants,
`either` for parameters and nested `and` are read; requirements need not be declared.  What lies
outside is refused by name (PlanningError), before any planner sees it; text that is not PDDL is a
SyntaxProblem.  Both point at file, line and column.

PDDL ignores case; names are given in lower case with `_` for `-`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from neurosym.logic import And, Atom, Const, Equal, Formula, Literal, Not, Term, Var
from neurosym.planning.domain import OBJECT, Action, Domain, Fact, Parameter, Predicate, Problem, canonical
from neurosym.planning.sexpr import Group, Leaf, Node, Text, read_tree

SUPPORTED = (":strips", ":typing", ":negative-preconditions", ":equality")

# construct -> the name by which it is refused
_UNSUPPORTED = {
    ":adl": "ADL (:adl)",
    ":fluents": "numeric fluents (:fluents)",
    ":functions": "numeric fluents (:functions)",
    ":metric": "plan metrics (:metric)",
    ":constraints": "trajectory constraints (:constraints)",
    ":derived": "derived predicates (:derived)",
    ":axiom": "derived predicates (:axiom)",
    ":durative-action": "durative actions (:durative-action)",
    ":process": "processes (:process)",
    ":event": "events (:event)",
    "or": "disjunction (or)",
    "imply": "implication (imply)",
    "forall": "universal quantification (forall)",
    "exists": "existential quantification (exists)",
    "when": "conditional effects (when)",
    "oneof": "nondeterministic effects (oneof)",
    "preference": "preferences (preference)",
    **dict.fromkeys(("increase", "decrease", "assign", "scale-up", "scale-down"), "numeric effects"),
    **dict.fromkeys(("<", "<=", ">", ">="), "numeric conditions"),
}
_NAME = re.compile(r"[a-z_][a-z0-9_-]*\Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_HINT = "supported: " + " ".join(SUPPORTED)


def read_domain(text: str, document: str = "domain.pddl") -> Domain:
    """Read a domain.  Raises SyntaxProblem or PlanningError with file, line and column."""
    src = Text(document, text)
    name, sections = _open(src, "domain")
    _refuse_sections(src, sections)
    reader = _Reader(src)
    known = (":requirements", ":types", ":constants", ":predicates", ":action")
    for head, section in sections:
        if head.text not in known:
            src.fail(head, f"unknown section {head.text!r}", "expected one of " + " ".join(known))
        if head.text != ":action" and sum(h.text == head.text for h, _ in sections) > 1:
            src.fail(section, f"section {head.text} stands twice")
    for head, section in sections:
        if head.text == ":types":
            reader.read_types(section.items[1:])
    for head, section in sections:
        if head.text == ":constants":
            reader.constants = reader.typed_names(section.items[1:], {})
    for head, section in sections:
        if head.text == ":predicates":
            for item in section.items[1:]:
                reader.read_predicate(item)
    actions: dict[str, Action] = {}
    for head, section in sections:
        if head.text == ":action":
            action = reader.read_action(section)
            if action.name in actions:
                src.fail(
                    section,
                    f"action {action.name!r} is defined twice",
                    "'-' and '_' count as the same letter",
                )
            actions[action.name] = action
    return Domain(
        name,
        tuple(reader.types),
        tuple((Const(c), t) for c, t in reader.constants.items()),
        tuple(reader.predicates.values()),
        tuple(actions.values()),
        document,
    )


def read_problem(text: str, domain: Domain, document: str = "problem.pddl") -> Problem:
    """Read a problem of `domain`.  Each initial fact is labelled `document:line`.

    Raises SyntaxProblem or PlanningError with file, line and column.
    """
    src = Text(document, text)
    name, sections = _open(src, "problem")
    _refuse_sections(src, sections)
    parts: dict[str, Group] = {}
    known = (":domain", ":requirements", ":objects", ":init", ":goal")
    for head, section in sections:
        if head.text not in known:
            src.fail(head, f"unknown section {head.text!r}", "expected one of " + " ".join(known))
        if head.text in parts:
            src.fail(section, f"section {head.text} stands twice")
        parts[head.text] = section
    for needed in (":domain", ":init", ":goal"):
        if needed not in parts:
            src.fail(0, f"the problem has no {needed}")
    reader = _Reader(src)
    reader.types = list(domain.types)
    reader.known_types |= {t for t, _ in domain.types}
    reader.predicates = {p.name: p for p in domain.predicates}
    constants = {c.name: t for c, t in domain.constants}
    of = parts[":domain"].items
    if len(of) != 2 or reader.name(of[1]) != domain.name:
        src.refuse(parts[":domain"], f"the problem is not of the domain {domain.name!r}")
    objects = reader.typed_names(parts[":objects"].items[1:], constants) if ":objects" in parts else {}
    reader.constants = {**constants, **objects}
    init = tuple(_init_fact(reader, item) for item in parts[":init"].items[1:])
    goal_items = parts[":goal"].items
    if len(goal_items) != 2:
        src.fail(parts[":goal"], "expected one condition after :goal")
    goal_literals = reader.condition(goal_items[1], {})
    goal: Formula = goal_literals[0] if len(goal_literals) == 1 else And(goal_literals)
    declared = tuple((Const(o), t) for o, t in objects.items())
    return Problem(name, domain.name, declared, tuple(dict.fromkeys(init)), goal, document)


def _init_fact(reader: _Reader, item: Node) -> Fact:
    src = reader.src
    if isinstance(item, Group) and item.items and isinstance(item.items[0], Leaf):
        head = item.items[0].text
        if head == "=":
            src.refuse(item, "unsupported: numeric fluents ((= ...) in :init)", _HINT)
        if head == "at" and len(item.items) == 3 and isinstance(item.items[2], Group):
            src.refuse(item, "unsupported: timed initial literals", _HINT)
        if head == "not":
            src.fail(item, "expected an atom: what :init does not name is false", "remove the line")
    return Fact(reader.atom(item, {}), f"{src.document}:{src.place(item.at)[0]}")


def _open(src: Text, kind: str) -> tuple[str, list[tuple[Leaf, Group]]]:
    """The name and the sections of `(define (kind name) sections...)`."""
    match read_tree(src).items:
        case (Leaf("define"), Group((Leaf(found), Leaf(_) as name)), *sections) if found == kind:
            pass
        case (Leaf("define"), Group((Leaf(found), *_)) as at, *_) if (
            found in ("domain", "problem") and found != kind
        ):
            src.fail(at, f"expected a {kind}, found a {found}", "the files may be swapped")
        case _:
            src.fail(0, f"expected (define ({kind} NAME) ...)")
    out: list[tuple[Leaf, Group]] = []
    for section in sections:
        match section:
            case Group((Leaf(text) as head, *_)) if text.startswith(":"):
                out.append((head, section))
            case _:
                src.fail(section, "expected a section such as (:action ...)")
    return _Reader(src).name(name), out


def _refuse_sections(src: Text, sections: list[tuple[Leaf, Group]]) -> None:
    for head, section in sections:
        if head.text == ":requirements":
            for r in section.items[1:]:
                if not isinstance(r, Leaf) or not r.text.startswith(":"):
                    src.fail(r, "expected a requirement such as :strips")
                if r.text not in SUPPORTED:
                    src.refuse(r, f"unsupported: {_UNSUPPORTED.get(r.text, 'requirement ' + r.text)}", _HINT)
        elif head.text in _UNSUPPORTED:
            src.refuse(head, f"unsupported: {_UNSUPPORTED[head.text]}", _HINT)


class _Reader:
    """What is declared so far, for one file."""

    def __init__(self, src: Text) -> None:
        self.src = src
        self.types: list[tuple[str, str]] = []
        self.known_types = {OBJECT}
        self.constants: dict[str, str] = {}
        self.predicates: dict[str, Predicate] = {}

    def name(self, node: Node) -> str:
        if not isinstance(node, Leaf):
            self.src.fail(node, "expected a name, found '('")
        if not _NAME.match(node.text):
            if _NUMBER.match(node.text):
                self.src.refuse(node, f"unsupported: numbers ({node.text})", _HINT)
            self.src.fail(
                node, f"expected a name, found {node.text!r}", "a letter, then letters, digits, '-', '_'"
            )
        return canonical(node.text)

    def typed(self, items: Sequence[Node], either: bool) -> list[tuple[Node, tuple[str, ...], Node]]:
        """A typed list as (item, types, the node that names the type)."""
        out: list[tuple[Node, tuple[str, ...], Node]] = []
        waiting: list[Node] = []
        i = 0
        while i < len(items):
            item = items[i]
            if isinstance(item, Leaf) and item.text == "-":
                if not waiting or i + 1 == len(items):
                    self.src.fail(item, "expected NAMES - TYPE")
                kind = items[i + 1]
                match kind:
                    case Group((Leaf("either"), *choices)) if choices:
                        if not either:
                            self.src.refuse(
                                kind, "unsupported: 'either' outside of parameters", "give one type"
                            )
                        types = tuple(self.name(c) for c in choices)
                    case _:
                        types = (self.name(kind),)
                out += [(w, types, kind) for w in waiting]
                waiting = []
                i += 2
            else:
                waiting.append(item)
                i += 1
        return out + [(w, (OBJECT,), w) for w in waiting]

    def read_types(self, items: Sequence[Node]) -> None:
        first: dict[str, Node] = {}
        rows = [(self.name(item), types[0], item, at) for item, types, at in self.typed(items, either=False)]
        for name, parent, item, _ in rows:
            if name != OBJECT:
                self.types.append((name, parent))
                first.setdefault(name, item)
        self.known_types |= set(first)
        for name, parent, _, at in rows:
            if parent not in self.known_types:
                # A supertype that is only ever named on the right is common in the IPC files.
                self.types.append((parent, OBJECT))
                self.known_types.add(parent)
                first[parent] = at
            if name == OBJECT and parent != OBJECT:
                self.src.refuse(at, "the type 'object' has no supertype")
        self.types = list(dict.fromkeys(self.types))
        above: dict[str, list[str]] = {}
        for name, parent in self.types:
            above.setdefault(name, []).append(parent)
        done: set[str] = set()
        for start in above:  # depth first with a stack of its own: a chain may be long
            path: dict[str, None] = {}
            stack: list[tuple[str, bool]] = [(start, False)]
            while stack:
                t, leaving = stack.pop()
                if leaving:
                    path.pop(t)
                    done.add(t)
                elif t in path:
                    self.src.refuse(first[t], f"type {t!r} is its own supertype")
                elif t not in done:
                    path[t] = None
                    stack.append((t, True))
                    stack += [(p, False) for p in above.get(t, ())]

    def check_types(self, types: Iterable[str], at: Node) -> None:
        for t in types:
            if t not in self.known_types:
                self.src.refuse(at, f"unknown type {t!r}", self.near(t, self.known_types))

    def near(self, name: str, known: Iterable[str]) -> str:
        close = difflib.get_close_matches(name, sorted(known), 1)
        return f"did you mean {close[0]!r}?" if close else "declare it"

    def typed_names(self, items: Sequence[Node], known: dict[str, str]) -> dict[str, str]:
        out: dict[str, str] = {}
        for item, types, at in self.typed(items, either=False):
            name = self.name(item)
            self.check_types(types, at)
            if out.get(name, types[0]) != types[0] or known.get(name, types[0]) != types[0]:
                self.src.refuse(
                    item, f"{name!r} is declared with two types", "'-' and '_' count as the same letter"
                )
            out[name] = types[0]
        return out

    def variables(self, items: Sequence[Node], distinct: bool = True) -> tuple[Parameter, ...]:
        out: list[Parameter] = []
        for item, types, at in self.typed(items, either=True):
            if not isinstance(item, Leaf) or not item.text.startswith("?"):
                self.src.fail(item, "expected a variable such as ?x")
            var = Var(self.name(Leaf(item.text[1:] or "?", item.at)))
            self.check_types(types, at)
            if distinct and any(p.var == var for p in out):
                self.src.refuse(item, f"variable {item.text} stands twice")
            out.append(Parameter(var, types))
        return tuple(out)

    def read_predicate(self, node: Node) -> None:
        match node:
            case Group((Leaf(text) as head, *rest)):
                if text in _UNSUPPORTED or text in ("and", "not", "="):
                    self.src.refuse(head, f"{text!r} is reserved and cannot name a predicate")
                # names do not matter here, and the IPC files repeat them
                predicate = Predicate(self.name(head), self.variables(rest, distinct=False))
            case _:
                self.src.fail(node, "expected a predicate such as (on ?x ?y)")
        if predicate.name in self.predicates:
            self.src.refuse(
                node, f"predicate {predicate.name!r} is declared twice", "rename one: arity does not count"
            )
        self.predicates[predicate.name] = predicate

    def read_action(self, section: Group) -> Action:
        items = section.items
        if len(items) < 2:
            self.src.fail(section, "expected a name after :action")
        name = self.name(items[1])
        parts: dict[str, Node] = {}
        if len(items) % 2:
            self.src.fail(items[-1], "expected pairs such as :precondition (...)")
        for key, value in zip(items[2::2], items[3::2], strict=True):
            if not isinstance(key, Leaf) or key.text not in (":parameters", ":precondition", ":effect"):
                self.src.fail(key, "expected :parameters, :precondition or :effect")
            if key.text in parts:
                self.src.fail(key, f"{key.text} stands twice in the action {name!r}")
            parts[key.text] = value
        if ":effect" not in parts:
            self.src.fail(section, f"the action {name!r} has no :effect")
        given = parts.get(":parameters", Group((), section.at))
        if not isinstance(given, Group):
            self.src.fail(given, "expected a list of parameters such as (?x ?y - block)")
        parameters = self.variables(given.items)
        scope = {p.var.name: p.var for p in parameters}
        before = self.condition(parts[":precondition"], scope) if ":precondition" in parts else ()
        effects: list[Atom | Not] = []
        for literal, at in self.conjuncts(parts[":effect"]):
            positive = self.literal(literal, scope)
            match positive:
                case Atom() | Not(Atom()):
                    effects.append(positive)
                case _:
                    self.src.refuse(at, "unsupported: equality in an effect")
        return Action(name, parameters, before, tuple(dict.fromkeys(effects)))

    def condition(self, node: Node, scope: dict[str, Var]) -> tuple[Literal, ...]:
        return tuple(dict.fromkeys(self.literal(n, scope) for n, _ in self.conjuncts(node)))

    def conjuncts(self, node: Node) -> list[tuple[Node, Node]]:
        """The parts of nested `and`, in order; `()` is the empty conjunction."""
        match node:
            case Group(()):
                return []
            case Group((Leaf("and"), *parts)):
                return [c for p in parts for c in self.conjuncts(p)]
            case _:
                return [(node, node)]

    def literal(self, node: Node, scope: dict[str, Var]) -> Atom | Equal | Not:
        match node:
            case Group((Leaf("not"), inner)):
                match inner:
                    case Group((Leaf("and" | "not"), *_)):
                        self.src.refuse(
                            inner, "unsupported: negation of a compound condition", "negate atoms only"
                        )
                    case _:
                        return Not(self.atom_or_equality(inner, scope))
            case Group((Leaf("not"), *_)):
                self.src.fail(node, "expected (not ATOM)")
            case _:
                return self.atom_or_equality(node, scope)

    def atom_or_equality(self, node: Node, scope: dict[str, Var]) -> Atom | Equal:
        match node:
            case Group((Leaf("="), left, right)):
                if isinstance(left, Group) or isinstance(right, Group):
                    self.src.refuse(node, "unsupported: numeric conditions", _HINT)
                return Equal(self.term(left, scope), self.term(right, scope))
            case _:
                return self.atom(node, scope)

    def atom(self, node: Node, scope: dict[str, Var]) -> Atom:
        match node:
            case Group((Leaf(text) as head, *rest)):
                if text in _UNSUPPORTED:
                    self.src.refuse(head, f"unsupported: {_UNSUPPORTED[text]}", _HINT)
                name = self.name(head)
            case _:
                self.src.fail(node, "expected an atom such as (on ?x ?y)")
        declared = self.predicates.get(name)
        if declared is None:
            what = "a type, not a predicate" if name in self.known_types else "not a declared predicate"
            self.src.refuse(head, f"{name!r} is {what}", self.near(name, self.predicates))
        if len(rest) != len(declared.parameters):
            self.src.refuse(
                node,
                f"{name!r} takes {len(declared.parameters)} arguments, found {len(rest)}",
                "see :predicates",
            )
        return Atom(name, tuple(self.term(t, scope) for t in rest))

    def term(self, node: Node, scope: dict[str, Var]) -> Term:
        if isinstance(node, Leaf) and node.text.startswith("?"):
            name = canonical(node.text[1:])
            if name not in scope:
                self.src.refuse(node, f"variable {node.text} is not a parameter", self.near(name, scope))
            return scope[name]
        name = self.name(node)
        if name not in self.constants:
            self.src.refuse(node, f"unknown object {name!r}", self.near(name, self.constants))
        return Const(name)

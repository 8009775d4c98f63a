"""Goals as Prolog text, and derivations from the rule instances that Prolog names.

Knows logic, proofs and `Program`.  Must not know processes.  Nothing here is trusted: the
kernel checks what is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from neurosym.logic import (
    And,
    Atom,
    Equal,
    Exists,
    Formula,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Term,
    Var,
    free_vars,
    literal_terms,
    literals,
    substitute,
    substitute_body,
    subterms,
)
from neurosym.proof import (
    Apply,
    Binding,
    By,
    Compute,
    Conjunction,
    Derivation,
    Disjunction,
    Given,
    InModel,
    PerfectModel,
    Step,
    Support,
    Witness,
)
from neurosym.solvers.prolog_program import Program
from neurosym.solvers.prolog_text import Line
from neurosym.solvers.rule_shapes import key_of, number_key, terms_of

Reached = tuple[Line, dict[Var, Term]]  # a rule and its binding


class OutsideFragment(Exception):
    """A goal that is no combination of literals by `and`, `or`, `exists`; the message names the part."""


class BrokenAnswer(Exception):
    """An answer that rests on what the program does not have: another theory must be loaded."""


# --- goals ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A goal or a part of one.

    `code` is its Prolog text, `tabled` the text of its tabled literals and `depths` of their
    depths (lists, nested); `slots` are the columns of the answer's row that hold an
    existential's witnesses or the number of the chosen disjunct; `surely` are the variables
    that every solution binds.
    """

    formula: Formula
    code: str
    tabled: str = "[]"
    depths: str = "0"
    slots: tuple[int, ...] = ()
    children: tuple[Node, ...] = ()
    surely: frozenset[Var] = frozenset()


class Question:
    """A goal compiled against a program; the row's first columns are the values of `variables`."""

    def __init__(
        self, program: Program, goal: Formula, variables: tuple[Var, ...] = (), negation: bool = False
    ) -> None:
        """`negation`: negated atoms are looked up as derived, also in a closed world."""
        self.program, self.goal, self.variables = program, goal, variables
        self._negation = negation or not program.closed
        self._row = [f"V{i}" for i in range(len(variables))]
        self._depth = 0
        self.node = self._node(goal, dict(zip(variables, self._row, strict=True)))
        guards = [self._guard(f"V{i}") for i, v in enumerate(variables) if v not in self.node.surely]
        row = f"({','.join(self._row)})" if self._row else ""
        head = f"g(r{row},[{self.node.tabled}],[{self.node.depths}])"
        numerals = sorted(
            {s for t in terms_of(goal) for s in subterms(t) if isinstance(s, Num)}, key=number_key
        )
        body = ",".join([self.node.code, *guards])
        self.text = f"[{','.join(program.writer.values(numerals))}].\n{head}:-{body}.\n"

    def _node(self, f: Formula, names: dict[Var, str]) -> Node:
        match f:
            case Atom() | Not(Atom()):
                if isinstance(f, Not) and not self._negation:
                    raise OutsideFragment("absence in a goal")
                if any(v not in names for v in free_vars(f)):
                    raise OutsideFragment("free variable")
                surely = frozenset(free_vars(f))
                if key_of(f) not in self.program.derived:
                    return Node(f, self.program.writer.call(f, names), surely=surely)
                self._depth += 1
                depth = f"D{self._depth}"
                return Node(
                    f,
                    self.program.writer.call(f, names, depth),
                    f"[{self.program.writer.literal(f, names)}]",
                    depth,
                    surely=surely,
                )
            case Equal() | Less() | Not(Equal() | Less()):
                guards = [self._guard(names[v]) for v in free_vars(f)]
                return Node(f, ",".join([*guards, self.program.writer.test(f, names)]))
            case And(parts):
                children = tuple(self._node(p, names) for p in parts)
                # atoms first: they bind what the others test
                ordered = sorted(children, key=lambda n: not n.surely)
                code = ",".join(n.code for n in ordered) or "true"
                surely = frozenset[Var]().union(*(n.surely for n in children))
                tabled, depths = (
                    f"[{','.join(getattr(n, k) for n in children)}]" for k in ("tabled", "depths")
                )
                return Node(f, code, tabled, depths, (), children, surely)
            case Or(parts):
                column = self._column()
                children = tuple(self._node(p, names) for p in parts)
                number, at = self._row[column], f"W{column}"
                branches = [
                    f"({n.code},{number}={i},{at}={n.tabled}-{n.depths})" for i, n in enumerate(children)
                ]
                code = f"({';'.join(branches) or 'fail'}),{at}=T{column}-K{column}"
                surely = frozenset.intersection(*(n.surely for n in children)) if children else frozenset()
                return Node(f, code, f"T{column}", f"K{column}", (column,), children, surely)
            case Exists(vs, body):
                columns = tuple(self._column() for _ in vs)
                inner = {**names, **{v: self._row[c] for v, c in zip(vs, columns, strict=True)}}
                child = self._node(body, inner)
                guards = [self._guard(inner[v]) for v in vs if v not in child.surely]
                code = ",".join([child.code, *guards])
                return Node(f, code, child.tabled, child.depths, columns, (child,), child.surely - set(vs))
            case Not(Not(_)):
                raise OutsideFragment("double negation in a goal")
            case _:
                raise OutsideFragment(f"{type(f).__name__.lower()} in a goal")

    def _column(self) -> int:
        self._row.append(f"V{len(self._row)}")
        return len(self._row) - 1

    def _guard(self, name: str) -> str:
        """A variable that no atom binds ranges over the domain."""
        domain = ",".join(self.program.symbols.encode(t, {}) for t in self.program.things(self.goal))
        return f"(ground({name})->true;member({name},[{domain}]))"

    def binding(self, row: list[str]) -> dict[Var, Term]:
        return {v: _decode(self.program, text) for v, text in zip(self.variables, row, strict=False)}


def in_fragment(program: Program, goal: Formula, variables: tuple[Var, ...]) -> str:
    """Why the goal cannot be compiled, or the empty text."""
    try:
        Question(program, goal, variables)
    except OutsideFragment as e:
        return str(e)
    return ""


# --- derivations --------------------------------------------------------------------------


class Builder:
    """Steps of a derivation; equal conclusions share a step.

    Its methods raise BrokenAnswer where a step lacks a premise that the program could give.
    """

    def __init__(self, program: Program, reached: Iterable[Reached]) -> None:
        self.program = program
        self.steps: list[Step] = []
        self._at: dict[Formula | Naf, int] = {}
        for line, s in reached:  # least deep first, so premises stand already
            head = substitute(line.rule.head, s)
            if head not in self._at and head not in program.facts:
                body = [substitute_body(b, s) for b in line.rule.body]
                premises = tuple(self.literal(b) for b in body)
                binding = tuple((v, s[v]) for v in line.vars)
                self.add(head, Apply(line.label, line.index, binding), premises)

    def add(self, conclusion: Formula | Naf, by: By, premises: tuple[int, ...] = ()) -> int:
        if (i := self._at.get(conclusion)) is None:
            i = self._at[conclusion] = len(self.steps)
            self.steps.append(Step(conclusion, by, premises))
        return i

    def literal(self, f: Formula | Naf) -> int:
        """The step that proves a literal."""
        if (i := self._at.get(f)) is not None:
            return i
        match f:
            case Naf():
                return self.add(f, InModel())
            case Atom() | Not(Atom()):
                if (fact := self.program.facts.get(f)) is None:
                    raise BrokenAnswer(f"Prolog used {_shown(f)} as a fact, and the theory does not give it")
                return self.add(f, Given(fact.label) if fact.given else Apply(fact.label, fact.index, ()))
            case _:
                return self.add(f, Compute())

    def goal(self, question: Question, row: list[str]) -> int:
        return self._goal(question.node, row, question.binding(row))

    def _goal(self, node: Node, row: list[str], s: dict[Var, Term]) -> int:
        f = substitute(node.formula, s)
        match node.formula:
            case And():
                return self.add(f, Conjunction(), tuple(self._goal(n, row, s) for n in node.children))
            case Or():
                chosen = node.children[int(row[node.slots[0]])]
                return self.add(f, Disjunction(), (self._goal(chosen, row, s),))
            case Exists(vs, _):
                found = [_decode(self.program, row[c]) for c in node.slots]
                binding: Binding = tuple(zip(vs, found, strict=True))
                return self.add(
                    f, Witness(binding), (self._goal(node.children[0], row, {**s, **dict(binding)}),)
                )
            case _:
                return self.literal(f)

    def derivation(self, last: int, model: PerfectModel | None) -> Derivation:
        """The steps that `last` rests on, in order."""
        needed, todo = set[int](), [last]
        while todo:
            if (i := todo.pop()) not in needed:
                needed.add(i)
                todo += self.steps[i].premises
        order = sorted(needed)
        new = {old: i for i, old in enumerate(order)}
        steps = (self.steps[i] for i in order)
        return Derivation(
            tuple(Step(s.conclusion, s.by, tuple(new[p] for p in s.premises)) for s in steps), model
        )


def _shown(f: Atom | Not) -> str:
    sign, name, arity = key_of(f)
    return f"{'' if sign else 'not '}{name}/{arity}"


def perfect_model(program: Program, reached: Iterable[Reached]) -> PerfectModel:
    """The model's literals with their supports, facts first, then least deep first."""
    supports = [
        Support(f, fact.label, fact.index, ())
        for f, fact in program.facts.items()
        if not program.closed or isinstance(f, Atom)
    ]
    for line, s in reached:
        head = substitute(line.rule.head, s)
        if isinstance(head, Atom | Not) and not (program.closed and isinstance(head, Not)):
            supports.append(Support(head, line.label, line.index, tuple((v, s[v]) for v in line.vars)))
    return PerfectModel(tuple(supports), program.strata)


def instances(program: Program, lines: list[str]) -> Iterator[Reached]:
    """Rule and binding of each answer line.  Raises BrokenAnswer where one names no such instance."""
    for text in lines:
        number, *terms = text.split(" ")
        line = program.by_number.get(int(number)) if number.isdigit() else None
        if line is None or len(line.vars) != len(terms):
            raise BrokenAnswer(f"Prolog used rule instance {text!r}, and the theory has no such rule")
        yield line, {v: _decode(program, t) for v, t in zip(line.vars, terms, strict=True)}


def _decode(program: Program, text: str) -> Term:
    try:
        return program.symbols.decode(text)
    except (LookupError, ValueError):
        raise BrokenAnswer(f"Prolog answered {text!r}, which names nothing") from None


def conflict_goal(program: Program) -> Formula | None:
    """Some atom and its negation, for the predicates where both may hold; None where none is."""
    keys = program.derived | program.stored
    both = sorted((name, arity) for sign, name, arity in keys if sign and (False, name, arity) in keys)
    parts: list[Formula] = []
    for name, arity in both:
        vs = tuple(Var(f"x{i}") for i in range(arity))
        pair = And((Atom(name, vs), Not(Atom(name, vs))))
        parts.append(Exists(vs, pair) if vs else pair)
    return Or(tuple(parts)) if parts else None


def conflict_pair(steps: list[Step]) -> tuple[int, int]:
    """The steps of the atom and of its negation in a derivation of `conflict_goal`."""
    last = next(s for s in reversed(steps) if isinstance(s.by, Conjunction))
    return last.premises[0], last.premises[1]


def ground_terms_of(goal: Formula) -> tuple[Term, ...]:
    """Ground terms of a goal, for the question whether a program's domain holds them."""
    return tuple(
        s for a in literals(goal) for t in literal_terms(a) for s in subterms(t) if not free_vars(Equal(s, s))
    )

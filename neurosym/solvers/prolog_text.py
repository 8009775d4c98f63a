"""The clauses of rules as Prolog text: which order a body is tried in, and how recursion is factored.

Knows logic and names as numbers.  Must not know theories, versions of them, or processes.
bridge.pl's head comment says what each predicate holds.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TypeAlias, assert_never

from neurosym.logic import (
    Atom,
    BodyLiteral,
    Equal,
    Fn,
    Formula,
    Less,
    Naf,
    Not,
    Num,
    Rule,
    Term,
    Var,
    atom_of,
    free_vars,
    is_signed_atom,
    literal_terms,
    term_vars,
    unbound,
)
from neurosym.solvers.quote import Symbols, arguments, ratio
from neurosym.solvers.rule_shapes import Key, builds, calls, carried_through, key_of, reaches, terms_of

MAX_PATTERNS = 3  # head arguments whose boundness chooses the order of a body


@dataclass(frozen=True, slots=True)
class Line:
    """Rule `index` of claim `label`; `vars` are its variables in the order of its bindings.

    `number` is what Prolog calls it: it grows in the order of the theory's rules.
    """

    label: str
    index: int
    rule: Rule
    vars: tuple[Var, ...]
    number: int


Context: TypeAlias = tuple[object, ...]


class RuleText:
    """How the rules `lines` read in Prolog, where `derived` and `stored` predicates are known."""

    def __init__(
        self,
        symbols: Symbols,
        lines: Sequence[Line],
        derived: frozenset[Key],
        stored: frozenset[Key],
        closed: bool,
        absence: bool,
    ) -> None:
        self.symbols, self.lines, self.derived, self.stored = symbols, lines, derived, stored
        self.closed, self.absence = closed, absence

    @property
    def context(self) -> Context:
        """All that the text of a rule depends on besides the rule: where it is equal, so is the text."""
        linear = tuple(sorted(self.linear.items()))
        return self.closed, self.absence, self.derived, self.stored, linear, self._plain, self._functions

    def group(self, line: Line) -> tuple[str, ...]:
        """The clauses of one rule."""
        return tuple(self._rule(line, key_of(line.rule.head) in self._plain))

    def values(self, numerals: Iterable[Num]) -> list[str]:
        """The values of numerals, for comparisons."""
        return [f"vl({self.symbols.atomic(n)},{','.join(ratio(n.value))})" for n in numerals]

    def name(self, kind: str, key: Key) -> str:
        sign, name, arity = key
        number = self.symbols.predicate(name, arity)
        return f"{kind}{'p' if sign else 'n'}{number}"

    def literal(self, f: Atom | Not, names: dict[Var, str]) -> str:
        """The literal as a Prolog term."""
        return self.name("", key_of(f)) + arguments([self.symbols.encode(t, names) for t in atom_of(f).args])

    def call(self, f: Atom | Not, names: dict[Var, str], depth: str = "") -> str:
        """A goal that holds where `f` is derived; `depth` names the variable of its depth."""
        key = key_of(f)
        if depth and (carried := self.linear.get(key)):
            args = [self.symbols.encode(t, names) for t in atom_of(f).args]
            tests = [f"{'var' if i in carried else 'nonvar'}({a})" for i, a in enumerate(args)]
            literal = self.literal(f, names)
            return f"({','.join(tests)}->r({literal},{depth});t({literal},{depth}))"
        if key in self.derived:
            return f"t({self.literal(f, names)},{depth})" if depth else f"u({self.literal(f, names)})"
        if key in self.stored:
            return f"e{self.literal(f, names)}"
        return "fail"

    def test(self, f: Formula, names: dict[Var, str]) -> str:
        """A goal for an equality or comparison, once its variables are bound."""
        positive, body = (False, f.body) if isinstance(f, Not) else (True, f)
        if not isinstance(body, Equal | Less):
            raise TypeError("not an equality or comparison")
        a, b = (self.symbols.encode(t, names) for t in literal_terms(body))
        match body:
            case Equal():
                if positive:
                    return f"unify_with_occurs_check({a},{b})"
                return f"{a}\\=={b}" if self.closed or self.absence else f"ne({a},{b})"
            case Less(_, _, strict):
                name = ("lt" if strict else "le") if positive else ("ge" if strict else "gt")
                return f"{name}({a},{b})"
            case _:
                assert_never(body)

    def _rule(self, line: Line, plain: bool) -> list[str]:
        """The clauses of one rule.  What is ground in the call chooses the order of the body."""
        names = {v: f"V{i}" for i, v in enumerate(line.vars)}
        head, key, number = line.rule.head, key_of(line.rule.head), line.number
        tabled = [b for b in dict.fromkeys(line.rule.body) if isinstance(b, Atom | Not) and self._tabled(b)]
        depths = {b: f"D{i}" for i, b in enumerate(tabled)}
        binding = "v" + arguments(list(names.values()))
        h, premises = self.literal(head, names), ",".join(self.literal(b, names) for b in tabled)
        # The call p(Y, Y) must fail on the head p(X, f(X)), not build a cyclic term.
        risky = builds(head)
        name = self.name("", key)
        called = name + arguments([f"H{i}" for i in range(key[2])])
        match = f"bounded({called}),unify_with_occurs_check({called},{h})," if risky else ""
        h0 = called if risky else h
        deepest = _deepest(depths.values())

        def body(order: list[BodyLiteral | Var], depth: bool) -> str:
            parts = [self._goal(x, names, depths if depth else {}, key) for x in order]
            if risky:
                parts.append(f"bounded({h})")
            if depth:
                parts += [f"D is {deepest}+1", f"nt({name},{h},D,{number},{binding})"]
            return ",".join(parts) or "true"

        orders = self._orders(line)

        def choice(depth: bool) -> str:
            first = body(orders[0][1], depth)
            if all(order == orders[0][1] for _, order in orders):
                return first
            cases = []
            for bound, order in orders[:-1]:
                tests = [f"ground({self.symbols.encode(t, names)})" for t in bound]
                cases.append(f"{','.join(tests)}->{body(order, depth)}")
            return f"({';'.join(cases)};{body(orders[-1][1], depth)})"

        out = [f"t({h0},D):-{match}{choice(True)}.", f"rl({number},{binding},[{premises}])."]
        return [*out, f"u({h0}):-{match}{choice(False)}."] if plain else out

    def _tabled(self, b: Atom | Not) -> bool:
        return is_signed_atom(b) and key_of(b) in self.derived

    def _goal(
        self, x: BodyLiteral | Var, names: dict[Var, str], depths: dict[Atom | Not, str], head: Key
    ) -> str:
        match x:
            case Var():
                return f"dm({names[x]})"
            case Naf(body):
                # tnot, since \+ on a table that is not complete is unsound
                key = key_of(body)
                return (
                    f"tnot({self.call(body, names)})"
                    if key in self.derived
                    else f" \\+ {self.call(body, names)}"
                )
            case Atom() | Not(Atom()):
                depth = depths.get(x, "")
                if depth and key_of(x) == head:  # the table under construction, not its factored form
                    call = f"t({self.literal(x, names)},{depth})"
                else:
                    call = self.call(x, names, depth)
                return f"bounded({self.literal(x, names)}),{call}" if builds(x) else call
            case _:
                return self.test(x, names)

    # --- linear recursion ---

    @cached_property
    def linear(self) -> dict[Key, tuple[int, ...]]:
        """Predicates whose recursion only changes some arguments and carries the others through.

        ancestor(x, z) :- parent(x, y), ancestor(y, z) carries z.  The call ancestor(a, Z) would
        fill a table for each descendant of a; its factored form (Naughton et al. 1989) walks
        down once and then applies the rules without recursion.
        """
        out: dict[Key, tuple[int, ...]] = {}
        if self._functions:
            return out
        below: dict[Key, set[Key]] = {}
        concluding: dict[Key, list[Line]] = {}
        for line in self.lines:
            concluding.setdefault(key_of(line.rule.head), []).append(line)
            body = {key_of(b) for b in line.rule.body if isinstance(b, Naf) or is_signed_atom(b)}
            below.setdefault(key_of(line.rule.head), set()).update(body)
        for key in sorted(self.derived):
            lines = concluding[key]
            shapes = {carried_through(x.rule, self.derived) for x in lines if calls(x.rule, key)}
            around = {k for k in below[key] if k != key}
            if len(shapes) == 1 and (shape := shapes.pop()) and not reaches(around, key, below):
                out[key] = shape
        return out

    def factored(self, key: Key) -> list[str]:
        """The clauses of r, m and x (bridge.pl) for a linear predicate."""
        name, keep = self.name("", key), self.linear[key]
        moved = [i for i in range(key[2]) if i not in keep]

        def state(letter: str) -> str:
            return f"m{name}{arguments([f'{letter}{i}' for i in moved])}"

        def literal(letter: str) -> str:
            return name + arguments([f"{'K' if i in keep else letter}{i}" for i in range(key[2])])

        out = [
            f"m({state('A')},{state('A')},0).",
            f"r({literal('A')},D):-m({state('A')},{state('B')},D1),x({literal('B')},D2),D is D1+D2.",
        ]
        if key in self.stored:
            out.append(f"x({literal('A')},D):-e{literal('A')},D=0.")
        for line in (x for x in self.lines if key_of(x.rule.head) == key):
            if not calls(line.rule, key):
                out.append(f"x({self._clause(line, moved)}")
                continue
            again = next(b for b in line.rule.body if is_signed_atom(b) and key_of(b) == key)
            names = {v: f"V{i}" for i, v in enumerate(line.vars)}
            head, call = (tuple(atom_of(f).args[i] for i in moved) for f in (line.rule.head, again))
            rest = Rule(Atom(key[1], head), tuple(b for b in line.rule.body if b != again))
            order = self._order(replace(line, rule=rest, vars=free_vars(rest)), head)
            before, after = (
                f"m{name}{arguments([self.symbols.encode(t, names) for t in ts])}" for ts in (head, call)
            )
            goals = [f"m({state('A')},{before},D1)", *(self._goal(x, names, {}, key) for x in order)]
            out.append(f"m({state('A')},{after},D):-{','.join(goals)},D is D1+1.")
        return out

    def _clause(self, line: Line, moved: list[int]) -> str:
        """Head and body of a rule without recursion, for a call that binds the arguments `moved`."""
        names = {v: f"V{i}" for i, v in enumerate(line.vars)}
        tabled = [b for b in dict.fromkeys(line.rule.body) if isinstance(b, Atom | Not) and self._tabled(b)]
        depths = {b: f"D{i}" for i, b in enumerate(tabled)}
        order = self._order(line, tuple(atom_of(line.rule.head).args[i] for i in moved))
        goals = [self._goal(x, names, depths, key_of(line.rule.head)) for x in order]
        goals.append(f"D is {_deepest(depths.values())}+1")
        return f"{self.literal(line.rule.head, names)},D):-{','.join(goals)}."

    # --- the order of a body ---

    def _orders(self, line: Line) -> list[tuple[tuple[Term, ...], list[BodyLiteral | Var]]]:
        """An order for each set of head arguments that a call may bind, largest set first."""
        args = [t for t in atom_of(line.rule.head).args if any(True for _ in term_vars(t))]
        joins = sum(isinstance(b, Atom | Not) and is_signed_atom(b) for b in line.rule.body) > 1
        if not joins or len(args) > MAX_PATTERNS:
            return [((), self._order(line, ()))]
        found = []
        for mask in sorted(product((False, True), repeat=len(args)), key=lambda m: (-sum(m), m)):
            bound = tuple(t for t, m in zip(args, mask, strict=True) if m)
            found.append((bound, self._order(line, bound)))
        return found

    def _order(self, line: Line, ground: tuple[Term, ...]) -> list[BodyLiteral | Var]:
        """Greedy sideways information passing (Beeri & Ramakrishnan 1991), tests as early as possible.

        A recursive literal that asks for the same answers as the head comes first: it shares
        the head's table, where in its written place (right recursion) each step would fill a
        table of its own.
        """
        bound = {v for t in ground for v in term_vars(t)}
        left, out = list(dict.fromkeys(line.rule.body)), list[BodyLiteral | Var]()
        ranging = list(unbound(line.rule)) if self.absence else []
        while left:
            ready = next((b for b in left if self._ready(b, bound)), None)
            if ready is None:
                positive = [b for b in left if isinstance(b, Atom | Not) and is_signed_atom(b)]
                if not positive:
                    v = next(v for b in left for v in free_vars(b) if v not in bound)
                    out.append(v)
                    bound.add(v)
                    ranging = [r for r in ranging if r != v]
                    continue
                ready = min(positive, key=lambda b: self._cost(b, line.rule.head, bound))
            left.remove(ready)
            out.append(ready)
            bound |= set(free_vars(ready))
        out += ranging
        return out + [v for v in line.vars if v not in bound and v not in ranging]

    def _ready(self, b: BodyLiteral, bound: set[Var]) -> bool:
        if is_signed_atom(b):
            return False
        if isinstance(b, Equal):
            return any(bound.issuperset(term_vars(t)) for t in (b.left, b.right))
        return bound.issuperset(free_vars(b))

    def _cost(self, b: Atom | Not, head: Atom | Not, bound: set[Var]) -> tuple[bool, bool, bool, int]:
        args, key = atom_of(b).args, key_of(b)
        ground = [bound.issuperset(term_vars(t)) for t in args]
        shared = False
        if key == key_of(head) and not self._functions:
            pairs = list(zip(args, atom_of(head).args, ground, strict=True))
            asked = any(bound.issuperset(term_vars(h)) for _, h, _ in pairs)
            shared = all(a == h for a, h, g in pairs if g) and (any(ground) or not asked)
        return not shared, not any(ground), key in self.derived, -sum(ground)

    @cached_property
    def _functions(self) -> bool:
        """With function symbols another order may not end, so recursion stays where it is written."""
        return any(
            isinstance(t, Fn) and any(True for _ in term_vars(t))
            for line in self.lines
            for t in terms_of(line.rule)
        )

    @cached_property
    def _plain(self) -> frozenset[Key]:
        """Derived predicates that `tnot` may reach; they are also tabled without depth."""
        found: set[Key] = set()
        todo = [key_of(b.body) for line in self.lines for b in line.rule.body if isinstance(b, Naf)]
        bodies: dict[Key, list[Key]] = {}
        for line in self.lines:
            below = [key_of(b) for b in line.rule.body if is_signed_atom(b)]
            bodies.setdefault(key_of(line.rule.head), []).extend(below)
        while todo:
            if (key := todo.pop()) in self.derived and key not in found:
                found.add(key)
                todo += bodies.get(key, [])
        return frozenset(found)


def _deepest(depths: Iterable[str]) -> str:
    return functools.reduce(lambda a, b: b if a == "0" else f"max({a},{b})", depths, "0")

"""A theory's rules as a Prolog program, whole or as the difference from an earlier version.

Knows logic and theories.  Must not know processes or proofs.  Versions of a theory share
their names' numbers and their rules' numbers, so that what is loaded of one serves the next:
only clauses that differ are sent, and only predicates that depend on them lose their tables.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from neurosym.logic import (
    FALSE,
    Atom,
    Domain,
    Formula,
    Naf,
    Not,
    Num,
    Rule,
    Term,
    atom_of,
    free_vars,
    is_arithmetic,
    is_signed_atom,
    rules_of,
    subterms,
    unbound,
)
from neurosym.solvers.prolog_text import Line, RuleText
from neurosym.solvers.quote import Symbols, arguments
from neurosym.solvers.rule_shapes import Key, key_of, number_key, stratify, terms_of
from neurosym.theory import Claim, Theory, has_naf

NEAR = 0.25  # of a theory's claims: a larger difference is not sent as one


@dataclass(frozen=True, slots=True)
class Fact:
    """A ground literal that stands in the theory; `given` where it is the whole claim."""

    label: str
    index: int
    given: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses that stand and fall together, and the predicates whose tables rest on them."""

    clauses: tuple[str, ...]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What makes one version of a program another: the text for bridge.pl, and what it recomputes."""

    text: str
    recomputed: tuple[Key, ...]


class Program:
    """The rules of a theory, compiled; `near` is another version, much like it, to start from.

    `facts` and `lines` are the rules without and with a body; `outside` are labels of claims
    that are no rules, `recursive` predicates that depend on their own absence.  The rest of
    the theory is compiled even so: what it derives without negation as failure still follows.
    """

    outside: list[str]
    lines: list[Line]  # in the theory's order
    by_number: dict[int, Line]
    derived: frozenset[Key]
    recursive: tuple[str, ...]
    strata: tuple[tuple[str, int], ...]
    ranging: bool
    users: dict[Key, dict[Key, None]]  # the predicates whose rules speak of each
    writer: RuleText

    def __init__(self, theory: Theory, goal: Formula, near: Program | None = None) -> None:
        self.theory, self.goal, self.closed = theory, goal, theory.closed_world
        self.ids = {id(c): c for c in theory.claims}  # the theory holds them, so ids stay their own
        if near is None:
            self.symbols, self._numbers = Symbols(), itertools.count()
            self.size = 0  # how many names there were at first
            self.facts: dict[Atom | Not, Fact] = {}
            self._givers: dict[Atom | Not, tuple[Fact, ...]] = {}  # of facts given more than once
            self._counts: Counter[Key] = Counter()
            self._claimed: dict[str, tuple[Line, ...]] = {}  # rules by claim; () where it is outside
            self._naf: frozenset[str] = frozenset()
            self.numerals: frozenset[Num] = frozenset()
            came, gone = theory.claims, tuple[Claim, ...]()
        else:
            self.symbols, self._numbers, self.size = near.symbols, near._numbers, near.size
            self.facts, self._givers, self._counts = dict(near.facts), dict(near._givers), near._counts.copy()
            self._claimed, self._naf, self.numerals = dict(near._claimed), near._naf, near.numerals
            came, gone = difference(near, self)
        self._ruled = False  # was a claim with rules, or outside them, added or taken away?
        for c in gone:
            self._drop(c)
        for c in came:
            self._add(c)
        self._naf = self._naf - {c.label for c in gone} | {c.label for c in came if has_naf(c.formula)}
        self.numerals |= {
            s for c in came for t in terms_of(c.formula) for s in subterms(t) if isinstance(s, Num)
        }
        self.absence, self.stored = self.closed or bool(self._naf), frozenset(self._counts)
        self._arrange(near)
        self.groups = self._grouped(near)
        self.size = self.size or self.symbols.size

    # --- claims ---

    def _add(self, c: Claim) -> None:
        rules = _rules(c, self.closed)
        lines: list[Line] = []
        for index, rule in enumerate(rules or ()):
            variables = free_vars(rule)
            if rule.body or variables:
                lines.append(Line(c.label, index, rule, variables, next(self._numbers)))
            else:
                self._give(rule.head, Fact(c.label, index, c.formula == rule.head))
        if lines or rules is None:
            self._claimed[c.label], self._ruled = tuple(lines), True

    def _give(self, literal: Atom | Not, fact: Fact) -> None:
        known = self.facts.setdefault(literal, fact)
        if known is fact:
            self._counts[key_of(literal)] += 1
        else:
            self._givers[literal] = (*self._givers.get(literal, (known,)), fact)

    def _drop(self, c: Claim) -> None:
        if self._claimed.pop(c.label, None) is not None:
            self._ruled = True
        for literal in _given((c,), self.closed):
            left = tuple(f for f in self._givers.pop(literal, ()) if f.label != c.label)
            if left:
                self.facts[literal] = left[0]
                if len(left) > 1:
                    self._givers[literal] = left
            elif literal in self.facts:
                del self.facts[literal]
                self._counts[key_of(literal)] -= 1
                if not self._counts[key_of(literal)]:
                    del self._counts[key_of(literal)]

    def _arrange(self, near: Program | None) -> None:
        """The rules in order, and what follows from them all."""
        if near is not None and not self._ruled:
            self.outside, self.recursive, self.strata = near.outside, near.recursive, near.strata
            self.lines, self.by_number, self.derived = near.lines, near.by_number, near.derived
            self.ranging, self.users = near.ranging, near.users
            return
        self.outside = []
        found: list[Line] = []
        for c in self.theory.claims if self._claimed else ():
            lines = self._claimed.get(c.label)
            if lines is None:
                continue
            if not lines:
                self.outside.append(c.label)
            elif found and lines[0].number <= found[-1].number:  # numbers grow in the theory's order
                lines = tuple(replace(x, number=next(self._numbers)) for x in lines)
                self._claimed[c.label] = lines
            found += lines
        self.recursive, self.strata = stratify(
            x.rule for x in found if not self.closed or isinstance(x.rule.head, Atom)
        )
        if self.outside or self.recursive:  # no perfect model, so nothing rests on absence
            found = [x for x in found if not any(isinstance(b, Naf) for b in x.rule.body)]
        self.lines = found
        self.by_number = {x.number: x for x in found}
        self.derived = frozenset(key_of(x.rule.head) for x in found)
        # Only where a variable ranges over the domain does the goal's vocabulary matter.
        self.ranging = any(unbound(x.rule) for x in found)
        self.users = {}
        for x in found:
            for b in x.rule.body:
                if isinstance(b, Naf) or is_signed_atom(b):
                    self.users.setdefault(key_of(b), {})[key_of(x.rule.head)] = None

    def covers(self, theory: Theory, terms: tuple[Term, ...]) -> bool:
        """Was this compiled from `theory`, over just its domain and the ground `terms` of a goal?

        A model over more things is another model, and the kernel would refuse it.
        """
        if theory is not self.theory and theory != self.theory:
            return False
        if not self.ranging:
            return True
        named = self._domain.named
        return set(self.domain) - named == {t for t in terms if not is_arithmetic(t)} - named

    @cached_property
    def _domain(self) -> Domain:
        return Domain((c.formula for c in self.theory.claims), FALSE)

    @cached_property
    def domain(self) -> tuple[Term, ...]:
        return self.things(self.goal)

    def things(self, goal: Formula) -> tuple[Term, ...]:
        """What a variable of that goal may stand for, whatever goal the program was made for."""
        return self._domain.extended(goal).terms

    # --- text ---

    def _grouped(self, near: Program | None) -> dict[str, Group]:
        """The clauses that are no facts, by names that stay the same from version to version."""
        unchanged = near is not None and self.lines is near.lines and not self.ranging
        if near is not None and unchanged and (self.stored, self.absence) == (near.stored, near.absence):
            self.writer = near.writer
            return near.groups
        writer = RuleText(self.symbols, self.lines, self.derived, self.stored, self.closed, self.absence)
        self.writer = writer
        same = near is not None and near.writer.context == writer.context
        out: dict[str, Group] = {}
        for key in sorted(self.stored | self.derived):
            out[f"k{writer.name('', key)}"] = Group(tuple(self._declared(key)), (key,))
        for key in sorted(writer.linear):
            out[f"x{writer.name('', key)}"] = Group(tuple(writer.factored(key)), (key,))
        for x in self.lines:
            name = f"r{x.number}"
            old = near.groups.get(name) if near is not None and same else None
            out[name] = old or Group(writer.group(x), (key_of(x.rule.head),))
        if self.ranging:
            things = tuple(f"dm({self.symbols.encode(t, {})})." for t in self.domain)
            out["dm"] = Group(things, tuple(sorted(self.derived)))
        return out

    def _declared(self, key: Key) -> Iterator[str]:
        blank = arguments(["_"] * key[2])
        name = self.writer.name("", key)
        if key in self.stored:
            yield f"facts({self.writer.name('e', key)}{blank})."
        if key in self.derived:
            yield f"tb({name})."
            if key[0] or not self.closed:
                yield f"hd({name}{blank})."
        if key in self.derived and key in self.stored:
            some = arguments([f"X{i}" for i in range(key[2])])
            literal, fact = name + some, self.writer.name("e", key) + some
            yield f"t({literal},D):-{fact},D=0."
            yield f"u({literal}):-{fact}."
            yield f"fa({literal}):-{fact}."

    def fact(self, literal: Atom | Not) -> str:
        args = [self.symbols.encode(t, {}) for t in atom_of(literal).args]
        return self.writer.name("e", key_of(literal)) + arguments(args)

    @property
    def text(self) -> str:
        """All that bridge.pl loads, one clause a line."""
        out = _text(self.groups)
        out.append("group(none).")
        out += [f"{self.fact(literal)}." for literal in self.facts]
        out += [f"{v}." for v in self.writer.values(sorted(self.numerals, key=number_key))]
        return "\n".join(out) + "\n"


def difference(old: Program, new: Program) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims, by identity, that only the new program has, and that only the old one has."""
    came = tuple(c for i, c in new.ids.items() if i not in old.ids)
    gone = tuple(c for i, c in old.ids.items() if i not in new.ids)
    return came, gone


def change(old: Program, new: Program) -> Change:
    """What turns the loaded `old` into `new`, a version with the same names and numbers."""
    came, gone = difference(old, new)
    out: list[str] = []
    keys: dict[Key, None] = {}
    if old.groups is not new.groups:
        dropped = {g: x for g, x in old.groups.items() if new.groups.get(g) != x}
        added = {g: x for g, x in new.groups.items() if old.groups.get(g) != x}
        out += [f"drop({g})." for g in dropped]
        out += [*_text(added), "group(none)."]
        keys |= {k: None for x in (*dropped.values(), *added.values()) for k in x.keys}
    # Several claims may give one fact; it is loaded once, for a copy more would outlive them all.
    lost = [f for f in _given(gone, new.closed) if f not in new.facts]
    won = [f for f in _given(came, new.closed) if f not in old.facts]
    out += [f"minus({old.fact(literal)})." for literal in lost]
    out += [f"{new.fact(literal)}." for literal in won]
    keys |= {key_of(literal): None for literal in (*lost, *won)}
    out += [f"{v}." for v in new.writer.values(sorted(new.numerals - old.numerals, key=number_key))]
    # A table rests on the rules as they were when it was filled, and must give way to those that are.
    recomputed = tuple(
        k for k in _dependents(keys, (old.users, new.users)) if k in old.derived or k in new.derived
    )
    out += [f"touch({new.writer.name('', k)},{k[2]})." for k in recomputed]
    return Change("\n".join(out) + "\n", recomputed)


def _dependents(keys: Iterable[Key], users: tuple[dict[Key, dict[Key, None]], ...]) -> list[Key]:
    """`keys` and every predicate that depends on one of them, sorted."""
    todo, seen = list(keys), set[Key]()
    while todo:
        if (k := todo.pop()) not in seen:
            seen.add(k)
            todo += [other for table in users for other in table.get(k, ())]
    return sorted(seen)


def _text(groups: dict[str, Group]) -> list[str]:
    return [line for name, g in groups.items() for line in (f"group({name}).", *g.clauses)]


def _rules(c: Claim, closed: bool) -> tuple[Rule, ...] | None:
    return (Rule(c.formula),) if isinstance(c.formula, Atom) else rules_of(c.formula, closed)


def _given(claims: Iterable[Claim], closed: bool) -> dict[Atom | Not, None]:
    """The ground literals that claims give, each once, in order."""
    rules = (r for c in claims for r in _rules(c, closed) or ())
    return {r.head: None for r in rules if not r.body and not free_vars(r)}

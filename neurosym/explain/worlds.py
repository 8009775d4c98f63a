"""A finite model as a few sentences about named things.

Shows what makes the goal true or false first, then where the two models differ, then the rest.
"""

from __future__ import annotations

from neurosym.explain.sources import Voice
from neurosym.explain.views import Kind, OutlineNode
from neurosym.logic import (
    Atom,
    Const,
    Equal,
    Fn,
    Formula,
    Not,
    Num,
    Term,
    Var,
    atoms,
    literal_terms,
    literals,
    subterms,
)  # fmt: skip
from neurosym.proof import FiniteModel


def world(title: str, m: FiniteModel, other: FiniteModel, goal: Formula, v: Voice) -> OutlineNode:
    """Model `m`; `other` is the model it is contrasted with."""
    constants = _constants(goal, v)
    speakers = _Names(m, constants)
    apart = frozenset(_facts(other, _Names(other, constants)))
    w = v.naming(speakers.anonymous)
    lines: list[OutlineNode] = []
    for name in speakers.aliases:
        lines.append(OutlineNode(Kind.FACT, v.say(name), v.show(name)))
    facts = _facts(m, speakers)
    about_goal = {(a.pred, len(a.args)) for a in atoms(goal)}
    denied = tuple(
        Not(a) for a in dict.fromkeys(atoms(goal)) if _is_ground(a) and a not in facts and _known(a, speakers)
    )
    # sorted is stable: within a group the facts keep their order
    ordered = sorted(facts, key=lambda f: ((f.pred, len(f.args)) not in about_goal, f in apart))
    statements: list[Formula] = [*denied, *ordered]
    shown = statements[: v.limit]
    lines += [OutlineNode(Kind.FACT, w.say(f), w.show(f)) for f in shown]
    values = [f"{w.say_term(t)} is {w.say_term(speakers.terms[e])}" for t, e in _values(m, speakers)]
    lines += [OutlineNode(Kind.FACT, text) for text in values[: v.limit]]
    if more := max(0, len(statements) - v.limit) + max(0, len(values) - v.limit):
        lines.append(OutlineNode(Kind.NOTE, f"and {more} more facts"))
    rest = "everything else is false" if lines else "no fact holds"
    count = "one thing" if m.size == 1 else f"{m.size} things"
    lines.append(OutlineNode(Kind.NOTE, f"there {'is' if m.size == 1 else 'are'} {count}; {rest}"))
    return OutlineNode(Kind.WORLD, title, children=tuple(lines))


class _Names:
    """One term for each element; two constants of one element are aliases."""

    def __init__(self, m: FiniteModel, constants: tuple[str, ...]) -> None:
        self.terms: dict[int, Term] = {}
        self.aliases: list[Equal] = []
        self.denotes: dict[str, int] = {}
        named = dict(m.constants)
        for value, e in m.numbers:
            self.terms.setdefault(e, Num(value))
        for name in sorted({*constants, *named}):
            e = self.denotes[name] = named.get(name, 0)
            if name.startswith("$"):
                continue
            if e in self.terms:
                self.aliases.append(Equal(Const(name), self.terms[e]))
            else:
                self.terms[e] = Const(name)
        self.anonymous: dict[Term, str] = {}
        for e in range(m.size):
            if e not in self.terms:
                text = f"thing {e + 1}"
                while text in constants:
                    text = f"some {text}"
                # a variable is a term no claim can hold as a name: no clash with a constant
                self.terms[e] = Var(f"thing{e + 1}")
                self.anonymous[self.terms[e]] = text


def _constants(goal: Formula, v: Voice) -> tuple[str, ...]:
    statements = [goal, *(c.formula for c in v.claims.values())]
    return tuple(
        sorted(
            {
                s.name
                for f in statements
                for a in literals(f)
                for t in literal_terms(a)
                for s in subterms(t)
                if isinstance(s, Const)
            }
        )
    )


def _facts(m: FiniteModel, names: _Names) -> list[Atom]:
    return [
        Atom(pred, tuple(names.terms[e] for e in row))
        for pred, _, rows in sorted(m.predicates)
        for row in sorted(rows)
        if not pred.startswith("$")
    ]


def _values(m: FiniteModel, names: _Names) -> list[tuple[Term, int]]:
    return [
        (Fn(name, tuple(names.terms[e] for e in args)), value)
        for name, args, value in sorted(m.functions)
        if not name.startswith("$")
    ]


def _is_ground(a: Atom) -> bool:
    return all(isinstance(t, Const | Num) for t in a.args)


def _known(a: Atom, names: _Names) -> bool:
    """Is `a` written with the terms that stand for its elements, so that its absence is its falsity?"""
    return all(t in names.terms.values() for t in a.args)

"""A derivation as an indented outline: each conclusion above what it follows from.

A step that several others use stands once, under its number; elsewhere it is a reference.
Chains deeper than DEPTH go on as lemmas of their own, so that no page is indented away and no
recursion depends on the length of a proof.
"""

from __future__ import annotations

from collections import deque
from typing import assert_never

from neurosym.explain.sources import Voice, source_view
from neurosym.explain.views import Kind, OutlineNode
from neurosym.logic import Atom, Formula, Naf, Not, Num, literal_terms, literals
from neurosym.proof import (
    Apply,
    Compute,
    Conjunction,
    Contradiction,
    Derivation,
    Disjunction,
    Given,
    InModel,
    Step,
    Witness,
    model_literals,
)  # fmt: skip

DEPTH = 8  # levels of indentation before a chain goes on as a lemma


def derivation_lines(d: Derivation, v: Voice) -> tuple[OutlineNode, ...]:
    """The outline of the last step and the lemmas it was cut into, numbered from 1."""
    if not d.steps:
        return ()
    placer = _Placer(d, v)
    first = placer.tree(len(d.steps) - 1, 0)
    lemmas = []
    while placer.waiting:
        lemmas.append(placer.tree(placer.waiting.popleft(), 0))
    if not lemmas:
        return (first,)
    return (first, OutlineNode(Kind.SECTION, "where", children=tuple(lemmas)))


class _Placer:
    """Numbers steps as they are placed; `waiting` are numbered steps still to be placed."""

    def __init__(self, d: Derivation, v: Voice) -> None:
        self.d, self.v = d, v
        self.numbers: dict[int, int] = {}
        self.waiting: deque[int] = deque()
        self.size = len(model_literals(d.model)) if d.model else 0

    def _number(self, i: int) -> int:
        return self.numbers.setdefault(i, len(self.numbers) + 1)

    def tree(self, i: int, depth: int) -> OutlineNode:
        step = self.d.steps[i]
        number = self._number(i)
        children = []
        for p in step.premises:
            if p in self.numbers:
                children.append(self._reference(p))
            elif depth + 1 >= DEPTH and self.d.steps[p].premises:
                self._number(p)
                self.waiting.append(p)
                children.append(self._reference(p))
            else:
                children.append(self.tree(p, depth + 1))
        return _line(step, number, tuple(children), self.v, self.size)

    def _reference(self, i: int) -> OutlineNode:
        f = self.d.steps[i].conclusion
        return OutlineNode(Kind.REFERENCE, self.v.say(f), self.v.show(f), see=self.numbers[i])


def _line(step: Step, number: int, children: tuple[OutlineNode, ...], v: Voice, size: int) -> OutlineNode:
    text, logic = v.say(step.conclusion), v.show(step.conclusion)
    kind, how, rule, source = Kind.STEP, "", "", None
    match step.by:
        case Given(label):
            kind, source = Kind.GIVEN, source_view(v.get(label))
        case Apply(label, _, _):
            claim = v.get(label)
            source = source_view(claim)
            if children:
                rule = v.say(claim.formula)
            else:
                kind = Kind.GIVEN
                rule = "" if (said := v.say(claim.formula)) == text else said
        case Compute():
            kind, how = Kind.COMPUTED, _computed(step.conclusion, v)
        case Conjunction():
            how = "all of these hold"
        case Disjunction():
            how = "one of the alternatives holds"
        case Witness(binding):
            how = "for instance " + ", ".join(v.say_term(t) for _, t in binding)
        case Contradiction():
            how = "these two cannot both be true"
        case InModel():
            kind = Kind.ABSENT
            if isinstance(step.conclusion, Naf) or (
                isinstance(step.conclusion, Not) and isinstance(step.conclusion.body, Atom)
            ):
                how = (
                    f"not derivable from what is given (closed world): not among the {size} "
                    "statements that can be derived"
                )
            else:
                how = f"true where exactly the {size} statements that can be derived hold (closed world)"
        case _:
            assert_never(step.by)
    return OutlineNode(kind, text, logic, how, rule, source, number, children=children)


def _computed(f: Formula | Naf, v: Voice) -> str:
    """Numerals compare by value; the same term is equal to itself; names may be unique."""
    if any(isinstance(t, Num) for a in literals(f) for t in literal_terms(a)):
        return "by arithmetic"
    if not isinstance(f, Not):
        return "the same thing"
    return "different names, different things" + ("" if v.forward else " (closed world)")

"""From a ground program to the Boolean function of claims that says when its goal is derived.

Knows ground programs and diagrams.  Must not know scores or solvers.  Each literal gets a
function of the claims, computed by the program's own fixpoint (T_P-compilation: Vlasselaer,
Van den Broeck, Kimmig, Meert & De Raedt 2015), component by component; so cycles need no
breaking, and absence is the complement of a function that is final.  Where a component
depends on its own absence, the fixpoint alternates (Van Gelder 1993) between what is true and
what may be, and each literal has two functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from neurosym.confidence.diagram import Node, Space
from neurosym.confidence.grounding import GroundProgram, GroundRule
from neurosym.confidence.reading import CERTAIN


def order(program: GroundProgram) -> tuple[str, ...]:
    """The labels of the program in the order in which a search downwards from the goal leaves them.

    Claims that work together stand together, which keeps diagrams small.
    """
    by_head = _by_head(program)
    out: dict[str, None] = {}
    seen = {program.goal}
    todo: list[int | str] = [program.goal]
    while todo:
        entry = todo.pop()
        if isinstance(entry, str):
            out.setdefault(entry)
            continue
        for r in reversed(by_head.get(entry, ())):
            if r.label != CERTAIN:
                todo.append(r.label)
            for x in reversed((*r.present, *r.absent)):
                if x not in seen:
                    seen.add(x)
                    todo.append(x)
    return tuple(out)


def compile_goal(program: GroundProgram, space: Space, fixed: Mapping[str, bool]) -> Node:
    """Where the goal is true, of the claims in `space`; `fixed` says of the others whether they hold.

    Raises TooLarge past a limit of the space.
    """
    by_head = _by_head(program)
    known = _Known(space, fixed)
    for component in components(program, by_head):
        known.solve(component, by_head)
    return known.true[program.goal]


def _by_head(program: GroundProgram) -> dict[int, list[GroundRule]]:
    by_head: dict[int, list[GroundRule]] = {}
    for r in program.rules:
        by_head.setdefault(r.head, []).append(r)
    return by_head


class _Known:
    """The functions of the literals that are done; the two differ where something is undefined."""

    def __init__(self, space: Space, fixed: Mapping[str, bool]) -> None:
        self.space, self.fixed = space, fixed
        self.true: dict[int, Node] = {}
        self.possible: dict[int, Node] = {}

    def solve(self, component: tuple[int, ...], by_head: Mapping[int, list[GroundRule]]) -> None:
        inside = frozenset(component)
        rules = [r for x in component for r in by_head.get(x, ())]
        outside = {y for r in rules for y in (*r.present, *r.absent) if y not in inside}
        settled = all(self.true[y] == self.possible[y] for y in outside)
        if any(y in inside for r in rules for y in r.absent):
            self._alternate(component, rules, inside)
            return
        true = self._least(component, rules, inside, self.true, self.possible)
        self.true |= true
        if settled:
            self.possible |= true
        else:
            self.possible |= self._least(component, rules, inside, self.possible, self.true)

    def _alternate(self, component: tuple[int, ...], rules: list[GroundRule], inside: frozenset[int]) -> None:
        true = dict.fromkeys(component, self.space.false)
        while True:
            absent = {**self.true, **true}
            possible = self._least(component, rules, inside, self.possible, absent)
            absent = {**self.possible, **possible}
            more = self._least(component, rules, inside, self.true, absent)
            if more == true:
                break
            true = more
        self.true |= true
        self.possible |= possible

    def _least(
        self,
        component: tuple[int, ...],
        rules: list[GroundRule],
        inside: frozenset[int],
        present: Mapping[int, Node],
        absent: Mapping[int, Node],
    ) -> dict[int, Node]:
        """The least fixpoint, what is outside of the component read in `present`, absence in `absent`."""
        space = self.space
        value = dict.fromkeys(component, space.false)
        steps: dict[int, list[tuple[Node, tuple[int, ...]]]] = {}
        readers: dict[int, dict[int, None]] = {}
        for r in rules:
            own = tuple(y for y in r.present if y in inside)
            base = space.all(
                (
                    self._claim(r.label),
                    *(present[y] for y in r.present if y not in inside),
                    *(space.complement(absent[y]) for y in r.absent),
                )
            )
            if base != space.false:
                steps.setdefault(r.head, []).append((base, own))
                for y in own:
                    readers.setdefault(y, {})[r.head] = None
        todo = dict.fromkeys(x for x in component if x in steps)
        while todo:
            x = next(iter(todo))
            del todo[x]
            ways = (space.all((base, *(value[y] for y in own))) for base, own in steps[x])
            new = space.any((value[x], *ways))
            if new != value[x]:
                value[x] = new
                todo |= readers.get(x, {})
        return value

    def _claim(self, label: str) -> Node:
        if label == CERTAIN:
            return self.space.true
        if label in self.fixed:
            return self.space.true if self.fixed[label] else self.space.false
        return self.space.var(label)


def components(program: GroundProgram, by_head: Mapping[int, list[GroundRule]]) -> Iterable[tuple[int, ...]]:
    """Strongly connected components, those depended on first (Tarjan 1972, without recursion)."""
    below = {
        x: tuple(dict.fromkeys(y for r in by_head.get(x, ()) for y in (*r.present, *r.absent)))
        for x in range(program.literals)
    }
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    for root in range(program.literals):
        work: list[tuple[int, int]] = [(root, 0)] if root not in index else []
        while work:
            node, n = work.pop()
            if n == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                waiting.add(node)
            elif (child := below[node][n - 1]) in waiting:
                low[node] = min(low[node], low[child])
            if n < len(below[node]):
                work.append((node, n + 1))
                if below[node][n] not in index:
                    work.append((below[node][n], 0))
                continue
            if low[node] == index[node]:
                component = [stack.pop()]
                while component[-1] != node:
                    component.append(stack.pop())
                waiting.difference_update(component)
                yield tuple(sorted(component))

"""The in-tree planner: lazy greedy best-first search with the FF heuristic and preferred operators.

Sources: the relaxed-plan heuristic and helpful actions, Hoffmann & Nebel, "The FF planning system",
JAIR 14 (2001); lazy search with two alternating queues, Helmert, "The Fast Downward planning
system", JAIR 26 (2006).  Complete: every reachable state that is not a dead end of the relaxation
is expanded in the end, so an empty queue means that there is no plan.  Deterministic but for time.
"""

from __future__ import annotations

import heapq
import sys
import time

from neurosym.planning.domain import Plan
from neurosym.planning.engine import Found, NotFound
from neurosym.planning.ground import Task

State = frozenset[int]


def search(task: Task, deadline: float, memory_mb: int) -> Found | NotFound:
    """Search until a plan, exhaustion, `deadline` (`time.monotonic()`) or the memory bound."""
    relaxed = _Relaxed(task)
    start: State = task.init
    parent: dict[State, tuple[State, int] | None] = {start: None}
    closed: set[State] = set()
    # Entries: (priority, tie, parent state, operator); the child is made when it is taken out.
    queues: list[list[tuple[int, int, State, int]]] = [[], []]
    boost = [0, 0]  # a queue with the smaller number goes next
    tie = 0
    best = sys.maxsize
    room = memory_mb * 2**20
    state: State | None = start
    came: tuple[State, int] | None = None
    while True:
        if state is not None and state not in closed:
            if time.monotonic() > deadline:
                return NotFound(f"no plan within the time limit ({len(closed)} states seen)")
            closed.add(state)
            parent[state] = came
            room -= sys.getsizeof(state) + 400
            if room < 0:
                return NotFound(f"no plan within {memory_mb} MB ({len(closed)} states seen)")
            if any(goal <= state for goal in task.goals):
                return Found(_plan(task, parent, state))
            h, applicable, helpful = relaxed.evaluate(state)
            if h is not None:
                if h < best:
                    best = h
                    boost[1] -= 1000  # progress: follow the preferred operators for a while
                for o in applicable:
                    tie += 1
                    heapq.heappush(queues[0], (h, tie, state, o))
                    if o in helpful:
                        heapq.heappush(queues[1], (h, tie, state, o))
                room -= 150 * len(applicable)
        open_queues = [i for i in (0, 1) if queues[i]]
        if not open_queues:
            return NotFound(f"all {len(closed)} reachable states seen", exhausted=len(closed))
        i = min(open_queues, key=lambda q: (boost[q], q))
        boost[i] += 1
        _, _, before, o = heapq.heappop(queues[i])
        came = (before, o)
        op = task.operators[o]
        state = (before - op.delete) | op.add


def _plan(task: Task, parent: dict[State, tuple[State, int] | None], state: State) -> Plan:
    steps = []
    link = parent[state]
    while link is not None:
        before, o = link
        steps.append(task.operators[o].step)
        link = parent[before]
    return Plan(tuple(reversed(steps)))


class _Relaxed:
    """The delete relaxation of a task, explored layer by layer from a state."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.users: list[list[int]] = [[] for _ in range(task.size)]
        for o, op in enumerate(task.operators):
            for p in op.pre:
                self.users[p].append(o)
        self.counts = [len(op.pre) for op in task.operators]
        self.free = [o for o, n in enumerate(self.counts) if n == 0]
        self.adds = [tuple(sorted(op.add)) for op in task.operators]

    def evaluate(self, state: State) -> tuple[int | None, list[int], set[int]]:
        """The length of a relaxed plan (None: the goal is out of reach), the operators that
        apply in `state`, and those of them that the relaxed plan starts with."""
        counts = self.counts[:]
        users, adds = self.users, self.adds
        achiever: list[int] = [-2] * self.task.size  # -2: not reached; -1: true in the state
        layer = sorted(state)
        for p in layer:
            achiever[p] = -1
        first: list[int] | None = None
        ready = list(self.free)
        missing = [sum(achiever[p] == -2 for p in goal) for goal in self.task.goals]
        while layer or ready:
            for p in layer:
                for o in users[p]:
                    counts[o] -= 1
                    if counts[o] == 0:
                        ready.append(o)
            ready.sort()
            if first is None:
                first = ready
            layer = []
            for o in ready:
                for p in adds[o]:
                    if achiever[p] == -2:
                        achiever[p] = o
                        layer.append(p)
            ready = []
            if layer:
                new = set(layer)
                for i, goal in enumerate(self.task.goals):
                    missing[i] -= len(goal & new)
            if 0 in missing:
                break
        applicable = first or []
        if 0 not in missing:
            return None, applicable, set()
        return self.relaxed_plan(missing.index(0), achiever, applicable)

    def relaxed_plan(
        self, which: int, achiever: list[int], applicable: list[int]
    ) -> tuple[int, list[int], set[int]]:
        chosen: set[int] = set()
        todo = sorted(self.task.goals[which])
        seen: set[int] = set()
        now: set[int] = set()  # propositions that the relaxed plan makes true in its first layer
        while todo:
            p = todo.pop()
            if p in seen or achiever[p] < 0:
                continue
            seen.add(p)
            o = achiever[p]
            if all(achiever[q] == -1 for q in self.task.operators[o].pre):
                now.add(p)
            if o not in chosen:
                chosen.add(o)
                todo += self.task.operators[o].pre
        helpful = {o for o in applicable if not now.isdisjoint(self.task.operators[o].add)}
        return len(chosen), applicable, helpful

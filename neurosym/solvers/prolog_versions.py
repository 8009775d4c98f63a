"""Versions of theories as Prolog programs: which are kept, and which slot of the worker each goes to.

Knows programs.  Must not know processes or proofs' making.  A theory that differs little from
one that is kept becomes a version of it, in the same slot: to switch between versions is to
send their difference.  (Keeping each version loaded in a slot of its own would cost a whole
load for each: measured by benchmarks/incremental.py.)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from neurosym.logic import Formula
from neurosym.proof import Derivation, PerfectModel
from neurosym.solvers.prolog_goal import ground_terms_of
from neurosym.solvers.prolog_program import NEAR, Program
from neurosym.theory import Theory

SLOTS = 8  # theories kept loaded, each in its last version; bridge.pl has as many modules
VERSIONS = 16  # kept compiled
NEIGHBOURS = 4  # versions that a new theory is compared with
GROWTH = 100_000  # names that questions and changes may add before a theory is loaded afresh


class Slot:
    """A module of bridge.pl, and the version that the worker has in it, as far as is known."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.at: Version | None = None


class Version:
    """A program, the slot it shares with others like it, and what is known of it."""

    def __init__(self, program: Program, slot: Slot, number: int) -> None:
        self.program, self.slot, self.number = program, slot, number
        self.model: PerfectModel | None = None
        self.atoms: frozenset[Formula] = frozenset()
        self.conflict: Derivation | None = None
        self.sought: tuple[float, int] | None = None  # limits under which a conflict was sought


@dataclass(frozen=True, slots=True)
class Loads:
    """How programs reached the worker: whole, and as differences; and the predicates that these
    made it recompute, of the last difference and of all."""

    whole: int = 0
    differences: int = 0
    last: int = 0
    recomputed: int = 0


class Versions:
    """The programs that are kept, most recently used last."""

    def __init__(self) -> None:
        self._kept: list[Version] = []
        self._numbers = itertools.count(1)

    def clear(self) -> None:
        self._kept.clear()

    def of(self, theory: Theory, goal: Formula) -> Version:
        """The version of this theory, whose domain also has the ground terms of `goal`."""
        terms = ground_terms_of(goal)
        same = [x for x in self._kept if x.program.theory is theory] or self._kept
        found = next((x for x in same if x.program.covers(theory, terms)), None)
        if found is not None:
            self._kept.remove(found)
            if _swollen(found.program):
                found = None
        if found is None:
            near = next((x for x in self._kept[: -NEIGHBOURS - 1 : -1] if _near(x.program, theory)), None)
            program = Program(theory, goal, near.program if near else None)
            found = Version(program, near.slot if near else self._free_slot(), next(self._numbers))
            if near is not None:
                _inherit(found, near)
            if len(self._kept) >= VERSIONS:
                self._kept.pop(0)
        self._kept.append(found)
        return found

    def _free_slot(self) -> Slot:
        """A slot that no version has; the one least recently used gives way."""
        while len(used := {x.slot.number for x in self._kept}) >= SLOTS:
            oldest = self._kept[0].slot
            self._kept = [x for x in self._kept if x.slot is not oldest]
        return Slot(min(set(range(SLOTS)) - used))


def _near(old: Program, theory: Theory) -> bool:
    """Is it cheaper to send the difference from that version than all?"""
    if old.closed != theory.closed_world or _swollen(old):
        return False
    shared = sum(id(c) in old.ids for c in theory.claims)
    return len(theory.claims) + len(old.ids) - 2 * shared <= NEAR * len(theory.claims)


def _swollen(program: Program) -> bool:
    return program.symbols.size > program.size + GROWTH


def _inherit(new: Version, near: Version) -> None:
    """What is known of the rules for good: fewer claims derive no more, where nothing rests on absence."""
    absence = new.program.absence or near.program.absence
    if not absence and near.conflict is None and new.program.ids.keys() <= near.program.ids.keys():
        new.sought = near.sought

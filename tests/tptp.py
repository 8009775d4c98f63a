"""Theories and goals as TPTP text, and E (`eprover`) as a reference that tells whether they have a model.

Knows the language only, and shares no code with the solvers.  TPTP: Sutcliffe 2017, the first-order form FOF.
E: Schulz, Cruanes and Vukmirovic 2019.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from itertools import combinations, count, product
from pathlib import Path
from typing import assert_never

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Term,
    Var,
    Xor,
    formula_of,
    ground_terms,
)
from neurosym.theory import Theory

PROVER = "eprover"
PROCESSED = 1000  # clauses after which E gives up: a limit that does not depend on the machine
CPU_SECONDS = 2  # a stop for what one clause may cost; a problem that meets it is not decided
MEMORY_MB = 1024
_HAS_MODEL = {"Unsatisfiable": False, "ContradictoryAxioms": False, "Satisfiable": True}


def installed() -> bool:
    return shutil.which(PROVER) is not None


# --- text ----------------------------------------------------------------------------


def fof(theory: Theory, goal: Formula | None = None) -> str:
    """The theory's claims as axioms and, where given, the goal as the conjecture."""
    told = [formula_of(c.formula) for c in theory.claims]
    if goal is None:
        return axioms(told)
    text = axioms(told, [t for t in ground_terms([goal]) if isinstance(t, Num)])
    return f"{text}fof(goal, conjecture, {_Writer().formula(goal, {})}).\n"


def axioms(formulas: Iterable[Formula], numerals: Sequence[Num] = ()) -> str:
    """Each formula as an axiom, then what is known of numerals (also of further `numerals`)."""
    fs = list(formulas)
    writer = _Writer()
    lines = [f"fof(a{n}, axiom, {writer.formula(f, {})})." for n, f in enumerate(fs, 1)]
    numbers = sorted({t for t in ground_terms(fs) if isinstance(t, Num)} | {*numerals}, key=lambda t: t.value)
    for a, b in combinations(numbers, 2):
        lines.append(f"fof(differ, axiom, {writer.term(a, {})} != {writer.term(b, {})}).")
    for a, b in product(numbers, repeat=2) if writer.compared else ():
        for strict, holds in ((True, a.value < b.value), (False, a.value <= b.value)):
            f: Formula = Less(a, b, strict)
            lines.append(f"fof(order, axiom, {writer.formula(f if holds else Not(f), {})}).")
    return "\n".join(lines) + "\n"


class _Writer:
    """Symbols get names of their own by kind and arity, variables by the place where they are bound."""

    def __init__(self) -> None:
        self.variables = count(1)
        self.compared = False

    def formula(self, f: Formula, env: dict[Var, str]) -> str:
        match f:
            case Atom(pred, args):
                return self.apply(f"p{len(args)}_{_plain(pred)}", args, env)
            case Equal(a, b):
                return f"({self.term(a, env)} = {self.term(b, env)})"
            case Less(a, b, strict):
                self.compared = True
                return self.apply("less" if strict else "at_most", (a, b), env)
            case Not(body):
                return f"~ ({self.formula(body, env)})"
            case And(()):
                return "$true"
            case Or(()):
                return "$false"
            case And(parts) | Or(parts):
                joint = " & " if isinstance(f, And) else " | "
                return f"({joint.join(self.formula(p, env) for p in parts)})"
            case Xor(a, b):
                return f"({self.formula(a, env)} <~> {self.formula(b, env)})"
            case Implies(a, b):
                return f"({self.formula(a, env)} => {self.formula(b, env)})"
            case Iff(a, b):
                return f"({self.formula(a, env)} <=> {self.formula(b, env)})"
            case Forall(vs, body) | Exists(vs, body):
                new = {v: f"X{next(self.variables)}" for v in vs}
                inner = self.formula(body, {**env, **new})
                sign = "!" if isinstance(f, Forall) else "?"
                return f"({sign} [{', '.join(new.values())}] : {inner})" if new else inner
            case _:
                assert_never(f)

    def term(self, t: Term, env: dict[Var, str]) -> str:
        match t:
            case Var():
                return env[t]
            case Const(name):
                return f"c_{_plain(name)}"
            case Num(value):
                return f"n_{_plain(str(value))}"
            case Fn(name, args):
                return self.apply(f"f{len(args)}_{_plain(name)}", args, env)
            case _:
                assert_never(t)

    def apply(self, symbol: str, args: Sequence[Term], env: dict[Var, str]) -> str:
        return f"{symbol}({', '.join(self.term(t, env) for t in args)})" if args else symbol


def _plain(name: str) -> str:
    """The name in letters and digits; another name gives another text."""
    return re.sub(r"[^A-Za-z0-9]", lambda m: f"_{ord(m.group()):x}_", name)


# --- E -------------------------------------------------------------------------------


def status(problem: str) -> str:
    """What E says of TPTP text, in the words of the SZS ontology (Theorem, Satisfiable, ...), or ""."""
    return _statuses([problem])[0]


def have_models(problems: Sequence[Sequence[Formula]]) -> list[bool | None]:
    """For each set of closed formulas, whether it has a model; None where E gives up."""
    return [_HAS_MODEL.get(s) for s in _statuses([axioms(fs) for fs in problems])]


class EReference:
    """E as a reference of benchmarks/random_fol.py."""

    name = "e"

    def have_models(self, problems: Sequence[Sequence[Formula]]) -> list[bool | None]:
        return have_models(problems)


def _statuses(problems: Sequence[str]) -> list[str]:
    """E's word on each problem, "" where it gives none.

    One shell runs E on all of them in turn: most take less time than the start of a process from
    here.  Raises RuntimeError where E does not understand what it reads.
    """
    options = f"--satauto -s --cpu-limit={CPU_SECONDS} --memory-limit={MEMORY_MB} -C {PROCESSED}"
    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(problems):
            Path(folder, f"{n}.p").write_text(text, encoding="ascii")
        run = f'echo "% $n"; {PROVER} {options} $n.p; echo "% exit $?"'
        loop = f"for n in $(seq 0 {len(problems) - 1}); do {run}; done"
        done = subprocess.run(
            ["sh", "-c", loop], cwd=folder, capture_output=True, text=True, check=False,
            timeout=600 + 10 * CPU_SECONDS * len(problems),
        )  # fmt: skip
    parts = re.split(r"^% \d+\n", done.stdout, flags=re.MULTILINE)[1:]
    if len(parts) != len(problems):
        raise RuntimeError(f"E was run on {len(parts)} of {len(problems)} problems: {done.stderr[-500:]}")
    if any(re.search(r"^% exit [3-6]$", p, re.MULTILINE) for p in parts):  # syntax, usage, file, system
        raise RuntimeError(f"E does not understand a problem: {done.stderr[:500]}")
    found = [re.search(r"SZS status (\w+)", p) for p in parts]
    return [m.group(1) if m else "" for m in found]

"""What is installed and works: versions, the workers, the model, a GPU."""

from __future__ import annotations

import importlib.util
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from neurosym.errors import NeurosymError
from neurosym.logic import Atom, Const
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Limits, Proved


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    ok: bool
    detail: str
    optional: bool = False


def examine() -> tuple[Finding, ...]:
    """One line a part; parts of extras are optional."""
    out = [Finding("python", True, platform.python_version())]
    for name in ("rdflib", "networkx", "pyswip", "z3-solver", "onnxruntime", "tokenizers", "rich"):
        out.append(_package(name, optional=False))
    for name in ("kairos-planner", "torch", "transformers"):
        out.append(_package(name, optional=True))
    out += [_solver("prolog", "SWI-Prolog"), _solver("z3", "Z3"), _model(), _gpu()]
    return tuple(out)


def _package(name: str, optional: bool) -> Finding:
    try:
        return Finding(name, True, version(name), optional)
    except PackageNotFoundError:
        return Finding(
            name, False, "not installed" + (" (only needed for an extra)" if optional else ""), optional
        )


def _solver(name: str, title: str) -> Finding:
    """Start the worker and have it prove something."""
    from neurosym.solvers import make_solver

    goal = Atom("works", (Const(name),))
    theory = Theory((Claim("doctor", goal, Axiom("doctor", 0, "")),))
    solver = make_solver(name)
    try:
        verdict = solver.solve(theory, goal, Limits(seconds=20.0))
    except NeurosymError as e:
        return Finding(title, False, str(e))
    finally:
        solver.close()
    if isinstance(verdict, Proved):
        return Finding(title, True, "the worker answers, the kernel accepts")
    return Finding(title, False, str(verdict))


def _model() -> Finding:
    from neurosym.parser import load_parser

    try:
        rows = load_parser("neural").read("Tom is a cat.", "doctor")
    except (NeurosymError, ImportError) as e:
        return Finding("parser model", False, str(e))
    read = bool(rows and rows[0].readings)
    return Finding("parser model", read, "reads a sentence" if read else "does not read a sentence")


def _gpu() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("GPU", False, "torch is not installed; none is needed", optional=True)
    import torch

    if torch.cuda.is_available():
        return Finding("GPU", True, torch.cuda.get_device_name(0), optional=True)
    return Finding("GPU", False, "none; none is needed", optional=True)

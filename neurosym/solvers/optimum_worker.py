"""The child process of `Optimum`: weighted MaxSAT by Z3.

Knows numbered choices and Z3.  Must not know claims, labels or theories.  Run as
`python -m neurosym.solvers.optimum_worker`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import z3

Wire: TypeAlias = dict[str, Any]


def answer(message: Wire) -> Wire:
    """The cheapest choice of numbers 0 .. n-1, and among the cheapest the first in lexical order.

    A request has `weights` (n integers, 0 allowed), `last` (numbers that cost more than all
    others together), `hit` (sets of which one number must be chosen), `miss` (sets of which one
    must not), `seconds`, `rlimit` and `memory_mb`.  The sum of the weights fits in 31 bits.
    Lexical order: 0 is left out rather than 1, and so on.  The answer has `status`
    ("optimum", "none" or "unknown") with `chosen` or `reason`.
    """
    # Z3's own limit comes before the system's, whose breach ends the process.
    z3.set_param("memory_max_size", max(1, int(0.6 * message["memory_mb"])))
    try:
        return _answer(message)
    except z3.Z3Exception as e:
        if "memory" in str(e):
            raise MemoryError from e
        raise


def _answer(message: Wire) -> Wire:
    weights: list[int] = message["weights"]
    last: list[int] = message["last"]
    chosen = [z3.Bool(f"d{i}") for i in range(len(weights))]
    hard = [z3.Or(*[chosen[i] for i in found]) for found in message["hit"]]
    hard += [z3.Or(*[z3.Not(chosen[i]) for i in found]) for found in message["miss"]]
    weighed = [(chosen[i], w) for i, w in enumerate(weights) if w and i not in last]
    engine = z3.Optimize() if weighed or last else z3.Solver()
    for solver in (engine, alone := z3.Solver()):
        solver.set("timeout", max(1, int(1000 * message["seconds"])))
        solver.set("rlimit", message["rlimit"])
        solver.add(*hard)
    for i in last:
        engine.add_soft(z3.Not(chosen[i]), "1", "last")  # the first objective counts most
    for c, w in weighed:
        engine.add_soft(z3.Not(c), str(w), "weight")
    found = engine.check()
    if found == z3.unsat:
        return {"status": "none"}
    if found != z3.sat:
        return {"status": "unknown", "reason": f"limit: {engine.reason_unknown()}"}
    taken = _taken(engine.model(), chosen)
    if last:
        alone.add(z3.PbLe([(chosen[i], 1) for i in last], len(taken.intersection(last))))
    if weighed:
        alone.add(z3.PbLe(weighed, sum(w for i, w in enumerate(weights) if i in taken and i not in last)))
    for i, c in enumerate(chosen):
        if i in taken:
            state = alone.check(z3.Not(c))
            if state == z3.sat:
                taken = _taken(alone.model(), chosen)
            elif state != z3.unsat:
                return {"status": "unknown", "reason": f"limit: {alone.reason_unknown()}"}
        alone.add(c if i in taken else z3.Not(c))
    return {"status": "optimum", "chosen": sorted(taken)}


def _taken(model: z3.ModelRef, chosen: list[z3.BoolRef]) -> set[int]:
    return {i for i, c in enumerate(chosen) if z3.is_true(model[c])}


if __name__ == "__main__":
    from neurosym.solvers.worker import serve

    serve(lambda: answer)

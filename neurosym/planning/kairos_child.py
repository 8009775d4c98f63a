"""The process in which kairos-planner runs: one JSON request a line in, one JSON answer a line out.

Run as a script by its path, so that it starts without importing the package.  Knows nothing but
text: PDDL in, action names and arguments out.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Plan once.  {"plan": [[name, argument, ...], ...]} or {"failed": reason}."""
    import kairos

    memory_mb = int(request["memory_mb"])
    _bound_memory(memory_mb)
    try:
        domain = kairos.parse_domain(request["domain"])
        problem = kairos.parse_problem(request["problem"], domain)
        result = kairos.Planner().solve(
            problem, timeout=float(request["seconds"]), anytime=False, threads=1, memory_limit_mb=memory_mb
        )
    except kairos.PddlError as e:
        return {"failed": f"refused our PDDL: {e}"}
    if result.status == kairos.Status.SOLVED:
        return {"plan": [[s.name, *s.args] for s in result.plan.steps]}
    return {"failed": result.status.name.lower().replace("_", " ")}


def _bound_memory(memory_mb: int) -> None:
    """The planner bounds itself; this holds where it does not (room for Python and the library on top)."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = (memory_mb + 512) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def main() -> None:
    # The planner may print: keep the real standard output for answers only.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as e:  # whatever breaks in the planner is the caller's to report
            reply = {"failed": f"{type(e).__name__}: {e}"}
        out.write(json.dumps(reply) + "\n")
        out.flush()


if __name__ == "__main__":
    main()

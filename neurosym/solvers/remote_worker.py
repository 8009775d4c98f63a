"""The child process of a RemoteSolver: one solver, and the theory it was last sent.

Knows the solvers by name.  Must not know who asks.
"""

from __future__ import annotations

from neurosym.errors import NeurosymError
from neurosym.solvers import explain_choice, make_solver, open_answers
from neurosym.solvers.remote import pack, unpack
from neurosym.solvers.worker import Handler, Message, serve
from neurosym.theory import Theory
from neurosym.verdict import Answer, Solver, Unknown


def start() -> Handler:
    """Return the handler of `{"solver", "do", "with", maybe "theory"}`."""
    solvers: dict[str, Solver] = {}
    held: list[Theory] = []

    def request(message: Message) -> Message:
        if "theory" in message:
            held[:] = [unpack(message["theory"])]
        if not held:
            return {"missing": True}
        theory, name = held[0], str(message["solver"])
        solver = solvers.get(name) or solvers.setdefault(name, make_solver(name))
        *arguments, limits = unpack(message["with"])
        found: object
        try:
            match message["do"]:
                case "solve":
                    found = solver.solve(theory, arguments[0], limits)
                case "answers":
                    goal, variables = arguments
                    answers, missing = open_answers(solver, theory, goal, variables, limits)
                    found = (*answers, *((Answer((), Unknown(missing)),) if missing else ()))
                case "explain_choice":
                    found = explain_choice(solver, theory, arguments[0])
                case _:
                    found = solver.unsupported(theory, arguments[0])
        except NeurosymError as e:  # a missing backend is the caller's to hear of
            found = e
        return {"found": pack(found)}

    return request


if __name__ == "__main__":
    serve(start)

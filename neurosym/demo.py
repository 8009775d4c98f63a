"""The demo: a story in English and an ontology in Turtle; four verdicts, a proof each, a plan.

Run by `make demo` or `python -m neurosym.demo`.  Everything shown is computed here and now.
"""

from __future__ import annotations

import argparse
import time
from importlib.resources import files

from rich.console import Console

from neurosym.engine import Engine
from neurosym.explain import print_outline, to_prose
from neurosym.planning import Planned
from neurosym.results import plan_reason, verdict_name
from neurosym.syntax import show, show_term
from neurosym.verdict import Proved

QUESTIONS = ("Is Ann careful?", "Is Lena trusted?", "Is Raj trusted?")
CONTRADICTION = "Ann is a guest."
OPEN_QUESTION = "Who is careful?"
GOAL = "closed_ticket(ticket_12)"


def main() -> None:
    options = argparse.ArgumentParser(description="neurosym: the demo")
    options.add_argument("--parser", default="neural")
    args = options.parse_args()
    c = Console(highlight=False, width=100)
    start = time.perf_counter()
    data = files("neurosym_ontologies")
    story = data.joinpath("helpdesk_story.txt").read_text("utf-8")
    with Engine(parser=args.parser) as engine:
        _title(c, "Told in English (ontologies/helpdesk_story.txt) and Turtle (ontologies/helpdesk.ttl)")
        told = engine.tell(story, "story")
        graph = engine.load(str(data.joinpath("helpdesk.ttl")))
        for claim in engine.theory.claims[: len(told.claims)]:
            c.print(f"  {claim.label:9} {claim.score:.2f}  {show(claim.formula)}", markup=False)
        for u in told.unread:
            c.print(f"  not read: {u.text} ({u.reason})", markup=False)
        c.print(f"  and {len(graph.claims)} claims from the ontology")
        for question in QUESTIONS:
            _ask(c, engine, question)
        _title(c, OPEN_QUESTION)
        for answer in (response := engine.ask(OPEN_QUESTION)).answers:
            c.print("  " + ", ".join(show_term(t) for _, t in answer.binding) + "  (certified)", markup=False)
        for note in response.notes:
            c.print(f"  note: {note}", markup=False)
        _title(c, f"A plan for {GOAL} (ontologies/helpdesk.pddl)")
        planned = engine.plan(GOAL, str(data.joinpath("helpdesk.pddl")))
        if isinstance(planned.result, Planned) and planned.outline is not None:
            print_outline(planned.outline, c)
        else:
            c.print(plan_reason(planned), markup=False)
        _title(c, f"Now somebody adds: {CONTRADICTION}")
        engine.tell(CONTRADICTION, "rumour")
        _ask(c, engine, QUESTIONS[0])
    c.print(f"\n{time.perf_counter() - start:.1f} s", style="dim")


def _ask(c: Console, engine: Engine, question: str) -> None:
    _title(c, question)
    response = engine.ask(question)
    c.print(f"{verdict_name(response.verdict)}", style="bold")
    if response.goal is None:
        c.print(str(response.verdict), markup=False)
        return
    outline = engine.explain(response)
    print_outline(outline, c)
    if isinstance(response.verdict, Proved):  # the same proof, as running English
        c.print(to_prose(outline), style="italic", markup=False)


def _title(c: Console, text: str) -> None:
    c.print()
    c.rule(f"[bold]{text}", align="left")


if __name__ == "__main__":
    main()

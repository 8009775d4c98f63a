"""The command line's verbs that ask: ask, why, why-not, conflicts.  And what all verbs share.

Knows the engine and its results; see cli.py for the arguments, cli_checking.py for `check`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from neurosym.errors import ConfigError
from neurosym.results import (
    Choices,
    Response,
    confidence,
    hypotheses,
    response_json,
    term_text,
    verdict_json,
    verdict_name,
)
from neurosym.syntax import show
from neurosym.theory import CLOSED_WORLD, Semantics
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Unknown

if TYPE_CHECKING:
    from rich.console import Console

    from neurosym.confidence import Ranking
    from neurosym.engine import Engine
    from neurosym.explain import OutlineNode

WIDTH = 100


# --- what all verbs share -------------------------------------------------------------


def world_arguments(p: argparse.ArgumentParser) -> None:
    """How the claims are read."""
    p.add_argument("--closed-world", action="store_true", help="what cannot be derived is false")
    p.add_argument(
        "--closed", action="append", default=[], metavar="P/N", help="the same of one predicate; repeatable"
    )
    p.add_argument("--semantics", choices=[s.value for s in Semantics], help="default: what the files say")


def make_engine(args: argparse.Namespace, files: Sequence[str]) -> Engine:
    """The engine that the options ask for, with the files told.  What is not used is said on stderr."""
    from neurosym.engine import Engine
    from neurosym.questions import short

    if not 0 < args.seconds < float("inf"):
        raise ConfigError("--seconds must be positive")
    e = Engine(
        parser=args.parser, solver=args.solver, closed_world=args.closed_world, closed=args.closed,
        semantics=args.semantics, min_score=args.min_score, limits=Limits(seconds=args.seconds),
    )  # fmt: skip
    for f in files:
        for u in e.load(f).unread:
            print(f"neurosym: not used: {u.place}: {short(u.text)} ({u.reason})", file=sys.stderr)
    return e


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_tree(node: OutlineNode, c: Console) -> None:
    """A coloured tree on a terminal; plain text, whole, where the output is read by a program."""
    from neurosym.explain import print_outline, to_text

    if c.is_terminal:
        print_outline(node, c)
    else:
        print(to_text(node, width=WIDTH))


def emit(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def told(node: OutlineNode) -> dict[str, Any]:
    """An outline as JSON and as running English."""
    from neurosym.explain import to_json, to_prose

    return {"explanation": json.loads(to_json(node)), "english": to_prose(node)}


# --- asking ---------------------------------------------------------------------------


def ask(args: argparse.Namespace) -> int:
    """ask, why, why-not."""
    exact, repaired = args.confidence == "exact", args.repair
    several = [x for x in ("relative", "which", "questions") if getattr(args, x, None)]
    for option, given in (("--repair", repaired), ("--confidence exact", exact)):
        for x in several:
            if given and (x, option) not in TOGETHER:
                raise ConfigError(f"{option} does not go with --{x}: ask with one of the two")
    if "relative" in several and len(several) > 1:
        raise ConfigError(f"--relative takes one question, not --{several[1]}")
    with make_engine(args, args.kb) as e:
        if "questions" in several:
            from neurosym.parallel import ask_lines

            def every(questions: list[str], workers: int) -> tuple[Response, ...]:
                return e.ask_all(questions, workers, repaired=repaired, exact=exact)

            return ask_lines(every, Path(args.questions), args.workers)
        if "which" in several:
            return _print_choices(e.which_of(_options(args.which), repaired=repaired), args.json)
        if "relative" in several:
            return _relative(e, args)
        return _one(e, args, repaired, exact)


TOGETHER = {("which", "--repair"), ("questions", "--repair"), ("questions", "--confidence exact")}


def _one(e: Engine, args: argparse.Namespace, repaired: bool, exact: bool) -> int:
    r = e.ask(args.question, repaired=repaired, exact=exact)
    node: OutlineNode | None = None
    ranking: Ranking | None = None
    if args.verb != "ask" and r.goal is not None:
        if (top := getattr(args, "top", None)) is not None:
            ranking = e.best_proofs(r, top)
        else:
            node = e.explain(r) if args.verb == "why" else e.why_not(r)
    if args.json:
        out = response_json(r) | (told(node) if node else {})
        emit(out if ranking is None else out | _ranking_json(ranking, r))
        return 0
    c = console()
    _print_response(r, c)
    if node is not None:
        print_tree(node, c)
    if ranking is not None:
        _print_ranking(ranking, r, c)
    return 0


def _options(given: Sequence[str]) -> list[str]:
    """The options; where there is only one and it is a file, its lines."""
    from neurosym.engine import read_text

    if len(given) == 1 and Path(given[0]).is_file():
        return [line.strip() for line in read_text(Path(given[0])).splitlines() if line.strip()]
    return list(given)


def _relative(e: Engine, args: argparse.Namespace) -> int:
    from neurosym.explain.conflict_text import relative_text
    from neurosym.results_json import relative_json

    r = e.ask_relative(args.question)
    if args.json:
        emit(relative_json(r))
        return 0
    print(relative_text(r.theory, r.answer))
    for binding, stance in r.rows:
        of = "every part" if stance.value == "cautious" else "some parts"
        print(f"  - {', '.join(_bound(binding))}   (from {of})")
    for note in r.notes:
        print(f"  note: {note}")
    return 0


def conflicts(args: argparse.Namespace) -> int:
    """conflicts: what contradicts what, and what gives way."""
    from neurosym.explain.conflict_text import conflicts_text, repair_text
    from neurosym.results_json import conflicts_json

    with make_engine(args, [*args.files, *args.kb]) as e:
        found = e.conflicts(args.most)
        repair = e.repair() if found.conflicts else None
        theory = e.theory
    if args.json:
        emit(conflicts_json(theory, found, repair))
        return 0
    print(conflicts_text(theory, found))
    if repair is not None:
        print(repair_text(theory, repair))
    return 0


# --- printing -------------------------------------------------------------------------

_STYLE = {
    "proved": "bold green",
    "disproved": "bold red",
    "unknown": "bold yellow",
    "inconsistent": "bold magenta",
    "both": "bold magenta",
}


def _bound(binding: Sequence[tuple[str, Any]]) -> list[str]:
    return [f"{v} = {term_text(t)}" if len(binding) > 1 else term_text(t) for v, t in binding]


def _print_response(r: Response, c: Console) -> None:
    name = verdict_name(r.verdict)
    c.print(f"[{_STYLE[name]}]{name}[/]", end="")
    if r.goal is not None:
        c.print(f"  {show(r.goal)}", markup=False)
    else:
        c.print()
    both: Both | None = None
    match r.verdict:
        case Unknown(reason, _, certificate, both):
            c.print(f"  {reason}" + ("" if certificate else " (no certificate)"), markup=False)
        case Proved() | Disproved() | Inconsistent():
            c.print(f"  from {', '.join(hypotheses(r.verdict)) or 'nothing: it is valid'}", markup=False)
        case Both() as both:
            c.print("  both sides can be derived", markup=False)
        case _:
            assert_never(r.verdict)
    if both is not None:
        c.print(f"  for: {', '.join(hypotheses(both.pro))}", markup=False)
        c.print(f"  against: {', '.join(hypotheses(both.con))}", markup=False)
    for a in r.answers:
        row = ", ".join(_bound(a.binding))
        c.print(f"  - {row}   (from {', '.join(hypotheses(a.verdict))})", markup=False)
    if r.count is not None:
        c.print(f"  count: {r.count}")
    for claim in r.dropped:
        c.print(
            f"  dropped: {claim.label} [{claim.score:g}]: {show(claim.formula)}", markup=False, style="yellow"
        )
    if r.verdict.certificate is not None:
        closed = ""
        if CLOSED_WORLD in hypotheses(r.verdict):
            by_rules = r.theory.semantics is not Semantics.CLASSICAL
            absent = "no rule supports does not hold" if by_rules else "cannot be derived is false"
            closed = f", if what {absent}"
        c.print(f"  certified by the kernel; {_sure(r)}{closed}", markup=False)
        c.print(f"  {r.route}", markup=False)
    for note in r.notes:
        c.print(f"  note: {note}", markup=False)


def _sure(r: Response) -> str:
    """The confidence in words."""
    read = f" (the question was read with {r.reading_score:.3f})" if r.reading_score < 1 else ""
    sure = r.confidence
    if sure is None or (sure.exact is None and not sure.reason.startswith("unsupported")):
        return _at_least(confidence(r.theory, r.verdict, r.reading_score), r) + read
    if sure.exact is None:
        return f"{_at_least(sure.bound, r)}{read}, no exact figure: {sure.reason}"
    what = "that it follows has probability" if isinstance(r.verdict, Unknown) else "confidence"
    how = "exactly" if sure.complete else "at least"
    why = f" ({sure.reason})" if sure.reason else ""
    return (
        f"{what} {how} {sure.exact:.6g}{why} where the claims are independent, "
        f"at least {sure.bound:.6g} in any case{read}"
    )


def _at_least(bound: float, r: Response) -> str:
    """The bound, where it says anything: over many claims that are each a little doubtful it may not."""
    if bound >= 0.0005:
        return f"confidence at least {bound:.3f}"
    used = set(hypotheses(r.verdict))
    n = sum(c.score < 1 for c in r.theory.claims if c.label in used)
    doubts = f"the doubts about {n} claims add up to" if n > 1 else "its doubt comes to"
    return f"no useful bound on the confidence ({doubts} 1 or more)"


def _ranking_json(ranking: Ranking, r: Response) -> dict[str, Any]:
    """The proofs of `why --top`, each with its certificate and explanation."""
    from neurosym.explain import outline

    proofs = []
    for p in ranking.proofs:
        v = Proved(p.theorem, p.certificate)
        node = outline(r.theory, v, p.theorem.goal)
        proofs.append(
            {"probability": round(p.probability, 9), "claims": sorted(p.labels)}
            | verdict_json(v)
            | told(node)
        )
    return {"proofs": proofs, "proofs_complete": ranking.complete, "proofs_reason": ranking.reason}


def _print_ranking(ranking: Ranking, r: Response, c: Console) -> None:
    from neurosym.explain import outline

    for n, p in enumerate(ranking.proofs, 1):
        head = f"proof {n}, probability {p.probability:.6g}, from {', '.join(sorted(p.labels)) or 'nothing'}"
        c.print(head, style="bold", markup=False)
        print_tree(outline(r.theory, Proved(p.theorem, p.certificate), p.theorem.goal), c)
    if not ranking.proofs:
        c.print("no proof", markup=False)
    if ranking.complete:
        c.print("there is no other proof", markup=False)
    elif ranking.reason:
        c.print(f"there may be others: {ranking.reason}", markup=False)
    else:
        c.print("there are others", markup=False)


def _print_choices(found: Choices, as_json: bool) -> int:
    if as_json:
        from neurosym.results_json import choices_json

        emit(choices_json(found))
        return 0
    c = console()
    for r in found.options:
        name = verdict_name(r.verdict)
        certified = "certified" if r.verdict.certificate is not None else "no certificate"
        c.print(f"[{_STYLE[name]}]{name:12}[/]", end="")
        c.print(
            f" {r.question}   ({certified}; from {', '.join(hypotheses(r.verdict)) or 'nothing'})",
            markup=False,
        )
    chosen = ", ".join(r.question for r in found.chosen) or "none is proved"
    c.print(f"which: {chosen}" + ("" if found.settled else " (not every option is settled)"), markup=False)
    for note in dict.fromkeys(n for r in found.options for n in r.notes):
        c.print(f"  note: {note}", markup=False)
    return 0

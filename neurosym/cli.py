"""The command line: the engine's verbs.  JSON and answers on stdout, everything else on stderr.

Exit codes: 0 answered (whatever the verdict), 1 input or configuration error, 2 usage,
3 certificate rejected, 4 solver missing or broken, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from neurosym.engine import MIN_SCORE
from neurosym.errors import CheckError, ConfigError, InputError, NeurosymError
from neurosym.results import (
    Response,
    claim_json,
    confidence,
    hypotheses,
    response_json,
    term_text,
    told_json,
    verdict_name,
)  # fmt: skip
from neurosym.syntax import show
from neurosym.theory import CLOSED_WORLD
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Unknown

if TYPE_CHECKING:
    from rich.console import Console

    from neurosym.engine import Engine
    from neurosym.explain import OutlineNode


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = _arguments().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except NeurosymError as e:
        print(f"neurosym: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        print("neurosym: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        return 0


def _arguments() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="neurosym", description="Answers with proofs, from text, ontologies and logic."
    )
    from neurosym import __version__

    top.add_argument("--version", action="version", version=f"neurosym {__version__}")
    verbs = top.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        p = verbs.add_parser(name, help=about, description=about)
        p.add_argument("--json", action="store_true", help="print JSON on stdout")
        p.set_defaults(run=run)
        return p

    def engine(p: argparse.ArgumentParser) -> None:
        files = ".txt .nsl .ttl .owl .nt; repeatable"
        p.add_argument("-k", "--kb", action="append", default=[], metavar="FILE", help=files)
        p.add_argument("--closed-world", action="store_true", help="what cannot be derived is false")
        p.add_argument("--solver", choices=["auto", "prolog", "z3"], default="auto")
        p.add_argument("--seconds", type=float, default=10.0, help="limit for one question")
        reader(p)

    def reader(p: argparse.ArgumentParser) -> None:
        p.add_argument("--parser", default="neural", help="neural, grammar, or a folder with a trained model")
        p.add_argument(
            "--min-score", type=float, default=MIN_SCORE, help="believe no reading that scores less"
        )

    p = verb("parse", _parse, "Read English to scored logical forms.")
    p.add_argument("text", nargs="?")
    p.add_argument("-f", "--file", metavar="FILE")
    p.add_argument("--n-best", type=int, default=1, metavar="N")
    reader(p)

    for name, run, about in (
        ("ask", _ask, "Answer a question in English or logic."),
        ("why", _ask, "Answer, with the proof."),
        ("why-not", _ask, "Answer, and say what is missing for a yes."),
    ):
        p = verb(name, run, about)
        asked = p.add_mutually_exclusive_group(required=True)
        asked.add_argument("question", nargs="?")
        if name == "ask":
            asked.add_argument("--questions", metavar="FILE", help="one a line; JSON lines out")
            p.add_argument("--workers", type=int, default=2, help="solver processes for --questions")
        engine(p)
        p.set_defaults(verb=name)
    p = verb("check", _check, "Check a certificate against a knowledge base, with the kernel alone.")
    p.add_argument("files", nargs="+", metavar="KB... CERTIFICATE")
    p.add_argument("--closed-world", action="store_true")
    reader(p)
    p = verb("materialize", _materialize, "Write all facts that follow.")
    p.add_argument("files", nargs="+", metavar="KB")
    p.add_argument("-o", "--output", required=True, metavar="OUT", help=".ttl .nt .rdf .jsonld or .nsl")
    engine(p)
    p = verb("analogy", _analogy, "A is to B as C is to what?  Or: analogy map BASE TARGET.")
    p.add_argument("words", nargs="+", metavar="A B C | map BASE TARGET")
    engine(p)
    p = verb("plan", _plan, "Plan actions to a goal, each step justified.")
    p.add_argument("goal")
    p.add_argument("--domain", metavar="FILE", help="PDDL actions (else a .pddl file among the -k)")
    engine(p)
    p = verb("train", _train, "Train the parser from a TOML configuration.")
    p.add_argument("config")
    p = verb("bench", _bench, "Run a benchmark suite.")
    p.add_argument("suite")
    p.add_argument("--data", metavar="PATH")
    p.add_argument("--limit", type=int, metavar="N")
    p.add_argument("--parser", default="neural", choices=["neural", "grammar", "gold"])
    p.add_argument("--solver", choices=["auto", "prolog", "z3"], default="auto")
    p.add_argument("--failures", metavar="FILE", help="write the failed items as JSON lines")
    p.add_argument(
        "--resume", metavar="FILE", help="keep finished items there; run again only what is missing"
    )
    verb("doctor", _doctor, "Say what is installed and works.")
    return top


# --- shared ---------------------------------------------------------------------------


def _engine(args: argparse.Namespace, files: Sequence[str]) -> Engine:
    from neurosym.engine import Engine
    from neurosym.questions import short

    if not 0 < args.seconds < float("inf"):
        raise ConfigError("--seconds must be positive")
    e = Engine(
        parser=args.parser, solver=args.solver, closed_world=args.closed_world, min_score=args.min_score,
        limits=Limits(seconds=args.seconds),
    )  # fmt: skip
    for f in files:
        for u in e.load(f).unread:
            print(f"neurosym: not used: {u.place}: {short(u.text)} ({u.reason})", file=sys.stderr)
    return e


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _print_tree(node: OutlineNode, c: Console) -> None:
    """A coloured tree on a terminal; plain text, whole, where the output is read by a program."""
    from neurosym.explain import print_outline, to_text

    if c.is_terminal:
        print_outline(node, c)
    else:
        print(to_text(node, width=100))


def _emit(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


_STYLE = {
    "proved": "bold green",
    "disproved": "bold red",
    "unknown": "bold yellow",
    "inconsistent": "bold magenta",
    "both": "bold magenta",
}


def _print_response(r: Response, c: Console) -> None:
    name = verdict_name(r.verdict)
    c.print(f"[{_STYLE[name]}]{name}[/]", end="")
    if r.goal is not None:
        c.print(f"  {show(r.goal)}", markup=False)
    else:
        c.print()
    match r.verdict:
        case Unknown(reason, _, certificate):
            c.print(f"  {reason}" + ("" if certificate else " (no certificate)"), markup=False)
        case Proved() | Disproved() | Inconsistent() | Both():
            c.print(f"  from {', '.join(hypotheses(r.verdict)) or 'nothing: it is valid'}", markup=False)
        case Both(pro, con):
            c.print(f"  for: {', '.join(hypotheses(pro))}", markup=False)
            c.print(f"  against: {', '.join(hypotheses(con))}", markup=False)
        case _:
            assert_never(r.verdict)
    for a in r.answers:
        row = ", ".join(f"{v} = {term_text(t)}" if len(a.binding) > 1 else term_text(t) for v, t in a.binding)
        c.print(f"  - {row}   (from {', '.join(hypotheses(a.verdict))})", markup=False)
    if r.count is not None:
        c.print(f"  count: {r.count}")
    if r.verdict.certificate is not None:
        sure = confidence(r.theory, r.verdict, r.reading_score)
        read = f" (the question was read with {r.reading_score:.3f})" if r.reading_score < 1 else ""
        closed = ", if what cannot be derived is false" if CLOSED_WORLD in hypotheses(r.verdict) else ""
        c.print(f"  certified by the kernel; confidence at least {sure:.3f}{read}{closed}", markup=False)
        c.print(f"  {r.route}", markup=False)
    for note in r.notes:
        c.print(f"  note: {note}", markup=False)


# --- verbs ----------------------------------------------------------------------------


def _parse(args: argparse.Namespace) -> int:
    from neurosym.engine import Engine, read_text

    if (args.text is None) == (args.file is None):
        raise ConfigError("parse takes either TEXT or -f FILE")
    text = args.text if args.file is None else read_text(Path(args.file))
    name = "text" if args.file is None else Path(args.file).name
    rows = Engine(parser=args.parser).parser.read(text, name, args.n_best)
    if args.json:
        _emit([
            {
                "text": p.span.text, "start": p.span.start, "end": p.span.end, "reason": p.reason,
                "readings": [
                    {
                        "act": r.act.value, "formula": show(r.formula), "score": round(r.score, 6),
                        "count": r.count,
                        "variables": [v.name for v in r.variables],
                        "presuppositions": [show(q) for q in r.presuppositions],
                    }
                    for r in p.readings
                ],
            }
            for p in rows
        ])  # fmt: skip
        return 0
    c = _console()
    for p in rows:
        c.print(p.span.text.strip()[:200], style="bold", markup=False)
        for r in p.readings:
            mark = "?" if r.act == "ask" else ""
            c.print(f"  {r.score:.3f}  {show(r.formula)}{mark}", markup=False)
        if not p.readings:
            c.print(f"  not read: {p.reason}", style="yellow", markup=False)
    return 0


def _ask(args: argparse.Namespace) -> int:
    from neurosym.explain import to_json, to_prose

    with _engine(args, args.kb) as e:
        if args.question is None:
            from neurosym.parallel import ask_lines

            return ask_lines(e.ask_all, Path(args.questions), args.workers)
        r = e.ask(args.question)
        node: OutlineNode | None = None
        if args.verb != "ask" and r.goal is not None:
            node = (
                e.explain(r)
                if args.verb == "why"
                else e.why_not(r.goal if not r.variables else args.question)
            )
    if args.json:
        _emit(
            response_json(r)
            | ({"explanation": json.loads(to_json(node)), "english": to_prose(node)} if node else {})
        )
        return 0
    c = _console()
    _print_response(r, c)
    if node is not None:
        _print_tree(node, c)
    return 0


def _check(args: argparse.Namespace) -> int:
    from neurosym.certificate import from_json
    from neurosym.engine import Engine, read_text
    from neurosym.kernel import check

    *files, path = args.files
    text = read_text(Path(path))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(
            f"not JSON: {error}", document=path, line=line, hint="give what `ask --json` printed"
        ) from error
    closed = args.closed_world or (isinstance(data, dict) and data.get("world") == "closed")
    if isinstance(data, dict) and "certificate" in data:  # the whole answer of `ask --json`
        data = data["certificate"]
    goal, certificate = from_json(data, path)
    e = Engine(parser=args.parser, closed_world=closed, min_score=args.min_score)
    for f in files:
        e.load(f)
    try:
        theorem = check(e.theory, goal, certificate)
    except CheckError as error:
        if args.json:
            _emit({"accepted": False, "reason": str(error), "goal": show(goal)})
        raise CheckError(f"{path} is rejected: {error}") from error
    labels = sorted(theorem.hypotheses)
    if args.json:
        _emit({"accepted": True, "outcome": theorem.outcome.value, "goal": show(goal), "hypotheses": labels})
    else:
        print(f"accepted: {show(goal)} is {theorem.outcome.value}, from {', '.join(labels) or 'nothing'}")
    return 0


def _materialize(args: argparse.Namespace) -> int:
    from neurosym.materialize import write_derived

    with _engine(args, [*args.files, *args.kb]) as e:
        derived = e.derive()
        written = write_derived(e, derived, Path(args.output))
    if args.json:
        _emit({"output": args.output, "facts": len(derived), "derived": written})
    else:
        print(f"{args.output}: {written} derived facts ({len(derived) - written} more were asserted)")
    return 0


def _analogy(args: argparse.Namespace) -> int:
    if args.words[0] == "map" and len(args.words) == 3:
        return _analogy_map(args)
    if len(args.words) != 3:
        raise ConfigError("analogy takes three words, A B C, or: map BASE TARGET")
    with _engine(args, args.kb) as e:
        r = e.analogy(*args.words)
    from neurosym.results import analogy_json, analogy_lines

    if args.json:
        _emit(analogy_json(r))
    else:
        print("\n".join(analogy_lines(r)))
    return 0


def _analogy_map(args: argparse.Namespace) -> int:
    from neurosym.results import mapping_json, mapping_lines

    with _engine(args, [args.words[1]]) as base, _engine(args, [args.words[2]]) as target:
        m = target.map_structures(base)
    if args.json:
        _emit(mapping_json(m))
    else:
        print("\n".join(mapping_lines(m)))
    return 0


def _plan(args: argparse.Namespace) -> int:
    from neurosym.explain import to_json, to_prose
    from neurosym.planning import Planned
    from neurosym.results import plan_json, plan_reason

    domains = [f for f in args.kb if f.endswith(".pddl")]
    domain = args.domain or (domains[0] if len(domains) == 1 else None)
    if domain is None:
        raise ConfigError("name one action domain: --domain FILE.pddl")
    with _engine(args, [f for f in args.kb if not f.endswith(".pddl")]) as e:
        r = e.plan(args.goal, domain)
    if args.json:
        told = (
            {}
            if r.outline is None
            else {"explanation": json.loads(to_json(r.outline)), "english": to_prose(r.outline)}
        )
        _emit(plan_json(r) | told)
        return 0
    c = _console()
    if isinstance(r.result, Planned) and r.outline is not None:
        _print_tree(r.outline, c)
    else:
        c.print(plan_reason(r), markup=False)
    for note in r.notes:
        c.print(f"  note: {note}", markup=False)
    return 0


def _train(args: argparse.Namespace) -> int:
    try:
        from neurosym.parser.train import train
    except ImportError as e:
        hint = "pip install torch==2.13.0, then pip install 'neurosym-engine[train]'"
        raise ConfigError(f"training needs the extra [train] ({e.name} is missing): {hint}") from e
    result = train(args.config)
    if args.json:
        _emit(result)
    return 0


def _bench(args: argparse.Namespace) -> int:
    from neurosym.engine import write_text

    try:
        from neurosym_benchmarks.runner import run_suite
    except ImportError as e:
        raise ConfigError(f"the benchmark suites are not installed here ({e})") from e
    failed = Path(args.failures) if args.failures else None
    if failed is not None:
        write_text(failed, "")  # a path that cannot be written is said before the work, not after it
    report, failures = run_suite(
        args.suite,
        data=args.data,
        limit=args.limit,
        parser=args.parser,
        solver=args.solver,
        resume=args.resume,
    )
    if failed is not None:
        write_text(failed, "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in failures))
    if args.json:
        _emit(report | {"failures": failures})
    else:
        for k, v in report.items():
            print(f"{k:16} {v}")
        for f in failures[:20]:
            print(f"  failed: {json.dumps(f, ensure_ascii=False)[:400]}")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from neurosym.doctor import examine

    rows = examine()
    if args.json:
        _emit([{"part": r.part, "ok": r.ok, "detail": r.detail} for r in rows])
    else:
        for r in rows:
            print(f"{'ok ' if r.ok else 'NOT'}  {r.part:18} {r.detail}")
    return 0 if all(r.ok or r.optional for r in rows) else 4


__all__ = ["claim_json", "main", "told_json"]

if __name__ == "__main__":
    sys.exit(main())

"""The command line: the engine's verbs.  JSON and answers on stdout, everything else on stderr.

Exit codes: 0 answered (whatever the verdict), 1 input or configuration error, 2 usage,
3 certificate rejected, 4 solver missing or broken, 5 `audit` found a change, 130 interrupted.
`audit` ends with 1, too, where no case got a verdict: then nothing is known of changes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym import cli_audit, cli_data
from neurosym.cli_asking import ask, conflicts, console, emit, make_engine, print_tree, told, world_arguments
from neurosym.cli_checking import check_file
from neurosym.engine import MIN_SCORE
from neurosym.errors import ConfigError, NeurosymError
from neurosym.results import claim_json, told_json
from neurosym.syntax import show

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed


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
        world_arguments(p)
        p.add_argument("--solver", choices=["auto", "prolog", "z3"], default="auto")
        p.add_argument("--seconds", type=float, default=10.0, help="limit for one question")
        reader(p)

    def reader(p: argparse.ArgumentParser) -> None:
        p.add_argument("--parser", default="neural", help=cli_audit.PARSERS)
        p.add_argument(
            "--min-score", type=float, default=MIN_SCORE, help="believe no reading that scores less"
        )

    p = verb("parse", _parse, "Read English to scored logical forms.")
    p.add_argument("text", nargs="?")
    p.add_argument("-f", "--file", metavar="FILE")
    p.add_argument("--n-best", type=int, default=1, metavar="N")
    reader(p)

    for name, run, about in (
        ("ask", ask, "Answer a question in English or logic."),
        ("why", ask, "Answer, with the proof."),
        ("why-not", ask, "Answer, and say what is missing for a yes."),
    ):
        p = verb(name, run, about)
        asked = p.add_mutually_exclusive_group(required=True)
        asked.add_argument("question", nargs="?")
        if name == "ask":
            asked.add_argument("--questions", metavar="FILE", help="one a line; JSON lines out")
            which = "each statement proved, refuted or unknown; or a file of them, one a line"
            asked.add_argument("--which", nargs="+", metavar="OPTION", help=which)
            p.add_argument("--workers", type=int, default=2, help="solver processes for --questions")
            about = "from each maximal consistent part of claims that contradict each other"
            p.add_argument("--relative", action="store_true", help=about)
        if name == "why":
            p.add_argument("--top", type=int, metavar="K", help="the K most probable proofs")
        p.add_argument(
            "--repair", action="store_true", help="from the most probable consistent part of the claims"
        )
        how = "by the proof found (default), or exactly by all proofs"
        p.add_argument("--confidence", choices=["bound", "exact"], default="bound", help=how)
        engine(p)
        p.set_defaults(verb=name)
    p = verb("conflicts", conflicts, "List which claims contradict each other, and what gives way.")
    p.add_argument("files", nargs="+", metavar="KB")
    p.add_argument("--most", type=int, default=16, metavar="N", help="no more conflicts than that")
    engine(p)
    p = verb("check", check_file, "Check a certificate against a knowledge base, with the kernel alone.")
    p.add_argument("files", nargs="+", metavar="KB... CERTIFICATE")
    world_arguments(p)
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
    p = verb("train", _train, "Train what a TOML configuration names: the parser, or another `kind`.")
    p.add_argument("config")
    cli_data.arguments(verb("data", cli_data.data, cli_data.ABOUT))
    cli_audit.arguments(verb("audit", cli_audit.audit, cli_audit.ABOUT))
    p = verb("bench", _bench, "Run a benchmark suite.")
    p.add_argument("suite")
    p.add_argument("--data", metavar="PATH")
    p.add_argument("--limit", type=int, metavar="N")
    p.add_argument("--parser", default="neural", help=f"gold (no parser), {cli_audit.PARSERS}")
    p.add_argument("--solver", choices=["auto", "prolog", "z3"], default="auto")
    about = f"believe no reading that scores less (default {MIN_SCORE})"
    p.add_argument("--threshold", type=float, metavar="X", help=about)
    p.add_argument("--workers", type=int, default=1, metavar="N", help="processes; the outcomes are the same")
    p.add_argument("--report", metavar="DIR", help="write report.md there, with its pictures")
    p.add_argument("--failures", metavar="FILE", help="write the failed items as JSON lines")
    p.add_argument(
        "--resume", metavar="FILE", help="keep finished items there; run again only what is missing"
    )
    verb("doctor", _doctor, "Say what is installed and works.")
    return top


# --- verbs ----------------------------------------------------------------------------


def _parse(args: argparse.Namespace) -> int:
    from neurosym.engine import Engine
    from neurosym.session import read_text

    if (args.text is None) == (args.file is None):
        raise ConfigError("parse takes either TEXT or -f FILE")
    text = args.text if args.file is None else read_text(Path(args.file))
    name = "text" if args.file is None else Path(args.file).name
    e = Engine(parser=args.parser, min_score=args.min_score)
    rows = e.parser.read(text, name, args.n_best)
    told = {_place(p) for p in rows if p.readings and p.readings[0].act == "tell"}
    # by what `ask` takes in of a text; a question or a command is not for it to believe
    unused = {u.place: u.reason for u in e.tell(text, name).unread if u.place in told}
    if args.json:
        emit([
            {
                "text": p.span.text, "start": p.span.start, "end": p.span.end, "reason": p.reason,
                "not_used": unused.get(_place(p), ""),
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
    c = console()
    for p in rows:
        c.print(p.span.text.strip()[:200], style="bold", markup=False)
        for r in p.readings:
            mark = "?" if r.act == "ask" else ""
            c.print(f"  {r.score:.3f}  {show(r.formula)}{mark}", markup=False)
        if not p.readings:
            c.print(f"  not read: {p.reason}", style="yellow", markup=False)
        elif why := unused.get(_place(p)):
            said = why if why.startswith("read in part") else f"not used by ask: {why}"
            c.print(f"  ({said})", style="yellow", markup=False)
    return 0


def _place(p: Parsed) -> str:
    from neurosym.questions import place

    return place(p, "").place


def _materialize(args: argparse.Namespace) -> int:
    from neurosym.materialize import write_derived

    with make_engine(args, [*args.files, *args.kb]) as e:
        derived = e.derive()
        written = write_derived(e, derived, Path(args.output))
    if args.json:
        emit({"output": args.output, "facts": len(derived), "derived": written})
    else:
        print(f"{args.output}: {written} derived facts ({len(derived) - written} more were asserted)")
    return 0


def _analogy(args: argparse.Namespace) -> int:
    if args.words[0] == "map" and len(args.words) == 3:
        return _analogy_map(args)
    if len(args.words) != 3:
        raise ConfigError("analogy takes three words, A B C, or: map BASE TARGET")
    with make_engine(args, args.kb) as e:
        r = e.analogy(*args.words)
    from neurosym.results import analogy_json, analogy_lines

    if args.json:
        emit(analogy_json(r))
    else:
        print("\n".join(analogy_lines(r)))
    return 0


def _analogy_map(args: argparse.Namespace) -> int:
    from neurosym.results import mapping_json, mapping_lines

    with make_engine(args, [args.words[1]]) as base, make_engine(args, [args.words[2]]) as target:
        m = target.map_structures(base)
    if args.json:
        emit(mapping_json(m))
    else:
        print("\n".join(mapping_lines(m)))
    return 0


def _plan(args: argparse.Namespace) -> int:
    from neurosym.planning import Planned
    from neurosym.results import plan_json, plan_reason

    domains = [f for f in args.kb if f.endswith(".pddl")]
    domain = args.domain or (domains[0] if len(domains) == 1 else None)
    if domain is None:
        raise ConfigError("name one action domain: --domain FILE.pddl")
    with make_engine(args, [f for f in args.kb if not f.endswith(".pddl")]) as e:
        r = e.plan(args.goal, domain)
    if args.json:
        emit(plan_json(r) | (told(r.outline) if r.outline is not None else {}))
        return 0
    c = console()
    if isinstance(r.result, Planned) and r.outline is not None:
        print_tree(r.outline, c)
    else:
        c.print(plan_reason(r), markup=False)
    for note in r.notes:
        c.print(f"  note: {note}", markup=False)
    return 0


def _train(args: argparse.Namespace) -> int:
    try:
        from neurosym.training import train
    except ImportError as e:
        hint = "pip install torch==2.13.0, then pip install 'neurosym-engine[train]'"
        raise ConfigError(f"training needs the extra [train] ({e.name} is missing): {hint}") from e
    result = train(args.config)
    if args.json:
        emit(result)
    return 0


def _bench(args: argparse.Namespace) -> int:
    from neurosym.session import must_be_writable, write_text

    try:
        from neurosym_benchmarks.runner import run_suite
    except ImportError as e:
        raise ConfigError(f"the benchmark suites are not installed here ({e})") from e
    failed = Path(args.failures) if args.failures else None
    if failed is not None:
        must_be_writable(failed)  # what cannot be written is said before the work, not after it
    try:
        report, failures = run_suite(
            args.suite, data=args.data, limit=args.limit, parser=args.parser, solver=args.solver,
            resume=args.resume, threshold=args.threshold, workers=args.workers, report_to=args.report,
        )  # fmt: skip
    except KeyboardInterrupt as e:
        print(f"neurosym: interrupted: {e}" if e.args else "neurosym: interrupted", file=sys.stderr)
        return 130
    if failed is not None:
        write_text(failed, "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in failures))
    if args.json:
        emit(report | {"failures": failures})
    else:
        for k, v in report.items():
            print(f"{k:18} {v}")
        for f in failures[:20]:
            print(f"  failed: {json.dumps(f, ensure_ascii=False)[:400]}")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from neurosym.doctor import examine

    rows = examine()
    if args.json:
        emit([{"part": r.part, "ok": r.ok, "detail": r.detail} for r in rows])
    else:
        for r in rows:
            print(f"{'ok ' if r.ok else 'NOT'}  {r.part:18} {r.detail}")
    return 0 if all(r.ok or r.optional for r in rows) else 4


__all__ = ["claim_json", "main", "told_json"]

if __name__ == "__main__":
    sys.exit(main())

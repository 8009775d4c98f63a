"""RuleTaker's sentences against the forms in its data: `python -m benchmarks.ruletaker_forms FILE.jsonl`.

Each sentence once, of the theories that `neurosym data read ruletaker --split train` keeps out; a sentence
is exact where its best reading is the form that the data give it, named by our conventions (base forms of
verbs, grey_heron for 'grey heron'), up to the names of bound variables and the order of conjuncts, and
equivalent where both directions are proved.  `--trained FILE` counts the sentences that training has seen.

Knows the set's theories and how two forms are compared; must not know how a sentence is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from neurosym.errors import InputError, NeurosymError
from neurosym.parser import load_parser
from neurosym.parser.generate.external import PARTS, kept_out, meaning, theories
from neurosym.parser.tokenize import words
from neurosym.solvers import make_solver

from .records import interval
from .robustness import Judged, Sentence, failures, judge
from .suite import field, read_json_lines

HOW = ("exact", "equivalent", "wrong", "refused")


def sentences(path: Path, part: str = "dev") -> tuple[Sentence, ...]:
    """The sentences of a part of the theories, each once; `style` is the shape of its form.

    Raises InputError for a file that is no such set, or cannot be read.
    """
    try:
        read = list(theories(path))
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(
            f"cannot be read: {e}", document=str(path), hint="give the generator's JSON lines"
        ) from e
    held = {text for t in read if kept_out(t) for text, _ in t}
    found: dict[str, Sentence] = {}
    for n, theory in enumerate(read, 1):
        for i, (text, clauses) in enumerate(theory, 1):
            if text in found or (part != "all" and (text in held) != (part == "dev")):
                continue
            conditions = len(clauses) - 1
            shape = "fact" if not conditions else f"rule of {conditions} condition{'s'[: conditions - 1]}"
            found[text] = Sentence(f"theory {n}, sentence {i}", shape, "tell", text, (meaning(clauses),))
    return tuple(found.values())


def figures(seen: Sequence[Judged]) -> dict[str, Any]:
    """Shares are of all sentences: those that were refused count as not right.  `groups`: exact, of all."""
    n = max(1, len(seen))
    count = {how: sum(j.how == how for j in seen) for how in HOW}
    groups: dict[str, list[int]] = {}
    for j in seen:
        tally = groups.setdefault(j.sentence.style, [0, 0])
        tally[0] += j.how == "exact"
        tally[1] += 1
    return {
        "n": len(seen),
        **count,
        "share_exact": round(count["exact"] / n, 4),
        "share_right": round((count["exact"] + count["equivalent"]) / n, 4),
        "interval_exact": [round(x, 4) for x in interval(count["exact"], n)],
        "groups": dict(sorted(groups.items())),
    }


def among(chosen: Iterable[Sentence], samples: Path) -> int:
    """How many of the sentences stand in a file of training samples.  Raises InputError."""
    trained = {tuple(field(row, "words", samples, "sample")) for row in read_json_lines(samples)}
    return sum(tuple(w.text for w in words(s.text)) in trained for s in chosen)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("data", type=Path, help="the generator's JSON lines, one theory a line")
    options.add_argument("--part", choices=PARTS, default="dev", help="which theories (default: kept out)")
    options.add_argument("--parser", default="neural", help="neural, grammar, or a trained model's folder")
    options.add_argument("--limit", type=int, help="only the first sentences")
    options.add_argument("--trained", type=Path, metavar="FILE", help="training samples (JSON lines)")
    options.add_argument("--json", action="store_true", help="one JSON object, with the failures")
    args = options.parse_args()
    try:
        chosen = sentences(args.data, args.part)[: args.limit]
        if not chosen:
            raise InputError(f"no sentence of part {args.part!r}", document=str(args.data))
        seen_before = {"trained_on": among(chosen, args.trained)} if args.trained else {}
        parser = load_parser(args.parser)
        with closing(make_solver("auto")) as solver:
            seen = tuple(judge(s, parser, solver) for s in chosen)
    except NeurosymError as e:
        print(f"ruletaker_forms: {e}", file=sys.stderr)
        return e.exit_code
    found = {"suite": "ruletaker_forms", "parser": args.parser, "part": args.part}
    found |= figures(seen) | seen_before
    failed = failures(seen)
    if args.json:
        print(json.dumps({**found, "failures": failed}, indent=1, ensure_ascii=False))
        return 0
    for f in failed:
        print(f"{f['how']} {f['score']:g}  {f['text']}\n    read: {f['reading']}\n    gold: {f['gold'][0]}")
    for key, value in found.items():
        print(f"{key:16} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

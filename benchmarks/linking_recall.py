"""How many true connections of words a proof finds: `python -m benchmarks.linking_recall [--n N] [--seed S]`.

Made-up pairs of captions (`neurosym.captions`, its words for tests) whose label is known; of those that are
entailed or contradicted, that both are read and that are answered with a certificate, the share that is
proved.  `entailment.judging` takes it for the probability of a neutral answer.  It is about words that
WordNet connects, and so an upper bound for other texts.

Knows pairs with labels; must not know how two sentences are judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from contextlib import closing
from typing import Any

from neurosym.captions.pairs import Maker
from neurosym.entailment import Label, entails
from neurosym.errors import NeurosymError
from neurosym.knowledge.wordnet import wordnet
from neurosym.parser import load_parser
from neurosym.solvers import make_solver

from .records import interval


def measure(n: int, seed: int, parser: str = "neural") -> dict[str, Any]:
    """The figures over `n` pairs; `answers`: how often a label was answered with which certificate."""
    net, reader = wordnet(), load_parser(parser)
    answers: Counter[str] = Counter()
    with closing(make_solver("auto")) as solver:
        for pair in Maker("test", seed, net).pairs(n):
            found = entails(reader, solver, pair.premise, pair.hypothesis, words=net)
            said = found.label.value if found.label is not None else "none"
            answers[f"{pair.label}: {said}"] += 1
    follows = (Label.ENTAILMENT, Label.CONTRADICTION)
    proved = sum(answers[f"{label}: {label}"] for label in follows)
    missed = sum(answers[f"{label}: {Label.NEUTRAL}"] for label in follows)
    figures: dict[str, Any] = {
        "n": n,
        "seed": seed,
        "proved": proved,
        "missed": missed,
        "answers": dict(sorted(answers.items())),
    }
    if answered := proved + missed:
        figures["recall"] = round(proved / answered, 4)
        figures["interval"] = [round(x, 4) for x in interval(proved, answered)]
    return figures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--n", type=int, default=400, help="pairs of all labels")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--parser", default="neural")
    args = options.parse_args()
    try:
        print(json.dumps(measure(args.n, args.seed, args.parser), indent=1))
    except NeurosymError as e:
        print(f"linking_recall: {e}", file=sys.stderr)
        return e.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

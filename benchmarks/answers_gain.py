"""What learning from answers gains: `python -m benchmarks.answers_gain --data FILE --recipe TOML --out DIR`.

The stories of a set with answers are divided, by a fixed seed, into those to learn from and those kept out.
A parser goes on from the recipe's checkpoint with the readings that reach the right answers
(`neurosym.training`), round by round; the suite's own measure (right, certified, everything read) is then
taken on the stories kept out: before, after each round, and for a control that trains just as many steps on
generated sentences alone, so that what more training does is not taken for what answers do.

Knows suites, training and how items are answered.  Must not know how readings are searched.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from neurosym.answers import Found
from neurosym.errors import ConfigError, NeurosymError
from neurosym.parser import load_parser
from neurosym.parser.settings import read_config
from neurosym.solvers import make_solver
from neurosym.training import train, train_round

from .answering import answer
from .suite import Item, Suite, find_suite

NOTHING = Found(0, 0, 0, 0, (), 0)


@dataclass(frozen=True, slots=True)
class Split:
    learn: tuple[Item, ...]
    kept_out: tuple[Item, ...]


def split(items: Sequence[Item], to_learn: int, to_test: int, seed: int) -> Split:
    """So many items of each part; a story's items are all in one part.  Raises ConfigError for too few."""
    stories: dict[str, list[Item]] = {}
    for item in items:
        if not item.options:
            stories.setdefault(item.text, []).append(item)
    order = list(stories.values())
    Random(f"answers/{seed}").shuffle(order)
    parts: tuple[list[Item], list[Item]] = ([], [])
    for story in order:
        part = parts[0] if len(parts[0]) < to_learn else parts[1]
        part += story
    if len(parts[0]) < to_learn or len(parts[1]) < to_test:
        raise ConfigError(
            f"{len(items)} items are too few for {to_learn} to learn from and {to_test} to test"
        )
    return Split(tuple(parts[0][:to_learn]), tuple(parts[1][:to_test]))


def measured(items: Sequence[Item], suite: Suite, model: str, min_score: float) -> dict[str, Any]:
    """The suite's measure with one model: an item is right where all was read, answered so and certified."""
    parser, right, answered, unread = load_parser(model), 0, 0, 0
    with closing(make_solver("auto")) as solver:
        for n, item in enumerate(items, 1):
            found = answer(item, suite, parser, solver, min_score)
            right += found.said == item.expected and found.certified and not found.problems
            answered += found.answered
            unread += bool(found.problems)
            if n % 100 == 0:
                print(f"  {n} of {len(items)} items answered", file=sys.stderr, flush=True)
    n = max(1, len(items))
    return {"n": len(items), "accuracy": round(right / n, 4), "with_problems": unread, "answered": answered}


def configured(out: Path, items: Sequence[Item], args: argparse.Namespace) -> Path:
    """The problems to learn from, and a configuration that learns from them."""
    rows = (
        {"id": i.id, "story": i.text, "question": i.question, "answer": i.expected}
        for i in items
        if not i.closed_world
    )
    problems = out / "problems.jsonl"
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    problems.write_text(text, encoding="utf-8")
    table = {
        "path": problems.as_posix(),
        "model": args.model,
        "out": out.as_posix(),
        "rounds": args.rounds,
        "share": args.share,
        "beam": args.beam,
        "combinations": args.combinations,
        "seconds": args.seconds,
    }
    lines = "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items())
    path = out / "answers.toml"
    recipe = json.dumps(args.recipe.resolve().as_posix())
    path.write_text(f'kind = "answers"\nrecipe = {recipe}\n\n[answers]\n{lines}', encoding="utf-8")
    return path


def run(args: argparse.Namespace) -> dict[str, Any]:
    """All of it; figures by model.  Raises as training and the suites do."""
    config = read_config(args.recipe)
    if config.settings.max_minutes:
        raise ConfigError(f"{args.recipe}: train.max_minutes must be 0: by the clock, steps do not compare")
    args.out.mkdir(parents=True, exist_ok=True)
    suite = find_suite(args.suite)
    parts = split(list(suite.items(args.data)), args.learn, args.test, args.seed)
    path = configured(args.out, parts.learn, args)
    result: dict[str, Any] = {"learn": len(parts.learn), "rows": {}}
    rows = result["rows"]
    rows["before"] = measured(parts.kept_out, suite, args.model or "neural", args.min_score)
    print(f"before: {rows['before']}", file=sys.stderr, flush=True)
    if not args.no_control:
        # without pairs the samples are fewer: the epochs make up for it
        longer = replace(config.settings, epochs=config.settings.epochs / (1 - args.share))
        folder = args.out / "control"
        folder.mkdir(exist_ok=True)
        figures = train_round(replace(config, settings=longer), NOTHING, args.share, folder, "control")
        rows["generated sentences alone"] = {
            **measured(parts.kept_out, suite, str(folder / "model"), args.min_score),
            "generated_tests": figures["tests"],
            "steps": figures["steps"],
        }
        print(f"control: {rows['generated sentences alone']}", file=sys.stderr, flush=True)
    learnt = train(path)
    for n, figures in enumerate(learnt["rounds"], 1):
        rows[f"answers, round {n}"] = {
            **measured(parts.kept_out, suite, str(args.out / f"round{n}" / "model"), args.min_score),
            "found": figures["found"],
            "generated_tests": figures["tests"],
            "steps": figures["steps"],
        }
    return result


def main(argv: Sequence[str] | None = None) -> int:
    p = argparse.ArgumentParser(description="What learning from answers gains on stories kept out.")
    p.add_argument("--suite", default="proofwriter", choices=["proofwriter", "folio"])
    p.add_argument("--data", type=Path, required=True, help="the suite's data, a part that may be trained on")
    p.add_argument("--recipe", type=Path, required=True, help="a configuration with train.init")
    p.add_argument("--model", default="", help="the folder of the checkpoint's model; empty: the shipped one")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--learn", type=int, default=300, metavar="N", help="items to learn from")
    p.add_argument("--test", type=int, default=300, metavar="N", help="items kept out")
    p.add_argument("--rounds", type=int, default=2)
    p.add_argument("--share", type=float, default=0.3)
    p.add_argument("--beam", type=int, default=6)
    p.add_argument("--combinations", type=int, default=32)
    p.add_argument("--seconds", type=float, default=5.0, help="of the search in one problem")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--min-score", type=float, default=0.5, help="believe no reading that scores less")
    p.add_argument("--no-control", action="store_true")
    args = p.parse_args(argv)
    try:
        result = run(args)
    except NeurosymError as e:
        print(f"answers_gain: {e}", file=sys.stderr)
        return e.exit_code
    (args.out / "gain.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"| model | accuracy on {args.test} items kept out | items with problems |\n|---|---|---|")
    for name, row in result["rows"].items():
        print(f"| {name} | {row['accuracy']:.4f} | {row['with_problems']} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

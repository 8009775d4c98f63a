"""The verb `data`: the parser's training data, made by fixed seeds or read from a public set.

    neurosym data make --split train --seed 1 --n 400000 -o train.jsonl
    neurosym data make --kind stories --split dev --n 2000 -o stories.jsonl
    neurosym data read ruletaker theories.jsonl --split train -o ruletaker.jsonl

One sample a line, as JSON.  The file appears when it is complete, never half.  Progress goes to
stderr.  Knows files; must not know how sentences are made.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError, InputError

ABOUT = "Make the parser's training data by fixed seeds, or read them from a public set."
SPLITS = ("train", "dev", "test")
KINDS = ("sentences", "stories", "mentions")
SETS = ("ruletaker",)
PARTS = ("all", "train", "dev")  # of a public set
MOST = 50_000_000  # samples of one file: more is a slip of the keyboard
_EVERY = 2.0  # seconds between two words of progress


def arguments(p: argparse.ArgumentParser) -> None:
    """The options of `data`, added to its parser."""
    actions = p.add_subparsers(required=True, metavar="make | read")
    make = actions.add_parser("make", help="generate samples: the same ones for the same seed")
    make.add_argument(
        "--kind",
        choices=KINDS,
        default="sentences",
        help="single sentences, or short documents (mentions: some in which it is open who is meant)",
    )
    make.add_argument("--split", choices=SPLITS, default="train", help="whose words and skeletons are used")
    make.add_argument("--seed", type=int, default=1, metavar="N")
    make.add_argument("--n", type=int, default=1000, metavar="N", help="how many samples")
    make.add_argument("--wordnet", type=Path, metavar="DIR", help="folder of data.noun, index.noun, ...")
    read = actions.add_parser("read", help="align the sentences of a public set with its forms")
    read.add_argument("set", choices=SETS, help="a set that may be trained on")
    read.add_argument("path", type=Path, help="its file")
    read.add_argument(
        "--split",
        choices=PARTS,
        default="all",
        help="dev: the quarter of the theories that benchmarks measure; train: sentences of no such theory",
    )
    for action, run in ((make, _make), (read, _read)):
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="say so in JSON")
        action.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="JSON lines")
        action.set_defaults(data=run)


def data(args: argparse.Namespace) -> int:
    """data make | data read."""
    written: int = args.data(args)
    if args.json:
        print(json.dumps({"output": str(args.output), "samples": written}))
    return 0


def _make(args: argparse.Namespace) -> int:
    if not 1 <= args.n <= MOST:
        raise ConfigError(f"--n {args.n}: a number of samples from 1 to {MOST} was expected")
    if args.seed < 0:
        raise ConfigError(f"--seed {args.seed}: a whole number from 0 was expected")
    return write(made(args.kind, args.split, args.seed, args.n, args.wordnet), args.output, args.n)


def made(
    kind: str, split: str, seed: int, n: int, wordnet: Path | None = None
) -> Iterator[Mapping[str, Any]]:
    """The samples of `data make`.  Raises ParserError for an unknown split or a missing WordNet."""
    from neurosym.parser.lexicon import WORDNET

    folder = wordnet if wordnet is not None else WORDNET
    if kind == "stories":
        from neurosym.parser.generate.stories import stories

        return iter(stories(split, seed, n, folder))
    if kind == "mentions":
        from neurosym.parser.generate.rivals import mentions

        return iter(mentions(split, seed, n, folder))
    from neurosym.parser.generate import samples

    return samples(split, seed, n, folder)


def _read(args: argparse.Namespace) -> int:
    from neurosym.parser.generate.external import ruletaker

    if not args.path.is_file():
        raise InputError(f"no file {args.path}", hint="give the path of the downloaded set")
    return write(ruletaker(args.path, args.split), args.output)


def write(samples: Iterable[Mapping[str, Any]], output: Path, expected: int = 0) -> int:
    """Write JSON lines to a temporary neighbour and rename it: there is never half a file.

    Returns the number of lines.  Raises InputError where `output` cannot be written; whatever
    else is raised on the way leaves no file behind.
    """
    folder = output.parent
    if not folder.is_dir():
        raise InputError(f"no folder {folder}", hint="make it first, or give another --output")
    if output.is_dir():
        raise InputError(f"{output} is a folder", hint="give the name of a file")
    progress = _Progress(expected)
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{output.name}.")
    except OSError as e:
        raise InputError(f"cannot write into {folder}: {e.strerror}") from e
    try:
        with open(handle, "w", encoding="utf-8") as out:
            n = 0
            for n, sample in enumerate(samples, 1):
                out.write(json.dumps(sample, ensure_ascii=False, separators=(",", ":")) + "\n")
                progress.say(n)
        os.chmod(name, 0o644)
        os.replace(name, output)
    except OSError as e:
        _remove(name)
        raise InputError(f"cannot write {output}: {e.strerror or e}") from e
    except BaseException:
        _remove(name)
        raise
    progress.end(n, output)
    return n


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)


class _Progress:
    """How far the writing is, on stderr, now and then."""

    def __init__(self, expected: int) -> None:
        self.expected, self.begin = expected, time.monotonic()
        self.last, self.spoke = self.begin, False

    def say(self, n: int) -> None:
        now = time.monotonic()
        if now - self.last < _EVERY:
            return
        self.last, rate = now, n / (now - self.begin)
        if self.expected:
            left = (self.expected - n) / rate
            text = f"{n:,} of {self.expected:,} samples ({n / self.expected:.0%}), {left:.0f} s left"
        else:
            text = f"{n:,} samples"
        live = sys.stderr.isatty()
        print(f"\r{text}   " if live else text, end="" if live else "\n", file=sys.stderr, flush=True)
        self.spoke = live

    def end(self, n: int, output: Path) -> None:
        print(f"{chr(10) if self.spoke else ''}{n:,} samples in {output}", file=sys.stderr)

"""Write train.tsv and test.tsv: a label, a premise and a hypothesis on each line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from neurosym.captions.pairs import Maker
from neurosym.captions.words import SPLITS
from neurosym.knowledge.wordnet import wordnet


def main() -> None:
    options = ArgumentParser(prog="python -m neurosym.captions", description=__doc__)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--train", type=int, default=60_000)
    options.add_argument("--test", type=int, default=4_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for split in SPLITS:
        pairs = Maker(split, given.seed, wordnet()).pairs(getattr(given, split))
        text = "".join(f"{p.label}\t{p.premise}\t{p.hypothesis}\n" for p in pairs)
        (given.out / f"{split}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

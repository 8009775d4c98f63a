"""Write samples as JSON lines: python -m neurosym.parser.generate --n 200000 --split train --out FILE.

The same data as `neurosym data make`; without --out they go to standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from neurosym.errors import NeurosymError
from neurosym.parser.generate import samples
from neurosym.parser.lexicon import SPLITS, WORDNET


def main() -> int:
    args = argparse.ArgumentParser(prog="python -m neurosym.parser.generate", description=__doc__)
    args.add_argument("--n", type=int, default=1000, help="number of samples")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--split", choices=SPLITS, default="train")
    args.add_argument("--out", type=Path, help="file to write; standard output without it")
    args.add_argument("--wordnet", type=Path, default=WORDNET, help="folder of data.noun, index.noun, ...")
    a = args.parse_args()
    try:
        out = a.out.open("w", encoding="utf-8") if a.out else sys.stdout
        for s in samples(a.split, a.seed, a.n, a.wordnet):
            out.write(json.dumps(s, ensure_ascii=False, separators=(",", ":")) + "\n")
    except (NeurosymError, OSError) as e:
        print(e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

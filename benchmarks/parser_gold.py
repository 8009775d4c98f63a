"""The neural parser on the hand-written sentences: `python benchmarks/parser_gold.py [FILE.jsonl]`.

Each line holds a `text` and its `formula`; right is the very formula.  Prints JSON with the misreadings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from neurosym.parser import load_parser
from neurosym.syntax import read_formula, show

GOLD = Path(__file__).parent.parent / "tests" / "corpus" / "parser_gold.jsonl"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    parser = load_parser("neural")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    wrong = []
    for row in rows:
        wanted = read_formula(row["formula"], free=True)
        parsed = parser.read(row["text"], "gold")
        best = parsed[0].readings[0] if len(parsed) == 1 and parsed[0].readings else None
        if best is None or best.formula != wanted:
            found = show(best.formula) if best else parsed[0].reason
            score = round(best.score, 3) if best else 0.0
            wrong.append({"text": row["text"], "wanted": show(wanted), "found": found, "score": score})
    print(
        json.dumps(
            {"n": len(rows), "right": len(rows) - len(wrong), "wrong": wrong}, indent=2, ensure_ascii=False
        )
    )


if __name__ == "__main__":
    main()

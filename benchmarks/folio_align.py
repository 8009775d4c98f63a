"""FOLIO's premises as training samples: its formulas say which way of cutting a sentence is right.

`folio_chunks` proposes ways of cutting a sentence; a way is right where it is equivalent to the
gold formula once every stretch of words is taken for the gold atoms that it says (a truth table), and
the names of those atoms share words with the stretch.  The names that FOLIO gives to predicates
are thrown away: a stretch is told to the parser as docs/english.md has it, so that the same
words have the same name in every sentence of a story, which FOLIO's own names do not teach.
What cannot be aligned is left out.

Knows formulas, proposals and the parser's target language.  Must not know how a model is trained.
`python -m benchmarks.folio_align --data PATH` prints the share aligned and how well names are shared.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from neurosym.errors import NeurosymError, ParserError, SyntaxProblem
from neurosym.logic import (
    And,
    Const,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Xor,
    atoms,
    free_vars,
)
from neurosym.parser.coverage import left_out
from neurosym.parser.decode import decode
from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.parser.tokenize import words as split_words
from neurosym.syntax import show

from .folio_chunks import proposals
from .folio_gold import Gold, golds_of
from .folio_notation import read_formula
from .folio_tokens import name_of, tokens_of
from .folio_units import Join, Proposal, Tree, Unit, oddity, units
from .suite import Json, field, read_json_lines

ODD = 0.9  # how odd the stretches of a sentence may be together
TRIES = 3000  # assignments of atoms to stretches that are looked at, per proposal


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence as a training sample, and which name of ours stands for which gold atoms."""

    story: str
    text: str
    words: tuple[str, ...]
    tokens: tuple[str, ...]
    names: tuple[tuple[str, str], ...]  # gold predicates (joined by "+"), and our name
    units: tuple[Unit, ...] = ()


# --- truth tables: a formula is the set of rows where it holds, as a number --------------


def _columns(n: int) -> list[int]:
    return [sum(1 << row for row in range(1 << n) if row >> i & 1) for i in range(n)]


def _gold_rows(f: Formula, column: Mapping[Formula, int], every: int) -> int:
    match f:
        case Not(body):
            return every & ~_gold_rows(body, column, every)
        case And(parts):
            out = every
            for p in parts:
                out &= _gold_rows(p, column, every)
            return out
        case Or(parts):
            out = 0
            for p in parts:
                out |= _gold_rows(p, column, every)
            return out
        case Implies(a, b):
            return (every & ~_gold_rows(a, column, every)) | _gold_rows(b, column, every)
        case Iff(a, b):
            return every & ~(_gold_rows(a, column, every) ^ _gold_rows(b, column, every))
        case Xor(a, b):
            return _gold_rows(a, column, every) ^ _gold_rows(b, column, every)
        case _:
            return column[f]


def _tree_rows(t: Tree, value: Mapping[str, int], key: Mapping[Unit, str], every: int) -> int:
    if isinstance(t, Unit):
        return value[key[t]]
    found = [_tree_rows(p, value, key, every) for p in t.parts]
    match t.op:
        case "NOT":
            return every & ~found[0]
        case "AND":
            out = every
            for f in found:
                out &= f
            return out
        case "OR":
            return found[0] | found[1]
        case "XOR":
            return found[0] ^ found[1]
        case _:
            return (every & ~found[0]) | found[1]


# --- which stretch says which atom --------------------------------------------------------


def _words_of(name: str) -> list[str]:
    """HasRegularJobs -> has, regular, jobs."""
    return [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def _alike(a: str, b: str) -> bool:
    """Do two words begin alike?  Enough for inflection and most derivation."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n >= min(4, len(a), len(b)) and n >= max(len(a), len(b)) - 5


def overlap(part: Formula, unit: Unit, words: Sequence[str]) -> float:
    """How much of the name of `part` the stretch says, from 0 to 1, and a little for constants."""
    said = [p for w in words[unit.start : unit.end] for p in (w.lower(), *w.lower().split("-"))]
    run = "".join(w.lower() for w in words[unit.start : unit.end] if w.isalnum())
    names = [w for a in atoms(part) for w in _words_of(a.pred)]
    names = [w for w in names if w not in ("is", "be", "of", "in", "the", "a", "has")] or names
    hits = sum(any(_alike(n, s) for s in said) or (len(n) > 3 and n in run) for n in names)
    named = {t.name.lower() for a in atoms(part) for t in a.args if isinstance(t, Const)}
    known = sum(len(c) > 2 and (c in run or any(_alike(c, s) for s in said)) for c in named)
    return hits / len(names) + 0.5 * known


def _subject(unit: Unit, words: Sequence[str]) -> str:
    """Whom a unit speaks of; a name that is said twice is one."""
    said = [words[int(t[2:])].lower() for t in unit.subject if ":" in t]
    return "_".join(said) or " ".join(unit.subject)


def _about(part: Formula, unit: Unit, words: Sequence[str], bare: bool) -> bool:
    """Can `part` speak of the unit's subject?"""
    if free_vars(part):
        return unit.subject == ("x",)
    subject = "".join(words[int(t[2:])].lower() for t in unit.subject if ":" in t)
    if not subject:
        return bare
    named = [t.name.lower().replace("_", "") for a in atoms(part) for t in a.args if isinstance(t, Const)]
    plain = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode()
    short = re.sub(r"\W", "", plain)
    initials = "".join(words[int(t[2:])][:1].lower() for t in unit.subject if ":" in t)
    if len(initials) > 1 and initials in named:
        return True
    return any(c[:3] == short[:3] or c in short or short in c or c[-4:] == short[-4:] for c in named)


def _may_turn(part: Formula, gold: Gold) -> bool:
    """May the name stand for the opposite?  FOLIO has NoClass for "does not have class", and Class too."""
    short = gold.quantifier == "ALL" and len(gold.parts) <= 2 and isinstance(gold.matrix, Implies)
    return short or any(re.match("Not?[A-Z]", a.pred) for a in atoms(part))


def _heads(p: Proposal) -> set[Unit]:
    """Nouns that may say nothing beside what is said of them: "people who ...", "a person in ...", "cars"."""
    found: set[Unit] = set()

    def walk(t: Tree) -> None:
        if isinstance(t, Join):
            if t.op == "AND" and isinstance(t.parts[0], Unit) and t.parts[0].kind == "noun":
                found.add(t.parts[0])
            for part in t.parts:
                walk(part)

    for t in (p.restriction, p.body):
        if t is not None:
            walk(t)
    if isinstance(p.restriction, Unit):
        found.add(p.restriction)
    return found


def _fit(p: Proposal, gold: Gold, words: Sequence[str]) -> tuple[float, dict[str, list[Formula]]] | None:
    """How well a proposal says the gold formula, with the atoms of each name; None where it does not."""
    whole = (
        p.body
        if p.restriction is None
        else Join("AND" if p.quantifier == "EX" else "IMP", (p.restriction, p.body))
    )
    if p.quantifier != gold.quantifier and not (p.bare and gold.quantifier == ""):
        return None
    every = list(dict.fromkeys(units(whole)))
    key = {u: f"{name_of(u, words)}/{_subject(u, words)}" for u in every}
    heads = {key[u] for u in _heads(p)}
    first = {key[u]: u for u in reversed(every)}
    parted = {k for k, u in first.items() if "or" in words[u.start : u.end]}  # "good at chess or checkers"
    if len(set(key.values()) - heads) > len(gold.parts):
        return None
    options: list[list[tuple[float, str]]] = []
    for part in gold.parts:
        fit = [(overlap(part, u, words), k) for k, u in first.items() if _about(part, u, words, p.bare)]
        good = [f for f in fit if f[0] > 0] or fit
        if not good:
            return None
        options.append(sorted(good, key=lambda f: -f[0])[:4])
    n = len(gold.parts)
    rows = (1 << (1 << n)) - 1
    column = dict(zip(gold.parts, _columns(n), strict=True))
    wanted = _gold_rows(gold.matrix, column, rows)
    if (odd := sum(oddity(u, words) for u in first.values())) > ODD:
        return None
    best: tuple[float, dict[str, list[Formula]]] | None = None
    for i, chosen in enumerate(product(*options)):
        if i >= TRIES:
            break
        said: dict[str, list[Formula]] = {k: [] for k in first}
        for part, (_, k) in zip(gold.parts, chosen, strict=True):
            said[k].append(part)
        empty = [k for k, parts in said.items() if not parts]
        strangers = sum(s == 0 for s, _ in chosen)
        if not set(empty) <= heads or strangers > 1 or len(empty) == len(said):
            continue
        score = sum(s for s, _ in chosen) / n - 0.05 * len(empty) - 0.3 * strangers - 0.4 * odd
        score -= sum((1.0 if k in parted else 0.25) * (len(parts) > 1) for k, parts in said.items())
        if best is not None and score <= best[0]:
            continue
        for turned in (None, *(p for p in gold.parts if _may_turn(p, gold))):
            value = {k: 0 if k in parted and said[k] else rows for k in said}
            for part, (_, k) in zip(gold.parts, chosen, strict=True):
                here = column[part] if part != turned else rows & ~column[part]
                value[k] = value[k] | here if k in parted else value[k] & here
            fine = score - (0 if turned is None else 0.4)
            if (best is None or fine > best[0]) and _tree_rows(whole, value, key, rows) == wanted:
                best = fine, said
                break
    return best


# --- samples ------------------------------------------------------------------------------


def align(text: str, formula: Formula, story: str = "") -> Aligned | str:
    """The sentence as a sample that says what the formula says, or why there is none."""
    words = tuple(w.text for w in split_words(text.strip()))
    golds = golds_of(formula, words)
    if not golds:
        return "the formula has several variables, or too many atoms"
    if not words or len(words) > MAX_WORDS:
        return "the sentence is too long"
    ranked: list[tuple[float, int, Proposal, dict[str, list[Formula]]]] = []
    proposed = proposals(words, 2 * max(len(g.parts) for g in golds) + 2)
    for gold in golds:
        if not ranked:  # as it stands, before what may have been meant
            for i, p in enumerate(proposed):
                if (found := _fit(p, gold, words)) is not None:
                    ranked.append((-found[0], i, p, found[1]))
    why = "no way of cutting it says the formula" if proposed else "no way of cutting it was found"
    for _, _, p, said in sorted(ranked, key=lambda r: r[:2])[:8]:
        try:
            tokens = tokens_of(p, words)
            if tokens is None or len(tokens) > MAX_TOKENS:
                continue
            decode(tokens, words)
        except ParserError as e:
            why = f"not readable: {e.message}"
            continue
        if gap := left_out(tokens, words):
            why = gap
            continue
        names = tuple(
            ("+".join(sorted({a.pred for f in parts for a in atoms(f)})), k.rpartition("/")[0])
            for k, parts in said.items()
            if parts
        )
        every = tuple(dict.fromkeys((*units(p.restriction), *units(p.body))))
        return Aligned(story, text.strip(), words, tuple(tokens), names, every)
    return why


def aligned(rows: Sequence[Json], path: Path) -> tuple[list[Aligned], list[tuple[str, str, str]]]:
    """The samples of every different premise, and (text, formula, why not) of the others."""
    done: set[tuple[str, str]] = set()
    good: list[Aligned] = []
    bad: list[tuple[str, str, str]] = []
    for n, row in enumerate(rows, 1):
        story = str(field(row, "story_id", path, f"row {n}"))
        told = zip(row["premises"], field(row, "premises-FOL", path, f"row {n}"), strict=False)
        for text, fol in told:
            if (story, text) in done or not text.strip():
                continue
            done.add((story, text))
            try:
                found: Aligned | str = align(text, read_formula(fol, path.name, n), story)
            except SyntaxProblem as e:
                found = f"formula: {e.message}"
            if isinstance(found, str):
                bad.append((text.strip(), fol, found))
            else:
                good.append(found)
    return good, bad


def shared_names(samples: Sequence[Aligned]) -> tuple[int, int]:
    """Pairs of sentences of a story that use one gold predicate: those with one name of ours, and all."""
    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    for s in samples:
        for gold, ours in s.names:
            by[s.story, gold].append(ours)
    pairs = [(a, b) for names in by.values() for i, a in enumerate(names) for b in names[i + 1 :]]
    return sum(a == b for a, b in pairs), len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description="FOLIO's premises as training samples.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="JSON lines: words, tokens, story")
    parser.add_argument("--show", type=int, default=0, help="so many of those left out")
    args = parser.parse_args()
    try:
        good, bad = aligned(list(read_json_lines(args.data)), args.data)
    except NeurosymError as e:
        sys.exit(str(e))
    if args.out is not None:
        lines = (json.dumps({"words": s.words, "tokens": s.tokens, "story": s.story}) for s in good)
        args.out.write_text("\n".join(lines) + "\n", "utf-8")
    same, pairs = shared_names(good)
    for text, fol, why in bad[: args.show]:
        print(f"{why}\n    {text}\n    {fol}")
    found = {
        "sentences": len(good) + len(bad),
        "aligned": len(good),
        "share": round(len(good) / max(1, len(good) + len(bad)), 4),
        "pairs_of_one_predicate": pairs,
        "same_name": round(same / max(1, pairs), 4),
        "left_out": dict(Counter(re.sub(r"'[^']*'", "...", why) for *_, why in bad).most_common(12)),
        "examples": [show(decode(s.tokens, s.words).formula) for s in good[:3]],
    }
    print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""The parser on 300 sentences written by hand: `python -m benchmarks.robustness [--parser NAME]`.

The sentences are in the style of news, policy and help-desk text and of nobody's templates; their
gold forms follow docs/english.md to the letter.  A reading is right where it is a gold form up to
the names of variables and the order of conjuncts, or is proved equivalent to one: both directions,
by a solver with limits whose certificates the kernel checks once more.

A reading is judged as the engine takes it in (`hearing.hear`): its pronouns are resolved in the sentence
itself, each with its probability; one that stays open is refused, and so is a reading that claims to say
only a part of its sentence, where that part does follow from the gold form.

Knows forms and how they are compared; must not know how sentences are read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import count
from math import prod
from pathlib import Path
from typing import Any, assert_never

from neurosym.errors import CheckError, InputError, NeurosymError
from neurosym.kernel import check
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Or,
    Term,
    Var,
    Xor,
    atoms,
    free_vars,
    ground_terms,
    map_terms,
    substitute,
)
from neurosym.parser import load_parser
from neurosym.parser.morphology import lump_lemma
from neurosym.parser.reading import Reading, TextParser
from neurosym.parser.reference import resolve
from neurosym.parser.tokenize import words
from neurosym.solvers import make_solver
from neurosym.syntax import quote, read_formula, show
from neurosym.theory import Theory
from neurosym.verdict import Limits, Proved, Solver

from . import plots

SET = Path(__file__).with_name("robustness.tsv")
STYLES = ("news", "policy", "helpdesk")
ACTS = ("tell", "ask", "command", "wh", "count")  # count: how many
CONFIDENT = 0.9
LIMITS = Limits(seconds=5.0, rlimit=5_000_000, steps=200_000, memory_mb=1024)
REPORT, RELIABILITY, COVERAGE = "report.md", "reliability.png", "coverage.png"
ASKED = Var("x")  # what the gold form of a question asks for
_THAT = "that "
STRETCH = re.compile(r"\[\[(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the forms that are right for it; none where every reading is wrong."""

    id: str
    style: str
    act: str
    text: str
    forms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a parser made of a sentence.  how: "exact", "equivalent", "wrong" or "refused"."""

    sentence: Sentence
    how: str
    score: float = 0.0
    act: str = ""
    reading: str = ""  # as text, or why there is none

    @property
    def right(self) -> bool:
        return self.how in ("exact", "equivalent")


def read_set(path: Path = SET) -> tuple[Sentence, ...]:
    """The sentences of a file with a line each: id, style, act, sentence and forms, between tabs.

    Forms are in the text syntax, with stretches as in `spelt`, and separated by `|||`.  Raises InputError
    with the line for what is not so.
    """
    out: list[Sentence] = []
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 5:
            raise InputError(
                f"expected 5 fields between tabs, found {len(fields)}", document=path.name, line=n
            )
        id_, style, act, text, forms = fields
        if style not in STYLES or act not in ACTS:
            raise InputError(f"unknown style or act: {style!r}, {act!r}", document=path.name, line=n)
        try:
            read = tuple(read_formula(spelt(f), free=True) for f in forms.split("|||"))
        except InputError as e:
            raise InputError(f"{e.message}, in a form of {id_}", document=path.name, line=n) from e
        asked = (ASKED,) if act in ("wh", "count") else ()
        if bad := next((f for f in read if free_vars(f) != asked), None):
            raise InputError(
                f"expected {'?x alone' if asked else 'nothing'} to be free in {show(bad)}",
                document=path.name,
                line=n,
            )
        out.append(Sentence(id_, style, act, text, read))
    return tuple(out)


def spelt(form: str) -> str:
    """A form where the stretches of words in [[ ]] have become the predicates that they are read as."""
    return STRETCH.sub(lambda m: _lumped(m[1]), form)


def _lumped(stretch: str) -> str:
    lemmas = (re.sub(r"\W+", "_", lump_lemma(w.text.lower())).strip("_") for w in words(stretch))
    return "_".join(filter(None, lemmas))


# --- when two forms say the same ----------------------------------------------------------------


def canonical(f: Formula) -> Formula:
    """`f` with its conjuncts in one order and its bound variables named by their places.

    Equal results mean equal forms up to these; forms that differ in more may still be equivalent.
    """
    return _named(_sorted(map_terms(f, _proposition)), {}, count())


def _proposition(t: Term) -> Term:
    """A proposition that is a thing is named by its text: let that be the canonical one."""
    if not isinstance(t, Const) or not t.name.startswith(_THAT):
        return t
    try:
        return Const(_THAT + show(canonical(read_formula(t.name.removeprefix(_THAT)))))
    except InputError:  # a name that only begins so
        return t


def _shape(f: Formula) -> str:
    return re.sub(r"\?(\w+|'[^']*')", "?", show(f))


def _sorted(f: Formula) -> Formula:
    match f:
        case And(parts) | Or(parts):
            kind = type(f)
            flat = [q for p in map(_sorted, parts) for q in (p.parts if isinstance(p, kind) else (p,))]
            return kind(tuple(sorted(flat, key=_shape)))
        case Xor(a, b) | Iff(a, b):
            return type(f)(*sorted((_sorted(a), _sorted(b)), key=_shape))
        case Implies(a, b):
            return Implies(_sorted(a), _sorted(b))
        case Not(body):
            return Not(_sorted(body))
        case Forall(vs, body) | Exists(vs, body):
            inner = _sorted(body)
            return (
                type(f)((*vs, *inner.vars), inner.body) if isinstance(inner, type(f)) else type(f)(vs, inner)
            )
        case Atom() | Equal() | Less():
            return f
        case _:
            assert_never(f)


def _named(f: Formula, names: dict[Term, Term], fresh: Iterator[int]) -> Formula:
    match f:
        case And(parts) | Or(parts):
            return type(f)(tuple(_named(p, names, fresh) for p in parts))
        case Xor(a, b) | Iff(a, b) | Implies(a, b):
            return type(f)(_named(a, names, fresh), _named(b, names, fresh))
        case Not(body):
            return Not(_named(body, names, fresh))
        case Forall(vs, body) | Exists(vs, body):
            # in the order in which the body has them: "exists ?x ?y" is "exists ?y ?x"
            used = [v for v in free_vars(body) if v in vs]
            new = tuple(Var(f"v{next(fresh)}") for _ in used)
            inner: dict[Term, Term] = dict(names)
            inner.update(zip(used, new, strict=True))
            return type(f)(new, _named(body, inner, fresh)) if new else _named(body, names, fresh)
        case Atom() | Equal() | Less():
            return map_terms(f, lambda t: names.get(t, t))
        case _:
            assert_never(f)


def _vocabulary(f: Formula) -> tuple[frozenset[tuple[str, int]], frozenset[Term]]:
    return frozenset((a.pred, len(a.args)) for a in atoms(f)), frozenset(ground_terms([f]))


def proved_equivalent(a: Formula, b: Formula, solver: Solver, limits: Limits = LIMITS) -> bool:
    """Does each follow from the other, by certificates that the kernel accepts?

    False too where a limit is reached, and for forms that do not speak of the same things: no
    reading is right only because both it and the gold form are empty of content.
    """
    if _vocabulary(a) != _vocabulary(b):
        return False
    return follows(a, b, solver, limits) and follows(b, a, solver, limits)


def follows(a: Formula, b: Formula, solver: Solver, limits: Limits = LIMITS) -> bool:
    """Does b follow from a alone, by a certificate that the kernel accepts?  False at a limit too."""
    nothing, goal = Theory(()), Implies(a, b)
    verdict = solver.solve(nothing, goal, limits)
    if not isinstance(verdict, Proved):
        return False
    try:
        check(nothing, goal, verdict.certificate)
    except CheckError:
        return False
    return True


def act_of(r: Reading) -> str:
    return ("count" if r.count else "wh") if r.variables else r.act.value


def judge(sentence: Sentence, parser: TextParser, solver: Solver) -> Judged:
    """Read a sentence and compare its best reading with the gold forms."""
    parsed = parser.read(sentence.text, sentence.id)
    if len(parsed) != 1:
        return Judged(sentence, "refused", reading=f"split into {len(parsed)} sentences")
    if not parsed[0].readings:
        return Judged(sentence, "refused", reading=parsed[0].reason)
    (heard,), _ = resolve([replace(parsed[0], readings=parsed[0].readings[:1])])
    best = heard.readings[0]
    act, shown = act_of(best), show(best.formula)
    if best.anaphors:
        return Judged(sentence, "refused", act=act, reading=heard.reason)
    # that its mentions are what they are taken for is a part of how sure the engine is of it
    score = best.score * prod(r.score for r in best.resolutions)
    if best.partial:
        honest = act == sentence.act and any(follows(g, best.formula, solver) for g in sentence.forms)
        return Judged(sentence, "refused" if honest else "wrong", 0.0 if honest else score, act, shown)
    how = "wrong"
    if act == sentence.act:
        # a name that no text can have, so that the asked variable is like no other thing
        asked: dict[Var, Term] = {v: Const(f"asked {i}") for i, v in enumerate(best.variables)}
        found = canonical(substitute(best.formula, asked))
        golds = [canonical(substitute(f, {ASKED: Const("asked 0")})) for f in sentence.forms]
        if found in golds:
            how = "exact"
        elif any(proved_equivalent(found, g, solver) for g in golds):
            how = "equivalent"
    return Judged(sentence, how, score, act, shown)


def judge_all(rows: Sequence[Sentence], parser: TextParser, solver: Solver) -> tuple[Judged, ...]:
    return tuple(judge(s, parser, solver) for s in rows)


# --- what is said of a run ------------------------------------------------------------------------


def figures(seen: Sequence[Judged]) -> dict[str, Any]:
    """Shares are of all sentences; `confident_errors` are wrong readings that score 0.9 or more."""
    n = max(1, len(seen))
    share = {h: sum(j.how == h for j in seen) for h in ("exact", "equivalent", "wrong", "refused")}
    right = share["exact"] + share["equivalent"]
    sure = sum(j.how == "wrong" and j.score >= CONFIDENT for j in seen)
    by: dict[str, dict[str, list[int]]] = {"style": {}, "act": {}}
    for j in seen:
        for part, key in (("style", j.sentence.style), ("act", j.sentence.act)):
            tally = by[part].setdefault(key, [0, 0])
            tally[0] += j.right
            tally[1] += 1
    return {
        "n": len(seen),
        "right": right,
        "share_right": round(right / n, 4),
        **share,
        "confident_errors": sure,
        "share_confident_errors": round(sure / n, 4),
        "by_style": {k: by["style"][k] for k in STYLES if k in by["style"]},
        "by_act": {k: by["act"][k] for k in ACTS if k in by["act"]},
    }


def failures(seen: Sequence[Judged]) -> list[dict[str, Any]]:
    """The sentences that were not read rightly, the surest errors first."""
    failed = [j for j in seen if not j.right]
    return [
        {
            **{k: v for k, v in asdict(j.sentence).items() if k != "forms"},
            "how": j.how,
            "score": round(j.score, 3),
            "read_as": j.act,
            "reading": j.reading,
            "gold": [show(f) for f in j.sentence.forms],
        }
        for j in sorted(failed, key=lambda j: (-j.score, j.sentence.id))
    ]


def write_report(seen: Sequence[Judged], folder: Path, title: str) -> None:
    """report.md with the failures, and the pictures.  Raises InputError where nothing can be written."""
    plots.must_have_matplotlib()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = figures(seen)
        lines = [f"# {title}", ""]
        lines += [f"- {key}: {json.dumps(value)}" for key, value in found.items()]
        lines += ["", "## Failures", ""]
        for f in failures(seen):
            lines += [
                f"### {f['id']} ({f['style']}, {f['act']}): {f['how']} {f['score']:g}",
                "",
                f["text"],
                "",
            ]
            lines += [f"    read: {f['read_as']} {f['reading']}", *(f"    gold: {g}" for g in f["gold"]), ""]
        (folder / REPORT).write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as e:
        raise InputError(
            f"cannot be written: {e.strerror}", document=str(folder), hint="give a folder with --report DIR"
        ) from e
    if pairs := [(j.score, j.right) for j in seen if j.how != "refused"]:
        plots.reliability(pairs, folder / RELIABILITY, f"Reliability: {title}")
        plots.coverage_curve(pairs, len(seen), folder / COVERAGE, f"Coverage and accuracy: {title}")


def proposition(text: str) -> str:
    """The text of the constant that names the proposition `text`, as it stands in a form."""
    return quote(_THAT + show(read_formula(text)))


def arguments(about: str) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=about)
    options.add_argument(
        "--parser", default="neural", help="neural, grammar, or a folder with a trained model"
    )
    options.add_argument("--json", action="store_true", help="one JSON object, with the failures")
    options.add_argument("--report", metavar="DIR", help="write report.md and its pictures there")
    return options


def main() -> int:
    options = arguments(__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--limit", type=int, help="only the first sentences")
    args = options.parse_args()
    try:
        with closing(make_solver("auto")) as solver:
            seen = judge_all(read_set()[: args.limit], load_parser(args.parser), solver)
        if args.report:
            write_report(seen, Path(args.report), f"robustness set, parser {args.parser}")
    except NeurosymError as e:
        print(f"robustness: {e}", file=sys.stderr)
        return e.exit_code
    found, failed = figures(seen), failures(seen)
    if args.json:
        print(json.dumps({**found, "failures": failed}, indent=1, ensure_ascii=False))
        return 0
    for f in failed:
        print(f"{f['id']} {f['how']} {f['score']:g}  {f['text']}\n    read: {f['read_as']} {f['reading']}")
        for g in f["gold"]:
            print(f"    gold: {f['act']} {g}")
    for key, value in found.items():
        print(f"{key:24} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

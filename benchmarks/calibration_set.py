"""How well the parser's scores are calibrated: `python -m benchmarks.calibration_set [--parser NAME]`.

1500 sentences from templates and word lists of their own (calibration_templates.tsv), which share
nothing with the generator that makes the training data, and whose gold forms come by construction;
the 300 sentences of the robustness set; and sentences outside the conventions, whose every reading
is wrong.  Prints the calibration error of the scores (Guo et al. 2017, section 2), the chance that
a right reading scores above a wrong one, and how accurate the surest readings are.

Knows templates, words and forms; must not know how sentences are read, nor the training generator.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import InputError, NeurosymError
from neurosym.logic import Formula, free_vars
from neurosym.parser import load_parser
from neurosym.parser.dates import MONTHS, date_name
from neurosym.parser.morphology import plural, verb_forms
from neurosym.parser.tokenize import words as words_of
from neurosym.solvers import make_solver
from neurosym.syntax import read_formula

from . import plots
from .robustness import (
    ACTS,
    ASKED,
    COVERAGE,
    RELIABILITY,
    STRETCH,
    Judged,
    Sentence,
    arguments,
    judge_all,
    proposition,
    read_set,
    spelt,
)

TEMPLATES = Path(__file__).with_name("calibration_templates.tsv")
MADE, SEED = 1500, 20_261
OUTSIDE = 0.1  # share of all sentences that have no right reading
SCRAMBLED = 0.5  # share of these that are words in no order
MADE_STYLE, OUT_STYLE, OUT = "made", "outside", "out"
BINS = (10, 15)
_SLOT = re.compile(r"\{([A-Z])(\d)([a-z+!]?)\}")
_THAT = re.compile(r"<<(.*?)>>")
_COUNTS = str.split("two three four five six seven eight nine")
_ORDINALS = {3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence and its forms with slots `{P1s}`: a class of words, a number, an inflection."""

    act: str
    text: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """What a slot says: in the sentence by inflection ("" is the plain form), and in the form."""

    said: Mapping[str, str]
    symbol: str
    after: str = ""  # a count and one, for "more than"


def read_templates(path: Path = TEMPLATES) -> tuple[dict[str, tuple[str, ...]], tuple[Template, ...]]:
    """Words by class, and the templates.  Raises InputError with the line for what is neither."""
    classes: dict[str, tuple[str, ...]] = {}
    templates: list[Template] = []
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match line.split("\t"):
            case ["words", name, listed]:
                classes[name] = tuple(listed.split())
            case [act, text, forms] if act in (*ACTS, OUT):
                templates.append(Template(act, text, tuple(forms.split("|||")) if forms else ()))
            case _:
                raise InputError("expected words or an act, a sentence and forms", document=path.name, line=n)
    return classes, tuple(templates)


# --- filling ---------------------------------------------------------------------------------------


def _verb(base: str) -> Filling:
    z, d, n, g = verb_forms(base)
    return Filling({"": base, "z": z, "d": d, "n": n, "g": g, "!": base.capitalize()}, base)


def _noun(single: str) -> Filling:
    return Filling({"": single, "s": plural(single)}, single)


def _plain(word: str) -> Filling:
    return Filling({"": word}, word.replace("-", "_"))


def _name(word: str) -> Filling:
    return Filling({"": word.replace("_", " ")}, word)


def _order(comparative: str) -> Filling:
    return Filling({"": comparative, "t": comparative[:-1] + "st"}, comparative)


_OF_WORDS: dict[str, Callable[[str], Filling]] = {
    **dict.fromkeys("PTRG", _noun),
    **dict.fromkeys("VWI", _verb),
    **dict.fromkeys("AB", _plain),
    **dict.fromkeys("EL", _name),
    **dict.fromkeys("CH", _order),
}


def _numeral(kind: str, rng: random.Random) -> Filling:
    """Counts, numbers, money, dates, years and ordinals: as people write them, each in several ways."""
    match kind:
        case "K":
            n = rng.randint(2, 9)
            said = rng.choice((str(n), _COUNTS[n - 2]))
            return Filling({"": said}, str(n), str(n + 1))
        case "N":
            n = rng.choice((2, 5, 7, 10, 14, 28, 45, 60, 90))
            return Filling({"": str(n)}, str(n))
        case "M":
            n = rng.randint(2, 90) * rng.choice((1, 5, 100))
            return Filling({"": f"${n:,}"}, str(n))
        case "Y":
            n = rng.randint(1950, 2035)
            return Filling({"": str(n)}, str(n))
        case "D":
            day, month, year = rng.randint(1, 28), rng.choice(MONTHS).capitalize(), rng.randint(1990, 2030)
            said = rng.choice(
                (f"{month} {day}", f"{day} {month}", f"{day} {month} {year}", f"{month} {day}, {year}")
            )
            name = date_name([w.text for w in words_of(said) if w.text != ","])
            return Filling({"": said}, name or "")
        case "O":
            n = rng.choice(sorted(_ORDINALS))
            return Filling({"": _ORDINALS[n]}, str(n))
        case _:
            raise InputError(f"there are no words for the slot {kind!r}", document=TEMPLATES.name)


def fill(
    template: Template, classes: Mapping[str, Sequence[str]], rng: random.Random
) -> tuple[str, tuple[str, ...]]:
    """A sentence of the template and its forms as text; slots of one class get different words.

    Raises InputError for a slot without words.
    """
    chosen: dict[str, Filling] = {}
    used: set[str] = set()
    for kind, number, _ in _SLOT.findall(" ".join((template.text, *template.forms))):
        if kind + number in chosen:
            continue
        if kind in classes:
            word = rng.choice([w for w in classes[kind] if w not in used])
            used.add(word)
            chosen[kind + number] = _OF_WORDS[kind](word)
        else:
            chosen[kind + number] = _numeral(kind, rng)

    def said(m: re.Match[str]) -> str:
        return chosen[m[1] + m[2]].said[m[3]]

    def meant(m: re.Match[str]) -> str:
        f = chosen[m[1] + m[2]]
        if m[3] == "+":
            return f.after
        return f.said[m[3]] if m[3] else f.symbol

    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", _SLOT.sub(said, template.text))
    forms = []
    for form in template.forms:
        stretched = spelt(STRETCH.sub(lambda m: _SLOT.sub(said, m[0]), form))
        plain = _SLOT.sub(meant, stretched)
        forms.append(_THAT.sub(lambda m: proposition(m[1]), plain))
    return text[:1].upper() + text[1:], tuple(forms)


def _formula(text: str, act: str) -> Formula:
    found = read_formula(text, free=True)
    if free_vars(found) != ((ASKED,) if act in ("wh", "count") else ()):
        raise InputError(f"a variable is free, or none is asked for: {text}", document=TEMPLATES.name)
    return found


def made(n: int = MADE, seed: int = SEED) -> tuple[Sentence, ...]:
    """`n` different sentences, as many of each template as of any other but for one, with their forms."""
    classes, templates = read_templates()
    return _filled(
        [t for t in templates if t.act != OUT], classes, n, random.Random(f"calibration/{seed}"), MADE_STYLE
    )


def outside(n: int, among: Sequence[Sentence], seed: int = SEED) -> tuple[Sentence, ...]:
    """`n` sentences without a right reading: outside the conventions, and of scrambled words of `among`."""
    classes, templates = read_templates()
    rng = random.Random(f"outside/{seed}")
    shuffled = round(n * SCRAMBLED)
    out = list(_filled([t for t in templates if t.act == OUT], classes, n - shuffled, rng, OUT_STYLE))
    pool = [s for s in among if len(s.text.split()) >= 7]
    for i in range(shuffled):
        source = rng.choice(pool).text
        body = source[:-1].split()
        rng.shuffle(body)
        text = " ".join(body)
        out.append(Sentence(f"S{i:04}", OUT_STYLE, OUT, text[:1].upper() + text[1:] + source[-1], ()))
    return tuple(out)


def _filled(
    templates: Sequence[Template],
    classes: Mapping[str, Sequence[str]],
    n: int,
    rng: random.Random,
    style: str,
) -> tuple[Sentence, ...]:
    out: dict[str, Sentence] = {}
    tries = 0
    while len(out) < n:
        template = templates[tries % len(templates)]
        tries += 1
        text, forms = fill(template, classes, rng)
        id_ = f"{style[0].upper()}{len(out):04}"
        read = tuple(_formula(f, template.act) for f in forms)
        out.setdefault(text, Sentence(id_, style, template.act, text, read))
    return tuple(out.values())


def whole(seed: int = SEED, n: int = MADE) -> tuple[Sentence, ...]:
    """All sentences: made, written by hand, and outside the conventions."""
    right = (*made(n, seed), *read_set())
    without = round(len(right) * OUTSIDE / (1 - OUTSIDE))
    return (*right, *outside(without, right, seed))


# --- measuring ----------------------------------------------------------------------------------------


def figures(seen: Sequence[Judged]) -> dict[str, Any]:
    """Of all best readings: calibration errors, AUROC, and the accuracy of the surest.

    Sentences that were refused have no score and no part in these but in `coverage`.
    """
    from neurosym.parser.calibrate import auroc

    pairs = [(j.score, j.right) for j in seen if j.how != "refused"]
    if not pairs:
        return {"n": len(seen), "read": 0}
    scores, right = [s for s, _ in pairs], [r for _, r in pairs]
    points = plots.coverage(pairs, len(seen))
    at: dict[str, float] = {}
    for share in (0.25, 0.5, 0.75, points[-1][0]):
        inside = [a for covered, a in points if covered <= share]
        if share <= points[-1][0]:  # no more is covered than is read
            at[f"{share:.2f}"] = round(inside[-1] if inside else points[0][1], 4)
    by: dict[str, list[int]] = {}
    for j in seen:
        tally = by.setdefault(j.sentence.style, [0, 0, 0])
        for i, one in enumerate((j.right, j.how != "refused", True)):
            tally[i] += one
    sure = [r for s, r in pairs if s >= 0.9]
    return {
        "n": len(seen),
        "read": len(pairs),
        "right": sum(right),
        **{f"calibration_error_{b}": round(plots.expected_calibration_error(pairs, b), 4) for b in BINS},
        "auroc": round(auroc(scores, right), 4),
        "mean_score": round(sum(scores) / len(scores), 4),
        "share_right_of_read": round(sum(right) / len(right), 4),
        "scored_0.9_or_more": len(sure),
        "share_right_of_these": round(sum(sure) / max(1, len(sure)), 4),
        "accuracy_at_coverage": at,
        "right_read_all_by_style": dict(sorted(by.items())),
    }


def main() -> int:
    options = arguments(__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--seed", type=int, default=SEED, help="of the made sentences")
    options.add_argument("--n", type=int, default=MADE, help="how many sentences are made")
    args = options.parse_args()
    try:
        with closing(make_solver("auto")) as solver:
            seen = judge_all(whole(args.seed, args.n), load_parser(args.parser), solver)
        found = figures(seen)
        if args.report and (pairs := [(j.score, j.right) for j in seen if j.how != "refused"]):
            folder = Path(args.report)
            folder.mkdir(parents=True, exist_ok=True)
            title = f"calibration set, parser {args.parser}"
            plots.reliability(pairs, folder / RELIABILITY, f"Reliability: {title}")
            plots.coverage_curve(pairs, len(seen), folder / COVERAGE, f"Coverage and accuracy: {title}")
    except NeurosymError as e:
        print(f"calibration_set: {e}", file=sys.stderr)
        return e.exit_code
    if args.json:
        print(json.dumps(found, indent=1))
        return 0
    for key, value in found.items():
        print(f"{key:26} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

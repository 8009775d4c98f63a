"""FOLIO, cross-validated by story: fine-tune on the other stories, answer the stories held out.

For each of five folds: the aligned premises (folio_align.py) and conclusions (folio_questions.py)
of four fifths of the stories, sentences made of their stretches (folio_recombined.py) and
generated ones fine-tune a parser from a checkpoint; then the suite `folio` runs end to end over the
stories held out.  A tenth of the training stories chooses the checkpoint and calibrates the scores.
Folds are told by the story's number alone, with a fixed seed.

Everything is kept under `--out`: a trained fold is not trained again, a finished item not answered
again, and the figures are those of all the folds that are done.

    python -m benchmarks.folio_folds --data PATH --init CHECKPOINT --mix SAMPLES --out FOLDER [--fold I]

With --samples FILE nothing is trained or answered: all that the data teaches is written as one set of
samples for a parser that is to ship, whose card must credit FOLIO; that parser cannot be measured on it.

Knows the parser's training and the runner.  Must not know how a sentence is aligned or an item answered.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError, NeurosymError
from neurosym.parser.scheme import MAX_WORDS
from neurosym.solvers import make_solver

from . import report
from .folio_align import Aligned, aligned
from .folio_questions import concluded
from .folio_recombined import recombined
from .folio_units import Unit
from .records import Run, failures, figures
from .runner import measure
from .suite import Json, field, read_json_lines

FOLDS = 5
SEED = 7
CONFIG = """\
[data]
train = [{{ path = "{train}" }}]
dev = {{ path = "{dev}" }}
calibrate = [{{ path = "{dev}" }}, {{ path = "{calibrate}" }}]

[train]
out = "{out}"
init = "{init}"
seed = {fold}
epochs = {epochs}
max_minutes = {minutes}
batch = 32
lr_encoder = {lr_encoder}
lr_decoder = {lr_decoder}
warmup = 0.05
eval_every = 60
save_every = 200
patience = 100
threads = {threads}

[export]
folder = "{out}/model"
int8 = true
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a fold is trained.  `times`: how often an aligned sentence is repeated, in up to four spellings;
    `mixed`: generated samples; `recombined`: sentences made of its stretches."""

    times: int = 4
    mixed: int = 5000
    recombined: int = 16000
    epochs: float = 1.5
    minutes: float = 6.5
    lr_encoder: float = 8e-5
    lr_decoder: float = 4e-4
    threads: int = 1


def taught(rows: Sequence[Json], path: Path, out: Path) -> list[Aligned]:
    """The aligned premises and conclusions, kept in `out`."""
    kept = out / "samples.jsonl"
    if not kept.is_file():
        out.mkdir(parents=True, exist_ok=True)
        good, _ = aligned(rows, path)
        solver = make_solver("auto")
        try:
            more, count = concluded(rows, path, good, solver)
        finally:
            solver.close()
        print(f"{len(good)} premises are aligned; of the conclusions: {count}", file=sys.stderr, flush=True)
        lines = "".join(json.dumps(asdict(s)) + "\n" for s in (*good, *more))
        part = kept.with_suffix(".part")
        part.write_text(lines, "utf-8")
        part.replace(kept)
    return [_sample(line) for line in read_json_lines(kept)]


def _sample(raw: Json) -> Aligned:
    units = tuple(Unit(**(u | {"subject": tuple(u["subject"])})) for u in raw["units"])
    return Aligned(raw["story"], raw["text"], tuple(raw["words"]), tuple(raw["tokens"]), (), units)


def fold_of(stories: Sequence[str]) -> dict[str, int]:
    """The fold of each story: equally many stories in each, whatever the order of the data."""
    order = sorted(set(stories), key=lambda s: (len(s), s))
    random.Random(SEED).shuffle(order)
    return {story: i % FOLDS for i, story in enumerate(order)}


def training_sets(
    samples: Sequence[Aligned], folds: Mapping[str, int], fold: int
) -> tuple[list[Aligned], list[Aligned]]:
    """Of the stories outside `fold`: those to train on, and a tenth to choose and calibrate with."""
    outside = sorted({s for s, f in folds.items() if f != fold}, key=lambda s: (len(s), s))
    random.Random(f"{SEED}/{fold}").shuffle(outside)
    kept = set(outside[: max(1, len(outside) // 10)])
    train = [s for s in samples if folds[s.story] != fold and s.story not in kept]
    texts = {s.words for s in train}
    return train, [s for s in samples if s.story in kept and s.words not in texts]


def write_samples(path: Path, samples: Sequence[Aligned], times: int, mixed: Sequence[str]) -> None:
    """Samples as the trainer reads them.  A repetition differs in its full stop and first capital."""
    lines = list(mixed)
    for n in range(times):
        for s in samples:
            lines.append(json.dumps({"words": _varied(s, n), "tokens": s.tokens}))
    random.Random(SEED).shuffle(lines)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def all_samples(rows: Sequence[Json], path: Path, out: Path, target: Path, r: Recipe) -> dict[str, int]:
    """Write what all rows teach to `target`: aligned sentences in `times` spellings, and recombined ones."""
    samples = taught(rows, path, out)
    made = [json.dumps({"words": w, "tokens": t}) for w, t in recombined(samples, r.recombined, 0)]
    write_samples(target, samples, r.times, made)
    return {"aligned": len(samples), "recombined": len(made), "lines": r.times * len(samples) + len(made)}


def _varied(s: Aligned, n: int) -> list[str]:
    """The same sentence in its n-th spelling, since the trainer takes each sentence once."""
    words = list(s.words)
    stop = words[-1] in ".!?"
    pointed = {int(t[2:]) for t in s.tokens if ":" in t}
    if n % 2 and stop:
        words.pop()
    elif n % 2 and len(words) < MAX_WORDS:
        words.append(".")
    if n & 2 and 0 not in pointed:
        words[0] = words[0].lower()
    return words


def _inclusive(line: str) -> bool:
    """Does a generated sample take "either" to leave room for both?  FOLIO's annotators mostly do not."""
    return '"either"' in line.lower() and '"XOR"' not in line


def train_fold(
    samples: Sequence[Aligned],
    folds: Mapping[str, int],
    fold: int,
    init: Path,
    mix: Path,
    out: Path,
    r: Recipe,
) -> Path:
    """The folder of the fold's model, trained where it is not there yet.  Raises as training does."""
    from neurosym.parser.train import train

    here = out / f"fold{fold}"
    model = here / "model"
    if (here / "metrics.json").is_file():
        return model
    here.mkdir(parents=True, exist_ok=True)
    chosen, dev = training_sets(samples, folds, fold)
    generated = [
        line for line in mix.read_text("utf-8").splitlines() if line.strip() and not _inclusive(line)
    ]
    random.Random(f"{SEED}/{fold}/mix").shuffle(generated)
    files = {name: here / f"{name}.jsonl" for name in ("train", "dev", "calibrate")}
    made = [json.dumps({"words": w, "tokens": t}) for w, t in recombined(chosen, r.recombined, fold)]
    write_samples(files["train"], chosen, r.times, [*generated[: r.mixed], *made])
    write_samples(files["dev"], dev, 1, [])
    write_samples(files["calibrate"], [], 0, generated[r.mixed : r.mixed + 300])
    config = here / "config.toml"
    config.write_text(
        CONFIG.format(
            **{name: path.as_posix() for name, path in files.items()},
            out=here.as_posix(),
            init=init.as_posix(),
            fold=fold,
            epochs=r.epochs,
            minutes=r.minutes,
            lr_encoder=r.lr_encoder,
            lr_decoder=r.lr_decoder,
            threads=r.threads,
        ),
        "utf-8",
    )
    print(f"fold {fold}: {len(chosen)} aligned sentences to train on, {len(dev)} to choose with", flush=True)
    train(config)
    return model


def answer_fold(
    rows: Sequence[Json],
    folds: Mapping[str, int],
    fold: int,
    model: Path,
    out: Path,
    threshold: float,
    limit: int | None,
) -> Run:
    """The suite over the items of the fold's stories."""
    held = out / f"fold{fold}" / "held_out.jsonl"
    held.parent.mkdir(parents=True, exist_ok=True)
    mine = [r for r in rows if folds[str(r["story_id"])] == fold]
    held.write_text("".join(json.dumps(r) + "\n" for r in mine), "utf-8")
    kept = held.with_name(f"answers_{threshold}.jsonl")
    return measure(
        "folio", data=str(held), parser=str(model), threshold=threshold, resume=str(kept), limit=limit
    )


def merged(runs: Sequence[Run]) -> Run:
    """One run of all the folds' rows."""
    rows = tuple(replace(row, id=f"fold{i}/{row.id}") for i, run in enumerate(runs) for row in run.rows)
    first = runs[0]
    return replace(
        first,
        rows=rows,
        parser="neural, fine-tuned by fold",
        seconds=sum(r.seconds for r in runs),
        peak_mb=max(r.peak_mb for r in runs),
    )


def summary(run: Run) -> dict[str, Any]:
    """The figures, and what went wrong, by its first problem."""
    found = figures(run)
    wrong: dict[str, int] = {}
    for f in failures(run.rows):
        why = f["problems"][0].split(":")[0] if f["problems"] else f"{f['expected']} answered {f['verdict']}"
        wrong[why] = wrong.get(why, 0) + 1
    return found | {"wrong": dict(sorted(wrong.items(), key=lambda w: (-w[1], w[0])))}


def main() -> None:
    parser = argparse.ArgumentParser(description="FOLIO, cross-validated by story.")
    parser.add_argument("--data", type=Path, required=True, help="the training part, JSON lines")
    parser.add_argument("--init", type=Path, help="a checkpoint (best.pt) to fine-tune from")
    parser.add_argument("--mix", type=Path, help="generated samples, as `neurosym data make` writes")
    parser.add_argument("--model", help="a trained parser's folder, or neural: nothing is fine-tuned")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, action="append", choices=range(FOLDS), help="only this one")
    parser.add_argument("--threshold", type=float, default=0.5, help="least score that is believed")
    parser.add_argument("--limit", type=int, help="items of a fold")
    parser.add_argument("--report", type=Path, help="a folder for the report")
    parser.add_argument("--samples", type=Path, help="write one set of samples of all the data, and end")
    defaults = Recipe()
    for name in ("times", "mixed", "recombined", "threads"):
        parser.add_argument(f"--{name}", type=int, default=getattr(defaults, name))
    for name in ("epochs", "minutes"):
        parser.add_argument(f"--{name}", type=float, default=getattr(defaults, name))
    args = parser.parse_args()
    recipe = Recipe(args.times, args.mixed, args.recombined, args.epochs, args.minutes, threads=args.threads)
    try:
        if args.samples is not None:
            found = all_samples(list(read_json_lines(args.data)), args.data, args.out, args.samples, recipe)
            print(json.dumps(found))
            return
        print(json.dumps(run(args, recipe), indent=2, ensure_ascii=False))
    except NeurosymError as e:
        sys.exit(str(e))


def run(args: argparse.Namespace, recipe: Recipe) -> dict[str, Any]:
    """Train and answer the folds asked for.  Raises ConfigError where there is nothing to read with."""
    if args.model is None and (args.init is None or args.mix is None):
        raise ConfigError("nothing to read with: give --init and --mix to fine-tune, or --model")
    rows = list(read_json_lines(args.data))
    folds = fold_of([str(field(row, "story_id", args.data, f"row {n}")) for n, row in enumerate(rows, 1)])
    samples = [] if args.model is not None else taught(rows, args.data, args.out)
    runs = []
    for fold in args.fold or range(FOLDS):
        model = (
            Path(args.model)
            if args.model is not None
            else train_fold(samples, folds, fold, args.init, args.mix, args.out, recipe)
        )
        done = answer_fold(rows, folds, fold, model, args.out, args.threshold, args.limit)
        found = figures(done)
        told = f"fold {fold}: {found['correct']} of {found['n']} ({found['accuracy']})"
        print(told, file=sys.stderr, flush=True)
        runs.append(done)
    whole = merged(runs)
    if args.report is not None:
        report.prepare(args.report)
        report.write(whole, args.report)
    return summary(whole)


if __name__ == "__main__":
    main()

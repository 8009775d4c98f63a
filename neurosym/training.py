"""What `neurosym train CONFIG` can train, the kinds included that need the whole engine.

A configuration of kind "answers" trains the parser further on readings that reach known answers
(`answers`), in rounds: the model of one round reads for the next.

    kind = "answers"
    recipe = "recipe.toml"      # an ordinary configuration of the parser, beside this file; it names the
                                # checkpoint to go on from (train.init), the generated samples that keep
                                # the rest from being forgotten, and how long to train
    [answers]
    path = "problems.jsonl"     # {"id", "story", "question", "answer"} a line
    model = "runs/parser/model" # the folder of the model that reads first; empty: the shipped one
    rounds = 2
    share = 0.3                 # of the training samples that come from answers

Knows the parser's training and the search for readings; must not know how either is done.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from neurosym.answers import Found, Pair, Search, find, read_problems
from neurosym.errors import ConfigError
from neurosym.parser.tables import only, read_toml, table
from neurosym.verdict import Limits

if TYPE_CHECKING:
    from neurosym.parser.settings import Config, Sample

ANSWERS = "answers"
MOST_TIMES = 20  # a pair is repeated in an epoch, whatever its weight
DEV = 10  # each tenth pair is kept to choose the checkpoint with
FILE = "metrics.json"


@dataclass(frozen=True, slots=True)
class Answers:
    """The table [answers] of a configuration; what is not explained above is a field of answers.Search."""

    path: str = ""
    model: str = ""
    out: str = ""  # empty: that of the recipe
    rounds: int = 1
    share: float = 0.3
    beam: int = 6
    combinations: int = 32
    seconds: float = 5.0
    floor: float = 0.02
    least: float = 0.8
    unknown: bool = False
    closed_world: bool = False
    solver: str = "auto"

    def search(self) -> Search:
        return Search(**{f.name: getattr(self, f.name) for f in fields(Search)})


def train(path: str | Path) -> dict[str, Any]:
    """Run a configuration, whatever it trains; returns its figures.

    Raises ConfigError, and InputError for data that cannot be used; ImportError where the `train` extra is
    missing.
    """
    from neurosym.parser import training_kinds

    config = Path(path)
    if training_kinds.kind_of(config, (ANSWERS,)) == ANSWERS:
        return learn(config, read_toml(config))
    return training_kinds.train(config)


def _answers(raw: dict[str, Any], where: Path) -> Answers:
    """The table [answers], its values checked."""
    only(raw, ("kind", "recipe", ANSWERS), str(where))
    if not isinstance(raw.get(ANSWERS), dict) or not isinstance(raw.get("recipe"), str):
        raise ConfigError(f"{where}: recipe = FILE and a table [{ANSWERS}] are expected")
    a: Answers = table(Answers, raw[ANSWERS], f"{where}: {ANSWERS}")
    if a.rounds < 1 or not 0 < a.share < 1:
        raise ConfigError(f"{where}: {ANSWERS}: rounds must be at least 1, and share between 0 and 1")
    return a


def learn(path: Path, raw: dict[str, Any]) -> dict[str, Any]:
    """The rounds of a configuration of kind "answers"; figures of each, also in OUT/metrics.json.

    Each round goes on from the recipe's checkpoint, not from the round before, so that a wrong
    reading that was learnt once can be unlearnt; a round whose pairs are at hand is not searched again.
    """
    from neurosym.parser import load_parser
    from neurosym.parser.settings import read_config
    from neurosym.solvers import make_solver

    a = _answers(raw, path)
    config = read_config(path.parent / raw["recipe"])
    if not config.calibrate:
        raise ConfigError(f"{raw['recipe']}: data.calibrate is missing: the new model's scores need it")
    if not config.settings.init:
        raise ConfigError(f"{raw['recipe']}: train.init is missing: there is nothing to go on from")
    problems, search = read_problems(Path(a.path)), a.search()
    out, model = Path(a.out or config.settings.out), a.model
    rounds: list[dict[str, Any]] = []
    for n in range(1, a.rounds + 1):
        here = out / f"round{n}"
        here.mkdir(parents=True, exist_ok=True)
        parser = load_parser(model or "neural")
        with closing(make_solver(a.solver)) as solver:
            found = find(problems, parser, solver, Limits(seconds=a.seconds), search, _say)
        write_pairs(found.pairs, here / "pairs.jsonl")
        print(f"round {n}: {found.figures()}", flush=True)
        if not found.pairs:
            raise ConfigError(f"round {n}: no reading reaches a right answer: nothing can be learnt")
        figures = train_round(config, found, a.share, here, path.name)
        rounds.append({"found": found.figures(), **figures})
        model = str(here / "model")
    result = {"command": f"neurosym train {path.name}", "answers": asdict(a), "rounds": rounds}
    text = json.dumps(result, indent=1, sort_keys=True) + "\n"
    (out / FILE).write_text(text, encoding="utf-8")
    return result


def _say(n: int, of: int) -> None:
    if n % 50 == 0 or n == of:
        print(f"{n} of {of} problems", flush=True)


def write_pairs(pairs: Sequence[Pair], path: Path) -> None:
    """JSON lines that settings.read_samples reads, with the weight of each."""
    rows = (
        {"words": p.words, "tokens": p.tokens, "template": ANSWERS, "weight": round(p.weight, 4),
         "problems": round(p.problems, 4), "best_before": p.best}
        for p in pairs
    )  # fmt: skip
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    path.write_text(text, encoding="utf-8")


def mixed(generated: Sequence[Sample], pairs: Sequence[Pair], share: float, seed: int) -> list[Sample]:
    """Generated samples, and each pair as often as its weight says, so that pairs are `share` of all.

    A generated sample of the same sentence gives way.  A pair stands there at least once and at most
    MOST_TIMES times; what is left of its number by rounding decides by chance.
    """
    from neurosym.parser.settings import Sample

    own = {p.words for p in pairs}
    rest = [s for s in generated if s.words not in own]
    wanted = len(rest) * share / (1 - share)
    each = wanted / max(1e-9, sum(p.weight for p in pairs))
    rng = Random(f"{seed}/answers")
    for p in pairs:
        times = min(MOST_TIMES, max(1, int(p.weight * each + rng.random())))
        rest += [Sample(p.words, p.tokens, ANSWERS)] * times
    return rest


def train_round(config: Config, found: Found, share: float, out: Path, command: str) -> dict[str, Any]:
    """Train on generated samples and on what was found (maybe nothing); the model is in `out`/model.

    `command`: what the model card calls the configuration.  Returns the figures of the run.
    """
    from neurosym.parser.card import CARD
    from neurosym.parser.settings import Sample, distinct, samples
    from neurosym.parser.train import build

    config = replace(config, settings=replace(config.settings, out=str(out)))
    kept = found.pairs[::DEV] if len(found.pairs) >= 2 * DEV else ()
    learnt = tuple(p for p in found.pairs if p not in kept)
    # the samples are the same in each round: they are made once, beside the rounds
    data, folder = out.parent / "data", out / "model"
    made = distinct(config.train, data)
    told = mixed(made, learnt, share, config.settings.seed)
    dev = [*samples(config.dev, data), *(Sample(p.words, p.tokens, ANSWERS) for p in kept)]
    figures = build(
        config, told, dev, made, out, folder, data, f"neurosym train {command}", [{ANSWERS: found.figures()}]
    )
    with (folder / CARD).open("a", encoding="utf-8") as card:
        card.write(
            f"\n## Learned from answers\nBeside the generated sentences, {len(learnt)} sentences of problems "
            f"whose answers are known, with the readings that prove them: {found.figures()}.\n"
        )
    return figures

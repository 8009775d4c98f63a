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

Writes to `out` alone.  A run that was cut short goes on where it was: problems that were searched, a
checkpoint and rounds that are done are kept there.

Knows the parser's training and the search for readings; must not know how either is done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from neurosym import __version__
from neurosym.answers import Explained, Found, Pair, Problem, Search, Support, find, read_problems
from neurosym.errors import ConfigError, InputError
from neurosym.parser.tables import only, read_toml, table
from neurosym.session import must_be_writable
from neurosym.verdict import Limits

if TYPE_CHECKING:
    from neurosym.parser.settings import Config, Sample

ANSWERS = "answers"
MOST_TIMES = 20  # a pair is repeated in an epoch, whatever its weight
DEV = 10  # each tenth pair is kept to choose the checkpoint with
FILE = "metrics.json"
SEARCHED, PAIRS, ROUND = "searched.jsonl", "pairs.jsonl", "round.json"  # in the folder of a round


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
    a.search()  # it checks its values
    if a.rounds < 1 or not 0 < a.share < 1:
        raise ConfigError(f"{where}: {ANSWERS}: rounds must be at least 1, and share between 0 and 1")
    return a


def learn(path: Path, raw: dict[str, Any]) -> dict[str, Any]:
    """The rounds of a configuration of kind "answers"; figures of each, also in OUT/metrics.json.

    Each round goes on from the recipe's checkpoint, not from the round before, so that a wrong
    reading that was learnt once can be unlearnt.  No problem is searched again, nor a round trained again,
    that an earlier run of the same configuration with the same data and models has left in `out`.
    """
    from neurosym.parser.folders import write_figures
    from neurosym.parser.settings import read_config

    a = _answers(raw, path)
    config = read_config(path.parent / raw["recipe"])
    if not config.calibrate:
        raise ConfigError(f"{raw['recipe']}: data.calibrate is missing: the new model's scores need it")
    if not config.settings.init:
        raise ConfigError(f"{raw['recipe']}: train.init is missing: there is nothing to go on from")
    problems = read_problems(Path(a.path))
    out, model = Path(a.out or config.settings.out), a.model
    rounds: list[dict[str, Any]] = []
    for n in range(1, a.rounds + 1):
        here = out / f"round{n}"
        here.mkdir(parents=True, exist_ok=True)
        found = searched(problems, model or "neural", a, here / SEARCHED)
        write_pairs(found.pairs, here / PAIRS)
        print(f"round {n}: {found.figures()}", flush=True)
        if not found.pairs:
            raise ConfigError(f"round {n}: no reading reaches a right answer: nothing can be learnt")
        figures = once(config, found, a.share, here, path.name)
        rounds.append({"found": found.figures(), **figures})
        model = str(here / "model")
    print(f"the last round's model is in {model}: use it with --parser {model}", flush=True)
    result = {"command": f"neurosym train {path.name}", "answers": asdict(a), "rounds": rounds}
    return write_figures(out / FILE, result)


def searched(problems: Sequence[Problem], model: str, a: Answers, kept: Path) -> Found:
    """What the answers say of the readings of a model; problems that `kept` has are not searched again."""
    from neurosym.parser import load_parser
    from neurosym.solvers import make_solver

    about = repr((a.search(), a.solver, __version__, content(model)))
    at_hand = Kept(kept, hashlib.sha256(about.encode()).hexdigest(), problems)
    if at_hand:
        print(f"{len(at_hand)} of {len(problems)} problems are at hand from before", flush=True)
    parser = load_parser(model)
    try:
        with closing(make_solver(a.solver)) as solver:
            return find(problems, parser, solver, Limits(seconds=a.seconds), a.search(), _say, at_hand)
    except KeyboardInterrupt:
        print(
            f"{len(at_hand)} of {len(problems)} problems are kept: the same command does the rest", flush=True
        )
        raise


def _say(n: int, of: int) -> None:
    if n % 50 == 0 or n == of:
        print(f"{n} of {of} problems", flush=True)


class Kept(dict[Problem, Explained]):
    """Problems that are done, also in a file: one JSON object a line, by the search that `key` names.

    Lines of other searches stay in the file and count for nothing; nor does a problem that has changed.  A
    half-written last line, as a kill leaves it, is cut off.  Raises InputError for a file that holds
    something else, or cannot be written.
    """

    def __init__(self, path: Path, key: str, problems: Sequence[Problem]) -> None:
        super().__init__()
        must_be_writable(path)
        self._path, self._key = path, key
        if not path.exists():
            return
        known = {_digest(p): p for p in problems}
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        for n, line in enumerate(whole.splitlines(), 1):
            try:
                raw = json.loads(line)
                if raw["search"] == key and raw["problem"] in known:
                    super().__setitem__(known[raw["problem"]], _explained(raw))
            except (ValueError, KeyError, TypeError) as e:
                wanted, hint = f"not a problem that is done: {e!r}", "delete the file to search anew"
                raise InputError(wanted, document=str(path), line=n, hint=hint) from e

    def __setitem__(self, problem: Problem, explained: Explained) -> None:
        line = {"search": self._key, "problem": _digest(problem), **asdict(explained)}
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as e:
            raise InputError(f"cannot be written: {e.strerror}", document=str(self._path)) from e
        super().__setitem__(problem, explained)


def _digest(problem: Problem) -> str:
    return hashlib.sha256(repr(problem).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _explained(raw: dict[str, Any]) -> Explained:
    supports = tuple(
        Support(tuple(s["words"]), tuple(s["tokens"]), float(s["share"]), bool(s["best"]))
        for s in raw["supports"]
    )
    return Explained(supports, int(raw["tried"]), bool(raw["first"]), str(raw["reason"]))


def content(model: str) -> str:
    """A hash of the model that `load_parser` knows by this name: of its files, where it has a folder."""
    from neurosym.parser.neural import WEIGHTS

    found = hashlib.sha256(model.encode())
    for folder in (WEIGHTS, Path(model.rpartition(":")[2])):
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file.is_file() and file.suffix != ".md":
                found.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def once(config: Config, found: Found, share: float, out: Path, command: str) -> dict[str, Any]:
    """The figures of `train_round`, which is run where `out` has not got them from an earlier run.

    Raises ConfigError where `out` has a round of another configuration or with other pairs.
    """
    from neurosym.parser.folders import write_figures
    from neurosym.parser.loop import fingerprint
    from neurosym.parser.train import sha256

    init = Path(config.settings.init)
    start = sha256(init) if init.is_file() else ""
    mark, file = fingerprint(config, len(found.pairs), (share, start, *found.pairs)), out / ROUND
    if file.is_file():
        try:
            before = json.loads(file.read_text(encoding="utf-8"))
            same, figures = before["of"] == mark, before["figures"]
        except (ValueError, KeyError, TypeError) as e:
            raise ConfigError(f"{file} is broken ({e!r}): delete {out}") from e
        if not same:
            raise ConfigError(
                f"{out} has a round of another configuration, or with other pairs: give another "
                f"{ANSWERS}.out, or delete that folder"
            )
        if figures is not None:
            print(f"{out} is done", flush=True)
            return dict(figures)
    write_figures(file, {"of": mark, "figures": None})
    figures = train_round(config, found, share, out, command)
    done: dict[str, Any] = write_figures(file, {"of": mark, "figures": figures})["figures"]
    return done


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

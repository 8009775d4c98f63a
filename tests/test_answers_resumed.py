"""Learning from answers that was cut short: what was searched and trained before is not done again."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from test_answers import LIMITS, STORY, Rivals, pair, solver
from test_parser_model import base, config

from neurosym.answers import Found, Problem, find
from neurosym.errors import ConfigError, InputError
from neurosym.parser.reading import Parsed
from neurosym.training import Kept, once
from neurosym.verdict import Solver

__all__ = ["base", "solver"]  # fixtures of other tests


@dataclass(slots=True)
class Tired(Rivals):
    """Reads the stories of so many problems, and is then interrupted."""

    left: int = 0

    def read(self, text: str, document: str = "text", n_best: int = 1) -> tuple[Parsed, ...]:
        if document == "story":
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
        return Rivals.read(self, text, document, n_best)


ASKED = tuple(
    Problem(str(n), STORY, "Ngozi is kind.", a)
    for n, a in enumerate(("proved", "disproved", "proved", "proved"))
)


@pytest.mark.parametrize("done", [0, 1, 3, 4])
def test_a_search_goes_on_where_it_was_cut(tmp_path: Path, solver: Solver, done: int) -> None:
    whole = find(ASKED, Rivals(), solver, LIMITS)
    path = tmp_path / "searched.jsonl"
    if done < len(ASKED):
        with pytest.raises(KeyboardInterrupt):
            find(ASKED, Tired(left=done), solver, LIMITS, kept=Kept(path, "key", ASKED))
        with path.open("ab") as file:
            file.write(b'{"search": "key", "pro')  # half a line, as a kill leaves it
    else:
        find(ASKED, Rivals(), solver, LIMITS, kept=Kept(path, "key", ASKED))
    assert list(Kept(path, "key", ASKED)) == list(ASKED[:done])
    again = Tired(left=len(ASKED) - done)
    assert find(ASKED, again, solver, LIMITS, kept=Kept(path, "key", ASKED)) == whole
    assert again.left == 0, "just the others are read"
    assert len(Kept(path, "key", ASKED)) == len(ASKED)


def test_what_another_search_found_counts_for_nothing(tmp_path: Path, solver: Solver) -> None:
    path = tmp_path / "searched.jsonl"
    find(ASKED, Rivals(), solver, LIMITS, kept=Kept(path, "key", ASKED))
    before = path.read_bytes()
    changed = tuple(replace(p, story=f"{p.story} Ngozi is tall.") for p in ASKED)
    assert not Kept(path, "another key", ASKED)
    assert not Kept(path, "key", changed)
    assert path.read_bytes() == before
    line = json.loads(before.splitlines()[0])
    del line["supports"]
    for broken in ("3\n", "{}\n", "no json\n", json.dumps(line) + "\n"):
        path.write_bytes(before + broken.encode())
        with pytest.raises(InputError) as e:
            Kept(path, "key", ASKED)
        assert e.value.line == len(ASKED) + 1
        assert "delete" in e.value.hint
    with pytest.raises(InputError, match="cannot be written"):
        Kept(tmp_path / "no folder" / "s.jsonl", "key", ASKED)


def test_the_key_of_a_search_is_that_of_its_model(tmp_path: Path) -> None:
    from neurosym.training import content

    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "encoder.onnx").write_bytes(b"1")
    first = content(str(tmp_path / "a"))
    assert first != content(str(tmp_path / "b")) != content("neural")
    (tmp_path / "a" / "MODEL_CARD.md").write_text("told later")
    assert content(str(tmp_path / "a")) == first
    (tmp_path / "a" / "encoder.onnx").write_bytes(b"2")
    assert content(str(tmp_path / "a")) != first


def test_a_round_that_is_done_is_not_trained_again(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neurosym import training
    from neurosym.parser.settings import read_config

    recipe = read_config(config(tmp_path, base, 1))
    found = Found(1, 1, 1, 1, (pair("Bob is kind ."),), 0)
    trained: list[str] = []

    def round_of(*args: object) -> dict[str, object]:
        trained.append(str(args[-1]))
        if args[-1] == "cut":
            raise KeyboardInterrupt
        return {"steps": 3, "auroc": math.nan}

    monkeypatch.setattr(training, "train_round", round_of)
    with pytest.raises(KeyboardInterrupt):
        once(recipe, found, 0.3, tmp_path, "cut")
    assert once(recipe, found, 0.3, tmp_path, "first") == {"steps": 3, "auroc": None}
    assert once(recipe, found, 0.3, tmp_path, "second") == {"steps": 3, "auroc": None}
    assert trained == ["cut", "first"]
    others = replace(found, pairs=(pair("Bob is kind .", 0.9),))
    for more in ((recipe, found, 0.4), (recipe, others, 0.3)):
        with pytest.raises(ConfigError, match="another configuration, or with other pairs"):
            once(*more, tmp_path, "other")
    (tmp_path / "round.json").write_text("{")
    with pytest.raises(ConfigError, match="broken"):
        once(recipe, found, 0.3, tmp_path, "broken")

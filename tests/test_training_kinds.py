"""What `neurosym train` and `--parser` can be told: kinds by one table, no folder without a model."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from neurosym.cli import main
from neurosym.errors import ConfigError, InputError
from neurosym.parser import load_parser, training_kinds
from neurosym.training import ANSWERS

CONFIGS = Path(training_kinds.__file__).parent / "configs"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ['"alchemy"', "3", "[1]", '["parser"]'])
def test_an_unknown_kind_is_told_all_kinds(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(written(tmp_path, f"kind = {kind}\n"))]) == 1
    said = capsys.readouterr().err
    assert all(k in said for k in (*training_kinds.KINDS, ANSWERS))


@pytest.mark.parametrize("kind", sorted(training_kinds.KINDS))
def test_every_kind_is_reached_by_its_name(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The configuration's reader is reached, which misses what it needs: not the kind."""
    pytest.importorskip("torch")
    assert main(["train", str(written(tmp_path, f'kind = "{kind}"\n'))]) == 1
    said = capsys.readouterr().err
    assert "kind =" not in said
    assert "missing" in said or "expected" in said


def test_every_shipped_recipe_has_a_known_kind() -> None:
    kinds = {training_kinds.kind_of(p, (ANSWERS,)) for p in sorted(CONFIGS.glob("*.toml"))}
    assert kinds == {*training_kinds.KINDS, ANSWERS}


@pytest.mark.parametrize("kind", ["entailment", "reference"])
def test_a_recipe_of_another_kind_is_refused(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    train = import_module(training_kinds.KINDS[kind]).train
    with pytest.raises(ConfigError, match=f"kind = '{kind}' is expected"):
        train(written(tmp_path, 'kind = "document"\n'))


def test_the_resolution_of_pronouns_is_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seed, n in (("train", 1, 40), ("dev", 2, 30)):
        assert main(
            ["data", "make", "--kind", "stories", "--n", str(n), "--seed", str(seed),
             "-o", str(tmp_path / f"{name}.jsonl")]
        ) == 0  # fmt: skip
    capsys.readouterr()
    out = tmp_path / "new" / "reference.json"
    recipe = written(
        tmp_path,
        f'kind = "reference"\nout = "{out}"\n'
        f'train = "{tmp_path}/train.jsonl"\ndev = "{tmp_path}/dev.jsonl"\n',
    )
    assert main(["train", str(recipe), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["pronouns"] > 5
    assert figures["right"] > 0.5
    found = json.loads(out.read_text())
    shipped = json.loads((CONFIGS.parent / "words" / "reference.json").read_text())
    assert {k: len(v) for k, v in found.items()} == {k: len(v) for k, v in shipped.items()}
    first = out.read_bytes()
    assert main(["train", str(recipe)]) == 0
    assert out.read_bytes() == first


def test_stories_that_are_none_point(tmp_path: Path) -> None:
    from neurosym.parser.reference_fit import stories

    path = tmp_path / "stories.jsonl"
    with pytest.raises(ConfigError, match="cannot read"):
        list(stories(path))
    for broken in (b'{"sentences": []}\n', b"\xff\n", b"3\n", b"{\n"):
        path.write_bytes(b'{"sentences": [], "mentions": []}\n' + broken)
        with pytest.raises(InputError) as raised:
            list(stories(path))
        assert raised.value.line == 2


@pytest.mark.parametrize("tier", ["tiered", "document"])
def test_a_tier_without_its_model_is_refused_at_once(
    tier: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError, match="names no folder"):
        load_parser(f"{tier}:")
    with pytest.raises(ConfigError, match="no folder of a document model"):
        load_parser(f"{tier}:{tmp_path}")
    assert main(["parse", "Ann sings.", "--parser", f"{tier}:{tmp_path}"]) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_a_parser_that_is_none_is_told_which_there_are() -> None:
    with pytest.raises(ConfigError, match=r"tiered:FOLDER"):
        load_parser("tired:x")

"""How a reading's score depends on how many readings are asked for, and which count as different."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from neurosym.errors import ParserError
from neurosym.parser.neural import WEIGHTS, NeuralParser
from neurosym.syntax import show

TEXT = "The vault is locked. Every heron that nests here is wary. Ivo sold Una a boat."


@pytest.fixture(scope="module")
def parser() -> NeuralParser:
    return NeuralParser(device="cpu")


def test_the_best_reading_scores_the_same_however_many_are_asked_for(parser: NeuralParser) -> None:
    for one, four in zip(parser.read(TEXT), parser.read(TEXT, n_best=4), strict=True):
        assert four.readings[0].score == pytest.approx(one.readings[0].score, abs=0.1)
        assert sum(r.score for r in four.readings) <= 1.0 + 1e-9


def test_the_names_of_variables_make_no_other_reading(parser: NeuralParser) -> None:
    (parsed,) = parser.read("Nobody trusts a liar.", n_best=4)
    shapes = ["".join("?" if c in "xyzw" else c for c in show(r.formula)) for r in parsed.readings]
    assert len(shapes) == len(set(shapes))


@pytest.mark.parametrize("broken", ["classes", "values"])
def test_a_broken_table_of_drafts_is_refused(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(WEIGHTS, folder)
    with np.load(folder / "drafts.npz") as f:
        arrays = {name: f[name] for name in f}
    cut = {"classes": arrays["classes"][:1000], "values": np.full_like(arrays["values"], 65535)}
    np.savez_compressed(folder / "drafts.npz", **(arrays | {broken: cut[broken]}))
    with pytest.raises(ParserError, match="drafts"):
        NeuralParser(folder, device="cpu")


def test_a_graph_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(WEIGHTS, folder)
    shutil.copyfile(folder / "encoder.onnx", folder / "decoder.onnx")
    with pytest.raises(ParserError, match="not that graph"):
        NeuralParser(folder, device="cpu")

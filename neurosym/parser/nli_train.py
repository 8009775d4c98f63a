"""Training the classifier of sentence pairs from a file of them: `kind = "entailment"`.

    python -m neurosym.captions --out runs/pairs     train.tsv and test.tsv
    neurosym train nli.toml                          the folder that nli.NeuralClassifier loads

A pair is a line "label TAB premise TAB hypothesis".  Knows pairs and labels; must not know how pairs
are made or how the classifier is used.  Needs torch and transformers (the `train` extra).
Deterministic on one machine for one seed, unless `max_minutes` cuts the run short.  A run that is killed
goes on from OUT/last.pt; the classifier's files are written when all is learnt and measured.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosym.errors import ConfigError
from neurosym.parser.export import OPSET, quietly
from neurosym.parser.folders import made
from neurosym.parser.loop import Plan, Point, by_length, fingerprint, restore, run, store
from neurosym.parser.model import base_folder, load_encoder, truncate
from neurosym.parser.nli import CONFIG, FORMAT, GRAPH, LABELS, TOKENIZER, encode, pad
from neurosym.parser.pieces import load_tokenizer
from neurosym.parser.tables import read_toml, table

Encoded: TypeAlias = tuple[list[int], list[int]]
KIND = "entailment"
LAST = "last.pt"
SAVE_EVERY = 200  # steps
FREQUENT = 6000  # pieces of the base model's vocabulary, which is sorted by frequency
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training configuration; lr are those of the encoder and of the new layers; 0 minutes: no limit."""

    base: str
    train: str
    test: str
    out: str
    layers: int = 3
    hidden: int = 256
    epochs: float = 1.0
    max_minutes: float = 15.0
    batch: int = 64
    lr_encoder: float = 1e-4
    lr_head: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.05
    dropout: float = 0.1
    seed: int = 0
    threads: int = 1
    bf16: bool = True


def read_recipe(path: Path) -> Recipe:
    """A recipe from TOML.  Raises ConfigError that names the key at fault."""
    raw = read_toml(path)
    if raw.pop("kind", KIND) != KIND:
        raise ConfigError(f"{path}: kind = {KIND!r} is expected")
    recipe: Recipe = table(Recipe, raw, str(path))
    return recipe


def read_pairs(path: Path) -> list[tuple[str, str, int]]:
    """(premise, hypothesis, number of the label) of each line.  Raises ConfigError with the line at fault."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        why = e.reason if isinstance(e, UnicodeDecodeError) else e.strerror
        raise ConfigError(f"cannot read {path}: {why}") from e
    found = []
    for n, line in enumerate(lines, 1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] not in LABELS:
            raise ConfigError(f"{path}:{n}: expected: label TAB premise TAB hypothesis")
        found.append((parts[1], parts[2], LABELS.index(parts[0])))
    if not found:
        raise ConfigError(f"{path}: no pairs")
    return found


class PairModel(nn.Module):  # type: ignore[misc]
    """See nli's docstring.  pieces, parts [B, S] -> scores [B, 3]."""

    def __init__(self, encoder: nn.Module, hidden: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        d = encoder.config.hidden_size
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(5 * d, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, 3),
        )
        # the base model's word vectors stay: they hold the words that training never shows
        encoder.get_input_embeddings().weight.requires_grad_(False)

    def forward(self, pieces: Tensor, parts: Tensor) -> Tensor:
        """pieces, parts [B, S] -> scores [B, 3]."""
        here = (pieces != 0).long()
        out = self.encoder(input_ids=pieces, attention_mask=here, token_type_ids=parts).last_hidden_state
        first = (here * (1 - parts)).unsqueeze(-1).to(out.dtype)
        second = (here * parts).unsqueeze(-1).to(out.dtype)
        a = (out * first).sum(1) / first.sum(1).clamp(min=1.0)
        b = (out * second).sum(1) / second.sum(1).clamp(min=1.0)
        scores: Tensor = self.head(torch.cat([out[:, 0], a, b, (a - b).abs(), a * b], -1))
        return scores


def small_vocabulary(tokenizer: Path, encoder: nn.Module) -> dict[str, Any]:
    """The tokenizer without pieces that English seldom needs, and the encoder's word vectors to match.

    Kept are the most frequent pieces, parts of words and what is in lemminflect's dictionary; the rest,
    most of it names, is then read in parts.
    """
    raw: dict[str, Any] = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = raw["model"]["vocab"]
    kept = [
        w
        for w, _ in sorted(vocabulary.items(), key=lambda x: x[1])
        if w in SPECIAL or (w.isascii() and not w.startswith("[unused") and _wanted(w, vocabulary[w]))
    ]
    old = encoder.get_input_embeddings()
    rows = torch.tensor([vocabulary[w] for w in kept])
    new = nn.Embedding(len(kept), old.weight.shape[1], padding_idx=0)
    with torch.no_grad():
        new.weight.copy_(old.weight[rows])
    encoder.set_input_embeddings(new)
    encoder.config.vocab_size = len(kept)
    number = {w: i for i, w in enumerate(kept)}
    raw["model"]["vocab"] = number
    raw["truncation"] = raw["padding"] = None
    for token in raw["added_tokens"]:
        token["id"] = number[token["content"]]
    for token in raw["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [number[t] for t in token["tokens"]]
    return raw


def _wanted(piece: str, rank: int) -> bool:
    from lemminflect import getAllLemmas

    if rank < FREQUENT or len(piece) == 1:
        return True
    if piece.startswith("##"):
        return piece[2:].isalpha()
    return piece.isalpha() and bool(getAllLemmas(piece))


def train(path: str | Path) -> dict[str, float]:
    """Train, export and measure; returns the measures.  Raises ConfigError.

    Writes to the recipe's `out` alone, whose files for nli.NeuralClassifier appear together.
    """
    recipe = read_recipe(Path(path))
    told, tested = read_pairs(Path(recipe.train)), read_pairs(Path(recipe.test))
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    out = Path(recipe.out)
    out.mkdir(parents=True, exist_ok=True)
    encoder = truncate(load_encoder(recipe.base), recipe.layers)
    tokens = small_vocabulary(Path(base_folder(recipe.base)) / "tokenizer.json", encoder)
    with made(out) as new:
        measures = _trained(recipe, encoder, tokens, told, tested, new)
    print(f"the classifier is in {out}: {', '.join((CONFIG, GRAPH, TOKENIZER))}", flush=True)
    return measures


def _trained(
    recipe: Recipe,
    encoder: nn.Module,
    tokens: dict[str, Any],
    told: Sequence[tuple[str, str, int]],
    tested: Sequence[tuple[str, str, int]],
    new: Path,
) -> dict[str, float]:
    """Make the classifier's files in the folder `new`; returns the measures."""
    (new / TOKENIZER).write_text(json.dumps(tokens, ensure_ascii=False), encoding="utf-8")
    tokenizer = load_tokenizer(new / TOKENIZER)
    model = PairModel(encoder, recipe.hidden, recipe.dropout)
    data = list(zip(encode(tokenizer, [(a, b) for a, b, _ in told]), [y for *_, y in told], strict=True))
    held = list(zip(encode(tokenizer, [(a, b) for a, b, _ in tested]), [y for *_, y in tested], strict=True))
    minutes = _fit(model, recipe, data)
    scores = _scores(model, [e for e, _ in held])
    temperature = _temperature(scores, torch.tensor([y for _, y in held]))
    measures = {
        "pairs": float(len(data)),
        "minutes": round(minutes, 2),
        "accuracy": round(float((scores.argmax(-1) == torch.tensor([y for _, y in held])).float().mean()), 4),
    }
    _export(model, new)
    how = {k: v for k, v in asdict(recipe).items() if k not in ("train", "test", "out")}
    config = {"format": FORMAT, "labels": LABELS, "temperature": temperature, "recipe": how}
    (new / CONFIG).write_text(json.dumps(config | {"measures": measures}, indent=1) + "\n", encoding="utf-8")
    return measures


def _fit(model: PairModel, recipe: Recipe, data: Sequence[tuple[Encoded, int]]) -> float:
    """The minutes that it took.  A run that was cut short goes on from its checkpoint."""
    learning = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    old, new = ([p for n, p in learning if n.startswith("encoder.") is known] for known in (True, False))
    optimizer = torch.optim.AdamW(
        [{"params": old, "peak": recipe.lr_encoder}, {"params": new, "peak": recipe.lr_head}],
        weight_decay=recipe.weight_decay,
    )
    last, mark = Path(recipe.out) / LAST, fingerprint(recipe, len(data), data)
    start, _ = restore(last, mark, model, optimizer)
    lengths = [len(pieces) for (pieces, _), _ in data]

    def batches(epoch: int) -> list[list[int]]:
        return by_length(lengths, recipe.batch, random.Random(f"{recipe.seed}/{epoch}"))

    def learn(_: int, rows: Sequence[int]) -> tuple[float, int]:
        pieces, parts = (torch.from_numpy(a) for a in pad([data[i][0] for i in rows]))
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bf16):
            scores = model(pieces, parts)
        loss = F.cross_entropy(scores.float(), torch.tensor([data[i][1] for i in rows]))
        loss.backward()
        return loss.item(), len(rows)

    plan = Plan(
        steps=max(1, math.ceil(len(data) / recipe.batch * recipe.epochs)),
        per_epoch=math.ceil(len(data) / recipe.batch),
        warmup=recipe.warmup,
        max_minutes=recipe.max_minutes,
        say_every=100,
        save_every=SAVE_EVERY,
    )

    def remember(now: Point) -> None:
        store(last, mark, model, optimizer, now)

    model.train()
    return run(plan, optimizer, batches, learn, start=start, remember=remember).minutes


def _scores(model: PairModel, data: Sequence[Encoded]) -> Tensor:
    model.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(data), 128):
            pieces, parts = (torch.from_numpy(a) for a in pad(data[start : start + 128]))
            found.append(model(pieces, parts).float())
    return torch.cat(found)


def _temperature(scores: Tensor, labels: Tensor) -> float:
    """The divisor of the scores under which the labels are most probable."""
    grid = [float(t) for t in np.geomspace(0.25, 8.0, 61)]
    return round(min(grid, key=lambda t: float(F.cross_entropy(scores / t, labels))), 4)


def _export(model: PairModel, out: Path) -> None:
    """One graph with 8-bit weights (see parser.export)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = model.eval().float()
    pieces, parts = torch.tensor([[2, 5, 3, 6, 3, 0]] * 2), torch.tensor([[0, 0, 0, 1, 1, 0]] * 2)
    axes = {0: "rows", 1: "pieces"}
    with tempfile.TemporaryDirectory(dir=out) as scratch, quietly(), torch.no_grad():
        raw, small = Path(scratch) / "raw.onnx", Path(scratch) / GRAPH
        torch.onnx.export(
            model,
            (pieces, parts),
            str(raw),
            input_names=["pieces", "parts"],
            output_names=["scores"],
            dynamic_axes={"pieces": axes, "parts": axes, "scores": {0: "rows"}},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            str(raw),
            str(small),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )
        shutil.move(small, out / GRAPH)

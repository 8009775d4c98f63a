"""The scorer's network: the steps of a reading look at each other, and at the words of the sentence.

    a word: its vector from the parser's encoder, its place, how the reading uses it
    a step: its marks, its place, the vector of the word that it points at
    steps ─ layers that look both ways, and at the words ─ first, mean and maximum of the steps ─ logit

Needs torch.  Knows the shapes of `scorer`'s inputs; must not know samples, files or the parser's network.
Shapes: as in `scorer`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosym.parser.scheme import MAX_TOKENS, MAX_WORDS
from neurosym.parser.scorer import N_DOUBTS, N_MARKS, N_USES, NOWHERE, variable_marks

_HIDDEN = -1e9  # added to the attention scores of padding


@dataclass(frozen=True, slots=True)
class Shape:
    """`width` is that of the parser's word vectors, and a multiple of `heads`."""

    width: int
    heads: int = 4
    feed_forward: int = 1024
    layers: int = 2
    dropout: float = 0.0


class _Layer(nn.Module):  # type: ignore[misc]
    """Pre-norm layer: attention to all steps, attention to the words, feed-forward (Vaswani et al. 2017)."""

    def __init__(self, s: Shape) -> None:
        super().__init__()
        d, self.heads = s.width, s.heads
        self.norm_self, self.norm_words, self.norm_ff = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.every, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.query, self.out_words = nn.Linear(d, d), nn.Linear(d, d)
        self.words, self.uses = nn.Linear(d, 2 * d), nn.Linear(N_USES, 2 * d, bias=False)
        self.up, self.down = nn.Linear(d, s.feed_forward), nn.Linear(s.feed_forward, d)
        self.drop = nn.Dropout(s.dropout)

    def split(self, x: Tensor, n: int) -> tuple[Tensor, ...]:
        """[N, T, n * d] as `n` times [N, h, T, d/h]."""
        rows, length, width = x.shape
        return tuple(x.view(rows, length, n, self.heads, width // n // self.heads).permute(2, 0, 3, 1, 4))

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        weights = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias).softmax(-1)
        n, h, t, d = q.shape
        return (weights.to(v.dtype) @ v).transpose(1, 2).reshape(n, t, h * d)

    def forward(
        self, x: Tensor, words: Tensor, row: Tensor, used: Tensor, hidden: Tensor, empty: Tensor
    ) -> Tensor:
        """x [N, G, d]; words [B, W, d], whose keys and values are worked out once for all readings of a
        sentence; what is hidden [N, 1, 1, W] of the words and empty [N, 1, 1, G] of the steps."""
        q, k, v = self.split(self.every(self.norm_self(x)), 3)
        x = x + self.drop(self.out(self.attend(q, k, v, empty)))
        (q,) = self.split(self.query(self.norm_words(x)), 1)
        k, v = self.split(self.words(words)[row] + self.uses(used), 2)
        x = x + self.drop(self.out_words(self.attend(q, k, v, hidden)))
        # no GELU: its kernel takes as long as the two products around it
        return x + self.drop(self.down(F.relu(self.up(self.norm_ff(x)))))


class ReadingScorer(nn.Module):  # type: ignore[misc]
    """See the module's docstring."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape, d = shape, shape.width
        self.marks = nn.Linear(N_MARKS, d, bias=False)
        self.place, self.order = nn.Embedding(MAX_WORDS, d), nn.Embedding(MAX_TOKENS, d)
        for table in (self.place, self.order, self.marks):
            nn.init.normal_(table.weight, std=0.2)
        self.layers = nn.ModuleList([_Layer(shape) for _ in range(shape.layers)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Sequential(nn.Linear(3 * d + N_DOUBTS, d), nn.ReLU(), nn.Linear(d, 1))

    def forward(
        self,
        memory: Tensor,
        bias: Tensor,
        row: Tensor,
        doubts: Tensor,
        said: Tensor,
        word: Tensor,
        used: Tensor,
    ) -> Tensor:
        """Logits [N]; see scorer.INPUTS."""
        width = memory.shape[1]
        words = memory + self.place.weight[:width]
        flat = words.reshape(-1, words.shape[-1])
        copied = flat[row.unsqueeze(1) * width + word.clamp(min=0)]
        points = (word > NOWHERE).to(words.dtype).unsqueeze(-1)
        x = self.marks(said) + self.order.weight[: word.shape[1]] + copied * points
        there = (word >= NOWHERE).to(words.dtype)
        empty, hidden = ((there - 1.0) * -_HIDDEN)[:, None, None, :], bias[row]
        for layer in self.layers:
            x = layer(x, words, row, used, hidden, empty)
        x = self.norm(x).float()
        there = there.unsqueeze(-1).float()
        mean = (x * there).sum(1) / there.sum(1)
        most = (x + (there - 1.0) * 1e4).max(1).values
        out: Tensor = self.head(torch.cat([x[:, 0], mean, most, doubts], -1)).squeeze(-1)
        return out


def adopt(model: ReadingScorer, parser: Mapping[str, Tensor]) -> None:
    """Begin with what the parser's decoder knows: its layers, and its vectors of symbols and kinds.

    `parser`: the weights of a model.PointerParser of the same width and feed-forward width.  Raises KeyError
    and RuntimeError for others.
    """
    vectors = parser["choice.weight"]
    with torch.no_grad():
        model.place.weight.mul_(0.1)
        marks = model.marks.weight
        marks.normal_(std=0.3 * float(vectors.std()))
        marks[:, : len(vectors)] = vectors.T
        for i, choice in variable_marks():
            marks[:, i] = vectors[choice]
        model.order.weight.copy_(parser["position.weight"][: len(model.order.weight)])
        for i, layer in enumerate(model.layers):
            if f"layers.{i}.up.weight" not in parser:
                break
            layer.uses.weight.mul_(0.3)
            for part in ("weight", "bias"):
                for ours, theirs in _ADOPTED.items():
                    layer.get_parameter(f"{ours}.{part}").copy_(parser[f"layers.{i}.{theirs}.{part}"])
                both = [parser[f"layers.{i}.to_self.{n}.{part}"] for n in ("query", "keys_values")]
                layer.get_parameter(f"every.{part}").copy_(torch.cat(both))


ADOPTED = ("layers.", "marks.", "order.")  # what is not new, by the beginnings of names
_ADOPTED = {
    **{n: n for n in ("norm_self", "norm_words", "norm_ff", "up", "down")},
    "out": "to_self.out",
    "query": "to_words.query",
    "out_words": "to_words.out",
    "words": "to_words.keys_values",
}


def loss(logits: Tensor, right: Tensor) -> Tensor:
    """Mean cross-entropy of "right" [N]."""
    return F.binary_cross_entropy_with_logits(logits.float(), right)

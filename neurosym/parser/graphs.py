"""The network as two graphs: what is worked out once for a sentence, and some steps of the decoder.

Knows model and what search asks the decoder for; must not know files or 8-bit numbers.  Needs torch.
Shapes: B sentences, R rows, N steps, t steps of one row, T remembered steps, W words, d width, h heads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from neurosym.parser.constrain import N_KINDS
from neurosym.parser.model import Attention, PointerParser

_NOISE = 0.06  # a score's root mean square error that is no more than that of 8-bit products


class _Attention(torch.autograd.Function):  # type: ignore[misc]
    """Attention with several heads as the one operator that ONNX Runtime has for it.

    query [R, t, d], keys and values: [R, h, T, d/h] where `past` is none, else [R, t, d], which are put after
    those of the steps before, [R, h, T, d/h]; bias [R, 1, t, keys].  Gives [R, t, d], and in the second case
    all keys and values too.
    """

    @staticmethod
    def forward(
        ctx: Any, query: Tensor, k: Tensor, v: Tensor, bias: Tensor, heads: int, *past: Tensor
    ) -> Any:
        r, t, d = query.shape

        def split(x: Tensor) -> Tensor:
            return x.view(r, t, heads, d // heads).transpose(1, 2)

        if past:
            k, v = torch.cat([past[0], split(k)], 2), torch.cat([past[1], split(v)], 2)
        scores = split(query) @ k.transpose(-1, -2) / math.sqrt(d // heads) + bias
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(r, t, d)
        return (y, k, v) if past else y

    @staticmethod
    def symbolic(g: Any, query: Any, k: Any, v: Any, bias: Any, heads: int, *past: Any) -> Any:
        none = g.op("prim::Constant")
        none.setType(torch._C.OptionalType.ofTensor())
        return g.op(
            "com.microsoft::MultiHeadAttention",
            *(query, k, v, none, none, bias, *past),
            num_heads_i=heads,
            outputs=3 if past else 1,
        )


@dataclass(frozen=True, slots=True)
class Pointers:
    """The two maps whose products are the scores of pointers, -1e9 added at padding, in one product.

    query: [.., d] -> [.., N_KINDS * k]; key: [.., d] -> [.., k - 1], to which the padding is put.
    """

    query: nn.Linear
    key: nn.Linear


def pointers(model: PointerParser, queries: Tensor | None = None, keys: Tensor | None = None) -> Pointers:
    """Those of the model; given the second moments [d, d] of queries and keys, of as few dimensions as give
    the same scores but for noise: the best of each rank (Eckart & Young 1936) for vectors of such moments."""
    d = model.shape.width
    left = right = torch.eye(d, dtype=torch.float64)
    if queries is not None and keys is not None:
        a, from_a = _root(queries)
        b, from_b = _root(keys)
        u, s, v = torch.linalg.svd(a @ b)
        noise = (s.square().flip(0).cumsum(0).flip(0) / d).sqrt()  # of the scores, if all from here on go
        rank = next((r for r in range(15, d, 16) if noise[r] < _NOISE), d)
        left = s[:rank, None].sqrt() * (u.T[:rank] @ from_a)
        right = s[:rank, None].sqrt() * (v[:rank] @ from_b)
    k = len(left)
    query, key = nn.Linear(d, N_KINDS * (k + 1)), nn.Linear(d, k)
    w, bias = model.pointer_query.weight.double(), model.pointer_query.bias.double()
    ones = torch.zeros(N_KINDS, k + 1, dtype=torch.float64)
    ones[:, k] = 1.0  # times the padding
    ones[:, :k] = bias.view(N_KINDS, d) @ left.T
    with torch.no_grad():
        weights = torch.zeros(N_KINDS, k + 1, d, dtype=torch.float64)
        weights[:, :k] = left @ w.view(N_KINDS, d, d)
        query.weight.copy_(weights.flatten(0, 1))
        query.bias.copy_(ones.flatten())
        key.weight.copy_(right @ model.pointer_key.weight.double() / math.sqrt(d))
        key.bias.copy_(right @ model.pointer_key.bias.double() / math.sqrt(d))
    return Pointers(query, key)


def _root(moments: Tensor) -> tuple[Tensor, Tensor]:
    """The square root of a symmetric matrix, and its inverse where it has one."""
    values, vectors = torch.linalg.eigh(moments.double())
    values = values.clamp(min=values.max() * 1e-9)
    return vectors * values.sqrt() @ vectors.T, vectors * values.rsqrt() @ vectors.T


class EncoderGraph(nn.Module):  # type: ignore[misc]
    """What the first graph holds: all that is worked out once for a sentence."""

    def __init__(self, model: PointerParser, to: Pointers | None = None) -> None:
        super().__init__()
        self.model, self.key = model, (to or pointers(model)).key

    def forward(self, pieces: Tensor, owner: Tensor, case: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """pieces, owner, case -> memory [B, W, d], keys of the pointers [B, W, k], keys and values of each
        layer."""
        memory, pad = self.model.memory(pieces, owner, case)
        words = [part for layer in self.model.layers for part in layer.to_words.project(memory)]
        return memory, torch.cat([self.key(memory), pad[:, 0, 0, :, None]], -1), torch.stack(words)


class StepGraph(nn.Module):  # type: ignore[misc]
    """N decoder steps of R rows; the caller keeps their keys and values for the steps to come.

    Products are of the N steps, so that no time goes into rows that have fewer; attention is of R rows with
    t places each.  Each layer's keys and values are an array of their own: a stack would be cut and joined
    again in every call.
    """

    def __init__(self, model: PointerParser, to: Pointers | None = None) -> None:
        super().__init__()
        self.model, self.query = model, (to or pointers(model)).query
        self.to_self = nn.ModuleList([_joined(layer.to_self) for layer in model.layers])

    def forward(
        self,
        choice: Tensor,
        copied: Tensor,
        position: Tensor,
        spread: Tensor,
        back: Tensor,
        seen: Tensor,
        bias: Tensor,
        keys: Tensor,
        *parts: Tensor,
        **named: Tensor,
    ) -> tuple[Tensor, ...]:
        """choice [N]; copied [N, d], the memory of the word that it points at, 0 for a symbol; position [N];
        spread [R, t], which of the N steps stands at each place, any where none does; back [N], the place of
        each step among the R * t; seen [R, 1, t, T + t] and bias [R, 1, t, W], added to the scores of
        attention; keys [R, W, k] of the pointers; `parts` or, in their order, `named`: keys and values of the
        memory layer by layer, then those of the steps before.  Gives scores [N, C], and each layer's
        queries, keys and values [N, 3d].
        """
        m = self.model
        x = m.choice(choice) + copied + m.position(position)
        parts = parts or tuple(named.values())
        words, past = parts[: len(parts) // 2], parts[len(parts) // 2 :]
        new: list[Tensor] = []
        for i, (layer, to_self) in enumerate(zip(m.layers, self.to_self, strict=True)):
            heads = layer.to_self.heads
            new.append(to_self(layer.norm_self(x)))
            q, k, v = new[-1][spread].chunk(3, -1)
            y, *_ = _Attention.apply(q, k, v, seen, heads, *past[2 * i : 2 * i + 2])
            x = x + layer.to_self.out(y.flatten(0, 1)[back])
            q = layer.to_words.query(layer.norm_words(x))[spread]
            y = _Attention.apply(q, words[2 * i], words[2 * i + 1], bias, heads)
            x = x + layer.to_words.out(y.flatten(0, 1)[back])
            x = x + layer.down(nn.functional.gelu(layer.up(layer.norm_ff(x))))
        x = m.norm(x)
        q = self.query(x)[spread].view(spread.shape[0], -1, keys.shape[-1])
        found = (q @ keys.transpose(1, 2)).view(-1, N_KINDS * keys.shape[1])[back]
        return torch.cat([m.symbols(x), found], -1), *new


def _joined(attention: Attention) -> nn.Linear:
    """Queries, keys and values in one product."""
    parts = (attention.query, attention.keys_values)
    out = nn.Linear(attention.query.in_features, sum(p.out_features for p in parts))
    with torch.no_grad():
        out.weight.copy_(torch.cat([p.weight for p in parts]))
        out.bias.copy_(torch.cat([p.bias for p in parts]))
    return out

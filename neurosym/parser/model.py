"""The neural parser's network, top to bottom: a pretrained encoder and a pointer decoder.

    word pieces ─ encoder (first layers of MiniLM) ─ mean per word ─ + case ─ memory [B, W, d]
    choices so far ─ embed (a pointer embeds as its word's memory) ─ decoder ─ scores of
        N_SYMBOLS symbols and of N_KINDS x W typed pointers

The output vocabulary is small and copies instead of generating, so words never seen in
training cost nothing (pointer networks: Vinyals et al. 2015; semantic parsing with copying:
Jia & Liang 2016, Rongali et al. 2020).  Needs torch and transformers (the `train` extra).

Knows the scheme's symbols; must not know English, files of samples or ONNX.
Shapes: B sentences, S word pieces, W words, T target length, d memory width, h heads.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosym.errors import ConfigError
from neurosym.parser.constrain import N_CHOICES, N_KINDS, N_SYMBOLS, PAD
from neurosym.parser.pieces import N_CASES
from neurosym.parser.scheme import MAX_TOKENS, POINTER_KINDS, SYMBOLS


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network.  `encoder_layers` counts from the bottom of the base model."""

    encoder_layers: int = 3
    width: int = 256
    heads: int = 4
    feed_forward: int = 1024
    decoder_layers: int = 2
    dropout: float = 0.1


def base_folder(base: str) -> str:
    """Where a base checkpoint lies.

    `package:NAME/SUB` is a folder inside an installed Python package; anything else is a
    folder or a name in the local Hugging Face cache.  Raises ConfigError.
    """
    if not base.startswith("package:"):
        return base
    package, _, sub = base.removeprefix("package:").partition("/")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            f"the base model's package {package!r} is not installed: pip install 'neurosym-engine[train]'"
        )
    return str(Path(spec.submodule_search_locations[0]) / sub)


def load_encoder(base: str) -> nn.Module:
    """A pretrained encoder, from local files only.  Raises ConfigError."""
    from transformers import AutoModel

    try:
        return AutoModel.from_pretrained(
            base_folder(base), local_files_only=True, attn_implementation="eager"
        )
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot load the base model {base!r}: {error}") from error


def build_encoder(config: dict[str, Any]) -> nn.Module:
    """A randomly initialized encoder from a transformers configuration (no weights needed)."""
    from transformers import AutoConfig, AutoModel

    return AutoModel.from_config(AutoConfig.for_model(**config), attn_implementation="eager")


def truncate(encoder: nn.Module, layers: int) -> nn.Module:
    """Keep the first `layers` layers and drop the pooler.  Raises ConfigError."""
    for holder in ("encoder", "transformer"):  # BERT and its kin, DistilBERT
        stack = getattr(getattr(encoder, holder, None), "layer", None)
        if isinstance(stack, nn.ModuleList):
            if len(stack) < layers:
                raise ConfigError(f"the base model has {len(stack)} layers, {layers} are asked for")
            getattr(encoder, holder).layer = stack[:layers]
            if hasattr(encoder.config, "num_hidden_layers"):
                encoder.config.num_hidden_layers = layers
            if hasattr(encoder, "pooler"):
                encoder.pooler = None
            return encoder
    raise ConfigError(f"a base model of type {type(encoder).__name__} is not supported: use a BERT-like one")


def adopted(
    state: dict[str, Tensor], fresh: dict[str, Tensor], symbols: Sequence[str], kinds: Sequence[str]
) -> dict[str, Tensor]:
    """Weights of a network with other `symbols` and `kinds`, for today's: what has a name in both is kept.

    `fresh` are today's initial weights; new symbols and kinds start from there, with scores so low
    that they are not chosen before they are learnt.
    """
    out = {n: t for n, t in state.items() if n in fresh and fresh[n].shape == t.shape}
    if tuple(symbols) == SYMBOLS and tuple(kinds) == POINTER_KINDS:
        return out
    old = {c: i for i, c in enumerate((*symbols, *kinds))}
    for name in (
        "choice.weight",
        "symbols.weight",
        "symbols.bias",
        "pointer_query.weight",
        "pointer_query.bias",
    ):
        new = fresh[name].clone()
        wide = new.shape[0] // N_KINDS if name.startswith("pointer_query") else 1
        if name == "symbols.bias":
            new -= 4.0
        for i, c in enumerate((*SYMBOLS, *POINTER_KINDS) if wide == 1 else POINTER_KINDS):
            at = old.get(c)
            if at is None or i >= new.shape[0]:
                continue
            if wide > 1:
                at -= len(symbols)
            new[i * wide : (i + 1) * wide] = state[name][at * wide : (at + 1) * wide]
        out[name] = new
    return out


class Attention(nn.Module):  # type: ignore[misc]
    """Scaled dot-product attention with several heads (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width)
        self.keys_values = nn.Linear(shape.width, 2 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)

    def split(self, x: Tensor) -> Tensor:
        """[B, T, d] -> [B, h, T, d/h]."""
        b, t, d = x.shape
        return x.view(b, t, self.heads, d // self.heads).transpose(1, 2)

    def project(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of `x` [B, T, d], each [B, h, T, d/h]."""
        k, v = self.keys_values(x).chunk(2, -1)
        return self.split(k), self.split(v)

    def forward(self, x: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        """Attend from `x` [B, T, d]; `bias` is added to the scores [B, h, T, keys].

        Spelt out: on so short sequences the fused kernel's backward pass took half of the
        training time on a CPU, and its export is slower too.
        """
        scores = self.split(self.query(x)) @ k.transpose(-1, -2) / math.sqrt(k.shape[-1])
        if bias is not None:
            scores = scores + bias
        y = scores.softmax(-1).to(v.dtype) @ v
        return self.out(y.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):  # type: ignore[misc]
    """Pre-norm decoder layer: attention to itself, to the words, feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d = shape.width
        self.norm_self, self.norm_words, self.norm_ff = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.to_self, self.to_words = Attention(shape), Attention(shape)
        self.up, self.down = nn.Linear(d, shape.feed_forward), nn.Linear(shape.feed_forward, d)
        self.drop = nn.Dropout(shape.dropout)

    def forward(
        self, x: Tensor, words: tuple[Tensor, Tensor], pad: Tensor, causal: Tensor | None, past: Any = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """x [B, T, d], the keys and values of the words, what is padding -> x and its own keys and values."""
        n = self.norm_self(x)
        k, v = self.to_self.project(n)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        x = x + self.drop(self.to_self(n, k, v, causal))
        x = x + self.drop(self.to_words(self.norm_words(x), *words, pad))
        x = x + self.drop(self.down(F.gelu(self.up(self.norm_ff(x)))))
        return x, (k, v)


class PointerParser(nn.Module):  # type: ignore[misc]
    """See the module's docstring.  `encoder` is already truncated."""

    def __init__(self, encoder: nn.Module, shape: Shape) -> None:
        super().__init__()
        d = shape.width
        self.encoder, self.shape = encoder, shape
        self.to_memory = nn.Linear(encoder.config.hidden_size, d)
        self.case = nn.Embedding(N_CASES, d)
        self.choice = nn.Embedding(N_CHOICES, d)
        self.position = nn.Embedding(MAX_TOKENS + 2, d)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.decoder_layers)])
        self.norm = nn.LayerNorm(d)
        self.symbols = nn.Linear(d, N_SYMBOLS)
        self.pointer_query = nn.Linear(d, N_KINDS * d)
        self.pointer_key = nn.Linear(d, d)
        nn.init.normal_(self.case.weight, std=0.1)
        # The base model's word vectors stay: they hold the words that training never shows.
        encoder.get_input_embeddings().weight.requires_grad_(False)

    def memory(self, pieces: Tensor, owner: Tensor, case: Tensor) -> tuple[Tensor, Tensor]:
        """Word memory [B, W, d] and padding bias [B, 1, 1, W].

        pieces [B, S] piece ids, 0 pads; owner [B, S] the word of each piece, -1 for none;
        case [B, W] the written form of each word, -1 pads.
        """
        hidden = self.encoder(input_ids=pieces, attention_mask=(pieces != 0).long()).last_hidden_state
        words = torch.arange(case.shape[1], device=case.device)
        share = (owner.unsqueeze(1) == words.view(1, -1, 1)).to(hidden.dtype)
        share = share / share.sum(-1, keepdim=True).clamp(min=1.0)
        m = self.to_memory(share @ hidden) + self.case(case.clamp(min=0))
        pad = ((case < 0).to(m.dtype) * -1e9)[:, None, None, :]
        return m, pad

    def embed(self, choice: Tensor, word: Tensor, memory: Tensor, position: Tensor) -> Tensor:
        """Input vectors [B, T, d] of choices [B, T]; a pointer adds the memory of its word [B, T]."""
        copied = memory.gather(1, word.unsqueeze(-1).expand(-1, -1, memory.shape[-1]))
        pointer = (choice >= N_SYMBOLS).unsqueeze(-1).to(memory.dtype)
        return self.choice(choice) + copied * pointer + self.position(position)

    def score(self, x: Tensor, keys: Tensor, pad: Tensor) -> Tensor:
        """Scores [B, T, N_SYMBOLS + N_KINDS * W] of all choices, pointers kind by kind."""
        b, t, d = x.shape
        q = self.pointer_query(x).view(b, t * N_KINDS, d)
        pointers = q @ keys.transpose(1, 2) / math.sqrt(d) + pad[:, 0]
        return torch.cat([self.symbols(x), pointers.view(b, t, -1)], -1)

    def forward(self, pieces: Tensor, owner: Tensor, case: Tensor, choice: Tensor, word: Tensor) -> Tensor:
        """Scores [B, T, N_SYMBOLS + N_KINDS * W] at each target position (teacher forcing)."""
        memory, pad = self.memory(pieces, owner, case)
        t = choice.shape[1]
        # padding may reach past the last position that a reading has
        position = torch.arange(t, device=choice.device).clamp(max=MAX_TOKENS + 1)
        x = self.embed(choice, word, memory, position)
        causal = torch.full((t, t), -1e9, dtype=x.dtype, device=x.device).triu(1)
        for layer in self.layers:
            x, _ = layer(x, layer.to_words.project(memory), pad.to(x.dtype), causal)
        return self.score(self.norm(x), self.pointer_key(memory), pad)

    def loss(self, scores: Tensor, choice: Tensor, word: Tensor) -> Tensor:
        """Mean cross-entropy of the targets; PAD positions do not count."""
        return F.cross_entropy(scores.float().flatten(0, 1), self.target(scores, choice, word).flatten())

    @staticmethod
    def target(scores: Tensor, choice: Tensor, word: Tensor) -> Tensor:
        """Index of each target in the last dimension of `scores`, -100 where padded."""
        width = (scores.shape[-1] - N_SYMBOLS) // N_KINDS
        index = torch.where(choice < N_SYMBOLS, choice, N_SYMBOLS + (choice - N_SYMBOLS) * width + word)
        return index.masked_fill(choice == PAD, -100)

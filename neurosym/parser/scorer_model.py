"""The scorer's network: the parser's own, read to the end, and one more layer that judges.

    sentence ─ encoder ─ memory ─┐
    reading  ─ decoder ──────────┴─ per token: its state, what came next, how expected that was
             ─ a layer that looks both ways, and at the words ─ mean and maximum ─ logit

All of it but the word vectors is trained further, from the parser's weights.  Needs torch.  Knows the
parser's network and the grammar's choices; must not know samples or files.
Shapes: as in `scorer`; d memory width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosym.parser.constrain import N_SYMBOLS, PAD
from neurosym.parser.model import Layer, PointerParser
from neurosym.parser.scheme import MAX_TOKENS

LEAST = -12.0  # log-probabilities below are all the same


class ReadingScorer(nn.Module):  # type: ignore[misc]
    def __init__(self, parser: PointerParser) -> None:
        super().__init__()
        d = parser.shape.width
        self.parser = parser
        self.token = nn.Linear(2 * d + 2, d)
        self.judge = Layer(parser.shape)
        self.norm = nn.LayerNorm(d)
        self.head = nn.Sequential(nn.Linear(2 * d, d), nn.GELU(), nn.Linear(d, 1))

    def forward(
        self, pieces: Tensor, owner: Tensor, case: Tensor, row: Tensor, choice: Tensor, word: Tensor
    ) -> Tensor:
        """Logits [N]; see scorer.pad."""
        p = self.parser
        memory, missing = p.memory(pieces, owner, case)
        keys, here = p.pointer_key(memory)[row], missing[row]
        memory_of = memory[row]
        t = choice.shape[1] - 1
        position = torch.arange(t + 1, device=choice.device).clamp(max=MAX_TOKENS + 1)
        every = p.embed(choice, word, memory_of, position)
        x, after = every[:, :-1], every[:, 1:]
        causal = torch.full((t, t), -1e9, dtype=x.dtype, device=x.device).triu(1)
        for layer in p.layers:
            k, v = layer.to_words.project(memory)
            x, _ = layer(x, (k[row], v[row]), here.to(x.dtype), causal)
        x = p.norm(x)
        with torch.no_grad():  # how expected each token was is a signal here, not something to be learnt
            logs = p.score(x, keys, here).float().log_softmax(-1)
        width = case.shape[1]
        following = choice[:, 1:]
        kind = (following - N_SYMBOLS).clamp(min=0)
        at = torch.where(following < N_SYMBOLS, following, N_SYMBOLS + kind * width + word[:, 1:])
        taken = logs.gather(-1, at.unsqueeze(-1)).clamp(min=LEAST)
        short = (logs.max(-1, keepdim=True).values - taken).clamp(max=-LEAST)
        x = self.token(torch.cat([x, after, taken.to(x.dtype), short.to(x.dtype)], -1))
        empty = (following == PAD).to(x.dtype)
        k, v = self.judge.to_words.project(memory)
        x, _ = self.judge(x, (k[row], v[row]), here.to(x.dtype), empty[:, None, None, :] * -1e9)
        x = self.norm(x).float()
        there = (1.0 - empty.float()).unsqueeze(-1)
        mean = (x * there).sum(1) / there.sum(1).clamp(min=1.0)
        most = (x + (there - 1.0) * 1e4).max(1).values
        out: Tensor = self.head(torch.cat([mean, most], -1)).squeeze(-1)
        return out


def loss(logits: Tensor, right: Tensor) -> Tensor:
    """Mean cross-entropy of "right" [N]."""
    return F.binary_cross_entropy_with_logits(logits.float(), right)

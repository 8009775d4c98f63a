"""Lines under the grammar: beam search in which every step may only take what the grammar allows.

xgrammar (Dong et al. 2024, XGrammar) says which tokens may follow.  Each line is searched by itself, after
the best lines of the sentences before it.  Knows the model's run and the grammar; must not know formulas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosym.errors import ConfigError
from neurosym.parser.document.grammar import grammar
from neurosym.parser.document.lm import Language, Run, pieces
from neurosym.parser.document.target import NONE, number, prompt

_METASPACE = "\u2581"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line as the model wrote it.

    `log_prob` is that of all its tokens among those the grammar allows, `least` the probability of the
    least probable of them, `lost` the log-probability that the model, unbound, kept to the grammar.
    """

    text: str
    tokens: tuple[int, ...]
    log_prob: float
    least: float
    lost: float


@dataclass(slots=True)
class _Beam:
    matcher: Any
    tokens: tuple[int, ...] = ()
    log_prob: float = 0.0
    least: float = 1.0
    lost: float = 0.0


class LineDecoder:
    """Writes the lines of a story.  Raises ConfigError without xgrammar."""

    def __init__(self, language: Language) -> None:
        try:
            import xgrammar
        except ImportError as e:
            raise ConfigError(
                f"the document tier needs {e.name}: pip install 'neurosym-engine[train]'"
            ) from e
        self._language, self._xgrammar = language, xgrammar
        # an encoder-decoder may have more rows of scores than its tokenizer has tokens
        self._size = int(language.model.config.get_text_config().vocab_size)
        vocabulary = token_bytes(language.tokenizer, self._size)
        end = language.tokenizer.eos_token_id
        info = xgrammar.TokenizerInfo(
            vocabulary,
            xgrammar.VocabType.RAW,
            vocab_size=self._size,
            stop_token_ids=[0 if end is None else end],
        )
        compiler = xgrammar.GrammarCompiler(info, max_threads=1)
        self._grammar = compiler.compile_grammar(xgrammar.Grammar.from_ebnf(grammar()))
        self._vocabulary = vocabulary
        self._bits = xgrammar.allocate_token_bitmask(1, self._size)

    def accepts(self, tokens: Sequence[int]) -> bool:
        """Are these the tokens of one whole line?"""
        matcher = self._matcher()
        return all(matcher.accept_token(t) for t in tokens) and bool(matcher.is_terminated())

    def lines(
        self, sentences: Sequence[str], width: int, most: int, known: Sequence[str] = ()
    ) -> list[tuple[Candidate, ...]]:
        """Candidates of each sentence after the `known` lines of the first ones, best first.

        At most `width` each, of at most `most` tokens; none where the model did not come to an end.
        """
        tokenizer = self._language.tokenizer
        run = Run(self._language, pieces(tokenizer, prompt(sentences)))
        out: list[tuple[Candidate, ...]] = []
        pending: list[int] = []
        for i in range(1, len(sentences) + 1):
            pending += pieces(tokenizer, number(i))
            if i <= len(known):
                pending += pieces(tokenizer, known[i - 1])
                continue
            scores = run.feed([pending])
            at = run.length
            found = self._search(run, scores, width, most)
            out.append(found)
            if width == 1 and found:
                pending = [found[0].tokens[-1]]  # the model has seen the others
                continue
            run.keep([0])
            run.back(at)
            pending = list(found[0].tokens) if found else pieces(tokenizer, NONE)
        return out

    def _matcher(self) -> Any:
        return self._xgrammar.GrammarMatcher(self._grammar, terminate_without_stop_token=True)

    def _search(self, run: Run, scores: Any, width: int, most: int) -> tuple[Candidate, ...]:
        live, done = [_Beam(self._matcher())], list[_Beam]()
        for _ in range(most):
            grown = self._grown(live, scores, width)
            done += [b for _, b in grown if b.matcher.is_terminated()]
            going = [(row, b) for row, b in grown if not b.matcher.is_terminated()]
            done.sort(key=lambda b: (-b.log_prob, b.tokens))
            # a longer line is never more probable than its beginning
            if len(done) >= width and (not going or going[0][1].log_prob <= done[width - 1].log_prob):
                break
            if not going:
                break
            if [row for row, _ in going] != list(range(len(live))):
                run.keep([row for row, _ in going])
            live = [b for _, b in going]
            scores = run.feed([[b.tokens[-1]] for b in live])
        return tuple(
            Candidate(self._text(b.tokens), b.tokens, b.log_prob, b.least, b.lost) for b in done[:width]
        )

    def _grown(self, live: Sequence[_Beam], scores: Any, width: int) -> list[tuple[int, _Beam]]:
        """The `width` best of all that the beams can go on with, with the row that each comes from."""
        options: list[tuple[float, int, int, float, float]] = []
        for row, beam in enumerate(live):
            allowed = self._allowed(beam.matcher, scores.device)
            own = scores[row][: self._size].masked_fill(~allowed, -math.inf)
            inside = float(own.logsumexp(-1))
            best = own.topk(min(width, int(allowed.sum())))
            for value, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                options.append((beam.log_prob + value - inside, row, token, value - inside, inside))
        options.sort(key=lambda o: (-o[0], o[1], o[2]))
        grown = []
        chosen = options[:width]
        for total, row, token, step, inside in chosen:
            beam = live[row]
            alone = sum(o[1] == row for o in chosen) == 1
            matcher = beam.matcher if alone else beam.matcher.fork()
            if not matcher.accept_token(token):
                raise ConfigError(f"the grammar refused its own token {token}: is the tokenizer another one?")
            least = min(beam.least, math.exp(step))
            grown.append((row, _Beam(matcher, (*beam.tokens, token), total, least, beam.lost + inside)))
        return grown

    def _allowed(self, matcher: Any, device: Any) -> Any:
        import torch

        matcher.fill_next_token_bitmask(self._bits)
        shifts = torch.arange(32, dtype=torch.int32)
        flags = ((self._bits[0].unsqueeze(-1) >> shifts) & 1).bool().flatten()[: self._size]
        return flags.to(device)

    def _text(self, tokens: Sequence[int]) -> str:
        return b"".join(self._vocabulary[t] for t in tokens).decode("utf-8", "replace")


def token_bytes(tokenizer: Any, size: int) -> list[bytes]:
    """The bytes that each token stands for; none for special ones and for rows without a token.

    Byte-level vocabularies (Radford et al. 2019) and those of SentencePiece, with byte fallback.  Raises
    ConfigError for a tokenizer of another kind.
    """
    try:
        state = tokenizer.backend_tokenizer.to_str()
    except AttributeError as e:
        raise ConfigError("the base model has no fast tokenizer (tokenizer.json), which is expected") from e
    byte_level = '"ByteLevel"' in state
    table = _byte_table() if byte_level else {}
    special = set(tokenizer.all_special_ids) | set(tokenizer.added_tokens_decoder)
    out = [b""] * size
    for token, i in tokenizer.get_vocab().items():
        if i >= size or i in special:
            continue
        if byte_level:
            out[i] = bytes(table[c] for c in token if c in table)
        elif len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
            out[i] = bytes([int(token[3:5], 16)])
        else:
            out[i] = token.replace(_METASPACE, " ").encode()
    return out


def _byte_table() -> dict[str, int]:
    """The characters by which byte-level vocabularies write bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}

"""The language model: loaded, adapted (LoRA), saved, and run one piece at a time.

A model folder holds `document.json` (how it was made and how it is to be read), the tokenizer, and either
the whole weights or, under adapter/, what LoRA changes of a base model (Hu et al. 2022, LoRA); weights are
safetensors only, and nothing is fetched.  Knows torch, transformers and peft; must not know stories.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import ConfigError

FORMAT = 1
ABOUT = "document.json"
ADAPTER = "adapter"
_HINT = "pip install 'neurosym-engine[train]'"


@dataclass(frozen=True, slots=True)
class Language:
    """A model with its tokenizer.  `seq2seq`: the text goes to an encoder; else before the logic."""

    model: Any
    tokenizer: Any
    seq2seq: bool
    device: str


def location(name: str) -> tuple[str, dict[str, str]]:
    """Folder of a checkpoint and what else `from_pretrained` needs to know.

    `package:NAME/FILE.gguf` or `package:NAME/SUB` lies inside an installed Python package, `package:NAME`
    is the one .gguf file of it; anything else is a folder, a .gguf file, or a name in the local Hugging
    Face cache.  Raises ConfigError.
    """
    path = name
    if name.startswith("package:"):
        package, _, sub = name.removeprefix("package:").partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ConfigError(f"the base model's package {package!r} is not installed: {_HINT}")
        folder = Path(spec.submodule_search_locations[0])
        found = sorted(p.name for p in folder.glob("*.gguf"))
        if not sub and len(found) != 1:
            raise ConfigError(f"{name!r} has {len(found)} .gguf files: name one, package:{package}/FILE.gguf")
        path = str(folder / (sub or found[0]))
    if path.endswith(".gguf"):
        if not Path(path).is_file():
            raise ConfigError(f"there is no model file {path!r}")
        return str(Path(path).parent), {"gguf_file": Path(path).name}
    return path, {}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """transformers without bars and advice; broken files as ConfigError."""
    try:
        import transformers
    except ImportError as e:
        raise ConfigError(f"the document tier needs {e.name}: {_HINT}") from e
    level = transformers.utils.logging.get_verbosity()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        # gguf and safetensors draw bars of their own
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers for what is renamed
            yield
    finally:
        transformers.utils.logging.set_verbosity(level)


def load_base(name: str, device: str = "cpu", half: bool = False) -> Language:
    """A pretrained model and its tokenizer, from local files only.  Raises ConfigError."""
    folder, more = location(name)
    with _quiet():
        from transformers import AutoConfig, AutoTokenizer

        try:
            config = AutoConfig.from_pretrained(folder, local_files_only=True, **more)
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, **more)
        except (OSError, ValueError, KeyError, ImportError) as e:
            raise ConfigError(f"cannot load the base model {name!r}: {e}") from e
        return _weights(folder, more, bool(config.is_encoder_decoder), tokenizer, device, half)


def _weights(
    folder: str, more: Mapping[str, str], seq2seq: bool, tokenizer: Any, device: str, half: bool
) -> Language:
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    kind = AutoModelForSeq2SeqLM if seq2seq else AutoModelForCausalLM
    safe = {} if more else {"use_safetensors": True}
    dtype = torch.bfloat16 if half else torch.float32
    try:
        model = kind.from_pretrained(folder, local_files_only=True, dtype=dtype, **more, **safe)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as e:
        raise ConfigError(f"cannot load the weights in {folder!r} (safetensors or gguf): {e}") from e
    return Language(model.to(device), tokenizer, seq2seq, device)


def adapted(language: Language, rank: int, alpha: int, dropout: float) -> Language:
    """The same model with LoRA matrices in all its linear layers; only they learn.  Raises ConfigError."""
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as e:
        raise ConfigError(f"LoRA needs {e.name}: {_HINT}") from e
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules="all-linear",
        task_type="SEQ_2_SEQ_LM" if language.seq2seq else "CAUSAL_LM",
    )
    with _quiet():
        model = get_peft_model(language.model, config)
    return Language(model, language.tokenizer, language.seq2seq, language.device)


def save(language: Language, folder: Path, about: Mapping[str, Any]) -> None:
    """Write a model folder; `about` goes into `document.json` and must hold `base` and `lora`."""
    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        if about["lora"]:
            # "auto" would ask a server whether the base's vocabulary has grown
            language.model.save_pretrained(str(folder / ADAPTER), save_embedding_layers=False)
        else:
            language.model.save_pretrained(str(folder))
        language.tokenizer.save_pretrained(str(folder))
    write_about(folder, {"format": FORMAT, "seq2seq": language.seq2seq, **about})


def write_about(folder: Path, about: Mapping[str, Any]) -> None:
    """Write what `read_about` reads, whole or not at all."""
    part = folder / (ABOUT + ".part")
    part.write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(folder / ABOUT)


def read_about(folder: Path) -> dict[str, Any]:
    """What `save` wrote.  Raises ConfigError for a folder that is none of ours."""
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"its format is {about['format']}, not {FORMAT}")
        if not isinstance(about["base"], str) or not isinstance(about["seq2seq"], bool):
            raise ValueError("base and seq2seq are expected")
        return about
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise ConfigError(
            f"{folder} is no folder of a document model: {e}. "
            f'Make one with `neurosym train` and kind = "document".'
        ) from e


def load(folder: Path, device: str = "cpu", half: bool = False) -> Language:
    """The model of a folder that `save` wrote, its adapter merged into its base.  Raises ConfigError."""
    about = read_about(folder)
    if not about.get("lora"):
        return load_base(str(folder), device, half)
    if not (folder / ADAPTER / "adapter_model.safetensors").is_file():
        raise ConfigError(f"{folder / ADAPTER} has no adapter_model.safetensors")
    base = load_base(about["base"], device, half)
    with _quiet():
        try:
            from peft import PeftModel
        except ImportError as e:
            raise ConfigError(f"a LoRA adapter needs {e.name}: {_HINT}") from e
        try:
            model = PeftModel.from_pretrained(base.model, str(folder / ADAPTER)).merge_and_unload()
        except (OSError, ValueError, KeyError, RuntimeError) as e:
            raise ConfigError(f"the adapter in {folder} does not fit its base {about['base']!r}: {e}") from e
    return Language(model.to(device), base.tokenizer, base.seq2seq, device)


def pick_device(device: str) -> str:
    """A torch device; "auto" is the GPU where torch sees one."""
    import torch

    if device != "auto":
        return device
    return "cuda" if torch.cuda.is_available() else "cpu"


def pieces(tokenizer: Any, text: str) -> list[int]:
    """Tokens of a piece of text, without marks of beginning and end."""
    found: list[int] = tokenizer.encode(text, add_special_tokens=False)
    return found


class Run:
    """One text under the model: fed piece by piece, in several rows that share a beginning."""

    def __init__(self, language: Language, prompt: Sequence[int]) -> None:
        import torch

        self._torch, self._language = torch, language
        self._cache: Any = None
        self.length = 0  # tokens fed, of each row
        self._before: list[int] = []
        self._encoded: Any = None
        if language.seq2seq:
            encoder = language.model.get_encoder()
            ids = torch.tensor([list(prompt)], device=language.device)
            with torch.inference_mode():
                self._encoded = encoder(input_ids=ids).last_hidden_state
            start = language.model.config.decoder_start_token_id
            self._before = [language.model.config.pad_token_id if start is None else start]
        else:
            self._before = list(prompt)

    def feed(self, rows: Sequence[Sequence[int]]) -> Any:
        """Log-probabilities [rows, vocabulary] of what follows each row; rows are of one length."""
        torch, model = self._torch, self._language.model
        if self._before:
            rows, self._before = [[*self._before, *r] for r in rows], []
        ids = torch.tensor([list(r) for r in rows], device=self._language.device)
        with torch.inference_mode():
            if self._encoded is not None:
                from transformers.modeling_outputs import BaseModelOutput

                states = BaseModelOutput(last_hidden_state=self._encoded.expand(len(rows), -1, -1))
                out = model(
                    encoder_outputs=states, decoder_input_ids=ids,
                    past_key_values=self._cache, use_cache=True,
                )  # fmt: skip
            else:
                out = model(input_ids=ids, past_key_values=self._cache, use_cache=True, logits_to_keep=1)
        self._cache = out.past_key_values
        self.length += ids.shape[1]
        return torch.log_softmax(out.logits[:, -1].float(), -1)

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows, which may repeat."""
        self._cache.reorder_cache(self._torch.tensor(list(rows), device=self._language.device))

    def back(self, length: int) -> None:
        """Forget what was fed after the first `length` tokens."""
        if self.length > length:
            self._cache.crop(length - self.length)
            self.length = length

"""ONNX graphs, opened: one thread after the other, quiet, on the CPU.

Knows ONNX Runtime; must not know what the graphs compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neurosym.errors import ParserError

# Fusions of ONNX Runtime that are slower than their parts: this one's kernel adds one number at a time.
WITHOUT = ("SkipLayerNormFusion",)


def session(graph: Path, what: str, hint: str, threads: int = 1, without: Sequence[str] = ()) -> Any:
    """An inference session of `graph`; `what` it is and a `hint` are told where it cannot be loaded.

    without: optimizations that are left out.  Raises ParserError.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(graph), options, ["CPUExecutionProvider"], disabled_optimizers=list(without)
        )
    except Exception as error:  # onnxruntime's exceptions share no public root
        raise ParserError(f"cannot load {what}: {error}", document=str(graph.parent), hint=hint) from error
